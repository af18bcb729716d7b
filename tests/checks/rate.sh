#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `tariff rate` against `tariff run` of a pipe, which shares no code with its fast lane: every rate of
# every layer of every shipped line is that of lines.csv, and lines.csv of a file that of a pipe, whatever the number of threads and whatever the
# rows look like; memory does not grow with the stream; a pipe that closes is no error.
set -eu
tariff=$1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
law=$root/datasets/us-tariffs
sanitized=false
{ nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q __asan_init && sanitized=true

fail() { echo "$*"; exit 1; }

# Rows: a part of them where each costs ten times as much.
rows=92549
$sanitized && rows=9000
gzip -dc "$root/datasets/us-imports-2024-selected/flows.csv.gz" | head -n $((rows + 1)) > flows.csv
cat > case.yaml << YAML
tariff: 1
name: case
flows: {file: flows.csv}
schedule: $law
date: 2025-08-27
reports: [lines]
YAML
"$tariff" run case.yaml -q -o out --set flows.file=- < flows.csv 2> /dev/null
cut -d, -f 8- out/case/lines.csv > expected

# lines.csv of a file is written on all threads, that of a pipe row by row.
head -n 20001 flows.csv | sed '5,9s/,/",/; 5,9s/^/"/; 30s/$/\r/' > dressed.csv
for day in 2025-08-27 period period-average; do
    for more in '' '--spreadsheet' "--set where.origins=[BR,CA,IN,CN]"; do
        # shellcheck disable=SC2086 # an option or none
        "$tariff" run case.yaml -q -o by.row --date $day $more --set flows.file=- < dressed.csv 2> /dev/null
        for threads in 1 3; do
            # shellcheck disable=SC2086
            "$tariff" run case.yaml -q -o by.block --date $day $more --set flows.file=dressed.csv \
                -j $threads 2> /dev/null
            cmp by.row/case/lines.csv by.block/case/lines.csv || fail "lines of $day $more"
        done
    done
done
[ "$(wc -l < by.row/case/lines.csv)" -gt 100 ] || fail 'no lines'

# Of a file of some size it is written while the file is read in bulk, also if blocks of it are empty; and if that
# stops in the midst of it, at a line that is too long for it, it is written anew. Sanitizers are slow: there, few rows
# are made long.
pad='' days='2025-08-27 period' least=100000
$sanitized && pad=$(printf '%250s' '' | tr ' ' x) days=period least=17000
{
    sed 's/$/,remark/;q' flows.csv
    tail -n +2 flows.csv | sed "s/$/,$pad/"
    tail -n +2 flows.csv | awk -v pad="$pad" 'NR == 1000 { for (i = 0; i < 600000; i++) print "" } { print $0 "," pad }'
} > large.csv
{ cat large.csv; sed -n "2s/,BR/,$(printf '%9000s' '')BR/;2s/$/,/p" flows.csv; } > stops.csv
for file in large.csv stops.csv; do
    [ "$(wc -c < $file)" -gt 4500000 ] || fail "$file is no large file"
    for day in $days; do
        "$tariff" run case.yaml -q -o by.row --date $day --set flows.file=- < $file 2> /dev/null
        for threads in 1 3; do
            "$tariff" run case.yaml -q -o by.block --date $day --set flows.file=$file -j $threads 2> /dev/null
            cmp by.row/case/lines.csv by.block/case/lines.csv || fail "lines of $file, $day"
        done
    done
done
[ "$(wc -l < by.row/case/lines.csv)" -gt $least ] || fail 'few lines'

# rated FILE THREADS: what is added to its rows, as lines.csv has it: without the remarks.
rated() {
    "$tariff" rate "$law" "$1" --date 2025-08-27 --layers -q -j "$2" > rated.csv
    awk -F, -v OFS=, -v width="$3" '{
        out = $(width + 1)
        for (i = width + 2; i <= NF; i++)
            if (i != width + 5)
                out = out OFS $i
        print out
    }' rated.csv > got
}
for threads in 1 2 3; do
    rated flows.csv $threads 5
    cmp expected got || fail "rates on $threads threads are not those of run"
    cut -d, -f 1-5 rated.csv | cmp - flows.csv || fail 'the rows are not those that came in'
done

