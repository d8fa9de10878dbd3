#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A WebSocket peer of python3-websockets; README.md beside it says what it does."""
import argparse
import ast
import asyncio
import hashlib
import http
import json
import ssl
import sys

import websockets

LIMITS = {"max_size": None, "ping_interval": None, "close_timeout": 5}


def report(event, **members):
    print(json.dumps({"event": event, **members}), flush=True)


def make_message(kind, index, size):
    """As ef_test_peer_make_message() does."""
    number = f"{index}:".encode()
    head = number if len(number) <= size else b""
    room = size - len(head)
    if kind == "binary":
        return head + (bytes(range(256)) * (room // 256 + 1))[:room]
    unit = "aé€😀"
    units, rest = divmod(room, len(unit.encode()))
    return head.decode() + unit * units + "x" * rest


def split(message, parts):
    """Cut a message into so many fragments, or as many as it has characters."""
    step = max(1, -(-len(message) // parts))
    return [message[i:i + step] for i in range(0, len(message), step)]


def read_capture(path):
    """Yield what the server sent in a recorded session; see tests/data/captures/README.md."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            text = line.rstrip("\n").partition(": ")[2]
            if text and " <-> " not in line and " <- " not in line:
                yield ast.literal_eval(text) if text[:2] in ("b'", 'b"') else text


def describe(message):
    """A message with its kind and size before it, so that a digest tells where each ends."""
    payload = message.encode() if isinstance(message, str) else message
    kind = "text" if isinstance(message, str) else "binary"
    return f"{kind} {len(payload)}\n".encode() + payload


class Connection:
    def __init__(self, socket, options):
        self.socket, self.options = socket, options
        self.messages = self.bytes = 0
        self.digest = hashlib.sha256()

    def opened(self, path, headers):
        report("open", path=path, headers={name.lower(): value for name, value in headers.raw_items()},
               subprotocol=self.socket.subprotocol)

    async def run(self):
        try:
            if self.options.mode == "send":
                await self.send_all()
            elif self.options.mode == "capture":
                await self.send_capture()
            async for message in self.socket:
                await self.take(message)
        except websockets.ConnectionClosedError:
            pass  # reported below, with its code
        await self.socket.wait_closed()
        code = self.socket.close_code
        report("close", code=code if code is not None else 1006, reason=self.socket.close_reason or "",
               messages=self.messages, bytes=self.bytes, sha256=self.digest.hexdigest())

    async def take(self, message):
        payload = message.encode() if isinstance(message, str) else message
        self.messages += 1
        self.bytes += len(payload)
        self.digest.update(payload)
        if not self.options.totals:
            report("message", kind="text" if isinstance(message, str) else "binary", size=len(payload),
                   sha256=hashlib.sha256(payload).hexdigest())
        if self.options.mode == "echo":
            await self.socket.send(message)
        if self.messages == self.options.close_after:
            await self.socket.close(self.options.close, self.options.reason)

    async def send(self, kind, index, size, fragments):
        message = make_message(kind, index, size)
        await self.socket.send(split(message, fragments) if fragments > 1 and len(message) > 1 else message)

    async def send_all(self):
        options, sent = self.options, 0
        for index in range(options.count):
            await self.send(options.kind, index, options.size, options.fragments)
            sent += options.size
        report("sent", count=options.count, bytes=sent)
        if not options.stay:
            await self.socket.close(options.close, options.reason)

    async def send_capture(self):
        digest, count = hashlib.sha256(), 0
        for message in read_capture(self.options.capture):
            await self.socket.send(message)
            digest.update(describe(message))
            count += 1
        report("sent", count=count, sha256=digest.hexdigest())
        await self.socket.close()

    async def ping(self, text):
        await (await self.socket.ping(text))
        report("pong", text=text)

    async def command(self, words):
        if words[0] == "send":
            await self.send(words[1], 0, int(words[2]), int(words[3]))
        elif words[0] == "ping":
            asyncio.ensure_future(self.ping(" ".join(words[1:])))
        elif words[0] == "close":
            code = int(words[1]) if len(words) > 1 else 1000
            asyncio.ensure_future(self.socket.close(code, " ".join(words[2:])))
        elif words[0] == "drop":
            self.socket.transport.abort()
        else:
            report("error", message=f"no such command: {words[0]}")


class Peer:
    def __init__(self, options):
        self.options = options
        self.connections = set()

    def shared_options(self):
        return {"subprotocols": self.options.subprotocol or None,
                "compression": "deflate" if self.options.deflate else None, **LIMITS}

    async def converse(self, socket, path, headers):
        connection = Connection(socket, self.options)
        connection.opened(path, headers)
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)

    async def obey(self):
        """Carry out commands until standard input ends."""
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        async for line in lines:
            for connection in list(self.connections):
                await connection.command(line.decode().split())

    async def serve(self):
        context = None
        if self.options.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.options.certificate, self.options.key)

        async def handler(socket):
            await self.converse(socket, socket.path, socket.request_headers)

        def reject(path, headers):
            if self.options.reject:
                return http.HTTPStatus(self.options.reject), [], b""
            return None

        async with websockets.serve(handler, "127.0.0.1", self.options.port, ssl=context,
                                    process_request=reject, **self.shared_options()) as server:
            port = server.sockets[0].getsockname()[1]
            print(f"listening {'wss' if context else 'ws'}://127.0.0.1:{port}", flush=True)
            await self.obey()

    async def connect(self):
        context = ssl.create_default_context(cafile=self.options.ca) if self.options.ca else None
        headers = [tuple(part.strip() for part in header.split(":", 1)) for header in self.options.header]
        try:
            socket = await websockets.connect(self.options.url, ssl=context, extra_headers=headers,
                                              **self.shared_options())
        except (OSError, websockets.WebSocketException) as error:
            report("error", message=str(error))
            sys.exit(1)
        talk = asyncio.ensure_future(self.converse(socket, socket.path, socket.response_headers))
        obey = asyncio.ensure_future(self.obey())
        await asyncio.wait({talk, obey}, return_when=asyncio.FIRST_COMPLETED)
        if not talk.done():
            await socket.close()
        await talk
        obey.cancel()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", choices=["server", "client"])
    parser.add_argument("url", nargs="?")
    parser.add_argument("--mode", choices=["collect", "echo", "send", "capture"], default="collect")
    parser.add_argument("--kind", choices=["text", "binary"], default="text")
    for name, default in (("port", 0), ("count", 1), ("size", 0), ("fragments", 1), ("close", 1000),
                          ("close-after", 0), ("reject", 0)):
        parser.add_argument("--" + name, type=int, default=default)
    for name in ("certificate", "key", "ca", "capture"):
        parser.add_argument("--" + name)
    parser.add_argument("--reason", default="")
    for name in ("header", "subprotocol"):
        parser.add_argument("--" + name, action="append", default=[])
    for name in ("deflate", "totals", "stay"):
        parser.add_argument("--" + name, action="store_true")
    options = parser.parse_args()
    peer = Peer(options)
    asyncio.run(peer.serve() if options.role == "server" else peer.connect())


if __name__ == "__main__":
    main()
