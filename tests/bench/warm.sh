#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Scenarios over flows in memory (warm.c) beside the peers of ../shared/bench: warm.sh [ROUNDS [CASE...]].
#   CASE  warm-ROWS (100 scenarios, ten times over), thousand-ROWS (1,000 from CSV to the results, ours
#         alone): warm-10000000 and thousand-10000000, if none is named
#   PEERS      beside ours (duckdb,duckdb-exact,polars); BENCH_DIR  as of run.sh, which makes the peers
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=$(dirname "$root")/shared/bench
[ -d "$shared" ] || { echo 'skipped: there is no ../shared/bench'; exit 77; }
rounds=${1:-5}
[ $# = 0 ] || shift
[ $# -gt 0 ] || set -- warm-10000000 thousand-10000000
BENCH_DIR=${BENCH_DIR:-$root/build/bench}
PEER_NODE=$BENCH_DIR/npm
TOOL=$root/build/release/tests/bench_warm
export BENCH_DIR PEER_NODE TOOL
mkdir -p "$BENCH_DIR/data"
cmake --preset release -S "$root" > /dev/null
cmake --build "$root/build/release" --target bench_warm > "$BENCH_DIR/build.log" 2>&1 ||
    { cat "$BENCH_DIR/build.log"; exit 1; }
[ -x "$BENCH_DIR/gen" ] || cc -O2 -o "$BENCH_DIR/gen" "$shared/gen.c" -lm

for case in "$@"; do
    rows=${case##*-} tables=$BENCH_DIR/data/t0 peers=TOOL,${PEERS:-duckdb,duckdb-exact,polars}
    case $case in
        warm-*) ;;
        thousand-*) peers=TOOL ;;
        *) echo "no case '$case'" >&2; exit 2 ;;
    esac
    trade=$BENCH_DIR/data/cold-$rows.csv made=$BENCH_DIR/$case
    [ -s "$trade" ] || "$BENCH_DIR/gen" rows "$rows" sorted > "$trade"
    [ -s "$tables/schedule.csv" ] || { mkdir -p "$tables"; "$BENCH_DIR/gen" tables "$tables" 0; }
    python3 "$shared/tool/make_scenario.py" "$tables" "$trade" "$made"
    # A layer for what each of the scenarios adds.
    mkdir -p "$made/more"
    printf 'layer,title,kind,authority,select\ns232_more,s232_more,additional,s232,specific\n' > "$made/more/layers.csv"
    printf 'layer,to,scope\ns232_more,s232,line\nbase,s232_more,line\nadd,s232_more,line\n' > "$made/more/yields.csv"
    printf 'tariff: 1\nextends: bench.yaml\nschedule: [schedule, more]\nreports: [summary, layers, products]\n' > "$made/warm.yaml"
    echo "== $case"
    TOOL_WARM="{tool} $made/warm.yaml {tables} 2 10" python3 "$shared/harness.py" --trade "$trade" \
        --tables "$tables" --rounds "$rounds" --mode warm --only "$peers"
done
