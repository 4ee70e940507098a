//! The mining worker. It searches in time slices and checks for new assignments between them.

use super::flag::Flag;
use super::{Assignment, Report, SearchPlan, kernels};
use crate::clock::Clock;
use crate::codec::{decode, encode};
use crate::yielder::Yielder;
use fedcoin_node::pow::{Kernel, Quota, SliceSize, Task};
use fedcoin_node::primitives::Header;
use fedcoin_node::units::Timestamp;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use gloo_timers::future::TimeoutFuture;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Target length of a slice of hashing if the flag shows newer assignments: the maximum delay of a pause.
const FLAG_SLICE: Duration = Duration::from_micros(500);
/// Target length of a slice without the flag, when only the event loop brings assignments.
const SLICE: Duration = Duration::from_millis(5);
/// Interval of progress reports in milliseconds.
const PROGRESS_MS: f64 = 250.0;
/// Interval of updates of the header's time in milliseconds.
const TIME_MS: f64 = 1_000.0;
/// Number of nonces of a header.
const NONCES: u64 = 1 << 32;

/// Messages to a miner.
#[derive(Clone, Debug)]
pub enum Message {
    /// A new assignment.
    Assignment(Assignment),
    /// The flag that shows newer assignments.
    Flag(Flag),
}

/// Runs a miner in this worker until the worker is ended.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // Bounded by the node's pace: assignments are taken between slices.
    let (messages, inbox) = unbounded();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        // An assignment of another version is ignored; the node worker notices and reports it.
        let message =
            Flag::of_message(&data).map(Message::Flag).or_else(|| decode(&data).ok().map(Message::Assignment));
        if let Some(message) = message {
            let _ = messages.unbounded_send(message);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    on_message.forget();
    let send = move |report: Report| {
        if let Ok(report) = encode(&report) {
            let _ = scope.post_message(&report);
        }
    };
    wasm_bindgen_futures::spawn_local(serve(inbox, send));
}

/// Runs a miner, which follows only the newest assignment, until no more can arrive. Its reports go to `send`.
pub async fn serve(messages: UnboundedReceiver<Message>, send: impl Fn(Report)) {
    let miner = Miner::new(send);
    let kernels = miner.kernels.iter().map(|kernel| kernel.name().into()).collect();
    (miner.send)(Report::Ready { kernels });
    miner.run(messages).await;
}

/// A miner with at most one search at a time.
struct Miner<F> {
    clock: Clock,
    yielder: Option<Yielder>,
    flag: Option<Flag>,
    /// The kernels that compute correctly, slowest first; at least one.
    kernels: Vec<Kernel>,
    kernel: Kernel,
    send: F,
    /// The newest assignment followed.
    assignment: u64,
    search: Option<Search>,
    slice: SliceSize,
    quota: Quota,
    /// When the last slice ended, and when events were last processed.
    hashed: f64,
    yielded: f64,
    /// Hashes not reported yet, and since when.
    hashes: u64,
    reported: f64,
}

/// A search in progress.
struct Search {
    plan: SearchPlan,
    header: Header,
    /// When the header's time was last checked.
    timed: f64,
    task: Task,
    nonce: u64,
}

impl<F: Fn(Report)> Miner<F> {
    fn new(send: F) -> Self {
        let clock = Clock::new();
        let now = clock.millis();
        let sound: Vec<Kernel> = kernels().into_iter().filter(Kernel::is_sound).collect();
        // The portable kernel has no alternative.
        let kernels = if sound.is_empty() { vec![Kernel::SCALAR] } else { sound };
        Self {
            clock,
            yielder: Yielder::new().ok(),
            flag: None,
            kernel: fastest(&kernels),
            kernels,
            send,
            assignment: 0,
            search: None,
            slice: SliceSize::new(SLICE),
            quota: Quota::new(100),
            hashed: now,
            yielded: now,
            hashes: 0,
            reported: now,
        }
    }

    async fn run(mut self, mut inbox: UnboundedReceiver<Message>) {
        loop {
            let message = if self.may_search() {
                self.look_up(&mut inbox).await
            } else {
                match inbox.next().await {
                    Some(message) => Some(message),
                    None => return,
                }
            };
            match message {
                Some(Message::Assignment(assignment)) => self.follow(assignment),
                Some(Message::Flag(flag)) => self.flag = Some(flag),
                None => self.hash_a_slice(),
            }
        }
    }

    /// Whether there is a search, and no newer assignment is on its way.
    fn may_search(&self) -> bool {
        self.search.is_some() && (!self.polls() || self.flag.as_ref().is_none_or(|flag| flag.stands(self.assignment)))
    }

