/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Every public call, with one request of memory refused after the other: it
 * says that memory ran out or gives the same answer, never another; nothing
 * leaks, reports are whole or as they were, and the same environment works
 * again when there is memory.
 *
 * What libyaml, libcsv, jansson, zlib and libzstd allocate for
 * themselves does not go through the environment and is not refused here.
 */
#define TARIFF_EXPERIMENTAL
#include "faults/counting.h"
#include "faults/trace.h"

#include <unistd.h>

typedef struct call call;
struct call {
    const char *name;
    tariff_status (*fn)(tariff_env *env, const call *call, trace *out);
    const char *a, *b;   /**< Files. */
    const char *sets[3]; /**< "key=value". */
    unsigned    threads; /**< 0: one. */
};

static char reports[CHECK_PATH]; /* where runs write */

static unsigned failures; /* so that one failure does not hide the next call's */

#define failed(...) (failures++, print_error(__VA_ARGS__))

static size_t count_sets(const call *c)
{
    size_t n = 0;
    while (n < 3 && c->sets[n])
        n++;
    return n;
}

static tariff_run_options run_options(const call *c)
{
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    options.directory = reports;
    options.threads = c->threads ? c->threads : 1;
    options.hash = true;
    return options;
}

/* Schedules and laws */

static void trace_schedule(trace *out, const tariff_schedule *schedule)
{
    char   text[256];
    size_t rows;
    for (size_t i = 0; i < tariff_schedule_layers(schedule); i++) {
        tariff_layer_info info = { .size = sizeof info };
        tariff_schedule_layer(schedule, i, &info);
        trace_text(out, info.name);
    }
    for (size_t i = 0; i < tariff_schedule_measures(schedule); i++) {
        tariff_measure_info info = { .size = sizeof info };
        tariff_schedule_measure(schedule, i, &info);
        tariff_schedule_products(schedule, i, text, sizeof text);
        trace_text(out, text);
        trace_text(out, info.rate);
        trace_text(out, info.citation);
    }
    for (size_t i = 0; i < tariff_schedule_sets(schedule); i++)
        trace_text(out, tariff_schedule_set(schedule, i, &rows));
}

static tariff_status call_schedule(tariff_env *env, const call *c, trace *out)
{
    const char      *paths[] = { c->a, c->b };
    tariff_schedule *schedule = NULL;
    tariff_status    status = tariff_schedule_load(env, paths, c->b ? 2 : 1, &schedule);
    if (status == TARIFF_OK)
        trace_schedule(out, schedule);
    if (status == TARIFF_OK)
        status = tariff_schedule_check(env, schedule);
    tariff_schedule_free(schedule);
    return status;
}

static void trace_case(void *user, const tariff_failed_case *failed)
{
    trace_text(user, failed->id);
    trace_text(user, failed->computed);
    trace_text(user, failed->why);
}

static tariff_status call_verify(tariff_env *env, const call *c, trace *out)
{
    const char      *paths[] = { c->a };
    tariff_schedule *schedule = NULL;
    tariff_law      *law = NULL;
    uint64_t         held, failed;
    char             text[64];
    tariff_status    status = tariff_schedule_load(env, paths, 1, &schedule);
    if (status == TARIFF_OK)
        status = tariff_law_compile(env, schedule, NULL, &law);
    if (status == TARIFF_OK)
        status = tariff_verify(env, law, c->b, trace_case, out, &held, &failed);
    if (status == TARIFF_OK) {
        snprintf(text, sizeof text, "%llu held, %llu failed", (unsigned long long)held,
                 (unsigned long long)failed);
        trace_text(out, text);
    }
    tariff_law_free(law);
    tariff_schedule_free(schedule);
    return status;
}

/* Scenarios */

static void trace_line(void *user, const char *line)
{
    trace_text(user, line);
}

static void trace_step(void *user, const tariff_step *step)
{
    trace_text(user, step->layer);
    trace_text(user, step->verdict);
    trace_text(user, step->rate);
    trace_text(user, step->duty);
}

