#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every public function is called by a fuzz target, or takes nothing that comes from outside.
set -eu
cd "$(dirname "$0")/.."
# Values and views of what is known to the library; tariff_assess_columns is tariff_assess_entry for many (test_assess).
exempt="tariff_assess_columns tariff_assessor_layer tariff_assessor_layers tariff_env_on_progress
tariff_country_alpha3 tariff_country_name tariff_country_numeric tariff_env_find
tariff_env_set_data tariff_env_memory tariff_env_warnings tariff_profile_columns tariff_profile_count tariff_profile_headers
tariff_status_is_input tariff_status_name tariff_table_header tariff_version"
code=0
while read -r name; do
    called=no listed=no
    grep -qw "$name" fuzz/*.[ch] reference/*.[ch] && called=yes
    case " $(echo $exempt) " in *" $name "*) listed=yes ;; esac
    case $called$listed in
    nono) echo "$name: no fuzz target calls it"; code=1 ;;
    yesyes) echo "$name is called: take it off the list in fuzzed.sh"; code=1 ;;
    esac
done < embed/symbols.txt
for target in fuzz/fuzz_*.c; do
    name=$(basename "$target" .c)
    grep -q "^| \`$name\`" fuzz/README.md || { echo "fuzz/README.md does not tell of $name"; code=1; }
    [ -d "fuzz/seeds/${name#fuzz_}" ] || { echo "$name has no seeds"; code=1; }
done
exit $code
