#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lets fuzz targets of preset `fuzz` run, one after the other, each for so many seconds of processor time; what they find
# stays in CORPUS, which the next time goes on from: soak.sh BUILD CORPUS SECONDS [TARGET...].  A finding is written to
# CORPUS/TARGET-crash-..., and the others run on; exit 1 then.
set -eu
build=$(cd "$1" && pwd)
mkdir -p "$2"
corpus=$(cd "$2" && pwd)
seconds=$3
shift 3
seeds=$(cd "$(dirname "$0")" && pwd)/seeds
[ $# -gt 0 ] || set -- $(cd "$seeds" && ls)

# Into `now`: seconds that the programs begun here have used so far.  (In a subshell it would be none.)
used() {
    times > "$corpus/times"
    now=$(awk 'NR == 2 { gsub(/s/, ""); for (i = 1; i <= 2; i++) { split($i, part, "m"); n += 60 * part[1] + part[2] } printf "%d\n", n }' \
        "$corpus/times")
}

code=0
for target; do
    mkdir -p "$corpus/$target"
    used
    began=$now found=no slices=0
    while [ $((now - began)) -lt "$seconds" ]; do
        slices=$((slices + 1))
        "$build/tests/fuzz/fuzz_$target" -max_total_time=60 -max_len=4096 -timeout=20 -seed=$slices \
            -artifact_prefix="$corpus/$target-" "$corpus/$target" "$seeds/$target" > "$corpus/$target.log" 2>&1 || {
            found=yes code=1
            break
        }
        used
    done
    used
    echo "$target: $((now - began)) s, finding: $found, $(ls "$corpus/$target" | wc -l) inputs"
done
exit $code
