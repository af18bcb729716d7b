/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/strays.h"

#include "base/ascii.h"
#include "io/doc.h"
#include "io/source.h"

#include <stdio.h>

static const char *const files[] = { "layers.csv", "measures.csv",     "yields.csv",
                                     "groups.csv", "descriptions.csv", NULL };
static const char *const folders[] = { "measures", "sets", "parts", "claims", NULL };

/* Also Measures.CSV, which is not read either. */
static bool ends_in(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n > m && tf_same_letters(name + n - m, suffix, m);
}

static bool is_csv(const char *name)
{
    return ends_in(name, ".csv") || ends_in(name, ".csv.gz") || ends_in(name, ".csv.zst");
}

static bool was_read(const struct tariff_schedule *schedule, const char *path)
{
    for (size_t i = 0; i < schedule->files.n; i++)
        if (strcmp(schedule->files.at[i]->path, path) == 0)
            return true;
    return false;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* CSV files in a folder that schedules have. */
static tariff_status look_into(tariff_env *env, tf_arena *arena,
                               const struct tariff_schedule *schedule, const char *path,
                               const char *folder, tf_strays *out)
{
    tf_paths names = { 0 };
    TF_TRY(tf_list_directory(env, arena, path, "", &names));
    for (size_t i = 0; i < names.n; i++) {
        tf_stray stray = { .path = tf_path_in(arena, path, names.at[i]),
                           .name = tf_path_in(arena, folder, names.at[i]) };
        TF_NEED(stray.path && stray.name);
        if (is_csv(names.at[i]) && !was_read(schedule, stray.path)
            && !TF_PUSH(arena, out, stray))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status holds_csv(tariff_env *env, tf_arena *arena, const char *path, bool *out)
{
    tf_paths names = { 0 };
    *out = false;
    TF_TRY(tf_list_directory(env, arena, path, "", &names));
    for (size_t i = 0; i < names.n && !*out; i++)
        *out = is_csv(names.at[i]);
    return TARIFF_OK;
}

tariff_status tf_find_strays(tariff_env *env, tf_arena *arena,
                             const struct tariff_schedule *schedule, const char *directory,
                             tf_strays *out)
{
    tf_paths names = { 0 };
    TF_TRY(tf_list_directory(env, arena, directory, "", &names));
    for (size_t i = 0; i < names.n; i++) {
        const char *name = names.at[i];
        tf_stray    stray = { .path = tf_path_in(arena, directory, name), .name = name };
        bool        found = is_csv(name);
        TF_NEED(stray.path);
        stray.is_folder = tf_is_directory(stray.path);
        if (stray.is_folder && is_one_of(name, folders)) {
            TF_TRY(look_into(env, arena, schedule, stray.path, name, out));
            continue;
        }
        if (stray.is_folder)
            TF_TRY(holds_csv(env, arena, stray.path, &found));
        stray.near = tf_nearest_of(name, strlen(name), stray.is_folder ? folders : files);
        if (found && !was_read(schedule, stray.path) && !TF_PUSH(arena, out, stray))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* The data package */

static bool is_named(const tf_stray *stray, const char *path)
{
    size_t n = strlen(stray->name);
    if (strncmp(path, "./", 2) == 0)
        path += 2;
    return strncmp(path, stray->name, n) == 0 && path[n] == (stray->is_folder ? '/' : '\0');
}

/* Frictionless: the path of a resource is a text or a list of them. */
static bool is_listed(const tf_node *package, const tf_stray *stray)
{
    const tf_node *resources = tf_doc_get(package, "resources");
    if (!resources || resources->kind != TF_LIST)
        return false;
    for (const tf_node *resource = resources->first; resource; resource = resource->next) {
        const tf_node *path = resource->kind == TF_MAP ? tf_doc_get(resource, "path") : NULL;
        if (path && path->kind == TF_SCALAR && is_named(stray, path->text))
            return true;
        if (!path || path->kind != TF_LIST)
            continue;
        for (path = path->first; path; path = path->next)
            if (path->kind == TF_SCALAR && is_named(stray, path->text))
                return true;
    }
    return false;
}

tariff_status tf_drop_listed(tariff_env *env, tf_arena *arena, const char *directory,
                             tf_strays *strays)
{
    tf_node *package;
    size_t   kept = 0;
    char    *path = tf_path_in(arena, directory, "datapackage.json");
    TF_NEED(path);
    if (strays->n == 0 || !tf_is_file(path))
        return TARIFF_OK;
    TF_TRY(tf_doc_read(env, arena, path, NULL, &package));
    for (size_t i = 0; i < strays->n; i++)
        if (!is_listed(package, &strays->at[i]))
            strays->at[kept++] = strays->at[i];
    strays->n = kept;
    return TARIFF_OK;
}

void tf_warn_of_stray(tariff_env *env, const tf_stray *stray)
{
    char        hint[64];
    const char *advice = "'tariff help schedule' tells which files are; what else belongs there is "
                         "listed in datapackage.json";
    tf_place    place = { .file = stray->path };
    snprintf(hint, sizeof hint, "did you mean '%s%s'?", stray->near ? stray->near : "",
             stray->is_folder ? "/" : "");
    tf_warning(env, &place, stray->near ? hint : advice, "%s",
               stray->is_folder ? "no file of this folder is read" : "this file is not read");
}

tariff_status tf_warn_of_misspelt(tariff_env *env, tf_arena *arena,
                                  const struct tariff_schedule *schedule, const char *directory)
{
    tf_strays strays = { 0 };
    size_t    misspelt = 0;
    TF_TRY(tf_find_strays(env, arena, schedule, directory, &strays));
    for (size_t i = 0; i < strays.n; i++)
        if (strays.at[i].near)
            strays.at[misspelt++] = strays.at[i];
    strays.n = misspelt;
    TF_TRY(tf_drop_listed(env, arena, directory, &strays));
    for (size_t i = 0; i < strays.n; i++)
        tf_warn_of_stray(env, &strays.at[i]);
    return TARIFF_OK;
}
