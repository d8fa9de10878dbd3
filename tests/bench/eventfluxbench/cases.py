# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of cases: what is measured, beside whom, and what it must show."""

from dataclasses import dataclass

from .peers import (A, A_PAIR, B, BUN, CLIENTS, DENO, GORILLA, JSON_GLIB, NPM_WS, PAIR, PIPELINE,
                    PRODUCT, RAW, RAW_PAIR, SERDE, SOUP, SQLITE, C, Node, Rust)
from .procedures import (Bursts, FanOut, Idle, Micro, Receive, Relay, RoundTrip, Send, Soak, Stall)
from .targets import AtLeast, AtMost, Below


@dataclass(frozen=True)
class Row:
    """One line of a case's table: a program and what is done with it."""

    label: str
    recipe: object
    procedure: object


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    rows: tuple
    columns: tuple
    first: int = 0  # messages of the run that finds out how many fill a round; no run has fewer
    fixed: tuple = ()  # or: so many, and so many with --quick
    rounds: int = 0  # at most so many rounds, all when 0: what does not vary need not be repeated
    reference: str = A
    targets: tuple = ()
    quick: tuple = ()  # labels that --quick keeps, all when empty


RATE = ('rate', 'ratio', 'cpu_us', 'mb_per_second')
LATENCY = ('p50_us', 'p99_us', 'ratio', 'cpu_us')
CPU = ('cpu_us', 'cpu_ratio')
MEMORY = ('bytes_each',)


def compare(procedure, recipes):
    """The same procedure for each program."""
    return tuple(Row(label, recipe, procedure) for label, recipe in recipes.items())


def beside_clients(procedure, product='ef-client'):
    """The product and all the clients."""
    return (Row(PRODUCT, C(product), procedure), *compare(procedure, CLIENTS))


WHERE_TO_STALL = {
    'sink': 'a websocketsink whose server reads nothing',
    'queue': 'a queue before such a sink',
    'appsink': 'an appsink that is not emptied',
}

# Queries of common/bench-query.h.
QUERIES = {
    'filter': 'A filter and a projection over rows of three columns',
    'join': 'A join with a table of 100 rows by its key',
    'tumbling-1': 'Five aggregates in a tumbling window of 10,000 rows, 1 group',
    'tumbling-100': 'Five aggregates in a tumbling window of 10,000 rows, 100 groups',
    'tumbling-100000': 'Five aggregates in a tumbling window of 200,000 rows, 100,000 groups',
}

QUICK_CLIENTS = (PRODUCT, A, B, GORILLA, SOUP, RAW)
QUICK_LARGE = (PRODUCT, A, SOUP, RAW)
QUICK_WSS = (PRODUCT, A, BUN, DENO, RAW)

