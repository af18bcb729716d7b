/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Messages that wait for their turn: what threads find is told in one order.
 */
#ifndef TF_BASE_HELD_H
#define TF_BASE_HELD_H

#include "base/arena.h"
#include "base/diag.h"

typedef struct tf_held {
    tf_arena arena;
    TF_VEC(tariff_diag) messages;
    bool lost; /**< An error, for want of memory. */
} tf_held;

void tf_held_init(tf_held *held, tariff_env *env);
void tf_held_free(tf_held *held);

/** For tariff_env_on_diag(), with a tf_held. */
void tf_hold(void *user, const tariff_diag *diag);

/** Tell them all; of errors, as many as the limit allows. */
void tf_held_release(const tf_held *held, tariff_env *env);

#endif
