/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Small laws and lines at random, drawn so that all that section 4 of the
 * specification tells of happens now and then.
 */
#ifndef TESTS_UNIT_RANDOM_LAW_H
#define TESTS_UNIT_RANDOM_LAW_H

#include "unit/law_model.h"
#include "unit/random.h"

typedef struct law_options {
    bool no_specific; /**< Only percentages. */
    bool no_first;    /**< No layer that is decided by the order of the file. */
    bool certain;     /**< No claims. */
} law_options;

/* Drawing lots */

#define LAW_PICK(random, pool) ((pool)[check_below((random), sizeof(pool) / sizeof *(pool))])

static inline law_span law_random_span(check_random *random)
{
    static const law_span pool[] = { { "", "" },           { "", "" },
                                     { "", "" },           { "2025-03-04", "" },
                                     { "", "2025-06-04" }, { "2025-06-04", "" },
                                     { "2025-03-04", "2025-06-04" } };
    return LAW_PICK(random, pool);
}

static inline law_item law_random_code(check_random *random)
{
    static const law_item pool[] = {
        { LAW_CODE, false, "84", NULL, { "", "" } },
        { LAW_CODE, false, "8481", NULL, { "", "" } },
        { LAW_CODE, false, "848180", NULL, { "", "" } },
        { LAW_CODE, false, "84818090", NULL, { "", "" } },
        { LAW_CODE, false, "85", NULL, { "", "" } },
        { LAW_CODE, false, "7326", NULL, { "", "" } },
        { LAW_RANGE, false, "8471", "8481", { "", "" } },
        { LAW_RANGE, false, "84", "8501", { "", "" } },
        { LAW_RANGE, false, "8481", "850110", { "", "" } },
    };
    return LAW_PICK(random, pool);
}

static inline law_scope law_random_products(check_random *random)
{
    static const law_item all = { LAW_ALL, false, "*", NULL, { "", "" } };
    static const law_item sets[] = { { LAW_NAME, false, "s0", NULL, { "", "" } },
                                     { LAW_NAME, false, "s1", NULL, { "", "" } } };
    law_scope scope = { .count = 1 };
    scope.items[0] = check_one_in(random, 2) ? all : law_random_code(random);
    if (check_one_in(random, 4))
        scope.items[scope.count++] = LAW_PICK(random, sets);
    if (check_one_in(random, 3)) {
        scope.items[scope.count] =
            check_one_in(random, 2) ? LAW_PICK(random, sets) : law_random_code(random);
        scope.items[scope.count++].minus = true;
    }
    return scope;
}

static inline law_scope law_random_countries(check_random *random, bool importers)
{
    static const law_item pool[] = { { LAW_ALL, false, "*", NULL, { "", "" } },
                                     { LAW_ALL, false, "*", NULL, { "", "" } },
                                     { LAW_NAME, false, "G", NULL, { "", "" } },
                                     { LAW_NAME, false, "H", NULL, { "", "" } },
                                     { LAW_CODE, false, "CN", NULL, { "", "" } },
                                     { LAW_CODE, false, "CA", NULL, { "", "" } } };
    static const law_item us = { LAW_CODE, false, "US", NULL, { "", "" } };
    law_scope             scope = { .count = 1 };
    scope.items[0] = LAW_PICK(random, pool);
    if (importers) {
        scope.items[0] = check_one_in(random, 2) ? us : pool[0];
        return scope;
    }
    if (check_one_in(random, 5)) {
        scope.items[scope.count] = pool[2 + check_below(random, 4)];
        scope.items[scope.count++].minus = check_one_in(random, 2);
    }
    return scope;
}

static inline law_term law_random_term(check_random *random, bool specific)
{
    static const struct {
        const char *text;
        int64_t     nano;
    } percents[] = { { "0%", 0 },         { "2.5%", 25000000 },        { "10%", 100000000 },
                     { "25%", 250000000 }, { "7.1234567%", 71234567 }, { "50%", 500000000 } },
      amounts[] = { { "1.5 USD", 1500000000 }, { "22 c", 220000000 }, { "0.000000003 USD", 3 } };
    static const char *const units[] = { "kg", "kg", "g", "t", "no" };
    static const int64_t     per[] = { 1, 1, 100, 1000 };
    law_term                 term = { .specific = specific, .part = -1, .per = 1 };
    if (specific) {
        unsigned i = check_below(random, 3);
        term.text = amounts[i].text;
        term.nano = amounts[i].nano;
        term.unit = LAW_PICK(random, units);
        /* The reference is exact to a millionth of a gram's price, so not per 1000 t. */
        term.per = strcmp(term.unit, "t") == 0 ? 1 : LAW_PICK(random, per);
    } else {
        unsigned i = check_below(random, 6);
        term.text = percents[i].text;
        term.nano = percents[i].nano;
    }
    if (check_one_in(random, 6))
        term.part = (int)check_below(random, LAW_PARTS);
    return term;
}

