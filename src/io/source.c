/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source.h"

#include "io/xxh3.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { RAW_SIZE = 64 * 1024 };

typedef enum packing { UNKNOWN, PLAIN, GZIP, ZSTANDARD } packing;

struct tf_source {
    tariff_env  *env;
    char        *path;
    int          fd;
    packing      packing;
    bool         at_end;
    bool         frame_open; /**< Inside a compressed member that has not ended. */
    size_t       start, end; /**< Unused bytes of `raw`. */
    z_stream     gzip;
    ZSTD_DStream *zstd;
    unsigned long long said, held; /**< Bytes of the frame: by its header, and so far. */
    uint64_t     bytes;
    XXH3_state_t *hash; /**< NULL: another sum, or none. */
    bool         is_sha256;
    tf_sha256    sha256;
    unsigned char raw[RAW_SIZE];
};

/* A file that another one names, and that is not there, is a mistake in that one. */
static tariff_status cannot(tariff_env *env, const char *path, const tf_place *place, int error)
{
    tf_place      here = { .file = path };
    bool          named = place && place->file;
    bool          missing = error == ENOENT || error == ENOTDIR;
    tariff_status status =
        error == EISDIR || (named && missing) ? TARIFF_E_REFERENCE : TARIFF_E_IO;
    const char *hint = error == EISDIR ? "a file is expected here, not a directory"
                       : error == ENOENT && place ? place->looked
                                                  : NULL;
    if (named)
        return tf_error(env, status, place, hint, "cannot read '%s': %s", path, strerror(error));
    return tf_error(env, status, &here, hint, "cannot read: %s", strerror(error));
}

tariff_status tf_source_open(tariff_env *env, const char *path, const tf_place *place, tf_sum sum,
                             tf_source **out)
{
    struct stat info;
    size_t      path_size = strlen(path) + 1;
    *out = NULL;
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot(env, path, place, errno);
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        if (fd != STDIN_FILENO)
            close(fd);
        return cannot(env, path, place, EISDIR);
    }
    tf_source *source = tf_alloc(env, sizeof *source);
    char      *name = tf_alloc(env, path_size);
    XXH3_state_t *hash = sum == TF_SUM_XXH3 ? XXH3_createState() : NULL;
    if (!source || !name || (sum == TF_SUM_XXH3 && !hash)) {
        tf_free(env, source, sizeof *source);
        tf_free(env, name, path_size);
        XXH3_freeState(hash);
        if (fd != STDIN_FILENO)
            close(fd);
        return TARIFF_E_NOMEM;
    }
    memset(source, 0, offsetof(tf_source, raw));
    memcpy(name, path, path_size);
    source->env = env;
    source->path = name;
    source->fd = fd;
    source->hash = hash;
    source->is_sha256 = sum == TF_SUM_SHA256;
    sha256_init(&source->sha256);
    if (hash)
        XXH3_128bits_reset(hash);
    *out = source;
    return TARIFF_OK;
}

void tf_source_close(tf_source *source)
{
    if (!source)
        return;
    tf_account_note(&source->env->account, source->path);
    if (source->packing == GZIP)
        inflateEnd(&source->gzip);
    ZSTD_freeDStream(source->zstd);
    XXH3_freeState(source->hash);
    if (source->fd != STDIN_FILENO)
        close(source->fd);
    tf_free(source->env, source->path, strlen(source->path) + 1);
    tf_free(source->env, source, sizeof *source);
}

bool tf_source_is_ready(const tf_source *source)
{
    struct pollfd input = { .fd = source->fd, .events = POLLIN };
    return source->at_end || source->end > source->start || poll(&input, 1, 0) != 0;
}

const char *tf_source_path(const tf_source *source)
{
    return source->path;
}

tf_fingerprint tf_source_fingerprint(const tf_source *source)
{
    XXH128_hash_t  hash = XXH3_128bits_digest(source->hash);
    tf_fingerprint print = { source->bytes, hash.high64, hash.low64 };
    return print;
}

void tf_source_sha256(tf_source *source, char out[TF_SHA256_TEXT])
{
    tf_sha256_end(&source->sha256, out);
}

