//! The page's state of its node, and the node's client.

mod handover;
pub(crate) mod log;
mod mining_choices;
pub(crate) mod samples;

use crate::network::{self, Changed, Rules};
use crate::parts::clock;
use crate::service_worker::{Installation, use_installation};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::{environment, prefs};
use fedcoin_keyring::Protection;
use fedcoin_node::chain::Reorganised;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::{DropReason, Dropped};
use fedcoin_node::primitives::{Address, Payment, TxId};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_node::{Event, MiningStatus, SyncStatus, TipInfo};
use leptos::prelude::*;
use leptos::task::spawn_local;
use log::{Log, Occurrence};
use node_wasm::client::NodeClient;
use node_wasm::messages::{
    self, Failure, Happening, Holder, KeyState, KeyStorage, LogEntry, MiningOptions, PageCircumstances, Ready,
    StartOptions, State,
};
use std::collections::VecDeque;
use std::time::Duration;

/// Maximum number of dropped payments whose reason is remembered.
const MAX_DROPPED: usize = 200;
/// Maximum number of undone payments shown one by one; further ones are counted.
const MAX_UNDONE: usize = 5;
/// Maximum number of reorganisations shown.
const MAX_REORGANISATIONS: usize = 3;
/// Key of the tab's slot.
const SLOT: &str = "fedcoin-slot";
/// Number of consecutive replacements of a silent worker before the user is told, unless each ran for a while.
const MAX_RESTARTS: u32 = 3;
/// Duration of such a run in milliseconds.
const RAN_A_WHILE: u64 = 60_000;
/// After this time the page reports a slow start.
const SLOW_START: Duration = Duration::from_secs(5);

/// The page's state of its node; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    phase: AnySignal<Phase>,
    ready: AnySignal<Option<Ready>>,
    moved_from: AnySignal<Option<u32>>,
    state: AnySignal<Option<Box<State>>>,
    params: AnySignal<Option<ChainParams>>,
    changed_rules: AnySignal<Option<Changed>>,
    mining: AnySignal<MiningOptions>,
    circumstances: AnySignal<PageCircumstances>,
    reorganisations: AnySignal<VecDeque<Reorganisation>>,
    dropped: AnySignal<VecDeque<Dropped>>,
    undone: AnySignal<UndonePayments>,
    log: Log,
    client: StoredValue<Option<NodeClient>, LocalStorage>,
    /// Number of starts, so that messages of a replaced worker are ignored.
    start: StoredValue<u32>,
    /// Number of consecutive replacements, and when the current worker was ready.
    restarts: StoredValue<(u32, Timestamp)>,
    lasting: AnySignal<Option<bool>>,
    installation: Installation,
}

/// Whether a node is running.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    Starting {
        /// Whether it takes longer than it should.
        slow: bool,
    },
    /// Reading and checking the chain file.
    Opening {
        /// Bytes read so far.
        read: u64,
        /// The file's size in bytes.
        size: u64,
    },
    Running,
    Failed(Problem),
}

/// Why no node is running.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    /// The network's rules are unknown.
    NoNetwork(String),
    /// The worker's reason.
    Worker(Failure),
    Stopped,
    /// Another tab took its slot, at the user's wish.
    HandedOver,
}

/// A reorganisation of the primary chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reorganisation {
    pub(crate) time: Timestamp,
    /// The new tip.
    pub(crate) tip: TipInfo,
    /// The fork point, and the numbers of blocks.
    pub(crate) course: Reorganised,
}

/// A payment that was confirmed, and that a reorganisation undid for good.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UndonePayment {
    pub(crate) payment: Payment,
    /// Why it is not in the mempool again.
    pub(crate) reason: DropReason,
}

/// Undone payments from and to own keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct UndonePayments {
    /// Newest first, at most [`MAX_UNDONE`].
    pub(crate) newest: VecDeque<UndonePayment>,
    /// Number of further ones.
    pub(crate) more: u64,
}

