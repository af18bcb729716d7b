#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the schedule in this directory: python3 datasets/eu-tariff-2021/make.py SHARED

The source holds both tariffs in one table and one way of writing duties; the code is in uk-tariff-2021/make.py.
"""
import os
import runpy
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
make = runpy.run_path(os.path.join(HERE, "../uk-tariff-2021/make.py"))["make"]
make(sys.argv[1], HERE, "eu-tariff-2021", "cet_duty_rate", "EUR", "EU Common External Tariff", "@EU27", "* !@EU27",
     "EU Common External Tariff 2021")
