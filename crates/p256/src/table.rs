//! Tables of a point's multiples.

use crate::digits::HALF;
use crate::field::Field;
use crate::point::{Affine, Jacobian};

/// A point with its odd multiples: 1, 3, 5, ... times the point.
#[derive(Clone, Debug)]
pub(crate) struct Table(Vec<Packed>);

/// Tables for the two halves of a scalar: of a point `P`, and of `2^128 * P`.
pub(crate) type Tables = [Table; 2];

/// A point in 72 bytes.
#[derive(Clone, Copy, Debug)]
struct Packed {
    x: [i32; 9],
    y: [i32; 9],
}

impl Table {
    /// The multiple of the table's point by an odd number, which may be negative.
    #[inline(always)]
    pub(crate) fn multiple(&self, digit: i8) -> Affine {
        let Packed { x, y } = &self.0[usize::from(digit.unsigned_abs() / 2)];
        let point = Affine { x: Field::unpacked(x), y: Field::unpacked(y) };
        if digit < 0 { point.negated() } else { point }
    }
}

/// Tables with `size` multiples of each point, by one division for all of them. The points are on the curve. Its order
/// is a prime above `2^255`, so neither doubling nor the sums meet a case in which the formulas do not hold.
pub(crate) fn tables(points: &[Affine], size: usize) -> Vec<Tables> {
    let mut multiples = Vec::with_capacity(points.len() * 2 * size);
    for point in points {
        let lower = Jacobian::from(*point);
        let mut upper = lower;
        for _ in 0..HALF {
            upper = upper.doubled();
        }
        push_odd_multiples(&mut multiples, lower, size);
        push_odd_multiples(&mut multiples, upper, size);
    }
    let packed = |point: &Affine| Packed { x: point.x.packed(), y: point.y.packed() };
    let table = |points: &[Affine]| Table(points.iter().map(packed).collect());
    let affine = Jacobian::to_affine(&multiples);
    affine.chunks(2 * size).map(|both| [table(&both[..size]), table(&both[size..])]).collect()
}

fn push_odd_multiples(multiples: &mut Vec<Jacobian>, point: Jacobian, size: usize) {
    let twice = point.doubled();
    let mut multiple = point;
    multiples.push(multiple);
    for _ in 1..size {
        multiple = multiple.plus_jacobian(&twice);
        multiples.push(multiple);
    }
}
