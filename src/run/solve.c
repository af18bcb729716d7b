/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Searching for a rate: solve: {metric: average_rate, target: 20%,
 * by: {set: {layer: reciprocal}, rate: {from: 0%, to: 50%}}}; with a model's
 * metric, too, and with the target max or min for the best rate.
 */
#include "run/solve.h"

#include "model/maximum.h"
#include "model/root.h"
#include "run/gauge.h"
#include "scenario/range.h"
#include "value/decimal.h"

#include <math.h>

typedef enum goal { MEET, MOST, LEAST } goal;

/** What is searched for. */
typedef struct question {
    const tf_node *metric, *target;
    goal           goal;
    tf_rate_change how;
    const tf_node *change;
    tf_range       range;
} question;

typedef struct solver {
    tariff_env            *env;
    const tariff_scenario *scenario;
    question               q;
    tariff_scenario       *variant;
    tf_gauge               gauge;
    tf_arena               arena;
    tariff_status          status;
    tf_i128                achieved; /**< 1e-9, of the last evaluation. */
    int64_t                target;   /**< 1e-9, to MEET. */
} solver;

/** What was found. */
typedef struct answer {
    int64_t  nano;
    unsigned iterations;
} answer;

/* Reading */

static const char *const words[] = { "set", "shift", "scale" }; /* by how the rate is changed */

static const char solve_hint[] = "solve: {metric: average_rate, target: 20%, by: {set: {layer: "
                                 "..}, rate: {from: 0%, to: 50%}}}";

static tariff_status misread(tariff_env *env, const tf_node *node, const char *message)
{
    return tf_doc_error(env, node, true, TARIFF_E_SCHEMA, solve_hint, "%s", message);
}

static tariff_status read_by(tariff_env *env, const tf_node *by, question *out)
{
    for (int i = 0; by->kind == TF_MAP && i < 3; i++) {
        const char    *key = i == 0 ? "rate" : "by";
        const tf_node *range = tf_doc_get(by, key);
        out->change = tf_doc_get(by, words[i]);
        if (!out->change)
            continue;
        out->how = (tf_rate_change)i;
        if (!range)
            return tf_doc_error(env, by, true, TARIFF_E_SCHEMA, solve_hint,
                                "the range of the search is missing: '%s'", key);
        if (tf_doc_count(by) != 2)
            return misread(env, by, "'by' is one change and the range of its rate");
        TF_TRY(tf_range_read(env, range, tf_range_of(out->how), false, &out->range));
        if (out->range.from == out->range.to)
            return misread(env, range, "the range of the search is empty");
        return TARIFF_OK;
    }
    return misread(env, by, "'by' says which rate is varied");
}

static tariff_status read_question(tariff_env *env, const tf_node *node, question *out)
{
    const tf_node *by = tf_doc_get(node, "by");
    out->metric = tf_doc_get(node, "metric");
    out->target = tf_doc_get(node, "target");
    if (!out->metric || out->metric->kind != TF_SCALAR || !out->target || !by
        || tf_doc_count(node) != 3)
        return misread(env, node, "'solve' has a metric, a target and by");
    const char *target = out->target->kind == TF_SCALAR ? out->target->text : "";
    out->goal = strcmp(target, "max") == 0 ? MOST : strcmp(target, "min") == 0 ? LEAST : MEET;
    return read_by(env, by, out);
}

/* A share or a rate is given in percent, all else as a plain number; welfare may be lost. */
static tariff_status read_target(solver *s)
{
    tf_why         why = { .status = TARIFF_E_SCHEMA, .message = "a number is expected" };
    const tf_node *node = s->q.target;
    const char    *text = node->kind == TF_SCALAR ? node->text : "";
    bool           minus = text[0] == '-' && s->gauge.by_model, is_rate = s->gauge.is_rate;
    tariff_rate    rate = { 0 };
    text += minus;
    size_t n = strlen(text);
    if (n && !is_rate && text[n - 1] == '%')
        return tf_doc_error(s->env, node, false, TARIFF_E_VALUE, "write an amount, such as 1000000",
                            "a percentage is no target for %s", s->q.metric->text);
    if (!n
        || (is_rate ? tf_parse_percent(text, n, &rate, &why)
                    : tf_parse_decimal(text, n, 9, "target", &rate.nano, &why))
               != TARIFF_OK)
        return node->kind == TF_SCALAR
                   ? tf_doc_because(s->env, node, &why)
                   : misread(s->env, node, "the target is no number");
    s->target = minus ? -rate.nano : rate.nano;
    return TARIFF_OK;
}

/* The scenario with the change to be varied as its last one */