static tariff_status read_raw(tf_source *source, void *buf, size_t size, size_t *got)
{
    ssize_t n;
    do
        n = read(source->fd, buf, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return cannot(source->env, source->path, NULL, errno);
    *got = (size_t)n;
    source->at_end = n == 0;
    source->bytes += (uint64_t)n;
    if (source->hash)
        XXH3_128bits_update(source->hash, buf, (size_t)n);
    else if (source->is_sha256)
        sha256_update(&source->sha256, (size_t)n, buf);
    return TARIFF_OK;
}

/* Top up `raw`; at the end of the file it may stay as it is. */
static tariff_status fill(tf_source *source)
{
    size_t got = 0;
    if (source->start > 0) {
        memmove(source->raw, source->raw + source->start, source->end - source->start);
        source->end -= source->start;
        source->start = 0;
    }
    if (source->at_end || source->end == RAW_SIZE)
        return TARIFF_OK;
    TF_TRY(read_raw(source, source->raw + source->end, RAW_SIZE - source->end, &got));
    source->end += got;
    return TARIFF_OK;
}

static tariff_status recognise(tf_source *source)
{
    while (!source->at_end && source->end < 4)
        TF_TRY(fill(source));
    const unsigned char *b = source->raw;
    source->packing = PLAIN;
    if (source->end >= 2 && b[0] == 0x1f && b[1] == 0x8b) {
        if (inflateInit2(&source->gzip, 15 + 16) != Z_OK)
            return TARIFF_E_NOMEM;
        source->packing = GZIP;
    } else if (source->end >= 4 && b[0] == 0x28 && b[1] == 0xb5 && b[2] == 0x2f && b[3] == 0xfd) {
        source->zstd = ZSTD_createDStream();
        TF_NEED(source->zstd);
        source->packing = ZSTANDARD;
    }
    return TARIFF_OK;
}

static tariff_status damaged(tf_source *source, const char *how)
{
    tf_place here = { .file = source->path };
    return tf_error(source->env, TARIFF_E_SYNTAX, &here, NULL,
                    "the compressed file is damaged: %s", how);
}

static tariff_status read_plain(tf_source *source, unsigned char *buf, size_t size, size_t *got)
{
    size_t have = source->end - source->start;
    if (have == 0)
        return source->at_end ? TARIFF_OK : read_raw(source, buf, size, got);
    *got = have < size ? have : size;
    memcpy(buf, source->raw + source->start, *got);
    source->start += *got;
    return TARIFF_OK;
}

/* One step of decompression: from `raw` into the caller's buffer. */
static tariff_status inflate_some(tf_source *source, unsigned char *buf, size_t size, size_t *got)
{
    z_stream *z = &source->gzip;
    source->frame_open = true;
    z->next_in = source->raw + source->start;
    z->avail_in = (uInt)(source->end - source->start);
    z->next_out = buf;
    z->avail_out = (uInt)(size < UINT32_MAX ? size : UINT32_MAX);
    int code = inflate(z, Z_NO_FLUSH);
    source->start = source->end - z->avail_in;
    *got = size - z->avail_out;
    if (code == Z_STREAM_END) { /* members may follow one another */
        source->frame_open = false;
        return inflateReset(z) == Z_OK ? TARIFF_OK : damaged(source, "a member cannot be read");
    }
    if (code != Z_OK && code != Z_BUF_ERROR)
        return damaged(source, z->msg ? z->msg : "not gzip data");
    return TARIFF_OK;
}

enum { LONGEST_HEADER = 18 }; /* RFC 8878, section 3.1.1.1, with the magic number */

/* How much a frame says that it holds: the library holds it to that only where it all fits into the
 * buffer at once. */
static tariff_status begin_frame(tf_source *source)
{
    while (source->end - source->start < LONGEST_HEADER && !source->at_end)
        TF_TRY(fill(source));
    source->said = ZSTD_getFrameContentSize(source->raw + source->start,
                                            source->end - source->start);
    source->held = 0;
    return TARIFF_OK;
}

static bool is_as_said(const tf_source *source)
{
    return source->said == ZSTD_CONTENTSIZE_UNKNOWN || source->said == ZSTD_CONTENTSIZE_ERROR
           || source->said == source->held;
}

static tariff_status unzstd_some(tf_source *source, unsigned char *buf, size_t size, size_t *got)
{
    ZSTD_inBuffer  in = { source->raw, source->end, source->start };
    ZSTD_outBuffer out = { buf, size, 0 };
    size_t         code = ZSTD_decompressStream(source->zstd, &out, &in);
    if (ZSTD_isError(code))
        return damaged(source, ZSTD_getErrorName(code));
    source->frame_open = code != 0;
    source->held += out.pos;
    if (code == 0 && !is_as_said(source))
        return damaged(source, "it holds less than it says");
    source->start = in.pos;
    *got = out.pos;
    return TARIFF_OK;
}

static tariff_status read_packed(tf_source *source, unsigned char *buf, size_t size, size_t *got)
{
    while (*got == 0) {
        if (source->start == source->end) {
            TF_TRY(fill(source));
            if (source->start == source->end && source->at_end)
                return source->frame_open ? damaged(source, "it ends in the middle") : TARIFF_OK;
        }
        if (source->packing == ZSTANDARD && !source->frame_open)
            TF_TRY(begin_frame(source));
        size_t before = source->start;
        TF_TRY(source->packing == GZIP ? inflate_some(source, buf, size, got)
                                       : unzstd_some(source, buf, size, got));
        if (*got == 0 && source->start == before) {
            size_t had = source->end;
            TF_TRY(fill(source));
            if (source->at_end && source->end == had)
                return damaged(source, "it ends in the middle");
        }
    }
    return TARIFF_OK;
}

tariff_status tf_source_read(tf_source *source, void *buf, size_t size, size_t *got)
{
    *got = 0;
    if (source->packing == UNKNOWN)
        TF_TRY(recognise(source));
    if (source->packing == PLAIN)
        return read_plain(source, buf, size, got);
    return read_packed(source, buf, size, got);
}

static tariff_status read_all(tariff_env *env, tf_source *source, tf_arena *arena, size_t limit,
                              char **out, size_t *length)
{
    TF_VEC(char) text = { 0 };
    size_t got;
    do {
        if (!tf_vec_reserve(arena, &text.at, &text.room, text.n + 16384, 1))
            return TARIFF_E_NOMEM;
        TF_TRY(tf_source_read(source, text.at + text.n, text.room - text.n - 1, &got));
        text.n += got;
        if (text.n > limit) {
            tf_place here = { .file = tf_source_path(source) };
            return tf_error(env, TARIFF_E_LIMIT, &here, NULL, "larger than %zu bytes", limit);
        }
    } while (got);
    text.at[text.n] = '\0';
    *out = text.at;
    *length = text.n;
    return TARIFF_OK;
}

tariff_status tf_read_file(tariff_env *env, tf_arena *arena, const char *path, size_t limit,
                           const tf_place *place, char **out, size_t *length)
{
    tf_source *source;
    TF_TRY(tf_source_open(env, path, place, TF_SUM_XXH3, &source));
    tariff_status status = read_all(env, source, arena, limit, out, length);
    tf_source_close(source);
    return status;
}
