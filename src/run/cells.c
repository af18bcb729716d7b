/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/cells.h"

#include <xxhash.h>

static size_t slot_of(const tf_cells *cells, const tf_cell_sum *wanted)
{
    uint64_t key[2] = { wanted->hs << 16 | wanted->origin,
                        (uint64_t)(uint32_t)wanted->days.from.days << 32
                            | (uint32_t)wanted->days.until.days };
    size_t   at = XXH3_64bits_withSeed(key, sizeof key, wanted->importer) & (cells->slot_count - 1);
    for (; cells->slots[at]; at = (at + 1) & (cells->slot_count - 1)) {
        const tf_cell_sum *cell = &cells->list.at[cells->slots[at] - 1];
        if (cell->hs == wanted->hs && cell->origin == wanted->origin
            && cell->importer == wanted->importer
            && cell->days.from.days == wanted->days.from.days
            && cell->days.until.days == wanted->days.until.days)
            break;
    }
    return at;
}

static tariff_status grow(tf_cells *cells)
{
    if (cells->list.n * 2 < cells->slot_count)
        return TARIFF_OK;
    cells->slot_count = cells->slot_count ? cells->slot_count * 2 : 1024;
    cells->slots = TF_ARRAY(cells->arena, uint32_t, cells->slot_count);
    TF_NEED(cells->slots);
    for (size_t i = 0; i < cells->list.n; i++)
        cells->slots[slot_of(cells, &cells->list.at[i])] = (uint32_t)i + 1;
    return TARIFF_OK;
}

tariff_status tf_cells_find(tf_cells *cells, uint64_t hs, uint16_t origin, uint16_t importer,
                            tariff_span days, tf_cell_sum **out, bool *made)
{
    tf_cell_sum wanted = { .hs = hs, .origin = origin, .importer = importer, .days = days };
    TF_TRY(grow(cells));
    size_t at = slot_of(cells, &wanted);
    *made = cells->slots[at] == 0;
    if (*made) {
        if (!TF_PUSH(cells->arena, &cells->list, wanted))
            return TARIFF_E_NOMEM;
        cells->slots[at] = (uint32_t)cells->list.n;
    }
    *out = &cells->list.at[cells->slots[at] - 1];
    return TARIFF_OK;
}

static tariff_status add_regime(tf_cells *cells, tf_programs *programs, tf_cell_sum *cell,
                                int32_t day, int64_t weight)
{
    tf_cell         key = { cell->hs, cell->origin, cell->importer, day };
    tf_regime_share share = { NULL, day, weight };
    TF_TRY(tf_program_find(programs, &key, &share.program));
    if (!TF_PUSH(cells->arena, &cells->regimes, share))
        return TARIFF_E_NOMEM;
    cell->regime_count++;
    cell->by_quantity = cell->by_quantity || share.program->by_quantity;
    cell->coarse = cell->coarse || share.program->coarse;
    return TARIFF_OK;
}

/* Weights are differences of rounded running sums, so that they add up to 1 exactly. */
tariff_status tf_cell_programs(tf_cells *cells, const tariff_law *law, tf_programs *programs,
                               tf_cell_sum *cell)
{
    int32_t from = cell->days.from.days, until = cell->days.until.days;
    int64_t before = 0;
    cell->regime = (uint32_t)cells->regimes.n;
    for (size_t e = tf_law_epoch(law, from); e < law->epochs.n && law->epochs.at[e] < until; e++) {
        int32_t day = law->epochs.at[e] > from ? law->epochs.at[e] : from;
        int32_t end = e + 1 < law->epochs.n && law->epochs.at[e + 1] < until ? law->epochs.at[e + 1]
                                                                            : until;
        int64_t running = (int64_t)tf_div_half_even((tf_i128)(end - from) * TF_E18, until - from);
        TF_TRY(add_regime(cells, programs, cell, day, running - before));
        before = running;
    }
    return TARIFF_OK;
}

tariff_status tf_cell_look_up(const tf_cells *cells, const tariff_law *law,
                              const tf_cell_sum *cell, tf_cell_cases *out)
{
    size_t n = cell->regime_count;
    out->cases.n = out->lines.n = n;
    if (!tf_vec_reserve(cells->arena, &out->cases.at, &out->cases.room, n, sizeof(tf_case))
        || !tf_vec_reserve(cells->arena, &out->lines.at, &out->lines.room, n, sizeof(tf_line)))
        return TARIFF_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const tf_regime_share *share = &cells->regimes.at[cell->regime + i];
        tf_cell                key = { cell->hs, cell->origin, cell->importer, share->day };
        tf_line               *line = &out->lines.at[i];
        memset(line, 0, sizeof *line);
        tf_line_look_up(law, share->program, &key, line);
        out->cases.at[i] = (tf_case){ share->program, line, share->weight };
    }
    return TARIFF_OK;
}
