use crate::peer_id::PeerId;
use crate::primitives::TxId;
use crate::units::Monotonic;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

/// Requested payments that have not arrived, and the other peers that announced them: a peer that announces a payment
/// and withholds it only delays it.
///
/// Bounds: [`PaymentRequests::MAX`] payments; [`PaymentRequests::MAX_OF_PEER`] of them from one peer, so that none can
/// use up the whole capacity; [`PaymentRequests::MAX_OTHERS`] other announcers for each. A peer that fails to deliver
/// may owe fewer at a time, because an announcement costs it little and a request costs this node time.
#[derive(Default)]
pub(super) struct PaymentRequests {
    requests: BTreeMap<TxId, Request>,
    accounts: BTreeMap<PeerId, Account>,
}

/// What a peer owes, and how much it may owe.
struct Account {
    owed: usize,
    most: usize,
    /// Payments that it owes, and payments to request from it if another peer fails.
    payments: BTreeSet<TxId>,
}

/// The consequence of a peer's announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AskDecision {
    /// Request the payment from that peer.
    Ask,
    /// Another peer has been asked; this one is next if that one fails.
    RequestedFromOther,
    /// Another peer has been asked, and enough others are next: try again later.
    Crowded,
    /// The peer owes as many as it may: request later.
    Full,
}

struct Request {
    from: PeerId,
    at: Monotonic,
    others: Vec<PeerId>,
}

impl PaymentRequests {
    const MAX: usize = 50_000;
    const MAX_OF_PEER: usize = 5_000;
    const MAX_OTHERS: usize = 4;
    /// How many payments a peer may owe at first, and at least.
    const FIRST_MOST: usize = 1_000;
    const LEAST_MOST: usize = 10;
    /// Time after which a payment is requested from another peer.
    const ANSWER: Duration = Duration::from_secs(4);

    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Records that a peer announced a payment that this node lacks.
    pub(super) fn announced(&mut self, txid: TxId, peer: PeerId, now: Monotonic) -> AskDecision {
        if let Some(request) = self.requests.get_mut(&txid) {
            if request.from == peer || request.others.contains(&peer) {
                return AskDecision::RequestedFromOther;
            }
            if request.others.len() >= Self::MAX_OTHERS {
                return AskDecision::Crowded;
            }
            request.others.push(peer);
            self.account(peer).payments.insert(txid);
            return AskDecision::RequestedFromOther;
        }
        let full = self.requests.len() >= Self::MAX;
        let account = self.account(peer);
        if full || account.owed >= account.most {
            return AskDecision::Full;
        }
        account.owed += 1;
        account.payments.insert(txid);
        self.requests.insert(txid, Request { from: peer, at: now, others: Vec::new() });
        AskDecision::Ask
    }

    /// How many payments a peer may owe; grows with its deliveries.
    pub(super) fn trust(&self, peer: PeerId) -> usize {
        self.accounts.get(&peer).map_or(Self::FIRST_MOST, |account| account.most)
    }

    /// Whether a peer owes at most half of what it may, so that another request is worth a message.
    pub(super) fn owes_little(&self, peer: PeerId) -> bool {
        self.accounts.get(&peer).is_none_or(|account| account.owed <= account.most / 2)
    }

    /// Whether the payment has been requested.
    pub(super) fn is_requested(&self, txid: &TxId) -> bool {
        self.requests.contains_key(txid)
    }

    /// Records a payment sent by a peer. Returns whether it was requested from it; if so, the peer may owe more from
    /// now on.
    pub(super) fn delivered(&mut self, txid: &TxId, peer: PeerId) -> bool {
        let requested = self.requests.get(txid).is_some_and(|request| request.from == peer);
        if requested {
            let account = self.account(peer);
            account.most = (account.most + 1).min(Self::MAX_OF_PEER);
        }
        requested
    }

    /// Forgets a payment that has arrived from any peer. Returns the other announcers.
    pub(super) fn done(&mut self, txid: &TxId) -> Vec<PeerId> {
        let Some(request) = self.requests.remove(txid) else { return Vec::new() };
        self.account(request.from).owed -= 1;
        for peer in request.others.iter().chain([&request.from]) {
            self.account(*peer).payments.remove(txid);
        }
        request.others
    }

    /// Records that the peer lacks the payment. Returns another announcer to ask, if any.
    fn refused(&mut self, txid: &TxId, peer: PeerId, now: Monotonic) -> Option<PeerId> {
        let request = self.requests.get_mut(txid)?;
        request.others.retain(|other| *other != peer);
        let requested = request.from == peer;
        // Prefer the peer that has delivered most, so that announcing and withholding does not pay.
        let most = |other: &PeerId| self.accounts.get(other).map_or(Self::FIRST_MOST, |account| account.most);
        let next = if requested { request.others.iter().copied().max_by_key(most) } else { None };
        request.others.retain(|other| Some(*other) != next);
        if let Some(account) = self.accounts.get_mut(&peer) {
            account.payments.remove(txid);
        }
        if !requested {
            return None;
        }
        match next {
            Some(next) => {
                self.requests.entry(*txid).and_modify(|request| (request.from, request.at) = (next, now));
                self.account(next).owed += 1;
            }
            None => {
                self.requests.remove(txid);
            }
        }
        let account = self.account(peer);
        account.owed -= 1;
        account.most = account.most.saturating_sub(1).max(Self::LEAST_MOST);
        next
    }

