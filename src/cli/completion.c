/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual.h"

#include <string.h>

static const char *const shell_head = "# SPDX-License-Identifier: GPL-3.0-or-later\n"
                                      "# Made from the command's own tables.\n";

/* "text|json": the words that an option takes. */
static bool has_words(const cli_option *option)
{
    return option->argument && strchr(option->argument, '|');
}

static void put_choices(FILE *out, const char *argument)
{
    for (; *argument; argument++)
        putc(*argument == '|' ? ' ' : *argument, out);
}

static bool takes_directory(const cli_option *option)
{
    return option->argument && strcmp(option->argument, "DIR") == 0;
}

static bool takes_file(const cli_option *option)
{
    return option->argument
           && (strcmp(option->argument, "FILE") == 0 || strcmp(option->argument, "PROFILE") == 0
               || takes_directory(option));
}

static void put_help_words(FILE *out)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden)
            fprintf(out, "%s ", cli_commands[i]->name);
    for (size_t i = 0; topics[i].name; i++)
        fprintf(out, "%s%s", i ? " " : "", topics[i].name);
}

/* The words that may come first; false if files may. */
static bool put_operands(FILE *out, const cli_command *command)
{
    if (!command->operands)
        return false;
    if (strcmp(command->operands, "@help") == 0)
        put_help_words(out);
    else
        fputs(command->operands, out);
    return true;
}

/* bash */

static void put_bash_option(FILE *out, const cli_option *option)
{
    if (option->letter)
        fprintf(out, "-%c ", option->letter);
    fprintf(out, "--%s ", option->name);
}

static void put_bash_command(FILE *out, const cli_command *command)
{
    const cli_option *option;
    fprintf(out, "    %s)\n        options='", command->name);
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        put_bash_option(out, option);
    fputs("'\n        case $before in\n", out);
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++) {
        if (!option->argument)
            continue;
        fprintf(out, "        --%s", option->name);
        if (option->letter)
            fprintf(out, "|-%c", option->letter);
        fputs(") ", out);
        if (has_words(option)) {
            fputs("words='", out);
            put_choices(out, option->argument);
            fputs("'; kind=words ;;\n", out);
        } else {
            fprintf(out, "kind=%s ;;\n", takes_directory(option) ? "directory"
                                         : takes_file(option)    ? "file"
                                                                 : "none");
        }
    }
    fputs("        esac\n", out);
    if (command->operands) {
        fputs("        operands='", out);
        put_operands(out, command);
        fputs("'\n", out);
    }
    fputs("        ;;\n", out);
}

void completion_put_bash(FILE *out)
{
    fputs(shell_head, out);
    fputs("_tariff()\n{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local options='' operands='' words='' kind=''\n"
          "    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W '",
          out);
    for (size_t i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden)
            fprintf(out, "%s ", cli_commands[i]->name);
    fputs("--help --version' -- \"$word\")\n        return\n    fi\n"
          "    case ${COMP_WORDS[1]} in\n",
          out);
    for (size_t i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden)
            put_bash_command(out, cli_commands[i]);
    fputs("    esac\n"
          "    case $kind:$word in\n"
          "    words:*) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\") ;;\n"
          "    directory:*) mapfile -t COMPREPLY < <(compgen -d -- \"$word\") ;;\n"
          "    file:*) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
          "    none:*) ;;\n"
          "    :-*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\") ;;\n"
          "    *)\n"
          "        if [ -n \"$operands\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
          "            mapfile -t COMPREPLY < <(compgen -W \"$operands\" -- \"$word\")\n"
          "        else\n"
          "            mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
          "        fi\n"
          "        ;;\n"
          "    esac\n"
          "}\n"
          "complete -o filenames -F _tariff tariff\n",
          out);
}

/* zsh: within single quotes, and [ ] : would end a description. */

static void put_zsh_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *text))
            fprintf(out, "\\%c", *text);
        else
            putc(*text, out);
    }
}

static void put_zsh_option(FILE *out, const cli_option *option)
{
    fputs("        ", out);
    if (option->letter)
        fprintf(out, "{-%c,--%s}", option->letter, option->name);
    else
        fprintf(out, "--%s", option->name);
    fputs("'[", out);
    put_zsh_text(out, option->help);
    fputs("]", out);
    if (has_words(option)) {
        fputs(":word:(", out);
        put_choices(out, option->argument);
        fputs(")", out);
    } else if (option->argument) {
        fputs(":", out);
        put_zsh_text(out, option->argument);
        fputs(takes_directory(option) ? ":_files -/" : takes_file(option) ? ":_files" : ":", out);
    }
    fputs("' \\\n", out);
}

static void put_zsh_command(FILE *out, const cli_command *command)
{
    const cli_option *option;
    fprintf(out, "    %s)\n        _arguments -s \\\n", command->name);
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        put_zsh_option(out, option);
    fputs("        ", out);
    if (command->operands) {
        fputs("'1:word:(", out);
        put_operands(out, command);
        fputs(")' ", out);
    }
    fputs("'*:file:_files'\n        ;;\n", out);
}

void completion_put_zsh(FILE *out)
{
    fprintf(out, "#compdef tariff\n%s", shell_head);
    fputs("_tariff()\n{\n    local -a commands\n    commands=(\n", out);
    for (size_t i = 0; cli_commands[i]; i++) {
        if (cli_commands[i]->hidden)
            continue;
        fprintf(out, "        '%s:", cli_commands[i]->name);
        put_zsh_text(out, cli_commands[i]->summary);
        fputs("'\n", out);
    }
    fputs("    )\n"
          "    if (( CURRENT == 2 )); then\n"
          "        _describe command commands\n"
          "        return\n"
          "    fi\n"
          "    local command=$words[2]\n"
          "    shift words\n"
          "    (( CURRENT-- ))\n"
          "    case $command in\n",
          out);
    for (size_t i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden)
            put_zsh_command(out, cli_commands[i]);
    fputs("    esac\n}\n_tariff \"$@\"\n", out);
}

/* fish */

static void put_fish_text(FILE *out, const char *text)
{
    putc('\'', out);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            putc('\\', out);
        putc(*text, out);
    }
    putc('\'', out);
}

static void put_fish_option(FILE *out, const cli_command *command, const cli_option *option)
{
    fprintf(out, "complete -c tariff -n '__fish_seen_subcommand_from %s' -l %s", command->name,
            option->name);
    if (option->letter)
        fprintf(out, " -s %c", option->letter);
    if (has_words(option)) {
        fputs(" -x -a '", out);
        put_choices(out, option->argument);
        putc('\'', out);
    } else if (option->argument) {
        fputs(takes_directory(option) ? " -x -a '(__fish_complete_directories)'"
              : takes_file(option)    ? " -r -F"
                                      : " -x",
              out);
    }
    fputs(" -d ", out);
    put_fish_text(out, option->help);
    putc('\n', out);
}

void completion_put_fish(FILE *out)
{
    const cli_option *option;
    fputs(shell_head, out);
    for (size_t i = 0; cli_commands[i]; i++) {
        const cli_command *command = cli_commands[i];
        if (command->hidden)
            continue;
        fprintf(out, "complete -c tariff -n __fish_use_subcommand -f -a %s -d ", command->name);
        put_fish_text(out, command->summary);
        putc('\n', out);
        for (size_t k = 0; (option = cli_option_at(command, k)) != NULL; k++)
            put_fish_option(out, command, option);
        if (command->operands) {
            fprintf(out, "complete -c tariff -n '__fish_seen_subcommand_from %s' -a '",
                    command->name);
            put_operands(out, command);
            fputs("'\n", out);
        }
    }
}
