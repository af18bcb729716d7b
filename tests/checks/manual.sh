#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One table says what the command takes: help, manual, completions and the code that asks for options
# agree with it, in both directions; the pages are well-formed, and the library's example compiles.
set -u
tariff=$1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
    echo "$*"
    failed=1
}

"$tariff" manual "$work/share" || complain 'the manual cannot be made'
man=$work/share/man
completions=$work/share/completions
"$tariff" help > "$work/overview"
commands=$(sed -n '/^  tariff /d; /^$/d; /^.tariff help/q; s/^  \([a-z]*\)  *.*/\1/p' "$work/overview")
topics=$(sed -n '1,/^.tariff help/d; s/^  \([a-z]*\)  *.*/\1/p' "$work/overview")
[ "$(echo "$commands" | wc -l)" -ge 11 ] && [ "$(echo "$topics" | wc -l)" -ge 4 ] ||
    complain 'the overview lacks commands or topics'

# options_of TEXT: "--words" in it.
options_of() {
    grep -o -e '--[a-z][a-z-]*' | sed 's/-$//' | sort -u
}
plain() {
    sed 's/\\-/-/g; s/\\f[BIR]//g; s/\\(aq/'"'"'/g; s/\\&//; s/\\e/\\/g' "$1"
}

for command in $commands; do
    "$tariff" "$command" --help > "$work/help" || complain "$command --help"
    sed -n '2q; p' "$work/help" | grep -q '^  tariff ' && sed -n 3p "$work/help" | grep -q '^  tariff ' ||
        complain "$command --help does not begin with two examples"
    sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p' "$work/help" | sort > "$work/options.$command"
    page=$man/man1/tariff-$command.1
    [ -f "$page" ] || { complain "there is no page of $command"; continue; }
    plain "$page" > "$work/page"
    sed -n '/^.SH OPTIONS/,/^.SH EXAMPLES/p' "$work/page" | sed -n 's/^\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' |
        sort | cmp -s - "$work/options.$command" || complain "the page of $command has other options"
    sed -n "/^    $command)/,/^        case/p" "$completions/tariff" | sed -n "s/.*options='//p" | options_of |
        cmp -s - "$work/options.$command" || complain "bash completes other options of $command"
    sed -n "/^    $command)/,/;;/p" "$completions/_tariff" | sed -n 's/^ *\({-.,\)\{0,1\}\(--[a-z-]*\).*/\2/p' |
        sort | cmp -s - "$work/options.$command" || complain "zsh completes other options of $command"
    sed -n "s/.*seen_subcommand_from $command' -l \([a-z-]*\).*/--\1/p" "$completions/tariff.fish" | sort |
        cmp -s - "$work/options.$command" || complain "fish completes other options of $command"
    # The usage and the examples use options that there are; short ones too.
    sed -n '/^usage: /,/^$/p; /^  tariff '"$command"'/p' "$work/help" | options_of |
        comm -23 - "$work/options.$command" > "$work/extra"
    [ -s "$work/extra" ] && complain "usage or examples of $command: $(cat "$work/extra")"
    # The parser takes each: with a value where it wants one.
    while read -r option; do
        "$tariff" "$command" "$option" 2>&1 < /dev/null | grep -q 'unknown option' &&
            complain "$command does not take $option"
    done < "$work/options.$command"
done
{ cat "$work"/options.*; echo --version; } | sort -u > "$work/options"

# Whatever is named in words exists: in pages, topics and the README.
for page in "$man"/man?/* "$root/README.md" "$root/scenarios/README.md"; do
    plain "$page" | sed 's/pkg-config --cflags --libs//; s/ctest --[a-z]*//g; s/cmake --[a-z]*//g' |
        options_of | comm -23 - "$work/options" > "$work/extra"
    [ -s "$work/extra" ] && complain "$(basename "$page") names $(cat "$work/extra")"
done
for topic in $topics; do
    [ -f "$man/man5/tariff-$topic.5" ] || complain "there is no page of $topic"
done
for header in include/tariff/*.h; do
    name=tariff/$(basename "$header")
    case $name in tariff/tariff.h | tariff/export.h) continue ;; esac
    grep -q "^.B $name$" "$man/man3/libtariff.3" || complain "libtariff(3) does not name $name"
done

# What the code asks for is in a table, and the code asks for all that is in one.
grep -ho '\(cli_has\|cli_values*\|value_or\|cli_read_[a-z]*\|read_[a-z]*\|join\)([&a-z_, ]*"[a-z-]*"' src/cli/*.c |
    sed 's/.*"\(.*\)"/--\1/' | sort -u > "$work/asked"
printf -- '--help\n--version\n' >> "$work/asked" # main() looks for them
sort -u "$work/asked" -o "$work/asked"
comm -3 "$work/asked" "$work/options" > "$work/odd"
[ -s "$work/odd" ] && complain "asked for and not in a table, or (indented) the other way round:
$(cat "$work/odd")"

# Pages are well-formed, and no line of the source begins a request by accident.
for page in "$man"/man?/*; do
    grep -n '[^ -~]' "$page" && complain "$(basename "$page"): letters that are not ASCII"
    if command -v groff > /dev/null; then
        groff -man -ww -Tascii -z "$page" > "$work/words" 2>&1
        [ -s "$work/words" ] && complain "$(basename "$page"): $(cat "$work/words")"
    fi
done

# The library's example.
plain "$man/man3/libtariff.3" | sed -n '/^#include <stdio.h>/,/^.fi/p' | sed '$d' > "$work/example.c"
grep -q main "$work/example.c" || complain 'libtariff(3) has no example'
${CC:-cc} -std=c17 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only "$work/example.c" ||
    complain 'the example of libtariff(3) does not compile'
exit $failed
