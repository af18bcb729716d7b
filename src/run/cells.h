/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows added up by what decides their duty, while they are read: product,
 * importer and time make a bucket, which has an entry for each origin.  Each
 * thread fills its own; in the end they are merged.
 */
#ifndef TF_RUN_CELLS_H
#define TF_RUN_CELLS_H

#include "base/arena.h"
#include "run/dataset.h"

/** The rows of a bucket from one origin. */
typedef struct tf_entry {
    int64_t  value;
    uint64_t place; /**< Of the first; places of a file only have to be comparable. */
    uint32_t lines;
    uint16_t file, origin;
} tf_entry;

typedef struct tf_bucket {
    uint32_t  product, time;
    uint16_t  importer;
    uint32_t  n, room; /**< A power of two. */
    tf_entry *entries; /**< Open addressing by origin; no lines: free. */
    uint32_t  next;    /**< Another of the product, + 1. */
} tf_bucket;

/** An entry that would not fit into the sum that is there. */
typedef struct tf_spill {
    uint32_t product, time;
    uint16_t importer;
    tf_entry entry;
} tf_spill;

/** Days that flows are judged alike on. */
typedef struct tf_time {
    tariff_span span;
    bool        given;
    int64_t     key;
} tf_time;

struct tf_cells {
    const tf_reading *reading;
    tf_arena          arena;
    TF_VEC(uint64_t) products; /**< Codes by number. */
    TF_VEC(uint32_t) first;    /**< By product: its first bucket, + 1. */
    uint32_t *product_slots;   /**< Product + 1. */
    size_t    product_slot_count;
    TF_VEC(tf_time) times;
    TF_VEC(tf_bucket) buckets;
    uint32_t *slots; /**< Bucket + 1. */
    size_t    slot_count;
    uint32_t  last; /**< The bucket asked for last, + 1. */
    TF_VEC(tf_spill) spills;
    tf_entry *spare[32]; /**< Outgrown entries, by the logarithm of their room. */
    size_t    entries;
};

void tf_cells_init(tf_cells *cells, tariff_env *env, const tf_reading *reading);
void tf_cells_free(tf_cells *cells);

/** Numbers to add by. */
tariff_status tf_cells_product(tf_cells *cells, uint64_t hs, uint32_t *out);
tariff_status tf_cells_time(tf_cells *cells, bool given, tariff_span span, uint32_t *out);

tariff_status tf_cells_add(tf_cells *cells, uint32_t product, uint32_t time, uint16_t importer,
                           const tf_entry *more);

/** Add all of `from`. */
tariff_status tf_cells_merge(tf_cells *to, const tf_cells *from);

/** The groups and cells of a dataset, by code. */
tariff_status tf_cells_put(const tf_cells *cells, tf_dataset *dataset);

#endif
