use crate::peers::PeerId;
use crate::primitives::TxId;
use crate::units::Monotonic;
use core::time::Duration;
use std::collections::BTreeMap;

/// Payments asked for and not come, and who else has told of them: a peer that announces and does
/// not deliver only delays a payment.
///
/// Bounds: [`PaymentRequests::MAX`] payments, of which [`PaymentRequests::MAX_OF_PEER`] from one
/// peer, so that none can fill the places of all; [`PaymentRequests::MAX_OTHERS`] others to each.
#[derive(Default)]
pub(crate) struct PaymentRequests {
    requests: BTreeMap<TxId, Request>,
    /// How many each peer owes.
    owed: BTreeMap<PeerId, usize>,
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
    /// Another peer is asked when a payment has not come by then.
    const ANSWER: Duration = Duration::from_secs(4);

    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// A peer has told of a payment that this node lacks; whether to ask it now.
    pub(crate) fn told(&mut self, txid: TxId, peer: PeerId, now: Monotonic) -> bool {
        if let Some(request) = self.requests.get_mut(&txid) {
            if request.from != peer && !request.others.contains(&peer) && request.others.len() < Self::MAX_OTHERS {
                request.others.push(peer);
            }
            return false;
        }
        let owed = self.owed.entry(peer).or_default();
        if self.requests.len() >= Self::MAX || *owed >= Self::MAX_OF_PEER {
            return false;
        }
        *owed += 1;
        self.requests.insert(txid, Request { from: peer, at: now, others: Vec::new() });
        true
    }

    /// The payment is here, whoever sent it.
    pub(crate) fn done(&mut self, txid: &TxId) {
        if let Some(request) = self.requests.remove(txid) {
            self.pays(request.from);
        }
    }

    /// The peer does not have the payment: whom to ask now, if anybody else has told of it.
    pub(crate) fn refused(&mut self, txid: &TxId, peer: PeerId, now: Monotonic) -> Option<PeerId> {
        let request = self.requests.get_mut(txid)?;
        request.others.retain(|other| *other != peer);
        if request.from != peer {
            return None;
        }
        let next = request.others.pop();
        match next {
            Some(next) => {
                (request.from, request.at) = (next, now);
                *self.owed.entry(next).or_default() += 1;
            }
            None => {
                self.requests.remove(txid);
            }
        }
        self.pays(peer);
        next
    }

    /// The peer is gone: whom to ask for what it owed.
    pub(crate) fn forget(&mut self, peer: PeerId, now: Monotonic) -> BTreeMap<PeerId, Vec<TxId>> {
        let concerned = self.requests.iter().filter(|(_, r)| r.from == peer || r.others.contains(&peer));
        let concerned = concerned.map(|(txid, _)| (*txid, peer)).collect();
        self.ask_others(concerned, now)
    }

    /// Whom to ask for what has not come in time.
    pub(crate) fn expire(&mut self, now: Monotonic) -> BTreeMap<PeerId, Vec<TxId>> {
        let late = self.requests.iter().filter(|(_, r)| now.since(r.at) >= Self::ANSWER);
        let late = late.map(|(txid, request)| (*txid, request.from)).collect();
        self.ask_others(late, now)
    }

    fn ask_others(&mut self, refused: Vec<(TxId, PeerId)>, now: Monotonic) -> BTreeMap<PeerId, Vec<TxId>> {
        let mut asks: BTreeMap<PeerId, Vec<TxId>> = BTreeMap::new();
        for (txid, peer) in refused {
            if let Some(next) = self.refused(&txid, peer, now) {
                asks.entry(next).or_default().push(txid);
            }
        }
        asks
    }

    fn pays(&mut self, peer: PeerId) {
        if let Some(owed) = self.owed.get_mut(&peer) {
            *owed -= 1;
            if *owed == 0 {
                self.owed.remove(&peer);
            }
        }
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
    fn who_does_not_deliver_is_passed_over() {
        let mut requests = PaymentRequests::default();
        assert!(requests.told(id(1), A, Monotonic(0)));
        assert!(!requests.told(id(1), A, Monotonic(0)) && !requests.told(id(1), B, Monotonic(0)));
        assert!(requests.expire(Monotonic(3_999)).is_empty());
        assert_eq!(requests.expire(Monotonic(4_000)), BTreeMap::from([(B, vec![id(1)])]));
        assert!(!requests.told(id(1), C, Monotonic(4_000)));
        assert_eq!(requests.refused(&id(1), A, Monotonic(10_001)), None, "it is not A who is asked now");
        assert_eq!(requests.forget(B, Monotonic(10_002)), BTreeMap::from([(C, vec![id(1)])]));
        assert_eq!(requests.refused(&id(1), C, Monotonic(10_003)), None);
        assert!(requests.told(id(1), A, Monotonic(10_004)));
        requests.done(&id(1));
        assert!(requests.requests.is_empty() && requests.owed.is_empty());
    }

    #[test]
    fn nobody_can_fill_the_places_of_all() {
        let mut requests = PaymentRequests::default();
        let asked = (0..100_000).filter(|n| requests.told(id(*n), A, Monotonic(0))).count();
        assert_eq!(asked, PaymentRequests::MAX_OF_PEER);
        assert!(requests.told(id(200_000), B, Monotonic(0)));
    }
}
