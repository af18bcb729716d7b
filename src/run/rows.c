/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/rows.h"

#include "run/overrides.h"

void tf_rows_init(tf_rows *rows, tariff_env *env)
{
    memset(rows, 0, sizeof *rows);
    tf_bench_init(&rows->bench, env);
}

void tf_rows_close(tf_rows *rows)
{
    tf_lines_close(rows->lines);
    tf_programs_free(rows->programs);
    tf_bench_free(&rows->bench);
}

tariff_status tf_rows_open(tf_rows *rows, tariff_env *env, const tariff_scenario *scenario,
                           const tariff_law *law, const tf_where *where, tf_report_files *files,
                           const tf_heading *heading, bool spreadsheet)
{
    rows->scenario = scenario;
    rows->law = law;
    rows->where = where;
    TF_TRY(tf_programs_new(env, law, &rows->programs));
    return tf_lines_open(env, files, law, heading, spreadsheet, &rows->lines);
}

tariff_status tf_rows_finish(tf_rows *rows)
{
    return rows->lines ? tf_lines_finish(rows->lines) : TARIFF_OK;
}

/* Rows */

static tariff_status know_row(tf_rows *r, tf_flows *flows, const tf_flow *flow)
{
    tf_why         why;
    tf_csv        *csv = tf_flows_csv(flows);
    const tf_book *book = &r->law->book;
    tf_overrides   known;
    known.claims = known.parts = 0;
    if (tf_parse_claims(book, flow->claims.text, flow->claims.length, &known, &why) != TARIFF_OK)
        return tf_csv_because(csv, tf_flows_column(flows, TF_FLOW_CLAIMS), &why);
    if (tf_parse_parts(book, flow->parts.text, flow->parts.length, &known, &why) != TARIFF_OK)
        return tf_csv_because(csv, tf_flows_column(flows, TF_FLOW_PARTS), &why);
    for (size_t i = 0; i < r->cases.lines.n; i++) {
        tf_line *line = &r->cases.lines.at[i];
        tf_override(&known, line);
        line->value = flow->value;
        line->quantity = flow->quantity;
        line->unit = flow->unit;
    }
    return TARIFF_OK;
}

tariff_status tf_rows_put(void *user, tf_flows *flows, const tf_flow *flow)
{
    tf_rows               *r = user;
    const tariff_scenario *scenario = r->scenario;
    tariff_span            days;
    if (!tf_days_of(scenario->date_kind, scenario->date, flow->has_period, flow->period, &days)
        || tf_is_outside(r->law, r->where, flow->hs, flow->origin,
                         flow->importer, days.from.days))
        return TARIFF_OK; /* a missing period is reported by the evaluation */
    TF_TRY(tf_cases_find(&r->bench.arena, r->law, r->programs, flow->hs, flow->origin,
                         flow->importer, days, &r->cases));
    TF_TRY(know_row(r, flows, flow));
    tariff_status status = tf_assess(r->law, r->cases.cases.at, r->cases.cases.n, &r->bench);
    if (status == TARIFF_OK)
        status = tf_lines_put(r->lines, flow, &r->bench.burden);
    if (status == TARIFF_E_OVERFLOW)
        return tf_csv_error(tf_flows_csv(flows), tf_flows_column(flows, TF_FLOW_VALUE), 0, status,
                            NULL, "the duty does not fit in exact arithmetic");
    return status;
}
