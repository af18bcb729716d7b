/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/range.h"

#include "scenario/scenario.h"
#include "value/decimal.h"

/* By kind, without a step and with one. */
static const char *const examples[][2] = {
    { "{from: 0%, to: 50%}", "{from: 0%, to: 50%, step: 5%}" },
    { "{from: -10%, to: 10%}", "{from: -10%, to: 10%, step: 5%}" },
    { "{from: 0, to: 2}", "{from: 0, to: 2, step: 0.5}" },
    { "{from: 0%, to: 50%}", "{from: 0%, to: 50%, step: 5%}" },
};

tf_range_kind tf_range_of(tf_rate_change how)
{
    return how == TF_RATE_SET     ? TF_RANGE_OF_RATES
           : how == TF_RATE_SHIFT ? TF_RANGE_OF_SHIFTS
                                  : TF_RANGE_OF_FACTORS;
}

size_t tf_range_format(const tf_range *range, int64_t nano, char *buf)
{
    return range->percent ? tf_format_percent(nano, 9, buf) : tf_format_fixed(nano, 9, 0, buf);
}

/* "5%", "-5%", "+5%" or "1.5": one of the three numbers. */
static tariff_status read_number(tariff_env *env, const tf_node *node, tf_range_kind kind,
                                 const char *hint, bool *percent, int64_t *out)
{
    tf_why      why = { .status = TARIFF_E_SCHEMA, .message = "a number is expected" };
    const char *text = node->kind == TF_SCALAR ? node->text : "";
    bool        is_signed = kind == TF_RANGE_OF_SHIFTS || kind == TF_RANGE_OF_ANY;
    bool        minus = is_signed && *text == '-';
    size_t      sign = is_signed && (*text == '-' || *text == '+');
    size_t      length = strlen(text + sign);
    tariff_rate rate = { 0 };
    *percent = kind == TF_RANGE_OF_RATES || kind == TF_RANGE_OF_SHIFTS
               || (kind == TF_RANGE_OF_ANY && length && text[sign + length - 1] == '%');
    if (kind == TF_RANGE_OF_FACTORS && length && text[length - 1] == '%')
        return tf_doc_error(env, node, false, TARIFF_E_VALUE, hint,
                            "a factor is a plain number, no percentage");
    tariff_status status = !*text     ? why.status
                           : *percent ? tf_parse_percent(text + sign, length, &rate, &why)
                                      : tf_parse_decimal(text + sign, length, 9, "number",
                                                         &rate.nano, &why);
    if (status != TARIFF_OK) {
        why.at += sign;
        return node->kind == TF_SCALAR
                   ? tf_doc_because(env, node, &why)
                   : tf_doc_error(env, node, false, why.status, hint, "%s", why.message);
    }
    *out = minus ? -rate.nano : rate.nano;
    return TARIFF_OK;
}

static tariff_status read_numbers(tariff_env *env, const tf_node *node, tf_range_kind kind,
                                  bool steps, tf_range *out)
{
    static const char *const keys[] = { "from", "to", "step", NULL };
    int64_t *const           numbers[] = { &out->from, &out->to, &out->step };
    const char              *hint = examples[kind][steps];
    int                      count = steps ? 3 : 2;
    tariff_status            first = TARIFF_OK;
    for (const tf_node *child = node->first; child; child = child->next) {
        int key = tf_key_index(child, keys);
        if (key < 0)
            return tf_unknown_key(env, child, keys);
        if (key >= count)
            return tf_doc_error(env, child, true, TARIFF_E_SCHEMA, NULL,
                                "a search takes no 'step'");
    }
    for (int i = 0; i < count; i++) {
        const tf_node *number = tf_doc_get(node, keys[i]);
        bool           percent = out->percent;
        if (!number)
            return tf_doc_error(env, node, true, TARIFF_E_SCHEMA, hint,
                                steps ? "a range needs 'from', 'to' and 'step'"
                                      : "a range needs 'from' and 'to'");
        tariff_status status =
            read_number(env, number, i == 2 ? TF_RANGE_OF_ANY : kind, hint, &percent, numbers[i]);
        if (status == TARIFF_OK && first == TARIFF_OK && i > 0 && percent != out->percent)
            status = tf_doc_error(env, number, false, TARIFF_E_VALUE, hint,
                                  "percentages and plain numbers are mixed");
        out->percent = percent;
        first = first == TARIFF_OK ? status : first;
    }
    return first;
}

/* A range that is stepped through ends at its last step. */
static void warn_of_end(tariff_env *env, const tf_node *to, const tf_range *range)
{
    int64_t  last = range->to - (range->to - range->from) % range->step;
    char     at[TF_DECIMAL_TEXT], excerpt[512];
    tf_place place;
    if (last == range->to)
        return;
    tf_range_format(range, last, at);
    tf_doc_place(to, false, &place, excerpt, sizeof excerpt);
    tf_warning(env, &place, "the steps count from 'from': give a step that divides the range",
               "the last step ends at %s: 'to' is not met", at);
}

tariff_status tf_range_read(tariff_env *env, const tf_node *node, tf_range_kind kind, bool steps,
                            tf_range *out)
{
    memset(out, 0, sizeof *out);
    if (node->kind != TF_MAP)
        return tf_doc_error(env, node, false, TARIFF_E_SCHEMA, examples[kind][steps],
                            "a range is expected");
    TF_TRY(read_numbers(env, node, kind, steps, out));
    if (steps && out->step <= 0)
        return tf_doc_error(env, tf_doc_get(node, "step"), false, TARIFF_E_VALUE,
                            examples[kind][steps], "a step is above zero");
    if (out->to < out->from)
        return tf_doc_error(env, tf_doc_get(node, "to"), false, TARIFF_E_VALUE,
                            examples[kind][steps], "'to' is below 'from'");
    if (steps)
        warn_of_end(env, tf_doc_get(node, "to"), out);
    return TARIFF_OK;
}
