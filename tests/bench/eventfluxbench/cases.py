# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of cases: what is measured, beside whom, and what it must show."""

from dataclasses import dataclass

from .peers import (A, B, BUN, CLIENTS, DENO, GORILLA, JSON_GLIB, NPM_WS, RAW, SERDE, SOUP, C, Node,
                    Rust)
from .procedures import Bursts, FanOut, Idle, Micro, Receive, Relay, RoundTrip, Send
from .targets import AtMost


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
    first: int = 0  # messages of the run that finds out how many fill a round
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


def only(*labels):
    return {label: CLIENTS[label] for label in labels}


QUICK_CLIENTS = (A, B, GORILLA, SOUP, RAW)

CASES = (
    Case(
        'receive', 'Receive, 160 B text',
        compare(Receive(160), CLIENTS),
        first=20_000, columns=RATE, quick=QUICK_CLIENTS,
    ),
    Case(
        'send', 'Send, 160 B text',
        compare(Send(160), CLIENTS),
        first=20_000, columns=RATE, quick=QUICK_CLIENTS,
    ),
    Case(
        'receive-4k', 'Receive, 4 KiB text',
        compare(Receive(4096), CLIENTS),
        first=5_000, columns=RATE, quick=(A, SOUP, RAW),
    ),
    Case(
        'send-4k', 'Send, 4 KiB text',
        compare(Send(4096), CLIENTS),
        first=5_000, columns=RATE, quick=(A, SOUP, RAW),
    ),
    Case(
        'receive-64k', 'Receive, 64 KiB text',
        compare(Receive(65536), CLIENTS),
        first=500, columns=RATE, quick=(A, SOUP, RAW),
    ),
    Case(
        'send-64k', 'Send, 64 KiB text',
        compare(Send(65536), CLIENTS),
        first=500, columns=RATE, quick=(A, SOUP, RAW),
    ),
    Case(
        'round-trip', 'Round trip, 160 B, server and client on one core',
        compare(RoundTrip(160), CLIENTS),
        first=1_000, columns=LATENCY, quick=QUICK_CLIENTS,
    ),
    Case(
        'receive-wss', 'Receive over TLS, 160 B text',
        compare(Receive(160, tls=True), CLIENTS),
        first=20_000, columns=RATE, quick=(A, BUN, DENO, RAW),
    ),
    Case(
        'send-wss', 'Send over TLS, 160 B text',
        compare(Send(160, tls=True), CLIENTS),
        first=20_000, columns=RATE, quick=(A, BUN, DENO, RAW),
    ),
    Case(
        'jsondecode', 'Decode a 113-byte trade, 5 of 9 columns',
        compare(Micro(), {
            SERDE: Rust('json', ('decode',)),
            JSON_GLIB: C('json-glib-micro', ('decode',)),
        }),
        first=20_000, columns=RATE, reference=SERDE,
    ),
    Case(
        'jsonencode', 'Encode 3 columns: a text, a number with a fraction, a whole number',
        compare(Micro(), {
            SERDE: Rust('json', ('encode',)),
            JSON_GLIB: C('json-glib-micro', ('encode',)),
        }),
        first=20_000, columns=RATE, reference=SERDE,
    ),
    Case(
        'jsonencode-text', 'Encode 3 columns: two texts, a whole number',
        compare(Micro(), {
            SERDE: Rust('json', ('encode-text',)),
            JSON_GLIB: C('json-glib-micro', ('encode-text',)),
        }),
        first=20_000, columns=RATE, reference=SERDE,
    ),
    Case(
        'pipeline', 'Receive trades, decode 5 columns, encode 3, send',
        compare(Relay(), {A: Rust('relay')}),
        first=20_000, columns=RATE,
    ),
    Case(
        'fan-out', 'Broadcast 160 B to 500 clients, messages as they arrive',
        compare(FanOut(500, 160), {NPM_WS: Node('ws-broadcast.mjs')}),
        first=50_000, columns=RATE, reference=NPM_WS,
    ),
    Case(
        'wake-up', 'One wake-up finds 1, 10, 100, 1000 messages of 160 B',
        tuple(Row(f'{label}, {burst}', CLIENTS[label], Bursts(burst, 160))
              for label in (A, RAW) for burst in (1, 10, 100, 1000)),
        first=2_000, columns=CPU, reference=f'{A}, 1',
        targets=(AtMost(0.5, f'{RAW}, 1', 'cpu_us', row=f'{RAW}, 100'),),
    ),
    Case(
        'idle', 'Resident bytes of an idle client connection, 1,000 in one process',
        compare(Idle(), {SOUP: C('soup-idle')}),
        fixed=(1000, 1000), rounds=1, columns=MEMORY, reference=SOUP,
    ),
)
