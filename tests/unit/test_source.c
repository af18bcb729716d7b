/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows from the caller's columns: reports, lines and manifests are those of a
 * file with the same rows, however the rows come in batches and on however many
 * threads; burdens of rows are those of entries; rows at fault are told.
 */
#include "unit/schedule.h"

enum { ROWS = 20000 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const check_file files[] = {
    { "layers.csv", "layer,kind\nmfn,ordinary\nsteel,additional\norder,additional\n" },
    { "yields.csv", "layer,to,scope\norder,steel,part\n" },
    { "claims/usmca.csv", "hs,share\n7326,85%\n73261100,30%\n" },
    { "parts/steel.csv", "hs,share\n7326,0.4\n73261100,0.7\n" },
    { "measures.csv", "layer,products,origins,importers,from,base,when,rate\n"
                      "mfn,0101 7326,*,US,,,,2.55%\n"
                      "mfn,0202,*,US,,,,4.4 c/kg\n"
                      "steel,7326,*,US,2025-06-04,steel,,50%\n"
                      "order,*,IN MX,US,2025-08-27,,,25%\n"
                      "order,*,MX,US,2025-08-27,,usmca,exempt\n" },
    { NULL, NULL }
};

static const char *const codes[] = { "01012100", "02021000", "73269090", "73261100", "99990000" };
static const char *const origins[] = { "IN", "MX", "CN" };
static const char *const claims[] = { NULL, NULL, NULL, "usmca", "usmca=0.5" };

/* The rows, as columns and as a file. */

typedef struct frame {
    tariff_hs      hs[ROWS];
    tariff_country origin[ROWS], importer[ROWS];
    tariff_date    date[ROWS], until[ROWS];
    tariff_money   value[ROWS], quantity[ROWS];
    tariff_unit    unit[ROWS];
    const char    *claims[ROWS];
    size_t         rows, batch, done; /* batch 0: all at once */
    bool           has_quantity, has_claims, has_until, has_importer;
    tariff_status  status;            /* when all are given */
} frame;

static frame f; /* too large for a stack */

static void fill(void)
{
    memset(&f, 0, sizeof f);
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t     r = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
        check_entry  words = { .hs = codes[(r >> 20) % COUNT(codes)],
                               .origin = origins[(r >> 30) % COUNT(origins)],
                               .date = "2025-08-01" };
        tariff_entry entry = check_entry_read(&words);
        f.hs[i] = entry.hs;
        f.origin[i] = entry.origin;
        f.importer[i] = entry.importer;
        f.date[i] = entry.date;
        f.until[i].days = entry.date.days + 31;
        f.value[i].e4 = (int64_t)(r >> 40) * 100;
        if (r >> 33 & 1)
            CHECK_PARSE(tariff_unit_parse, "kg", &f.unit[i]);
        f.quantity[i].e4 = f.unit[i].id ? (int64_t)(r >> 50) * 10000 : 0;
        f.claims[i] = claims[(r >> 36) % COUNT(claims)];
    }
    f.rows = ROWS;
    f.has_quantity = f.has_claims = f.has_until = f.has_importer = true;
}

static tariff_status next(void *user, tariff_columns *columns, size_t *count)
{
    frame *g = user;
    size_t at = g->done;
    *count = g->batch && g->batch < g->rows - at ? g->batch : g->rows - at;
    if (*count == 0)
        return g->status;
    columns->hs = g->hs + at;
    columns->origin = g->origin + at;
    columns->importer = g->has_importer ? g->importer + at : NULL;
    columns->date = g->date + at;
    columns->until = g->has_until ? g->until + at : NULL;
    columns->value = g->value + at;
    columns->quantity = g->has_quantity ? g->quantity + at : NULL;
    columns->unit = g->has_quantity ? g->unit + at : NULL;
    columns->claims = g->has_claims ? g->claims + at : NULL;
    g->done += *count;
    return TARIFF_OK;
}

static tariff_source source_of(size_t batch)
{
    tariff_source source = TARIFF_SOURCE_INIT;
    source.name = "frame";
    source.next = next;
    source.user = &f;
    f.batch = batch;
    f.done = 0;
    return source;
}

