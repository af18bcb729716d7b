/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/flows.h"

#include "flows/rules.h"
#include "value/decimal.h"
#include "value/hs.h"
#include "value/unit.h"

#include <stdio.h>

/** The last text of a column and what it meant: most rows repeat a few. */
typedef struct seen {
    char     text[16];
    size_t   length;
    uint16_t id;
} seen;

/** A rule of the profile, and where its column is. */
typedef struct bound_rule {
    const tf_flow_rule *rule;
    int                 column;
} bound_rule;

enum { MOST_RULES = 16 };

struct tf_flows {
    tariff_env   *env;
    bound_rule    rules[MOST_RULES];
    size_t        rule_count;
    uint64_t      left_out; /**< Rows that are no flows: exports, totals, breakdowns. */
    tf_flows_spec spec;
    tf_csv       *csv;
    tf_column     columns[TF_FLOW_COLUMNS];
    bool          failed;
    bool          warned_unit, warned_origin, warned_importer;
    seen          origin, importer, unit;
};

static tariff_status need_column(tf_flows *flows, tf_flow_column column, const char *advice)
{
    const char *names = flows->columns[column].names;
    if (flows->columns[column].index >= 0)
        return TARIFF_OK;
    return tf_csv_missing(flows->csv, *names ? names : tf_flow_column_name(column), advice);
}

static tariff_status bind(tf_flows *flows)
{
    const tf_profile *profile = &flows->spec.profile;
    bool              native = strcmp(profile->name, tf_profile_native()->name) == 0;
    for (int i = 0; i < TF_FLOW_COLUMNS; i++) {
        flows->columns[i].names = profile->columns[i] ? profile->columns[i] : "";
        flows->columns[i].required = i == TF_FLOW_HS || i == TF_FLOW_VALUE;
    }
    if (flows->spec.importer == TARIFF_COUNTRY_NONE && profile->importer) {
        tariff_country country;
        TF_TRY(tariff_country_parse(profile->importer, strlen(profile->importer), &country));
        flows->spec.importer = country.id;
    }
    TF_TRY(tf_csv_bind(flows->csv, flows->columns, TF_FLOW_COLUMNS,
                       native ? TF_UNKNOWN_WARN : TF_UNKNOWN_IGNORE));
    if (flows->spec.origin == TARIFF_COUNTRY_NONE)
        TF_TRY(need_column(flows, TF_FLOW_ORIGIN,
                           "name the column, or say it of all rows: flows.origin in a scenario, --origin"));
    if (flows->spec.importer == TARIFF_COUNTRY_NONE)
        TF_TRY(need_column(flows, TF_FLOW_IMPORTER,
                           "name the column, or say it of all rows: flows.importer in a scenario, --importer"));
    return TARIFF_OK;
}

/* Some files hold exports, totals and breakdowns beside the flows: these are left out. */
static tariff_status bind_rules(tf_flows *flows)
{
    const tf_flow_rule *rule;
    for (size_t i = 0; (rule = tf_flow_rule_at(i)) != NULL; i++) {
        tf_column column = { rule->columns, false, -1 };
        if (strcmp(rule->profile, flows->spec.profile.name) != 0
            || flows->rule_count == MOST_RULES)
            continue;
        TF_TRY(tf_csv_bind(flows->csv, &column, 1, TF_UNKNOWN_IGNORE));
        if (column.index >= 0)
            flows->rules[flows->rule_count++] = (bound_rule){ rule, column.index };
    }
    return TARIFF_OK;
}

static bool is_left_out(const tf_flows *flows)
{
    for (size_t i = 0; i < flows->rule_count; i++) {
        tf_field field = tf_csv_field(flows->csv, flows->rules[i].column);
        if (tf_flow_rule_drops(flows->rules[i].rule, field.text, field.length))
            return true;
    }
    return false;
}

tariff_status tf_flows_open(tariff_env *env, const tf_flows_spec *spec, tf_flows **out)
{
    *out = NULL;
    tf_flows *flows = tf_alloc(env, sizeof *flows);
    TF_NEED(flows);
    memset(flows, 0, sizeof *flows);
    flows->env = env;
    flows->spec = *spec;
    tariff_status status = tf_csv_open(env, spec->path, &spec->place, spec->sum, &flows->csv);
    if (status == TARIFF_OK)
        status = bind(flows);
    if (status == TARIFF_OK)
        status = bind_rules(flows);
    if (status != TARIFF_OK) {
        tf_flows_close(flows);
        return status;
    }
    *out = flows;
    return TARIFF_OK;
}

void tf_flows_close(tf_flows *flows)
{
    if (!flows)
        return;
    tf_csv_close(flows->csv);
    tf_free(flows->env, flows, sizeof *flows);
}

const tf_flows_spec *tf_flows_what(const tf_flows *flows)
{
    return &flows->spec;
}

bool tf_flows_has_rules(const tf_flows *flows)
{
    return flows->rule_count > 0;
}

tf_csv *tf_flows_csv(tf_flows *flows)
{
    return flows->csv;
}

int tf_flows_column(const tf_flows *flows, tf_flow_column column)
{
    return flows->columns[column].index;
}

/* Fields: each reports its own error and marks the row as failed. */

static tf_field field_of(const tf_flows *flows, tf_flow_column column)
{
    return tf_csv_field(flows->csv, flows->columns[column].index);
}

static void fail(tf_flows *flows, tf_flow_column column, const tf_why *why)
{
    tf_csv_because(flows->csv, flows->columns[column].index, why);
    flows->failed = true;
}

static bool was_seen(const seen *last, tf_field field)
{
    return field.length > 0 && field.length == last->length
           && memcmp(field.text, last->text, field.length) == 0;
}

