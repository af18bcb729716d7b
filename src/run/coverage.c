/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/coverage.h"

#include <stdio.h>

/* Law without an end lasts, and what is compared with it lies shortly before: a year is not far. */
enum { FAR = 366 };

/** Days from the first to the last, or none. */
typedef struct extent {
    int32_t first, last;
} extent;

static void widen(extent *x, int32_t day)
{
    if (day == TARIFF_DATE_MIN || day == TARIFF_DATE_MAX)
        return;
    x->first = day < x->first ? day : x->first;
    x->last = day > x->last ? day : x->last;
}

static void widen_by(extent *x, tariff_span span)
{
    widen(x, span.from.days);
    widen(x, span.until.days);
}

/* Of the schedule's measures and lists, not of what the scenario adds. */
static extent extent_of(const tariff_law *law)
{
    extent x = { TARIFF_DATE_MAX, TARIFF_DATE_MIN };
    for (size_t i = 0; i < law->measures.n; i++)
        if (law->measures.at[i]->born == 0)
            widen_by(&x, law->measures.at[i]->span);
    for (size_t i = 0; i < law->prefixes.n; i++)
        widen_by(&x, law->prefixes.at[i].span);
    for (size_t i = 0; i < law->ranges.n; i++)
        widen_by(&x, law->ranges.at[i].row.span);
    return x;
}

static void widen_by_period(extent *x, const tf_evaluation *e, const tf_data_where *where,
                            uint16_t origin)
{
    if (!where->has_period
        || tf_is_outside(e->law, e->where, where->hs, origin, where->importer,
                         where->period.from.days))
        return;
    widen(x, where->period.from.days);
    if (e->date_kind == TF_ON_PERIOD_AVERAGE)
        widen(x, where->period.until.days - 1);
}

static extent days_asked(const tf_evaluation *e, const tf_days *days)
{
    extent x = { TARIFF_DATE_MAX, TARIFF_DATE_MIN };
    if (e->date_kind == TF_ON_DAY) {
        for (size_t i = 0; i < days->n; i++)
            widen(&x, days->at[i].days);
        return x;
    }
    if (e->folded && e->folded->any_day) {
        widen(&x, e->folded->first_day);
        widen(&x, e->folded->last_day);
    }
    for (size_t i = 0; i < e->dataset->groups.n; i++) {
        const tf_data_group *group = &e->dataset->groups.at[i];
        size_t               count = e->where ? group->count : 1;
        for (size_t k = 0; k < count; k++)
            widen_by_period(&x, e, &group->where, e->dataset->cells.at[group->first + k].origin);
    }
    for (size_t i = 0; i < e->dataset->rows.n; i++)
        widen_by_period(&x, e, &e->dataset->rows.at[i].where, e->dataset->rows.at[i].cell.origin);
    return x;
}

static bool is_law(const tariff_law *law, int32_t day)
{
    for (size_t i = 0; i < law->measures.n; i++)
        if (law->measures.at[i]->born == 0 && tf_span_holds(law->measures.at[i]->span, day))
            return true;
    return false;
}

bool tf_coverage_tell(const tf_evaluation *e, const tariff_scenario *scenario,
                      const tf_days *days)
{
    extent law = extent_of(e->law), asked = days_asked(e, days);
    bool   before = asked.first < law.first - FAR && !is_law(e->law, asked.first);
    bool   after = asked.last > law.last + FAR;
    char   day[16], first[16], last[16], hint[128];
    if (law.first > law.last || asked.first > asked.last || (!before && !after))
        return false;
    tariff_date_format((tariff_date){ before ? asked.first : asked.last }, day);
    tariff_date_format((tariff_date){ law.first }, first);
    tariff_date_format((tariff_date){ law.last }, last);
    snprintf(hint, sizeof hint, "its dates are from %s to %s: does it hold on that day?", first,
             last);
    tf_place here = { .file = scenario->path };
    tf_warning(e->env, &here, hint, "%s%s is long %s",
               scenario->is_variation ? "in the baseline, " : "", day,
               before ? "before the first date in the schedule, and nothing is in force"
                      : "after the last date in the schedule");
    return true;
}
