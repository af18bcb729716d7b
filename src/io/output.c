/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/output.h"

#include "io/xxh3.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, SUFFIX = 10 };

struct tf_output {
    tariff_env  *env;
    size_t       path_size;
    char        *path, *temporary;
    int          fd;
    bool         committed;
    bool         replaced; /**< What was there before has the temporary name now. */
    bool         created;  /**< Nothing was there before. */
    uint64_t     bytes;
    XXH3_state_t *hash;
    size_t       used;
    char         buf[BUFFER];
};

static tariff_status cannot(tariff_env *env, const char *path, const char *what)
{
    tf_place here = { .file = path };
    return tf_error(env, TARIFF_E_IO, &here, NULL, "cannot %s: %s", what, strerror(errno));
}

/* Like mkstemp(), but with the permissions that the user's umask asks for. */
static void create(tf_output *output)
{
    uint32_t chance;
    do {
        if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance)
            return;
        snprintf(output->temporary, output->path_size + SUFFIX, "%s.%08x~", output->path, chance);
        output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (output->fd < 0 && errno == EEXIST);
}

tariff_status tf_output_open(tariff_env *env, const char *path, tf_output **out)
{
    size_t     size = strlen(path) + 1;
    tf_output *output = tf_alloc(env, sizeof *output);
    *out = NULL;
    TF_NEED(output);
    memset(output, 0, offsetof(tf_output, buf));
    output->env = env;
    output->fd = -1;
    output->path_size = size;
    output->path = tf_alloc(env, size);
    output->temporary = tf_alloc(env, size + SUFFIX);
    if (output->temporary)
        output->temporary[0] = '\0';
    output->hash = XXH3_createState();
    if (!output->path || !output->temporary || !output->hash) {
        tf_output_close(output);
        return TARIFF_E_NOMEM;
    }
    XXH3_128bits_reset(output->hash);
    memcpy(output->path, path, size);
    create(output);
    if (output->fd < 0) {
        tariff_status status = cannot(env, path, "write");
        tf_output_close(output);
        return status;
    }
    *out = output;
    return TARIFF_OK;
}

static tariff_status hand_over(tf_output *output, const char *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        ssize_t n = write(output->fd, bytes + done, length - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cannot(output->env, output->path, "write");
        done += (size_t)n;
    }
    XXH3_128bits_update(output->hash, bytes, length);
    output->bytes += length;
    return TARIFF_OK;
}

tariff_status tf_output_flush(tf_output *output)
{
    TF_TRY(hand_over(output, output->buf, output->used));
    output->used = 0;
    return TARIFF_OK;
}

tariff_status tf_output_write(tf_output *output, const void *bytes, size_t length)
{
    const char *from = bytes;
    if (length >= BUFFER) { /* no need to copy it */
        TF_TRY(tf_output_flush(output));
        return hand_over(output, from, length);
    }
    while (length > 0) {
        size_t room = BUFFER - output->used;
        size_t n = length < room ? length : room;
        memcpy(output->buf + output->used, from, n);
        output->used += n;
        from += n;
        length -= n;
        if (output->used == BUFFER)
            TF_TRY(tf_output_flush(output));
    }
    return TARIFF_OK;
}

tariff_status tf_output_restart(tf_output *output)
{
    if (ftruncate(output->fd, 0) != 0 || lseek(output->fd, 0, SEEK_SET) != 0)
        return cannot(output->env, output->path, "write");
    XXH3_128bits_reset(output->hash);
    output->bytes = 0;
    output->used = 0;
    return TARIFF_OK;
}

tariff_status tf_output_finish(tf_output *output)
{
    TF_TRY(tf_output_flush(output));
    if (fsync(output->fd) != 0)
        return cannot(output->env, output->path, "write");
    int fd = output->fd;
    output->fd = -1;
    return close(fd) == 0 ? TARIFF_OK : cannot(output->env, output->path, "write");
}

tariff_status tf_output_commit(tf_output *output)
{
    struct stat old;
    bool        there = lstat(output->path, &old) == 0;
    /* A system that cannot exchange names leaves nothing to put back, only whole files. */
    output->replaced = there && !S_ISDIR(old.st_mode)
                       && renameat2(AT_FDCWD, output->temporary, AT_FDCWD, output->path,
                                    RENAME_EXCHANGE) == 0;
    if (!output->replaced && rename(output->temporary, output->path) != 0)
        return cannot(output->env, output->path, "write");
    output->committed = true;
    output->created = !there;
    return TARIFF_OK;
}

void tf_output_undo(tf_output *output)
{
    if (!output->committed)
        return;
    if (output->replaced)
        output->committed = renameat2(AT_FDCWD, output->temporary, AT_FDCWD, output->path,
                                      RENAME_EXCHANGE) != 0;
    else if (output->created)
        output->committed = unlink(output->path) != 0;
}

void tf_output_close(tf_output *output)
{
    if (!output)
        return;
    if (output->fd >= 0)
        close(output->fd);
    if (output->temporary && output->temporary[0] && (output->replaced || !output->committed))
        unlink(output->temporary);
    XXH3_freeState(output->hash);
    tf_free(output->env, output->path, output->path_size);
    tf_free(output->env, output->temporary, output->path_size + SUFFIX);
    tf_free(output->env, output, sizeof *output);
}

/* NAME.csv.XXXXXXXX~, as create() makes them */
static bool is_leftover(const char *name)
{
    size_t n = strlen(name);
    if (n <= SUFFIX || name[n - 1] != '~' || name[n - SUFFIX] != '.')
        return false;
    for (size_t i = n - SUFFIX + 1; i < n - 1; i++)
        if (!strchr("0123456789abcdef", name[i]))
            return false;
    const char *dot = memrchr(name, '.', n - SUFFIX);
    return dot && (strncmp(dot, ".csv.", 5) == 0 || strncmp(dot, ".json.", 6) == 0);
}

void tf_remove_leftovers(const char *directory)
{
    DIR *open = opendir(directory);
    if (!open)
        return;
    const struct dirent *entry;
    while ((entry = readdir(open)) != NULL)
        if (is_leftover(entry->d_name))
            unlinkat(dirfd(open), entry->d_name, 0);
    closedir(open);
}

const char *tf_output_path(const tf_output *output)
{
    return output->path;
}

tariff_env *tf_output_env(const tf_output *output)
{
    return output->env;
}

void tf_output_hash(const tf_output *output, uint64_t *high, uint64_t *low)
{
    XXH128_hash_t hash = XXH3_128bits_digest(output->hash);
    *high = hash.high64;
    *low = hash.low64;
}

uint64_t tf_output_bytes(const tf_output *output)
{
    return output->bytes;
}

tariff_status tf_make_directories(tariff_env *env, const char *path)
{
    size_t length = strlen(path);
    char  *partial = tf_alloc(env, length + 1);
    TF_NEED(partial);
    memcpy(partial, path, length + 1);
    tariff_status status = TARIFF_OK;
    for (size_t i = 1; i <= length && status == TARIFF_OK; i++) {
        if (partial[i] != '/' && partial[i] != '\0')
            continue;
        char kept = partial[i];
        partial[i] = '\0';
        if (mkdir(partial, 0777) != 0 && errno != EEXIST)
            status = cannot(env, partial, "make the directory");
        partial[i] = kept;
    }
    tf_free(env, partial, length + 1);
    return status;
}
