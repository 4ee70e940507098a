//! The driver: one thread that owns the node and carries out its effects, under the driving contract in `fedcoin-node`.

mod block_reader;
#[cfg(test)]
mod tests;

pub use block_reader::BlockReader;

use crate::clock::Clock;
use crate::event_log::EventLog;
use crate::feed::Feed;
use crate::inbox::{DriverMessage, InboxReceiver};
use crate::metrics::EventCounters;
use crate::miner::Miners;
use crate::node_handle::NodeHandle;
use crate::sockets::{self, Connections};
use crate::threads::ThreadPanic;
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

/// The node, and everything needed to carry out its effects.
pub struct Driver {
    /// The node, the store and the pending requests; shared with the API.
    pub handle: NodeHandle,
    /// Messages to the driver.
    pub inbox: InboxReceiver,
    /// The open connections.
    pub connections: Arc<Connections>,
    /// The TLS configuration for dialled peers.
    pub tls: Arc<ClientConfig>,
    /// Checks signatures.
    pub verifier: Verifier,
    /// Searches for nonces.
    pub miners: Arc<Miners>,
    /// Publishes events to API clients.
    pub feed: Feed,
    /// Counts events.
    pub counters: EventCounters,
    /// Logs events.
    pub event_log: EventLog,
    /// The machine's clocks.
    pub clock: Clock,
    /// The runtime of the connections' tasks.
    pub runtime: runtime::Handle,
    /// Reads stored blocks for the node.
    pub block_reader: BlockReader,
    /// Immediate answers to effects, at most one per effect.
    pub answers: VecDeque<Input>,
}

/// Why the driver ended without success.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DriverError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A thread of the node panicked.
    #[error(transparent)]
    Panicked(#[from] ThreadPanic),
}

impl Driver {
    /// Runs the node until it is asked to stop or fails. When this returns, everything that the node has announced is
    /// on disk.
    ///
    /// # Errors
    /// [`DriverError`].
    pub fn run(mut self) -> Result<(), DriverError> {
        let _inside = self.runtime.clone().enter();
        self.give(Input::Tick)?;
        loop {
            match self.next() {
                DriverMessage::Input(input) => self.give(input)?,
                DriverMessage::Stop => return self.stop(),
                DriverMessage::Panicked(panic) => return Err(panic.into()),
                DriverMessage::StoreFailed(error) => return Err(error.into()),
            }
        }
    }

    fn stop(&mut self) -> Result<(), DriverError> {
        self.give(Input::Command(Command::Shutdown))?;
        self.miners.pause();
        Ok(self.handle.store().flush()?)
    }

    /// The next message: an answer, one from the inbox, or a tick if it is due.
    fn next(&mut self) -> DriverMessage {
        match self.answers.pop_front() {
            Some(answer) => DriverMessage::Input(answer),
            None => self.wait(),
        }
    }

    /// The next message from the inbox, or a tick when it is due.
    fn wait(&mut self) -> DriverMessage {
        let now = self.clock.now().monotonic;
        let patience = match self.handle.read().poll_timeout() {
            // Wait at least a millisecond, so that a node that always wants to tick still gets inputs.
            Some(deadline) => deadline.since(now).max(Duration::from_millis(1)),
            None => Duration::from_secs(3_600),
        };
        if let Some(message) = self.inbox.try_recv() {
            return message;
        }
        match self.runtime.block_on(timeout(patience, self.inbox.recv())) {
            Ok(Some(message)) => message,
            // All senders are gone: nobody can ask to stop any more.
            Ok(None) => DriverMessage::Stop,
            Err(_) => DriverMessage::Input(Input::Tick),
        }
    }

    /// Gives the node one input and carries out all its effects.
    fn give(&mut self, input: Input) -> Result<(), DriverError> {
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

    fn carry_out(&mut self, effect: Effect, now: Now) -> Result<(), DriverError> {
        match effect {
            Effect::Store { changes, durability } => {
                self.handle.store().apply(&changes, durability)?;
            }
            Effect::Load { request, blocks } => self.block_reader.request(request, blocks),
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
            Effect::Mine(job) => self.miners.mine(job),
            Effect::PauseMining { generation: _ } => self.miners.pause(),
            Effect::Emit(event) => self.emit(event, now)?,
        }
        Ok(())
    }

    fn emit(&mut self, event: Event, now: Now) -> Result<(), DriverError> {
        let waiting_payments = self.handle.read().mempool().len();
        self.event_log.record(&event, waiting_payments, now);
        self.counters.count(&event);
        self.feed.publish(&event);
        match event {
            Event::PaymentSubmitted { request, result, .. } => self.handle.payments().answer(request, result),
            Event::BlockSubmitted { request, result, .. } => self.handle.blocks().answer(request, result),
            Event::StorageCorrupt { problem } => {
                return Err(StoreError::Corrupt { problem }.into());
            }
            _ => {}
        }
        Ok(())
    }
}
