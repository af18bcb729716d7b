#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A report is there whole or not at all: what cannot be written gives exit 4 with the file named,
# and leaves the old reports and nothing else; a full disk likewise.
set -eu
tariff=$1
work=$(mktemp -d)
trap 'umount "$work/disk" 2> /dev/null || :; chmod -R u+w "$work"; rm -rf "$work"' EXIT
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
cp tests/errors/good/* "$work"
cd "$work"

contents() {
    find "$1" -type d | sort
    find "$1" -type f -exec cksum {} + | sort
}

# fails DIR NAMED ARGUMENT...: a run into DIR exits with 4, names NAMED, and leaves DIR as it was.
fails() {
    directory=$1 named=$2 code=0
    shift 2
    contents "$directory" > before
    "$tariff" run scenario.yaml -o "$directory" "$@" > /dev/null 2> errors || code=$?
    contents "$directory" > after
    if [ $code != 4 ] || ! grep -q "^$named.*: error: " errors; then
        echo "exit $code, expected 4 and an error that names $named, got:"
        cat errors
        exit 1
    fi
    diff before after
}

# Something else is in the way of the directory, or of a report.
mkdir blocked
touch blocked/case
fails blocked blocked/case
mkdir -p taken/case/summary.csv
fails taken taken/case/summary.csv

# A directory that cannot be written, unless one is root, who can.
if [ "$(id -u)" != 0 ]; then
    mkdir closed
    chmod a-w closed
    fails closed closed/case
fi

# A full disk: 64 KiB, where old reports fit, and the new ones of many rows do not.
mkdir disk
if mount -t tmpfs -o size=64k tmpfs disk 2> /dev/null; then
    "$tariff" run scenario.yaml -o disk
    awk 'BEGIN {
        print "hs,origin,importer,value"
        for (i = 0; i < 5000; i++) print "6109" 1000 + i ",IN,US," i
    }' > flows.csv
    fails disk disk/case/lines.csv --set 'reports=[summary, lines]'
    fails disk disk/case/products.csv --set 'reports=[summary, {products: {digits: 8}}]'
else
    echo 'not tested: a full disk, for want of the right to mount one'
fi

# A process that is killed leaves the old reports; files it had begun have other names.
"$tariff" run scenario.yaml -o killed
contents killed > before
sed -i 's/flows.csv/"-"/' scenario.yaml
{ cat flows.csv; sleep 2; } | "$tariff" run scenario.yaml -o killed --set 'reports=[summary, lines]' &
sleep 1
kill -KILL $!
wait $! 2> /dev/null || :
contents killed | grep /summary.csv > after
grep /summary.csv before | diff - after
