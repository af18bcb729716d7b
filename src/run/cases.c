/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/evaluate.h"

bool tf_days_of(tf_date_kind kind, tariff_date date, bool has_period, tariff_span period,
                tariff_span *out)
{
    out->from = date;
    if (kind != TF_ON_DAY) {
        if (!has_period)
            return false;
        *out = period;
        if (kind == TF_ON_PERIOD_AVERAGE)
            return true;
    }
    out->until.days = out->from.days + 1;
    return true;
}

bool tf_is_outside(const tariff_law *law, const tf_where *where, uint64_t hs, uint16_t origin,
                   uint16_t importer, int32_t day)
{
    const tf_scopes *scopes = &law->book.scopes;
    return where
           && (tf_products_length(scopes, &where->products, hs, day) < 0
               || tf_countries_level(scopes, where->origins, origin, day) == TF_NOT_NAMED
               || tf_countries_level(scopes, where->importers, importer, day) == TF_NOT_NAMED);
}

static tariff_status look_up(tf_arena *arena, const tariff_law *law, const tf_cell *cell,
                             tf_cases *out)
{
    size_t n = out->regimes.n;
    if (!tf_vec_reserve(arena, &out->cases.at, &out->cases.room, n, sizeof(tf_case))
        || !tf_vec_reserve(arena, &out->lines.at, &out->lines.room, n, sizeof(tf_line)))
        return TARIFF_E_NOMEM;
    out->cases.n = out->lines.n = n;
    for (size_t i = 0; i < n; i++) {
        const tf_regime_share *share = &out->regimes.at[i];
        tf_cell                on_day = *cell;
        tf_line               *line = &out->lines.at[i];
        on_day.day = share->day;
        line->value = line->quantity = 0;
        line->unit = (tariff_unit){ 0 };
        tf_line_look_up(law, share->program, &on_day, &out->shares, line);
        out->cases.at[i] = (tf_case){ share->program, line, share->weight };
    }
    return TARIFF_OK;
}

/* Weights are differences of rounded running sums, so that they add up to 1 exactly. */
tariff_status tf_cases_find(tf_arena *arena, const tariff_law *law, tf_programs *programs,
                            uint64_t hs, uint16_t origin, uint16_t importer, tariff_span days,
                            tf_cases *out)
{
    int32_t from = days.from.days, until = days.until.days;
    int64_t before = 0;
    tf_cell cell = { hs, origin, importer, from };
    if (out->from != from || from == 0)
        out->epoch = tf_law_epoch(law, from);
    out->from = from;
    out->regimes.n = 0;
    for (size_t e = out->epoch; e < law->epochs.n && law->epochs.at[e] < until; e++) {
        int32_t end = e + 1 < law->epochs.n && law->epochs.at[e + 1] < until ? law->epochs.at[e + 1]
                                                                            : until;
        int64_t running = TF_E18;
        if (end < until)
            running = (int64_t)tf_div_half_even((tf_i128)(end - from) * TF_E18, until - from);
        tf_regime_share share = { NULL, cell.day, running - before };
        if (law->epochs.at[e] > from)
            share.day = cell.day = law->epochs.at[e];
        TF_TRY(tf_program_find(programs, &cell, &share.program));
        if (!TF_PUSH(arena, &out->regimes, share))
            return TARIFF_E_NOMEM;
        before = running;
    }
    return look_up(arena, law, &cell, out);
}

tariff_status tf_cases_of_day(tf_arena *arena, const tariff_law *law, const tf_cell *cell,
                              const tf_program *program, tf_cases *out)
{
    tf_regime_share whole = { program, cell->day, TF_E18 };
    out->regimes.n = 0;
    if (!TF_PUSH(arena, &out->regimes, whole))
        return TARIFF_E_NOMEM;
    return look_up(arena, law, cell, out);
}