static void trace_total(void *user, const tariff_total *total)
{
    trace_text(user, total->name);
    trace_text(user, total->rate);
    trace_text(user, total->duty);
}

static tariff_status explain(tariff_env *env, const tariff_law *law, trace *out)
{
    static const check_entry words = { .hs = "6109.10", .value = "1000", .quantity = "20",
                                       .unit = "kg" };
    tariff_entry     entry = check_entry_read(&words);
    tariff_explainer to = { .step = trace_step, .total = trace_total, .user = out };
    return tariff_explain(env, law, &entry, &to);
}

static tariff_status call_explain(tariff_env *env, const call *c, trace *out)
{
    tariff_scenario *scenario = NULL;
    tariff_law      *law = NULL;
    tariff_status    status = tariff_scenario_load(env, c->a, c->sets, count_sets(c), &scenario);
    if (status == TARIFF_OK)
        status = tariff_scenario_show(env, scenario, trace_line, out);
    if (status == TARIFF_OK)
        status = tariff_scenario_compile(env, scenario, &law);
    if (status == TARIFF_OK)
        status = explain(env, law, out);
    tariff_law_free(law);
    tariff_scenario_free(scenario);
    return status;
}

static tariff_status call_run(tariff_env *env, const call *c, trace *out)
{
    tariff_run_options options = run_options(c);
    tariff_scenario   *scenario = NULL;
    tariff_result     *result = NULL;
    tariff_status status = tariff_scenario_load(env, c->a, c->sets, count_sets(c), &scenario);
    if (status == TARIFF_OK)
        status = tariff_run(env, scenario, &options, &result);
    if (status == TARIFF_OK && tariff_result_table(result, "summary"))
        trace_table(out, tariff_result_table(result, "summary"));
    tariff_result_free(result);
    tariff_scenario_free(scenario);
    return status;
}

static tariff_status call_compare(tariff_env *env, const call *c, trace *out)
{
    tariff_run_options options = run_options(c);
    tariff_result     *result = NULL;
    bool               differs = false;
    tariff_status      status = tariff_compare(env, c->a, c->b, &options, &result, &differs);
    if (status == TARIFF_OK) {
        trace_text(out, differs ? "differs" : "same");
        trace_table(out, tariff_result_table(result, "compare"));
    }
    tariff_result_free(result);
    return status;
}

static tariff_status call_batch(tariff_env *env, const call *c, trace *out)
{
    const char          *paths[] = { c->a, c->b };
    tariff_run_options   run = run_options(c);
    tariff_batch_options options = TARIFF_BATCH_OPTIONS_INIT;
    (void)out;
    options.run = &run;
    return tariff_batch(env, paths, 2, &options);
}

static void trace_duties(trace *out, const tariff_money *duty, size_t count)
{
    char text[32];
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%lld", (long long)duty[i].e4);
        trace_text(out, text);
    }
}

static void trace_sums(trace *out, const tariff_result *result)
{
    tariff_sums  sums = TARIFF_SUMS_INIT;
    tariff_money money[2];
    tariff_hs    product;
    const char  *name;
    if (tariff_result_total(result, &sums) == TARIFF_OK)
        trace_duties(out, &sums.additional, 1);
    for (size_t i = 0; tariff_result_layer(result, i, &name, &money[0], &money[1]) == TARIFF_OK; i++)
        trace_duties(out, money, 2);
    for (size_t i = 0; tariff_result_product(result, i, &product, &sums) == TARIFF_OK; i++)
        trace_duties(out, &sums.value, 1);
    trace_text(out, tariff_result_in_full(result));
}

