/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/dataset.h"

#include <xxhash.h>

/* Cells */

static bool same_cell(const tf_data_cell *a, const tf_data_cell *b)
{
    return a->hs == b->hs && a->origin == b->origin && a->importer == b->importer
           && a->period.from.days == b->period.from.days
           && a->period.until.days == b->period.until.days && a->has_period == b->has_period;
}

static size_t slot_of(const tf_dataset *d, const tf_data_cell *wanted)
{
    uint64_t key[2] = { wanted->hs << 16 | wanted->origin,
                        (uint64_t)(uint32_t)wanted->period.from.days << 32
                            | (uint32_t)wanted->period.until.days };
    size_t   at = XXH3_64bits_withSeed(key, sizeof key, wanted->importer) & (d->slot_count - 1);
    while (d->slots[at] && !same_cell(&d->cells.at[d->slots[at] - 1], wanted))
        at = (at + 1) & (d->slot_count - 1);
    return at;
}

static tariff_status grow(tf_dataset *d)
{
    size_t count = d->slot_count ? d->slot_count * 2 : 1024;
    if (d->cells.n * 2 < d->slot_count)
        return TARIFF_OK;
    uint32_t *slots = tf_alloc(d->env, count * sizeof *slots);
    TF_NEED(slots);
    memset(slots, 0, count * sizeof *slots);
    tf_free(d->env, d->slots, d->slot_count * sizeof *slots);
    d->slots = slots;
    d->slot_count = count;
    for (size_t i = 0; i < d->cells.n; i++)
        slots[slot_of(d, &d->cells.at[i])] = (uint32_t)i + 1;
    return TARIFF_OK;
}

static tf_data_cell cell_of(const tf_flow *flow, tf_row_at row)
{
    tf_data_cell cell = { .hs = flow->hs,
                          .origin = flow->origin,
                          .importer = flow->importer,
                          .has_period = flow->has_period,
                          .first = row,
                          .value = flow->value,
                          .lines = 1 };
    if (flow->has_period)
        cell.period = flow->period;
    return cell;
}

static tariff_status add_to_cell(tf_dataset *d, const tf_data_cell *row)
{
    TF_TRY(grow(d));
    size_t at = slot_of(d, row);
    if (d->slots[at]) {
        tf_data_cell *cell = &d->cells.at[d->slots[at] - 1];
        cell->lines++;
        return tf_add(cell->value, row->value, &cell->value) ? TARIFF_OK : TARIFF_E_OVERFLOW;
    }
    if (!TF_PUSH(&d->arena, &d->cells, *row))
        return TARIFF_E_NOMEM;
    d->slots[at] = (uint32_t)d->cells.n;
    return TARIFF_OK;
}

/* Rows of which more is known */

/* The number of a pair of texts; found again by both, with a byte between that neither has. */
static tariff_status find_known(tf_dataset *d, const tf_flow *flow, tf_row_at row, uint32_t *out)
{
    size_t n = flow->claims.length, m = flow->parts.length;
    *out = TF_NOTHING_KNOWN;
    if (n + m == 0)
        return TARIFF_OK;
    char *both = tf_arena_alloc(&d->arena, n + m + 2);
    TF_NEED(both);
    memcpy(both, flow->claims.text, n);
    both[n] = '\n';
    memcpy(both + n + 1, flow->parts.text, m);
    *out = tf_names_add(&d->known_texts, &d->arena, both, n + m + 1);
    if (*out == TF_NO_NAME)
        return TARIFF_E_NOMEM;
    if (*out < d->known.n)
        return TARIFF_OK;
    tf_data_known known = { .claims = tf_arena_text(&d->arena, flow->claims.text, n),
                            .parts = tf_arena_text(&d->arena, flow->parts.text, m),
                            .first = row };
    return known.claims && known.parts && TF_PUSH(&d->arena, &d->known, known) ? TARIFF_OK
                                                                               : TARIFF_E_NOMEM;
}

