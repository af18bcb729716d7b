/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "flows/rules.h"
#include "io/sink.h"
#include "flows/flows.h"
#include "value/decimal.h"
#include "value/hs.h"

#include <stdio.h>
#include <stdlib.h>
#include <tariff/convert.h>

enum { MOST_RULES = 64, MOST_UNITS = 16 };

/** A rule, and the column of this file that it looks at. */
typedef struct bound_rule {
    tf_flow_rule rule;
    tf_column    column;
} bound_rule;

typedef struct converter {
    tariff_env                 *env;
    tariff_env                 *inner; /**< Of the reader: see forward(). */
    const tariff_flows_options *options;
    tf_arena                    arena;
    tf_profile                  profile;
    tf_flows                   *flows;
    tf_sink                    *out;
    bound_rule                  rules[MOST_RULES];
    size_t                      rule_count;
    tf_column                   period, quantity, unit; /**< Read here: see bind_own(). */
    const char                 *fixed_unit;
    bool                        has_claims, has_parts;
    tf_names                    odd_units; /**< Unit names that are not known. */
    uint64_t                    odd_unit_rows, digits[TF_HS_DIGITS + 1];
    tf_i128                     value;
    tariff_flows_counts         counts;
} converter;

/* Rows that are no flows */

static tf_left_out left_out(const converter *c)
{
    tf_csv *csv = tf_flows_csv(c->flows);
    for (size_t i = 0; i < c->rule_count; i++) {
        tf_field field = tf_csv_field(csv, c->rules[i].column.index);
        if (tf_flow_rule_drops(&c->rules[i].rule, field.text, field.length))
            return c->rules[i].rule.kind;
    }
    return TF_KEPT;
}

/* The reader reads all rows, also totals and exports; what it finds wrong in these is of no
 * interest.  So it has an environment of its own, and its messages pass through here. */
static void forward(void *user, const tariff_diag *diag)
{
    converter *c = user;
    tf_place   place = { diag->file, diag->line, diag->column, diag->field, diag->excerpt, NULL };
    bool       of_a_field = diag->status == TARIFF_E_VALUE || diag->status == TARIFF_E_REFERENCE
                      || diag->status == TARIFF_E_OVERFLOW;
    if (diag->severity == TARIFF_ERROR) {
        if (!c->flows || !of_a_field || left_out(c) == TF_KEPT)
            tf_error(c->env, diag->status, &place, diag->hint, "%s", diag->message);
    } else if (diag->severity == TARIFF_WARNING) {
        tf_warning(c->env, &place, diag->hint, "%s", diag->message);
    } else {
        tf_note(c->env, &place, "%s", diag->message);
    }
}

/* Setting up */

static tariff_status read_scale(converter *c)
{
    uint64_t scale = c->options->scale;
    if (scale == 0)
        return TARIFF_OK;
    for (c->profile.scale = 0; scale % 10 == 0; scale /= 10)
        c->profile.scale++;
    return scale == 1 && c->profile.scale <= 9
               ? TARIFF_OK
               : tf_error(c->env, TARIFF_E_ARG, NULL, "1, 1000 or another power of ten",
                          "%llu is no scale", (unsigned long long)c->options->scale);
}

static tariff_status read_profile(converter *c)
{
    const char *name = c->options->profile;
    tf_node     node = { .kind = TF_SCALAR,
                         .text = name,
                         .length = strlen(name),
                         .file = "PROFILE",
                         .line = 1,
                         .column = 1,
                         .source = name };
    TF_TRY(tf_profile_read(c->env, &c->arena, &node, "", &c->profile));
    return read_scale(c);
}

/* "partnerCode=899" */
static tariff_status add_skip(converter *c, const char *text)
{
    size_t n = strcspn(text, "=");
    char  *column = tf_arena_text(&c->arena, text, n);
    TF_NEED(column);
    if (n == 0 || text[n] == '\0' || c->rule_count == MOST_RULES)
        return tf_error(c->env, TARIFF_E_ARG, NULL, "write for instance partnerCode=899",
                        "'%s' is no column with a value", text);
    tf_flow_rule rule = { NULL, column, text + n + 1, false, TF_SKIPPED };
    c->rules[c->rule_count++] = (bound_rule){ rule, { column, true, -1 } };
    return TARIFF_OK;
}

