use super::{ChainParams, MAX_FUTURE_TIME};
use borsh::{BorshDeserialize, BorshSerialize};
use core::iter;
use ethnum::U256;
use fedcoin_primitives::units::{CompactTarget, EasingTarget, Target, Timestamp};
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
/// The same after a fall of the hash rate, when no block has followed yet.
const FALL_WINDOW: usize = 2;
/// The paced clock starts this many headers before the last.
const CLOCK_START: usize = 40;
/// Maximum number of spacings by which a block moves the paced clock.
const MAX_STEP: u64 = 6;
/// The paced clock jumps over gaps longer than this many spacings plus [`MAX_FUTURE_TIME`].
const JUMP: u64 = 10;
/// A header is late if its time is more than this many spacings plus [`MAX_FUTURE_TIME`] after all before it. Nobody
/// can make it late before a block is overdue by as many spacings, because of rule H6.
const LATE: u64 = 12;
/// A late block's target doubles this many times in a spacing.
const DOUBLINGS: u64 = 5;
/// A block that comes this many doublings after its target became the easiest ends a rest.
const REST: u64 = 10;
/// Number of blocks that are harder after a rest, when nobody knows how many will mine.
const CAUTIOUS_BLOCKS: usize = 3;
/// How many times harder these blocks are.
const CAUTION: u64 = 4;
/// On average, blocks count as having taken at least one spacing divided by this. So the difficulty cannot be driven up
/// within a few blocks, which would let luck outweigh many honest blocks.
const MAX_SPEED: u64 = 4;
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
    ) -> EasingTarget {
        match (self, params.target.expand()) {
            (Self::EachBlock, Ok(easiest)) => {
                let mut before: Vec<_> = before.take(CLOCK_START + 1).collect();
                before.reverse();
                let estimate = Estimate::new(params, &before);
                estimate.next(estimate.target(U256::from_be_bytes(easiest.to_be_bytes())))
            }
            // The target of checked parameters is valid.
            (Self::Fixed, _) | (_, Err(_)) => EasingTarget::fixed(params.target),
        }
    }
}

/// What earlier headers say about the hash rate.
struct Estimate {
    easiest: CompactTarget,
    spacing_ms: u64,
    clock: PacedClock,
    /// The latest of the headers' times.
    latest: Timestamp,
    after_late: bool,
    /// The target of the last header that did not end a rest.
    reference: CompactTarget,
    /// How many of the next blocks in time are cautious.
    cautious_blocks: usize,
    /// The target of the last late block that showed a fall of the hash rate.
    fall: Option<CompactTarget>,
    /// The blocks that count, the oldest first.
    counted: Vec<Counted>,
}

/// A block that counts in the estimate.
#[derive(Clone, Copy, Debug)]
struct Counted {
    target: CompactTarget,
    /// How many times harder it was because of a rest.
    caution: u64,
    took_ms: u64,
}

impl Estimate {
    /// Reads times and targets, the oldest first.
    fn new(params: &ChainParams, before: &[(Timestamp, CompactTarget)]) -> Self {
        let (&(start, reference), later) = before.split_first().unwrap_or((&(params.genesis.time, params.target), &[]));
        let mut estimate = Self {
            easiest: params.target,
            spacing_ms: params.spacing_ms,
            clock: PacedClock::new(start, params.spacing_ms),
            latest: start,
            after_late: false,
            reference,
            cautious_blocks: 0,
            fall: None,
            counted: Vec::with_capacity(later.len()),
        };
        for (stamp, target) in later {
            let needed = estimate.next(estimate.reference);
            let doublings = needed.doublings(*stamp);
            if doublings == 0 {
                estimate.count(*stamp, *target);
            } else {
                let before = doublings.saturating_sub(REST);
                let rested = before > 0 && needed.after_doublings(before) == estimate.easiest;
                estimate.pass_over(*stamp, *target, rested);
            }
            estimate.latest = estimate.latest.max(*stamp);
        }
        estimate
    }

    /// A header in time.
    fn count(&mut self, stamp: Timestamp, target: CompactTarget) {
        let took_ms = self.clock.advance(stamp);
        if self.after_late {
            self.clock.set(stamp);
        }
        self.after_late = false;
        self.counted.push(Counted { target, caution: self.caution(), took_ms });
        self.reference = target;
        self.cautious_blocks = self.cautious_blocks.saturating_sub(1);
    }

    /// A late header: after a rest the next blocks are cautious; after a fall all before it counts no more.
    fn pass_over(&mut self, stamp: Timestamp, target: CompactTarget, rested: bool) {
        self.clock.set(stamp);
        self.after_late = true;
        if rested {
            self.cautious_blocks = CAUTIOUS_BLOCKS;
        } else {
            self.counted.clear();
            self.cautious_blocks = 0;
            (self.fall, self.reference) = (Some(target), target);
        }
    }

