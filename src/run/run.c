/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One scenario, from flows to tables.
 */
#include "run/run.h"

#include "value/decimal.h"

#include <stdio.h>

typedef struct runner {
    tariff_env               *env;
    const tariff_scenario    *scenario;
    const tariff_run_options *options;
    tariff_result            *result;
    tariff_law               *law;
    tf_programs              *programs;
    tf_where                  where;
    tf_bench                  bench;
    tf_cells                  cells;
    tf_cell_cases             room;
    tf_lines                 *lines; /**< The report by row, or NULL. */
    tf_flows                 *flows;
    bool                      warned_coarse, warned_scaled;
} runner;

/* Messages about the current row */

static tariff_status row_error(const runner *r, tf_flow_column column, tariff_status status,
                               const char *hint, const char *message)
{
    return tf_csv_error(tf_flows_csv(r->flows), tf_flows_column(r->flows, column), 0, status, hint,
                        "%s", message);
}

static tariff_status explain_failure(const runner *r, tariff_status status)
{
    if (status == TARIFF_E_OVERFLOW)
        return row_error(r, TF_FLOW_VALUE, status, NULL,
                         "the duty does not fit in exact arithmetic");
    if (status == TARIFF_E_LIMIT)
        return row_error(r, TF_FLOW_HS, status, "at most 12 claims may be shared on one line",
                         "too many claims that are made for part of the trade");
    return status;
}

static tariff_status mind_coarse(runner *r)
{
    static const char hint[] = "give the flows more digits: measures on them cannot be decided";
    if (r->options->require_detail)
        return row_error(r, TF_FLOW_HS, TARIFF_E_VALUE, hint,
                         "the code is coarser than a code in force");
    if (!r->warned_coarse)
        tf_csv_warning(tf_flows_csv(r->flows), tf_flows_column(r->flows, TF_FLOW_HS), hint,
                       "codes coarser than codes in force; see coarse_value in the summary");
    r->warned_coarse = true;
    return TARIFF_OK;
}

/* The days on which a row is judged */

static tariff_status days_of_row(const runner *r, const tf_flow *flow, tariff_span *out)
{
    const tariff_scenario *scenario = r->scenario;
    out->from = scenario->date;
    if (scenario->date_kind != TF_ON_DAY) {
        if (!flow->has_period)
            return row_error(r, TF_FLOW_PERIOD, TARIFF_E_VALUE,
                             "give the flows a period, or the scenario a day",
                             "the scenario's date is the period of the flow, but it has none");
        *out = flow->period;
        if (scenario->date_kind == TF_ON_PERIOD_AVERAGE)
            return TARIFF_OK;
    }
    out->until.days = out->from.days + 1;
    return TARIFF_OK;
}

static bool is_outside(const runner *r, const tf_flow *flow, int32_t day)
{
    const tf_scopes *scopes = &r->law->book.scopes;
    if (!r->scenario->where)
        return false;
    return tf_products_length(scopes, &r->where.products, flow->hs, day) < 0
           || tf_countries_level(scopes, r->where.origins, flow->origin, day) == TF_NOT_NAMED
           || tf_countries_level(scopes, r->where.importers, flow->importer, day)
                  == TF_NOT_NAMED;
}

static tariff_status find_cell(runner *r, const tf_flow *flow, tf_cell_sum **out)
{
    tariff_span days;
    bool        made;
    TF_TRY(days_of_row(r, flow, &days));
    TF_TRY(tf_cells_find(&r->cells, flow->hs, flow->origin, flow->importer, days, out, &made));
    if (!made)
        return TARIFF_OK;
    (*out)->outside = is_outside(r, flow, days.from.days);
    if ((*out)->outside)
        return TARIFF_OK;
    TF_TRY(tf_cell_programs(&r->cells, r->law, r->programs, *out));
    return (*out)->coarse ? mind_coarse(r) : TARIFF_OK;
}

/* Assessing */

