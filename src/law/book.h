/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The body of law as it is read: layers, who gives way to whom, measures, and
 * the names they use.  A schedule holds one; a law holds its own, the
 * schedule's with the scenario's changes.
 */
#ifndef TF_LAW_BOOK_H
#define TF_LAW_BOOK_H

#include "io/digest.h"
#include "law/rate.h"
#include "law/scope.h"
#include "law/shares.h"
#include "law/when.h"

#include <stdatomic.h>

enum {
    TF_LAYERS_MAX = 64,  /**< Sets of layers are 64-bit masks. */
    TF_PARTS_MAX = 16,
    TF_CLAIMS_MAX = 32
};

typedef enum tf_layer_kind { TF_ORDINARY, TF_ADDITIONAL } tf_layer_kind;

typedef enum tf_select {
    TF_SELECT_SPECIFIC,
    TF_SELECT_HIGHEST,
    TF_SELECT_LOWEST,
    TF_SELECT_SUM,
    TF_SELECT_FIRST
} tf_select;

typedef struct tf_layer {
    const char   *name, *title, *authority;
    tf_layer_kind kind;
    tf_select     select;
    bool          declared; /**< Has a row in a layers.csv. */
} tf_layer;

/** Where a row was written. */
typedef struct tf_row_place {
    const char *path;
    uint32_t    line;
} tf_row_place;

/** `from` gives way to `to`. */
typedef struct tf_yield {
    uint8_t      from, to;
    bool         whole_line; /**< Scope `line`; else part by part. */
    tariff_span  span;
    tf_row_place place;
} tf_yield;

typedef enum tf_base_kind { TF_BASE_ALL, TF_BASE_LIST, TF_BASE_EXCEPT } tf_base_kind;

/** Where a measure stands and since when it was known: rows that follow one another share it,
 * as long as they say the same. */
typedef struct tf_enactment {
    const char *path;
    const char *citation, *id;
    tariff_span known; /**< [published, withdrawn). */
} tf_enactment;

/** There may be hundreds of thousands: small things are narrow and together. */
typedef struct tf_measure {
    uint8_t             layer;
    uint8_t             base;       /**< A tf_base_kind. */
    uint16_t            base_parts; /**< Listed, or left out. */
    int32_t             rank;
    tf_products         products;
    const tf_countries *origins, *importers;
    tariff_span         span;
    const tf_rate      *rate;
    const tf_when      *when;  /**< Shared, as rates are: most have no condition. */
    const tf_enactment *enacted;
    uint32_t            line;
    uint32_t            schedule; /**< Which of the overlaid ones; later ones win ties. */
    uint32_t            order;    /**< Order in the files. */
    uint32_t            born;     /**< Changes before this one do not touch it. */
} tf_measure;

static inline tf_row_place tf_measure_place(const tf_measure *measure)
{
    return (tf_row_place){ measure->enacted->path, measure->line };
}

typedef struct tf_description {
    uint64_t    key;
    const char *text;
} tf_description;

typedef struct tf_book {
    tf_scopes scopes;
    tf_names  layer_names;
    TF_VEC(tf_layer) layers;
    TF_VEC(tf_yield) yields;
    TF_VEC(const tf_measure *) measures;
    tf_names part_names, claim_names;
    TF_VEC(tf_shares *) parts;
    TF_VEC(tf_shares *) claims;
    TF_VEC(tf_description) descriptions; /**< By key. */
    tf_names rate_texts; /**< Rates are shared: most rows repeat a few. */
    TF_VEC(const tf_rate *) rates;
    tf_names citations;
} tf_book;

/** A book that can be added to without touching `from`, whose rows it shares. */
tariff_status tf_book_copy(tf_book *book, tf_arena *arena, const tf_book *from);

/**
 * A book of `from`'s names without its measures, to which measures may be added and for which
 * expressions may be parsed.  Nothing is copied before it grows; what is there must not be changed.
 */
tariff_status tf_book_lend(tf_book *book, tf_arena *arena, const tf_book *from);

/** The layer of this name; made, additional and `specific`, if it is new. */
tariff_status tf_book_layer(tf_book *book, tf_arena *arena, const char *name, size_t length,
                            uint8_t *out, tf_why *why);

/** The layers that `name` means: one, or all of "authority:NAME". */
tariff_status tf_book_layers(const tf_book *book, const char *text, size_t length, uint64_t *mask,
                             tf_why *why);

/** The rate of this text; one object for equal texts. */
tariff_status tf_book_rate(tf_book *book, tf_arena *arena, const char *text, size_t length,
                           const tf_rate **out, tf_why *why);

/** Parse "steel aluminium" or "!us_content".  @param kind  a tf_base_kind */
tariff_status tf_parse_base(const tf_book *book, const char *text, size_t length,
                            uint8_t *kind, uint16_t *parts, tf_why *why);

/** The text for a code, or "". */
const char *tf_book_description(const tf_book *book, uint64_t key);

/** A file that a schedule was read from. */
typedef struct tf_law_file {
    const char *path;
    char        sha256[TF_SHA256_TEXT]; /**< Of what was read; "" if nothing was. */
} tf_law_file;

struct tariff_schedule {
    tariff_env *env;
    tf_arena    arena;
    tf_arena    sets_arena; /**< Of the thread that reads sets. */
    tf_book     book;
    uint32_t    schedules; /**< How many were overlaid. */
    TF_VEC(tf_law_file *) files;
    TF_VEC(const char *) directories; /**< In which they were. */
    atomic_llong free_of_ties;  /**< As of which day it was found so: see compile.c. */
};

#endif
