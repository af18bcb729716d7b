/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference/assess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** A line in one branch. */
typedef struct state {
    const rows      *law;
    const line_text *line;
    number           value, share[PIECES];
    bool             made[CLAIMS];
    ref_charge           charged[LAYERS][PIECES];
    bool             done[LAYERS], matched[LAYERS];
    ref_burden          *out;
} state;

/* Shares: what is known of the line, else what the tables say */

/* In "c0 c1=0.5 !c2", "p0=0.25"; NULL: the word is not there. */
static number known(const char *words, const char *name)
{
    char   word[64];
    size_t n = strlen(name);
    while (next_word(&words, word)) {
        bool        denied = *word == '!';
        const char *at = word + denied;
        if (strncmp(at, name, n) != 0)
            continue;
        if (denied)
            return number_of(0);
        return at[n] == '=' ? number_read(at + n + 1, NULL) : number_of(1);
    }
    return NULL;
}

static number claim_share(const rows *law, const line_text *line, unsigned claim)
{
    char name[4];
    snprintf(name, sizeof name, "c%u", claim);
    number share = known(line->claims, name);
    return share ? share : share_of(law, name, line);
}

/* Shares that add up to more than 1 are divided by their sum; what no part names is the rest.
 * What rounding adds to the whole is taken from the largest. */
static void find_shares(state *s)
{
    number   one = number_of(1), sum = number_of(0), rest = one;
    unsigned largest = 0;
    for (unsigned i = 0; i < PARTS; i++) {
        char name[4];
        snprintf(name, sizeof name, "p%u", i);
        s->share[i] = known(s->line->parts, name);
        if (!s->share[i])
            s->share[i] = share_of(s->law, name, s->line);
        sum = number_add(sum, s->share[i]);
    }
    s->out->scaled = number_compare(sum, one) > 0;
    for (unsigned i = 0; i < PARTS; i++) {
        if (s->out->scaled)
            s->share[i] = number_round(number_div(s->share[i], sum), 9);
        rest = number_sub(rest, s->share[i]);
        if (number_compare(s->share[i], s->share[largest]) > 0)
            largest = i;
    }
    if (number_sign(rest) < 0) {
        s->share[largest] = number_add(s->share[largest], rest);
        rest = number_of(0);
    }
    s->share[PARTS] = rest;
}

/* Step 2: match */

static bool term_holds(const state *s, const char *term)
{
    bool        denied = *term == '!';
    const char *name = term + denied, *sign = strpbrk(name, "<>");
    unsigned    i = (unsigned)(name[1] - '0');
    if (*name == 'c')
        return s->made[i] != denied;
    number percent = number_read(sign + (*sign == '>' ? 2 : 1), NULL);
    number limit = number_div(percent, number_of(100));
    return number_compare(s->share[i], limit) < 0 ? *sign == '<' : *sign == '>';
}

/** A measure that contains the line, with how closely. */
typedef struct match {
    const measure_row *measure;
    unsigned           schedule;
    int                rank, length, origin, importer, terms;
} match;

static bool is_in_force(const state *s, const measure_row *m)
{
    return day_is_in(s->line->date, m->from, m->until);
}

/* But for its conditions. */
static bool covers(const state *s, unsigned number_of_measure, match *out)
{
    const measure_row *m = &s->law->measures[number_of_measure];
    *out = (match){
        .measure = m,
        .schedule = s->law->schedule_of[number_of_measure],
        .rank = atoi(m->rank),
        .length = products_match(s->law, m->products, s->line),
        .origin = countries_match(s->law, m->origins, s->line->origin, s->line->date),
        .importer = countries_match(s->law, m->importers, s->line->importer, s->line->date),
    };
    return is_in_force(s, m) && out->length >= 0 && out->origin >= 0 && out->importer >= 0;
}

static bool matches(const state *s, unsigned number_of_measure, match *out)
{
    const char *when = s->law->measures[number_of_measure].when;
    char        word[64];
    if (!covers(s, number_of_measure, out))
        return false;
    while (next_word(&when, word)) {
        out->terms++;
        if (!term_holds(s, word))
            return false;
    }
    return true;
}

/* Claims that some measure on the line asks for; the others would split it into equal branches,
 * and only round their probabilities. */
static bool matters(const state *s, unsigned claim)
{
    match found;
    for (unsigned i = 0; i < s->law->measure_count; i++) {
        const char *when = s->law->measures[i].when;
        char        word[64];
        while (next_word(&when, word)) {
            const char *name = word + (*word == '!');
            if (name[0] == 'c' && name[1] == (char)('0' + claim) && covers(s, i, &found))
                return true;
        }
    }
    return false;
}

