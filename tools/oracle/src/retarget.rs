use ethnum::U256;
use fedcoin_node::consensus::{ChainParams, Retarget};
use fedcoin_node::units::{CompactTarget, Target};

/// A header's time and target.
type Link = (u64, CompactTarget);

/// What a header's time shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    InTime,
    Fall,
    Rest,
}

/// The target of a block of this time after these headers, from genesis on (rule H4). Every step of the rule's text is
/// a pass of its own over the last headers.
#[must_use]
pub fn naive_target(params: &ChainParams, chain: &[Link], time: u64) -> CompactTarget {
    if params.retarget == Retarget::Fixed {
        return params.target;
    }
    let headers = &chain[chain.len().saturating_sub(41)..];
    let kinds = kinds(params, headers);
    let cautious: Vec<bool> = (1..=headers.len()).map(|place| is_cautious(&kinds, place)).collect();
    let target = compact(in_time(params, headers, &kinds, &cautious));
    compact(eased(params, number(target), steps(params, headers, time)))
}

fn number(target: CompactTarget) -> U256 {
    U256::from_be_bytes(target.expand().unwrap().to_be_bytes())
}

fn compact(number: U256) -> CompactTarget {
    Target::from_be_bytes(number.to_be_bytes()).to_compact()
}

/// 1. By how many steps a block of this time after these headers is late.
fn steps(params: &ChainParams, before: &[Link], time: u64) -> u128 {
    let latest = before.iter().map(|(time, _)| *time).max().unwrap();
    let due = u128::from(latest) + 120_000 + 12 * u128::from(params.spacing_ms);
    u128::from(time).saturating_sub(due).div_ceil(u128::from(params.spacing_ms / 5))
}

/// Doubled so often, one doubling after the other.
fn eased(params: &ChainParams, target: U256, doublings: u128) -> U256 {
    let easiest = number(params.target);
    let mut target = target;
    for _ in 0..doublings {
        if target >= easiest {
            break;
        }
        target = target.saturating_mul(U256::new(2)).min(easiest);
    }
    target
}

/// 2. Which headers are in time, and what the late ones show. The oldest has nothing before it.
fn kinds(params: &ChainParams, headers: &[Link]) -> Vec<Kind> {
    let (mut kinds, mut reference) = (vec![Kind::InTime], headers[0].1);
    for (place, (time, target)) in headers.iter().enumerate().skip(1) {
        let late = steps(params, &headers[..place], *time);
        let rested = late > 10 && eased(params, number(reference), late - 10) == number(params.target);
        kinds.push(if late == 0 {
            Kind::InTime
        } else if rested {
            Kind::Rest
        } else {
            Kind::Fall
        });
        if kinds[place] != Kind::Rest {
            reference = *target;
        }
    }
    kinds
}

/// Whether the header at this place is cautious, or the next one, if it is the place after the last.
fn is_cautious(kinds: &[Kind], place: usize) -> bool {
    let Some(rest) = kinds[..place].iter().rposition(|kind| *kind == Kind::Rest) else { return false };
    let since = &kinds[rest + 1..place];
    !since.contains(&Kind::Fall) && since.len() < 3
}

/// 3. How long each header's block counts as having taken.
fn times(params: &ChainParams, headers: &[Link], kinds: &[Kind]) -> Vec<u64> {
    let spacing = params.spacing_ms;
    let (mut clock, mut took) = (headers[0].0, vec![0]);
    for (place, (time, _)) in headers.iter().enumerate().skip(1) {
        let ahead = time.saturating_sub(clock);
        took.push(ahead.min(6 * spacing));
        let follows = kinds[place] == Kind::InTime && kinds[place - 1] == Kind::InTime;
        clock = if follows && ahead <= 120_000 + 10 * spacing { clock + took[place] } else { *time };
    }
    took
}

/// 4 to 6. The target of a block in time. `cautious` begins with the header after the oldest.
fn in_time(params: &ChainParams, headers: &[Link], kinds: &[Kind], cautious: &[bool]) -> U256 {
    let (easiest, spacing) = (params.target, params.spacing_ms);
    let fall = kinds.iter().rposition(|kind| *kind == Kind::Fall);
    let times = times(params, headers, kinds);
    let mut blocks: Vec<(U256, u64)> = Vec::new();
    for (place, (_, target)) in headers.iter().enumerate().skip(fall.unwrap_or(0) + 1) {
        if kinds[place] == Kind::InTime {
            let work = difficulty(easiest, *target);
            blocks.push((if cautious[place - 1] { work / 4 } else { work }, times[place]));
        }
    }
    let size = if fall.is_some() { (blocks.len() + 2).min(22) } else { 22 };
    let missing = difficulty(easiest, fall.map_or(easiest, |place| headers[place].1));
    while blocks.len() < size {
        blocks.insert(0, (missing, spacing));
    }
    let (mut work, mut time) = (U256::ZERO, 0);
    for (n, block) in blocks[blocks.len() - size..].iter().enumerate() {
        work += block.0 * U256::from(n as u64 + 1);
        time += block.1 * (n as u64 + 1);
    }
    let least = (size * (size + 1) / 2) as u64 * spacing / 4;
    let factor = (U256::from(time.max(least) * 33) << 40) / U256::from(32 * spacing);
    let target = product_over(number(easiest), factor, work).min(number(easiest));
    (if cautious[headers.len() - 1] { target / 4 } else { target }).max(U256::ONE)
}

fn difficulty(easiest: CompactTarget, target: CompactTarget) -> U256 {
    let (mantissa, exponent) = (easiest.0 & 0xff_ffff, easiest.0 >> 24);
    let quotient = U256::from((u64::from(mantissa) << 40) / u64::from(target.0 & 0xff_ffff));
    (0..exponent.saturating_sub(target.0 >> 24).min(24)).fold(quotient, |product, _| product * 256)
}

/// `a * b / c`, bit by bit of `b`, or the largest number. `c` is below 2^250.
fn product_over(a: U256, b: U256, c: U256) -> U256 {
    let (mut quotient, mut rest) = (U256::ZERO, U256::ZERO);
    for bit in (0..256 - b.leading_zeros()).rev() {
        let addend = if (b >> bit) & U256::ONE == U256::ONE { a } else { U256::ZERO };
        rest = rest * 2 + addend % c;
        quotient = quotient.saturating_mul(U256::new(2)).saturating_add(addend / c).saturating_add(rest / c);
        rest %= c;
    }
    quotient
}
