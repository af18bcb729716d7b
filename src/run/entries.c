/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Burdens of entries in the caller's memory.
 */
#include "run/entries.h"

#include "value/hs.h"

enum { ASK_EVERY = 4096 }; /* rows between two questions whether to stop */

struct tariff_assessor {
    tariff_env      *env;
    tf_assessor      with;
    const tf_burden *last; /**< Of the entry assessed last, until the next; NULL: it failed. */
    int64_t          value; /**< Of that entry. */
};

tariff_status tariff_assessor_new(tariff_env *env, const tariff_law *law, tariff_assessor **out)
{
    *out = NULL;
    tariff_assessor *a = tf_alloc(env, sizeof *a);
    TF_NEED(a);
    memset(a, 0, sizeof *a);
    a->env = env;
    tariff_status status = tf_assessor_init(&a->with, env, law);
    if (status == TARIFF_OK)
        *out = a;
    else
        tariff_assessor_free(a);
    return status;
}

void tariff_assessor_free(tariff_assessor *assessor)
{
    if (!assessor)
        return;
    tf_assessor_free(&assessor->with);
    tf_free(assessor->env, assessor, sizeof *assessor);
}

/* From charges to a burden */

/** Sums over layers, exact. */
typedef struct sums {
    tf_i128 ordinary, additional; /**< 1e-16. */
} sums;

static tariff_status add_up(const tariff_law *law, const tf_burden *burden, int64_t value,
                            sums *out)
{
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        tf_i128          duty, money;
        tf_i128 *to = law->ordinary >> charge->layer & 1 ? &out->ordinary : &out->additional;
        if (!tf_mul(charge->rate, value, &duty) || !tf_mul(charge->money, TF_E4, &money)
            || !tf_add(duty, money, &duty) || !tf_add(*to, duty, to))
            return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}

static bool to_money(tf_i128 e16, tariff_money *out)
{
    tf_i128 e4 = tf_div_half_even(e16, TF_E12);
    out->e4 = (int64_t)e4;
    return e4 == out->e4;
}

static bool has_money(const tf_burden *burden)
{
    for (unsigned i = 0; i < burden->charge_count; i++)
        if (burden->charges[i].money != 0)
            return true;
    return false;
}

/* A rate on no value is still a rate; an amount on no value is none. */
static bool rate_of(const tf_burden *burden, tf_i128 duty, int64_t value, tariff_burden *out)
{
    tf_i128 nano = 0;
    if (value > 0) {
        nano = tf_div_half_even(duty, (tf_i128)value * TF_E3); /* 1e-16 / 1e-4 / 1e3 */
    } else if (has_money(burden)) {
        out->flags |= TARIFF_BURDEN_NO_RATE;
    } else {
        for (unsigned i = 0; i < burden->charge_count; i++)
            nano += burden->charges[i].rate;
        nano = tf_div_half_even(nano, TF_E3);
    }
    out->rate.nano = (int64_t)nano;
    return nano == out->rate.nano;
}

tariff_status tf_burden_tell(const tariff_law *law, const tf_burden *burden, int64_t value,
                             tariff_burden *out)
{
    sums s = { 0, 0 };
    TF_TRY(add_up(law, burden, value, &s));
    out->flags = (burden->unassessed ? TARIFF_BURDEN_UNASSESSED : 0u)
                 | (burden->estimated ? TARIFF_BURDEN_ESTIMATED : 0u)
                 | (burden->coarse ? TARIFF_BURDEN_COARSE : 0u)
                 | (burden->unmatched ? TARIFF_BURDEN_UNMATCHED : 0u);
    tf_i128 duty;
    if (!tf_add(s.ordinary, s.additional, &duty) || !to_money(duty, &out->duty)
        || !to_money(s.ordinary, &out->ordinary) || !to_money(s.additional, &out->additional)
        || !rate_of(burden, duty, value, out))
        return TARIFF_E_OVERFLOW;
    return TARIFF_OK;
}

/* One entry */

