/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Expected burdens against computed ones.
 */
#ifndef TARIFF_VERIFY_H
#define TARIFF_VERIFY_H

#include <tariff/law.h>

TARIFF_BEGIN_DECLS

/** A case that does not hold.  Pointers are valid during the callback only. */
typedef struct tariff_failed_case {
    size_t      size;
    const char *file;
    uint32_t    line;
    const char *id, *layer;
    const char *expected; /**< As written, such as "66.5%". */
    const char *computed; /**< Likewise; "" where there is no rate. */
    const char *why;      /**< What each layer charges. */
    const char *citation;
} tariff_failed_case;

typedef void (*tariff_failed_case_fn)(void *user, const tariff_failed_case *failed);

/**
 * Read cases from a CSV with the columns id,hs,origin,importer,date,claims,
 * parts,layer,expected,tolerance,citation and optionally value,quantity,unit.
 * Claims named are made, all others are not; parts not named are 0; the share
 * tables of the law are not read.
 *
 * @param[out] held, failed  numbers of cases.
 * @return TARIFF_OK if the file was read, whatever the cases say.
 * Ownership: what `fn` sees is the library's, during the call; threads: the law
 * is shared, the environment is not; `fn` on the caller's; failure: a status
 * and words; cases that do not hold are none.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_verify(tariff_env *env, const tariff_law *law,
                                                         const char           *path,
                                                         tariff_failed_case_fn fn, void *user,
                                                         uint64_t *held, uint64_t *failed);

TARIFF_END_DECLS

#endif
