/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream of entries against one law: stream SCHEDULE ENTRIES [THREADS]
 *
 * Each thread has an environment and an assessor; the law is shared. Entries are made as they are
 * needed, in chunks of columns, so that memory is the law's and a few chunks. The sum of all duties
 * is printed: it has to be the same for any number of threads. So is whether any thread's memory
 * grew in the second half of its work. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tariff/tariff.h>

enum { CHUNK = 4096, THREADS = 16 };

static const char *const origins[] = { "IN", "CN", "VN", "BR", "CA", "MX", "DE", "CH", "JP", "GB" };
static const char *const codes[] = { "61091000", "73181500", "76169951", "85171300", "30049092",
                                     "87032301", "02023050", "27090010", "3926909985", "7108" };
static const char *const days[] = { "2025-03-12", "2025-04-10", "2025-08-27", "2026-02-24" };
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct values {
    tariff_hs      hs[COUNT(codes)];
    tariff_country origin[COUNT(origins)], importer;
    tariff_date    date[COUNT(days)];
} values;

typedef struct worker {
    const tariff_law *law;
    const values     *values;
    uint64_t          first, count; /* entries */
    size_t            memory, at_half, most; /* bytes */
    tariff_status     status;
    uint64_t          duty; /* 1e-4, modulo 2^64 */
    pthread_t         thread;
} worker;

/* An allocator that knows what is in use: each environment has one of its own. */

static void *take(void *user, size_t size)
{
    worker *w = user;
    void   *p = malloc(size);
    if (p && (w->memory += size) > w->most)
        w->most = w->memory;
    return p;
}

static void *retake(void *user, void *p, size_t old_size, size_t new_size)
{
    worker *w = user;
    void   *q = realloc(p, new_size);
    if (q && (w->memory += new_size - old_size) > w->most)
        w->most = w->memory;
    return q;
}

static void give(void *user, void *p, size_t size)
{
    ((worker *)user)->memory -= size;
    free(p);
}

/* Entry i of the stream, whoever makes it. */
static uint64_t lot(uint64_t i)
{
    i = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    i = (i ^ i >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    return i ^ i >> 29;
}

static tariff_status work(worker *w, tariff_assessor *assessor)
{
    static const tariff_columns none = TARIFF_COLUMNS_INIT;
    const values  *v = w->values;
    tariff_hs      hs[CHUNK];
    tariff_country origin[CHUNK], importer[CHUNK];
    tariff_date    date[CHUNK];
    tariff_money   value[CHUNK], duty[CHUNK];
    tariff_columns columns = none;
    tariff_burdens burdens = TARIFF_BURDENS_INIT;
    columns.hs = hs;
    columns.origin = origin;
    columns.importer = importer;
    columns.date = date;
    columns.value = value;
    burdens.duty = duty;
    for (uint64_t done = 0; done < w->count;) {
        size_t n = w->count - done < CHUNK ? (size_t)(w->count - done) : CHUNK;
        for (size_t i = 0; i < n; i++) {
            uint64_t r = lot(w->first + done + i);
            hs[i] = v->hs[r % COUNT(codes)];
            origin[i] = v->origin[(r >> 8) % COUNT(origins)];
            importer[i] = v->importer;
            date[i] = v->date[(r >> 16) % COUNT(days)];
            value[i].e4 = (int64_t)(r >> 24) % INT64_C(100000000000);
        }
        tariff_status status = tariff_assess_columns(assessor, &columns, n, &burdens, NULL);
        if (status != TARIFF_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            w->duty += (uint64_t)duty[i].e4;
        done += n;
        if (done <= w->count / 2)
            w->at_half = w->most;
    }
    return TARIFF_OK;
}

static void *run(void *user)
{
    worker          *w = user;
    tariff_allocator counted = { take, retake, give, w };
    tariff_env      *env = NULL;
    tariff_assessor *assessor = NULL;
    w->status = tariff_env_new(&counted, &env);
    if (w->status == TARIFF_OK)
        w->status = tariff_assessor_new(env, w->law, &assessor);
    if (w->status == TARIFF_OK)
        w->status = work(w, assessor);
    tariff_assessor_free(assessor);
    tariff_env_free(env);
    return NULL;
}

static int evaluate(const tariff_law *law, const values *v, uint64_t entries, unsigned threads)
{
    static worker workers[THREADS];
    uint64_t      duty = 0;
    int           failed = 0, grew = 0, leaked = 0;
    for (unsigned t = 0; t < threads; t++) {
        uint64_t first = entries * t / threads, end = entries * (t + 1) / threads;
        workers[t] = (worker){ .law = law, .values = v, .first = first, .count = end - first };
        if (pthread_create(&workers[t].thread, NULL, run, &workers[t]) != 0)
            return 0;
    }
    for (unsigned t = 0; t < threads; t++) {
        pthread_join(workers[t].thread, NULL);
        duty += workers[t].duty;
        failed += workers[t].status != TARIFF_OK;
        grew += workers[t].most > workers[t].at_half;
        leaked += workers[t].memory != 0;
    }
    printf("%" PRIu64 " entries, duty %" PRIu64 ".%04u, threads that failed %d, whose memory grew "
           "%d, that leaked %d\n",
           entries, duty / 10000, (unsigned)(duty % 10000), failed, grew, leaked);
    return !failed;
}

#define PARSE(what, text, out) (tariff_##what##_parse((text), strlen(text), (out)) == TARIFF_OK)

static int read_values(values *v)
{
    int good = PARSE(country, "US", &v->importer);
    for (size_t i = 0; i < COUNT(codes); i++)
        good = good && PARSE(hs, codes[i], &v->hs[i]);
    for (size_t i = 0; i < COUNT(origins); i++)
        good = good && PARSE(country, origins[i], &v->origin[i]);
    for (size_t i = 0; i < COUNT(days); i++)
        good = good && PARSE(date, days[i], &v->date[i]);
    return good;
}

int main(int argc, char **argv)
{
    static values    v;
    tariff_env      *env = NULL;
    tariff_schedule *schedule = NULL;
    tariff_law      *law = NULL;
    unsigned         threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 4;
    if (argc < 3 || threads < 1 || threads > THREADS || tariff_env_new(NULL, &env) != TARIFF_OK)
        return 2;
    const char *path = argv[1];
    int         good = read_values(&v)
               && tariff_schedule_load(env, &path, 1, &schedule) == TARIFF_OK
               && tariff_law_compile(env, schedule, NULL, &law) == TARIFF_OK
               && evaluate(law, &v, strtoull(argv[2], NULL, 10), threads);
    tariff_law_free(law);
    tariff_schedule_free(schedule);
    tariff_env_free(env);
    return !good;
}
