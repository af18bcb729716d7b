/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static atomic_int caught; /* other threads read it; lock-free, so a handler may write it */

static void on_signal(int number)
{
    atomic_store(&caught, number);
}

static bool was_caught(void *user)
{
    (void)user;
    return atomic_load(&caught) != 0;
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
    int number = atomic_load(&caught);
    return number ? 128 + number : code;
}
