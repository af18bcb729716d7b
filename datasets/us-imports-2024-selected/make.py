#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build flows.csv.gz and datapackage.json of us-imports-2024-selected or us-imports-2024-eu.

    python3 datasets/us-imports-2024-selected/make.py SHARED
    python3 datasets/us-imports-2024-eu/make.py SHARED

SHARED is the directory that has data/trade in it. Rows are those of the Census file with the consumption value, lines
without one left out; nothing is added up or estimated.
"""
import csv
import gzip
import hashlib
import io
import json
import os
import sys


def make(shared, here, name, partners, who, recoded=None):
    shared = shared.rstrip("/") + "/data/trade/"
    with open(shared + "census_countries.csv", encoding="utf-8", newline="") as f:
        iso = {r["cty_code"]: r["iso2"] for r in csv.DictReader(f)}
    iso = {k: (recoded or {}).get(v, v) for k, v in iso.items()}
    rows = []
    with gzip.open(shared + "us_imports_2024_hs10_country.csv.gz", "rt", encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f):
            if iso.get(r["cty_code"]) in partners and r["consumption_imports_usd"] != "0":
                rows.append((r["hs10"], iso[r["cty_code"]], "US", "2024", r["consumption_imports_usd"]))
    rows.sort(key=lambda r: (r[1], r[0]))
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(["hs", "origin", "importer", "period", "value"])
    w.writerows(rows)
    raw = gzip.compress(out.getvalue().encode(), 9, mtime=0)
    with open(os.path.join(here, "flows.csv.gz"), "wb") as f:
        f.write(raw)
    field = lambda n, typ, text, **k: dict({"name": n, "type": typ, "description": text}, **k)
    package = {
        "profile": "tabular-data-package", "name": name, "version": "1.0.0",
        "title": "United States imports for consumption from %s, 2024, ten-digit tariff lines" % who,
        "currency": "USD", "valuation": "customs value", "nomenclature": "HTS 2024 (HS 2022), ten digits",
        "flow": "imports for consumption", "reporter": "US",
        "sources": [{"title": "US Census Bureau, International Trade API, imports by HS10 and country, calendar year 2024",
                     "path": "https://api.census.gov/data/timeseries/intltrade/imports/hs.html"},
                    {"title": "Pull of the API used: FelipeRamon123/united-states-census-imports-api-showcase, commit 3c274b2",
                     "path": "https://github.com/FelipeRamon123/united-states-census-imports-api-showcase"}],
        "licenses": [{"name": "US-PD", "title": "Work of the United States government, public domain (the pull: MIT)",
                      "path": "https://www.usa.gov/government-works"}],
        "resources": [{"name": "flows", "path": "flows.csv.gz", "profile": "tabular-data-resource", "format": "csv",
                       "compression": "gz", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(raw),
                       "rows": len(rows), "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
                       "schema": {"fields": [
                           field("hs", "string", "HTS statistical reporting number, ten digits"),
                           field("origin", "string", "country of origin, ISO 3166-1 alpha-2"),
                           field("importer", "string", "importing country, ISO 3166-1 alpha-2"),
                           field("period", "year", "calendar year"),
                           field("value", "number", "customs value of imports for consumption", unit="USD")]}}]}
    with open(os.path.join(here, "datapackage.json"), "w", encoding="utf-8") as f:
        json.dump(package, f, indent=1, ensure_ascii=False)
        f.write("\n")
    by = {}
    for r in rows:
        by.setdefault(r[1], [0, 0])
        by[r[1]][0] += 1
        by[r[1]][1] += int(r[4])
    for k, v in sorted(by.items()):
        print(k, *v)
    print(len(rows), "rows", sum(v[1] for v in by.values()), "bytes", len(raw))


if __name__ == "__main__":
    make(sys.argv[1], os.path.dirname(os.path.abspath(__file__)), "us-imports-2024-selected",
         "BR CA CH CN GB JP KR MX TW VN".split(), "ten partners")
