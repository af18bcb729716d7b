#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The command beside what people use, on the same files: run.sh [ROUNDS [CASE...]], from anywhere.
# Builds release, makes the data, runs the peers that are installed round by round with ours, checks
# that every number agrees, prints medians, ratios and memory, and writes build/bench/results.csv.
# Generator, peers and harness are those of ../shared/bench; without it nothing is measured.
#   CASE  cold-ROWS (100, 1000000, 10000000, 50000000)
#         quoted-ROWS, shuffled-ROWS   other files of the same
#         rules-ROWS   with 100,000 measures more; ours beside ours without them as well
#         rows-ROWS    the burden of each row written (lines.csv), beside DuckDB (rows.mjs)
#         floor-ROWS   ours beside the mere search for separators (floor.c)
#         libcsv-ROWS  a blank after each comma, so that libcsv has to read every record; the peers
#                      read the file without them
#         all but cold-50000000, if none is named
#   PEERS      only these: PEERS=duckdb,polars (all that are installed)
#   BENCH_DIR  where data, node packages and results go (build/bench)
# Files of more than 1 GB are removed after their case, and what was written.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=$(dirname "$root")/shared/bench
[ -d "$shared" ] || shared=$(dirname "$(dirname "$root")")/shared/bench
[ -d "$shared" ] || { echo 'skipped: there is no ../shared/bench'; exit 77; }
rounds=${1:-5}
[ $# = 0 ] || shift
[ $# -gt 0 ] || set -- cold-100 cold-1000000 cold-10000000 quoted-10000000 shuffled-10000000 rules-10000000 \
    rows-10000000 floor-10000000 libcsv-10000000
BENCH_DIR=${BENCH_DIR:-$root/build/bench}
mkdir -p "$BENCH_DIR/data"
export BENCH_DIR

cmake --preset release -S "$root" > /dev/null
cmake --build "$root/build/release" > "$BENCH_DIR/build.log" 2>&1 || { cat "$BENCH_DIR/build.log"; exit 1; }
TOOL=$root/build/release/src/cli/tariff
export TOOL

# The harness's own script fetches the peers' packages; its smallest run does that.
[ -d "$BENCH_DIR/npm/node_modules" ] && [ "$BENCH_DIR/gen" -nt "$shared/gen.c" ] ||
    sh "$shared/run.sh" 100 cold --rounds 1 --only mawk > /dev/null 2>&1 || true
PEER_NODE=$BENCH_DIR/npm
export PEER_NODE
has() { command -v "$1" > /dev/null; }

# wanted PEER PROGRAM|DIRECTORY: is it asked for, and there?
peers=TOOL
wanted() {
    case ,${PEERS:-$1}, in *,"$1",*) ;; *) return ;; esac
    if [ -d "$2" ] || has "$2"; then peers=$peers,$1; fi
}
for peer in duckdb duckdb-exact polars; do wanted $peer "$PEER_NODE/node_modules"; done
wanted data.table Rscript
wanted sqlite sqlite3
wanted mawk mawk
results=$BENCH_DIR/results.csv
echo 'case,command,wall_s,wall_min_s,wall_max_s,cpu_s,rss_mb,wall_ratio,cpu_ratio,agreement' > "$results"

# data KIND ROWS: a file of trade, in $trade.
data() {
    trade=$BENCH_DIR/data/$1-$2.csv
    [ ! -s "$trade" ] || return 0
    case $1 in
    cold) "$BENCH_DIR/gen" rows "$2" sorted > "$trade.part" ;;
    quoted) "$BENCH_DIR/gen" rows "$2" sorted quoted > "$trade.part" ;;
    shuffled) "$BENCH_DIR/gen" rows "$2" shuffle > "$trade.part" ;;
    spaced) sed '2,$s/,/, /g' "$BENCH_DIR/data/cold-$2.csv" > "$trade.part" ;;
    esac
    mv "$trade.part" "$trade"
}

# scenario DIRECTORY RULES TRADE: the benchmark's, on a file.
scenario() {
    tables=$BENCH_DIR/data/t$2
    [ -s "$tables/schedule.csv" ] || { mkdir -p "$tables"; "$BENCH_DIR/gen" tables "$tables" "$2"; }
    python3 "$shared/tool/make_scenario.py" "$tables" "$3" "$1"
}

