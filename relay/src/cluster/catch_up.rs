use super::bus::{Bus, MemberError};
use super::members::FetchTask;
use fastrand::Rng;
use fedcoin_node::SubmitError;
use fedcoin_node::chain::BlockStatus;
use fedcoin_node::primitives::{Block, BlockId, Header, Payment, TxId};
use fedcoin_node::units::{Height, Work};
use fedcoin_node::wire::{MAX_HEADERS, Message};
use futures::{StreamExt, TryStreamExt, stream};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Maximum blocks, or payments, requested ahead.
const AHEAD: usize = 8;
/// Interval of checks whether another request to a member is possible.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// Downloads what this node lacks from members that claim more work, one member at a time.
pub(super) async fn run(bus: &Bus) {
    let mut random = Rng::with_seed(bus.member);
    loop {
        // Continue after a signal or after the interval.
        let _ = timeout(CHECK_INTERVAL, bus.behind.notified()).await;
        while bus.is_up()
            && let Some(task) = bus.members.next_task(own_work(bus), Instant::now(), random.u64(..))
        {
            let (member, result) = match task {
                FetchTask::Blocks(member) => (member, fetch_blocks(bus, member).await),
                FetchTask::Payments(member) => (member, fetch_payments(bus, member).await),
            };
            if let Err(error) = result {
                bus.dropped(error);
                bus.members.back_off(member, Instant::now());
            }
        }
    }
}

fn own_work(bus: &Bus) -> Work {
    bus.handle.read().chain().tip().work
}

/// Downloads a member's chain from the fork point with this node's chain.
async fn fetch_blocks(bus: &Bus, member: u64) -> Result<(), MemberError> {
    let mut from = bus.handle.read().chain().tip().id;
    let mut reached = None;
    loop {
        let locator = bus.handle.read().chain().locator(&from);
        let Message::Headers(headers) = bus.request(member, &Message::GetHeaders { locator }).await? else {
            return Err(MemberError::Wrong("no headers".to_owned()));
        };
        check_linked(bus, &headers)?;
        let missing: Vec<BlockId> = headers.iter().map(Header::id).filter(|id| !is_stored(bus, id)).collect();
        let mut blocks = stream::iter(missing).map(|id| fetch_block(bus, member, id)).buffered(AHEAD);
        while let Some(block) = blocks.try_next().await? {
            submit(bus, block).await?;
        }
        from = match headers.last() {
            Some(last) if headers.len() == MAX_HEADERS => last.id(),
            _ => break,
        };
        let height: Option<Height> = bus.handle.read().chain().height_of(&from);
        if height <= reached {
            return Err(MemberError::Wrong("headers that do not lead to a better chain".to_owned()));
        }
        reached = height;
    }
    if bus.members.work(member).is_some_and(|claimed| claimed > own_work(bus)) {
        return Err(MemberError::Wrong("less work than claimed".to_owned()));
    }
    Ok(())
}

/// Checks that the headers form a chain and the first one's parent is known.
fn check_linked(bus: &Bus, headers: &[Header]) -> Result<(), MemberError> {
    let known = headers.first().is_none_or(|first| bus.handle.read().chain().height_of(&first.previous).is_some());
    let linked = headers.windows(2).all(|pair| pair[1].previous == pair[0].id());
    if known && linked { Ok(()) } else { Err(MemberError::Wrong("headers that do not follow each other".to_owned())) }
}

fn is_stored(bus: &Bus, id: &BlockId) -> bool {
    bus.handle.read().chain().block_info(id).is_some_and(|info| info.status == BlockStatus::Stored)
}

async fn fetch_block(bus: &Bus, member: u64, id: BlockId) -> Result<Block, MemberError> {
    match bus.request(member, &Message::GetBlocks(vec![id])).await? {
        Message::Block(block) if block.id() == id => Ok(*block),
        _ => Err(MemberError::Wrong(format!("not the requested block {}...", id.short()))),
    }
}

async fn submit(bus: &Bus, block: Block) -> Result<(), MemberError> {
    // The block came from the bus: do not publish it there again.
    let message = Message::Block(Box::new(block));
    bus.is_new(&message.encode());
    let Message::Block(block) = message else { return Ok(()) };
    match bus.handle.submit_block(*block).await {
        Ok(Ok(()) | Err(SubmitError::Known)) => {
            bus.status.count_received();
            Ok(())
        }
        Ok(Err(error)) => Err(MemberError::Refused(error.to_string())),
        Err(error) => Err(MemberError::Refused(error.to_string())),
    }
}

/// Downloads the payments in a member's mempool that this node lacks.
async fn fetch_payments(bus: &Bus, member: u64) -> Result<(), MemberError> {
    let Message::Inv(ids) = bus.request(member, &Message::Inv(Vec::new())).await? else {
        return Err(MemberError::Wrong("not a list of payments".to_owned()));
    };
    let missing: Vec<TxId> = {
        let node = bus.handle.read();
        ids.into_iter().filter(|id| !node.mempool().contains(id)).collect()
    };
    let mut payments = stream::iter(missing).map(|id| fetch_payment(bus, member, id)).buffered(AHEAD);
    while let Some(payment) = payments.try_next().await? {
        let Some(payment) = payment else { continue };
        bus.is_new(&Message::Payment(payment.clone()).encode());
        // Ignore a refusal: the payment's coins may be spent by now.
        let answer = bus.handle.submit_payment(payment, true).await;
        answer.map_err(|error| MemberError::Refused(error.to_string()))?.ok();
        bus.status.count_received();
    }
    bus.members.payments_fetched(member);
    Ok(())
}

/// Requests a payment; `None` if it has been mined or dropped meanwhile.
async fn fetch_payment(bus: &Bus, member: u64, id: TxId) -> Result<Option<Payment>, MemberError> {
    match bus.request(member, &Message::GetPayments(vec![id])).await? {
        Message::Payment(payment) if payment.txid() == id => Ok(Some(payment)),
        Message::NotFound { .. } => Ok(None),
        _ => Err(MemberError::Wrong("not the requested payment".to_owned())),
    }
}
