/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Any bytes as CSV: the plain lane and libcsv read the same records and say the
 * same of errors; and what is read is written so that it is read again alike.
 */
#include "fuzz/fuzz.h"

#include "io/csv_in.h"
#include "io/csv_out.h"

typedef struct reading {
    tariff_status status;
    fuzz_log      log;
    uint64_t      records;
    size_t        columns, n;
    char          text[1 << 16];
} reading;

static reading lanes[2], again;

static void put(reading *r, const char *text, size_t n)
{
    if (r->n + n < sizeof r->text)
        memcpy(r->text + r->n, text, n);
    r->n += n;
}

static tariff_status read_all(reading *r, tf_csv *csv, tf_csv_out *out)
{
    for (bool more = true; more;) {
        tariff_status status = tf_csv_next(csv, &more);
        put(r, status == TARIFF_E_SCHEMA ? "!" : "", status == TARIFF_E_SCHEMA);
        if (status == TARIFF_E_SCHEMA && r->log.n < sizeof r->log.text / 2)
            continue;
        if (status != TARIFF_OK || !more)
            return status;
        for (size_t i = 0; i < tf_csv_width(csv); i++) {
            tf_field field = tf_csv_field(csv, (int)i);
            put(r, field.text, field.length + 1);
            if (out)
                tf_put_text(out, field.text);
        }
        if (out && tf_end_record(out) != TARIFF_OK)
            return out->status;
        r->records++;
    }
    return TARIFF_OK;
}

static void read_file(reading *r, const char *path, bool only_libcsv, tf_csv_out *out)
{
    tf_csv     *csv;
    tariff_env *env = fuzz_env(&r->log);
    r->n = r->records = 0;
    memset(r->text, 0, sizeof r->text);
    r->status = tf_csv_open(env, path, NULL, TF_SUM_XXH3, &csv);
    if (r->status == TARIFF_OK) {
        if (only_libcsv)
            tf_csv_only_libcsv(csv);
        r->columns = tf_csv_width(csv);
        for (size_t i = 0; i < r->columns; i++) {
            put(r, tf_csv_header(csv, i), strlen(tf_csv_header(csv, i)) + 1);
            if (out)
                tf_put_text(out, tf_csv_header(csv, i));
        }
        if (out)
            fuzz_require(tf_end_record(out) == TARIFF_OK);
        r->status = read_all(r, csv, out);
        tf_csv_close(csv);
    }
    fuzz_require(r->status == TARIFF_OK || tariff_env_errors(env) > 0);
    tariff_env_free(env);
}

static void require_same(const reading *a, const reading *b)
{
    fuzz_require(a->status == b->status);
    fuzz_require(a->records == b->records && a->n == b->n);
    fuzz_require(memcmp(a->text, b->text, sizeof a->text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_log   log;
    tf_output *output;
    tf_csv_out out;
    fuzz_begin();
    fuzz_write("t.csv", data, size);
    tariff_env *env = fuzz_env(&log);
    fuzz_require(tf_output_open(env, "out.csv", &output) == TARIFF_OK);
    tf_csv_out_init(&out, output, false);
    read_file(&lanes[0], "t.csv", false, &out);
    read_file(&lanes[1], "t.csv", true, NULL);
    require_same(&lanes[0], &lanes[1]);
    fuzz_require(strcmp(lanes[0].log.text, lanes[1].log.text) == 0);
    bool mark = memcmp(lanes[0].text, "\xEF\xBB\xBF", 3) == 0; /* of no header that we write */
    bool whole = lanes[0].status == TARIFF_OK && lanes[0].log.n == 0 && !mark
                 && lanes[0].columns > 1; /* a single field that is empty would be an empty line */
    if (whole && tf_output_finish(output) == TARIFF_OK && tf_output_commit(output) == TARIFF_OK) {
        read_file(&again, "out.csv", false, NULL);
        require_same(&lanes[0], &again);
    }
    tf_output_close(output);
    tariff_env_free(env);
    return 0;
}
