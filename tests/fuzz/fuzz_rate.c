/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Duty expressions, scopes and conditions: what is refused says why, at a byte
 * of the text; a rate that is said in words means the same when it is read.
 */
#include "fuzz/fuzz.h"

#include "law/rate.h"
#include "law/scope.h"
#include "law/when.h"
#include "run/words.h"

static tf_book  book;
static tf_arena names_arena, arena;

static void make_names(void)
{
    static const tariff_allocator *allocator;
    static tariff_env             *env;
    tf_set                        *set;
    tf_group                      *group;
    uint8_t                        layer;
    if (allocator)
        return;
    fuzz_require(tariff_env_new(NULL, &env) == TARIFF_OK);
    allocator = &env->allocator;
    tf_arena_init(&names_arena, allocator);
    tf_arena_init(&arena, allocator);
    fuzz_require(tf_book_layer(&book, &names_arena, "duty", 4, &layer, NULL) == TARIFF_OK);
    fuzz_require(tf_book_layer(&book, &names_arena, "oil", 3, &layer, NULL) == TARIFF_OK);
    fuzz_require(tf_names_add(&book.part_names, &names_arena, "steel", 5) == 0);
    fuzz_require(tf_names_add(&book.claim_names, &names_arena, "usmca", 5) == 0);
    fuzz_require(tf_scopes_set(&book.scopes, &names_arena, "metal", 5, &set) == TARIFF_OK);
    fuzz_require(tf_scopes_group(&book.scopes, &names_arena, "EU", 2, &group) == TARIFF_OK);
}

static bool explained(tariff_status status, const tf_why *why, size_t n)
{
    if (status != TARIFF_OK)
        fuzz_require(why->status == status && why->at <= n && *why->message);
    return status == TARIFF_OK;
}

static bool same_rate(const tf_rate *a, const tf_rate *b)
{
    if (a->kind != b->kind || a->count != b->count || a->to != b->to || a->over != b->over
        || a->parts != b->parts || a->specific != b->specific)
        return false;
    if (a->kind == TF_RATE_MAX || a->kind == TF_RATE_MIN)
        return same_rate(a->left, b->left) && same_rate(a->right, b->right);
    for (size_t i = 0; i < a->count; i++) {
        const tf_term *x = &a->terms[i], *y = &b->terms[i];
        if (x->specific != y->specific || x->part != y->part || x->nano != y->nano
            || x->per != y->per || x->unit.id != y->unit.id
            || strcmp(x->currency, y->currency) != 0)
            return false;
    }
    return true;
}

static void check_rate(const char *text, size_t n)
{
    tf_rate_names  names = { &book.part_names, &book.layer_names };
    tf_words       words = { .n = 0 };
    const tf_rate *rate, *again, *changed;
    tf_why         why;
    if (!explained(tf_parse_rate(&arena, &names, text, n, &rate, &why), &why, n))
        return;
    (void)tf_rate_is_zero(rate);
    (void)tf_rate_is_foreign(rate, "USD");
    (void)tf_rate_change_apply(&arena, rate, TF_RATE_SHIFT, NULL, -INT64_C(50000000), &changed);
    (void)tf_rate_change_apply(&arena, rate, TF_RATE_SCALE, NULL, INT64_C(2500000000), &changed);
    tf_say_rate(&words, &book, rate);
    if (words.n > 400) /* it may be cut short */
        return;
    if (tf_parse_rate(&arena, &names, words.text, words.n, &again, &why) != TARIFF_OK) {
        fprintf(stderr, "'%s': %s\n", words.text, why.message);
        abort();
    }
    fuzz_require(same_rate(rate, again));
}

static void check_scopes(const char *text, size_t n)
{
    tf_book             own = book; /* the sets that an expression adds go with it */
    tf_products         products;
    const tf_when      *when;
    const tf_countries *countries;
    tf_set_row          row;
    tf_why              why;
    uint16_t            parts;
    uint8_t             base;
    char                said[128];
    memset(&own.scopes.sets, 0, sizeof own.scopes.sets);
    memset(&own.scopes.named, 0, sizeof own.scopes.named);
    memset(&own.scopes.set_names, 0, sizeof own.scopes.set_names);
    memset(&own.scopes.countries, 0, sizeof own.scopes.countries);
    memset(&own.scopes.country_texts, 0, sizeof own.scopes.country_texts);
    tf_set *set;
    fuzz_require(tf_scopes_set(&own.scopes, &arena, "metal", 5, &set) == TARIFF_OK);
    if (explained(tf_parse_products(&own.scopes, &arena, text, n, &products, &why), &why, n))
        tf_products_format(&own.scopes, &products, said, sizeof said);
    (void)explained(tf_parse_countries(&own.scopes, &arena, text, n, &countries, &why), &why, n);
    if (explained(tf_parse_when(&arena, &own.claim_names, &own.part_names, text, n, &when, &why),
                  &why, n))
        (void)tf_when_compatible(when, when);
    (void)explained(tf_parse_base(&own, text, n, &base, &parts, &why), &why, n);
    (void)explained(tf_parse_set_row(text, n, &row, &why), &why, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    make_names();
    check_rate((const char *)data, size);
    check_scopes((const char *)data, size);
    tf_arena_free(&arena);
    return 0;
}
