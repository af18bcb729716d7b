/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference/trial.h"

#include "run/overrides.h"

/* Laws */

static tariff_status load(trial *t)
{
    char                 paths[SCHEDULES][CHECK_PATH + 12];
    const char          *at[SCHEDULES];
    tariff_exchange      eur = { "EUR", { 0 } };
    tariff_law_options   options = TARIFF_LAW_OPTIONS_INIT;
    write_law(&t->text, t->root);
    for (unsigned i = 0; i < t->text.schedule_count; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%u", t->root, i);
        at[i] = paths[i];
    }
    CHECK_PARSE(tariff_rate_parse, "117%", &eur.rate);
    if (strcmp(t->text.exchange, "0.5") == 0)
        CHECK_PARSE(tariff_rate_parse, "50%", &eur.rate);
    options.exchange = &eur;
    options.exchange_count = 1;
    options.has_as_of = *t->text.as_of;
    if (options.has_as_of)
        CHECK_PARSE(tariff_date_parse, t->text.as_of, &options.as_of);
    tariff_status status = tariff_schedule_load(t->env, at, t->text.schedule_count, &t->schedule);
    if (status == TARIFF_OK)
        status = tariff_law_compile(t->env, t->schedule, &options, &t->law);
    if (status == TARIFF_OK)
        status = tf_programs_new(t->env, t->law, TF_ALL_LAYERS, &t->programs);
    if (status == TARIFF_OK)
        status = tariff_assessor_new(t->env, t->law, &t->assessor);
    return status;
}

static void begin(trial *t)
{
    t->env = check_env(&t->log);
    tf_bench_init(&t->bench, t->env);
}

void trial_end(trial *t)
{
    tariff_assessor_free(t->assessor);
    tf_bench_free(&t->bench);
    tf_programs_free(t->programs);
    tariff_law_free(t->law);
    tariff_schedule_free(t->schedule);
    tariff_env_free(t->env);
    t->assessor = NULL;
    t->programs = NULL;
    t->law = NULL;
    t->schedule = NULL;
}

void trial_begin(check_random *random, trial *t, tally *seen)
{
    for (;;) {
        draw_law(random, &t->text);
        begin(t);
        tariff_status status = load(t);
        if (status == TARIFF_OK)
            break;
        if (status != TARIFF_E_CONFLICT)
            fail_msg("a random law is refused:\n%s", t->log.text);
        trial_end(t);
        seen->refused++;
    }
    rows_of(&t->text, &t->rows);
    seen->laws++;
    seen->overlaid += t->text.schedule_count > 1;
    seen->known_then += *t->text.as_of != '\0';
}

/* Comparing */

static void differs(trial *t, const char *what, const char *name, const char *got, number wanted,
                    unsigned places)
{
    char text[80];
    number_print(wanted, places, text, sizeof text);
    print_error("%s of %s: %s, the reference has %s e-%u\n", what, name, got, text, places);
    t->different = true;
}

static void same_integer(trial *t, const char *what, const char *name, tf_i128 got, number wanted,
                         unsigned places)
{
    char text[80], buf[48];
    char *at = buf + sizeof buf;
    bool  below = got < 0;
    *--at = '\0';
    do
        *--at = (char)('0' + (int)(below ? -(got % 10) : got % 10));
    while ((got /= 10) != 0);
    if (below)
        *--at = '-';
    number_print(wanted, places, text, sizeof text);
    if (strcmp(at, text) != 0)
        differs(t, what, name, at, wanted, places);
}

void same_text(trial *t, const char *what, const char *name, const char *got,
                      number wanted, unsigned places)
{
    const char *end;
    number      n = number_read(got + (*got == '-'), &end);
    if (*got == '-')
        n = number_sub(number_of(0), n);
    if (*end || number_compare(n, wanted) != 0)
        differs(t, what, name, got, wanted, places);
}

void same_flag(trial *t, const char *what, int got, int wanted)
{
    if (got == wanted)
        return;
    print_error("%s: %d, the reference has %d\n", what, got, wanted);
    t->different = true;
}

