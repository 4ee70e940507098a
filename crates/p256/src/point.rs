//! Points of the curve `y^2 = x^3 - 3x + b` (FIPS 186-4, D.1.2.3) in two forms, and their sums.
//!
//! The formulas for sums are incomplete: they do not hold for a point and itself, a point and its negative, or the
//! point at infinity. Then they return a point with `z = 0`, and every later sum has `z = 0` as well. So one look at
//! the end tells whether all formulas held ([`Jacobian::is_sure`]).

use crate::field::Field;

/// A point by its coordinates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Affine {
    pub(crate) x: Field,
    pub(crate) y: Field,
}

/// The point `(x / z^2, y / z^3)`. All coordinates have weight 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jacobian {
    x: Field,
    y: Field,
    z: Field,
}

impl Affine {
    pub(crate) fn negated(&self) -> Self {
        Self { x: self.x, y: self.y.times(-1) }
    }
}

impl From<Affine> for Jacobian {
    fn from(point: Affine) -> Self {
        Self { x: point.x, y: point.y, z: Field::ONE }
    }
}

impl Jacobian {
    /// Twice the point: "dbl-2001-b" of the Explicit-Formulas Database (Bernstein), with `2 * y * z` for
    /// `(y + z)^2 - gamma - delta`, which needs no folding.
    pub(crate) fn doubled(&self) -> Self {
        let delta = self.z.square();
        let gamma = self.y.square();
        let beta = self.x.mul(&gamma);
        let alpha = self.x.sub(&delta).mul(&self.x.add(&delta)).times(3).folded();
        let beta4 = beta.times(4);
        let x = alpha.square().sub(&beta4.times(2)).folded();
        let y = alpha.mul(&beta4.sub(&x)).sub(&gamma.square().times(8)).folded();
        Self { x, y, z: self.y.times(2).mul(&self.z) }
    }

    /// The sum with a point whose `z` is 1: "madd" of the same database (Cohen, Miyaji and Ono, 1998). The points must
    /// be neither equal nor opposite.
    pub(crate) fn plus(&self, other: &Affine) -> Self {
        let zz = self.z.square();
        let u = other.x.mul(&zz);
        let s = other.y.mul(&self.z.mul(&zz));
        Self::sum(&self.x, &self.y, &u, &s, &self.z)
    }

    /// The sum: "add-1998-cmo-2" of the same database. The points must be neither equal nor opposite.
    pub(crate) fn plus_jacobian(&self, other: &Self) -> Self {
        let (zz, other_zz) = (self.z.square(), other.z.square());
        let own_u = self.x.mul(&other_zz);
        let own_s = self.y.mul(&other.z.mul(&other_zz));
        let u = other.x.mul(&zz);
        let s = other.y.mul(&self.z.mul(&zz));
        Self::sum(&own_u, &own_s, &u, &s, &self.z.mul(&other.z))
    }

    /// The part that both formulas share: the sum of two points with the same `z`, `(u1, s1)` and `(u2, s2)`.
    #[inline(always)]
    fn sum(u1: &Field, s1: &Field, u2: &Field, s2: &Field, z: &Field) -> Self {
        let h = u2.sub(u1);
        let r = s2.sub(s1);
        let hh = h.square();
        let hhh = h.mul(&hh);
        let v = u1.mul(&hh);
        let x = r.square().sub(&hhh).sub(&v.times(2)).folded();
        let y = r.mul(&v.sub(&x)).sub(&s1.mul(&hhh)).folded();
        Self { x, y, z: z.mul(&h) }
    }

    /// Whether all formulas that led to this point held.
    pub(crate) fn is_sure(&self) -> bool {
        !self.z.is_zero()
    }

    /// Whether `x` is the point's first coordinate, which is found without a division: `x * z^2 = X`.
    pub(crate) fn has_x(&self, x: &Field) -> bool {
        x.mul(&self.z.square()).sub(&self.x).is_zero()
    }

    /// The points' coordinates, by one division for all of them: Montgomery's trick (Guide to ECC, algorithm 2.26). All
    /// points must be sure.
    pub(crate) fn to_affine(points: &[Self]) -> Vec<Affine> {
        let mut product = Field::ONE;
        let mut before = Vec::with_capacity(points.len());
        for point in points {
            before.push(product);
            product = product.mul(&point.z);
        }
        let mut inverse = product.inverse();
        let mut affine = Vec::with_capacity(points.len());
        for (point, before) in points.iter().zip(before).rev() {
            let z = inverse.mul(&before);
            let zz = z.square();
            affine.push(Affine { x: point.x.mul(&zz), y: point.y.mul(&zz.mul(&z)) });
            inverse = inverse.mul(&point.z);
        }
        affine.reverse();
        affine
    }
}
