/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenarios taken from a base are those of a run, to the last digit of every table:
 * on laws, flows and changes at random, and on real ones where they are there; what
 * a base cannot know is run in full, and says so.
 */
#include "unit/law_files.h"

#include <pthread.h>

enum { LAWS = 120, VARIANTS = 8 };

static const law_options any_law = { 0 };

#define PICK(random, pool) ((pool)[check_below((random), sizeof(pool) / sizeof *(pool))])

/* The same tables */

static void same_table(const tariff_table *a, const tariff_table *b, const char *what)
{
    size_t columns = tariff_table_columns(a);
    if (columns != tariff_table_columns(b) || tariff_table_rows(a) != tariff_table_rows(b))
        fail_msg("%s: other rows or columns", what);
    for (size_t row = 0; row < tariff_table_rows(a); row++)
        for (size_t i = 0; i < columns; i++) {
            const char *x = tariff_table_cell(a, row, i), *y = tariff_table_cell(b, row, i);
            if (strcmp(x, y) != 0)
                fail_msg("%s: row %zu, %s (%s %s): %s instead of %s", what, row,
                         tariff_table_header(a, i), tariff_table_cell(a, row, 2),
                         tariff_table_cell(a, row, 3), x, y);
        }
}

static void same_sums(const tariff_sums *a, const tariff_sums *b, const char *what)
{
    if (memcmp(a, b, sizeof *a) != 0)
        fail_msg("%s: other sums", what);
}

static void same_numbers(const tariff_result *a, const tariff_result *b, const char *what)
{
    tariff_sums   x = TARIFF_SUMS_INIT, y = TARIFF_SUMS_INIT;
    tariff_money  covered[2], duty[2];
    tariff_hs     product[2];
    const char   *name[2];
    tariff_status status;
    assert_int_equal(tariff_result_total(a, &x), TARIFF_OK);
    assert_int_equal(tariff_result_total(b, &y), TARIFF_OK);
    same_sums(&x, &y, what);
    size_t i = 0;
    while ((status = tariff_result_layer(a, i, &name[0], &covered[0], &duty[0])) == TARIFF_OK) {
        assert_int_equal(tariff_result_layer(b, i++, &name[1], &covered[1], &duty[1]), TARIFF_OK);
        assert_string_equal(name[0], name[1]);
        assert_int_equal(covered[0].e4, covered[1].e4);
        assert_int_equal(duty[0].e4, duty[1].e4);
    }
    assert_int_equal(status, TARIFF_E_ARG);
    assert_int_equal(tariff_result_layer(b, i, NULL, &covered[1], &duty[1]), TARIFF_E_ARG);
    for (i = 0; tariff_result_product(a, i, &product[0], &x) == TARIFF_OK; i++) {
        assert_int_equal(tariff_result_product(b, i, &product[1], &y), TARIFF_OK);
        assert_true(product[0].key == product[1].key);
        same_sums(&x, &y, what);
    }
    assert_int_equal(tariff_result_product(b, i, &product[1], &y), TARIFF_E_ARG);
}

static void same_results(const tariff_result *a, const tariff_result *b, const char *what)
{
    const char *name;
    size_t      tables = 0;
    for (size_t i = 0; tariff_result_table_at(b, i, &name); i++, tables++) {
        if (!tariff_result_table(a, name))
            fail_msg("%s: no table %s", what, name);
        same_table(tariff_result_table(a, name), tariff_result_table(b, name), what);
    }
    assert_null(tariff_result_table_at(a, tables, NULL));
    same_numbers(a, b, what);
}

/* Scenarios of one base */

typedef struct count {
    unsigned varied, in_full, refused;
} count;

/* From the base, and as a run has it; both fail alike. */
static void check_variant(tariff_env *env, const tariff_base *base,
                          const tariff_scenario *scenario, const char *more, count *n)
{
    tariff_scenario   *variant = NULL;
    tariff_result     *from_base = NULL, *run = NULL;
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    options.threads = 1;
    tariff_status status = tariff_scenario_variant(env, scenario, &more, 1, &variant);
    if (status != TARIFF_OK)
        fail_msg("%s is refused", more);
    status = tariff_run(env, variant, &options, &run);
    tariff_status other = tariff_base_run(env, base, variant, &from_base);
    if (status != other)
        fail_msg("%s: %s instead of %s", more, tariff_status_name(other),
                 tariff_status_name(status));
    if (status == TARIFF_OK) {
        same_results(from_base, run, more);
        ++*(*tariff_result_in_full(from_base) ? &n->in_full : &n->varied);
    } else {
        assert_null(from_base);
        n->refused++;
    }
    tariff_result_free(run);
    tariff_result_free(from_base);
    tariff_scenario_free(variant);
}