static tariff_status add_row(tf_dataset *d, tf_flows *flows, const tf_flow *flow)
{
    tf_row_at   at = { (uint32_t)d->inputs.n, tf_csv_line(tf_flows_csv(flows)) };
    tf_data_row row = { cell_of(flow, at), flow->quantity, flow->unit, TF_NOTHING_KNOWN };
    TF_TRY(find_known(d, flow, at, &row.known));
    if (row.known == TF_NOTHING_KNOWN && flow->unit.id == 0)
        return add_to_cell(d, &row.cell);
    return TF_PUSH(&d->arena, &d->rows, row) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Files */

/** What happens to the rows of one load. */
typedef struct loading {
    tf_dataset    *dataset;
    tf_each_row_fn each;
    void          *user;
} loading;

static tariff_status take_row(loading *l, tf_flows *flows, const tf_flow *flow, tf_input *input)
{
    input->rows++;
    input->value += flow->value;
    tariff_status status = add_row(l->dataset, flows, flow);
    if (status == TARIFF_E_OVERFLOW)
        return tf_csv_error(tf_flows_csv(flows), tf_flows_column(flows, TF_FLOW_VALUE), 0, status,
                            NULL, "the sum of values does not fit in exact arithmetic");
    TF_TRY(status);
    return l->each ? l->each(l->user, flows, flow) : TARIFF_OK;
}

/* Goes on after bad rows, so that all of them are reported. */
static tariff_status read_rows(loading *l, tf_flows *flows, tf_input *input)
{
    tariff_env *env = l->dataset->env;
    tf_flow     flow;
    bool        more = true, good = true;
    while (more) {
        if (input->rows % 4096 == 4095 && tf_cancelled(env))
            return TARIFF_E_CANCELLED;
        tariff_status status = tf_flows_next(flows, &flow, &more);
        if (status == TARIFF_OK && more && good)
            status = take_row(l, flows, &flow, input);
        if (status != TARIFF_OK && status != TARIFF_E_VALUE && status != TARIFF_E_SCHEMA
            && status != TARIFF_E_REFERENCE)
            return status;
        good = good && status == TARIFF_OK;
        if (!good && !tf_may_go_on(env)) {
            tf_place here = { .file = tf_csv_path(tf_flows_csv(flows)) };
            tf_note(env, &here, "stopped after %u errors", env->limits.max_errors);
            break;
        }
    }
    return good ? TARIFF_OK : tf_end(env);
}

static tariff_status read_file(loading *l, const tf_flows_spec *spec)
{
    tf_dataset *d = l->dataset;
    tf_flows   *flows;
    tf_input    input = { .path = tf_arena_text(&d->arena, spec->path, strlen(spec->path)) };
    TF_NEED(input.path);
    TF_TRY(tf_flows_open(d->env, spec, &flows));
    for (int i = 0; i < TF_FLOW_COLUMNS; i++)
        input.columns[i] = tf_flows_column(flows, (tf_flow_column)i);
    tariff_status status = read_rows(l, flows, &input);
    input.print = tf_csv_fingerprint(tf_flows_csv(flows));
    tf_flows_close(flows);
    TF_TRY(status);
    return TF_PUSH(&d->arena, &d->inputs, input) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_dataset_load(tariff_env *env, const tf_flows_spec *specs, size_t count,
                              tf_each_row_fn each, void *user, tf_dataset **out)
{
    *out = NULL;
    tf_dataset *d = tf_alloc(env, sizeof *d);
    TF_NEED(d);
    memset(d, 0, sizeof *d);
    d->env = env;
    tf_arena_init(&d->arena, &env->allocator);
    loading       l = { d, each, user };
    tariff_status status = TARIFF_OK;
    tf_begin(env);
    for (size_t i = 0; i < count && status == TARIFF_OK; i++)
        status = read_file(&l, &specs[i]);
    if (status != TARIFF_OK) {
        tf_dataset_free(d);
        return status;
    }
    *out = d;
    return TARIFF_OK;
}

void tf_dataset_free(tf_dataset *d)
{
    if (!d)
        return;
    tf_free(d->env, d->slots, d->slot_count * sizeof *d->slots);
    tf_arena_free(&d->arena);
    tf_free(d->env, d, sizeof *d);
}

/* Messages */

static void place_of(const tf_dataset *d, tf_row_at row, tf_flow_column column, size_t offset,
                     tf_place *place, char *excerpt, size_t size)
{
    const tf_input *input = &d->inputs.at[row.file];
    int             index = input->columns[column];
    tf_csv_excerpt(input->path, row.line, excerpt, size);
    *place = (tf_place){ .file = input->path, .line = row.line, .column = 1 };
    if (!*excerpt)
        return;
    place->excerpt = excerpt;
    if (index >= 0)
        place->column += (uint32_t)(tf_csv_locate(excerpt, strlen(excerpt), index) + offset);
}

tariff_status tf_dataset_error(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                               tf_flow_column column, const tf_why *why)
{
    tf_place place;
    char     excerpt[1024];
    place_of(dataset, row, column, why->at, &place, excerpt, sizeof excerpt);
    return tf_error(env, why->status, &place, why->hint, "%s", why->message);
}

void tf_dataset_warning(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                        tf_flow_column column, const char *hint, const char *message)
{
    tf_place place;
    char     excerpt[1024];
    place_of(dataset, row, column, 0, &place, excerpt, sizeof excerpt);
    tf_warning(env, &place, hint, "%s", message);
}
