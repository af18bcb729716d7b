/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference/trial.h"

static const char *const reports[] = { "summary",         "layers",  "products",
                                       "products_layers", "origins", "importers",
                                       "brackets" };

static void put_scenario(const trial *t)
{
    char path[2 * CHECK_PATH];
    snprintf(path, sizeof path, "%s/scenario.yaml", t->root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "tariff: 1\nname: trial\nflows: {file: flows.csv}\ndate: period\nschedule: [0%s]\n"
                  "exchange: {EUR: %s}\nreports: [summary, layers, {products: {digits: 10}}, "
                  "{products_layers: {digits: 10}}, origins, importers, brackets, lines]\n",
            t->text.schedule_count > 1 ? ", 1" : "", t->text.exchange);
    if (*t->text.as_of)
        fprintf(file, "as_of: %s\n", t->text.as_of);
    assert_int_equal(fclose(file), 0);
}

/* Backwards, if asked. */
static void put_flows(const trial *t, const line_text *lines, unsigned count, bool backwards)
{
    char path[2 * CHECK_PATH];
    snprintf(path, sizeof path, "%s/flows.csv", t->root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "hs,origin,importer,period,value,quantity,unit,claims,parts\n");
    for (unsigned i = 0; i < count; i++) {
        const line_text *line = &lines[backwards ? count - 1 - i : i];
        fprintf(file, "%s,%s,%s,%s,%s,%s,%s,%s,%s\n", line->hs, line->origin, line->importer,
                line->date, line->value, line->quantity, line->unit, line->claims, line->parts);
    }
    assert_int_equal(fclose(file), 0);
}

static tariff_result *run(trial *t, unsigned threads)
{
    char                 path[2 * CHECK_PATH];
    tariff_scenario     *scenario = NULL;
    tariff_result       *result = NULL;
    tariff_run_options   options = TARIFF_RUN_OPTIONS_INIT;
    char                 out[2 * CHECK_PATH];
    snprintf(out, sizeof out, "%s/out", t->root);
    options.threads = threads;
    options.directory = out;
    snprintf(path, sizeof path, "%s/scenario.yaml", t->root);
    if (tariff_scenario_load(t->env, path, NULL, 0, &scenario) != TARIFF_OK
        || tariff_run(t->env, scenario, &options, &result) != TARIFF_OK) {
        print_error("the scenario is refused: %s", t->log.text);
        t->different = true;
    }
    tariff_scenario_free(scenario);
    return result;
}

/** lines.csv, which has no quotes: a header and rows of as many cells. */
typedef struct lines_file {
    char        text[32768];
    const char *cell[72][32];
    unsigned    rows, columns;
} lines_file;

static void read_lines(const trial *t, lines_file *f)
{
    char path[2 * CHECK_PATH];
    snprintf(path, sizeof path, "%s/out/trial/lines.csv", t->root);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t n = fread(f->text, 1, sizeof f->text - 1, file);
    fclose(file);
    assert_true(n < sizeof f->text - 1);
    f->text[n] = '\0';
    f->rows = f->columns = 0;
    for (char *at = f->text; *at; f->rows++) {
        unsigned column = 0;
        bool     more = true;
        for (; more; column++) {
            assert_true(f->rows < 72 && column < 32);
            f->cell[f->rows][column] = at;
            at += strcspn(at, ",\n");
            more = *at == ',';
            *at++ = '\0';
        }
        assert_true(f->columns == 0 || column == f->columns);
        f->columns = column;
    }
}

/* `row` from 0, after the header. */
static const char *cell_of(const lines_file *f, size_t row, const char *header)
{
    for (unsigned i = 0; i < f->columns; i++)
        if (strcmp(f->cell[0][i], header) == 0)
            return f->cell[row + 1][i];
    return "(no such column)";
}

static void same_cell(trial *t, const lines_file *table, size_t row, const char *name,
                      number wanted)
{
    char header[32];
    snprintf(header, sizeof header, "%s_rate", name);
    const char *cell = cell_of(table, row, header);
    if (wanted)
        same_text(t, "lines.csv", header, cell, wanted, 12);
    else
        same_flag(t, "a rate in lines.csv of money on no value", *cell != '\0', false);
}

static void check_line(trial *t, const lines_file *table, size_t row, const line_text *line)
{
    ref_burden wanted = assess(&t->rows, line);
    number     sums[2] = { number_of(0), number_of(0) }, duty = number_of(0);
    for (unsigned i = 0; i < wanted.layer_count; i++) {
        const layer_burden *layer = &wanted.layers[i];
        number              rate = rate_on(layer, wanted.value), *sum = &sums[layer->ordinary];
        same_cell(t, table, row, layer->name, rate);
        *sum = *sum && rate ? number_add(*sum, rate) : NULL;
        duty = number_add(duty, duty_on(layer, wanted.value));
    }
    same_cell(t, table, row, "ordinary", sums[1]);
    same_cell(t, table, row, "additional", sums[0]);
    same_cell(t, table, row, "total", sums[0] && sums[1] ? number_add(sums[0], sums[1]) : NULL);
    same_text(t, "lines.csv", "total_duty", cell_of(table, row, "total_duty"),
              number_round_away(duty, 2), 2);
    if (t->different)
        show_line(t, line);
    number_forget_all();
}

static void same_tables(trial *t, const tariff_result *a, const tariff_result *b)
{
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        const tariff_table *x = tariff_result_table(a, reports[i]);
        const tariff_table *y = tariff_result_table(b, reports[i]);
        assert_true(x && y);
        bool same = tariff_table_rows(x) == tariff_table_rows(y);
        for (size_t row = 0; same && row < tariff_table_rows(x); row++)
            for (size_t k = 0; same && k < tariff_table_columns(x); k++)
                same = strcmp(tariff_table_cell(x, row, k), tariff_table_cell(y, row, k)) == 0;
        if (!same) {
            print_error("%s.csv depends on the order of the rows\n", reports[i]);
            t->different = true;
        }
    }
}

void trial_run(trial *t, const line_text *lines, unsigned count, tally *seen)
{
    static lines_file table;
    line_text         kept[64];
    unsigned          n = 0;
    for (unsigned i = 0; i < count && n < 64; i++) {
        ref_burden wanted = assess(&t->rows, &lines[i]);
        if (!is_out_of_range(&wanted))
            kept[n++] = lines[i];
        number_forget_all();
    }
    put_scenario(t);
    put_flows(t, kept, n, false);
    tariff_result *forwards = run(t, 1);
    if (forwards)
        read_lines(t, &table);
    put_flows(t, kept, n, true);
    tariff_result *backwards = forwards ? run(t, 2) : NULL;
    if (backwards) {
        assert_int_equal(table.rows, n + 1);
        for (unsigned i = 0; i < n && !t->different; i++)
            check_line(t, &table, i, &kept[i]);
        same_tables(t, forwards, backwards);
    }
    tariff_result_free(forwards);
    tariff_result_free(backwards);
    seen->run += n;
}
