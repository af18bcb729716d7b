#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every scenario that ships runs, and scenarios/README.md shows what it gives: scenarios.sh TARIFF, from the root.
set -u
tariff=${1:?usage: scenarios.sh TARIFF}
exec sh scenarios/index.sh "$tariff" --check
