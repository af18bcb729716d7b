/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/files.h"

#include "io/source.h"
#include "report/choice.h"

#include <stdio.h>
#include <unistd.h>

typedef struct report_file {
    const char *name;
    tf_output  *output;
} report_file;

struct tf_report_files {
    tariff_env *env;
    tf_arena    arena;
    char       *directory;
    bool        committed;
    TF_VEC(report_file) list;
};

tariff_status tf_report_files_open(tariff_env *env, const char *directory, const char *name,
                                   tf_report_files **out)
{
    *out = NULL;
    tf_report_files *files = tf_alloc(env, sizeof *files);
    TF_NEED(files);
    memset(files, 0, sizeof *files);
    files->env = env;
    tf_arena_init(&files->arena, &env->allocator);
    files->directory = tf_path_in(&files->arena, directory, name);
    tariff_status status =
        files->directory ? tf_make_directories(env, files->directory) : TARIFF_E_NOMEM;
    if (status != TARIFF_OK) {
        tf_report_files_close(files);
        return status;
    }
    tf_remove_leftovers(files->directory);
    *out = files;
    return TARIFF_OK;
}

void tf_report_files_close(tf_report_files *files)
{
    if (!files)
        return;
    for (size_t i = 0; i < files->list.n; i++)
        tf_output_close(files->list.at[i].output);
    if (!files->committed && files->directory)
        rmdir(files->directory); /* stays, if it holds the reports of an earlier run */
    tf_arena_free(&files->arena);
    tf_free(files->env, files, sizeof *files);
}

tariff_status tf_report_files_add(tf_report_files *files, const char *name, tf_output **out)
{
    report_file file = { .name = tf_arena_text(&files->arena, name, strlen(name)) };
    char       *path = tf_path_in(&files->arena, files->directory, name);
    TF_NEED(path && file.name);
    TF_TRY(tf_output_open(files->env, path, &file.output));
    if (!TF_PUSH(&files->arena, &files->list, file)) {
        tf_output_close(file.output);
        return TARIFF_E_NOMEM;
    }
    *out = file.output;
    return TARIFF_OK;
}

static bool is_listed(const tf_report_files *files, const char *name)
{
    for (size_t i = 0; i < files->list.n; i++)
        if (strcmp(files->list.at[i].name, name) == 0)
            return true;
    return false;
}

/* A directory holds what its manifest lists: no report of an earlier run stays beside it. */
static tariff_status list_stale(tf_report_files *files, tf_paths *out)
{
    for (int i = 0; i < TF_REPORTS; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", tf_report_name((tf_report)i));
        if (is_listed(files, name))
            continue;
        char *path = tf_path_in(&files->arena, files->directory, name);
        if (!path || !TF_PUSH(&files->arena, out, path))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

tariff_status tf_report_files_commit(tf_report_files *files)
{
    tf_paths      stale = { 0 };
    tariff_status status = TARIFF_OK;
    for (size_t i = 0; i < files->list.n; i++)
        TF_TRY(tf_output_finish(files->list.at[i].output));
    if (is_listed(files, "manifest.json"))
        TF_TRY(list_stale(files, &stale));
    for (size_t i = 0; i < files->list.n && status == TARIFF_OK; i++)
        status = tf_output_commit(files->list.at[i].output);
    for (size_t i = files->list.n; i > 0 && status != TARIFF_OK; i--)
        tf_output_undo(files->list.at[i - 1].output);
    for (size_t i = 0; i < stale.n && status == TARIFF_OK; i++)
        unlink(stale.at[i]);
    files->committed = status == TARIFF_OK;
    return status;
}

const tf_output *tf_report_files_at(const tf_report_files *files, size_t i, const char **name)
{
    if (i >= files->list.n)
        return NULL;
    *name = files->list.at[i].name;
    return files->list.at[i].output;
}