/* What is laid over the base's scenario, `sets[0]`, is laid over it again, `sets[1]`. */
static tariff_status call_base(tariff_env *env, const call *c, trace *out)
{
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    tariff_scenario   *scenario = NULL, *variant = NULL;
    tariff_base       *base = NULL, *beside = NULL;
    tariff_result     *result = NULL;
    options.threads = c->threads ? c->threads : 1;
    tariff_status status = tariff_scenario_load(env, c->a, c->sets, 1, &scenario);
    if (status == TARIFF_OK)
        status = tariff_base_new(env, scenario, &options, NULL, &base);
    if (status == TARIFF_OK)
        status = tariff_scenario_variant(env, scenario, c->sets + 1, 1, &variant);
    if (status == TARIFF_OK)
        status = tariff_base_new(env, variant, &options, base, &beside);
    if (status == TARIFF_OK)
        status = tariff_base_run(env, base, variant, &result);
    if (status == TARIFF_OK) {
        trace_table(out, tariff_result_table(result, "summary"));
        trace_sums(out, result);
    }
    tariff_result_free(result);
    tariff_base_free(beside);
    tariff_base_free(base);
    tariff_scenario_free(variant);
    tariff_scenario_free(scenario);
    return status;
}

static tariff_status call_flows_check(tariff_env *env, const call *c, trace *out)
{
    uint64_t      rows = 0;
    char          text[32];
    tariff_status status = tariff_flows_check(env, c->a, &rows);
    snprintf(text, sizeof text, "%llu", (unsigned long long)rows);
    if (status == TARIFF_OK)
        trace_text(out, text);
    return status;
}

static tariff_status call_check(tariff_env *env, const call *c, trace *out)
{
    const char      *data[] = { "datasets", "scenarios" }, *paths[] = { c->b };
    tariff_scenario *scenario = NULL, *point = NULL;
    tariff_schedule *schedule = NULL;
    tariff_status    status = tariff_env_set_data(env, data, 2);
    if (status == TARIFF_OK)
        status = tariff_scenario_load(env, c->a, c->sets, count_sets(c), &scenario);
    if (status == TARIFF_OK)
        status = tariff_scenario_check(env, scenario);
    if (status == TARIFF_OK)
        status = tariff_scenario_point(env, scenario, 1, &point);
    if (status == TARIFF_OK)
        trace_text(out, tariff_scenario_name(point));
    if (status == TARIFF_OK)
        status = tariff_schedule_load(env, paths, 1, &schedule);
    if (status == TARIFF_OK)
        status = tariff_schedule_audit(env, schedule, 3);
    tariff_schedule_free(schedule);
    tariff_scenario_free(point);
    tariff_scenario_free(scenario);
    return status;
}

/* Entries, columns and data frames */

enum { ENTRIES = 4 };

/** Rows in the caller's memory: of two of them something is known. */
typedef struct entries {
    tariff_hs      hs[ENTRIES];
    tariff_country origin[ENTRIES], importer[ENTRIES];
    tariff_date    date[ENTRIES];
    tariff_money   value[ENTRIES], quantity[ENTRIES];
    tariff_unit    unit[ENTRIES];
    const char    *claims[ENTRIES];
    size_t         given;
    trace         *out;
} entries;

static void fill_entries(entries *e, trace *out)
{
    static const check_entry words[ENTRIES] = {
        { .hs = "6109.10" },
        { .hs = "7326.90", .origin = "CA", .claims = "usmca=0.5" },
        { .hs = "6109.10", .value = "20", .quantity = "3", .unit = "kg" },
        { .hs = "0101" },
    };
    memset(e, 0, sizeof *e);
    e->out = out;
    for (size_t i = 0; i < ENTRIES; i++) {
        tariff_entry entry = check_entry_read(&words[i]);
        e->hs[i] = entry.hs;
        e->origin[i] = entry.origin;
        e->importer[i] = entry.importer;
        e->date[i] = entry.date;
        e->value[i] = entry.value;
        e->quantity[i] = entry.quantity;
        e->unit[i] = entry.unit;
        e->claims[i] = entry.claims;
    }
}

static void point_to(const entries *e, size_t from, tariff_columns *columns)
{
    columns->hs = e->hs + from;
    columns->origin = e->origin + from;
    columns->importer = e->importer + from;
    columns->date = e->date + from;
    columns->value = e->value + from;
    columns->quantity = e->quantity + from;
    columns->unit = e->unit + from;
    columns->claims = e->claims + from;
}