static void write_rows(const char *path)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("hs,origin,importer,period,value,quantity,unit,claims\n", out);
    for (size_t i = 0; i < f.rows; i++) {
        char hs[13], quantity[32] = "";
        tariff_hs_format(f.hs[i], hs);
        if (f.has_quantity && f.unit[i].id)
            snprintf(quantity, sizeof quantity, "%lld", (long long)f.quantity[i].e4 / 10000);
        fprintf(out, "%s,%s,US,2025-08%s,%lld.%02lld,%s,%s,%s\n", hs,
                tariff_country_alpha2(f.origin[i]), f.has_until ? "" : "-01",
                (long long)f.value[i].e4 / 10000, (long long)f.value[i].e4 / 100 % 100, quantity,
                f.has_quantity ? tariff_unit_name(f.unit[i]) : "",
                f.has_claims && f.claims[i] ? f.claims[i] : "");
    }
    assert_int_equal(fclose(out), 0);
}

/* Scenarios */

typedef struct run {
    check_law      law;
    char           flows[CHECK_PATH + 16], reports[CHECK_PATH + 16];
    tariff_result *result;
} run;

static void open_run(run *r, const char *lines)
{
    char text[1024];
    check_law_write(&r->law, files);
    r->result = NULL;
    snprintf(r->flows, sizeof r->flows, "%s.csv", r->law.directory);
    snprintf(r->reports, sizeof r->reports, "%s.reports", r->law.directory);
    write_rows(r->flows);
    snprintf(text, sizeof text, "flows: {file: \"%s\"}\n%s", strrchr(r->flows, '/') + 1, lines);
    if (check_law_change(&r->law, text) != TARIFF_OK)
        fail_msg("the scenario is refused:\n%s", r->law.log.text);
}

static tariff_status run_with(run *r, const tariff_source *source, const tariff_sink *sink,
                              bool written, unsigned threads)
{
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    tariff_result_free(r->result);
    r->result = NULL;
    options.source = source;
    options.sink = sink;
    options.directory = written ? r->reports : NULL;
    options.threads = threads;
    return tariff_run(r->law.env, r->law.scenario, &options, &r->result);
}

static void close_run(run *r)
{
    tariff_result_free(r->result);
    check_law_close(&r->law);
}

static void same_tables(const tariff_result *a, const tariff_result *b)
{
    const tariff_table *x, *y;
    const char         *name, *other;
    size_t              tables = 0;
    for (; (x = tariff_result_table_at(a, tables, &name)) != NULL; tables++) {
        y = tariff_result_table_at(b, tables, &other);
        assert_non_null(y);
        assert_string_equal(name, other);
        assert_ptr_equal(x, tariff_result_table(a, name));
        assert_int_equal(tariff_table_rows(x), tariff_table_rows(y));
        for (size_t i = 0; i < tariff_table_rows(x); i++)
            for (size_t k = 0; k < tariff_table_columns(x); k++)
                assert_string_equal(tariff_table_cell(x, i, k), tariff_table_cell(y, i, k));
    }
    assert_null(tariff_result_table_at(b, tables, NULL));
    assert_true(tables > 4);
}

