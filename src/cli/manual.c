/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual.h"

#include <string.h>

/* Text for troff */

static void put_char(FILE *out, char c)
{
    switch (c) {
    case '\\': fputs("\\e", out); break;
    case '-': fputs("\\-", out); break;
    case '\'': fputs("\\(aq", out); break;
    case '`': fputs("\\(ga", out); break;
    case '^': fputs("\\(ha", out); break;
    case '~': fputs("\\(ti", out); break;
    default: putc(c, out);
    }
}

/* A line that begins with a dot would be a request. */
static void put_escaped(FILE *out, const char *text, size_t length)
{
    if (length > 0 && text[0] == '.')
        fputs("\\&", out);
    for (size_t i = 0; i < length; i++) {
        put_char(out, text[i]);
        if (text[i] == '\n' && i + 1 < length && text[i + 1] == '.')
            fputs("\\&", out);
    }
}

static void put_words(FILE *out, const char *text)
{
    put_escaped(out, text, strlen(text));
}

void manual_put_title(FILE *out, const char *name, const char *section, const char *summary)
{
    fprintf(out, ".\\\" SPDX-License-Identifier: GPL-3.0-or-later\n"
                 ".\\\" Made from the command's own tables.\n.TH ");
    for (const char *c = name; *c; c++)
        putc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fprintf(out, " %s \"\" \"tariff %s\" \"Tariffs\"\n.SH NAME\n", section, tariff_version());
    put_words(out, name);
    fputs(" \\- ", out);
    put_words(out, summary);
    putc('\n', out);
}

void manual_put_section(FILE *out, const char *title)
{
    fprintf(out, ".SH %s\n", title);
}

void manual_put_lines(FILE *out, const char *text, size_t length)
{
    fputs(".PP\n.nf\n", out);
    put_escaped(out, text, length);
    if (length > 0 && text[length - 1] != '\n')
        putc('\n', out);
    fputs(".fi\n", out);
}

/* A table or an example: some line is indented, or has columns. */
static bool is_laid_out(const char *text, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++)
        if (text[i] == ' ' && text[i + 1] == ' ')
            return true;
    return false;
}

void manual_put_text(FILE *out, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t      length = end ? (size_t)(end - text) : strlen(text);
        if (is_laid_out(text, length)) {
            manual_put_lines(out, text, length);
        } else {
            fputs(".PP\n", out);
            put_escaped(out, text, length);
            if (length > 0 && text[length - 1] != '\n')
                putc('\n', out);
        }
        text += length + (end ? 2 : 0);
    }
}

/* What all pages share */

static void put_exit_codes(FILE *out)
{
    static const struct {
        const char *code, *what;
    } codes[] = { { "0", "Done." },
                  { "1", "The answer is no: verify or check found something, or compare with "
                         "--exit-code." },
                  { "2", "The command line is wrong." },
                  { "3", "A file is wrong; standard error says where." },
                  { "4", "The system refused something: a file that is not there, a read, a write, "
                         "memory." },
                  { "5", "A model did not converge." },
                  { "130", "Interrupted." } };
    manual_put_section(out, "EXIT STATUS");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        fprintf(out, ".TP\n.B %s\n", codes[i].code);
        put_words(out, codes[i].what);
        putc('\n', out);
    }
}

static void put_examples(FILE *out, const cli_example *examples)
{
    manual_put_section(out, "EXAMPLES");
    for (; examples->line; examples++) {
        fputs(".TP\n.nf\n\\fB$ ", out);
        put_words(out, examples->line);
        fputs("\\fR\n.fi\n", out);
        put_words(out, examples->what);
        putc('\n', out);
    }
}

static void put_other_pages(FILE *out, const char *but)
{
    const char *separator = "";
    manual_put_section(out, "SEE ALSO");
    if (strcmp(but, "tariff") != 0) {
        fputs(".BR tariff (1)", out);
        separator = ",\n";
    }
    for (size_t i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden && strcmp(cli_commands[i]->name, but) != 0
            && strcmp(but, "tariff") == 0) {
            fprintf(out, "%s.BR tariff\\-%s (1)", separator, cli_commands[i]->name);
            separator = ",\n";
        }
    for (size_t i = 0; topics[i].name; i++)
        if (strcmp(topics[i].name, but) != 0) {
            fprintf(out, "%s.BR tariff\\-%s (5)", separator, topics[i].name);
            separator = ",\n";
        }
    if (strcmp(but, "library") != 0)
        fprintf(out, "%s.BR libtariff (3)", separator);
    putc('\n', out);
}

