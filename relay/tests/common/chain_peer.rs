use super::peer::{Peer, hello};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId, Header};
use fedcoin_node::units::{Height, Work};
use fedcoin_node::wire::{Goodbye, Hello, MAX_HEADERS, Message};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

/// A chain, and the answers of an honest peer that has it.
pub struct TestChain {
    params: ChainParams,
    blocks: Vec<Block>,
    heights: HashMap<BlockId, usize>,
}

/// The requests that a peer has received.
#[derive(Default)]
pub struct Requests {
    /// Requested blocks, in any form.
    pub blocks: Vec<BlockId>,
    /// The node's goodbye, if it sent one.
    pub goodbye: Option<Goodbye>,
}

/// A peer on a thread of its own, until the connection ends.
pub struct ChainPeer(Arc<Mutex<Requests>>);

impl TestChain {
    /// The chain of the genesis block and these blocks.
    pub fn new(params: &ChainParams, blocks: &[Block]) -> Arc<Self> {
        let blocks: Vec<Block> = [params.genesis_block()].into_iter().chain(blocks.iter().cloned()).collect();
        let heights = blocks.iter().map(Block::id).zip(0..).collect();
        Arc::new(Self { params: params.clone(), blocks, heights })
    }

    /// The greeting of a node at this chain's tip.
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

    /// The answers of an honest node.
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

impl ChainPeer {
    /// A peer at the tip of `chain` that answers honestly.
    pub fn honest(port: u16, chain: &Arc<TestChain>) -> Self {
        Self::start(port, chain, |chain, message| chain.answer(message))
    }

    /// A peer at the tip of `chain` that answers by `answer`.
    pub fn start(
        port: u16,
        chain: &Arc<TestChain>,
        mut answer: impl FnMut(&TestChain, &Message) -> Vec<Message> + Send + 'static,
    ) -> Self {
        let mut peer = Peer::greet_as(port, chain.hello());
        let requests = Arc::new(Mutex::new(Requests::default()));
        let (chain, recorded) = (Arc::clone(chain), Arc::clone(&requests));
        thread::spawn(move || {
            while let Some(message) = peer.receive() {
                record(&mut recorded.lock().unwrap(), &message);
                for message in answer(&chain, &message) {
                    peer.try_send(&message);
                }
            }
        });
        Self(requests)
    }

    pub fn requests(&self) -> MutexGuard<'_, Requests> {
        self.0.lock().unwrap()
    }
}

fn record(requests: &mut Requests, message: &Message) {
    match message {
        Message::GetBlocks(ids) => requests.blocks.extend(ids),
        Message::GetCompactBlock(id) => requests.blocks.push(*id),
        Message::Goodbye(reason) => requests.goodbye = Some(*reason),
        _ => {}
    }
}
