/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/burden.h"

#include "value/unit.h"

/** A duty on one piece of the value: part rate, part money. */
typedef struct amount {
    tf_i128 rate;  /**< 1e-18 of the line's value. */
    tf_i128 money; /**< 1e-22. */
} amount;

/** One layer's duty in one outcome. */
typedef struct duty {
    amount   piece[TF_PIECES_MAX];
    uint32_t charged; /**< Pieces on which it is positive. */
} duty;

/** The assessment of one outcome. */
typedef struct context {
    const tariff_law *law;
    const tf_program *program;
    const tf_line    *line;
    unsigned          pieces;
    int64_t           shares[TF_PIECES_MAX];     /**< Of the pieces. */
    int64_t           part_shares[TF_PARTS_MAX]; /**< After scaling. */
    uint32_t          claimed;
    bool              unassessed; /**< Some amount lacks its quantity. */
    bool              open;       /**< So the operand that is being charged is not assessable. */
    uint64_t          charging; /**< Layers that charge anything so far. */
    duty             *duties;   /**< By place in the program. */
    int8_t            place_of[TF_LAYERS_MAX];
} context;

void tf_bench_init(tf_bench *bench, tariff_env *env)
{
    memset(bench, 0, sizeof *bench);
    tf_arena_init(&bench->arena, &env->allocator);
}

void tf_bench_free(tf_bench *bench)
{
    tf_arena_free(&bench->arena);
}

/* Shares */

/* Parts that add up to more than the whole are divided by their sum.  What rounding then adds to
 * the whole is taken from the largest part: a full duty must not depend on how parts are cut. */
static void scale_parts(context *c, int64_t sum)
{
    int64_t total = 0;
    size_t  largest = 0;
    for (size_t i = 0; i < c->law->book.parts.n; i++) {
        c->part_shares[i] = (int64_t)tf_div_half_even((tf_i128)c->line->parts[i] * TF_E9, sum);
        total += c->part_shares[i];
        if (c->part_shares[i] > c->part_shares[largest])
            largest = i;
    }
    if (total > TF_E9)
        c->part_shares[largest] -= total - TF_E9;
}

/* Cut the value into the pieces of the program; true if the parts had to be scaled. */
static bool cut_value(context *c)
{
    const tf_program *program = c->program;
    int64_t           sum = 0, named = 0;
    for (size_t i = 0; program->parts && i < c->law->book.parts.n; i++) {
        c->part_shares[i] = c->line->parts[i];
        sum += c->line->parts[i];
    }
    bool scaled = sum > TF_E9;
    if (scaled)
        scale_parts(c, sum);
    for (unsigned piece = 0; piece + 1 < program->piece_count; piece++) {
        c->shares[piece] = c->part_shares[program->part_of_piece[piece]];
        named += c->shares[piece];
    }
    c->shares[program->piece_count - 1] = named < TF_E9 ? TF_E9 - named : 0;
    c->pieces = program->piece_count;
    return scaled;
}

/* Rates */

/* n x num / den, half to even, where n x num itself may not fit. */
static bool mul_ratio(tf_i128 n, tf_i128 num, tf_i128 den, tf_i128 *out)
{
    tf_i128 whole, rest;
    if (!tf_mul(n / den, num, &whole) || !tf_mul(n % den, num, &rest)
        || !tf_add(whole, rest / den, out))
        return false;
    tf_i128 twice = rest % den * 2;
    *out += twice > den || (twice == den && *out % 2 != 0);
    return true;
}

/* amount x quantity x share, at 1e-22; the share of one piece. */
static tariff_status specific_duty(context *c, const tf_term *term, unsigned piece, tf_i128 *out)
{
    int64_t num, den;
    tf_i128 n;
    *out = 0;
    if (!tf_unit_ratio(c->line->unit, term->unit, &num, &den)) {
        c->unassessed = c->open = true;
        return TARIFF_OK;
    }
    /* 1e-9 x 1e-4 x 1e-9 = 1e-22; the amount is for `per` 1e-4 units. */
    if (!tf_mul((tf_i128)term->nano * c->line->quantity, c->shares[piece], &n))
        return TARIFF_E_OVERFLOW;
    if (num == den && term->per == TF_E4)
        *out = n;
    else if (!mul_ratio(n, (tf_i128)num * TF_E4, (tf_i128)den * term->per, out))
        return TARIFF_E_OVERFLOW;
    return TARIFF_OK;
}