static tariff_status assess(tariff_assessor *assessor, trace *out)
{
    entries        e;
    tariff_money   duty[ENTRIES];
    tariff_entry   entry = TARIFF_ENTRY_INIT;
    tariff_columns columns = TARIFF_COLUMNS_INIT;
    tariff_burdens burdens = TARIFF_BURDENS_INIT;
    tariff_burden  burden = TARIFF_BURDEN_INIT;
    fill_entries(&e, out);
    point_to(&e, 0, &columns);
    burdens.duty = duty;
    tariff_status status = tariff_assess_columns(assessor, &columns, ENTRIES, &burdens, NULL);
    if (status == TARIFF_OK)
        trace_duties(out, duty, ENTRIES);
    entry.hs = e.hs[0];
    entry.origin = e.origin[0];
    entry.importer = e.importer[0];
    entry.date = e.date[0];
    entry.value = e.value[0];
    if (status == TARIFF_OK)
        status = tariff_assess_entry(assessor, &entry, &burden);
    for (size_t i = 0; status == TARIFF_OK && i < tariff_assessor_layers(assessor); i++) {
        tariff_contribution layer = TARIFF_CONTRIBUTION_INIT;
        status = tariff_assessor_layer(assessor, i, &layer);
        trace_text(out, layer.layer);
        trace_duties(out, &layer.duty, 1);
    }
    return status;
}

static tariff_status call_assess(tariff_env *env, const call *c, trace *out)
{
    tariff_scenario *scenario = NULL;
    tariff_law      *law = NULL;
    tariff_assessor *assessor = NULL;
    tariff_status    status = tariff_scenario_load(env, c->a, c->sets, count_sets(c), &scenario);
    if (status == TARIFF_OK)
        status = tariff_scenario_compile(env, scenario, &law);
    if (status == TARIFF_OK)
        status = tariff_assessor_new(env, law, &assessor);
    if (status == TARIFF_OK)
        status = assess(assessor, out);
    tariff_assessor_free(assessor);
    tariff_law_free(law);
    tariff_scenario_free(scenario);
    return status;
}

static tariff_status next(void *user, tariff_columns *columns, size_t *count)
{
    entries *e = user;
    *count = e->given < ENTRIES ? ENTRIES / 2 : 0;
    point_to(e, e->given, columns);
    e->given += *count;
    return TARIFF_OK;
}

static tariff_status put(void *user, uint64_t first, size_t count, const tariff_burdens *burdens)
{
    (void)first;
    trace_duties(((entries *)user)->out, burdens->duty, count);
    return TARIFF_OK;
}

static tariff_status call_source(tariff_env *env, const call *c, trace *out)
{
    tariff_run_options options = run_options(c);
    tariff_source      source = TARIFF_SOURCE_INIT;
    tariff_sink        sink = TARIFF_SINK_INIT;
    entries            e;
    tariff_scenario   *scenario = NULL;
    tariff_result     *result = NULL;
    fill_entries(&e, out);
    source.next = next;
    sink.put = put;
    source.user = sink.user = &e;
    options.source = &source;
    options.sink = &sink;
    tariff_status status = tariff_scenario_load(env, c->a, c->sets, count_sets(c), &scenario);
    if (status == TARIFF_OK)
        status = tariff_run(env, scenario, &options, &result);
    if (status == TARIFF_OK)
        trace_table(out, tariff_result_table(result, "summary"));
    tariff_result_free(result);
    tariff_scenario_free(scenario);
    return status;
}

/* A stream, to a file in the directory of the reports */

static tariff_status call_stream(tariff_env *env, const call *c, trace *out)
{
    const char           *paths[] = { c->a };
    char                  path[2 * CHECK_PATH];
    tariff_schedule      *schedule = NULL;
    tariff_law           *law = NULL;
    tariff_stream_options options = TARIFF_STREAM_OPTIONS_INIT;
    tariff_stream_counts  counts = { .size = sizeof counts };
    mkdir(reports, 0700);
    snprintf(path, sizeof path, "%s/case", reports);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/case/summary.csv", reports);
    options.has_date = true;
    options.date = check_entry_read(&(check_entry){ .hs = NULL }).date;
    options.layers = true;
    options.threads = c->threads ? c->threads : 1;
    tariff_status status = tariff_schedule_load(env, paths, 1, &schedule);
    if (status == TARIFF_OK)
        status = tariff_law_compile(env, schedule, NULL, &law);
    if (status == TARIFF_OK)
        status = tariff_stream(env, law, &options, c->b, path, &counts);
    if (status == TARIFF_OK)
        trace_duties(out, &(tariff_money){ (int64_t)counts.rows }, 1);
    tariff_law_free(law);
    tariff_schedule_free(schedule);
    return status;
}

