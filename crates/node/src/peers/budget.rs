use crate::units::Monotonic;

/// Token buckets that limit how many messages of each kind a peer may send (rule W3).
///
/// The limits are far above what an honest peer needs, however fast it is; a peer that exceeds one is disconnected.
/// Therefore long activities of honest peers, such as a sync, must not count, or must be paced by the peer itself.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    /// Thousandths of a message left, by kind.
    remaining: [u64; KINDS],
    updated: Monotonic,
}

const KINDS: usize = 20;
/// The bucket for unrequested headers; each header counts.
const UNREQUESTED_HEADERS: usize = 19;
/// The kind of `Payment`; each payment in a `Payments` counts as one.
const PAYMENT: usize = 5;

/// (burst, per second) by kind of message; see [`crate::wire::Message::kind`].
const LIMITS: [(u64, u64); KINDS] = [
    (2, 0),          // Hello
    (1_000, 500),    // GetHeaders
    (1_000, 500),    // Headers
    (1_000, 500),    // Inv
    (1_000, 500),    // GetPayments
    (10_000, 2_000), // Payment
    (1_000, 500),    // GetBlocks
    (2_000, 2_000),  // Block
    (1_000, 500),    // NotFound
    (3, 1),          // GetAddresses
    (10, 1),         // Addresses
    (20, 1),         // Ping
    (20, 1),         // Pong
    (2, 0),          // Goodbye
    (1_000, 500),    // GetCompactBlock
    (1_000, 500),    // CompactBlock
    (1_000, 500),    // GetBlockPayments
    (1_000, 500),    // BlockPayments
    (1_000, 500),    // Payments
    (4_000, 200),    // UNREQUESTED_HEADERS
];

impl Budget {
    pub(super) fn new(now: Monotonic) -> Self {
        Self { remaining: LIMITS.map(|(burst, _)| burst * 1000), updated: now }
    }

    /// Pays for one message; `false` if the budget is spent.
    pub(super) fn spend(&mut self, kind: usize, now: Monotonic) -> bool {
        self.pay(kind, 1, now)
    }

    /// Gives back the cost of a message: an honest peer may deliver what was requested, and download the chain, as fast
    /// as it can.
    pub(super) fn give_back(&mut self, kind: usize) {
        if let Some((remaining, (burst, _))) = self.remaining.get_mut(kind).zip(LIMITS.get(kind)) {
            *remaining = (*remaining + 1000).min(burst * 1000);
        }
    }

    /// Pays for unrequested headers; `false` if the budget is spent.
    pub(super) fn spend_unrequested_headers(&mut self, headers: usize, now: Monotonic) -> bool {
        self.pay(UNREQUESTED_HEADERS, headers as u64, now)
    }

    /// Pays for the payments in one message; `false` if the budget is spent.
    pub(super) fn spend_payments(&mut self, payments: usize, now: Monotonic) -> bool {
        self.pay(PAYMENT, payments as u64, now)
    }

    fn pay(&mut self, kind: usize, count: u64, now: Monotonic) -> bool {
        let passed = u64::try_from(now.since(self.updated).as_millis()).unwrap_or(u64::MAX);
        self.updated = now;
        for (remaining, (burst, per_second)) in self.remaining.iter_mut().zip(LIMITS) {
            *remaining = remaining.saturating_add(per_second.saturating_mul(passed)).min(burst * 1000);
        }
        match self.remaining.get_mut(kind) {
            Some(remaining) if *remaining >= 1000 * count => {
                *remaining -= 1000 * count;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let mut budget = Budget::new(Monotonic(0));
        let spent = (0..100).filter(|_| budget.spend(11, Monotonic(0))).count();
        assert_eq!(spent, 20);
        assert!(budget.spend(12, Monotonic(0)), "each kind has its own bucket");
        let spent = (0..100).filter(|_| budget.spend(11, Monotonic(3_000))).count();
        assert_eq!(spent, 3);
        assert!(!budget.spend(99, Monotonic(3_000)));
        budget.give_back(11);
        assert!(budget.spend(11, Monotonic(3_000)) && !budget.spend(11, Monotonic(3_000)));
        assert!(
            budget.spend_unrequested_headers(2_000, Monotonic(3_000))
                && budget.spend_unrequested_headers(2_000, Monotonic(3_000))
        );
        assert!(
            !budget.spend_unrequested_headers(200, Monotonic(3_999))
                && budget.spend_unrequested_headers(200, Monotonic(4_000))
        );
    }
}
