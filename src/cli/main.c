/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The command `tariff`: a client of the library's public headers.
 */
#include "cli/cli.h"
#include "cli/data.h"
#include "cli/nearest.h"

#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

const cli_command *const cli_commands[] = { &cli_init,  &cli_run,    &cli_explain, &cli_rate,
                                            &cli_compare, &cli_check, &cli_list,    &cli_verify,
                                            &cli_convert, &cli_help,  &cli_version, &cli_manual,
                                            NULL };

const cli_command *cli_find(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}

int cli_exit_code(tariff_status status)
{
    if (status == TARIFF_OK)
        return EXIT_DONE;
    if (status == TARIFF_E_CONVERGENCE)
        return EXIT_MODEL;
    return tariff_status_is_input(status) ? EXIT_INPUT : EXIT_SYSTEM;
}

void cli_print_usage(const cli_command *command)
{
    fprintf(stderr, "usage: tariff %s\n", command->usage);
}

static int unknown_command(const char *name)
{
    const char *near = "";
    size_t      best = SIZE_MAX;
    for (size_t i = 0; cli_commands[i]; i++) {
        size_t distance = cli_distance(name, cli_commands[i]->name);
        if (distance < best && !cli_commands[i]->hidden) {
            best = distance;
            near = cli_commands[i]->name;
        }
    }
    fprintf(stderr, "tariff: unknown %s '%s'\n", *name == '-' ? "option" : "command", name);
    if (cli_is_near(name, best))
        fprintf(stderr, "        did you mean '%s'?\n", near);
    fputs("        'tariff help' lists the commands\n", stderr);
    return EXIT_USAGE;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Wherever it stands: whoever asks for help wants no run. */
static bool asks_for_help(int argc, char **argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_help(argv[i]))
            return true;
    return false;
}

static double seconds_of(const struct timespec *begun)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) * 1e-9;
}

static void tell_end(const cli_command *command, const tariff_env *env,
                     const struct timespec *begun)
{
    struct rusage used;
    size_t        errors = tariff_env_errors(env), warnings = tariff_env_warnings(env);
    if (cli_is_verbose() && getrusage(RUSAGE_SELF, &used) == 0)
        fprintf(stderr, "tariff %s: %.2f s, %ld MiB at most, %zu error%s, %zu warning%s\n",
                command->name, seconds_of(begun), used.ru_maxrss / 1024, errors,
                cli_plural(errors), warnings, cli_plural(warnings));
}

static void tell_no_memory(const tariff_env *env)
{
    tariff_memory memory = TARIFF_MEMORY_INIT;
    tariff_env_memory(env, &memory);
    fputs("tariff: out of memory\n", stderr);
    if (memory.refused)
        fprintf(stderr, "    hint: more than %zu bytes, the limit of memory\n", memory.limit);
    if (memory.refused && memory.reading)
        fprintf(stderr, "    hint: '%s' was being read\n", memory.reading);
}

static int run_command(int argc, char **argv)
{
    tariff_env        *env;
    const cli_command *command = cli_find(argv[1]);
    if (strcmp(argv[1], "--version") == 0)
        command = &cli_version;
    else if (is_help(argv[1]))
        command = &cli_help;
    if (!command)
        return unknown_command(argv[1]);
    if (asks_for_help(argc, argv)) {
        char *help[] = { argv[0], (char *)command->name, NULL };
        return cli_help.run(NULL, 2, help);
    }
    if (tariff_env_new(NULL, &env) != TARIFF_OK || cli_find_data(env) != TARIFF_OK) {
        tariff_env_free(env);
        fputs("tariff: out of memory\n", stderr);
        return EXIT_SYSTEM;
    }
    tariff_env_on_diag(env, cli_print_diag, NULL);
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    int code = command->run(env, argc - 1, argv + 1);
    tell_end(command, env, &begun);
    if (code == EXIT_SYSTEM && tariff_env_errors(env) == 0 && !cli_system_error_told())
        tell_no_memory(env);
    tariff_env_free(env);
    return code;
}

enum { PAGE = 4096, HUGE_PAGE = 2 * 1024 * 1024, HEAP = 16 * HUGE_PAGE };

/* Scenarios of a batch use the memory of the one before: giving it back and asking again costs a
 * tenth of the time.  One heap for all threads, which take large pieces; its pages are huge, if the
 * kernel will, and are touched once each: small ones cost a run of one scenario a fifth. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, INT_MAX);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, HEAP);
    /* It begins a small page before the first huge one: what malloc() writes there touches no other. */
    uintptr_t end = (uintptr_t)sbrk(0);
    (void)sbrk((intptr_t)(-(end + PAGE) & (HUGE_PAGE - 1)));
    void     *first = malloc(1); /* with its room */
    uintptr_t from = ((uintptr_t)first + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
    uintptr_t to = (uintptr_t)sbrk(0);
    if (first && from < to)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE);
    free(first);
}

int main(int argc, char **argv)
{
    keep_memory();
    if (argc < 2) {
        cli_print_overview(stderr);
        return EXIT_USAGE;
    }
    int code = run_command(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("tariff: standard output");
        return EXIT_SYSTEM;
    }
    return code;
}
