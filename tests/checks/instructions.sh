#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The hot paths cost what they cost: instructions counted by callgrind, which a busy machine does not
# change, against tests/bench/instructions.csv.  More than 5 % above it fails: find out why, or, if the
# price is right, write the new count there (TARIFF_UPDATE=1 does).  A gain is told, not refused.
set -eu
tariff=$1
known=tests/bench/instructions.csv
command -v valgrind > /dev/null || { echo 'skipped: valgrind is not installed'; exit 77; }
if { nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q -e __asan_init -e __ubsan_handle; then
    echo 'skipped: counts are those of the optimised build'
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A hundred thousand flows of many products and origins.
awk 'BEGIN {
    split("IN CN VN MX CA DE JP KR BD TH", origin, " ")
    print "hs,origin,importer,period,value"
    for (i = 0; i < 100000; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648
        printf "%02d%02d%02d,%s,US,2025-%02d,%d.%02d\n", 1 + seed % 96, 1 + i % 9, 10 + i % 7,
            origin[1 + int(seed / 977) % 10], 1 + i % 12, seed % 9999999, i % 100
    }
}' > "$work/flows.csv"
cat > "$work/many.yaml" << YAML
tariff: 1
name: many
flows: {file: flows.csv}
schedule: $PWD/datasets/us-tariffs
date: period
YAML
{ cat "$work/many.yaml"; echo 'reports: [lines]'; } > "$work/lines.yaml"
cat > "$work/impact.yaml" << YAML
tariff: 1
name: impact
flows: {file: flows.csv}
schedule: $PWD/datasets/us-tariffs
date: 2025-08-27
baseline: {date: 2025-08-06}
impact: {model: armington, elasticities: $PWD/datasets/elasticities, draws: 16}
reports: [impact, impact_products, impact_origins, impact_bands]
YAML

# count WORKLOAD FUNCTION ARGUMENT...: instructions inside of the function, with all it calls.
count() {
    workload=$1 function=$2
    shift 2
    valgrind --quiet --tool=callgrind --toggle-collect="$function" \
        --callgrind-out-file="$work/out" "$tariff" "$@" > "$work/said" 2>&1 ||
        { cat "$work/said"; exit 1; }
    printf '%s,%s,%s\n' "$workload" "$function" \
        "$(sed -n 's/^summary: *//p;s/^totals: *//p' "$work/out" | sort -n | tail -n 1)"
}
{
    echo workload,function,instructions
    count 'the shipped law read' tariff_schedule_load check datasets/us-tariffs
    count 'the shipped law compiled' tf_law_finish run scenarios/india-us-2025.yaml -o "$work/o" --jobs 1
    count '11093 lines of India assessed' tf_evaluate run scenarios/india-us-2025.yaml -o "$work/o" --jobs 1
    count '100000 flows read' tf_gather run "$work/many.yaml" -o "$work/o" --jobs 1
    count '100000 flows assessed' tf_evaluate run "$work/many.yaml" -o "$work/o" --jobs 1
    count '100000 flows as lines' tf_line_job_finish run "$work/lines.yaml" -o "$work/o" --jobs 1
    count '100000 flows rated as they pass' tf_stream_rate rate datasets/us-tariffs "$work/flows.csv" -o "$work/rated" --jobs 1
    count '100000 flows as rows of trade' tf_trade_rows_make run "$work/impact.yaml" -o "$work/o" --jobs 1
    count 'markets of 100000 flows solved' tf_impact_solve run "$work/impact.yaml" -o "$work/o" --jobs 1
    count '16 draws of these markets' tf_draws_run run "$work/impact.yaml" -o "$work/o" --jobs 1
} > "$work/counts"
[ "${TARIFF_UPDATE:-}" != 1 ] || cp "$work/counts" $known
awk -F, 'FNR == 1 { next }
NR == FNR { known[$1 "," $2] = $3; next }
{
    key = $1 "," $2
    if (!(key in known)) { print key ": not in the list"; bad = 1; next }
    ratio = $3 / known[key]
    printf "%-45s %12d  %+.1f %%\n", $1, $3, 100 * (ratio - 1)
    if (ratio > 1.05 || $3 == 0) bad = 1
}
END { exit bad }' $known "$work/counts"
