/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * `changes:` and `where:` of a scenario, read against the names of a law.
 */
#include "scenario/changer.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const keys[KEYS + 1] = {
    "layer",  "products", "origins",   "importers", "from",  "until",    "through",  "rate",
    "by",     "kind",     "yields_to", "scope",     "base",  "when",     "rank",     "citation",
    "title",  "authority", "set",      "group",     "countries", "part", "claim",    "share",
    NULL
};

#define KINDS_HINT \
    "one of: add set shift scale exempt suspend include exclude join leave share"
#define SCOPE_KEYS (TF_KEY(KEY_LAYER) | TF_WHERE_KEYS | TF_SPAN_KEYS)

static const tf_node *get(const tf_change_fields *f, int key)
{
    return f->node[key];
}

tariff_status tf_change_fields_read(tf_changer *c, const tf_node *node, unsigned allowed,
                                    unsigned needed, tf_change_fields *out)
{
    memset(out, 0, sizeof *out);
    if (node->kind != TF_MAP)
        return tf_doc_error(c->env, node, false, TARIFF_E_SCHEMA, "for instance {layer: reciprocal}",
                            "'%s' takes a mapping", node->key);
    for (const tf_node *child = node->first; child; child = child->next) {
        int key = tf_key_index(child, keys);
        if (key < 0 || !(allowed >> key & 1)) {
            const char *known[KEYS + 1];
            size_t      n = 0;
            for (int i = 0; i < KEYS; i++)
                if (allowed >> i & 1)
                    known[n++] = keys[i];
            known[n] = NULL;
            if (key >= 0)
                return tf_doc_error(c->env, child, true, TARIFF_E_SCHEMA, NULL,
                                    "'%s' does not go with '%s'", child->key, node->key);
            return tf_unknown_key(c->env, child, known);
        }
        out->node[key] = child;
    }
    for (int i = 0; i < KEYS; i++)
        if ((needed >> i & 1) && !out->node[i])
            return tf_doc_error(c->env, node, true, TARIFF_E_SCHEMA, NULL,
                                i == KEY_LAYER ? "'%s' names no %s" : "'%s' needs '%s'", node->key,
                                keys[i]);
    return TARIFF_OK;
}

tariff_status tf_change_because(tf_changer *c, const tf_node *node, const tf_why *why)
{
    if (node->kind == TF_SCALAR)
        return tf_doc_because(c->env, node, why);
    return tf_doc_error(c->env, node, false, why->status, why->hint, "%s", why->message);
}

/* Scope */

tariff_status tf_change_products(tf_changer *c, const tf_node *node, tf_products *out)
{
    tf_why      why;
    const char *text = node ? tf_node_words(&c->law->arena, node) : "*";
    TF_NEED(text);
    if (tf_parse_products(&c->book->scopes, &c->law->arena, text, strlen(text), out, &why)
        != TARIFF_OK)
        return node ? tf_change_because(c, node, &why) : why.status;
    return TARIFF_OK;
}

tariff_status tf_change_countries(tf_changer *c, const tf_node *node, const tf_countries **out)
{
    tf_why      why;
    const char *text = node ? tf_node_words(&c->law->arena, node) : "*";
    TF_NEED(text);
    if (tf_parse_countries(&c->book->scopes, &c->law->arena, text, strlen(text), out, &why)
        != TARIFF_OK)
        return node ? tf_change_because(c, node, &why) : why.status;
    return TARIFF_OK;
}

static tariff_status read_day(tf_changer *c, const tf_node *node, int32_t shift, int32_t *out)
{
    tf_why      why = { .status = TARIFF_E_SCHEMA, .message = "a date is expected" };
    tariff_date date;
    if (!node)
        return TARIFF_OK;
    if (node->kind != TF_SCALAR
        || tf_parse_date(node->text, node->length, &date, &why) != TARIFF_OK)
        return tf_change_because(c, node, &why);
    *out = date.days + shift;
    return TARIFF_OK;
}

