// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The WebSocket class that browsers have, as Bun and Deno bring it. Arguments: MODE URL COUNT SIZE.
import process from 'node:process';
import { Clock, nowNs, parseJob, QUEUE_MAX } from './common.mjs';

const job = parseJob(process.argv.slice(2));
// The bench made the certificate itself; Deno is told so on its command line.
const socket = globalThis.Bun && job.url.startsWith('wss:')
  ? new WebSocket(job.url, { tls: { rejectUnauthorized: false } })
  : new WebSocket(job.url);

function receive() {
  let messages = 0;
  let bytes = 0;
  const clock = new Clock();
  socket.onmessage = ({ data }) => {
    bytes += data.length;
    if (++messages === job.count) {
      clock.report(messages, bytes);
      process.exit(0);
    }
  };
}

function send() {
  const payload = 'x'.repeat(job.size);
  const clock = new Clock();
  let sent = 0;
  socket.onmessage = () => {
    clock.report(job.count, job.count * job.size);
    process.exit(0);
  };
  const step = () => {
    while (sent < job.count && socket.bufferedAmount < QUEUE_MAX) {
      socket.send(payload);
      sent++;
    }
    if (sent < job.count)
      setImmediate(step);
  };
  step();
}

function echo() {
  const payload = 'x'.repeat(job.size);
  const warmUp = Math.trunc(job.count / 10);
  const times = new Float64Array(job.count);
  let clock = new Clock();
  let done = -warmUp;
  let start = nowNs();
  socket.onmessage = () => {
    const now = nowNs();
    if (done >= 0)
      times[done] = now - start;
    if (++done === job.count) {
      clock.reportLatency(times, job.count * job.size);
      process.exit(0);
    }
    if (done === 0)
      clock = new Clock();
    start = nowNs();
    socket.send(payload);
  };
  socket.send(payload);
}

socket.onopen = { receive, send, echo }[job.mode];
socket.onclose = ({ code }) => {
  console.error(`the server left with code ${code}`);
  process.exit(1);
};
