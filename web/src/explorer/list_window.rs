/// Number of rows rendered above and below the visible ones, to show while scrolling.
const MARGIN_ROWS: usize = 4;
/// Browsers render no element much higher than this, in CSS pixels: a longer list scrolls faster.
const MAX_PX: f64 = 8e6;

/// The rendered rows of a long list, and the space for the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ListWindow {
    /// The first rendered row.
    pub(crate) first: usize,
    /// Number of rendered rows.
    pub(crate) count: usize,
    /// Space above them in CSS pixels.
    pub(crate) above: f64,
    /// Space below them in CSS pixels.
    pub(crate) below: f64,
}

/// Scroll position and sizes of a list in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scroll {
    /// Scroll position from the top.
    pub(crate) top: f64,
    /// Visible height.
    pub(crate) seen: f64,
    /// Height of each row.
    pub(crate) row: f64,
}

impl ListWindow {
    /// The window of a list with this many rows.
    pub(crate) fn of(rows: usize, scroll: Scroll) -> Self {
        let row = scroll.row.max(1.0);
        let whole = rows as f64 * row;
        let room = whole.min(MAX_PX);
        let scale = if whole > room { (whole - scroll.seen) / (room - scroll.seen).max(1.0) } else { 1.0 };
        let from = (scroll.top * scale).clamp(0.0, (whole - scroll.seen).max(0.0));
        // Lists have far fewer rows than the limits of these conversions.
        let first = ((from / row) as usize).saturating_sub(MARGIN_ROWS);
        let last = (((from + scroll.seen) / row) as usize + 1 + MARGIN_ROWS).min(rows);
        let count = last.saturating_sub(first);
        let above = if scale == 1.0 { first as f64 * row } else { (first as f64 * row - from + scroll.top).max(0.0) };
        Self { first, count, above, below: (room - above - count as f64 * row).max(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const fn at(top: f64) -> Scroll {
        Scroll { top, seen: 480.0, row: 40.0 }
    }

    #[wasm_bindgen_test]
    fn few_rows_of_many_are_rendered() {
        let window = |first, count, above, below| ListWindow { first, count, above, below };
        assert_eq!(ListWindow::of(0, at(0.0)), window(0, 0, 0.0, 0.0));
        assert_eq!(ListWindow::of(3, at(0.0)), window(0, 3, 0.0, 0.0));
        assert_eq!(ListWindow::of(100_000, at(0.0)), window(0, 17, 0.0, 3_999_320.0));
        assert_eq!(ListWindow::of(100_000, at(40_010.0)), window(996, 21, 39_840.0, 3_959_320.0));
        assert_eq!(ListWindow::of(100_000, at(3_999_520.0)), window(99_984, 16, 3_999_360.0, 0.0));
    }

    #[wasm_bindgen_test]
    fn a_list_too_high_to_render_can_be_scrolled_from_end_to_end() {
        let rows = 5_000_000;
        assert_eq!(ListWindow::of(rows, at(0.0)).first, 0);
        let end = ListWindow::of(rows, at(MAX_PX - 480.0));
        assert_eq!(end.first + end.count, rows);
        let middle = ListWindow::of(rows, at((MAX_PX - 480.0) / 2.0));
        assert!(middle.first.abs_diff(rows / 2) < 20, "{middle:?}");
        for window in [end, middle] {
            let height = window.above + window.count as f64 * 40.0 + window.below;
            assert!((height - MAX_PX).abs() < 200.0, "{window:?}");
        }
    }
}
