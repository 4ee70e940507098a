use super::bus::{Bus, Trouble};
use super::members::Errand;
use crate::random::Choices;
use fedcoin_node::SubmitError;
use fedcoin_node::chain::BlockStatus;
use fedcoin_node::primitives::{Block, BlockId, Header, Payment, TxId};
use fedcoin_node::units::{Height, Work};
use fedcoin_node::wire::{MAX_HEADERS, Message};
use futures::{StreamExt, TryStreamExt, stream};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// So many blocks, or payments, are asked for ahead.
const AHEAD: usize = 8;
/// How often it is looked whether a member that rested can be asked again.
const PAUSE: Duration = Duration::from_secs(2);

/// Fetches what this node lacks from members that say they have more, one member at a time.
pub(super) async fn keep_up(bus: &Bus) {
    let mut choices = Choices::new(bus.member);
    loop {
        // Either is a reason to look.
        let _ = timeout(PAUSE, bus.behind.notified()).await;
        while bus.is_up()
            && let Some(errand) = bus.members.errand(own_work(bus), Instant::now(), choices.next_number())
        {
            let (member, result) = match errand {
                Errand::Blocks(member) => (member, fetch_blocks(bus, member).await),
                Errand::Payments(member) => (member, fetch_payments(bus, member).await),
            };
            if let Err(trouble) = result {
                bus.dropped(trouble);
                bus.members.rest(member, Instant::now());
            }
        }
    }
}

fn own_work(bus: &Bus) -> Work {
    bus.handle.read().chain().tip().work
}

/// Takes a member's chain from where it leaves this node's.
async fn fetch_blocks(bus: &Bus, member: u64) -> Result<(), Trouble> {
    let mut from = bus.handle.read().chain().tip().id;
    let mut reached = None;
    loop {
        let locator = bus.handle.read().chain().locator(&from);
        let Message::Headers(headers) = bus.ask(member, &Message::GetHeaders { locator }).await? else {
            return Err(Trouble::Wrong("no headers".to_owned()));
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
            return Err(Trouble::Wrong("headers that lead nowhere".to_owned()));
        }
        reached = height;
    }
    if bus.members.work(member).is_some_and(|claimed| claimed > own_work(bus)) {
        return Err(Trouble::Wrong("less than it said it has".to_owned()));
    }
    Ok(())
}

/// Headers must follow each other, the first one a block that is known.
fn check_linked(bus: &Bus, headers: &[Header]) -> Result<(), Trouble> {
    let known = headers.first().is_none_or(|first| bus.handle.read().chain().height_of(&first.previous).is_some());
    let linked = headers.windows(2).all(|pair| pair[1].previous == pair[0].id());
    if known && linked { Ok(()) } else { Err(Trouble::Wrong("headers that do not follow each other".to_owned())) }
}

fn is_stored(bus: &Bus, id: &BlockId) -> bool {
    bus.handle.read().chain().block_info(id).is_some_and(|info| info.status == BlockStatus::Stored)
}

async fn fetch_block(bus: &Bus, member: u64, id: BlockId) -> Result<Block, Trouble> {
    match bus.ask(member, &Message::GetBlocks(vec![id])).await? {
        Message::Block(block) if block.id() == id => Ok(*block),
        _ => Err(Trouble::Wrong(format!("not the block {}...", id.short()))),
    }
}

async fn submit(bus: &Bus, block: Block) -> Result<(), Trouble> {
    // It came from the bus, and is not told there again.
    let message = Message::Block(Box::new(block));
    bus.recent.is_new(&message.encode());
    let Message::Block(block) = message else { return Ok(()) };
    match bus.handle.submit_block(*block).await {
        Ok(Ok(()) | Err(SubmitError::Known)) => {
            bus.status.count_received();
            Ok(())
        }
        Ok(Err(error)) => Err(Trouble::Refused(error.to_string())),
        Err(error) => Err(Trouble::Refused(error.to_string())),
    }
}

/// Takes the payments that wait at a member and not here.
async fn fetch_payments(bus: &Bus, member: u64) -> Result<(), Trouble> {
    let Message::Inv(ids) = bus.ask(member, &Message::Inv(Vec::new())).await? else {
        return Err(Trouble::Wrong("no list of payments".to_owned()));
    };
    let missing: Vec<TxId> = {
        let node = bus.handle.read();
        ids.into_iter().filter(|id| !node.mempool().contains(id)).collect()
    };
    let mut payments = stream::iter(missing).map(|id| fetch_payment(bus, member, id)).buffered(AHEAD);
    while let Some(payment) = payments.try_next().await? {
        let Some(payment) = payment else { continue };
        bus.recent.is_new(&Message::Payment(payment.clone()).encode());
        // A refusal may be nobody's fault: the payment may spend what is spent by now.
        let answer = bus.handle.submit_payment(payment, true).await;
        answer.map_err(|error| Trouble::Refused(error.to_string()))?.ok();
        bus.status.count_received();
    }
    bus.members.payments_done(member);
    Ok(())
}

/// A payment; `None` when it is mined or dropped meanwhile.
async fn fetch_payment(bus: &Bus, member: u64, id: TxId) -> Result<Option<Payment>, Trouble> {
    match bus.ask(member, &Message::GetPayments(vec![id])).await? {
        Message::Payment(payment) if payment.txid() == id => Ok(Some(payment)),
        Message::NotFound { .. } => Ok(None),
        _ => Err(Trouble::Wrong("not the payment".to_owned())),
    }
}
