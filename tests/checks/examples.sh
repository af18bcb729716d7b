#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command line that the README, the help and the manual show works, as a user would type it, in
# one directory with what ships and the user's own files (tests/manual), and says nothing wrong.
set -u
tariff=$1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R tests/manual "$work/here"
mkdir "$work/bin"
ln -s "$tariff" "$work/bin/tariff"
cd "$work/here" || exit 1
ln -s "$root/datasets" "$root/scenarios" "$root/tests" .
export PATH="$work/bin:$PATH"
failed=0

tariff manual "$work/share" || exit 1
{
    sed -n 's/^    \(tariff .*\)/\1/p' "$root/README.md"
    tariff help | sed -n 's/^  \(tariff .*\)/\1/p'
    for page in "$work"/share/man/man?/*; do
        sed -n 's/^\\fB$ \(.*\)\\fR$/\1/p' "$page" |
            sed "s/\\\\-/-/g; s/\\\\(aq/'/g; s/\\\\(ti/~/g; s/\\\\(ha/^/g; s/\\\\e/\\\\/g"
    done
} > "$work/all"
sort -u "$work/all" > "$work/lines"
[ "$(wc -l < "$work/lines")" -ge 25 ] || { echo "only $(wc -l < "$work/lines") examples are found"; exit 1; }

# All scenarios at once take minutes under sanitizers; tests/checks/scenarios.sh runs them elsewhere.
if { nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q __asan_init; then
    grep -v 'scenarios/\*' "$work/lines" > "$work/few"
    mv "$work/few" "$work/lines"
fi
while read -r line; do
    sh -c "$line" > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    if [ $code != 0 ] || grep -q -e ': error:' -e '^tariff: ' "$work/err"; then
        echo "exit $code: $line"
        head -n 5 "$work/err"
        failed=1
    fi
done < "$work/lines"
for file in my-scenario.yaml mine.yaml my-question.yaml rated.csv mfn.csv flows.csv reports/index.csv; do
    [ -s "$file" ] || [ "$file" = reports/index.csv ] || { echo "no example wrote $file"; failed=1; }
done
exit $failed
