/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The benchmark's scenarios over flows in memory, through the public headers alone.
 *
 *     warm SCENARIO TABLES [THREADS [ROUNDS]]
 *
 * SCENARIO is the benchmark's, with a layer `s232_more` for the measures that each
 * scenario adds; TABLES has scenarios.csv and scen_s232.csv.  A line of output is a
 * scenario; rounds repeat them all and print the first.
 */
#define TARIFF_EXPERIMENTAL
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tariff/tariff.h>
#include <time.h>

enum { SCENARIOS_MAX = 1000, THREADS_MAX = 64, TEXT = 2048, LINE = 512 };

typedef struct idea {
    int    id, exempt;
    double base, india, s232;
    char   prefixes[TEXT];
    char   line[LINE];
} idea;

typedef struct bench {
    const tariff_scenario *scenario, *open; /**< With the list of exempt goods, and without. */
    const tariff_base     *base, *open_base;
    int                    count, rounds, threads;
    double                 took[THREADS_MAX * SCENARIOS_MAX]; /**< ms. */
} bench;

typedef struct worker {
    bench      *b;
    int         number, in_full, failed;
    const char *why;
} worker;

static idea  ideas[SCENARIOS_MAX];
static bench all;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void say(void *user, const tariff_diag *diag)
{
    char text[1024];
    (void)user;
    tariff_diag_format(diag, text, sizeof text);
    fprintf(stderr, "%s\n", text);
}

static FILE *open_table(const char *directory, const char *name)
{
    char path[1024], line[LINE];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file)) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    return file;
}

static void read_ideas(const char *directory)
{
    char  line[LINE], prefix[32];
    int   id;
    FILE *file = open_table(directory, "scenarios.csv");
    while (all.count < SCENARIOS_MAX && fgets(line, sizeof line, file)) {
        idea *i = &ideas[all.count];
        if (sscanf(line, "%d,%lf,%lf,%lf,%d", &i->id, &i->base, &i->india, &i->s232, &i->exempt)
            == 5)
            all.count++;
    }
    fclose(file);
    file = open_table(directory, "scen_s232.csv");
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%d,%31[0-9]", &id, prefix) == 2)
            for (int k = 0; k < all.count; k++)
                if (ideas[k].id == id) {
                    size_t n = strlen(ideas[k].prefixes);
                    snprintf(ideas[k].prefixes + n, TEXT - n, " %s", prefix);
                }
    fclose(file);
}

/* One scenario */

static void write_changes(const idea *i, char *out, size_t size)
{
    int n = snprintf(out, size, "changes+=[");
    if (i->base != 0)
        n += snprintf(out + n, size - (size_t)n, "{shift: {layer: base, by: %+.4f%%}}, ",
                      i->base * 100);
    if (i->india != 0)
        n += snprintf(out + n, size - (size_t)n,
                      "{shift: {layer: add, origins: IND, by: %+.4f%%}}, ", i->india * 100);
    if (i->s232 != 0)
        n += snprintf(out + n, size - (size_t)n, "{shift: {layer: s232, by: %+.4f%%}}, ",
                      i->s232 * 100);
    snprintf(out + n, size - (size_t)n,
             "{add: {layer: s232_more, products: \"%s\", from: 2025-06-04, rate: %.4f%%}}]",
             i->prefixes + 1, 25 + i->s232 * 100);
}

static double money(tariff_money m)
{
    return (double)m.e4 / 1e4;
}

static tariff_status write_line(const tariff_result *result, const idea *i, char out[LINE])
{
    static const char *const layers[] = { "mfn", "s232", "base", "add", "pc", "s232_more" };
    double        duty[6] = { 0 }, chapters = 0;
    tariff_sums   sums = TARIFF_SUMS_INIT, total = TARIFF_SUMS_INIT;
    tariff_hs     product;
    tariff_money  covered, one;
    const char   *name;
    tariff_status status = tariff_result_total(result, &total);
    for (size_t k = 0; tariff_result_layer(result, k, &name, &covered, &one) == TARIFF_OK; k++)
        for (int l = 0; l < 6; l++)
            if (strcmp(layers[l], name) == 0)
                duty[l] += money(one);
    for (size_t k = 0; tariff_result_product(result, k, &product, &sums) == TARIFF_OK; k++) {
        char code[13];
        tariff_hs_format(product, code);
        chapters += atoi(code) * (money(sums.ordinary) + money(sums.additional));
    }
    snprintf(out, LINE, "%d,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f", i->id,
             money(total.value), duty[0], duty[1] + duty[5], duty[2], duty[3], duty[4],
             money(total.affected), money(total.ordinary) + money(total.additional), chapters);
    return status;
}

