#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A sweep is many scenarios and nothing else: every point's metrics are those of `--point N`, which is run the ordinary
# way, and of scenarios written by hand; and the answer of a break-even search, put into the scenario, reaches the target:
# sweep.sh TARIFF, from the root.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ln -s "$root/datasets" datasets

fail() {
    echo "$*"
    exit 1
}

# metrics FILE: of a summary.csv, as METRIC,VALUE.
metrics() {
    awk -F, 'NR > 1 { print $3 "," $4 }' "$1"
}

# row POINT SWEEP: the metrics of a row of a sweep.csv, likewise.
row() {
    awk -F, -v point="$1" '
        NR == 1 { for (i = 1; i <= NF; i++) { name[i] = $i; if ($i == "export_value") first = i } }
        NR > 1 && $3 == point { for (i = first; i <= NF; i++) print name[i] "," $i }' "$2"
}

# every_point SCENARIO NAME COUNT
every_point() {
    "$tariff" run -q "$1" -o out > /dev/null
    [ "$(wc -l < "out/$2/sweep.csv")" = $(($3 + 1)) ] || fail "$1 has not $3 points"
    n=0
    while [ $n -lt "$3" ]; do
        "$tariff" run -q "$1" -o out --point $n > /dev/null
        metrics "out/$2-$n/summary.csv" > ordinary
        row $n "out/$2/sweep.csv" > swept
        [ -s swept ] || fail "$1 has no point $n"
        diff ordinary swept || fail "$1: point $n is not what --point $n gives"
        n=$((n + 1))
    done
}

# same_as POINT NAME: the sweep `small` has at POINT what out/NAME has.
same_as() {
    "$tariff" run -q "$2.yaml" -o out > /dev/null
    metrics "out/$2/summary.csv" > ordinary
    row "$1" out/small/sweep.csv > swept
    diff ordinary swept || fail "point $1 is not $2.yaml"
}

# A small law with all that rates can move: what gives way, parts, claims, floors, several measures at once, quantities.
mkdir law law/parts law/claims law/sets
cat > law/layers.csv << 'END'
layer,title,kind,authority,select
mfn,M,ordinary,mfn,specific
steel,S,additional,s,specific
order,O,additional,o,specific
all,A,additional,a,sum
high,H,additional,h,highest
END
cat > law/yields.csv << 'END'
layer,to,scope,from,until,citation
order,steel,part,,,C
high,order,line,,2025-07-01,C
END
cat > law/measures.csv << 'END'
layer,products,origins,importers,from,until,rate,base,when,citation
mfn,*,*,*,,,3%,,,C
mfn,61,*,*,,,12.5%,,,C
mfn,22,*,*,,,1.5 USD/l + 2%,,,C
mfn,*,*,*,,,Free,,fta,C
steel,72-73,*,*,,,25%,,,C
steel,84,*,*,,,50%,steel,,C
order,*,IN,*,,,25%,,,C
order,*,CN,*,2025-06-01,,10%,,,C
order,*,DE,*,,,to 15%,,,C
order,@free,*,*,,,exempt,,,C
order,*,CA,*,,,35%,,,C
order,*,CA,*,,,exempt,,fta,C
all,*,CN,*,,,5%,,,C
all,72-85,CN,*,,,7.5%,,,C
high,*,IN CN,*,,,2%,,,C
high,84,*,*,,,9%,,,C
END
printf 'hs\n3004\n8517\n' > law/sets/free.csv
printf 'hs,origin,importer,from,until,share\n84,*,*,,,0.4\n8481,*,*,,,0.9\n' > law/parts/steel.csv
printf 'hs,origin,importer,from,until,share\n*,CA,*,,,0.37\n61,CA,*,,,1\n' > law/claims/fta.csv
awk 'BEGIN {
    print "hs,origin,importer,value,quantity,unit"
    split("610910 220300 720839 730890 841350 848180 300490 851713 940360", hs)
    split("IN CN DE CA", origin)
    for (i = 1; i <= 9; i++)
        for (k = 1; k <= 4; k++)
            printf "%s,%s,US,%d.%02d,%s,%s\n", hs[i], origin[k], 100000 + 7919 * i * k, i * k,
                   (i == 2 && k > 1 ? 1000 * k : ""), (i == 2 && k > 1 ? "l" : "")
}' > flows.csv
cat > base.yaml << 'END'
tariff: 1
name: base
flows: {file: flows.csv}
schedule: law
date: 2025-06-15
changes:
  - shift: {layer: order, origins: CN, by: +1%}
END

# All kinds of dimensions; rates of nothing among them, which displace nothing.
cat > small.yaml << 'END'
extends: base.yaml
name: small
sweep:
  steel_rate: {set: {layer: steel}, rate: [0%, 25%]}
  more: {shift: {layer: "order all"}, by: [-10%, +0.5%]}
  day: {key: date, values: [2025-05-31, 2025-07-01]}
  floor: {set: {layer: order, origins: DE}, rate: [to 20%, Free, 12%]}
  without: {suspend: {layer: high}, when: [no, yes]}
  less: {scale: {layer: high, products: 84}, by: [0, 1.5]}
