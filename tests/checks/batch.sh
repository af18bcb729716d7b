#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Batches: one that fails does not stop the others, the exit code is that of the first that failed in the order given, and
# a second run does exactly what has changed since: batch.sh TARIFF.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
case $tariff in /*) ;; *) echo "$tariff is not absolute"; exit 1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "$*"
    [ ! -s errors ] || cat errors
    exit 1
}

# exits CODE ARGUMENT...: run ARGUMENT... into out.
exits() {
    expected=$1 code=0
    shift
    "$tariff" run -q -o out "$@" > /dev/null 2> errors || code=$?
    [ $code = "$expected" ] || fail "tariff run $*: exit $code, expected $expected"
}

# Manifests by number of inode: a new one is made beside the old one, so the numbers differ.  (Times may not.)
manifests() { [ ! -d out ] || (cd out && find . -name manifest.json -printf '%P %i\n' | sort); }

# done_of ARGUMENT...: the scenarios that are run, and not skipped.
done_of() {
    manifests > before
    "$tariff" run -q -o out "$@" > /dev/null 2> errors || fail "tariff run $*: exit $?"
    manifests | comm -13 before - | cut -d/ -f1 | tr '\n' ' '
}

# redone NAMES WHY: a batch of all runs these and no others; right after it nothing is left to do.
redone() {
    found=$(done_of $all)
    [ "$found" = "$1" ] || fail "$2: run were '$found', expected '$1'"
    found=$(done_of $all)
    [ "$found" = "" ] || fail "$2: run again were '$found'"
    grep -q "$count of $count scenarios were up to date" errors || fail "$2: no word of what was skipped"
}

law() { # RATE
    printf 'layer,products,origins,importers,from,until,rate,citation\norder,*,IN,US,2025-01-01,,%s,C\n' "$1"
}
flows() { # VALUE
    printf 'hs,origin,importer,value\n610910,IN,US,%s\n' "$1"
}
scenario() { # NAME: reads more keys
    printf 'tariff: 1\nname: %s\ntitle: T\n' "$1"
    cat
}

law 10% > law.csv
law 25% > other-law.csv
flows 1000 > flows.csv
flows 2000 > other-flows.csv
for name in plain fifth; do
    scenario $name > $name.yaml << 'END'
flows: {file: flows.csv}
schedule: law.csv
date: 2025-06-01
END
done
scenario flows > flows.yaml << 'END'
flows: {file: other-flows.csv}
schedule: law.csv
date: 2025-06-01
END
scenario law > law.yaml << 'END'
flows: {file: flows.csv}
schedule: [law.csv, other-law.csv]
date: 2025-06-01
END
printf 'extends: plain.yaml\nname: extended\nbaseline: {date: 2024-06-01}\n' > extended.yaml
printf 'extends: plain.yaml\nname: sweep\nsweep: {rate: {set: {layer: order}, rate: [5%%, 10%%]}}\n' > sweep.yaml

# One that fails: 3 for bad input, 4 for reports that cannot be written; the others are run.
sed 's/order/0rder/' law.csv > bad-law.csv
sed 's/law.csv/bad-law.csv/; s/^name: .*/name: bad/' plain.yaml > bad.yaml
sed 's/^name: .*/name: blocked/' plain.yaml > blocked.yaml
echo 'tariff: 1' > unnamed.yaml
for jobs in 1 2 7; do
    rm -rf out
    mkdir out
    touch out/blocked
    exits 3 plain.yaml bad.yaml blocked.yaml fifth.yaml --jobs $jobs
    grep -q '^2 of 4 scenarios failed:' errors && grep -q '^  bad.yaml' errors && grep -q '^  blocked.yaml' errors ||
        fail "the closing table does not tell what failed"
    [ -e out/plain/summary.csv ] && [ -e out/fifth/summary.csv ] || fail "a failing scenario stopped others"
    [ ! -e out/bad ] || fail "a failing scenario left a directory"
    cat > expected << 'END'
scenario,status,export_value,affected_value,affected_share,additional_duty,total_duty,average_rate
plain,ok,1000.00,1000.00,1,100.00,100.00,0.1
bad,failed,,,,,,
blocked,failed,,,,,,
fifth,ok,1000.00,1000.00,1,100.00,100.00,0.1
END
    diff expected out/index.csv || fail "index.csv with --jobs $jobs"
    exits 4 blocked.yaml plain.yaml bad.yaml --jobs $jobs
    exits 3 plain.yaml unnamed.yaml blocked.yaml --jobs $jobs
    exits 4 no-such-scenario.yaml bad.yaml plain.yaml --jobs $jobs
    exits 3 plain.yaml bad.yaml no-such-scenario.yaml --jobs $jobs
done

# --fail-fast starts nothing after the first failure; with one job, it is all that follow.
rm -rf out
exits 3 plain.yaml bad.yaml fifth.yaml flows.yaml --fail-fast --jobs 1
[ -e out/plain/summary.csv ] && [ ! -e out/fifth ] && [ ! -e out/flows ] || fail "--fail-fast went on"
grep -q 'fifth.yaml *not run' errors || fail "--fail-fast does not tell what was not run"

# Two of one name: nothing is run.
rm -rf out
sed 's/^name: .*/name: plain/' flows.yaml > twin.yaml
exits 3 plain.yaml fifth.yaml twin.yaml
grep -q 'plain.yaml and twin.yaml' errors || fail "two scenarios of one name are not told apart"
[ ! -e out ] || fail "two scenarios of one name were run"
exits 3 plain.yaml plain.yaml

