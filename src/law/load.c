/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Loading schedules: a directory of CSV files, one CSV, or several laid over
 * one another.
 */
#include "law/load.h"

#include "law/schedule.h"

#include <stdio.h>
#include <stdlib.h>

const char *tf_load_text(tf_loader *loader, tf_field field)
{
    return tf_arena_text(loader->arena, field.text, field.length);
}

static bool load_day(tf_csv *csv, int column, int32_t *out)
{
    tf_why      why;
    tariff_date date;
    tf_field    field = tf_csv_field(csv, column);
    if (field.length == 0)
        return true;
    if (tf_parse_date(field.text, field.length, &date, &why) != TARIFF_OK) {
        tf_csv_because(csv, column, &why);
        return false;
    }
    *out = date.days;
    return true;
}

bool tf_load_span(tf_csv *csv, const tf_column *columns, tariff_span *out)
{
    *out = tf_span_always();
    int     end = columns[TF_UNTIL].index;
    int32_t through = TARIFF_DATE_MAX;
    if (!load_day(csv, columns[TF_FROM].index, &out->from.days)
        || !load_day(csv, end, &out->until.days)
        || !load_day(csv, columns[TF_THROUGH].index, &through))
        return false;
    if (through != TARIFF_DATE_MAX) {
        if (out->until.days != TARIFF_DATE_MAX) {
            tf_csv_error(csv, columns[TF_THROUGH].index, 0, TARIFF_E_CONFLICT,
                         "through is the last day in force, until the first day not in force",
                         "both 'until' and 'through'");
            return false;
        }
        out->until.days = through + 1;
        end = columns[TF_THROUGH].index;
    }
    if (tf_span_empty(*out)) {
        char from[16], until[16];
        tariff_date_format(out->from, from);
        tariff_date_format(out->until, until);
        tf_csv_error(csv, end, 0, TARIFF_E_VALUE,
                     "until is the first day not in force and comes after from",
                     "never in force: from %s until %s", from, until);
        return false;
    }
    return true;
}

bool tf_load_countries(tf_loader *loader, tf_csv *csv, const tf_column *column,
                       const tf_countries **out)
{
    tf_why   why;
    tf_field field = { "*", 1 };
    if (column->index >= 0)
        field = tf_csv_field(csv, column->index);
    if (tf_parse_countries(&loader->book->scopes, loader->arena, field.text, field.length, out,
                           &why)
        == TARIFF_OK)
        return true;
    tf_csv_because(csv, column->index, &why);
    return false;
}

static tariff_status load_rows(tf_loader *loader, tf_csv *csv, tf_column *columns, size_t count,
                               tf_row_fn row, void *user)
{
    bool more;
    tf_unknown unknown = loader->directory ? TF_UNKNOWN_ERROR : TF_UNKNOWN_WARN;
    TF_TRY(tf_csv_bind(csv, columns, count, unknown));
    while (tf_may_go_on(loader->env)) {
        tariff_status status = tf_csv_next(csv, &more);
        if (status == TARIFF_E_SCHEMA)
            continue; /* a ragged row: the next one may be whole */
        TF_TRY(status);
        if (!more)
            return TARIFF_OK;
        status = row(loader, csv, columns, user);
        if (status == TARIFF_E_NOMEM)
            return status;
    }
    return TARIFF_E_LIMIT;
}

tariff_status tf_load_table(tf_loader *loader, const char *path, const tf_place *place,
                            tf_column *columns, size_t count, tf_row_fn row, void *user)
{
    tf_csv     *csv;
    const char *kept = tf_arena_text(loader->arena, path, strlen(path));
    if (!tf_may_go_on(loader->env))
        return TARIFF_E_LIMIT;
    if (!kept || !TF_PUSH(loader->arena, &loader->schedule->files, kept))
        return TARIFF_E_NOMEM;
    TF_TRY(tf_csv_open(loader->env, kept, place, &csv));
    tariff_status status = load_rows(loader, csv, columns, count, row, user);
    tf_csv_close(csv);
    return status;
}

/* Directories */

/* The file name without ".csv" and ".csv.gz". */
static void stem(const char *file, char *out, size_t size)
{
    snprintf(out, size, "%s", file);
    char *dot = strstr(out, ".csv");
    if (dot)
        *dot = '\0';
}

/* Errors of one file do not hide those of the next; only lack of memory ends it all. */
static tariff_status mind(tariff_status status)
{
    return status == TARIFF_E_NOMEM ? status : TARIFF_OK;
}

typedef tariff_status (*file_fn)(tf_loader *loader, const char *path, const char *name);

static tariff_status each_file(tf_loader *loader, const char *folder, file_fn fn)
{
    tf_paths files = { 0 };
    char     name[256];
    char    *directory = tf_path_in(loader->arena, loader->directory, folder);
    TF_NEED(directory);
    TF_TRY(mind(tf_list_directory(loader->env, loader->arena, directory, ".csv", &files)));
    TF_TRY(mind(tf_list_directory(loader->env, loader->arena, directory, ".csv.gz", &files)));
    TF_TRY(mind(tf_list_directory(loader->env, loader->arena, directory, ".csv.zst", &files)));
    for (size_t i = 0; i < files.n; i++) {
        char *path = tf_path_in(loader->arena, directory, files.at[i]);
        TF_NEED(path);
        stem(files.at[i], name, sizeof name);
        TF_TRY(mind(fn(loader, path, name)));
    }
    return TARIFF_OK;
}

