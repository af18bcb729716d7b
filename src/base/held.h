/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Messages that wait for their turn: what threads find is told in one order.
 */
#ifndef TF_BASE_HELD_H
#define TF_BASE_HELD_H

#include "base/arena.h"
#include "base/diag.h"

typedef struct tf_held tf_held;

/** Where what was said of a thing that several read belongs among the messages. */
typedef struct tf_held_place {
    tf_held *words;
    size_t   before; /**< Which message; all of them: at the end. */
} tf_held_place;

struct tf_held {
    tf_arena arena;
    TF_VEC(tariff_diag) messages;
    TF_VEC(tf_held_place) shared;
    size_t warnings;
    bool   lost; /**< An error, for want of memory. */
    bool   told; /**< Of a shared thing: to the first who read it, in the order of telling. */
};

void tf_held_init(tf_held *held, tariff_env *env);
void tf_held_free(tf_held *held);

/** For tariff_env_on_diag(), with a tf_held. */
void tf_hold(void *user, const tariff_diag *diag);

/** Tell them all; of errors, as many as the limit allows. */
void tf_held_release(const tf_held *held, tariff_env *env);

/**
 * Tell what was said of a shared thing, unless it was told.  Where messages
 * wait, so does this: whose turn comes first, not who read it first, tells it.
 * `words` has to outlive them.
 */
void tf_held_share(tf_held *words, tariff_env *env);

#endif