# The same in other clothes: CRLF, quotes, blank lines, lines within fields, letters beyond ASCII,
# a byte order mark, no newline at the end.
awk -v seed=7 'BEGIN { srand(seed); printf "\357\273\277" }
    NR == 1 { printf "remark\342\202\254,%s", $0; next }
    {
        n = int(rand() * 2000)
        printf n % 2 ? "\r\n" : "\n"
        if (n == 0)
            printf "\n\r\n"
        text = n < 10 ? "\"two\nlines\"" : n < 300 ? "\"quoted\"" : n < 303 ? "\"a \"\"b\"\"\"" : n < 600 ? "\303\251" : n < 700 ? "" : "x"
        if (n % 100 == 5)
            sub(/^[0-9]+/, "\"&\"")
        if (n % 500 == 6)
            sub(/^[0-9]+/, "& ")
        printf "%s,%s", text, $0
    }' flows.csv > odd.csv
for threads in 1 2 4; do
    "$tariff" rate "$law" odd.csv --date 2025-08-27 -q -j $threads > odd.$threads
    cmp odd.1 odd.$threads || fail "odd rows on $threads threads differ from those on one"
done
# What is added ends each record; a record that goes on in a second line has it there.
"$tariff" rate "$law" flows.csv --date 2025-08-27 -q | cut -d, -f 6- | tail -n +2 > plain.added
tail -n +2 odd.1 | grep -v '"two$' | sed 's/^.*,\(\([^,]*,\)\{4\}[^,]*\)$/\1/' | cmp - plain.added ||
    fail 'odd rows are rated in another way than plain ones'

# Standard input, compressed input, and a reader that stops: no words, and no zero either.
gzip -c flows.csv | "$tariff" rate "$law" --date 2025-08-27 --layers -q | cmp - rated.csv ||
    fail 'standard input'
"$tariff" rate "$law" flows.csv --date 2025-08-27 2> words | head -n 1 > first
[ "$(wc -l < first)" = 1 ] && [ ! -s words ] || fail "a closed pipe: $(cat words)"

# Progress, where it is wanted: rows, ever more of them, the last time all; nothing of it elsewhere.
"$tariff" rate "$law" flows.csv --date 2025-08-27 --progress always 2>&1 > rated.csv |
    tr '\r' '\n' | grep 'rows, .* a second' | tr -d ',' | awk '{ print $1 }' > done
sort -n done | cmp -s - done || fail 'progress goes back'
[ "$(tail -n 1 done)" = "$rows" ] || fail "the last progress is $(tail -n 1 done) of $rows rows"
"$tariff" rate "$law" flows.csv --date 2025-08-27 2>&1 > /dev/null | grep 'a second' &&
    fail 'progress where there is no terminal'
"$tariff" rate "$law" flows.csv --date 2025-08-27 --progress maybe 2> said && fail '--progress maybe'
grep -q -e '--progress is always or never' said || fail "--progress maybe: $(cat said)"

# A writer that waits for the first rows before it writes the last gets them; row by row, too, as
# after the doubled quotes.
mkfifo slow
{
    echo 'hs,origin,importer,value,note'
    echo '61091000,IN,US,1,"a ""note"" of it"'
    echo '61091000,IN,US,2,'
    for _ in $(seq 600); do
        [ -e early.done ] && break
        sleep 0.1
    done
    [ -e early.done ] || touch waited.in.vain
    echo '61091000,IN,US,3,'
    echo '61091000,IN,US,4,'
} > slow &
"$tariff" rate "$law" slow --date 2025-08-27 -q | { head -n 3 > early; touch early.done; cat > late; }
wait
[ ! -e waited.in.vain ] || fail 'rows of a stream wait for its end'
[ "$(wc -l < early)" = 3 ] && [ "$(wc -l < late)" = 2 ] || fail 'rows of a slow writer'

# 3 million rows in memory that would not hold their text; sanitizers reserve terabytes.
$sanitized && exit 0
printf 'layer,products,origins,importers,from,until,rate\norder,*,IN,US,,,25%%\n' > order.csv
awk 'BEGIN {
    print "hs,origin,importer,value,parts,note"
    for (i = 0; i < 3000000; i++)
        print "610910,IN,US," i ",,some words that make the row longer"
}' | sh -c 'ulimit -v 131072 && exec "$0" rate order.csv --date 2025-08-27 -j 2' "$tariff" |
    awk -F, 'NR > 1 { if (substr($10, 1, length($10)) != sprintf("%.2f", $4 / 4 + 0.0001)) bad++ } END { print NR, bad + 0 }' > count
[ "$(cat count)" = '3000001 0' ] || fail "a long stream: $(cat count)"
