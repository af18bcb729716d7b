#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands side by side, in turn, round by round: medians of wall time, processor time and memory, and ratios to the first
command, taken within a round.

usage: beside.py --case NAME [--rounds N] [--warm FILE] [--before COMMAND] [--agreement WORD] [--results FILE] NAME=COMMAND...

--warm is read before each run, so that no command pays for the disk; --before is run before each, and is not timed.  A
round more than is asked for comes first, and does not count.  Lines go to the table of results, too."""
import argparse, os, shlex, statistics, subprocess, sys, time

parser = argparse.ArgumentParser()
parser.add_argument('--case', required=True)
parser.add_argument('--rounds', type=int, default=5)
parser.add_argument('--warm')
parser.add_argument('--before')
parser.add_argument('--agreement', default='-')
parser.add_argument('--results')
parser.add_argument('commands', nargs='+')
options = parser.parse_args()
commands = dict(text.split('=', 1) for text in options.commands)
measured = {name: [] for name in commands}


def read(path):
    with open(path, 'rb', buffering=0) as file:
        block = bytearray(1 << 20)
        while file.readinto(block):
            pass


def run(name):
    if options.before:
        subprocess.run(options.before, shell=True, check=True)
    if options.warm:
        read(options.warm)
    begun = time.monotonic()
    process = subprocess.Popen(shlex.split(commands[name]), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    process.returncode = status
    if status:
        sys.exit(f'{name} failed: {commands[name]}')
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


for _ in range(options.rounds + 1):
    for name in commands:
        measured[name].append(run(name))
first = measured[next(iter(commands))][1:]
print(f"{'command':14s} {'wall s':>9s} {'min':>8s} {'max':>8s} {'cpu s':>9s} {'rss MB':>8s} {'x wall':>8s} {'x cpu':>8s}  agreement")
for name, rounds in measured.items():
    rounds = rounds[1:]
    wall, cpu, rss = (statistics.median(column) for column in zip(*rounds))
    times = [statistics.median(own[i] / other[i] for own, other in zip(rounds, first)) for i in (0, 1)]
    shortest, longest = min(r[0] for r in rounds), max(r[0] for r in rounds)
    print(f'{name:14s} {wall:9.3f} {shortest:8.3f} {longest:8.3f} {cpu:9.3f} {rss:8.0f} {times[0]:8.2f} {times[1]:8.2f}  '
          f'{options.agreement}')
    if options.results:
        with open(options.results, 'a') as table:
            print(options.case, name, f'{wall:.3f}', f'{shortest:.3f}', f'{longest:.3f}', f'{cpu:.3f}', f'{rss:.0f}',
                  f'{times[0]:.2f}', f'{times[1]:.2f}', options.agreement, sep=',', file=table)
