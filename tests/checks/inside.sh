#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Input from strangers stays where it belongs: a data package reads nothing outside of itself, no name leads a
# report outside of the output directory, nothing of the input is run or drives a terminal or a spreadsheet.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$PWD
mkdir "$work/in"
cp "$here"/tests/errors/good/*.csv "$here/tests/errors/good/scenario.yaml" "$work/in"
cd "$work/in"

# refused TEXT ARGUMENT...: exit 3, and this text in the message.
refused() {
    text=$1 code=0
    shift
    "$tariff" "$@" > output 2> errors || code=$?
    if [ $code != 3 ] || ! grep -qF -e "$text" errors; then
        echo "tariff $*: exit $code, expected 3 and '$text', got:"
        cat errors
        exit 1
    fi
}

# Data packages: upwards, absolute, by a scheme, by links of files and of folders.
mkdir package inner
cp flows.csv ../secret.csv
ln -s ../../secret.csv package/link.csv
ln -s ../.. package/folder
ln -s own.csv package/fine.csv
cp flows.csv package/own.csv
sed 's/file: flows.csv/file: package/' scenario.yaml > package.yaml
for path in ../flows.csv a/../../flows.csv "$work/secret.csv" file:///secret.csv link.csv folder/secret.csv; do
    printf '{"name": "p", "resources": [{"path": "%s"}]}\n' "$path" > package/datapackage.json
    refused 'leaves the data package' run -q package.yaml -o out
done
printf '{"name": "p", "resources": [{"path": "fine.csv"}]}\n' > package/datapackage.json
"$tariff" run -q package.yaml -o out

# Names of scenarios, in the file and on the command line; of points of a sweep.
for name in ../up a/b .. . .hidden "$work/up" ''; do
    sed "s,^name: .*,name: '$name'," scenario.yaml > named.yaml
    refused 'named.yaml:' run -q named.yaml -o out
    [ -z "$name" ] || refused 'name' run -q scenario.yaml -o out --set "name='$name'"
done
printf 'sweep: {../../up: {key: date, values: [2025-08-06, 2025-08-27]}}\n' | cat scenario.yaml - > sweep.yaml
code=0
"$tariff" run -q sweep.yaml -o out --point 1 > output 2> errors || code=$?
[ $code = 0 ] || [ $code = 3 ] || { echo "exit $code of a sweep's odd label"; exit 1; }
[ "$(cd "$work" && find . -maxdepth 1 | sort | tr '\n' ' ')" = '. ./in ./secret.csv ' ] || {
    echo 'something was written outside:'
    ls -l "$work"
    exit 1
}

# What a spreadsheet would run is text to it; nothing is run by us.
cat > rows.csv << 'CSV'
layer,products,origins,importers,from,until,rate,citation
reciprocal,*,IN,US,2025-08-07,,25%,"=cmd|' /C touch ran'!A0 $(touch ran) `touch ran`"
CSV
sed "s/^schedule: .*/schedule: rows.csv\ntitle: '=HYPERLINK(1)'/" scenario.yaml > formula.yaml
"$tariff" run -q formula.yaml -o out --spreadsheet --set 'reports=[summary, layers, lines]'
if grep -rhE '(^|,)"?[=+@]' out/case/*.csv; then
    echo 'a formula'
    exit 1
fi
[ ! -e ran ] || { echo 'something was run'; exit 1; }

# Likewise what any other file brings into a report: descriptions, titles, layers; in a sweep, a batch, with a baseline;
# and none of it is a path.
cat > hostile.awk << 'AWK'
BEGIN { FS = "," }
{ line = $0; while (match(line, /(^|,)"?[=+@\t\r]/)) { print FILENAME ": " $0; exit 1 } }
/(^|,)"?-[^0-9]/ { print FILENAME ": " $0; exit 1 }
AWK
mkdir hostile
printf 'layer,title,kind,authority\nreciprocal,=1+1,additional,a\nbase,@x,ordinary,b\n' > hostile/layers.csv
printf 'layer,products,origins,importers,from,until,rate,citation\nreciprocal,*,IN,US,,,25%%,+1\nbase,*,*,US,,,5%%,@c\n' > hostile/measures.csv
printf 'hs,description\n61,=1+1\n6109,+../../up\n610910,"-2+3"\n85,@up\n' > hostile/descriptions.csv
sed "s/^schedule: .*/schedule: hostile/; s/^title:.*//" scenario.yaml > hostile.yaml
printf 'title: "=1+1"\ncitation: "@c"\nbaseline: {date: 2025-08-06}\n' >> hostile.yaml
printf 'reports: [summary, layers, {products: {digits: 6}}, products_layers, origins, importers, brackets, lines, compare, products_compare, layers_compare]\n' >> hostile.yaml
sed 's/^name: .*/name: second/; s/^date: .*/date: 2025-08-28/' hostile.yaml > second.yaml
sed '/^baseline/d; /^reports/d; s/^name: .*/name: swept/' hostile.yaml > swept.yaml
printf 'sweep: {"../up": {key: date, values: [2025-08-06, 2025-08-27]}}\n' | cat swept.yaml - > labelled.yaml
refused 'cannot name a dimension' run -q labelled.yaml -o guarded
printf 'sweep: {x: {key: title, values: ["=1+1", "../../up", "@u"]}}\n' >> swept.yaml
"$tariff" run -q hostile.yaml second.yaml -o guarded --spreadsheet > output 2> errors || { cat errors; exit 1; }
"$tariff" run -q swept.yaml -o guarded --spreadsheet > output 2> errors || { cat errors; exit 1; }
grep -q "'=1+1" guarded/swept/sweep.csv || { echo 'no label of a sweep is guarded'; exit 1; }
grep -q "'-2+3" guarded/case/products.csv || { echo 'no description is guarded: what is tested?'; exit 1; }
find guarded -name '*.csv' | sort > found
[ "$(wc -l < found)" -ge 20 ] || { echo "only $(wc -l < found) reports"; exit 1; }
while read -r report; do
    tr -d '\r' < "$report" | sed '1s/^\xef\xbb\xbf//' > plain
    awk -f hostile.awk plain || { echo "a formula in $report"; exit 1; }
done < found
[ "$(cd "$work" && find . -maxdepth 1 | sort | tr '\n' ' ')" = '. ./in ./secret.csv ' ] || {
    echo 'something was written outside:'
    ls -l "$work"
    exit 1
}

# A message shows what drives a terminal as escapes.
printf 'hs,origin,importer,value\n6109\033]0;x\a\302\2332J,IN,US,1\n' > flows.csv
refused '\x1b]0;x\x07\xc2\x9b2J' run -q scenario.yaml -o out
if tr -d '\n\t -~' < errors | grep -q .; then
    echo 'bytes that drive a terminal:'
    cat -v errors
    exit 1
fi
