/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Does a scenario's change of a share change anything on a line?
 */
#ifndef TF_RUN_IDLE_SHARES_H
#define TF_RUN_IDLE_SHARES_H

#include "assess/program.h"
#include "law/law.h"
#include "io/doc.h"

typedef struct tf_share_look {
    const tariff_law *law;
    bool              is_part;
    uint32_t          number; /**< Of the part or claim. */
    tf_shares         before; /**< The table without this change and those after it. */
    int64_t           nano;   /**< What the change makes of it. */
    tf_programs      *programs;
    bool              differs, acts; /**< Somewhere: from the table; on what a measure asks for. */
} tf_share_look;

/** @param item  `{share: ...}` among `changes`, which were applied to the law. */
tariff_status tf_share_look_open(tariff_env *env, const tariff_law *law, const tf_node *changes,
                                 const tf_node *item, tf_share_look *out);
void          tf_share_look_close(tf_share_look *look);

/** Look at a line that the change speaks of. */
tariff_status tf_share_look_at(tf_share_look *look, const tf_cell *cell);

#endif
