/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "elasticity/table.h"

#include "io/csv_in.h"
#include "value/country.h"
#include "value/hs.h"

#include <stdio.h>
#include <stdlib.h>

/* Columns: four of a row's own, then four of each parameter. */
enum { HS, IMPORTER, ORIGIN, HORIZON, SOURCE, FIRST, EACH = 4 };
enum { COLUMNS = FIRST + EACH * TF_PARAMETERS };

static void name_columns(tf_column *columns, char names[][16])
{
    static const char *const own[] = { "hs", "importer", "origin", "horizon", "source" };
    static const char *const ends[] = { "", "_p95", "_lo", "_hi" };
    for (int i = 0; i < FIRST; i++)
        columns[i] = (tf_column){ own[i], i != ORIGIN && i != HORIZON, -1 };
    for (int i = 0; i < EACH * TF_PARAMETERS; i++) {
        snprintf(names[i], sizeof names[i], "%s%s",
                 tf_parameter_name((tf_parameter)(i / EACH)), ends[i % EACH]);
        columns[FIRST + i] = (tf_column){ names[i], false, -1 };
    }
}

/* One row */

static tariff_status read_country(tf_csv *csv, const tf_column *column, uint16_t *out)
{
    tf_why         why;
    tariff_country country;
    tf_field       field = tf_csv_field(csv, column->index);
    *out = TARIFF_COUNTRY_NONE;
    if (column->index < 0 || strcmp(field.text, "*") == 0)
        return TARIFF_OK;
    if (tf_parse_country(TF_COUNTRIES_ISO, field.text, field.length, &country, &why) != TARIFF_OK)
        return tf_csv_because(csv, column->index, &why);
    *out = country.id;
    return TARIFF_OK;
}

static tariff_status read_product(tf_csv *csv, const tf_column *column, uint64_t *out)
{
    tf_why    why;
    tariff_hs hs = { 0 };
    tf_field  field = tf_csv_field(csv, column->index);
    if (strcmp(field.text, "*") != 0
        && tf_hs_parse(field.text, field.length, &hs, &why) != TARIFF_OK)
        return tf_csv_because(csv, column->index, &why);
    *out = hs.key;
    return TARIFF_OK;
}

/* An empty horizon is both. */
static tariff_status read_horizon(const tf_elasticities *table, tf_csv *csv, int column, bool *ours)
{
    tf_field field = tf_csv_field(csv, column);
    *ours = field.length == 0 || strcmp(field.text, tf_horizon_name(table->horizon)) == 0;
    for (int i = 0; i < TF_HORIZONS && !*ours; i++)
        if (strcmp(field.text, tf_horizon_name((tf_horizon)i)) == 0)
            return TARIFF_OK;
    return *ours ? TARIFF_OK
                 : tf_csv_error(csv, column, 0, TARIFF_E_VALUE, "short, long, or empty for both",
                                "unknown horizon '%s'", field.text);
}

