#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# India's exports to the United States of 2024 under the law of 27 August 2025: how many lines, how
# much value, and what share of it pays the base duty and the additional one in full: 25 + 25 %.
# The bounds are those of an independent estimate, over all reasonable choices about metal content.
set -eu
tariff=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$tariff" run scenarios/india-us-2025.yaml -o "$out"
cd "$out/india-us-2025"

metric() {
    awk -F, -v metric="$1" '$3 == metric { print $4 }' summary.csv
}

equals() {
    [ "$2" = "$3" ] || { echo "$1 is '$2', not $3"; exit 1; }
}

# between WHAT VALUE LOW HIGH: a decimal lies between two numbers.
between() {
    awk -v x="$2" -v low="$3" -v high="$4" 'BEGIN { exit !(x != "" && x >= low && x <= high) }' ||
        { echo "$1 is '$2', not between $3 and $4"; exit 1; }
}

equals lines "$(metric lines)" 11093
equals export_value "$(metric export_value)" 87686096035.00

# The two orders together: everything that the additional one covers also bears the base duty.
covered=$(awk -F, '$3 == "russia_oil" { print $6 }' layers.csv)
share=$(awk -F, '$3 == "russia_oil" { print $7 }' layers.csv)
base=$(awk -F, '$3 == "reciprocal" { print $6 }' layers.csv)
between 'value that pays the additional duty' "$covered" 45.8e9 52.2e9
between 'its share of exports' "$share" 0.52 0.60
equals 'value that pays the base duty' "$base" "$covered"

# Every dollar is in one bracket. (That of 50 % also holds what pays 50 % for steel instead.)
half=$(awk -F, '$3 == "0.5" { print $5 }' brackets.csv)
between 'value at 50 %' "$half" "${covered%.*}" 87686096035
sums=$(awk -F, 'NR > 1 { value += $5; lines += $4; last = $7 }
    END { printf "%.2f %s", value, last }' brackets.csv)
equals 'the sum of brackets' "$sums" '87686096035.00 1'
