#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build flows.csv and datapackage.json of this directory.

    python3 datasets/us-imports-india-2024/make.py SHARED
"""
import csv
import hashlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
src = sys.argv[1].rstrip("/") + "/data/trade/us_imports_from_india_2024_hs10.csv"
total = n = 0
with open(src, encoding="utf-8-sig", newline="") as f, \
        open(os.path.join(HERE, "flows.csv"), "w", encoding="utf-8", newline="") as g:
    w = csv.writer(g, lineterminator="\n")
    w.writerow(["hs", "origin", "importer", "period", "value"])
    for r in sorted(csv.DictReader(f), key=lambda r: r["hs10"]):
        w.writerow([r["hs10"], "IN", "US", "2024", r["consumption_imports_usd"]])
        total += int(r["consumption_imports_usd"])
        n += 1
with open(os.path.join(HERE, "flows.csv"), "rb") as f:
    raw = f.read()
field = lambda name, typ, text, **k: dict({"name": name, "type": typ, "description": text}, **k)
pkg = {
    "profile": "tabular-data-package", "name": "us-imports-india-2024", "version": "1.0.0",
    "title": "United States imports for consumption from India, 2024, ten-digit tariff lines",
    "currency": "USD", "valuation": "customs value", "nomenclature": "HTS 2024 (HS 2022), ten digits",
    "flow": "imports for consumption", "reporter": "US",
    "sources": [{"title": "US Census Bureau, International Trade API, imports by HS10 and country, calendar year 2024",
                 "path": "https://api.census.gov/data/timeseries/intltrade/imports/hs.html"},
                {"title": "Pull of the API used: FelipeRamon123/united-states-census-imports-api-showcase, commit 3c274b2",
                 "path": "https://github.com/FelipeRamon123/united-states-census-imports-api-showcase"}],
    "licenses": [{"name": "US-PD", "title": "Work of the United States government, public domain (the pull: MIT)",
                  "path": "https://www.usa.gov/government-works"}],
    "resources": [{"name": "flows", "path": "flows.csv", "profile": "tabular-data-resource", "format": "csv",
                   "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(raw), "rows": n,
                   "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
                   "schema": {"fields": [
                       field("hs", "string", "HTS statistical reporting number, ten digits"),
                       field("origin", "string", "country of origin, ISO 3166-1 alpha-2"),
                       field("importer", "string", "importing country, ISO 3166-1 alpha-2"),
                       field("period", "year", "calendar year"),
                       field("value", "number", "customs value of imports for consumption", unit="USD")]}}]}
with open(os.path.join(HERE, "datapackage.json"), "w", encoding="utf-8") as f:
    json.dump(pkg, f, indent=1, ensure_ascii=False)
    f.write("\n")
print(n, "rows", total)
