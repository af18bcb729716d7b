#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A scenario by itself is what it is in a batch. By itself, rows are added up under its law as they
# are read; in a batch they are kept, and judged later. Reports and messages are the same bytes: of
# rows that a share table speaks of, of codes coarser than the law's, of specific duties, of many
# importers and months, and of values that no sum of 64 bits holds; also where no additional layer has
# to do with an ordinary one, so that either kind is added up alone.
set -eu
tariff=$1
root=$(pwd)
work=$(mktemp -d)
trap "code=\$?; [ \$code = 0 ] || cat $work/*.messages; rm -rf $work" EXIT

# rows MEASURES IMPORTERS: some five megabytes of rows (fewer would be kept) of its products, cut to 4, 6 and 8
# digits or not, from anywhere, alone or several in a row.
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
                # Every other row has what the one before has, in some columns or in all but the value.
                fresh = i > 0 && int(seed / 4096) % 2 ? int(seed / 8192) % 16 : 15
                if (fresh % 2) code = codes[seed % NR + 1]
                cut = int(seed / 64) % 10
                if (fresh % 2 && cut < 3) code = substr(code, 1, 4 + 2 * cut)
                if (int(fresh / 2) % 2) month = int(seed / 1024) % 60
                if (int(fresh / 4) % 2) origin = from[int(seed / 16) % of + 1]
                if (fresh >= 8) importer = into[int(seed / 8) % to + 1]
                value = int(seed / 3) % 1000003 * (seed % 7 == 0 ? 0.25 : seed % 7 - 1)
                printf "%s,%s,%s,%04d-%02d,%s\n", code, origin, importer, 2025 + int(month / 12),
                    month % 12 + 1, value
            }
            # More than 2^64 of 1e-4 together, and before, so that the program is known, little.
            for (i = 0; i < 1000; i++) printf "%s,IN,%s,2025-09,1\n", codes[1], into[1]
            for (i = 0; i < 7; i++) printf "%s,IN,%s,2025-09,300000000000000\n", codes[1], into[1]
        }'
}

# scenario NAME SCHEDULE DATE
scenario() {
    printf 'tariff: 1\nname: %s\nflows: {file: flows.csv}\nschedule: %s\ndate: %s\nexchange: {EUR: 1.1}\n' \
        "$1" "$2" "$3" > "$work/$1.yaml"
    echo 'reports: [summary, layers, {products: {digits: 6}}, products_layers, origins, importers, brackets]' \
        >> "$work/$1.yaml"
}

# messages FILE NAME: without the order of scenarios and the names of their files.
messages() {
    sed "s/$2-twin/$2/" "$1" | sort -u
}

# same NAME: by itself, and beside another that reads the same rows.
same() {
    sed "s/name: $1/&-twin/" "$work/$1.yaml" > "$work/$1-twin.yaml"
    "$tariff" run -q "$work/$1.yaml" -o "$work/alone" 2> "$work/alone.messages"
    "$tariff" run -q "$work/$1.yaml" "$work/$1-twin.yaml" -o "$work/batch" 2> "$work/batch.messages"
    diff -r "$work/alone/$1" "$work/batch/$1"
    messages "$work/alone.messages" "$1" > "$work/alone.said"
    messages "$work/batch.messages" "$1" > "$work/batch.said"
    diff "$work/alone.said" "$work/batch.said"
    grep -q coarser "$work/alone.said"
    rm -rf "$work/alone" "$work/batch"
}

