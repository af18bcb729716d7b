# SPDX-License-Identifier: GPL-3.0-or-later
"""Drop one rule of the shipped schedule at a time and see whether some case of tests/law notices.

    python3 tests/law/mutations.py TARIFF [--list] [PATTERN]

A mutant is a copy of datasets/us-tariffs (symbolic links, one file rewritten) that lacks one thing:
  yields   one row of yields.csv
  base     one base of one layer: its rows then charge the whole value
  exempt   one row whose rate is exempt, or one preference row that names a product list
  without  one thing that a rule takes away from its products or origins (!@set, !@group, !CODE)
It is killed when 'tariff verify' exits with 1 on it, with the cases of us.csv or those of the law as known on a day; any
other exit is an error of the mutant. Prints the survivors.
With PATTERN only mutants whose name contains it.
"""
import csv
import glob
import io
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SCHEDULE = "datasets/us-tariffs"
CASES = "tests/law/us.csv"
MORE = "../shared/cases/us_cases.csv"


def read(name):
    with open(os.path.join(SCHEDULE, name), encoding="utf-8", newline="") as f:
        return list(csv.reader(f))


def text(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def mutants():
    """Pairs of a name and a function that gives (file, text) of the mutant."""
    rows = read("yields.csv")
    for i, r in enumerate(rows[1:], 1):
        yield ("yields %s to %s from %s" % (r[0], r[1], r[3] or "the start"),
               "yields.csv", rows[:i] + rows[i + 1:])
    for name in sorted(os.listdir(os.path.join(SCHEDULE, "measures"))):
        name = "measures/" + name
        rows = read(name)
        head = {k: i for i, k in enumerate(rows[0])}
        layer, products, origins, rate, base, when, frm = (
            head[k] for k in ("layer", "products", "origins", "rate", "base", "when", "from"))
        for key in sorted({(r[layer], r[base]) for r in rows[1:] if r[base]}):
            changed = [r[:base] + [""] + r[base + 1:] if (r[layer], r[base]) == key else r for r in rows]
            yield "base %s of %s" % (key[1], key[0]), name, changed
        for i, r in enumerate(rows[1:], 1):
            line = "%s:%d" % (name, i + 1)
            if r[rate] == "exempt" or (r[rate] == "Free" and "@" in r[products]):
                yield ("exempt %s %s, %s%s from %s (%s)" % (r[layer], r[products][:40], r[origins],
                       " " + r[when] if r[when] else "", r[frm] or "the start", line), name, rows[:i] + rows[i + 1:])
        seen = set()
        for column in (products, origins):
            for r in rows[1:]:
                for word in r[column].split():
                    key = (r[layer], column, r[column], word)
                    if word[0] != "!" or key in seen:
                        continue
                    seen.add(key)

                    def without(q):
                        if q[layer] != key[0] or q[column] != key[2]:
                            return q
                        left = " ".join(x for x in q[column].split() if x != word)
                        return q[:column] + [left] + q[column + 1:]
                    yield ("without %s in %s of %s" % (word, r[column][:60], r[layer]), name, [without(q) for q in rows])


def main():
    args = [a for a in sys.argv[1:] if a != "--list"]
    tariff = os.path.abspath(args[0])
    todo = [m for m in mutants() if len(args) < 2 or args[1] in m[0]]
    if "--list" in sys.argv:
        for m in todo:
            print(m[0])
        return 0
    ours = [[CASES]] + [[x, "--as-of", x.split("@")[1][:-4]] for x in sorted(glob.glob("tests/law/us@*.csv"))]
    cases = ours + ([[MORE]] if os.path.exists(MORE) else [])

    def verify(schedule, files):
        return subprocess.run([tariff, "verify", *files, "--schedule", schedule], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, universal_newlines=True)

    for files in ours:
        sane = verify(SCHEDULE, files)
        if sane.returncode:
            print(sane.stdout, end="")
            print("the cases do not hold on the schedule itself")
            return 1
    source = os.path.abspath(SCHEDULE)

    def run(mutant):
        name, file, rows = mutant
        with tempfile.TemporaryDirectory() as d:
            top = file.split("/")[0]
            for entry in os.listdir(source):
                if entry != top:
                    os.symlink(os.path.join(source, entry), os.path.join(d, entry))
            if "/" in file:
                os.mkdir(os.path.join(d, top))
                for entry in os.listdir(os.path.join(source, top)):
                    if top + "/" + entry != file:
                        os.symlink(os.path.join(source, top, entry), os.path.join(d, top, entry))
            # the list of checksums would rightly complain of the changed file
            if os.path.exists(os.path.join(d, "datapackage.json")):
                os.unlink(os.path.join(d, "datapackage.json"))
            with open(os.path.join(d, file), "w", encoding="utf-8", newline="") as f:
                f.write(text(rows))
            for n, files in enumerate(cases):
                got = verify(d, files)
                if got.returncode == 1:
                    return name, "killed" if n < len(ours) else "only by " + files[0], ""
                if got.returncode:
                    return name, "error", got.stdout
        return name, "survived", ""

    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        results = list(pool.map(run, todo))
    bad = 0
    for name, verdict, out in results:
        if verdict == "killed":
            continue
        bad += verdict in ("survived", "error")
        print("%s: %s" % (verdict, name))
        if out:
            print(out, end="")
    print("%d mutants, %d killed, %d survived" % (len(results), len(results) - bad, bad))
    return 1 if bad else 0


sys.exit(main())
