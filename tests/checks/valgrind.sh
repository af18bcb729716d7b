#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Under valgrind: no invalid access, no use of what was never set, no leak; where all goes well and
# where it does not.
set -eu
tariff=$1
command -v valgrind > /dev/null || { echo 'skipped: valgrind is not installed'; exit 77; }
if { nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q -e __asan_init -e __ubsan_handle; then
    echo 'skipped: the command is built with sanitizers, which valgrind does not run'
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# clean CODE ARGUMENT...: the command exits with CODE, and valgrind finds nothing.
clean() {
    expected=$1
    shift
    code=0
    valgrind --quiet --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all \
        --error-exitcode=99 --log-file="$work/log" "$tariff" "$@" > "$work/out" 2> "$work/err" ||
        code=$?
    [ $code = "$expected" ] && [ ! -s "$work/log" ] && return
    echo "tariff $*: exit $code, expected $expected"
    cat "$work/err" "$work/log"
    exit 1
}

clean 0 run scenarios/india-us-2025-headline.yaml -o "$work/reports"
clean 0 explain scenarios/india-us-2025-headline.yaml --hs 71 --origin IN --importer US \
    --format json
clean 0 list layers datasets/india-headline-schedule
clean 3 run tests/errors/many_errors/scenario.yaml -o "$work/reports"
clean 3 run tests/errors/many_errors_in_flows/scenario.yaml -o "$work/reports"
clean 3 run tests/errors/yields_cycle/scenario.yaml -o "$work/reports"
clean 3 run tests/errors/scenario_duplicate_key/scenario.yaml -o "$work/reports"
clean 2 run --frobnicate