# beside NAME=COMMAND...: ours is the first.
beside() {
    python3 "$root/tests/bench/beside.py" --case "$case" --rounds "$rounds" --warm "$trade" --results "$results" "$@"
}

# harness OPTION...: ours beside all peers, by the shared harness, on the scenario of the case.  Of many rows, sums in binary
# are off by more than a cent.
harness() {
    [ "$rows" -lt 20000000 ] || set -- --tol 0.05 "$@"
    TOOL_CMD="sh $root/tests/bench/report.sh {tool} $BENCH_DIR/$case" \
        python3 "$shared/harness.py" --trade "$trade" --tables "$tables" --rounds "$rounds" --only $peers "$@" 2>&1 |
        tee "$BENCH_DIR/said"
    awk -v c="$case" '$2 ~ /^[0-9.]+$/ && NF > 9 {
        printf "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", c, $1 == "TOOL" ? "tariff" : $1, $2, $3, $4, $5, $6, $7, $8, $10
    }' "$BENCH_DIR/said" >> "$results"
}

# run_of DIRECTORY: the command that makes the reports of a scenario.
run_of() {
    echo "$TOOL run -q $1/bench.yaml -o $1/reports"
}

rules_case() {
    data cold "$rows"
    scenario "$BENCH_DIR/cold-$rows" 0 "$trade"
    scenario "$BENCH_DIR/$case" 100000 "$trade"
    harness --pc
    beside without="$(run_of "$BENCH_DIR/cold-$rows")" with="$(run_of "$BENCH_DIR/$case")"
}

# What both write is compared first, and then timed, one file at a time.
rows_case() {
    [ -d "$PEER_NODE/node_modules" ] || { echo 'skipped: DuckDB is not there'; return; }
    data cold "$rows"
    scenario "$BENCH_DIR/$case" 0 "$trade"
    sed 's/^reports:.*/reports: [lines]/' "$BENCH_DIR/$case/bench.yaml" > "$BENCH_DIR/$case/lines.yaml"
    mv "$BENCH_DIR/$case/lines.yaml" "$BENCH_DIR/$case/bench.yaml"
    "$TOOL" list countries > "$BENCH_DIR/data/countries.csv"
    peer="node $root/tests/bench/rows.mjs"
    ours=$(run_of "$BENCH_DIR/$case") theirs=$BENCH_DIR/$case/theirs.csv
    write="$peer write $trade $tables $BENCH_DIR/data/countries.csv $theirs"
    $ours
    agreement=ok
    for kind in double exact; do
        $write $kind
        $peer check "$BENCH_DIR/$case/reports/bench/lines.csv" "$theirs" $kind || agreement=DIFFERS
        rm -f "$theirs"
    done
    beside --agreement $agreement --before "rm -rf '$theirs' '$BENCH_DIR/$case/reports'; sync" \
        tariff="$ours" duckdb="$write double" duckdb-exact="$write exact"
    rm -rf "$theirs" "$BENCH_DIR/$case/reports"
}

floor_case() {
    data cold "$rows"
    scenario "$BENCH_DIR/$case" 0 "$trade"
    [ "$BENCH_DIR/floor" -nt "$shared/floor.c" ] ||
        ${CC:-cc} -O3 -march=native -pthread -o "$BENCH_DIR/floor" "$shared/floor.c" -lcsv
    beside floor="$BENCH_DIR/floor simd 2 $trade 1" floor-1-thread="$BENCH_DIR/floor simd 1 $trade 1" \
        libcsv="$BENCH_DIR/floor libcsv 2 $trade 1" tariff="$(run_of "$BENCH_DIR/$case")"
}

libcsv_case() {
    data cold "$rows"
    plain=$trade
    data spaced "$rows"
    scenario "$BENCH_DIR/$case" 0 "$trade"
    trade=$plain
    harness
    rm -f "$BENCH_DIR/data/spaced-$rows.csv"
}

for case in "$@"; do
    kind=${case%-*} rows=${case##*-}
    echo "== $case"
    case $kind in
    cold | quoted | shuffled)
        data "$kind" "$rows"
        scenario "$BENCH_DIR/$case" 0 "$trade"
        harness
        ;;
    rules | rows | floor | libcsv) "${kind}_case" ;;
    *) echo "no case '$case'" >&2; exit 2 ;;
    esac
    find "$BENCH_DIR/data" -name '*.csv' -size +1G -exec rm -f {} +
done
echo "written: $results"
