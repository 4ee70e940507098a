use super::bus::Bus;
use super::subjects::Topic;
use crate::node_handle::SubmitFailure;
use crate::token_bucket::TokenBucket;
use async_nats::Subscriber;
use bytes::Bytes;
use fedcoin_node::primitives::{Block, Payment};
use fedcoin_node::wire::{Hello, MAX_FRAME_BYTES, Message, PROTOCOL_VERSION};
use fedcoin_node::{Command, Input, SubmitError};
use futures::StreamExt;
use futures::stream::unfold;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Maximum bytes of blocks, and of payments, that wait for the node.
const QUEUE_BYTES: u32 = 16_000_000;
/// Memory of a queued message besides its bytes.
const OVERHEAD: usize = 500;
/// Maximum payments that the node checks concurrently.
const CHECKED_AT_ONCE: usize = 64;

/// A message, with the permit for its bytes.
type QueuedMessage = (Message, OwnedSemaphorePermit);

/// Submits blocks from other members one by one.
pub(super) async fn blocks(bus: &Bus) {
    let (sender, mut queue) = unbounded_channel();
    let submit = async {
        while let Some((message, _room)) = queue.recv().await {
            if let Message::Block(block) = message
                && !submit_block(bus, *block).await
            {
                return;
            }
        }
    };
    tokio::select! {
        () = receive(bus, Topic::Blocks, bucket(200.0, 20.0), sender) => {}
        () = submit => {}
    }
}

/// Submits payments from other members concurrently.
pub(super) async fn payments(bus: &Bus) {
    let (sender, queue) = unbounded_channel();
    let waiting =
        unfold(queue, |mut queue: UnboundedReceiver<QueuedMessage>| async { queue.recv().await.map(|p| (p, queue)) });
    let submit = waiting.for_each_concurrent(CHECKED_AT_ONCE, |(message, room)| async move {
        if let Message::Payment(payment) = message {
            submit_payment(bus, payment).await;
        }
        drop(room);
    });
    tokio::select! {
        () = receive(bus, Topic::Payments, bucket(10_000.0, 2_000.0), sender) => {}
        () = submit => {}
    }
}

/// Passes other nodes' addresses to the node.
pub(super) async fn addresses(bus: &Bus) {
    let Some(mut messages) = bus.subscribe(bus.subjects.of(Topic::Addresses)).await else { return };
    let mut bucket = bucket(20.0, 2.0);
    while let Some(message) = next(bus, &mut messages, Topic::Addresses, &mut bucket).await {
        if let Some(Message::Addresses(addresses)) = decoded(bus, &message) {
            bus.status.count_received();
            if !bus.handle.inbox().send(Input::Command(Command::HearAddresses { addresses })).await {
                return;
            }
        }
    }
}

/// Handles the hellos of other members.
pub(super) async fn hellos(bus: &Bus) {
    let Some(mut messages) = bus.subscribe(bus.subjects.of(Topic::Hellos)).await else { return };
    let mut bucket = bucket(1_000.0, 100.0);
    while let Some(message) = next(bus, &mut messages, Topic::Hellos, &mut bucket).await {
        if let Some(Message::Hello(hello)) = decoded(bus, &message) {
            handle_hello(bus, &hello);
        }
    }
}

fn handle_hello(bus: &Bus, hello: &Hello) {
    let (network, own) = {
        let node = bus.handle.read();
        (node.network(), node.chain().tip().work)
    };
    if hello.network != network || hello.version != PROTOCOL_VERSION || hello.nonce == bus.member {
        return bus.dropped("a hello of another network or version, or with this member's id");
    }
    bus.status.count_received();
    let new = bus.members.hello(hello.nonce, hello.work, Instant::now());
    bus.status.set_members(bus.members.len());
    if new {
        tracing::info!("cluster: a member with chain length {}", u64::from(hello.height.0) + 1);
        // Let the new member learn of this one, too.
        bus.hello_due.notify_one();
    }
    if new || hello.work > own {
        bus.behind.notify_one();
    }
}

/// Filters incoming messages fast enough that none pile up, and queues those worth checking.
async fn receive(bus: &Bus, topic: Topic, mut bucket: TokenBucket, queue: UnboundedSender<QueuedMessage>) {
    let Some(mut messages) = bus.subscribe(bus.subjects.of(topic)).await else { return };
    let room = Arc::new(Semaphore::new(QUEUE_BYTES as usize));
    while let Some(frame) = next(bus, &mut messages, topic, &mut bucket).await {
        if !bus.is_new(&frame) {
            continue;
        }
        let weight = u32::try_from(frame.len() + OVERHEAD).unwrap_or(u32::MAX);
        let Ok(permit) = Arc::clone(&room).try_acquire_many_owned(weight) else {
            lost(bus);
            continue;
        };
        if let Some(message) = decoded(bus, &frame)
            && queue.send((message, permit)).is_err()
        {
            return;
        }
    }
}

