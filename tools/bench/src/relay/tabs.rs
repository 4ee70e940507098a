use super::crowd::Talk;
use super::frames::{Kind, put_frame};
use super::round::Round;
use crate::chain::LongChain;
use anyhow::Result;
use fedcoin_node::codec;
use fedcoin_node::primitives::{Block, BlockId, Payment};
use fedcoin_node::units::{Timestamp, Work};
use fedcoin_node::wire::{CompactBlock, Hello, MAX_PAYMENTS_REQUESTED, Message, PROTOCOL_VERSION};
use std::collections::HashMap;

/// How tabs request a new block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// By short ids, because they have its payments.
    Compact,
    /// With all its payments.
    Whole,
}

/// The protocol of browser tabs, and of the one that makes payments and blocks.
pub(super) struct Tabs {
    /// The tab that makes payments and blocks.
    pub(super) publisher: usize,
    /// The current round.
    pub(super) round: Round,
    /// Payments by the last bytes of their signatures.
    payments: HashMap<[u8; 8], usize>,
    /// Messages with several payments, the same for most tabs, by their last bytes and lengths.
    bundles: HashMap<([u8; 8], usize), Vec<usize>>,
    block: Option<Announced>,
    /// The relay's reasons for closing.
    pub(super) goodbyes: Vec<String>,
}

/// A block in transit.
struct Announced {
    block: Block,
    id: BlockId,
    header: Vec<u8>,
    form: Form,
    number: usize,
}

impl Tabs {
    pub(super) fn new(publisher: usize) -> Self {
        Self {
            publisher,
            round: Round::default(),
            payments: HashMap::new(),
            bundles: HashMap::new(),
            block: None,
            goodbyes: Vec::new(),
        }
    }

    /// The frames with the `Hello` of a new tab with this chain.
    pub(super) fn greeting(chain: &LongChain, nonce: u64) -> Vec<u8> {
        frame(&Message::Hello(Self::hello(chain, nonce)))
    }

    /// The `Hello` of a new tab with this chain.
    pub(super) fn hello(chain: &LongChain, nonce: u64) -> Hello {
        let tip = chain.blocks.last();
        let genesis = chain.params.network_id();
        Hello {
            version: PROTOCOL_VERSION,
            network: genesis,
            nonce,
            tip: tip.map_or_else(|| BlockId::from(genesis), Block::id),
            height: tip.map_or_else(Default::default, |block| block.coinbase.height),
            work: Work::ZERO,
            time: Timestamp(0),
            user_agent: concat!("fedcoin-bench/", env!("CARGO_PKG_VERSION")).to_owned(),
            listen: None,
        }
    }

    /// Starts a round and returns the previous one.
    pub(super) fn begin(&mut self) -> Round {
        self.payments.clear();
        self.bundles.clear();
        self.block = None;
        core::mem::take(&mut self.round)
    }

    /// The frames with payments. From now on this many tabs wait for them.
    pub(super) fn payments(&mut self, payments: &[Payment], readers: usize) -> Vec<u8> {
        let mut frames = Vec::new();
        for payment in payments {
            let message = Message::Payment(payment.clone()).encode();
            let number = self.round.sent(readers);
            if let Some(key) = message.last_chunk::<8>() {
                self.payments.insert(*key, number);
            }
            put_frame(&mut frames, Kind::Data, &message);
        }
        frames
    }

    /// The frame that announces a block. From now on this many tabs wait for it in this form.
    pub(super) fn block(&mut self, block: Block, form: Form, readers: usize) -> Vec<u8> {
        let announcement = frame(&Message::Headers(vec![block.header]));
        let number = self.round.sent(readers);
        self.block = Some(Announced { id: block.id(), header: codec::encode(&block.header), block, form, number });
        announcement
    }

