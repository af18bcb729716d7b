/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/rows.h"

enum { TOLD_AT_ONCE = 4096 };

void tf_rows_init(tf_rows *rows)
{
    memset(rows, 0, sizeof *rows);
}

void tf_rows_close(tf_rows *rows)
{
    tf_lines_close(rows->lines);
    if (rows->told.sink)
        tf_told_free(&rows->told);
    if (rows->scenario)
        tf_assessor_free(&rows->with);
}

tariff_status tf_rows_open(tf_rows *rows, tariff_env *env, const tariff_scenario *scenario,
                           const tariff_law *law, const tf_where *where)
{
    rows->scenario = scenario;
    rows->where = where;
    return tf_assessor_init(&rows->with, env, law);
}

tariff_status tf_rows_open_lines(tf_rows *rows, tariff_env *env, tf_report_files *files,
                                 const tf_heading *heading, bool spreadsheet)
{
    return tf_lines_open(env, files, rows->with.law, heading, spreadsheet, &rows->lines);
}

tariff_status tf_rows_open_sink(tf_rows *rows, tariff_env *env, const tariff_sink *sink)
{
    tf_told_init(&rows->told, env, sink);
    return tf_told_reserve(&rows->told, TOLD_AT_ONCE);
}

static tariff_status tell(tf_rows *rows)
{
    size_t n = rows->told_rows;
    rows->told_rows = 0;
    return tf_told_put(&rows->told, n);
}

tariff_status tf_rows_finish(tf_rows *rows)
{
    TF_TRY(rows->lines ? tf_lines_finish(rows->lines) : TARIFF_OK);
    return tell(rows);
}

/* Rows */

static tariff_status at_fault(tf_row_fault *fault, tf_flow_column column)
{
    fault->column = column;
    return fault->why.status;
}

static tariff_status parse_known(const tf_book *book, const tf_flow *flow, tf_overrides *out,
                                 tf_row_fault *fault)
{
    out->claims = out->parts = 0;
    if (tf_parse_claims(book, flow->claims.text, flow->claims.length, out, &fault->why)
        != TARIFF_OK)
        return at_fault(fault, TF_FLOW_CLAIMS);
    if (tf_parse_parts(book, flow->parts.text, flow->parts.length, out, &fault->why) != TARIFF_OK)
        return at_fault(fault, TF_FLOW_PARTS);
    return TARIFF_OK;
}

tariff_status tf_rows_assess(tf_rows *r, const tf_flow *flow, const tf_burden **out,
                             tf_row_fault *fault)
{
    const tariff_scenario *scenario = r->scenario;
    tf_shipment            s = { .hs = flow->hs,
                                 .origin = flow->origin,
                                 .importer = flow->importer,
                                 .unit = flow->unit,
                                 .value = flow->value,
                                 .quantity = flow->quantity };
    *out = NULL;
    fault->why.status = TARIFF_OK;
    if (!tf_days_of(scenario->date_kind, scenario->date, flow->has_period, flow->period, &s.days)
        || tf_is_outside(r->with.law, r->where, flow->hs, flow->origin, flow->importer,
                         s.days.from.days))
        return TARIFF_OK;
    TF_TRY(parse_known(&r->with.law->book, flow, &s.known, fault));
    TF_TRY(tf_assessor_look_up(&r->with, &s));
    tariff_status status = tf_assessor_burden(&r->with, &s, out);
    if (tf_burden_fault(status, &fault->why))
        return at_fault(fault, status == TARIFF_E_OVERFLOW ? TF_FLOW_VALUE : TF_FLOW_HS);
    return status;
}

static tariff_status write(tf_rows *r, const tf_flow *flow, const tf_burden *burden)
{
    if (r->lines && burden)
        TF_TRY(tf_lines_put(r->lines, flow, burden));
    if (!r->told.sink)
        return TARIFF_OK;
    TF_TRY(tf_told_set(&r->told, r->told_rows, r->with.law, burden, flow->value));
    return ++r->told_rows == TOLD_AT_ONCE ? tell(r) : TARIFF_OK;
}

tariff_status tf_rows_put_flow(tf_rows *r, const tf_flow *flow, tf_row_fault *fault)
{
    const tf_burden *burden;
    TF_TRY(tf_rows_assess(r, flow, &burden, fault));
    tariff_status status = write(r, flow, burden);
    return status == TARIFF_E_OVERFLOW && tf_burden_fault(status, &fault->why)
               ? at_fault(fault, TF_FLOW_VALUE)
               : status;
}

tariff_status tf_rows_put(void *user, tf_flows *flows, const tf_flow *flow)
{
    tf_row_fault  fault = { .why = { .status = TARIFF_OK } };
    tariff_status status = tf_rows_put_flow(user, flow, &fault);
    if (status == TARIFF_OK || fault.why.status == TARIFF_OK)
        return status;
    return tf_csv_because(tf_flows_csv(flows), tf_flows_column(flows, fault.column), &fault.why);
}