static char *read_report(const run *r, const char *name)
{
    char  path[2 * CHECK_PATH];
    char *text = NULL;
    snprintf(path, sizeof path, "%s/test/%s", r->reports, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    assert_non_null(text = malloc(size + 1));
    assert_int_equal(fread(text, 1, size, file), size);
    text[size] = '\0';
    fclose(file);
    return text;
}

/* What a sink is told */

typedef struct told {
    uint64_t       rows;
    tariff_burden *burdens; /* ROWS of them */
    tariff_status  status;
    uint64_t       stop_after;
} told;

static tariff_status put(void *user, uint64_t first, size_t count, const tariff_burdens *b)
{
    told *t = user;
    assert_int_equal(first, t->rows);
    assert_true(count > 0 && first + count <= ROWS);
    for (size_t i = 0; i < count; i++)
        t->burdens[first + i] = (tariff_burden){ .duty = b->duty[i],
                                                 .ordinary = b->ordinary[i],
                                                 .additional = b->additional[i],
                                                 .rate = b->rate[i],
                                                 .flags = b->flags[i] };
    t->rows += count;
    return t->rows > t->stop_after ? t->status : TARIFF_OK;
}

static tariff_sink sink_of(told *t)
{
    tariff_sink sink = TARIFF_SINK_INIT;
    t->rows = 0;
    sink.put = put;
    sink.user = t;
    return sink;
}

/* Tests */

static const struct {
    const char *lines, *date; /* NULL: the usual one */
} scenarios[] = {
    { "", NULL },
    { "baseline: {date: 2025-05-01}\n", "date=period" },
    { "reports: [summary, layers, products, origins, importers, brackets]\n", "date=period-average" },
    { "where: {origins: [IN, CN], products: \"73\"}\n"
      "changes: [{set: {layer: order, rate: 10%}}]\n", NULL },
};

static void reports_are_those_of_a_file(void **state)
{
    static const size_t batches[] = { 0, 1, 7, 4096, 5000 };
    (void)state;
    for (size_t i = 0; i < COUNT(scenarios); i++) {
        run  r;
        char path[CHECK_PATH + 16];
        fill();
        f.has_claims = i != 1;
        f.has_quantity = i != 2;
        open_run(&r, scenarios[i].lines);
        if (scenarios[i].date) {
            snprintf(path, sizeof path, "%s.yaml", r.law.directory);
            tariff_law_free(r.law.law);
            tariff_scenario_free(r.law.scenario);
            r.law.law = NULL;
            assert_int_equal(tariff_scenario_load(r.law.env, path, &scenarios[i].date, 1,
                                                  &r.law.scenario), TARIFF_OK);
        }
        assert_int_equal(run_with(&r, NULL, NULL, false, 1), TARIFF_OK);
        tariff_result *wanted = r.result;
        r.result = NULL;
        for (size_t k = 0; k < COUNT(batches); k++) {
            tariff_source source = source_of(batches[k]);
            if (run_with(&r, &source, NULL, false, k % 2 ? 4 : 1) != TARIFF_OK)
                fail_msg("the run fails:\n%s", r.law.log.text);
            same_tables(wanted, r.result);
        }
        tariff_result_free(wanted);
        close_run(&r);
    }
}

static void what_is_written_is_that_of_a_file(void **state)
{
    run r;
    (void)state;
    fill();
    open_run(&r, "reports: [summary, lines]\n");
    assert_int_equal(run_with(&r, NULL, NULL, true, 1), TARIFF_OK);
    char         *lines = read_report(&r, "lines.csv"), *again, *manifest, *other;
    tariff_source source = source_of(999);
    assert_int_equal(run_with(&r, &source, NULL, true, 3), TARIFF_OK);
    again = read_report(&r, "lines.csv");
    manifest = read_report(&r, "manifest.json");
    assert_string_equal(lines, again);
    assert_non_null(strstr(manifest, "\"source\": \"frame\""));
    assert_non_null(strstr(manifest, "\"lines\": 20000"));
    assert_null(strstr(manifest, r.flows));
    source = source_of(0); /* other batches, the same checksum */
    assert_int_equal(run_with(&r, &source, NULL, true, 1), TARIFF_OK);
    other = read_report(&r, "manifest.json");
    assert_string_equal(manifest, other);
    free(other);
    f.value[ROWS - 1].e4 += 100;
    f.value[ROWS - 2].e4 -= 100; /* the same sum */
    source = source_of(0);
    assert_int_equal(run_with(&r, &source, NULL, true, 1), TARIFF_OK);
    other = read_report(&r, "manifest.json");
    assert_string_not_equal(manifest, other);
    free(other);
    free(manifest);
    free(again);
    free(lines);
    close_run(&r);
}

static void burdens_are_those_of_entries(void **state)
{
    run              r;
    tariff_assessor *assessor;
    told             t = { .burdens = calloc(ROWS, sizeof(tariff_burden)) };
    (void)state;
    assert_non_null(t.burdens);
    fill();
    open_run(&r, "where: {origins: [IN, MX]}\n");
    assert_int_equal(tariff_assessor_new(r.law.env, r.law.law, &assessor), TARIFF_OK);
    for (int way = 0; way < 4; way++) { /* all at once and in batches; on threads; of a file */
        tariff_source source = source_of(way == 1 ? 777 : 0);
        tariff_sink   sink = sink_of(&t);
        assert_int_equal(run_with(&r, way == 3 ? NULL : &source, &sink, false, way == 2 ? 4 : 1),
                         TARIFF_OK);
        assert_int_equal(t.rows, ROWS);
        for (size_t i = 0; i < ROWS; i++) {
            tariff_entry  entry = TARIFF_ENTRY_INIT;
            tariff_burden burden = TARIFF_BURDEN_INIT;
            entry.hs = f.hs[i];
            entry.origin = f.origin[i];
            entry.importer = f.importer[i];
            entry.value = f.value[i];
            entry.quantity = f.quantity[i];
            entry.unit = f.unit[i];
            entry.claims = f.claims[i];
            CHECK_PARSE(tariff_date_parse, "2025-08-27", &entry.date);
            if (strcmp(tariff_country_alpha2(entry.origin), "CN") == 0)
                burden.flags = TARIFF_BURDEN_OUTSIDE;
            else
                assert_int_equal(tariff_assess_entry(assessor, &entry, &burden), TARIFF_OK);
            const tariff_burden *got = &t.burdens[i];
            if (got->duty.e4 != burden.duty.e4 || got->ordinary.e4 != burden.ordinary.e4
                || got->additional.e4 != burden.additional.e4
                || got->rate.nano != burden.rate.nano || got->flags != burden.flags)
                fail_msg("way %d, row %zu: duty %lld instead of %lld, flags %u instead of %u", way,
                         i, (long long)got->duty.e4, (long long)burden.duty.e4, got->flags,
                         burden.flags);
        }
    }
    tariff_assessor_free(assessor);
    free(t.burdens);
    close_run(&r);
}

static void rows_at_fault_are_told(void **state)
{
    told t = { .burdens = calloc(ROWS, sizeof(tariff_burden)) };
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads += 3)
        for (size_t batch = 0; batch <= 4000; batch += 4000) {
            run r;
            fill();
            open_run(&r, "reports: [summary, lines]\n");
            tariff_source source = source_of(batch);
            tariff_sink   sink = sink_of(&t);
            f.hs[17].key = 61091000;
            f.value[9000].e4 = -1;
            f.until[9001].days = f.date[9001].days;
            f.origin[19999].id = 999;
            f.claims[12345] = "nafta";
            assert_int_equal(run_with(&r, &source, &sink, true, threads), TARIFF_E_ARG);
            assert_null(r.result);
            assert_int_equal(t.rows, 0);
            assert_int_equal(tariff_env_errors(r.law.env), 5);
            const char *said[] = { "frame: error: row 17: this is no code",
                                   "frame: error: row 9000: the value is negative",
                                   "frame: error: row 9001: its period ends before it begins",
                                   "frame: error: row 12345: the schedule has no claim 'nafta'",
                                   "frame: error: row 19999: this is no country" };
            const char *at = r.law.log.text;
            for (size_t i = 0; i < COUNT(said); i++) {
                check_said(&r.law.log, said[i]);
                assert_true(at <= strstr(r.law.log.text, said[i])); /* in their order */
                at = strstr(r.law.log.text, said[i]);
            }
            struct stat info;
            char        path[2 * CHECK_PATH];
            snprintf(path, sizeof path, "%s/test/lines.csv", r.reports);
            assert_int_not_equal(stat(path, &info), 0);
            close_run(&r);
        }
    free(t.burdens);
}

