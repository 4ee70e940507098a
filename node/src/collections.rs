//! Hash maps whose order depends only on what was put in, so that a run can be repeated.
//!
//! Keys are ids and outpoints: SHA-256 outputs that nobody can make collide on purpose beyond
//! their first bytes. The quality variant mixes all bytes with a fixed seed.

#[expect(clippy::disallowed_types, reason = "with a fixed hasher the order is repeatable")]
/// A hash map with a repeatable order.
pub type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::quality::FixedState>;

#[expect(clippy::disallowed_types, reason = "with a fixed hasher the order is repeatable")]
/// A hash set with a repeatable order.
pub type HashSet<T> = std::collections::HashSet<T, foldhash::quality::FixedState>;

/// A set that forgets the oldest of more than `capacity` items.
#[derive(Clone, Debug)]
pub struct RecentSet<T> {
    items: HashSet<T>,
    order: std::collections::VecDeque<T>,
    capacity: usize,
}

impl<T: Copy + Eq + core::hash::Hash> RecentSet<T> {
    /// An empty set.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { items: HashSet::default(), order: std::collections::VecDeque::new(), capacity }
    }

    /// Adds an item; whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        if !self.items.insert(item) {
            return false;
        }
        self.order.push_back(item);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.items.remove(&oldest);
        }
        true
    }

    /// Whether it is remembered.
    #[must_use]
    pub fn contains(&self, item: &T) -> bool {
        self.items.contains(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut set = RecentSet::new(2);
        assert!(set.insert(1) && set.insert(2) && !set.insert(1) && set.insert(3));
        assert!(!set.contains(&1) && set.contains(&2) && set.contains(&3));
    }
}
