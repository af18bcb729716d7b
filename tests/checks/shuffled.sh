#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The order of rows changes nothing: all reports of India's trade, byte for byte, from its rows as
# they are, backwards, and sorted by a checksum of each. (lines.csv follows the input and is not
# among them; the manifest names the file and its checksum, and is compared without them.)
set -eu
tariff=$1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flows=$root/datasets/us-imports-india-2024/flows.csv
header=$(head -n 1 "$flows")
tail -n +2 "$flows" > "$work/rows"

# rows_by NAME: a scenario of the rows on standard input.
rows_by() {
    mkdir "$work/$1"
    { echo "$header"; cat; } > "$work/$1/flows.csv"
    cat > "$work/$1/scenario.yaml" << YAML
tariff: 1
name: shuffled
flows: {file: flows.csv, importer: US}
schedule: $root/datasets/us-tariffs
date: 2025-08-27
reports: [summary, layers, {products: {digits: 10}}, products_layers, origins, importers, brackets]
YAML
    "$tariff" run "$work/$1/scenario.yaml" -o "$work/$1"
    grep -v -e xxh3_128 -e sha256 "$work/$1/shuffled/manifest.json" > "$work/$1/shuffled/manifest"
    rm "$work/$1/shuffled/manifest.json"
}

rows_by original < "$work/rows"
sed -n '1!G;h;$p' "$work/rows" | rows_by backwards
# A multiplicative hash of the row's number: another order, the same on every machine.
awk '{ printf "%d\t%s\n", (NR * 7919 + 104729) % 1000003, $0 }' "$work/rows" |
    sort -n | cut -f 2- | rows_by scattered

cmp -s "$work/original/flows.csv" "$work/scattered/flows.csv" && { echo 'not shuffled'; exit 1; }
diff -r "$work/original/shuffled" "$work/backwards/shuffled"
diff -r "$work/original/shuffled" "$work/scattered/shuffled"
