use super::connections::{Connections, Registration};
use super::frame_limiter::PART;
use super::message_counters::{MessageCounters, Traffic};
use super::outbox::OutboxReceiver;
use super::{LINGER, PARTS_EVERY, PING_BURST, PING_REFILL};
use crate::inbox::{Inbox, PeerInbox};
use crate::token_bucket::TokenBucket;
use axum::body::Bytes;
use fedcoin_node::{Direction, Input, PeerAddress, PeerId};
use futures::future::{Either, select};
use futures::{Sink, SinkExt, Stream, StreamExt, stream};
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Instant;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};

/// What a socket yields.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// A binary message.
    Frame(Bytes),
    /// A part of a large message has arrived.
    Part,
    /// A ping or pong; the library answers pings.
    Ping,
    /// A protocol violation: text, a message above the limit, or invalid framing.
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
            // Reported by `FrameLimiter`.
            Err(Error::Io(error)) if error.kind() == ErrorKind::InvalidData => Self::Violation,
            Err(Error::Capacity(_) | Error::Protocol(_) | Error::Utf8(_)) => Self::Violation,
            Err(_) => Self::Closed,
        }
    }
}

/// The pings and pongs that a peer may still send.
fn ping_bucket(now: Instant) -> TokenBucket {
    TokenBucket::new(f64::from(PING_BURST), 1.0 / PING_REFILL.as_secs_f64(), now)
}

/// Runs one connection from its `Connected` to its `Disconnected`. `unfinished` counts the bytes of its socket's
/// unfinished message.
pub(crate) async fn pump<In, Out>(
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
    let incoming = with_parts(incoming, Arc::clone(&unfinished));
    let Registration { peer, outbox, kill, running } = connections.register(unfinished);
    let inbox = inbox.for_peer();
    if inbox.send(Input::Connected { peer, direction, address }).await {
        tokio::select! {
            () = both_ways(incoming, outgoing, peer, outbox, &inbox, connections.traffic()) => {}
            () = kill.notified() => {}
        }
    }
    connections.forget(peer);
    inbox.send(Input::Disconnected { peer }).await;
    drop(running);
}

/// Adds [`Incoming::Part`] to a stream while an unfinished message grows by at least [`PART`].
fn with_parts(incoming: impl Stream<Item = Incoming>, unfinished: Arc<AtomicUsize>) -> impl Stream<Item = Incoming> {
    let mut incoming = Box::pin(incoming);
    let (mut seen, mut told) = (0, Instant::now());
    stream::poll_fn(move |cx| {
        let next = incoming.as_mut().poll_next(cx);
        let held = unfinished.load(Ordering::Relaxed);
        seen = seen.min(held);
        if next.is_ready() || held < seen + PART || told.elapsed() < PARTS_EVERY {
            return next;
        }
        (seen, told) = (held, Instant::now());
        Poll::Ready(Some(Incoming::Part))
    })
}

/// Reads and writes until one side closes, then gives the other half a moment to finish: closing with unread bytes
/// would destroy a goodbye that the peer has not yet read.
async fn both_ways<In, Out>(
    incoming: In,
    outgoing: Out,
    peer: PeerId,
    outbox: OutboxReceiver,
    inbox: &PeerInbox,
    traffic: &Traffic,
) where
    In: Stream<Item = Incoming>,
    Out: Sink<Bytes>,
{
    let reading = pin!(read(incoming, peer, inbox, traffic.received()));
    let writing = pin!(write(outgoing, outbox, traffic.sent()));
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

/// Passes received frames to the driver. Returns true after a protocol violation; the node has been notified and may
/// still say goodbye.
async fn read(
    incoming: impl Stream<Item = Incoming>,
    peer: PeerId,
    inbox: &PeerInbox,
    received: &MessageCounters,
) -> bool {
    let mut incoming = pin!(incoming);
    let mut pings = ping_bucket(Instant::now());
    while let Some(item) = incoming.next().await {
        let bytes = match item {
            Incoming::Frame(bytes) => bytes,
            Incoming::Part => {
                if !inbox.send(Input::Receiving { peer }).await {
                    return false;
                }
                continue;
            }
            Incoming::Ping if pings.try_take(1.0, Instant::now()) => continue,
            Incoming::Closed => return false,
            Incoming::Ping | Incoming::Violation => {
                // The node knows only frames. An empty frame is also an invalid message (rule W1).
                return inbox.send(Input::Received { peer, bytes: Bytes::new() }).await;
            }
        };
        received.count(&bytes);
        if !inbox.send(Input::Received { peer, bytes }).await {
            return false;
        }
    }
    false
}

/// Sends the frames in the outbox: all that wait, then one flush. Ends if the connection breaks.
async fn write<Out: Sink<Bytes>>(outgoing: Out, mut outbox: OutboxReceiver, sent: &MessageCounters) {
    let mut outgoing = pin!(outgoing);
    while let Some(first) = outbox.next().await {
        let mut next = Some(first);
        while let Some(frame) = next {
            sent.count(&frame);
            if outgoing.feed(frame).await.is_err() {
                return;
            }
            next = outbox.try_next();
        }
        if outgoing.flush().await.is_err() {
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
        let start = Instant::now();
        let mut pings = ping_bucket(start);
        let mut allowed = |at: Instant| (0..100).take_while(|_| pings.try_take(1.0, at)).count() as u32;
        assert_eq!(allowed(start), PING_BURST);
        assert_eq!(allowed(start + PING_REFILL / 2), 0);
    }
}
