//! How long a payment waits, told by the blocks that really come.

use crate::i18n::Language;
use crate::parts::clock::use_clock;
use crate::session::Session;
use crate::signals::memo::Memo;
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_node::{MiningStatus, SyncStatus};
use node_wasm::messages::{BlockState, BlockSummary, State};

/// Without a block for so many times the usual spacing it is said that perhaps nobody mines: with miners this happens
/// once in 400 blocks.
const QUIET_SPACINGS: u64 = 6;
/// And not before this, in milliseconds: a block needs time to arrive.
const QUIET_MS: u64 = 60_000;
/// Blocks whose pace counts.
const LOOKED_AT: usize = 11;

/// What a payment has to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// No node takes it from here at the moment.
    Offline,
    /// No block has come for so many milliseconds, or none at all.
    Quiet(Option<u64>),
    /// A block takes so many milliseconds.
    Pace(u64),
}

/// The chain's last blocks and the node's place in the network.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    /// Times of the newest blocks of the primary chain, newest first.
    times: Vec<Timestamp>,
    connected: bool,
    /// This tab mines, or would if there were a payment.
    mines: bool,
}

/// Follows what payments have to expect.
pub(crate) fn outlook(session: Session) -> Memo<Option<Outlook>> {
    let seen = session.part(Seen::of);
    let clock = use_clock();
    Memo::new(move |_| {
        let spacing = session.params()?.spacing_ms;
        Some(seen.get()?.outlook(clock.time(), spacing))
    })
}

impl Seen {
    fn of(state: &State) -> Self {
        // Nobody mined the genesis block.
        let mined = |block: &&BlockSummary| block.state == BlockState::Primary && block.height > Height::GENESIS;
        let primary = state.recent_blocks.iter().filter(mined);
        Self {
            times: primary.take(LOOKED_AT).map(|block| block.time).collect(),
            connected: state.status.sync != SyncStatus::WaitingForPeers,
            mines: state.mining.options.on && state.status.mining != MiningStatus::Off,
        }
    }

    fn outlook(&self, now: Timestamp, spacing: u64) -> Outlook {
        if !self.connected {
            return Outlook::Offline;
        }
        let since = self.times.first().map(|last| now.0.saturating_sub(last.0));
        let bound = QUIET_MS.max(QUIET_SPACINGS.saturating_mul(spacing));
        if !self.mines && since.is_none_or(|since| since > bound) {
            return Outlook::Quiet(since);
        }
        // The median: a pause in which nothing was to be mined does not count.
        let mut paces: Vec<u64> = self.times.windows(2).map(|two| two[0].0.saturating_sub(two[1].0)).collect();
        paces.sort_unstable();
        Outlook::Pace(paces.get(paces.len() / 2).copied().unwrap_or_default().max(spacing))
    }
}

/// A wait in blocks as people say it; `None` is more than 10.
pub(crate) fn words(blocks: Option<u32>, outlook: Outlook, language: Language) -> String {
    let texts = &language.texts().wait;
    let pace = match outlook {
        Outlook::Offline => return texts.offline.into(),
        Outlook::Quiet(None) => return texts.none_yet.into(),
        // Whole minutes: this is read aloud when it changes.
        Outlook::Quiet(Some(ms)) => return (texts.quiet)(&language.duration((ms / 60_000 * 60) as f64)),
        Outlook::Pace(pace) => pace,
    };
    let texts = &language.texts().fee;
    let wait = match blocks {
        None => texts.wait_long.into(),
        Some(1) => (texts.wait_next)(&time(1, pace, language)),
        Some(blocks) => (texts.wait_blocks)(&language.number(blocks.into()), &time(blocks, pace, language)),
    };
    (texts.expected)(&wait)
}

/// About how long so many blocks take, at a pace in milliseconds.
pub(crate) fn time(blocks: u32, pace: u64, language: Language) -> String {
    let texts = &language.texts().fee;
    let seconds = u64::from(blocks).saturating_mul(pace).div_ceil(1000);
    match seconds {
        0..100 => (texts.about_seconds)(&language.number(seconds)),
        _ => (texts.about_minutes)(&language.number(seconds.div_ceil(60))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const SPACING: u64 = 10_000;
    const NEWEST: Timestamp = Timestamp(10_000_000);

    /// Blocks whose newest came at [`NEWEST`], each so many seconds after the one before.
    fn seen(paces: &[u64]) -> Seen {
        let mut times = vec![NEWEST];
        for pace in paces {
            times.push(Timestamp(times[times.len() - 1].0 - pace * 1_000));
        }
        Seen { times, connected: true, mines: false }
    }

    fn after(seconds: u64) -> Timestamp {
        Timestamp(NEWEST.0 + seconds * 1_000)
    }

    #[wasm_bindgen_test]
    fn nothing_is_promised_while_no_block_comes() {
        let usual = seen(&[9, 11, 10]);
        assert_eq!(usual.outlook(after(60), SPACING), Outlook::Pace(SPACING));
        assert_eq!(usual.outlook(after(61), SPACING), Outlook::Quiet(Some(61_000)));
        assert_eq!(Seen { mines: true, ..usual.clone() }.outlook(after(600), SPACING), Outlook::Pace(SPACING));
        assert_eq!(Seen { connected: false, ..usual.clone() }.outlook(after(1), SPACING), Outlook::Offline);
        assert_eq!(usual.outlook(after(59), 1_000), Outlook::Pace(10_000), "a fast network's block is on its way");
        assert_eq!(usual.outlook(Timestamp(0), SPACING), Outlook::Pace(SPACING), "a clock set back");
        let none = Seen { times: Vec::new(), ..usual };
        assert_eq!(none.outlook(after(1), SPACING), Outlook::Quiet(None));
    }

    #[wasm_bindgen_test]
    fn the_pace_is_that_of_the_last_blocks() {
        assert_eq!(seen(&[40, 50, 30]).outlook(after(1), SPACING), Outlook::Pace(40_000));
        assert_eq!(seen(&[9, 4_000, 12]).outlook(after(1), SPACING), Outlook::Pace(12_000), "a pause does not count");
        assert_eq!(seen(&[1, 1, 1]).outlook(after(1), SPACING), Outlook::Pace(SPACING), "never faster than aimed at");
    }

    #[wasm_bindgen_test]
    fn waits_are_told_in_blocks_and_time() {
        let words = |blocks, pace| words(blocks, Outlook::Pace(pace), Language::English);
        assert!(words(Some(1), 10_000).contains("in the next block (about 10\u{a0}s)"));
        assert!(words(Some(10), 10_001).contains("within 10 blocks (about 2\u{a0}min)"));
        assert!(words(None, 1).contains("later"));
        let quiet = super::words(Some(1), Outlook::Quiet(Some(9 * 60_000)), Language::English);
        assert!(quiet.contains("9\u{a0}min") && !quiet.contains("next block"), "{quiet}");
    }
}