rows datasets/us-tariffs/measures/mfn.csv US > "$work/flows.csv"
scenario us "$root/datasets/us-tariffs" period
same us
# The ordinary duties of the United States below additional layers that know nothing of them: some by
# product and some by origin, of groups that change, with exemptions, conditions, parts and amounts.
apart() {
    mkdir -p "$1/measures" "$1/sets" "$1/claims" "$1/parts"
    cp datasets/us-tariffs/measures/mfn.csv "$1/measures"
    cp datasets/us-tariffs/parts/* "$1/parts"
    cat > "$1/measures/other.csv" << CSV
layer,products,origins,importers,from,until,rate,base,when
mfn,72,RU,US,,,70%,,
mfn,7208,BR,US,2025-05-01,2025-10-01,Free,,treaty
mfn,87,MX,US,,,Free,,usmca
mfn,8703,CA,*,,,1.5%,steel,
safe,72,*,US,2025-03-12,2025-06-04,25%,,
safe,72,*,US,2025-06-04,,50%,,
safe,7208 7210,GB FR,US,2025-06-04,2026-02-01,30%,,
safe,8708,*,US,2025-05-03,,25%,,treaty
base,*,*,US,2025-04-05,,10%,,
base,*,IN CN,US,2025-08-07,,25%,,
base,*,@friends,US,2025-08-07,,12.5%,,
base,@exempt,*,US,,,exempt,,
more,*,IN,US,2025-08-27,,25%,,
more,61 62,IN VN,US,2025-08-27,,0.5 USD/kg,,
more,6109,@friends,US,,,7%,,
more,610910,VN,US,,,3%,,
more,6204,*,@buyers,,,4%,,
steel,84,*,US,2025-08-18,,50%,steel,
steel,85,*,US,2025-08-18,,50%,!steel,
CSV
    cat > "$1/layers.csv" << CSV
layer,title,kind,authority,select
mfn,ordinary,ordinary,mfn,specific
safe,safeguards,additional,safe,highest
base,base,additional,base,specific
more,more,additional,more,sum
steel,content,additional,steel,specific
CSV
    printf 'layer,to,scope,from,until\nbase,safe,line,2025-06-04,\nmore,steel,part,,\nbase,steel,part,,\n' > "$1/yields.csv"
    printf 'group,member,from,until\nfriends,VN,,2025-09-01\nfriends,KR,2025-07-01,\nfriends,BR,,\nbuyers,US,2025-06-15,2026-03-01\n' > "$1/groups.csv"
    printf 'hs,from,until\n0901,,\n2709,,2025-10-01\n84,2025-07-01,2026-01-01\n61,2025-11-13,\n' > "$1/sets/exempt.csv"
    printf 'hs,origin,importer,from,until,share\n8703,MX,US,,,0.6\n' > "$1/claims/usmca.csv"
    printf 'hs,origin,importer,from,until,share\n' > "$1/claims/treaty.csv"
    printf 'hs,origin,importer,from,until,share\n8481,*,US,,,0.3\n' > "$1/parts/steel.csv"
}
apart "$work/apart"
scenario apart apart period
same apart
# A duty that tops up the ordinary one ties the kinds together.
echo 'base,*,JP DE,US,2025-08-07,,to 15%,,' >> "$work/apart/measures/other.csv"
scenario tied apart period
same tied
# Changes that act on rows that were not kept, and some that do not: of those it is said why.
changed() {
    scenario "$1" "$2" period
    cat >> "$work/$1.yaml" << YAML
changes:
  - add: {layer: $3, products: "6109", origins: IN, rate: 12%, from: 2025-08-27}
  - add: {layer: $3, products: "7208", origins: AQ, rate: 5%}
  - shift: {layer: $3, by: 2.5%}
  - set: {layer: mfn, products: "87", rate: 9%}
  - scale: {layer: $3, origins: MX, by: 1}
  - exempt: {layer: $3, products: "2709 2710"}
  - suspend: {layer: $3, origins: VN, from: 1990-01-01, until: 1991-01-01}
  - share: {claim: usmca, products: "8703", origins: MX, share: 0.7}
YAML
    same "$1"
    grep -q 'changes nothing' "$work/alone.said"
}
changed more apart base
changed less "$root/datasets/us-tariffs" reciprocal
rows datasets/eu-tariff-2021/measures/mfn.csv 'DE FR ES IT PL NL GB' > "$work/flows.csv"
scenario eu "$root/datasets/eu-tariff-2021" period
same eu
