/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/diag.h"

#include "base/ascii.h"

enum { LONGEST = 40 };

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edit distance, case ignored, by the two-row form of Wagner and Fischer; `limit` or more
 * where it is not below that: no row's least number is above a later one's. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m, unsigned limit)
{
    unsigned row[LONGEST + 1];
    if (n >= m + limit || m >= n + limit)
        return limit;
    for (size_t j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned corner = row[0], least = (unsigned)i;
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned differs = tf_to_lower(a[i - 1]) != tf_to_lower(b[j - 1]);
            unsigned next = min3(row[j] + 1, row[j - 1] + 1, corner + differs);
            corner = row[j];
            row[j] = next;
            least = next < least ? next : least;
        }
        if (least >= limit)
            return limit;
    }
    return row[m];
}

const char *tf_nearest(const char *word, size_t length,
                       const char *(*name)(const void *list, size_t i), const void *list)
{
    const char *best = NULL;
    unsigned    least = length < 4 ? 2 : length < 9 ? 3 : 4; /* must be nearer than this */
    if (length == 0 || length > LONGEST)
        return NULL;
    const char *candidate;
    for (size_t i = 0; (candidate = name(list, i)) != NULL; i++) {
        size_t m = strlen(candidate);
        if (m == 0 || m > LONGEST)
            continue;
        unsigned d = distance(word, length, candidate, m, least);
        if (d < least) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

static const char *name_of_array(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

const char *tf_nearest_of(const char *word, size_t length, const char *const *names)
{
    return tf_nearest(word, length, name_of_array, (const void *)names);
}
