// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

//! The pipeline in style A: trades in from one server, parsed into a struct, three columns written as
//! JSON and sent to another. Arguments: URL_IN URL_OUT COUNT.

use std::time::Duration;

use bench_peers::{connect, run, Clock, PriceText, Trade};
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

const READ_TIMEOUT: Duration = Duration::from_millis(100);

async fn relay(url_in: &str, url_out: &str, count: u64) {
    let mut input = connect(url_in).await;
    let mut output = connect(url_out).await;
    let (mut messages, mut bytes) = (0, 0);
    let clock = Clock::start();
    while messages < count {
        let message = match timeout(READ_TIMEOUT, input.next()).await {
            Ok(message) => message.expect("a message").expect("read"),
            Err(_) => continue,
        };
        if let Message::Text(text) = message {
            let trade: Trade = serde_json::from_slice(text.as_bytes()).expect("a trade");
            std::hint::black_box((&trade.e, &trade.q));
            let price = PriceText {
                s: &trade.s,
                p: &trade.p,
                time: trade.time,
            };
            let json = serde_json::to_string(&price).expect("JSON");
            output.send(Message::Text(json)).await.expect("send");
            messages += 1;
            bytes += text.len() as u64;
        }
    }
    output.next().await.expect("done").expect("read");
    clock.report(messages, bytes);
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    assert!(args.len() == 4, "usage: URL_IN URL_OUT COUNT");
    run(relay(&args[1], &args[2], args[3].parse().expect("COUNT")));
}