static tariff_status choose_rules(converter *c)
{
    for (size_t i = 0; i < c->options->skip_count; i++)
        TF_TRY(add_skip(c, c->options->skip[i]));
    const tf_flow_rule *rule;
    for (size_t i = 0; (rule = tf_flow_rule_at(i)) != NULL; i++)
        if (strcmp(rule->profile, c->profile.name) == 0 && c->rule_count < MOST_RULES)
            c->rules[c->rule_count++] = (bound_rule){ *rule, { rule->columns, false, -1 } };
    return TARIFF_OK;
}

static const char *or_none(const char *names)
{
    return names ? names : "";
}

/* Periods and quantities come in more forms than those of our own files; they are taken from
 * the reader's profile and read here. */
static void take_over(converter *c)
{
    const char            **columns = c->profile.columns;
    const tf_flow_quantity *own = tf_flow_quantity_of(c->profile.name);
    c->period = (tf_column){ or_none(columns[TF_FLOW_PERIOD]), false, -1 };
    c->quantity =
        (tf_column){ or_none(own ? own->quantity : columns[TF_FLOW_QUANTITY]), false, -1 };
    c->unit = (tf_column){ or_none(own ? own->unit : columns[TF_FLOW_UNIT]), false, -1 };
    c->fixed_unit = own ? own->fixed : NULL;
    columns[TF_FLOW_PERIOD] = columns[TF_FLOW_QUANTITY] = columns[TF_FLOW_UNIT] = NULL;
}

static tariff_status bind_quantity(converter *c, tf_csv *csv)
{
    TF_TRY(tf_csv_bind(csv, &c->quantity, 1, TF_UNKNOWN_IGNORE));
    TF_TRY(tf_csv_bind(csv, &c->unit, 1, TF_UNKNOWN_IGNORE));
    if (c->quantity.index < 0 || c->unit.index >= 0 || c->fixed_unit)
        return TARIFF_OK;
    tf_csv_warning(csv, c->quantity.index, NULL, "a quantity without a unit is not used");
    c->quantity.index = -1;
    return TARIFF_OK;
}

static tariff_status bind_own(converter *c)
{
    tf_csv *csv = tf_flows_csv(c->flows);
    TF_TRY(tf_csv_bind(csv, &c->period, 1, TF_UNKNOWN_IGNORE));
    TF_TRY(bind_quantity(c, csv));
    c->has_claims = tf_flows_column(c->flows, TF_FLOW_CLAIMS) >= 0;
    c->has_parts = tf_flows_column(c->flows, TF_FLOW_PARTS) >= 0;
    for (size_t i = 0; i < c->rule_count; i++) {
        bound_rule *bound = &c->rules[i];
        TF_TRY(tf_csv_bind(csv, &bound->column, 1, TF_UNKNOWN_IGNORE));
        if (bound->column.index < 0 && bound->rule.kind == TF_OTHER_FLOW)
            tf_csv_warning(csv, -1, "all rows are taken as imports",
                           "no column tells imports from exports");
    }
    return TARIFF_OK;
}

static tariff_status write_header(converter *c)
{
    const char *names[TF_FLOW_COLUMNS] = { "hs", "origin", "importer" };
    size_t      n = 3;
    if (c->period.index >= 0)
        names[n++] = "period";
    names[n++] = "value";
    if (c->quantity.index >= 0) {
        names[n++] = "quantity";
        names[n++] = "unit";
    }
    if (c->has_claims)
        names[n++] = "claims";
    if (c->has_parts)
        names[n++] = "parts";
    return tf_sink_record(c->out, names, n);
}

