#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The law cases hold: law.sh TARIFF, from the project's root. tests/law/NAME.csv is read against
# datasets/NAME, us.csv against datasets/us-tariffs; NAME@DATE.csv as the law was known on that day.
set -u
tariff=${1:?usage: law.sh TARIFF}
failed=0
verify() {
    cases=$1
    shift
    echo "$cases:"
    "$tariff" verify "$cases" "$@" || failed=1
}
for cases in tests/law/*.csv; do
    name=$(basename "$cases" .csv)
    schedule=datasets/${name%@*}
    [ "${name%@*}" = us ] && schedule=datasets/us-tariffs
    case $name in
    *@*) verify "$cases" --schedule "$schedule" --as-of "${name#*@}" ;;
    *) verify "$cases" --schedule "$schedule" ;;
    esac
done
if [ -e ../shared/cases/us_cases.csv ]; then
    verify ../shared/cases/us_cases.csv --schedule datasets/us-tariffs
else
    echo "../shared/cases/us_cases.csv: skipped, ../shared is not here"
fi
exit $failed
