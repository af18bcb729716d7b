/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What holds of every law and every line, through the public headers alone.
 */
#include "unit/law_files.h"

enum { LAWS = 40, LINES = 8 };

static const law_options any_law = { 0 };

/** A decimal such as "0.665" in units of 1e-12. */
static int64_t e12(const char *text)
{
    int64_t     n = 0;
    int         places = 12;
    const char *c = text + (*text == '-');
    for (; *c && *c != '.'; c++)
        n = n * 10 + (*c - '0');
    for (c += *c == '.'; places > 0; places--)
        n = n * 10 + (*c ? *c++ - '0' : 0);
    return *text == '-' ? -n : n;
}

static int64_t rate_of(const check_law *law, const char *name)
{
    return e12(check_rate(law, name));
}

static int64_t layer_rate(const check_law *law, unsigned layer)
{
    char name[16];
    snprintf(name, sizeof name, "l%u", layer);
    return rate_of(law, name);
}

/** A test's own state: the law, a second one to compare with, and a line. */
typedef struct trial {
    uint64_t     seed;
    check_random random;
    law_model    model;
    check_law    law;
    law_line     line;
} trial;

#define DEMAND(trial, condition)                                                              \
    do {                                                                                      \
        if (!(condition)) {                                                                   \
            law_show(&(trial)->model, &(trial)->line);                                        \
            fail_msg("TARIFF_TEST_SEED=%llu: %s does not hold",                               \
                     (unsigned long long)(trial)->seed, #condition);                          \
        }                                                                                     \
    } while (0)

static trial begin(uint64_t apart)
{
    trial t = { .seed = check_seed() };
    t.random = check_random_begin(t.seed + apart);
    return t;
}

/* The same answers from two laws, layer by layer. */
static bool same_totals(const check_law *a, const check_law *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const check_total *other = check_find(b, a->totals[i].name);
        if (!other || strcmp(other->rate, a->totals[i].rate) != 0
            || strcmp(other->duty, a->totals[i].duty) != 0
            || other->unassessed != a->totals[i].unassessed)
            return false;
    }
    return a->count == b->count;
}

/* Write a variant of the law of a trial, and load it. */
static void open_variant(check_law *law, const law_model *model)
{
    static const check_file none[] = { { NULL, NULL } };
    check_law_write(law, none);
    law_write(model, law->directory);
    if (check_law_try(law, NULL) != TARIFF_OK)
        fail_msg("%s", law->log.text);
}

static void contributions_add_up_to_the_last_digit(void **state)
{
    trial t = begin(0);
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        law_draw(&t.random, &any_law, &t.model, &t.law);
        for (unsigned k = 0; k < LINES; k++) {
            int64_t ordinary = 0, additional = 0;
            law_random_line(&t.random, &t.line);
            check_ask(&t.law, &t.line.entry);
            if (!*check_rate(&t.law, "total"))
                continue; /* money on a value of 0 has no rate */
            for (unsigned layer = 0; layer < t.model.layer_count; layer++)
                *(t.model.layers[layer].ordinary ? &ordinary : &additional) +=
                    layer_rate(&t.law, layer);
            DEMAND(&t, ordinary == rate_of(&t.law, "ordinary"));
            DEMAND(&t, additional == rate_of(&t.law, "additional"));
            DEMAND(&t, ordinary + additional == rate_of(&t.law, "total"));
            DEMAND(&t, rate_of(&t.law, "total") >= 0);
        }
        check_law_close(&t.law);
    }
}

/* No contribution is below 0 either, except that of `to` beside an amount per unit: the two
 * are one duty.  So laws of percentages alone. */
static void nothing_is_ever_negative(void **state)
{
    static const law_options percentages = { .no_specific = true };
    trial                    t = begin(1);
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        law_draw(&t.random, &percentages, &t.model, &t.law);
        for (unsigned k = 0; k < LINES; k++) {
            law_random_line(&t.random, &t.line);
            check_ask(&t.law, &t.line.entry);
            for (unsigned layer = 0; layer < t.model.layer_count; layer++)
                DEMAND(&t, layer_rate(&t.law, layer) >= 0);
        }
        check_law_close(&t.law);
    }
}

static void a_layer_without_measures_changes_nothing(void **state)
{
    trial t = begin(2);
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        check_law more;
        law_model model;
        law_draw(&t.random, &any_law, &t.model, &t.law);
        model = t.model;
        law_yield to_it = { 0, (int)model.layer_count, true, { "", "" } };
        model.layers[model.layer_count].ordinary = check_one_in(&t.random, 2);
        if (model.yield_count < LAW_YIELDS) /* giving way to it changes nothing either */
            model.yields[model.yield_count++] = to_it;
        model.layer_count++;
        open_variant(&more, &model);
        for (unsigned k = 0; k < LINES; k++) {
            law_random_line(&t.random, &t.line);
            check_ask(&t.law, &t.line.entry);
            check_ask(&more, &t.line.entry);
            DEMAND(&t, same_totals(&t.law, &more));
        }
        check_law_close(&more);
        check_law_close(&t.law);
    }
}

