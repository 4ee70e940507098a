use super::peer::{Peer, hello};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId, Header};
use fedcoin_node::units::{Height, Work};
use fedcoin_node::wire::{Goodbye, Hello, MAX_HEADERS, Message};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

/// A chain that a peer holds, and what an honest peer answers about it.
pub struct Held {
    params: ChainParams,
    blocks: Vec<Block>,
    heights: HashMap<BlockId, usize>,
}

/// What a holder has been asked for so far.
#[derive(Default)]
pub struct Asked {
    /// Blocks, in whatever form.
    pub blocks: Vec<BlockId>,
    /// Why the node left, if it said so.
    pub goodbye: Option<Goodbye>,
}

/// A peer that answers on a thread of its own until the connection ends.
pub struct Holder(Arc<Mutex<Asked>>);

impl Held {
    /// The genesis block and these on top of it.
    pub fn new(params: &ChainParams, blocks: &[Block]) -> Arc<Self> {
        let blocks: Vec<Block> = [params.genesis_block()].into_iter().chain(blocks.iter().cloned()).collect();
        let heights = blocks.iter().map(Block::id).zip(0..).collect();
        Arc::new(Self { params: params.clone(), blocks, heights })
    }

    /// The greeting of a node at its tip.
    pub fn hello(&self) -> Hello {
        let tip = self.blocks.last().unwrap();
        let own = tip.header.target.expand().unwrap().work();
        let work: Work = self.blocks[1..].iter().map(|_| own).sum();
        Hello { tip: tip.id(), height: tip.coinbase.height, work, ..hello(self.params.network_id()) }
    }

    /// All headers after genesis.
    pub fn headers(&self) -> Vec<Header> {
        self.blocks[1..].iter().map(|block| block.header).collect()
    }

    pub fn block(&self, height: usize) -> &Block {
        &self.blocks[height]
    }

    pub fn tip(&self) -> &Block {
        self.blocks.last().unwrap()
    }

    pub fn height(&self) -> Height {
        self.tip().coinbase.height
    }

    /// What an honest node answers.
    pub fn answer(&self, message: &Message) -> Vec<Message> {
        match message {
            Message::GetHeaders { locator } => {
                let known = locator.iter().find_map(|id| self.heights.get(id)).copied().unwrap_or(0);
                let headers = self.blocks[known + 1..].iter().map(|block| block.header);
                vec![Message::Headers(headers.take(MAX_HEADERS).collect())]
            }
            Message::GetBlocks(ids) => ids.iter().map(|id| self.answer_block(id)).collect(),
            Message::GetCompactBlock(id) => vec![self.answer_block(id)],
            Message::Ping(nonce) => vec![Message::Pong(*nonce)],
            _ => Vec::new(),
        }
    }

    fn answer_block(&self, id: &BlockId) -> Message {
        match self.heights.get(id) {
            Some(height) => Message::Block(Box::new(self.blocks[*height].clone())),
            None => Message::NotFound { blocks: vec![*id], payments: Vec::new() },
        }
    }
}

impl Holder {
    /// A peer at the tip of `held` that answers honestly.
    pub fn honest(port: u16, held: &Arc<Held>) -> Self {
        Self::start(port, held, |held, message| held.answer(message))
    }

    /// A peer at the tip of `held` that answers what the test wants.
    pub fn start(
        port: u16,
        held: &Arc<Held>,
        mut answer: impl FnMut(&Held, &Message) -> Vec<Message> + Send + 'static,
    ) -> Self {
        let mut peer = Peer::greet_as(port, held.hello());
        let asked = Arc::new(Mutex::new(Asked::default()));
        let (held, noted) = (Arc::clone(held), Arc::clone(&asked));
        thread::spawn(move || {
            while let Some(message) = peer.receive() {
                note(&mut noted.lock().unwrap(), &message);
                for message in answer(&held, &message) {
                    peer.try_send(&message);
                }
            }
        });
        Self(asked)
    }

    pub fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap()
    }
}

fn note(asked: &mut Asked, message: &Message) {
    match message {
        Message::GetBlocks(ids) => asked.blocks.extend(ids),
        Message::GetCompactBlock(id) => asked.blocks.push(*id),
        Message::Goodbye(reason) => asked.goodbye = Some(*reason),
        _ => {}
    }
}
