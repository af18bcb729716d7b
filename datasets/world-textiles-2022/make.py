#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build world-textiles-2022 and world-textiles-2022-tariffs: python3 datasets/world-textiles-2022/make.py SHARED

SHARED is the directory that has data/ge in it. One sector of the inter-country input-output tables, textiles to footwear
(ISIC 13 to 15), between the 25 countries that trade most of it, sales at home included; and the tariff rates between them.
"""
import csv
import gzip
import hashlib
import io
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SECTOR, CODE, COUNTRIES = "C13T15", "61", 25
ISO2 = {"USA": "US", "IND": "IN", "CHN": "CN", "VNM": "VN", "ITA": "IT", "BGD": "BD", "TUR": "TR", "IDN": "ID", "DEU": "DE",
        "FRA": "FR", "PAK": "PK", "ESP": "ES", "KOR": "KR", "THA": "TH", "TWN": "TW", "MEX": "MX", "PRT": "PT", "POL": "PL",
        "KHM": "KH", "GBR": "GB", "JPN": "JP", "BRA": "BR", "NLD": "NL", "CAN": "CA", "AUS": "AU", "BEL": "BE", "HKG": "HK",
        "RUS": "RU", "CHE": "CH", "AUT": "AT", "MYS": "MY", "SGP": "SG", "ARE": "AE", "MMR": "MM", "MAR": "MA", "SAU": "SA"}
SOURCES = [{"title": "OECD Inter-Country Input-Output tables, extended 2023 edition, year 2022; tariffs of Teti's Global Tariff "
                     "Database", "path": "https://github.com/ahmadlp/tariffwar"}]
LICENCE = [{"name": "facts", "title": "numbers as facts, arranged by this project (GPL-3.0-or-later); the source states no licence"}]


def write(folder, name, rows, package, resource, fields):
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerows(rows)
    raw = out.getvalue().encode()
    with open(os.path.join(folder, name), "wb") as f:
        f.write(raw)
    package["resources"].append({
        "name": resource, "path": name, "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8", "bytes": len(raw), "rows": len(rows) - 1, "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
        "schema": {"fields": [{"name": n, "type": t, "description": d} for n, t, d in fields]}})
    print(name, len(rows) - 1, "rows", len(raw), "bytes")


def save(folder, package):
    with open(os.path.join(folder, "datapackage.json"), "w", encoding="utf-8") as f:
        json.dump(package, f, indent=1, ensure_ascii=False)
        f.write("\n")


def main(shared):
    cells, traded = [], {}
    with gzip.open(shared.rstrip("/") + "/data/ge/icio2022_81c_28s_flows_tariffs.csv.gz", "rt", encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f):
            if r["sector"] != SECTOR or "ROW" in (r["exporter"], r["importer"]):
                continue
            cells.append(r)
            if r["exporter"] != r["importer"]:
                for who in (r["exporter"], r["importer"]):
                    traded[who] = traded.get(who, 0) + float(r["usd_mn"])
    kept = sorted(traded, key=lambda c: -traded[c])[:COUNTRIES]
    cells = sorted((ISO2[r["importer"]], ISO2[r["exporter"]], r) for r in cells
                   if r["exporter"] in kept and r["importer"] in kept)
    flows = [("hs", "origin", "importer", "period", "value")]
    rates = [("layer", "products", "origins", "importers", "from", "until", "rate")]
    for importer, exporter, r in cells:
        value = round(float(r["usd_mn"]) * 1e6)
        if value:
            flows.append((CODE, exporter, importer, "2022", str(value)))
        rate = ("%.6f" % (100 * float(r["tariff_rate"]))).rstrip("0").rstrip(".")
        if importer != exporter and rate != "0":
            rates.append(("tariff", "*", exporter, importer, "", "", rate + "%"))
    package = {"profile": "tabular-data-package", "name": "world-textiles-2022", "version": "1.0.0",
               "title": "Textiles to footwear between 25 countries in 2022, sales at home included", "currency": "USD",
               "valuation": "basic prices, without duty", "nomenclature": "ISIC 13 to 15, written as HS chapter 61",
               "created": "2026-11-24", "sources": SOURCES, "licenses": LICENCE, "resources": []}
    write(HERE, "flows.csv", flows, package, "flows",
          [("hs", "string", "61 stands for the whole sector"), ("origin", "string", "ISO alpha-2"),
           ("importer", "string", "ISO alpha-2"), ("period", "year", "calendar year"), ("value", "number", "US dollars")])
    save(HERE, package)
    folder = os.path.join(HERE, "..", "world-textiles-2022-tariffs")
    package = {"profile": "tabular-data-package", "name": "world-textiles-2022-tariffs", "version": "1.0.0",
               "title": "Tariffs on textiles to footwear between 25 countries in 2022", "created": "2026-11-24",
               "sources": SOURCES, "licenses": LICENCE, "resources": []}
    write(folder, "layers.csv", [("layer", "title", "kind", "authority", "select"),
                                 ("tariff", "Tariff between two countries", "ordinary", "mfn", "specific")], package, "layers",
          [(n, "string", "see tariff help schedule") for n in ("layer", "title", "kind", "authority", "select")])
    write(folder, "measures.csv", rates, package, "measures",
          [(n, "string", "see tariff help schedule") for n in rates[0]])
    save(folder, package)


if __name__ == "__main__":
    main(sys.argv[1])
