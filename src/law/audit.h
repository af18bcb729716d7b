/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Inside of the audit of a schedule: what is allowed, and likely a slip.
 */
#ifndef TF_LAW_AUDIT_H
#define TF_LAW_AUDIT_H

#include "law/nomenclature.h"

#include <tariff/law.h>

/** What was found; in a file, findings of one kind are told together. */
typedef enum tf_finding_kind {
    TF_FOUND_UNUSED,    /**< A list that no measure uses. */
    TF_FOUND_OUTSIDE,   /**< A code that no line of the nomenclature covers. */
    TF_FOUND_NOT_THEN,  /**< ... none on the days of the row. */
    TF_FOUND_SHORT,     /**< A code with fewer digits than the others of its list. */
    TF_FOUND_IDLE,      /**< A row of a list, in force when no measure uses the list. */
    TF_FOUND_GAP,       /**< Days between two rows that else say the same. */
    TF_FOUND_REPEATED,  /**< Two rows that say the same of the same days. */
    TF_FOUND_HIDDEN     /**< A row that another one always beats. */
} tf_finding_kind;

/** Which column it is about; the file may lack it. */
typedef enum tf_finding_column { TF_AT_CODE, TF_AT_FROM, TF_AT_ROW } tf_finding_column;

typedef struct tf_finding {
    tf_finding_kind   kind;
    tf_row_place      place; /**< Line 0: the file itself. */
    tf_finding_column column;
    const char       *message, *hint; /**< The hint may be NULL. */
    size_t            file, number;   /**< Order of the file, and of finding. */
} tf_finding;

typedef struct tf_audit {
    tariff_env            *env;
    const tariff_schedule *schedule;
    const tf_book         *book;
    tf_arena               arena;
    tf_nomenclature        nomenclature;
    TF_VEC(tf_finding) findings;
} tf_audit;

/** Keep a finding.  `hint` may be NULL. */
tariff_status tf_audit_find(tf_audit *audit, tf_finding_kind kind, tf_row_place place,
                            tf_finding_column column, const char *hint, const char *format, ...)
    TARIFF_PRINTF(6, 7);

/** Parts of tariff_schedule_audit(). */
tariff_status tf_audit_codes(tf_audit *audit);
tariff_status tf_audit_lists(tf_audit *audit);
tariff_status tf_audit_dates(tf_audit *audit);

#endif
