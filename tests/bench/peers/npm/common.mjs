// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the JavaScript peers share. Works in Node.js, Bun and Deno.
import process from 'node:process';

export class Clock {
  constructor() {
    this.cpu = process.cpuUsage();
    this.wall = process.hrtime.bigint();
  }

  result(messages, bytes) {
    const seconds = Number(process.hrtime.bigint() - this.wall) / 1e9;
    const { user, system } = process.cpuUsage(this.cpu);
    return { messages, bytes, seconds, cpu: (user + system) / 1e6 };
  }

  report(messages, bytes) {
    console.log(JSON.stringify(this.result(messages, bytes)));
  }

  reportLatency(ns, bytes) {
    const result = this.result(ns.length, bytes);
    ns.sort();
    const at = (percent) => Math.trunc(ns[Math.trunc(((ns.length - 1) * percent) / 100)]) / 1e3;
    console.log(JSON.stringify({ ...result, p50_us: at(50), p99_us: at(99) }));
  }
}

// Nanoseconds as a double: BigInt would cost an allocation a round trip.
export const nowNs = () => performance.now() * 1e6;

export function parseJob(args) {
  if (args.length !== 4)
    throw new Error('usage: receive|send|echo URL COUNT SIZE');
  const [mode, url, count, size] = args;
  return { mode, url, count: Number(count), size: Number(size) };
}

// The most bytes a sender leaves queued, so that it measures sending and not the growth of a queue.
export const QUEUE_MAX = 1 << 20;
