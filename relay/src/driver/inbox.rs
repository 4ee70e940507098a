use crate::failure::Failure;
use fedcoin_node::Input;
use fedcoin_store::StoreError;
use tokio::sync::mpsc;

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
pub struct Inbox(mpsc::Sender<Order>);

impl Inbox {
    /// An inbox and its other end.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Order>) {
        let (sender, orders) = mpsc::channel(INBOX_LENGTH);
        (Self(sender), orders)
    }

    /// Gives the node an input; false when the driver has ended.
    pub async fn give(&self, input: Input) -> bool {
        self.0.send(Order::Input(input)).await.is_ok()
    }

    /// The same from a plain thread.
    pub fn give_blocking(&self, input: Input) -> bool {
        self.order_blocking(Order::Input(input))
    }

    /// Gives the driver an order, from a plain thread; false when it has ended.
    pub(crate) fn order_blocking(&self, order: Order) -> bool {
        self.0.blocking_send(order).is_ok()
    }

    /// Asks the driver to end.
    pub async fn stop(&self) {
        // It may have ended already.
        let _ = self.0.send(Order::Stop).await;
    }
}
