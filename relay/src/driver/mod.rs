//! The driver: one thread that owns the node and carries its effects out, as the driving contract
//! in `fedcoin-node` says.

mod handle;
mod inbox;
mod loads;
#[cfg(test)]
mod tests;
mod waiting;

pub use handle::{NodeHandle, Settled, SubmitFailure};
pub use inbox::{INBOX_LENGTH, Inbox, Lane, Order, Orders};
pub use loads::Loads;
#[cfg(test)]
pub(crate) use tests::test_node;
pub use waiting::{MAX_WAITING, Waiting};

use crate::clock::Clock;
use crate::cluster::Reporter;
use crate::failure::Failure;
use crate::feed::Feed;
use crate::metrics::EventCounters;
use crate::miner::Miner;
use crate::narrator::Narrator;
use crate::sockets::{self, Connections};
use crate::verify::Verifier;
use fedcoin_node::units::Now;
use fedcoin_node::{Command, Effect, Event, Input};
use fedcoin_store::StoreError;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

/// The node and all that carries its effects out.
pub struct Driver {
    /// The node, the store and those who wait for answers; shared with the API.
    pub handle: NodeHandle,
    /// What comes in.
    pub orders: Orders,
    /// The open connections.
    pub connections: Arc<Connections>,
    /// How those that are dialled over TLS are checked.
    pub tls: Arc<ClientConfig>,
    /// Checks signatures.
    pub verifier: Verifier,
    /// Searches for nonces.
    pub miner: Arc<Miner>,
    /// Tells those who follow the node.
    pub feed: Feed,
    /// Tells the operator's other nodes, if there are any.
    pub cluster: Option<Reporter>,
    /// Counts what happens.
    pub counters: EventCounters,
    /// Tells the user.
    pub narrator: Narrator,
    /// The machine's clocks.
    pub clock: Clock,
    /// Where connections run.
    pub runtime: runtime::Handle,
    /// Reads the blocks that the node wants.
    pub loads: Loads,
    /// Inputs that effects have answered at once; each effect makes at most one.
    pub answers: VecDeque<Input>,
}

impl Driver {
    /// Runs the node until it is told to stop, or can store no more. Whatever it announced is on
    /// disk when this returns.
    ///
    /// # Errors
    /// [`Failure::Storage`], [`Failure::Stored`] or [`Failure::Thread`].
    pub fn run(mut self) -> Result<(), Failure> {
        let _inside = self.runtime.clone().enter();
        self.give(Input::Tick)?;
        loop {
            match self.next() {
                Order::Input(input) => self.give(input)?,
                Order::Stop => return self.stop(),
                Order::Fail(failure) => return Err(failure),
                Order::StoreFailed(error) => return Err(self.handle.failure(error)),
            }
        }
    }

    fn stop(&mut self) -> Result<(), Failure> {
        self.give(Input::Command(Command::Shutdown))?;
        self.miner.pause();
        self.handle.store().flush().map_err(|e| self.handle.failure(e))
    }

    /// The next thing to do: an answer, what comes in, or a tick when its time has come.
    fn next(&mut self) -> Order {
        match self.answers.pop_front() {
            Some(answer) => Order::Input(answer),
            None => self.wait(),
        }
    }

    /// What comes in, or a tick when its time has come.
    fn wait(&mut self) -> Order {
        let now = self.clock.now().monotonic;
        let patience = match self.handle.read().poll_timeout() {
            // Never less than a moment: a node that wants to tick all the time still takes inputs.
            Some(deadline) => deadline.since(now).max(Duration::from_millis(1)),
            None => Duration::from_secs(3_600),
        };
        if let Some(order) = self.orders.try_recv() {
            return order;
        }
        match self.runtime.block_on(timeout(patience, self.orders.recv())) {
            Ok(Some(order)) => order,
            // Nobody is left who could say stop.
            Ok(None) => Order::Stop,
            Err(_) => Order::Input(Input::Tick),
        }
    }

    /// Gives the node one input and carries out all that follows.
    fn give(&mut self, input: Input) -> Result<(), Failure> {
        let now = self.clock.now();
        let carrying_out = self.handle.carrying_out();
        let _until_done = carrying_out.blocking_write();
        let effects: Vec<Effect> = {
            let mut node = self.handle.write();
            node.handle(input, now);
            std::iter::from_fn(|| node.poll_effect()).collect()
        };
        effects.into_iter().try_for_each(|effect| self.carry_out(effect, now))
    }

    fn carry_out(&mut self, effect: Effect, now: Now) -> Result<(), Failure> {
        match effect {
            Effect::Store { changes, durability } => {
                self.handle.store().apply(&changes, durability).map_err(|e| self.handle.failure(e))?;
            }
            Effect::Load { request, blocks } => self.loads.put(request, blocks),
            Effect::Verify { batch, checks } if checks.is_empty() => {
                self.answers.push_back(Input::Verified { batch, verdicts: Vec::new() });
            }
            Effect::Verify { batch, checks } => self.verifier.begin(batch, checks),
            Effect::Connect { address } => {
                let (connections, inbox) = (Arc::clone(&self.connections), self.handle.inbox().clone());
                let anywhere = self.handle.read().is_neighbour(&address);
                self.runtime.spawn(sockets::dial(address, anywhere, Arc::clone(&self.tls), connections, inbox));
            }
            Effect::Send { peer, bytes } => self.connections.send(peer, bytes),
            Effect::Disconnect { peer, reason } => {
                self.counters.closed(reason);
                self.connections.disconnect(peer);
            }
            Effect::Mine(job) => self.miner.mine(job),
            Effect::PauseMining { generation: _ } => self.miner.pause(),
            Effect::Emit(event) => self.tell(event, now)?,
        }
        Ok(())
    }

    fn tell(&mut self, event: Event, now: Now) -> Result<(), Failure> {
        let waiting_payments = self.handle.read().mempool().len();
        self.narrator.tell(&event, waiting_payments, now);
        self.counters.tell(&event);
        self.feed.tell(&event);
        if let Some(cluster) = &self.cluster {
            cluster.tell(&event);
        }
        match event {
            Event::PaymentSubmitted { request, result, .. } => self.handle.payments().answer(request, result),
            Event::BlockSubmitted { request, result, .. } => self.handle.blocks().answer(request, result),
            Event::StorageCorrupt { problem } => {
                return Err(self.handle.failure(StoreError::Corrupt { problem }));
            }
            _ => {}
        }
        Ok(())
    }
}
