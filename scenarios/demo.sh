#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, and runs the headline scenarios; reports go to reports/.
set -eu
cd "$(dirname "$0")/.."
sh .ci/setup
{ cmake --preset release && cmake --build --preset release; } > build.log 2>&1 || {
    cat build.log
    exit 1
}
rm -f build.log
for scenario in india-us-2025-headline india-us-2025; do
    TARIFF_SHOW=always build/release/src/cli/tariff run "scenarios/$scenario.yaml" -o reports
    echo
done
