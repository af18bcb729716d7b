#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each limit that `tariff help limits` names is where it says: as much is taken, one more is refused, with the
# number, and old reports stay.  The number of measures, and memory to the byte, are test_limits.c's.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$tariff" help limits > topic
failed=0
: > tested

complain() {
    echo "$*"
    failed=1
}

# limit NAME: what the topic says.
limit() {
    echo "$1" >> tested
    sed -n "s/^  $1  *\([0-9][0-9]*\).*/\1/p" topic
}

# filling SIZE CHARACTER: of a size below 0 there would be no end.
filling() {
    [ "$1" -ge 0 ] || { echo "a filling of $1 bytes" >&2; exit 1; }
    head -c "$1" /dev/zero | tr '\000' "$2"
}

begin() {
    rm -rf ./*.csv ./*.yaml law package flows
    mkdir -p law/claims law/parts law/sets
    printf 'layer,kind\nl,additional\n' > law/layers.csv
    printf 'layer,products,origins,importers,from,until,rate,when\nl,*,*,US,,,25%%,\n' > law/measures.csv
    printf 'hs,origin,importer,value\n610910,IN,US,100\n' > flows.csv
    printf 'tariff: 1\nname: case\nflows: {file: flows.csv}\nschedule: law\ndate: 2025-08-27\n' > scenario.yaml
    : > more.yaml
}

# repeat N TEXT: the text N times, with the numbers from 1 for %d.
repeat() {
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 1; i <= n; i++) { t = text; gsub(/%d/, i, t); printf "%s", t } }'
}

# holds NAME WRITER MESSAGE [COMMAND]: WRITER N writes input of size N. At the limit it is taken, one above refused.
# With the command `over` only the latter is tried, for what would take long.
holds() {
    name=$1 most=$(limit "$1") command=${4:-check}
    [ "$command" != over ] || command=check
    [ -n "$most" ] || { complain "the topic does not name '$1'"; return 0; }
    for n in "$most" $((most + 1)); do
        [ "${4:-}/$n" != "over/$most" ] || continue
        begin
        "$2" "$n"
        cat more.yaml >> scenario.yaml
        code=0
        "$tariff" "$command" -q scenario.yaml > output 2> errors || code=$?
        if [ "$n" = "$most" ]; then
            [ $code = 0 ] || complain "$name: exit $code of $n: $(cut -c 1-200 errors | head -n 3)"
        elif [ $code = 0 ] || ! grep 'error: ' errors | grep -q -e "$3"; then
            complain "$name: exit $code of $n, expected '$3': $(cut -c 1-200 errors | head -n 3)"
        fi
    done
}

field() { # unused columns count
    { printf 'hs,origin,importer,value,note\n610910,IN,US,100,'; filling "$1" x; echo; } > flows.csv
}
record() { # of many shorter fields; the newline is one of its bytes
    { printf 'hs,origin,importer,value'; repeat 99 ',a%d'; printf '\n610910,IN,US,100'
      repeat 99 ",$(filling 42000 x)"; } > flows.csv
    # what is missing of the size
    have=$(tail -n 1 flows.csv | wc -c)
    { filling $(($1 - have - 1)) y; echo; } >> flows.csv
}
columns() {
    { printf 'hs,origin,importer,value'; repeat $(($1 - 4)) ',a%d'; printf '\n610910,IN,US,100'
      repeat $(($1 - 4)) ,; echo; } > flows.csv
}
document() {
    have=$(($(wc -c < scenario.yaml) + 3))
    { printf '# '; filling $(($1 - have)) x; echo; } > more.yaml
}
nesting() { # in a key that is never reached, but read
    { printf 'tariff: 1\nname: case\nwhere: '; repeat $(($1 - 1)) '['; repeat $(($1 - 1)) ']'; echo; } > scenario.yaml
}
chain() {
    for i in $(seq 2 "$1"); do
        mv scenario.yaml "s$i.yaml"
        echo "extends: s$i.yaml" > scenario.yaml
    done
}
changes() {
    { echo 'changes:'; repeat "$1" '  - set: {layer: l, rate: %d%}\n' | sed 's/\\n/\n/g'; } > more.yaml
}
points() {
    printf 'sweep: {x: {set: {layer: l}, rate: {from: 0%%, to: %s%%, step: 0.001%%}}}\n' \
        "$(awk -v n="$1" 'BEGIN { printf "%.3f", (n - 1) / 1000 }')" > more.yaml
}
dimensions() {
    { printf 'sweep: {'; repeat "$1" 'x%d: {key: date, values: [2025-08-27]},' | sed 's/,$//'; echo '}'; } > more.yaml
}
dates() {
    printf 'tariff: 1\nname: case\nflows: {file: flows.csv}\nschedule: law\ndates: {from: 1950-01-01, until: %s, every: day}\nreports: [summary]\n' \
        "$(awk -v n="$1" 'BEGIN { y = 1950; while (n >= (d = 365 + (y % 4 == 0))) { n -= d; y++ }
            split("31 28 31 30 31 30 31 31 30 31 30 31", m, " "); if (y % 4 == 0) m[2] = 29
            for (i = 1; n >= m[i]; i++) n -= m[i]
            printf "%d-%02d-%02d", y, i, n + 1 }')" > scenario.yaml
}
files() {
    mkdir package
    mv flows.csv package/f.csv
    { printf '{"name": "p", "resources": ['; repeat "$1" '{"path": "f.csv"},' | sed 's/,$//'; echo ']}'; } > package/datapackage.json
    sed -i 's/flows.csv/package/' scenario.yaml
}
layers() {
    { echo layer,kind; repeat $(($1 - 1)) 'l%d,additional\n' | sed 's/\\n/\n/g'; echo l,additional; } > law/layers.csv
}
claims() {
    for i in $(seq "$1"); do echo hs,origin,importer,share > "law/claims/c$i.csv"; done
}
parts() {
    for i in $(seq "$1"); do echo hs,origin,importer,share > "law/parts/p$i.csv"; done
}
shared() { # named by one measure, so that a line has 2^N outcomes
    for i in $(seq "$1"); do printf 'hs,origin,importer,share\n*,*,*,0.5\n' > "law/claims/c$i.csv"; done
    echo "l,61,*,US,,,20%,$(repeat "$1" 'c%d ' | sed 's/ $//')" >> law/measures.csv
}
terms() {
    echo "l,61,*,US,,,$(repeat "$1" '%d% + ' | sed 's/ + $//')," >> law/measures.csv
}
deep() { # the innermost is a rate, too
    echo "l,61,*,US,,,\"$(repeat $(($1 - 1)) 'max(')1%$(repeat $(($1 - 1)) ', 2%)')\"," >> law/measures.csv
}
conditions() {
    claims 2
    echo "l,61,*,US,,,20%,$(repeat "$1" 'c1 ' | sed 's/ $//')" >> law/measures.csv
}
sets() {
    for i in $(seq "$1"); do printf 'hs\n%06d\n' "$i" > "law/sets/s$i.csv"; done
    echo "l,$(repeat "$1" '@s%d ' | sed 's/ $//'),*,US,,,20%," >> law/measures.csv
}
groups() {
    { echo group,member; repeat "$1" 'g%d,FR\n' | sed 's/\\n/\n/g'; } > law/groups.csv
    echo "l,61,$(repeat "$1" '@g%d ' | sed 's/ $//'),US,,,20%," >> law/measures.csv
}

holds 'a field of a CSV file' field 'a field of more than 1048576 bytes'
holds 'a record of a CSV file' record 'a record of more than 4194304 bytes'
holds 'columns of a CSV file' columns 'more than 4096 columns'
holds 'a scenario, a profile, a package' document 'larger than 4194304 bytes'
holds 'a chain of extends' chain 'a chain of more than 32 scenarios'
holds 'changes of a scenario' changes 'more than 64 changes'
holds 'scenarios of a sweep' points 'the sweep has 10001 scenarios, more than 10000'
holds 'dimensions of a sweep' dimensions 'more than 32 dimensions'
holds 'dates' dates 'more than 40000 days'
holds 'files of flows' files 'more than 65535 files of flows' over
holds 'layers' layers 'more than 64 layers'
holds 'claims' claims 'more than 32 claims'
holds 'parts' parts 'more than 16 parts'
holds 'claims shared on one line' shared 'too many claims that are made for part' run
holds 'terms of a rate' terms 'more than 16 terms'
holds 'nesting of a rate' deep 'nested too deeply'
holds 'conditions of a measure' conditions 'more than 16 conditions'
holds 'sets in one cell' sets 'more than 256 sets'
holds 'groups in one cell' groups 'more than 256 groups'

# What is no list is refused either way: here, the message tells.
most=$(limit 'nesting of a scenario')
for n in "$most" $((most + 1)); do
    begin
    nesting "$n"
    "$tariff" run -q scenario.yaml -o out > output 2> errors && complain 'lists of lists are taken'
    if grep -q 'nested too deeply' errors; then said=yes; else said=no; fi
    [ $said = "$([ "$n" = "$most" ] && echo no || echo yes)" ] || complain "nesting of $n: $(head -n 2 errors)"
done

# Of 60 errors so many are told.
most=$(limit 'errors that are told of a file')
begin
{ echo hs,origin,importer,value; repeat 60 '61091,IN,US,%d\n' | sed 's/\\n/\n/g'; } > flows.csv
"$tariff" run -q scenario.yaml -o out > output 2> errors && complain 'bad flows are taken'
[ "$(grep -c 'error: ' errors)" = "$most" ] || complain "$(grep -c 'error: ' errors) errors, expected $most"

# Memory: with much less than a run holds it fails, says the limit and what it read, and leaves what is there.
begin
limit 'measures of a schedule' > /dev/null # test_limits.c
awk 'BEGIN { print "hs,origin,importer,value"; for (i = 0; i < 60000; i++) printf "%06d,%s,US,%d\n", 100000 + i * 13, i % 3 ? "IN" : "CN", i }' > flows.csv
"$tariff" run -q scenario.yaml -o kept --max-memory 1G
find kept -type f -exec cksum {} + | sort > before
for size in 20k 300K 1M 2097152; do
    code=0
    "$tariff" run -q scenario.yaml -o kept --fresh --max-memory $size > output 2> errors || code=$?
    [ $code = 4 ] && grep -q 'error: out of memory\|tariff: out of memory' errors &&
        grep -q 'hint: more than [0-9]* bytes, the limit of memory' errors || complain "exit $code with $size: $(cat errors)"
    find kept -type f -exec cksum {} + | sort | cmp -s - before || complain "$size of memory: the reports have changed"
done
grep -q "2097152 bytes, the limit of memory; '[a-z/]*[.]csv' was being read" errors || complain "not said what was read: $(cat errors)"
for size in 0 -1 5X M 1.5G 99999999999G; do
    code=0
    "$tariff" run -q scenario.yaml --max-memory=$size > output 2> errors || code=$?
    [ $code = 2 ] && grep -q "'$size' is no size" errors || complain "--max-memory $size: exit $code"
done

# Numbers that have no limit are no shorter than they seem: 65,537 measures of a layer that adds them up, and as
# many groups, of which the last is not the first.
begin
printf 'layer,kind,select\nl,additional,sum\n' > law/layers.csv
awk 'BEGIN { print "layer,products,origins,importers,from,until,rate"; for (i = 0; i < 65537; i++) print "l,*,@g65536,US,,,0.01%" }' > law/measures.csv
{ echo group,member; awk 'BEGIN { for (i = 0; i < 65537; i++) printf "g%d,%s\n", i, i < 65536 ? "FR" : "IN" }'; } > law/groups.csv
"$tariff" run -q scenario.yaml -o many
grep -q '^case,2025-08-27,total_duty,655.37,USD' many/case/summary.csv || complain "$(grep total_duty many/case/summary.csv), expected 655.37"

# And no limit is named that is not tested.
sed -n 's/^  \([a-z].*[a-zE]\)  *[0-9][0-9]*.*/\1/p' topic | sed 's/ *$//' | sort > named
sort -u tested | comm -23 named - > untested
[ ! -s untested ] || complain "not tested: $(cat untested)"
[ "$(wc -l < named)" -ge 20 ] || complain "only $(wc -l < named) limits are named"
exit $failed
