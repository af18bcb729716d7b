#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Messages have colours on a terminal that can show them, unless NO_COLOR is set; without the colours
# they are the same, byte for byte.
set -eu
tariff=$1
command -v script > /dev/null || { echo 'not tested: script, which makes a terminal, is not there'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'layer,products,origins,importers,from,until,rate\norder,*,IN,US,,,25\n' > bad.csv

fail() { echo "$*"; exit 1; }

escape=$(printf '\033')
"$tariff" check bad.csv 2> plain || true
grep -q 'error: bare rate' plain || fail 'there is no message'
grep -q "$escape" plain && fail 'colours in a file'

# on_terminal ENVIRONMENT...: what a terminal gets.
on_terminal() {
    script -qec "env $* $tariff check bad.csv" /dev/null < /dev/null | tr -d '\r'
}
on_terminal TERM=xterm NO_COLOR= > coloured
grep -q "$escape\[1;31merror:$escape\[0m bare rate" coloured || fail 'no colours on a terminal'
sed "s/$escape\[[0-9;]*m//g" coloured | cmp - plain || fail 'the words differ'
for none in 'TERM=xterm NO_COLOR=1' 'TERM=dumb NO_COLOR='; do
    on_terminal $none | cmp - plain || fail "colours in spite of $none"
done
