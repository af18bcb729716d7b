#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian packages as who has nothing else installs them: apt-get takes them, with what they
# depend on, into a new minimal Debian, and the headline scenario runs there; a program is built
# there with the development package; and they go as they came.
set -u
build=$(cd "$(dirname "$1")/../.." && pwd)
project=$(pwd)
skip() {
    echo "skipped: $*"
    exit 77
}
! grep -q '^TARIFF_SANITIZE[A-Z_]*:BOOL=ON' "$build/CMakeCache.txt" 2> /dev/null ||
    skip 'packages are made of the optimised build'
[ "$(id -u)" = 0 ] || skip 'only root may make a root'
for tool in cpack mmdebstrap; do
    command -v "$tool" > /dev/null || skip "for want of $tool"
done
. /etc/os-release
[ "${ID:-}" = debian ] || skip "packages of this machine's libraries are not Debian's"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

(cd "$build" && cpack -G DEB -B "$work") > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mkdir "$work/in"
cp "$work"/*.deb tests/embed/burden.c "$work/in"
cat > "$work/in/use" << 'SH'
set -eu
cd /in
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends ./tariff_*.deb ./tariff-data_*.deb > log 2>&1 || { cat log; exit 1; }
mkdir empty
cd empty
tariff run scenarios/india-us-2025-headline.yaml -o /in/reports -q
man=/usr/share/man/man1/tariff.1
[ -f $man ] || [ -f $man.gz ] || { echo 'there is no tariff(1)'; exit 1; }
cd ..
apt-get install -y -qq --no-install-recommends ./libtariff0_*.deb ./libtariff-dev_*.deb gcc libc6-dev pkg-config \
    > log 2>&1 || { cat log; exit 1; }
# shellcheck disable=SC2046 # a list of options
gcc -std=c17 burden.c -o burden $(pkg-config --cflags --libs tariff)
./burden /usr/share/tariff/datasets/us-tariffs 6109.10.00 IN US 2025-08-27 1000 > duty
apt-get purge -y -qq tariff tariff-data libtariff0 libtariff-dev > log 2>&1 || { cat log; exit 1; }
find /usr /etc /var/lib -name '*tariff*' ! -path '/var/lib/dpkg/*' ! -path '/var/lib/apt/*' | grep . &&
    { echo 'left behind'; exit 1; }
exit 0
SH
# A root that cannot be made is the network's fault; one in which something fails is ours.
mmdebstrap --quiet --variant=apt --format=null \
    --customize-hook="touch '$work/made'" \
    --customize-hook="cp -r '$work/in' \"\$1/in\"" \
    --customize-hook='chroot "$1" sh /in/use' \
    --customize-hook="cp -r \"\$1/in/reports\" \"\$1/in/duty\" '$work'" \
    "${VERSION_CODENAME:-stable}" > "$work/log" 2>&1
status=$?
[ -e "$work/made" ] || { tail -n 3 "$work/log"; skip 'no root could be made: is the archive of Debian within reach?'; }
[ $status = 0 ] || { cat "$work/log"; exit 1; }
diff "$project/tests/golden/headline/reports/india-us-2025-headline/summary.csv" \
    "$work/reports/india-us-2025-headline/summary.csv" || { echo 'the headline is another'; exit 1; }
grep -q '^duty [1-9]' "$work/duty" || { echo 'burden.c says no duty'; exit 1; }
