# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line."""

import argparse
import datetime
import os
import shlex
import sys
import time
from dataclasses import replace
from pathlib import Path

from . import machine, table, versions
from .build import ROOT, Builder
from .cases import CASES
from .runner import FULL, QUICK, Runner

# What stands above the table in a page of its own.
PAGE_HEAD = """# Performance

What `tests/bench/run` measured last. How it measures, who the peers are and how to run it is in
`tests/bench/README.md`. A is a tokio-tungstenite program with a timeout around each read that sends each
message by itself, B the same library without either. Server and client have a core each, except for
round trips, and every number is a median of interleaved rounds.
"""

# Between these two lines of a page that exists already the table is replaced, and nothing else.
TABLE_BEGIN = '<!-- table: written by tests/bench/run --markdown -->'
TABLE_END = '<!-- end of table -->'

# A load average from which other work takes its share of the two cores.
BUSY = 0.5


def main():
    options = _parse()
    if options.list:
        for case in CASES:
            print(f'{case.name:18} {case.title}')
        return 0

    cores = machine.Cores()
    builder = Builder(options.build_dir, _log)
    runner = Runner(builder, cores, _effort(options), _log)
    started = datetime.datetime.now().astimezone()
    begin = time.monotonic()
    load = os.getloadavg()[0]
    results = [runner.run(case) for case in options.cases]

    about = {
        'date': started.strftime('%Y-%m-%d %H:%M'),
        'machine': machine.describe(),
        'revision': machine.source_revision(ROOT),
        'command': shlex.join(['tests/bench/run', *sys.argv[1:]]),
        'rounds': _effort(options).rounds,
        'versions': versions.collect(),
        'one_core': cores.shared,
        'load_before': round(load, 2),
        'seconds': round(time.monotonic() - begin, 1),
    }
    text = table.markdown(results, _preamble(about))
    print(text)
    (options.build_dir / 'results.json').write_text(table.to_json(results, about) + '\n')
    if options.markdown:
        _write_page(options.markdown, text)

    return 0 if _all_well(results) else 1


def _write_page(path, text):
    """Puts the table into a page, and leaves alone what someone wrote around it."""
    page = path.read_text() if path.exists() else ''
    if TABLE_BEGIN not in page or TABLE_END not in page:
        page = f'{PAGE_HEAD}\n{TABLE_BEGIN}\n{TABLE_END}\n'
    head, _, rest = page.partition(TABLE_BEGIN)
    tail = rest.partition(TABLE_END)[2]
    path.write_text(f'{head}{TABLE_BEGIN}\n\n{text}\n{TABLE_END}{tail}')


def _parse():
    parser = argparse.ArgumentParser(
        prog='run', description='Measures EventFlux beside other WebSocket clients.',
        epilog='Exit status 1 means that a target was missed or the product failed.')
    parser.add_argument('cases', nargs='*', metavar='CASE', help='what to measure, by default all')
    parser.add_argument('--list', action='store_true', help='list the cases and end')
    parser.add_argument('--quick', action='store_true',
                        help='short runs, three rounds, fewer peers: two minutes once built')
    parser.add_argument('--rounds', type=int, help='rounds a case')
    parser.add_argument('--seconds', type=float, help='how long a run should take')
    parser.add_argument('--all-peers', action='store_true', help='all peers, also with --quick')
    parser.add_argument('--build-dir', type=Path, default=ROOT / 'build-bench', metavar='FOLDER',
                        help='where to build and to leave results.json')
    parser.add_argument('--markdown', type=Path, metavar='FILE', help='also write the table there')
    options = parser.parse_args()

    known = {case.name: case for case in CASES}
    for name in options.cases:
        if name not in known:
            parser.error(f'no case “{name}”; there are {", ".join(known)}')
    options.cases = [known[name] for name in options.cases] or list(CASES)
    options.build_dir = options.build_dir.resolve()

    return options


def _effort(options):
    effort = QUICK if options.quick else FULL
    if options.rounds:
        effort = replace(effort, rounds=options.rounds)
    if options.seconds:
        effort = replace(effort, seconds=options.seconds)
    if options.all_peers:
        effort = replace(effort, few_peers=False)
    return effort


def _preamble(about):
    lines = [f'{about["date"]}, {about["machine"]}, revision {about["revision"]}.',
             f'`{about["command"]}`: medians of {about["rounds"]} interleaved rounds, '
             f'{about["seconds"]:.0f} s.']
    lines.append(f'Compared: {about["versions"]}.')
    if about['one_core']:
        lines.append('This machine gave one core: servers and clients share it.')
    if about['load_before'] > BUSY:
        lines.append(f'The machine was busy before the first round (load {about["load_before"]:.1f}): '
                     'trust CPU times more than rates.')
    return '\n\n'.join(lines) + '\n'


def _all_well(results):
    return all(verdict.met for result in results for verdict in result.verdicts()) and \
        not any(row.failure for result in results for row in result.rows.values())


def _log(text):
    print(text, file=sys.stderr, flush=True)