    /// Several payments have arrived in one message.
    fn bundle_delivered(&mut self, payload: &[u8]) {
        let Some(last) = payload.last_chunk::<8>() else { return };
        let payments = &self.payments;
        let bundle = self.bundles.entry((*last, payload.len())).or_insert_with(|| match Message::decode(payload) {
            Ok(Message::Payments(bundle)) => {
                bundle.iter().filter_map(|p| payments.get(codec::encode(p).last_chunk::<8>()?).copied()).collect()
            }
            _ => Vec::new(),
        });
        bundle.iter().for_each(|number| self.round.delivered(*number));
    }

    fn block_announced(&self, tab: usize, payload: &[u8], reply: &mut Vec<u8>) {
        let Some(block) = self.block.as_ref().filter(|b| payload.ends_with(&b.header)) else { return };
        if tab == self.publisher {
            return;
        }
        let ask = match block.form {
            Form::Compact => Message::GetCompactBlock(block.id),
            Form::Whole => Message::GetBlocks(vec![block.id]),
        };
        reply.extend_from_slice(&frame(&ask));
    }

    /// The publisher's answer to requests for its block.
    fn serve(&self, payload: &[u8], reply: &mut Vec<u8>) -> Result<()> {
        let Some(Announced { block, id, .. }) = &self.block else { return Ok(()) };
        let answer = match Message::decode(payload)? {
            Message::GetBlocks(ids) if ids == [*id] => Message::Block(Box::new(block.clone())),
            Message::GetCompactBlock(requested) if requested == *id => {
                Message::CompactBlock(Box::new(CompactBlock::of(block, 1)))
            }
            Message::GetBlockPayments { block: requested, places } if requested == *id => {
                let payments = places.iter().filter_map(|place| block.payments.get(usize::from(*place)).cloned());
                Message::BlockPayments { block: *id, payments: payments.collect() }
            }
            _ => return Ok(()),
        };
        reply.extend_from_slice(&frame(&answer));
        Ok(())
    }
}

impl Talk for Tabs {
    fn message(&mut self, tab: usize, payload: &[u8], _len: usize, reply: &mut Vec<u8>) {
        let answer = |reply: &mut Vec<u8>, message: &Message| reply.extend_from_slice(&frame(message));
        match payload {
            [1, ..] => answer(reply, &Message::Headers(Vec::new())),
            [2, ..] => self.block_announced(tab, payload, reply),
            [3, _, _, _, _, ids @ ..] if tab != self.publisher => ask_payments(ids, reply),
            [5, ..] => {
                if let Some(number) = payload.last_chunk::<8>().and_then(|key| self.payments.get(key)) {
                    self.round.delivered(*number);
                }
            }
            [6 | 14 | 16, ..] if tab == self.publisher && self.serve(payload, reply).is_err() => {
                self.goodbyes.push("the relay sent an invalid message".to_owned());
            }
            [18, ..] => self.bundle_delivered(payload),
            [7 | 15, body @ ..] => {
                if let Some(block) = self.block.as_ref().filter(|block| body.starts_with(&block.header)) {
                    self.round.delivered(block.number);
                }
            }
            [9, ..] => answer(reply, &Message::Addresses(Vec::new())),
            [11, ..] => {
                if let Ok(Message::Ping(nonce)) = Message::decode(payload) {
                    answer(reply, &Message::Pong(nonce));
                }
            }
            [13, ..] => {
                if let Ok(Message::Goodbye(reason)) = Message::decode(payload) {
                    self.goodbyes.push(reason.to_string());
                }
            }
            _ => {}
        }
    }
}

/// Requests everything that was announced. Both messages have ids of 32 bytes each.
fn ask_payments(ids: &[u8], reply: &mut Vec<u8>) {
    for ids in ids.chunks(32 * MAX_PAYMENTS_REQUESTED) {
        let count = u32::try_from(ids.len() / 32).unwrap_or_default();
        let mut message = vec![4];
        message.extend_from_slice(&count.to_le_bytes());
        message.extend_from_slice(&ids[..32 * count as usize]);
        put_frame(reply, Kind::Data, &message);
    }
}

fn frame(message: &Message) -> Vec<u8> {
    let mut frame = Vec::new();
    put_frame(&mut frame, Kind::Data, &message.encode());
    frame
}
