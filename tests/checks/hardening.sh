#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The built command is hardened: position independent, relocations read-only and bound at the start, no
# executable stack, stack protector, fortified calls where it is optimised, and control-flow enforcement.
set -eu
LC_ALL=C
export LC_ALL
tariff=$1
command -v readelf > /dev/null || { echo 'skipped: readelf is not installed'; exit 77; }
sanitized=
{ nm "$tariff"; nm -D "$tariff"; } 2> /dev/null | grep -q -e __asan_init -e __ubsan_handle && sanitized=yes

# has WHAT PATTERN OPTION...: readelf with these options says it.
has() {
    what=$1 pattern=$2
    shift 2
    readelf -W "$@" "$tariff" | grep -q -e "$pattern" || { echo "no $what"; exit 1; }
}

has 'position independent executable' 'Type:.*DYN' -h
has 'read-only relocations' 'GNU_RELRO' -l
has 'immediate binding' 'BIND_NOW\|FLAGS_1.*NOW' -d
has 'stack protector' '__stack_chk_fail' --dyn-syms
readelf -W -l "$tariff" | grep 'GNU_STACK' | grep -q 'RWE' && { echo 'an executable stack'; exit 1; }
readelf -W -l "$tariff" | grep -q 'GNU_STACK' || { echo 'nothing about the stack'; exit 1; }
readelf -W -d "$tariff" | grep -q 'R\(UN\)\?PATH' && { echo 'a path of libraries is built in'; exit 1; }
if readelf -h "$tariff" | grep -q 'X86-64'; then
    # The mark in the file is the linker's to set, and only if the system's own objects have it, too.
    landings=$(objdump -d --no-show-raw-insn "$tariff" | grep -c 'endbr64') || :
    [ "$landings" -gt 100 ] || { echo "only $landings places where indirect branches may land"; exit 1; }
fi
if [ -z "$sanitized" ]; then
    has 'fortified calls' '__[a-z]*_chk' --dyn-syms
fi
exit 0