static tariff_status open_all(converter *c, const char *in, const char *out)
{
    tf_flows_spec spec = { .path = in,
                           .origin = c->options->origin.id,
                           .importer = c->options->importer.id };
    TF_TRY(tf_env_within(c->env, &c->inner));
    tariff_env_on_diag(c->inner, forward, c);
    TF_TRY(read_profile(c));
    TF_TRY(choose_rules(c));
    take_over(c);
    spec.profile = c->profile;
    /* Not our own profile by name, or the reader would warn of the columns that it does not see. */
    spec.profile.name = "";
    TF_TRY(tf_flows_open(c->inner, &spec, &c->flows));
    TF_TRY(bind_own(c));
    TF_TRY(tf_sink_open(c->env, out, &c->out));
    return write_header(c);
}

/* Rows */

/* "202407" is July 2024. */
static tariff_status read_period(converter *c, char buf[16])
{
    tf_why      why;
    tariff_span span;
    char        dashed[8];
    tf_csv     *csv = tf_flows_csv(c->flows);
    tf_field    field = tf_csv_field(csv, c->period.index);
    buf[0] = '\0';
    if (field.length == 0)
        return TARIFF_OK;
    if (field.length == 6 && strspn(field.text, "0123456789") == 6) {
        snprintf(dashed, sizeof dashed, "%.4s-%.2s", field.text, field.text + 4);
        field = (tf_field){ dashed, 7 };
    }
    if (tf_parse_period(field.text, field.length, &span, &why) != TARIFF_OK)
        return tf_csv_because(csv, c->period.index, &why);
    tf_format_period(span, buf);
    return TARIFF_OK;
}

/* A quantity in an unknown unit is left out: duties on it are then reported as not assessed. */
static tariff_status read_quantity(converter *c, int64_t *quantity, tariff_unit *unit)
{
    tf_why   why;
    tf_csv  *csv = tf_flows_csv(c->flows);
    tf_field amount = tf_csv_field(csv, c->quantity.index);
    tf_field name = tf_csv_field(csv, c->unit.index);
    if (c->fixed_unit)
        name = (tf_field){ c->fixed_unit, strlen(c->fixed_unit) };
    unit->id = 0;
    if (amount.length == 0 || (amount.length == 2 && memcmp(amount.text, "NA", 2) == 0))
        return TARIFF_OK;
    if (!tf_flow_unit(name.text, name.length, unit)) {
        c->odd_unit_rows++;
        if (c->odd_units.list.n < MOST_UNITS
            && tf_names_add(&c->odd_units, &c->arena, name.text, name.length) == TF_NO_NAME)
            return TARIFF_E_NOMEM;
        return TARIFF_OK;
    }
    if (unit->id
        && tf_parse_decimal(amount.text, amount.length, 4, "quantity", quantity, &why)
               != TARIFF_OK)
        return tf_csv_because(csv, c->quantity.index, &why);
    return TARIFF_OK;
}

static tariff_status write_row(converter *c, const tf_flow *flow)
{
    char        hs[13], period[16], value[TF_DECIMAL_TEXT], amount[TF_DECIMAL_TEXT] = "";
    int64_t     quantity = 0;
    tariff_unit unit;
    TF_TRY(read_period(c, period));
    TF_TRY(read_quantity(c, &quantity, &unit));
    tariff_hs_format((tariff_hs){ flow->hs }, hs);
    tf_format_fixed(flow->value, 4, 0, value);
    if (unit.id)
        tf_format_fixed(quantity, 4, 0, amount);
    tf_sink_put(c->out, hs);
    tf_sink_put(c->out, tariff_country_alpha2((tariff_country){ flow->origin }));
    tf_sink_put(c->out, tariff_country_alpha2((tariff_country){ flow->importer }));
    if (c->period.index >= 0)
        tf_sink_put(c->out, period);
    tf_sink_put(c->out, value);
    if (c->quantity.index >= 0) {
        tf_sink_put(c->out, amount);
        tf_sink_put(c->out, tariff_unit_name(unit));
    }
    if (c->has_claims)
        tf_sink_put(c->out, flow->claims.text);
    if (c->has_parts)
        tf_sink_put(c->out, flow->parts.text);
    c->counts.flows++;
    c->value += flow->value;
    c->digits[tf_hs_length(flow->hs)]++;
    return tf_sink_end(c->out);
}

