#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What ships is what its make.py makes of the staged data, byte for byte: datasets.sh TARIFF, from the
# project's root.
set -u
tariff=$(realpath "${1:?usage: datasets.sh TARIFF}")
[ -d ../shared/data ] || { echo 'skipped: ../shared/data is not here'; exit 77; }
command -v python3 > /dev/null || { echo 'skipped: no python3'; exit 77; }
shared=$(realpath ../shared)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp -R datasets "$work"
failed=0
for make in "$work"/datasets/*/make.py; do
    name=$(basename "$(dirname "$make")")
    python3 "$make" "$shared" "$tariff" > "$work/words" 2>&1 || {
        cat "$work/words"
        echo "$name: make.py failed"
        failed=1
    }
done
rm -rf "$work"/datasets/*/__pycache__
diff -rq datasets "$work/datasets" || failed=1

# The flows of the United States are rows of 'tariff convert census', but for the year; where the source
# has all partners, those with a value.
# shipped_is_converted NAME LEAST INPUT [OPTION]...: of the origins in the shipped file, from a value on.
shipped_is_converted() {
    name=$1 least=$2
    shift 2
    cat datasets/"$name"/flows.csv 2> /dev/null > "$work/shipped" ||
        gzip -dc datasets/"$name"/flows.csv.gz > "$work/shipped"
    cut -d, -f1-3,5 "$work/shipped" | sort > "$work/want"
    "$tariff" convert census "$@" --importer US 2> /dev/null |
        awk -F, 'NR == FNR { split($0, row, ","); here[row[2]]; next }
                 $2 in here && (FNR == 1 || $4 >= least)' least="$least" "$work/want" - | sort > "$work/got"
    cmp "$work/want" "$work/got" || { echo "$name is not what tariff convert census gives"; failed=1; }
}
trade=$shared/data/trade
shipped_is_converted us-imports-india-2024 0 "$trade/us_imports_from_india_2024_hs10.csv" --origin IN
for name in us-imports-2024-selected us-imports-2024-eu us-imports-2024-bd-pk us-imports-2024-rest; do
    shipped_is_converted $name 1 "$trade/us_imports_2024_hs10_country.csv.gz"
done
exit $failed
