/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * lines.csv while flows are read in bulk: each thread makes the text of its
 * blocks, and they are written in the order of the file.  What it cannot make
 * is made in a second reading (line_rows.h), which tells what is wrong.
 */
#ifndef TF_RUN_LINE_BLOCKS_H
#define TF_RUN_LINE_BLOCKS_H

#include "flows/bulk.h"
#include "run/stream.h"

typedef struct tf_line_blocks tf_line_blocks;

/** To an output whose header is written; both live longer. */
tariff_status tf_line_blocks_new(const tf_stream *stream, tf_output *output,
                                 tf_line_blocks **out);
void          tf_line_blocks_free(tf_line_blocks *blocks);

/** The next file; then, if all of its rows were read in bulk. */
void tf_line_blocks_begin(tf_line_blocks *blocks);
void tf_line_blocks_end(tf_line_blocks *blocks);
/** How many files were written whole, and nothing else was. */
size_t tf_line_blocks_files(const tf_line_blocks *blocks);

/** What one thread makes of a file. */
typedef struct tf_line_thread tf_line_thread;

/** @param number  of the thread, below 64. */
tariff_status tf_line_thread_new(tf_line_blocks *blocks, unsigned number,
                                 const tf_bulk_reader *reader, tf_line_thread **out);
void          tf_line_thread_free(tf_line_thread *thread);
/** Before it reads: blocks of its may come, for which others wait. */
void          tf_line_thread_start(tf_line_thread *thread);
/** The rows that its reader read last. */
tariff_status tf_line_thread_put(tf_line_thread *thread, const tf_bulk_rows *rows,
                                 uint32_t block);
/** None comes any more; after a failure what there is is dropped. */
tariff_status tf_line_thread_stop(tf_line_thread *thread, bool failed);

#endif