/* Changes at random */

static void put_scope(check_random *random, law_text *text)
{
    static const char *const codes[] = { "84", "8481", "848180", "84818090", "8471-8481",
                                         "\"84 !8481\"", "\"@s0\"", "\"85 7326\"", "\"*\"",
                                         "\"* !8481\"", "9999", "01012100" };
    static const char *const countries[] = { "IN", "\"@G\"", "\"@H !CA\"", "CN", "\"* !IN\"",
                                             "\"CA CN\"", "JP" };
    static const char *const from[] = { "2025-03-04", "2025-06-04", "2025-06-04", "2025-04-01" };
    if (check_one_in(random, 2))
        law_put(text, ", products: %s", PICK(random, codes));
    if (check_one_in(random, 3))
        law_put(text, ", origins: %s", PICK(random, countries));
    if (check_one_in(random, 8))
        law_put(text, ", importers: %s", check_one_in(random, 2) ? "US" : "DE");
    if (check_one_in(random, 4))
        law_put(text, ", from: %s", PICK(random, from));
    if (check_one_in(random, 8))
        law_put(text, ", until: 2025-10-01");
}

static void put_layers(check_random *random, const law_model *law, law_text *text)
{
    unsigned a = check_below(random, law->layer_count), b = check_below(random, law->layer_count);
    if (check_one_in(random, 4) && a != b)
        law_put(text, "[l%u, l%u]", a, b);
    else
        law_put(text, "l%u", a);
}

static void put_add(check_random *random, const law_model *law, law_text *text)
{
    static const char *const rates[] = { "10%", "25%", "7.1234567%", "0%", "12.5%", "\"to 20%\"",
                                         "10% + 1.5 USD/kg", "exempt" };
    bool made = check_one_in(random, 2);
    law_put(text, "{add: {layer: %s%u, rate: %s", made ? "n" : "l",
            check_below(random, made ? 2 : law->layer_count),
            check_one_in(random, 5) ? PICK(random, rates) : rates[check_below(random, 5)]);
    put_scope(random, text);
    if (check_one_in(random, 4))
        law_put(text, ", yields_to: l%u", check_below(random, law->layer_count));
    if (check_one_in(random, 6))
        law_put(text, ", scope: line");
    if (check_one_in(random, 8))
        law_put(text, ", when: c0");
    if (check_one_in(random, 8))
        law_put(text, ", base: p0");
    if (check_one_in(random, 8))
        law_put(text, ", rank: 1");
    law_put(text, "}}");
}

static void put_redefinition(check_random *random, law_text *text)
{
    static const char *const some[] = { "{include: {set: s0, products: \"8481\"}}",
                                        "{exclude: {set: s1, products: \"84\"}}",
                                        "{join: {group: G, countries: JP}}",
                                        "{leave: {group: H, countries: CA}}",
                                        "{share: {claim: c0, share: 30%}}",
                                        "{share: {part: p1, origins: CN, share: 12.5%}}" };
    law_put(text, "%s", PICK(random, some));
}

static void put_change(check_random *random, const law_model *law, law_text *text)
{
    static const char *const rates[] = { "10%", "18%", "0%", "33.3%", "\"to 15%\"", "2 USD/kg" };
    static const char *const steps[] = { "+5%", "-5%", "+0.0000001%", "-50%" };
    static const char *const factors[] = { "0.5", "2", "0", "1.1234567" };
    static const char *const kinds[] = { "set", "shift", "shift", "scale", "exempt", "suspend" };
    if (check_one_in(random, 3)) {
        put_add(random, law, text);
        return;
    }
    if (check_one_in(random, 12)) {
        put_redefinition(random, text);
        return;
    }
    unsigned kind = check_below(random, 6);
    law_put(text, "{%s: {layer: ", kinds[kind]);
    put_layers(random, law, text);
    if (kind == 0)
        law_put(text, ", rate: %s", check_one_in(random, 4) ? PICK(random, rates)
                                                           : rates[check_below(random, 4)]);
    else if (kind < 3)
        law_put(text, ", by: %s", PICK(random, steps));
    else if (kind == 3)
        law_put(text, ", by: %s", PICK(random, factors));
    put_scope(random, text);
    law_put(text, "}}");
}

