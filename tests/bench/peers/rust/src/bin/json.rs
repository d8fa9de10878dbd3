// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

//! serde_json alone. Arguments: decode|encode|encode-text COUNT FILE, where FILE has a trade a line.

use bench_peers::{Clock, Price, PriceText, Trade};

fn decode(lines: &[&str], count: u64) {
    let mut bytes = 0;
    let clock = Clock::start();
    for i in 0..count as usize {
        let line = lines[i % lines.len()];
        let trade: Trade = serde_json::from_slice(line.as_bytes()).expect("a trade");
        std::hint::black_box((&trade.e, &trade.s, &trade.p, &trade.q, trade.time));
        bytes += line.len() as u64;
    }
    clock.report(count, bytes);
}

fn trades(lines: &[&str]) -> Vec<Trade> {
    lines
        .iter()
        .map(|line| serde_json::from_str(line).expect("a trade"))
        .collect()
}

fn encode(lines: &[&str], count: u64) {
    let trades = trades(lines);
    let prices: Vec<Price> = trades
        .iter()
        .map(|trade| Price {
            s: &trade.s,
            p: trade.p.parse().expect("a price"),
            time: trade.time,
        })
        .collect();
    encode_all(&prices, count);
}

fn encode_text(lines: &[&str], count: u64) {
    let trades = trades(lines);
    let prices: Vec<PriceText> = trades
        .iter()
        .map(|trade| PriceText {
            s: &trade.s,
            p: &trade.p,
            time: trade.time,
        })
        .collect();
    encode_all(&prices, count);
}

fn encode_all(values: &[impl serde::Serialize], count: u64) {
    let mut bytes = 0;
    let clock = Clock::start();
    for i in 0..count as usize {
        let json = serde_json::to_vec(&values[i % values.len()]).expect("JSON");
        bytes += std::hint::black_box(&json).len() as u64;
    }
    clock.report(count, bytes);
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    assert!(
        args.len() == 4,
        "usage: decode|encode|encode-text COUNT FILE"
    );
    let count = args[2].parse().expect("COUNT");
    let text = std::fs::read_to_string(&args[3]).expect("FILE");
    let lines: Vec<&str> = text.lines().collect();
    match args[1].as_str() {
        "decode" => decode(&lines, count),
        "encode" => encode(&lines, count),
        "encode-text" => encode_text(&lines, count),
        other => panic!("no mode {other}"),
    }
}
