#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Completions, loaded by each shell itself and asked as by who presses Tab.  A shell that is not
# installed is not tested, and that is said; .ci/setup installs all three.
set -u
tariff=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

"$tariff" manual "$work/share" || { echo 'completions cannot be made'; exit 1; }
completions=$work/share/completions

complain() {
    echo "$*"
    failed=1
}

# is_asked SHELL: are the answers in $work/answers those that are expected?
is_asked() {
    diff "$work/expected" "$work/answers" || complain "$1 completes something else"
}

if command -v bash > /dev/null; then
    cat > "$work/ask" << 'BASH'
. "$1/tariff"
complete -p tariff
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tariff; echo "$*: ${COMPREPLY[*]}"; }
ask tariff ra
ask tariff rate --req
ask tariff explain x --format ''
ask tariff list co
ask tariff help sched
ask tariff nothing --x
BASH
    bash "$work/ask" "$completions" > "$work/answers" 2>&1
    cat > "$work/expected" << 'TEXT'
complete -o filenames -F _tariff tariff
tariff ra: rate
tariff rate --req: --require-detail --require-quantity
tariff explain x --format : text json
tariff list co: countries
tariff help sched: schedule
tariff nothing --x: 
TEXT
    is_asked bash
else
    echo 'not tested: bash is not installed'
fi

# zsh completes at a terminal only: a line is typed there, with Tab, and entered; `tariff` is a
# function that tells what became of it.
if command -v zsh > /dev/null; then
    zsh -n "$completions/_tariff" || complain 'zsh cannot read _tariff'
    cat > "$work/ask" << 'ZSH'
zmodload zsh/zpty
zpty shell zsh -f -i
typed() { zpty -w -n shell "$1" }
typed "PS1= PS2= RPS1=; fpath=($1 \$fpath)"$'\n'
typed "autoload -Uz compinit; compinit -u -d $2; tariff() { print -r -- \"<tariff \$*>\" }"$'\n'
typed 'print -r -- "<ready>"'$'\n'
shift 2
heard() {
    local said all
    while zpty -r shell said; do
        all+=$said
        [[ $said = *"<"[a-z]*">"* && $said != *print* ]] && break
    done
    print -r -- ${all//$'\r'/} | sed -n 's/.*\(<[a-z].*>\).*/\1/p' | tail -n 1
}
heard
for line in "$@"; do
    typed "$line"$'\t\n'
    heard
done
typed $'exit\n'
ZSH
    timeout 60 zsh -f "$work/ask" "$completions" "$work/dump" 'tariff ra' \
        'tariff rate --require-d' 'tariff explain x --format j' 'tariff list co' \
        'tariff help sched' < /dev/null > "$work/answers" 2>&1 || complain 'zsh fails'
    cat > "$work/expected" << 'TEXT'
<ready>
<tariff rate>
<tariff rate --require-detail>
<tariff explain x --format json>
<tariff list countries>
<tariff help schedule>
TEXT
    is_asked zsh
else
    echo 'not tested: zsh is not installed'
fi

if command -v fish > /dev/null; then
    fish -n "$completions/tariff.fish" || complain 'fish cannot read tariff.fish'
    # What stands after a tab describes the word.
    for line in 'tariff ru' 'tariff rate --require-' 'tariff explain x --format ' 'tariff list co' \
        'tariff help sched'; do
        HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work fish --no-config \
            -c "source $completions/tariff.fish; complete -C '$line'" |
            cut -f 1 | sort | tr '\n' ' '
        echo
    done > "$work/answers" 2>&1
    cat > "$work/expected" << 'TEXT'
run 
--require-detail --require-quantity 
json text 
countries 
schedule 
TEXT
    is_asked fish
else
    echo 'not tested: fish is not installed'
fi
exit $failed
