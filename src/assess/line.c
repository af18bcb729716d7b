/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/line.h"

static void look_up_part(const tf_book *book, size_t part, const tf_cell *cell, int64_t *nano,
                         uint32_t *rows)
{
    if (tf_shares_find(book->parts.at[part], &book->scopes, cell->hs, cell->origin,
                       cell->importer, cell->day, nano))
        *rows |= UINT32_C(1) << part;
}

/* Start afresh with another product. */
static void recall(const tf_cell *cell, tf_share_memo *memo)
{
    if (!memo->known || memo->hs != cell->hs || memo->importer != cell->importer
        || memo->day != cell->day)
        *memo = (tf_share_memo){
            .known = true, .hs = cell->hs, .importer = cell->importer, .day = cell->day
        };
}

/* Parts whose tables do not ask for the origin are looked up once a product. */
static void recall_parts(const tf_book *book, const tf_cell *cell, tf_share_memo *memo)
{
    if (memo->parts_known)
        return;
    memo->parts_known = true;
    for (size_t i = 0; i < book->parts.n; i++) {
        if (!book->parts.at[i]->any_origin)
            continue;
        memo->same |= UINT32_C(1) << i;
        look_up_part(book, i, cell, &memo->parts[i], &memo->rows);
    }
}

static void look_up_parts(const tf_book *book, const tf_cell *cell, tf_share_memo *memo,
                          tf_line *line)
{
    recall_parts(book, cell, memo);
    memcpy(line->parts, memo->parts, sizeof line->parts);
    line->part_rows = memo->rows;
    for (size_t i = 0; i < book->parts.n; i++)
        if (!(memo->same >> i & 1))
            look_up_part(book, i, cell, &line->parts[i], &line->part_rows);
}

/* Most tables of claims say nothing of a product, whatever its origin. */
static bool may_be_claimed(const tf_book *book, unsigned claim, const tf_cell *cell,
                           tf_share_memo *memo)
{
    uint32_t bit = UINT32_C(1) << claim;
    if (!(memo->claims_asked & bit)) {
        memo->claims_asked |= bit;
        if (tf_shares_name(book->claims.at[claim], cell->hs))
            memo->claims_named |= bit;
    }
    return memo->claims_named & bit;
}

void tf_line_look_up(const tariff_law *law, const tf_program *program, const tf_cell *cell,
                     tf_share_memo *memo, tf_line *line)
{
    const tf_book *book = &law->book;
    tf_share_memo  own = { .known = false };
    if (!memo)
        memo = &own;
    recall(cell, memo);
    line->part_rows = line->claim_rows = 0;
    if (program->claims)
        memset(line->claims, 0, sizeof line->claims);
    if (program->parts) /* all parts count: they are scaled together */
        look_up_parts(book, cell, memo, line);
    for (uint32_t rest = program->claims; rest; rest &= rest - 1) {
        unsigned i = (unsigned)__builtin_ctz(rest);
        if (may_be_claimed(book, i, cell, memo)
            && tf_shares_find(book->claims.at[i], &book->scopes, cell->hs, cell->origin,
                           cell->importer, cell->day, &line->claims[i]))
            line->claim_rows |= UINT32_C(1) << i;
    }
    line->known_parts = line->part_rows;
}
