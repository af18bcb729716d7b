#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every scenario here and writes the table of README.md: index.sh TARIFF [--check]
#
# One row a scenario: its question (the comment on top of the file, or else the title), its date, and the headline of its
# summary (of the last day, if there are several). With --check nothing is written; the exit code says whether the table is current. Reports go to $REPORTS if set.
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

headline='
function bn(x) { return sprintf("%.2f bn", x / 1e9) }
function pc(x) { return sprintf("%.1f %%", 100 * x) }
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

{
    echo "| scenario | question | date | headline as run |"
    echo "|---|---|---|---|"
    for file in *.yaml; do
        name=$(sed -n 's/^name: *//p' "$file")
        "$tariff" run -q "$file" -o "$reports" > "$work/log" 2>&1 || {
            cat "$work/log" >&2
            echo "index.sh: $file does not run" >&2
            exit 1
        }
        question=$(awk '/^#/ { if (!/SPDX|tariff run/ && !done) { if (/^#$/) { done = 1; next } sub(/^# */, ""); printf "%s%s", sep, $0; sep = " " } next } { exit }' "$file")
        [ -n "$question" ] || question=$(sed -n 's/^title: *//p' "$file" | sed 's/^"//; s/"$//')
        date=''
        result="many reports"
        if [ -e "$reports/$name/summary.csv" ]; then
            date=$(awk -F, '
                FNR > 1 && $2 != last { last = $2; if (!n++) first = $2 }
                END { print (n > 1 ? first " to " last : last) }' "$reports/$name/summary.csv")
            result=$(awk -F, "$headline" "$reports/$name/layers.csv" "$reports/$name/summary.csv")
        fi
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
