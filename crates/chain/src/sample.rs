use super::primary::Chain;
use fedcoin_primitives::units::{Height, Timestamp, Work};
use serde::{Deserialize, Serialize};

/// A stretch of the primary chain, as a point of a chart. Its time is that of the paced clock, which sets the target
/// (rule H4), so that a rest does not count as slow mining.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainSample {
    /// The height of its last block.
    pub height: Height,
    /// The time of its last block.
    pub time: Timestamp,
    /// Average number of hashes for the last block.
    pub block_work: f64,
    /// Estimated hash rate of all miners together, from the stretch's work and times; `None` if the times do not allow
    /// an estimate.
    pub hash_rate: Option<f64>,
    /// Average milliseconds of mining per block; `None` for a stretch of one block.
    pub spacing_ms: Option<f64>,
    /// Number of blocks in the stretch of both averages.
    pub blocks: u32,
}

impl ChainSample {
    /// The estimate when no block has followed for so long: unchanged until a block is overdue, then ever lower, because
    /// the wait, too, shows how much is mined.
    ///
    /// In `T` and a wait `w` without an event, `n / (T + w)` is the likeliest rate of a Poisson process. Once `w` is above
    /// the mean spacing, it is below [`network_hash_rate`]'s `(n - 1) / T`.
    #[must_use]
    pub fn hash_rate_after(&self, waited_ms: u64) -> Option<f64> {
        let (rate, spacing_ms) = (self.hash_rate?, self.spacing_ms?);
        let blocks = f64::from(self.blocks);
        let (took, waited) = (spacing_ms * blocks, waited_ms as f64);
        Some(rate * (blocks / (blocks - 1.0) * took / (took + waited)).min(1.0))
    }
}

/// Minimum stretch for an estimate, in blocks, if the chain is long enough. The error of the estimate is then usually
/// below a quarter.
const MIN_STRETCH: u32 = 16;
/// Maximum number of points.
pub const MAX_SAMPLES: usize = 400;

/// Hash rate of all miners together in hashes per second, from the work of `blocks` consecutive blocks and the time
/// spent on mining them. `None` for less than two blocks, or for no time.
///
/// `(n - 1) / T` is the unbiased estimate of a Poisson process's rate from the time `T` of its `n`th event; `n / T`
/// would be too high.
#[must_use]
pub fn network_hash_rate(work: Work, blocks: u32, took_ms: u64) -> Option<f64> {
    if blocks < 2 || took_ms == 0 {
        return None;
    }
    let share = f64::from(blocks - 1) / f64::from(blocks);
    Some(work.as_f64() * share / (took_ms as f64 / 1000.0))
}

impl Chain {
    /// Points for charts of the primary chain's last `blocks` blocks, oldest first: at most `points`, and at most
    /// [`MAX_SAMPLES`]. Genesis is excluded, because its time is not a mining time.
    ///
    /// The cost does not depend on the length of the chain.
    #[must_use]
    pub fn samples(&self, blocks: u32, points: usize) -> Vec<ChainSample> {
        let tip = self.tip().height;
        let points = u32::try_from(points.min(MAX_SAMPLES)).unwrap_or(u32::MAX).max(1);
        let blocks = blocks.min(tip.0);
        let stride = blocks.div_ceil(points).max(1);
        let count = blocks.div_ceil(stride);
        (0..count).rev().map(|n| self.sample(tip.back(n * stride), stride)).collect()
    }

