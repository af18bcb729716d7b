/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/nearest.h"
#include "cli/quote.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const cli_option options[] = { { NULL, 0, NULL, NULL } };

static void list_layers(const tariff_schedule *schedule)
{
    puts("layer,kind,authority,select,measures,title");
    for (size_t i = 0; i < tariff_schedule_layers(schedule); i++) {
        tariff_layer_info layer;
        tariff_schedule_layer(schedule, i, &layer);
        cli_put_field(layer.name, false);
        cli_put_field(layer.kind, false);
        cli_put_field(layer.authority, false);
        printf("%s,%zu,", layer.select, layer.measures);
        cli_put_field(layer.title, true);
    }
}

static void put_span(tariff_span span)
{
    char from[16], until[16];
    tariff_date_format(span.from, from);
    tariff_date_format(span.until, until);
    printf("%s,%s,", from, until);
}

static void list_measures(const tariff_schedule *schedule)
{
    puts("layer,products,origins,importers,from,until,rate,base,when,rank,published,withdrawn,id,"
         "file,line,citation");
    for (size_t i = 0; i < tariff_schedule_measures(schedule); i++) {
        tariff_measure_info m;
        char                products[512], base[512];
        tariff_schedule_measure(schedule, i, &m);
        tariff_schedule_products(schedule, i, products, sizeof products);
        tariff_schedule_base(schedule, i, base, sizeof base);
        cli_put_field(m.layer, false);
        cli_put_field(products, false);
        cli_put_field(m.origins, false);
        cli_put_field(m.importers, false);
        put_span(m.in_force);
        cli_put_field(m.rate, false);
        cli_put_field(base, false);
        cli_put_field(m.when, false);
        printf("%d,", m.rank);
        put_span(m.known);
        cli_put_field(m.id, false);
        cli_put_field(m.file, false);
        printf("%u,", m.line);
        cli_put_field(m.citation, true);
    }
}

static void list_sets(const tariff_schedule *schedule)
{
    puts("set,rows");
    for (size_t i = 0; i < tariff_schedule_sets(schedule); i++) {
        size_t      rows;
        const char *name = tariff_schedule_set(schedule, i, &rows);
        cli_put_field(name, false);
        printf("%zu\n", rows);
    }
}

static void list_groups(const tariff_schedule *schedule)
{
    puts("group,member,from,until");
    for (size_t i = 0; i < tariff_schedule_groups(schedule); i++) {
        size_t      members;
        const char *name = tariff_schedule_group(schedule, i, &members);
        for (size_t k = 0; k < members; k++) {
            tariff_span    span;
            char           from[16], until[16];
            tariff_country member = tariff_schedule_member(schedule, i, k, &span);
            tariff_date_format(span.from, from);
            tariff_date_format(span.until, until);
            cli_put_field(name, false);
            printf("%s,%s,%s\n", tariff_country_alpha2(member), from, until);
        }
    }
}

static int list_countries(void)
{
    puts("alpha2,alpha3,numeric,name");
    for (unsigned i = 0; i < tariff_country_count(); i++) {
        tariff_country country = { (uint16_t)i };
        printf("%s,%s,", tariff_country_alpha2(country), tariff_country_alpha3(country));
        if (tariff_country_numeric(country))
            printf("%03u", tariff_country_numeric(country));
        putchar(',');
        cli_put_field(tariff_country_name(country), true);
    }
    return EXIT_DONE;
}

static int list_profiles(void)
{
    puts("profile,column,headers");
    for (size_t i = 0; i < tariff_profile_count(); i++)
        for (size_t k = 0; k < tariff_profile_columns(); k++) {
            const char *name, *column;
            const char *headers = tariff_profile_headers(i, k, &name, &column);
            if (*headers)
                printf("%s,%s,%s\n", name, column, headers);
        }
    return EXIT_DONE;
}

static int list_schedule(tariff_env *env, const char *path,
                         void (*print)(const tariff_schedule *schedule))
{
    tariff_schedule *schedule;
    tariff_status    status = tariff_schedule_load(env, &path, 1, &schedule);
    if (status != TARIFF_OK)
        return cli_exit_code(status);
    cli_tell_schedule(path, schedule);
    print(schedule);
    tariff_schedule_free(schedule);
    return EXIT_DONE;
}

static const char *nearest_list(const char *word)
{
    static const char *const lists[] = { "layers", "measures",  "sets",
                                         "groups", "countries", "profiles" };
    const char              *near = NULL;
    size_t                   best = SIZE_MAX;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (cli_distance(word, lists[i]) < best) {
            near = lists[i];
            best = cli_distance(word, near);
        }
    return *word && cli_is_near(word, best) ? near : NULL;
}

static int run(tariff_env *env, int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(const tariff_schedule *schedule);
    } lists[] = { { "layers", list_layers },
                  { "measures", list_measures },
                  { "sets", list_sets },
                  { "groups", list_groups } };
    cli_line line;
    if (!cli_parse(env, &cli_list, argc, argv, &line))
        return EXIT_USAGE;
    const char *what = line.operand_count > 0 ? line.operands[0] : "";
    bool        countries = strcmp(what, "countries") == 0;
    if ((countries || strcmp(what, "profiles") == 0) && line.operand_count > 1)
        return cli_usage_error(&cli_list, "'%s' is too much: 'list %s' takes nothing more",
                               line.operands[1], what);
    if (countries)
        return list_countries();
    if (strcmp(what, "profiles") == 0)
        return list_profiles();
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (strcmp(lists[i].name, what) == 0)
            return line.operand_count == 2
                       ? list_schedule(env, line.operands[1], lists[i].print)
                       : cli_usage_error(&cli_list, "'list %s' takes one schedule", what);
    const char *near = nearest_list(what);
    if (near)
        return cli_usage_error(&cli_list, "no list of '%s'; did you mean '%s'?", what, near);
    return cli_usage_error(&cli_list, "list what? layers, measures, sets, groups, countries or "
                                      "profiles");
}

static const cli_example examples[] = {
    { "tariff list layers datasets/us-tariffs", "the layers of a schedule" },
    { "tariff list profiles", "which headers each built-in profile reads our columns from" },
    { NULL, NULL }
};

const cli_command cli_list = {
    .name = "list",
    .summary = "what a schedule holds, the countries, the profiles; as CSV",
    .usage = "list layers|measures|sets|groups SCHEDULE | countries | profiles",
    .about = "Prints what a schedule holds, the countries, or the profiles of foreign "
             "files, as CSV.",
    .examples = examples,
    .options = options,
    .operands = "layers measures sets groups countries profiles",
    .run = run,
};
