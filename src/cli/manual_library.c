/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual.h"

#include <string.h>

static const char about[] =
    "A schedule holds the law as rows of data: layers, measures, product sets, country groups and "
    "share tables. Compiled, with the day of knowledge and the changes of a scenario settled, it "
    "is a law. A scenario names flows, a schedule, a day and changes; running it gives tables and "
    "report files. Explaining an entry tells how its duty came about.\n\n"
    "The environment comes first in every call and outputs come last. An environment says where "
    "memory comes from, where messages go, what the limits are, who is told of progress and "
    "whether to stop. There is no "
    "other state: nothing prints, exits, reads the locale or keeps anything outside the "
    "handles.\n\n"
    "Ownership: who makes an object frees it with the function of its type; freeing NULL is legal. "
    "An object is freed before what it was made from, and before the environment.\n\n"
    "Failure: a status tells the kind, the diagnostics callback the rest, with file, line, column "
    "and a hint. An output is NULL after a failure, and nothing half-written stays.\n\n"
    "Threads: an environment serves one thread at a time. Finished schedules, laws, scenarios and "
    "results never change, and any number of threads may read them, each with an environment of "
    "its own.\n\n"
    "What may still change with a minor version is declared only where TARIFF_EXPERIMENTAL is "
    "defined before the headers are included: sources and sinks, for flows from a data frame and "
    "burdens of its rows back into it.\n\n"
    "Numbers are exact: money has four decimals, rates and shares have nine. They are integers in "
    "small structs, passed by value.";

static const struct {
    const char *header, *what;
} headers[] = {
    { "tariff/env.h", "environments: memory, limits, messages, progress, stopping" },
    { "tariff/diag.h", "messages with file, line, column and hint" },
    { "tariff/status.h", "kinds of failure" },
    { "tariff/value.h", "rates, money, days, HS codes, countries, units" },
    { "tariff/law.h", "schedules, and laws compiled from them" },
    { "tariff/scenario.h", "scenario files" },
    { "tariff/run.h", "reports of a scenario; comparisons; profiles of flows" },
    { "tariff/batch.h", "many scenarios on all processors" },
    { "tariff/base.h", "many scenarios of flows that stay in memory" },
    { "tariff/assess.h", "burdens of entries in memory, one by one or as columns" },
    { "tariff/source.h", "flows from columns in memory, and burdens of rows back into it" },
    { "tariff/explain.h", "one shipment, and why it bears what it bears" },
    { "tariff/stream.h", "the burden of each row of a stream" },
    { "tariff/verify.h", "expected burdens against computed ones" },
    { "tariff/convert.h", "foreign schedules and statistics to native files" },
    { "tariff/version.h", "the version, of the headers and at run time" },
};

static const char example[] =
    "#include <stdio.h>\n"
    "#include <tariff/tariff.h>\n"
    "\n"
    "static void tell(void *user, const tariff_diag *diag)\n"
    "{\n"
    "    char text[1024];\n"
    "    tariff_diag_format(diag, text, sizeof text);\n"
    "    fprintf(user, \"%s\\n\", text);\n"
    "}\n"
    "\n"
    "static void total(void *user, const tariff_total *total)\n"
    "{\n"
    "    fprintf(user, \"%s: rate %s, duty %s\\n\", total->name, total->rate, total->duty);\n"
    "}\n"
    "\n"
    "int main(void)\n"
    "{\n"
    "    const char      *path = \"datasets/us-tariffs\";\n"
    "    tariff_env      *env;\n"
    "    tariff_schedule *schedule = NULL;\n"
    "    tariff_law      *law = NULL;\n"
    "    tariff_entry     entry = TARIFF_ENTRY_INIT;\n"
    "    tariff_explainer to = { .total = total, .user = stdout };\n"
    "    if (tariff_env_new(NULL, &env) != TARIFF_OK)\n"
    "        return 1;\n"
    "    tariff_env_on_diag(env, tell, stderr);\n"
    "    int good = tariff_hs_parse(\"6109.10.00\", 10, &entry.hs) == TARIFF_OK\n"
    "               && tariff_country_parse(\"IN\", 2, &entry.origin) == TARIFF_OK\n"
    "               && tariff_country_parse(\"US\", 2, &entry.importer) == TARIFF_OK\n"
    "               && tariff_date_parse(\"2025-08-27\", 10, &entry.date) == TARIFF_OK\n"
    "               && tariff_money_parse(\"1000\", 4, &entry.value) == TARIFF_OK\n"
    "               && tariff_schedule_load(env, &path, 1, &schedule) == TARIFF_OK\n"
    "               && tariff_law_compile(env, schedule, NULL, &law) == TARIFF_OK\n"
    "               && tariff_explain(env, law, &entry, &to) == TARIFF_OK;\n"
    "    tariff_law_free(law);\n"
    "    tariff_schedule_free(schedule);\n"
    "    tariff_env_free(env);\n"
    "    return good ? 0 : 1;\n"
    "}\n";

void manual_put_library(FILE *out)
{
    manual_put_title(out, "libtariff", "3", "what tariffs charge on trade, as a library");
    manual_put_section(out, "SYNOPSIS");
    fputs(".nf\n.B #include <tariff/tariff.h>\n.PP\ncc ... $(pkg\\-config \\-\\-cflags \\-\\-libs "
          "tariff)\n.fi\n",
          out);
    manual_put_section(out, "DESCRIPTION");
    manual_put_text(out, about);
    manual_put_section(out, "HEADERS");
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        fprintf(out, ".TP\n.B %s\n%s\n", headers[i].header, headers[i].what);
    manual_put_section(out, "EXAMPLES");
    manual_put_lines(out, example, strlen(example));
    manual_put_section(out, "SEE ALSO");
    fputs(".BR tariff (1)\n", out);
}
