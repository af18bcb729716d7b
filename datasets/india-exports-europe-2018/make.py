#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build flows.csv.gz and datapackage.json of this directory.

    python3 datasets/india-exports-europe-2018/make.py SHARED
"""
import collections
import csv
import decimal
import gzip
import hashlib
import io
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {"U K": "GB", "AUSTRIA": "AT", "BELGIUM": "BE", "BULGARIA": "BG", "CROATIA": "HR", "CYPRUS": "CY",
         "CZECH REPUBLIC": "CZ", "DENMARK": "DK", "ESTONIA": "EE", "FINLAND": "FI", "FRANCE": "FR", "GERMANY": "DE",
         "GREECE": "GR", "HUNGARY": "HU", "IRELAND": "IE", "ITALY": "IT", "LATVIA": "LV", "LITHUANIA": "LT",
         "LUXEMBOURG": "LU", "MALTA": "MT", "NETHERLAND": "NL", "POLAND": "PL", "PORTUGAL": "PT", "ROMANIA": "RO",
         "SLOVAK REP": "SK", "SLOVENIA": "SI", "SPAIN": "ES", "SWEDEN": "SE"}
value = collections.Counter()
seen = set()
with gzip.open(sys.argv[1].rstrip("/") + "/data/trade/india_exports_hs8_country_fy2018_19_fy2024_25.csv.gz", "rt",
               encoding="utf-8", newline="") as f:
    for r in csv.DictReader(f):
        if r["fy"] == "2018_19" and r["country"] in NAMES:
            seen.add(r["country"])
            value[r["hs8"][:6], NAMES[r["country"]]] += decimal.Decimal(r["usd_mn"]) * 1000000
assert seen == set(NAMES), set(NAMES) - seen
out = io.StringIO()
w = csv.writer(out, lineterminator="\n")
w.writerow(["hs", "origin", "importer", "value"])
rows = [(hs, "IN", to, int(v)) for (hs, to), v in sorted(value.items()) if v]
w.writerows(rows)
raw = gzip.compress(out.getvalue().encode(), 9, mtime=0)
with open(os.path.join(HERE, "flows.csv.gz"), "wb") as f:
    f.write(raw)
field = lambda name, typ, text, **k: dict({"name": name, "type": typ, "description": text}, **k)
package = {
    "profile": "tabular-data-package", "name": "india-exports-europe-2018", "version": "1.0.0",
    "title": "India's exports to the United Kingdom and the 27 members of the European Union, fiscal year 2018-19",
    "currency": "USD", "valuation": "FOB", "nomenclature": "HS 2017, six digits", "flow": "exports", "reporter": "IN",
    "sources": [{"title": "Government of India, Department of Commerce, TradeStat EIDB",
                 "path": "https://tradestat.commerce.gov.in/eidb/"},
                {"title": "Pull used: dassoumyajitsenrysa-dataminer/tradestat-ingestor, commit 33a3bd22ba",
                 "path": "https://github.com/dassoumyajitsenrysa-dataminer/tradestat-ingestor"}],
    "licenses": [{"name": "other-open", "title": "Official statistics of the Government of India; the pull states no licence"}],
    "resources": [{"name": "flows", "path": "flows.csv.gz", "profile": "tabular-data-resource", "format": "csv",
                   "compression": "gz", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(raw),
                   "rows": len(rows), "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
                   "schema": {"fields": [
                       field("hs", "string", "HS 2017, six digits"),
                       field("origin", "string", "exporting country, ISO 3166-1 alpha-2"),
                       field("importer", "string", "importing country, ISO 3166-1 alpha-2"),
                       field("value", "number", "export value, FOB", unit="USD")]}}]}
with open(os.path.join(HERE, "datapackage.json"), "w", encoding="utf-8") as f:
    json.dump(package, f, indent=1, ensure_ascii=False)
    f.write("\n")
print(len(rows), "rows", sum(r[3] for r in rows), "bytes", len(raw))
