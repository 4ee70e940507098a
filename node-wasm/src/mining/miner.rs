//! A mining worker's inside: searches in time slices and looks for new orders between them.

use super::{Order, Report, SearchOrder};
use crate::breath::Breath;
use crate::clock::Clock;
use crate::codec::{from_js, to_js};
use fedcoin_node::pow::{Found, Kernel, Task};
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// How long one slice of hashing is meant to take, in milliseconds: what a pause waits for at most.
const SLICE_MS: f64 = 8.0;
/// Nonces in the first slice, each tried with [`Task::SALTS`] salts; later ones adapt to the machine.
const FIRST_SLICE: u64 = 8;
/// Fewest and most nonces in a slice.
const SLICE_RANGE: (u64, u64) = (1, 1 << 16);
/// How often progress is reported, in milliseconds.
const PROGRESS_MS: f64 = 250.0;
/// Nonces of a header.
const NONCES: u64 = 1 << 32;

/// Runs a miner in this worker until the worker is ended.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // Bounded by the node's pace: orders are taken between slices.
    let (orders, inbox) = unbounded();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // Another version's order is not obeyed; the node worker notices and says so.
        if let Ok(order) = from_js::<Order>(event.data()) {
            let _ = orders.unbounded_send(order);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    on_message.forget();
    let send = move |report: Report| {
        if let Ok(report) = to_js(&report) {
            let _ = scope.post_message(&report);
        }
    };
    wasm_bindgen_futures::spawn_local(obey(inbox, send));
}

/// A miner: obeys orders, the newest one only, until no more can come. Its reports go to `send`.
pub async fn obey(orders: UnboundedReceiver<Order>, send: impl Fn(Report)) {
    send(Report::Ready);
    Miner::new(send).run(orders).await;
}

/// One miner: never more than one search at a time.
struct Miner<F> {
    clock: Clock,
    breath: Option<Breath>,
    send: F,
    search: Option<Search>,
    slice: u64,
    /// Hashes not reported yet, and since when.
    hashes: u64,
    reported: f64,
}

/// A search under way.
struct Search {
    order: SearchOrder,
    task: Task,
    nonce: u64,
}

impl Search {
    /// The search that an order asks for, from this salt on; the node makes jobs with valid targets only.
    fn from(order: SearchOrder, first_salt: u32) -> Option<Self> {
        let header = order.job.header;
        let task = Task::new(&header, header.target.expand().ok()?, first_salt);
        Some(Self { order, task, nonce: 0 })
    }
}

impl<F: Fn(Report)> Miner<F> {
    fn new(send: F) -> Self {
        let clock = Clock::new();
        let reported = clock.millis();
        Self { clock, breath: Breath::new().ok(), send, search: None, slice: FIRST_SLICE, hashes: 0, reported }
    }

    async fn run(mut self, mut inbox: UnboundedReceiver<Order>) {
        let mut rest = 0.0;
        loop {
            let order = match &self.search {
                None => match inbox.next().await {
                    Some(order) => Some(order),
                    None => return,
                },
                Some(_) => self.pause_for(rest, &mut inbox).await,
            };
            match order {
                Some(order) => self.obey(order),
                None => rest = self.hash_a_slice(),
            }
        }
    }

    /// Lets events in, and rests for so many milliseconds unless an order comes.
    async fn pause_for(&mut self, rest: f64, inbox: &mut UnboundedReceiver<Order>) -> Option<Order> {
        if rest >= 1.0 {
            let timer = TimeoutFuture::new(rest as u32);
            return match select(inbox.next(), timer).await {
                Either::Left((order, _)) => order,
                Either::Right(_) => None,
            };
        }
        match &mut self.breath {
            Some(breath) => breath.take().await,
            None => TimeoutFuture::new(0).await,
        }
        inbox.next().now_or_never().flatten()
    }

    fn obey(&mut self, order: Order) {
        self.search = order.search.and_then(|order| Search::from(order, order.salt));
        self.report_progress();
        (self.send)(Report::Obeyed { number: order.number });
    }

    /// Hashes once; returns how long to rest then, in milliseconds.
    fn hash_a_slice(&mut self) -> f64 {
        let Some(current) = &mut self.search else { return 0.0 };
        let begun = self.clock.millis();
        let end = (current.nonce + self.slice).min(NONCES);
        let result = Kernel::SCALAR.search(&current.task, current.nonce..end);
        let took = self.clock.millis() - begun;
        self.hashes += result.hashes;
        let rest =
            took * f64::from(100 - current.order.share.clamp(1, 100)) / f64::from(current.order.share.clamp(1, 100));
        match result.found {
            Some(Found { salt, nonce }) => {
                let found = Report::Found { generation: current.order.job.generation, salt, nonce };
                self.search = None;
                self.report_progress();
                (self.send)(found);
            }
            None if end == NONCES => {
                let salt = current.task.first_salt().wrapping_add(current.order.salt_step);
                self.search = Search::from(current.order, salt);
            }
            None => current.nonce = end,
        }
        self.adapt(result.hashes / u64::from(Task::SALTS), took);
        if self.clock.millis() - self.reported >= PROGRESS_MS {
            self.report_progress();
        }
        rest
    }

    /// Moves the size of a slice towards the time wanted, at most by half or double.
    fn adapt(&mut self, nonces: u64, took: f64) {
        if nonces < self.slice {
            return;
        }
        let factor = (SLICE_MS / took.max(0.1)).clamp(0.5, 2.0);
        let (least, most) = SLICE_RANGE;
        self.slice = ((self.slice as f64 * factor) as u64).clamp(least, most);
    }

    fn report_progress(&mut self) {
        if self.hashes > 0 {
            (self.send)(Report::Progress { hashes: self.hashes });
        }
        (self.hashes, self.reported) = (0, self.clock.millis());
    }
}
