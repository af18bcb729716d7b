/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_LAW_SCHEDULE_H
#define TF_LAW_SCHEDULE_H

#include "law/book.h"

#include <tariff/law.h>

/** tariff_schedule_load() with the places where the paths were written; may be NULL. */
tariff_status tf_schedule_load(tariff_env *env, const char *const *paths, size_t count,
                               const tf_place *places, tariff_schedule **out);

#endif
