/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Loading schedules: a directory of CSV files, one CSV, or several laid over
 * one another.
 */
#include "law/load.h"

#include "base/held.h"
#include "base/sort.h"
#include "base/threads.h"
#include "law/schedule.h"
#include "law/strays.h"

#include <stdio.h>
#include <stdlib.h>

const char *tf_load_text(tf_loader *loader, tf_field field)
{
    return tf_arena_text(loader->arena, field.text, field.length);
}

static bool load_written_day(tf_csv *csv, int column, tf_field field, int32_t *out)
{
    tf_why      why;
    tariff_date date;
    if (tf_parse_date(field.text, field.length, &date, &why) != TARIFF_OK) {
        tf_csv_because(csv, column, &why);
        return false;
    }
    *out = date.days;
    return true;
}

/* Mostly there is none. */
static inline bool load_day(tf_csv *csv, int column, int32_t *out)
{
    tf_field field = tf_csv_field(csv, column);
    return field.length == 0 || load_written_day(csv, column, field, out);
}

/* An empty span, in words for both of its days. */
static bool refuse(tf_csv *csv, int column, tariff_span span, const char *hint, const char *begins,
                   const char *ends)
{
    char from[16], until[16];
    tariff_date_format(span.from, from);
    tariff_date_format(span.until, until);
    tf_csv_error(csv, column, 0, TARIFF_E_VALUE, hint, "%s %s%s %s", begins, from, ends, until);
    return false;
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
    return !tf_span_empty(*out)
           || refuse(csv, end, *out, "until is the first day not in force and comes after from",
                     "never in force: from", " until");
}

bool tf_load_known(tf_csv *csv, int published, int withdrawn, tariff_span *out)
{
    *out = tf_span_always();
    if (!load_day(csv, published, &out->from.days) || !load_day(csv, withdrawn, &out->until.days))
        return false;
    return !tf_span_empty(*out)
           || refuse(csv, withdrawn, *out,
                     "withdrawn is the first day on which the row was no longer known",
                     "published on", ", and withdrawn on");
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
        if (status == TARIFF_E_NOMEM || status == TARIFF_E_LIMIT)
            return status;
    }
    return TARIFF_E_LIMIT;
}

tariff_status tf_load_file(tf_loader *loader, const char *path)
{
    tf_law_file *file = TF_NEW(loader->arena, tf_law_file);
    TF_NEED(file);
    file->path = tf_arena_text(loader->arena, path, strlen(path));
    if (!file->path || !TF_PUSH(loader->arena, &loader->schedule->files, file))
        return TARIFF_E_NOMEM;
    loader->file = file;
    return TARIFF_OK;
}

tariff_status tf_load_table(tf_loader *loader, const tf_place *place, tf_column *columns,
                            size_t count, tf_row_fn row, void *user)
{
    tf_csv *csv;
    if (!tf_may_go_on(loader->env))
        return TARIFF_E_LIMIT;
    TF_TRY(tf_csv_open(loader->env, loader->file->path, place, TF_SUM_SHA256, &csv));
    tariff_status status = load_rows(loader, csv, columns, count, row, user);
    if (status == TARIFF_OK)
        tf_csv_sha256(csv, loader->file->sha256);
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

typedef tariff_status (*file_fn)(tf_loader *loader, const char *name, void *user);

/* Each becomes the loader's file in turn. */
static tariff_status each_file(tf_loader *loader, const char *folder, file_fn fn, void *user)
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
        TF_TRY(tf_load_file(loader, path));
        TF_TRY(mind(fn(loader, name, user)));
    }
    return TARIFF_OK;
}

static tariff_status one_file(tf_loader *loader, const char *file,
                              tariff_status (*fn)(tf_loader *))
{
    char *path = tf_path_in(loader->arena, loader->directory, file);
    TF_NEED(path);
    if (!tf_is_file(path))
        return TARIFF_OK;
    TF_TRY(tf_load_file(loader, path));
    return mind(fn(loader));
}

static tariff_status part_file(tf_loader *loader, const char *name, void *user)
{
    (void)user;
    return tf_load_shares(loader, name, false);
}

static tariff_status claim_file(tf_loader *loader, const char *name, void *user)
{
    (void)user;
    return tf_load_shares(loader, name, true);
}

static tariff_status main_measures(tf_loader *loader)
{
    return tf_load_measures(loader, NULL);
}

static tariff_status measures_file(tf_loader *loader, const char *name, void *user)
{
    (void)name;
    (void)user;
    return tf_load_measures(loader, NULL);
}

/* Measures need the names of sets, and not their rows: those are read on another thread. */

typedef TF_VEC(tf_named_set) named_sets;