impl Session {
    /// Starts a node; a context of the whole page.
    pub(crate) fn provide() -> Self {
        let session = Self {
            phase: AnySignal::new(Phase::Starting { slow: false }),
            ready: AnySignal::new(None),
            moved_from: AnySignal::new(None),
            state: AnySignal::new(None),
            params: AnySignal::new(None),
            changed_rules: AnySignal::new(None),
            mining: AnySignal::new(mining_choices::remembered()),
            circumstances: AnySignal::new(PageCircumstances::default()),
            reorganisations: AnySignal::new(VecDeque::new()),
            dropped: AnySignal::new(VecDeque::new()),
            undone: AnySignal::new(UndonePayments::default()),
            log: Log::new(),
            client: StoredValue::new_local(None),
            start: StoredValue::new(0),
            restarts: StoredValue::new((0, Timestamp(0))),
            lasting: AnySignal::new(None),
            installation: use_installation(),
        };
        provide_context(session);
        session.start();
        session.reconnect_when_online();
        session.keep_storage_for_keys();
        session
    }

    /// Starts a node, also after a failure: the old worker ends.
    pub(crate) fn start(self) {
        self.mining.set(mining_choices::remembered());
        self.begin();
    }

    /// Starts a node that mines as before.
    fn begin(self) {
        self.client.set_value(None);
        self.phase.set(Phase::Starting { slow: false });
        let start = self.start.get_value() + 1;
        self.start.set_value(start);
        set_timeout(move || self.note_slow_start(start), SLOW_START);
        spawn_local(async move {
            let params = network::rules().await;
            if self.start.get_value() != start {
                return;
            }
            match params {
                Ok(Rules { params, changed }) => {
                    self.changed_rules.set(changed);
                    self.spawn_worker(params, start);
                }
                Err(problem) => self.fail(Problem::NoNetwork(problem)),
            }
        });
    }

    fn spawn_worker(self, params: ChainParams, start: u32) {
        self.params.set(Some(params.clone()));
        let own = prefs::of_tab(SLOT).and_then(|slot| slot.parse().ok());
        let options = StartOptions {
            params,
            relays: environment::relay().into_iter().collect(),
            slot: own,
            holder: self.holder_of(own, start),
            miner_script: environment::script("kernel-worker"),
            mining: self.mining.get_untracked(),
        };
        let listener = move |update| {
            if self.start.get_value() == start {
                self.take(update, own);
            }
        };
        let client = NodeClient::spawn(&environment::script("node-worker"), options, listener);
        client.set_circumstances(self.circumstances.get_untracked());
        self.client.set_value(Some(client));
    }

    /// What may hold this tab's slot when a worker starts.
    fn holder_of(self, own: Option<u32>, start: u32) -> Holder {
        let had = self.ready.with_untracked(|ready| ready.as_ref().map(|ready| ready.slot));
        match start > 1 {
            true if had.is_some() && had == own => Holder::EndedWorker,
            true => Holder::WorkerBefore,
            false if environment::was_reloaded() => Holder::WorkerBefore,
            false => Holder::Nobody,
        }
    }

    /// Processes an update of the worker that was started for a slot.
    fn take(self, update: messages::Update, own: Option<u32>) {
        match update {
            messages::Update::Opening { read, size } => self.phase.set(Phase::Opening { read, size }),
            messages::Update::Ready(ready) => {
                prefs::set_of_tab(SLOT, &ready.slot.to_string());
                self.moved_from.set(own.filter(|own| *own != ready.slot));
                self.log.write(clock::now(), Occurrence::Ready(ready.slot));
                self.restarts.update_value(|(_, since)| *since = clock::now());
                self.ready.set(Some(ready));
                self.phase.set(Phase::Running);
            }
            // A late message of a worker that was given up.
            messages::Update::State(_) if matches!(self.phase.get_untracked(), Phase::Failed(_)) => {}
            messages::Update::State(state) => self.state.set(Some(state)),
            messages::Update::Event(entry) => self.take_event(entry),
            messages::Update::Protection(protection) => self.state.update(|state| {
                if let Some(state) = state {
                    state.wallet.protection = protection;
                }
            }),
            messages::Update::Failed(failure) if failure.ended_worker() && self.may_restart() => {
                if failure != Failure::NoAnswer {
                    self.log.write(clock::now(), Occurrence::Failed(failure.to_string()));
                }
                self.log.write(clock::now(), Occurrence::Restarted);
                self.begin();
            }
            messages::Update::Failed(failure) => self.fail(Problem::Worker(failure)),
            messages::Update::Stopped => self.fail(Problem::Stopped),
        }
    }