    /// How many times harder the next block is because of a rest.
    fn caution(&self) -> u64 {
        if self.cautious_blocks > 0 { CAUTION } else { 1 }
    }

    /// The target of the next block, which has `in_time` if it is in time.
    fn next(&self, in_time: CompactTarget) -> EasingTarget {
        let late = MAX_FUTURE_TIME.as_millis() as u64 + LATE * self.spacing_ms;
        let eases_after = Timestamp(self.latest.0.saturating_add(late));
        EasingTarget::new(in_time, self.easiest, eases_after, self.spacing_ms / DOUBLINGS)
    }

    /// The weighted sums of difficulties and times in milliseconds over the last blocks that count. Missing ones count
    /// as blocks of the difficulty after the fall, or near genesis of the easiest, that took one spacing.
    fn sums(&self) -> (U256, u64) {
        let window = self.fall.map_or(WINDOW, |_| WINDOW.min(FALL_WINDOW + self.counted.len()));
        let missing = Counted { target: self.fall.unwrap_or(self.easiest), caution: 1, took_ms: self.spacing_ms };
        let newest_first = self.counted.iter().rev().chain(iter::repeat(&missing));
        let (mut work, mut time) = (U256::ZERO, 0);
        for (weight, block) in (1..=window as u64).rev().zip(newest_first) {
            work += difficulty(self.easiest, block.target) / U256::from(block.caution) * U256::from(weight);
            time += block.took_ms * weight;
        }
        let weights = (window * (window + 1) / 2) as u64;
        (work, time.max(weights * self.spacing_ms / MAX_SPEED))
    }

    /// The target at which the next block takes one spacing, or longer after a rest.
    fn target(&self, easiest: U256) -> CompactTarget {
        let ((work, time), (numerator, denominator)) = (self.sums(), CORRECTION);
        let spacings = (U256::from(time * numerator) << 40) / U256::from(self.spacing_ms * denominator);
        let whole = (easiest / work).saturating_mul(spacings);
        // Exact, except for difficulties that nobody can mine.
        let rest = (easiest % work).checked_mul(spacings).map_or(U256::ZERO, |product| product / work);
        let target = whole.saturating_add(rest).min(easiest) / U256::from(self.caution());
        Target::from_be_bytes(target.max(U256::ONE).to_be_bytes()).to_compact()
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
}

impl PacedClock {
    /// Starts the clock at `start`. `spacing_ms` is the network's time between two blocks.
    #[must_use]
    pub fn new(start: Timestamp, spacing_ms: u64) -> Self {
        Self { now: start.0, spacing_ms }
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
        let jumps = gap > MAX_FUTURE_TIME.as_millis() as u64 + JUMP * self.spacing_ms;
        self.now = if jumps { stamp.0 } else { self.now + step };
        step
    }

