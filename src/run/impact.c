/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/impact.h"

#include "base/threads.h"
#include "value/hs.h"

#include <math.h>
#include <stdatomic.h>

tariff_status tf_impact_elasticities(tariff_env *env, const tf_impact_spec *spec,
                                     tf_elasticities *out)
{
    TF_TRY(tf_elasticities_init(out, &env->allocator, spec->horizon));
    tariff_status status = TARIFF_OK;
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (spec->has_default[p])
            tf_elasticities_default(out, (tf_parameter)p, spec->defaults[p]);
    for (size_t i = 0; i < spec->paths.n && status == TARIFF_OK; i++)
        status = tf_elasticities_load(out, env, spec->paths.at[i], &spec->places.at[i]);
    if (status == TARIFF_OK)
        status = tf_elasticities_finish(out, env);
    if (status != TARIFF_OK)
        tf_elasticities_free(out);
    return status;
}

/* Solving, chunk by chunk */

/** What became of a market. */
typedef struct answer {
    tf_solved how;
    tf_effect effect;
    double    residual;
    unsigned  iterations;
} answer;

/** One country, as an origin or as an importer. */
typedef struct country {
    tf_effect effect;
    double    unsolved;
    bool      there;
} country;

/** Countries over the markets of a chunk. */
typedef struct countries {
    country origins[TF_COUNTRIES_MAX], importers[TF_COUNTRIES_MAX];
} countries;

/** What workers share. */
typedef struct solver {
    tariff_env       *env;
    const tf_markets *m;
    const double     *values; /**< Of drawn parameters: the point estimates. */
    tf_impact_flow   *flows;  /**< By row; NULL: they are not asked for. */
    answer           *answers;
    countries        *chunks;
    atomic_uint       next;
    atomic_bool       stopped;
} solver;

typedef struct worker {
    solver      *s;
    tf_responder responder;
} worker;

static void put_flow(const solver *s, const tf_market_rows *market, size_t row, tf_solved how,
                     double price, double quantity)
{
    const tf_markets *m = s->m;
    s->flows[row] = (tf_impact_flow){ market->hs, m->origin[row], m->importer[row],
                                      m->value[row], m->t0[row], m->t1[row], price, quantity,
                                      0, 0, 0, how };
}

static void add_unsolved_row(countries *c, const tf_markets *m, size_t row)
{
    c->origins[m->origin[row]].unsolved += m->value[row];
    c->importers[m->importer[row]].unsolved += m->value[row];
}

/* A row has the price and the quantity of its group; surplus of producers goes by value. */
static tf_flow_change change_of(const tf_markets *m, const tf_responder *r,
                                const tf_market_rows *market, size_t row)
{
    size_t at = m->group[row], g = market->first_group + at;
    double part = m->group_value[g] > 0 ? m->value[row] / m->group_value[g] : 0;
    return (tf_flow_change){ .value = m->value[row],
                             .t0 = m->t0[row],
                             .t1 = m->t1[row],
                             .ln_tau = m->ln_tau[row],
                             .price = r->response.price[at],
                             .quantity = r->response.quantity[at],
                             .producer = r->response.producer[at] * part,
                             .creation = r->response.creation[at] * part,
                             .diversion = r->response.diversion[at] * part,
                             .home = m->group_home[g] };
}

static void add_rows(worker *w, countries *c, const tf_market_rows *market, tf_solved how)
{
    const solver     *s = w->s;
    const tf_markets *m = s->m;
    bool              world = m->spec->model == TF_MODEL_GSIM, good = tf_is_solved(how);
    for (size_t row = market->first_row; row < market->first_row + market->rows; row++) {
        uint16_t       origin = m->origin[row], importer = m->importer[row];
        tf_flow_change flow = { .price = NAN, .quantity = NAN };
        c->origins[origin].there = c->importers[importer].there = true;
        if (good) {
            flow = change_of(m, &w->responder, market, row);
            tf_effect_add(&c->origins[origin].effect, &flow);
            if (world)
                tf_effect_add(&c->importers[importer].effect, &flow);
        } else {
            add_unsolved_row(c, m, row);
        }
        if (s->flows)
            put_flow(s, market, row, how, flow.price, flow.quantity);
    }
}

static void solve_market(worker *w, countries *c, size_t number)
{
    const solver         *s = w->s;
    const tf_market_rows *market = &s->m->market[number];
    answer               *a = &s->answers[number];
    a->how = tf_respond(&w->responder, number, s->values);
    add_rows(w, c, market, a->how);
    if (!tf_is_solved(a->how))
        return;
    tf_respond_add(&w->responder, number, &a->effect);
    a->residual = w->responder.response.residual;
    a->iterations = w->responder.response.iterations;
    if (s->m->spec->model != TF_MODEL_GSIM) {
        tf_effect_merge(&c->importers[market->importer].effect, &a->effect);
        return;
    }
    for (size_t v = 0; v < w->responder.world.n; v++)
        c->importers[w->responder.country[v]].effect.consumer +=
            w->responder.world_response.consumer[v];
}