    fn take_event(self, entry: LogEntry) {
        if let Happening::MinerReplaced { .. } = &entry.what {
            self.look_for_newer_page();
        }
        if let Happening::Node(Event::Reorganised { tip, reorganised }) = &entry.what {
            let reorganisation = Reorganisation { time: entry.time, tip: *tip, course: *reorganised };
            self.reorganisations.update(|all| {
                all.push_front(reorganisation);
                all.truncate(MAX_REORGANISATIONS);
            });
        }
        if let Happening::Node(Event::PaymentDropped { dropped, undone }) = &entry.what {
            self.take_dropped(dropped.clone(), undone.as_deref().cloned());
        }
        self.log.write(entry.time, Occurrence::Reported(entry.what));
    }

    fn take_dropped(self, dropped: Dropped, undone: Option<Payment>) {
        if let Some(payment) = undone.filter(|payment| self.is_own(payment)) {
            let reason = dropped.reason.clone();
            self.undone.update(|all| {
                all.newest.push_front(UndonePayment { payment, reason });
                if all.newest.len() > MAX_UNDONE {
                    all.newest.pop_back();
                    all.more += 1;
                }
            });
        }
        self.dropped.update(|all| {
            all.push_front(dropped);
            all.truncate(MAX_DROPPED);
        });
    }

    /// Why a payment was dropped, if known.
    pub(crate) fn drop_reason(self, txid: TxId) -> Option<DropReason> {
        self.dropped.with(|all| all.iter().find(|dropped| dropped.txid == txid).map(|dropped| dropped.reason.clone()))
    }

    /// Whether a payment is from or to an own key.
    fn is_own(self, payment: &Payment) -> bool {
        let unsigned = &payment.unsigned;
        let recipients = unsigned.outputs.iter().map(|output| output.recipient);
        let mut parties = recipients.chain([unsigned.sender.address()]);
        self.state.with_untracked(|state| {
            let keys = state.as_ref().map(|state| state.wallet.keys.as_slice()).unwrap_or_default();
            parties.any(|party| keys.iter().any(|key| key.address == party))
        })
    }

    /// Own payments that were confirmed, and that a reorganisation undid for good.
    pub(crate) fn undone_payments(self) -> UndonePayments {
        self.undone.get()
    }

    /// Hides all undone payments.
    pub(crate) fn dismiss_undone_payments(self) {
        self.undone.set(UndonePayments::default());
    }

    /// Whether to replace a worker that ran and no longer responds; counts as a restart.
    fn may_restart(self) -> bool {
        let (restarts, since) = self.restarts.get_value();
        let ran_for = clock::now().0.saturating_sub(since.0);
        let restarts = if ran_for >= RAN_A_WHILE { 1 } else { restarts + 1 };
        self.restarts.set_value((restarts, since));
        self.phase.get_untracked() == Phase::Running && restarts <= MAX_RESTARTS
    }

    fn fail(self, problem: Problem) {
        if let Problem::Worker(failure) = &problem
            && failure.ended_worker()
        {
            // It would hold the slot. Workers with other failures can still export keys.
            self.client.set_value(None);
            self.look_for_newer_page();
        }
        // Nothing is mined any more, and nobody is connected.
        self.mining.update(|mining| mining.on = false);
        self.state.update(|state| {
            if let Some(state) = state {
                (state.status.mining, state.mining.options.on) = (MiningStatus::Off, false);
                (state.mining.hash_rate, state.mining.workers) = (0.0, Vec::new());
                state.status.peers.clear();
            }
        });
        let why = match &problem {
            Problem::NoNetwork(why) => why.clone(),
            Problem::Worker(failure) => failure.to_string(),
            Problem::Stopped | Problem::HandedOver => String::new(),
        };
        self.log.write(clock::now(), Occurrence::Failed(why));
        self.phase.set(Phase::Failed(problem));
    }