static void shuffle(check_random *random, unsigned *order, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        order[i] = i;
    for (unsigned i = n; i > 1; i--) {
        unsigned k = check_below(random, i), kept = order[i - 1];
        order[i - 1] = order[k];
        order[k] = kept;
    }
}

/* Only `first` reads meaning into the order of rows. */
static void the_order_of_rows_and_layers_changes_nothing(void **state)
{
    static const law_options no_first = { .no_first = true };
    trial                    t = begin(3);
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        check_law other;
        law_model model;
        unsigned  order[LAW_MEASURES];
        law_draw(&t.random, &no_first, &t.model, &t.law);
        model = t.model;
        shuffle(&t.random, order, model.measure_count);
        for (unsigned k = 0; k < model.measure_count; k++)
            model.measures[k] = t.model.measures[order[k]];
        shuffle(&t.random, order, model.yield_count);
        for (unsigned k = 0; k < model.yield_count; k++)
            model.yields[k] = t.model.yields[order[k]];
        for (unsigned k = 0; k < LAW_PARTS; k++)
            if (model.parts[k].count > 1) {
                model.parts[k].rows[0] = t.model.parts[k].rows[1];
                model.parts[k].rows[1] = t.model.parts[k].rows[0];
            }
        check_law_write(&other, (const check_file[]){ { NULL, NULL } });
        law_write(&model, other.directory);
        shuffle(&t.random, order, model.layer_count);
        law_write_layers(&model, other.directory, order);
        if (check_law_try(&other, NULL) != TARIFF_OK)
            fail_msg("%s", other.log.text);
        for (unsigned k = 0; k < LINES; k++) {
            law_random_line(&t.random, &t.line);
            check_ask(&t.law, &t.line.entry);
            check_ask(&other, &t.line.entry);
            DEMAND(&t, same_totals(&t.law, &other));
        }
        check_law_close(&other);
        check_law_close(&t.law);
    }
}

/* Cents from "1234.56". */
static int64_t cents(const char *text)
{
    int64_t n = 0;
    for (; *text; text++)
        if (*text != '.')
            n = n * 10 + (*text - '0');
    return n;
}

/* Values in tens of billions, so that duties are whole cents without rounding. */
static void two_shipments_pay_ad_valorem_what_they_pay_as_one(void **state)
{
    static const law_options percentages = { .no_specific = true };
    trial                    t = begin(4);
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        law_draw(&t.random, &percentages, &t.model, &t.law);
        for (unsigned k = 0; k < LINES; k++) {
            unsigned a = 1 + check_below(&t.random, 40), b = 1 + check_below(&t.random, 40);
            int64_t  duty[3];
            char     value[32];
            law_random_line(&t.random, &t.line);
            t.line.entry.value = value;
            for (unsigned part = 0; part < 3; part++) {
                unsigned n = part == 0 ? a : part == 1 ? b : a + b;
                snprintf(value, sizeof value, "%u0000000000", n);
                check_ask(&t.law, &t.line.entry);
                duty[part] = cents(check_duty(&t.law, "total"));
                DEMAND(&t, duty[part] == rate_of(&t.law, "total") * n);
            }
            DEMAND(&t, duty[0] + duty[1] == duty[2]);
        }
        check_law_close(&t.law);
    }
}

/* The law of a trial under a scenario's changes. */
static void open_changed(check_law *law, const law_model *model, const char *lines)
{
    check_law_write(law, (const check_file[]){ { NULL, NULL } });
    law_write(model, law->directory);
    if (check_law_change(law, lines) != TARIFF_OK)
        fail_msg("%s", law->log.text);
}

#define EXEMPT "  - exempt: {layer: l0, products: \"84 !848180\", origins: \"CN CA\"}\n"

static void exempt_twice_is_exempt(void **state)
{
    trial    t = begin(5);
    unsigned mattered = 0;
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        check_law once, twice;
        law_draw(&t.random, &any_law, &t.model, &t.law);
        open_changed(&once, &t.model, "changes:\n" EXEMPT);
        open_changed(&twice, &t.model, "changes:\n" EXEMPT EXEMPT);
        for (unsigned k = 0; k < LINES; k++) {
            law_random_line(&t.random, &t.line);
            check_ask(&t.law, &t.line.entry);
            check_ask(&once, &t.line.entry);
            check_ask(&twice, &t.line.entry);
            DEMAND(&t, same_totals(&once, &twice));
            mattered += !same_totals(&t.law, &once);
        }
        check_law_close(&once);
        check_law_close(&twice);
        check_law_close(&t.law);
    }
    assert_true(mattered > 0);
}

