#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The law cases hold: law.sh TARIFF, from the project's root.
# tests/law/us.csv is read against datasets/us-tariffs, us@DATE.csv as the law was known on that day.
# tests/law/NAME/ is a scenario whose lines must have the rates of expected.csv.
set -u
tariff=${1:?usage: law.sh TARIFF}
failed=0
verify() {
    echo "$1:"
    "$tariff" verify "$@" || failed=1
}
for cases in tests/law/us*.csv; do
    case $cases in
    *@*)
        day=${cases#*@}
        verify "$cases" --schedule datasets/us-tariffs --as-of "${day%.csv}"
        ;;
    *) verify "$cases" --schedule datasets/us-tariffs ;;
    esac
done
if [ -e ../shared/cases/us_cases.csv ]; then
    verify ../shared/cases/us_cases.csv --schedule datasets/us-tariffs
else
    echo "../shared/cases/us_cases.csv: skipped, ../shared is not here"
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for scenario in tests/law/*/scenario.yaml; do
    case=$(dirname "$scenario")
    name=$(basename "$case")
    echo "$case:"
    "$tariff" run -q "$scenario" -o "$work" || {
        failed=1
        continue
    }
    # the columns of expected.csv, but for the last, from lines.csv
    head=$(head -n 1 "$case/expected.csv")
    cut -d, -f1,2 "$case/expected.csv" > "$work/want"
    awk -F, -v head="$head" '
        NR == 1 { n = split(head, want, ",") - 1; for (i = 1; i <= NF; i++) at[$i] = i }
        { for (i = 1; i <= n; i++) printf "%s%s", $at[want[i]], i < n ? "," : "\n" }
    ' "$work/$name/lines.csv" > "$work/got"
    if diff "$work/want" "$work/got"; then
        echo "$(($(wc -l < "$work/want") - 1)) lines hold"
    else
        failed=1
    fi
done
exit $failed
