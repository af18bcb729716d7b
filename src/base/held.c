/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/held.h"

#include "base/env.h"

void tf_held_init(tf_held *held, tariff_env *env)
{
    memset(held, 0, sizeof *held);
    tf_arena_init(&held->arena, &env->allocator);
}

void tf_held_free(tf_held *held)
{
    tf_arena_free(&held->arena);
}

static const char *keep(tf_held *held, const char *text)
{
    return text ? tf_arena_text(&held->arena, text, strlen(text)) : NULL;
}

void tf_hold(void *user, const tariff_diag *diag)
{
    tf_held    *held = user;
    tariff_diag kept = *diag;
    kept.message = keep(held, diag->message);
    kept.hint = keep(held, diag->hint);
    kept.file = keep(held, diag->file);
    kept.field = keep(held, diag->field);
    kept.excerpt = keep(held, diag->excerpt);
    if (!kept.message || !TF_PUSH(&held->arena, &held->messages, kept))
        held->lost = held->lost || diag->severity == TARIFF_ERROR;
}

void tf_held_release(const tf_held *held, tariff_env *env)
{
    for (size_t i = 0; i < held->messages.n; i++)
        if (held->messages.at[i].severity != TARIFF_ERROR || tf_may_go_on(env))
            tf_forward(env, &held->messages.at[i]);
    if (held->lost)
        tf_error(env, TARIFF_E_NOMEM, NULL, NULL, "out of memory for what is wrong");
}
