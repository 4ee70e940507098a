use super::sha256;

/// The merkle root over the leaves by RFC 6962, section 2.1 (rule B3).
///
/// Leaves and inner nodes are hashed with different first bytes. The left subtree is the largest full one, and no leaf
/// is doubled. So two different lists never share a root.
#[must_use]
pub fn merkle_root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => sha256(&[]),
        [leaf] => sha256(&[&[0], leaf]),
        _ => {
            // The largest power of two below the number of leaves.
            let split = (leaves.len() - 1).ilog2();
            let (left, right) = leaves.split_at(1 << split);
            sha256(&[&[1], &merkle_root(left), &merkle_root(right)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(n: u8) -> Vec<[u8; 32]> {
        (0..n).map(|i| [i; 32]).collect()
    }

    #[test]
    fn splits_at_the_largest_power_of_two() {
        let l = leaves(5);
        let leaf = |i: usize| sha256(&[&[0], &l[i]]);
        let pair = |a: [u8; 32], b: [u8; 32]| sha256(&[&[1], &a, &b]);
        let full = pair(pair(leaf(0), leaf(1)), pair(leaf(2), leaf(3)));
        assert_eq!(merkle_root(&l), pair(full, leaf(4)));
    }

    #[test]
    fn a_doubled_last_leaf_changes_the_root() {
        for n in 1..20 {
            let one = leaves(n);
            let mut two = one.clone();
            two.push([n - 1; 32]);
            assert_ne!(merkle_root(&one), merkle_root(&two));
        }
    }
}