/* An order on everything that tops the ordinary layers up, and gives way to nobody.  (An amount
 * per unit is a rate only after rounding: the sum may then miss the target by 1e-12.) */
static void to_reaches_its_target_where_its_base_is_whole(void **state)
{
    static const law_options percentages = { .no_specific = true };
    trial    t = begin(6);
    unsigned topped = 0;
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        check_law law;
        law_draw(&t.random, &percentages, &t.model, &t.law);
        open_changed(&law, &t.model, "changes:\n"
                                     "  - add: {layer: top, rate: to 40%, kind: additional}\n");
        for (unsigned k = 0; k < LINES; k++) {
            law_random_line(&t.random, &t.line);
            check_ask(&t.law, &t.line.entry);
            check_ask(&law, &t.line.entry);
            int64_t reached = rate_of(&law, "ordinary") + rate_of(&law, "top");
            DEMAND(&t, rate_of(&law, "ordinary") == rate_of(&t.law, "ordinary"));
            DEMAND(&t, reached >= e12("0.4"));
            /* Where ordinary duty is below 40 % on every branch and part, it is just 40 %. */
            topped += reached == e12("0.4");
        }
        check_law_close(&law);
        check_law_close(&t.law);
    }
    assert_true(topped > LAWS);
}

/* Does any other layer look at this one? */
static bool is_alone(const law_model *model, int layer)
{
    for (unsigned i = 0; i < model->yield_count; i++)
        if (model->yields[i].to == layer)
            return false;
    for (unsigned i = 0; i < model->measure_count; i++) {
        const law_rate *rate = &model->measures[i].rate;
        if (rate->kind == LAW_TO && model->measures[i].layer != layer
            && (rate->over ? rate->over >> layer & 1 : model->layers[layer].ordinary))
            return false;
    }
    return true;
}

static void removing_a_layer_that_nobody_looks_at_raises_no_other(void **state)
{
    trial    t = begin(7);
    unsigned removed = 0;
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        law_draw(&t.random, &any_law, &t.model, &t.law);
        for (int gone = 0; gone < (int)t.model.layer_count; gone++) {
            check_law less;
            law_model model = t.model;
            if (!is_alone(&t.model, gone))
                continue;
            model.measure_count = 0;
            for (unsigned m = 0; m < t.model.measure_count; m++)
                if (t.model.measures[m].layer != gone)
                    model.measures[model.measure_count++] = t.model.measures[m];
            open_variant(&less, &model);
            for (unsigned k = 0; k < LINES; k++) {
                law_random_line(&t.random, &t.line);
                check_ask(&t.law, &t.line.entry);
                check_ask(&less, &t.line.entry);
                for (int other = 0; other < (int)t.model.layer_count; other++)
                    DEMAND(&t, other == gone
                                   || layer_rate(&less, (unsigned)other)
                                          <= layer_rate(&t.law, (unsigned)other));
                DEMAND(&t, layer_rate(&less, (unsigned)gone) == 0);
                removed += layer_rate(&t.law, (unsigned)gone) != 0;
            }
            check_law_close(&less);
        }
        check_law_close(&t.law);
    }
    assert_true(removed > 0);
}

static void raising_a_rate_of_such_a_layer_never_lowers_the_total(void **state)
{
    trial    t = begin(8);
    unsigned raised = 0;
    (void)state;
    for (unsigned i = 0; i < LAWS; i++) {
        law_draw(&t.random, &any_law, &t.model, &t.law);
        for (unsigned layer = 0; layer < t.model.layer_count; layer++) {
            check_law more;
            char      lines[96];
            if (!is_alone(&t.model, (int)layer))
                continue;
            snprintf(lines, sizeof lines, "changes: [{shift: {layer: l%u, by: +3%%}}]\n", layer);
            open_changed(&more, &t.model, lines);
            for (unsigned k = 0; k < LINES; k++) {
                law_random_line(&t.random, &t.line);
                check_ask(&t.law, &t.line.entry);
                check_ask(&more, &t.line.entry);
                int64_t before = rate_of(&t.law, "total"), after = rate_of(&more, "total");
                DEMAND(&t, after >= before);
                raised += after > before;
            }
            check_law_close(&more);
        }
        check_law_close(&t.law);
    }
    assert_true(raised > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contributions_add_up_to_the_last_digit),
        cmocka_unit_test(nothing_is_ever_negative),
        cmocka_unit_test(a_layer_without_measures_changes_nothing),
        cmocka_unit_test(the_order_of_rows_and_layers_changes_nothing),
        cmocka_unit_test(two_shipments_pay_ad_valorem_what_they_pay_as_one),
        cmocka_unit_test(exempt_twice_is_exempt),
        cmocka_unit_test(to_reaches_its_target_where_its_base_is_whole),
        cmocka_unit_test(removing_a_layer_that_nobody_looks_at_raises_no_other),
        cmocka_unit_test(raising_a_rate_of_such_a_layer_never_lowers_the_total),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