/* Without a sink claims are read under the law, later: the row is told all the same. */
static void what_the_law_finds_is_told_by_row(void **state)
{
    run r;
    (void)state;
    fill();
    f.has_until = false;
    open_run(&r, "");
    f.claims[12345] = "nafta";
    tariff_source source = source_of(0);
    assert_int_equal(run_with(&r, &source, NULL, false, 2), TARIFF_E_REFERENCE);
    check_said(&r.law.log, "frame: error: row 12345: the schedule has no claim 'nafta'");
    close_run(&r);
}

static void the_limit_of_errors_holds(void **state)
{
    run           r;
    tariff_limits limits = TARIFF_LIMITS_INIT;
    (void)state;
    fill();
    open_run(&r, "");
    limits.max_errors = 3;
    tariff_env_set_limits(r.law.env, &limits);
    for (size_t i = 5000; i < ROWS; i++)
        f.hs[i].key = 1;
    tariff_source source = source_of(100);
    assert_int_equal(run_with(&r, &source, NULL, false, 2), TARIFF_E_ARG);
    assert_int_equal(tariff_env_errors(r.law.env), 3);
    check_said(&r.law.log, "row 5002: ");
    check_said(&r.law.log, "frame: note: stopped after 3 errors");
    assert_true(f.done < ROWS);
    close_run(&r);
}