END
every_point small.yaml small 96

# Point 0: the first value of each; 95: the last; 41 = 0*48 + 1*24 + 1*12 + 1*4 + 0*2 + 1.
# Dimensions that only vary rates come after the others, in their order.
cat > first.yaml << 'END'
extends: base.yaml
name: first
date: 2025-05-31
changes+:
  - set: {layer: order, origins: DE, rate: to 20%}
  - set: {layer: steel, rate: 0%}
  - shift: {layer: [order, all], by: -10%}
  - scale: {layer: high, products: 84, by: 0}
END
cat > last.yaml << 'END'
extends: base.yaml
name: last
date: 2025-07-01
changes+:
  - set: {layer: order, origins: DE, rate: 12%}
  - suspend: {layer: high}
  - set: {layer: steel, rate: 25%}
  - shift: {layer: [order, all], by: 0.5%}
  - scale: {layer: high, products: 84, by: 1.5}
END
cat > middle.yaml << 'END'
extends: base.yaml
name: middle
date: 2025-07-01
changes+:
  - set: {layer: order, origins: DE, rate: Free}
  - set: {layer: steel, rate: 0%}
  - shift: {layer: order all, by: +0.5%}
  - scale: {layer: high, products: 84, by: 1.5}
END
same_as 0 first
same_as 95 last
same_as 41 middle

# Shares, exemptions, new measures, sets and flows.
awk -F, 'NR == 1 || $2 == "CA"' flows.csv > canada.csv
cat > other.yaml << 'END'
extends: base.yaml
name: other
changes+:
  - share: {claim: fta, origins: CA, share: 0}
  - exclude: {set: free, products: 8517}
sweep:
  claimed: {key: "changes[1].share.share", values: {from: 0%, to: 100%, step: 50%}}
  free: {exempt: {layer: "order all", products: 61}, when: [yes, no]}
  new: {add: {layer: levy, kind: additional, origins: "* !IN", rate: 4%, yields_to: [all]}, when: [no, yes]}
  file: {key: flows.file, values: [flows.csv, canada.csv]}
END
every_point other.yaml other 24

# The same on real flows: India, with section 232 down to nothing.
cat > india.yaml << 'END'
tariff: 1
name: india
flows: {file: datasets/us-imports-india-2024, importer: US}
schedule: datasets/us-tariffs
date: 2025-08-27
sweep:
  metals: {scale: {layer: "authority:s232"}, by: [0, 0.5, 1]}
  country: {set: {layer: reciprocal, origins: IN}, rate: [0%, 18%]}
  oil: {suspend: {layer: russia_oil}, when: [no, yes]}
reports: [summary]
END
every_point india.yaml india 12

# Break-even: the answer, put into the scenario, gives the target to the ninth place of a rate or the cent of money.
# solves METRIC TARGET KIND CHANGE KEY FROM TO UNIT EPSILON
solves() {
    printf 'extends: base.yaml\nname: solve\nsolve: {metric: %s, target: %s, by: {%s: {%s}, %s: {from: %s, to: %s}}}\n' \
        "$1" "$2" "$3" "$4" "$5" "$6" "$7" > solve.yaml
    "$tariff" run -q solve.yaml -o out > /dev/null
    answer=$(awk -F, -v unit="$8" 'NR == 2 { printf (unit == "%" ? "%.7f%%" : "%.9f"), (unit == "%" ? 100 * $6 : $6) }' out/solve/solve.csv)
    printf 'extends: base.yaml\nname: answer\nchanges+:\n  - %s: {%s, %s: %s}\n' "$3" "$4" "$5" "$answer" > answer.yaml
    "$tariff" run -q answer.yaml -o out > /dev/null
    metrics out/answer/summary.csv | awk -F, -v metric="$1" -v target="$2" -v epsilon="$9" '
        $1 == metric {
            if (target ~ /%$/) target /= 100
            off = $2 - target
            found = 1
            if (off > epsilon || off < -epsilon) { print metric " is " $2 ", expected " target; exit 1 }
        }
        END { if (!found) exit 1 }' || fail "solve.yaml: $answer does not reach the target"
    # What solve.csv says was achieved is what the scenario gives.
    achieved=$(awk -F, 'NR == 2 { print $5 }' out/solve/solve.csv)
    metrics out/answer/summary.csv | awk -F, -v metric="$1" -v achieved="$achieved" '
        $1 == metric && $2 + 0 != achieved + 0 { print metric " is " $2 ", solve.csv says " achieved; exit 1 }' || exit 1
}
solves average_rate 25% set 'layer: order, origins: IN' rate 0% 100% % 0.000000002
solves average_rate 30% scale 'layer: order' by 0 4 1 0.000000002
solves total_duty 2000000 shift 'layer: order' by 0% 50% % 0.05
solves average_additional_rate 32.5% shift 'layer: "all order"' by 0% 60% % 0.000000002
solves ordinary_duty 200000 set 'layer: mfn' rate 0% 30% % 0.05
