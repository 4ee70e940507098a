use super::Driver;
use super::timers::Timers;
use crate::messages::{KeyState, MiningState, State, WalletState};
use crate::view::blocks::BlockLister;
use crate::view::transactions::MempoolTeller;
use fedcoin_keyring::KeyName;
use fedcoin_node::primitives::{BlockId, PublicKey};
use fedcoin_node::{SyncStatus, TipInfo};
use fedcoin_store::StoreError;

/// Minimum interval between two states in milliseconds: at most five per second.
const PACE_MS: f64 = 200.0;
/// Minimum interval after a change of the tip.
const TIP_PACE_MS: f64 = 50.0;
/// Minimum interval during a sync. Each state costs the page some time in which it does not respond to the user.
const SYNC_PACE_MS: f64 = 500.0;

/// When to update the page, and what to cache for it.
#[derive(Debug)]
pub(super) struct Display {
    pub(super) lister: BlockLister,
    mempool: MempoolTeller,
    pub(super) blocks_found: u32,
    shown_tip: Option<BlockId>,
    shown_at: f64,
    /// Time at which the pending timer fires.
    alarm: Option<f64>,
}

impl Display {
    pub(super) fn new() -> Self {
        Self {
            lister: BlockLister::default(),
            mempool: MempoolTeller::default(),
            blocks_found: 0,
            shown_tip: None,
            shown_at: f64::NEG_INFINITY,
            alarm: None,
        }
    }

    /// Whether to send the state now. If it is too early, sets a timer.
    pub(super) fn is_due(&mut self, tip: &TipInfo, sync: SyncStatus, now: f64, timers: &mut Timers) -> bool {
        let pace = match self.shown_tip == Some(tip.id) {
            _ if sync.is_fetching() => SYNC_PACE_MS,
            true => PACE_MS,
            false => TIP_PACE_MS,
        };
        let due = self.shown_at + pace;
        if due <= now {
            return true;
        }
        if self.alarm.is_none_or(|alarm| due < alarm) {
            timers.show_in(due - now);
            self.alarm = Some(due);
        }
        false
    }

    pub(super) fn timer_fired(&mut self) {
        self.alarm = None;
    }

    pub(super) fn shown(&mut self, tip: BlockId, now: f64) {
        (self.shown_tip, self.shown_at) = (Some(tip), now);
    }
}

impl Driver {
    /// The complete state of the dashboard.
    pub(super) fn state(&mut self) -> Result<State, StoreError> {
        let now = self.clock.now();
        Ok(State {
            status: self.node.status(),
            time: now.wall,
            wallet: self.wallet_state(),
            recent_blocks: self.display.lister.recent(&self.node, &self.storage.store)?,
            mempool: self.display.mempool.state(&self.node, now),
            mining: self.mining_state(),
            storage: self.storage.state(),
            relays: self.relays.states(),
        })
    }

    fn wallet_state(&self) -> WalletState {
        let ring = self.keys.ring();
        let key = |(name, public, backed_up): (&KeyName, &PublicKey, bool)| {
            let address = public.address();
            let balance = self.node.balance(&address);
            KeyState { address, name: name.clone(), backed_up, public_key: *public, balance }
        };
        WalletState { keys: ring.keys().map(key).collect(), selected: ring.selected(), protection: ring.protection() }
    }

    fn mining_state(&self) -> MiningState {
        let workers = self.miners.states();
        MiningState {
            options: self.mining,
            rest: self.rest,
            // Not `sum`, which would be -0 without workers.
            hash_rate: workers.iter().map(|worker| worker.hash_rate).fold(0.0, |all, one| all + one),
            workers,
            enough: self.growth.enough(),
            hashes: self.miners.hashes(),
            stale_hashes: self.miners.stale_hashes(),
            shared_flag: self.miners.has_flag(),
            blocks_found: self.display.blocks_found,
            preemption: self.miners.preemption(),
        }
    }
}
