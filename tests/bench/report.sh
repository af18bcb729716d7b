#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The reports of the benchmark's scenario in the form in which its harness compares them: a line of
# value, duties, affected value and total by chapter, and of all: report.sh TARIFF DIRECTORY.
set -eu
"$1" run -q "$2/bench.yaml" -o "$2/reports" > "$2/said" 2>&1 || { cat "$2/said" >&2; exit 1; }
cd "$2/reports/bench"
awk -F, '
    FNR == 1 { file++; split("", at); for (i = 1; i <= NF; i++) at[$i] = i; next }
    file == 1 { chapter[++n] = $at["hs"]; value[n] = $at["export_value"]
                affected[n] = $at["affected_value"]; total[n] = $at["total_duty"]; next }
    file == 2 { duty[$at["hs"], $at["layer"]] = $at["duty"]; next }
    file == 3 { duty["ALL", $at["layer"]] = $at["duty"]; next }
    { whole[$at["metric"]] = $at["value"] }
    function line(name, value, affected, total,   i) {
        printf "%s,%s", name, value
        for (i = 1; i <= 5; i++) printf ",%s", duty[name, layer[i]] + 0 == 0 ? 0 : duty[name, layer[i]]
        printf ",%s,%s\n", affected, total
    }
    END {
        split("mfn s232 base add pc", layer, " ")
        for (i = 1; i <= n; i++) line(chapter[i], value[i], affected[i], total[i])
        line("ALL", whole["export_value"], whole["affected_value"], whole["total_duty"])
        printf "ETR,%.12f\n", whole["total_duty"] / whole["export_value"]
        printf "AFFECTED,%.12f\n", whole["affected_value"] / whole["export_value"]
    }' products.csv products_layers.csv layers.csv summary.csv
