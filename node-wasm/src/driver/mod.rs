//! Drives the node: one queue of inputs, effects in order, updates to the page.

mod agreement;
mod circumstances;
mod display;
mod effects;
mod page;
mod pay;
mod sending;
mod sleep;
mod timers;
mod unacknowledged;

use crate::clock::Clock;
use crate::keys::KeyStore;
use crate::messages::{
    Failure, FromNode, Happening, LogEntry, MemoryReason, MiningOptions, Ready, StartOptions, ToNode, Update,
};
use crate::mining::growth::Growth;
use crate::mining::pool::{MinerReport, Miners, Nonce};
use crate::mining::rules::Rest;
use crate::relays::Relays;
use crate::scope::Scope;
use crate::socket::SocketEvent;
use crate::sockets::Sockets;
use crate::storage::opening::Opening;
use crate::storage::{Storage, is_full};
use crate::verifier::{Verified, Verifier};
use crate::yielder::Yielder;
use circumstances::Seen;
use display::Display;
use fedcoin_node::chain::Snapshot;
use fedcoin_node::mempool::PoolPolicy;
use fedcoin_node::{Input, MiningSettings, Node, NodeConfig, PeerAddress, PeerId, RequestId};
use fedcoin_store::StoreError;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{StreamExt, select};
use sending::Sending;
use sleep::SleepWatch;
use std::collections::BTreeMap;
use std::rc::Rc;
use timers::{Timer, Timers};
use unacknowledged::Unacknowledged;

/// Number of outbound connections, so that the loss of one relay does not matter.
const OUTBOUND_CONNECTIONS: usize = 3;
/// An input that takes longer than this many milliseconds gets an entry in the performance timeline.
const LONG_MS: f64 = 4.0;
/// Maximum time between two returns to the event loop, in milliseconds.
const STRETCH_MS: f64 = 12.0;

/// All inputs of the driver.
#[derive(Debug)]
enum Incoming {
    /// A message from the page.
    Page(ToNode),
    /// An event of a connection.
    Socket(PeerId, SocketEvent),
    /// Verdicts on signatures.
    Verified(Verified),
    /// A miner's report.
    Miner(MinerReport),
    /// An immediate answer to an effect.
    Answer(Input),
    /// An expired timer.
    Timer(Timer),
}

/// A node with everything that it needs in a tab.
pub(crate) struct Driver {
    node: Node,
    storage: Storage,
    keys: KeyStore,
    sockets: Sockets,
    verifier: Verifier,
    miners: Miners,
    relays: Relays,
    display: Display,
    timers: Timers,
    sleep: SleepWatch,
    clock: Clock,
    mining: MiningOptions,
    growth: Growth,
    seen: Seen,
    /// Why the tab does not mine, although the user wants it to.
    rest: Option<Rest>,
    /// The mining settings last given to the node.
    settings: Option<MiningSettings>,
    /// Payments being sent; the page sends one at a time.
    sending: BTreeMap<RequestId, Sending>,
    /// Bounded by its senders: sockets by bytes, miners by their pace, answers by the node.
    queue: UnboundedSender<Incoming>,
    /// Sent and emptied after each input.
    outgoing: Vec<FromNode>,
    unacknowledged: Unacknowledged,
}

/// How a driver ended; its keys can still be exported and locked.
#[derive(Debug)]
pub(crate) struct End {
    /// `None` if the page stopped it.
    pub(crate) failure: Option<Failure>,
    pub(crate) keys: KeyStore,
    /// How it mined, for the next driver.
    pub(crate) mining: MiningOptions,
}

/// Whether the driver continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Continue,
    Stop,
}

/// A driver that is ready, and its queue.
pub(crate) struct Started {
    driver: Driver,
    queue: UnboundedReceiver<Incoming>,
}

impl Driver {
    /// Opens the chain of the keys' slot and puts a node on it. The chain is kept in memory if there is a reason to.
    /// `opening` tells how far it is.
    pub(crate) async fn start(
        options: &StartOptions,
        keys: KeyStore,
        memory: Option<MemoryReason>,
        opening: Rc<Opening>,
    ) -> Result<Started, End> {
        let clock = Clock::new();
        let opened = match Storage::open(&options.params, keys.slot(), memory, &opening).await {
            Ok((storage, snapshot)) => open_node(options, storage, snapshot, &clock, &opening).await,
            Err(error) => Err(failure(error)),
        };
        match opened {
            Ok((node, storage)) => Ok(Self::assemble(options, node, storage, keys, clock)),
            Err(failure) => Err(End { failure: Some(failure), keys, mining: options.mining }),
        }
    }

