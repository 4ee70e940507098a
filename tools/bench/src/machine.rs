use crate::chain::LongChain;
use crate::peer::ChainPeer;
use anyhow::{Context, Result, bail, ensure};
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::{Direction, Effect, Event, Input, Node, NodeConfig, PeerId};
use fedcoin_relay::clock::Clock;
use fedcoin_relay::inbox::{DriverMessage, Inbox, InboxReceiver};
use fedcoin_relay::verify::Verifier;
use fedcoin_store::Store;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A node with the relay's store and signature threads, and one peer in memory.
pub(crate) struct Machine {
    pub(crate) node: Node,
    store: Store,
    verifier: Verifier,
    inbox: InboxReceiver,
    clock: Clock,
    todo: VecDeque<Input>,
    /// Number of signature checks requested so far.
    pub(crate) checks: usize,
    /// Time spent in the store so far.
    pub(crate) storing: Duration,
}

const PEER: PeerId = PeerId(1);

impl Machine {
    pub(crate) fn start(params: &ChainParams, opened: (Store, Snapshot), threads: usize) -> Result<Self> {
        let (inbox, receiver) = Inbox::new();
        let clock = Clock::start();
        let config = NodeConfig { user_agent: "bench".into(), max_inbound: 1, ..NodeConfig::alone(params.clone(), 1) };
        let (store, snapshot) = opened;
        let mut machine = Self {
            node: Node::new(config, snapshot, clock.now())?,
            store,
            verifier: Verifier::start(threads, &inbox)?,
            inbox: receiver,
            clock,
            todo: VecDeque::new(),
            checks: 0,
            storing: Duration::ZERO,
        };
        machine.give(Input::Tick, None)?;
        Ok(machine)
    }

    /// Lets the node download the chain from a peer.
    pub(crate) fn sync(&mut self, chain: &LongChain) -> Result<()> {
        let peer = ChainPeer::new(chain)?;
        let tip = chain.blocks.last().context("the chain has blocks")?.id();
        let address = "ws://127.0.0.1:1/ws".parse()?;
        self.give(Input::Connected { peer: PEER, direction: Direction::Inbound, address }, Some(&peer))?;
        self.todo.push_back(Input::Received { peer: PEER, bytes: peer.hello().into() });
        while self.node.chain().tip().id != tip {
            let input = self.next()?;
            self.give(input, Some(&peer))?;
        }
        Ok(())
    }

    /// Gives the node an input, and all that follow from it, until none is left or pending.
    pub(crate) fn settle(&mut self, input: Input) -> Result<()> {
        self.give(input, None)?;
        while let Some(DriverMessage::Input(input)) = self.inbox.try_recv() {
            self.give(input, None)?;
        }
        Ok(())
    }

    /// Waits for one result of the signature threads.
    pub(crate) fn wait(&mut self) -> Result<()> {
        match self.inbox.blocking_recv() {
            Some(DriverMessage::Input(input)) => self.give(input, None),
            _ => bail!("the signature threads have ended"),
        }
    }

    /// Results of the signature threads come first, because other inputs wait for them.
    fn next(&mut self) -> Result<Input> {
        if let Some(DriverMessage::Input(input)) = self.inbox.try_recv() {
            return Ok(input);
        }
        if let Some(input) = self.todo.pop_front() {
            return Ok(input);
        }
        match self.inbox.blocking_recv() {
            Some(DriverMessage::Input(input)) => Ok(input),
            _ => bail!("the signature threads have ended"),
        }
    }

    fn give(&mut self, input: Input, peer: Option<&ChainPeer>) -> Result<()> {
        self.node.handle(input, self.clock.now());
        while let Some(effect) = self.node.poll_effect() {
            self.carry_out(effect, peer)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, effect: Effect, peer: Option<&ChainPeer>) -> Result<()> {
        match effect {
            Effect::Store { changes, durability } => {
                let started = Instant::now();
                self.store.apply(&changes, durability)?;
                self.storing += started.elapsed();
            }
            Effect::Load { request, blocks } => {
                let blocks = self.store.load(&blocks)?;
                self.todo.push_back(Input::Loaded { request, blocks });
            }
            Effect::Verify { batch, checks } => {
                self.checks += checks.len();
                self.verifier.begin(batch, checks);
            }
            Effect::Send { bytes, .. } => {
                let answers = peer.map(|peer| peer.answer(&bytes)).transpose()?.unwrap_or_default();
                self.todo.extend(answers.into_iter().map(|bytes| Input::Received { peer: PEER, bytes: bytes.into() }));
            }
            Effect::Disconnect { reason, .. } => bail!("the node disconnected its peer: {reason:?}"),
            Effect::Emit(Event::BlockRejected { id, error, .. }) => bail!("block {id} was rejected: {error}"),
            Effect::Emit(Event::PaymentSubmitted { result: Err(error), .. }) => bail!("a payment was refused: {error}"),
            Effect::Emit(_) | Effect::Connect { .. } | Effect::Mine(_) | Effect::PauseMining { .. } => {}
        }
        ensure!(self.todo.len() < 1_000_000, "the node sends requests endlessly");
        Ok(())
    }
}