static void work(void *user, unsigned number)
{
    worker *w = (worker *)user + number;
    solver *s = w->s;
    for (unsigned c; (c = atomic_fetch_add(&s->next, 1)) < TF_MARKET_CHUNKS;) {
        if (tf_cancelled(s->env))
            atomic_store(&s->stopped, true);
        if (atomic_load(&s->stopped))
            return;
        for (size_t i = tf_chunk_begin(s->m, c); i < tf_chunk_begin(s->m, c + 1); i++)
            solve_market(w, &s->chunks[c], i);
    }
}

static tariff_status run_solver(solver *s, unsigned threads, tf_arena *scratch)
{
    unsigned      count = tf_count_threads(threads, s->m->rows / 4096 + 1), started = 0;
    worker       *workers = TF_ARRAY(scratch, worker, count);
    tariff_status status = workers ? TARIFF_OK : TARIFF_E_NOMEM;
    for (; status == TARIFF_OK && started < count; started += status == TARIFF_OK) {
        workers[started].s = s;
        status = tf_responder_init(&workers[started].responder, s->env, s->m);
    }
    if (status == TARIFF_OK)
        tf_run_threads(count, work, workers);
    while (started > 0)
        tf_responder_free(&workers[--started].responder);
    return status == TARIFF_OK && atomic_load(&s->stopped) ? TARIFF_E_CANCELLED : status;
}

/* Adding up, in the order of markets and chunks */

static tf_impact_group *product_at(tf_impact *impact, uint64_t hs, unsigned digits)
{
    uint64_t code = tf_hs_cut(hs, digits);
    size_t   n = impact->product_count;
    if (n == 0 || impact->products[n - 1].hs != code)
        impact->products[impact->product_count++] =
            (tf_impact_group){ .hs = code, .country = TARIFF_COUNTRY_NONE };
    return &impact->products[impact->product_count - 1];
}

