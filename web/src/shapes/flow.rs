use std::fmt::Write;

/// Height of a row.
pub const ROW: u32 = 52;

/// The path of curves from each of the rows at the left through one point in the middle to each of those at the right,
/// where they end in arrowheads. Both sides are centred.
#[must_use]
pub fn curves(left: usize, right: usize, width: u32) -> String {
    let rows = left.max(right) as f64;
    let (row, width) = (f64::from(ROW), f64::from(width));
    let (middle, half, end) = (rows * row / 2.0, width / 2.0, width - 4.0);
    let height = |n: usize, count: usize| (n as f64 + 0.5) * row + (rows - count as f64) * row / 2.0;
    let mut path = String::new();
    for y in (0..left).map(|n| height(n, left)) {
        let _ = write!(path, "M0 {y:.1}C{half:.1} {y:.1} 0 {middle:.1} {half:.1} {middle:.1}");
    }
    for y in (0..right).map(|n| height(n, right)) {
        let _ = write!(path, "M{half:.1} {middle:.1}C{end:.1} {middle:.1} {half:.1} {y:.1} {end:.1} {y:.1}");
        let _ = write!(path, "M{:.1} {:.1}L{end:.1} {y:.1}L{:.1} {:.1}", end - 6.0, y - 5.0, end - 6.0, y + 5.0);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_curve_and_outputs_have_arrowheads() {
        let path = curves(2, 3, 64);
        assert_eq!((path.matches('C').count(), path.matches('L').count(), path.matches('M').count()), (5, 6, 8));
        // Two rows beside three stand half a row lower.
        assert!(path.starts_with("M0 52.0C32.0 52.0 0 78.0 32.0 78.0M0 104.0C"), "{path}");
        assert!(path.contains("M54.0 21.0L60.0 26.0L54.0 31.0"), "{path}");
        assert!(path.ends_with("M54.0 125.0L60.0 130.0L54.0 135.0"), "{path}");
        assert_eq!(curves(0, 0, 64), "");
    }
}
