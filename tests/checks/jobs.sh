#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The number of jobs changes no byte, of reports or messages: the shipped scenarios as a batch, and a sweep, a time line, a break-even search and
# lines.csv each by itself: jobs.sh TARIFF, from the root.
set -eu
tariff=$1
work=$(mktemp -d)
trap 'code=$?; [ $code = 0 ] || cat "$work"/*/messages; rm -rf "$work"' EXIT

# The long time line is run by itself, on three of its days; models with few draws.
batch=$(grep -L '^impact:' scenarios/*.yaml | grep -v /partners-us-timeline.yaml)
# Sanitizers need a few of each kind, and not all of them.
if { nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q -e __asan_init; then
    batch=$(echo "$batch" | grep -e /india-us-2025-headline -e /india-us-2025-chapters -e /eu- -e /uk-)
fi

alone='india-us-2025-rates india-us-2025-breakeven-20'
for jobs in 1 2 7; do
    out=$work/$jobs
    mkdir "$out"
    exec 2> "$out/messages"
    "$tariff" run -q $batch -o "$out" --jobs $jobs
    "$tariff" run -q scenarios/partners-us-timeline.yaml -o "$out" --jobs $jobs \
        --set 'dates=[2025-03-04, 2025-08-07, 2026-02-24]'
    "$tariff" run -q scenarios/india-us-2025.yaml -o "$out" --jobs $jobs --set name=lines \
        --set 'reports=[summary, lines, {products_origins: {digits: 10}}]'
    "$tariff" run -q scenarios/india-us-2025-impact-short.yaml -o "$out" --jobs $jobs \
        --set impact.draws=64
    for scenario in $alone; do
        "$tariff" run -q scenarios/$scenario.yaml -o "$out/alone" --jobs $jobs
    done
done
diff -r "$work/1" "$work/2"
diff -r "$work/1" "$work/7"

# What is run by itself is as it is in the batch.
for name in $alone; do
    [ ! -d "$work/7/$name" ] || diff -r "$work/7/$name" "$work/7/alone/$name"
done