tariff_status tf_change_span(tf_changer *c, const tf_change_fields *f, tariff_span *out)
{
    *out = tf_span_always();
    TF_TRY(read_day(c, get(f, KEY_FROM), 0, &out->from.days));
    TF_TRY(read_day(c, get(f, KEY_UNTIL), 0, &out->until.days));
    TF_TRY(read_day(c, get(f, KEY_THROUGH), 1, &out->until.days));
    if (tf_span_empty(*out))
        return tf_doc_error(c->env, get(f, get(f, KEY_UNTIL) ? KEY_UNTIL : KEY_THROUGH), false,
                            TARIFF_E_VALUE,
                            "until is the first day not in force and comes after from",
                            "never in force");
    return TARIFF_OK;
}

/* One layer, a blank-separated list, or a YAML list of them. */
static tariff_status read_layers(tf_changer *c, const tf_node *node, uint64_t *out)
{
    tf_why      why;
    uint64_t    mask;
    const char *text = tf_node_words(&c->law->arena, node);
    TF_NEED(text);
    *out = 0;
    for (const char *word = text; *word;) {
        size_t n = strcspn(word, " ");
        if (n == 0) {
            word++;
            continue;
        }
        if (tf_book_layers(c->book, word, n, &mask, &why) != TARIFF_OK)
            return tf_change_because(c, node, &why);
        *out |= mask;
        word += n;
    }
    if (!*out)
        return tf_doc_error(c->env, node, false, TARIFF_E_VALUE, NULL, "no layer is named");
    return TARIFF_OK;
}

static tariff_status read_rate(tf_changer *c, const tf_node *node, const tf_rate **out)
{
    tf_why        why = { .status = TARIFF_E_SCHEMA, .message = "a rate is expected" };
    if (node->kind != TF_SCALAR
        || tf_book_rate(c->book, &c->law->arena, node->text, node->length, out, &why)
               != TARIFF_OK)
        return tf_change_because(c, node, &why);
    return TARIFF_OK;
}

/* Changes of measures that are there */

/* `by` of shift: "+5%", "-5%"; of scale: "0.5". */
static tariff_status read_by(tf_changer *c, const tf_node *node, tf_rate_change how, int64_t *out)
{
    tf_why      why = { .status = TARIFF_E_SCHEMA, .message = "a number is expected" };
    const char *text = node->kind == TF_SCALAR ? node->text : "";
    size_t      length = strlen(text);
    if (how == TF_RATE_SCALE && length && text[length - 1] == '%')
        return tf_doc_error(c->env, node, false, TARIFF_E_VALUE, "0.5 is half of it",
                            "a factor is a plain number, no percentage");
    if (how == TF_RATE_SCALE) {
        if (tf_parse_decimal(text, length, 9, "factor", out, &why) != TARIFF_OK)
            return tf_change_because(c, node, &why);
        return TARIFF_OK;
    }
    bool        minus = *text == '-';
    tariff_rate rate;
    if (*text == '-' || *text == '+') {
        text++;
        length--;
    }
    if (tf_parse_percent(text, length, &rate, &why) != TARIFF_OK)
        return tf_change_because(c, node, &why);
    *out = minus ? -rate.nano : rate.nano;
    return TARIFF_OK;
}

