/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Shipments in a stream: on one thread and on three the same bytes and words,
 * and as many rows as were counted, or no file at all.
 */
#include "fuzz/fuzz.h"

static const char schedule_text[] =
    "== law/layers.csv\nlayer,kind,select\nduty,ordinary,specific\norder,additional,highest\n"
    "== law/yields.csv\nlayer,to,scope\norder,duty,part\n"
    "== law/parts/steel.csv\nhs,origin,importer,share\n7208,*,*,40%\n"
    "== law/claims/usmca.csv\nhs,origin,importer,share\n61,CA,US,0.5\n"
    "== law/measures.csv\nlayer,products,origins,importers,from,rate,base,when\n"
    "duty,*,*,US,,1.5 USD/kg + 2%,,\nduty,61,CA,US,,Free,,usmca\norder,*,IN,US,2025-08-27,25%,,\n"
    "order,72,*,US,,50%,steel,\n";

static char texts[2][1 << 16];

static size_t read_back(const char *name, char *text)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        return 0;
    size_t n = fread(text, 1, sizeof texts[0], file);
    fclose(file);
    return n;
}

/* The first columns follow the input's, so they decide how it goes. */
static tariff_stream_options options_of(const uint8_t *data, size_t size)
{
    tariff_stream_options options = TARIFF_STREAM_OPTIONS_INIT;
    unsigned              bits = size ? data[size - 1] : 0;
    options.layers = bits & 1;
    options.require_quantity = bits & 2;
    options.has_date = bits & 4;
    options.date.days = 20327;
    options.prefix = bits & 8 ? "x_" : NULL;
    return options;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log         logs[2];
    static tariff_env      *owner;
    static tariff_schedule *schedule;
    static tariff_law      *law;
    const char             *paths[] = { "law" };
    static const char      *names[] = { "one.csv", "three.csv" };
    tariff_status           status[2];
    tariff_stream_counts    counts[2];
    fuzz_begin();
    if (!law) {
        fuzz_write_files(schedule_text, sizeof schedule_text - 1);
        fuzz_require(tariff_env_new(NULL, &owner) == TARIFF_OK);
        fuzz_require(tariff_schedule_load(owner, paths, 1, &schedule) == TARIFF_OK);
        fuzz_require(tariff_law_compile(owner, schedule, NULL, &law) == TARIFF_OK);
        fuzz_begin();
    }
    fuzz_write("in.csv", data, size);
    for (unsigned i = 0; i < 2; i++) {
        tariff_stream_options options = options_of(data, size);
        tariff_env           *env = fuzz_env(&logs[i]);
        options.threads = i ? 3 : 1;
        counts[i] = (tariff_stream_counts){ .size = sizeof counts[i] };
        status[i] = tariff_stream(env, law, &options, "in.csv", names[i], &counts[i]);
        (void)fuzz_check(env, status[i]);
        fuzz_require(fuzz_is_there(names[i]) == (status[i] == TARIFF_OK));
        tariff_env_free(env);
    }
    fuzz_require(status[0] == status[1] && strcmp(logs[0].text, logs[1].text) == 0);
    if (status[0] != TARIFF_OK)
        return 0;
    size_t n = read_back(names[0], texts[0]), rows = 0;
    fuzz_require(read_back(names[1], texts[1]) == n && memcmp(texts[0], texts[1], n) == 0);
    for (size_t i = 0; i < n; i++)
        rows += texts[0][i] == '\n';
    fuzz_require(memcmp(&counts[0], &counts[1], sizeof counts[0]) == 0);
    fuzz_require(n == sizeof texts[0] || rows > counts[0].rows); /* the header is one; cells may have more */
    return 0;
}
