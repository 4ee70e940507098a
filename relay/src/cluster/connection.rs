use super::bus::{Bus, Subscriptions};
use super::frame::MemberFrame;
use super::members::NewConnection;
use crate::sockets::{Incoming, pump};
use crate::token_bucket::TokenBucket;
use async_nats::Message;
use bytes::Bytes;
use fedcoin_node::{Direction, PeerAddress};
use futures::StreamExt;
use futures::sink;
use futures::stream::{FuturesUnordered, unfold};
use std::sync::Arc;
use std::time::Instant;

/// Most hellos at once: each of another member may begin a connection.
const HELLO_BURST: f64 = 300.0;
/// Most hellos a second.
const HELLOS_PER_SECOND: f64 = 100.0;

/// Takes what other members send, and runs a connection to each of them.
pub(super) async fn run(bus: &Bus, mut subscriptions: Subscriptions) {
    let mut hellos = TokenBucket::new(HELLO_BURST, HELLOS_PER_SECOND, Instant::now());
    let mut connections = FuturesUnordered::new();
    loop {
        let new = tokio::select! {
            hello = subscriptions.hellos.next() => match hello {
                Some(hello) => hello_received(bus, &hello, &mut hellos),
                None => return,
            },
            frame = subscriptions.frames.next() => match frame {
                Some(frame) => frame_received(bus, &frame),
                None => return,
            },
            Some(()) = connections.next(), if !connections.is_empty() => None,
        };
        connections.extend(new.map(|connection| connect(bus, connection)));
    }
}

/// Handles a member's hello. Returns the connection to begin.
fn hello_received(bus: &Bus, hello: &Message, bucket: &mut TokenBucket) -> Option<NewConnection> {
    if !bus.is_up() {
        return None;
    }
    let Ok(id) = <[u8; 8]>::try_from(&hello.payload[..]).map(u64::from_be_bytes) else {
        bus.dropped("a hello of another form");
        return None;
    };
    if id == bus.member || !bucket.try_take(1.0, Instant::now()) {
        bus.dropped("a hello in this member's name, or too many at once");
        return None;
    }
    let (new, connection) = bus.members.hello(id, bus.next_connection(), Instant::now());
    bus.status.set_members(bus.members.len());
    if new {
        tracing::info!("cluster: another member");
        // It should learn of this one too.
        bus.hello_due.notify_one();
    }
    connection
}

/// Passes a member's frame on. Returns the connection to begin.
fn frame_received(bus: &Bus, message: &Message) -> Option<NewConnection> {
    if !bus.is_up() {
        return None;
    }
    let sender = bus.subjects.sender(&message.subject);
    let Some((sender, frame)) = sender.zip(MemberFrame::decode(&message.payload)) else {
        bus.dropped("a message that is no frame of a member");
        return None;
    };
    match bus.members.frame(sender, frame, bus.next_connection(), Instant::now()) {
        Ok(new) => {
            bus.status.count_received();
            new
        }
        Err(error) => {
            bus.dropped(error);
            None
        }
    }
}

/// Runs a connection to a member until its end.
async fn connect(bus: &Bus, connection: NewConnection) {
    let NewConnection { member, number, frames } = connection;
    let incoming = unfold(frames, |mut frames| async move {
        let (frame, _room) = frames.recv().await?;
        Some((Incoming::Frame(frame), frames))
    });
    let outgoing = sink::unfold(0_u64, |next, bytes: Bytes| async move {
        bus.send(member, MemberFrame { connection: number, number: next, bytes }).await.map(|()| next + 1)
    });
    let address = address_of(member);
    pump(incoming, outgoing, Direction::Outbound, address, &bus.connections, &bus.inbox, Arc::default()).await;
    // Where this is lost, the member notices a gap later, or silence.
    let _ = bus.send(member, MemberFrame { connection: number, number: u64::MAX, bytes: Bytes::new() }).await;
    bus.members.ended(member, number, Instant::now());
}

/// The name of a member among the addresses of peers. Nobody can dial it.
fn address_of(member: u64) -> PeerAddress {
    format!("ws://{member:016x}.cluster:1/ws").parse().expect("hexadecimal digits are a name")
}
