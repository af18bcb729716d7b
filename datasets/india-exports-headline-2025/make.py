#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write datapackage.json of this directory and of ../india-headline-schedule (the CSV files are hand-made).

    python3 datasets/india-exports-headline-2025/make.py
"""
import hashlib
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def res(root, rel, **k):
    with open(os.path.join(root, rel), "rb") as f:
        raw = f.read()
    return dict({"name": rel[:-4].replace("/", "-").replace("_", "-"), "path": rel, "format": "csv", "mediatype": "text/csv",
                 "encoding": "utf-8", "bytes": len(raw), "hash": "sha256:" + hashlib.sha256(raw).hexdigest()}, **k)


def save(root, pkg):
    with open(os.path.join(root, "datapackage.json"), "w", encoding="utf-8") as f:
        json.dump(pkg, f, indent=1, ensure_ascii=False)
        f.write("\n")


CC0 = [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}]
save(HERE, {
    "profile": "tabular-data-package", "name": "india-exports-headline-2025", "version": "1.0.0",
    "title": "India's exports to the United States, exposed and not exposed to 50 %, press figures of August 2025",
    "currency": "USD", "valuation": "as published (export value, basis not stated)",
    "nomenclature": "two labels at HS chapter level", "flow": "exports", "reporter": "IN",
    "sources": [{"title": "Press reports of 27 August 2025 on the additional duty of 25 % (EO 14329)"}],
    "licenses": CC0,
    "resources": [res(HERE, "flows.csv", profile="tabular-data-resource", rows=2, schema={"fields": [
        {"name": "hs", "type": "string", "description": "label, see README.md"},
        {"name": "origin", "type": "string", "description": "exporting country, ISO 3166-1 alpha-2"},
        {"name": "importer", "type": "string", "description": "importing country, ISO 3166-1 alpha-2"},
        {"name": "period", "type": "year", "description": "calendar year the figures refer to"},
        {"name": "value", "type": "number", "unit": "USD", "description": "export value"}]})]})
ROOT = os.path.join(os.path.dirname(HERE), "india-headline-schedule")
save(ROOT, {
    "profile": "data-package", "name": "india-headline-schedule", "version": "1.0.0",
    "title": "The two duties on Indian goods of August 2025",
    "sources": [{"title": "EO 14257, EO 14326, EO 14329", "path": "https://www.federalregister.gov/"}],
    "licenses": CC0,
    "resources": [res(ROOT, x) for x in ("layers.csv", "measures.csv", "sets/not_exposed.csv")]})
