/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/lines.h"

#include <stdio.h>

struct tf_lines {
    tariff_env       *env;
    const tariff_law *law;
    tf_heading        heading;
    tf_csv_out        csv;
};

static tariff_status put_header(tf_lines *lines)
{
    static const char *const columns[] = { "scenario", "date",   "hs",           "origin",
                                           "importer", "period", "export_value", "ordinary_rate",
                                           "additional_rate", "total_rate", "total_duty" };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        tf_put_text(&lines->csv, columns[i]);
    for (size_t i = 0; i < lines->law->book.layers.n; i++) {
        char name[40];
        snprintf(name, sizeof name, "%s_rate", lines->law->book.layers.at[i].name);
        tf_put_text(&lines->csv, name);
    }
    return tf_end_record(&lines->csv);
}

tariff_status tf_lines_open(tariff_env *env, tf_report_files *files, const tariff_law *law,
                            const tf_heading *heading, bool spreadsheet, tf_lines **out)
{
    tf_output *output;
    *out = NULL;
    TF_TRY(tf_report_files_add(files, "lines.csv", &output));
    tf_lines *lines = tf_alloc(env, sizeof *lines);
    TF_NEED(lines);
    lines->env = env;
    lines->law = law;
    lines->heading = *heading;
    tf_csv_out_init(&lines->csv, output, spreadsheet);
    *out = lines;
    return put_header(lines);
}

void tf_lines_close(tf_lines *lines)
{
    if (lines)
        tf_free(lines->env, lines, sizeof *lines);
}

/* A specific duty has a rate too: its money divided by the value, if there is one. */
tariff_status tf_line_rates_of(const tariff_law *law, int64_t value, const tf_burden *burden,
                               tf_line_rates *out)
{
    memset(out, 0, sizeof *out);
    out->has_ordinary = out->has_additional = true;
    for (size_t i = 0; i < TF_LAYERS_MAX; i++)
        out->has_rate[i] = true;
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        bool             ordinary = law->ordinary >> charge->layer & 1;
        tf_i128          rate = charge->rate, money;
        if (!tf_mul(charge->money, TF_E4, &money))
            return TARIFF_E_OVERFLOW;
        out->duty += (tf_i128)charge->rate * value + money;
        if (charge->money != 0) {
            if (value == 0) {
                out->has_rate[charge->layer] = false;
                *(ordinary ? &out->has_ordinary : &out->has_additional) = false;
                continue;
            }
            rate += tf_div_half_even(money, value); /* 1e-16 / 1e-4 */
        }
        out->layer[charge->layer] = rate;
        *(ordinary ? &out->ordinary : &out->additional) += rate;
    }
    return TARIFF_OK;
}

static void put_rate(tf_csv_out *csv, bool known, tf_i128 rate)
{
    if (known)
        tf_put_decimal(csv, rate, 12);
    else
        tf_put_empty(csv);
}

tariff_status tf_lines_put(tf_lines *lines, const tf_flow *flow, const tf_burden *burden)
{
    tf_line_rates rates;
    char          hs[13], period[16] = "";
    tf_csv_out   *csv = &lines->csv;
    TF_TRY(tf_line_rates_of(lines->law, flow->value, burden, &rates));
    tariff_hs_format((tariff_hs){ flow->hs }, hs);
    if (flow->has_period)
        tf_format_period(flow->period, period);
    tf_put_text(csv, lines->heading.scenario);
    tf_put_text(csv, lines->heading.date);
    tf_put_text(csv, hs);
    tf_put_text(csv, tariff_country_alpha2((tariff_country){ flow->origin }));
    tf_put_text(csv, tariff_country_alpha2((tariff_country){ flow->importer }));
    tf_put_text(csv, period);
    tf_put_cents(csv, flow->value, 4);
    put_rate(csv, rates.has_ordinary, rates.ordinary);
    put_rate(csv, rates.has_additional, rates.additional);
    put_rate(csv, rates.has_ordinary && rates.has_additional, rates.ordinary + rates.additional);
    tf_put_cents(csv, rates.duty, 16);
    for (size_t i = 0; i < lines->law->book.layers.n; i++)
        put_rate(csv, rates.has_rate[i], rates.layer[i]);
    return tf_end_record(csv);
}

tariff_status tf_lines_finish(tf_lines *lines)
{
    return lines->csv.status;
}

tariff_status tf_lines_restart(tf_lines *lines)
{
    tf_output *output = lines->csv.output;
    TF_TRY(tf_output_restart(output));
    tf_csv_out_init(&lines->csv, output, lines->csv.spreadsheet);
    return put_header(lines);
}

tf_output *tf_lines_output(const tf_lines *lines)
{
    return lines->csv.output;
}
