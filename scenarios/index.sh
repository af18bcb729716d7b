#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every scenario here and writes the table of README.md: index.sh TARIFF [--check]
#
# One row a scenario: its question (the comment on top of the file, or else the title), its date, and a headline from what
# it writes: of summary.csv, and of compare.csv, impact.csv, solve.csv, timeline.csv and sweep.csv where they are. With --check nothing
# is written; the exit code says whether the table is current. Reports go to $REPORTS if set.
set -eu
LC_ALL=C
export LC_ALL
tariff=${1:?usage: index.sh TARIFF [--check]}
case $tariff in */*) tariff=$(cd "$(dirname "$tariff")" && pwd)/$(basename "$tariff") ;; esac
mode=${2:-}
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
reports=${REPORTS:-$work/reports}

formats='
function bn(x) { return sprintf("%.2f bn", x / 1e9) }
function pc(x) { return sprintf("%.1f %%", 100 * x) }
function change(x, text) { return (x < 0 ? "-" : "+") text }
function size(x) { return x < 0 ? -x : x }
'

# summary.csv, after layers.csv
summary=$formats'
FNR == 1 { next }
FILENAME ~ /layers.csv$/ { if ($4 == "additional" && $8 > duty) { duty = $8; layer = $3; covered = $6 } next }
{ v[$3] = $4 }
END {
    all = v["export_value"]
    if (all == 0) { print "no flows"; exit }
    if (v["affected_value"] > 0 || v["additional_duty"] > 0)
        s = "USD " bn(v["affected_value"]) " of " bn(all) " (" pc(v["affected_share"]) ") bear additional duties; "
    else
        s = "USD " bn(all) "; "
    s = s "average rate " pc(v["average_rate"])
    if (layer != "") s = s ", most of it " layer " on " bn(covered)
    if (v["peak_additional_rate"] > 0)
        s = s ", peak " pc(v["peak_additional_rate"]) " on " bn(v["peak_value"])
    if (v["coarse_value"] > all / 200) s = s "; " pc(v["coarse_value"] / all) " coarse"
    if (v["unassessed_value"] > all / 200) s = s "; " pc(v["unassessed_value"] / all) " unassessed"
    print s
}'

compare=$formats'
$3 == "total_duty" { duty = $6 }
$3 == "average_rate" { before = $4; points = $6 }
END {
    printf "; against the baseline of %s: %s points, duty %s a year\n", pc(before),
           change(points, sprintf("%.1f", 100 * size(points))), change(duty, "USD " bn(size(duty)))
}'

# impact.csv, after impact_bands.csv
impact=$formats'
FILENAME ~ /impact_bands.csv$/ { if ($3 == "total" && $6 == "direct_change") band = sprintf(" (90 %% band %s to %s)", signed($12), signed($16)); next }
{ v[$3] = $4 }
function signed(x) { return change(x, bn(size(x))) }
END {
    printf "; by the model: trade whose duty changes USD %s%s, all other %s, revenue %s, welfare of the importers %s",
           signed(v["direct_change"]), band, signed(v["diverted_change"]), signed(v["revenue_change"]), signed(v["home_welfare"])
}'

solve=$formats'
FNR > 1 && $4 == "max" {
    printf "%s is highest, USD %s, at a rate of %.2f %% (closed form %s); as written: ", $3, bn($5), 100 * $6, pc($9)
    next
}
FNR > 1 && NF == 9 { printf "%s is %s at a rate of %.3f %%; as written: ", $3, pc($4), 100 * $6 }'

# The three products that owe most.
products=$formats'
FNR > 1 { hs[FNR] = $3; duty[FNR] = $(NF - 1) }
END {
    s = "; most duty on HS"
    for (k = 1; k <= 3; k++) {
        best = 0
        for (i in duty) if (!best || duty[i] + 0 > duty[best] + 0) best = i
        if (!best) break
        s = s (k > 1 ? ", " : " ") hs[best] " (USD " bn(duty[best]) ")"
        delete duty[best]
    }
    print s
}'

# A few partners, the highest rate first.
origins=$formats'
FNR > 1 { rate[$3] = $NF; n++ }
END {
    if (n < 2 || n > 6) exit
    s = "; average rate by origin:"
    while (n-- > 0) {
        best = ""
        for (o in rate) if (best == "" || rate[o] + 0 > rate[best] + 0 || (rate[o] == rate[best] && o < best)) best = o
        s = s " " best " " pc(rate[best]) (n ? "," : "")
        delete rate[best]
    }
    print s
}'

timeline=$formats'
FNR > 1 && $3 == "average_rate" {
    if (!n++) { first = $4; low = high = $4; low_day = high_day = $2 }
    if ($4 > high) { high = $4; high_day = $2 }
    if ($4 < low) { low = $4; low_day = $2 }
    if (n > 1 && $4 != last) moves++
    last = $4
}
END {
    printf "%d days on which law changes, %d of them move it: average rate from %s to %s, highest %s on %s, lowest %s on %s\n",
           n, moves, pc(first), pc(last), pc(high), high_day, pc(low), low_day
}'

# The columns between point and the first metric are the dimensions.
sweep=$formats'
function point(  i, s) {
    for (i = 4; i < metrics; i++) s = s (s == "" ? "" : ", ") name[i] " " $i
    return s
}
FNR == 1 {
    for (i = 1; i <= NF; i++) {
        name[i] = $i
        if ($i == "export_value") metrics = i
        if ($i == "average_rate") rate = i
    }
    next
}
!n++ || $rate < low { low = $rate; low_point = point() }
n == 1 || $rate > high { high = $rate; high_point = point() }
END {
    printf "%d points; average rate from %s (%s) to %s (%s)\n", n, pc(low), low_point, pc(high), high_point
}'

days() { # FILE: its day, or the first and the last
    awk -F, 'FNR > 1 && $2 != last { last = $2; if (!n++) first = $2 } END { print (n > 1 ? first " to " last : last) }' "$1"
}

"$tariff" run -q --fresh ./*.yaml -o "$reports" > "$work/log" 2>&1 || {
    cat "$work/log" >&2
    echo "index.sh: not every scenario runs" >&2
    exit 1
}

{
    echo "| scenario | question | date | headline as run |"
    echo "|---|---|---|---|"
    for file in *.yaml; do
        name=$(sed -n 's/^name: *//p' "$file")
        question=$(awk '/^#/ { if (!/SPDX|tariff run/ && !done) { if (/^#$/) { done = 1; next } sub(/^# */, ""); printf "%s%s", sep, $0; sep = " " } next } { exit }' "$file")
        [ -n "$question" ] || question=$(sed -n 's/^title: *//p' "$file" | sed 's/^"//; s/"$//')
        folder=$reports/$name
        date='' result=''
        [ ! -e "$folder/solve.csv" ] || result=$(awk -F, "$solve" "$folder/solve.csv")
        if [ -e "$folder/timeline.csv" ]; then
            date=$(days "$folder/timeline.csv")
            result=$result$(awk -F, "$timeline" "$folder/timeline.csv")
        elif [ -e "$folder/summary.csv" ]; then
            date=$(days "$folder/summary.csv")
            layers=$folder/layers.csv
            [ -e "$layers" ] || layers=/dev/null
            result=$result$(awk -F, "$summary" "$layers" "$folder/summary.csv")
            ! grep -q 'products: {.*top:' "$file" || result=$result$(awk -F, "$products" "$folder/products.csv")
            [ ! -e "$folder/origins.csv" ] || result=$result$(awk -F, "$origins" "$folder/origins.csv")
        elif [ -e "$folder/sweep.csv" ]; then
            date=$(days "$folder/sweep.csv")
            result=$(awk -F, "$sweep" "$folder/sweep.csv")
        fi
        [ ! -e "$folder/compare.csv" ] || result=$result$(awk -F, "$compare" "$folder/compare.csv")
        bands=$folder/impact_bands.csv
        [ -e "$bands" ] || bands=/dev/null
        [ ! -e "$folder/impact.csv" ] || result=$result$(awk -F, "$impact" "$bands" "$folder/impact.csv")
        [ -n "$result" ] || result="no headline: see its reports"
        printf '| [`%s`](%s) | %s | %s | %s |\n' "$name" "$file" "$question" "$date" "$result"
    done
} > "$work/table"

awk -v table="$work/table" '
/^<!-- index -->$/ { print; while ((getline line < table) > 0) print line; skip = 1; next }
/^<!-- end of index -->$/ { skip = 0 }
!skip { print }' README.md > "$work/README.md"

if [ "$mode" = --check ]; then
    diff -u README.md "$work/README.md" || {
        echo "scenarios/README.md is not current: sh scenarios/index.sh TARIFF" >&2
        exit 1
    }
else
    cp "$work/README.md" README.md
fi
