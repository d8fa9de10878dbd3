#!/usr/bin/node
// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// A WebSocket peer of npm's ws, as Debian packages it; README.md beside it says what it does.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const readline = require('node:readline');
const { parseArgs } = require('node:util');

// Where Debian puts modules; not every node looks there by itself.
const { WebSocket, WebSocketServer } = require('/usr/share/nodejs/ws');

const NUMBERS = { port: 0, count: 1, size: 0, fragments: 1, close: 1000, 'close-after': 0, reject: 0 };

function parseOptions() {
  const options = {
    mode: { type: 'string', default: 'collect' },
    kind: { type: 'string', default: 'text' },
    certificate: { type: 'string' },
    key: { type: 'string' },
    ca: { type: 'string' },
    reason: { type: 'string', default: '' },
    header: { type: 'string', multiple: true, default: [] },
    subprotocol: { type: 'string', multiple: true, default: [] },
    deflate: { type: 'boolean', default: false },
    totals: { type: 'boolean', default: false },
    stay: { type: 'boolean', default: false },
  };
  for (const [name, value] of Object.entries(NUMBERS))
    options[name] = { type: 'string', default: String(value) };

  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  for (const name of Object.keys(NUMBERS))
    values[name] = Number(values[name]);
  [values.role, values.url] = positionals;
  return values;
}

const options = parseOptions();
const connections = new Set();

function report(event, members = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...members })}\n`);
}

// As ef_test_peer_make_message() does.
function makeMessage(kind, index, size) {
  const number = Buffer.from(`${index}:`);
  const head = number.length <= size ? number : Buffer.alloc(0);
  const body = Buffer.alloc(size - head.length, 'x');
  if (kind === 'binary') {
    for (let i = 0; i < body.length; i++)
      body[i] = i & 0xff;
  } else {
    const unit = Buffer.from('aé€😀');
    for (let i = 0; i + unit.length <= body.length; i += unit.length)
      unit.copy(body, i);
  }
  return Buffer.concat([head, body]);
}

class Connection {
  constructor(socket) {
    this.socket = socket;
    this.messages = 0;
    this.bytes = 0;
    this.digest = crypto.createHash('sha256');
    socket.on('message', (data, binary) => this.take(data, binary));
    socket.on('pong', data => report('pong', { text: data.toString() }));
    // What is wrong with the connection also shows in the code it is closed with.
    socket.on('error', error => { this.error = error; });
    socket.on('close', (code, reason) => this.closed(code, reason));
    connections.add(this);
  }

  opened(urlPath, headers) {
    const { protocol } = this.socket;
    report('open', { path: urlPath, headers, subprotocol: protocol === '' ? null : protocol });
    if (options.mode === 'send')
      this.sendAll();
  }

  closed(code, reason) {
    connections.delete(this);
    report('close', {
      code,
      reason: reason.toString(),
      messages: this.messages,
      bytes: this.bytes,
      sha256: this.digest.digest('hex'),
    });
  }

  take(data, binary) {
    this.messages++;
    this.bytes += data.length;
    this.digest.update(data);
    if (!options.totals) {
      report('message', {
        kind: binary ? 'binary' : 'text',
        size: data.length,
        sha256: crypto.createHash('sha256').update(data).digest('hex'),
      });
    }
    if (options.mode === 'echo')
      this.socket.send(data, { binary });
    if (this.messages === options['close-after'])
      this.socket.close(options.close, options.reason);
  }

  // Resolves once the message has left, so that a slow reader is waited for.
  send(kind, message, fragments) {
    const binary = kind === 'binary';
    const step = Math.max(1, Math.ceil(message.length / fragments));
    return new Promise(resolve => {
      let start = 0;
      do {
        const fin = start + step >= message.length;
        // Text is cut anywhere, inside of characters too.
        this.socket.send(message.subarray(start, start + step), { binary, fin },
          fin ? resolve : undefined);
        start += step;
      } while (start < message.length);
    });
  }

  async sendAll() {
    for (let index = 0; index < options.count; index++) {
      const message = makeMessage(options.kind, index, options.size);
      await this.send(options.kind, message, options.fragments);
    }
    report('sent', { count: options.count, bytes: options.count * options.size });
    if (!options.stay)
      this.socket.close(options.close, options.reason);
  }

  command([name, ...words]) {
    switch (name) {
    case 'send':
      this.send(words[0], makeMessage(words[0], 0, Number(words[1])), Number(words[2]));
      break;
    case 'ping':
      this.socket.ping(words.join(' '));
      break;
    case 'close':
      this.socket.close(words.length > 0 ? Number(words[0]) : 1000, words.slice(1).join(' '));
      break;
    case 'drop':
      this.socket.terminate();
      break;
    default:
      report('error', { message: `no such command: ${name}` });
    }
  }
}

function serve() {
  const secure = options.certificate !== undefined;
  const server = secure
    ? https.createServer({
      cert: fs.readFileSync(options.certificate),
      key: fs.readFileSync(options.key),
    })
    : http.createServer();
  const sockets = new WebSocketServer({
    server,
    maxPayload: 0,
    perMessageDeflate: options.deflate,
    verifyClient: (info, decide) => decide(options.reject === 0, options.reject),
    handleProtocols: offered =>
      options.subprotocol.find(name => offered.has(name)) ?? false,
  });

  sockets.on('connection', (socket, request) =>
    new Connection(socket).opened(request.url, request.headers));
  server.listen(options.port, '127.0.0.1', () => {
    const scheme = secure ? 'wss' : 'ws';
    process.stdout.write(`listening ${scheme}://127.0.0.1:${server.address().port}\n`);
  });

  return () => {
    for (const { socket } of connections)
      socket.close(1001);
    server.close();
  };
}

function connect() {
  const headers = {};
  for (const header of options.header) {
    const colon = header.indexOf(':');
    headers[header.slice(0, colon).trim()] = header.slice(colon + 1).trim();
  }

  const socket = new WebSocket(options.url, options.subprotocol, {
    headers,
    ca: options.ca === undefined ? undefined : fs.readFileSync(options.ca),
    maxPayload: 0,
    perMessageDeflate: options.deflate,
  });
  let connection, answer;

  socket.on('upgrade', response => { answer = response; });
  socket.on('open', () => {
    connection.opened(new URL(options.url).pathname, answer.headers);
  });
  socket.on('error', error => {
    if (answer === undefined) {
      report('error', { message: error.message });
      process.exit(1);
    }
  });
  connection = new Connection(socket);
  socket.on('close', () => process.exit(0));

  return () => socket.close(1000);
}

const stop = options.role === 'server' ? serve() : connect();
const lines = readline.createInterface({ input: process.stdin });

lines.on('line', line => {
  for (const connection of [...connections])
    connection.command(line.split(' '));
});
lines.on('close', stop);