static inline law_rate law_random_rate(check_random *random, const law_options *options)
{
    law_rate rate = { .kind = LAW_SUM, .count = 1 };
    bool     specific = !options->no_specific && check_one_in(random, 4);
    rate.terms[0] = law_random_term(random, specific && check_one_in(random, 2));
    if (specific || check_one_in(random, 6))
        rate.terms[rate.count++] = law_random_term(random, specific);
    if (rate.count == 2 && check_one_in(random, 3))
        rate.kind = check_one_in(random, 2) ? LAW_MAX : LAW_MIN;
    /* Whether an amount on a part that is not there lacks its quantity is not asked here. */
    for (unsigned i = 0; rate.kind != LAW_SUM && i < rate.count; i++)
        if (rate.terms[i].specific)
            rate.terms[i].part = -1;
    return rate;
}

static inline void law_random_when(check_random *random, const law_options *options,
                                   law_measure *measure)
{
    static const int64_t thresholds[] = { 200000000, 400000000 };
    while (measure->when_count < 2 && check_one_in(random, 3)) {
        law_test *test = &measure->when[measure->when_count++];
        test->claim = !options->certain && !check_one_in(random, 3);
        test->minus = check_one_in(random, 2);
        test->number = (int)check_below(random, test->claim ? LAW_CLAIMS : LAW_PARTS);
        test->nano = LAW_PICK(random, thresholds);
    }
}

static inline law_measure law_random_measure(check_random *random, const law_options *options,
                                             int layer)
{
    law_measure m = { .layer = layer };
    m.products = law_random_products(random);
    m.origins = law_random_countries(random, false);
    m.importers = law_random_countries(random, true);
    m.span = law_random_span(random);
    m.rate = law_random_rate(random, options);
    m.rank = check_one_in(random, 4) ? (int)check_below(random, 3) - 1 : 0;
    if (check_one_in(random, 3)) {
        m.base = check_one_in(random, 3) ? LAW_BASE_EXCEPT : LAW_BASE_LIST;
        m.base_parts = 1 + check_below(random, (1u << LAW_PARTS) - 1);
    }
    law_random_when(random, options, &m);
    return m;
}

/* Shares differ in how closely they name an origin, so that no two of them tie. */
static inline law_shares law_random_shares(check_random *random, const int64_t *pool, unsigned n)
{
    static const law_item all = { LAW_ALL, false, "*", NULL, { "", "" } },
                          group = { LAW_NAME, false, "H", NULL, { "", "" } };
    law_shares shares = { .count = 0 };
    shares.rows[0] = (law_share){ "*", all, { "", "" }, pool[check_below(random, n)] };
    shares.rows[1] = (law_share){ "84", group, { "", "2025-06-04" }, pool[check_below(random, n)] };
    shares.rows[2] = (law_share){ check_one_in(random, 2) ? "84" : "8481", all,
                                  law_random_span(random), pool[check_below(random, n)] };
    shares.count = check_below(random, 4);
    return shares;
}

/* Who yields is always above who is yielded to; one pair turns round on 4 June. */
static inline void law_random_yields(check_random *random, law_model *law)
{
    static const law_span spring = { "", "2025-06-04" }, summer = { "2025-06-04", "" };
    int                   turns = 1 + (int)check_below(random, 2);
    for (int from = 1; from < (int)law->layer_count; from++)
        for (int to = 0; to < from; to++) {
            if (law->yield_count + 2 > LAW_YIELDS || !check_one_in(random, 3))
                continue;
            law_yield yield = { from, to, check_one_in(random, 3), law_random_span(random) };
            bool      turned =
                from == turns && to == turns - 1 && from + 1 < (int)law->layer_count;
            if (turned)
                yield.span = spring;
            law->yields[law->yield_count++] = yield;
            if (turned) {
                law_yield back = { to, from, check_one_in(random, 3), summer };
                law->yields[law->yield_count++] = back;
            }
        }
}

/* The last layer may top others up; nobody has to wait for it. */
static inline void law_random_top(check_random *random, law_model *law)
{
    static const struct {
        const char *text;
        int64_t     nano;
    } targets[] = { { "15%", 150000000 }, { "33.3333333%", 333333333 } };
    int last = (int)law->layer_count - 1;
    for (unsigned i = 0; i < law->measure_count; i++) {
        law_measure *m = &law->measures[i];
        if (m->layer != last || check_one_in(random, 3))
            continue;
        unsigned target = check_below(random, 2);
        m->rate = (law_rate){ .kind = LAW_TO, .count = 1 };
        m->rate.terms[0] = (law_term){ .text = targets[target].text, .nano = targets[target].nano,
                                       .part = -1 };
        if (check_one_in(random, 2))
            m->rate.over = 1 + check_below(random, (1u << last) - 1);
    }
}

