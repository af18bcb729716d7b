/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * lines.csv of files: written while they are read in bulk, if they can be, or
 * else, once their flows are known to be good, in a second reading, on all
 * threads as well.
 */
#ifndef TF_RUN_LINE_ROWS_H
#define TF_RUN_LINE_ROWS_H

#include "run/line_blocks.h"
#include "run/rows.h"

/** Can the flows be read more than once? */
bool tf_line_rows_can(const tariff_scenario *scenario);

/** The rows after the header of lines.csv, to be written. */
typedef struct tf_line_job {
    tf_lines             *out;
    tf_line_rows          lines;
    tariff_stream_options options;
    tf_stream             stream;
    tf_line_blocks       *blocks; /**< While they are read in bulk. */
} tf_line_job;

/** Of rows whose lines.csv is open; all given lives longer. */
void tf_line_job_init(tf_line_job *job, const tf_rows *rows, tariff_env *env,
                      const tf_heading *heading, bool spreadsheet, unsigned threads);

/** Be ready to write them as they are read, to job->blocks. */
tariff_status tf_line_job_begin(tf_line_job *job);
void          tf_line_job_end(tf_line_job *job);

/**
 * Read them once more, unless all were written already.
 * @param dataset  of the same files: they have to be as they were.
 */
tariff_status tf_line_job_finish(tf_line_job *job, const tf_dataset *dataset);

#endif
