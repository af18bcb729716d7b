/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A data frame is a dataset: flows from the caller's memory, and burdens back
 * into it, with no file in between.  What is here may still change: it is
 * declared where TARIFF_EXPERIMENTAL is defined before any header is included.
 *
 *     static tariff_status next(void *user, tariff_columns *columns, size_t *count)
 *     {
 *         frame *f = user;
 *         columns->hs = f->hs + f->done;
 *         columns->origin = f->origin + f->done;
 *         columns->value = f->value + f->done;
 *         *count = f->rows - f->done;          // 0: that was all
 *         f->done = f->rows;
 *         return TARIFF_OK;
 *     }
 *     tariff_source source = TARIFF_SOURCE_INIT;
 *     source.next = next;
 *     source.user = &frame;
 *     source.importer = us;                    // of all rows: there is no such column
 *     options.source = &source;
 *     tariff_run(env, scenario, &options, &result);
 *
 * Why it is as it is:
 *
 * - Batches of columns, not rows.  A data frame, an Arrow table, a result set
 *   have columns, which are read where they are: nothing is copied, and an
 *   interpreter is called once for a batch, not once for a row.  One batch may
 *   be all there is.
 * - The library pulls.  It asks when it has room, so a cursor over more than
 *   fits in memory is a source as well: what stays is what the law can tell
 *   apart, as of a file.
 * - Codes, countries and days are integers, as in the rest of the library.  A
 *   host parses each different text once, as its factors and categories are,
 *   and not the same one a million times.
 * - Both callbacks are called on the thread that called tariff_run() alone, and
 *   one at a time: an interpreter with one lock needs no care.  Between the
 *   calls the rows of a batch are assessed on all threads, so large batches are
 *   better than small ones; the numbers do not depend on how rows are batched.
 * - Rows at fault are told by their number, from 0, and by column, all of them
 *   up to the limit, as those of a file are by line.
 * - What comes out is columns, too: of each row by a sink, in the order of the
 *   rows; of reports by tariff_result_table().
 */
#ifndef TARIFF_SOURCE_H
#define TARIFF_SOURCE_H

#include <tariff/assess.h>

TARIFF_BEGIN_DECLS

typedef struct tariff_source tariff_source;
typedef struct tariff_sink   tariff_sink;

#ifdef TARIFF_EXPERIMENTAL

/**
 * Where flows come from in the place of a scenario's files.  It is read once,
 * whatever is done with its rows: for the scenario, its baseline, its sweep,
 * or all scenarios of a batch.  The caller owns it and all it points to.
 */
struct tariff_source {
    size_t         size; /**< Set by TARIFF_SOURCE_INIT. */
    const char    *name; /**< What messages and manifests call it. */
    tariff_country origin, importer; /**< Of rows without that column. */
    /**
     * The next rows.  The columns of a batch may be others than those of the one
     * before; they are read until the next call, or until the run ends.
     *
     * Needed are hs, origin and importer (or the source's own), and value; `date`
     * where the law is asked on the day of the flow.
     *
     * @param[out] columns  all NULL when called.
     * @param[out] count    0 when called; left so at the end.
     * @return TARIFF_OK; anything else ends the run with that status.
     */
    tariff_status (*next)(void *user, tariff_columns *columns, size_t *count);
    void *user;
};
#  define TARIFF_SOURCE_INIT \
      { sizeof(tariff_source), "source", { TARIFF_COUNTRY_NONE }, { TARIFF_COUNTRY_NONE }, NULL, \
        NULL }

/**
 * Where the burden of each row goes, in the order of the rows, under the law of
 * the scenario (not of its baseline).  The caller owns it.
 */
struct tariff_sink {
    size_t size; /**< Set by TARIFF_SINK_INIT. */
    /**
     * The burdens of rows `first` to `first + count - 1`, from 0.  The columns of
     * `burdens` are all there, and valid during the call.  A row that the
     * scenario's `where` leaves out has the flag TARIFF_BURDEN_OUTSIDE and bears 0.
     *
     * What was told is not taken back if the run fails later.
     *
     * @return TARIFF_OK; anything else ends the run with that status.
     */
    tariff_status (*put)(void *user, uint64_t first, size_t count, const tariff_burdens *burdens);
    void *user;
};
#  define TARIFF_SINK_INIT \
      { sizeof(tariff_sink), NULL, NULL }

#endif

TARIFF_END_DECLS

#endif