static tariff_status call_elasticities(tariff_env *env, const call *c, trace *out)
{
    uint64_t      rows = 0;
    tariff_status status = tariff_elasticities_check(env, c->a, &rows);
    if (status == TARIFF_OK)
        trace_duties(out, &(tariff_money){ (int64_t)rows }, 1);
    return status;
}

/* Converters: to a file in the directory of the reports */

static tariff_status call_convert_hts(tariff_env *env, const call *c, trace *out)
{
    char               path[3][2 * CHECK_PATH];
    tariff_hts_options options = TARIFF_HTS_OPTIONS_INIT;
    tariff_hts_counts  counts = { .size = sizeof counts };
    (void)out;
    mkdir(reports, 0700);
    snprintf(path[0], sizeof path[0], "%s/case", reports);
    mkdir(path[0], 0700);
    snprintf(path[0], sizeof path[0], "%s/case/summary.csv", reports);
    snprintf(path[1], sizeof path[1], "%s/case/unparsed.csv", reports);
    snprintf(path[2], sizeof path[2], "%s/case/descriptions.csv", reports);
    options.unparsed = path[1];
    options.descriptions = path[2];
    options.programmes = c->b;
    options.column = c->b ? TARIFF_HTS_SPECIAL : TARIFF_HTS_GENERAL;
    return tariff_convert_hts(env, &options, c->a, path[0], &counts);
}

static tariff_status call_convert_flows(tariff_env *env, const call *c, trace *out)
{
    char                 path[2 * CHECK_PATH];
    tariff_flows_options options = TARIFF_FLOWS_OPTIONS_INIT;
    tariff_flows_counts  counts = { .size = sizeof counts };
    mkdir(reports, 0700);
    snprintf(path, sizeof path, "%s/case", reports);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/case/summary.csv", reports);
    options.profile = c->b;
    options.importer.id = 0;
    tariff_status status = tariff_convert_flows(env, &options, c->a, path, &counts);
    if (status == TARIFF_OK)
        trace_text(out, counts.value);
    return status;
}

#define GOLDEN(name) "tests/golden/" name
#define LAWS "datasets/india-headline-schedule"