CASES = (
    Case(
        'receive', 'Receive, 160 B text, websocketsource ! fakesink',
        beside_clients(Receive(160)),
        first=20_000, columns=RATE, quick=QUICK_CLIENTS,
        targets=(AtLeast(5, A), AtLeast(0.5, RAW)),
    ),
    Case(
        'receive-handler', 'Receive, 160 B text, a handler of “message”',
        beside_clients(Receive(160), product='ef-handler'),
        first=20_000, columns=RATE, quick=(PRODUCT, A),
        targets=(AtLeast(1, A),),
    ),
    Case(
        'send', 'Send, 160 B text, appsource ! websocketsink',
        beside_clients(Send(160)),
        first=20_000, columns=RATE, quick=QUICK_CLIENTS,
        targets=(AtLeast(5, A),),
    ),
    Case(
        'receive-4k', 'Receive, 4 KiB text',
        beside_clients(Receive(4096)),
        first=5_000, columns=RATE, quick=QUICK_LARGE,
        targets=(AtLeast(1.2, A),),
    ),
    Case(
        'send-4k', 'Send, 4 KiB text',
        beside_clients(Send(4096)),
        first=5_000, columns=RATE, quick=QUICK_LARGE,
        targets=(AtLeast(1.2, A),),
    ),
    Case(
        'receive-64k', 'Receive, 64 KiB text',
        beside_clients(Receive(65536)),
        first=500, columns=RATE, quick=QUICK_LARGE,
        targets=(AtMost(1, A, 'cpu_us'),),
    ),
    Case(
        'send-64k', 'Send, 64 KiB text',
        beside_clients(Send(65536)),
        first=500, columns=RATE, quick=QUICK_LARGE,
        targets=(AtMost(1, A, 'cpu_us'),),
    ),
    Case(
        'round-trip', 'Round trip, 160 B, server and client on one core',
        # One-way traffic on two connections costs the kernel more than both ways on one; the rows of
        # pairs show how much.
        beside_clients(RoundTrip(160), product='ef-handler')
        + compare(RoundTrip(160), {PIPELINE: C('ef-client')})
        + compare(RoundTrip(160, pair=True),
                  {PAIR: C('ef-client'), A_PAIR: CLIENTS[A], RAW_PAIR: CLIENTS[RAW]}),
        first=1_000, columns=LATENCY, quick=(*QUICK_CLIENTS, PIPELINE, PAIR, A_PAIR, RAW_PAIR),
        targets=(AtMost(1, A, 'p50_us'), AtMost(1, A, 'p99_us')),
    ),
    Case(
        'receive-wss', 'Receive over TLS, 160 B text',
        beside_clients(Receive(160, tls=True)),
        first=50_000, columns=RATE, quick=QUICK_WSS,
        targets=(AtLeast(2, BUN), AtLeast(2, DENO)),
    ),
    Case(
        'send-wss', 'Send over TLS, 160 B text',
        beside_clients(Send(160, tls=True)),
        first=50_000, columns=RATE, quick=QUICK_WSS,
        targets=(AtLeast(2, BUN), AtLeast(2, DENO)),
    ),
    Case(
        'jsondecode', 'Decode a 113-byte trade, 5 of 9 columns',
        compare(Micro(), {
            PRODUCT: C('ef-json', ('decode',)),
            SERDE: Rust('json', ('decode',)),
            JSON_GLIB: C('json-glib-micro', ('decode',)),
        }),
        first=20_000, columns=RATE, reference=SERDE,
        targets=(AtLeast(15, JSON_GLIB), AtLeast(1, SERDE)),
    ),
    Case(
        'jsonencode', 'Encode 3 columns: a text, a number with a fraction, a whole number',
        compare(Micro(), {
            PRODUCT: C('ef-json', ('encode',)),
            SERDE: Rust('json', ('encode',)),
            JSON_GLIB: C('json-glib-micro', ('encode',)),
        }),
        first=20_000, columns=RATE, reference=SERDE,
        targets=(AtLeast(10, JSON_GLIB), AtLeast(1, SERDE)),
    ),
    Case(
        'jsonencode-text', 'Encode 3 columns: two texts, a whole number',
        compare(Micro(), {
            PRODUCT: C('ef-json', ('encode-text',)),
            SERDE: Rust('json', ('encode-text',)),
            JSON_GLIB: C('json-glib-micro', ('encode-text',)),
        }),
        first=20_000, columns=RATE, reference=SERDE,
        targets=(AtLeast(10, JSON_GLIB), AtLeast(1, SERDE)),
    ),
    Case(
        'pipeline', 'Receive trades, decode 5 columns, encode 3, send',
        compare(Relay(), {PRODUCT: C('ef-relay'), A: Rust('relay')}),
        first=20_000, columns=RATE,
        targets=(AtLeast(3, A),),
    ),
    *(Case(
        f'sql-{name}', title,
        compare(Micro(), {PRODUCT: C('ef-sql', (name,)), SQLITE: C('sqlite-micro', (name,))}),
        first=400_000, columns=RATE, reference=SQLITE,
        targets=(AtLeast(0.7, SQLITE),),
    ) for name, title in QUERIES.items()),
    Case(
        'sql-pipeline', 'Receive trades, decode 4 columns, filter and project them in SQL, send',
        compare(Relay(), {PRODUCT: C('ef-relay', ('sql',)), A: Rust('relay')}),
        first=20_000, columns=RATE,
        targets=(AtLeast(1, A),),
    ),
    Case(
        'fan-out', 'Broadcast 160 B to 500 clients, messages as they arrive',
        compare(FanOut(500, 160), {PRODUCT: C('ef-broadcast'), NPM_WS: Node('ws-broadcast.mjs')}),
        first=250_000, columns=RATE, reference=NPM_WS,
        targets=(AtLeast(3, NPM_WS),),
    ),
    Case(
        'wake-up', 'One wake-up finds 1, 10, 100, 1000 messages of 160 B',
        tuple(Row(f'{label}, {burst}', recipe, Bursts(burst, 160))
              for label, recipe in {PRODUCT: C('ef-client'), A: CLIENTS[A], RAW: CLIENTS[RAW]}.items()
              for burst in (1, 10, 100, 1000)),
        first=200, columns=CPU, reference=f'{A}, 1',
        targets=(AtMost(0.1, f'{PRODUCT}, 1', 'cpu_us', row=f'{PRODUCT}, 100'),),
    ),
    Case(
        'idle', 'Resident bytes of an idle client connection, 1,000 in one process',
        compare(Idle(), {PRODUCT: C('ef-idle'), SOUP: C('soup-idle')}),
        fixed=(1_000, 1_000), rounds=1, columns=MEMORY, reference=SOUP,
        targets=(AtMost(1, SOUP, 'bytes_each'),),
    ),
    Case(
        'stall', '400 MB offered while nothing is taken for a second: memory, order, pressure',
        tuple(Row(f'{PRODUCT}, {where}', C('ef-stall', (name,)), Stall(name, 1000))
              for name, where in WHERE_TO_STALL.items()),
        fixed=(2_500_000, 2_500_000), rounds=1, columns=('peak_mib', 'share_taken'),
        targets=tuple(Below(metric, limit, unit, row=f'{PRODUCT}, {where}')
                      for where in WHERE_TO_STALL.values()
                      for metric, limit, unit in (('peak_mib', 64, 'MiB'),
                                                  ('share_taken', 0.2, 'of the messages'))),
    ),
    Case(
        'timer', 'How late a timer of 10 ms is on the context that a flood comes in on',
        compare(Receive(160), {PRODUCT: C('ef-timer')}),
        fixed=(20_000_000, 5_000_000), columns=('p50_us', 'p99_us', 'rate'),
        targets=(Below('p99_us', 20_000, 'µs'),),
    ),
    Case(
        'soak', 'Trades through websocketsource ! jsondecode ! fakesink: growth after the first tenth',
        compare(Soak(), {PRODUCT: C('ef-soak')}),
        fixed=(100_000_000, 2_000_000), rounds=1, columns=('resident_mib', 'growth_mib', 'rate', 'cpu_us'),
        targets=(Below('growth_mib', 1, 'MiB'),),
    ),
)
