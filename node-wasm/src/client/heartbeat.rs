use gloo_timers::future::TimeoutFuture;

/// Interval of pings to the worker in milliseconds.
const BEAT_MS: u32 = 3_000;
/// A worker that has sent messages before counts as dead after this many beats without one. Beats are counted instead
/// of time, because a frozen or sleeping tab does not beat.
const MISSED_LATER: u32 = 5;
/// A worker that has not sent anything yet counts as missing after this many beats: its program may be large and the
/// network slow.
const MISSED_AT_FIRST: u32 = 20;

/// Watches a worker. Workers end silently: browsers report neither a missing file nor a panic.
pub(super) struct Heartbeat {
    spoken: bool,
    missed: u32,
    timer: TimeoutFuture,
}

impl Heartbeat {
    /// Starts watching.
    pub(super) fn new() -> Self {
        Self { spoken: false, missed: 0, timer: TimeoutFuture::new(BEAT_MS) }
    }

    /// Records a message of the worker.
    pub(super) fn received(&mut self) {
        self.spoken = true;
        self.missed = 0;
    }

    /// Waits for the next beat. The future may be dropped and requested again without losing time.
    pub(super) async fn beat(&mut self) {
        (&mut self.timer).await;
        self.timer = TimeoutFuture::new(BEAT_MS);
        self.missed += 1;
    }

    /// Whether the worker counts as dead at this beat.
    pub(super) fn has_stopped(&self) -> bool {
        self.missed == if self.spoken { MISSED_LATER } else { MISSED_AT_FIRST }
    }
}
