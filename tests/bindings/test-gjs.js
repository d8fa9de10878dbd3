// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The library as GJS programs use it, against its own servers. Prints TAP.

import EventFlux from 'gi://EventFlux?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

Gio._promisify(EventFlux.Element.prototype, 'start_async', 'start_finish');
Gio._promisify(EventFlux.Element.prototype, 'stop_async', 'stop_finish');
Gio._promisify(EventFlux.WebSocketSink.prototype, 'publish_async', 'publish_finish');

const DEADLINE_SECONDS = 10;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const bytes = text => new GLib.Bytes(encoder.encode(text));

function assert(condition, what) {
    if (!condition)
        throw new Error(what);
}

function assertEqual(actual, expected) {
    assert(JSON.stringify(actual) === JSON.stringify(expected),
        `${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

// Waits for a signal whose arguments satisfy the condition, with a deadline.
function signal(object, name, condition = () => true) {
    return new Promise((resolve, reject) => {
        let deadline = 0;
        const handler = object.connect(name, (_object, ...args) => {
            if (!condition(...args))
                return;
            object.disconnect(handler);
            GLib.source_remove(deadline);
            resolve(args);
        });
        deadline = GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, DEADLINE_SECONDS, () => {
            object.disconnect(handler);
            reject(new Error(`no signal “${name}” in time`));
            return GLib.SOURCE_REMOVE;
        });
    });
}

function thrown(callback) {
    try {
        callback();
    } catch (error) {
        return error;
    }
    throw new Error('nothing was thrown');
}

async function startServer(type) {
    const server = new type({url: 'ws://127.0.0.1:0/feed'});
    await server.start_async(null);
    return [server, `ws://127.0.0.1:${server.port}/feed`];
}

const tests = {
    async 'publish to a server'() {
        const [server, url] = await startServer(EventFlux.WebSocketServerSource);
        const sink = new EventFlux.WebSocketSink({url});
        const received = [];
        const both = signal(server, 'message', (message, type, client) => {
            received.push([decoder.decode(message.toArray()), type, typeof client]);
            return received.length === 2;
        });

        sink.start();
        sink.publish(bytes('first'));
        assertEqual(await sink.publish_async(bytes('größer'), null), true);
        await both;
        assertEqual(received.map(row => row[0]), ['first', 'größer']);
        assertEqual(received[0][1], EventFlux.WebSocketMessageType.TEXT);
        await sink.stop_async(null);
        await server.stop_async(null);
    },

    async 'receive from a server'() {
        const [server, url] = await startServer(EventFlux.WebSocketServerSink);
        const source = new EventFlux.WebSocketSource({url, reconnect: false});
        const message = signal(source, 'message');

        await source.start_async(null);
        assert(source.connected, 'the source is connected');
        server.publish_event(EventFlux.Event.new_text(0, '{"p":1}', -1));
        const [payload, type] = await message;
        assertEqual(decoder.decode(payload.toArray()), '{"p":1}');
        assertEqual(type, EventFlux.WebSocketMessageType.TEXT);

        const disconnected = signal(source, 'disconnected');
        await server.stop_async(null);
        assertEqual((await disconnected)[0], 1001);
        await source.stop_async(null);
    },

    async 'send on the connection of a source'() {
        const [server, url] = await startServer(EventFlux.WebSocketServerSource);
        const source = new EventFlux.WebSocketSource({url});
        const sink = new EventFlux.WebSocketSink({source});
        const message = signal(server, 'message');

        source.connect('connected', () => sink.publish(bytes('subscribe')));
        sink.start();
        await source.start_async(null);
        assertEqual(decoder.decode((await message)[0].toArray()), 'subscribe');
        assert(sink.connected, 'the sink knows of the connection');
        await source.stop_async(null);
        await sink.stop_async(null);
        await server.stop_async(null);
    },

    async 'configuration keys'() {
        const source = new EventFlux.WebSocketSource();
        source.configure({
            'websocket.url': 'wss://example.org/feed',
            'websocket.reconnect.max.attempts': '3',
            'websocket.headers.X-Client': 'gjs',
        });
        assertEqual(source.url, 'wss://example.org/feed');
        assertEqual(source.reconnect_max_attempts, 3);

        const error = thrown(() => source.configure({'websocket.ulr': 'ws://x'}));
        assert(error.matches(EventFlux.Error, EventFlux.Error.UNKNOWN_KEY), error.message);
        assert(error.message.includes('url'), error.message);
    },

    async 'headers'() {
        for (const type of [EventFlux.WebSocketSource, EventFlux.WebSocketSink]) {
            const element = new type({url: 'ws://127.0.0.1:1/'});
            element.set_header('X-Client', 'gjs');
            element.set_header('Authorization', 'Basic x');
            element.set_header('authorization', 'Bearer größer');
            element.configure({'websocket.headers.X-Key': 'k'});
            element.remove_header('x-client');
            element.remove_header('X-None');
            assertEqual(Object.entries(element.dup_headers()).sort(),
                [['X-Key', 'k'], ['authorization', 'Bearer größer']]);
        }
    },

    async 'errors'() {
        const missing = thrown(() => new EventFlux.WebSocketSource().start());
        assert(missing.matches(EventFlux.Error, EventFlux.Error.MISSING_KEY), missing.message);

        const source = new EventFlux.WebSocketSource({url: 'ws://127.0.0.1:1/', reconnect: false});
        const failed = signal(source, 'error');
        source.start();
        const [error] = await failed;
        assert(error.message.includes('127.0.0.1'), error.message);
        await source.stop_async(null);
    },

    async 'pipeline'() {
        const pipeline = EventFlux.Pipeline.new_from_description(
            'timersource interval-ms=1 count=3 ! appsink name=out', EventFlux.Context.get_default());
        const events = [];
        const third = signal(pipeline.get_element('out'), 'event', event => {
            events.push(event.to_variant().recursiveUnpack());
            return events.length === 3;
        });
        pipeline.start();
        await third;
        assertEqual(Object.keys(events[0]), ['sequence', 'timestamp']);
        pipeline.stop();
    },
};

const loop = new GLib.MainLoop(null, false);
let failures = 0;

async function run() {
    const names = Object.keys(tests);
    print(`1..${names.length}`);
    for (const [index, name] of names.entries()) {
        try {
            await tests[name]();
            print(`ok ${index + 1} ${name}`);
        } catch (error) {
            failures++;
            print(`not ok ${index + 1} ${name}`);
            print(`${error}\n${error.stack}`.replace(/^/gm, '# '));
        }
    }
}

run().finally(() => loop.quit());
loop.run();
System.exit(failures);
