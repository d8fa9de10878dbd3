// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

//! Style A: as the reference engine's connector does it. Each read stands under a timeout of 100 ms,
//! after which a stop flag would be looked at; each message is sent, and so flushed, by itself.

use std::time::{Duration, Instant};

use bench_peers::{connect, run, Clock, Job, Socket};
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

const READ_TIMEOUT: Duration = Duration::from_millis(100);

async fn read(socket: &mut Socket) -> Option<Message> {
    loop {
        match timeout(READ_TIMEOUT, socket.next()).await {
            Ok(Some(message)) => return Some(message.expect("read")),
            Ok(None) => return None,
            Err(_) => continue,
        }
    }
}

async fn receive(mut socket: Socket, job: &Job) {
    let (mut messages, mut bytes) = (0, 0);
    let clock = Clock::start();
    while messages < job.count {
        if let Message::Text(text) = read(&mut socket).await.expect("a message") {
            messages += 1;
            bytes += std::hint::black_box(text.as_bytes()).len() as u64;
        }
    }
    clock.report(messages, bytes);
}

async fn send(mut socket: Socket, job: &Job) {
    let payload = job.payload();
    let clock = Clock::start();
    for _ in 0..job.count {
        socket
            .send(Message::Text(payload.clone()))
            .await
            .expect("send");
    }
    read(&mut socket).await.expect("done");
    clock.report(job.count, job.count * job.size as u64);
}

/// Sends on one connection and reads what comes back, on the same one or another.
async fn echo(mut socket: Socket, mut back: Option<Socket>, job: &Job) {
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
        read(back.as_mut().unwrap_or(&mut socket))
            .await
            .expect("echo");
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
            "echo" => echo(socket, None, &job).await,
            "echo-pair" => {
                let back = connect(&job.url).await;
                echo(socket, Some(back), &job).await
            }
            other => panic!("no mode {other}"),
        }
    });
}
