/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Changes of what measures refer to: product sets, country groups, share
 * tables.  The law's own copies are changed; the schedule's stay as they are.
 */
#include "scenario/changer.h"

#include "value/decimal.h"

#include <stdio.h>

static tariff_status find_name(tf_changer *c, const tf_names *names, const char *what,
                               const tf_node *node, uint32_t *out)
{
    const char *text = node->kind == TF_SCALAR ? node->text : "";
    if (*text == '@')
        text++;
    *out = tf_names_find(names, text, strlen(text));
    if (*out != TF_NO_NAME)
        return TARIFF_OK;
    char        hint[96] = "";
    const char *near = tf_names_nearest(names, text, strlen(text));
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    return tf_doc_error(c->env, node, false, TARIFF_E_REFERENCE, hint,
                        "the schedule has no %s '%s'", what, text);
}

/* include, exclude: {set: annex_ii, products: "8517.13"} */

static tariff_status copy_rows(tf_changer *c, tf_set *to, const tf_set *from, tariff_span span,
                               bool changes, bool minus)
{
    for (size_t i = 0; i < from->rows.n; i++) {
        tf_set_row row = from->rows.at[i];
        if (changes) {
            row.span = tf_span_meet(row.span, span);
            row.minus = minus;
        }
        if (!TF_PUSH(&c->law->arena, &to->rows, row))
            return TARIFF_E_NOMEM;
    }
    to->clocked = to->clocked || from->clocked;
    return TARIFF_OK;
}

