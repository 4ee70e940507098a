use super::{ChainParams, MAX_FUTURE_TIME};
use borsh::{BorshDeserialize, BorshSerialize};
use ethnum::U256;
use fedcoin_primitives::units::{CompactTarget, Target, Timestamp};
use serde::{Deserialize, Serialize};

/// How a block's target depends on the headers before it (rule H4).
///
/// `docs/retarget/README.md` explains the rule and compares it with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retarget {
    /// Every block has the network's target.
    Fixed,
    /// Each block's target follows the hash rate, which is estimated from earlier blocks. The network's target is the
    /// easiest, and that of the first blocks.
    EachBlock,
}

/// Number of blocks used to estimate the hash rate. The newest has the most weight.
const WINDOW: usize = 22;
/// The paced clock starts this many headers before the last.
const CLOCK_START: usize = 40;
/// Maximum number of spacings by which a block moves the paced clock.
const MAX_STEP: u64 = 6;
/// The paced clock jumps over gaps longer than this many spacings plus [`MAX_FUTURE_TIME`].
const JUMP: u64 = 10;
/// Gaps longer than this many spacings plus [`MAX_FUTURE_TIME`] count as a rest.
const REST: u64 = 180;
/// Number of blocks that are harder after a rest, when nobody knows how many will mine.
const CAUTIOUS_BLOCKS: usize = 3;
/// How many times harder these blocks are.
const CAUTION: u64 = 4;
/// On average, blocks count as having taken at least one spacing divided by this.
const MAX_SPEED: u64 = 50;
/// Corrects the mean spacing: an average over few random times is biased upwards.
const CORRECTION: (u64, u64) = (33, 32);

impl Retarget {
    /// The target of a block whose ancestors have these times and targets, the nearest first, down to genesis. Reads at
    /// most 41 of them.
    #[must_use]
    pub fn next_target(
        self,
        params: &ChainParams,
        before: impl Iterator<Item = (Timestamp, CompactTarget)>,
    ) -> CompactTarget {
        match (self, params.target.expand()) {
            (Self::EachBlock, Ok(easiest)) => {
                let mut before: Vec<_> = before.take(CLOCK_START + 1).collect();
                before.reverse();
                let estimate = Estimate::new(params, &before);
                estimate.target(U256::from_be_bytes(easiest.to_be_bytes())).to_compact()
            }
            // The target of checked parameters is valid.
            (Self::Fixed, _) | (_, Err(_)) => params.target,
        }
    }
}

/// The sums over the last blocks that estimate the hash rate.
struct Estimate {
    /// Their weighted difficulties.
    work: U256,
    /// Their weighted times, in milliseconds.
    time: u64,
    spacing_ms: u64,
    /// How many times harder the next block is because of a rest.
    caution: u64,
}

impl Estimate {
    /// Computes the sums from times and targets, the oldest first.
    fn new(params: &ChainParams, before: &[(Timestamp, CompactTarget)]) -> Self {
        let (&(start, _), later) = before.split_first().unwrap_or((&(params.genesis.time, params.target), &[]));
        let (easiest, spacing_ms) = (params.target, params.spacing_ms);
        let mut clock = PacedClock::new(start, spacing_ms);
        let (mut work, mut time) = (U256::ZERO, 0);
        // Near genesis, missing blocks count as easy blocks that took one spacing.
        for weight in 1..=WINDOW.saturating_sub(later.len()) as u64 {
            work += difficulty(easiest, easiest) * U256::from(weight);
            time += spacing_ms * weight;
        }
        for (n, (stamp, target)) in later.iter().enumerate() {
            let caution = clock.caution();
            let took = clock.advance(*stamp);
            let weight = (n + 1 + WINDOW).saturating_sub(later.len()) as u64;
            if weight > 0 {
                work += difficulty(easiest, *target) / U256::from(caution) * U256::from(weight);
                time += took * weight;
            }
        }
        let weights = (WINDOW * (WINDOW + 1) / 2) as u64;
        let time = time.max(weights * spacing_ms / MAX_SPEED);
        Self { work, time, spacing_ms, caution: clock.caution() }
    }