static tariff_status add_unsolved(tf_impact *impact, const tf_market_rows *market, tf_solved how)
{
    bool        world = impact->markets.spec->model == TF_MODEL_GSIM; /* one market for all */
    tf_unsolved one = { market->hs, world ? TARIFF_COUNTRY_NONE : market->importer,
                        market->value, how };
    impact->unsolved_value += market->value;
    return TF_PUSH(&impact->arena, &impact->unsolved, one) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status add_market(tf_impact *impact, const tf_market_rows *market, const answer *a,
                                unsigned digits)
{
    tf_impact_group *product = product_at(impact, market->hs, digits);
    impact->value += market->value;
    impact->untouched += a->how == TF_UNTOUCHED || a->how == TF_NO_TRADE;
    if (!tf_is_solved(a->how)) {
        product->unsolved += market->value;
        return add_unsolved(impact, market, a->how);
    }
    tf_effect_merge(&impact->total, &a->effect);
    tf_effect_merge(&product->effect, &a->effect);
    impact->residual = fmax(impact->residual, a->residual);
    if (a->iterations > impact->iterations)
        impact->iterations = a->iterations;
    return TARIFF_OK;
}

static void add_country(country *to, const country *more)
{
    if (!more->there)
        return;
    to->there = true;
    to->unsolved += more->unsolved;
    tf_effect_merge(&to->effect, &more->effect);
}

static void add_countries(countries *to, const countries *more)
{
    for (size_t c = 0; c < TF_COUNTRIES_MAX; c++) {
        add_country(&to->origins[c], &more->origins[c]);
        add_country(&to->importers[c], &more->importers[c]);
    }
}

static size_t list_countries(const country *all, tf_impact_group *out)
{
    size_t n = 0;
    for (uint16_t c = 0; c < TF_COUNTRIES_MAX; c++)
        if (all[c].there)
            out[n++] = (tf_impact_group){ .country = c,
                                          .effect = all[c].effect,
                                          .unsolved = all[c].unsolved };
    return n;
}

static tariff_status add_up(const solver *s, unsigned digits, tf_impact *impact)
{
    for (size_t i = 0; i < s->m->count; i++)
        TF_TRY(add_market(impact, &s->m->market[i], &s->answers[i], digits));
    for (size_t c = 1; c < TF_MARKET_CHUNKS; c++)
        add_countries(&s->chunks[0], &s->chunks[c]);
    impact->origin_count = list_countries(s->chunks[0].origins, impact->origins);
    impact->importer_count = list_countries(s->chunks[0].importers, impact->importers);
    return TARIFF_OK;
}

static tariff_status solve(tariff_env *env, const tf_impact_options *options, tf_arena *scratch,
                           tf_impact *impact)
{
    const tf_markets *m = &impact->markets;
    double           *values = TF_ARRAY(scratch, double, m->drawn.n + 1);
    solver            s = { .env = env, .m = m, .values = values };
    impact->products = TF_ARRAY(&impact->arena, tf_impact_group, m->count + 1);
    impact->origins = TF_ARRAY(&impact->arena, tf_impact_group, TF_COUNTRIES_MAX);
    impact->importers = TF_ARRAY(&impact->arena, tf_impact_group, TF_COUNTRIES_MAX);
    s.answers = TF_ARRAY(scratch, answer, m->count + 1);
    s.chunks = TF_ARRAY(scratch, countries, TF_MARKET_CHUNKS);
    TF_NEED(values && impact->products && impact->origins && impact->importers && s.answers
            && s.chunks);
    if (options->flows) {
        impact->flows = s.flows = TF_ARRAY(&impact->arena, tf_impact_flow, m->rows + 1);
        TF_NEED(s.flows);
    }
    tf_markets_draw(m, NULL, values);
    TF_TRY(run_solver(&s, options->threads, scratch));
    TF_TRY(add_up(&s, options->digits, impact));
    TF_TRY(tf_impact_indices(impact, options->threads, scratch));
    impact->shown = impact->total;
    return tf_impact_breakeven(impact, scratch);
}

tariff_status tf_impact_solve(tariff_env *env, const tf_impact_spec *spec,
                              const tf_elasticities *table, const tf_trade *baseline,
                              const tf_trade *scenario, const tf_impact_options *options,
                              tf_impact *impact)
{
    tf_arena scratch;
    memset(impact, 0, sizeof *impact);
    TF_TRY(tf_markets_make(env, spec, table, baseline, scenario, options->threads,
                           &impact->markets));
    impact->unassessed0 = tf_to_double(baseline->unassessed_value) / 1e4;
    impact->unassessed1 = tf_to_double(scenario->unassessed_value) / 1e4;
    tf_arena_init(&impact->arena, &env->allocator);
    tf_arena_init(&scratch, &env->allocator);
    tariff_status status = solve(env, options, &scratch, impact);
    tf_arena_free(&scratch);
    if (status != TARIFF_OK)
        tf_impact_free(impact);
    return status;
}

/* GSIM asks for what it uses, all others for everything. */
static bool is_idle(const tf_markets *m, const tf_elasticity_row *row)
{
    unsigned asked = m->spec->model == TF_MODEL_GSIM ? tf_impact_uses(m->spec) : ~0u;
    bool     could = false;
    for (int p = 0; p < TF_PARAMETERS; p++) {
        if (row->entry[p] == TF_NO_ENTRY || !(asked >> p & 1))
            continue;
        could = true;
        if (m->asked[row->entry[p]])
            return false;
    }
    return could;
}

size_t tf_impact_idle_rows(const tf_impact *impact, size_t file, const tf_elasticity_row **first)
{
    const tf_elasticities *table = impact->markets.table;
    size_t                 n = 0;
    *first = NULL;
    for (size_t i = 0; i < table->rows.n; i++) {
        const tf_elasticity_row *row = &table->rows.at[i];
        if (row->file != file || !is_idle(&impact->markets, row))
            continue;
        n++;
        if (!*first || row->line < (*first)->line)
            *first = row;
    }
    return n;
}

/* Exports of an importer are the origin's of the same name. */
static void show_exports(tf_impact *impact)
{
    for (size_t i = 0; i < impact->importer_count; i++) {
        tf_impact_group *importer = &impact->importers[i];
        importer->exports = 0;
        for (size_t k = 0; k < impact->origin_count; k++)
            if (impact->origins[k].country == importer->country)
                importer->exports = impact->origins[k].shown.producer;
    }
}

tariff_status tf_impact_in_cents(tariff_env *env, tf_impact *impact)
{
    tf_arena scratch;
    tf_arena_init(&scratch, &env->allocator);
    impact->shown = tf_effect_in_cents(&impact->total);
    tf_impact_group *const groups[] = { impact->products, impact->origins, impact->importers };
    const size_t     counts[] = { impact->product_count, impact->origin_count,
                                  impact->importer_count };
    tariff_status    status = TARIFF_OK;
    for (int i = 0; i < 3 && status == TARIFF_OK; i++)
        status = tf_impact_round(&scratch, groups[i], counts[i], &impact->total,
                                 impact->unsolved_value);
    if (status == TARIFF_OK && impact->flows)
        status = tf_impact_round_flows(&scratch, impact->flows, impact->markets.rows,
                                       &impact->total);
    tf_arena_free(&scratch);
    show_exports(impact);
    return status;
}

void tf_impact_free(tf_impact *impact)
{
    tf_arena_free(&impact->arena);
    tf_markets_free(&impact->markets);
}