# A second run does what has changed, and nothing else.
all="plain.yaml fifth.yaml flows.yaml law.yaml extended.yaml sweep.yaml"
count=6
rm -rf out
redone "extended fifth flows law plain sweep " "a first run"
cp -R out first

law 20% > other-law.csv
redone "law " "a schedule that only one has"
law 12% > law.csv
redone "extended fifth flows law plain sweep " "a schedule that all have"
flows 3000 > other-flows.csv
redone "flows " "flows of the same size"
sed -i 's/^title: .*/title: U/' fifth.yaml
redone "fifth " "a scenario"
sed -i 's/^title: .*/title: U/' plain.yaml
redone "extended plain sweep " "a scenario that others extend"
sed -i 's/2024-06-01/2024-07-01/' extended.yaml
redone "extended " "a baseline"
sed -i 's/5%/6%/' sweep.yaml
redone "sweep " "a sweep"

printf ' ' >> out/plain/layers.csv
redone "plain " "a report with a byte too many"
sed -i 's/1000.00/1000.01/' out/law/summary.csv
redone "law " "a report with another digit"
rm out/flows/brackets.csv out/sweep/sweep.csv
redone "flows sweep " "a report that is gone"
rm out/law/manifest.json
redone "law " "a manifest that is gone"
: > out/law/manifest.json
redone "law " "an empty manifest"
printf '[]' > out/law/manifest.json
redone "law " "a manifest that is something else"
rm -r out/plain
redone "plain " "a directory that is gone"

[ "$(done_of $all --fresh)" = "extended fifth flows law plain sweep " ] || fail "--fresh skipped some"
[ "$(done_of $all --jobs 7)" = "" ] || fail "--jobs is no input, but something was run"
[ "$(done_of $all --date 2025-07-01)" = "extended fifth flows law plain sweep " ] || fail "--date skipped some"
[ "$(done_of $all)" = "extended fifth flows law plain sweep " ] || fail "the scenarios without --date were skipped"

# With the inputs as they were at first, the reports are as they were at first.
law 10% > law.csv
law 25% > other-law.csv
flows 2000 > other-flows.csv
sed -i 's/^title: .*/title: T/' plain.yaml fifth.yaml
sed -i 's/2024-07-01/2024-06-01/' extended.yaml
sed -i 's/6%/5%/' sweep.yaml
exits 0 $all
diff -r first out

# What a baseline of its own reads is an input too, and what the points of a sweep read, and a profile in a file.
scenario other > other.yaml << 'END'
flows: {file: other-flows.csv}
schedule: other-law.csv
date: 2025-06-01
END
sed 's/^name: .*/name: base/; s/other-law/base-law/' other.yaml > base.yaml
law 25% > base-law.csv
law 5% > point-law.csv
flows 500 > point-flows.csv
printf 'columns: {hs: hs, origin: origin, importer: importer, value: value}\nscale: 1000\n' > profile.yaml
printf 'extends: plain.yaml\nname: against\nbaseline: {scenario: other.yaml}\n' > against.yaml
printf 'extends: plain.yaml\nname: without\nbaseline: {schedule: base-law.csv}\n' > without.yaml
printf 'extends: plain.yaml\nname: laws\nsweep: {law: {key: schedule, values: [law.csv, point-law.csv]}}\n' > laws.yaml
cat > trade.yaml << 'END'
extends: plain.yaml
name: trade
sweep:
  rate: {set: {layer: order}, rate: [5%, 10%]}
  from: {key: flows.file, values: [flows.csv, point-flows.csv]}
  by: {key: flows.profile, values: [native, profile.yaml]}
END
all="against.yaml without.yaml laws.yaml trade.yaml"
count=4
redone "against laws trade without " "inputs besides the scenario's own"
law 30% > other-law.csv
redone "against " "the schedule of a baseline"
grep -q ',average_rate,0.3,0.1,-0.2$' out/against/compare.csv || fail "a baseline's schedule has changed, its comparison has not"
flows 4000 > other-flows.csv
redone "against " "the flows of a baseline"
sed -i 's/^title: .*/title: U/' other.yaml
redone "against " "the file of a baseline"
law 35% > base-law.csv
redone "without " "a schedule of a baseline that is the same scenario"
law 6% > point-law.csv
redone "laws " "a schedule of some points"
flows 600 > point-flows.csv
redone "trade " "flows of some points"
sed -i 's/1000/100/' profile.yaml
redone "trade " "a profile of some points"
[ "$(awk -F, 'END { print NR, $7 }' out/trade/sweep.csv)" = "9 60000.00" ] || fail "the profile has changed, the sweep has not"
touch other-law.csv other.yaml point-law.csv point-flows.csv profile.yaml
redone "" "nothing, though files have another time"

# What is required of the flows is looked at again: reports that were made without asking are no answer.
printf 'layer,products,origins,importers,from,until,rate\norder,61091011,IN,US,2025-01-01,,10%%\n' > fine-law.csv
scenario coarse > coarse.yaml << 'END'
flows: {file: flows.csv}
schedule: fine-law.csv
date: 2025-06-01
END
exits 0 coarse.yaml plain.yaml
exits 3 coarse.yaml plain.yaml --require-detail
