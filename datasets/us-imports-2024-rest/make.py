#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build flows.csv.gz and datapackage.json of this directory: python3 datasets/us-imports-2024-rest/make.py SHARED

Every partner that has no rows in the other packages of United States imports of 2024. The code is in
us-imports-2024-selected/make.py.
"""
import csv
import os
import runpy
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ELSEWHERE = ("BR CA CH CN GB JP KR MX TW VN BD PK IN AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT "
             "RO SE SI SK").split()
# Codes of the Census list that are not ISO 3166-1: Kosovo, Gaza Strip, West Bank, DR Congo.
RECODED = {"KV": "XK", "GZ": "PS", "WE": "PS", "rCD": "CD"}
with open(sys.argv[1].rstrip("/") + "/data/trade/census_countries.csv", encoding="utf-8", newline="") as f:
    rest = sorted({RECODED.get(r["iso2"], r["iso2"]) for r in csv.DictReader(f)} - set(ELSEWHERE))
make = runpy.run_path(os.path.join(HERE, "../us-imports-2024-selected/make.py"))["make"]
make(sys.argv[1], HERE, "us-imports-2024-rest", rest, "all other partners", RECODED)
