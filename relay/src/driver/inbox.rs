use crate::failure::Failure;
use fedcoin_node::Input;
use fedcoin_store::StoreError;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// Most orders that wait for the driver. Whoever brings one more waits, and so reads no more from
/// its socket.
pub const INBOX_LENGTH: usize = 256;

/// What the driver is told.
#[derive(Debug)]
pub enum Order {
    /// Give this to the node.
    Input(Input),
    /// End well.
    Stop,
    /// End: this has happened.
    Fail(Failure),
    /// End: the store gave this error.
    StoreFailed(StoreError),
}

/// The way to the driver.
#[derive(Clone, Debug)]
pub struct Inbox(mpsc::Sender<Waiting>);

/// The driver's end of an [`Inbox`].
#[derive(Debug)]
pub struct Orders(mpsc::Receiver<Waiting>);

/// One peer's way to the driver. One order of it waits at most, so that peers are served in turn: who sends much keeps
/// only itself waiting.
#[derive(Debug)]
pub struct Lane {
    inbox: Inbox,
    turn: Arc<Semaphore>,
}

/// An order, and the turn that is given back when the driver takes it.
#[derive(Debug)]
struct Waiting {
    order: Order,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Inbox {
    /// An inbox and its other end.
    #[must_use]
    pub fn new() -> (Self, Orders) {
        let (sender, orders) = mpsc::channel(INBOX_LENGTH);
        (Self(sender), Orders(orders))
    }

    /// A way for one peer.
    #[must_use]
    pub fn lane(&self) -> Lane {
        Lane { inbox: self.clone(), turn: Arc::new(Semaphore::new(1)) }
    }

    /// Gives the node an input; false when the driver has ended.
    pub async fn give(&self, input: Input) -> bool {
        self.put(Order::Input(input), None).await
    }

    /// The same from a plain thread.
    pub fn give_blocking(&self, input: Input) -> bool {
        self.order_blocking(Order::Input(input))
    }

    /// Gives the driver an order, from a plain thread; false when it has ended.
    pub(crate) fn order_blocking(&self, order: Order) -> bool {
        self.0.blocking_send(Waiting { order, _turn: None }).is_ok()
    }

    /// Asks the driver to end.
    pub async fn stop(&self) {
        // It may have ended already.
        self.put(Order::Stop, None).await;
    }

    async fn put(&self, order: Order, turn: Option<OwnedSemaphorePermit>) -> bool {
        self.0.send(Waiting { order, _turn: turn }).await.is_ok()
    }
}

impl Lane {
    /// Gives the node an input when the one before has been taken; false when the driver has ended.
    pub async fn give(&self, input: Input) -> bool {
        let Ok(turn) = Arc::clone(&self.turn).acquire_owned().await else { return false };
        self.inbox.put(Order::Input(input), Some(turn)).await
    }
}

impl Orders {
    /// The next order; `None` when nobody can give any.
    pub async fn recv(&mut self) -> Option<Order> {
        self.0.recv().await.map(|waiting| waiting.order)
    }

    /// The next order, if one waits.
    pub fn try_recv(&mut self) -> Option<Order> {
        self.0.try_recv().ok().map(|waiting| waiting.order)
    }

    /// The next order, for a plain thread.
    pub fn blocking_recv(&mut self) -> Option<Order> {
        self.0.blocking_recv().map(|waiting| waiting.order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::PeerId;
    use tokio::task::yield_now;

    async fn flood(lane: Lane, peer: u64, count: usize) {
        for _ in 0..count {
            lane.give(Input::Disconnected { peer: PeerId(peer) }).await;
        }
    }

    #[tokio::test]
    async fn peers_are_served_in_turn() {
        let (inbox, mut orders) = Inbox::new();
        let loud = tokio::spawn(flood(inbox.lane(), 1, 2 * INBOX_LENGTH));
        for _ in 0..2 * INBOX_LENGTH {
            yield_now().await;
        }
        let others: Vec<_> = (2..5).map(|peer| tokio::spawn(flood(inbox.lane(), peer, 1))).collect();
        yield_now().await;
        let mut served = Vec::new();
        for _ in 0..2 * INBOX_LENGTH + 3 {
            let Some(Order::Input(Input::Disconnected { peer })) = orders.recv().await else { panic!("no order") };
            served.push(peer.0);
        }
        served.truncate(5);
        assert_eq!(served, [1, 2, 3, 4, 1], "one of the loud peer, then one of each other");
        loud.await.unwrap();
        for other in others {
            other.await.unwrap();
        }
        drop(inbox);
        assert!(orders.recv().await.is_none());
    }
}
