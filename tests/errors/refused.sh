# SPDX-License-Identifier: GPL-3.0-or-later
# For the cases beside this file: they say `. tests/errors/refused.sh`, then `refused SCENARIO ...`.
#
# A good scenario of the same name writes reports first. The bad one is then run into the same
# directory; whatever it complains of, the reports have to be the same, byte for byte, and nothing
# else may lie there. The exit code is that of the bad run.

# What lies under out/: names, sizes and checksums.
contents() {
    find out -type d | sort
    find out -type f -exec cksum {} + | sort
}

# check_refused COMMAND...: the command fails and leaves out/ alone.
check_refused() {
    "$TARIFF" run tests/errors/good/scenario.yaml -o out || exit 99
    before=$(contents)
    "$@"
    code=$?
    if [ "$before" = "$(contents)" ]; then
        echo 'the old reports are unchanged'
    else
        echo 'THE OLD REPORTS HAVE CHANGED'
        contents
    fi
    exit $code
}

# refused SCENARIO [OPTION]...
refused() {
    check_refused "$TARIFF" run "$@" -o out
}