    /// A relay with a newer build does not have the files of this one.
    fn look_for_newer_page(self) {
        spawn_local(self.installation.look());
    }

    fn note_slow_start(self, start: u32) {
        if self.start.get_value() == start {
            self.phase.update(|phase| {
                if *phase == (Phase::Starting { slow: false }) {
                    *phase = Phase::Starting { slow: true };
                }
            });
        }
    }

    fn reconnect_when_online(self) {
        let online = window_event_listener(leptos::ev::online, move |_| self.reconnect());
        on_cleanup(move || online.remove());
    }

    /// Once there is a key, asks the browser to keep this page's data.
    fn keep_storage_for_keys(self) {
        let has_key = self.has_key();
        spawn_local(async move { self.lasting.set(environment::is_storage_lasting().await) });
        Effect::new(move |requested: Option<bool>| {
            let requested = requested.unwrap_or(false);
            if has_key.get() && !requested {
                spawn_local(async move { self.lasting.set(environment::ask_for_lasting_storage().await) });
            }
            requested || has_key.get()
        });
    }

    /// The balance of all keys without a copy outside this browser.
    pub(crate) fn at_risk(self) -> Memo<Option<Amount>> {
        self.part(|state| {
            let keys = state.wallet.keys.iter().filter(|key| !key.backed_up);
            Amount::saturating_sum(keys.map(|key| key.balance.confirmed))
        })
    }

    /// Whether the browser has promised to keep this page's data; `None` if it does not tell.
    pub(crate) fn is_storage_lasting(self) -> Option<bool> {
        self.lasting.get()
    }

    /// Whether the keys are in the browser's database and the browser may delete them.
    pub(crate) fn may_be_cleared(self) -> bool {
        let stored = self.ready().is_some_and(|ready| ready.keys == KeyStorage::IndexedDb);
        stored && self.is_storage_lasting() == Some(false)
    }

    /// Whether a node runs.
    pub(crate) fn phase(self) -> Phase {
        self.phase.get()
    }

    /// Like [`Self::phase`], without following changes.
    pub(crate) fn phase_now(self) -> Phase {
        self.phase.get_untracked()
    }

    /// The worker's report on its start.
    pub(crate) fn ready(self) -> Option<Ready> {
        self.ready.get()
    }

    /// The tab's previous slot, if another tab holds it now: its chain and keys still exist.
    pub(crate) fn moved_from(self) -> Option<u32> {
        self.moved_from.get()
    }

    /// Like [`Self::ready`], without following changes.
    pub(crate) fn ready_now(self) -> Option<Ready> {
        self.ready.get_untracked()
    }

    /// Whether a passphrase protects the keys.
    pub(crate) fn protection(self) -> Memo<Protection> {
        let protection = self.part(|state| state.wallet.protection);
        Memo::new(move |_| protection.get().unwrap_or_default())
    }

    /// The network's rules, once known.
    pub(crate) fn params(self) -> Option<ChainParams> {
        self.params.get()
    }

    /// The network's rules, once known, without following them.
    pub(crate) fn params_now(self) -> Option<ChainParams> {
        self.params.get_untracked()
    }

    /// The network's rules, where they are not those that it had before.
    pub(crate) fn changed_rules(self) -> Option<Changed> {
        self.changed_rules.get()
    }

    /// The user has taken note of the changed rules.
    pub(crate) fn accept_rules(self) {
        self.changed_rules.with_untracked(|changed| changed.iter().for_each(Changed::accept));
        self.changed_rules.set(None);
    }

