//! The driver's inbox: all messages to the driver arrive here.

use crate::threads::{SpawnError, ThreadPanic, catch_panic};
use fedcoin_node::Input;
use fedcoin_store::StoreError;
use std::sync::Arc;
use std::thread;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// Maximum messages that wait for the driver. Beyond it senders wait, and so read no more from their sockets.
pub const INBOX_LENGTH: usize = 256;

/// A message to the driver.
#[derive(Debug)]
pub enum DriverMessage {
    /// Give this input to the node.
    Input(Input),
    /// Stop in an orderly way.
    Stop,
    /// Stop: a thread of the node panicked.
    Panicked(ThreadPanic),
    /// Stop: the store failed.
    StoreFailed(StoreError),
}

/// The sending end of the driver's inbox.
#[derive(Clone, Debug)]
pub struct Inbox(mpsc::Sender<Queued>);

/// The driver's end of its inbox.
#[derive(Debug)]
pub struct InboxReceiver(mpsc::Receiver<Queued>);

/// One peer's inbox. At most one message of a peer waits, so that the driver serves peers in turn; a peer that sends a
/// lot delays only itself.
#[derive(Debug)]
pub struct PeerInbox {
    inbox: Inbox,
    turn: Arc<Semaphore>,
}

/// A message, with the peer's permit, which is returned when the driver takes the message.
#[derive(Debug)]
struct Queued {
    message: DriverMessage,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Inbox {
    /// Both ends of an inbox.
    #[must_use]
    pub fn new() -> (Self, InboxReceiver) {
        let (sender, receiver) = mpsc::channel(INBOX_LENGTH);
        (Self(sender), InboxReceiver(receiver))
    }

    /// An inbox for one peer.
    #[must_use]
    pub fn for_peer(&self) -> PeerInbox {
        PeerInbox { inbox: self.clone(), turn: Arc::new(Semaphore::new(1)) }
    }

    /// Sends the node an input; false if the driver has ended.
    pub async fn send(&self, input: Input) -> bool {
        self.queue(DriverMessage::Input(input), None).await
    }

    /// [`Inbox::send`] for a plain thread.
    pub fn send_blocking(&self, input: Input) -> bool {
        self.message_blocking(DriverMessage::Input(input))
    }

    /// Sends the driver a message from a plain thread; false if it has ended.
    pub(crate) fn message_blocking(&self, message: DriverMessage) -> bool {
        self.0.blocking_send(Queued { message, _turn: None }).is_ok()
    }

    /// Asks the driver to stop.
    pub async fn stop(&self) {
        // The driver may have ended already.
        self.queue(DriverMessage::Stop, None).await;
    }

    /// Starts a thread of the node. If the thread panics, the driver stops.
    ///
    /// # Errors
    /// [`SpawnError`].
    pub fn spawn(&self, name: String, work: impl FnOnce() + Send + 'static) -> Result<(), SpawnError> {
        let (inbox, thread) = (self.clone(), name.clone());
        let watched = move || {
            if let Err(panic) = catch_panic(&thread, work) {
                // Ignore the result: the driver may have ended already.
                let _ = inbox.message_blocking(DriverMessage::Panicked(panic));
            }
        };
        thread::Builder::new().name(name).spawn(watched).map_err(|e| SpawnError(e.to_string()))?;
        Ok(())
    }

    async fn queue(&self, message: DriverMessage, turn: Option<OwnedSemaphorePermit>) -> bool {
        self.0.send(Queued { message, _turn: turn }).await.is_ok()
    }
}

impl PeerInbox {
    /// Sends the node an input once the driver has taken the peer's previous one; false if the driver has ended.
    pub async fn send(&self, input: Input) -> bool {
        let Ok(turn) = Arc::clone(&self.turn).acquire_owned().await else { return false };
        self.inbox.queue(DriverMessage::Input(input), Some(turn)).await
    }
}

impl InboxReceiver {
    /// The next message; `None` when all senders are gone.
    pub async fn recv(&mut self) -> Option<DriverMessage> {
        self.0.recv().await.map(|queued| queued.message)
    }

    /// The next message, if one is waiting.
    pub fn try_recv(&mut self) -> Option<DriverMessage> {
        self.0.try_recv().ok().map(|queued| queued.message)
    }

    /// The next message, for a plain thread.
    pub fn blocking_recv(&mut self) -> Option<DriverMessage> {
        self.0.blocking_recv().map(|queued| queued.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::PeerId;
    use tokio::task::yield_now;

    async fn flood(inbox: PeerInbox, peer: u64, count: usize) {
        for _ in 0..count {
            inbox.send(Input::Disconnected { peer: PeerId(peer) }).await;
        }
    }

    #[tokio::test]
    async fn peers_are_served_in_turn() {
        let (inbox, mut receiver) = Inbox::new();
        let loud = tokio::spawn(flood(inbox.for_peer(), 1, 2 * INBOX_LENGTH));
        for _ in 0..2 * INBOX_LENGTH {
            yield_now().await;
        }
        let others: Vec<_> = (2..5).map(|peer| tokio::spawn(flood(inbox.for_peer(), peer, 1))).collect();
        yield_now().await;
        let mut served = Vec::new();
        for _ in 0..2 * INBOX_LENGTH + 3 {
            let Some(DriverMessage::Input(Input::Disconnected { peer })) = receiver.recv().await else {
                panic!("no message")
            };
            served.push(peer.0);
        }
        served.truncate(5);
        assert_eq!(served, [1, 2, 3, 4, 1], "one message of the busy peer, then one of each other peer");
        loud.await.unwrap();
        for other in others {
            other.await.unwrap();
        }
        drop(inbox);
        assert!(receiver.recv().await.is_none());
    }

    #[test]
    fn a_thread_that_panics_stops_the_driver() {
        let (inbox, mut receiver) = Inbox::new();
        inbox.spawn("reader".to_owned(), || panic!("page {}", 7)).unwrap();
        let Some(DriverMessage::Panicked(panic)) = receiver.blocking_recv() else { panic!("no panic") };
        assert_eq!(panic, ThreadPanic { thread: "reader".to_owned(), problem: "page 7".to_owned() });
    }
}