static void put_changes(check_random *random, const law_model *law, unsigned n, law_text *text)
{
    law_put(text, "[");
    for (unsigned i = 0; i < n; i++) {
        law_put(text, "%s", i ? ", " : "");
        put_change(random, law, text);
    }
    law_put(text, "]");
}

/* Flows of every origin and period, some of them with codes coarser than the law's. */
static void write_flows(check_random *random, const char *path)
{
    static const char *const codes[] = { "84818090", "84818010", "84713010", "85011000", "85099000",
                                         "73269086", "01012100", "848180" };
    static const char *const origins[] = { "IN", "CN", "CA", "JP", "DE" };
    static const char *const periods[] = { "2025-01", "2025-03-04", "2025-05", "2025-06-04",
                                           "2025-11", "2025-03-03" };
    bool     coarse = check_one_in(random, 4);
    unsigned rows = 20 + check_below(random, 120);
    FILE    *out = fopen(path, "w");
    assert_non_null(out);
    fputs("hs,origin,importer,period,value\n", out);
    for (unsigned i = 0; i < rows; i++)
        fprintf(out, "%s,%s,%s,%s,%u.%02u\n", codes[check_below(random, coarse ? 8 : 7)],
                PICK(random, origins), check_one_in(random, 4) ? "DE" : "US",
                PICK(random, periods), check_below(random, 100000), check_below(random, 100));
    fclose(out);
}

static void write_scenario(check_random *random, const law_model *law, const char *directory,
                           const char *path)
{
    static const char *const dates[] = { "period", "period", "2025-06-04", "2025-08-27",
                                         "period-average" };
    law_text text = { .n = 0 };
    bool     average = check_one_in(random, 12);
    law_put(&text, "tariff: 1\nname: test\ndate: %s\nschedule: %s\nflows: {file: flows%s.csv}\n",
            average ? dates[4] : dates[check_below(random, 4)], strrchr(directory, '/') + 1,
            strrchr(directory, '/') + 1);
    if (check_one_in(random, 4))
        law_put(&text, "where: {origins: \"* !IN\", products: \"84 85 73\"}\n");
    if (check_one_in(random, 2))
        law_put(&text, "reports: [summary, layers, {products: {digits: %u}}, "
                       "{products_layers: {digits: %u}}, origins, importers, brackets%s]\n",
                2 + 2 * check_below(random, 4), 2 + 2 * check_below(random, 4),
                check_one_in(random, 10) ? ", products_origins" : "");
    law_put(&text, "exchange: {EUR: 1.1}\nchanges: ");
    put_changes(random, law, check_below(random, 3), &text);
    law_put(&text, "\n");
    check_write(path, text.at);
}

static void try_law(check_random *random, count *n)
{
    static const check_file none[] = { { NULL, NULL } };
    char                    flows[2 * CHECK_PATH], path[CHECK_PATH + 8];
    law_model               model = law_random(random, &any_law);
    check_law               law;
    tariff_base            *base = NULL;
    tariff_run_options      options = TARIFF_RUN_OPTIONS_INIT;
    check_law_write(&law, none);
    law_write(&model, law.directory);
    snprintf(flows, sizeof flows, "%s/flows%s.csv", check_root, strrchr(law.directory, '/') + 1);
    snprintf(path, sizeof path, "%s.yaml", law.directory);
    write_flows(random, flows);
    write_scenario(random, &model, law.directory, path);
    options.threads = 1 + check_below(random, 2);
    if (tariff_scenario_load(law.env, path, NULL, 0, &law.scenario) == TARIFF_OK
        && tariff_base_new(law.env, law.scenario, &options, NULL, &base) == TARIFF_OK)
        for (unsigned i = 0; i < VARIANTS; i++) {
            law_text more = { .n = 0 };
            law_put(&more, "changes+=");
            put_changes(random, &model, i ? 1 + check_below(random, 4) : 0, &more);
            check_variant(law.env, base, law.scenario, more.at, n);
        }
    tariff_base_free(base);
    check_law_close(&law);
}

