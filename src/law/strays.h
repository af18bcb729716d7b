/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Files of a schedule directory that are not read: misspelt ones above all.
 */
#ifndef TF_LAW_STRAYS_H
#define TF_LAW_STRAYS_H

#include "law/book.h"

/** A CSV file that is not read, or a folder of such. */
typedef struct tf_stray {
    const char *path; /**< Of a folder without a slash at its end. */
    const char *name; /**< As seen from the schedule's directory. */
    bool        is_folder;
    const char *near; /**< The known name that it resembles, or NULL. */
} tf_stray;

typedef TF_VEC(tf_stray) tf_strays;

/**
 * All CSV files in a directory and its folders that `schedule` has not read.
 * Files of other kinds are nobody's business.
 */
tariff_status tf_find_strays(tariff_env *env, tf_arena *arena,
                             const struct tariff_schedule *schedule, const char *directory,
                             tf_strays *out);

/** Leave out those that the directory's datapackage.json lists: they are meant to be there. */
tariff_status tf_drop_listed(tariff_env *env, tf_arena *arena, const char *directory,
                             tf_strays *strays);

void          tf_warn_of_stray(tariff_env *env, const tf_stray *stray);

/** Of those that resemble a known name: with a slip in it, a file would silently not be law. */
tariff_status tf_warn_of_misspelt(tariff_env *env, tf_arena *arena,
                                  const struct tariff_schedule *schedule, const char *directory);

#endif