static void callers_end_runs(void **state)
{
    run  r;
    told t = { .burdens = calloc(ROWS, sizeof(tariff_burden)), .status = TARIFF_E_CANCELLED,
               .stop_after = 5000 };
    (void)state;
    fill();
    open_run(&r, "");
    tariff_source source = source_of(1000);
    f.status = TARIFF_E_IO;
    assert_int_equal(run_with(&r, &source, NULL, false, 2), TARIFF_E_IO);
    check_said(&r.law.log, "frame: error: the rows from 20000 on could not be had");
    f.status = TARIFF_OK;
    source = source_of(1000);
    tariff_sink sink = sink_of(&t);
    assert_int_equal(run_with(&r, &source, &sink, false, 2), TARIFF_E_CANCELLED);
    assert_int_equal(t.rows, 6000);
    free(t.burdens);
    close_run(&r);
}

static void columns_that_are_missing_are_told(void **state)
{
    run r;
    (void)state;
    fill();
    open_run(&r, "");
    f.has_importer = false;
    tariff_source source = source_of(0);
    assert_int_equal(run_with(&r, &source, NULL, false, 1), TARIFF_E_ARG);
    check_said(&r.law.log, "frame: error: the column 'importer' is missing");
    source = source_of(0);
    source.importer = f.importer[0];
    assert_int_equal(run_with(&r, &source, NULL, false, 1), TARIFF_OK);
    source.next = NULL;
    assert_int_equal(run_with(&r, &source, NULL, false, 1), TARIFF_E_ARG);
    close_run(&r);
}

/* A scenario needs no flows of its own; one without rows is told of. */
static void a_source_may_be_all_there_is(void **state)
{
    run r;
    (void)state;
    fill();
    check_law_write(&r.law, files);
    r.result = NULL;
    snprintf(r.reports, sizeof r.reports, "%s.reports", r.law.directory);
    assert_int_equal(check_law_change(&r.law, "baseline: {date: 2025-05-01}\n"), TARIFF_OK);
    assert_int_equal(run_with(&r, NULL, NULL, false, 1), TARIFF_E_SCHEMA);
    tariff_source source = source_of(0);
    assert_int_equal(run_with(&r, &source, NULL, true, 2), TARIFF_OK);
    const tariff_table *summary = tariff_result_table(r.result, "summary");
    assert_string_equal(tariff_table_cell(summary, 1, 2), "lines");
    assert_string_equal(tariff_table_cell(summary, 1, 3), "20000");
    f.rows = 0;
    source = source_of(0);
    assert_int_equal(run_with(&r, &source, NULL, true, 2), TARIFF_OK);
    check_said(&r.law.log, "the flows have no rows");
    close_run(&r);
}

static void sweeps_and_batches_pull_once(void **state)
{
    run                  r;
    tariff_run_options   options = TARIFF_RUN_OPTIONS_INIT;
    tariff_batch_options batch = TARIFF_BATCH_OPTIONS_INIT;
    char                 path[CHECK_PATH + 16];
    told                 t = { .burdens = NULL };
    (void)state;
    fill();
    open_run(&r, "sweep: {x: {set: {layer: order}, rate: [10%, 20%]}}\n");
    tariff_source source = source_of(3000);
    assert_int_equal(run_with(&r, &source, NULL, false, 2), TARIFF_OK);
    assert_int_equal(tariff_table_rows(tariff_result_table(r.result, "sweep")) > 0, 1);
    tariff_sink sink = sink_of(&t);
    source = source_of(0);
    assert_int_equal(run_with(&r, &source, &sink, false, 2), TARIFF_E_CONFLICT);
    close_run(&r);

    open_run(&r, "");
    snprintf(path, sizeof path, "%s.yaml", r.law.directory);
    const char *paths[] = { path };
    source = source_of(3000);
    options.source = &source;
    options.directory = r.reports;
    batch.run = &options;
    assert_int_equal(tariff_batch(r.law.env, paths, 1, &batch), TARIFF_OK);
    assert_int_equal(f.done, ROWS);
    options.sink = &sink;
    assert_int_equal(tariff_batch(r.law.env, paths, 1, &batch), TARIFF_E_ARG);
    close_run(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_those_of_a_file),
        cmocka_unit_test(what_is_written_is_that_of_a_file),
        cmocka_unit_test(burdens_are_those_of_entries),
        cmocka_unit_test(rows_at_fault_are_told),
        cmocka_unit_test(what_the_law_finds_is_told_by_row),
        cmocka_unit_test(the_limit_of_errors_holds),
        cmocka_unit_test(callers_end_runs),
        cmocka_unit_test(columns_that_are_missing_are_told),
        cmocka_unit_test(a_source_may_be_all_there_is),
        cmocka_unit_test(sweeps_and_batches_pull_once),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