static void laws_at_random(void **state)
{
    count        n = { 0, 0, 0 };
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (unsigned i = 0; i < LAWS; i++)
        try_law(&random, &n);
    print_message("%u varied, %u in full, %u refused\n", n.varied, n.in_full, n.refused);
    assert_true(n.varied > LAWS && n.in_full > LAWS / 2);
}

/* The law of the United States, on flows that ship */

static void real_laws(void **state)
{
    static const struct {
        const char *path, *more[6];
    } rows[] = {
        { "scenarios/india-us-2025.yaml",
          { "changes+=[{set: {layer: reciprocal, origins: IN, rate: 18%}}, "
            "{suspend: {layer: russia_oil}}]",
            "changes+=[{add: {layer: penalty, products: \"6109 7113 0306\", rate: 10%, "
            "yields_to: [s232_steel]}}]",
            "changes+=[{exempt: {layer: [reciprocal, russia_oil], products: \"61-63 !6109\"}}]",
            "changes+=[{shift: {layer: mfn, by: +1%}}, {scale: {layer: s232_steel, by: 0.5}}]",
            NULL } },
        { "scenarios/canada-us-2025-08-01.yaml",
          { "changes+=[{scale: {layer: ieepa_fentanyl_ca_mx, by: 0.5}}]",
            "changes+=[{add: {layer: s232_wood, products: 4403 4407.11 44, rate: 12.5%}}]",
            "changes+=[{share: {claim: usmca, origins: CA, share: 85%}}]", NULL } },
    };
    check_log log;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        count            n = { 0, 0, 0 };
        tariff_env      *env = check_env(&log);
        tariff_scenario *scenario;
        tariff_base     *base;
        assert_int_equal(tariff_scenario_load(env, rows[i].path, NULL, 0, &scenario), TARIFF_OK);
        assert_int_equal(tariff_base_new(env, scenario, NULL, NULL, &base), TARIFF_OK);
        for (const char *const *more = rows[i].more; *more; more++)
            check_variant(env, base, scenario, *more, &n);
        print_message("%s: %u varied, %u in full\n", rows[i].path, n.varied, n.in_full);
        assert_true(n.varied >= 2 && n.refused == 0);
        tariff_base_free(base);
        tariff_scenario_free(scenario);
        tariff_env_free(env);
    }
}

/* One base, many threads; two bases of the same flows */

static const check_file small[] = {
    { "layers.csv", "layer,kind\nmfn,ordinary\nsteel,additional\norder,additional\n" },
    { "yields.csv", "layer,to,scope\norder,steel,line\n" },
    { "sets/exempt.csv", "hs\n0101\n" },
    { "measures.csv", "layer,products,origins,from,rate\n"
                      "mfn,0101,*,,2.5%\n"
                      "mfn,7326,*,,4%\n"
                      "steel,732690,*,2025-03-12,25%\n"
                      "order,*,IN,,10%\n"
                      "order,*,CN,2025-06-04,20%\n"
                      "order,@exempt,*,,exempt\n" },
    { NULL, NULL }
};

static const char small_flows[] = "hs,origin,importer,period,value\n"
                                  "01012100,IN,US,2025-01,1000\n"
                                  "73269086,IN,US,2025-01,2000\n"
                                  "73269086,IN,US,2025-07,3000.5\n"
                                  "73261100,CN,US,2025-07,4000\n"
                                  "73269010,CN,US,2025-05,5000\n"
                                  "84818090,VN,US,2025-07,6000\n";

typedef struct sample {
    check_law       law;
    tariff_base    *base;
} sample;

static void open_sample(sample *s, const char *lines)
{
    char path[2 * CHECK_PATH], text[1024];
    check_law_write(&s->law, small);
    snprintf(path, sizeof path, "%s/flows.csv", check_root);
    check_write(path, small_flows);
    snprintf(path, sizeof path, "%s.yaml", s->law.directory);
    snprintf(text, sizeof text,
             "tariff: 1\nname: small\nschedule: %s\nflows: {file: flows.csv}\n%s",
             strrchr(s->law.directory, '/') + 1, lines);
    check_write(path, text);
    s->base = NULL;
    if (tariff_scenario_load(s->law.env, path, NULL, 0, &s->law.scenario) != TARIFF_OK
        || tariff_base_new(s->law.env, s->law.scenario, NULL, NULL, &s->base) != TARIFF_OK)
        fail_msg("the sample is refused: %s", s->law.log.text);
}

