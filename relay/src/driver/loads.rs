use fedcoin_node::LoadId;
use fedcoin_node::primitives::BlockId;
use std::collections::VecDeque;

/// So many other things may go before a read.
const OTHERS_FIRST: u32 = 8;

/// Blocks to be read from the store, in turn with all else: to read them takes long, and whoever asks
/// for many must not keep payments and new blocks of others waiting.
///
/// Bound: what the node asks for, which bounds it for each peer.
#[derive(Debug, Default)]
pub struct Loads {
    waiting: VecDeque<(LoadId, Vec<BlockId>)>,
    /// What has gone before the next read.
    before: u32,
}

impl Loads {
    pub(super) fn put(&mut self, request: LoadId, blocks: Vec<BlockId>) {
        self.waiting.push_back((request, blocks));
    }

    /// The next read, if it is its turn: when nothing else waits, or enough has gone before it.
    pub(super) fn next(&mut self, nothing_else: bool) -> Option<(LoadId, Vec<BlockId>)> {
        if self.waiting.is_empty() {
            return None;
        }
        self.before += 1;
        if !nothing_else && self.before <= OTHERS_FIRST {
            return None;
        }
        self.before = 0;
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_go_first_but_not_for_ever() {
        let mut loads = Loads::default();
        assert!(loads.next(true).is_none());
        for n in 0..3 {
            loads.put(LoadId(n), Vec::new());
        }
        assert_eq!(loads.next(true).map(|(id, _)| id), Some(LoadId(0)));
        let turns = (0..=OTHERS_FIRST).map_while(|_| loads.next(false).is_none().then_some(())).count();
        assert_eq!(turns, OTHERS_FIRST as usize);
        assert_eq!(loads.next(true).map(|(id, _)| id), Some(LoadId(2)));
    }
}
