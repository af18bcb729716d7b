#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The built command and the shared library are hardened: position independent, relocations read-only and bound at the start, no
# executable stack, stack protector, fortified calls where it is optimised, and control-flow enforcement.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
command -v readelf > /dev/null || { echo 'skipped: readelf is not installed'; exit 77; }
library=$(dirname "$tariff")/../libtariff.so
[ -f "$library" ] || { echo "there is no $library"; exit 1; }
sanitized=
{ nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q -e __asan_init -e __ubsan_handle && sanitized=yes

# has WHAT PATTERN OPTION...: readelf with these options says it of the file.
has() {
    what=$1 pattern=$2
    shift 2
    readelf -W "$@" "$file" | grep -q -e "$pattern" || { echo "$file: no $what"; exit 1; }
}

for file in "$tariff" "$library"; do
    has 'position independence' 'Type:.*DYN' -h
    has 'read-only relocations' 'GNU_RELRO' -l
    has 'immediate binding' 'BIND_NOW\|FLAGS_1.*NOW' -d
    has 'stack protector' '__stack_chk_fail' --dyn-syms
    readelf -W -l "$file" | grep 'GNU_STACK' | grep -q 'RWE' && { echo "$file: an executable stack"; exit 1; }
    readelf -W -l "$file" | grep -q 'GNU_STACK' || { echo "$file: nothing about the stack"; exit 1; }
    readelf -W -l "$file" | grep 'LOAD' | grep -q 'RWE' && { echo "$file: code that can be written"; exit 1; }
    readelf -W -d "$file" | grep -q 'TEXTREL' && { echo "$file: relocations in code"; exit 1; }
    readelf -W -d "$file" | grep -q 'R\(UN\)\?PATH' && { echo "$file: a path of libraries is built in"; exit 1; }
    if readelf -h "$file" | grep -q 'X86-64'; then
        # The mark in the file is the linker's to set, and only if the system's own objects have it, too.
        landings=$(objdump -d --no-show-raw-insn "$file" | grep -c 'endbr64') || :
        [ "$landings" -gt 100 ] || { echo "$file: only $landings places where indirect branches may land"; exit 1; }
    fi
    [ -n "$sanitized" ] || has 'fortified calls' '__[a-z]*_chk' --dyn-syms
done
file=$tariff
readelf -W -d "$file" | grep -q 'FLAGS_1.*PIE' || { echo 'the command is no position independent executable'; exit 1; }
exit 0
