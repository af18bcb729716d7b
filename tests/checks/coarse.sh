#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# India's trade cut to six digits, under a law of eight and ten: what cannot be decided is counted,
# not silently lost, and is an error under --require-detail. How much that is, awk says, too: the
# value of the flows whose code is a proper prefix of a code in force.
set -eu
tariff=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
day=2025-08-27

awk -F, 'NR == 1 || $1 = substr($1, 1, 6)' OFS=, datasets/us-imports-india-2024/flows.csv \
    > "$work/flows.csv"

# coarse_by NAME SCHEDULE: run it; the codes it has in force are in $work/codes.
coarse_by() {
    cat > "$work/scenario.yaml" << YAML
tariff: 1
name: $1
flows: {file: flows.csv, importer: US}
schedule: $2
date: $day
YAML
    "$tariff" run "$work/scenario.yaml" -o "$work" 2> "$work/warnings"
    awk -F, '
        FILENAME != ARGV[2] { for (n = 2; n < length($1); n += 2) finer[substr($1, 1, n)]; next }
        FNR > 1 && $1 in finer { value += $5; lines++ }
        END { printf "%.2f %d\n", value, lines }' "$work/codes" "$work/flows.csv" > "$work/expected"
    awk -F, '$3 == "coarse_value" { value = $4 } $3 == "coarse_lines" { print value, $4 }' \
        "$work/$1/summary.csv" > "$work/found"
    cat "$work/found"
    diff "$work/expected" "$work/found"
    [ "$(grep -c 'warning: codes coarser' "$work/warnings")" = 1 ] ||
        { echo 'not exactly one warning'; cat "$work/warnings"; exit 1; }
}

# in_force FROM UNTIL: an awk condition on two columns of days.
in_force='function in_force(from, until) {
    return (from == "" || from <= day) && (until == "" || day < until)
}'

# Only the two orders and what Annex II exempts from them.
mkdir -p "$work/orders/sets"
cp datasets/us-tariffs/sets/annex_ii.csv "$work/orders/sets"
cat > "$work/orders/layers.csv" << CSV
layer,title,kind,authority,select
reciprocal,Base duty,additional,ieepa_reciprocal,specific
russia_oil,Additional duty,additional,ieepa_russia_oil,specific
CSV
cat > "$work/orders/measures.csv" << CSV
layer,products,origins,importers,from,until,rate,rank
reciprocal,*,IN,US,,,25%,
reciprocal,@annex_ii,IN,US,,,exempt,9
russia_oil,*,IN,US,,,25%,
russia_oil,@annex_ii,IN,US,,,exempt,9
CSV
awk -F, -v day=$day "$in_force"' NR > 1 && in_force($2, $3) { print $1 }' \
    datasets/us-tariffs/sets/annex_ii.csv > "$work/codes"
coarse_by orders orders
# At ten digits the same law exempts some 27 billion; with six nothing of it may be taken for sure.
awk -F, '$3 == "coarse_value" { exit !($4 > 20e9) }' "$work/orders/summary.csv" ||
    { echo 'less than 20 billion hang on the digits'; exit 1; }

# The whole law: ordinary duties alone leave hardly a code of six digits undivided. (Some product
# lists of other layers are sets; their codes are finer divisions of the same headings.)
awk -F, -v day=$day "$in_force"' $3 == "*" && in_force($5, $6) { print $2 }' \
    datasets/us-tariffs/measures/mfn.csv > "$work/codes"
coarse_by whole "$(pwd)/datasets/us-tariffs"

code=0
"$tariff" run "$work/scenario.yaml" -o "$work/refused" --require-detail 2> "$work/errors" || code=$?
[ $code = 3 ] || { echo "--require-detail: exit $code, not 3"; exit 1; }
grep -q 'flows.csv:2:1: error: the code is coarser than a code in force' "$work/errors" ||
    { cat "$work/errors"; exit 1; }
[ ! -e "$work/refused/whole" ] || { echo '--require-detail: reports were written'; exit 1; }