static const call calls[] = {
    { "a schedule of one file", call_schedule, .a = GOLDEN("changes/law/measures.csv") },
    { "a schedule", call_schedule, .a = GOLDEN("redefine_shares/law") },
    { "schedules laid over one another", call_schedule, .a = GOLDEN("redefine_shares/law"),
      .b = GOLDEN("redefine_sets/law") },
    { "cases", call_verify, .a = LAWS, .b = "tests/faults/cases.csv" },
    { "an explanation", call_explain, .a = GOLDEN("redefine_shares/scenario.yaml") },
    { "an explanation of changes", call_explain, .a = GOLDEN("changes/scenario.yaml"),
      .sets = { "changes=[{add: {layer: new, rate: 10%, products: 61}}, {shift: {layer: order, "
                "by: 5%}}, {suspend: {layer: order, from: 2025-08-28}}]" } },
    { "an explanation of what is extended", call_explain, .a = GOLDEN("extends/scenario.yaml") },
    { "a run", call_run, .a = GOLDEN("every_report/scenario.yaml") },
    { "a run on two threads", call_run, .a = GOLDEN("every_report/scenario.yaml"), .threads = 2 },
    { "claims and parts", call_run, .a = GOLDEN("claims_and_parts/scenario.yaml") },
    { "sets of its own", call_run, .a = GOLDEN("redefine_sets/scenario.yaml"),
      .sets = { "changes=[{exclude: {set: free, products: 8517}}, {include: {set: free, products: "
                "\"@metal\"}}]" } },
    { "groups of its own", call_run, .a = GOLDEN("redefine_groups/scenario.yaml"),
      .sets = { "changes=[{leave: {group: bloc, countries: FR}}, {join: {group: bloc, countries: "
                "[FR, IN]}}]" } },
    { "shares of its own", call_run, .a = GOLDEN("redefine_shares/scenario.yaml"),
      .sets = { "changes=[{share: {claim: usmca, products: 61, origins: CA, share: 85%}}]" } },
    { "quantities", call_run, .a = GOLDEN("quantities/scenario.yaml") },
    { "periods", call_run, .a = GOLDEN("period/scenario.yaml") },
    { "averages of periods", call_run, .a = GOLDEN("period_average/scenario.yaml") },
    { "a time line", call_run, .a = GOLDEN("dates/scenario.yaml") },
    { "a list of days", call_run, .a = GOLDEN("dates_list/scenario.yaml") },
    { "a baseline", call_run, .a = GOLDEN("baseline/scenario.yaml") },
    { "another baseline", call_run, .a = GOLDEN("baseline/scenario.yaml"),
      .sets = { "baseline={scenario: other.yaml}" } },
    { "a sweep", call_run, .a = GOLDEN("sweep/scenario.yaml") },
    { "sweeps of all kinds", call_run, .a = GOLDEN("sweep_kinds/scenario.yaml"),
      .sets = { "sweep={x: {shift: {layer: order}, by: [5%, -15%]}}" } },
    { "a sweep over files", call_run, .a = GOLDEN("sweep_kinds/scenario.yaml"),
      .sets = { "sweep={x: {key: date, values: [2025-08-06, 2025-08-27]}}" } },
    { "a solution", call_run, .a = GOLDEN("solve/scenario.yaml"),
      .sets = { "solve={metric: average_rate, target: 20%, by: {set: {layer: order}, rate: "
                "{from: 0%, to: 100%}}}" } },
    { "a data package", call_run, .a = GOLDEN("data_package/scenario.yaml") },
    { "a profile", call_run, .a = GOLDEN("profile_inline/scenario.yaml") },
    { "a selection", call_run, .a = GOLDEN("where/scenario.yaml") },
    { "an exchange rate", call_run, .a = GOLDEN("exchange/scenario.yaml") },
    { "yields", call_run, .a = GOLDEN("yields/scenario.yaml") },
    { "lines", call_run, .a = GOLDEN("yields/scenario.yaml"), .sets = { "reports=[lines]" } },
    { "products and origins", call_run, .a = GOLDEN("products_origins/scenario.yaml") },
    { "compressed flows", call_run, .a = "tests/faults/packed.yaml" },
    { "a comparison", call_compare, .a = GOLDEN("compare/before.yaml"),
      .b = GOLDEN("compare/after.yaml") },
    { "a batch", call_batch, .a = GOLDEN("batch/before.yaml"), .b = GOLDEN("batch/after.yaml") },
    { "a base", call_base, .a = GOLDEN("every_report/scenario.yaml"),
      .sets = { "title=base", "title=other" } },
    { "a base of periods", call_base, .a = GOLDEN("period/scenario.yaml"),
      .sets = { "reports=[summary, products, products_layers, origins, importers, brackets]",
                "changes+=[{add: {layer: new, products: 61, rate: 5%}}, {add: {layer: other, rate: "
                "1%}}, {scale: {layer: other, by: 2, origins: IN}}]" } },
    { "a base of claims and parts", call_base, .a = GOLDEN("claims_and_parts/scenario.yaml"),
      .sets = { "title=base", "changes+=[{add: {layer: new, rate: 5%}}]" } },
    { "a base, and a run in full", call_base, .a = GOLDEN("changes/scenario.yaml"),
      .sets = { "changes+=[{shift: {layer: order, by: 5%}}]", "changes=[]" } },
    { "a check", call_check, .a = GOLDEN("sweep/scenario.yaml"), .b = GOLDEN("redefine_sets/law") },
    { "entries", call_assess, .a = GOLDEN("redefine_shares/scenario.yaml") },
    { "a data frame", call_source, .a = GOLDEN("redefine_shares/scenario.yaml") },
    { "a data frame on two threads, and lines", call_source,
      .a = GOLDEN("redefine_shares/scenario.yaml"), .sets = { "reports=[summary, lines]" },
      .threads = 2 },
    { "a stream", call_stream, .a = GOLDEN("redefine_shares/law"),
      .b = GOLDEN("redefine_shares/flows.csv") },
    { "elasticities", call_elasticities, .a = GOLDEN("impact_home/elasticities.csv") },
    { "flows", call_flows_check, .a = GOLDEN("claims_and_parts/flows.csv") },
    { "the HTS", call_convert_hts, .a = GOLDEN("convert-hts/hts.csv") },
    { "the HTS, special", call_convert_hts, .a = GOLDEN("convert-special/hts.csv"),
      .b = GOLDEN("convert-special/programmes.csv") },
    { "trade of Comtrade", call_convert_flows, .a = GOLDEN("convert-flows/comtrade.csv"),
      .b = "comtrade" },
    { "trade by a profile", call_convert_flows, .a = GOLDEN("convert-flows/own.csv"),
      .b = GOLDEN("convert-flows/profile.yaml") },
    { NULL, NULL, .a = NULL },
};

