use super::budget::Budget;
use super::bus::Bus;
use bytes::Bytes;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::wire::{MAX_HEADERS, MAX_INV, Message};
use futures::StreamExt;
use tokio::task::spawn_blocking;

/// Answers may take so many bytes at once, and so many a second; who asks for more waits.
const BURST: u64 = 64_000_000;
const PER_SECOND: u64 = 32_000_000;
/// What an answer costs beside its bytes.
const OVERHEAD: u64 = 1_000;
/// What subjects to answer to begin with: an answer must not be taken for something else.
const INBOX: &str = "_INBOX.";

/// Answers what members ask this one, one after another.
pub(super) async fn serve(bus: &Bus) {
    let Some(mut questions) = bus.listen(bus.subjects.asking(bus.member)).await else { return };
    let mut budget = Budget::new(BURST, PER_SECOND);
    while let Some(question) = questions.next().await {
        let Some(reply) = question.reply.filter(|reply| reply.as_str().starts_with(INBOX)) else {
            bus.dropped("a question that wants no answer");
            continue;
        };
        let Ok(message) = Message::decode(&question.payload) else {
            bus.dropped("a question that is no message");
            continue;
        };
        let Some(frame) = answer(bus, message).await else {
            bus.dropped("a message that is no question");
            continue;
        };
        budget.pay_in_time(frame.len() as u64 + OVERHEAD).await;
        if let Err(error) = bus.client.publish(reply, frame).await {
            tracing::debug!("cluster: not answered: {error}");
        }
    }
}

/// The answer to a question; `None` when it is none. Of blocks and payments one is given at a time.
async fn answer(bus: &Bus, question: Message) -> Option<Bytes> {
    let missing = |blocks, payments| Message::NotFound { blocks, payments }.encode().into();
    match question {
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

/// A stored block's frame.
async fn block(bus: &Bus, id: BlockId) -> Option<Bytes> {
    let handle = bus.handle.clone();
    let loaded = spawn_blocking(move || handle.store().load(&[id]));
    let stored = loaded.await.ok()?.ok()?.pop().flatten()?;
    Some(Message::encode_block(&stored.block).into())
}
