/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Shipments asked of a law that a fuzz target made, and what any answer obeys.
 */
#ifndef TESTS_FUZZ_ASK_H
#define TESTS_FUZZ_ASK_H

#include "fuzz/fuzz.h"

static inline void fuzz_take_step(void *user, const tariff_step *step)
{
    (void)user;
    fuzz_require(*step->layer && *step->verdict && step->rate && step->reason && step->citation);
    fuzz_require(step->duty[0] != '-'); /* no layer pays the importer */
}

static inline void fuzz_take_total(void *user, const tariff_total *total)
{
    (void)user;
    fuzz_require(*total->name && total->duty[0] != '-');
}

static inline void fuzz_ask(tariff_env *env, const tariff_law *law)
{
    static const struct {
        const char *hs, *origin, *date, *quantity, *claims, *parts;
    } asked[] = {
        { "61091000", "IN", "2025-08-27", "20", NULL, NULL },
        { "6109", "CN", "2025-08-06", NULL, NULL, NULL },
        { "84", "DE", "1999-12-31", "0.0001", NULL, NULL },
        { "7208100000", "CA", "2026-01-01", "1", "usmca", "steel=0.4" },
    };
    tariff_explainer to = { .step = fuzz_take_step, .total = fuzz_take_total };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        tariff_entry entry = TARIFF_ENTRY_INIT;
        bool         good =
            tariff_hs_parse(asked[i].hs, strlen(asked[i].hs), &entry.hs) == TARIFF_OK
            && tariff_country_parse(asked[i].origin, 2, &entry.origin) == TARIFF_OK
            && tariff_country_parse("US", 2, &entry.importer) == TARIFF_OK
            && tariff_date_parse(asked[i].date, 10, &entry.date) == TARIFF_OK
            && tariff_money_parse("1000.5", 6, &entry.value) == TARIFF_OK;
        fuzz_require(good);
        if (asked[i].quantity) {
            fuzz_require(tariff_money_parse(asked[i].quantity, strlen(asked[i].quantity),
                                            &entry.quantity)
                         == TARIFF_OK);
            fuzz_require(tariff_unit_parse("kg", 2, &entry.unit) == TARIFF_OK);
        }
        entry.claims = asked[i].claims;
        entry.parts = asked[i].parts;
        size_t        errors = tariff_env_errors(env);
        tariff_status status = tariff_explain(env, law, &entry, &to);
        fuzz_require(status == TARIFF_OK || tariff_env_errors(env) > errors);
        fuzz_require(status != TARIFF_OK || tariff_env_errors(env) == errors);
    }
}

#endif
