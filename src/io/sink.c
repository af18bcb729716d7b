/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024 };

struct tf_sink {
    tariff_env   *env;
    tf_output    *output; /**< Of a file; else `fd`. */
    bool          lent;   /**< It is somebody else's. */
    const char   *path;   /**< The caller's. */
    int           fd;
    bool          begun; /**< The record has a field. */
    tariff_status status;
    size_t        used;
    char          buf[BUFFER];
};

static tariff_status cannot(tariff_env *env, const char *path)
{
    tf_place here = { .file = path };
    return tf_error(env, TARIFF_E_IO, &here, NULL, "cannot write: %s", strerror(errno));
}

/* A device or a pipe must not be replaced by a file. */
static bool is_special(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

tariff_status tf_sink_open(tariff_env *env, const char *path, tf_sink **out)
{
    tf_sink *sink = tf_alloc(env, sizeof *sink);
    *out = NULL;
    TF_NEED(sink);
    memset(sink, 0, offsetof(tf_sink, buf));
    sink->env = env;
    sink->fd = -1;
    sink->path = path;
    tariff_status status = TARIFF_OK;
    if (strcmp(path, "-") == 0) {
        sink->fd = STDOUT_FILENO;
    } else if (is_special(path)) {
        sink->fd = open(path, O_WRONLY | O_CLOEXEC);
        if (sink->fd < 0)
            status = cannot(env, path);
    } else {
        status = tf_output_open(env, path, &sink->output);
    }
    if (status != TARIFF_OK) {
        tf_sink_close(sink);
        return status;
    }
    *out = sink;
    return TARIFF_OK;
}

tariff_status tf_sink_to(tf_output *output, tf_sink **out)
{
    tf_sink *sink = tf_alloc(tf_output_env(output), sizeof *sink);
    *out = sink;
    TF_NEED(sink);
    memset(sink, 0, offsetof(tf_sink, buf));
    sink->env = tf_output_env(output);
    sink->fd = -1;
    sink->path = tf_output_path(output);
    sink->output = output;
    sink->lent = true;
    return TARIFF_OK;
}

static tariff_status hand_over(const tf_sink *sink, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(sink->fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cannot(sink->env, sink->path);
        bytes += n;
        length -= (size_t)n;
    }
    return TARIFF_OK;
}

static tariff_status flush(tf_sink *sink)
{
    size_t used = sink->used;
    sink->used = 0;
    return hand_over(sink, sink->buf, used);
}

static void put(tf_sink *sink, const char *bytes, size_t length)
{
    if (sink->output && sink->status == TARIFF_OK) {
        sink->status = tf_output_write(sink->output, bytes, length);
        return;
    }
    while (length > 0 && sink->status == TARIFF_OK) {
        size_t n = length < BUFFER - sink->used ? length : BUFFER - sink->used;
        memcpy(sink->buf + sink->used, bytes, n);
        sink->used += n;
        bytes += n;
        length -= n;
        if (sink->used == BUFFER)
            sink->status = flush(sink);
    }
}

tariff_status tf_sink_write(tf_sink *sink, const char *bytes, size_t length)
{
    if (sink->output || length < BUFFER) {
        put(sink, bytes, length);
    } else if (sink->status == TARIFF_OK) { /* no need to copy it */
        sink->status = flush(sink);
        if (sink->status == TARIFF_OK)
            sink->status = hand_over(sink, bytes, length);
    }
    return sink->status;
}

tariff_status tf_sink_flush(tf_sink *sink)
{
    if (sink->status == TARIFF_OK && !sink->output)
        sink->status = flush(sink);
    return sink->status;
}

static bool needs_quotes(const char *text, size_t length)
{
    return length > 0
           && (text[strcspn(text, ",\"\r\n")] != '\0' || text[0] == ' ' || text[0] == '\t'
               || text[length - 1] == ' ' || text[length - 1] == '\t');
}

void tf_sink_put(tf_sink *sink, const char *text)
{
    size_t length = strlen(text);
    if (sink->begun)
        put(sink, ",", 1);
    sink->begun = true;
    if (!needs_quotes(text, length)) {
        put(sink, text, length);
        return;
    }
    put(sink, "\"", 1);
    for (;;) {
        size_t n = strcspn(text, "\"");
        put(sink, text, n);
        if (text[n] == '\0')
            break;
        put(sink, "\"\"", 2);
        text += n + 1;
    }
    put(sink, "\"", 1);
}

tariff_status tf_sink_end(tf_sink *sink)
{
    put(sink, "\n", 1);
    sink->begun = false;
    return sink->status;
}

tariff_status tf_sink_record(tf_sink *sink, const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tf_sink_put(sink, fields[i]);
    return tf_sink_end(sink);
}

tariff_status tf_sink_finish(tf_sink *sink)
{
    TF_TRY(sink->status);
    return sink->output ? tf_output_finish(sink->output) : flush(sink);
}

tariff_status tf_sink_commit(tf_sink *sink)
{
    return sink->output ? tf_output_commit(sink->output) : TARIFF_OK;
}

void tf_sink_undo(tf_sink *sink)
{
    if (sink->output)
        tf_output_undo(sink->output);
}

void tf_sink_close(tf_sink *sink)
{
    if (!sink)
        return;
    if (!sink->lent)
        tf_output_close(sink->output);
    if (sink->fd >= 0 && sink->fd != STDOUT_FILENO)
        close(sink->fd);
    tf_free(sink->env, sink, sizeof *sink);
}
