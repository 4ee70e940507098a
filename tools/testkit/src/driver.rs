//! A driver for tests: carries out effects at once, in memory, and records what tests may examine.

use crate::{blocks, keys};
use fedcoin_node::chain::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
use fedcoin_node::codec::encode;
use fedcoin_node::consensus::{ChainParams, Commitments};
use fedcoin_node::ledger::{Undo, Utxo};
use fedcoin_node::pow::{Job, search};
use fedcoin_node::primitives::{
    Address, Block, BlockId, Coinbase, Header, Identified, OutPoint, Output, Payment, PrivateKey, UnsignedPayment,
};
use fedcoin_node::units::{Amount, Height, Monotonic, Now, Timestamp};
use fedcoin_node::wire::{Goodbye, Hello, MAX_HEADERS, Message, PROTOCOL_VERSION};
use fedcoin_node::{
    Command, Direction, Durability, Effect, Event, Input, LoadId, LoadedBlock, MiningPolicy, MiningSettings, Node,
    NodeConfig, PeerAddress, PeerId, RequestId, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use crate::blocks::solve;

pub fn genesis_key() -> PrivateKey {
    keys::private(keys::GENESIS)
}

pub fn address(n: u8) -> Address {
    Address([n; 20])
}

pub fn peer_address(n: u16) -> PeerAddress {
    format!("ws://127.0.0.1:{n}/ws").parse().unwrap()
}

/// The contents of a store.
#[derive(Clone, Default)]
pub struct Disk {
    headers: Vec<Identified<Header>>,
    blocks: BTreeMap<BlockId, Arc<Identified<Block>>>,
    undos: BTreeMap<BlockId, Undo>,
    invalid: Vec<BlockId>,
    utxos: BTreeMap<OutPoint, Utxo>,
    tip: Option<BlockId>,
    commitments: Option<Commitments>,
    payments: Vec<Payment>,
    genesis: Option<BlockId>,
}

impl Disk {
    fn apply(&mut self, changes: ChangeSet) {
        self.genesis = self.genesis.or(changes.headers.first().map(Identified::id));
        self.headers.extend(changes.headers);
        self.blocks.extend(changes.blocks.into_iter().map(|b| (b.id(), b)));
        self.undos.extend(changes.undos);
        self.invalid.extend(changes.invalid);
        self.utxos.retain(|outpoint, _| !changes.utxos.spent.contains(outpoint));
        self.utxos.extend(changes.utxos.created);
        self.tip = changes.tip.or(self.tip);
        self.commitments = changes.commitments.or(self.commitments.take());
        self.payments.retain(|p| !changes.pool_removed.contains(&p.txid()) && !changes.pool_added.contains(p));
        self.payments.extend(changes.pool_added);
    }

    pub fn snapshot(&self) -> Snapshot {
        let status = |id: &BlockId| match id {
            id if self.invalid.contains(id) => BlockStatus::Invalid,
            id if self.blocks.contains_key(id) => BlockStatus::Stored,
            _ => BlockStatus::HeaderOnly,
        };
        let headers = self.headers.iter().filter(|h| Some(h.id()) != self.genesis);
        Snapshot {
            headers: headers.map(|h| StoredHeader { header: *h, status: status(&h.id()) }).collect(),
            tip: self.tip,
            commitments: self.commitments.clone(),
            utxos: self.utxos.iter().map(|(outpoint, utxo)| (*outpoint, *utxo)).collect(),
            payments: self.payments.clone(),
            addresses: Vec::new(),
        }
    }

    /// Spends all outputs, as if by another program.
    pub fn forget_outputs(&mut self) {
        self.utxos = BTreeMap::new();
    }

    pub fn lose_undo_data(&mut self) {
        self.undos.clear();
    }

    fn load(&self, id: &BlockId) -> Option<LoadedBlock> {
        let block = self.blocks.get(id)?;
        Some(LoadedBlock { id: *id, block: encode(block.as_ref()), undo: self.undos.get(id).map(encode) })
    }
}

/// A node with its driver.
pub struct Driver {
    pub node: Node,
    pub now: Now,
    pub disk: Disk,
    pub sent: Vec<(PeerId, Message)>,
    pub events: Vec<Event>,
    /// Whether a stored change is not on disk yet.
    unsynced: bool,
    /// Number of submissions that were confirmed in that state.
    pub promised_too_soon: usize,
    pub disconnects: Vec<(PeerId, Goodbye)>,
    pub dials: Vec<PeerAddress>,
    pub job: Option<Job>,
    pub loads: usize,
    /// Number of loads to answer; later ones are never answered.
    pub answered_loads: usize,
    /// Blocks that wait for [`Driver::read_blocks`], if reading takes time.
    pub to_read: Option<Vec<(LoadId, Vec<BlockId>)>>,
    /// The answer to signature checks, instead of the true one.
    pub verdict: Option<Verdict>,
    pub verify_batches: usize,
    /// Whether connections never report that they are closed.
    pub slow_to_close: bool,
    open: BTreeSet<PeerId>,
    /// Whether signature checks wait for [`Driver::answer_verdicts`].
    pub hold_verdicts: bool,
    held: Vec<Input>,
}

pub fn config(params: ChainParams, peers: Vec<PeerAddress>) -> NodeConfig {
    NodeConfig {
        user_agent: "test/1".into(),
        peers,
        target_outbound: 8,
        max_inbound: 10,
        ..NodeConfig::alone(params, 1)
    }
}

impl Driver {
    pub fn new(params: ChainParams) -> Self {
        Self::start(config(params, vec![]), Disk::default())
    }

    pub fn start(config: NodeConfig, disk: Disk) -> Self {
        let now = Now { wall: Timestamp(1_800_000_000_000), monotonic: Monotonic(0) };
        let mut driver = Self {
            node: Node::new(config, disk.snapshot(), now).unwrap(),
            now,
            disk,
            sent: vec![],
            events: vec![],
            unsynced: false,
            promised_too_soon: 0,
            disconnects: vec![],
            dials: vec![],
            job: None,
            loads: 0,
            answered_loads: usize::MAX,
            to_read: None,
            verdict: None,
            verify_batches: 0,
            slow_to_close: false,
            open: BTreeSet::new(),
            hold_verdicts: false,
            held: vec![],
        };
        driver.give(Input::Tick);
        driver
    }

    /// Restarts from the state on disk.
    pub fn restart(&self, peers: Vec<PeerAddress>) -> Self {
        Self::start(config(self.node.params().clone(), peers), self.disk.clone())
    }

    pub fn give(&mut self, input: Input) {
        let mut todo = vec![input];
        while let Some(input) = todo.pop() {
            match &input {
                Input::Connected { peer, .. } => drop(self.open.insert(*peer)),
                Input::Disconnected { peer } => drop(self.open.remove(peer)),
                _ => {}
            }
            self.node.handle(input, self.now);
            while let Some(effect) = self.node.poll_effect() {
                todo.extend(self.carry_out(effect));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Store { changes, durability } => {
                self.disk.apply(*changes);
                self.unsynced = durability == Durability::Eventual;
            }
            Effect::Load { request, blocks } => {
                self.loads += 1;
                if self.loads > self.answered_loads {
                    return None;
                }
                if let Some(to_read) = &mut self.to_read {
                    to_read.push((request, blocks));
                    return None;
                }
                return Some(Input::Loaded { request, blocks: blocks.iter().map(|id| self.disk.load(id)).collect() });
            }
            Effect::Verify { batch, checks } => {
                self.verify_batches += 1;
                let truth = |ok| if ok { Verdict::Valid } else { Verdict::Invalid };
                let forced = self.verdict;
                let verdicts = checks.iter().map(|c| forced.unwrap_or_else(|| truth(c.run()))).collect();
                let verified = Input::Verified { batch, verdicts };
                if self.hold_verdicts {
                    self.held.push(verified);
                    return None;
                }
                return Some(verified);
            }
            Effect::Connect { address } => self.dials.push(address),
            Effect::Send { peer, bytes } => {
                assert!(self.open.contains(&peer), "a frame for a connection that is closed");
                self.sent.push((peer, Message::decode(&bytes).unwrap()));
            }
            Effect::Disconnect { peer, reason } => {
                assert!(self.open.remove(&peer), "a connection is closed twice");
                self.disconnects.push((peer, reason));
                return (!self.slow_to_close).then_some(Input::Disconnected { peer });
            }
            Effect::Mine(job) => self.job = Some(job),
            Effect::PauseMining { .. } => self.job = None,
            Effect::Emit(event) => {
                let is_promise = matches!(
                    event,
                    Event::BlockSubmitted { result: Ok(()), .. } | Event::PaymentSubmitted { result: Ok(()), .. }
                );
                self.promised_too_soon += usize::from(is_promise && self.unsynced);
                self.events.push(event);
            }
        }
        None
    }

    /// Answers the waiting signature checks.
    pub fn answer_verdicts(&mut self) {
        self.hold_verdicts = false;
        for verified in core::mem::take(&mut self.held) {
            self.give(verified);
        }
    }

    /// Reads the blocks that have waited longest; returns whether there were any.
    pub fn read_blocks(&mut self) -> bool {
        let Some(to_read) = self.to_read.as_mut().filter(|to_read| !to_read.is_empty()) else { return false };
        let (request, blocks) = to_read.remove(0);
        self.give(Input::Loaded { request, blocks: blocks.iter().map(|id| self.disk.load(id)).collect() });
        true
    }

    /// Advances the time, with ticks whenever the node requests them.
    pub fn pass(&mut self, ms: u64) {
        let end = self.now.monotonic.0 + ms;
        while let Some(at) = self.node.poll_timeout().filter(|at| at.0 <= end) {
            self.set_time(at.0.max(self.now.monotonic.0));
            self.give(Input::Tick);
        }
        self.set_time(end);
        self.give(Input::Tick);
    }

    fn set_time(&mut self, monotonic: u64) {
        self.now.wall.0 += monotonic - self.now.monotonic.0;
        self.now.monotonic.0 = monotonic;
    }

    pub fn connect(&mut self, peer: u64, direction: Direction) -> PeerId {
        let peer = PeerId(peer);
        let address = peer_address(u16::try_from(peer.0).unwrap() + 1);
        self.give(Input::Connected { peer, direction, address });
        peer
    }

    pub fn receive(&mut self, peer: PeerId, message: &Message) {
        self.give(Input::Received { peer, bytes: message.encode().into() });
    }

    /// The handshake of a peer at genesis.
    pub fn hello(&self) -> Hello {
        let genesis = self.node.params().genesis_block();
        Hello {
            version: PROTOCOL_VERSION,
            network: self.node.network(),
            nonce: 77,
            tip: genesis.id(),
            height: Height::GENESIS,
            work: Default::default(),
            time: self.now.wall,
            user_agent: "peer/1".into(),
            listen: None,
        }
    }

    /// A peer with a complete handshake.
    pub fn ready_peer(&mut self, peer: u64) -> PeerId {
        let id = self.connect(peer, Direction::Inbound);
        let hello = Hello { nonce: 1000 + peer, ..self.hello() };
        self.receive(id, &Message::Hello(hello));
        id
    }

    /// Like [`Driver::ready_peer`], dialled by the node.
    pub fn ready_outbound(&mut self, peer: u64) -> PeerId {
        let id = self.connect(peer, Direction::Outbound);
        let hello = Hello { nonce: 1000 + peer, ..self.hello() };
        self.receive(id, &Message::Hello(hello));
        id
    }

    pub fn sent_to(&self, peer: PeerId) -> Vec<&Message> {
        self.sent.iter().filter(|(p, _)| *p == peer).map(|(_, m)| m).collect()
    }

    pub fn tip(&self) -> BlockId {
        self.node.chain().tip().id
    }

    pub fn height(&self) -> u32 {
        self.node.chain().tip().height.0
    }

    pub fn submit_block(&mut self, block: Block) {
        self.give(Input::Command(Command::SubmitBlock { request: RequestId(1), block: Box::new(block) }));
    }

    /// Submits this many blocks on genesis, a millisecond apart, and returns the last. Where the target follows the hash
    /// rate they become ever harder.
    pub fn submit_quick_blocks(&mut self, n: u64) -> Block {
        let params = self.node.params().clone();
        let mut tip = params.genesis_block();
        for _ in 0..n {
            let mut block = block_on(&params, &tip, 0, vec![]);
            block.header.time = Timestamp(tip.header.time.0 + 1);
            block.header.target = self.node.chain().next_header().target.at(block.header.time);
            solve(&mut block);
            self.submit_block(block.clone());
            tip = block;
        }
        tip
    }

    pub fn submit_payment(&mut self, payment: Payment) {
        self.give(Input::Command(Command::SubmitPayment { request: RequestId(1), payment, may_replace: true }));
    }

    pub fn mine(&mut self, policy: MiningPolicy) {
        let settings = MiningSettings { recipient: address(9), policy };
        self.give(Input::Command(Command::SetMining(Some(settings))));
    }

    /// Solves the current job.
    pub fn solve(&mut self) {
        let job = self.job.expect("a job");
        let target = job.header.target.expand().unwrap();
        let nonce = search(&job.header, target, 5, 0..1 << 32).unwrap();
        self.give(Input::Mined { generation: job.generation, salt: 5, time: job.header.time, nonce });
    }
}

/// A block on `parent`, solved.
pub fn block_on(params: &ChainParams, parent: &Block, salt: u32, payments: Vec<Payment>) -> Block {
    let height = parent.coinbase.height.next();
    let output = Output { amount: params.subsidy_at(height), recipient: address(1) };
    let time = Timestamp(parent.header.time.0 + 1_000);
    let mut block = blocks::block(params, parent.id(), time, Coinbase { height, output }, payments);
    block.header.salt = salt;
    solve(&mut block);
    block
}

/// `n` empty blocks on `parent`, lowest first.
pub fn chain_on(params: &ChainParams, parent: &Block, salt: u32, n: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for _ in 0..n {
        blocks.push(block_on(params, blocks.last().unwrap_or(parent), salt, vec![]));
    }
    blocks
}

/// A peer's chain, served like an honest node does.
pub struct Served {
    blocks: Vec<Block>,
    heights: BTreeMap<BlockId, usize>,
    /// Number of messages processed.
    seen: usize,
    /// Whether it also sends blocks, or only headers.
    pub bodies: bool,
}

impl Served {
    /// `blocks` starts with genesis.
    pub fn new(blocks: Vec<Block>) -> Self {
        let heights = blocks.iter().enumerate().map(|(height, block)| (block.id(), height)).collect();
        Self { blocks, heights, seen: 0, bodies: true }
    }

    pub fn tip(&self) -> &Block {
        self.blocks.last().unwrap()
    }

    /// The headers after the first id of a locator that is on the chain.
    pub fn headers_after(&self, locator: &[BlockId]) -> Vec<Header> {
        let start = locator.iter().find_map(|id| self.heights.get(id)).map_or(0, |height| *height);
        self.blocks[start + 1..].iter().take(MAX_HEADERS).map(|block| block.header).collect()
    }

    /// Announces the tip and answers all requests to this peer, until there are no more.
    pub fn serve(&mut self, d: &mut Driver, peer: PeerId) {
        d.receive(peer, &Message::Headers(vec![self.tip().header]));
        self.answer(d, peer);
    }

    /// Answers all requests to this peer, until there are no more.
    pub fn answer(&mut self, d: &mut Driver, peer: PeerId) {
        while self.seen < d.sent.len() {
            let (to, message) = d.sent[self.seen].clone();
            self.seen += 1;
            match message {
                _ if to != peer => {}
                Message::GetHeaders { locator } => d.receive(peer, &Message::Headers(self.headers_after(&locator))),
                Message::GetBlocks(ids) if self.bodies => {
                    for id in ids {
                        let block = Box::new(self.blocks[self.heights[&id]].clone());
                        d.receive(peer, &Message::Block(block));
                    }
                }
                _ => {}
            }
        }
    }
}

/// A payment by the genesis key.
pub fn pay(params: &ChainParams, input: OutPoint, outputs: &[(Address, u32)]) -> Payment {
    let key = genesis_key();
    let unsigned = UnsignedPayment {
        sender: key.public_key(),
        replaceable: false,
        inputs: vec![input],
        outputs: outputs.iter().map(|(a, fed)| Output { amount: Amount::from_fed(*fed), recipient: *a }).collect(),
    };
    blocks::sign(&key, params.network_id(), unsigned)
}

pub fn genesis_outpoint(params: &ChainParams) -> OutPoint {
    params.genesis_block().coinbase.outpoint()
}
