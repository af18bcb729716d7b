#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, then builds and runs every test: with gcc and with clang, both under
# AddressSanitizer and UndefinedBehaviorSanitizer, and the optimised build, also under valgrind;
# under ThreadSanitizer those that run on several threads; then the fuzz targets, each for a few
# thousand inputs; at last, that all three builds write the same bytes.
set -eu
cd "$(dirname "$0")/.."
sh .ci/setup tests
for preset in dev clang tsan release fuzz; do
    cmake --preset "$preset" > "build-$preset.log" 2>&1 &&
        cmake --build --preset "$preset" >> "build-$preset.log" 2>&1 || {
        cat "build-$preset.log"
        rm -f "build-$preset.log"
        exit 1
    }
    rm -f "build-$preset.log"
    echo "== $preset"
    ctest --preset "$preset"
done
sh tests/checks/determinism.sh build/release/src/cli/tariff build/dev/src/cli/tariff build/clang/src/cli/tariff
