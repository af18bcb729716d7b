/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What one thread assesses shipments with, under one law.
 */
#ifndef TF_RUN_ASSESSOR_H
#define TF_RUN_ASSESSOR_H

#include "assess/plain.h"
#include "run/evaluate.h"
#include "run/overrides.h"

/** A shipment, as far as duties go. */
typedef struct tf_shipment {
    uint64_t     hs;
    uint16_t     origin, importer;
    tariff_span  days; /**< On which it may enter, all alike. */
    tariff_unit  unit; /**< 0: no quantity is known. */
    int64_t      value, quantity; /**< 1e-4. */
    tf_overrides known;
} tf_shipment;

typedef struct tf_assessor {
    const tariff_law *law;
    tf_programs      *programs;
    tf_bench          bench;
    tf_arena          arena; /**< Of what follows. */
    tf_cases          cases; /**< Of the shipment that was looked up last. */
    tf_plain          plain;
} tf_assessor;

/** Made even if it fails: freed in any case. */
tariff_status tf_assessor_init(tf_assessor *a, tariff_env *env, const tariff_law *law);
void          tf_assessor_free(tf_assessor *a);

/** The programs of a shipment, and what the tables say of it. */
tariff_status tf_assessor_look_up(tf_assessor *a, const tf_shipment *shipment);

/** Of the shipment that was looked up: its program, if all of that program are assessed alike; or NULL. */
const tf_program *tf_assessor_plain(const tf_assessor *a, const tf_shipment *shipment);

/**
 * The burden of the shipment that was looked up, valid until the next call.
 * @return as of tf_assess(); nothing is reported.
 */
tariff_status tf_assessor_burden(tf_assessor *a, const tf_shipment *shipment,
                                 const tf_burden **out);

#endif
