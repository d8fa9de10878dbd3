# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How one run goes: which load generators stand around the program, and on which cores.

A procedure is called with a command, a number of messages and a Stage, and returns the dictionary
that the program printed.
"""

import json
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .build import BENCH
from .machine import pin

TRADES = BENCH / 'data' / 'trades.jsonl'
TRADE_SIZE = 113


class RunFailed(Exception):
    """A program that did not end well, with its last words."""


class Stage:
    """The cores, and the programs that stand on them for the length of a run."""

    def __init__(self, builder, cores, timeout):
        self.builder = builder
        self.cores = cores
        self.timeout = timeout

    def load(self, stack, name, *arguments, tls=False, core=None):
        """Starts a load generator; returns the URL it serves and the process."""
        command = [str(self.builder.c_program(name)), *map(str, arguments)]
        if tls:
            certificate, key = self.builder.certificate()
            command += ['--certificate', str(certificate), '--key', str(key)]
        process = self.start(stack, command, self.cores.load if core is None else core)
        port = _parse(process.stdout.readline(), process)['port']
        return f'{"wss" if tls else "ws"}://127.0.0.1:{port}/', process

    def start(self, stack, command, core):
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   preexec_fn=pin(core), env=self.builder.environment())
        stack.callback(_end, process)
        return process

    def run(self, stack, command, core=None):
        """Runs the measured program to its end; returns its result."""
        process = self.start(stack, command, self.cores.client if core is None else core)
        return self.finish(process)

    def finish(self, process):
        try:
            output, errors = process.communicate(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            raise RunFailed(f'{process.args[0]} took longer than {self.timeout} s') from None
        if process.returncode != 0:
            raise RunFailed(_last_words(process, errors))
        return _parse(output.strip().rpartition('\n')[2], process)


def _end(process):
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    process.stderr.close()


def _last_words(process, errors):
    words = ' '.join(errors.split()) or 'silent'
    return f'{Path(process.args[0]).name} ended with {process.returncode}: {words[:300]}'


def _parse(line, process):
    try:
        return json.loads(line)
    except ValueError:
        process.kill()
        _, errors = process.communicate()
        raise RunFailed(_last_words(process, errors)) from None


@dataclass(frozen=True)
class Receive:
    """A server sends as fast as the program takes it."""

    size: int
    tls: bool = False

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            url, _ = stage.load(stack, 'ws-blast', '-n', count, '-s', self.size, tls=self.tls)
            return stage.run(stack, [*command, 'receive', url, count, self.size])


@dataclass(frozen=True)
class Send:
    """The program sends as fast as a server takes it. The time is the server's, from the first byte
    to the last message: programs differ in how they learn that all arrived."""

    size: int
    tls: bool = False

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            url, server = stage.load(stack, 'ws-drain', '-n', count, tls=self.tls)
            result = stage.run(stack, [*command, 'send', url, count, self.size])
            return {**result, 'seconds': stage.finish(server)['seconds']}


@dataclass(frozen=True)
class RoundTrip:
    """One message at a time, there and back, server and client on one core: between two, the time
    it takes a sleeping core to wake would be what is measured."""

    size: int
    pair: bool = False  # the program sends on one connection and receives on another

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            core = stage.cores.client
            url, _ = stage.load(stack, 'ws-echo', *(['--pair'] if self.pair else []), core=core)
            mode = 'echo-pair' if self.pair else 'echo'
            return stage.run(stack, [*command, mode, url, count, self.size], core)


@dataclass(frozen=True)
class Relay:
    """Trades come from one server, three of their columns go to another."""

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            url_in, _ = stage.load(stack, 'ws-blast', '-n', count, '--lines', TRADES)
            url_out, server = stage.load(stack, 'ws-drain', '-n', count)
            result = stage.run(stack, [*command, url_in, url_out, count])
            return {**result, 'seconds': stage.finish(server)['seconds']}


@dataclass(frozen=True)
class Micro:
    """No socket: the program reads the file of trades and works on it in memory."""

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            return stage.run(stack, [*command, count, TRADES])


@dataclass(frozen=True)
class FanOut:
    """The program is the server: each message goes to every one of its clients. Messages are counted
    as they arrive, so COUNT is rounded to whole broadcasts."""

    clients: int
    size: int

    def __call__(self, command, count, stage):
        broadcasts = max(count // self.clients, 1)
        with ExitStack() as stack:
            server = stage.start(stack, [*command, self.clients, broadcasts, self.size],
                                 stage.cores.client)
            port = _parse(server.stdout.readline(), server)['port']
            clients = stage.start(stack, [stage.builder.c_program('ws-fanclients'),
                                          '-c', self.clients, '-n', broadcasts,
                                          f'ws://127.0.0.1:{port}/'], stage.cores.load)
            stage.finish(clients)
            return stage.finish(server)


@dataclass(frozen=True)
class Bursts:
    """Messages come in bursts with pauses between: one wake-up of the program finds a whole burst.
    What counts is the program's CPU time, for the pace is the server's."""

    burst: int
    size: int
    interval_us: int = 1000

    def __call__(self, command, count, stage):
        bursts = max(count // self.burst, 1)
        count = bursts * self.burst
        with ExitStack() as stack:
            url, _ = stage.load(stack, 'ws-blast', '-n', count, '-s', self.size,
                                '--burst', self.burst, '--interval-us', self.interval_us)
            return stage.run(stack, [*command, 'receive', url, count, self.size])


@dataclass(frozen=True)
class Idle:
    """The program opens connections to a silent server and says what each weighs."""

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            url, _ = stage.load(stack, 'ws-idle', '-c', count)
            return stage.run(stack, [*command, url, count])


@dataclass(frozen=True)
class Stall:
    """A full-speed feed of numbered messages into something that takes nothing for a while, then all.
    Whoever gets them in the end checks their order."""

    where: str
    stall_ms: int

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            url_in, _ = stage.load(stack, 'ws-blast', '-n', count, '-s', 160, '--numbered')
            if self.where == 'appsink':
                return stage.run(stack, [*command, count, self.stall_ms, url_in])

            url_out, server = stage.load(stack, 'ws-drain', '-n', count, '--numbered',
                                         '--stall-ms', self.stall_ms)
            result = stage.run(stack, [*command, count, self.stall_ms, url_in, url_out])
            stage.finish(server)
            return result


@dataclass(frozen=True)
class Soak:
    """Trades without end."""

    def __call__(self, command, count, stage):
        with ExitStack() as stack:
            url, _ = stage.load(stack, 'ws-blast', '-n', count, '--lines', TRADES)
            return stage.run(stack, [*command, 'receive', url, count, TRADE_SIZE])
