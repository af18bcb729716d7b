/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/threads.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

typedef struct task {
    void (*fn)(void *user, unsigned worker);
    void     *user;
    unsigned  worker;
    pthread_t thread;
    bool      started;
} task;

static void *run_task(void *user)
{
    task *t = user;
    t->fn(t->user, t->worker);
    return NULL;
}

void tf_run_threads(unsigned count, void (*fn)(void *user, unsigned worker), void *user)
{
    task tasks[MOST_THREADS];
    if (count > MOST_THREADS)
        count = MOST_THREADS;
    for (unsigned i = 0; i + 1 < count; i++) {
        tasks[i] = (task){ .fn = fn, .user = user, .worker = i };
        tasks[i].started = pthread_create(&tasks[i].thread, NULL, run_task, &tasks[i]) == 0;
    }
    if (count > 0)
        fn(user, count - 1);
    for (unsigned i = 0; i + 1 < count; i++) {
        if (tasks[i].started)
            pthread_join(tasks[i].thread, NULL);
        else
            fn(user, i);
    }
}

unsigned tf_count_threads(unsigned wanted, unsigned long long work)
{
    long processors = wanted ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1)
        processors = 1;
    if (processors > MOST_THREADS)
        processors = MOST_THREADS;
    if (work < (unsigned long long)processors)
        processors = work ? (long)work : 1;
    return (unsigned)processors;
}
