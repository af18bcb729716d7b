#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every rule of the shipped schedule is held by a case: law_mutations.sh TARIFF, from the project's root.
# Drops one yields row, base, exemption or exception at a time; a case must fail each time.
set -u
tariff=${1:?usage: law_mutations.sh TARIFF}
command -v python3 > /dev/null 2>&1 || {
    echo "skipped: python3 is not installed"
    exit 77
}
exec python3 tests/law/mutations.py "$tariff"
