/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The cells of a rate column of the HTS.  An edition has thousands of them but
 * a few hundred different texts: each is understood once.
 */
#ifndef TF_CONVERT_HTS_TEXTS_H
#define TF_CONVERT_HTS_TEXTS_H

#include "convert/duty.h"
#include "convert/programmes.h"

#include <tariff/convert.h>

/** What a text makes of a line: one measure. */
typedef struct tf_charge {
    const char *rate; /**< NULL if the text was not understood. */
    const char *origins, *when;
    const char *text; /**< As printed, on one line. */
    const char *why;  /**< What was not understood. */
    bool        of_content;
    bool        repeated; /**< The same text as the charge before it, for another claim. */
} tf_charge;

typedef TF_VEC(tf_charge) tf_charges;
typedef TF_VEC(uint32_t) tf_numbers;

typedef struct tf_hts_text {
    tf_charges charges;
    tf_numbers unknown; /**< Symbols of no known programme. */
} tf_hts_text;

#define TF_NO_TEXT UINT32_MAX

typedef struct tf_hts_texts {
    tariff_env               *env;
    tf_arena                 *arena;
    const tariff_hts_options *options;
    tf_programmes             programmes;
    tf_names                  part_names;
    uint64_t                  parts; /**< Those that occurred. */
    tf_names                  names; /**< The texts. */
    TF_VEC(tf_hts_text) list;
} tf_hts_texts;

/** Read the programmes and check the marker. */
tariff_status tf_hts_texts_init(tf_hts_texts *texts, tariff_env *env, tf_arena *arena,
                                const tariff_hts_options *options);

/** The number of a cell's text; TF_NO_TEXT for a blank cell. */
tariff_status tf_hts_texts_find(tf_hts_texts *texts, const char *text, size_t length,
                                uint32_t *out);

#endif
