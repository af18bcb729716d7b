#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every open, read, write, flush, rename and close failing in turn: the old reports survive, or the new
# ones are whole; nothing else is left; exit 4, and a message that names the file: faults.sh TARIFF SHIM.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1 shim=$2
for path in "$tariff" "$shim"; do
    case $path in /*) ;; *) echo "$path is not absolute"; exit 1 ;; esac
done
parent=${TMPDIR:-/tmp}
[ ! -d /dev/shm ] || parent=/dev/shm
work=$(mktemp -d -p "$parent")
trap 'rm -rf "$work"' EXIT
here=$PWD
cd "$work"
export ASAN_OPTIONS=verify_asan_link_order=0

cp -R "$here/tests/golden/every_report/." .
rm -rf reports
sed 's/name: case/name: other/' scenario.yaml > other.yaml
cp "$here/tests/golden/convert-hts/hts.csv" "$here/tests/golden/convert-flows/comtrade.csv" .
gzip -c flows.csv > flows.csv.gz
sed 's/name: case/name: packed/; s/flows.csv/flows.csv.gz/' scenario.yaml > packed.yaml

# A record over two lines: the file is opened once more, to be read row by row.
printf 'hs,origin,importer,value,note\n6109.10,IN,US,1000,"a\nb"\n' > doubt.csv
sed 's/name: case/name: doubt/; s/flows.csv/doubt.csv/; /^reports/d' scenario.yaml > doubt.yaml

printf 'extends: scenario.yaml\nsweep: {x: {key: date, values: [2025-08-06, 2025-08-27]}}\n' > sweep.yaml

# Each command writes to out/, where an earlier run has been.
command_of() {
    case $1 in
    run) echo run -q scenario.yaml -o out ;;
    packed) echo run -q packed.yaml -o out ;;
    doubt) echo run -q doubt.yaml -o out ;;
    sweep) echo run -q sweep.yaml -o out ;;
    batch) echo run -q scenario.yaml other.yaml -o out --jobs 1 --fresh ;;
    compare) echo compare scenario.yaml earlier.yaml -o out ;;
    hts) echo convert hts hts.csv -o out/hts.csv --descriptions out/descriptions.csv --unparsed out/unparsed.csv ;;
    flows) echo convert comtrade comtrade.csv -o out/flows.csv ;;
    esac
}
printf 'extends: scenario.yaml\ndate: 2025-08-06\n' > earlier.yaml

contents() {
    find "$1" | sort
    find "$1" -type f -exec cksum {} + | sort -k 3
}

fail() {
    echo "$command, $plan: $*"
    cat errors
    [ ! -s failed ] || sed 's/^/failed: /' failed
    exit 1
}

# Some files are only hints: without them the run is the same.
total=0
# try COMMAND CALL COUNT ERROR: with the first, second, ... such call failing until there is none.
try() {
    command=$1 n=1
    while :; do
        plan=$2:$n:$3:$4 code=0
        rm -rf out failed
        cp -R old out
        # shellcheck disable=SC2046 # words of a command
        LD_PRELOAD=$shim TARIFF_FAIL=$plan TARIFF_FAIL_LOG=$work/failed \
            "$tariff" $(command_of "$command") > output 2> errors || code=$?
        [ -s failed ] || break
        total=$((total + 1)) n=$((n + 1))
        [ -z "$(find out -name '*~')" ] || fail "debris: $(find out -name '*~')"
        contents out > after
        case $code in
        0) [ "$2" != write ] && [ "$2" != fsync ] || [ "$4" = short ] || fail 'a failed write is a success'
           diff new-contents after > differences || fail "exit 0, and not what it should be: $(cat differences)" ;;
        4) named=$(sed 's,.*/,,; s,\.[0-9a-f]\{8\}~,,' failed | sort -u | head -n 1)
           grep -q "error: " errors || fail 'exit 4 without an error'
           grep -qF "$named" errors || fail "exit 4 without the name of '$named'"
           [ "$command" = batch ] || diff old-contents after > differences ||
               fail "exit 4, and the old reports are not as they were: $(cat differences)" ;;
        *) fail "exit $code" ;;
        esac
        [ $n -lt 400 ] || fail 'it never ends'
    done
    [ $code = 0 ] || fail "exit $code where nothing failed"
}

for command in run packed doubt sweep batch compare hts flows; do
    rm -rf out old new && mkdir out
    # shellcheck disable=SC2046
    "$tariff" $(command_of $command) > output 2> errors || { plan=; fail "exit $? where nothing fails"; }
    cp -R out new
    cp -R out old
    find old -type f -exec sh -c 'for f; do echo old > "$f"; done' sh {} +
    (cd new && contents . | sed 's, \./, out/,; s,^\.,out,') > new-contents
    (cd old && contents . | sed 's, \./, out/,; s,^\.,out,') > old-contents
    try $command open 1 EIO
    [ $command != doubt ] || continue
    try $command read 1 EIO
    try $command read 1 short
    try $command write 1 ENOSPC
    try $command write 1 short
    try $command fsync 1 EIO
    try $command rename 2 ENOSPC
    try $command close 1 EIO
done
[ $total -gt 100 ] || { echo "only $total calls failed"; exit 1; }
echo "$total calls failed"