/* Pages */

void manual_put_overview(FILE *out)
{
    manual_put_title(out, "tariff", "1", "what tariffs charge on trade, exactly, and why");
    manual_put_section(out, "SYNOPSIS");
    fputs(".B tariff\n.I COMMAND\n[\\fIOPTION\\fR]...\n", out);
    manual_put_section(out, "DESCRIPTION");
    manual_put_text(out,
                    "Reads trade flows and tariff schedules, both plain CSV, and computes the "
                    "layered burden of every flow: ordinary duty, and each additional duty on top of it, "
                    "with exemptions, precedence, content shares, preference claims and dates "
                    "decided as the law decides them. Sums are exact decimal arithmetic; every "
                    "number can be explained down to the row of law behind it.\n\n"
                    "Data go to standard output, words to standard error. '-' is standard input or "
                    "output. A file that is written appears whole, or not at all.");
    manual_put_section(out, "COMMANDS");
    for (size_t i = 0; cli_commands[i]; i++) {
        if (cli_commands[i]->hidden)
            continue;
        fprintf(out, ".TP\n.BR tariff\\-%s (1)\n", cli_commands[i]->name);
        put_words(out, cli_commands[i]->summary);
        putc('\n', out);
    }
    manual_put_section(out, "FILES");
    for (size_t i = 0; topics[i].name; i++) {
        fprintf(out, ".TP\n.BR tariff\\-%s (5)\n", topics[i].name);
        put_words(out, topics[i].summary);
        putc('\n', out);
    }
    put_exit_codes(out);
    manual_put_section(out, "ENVIRONMENT");
    fputs(".TP\n.B TARIFF_DATA\n"
          "A directory that has the datasets and scenarios that ship, for names that are not where "
          "they are looked for.\n"
          ".TP\n.B NO_COLOR\n"
          "If it is not empty, messages on a terminal have no colours.\n"
          ".TP\n.B TARIFF_SHOW\n"
          "\\fBalways\\fR shows the main figures of a run also where standard output is no "
          "terminal.\n",
          out);
    put_examples(out, cli_run.examples);
    put_other_pages(out, "tariff");
}

static void put_option(FILE *out, const cli_option *option)
{
    fputs(".TP\n", out);
    if (option->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", out);
    put_words(out, option->name);
    fputs("\\fR", out);
    if (option->argument) {
        fputs(" \\fI", out);
        put_words(out, option->argument);
        fputs("\\fR", out);
    }
    putc('\n', out);
    put_words(out, option->help);
    putc('\n', out);
}

void manual_put_command(FILE *out, const cli_command *command)
{
    const cli_option *option;
    char              name[64];
    snprintf(name, sizeof name, "tariff-%s", command->name);
    manual_put_title(out, name, "1", command->summary);
    manual_put_section(out, "SYNOPSIS");
    fputs(".nf\ntariff ", out);
    put_words(out, command->usage);
    fputs("\n.fi\n", out);
    manual_put_section(out, "DESCRIPTION");
    manual_put_text(out, command->about);
    manual_put_section(out, "OPTIONS");
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        put_option(out, option);
    put_examples(out, command->examples);
    put_exit_codes(out);
    put_other_pages(out, command->name);
}

/* The headers that each profile accepts. */
static void put_profiles(FILE *out)
{
    const char *last = "";
    manual_put_section(out, "PROFILES");
    manual_put_text(out, "Of several headers the first that is there is read. Values of baci "
                         "and wits are in thousands.");
    for (size_t i = 0; i < tariff_profile_count(); i++)
        for (size_t k = 0; k < tariff_profile_columns(); k++) {
            const char *name, *column;
            const char *headers = tariff_profile_headers(i, k, &name, &column);
            if (!*headers)
                continue;
            if (strcmp(name, last) != 0)
                fprintf(out, ".TP\n.B %s\n", name);
            else
                fputs(".br\n", out);
            last = name;
            fprintf(out, "%s: ", column);
            put_words(out, headers);
            putc('\n', out);
        }
}

void manual_put_topic(FILE *out, const topic *page)
{
    char name[64];
    snprintf(name, sizeof name, "tariff-%s", page->name);
    manual_put_title(out, name, "5", page->summary);
    manual_put_section(out, "DESCRIPTION");
    manual_put_text(out, page->text);
    if (strcmp(page->name, "flows") == 0)
        put_profiles(out);
    put_other_pages(out, page->name);
}
