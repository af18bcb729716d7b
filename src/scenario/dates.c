/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/dates.h"

#include <stdlib.h>

enum { MOST_DAYS = 40000 }; /* more than a century of days */

static tariff_status read_day(tariff_env *env, const tf_node *node, tariff_date *out)
{
    tf_why why = { .status = TARIFF_E_SCHEMA, .message = "a day is expected" };
    if (node->kind == TF_SCALAR && tf_parse_date(node->text, node->length, out, &why) == TARIFF_OK)
        return TARIFF_OK;
    return tf_doc_because(env, node, &why);
}

static int by_day(const void *a, const void *b)
{
    int32_t x = ((const tariff_date *)a)->days, y = ((const tariff_date *)b)->days;
    return x < y ? -1 : x > y;
}

static tariff_status read_list(tariff_env *env, tf_arena *arena, const tf_node *node,
                               tf_dates *out)
{
    for (const tf_node *item = node->first; item; item = item->next) {
        tariff_date day;
        TF_TRY(read_day(env, item, &day));
        if (!TF_PUSH(arena, &out->list, day))
            return TARIFF_E_NOMEM;
    }
    if (out->list.n == 0)
        return tf_doc_error(env, node, true, TARIFF_E_VALUE, "dates: [2025-08-06, 2025-08-27]",
                            "'dates' names no day");
    qsort(out->list.at, out->list.n, sizeof out->list.at[0], by_day);
    for (size_t i = 1; i < out->list.n; i++)
        if (out->list.at[i].days == out->list.at[i - 1].days)
            return tf_doc_error(env, node, true, TARIFF_E_VALUE, NULL, "a day is there twice");
    return TARIFF_OK;
}

static tariff_status read_every(tariff_env *env, const tf_node *node, tf_dates *out)
{
    static const char *const words[] = { "day", "month", "change", NULL };
    for (int i = 0; node->kind == TF_SCALAR && words[i]; i++)
        if (strcmp(words[i], node->text) == 0) {
            out->every = (tf_every)i;
            return TARIFF_OK;
        }
    return tf_doc_error(env, node, false, TARIFF_E_VALUE, "day, month or change",
                        "unknown step of dates");
}

static tariff_status read_range(tariff_env *env, const tf_node *node, tf_dates *out)
{
    bool from = false, until = false;
    out->range = true;
    for (const tf_node *child = node->first; child; child = child->next) {
        if (strcmp(child->key, "every") == 0) {
            TF_TRY(read_every(env, child, out));
        } else if (strcmp(child->key, "from") == 0) {
            from = true;
            TF_TRY(read_day(env, child, &out->span.from));
        } else if (strcmp(child->key, "until") == 0 || strcmp(child->key, "through") == 0) {
            until = true;
            TF_TRY(read_day(env, child, &out->span.until));
            out->span.until.days += child->key[0] == 't';
        } else {
            return tf_doc_error(env, child, true, TARIFF_E_SCHEMA, "from, until, through, every",
                                "unknown key '%s'", child->key);
        }
    }
    if (!from || !until || tf_span_empty(out->span))
        return tf_doc_error(env, node, true, TARIFF_E_VALUE,
                            "dates: {from: 2025-01-01, until: 2026-01-01, every: change}; until "
                            "is the first day that is not in it",
                            from && until ? "the range of dates is empty"
                                          : "a range of dates needs 'from' and 'until'");
    if (out->every == TF_EVERY_DAY && out->span.until.days - out->span.from.days > MOST_DAYS)
        return tf_doc_error(env, node, true, TARIFF_E_LIMIT, NULL, "more than %d days",
                            MOST_DAYS);
    return TARIFF_OK;
}

tariff_status tf_dates_read(tariff_env *env, tf_arena *arena, const tf_node *node, tf_dates *out)
{
    memset(out, 0, sizeof *out);
    out->given = true;
    out->every = TF_EVERY_CHANGE;
    if (node->kind == TF_MAP)
        return read_range(env, node, out);
    if (node->kind == TF_LIST)
        return read_list(env, arena, node, out);
    return tf_doc_error(env, node, false, TARIFF_E_SCHEMA,
                        "a list of days, or {from: .., until: .., every: day|month|change}",
                        "'dates' is no single value");
}

static bool is_wanted(const tf_dates *dates, const tariff_law *law, int32_t day)
{
    if (day == dates->span.from.days || dates->every == TF_EVERY_DAY)
        return true;
    if (dates->every == TF_EVERY_CHANGE)
        return law->epochs.at[tf_law_epoch(law, day)] == day;
    char text[16];
    tariff_date_format((tariff_date){ day }, text);
    return strcmp(text + 8, "01") == 0;
}

tariff_status tf_dates_expand(const tf_dates *dates, const tariff_law *law, tf_arena *arena,
                              tf_days *out)
{
    if (!dates->range) {
        *out = dates->list;
        return TARIFF_OK;
    }
    for (int32_t day = dates->span.from.days; day < dates->span.until.days; day++) {
        tariff_date date = { day };
        if (is_wanted(dates, law, day) && !TF_PUSH(arena, out, date))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}
