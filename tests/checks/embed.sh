#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The library as others use it: it is installed into an empty prefix, and the samples of tests/embed
# are built from there, with find_package and pkg-config, shared and static, and run.
# TARIFF_UPDATE=1 writes the list of exported symbols.
set -u
build=$(cd "$(dirname "$1")/../.." && pwd)
root=$(pwd)
samples=$root/tests/embed
! grep -q '^TARIFF_SANITIZE[A-Z_]*:BOOL=ON' "$build/CMakeCache.txt" 2> /dev/null || {
    echo 'skipped: programs of others link no sanitized library'
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset TARIFF_DATA
failed=0

complain() {
    echo "$*"
    failed=1
}

# run LOG COMMAND...: quiet unless it fails.
run() {
    log=$work/$1.log
    shift
    "$@" > "$log" 2>&1 || {
        cat "$log"
        complain "failed: $*"
    }
}

prefix=$work/prefix
run install cmake --install "$build" --prefix "$prefix"
library=$(find "$prefix" -name 'libtariff.so.0')
[ -n "$library" ] || { complain 'no libtariff.so.0 is installed'; exit 1; }
lib=$(dirname "$library")
law=$prefix/share/tariff/datasets/us-tariffs

# What the library exports is decided, not found: a symbol gone breaks programs, one more is for
# ever.
nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort > "$work/symbols"
[ "${TARIFF_UPDATE:-0}" = 1 ] && cp "$work/symbols" "$samples/symbols.txt"
diff -u "$samples/symbols.txt" "$work/symbols" ||
    complain 'exports other symbols than tests/embed/symbols.txt'
nm -D --undefined-only "$library" | awk '{ print $NF }' | sed 's/@.*//' > "$work/needed"
for name in exit abort printf puts stdout stderr rand setlocale; do
    grep -qx "$name" "$work/needed" && complain "the library calls $name"
done
readelf -d "$library" | grep -q 'SONAME.*\[libtariff\.so\.0\]' ||
    complain 'its soname is not libtariff.so.0'

# Built: find_package, then pkg-config.
run configure cmake -S "$samples" -B "$work/cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$prefix"
run build cmake --build "$work/cmake" -j2
export PKG_CONFIG_PATH="$lib/pkgconfig"
flags=$(pkg-config --cflags tariff)
shared=$(pkg-config --libs tariff)
mkdir "$work/pkg-config"
strict='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'
for linked in shared static; do
    libraries=$shared out=$work/pkg-config
    [ $linked = static ] &&
        libraries=$(pkg-config --libs --static tariff | sed 's/-ltariff/-l:libtariff.a/')
    # shellcheck disable=SC2086 # lists of options
    {
        run c cc -std=c17 $strict $flags "$samples/burden.c" -o "$out/c_$linked" $libraries
        run cpp c++ -std=c++17 $strict $flags "$samples/burden.cpp" -o "$out/cpp_$linked" $libraries
    }
done
export LD_LIBRARY_PATH="$lib"

# One entry: what the command says of it.
entry='6109.10.00 IN US 2025-08-27 1000'
"$prefix/bin/tariff" explain "$law" --hs 6109.10.00 --origin IN --importer US --date 2025-08-27 \
    --value 1000 |
    awk '$1 == "total" { printf "duty %.2f, %.2f %% of the value\n", $4, $2 }' > "$work/expected"
[ -s "$work/expected" ] || complain 'tariff explain says no total'
for program in "$work"/cmake/burden_* "$work"/pkg-config/*; do
    # shellcheck disable=SC2086 # five words
    "$program" "$law" $entry > "$work/out" || complain "$program fails"
    diff "$work/expected" "$work/out" || complain "$program says something else than tariff explain"
    # shellcheck disable=SC2086
    "$program" nowhere $entry > "$work/out" 2>&1 &&
        complain "$program does not fail where there is no schedule"
    grep -q '^nowhere: error: cannot read' "$work/out" || complain "$program does not say what failed"
done

# A stream against one law: the threads do not matter, and memory does not grow.
for program in "$work"/cmake/stream_*; do
    "$program" "$law" 1000000 1 > "$work/one" || complain "$program fails"
    "$program" "$law" 1000000 4 > "$work/four" || complain "$program fails with four threads"
    diff "$work/one" "$work/four" || complain 'four threads say something else than one'
    grep -q '^1000000 entries, duty [1-9].* failed 0, .* grew 0, .* leaked 0$' "$work/four" || {
        cat "$work/four"
        complain 'a thread failed, kept memory, or needed more for more entries'
    }
done

# Columns of a data frame: what a run of the same flows says.
flows=$prefix/share/tariff/datasets/us-imports-india-2024/flows.csv
"$prefix/bin/tariff" run scenarios/india-us-2025.yaml -o "$work/reports" > /dev/null ||
    complain 'tariff run fails'
awk -F, 'NR == FNR { rows = NR - 1; next }
    $3 == "total_duty" { printf "%d rows, duty %s\n", rows, $4 }' \
    "$flows" "$work/reports/india-us-2025/summary.csv" > "$work/expected"
# The same flows as a data frame, through the scenario: its reports, and what each row bears.
scenario=$prefix/share/tariff/scenarios/india-us-2025.yaml
for program in "$work"/cmake/frame_*; do
    for threads in 1 4; do
        "$program" "$scenario" US $threads < "$flows" > "$work/out" || complain "$program fails"
        diff "$work/expected" "$work/out" || complain "$program says something else than tariff run"
    done
done
sed '3s/,[^,]*$/,-1/' "$flows" > "$work/bad.csv"
"$program" "$scenario" US < "$work/bad.csv" > "$work/out" 2>&1 &&
    complain 'frame takes a value below zero'
if command -v python3 > /dev/null; then
    python3 "$samples/frame.py" "$library" "$scenario" US < "$flows" > "$work/out" ||
        complain 'frame.py fails'
    diff "$work/expected" "$work/out" || complain 'frame.py says something else than tariff run'
    python3 "$samples/columns.py" "$library" "$law" US 2025-08-27 < "$flows" > "$work/out" ||
        complain 'columns.py fails'
    diff "$work/expected" "$work/out" ||
        complain 'columns.py says something else than tariff run'
else
    echo 'not tested: Python, for want of python3'
fi
if command -v Rscript > /dev/null; then
    cp "$samples/duties.c" "$work"
    run shlib env PKG_CFLAGS="$flags" PKG_LIBS="$shared" R CMD SHLIB "$work/duties.c"
    Rscript "$samples/duties.R" "$work/duties.so" "$law" "$flows" US 2025-08-27 > "$work/out" ||
        complain 'duties.R fails'
    diff "$work/expected" "$work/out" ||
        complain 'duties.R says something else than tariff run'
else
    echo 'not tested: R, for want of Rscript'
fi

# The command finds what ships with it from any directory, also after the prefix was moved, and
# $TARIFF_DATA comes before it.
mv "$prefix" "$work/moved"
mkdir -p "$work/elsewhere/own/datasets"
cd "$work/elsewhere" || exit 1
unset LD_LIBRARY_PATH
headline=scenarios/india-us-2025-headline.yaml
shipped=$work/moved/share/tariff
tariff=$work/moved/bin/tariff
run moved "$tariff" run "$headline" -o reports
cmp reports/india-us-2025-headline/summary.csv \
    "$root/tests/golden/headline/reports/india-us-2025-headline/summary.csv" ||
    complain 'the headline is another'
# has_mfn: is the schedule that datasets/us-tariffs names the shipped one?
has_mfn() { "$tariff" list layers datasets/us-tariffs | grep -q '^mfn,'; }
has_mfn || complain 'the shipped schedule is not found'
ln -s "$shipped/datasets/india-headline-schedule" own/datasets/us-tariffs
(export TARIFF_DATA=own; has_mfn) && complain 'what ships comes before TARIFF_DATA'
"$tariff" list layers datasets/nowhere 2>&1 | grep -q "nor is it in $shipped" ||
    complain 'an error does not say where was looked'
exit $failed
