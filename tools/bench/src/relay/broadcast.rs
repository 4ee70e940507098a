//! The other servers in the comparison. They send every client's messages to all other clients.

use super::crowd::Talk;
use super::frames::{Kind, put_frame};
use super::round::Round;

/// The servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// `tools/bench/peers/ws.js`: forwards each message unchanged.
    Ws,
    /// nats-server: its own text protocol inside WebSocket messages.
    Nats,
}

/// Clients of such a server. Messages arrive in the order in which they were sent.
pub(super) struct Listeners {
    protocol: Protocol,
    pub(super) round: Round,
    clients: Vec<Client>,
}

#[derive(Clone, Debug, Default)]
struct Client {
    /// Number of messages of this round that have arrived.
    seen: usize,
    /// Number of missing bytes of a NATS message, including its line end.
    due: usize,
    /// The beginning of a NATS line.
    line: Vec<u8>,
}

impl Listeners {
    pub(super) fn new(protocol: Protocol, clients: usize) -> Self {
        Self { protocol, round: Round::default(), clients: vec![Client::default(); clients + 1] }
    }

    /// The first message of a listener.
    pub(super) fn greeting(protocol: Protocol) -> Vec<u8> {
        let mut frames = Vec::new();
        if protocol == Protocol::Nats {
            put_frame(&mut frames, Kind::Data, b"CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB t 1\r\n");
        }
        frames
    }

    /// The first message of the sender.
    pub(super) fn publisher_greeting(protocol: Protocol) -> Vec<u8> {
        let mut frames = Vec::new();
        if protocol == Protocol::Nats {
            put_frame(&mut frames, Kind::Data, b"CONNECT {\"verbose\":false,\"pedantic\":false}\r\n");
        }
        frames
    }

    /// Starts a round and returns the previous one.
    pub(super) fn begin(&mut self) -> Round {
        self.clients.iter_mut().for_each(|client| client.seen = 0);
        core::mem::take(&mut self.round)
    }

    /// The frames of this many messages of one size. From now on this many clients wait for them.
    pub(super) fn messages(&mut self, count: usize, size: usize, readers: usize) -> Vec<u8> {
        let mut frames = Vec::new();
        for _ in 0..count {
            self.round.sent(readers);
            let mut message = Vec::new();
            if self.protocol == Protocol::Nats {
                message.extend_from_slice(format!("PUB t {size}\r\n").as_bytes());
            }
            message.resize(message.len() + size, b'x');
            if self.protocol == Protocol::Nats {
                message.extend_from_slice(b"\r\n");
            }
            put_frame(&mut frames, Kind::Data, &message);
        }
        frames
    }
}

impl Talk for Listeners {
    fn message(&mut self, tab: usize, payload: &[u8], len: usize, reply: &mut Vec<u8>) {
        let Some(client) = self.clients.get_mut(tab) else { return };
        if self.protocol == Protocol::Ws {
            self.round.delivered(client.seen);
            client.seen += 1;
            return;
        }
        let mut at = 0;
        while at < len {
            if client.due > 0 {
                let now = client.due.min(len - at);
                client.due -= now;
                at += now;
                if client.due == 0 {
                    self.round.delivered(client.seen);
                    client.seen += 1;
                }
                continue;
            }
            let Some(byte) = payload.get(at) else { return };
            at += 1;
            client.line.push(*byte);
            if client.line.ends_with(b"\r\n") {
                let line = core::mem::take(&mut client.line);
                let line = String::from_utf8_lossy(&line);
                if let Some(size) = line.strip_prefix("MSG ").and_then(|l| l.trim_end().rsplit(' ').next()) {
                    client.due = size.parse().map_or(0, |size: usize| size + 2);
                } else if line.starts_with("PING") {
                    put_frame(reply, Kind::Data, b"PONG\r\n");
                }
            }
        }
    }
}