static tf_node *child_of(tf_arena *arena, const tf_node *like, tf_node_kind kind, const char *key,
                         const char *text)
{
    tf_node *node = TF_NEW(arena, tf_node);
    if (!node)
        return NULL;
    *node = *like;
    node->kind = kind;
    node->first = node->last = node->next = NULL;
    node->key = key;
    node->text = text;
    node->length = text ? strlen(text) : 0;
    return node;
}

static tariff_status vary(solver *s)
{
    tf_node *root = tf_scenario_copy(&s->arena, s->scenario->root);
    tf_node *change = tf_scenario_copy(&s->arena, s->q.change);
    TF_NEED(root && change);
    tf_scenario_remove(root, "solve");
    tf_scenario_remove(root, "baseline");
    tf_scenario_remove(root, "impact");
    tf_node *value = child_of(&s->arena, change, TF_SCALAR, s->q.how == TF_RATE_SET ? "rate" : "by",
                              s->q.how == TF_RATE_SCALE ? "1" : "1%");
    tf_node *item = child_of(&s->arena, change, TF_MAP, NULL, NULL);
    tf_node *list = child_of(&s->arena, change, TF_LIST, "changes+", NULL);
    tf_node *over = child_of(&s->arena, change, TF_MAP, NULL, NULL);
    TF_NEED(value && item && list && over);
    if (change->kind != TF_MAP)
        return misread(s->env, s->q.change, "a mapping with a layer is expected");
    change->key = words[s->q.how];
    change->last->next = value;
    change->last = value;
    item->first = item->last = change;
    list->first = list->last = item;
    over->first = over->last = list;
    TF_TRY(tf_scenario_merge(s->env, &s->arena, root, over));
    return tf_scenario_from(s->env, s->scenario->path, root, &s->scenario->files, &s->variant);
}

/* Evaluating */

static tariff_status evaluate(solver *s, int64_t nano)
{
    return tf_gauge_at(&s->gauge, nano, &s->achieved);
}

static int64_t nano_of(double x)
{
    return (int64_t)(x * 1e9 + (x < 0 ? -0.5 : 0.5));
}

static tf_i128 distance_now(const solver *s)
{
    return s->achieved - s->target;
}

static bool distance(void *user, double x, double *y)
{
    solver *s = user;
    s->status = evaluate(s, nano_of(x));
    *y = (double)distance_now(s);
    return s->status == TARIFF_OK;
}

static bool height(void *user, double x, double *y)
{
    solver *s = user;
    s->status = evaluate(s, nano_of(x));
    *y = (s->q.goal == MOST ? 1e-9 : -1e-9) * (double)s->achieved;
    return s->status == TARIFF_OK;
}

static tf_i128 size_of(tf_i128 n)
{
    return n < 0 ? -n : n;
}

/* Sums are rounded to cents: of the rates that meet a target equally well, the roundest. */
static tariff_status round_off(solver *s, int64_t *nano)
{
    TF_TRY(evaluate(s, *nano));
    tf_i128 best = size_of(distance_now(s));
    for (int64_t unit = TF_E9; unit > 1; unit /= 10) {
        int64_t rounder = (int64_t)tf_div_half_even(*nano, unit) * unit;
        if (rounder < s->q.range.from || rounder > s->q.range.to)
            continue;
        TF_TRY(evaluate(s, rounder));
        if (size_of(distance_now(s)) > best)
            continue;
        *nano = rounder;
        return TARIFF_OK;
    }
    return evaluate(s, *nano);
}

static tariff_status prepare(solver *s, tf_store *store, const tariff_run_options *options)
{
    TF_TRY(read_question(s->env, s->scenario->solve, &s->q));
    TF_TRY(vary(s));
    s->gauge.env = s->env;
    s->gauge.scenario = s->scenario;
    s->gauge.variant = s->variant;
    s->gauge.metric = s->q.metric;
    s->gauge.how = s->q.how;
    return tf_gauge_open(&s->gauge, store, options);
}

static void formula_cell(const solver *s, tariff_table *table)
{
    char   text[TF_DECIMAL_TEXT];
    double formula = s->q.goal == MOST ? tf_gauge_formula(&s->gauge) : NAN;
    tf_format_number(formula, text);
    tf_cell_text(table, text);
}

static tariff_status make_table(solver *s, const answer *found, tf_arena *arena,
                                tariff_table **out)
{
    char date[16];
    tariff_date_format(s->variant->date, date);
    TF_TRY(evaluate(s, found->nano));
    *out = tf_table_new(arena, "scenario,date,metric,target,achieved,value,iterations,change,"
                               "closed_form");
    TF_NEED(*out);
    tf_cell_text(*out, s->scenario->name);
    tf_cell_text(*out, date);
    tf_cell_text(*out, s->q.metric->text);
    if (s->q.goal == MEET)
        tf_cell_decimal(*out, s->target, 9);
    else
        tf_cell_text(*out, s->q.target->text);
    tf_cell_decimal(*out, s->achieved, 9);
    tf_cell_decimal(*out, found->nano, 9);
    tf_cell_count(*out, found->iterations);
    tf_cell_text(*out, words[s->q.how]);
    formula_cell(s, *out);
    return tf_table_end(*out);
}

