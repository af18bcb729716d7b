#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The reports of a model agree with each other, on the shipped scenarios: products, origins, importers and flows add up to
# the totals, to the cent; the points of the bands are the reported ones; bands nest; the number of threads changes nothing.
set -eu
tariff=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0

complain() {
    echo "$*"
    failed=1
}

metric() { # REPORTS METRIC
    awk -F, -v metric="$2" '$3 == metric { print $4 }' "$1/impact.csv"
}

# same WHAT A B MOST: two amounts that differ by no more.
same() {
    awk -v a="$2" -v b="$3" -v most="$4" 'BEGIN { d = a - b; exit !(a != "" && b != "" && d <= most && -d <= most) }' ||
        complain "$1: $2 and $3"
}

check() { # SCENARIO JOBS...
    name=$1
    shift
    for jobs; do
        "$tariff" run "scenarios/$name.yaml" -o "$out/$jobs" --jobs $jobs --set impact.draws=64 \
            --set reports='[summary, impact, impact_products, impact_origins, impact_importers, impact_layers, impact_flows, impact_bands]'
    done
    [ $# = 1 ] || diff -r "$out/1/$name" "$out/3/$name" > /dev/null || complain "$name: the number of threads changes the reports"
    dir=$out/1/$name
    for column in value_before value_after value_change direct_before direct_change diverted_change revenue_before revenue_after \
        revenue_change buyers_bear exporters_bear; do
        total=$(metric "$dir" $column)
        for by in products origins importers; do
            sum=$(awk -v column=$column '
                # Commas inside of quotes separate nothing.
                { line = ""; n = split($0, part, "\""); for (i = 1; i <= n; i += 2) line = line part[i] " "; split(line, cell, ",") }
                NR == 1 { for (i in cell) { gsub(/ /, "", cell[i]); if (cell[i] == column) at = i } next }
                { sum += cell[at] }
                END { printf "%.2f", sum }' "$dir/impact_$by.csv")
            same "$name: $column by $by" "$sum" "$total" 0.001
        done
    done
    # So do the flows, but for sales at home, which are no imports.
    for column in value_before value_after value_change revenue_before revenue_after; do
        sum=$(awk -F, -v column=$column '
            NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i; next }
            # Whole cents: a sum of so many fractions would be off by some.
            $4 != $5 { sum += int($at * 100 + ($at < 0 ? -0.5 : 0.5)) }
            END { printf "%.2f", sum / 100 }' "$dir/impact_flows.csv")
        same "$name: $column of flows" "$sum" "$(metric "$dir" $column)" 0.001
    done
    for when in before after; do
        sum=$(awk -F, -v column=revenue_$when 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i; next } { sum += $at }
            END { printf "%.2f", sum }' "$dir/impact_layers.csv")
        same "$name: revenue $when by layer" "$sum" "$(metric "$dir" revenue_$when)" 0.001
    done
    same "$name: welfare is its parts" "$(metric "$dir" home_welfare)" \
        "$(awk -F, '$3 ~ /^(consumer_surplus_change|home_producer_surplus_change|revenue_change)$/ { sum += $4 }
            END { printf "%.2f", sum }' "$dir/impact.csv")" 0.001
    for total in value_change direct_change revenue_change home_welfare world_welfare; do
        point=$(awk -F, -v metric=$total '$3 == "total" && $6 == metric { print $7 }' "$dir/impact_bands.csv")
        same "$name: the point of $total" "$point" "$(metric "$dir" $total)" 0.02
    done
    # Origins of the bands are those of the report, to a cent: sums are made in another order.
    awk -F, 'NR == FNR { if ($3 == "origin") point[$5] = $7; next }
        # Commas inside of quotes separate nothing.
        { line = ""; n = split($0, part, "\""); for (i = 1; i <= n; i += 2) line = line part[i] " "; split(line, cell, ",") }
        FNR > 1 && (cell[3] in point) { n_origins++; d = cell[7] - point[cell[3]]; if (d > 0.02 || -d > 0.02) { print $0; bad++ } }
        END { exit !n_origins || bad > 0 }' \
        "$dir/impact_bands.csv" "$dir/impact_origins.csv" || complain "$name: the points of origins"
    awk -F, 'NR > 1 { for (i = 12; i <= 17; i++) if ($i < $(i - 1)) bad++ } END { exit bad > 0 }' "$dir/impact_bands.csv" ||
        complain "$name: bands that do not nest"
    # Every flow has a status, and none is left out.
    lines=$(awk -F, 'NR > 1 && $NF ~ /^(solved|untouched|no_trade)$/ { n++ } END { print n + 0 "/" NR - 1 }' "$dir/impact_flows.csv")
    [ "${lines%/*}" = "${lines#*/}" ] || complain "$name: $lines flows have an answer"
    grep -q 'an estimate by a model, not a forecast' "$dir/impact.csv" || complain "$name: impact.csv is not labelled"
    grep -q '"label": "an estimate by a model' "$dir/manifest.json" || complain "$name: the manifest is not labelled"
}

check india-us-2025-impact 1 3
check india-us-2025-impact-smart 1
check world-textiles-retaliation 1 3
exit $failed
