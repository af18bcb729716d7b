#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build flows.csv.gz and datapackage.json of this directory: python3 datasets/us-imports-2024-bd-pk/make.py SHARED

The code is in us-imports-2024-selected/make.py.
"""
import os
import runpy
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
make = runpy.run_path(os.path.join(HERE, "../us-imports-2024-selected/make.py"))["make"]
make(sys.argv[1], HERE, "us-imports-2024-bd-pk", "BD PK".split(), "Bangladesh and Pakistan")
