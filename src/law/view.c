/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What callers may see of a schedule.
 */
#include "law/schedule.h"

#include <stdio.h>

static const char *const select_names[] = { "specific", "highest", "lowest", "sum", "first" };

size_t tariff_schedule_layers(const tariff_schedule *schedule)
{
    return schedule->book.layers.n;
}

void tariff_schedule_layer(const tariff_schedule *schedule, size_t index, tariff_layer_info *out)
{
    const tf_layer *layer = &schedule->book.layers.at[index];
    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    out->name = layer->name;
    out->title = layer->title;
    out->authority = layer->authority;
    out->kind = layer->kind == TF_ORDINARY ? "ordinary" : "additional";
    out->select = select_names[layer->select];
    for (size_t i = 0; i < schedule->book.measures.n; i++)
        out->measures += schedule->book.measures.at[i]->layer == index;
}

size_t tariff_schedule_measures(const tariff_schedule *schedule)
{
    return schedule->book.measures.n;
}

void tariff_schedule_measure(const tariff_schedule *schedule, size_t index,
                             tariff_measure_info *out)
{
    const tf_measure *m = schedule->book.measures.at[index];
    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    out->layer = schedule->book.layers.at[m->layer].name;
    out->origins = m->origins->text;
    out->importers = m->importers->text;
    out->rate = m->rate->text;
    out->when = m->when->text ? m->when->text : "";
    out->citation = m->enacted->citation;
    out->id = m->enacted->id;
    out->file = m->enacted->path;
    out->line = m->line;
    out->in_force = m->span;
    out->rank = m->rank;
    out->known = m->enacted->known;
}

void tariff_schedule_products(const tariff_schedule *schedule, size_t index, char *buf, size_t size)
{
    tf_products_format(&schedule->book.scopes, &schedule->book.measures.at[index]->products, buf,
                       size);
}

void tariff_schedule_base(const tariff_schedule *schedule, size_t index, char *buf, size_t size)
{
    const tf_measure *m = schedule->book.measures.at[index];
    const char       *minus = m->base == TF_BASE_EXCEPT ? "!" : "";
    size_t            n = 0;
    if (size)
        buf[0] = '\0';
    for (uint32_t parts = m->base_parts; parts && n < size; parts &= parts - 1)
        n += (size_t)snprintf(buf + n, size - n, "%s%s%s", n ? " " : "", minus,
                              schedule->book.part_names.list.at[__builtin_ctz(parts)]);
}

size_t tariff_schedule_sets(const tariff_schedule *schedule)
{
    return schedule->book.scopes.named.n;
}

const char *tariff_schedule_set(const tariff_schedule *schedule, size_t index, size_t *rows)
{
    const tf_scopes *scopes = &schedule->book.scopes;
    const tf_set    *set = scopes->sets.at[scopes->named.at[index]];
    *rows = set->rows.n;
    return set->name;
}

size_t tariff_schedule_groups(const tariff_schedule *schedule)
{
    return schedule->book.scopes.groups.n;
}

const char *tariff_schedule_group(const tariff_schedule *schedule, size_t index, size_t *members)
{
    const tf_group *group = schedule->book.scopes.groups.at[index];
    *members = group->members.n;
    return group->name;
}

tariff_country tariff_schedule_member(const tariff_schedule *schedule, size_t group, size_t index,
                                      tariff_span *membership)
{
    const tf_member *member = &schedule->book.scopes.groups.at[group]->members.at[index];
    *membership = member->span;
    return member->country;
}
