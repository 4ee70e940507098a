//! Attacks by requests for data that take long to read or are large.

use super::attacker::{Attacker, Target};
use super::pace::{HELD, every, hold};
use fedcoin_node::wire::{MAX_BLOCKS_REQUESTED, Message};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Number of connections that send endless requests.
const ASKING: usize = 32;
/// Number of block requests before a peer leaves: as many as a node allows to wait.
const REQUESTS: usize = 4;
/// Number of addresses with idle connections.
const ADDRESSES: u8 = 8;

/// Requests 64 blocks, leaves, and comes again.
pub(super) fn abandoned_blocks(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    let blocks = Message::GetBlocks(target.blocks.iter().take(MAX_BLOCKS_REQUESTED).copied().collect());
    every(Duration::from_millis(20), stop, |_| {
        if let Some(mut connection) = attacker.greet(target) {
            for _ in 0..REQUESTS {
                attacker.send(&mut connection, &blocks);
            }
        }
    });
}

/// Requests the page and the API's document, and reads them.
pub(super) fn page(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    let paths = ["/", "/api/v1/openapi.json", "/api/v1/docs"];
    ask(attacker, target, stop, ASKING, Duration::from_millis(50), |n| paths[n % paths.len()].to_owned());
}

/// Requests answers whose cost grows with the number of coins.
pub(super) fn coins(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    ask(attacker, target, stop, 8, Duration::from_millis(100), |n| match n % 3 {
        0 => "/api/v1/ledger".to_owned(),
        1 => format!("/api/v1/addresses/{}/utxos?limit=1", target.rich),
        _ => format!("/api/v1/addresses/{}/balance", target.rich),
    });
}

/// Connections that send one request and then stay.
pub(super) fn idle(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    let mut next = 0;
    let open = || {
        next = (next + 1) % ADDRESSES;
        let mut connection = attacker.connect_from(next, target)?;
        attacker.write(&mut connection, &request("/healthz", target)).then_some(connection)
    };
    hold(HELD * usize::from(ADDRESSES), stop, Duration::from_millis(500), open, |connection, _| {
        attacker.drain(connection)
    });
}

/// Lets this many connections request one path after the other, without waiting for answers.
fn ask(
    attacker: &Attacker,
    target: &Target,
    stop: &AtomicBool,
    connections: usize,
    pause: Duration,
    path: impl Fn(usize) -> String,
) {
    let open = || attacker.connect(target);
    hold(connections, stop, pause, open, |connection, round| {
        let path = path(usize::try_from(round).unwrap_or_default());
        attacker.write(connection, &request(&path, target)) && attacker.drain(connection)
    });
}

fn request(path: &str, target: &Target) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: br, gzip\r\n\r\n", target.address).into_bytes()
}
