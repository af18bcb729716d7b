#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Small input that is built to become large: compressed bombs stop at a limit in bounded memory, and a schedule
# whose measures overlap without end stops with a hint, or is told of as far as the limit of errors goes.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/errors/good/* "$work"
cd "$work"
# AddressSanitizer reserves terabytes; there the bound is not tested, only the message.
bound='ulimit -v 262144'
{ nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q __asan_init && bound=:

# refused TEXT ARGUMENT...: exit 3 within the bound of memory, and this text among the messages.
refused() {
    text=$1 code=0
    shift
    sh -c "$bound"' && exec "$@"' sh "$tariff" "$@" > output 2> errors || code=$?
    # check has an exit code of its own for what is wrong
    if { [ $code != 3 ] && [ $code != 1 ]; } || ! grep -qF -e "$text" errors; then
        echo "tariff $*: exit $code, expected 3 and '$text', got:"
        cut -c 1-300 errors | head -n 10
        exit 1
    fi
}

# 256 MiB of one letter in a few hundred KiB: as flows, as a schedule, as a scenario.
{ echo 'hs,origin,importer,value'; head -c 268435456 /dev/zero | tr '\000' 7; } | gzip -1 > bomb.csv.gz
sed 's/file: flows.csv/file: bomb.csv.gz/' scenario.yaml > flows.yaml
refused 'more than' run -q flows.yaml -o out
{ echo 'layer,products,origins,importers,rate'; head -c 268435456 /dev/zero | tr '\000' 7; } | gzip -1 > law.csv.gz
sed 's/^schedule: .*/schedule: law.csv.gz/' scenario.yaml > schedule.yaml
refused 'more than' run -q schedule.yaml -o out
cp bomb.csv.gz scenario.gz
refused 'larger than' run -q scenario.gz -o out
mkdir package
cp bomb.csv.gz package/datapackage.json
sed 's/file: flows.csv/file: package/' scenario.yaml > package.yaml
refused 'larger than' run -q package.yaml -o out

# 6,000 measures on twenty sets each, all of the sets overlapping: ties everywhere, and with ranks none.
mkdir -p law/sets
awk 'BEGIN {
    print "layer,kind" > "law/layers.csv"
    for (i = 0; i < 60; i++) printf "l%d,additional\n", i > "law/layers.csv"
    for (s = 0; s < 200; s++) {
        file = "law/sets/s" s ".csv"
        print "hs" > file
        for (i = 0; i < 90; i++) printf "%02d\n", 1 + (i * 7 + s) % 96 > file
        close(file)
    }
    print "layer,products,origins,importers,from,until,rate,rank" > "law/measures.csv"
    for (i = 0; i < 6000; i++) {
        printf "l%d,", i % 60 > "law/measures.csv"
        for (k = 0; k < 20; k++) printf "%s@s%d", k ? " " : "", (i * 31 + k * 17) % 200 > "law/measures.csv"
        printf ",%s,US,%d-01-01,,%d%%,\n", i % 3 ? "IN" : "CN", 2000 + i % 25, i % 50 > "law/measures.csv"
    }
}'
refused 'ties with' check law
[ "$(grep -c ': error: ' errors)" -le 60 ] || { echo 'more errors than the limit'; exit 1; }
awk -F, 'NR > 1 { $0 = $0 NR } { print }' law/measures.csv > ranked
cp ranked law/measures.csv
code=0
sh -c "$bound"' && exec "$@"' sh "$tariff" check law > output 2> errors || code=$?
case $code in
0) ;;
1) grep -q 'too many measures overlap' errors || { echo 'not told why'; cat errors; exit 1; } ;;
*) echo "exit $code of measures that overlap"; cat errors; exit 1 ;;
esac

# Other schedules that multiply what a law is made of: dates of 64 layers, dated ways to give way, sets and groups
# that overlap and are named by the hundred. They are compiled, and a line of flows is run over all of their dates.
rm -rf law ranked
mkdir -p dates yields sets/sets groups
awk 'function day(n) { return sprintf("%d-%02d-%02d", 1900 + int(n / 336) % 190, 1 + int(n / 28) % 12, 1 + n % 28) }
BEGIN {
    split("dates yields sets groups", law, " ")
    for (l = 1; l in law; l++) {
        file = law[l] "/layers.csv"
        print "layer,kind,select" > file
        for (i = 0; i < 64; i++) printf "l%d,additional,%s\n", i, law[l] == "sets" ? "sum" : "specific" > file
        file = law[l] "/measures.csv"
        print "layer,products,origins,importers,from,until,rate" > file
        close(law[l] "/layers.csv")
    }
    for (i = 0; i < 30000; i++)
        printf "l%d,%06d,IN,US,%s,%s,1%%\n", i % 64, 100000 + i, day(i), day(i + 16800) > "dates/measures.csv"

    for (i = 0; i < 64; i++) printf "l%d,*,IN,US,,,1%%\n", i > "yields/measures.csv"
    print "layer,to,scope,from,until" > "yields/yields.csv"
    for (i = 0; i < 10000; i++) {
        a = i % 63
        printf "l%d,l%d,part,%s,%s\n", a, a + 1 + i * 7 % (63 - a), day(i), day(i + 16800) > "yields/yields.csv"
    }

    for (s = 0; s < 256; s++) {
        file = "sets/sets/s" s ".csv"
        print "hs" > file
        for (i = 0; i < 300; i++) printf "%06d\n", 100000 + (i * 7 + s) % 90000 > file
        close(file)
    }
    print "group,member,from,until" > "groups/groups.csv"
    for (i = 0; i < 25000; i++)
        printf "g%d,%s,%s,%s\n", i % 500, i % 2 ? "IN" : "CN", day(i), day(i + 336) > "groups/groups.csv"
    for (i = 0; i < 600; i++) {
        products = origins = ""
        for (k = 0; k < 256; k++) {
            products = products " @s" k
            origins = origins " @g" (i + k) % 500
        }
        printf "l%d,%s,IN,US,,,%d%%\n", i % 64, substr(products, 2), i > "sets/measures.csv"
        printf "l%d,*,%s,US,%s,%s,%d%%\n", i % 64, substr(origins, 2), day(i * 97), day(i * 97 + 97), i % 50 > "groups/measures.csv"
    }
}'
printf 'hs,origin,importer,value\n100100,IN,US,100\n' > flows.csv
for law in dates yields sets groups; do
    printf 'tariff: 1\nname: %s\nflows: {file: flows.csv}\nschedule: %s\nreports: [summary]\n' $law $law > scenario.yaml
    echo 'dates: {from: 2020-01-01, until: 2026-01-01, every: change}' >> scenario.yaml
    for command in "check $law" 'run -q scenario.yaml -o out'; do
        code=0
        # shellcheck disable=SC2086 # words of a command
        sh -c "$bound"' && exec "$@"' sh "$tariff" $command > output 2> errors || code=$?
        [ $code = 0 ] || { echo "tariff $command: exit $code"; cut -c 1-300 errors | head -n 10; exit 1; }
    done
    [ "$(wc -l < out/$law/summary.csv)" -gt 10 ] || { echo "no summary of $law"; exit 1; }
done
