use crate::parts::clock;
use crate::parts::pace::Pace;
use crate::route::{Route, View};
use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use fedcoin_node::chain::ChainSample;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Number of points in a chart.
const POINTS: u32 = 200;
/// Minimum interval of updates during a sync, in milliseconds.
const PACE_MS: u64 = 3_000;

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
        let samples = Self { range: AnySignal::new(Range::Hundred), samples: AnySignal::new(Vec::new()) };
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
    pub(crate) const fn all(self) -> AnySignal<Vec<ChainSample>> {
        self.samples
    }

    /// The selected part of the chain.
    pub(crate) const fn range(self) -> AnySignal<Range> {
        self.range
    }
}

pub(crate) fn use_samples() -> Samples {
    expect_context()
}
