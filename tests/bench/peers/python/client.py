# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Python's websockets on asyncio. Arguments: MODE URL COUNT SIZE."""

import asyncio
import json
import resource
import ssl
import sys
import time

import websockets


class Clock:
    def __init__(self):
        self.cpu = self.cpu_now()
        self.wall = time.perf_counter()

    @staticmethod
    def cpu_now():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    def report(self, messages, size, **more):
        print(json.dumps({
            'messages': messages,
            'bytes': messages * size,
            'seconds': time.perf_counter() - self.wall,
            'cpu': self.cpu_now() - self.cpu,
            **more,
        }))

    def report_latency(self, times, size):
        times.sort()

        def at(percent):
            return times[(len(times) - 1) * percent // 100] / 1e3

        self.report(len(times), size, p50_us=at(50), p99_us=at(99))


async def receive(socket, count, size):
    clock = Clock()
    for _ in range(count):
        await socket.recv()
    clock.report(count, size)


async def send(socket, count, size):
    payload = 'x' * size
    clock = Clock()
    for _ in range(count):
        await socket.send(payload)
    await socket.recv()
    clock.report(count, size)


async def echo(socket, count, size):
    payload = 'x' * size
    times = []
    clock = Clock()
    warm_up = count // 10
    for i in range(warm_up + count):
        if i == warm_up:
            clock = Clock()
        start = time.perf_counter_ns()
        await socket.send(payload)
        await socket.recv()
        if i >= warm_up:
            times.append(time.perf_counter_ns() - start)
    clock.report_latency(times, size)


async def main(mode, url, count, size):
    tls = None
    if url.startswith('wss:'):
        # The bench made the certificate itself.
        tls = ssl.create_default_context()
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    async with websockets.connect(url, ssl=tls, compression=None, close_timeout=1) as socket:
        await {'receive': receive, 'send': send, 'echo': echo}[mode](socket, count, size)


if len(sys.argv) != 5:
    sys.exit('usage: receive|send|echo URL COUNT SIZE')
asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
