use super::connections::{Connections, Registration};
use super::outbox::Mail;
use super::traffic::{Tallies, Traffic};
use super::{LINGER, PING_BURST, PING_REFILL, WRITE_STALL};
use crate::driver::{Inbox, Lane};
use axum::body::Bytes;
use fedcoin_node::{Direction, Input, PeerAddress, PeerId};
use futures::future::{Either, select};
use futures::{Sink, SinkExt, Stream, StreamExt};
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};

/// What comes out of a socket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// A binary message.
    Frame(Bytes),
    /// Ping, pong: the library answers them.
    Ping,
    /// Something that no peer may send: text, a message above the limit, broken framing.
    Violation,
    /// The connection is closed or broken.
    Closed,
}

impl From<Result<Message, Error>> for Incoming {
    fn from(read: Result<Message, Error>) -> Self {
        match read {
            Ok(Message::Binary(bytes)) => Self::Frame(bytes),
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => Self::Ping,
            Ok(Message::Text(_)) => Self::Violation,
            Ok(Message::Close(_)) => Self::Closed,
            Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Self::Closed,
            // The word of `Frames`.
            Err(Error::Io(error)) if error.kind() == ErrorKind::InvalidData => Self::Violation,
            Err(Error::Capacity(_) | Error::Protocol(_) | Error::Utf8(_)) => Self::Violation,
            Err(_) => Self::Closed,
        }
    }
}

/// How many pings and pongs a peer may still send.
#[derive(Debug, Default)]
struct Pings {
    sent: u32,
    since: Option<Instant>,
}

impl Pings {
    /// Counts one; false when it is too many.
    fn allowed(&mut self, now: Instant) -> bool {
        let since = *self.since.get_or_insert(now);
        let refilled = now.duration_since(since).as_millis() / PING_REFILL.as_millis();
        if refilled > 0 {
            self.sent = self.sent.saturating_sub(u32::try_from(refilled).unwrap_or(u32::MAX));
            self.since = Some(now);
        }
        self.sent += 1;
        self.sent <= PING_BURST
    }
}

/// Runs one connection from its `Connected` to its `Disconnected`. `unfinished` is what its socket holds of a message
/// that has not ended.
pub(super) async fn pump<In, Out>(
    incoming: In,
    outgoing: Out,
    direction: Direction,
    address: PeerAddress,
    connections: &Arc<Connections>,
    inbox: &Inbox,
    unfinished: Arc<AtomicUsize>,
) where
    In: Stream<Item = Incoming>,
    Out: Sink<Bytes>,
{
    let Registration { peer, mail, kill, running } = connections.register(unfinished);
    let lane = inbox.lane();
    if lane.give(Input::Connected { peer, direction, address }).await {
        tokio::select! {
            () = both_ways(incoming, outgoing, peer, mail, &lane, connections.traffic()) => {}
            () = kill.notified() => {}
        }
    }
    connections.forget(peer);
    lane.give(Input::Disconnected { peer }).await;
    drop(running);
}

/// Reads and writes until one side closes, then leaves the other half a moment to finish: a peer
/// shall read its goodbye, which closing over unread bytes would destroy.
async fn both_ways<In, Out>(incoming: In, outgoing: Out, peer: PeerId, mail: Mail, lane: &Lane, traffic: &Traffic)
where
    In: Stream<Item = Incoming>,
    Out: Sink<Bytes>,
{
    let reading = pin!(read(incoming, peer, lane, traffic.received()));
    let writing = pin!(write(outgoing, mail, traffic.sent()));
    match select(reading, writing).await {
        Either::Left((true, writing)) => {
            let _ = timeout(LINGER, writing).await;
        }
        Either::Left((false, _)) => {}
        Either::Right(((), reading)) => {
            let _ = timeout(LINGER, reading).await;
        }
    }
}

/// Gives the driver what comes in. True when the peer broke the framing, so that the node, which
/// has been told, may still say goodbye.
async fn read(incoming: impl Stream<Item = Incoming>, peer: PeerId, lane: &Lane, received: &Tallies) -> bool {
    let mut incoming = pin!(incoming);
    let mut pings = Pings::default();
    while let Some(item) = incoming.next().await {
        let bytes = match item {
            Incoming::Frame(bytes) => bytes,
            Incoming::Ping if pings.allowed(Instant::now()) => continue,
            Incoming::Closed => return false,
            Incoming::Ping | Incoming::Violation => {
                // The node knows frames only: an empty one is no message either (rule W1).
                return lane.give(Input::Received { peer, bytes: Bytes::new() }).await;
            }
        };
        received.count(&bytes);
        if !lane.give(Input::Received { peer, bytes }).await {
            return false;
        }
    }
    false
}

/// Sends what is in the outbox: all that waits, then one flush. Ends when the peer takes nothing
/// for [`WRITE_STALL`].
async fn write<Out: Sink<Bytes>>(outgoing: Out, mut mail: Mail, sent: &Tallies) {
    let mut outgoing = pin!(outgoing);
    while let Some(first) = mail.next().await {
        let mut next = Some(first);
        while let Some(frame) = next {
            sent.count(&frame);
            if !matches!(timeout(WRITE_STALL, outgoing.feed(frame)).await, Ok(Ok(()))) {
                return;
            }
            next = mail.waiting();
        }
        if !matches!(timeout(WRITE_STALL, outgoing.flush()).await, Ok(Ok(()))) {
            return;
        }
    }
    let _ = outgoing.close().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pings_have_a_burst_and_a_rate() {
        let (mut pings, start) = (Pings::default(), Instant::now());
        let mut allowed = |at: Instant| (0..100).take_while(|_| pings.allowed(at)).count() as u32;
        assert_eq!(allowed(start), PING_BURST);
        assert_eq!(allowed(start + PING_REFILL / 2), 0);
    }
}