/// The next frame of a topic within all limits; `None` when the client has ended. For a frame beyond a limit, only the
/// length and the first byte are read.
async fn next(bus: &Bus, messages: &mut Subscriber, topic: Topic, bucket: &mut TokenBucket) -> Option<Bytes> {
    loop {
        let frame = messages.next().await?.payload;
        if !bus.is_up() {
            continue;
        }
        if frame.len() > MAX_FRAME_BYTES {
            bus.dropped(format_args!("{} bytes, at most {MAX_FRAME_BYTES} are allowed", frame.len()));
        } else if frame.first() != Some(&topic.kind()) {
            bus.dropped(format_args!("no {} message", Message::name_of(topic.kind()).unwrap_or_default()));
        } else if !bucket.try_take(1.0, Instant::now()) {
            lost(bus);
        } else {
            return Some(frame);
        }
    }
}

fn bucket(burst: f64, per_second: f64) -> TokenBucket {
    TokenBucket::new(burst, per_second, Instant::now())
}

/// Decodes a frame.
fn decoded(bus: &Bus, frame: &[u8]) -> Option<Message> {
    Message::decode(frame).map_err(|error| bus.dropped(error)).ok()
}

/// Drops a message beyond a limit. Its content is requested from members later.
fn lost(bus: &Bus) {
    bus.dropped("too many at once");
    bus.members.payments_lost();
}

/// Submits a block; false if the node has stopped.
async fn submit_block(bus: &Bus, block: Block) -> bool {
    let verdict = bus.handle.submit_block(block).await;
    bus.status.count_received();
    match verdict {
        Ok(Ok(()) | Err(SubmitError::Known)) => {}
        // The sender's next hello triggers a request for the blocks before this one.
        Ok(Err(SubmitError::Orphan { .. })) => {}
        Ok(Err(error)) => bus.dropped(format_args!("a block: {error}")),
        Err(SubmitFailure::Stopping) => return false,
        Err(error) => bus.dropped(error),
    }
    true
}

/// Submits a payment. Refusals are not counted: the node already knows most payments.
async fn submit_payment(bus: &Bus, payment: Payment) {
    let txid = payment.txid();
    match bus.handle.submit_payment(payment, true).await {
        Ok(verdict) => {
            bus.status.count_received();
            if let Err(error) = verdict {
                tracing::debug!("cluster: payment {txid} refused: {error}");
            }
        }
        Err(_) => lost(bus),
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_server::TestMember;
    use super::*;
    use fedcoin_node::primitives::{Address, OutPoint, Output, PublicKey, Signature, TxId, UnsignedPayment};
    use fedcoin_node::units::Amount;
    use std::time::Duration;
    use tokio::time::timeout;

    /// The `n`th of many frames, each with a payment of this many outputs.
    fn frame(n: u32, outputs: usize) -> Vec<u8> {
        let output = Output { amount: Amount::from_fed(1), recipient: Address([0; 20]) };
        let unsigned = UnsignedPayment {
            sender: PublicKey::from_bytes([2; 33]),
            replaceable: false,
            inputs: vec![OutPoint { txid: TxId([7; 32]), index: n }],
            outputs: vec![output; outputs],
        };
        Message::Payment(Payment { unsigned, signature: Signature::ZERO }).encode()
    }

    /// A member whose node answers nothing, and whose incoming payments come from the test.
    async fn taking_payments() -> (TestMember, super::super::test_server::Subscription) {
        let mut member = TestMember::join().await;
        let bus = Arc::clone(&member.bus);
        tokio::spawn(async move { payments(&bus).await });
        let subscription = member.subscription().await;
        (member, subscription)
    }

    #[tokio::test]
    async fn the_node_checks_a_limited_number_of_payments_at_once() {
        let (mut member, subscription) = taking_payments().await;
        for n in 0..10 * CHECKED_AT_ONCE as u32 {
            subscription.send(&mut member.server, &frame(n, 1)).await;
        }
        let mut given = 0;
        while timeout(Duration::from_secs(1), member.messages.recv()).await.is_ok() {
            given += 1;
        }
        assert_eq!(given, CHECKED_AT_ONCE);
        assert_eq!(member.bus.status.dropped(), 0, "the other payments wait");
    }

    #[tokio::test]
    async fn queued_bytes_are_limited() {
        let (mut member, subscription) = taking_payments().await;
        let room = QUEUE_BYTES as usize / (frame(0, 3_000).len() + OVERHEAD);
        let mut sent = 0;
        // In portions, because frames above the rate are dropped before they are queued.
        for messages in [room, room + 1].into_iter().chain((2..=10).map(|times| times * room)) {
            for n in sent..messages {
                subscription.send(&mut member.server, &frame(n as u32, 3_000)).await;
            }
            sent = messages;
            member.has_dropped((sent - room) as u64).await;
        }
    }
}
