#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian packages: made, unpacked into an empty root (dpkg -x: what they depend on is this
# machine's), and used from there.
set -u
build=$(cd "$(dirname "$1")/../.." && pwd)
project=$(pwd)
! grep -q '^TARIFF_SANITIZE[A-Z_]*:BOOL=ON' "$build/CMakeCache.txt" 2> /dev/null || {
    echo 'skipped: packages are made of the optimised build'
    exit 77
}
for tool in cpack dpkg-deb dpkg-shlibdeps; do
    command -v "$tool" > /dev/null || { echo "skipped, for want of $tool"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset TARIFF_DATA
failed=0

complain() {
    echo "$*"
    failed=1
}

(cd "$build" && cpack -G DEB -B "$work") > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
root=$work/root
mkdir "$root"
for name in libtariff0 libtariff-dev tariff tariff-data; do
    set -- "$work/${name}"_*.deb
    [ -f "$1" ] || { complain "no package $name"; continue; }
    [ "$(dpkg-deb -f "$1" Package)" = "$name" ] || complain "$1 is not $name"
    dpkg-deb -f "$1" Depends > "$work/$name.depends"
    dpkg-deb -c "$1" | awk '$6 !~ /\/$/ { print $6 }' >> "$work/files"
    dpkg-deb -c "$1" | awk '$2 != "root/root"' | grep . &&
        complain "$name has files that are not root's"
    dpkg -x "$1" "$root"
done
[ $failed = 0 ] || exit 1
sort "$work/files" | uniq -d | grep . && complain 'files that are in two packages'
grep -v -e '^\./usr/' "$work/files" && complain 'files outside /usr'

# All that an installation has is in some package, and nothing else is.
DESTDIR=$work/installed cmake --install "$build" --prefix /usr > "$work/log" 2>&1 ||
    { cat "$work/log"; complain 'cannot be installed'; }
(cd "$work/installed" && find . ! -type d) | sort > "$work/all"
sort "$work/files" | diff "$work/all" - || complain 'packages (>) and an installation (<) differ'

# Every library that is needed comes with a package that is depended on.
for name in libtariff0 tariff; do
    for library in libcsv3 libgsl27 libjansson4 libnettle8 libyaml-0-2 libzstd1 zlib1g; do
        grep -q "$library" "$work/$name.depends" || complain "$name does not depend on $library"
    done
done
version=$("$root/usr/bin/tariff" version | awk 'NR == 1 { print $2 }')
grep -qx "libtariff0 (= $version)" "$work/libtariff-dev.depends" ||
    complain 'libtariff-dev does not need its libtariff0'
readelf -d "$root/usr/bin/tariff" | grep -i -e rpath -e runpath &&
    complain 'a path of the build is in the command'
grep -rl "$project" "$root" && complain 'a path of the build is in a package'

# The headline, with nothing but the root.
headline=scenarios/india-us-2025-headline.yaml
mkdir "$work/empty"
(cd "$work/empty" && env -i "$root/usr/bin/tariff" run "$headline" -o reports) \
    > "$work/log" 2>&1 || {
    cat "$work/log"
    complain 'the headline scenario does not run'
}
diff -r "$project/tests/golden/headline/reports/india-us-2025-headline/summary.csv" \
    "$work/empty/reports/india-us-2025-headline/summary.csv" || complain 'the headline is another'

# A program, with the development package alone.
flags=$(PKG_CONFIG_PATH=$root/usr/lib/pkgconfig pkg-config --cflags --libs tariff)
# shellcheck disable=SC2086 # a list of options
cc -std=c17 tests/embed/burden.c -o "$work/burden" $flags || complain 'burden.c cannot be built'
LD_LIBRARY_PATH=$root/usr/lib "$work/burden" "$root/usr/share/tariff/datasets/us-tariffs" \
    6109.10.00 IN US 2025-08-27 1000 | grep -q '^duty [1-9]' || complain 'burden.c says no duty'
exit $failed
