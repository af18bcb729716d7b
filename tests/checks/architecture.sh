#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What holds of the source as a whole: which layer may use which, headers that stand alone in C and
# C++, licences, and what the library exports and needs.
set -u
tariff=$1
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
    echo "$*"
    failed=1
}

# Layers: the table in src/README.md, whose rows are in order. A layer may use itself and the rows
# above, or only those that the third column names.
awk -F'|' '$2 ~ /^ `[a-z]+` $/ { gsub(/[ `]/, "", $2); print $2, $4 }' src/README.md > "$work/table"
[ "$(wc -l < "$work/table")" -ge 9 ] || complain 'src/README.md: the table of layers is not found'

# allowed LAYER: the layers that it may include headers of.
allowed() {
    awk -v layer="$1" '
        $1 == layer {
            only = $0
            if (index(only, " only")) {
                out = layer
                while (match(only, /`[a-z]+`/)) {
                    out = out " " substr(only, RSTART + 1, RLENGTH - 2)
                    only = substr(only, RSTART + RLENGTH)
                }
                print out " base"
            } else
                print above layer
            found = 1
            exit
        }
        { above = above $1 " " }
        END { if (!found) exit 1 }' "$work/table"
}

for directory in src/*/; do
    layer=$(basename "$directory")
    [ "$layer" = cli ] && continue
    may=$(allowed "$layer") || { complain "src/$layer is not in the table of src/README.md"; continue; }
    for used in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$directory"*.[ch] | sort -u); do
        case " $may " in
        *" $used "*) ;;
        *) complain "src/$layer includes headers of src/$used; it may use: $may" ;;
        esac
    done
    grep -n '^#include "[^/]*"' "$directory"*.[ch] && complain 'an include without its layer'
done
grep -n '^#include "' src/cli/*.[ch] | grep -v '"cli/' && complain 'src/cli uses public headers only'

# Public headers include public headers and those of the C standard.
grep -n '^#include' include/tariff/*.h | grep -v -e '<tariff/' -e '<std[a-z]*\.h>' &&
    complain 'a public header that needs more than the C standard'

# Each public header compiles alone, in both languages, with what may still change and without.
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Wcast-qual -Werror'
for header in include/tariff/*.h; do
    name=$(basename "$header")
    printf '#include <tariff/%s>\nextern int not_empty;\n' "$name" > "$work/one.c"
    cp "$work/one.c" "$work/one.cc"
    for more in -UTARIFF_EXPERIMENTAL -DTARIFF_EXPERIMENTAL; do
        # shellcheck disable=SC2086 # a list of options
        ${CC:-cc} -std=c17 $warnings $more -Iinclude -fsyntax-only "$work/one.c" ||
            complain "$name alone, as C17, $more"
        command -v g++ > /dev/null || continue
        # shellcheck disable=SC2086
        g++ -std=c++17 $warnings $more -Iinclude -fsyntax-only "$work/one.cc" ||
            complain "$name alone, as C++17, $more"
    done
done
# What may still change is out of reach for who does not ask for it.
printf '#include <tariff/tariff.h>\nextern tariff_source one;\nsize_t size(void);\nsize_t size(void) { return sizeof one; }\n' \
    > "$work/one.c"
${CC:-cc} -std=c17 -DTARIFF_EXPERIMENTAL -Iinclude -fsyntax-only "$work/one.c" ||
    complain 'TARIFF_EXPERIMENTAL declares no tariff_source'
${CC:-cc} -std=c17 -Iinclude -fsyntax-only "$work/one.c" 2> "$work/log" &&
    complain 'tariff_source is declared without TARIFF_EXPERIMENTAL'
command -v g++ > /dev/null || echo 'not tested: C++, for want of g++'

# Every public function says who owns what, which threads may call it, and how it fails.
awk 'FNR == 1 || /^typedef/ { doc = "" }
    /^\/\*\*/ { doc = "" }
    { line = $0; if (line ~ /^(\/\*\*| \*)/) doc = doc line }
    /^TARIFF_API/ {
        functions++
        if (doc !~ /Ownership:/ || doc !~ /threads:/ || doc !~ /failure:/) {
            print FILENAME ":" FNR ": " $0
        }
    }
    END { if (functions < 60) print "only " functions " public functions are found" }' \
    include/tariff/*.h > "$work/untold"
[ -s "$work/untold" ] && { cat "$work/untold"; complain 'ownership, threads or failure is not told'; }

# Every public call that may fail is tried without memory: those of value.h need none.
for header in include/tariff/*.h; do
    [ "$header" = include/tariff/value.h ] ||
        sed -n 's/.*TARIFF_MUST_CHECK tariff_status \(tariff_[a-z_]*\)(.*/\1/p' "$header"
done > "$work/calls"
[ "$(wc -l < "$work/calls")" -ge 20 ] || complain 'public calls are not found'
while read -r call; do
    grep -q "$call(" tests/faults/test_no_memory.c ||
        complain "$call is not in the table of tests/faults/test_no_memory.c"
done < "$work/calls"

# Licences. A checkout without git is searched instead.
git ls-files 2> /dev/null > "$work/files" || find . -type f | sed 's/^\.\///' > "$work/files"
grep -e '\.[ch]$' -e '\.sh$' -e '\.cmake$' -e 'CMakeLists.txt$' -e '^\.ci/' \
    -e '^tests/.*/cmd$' "$work/files" | grep -v '^build' |
    while read -r file; do
        [ ! -f "$file" ] || head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
            echo "$file has no SPDX line"
    done > "$work/unlicensed"
[ -s "$work/unlicensed" ] && { cat "$work/unlicensed"; failed=1; }

# Symbols of the library the command was built with.
library=$(dirname "$(dirname "$tariff")")/libtariff.a
if [ -f "$library" ]; then
    nm --defined-only "$library" 2> /dev/null | awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' |
        grep -v -e '^tariff_' -e '^tf_' -e '^__asan' -e '^__odr_asan' > "$work/names" &&
        { cat "$work/names"; complain 'a name of the library that does not begin with tariff_ or tf_'; }
    # Hidden is all but tariff_: what readelf calls DEFAULT would be exported.
    readelf -sW "$library" 2> /dev/null |
        awk '$5 ~ /GLOBAL|WEAK/ && $6 == "DEFAULT" && $7 != "UND" { print $8 }' |
        grep -v -e '^tariff_' -e '^__asan' -e '^__odr_asan' > "$work/names" &&
        { cat "$work/names"; complain 'exported by the library, but not named tariff_'; }
    nm "$library" | awk '$1 == "U" { print $2 }' | sed 's/@.*//' | sort -u > "$work/needed"
    for name in exit _exit _Exit quick_exit abort printf vprintf puts putchar fprintf vfprintf perror \
        stdout stderr stdin rand srand random setlocale signal sigaction getenv setenv system; do
        grep -qx "$name" "$work/needed" && complain "the library calls $name"
    done
    # Of the host's locale: a file has to mean the same everywhere. __ctype_*_loc is what glibc's
    # <ctype.h> becomes.
    for name in isalpha isdigit isalnum isupper islower isspace isxdigit isprint iscntrl ispunct \
        tolower toupper __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc strtod strtof strtold \
        atof strcasecmp strncasecmp strcoll localeconv; do
        grep -qx "$name" "$work/needed" && complain "the library calls $name, which depends on the locale"
    done
else
    echo "not tested: symbols, for $library is not there"
fi

# The command uses nothing of the library but what is exported.
nm "$tariff" 2> /dev/null | awk '$1 == "U" { print $2 }' | grep '^tf_' &&
    complain 'the command uses insides of the library'
exit $failed
