use gloo_timers::future::TimeoutFuture;

/// Time between two pings of the worker, in milliseconds.
const BEAT_MS: u32 = 3_000;
/// Beats without a message from a worker that has sent one before, until it counts as dead. Beats are counted, not
/// time: a frozen or sleeping tab does not beat.
const MISSED_LATER: u32 = 5;
/// Beats until a worker that has not spoken yet counts as missing: its program may be large and
/// the network slow.
const MISSED_AT_FIRST: u32 = 20;

/// Watches a worker. Workers end silently: browsers report neither a missing file nor a panic.
pub(super) struct Heartbeat {
    spoken: bool,
    missed: u32,
    timer: TimeoutFuture,
}

impl Heartbeat {
    /// Watches from now on.
    pub(super) fn new() -> Self {
        Self { spoken: false, missed: 0, timer: TimeoutFuture::new(BEAT_MS) }
    }

    /// The worker said something.
    pub(super) fn heard(&mut self) {
        self.spoken = true;
        self.missed = 0;
    }

    /// Waits for the next beat. Dropping this and calling it again loses no time.
    pub(super) async fn beat(&mut self) {
        (&mut self.timer).await;
        self.timer = TimeoutFuture::new(BEAT_MS);
        self.missed += 1;
    }

    /// Whether the worker counts as dead from this beat on.
    pub(super) fn has_stopped(&self) -> bool {
        self.missed == if self.spoken { MISSED_LATER } else { MISSED_AT_FIRST }
    }
}