const char *tf_entry_fault(const tariff_entry *entry, tf_why *why)
{
    if (!tf_hs_is_key(entry->hs.key)) {
        tf_because(why, TARIFF_E_ARG, 0, "tariff_hs_parse() makes keys of codes",
                   "this is no code");
        return "hs";
    }
    if (entry->origin.id >= tariff_country_count()) {
        tf_because(why, TARIFF_E_ARG, 0, NULL, "this is no country");
        return "origin";
    }
    if (entry->importer.id >= tariff_country_count()) {
        tf_because(why, TARIFF_E_ARG, 0, NULL, "this is no country");
        return "importer";
    }
    if (entry->date.days == TARIFF_DATE_MIN || entry->date.days == TARIFF_DATE_MAX) {
        tf_because(why, TARIFF_E_ARG, 0, NULL, "there is no day");
        return "date";
    }
    if (entry->value.e4 < 0) {
        tf_because(why, TARIFF_E_ARG, 0, NULL, "the value is negative");
        return "value";
    }
    if (entry->quantity.e4 < 0) {
        tf_because(why, TARIFF_E_ARG, 0, NULL, "the quantity is negative");
        return "quantity";
    }
    if (entry->unit.id != 0 && !*tariff_unit_name(entry->unit)) {
        tf_because(why, TARIFF_E_ARG, 0, NULL, "this is no unit");
        return "unit";
    }
    return NULL;
}

const char *tf_entry_known(const tf_book *book, const char *claims, const char *parts,
                           tf_overrides *out, tf_why *why)
{
    out->claims = out->parts = 0;
    if (claims && tf_parse_claims(book, claims, strlen(claims), out, why) != TARIFF_OK)
        return "claims";
    if (parts && tf_parse_parts(book, parts, strlen(parts), out, why) != TARIFF_OK)
        return "parts";
    return NULL;
}

const char *tf_burden_fault(tariff_status status, tf_why *why)
{
    if (status == TARIFF_E_OVERFLOW) {
        tf_because(why, status, 0, NULL, "the duty does not fit in exact arithmetic");
        return "value";
    }
    if (status == TARIFF_E_LIMIT) {
        tf_because(why, status, 0, "at most 12 claims may be shared on one line",
                   "too many claims that are made for part of the trade");
        return "claims";
    }
    return NULL;
}

/* *field is what the entry is at fault for: `why` has the words. */
static tariff_status assess(tariff_assessor *a, const tariff_entry *entry, tariff_burden *out,
                            const char **field, tf_why *why)
{
    tf_shipment s;
    a->last = NULL;
    *field = tf_entry_fault(entry, why);
    if (!*field)
        *field = tf_entry_known(&a->with.law->book, entry->claims, entry->parts, &s.known, why);
    if (*field)
        return why->status;
    s.hs = entry->hs.key;
    s.origin = entry->origin.id;
    s.importer = entry->importer.id;
    s.days = (tariff_span){ entry->date, { entry->date.days + 1 } };
    s.unit = entry->unit;
    s.value = a->value = entry->value.e4;
    s.quantity = entry->quantity.e4;
    tariff_status status = tf_assessor_look_up(&a->with, &s);
    if (status == TARIFF_OK)
        status = tf_assessor_burden(&a->with, &s, &a->last);
    if (status == TARIFF_OK)
        status = tf_burden_tell(a->with.law, a->last, entry->value.e4, out);
    if (status != TARIFF_OK)
        a->last = NULL;
    *field = tf_burden_fault(status, why);
    return status;
}

tariff_status tariff_assess_entry(tariff_assessor *assessor, const tariff_entry *entry,
                                  tariff_burden *out)
{
    tariff_burden burden = TARIFF_BURDEN_INIT;
    tariff_entry  known = TARIFF_ENTRY_INIT;
    tf_why        why;
    tf_place      place = { .field = NULL };
    memcpy(&known, entry, entry->size < sizeof known ? entry->size : sizeof known);
    tariff_status status = assess(assessor, &known, &burden, &place.field, &why);
    if (place.field)
        return tf_error(assessor->env, status, &place, why.hint, "%s", why.message);
    TF_TRY(status);
    /* A caller built against an older header knows fewer fields. */
    size_t size = out->size;
    memcpy(out, &burden, size < sizeof burden ? size : sizeof burden);
    out->size = size;
    return TARIFF_OK;
}

/* Layer by layer */

size_t tariff_assessor_layers(const tariff_assessor *assessor)
{
    return assessor->last ? assessor->last->charge_count : 0;
}

