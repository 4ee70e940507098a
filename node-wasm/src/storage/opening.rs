//! Opening a chain file reads all of it, which takes long for a large one. The caller gets progress reports.

use super::opfs::OpfsBackend;
use crate::clock::Clock;
use redb::StorageBackend;
use send_wrapper::SendWrapper;
use std::cell::Cell;
use std::io;
use std::rc::{Rc, Weak};

/// Interval of progress reports in milliseconds: the page gives up a worker that is silent for some seconds
/// (`client/heartbeat.rs`).
const PACE_MS: f64 = 500.0;

/// An opening in progress; files are watched while it lives.
pub struct Opening {
    /// Called with the bytes read so far and the file's size.
    tell: Box<dyn Fn(u64, u64)>,
    clock: Clock,
    read: Cell<u64>,
    reported_at: Cell<f64>,
}

impl Opening {
    /// Starts an opening.
    pub fn new(tell: impl Fn(u64, u64) + 'static) -> Rc<Self> {
        let clock = Clock::new();
        let reported_at = Cell::new(clock.millis());
        Rc::new(Self { tell: Box::new(tell), clock, read: Cell::new(0), reported_at })
    }

    /// The file, watched.
    pub(super) fn watch(self: &Rc<Self>, file: OpfsBackend) -> io::Result<Watched> {
        self.read.set(0);
        Ok(Watched { size: file.size()?, file, opening: SendWrapper::new(Rc::downgrade(self)) })
    }

    fn note(&self, bytes: usize, size: u64) {
        self.read.set(self.read.get() + bytes as u64);
        let now = self.clock.millis();
        if now - self.reported_at.get() >= PACE_MS {
            self.reported_at.set(now);
            // Some pages are read twice.
            (self.tell)(self.read.get().min(size), size);
        }
    }
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening").field("read", &self.read).finish_non_exhaustive()
    }
}

/// A file that reports reads while it is being opened.
#[derive(Debug)]
pub(super) struct Watched {
    file: OpfsBackend,
    size: u64,
    opening: SendWrapper<Weak<Opening>>,
}

impl Watched {
    fn note(&self, read: usize) {
        if let Some(opening) = self.opening.upgrade() {
            opening.note(read, self.size);
        }
    }
}

impl StorageBackend for Watched {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.note(out.len());
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.note(0);
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        StorageBackend::close(&self.file)
    }
}
