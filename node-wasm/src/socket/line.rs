use super::{DIAL_SECONDS, MAX_UNREAD, SocketEvent};
use fedcoin_node::ConnectionError;
use fedcoin_node::wire::MAX_FRAME_BYTES;
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;

/// What is known of a connection, whatever carries it, and whom to tell.
pub(super) struct Line {
    report: Box<dyn Fn(SocketEvent)>,
    stood: Cell<bool>,
    spoken: Cell<bool>,
    over: Cell<bool>,
    unread: Cell<usize>,
    dial_timer: Cell<Option<Timeout>>,
}

impl Line {
    pub(super) fn new(report: impl Fn(SocketEvent) + 'static) -> Rc<Self> {
        Rc::new(Self {
            report: Box::new(report),
            stood: Cell::new(false),
            spoken: Cell::new(false),
            over: Cell::new(false),
            unread: Cell::new(0),
            dial_timer: Cell::new(None),
        })
    }

    /// Ends the connection by `close` unless it stands in time.
    pub(super) fn expect(self: &Rc<Self>, close: impl FnOnce() + 'static) {
        let line = Rc::clone(self);
        self.dial_timer.set(Some(Timeout::new(1_000 * DIAL_SECONDS, move || {
            line.end(ConnectionError::Timeout { seconds: DIAL_SECONDS.into() });
            close();
        })));
    }

    pub(super) fn opened(&self) {
        self.stood.set(true);
        self.dial_timer.take();
        self.report(SocketEvent::Opened);
    }

    /// Tells of a frame of this many bytes, which `read` gives, if it is within the bounds.
    ///
    /// # Errors
    /// Why the connection must end.
    pub(super) fn received(&self, bytes: usize, read: impl FnOnce() -> Vec<u8>) -> Result<(), ConnectionError> {
        if bytes > MAX_FRAME_BYTES {
            return Err(ConnectionError::FrameTooLarge { got: bytes });
        }
        if self.unread.get() + bytes > MAX_UNREAD {
            return Err(ConnectionError::TooFast { max: MAX_UNREAD });
        }
        self.unread.set(self.unread.get() + bytes);
        self.spoken.set(true);
        self.report(SocketEvent::Frame(read()));
        Ok(())
    }

    /// Reports that the connection is closed. Nothing is reported after this.
    pub(super) fn end(&self, cause: ConnectionError) {
        self.report(SocketEvent::Closed(cause));
        self.hang_up();
    }

    /// Nobody listens any more.
    pub(super) fn hang_up(&self) {
        self.over.set(true);
        self.dial_timer.take();
    }

    pub(super) fn has_stood(&self) -> bool {
        self.stood.get()
    }

    pub(super) fn has_spoken(&self) -> bool {
        self.spoken.get()
    }

    pub(super) fn frame_read(&self, bytes: usize) {
        self.unread.set(self.unread.get().saturating_sub(bytes));
    }

    fn report(&self, event: SocketEvent) {
        if !self.over.get() {
            (self.report)(event);
        }
    }
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("stood", &self.stood).field("unread", &self.unread).finish_non_exhaustive()
    }
}
