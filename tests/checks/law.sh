#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The law cases hold: law.sh TARIFF, from the project's root. tests/law/us.csv is read against
# datasets/us-tariffs; tests/law/NAME.csv with a directory tests/law/NAME or datasets/NAME against that.
set -u
tariff=${1:?usage: law.sh TARIFF}
failed=0
verify() {
    echo "$1 against $2"
    "$tariff" verify "$1" --schedule "$2" || failed=1
}
for cases in tests/law/*.csv; do
    name=$(basename "$cases" .csv)
    if [ -d "tests/law/$name" ]; then
        schedule=tests/law/$name
    elif [ -d "datasets/$name" ]; then
        schedule=datasets/$name
    else
        schedule=datasets/us-tariffs
    fi
    verify "$cases" "$schedule"
done
if [ -e ../shared/cases/us_cases.csv ]; then
    verify ../shared/cases/us_cases.csv datasets/us-tariffs
else
    echo "../shared/cases/us_cases.csv: skipped, ../shared is not here"
fi
exit $failed
