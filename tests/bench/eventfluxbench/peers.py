# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs that are measured, and how each is come by.

A recipe gives the first words of a command line; the procedure of a case adds the rest. Every
program prints one line of JSON: messages, bytes, seconds, cpu, and p50_us and p99_us for round trips.
"""

import shutil
import subprocess
from dataclasses import dataclass

from .build import BENCH, Unavailable


@dataclass(frozen=True)
class C:
    """A program of our own Meson build."""

    program: str
    arguments: tuple = ()

    def command(self, builder):
        return [str(builder.c_program(self.program)), *self.arguments]


@dataclass(frozen=True)
class Rust:
    program: str
    arguments: tuple = ()

    def command(self, builder):
        return [str(builder.rust_programs() / self.program), *self.arguments]


@dataclass(frozen=True)
class Go:
    def command(self, builder):
        return [str(builder.go_program())]


@dataclass(frozen=True)
class Node:
    script: str

    def command(self, builder):
        packages = builder.npm_packages()
        node = shutil.which('node')
        if node is None:
            raise Unavailable('node is not installed')
        return [node, str(packages / self.script)]


@dataclass(frozen=True)
class Bun:
    script: str

    def command(self, builder):
        packages = builder.npm_packages()
        return [_packaged(packages, '@oven/bun-*/bin/bun'), str(packages / self.script)]


@dataclass(frozen=True)
class Deno:
    script: str

    def command(self, builder):
        packages = builder.npm_packages()
        # The certificate is the bench's own.
        return [_packaged(packages, '@deno/*/deno'), 'run', '--quiet', '--allow-all', '--no-lock',
                '--unsafely-ignore-certificate-errors', str(packages / self.script)]


@dataclass(frozen=True)
class Python:
    script: str
    module: str

    def command(self, builder):
        python = '/usr/bin/python3'
        found = subprocess.run([python, '-c', f'import {self.module}'],
                               capture_output=True, check=False)
        if found.returncode != 0:
            raise Unavailable(f'{python} has no module {self.module}')
        return [python, str(BENCH / 'peers' / 'python' / self.script)]


def _packaged(packages, pattern):
    for path in sorted((packages / 'node_modules').glob(pattern)):
        return str(path)
    raise Unavailable(f'no package of this machine’s kind among {pattern}')


# The labels of the table. A is the one that ratios refer to: a timeout around each read, each message
# sent by itself. B is the same library without either.
A = 'A: tokio-tungstenite'
B = 'B: tokio-tungstenite'
A_PAIR = 'A on two connections'
GORILLA = 'Go gorilla/websocket'
NPM_WS = 'npm ws'
BUN = 'Bun'
DENO = 'Deno'
PYTHON = 'python3-websockets'
LWS = 'libwebsockets'
SOUP = 'libsoup'
RAW = 'raw C (the limit)'
RAW_PAIR = 'raw C on two connections'
JSON_GLIB = 'json-glib'
SERDE = 'serde_json'
SQLITE = 'SQLite'
PRODUCT = 'EventFlux'
PIPELINE = 'EventFlux, a pipeline'
PAIR = 'EventFlux, two connections'

# Each can receive, send and echo: MODE URL COUNT SIZE.
CLIENTS = {
    A: Rust('style-a'),
    B: Rust('style-b'),
    GORILLA: Go(),
    NPM_WS: Node('ws-client.mjs'),
    BUN: Bun('web-api.mjs'),
    DENO: Deno('web-api.mjs'),
    PYTHON: Python('client.py', 'websockets'),
    LWS: C('lws-client'),
    SOUP: C('soup-client'),
    RAW: C('raw-client'),
}