static tariff_status read_overrides(const runner *r, const tf_flow *flow, tf_overrides *out)
{
    tf_why         why;
    tf_csv        *csv = tf_flows_csv(r->flows);
    const tf_book *book = &r->law->book;
    tariff_status  claims = TARIFF_OK, parts = TARIFF_OK;
    out->claims = out->parts = 0;
    if (flow->claims.length
        && tf_parse_claims(book, flow->claims.text, flow->claims.length, out, &why) != TARIFF_OK)
        claims = tf_csv_because(csv, tf_flows_column(r->flows, TF_FLOW_CLAIMS), &why);
    if (flow->parts.length
        && tf_parse_parts(book, flow->parts.text, flow->parts.length, out, &why) != TARIFF_OK)
        parts = tf_csv_because(csv, tf_flows_column(r->flows, TF_FLOW_PARTS), &why);
    return claims != TARIFF_OK ? claims : parts;
}

static tariff_status assess_row(runner *r, const tf_flow *flow, const tf_cell_sum *cell)
{
    tf_overrides known;
    TF_TRY(read_overrides(r, flow, &known));
    TF_TRY(tf_cell_look_up(&r->cells, r->law, cell, &r->room));
    for (size_t i = 0; i < r->room.lines.n; i++) {
        tf_line *line = &r->room.lines.at[i];
        tf_override(&known, line);
        line->value = flow->value;
        line->quantity = flow->quantity;
        line->unit = flow->unit;
    }
    TF_TRY(explain_failure(r, tf_assess(r->law, r->room.cases.at, r->room.cases.n, &r->bench)));
    if (r->bench.burden.unassessed && r->options->require_quantity)
        return row_error(r, flow->unit.id ? TF_FLOW_UNIT : TF_FLOW_VALUE, TARIFF_E_VALUE,
                         "give a quantity in the unit of the duty",
                         "a specific duty cannot be assessed without a quantity in its unit");
    return TARIFF_OK;
}

static tariff_status add_row(runner *r, const tf_flow *flow)
{
    tf_cell_sum *cell;
    bool         alone = flow->claims.length || flow->parts.length;
    TF_TRY(find_cell(r, flow, &cell));
    if (cell->outside)
        return TARIFF_OK;
    alone = alone || cell->by_quantity;
    if (alone || r->lines)
        TF_TRY(assess_row(r, flow, cell));
    if (r->lines)
        TF_TRY(tf_lines_put(r->lines, flow, &r->bench.burden));
    if (alone) {
        tf_batch batch = { flow->hs, flow->origin, flow->importer, flow->value, 1 };
        return explain_failure(r, tf_tally_add(&r->result->tally, &batch, &r->bench.burden));
    }
    cell->lines++;
    return tf_add(cell->value, flow->value, &cell->value)
               ? TARIFF_OK
               : explain_failure(r, TARIFF_E_OVERFLOW);
}

/* What is read after a bad row is checked, no longer assessed. */
static tariff_status check_row(const runner *r, const tf_flow *flow)
{
    tf_overrides  known;
    tariff_span   days;
    tariff_status status = read_overrides(r, flow, &known);
    tariff_status other = days_of_row(r, flow, &days);
    return status != TARIFF_OK ? status : other;
}

/* Go on after bad rows, so that all of them are reported. */
static tariff_status read_rows(runner *r, tf_input *input)
{
    tf_flow flow;
    bool    more = true, good = true;
    while (more) {
        tariff_status status = tf_flows_next(r->flows, &flow, &more);
        if (status != TARIFF_OK && status != TARIFF_E_VALUE && status != TARIFF_E_SCHEMA)
            return status;
        if (status == TARIFF_OK && more) {
            input->rows++;
            input->value += flow.value;
            status = good ? add_row(r, &flow) : check_row(r, &flow);
            if (status == TARIFF_E_NOMEM || status == TARIFF_E_IO)
                return status;
        }
        good = good && status == TARIFF_OK;
        if (!good && !tf_may_go_on(r->env)) {
            tf_place here = { .file = tf_csv_path(tf_flows_csv(r->flows)) };
            tf_note(r->env, &here, "stopped after %u errors", r->env->limits.max_errors);
            break;
        }
    }
    return good ? TARIFF_OK : tf_end(r->env);
}

