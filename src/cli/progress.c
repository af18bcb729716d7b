/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static const double FIRST = 0.5, BETWEEN = 0.1; /* seconds */

static atomic_bool is_shown; /* there is a line to be cleared; of messages, too */

static double seconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) * 1e-9;
}

/* "12,345,678" */
static const char *grouped(uint64_t n, char buf[32])
{
    char  *at = buf + 31;
    size_t digits = 0;
    *at = '\0';
    do {
        if (digits && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + n % 10);
        digits++;
    } while ((n /= 10) != 0);
    return at;
}

static void show_scenarios(const tariff_progress *now, double rate)
{
    double left = rate > 0 ? (double)(now->total - now->done) / rate : 0;
    fprintf(stderr, "\r%llu of %llu scenarios, %.1f a second, %.0f s left ",
            (unsigned long long)now->done, (unsigned long long)now->total, rate, left);
}

static void show(void *user, const tariff_progress *now)
{
    progress *p = user;
    double    seconds = seconds_since(&p->begun);
    char      done[32], rate[32];
    if (!p->always && (seconds < FIRST || seconds_since(&p->shown) < BETWEEN))
        return;
    double a_second = seconds > 0 ? (double)now->done / seconds : 0;
    if (now->total == 0)
        fprintf(stderr, "\r%s %s, %s a second ", grouped(now->done, done), now->phase,
                grouped((uint64_t)a_second, rate));
    else if (now->total > 1 && now->done < now->total)
        show_scenarios(now, a_second);
    else
        return;
    fflush(stderr);
    atomic_store(&is_shown, true);
    clock_gettime(CLOCK_MONOTONIC, &p->shown);
}

bool progress_begin(progress *p, tariff_env *env, const cli_command *command,
                    const cli_line *line)
{
    const char *when = cli_value(line, "progress");
    memset(p, 0, sizeof *p);
    p->always = when && strcmp(when, "always") == 0;
    if (when && !p->always && strcmp(when, "never") != 0) {
        cli_usage_error(command, "--progress is always or never, not '%s'", when);
        return false;
    }
    clock_gettime(CLOCK_MONOTONIC, &p->begun);
    if (p->always || (!when && !cli_is_quiet() && isatty(STDERR_FILENO)))
        tariff_env_on_progress(env, show, p);
    return true;
}

void progress_clear(void)
{
    if (atomic_exchange(&is_shown, false))
        fputs("\r\033[K", stderr);
}
