#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What three static analysers find in src/ is nothing, or has its reason in analysis_accepted.txt: cppcheck,
# gcc -fanalyzer and clang-tidy, whose checks .clang-tidy names.  Those two that follow paths
# through the code, gcc's and clang's, take minutes, and run with TARIFF_TEST_ALL=1 only:
#     TARIFF_TEST_ALL=1 sh tests/checks/analysis.sh build/release/src/cli/tariff
set -eu
LC_ALL=C
export LC_ALL
build=$(cd "$(dirname "$1")/../.." && pwd)
accepted=tests/checks/analysis_accepted.txt
all=${TARIFF_TEST_ALL:-0}
! grep -q -e '^TARIFF_SANITIZE[A-Z_]*:BOOL=ON' -e '^TARIFF_FUZZ:BOOL=ON' "$build/CMakeCache.txt" || {
    echo 'skipped: one build is enough, the optimised one'
    exit 77
}
[ -f "$build/compile_commands.json" ] || { echo 'skipped: no compile_commands.json'; exit 77; }
work=$(mktemp -d)
export WORK="$work"
trap 'rm -rf "$work"' EXIT
processors=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)
find src -name '*.c' ! -name make_country_table.c | sort > "$work/files"
[ "$(wc -l < "$work/files")" -gt 100 ] || { echo 'where are the sources?'; exit 1; }
: > "$work/found"
ran=

# keep TOOL: from compilers' messages on standard input, "TOOL CHECK FILE:LINE:COLUMN: TEXT", each once.
keep() {
    sed -n "s,^$PWD/,,; s/^\([a-z][^:]*:[0-9]*:[0-9]*\): \(warning\|error\): \(.*\) \[\([^]]*\)\]$/$1 \4 \1: \3/p" |
        sort -u >> "$work/found"
}

if command -v cppcheck > /dev/null; then
    ran="$ran cppcheck"
    cppcheck --std=c17 --language=c --enable=warning,performance,portability --quiet -j 2 \
        -D_GNU_SOURCE -Iinclude -Isrc --suppress=missingIncludeSystem \
        --template='{file}:{line}:{column}: warning: {message} [{id}]' src > "$work/cppcheck" 2>&1
    keep cppcheck < "$work/cppcheck"
fi

# The compiler that builds, with the flags that it builds with.
compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
if [ "$all" = 1 ] && "$compiler" --version 2> /dev/null | grep -q 'Free Software Foundation'; then
    ran="$ran gcc"
    flags="-std=c17 -D_GNU_SOURCE -DTARIFF_EXPERIMENTAL -O1 -Iinclude -Isrc -DCLI_DATA_FROM_BIN=\"\" $(pkg-config --cflags yaml-0.1 jansson libxxhash libzstd gsl)"
    # shellcheck disable=SC2086 # words of a command
    xargs -P "$processors" -I{} sh -c '"$0" "$@" -fanalyzer -fdiagnostics-plain-output -c -o /dev/null "{}" \
        > "$WORK/$(echo "{}" | tr / _).gcc" 2>&1' "$compiler" $flags < "$work/files"
    cat "$work"/*.gcc | sed 's/ \[CWE-[0-9]*\]//' | keep gcc
fi

if command -v clang-tidy > /dev/null; then
    ran="$ran clang-tidy"
    checks=-clang-analyzer-*
    [ "$all" != 1 ] || checks=
    # One file a process: with several, clang-tidy 14 takes each va_list for one that was not begun.
    xargs -P "$processors" -I{} sh -c 'clang-tidy -p "$1" --quiet "--checks=$2" "{}" \
        > "$WORK/$(echo "{}" | tr / _).tidy" 2> "$WORK/$(echo "{}" | tr / _).log" || {
        cat "$WORK/$(echo "{}" | tr / _).log"
        exit 255
    }' sh "$build" "$checks" < "$work/files"
    cat "$work"/*.tidy | keep clang-tidy
fi

[ -n "$ran" ] || { echo 'skipped: neither cppcheck nor gcc nor clang-tidy is installed'; exit 77; }
echo "asked:$ran${checks-}"

# A line of the list, "TOOL CHECK FILE REASON", takes all that the tool finds of this kind in this file.
awk -v ran="$ran " -v all="$all" '
    NR == FNR && (/^#/ || NF == 0) { next }
    NR == FNR {
        if (NF < 4) { print FILENAME ":" FNR ": no reason"; bad = 1 }
        reason[$1 " " $2 " " $3] = FNR
        next
    }
    {
        split($3, at, ":")
        key = $1 " " $2 " " at[1]
        if (key in reason) used[key] = 1
        else { sub(/^[^ ]+ [^ ]+ /, ""); print $0 " [" key "]"; bad = 1 }
    }
    END {
        for (key in reason) {
            split(key, word, " ")
            asked = index(ran, " " word[1] " ") && (all == 1 || key !~ /clang-analyzer/)
            if (asked && !(key in used)) { print "accepted, and no more found: " key; bad = 1 }
        }
        exit bad
    }' "$accepted" "$work/found"
