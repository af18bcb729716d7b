#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one golden case and compares everything: golden.sh TARIFF CASE [--update]
#
# CASE/cmd is run by sh in a fresh copy of CASE, with $TARIFF set and the project's datasets and
# scenarios beside it. Compared are stdout, stderr, the exit code (CASE/exit, 0 if absent) and every
# file under reports/ (CASE/reports/...). With --update, or TARIFF_UPDATE=1, they are rewritten.
set -u
unset TARIFF_DATA # of whoever runs the tests
[ -f "$2/cmd" ] || { echo "$2 is no case: it has no cmd" >&2; exit 2; }
tariff=$1 case=$(cd "$2" && pwd) || exit 2
update=${TARIFF_UPDATE:-0}
[ "${3:-}" = --update ] && update=1
root=$(cd "$(dirname "$0")/.." && pwd)
case $tariff in /*) ;; *) tariff=$(pwd)/$tariff ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp -R "$case/." "$work"
rm -rf "$work/reports" "$work/stdout" "$work/stderr" "$work/exit"
ln -s "$root/datasets" "$root/scenarios" "$root/tests" "$work"
(cd "$work" && TARIFF=$tariff LC_ALL=C sh ./cmd) > "$work/stdout" 2> "$work/stderr" < /dev/null
echo $? > "$work/exit"
[ "$(cat "$work/exit")" = 0 ] && rm "$work/exit"
if [ "$update" = 1 ]; then
    rm -rf "$case/stdout" "$case/stderr" "$case/exit" "$case/reports"
    for file in stdout stderr exit; do
        [ -s "$work/$file" ] && cp "$work/$file" "$case/$file"
    done
    [ -d "$work/reports" ] && cp -R "$work/reports" "$case/reports"
    exit 0
fi
failed=0
for file in stdout stderr exit; do
    [ -e "$case/$file" ] || : > "$work/empty"
    expected=$case/$file
    [ -e "$expected" ] || expected=$work/empty
    [ -e "$work/$file" ] || : > "$work/$file"
    diff -u "$expected" "$work/$file" || failed=1
done
if [ -d "$case/reports" ] || [ -d "$work/reports" ]; then
    mkdir -p "$work/reports"
    diff -ru "$case/reports" "$work/reports" || failed=1
fi
exit $failed
