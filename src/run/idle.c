/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/idle.h"

#include "run/idle_shares.h"

#include <stdio.h>

void tf_idle_init(tf_idle *idle, tariff_env *env)
{
    memset(idle, 0, sizeof *idle);
    idle->env = env;
    tf_arena_init(&idle->arena, &env->allocator);
}

void tf_idle_free(tf_idle *idle)
{
    tf_arena_free(&idle->arena);
}

tariff_status tf_reach_make(tf_arena *arena, const tariff_scenario *scenario, tf_reach *out)
{
    memset(out, 0, sizeof *out);
    if (!scenario->changes)
        return TARIFF_OK;
    for (const tf_node *item = scenario->changes->first; item; item = item->next)
        if (tf_doc_get(item, "add"))
            out->added_count = tf_doc_count(scenario->changes);
    out->added = TF_ARRAY(arena, bool, out->added_count + 1);
    return out->added ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Which lines a change speaks of */

/** Did some line have this of the scope of a change? */
typedef struct seen {
    bool day, products, origins, importers, countries;
    bool all; /**< One line had all of it. */
} seen;

typedef struct search {
    const tf_evaluation *e;
    tf_change_scope      scope;
    tariff_date          days[2]; /**< The first and the last one it is in force on. */
    int                  day_count;
    tf_share_look       *share; /**< Of a change of a share, which some line has to ask for. */
} search;

/* Sets and groups change with time: of many days, the first and the last have to do. */
static void pick_days(search *s, const tf_days *days)
{
    for (size_t i = 0; i < days->n; i++)
        if (tf_span_holds(s->scope.span, days->at[i].days)) {
            s->days[s->day_count > 0] = days->at[i];
            s->day_count += s->day_count < 2;
        }
}

/** A line as far as changes look at it. */
typedef struct spot {
    const tf_data_where *where;
    uint16_t             origin;
} spot;

static tariff_status look_on(const search *s, const spot *at, int32_t day, bool in_force,
                             seen *found)
{
    const tf_cell cell = { at->where->hs, at->origin, at->where->importer, day };
    const tf_scopes       *scopes = &s->e->law->book.scopes;
    const tf_change_scope *c = &s->scope;
    seen here = { .day = in_force,
                  .products = tf_products_length(scopes, &c->products, at->where->hs, day) >= 0,
                  .origins = tf_countries_level(scopes, c->origins, at->origin, day) >= 0,
                  .importers = tf_countries_level(scopes, c->importers, at->where->importer, day)
                               >= 0,
                  .countries = !c->countries
                               || tf_countries_level(scopes, c->countries, at->origin, day) >= 0
                               || tf_countries_level(scopes, c->countries, at->where->importer, day)
                                      >= 0 };
    found->day = found->day || here.day;
    found->products = found->products || here.products;
    found->origins = found->origins || here.origins;
    found->importers = found->importers || here.importers;
    found->countries = found->countries || here.countries;
    here.all = here.day && here.products && here.origins && here.importers && here.countries;
    found->all = found->all || here.all;
    return here.all && s->share ? tf_share_look_at(s->share, &cell) : TARIFF_OK;
}

static tariff_status look_at(const search *s, const tf_data_where *where, uint16_t origin,
                             seen *found)
{
    const tf_evaluation *e = s->e;
    const spot           at = { where, origin };
    tariff_span          days;
    if (!tf_days_of(e->date_kind, e->date, where->has_period, where->period, &days)
        || tf_is_outside(e->law, e->where, where->hs, origin, where->importer, days.from.days))
        return TARIFF_OK;
    if (e->date_kind != TF_ON_DAY) {
        tariff_span both = tf_span_meet(days, s->scope.span);
        bool        meets = !tf_span_empty(both);
        return look_on(s, &at, meets ? both.from.days : days.from.days, meets, found);
    }
    for (int i = 0; i < s->day_count; i++)
        TF_TRY(look_on(s, &at, s->days[i].days, true, found));
    return s->day_count == 0 ? look_on(s, &at, e->date.days, false, found) : TARIFF_OK;
}

static bool is_settled(const search *s, const seen *found)
{
    return found->all && (!s->share || s->share->acts);
}

static tariff_status look_through(const search *s, seen *found)
{
    const tf_dataset *d = s->e->dataset;
    for (size_t i = 0; i < d->groups.n; i++) {
        const tf_data_group *group = &d->groups.at[i];
        for (size_t k = 0; k < group->count && !is_settled(s, found); k++)
            TF_TRY(look_at(s, &group->where, d->cells.at[group->first + k].origin, found));
    }
    for (size_t i = 0; i < d->rows.n && !is_settled(s, found); i++)
        TF_TRY(look_at(s, &d->rows.at[i].where, d->rows.at[i].cell.origin, found));
    return TARIFF_OK;
}

/* Did it act? */

typedef enum acts { ACTS, ACTS_NOT, ACTS_IF_MET } acts;

/** Why a change of rates that met measures changed none. */
typedef enum reason { MET_NONE, SPARED, KEPT } reason;

static acts acts_on_measures(const tariff_law *law, const tf_reach *reach, const tf_node *change,
                             uint32_t number, reason *why)
{
    *why = MET_NONE;
    if (strcmp(change->key, "add") == 0)
        return reach->added[number] ? ACTS : ACTS_NOT;
    for (size_t i = 0; i < law->changes.n; i++)
        if (law->changes.at[i].number == number) {
            bool kept = reach->met.kept >> i & 1, varies = i + reach->varied >= law->changes.n;
            *why = kept ? KEPT : reach->met.spared >> i & 1 ? SPARED : MET_NONE;
            return (reach->met.applied >> i & 1) || (kept && varies) ? ACTS : ACTS_NOT;
        }
    for (size_t i = 0; i < law->idle.n; i++)
        if (law->idle.at[i] == number)
            return ACTS_NOT;
    return ACTS_IF_MET;
}

/* Words */

typedef struct saying {
    tf_idle        *idle;
    tf_idle_change *into;
    const tf_node  *change;
    char            name[96]; /**< "'set'", and the scenario where no file tells. */
} saying;

static tariff_status say(saying *s, const tf_node *at, bool at_key, const char *hint,
                         const char *text)
{
    char      excerpt[256], message[512];
    tf_arena *arena = &s->idle->arena;
    tf_place *place = &s->into->place;
    snprintf(message, sizeof message, "%s %s", s->name, text);
    tf_doc_place(at, at_key, place, excerpt, sizeof excerpt);
    s->into->message = tf_arena_text(arena, message, strlen(message));
    s->into->hint = hint ? tf_arena_text(arena, hint, strlen(hint)) : "";
    place->file = tf_arena_text(arena, place->file, strlen(place->file));
    if (place->excerpt)
        place->excerpt = tf_arena_text(arena, excerpt, strlen(excerpt));
    place->field = NULL;
    return s->into->message && s->into->hint && place->file ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status say_days(saying *s, tariff_span span)
{
    char from[16], until[16], hint[96];
    tariff_date_format(span.from, from);
    tariff_date_format(span.until, until);
    snprintf(hint, sizeof hint, "it is in force%s%s%s%s", *from ? " from " : "", from,
             *until ? " until " : "", until);
    return say(s, s->change, true, hint, "is in force on no day that is asked for");
}

static tariff_status say_unmet(saying *s, const seen *found)
{
    static const struct {
        const char *key, *text;
    } parts[] = { { "products", "meets no line of these flows: none is of its products" },
                  { "origins", "meets no line of these flows: none comes from its origins" },
                  { "importers", "meets no line of these flows: none goes to its importers" },
                  { "countries", "meets no line of these flows: none is of its countries" } };
    const bool had[] = { found->products, found->origins, found->importers, found->countries };
    for (size_t i = 0; i < sizeof had; i++) {
        const tf_node *at = tf_doc_get(s->change, parts[i].key);
        if (!had[i] && at)
            return say(s, at, false, NULL, parts[i].text);
    }
    return say(s, s->change, true, NULL,
               "meets no line of these flows: none has all that it names");
}

static tariff_status say_added(saying *s, const tariff_law *law, const char *layer)
{
    char     text[256];
    uint32_t number = tf_names_find(&law->book.layer_names, layer, strlen(layer));
    bool     closest = number != TF_NO_NAME
                   && law->book.layers.at[number].select == TF_SELECT_SPECIFIC;
    snprintf(text, sizeof text, "changes nothing: on all lines it meets, other measures of '%.64s' "
                                "win%s", layer,
             tf_doc_get(s->change, "when") ? ", or its 'when' does not hold" : "");
    return say(s, s->change, true,
               closest ? "the closest wins: name the importer (importers: US), or give it a rank"
                       : NULL,
               text);
}

/* Changes of sets and groups that leave them as they are. */
static const char *unchanged(const char *change)
{
    return strcmp(change, "exclude") == 0   ? "changes nothing: the set has none of these products"
           : strcmp(change, "include") == 0 ? "changes nothing: the set has these products already"
           : strcmp(change, "leave") == 0
               ? "changes nothing: none of these countries is in the group"
           : strcmp(change, "join") == 0
               ? "changes nothing: these countries are in the group already"
               : NULL;
}

static tariff_status say_why(saying *s, const tariff_law *law, const char *layer, reason why)
{
    char text[256];
    if (unchanged(s->change->key))
        return say(s, s->change, true, NULL, unchanged(s->change->key));
    if (strcmp(s->change->key, "add") == 0)
        return say_added(s, law, layer);
    if (why == KEPT)
        return say(s, s->change, true, NULL,
                   "changes nothing: the rates that it meets are the same without it");
    if (why == SPARED)
        return say(s, s->change, true, "'add' makes a measure of its own",
                   "changes nothing: what it meets charges nothing, and is left alone");
    snprintf(text, sizeof text, "changes nothing: '%.64s' has no measure on the lines it meets",
             layer);
    return say(s, s->change, true, NULL, text);
}

/* One change */

static bool refers(const tf_node *node)
{
    if (node && node->kind == TF_SCALAR)
        return strchr(node->text, '@') != NULL;
    for (const tf_node *item = node ? node->first : NULL; item; item = item->next)
        if (refers(item))
            return true;
    return false;
}

/* A set or a group named in a change of sets or groups is meant as it was before: what it was then
 * can no longer be asked. */
static bool is_past(const tf_node *change, acts does)
{
    return does == ACTS_IF_MET
           && (refers(tf_doc_get(change, "products")) || refers(tf_doc_get(change, "countries")));
}

static tf_idle_change *entry_of(tf_idle *idle, const tf_node *change, uint32_t number)
{
    bool           written = change->key_line > 0;
    tf_idle_change fresh = { .file = change->file,
                             .line = change->key_line,
                             .column = change->key_column,
                             .number = written ? 0 : number };
    for (size_t i = 0; i < idle->changes.n; i++) {
        tf_idle_change *old = &idle->changes.at[i];
        if (old->line == fresh.line && old->column == fresh.column && old->number == fresh.number
            && strcmp(old->file, fresh.file) == 0)
            return old;
    }
    fresh.file = tf_arena_text(&idle->arena, fresh.file, strlen(fresh.file));
    if (!fresh.file || !TF_PUSH(&idle->arena, &idle->changes, fresh))
        return NULL;
    return &idle->changes.at[idle->changes.n - 1];
}

static tariff_status look_at_change(tf_idle *idle, const tariff_scenario *scenario,
                                    tariff_law *law, const tf_evaluation *e, const tf_days *days,
                                    const tf_node *item, uint32_t number)
{
    const tf_node *change = item->first;
    reason         why;
    saying         s = { .idle = idle, .change = change };
    acts           does = acts_on_measures(law, e->reach, change, number, &why);
    s.into = entry_of(idle, change, number);
    TF_NEED(s.into);
    s.into->acted = s.into->acted || does == ACTS || is_past(change, does);
    if (s.into->acted || s.into->message)
        return TARIFF_OK;
    tf_evaluation kept = *e;
    search        look = { .e = &kept };
    seen          found = { .all = false };
    tf_share_look share = { .differs = false };
    if (idle->read_again)
        TF_TRY(idle->read_again(idle->user, &kept.dataset));
    TF_TRY(tf_scenario_scope(scenario, idle->env, law, item, &look.scope));
    pick_days(&look, days);
    bool is_share = strcmp(change->key, "share") == 0 && e->date_kind != TF_ON_PERIOD_AVERAGE;
    if (is_share) {
        TF_TRY(tf_share_look_open(idle->env, law, scenario->changes, item, &share));
        look.share = &share;
    }
    tariff_status status = look_through(&look, &found);
    if (is_share)
        tf_share_look_close(&share);
    TF_TRY(status);
    if (is_settled(&look, &found) && does == ACTS_IF_MET) {
        s.into->acted = true;
        return TARIFF_OK;
    }
    if (change->key_line)
        snprintf(s.name, sizeof s.name, "'%s'", change->key);
    else
        snprintf(s.name, sizeof s.name, "'%s' in '%.64s'", change->key, scenario->name);
    if (!found.day)
        return say_days(&s, look.scope.span);
    if (found.all && look.share)
        return say(&s, change, true, NULL,
                   share.differs
                       ? "changes nothing: no measure on the lines it meets asks for this share"
                       : "changes nothing: it is the share of all lines it meets already");
    return found.all ? say_why(&s, law, look.scope.layer ? look.scope.layer : "", why)
                     : say_unmet(&s, &found);
}

tariff_status tf_idle_look(tf_idle *idle, const tariff_scenario *scenario, tariff_law *law,
                           const tf_evaluation *e, const tf_days *days)
{
    uint32_t number = 0;
    if (!scenario->changes)
        return TARIFF_OK;
    for (const tf_node *item = scenario->changes->first; item; item = item->next)
        TF_TRY(look_at_change(idle, scenario, law, e, days, item, number++));
    return TARIFF_OK;
}

void tf_idle_tell(const tf_idle *idle)
{
    for (size_t i = 0; i < idle->changes.n; i++) {
        const tf_idle_change *c = &idle->changes.at[i];
        if (!c->acted && c->message)
            tf_warning(idle->env, &c->place, c->hint, "%s", c->message);
    }
}
