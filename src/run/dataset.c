/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/dataset.h"

#include "base/held.h"
#include "run/gather.h"

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

static tariff_status add_to_cells(tf_cells *cells, const tf_flow *flow, tf_row_at at)
{
    uint32_t product, time;
    tf_entry entry = { flow->value, at.line, 1, (uint16_t)at.file, flow->origin };
    TF_TRY(tf_cells_product(cells, flow->hs, &product));
    TF_TRY(tf_cells_time(cells, flow->has_period,
                         flow->has_period ? flow->period : tf_span_always(), &time));
    return tf_cells_add(cells, product, time, flow->importer, &entry);
}

tariff_status tf_dataset_add(tf_dataset *d, tf_cells *cells, const tf_flow *flow, tf_row_at at)
{
    tf_data_row row = { .where = { .hs = flow->hs,
                                   .importer = flow->importer,
                                   .has_period = flow->has_period },
                        .cell = { flow->value, at, 1, flow->origin },
                        .quantity = flow->quantity,
                        .unit = flow->unit };
    TF_TRY(find_known(d, flow, at, &row.known));
    if (row.known == TF_NOTHING_KNOWN && flow->unit.id == 0)
        return add_to_cells(cells, flow, at);
    if (flow->has_period)
        row.where.period = flow->period;
    return TF_PUSH(&d->arena, &d->rows, row) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Files */

/** What happens to the rows of one load. */
typedef struct loading {
    tf_dataset       *dataset;
    const tf_reading *reading;
    tf_cells          cells;
} loading;

static tariff_status take_row(loading *l, tf_flows *flows, const tf_flow *flow, tf_input *input)
{
    input->rows++;
    input->value += flow->value;
    tf_row_at at = { (uint32_t)l->dataset->inputs.n, tf_csv_line(tf_flows_csv(flows)) };
    TF_TRY(tf_dataset_add(l->dataset, &l->cells, flow, at));
    return l->reading->each ? l->reading->each(l->reading->user, flows, flow) : TARIFF_OK;
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

/* From its beginning; what opening it said was said, unless it is gone meanwhile, or another. */
static tariff_status open_again(tariff_env *env, const tf_flows_spec *spec, tf_flows **flows)
{
    tf_held held;
    tf_flows_close(*flows);
    tf_held_init(&held, env);
    tf_hush hush = tf_hush_begin(env);
    tariff_env_on_diag(env, tf_hold, &held);
    tariff_status status = tf_flows_open(env, spec, flows);
    tf_hush_end(env, &hush);
    if (status != TARIFF_OK)
        tf_held_release(&held, env);
    tf_held_free(&held);
    return status;
}

static tariff_status read_file(loading *l, const tf_flows_spec *spec)
{
    tf_dataset *d = l->dataset;
    tf_flows   *flows;
    tf_input    input = { .path = tf_arena_text(&d->arena, spec->path, strlen(spec->path)) };
    TF_NEED(input.path);
    TF_TRY(tf_flows_open(d->env, spec, &flows));
    tf_gathered   gathered = TF_GATHERED_NONE;
    tariff_status status = TARIFF_OK;
    if (!l->reading->each)
        status = tf_gather(d->env, flows, l->reading, d, &l->cells, &input, &gathered);
    if (status == TARIFF_OK && gathered == TF_GATHERED_VAIN)
        status = open_again(d->env, spec, &flows);
    if (status != TARIFF_OK) {
        tf_flows_close(flows);
        return status;
    }
    for (int i = 0; i < TF_FLOW_COLUMNS; i++)
        input.columns[i] = tf_flows_column(flows, (tf_flow_column)i);
    if (gathered != TF_GATHERED_ALL)
        status = read_rows(l, flows, &input);
    input.print = tf_csv_fingerprint(tf_flows_csv(flows));
    tf_flows_close(flows);
    TF_TRY(status);
    return TF_PUSH(&d->arena, &d->inputs, input) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_dataset_new(tariff_env *env, tf_dataset **out)
{
    tf_dataset *d = tf_alloc(env, sizeof *d);
    *out = d;
    TF_NEED(d);
    memset(d, 0, sizeof *d);
    d->env = env;
    tf_arena_init(&d->arena, &env->allocator);
    return TARIFF_OK;
}

tariff_status tf_dataset_load(tariff_env *env, const tf_flows_spec *specs, size_t count,
                              const tf_reading *reading, tf_dataset **out)
{
    tf_dataset *d;
    *out = NULL;
    TF_TRY(tf_dataset_new(env, &d));
    loading l = { .dataset = d, .reading = reading };
    tf_cells_init(&l.cells, env, reading);
    tariff_status status = TARIFF_OK;
    tf_begin(env);
    for (size_t i = 0; i < count && status == TARIFF_OK; i++)
        status = read_file(&l, &specs[i]);
    if (status == TARIFF_OK)
        status = tf_cells_put(&l.cells, d);
    tf_cells_free(&l.cells);
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
    tf_arena_free(&d->arena);
    tf_free(d->env, d, sizeof *d);
}

/* Messages */

uint32_t tf_input_line(const tf_dataset *d, uint32_t file, uint64_t place)
{
    const uint32_t *blocks = d->inputs.at[file].block_lines;
    return blocks ? blocks[place >> 32] + (uint32_t)place : (uint32_t)place;
}

/* Of a file the line is read again, to be shown. */
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

tf_place tf_pulled_place(const char *name, tf_flow_column column)
{
    const char *field = column == TF_FLOW_PERIOD ? "date" : tf_flow_column_name(column);
    return (tf_place){ .file = name, .field = field };
}

tariff_status tf_dataset_error(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                               tf_flow_column column, const tf_why *why)
{
    tf_place place;
    char     excerpt[1024];
    if (dataset->inputs.at[row.file].pulled) {
        place = tf_pulled_place(dataset->inputs.at[row.file].path, column);
        return tf_error(env, why->status, &place, why->hint, "row %u: %s", (unsigned)row.line,
                        why->message);
    }
    place_of(dataset, row, column, why->at, &place, excerpt, sizeof excerpt);
    return tf_error(env, why->status, &place, why->hint, "%s", why->message);
}

void tf_dataset_warning(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                        tf_flow_column column, const char *hint, const char *message)
{
    tf_place place;
    char     excerpt[1024];
    if (dataset->inputs.at[row.file].pulled) {
        place = tf_pulled_place(dataset->inputs.at[row.file].path, column);
        tf_warning(env, &place, hint, "row %u: %s", (unsigned)row.line, message);
        return;
    }
    place_of(dataset, row, column, 0, &place, excerpt, sizeof excerpt);
    tf_warning(env, &place, hint, "%s", message);
}
