use super::bus::Bus;
use crate::token_bucket::TokenBucket;
use bytes::Bytes;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::wire::{MAX_HEADERS, MAX_INV, Message};
use futures::StreamExt;
use std::time::Instant;
use tokio::task::spawn_blocking;

/// Maximum bytes of answers in a burst.
const BURST: f64 = 64_000_000.0;
/// Maximum bytes of answers per second; further requests wait.
const PER_SECOND: f64 = 32_000_000.0;
/// Cost of an answer besides its bytes.
const OVERHEAD: f64 = 1_000.0;
/// Prefix of subjects for answers, so that an answer is not mistaken for another message.
const ANSWERS: &str = "_INBOX.";

/// Answers requests of other members, one by one.
pub(super) async fn run(bus: &Bus) {
    let Some(mut requests) = bus.subscribe(bus.subjects.requests(bus.member)).await else { return };
    let mut bucket = TokenBucket::new(BURST, PER_SECOND, Instant::now());
    while let Some(request) = requests.next().await {
        let Some(reply) = request.reply.filter(|reply| reply.as_str().starts_with(ANSWERS)) else {
            bus.dropped("a request without an address for the answer");
            continue;
        };
        let Ok(message) = Message::decode(&request.payload) else {
            bus.dropped("a request that is not a message");
            continue;
        };
        let Some(frame) = answer(bus, message).await else {
            bus.dropped("a message that is not a request");
            continue;
        };
        bucket.take(frame.len() as f64 + OVERHEAD).await;
        if let Err(error) = bus.client.publish(reply, frame).await {
            tracing::debug!("cluster: an answer was not sent: {error}");
        }
    }
}

/// The answer to a request, with at most one block or payment; `None` if the message is not a request.
async fn answer(bus: &Bus, request: Message) -> Option<Bytes> {
    let missing = |blocks, payments| Message::NotFound { blocks, payments }.encode().into();
    match request {
        Message::GetHeaders { locator } => {
            let headers = bus.handle.read().chain().headers_after(&locator, MAX_HEADERS);
            Some(Message::Headers(headers).encode().into())
        }
        Message::GetBlocks(ids) => {
            let id = *ids.first()?;
            Some(block(bus, id).await.unwrap_or_else(|| missing(vec![id], Vec::new())))
        }
        Message::Inv(_) => Some(Message::Inv(bus.handle.read().mempool().best(MAX_INV)).encode().into()),
        Message::GetPayments(ids) => {
            let id = *ids.first()?;
            let payment = bus.handle.read().mempool().get(&id).cloned();
            Some(payment.map_or_else(|| missing(Vec::new(), vec![id]), |p| Message::Payment(p).encode().into()))
        }
        _ => None,
    }
}

/// The frame of a stored block.
async fn block(bus: &Bus, id: BlockId) -> Option<Bytes> {
    let handle = bus.handle.clone();
    let loaded = spawn_blocking(move || handle.store().load(&[id]));
    let stored = loaded.await.ok()?.ok()?.pop().flatten()?;
    Some(Message::encode_block(&stored.block).into())
}
