/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A stream of bytes from a file, a compressed file or standard input.
 */
#ifndef TF_IO_SOURCE_H
#define TF_IO_SOURCE_H

#include "base/diag.h"
#include "io/digest.h"

typedef struct tf_source tf_source;

/** What went through a source so far: the stored bytes, before decompression. */
typedef struct tf_fingerprint {
    uint64_t bytes;
    uint64_t xxh3_high, xxh3_low; /**< XXH3, 128 bits. */
} tf_fingerprint;

/** How the bytes of a source are told from others: quickly, so that no one can forge it, or not. */
typedef enum tf_sum { TF_SUM_XXH3, TF_SUM_SHA256, TF_SUM_NONE } tf_sum;

/**
 * Open a file; "-" is standard input.  gzip and Zstandard are recognised by
 * their first bytes, whatever the name.  A directory is an error that says so.
 * @param place  where the name was written, for the message; may be NULL.
 */
tariff_status tf_source_open(tariff_env *env, const char *path, const tf_place *place, tf_sum sum,
                             tf_source **out);
void          tf_source_close(tf_source *source);

/** Read up to `size` decompressed bytes; *got == 0 is the end. */
tariff_status tf_source_read(tf_source *source, void *buf, size_t size, size_t *got);

/** Would a read return at once?  A pipe may have to wait for its writer. */
bool tf_source_is_ready(const tf_source *source);

const char    *tf_source_path(const tf_source *source);
/** Of a source opened for it. */
tf_fingerprint tf_source_fingerprint(const tf_source *source);
/** The SHA-256 of what was read so far; once, of a source opened for it. */
void           tf_source_sha256(tf_source *source, char out[TF_SHA256_TEXT]);

/** The whole of a small file, NUL-terminated, in `arena`. */
tariff_status tf_read_file(tariff_env *env, tf_arena *arena, const char *path, size_t limit,
                           const tf_place *place, char **out, size_t *length);

/** Is there a directory (a file) of this name? */
bool tf_is_directory(const char *path);
/** Do two paths lead to one file or directory? */
bool tf_is_same_file(const char *a, const char *b);
bool tf_is_file(const char *path);
/** In bytes, as it is stored; 0 if it is no regular file: a pipe, a device. */
uint64_t tf_file_size(const char *path);

/** `name` as seen from the directory of `base`; absolute names stay.  In `arena`. */
char *tf_path_beside(tf_arena *arena, const char *base, const char *name);
/**
 * `name` as seen from the directory of `base` or, if nothing is there, in the
 * first of the environment's data directories that has it.  In `arena`.
 */
char *tf_path_find(const tariff_env *env, tf_arena *arena, const char *base, const char *name);
/** "nor is it in DIRECTORY", if `path`, found for `name`, is not there; NULL otherwise. */
const char *tf_path_looked(const tariff_env *env, tf_arena *arena, const char *path,
                           const char *name);
/** directory/name.  In `arena`. */
char *tf_path_in(tf_arena *arena, const char *directory, const char *name);

/** Does a path, with all symbolic links followed, lie in a directory?  What is not there does. */
bool  tf_path_is_inside(const char *directory, const char *path);

/** Names in a directory that end in `suffix`, sorted bytewise. */
typedef TF_VEC(char *) tf_paths;
tariff_status tf_list_directory(tariff_env *env, tf_arena *arena, const char *directory,
                                const char *suffix, tf_paths *out);

#endif