static void close_sample(sample *s)
{
    tariff_base_free(s->base);
    check_law_close(&s->law);
}

static const char *const ideas[] = {
    "changes+=[{shift: {layer: order, by: +5%}}]",
    "changes+=[{add: {layer: levy, products: 7326 84, rate: 5%, yields_to: [steel]}}]",
    "changes+=[{suspend: {layer: order, origins: CN}}]",
    "changes+=[{exclude: {set: exempt, products: \"0101\"}}]",
    "changes+=[]"
};
enum { IDEAS = sizeof ideas / sizeof *ideas, ROUNDS = 20 };

typedef struct racer {
    const sample        *sample;
    const tariff_result *expected[IDEAS];
    unsigned             other; /* results that are not the expected ones */
} racer;

static void *race(void *user)
{
    racer      *r = user;
    check_log   log;
    tariff_env *env = check_env(&log);
    for (unsigned i = 0; i < IDEAS * ROUNDS; i++) {
        const tariff_result *expected = r->expected[i % IDEAS];
        tariff_scenario     *variant = NULL;
        tariff_result       *result = NULL;
        tariff_sums          a = TARIFF_SUMS_INIT, b = TARIFF_SUMS_INIT;
        if (tariff_scenario_variant(env, r->sample->law.scenario, &ideas[i % IDEAS], 1, &variant)
                != TARIFF_OK
            || tariff_base_run(env, r->sample->base, variant, &result) != TARIFF_OK
            || tariff_result_total(result, &a) != TARIFF_OK
            || tariff_result_total(expected, &b) != TARIFF_OK || memcmp(&a, &b, sizeof a) != 0
            || strcmp(tariff_result_in_full(result), tariff_result_in_full(expected)) != 0)
            r->other++;
        tariff_result_free(result);
        tariff_scenario_free(variant);
    }
    tariff_env_free(env);
    return NULL;
}

static void threads_share_a_base(void **state)
{
    sample           s;
    tariff_scenario *variants[IDEAS];
    tariff_result   *results[IDEAS];
    racer            racers[4];
    pthread_t        threads[4];
    (void)state;
    open_sample(&s, "date: period\n");
    for (unsigned i = 0; i < IDEAS; i++) {
        assert_int_equal(tariff_scenario_variant(s.law.env, s.law.scenario, &ideas[i], 1,
                                                 &variants[i]),
                         TARIFF_OK);
        assert_int_equal(tariff_base_run(s.law.env, s.base, variants[i], &results[i]), TARIFF_OK);
    }
    for (unsigned i = 0; i < 4; i++) {
        racers[i] = (racer){ .sample = &s };
        memcpy(racers[i].expected, results, sizeof results);
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(racers[i].other, 0);
    }
    for (unsigned i = 0; i < IDEAS; i++) {
        tariff_result_free(results[i]);
        tariff_scenario_free(variants[i]);
    }
    close_sample(&s);
}

static void bases_share_flows(void **state)
{
    sample           s;
    count            n = { 0, 0, 0 };
    tariff_scenario *open;
    tariff_base     *beside;
    (void)state;
    open_sample(&s, "date: period\n");
    assert_int_equal(tariff_scenario_variant(s.law.env, s.law.scenario, &ideas[3], 1, &open),
                     TARIFF_OK);
    assert_int_equal(tariff_base_new(s.law.env, open, NULL, s.base, &beside), TARIFF_OK);
    for (unsigned i = 0; i < 3; i++) {
        check_variant(s.law.env, beside, open, ideas[i], &n);
        check_variant(s.law.env, s.base, s.law.scenario, ideas[i], &n);
    }
    assert_int_equal(n.varied, 6);
    tariff_base_free(beside);
    tariff_scenario_free(open);
    close_sample(&s);
}

/* What a base cannot know, and what it can */

