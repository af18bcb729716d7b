/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Random lines under random laws: the library's burdens are those of the slow
 * evaluator of reference.h, to the last digit of every layer.
 */
#include "unit/law_files.h"
#include "unit/reference.h"

#include "assess/burden.h"
#include "run/overrides.h"

enum { LAWS = 300, LINES = 12 };

/* The library's own path of a line, as explain and run take it. */
static void assess(check_law *law, tf_programs *programs, tf_bench *bench,
                   const check_entry *words)
{
    tariff_entry entry = check_entry_read(words);
    tf_cell      cell = { entry.hs.key, entry.origin.id, entry.importer.id, entry.date.days };
    tf_line      line = { .value = entry.value.e4,
                          .quantity = entry.quantity.e4,
                          .unit = entry.unit };
    tf_overrides known = { 0 };
    const tf_program *program;
    assert_int_equal(tf_program_find(programs, &cell, &program), TARIFF_OK);
    tf_line_look_up(law->law, program, &cell, NULL, &line);
    if (entry.claims)
        assert_int_equal(tf_parse_claims(&law->law->book, entry.claims, strlen(entry.claims),
                                         &known, NULL), TARIFF_OK);
    if (entry.parts)
        assert_int_equal(tf_parse_parts(&law->law->book, entry.parts, strlen(entry.parts), &known,
                                        NULL), TARIFF_OK);
    tf_override(&known, &line);
    tf_case one = { program, &line, TF_E18 };
    assert_int_equal(tf_assess(law->law, &one, 1, bench), TARIFF_OK);
}

/* The charge of a layer; layers without a measure on the line have none. */
static ref_charge charge_of(const check_law *law, const tf_burden *burden, unsigned layer)
{
    char name[16];
    snprintf(name, sizeof name, "l%u", layer);
    uint32_t number = tf_names_find(&law->law->book.layer_names, name, strlen(name));
    for (unsigned i = 0; i < burden->charge_count; i++)
        if (burden->charges[i].layer == number)
            return (ref_charge){ burden->charges[i].rate, burden->charges[i].money };
    return (ref_charge){ 0, 0 };
}

static bool agree(const law_model *model, const check_law *law, const tf_burden *burden,
                  const ref_result *wanted)
{
    bool same = burden->affected == wanted->affected_18;
    for (unsigned i = 0; i < model->layer_count; i++) {
        ref_charge got = charge_of(law, burden, i);
        same = same && got.rate_12 == wanted->charges[i].rate_12
               && got.money_12 == wanted->charges[i].money_12;
    }
    return same;
}

static void show_both(const law_model *model, const check_law *law, const tf_burden *burden,
                      const ref_result *wanted)
{
    for (unsigned i = 0; i < model->layer_count; i++) {
        ref_charge got = charge_of(law, burden, i);
        print_error("l%u: rate %lld and money %lld, the reference has %lld and %lld\n", i,
                    (long long)got.rate_12, (long long)got.money_12,
                    (long long)wanted->charges[i].rate_12,
                    (long long)wanted->charges[i].money_12);
    }
    print_error("affected: %lld, the reference has %lld\n", (long long)burden->affected,
                (long long)wanted->affected_18);
}

/* How often the laws and lines drawn did something: a test of nothing would pass, too. */
typedef struct coverage {
    unsigned lines, charged, money, branched, topped, tied;
} coverage;

static void count(coverage *seen, const law_model *model, const tf_burden *burden,
                  const ref_result *wanted)
{
    bool charged = false, money = false;
    for (unsigned i = 0; i < model->layer_count; i++) {
        charged = charged || wanted->charges[i].rate_12 > 0;
        money = money || wanted->charges[i].money_12 > 0;
        seen->topped += wanted->charges[i].money_12 < 0;
    }
    seen->lines++;
    seen->charged += charged;
    seen->money += money;
    seen->branched += burden->outcomes.n > 1;
}

static void burdens_are_those_of_the_specification(void **state)
{
    static const law_options options = { 0 };
    uint64_t                 seed = check_seed();
    check_random             random = check_random_begin(seed);
    coverage                 seen = { 0 };
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        law_model    model;
        check_law    law;
        tf_programs *programs;
        tf_bench     bench;
        law_draw(&random, &options, &model, &law);
        assert_int_equal(tf_programs_new(law.env, law.law, &programs), TARIFF_OK);
        tf_bench_init(&bench, law.env);
        for (unsigned k = 0; k < LINES; k++) {
            law_line line;
            law_random_line(&random, &line);
            assess(&law, programs, &bench, &line.entry);
            ref_result wanted = ref_assess(&model, &line);
            if (wanted.tied || !agree(&model, &law, &bench.burden, &wanted)) {
                law_show(&model, &line);
                show_both(&model, &law, &bench.burden, &wanted);
                fail_msg("TARIFF_TEST_SEED=%llu: %s", (unsigned long long)seed,
                         wanted.tied ? "two measures tie on this line" : "they differ");
            }
            count(&seen, &model, &bench.burden, &wanted);
        }
        tf_bench_free(&bench);
        tf_programs_free(programs);
        check_law_close(&law);
    }
    print_message("%u lines: %u with rates, %u with money, %u in branches\n", seen.lines,
                  seen.charged, seen.money, seen.branched);
    assert_true(seen.lines >= 2000 && seen.charged >= seen.lines / 3
                && seen.money >= seen.lines / 20 && seen.branched >= seen.lines / 10
                && seen.topped > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burdens_are_those_of_the_specification),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
