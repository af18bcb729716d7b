/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARIFF_ENV_H
#define TARIFF_ENV_H

#include <stdbool.h>
#include <tariff/diag.h>

TARIFF_BEGIN_DECLS

/**
 * Where an operation gets memory and limits, and where it sends its words.
 * There is no other state: two environments never affect each other.
 *
 * An environment serves one thread at a time.  What was made with it and is
 * finished (schedules, laws, scenarios) is immutable and may be read from any
 * number of threads, each with an environment of its own; it must be freed
 * before the environment that made it.
 */
typedef struct tariff_env tariff_env;

/** Memory functions; all three set.  Sizes are passed back on free. */
typedef struct tariff_allocator {
    void *(*alloc)(void *user, size_t size);
    void *(*realloc)(void *user, void *ptr, size_t old_size, size_t new_size);
    void (*free)(void *user, void *ptr, size_t size);
    void *user;
} tariff_allocator;

typedef struct tariff_limits {
    size_t   size;         /**< sizeof(tariff_limits), set by TARIFF_LIMITS_INIT. */
    uint32_t max_errors;   /**< A load stops after this many errors. */
    size_t   max_field;    /**< Longest CSV field in bytes. */
    size_t   max_record;   /**< Longest CSV record in bytes. */
    size_t   max_document; /**< Largest scenario file in bytes. */
    uint32_t max_depth;    /**< Deepest nesting of a scenario file. */
    uint32_t max_measures; /**< Most measures of a schedule, with its overlays. */
    size_t   max_memory;   /**< Most bytes held at once (tariff_env_memory()); 0: no limit. */
} tariff_limits;
#define TARIFF_LIMITS_INIT \
    { sizeof(tariff_limits), 50, 1u << 20, 4u << 20, 4u << 20, 32, 10u * 1000 * 1000, 0 }

/**
 * @param allocator  copied; NULL for malloc() and friends.
 * @param[out] out   freed with tariff_env_free().
 * Ownership: the caller's, freed after all that was made with it; threads: used
 * by one thread at a time; failure: TARIFF_E_NOMEM, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_env_new(const tariff_allocator *allocator,
                                                          tariff_env            **out);
TARIFF_API void                            tariff_env_free(tariff_env *env);

/**
 * Without a callback, diagnostics are counted and dropped.
 * Ownership: `user` stays the caller's; threads: set before use, not while a
 * call runs; failure: none.
 */
TARIFF_API void tariff_env_on_diag(tariff_env *env, tariff_diag_fn fn, void *user);
/**
 * Ask, now and then and from any thread, whether to stop: true ends the
 * operation with TARIFF_E_CANCELLED, and nothing half-written stays.
 *
 * Ownership: `user` stays the caller's; threads: set before use; `cancelled` is
 * called from any thread; failure: none.
 */
TARIFF_API void tariff_env_on_cancel(tariff_env *env, bool (*cancelled)(void *user), void *user);

/** How far an operation is. */
typedef struct tariff_progress {
    size_t      size;
    const char *phase; /**< What is counted: "scenarios" of a batch, "rows" of a stream or a
                            source; lives for ever. */
    uint64_t    done, total; /**< A total of 0 is not known. */
} tariff_progress;

typedef void (*tariff_progress_fn)(void *user, const tariff_progress *progress);

/**
 * Tell, now and then, how far a batch, a stream or the reading of a source is:
 * from any thread, but one call at a time, with ever more done.  What it takes,
 * the operation waits for; it cannot fail.  NULL: nobody is told.
 *
 * Ownership: `user` stays the caller's; threads: set before use, not while a
 * call runs; failure: none.
 */
TARIFF_API void tariff_env_on_progress(tariff_env *env, tariff_progress_fn fn, void *user);

/**
 * Other limits than those of TARIFF_LIMITS_INIT.
 * Ownership: copied; threads: set before use, not while a call runs; failure:
 * none.
 */
TARIFF_API void tariff_env_set_limits(tariff_env *env, const tariff_limits *limits);

/**
 * What an environment, all that was made with it, and the operation that runs
 * have asked of the allocator and not given back.  Buffers that zlib, Zstandard,
 * libyaml, Jansson, libcsv and GSL take for themselves are not counted; they
 * are bounded by the other limits.
 */
typedef struct tariff_memory {
    size_t      size;    /**< sizeof(tariff_memory), set by TARIFF_MEMORY_INIT. */
    size_t      held;    /**< Bytes now. */
    size_t      most;    /**< Bytes at most so far. */
    size_t      limit;   /**< tariff_limits.max_memory; 0: none. */
    bool        refused; /**< The limit made an operation fail with TARIFF_E_NOMEM. */
    const char *reading; /**< The file that was being read then, or NULL; valid as the environment is. */
} tariff_memory;
#define TARIFF_MEMORY_INIT { sizeof(tariff_memory), 0, 0, 0, false, NULL }

/**
 * @param[in,out] out  begins as TARIFF_MEMORY_INIT.
 * Ownership: a copy, but for the name of the file; threads: the environment's;
 * failure: none.
 */
TARIFF_API void tariff_env_memory(const tariff_env *env, tariff_memory *out);

/**
 * Where to look for schedules, flows and scenarios that are not where they are
 * named.  A relative name that begins with no dot, such as
 * "datasets/us-tariffs", and that names nothing from the directory of the
 * scenario (or, for an argument, from the working directory), is read from the
 * first of these directories that has it.  Without them, nothing else is
 * searched: the library reads no environment variable and knows no prefix.
 *
 * @param directories  copied; they replace those given before.
 * @return TARIFF_OK or TARIFF_E_NOMEM.  Set before use, not while another call runs.
 * Ownership: copied; threads: set before use, not while a call runs; failure:
 * TARIFF_E_NOMEM, and those given before stay.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_env_set_data(tariff_env        *env,
                                                               const char *const *directories,
                                                               size_t             count);

/**
 * Where a name given as an argument is read from: itself if it is there, else
 * where a data directory has it, else itself.
 *
 * @return the length needed, without the final NUL, as snprintf() does.
 * Ownership: `buf` is the caller's; threads: any, while none sets directories;
 * failure: none: a name that does not fit is cut.
 */
TARIFF_API size_t tariff_env_find(const tariff_env *env, const char *name, char *buf, size_t size);

/**
 * Errors and warnings reported since the environment was made.
 * Ownership: nothing changes hands; threads: the environment's; failure: none.
 */
TARIFF_API size_t tariff_env_errors(const tariff_env *env);
TARIFF_API size_t tariff_env_warnings(const tariff_env *env);

TARIFF_END_DECLS

#endif
