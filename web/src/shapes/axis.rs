/// Round values for an axis from 0: at most this many steps, the last value not below `highest`.
#[must_use]
pub fn ticks(highest: f64, steps: u32) -> Vec<f64> {
    if !(highest > 0.0 && highest.is_finite()) {
        return vec![0.0, 1.0];
    }
    let step = round_step(highest / f64::from(steps.max(1)));
    // At most `steps`, except for rounding.
    let count = (highest / step - 1e-9).ceil().max(1.0) as u32;
    (0..=count).map(|n| f64::from(n) * step).collect()
}

/// Round heights for an axis from `first` to `last`: at most this many.
#[must_use]
pub fn heights(first: u32, last: u32, count: u32) -> Vec<u32> {
    let step = round_step(f64::from(last.saturating_sub(first)) / f64::from(count.max(1))).max(1.0) as u32;
    (first.div_ceil(step)..=last / step).map(|n| n * step).collect()
}

/// The places of the lowest and the highest value, if they differ.
#[must_use]
pub fn extremes(values: &[Option<f64>]) -> Option<(usize, usize)> {
    let known = || values.iter().enumerate().filter_map(|(place, value)| Some((place, (*value)?)));
    let (lowest, low) = known().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let (highest, high) = known().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (low < high).then_some((lowest, highest))
}

/// The least of 1, 2 and 5 times a power of ten that is not below `least`.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(f64::MIN_POSITIVE).log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|n| n * power >= least * (1.0 - 1e-9));
    round.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_few_round_values() {
        assert_eq!(ticks(10.0, 4), [0.0, 5.0, 10.0]);
        assert_eq!(ticks(9.3, 3), [0.0, 5.0, 10.0]);
        assert_eq!(ticks(1_234.0, 4), [0.0, 500.0, 1_000.0, 1_500.0]);
        assert_eq!(ticks(0.02, 2), [0.0, 0.01, 0.02]);
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(ticks(odd, 3), [0.0, 1.0]);
        }
        for n in 1..500 {
            let highest = 1.1_f64.powi(n - 250);
            let ticks = ticks(highest, 4);
            assert!((2..=5).contains(&ticks.len()), "{highest}: {ticks:?}");
            assert!(ticks[ticks.len() - 1] >= highest * (1.0 - 1e-6), "{highest}: {ticks:?}");
        }
    }

    #[test]
    fn heights_are_round_and_inside() {
        assert_eq!(heights(1, 61, 3), [20, 40, 60]);
        assert_eq!(heights(950, 1_049, 4), [950, 1_000]);
        assert_eq!(heights(1, 2, 4), [1, 2]);
        assert_eq!(heights(7, 7, 4), [7]);
        assert_eq!(heights(1, u32::MAX, 4), [1_000_000_000 * 2, 1_000_000_000 * 4]);
    }

    #[test]
    fn extremes_leave_out_what_is_unknown() {
        assert_eq!(extremes(&[None, Some(3.0), Some(1.0), Some(2.0)]), Some((2, 1)));
        assert_eq!(extremes(&[Some(2.0), None, Some(2.0)]), None);
        assert_eq!(extremes(&[]), None);
    }
}
