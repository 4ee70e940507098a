use crate::parts::clock;
use crate::parts::pace::Pace;
use crate::route::{Route, View};
use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::chain::ChainSample;
use fedcoin_node::units::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Number of points in a chart.
const POINTS: u32 = 200;
/// Minimum interval of updates during a sync, in milliseconds.
const PACE_MS: u64 = 3_000;

/// Interval in which the hash rate decays, in milliseconds.
const STEP_MS: u64 = 5_000;

/// The part of the chain that the charts show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Range {
    /// The last 100 blocks.
    Hundred,
    /// The last 1,000 blocks.
    Thousand,
    /// The whole chain.
    Whole,
}

/// Samples of the primary chain, updated with the tip while the overview is visible; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Samples {
    range: AnySignal<Range>,
    samples: AnySignal<Vec<ChainSample>>,
    /// The same with the hash rate of this moment in the last one.
    current: Memo<Vec<ChainSample>>,
}

impl Range {
    pub(crate) const ALL: [Self; 3] = [Self::Hundred, Self::Thousand, Self::Whole];

    /// Number of blocks.
    pub(crate) const fn blocks(self) -> u32 {
        match self {
            Self::Hundred => 100,
            Self::Thousand => 1_000,
            Self::Whole => u32::MAX,
        }
    }
}

impl Samples {
    /// No samples yet; a context of the whole page.
    pub(crate) fn provide(session: Session, route: Route) {
        let samples = AnySignal::new(Vec::new());
        let samples = Self { range: AnySignal::new(Range::Hundred), samples, current: current(samples) };
        provide_context(samples);
        let tip = session.part(|state| (state.status.tip.id, state.status.sync == fedcoin_node::SyncStatus::Synced));
        let view = route.view();
        let pace = StoredValue::new(Pace::new(PACE_MS));
        Effect::new(move |before: Option<Range>| {
            let (range, seen, tip) = (samples.range.get(), view.get() == View::Overview, tip.get());
            let Some((_, synced)) = tip.filter(|_| seen) else { return range };
            let chosen = before != Some(range);
            if synced || chosen || pace.try_update_value(|pace| pace.is_due(clock::now())) == Some(true) {
                samples.ask(session, range);
            }
            range
        });
    }

    fn ask(self, session: Session, range: Range) {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            if let Ok(samples) = client.samples(range.blocks(), POINTS).await
                && self.range.get_untracked() == range
            {
                self.samples.set(samples);
            }
        });
    }

    /// The samples, oldest first.
    pub(crate) const fn all(self) -> Memo<Vec<ChainSample>> {
        self.current
    }

    /// The selected part of the chain.
    pub(crate) const fn range(self) -> AnySignal<Range> {
        self.range
    }
}

/// The hash rate decays while no block comes.
fn current(samples: AnySignal<Vec<ChainSample>>) -> Memo<Vec<ChainSample>> {
    let clock = clock::use_clock();
    let now = Memo::new(move |_| Timestamp(clock.time().0 / STEP_MS * STEP_MS));
    Memo::new(move |_| {
        let mut samples = samples.get();
        if let Some(last) = samples.last_mut() {
            last.hash_rate = last.hash_rate_after(now.get().0.saturating_sub(last.time.0));
        }
        samples
    })
}

pub(crate) fn use_samples() -> Samples {
    expect_context()
}