static tariff_status note_idle(tf_changer *c)
{
    return TF_PUSH(&c->law->arena, &c->law->idle, c->number) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static bool overlap(const tf_set_row *a, const tf_set_row *b, tariff_span span)
{
    return a->lo < b->hi && b->lo < a->hi
           && !tf_span_empty(tf_span_meet(tf_span_meet(a->span, b->span), span));
}

/* Does taking the codes of `rows` out of the set leave it as it is? */
static bool has_none_of(const tf_set *set, const tf_set *rows, tariff_span span)
{
    for (size_t i = 0; i < rows->rows.n; i++)
        for (size_t k = 0; k < set->rows.n; k++)
            if (!set->rows.at[k].minus && overlap(&rows->rows.at[i], &set->rows.at[k], span))
                return false;
    return true;
}

static bool covers(const tf_set_row *wide, const tf_set_row *row, tariff_span span)
{
    tariff_span both = tf_span_meet(row->span, span), shared = tf_span_meet(wide->span, both);
    return wide->lo <= row->lo && row->hi <= wide->hi && shared.from.days == both.from.days
           && shared.until.days == both.until.days;
}

static bool has_holes(const tf_set *set)
{
    for (size_t i = 0; i < set->rows.n; i++)
        if (set->rows.at[i].minus)
            return true;
    return false;
}

/* Does adding the codes of `rows` to the set leave it as it is?  If many rows together cover one,
 * this is not seen. */
static bool has_all_of(const tf_set *set, const tf_set *rows, tariff_span span)
{
    if (has_holes(set))
        return false;
    for (size_t i = 0; i < rows->rows.n; i++) {
        bool covered = tf_span_empty(tf_span_meet(rows->rows.at[i].span, span));
        for (size_t k = 0; k < set->rows.n && !covered; k++)
            covered = covers(&set->rows.at[k], &rows->rows.at[i], span);
        if (!covered)
            return false;
    }
    return true;
}

tariff_status tf_change_set(tf_changer *c, const tf_node *node, bool include)
{
    tf_change_fields f;
    tf_products      products;
    tariff_span      span;
    uint32_t         name;
    tf_scopes       *scopes = &c->book->scopes;
    unsigned         needed = TF_KEY(KEY_SET) | TF_KEY(KEY_PRODUCTS);
    TF_TRY(tf_change_fields_read(c, node, needed | TF_SPAN_KEYS, needed, &f));
    TF_TRY(find_name(c, &scopes->set_names, "product set", f.node[KEY_SET], &name));
    TF_TRY(tf_change_products(c, f.node[KEY_PRODUCTS], &products));
    TF_TRY(tf_change_span(c, &f, &span));
    if (products.all || products.exclude_count)
        return tf_doc_error(c->env, f.node[KEY_PRODUCTS], false, TARIFF_E_VALUE, NULL,
                            "codes, ranges and @sets are expected, neither * nor !");
    for (uint16_t i = 0; i < products.include_count; i++)
        if (has_holes(scopes->sets.at[products.include[i]]))
            return tf_doc_error(c->env, f.node[KEY_PRODUCTS], false, TARIFF_E_CONFLICT,
                                "name its codes, or use it before it is changed",
                                "a set that an earlier change took codes out of");
    tf_set *fresh = TF_NEW(&c->law->arena, tf_set);
    TF_NEED(fresh);
    uint32_t number = scopes->named.at[name];
    fresh->name = scopes->sets.at[number]->name;
    TF_TRY(copy_rows(c, fresh, scopes->sets.at[number], span, false, false));
    for (uint16_t i = 0; i < products.include_count; i++)
        TF_TRY(copy_rows(c, fresh, scopes->sets.at[products.include[i]], span, true, !include));
    const tf_set *old = scopes->sets.at[number];
    bool          idle = true;
    for (uint16_t i = 0; i < products.include_count && idle; i++)
        idle = (include ? has_all_of : has_none_of)(old, scopes->sets.at[products.include[i]],
                                                    span);
    scopes->sets.at[number] = fresh;
    return idle ? note_idle(c) : TARIFF_OK;
}

/* join, leave: {group: EU27, countries: [GB], from: 2026-01-01} */

static tariff_status push_member(tf_changer *c, tf_group *group, tariff_country country,
                                 tariff_span span)
{
    tf_member member = { country, span };
    if (tf_span_empty(span))
        return TARIFF_OK;
    tf_country_put(&group->ever, country.id);
    group->dated = group->dated || span.from.days != TARIFF_DATE_MIN
                   || span.until.days != TARIFF_DATE_MAX;
    return TF_PUSH(&c->law->arena, &group->members, member) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* The membership without the span that is left: what comes before it and after it. */
static tariff_status cut_member(tf_changer *c, tf_group *group, const tf_member *member,
                                tariff_span out)
{
    tariff_span before = { member->span.from, out.from }, after = { out.until,
                                                                    member->span.until };
    if (before.until.days > member->span.until.days)
        before.until = member->span.until;
    if (after.from.days < member->span.from.days)
        after.from = member->span.from;
    TF_TRY(push_member(c, group, member->country, before));
    return push_member(c, group, member->country, after);
}

static bool is_member(const tf_group *group, unsigned country, tariff_span span)
{
    for (size_t i = 0; i < group->members.n; i++) {
        const tf_member *member = &group->members.at[i];
        if (member->country.id == country && member->span.from.days <= span.from.days
            && member->span.until.days >= span.until.days)
            return true;
    }
    return false;
}

tariff_status tf_change_group(tf_changer *c, const tf_node *node, bool join)
{
    tf_change_fields    f;
    const tf_countries *countries;
    tariff_span         span;
    uint32_t            name;
    tf_scopes          *scopes = &c->book->scopes;
    unsigned            needed = TF_KEY(KEY_GROUP) | TF_KEY(KEY_COUNTRIES);
    TF_TRY(tf_change_fields_read(c, node, needed | TF_SPAN_KEYS, needed, &f));
    TF_TRY(find_name(c, &scopes->group_names, "country group", f.node[KEY_GROUP], &name));
    TF_TRY(tf_change_countries(c, f.node[KEY_COUNTRIES], &countries));
    TF_TRY(tf_change_span(c, &f, &span));
    const tf_group *old = scopes->groups.at[name];
    tf_group       *fresh = TF_NEW(&c->law->arena, tf_group);
    TF_NEED(fresh);
    fresh->name = old->name;
    tf_country_bits named = tf_countries_ever(scopes, countries);
    bool            idle = true;
    for (size_t i = 0; i < old->members.n; i++) {
        const tf_member *member = &old->members.at[i];
        bool             cut = !join && tf_country_in(&named, member->country.id);
        idle = idle && !(cut && !tf_span_empty(tf_span_meet(member->span, span)));
        TF_TRY(cut ? cut_member(c, fresh, member, span)
                   : push_member(c, fresh, member->country, member->span));
    }
    for (uint16_t i = 0; join && i < tariff_country_count(); i++)
        if (tf_country_in(&named, i)) {
            idle = idle && is_member(old, i, span);
            TF_TRY(push_member(c, fresh, (tariff_country){ i }, span));
        }
    scopes->groups.at[name] = fresh;
    return idle ? note_idle(c) : TARIFF_OK;
}

/* share: {claim: usmca, origins: CA, share: 0.85} */

static tariff_status read_share(tf_changer *c, const tf_node *node, int64_t *out)
{
    tf_why      why = { .status = TARIFF_E_SCHEMA, .message = "a share is expected" };
    tariff_rate share;
    if (node->kind != TF_SCALAR
        || tf_parse_share(node->text, node->length, &share, &why) != TARIFF_OK)
        return tf_change_because(c, node, &why);
    *out = share.nano;
    return TARIFF_OK;
}

tariff_status tf_change_share(tf_changer *c, const tf_node *node)
{
    tf_change_fields  f;
    tf_share_override set;
    uint32_t          number;
    unsigned needed = TF_KEY(KEY_SHARE), which = TF_KEY(KEY_PART) | TF_KEY(KEY_CLAIM);
    TF_TRY(tf_change_fields_read(c, node, needed | which | TF_WHERE_KEYS | TF_SPAN_KEYS, needed,
                                 &f));
    const tf_node *part = f.node[KEY_PART], *claim = f.node[KEY_CLAIM];
    if (!part == !claim)
        return tf_doc_error(c->env, node, true, TARIFF_E_SCHEMA,
                            "share: {claim: usmca, origins: CA, share: 85%}",
                            "'share' is of one part or of one claim");
    TF_TRY(part ? find_name(c, &c->book->part_names, "part", part, &number)
                : find_name(c, &c->book->claim_names, "claim", claim, &number));
    TF_TRY(tf_change_products(c, f.node[KEY_PRODUCTS], &set.products));
    TF_TRY(tf_change_countries(c, f.node[KEY_ORIGINS], &set.origins));
    TF_TRY(tf_change_countries(c, f.node[KEY_IMPORTERS], &set.importers));
    TF_TRY(tf_change_span(c, &f, &set.span));
    TF_TRY(read_share(c, f.node[KEY_SHARE], &set.nano));
    tf_shares **table = part ? &c->book->parts.at[number] : &c->book->claims.at[number];
    tf_shares  *fresh = TF_NEW(&c->law->arena, tf_shares);
    TF_NEED(fresh);
    *fresh = **table;
    fresh->overrides.at = NULL;
    fresh->overrides.n = fresh->overrides.room = 0;
    for (size_t i = 0; i < (*table)->overrides.n; i++)
        if (!TF_PUSH(&c->law->arena, &fresh->overrides, (*table)->overrides.at[i]))
            return TARIFF_E_NOMEM;
    if (!TF_PUSH(&c->law->arena, &fresh->overrides, set))
        return TARIFF_E_NOMEM;
    fresh->any_origin = fresh->any_origin && strcmp(set.origins->text, "*") == 0;
    *table = fresh;
    return TARIFF_OK;
}
