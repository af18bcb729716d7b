/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Separators found many bytes at a time are those that a look at each byte
 * finds: with the instructions of this machine, with those that every x86-64
 * has, and in plain C.
 */
#include "unit/random.h"

#include "io/separators.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

void sse2_find_separators(const char *text, size_t length, tf_separators *out);
void plain_find_separators(const char *text, size_t length, tf_separators *out);
void sse2_find_bounds(const char *text, size_t length, tf_separators *out);
void plain_find_bounds(const char *text, size_t length, tf_separators *out);

/* The search in plain C, which machines without SSE2 have, under a name of its own. */
#undef __SSE2__
#define tf_find_separators plain_find_separators
#define tf_find_bounds     plain_find_bounds
#include "io/separators.c"
#undef tf_find_separators
#undef tf_find_bounds

enum { GUARD = 256, STORE = GUARD + TF_SEPARATORS_WINDOW + GUARD };

/** Where texts are put: one place ends where memory ends, the other has bytes that matter after. */
typedef struct places {
    char *end; /**< Nothing at and after it may be read. */
    char  store[STORE];
} places;

static void open_places(places *p)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (TF_SEPARATORS_WINDOW / page + 1) * page;
    char  *at = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(at != MAP_FAILED);
    assert_int_equal(mprotect(at + size, page, PROT_NONE), 0);
    p->end = at + size;
    memset(p->store, '"', sizeof p->store);
}

static void close_places(places *p)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (TF_SEPARATORS_WINDOW / page + 1) * page;
    assert_int_equal(munmap(p->end - size, size + page), 0);
}

/* One byte after the other. */
static void find_slowly(const char *text, size_t length, tf_separators *out)
{
    bool inside = false;
    memset(out, 0, sizeof *out);
    out->bounds[0] = UINT16_MAX;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '"') {
            inside = !inside;
            out->quotes = true;
        }
        if (!inside && (c == ',' || c == '\n'))
            out->bounds[++out->n] = (uint16_t)i;
        out->hidden = out->hidden || (inside && c == '\n');
        if (!inside && c == '\n')
            out->line_end[out->lines++] = (uint16_t)i;
        out->returns = out->returns || c == '\r';
        out->zeros = out->zeros || c == '\0';
        out->wide = out->wide || (unsigned char)c > 0x7f;
    }
    out->open = inside;
}

static bool are_same(const tf_separators *a, const tf_separators *b, bool line_ends)
{
    return a->n == b->n && a->lines == b->lines && a->quotes == b->quotes && a->open == b->open
           && a->hidden == b->hidden && a->returns == b->returns && a->zeros == b->zeros && a->wide == b->wide
           && memcmp(a->bounds, b->bounds, (a->n + 1) * sizeof *a->bounds) == 0
           && (!line_ends
               || memcmp(a->line_end, b->line_end, a->lines * sizeof *a->line_end) == 0);
}

static void check_text_at(const char *text, size_t length)
{
    static tf_separators slow, fast;
    find_slowly(text, length, &slow);
    static const struct {
        const char *name;
        void (*find)(const char *text, size_t length, tf_separators *out);
        bool line_ends;
    } ways[] = { { "as this machine can", tf_find_separators, true },
                 { "with SSE2", sse2_find_separators, true },
                 { "in plain C", plain_find_separators, true },
                 { "without line ends, as this machine can", tf_find_bounds, false },
                 { "without line ends, with SSE2", sse2_find_bounds, false },
                 { "without line ends, in plain C", plain_find_bounds, false } };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        memset(&fast, i ? 0 : 1, sizeof fast); /* what was there before is of no account */
        ways[i].find(text, length, &fast);
        if (!are_same(&slow, &fast, ways[i].line_ends))
            fail_msg("%zu bytes %s: %zu separators and %zu lines instead of %zu and %zu, or other "
                     "ones",
                     length, ways[i].name, fast.n, fast.lines, slow.n, slow.lines);
    }
}

/* Bytes that matter, from none to nothing else. */
static void make_text(check_random *random, char *text, size_t length)
{
    static const char *const kinds[] = { ",\n", ",", "\"", ",\n\"", ",\n\r", ",,,,,,,\n\"\r",
                                         "\"\",\n\r" };
    static const char rare[] = { '\0', '\x7f', '\x80', '\xff', '\r', '"', '\n' };
    const char *kind = kinds[check_below(random, sizeof kinds / sizeof *kinds)];
    unsigned    few = check_below(random, 4), rarely = 20 + check_below(random, 2000);
    unsigned    many = (unsigned)strlen(kind);
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)(' ' + check_below(random, 2) * 40);
        if (check_one_in(random, few == 0 ? 1 : few == 1 ? 3 : few == 2 ? 12 : 500))
            text[i] = kind[check_below(random, many)];
        else if (check_one_in(random, rarely))
            text[i] = rare[check_below(random, sizeof rare)];
    }
}

static void check_length(places *p, size_t length, check_random *random)
{
    char *last = p->end - length;
    make_text(random, last, length);
    check_text_at(last, length);
    char *within = p->store + 1 + check_below(random, GUARD - 1);
    if (length)
        memcpy(within, last, length);
    within[length] = ",\n\"\r\xff"[check_below(random, 5)];
    check_text_at(within, length);
}

static void separators_are_those_that_a_look_at_each_byte_finds(void **state)
{
    static places p;
    check_random  random = check_random_begin(check_seed());
    (void)state;
    open_places(&p);
    for (size_t length = 0; length <= 300; length++)
        for (unsigned round = 0; round < 8; round++)
            check_length(&p, length, &random);
    for (size_t length = 320; length <= TF_SEPARATORS_WINDOW; length += 64) {
        check_length(&p, length - 1, &random);
        check_length(&p, length, &random);
        if (length < TF_SEPARATORS_WINDOW)
            check_length(&p, length + 1, &random);
    }
    close_places(&p);
}

/* A window of nothing but separators is the most that has to be kept. */
static void a_window_may_be_all_separators(void **state)
{
    static places p;
    (void)state;
    open_places(&p);
    for (const char *c = ",\n\""; *c; c++) {
        memset(p.end - TF_SEPARATORS_WINDOW, *c, TF_SEPARATORS_WINDOW);
        check_text_at(p.end - TF_SEPARATORS_WINDOW, TF_SEPARATORS_WINDOW);
    }
    close_places(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators_are_those_that_a_look_at_each_byte_finds),
        cmocka_unit_test(a_window_may_be_all_separators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
