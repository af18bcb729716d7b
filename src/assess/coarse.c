/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/coarse.h"

#include "value/hs.h"

/* A change on part of a code cannot be decided either. */
static bool is_changed(const tf_matcher *matcher, uint32_t set)
{
    const tariff_law *law = matcher->law;
    for (size_t i = 0; i < law->changes.n; i++) {
        const tf_change *change = &law->changes.at[i];
        if (!tf_span_holds(change->span, matcher->cell.day)
            || matcher->origin.origin_level[change->origins->number] == TF_NOT_NAMED
            || matcher->origin.importer_level[change->importers->number] == TF_NOT_NAMED)
            continue;
        for (uint16_t k = 0; k < change->products.include_count; k++)
            if (change->products.include[k] == set)
                return true;
        for (uint16_t k = 0; k < change->products.exclude_count; k++)
            if (change->products.exclude[k] == set)
                return true;
    }
    return false;
}

/* Is a finer code than the cell's in force for its origin, importer and day? */
static bool is_finer_in_force(const tf_matcher *matcher, const tf_index_row *entry)
{
    const tariff_law *law = matcher->law;
    int32_t           day = matcher->cell.day;
    if (!tf_span_holds(entry->span, day))
        return false;
    const tf_set_user *end, *user = tf_law_users(law, entry->set, &end);
    for (; user < end; user++) {
        const tf_measure *m = law->measures.at[user->measure];
        if (tf_span_holds(m->span, day)
            && matcher->origin.origin_level[m->origins->number] != TF_NOT_NAMED
            && matcher->origin.importer_level[m->importers->number] != TF_NOT_NAMED)
            return true;
    }
    return is_changed(matcher, entry->set);
}

bool tf_is_coarse(const tf_matcher *matcher)
{
    const tariff_law *law = matcher->law;
    uint64_t          hs = matcher->cell.hs, end = tf_hs_end(hs);
    for (size_t i = matcher->product.after;
         i < law->prefixes.n && law->prefixes.at[i].lo < end; i++)
        if (is_finer_in_force(matcher, &law->prefixes.at[i]))
            return true;
    for (size_t i = 0; i < law->ranges.n; i++) {
        const tf_index_range *range = &law->ranges.at[i];
        bool within = (range->row.lo > hs && range->row.lo < end)
                      || (range->hi > hs && range->hi < end);
        if (within && is_finer_in_force(matcher, &range->row))
            return true;
    }
    return false;
}
