#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A batch that is killed at random moments, and then run to its end, gives the same bytes as one that nobody disturbed;
# after each kill every file is absent, or the old one, or the new one; an interrupt leaves whole reports only, and exit
# code 130: kill.sh TARIFF [SEED [KILLS]].
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
seed=${2:-1}
kills=${3:-10}
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

# moments COUNT MOST: as many random shares of the time that the whole takes, up to MOST of it.
moments() {
    awk -v seed="$seed" -v n="$1" -v most="$2" -v took="$took" 'BEGIN {
        srand(seed)
        for (i = 0; i < n; i++) printf "%.3f\n", (0.02 + (most - 0.02) * rand()) * took / 1000
    }'
}

# The same scenarios over twice the trade: reports of the same names, each with other bytes.
awk -F, -v OFS=, 'NR > 1 { $4 *= 2 } { print }' flows.csv > twice.csv
"$tariff" run -q s*.yaml -o twice --set flows.file=twice.csv 2> errors || fail "exit $? of twice the trade"
sums() { (cd "$1" && find . -type f ! -name '*~' -exec cksum {} +); }
{ sums whole; sums twice; } | sort > allowed
both=$(sort allowed | uniq -d | wc -l) all=$(sums whole | wc -l)
[ $((both * 2)) -lt "$all" ] || fail "$both of $all files are the same for other trade"

# Killed outright, the old and the new in turn over one directory: what is left lets the next run go on from there.
hits=0 round=0
for moment in $(moments "$kills" 0.8); do
    round=$((round + 1))
    new=flows.csv
    [ $((round / 2 % 2)) = 0 ] || new=twice.csv
    "$tariff" run -q s*.yaml -o killed --set flows.file=$new 2> errors &
    pid=$!
    sleep "$moment"
    kill -KILL $pid 2> errors || :
    code=0
    wait $pid 2> errors || code=$?
    [ $code != 137 ] || hits=$((hits + 1))
    [ $code = 137 ] || [ $code = 0 ] || fail "exit $code, expected 137 or 0"
    [ ! -d killed ] || sums killed | sort | comm -23 - allowed > parts
    [ ! -s parts ] || fail "neither old nor new after kill $round: $(head -5 parts)"
done
[ $((hits * 10)) -ge $((kills * 3)) ] || fail "only $hits of $kills runs were there to be killed: the moments are too late"
"$tariff" run -q s*.yaml -o killed 2> errors || fail "exit $? after $kills kills"
diff -r whole killed > differences || fail "after $kills kills ($hits while running): $(head -20 differences)"
echo "killed $hits of $kills"

# Interrupted: the exit code says so, and every directory is as it will be at the end.
code=0
"$tariff" run -q s*.yaml -o interrupted 2> errors &
pid=$!
sleep "$(moments 1 0.15)"
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