    /// Rests if the share of the core requires it, and lets events in: from time to time with a flag, always without
    /// one.
    async fn look_up(&mut self, inbox: &mut UnboundedReceiver<Message>) -> Option<Message> {
        let started = self.clock.millis();
        if let Some(rest) = self.quota.rest() {
            // At most a second.
            let timer = TimeoutFuture::new(rest.as_millis() as u32);
            let message = match select(inbox.next(), timer).await {
                Either::Left((message, _)) => message,
                Either::Right(_) => None,
            };
            self.yielded = self.clock.millis();
            self.quota.rested(duration(self.yielded - started));
            return message;
        }
        if self.polls() && started - self.yielded < PROGRESS_MS {
            return None;
        }
        match &mut self.yielder {
            Some(yielder) => yielder.yield_now().await,
            None => TimeoutFuture::new(0).await,
        }
        self.yielded = self.clock.millis();
        inbox.next().now_or_never().flatten()
    }

    /// Whether the flag shows newer assignments.
    fn polls(&self) -> bool {
        self.flag.is_some() && self.search.as_ref().is_none_or(|search| search.plan.slice_ms.is_none())
    }

    fn follow(&mut self, assignment: Assignment) {
        self.assignment = assignment.number;
        let now = self.clock.millis();
        self.search = assignment.search.and_then(|plan| Search::new(plan, now));
        if let Some(search) = &self.search {
            let chosen = search.plan.kernel.and_then(|place| self.kernels.get(usize::from(place)).copied());
            self.kernel = chosen.unwrap_or_else(|| fastest(&self.kernels));
            self.quota.set_share(search.plan.share);
            let wanted = search.plan.slice_ms.map(|ms| Duration::from_millis(ms.into()));
            self.slice.set_time(wanted.unwrap_or(if self.flag.is_some() { FLAG_SLICE } else { SLICE }));
        }
        self.report_progress();
        (self.send)(Report::Confirmed { number: assignment.number, stopped: self.clock.shared(self.hashed) });
    }

    fn hash_a_slice(&mut self) {
        let Some(search) = &mut self.search else { return };
        let started = self.clock.millis();
        search.renew_time(started);
        let end = (search.nonce + self.slice.nonces()).min(NONCES);
        let result = self.kernel.search(&search.task, search.nonce..end);
        let nonces = end - search.nonce;
        self.hashed = self.clock.millis();
        let took = duration(self.hashed - started);
        self.hashes += result.hashes;
        self.quota.worked(took);
        if let Some(found) = result.found {
            let (generation, time) = (search.plan.job.generation, search.header.time);
            let found = Report::Found { generation, salt: found.salt, time, nonce: found.nonce };
            self.search = None;
            self.report_progress();
            (self.send)(found);
            return;
        }
        search.go_on_from(end);
        self.slice.learn(nonces, took);
        if self.hashed - self.reported >= PROGRESS_MS {
            self.report_progress();
        }
    }

    fn report_progress(&mut self) {
        if self.hashes > 0 {
            (self.send)(Report::Progress { hashes: self.hashes });
        }
        (self.hashes, self.reported) = (0, self.clock.millis());
    }
}

impl Search {
    /// `None` for a job without a valid target, which no node creates.
    fn new(plan: SearchPlan, now: f64) -> Option<Self> {
        let header = plan.job.header_at(wall());
        let task = task(&header, plan.salt)?;
        Some(Self { plan, header, timed: now, task, nonce: 0 })
    }

    /// Updates the header's time, and with it the target, if that is due and changes anything.
    fn renew_time(&mut self, now: f64) {
        if now - self.timed < TIME_MS {
            return;
        }
        self.timed = now;
        let header = self.plan.job.header_at(wall());
        if header.time != self.header.time {
            self.header = header;
            self.begin(self.task.first_salt());
        }
    }

    /// Records that the nonces below `nonce` are done.
    fn go_on_from(&mut self, nonce: u64) {
        self.nonce = nonce;
        if nonce == NONCES {
            self.begin(self.task.first_salt().wrapping_add(self.plan.salt_step));
        }
    }

    fn begin(&mut self, first_salt: u32) {
        if let Some(task) = task(&self.header, first_salt) {
            (self.task, self.nonce) = (task, 0);
        }
    }
}

/// `None` for a header without a valid target.
fn task(header: &Header, first_salt: u32) -> Option<Task> {
    Some(Task::new(header, header.target.expand().ok()?, first_salt))
}

/// The last of the kernels.
fn fastest(kernels: &[Kernel]) -> Kernel {
    kernels.last().copied().unwrap_or(Kernel::SCALAR)
}

/// The machine's clock.
fn wall() -> Timestamp {
    // Far from both limits of the type.
    Timestamp(js_sys::Date::now() as u64)
}

/// A duration from milliseconds; zero if the clock went back.
fn duration(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1_000.0).unwrap_or_default()
}
