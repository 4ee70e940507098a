/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub x: f64,
    /// Its top edge.
    pub y: f64,
    /// Its extent to the right.
    pub width: f64,
    /// Its extent downwards.
    pub height: f64,
}

/// Divides a rectangle into one part for each size, as large as its share of all and as square as possible: a squarified
/// treemap. Descending sizes give the squarest parts. A size that is not above 0 counts as very small.
#[must_use]
pub fn treemap(sizes: &[f64], whole: Rect) -> Vec<Rect> {
    let sizes: Vec<f64> = sizes.iter().map(|size| size.max(1e-9)).collect();
    let scale = whole.width * whole.height / sizes.iter().sum::<f64>();
    let areas: Vec<f64> = sizes.iter().map(|size| size * scale).collect();
    let (mut parts, mut rest, mut areas) = (Vec::with_capacity(areas.len()), whole, areas.as_slice());
    while !areas.is_empty() {
        let side = rest.width.min(rest.height);
        let better = |n: &usize| longest(&areas[..*n], side) <= longest(&areas[..*n - 1], side);
        let count = (2..=areas.len()).take_while(better).last().unwrap_or(1);
        let (row, others) = areas.split_at(count);
        rest = lay(row, rest, &mut parts);
        areas = others;
    }
    parts
}

/// How much longer than wide the worst part of a row along a side is.
fn longest(row: &[f64], side: f64) -> f64 {
    let depth = row.iter().sum::<f64>() / side;
    let ratio = |area: &f64| (depth * depth / area).max(area / (depth * depth));
    row.iter().map(ratio).fold(1.0, f64::max)
}

/// Lays a row along the shorter side; returns what is left.
fn lay(row: &[f64], rest: Rect, parts: &mut Vec<Rect>) -> Rect {
    let Rect { x, y, width, height } = rest;
    let all: f64 = row.iter().sum();
    let mut along = 0.0;
    if width >= height {
        let depth = all / height;
        for area in row {
            parts.push(Rect { x, y: y + along, width: depth, height: area / depth });
            along += area / depth;
        }
        Rect { x: x + depth, width: (width - depth).max(0.0), ..rest }
    } else {
        let depth = all / width;
        for area in row {
            parts.push(Rect { x: x + along, y, width: area / depth, height: depth });
            along += area / depth;
        }
        Rect { y: y + depth, height: (height - depth).max(0.0), ..rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Rect = Rect { x: 0.0, y: 0.0, width: 6.0, height: 4.0 };

    fn is_close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn the_example_of_its_inventors() {
        let parts = treemap(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], WHOLE);
        let expected = [
            (0.0, 0.0, 3.0, 2.0),
            (0.0, 2.0, 3.0, 2.0),
            (3.0, 0.0, 12.0 / 7.0, 7.0 / 3.0),
            (3.0 + 12.0 / 7.0, 0.0, 9.0 / 7.0, 7.0 / 3.0),
        ];
        for (part, (x, y, width, height)) in parts.iter().zip(expected) {
            let same = [(part.x, x), (part.y, y), (part.width, width), (part.height, height)];
            assert!(same.iter().all(|(a, b)| is_close(*a, *b)), "{part:?}");
        }
        assert_eq!(parts.len(), 7);
    }

    #[test]
    fn parts_fill_the_whole_and_do_not_overlap() {
        let sizes: Vec<f64> = (1..=120).rev().map(|n| f64::from(n % 17 + 1) * 40.0).collect();
        let parts = treemap(&sizes, WHOLE);
        let all: f64 = sizes.iter().sum();
        for (n, (part, size)) in parts.iter().zip(&sizes).enumerate() {
            assert!(is_close(part.width * part.height, size / all * 24.0), "{n}: {part:?}");
            assert!(part.x >= -1e-6 && part.x + part.width <= 6.0 + 1e-6, "{n}: {part:?}");
            assert!(part.y >= -1e-6 && part.y + part.height <= 4.0 + 1e-6, "{n}: {part:?}");
            for other in &parts[..n] {
                let apart = part.x + 1e-6 >= other.x + other.width
                    || other.x + 1e-6 >= part.x + part.width
                    || part.y + 1e-6 >= other.y + other.height
                    || other.y + 1e-6 >= part.y + part.height;
                assert!(apart, "{part:?} overlaps {other:?}");
            }
        }
    }

    #[test]
    fn equal_parts_are_nearly_square() {
        let parts = treemap(&[1.0; 24], WHOLE);
        assert!(parts.iter().all(|part| (0.5..2.0).contains(&(part.width / part.height))), "{parts:?}");
        assert_eq!(treemap(&[5.0], WHOLE), [WHOLE]);
        assert_eq!(treemap(&[], WHOLE), []);
        assert_eq!(treemap(&[0.0, f64::NAN], WHOLE).len(), 2);
    }
}
