#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The number of jobs changes no byte, of reports or messages: the shipped scenarios as a batch, and a sweep, a time line, a break-even search and
# lines.csv each by itself: jobs.sh TARIFF, from the root.
set -eu
tariff=$1
work=$(mktemp -d)
trap 'code=$?; [ $code = 0 ] || cat "$work"/*/messages; rm -rf "$work"' EXIT

# The long time line is run by itself, on three of its days.
batch=$(ls scenarios/*.yaml | grep -v /partners-us-timeline.yaml)

for jobs in 1 2 7; do
    out=$work/$jobs
    mkdir "$out"
    exec 2> "$out/messages"
    "$tariff" run -q $batch -o "$out" --jobs $jobs
    "$tariff" run -q scenarios/partners-us-timeline.yaml -o "$out" --jobs $jobs \
        --set 'dates=[2025-03-04, 2025-08-07, 2026-02-24]'
    "$tariff" run -q scenarios/india-us-2025.yaml -o "$out" --jobs $jobs --set name=lines \
        --set 'reports=[summary, lines, {products_origins: {digits: 10}}]'
    "$tariff" run -q scenarios/india-us-2025-rates.yaml -o "$out/alone" --jobs $jobs
    "$tariff" run -q scenarios/india-us-2025-breakeven-20.yaml -o "$out/alone" --jobs $jobs
done
diff -r "$work/1" "$work/2"
diff -r "$work/1" "$work/7"

# What is run by itself is as it is in the batch.
for name in india-us-2025-rates india-us-2025-breakeven-20; do
    diff -r "$work/7/$name" "$work/7/alone/$name"
done