static tariff_status read_change(tf_changer *c, const tf_node *node, tf_change_kind kind,
                                 tf_rate_change how)
{
    tf_change_fields f;
    tf_change change = { .kind = kind, .how = how, .number = c->number };
    unsigned  allowed = SCOPE_KEYS;
    int       value = how == TF_RATE_SET ? KEY_RATE : KEY_BY;
    if (kind == TF_CHANGE_RATE)
        allowed |= TF_KEY(value);
    TF_TRY(tf_change_fields_read(c, node, allowed, TF_KEY(KEY_LAYER), &f));
    TF_TRY(read_layers(c, get(&f, KEY_LAYER), &change.layers));
    TF_TRY(tf_change_products(c, get(&f, KEY_PRODUCTS), &change.products));
    TF_TRY(tf_change_countries(c, get(&f, KEY_ORIGINS), &change.origins));
    TF_TRY(tf_change_countries(c, get(&f, KEY_IMPORTERS), &change.importers));
    TF_TRY(tf_change_span(c, &f, &change.span));
    if (kind == TF_CHANGE_RATE) {
        if (!get(&f, value))
            return tf_doc_error(c->env, node, true, TARIFF_E_SCHEMA, NULL, "'%s' needs '%s'",
                                node->key, keys[value]);
        if (how == TF_RATE_SET)
            TF_TRY(read_rate(c, get(&f, value), &change.value));
        else
            TF_TRY(read_by(c, get(&f, value), how, &change.nano));
    }
    if (c->law->changes.n == TF_CHANGES_MAX)
        return tf_doc_error(c->env, node, true, TARIFF_E_LIMIT, NULL, "more than %d changes",
                            TF_CHANGES_MAX);
    return TF_PUSH(&c->law->arena, &c->law->changes, change) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* New measures */

static tariff_status set_layer_facts(tf_changer *c, const tf_change_fields *f, tf_layer *layer)
{
    const tf_node *kind = get(f, KEY_KIND), *title = get(f, KEY_TITLE);
    const tf_node *authority = get(f, KEY_AUTHORITY);
    if (title && title->kind == TF_SCALAR)
        layer->title = title->text;
    if (authority && authority->kind == TF_SCALAR)
        layer->authority = authority->text;
    if (!kind)
        return TARIFF_OK;
    bool ordinary = kind->kind == TF_SCALAR && strcmp(kind->text, "ordinary") == 0;
    if (!ordinary && (kind->kind != TF_SCALAR || strcmp(kind->text, "additional") != 0))
        return tf_doc_error(c->env, kind, false, TARIFF_E_VALUE, "ordinary or additional",
                            "unknown kind of layer");
    layer->kind = ordinary ? TF_ORDINARY : TF_ADDITIONAL;
    return TARIFF_OK;
}

static tariff_status add_yields(tf_changer *c, const tf_change_fields *f, uint8_t layer, tariff_span span,
                                const tf_row_place *place)
{
    uint64_t       to;
    const tf_node *scope = get(f, KEY_SCOPE);
    tf_yield       yield = { .from = layer, .span = span, .place = *place };
    if (scope) {
        yield.whole_line = scope->kind == TF_SCALAR && strcmp(scope->text, "line") == 0;
        if (!yield.whole_line && (scope->kind != TF_SCALAR || strcmp(scope->text, "part") != 0))
            return tf_doc_error(c->env, scope, false, TARIFF_E_VALUE, "part or line",
                                "unknown scope");
    }
    if (!get(f, KEY_YIELDS_TO))
        return TARIFF_OK;
    TF_TRY(read_layers(c, get(f, KEY_YIELDS_TO), &to));
    if (to == UINT64_C(1) << layer)
        return tf_doc_error(c->env, get(f, KEY_YIELDS_TO), false, TARIFF_E_CONFLICT, NULL,
                            "a layer cannot give way to itself");
    for (uint8_t i = 0; i < c->book->layers.n; i++) {
        yield.to = i;
        if (i != layer && (to >> i & 1) && !TF_PUSH(&c->law->arena, &c->book->yields, yield))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status read_conditions(tf_changer *c, const tf_change_fields *f, tf_measure *measure)
{
    tf_why         why;
    const tf_node *base = get(f, KEY_BASE), *when = get(f, KEY_WHEN), *rank = get(f, KEY_RANK);
    if (base) {
        const char *text = tf_node_words(&c->law->arena, base);
        TF_NEED(text);
        if (tf_parse_base(c->book, text, strlen(text), &measure->base, &measure->base_parts, &why)
            != TARIFF_OK)
            return tf_change_because(c, base, &why);
    }
    measure->when = &tf_when_always;
    if (when) {
        const char *text = tf_node_words(&c->law->arena, when);
        TF_NEED(text);
        if (tf_parse_when(&c->law->arena, &c->book->claim_names, &c->book->part_names, text,
                          strlen(text), &measure->when, &why)
            != TARIFF_OK)
            return tf_change_because(c, when, &why);
    }
    if (rank) {
        char *end = NULL;
        long  n = rank->kind == TF_SCALAR ? strtol(rank->text, &end, 10) : 0;
        if (!end || *end || n < -1000000 || n > 1000000)
            return tf_doc_error(c->env, rank, false, TARIFF_E_VALUE, NULL, "this is no rank");
        measure->rank = (int32_t)n;
    }
    return TARIFF_OK;
}

static tariff_status read_add(tf_changer *c, const tf_node *node)
{
    tf_change_fields f;
    tf_why      why;
    unsigned    allowed = (TF_KEY(KEY_SET) - 1) & ~TF_KEY(KEY_BY);
    tf_measure   *measure = TF_NEW(&c->law->arena, tf_measure);
    tf_enactment *enacted = TF_NEW(&c->law->arena, tf_enactment);
    TF_NEED(measure && enacted);
    TF_TRY(tf_change_fields_read(c, node, allowed, TF_KEY(KEY_LAYER), &f));
    const tf_node *layer = get(&f, KEY_LAYER), *citation = get(&f, KEY_CITATION);
    size_t         before = c->book->layers.n;
    if (layer->kind != TF_SCALAR)
        return tf_doc_error(c->env, layer, false, TARIFF_E_SCHEMA, NULL,
                            "a measure is in one layer");
    if (!get(&f, KEY_RATE))
        return tf_doc_error(c->env, node, true, TARIFF_E_SCHEMA, NULL, "'add' needs 'rate'");
    if (tf_book_layer(c->book, &c->law->arena, layer->text, layer->length, &measure->layer, &why)
        != TARIFF_OK)
        return tf_change_because(c, layer, &why);
    if (c->book->layers.n > before)
        TF_TRY(set_layer_facts(c, &f, &c->book->layers.at[measure->layer]));
    else if (get(&f, KEY_KIND))
        return tf_doc_error(c->env, get(&f, KEY_KIND), true, TARIFF_E_CONFLICT,
                            "'kind' is for a layer that 'add' makes",
                            "the layer '%s' is there already", layer->text);
    TF_TRY(tf_change_products(c, get(&f, KEY_PRODUCTS), &measure->products));
    TF_TRY(tf_change_countries(c, get(&f, KEY_ORIGINS), &measure->origins));
    TF_TRY(tf_change_countries(c, get(&f, KEY_IMPORTERS), &measure->importers));
    TF_TRY(tf_change_span(c, &f, &measure->span));
    TF_TRY(read_rate(c, get(&f, KEY_RATE), &measure->rate));
    TF_TRY(read_conditions(c, &f, measure));
    /* Changes come after every schedule, so that a tie goes to the last of them. */
    measure->schedule = measure->order = UINT32_MAX / 2 + c->number;
    measure->born = c->number + 1;
    *enacted = (tf_enactment){ .path = node->file,
                               .citation = citation && citation->kind == TF_SCALAR ? citation->text
                                                                                   : "",
                               .id = "",
                               .known = tf_span_always() };
    measure->enacted = enacted;
    measure->line = node->key_line;
    const tf_row_place place = tf_measure_place(measure);
    TF_TRY(add_yields(c, &f, measure->layer, measure->span, &place));
    const tf_measure *kept = measure;
    return TF_PUSH(&c->law->arena, &c->book->measures, kept) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status unknown_change(tf_changer *c, const tf_node *node, const char *const *kinds)
{
    char        hint[128] = KINDS_HINT;
    const char *near = tf_nearest_of(node->key, strlen(node->key), kinds);
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    return tf_doc_error(c->env, node, true, TARIFF_E_SCHEMA, hint, "unknown change '%s'",
                        node->key);
}

static tariff_status read_one(tf_changer *c, const tf_node *item)
{
    static const char *const kinds[] = { "add",   "set",    "shift",   "scale",
                                         "exempt", "suspend", "include",
                                         "exclude", "join", "leave", "share", NULL };
    if (item->kind != TF_MAP || tf_doc_count(item) != 1)
        return tf_doc_error(c->env, item, false, TARIFF_E_SCHEMA,
                            KINDS_HINT, "a change is one word with a mapping");
    const tf_node *node = item->first;
    int            kind = tf_key_index(node, kinds);
    c->law->redefined = c->law->redefined || kind == 0 || kind >= 6;
    switch (kind) {
    case 0: return read_add(c, node);
    case 1: return read_change(c, node, TF_CHANGE_RATE, TF_RATE_SET);
    case 2: return read_change(c, node, TF_CHANGE_RATE, TF_RATE_SHIFT);
    case 3: return read_change(c, node, TF_CHANGE_RATE, TF_RATE_SCALE);
    case 4: return read_change(c, node, TF_CHANGE_EXEMPT, TF_RATE_SET);
    case 5: return read_change(c, node, TF_CHANGE_SUSPEND, TF_RATE_SET);
    case 6: return tf_change_set(c, node, true);
    case 7: return tf_change_set(c, node, false);
    case 8: return tf_change_group(c, node, true);
    case 9: return tf_change_group(c, node, false);
    case 10: return tf_change_share(c, node);
    default: return unknown_change(c, node, kinds);
    }
}

tariff_status tf_scenario_change_on(const tariff_scenario *scenario, tariff_env *env,
                                    tariff_law *law, uint32_t from)
{
    tf_changer c = { env, scenario, law, &law->book, 0 };
    if (!scenario->changes)
        return TARIFF_OK;
    tf_begin(env);
    for (const tf_node *item = scenario->changes->first; item && tf_may_go_on(env);
         item = item->next, c.number++)
        if (c.number >= from && read_one(&c, item) == TARIFF_E_NOMEM)
            return TARIFF_E_NOMEM;
    return tf_end(env);
}

tariff_status tf_scenario_change(const tariff_scenario *scenario, tariff_env *env, tariff_law *law)
{
    return tf_scenario_change_on(scenario, env, law, 0);
}

tariff_status tf_scenario_scope(const tariff_scenario *scenario, tariff_env *env, tariff_law *law,
                                const tf_node *change, tf_change_scope *out)
{
    tf_changer       c = { env, scenario, law, &law->book, 0 };
    const tf_node   *node = change->first;
    tf_change_fields f;
    memset(out, 0, sizeof *out);
    TF_TRY(tf_change_fields_read(&c, node, TF_KEY(KEYS) - 1, 0, &f));
    TF_TRY(tf_change_products(&c, get(&f, KEY_PRODUCTS), &out->products));
    TF_TRY(tf_change_countries(&c, get(&f, KEY_ORIGINS), &out->origins));
    TF_TRY(tf_change_countries(&c, get(&f, KEY_IMPORTERS), &out->importers));
    if (get(&f, KEY_COUNTRIES))
        TF_TRY(tf_change_countries(&c, get(&f, KEY_COUNTRIES), &out->countries));
    if (get(&f, KEY_LAYER)) {
        out->layer = tf_node_words(&law->arena, get(&f, KEY_LAYER));
        TF_NEED(out->layer);
    }
    return tf_change_span(&c, &f, &out->span);
}

tariff_status tf_scenario_where(const tariff_scenario *scenario, tariff_env *env, tariff_law *law,
                                tf_where *out)
{
    tf_changer     c = { env, scenario, law, &law->book, 0 };
    const tf_node *where = scenario->where;
    tariff_status products = tf_change_products(&c, tf_doc_get(where, "products"), &out->products);
    tariff_status origins = tf_change_countries(&c, tf_doc_get(where, "origins"), &out->origins);
    tariff_status importers = tf_change_countries(&c, tf_doc_get(where, "importers"), &out->importers);
    return products != TARIFF_OK ? products : origins != TARIFF_OK ? origins : importers;
}

tariff_status tf_change_value(tariff_env *env, tariff_law *law, const tf_node *node,
                              tf_rate_change how, const tf_rate **value, int64_t *nano)
{
    tf_changer c = { env, NULL, law, &law->book, 0 };
    *value = NULL;
    *nano = 0;
    return how == TF_RATE_SET ? read_rate(&c, node, value) : read_by(&c, node, how, nano);
}
