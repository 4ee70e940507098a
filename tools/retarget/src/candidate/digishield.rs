use super::{Candidate, bounded};
use crate::history::median_time;
use crate::{History, SPACING_MS};
use ethnum::U256;
use fedcoin_primitives::units::EasingTarget;

/// Digishield as in Zcash: the mean target of 17 blocks, scaled by the time they took between medians of 11. A quarter
/// of the difference counts, within -16 % and +32 %.
#[derive(Clone, Copy, Debug)]
pub struct Digishield;

const WINDOW: usize = 17;
const MEDIAN: usize = 11;

impl Candidate for Digishield {
    fn name(&self) -> String {
        "Digishield 17".into()
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let links = history.last(WINDOW + MEDIAN);
        let meant = (WINDOW as u64 * SPACING_MS) as i64;
        let took = median_time(&links[WINDOW..]).0 as i64 - median_time(&links[..MEDIAN]).0 as i64;
        let took = (meant + (took - meant) / 4).clamp(meant * 84 / 100, meant * 132 / 100);
        let targets: U256 = links[MEDIAN..].iter().map(|link| link.value / U256::from(WINDOW as u64)).sum();
        bounded(targets / U256::from(meant as u64) * U256::from(took as u64))
    }
}