/* "20%", or "1000" of what is no rate. */
static void say_metric(const solver *s, tf_i128 nano, char buf[TF_DECIMAL_TEXT])
{
    if (s->gauge.is_rate)
        tf_format_percent((int64_t)nano, 9, buf);
    else
        tf_format_fixed(nano, 9, 0, buf);
}

static tariff_status tell_no_root(solver *s)
{
    char    target[TF_DECIMAL_TEXT], at_from[TF_DECIMAL_TEXT], at_to[TF_DECIMAL_TEXT];
    char    from[TF_DECIMAL_TEXT], to[TF_DECIMAL_TEXT];
    TF_TRY(evaluate(s, s->q.range.from));
    say_metric(s, s->achieved, at_from);
    TF_TRY(evaluate(s, s->q.range.to));
    say_metric(s, s->achieved, at_to);
    say_metric(s, s->target, target);
    tf_range_format(&s->q.range, s->q.range.from, from);
    tf_range_format(&s->q.range, s->q.range.to, to);
    if (strcmp(at_from, at_to) == 0)
        return tf_doc_error(s->env, s->scenario->solve, true, TARIFF_E_VALUE,
                            "does the change meet a measure on these flows, and the metric duties?",
                            "%s does not reach the target of %s: it is %s at %s and at %s",
                            s->q.metric->text, target, at_from, from, to);
    return tf_doc_error(s->env, s->scenario->solve, true, TARIFF_E_VALUE,
                        "widen the range, or ask for a target between the two",
                        "%s does not reach the target of %s: it is %s at %s and %s at %s",
                        s->q.metric->text, target, at_from, from, at_to, to);
}

static tariff_status tell_failure(const solver *s, tariff_status status)
{
    const tf_node *node = s->scenario->solve;
    if (status == TARIFF_E_OVERFLOW || status == TARIFF_E_VALUE)
        return tf_doc_error(s->env, node, true, status, "narrow the range of the search",
                            "a rate in the range is above 10,000%%, or its duty does not fit");
    if (status == TARIFF_E_CONVERGENCE)
        return tf_doc_error(s->env, node, true, status, "narrow the range, or use another model",
                            "the model has no answer for '%s' at a rate in the range",
                            s->q.metric->text);
    return status;
}

static tariff_status meet(solver *s, answer *out)
{
    tf_root root;
    TF_TRY(read_target(s));
    tariff_status status = tf_find_root(distance, s, (double)s->q.range.from * 1e-9,
                                        (double)s->q.range.to * 1e-9, 1e-9, &root);
    TF_TRY(tell_failure(s, s->status));
    TF_TRY(status);
    if (!root.bracketed)
        return tell_no_root(s);
    *out = (answer){ nano_of(root.x), root.iterations };
    return round_off(s, &out->nano);
}

/* A rate is known to 1e-6: the objective is flat around its best. */
static tariff_status optimise(solver *s, answer *out)
{
    tf_maximum    best;
    tariff_status status = tf_find_maximum(height, s, (double)s->q.range.from * 1e-9,
                                           (double)s->q.range.to * 1e-9, 1e-6, &best);
    TF_TRY(tell_failure(s, s->status));
    TF_TRY(status);
    *out = (answer){ nano_of(best.x), best.iterations };
    if (best.at_edge)
        tf_warning(s->env, NULL, "widen the range of the search",
                   "%s is best at an end of the range, or does not move", s->q.metric->text);
    return TARIFF_OK;
}

static tariff_status solve(solver *s, tf_store *store, const tariff_run_options *options,
                           tariff_result *result)
{
    answer found = { 0, 0 };
    TF_TRY(prepare(s, store, options));
    tariff_status status = evaluate(s, s->q.range.from); /* what kind of metric is it? */
    if (status == TARIFF_E_REFERENCE)
        return status;
    TF_TRY(tell_failure(s, status));
    TF_TRY(s->q.goal == MEET ? meet(s, &found) : optimise(s, &found));
    return make_table(s, &found, &result->arena, &result->tables[TF_REPORT_SOLVE]);
}

tariff_status tf_run_solve(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                           const tariff_run_options *options, tariff_result *result)
{
    solver s = { .env = env, .scenario = scenario };
    tf_arena_init(&s.arena, &env->allocator);
    s.gauge.choices = scenario->reports;
    memset(s.gauge.choices.wanted, 0, sizeof s.gauge.choices.wanted);
    tariff_status status = solve(&s, store, options, result);
    tf_gauge_close(&s.gauge);
    tariff_scenario_free(s.variant);
    tf_arena_free(&s.arena);
    return status;
}
