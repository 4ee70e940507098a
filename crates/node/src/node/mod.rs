//! The node itself: takes inputs, keeps the rooms in step, gives effects. Each file beside this
//! one holds what the node does about one noun.

mod blocks;
mod chain_moves;
mod clock;
mod connections;
mod headers;
mod payments;
mod queries;
mod timers;

use crate::blocks::{BlockSource, Blocks, IdentifiedBlock};
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
use crate::mining::{Find, Miner, Outlook};
use crate::outbox::Outbox;
use crate::payments::{Payments, Submission};
use crate::peers::{Bans, Closing, Dialer, Peer, PeerId, PeersTime, Reach};
use crate::signatures::Signatures;
use crate::units::{Monotonic, Now};
use crate::wire::Goodbye;
use core::hash::BuildHasher;
use std::collections::BTreeMap;

/// A full node. See the crate's documentation for how to drive it.
pub struct Node {
    cx: Context,
    /// The chain's last move ended short of the best tip (rule F3).
    on_the_way: bool,
    peers: BTreeMap<PeerId, Peer>,
    /// Connections that the driver has been told to close and has not confirmed yet.
    closing: BTreeMap<PeerId, Closing>,
    dialer: Dialer,
    bans: Bans,
    headers: Headers,
    blocks: Blocks,
    payments: Payments,
    mining: Miner,
    /// The time by the peers' clocks, if there is a peer.
    peers_time: Option<PeersTime>,
    /// By how much the clocks differ, in milliseconds, as told last; `None` where they agree.
    reported_clock: Option<i64>,
    housekeeping_at: Monotonic,
    /// When others are asked for blocks and payments that are due.
    impatient_at: Option<Monotonic>,
}

/// A node cannot start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The network's rules make no sense.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// The stored chain contradicts itself.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl Node {
    /// A node with the state of a store. Give it [`Input::Tick`] to set it going.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(config: NodeConfig, snapshot: Snapshot, now: Now) -> Result<Self, StartError> {
        config.params.check()?;
        let target_outbound = config.target_outbound;
        let key = MapKey::new(config.seed);
        // Peers see what it draws, which must not tell them the key.
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
            peers: BTreeMap::new(),
            closing: BTreeMap::new(),
            dialer: Dialer::new(target_outbound),
            bans: Bans::default(),
            headers: Headers::new(now.monotonic),
            blocks: Blocks::new(),
            payments: Payments::new(),
            mining: Miner::default(),
            peers_time: None,
            reported_clock: None,
            housekeeping_at: now.monotonic,
            impatient_at: None,
        };
        if snapshot.tip.is_none() {
            node.cx.outbox.store(Chain::genesis_changes(&node.cx.config.params), Durability::Immediate);
        }
        for address in node.cx.config.peers.clone() {
            node.dialer.configure(address.clone(), now.monotonic);
            node.dialer.need(&address);
        }
        for address in snapshot.addresses {
            node.heard_of(address);
        }
        node.payments.restore(&mut node.cx, snapshot.payments);
        Ok(node)
    }

    /// Takes one input. `now` must not be earlier than before.
    pub fn handle(&mut self, input: Input, now: Now) {
        self.cx.now = now;
        match input {
            Input::Connected { peer, direction, address } => self.connected(peer, direction, address),
            Input::ConnectFailed { address, error } => self.connect_failed(&address, error),
            Input::Disconnected { peer } => self.disconnected(peer),
            Input::Received { peer, bytes } => self.received(peer, &bytes),
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
            Command::AddPeer { address } if self.dialer.has_room_for(&address) => {
                self.dialer.configure(address, self.cx.now.monotonic);
            }
            Command::AddPeer { .. } => {}
            Command::RemovePeer { address } => self.dialer.release(&address),
            Command::HearAddresses { addresses } => self.hear_addresses(addresses, Reach::Machine),
            Command::Reconnect => self.dialer.hurry(self.cx.now.monotonic),
            Command::SetMining(settings) => self.mining.set(settings),
            Command::Shutdown => self.shut_down(),
        }
    }

    /// Draws the consequences of what has just changed.
    fn settle(&mut self) {
        self.headers.note_caught_up();
        self.advance_chain();
        self.run_timers();
        let withheld = self.is_withheld();
        self.blocks.fetch(&mut self.cx, |id| self.headers.tip_of(id), withheld);
        self.plan_impatience();
        self.dial();
        let outlook = self.outlook();
        self.mining.update(&mut self.cx, &outlook);
        self.report_sync();
    }

    /// What mining goes by.
    fn outlook(&self) -> Outlook {
        Outlook {
            sync: self.sync_status(),
            withheld: self.is_withheld(),
            clock: self.clock(),
            clock_lead: self.clock_lead(),
        }
    }

    /// A worker has found something.
    fn mined(&mut self, find: Find) {
        let lead = self.clock_lead();
        if let Some(block) = self.mining.mined(&mut self.cx, find, lead) {
            self.take_block(IdentifiedBlock::of(block), BlockSource::SELF);
        }
    }

    /// Signatures have been checked.
    fn verified(&mut self, batch: BatchId, verdicts: &[Verdict]) {
        if let Some((offered, origin, submission)) = self.payments.checked(&mut self.cx, batch, verdicts) {
            self.payment_offered(offered, origin, submission);
        } else if let Some((taken, source)) = self.blocks.checked(&mut self.cx, batch, verdicts) {
            self.block_taken(taken, source);
        }
    }

    fn dial(&mut self) {
        for address in self.dialer.take_due(self.cx.now.monotonic, self.cx.rng.u64(..)) {
            self.cx.outbox.push(Effect::Connect { address });
        }
    }

    fn shut_down(&mut self) {
        self.mining.set(None);
        let peers: Vec<PeerId> = self.peers.keys().copied().collect();
        for peer in peers {
            self.disconnect(peer, Goodbye::ShuttingDown);
        }
        self.cx.outbox.store(ChangeSet::default(), Durability::Immediate);
    }

    /// The peers whose handshake is complete.
    fn ready_peers(&self) -> impl Iterator<Item = &Peer> {
        self.peers.values().filter(|p| p.is_ready())
    }
}
