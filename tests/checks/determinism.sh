#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The same bytes, whatever is around: 32 runs in a row, each with another number of jobs, locale, time zone, idea of the
# time, directory and size of the environment; and the same from every other command given, as other compilers and levels
# of optimisation build it: determinism.sh TARIFF [TARIFF...], from the root.  (shuffled.sh sees to the order of rows.)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Exact reports, every kind of them, and models in floating point.
small="tests/golden/every_report/scenario.yaml scenarios/india-us-2025-headline.yaml"
large="scenarios/india-us-2025.yaml scenarios/india-us-2025-rates.yaml"
if { nm "$1"; nm -D "$1"; } 2> /dev/null | grep -q -e __asan_init -e __tsan_init; then
    large="scenarios/india-us-2025-chapters.yaml"
fi

# run_all TARIFF DIRECTORY JOBS WHICH: reports and messages; WHICH: small, or small and large.
run_all() {
    mkdir -p "$2/small" "$2/large"
    "$1" run -q $small -o "$2/small" --fresh --jobs "$3" > "$2/small/output" 2> "$2/small/messages"
    "$1" explain scenarios/india-us-2025.yaml --hs 7318152095 --origin IN --value 123456.789 --format json \
        > "$2/small/explanation"
    [ "$4" = small ] && return
    "$1" run -q $large -o "$2/large" --fresh --jobs "$3" > "$2/large/output" 2> "$2/large/messages"
    "$1" run -q scenarios/india-us-2025-impact-short.yaml -o "$2/large" --fresh --jobs "$3" --set impact.draws=8 \
        >> "$2/large/output" 2>> "$2/large/messages"
}

locales=$(locale -a 2> /dev/null || echo C)
# A locale with a decimal comma and another order of letters, where one can be made.
if localedef -f UTF-8 -i de_DE "$work/de_DE.UTF-8" 2> /dev/null; then
    locales="$locales de_DE.UTF-8"
fi
run_all "$1" "$work/first" 1 large
padding=
run=0
while [ $run -lt 32 ]; do
    run=$((run + 1))
    locale=$(echo $locales | tr ' ' '\n' | awk -v n=$run '{ l[NR] = $0 } END { print l[n % NR + 1] }')
    zone=$(echo UTC Asia/Kolkata America/St_Johns Pacific/Kiritimati NoSuch/Zone | cut -d' ' -f $((run % 5 + 1)))
    jobs=$(echo 1 2 7 | cut -d' ' -f $((run % 3 + 1)))
    padding=x$padding$padding
    [ ${#padding} -lt 4000 ] || padding=
    out=$work/$padding$run
    [ ${#padding} -lt 100 ] || out=$work/$run
    (
        export LC_ALL="$locale" LANG="$locale" LOCPATH="$work" TZ="$zone" PADDING="$padding"
        [ "$locale" = de_DE.UTF-8 ] || unset LOCPATH
        [ $((run % 2)) = 0 ] || export SOURCE_DATE_EPOCH=$((run * 86400 * 365))
        # All of it in a few of the rounds.
        which=small
        [ $((run % 8)) != 0 ] || which=large
        run_all "$1" "$out" "$jobs" $which
    )
    [ $((run % 8)) = 0 ] || cp -R "$work/first/large/." "$out/large"
    diff -r "$work/first" "$out" > "$work/differences" || {
        echo "run $run (jobs $jobs, locale $locale, zone $zone) differs:"
        head -20 "$work/differences"
        exit 1
    }
    rm -rf "$out"
done

first=$1
shift
for other; do
    run_all "$other" "$work/other" 2 large
    diff -r "$work/first" "$work/other" || { echo "$other differs from $first"; exit 1; }
    rm -rf "$work/other"
done
