/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Inside of the schedule loader: what its files share.
 */
#ifndef TF_LAW_LOAD_H
#define TF_LAW_LOAD_H

#include "io/csv_in.h"
#include "law/book.h"

typedef struct tf_loader {
    tariff_env             *env;
    struct tariff_schedule *schedule;
    tf_arena               *arena;
    tf_book                *book;
    const char             *directory; /**< NULL: the schedule is a single file. */
    tf_law_file            *file;      /**< The one being read. */
} tf_loader;

/** A product set that has its name, and whose rows are still to be read. */
typedef struct tf_named_set {
    tf_law_file *file;
    tf_set      *set;
} tf_named_set;

/** The columns that give a row its span, for tf_csv_bind(). */
enum { TF_FROM, TF_UNTIL, TF_THROUGH, TF_SPAN_COLUMNS };
#define TF_SPAN_COLUMN_NAMES { "from", false, -1 }, { "until", false, -1 }, { "through", false, -1 }

/** Read the row's span; false after a reported error. */
bool tf_load_span(tf_csv *csv, const tf_column *columns, tariff_span *out);

/** Read the row's span on the second clock, from its columns `published` and `withdrawn`. */
bool tf_load_known(tf_csv *csv, int published, int withdrawn, tariff_span *out);

/** Read countries; a column that is absent means all.  False after a reported error. */
bool tf_load_countries(tf_loader *loader, tf_csv *csv, const tf_column *column,
                       const tf_countries **out);

/** Called for each record; false stops only if memory is out (*status says so). */
typedef tariff_status (*tf_row_fn)(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                                   void *user);

/** Enter a file in the schedule's list; it becomes the loader's. */
tariff_status tf_load_file(tf_loader *loader, const char *path);
/**
 * Read all records of the loader's file: bind the columns, call `row`, go on
 * after errors up to the limit.  Errors are in the environment's count; the
 * status returned is for what cannot be gone on from.
 */
tariff_status tf_load_table(tf_loader *loader, const tf_place *place, tf_column *columns,
                            size_t count, tf_row_fn row, void *user);

/* Each reads the loader's file. */
tariff_status tf_load_layers(tf_loader *loader);
tariff_status tf_load_yields(tf_loader *loader);
tariff_status tf_load_set(tf_loader *loader, tf_set *set);
tariff_status tf_load_groups(tf_loader *loader);
tariff_status tf_load_shares(tf_loader *loader, const char *name, bool claims);
tariff_status tf_load_descriptions(tf_loader *loader);
tariff_status tf_load_measures(tf_loader *loader, const tf_place *place);

/** A copy of a field that lives as long as the schedule; NULL if memory ran out. */
const char *tf_load_text(tf_loader *loader, tf_field field);

#endif
