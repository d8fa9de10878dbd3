// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

//! What the Rust peers share: their command line, the connection, the trade, the line of results.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    connect_async_tls_with_config, Connector, MaybeTlsStream, WebSocketStream,
};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// `MODE URL COUNT SIZE`
pub struct Job {
    pub mode: String,
    pub url: String,
    pub count: u64,
    pub size: usize,
}

impl Job {
    pub fn from_args() -> Job {
        let args: Vec<String> = std::env::args().collect();
        assert!(args.len() == 5, "usage: MODE URL COUNT SIZE");
        Job {
            mode: args[1].clone(),
            url: args[2].clone(),
            count: args[3].parse().expect("COUNT"),
            size: args[4].parse().expect("SIZE"),
        }
    }

    /// Round trips before the ones that count.
    pub fn warm_up(&self) -> u64 {
        self.count / 10
    }

    pub fn payload(&self) -> String {
        "x".repeat(self.size)
    }
}

/// Runs a peer on one thread, which is where it is fastest on one core.
pub fn run(peer: impl std::future::Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime")
        .block_on(peer)
}

/// Connects without verifying the certificate, which the bench made itself.
pub async fn connect(url: &str) -> Socket {
    let tls = native_tls::TlsConnector::builder()
        .danger_accept_invalid_certs(true)
        .build()
        .expect("TLS");
    let connector = Some(Connector::NativeTls(tls));
    let (socket, _) = connect_async_tls_with_config(url, None, false, connector)
        .await
        .expect("connect");
    socket
}

/// Wall time and the CPU time of this process.
pub struct Clock {
    wall: Instant,
    cpu: f64,
}

impl Clock {
    pub fn start() -> Clock {
        Clock {
            wall: Instant::now(),
            cpu: cpu_now(),
        }
    }

    pub fn report(&self, messages: u64, bytes: u64) {
        println!("{{{}}}", self.fields(messages, bytes));
    }

    pub fn report_latency(&self, mut ns: Vec<u64>, bytes: u64) {
        let fields = self.fields(ns.len() as u64, bytes);
        ns.sort_unstable();
        let at = |percent: usize| ns[(ns.len() - 1) * percent / 100] as f64 / 1e3;
        println!(
            "{{{}, \"p50_us\": {:.3}, \"p99_us\": {:.3}}}",
            fields,
            at(50),
            at(99)
        );
    }

    fn fields(&self, messages: u64, bytes: u64) -> String {
        let seconds = self.wall.elapsed().as_secs_f64();
        let cpu = cpu_now() - self.cpu;
        format!(
            "\"messages\": {messages}, \"bytes\": {bytes}, \"seconds\": {seconds:.6}, \"cpu\": {cpu:.6}"
        )
    }
}

fn cpu_now() -> f64 {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Five of the nine columns of a trade message.
#[derive(Deserialize)]
pub struct Trade {
    pub e: String,
    pub s: String,
    pub p: String,
    pub q: String,
    #[serde(rename = "T")]
    pub time: i64,
}

/// The three columns that go on, with the price as a number.
#[derive(Serialize)]
pub struct Price<'a> {
    pub s: &'a str,
    pub p: f64,
    #[serde(rename = "T")]
    pub time: i64,
}

/// The same with the price as the text that came.
#[derive(Serialize)]
pub struct PriceText<'a> {
    pub s: &'a str,
    pub p: &'a str,
    #[serde(rename = "T")]
    pub time: i64,
}
