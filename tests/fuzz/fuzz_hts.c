/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * An edition of the HTS and a file of programmes, each after a line "== NAME"
 * (hts.csv, programmes.csv): what comes out is a schedule that loads.
 */
#include "fuzz/fuzz.h"

#include "convert/duty.h"

/* What a schedule with rates on parts has to declare. */
static void declare_parts(void)
{
    static const char layers[] = "layer,kind\nmfn,ordinary\n";
    char              name[64];
    fuzz_write("law/layers.csv", layers, sizeof layers - 1);
    for (unsigned i = 0; tf_duty_part(i); i++) {
        snprintf(name, sizeof name, "law/parts/%.40s.csv", tf_duty_part(i));
        fuzz_write(name, "hs,share\n", 9);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log    log;
    const char        *out[] = { "law" };
    tariff_schedule   *schedule;
    tariff_hts_options options = TARIFF_HTS_OPTIONS_INIT;
    tariff_hts_counts  counts = { .size = sizeof counts };
    fuzz_begin();
    fuzz_write_files((const char *)data, size);
    declare_parts();
    options.column = (tariff_hts_column)(size % 3);
    options.all = size & 4;
    options.unparsed = size & 8 ? "unparsed.csv" : NULL;
    options.descriptions = size & 16 ? "descriptions.csv" : NULL;
    if (options.column == TARIFF_HTS_SPECIAL && fuzz_is_there("programmes.csv"))
        options.programmes = "programmes.csv";
    tariff_env   *env = fuzz_env(&log);
    tariff_status status = tariff_convert_hts(env, &options, "hts.csv", "law/measures.csv", &counts);
    fuzz_require((fuzz_check(env, status) == TARIFF_OK) == fuzz_is_there("law/measures.csv"));
    /* Claims need a declaration, which the converter leaves to who knows them. */
    if (status == TARIFF_OK && options.column != TARIFF_HTS_SPECIAL && counts.measures > 0) {
        status = tariff_schedule_load(env, out, 1, &schedule);
        if (status != TARIFF_OK)
            fprintf(stderr, "%s\n", log.text);
        fuzz_require(status == TARIFF_OK);
        fuzz_require(tariff_schedule_measures(schedule) == counts.measures);
        tariff_schedule_free(schedule);
    }
    tariff_env_free(env);
    return 0;
}