static tariff_status one_file(tf_loader *loader, const char *file,
                              tariff_status (*fn)(tf_loader *, const char *))
{
    char *path = tf_path_in(loader->arena, loader->directory, file);
    TF_NEED(path);
    return tf_is_file(path) ? mind(fn(loader, path)) : TARIFF_OK;
}

static tariff_status part_file(tf_loader *loader, const char *path, const char *name)
{
    return tf_load_shares(loader, path, name, false);
}

static tariff_status claim_file(tf_loader *loader, const char *path, const char *name)
{
    return tf_load_shares(loader, path, name, true);
}

static tariff_status measures_file(tf_loader *loader, const char *path, const char *name)
{
    (void)name;
    return tf_load_measures(loader, path, NULL);
}

static tariff_status main_measures(tf_loader *loader, const char *path)
{
    return tf_load_measures(loader, path, NULL);
}

static tariff_status load_directory(tf_loader *loader, const tf_place *place)
{
    size_t before = loader->schedule->files.n;
    /* Names first, then what uses them. */
    TF_TRY(one_file(loader, "layers.csv", tf_load_layers));
    TF_TRY(one_file(loader, "groups.csv", tf_load_groups));
    TF_TRY(each_file(loader, "parts", part_file));
    TF_TRY(each_file(loader, "claims", claim_file));
    TF_TRY(each_file(loader, "sets", tf_load_set));
    TF_TRY(one_file(loader, "measures.csv", main_measures));
    TF_TRY(each_file(loader, "measures", measures_file));
    TF_TRY(one_file(loader, "yields.csv", tf_load_yields));
    TF_TRY(one_file(loader, "descriptions.csv", tf_load_descriptions));
    if (loader->schedule->files.n == before) {
        tf_place here = { .file = loader->directory };
        if (!place)
            place = &here;
        return tf_error(loader->env, TARIFF_E_SCHEMA, place,
                        "a schedule directory holds measures.csv, layers.csv, sets/, ...",
                        "no schedule in the directory '%s'", loader->directory);
    }
    char *package = tf_path_in(loader->arena, loader->directory, "datapackage.json");
    TF_NEED(package);
    if (tf_is_file(package) && !TF_PUSH(loader->arena, &loader->schedule->files, package))
        return TARIFF_E_NOMEM;
    return TARIFF_OK;
}

static tariff_status load_one(tf_loader *loader, const char *path, const tf_place *place)
{
    loader->directory = tf_is_directory(path) ? path : NULL;
    tariff_status status = loader->directory ? load_directory(loader, place)
                                             : tf_load_measures(loader, path, place);
    loader->schedule->schedules++;
    return mind(status);
}

static int by_key(const void *a, const void *b)
{
    const tf_description *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static tariff_status load_all(tf_loader *loader, const char *const *paths, size_t count,
                              const tf_place *places)
{
    for (size_t i = 0; i < count; i++)
        TF_TRY(load_one(loader, paths[i], places ? &places[i] : NULL));
    tf_book *book = loader->book;
    if (book->descriptions.n)
        qsort(book->descriptions.at, book->descriptions.n, sizeof book->descriptions.at[0],
              by_key);
    return TARIFF_OK;
}

tariff_status tf_schedule_load(tariff_env *env, const char *const *paths, size_t count,
                               const tf_place *places, tariff_schedule **out)
{
    *out = NULL;
    tariff_schedule *schedule = tf_alloc(env, sizeof *schedule);
    TF_NEED(schedule);
    memset(schedule, 0, sizeof *schedule);
    schedule->env = env;
    tf_arena_init(&schedule->arena, &env->allocator);
    tf_loader loader = { env, schedule, &schedule->arena, &schedule->book, NULL };
    size_t    errors = env->errors;
    tf_begin(env);
    tariff_status status = load_all(&loader, paths, count, places);
    if (!tf_may_go_on(env))
        tf_note(env, NULL, "stopped after %u errors", env->limits.max_errors);
    if (status == TARIFF_OK && env->errors > errors)
        status = tf_end(env);
    if (status != TARIFF_OK) {
        tariff_schedule_free(schedule);
        return status;
    }
    *out = schedule;
    return TARIFF_OK;
}

tariff_status tariff_schedule_load(tariff_env *env, const char *const *paths, size_t count,
                                   tariff_schedule **out)
{
    return tf_schedule_load(env, paths, count, NULL, out);
}

void tariff_schedule_free(tariff_schedule *schedule)
{
    if (!schedule)
        return;
    tf_arena_free(&schedule->arena);
    tf_free(schedule->env, schedule, sizeof *schedule);
}
