use crate::field::Field;
use crate::point::Affine;
use crate::table::{Tables, tables};

/// The curve's `b` (FIPS 186-4, D.1.2.3).
const B: [u8; 32] = [
    0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc, 0x65, 0x1d, 0x06,
    0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
];

/// Width of the digits by which a key is multiplied.
pub(crate) const KEY_WIDTH: u32 = 5;

/// A public key that is a point of the curve, with multiples of it: about 1.3 kB.
#[derive(Clone, Debug)]
pub struct Key {
    pub(crate) bytes: [u8; 33],
    pub(crate) tables: Tables,
}

impl Key {
    /// Prepares keys for checks, which costs each of them about as much as a check. `None` for a key that is not a
    /// point of the curve: none of its signatures is valid.
    #[must_use]
    pub fn prepare(keys: &[[u8; 33]]) -> Vec<Option<Self>> {
        let points: Vec<Option<Affine>> = keys.iter().map(point).collect();
        let on_curve: Vec<Affine> = points.iter().copied().flatten().collect();
        let mut tables = tables(&on_curve, 1 << (KEY_WIDTH - 2)).into_iter();
        let key = |(bytes, point): (&[u8; 33], Option<Affine>)| {
            point.and_then(|_| tables.next()).map(|tables| Self { bytes: *bytes, tables })
        };
        keys.iter().zip(points).map(key).collect()
    }
}

/// The point that a key's 33 bytes stand for (SEC 1, 2.3.4). `None` if they are not a point of the curve.
///
/// Like the crate `p256`, this also knows the form that begins with 5, whose `y` is the smaller of the two
/// (draft-jivsov-ecc-compact).
pub(crate) fn point(bytes: &[u8; 33]) -> Option<Affine> {
    let (tag, x) = bytes.split_first()?;
    let x = Field::from_bytes(x.try_into().ok()?)?;
    let b = Field::from_bytes(&B)?;
    let y = x.square().mul(&x).sub(&x.times(3)).add(&b).folded().square_root()?;
    // The order of the curve is odd, so `y` is not zero.
    let negate = match tag {
        2 => y.is_odd(),
        3 => !y.is_odd(),
        5 => y.times(-1).is_below(&y),
        _ => return None,
    };
    let point = Affine { x, y };
    Some(if negate { point.negated() } else { point })
}
