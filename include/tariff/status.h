/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARIFF_STATUS_H
#define TARIFF_STATUS_H

#include <tariff/export.h>

TARIFF_BEGIN_DECLS

/**
 * The kind of outcome of every call that can fail, so that callers can branch
 * on it.  The words, with file, line, column and hint, arrive through the
 * environment's diagnostics (diag.h).  Values are never renumbered.
 */
typedef enum tariff_status {
    TARIFF_OK = 0,

    TARIFF_E_NOMEM = 1,     /**< An allocation failed. */
    TARIFF_E_ARG = 2,       /**< The caller broke a documented precondition. */
    TARIFF_E_IO = 3,        /**< The operating system refused a read or a write. */
    TARIFF_E_LIMIT = 4,     /**< A limit of the environment was reached. */
    TARIFF_E_CANCELLED = 5, /**< A callback asked to stop. */

    TARIFF_E_SYNTAX = 100,    /**< Not well-formed CSV, YAML or duty expression. */
    TARIFF_E_SCHEMA = 101,    /**< Well-formed, but a column or key is wrong. */
    TARIFF_E_VALUE = 102,     /**< A field holds an impossible value. */
    TARIFF_E_REFERENCE = 103, /**< Names a country, layer, set or claim that does not exist. */
    TARIFF_E_CONFLICT = 104,  /**< Two rules contradict each other. */

    TARIFF_E_OVERFLOW = 201, /**< An amount does not fit in exact arithmetic. */
    TARIFF_E_CONVERGENCE = 202 /**< A model did not find an answer for too much of the trade. */
} tariff_status;

/**
 * Short constant name of a status, such as "schema"; never NULL.
 * Ownership: lives for ever; threads: any; failure: none: never NULL.
 */
TARIFF_API const char *tariff_status_name(tariff_status status);

/**
 * Is it the input that is at fault (rather than the machine or the caller)?
 * Ownership: nothing changes hands; threads: any; failure: none.
 */
TARIFF_API int tariff_status_is_input(tariff_status status);

TARIFF_END_DECLS

#endif