static tariff_status read_flows(runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    tf_begin(r->env);
    if (scenario->flows.n == 0)
        return tf_doc_error(r->env, scenario->root, false, TARIFF_E_SCHEMA,
                            "flows: {file: flows.csv}", "the key 'flows' is missing");
    for (size_t i = 0; i < scenario->flows.n; i++) {
        tf_input input = { .path = scenario->flows.at[i].path };
        TF_TRY(tf_flows_open(r->env, &scenario->flows.at[i], &r->flows));
        tariff_status status = read_rows(r, &input);
        input.print = tf_csv_fingerprint(tf_flows_csv(r->flows));
        tf_flows_close(r->flows);
        r->flows = NULL;
        TF_TRY(status);
        if (!TF_PUSH(&r->result->arena, &r->result->inputs, input))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* The program of a cell on which no share table says anything; NULL for all others. */
static const tf_program *plain_program(const runner *r)
{
    const tf_line *line = &r->room.lines.at[0];
    return r->room.cases.n == 1 && line->part_rows == 0 && line->claim_rows == 0
               ? r->room.cases.at[0].program
               : NULL;
}

static tariff_status assess_cell(runner *r, const tf_cell_sum *cell, const tf_program **in_bench)
{
    tf_batch batch = { cell->hs, cell->origin, cell->importer, cell->value, cell->lines };
    TF_TRY(tf_cell_look_up(&r->cells, r->law, cell, &r->room));
    const tf_program *plain = plain_program(r);
    if (!plain || plain != *in_bench)
        TF_TRY(tf_assess(r->law, r->room.cases.at, r->room.cases.n, &r->bench));
    *in_bench = plain;
    return tf_tally_add(&r->result->tally, &batch, &r->bench.burden);
}

/* Cells by program, so that one assessment serves all cells that are alike. */
static tariff_status order_cells(const runner *r, uint32_t **out)
{
    size_t    cells = r->cells.list.n, programs = tf_programs_count(r->programs);
    uint32_t *start = TF_ARRAY(r->cells.arena, uint32_t, programs + 2);
    uint32_t *order = TF_ARRAY(r->cells.arena, uint32_t, cells + 1);
    TF_NEED(start && order);
    for (size_t i = 0; i < cells; i++)
        start[tf_cell_program_number(&r->cells, i) + 1]++;
    for (size_t i = 0; i < programs; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < cells; i++)
        order[start[tf_cell_program_number(&r->cells, i)]++] = (uint32_t)i;
    *out = order;
    return TARIFF_OK;
}

static tariff_status assess_cells(runner *r)
{
    uint32_t         *order;
    const tf_program *in_bench = NULL;
    TF_TRY(order_cells(r, &order));
    for (size_t i = 0; i < r->cells.list.n; i++) {
        const tf_cell_sum *cell = &r->cells.list.at[order[i]];
        if (cell->lines == 0)
            continue;
        tariff_status status = assess_cell(r, cell, &in_bench);
        if (status == TARIFF_E_OVERFLOW)
            return tf_error(r->env, status, NULL, NULL,
                            "a sum of duties does not fit in exact arithmetic");
        if (status == TARIFF_E_LIMIT)
            return tf_error(r->env, status, NULL, "at most 12 claims may be shared on one line",
                            "too many claims that are made for part of the trade");
        TF_TRY(status);
    }
    if (r->result->tally.lines == 0)
        tf_warning(r->env, NULL, NULL, "%s",
                   r->scenario->where ? "no flow is left by 'where': the reports are empty"
                                      : "the flows have no rows: the reports are empty");
    if (r->result->tally.scaled_lines)
        tf_warning(r->env, NULL, "look at the tables in parts/",
                   "on %llu lines the shares of parts add up to more than 1; they were scaled",
                   (unsigned long long)r->result->tally.scaled_lines);
    return TARIFF_OK;
}

/* Tables */

static void set_heading(runner *r, tf_heading *heading)
{
    static const char *const kinds[] = { "", "period", "period-average" };
    tariff_date_format(r->scenario->date, r->result->date);
    if (r->scenario->date_kind != TF_ON_DAY)
        snprintf(r->result->date, sizeof r->result->date, "%s", kinds[r->scenario->date_kind]);
    heading->scenario = r->scenario->name;
    heading->date = r->result->date;
    heading->currency = r->scenario->account;
}

static tariff_status make_tables(runner *r, const tf_heading *heading)
{
    const tf_report_choices *choices = &r->scenario->reports;
    for (int i = 0; i < TF_REPORTS; i++)
        if (choices->wanted[i] && i != TF_REPORT_LINES)
            TF_TRY(tf_report_table(&r->result->tally, choices, heading, (tf_report)i,
                                   &r->result->arena, &r->result->tables[i]));
    return TARIFF_OK;
}

static tariff_status open_files(runner *r)
{
    return tf_report_files_open(r->env, r->options->directory, r->scenario->name,
                                &r->result->files);
}

static tariff_status run(runner *r)
{
    tf_heading heading;
    TF_TRY(tariff_scenario_compile(r->env, r->scenario, &r->law));
    if (r->scenario->where)
        TF_TRY(tf_scenario_where(r->scenario, r->env, r->law, &r->where));
    TF_TRY(tf_programs_new(r->env, r->law, &r->programs));
    tf_tally_init(&r->result->tally, r->env, r->law, &r->scenario->reports);
    set_heading(r, &heading);
    /* lines.csv is written as rows are read; nothing else needs a directory before the end. */
    if (r->options->directory && r->scenario->reports.wanted[TF_REPORT_LINES]) {
        TF_TRY(open_files(r));
        TF_TRY(tf_lines_open(r->env, r->result->files, r->law, &heading, r->options->spreadsheet,
                             &r->lines));
    }
    TF_TRY(read_flows(r));
    TF_TRY(assess_cells(r));
    TF_TRY(make_tables(r, &heading));
    if (!r->options->directory)
        return TARIFF_OK;
    if (!r->result->files)
        TF_TRY(open_files(r));
    if (r->lines)
        TF_TRY(tf_lines_finish(r->lines));
    return tf_result_write(r->env, r->scenario, r->law, r->options, r->result);
}

tariff_status tariff_run(tariff_env *env, const tariff_scenario *scenario,
                         const tariff_run_options *options, tariff_result **out)
{
    static const tariff_run_options defaults = TARIFF_RUN_OPTIONS_INIT;
    runner r = { .env = env, .scenario = scenario, .options = options ? options : &defaults };
    *out = NULL;
    r.result = tf_alloc(env, sizeof *r.result);
    TF_NEED(r.result);
    memset(r.result, 0, sizeof *r.result);
    r.result->env = env;
    tf_arena_init(&r.result->arena, &env->allocator);
    tf_bench_init(&r.bench, env);
    r.cells.arena = &r.bench.arena;
    tariff_status status = run(&r);
    tf_flows_close(r.flows);
    tf_lines_close(r.lines);
    tf_report_files_close(r.result->files);
    r.result->files = NULL;
    tf_tally_free(&r.result->tally);
    tf_programs_free(r.programs);
    tf_bench_free(&r.bench);
    tariff_law_free(r.law);
    if (status != TARIFF_OK) {
        tariff_result_free(r.result);
        return status;
    }
    *out = r.result;
    return TARIFF_OK;
}

void tariff_result_free(tariff_result *result)
{
    if (!result)
        return;
    tf_arena_free(&result->arena);
    tf_free(result->env, result, sizeof *result);
}

const tariff_table *tariff_result_table(const tariff_result *result, const char *name)
{
    for (int i = 0; i < TF_REPORTS; i++)
        if (strcmp(tf_report_name((tf_report)i), name) == 0)
            return result->tables[i];
    return NULL;
}

tariff_status tariff_flows_check(tariff_env *env, const char *path, uint64_t *rows)
{
    tf_flows_spec spec = { .path = path,
                           .profile = *tf_profile_native(),
                           .origin = TARIFF_COUNTRY_NONE,
                           .importer = TARIFF_COUNTRY_NONE };
    tf_flows     *flows;
    tf_flow       flow;
    bool          more = true;
    uint64_t      n = 0;
    tf_begin(env);
    TF_TRY(tf_flows_open(env, &spec, &flows));
    while (more && tf_may_go_on(env)) {
        tariff_status status = tf_flows_next(flows, &flow, &more);
        if (status != TARIFF_OK && status != TARIFF_E_VALUE && status != TARIFF_E_SCHEMA)
            break;
        n += more && status == TARIFF_OK;
    }
    tf_flows_close(flows);
    if (rows)
        *rows = n;
    return tf_end(env);
}
