/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference/draw.h"

#include <ctype.h>

#define PICK(random, pool) ((pool)[check_below((random), sizeof(pool) / sizeof *(pool))])

static void append(char *cell, size_t size, const char *format, ...) TARIFF_PRINTF(3, 4);
static void append(char *cell, size_t size, const char *format, ...)
{
    va_list args;
    size_t  n = strlen(cell);
    va_start(args, format);
    int more = vsnprintf(cell + n, size - n, format, args);
    va_end(args);
    if (more < 0 || (size_t)more >= size - n)
        abort();
}

#define PUT(cell, ...) ((cell)[0] = '\0', append((cell), sizeof(cell), __VA_ARGS__))

static const char *const codes[] = { "84",       "8481",      "848180",      "84818090",
                                     "8481809015", "85",        "7326",        "73",
                                     "8471-8481", "84-8501",   "8481-850110", "732690-8481" };
static const char *const days[] = { "2025-03-04", "2025-06-04", "2025-10-01" };

static void draw_span(check_random *random, char from[12], char until[12])
{
    from[0] = until[0] = '\0';
    if (check_one_in(random, 2))
        return;
    unsigned first = check_below(random, 3), last = check_below(random, 3);
    if (check_one_in(random, 2) || first < last)
        snprintf(from, 12, "%s", days[first]);
    if (!*from || (first < last && check_one_in(random, 2)))
        snprintf(until, 12, "%s", days[last]);
}

/* Measures */

static void draw_products(check_random *random, char cell[64])
{
    unsigned words = 1 + check_one_in(random, 4);
    cell[0] = '\0';
    for (unsigned i = 0; i < words; i++) {
        const char *blank = i ? " " : "";
        if (check_one_in(random, 5))
            append(cell, 64, "%s@s%u", blank, check_below(random, SETS));
        else
            append(cell, 64, "%s%s", blank,
                                  check_one_in(random, 3) ? "*" : PICK(random, codes));
    }
    if (check_one_in(random, 6))
        append(cell, 64, " !@s%u", check_below(random, SETS));
    else if (check_one_in(random, 5))
        append(cell, 64, " !%s", PICK(random, codes));
}

static void draw_term(check_random *random, char *cell, size_t size, bool specific, bool whole)
{
    static const char *const percents[] = { "0%",  "2.5%",       "10%",      "25%",
                                            "50%", "7.1234567%", "0.0000001%" };
    static const char *const amounts[] = { "1.5 USD", "22 c", "0.000000003 USD", "1.5 EUR",
                                           "0.7 EUR" };
    static const char *const units[] = { "kg", "kg", "g",   "t",  "lb",
                                         "no", "doz", "l", "hl", "m2" };
    static const char *const per[] = { "", "", "100 ", "1000 ", "3 " };
    const char              *blank = check_one_in(random, 3) ? " " : "";
    char                     on[8] = "";
    if (!whole && check_one_in(random, 6))
        PUT(on, " on p%u", check_below(random, PARTS));
    if (specific)
        append(cell, size, "%s%s/%s%s%s%s", PICK(random, amounts), blank, blank,
                 PICK(random, per), PICK(random, units), on);
    else
        append(cell, size, "%s%s", PICK(random, percents), on);
}

static void draw_sum(check_random *random, char *cell, size_t size, bool whole)
{
    unsigned terms = check_one_in(random, 4) ? 1 + check_below(random, 3) : 1;
    for (unsigned i = 0; i < terms; i++) {
        if (i)
            append(cell, size, " + ");
        bool specific = check_one_in(random, 4);
        draw_term(random, cell, size, specific, whole && specific);
    }
}

/* An operand of max and min charges the whole base where it is specific: whether an amount on a
 * part that is not there lacks its quantity is not told. */
static void draw_rate(check_random *random, char *cell, size_t size, unsigned depth)
{
    if (depth == 0 && check_one_in(random, 8)) {
        append(cell, size, check_one_in(random, 2) ? "Free" : "exempt");
    } else if (depth < 2 && check_one_in(random, 6)) {
        append(cell, size, check_one_in(random, 2) ? "max(" : "min(");
        draw_rate(random, cell, size, depth + 1);
        append(cell, size, ", ");
        draw_rate(random, cell, size, depth + 1);
        append(cell, size, ")");
    } else {
        draw_sum(random, cell, size, depth > 0);
    }
}

