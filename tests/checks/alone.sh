#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A scenario by itself is what it is in a batch. By itself, rows are added up under its law as they
# are read; in a batch they are kept, and judged later. Reports and messages are the same bytes: of
# rows that a share table speaks of, of codes coarser than the law's, of specific duties, of many
# importers and months, and of values that no sum of 64 bits holds.
set -eu
tariff=$1
root=$(pwd)
work=$(mktemp -d)
trap "code=\$?; [ \$code = 0 ] || cat $work/*.messages; rm -rf $work" EXIT

# rows MEASURES IMPORTERS: some five megabytes of rows (fewer would be kept) of its products, cut to 4, 6 and 8
# digits or not, from anywhere.
rows() {
    echo 'hs,origin,importer,period,value'
    cut -d, -f2 "$1" | grep -x '[0-9]*' | awk -v importers="$2" '
        BEGIN {
            of = split("IN CN VN BD PK MX CA BR DE FR GB JP KR CH IL CL AU SG TH ID ZA KE RU", from, " ")
            to = split(importers, into, " ")
        }
        { codes[NR] = $0 }
        END {
            seed = 12345
            for (i = 0; i < 200000; i++) {
                seed = (seed * 1103515245 + 12345) % 2147483648
                code = codes[seed % NR + 1]
                cut = int(seed / 64) % 10
                if (cut < 3) code = substr(code, 1, 4 + 2 * cut)
                month = int(seed / 1024) % 20
                value = int(seed / 3) % 1000003 * (seed % 7 == 0 ? 0.25 : seed % 7 - 1)
                printf "%s,%s,%s,%04d-%02d,%s\n", code, from[int(seed / 16) % of + 1],
                    into[int(seed / 8) % to + 1], 2025 + int(month / 12), month % 12 + 1, value
            }
            # More than 2^62 of 1e-4 together.
            for (i = 0; i < 3; i++) printf "%s,IN,%s,2025-09,300000000000000\n", codes[1], into[1]
        }'
}

# scenario NAME SCHEDULE DATE
scenario() {
    printf 'tariff: 1\nname: %s\nflows: {file: flows.csv}\nschedule: %s/datasets/%s\ndate: %s\nexchange: {EUR: 1.1}\n' \
        "$1" "$root" "$2" "$3" > "$work/$1.yaml"
    echo 'reports: [summary, layers, {products: {digits: 6}}, products_layers, origins, importers, brackets]' \
        >> "$work/$1.yaml"
}

# same NAME: by itself, and beside another.
same() {
    scenario other us-tariffs 2025-08-27
    "$tariff" run "$work/$1.yaml" -o "$work/alone" 2> "$work/alone.messages"
    "$tariff" run "$work/other.yaml" "$work/$1.yaml" -o "$work/batch" 2> "$work/batch.messages"
    diff -r "$work/alone/$1" "$work/batch/$1"
    while IFS= read -r line; do
        grep -qFx -e "$line" "$work/batch.messages" || { echo "only alone: $line"; exit 1; }
    done < "$work/alone.messages"
    grep -q coarser "$work/alone.messages"
    rm -rf "$work/alone" "$work/batch"
}

rows datasets/us-tariffs/measures/mfn.csv US > "$work/flows.csv"
scenario us us-tariffs period
same us
rows datasets/eu-tariff-2021/measures/mfn.csv 'DE FR ES IT PL NL GB' > "$work/flows.csv"
scenario eu eu-tariff-2021 period
same eu
