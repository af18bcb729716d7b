/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A dataset under a law: assessed cell by cell, on several threads, into a
 * tally that does not depend on their number.
 */
#ifndef TF_RUN_EVALUATE_H
#define TF_RUN_EVALUATE_H

#include "report/tally.h"
#include "run/trade.h"
#include "scenario/scenario.h"

/** What the changes of a scenario met; evaluations add to it. */
typedef struct tf_reach {
    tf_changes_met met; /**< By number in the law. */
    size_t   varied; /**< The last changes of the law, whose rates a sweep varies. */
    bool    *added; /**< By number in the scenario: a line takes the measure that it adds. */
    size_t   added_count; /**< 0 if nothing is added. */
} tf_reach;

/** What no thread may report itself: the first row of each kind is told at the end. */
typedef struct tf_findings {
    bool      coarse, periodless, unassessed;
    tf_row_at first_coarse, first_periodless, first_unassessed;
    tariff_status failure;
    tf_row_at     failed;
} tf_findings;

/** Keep the first of two rows. */
void tf_note_row(bool *any, tf_row_at *first, tf_row_at row);

/** Rows that were added up as they were read (see fold.h), and are not in the dataset. */
typedef struct tf_folded {
    tf_tally    tally;
    tf_findings found;
    bool        any_day; /**< Some were judged by their period: from the one day to the other. */
    int32_t     first_day, last_day;
} tf_folded;

typedef struct tf_evaluation {
    tariff_env       *env;
    const tariff_law *law;
    const tf_dataset *dataset;
    const tf_where   *where; /**< NULL: all flows. */
    tf_date_kind      date_kind;
    tariff_date       date;
    const tf_report_choices *reports;
    bool              quiet; /**< No warnings: they were given for another date. */
    bool              require_detail, require_quantity;
    unsigned          threads; /**< 0: one per processor. */
    tf_reach         *reach;   /**< May be NULL. */
    const tf_folded  *folded;  /**< To be counted with the dataset; may be NULL. */
    tf_trade         *trade;   /**< Begun, to be filled; NULL: no one asks. */
    const tf_trade_rows *weighted; /**< NULL: every flow counts once. */
    const double        *weights;  /**< By row: how many times flows have what they have. */
} tf_evaluation;

/** What the assessments that made programs met; and in `added`, which is not NULL, the measures
 * that a line takes under a burden, with its verdicts. */
void tf_reach_add(tf_reach *reach, tf_changes_met met);
void tf_note_added(const tariff_law *law, const tf_burden *burden, bool *added);

/** Assess everything; reports what concerns single rows.  `tally` is made. */
tariff_status tf_evaluate(const tf_evaluation *e, tf_tally *tally);

/** The days on which a flow is judged; false if it has no period and needs one. */
bool tf_days_of(tf_date_kind kind, tariff_date date, bool has_period, tariff_span period,
                tariff_span *out);

/** Is a flow outside of `where`? */
bool tf_is_outside(const tariff_law *law, const tf_where *where, uint64_t hs, uint16_t origin,
                   uint16_t importer, int32_t day);

/** One program of a flow, and its share of the flow's days. */
typedef struct tf_regime_share {
    const tf_program *program;
    int32_t           day;
    int64_t           weight; /**< 1e-18. */
} tf_regime_share;

/** The programs of a flow, one per epoch that its days meet, and what tables say of it. */
typedef struct tf_cases {
    TF_VEC(tf_regime_share) regimes;
    TF_VEC(tf_case) cases;
    TF_VEC(tf_line) lines;
    tf_share_memo shares;
    int32_t      from;  /**< The day looked up last, */
    size_t       epoch; /**< and its epoch. */
} tf_cases;

tariff_status tf_cases_find(tf_arena *arena, const tariff_law *law, tf_programs *programs,
                            uint64_t hs, uint16_t origin, uint16_t importer, tariff_span days,
                            tf_cases *out);

/** The same of one day, of which the program is known. */
tariff_status tf_cases_of_day(tf_arena *arena, const tariff_law *law, const tf_cell *cell,
                              const tf_program *program, tf_cases *out);

#endif
