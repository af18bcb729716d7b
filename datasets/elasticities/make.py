#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build elasticities and elasticities-all-importers, each with its datapackage.json:

    python3 datasets/elasticities/make.py SHARED

SHARED is the directory that has data/elasticities in it. Estimates are for codes of 1988 to 1996, so they are taken by
four-digit heading, which later revisions of the nomenclature moved least, and by chapter where a heading has too few: the
median of all estimates in it, those with the wrong sign included. With fewer than three estimates, or a median that is no
magnitude, there is no row.
"""
import csv
import hashlib
import io
import json
import os
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 3
BODA = {"title": "Broda & Weinstein, Globalization and the Gains from Variety, QJE 121(2), 2006",
        "path": "https://github.com/insongkim/concordance"}
FGO = {"title": "Fontagne, Guimbard & Orefice, Tariff-based product-level trade elasticities, JIE 137, 2022; replication",
       "path": "https://github.com/polojoecarr/fontagne-2022-replication"}
HAUK = {"title": "Hauk, U.S. import and export elasticities: a panel data approach, Empirical Economics 42, 2012",
        "path": "https://github.com/BillHauk/tradeelasticityestimates"}

# package: title, licence, and for each file the importer, its code, its column, sign, our column, source
PACKAGES = {
    "elasticities": (
        "Elasticities of US imports: substitution between origins, and import demand", [BODA, HAUK],
        "the first source is MIT, the second states no licence",
        [("broda_weinstein2006_us_hts10.csv", "US", "hts10", "sigma", 1, "sigma",
          "Broda & Weinstein 2006 US 1990-2001; median of %d HTS10"),
         ("hauk2012_us_import_demand_hs6.csv", "US", "hs6", "import_demand_elasticity", 1, "eps",
          "Hauk 2012 US import demand; median of %d HS6")]),
    "elasticities-all-importers": (
        "Elasticities of substitution for any importer, from tariffs", [FGO],
        "a replication that states no licence",
        [("fgo2022_hs6_replicated.csv", "*", "hs6", "tariff_coef", -1, "sigma",
          "Fontagne Guimbard & Orefice 2022 replicated; median of %d HS6")]),
}


def estimates(path, code, column, sign):
    with open(path, encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f):
            try:
                x = sign * float(r[column])
            except ValueError:
                continue
            if r.get("status", "ok") == "ok" and len(r[code]) >= 6:
                yield r[code], x


def rows_of(shared, spec):
    name, importer, code, column, sign, parameter, source = spec
    by = {}
    for hs, x in estimates(shared.rstrip("/") + "/data/elasticities/" + name, code, column, sign):
        for digits in (2, 4):
            by.setdefault(hs[:digits], []).append(x)
    kept, dropped = [], [0, 0]
    for hs, xs in by.items():
        median = statistics.median(xs)
        if len(xs) < LEAST or median <= 0:
            dropped[len(hs) // 2 - 1] += 1
            continue
        cell = ("%.4f" % median).rstrip("0").rstrip(".")
        kept.append((hs, importer, "long", cell if parameter == "sigma" else "",
                     cell if parameter == "eps" else "", source % len(xs)))
    print(name, len(kept), "rows;", dropped[0], "chapters and", dropped[1], "headings without one")
    return kept


def make(shared, name):
    title, sources, licence, specs = PACKAGES[name]
    folder = os.path.join(HERE, "..", name)
    os.makedirs(folder, exist_ok=True)
    rows = sorted(row for spec in specs for row in rows_of(shared, spec))
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(["hs", "importer", "horizon", "sigma", "eps", "source"])
    w.writerows(rows)
    raw = out.getvalue().encode()
    with open(os.path.join(folder, "elasticities.csv"), "wb") as f:
        f.write(raw)

    def field(n, typ, text):
        return {"name": n, "type": typ, "description": text}

    package = {
        "profile": "tabular-data-package", "name": name, "version": "1.0.0", "title": title,
        "nomenclature": "HS headings and chapters; estimated on codes of HS 1988/92 and HS 1996",
        "created": "2026-11-24", "sources": sources,
        "licenses": [{"name": "facts",
                      "title": "numbers as facts, arranged by this project (GPL-3.0-or-later); " + licence}],
        "resources": [{"name": "elasticities", "path": "elasticities.csv", "profile": "tabular-data-resource",
                       "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(raw),
                       "rows": len(rows), "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
                       "schema": {"fields": [
                           field("hs", "string", "chapter or four-digit heading"),
                           field("importer", "string", "ISO alpha-2, or * for all"),
                           field("horizon", "string", "short or long run"),
                           field("sigma", "number", "elasticity of substitution between origins"),
                           field("eps", "number", "import-demand elasticity, a magnitude"),
                           field("source", "string", "paper and number of estimates")]}}]}
    with open(os.path.join(folder, "datapackage.json"), "w", encoding="utf-8") as f:
        json.dump(package, f, indent=1, ensure_ascii=False)
        f.write("\n")
    for p, i in (("sigma", 3), ("eps", 4)):
        xs = sorted(float(r[i]) for r in rows if r[i])
        if xs:
            print("  %s: %d rows, 5 %% %.2f, median %.2f, 95 %% %.2f, most %.1f" % (
                p, len(xs), xs[len(xs) // 20], statistics.median(xs), xs[-len(xs) // 20], xs[-1]))
    print("  %s: %d rows, %d bytes" % (name, len(rows), len(raw)))


if __name__ == "__main__":
    for package_name in PACKAGES:
        make(sys.argv[1], package_name)
