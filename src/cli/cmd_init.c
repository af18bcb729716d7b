/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const cli_option options[] = {
    { "flows", 0, "FILE", "trade flows (default: goods of India that the United States import)" },
    { "schedule", 0, "DIR", "tariff schedule (default: that of the United States)" },
    { "date", 0, "DATE", "the day whose law counts (default: 2025-08-27)" },
    { "name", 0, "NAME", "name of the scenario (default: that of its file)" },
    { NULL, 0, NULL, NULL }
};

enum { MOST_STEPS_UP = 16, NAME_ROOM = 65, PATH_ROOM = 4096 };

static const char shipped_flows[] = "datasets/us-imports-india-2024";
static const char shipped_schedule[] = "datasets/us-tariffs";

/** What is written into the scenario. */
typedef struct blanks {
    char name[NAME_ROOM];
    char flows[PATH_ROOM], schedule[PATH_ROOM];
    char date[16];
    bool own_flows, own_schedule;
} blanks;

/* A key that follows '#' without a blank is a key that could be there. */
static const char beginning[] =
    "# A scenario: which trade, under which law, on which day. 'tariff help scenario' tells all\n"
    "# of its keys. What begins with '#' and a blank is a remark; with '#' alone, a key to try:\n"
    "# take the '#' away.\n"
    "#\n"
    "#     tariff run FILE -o reports\n"
    "tariff: 1\n";

static const char about_flows[] =
    "\n"
    "# The trade: a CSV with the columns hs, origin, importer and value, or a directory with a\n"
    "# datapackage.json, or a list of them. 'tariff help flows' tells more.\n"
    "flows:\n";

static const char about_headers[] =
    "  # Files with other headers are read by a profile; see 'tariff list profiles'.\n"
    "  #profile: native\n";

static const char about_schedule[] =
    "\n"
    "# The law: a directory of CSV files, or one CSV of measures; see 'tariff help schedule'. A\n"
    "# list is an overlay: what comes later replaces or adds.\n";

static const char about_date[] =
    "\n"
    "# The day whose law counts; or `period`: each flow under the law of its own time.\n";

static const char middle[] =
    "\n"
    "# The law as it was known on a day; without it, as it is known today.\n"
    "#as_of: 2025-12-31\n"
    "\n"
    "# What to compare with: the same trade on another day; or {scenario: other.yaml}.\n"
    "#baseline: {date: 2025-08-06}\n"
    "\n"
    "# Only some of the trade. Quote what begins with * @ or !: they mean something to YAML.\n"
    "#where: {origins: [IN], products: \"* !27\"}\n";

static const char ending[] =
    "\n"
    "# The reports; without this key, all but the long ones. 'tariff help reports' lists them.\n"
    "#reports: [summary, layers, {products: {digits: 4, top: 20}}, brackets]\n";

/* They name layers of the shipped schedule. */
static const char changes[] =
    "\n"
    "# What if: changes of the law, applied in order. 'tariff list layers SCHEDULE' names the\n"
    "# layers.\n"
    "#changes:\n"
    "#  - set: {layer: reciprocal, origins: IN, rate: 18%}\n"
    "#  - exempt: {layer: [reciprocal, russia_oil], products: \"6109\"}\n"
    "#  - suspend: {layer: russia_oil, until: 2025-10-01}\n"
    "#  - add: {layer: penalty, products: \"61 62\", origins: IN, importers: US, rate: 10%}\n";

/* Names of scenarios: [A-Za-z0-9][A-Za-z0-9._-]{0,63}. */
static bool is_name(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    return n > 0 && n < NAME_ROOM && text[n] == '\0' && !strchr("._-", text[0]);
}

static bool read_name(const cli_line *line, const char *file, char out[NAME_ROOM])
{
    const char *asked = cli_value(line, "name");
    if (asked && !is_name(asked))
        return cli_bad_value(&cli_init, "name", asked,
                             "name: letters, digits, . _ and -, at most 64");
    const char *slash = file ? strrchr(file, '/') : NULL;
    const char *base = asked ? asked : slash ? slash + 1 : file;
    size_t      n = base && !asked ? strcspn(base, ".") : base ? strlen(base) : 0;
    snprintf(out, NAME_ROOM, "%.*s", n < NAME_ROOM ? (int)n : 0, base ? base : "");
    if (!is_name(out))
        snprintf(out, NAME_ROOM, "my-scenario");
    return true;
}

static bool read_day(const cli_line *line, char out[16])
{
    tariff_date date;
    if (tariff_date_parse("2025-08-27", 10, &date) != TARIFF_OK
        || !cli_read_date(&cli_init, line, "date", &date))
        return false;
    tariff_date_format(date, out);
    return true;
}

/* Paths: a scenario's are relative to its own directory. */

static void directory_of(const char *file, char out[PATH_ROOM])
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    size_t      n = slash ? (size_t)(slash - file) + (slash == file) : 1;
    snprintf(out, PATH_ROOM, "%.*s", n < PATH_ROOM ? (int)n : 1, slash ? file : ".");
}

/* Both absolute: "/a/b/c" as seen from "/a/d" is "../b/c". */
static void relative(const char *to, const char *from, char out[PATH_ROOM])
{
    size_t common = 0, n = 0;
    for (size_t i = 0;; i++) {
        bool ends_to = to[i] == '/' || to[i] == '\0', ends_from = from[i] == '/' || from[i] == '\0';
        if (ends_to && ends_from)
            common = i;
        if (to[i] != from[i] || to[i] == '\0')
            break;
    }
    out[0] = '\0';
    for (size_t i = common; from[i]; i++)
        if (from[i] == '/' && from[i + 1] != '\0')
            n += (size_t)snprintf(out + n, PATH_ROOM - n, "../");
    snprintf(out + n, PATH_ROOM - n, "%s", to + common + (to[common] == '/'));
}