static void draw_when(check_random *random, char cell[48])
{
    static const char *const limits[] = { ">=20%", "<20%", ">=40%", "<40%", ">=0.5%" };
    cell[0] = '\0';
    for (unsigned i = 0; i < 2 && check_one_in(random, 3); i++)
        if (check_one_in(random, 3))
            append(cell, 48, "%sp%u%s", i ? " " : "",
                                  check_below(random, PARTS), PICK(random, limits));
        else
            append(cell, 48, "%s%sc%u", i ? " " : "",
                                  check_one_in(random, 2) ? "!" : "",
                                  check_below(random, CLAIMS));
}

static void draw_base(check_random *random, char cell[40])
{
    unsigned    named = 1 + check_below(random, (1u << PARTS) - 1);
    const char *sign = check_one_in(random, 3) ? "!" : "";
    cell[0] = '\0';
    if (!check_one_in(random, 3))
        return;
    for (unsigned i = 0; i < PARTS; i++)
        if (named >> i & 1)
            append(cell, 40, "%s%sp%u", *cell ? " " : "",
                                  sign, i);
}

static void draw_measure(check_random *random, unsigned layer, measure_row *m)
{
    static const char *const origins[] = { "*",  "*",     "*",     "@G",    "@H",   "IN",   "CN",
                                           "CA", "CN CA", "* !CN", "@G !CN", "@H IN", "* !@G" };
    static const char *const importers[] = { "US", "US", "*", "*", "@H", "DE US", "* !DE" };
    static const char *const known[] = { "2025-03-04", "2025-06-04", "2025-08-07" };
    PUT(m->layer, "l%u", layer);
    draw_products(random, m->products);
    PUT(m->origins, "%s", PICK(random, origins));
    PUT(m->importers, "%s", PICK(random, importers));
    draw_span(random, m->from, m->until);
    draw_rate(random, m->rate, sizeof m->rate, 0);
    /* The case of words is ignored, that of names is not. */
    if (check_one_in(random, 10) && !strstr(m->rate, " on "))
        for (char *c = m->rate; *c; c++)
            *c = (char)toupper((unsigned char)*c);
    draw_base(random, m->base);
    draw_when(random, m->when);
    if (check_one_in(random, 2))
        PUT(m->rank, "%d", (int)check_below(random, 9) - 4);
    if (check_one_in(random, 6))
        PUT(m->published, "%s", known[check_below(random, 2)]);
    if (check_one_in(random, 10))
        PUT(m->withdrawn, "%s", known[1 + check_below(random, 2)]);
    if (*m->published && strcmp(m->published, m->withdrawn) >= 0)
        m->withdrawn[0] = '\0';
}

/* The last layer may top others up: nobody has to wait for it. */
static void draw_tops(check_random *random, schedule *s, unsigned last)
{
    static const char *const targets[] = { "to 15%", "to 33.3333333%", "To 100%" };
    for (unsigned i = 0; i < s->measure_count; i++) {
        char  *cell = s->measures[i].rate;
        if (s->measures[i].layer[1] != (char)('0' + last) || check_one_in(random, 3))
            continue;
        PUT(s->measures[i].rate, "%s", PICK(random, targets));
        for (unsigned k = 0, some = check_one_in(random, 2); some && k < last; k++)
            if (k == 0 || check_one_in(random, 2))
                append(cell, sizeof s->measures[i].rate, "%s l%u",
                                      k ? "" : " over", k);
    }
}

/* Tables */

static void draw_layers(check_random *random, schedule *s, unsigned count)
{
    static const char *const selects[] = { "specific", "specific", "specific", "",
                                           "highest",  "lowest",   "sum",      "first" };
    for (s->layer_count = 0; s->layer_count < count; s->layer_count++) {
        layer_row *layer = &s->layers[s->layer_count];
        PUT(layer->name, "l%u", s->layer_count);
        PUT(layer->kind, "%s", check_one_in(random, 3) ? "ordinary" : "additional");
        PUT(layer->authority, "a%u", check_below(random, 3));
        PUT(layer->select, "%s", PICK(random, selects));
    }
}

