/// Mean and standard deviation of a series of numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Summary {
    /// Adds a number.
    pub fn add(&mut self, x: f64) {
        self.count += 1.0;
        self.sum += x;
        self.squares += x * x;
    }

    /// Their mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.sum / self.count
    }

    /// Their standard deviation.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        (self.squares / self.count - self.mean().powi(2)).max(0.0).sqrt()
    }
}

impl FromIterator<f64> for Summary {
    fn from_iter<T: IntoIterator<Item = f64>>(numbers: T) -> Self {
        let mut summary = Self::default();
        numbers.into_iter().for_each(|x| summary.add(x));
        summary
    }
}

/// The smallest number that `share` of them (0 to 1) do not exceed, or NaN if there are none.
#[must_use]
pub fn percentile(numbers: &[f64], share: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_moments_are_correct() {
        let numbers = [5.0, 1.0, 3.0, 2.0, 4.0];
        assert_eq!([0.0, 0.5, 0.99, 1.0].map(|p| percentile(&numbers, p)), [1.0, 3.0, 5.0, 5.0]);
        assert!(percentile(&[], 0.5).is_nan());
        let summary: Summary = numbers.into_iter().collect();
        assert_eq!((summary.mean(), summary.deviation()), (3.0, 2f64.sqrt()));
    }
}