static tariff_status name_set(tf_loader *loader, const char *name, void *user)
{
    named_sets  *sets = user;
    tf_named_set named = { loader->file, NULL };
    TF_TRY(tf_scopes_set(&loader->book->scopes, loader->arena, name, strlen(name), &named.set));
    return TF_PUSH(loader->arena, sets, named) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status load_sets(tf_loader *loader, const named_sets *sets)
{
    for (size_t i = 0; i < sets->n; i++) {
        loader->file = sets->at[i].file;
        TF_TRY(mind(tf_load_set(loader, sets->at[i].set)));
    }
    return TARIFF_OK;
}

static tariff_status load_the_rest(tf_loader *loader)
{
    TF_TRY(each_file(loader, "parts", part_file, NULL));
    TF_TRY(each_file(loader, "claims", claim_file, NULL));
    TF_TRY(one_file(loader, "measures.csv", main_measures));
    TF_TRY(each_file(loader, "measures", measures_file, NULL));
    TF_TRY(one_file(loader, "yields.csv", tf_load_yields));
    return one_file(loader, "descriptions.csv", tf_load_descriptions);
}

typedef struct halves {
    tf_loader        *loader, *set_loader;
    const named_sets *sets;
    tariff_status     sets_read, rest_read;
} halves;

static void load_half(void *user, unsigned worker)
{
    halves *h = user;
    if (worker == 0)
        h->sets_read = load_sets(h->set_loader, h->sets);
    else
        h->rest_read = load_the_rest(h->loader);
}

/* What is wrong with the sets is told after what is with the rest, whoever was first. */
static tariff_status load_halves(tf_loader *loader, const named_sets *sets)
{
    tf_held     held;
    tf_loader   other = *loader;
    halves      h = { .loader = loader, .set_loader = &other, .sets = sets };
    tariff_env *env = loader->env;
    TF_TRY(tf_env_within(env, &other.env));
    tf_held_init(&held, env);
    tariff_env_on_diag(other.env, tf_hold, &held);
    other.arena = &loader->schedule->sets_arena;
    tf_run_threads(2, load_half, &h);
    tf_held_release(&held, env);
    tf_held_free(&held);
    tariff_env_free(other.env);
    return h.rest_read != TARIFF_OK ? h.rest_read : h.sets_read;
}

static tariff_status load_directory(tf_loader *loader, const tf_place *place)
{
    named_sets sets = { 0 };
    size_t     before = loader->schedule->files.n;
    /* Names first, then what uses them. */
    TF_TRY(one_file(loader, "layers.csv", tf_load_layers));
    TF_TRY(one_file(loader, "groups.csv", tf_load_groups));
    TF_TRY(each_file(loader, "sets", name_set, &sets));
    TF_TRY(sets.n ? load_halves(loader, &sets) : load_the_rest(loader));
    TF_TRY(mind(tf_warn_of_misspelt(loader->env, loader->arena, loader->schedule,
                                    loader->directory)));
    if (loader->schedule->files.n == before) {
        tf_place here = { .file = loader->directory };
        if (!place->file)
            place = &here;
        return tf_error(loader->env, TARIFF_E_SCHEMA, place,
                        "a schedule directory holds measures.csv, layers.csv, sets/, ...",
                        "no schedule in the directory '%s'", loader->directory);
    }
    char *package = tf_path_in(loader->arena, loader->directory, "datapackage.json");
    TF_NEED(package);
    if (!tf_is_file(package))
        return TARIFF_OK;
    TF_TRY(tf_load_file(loader, package));
    return tf_sha256_file(loader->env, package, loader->file->sha256);
}

static tariff_status load_file(tf_loader *loader, const char *path, const tf_place *place)
{
    TF_TRY(tf_load_file(loader, path));
    return tf_load_measures(loader, place);
}

static tariff_status load_one(tf_loader *loader, const char *path, const tf_place *place)
{
    const char *kept = tf_arena_text(loader->arena, path, strlen(path));
    loader->directory = tf_is_directory(path) ? kept : NULL;
    if (!kept || (loader->directory
                  && !TF_PUSH(loader->arena, &loader->schedule->directories, kept)))
        return TARIFF_E_NOMEM;
    tariff_status status = loader->directory ? load_directory(loader, place)
                                             : load_file(loader, path, place);
    loader->schedule->schedules++;
    return mind(status);
}

static int by_key(const void *a, const void *b)
{
    const tf_description *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* A path of which only the caller knows where it was written. */
static tariff_status load_argument(tf_loader *loader, const char *name)
{
    const char *path = tf_path_find(loader->env, loader->arena, "", name);
    TF_NEED(path);
    tf_place argument = { .looked = tf_path_looked(loader->env, loader->arena, path, name) };
    return load_one(loader, path, &argument);
}

/* Laid over itself, a schedule says everything twice. */
static tariff_status check_new(tariff_env *env, const char *const *paths, size_t at,
                               const tf_place *places)
{
    tf_place here = { .file = paths[at] };
    for (size_t i = 0; i < at; i++)
        if (strcmp(paths[i], paths[at]) == 0 || tf_is_same_file(paths[i], paths[at]))
            return tf_error(env, TARIFF_E_CONFLICT, places ? &places[at] : &here,
                            "an overlay holds what differs: name each schedule once",
                            "the schedule '%s' is there twice", paths[at]);
    return TARIFF_OK;
}

static tariff_status load_all(tf_loader *loader, const char *const *paths, size_t count,
                              const tf_place *places)
{
    for (size_t i = 0; i < count; i++) {
        TF_TRY(check_new(loader->env, paths, i, places));
        TF_TRY(places ? load_one(loader, paths[i], &places[i]) : load_argument(loader, paths[i]));
    }
    tf_book *book = loader->book;
    tf_sort(book->descriptions.at, book->descriptions.n, sizeof book->descriptions.at[0], by_key);
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
    tf_arena_init(&schedule->sets_arena, &env->allocator);
    tf_loader loader = { env, schedule, &schedule->arena, &schedule->book, NULL, NULL };
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
    tf_arena_free(&schedule->sets_arena);
    tf_arena_free(&schedule->arena);
    tf_free(schedule->env, schedule, sizeof *schedule);
}
