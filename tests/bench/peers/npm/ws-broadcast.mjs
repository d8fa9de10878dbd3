// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// A server with the package ws that broadcasts to all its clients. Arguments: CLIENTS COUNT SIZE.
// Prints its port, begins when all clients are there, ends when they have gone.
import process from 'node:process';
import { WebSocketServer } from 'ws';
import { Clock, QUEUE_MAX } from './common.mjs';

const [nClients, count, size] = process.argv.slice(2).map(Number);
const payload = 'x'.repeat(size);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
let clock = null;
let sent = 0;
let left = 0;

const isFull = () => {
  for (const client of server.clients) {
    if (client.bufferedAmount > QUEUE_MAX)
      return true;
  }
  return false;
};

function step() {
  // A few rounds a turn of the event loop, as a feed would have it.
  for (let i = 0; i < 8 && sent < count; i++, sent++) {
    for (const client of server.clients)
      client.send(payload);
  }
  if (sent < count)
    setImmediate(isFull() ? waitForRoom : step);
}

function waitForRoom() {
  setImmediate(isFull() ? waitForRoom : step);
}

server.on('connection', (client) => {
  client.on('error', () => {});
  client.on('close', () => {
    if (++left === nClients) {
      clock.report(count * nClients, count * nClients * size);
      process.exit(0);
    }
  });
  if (server.clients.size === nClients) {
    clock = new Clock();
    setImmediate(step);
  }
});
server.on('listening', () => console.log(JSON.stringify({ port: server.address().port })));
