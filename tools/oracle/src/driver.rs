use crate::NaiveLedger;
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::pow::Job;
use fedcoin_node::units::{Monotonic, Now, Timestamp};
use fedcoin_node::wire::{MAX_BLOCKS_REQUESTED, MAX_FRAME_BYTES, Message};
use fedcoin_node::{Effect, Event, Input, Node, NodeConfig, PeerId, SignatureCheck, Verdict};
use fedcoin_store::MemoryStore;
use std::collections::{BTreeSet, VecDeque};

/// A node with a disk that can crash. It asserts the driving contract. A signature is valid if
/// [`NaiveLedger::is_signed`] says so.
pub struct Driver {
    /// The node.
    pub node: Node,
    /// Its disk.
    pub store: MemoryStore,
    /// The node's clocks.
    pub now: Now,
    /// Events for the user.
    pub events: Vec<Event>,
    /// Sent messages, decoded.
    pub sent: Vec<(PeerId, Message)>,
    /// Pending answers, in the order of the questions.
    pub answers: VecDeque<Input>,
    /// The current job.
    pub job: Option<Job>,
    /// Requests to the store so far.
    pub loads: usize,
    /// Whether the store gave wrong answers, which the node may report.
    pub lied: bool,
    open: BTreeSet<PeerId>,
    generation: u64,
    /// Signatures whose check failed once.
    unsure: BTreeSet<Vec<u8>>,
}

/// Maximum number of effects of one input: a few for each peer, for each payment of a full mempool and for each waiting
/// block.
const MAX_EFFECTS: usize = 200_000;
/// Where the clocks start.
const START: Now = Now { wall: Timestamp(1_000_000), monotonic: Monotonic(0) };

impl Driver {
    /// A new node.
    #[must_use]
    pub fn new(params: ChainParams) -> Self {
        let store = MemoryStore::new(params.genesis_block().id());
        let mut driver = Self {
            node: start(params, Snapshot::default(), START),
            store,
            now: START,
            events: Vec::new(),
            sent: Vec::new(),
            answers: VecDeque::new(),
            job: None,
            loads: 0,
            lied: false,
            open: BTreeSet::new(),
            generation: 0,
            unsure: BTreeSet::new(),
        };
        driver.give(Input::Tick);
        driver
    }

    /// Handles an input and all answers that follow.
    pub fn give(&mut self, input: Input) {
        self.handle(input);
        while let Some(answer) = self.answers.pop_front() {
            self.handle(answer);
        }
    }

    /// Handles an input and carries out its effects. Answers wait in `answers`.
    pub fn handle(&mut self, input: Input) {
        let effects = self.handle_some(input, MAX_EFFECTS);
        assert!(effects < MAX_EFFECTS, "one input has too many effects");
        let next = self.node.poll_timeout();
        assert!(next.is_none_or(|at| at > self.now.monotonic), "the node requests immediate time-outs endlessly");
    }

    /// Handles an input and the answers that follow, crashes after at most `effects` effects, and restarts from a disk
    /// that keeps `kept` of the commits that were not yet durable. Returns whether there were `effects` effects.
    pub fn crash(&mut self, input: Input, effects: usize, kept: usize) -> bool {
        let mut remaining = effects - self.handle_some(input, effects);
        while remaining > 0
            && let Some(answer) = self.answers.pop_front()
        {
            remaining -= self.handle_some(answer, remaining);
        }
        let kept = kept % (self.store.eventual_commits() + 1);
        self.store = self.store.clone().crashed(kept);
        self.restart();
        remaining == 0
    }

    /// Handles an input and carries out the first `most` of its effects. Returns their number.
    fn handle_some(&mut self, input: Input, most: usize) -> usize {
        if let Input::Connected { peer, .. } = &input {
            self.open.insert(*peer);
        }
        if let Input::Disconnected { peer } = &input {
            self.open.remove(peer);
        }
        self.node.handle(input, self.now);
        for count in 0..most {
            let Some(effect) = self.node.poll_effect() else { return count };
            self.carry_out(effect);
        }
        most
    }

    /// Restarts from the stored state.
    pub fn restart(&mut self) {
        self.node = start(self.node.params().clone(), self.store.snapshot(), self.now);
        (self.answers, self.open, self.job, self.generation) = (VecDeque::new(), BTreeSet::new(), None, 0);
        self.give(Input::Tick);
    }

    /// Advances both clocks.
    pub fn pass(&mut self, ms: u64) {
        self.now.monotonic.0 += ms;
        self.now.wall.0 += ms;
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Store { changes, durability } => self.store.apply(&changes, durability),
            Effect::Load { request, blocks } => {
                assert!(!blocks.is_empty() && blocks.len() <= MAX_BLOCKS_REQUESTED);
                self.loads += 1;
                self.answers.push_back(Input::Loaded { request, blocks: self.store.load(&blocks) });
            }
            Effect::Verify { batch, checks } => {
                assert!(!checks.is_empty());
                let verdicts = checks.iter().map(|check| self.verdict(check)).collect();
                self.answers.push_back(Input::Verified { batch, verdicts });
            }
            Effect::Connect { .. } => {}
            Effect::Send { peer, bytes } => {
                assert!(self.open.contains(&peer), "a frame for a connection that is closed");
                assert!(bytes.len() <= MAX_FRAME_BYTES);
                match Message::decode(&bytes) {
                    Ok(message) => self.sent.push((peer, message)),
                    Err(error) => assert!(self.lied, "a node sends only valid frames: {error}"),
                }
            }
            Effect::Disconnect { peer, .. } => {
                assert!(self.open.remove(&peer), "a connection is closed twice");
                self.answers.push_back(Input::Disconnected { peer });
            }
            Effect::Mine(job) => {
                assert!(job.generation > self.generation, "a job needs its own generation");
                self.generation = job.generation;
                self.job = Some(job);
            }
            Effect::PauseMining { .. } => self.job = None,
            Effect::Emit(event) => self.events.push(event),
        }
    }

    fn verdict(&mut self, check: &SignatureCheck) -> Verdict {
        if check.signature.as_bytes()[1] == 1 && self.unsure.insert(check.message.clone()) {
            return Verdict::Unknown;
        }
        if NaiveLedger::is_signed(&check.signature) { Verdict::Valid } else { Verdict::Invalid }
    }
}

fn start(params: ChainParams, snapshot: Snapshot, now: Now) -> Node {
    let config =
        NodeConfig { user_agent: "oracle".into(), target_outbound: 8, max_inbound: 8, ..NodeConfig::alone(params, 1) };
    Node::new(config, snapshot, now).expect("a node can start from its stored state")
}
