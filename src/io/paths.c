/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

bool tf_is_directory(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool tf_is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool tf_is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

uint64_t tf_file_size(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
}

static char *join(tf_arena *arena, const char *a, size_t n, const char *b)
{
    size_t m = strlen(b);
    char  *path = tf_arena_alloc(arena, n + m + 2);
    if (!path)
        return NULL;
    memcpy(path, a, n);
    if (n > 0 && path[n - 1] != '/')
        path[n++] = '/';
    memcpy(path + n, b, m);
    return path;
}

/* Can "folder/.." be left out of a path?  Not if the folder is a link to elsewhere. */
static bool is_plain_folder(char *path, size_t length, size_t last)
{
    struct stat info;
    char        kept = path[length];
    if (strcmp(path + last, "..") == 0 || strcmp(path + last, ".") == 0)
        return false;
    path[length] = '\0';
    bool plain = lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
    path[length] = kept;
    return plain;
}

char *tf_path_beside(tf_arena *arena, const char *base, const char *name)
{
    const char *slash = strrchr(base, '/');
    if (name[0] == '/' || strcmp(name, "-") == 0 || !slash)
        return tf_arena_text(arena, name, strlen(name));
    size_t n = (size_t)(slash - base);
    char  *folder = tf_arena_text(arena, base, n);
    while (folder && n > 0 && strncmp(name, "../", 3) == 0) {
        char  *before = strrchr(folder, '/');
        size_t last = before ? (size_t)(before - folder) + 1 : 0;
        if (!is_plain_folder(folder, n, last))
            break;
        name += 3;
        n = before ? last - 1 : 0;
        folder[n] = '\0';
        if (n == 0)
            return before ? join(arena, "/", 1, name) : tf_arena_text(arena, name, strlen(name));
    }
    return folder ? join(arena, folder, n, name) : NULL;
}

/* Data directories */

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

/* "../law" and "./law" say where the law is. */
static bool may_be_data(const tariff_env *env, const char *name)
{
    return env->data_count > 0 && name[0] && name[0] != '/' && name[0] != '.'
           && strcmp(name, "-") != 0;
}

char *tf_path_find(const tariff_env *env, tf_arena *arena, const char *base, const char *name)
{
    char *beside = tf_path_beside(arena, base, name);
    if (!beside || !may_be_data(env, name) || is_there(beside))
        return beside;
    for (size_t i = 0; i < env->data_count; i++) {
        char *path = tf_path_in(arena, env->data[i], name);
        if (!path || is_there(path))
            return path;
    }
    return beside;
}

const char *tf_path_looked(const tariff_env *env, tf_arena *arena, const char *path,
                           const char *name)
{
    size_t length = 32, n = 0;
    if (!may_be_data(env, name) || is_there(path))
        return NULL;
    for (size_t i = 0; i < env->data_count; i++)
        length += strlen(env->data[i]) + 4;
    char *text = tf_arena_alloc(arena, length);
    for (size_t i = 0; text && i < env->data_count; i++)
        n += (size_t)snprintf(text + n, length - n, "%s%s", i ? " or " : "nor is it in ",
                              env->data[i]);
    return text;
}

size_t tariff_env_find(const tariff_env *env, const char *name, char *buf, size_t size)
{
    tf_arena arena;
    tf_arena_init(&arena, &env->allocator);
    const char *path = tf_path_find(env, &arena, "", name);
    int         n = snprintf(buf, size, "%s", path ? path : name);
    tf_arena_free(&arena);
    return n > 0 ? (size_t)n : 0;
}

char *tf_path_in(tf_arena *arena, const char *directory, const char *name)
{
    return join(arena, directory, strlen(directory), name);
}

bool tf_path_is_inside(const char *directory, const char *path)
{
    char  *real = realpath(path, NULL), *folder = real ? realpath(directory, NULL) : NULL;
    size_t n = folder ? strlen(folder) : 0;
    bool   inside = !real
                  || (folder && strncmp(real, folder, n) == 0
                      && (real[n] == '/' || (n > 0 && folder[n - 1] == '/')));
    free(folder);
    free(real);
    return inside;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n > m && strcmp(name + n - m, suffix) == 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

tariff_status tf_list_directory(tariff_env *env, tf_arena *arena, const char *directory,
                                const char *suffix, tf_paths *out)
{
    tariff_status status = TARIFF_OK;
    DIR          *dir = opendir(directory);
    if (!dir) {
        tf_place here = { .file = directory };
        if (errno == ENOENT)
            return TARIFF_OK;
        return tf_error(env, TARIFF_E_IO, &here, NULL, "cannot list: %s", strerror(errno));
    }
    const struct dirent *entry;
    while (status == TARIFF_OK && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' || !ends_in(entry->d_name, suffix))
            continue;
        char *name = tf_arena_text(arena, entry->d_name, strlen(entry->d_name));
        if (!name || !TF_PUSH(arena, out, name))
            status = TARIFF_E_NOMEM;
    }
    closedir(dir);
    if (out->n)
        qsort(out->at, out->n, sizeof out->at[0], by_bytes);
    return status;
}
