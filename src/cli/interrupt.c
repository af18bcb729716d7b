/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/interrupt.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
}

static bool was_caught(void *user)
{
    (void)user;
    return caught != 0;
}

void interrupt_watch(tariff_env *env)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    tariff_env_on_cancel(env, was_caught, NULL);
}

int interrupt_code(int code)
{
    return caught ? 128 + caught : code;
}
