#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Which lines and branches of src/ the tests reach: builds preset `coverage`, runs its tests, and prints a row for each
# file, those that lack most first, and the sums: coverage.sh [FILE...], whose lines that were not reached are shown.
# COVERAGE_ONLY=1 prints what the last run left.
set -eu
cd "$(dirname "$0")/.."
build=build/coverage
if [ -z "${COVERAGE_ONLY:-}" ]; then
    cmake --preset coverage > /dev/null
    cmake --build --preset coverage > /dev/null
    find $build -name '*.gcda' -delete
    # Not those that measure the build itself, or take long for no other line.
    ctest --preset coverage -Q -E 'checks/(valgrind|instructions|hardening|kill|embed|packages|determinism|examples)' || echo 'some tests failed'
fi
python3 - "$build" "$@" << 'PYTHON'
import collections
import json
import os
import re
import subprocess
import sys

build, shown = sys.argv[1], sys.argv[2:]
notes = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(build, "src"))
         for name in names if name.endswith(".gcno")]
lines = collections.defaultdict(dict)     # file: line: count
branches = collections.defaultdict(dict)  # file: (line, number): count
for note in notes:
    out = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", note],
                         capture_output=True, check=True).stdout
    for text in out.splitlines():
        for file in json.loads(text)["files"]:
            name = os.path.relpath(os.path.join(os.getcwd(), file["file"]))
            if not name.startswith("src/"):
                continue
            for line in file["lines"]:
                at = line["line_number"]
                lines[name][at] = lines[name].get(at, 0) + line["count"]
                for number, branch in enumerate(line["branches"]):
                    key = (at, number)
                    branches[name][key] = branches[name].get(key, 0) + branch["count"]

# A line that says /* unreachable: WHY */ is left out, with its branches.
left_out = 0
for name in lines:
    with open(name) as source:
        for at, text in enumerate(source, 1):
            if re.search(r"/\* unreachable: ", text):
                left_out += at in lines[name]
                lines[name].pop(at, None)
                for key in [key for key in branches[name] if key[0] == at]:
                    del branches[name][key]

def share(counts):
    return sum(1 for count in counts if count), len(counts)

rows = []
for name in lines:
    (a, b), (c, d) = share(lines[name].values()), share(branches[name].values())
    rows.append((b - a + (d - c) / 4, name, a, b, c, d))
rows.sort(reverse=True)
print(f"{'file':40} {'lines':>14} {'branches':>16}")
for _, name, a, b, c, d in rows:
    print(f"{name:40} {a:5}/{b:5} {100 * a / max(b, 1):5.1f}% {c:5}/{d:5} {100 * c / max(d, 1):5.1f}%")
a, b, c, d = (sum(row[i] for row in rows) for i in (2, 3, 4, 5))
print(f"lines {a} of {b}: {100 * a / b:.1f} %; branches {c} of {d}: {100 * c / d:.1f} %; "
      f"{left_out} lines are said to be out of reach")
for name in shown:
    with open(name) as source:
        for at, text in enumerate(source, 1):
            missed = [key for key in branches[name] if key[0] == at and not branches[name][key]]
            if lines[name].get(at) == 0:
                print(f"{name}:{at}: {text}", end="")
            elif missed:
                print(f"{name}:{at}: ({len(missed)} branches) {text}", end="")
PYTHON
