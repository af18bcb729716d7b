/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool progress_begin(progress *p, const char *when)
{
    memset(p, 0, sizeof *p);
    p->always = when && strcmp(when, "always") == 0;
    p->never = when ? strcmp(when, "never") == 0 : !isatty(STDERR_FILENO);
    clock_gettime(CLOCK_MONOTONIC, &p->begun);
    if (when && !p->always && !p->never) {
        cli_usage_error(&cli_run, "--progress is always or never, not '%s'", when);
        return false;
    }
    return true;
}

static double seconds_since(const struct timespec *begun)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) * 1e-9;
}

void progress_step(progress *p, size_t done, size_t count)
{
    double seconds = seconds_since(&p->begun);
    if (p->never || count < 2 || done == count || (!p->always && seconds < 0.5))
        return;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    double left = rate > 0 ? (double)(count - done) / rate : 0;
    fprintf(stderr, "\r%zu of %zu scenarios, %.1f a second, %.0f s left ", done, count, rate,
            left);
    fflush(stderr);
    p->written = true;
}

void progress_clear(progress *p)
{
    if (p->written)
        fputs("\r\033[K", stderr);
    p->written = false;
}
