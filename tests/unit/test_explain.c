/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What an explanation says of each layer, and what cannot be assessed.
 */
#include "unit/schedule.h"

/** The steps of the first branch that is asked for. */
typedef struct steps {
    char   order[256]; /**< Layers, in the order they were told. */
    char   wanted[32];
    char   verdict[32], reason[256], rate[64], share[32], contribution[32], duty[32];
    char   file[CHECK_PATH], citation[64];
    uint32_t line;
    char   branches[256]; /**< "0.85 usmca; 0.15 !usmca". */
} steps;

static void on_branch(void *user, const tariff_branch *branch)
{
    steps *s = user;
    size_t n = strlen(s->branches);
    assert_true(branch->number < branch->count);
    snprintf(s->branches + n, sizeof s->branches - n, "%s%s%s%s", n ? "; " : "",
             branch->probability, *branch->claims ? " " : "", branch->claims);
    s->order[0] = '\0';
}

static void on_step(void *user, const tariff_step *step)
{
    steps *s = user;
    size_t n = strlen(s->order);
    snprintf(s->order + n, sizeof s->order - n, "%s%s", n ? " " : "", step->layer);
    if (strcmp(step->layer, s->wanted) != 0)
        return;
    snprintf(s->verdict, sizeof s->verdict, "%s", step->verdict);
    snprintf(s->reason, sizeof s->reason, "%s", step->reason);
    snprintf(s->rate, sizeof s->rate, "%s", step->rate);
    snprintf(s->share, sizeof s->share, "%s", step->share);
    snprintf(s->contribution, sizeof s->contribution, "%s", step->contribution);
    snprintf(s->duty, sizeof s->duty, "%s", step->duty);
    snprintf(s->file, sizeof s->file, "%s", step->file ? step->file : "");
    snprintf(s->citation, sizeof s->citation, "%s", step->citation);
    s->line = step->line;
}

static void explain(check_law *law, const check_entry *words, const char *layer, steps *out)
{
    tariff_explainer to = { .branch = on_branch, .step = on_step, .user = out };
    tariff_entry     entry = check_entry_read(words);
    memset(out, 0, sizeof *out);
    snprintf(out->wanted, sizeof out->wanted, "%s", layer);
    if (tariff_explain(law->env, law->law, &entry, &to) != TARIFF_OK)
        fail_msg("%s", law->log.text);
}

static const check_file files[] = {
    { "layers.csv", "layer,title,kind\n"
                    "order,Country order,additional\n"
                    "late,,additional\n"
                    "claimed,,additional\n"
                    "elsewhere,,additional\n"
                    "mfn,Ordinary duty,ordinary\n"
                    "steel,,additional\n"
                    "deal,,additional\n" },
    { "yields.csv", "layer,to\norder,steel\n" },
    { "sets/exempt.csv", "hs\n30\n" },
    { "parts/metal.csv", "hs,share\n" },
    { "claims/usmca.csv", "hs,share\n" },
    { "measures.csv", "layer,products,origins,from,until,rate,base,when,citation\n"
                      "order,* !@exempt,IN,2025-08-07,,25%,,,EO 14257\n"
                      "order,@exempt,IN,2025-08-07,,exempt,,,Annex II\n"
                      "late,*,IN,2025-08-28,,10%,,,EO 1\n"
                      "claimed,*,IN,,,5%,,!usmca,EO 2\n"
                      "elsewhere,*,BR,,,40%,,,EO 3\n"
                      "mfn,*,*,,,4%,,,HTS\n"
                      "steel,7208,*,,,50%,,,Proc. 1\n"
                      "steel,7326,*,,,50%,metal,,Proc. 2\n"
                      "deal,*,JP,,,to 15%,,,EO 4\n" },
    { NULL, NULL }
};

