/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold_parts.h"

bool tf_folds(tf_date_kind date_kind, const tf_report_choices *choices)
{
    return date_kind != TF_ON_PERIOD_AVERAGE && !choices->wanted[TF_REPORT_PRODUCTS_ORIGINS];
}

static unsigned block_digits(const tf_report_choices *choices)
{
    unsigned digits = 0;
    for (int i = TF_REPORT_PRODUCTS; i <= TF_REPORT_PRODUCTS_LAYERS; i++)
        if (choices->wanted[i] && choices->digits[i] > digits)
            digits = choices->digits[i];
    return digits;
}

static uint64_t additional_layers(const tariff_law *law)
{
    size_t n = law->book.layers.n;
    return (n == TF_LAYERS_MAX ? UINT64_MAX : (UINT64_C(1) << n) - 1) & ~law->ordinary;
}

static tariff_status add_sides(tf_fold *fold)
{
    const tariff_law *law = fold->e->law;
    uint64_t          additional = additional_layers(law);
    unsigned          digits = block_digits(fold->e->reports);
    if (!law->kinds_apart || !additional || !law->ordinary)
        return tf_panes_add_side(&fold->panes, fold->e, TF_ALL_LAYERS, digits, false);
    TF_TRY(tf_panes_add_side(&fold->panes, fold->e, additional, digits, false));
    return tf_panes_add_side(&fold->panes, fold->e, law->ordinary, digits, true);
}

tariff_status tf_fold_new(const tf_evaluation *e, tf_fold **out)
{
    *out = NULL;
    tf_fold *fold = tf_alloc(e->env, sizeof *fold);
    TF_NEED(fold);
    memset(fold, 0, offsetof(tf_fold, stretches));
    fold->e = e;
    tf_tally_init(&fold->tally, e->env, e->law, e->reports);
    tariff_status status = add_sides(fold);
    if (status != TARIFF_OK) {
        tf_fold_free(fold);
        return status;
    }
    *out = fold;
    return TARIFF_OK;
}

void tf_fold_free(tf_fold *fold)
{
    if (!fold)
        return;
    tf_panes_free(&fold->panes);
    tf_tally_free(&fold->tally);
    tf_free(fold->e->env, fold, sizeof *fold);
}