static tariff_status read_parameter(tf_elasticities *table, tf_csv *csv, const tf_column *columns,
                                    tf_parameter parameter, tf_elasticity_row *row)
{
    const tf_column *own = columns + FIRST + EACH * parameter;
    tf_why           why;
    int              which;
    tf_spread_texts  texts = { tf_csv_field(csv, own[0].index).text,
                               tf_csv_field(csv, own[1].index).text,
                               tf_csv_field(csv, own[2].index).text,
                               tf_csv_field(csv, own[3].index).text };
    tf_elasticity    entry = { .parameter = parameter };
    row->entry[parameter] = TF_NO_ENTRY;
    if (!*texts.value && !*texts.p95 && !*texts.lo && !*texts.hi)
        return TARIFF_OK;
    if (tf_parse_spread(parameter, &texts, table->ratio[parameter], &entry.spread, &which, &why)
        != TARIFF_OK)
        return tf_csv_because(csv, own[which].index >= 0 ? own[which].index : own[0].index, &why);
    if (row->origin != TARIFF_COUNTRY_NONE && parameter != TF_SUPPLY)
        return tf_csv_error(csv, own[0].index, 0, TARIFF_E_CONFLICT,
                            "only supply is an origin's own; write * as the origin",
                            "%s is of a whole market, and the row is about one origin",
                            tf_parameter_name(parameter));
    row->entry[parameter] = (uint32_t)table->entries.n;
    return TF_PUSH(&table->arena, &table->entries, entry) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status read_row(tf_elasticities *table, tf_csv *csv, const tf_column *columns)
{
    tf_elasticity_row row = { .file = (uint32_t)table->files.n - 1, .line = tf_csv_line(csv) };
    bool              ours, any = false;
    TF_TRY(read_product(csv, &columns[HS], &row.hs));
    TF_TRY(read_country(csv, &columns[IMPORTER], &row.importer));
    TF_TRY(read_country(csv, &columns[ORIGIN], &row.origin));
    TF_TRY(read_horizon(table, csv, columns[HORIZON].index, &ours));
    if (tf_csv_field(csv, columns[SOURCE].index).length == 0)
        return tf_csv_error(csv, columns[SOURCE].index, 0, TARIFF_E_VALUE,
                            "say where the number is from: a paper, a table, an assumption",
                            "an elasticity without a source");
    for (int p = 0; p < TF_PARAMETERS; p++) {
        TF_TRY(read_parameter(table, csv, columns, (tf_parameter)p, &row));
        any = any || row.entry[p] != TF_NO_ENTRY;
    }
    if (!any)
        return tf_csv_error(csv, columns[HS].index, 0, TARIFF_E_VALUE, NULL,
                            "a row that gives no elasticity");
    table->rows_read++;
    table->lengths |= 1u << tf_hs_length(row.hs);
    if (row.origin != TARIFF_COUNTRY_NONE)
        tf_country_put(&table->origins, row.origin);
    return !ours || TF_PUSH(&table->arena, &table->rows, row) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status read_rows(tf_elasticities *table, tariff_env *env, tf_csv *csv)
{
    tf_column columns[COLUMNS];
    char      names[EACH * TF_PARAMETERS][16];
    bool      more = true;
    name_columns(columns, names);
    if (tf_csv_bind(csv, columns, COLUMNS, TF_UNKNOWN_ERROR) != TARIFF_OK)
        return tf_end(env);
    while (tf_may_go_on(env)) {
        tariff_status status = tf_csv_next(csv, &more);
        if (status == TARIFF_OK && more)
            status = read_row(table, csv, columns);
        if (status != TARIFF_OK && !tariff_status_is_input(status))
            return status;
        if (status == TARIFF_OK && !more)
            break;
    }
    return tf_end(env);
}

tariff_status tf_elasticities_load(tf_elasticities *table, tariff_env *env, const char *path,
                                   const tf_place *place)
{
    tf_csv     *csv;
    const char *kept = tf_arena_text(&table->arena, path, strlen(path));
    if (!kept || !TF_PUSH(&table->arena, &table->files, kept))
        return TARIFF_E_NOMEM;
    tf_begin(env);
    TF_TRY(tf_csv_open(env, kept, place, TF_SUM_XXH3, &csv));
    tariff_status status = read_rows(table, env, csv);
    tf_csv_close(csv);
    return status;
}

/* Finding */

static int by_scope(const void *left, const void *right)
{
    const tf_elasticity_row *a = left, *b = right;
    if (a->hs != b->hs)
        return a->hs < b->hs ? -1 : 1;
    if (a->importer != b->importer)
        return a->importer < b->importer ? -1 : 1;
    if (a->origin != b->origin)
        return a->origin < b->origin ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static bool same_scope(const tf_elasticity_row *a, const tf_elasticity_row *b)
{
    return a->hs == b->hs && a->importer == b->importer && a->origin == b->origin
           && a->file == b->file;
}

static tariff_status check_pair(const tf_elasticities *table, tariff_env *env,
                                const tf_elasticity_row *a, const tf_elasticity_row *b)
{
    for (int p = 0; p < TF_PARAMETERS; p++) {
        char     excerpt[256], hint[64];
        tf_place here = { table->files.at[b->file], b->line, 1, NULL, excerpt, NULL };
        if (a->entry[p] == TF_NO_ENTRY || b->entry[p] == TF_NO_ENTRY)
            continue;
        tf_csv_excerpt(here.file, here.line, excerpt, sizeof excerpt);
        snprintf(hint, sizeof hint, "the other is on line %u", a->line);
        return tf_error(env, TARIFF_E_CONFLICT, &here, hint,
                        "two rows give %s for the same product and countries",
                        tf_parameter_name((tf_parameter)p));
    }
    return TARIFF_OK;
}

tariff_status tf_elasticities_finish(tf_elasticities *table, tariff_env *env)
{
    tf_begin(env);
    if (table->rows.n)
        qsort(table->rows.at, table->rows.n, sizeof *table->rows.at, by_scope);
    for (size_t i = 1; i < table->rows.n && tf_may_go_on(env); i++)
        for (size_t k = i; k > 0 && same_scope(&table->rows.at[k - 1], &table->rows.at[i]); k--)
            if (check_pair(table, env, &table->rows.at[k - 1], &table->rows.at[i]) != TARIFF_OK)
                break;
    return tf_end(env);
}

static size_t first_of(const tf_elasticities *table, uint64_t hs)
{
    size_t low = 0, high = table->rows.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->rows.at[middle].hs < hs)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Among rows of one code: an origin of its own, then an importer, then the later file. */
static uint32_t find_at(const tf_elasticities *table, tf_parameter parameter, uint64_t hs,
                        uint16_t importer, uint16_t origin)
{
    uint32_t best = TF_NO_ENTRY;
    int      closest = -1;
    for (size_t i = first_of(table, hs); i < table->rows.n && table->rows.at[i].hs == hs; i++) {
        const tf_elasticity_row *row = &table->rows.at[i];
        bool any_origin = row->origin == TARIFF_COUNTRY_NONE;
        bool any_importer = row->importer == TARIFF_COUNTRY_NONE;
        int  close = 2 * !any_origin + !any_importer;
        if (row->entry[parameter] == TF_NO_ENTRY || (!any_origin && row->origin != origin)
            || (!any_importer && row->importer != importer) || close < closest)
            continue;
        closest = close;
        best = row->entry[parameter];
    }
    return best;
}

uint32_t tf_elasticities_find(const tf_elasticities *table, tf_parameter parameter, uint64_t hs,
                              uint16_t importer, uint16_t origin)
{
    for (unsigned digits = tf_hs_length(hs); digits > 0; digits--) {
        if (!(table->lengths >> digits & 1))
            continue;
        uint32_t found = find_at(table, parameter, tf_hs_cut(hs, digits), importer, origin);
        if (found != TF_NO_ENTRY)
            return found;
    }
    uint32_t found = find_at(table, parameter, 0, importer, origin);
    return found != TF_NO_ENTRY ? found : (uint32_t)parameter;
}
