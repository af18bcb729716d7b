/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference/draw.h"

#include <sys/stat.h>

/* A file of a schedule is written, or made to be gone. */

static FILE *begin(const char *directory, const char *name, bool wanted)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    remove(path);
    FILE *file = wanted ? fopen(path, "w") : NULL;
    if (wanted && !file)
        abort();
    return file;
}

static void end(FILE *file)
{
    if (fclose(file) != 0)
        abort();
}

/* The last day in force, of the days that are drawn. */
static const char *day_before(const char *until)
{
    static const char *const days[][2] = { { "2025-03-04", "2025-03-03" },
                                           { "2025-06-04", "2025-06-03" },
                                           { "2025-10-01", "2025-09-30" } };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (strcmp(days[i][0], until) == 0)
            return days[i][1];
    return "";
}

/* The first measures are in measures.csv, the others in two files that are read after it, by name. */
static void write_measures(const schedule *s, const char *directory)
{
    static const char *const names[] = { "measures.csv", "measures/a.csv", "measures/b.csv" };
    for (unsigned part = 0; part < 3; part++) {
        unsigned first = s->measure_count * part / 3, last = s->measure_count * (part + 1) / 3;
        bool     through = s->through && part == 1;
        FILE    *file = begin(directory, names[part], first < last || part == 0);
        if (!file)
            continue;
        fprintf(file, "layer,products,origins,importers,from,%s,rate,base,when,rank,published,"
                      "withdrawn\n",
                through ? "through" : "until");
        for (unsigned i = first; i < last; i++) {
            const measure_row *m = &s->measures[i];
            fprintf(file, "%s,%s,%s,%s,%s,%s,\"%s\",%s,%s,%s,%s,%s\n", m->layer, m->products,
                    m->origins, m->importers, m->from, through ? day_before(m->until) : m->until,
                    m->rate, m->base, m->when, m->rank, m->published, m->withdrawn);
        }
        end(file);
    }
}

static void write_layers(const schedule *s, const char *directory)
{
    FILE *file = begin(directory, "layers.csv", s->layer_count > 0);
    for (unsigned i = 0; i < s->layer_count; i++)
        fprintf(file, "%s%s,%s,%s,%s\n", i ? "" : "layer,kind,authority,select\n",
                s->layers[i].name, s->layers[i].kind, s->layers[i].authority,
                s->layers[i].select);
    if (file)
        end(file);
    file = begin(directory, "yields.csv", s->yield_count > 0);
    for (unsigned i = 0; i < s->yield_count; i++)
        fprintf(file, "%s%s,%s,%s,%s,%s\n", i ? "" : "layer,to,scope,from,until\n",
                s->yields[i].layer, s->yields[i].to, s->yields[i].scope, s->yields[i].from,
                s->yields[i].until);
    if (file)
        end(file);
}

static void write_members(const schedule *s, const char *directory)
{
    FILE *file = begin(directory, "groups.csv", s->group_count > 0);
    for (unsigned i = 0; i < s->group_count; i++)
        fprintf(file, "%s%s,%s,%s,%s\n", i ? "" : "group,member,from,until\n", s->groups[i].name,
                s->groups[i].code, s->groups[i].from, s->groups[i].until);
    if (file)
        end(file);
    for (unsigned set = 0; set < SETS; set++) {
        char     path[32], name[4];
        unsigned count = 0;
        snprintf(name, sizeof name, "s%u", set);
        snprintf(path, sizeof path, "sets/%s.csv", name);
        for (unsigned i = 0; i < s->set_count; i++)
            count += strcmp(s->sets[i].name, name) == 0;
        file = begin(directory, path, count > 0);
        if (!file)
            continue;
        fprintf(file, "hs,from,until\n");
        for (unsigned i = 0; i < s->set_count; i++)
            if (strcmp(s->sets[i].name, name) == 0)
                fprintf(file, "%s,%s,%s\n", s->sets[i].code, s->sets[i].from, s->sets[i].until);
        end(file);
    }
}

static void write_shares(const schedule *s, const char *directory)
{
    for (unsigned n = 0; n < PARTS + CLAIMS; n++) {
        char path[32], name[4];
        snprintf(name, sizeof name, "%c%u", n < PARTS ? 'p' : 'c', n < PARTS ? n : n - PARTS);
        snprintf(path, sizeof path, "%s/%s.csv", n < PARTS ? "parts" : "claims", name);
        FILE *file = begin(directory, path, s->declared[n]);
        if (!file)
            continue;
        fprintf(file, "hs,origin,importer,from,until,share\n");
        for (unsigned i = 0; i < s->share_count; i++) {
            const share_row *row = &s->shares[i];
            if (strcmp(row->name, name) == 0)
                fprintf(file, "%s,%s,%s,%s,%s,%s\n", row->hs, row->origin, row->importer,
                        row->from, row->until, row->share);
        }
        end(file);
    }
}

void write_law(const law_text *law, const char *root)
{
    static const char *const folders[] = { "", "/measures", "/sets", "/parts", "/claims" };
    for (unsigned i = 0; i < law->schedule_count; i++) {
        char directory[128], folder[160];
        snprintf(directory, sizeof directory, "%s/%u", root, i);
        for (size_t k = 0; k < sizeof folders / sizeof *folders; k++) {
            snprintf(folder, sizeof folder, "%s%s", directory, folders[k]);
            mkdir(folder, 0700); /* it may be there */
        }
        const schedule *s = &law->schedules[i];
        write_layers(s, directory);
        write_measures(s, directory);
        write_members(s, directory);
        write_shares(s, directory);
    }
}