/* What the directory of the reports is before a call: nothing, or an earlier run. */

static void clear_reports(void)
{
    (void)nftw(reports, check_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put_old_reports(void)
{
    clear_reports();
    mkdir(reports, 0700);
    check_write_in(reports, "case/summary.csv", "old\n");
    check_write_in(reports, "case/solve.csv", "old\n");
    check_write_in(reports, "case/manifest.json", "old\n");
}

typedef struct outcome {
    tariff_status status;
    trace         answer, files;
    size_t        errors;
} outcome;

static void outcome_free(outcome *o)
{
    trace_free(&o->answer);
    trace_free(&o->files);
}

static void log_nothing(void *user, const tariff_diag *diag)
{
    char buf[4096];
    (void)user;
    (void)tariff_diag_format(diag, buf, sizeof buf);
}

static void perform(tariff_env *env, const call *c, outcome *out)
{
    size_t errors = tariff_env_errors(env);
    memset(out, 0, sizeof *out);
    out->status = c->fn(env, c, &out->answer);
    trace_directory(&out->files, reports);
    out->errors = tariff_env_errors(env) - errors;
}

static bool same_outcome(const outcome *a, const outcome *b)
{
    return a->status == b->status && trace_same(&a->answer, &b->answer)
           && trace_same(&a->files, &b->files);
}

static void perform_whole(const call *c, outcome *out)
{
    counting         count = { .fail_at = 0 };
    tariff_allocator allocator = counting_allocator(&count);
    tariff_env      *env;
    assert_int_equal(tariff_env_new(&allocator, &env), TARIFF_OK);
    tariff_env_on_diag(env, log_nothing, NULL);
    clear_reports();
    perform(env, c, out);
    tariff_env_free(env);
    check_row(count.blocks == 0 && count.bytes == 0, c->name);
}

/* The directory that a converter writes to is the test's; of a batch, one scenario may be done. */
static bool files_may_be(const call *c, const outcome *got, const trace *before)
{
    if (c->fn == call_batch)
        return !got->files.n || !strstr(got->files.at, "~\n");
    if (got->files.n && strstr(got->files.at, "~\n"))
        return false;
    return trace_same(&got->files, before);
}

/* With the n-th request refused; false when there are not so many. */
static bool perform_refused(const call *c, size_t n, bool rest, bool old, const outcome *whole)
{
    counting         count = { .fail_at = n, .fail_rest = rest };
    tariff_allocator allocator = counting_allocator(&count);
    tariff_env      *env;
    trace            before = { .at = NULL };
    outcome          got = { .status = TARIFF_E_NOMEM }, again;
    if (old)
        put_old_reports();
    else
        clear_reports();
    if (c->fn == call_convert_hts || c->fn == call_convert_flows || c->fn == call_stream) {
        char path[2 * CHECK_PATH];
        mkdir(reports, 0700);
        snprintf(path, sizeof path, "%s/case", reports);
        mkdir(path, 0700);
    }
    trace_directory(&before, reports);
    tariff_status status = tariff_env_new(&allocator, &env);
    if (status == TARIFF_OK) {
        tariff_env_on_diag(env, log_nothing, NULL);
        perform(env, c, &got);
    } else {
        trace_directory(&got.files, reports);
    }
    bool refused = counting_refused(&count);
    bool same = got.status == whole->status && trace_same(&got.answer, &whole->answer)
                && (old || trace_same(&got.files, &whole->files));
    if (got.status == TARIFF_E_NOMEM ? !refused || !files_may_be(c, &got, &before) : !same)
        failed("%s, request %zu%s refused: status %s, expected %s or %s\n--- answer\n%s\n--- files\n%s\n",
                 c->name, n, rest ? " and all after it" : "", tariff_status_name(got.status),
                 tariff_status_name(TARIFF_E_NOMEM), tariff_status_name(whole->status),
                 got.answer.n ? got.answer.at : "", got.files.n ? got.files.at : "");
    if (status == TARIFF_OK && refused && !old) { /* the same environment, with memory again */
        count.fail_at = 0;
        clear_reports();
        perform(env, c, &again);
        if (!same_outcome(&again, whole))
            failed("%s, after request %zu was refused: status %s\n", c->name, n,
                     tariff_status_name(again.status));
        outcome_free(&again);
    }
    tariff_env_free(env);
    if (count.blocks || count.bytes)
        failed("%s, request %zu refused: %zu blocks and %zu bytes are left\n", c->name, n,
                 (size_t)count.blocks, (size_t)count.bytes);
    outcome_free(&got);
    trace_free(&before);
    return refused;
}

static void check_call(const call *c)
{
    outcome whole;
    size_t  n = 1, first = getenv("TARIFF_TEST_ALL") ? SIZE_MAX : 60, tried = 0;
    bool    refused = true;
    unsigned before = failures;
    perform_whole(c, &whole);
    while (refused && failures == before) { /* all of the first, then fewer and fewer */
        refused = perform_refused(c, n, tried % 2, tried % 3 == 0, &whole);
        tried++;
        n += first == SIZE_MAX ? 1 : 1 + n / first;
    }
    if (getenv("TARIFF_TEST_VERBOSE"))
        printf("%-40s %zu requests, %zu refused, %s\n", c->name, n, tried,
               tariff_status_name(whole.status));
    if (whole.status != TARIFF_OK && c->a && strncmp(c->a, "tests/errors", 12) != 0)
        failed("%s: %s where nothing is refused\n", c->name, tariff_status_name(whole.status));
    outcome_free(&whole);
}

static void calls_fail_whole_or_not_at_all(void **state)
{
    (void)state;
    failures = 0;
    for (const call *c = calls; c->name; c++)
        check_call(c);
    assert_int_equal(failures, 0);
}

/* Bad input does not become good where there is no memory for what is wrong with it. */
static void errors_stay_errors(void **state)
{
    struct dirent **names;
    int             n = scandir("tests/errors", &names, NULL, alphasort);
    (void)state;
    failures = 0;
    assert_true(n > 50);
    for (int i = 0; i < n; i++) {
        char path[512];
        snprintf(path, sizeof path, "tests/errors/%.200s/scenario.yaml", names[i]->d_name);
        call c = { .name = names[i]->d_name, .fn = call_run, .a = path };
        if (access(path, R_OK) == 0)
            check_call(&c);
        free(names[i]);
    }
    free(names);
    assert_int_equal(failures, 0);
}

static int make_reports(void **state)
{
    if (check_make_root(state) != 0)
        return -1;
    snprintf(reports, sizeof reports, "%.120s/reports", check_root);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_fail_whole_or_not_at_all),
        cmocka_unit_test(errors_stay_errors),
    };
    return cmocka_run_group_tests(tests, make_reports, check_remove_root);
}