/* What the library's own path of a line finds, as explain and run take it. */
static void compare_inside(trial *t, const tariff_entry *entry, const ref_burden *wanted)
{
    tf_cell cell = { entry->hs.key, entry->origin.id, entry->importer.id, entry->date.days };
    tf_line line = { .value = entry->value.e4,
                     .quantity = entry->quantity.e4,
                     .unit = entry->unit };
    tf_overrides      known = { 0 };
    const tf_program *program;
    const tf_book    *book = &t->law->book;
    assert_int_equal(tf_program_find(t->programs, &cell, &program), TARIFF_OK);
    tf_line_look_up(t->law, program, &cell, NULL, &line);
    assert_int_equal(tf_parse_claims(book, entry->claims, strlen(entry->claims), &known, NULL),
                     TARIFF_OK);
    assert_int_equal(tf_parse_parts(book, entry->parts, strlen(entry->parts), &known, NULL),
                     TARIFF_OK);
    tf_override(&known, &line);
    tf_case one = { program, &line, TF_E18 };
    tariff_status status = tf_assess(t->law, &one, 1, &t->bench);
    same_flag(t, "refused with status", (int)status, 0);
    const tf_burden *got = &t->bench.burden;
    for (unsigned i = 0; i < wanted->layer_count; i++) {
        const layer_burden *layer = &wanted->layers[i];
        tf_charge           charge = { .layer = 0 };
        uint32_t number_of_layer =
            tf_names_find(&book->layer_names, layer->name, strlen(layer->name));
        for (unsigned k = 0; k < got->charge_count; k++)
            if (got->charges[k].layer == number_of_layer)
                charge = got->charges[k];
        same_integer(t, "rate", layer->name, charge.rate, layer->rate, 12);
        same_integer(t, "money", layer->name, charge.money, layer->money, 12);
        same_integer(t, "covered", layer->name, charge.covered, layer->covered, 18);
    }
    same_integer(t, "probability", "an additional duty", got->affected, wanted->affected, 18);
    same_flag(t, "unassessed", got->unassessed, wanted->unassessed);
    same_flag(t, "coarse", got->coarse, wanted->coarse);
    same_flag(t, "unmatched", got->unmatched, wanted->unmatched);
}

number duty_on(const layer_burden *layer, number value)
{
    return number_add(number_mul(layer->rate, value), layer->money);
}

number rate_on(const layer_burden *layer, number value)
{
    if (number_sign(layer->money) == 0)
        return layer->rate;
    if (number_sign(value) == 0)
        return NULL;
    return number_add(layer->rate, number_round(number_div(layer->money, value), 12));
}

/** What tariff_explain() says of a line. */
typedef struct totals {
    struct {
        char name[16], rate[48], duty[48];
    } row[LAYERS + 3];
    size_t count;
} totals;

static void keep_total(void *user, const tariff_total *total)
{
    totals *all = user;
    assert_true(all->count < LAYERS + 3);
    snprintf(all->row[all->count].name, 16, "%s", total->name);
    snprintf(all->row[all->count].rate, 48, "%s", total->rate);
    snprintf(all->row[all->count++].duty, 48, "%s", total->duty);
}

static void compare_total(trial *t, const totals *got, const char *name, number rate, number duty)
{
    const char *rate_text = "0", *duty_text = "0.00";
    for (size_t i = 0; i < got->count; i++)
        if (strcmp(got->row[i].name, name) == 0) {
            rate_text = got->row[i].rate;
            duty_text = got->row[i].duty;
        }
    if (!rate)
        same_flag(t, "a rate of money on no value", *rate_text != '\0', false);
    else
        same_text(t, "explained rate", name, rate_text, rate, 12);
    same_text(t, "explained duty", name, duty_text, number_round_away(duty, 2), 2);
}

bool is_out_of_range(const ref_burden *wanted)
{
    number most = number_of(9000000), sum = number_of(0);
    for (unsigned i = 0; i < wanted->layer_count; i++) {
        number rate = rate_on(&wanted->layers[i], wanted->value);
        sum = rate ? number_add(sum, rate) : sum;
    }
    return number_compare(sum, most) > 0;
}

