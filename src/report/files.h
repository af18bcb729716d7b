/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The report files of one scenario: all appear, or none.
 */
#ifndef TF_REPORT_FILES_H
#define TF_REPORT_FILES_H

#include "io/output.h"

typedef struct tf_report_files tf_report_files;

/** Make DIRECTORY/NAME, if it is not there. */
tariff_status tf_report_files_open(tariff_env *env, const char *directory, const char *name,
                                   tf_report_files **out);
void          tf_report_files_close(tf_report_files *files);

/** Begin the file NAME; it is owned by `files`. */
tariff_status tf_report_files_add(tf_report_files *files, const char *name, tf_output **out);

/** Flush all files; then rename them, in the order in which they were added. */
tariff_status tf_report_files_commit(tf_report_files *files);

/** The i-th file and its name, or NULL after the last. */
const tf_output *tf_report_files_at(const tf_report_files *files, size_t i, const char **name);

#endif
