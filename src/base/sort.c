/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sort.h"

#include <stdlib.h>

void tf_sort(void *at, size_t n, size_t element, int (*order)(const void *, const void *))
{
    const char *item = at;
    for (size_t i = 1; i < n; i++, item += element)
        if (order(item, item + element) > 0) {
            qsort(at, n, element, order);
            return;
        }
}
