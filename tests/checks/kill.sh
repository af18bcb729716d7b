#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A batch that is killed at random moments, ten times, and then run to its end gives the same bytes as one that nobody
# disturbed; an interrupt leaves whole reports only, and exit code 130: kill.sh TARIFF [SEED].
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
seed=${2:-1}
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "$* (seed $seed)"
    [ ! -s errors ] || cat errors
    exit 1
}

# 200 small scenarios, each with a rate of its own; among them baselines, sweeps, time lines and lines.csv.
awk 'BEGIN {
    print "hs,origin,importer,value" > "flows.csv"
    for (i = 0; i < 40; i++) printf "%06d,%s,US,%d\n", 100100 + 20317 * i, i % 3 ? "IN" : "CN", 1000 + 7 * i > "flows.csv"
    for (i = 0; i < 200; i++) {
        law = sprintf("law%03d.csv", i)
        print "layer,products,origins,importers,from,until,rate,citation" > law
        printf "order,*,IN,US,2025-01-01,,%.1f%%,C\n", i / 10 > law
        printf "other,10-50,*,US,2025-03-01,,%d%%,C\n", i % 7 > law
        close(law)
        file = sprintf("s%03d.yaml", i)
        printf "tariff: 1\nname: s%03d\nflows: {file: flows.csv}\nschedule: %s\n", i, law > file
        if (i % 20 == 7) print "dates: {from: 2025-01-01, until: 2025-06-01, every: change}" > file
        else print "date: 2025-06-01" > file
        if (i % 20 == 3) print "baseline: {date: 2025-02-01}" > file
        if (i % 20 == 11) print "sweep: {rate: {set: {layer: order}, rate: {from: 0%, to: 20%, step: 1%}}}" > file
        if (i % 20 == 15) print "reports: [summary, layers, lines]" > file
        close(file)
    }
}'

now() { date +%s%N; }
began=$(now)
"$tariff" run -q s*.yaml -o whole 2> errors || fail "exit $? without a disturbance"
took=$((($(now) - began) / 1000000))

# moments COUNT: as many random shares of the time that the whole takes, up to a seventh of it.
moments() {
    awk -v seed="$seed" -v n="$1" -v took="$took" 'BEGIN {
        srand(seed)
        for (i = 0; i < n; i++) printf "%.3f\n", (0.02 + 0.13 * rand()) * took / 1000
    }'
}

# Killed outright: what is left lets the next run go on from there.
hits=0
for moment in $(moments 10); do
    "$tariff" run -q s*.yaml -o killed 2> errors &
    pid=$!
    sleep "$moment"
    kill -KILL $pid 2> errors || :
    code=0
    wait $pid 2> errors || code=$?
    [ $code != 137 ] || hits=$((hits + 1))
    [ $code = 137 ] || [ $code = 0 ] || fail "exit $code, expected 137 or 0"
done
[ $hits -ge 3 ] || fail "only $hits of ten runs were there to be killed: the moments are too late"
"$tariff" run -q s*.yaml -o killed 2> errors || fail "exit $? after ten kills"
diff -r whole killed > differences || fail "after ten kills ($hits while running): $(head -20 differences)"

# Interrupted: the exit code says so, and every directory is as it will be at the end.
code=0
"$tariff" run -q s*.yaml -o interrupted 2> errors &
pid=$!
sleep "$(moments 1)"
kill -INT $pid 2> /dev/null || :
wait $pid || code=$?
[ $code = 130 ] || fail "exit $code after an interrupt, expected 130"
[ ! -e interrupted/index.csv ] || fail "an index of an interrupted batch"
found=0
for folder in interrupted/s*; do
    [ -e "$folder" ] || continue
    diff -r "whole/${folder#*/}" "$folder" || fail "an interrupt left $folder in parts"
    found=$((found + 1))
done
[ $found -lt 200 ] || fail "the interrupt came too late"
[ -z "$(find . -name '*~' -path './interrupted/*')" ] || fail "an interrupt left temporary files"
"$tariff" run -q s*.yaml -o interrupted 2> errors || fail "exit $? after an interrupt"
diff -r whole interrupted > differences || fail "after an interrupt: $(head -5 differences)"
