//! The router: takes inputs, calls the machines in order, returns effects.
//!
//! Each submodule follows one thing on its path through the machines: a block, a payment, headers. A machine's return
//! value says what must happen elsewhere. The order of the calls is the order of the effects.

mod blocks;
mod chain_moves;
mod connections;
mod headers;
mod payments;
mod queries;
mod timers;

use crate::blocks::{BlockSource, Blocks};
use crate::chain::{Chain, ChainError, ChangeSet, Durability, Snapshot};
use crate::collections::MapKey;
use crate::command::Command;
use crate::config::NodeConfig;
use crate::consensus::ParamsError;
use crate::context::Context;
use crate::counters::Counters;
use crate::effect::{BatchId, Effect};
use crate::event::PaymentOrigin;
use crate::headers::Headers;
use crate::input::{Input, Verdict};
use crate::mempool::Mempool;
use crate::mining::{Find, Mining, Outlook};
use crate::outbox::Outbox;
use crate::payments::{Payments, Submission};
use crate::peers::Peers;
use crate::signatures::Signatures;
use crate::units::{Monotonic, Now};
use crate::wire::Goodbye;
use core::hash::BuildHasher;

/// A full node. See the crate's documentation for how to drive it.
pub struct Node {
    cx: Context,
    /// Whether the chain's last move ended short of the best tip (rule F3).
    on_the_way: bool,
    peers: Peers,
    headers: Headers,
    blocks: Blocks,
    payments: Payments,
    mining: Mining,
    housekeeping_at: Monotonic,
    /// When to request overdue blocks and payments from other peers.
    impatient_at: Option<Monotonic>,
}

/// Why a node cannot start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The network's rules are invalid.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// The stored chain is inconsistent.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl Node {
    /// A node with the state of a store. Give it [`Input::Tick`] to start it.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(config: NodeConfig, snapshot: Snapshot, now: Now) -> Result<Self, StartError> {
        config.params.check()?;
        let target_outbound = config.target_outbound;
        let key = MapKey::new(config.seed);
        // Peers see the numbers it draws, which must not reveal the key.
        let mut rng = fastrand::Rng::with_seed(key.hash_one("draws"));
        let mut node = Self {
            cx: Context {
                nonce: rng.u64(..),
                now,
                rng,
                chain: Chain::new(config.params.clone(), &snapshot, key)?,
                mempool: Mempool::new(config.pool, key),
                signatures: Signatures::new(),
                outbox: Outbox::default(),
                counters: Counters::default(),
                config,
            },
            on_the_way: false,
            peers: Peers::new(target_outbound),
            headers: Headers::new(now.monotonic),
            blocks: Blocks::new(),
            payments: Payments::new(),
            mining: Mining::default(),
            housekeeping_at: now.monotonic,
            impatient_at: None,
        };
        if snapshot.tip.is_none() {
            node.cx.outbox.store(Chain::genesis_changes(&node.cx.config.params), Durability::Immediate);
        }
        for address in node.cx.config.peers.clone() {
            node.peers.configure(address, true, now.monotonic);
        }
        for address in snapshot.addresses {
            node.peers.learn_address(&node.cx, address);
        }
        // It may have been stopped in the middle of a long way.
        node.on_the_way = node.cx.chain.is_moving();
        node.payments.restore(&mut node.cx, snapshot.payments);
        Ok(node)
    }

    /// Processes one input. `now` must not be earlier than in previous calls.
    pub fn handle(&mut self, input: Input, now: Now) {
        self.cx.now = now;
        match input {
            Input::Connected { peer, direction, address } => self.connected(peer, direction, address),
            Input::ConnectFailed { address, error } => self.peers.connect_failed(&mut self.cx, &address, error),
            Input::Disconnected { peer } => self.disconnected(peer),
            Input::Received { peer, bytes } => self.received(peer, &bytes),
            Input::Receiving { peer } => self.receiving(peer),
            Input::Loaded { request, blocks } => self.loaded(request, blocks),
            Input::Verified { batch, verdicts } => self.verified(batch, &verdicts),
            Input::Mined { generation, salt, time, nonce } => self.mined(Find { generation, salt, time, nonce }),
            Input::Command(command) => self.command(command),
            Input::Tick => {}
        }
        self.settle();
    }

    /// The next effect to carry out, in order.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.cx.outbox.pop()
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::SubmitPayment { request, payment, may_replace } => {
                self.take_payment(payment, PaymentOrigin::Local, Some(Submission { request, may_replace }));
            }
            Command::SubmitBlock { request, block } => self.submit_block(request, *block),
            Command::AddPeer { address } if self.peers.has_room_for_neighbour(&address) => {
                self.peers.configure(address, false, self.cx.now.monotonic);
            }
            Command::AddPeer { .. } => {}
            Command::RemovePeer { address } => self.peers.release(&address),
            Command::Reconnect => self.peers.hurry(self.cx.now.monotonic),
            Command::SetMining(settings) => self.mining.set(settings),
            Command::Shutdown => self.shut_down(),
        }
    }

    /// Handles the consequences of the last change.
    fn settle(&mut self) {
        self.headers.note_caught_up();
        self.advance_chain();
        self.run_timers();
        let withheld = self.is_withheld();
        self.blocks.fetch(&mut self.cx, |id| self.headers.tip_of(id), withheld);
        self.plan_impatience();
        self.peers.dial(&mut self.cx);
        let outlook = self.outlook();
        self.mining.update(&mut self.cx, &outlook);
        self.report_sync();
    }

    /// The circumstances that mining depends on.
    fn outlook(&self) -> Outlook {
        Outlook {
            sync: self.sync_status(),
            withheld: self.is_withheld(),
            clock: self.clock(),
            clock_lead: self.peers.clock_lead(&self.cx),
        }
    }

    /// Processes a worker's result.
    fn mined(&mut self, find: Find) {
        let lead = self.peers.clock_lead(&self.cx);
        if let Some(block) = self.mining.mined(&mut self.cx, find, lead) {
            self.take_block(block, BlockSource::SELF);
        }
    }

    /// Processes signature verdicts.
    fn verified(&mut self, batch: BatchId, verdicts: &[Verdict]) {
        if let Some((offered, origin, submission)) = self.payments.checked(&mut self.cx, batch, verdicts) {
            self.payment_offered(offered, origin, submission);
        } else if let Some((taken, source)) = self.blocks.checked(&mut self.cx, batch, verdicts) {
            self.block_taken(taken, source);
        }
    }

    fn shut_down(&mut self) {
        self.mining.set(None);
        for peer in self.peers.ids() {
            self.disconnect(peer, Goodbye::ShuttingDown);
        }
        self.cx.outbox.store(ChangeSet::default(), Durability::Immediate);
    }
}