static void every_layer_gets_its_verdict(void **state)
{
    static const struct {
        const char *what;
        check_entry entry;
        const char *layer, *verdict, *rate, *share, *contribution, *duty;
        uint32_t    line;
    } rows[] = {
        { "applies", { 0 }, "order", "applies", "25%", "1", "0.25", "250.00", 2 },
        { "exempt by a row", { .hs = "3004" }, "order", "exempt", "exempt", "1", "0", "0.00", 3 },
        { "not yet in force", { 0 }, "late", "not in force", "10%", "0", "0", "0.00", 4 },
        { "the condition is not met", { .claims = "usmca" }, "claimed", "condition not met",
          "5%", "0", "0", "0.00", 5 },
        { "the condition is met", { 0 }, "claimed", "applies", "5%", "1", "0.05", "50.00", 5 },
        { "no measure for this origin", { 0 }, "elsewhere", "no measure", "", "0", "0", "0.00",
          0 },
        { "displaced", { .hs = "7208" }, "order", "displaced", "25%", "0", "0", "0.00", 2 },
        { "displaced on a part", { .hs = "7326", .parts = "metal=0.4" }, "order", "applies",
          "25%", "0.6", "0.15", "150.00", 2 },
        { "charges a part", { .hs = "7326", .parts = "metal=0.4" }, "steel", "applies", "50%",
          "0.4", "0.2", "200.00", 9 },
        { "tops up", { .origin = "JP" }, "deal", "applies", "to 15%", "1", "0.11", "110.00", 10 },
    };
    check_law law;
    steps     s;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        explain(&law, &rows[i].entry, rows[i].layer, &s);
        check_text(s.verdict, rows[i].verdict, rows[i].what);
        check_text(s.rate, rows[i].rate, rows[i].what);
        check_text(s.share, rows[i].share, rows[i].what);
        check_text(s.contribution, rows[i].contribution, rows[i].what);
        check_text(s.duty, rows[i].duty, rows[i].what);
        check_row(s.line == rows[i].line, rows[i].what);
        check_row(s.line == 0 || strstr(s.file, "/measures.csv"), rows[i].what);
    }
    explain(&law, &rows[0].entry, "order", &s);
    assert_string_equal(s.citation, "EO 14257");
    explain(&law, &rows[6].entry, "order", &s);
    assert_non_null(strstr(s.reason, "by steel"));
    explain(&law, &rows[2].entry, "late", &s);
    assert_string_equal(s.reason, "from 2025-08-28");
    check_law_close(&law);
}

static void layers_are_told_in_the_order_of_the_day(void **state)
{
    check_law law;
    steps     s;
    (void)state;
    check_law_open(&law, files);
    explain(&law, &(check_entry){ 0 }, "order", &s);
    /* Each comes after those it gives way to or tops up, else as in layers.csv. */
    assert_true(strstr(s.order, "steel") < strstr(s.order, "order"));
    assert_true(strstr(s.order, "mfn") < strstr(s.order, "deal"));
    assert_int_equal(strlen(s.order), strlen("late claimed elsewhere mfn steel order deal"));
    check_law_close(&law);
}

static void branches_tell_their_claims_and_probabilities(void **state)
{
    static const struct {
        const char *claims, *branches;
    } rows[] = { { NULL, "1 !usmca" },
                 { "usmca", "1 usmca" },
                 { "!usmca", "1 !usmca" },
                 { "usmca=0", "1 !usmca" },
                 { "usmca=100%", "1 usmca" },
                 { "usmca=0.85", "0.85 usmca; 0.15 !usmca" },
                 { "usmca=0.000000001", "0.000000001 usmca; 0.999999999 !usmca" } };
    check_law law;
    steps     s;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        explain(&law, &(check_entry){ .claims = rows[i].claims }, "order", &s);
        check_text(s.branches, rows[i].branches, rows[i].claims ? rows[i].claims : "none");
    }
    /* A claim that no measure asks for does not split the line. */
    explain(&law, &(check_entry){ .origin = "BR", .claims = "usmca=0.5" }, "order", &s);
    assert_string_equal(s.branches, "1");
    check_law_close(&law);
}

