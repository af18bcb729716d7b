/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cents.h"

#include <math.h>
#include <stdlib.h>

double tf_to_cents(double amount)
{
    return round(amount * 100) / 100;
}

/** What an amount loses by being brought down, and which it is. */
typedef struct loss {
    double size;
    size_t number;
} loss;

static int largest_first(const void *left, const void *right)
{
    const loss *a = left, *b = right;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

tariff_status tf_share_cents(tf_arena *scratch, double *amounts, size_t n, double total)
{
    loss  *losses = TF_ARRAY(scratch, loss, n + 1);
    double sum = 0, missing;
    TF_NEED(losses);
    for (size_t i = 0; i < n; i++) {
        double cents = amounts[i] * 100, down = floor(cents);
        losses[i] = (loss){ cents - down, i };
        amounts[i] = down;
        sum += down;
    }
    missing = round(total * 100) - sum;
    if (n && missing != 0)
        qsort(losses, n, sizeof *losses, largest_first);
    /* Of amounts that are not quite the total's parts, more than one each, or fewer than none. */
    double each = n ? floor(missing / (double)n) : 0, rest = missing - each * (double)n;
    for (size_t i = 0; i < n; i++)
        amounts[losses[i].number] += each + ((double)i < rest ? 1 : 0);
    for (size_t i = 0; i < n; i++)
        amounts[i] /= 100;
    return TARIFF_OK;
}