tariff_status tariff_assessor_layer(const tariff_assessor *assessor, size_t index,
                                    tariff_contribution *out)
{
    const tf_burden *burden = assessor->last;
    const tariff_law *law = assessor->with.law;
    if (!burden || index >= burden->charge_count)
        return TARIFF_E_ARG;
    const tf_charge    *charge = &burden->charges[index];
    tf_burden           alone = *burden;
    tariff_burden       told = TARIFF_BURDEN_INIT;
    tariff_contribution c = { .size = out->size };
    alone.charges = &burden->charges[index];
    alone.charge_count = 1;
    TF_TRY(tf_burden_tell(law, &alone, assessor->value, &told));
    c.layer = law->book.layers.at[charge->layer].name;
    c.number = charge->layer;
    c.additional = !(law->ordinary >> charge->layer & 1);
    c.has_rate = !(told.flags & TARIFF_BURDEN_NO_RATE);
    c.rate = told.rate;
    c.duty = told.duty;
    c.covered.nano = (int64_t)tf_div_half_even(charge->covered, TF_E9);
    memcpy(out, &c, out->size < sizeof c ? out->size : sizeof c);
    return TARIFF_OK;
}

/* Columns */

tariff_status tf_columns_check(tariff_env *env, const char *name, const tariff_columns *c,
                               const tf_columns_given *given)
{
    tf_place place = { .file = name };
    const struct {
        bool        there;
        const char *name;
    } needed[] = { { c->hs != NULL, "hs" },
                   { c->origin || given->origin, "origin" },
                   { c->importer || given->importer, "importer" },
                   { c->date || given->date, "date" },
                   { c->value != NULL, "value" } };
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!needed[i].there)
            return tf_error(env, TARIFF_E_ARG, &place, NULL, "the column '%s' is missing",
                            needed[i].name);
    if (!c->quantity != !c->unit)
        return tf_error(env, TARIFF_E_ARG, &place, NULL,
                        "the columns 'quantity' and 'unit' go together");
    return TARIFF_OK;
}

void tf_columns_entry(const tariff_columns *c, size_t i, tariff_entry *entry)
{
    entry->hs = c->hs[i];
    if (c->origin)
        entry->origin = c->origin[i];
    if (c->importer)
        entry->importer = c->importer[i];
    if (c->date)
        entry->date = c->date[i];
    entry->value = c->value[i];
    if (c->unit) {
        entry->quantity = c->quantity[i];
        entry->unit = c->unit[i];
    }
    entry->claims = c->claims ? c->claims[i] : NULL;
    entry->parts = c->parts ? c->parts[i] : NULL;
}

void tf_burdens_put(const tariff_burdens *out, size_t i, const tariff_burden *burden)
{
    if (out->duty)
        out->duty[i] = burden->duty;
    if (out->ordinary)
        out->ordinary[i] = burden->ordinary;
    if (out->additional)
        out->additional[i] = burden->additional;
    if (out->rate)
        out->rate[i] = burden->rate;
    if (out->flags)
        out->flags[i] = (uint8_t)burden->flags;
}

static tariff_status assess_rows(tariff_assessor *a, const tariff_columns *c, size_t count,
                                 const tariff_burdens *out, size_t *done)
{
    tariff_entry  entry = TARIFF_ENTRY_INIT;
    tariff_burden burden = TARIFF_BURDEN_INIT;
    tf_why        why;
    tf_place      place = { .field = NULL };
    for (size_t i = 0; i < count; i++, ++*done) {
        if (i % ASK_EVERY == 0 && tf_cancelled(a->env))
            return TARIFF_E_CANCELLED;
        tf_columns_entry(c, i, &entry);
        tariff_status status = assess(a, &entry, &burden, &place.field, &why);
        if (place.field)
            return tf_error(a->env, status, &place, why.hint, "row %zu: %s", i, why.message);
        TF_TRY(status);
        tf_burdens_put(out, i, &burden);
    }
    return TARIFF_OK;
}

tariff_status tariff_assess_columns(tariff_assessor *assessor, const tariff_columns *columns,
                                    size_t count, const tariff_burdens *out, size_t *done)
{
    static const tf_columns_given nothing = { false, false, false };
    tariff_columns in = TARIFF_COLUMNS_INIT;
    tariff_burdens to = TARIFF_BURDENS_INIT;
    size_t         ignored;
    done = done ? done : &ignored;
    *done = 0;
    memcpy(&in, columns, columns->size < sizeof in ? columns->size : sizeof in);
    memcpy(&to, out, out->size < sizeof to ? out->size : sizeof to);
    TF_TRY(tf_columns_check(assessor->env, NULL, &in, &nothing));
    return assess_rows(assessor, &in, count, &to, done);
}