    /// The target at which the next block takes one spacing, or longer after a rest.
    fn target(&self, easiest: U256) -> Target {
        let (numerator, denominator) = CORRECTION;
        let spacings = (U256::from(self.time * numerator) << 40) / U256::from(self.spacing_ms * denominator);
        let whole = (easiest / self.work).saturating_mul(spacings);
        // Exact, except for difficulties that nobody can mine.
        let rest = (easiest % self.work).checked_mul(spacings).map_or(U256::ZERO, |product| product / self.work);
        let target = whole.saturating_add(rest).min(easiest) / U256::from(self.caution);
        Target::from_be_bytes(target.max(U256::ONE).to_be_bytes())
    }
}

/// The difficulty relative to the easiest target, times 2^40: at least 2^32, below 2^240. It reads the compact forms
/// (rule H2), because a long division would take most of the time that a header needs.
fn difficulty(easiest: CompactTarget, target: CompactTarget) -> U256 {
    let parts = |compact: CompactTarget| (u64::from(compact.0 & 0x00ff_ffff), compact.0 >> 24);
    let ((mantissa, exponent), (divisor, places)) = (parts(easiest), parts(target));
    U256::from((mantissa << 40) / divisor.max(1)) << (8 * exponent.saturating_sub(places).min(24))
}

/// A clock that follows the headers' times at a bounded pace.
///
/// If one header claims too much time, the next ones take it back. So over time the clock agrees with the honest
/// headers, and lies gain nothing. It jumps only over gaps longer than anyone can fake under the rules on time.
/// Otherwise blocks mined quickly after a lull would count as slow.
#[derive(Clone, Copy, Debug)]
pub struct PacedClock {
    now: u64,
    spacing_ms: u64,
    cautious_blocks: usize,
}

impl PacedClock {
    /// Starts the clock at `start`. `spacing_ms` is the network's time between two blocks.
    #[must_use]
    pub fn new(start: Timestamp, spacing_ms: u64) -> Self {
        Self { now: start.0, spacing_ms, cautious_blocks: 0 }
    }