static tariff_status run_one(worker *w, tariff_env *env, int number, char line[LINE])
{
    const idea            *i = &ideas[number];
    const bench           *b = w->b;
    const tariff_scenario *from = i->exempt ? b->scenario : b->open;
    tariff_scenario       *variant;
    tariff_result         *result;
    char                   changes[TEXT + 512];
    const char            *more[] = { changes };
    write_changes(i, changes, sizeof changes);
    tariff_status status = tariff_scenario_variant(env, from, more, 1, &variant);
    if (status != TARIFF_OK)
        return status;
    status = tariff_base_run(env, i->exempt ? b->base : b->open_base, variant, &result);
    if (status == TARIFF_OK) {
        if (*tariff_result_in_full(result)) {
            w->in_full++;
            w->why = tariff_result_in_full(result);
        }
        status = write_line(result, i, line);
    }
    tariff_result_free(result);
    tariff_scenario_free(variant);
    return status;
}

static void *work(void *user)
{
    worker     *w = user;
    bench      *b = w->b;
    tariff_env *env;
    char        again[LINE];
    if (tariff_env_new(NULL, &env) != TARIFF_OK)
        return NULL;
    tariff_env_on_diag(env, say, NULL);
    for (int i = w->number; i < b->count * b->rounds; i += b->threads) {
        double begun = now();
        w->failed += run_one(w, env, i % b->count, i < b->count ? ideas[i].line : again)
                     != TARIFF_OK;
        if (i < SCENARIOS_MAX)
            b->took[i] = now() - begun;
    }
    tariff_env_free(env);
    return NULL;
}

static int by_time(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static int run_all(void)
{
    worker    workers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    int       in_full = 0, failed = 0;
    double    begun = now();
    for (int i = 0; i < all.threads; i++) {
        workers[i] = (worker){ &all, i, 0, 0, "" };
        if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0)
            return 1;
    }
    for (int i = 0; i < all.threads; i++) {
        pthread_join(threads[i], NULL);
        in_full += workers[i].in_full;
        failed += workers[i].failed;
        if (workers[i].in_full)
            fprintf(stderr, "in full: %s\n", workers[i].why);
    }
    double took = now() - begun;
    int    total = all.count * all.rounds, timed = total < SCENARIOS_MAX ? total : SCENARIOS_MAX;
    qsort(all.took, (size_t)timed, sizeof all.took[0], by_time);
    fprintf(stderr, "%d scenarios in %.1f ms on %d threads: %.3f ms each; %d in full\n", total,
            took, all.threads, took / total, in_full);
    fprintf(stderr, "per-scenario median %.3f ms over %d\n", all.took[timed / 2] / all.threads,
            total);
    for (int i = 0; i < all.count; i++)
        puts(ideas[i].line);
    return failed != 0;
}

int main(int argc, char **argv)
{
    static const char *const open[] = {
        "changes+=[{exclude: {set: exempt, products: \"@exempt\"}}]"
    };
    tariff_env        *env;
    tariff_scenario   *scenario = NULL, *variant = NULL;
    tariff_base       *base = NULL, *open_base = NULL;
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    int                code = 1;
    if (argc < 3) {
        fprintf(stderr, "usage: %s SCENARIO TABLES [THREADS [ROUNDS]]\n", argv[0]);
        return 2;
    }
    double begun = now();
    all.threads = argc > 3 ? atoi(argv[3]) : 2;
    all.rounds = argc > 4 ? atoi(argv[4]) : 1;
    if (all.threads < 1 || all.threads > THREADS_MAX)
        return 2;
    options.threads = (unsigned)all.threads;
    read_ideas(argv[2]);
    if (tariff_env_new(NULL, &env) != TARIFF_OK)
        return 1;
    tariff_env_on_diag(env, say, NULL);
    if (tariff_scenario_load(env, argv[1], NULL, 0, &scenario) == TARIFF_OK
        && tariff_scenario_variant(env, scenario, open, 1, &variant) == TARIFF_OK
        && tariff_base_new(env, scenario, &options, NULL, &base) == TARIFF_OK
        && tariff_base_new(env, variant, &options, base, &open_base) == TARIFF_OK) {
        fprintf(stderr, "ready after %.1f ms\n", now() - begun);
        all.scenario = scenario;
        all.open = variant;
        all.base = base;
        all.open_base = open_base;
        code = run_all();
        fprintf(stderr, "all of it took %.1f ms\n", now() - begun);
    }
    tariff_base_free(open_base);
    tariff_base_free(base);
    tariff_scenario_free(variant);
    tariff_scenario_free(scenario);
    tariff_env_free(env);
    return code;
}
