/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Making a base, and running scenarios from it or in full.
 */
#include "run/base.h"

static const char *hindrance_of(const tariff_scenario *scenario)
{
    if (scenario->dates.given)
        return "the base has several dates";
    if (scenario->date_kind == TF_ON_PERIOD_AVERAGE)
        return "flows are judged over their period";
    if (scenario->sweep.node || scenario->solve)
        return "the base varies by itself";
    if (scenario->baseline || scenario->impact.node)
        return "the base is compared, or answered by a model";
    if (scenario->reports.wanted[TF_REPORT_PRODUCTS_ORIGINS])
        return "products are reported by origin";
    return NULL;
}

static tariff_status open_stores(tariff_base *base, const tariff_base *beside)
{
    if (beside) {
        base->lends = true;
        base->store = beside->store;
        base->whole = beside->whole;
        return TARIFF_OK;
    }
    /* Flows that are told apart only as this law does serve no other law: those of others are read
     * when one is asked. */
    TF_TRY(tf_store_new(base->env, base->options.threads, false, &base->store));
    if (!base->hindrance && tf_store_asks_law(base->store, base->scenario))
        return tf_store_new(base->env, base->options.threads, true, &base->whole);
    tf_store_free(base->store);
    base->store = NULL;
    TF_TRY(tf_store_new(base->env, base->options.threads, true, &base->store));
    base->whole = base->store;
    return TARIFF_OK;
}

static tariff_status load(tariff_base *base)
{
    const tariff_scenario *scenario = base->scenario;
    const tariff_schedule *schedule;
    TF_TRY(tf_store_schedule(base->store, base->env, scenario, &schedule));
    TF_TRY(tf_scenario_law(base->env, scenario, schedule, &base->law));
    if (scenario->where)
        TF_TRY(tf_scenario_where(scenario, base->env, base->law, &base->where));
    TF_TRY(tf_store_dataset(base->store, base->env, scenario, base->law, &base->dataset));
    if (base->dataset->rows.n)
        base->hindrance = "some flows have quantities, claims or parts of their own";
    return TARIFF_OK;
}

static tariff_status make(tariff_base *base, const tariff_base *beside)
{
    const tariff_scenario *scenario = base->scenario;
    base->hindrance = hindrance_of(scenario);
    TF_TRY(open_stores(base, beside));
    if (base->hindrance)
        return TARIFF_OK;
    if (scenario->flows.n == 0)
        return tf_doc_error(base->env, scenario->root, false, TARIFF_E_SCHEMA,
                            "flows: {file: flows.csv}", "the key 'flows' is missing");
    TF_TRY(load(base));
    tf_evaluation e = { .env = base->env,
                        .law = base->law,
                        .dataset = base->dataset,
                        .where = scenario->where ? &base->where : NULL,
                        .date_kind = scenario->date_kind,
                        .date = scenario->date,
                        .reports = &scenario->reports,
                        .require_detail = base->options.require_detail,
                        .require_quantity = base->options.require_quantity,
                        .threads = base->options.threads };
    if (!base->hindrance)
        TF_TRY(tf_base_fill(base, &e));
    return base->hindrance ? TARIFF_OK : tf_base_gather(base);
}

tariff_status tariff_base_new(tariff_env *env, const tariff_scenario *scenario,
                              const tariff_run_options *options, const tariff_base *beside,
                              tariff_base **out)
{
    *out = NULL;
    tariff_base *base = tf_alloc(env, sizeof *base);
    TF_NEED(base);
    memset(base, 0, sizeof *base);
    base->env = env;
    base->scenario = scenario;
    base->options = tf_run_options_of(options);
    base->options.directory = NULL;
    base->options.source = NULL;
    base->options.sink = NULL;
    base->options.has_point = base->options.for_comparison = false;
    tf_arena_init(&base->arena, &env->allocator);
    tariff_status status = make(base, beside);
    if (status != TARIFF_OK) {
        tariff_base_free(base);
        return status;
    }
    *out = base;
    return TARIFF_OK;
}

void tariff_base_free(tariff_base *base)
{
    if (!base)
        return;
    tariff_law_free(base->law);
    if (!base->lends) {
        if (base->whole != base->store)
            tf_store_free(base->whole);
        tf_store_free(base->store);
    }
    tf_arena_free(&base->arena);
    tf_free(base->env, base, sizeof *base);
}

/* Scenarios */

static tariff_status run_in_full(tariff_env *env, const tariff_base *base,
                                 const tariff_scenario *scenario, const char *why,
                                 tariff_result **out)
{
    tariff_run_options options = base->options;
    options.threads = 1;
    TF_TRY(tf_run(env, base->whole, scenario, &options, out));
    (*out)->in_full = why;
    return TARIFF_OK;
}

tariff_status tariff_base_run(tariff_env *env, const tariff_base *base,
                              const tariff_scenario *scenario, tariff_result **out)
{
    uint32_t    shared;
    const char *why = base->hindrance;
    *out = NULL;
    if (!why && !tf_scenario_goes_on(scenario, base->scenario, &shared))
        why = "it differs from the base in more than further changes";
    if (why)
        return run_in_full(env, base, scenario, why, out);
    tariff_result *result;
    TF_TRY(tf_result_new(env, &result));
    tariff_status status = tf_base_vary(env, base, scenario, shared, result, &why);
    if (status != TARIFF_OK || why) {
        tariff_result_free(result);
        return status != TARIFF_OK ? status : run_in_full(env, base, scenario, why, out);
    }
    *out = result;
    return TARIFF_OK;
}

const char *tariff_result_in_full(const tariff_result *result)
{
    return result->in_full ? result->in_full : "";
}
