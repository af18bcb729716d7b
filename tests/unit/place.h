/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Sets, groups, claims and parts for tests of the scopes of measures.
 */
#ifndef TESTS_UNIT_PLACE_H
#define TESTS_UNIT_PLACE_H

#include "unit/check.h"

#include "law/scope.h"
#include "law/shares.h"
#include "law/when.h"
#include "value/hs.h"

/* Names as a schedule has them. */
typedef struct place {
    check_log   log;
    tariff_env *env;
    tf_arena    arena;
    tf_scopes   scopes;
    tf_names    claims, parts;
} place;

static inline int32_t day(const char *text)
{
    tariff_date date;
    assert_int_equal(tariff_date_parse(text, strlen(text), &date), TARIFF_OK);
    return date.days;
}

static inline uint64_t hs(const char *text)
{
    tariff_hs code;
    assert_int_equal(tariff_hs_parse(text, strlen(text), &code), TARIFF_OK);
    return code.key;
}

static inline unsigned country(const char *text)
{
    tariff_country found;
    assert_int_equal(tariff_country_parse(text, strlen(text), &found), TARIFF_OK);
    return found.id;
}

static inline void add_to_set(place *p, tf_set *set, const char *codes, const char *from)
{
    tf_set_row row;
    assert_int_equal(tf_parse_set_row(codes, strlen(codes), &row, NULL), TARIFF_OK);
    if (from)
        row.span.from.days = day(from);
    assert_true(TF_PUSH(&p->arena, &set->rows, row));
}

static inline void add_member(place *p, tf_group *group, const char *name, const char *until)
{
    tf_member member = { { (uint16_t)country(name) }, tf_span_always() };
    if (until) {
        member.span.until.days = day(until);
        group->dated = true;
    }
    tf_country_put(&group->ever, member.country.id);
    assert_true(TF_PUSH(&p->arena, &group->members, member));
}

static inline int make_place(void **state)
{
    place    *p = test_calloc(1, sizeof *p);
    tf_set   *set;
    tf_group *group;
    p->env = check_env(&p->log);
    tf_arena_init(&p->arena, &p->env->allocator);
    assert_int_equal(tf_scopes_set(&p->scopes, &p->arena, "metals", 6, &set), TARIFF_OK);
    add_to_set(p, set, "7206-7229", NULL);
    add_to_set(p, set, "7308.90", NULL);
    add_to_set(p, set, "76", "2025-06-04");
    assert_int_equal(tf_scopes_group(&p->scopes, &p->arena, "EU", 2, &group), TARIFF_OK);
    add_member(p, group, "FR", NULL);
    add_member(p, group, "DE", NULL);
    add_member(p, group, "GB", "2020-02-01");
    tf_names_add(&p->claims, &p->arena, "usmca", 5);
    tf_names_add(&p->claims, &p->arena, "in_transit", 10);
    tf_names_add(&p->parts, &p->arena, "steel", 5);
    tf_names_add(&p->parts, &p->arena, "us_content", 10);
    *state = p;
    return 0;
}

static inline int free_place(void **state)
{
    place *p = *state;
    tf_arena_free(&p->arena);
    tariff_env_free(p->env);
    test_free(p);
    return 0;
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, free_place)

#endif