static tariff_status add_term(context *c, const tf_term *term, uint32_t pieces, duty *out)
{
    if (term->part != TF_NO_PART)
        pieces &= UINT32_C(1) << c->program->piece_of_part[term->part];
    for (unsigned i = 0; i < c->pieces; i++) {
        tf_i128 more;
        if (!(pieces >> i & 1) || c->shares[i] == 0)
            continue; /* an amount on nothing lacks no quantity */
        if (!term->specific) {
            out->piece[i].rate += (tf_i128)term->nano * c->shares[i];
            continue;
        }
        TF_TRY(specific_duty(c, term, i, &more));
        if (!tf_add(out->piece[i].money, more, &out->piece[i].money))
            return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}

/* The duty in money at 1e-22, or, where no amount is specific, its rate: only to compare. */
static tariff_status weigh(const context *c, const amount *a, bool money, tf_i128 *out)
{
    *out = a->rate;
    if (!money)
        return TARIFF_OK;
    return tf_mul(a->rate, c->line->value, out) && tf_add(*out, a->money, out)
               ? TARIFF_OK
               : TARIFF_E_OVERFLOW;
}

static amount total_of(const context *c, const duty *d)
{
    amount sum = { 0, 0 };
    for (unsigned i = 0; i < c->pieces; i++) {
        sum.rate += d->piece[i].rate;
        sum.money += d->piece[i].money;
    }
    return sum;
}

/* a - b, as a sign. */
static tariff_status compare(const context *c, const amount *a, const amount *b, int *sign)
{
    tf_i128 x, y;
    bool    money = a->money != 0 || b->money != 0;
    TF_TRY(weigh(c, a, money, &x));
    TF_TRY(weigh(c, b, money, &y));
    *sign = x < y ? -1 : x > y;
    return TARIFF_OK;
}

static tariff_status charge(context *c, const tf_rate *rate, unsigned layer, uint32_t pieces,
                            duty *out);

/* "Whichever is higher": the whole of one or of the other. */
static tariff_status charge_either(context *c, const tf_rate *rate, unsigned layer,
                                   uint32_t pieces, duty *out)
{
    int  sign;
    duty other;
    bool left_open, right_open;
    c->open = false;
    TF_TRY(charge(c, rate->left, layer, pieces, out));
    left_open = c->open;
    c->open = false;
    TF_TRY(charge(c, rate->right, layer, pieces, &other));
    right_open = c->open;
    c->open = left_open && right_open; /* one that can be assessed is enough for a choice */
    amount a = total_of(c, out), b = total_of(c, &other);
    TF_TRY(compare(c, &a, &b, &sign));
    /* An operand that cannot be assessed is left out, rather than winning a min() with 0. */
    bool take_right = rate->kind == TF_RATE_MAX ? sign < 0 : sign > 0;
    if (left_open != right_open)
        take_right = left_open;
    if (take_right)
        *out = other;
    return TARIFF_OK;
}

/* Duties are cleared and copied no further than the program has pieces. */
static void clear_duty(const context *c, duty *d)
{
    memset(d->piece, 0, c->pieces * sizeof d->piece[0]);
    d->charged = 0;
}

static void copy_duty(const context *c, duty *to, const duty *from)
{
    memcpy(to->piece, from->piece, c->pieces * sizeof from->piece[0]);
    to->charged = from->charged;
}

static tariff_status charge_up_to(context *c, const tf_rate *rate, unsigned layer, uint32_t pieces,
                                  duty *out)
{
    static const amount nothing = { 0, 0 };
    uint64_t            over = tf_law_topped(c->law, rate, layer);
    for (unsigned i = 0; i < c->pieces; i++) {
        if (!(pieces >> i & 1))
            continue;
        amount left = { (tf_i128)rate->to * c->shares[i], 0 };
        for (uint64_t rest = over; rest; rest &= rest - 1) {
            int place = c->place_of[__builtin_ctzll(rest)];
            if (place < 0)
                continue;
            left.rate -= c->duties[place].piece[i].rate;
            left.money -= c->duties[place].piece[i].money;
        }
        int sign;
        TF_TRY(compare(c, &left, &nothing, &sign));
        if (sign > 0)
            out->piece[i] = left;
    }
    return TARIFF_OK;
}

static tariff_status charge(context *c, const tf_rate *rate, unsigned layer, uint32_t pieces,
                            duty *out)
{
    clear_duty(c, out);
    if (rate->kind == TF_RATE_TO)
        return charge_up_to(c, rate, layer, pieces, out);
    if (rate->kind != TF_RATE_SUM)
        return charge_either(c, rate, layer, pieces, out);
    for (size_t i = 0; i < rate->count; i++)
        TF_TRY(add_term(c, &rate->terms[i], pieces, out));
    return TARIFF_OK;
}

/* One layer */

static void find_takers(const context *c, unsigned layer, tf_verdict *verdict)
{
    const tf_regime *regime = c->program->regime;
    uint64_t         yields = (regime->part[layer] | regime->line[layer]) & c->charging;
    for (uint64_t rest = yields; rest; rest &= rest - 1) {
        unsigned taker = (unsigned)__builtin_ctzll(rest);
        uint32_t takes = c->duties[c->place_of[taker]].charged;
        if (regime->line[layer] >> taker & 1)
            takes = UINT32_MAX;
        verdict->taken |= takes;
    }
    verdict->takers = yields;
}

static tariff_status note_charged(const context *c, duty *d)
{
    static const amount nothing = { 0, 0 };
    for (unsigned i = 0; i < c->pieces; i++) {
        int sign;
        TF_TRY(compare(c, &d->piece[i], &nothing, &sign));
        if (sign > 0)
            d->charged |= UINT32_C(1) << i;
    }
    return TARIFF_OK;
}

/* A later candidate takes over if it charges more (less) than the best so far. */
static tariff_status is_better(const context *c, tf_select select, const duty *best,
                               const duty *candidate, bool *out)
{
    int    sign;
    amount a = total_of(c, best), b = total_of(c, candidate);
    TF_TRY(compare(c, &b, &a, &sign));
    *out = select == TF_SELECT_HIGHEST ? sign > 0 : sign < 0;
    return TARIFF_OK;
}

static tariff_status add_duty(const context *c, duty *to, const duty *more)
{
    for (unsigned i = 0; i < c->pieces; i++)
        if (!tf_add(to->piece[i].rate, more->piece[i].rate, &to->piece[i].rate)
            || !tf_add(to->piece[i].money, more->piece[i].money, &to->piece[i].money))
            return TARIFF_E_OVERFLOW;
    return TARIFF_OK;
}

/* Select the measure (or all of them) and charge what is left of its base. */
static tariff_status select_and_charge(context *c, const tf_program_layer *entry, duty *out,
                                       tf_verdict *verdict)
{
    tf_select select = c->law->book.layers.at[entry->layer].select;
    duty      candidate;
    clear_duty(c, out);
    for (unsigned i = 0; i < entry->count; i++) {
        const tf_choice *choice = &c->program->choices[entry->first + i];
        if (!tf_when_holds(choice->measure->when, c->claimed, c->part_shares)) {
            verdict->conditions = true;
            continue;
        }
        uint32_t left = choice->pieces & ~verdict->taken;
        bool     first = verdict->choice == NULL, take = first;
        TF_TRY(charge(c, choice->rate, entry->layer, left, &candidate));
        if (!first && select == TF_SELECT_SUM) {
            TF_TRY(add_duty(c, out, &candidate));
            verdict->pieces |= left;
            continue;
        }
        if (!first)
            TF_TRY(is_better(c, select, out, &candidate, &take));
        if (!take)
            continue;
        copy_duty(c, out, &candidate);
        verdict->choice = choice;
        verdict->pieces = left;
        if (select == TF_SELECT_SPECIFIC || select == TF_SELECT_FIRST)
            break;
    }
    return TARIFF_OK;
}

static tariff_status assess_layer(context *c, unsigned place, tf_verdict *verdict)
{
    const tf_program_layer *entry = &c->program->layers[place];
    duty                   *d = &c->duties[place];
    memset(verdict, 0, sizeof *verdict);
    find_takers(c, entry->layer, verdict);
    bool before = c->unassessed;
    c->unassessed = false;
    TF_TRY(select_and_charge(c, entry, d, verdict));
    verdict->unassessed = c->unassessed;
    c->unassessed = c->unassessed || before;
    TF_TRY(note_charged(c, d));
    amount sum = total_of(c, d);
    verdict->charged = d->charged;
    verdict->rate = sum.rate;
    verdict->money = sum.money ? tf_div_half_even(sum.money, TF_E10) : 0;
    for (unsigned i = 0; i < c->pieces; i++) {
        if (verdict->pieces >> i & 1)
            verdict->share += c->shares[i];
        /* `rate` is at 1e-18, a share at 1e-9: their quotient is the rate on the piece. */
        if ((d->charged >> i & 1) && c->shares[i] > 0) {
            int64_t on_piece = (int64_t)tf_div_half_even(d->piece[i].rate, c->shares[i]);
            if (on_piece > verdict->statutory)
                verdict->statutory = on_piece;
        }
    }
    if (d->charged)
        c->charging |= UINT64_C(1) << entry->layer;
    c->place_of[entry->layer] = (int8_t)place;
    return TARIFF_OK;
}

/* Outcomes */

/* Each claim made for part of the trade doubles the outcomes; what is not claimed is the rest,
 * so that probabilities add up to the weight exactly. */
static tariff_status split_over_claims(const context *c, int64_t weight, tf_bench *bench)
{
    tf_burden *burden = &bench->burden;
    size_t     first = burden->outcomes.n;
    tf_outcome whole = { .program = c->program, .probability = weight };
    if (!TF_PUSH(&bench->arena, &burden->outcomes, whole))
        return TARIFF_E_NOMEM;
    for (uint32_t rest = c->program->claims; rest; rest &= rest - 1) {
        unsigned claim = (unsigned)__builtin_ctz(rest);
        int64_t  share = c->line->claims[claim];
        size_t   count = burden->outcomes.n;
        if (share > 0 && share < TF_E9 && (count - first) * 2 > TF_OUTCOMES_MAX)
            return TARIFF_E_LIMIT;
        for (size_t i = first; share > 0 && i < count; i++) {
            tf_outcome *made = &burden->outcomes.at[i], not_made = *made;
            tf_i128     part = tf_div_half_even((tf_i128)made->probability * share, TF_E9);
            not_made.probability -= (int64_t)part;
            made->probability = (int64_t)part;
            made->claimed |= UINT32_C(1) << claim;
            if (share < TF_E9 && !TF_PUSH(&bench->arena, &burden->outcomes, not_made))
                return TARIFF_E_NOMEM;
        }
    }
    return TARIFF_OK;
}

/* An outcome in which no condition of any ordinary measure is met knows no ordinary duty. */
static bool lacks_ordinary(const context *c, const tf_verdict *verdicts)
{
    bool some = false;
    for (unsigned i = 0; i < c->program->layer_count; i++) {
        if (!(c->law->ordinary >> c->program->layers[i].layer & 1))
            continue;
        if (verdicts[i].choice)
            return false;
        some = true;
    }
    return some;
}

/* The bracket of an outcome: additional duties as a rate of value, at 1e-4. */
static tariff_status set_bracket(const context *c, const tf_verdict *verdicts, tf_outcome *outcome)
{
    tf_i128 rate = 0, money = 0;
    for (unsigned i = 0; i < c->program->layer_count; i++) {
        if (c->law->ordinary >> c->program->layers[i].layer & 1)
            continue;
        outcome->affected = outcome->affected || verdicts[i].charged;
        if (!tf_add(rate, verdicts[i].rate, &rate) || !tf_add(money, verdicts[i].money, &money))
            return TARIFF_E_OVERFLOW;
    }
    if (money != 0 && c->line->value > 0) /* 1e-12 / 1e-4 = 1e-8, to 1e-18 */
        rate += tf_div_half_even(money, c->line->value) * TF_E10;
    outcome->additional = (int64_t)tf_div_half_even(rate, TF_E14);
    return TARIFF_OK;
}

/** Sums over outcomes, weighted by their probability, rounded once at the end. */
typedef struct weighted {
    tf_i128 rate;     /**< 1e-36. */
    tf_i128 covered;  /**< 1e-27. */
    tf_i128 whole, fraction; /**< Money is whole x 1e-12 + fraction x 1e-30. */
} weighted;

static tariff_status add_weighted(const context *c, weighted *sum, const tf_verdict *verdict,
                                  int64_t probability)
{
    tf_i128 part;
    if (!tf_mul(verdict->rate, probability, &part) || !tf_add(sum->rate, part, &sum->rate))
        return TARIFF_E_OVERFLOW;
    int64_t share = 0;
    for (unsigned i = 0; i < c->pieces; i++)
        if (verdict->charged >> i & 1)
            share += c->shares[i];
    sum->covered += (tf_i128)probability * share;
    if (verdict->money) {
        if (!tf_mul(verdict->money / TF_E18, probability, &part)
            || !tf_add(sum->whole, part, &sum->whole))
            return TARIFF_E_OVERFLOW;
        sum->fraction += verdict->money % TF_E18 * probability;
    }
    return TARIFF_OK;
}

static tariff_status close_charge(const weighted *sum, tf_charge *charge_out)
{
    tf_i128 rate = tf_div_half_even(sum->rate, (tf_i128)TF_E18 * TF_E6);
    if (rate > INT64_MAX)
        return TARIFF_E_OVERFLOW;
    charge_out->rate = (int64_t)rate;
    charge_out->covered = (int64_t)tf_div_half_even(sum->covered, TF_E9);
    charge_out->money = sum->whole + tf_div_half_even(sum->fraction, TF_E18);
    return TARIFF_OK;
}

static void note_facts(const context *c, bool scaled, tf_burden *burden)
{
    const tf_program *program = c->program;
    burden->scaled = burden->scaled || scaled;
    burden->estimated = burden->estimated || (c->line->claim_rows & program->claims) != 0
                        || (c->line->part_rows & program->parts) != 0;
    burden->unknown_part =
        burden->unknown_part || (program->listed_parts & ~c->line->known_parts) != 0;
    burden->coarse = burden->coarse || program->coarse;
    burden->unmatched = burden->unmatched || program->unmatched;
}

static tariff_status note_statutory(const context *c, const tf_verdict *verdicts,
                                    tf_outcome *outcome, tf_bench *bench)
{
    tf_burden *burden = &bench->burden;
    outcome->first_statutory = (uint32_t)burden->statutory.n;
    for (unsigned i = 0; i < c->program->layer_count; i++) {
        uint8_t      layer = c->program->layers[i].layer;
        tf_statutory entry = { layer, verdicts[i].statutory };
        if (entry.nano > 0 && !(c->law->ordinary >> layer & 1)
            && !TF_PUSH(&bench->arena, &burden->statutory, entry))
            return TARIFF_E_NOMEM;
    }
    outcome->statutory_count = (uint32_t)burden->statutory.n - outcome->first_statutory;
    return TARIFF_OK;
}

static tariff_status assess_outcome(context *c, tf_outcome *outcome, tf_bench *bench,
                                    weighted *sums)
{
    tf_burden *burden = &bench->burden;
    unsigned   layers = c->program->layer_count;
    outcome->verdicts = burden->verdicts.n;
    if (!tf_vec_reserve(&bench->arena, &burden->verdicts.at, &burden->verdicts.room,
                        burden->verdicts.n + layers + 1, sizeof burden->verdicts.at[0]))
        return TARIFF_E_NOMEM;
    tf_verdict *verdicts = burden->verdicts.at + burden->verdicts.n;
    burden->verdicts.n += layers;
    c->claimed = outcome->claimed;
    c->charging = 0;
    memset(c->place_of, -1, sizeof c->place_of);
    for (unsigned i = 0; i < layers; i++) {
        TF_TRY(assess_layer(c, i, &verdicts[i]));
        TF_TRY(add_weighted(c, &sums[c->program->layers[i].layer], &verdicts[i],
                            outcome->probability));
    }
    burden->unmatched = burden->unmatched || lacks_ordinary(c, verdicts);
    TF_TRY(set_bracket(c, verdicts, outcome));
    TF_TRY(note_statutory(c, verdicts, outcome, bench));
    if (outcome->affected)
        burden->affected += outcome->probability;
    return TARIFF_OK;
}

static tariff_status assess_case(const tariff_law *law, const tf_case *one, tf_bench *bench,
                                 weighted *sums)
{
    duty       duties[TF_LAYERS_MAX];
    tf_burden *burden = &bench->burden;
    context    c = { .law = law, .program = one->program, .line = one->line, .duties = duties };
    size_t     first = burden->outcomes.n;
    note_facts(&c, cut_value(&c), burden);
    TF_TRY(split_over_claims(&c, one->weight, bench));
    for (size_t i = first; i < burden->outcomes.n; i++)
        TF_TRY(assess_outcome(&c, &burden->outcomes.at[i], bench, sums));
    burden->unassessed = burden->unassessed || c.unassessed;
    return TARIFF_OK;
}

static void clear(tf_burden *burden)
{
    burden->outcomes.n = burden->verdicts.n = burden->statutory.n = 0;
    burden->charge_count = 0;
    burden->affected = 0;
    burden->unassessed = burden->estimated = burden->unknown_part = false;
    burden->scaled = burden->coarse = burden->unmatched = false;
}

tariff_status tf_assess(const tariff_law *law, const tf_case *cases, size_t count, tf_bench *bench)
{
    weighted   sums[TF_LAYERS_MAX];
    tf_burden *burden = &bench->burden;
    uint64_t   present = 0;
    clear(burden);
    burden->charges = bench->charges;
    memset(sums, 0, law->book.layers.n * sizeof *sums);
    for (size_t i = 0; i < count; i++) {
        TF_TRY(assess_case(law, &cases[i], bench, sums));
        for (unsigned k = 0; k < cases[i].program->layer_count; k++)
            present |= UINT64_C(1) << cases[i].program->layers[k].layer;
    }
    for (uint64_t rest = present; rest; rest &= rest - 1) {
        unsigned layer = (unsigned)__builtin_ctzll(rest);
        burden->charges[burden->charge_count].layer = (uint8_t)layer;
        TF_TRY(close_charge(&sums[layer], &burden->charges[burden->charge_count++]));
    }
    return TARIFF_OK;
}

tf_burden *tf_burden_keep(tf_arena *arena, const tf_burden *burden)
{
    size_t        outcomes = burden->outcomes.n, statutory = burden->statutory.n;
    tf_burden    *kept = TF_NEW(arena, tf_burden);
    tf_charge    *charges = TF_ARRAY(arena, tf_charge, burden->charge_count);
    tf_outcome   *kept_outcomes = TF_ARRAY(arena, tf_outcome, outcomes);
    tf_statutory *kept_statutory = TF_ARRAY(arena, tf_statutory, statutory);
    if (!kept || !charges || !kept_outcomes || !kept_statutory)
        return NULL;
    *kept = *burden;
    memcpy(charges, burden->charges, burden->charge_count * sizeof *charges);
    memcpy(kept_outcomes, burden->outcomes.at, outcomes * sizeof *kept_outcomes);
    if (statutory)
        memcpy(kept_statutory, burden->statutory.at, statutory * sizeof *kept_statutory);
    kept->charges = charges;
    kept->outcomes.at = kept_outcomes;
    kept->statutory.at = kept_statutory;
    memset(&kept->verdicts, 0, sizeof kept->verdicts);
    return kept;
}
