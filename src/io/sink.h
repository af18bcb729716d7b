/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * CSV to a file that appears whole, or to standard output as it comes.
 */
#ifndef TF_IO_SINK_H
#define TF_IO_SINK_H

#include "io/output.h"

typedef struct tf_sink tf_sink;

/** "-" is standard output; devices and pipes are written to directly as well. */
tariff_status tf_sink_open(tariff_env *env, const char *path, tf_sink **out);
/** To a file that somebody else finishes, and closes after this. */
tariff_status tf_sink_to(tf_output *output, tf_sink **out);
/** The next field of the record; quoted where it has to be. */
void          tf_sink_put(tf_sink *sink, const char *text);
/** End the record; the first failure of any of its fields, too. */
tariff_status tf_sink_end(tf_sink *sink);
/** Bytes as they are, whole records that somebody else made. */
tariff_status tf_sink_write(tf_sink *sink, const char *bytes, size_t length);
/** Of a pipe: hand over what is there, for who waits at its other end. */
tariff_status tf_sink_flush(tf_sink *sink);
/** A record of `count` fields. */
tariff_status tf_sink_record(tf_sink *sink, const char *const *fields, size_t count);
/** Hand everything to the system; a file is complete but not yet under its name. */
tariff_status tf_sink_finish(tf_sink *sink);
/** Let the file appear. */
tariff_status tf_sink_commit(tf_sink *sink);
/** Put back what was there before it appeared. */
void          tf_sink_undo(tf_sink *sink);
/** Free; a file that was not committed is removed.  NULL is allowed. */
void          tf_sink_close(tf_sink *sink);

#endif