/* Step 3: select */

/* Positive: a is more specific than b. */
static int compare(const match *a, const match *b)
{
    return a->rank != b->rank         ? a->rank - b->rank
           : a->length != b->length     ? a->length - b->length
           : a->origin != b->origin     ? a->origin - b->origin
           : a->importer != b->importer ? a->importer - b->importer
           : a->terms != b->terms       ? a->terms - b->terms
                                        : (int)a->schedule - (int)b->schedule;
}

/* The pieces that a base names, or does not leave out. */
static unsigned pieces_of(const char *base)
{
    unsigned all = (1u << PIECES) - 1, named = 0;
    bool     except = *base == '!';
    char     word[64];
    if (!*base)
        return all;
    while (next_word(&base, word))
        named |= 1u << (word[except + 1] - '0');
    return except ? all & ~named : named;
}

static ref_duty contribution(const state *s, unsigned layer, const measure_row *m, unsigned taken)
{
    base_text base = { .law = s->law,
                       .line = s->line,
                       .share = s->share,
                       .layer = s->law->layers[layer].name,
                       .charged = s->charged,
                       .pieces = pieces_of(m->base) & ~taken };
    return duty_of(&base, m->rate);
}

static bool is_better(state *s, const char *select, const match *found, const match *best,
                      const ref_duty *a, const ref_duty *b)
{
    ref_charge x = total_of(a->piece), y = total_of(b->piece);
    if (strcmp(select, "highest") == 0)
        return is_more(s->value, x, y);
    if (strcmp(select, "lowest") == 0)
        return is_more(s->value, y, x);
    if (strcmp(select, "first") == 0)
        return false;
    int order = compare(found, best);
    if (order == 0 && (is_more(s->value, x, y) || is_more(s->value, y, x)))
        s->out->tied = true;
    return order > 0;
}

static void select_and_charge(state *s, unsigned layer, unsigned taken)
{
    const layer_row *row = &s->law->layers[layer];
    match            best = { .measure = NULL }, found;
    ref_duty         chosen = { .lacks = false };
    bool             lacks = false;
    for (unsigned i = 0; i < s->law->measure_count; i++) {
        if (strcmp(s->law->measures[i].layer, row->name) != 0 || !matches(s, i, &found))
            continue;
        ref_duty one = contribution(s, layer, found.measure, taken);
        if (best.measure && strcmp(row->select, "sum") == 0) {
            for (unsigned p = 0; p < PIECES; p++) {
                chosen.piece[p].rate = number_add(chosen.piece[p].rate, one.piece[p].rate);
                chosen.piece[p].money = number_add(chosen.piece[p].money, one.piece[p].money);
            }
        } else if (!best.measure || is_better(s, row->select, &found, &best, &one, &chosen)) {
            best = found;
            chosen = one;
        }
        /* Where amounts decide, one that is not known may have decided otherwise. */
        bool weighed = *row->select == 'h' || *row->select == 'l' || strcmp(row->select, "sum") == 0;
        lacks = lacks || (weighed && one.lacks);
    }
    s->matched[layer] = best.measure != NULL;
    for (unsigned p = 0; best.measure && p < PIECES; p++)
        s->charged[layer][p] = chosen.piece[p];
    s->out->unassessed = s->out->unassessed || lacks || chosen.lacks;
}

/* Step 4: give way; a layer is decided after those it looks at */

static bool names_layer(const char *name, const layer_row *layer)
{
    if (strncmp(name, "authority:", 10) == 0)
        return strcmp(name + 10, layer->authority) == 0;
    return strcmp(name, layer->name) == 0;
}

static void decide(state *s, unsigned layer)
{
    unsigned taken = 0;
    if (s->done[layer])
        return;
    s->done[layer] = true;
    const layer_row *row = &s->law->layers[layer];
    for (unsigned i = 0; i < s->law->yield_count; i++) {
        const yield_row *yield = &s->law->yields[i];
        for (unsigned k = 0; k < s->law->layer_count; k++) {
            if (!names_layer(yield->layer, row) || !names_layer(yield->to, &s->law->layers[k])
                || k == layer || !day_is_in(s->line->date, yield->from, yield->until))
                continue;
            decide(s, k);
            for (unsigned p = 0; p < PIECES; p++)
                if (is_positive(s->value, s->charged[k][p]))
                    taken |= strcmp(yield->scope, "line") == 0 ? ~0u : 1u << p;
        }
    }
    for (unsigned i = 0; i < s->law->measure_count; i++)
        for (unsigned k = 0; k < s->law->layer_count; k++)
            if (strcmp(s->law->measures[i].layer, row->name) == 0
                && is_in_force(s, &s->law->measures[i])
                && tops(s->law, s->law->measures[i].rate, row->name, k))
                decide(s, k);
    select_and_charge(s, layer, taken);
}