static void remember(seen *last, tf_field field, uint16_t id)
{
    if (field.length > sizeof last->text)
        return;
    memcpy(last->text, field.text, field.length);
    last->length = field.length;
    last->id = id;
}

/* What is set for all rows replaces what a row says: not in silence, where it says another. */
static void compare_country(tf_flows *flows, tf_flow_column column, uint16_t constant, seen *last,
                            bool *warned)
{
    static const char *const names[] = { "origin", "importer" };
    tf_why                   why;
    tariff_country           country;
    if (*warned || flows->columns[column].index < 0)
        return;
    tf_field field = field_of(flows, column);
    if (field.length == 0 || was_seen(last, field)
        || tf_parse_country(flows->spec.profile.countries, field.text, field.length, &country,
                            &why)
               != TARIFF_OK)
        return;
    remember(last, field, country.id);
    if (country.id == constant)
        return;
    char        hint[96];
    const char *name = names[column == TF_FLOW_IMPORTER];
    snprintf(hint, sizeof hint, "to choose rows, write where: {%ss: %s}", name,
             tariff_country_alpha2((tariff_country){ constant }));
    tf_csv_warning(flows->csv, flows->columns[column].index, hint,
                   column == TF_FLOW_IMPORTER ? "flows.importer replaces what the file says here"
                                              : "flows.origin replaces what the file says here");
    *warned = true;
}

static uint16_t read_country(tf_flows *flows, tf_flow_column column, uint16_t constant, seen *last,
                             bool *warned)
{
    tf_why         why;
    tariff_country country;
    if (constant != TARIFF_COUNTRY_NONE) {
        compare_country(flows, column, constant, last, warned);
        return constant;
    }
    tf_field field = field_of(flows, column);
    if (was_seen(last, field))
        return last->id;
    if (tf_parse_country(flows->spec.profile.countries, field.text, field.length, &country, &why)
        != TARIFF_OK) {
        fail(flows, column, &why);
        return TARIFF_COUNTRY_NONE;
    }
    remember(last, field, country.id);
    return country.id;
}

static void read_value(tf_flows *flows, tf_flow *out)
{
    tf_why   why;
    tf_field field = field_of(flows, TF_FLOW_VALUE);
    if (tf_parse_decimal(field.text, field.length, 4 + flows->spec.profile.scale, "value",
                         &out->value, &why)
        != TARIFF_OK)
        fail(flows, TF_FLOW_VALUE, &why);
}

static void read_quantity(tf_flows *flows, tf_flow *out)
{
    tf_why      why;
    tariff_unit unit;
    tf_field    amount = field_of(flows, TF_FLOW_QUANTITY), name = field_of(flows, TF_FLOW_UNIT);
    out->quantity = 0;
    out->unit.id = 0;
    if (amount.length == 0)
        return;
    /* The Census Bureau writes X and - where it counts nothing. */
    if (name.length == 0 || (name.length == 1 && (name.text[0] == 'X' || name.text[0] == '-'))) {
        if (!flows->warned_unit)
            tf_csv_warning(flows->csv, flows->columns[TF_FLOW_QUANTITY].index,
                           "add a column 'unit'", "a quantity without a unit is not used");
        flows->warned_unit = true;
        return;
    }
    if (was_seen(&flows->unit, name)) {
        unit.id = flows->unit.id;
    } else {
        if (tf_parse_unit(name.text, name.length, &unit, &why) != TARIFF_OK) {
            fail(flows, TF_FLOW_UNIT, &why);
            return;
        }
        remember(&flows->unit, name, unit.id);
    }
    if (tf_parse_decimal(amount.text, amount.length, 4, "quantity", &out->quantity, &why)
        != TARIFF_OK)
        fail(flows, TF_FLOW_QUANTITY, &why);
    out->unit = unit;
}

static void read_row(tf_flows *flows, tf_flow *out)
{
    tf_why    why;
    tariff_hs hs = { 0 };
    tf_field  code = field_of(flows, TF_FLOW_HS);
    if (tf_hs_parse(code.text, code.length, &hs, &why) != TARIFF_OK)
        fail(flows, TF_FLOW_HS, &why);
    out->hs = hs.key;
    out->origin = read_country(flows, TF_FLOW_ORIGIN, flows->spec.origin, &flows->origin,
                               &flows->warned_origin);
    out->importer =
        read_country(flows, TF_FLOW_IMPORTER, flows->spec.importer, &flows->importer,
                     &flows->warned_importer);
    read_value(flows, out);
    read_quantity(flows, out);
    out->claims = field_of(flows, TF_FLOW_CLAIMS);
    out->parts = field_of(flows, TF_FLOW_PARTS);
    tf_field period = field_of(flows, TF_FLOW_PERIOD);
    out->has_period = period.length > 0;
    if (out->has_period
        && tf_parse_period(period.text, period.length, &out->period, &why) != TARIFF_OK)
        fail(flows, TF_FLOW_PERIOD, &why);
}

static void tell_left_out(const tf_flows *flows)
{
    tf_place here = { .file = flows->spec.path };
    if (flows->left_out)
        tf_note(flows->env, &here,
                "%llu rows are left out that are no imports of one product from one origin: "
                "exports, totals, breakdowns",
                (unsigned long long)flows->left_out);
}

tariff_status tf_flows_next(tf_flows *flows, tf_flow *out, bool *more)
{
    for (;;) {
        TF_TRY(tf_csv_next(flows->csv, more));
        if (!*more) {
            tell_left_out(flows);
            return TARIFF_OK;
        }
        if (!is_left_out(flows))
            break;
        flows->left_out++;
    }
    flows->failed = false;
    read_row(flows, out);
    return flows->failed ? TARIFF_E_VALUE : TARIFF_OK;
}
