// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

//! Style B: the same library used for speed. Reads wait without a timer, messages are fed and flushed
//! once at the end.

use std::time::Instant;

use bench_peers::{connect, run, Clock, Job, Socket};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

async fn receive(mut socket: Socket, job: &Job) {
    let (mut messages, mut bytes) = (0, 0);
    let clock = Clock::start();
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message.expect("read") {
            messages += 1;
            bytes += std::hint::black_box(text.as_bytes()).len() as u64;
            if messages == job.count {
                break;
            }
        }
    }
    assert!(
        messages == job.count,
        "the server left after {messages} messages"
    );
    clock.report(messages, bytes);
}

async fn send(mut socket: Socket, job: &Job) {
    let payload = job.payload();
    let clock = Clock::start();
    for _ in 0..job.count {
        socket
            .feed(Message::Text(payload.clone()))
            .await
            .expect("feed");
    }
    socket.flush().await.expect("flush");
    socket.next().await.expect("done").expect("read");
    clock.report(job.count, job.count * job.size as u64);
}

async fn echo(mut socket: Socket, job: &Job) {
    let payload = job.payload();
    let warm_up = job.warm_up();
    let mut ns = Vec::with_capacity(job.count as usize);
    let mut clock = Clock::start();
    for i in 0..job.count + warm_up {
        if i == warm_up {
            clock = Clock::start();
        }
        let start = Instant::now();
        socket
            .send(Message::Text(payload.clone()))
            .await
            .expect("send");
        socket.next().await.expect("echo").expect("read");
        if i >= warm_up {
            ns.push(start.elapsed().as_nanos() as u64);
        }
    }
    clock.report_latency(ns, job.count * job.size as u64);
}

fn main() {
    let job = Job::from_args();
    run(async {
        let socket = connect(&job.url).await;
        match job.mode.as_str() {
            "receive" => receive(socket, &job).await,
            "send" => send(socket, &job).await,
            "echo" => echo(socket, &job).await,
            other => panic!("no mode {other}"),
        }
    });
}