/* Steps 1 and 6: branches, and what they add up to */

static bool is_ordinary(const rows *law, const char *layer)
{
    for (unsigned k = 0; k < law->layer_count; k++)
        if (strcmp(law->layers[k].name, layer) == 0)
            return strcmp(law->layers[k].kind, "ordinary") == 0;
    return false;
}

/* Does the law have an ordinary measure for this importer, on whatever day?  Groups change on the
 * days that their rows name. */
static bool has_ordinary(const state *s)
{
    const rows *law = s->law;
    for (unsigned i = 0; i < law->measure_count; i++) {
        const measure_row *m = &law->measures[i];
        bool named = countries_match(law, m->importers, s->line->importer, "0001-01-01") >= 0;
        for (unsigned g = 0; g < law->group_count; g++)
            named = named
                    || countries_match(law, m->importers, s->line->importer, law->groups[g].from)
                           >= 0
                    || countries_match(law, m->importers, s->line->importer, law->groups[g].until)
                           >= 0;
        if (named && is_ordinary(law, m->layer))
            return true;
    }
    return false;
}

static void take_branch(state *s, number probability)
{
    ref_burden *out = s->out;
    bool        affected = false, matched = false;
    memset(s->done, 0, sizeof s->done);
    for (unsigned k = 0; k < LAYERS; k++)
        for (unsigned p = 0; p < PIECES; p++)
            s->charged[k][p] = (ref_charge){ number_of(0), number_of(0) };
    for (unsigned k = 0; k < s->law->layer_count; k++)
        decide(s, k);
    for (unsigned k = 0; k < s->law->layer_count; k++) {
        layer_burden *layer = &out->layers[k];
        ref_charge        sum = total_of(s->charged[k]);
        number        covered = number_of(0);
        for (unsigned p = 0; p < PIECES; p++)
            if (is_positive(s->value, s->charged[k][p]))
                covered = number_add(covered, s->share[p]);
        affected = affected || (!layer->ordinary && number_sign(covered) > 0);
        layer->rate = number_add(layer->rate, number_mul(probability, sum.rate));
        layer->money =
            number_add(layer->money, number_mul(probability, number_round(sum.money, 12)));
        layer->covered = number_add(layer->covered, number_mul(probability, covered));
        matched = matched || (layer->ordinary && s->matched[k]);
    }
    out->unmatched = out->unmatched || (!matched && has_ordinary(s));
    if (affected)
        out->affected = number_add(out->affected, probability);
}

/* A code in force for the line's origin, importer and date that is longer than the line's. */
static bool is_coarse(const state *s)
{
    for (unsigned i = 0; i < s->law->measure_count; i++) {
        const measure_row *m = &s->law->measures[i];
        if (is_in_force(s, m)
            && countries_match(s->law, m->origins, s->line->origin, s->line->date) >= 0
            && countries_match(s->law, m->importers, s->line->importer, s->line->date) >= 0
            && products_are_finer(s->law, m->products, s->line))
            return true;
    }
    return false;
}

ref_burden assess(const rows *law, const line_text *line)
{
    ref_burden out = { .layer_count = law->layer_count };
    state  s = { .law = law, .line = line, .out = &out };
    number zero = number_of(0), one = number_of(1), made[CLAIMS];
    out.value = s.value = number_read(line->value, NULL);
    out.affected = zero;
    for (unsigned k = 0; k < law->layer_count; k++)
        out.layers[k] = (layer_burden){ law->layers[k].name,
                                        strcmp(law->layers[k].kind, "ordinary") == 0, zero, zero,
                                        zero };
    find_shares(&s);
    for (unsigned c = 0; c < CLAIMS; c++)
        made[c] = matters(&s, c) ? claim_share(law, line, c) : zero;
    for (unsigned branch = 0; branch < 1u << CLAIMS; branch++) {
        number probability = one;
        for (unsigned c = 0; c < CLAIMS; c++) {
            s.made[c] = branch >> c & 1;
            number share = s.made[c] ? made[c] : number_sub(one, made[c]);
            probability = number_round(number_mul(probability, share), 18);
        }
        if (number_sign(probability) > 0)
            take_branch(&s, probability);
    }
    for (unsigned k = 0; k < law->layer_count; k++) {
        layer_burden *layer = &out.layers[k];
        layer->rate = number_round(layer->rate, 12);
        layer->money = number_round(layer->money, 12);
        layer->covered = number_round(layer->covered, 18);
    }
    out.coarse = is_coarse(&s);
    return out;
}