static inline law_model law_random(check_random *random, const law_options *options)
{
    static const int64_t     parts[] = { 0, 100000000, 123456789, 300000000, 200000000 };
    static const int64_t     claims[] = { 0, 300000000, 850000000, 123456789, 1000000000,
                                          999999999 };
    static const law_select selects[] = { LAW_SPECIFIC, LAW_SPECIFIC, LAW_SPECIFIC, LAW_HIGHEST,
                                          LAW_LOWEST,   LAW_SUM_ALL,  LAW_FIRST };
    law_model law;
    memset(&law, 0, sizeof law);
    law.layer_count = 2 + check_below(random, LAW_LAYERS - 2);
    for (unsigned i = 0; i < law.layer_count; i++) {
        law.layers[i].ordinary = check_one_in(random, 3);
        law.layers[i].select =
            selects[check_below(random, options->no_first ? 6 : 7)];
    }
    for (unsigned s = 0; s < 2; s++) {
        law.sets[s].count = 1 + check_below(random, 2);
        for (unsigned i = 0; i < law.sets[s].count; i++) {
            law.sets[s].items[i] = law_random_code(random);
            law.sets[s].items[i].span = law_random_span(random);
        }
    }
    law.measure_count = law.layer_count + check_below(random, 14);
    for (unsigned i = 0; i < law.measure_count; i++)
        law.measures[i] =
            law_random_measure(random, options,
                               (int)(i < law.layer_count ? i : check_below(random,
                                                                           law.layer_count)));
    law_random_yields(random, &law);
    if (check_one_in(random, 2))
        law_random_top(random, &law);
    for (unsigned i = 0; i < LAW_PARTS; i++)
        law.parts[i] = law_random_shares(random, parts, 5);
    for (unsigned i = 0; i < LAW_CLAIMS; i++)
        law.claims[i] = law_random_shares(random, claims, options->certain ? 1 : 6);
    return law;
}

static inline void law_random_known(check_random *random, const char *prefix,
                                    const int64_t *pool, int64_t *known, unsigned count,
                                    char *words, size_t size)
{
    size_t n = 0;
    for (unsigned i = 0; i < count; i++) {
        known[i] = check_one_in(random, 2) ? -1 : pool[check_below(random, 5)];
        if (known[i] >= 0)
            n += (size_t)snprintf(words + n, size - n, "%s%s%u=%lld.%09lld", n ? " " : "", prefix,
                                  i, (long long)known[i] / 1000000000,
                                  (long long)known[i] % 1000000000);
    }
}

static inline void law_random_line(check_random *random, law_line *line)
{
    static const char *const codes[] = { "84818090", "84818010", "84713010", "85011000",
                                         "85099000", "73269086", "01012100" };
    static const char *const origins[] = { "IN", "CN", "CA", "JP" };
    static const char *const importers[] = { "US", "US", "DE" };
    static const char *const days[] = { "2025-03-03", "2025-03-04", "2025-06-03", "2025-06-04",
                                        "2025-10-01" };
    static const char *const units[] = { "kg", "t", "g", "no" };
    static const int64_t     claims[] = { 0, 850000000, 123456789, 1000000000, 700000000 };
    /* Two parts may exceed the whole together: scaled and rounded, two add up to one. */
    static const int64_t     parts[] = { 0, 400000000, 123456789, 900000000, 1000000000 };
    memset(line, 0, sizeof *line);
    line->entry.hs = LAW_PICK(random, codes);
    line->entry.origin = LAW_PICK(random, origins);
    line->entry.importer = LAW_PICK(random, importers);
    line->entry.date = LAW_PICK(random, days);
    snprintf(line->value, sizeof line->value, "%u.%02u", check_below(random, 10000),
             check_below(random, 100));
    line->entry.value = line->value;
    if (!check_one_in(random, 4)) {
        snprintf(line->quantity, sizeof line->quantity, "%u.%04u", check_below(random, 10),
                 check_below(random, 10000));
        line->entry.quantity = line->quantity;
        line->entry.unit = LAW_PICK(random, units);
    }
    for (unsigned i = 0; i < LAW_PARTS; i++)
        line->parts[i] = line->claims[i] = -1;
    if (check_one_in(random, 2)) {
        law_random_known(random, "c", claims, line->claims, LAW_CLAIMS, line->claim_words,
                         sizeof line->claim_words);
        line->entry.claims = line->claim_words;
    }
    if (check_one_in(random, 2)) {
        for (line->parts[2] = 1; line->parts[2] != 0;) {
            line->part_words[0] = '\0';
            law_random_known(random, "p", parts, line->parts, LAW_PARTS, line->part_words,
                             sizeof line->part_words);
        }
        line->entry.parts = line->part_words;
    }
}

#endif