    /// The stretch of `blocks` blocks, at least [`MIN_STRETCH`] if the chain is long enough, up to a height above 0.
    fn sample(&self, height: Height, blocks: u32) -> ChainSample {
        let last = self.tip_at(height);
        let before = self.tip_at(Height(height.0.saturating_sub(blocks.max(MIN_STRETCH)).max(1)));
        let count = height.above(before.height);
        let took_ms = self.mining_time_at(height).saturating_sub(self.mining_time_at(before.height));
        ChainSample {
            height,
            time: last.time,
            block_work: last.target.expand().map_or(0.0, |target| target.work().as_f64()),
            hash_rate: network_hash_rate(last.work - before.work, count, took_ms),
            spacing_ms: (count > 0).then(|| took_ms as f64 / f64::from(count)),
            blocks: count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_chain::{add, chain, connect, grow};
    use super::*;

    #[test]
    fn the_hash_rate_decays_while_no_block_comes() {
        let sample = ChainSample {
            height: Height(17),
            time: Timestamp(0),
            block_work: 1_000.0,
            hash_rate: Some(100.0),
            spacing_ms: Some(10_000.0),
            blocks: 16,
        };
        let after = |seconds: u64| sample.hash_rate_after(seconds * 1_000).unwrap();
        assert_eq!([after(0), after(10)], [100.0, 100.0]);
        assert!((after(160) - 100.0 * 16.0 / 15.0 / 2.0).abs() < 1e-6);
        assert!(after(3_600) < 5.0 && after(86_400) < 0.2);
        assert_eq!(ChainSample { hash_rate: None, ..sample }.hash_rate_after(0), None);
    }

    #[test]
    fn samples_cover_the_requested_blocks() {
        let mut chain = chain();
        assert_eq!(chain.samples(100, 50), []);
        let genesis = chain.tip().id;
        let tip = grow(&mut chain, genesis, 0, 1_000);
        connect(&mut chain, tip);
        for (blocks, points, count, first) in [(1_000, 100, 100, 10), (100, 400, 100, 901), (u32::MAX, 3, 3, 332)] {
            let samples = chain.samples(blocks, points);
            assert_eq!(
                (samples.len(), samples[0].height, samples[count - 1].height),
                (count, Height(first), Height(1_000))
            );
            // Every block takes a second and has the same work.
            for sample in &samples {
                assert_eq!(sample.spacing_ms, Some(1_000.0));
                let blocks = if count == 3 { 334.0 } else { 16.0_f64.min(f64::from(sample.height.0) - 1.0) };
                let rate = sample.block_work * (blocks - 1.0) / blocks;
                assert!((sample.hash_rate.unwrap() / rate - 1.0).abs() < 0.01, "{sample:?}");
            }
        }
        let short = chain.samples(1, 9);
        assert_eq!((short.len(), short[0].height), (1, Height(1_000)));
        assert_eq!(chain.samples(u32::MAX, usize::MAX).len(), 334);
    }

    #[test]
    fn a_rest_does_not_count_as_slow_mining() {
        let (mut rested, mut never) = (chain(), chain());
        for (chain, rest_ms) in [(&mut rested, 8 * 3_600_000), (&mut never, 1_000)] {
            let genesis = chain.tip().id;
            let before = grow(chain, genesis, 0, 100);
            let first = add(chain, before, 0, rest_ms);
            let tip = grow(chain, first, 0, 15);
            connect(chain, tip);
        }
        let (sample, usual) = (rested.samples(16, 1)[0], never.samples(16, 1)[0]);
        // The block after the rest counts as six spacings (the paced clock), the other fifteen as one each.
        assert_eq!((usual.spacing_ms, sample.spacing_ms), (Some(1_000.0), Some((15.0 + 6.0) * 1_000.0 / 16.0)));
        let ratio = usual.hash_rate.unwrap() / sample.hash_rate.unwrap();
        assert!((ratio - 21.0 / 16.0).abs() < 0.001, "{ratio}");
    }

    #[test]
    fn the_estimate_is_unbiased() {
        // A hash rate of 1,000 hashes per second, and blocks of 500 hashes: exponential gaps of half a second on
        // average.
        let mut random = fastrand::Rng::with_seed(7);
        let work: Work = "500".parse().unwrap();
        let (mut sum, runs, blocks) = (0.0, 4_000, 16);
        for _ in 0..runs {
            let took: f64 = (0..blocks).map(|_| -(1.0 - random.f64()).ln() * 500.0).sum();
            sum += network_hash_rate(work * blocks, blocks, took.round() as u64).unwrap();
        }
        let mean = sum / f64::from(runs);
        assert!((mean / 1_000.0 - 1.0).abs() < 0.02, "{mean}");
    }

    #[test]
    fn too_little_data_gives_no_estimate() {
        let work: Work = "500".parse().unwrap();
        assert_eq!(network_hash_rate(work, 1, 1_000), None);
        assert_eq!(network_hash_rate(work, 2, 0), None);
        assert_eq!(network_hash_rate(work, 2, 1_000), Some(250.0));
    }
}
