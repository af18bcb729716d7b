#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# explain and run cannot disagree: for some two hundred lines of India's trade the totals of
# `explain --format json` are the row of lines.csv: every rate, and the duty to the cent.
set -eu
tariff=$1
command -v python3 > /dev/null || { echo 'skipped: python3 is not installed'; exit 77; }
# Sanitizers make each of the runs slow: an eighth of them will do.
step=1
{ nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q __asan_init && step=8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tariff" run scenarios/india-us-2025.yaml --set 'reports=[lines]' -o "$work"
python3 - "$tariff" "$work/india-us-2025/lines.csv" $step << 'PYTHON'
import csv
import json
import subprocess
import sys

tariff, path, step = sys.argv[1:]
with open(path, newline="") as file:
    rows = list(csv.DictReader(file))
# Every 60th row, and all that have an unusual rate: those are few.
common = {"0.5", "0"}
chosen = rows[::60] + [row for row in rows if row["additional_rate"] not in common][:60]
if len(chosen) < 200:
    sys.exit(f"only {len(chosen)} lines to look at")
chosen = chosen[:: int(step)]
names = [column[:-5] for column in rows[0] if column.endswith("_rate")]
bad = 0
for row in chosen:
    text = subprocess.run(
        [tariff, "explain", "scenarios/india-us-2025.yaml", "--format", "json",
         "--hs", row["hs"], "--origin", row["origin"], "--value", row["export_value"]],
        check=True, capture_output=True, text=True).stdout
    totals = json.loads(text)["totals"]
    for name in names:
        # A layer that charges nothing has no total.
        expected, found = row[name + "_rate"], totals.get(name, {"rate": "0"})["rate"]
        if expected != found:
            print(f"{row['hs']} {name}: run says {expected}, explain {found}")
            bad += 1
    if row["total_duty"] != totals["total"]["duty"]:
        print(f"{row['hs']}: run says {row['total_duty']}, explain {totals['total']['duty']}")
        bad += 1
print(f"{len(chosen)} lines, {bad} differences")
sys.exit(1 if bad else 0)
PYTHON
