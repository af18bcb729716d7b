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
#include "value/decimal.h"

#include <math.h>
#include <stdio.h>

typedef enum goal { MEET, MOST, LEAST } goal;

/** What is searched for. */
typedef struct question {
    const char    *metric;
    goal           goal;
    int64_t        target; /**< 1e-9, of MEET. */
    tf_rate_change how;
    const tf_node *change;
    int64_t        from, to; /**< 1e-9. */
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
} solver;

/** What was found. */
typedef struct answer {
    double   x;
    unsigned iterations;
} answer;

/* Reading */

static tariff_status read_number(tariff_env *env, const tf_node *node, const char *what,
                                 int64_t *out)
{
    tf_why why = { .status = TARIFF_E_SCHEMA, .message = "a number or a percentage is expected" };
    if (!node || node->kind != TF_SCALAR || node->length == 0)
        return TARIFF_E_SCHEMA;
    bool percent = node->text[node->length - 1] == '%';
    if (tf_parse_decimal(node->text, node->length - percent, percent ? 7 : 9, what, out, &why)
        != TARIFF_OK)
        return tf_doc_because(env, node, &why);
    return TARIFF_OK;
}

/* A target may be below zero: a loss of welfare, trade that goes. */
static tariff_status read_signed(tariff_env *env, const tf_node *node, int64_t *out)
{
    tf_node positive = *node;
    bool    minus = node->kind == TF_SCALAR && node->text[0] == '-';
    if (minus) {
        positive.text++;
        positive.length--;
    }
    TF_TRY(read_number(env, &positive, "target", out));
    *out = minus ? -*out : *out;
    return TARIFF_OK;
}

static const char solve_hint[] = "solve: {metric: average_rate, target: 20%, by: {set: {layer: "
                                 "..}, rate: {from: 0%, to: 50%}}}";

static tariff_status misread(tariff_env *env, const tf_node *node, const char *message)
{
    return tf_doc_error(env, node, true, TARIFF_E_SCHEMA, solve_hint, "%s", message);
}

static tariff_status read_by(tariff_env *env, const tf_node *by, question *out)
{
    static const char *const words[] = { "set", "shift", "scale" };
    for (int i = 0; by && by->kind == TF_MAP && i < 3; i++) {
        const tf_node *range = tf_doc_get(by, i == 0 ? "rate" : "by");
        out->change = tf_doc_get(by, words[i]);
        if (!out->change)
            continue;
        out->how = (tf_rate_change)i;
        if (!range || range->kind != TF_MAP
            || read_number(env, tf_doc_get(range, "from"), "rate", &out->from) != TARIFF_OK
            || read_number(env, tf_doc_get(range, "to"), "rate", &out->to) != TARIFF_OK
            || out->from >= out->to)
            return misread(env, by, "the range of the search is missing or empty");
        return TARIFF_OK;
    }
    return misread(env, by ? by : out->change, "'by' says which rate is varied");
}

