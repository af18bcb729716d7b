/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/draws.h"

#include "base/threads.h"
#include "model/points.h"
#include "value/hs.h"

#include <math.h>
#include <stdatomic.h>

enum { CHUNK = 16 }; /* points that a thread takes at a time */

const char *tf_total_name(tf_total total)
{
    static const char *const names[TF_TOTALS] = {
        "value_change",     "direct_change",    "diverted_change",         "revenue_change",
        "buyers_bear",      "exporters_bear",   "consumer_surplus_change", "producer_surplus_change",
        "home_welfare",     "world_welfare"
    };
    return names[total];
}

double tf_total_of(tf_total total, const tf_effect *e)
{
    switch (total) {
    case TF_TOTAL_VALUE: return e->value1 - e->value0;
    case TF_TOTAL_DIRECT: return e->direct1 - e->direct0;
    case TF_TOTAL_DIVERTED: return e->diverted1 - e->diverted0;
    case TF_TOTAL_REVENUE: return e->revenue1 - e->revenue0;
    case TF_TOTAL_BUYERS: return e->buyers;
    case TF_TOTAL_EXPORTERS: return e->exporters;
    case TF_TOTAL_CONSUMER: return e->consumer;
    case TF_TOTAL_PRODUCER: return e->producer;
    case TF_TOTAL_HOME: return tf_effect_home(e);
    case TF_TOTAL_WORLD: return tf_effect_world(e);
    default: return NAN;
    }
}

/* Outputs */

tariff_status tf_outputs_make(const tf_markets *m, unsigned digits, tf_arena *arena,
                              tf_outputs *out)
{
    bool     there[TF_COUNTRIES_MAX] = { false };
    uint64_t last = 0;
    memset(out, 0, sizeof *out);
    out->markets = m;
    out->digits = digits;
    out->product = TF_ARRAY(arena, uint64_t, m->count + 1);
    out->product_of = TF_ARRAY(arena, uint32_t, m->count + 1);
    out->origin = TF_ARRAY(arena, uint16_t, TF_COUNTRIES_MAX);
    TF_NEED(out->product && out->product_of && out->origin);
    for (size_t i = 0; i < m->count; i++) {
        const tf_market_rows *market = &m->market[i];
        uint64_t              code = tf_hs_cut(market->hs, digits);
        if (!market->touched)
            continue;
        if (out->products == 0 || code != last)
            out->product[out->products++] = last = code;
        out->product_of[i] = (uint32_t)out->products - 1;
        for (size_t row = market->first_row; row < market->first_row + market->rows; row++)
            there[m->origin[row]] = true;
    }
    for (uint16_t c = 0; c < TF_COUNTRIES_MAX; c++)
        if (there[c]) {
            out->origin_of[c] = (uint32_t)out->origins;
            out->origin[out->origins++] = c;
        }
    out->count = TF_TOTALS + TF_PRODUCT_TOTALS * out->products + out->origins;
    return TARIFF_OK;
}

/* One point */

/** What runs share, and how a point is made of its number. */
typedef struct job {
    tariff_env       *env;
    const tf_outputs *outputs;
    size_t            count, dimensions, kept; /**< kept: outputs that are stored. */
    const double     *points;
    const double *(*point_at)(const struct job *job, size_t number, double *buffer);
    size_t            base;   /**< Of a sensitivity: points of A. */
    const tf_parameter *mixed; /**< Of a sensitivity: the parameter of each block. */
    double           *values; /**< [output * count + number] */
    atomic_size_t     next, failed;
    atomic_bool       stopped;
} job;

typedef struct worker {
    job          *j;
    tf_responder  responder;
    double       *values, *result, *buffer;
    tariff_status status;
} worker;

static void add_origins(const worker *w, const tf_market_rows *market, double *origins)
{
    const tf_outputs *o = w->j->outputs;
    const tf_markets *m = o->markets;
    for (size_t row = market->first_row; row < market->first_row + market->rows; row++) {
        size_t at = m->group[row];
        if (m->group_home[market->first_group + at])
            continue;
        double after = w->responder.response.price[at] * w->responder.response.quantity[at];
        origins[o->origin_of[m->origin[row]]] += m->value[row] * (after - 1);
    }
}