    /// Forgets a disconnected peer. Returns the peers to ask for what it owed.
    pub(super) fn forget(&mut self, peer: PeerId, now: Monotonic) -> BTreeMap<PeerId, Vec<TxId>> {
        let Some(account) = self.accounts.get(&peer) else { return BTreeMap::new() };
        let payments: Vec<(TxId, PeerId)> = account.payments.iter().map(|txid| (*txid, peer)).collect();
        let requests = self.ask_others(payments, now);
        self.accounts.remove(&peer);
        requests
    }

    /// The peers to ask for overdue payments.
    pub(super) fn expire(&mut self, now: Monotonic) -> BTreeMap<PeerId, Vec<TxId>> {
        let late = self.requests.iter().filter(|(_, r)| now.since(r.at) >= Self::ANSWER);
        let late: Vec<(TxId, PeerId)> = late.map(|(txid, request)| (*txid, request.from)).collect();
        self.ask_others(late, now)
    }

    /// The peers to ask for payments that others lack.
    pub(super) fn ask_others(
        &mut self,
        refused: impl IntoIterator<Item = (TxId, PeerId)>,
        now: Monotonic,
    ) -> BTreeMap<PeerId, Vec<TxId>> {
        let mut by_peer: BTreeMap<PeerId, Vec<TxId>> = BTreeMap::new();
        for (txid, peer) in refused {
            if let Some(next) = self.refused(&txid, peer, now) {
                by_peer.entry(next).or_default().push(txid);
            }
        }
        by_peer
    }

    fn account(&mut self, peer: PeerId) -> &mut Account {
        self.accounts.entry(peer).or_insert_with(|| Account {
            owed: 0,
            most: Self::FIRST_MOST,
            payments: BTreeSet::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PeerId = PeerId(1);
    const B: PeerId = PeerId(2);
    const C: PeerId = PeerId(3);

    fn id(n: usize) -> TxId {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        TxId(bytes)
    }

    #[test]
    fn peers_that_do_not_deliver_are_passed_over() {
        let mut requests = PaymentRequests::default();
        assert_eq!(requests.announced(id(1), A, Monotonic(0)), AskDecision::Ask);
        assert!(
            [A, B].iter().all(|peer| requests.announced(id(1), *peer, Monotonic(0)) == AskDecision::RequestedFromOther)
        );
        assert!(requests.expire(Monotonic(3_999)).is_empty());
        assert_eq!(requests.expire(Monotonic(4_000)), BTreeMap::from([(B, vec![id(1)])]));
        assert_eq!(requests.announced(id(1), C, Monotonic(4_000)), AskDecision::RequestedFromOther);
        assert_eq!(requests.refused(&id(1), A, Monotonic(10_001)), None, "A is not asked now");
        assert_eq!(requests.forget(B, Monotonic(10_002)), BTreeMap::from([(C, vec![id(1)])]));
        assert_eq!(requests.refused(&id(1), C, Monotonic(10_003)), None);
        assert_eq!(requests.announced(id(1), A, Monotonic(10_004)), AskDecision::Ask);
        requests.done(&id(1));
        assert!(requests.requests.is_empty());
        assert!(requests.accounts.values().all(|account| account.owed == 0 && account.payments.is_empty()));
    }

    #[test]
    fn accounts_track_owed_and_alternative_payments() {
        let (mut requests, mut chance) = (PaymentRequests::default(), fastrand::Rng::with_seed(5));
        for at in 0..20_000 {
            let (txid, peer) = (id(chance.usize(..30)), PeerId(chance.u64(..9)));
            match chance.u8(..6) {
                0 => drop(requests.done(&txid)),
                1 => drop(requests.refused(&txid, peer, Monotonic(at))),
                2 if chance.u8(..20) == 0 => drop(requests.forget(peer, Monotonic(at))),
                3 => drop(requests.expire(Monotonic(at))),
                _ => drop(requests.announced(txid, peer, Monotonic(at))),
            }
            for (peer, account) in &requests.accounts {
                let of = |request: &Request| request.from == *peer || request.others.contains(peer);
                let payments = requests.requests.iter().filter(|(_, request)| of(request)).map(|(txid, _)| *txid);
                assert_eq!(account.payments, payments.collect());
                assert_eq!(account.owed, requests.requests.values().filter(|request| request.from == *peer).count());
            }
            let all = requests.requests.values().flat_map(|request| request.others.iter().chain([&request.from]));
            assert!(all.into_iter().all(|peer| requests.accounts.contains_key(peer)));
        }
    }

    #[test]
    fn no_peer_can_use_up_the_whole_capacity() {
        let mut requests = PaymentRequests::default();
        let requested = |requests: &mut PaymentRequests, at: u64| {
            (0..100_000).filter(|n| requests.announced(id(*n), A, Monotonic(at)) == AskDecision::Ask).count()
        };
        assert_eq!(requested(&mut requests, 0), PaymentRequests::FIRST_MOST);
        assert_eq!(requests.announced(id(200_000), B, Monotonic(0)), AskDecision::Ask);
        requests.expire(Monotonic(4_000));
        assert_eq!(requested(&mut requests, 4_000), PaymentRequests::LEAST_MOST, "the peer delivered nothing");
        for n in 0..PaymentRequests::LEAST_MOST {
            requests.delivered(&id(n), A);
            requests.done(&id(n));
        }
        assert_eq!(requested(&mut requests, 8_000), 2 * PaymentRequests::LEAST_MOST, "the peer delivered everything");
        for n in 0..20_000 {
            requests.announced(id(n), A, Monotonic(9_000));
            requests.delivered(&id(n), A);
            requests.done(&id(n));
        }
        assert_eq!(requested(&mut requests, 9_000), PaymentRequests::MAX_OF_PEER);
    }
}
