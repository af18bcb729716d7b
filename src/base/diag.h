/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * How the library speaks: one call per message, with its place.
 */
#ifndef TF_BASE_DIAG_H
#define TF_BASE_DIAG_H

#include "base/env.h"

#include <stdarg.h>

/** Where a message points; zero what is unknown. */
typedef struct tf_place {
    const char *file;
    uint32_t    line, column;
    const char *field;
    const char *excerpt; /**< NUL-terminated. */
    const char *looked;  /**< Where else what is named here was looked for; NULL: nowhere. */
} tf_place;

/**
 * Why a text could not be parsed: filled by the parsers of values, passed on
 * by the loaders, which know the place.
 */
typedef struct tf_why {
    tariff_status status;
    size_t        at; /**< Offset of the offending byte in the text. */
    char          message[256];
    char          hint[256]; /**< "" for none. */
} tf_why;

/** Fill `why` (which may be NULL) and return `status`. */
tariff_status tf_because(tf_why *why, tariff_status status, size_t at, const char *hint,
                         const char *format, ...) TARIFF_PRINTF(5, 6);

/** The same for memory that ran out: what a parser says must never be without a status. */
tariff_status tf_no_memory(tf_why *why);

/** Report an error and return `status`.  `place` and `hint` may be NULL. */
tariff_status tf_error(tariff_env *env, tariff_status status, const tf_place *place,
                       const char *hint, const char *format, ...) TARIFF_PRINTF(5, 6);
void          tf_warning(tariff_env *env, const tf_place *place, const char *hint,
                         const char *format, ...) TARIFF_PRINTF(4, 5);
void          tf_note(tariff_env *env, const tf_place *place, const char *format, ...)
    TARIFF_PRINTF(3, 4);

/** Pass on what another environment reported, and count it here. */
void tf_forward(tariff_env *env, const tariff_diag *diag);

/** What was reported up to now, and to whom. */
typedef struct tf_hush {
    tariff_diag_fn on_diag;
    void          *on_diag_user;
    size_t         errors, warnings;
    tariff_status  first_error;
} tf_hush;

/** Until tf_hush_end() reports are neither passed on nor counted: of what is done once more. */
tf_hush tf_hush_begin(tariff_env *env);
void    tf_hush_end(tariff_env *env, const tf_hush *hush);

/**
 * A loader that reports all errors of its input calls tf_begin() first, goes
 * on after tf_error() while tf_may_go_on(), and returns tf_end().
 */
void          tf_begin(tariff_env *env);
bool          tf_may_go_on(const tariff_env *env);
tariff_status tf_end(const tariff_env *env);

/**
 * The candidate that `word` most resembles, or NULL if none is close: for
 * hints.  `name` returns the i-th candidate, NULL after the last.
 */
const char *tf_nearest(const char *word, size_t length,
                       const char *(*name)(const void *list, size_t i), const void *list);

/** The same over an array of names that ends with NULL. */
const char *tf_nearest_of(const char *word, size_t length, const char *const *names);

#endif
