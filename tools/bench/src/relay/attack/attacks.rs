use super::attacker::{Attacker, Connection, Target, framed};
use super::pace::{HELD, every, hold};
use super::readers;
use crate::relay::frames::Kind;
use fedcoin_node::primitives::{OutPoint, Payment, Signature, TxId};
use fedcoin_node::wire::{MAX_BLOCKS_REQUESTED, MAX_FRAME_BYTES, Message};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// One way to attack.
pub(super) struct Attack {
    pub(super) name: &'static str,
    /// Runs until the flag is set.
    pub(super) run: fn(&Attacker, &Target, &AtomicBool),
}

/// All attacks. An address may hold 256 connections.
pub(super) const ALL: [Attack; 16] = [
    Attack { name: "slow requests", run: slow_requests },
    Attack { name: "connections that say nothing", run: silent },
    Attack { name: "WebSockets that do not greet", run: ungreeting },
    Attack { name: "10,000 connections a minute", run: storm },
    Attack { name: "ping floods", run: pings },
    Attack { name: "WebSocket ping floods", run: websocket_pings },
    Attack { name: "readers that do not read", run: slow_readers },
    Attack { name: "forged payments", run: forged_payments },
    Attack { name: "payments of nonexistent coins", run: orphans },
    Attack { name: "unrequested headers", run: headers },
    Attack { name: "oversized and invalid frames", run: frames },
    Attack { name: "ids chosen to collide", run: collisions },
    Attack { name: "abandoned requests for blocks", run: readers::abandoned_blocks },
    Attack { name: "the page, again and again", run: readers::page },
    Attack { name: "idle connections from 8 addresses", run: readers::idle },
    Attack { name: "the ledger and 204,000 coins of one owner", run: readers::coins },
];

/// The first constant of foldhash, which once hashed the node's ids.
const PUBLIC_SEED: u64 = 0xc0ac_29b7_c97c_50dd;
/// Number of ids in one announcement.
const ANNOUNCED: u64 = 200;
/// Number of connections of a flood.
const FLOODING: usize = 16;

/// Sends a byte of a request from time to time.
fn slow_requests(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    let request = b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX-A: bcdefghijklmnopqrstuvwxyz";
    hold(
        HELD,
        stop,
        Duration::from_millis(500),
        || attacker.connect(target),
        |connection, round| {
            let byte = request.get(usize::try_from(round).unwrap_or_default() % request.len());
            attacker.write(connection, &[*byte.unwrap_or(&b'x')]) && attacker.drain(connection)
        },
    );
}

fn silent(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    hold(
        HELD,
        stop,
        Duration::from_millis(500),
        || attacker.connect(target),
        |connection, _| attacker.drain(connection),
    );
}

fn ungreeting(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    hold(
        HELD,
        stop,
        Duration::from_millis(500),
        || attacker.upgrade(target),
        |connection, _| attacker.drain(connection),
    );
}

fn storm(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    every(Duration::from_millis(6), stop, |_| {
        if let Some(mut connection) = attacker.connect(target)
            && !connection.ask("/healthz", target.address)
        {
            attacker.was_refused();
        }
    });
}

/// Sends on several connections in turn, each until the relay closes it, then on a new one.
fn flood(attacker: &Attacker, target: &Target, stop: &AtomicBool, pause: Duration, frame: impl Fn(u64) -> Vec<u8>) {
    let mut connections: [Option<Connection>; FLOODING] = core::array::from_fn(|_| None);
    every(pause, stop, |number| {
        let turn = usize::try_from(number).unwrap_or_default() % FLOODING;
        let Some(connection) = connections.get_mut(turn) else { return };
        match connection {
            None => *connection = attacker.greet(target),
            Some(open) => {
                if !(attacker.write(open, &frame(number)) && attacker.drain(open)) {
                    *connection = None;
                }
            }
        }
    });
}

fn pings(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    flood(attacker, target, stop, Duration::from_millis(2), |n| framed(Kind::Data, &Message::Ping(n).encode()));
}

fn websocket_pings(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    let mut ping = framed(Kind::Data, b"x");
    ping[0] = 0x89;
    flood(attacker, target, stop, Duration::from_millis(2), move |_| ping.clone());
}

/// Requests blocks and headers endlessly and reads nothing.
fn slow_readers(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    let ids: Vec<_> = target.blocks.iter().rev().skip(1).take(MAX_BLOCKS_REQUESTED).copied().collect();
    let blocks = Message::GetBlocks(ids);
    let headers = Message::GetHeaders { locator: Vec::new() };
    hold(
        HELD,
        stop,
        Duration::from_millis(200),
        || attacker.greet(target),
        |connection, round| attacker.send(connection, if round.is_multiple_of(2) { &blocks } else { &headers }),
    );
}

fn forged_payments(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    flood(attacker, target, stop, Duration::from_millis(5), |n| {
        let mut bytes = *target.payment.signature.as_bytes();
        bytes[1..9].copy_from_slice(&n.to_be_bytes());
        let forged = Payment { signature: Signature::from_bytes(bytes), ..target.payment.clone() };
        framed(Kind::Data, &Message::Payment(forged).encode())
    });
}

fn orphans(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    flood(attacker, target, stop, Duration::from_millis(1), |n| {
        let mut payment = target.payment.clone();
        let mut txid = [7; 32];
        txid[..8].copy_from_slice(&n.to_be_bytes());
        payment.unsigned.inputs = vec![OutPoint { txid: TxId(txid), index: 0 }];
        framed(Kind::Data, &Message::Payment(payment).encode())
    });
}

fn headers(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    flood(attacker, target, stop, Duration::from_millis(10), |n| {
        let parts = target.headers.chunks(100);
        let count = parts.len().max(1) as u64;
        let part = parts.into_iter().nth(usize::try_from(n % count).unwrap_or_default()).unwrap_or_default();
        framed(Kind::Data, &Message::Headers(part.to_vec()).encode())
    });
}

/// Announces ids that had equal hashes under the earlier hash function with a public seed: they contain [`PUBLIC_SEED`]
/// twice.
fn collisions(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    flood(attacker, target, stop, Duration::from_millis(4), |n| {
        let id = |of: u64| {
            let mut id = [0; 32];
            id[..8].copy_from_slice(&PUBLIC_SEED.to_ne_bytes());
            id[8..16].copy_from_slice(&PUBLIC_SEED.to_ne_bytes());
            id[16..24].copy_from_slice(&n.to_be_bytes());
            id[24..].copy_from_slice(&of.to_be_bytes());
            TxId(id)
        };
        framed(Kind::Data, &Message::Inv((0..ANNOUNCED).map(id).collect()).encode())
    });
}

fn frames(attacker: &Attacker, target: &Target, stop: &AtomicBool) {
    flood(attacker, target, stop, Duration::from_millis(20), |n| match n % 4 {
        // The head of a frame of 2 GB, the head of one just too large, an invalid message, and text.
        0 => [&[0x82, 0xff][..], &(1_u64 << 31).to_be_bytes(), &[0; 1_000]].concat(),
        1 => [&[0x82, 0xff][..], &(MAX_FRAME_BYTES as u64 + 1).to_be_bytes(), &[0; 100_000]].concat(),
        2 => framed(Kind::Data, &[255; 50_000]),
        _ => {
            let mut text = framed(Kind::Data, b"rubbish");
            text[0] = 0x81;
            text
        }
    });
}
