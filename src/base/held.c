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
    held->warnings += diag->severity == TARIFF_WARNING;
}

void tf_held_release(const tf_held *held, tariff_env *env)
{
    size_t next = 0;
    for (size_t i = 0; i <= held->messages.n; i++) {
        for (; next < held->shared.n && held->shared.at[next].before == i; next++)
            tf_held_share(held->shared.at[next].words, env);
        if (i < held->messages.n
            && (held->messages.at[i].severity != TARIFF_ERROR || tf_may_go_on(env)))
            tf_forward(env, &held->messages.at[i]);
    }
    if (held->lost)
        tf_error(env, TARIFF_E_NOMEM, NULL, NULL, "out of memory for what is wrong");
}

static void wait(tf_held *held, tf_held *words, tariff_env *env)
{
    tf_held_place place = { words, held->messages.n };
    for (size_t i = 0; i < held->shared.n; i++)
        if (held->shared.at[i].words == words)
            return;
    env->warnings += words->warnings;
    if (!TF_PUSH(&held->arena, &held->shared, place))
        held->lost = true;
}

void tf_held_share(tf_held *words, tariff_env *env)
{
    if (words->messages.n == 0 && !words->lost)
        return;
    if (env->on_diag == tf_hold) {
        wait(env->on_diag_user, words, env);
        return;
    }
    if (!words->told)
        tf_held_release(words, env);
    words->told = true;
}