static void says_what_is_run_in_full(void **state)
{
    static const struct {
        const char *lines, *more, *why;
    } rows[] = {
        { "date: period\n", "changes+=[{set: {layer: order, rate: 12%}}]", "" },
        { "date: period\n", "changes+=[{add: {layer: steel, products: 8481, rate: 10%}}]", "" },
        { "date: period\n", "changes+=[{exempt: {layer: order, products: \"@exempt\"}}]", "" },
        { "date: 2025-07-01\n", "changes+=[{shift: {layer: order, by: 1%, from: 2025-06-30}}]", "" },
        { "date: period\n", "title=other", "" },
        { "date: period\n", "reports=[summary, {products: {digits: 4}}]",
          "products are reported with more digits than those of the base" },
        { "date: period\n", "changes+=[{shift: {layer: order, by: 1%, from: 2025-05-15}}]",
          "a change begins or ends where the law of the base does not change" },
        { "date: period\n", "changes+=[{add: {layer: order, products: 7326, rate: 1%}}]",
          "a measure is added beside others of its layer" },
        { "date: period\n", "changes+=[{suspend: {layer: steel}}]",
          "a layer no longer charges for which others were left out" },
        { "date: period\n", "changes+=[{add: {layer: new, rate: 1 USD/kg}}]",
          "a measure is added that is no plain percentage of the whole value" },
        { "date: period\n", "changes+=[{set: {layer: order, rate: to 15%}}]",
          "a rate is set that is no plain percentage" },
        { "date: period\n", "changes+=[{exclude: {set: exempt, products: \"0101\"}}]",
          "lists, groups or shares are changed" },
        { "date: period\n", "changes+=[{exempt: {layer: order, products: \"7326908612\"}}]",
          "some flows have codes coarser than a change" },
        { "date: period\n", "changes+=[{exempt: {layer: order, products: \"* !7326\"}}]",
          "a change is of all products but some" },
        { "date: period\n", "where={origins: IN}",
          "it differs from the base in more than further changes" },
        { "date: period\nchanges: [{shift: {layer: order, by: 1%}}]\n", "changes=[]",
          "it differs from the base in more than further changes" },
        { "date: period-average\n", "changes+=[]", "flows are judged over their period" },
        { "dates: [2025-01-01, 2025-07-01]\n", "date=2025-07-01", "the base has several dates" },
        { "date: period\nbaseline: {date: 2025-01-01}\n", "changes+=[]",
          "the base is compared, or answered by a model" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sample           s;
        count            n = { 0, 0, 0 };
        tariff_scenario *variant;
        tariff_result   *result;
        open_sample(&s, rows[i].lines);
        check_variant(s.law.env, s.base, s.law.scenario, rows[i].more, &n);
        assert_int_equal(n.refused, 0);
        assert_int_equal(tariff_scenario_variant(s.law.env, s.law.scenario, &rows[i].more, 1,
                                                 &variant),
                         TARIFF_OK);
        assert_int_equal(tariff_base_run(s.law.env, s.base, variant, &result), TARIFF_OK);
        check_text(tariff_result_in_full(result), rows[i].why, rows[i].more);
        tariff_result_free(result);
        tariff_scenario_free(variant);
        close_sample(&s);
    }
}

static void errors_are_told(void **state)
{
    static const char *const more[] = { "changes+=[{shift: {layer: ordr, by: 5%}}]" };
    sample                   s;
    tariff_scenario         *variant;
    tariff_result           *result;
    (void)state;
    open_sample(&s, "date: period\n");
    assert_int_equal(tariff_scenario_variant(s.law.env, s.law.scenario, more, 1, &variant),
                     TARIFF_OK);
    assert_int_equal(tariff_base_run(s.law.env, s.base, variant, &result), TARIFF_E_REFERENCE);
    assert_null(result);
    check_said(&s.law.log, "did you mean 'order'?");
    tariff_scenario_free(variant);
    assert_int_equal(tariff_scenario_variant(s.law.env, s.law.scenario,
                                             &(const char *){ "chnges=[]" }, 1, &variant),
                     TARIFF_E_SCHEMA);
    assert_null(variant);
    check_said(&s.law.log, "did you mean 'changes'?");
    close_sample(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_at_random),       cmocka_unit_test(real_laws),
        cmocka_unit_test(threads_share_a_base), cmocka_unit_test(bases_share_flows),
        cmocka_unit_test(says_what_is_run_in_full), cmocka_unit_test(errors_are_told),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
