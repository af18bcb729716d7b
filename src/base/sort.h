/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Sorting what mostly is sorted: files are written by code.
 */
#ifndef TF_BASE_SORT_H
#define TF_BASE_SORT_H

#include <stddef.h>

/** As qsort(), for any `n`; what is in order already is only looked at. */
void tf_sort(void *at, size_t n, size_t element, int (*order)(const void *, const void *));

#endif