    /// The clock's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.now)
    }

    /// Moves the clock to the next header's time. Returns the milliseconds of mining that its block counts for.
    pub fn advance(&mut self, stamp: Timestamp) -> u64 {
        let gap = stamp.0.saturating_sub(self.now);
        let step = gap.min(MAX_STEP * self.spacing_ms);
        let exceeds = |spacings| gap > MAX_FUTURE_TIME.as_millis() as u64 + spacings * self.spacing_ms;
        self.now = if exceeds(JUMP) { stamp.0 } else { self.now + step };
        self.cautious_blocks = if exceeds(REST) { CAUTIOUS_BLOCKS } else { self.cautious_blocks.saturating_sub(1) };
        step
    }

    /// How many times harder the next block is because of a rest.
    fn caution(&self) -> u64 {
        if self.cautious_blocks > 0 { CAUTION } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Headers = Vec<(Timestamp, CompactTarget)>;

    /// The target after these headers, the oldest first.
    fn next(headers: &Headers) -> Target {
        let target = Retarget::EachBlock.next_target(&ChainParams::main(), headers.iter().rev().copied());
        target.expand().unwrap()
    }

    /// A chain of this many blocks of 10 s, whose targets are `compact`.
    fn steady(blocks: u64, compact: u32) -> Headers {
        (0..=blocks).map(|n| (Timestamp(1_000_000 + n * 10_000), CompactTarget(compact))).collect()
    }

    fn push(headers: &mut Headers, took_ms: i64) {
        let target = next(headers).to_compact();
        let last = headers.last().unwrap().0.0;
        headers.push((Timestamp(last.saturating_add_signed(took_ms)), target));
    }

    fn number(target: Target) -> f64 {
        U256::from_be_bytes(target.to_be_bytes()).as_f64()
    }

    /// Whether `a` is `ratio` times `b`, except for rounding to three bytes.
    fn is_ratio(a: Target, b: Target, ratio: f64) -> bool {
        (number(a) / number(b) / ratio - 1.0).abs() < 1.0 / 32_768.0
    }

    #[test]
    fn the_first_blocks_have_the_easiest_target() {
        let mut headers = steady(0, 0x1e03_ffff);
        for _ in 0..30 {
            assert_eq!(next(&headers).to_compact(), CompactTarget(0x1e03_ffff));
            push(&mut headers, 10_000);
        }
        let fixed = Retarget::Fixed.next_target(&ChainParams::classroom(), headers.iter().copied());
        assert_eq!(fixed, ChainParams::classroom().target);
    }

    #[test]
    fn the_target_follows_time_and_work() {
        let headers = steady(60, 0x1c10_0000);
        let parent = headers[60].1.expand().unwrap();
        assert!(is_ratio(next(&headers), parent, 33.0 / 32.0));
        // The newest of 22 blocks weighs 22 of 253.
        let with_last = |ms: i64| {
            let mut headers = steady(59, 0x1c10_0000);
            headers.push((Timestamp(headers[59].0.0.saturating_add_signed(ms)), CompactTarget(0x1c10_0000)));
            next(&headers)
        };
        for (ms, took) in [(0, 0.0), (-50_000, 0.0), (25_000, 2.5), (60_000, 6.0), (1_920_000, 6.0)] {
            assert!(is_ratio(with_last(ms), parent, 33.0 / 32.0 * (231.0 + 22.0 * took) / 253.0), "{ms}");
        }
        assert!(is_ratio(with_last(1_920_001), parent, 33.0 / 32.0 * (231.0 + 132.0) / 253.0 / 4.0));
    }

    #[test]
    fn a_longer_block_never_makes_the_next_harder() {
        let mut headers = steady(60, 0x1c10_0000);
        for (n, took) in [3, 25_000, 400, 0, 70_000, -4_000, 9_000].into_iter().enumerate() {
            let targets: Vec<_> = (0..=190)
                .map(|s| {
                    let mut longer = headers.clone();
                    push(&mut longer, s * 10_000);
                    next(&longer)
                })
                .collect();
            assert!(targets.is_sorted() && targets[0] < targets[10], "{n}");
            push(&mut headers, took);
        }
    }

    #[test]
    fn three_blocks_after_a_rest_are_harder() {
        let mut headers = steady(60, 0x1c10_0000);
        push(&mut headers, 8 * 3_600_000);
        let parent = headers[60].1.expand().unwrap();
        let mut targets = Vec::new();
        for _ in 0..5 {
            targets.push(number(next(&headers)) / number(parent));
            push(&mut headers, 10_000);
        }
        assert!(targets[..3].iter().all(|t| (0.3..0.45).contains(t)), "{targets:?}");
        assert!(targets[3..].iter().all(|t| (1.2..1.8).contains(t)), "{targets:?}");
    }

    #[test]
    fn a_false_time_is_compensated() {
        // One header is 120 s ahead; the later ones are honest.
        let (mut honest, mut lied) = (steady(60, 0x1c10_0000), steady(60, 0x1c10_0000));
        lied[40].0 = Timestamp(lied[40].0.0 + 120_000);
        let ratio = number(next(&lied)) / number(next(&honest));
        assert!((0.85..1.0).contains(&ratio), "{ratio}");
        for headers in [&mut honest, &mut lied] {
            for n in 61..75 {
                headers.push((Timestamp(1_000_000 + n * 10_000), CompactTarget(0x1c10_0000)));
            }
        }
        assert_eq!(next(&lied), next(&honest));
    }

    #[test]
    fn a_lull_counts_once() {
        let after = |lull_ms| {
            let mut headers = steady(60, 0x1c10_0000);
            for took in [lull_ms, 0, 0] {
                headers.push((Timestamp(headers[headers.len() - 1].0.0 + took), CompactTarget(0x1c10_0000)));
            }
            number(next(&headers))
        };
        // Time beyond six spacings is carried over, up to the jump.
        assert!(after(60_000) < after(70_000) && after(70_000) < after(180_000) && after(180_000) == after(220_000));
        assert_eq!(after(220_001), after(60_000));
        assert_eq!(after(220_001), after(1_920_000));
        assert!(after(1_920_001) < after(1_920_000) / 3.0);
    }

    #[test]
    fn exact_targets_of_a_known_chain() {
        // From a separate program written from the text of rule H4.
        let (mut headers, mut random, mut sum) = (steady(0, 0x1e03_ffff), 1_u64, 0_u64);
        let mut seen = Vec::new();
        for n in 1..=300 {
            let target = next(&headers).to_compact();
            sum = (sum * 31 + u64::from(target.0)) % 1_000_003;
            if n % 50 == 0 {
                seen.push(target.0);
            }
            random = random * 1_103_515_245 % (1 << 31) + 12_345;
            let (kind, span) = (random / 64 % 16, (random / 4_096 % 20_000) as i64);
            let took = match kind {
                0 => span * 20,
                7 if n > 150 => span * 200,
                1 => -span,
                2 => 120_000,
                _ if n % 100 < 50 => span / 20,
                _ => span,
            };
            let last = headers[headers.len() - 1].0.0;
            headers.push((Timestamp(last.saturating_add_signed(took)), target));
        }
        let expected = [0x1c02_ccfb, 0x1c09_1f7e, 0x1d01_88c0, 0x1e01_5bf2, 0x1e01_056d, 0x1e03_ffff];
        assert_eq!((seen, sum), (expected.to_vec(), 831_611));
    }

    #[test]
    fn rounding_neither_sticks_nor_drifts() {
        // Each block takes exactly as long as its work needs at one hash rate, from any start.
        for start in [0x1c00_8000, 0x1c01_0001, 0x1c02_0000, 0x1c10_0000, 0x1b00_ffff] {
            let start = CompactTarget(start).expand().map_or(0x1c02_0000, |t| t.to_compact().0);
            let goal = number(CompactTarget(0x1c01_0000).expand().unwrap());
            let mut headers = steady(60, start);
            for _ in 0..400 {
                let ratio = goal / number(next(&headers));
                push(&mut headers, (10_000.0 * ratio).round() as i64);
            }
            let ratio = number(next(&headers)) / goal;
            assert!((ratio * 32.0 / 33.0 - 1.0).abs() < 0.001, "{ratio}");
        }
    }

    #[test]
    fn any_times_and_targets_give_a_valid_target() {
        let mut params = ChainParams::main();
        let times = [0, 1, 10_000, u64::MAX / 2, u64::MAX - 1, u64::MAX];
        for easiest in [0x20ff_ffff, 0x1e03_ffff, 0x0a01_0000, 0x0501_0000, 0x0112_0000, 0x0101_0000] {
            for spacing_ms in [100, 10_000, 86_400_000] {
                (params.target, params.spacing_ms) = (CompactTarget(easiest), spacing_ms);
                let mut headers = vec![(Timestamp(0), params.target)];
                for n in 0..300_usize {
                    let target = Retarget::EachBlock.next_target(&params, headers.iter().rev().copied());
                    let (target, limit) = (target.expand().unwrap(), params.target.expand().unwrap());
                    assert!(target <= limit, "{target} above {limit}");
                    // Long runs without any time passing, then with random times.
                    let time = if n % 100 < 60 { 5 } else { times[n * 7 % 6] };
                    headers.push((Timestamp(time), target.to_compact()));
                }
            }
        }
    }
}