static bool see_from(const char *option, const char *path, const char *directory,
                     char out[PATH_ROOM])
{
    char *to = realpath(path, NULL);
    int   error = errno;
    char *from = realpath(directory, NULL);
    if (to && from && strcmp(directory, ".") != 0 && path[0] != '/')
        relative(to, from, out);
    else
        snprintf(out, PATH_ROOM, "%s", path);
    if (!to)
        cli_usage_error(&cli_init, "--%s: cannot read '%s': %s", option, path, strerror(error));
    else if (!from)
        cli_usage_error(&cli_init, "there is no directory '%s'", directory);
    free(to);
    free(from);
    return to && from;
}

/* In the directory of the scenario or above it; else where the library looks for what ships. */
static void find_shipped(const char *name, const char *directory, char out[PATH_ROOM])
{
    struct stat info;
    char        up[3 * MOST_STEPS_UP + 1] = "", path[2 * PATH_ROOM];
    for (int i = 0; i < MOST_STEPS_UP; i++) {
        snprintf(path, sizeof path, "%s/%s%s", directory, up, name);
        if (stat(path, &info) == 0) {
            snprintf(out, PATH_ROOM, "%s%s", up, name);
            return;
        }
        memcpy(up + 3 * i, "../", 4);
    }
    snprintf(out, PATH_ROOM, "%s", name);
}

static bool read_paths(const cli_line *line, const char *file, blanks *out)
{
    char        directory[PATH_ROOM];
    const char *flows = cli_value(line, "flows"), *schedule = cli_value(line, "schedule");
    directory_of(file, directory);
    out->own_flows = flows != NULL;
    out->own_schedule = schedule != NULL;
    if (!flows)
        find_shipped(shipped_flows, directory, out->flows);
    if (!schedule)
        find_shipped(shipped_schedule, directory, out->schedule);
    return (!flows || see_from("flows", flows, directory, out->flows))
           && (!schedule || see_from("schedule", schedule, directory, out->schedule));
}

/* Writing */

static void put_path(FILE *out, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789._/-";
    if (path[strspn(path, plain)] == '\0' && path[0] != '-') {
        fputs(path, out);
        return;
    }
    putc('\'', out);
    for (; *path; path++) {
        if (*path == '\'')
            putc('\'', out);
        putc(*path, out);
    }
    putc('\'', out);
}

static void put_scenario(FILE *out, const blanks *b)
{
    fprintf(out, "%sname: %s\n", beginning, b->name);
    if (b->own_flows || b->own_schedule)
        fputs("#title: One line for people\n#citation: The legal source\n", out);
    else
        fputs("title: Duties of the United States on goods of India\n"
              "#citation: EO 14257; EO 14326; EO 14329\n", out);
    fprintf(out, "%s  file: ", about_flows);
    put_path(out, b->flows);
    fputs(b->own_flows ? "\n  # Of all rows, whatever the file says.\n"
                         "  #origin: IN\n  #importer: US\n"
                       : "\n  # Of all rows, whatever the file says; origin likewise.\n"
                         "  importer: US\n",
          out);
    fprintf(out, "%s%sschedule: ", about_headers, about_schedule);
    put_path(out, b->schedule);
    fprintf(out, "\n%sdate: %s\n%s%s%s", about_date, b->date, middle,
            b->own_schedule ? "" : changes, ending);
}

/* A scenario that somebody wrote is never replaced. */
static int write_file(const char *path, const blanks *b)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST)
        return cli_usage_error(NULL, "'%s' is there already, and stays as it is", path);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    bool  good = out != NULL;
    if (good) {
        put_scenario(out, b);
        good = fflush(out) == 0 && fsync(fd) == 0;
        good = fclose(out) == 0 && good;
    }
    if (good) {
        fprintf(stderr, "%s: a scenario to start from; 'tariff run %s' runs it\n", path, path);
        return EXIT_DONE;
    }
    int error = errno;
    if (fd >= 0)
        unlink(path);
    return cli_system_error("cannot write '%s': %s", path, strerror(error));
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line line;
    blanks   b;
    (void)env;
    if (!cli_parse(env, &cli_init, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count > 1)
        return cli_usage_error(&cli_init, "one file is expected");
    const char *file = line.operand_count ? line.operands[0] : NULL;
    if (file && strcmp(file, "-") == 0)
        file = NULL;
    if (!read_name(&line, file, b.name) || !read_day(&line, b.date)
        || !read_paths(&line, file, &b))
        return EXIT_USAGE;
    if (file)
        return write_file(file, &b);
    put_scenario(stdout, &b);
    return EXIT_DONE;
}

static const cli_example examples[] = {
    { "tariff init my-question.yaml", "writes a scenario that runs as it is, to be changed" },
    { "tariff init --flows my-flows.csv --schedule my-schedule --date 2025-09-01 > "
      "mine.yaml",
      "the same on flows and a schedule of one's own" },
    { NULL, NULL }
};

const cli_command cli_init = {
    .name = "init",
    .summary = "a commented scenario to start from",
    .usage = "init [FILE] [--flows FILE] [--schedule DIR] [--date DATE] [--name NAME]",
    .about = "Writes a scenario file with a remark at every key. Keys that begin with '#' "
             "are not in force: take the '#' away to try them. As it is, it runs on the "
             "data that ship: the imports of the United States from India, under the "
             "whole United States schedule.\n\n"
             "Without FILE, or with '-', the scenario goes to standard output. A file "
             "that is there already stays as it is. Paths of the options are relative to "
             "the working directory, and are written as the scenario sees them.",
    .examples = examples,
    .options = options,
    .run = run,
};