static tariff_status read_question(tariff_env *env, const tf_node *node, question *out)
{
    const tf_node *metric = tf_doc_get(node, "metric"), *target = tf_doc_get(node, "target");
    const tf_node *by = tf_doc_get(node, "by");
    if (node->kind != TF_MAP || !metric || metric->kind != TF_SCALAR || !target || !by
        || tf_doc_count(node) != 3)
        return misread(env, node, "'solve' has a metric, a target and by");
    out->metric = metric->text;
    out->goal = MEET;
    if (target->kind == TF_SCALAR && strcmp(target->text, "max") == 0)
        out->goal = MOST;
    else if (target->kind == TF_SCALAR && strcmp(target->text, "min") == 0)
        out->goal = LEAST;
    else if (read_signed(env, target, &out->target) != TARIFF_OK)
        return misread(env, target, "the target is no number");
    return read_by(env, by, out);
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
    static const char *const words[] = { "set", "shift", "scale" };
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

static int64_t to_nano(double x)
{
    return (int64_t)floor(x * 1e9 + 0.5);
}

static bool distance(void *user, double x, double *y)
{
    solver *s = user;
    s->status = evaluate(s, to_nano(x));
    *y = (double)(s->achieved - s->q.target);
    return s->status == TARIFF_OK;
}

static bool height(void *user, double x, double *y)
{
    solver *s = user;
    s->status = evaluate(s, to_nano(x));
    *y = (s->q.goal == MOST ? 1e-9 : -1e-9) * (double)s->achieved;
    return s->status == TARIFF_OK;
}

static tariff_status prepare(solver *s, tf_store *store, const tariff_run_options *options,
                             const tariff_schedule **schedule)
{
    TF_TRY(read_question(s->env, s->scenario->solve, &s->q));
    TF_TRY(vary(s));
    s->gauge.env = s->env;
    s->gauge.scenario = s->scenario;
    s->gauge.variant = s->variant;
    s->gauge.metric = s->q.metric;
    s->gauge.how = s->q.how;
    return tf_gauge_open(&s->gauge, store, options, schedule);
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
    char    date[16];
    int64_t nano = to_nano(found->x);
    tariff_date_format(s->variant->date, date);
    TF_TRY(evaluate(s, nano));
    *out = tf_table_new(arena, "scenario,date,metric,target,achieved,value,iterations,"
                               "closed_form");
    TF_NEED(*out);
    tf_cell_text(*out, s->scenario->name);
    tf_cell_text(*out, date);
    tf_cell_text(*out, s->q.metric);
    if (s->q.goal == MEET)
        tf_cell_decimal(*out, s->q.target, 9);
    else
        tf_cell_text(*out, s->q.goal == MOST ? "max" : "min");
    tf_cell_decimal(*out, s->achieved, 9);
    tf_cell_decimal(*out, nano, 9);
    tf_cell_count(*out, found->iterations);
    formula_cell(s, *out);
    return tf_table_end(*out);
}

static tariff_status tell(solver *s)
{
    if (s->status == TARIFF_E_OVERFLOW || s->status == TARIFF_E_VALUE)
        return tf_doc_error(s->env, s->scenario->solve, true, s->status,
                            "narrow the range of the search",
                            "a rate in the range is above 10,000%%, or its duty does not fit");
    if (s->status == TARIFF_E_CONVERGENCE)
        return tf_doc_error(s->env, s->scenario->solve, true, s->status,
                            "narrow the range, or use another model",
                            "the model has no answer for '%s' at a rate in the range",
                            s->q.metric);
    return s->status;
}

static tariff_status not_crossed(solver *s)
{
    char at_from[TF_DECIMAL_TEXT], at_to[TF_DECIMAL_TEXT];
    TF_TRY(evaluate(s, s->q.from));
    tf_format_fixed(s->achieved, 9, 0, at_from);
    TF_TRY(evaluate(s, s->q.to));
    tf_format_fixed(s->achieved, 9, 0, at_to);
    return tf_doc_error(s->env, s->scenario->solve, true, TARIFF_E_VALUE,
                        "widen the range, or ask for a target between the two",
                        "%s does not cross the target: it is %s at the lower end and %s at "
                        "the upper",
                        s->q.metric, at_from, at_to);
}

static tariff_status meet(solver *s, answer *out)
{
    tf_root       root;
    tariff_status status = tf_find_root(distance, s, (double)s->q.from * 1e-9,
                                        (double)s->q.to * 1e-9, 1e-9, &root);
    TF_TRY(tell(s));
    TF_TRY(status);
    *out = (answer){ root.x, root.iterations };
    return root.bracketed ? TARIFF_OK : not_crossed(s);
}

/* A rate is known to 1e-6: the objective is flat around its best. */
static tariff_status optimise(solver *s, answer *out)
{
    tf_maximum    best;
    tariff_status status = tf_find_maximum(height, s, (double)s->q.from * 1e-9,
                                           (double)s->q.to * 1e-9, 1e-6, &best);
    TF_TRY(tell(s));
    TF_TRY(status);
    *out = (answer){ best.x, best.iterations };
    if (best.at_edge)
        tf_warning(s->env, NULL, "widen the range of the search",
                   "%s is best at an end of the range, or does not move", s->q.metric);
    return TARIFF_OK;
}

static tariff_status solve(solver *s, tf_store *store, const tariff_run_options *options,
                           tariff_result *result, const tariff_schedule **schedule)
{
    answer found;
    TF_TRY(prepare(s, store, options, schedule));
    TF_TRY(s->q.goal == MEET ? meet(s, &found) : optimise(s, &found));
    return make_table(s, &found, &result->arena, &result->tables[TF_REPORT_SOLVE]);
}

tariff_status tf_run_solve(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                           const tariff_run_options *options, tariff_result *result,
                           const tariff_schedule **schedule)
{
    solver s = { .env = env, .scenario = scenario };
    tf_arena_init(&s.arena, &env->allocator);
    s.gauge.choices = scenario->reports;
    memset(s.gauge.choices.wanted, 0, sizeof s.gauge.choices.wanted);
    tariff_status status = solve(&s, store, options, result, schedule);
    tf_gauge_close(&s.gauge);
    tariff_scenario_free(s.variant);
    tf_arena_free(&s.arena);
    return status;
}
