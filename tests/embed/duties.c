/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of an R data frame in, duties out: R CMD SHLIB duties.c, then duties.R. */
#include <R.h>
#include <Rinternals.h>
#include <math.h>
#include <string.h>
#include <tariff/tariff.h>

typedef struct frame {
    tariff_columns columns;
    R_xlen_t       count;
    char           words[1024]; /* the first thing that is wrong */
} frame;

static void keep_first(void *user, const tariff_diag *diag)
{
    frame *f = user;
    if (!f->words[0] && diag->severity == TARIFF_ERROR)
        tariff_diag_format(diag, f->words, sizeof f->words);
}

/* R may leave a function at any error, so everything is read before a handle is made; what
 * R_alloc() gives is freed when .Call() returns. */
static void read_frame(frame *f, SEXP hs, SEXP origin, SEXP importer, SEXP date, SEXP value)
{
    size_t          n = (size_t)f->count;
    tariff_hs      *codes = (tariff_hs *)(void *)R_alloc(n, sizeof *codes);
    tariff_country *origins = (tariff_country *)(void *)R_alloc(n, sizeof *origins);
    tariff_country *importers = (tariff_country *)(void *)R_alloc(n, sizeof *importers);
    tariff_date    *dates = (tariff_date *)(void *)R_alloc(n, sizeof *dates);
    tariff_money   *values = (tariff_money *)(void *)R_alloc(n, sizeof *values);
    for (R_xlen_t i = 0; i < f->count; i++) {
        const char *code = CHAR(STRING_ELT(hs, i)), *from = CHAR(STRING_ELT(origin, i));
        const char *to = CHAR(STRING_ELT(importer, i));
        double      amount = REAL(value)[i] * 1e4, day = REAL(date)[i];
        if (tariff_hs_parse(code, strlen(code), &codes[i]) != TARIFF_OK
            || tariff_country_parse(from, strlen(from), &origins[i]) != TARIFF_OK
            || tariff_country_parse(to, strlen(to), &importers[i]) != TARIFF_OK
            || !(amount >= 0 && amount < 9e18) || !(fabs(day) < 1e6))
            Rf_error("row %.0f: no code, country, day or value", (double)i + 1);
        values[i].e4 = (int64_t)llround(amount);
        dates[i].days = (int32_t)day;
    }
    const tariff_columns columns = { sizeof columns, codes, origins, importers, dates, values,
                                     NULL, NULL, NULL, NULL };
    f->columns = columns;
}

static tariff_status assess(frame *f, const char *path, tariff_money *duty)
{
    tariff_env      *env = NULL;
    tariff_schedule *schedule = NULL;
    tariff_law      *law = NULL;
    tariff_assessor *assessor = NULL;
    tariff_burdens   burdens = TARIFF_BURDENS_INIT;
    burdens.duty = duty;
    tariff_status status = tariff_env_new(NULL, &env);
    if (status == TARIFF_OK) {
        tariff_env_on_diag(env, keep_first, f);
        status = tariff_schedule_load(env, &path, 1, &schedule);
    }
    if (status == TARIFF_OK)
        status = tariff_law_compile(env, schedule, NULL, &law);
    if (status == TARIFF_OK)
        status = tariff_assessor_new(env, law, &assessor);
    if (status == TARIFF_OK)
        status = tariff_assess_columns(assessor, &f->columns, (size_t)f->count, &burdens, NULL);
    tariff_assessor_free(assessor);
    tariff_law_free(law);
    tariff_schedule_free(schedule);
    tariff_env_free(env);
    return status;
}

SEXP duties(SEXP schedule, SEXP hs, SEXP origin, SEXP importer, SEXP date, SEXP value)
{
    frame f = { .count = XLENGTH(hs) };
    if (!isString(schedule) || !isString(hs) || !isString(origin) || !isString(importer)
        || !isReal(date) || !isReal(value) || XLENGTH(origin) != f.count
        || XLENGTH(importer) != f.count || XLENGTH(date) != f.count || XLENGTH(value) != f.count)
        Rf_error("character columns hs, origin and importer, Date and numeric are expected");
    read_frame(&f, hs, origin, importer, date, value);
    tariff_money *duty = (tariff_money *)(void *)R_alloc((size_t)f.count, sizeof *duty);
    tariff_status status = assess(&f, CHAR(STRING_ELT(schedule, 0)), duty);
    if (status != TARIFF_OK)
        Rf_error("%s", f.words[0] ? f.words : tariff_status_name(status));
    SEXP result = PROTECT(allocVector(REALSXP, f.count));
    for (R_xlen_t i = 0; i < f.count; i++)
        REAL(result)[i] = (double)duty[i].e4 / 1e4;
    UNPROTECT(1);
    return result;
}
