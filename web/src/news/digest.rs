use fedcoin_node::primitives::{Address, TxId};
use fedcoin_node::units::{Amount, Height};
use node_wasm::messages::{HistoryEntry, HistoryKind};

/// What the newest page of the history has held so far.
#[derive(Debug, Default)]
pub(crate) struct Digest {
    /// Whose history it is.
    own: Vec<Address>,
    /// The page before; `None` before the first one of these keys, and while the node is syncing: what comes then is old.
    before: Option<Vec<HistoryEntry>>,
    /// The highest block seen on a page.
    top: Height,
    reached: Reached,
}

/// What the user has done, at least once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Mined a block.
    pub(crate) mined: bool,
    /// Sent a payment.
    pub(crate) paid: bool,
}

/// Something new for the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Novelty {
    pub(crate) kind: Kind,
    pub(crate) txid: TxId,
    pub(crate) amount: Amount,
}

/// The kind of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A payment of somebody else.
    Received,
    /// The reward of a block.
    Mined,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Received, Self::Mined];

    /// Its name in the document.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Mined => "mined",
        }
    }
}

impl Digest {
    /// Takes the newest page of the history of these keys; returns what is new, oldest first.
    pub(crate) fn take(&mut self, own: Vec<Address>, page: Vec<HistoryEntry>, synced: bool) -> Vec<Novelty> {
        if self.own != own {
            (self.before, self.top) = (None, Height::GENESIS);
        }
        self.reached.mined |= page.iter().any(|entry| entry.kind == HistoryKind::Mined);
        self.reached.paid |= page.iter().any(|entry| matches!(entry.kind, HistoryKind::Paid | HistoryKind::ToSelf));
        let news = match &self.before {
            Some(before) => page.iter().rev().filter_map(|entry| self.novelty(entry, before, &page)).collect(),
            None => Vec::new(),
        };
        let top = page.iter().filter_map(height).max().unwrap_or_default();
        (self.own, self.top) = (own, self.top.max(top));
        self.before = synced.then_some(page);
        news
    }

    pub(crate) const fn reached(&self) -> Reached {
        self.reached
    }

    fn novelty(&self, entry: &HistoryEntry, before: &[HistoryEntry], page: &[HistoryEntry]) -> Option<Novelty> {
        let kind = match entry.kind {
            HistoryKind::Received => Kind::Received,
            HistoryKind::Mined => Kind::Mined,
            HistoryKind::Paid | HistoryKind::ToSelf => return None,
        };
        // An older entry comes back into the page when newer ones leave it.
        let is_old = height(entry).is_some_and(|height| height <= self.top);
        // A payment whose sender raised its fee has another id.
        let is_known = |old: &HistoryEntry| {
            let left = || !page.iter().any(|entry| entry.txid == old.txid);
            let replaced =
                old.block.is_none() && (old.kind, old.other, old.amount) == (entry.kind, entry.other, entry.amount);
            old.txid == entry.txid || replaced && left()
        };
        let novelty = Novelty { kind, txid: entry.txid, amount: entry.amount };
        (!is_old && !before.iter().any(is_known)).then_some(novelty)
    }
}

fn height(entry: &HistoryEntry) -> Option<Height> {
    entry.block.map(|(_, height)| height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::primitives::BlockId;
    use wasm_bindgen_test::wasm_bindgen_test;

    const OWN: Address = Address([1; 20]);

    /// The entry of this id, in a block of this height or waiting.
    fn entry(id: u8, kind: HistoryKind, fed: u32, height: Option<u32>) -> HistoryEntry {
        HistoryEntry {
            txid: TxId([id; 32]),
            block: height.map(|height| (BlockId([0; 32]), Height(height))),
            time: None,
            kind,
            own: OWN,
            amount: Amount::from_fed(fed),
            fee: Amount::ZERO,
            spendable_from: None,
            other: Some(Address([9; 20])),
        }
    }

    fn ids(news: Vec<Novelty>) -> Vec<(Kind, u8)> {
        news.into_iter().map(|novelty| (novelty.kind, novelty.txid.0[0])).collect()
    }

    #[wasm_bindgen_test]
    fn each_novelty_is_reported_once() {
        use HistoryKind::{Mined, Paid, Received, ToSelf};
        let mut digest = Digest::default();
        let mut take = |page: &[HistoryEntry]| ids(digest.take(vec![OWN], page.to_vec(), true));
        let old = entry(1, Received, 5, Some(3));
        assert_eq!(take(&[old]), [], "what was there before is not new");
        let waiting = entry(2, Received, 4, None);
        assert_eq!(take(&[waiting, old]), [(Kind::Received, 2)]);
        let mined = entry(3, Mined, 50, Some(4));
        let arrived = entry(2, Received, 4, Some(4));
        assert_eq!(take(&[mined, arrived, old]), [(Kind::Mined, 3)], "news when it arrives, not when it is mined");
        assert_eq!(take(&[entry(4, Paid, 1, None), entry(5, ToSelf, 1, None), mined, arrived]), []);
        let two = [entry(7, Mined, 50, Some(6)), entry(6, Received, 1, Some(6)), mined];
        assert_eq!(take(&two), [(Kind::Received, 6), (Kind::Mined, 7)], "oldest first");
        assert_eq!(digest.reached(), Reached { mined: true, paid: true });
    }

    #[wasm_bindgen_test]
    fn what_is_old_is_not_reported() {
        use HistoryKind::{Mined, Received};
        let mut digest = Digest::default();
        let first = entry(1, Received, 5, Some(3));
        digest.take(vec![OWN], vec![first], false);
        let second = entry(2, Mined, 5, Some(4));
        assert_eq!(ids(digest.take(vec![OWN], vec![second, first], true)), [], "what a sync brings");
        let third = entry(3, Mined, 5, Some(5));
        assert_eq!(ids(digest.take(vec![OWN, Address([2; 20])], vec![third, second], true)), [], "what a key brings");
        // A reorganisation took the newest entries; an older one takes their place.
        assert_eq!(ids(digest.take(vec![OWN, Address([2; 20])], vec![first], true)), []);
        let waiting = entry(4, Received, 7, None);
        let raised = HistoryEntry { txid: TxId([5; 32]), ..waiting };
        let own = || vec![OWN, Address([2; 20])];
        assert_eq!(ids(digest.take(own(), vec![waiting], true)), [(Kind::Received, 4)]);
        assert_eq!(ids(digest.take(own(), vec![raised], true)), [], "the same payment with a higher fee");
        assert_eq!(ids(digest.take(own(), vec![raised, waiting], true)), [(Kind::Received, 4)], "but not beside it");
        assert_eq!(digest.reached(), Reached { mined: true, paid: false });
    }
}