    fn assemble(options: &StartOptions, node: Node, storage: Storage, keys: KeyStore, clock: Clock) -> Started {
        let (sender, queue) = unbounded();
        let put = |sender: &UnboundedSender<Incoming>| {
            let sender = sender.clone();
            // The queue outlives its senders.
            move |incoming| drop(sender.unbounded_send(incoming))
        };
        let (socket, verified, miner) = (put(&sender), put(&sender), put(&sender));
        let driver = Self {
            node,
            storage,
            keys,
            sockets: Sockets::new(move |peer, event| socket(Incoming::Socket(peer, event))),
            verifier: Verifier::new(move |answer| verified(Incoming::Verified(answer))),
            miners: Miners::new(&options.miner_script, move |report| miner(Incoming::Miner(report))),
            relays: Relays::new(&options.relays),
            display: Display::new(),
            timers: Timers::new(put(&sender)),
            sleep: SleepWatch::new(clock.now()),
            clock,
            mining: options.mining,
            growth: Growth::new(options.mining.threads),
            seen: Seen::default(),
            rest: None,
            settings: None,
            sending: BTreeMap::new(),
            queue: sender,
            outgoing: Vec::new(),
            unacknowledged: Unacknowledged::default(),
        };
        Started { driver, queue }
    }

    /// Processes an input, after checking whether the tab slept: the input may be older than the sleep.
    async fn take(&mut self, incoming: Incoming) -> Result<Flow, Failure> {
        let since = self.clock.millis();
        self.wake_if_slept(since)?;
        match incoming {
            Incoming::Page(message) => {
                self.unacknowledged.clear();
                return self.page_said(message, since).await;
            }
            Incoming::Socket(peer, event) => self.socket_event(peer, event, since)?,
            Incoming::Verified(Verified::Batch(batch, verdicts)) => {
                self.give(Input::Verified { batch, verdicts }, since)?;
            }
            Incoming::Verified(Verified::FellBack(error)) => self.log(Happening::VerifierFellBack { error }),
            Incoming::Miner(report) => {
                if let Some(found) = self.miners.take(report) {
                    let Nonce { generation, salt, time, nonce } = found;
                    self.give(Input::Mined { generation, salt, time, nonce }, since)?;
                }
            }
            Incoming::Answer(input) => self.give(input, since)?,
            Incoming::Timer(timer) => {
                if timer == Timer::Second && self.keys.outlive_deletion().await {
                    self.report_ready();
                }
                self.timer_fired(timer, since)?;
            }
        }
        Ok(Flow::Continue)
    }

    /// Gives the node an input and carries out its effects. `since` is the arrival time of the cause by
    /// [`Clock::millis`].
    fn give(&mut self, input: Input, since: f64) -> Result<(), Failure> {
        let started = self.clock.millis();
        self.node.handle(input, self.clock.now());
        while let Some(effect) = self.node.poll_effect() {
            self.carry_out(effect, since)?;
        }
        if self.clock.millis() - started > LONG_MS {
            self.clock.measure("one input to the node", started);
        }
        self.timers.tick_at(self.node.poll_timeout(), self.clock.now().monotonic);
        Ok(())
    }

    fn timer_fired(&mut self, timer: Timer, since: f64) -> Result<(), Failure> {
        match timer {
            Timer::Tick => {
                self.timers.tick_fired();
                self.give(Input::Tick, since)?;
            }
            Timer::Second => self.every_second(since)?,
            Timer::Show => self.display.timer_fired(),
        }
        Ok(())
    }

    /// Queues an immediate answer to an effect.
    fn answer(&self, input: Input) {
        // The other end lives as long as this one.
        let _ = self.queue.unbounded_send(Incoming::Answer(input));
    }

    fn log(&mut self, what: Happening) {
        if !self.unacknowledged.has_room_for_event() {
            return;
        }
        self.unacknowledged.add();
        let time = self.clock.now().wall;
        self.outgoing.push(FromNode::Update(Update::Event(LogEntry { time, what })));
    }

    /// Updates the page if it is time.
    fn show(&mut self) -> Result<(), Failure> {
        let now = self.clock.millis();
        let (tip, sync) = (self.node.chain().tip(), self.node.sync_status());
        if !self.unacknowledged.has_room_for_state() || !self.display.is_due(&tip, sync, now, &mut self.timers) {
            return Ok(());
        }
        let state = self.state().map_err(failure)?;
        self.unacknowledged.add();
        self.display.shown(state.status.tip.id, self.clock.millis());
        self.outgoing.push(FromNode::Update(Update::State(Box::new(state))));
        Ok(())
    }
}

