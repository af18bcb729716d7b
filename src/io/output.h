/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Files that appear whole or not at all: written beside their target under a
 * temporary name, flushed, and renamed.
 */
#ifndef TF_IO_OUTPUT_H
#define TF_IO_OUTPUT_H

#include "base/diag.h"

typedef struct tf_output tf_output;

/** Begin a file; nothing is seen under `path` until tf_output_commit(). */
tariff_status tf_output_open(tariff_env *env, const char *path, tf_output **out);
tariff_status tf_output_write(tf_output *output, const void *bytes, size_t length);
/** Begin again: nothing was written. */
tariff_status tf_output_restart(tf_output *output);
/** Hand all that was written to the system, so that the checksum is complete. */
tariff_status tf_output_flush(tf_output *output);
/** Flush to the disk; the file is complete but not yet under its name. */
tariff_status tf_output_finish(tf_output *output);
/** Put it under its name; what was there is kept aside until tf_output_close(). */
tariff_status tf_output_commit(tf_output *output);
/** Put back what was there before tf_output_commit(), if that was called. */
void          tf_output_undo(tf_output *output);
/** Free; what was not committed is removed, or else what it replaced.  NULL is allowed. */
void          tf_output_close(tf_output *output);
const char   *tf_output_path(const tf_output *output);
tariff_env   *tf_output_env(const tf_output *output);
/** XXH3, 128 bits, of all that was written. */
void          tf_output_hash(const tf_output *output, uint64_t *high, uint64_t *low);
uint64_t      tf_output_bytes(const tf_output *output);

/** Make a directory and those above it. */
tariff_status tf_make_directories(tariff_env *env, const char *path);

/** Remove what killed runs left half-written in a directory of reports. */
void tf_remove_leftovers(const char *directory);

#endif
