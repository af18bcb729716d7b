/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What is said on standard error, and how loud.
 */
#include "cli/progress.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    bool quiet, verbose;
    bool system_error_told;
} words;

void cli_speak(bool quiet, bool verbose)
{
    words.quiet = quiet;
    words.verbose = verbose && !quiet;
}

bool cli_is_quiet(void)
{
    return words.quiet;
}

bool cli_is_verbose(void)
{
    return words.verbose;
}

const char *cli_plural(unsigned long long n)
{
    return n == 1 ? "" : "s";
}

void cli_tell_schedule(const char *path, const tariff_schedule *schedule)
{
    size_t layers = tariff_schedule_layers(schedule);
    size_t measures = tariff_schedule_measures(schedule);
    if (words.verbose)
        fprintf(stderr, "%s: %zu layer%s, %zu measure%s\n", path, layers, cli_plural(layers),
                measures, cli_plural(measures));
}

int cli_usage_error(const cli_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("tariff: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    if (command) {
        cli_print_usage(command);
        fprintf(stderr, "       'tariff help %s' tells more\n", command->name);
    }
    return EXIT_USAGE;
}

int cli_system_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("tariff: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    words.system_error_told = true;
    return EXIT_SYSTEM;
}

bool cli_system_error_told(void)
{
    return words.system_error_told;
}

/* https://no-color.org: any text in NO_COLOR but the empty one means none. */
static bool is_coloured(void)
{
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return !(none && *none) && terminal && strcmp(terminal, "dumb") != 0
           && isatty(STDERR_FILENO);
}

/* The kind of the message stands out; the text is as it is without colours. */
static void print_coloured(tariff_severity severity, const char *text)
{
    static const char *const kinds[] = { "note: ", "warning: ", "error: " };
    static const char *const colours[] = { "\033[36m", "\033[1;35m", "\033[1;31m" };
    const char              *kind = strstr(text, kinds[severity]);
    size_t                   length = strlen(kinds[severity]) - 1;
    if (!kind || (size_t)(kind - text) > strcspn(text, "\n")) {
        fprintf(stderr, "%s\n", text);
        return;
    }
    fprintf(stderr, "%.*s%s%.*s\033[0m%s\n", (int)(kind - text), text, colours[severity],
            (int)length, kind, kind + length);
}

void cli_print_diag(void *user, const tariff_diag *diag)
{
    char   small[2048];
    char  *text = small;
    size_t need = tariff_diag_format(diag, small, sizeof small);
    (void)user;
    if (diag->severity == TARIFF_NOTE && words.quiet)
        return;
    progress_clear();
    if (need >= sizeof small && (text = malloc(need + 1)) != NULL)
        tariff_diag_format(diag, text, need + 1);
    if (is_coloured())
        print_coloured(diag->severity, text ? text : small);
    else
        fprintf(stderr, "%s\n", text ? text : small);
    if (text != small)
        free(text);
}
