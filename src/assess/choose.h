/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * From the measures that contain a cell to those that may apply, at the rates
 * that the scenario's changes leave.
 */
#ifndef TF_ASSESS_CHOOSE_H
#define TF_ASSESS_CHOOSE_H

#include "assess/match.h"

/**
 * A measure that may apply.  Programs that decide alike are one: of several rows
 * with the same rate, base and conditions, `measure` is the one met first.
 */
typedef struct tf_choice {
    const tf_measure *measure;
    const tf_rate    *rate;   /**< After the scenario's changes. */
    uint32_t          pieces; /**< Of the value, that it charges: its base. */
    uint64_t          changes; /**< Of the law, that made the rate, a bit each. */
} tf_choice;

/** What a change made of a measure's rate. */
typedef struct tf_changed_rate {
    uint32_t       measure;
    uint64_t       changes;
    const tf_rate *rate;
} tf_changed_rate;

/** What changes of the law met, a bit each. */
typedef struct tf_changes_met {
    uint64_t applied; /**< A measure, and made it another. */
    uint64_t spared;  /**< One of rates met a measure that charges nothing, and is left alone. */
    uint64_t kept;    /**< One of rates met a measure that has this rate already. */
} tf_changes_met;

typedef struct tf_chooser {
    const tariff_law *law;
    tf_arena         *arena;
    TF_VEC(tf_choice) choices; /**< As tf_choose() left them: by layer, the closest first. */
    tf_changes_met met; /**< So far. */
    tf_changed_rate *rates;    /**< Open addressing. */
    size_t           rate_count, rate_slots;
} tf_chooser;

void tf_chooser_init(tf_chooser *chooser, const tariff_law *law, tf_arena *arena);

/**
 * Choose among the matches of the cell looked at.
 * @param changed_out  gets the layers that a change took off the cell, a bit each.
 */
tariff_status tf_choose(tf_chooser *chooser, const tf_matcher *matcher, uint64_t *changed_out);

#endif
