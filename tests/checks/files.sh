#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files that are no ordinary ones, and files that others are busy with: an error that names the file, or the
# result of what was read; never a crash, never a report in parts.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
cp tests/errors/good/* tests/golden/convert-hts/hts.csv "$work"
cd "$work"
set_flows() { sed "s,file: flows.csv,file: '$1'," scenario.yaml; }

# expect CODE TEXT ARGUMENT...: this exit code, and this text among the messages.
expect() {
    expected=$1 text=$2 code=0
    shift 2
    "$tariff" "$@" > output 2> errors || code=$?
    if [ $code != "$expected" ] || ! grep -qF -e "$text" errors; then
        echo "tariff $*: exit $code, expected $expected and '$text', got:"
        cut -c 1-400 errors | head -n 10
        exit 1
    fi
}

grep -q 'file: flows.csv' scenario.yaml || { echo 'the scenario is not as this test needs it'; exit 1; }
"$tariff" run -q scenario.yaml -o out
name=$(ls out)

# A file that may not be read, unless one is root, who may.
cp flows.csv closed.csv
chmod a-r closed.csv
set_flows closed.csv > closed.yaml
[ "$(id -u)" = 0 ] || expect 4 closed.csv run -q closed.yaml -o closed

# A pipe with a name, as a shell makes them.
mkfifo pipe
set_flows pipe > pipe.yaml
cat flows.csv > pipe &
"$tariff" run -q pipe.yaml -o piped
wait
diff "out/$name/summary.csv" "piped/$name/summary.csv"

# Devices: one with nothing, one without end, one that takes nothing.
set_flows /dev/null > null.yaml
expect 3 /dev/null run -q null.yaml -o null
set_flows /dev/zero > zero.yaml
expect 3 /dev/zero run -q zero.yaml -o zero
expect 4 /dev/full convert hts hts.csv -o /dev/full
code=0
"$tariff" explain scenario.yaml --hs 6109 --origin IN --importer US --value 1 > /dev/full 2> errors || code=$?
[ $code = 4 ] || { echo "exit $code where standard output takes nothing, expected 4"; cat errors; exit 1; }

# Paths that are longer than the system allows, or than any buffer here; names with odd bytes.
long=$(printf '%300s' '' | tr ' ' x)
set_flows "$long.csv" > long.yaml
expect 4 "$long" run -q long.yaml -o long
deep=$(printf '%1500s' '' | sed 's, ,a/,g')
set_flows "$deep.csv" > deep.yaml
expect 3 a/a/a/ run -q deep.yaml -o long
code=0
"$tariff" run -q scenario.yaml -o "out/$deep" > output 2> errors || code=$?
[ $code = 0 ] || [ $code = 4 ] || { echo "exit $code of a very deep directory"; cat errors; exit 1; }
odd=$(printf 'a\033[31m"\302\233b')
cp flows.csv "$odd.csv"
set_flows missing > odd.yaml
code=0
"$tariff" check "$odd" > output 2> errors || code=$?
[ $code != 0 ] && ! grep -q "$(printf '\033')" errors || { echo 'a name that drives the terminal'; exit 1; }

# Input that shrinks, or grows, while it is read: what is written is whole, or nothing is.
awk 'BEGIN { print "hs,origin,importer,value"; for (i = 0; i < 400000; i++) print 610910 "," (i % 2 ? "IN" : "CN") ",US," i }' > moving.csv
cp moving.csv all.csv
set_flows moving.csv > moving.yaml
for round in 1 2 3 4 5 6; do
    cp all.csv moving.csv
    rm -rf moved
    "$tariff" run -q moving.yaml -o moved > output 2> errors &
    pid=$!
    case $round in
    [123]) truncate -s $((round * 1000000)) moving.csv ;;
    *) cat all.csv >> moving.csv ;;
    esac
    code=0
    wait $pid || code=$?
    case $code in
    0) [ -s "moved/$name/summary.csv" ] && [ -s "moved/$name/manifest.json" ] || { echo 'half a report'; exit 1; } ;;
    3 | 4) grep -q 'moving.csv' errors || { echo "exit $code without the file"; cat errors; exit 1; }
           [ ! -e "moved/$name" ] || { echo 'an error, and reports'; exit 1; } ;;
    *) echo "exit $code of input that changes"; cat errors; exit 1 ;;
    esac
done

# A schedule, and a directory of one, whose files are none.
mkdir -p odd_law/measures.csv law_of_pipes
printf "layer,kind\nreciprocal,additional\n" > law_of_pipes/layers.csv
expect 1 odd_law/measures.csv check odd_law/measures.csv
sed 's,^schedule: .*,schedule: odd_law,' scenario.yaml > odd_law.yaml
expect 3 odd_law run -q odd_law.yaml -o odd_law_out
mkfifo law_of_pipes/measures.csv
cat measures.csv > law_of_pipes/measures.csv &
sed 's,^schedule: .*,schedule: law_of_pipes,' scenario.yaml > piped_law.yaml
code=0
"$tariff" run -q piped_law.yaml -o piped_law > output 2> errors || code=$?
[ $code = 0 ] && diff "out/$name/summary.csv" "piped_law/$name/summary.csv" || { cat errors; exit 1; }
wait
if [ "$(id -u)" != 0 ]; then
    mkdir closed_law
    cp measures.csv closed_law
    chmod a-rx closed_law
    sed 's,^schedule: .*,schedule: closed_law,' scenario.yaml > closed_law.yaml
    expect 4 closed_law run -q closed_law.yaml -o closed_law_out
fi

# Two processes that write the same directory: in the end the reports of one, whole, as its manifest says.
sed 's/^date: .*/date: 2025-01-01/' scenario.yaml > first.yaml
for round in 1 2 3 4 5 6 7 8; do
    "$tariff" run -q scenario.yaml -o both 2> errors1 &
    one=$!
    "$tariff" run -q first.yaml -o both 2> errors2 &
    two=$!
    code1=0 code2=0
    wait $one || code1=$?
    wait $two || code2=$?
    for code in $code1 $code2; do
        [ $code = 0 ] || [ $code = 4 ] || { echo "exit $code of two at once"; cat errors1 errors2; exit 1; }
    done
    for file in "both/$name/"*; do
        [ -e "$file" ] || [ "$code1$code2" != 00 ] || { echo 'no error, and no reports'; exit 1; }
        [ ! -e "$file" ] || [ -s "$file" ] || { echo "$file is empty"; exit 1; }
    done
done
"$tariff" run -q scenario.yaml -o both
diff -r "out/$name" "both/$name"