/* Who yields is above who is yielded to; of one pair that turns round on 4 June. */
static void draw_yields(check_random *random, schedule *s, unsigned layers)
{
    unsigned turned = 1 + check_below(random, 2);
    for (unsigned from = 1; from < layers; from++)
        for (unsigned to = 0; to < from; to++) {
            yield_row *row = &s->yields[s->yield_count];
            if (s->yield_count + 2 > YIELDS || !check_one_in(random, 3))
                continue;
            PUT(row->layer, "l%u", from);
            PUT(row->to, "l%u", to);
            PUT(row->scope, "%s", check_one_in(random, 3) ? "line" : check_one_in(random, 2) ? "part" : "");
            draw_span(random, row->from, row->until);
            if (check_one_in(random, 12))
                PUT(row->to, "authority:%s", s->layers[to].authority);
            else if (check_one_in(random, 12))
                PUT(row->layer, "authority:%s", s->layers[from].authority);
            s->yield_count++;
            if (from != turned || to != turned - 1 || from + 1 >= layers)
                continue;
            row->from[0] = '\0';
            PUT(row->until, "2025-06-04");
            row[1] = *row;
            PUT(row[1].layer, "l%u", to);
            PUT(row[1].to, "l%u", from);
            PUT(row[1].from, "2025-06-04");
            row[1].until[0] = '\0';
            s->yield_count++;
        }
}

static void draw_set(check_random *random, schedule *s, unsigned number)
{
    for (unsigned i = 1 + check_below(random, 3); i-- > 0;) {
        member_row *row = &s->sets[s->set_count++];
        PUT(row->name, "s%u", number);
        PUT(row->code, "%s", PICK(random, codes));
        draw_span(random, row->from, row->until);
    }
}

static void draw_group(check_random *random, schedule *s, char name)
{
    static const char *const members[] = { "IN", "CN", "CA", "US", "DE" };
    unsigned                 first = check_below(random, 3);
    for (unsigned i = 1 + check_below(random, 3); i-- > 0;) {
        member_row *row = &s->groups[s->group_count++];
        PUT(row->name, "%c", name);
        PUT(row->code, "%s", members[first + i]);
        draw_span(random, row->from, row->until);
    }
}

/* `number`: parts, then claims. */
static void draw_shares(check_random *random, schedule *s, unsigned number)
{
    static const char *const parts[] = { "0", "0.1", "0.123456789", "0.3", "0.2", "0.6" };
    static const char *const claims[] = { "0", "0.3", "0.85", "0.123456789", "1", "0.999999999",
                                          "0.000000001" };
    static const char *const hs[] = { "*", "*", "84", "8481", "848180", "73" };
    static const char *const origins[] = { "*", "*", "@H", "CN", "IN" };
    static const char *const importers[] = { "*", "*", "US", "@H" };
    s->declared[number] = true;
    for (unsigned i = check_below(random, 3); i-- > 0;) {
        share_row *row = &s->shares[s->share_count++];
        if (number < PARTS)
            PUT(row->name, "p%u", number);
        else
            PUT(row->name, "c%u", number - PARTS);
        PUT(row->hs, "%s", PICK(random, hs));
        PUT(row->origin, "%s", PICK(random, origins));
        PUT(row->importer, "%s", PICK(random, importers));
        draw_span(random, row->from, row->until);
        PUT(row->share, "%s", number < PARTS ? PICK(random, parts) : PICK(random, claims));
    }
}

/* What is laid over: a layer row, a set, a group, shares, some measures and yields. */
static void draw_overlay(check_random *random, law_text *law)
{
    const schedule *under = &law->schedules[0];
    schedule       *s = &law->schedules[law->schedule_count++];
    unsigned        layers = under->layer_count;
    if (check_one_in(random, 2)) {
        s->layers[0] = under->layers[check_below(random, layers)];
        PUT(s->layers[0].kind, "%s", check_one_in(random, 2) ? "ordinary" : "additional");
        PUT(s->layers[0].select, "%s", check_one_in(random, 2) ? "highest" : "specific");
        s->layer_count = 1;
    }
    for (unsigned more = 1 + check_below(random, 4); s->measure_count < more;)
        draw_measure(random, check_below(random, layers), &s->measures[s->measure_count++]);
    if (check_one_in(random, 2))
        draw_set(random, s, check_below(random, SETS));
    if (check_one_in(random, 2))
        draw_group(random, s, check_one_in(random, 2) ? 'G' : 'H');
    if (check_one_in(random, 2))
        draw_shares(random, s, check_below(random, PARTS + CLAIMS));
    if (check_one_in(random, 3)) {
        PUT(s->yields[0].layer, "l%u", layers - 1);
        PUT(s->yields[0].to, "l0");
        PUT(s->yields[0].scope, "part");
        s->yield_count = 1;
    }
}