    /// The log.
    pub(crate) const fn log(self) -> Log {
        self.log
    }

    /// A part of the node's state that changes only when that part does; `None` before the first state.
    pub(crate) fn part<T>(self, part: impl Fn(&State) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.state.with(|state| state.as_deref().map(&part)))
    }

    /// The key in use.
    pub(crate) fn key(self) -> Memo<Option<KeyState>> {
        Memo::new(move |_| {
            self.state.with(|state| {
                let wallet = &state.as_ref()?.wallet;
                let selected = wallet.selected?;
                wallet.keys.iter().find(|key| key.address == selected).cloned()
            })
        })
    }

    /// All own keys, oldest first.
    pub(crate) fn keys(self) -> Memo<Vec<KeyState>> {
        Memo::new(move |_| {
            self.state.with(|state| state.as_ref().map(|state| state.wallet.keys.clone()).unwrap_or_default())
        })
    }

    /// Whether the wallet has a key.
    pub(crate) fn has_key(self) -> Memo<bool> {
        Memo::new(move |_| self.state.with(|state| state.as_ref().is_some_and(|s| !s.wallet.keys.is_empty())))
    }

    /// All own addresses.
    pub(crate) fn own_addresses(self) -> Memo<Vec<Address>> {
        Memo::new(move |_| {
            self.state.with(|state| {
                let keys = state.as_ref().map(|state| state.wallet.keys.as_slice()).unwrap_or_default();
                keys.iter().map(|key| key.address).collect()
            })
        })
    }

    /// The latest reorganisations, newest first.
    pub(crate) fn reorganisations(self) -> Vec<Reorganisation> {
        self.reorganisations.with(|all| all.iter().copied().collect())
    }

    /// Whether the last reported reorganisation, unless dismissed, connected the primary chain's block at this height.
    pub(crate) fn newly_connected(self, height: Height) -> bool {
        let put_on = |reorganisation: &Reorganisation| {
            reorganisation.course.fork < height && height <= reorganisation.tip.height
        };
        self.reorganisations.with(|all| all.front().is_some_and(put_on))
    }

    /// Hides all reorganisations.
    pub(crate) fn dismiss_reorganisations(self) {
        self.reorganisations.update(VecDeque::clear);
    }

    /// The node worker, if one has been started.
    pub(crate) fn client(self) -> Option<NodeClient> {
        self.client.get_value()
    }

    /// Whether the node runs and has all blocks it knows of, without following it.
    pub(crate) fn is_synced_now(self) -> bool {
        let synced = |state: &Option<Box<State>>| state.as_ref().is_some_and(|s| s.status.sync == SyncStatus::Synced);
        self.phase_now() == Phase::Running && self.state.with_untracked(synced)
    }

    /// Dials the relays now.
    pub(crate) fn reconnect(self) {
        if let Some(client) = self.client() {
            client.reconnect();
        }
    }

    /// The user's mining options: those clicked last, which the node's state shows a moment later.
    pub(crate) fn mining(self) -> MiningOptions {
        self.mining.get()
    }

    /// Like [`Self::mining`], without following it.
    pub(crate) fn mining_now(self) -> MiningOptions {
        self.mining.get_untracked()
    }

    /// Starts mining, changes its options, or stops it.
    pub(crate) fn set_mining(self, options: MiningOptions) {
        self.mining.set(options);
        mining_choices::remember(options);
        if let Some(client) = self.client() {
            client.set_mining(options);
        }
    }

    /// The circumstances of the tab and its device.
    pub(crate) fn circumstances(self) -> PageCircumstances {
        self.circumstances.get()
    }

    /// Changes the circumstances, and reports them to the node.
    pub(crate) fn change_circumstances(self, change: impl FnOnce(&mut PageCircumstances)) {
        self.circumstances.update(change);
        if let Some(client) = self.client() {
            client.set_circumstances(self.circumstances.get_untracked());
        }
    }
}

pub(crate) fn use_session() -> Session {
    expect_context()
}
