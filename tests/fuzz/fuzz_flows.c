/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows in each profile, read in bulk and row by row: the same rows, the same
 * sums, the same words.  The first byte says how they are read.
 */
#include "fuzz/fuzz.h"

#include "run/dataset.h"

typedef struct reading {
    fuzz_log      log;
    tariff_status status;
    tariff_env   *env;
    tf_dataset   *dataset;
} reading;

static reading fast, slow;

static tariff_status take_note(void *user, tf_flows *flows, const tf_flow *flow)
{
    (void)flows;
    *(uint64_t *)user += flow->hs != 0;
    return TARIFF_OK;
}

static void load(reading *r, const tf_flows_spec *spec, const tf_reading *how)
{
    r->env = fuzz_env(&r->log);
    tariff_limits limits = TARIFF_LIMITS_INIT; /* bulk reading wants them wide */
    tariff_env_set_limits(r->env, &limits);
    r->status = fuzz_check(r->env, tf_dataset_load(r->env, spec, 1, how, &r->dataset));
    fuzz_require((r->status == TARIFF_OK) == (r->dataset != NULL));
}

/* Cells of one group are in the order of their origins' first appearance or of a table: by key. */
static tf_i128 weigh(const tf_dataset *d)
{
    tf_i128 sum = 0;
    for (size_t g = 0; g < d->groups.n; g++) {
        const tf_data_group *group = &d->groups.at[g];
        tf_i128 key = (tf_i128)((group->where.hs ^ group->where.hs >> 29) & 0xffffffff)
                      + group->where.importer * 7 + (group->where.has_period ? 11 : 0)
                      + (group->where.has_period ? group->where.period.from.days * 13 : 0);
        for (size_t i = group->first; i < group->first + group->count; i++) {
            const tf_data_cell *cell = &d->cells.at[i];
            sum += (tf_i128)(cell->value % 1000003) * (key + cell->origin * 17 + 1)
                   + cell->lines * (key + 5);
        }
    }
    return sum;
}

static void require_same(const tf_dataset *a, const tf_dataset *b)
{
    fuzz_require(a->inputs.n == b->inputs.n && a->rows.n == b->rows.n);
    fuzz_require(a->groups.n == b->groups.n && a->cells.n == b->cells.n);
    for (size_t i = 0; i < a->inputs.n; i++) {
        const tf_input *x = &a->inputs.at[i], *y = &b->inputs.at[i];
        fuzz_require(x->rows == y->rows && x->value == y->value);
        fuzz_require(memcmp(&x->print, &y->print, sizeof x->print) == 0);
    }
    for (size_t i = 0; i < a->groups.n; i++)
        fuzz_require(a->groups.at[i].where.hs == b->groups.at[i].where.hs
                     && a->groups.at[i].count == b->groups.at[i].count);
    fuzz_require(weigh(a) == weigh(b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    unsigned      how = data[0];
    uint64_t      count = 0;
    tf_flows_spec spec = { .path = "flows.csv", .profile = *tf_profile_native() };
    if (how % 8 > 0 && tf_profile_at(how % 8 - 1))
        spec.profile = *tf_profile_at(how % 8 - 1);
    spec.origin = how & 8 ? 100 : TARIFF_COUNTRY_NONE;
    spec.importer = how & 16 ? 101 : TARIFF_COUNTRY_NONE;
    fuzz_begin();
    fuzz_write("flows.csv", data + 1, size - 1);
    tf_reading bulk = { .threads = how & 32 ? 2 : 1, .any_time = how & 64 };
    tf_reading rows = { .threads = 1, .any_time = how & 64, .each = take_note, .user = &count };
    load(&fast, &spec, &bulk);
    load(&slow, &spec, &rows);
    fuzz_require(fast.status == slow.status);
    fuzz_require(strcmp(fast.log.text, slow.log.text) == 0);
    if (fast.status == TARIFF_OK)
        require_same(fast.dataset, slow.dataset);
    tf_dataset_free(fast.dataset);
    tf_dataset_free(slow.dataset);
    tariff_env_free(fast.env);
    tariff_env_free(slow.env);
    return 0;
}