impl Started {
    /// Runs the node until the page stops it or closes, or until the node fails.
    pub(crate) async fn run(mut self, scope: &mut Scope) -> End {
        let failure = match self.work(scope).await {
            Ok(()) => None,
            Err(failure) => {
                if matches!(failure, Failure::Corrupt(_)) {
                    self.driver.storage.set_aside().await;
                }
                Some(failure)
            }
        };
        self.send(scope);
        End { failure, keys: self.driver.keys, mining: self.driver.mining }
    }

    async fn work(&mut self, scope: &mut Scope) -> Result<(), Failure> {
        let mut yielder = Yielder::new().map_err(|e| Failure::Other(crate::exception::text(&e)))?;
        self.driver.begin()?;
        let mut rested = self.driver.clock.millis();
        loop {
            self.driver.show()?;
            self.send(scope);
            if self.driver.clock.millis() - rested > STRETCH_MS {
                yielder.yield_now().await;
                rested = self.driver.clock.millis();
            }
            let incoming = select! {
                message = scope.next() => message.map(Incoming::Page),
                incoming = self.queue.next() => incoming,
            };
            // No more inputs can arrive once the page is gone.
            let Some(incoming) = incoming else { return self.driver.shut_down() };
            if scope.with_signs(self.driver.take(incoming)).await? == Flow::Stop {
                return self.driver.shut_down();
            }
        }
    }

    fn send(&mut self, scope: &Scope) {
        self.driver.outgoing.drain(..).for_each(|message| scope.send(&message));
    }
}

impl Driver {
    /// Reports that the node runs, and on which storage.
    fn report_ready(&mut self) {
        self.outgoing.push(FromNode::Update(Update::Ready(Ready {
            slot: self.keys.slot().number(),
            storage: self.storage.state(),
            keys: self.keys.storage(),
            unreadable_keys: self.keys.unreadable() as u32,
            verifier: self.verifier.kind(),
        })));
    }

    /// Reports that the node runs, and starts it.
    fn begin(&mut self) -> Result<(), Failure> {
        self.report_ready();
        let now = self.clock.millis();
        self.give(Input::Tick, now)?;
        self.apply_mining(now)
    }

    /// Says goodbye to peers and makes everything durable.
    fn shut_down(&mut self) -> Result<(), Failure> {
        self.give(Input::Command(fedcoin_node::Command::Shutdown), self.clock.millis())?;
        self.miners.resize(0, 100, None);
        self.storage.store.flush().map_err(failure)
    }
}

/// A node with the stored chain, or with a new one if the stored one is inconsistent.
async fn open_node(
    options: &StartOptions,
    storage: Storage,
    snapshot: Snapshot,
    clock: &Clock,
    opening: &Rc<Opening>,
) -> Result<(Node, Storage), Failure> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|e| Failure::Other(format!("no randomness: {e}")))?;
    let config = NodeConfig {
        pool: PoolPolicy::tab(&options.params),
        params: options.params.clone(),
        seed: u64::from_le_bytes(seed),
        user_agent: concat!("fedcoin-tab/", env!("CARGO_PKG_VERSION")).into(),
        listen: None,
        peers: options.relays.clone(),
        target_outbound: OUTBOUND_CONNECTIONS,
        max_inbound: 0,
        // The page's own relay is among these, with the page's scheme.
        secure_only: options.relays.iter().any(PeerAddress::is_secure),
        max_losing_blocks: fedcoin_node::MAX_LOSING_BLOCKS,
    };
    match Node::new(config.clone(), snapshot, clock.now()) {
        Ok(node) => Ok((node, storage)),
        Err(problem) => {
            let started = storage.begin_afresh(&options.params, problem.to_string(), opening).await;
            let (storage, snapshot) = started.map_err(failure)?;
            let node = Node::new(config, snapshot, clock.now()).map_err(|e| Failure::Other(e.to_string()))?;
            Ok((node, storage))
        }
    }
}

/// The consequence of a store failure for the tab.
fn failure(error: StoreError) -> Failure {
    match error {
        StoreError::Corrupt { .. } => Failure::Corrupt(error.to_string()),
        _ => Failure::Storage { full: is_full(&error), problem: error.to_string() },
    }
}