/* A row as the reader gave it, good or not. */
static tariff_status take_row(converter *c, const tf_flow *flow, tariff_status status)
{
    uint64_t *const counts[TF_LEFT_OUT_KINDS] = { NULL, &c->counts.other_flows,
                                                  &c->counts.aggregates, &c->counts.details,
                                                  &c->counts.skipped };
    c->counts.rows++;
    if (status == TARIFF_E_SCHEMA)
        return status;
    tf_left_out why = left_out(c);
    if (why == TF_KEPT) {
        TF_TRY(status);
        if (c->options->digits == 0 || tf_hs_length(flow->hs) == c->options->digits)
            return write_row(c, flow);
        why = TF_SKIPPED;
    }
    ++*counts[why];
    return TARIFF_OK;
}

static tariff_status read_rows(converter *c)
{
    tf_flow flow;
    bool    more = true;
    tf_begin(c->env);
    while (more) {
        tariff_status status = tf_flows_next(c->flows, &flow, &more);
        if (more && (status == TARIFF_OK || status == TARIFF_E_VALUE || status == TARIFF_E_SCHEMA))
            status = take_row(c, &flow, status);
        if (status != TARIFF_OK && !tariff_status_is_input(status))
            return status;
        if (status == TARIFF_E_SYNTAX || status == TARIFF_E_LIMIT)
            return status;
        if (status != TARIFF_OK && !tf_may_go_on(c->env)) {
            tf_place here = { .file = tf_csv_path(tf_flows_csv(c->flows)) };
            tf_note(c->env, &here, "stopped after %u errors", c->env->limits.max_errors);
            break;
        }
    }
    return tf_end(c->env);
}

/* Words at the end */

static void tell_digits(converter *c, const tf_place *here)
{
    char   text[128];
    size_t n = 0, kinds = 0;
    for (unsigned i = 2; i <= TF_HS_DIGITS; i += 2)
        if (c->digits[i]) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%u", kinds ? ", " : "", i);
            kinds++;
        }
    if (kinds > 1)
        tf_warning(c->env, here, "--digits keeps those of one length",
                   "codes of %s digits: rows that add up others would count twice", text);
}

static void tell_units(converter *c, const tf_place *here)
{
    char   text[512];
    size_t n = 0;
    for (size_t i = 0; i < c->odd_units.list.n; i++)
        if (n < sizeof text - 32)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%.24s", n ? ", " : "",
                                  c->odd_units.list.at[i]);
    if (n)
        tf_note(c->env, here, "quantities in unknown units are left out: %llu, in %s",
                (unsigned long long)c->odd_unit_rows, text);
}

static tariff_status finish(converter *c)
{
    tf_place here = { .file = tf_csv_path(tf_flows_csv(c->flows)) };
    TF_TRY(tf_sink_finish(c->out));
    TF_TRY(tf_sink_commit(c->out));
    tell_digits(c, &here);
    tell_units(c, &here);
    tf_format_fixed(c->value, 4, 0, c->counts.value);
    return TARIFF_OK;
}

tariff_status tariff_convert_flows(tariff_env *env, const tariff_flows_options *options,
                                   const char *in, const char *out, tariff_flows_counts *counts)
{
    static const tariff_flows_options defaults = TARIFF_FLOWS_OPTIONS_INIT;
    converter c = { .env = env, .options = options ? options : &defaults };
    tf_arena_init(&c.arena, &env->allocator);
    tariff_status status = open_all(&c, in, out);
    if (status == TARIFF_OK)
        status = read_rows(&c);
    if (status == TARIFF_OK)
        status = finish(&c);
    if (counts) {
        c.counts.size = counts->size < sizeof c.counts ? counts->size : sizeof c.counts;
        memcpy(counts, &c.counts, c.counts.size);
    }
    tf_sink_close(c.out);
    tf_flows_close(c.flows);
    tariff_env_free(c.inner);
    tf_arena_free(&c.arena);
    return status;
}