/* What the law cannot take is refused with words, whatever the caller wrote. */
static void what_is_known_of_a_shipment_is_checked(void **state)
{
    static const struct {
        const char   *claims, *parts;
        tariff_status status;
        const char   *message;
    } rows[] = {
        { "usmac", NULL, TARIFF_E_REFERENCE, "the schedule has no claim 'usmac'" },
        { "usmca=2", NULL, TARIFF_E_VALUE, "the share '2' is more than 1" },
        { NULL, "metal", TARIFF_E_SYNTAX, "the part 'metal' has no share" },
        { NULL, "medal=0.4", TARIFF_E_REFERENCE, "did you mean 'metal'?" },
        { NULL, "metal=", TARIFF_E_VALUE, "empty" },
        { NULL, "metal=-0.1", TARIFF_E_VALUE, "negative" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_explainer nobody = { .user = NULL };
        tariff_entry     entry = check_entry_read(&(check_entry){ 0 });
        entry.claims = rows[i].claims;
        entry.parts = rows[i].parts;
        check_row(tariff_explain(law.env, law.law, &entry, &nobody) == rows[i].status,
                  rows[i].message);
        check_said(&law.log, rows[i].message);
    }
    tariff_entry     empty = TARIFF_ENTRY_INIT;
    tariff_explainer nobody = { .user = NULL };
    assert_int_equal(tariff_explain(law.env, law.law, &empty, &nobody), TARIFF_E_ARG);
    check_law_close(&law);
}

/* Exact arithmetic ends somewhere: then it says so, and never wraps. */
static void a_duty_that_does_not_fit_is_an_error(void **state)
{
    static const check_file large[] = {
        { "layers.csv", "layer,kind\na,additional\n" },
        { "measures.csv", "layer,products,origins,rate\n"
                          "a,01,*,9000000000 USD/g\n"
                          "a,02,*,1000%\n" },
        { NULL, NULL }
    };
    check_law        law;
    tariff_explainer nobody = { .user = NULL };
    (void)state;
    check_law_open(&law, large);
    tariff_entry entry = check_entry_read(&(check_entry){ .hs = "0101",
                                                          .quantity = "900000000000000",
                                                          .unit = "t" });
    assert_int_equal(tariff_explain(law.env, law.law, &entry, &nobody), TARIFF_E_OVERFLOW);
    check_said(&law.log, "does not fit in exact arithmetic");
    /* The largest value there is, taxed at ten times itself, does fit. */
    check_ask(&law, &(check_entry){ .hs = "0201", .value = "922337203685477.5807" });
    assert_string_equal(check_rate(&law, "total"), "10");
    assert_string_equal(check_duty(&law, "total"), "9223372036854775.81");
    check_law_close(&law);
}

static void an_importer_with_ordinary_duties_but_none_on_the_line_is_noted(void **state)
{
    static const check_file some[] = {
        { "layers.csv", "layer,kind\nmfn,ordinary\na,additional\n" },
        { "measures.csv", "layer,products,origins,importers,rate\n"
                          "mfn,84,*,US,4%\n"
                          "a,*,*,*,10%\n" },
        { NULL, NULL }
    };
    static const struct {
        const char *what;
        check_entry entry;
        bool        unmatched;
    } rows[] = { { "there is one", { .hs = "8481" }, false },
                 { "none for this product", { .hs = "8501" }, true },
                 { "the importer has none at all", { .hs = "8501", .importer = "DE" }, false } };
    check_law law;
    (void)state;
    check_law_open(&law, some);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_ask(&law, &rows[i].entry);
        check_row(check_find(&law, "total")->unmatched == rows[i].unmatched, rows[i].what);
    }
    check_law_close(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_gets_its_verdict),
        cmocka_unit_test(layers_are_told_in_the_order_of_the_day),
        cmocka_unit_test(branches_tell_their_claims_and_probabilities),
        cmocka_unit_test(what_is_known_of_a_shipment_is_checked),
        cmocka_unit_test(a_duty_that_does_not_fit_is_an_error),
        cmocka_unit_test(an_importer_with_ordinary_duties_but_none_on_the_line_is_noted),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
