/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/points.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

/* gsl_qrng_alloc() takes any dimension; beyond its largest a generator yields zeros. */
static const gsl_qrng_type *kind_for(size_t dimensions)
{
    if (dimensions <= TF_SOBOL_MOST && dimensions <= gsl_qrng_sobol->max_dimension)
        return gsl_qrng_sobol;
    if (dimensions <= TF_HALTON_MOST && dimensions <= gsl_qrng_reversehalton->max_dimension)
        return gsl_qrng_reversehalton;
    return NULL;
}

const char *tf_points_kind(size_t dimensions)
{
    const gsl_qrng_type *kind = kind_for(dimensions);
    return kind ? kind->name : NULL;
}

/* A sum of exactly 1 or 0 would be an infinite quantile. */
static double move(double x, double by)
{
    static const double least = 0x1p-53;
    double              moved = x + by;
    moved -= floor(moved);
    return fmin(fmax(moved, least), 1 - least);
}

static tariff_status fill(const gsl_qrng_type *kind, size_t count, size_t dimensions,
                          const double *shift, double *out)
{
    gsl_qrng *sequence = gsl_qrng_alloc(kind, (unsigned)dimensions);
    if (!sequence)
        return TARIFF_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        double *point = out + i * dimensions;
        gsl_qrng_get(sequence, point);
        for (size_t k = 0; k < dimensions; k++)
            point[k] = move(point[k], shift ? shift[k] : 0);
    }
    gsl_qrng_free(sequence);
    return TARIFF_OK;
}

/* Explicitly seeded, never from the environment. */
static gsl_rng *make_rng(uint64_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (rng)
        gsl_rng_set(rng, (unsigned long)seed);
    return rng;
}

tariff_status tf_points(size_t count, size_t dimensions, size_t shifts, uint64_t seed, double *out)
{
    const gsl_qrng_type *kind = kind_for(dimensions);
    if (dimensions == 0 || count == 0)
        return TARIFF_OK;
    if (!kind)
        return TARIFF_E_LIMIT;
    if (shifts == 0)
        return fill(kind, count, dimensions, NULL, out);
    if (count % shifts)
        return TARIFF_E_ARG;
    gsl_rng      *rng = make_rng(seed);
    double       *shift = calloc(dimensions, sizeof *shift);
    tariff_status status = rng && shift ? TARIFF_OK : TARIFF_E_NOMEM;
    size_t        each = count / shifts;
    for (size_t r = 0; r < shifts && status == TARIFF_OK; r++) {
        for (size_t k = 0; k < dimensions; k++)
            shift[k] = gsl_rng_uniform(rng);
        status = fill(kind, each, dimensions, shift, out + r * each * dimensions);
    }
    free(shift);
    if (rng)
        gsl_rng_free(rng);
    return status;
}
