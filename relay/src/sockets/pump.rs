use super::LINGER;
use super::connections::{Connections, Registration};
use super::outbox::{Mail, Parcel};
use crate::driver::Inbox;
use axum::body::Bytes;
use fedcoin_node::{Direction, Input, PeerAddress, PeerId};
use futures::future::{Either, select};
use futures::{Sink, SinkExt, Stream, StreamExt};
use std::pin::pin;
use std::sync::Arc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};

/// What comes out of a socket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// A binary message.
    Frame(Bytes),
    /// Ping, pong: the library answers them.
    Nothing,
    /// Something that no peer may send: text, a message above the limit, broken framing.
    Violation,
    /// The connection is closed or broken.
    Closed,
}

/// What an error of the WebSocket library says about the peer.
pub(super) fn judge(error: &Error) -> Incoming {
    match error {
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Incoming::Closed,
        Error::Capacity(_) | Error::Protocol(_) | Error::Utf8(_) => Incoming::Violation,
        _ => Incoming::Closed,
    }
}

/// Runs one connection from its `Connected` to its `Disconnected`.
pub(super) async fn pump<In, Out>(
    incoming: In,
    outgoing: Out,
    direction: Direction,
    address: PeerAddress,
    connections: &Arc<Connections>,
    inbox: &Inbox,
) where
    In: Stream<Item = Incoming>,
    Out: Sink<Bytes>,
{
    let Registration { peer, mail, kill, running } = connections.register();
    if inbox.give(Input::Connected { peer, direction, address }).await {
        tokio::select! {
            () = both_ways(incoming, outgoing, peer, mail, inbox) => {}
            () = kill.notified() => {}
        }
    }
    connections.forget(peer);
    inbox.give(Input::Disconnected { peer }).await;
    drop(running);
}

/// Reads and writes until one side closes, then leaves the other half a moment to finish: a peer
/// shall read its goodbye, which closing over unread bytes would destroy.
async fn both_ways<In, Out>(incoming: In, outgoing: Out, peer: PeerId, mail: Mail, inbox: &Inbox)
where
    In: Stream<Item = Incoming>,
    Out: Sink<Bytes>,
{
    let reading = pin!(read(incoming, peer, inbox));
    let writing = pin!(write(outgoing, mail));
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
async fn read(incoming: impl Stream<Item = Incoming>, peer: PeerId, inbox: &Inbox) -> bool {
    let mut incoming = pin!(incoming);
    while let Some(item) = incoming.next().await {
        let bytes = match item {
            Incoming::Frame(bytes) => bytes,
            Incoming::Nothing => continue,
            Incoming::Closed => return false,
            Incoming::Violation => {
                // The node knows frames only: an empty one is no message either (rule W1).
                return inbox.give(Input::Received { peer, bytes: Bytes::new() }).await;
            }
        };
        if !inbox.give(Input::Received { peer, bytes }).await {
            return false;
        }
    }
    false
}

/// Sends what is in the outbox: all that waits, then one flush.
async fn write<Out: Sink<Bytes>>(outgoing: Out, mut mail: Mail) {
    let mut outgoing = pin!(outgoing);
    while let Some(first) = mail.recv().await {
        let mut next = Some(first);
        while let Some(parcel) = next {
            let Parcel::Frame(bytes, _weight) = parcel else {
                let _ = outgoing.close().await;
                return;
            };
            if outgoing.feed(bytes).await.is_err() {
                return;
            }
            next = mail.try_recv().ok();
        }
        if outgoing.flush().await.is_err() {
            return;
        }
    }
    // The connection was cut off or the driver is gone: whoever did it ends this task.
    std::future::pending::<()>().await;
}