/* The public answers: explanations and burdens in memory. */
static void compare_outside(trial *t, const tariff_entry *entry, const ref_burden *wanted,
                            tally *seen)
{
    totals           got = { .count = 0 };
    tariff_explainer to = { .total = keep_total, .user = &got };
    tariff_burden    burden = TARIFF_BURDEN_INIT;
    number           value = wanted->value, zero = number_of(0);
    number           duty[2] = { zero, zero }, rate[2] = { zero, zero };
    tariff_status explained = tariff_explain(t->env, t->law, entry, &to);
    tariff_status assessed = tariff_assess_entry(t->assessor, entry, &burden);
    if (is_out_of_range(wanted)) {
        seen->too_high++;
        return;
    }
    if (explained != TARIFF_OK || assessed != TARIFF_OK) {
        print_error("a line is refused: %s", t->log.text);
        t->different = true;
        return;
    }
    for (unsigned i = 0; i < wanted->layer_count; i++) {
        const layer_burden *layer = &wanted->layers[i];
        number              own = rate_on(layer, value);
        compare_total(t, &got, layer->name, own, duty_on(layer, value));
        number *sum = &rate[layer->ordinary];
        *sum = *sum && own ? number_add(*sum, own) : NULL;
        duty[layer->ordinary] = number_add(duty[layer->ordinary], duty_on(layer, value));
    }
    number total = number_add(duty[0], duty[1]);
    compare_total(t, &got, "ordinary", rate[1], duty[1]);
    compare_total(t, &got, "additional", rate[0], duty[0]);
    compare_total(t, &got, "total", rate[0] && rate[1] ? number_add(rate[0], rate[1]) : NULL,
                  total);
    same_integer(t, "duty", "the entry", burden.duty.e4, number_round(total, 4), 4);
    same_integer(t, "ordinary duty", "the entry", burden.ordinary.e4, number_round(duty[1], 4), 4);
    same_integer(t, "additional duty", "the entry", burden.additional.e4,
                 number_round(duty[0], 4), 4);
    same_flag(t, "unassessed entry", (burden.flags & TARIFF_BURDEN_UNASSESSED) != 0,
              wanted->unassessed);
    same_flag(t, "coarse entry", (burden.flags & TARIFF_BURDEN_COARSE) != 0, wanted->coarse);
    same_flag(t, "unmatched entry", (burden.flags & TARIFF_BURDEN_UNMATCHED) != 0,
              wanted->unmatched);
}

static void count(tally *seen, const trial *t, const ref_burden *wanted)
{
    bool charged = false, money = false;
    for (unsigned i = 0; i < wanted->layer_count; i++) {
        charged = charged || number_sign(wanted->layers[i].rate) > 0;
        money = money || number_sign(wanted->layers[i].money) > 0;
    }
    seen->lines++;
    seen->charged += charged;
    seen->money += money;
    seen->branched += t->bench.burden.outcomes.n > 1;
    seen->affected += number_sign(wanted->affected) > 0;
    seen->coarse += wanted->coarse;
    seen->unassessed += wanted->unassessed;
    seen->unmatched += wanted->unmatched;
    seen->scaled += wanted->scaled;
}

/* With how closely each measure in force names it. */
void show_line(const trial *t, const line_text *line)
{
    print_error("hs %s, origin %s, importer %s, date %s, value %s, quantity %s %s, claims '%s', "
                "parts '%s'; as of '%s', exchange %s\n",
                line->hs, line->origin, line->importer, line->date, line->value, line->quantity,
                line->unit, line->claims, line->parts, t->text.as_of, t->text.exchange);
    for (unsigned i = 0; i < t->rows.measure_count; i++) {
        const measure_row *m = &t->rows.measures[i];
        int length = products_match(&t->rows, m->products, line);
        int origin = countries_match(&t->rows, m->origins, line->origin, line->date);
        int importer = countries_match(&t->rows, m->importers, line->importer, line->date);
        if (length >= 0 && origin >= 0 && importer >= 0
            && day_is_in(line->date, m->from, m->until))
            print_error("%s,%s,%s,%s,%s,%s,%s: %d %d %d\n", m->layer, m->products, m->rate,
                        m->base, m->when, m->rank, m->withdrawn, length, origin, importer);
    }
}

void trial_ask(trial *t, const line_text *line, tally *seen)
{
    check_entry words = { line->hs,   line->origin,  line->importer, line->date,
                          line->value, *line->unit ? line->quantity : NULL, line->unit,
                          line->claims, line->parts };
    tariff_entry entry = check_entry_read(&words);
    ref_burden   wanted = assess(&t->rows, line);
    same_flag(t, "a tie", false, wanted.tied);
    compare_inside(t, &entry, &wanted);
    compare_outside(t, &entry, &wanted, seen);
    count(seen, t, &wanted);
    if (t->different)
        show_line(t, line);
    number_forget_all();
}