void draw_law(check_random *random, law_text *law)
{
    static const char *const known[] = { "2025-03-04", "2025-06-03", "2025-09-01" };
    memset(law, 0, sizeof *law);
    schedule *s = &law->schedules[law->schedule_count++];
    unsigned  layers = 2 + check_below(random, LAYERS - 1);
    draw_layers(random, s, layers);
    for (unsigned more = check_below(random, 14); s->measure_count < layers + more;) {
        unsigned layer =
            s->measure_count < layers ? s->measure_count : check_below(random, layers);
        draw_measure(random, layer, &s->measures[s->measure_count++]);
    }
    if (check_one_in(random, 2))
        draw_tops(random, s, layers - 1);
    draw_yields(random, s, layers);
    for (unsigned i = 0; i < SETS; i++)
        draw_set(random, s, i);
    draw_group(random, s, 'G');
    draw_group(random, s, 'H');
    for (unsigned i = 0; i < PARTS + CLAIMS; i++)
        draw_shares(random, s, i);
    s->through = check_one_in(random, 4);
    if (check_one_in(random, 4))
        draw_overlay(random, law);
    if (check_one_in(random, 4))
        PUT(law->as_of, "%s", PICK(random, known));
    PUT(law->exchange, "%s", check_one_in(random, 2) ? "1.17" : "0.5");
}

/* Lines */

static void draw_known(check_random *random, line_text *line)
{
    static const char *const shares[] = { "0", "0.85", "0.123456789", "1", "0.7", "0.400000001" };
    for (unsigned i = 0; i < CLAIMS; i++) {
        char one[24] = "";
        switch (check_below(random, 5)) {
        case 0: PUT(one, "c%u", i); break;
        case 1: PUT(one, "!c%u", i); break;
        case 2: PUT(one, "c%u=%s", i, PICK(random, shares)); break;
        default: break;
        }
        if (*one)
            append(line->claims, sizeof line->claims, "%s%s",
                                  *line->claims ? " " : "", one);
    }
    for (unsigned i = 0; i < PARTS; i++)
        if (check_one_in(random, 3))
            append(line->parts, sizeof line->parts, "%sp%u=%s",
                                  *line->parts ? " " : "", i, PICK(random, shares));
}

void draw_line(check_random *random, line_text *line)
{
    static const char *const hs[] = { "84818090",     "8481809015", "848180901512", "84818010",
                                      "848180",       "8481",       "84",           "85011000",
                                      "84713010",     "732690",     "73269086",     "01012100",
                                      "850110" };
    static const char *const origins[] = { "IN", "CN", "CA", "JP" };
    static const char *const importers[] = { "US", "US", "DE" };
    static const char *const dates[] = { "2025-03-03", "2025-03-04", "2025-06-03", "2025-06-04",
                                         "2025-09-30", "2025-10-01" };
    static const char *const units[] = { "kg", "t", "g", "lb", "no", "doz", "l", "hl", "m2" };
    memset(line, 0, sizeof *line);
    PUT(line->hs, "%s", PICK(random, hs));
    PUT(line->origin, "%s", PICK(random, origins));
    PUT(line->importer, "%s", PICK(random, importers));
    PUT(line->date, "%s", PICK(random, dates));
    switch (check_below(random, 8)) {
    case 0: PUT(line->value, "0"); break;
    case 1: PUT(line->value, "0.%04u", check_below(random, 10000)); break;
    case 2: PUT(line->value, "%u00000.5", check_below(random, 1000000)); break;
    default: PUT(line->value, "%u.%02u", check_below(random, 10000), check_below(random, 100));
    }
    if (!check_one_in(random, 4)) {
        PUT(line->quantity, "%u.%04u", check_below(random, 1000), check_below(random, 10000));
        PUT(line->unit, "%s", PICK(random, units));
    }
    if (check_one_in(random, 2))
        draw_known(random, line);
}