/* All outputs at a point (NULL: the point estimates); false if some market is left unsolved. */
static bool run_point(worker *w, const double *point)
{
    const tf_outputs *o = w->j->outputs;
    const tf_markets *m = o->markets;
    tf_effect         all = { 0 };
    bool              good = true, detailed = w->j->kept > TF_TOTALS;
    memset(w->result, 0, o->count * sizeof *w->result);
    tf_markets_draw(m, point, w->values);
    for (size_t i = 0; i < m->count; i++) {
        tf_effect one = { 0 };
        if (!m->market[i].touched)
            continue;
        if (!tf_is_solved(tf_respond(&w->responder, i, w->values))) {
            good = false;
            continue;
        }
        tf_respond_add(&w->responder, i, &one);
        tf_effect_merge(&all, &one);
        if (!detailed)
            continue;
        double *product = w->result + TF_TOTALS + TF_PRODUCT_TOTALS * o->product_of[i];
        product[0] += tf_total_of(TF_TOTAL_DIRECT, &one);
        product[1] += tf_total_of(TF_TOTAL_DIVERTED, &one);
        product[2] += tf_total_of(TF_TOTAL_REVENUE, &one);
        add_origins(w, &m->market[i], w->result + TF_TOTALS + TF_PRODUCT_TOTALS * o->products);
    }
    for (int t = 0; t < TF_TOTALS; t++)
        w->result[t] = tf_total_of((tf_total)t, &all);
    return good;
}

static void work(void *user, unsigned number)
{
    worker *w = (worker *)user + number;
    job    *j = w->j;
    for (;;) {
        size_t from = atomic_fetch_add(&j->next, CHUNK);
        if (from >= j->count || atomic_load(&j->stopped))
            return;
        if (tf_cancelled(j->env)) {
            atomic_store(&j->stopped, true);
            return;
        }
        for (size_t i = from; i < from + CHUNK && i < j->count; i++) {
            if (!run_point(w, j->point_at(j, i, w->buffer)))
                atomic_fetch_add(&j->failed, 1);
            for (size_t o = 0; o < j->kept; o++)
                j->values[o * j->count + i] = w->result[o];
        }
    }
}

static tariff_status start(worker *w, job *j, tf_arena *arena)
{
    size_t drawn = j->outputs->markets->drawn.n;
    w->j = j;
    w->values = TF_ARRAY(arena, double, drawn + 1);
    w->result = TF_ARRAY(arena, double, j->outputs->count);
    w->buffer = TF_ARRAY(arena, double, 2 * j->dimensions + 1);
    TF_NEED(w->values && w->result && w->buffer);
    return tf_responder_init(&w->responder, j->env, j->outputs->markets);
}

/* Run all points; `point`, if it is not NULL, gets the outputs at the point estimates. */
static tariff_status run_job(job *j, unsigned threads, tf_arena *arena, double *point)
{
    unsigned      count = tf_count_threads(threads, j->count / CHUNK + 1), started = 0;
    tariff_status status = TARIFF_OK;
    worker       *workers = TF_ARRAY(arena, worker, count);
    TF_NEED(workers);
    while (status == TARIFF_OK && started < count) {
        status = start(&workers[started], j, arena);
        started += status == TARIFF_OK;
    }
    if (status == TARIFF_OK && point) {
        (void)run_point(&workers[0], NULL);
        memcpy(point, workers[0].result, j->outputs->count * sizeof *point);
    }
    if (status == TARIFF_OK)
        tf_run_threads(count, work, workers);
    while (started > 0)
        tf_responder_free(&workers[--started].responder);
    if (status == TARIFF_OK && atomic_load(&j->stopped))
        status = TARIFF_E_CANCELLED;
    return status;
}

static tariff_status make_points(const job *j, size_t count, size_t dimensions, size_t shifts,
                                 tf_arena *arena, const double **out)
{
    const tf_impact_spec *spec = j->outputs->markets->spec;
    double               *points = TF_ARRAY(arena, double, count * dimensions + 1);
    TF_NEED(points);
    *out = points;
    tariff_status status = tf_points(count, dimensions, shifts, spec->seed, points);
    if (status == TARIFF_E_LIMIT)
        return tf_doc_error(j->env, spec->node, true, status, "groups: all",
                            "draws of more than %d dimensions", (int)TF_HALTON_MOST);
    return status;
}

/* Bands */

