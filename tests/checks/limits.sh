#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Hostile and very long input: a field of 1 GiB stops with a position, in bounded memory; a file
# that turns bad at row 900,000 is told of at exactly that line.
set -eu
tariff=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac

cat > scenario.yaml << YAML
tariff: 1
name: limits
flows: {file: "-", origin: IN, importer: US}
schedule: measures.csv
date: 2025-08-27
YAML
cat > measures.csv << CSV
layer,products,origins,importers,from,until,rate
order,*,IN,US,,,25%
CSV

# AddressSanitizer reserves terabytes; there the bound is not tested, only the message.
bound='ulimit -v 131072'
{ nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q __asan_init && bound=:

# bounded: the scenario on standard input, in 128 MiB of address space; its exit code is
# left in the file `code`, for this is the end of a pipe.
bounded() {
    code=0
    sh -c "$bound"' && exec "$0" run scenario.yaml -o out' "$tariff" 2> errors || code=$?
    echo $code > code
}

# refused WHAT PLACE TEXT: the last run failed on bad input, there, saying that; nothing is written.
refused() {
    code=$(cat code)
    if [ $code != 3 ] || ! grep -q "^-:$2: error: .*$3" errors; then
        echo "$1: exit $code, expected -:$2 ... $3, got:"
        cut -c 1-300 errors | head -n 20
        exit 1
    fi
    [ "$(wc -c < errors)" -lt 5000 ] || { echo "$1: a message of $(wc -c < errors) bytes"; exit 1; }
    [ -z "$(find out -type f 2> /dev/null)" ] || { echo "$1: reports were written"; exit 1; }
}

gibibyte() {
    head -c 1073741824 /dev/zero | tr '\000' "$1"
}

{ echo 'hs,value'; echo '610910,1'; printf '610910,'; gibibyte 7; } | bounded
refused 'a long field' 3:[18] 'more than'
{ echo 'hs,value'; echo '610910,1'; printf '610910,"'; gibibyte 7; } | bounded
refused 'a long quoted field' 3:[18] 'more than'
if [ "$bound" != : ]; then # a field that grows line by line is copied each time by sanitizers
    { echo 'hs,value'; printf '610910,"1\n'; yes | head -c 1073741824; } | bounded
    refused 'a quoted field of many lines' '2:[18]' 'more than'
fi
{ echo 'hs,value'; printf '610910'; gibibyte ,; } | bounded
refused 'a record of many fields' '2:[0-9]*' ''
gibibyte h | bounded
refused 'a long header' 1:1 'more than'

# rows LAST: a header and a million rows, of which one is LAST.
rows() {
    awk -v bad="$1" 'BEGIN {
        print "hs,value"
        for (i = 1; i <= 1000000; i++)
            print i == 900000 ? bad : "610910," i % 1000
    }'
}

rows 610910,oops | bounded
refused 'a bad value' 900001:8 "'oops' is not a number"
[ "$bound" = : ] && exit 0 # sanitizers are slow, and have read a million rows
rows 610910 | bounded
refused 'a ragged row' '900001:[0-9]*' '1 field'
rows '610910,"1' | bounded
refused 'a quote that is not closed' 900001:8 ''
rows "$(printf '610910,1\351')" | bounded
refused 'a byte that is not UTF-8' 900001:9 'byte 0xe9 is not UTF-8'

rows 610910,1 | bounded
[ "$(cat code)" = 0 ] || { echo "a million good rows: exit $(cat code)"; cat errors; exit 1; }
grep -q ',lines,1000000,lines$' out/limits/summary.csv
