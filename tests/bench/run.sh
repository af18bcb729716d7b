#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The command beside what people use, on the same files: run.sh [ROUNDS [CASE...]], from anywhere.
# Builds release, makes the data, runs the peers that are installed round by round with ours, checks
# that every number agrees, prints medians, ratios and memory, and writes build/bench/results.csv.
# Generator, peers and harness are those of ../shared/bench; without it nothing is measured.
#   CASE  cold-ROWS (100, 1000000, 10000000, 50000000), quoted-ROWS, shuffled-ROWS, rules-ROWS (with
#         100,000 measures more): all but the largest, if none is named
#   BENCH_DIR  where data, node packages and results go (build/bench)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=$(dirname "$root")/shared/bench
[ -d "$shared" ] || { echo 'skipped: there is no ../shared/bench'; exit 77; }
rounds=${1:-5}
[ $# = 0 ] || shift
[ $# -gt 0 ] || set -- cold-100 cold-1000000 cold-10000000 quoted-10000000 shuffled-10000000 rules-10000000
BENCH_DIR=${BENCH_DIR:-$root/build/bench}
mkdir -p "$BENCH_DIR/data"
export BENCH_DIR

cmake --preset release -S "$root" > /dev/null
cmake --build "$root/build/release" > "$BENCH_DIR/build.log" 2>&1 || { cat "$BENCH_DIR/build.log"; exit 1; }
TOOL=$root/build/release/src/cli/tariff
export TOOL

# The harness's own script fetches the peers' packages; its smallest run does that.
sh "$shared/run.sh" 100 cold --rounds 1 --only mawk > /dev/null 2>&1 || true
PEER_NODE=$BENCH_DIR/npm
export PEER_NODE
peers=TOOL
has() { command -v "$1" > /dev/null; }
[ ! -d "$PEER_NODE/node_modules" ] || peers=$peers,duckdb,duckdb-exact,polars
! has Rscript || peers=$peers,data.table
! has sqlite3 || peers=$peers,sqlite
! has mawk || peers=$peers,mawk
results=$BENCH_DIR/results.csv
echo 'case,command,wall_s,wall_min_s,wall_max_s,cpu_s,rss_mb,wall_ratio,cpu_ratio,agreement' > "$results"

for case in "$@"; do
    kind=${case%-*} rows=${case##*-} rules=0
    case $kind in
        cold | rules) order=sorted ;;
        quoted) order='sorted quoted' ;;
        shuffled) order=shuffle ;;
        *) echo "no case '$case'" >&2; exit 2 ;;
    esac
    [ "$kind" != rules ] || rules=100000
    trade=$BENCH_DIR/data/$kind-$rows.csv tables=$BENCH_DIR/data/t$rules
    [ "$kind" != rules ] || trade=$BENCH_DIR/data/cold-$rows.csv
    [ -s "$trade" ] || "$BENCH_DIR/gen" rows "$rows" $order > "$trade"
    [ -s "$tables/schedule.csv" ] || { mkdir -p "$tables"; "$BENCH_DIR/gen" tables "$tables" $rules; }
    python3 "$shared/tool/make_scenario.py" "$tables" "$trade" "$BENCH_DIR/$case"
    echo "== $case"
    TOOL_CMD="sh $root/tests/bench/report.sh {tool} $BENCH_DIR/$case" \
        python3 "$shared/harness.py" --trade "$trade" --tables "$tables" --rounds "$rounds" \
        $([ "$kind" != rules ] || echo --pc) --only $peers 2>&1 |
        tee "$BENCH_DIR/said"
    awk -v c="$case" '$2 ~ /^[0-9.]+$/ && NF > 9 {
        printf "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", c, $1 == "TOOL" ? "tariff" : $1, $2, $3, $4, $5, $6, $7, $8, $10
    }' "$BENCH_DIR/said" >> "$results"
done
echo "written: $results"