static const double *plain_point(const job *j, size_t number, double *buffer)
{
    (void)buffer;
    return j->points + number * j->dimensions;
}

static tariff_status draws(job *j, const tf_impact_spec *spec, unsigned threads,
                           tf_arena *scratch, tf_arena *arena, tf_draws *out)
{
    TF_TRY(make_points(j, j->count, j->dimensions, spec->shifts, scratch, &j->points));
    j->values = TF_ARRAY(scratch, double, j->kept * j->count + 1);
    out->point = TF_ARRAY(arena, double, j->kept);
    out->bands = TF_ARRAY(arena, tf_band, j->kept);
    TF_NEED(j->values && out->point && out->bands);
    TF_TRY(run_job(j, threads, scratch, out->point));
    for (size_t o = 0; o < j->kept; o++)
        tf_band_of(j->values + o * j->count, j->count, spec->shifts, &out->bands[o]);
    out->draws = j->count;
    out->failed = atomic_load(&j->failed);
    return TARIFF_OK;
}

tariff_status tf_draws_run(tariff_env *env, const tf_outputs *outputs, unsigned threads,
                           tf_arena *arena, tf_draws *out)
{
    const tf_impact_spec *spec = outputs->markets->spec;
    tf_arena              scratch;
    job                   j = { .env = env,
                                .outputs = outputs,
                                .count = spec->draws,
                                .dimensions = outputs->markets->dimensions,
                                .kept = outputs->count,
                                .point_at = plain_point };
    memset(out, 0, sizeof *out);
    tf_arena_init(&scratch, &env->allocator);
    tariff_status status = draws(&j, spec, threads, &scratch, arena, out);
    tf_arena_free(&scratch);
    return status;
}

/* Sensitivities: the points of A, of B, and of A with the coordinates of one parameter from B. */

static const double *mixed_point(const job *j, size_t number, double *buffer)
{
    size_t        block = number / j->base, d = j->dimensions;
    const double *both = j->points + number % j->base * 2 * d;
    if (block < 2)
        return both + block * d;
    for (size_t k = 0; k < d; k++) {
        bool swapped = j->outputs->markets->dimension_parameters[k] == j->mixed[block - 2];
        buffer[k] = both[swapped ? d + k : k];
    }
    return buffer;
}

static tariff_status sensitivities(job *j, unsigned threads, tf_arena *scratch, tf_arena *arena,
                                   tf_sensitivities *out)
{
    tf_parameter mixed[TF_PARAMETERS];
    size_t       blocks = 2;
    for (size_t k = 0; k < j->dimensions; k++)
        out->has[j->outputs->markets->dimension_parameters[k]] = true;
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (out->has[p])
            mixed[blocks++ - 2] = (tf_parameter)p;
    j->mixed = mixed;
    j->count = blocks * j->base;
    TF_TRY(make_points(j, j->base, 2 * j->dimensions, 0, scratch, &j->points));
    j->values = TF_ARRAY(scratch, double, j->kept * j->count + 1);
    out->at = TF_ARRAY(arena, tf_sensitivity, TF_TOTALS * TF_PARAMETERS);
    TF_NEED(j->values && out->at);
    TF_TRY(run_job(j, threads, scratch, NULL));
    for (size_t t = 0; t < TF_TOTALS; t++)
        for (size_t k = 2; k < blocks; k++) {
            const double *y = j->values + t * j->count;
            out->at[t * TF_PARAMETERS + mixed[k - 2]] =
                tf_sensitivity_of(j->base, y, y + j->base, y + k * j->base);
        }
    out->runs = j->count;
    out->failed = atomic_load(&j->failed);
    return TARIFF_OK;
}

tariff_status tf_sensitivities_run(tariff_env *env, const tf_outputs *outputs, unsigned threads,
                                   tf_arena *arena, tf_sensitivities *out)
{
    const tf_impact_spec *spec = outputs->markets->spec;
    tf_arena              scratch;
    job                   j = { .env = env,
                                .outputs = outputs,
                                .base = spec->sensitivity,
                                .dimensions = outputs->markets->dimensions,
                                .kept = TF_TOTALS,
                                .point_at = mixed_point };
    memset(out, 0, sizeof *out);
    tf_arena_init(&scratch, &env->allocator);
    tariff_status status = sensitivities(&j, threads, &scratch, arena, out);
    tf_arena_free(&scratch);
    return status;
}