    /// Sets the clock, back too.
    fn set(&mut self, stamp: Timestamp) {
        self.now = stamp.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Headers = Vec<(Timestamp, CompactTarget)>;

    fn easing(headers: &Headers) -> EasingTarget {
        Retarget::EachBlock.next_target(&ChainParams::main(), headers.iter().rev().copied())
    }

    /// The target of a block in time after these headers, the oldest first.
    fn next(headers: &Headers) -> Target {
        easing(headers).in_time().expand().unwrap()
    }

    /// A chain of this many blocks of 10 s, whose targets are `compact`.
    fn steady(blocks: u64, compact: u32) -> Headers {
        (0..=blocks).map(|n| (Timestamp(1_000_000 + n * 10_000), CompactTarget(compact))).collect()
    }

    fn push(headers: &mut Headers, took_ms: i64) {
        let time = Timestamp(headers[headers.len() - 1].0.0.saturating_add_signed(took_ms));
        headers.push((time, easing(headers).at(time)));
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
        assert_eq!(fixed, EasingTarget::fixed(ChainParams::classroom().target));
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
        for (ms, took) in [(0, 0.0), (-50_000, 0.0), (25_000, 2.5), (60_000, 6.0), (240_000, 6.0)] {
            assert!(is_ratio(with_last(ms), parent, 33.0 / 32.0 * (231.0 + 22.0 * took) / 253.0), "{ms}");
        }
    }

    #[test]
    fn a_longer_block_never_makes_the_next_harder() {
        let mut headers = steady(60, 0x1c10_0000);
        for (n, took) in [3, 25_000, 400, 0, 70_000, -4_000, 9_000].into_iter().enumerate() {
            let targets: Vec<_> = (0..=24)
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
        assert!(targets[..3].iter().all(|t| (0.25..0.27).contains(t)), "{targets:?}");
        assert!(targets[3..].iter().all(|t| (1.0..1.07).contains(t)), "{targets:?}");
    }

    #[test]
    fn a_late_block_is_eased_and_shows_a_rest_or_a_fall() {
        let mut headers = steady(60, 0x1c10_0000);
        let (last, in_time) = (headers[60].0.0, easing(&headers).in_time());
        let at = |ms| easing(&steady(60, 0x1c10_0000)).at(Timestamp(last + ms));
        // After 240 s the target doubles every 2 s. It is 2^14 times from the easiest.
        assert_eq!((at(0), at(240_000)), (in_time, in_time));
        assert!(is_ratio(at(240_001).expand().unwrap(), in_time.expand().unwrap(), 2.0));
        assert_eq!(at(242_000), at(240_001));
        assert!(is_ratio(at(250_000).expand().unwrap(), in_time.expand().unwrap(), 32.0));
        assert!(at(266_000).expand().unwrap() < at(266_001).expand().unwrap());
        assert_eq!([at(268_000), at(1 << 40)], [CompactTarget(0x1e03_ffff); 2]);
        // A fall lasts: the next target follows from the eased one.
        for ms in [240_001, 250_000, 268_000, 286_000] {
            let mut fallen = headers.clone();
            push(&mut fallen, ms);
            let eased = fallen[61].1.expand().unwrap();
            let expected = number(eased) * 33.0 / 32.0;
            let limit = number(CompactTarget(0x1e03_ffff).expand().unwrap());
            assert!((number(next(&fallen)) / expected.min(limit) - 1.0).abs() < 1e-4, "{ms}");
        }
        // Ten doublings after the easiest target, nobody can have mined.
        push(&mut headers, 286_001);
        assert!(is_ratio(next(&headers), CompactTarget(0x1c10_0000).expand().unwrap(), 33.0 / 32.0 / 4.0));
    }

    #[test]
    fn after_a_fall_few_blocks_set_the_target() {
        let mut headers = steady(60, 0x1c10_0000);
        push(&mut headers, 250_000);
        let fallen = headers[61].1;
        // The window is 2, then 3, ...: the block counts for 3 of 6, then the two for 3 and 2 of 10.
        for (took, share) in [(20_000, 3.0 / 6.0), (20_000, 7.0 / 10.0), (20_000, 12.0 / 15.0)] {
            headers.push((Timestamp(headers[headers.len() - 1].0.0 + took), fallen));
            assert!(is_ratio(next(&headers), fallen.expand().unwrap(), 33.0 / 32.0 * (1.0 + share)), "{share}");
        }
    }

    #[test]
    fn the_difficulty_rises_slowly_however_close_the_times() {
        let mut headers = steady(60, 0x1c10_0000);
        for n in 0..100 {
            let before = number(next(&headers));
            push(&mut headers, 1);
            let ratio = before / number(next(&headers));
            assert!(ratio < if n < 12 { 1.43 } else { 1.29 }, "block {n}: {ratio}");
        }
        assert!(number(next(&headers)) < number(next(&steady(60, 0x1c10_0000))) / 1e9);
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
        assert_eq!(after(220_001), after(240_000));
    }

    #[test]
    fn exact_targets_of_a_known_chain() {
        // From a separate program written from the text of rule H4: `examples/client`.
        let (mut headers, mut random, mut sum, mut late) = (steady(0, 0x1e03_ffff), 1_u64, 0_u64, 0);
        let mut seen = Vec::new();
        for n in 1..=400 {
            random = random * 1_103_515_245 % (1 << 31) + 12_345;
            let (kind, span) = (random / 64 % 16, (random / 4_096 % 20_000) as i64);
            let took = match kind {
                0 => span * 20,
                7 if n > 150 => span * 200,
                1 => -span,
                2 => 120_000,
                9 => 240_000 + span,
                _ if n % 100 < 50 => span / 20,
                _ => span,
            };
            let needed = easing(&headers);
            push(&mut headers, took);
            let (time, target) = headers[n];
            late += u32::from(needed.doublings(time) > 0);
            sum = (sum * 31 + u64::from(target.0)) % 1_000_003;
            if n % 50 == 0 {
                seen.push(target.0);
            }
        }
        let expected =
            [0x1e02_27c2, 0x1e03_ffff, 0x1e03_ffff, 0x1e02_a8ff, 0x1e03_ffff, 0x1d96_c0ec, 0x1d06_a24e, 0x1e03_ffff];
        assert_eq!((seen, sum, late), (expected.to_vec(), 54_654, 41));
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
                    // Long runs without any time passing, then with random times.
                    let time = Timestamp(if n % 100 < 60 { 5 } else { times[n * 7 % 6] });
                    let limit = params.target.expand().unwrap();
                    for at in times.map(Timestamp).into_iter().chain([time]) {
                        let target = target.at(at).expand().unwrap();
                        assert!(target <= limit, "{target} above {limit}");
                    }
                    headers.push((time, target.at(time)));
                }
            }
        }
    }
}
