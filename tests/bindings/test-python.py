#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library as Python programs use it, against a server that is not ours."""
import asyncio
import os
import queue
import threading
import unittest

import gi
import websockets

gi.require_version("EventFlux", "1")
from gi.repository import EventFlux, GLib  # noqa: E402

import tap  # noqa: E402

DEADLINE_SECONDS = 10


class Server:
    """A python3-websockets server in a thread: greets each client, and keeps what clients send."""

    def __init__(self, *greetings):
        self.greetings = greetings
        self.received = queue.Queue()
        self.headers = queue.Queue()
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(DEADLINE_SECONDS)

    def run(self, started):
        self.loop.run_until_complete(self.serve(started))

    async def serve(self, started):
        self.stopped = asyncio.Event()
        async with websockets.serve(self.talk, "127.0.0.1", 0, subprotocols=["v2.feed"]) as server:
            self.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
            started.set()
            await self.stopped.wait()

    async def talk(self, socket):
        self.headers.put(socket.request_headers)
        for greeting in self.greetings:
            await socket.send(greeting)
        async for message in socket:
            self.received.put(message)

    def stop(self):
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.thread.join()


def wait_until(condition):
    """Iterate the default context until the condition holds, with a deadline."""
    deadline = GLib.get_monotonic_time() + DEADLINE_SECONDS * GLib.USEC_PER_SEC
    # What the server's thread does wakes no context of ours.
    tick = GLib.timeout_add(5, lambda: GLib.SOURCE_CONTINUE)
    while not condition():
        assert GLib.get_monotonic_time() < deadline, "the condition did not come true in time"
        GLib.MainContext.default().iteration(True)
    GLib.source_remove(tick)


def stop(element):
    """Stop an element and wait until it is down."""
    stopped = []
    element.stop_async(None, lambda element, result: stopped.append(element.stop_finish(result)))
    wait_until(lambda: stopped)
    assert stopped == [True]


class SourceTest(unittest.TestCase):
    def setUp(self):
        self.server = Server("text ä", b"\x00\x01binary")
        self.addCleanup(self.server.stop)

    def test_properties_and_signals(self):
        messages, connected, disconnected = [], [], []
        source = EventFlux.WebSocketSource(url=self.server.url, subprotocol="v2.feed")
        source.connect("message", lambda source, message, kind: messages.append((message.get_data(), kind)))
        source.connect("connected", lambda source, subprotocol: connected.append(subprotocol))
        source.connect("disconnected", lambda source, code, reason: disconnected.append(code))
        self.assertTrue(source.start())
        wait_until(lambda: len(messages) == 2)

        self.assertEqual(messages, [("text ä".encode(), EventFlux.WebSocketMessageType.TEXT),
                                    (b"\x00\x01binary", EventFlux.WebSocketMessageType.BINARY)])
        self.assertEqual(connected, ["v2.feed"])
        self.assertTrue(source.props.connected)
        self.assertEqual(source.props.negotiated_subprotocol, "v2.feed")
        stop(source)
        self.assertFalse(source.props.connected)
        self.assertEqual(source.props.state, EventFlux.State.NULL)

    def test_configuration_keys(self):
        messages = []
        source = EventFlux.WebSocketSource()
        source.configure({
            "websocket.url": self.server.url,
            "websocket.reconnect.delay.ms": "1.5s",
            "websocket.headers.Authorization": "Bearer s3cret",
        })
        self.assertEqual(source.props.reconnect_delay_ms, 1500)
        source.connect("message", lambda source, message, kind: messages.append(message))
        source.start()
        wait_until(lambda: len(messages) == 2)
        self.assertEqual(self.server.headers.get(timeout=DEADLINE_SECONDS)["Authorization"], "Bearer s3cret")
        stop(source)

    def test_headers_property(self):
        source = EventFlux.WebSocketSource(url=self.server.url)
        source.props.headers = {"X-Client": "python"}
        source.start()
        wait_until(lambda: source.props.connected)
        self.assertEqual(self.server.headers.get(timeout=DEADLINE_SECONDS)["X-Client"], "python")
        stop(source)

    def test_headers_one_by_one(self):
        source = EventFlux.WebSocketSource(url=self.server.url)
        source.set_header("X-Client", "perl")
        source.set_header("x-client", "python")
        source.set_header("X-Gone", "1")
        source.remove_header("x-gone")
        self.assertEqual(source.dup_headers(), {"x-client": "python"})
        self.assertEqual(source.props.headers, {"x-client": "python"})
        source.start()
        wait_until(lambda: source.props.connected)
        seen = self.server.headers.get(timeout=DEADLINE_SECONDS)
        self.assertEqual(seen.get_all("X-Client"), ["python"])
        self.assertNotIn("X-Gone", seen)
        stop(source)

        sink = EventFlux.WebSocketSink()
        sink.set_header("X-Client", "python")
        self.assertEqual(sink.dup_headers(), {"X-Client": "python"})

    def test_wrong_key(self):
        source = EventFlux.WebSocketSource()
        with self.assertRaises(GLib.Error) as caught:
            source.configure({"websocket.reconect": "true"})
        self.assertTrue(caught.exception.matches(EventFlux.error_quark(), EventFlux.Error.UNKNOWN_KEY))
        self.assertIn("reconnect", caught.exception.message)

    def test_missing_url(self):
        with self.assertRaises(GLib.Error) as caught:
            EventFlux.WebSocketSource().start()
        self.assertTrue(caught.exception.matches(EventFlux.error_quark(), EventFlux.Error.MISSING_KEY))
        self.assertIn("websocket.url", caught.exception.message)

    def test_error_signal(self):
        errors = []
        source = EventFlux.WebSocketSource(url="ws://127.0.0.1:1/", reconnect=False)
        source.connect("error", lambda source, error: errors.append(error))
        source.start()
        wait_until(lambda: errors)
        self.assertIn("127.0.0.1", errors[0].message)
        stop(source)

    def test_clone(self):
        source = EventFlux.WebSocketSource(url=self.server.url, reconnect=False, reconnect_delay_ms=7)
        clone = source.clone()
        self.assertIsNot(clone, source)
        self.assertEqual(clone.props.url, self.server.url)
        self.assertEqual(clone.props.reconnect_delay_ms, 7)
        self.assertFalse(clone.props.reconnect)


class SinkTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def receive(self):
        return self.server.received.get(timeout=DEADLINE_SECONDS)

    def test_publish(self):
        sink = EventFlux.WebSocketSink(url=self.server.url)
        sink.start()
        sink.publish(GLib.Bytes.new("before the connection".encode()))
        wait_until(lambda: sink.props.connected)
        sink.publish(GLib.Bytes.new("größer".encode()))
        wait_until(lambda: self.server.received.qsize() == 2)
        self.assertEqual([self.receive(), self.receive()], ["before the connection", "größer"])
        stop(sink)

    def test_publish_async(self):
        done = []
        sink = EventFlux.WebSocketSink()
        sink.configure({"websocket.url": self.server.url, "websocket.message.type": "binary"})
        sink.start()
        sink.publish_async(GLib.Bytes.new(b"\xff\x00"), None,
                           lambda sink, result: done.append(sink.publish_finish(result)))
        wait_until(lambda: done and not self.server.received.empty())
        self.assertEqual(done, [True])
        self.assertEqual(self.receive(), b"\xff\x00")
        stop(sink)

    def test_text_must_be_utf8(self):
        sink = EventFlux.WebSocketSink(url=self.server.url)
        sink.start()
        wait_until(lambda: sink.props.connected)
        with self.assertRaises(GLib.Error):
            sink.publish(GLib.Bytes.new(b"\xff"))
        sink.publish(GLib.Bytes.new(b"good"))
        wait_until(lambda: not self.server.received.empty())
        self.assertEqual(self.receive(), "good")
        stop(sink)


class BothWaysTest(unittest.TestCase):
    def test_subscribe(self):
        server = Server("welcome")
        self.addCleanup(server.stop)
        messages = []
        source = EventFlux.WebSocketSource(url=server.url)
        sink = EventFlux.WebSocketSink(source=source)
        source.connect("message", lambda source, message, kind: messages.append(message.get_data()))
        source.connect("connected", lambda *_: sink.publish(GLib.Bytes.new(b"subscribe")))
        sink.start()
        source.start()
        wait_until(lambda: messages and not server.received.empty())
        self.assertEqual(messages, [b"welcome"])
        self.assertEqual(server.received.get(), "subscribe")
        self.assertEqual(server.headers.qsize(), 1)
        stop(source)
        stop(sink)


class PipelineTest(unittest.TestCase):
    def test_from_description(self):
        server = Server('{"s":"BTCUSDT","p":"50000.5","T":1672515782136}')
        self.addCleanup(server.stop)
        events = []
        context = EventFlux.Context.get_default()
        pipeline = EventFlux.Pipeline.new_from_description(
            f'websocketsource url={server.url} ! jsondecode schema="s STRING, p DOUBLE, T LONG" '
            "! appsink name=out", context)
        pipeline.get_element("out").connect("event", lambda sink, event: events.append(event.to_variant()))
        stopped = []
        pipeline.start()
        wait_until(lambda: events)
        self.assertEqual(events[0].unpack(), {"s": "BTCUSDT", "p": 50000.5, "T": 1672515782136})
        pipeline.stop_async(None, lambda pipeline, result: stopped.append(pipeline.stop_finish(result)))
        wait_until(lambda: stopped)

    def test_bad_description(self):
        with self.assertRaises(GLib.Error) as caught:
            EventFlux.Pipeline.new_from_description("websoketsource url=ws://x ! fakesink",
                                                    EventFlux.Context.get_default())
        self.assertTrue(caught.exception.matches(EventFlux.error_quark(), EventFlux.Error.UNKNOWN_ELEMENT))
        self.assertIn("websocketsource", caught.exception.message)


class EventTest(unittest.TestCase):
    def test_build_and_read(self):
        schema = EventFlux.Schema.parse("a STRING, b LONG, c BYTES")
        builder = EventFlux.EventBuilder.new(schema)
        builder.begin(1672515782136000)
        builder.set_string(0, "ä", -1)
        builder.set_int64(1, 2 ** 63 - 1)
        event = builder.end()
        self.assertEqual(event.to_json(), '{"a":"ä","b":9223372036854775807,"c":null}')
        self.assertEqual(event.to_variant().unpack(), {"a": "ä", "b": 2 ** 63 - 1, "c": None})
        self.assertEqual(event.get_timestamp(), 1672515782136000)


if __name__ == "__main__":
    os.environ.setdefault("GSETTINGS_BACKEND", "memory")
    tap.main()
