//! The quote that the user confirmed. Exactly that is signed, or nothing.

use crate::messages::{Quote, SendProblem};
use fedcoin_node::mempool::{FeeEstimate, FeeRate};
use fedcoin_node::primitives::{Address, PublicKey};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Coin, Fee, PaymentOrder, Plan, Sum, is_high_fee, plan_payments};

/// The unpaid part of a confirmed [`Quote`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Agreement {
    amount: Amount,
    fee: Amount,
    payments: u32,
}

impl Agreement {
    /// Starts with the whole quote.
    pub(super) const fn to(quote: &Quote) -> Self {
        Self { amount: quote.amount, fee: quote.fee, payments: quote.payments }
    }

    fn of(plans: &[Plan]) -> Self {
        let sum = |of: fn(&Plan) -> Amount| Amount::saturating_sum(plans.iter().map(of));
        Self { amount: sum(|plan| plan.amount), fee: sum(|plan| plan.fee), payments: plans.len() as u32 }
    }

    /// Checks that the payments match the rest of the quote exactly.
    ///
    /// # Errors
    /// [`SendProblem::QuoteChanged`].
    pub(super) fn check(self, plans: Vec<Plan>) -> Result<Vec<Plan>, SendProblem> {
        if Self::of(&plans) == self { Ok(plans) } else { Err(SendProblem::QuoteChanged) }
    }

    /// Plans the payments of an order as agreed.
    ///
    /// # Errors
    /// [`SendProblem::QuoteChanged`] or [`SendProblem::Wallet`].
    pub(super) fn plan(
        self,
        sender: PublicKey,
        coins: &[Coin],
        order: &PaymentOrder,
    ) -> Result<Vec<Plan>, SendProblem> {
        let order = PaymentOrder { amount: Sum::Exactly(self.amount), ..*order };
        self.check(plan_payments(sender, coins, &order).map_err(SendProblem::Wallet)?)
    }

    /// Subtracts a payment that has been made.
    pub(super) fn settle(&mut self, plan: &Plan) {
        self.amount = self.amount.saturating_sub(plan.amount);
        self.fee = self.fee.saturating_sub(plan.fee);
        self.payments = self.payments.saturating_sub(1);
    }
}

/// An order with this wallet's defaults: it consolidates small coins while fees are lowest.
pub(super) fn order(recipient: Address, amount: Sum, fee: Fee, estimate: &FeeEstimate) -> PaymentOrder {
    let gather = matches!(fee, Fee::Rate(rate) if rate <= estimate.minimum);
    PaymentOrder { gather, ..PaymentOrder::new(recipient, amount, fee) }
}

/// The quote to confirm: these payments, with fees by `terms`.
pub(super) fn quote(plans: &[Plan], terms: Fee, estimate: &FeeEstimate) -> Quote {
    let Agreement { amount, fee, payments } = Agreement::of(plans);
    let bytes = plans.iter().map(Plan::bytes).sum();
    let is_high = is_high_fee(amount, fee, bytes, estimate.within_3_blocks);
    let wait = estimate.wait_in_blocks(FeeRate::new(fee, bytes));
    Quote { amount, fee, terms, is_high, payments, wait }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::primitives::{OutPoint, PrivateKey, TxId};
    use fedcoin_node::wallet::WalletError;
    use wasm_bindgen_test::wasm_bindgen_test;

    const RECIPIENT: Address = Address([9; 20]);

    fn units(n: u64) -> Amount {
        Amount::from_units(n).unwrap()
    }

    fn coins(amounts: impl IntoIterator<Item = u64>) -> Vec<Coin> {
        let outpoint = |index| OutPoint { txid: TxId::default(), index };
        (0..)
            .zip(amounts)
            .map(|(n, amount)| Coin { outpoint: outpoint(n), amount: units(amount), mined: true })
            .collect()
    }

    /// An estimate in which all fee rates are equal, in units per byte.
    fn estimate(rate: u64) -> FeeEstimate {
        let rate = FeeRate::new(units(rate), 1);
        FeeEstimate { minimum: rate, next_block: rate, within_3_blocks: rate, within_10_blocks: rate }
    }

    fn sender() -> PublicKey {
        PrivateKey::from_random(&[1; 32]).unwrap().public_key()
    }

    /// A confirmed quote: 5,000 units from these coins, at 2 units per byte.
    fn confirmed(coins: &[Coin]) -> Quote {
        let (estimate, terms) = (estimate(2), Fee::Rate(FeeRate::new(units(2), 1)));
        let order = order(RECIPIENT, units(5_000).into(), terms, &estimate);
        quote(&plan_payments(sender(), coins, &order).unwrap(), terms, &estimate)
    }

    /// The payments signed for the quote with these coins and this fee rate.
    fn signed(quote: &Quote, coins: &[Coin], rate: u64) -> Result<Vec<Plan>, SendProblem> {
        let order = order(RECIPIENT, quote.amount.into(), quote.terms, &estimate(rate));
        Agreement::to(quote).plan(sender(), coins, &order)
    }

    #[wasm_bindgen_test]
    fn changed_fees_do_not_change_what_is_paid() {
        let many = coins((0..200).map(|_| 1_000));
        let quote = confirmed(&many);
        for rate in [0, 1, 2, 3, 50] {
            match signed(&quote, &many, rate) {
                Ok(plans) => {
                    let (fee, amount) = (plans[0].fee, plans[0].amount);
                    assert_eq!((plans.len(), amount, fee), (1, units(5_000), quote.fee), "at {rate} units per byte");
                }
                // Above the lowest rate small coins are not consolidated, so that payment is smaller and cheaper.
                Err(problem) => assert_eq!((problem, rate < 2), (SendProblem::QuoteChanged, true)),
            }
        }
    }

    #[wasm_bindgen_test]
    fn other_coins_pay_the_same_or_nothing() {
        let quote = confirmed(&coins([10_000]));
        assert_eq!(signed(&quote, &coins([9_000]), 2).map(|plans| plans[0].fee), Ok(quote.fee));
        // Two coins make a larger payment; a coin without change makes a cheaper one.
        for other in [vec![3_000, 3_000], vec![5_340]] {
            assert_eq!(signed(&quote, &coins(other), 2), Err(SendProblem::QuoteChanged));
        }
        let short = signed(&quote, &coins([400]), 2);
        assert!(matches!(short, Err(SendProblem::Wallet(WalletError::NotEnough { .. }))), "{short:?}");
    }

    #[wasm_bindgen_test]
    fn the_rest_of_an_order_must_match_the_quote() {
        let all = coins((0..1_500).map(|_| 1_000));
        let terms = Fee::Rate(FeeRate::ZERO);
        let order = PaymentOrder::new(RECIPIENT, units(1_200_000), terms);
        let plans = plan_payments(sender(), &all, &order).unwrap();
        let mut remaining = Agreement::to(&quote(&plans, terms, &estimate(0)));
        assert_eq!((plans.len(), remaining.payments), (2, 2));
        remaining.settle(&plans[0]);
        let rest = remaining.plan(sender(), &all[1_000..], &order).unwrap();
        assert_eq!((rest.len(), rest[0].amount), (1, units(200_000)));
        // The same sum in coins so small that it takes more payments.
        let small = coins((0..2_000).map(|_| 100));
        assert_eq!(remaining.plan(sender(), &small, &order), Err(SendProblem::QuoteChanged));
    }
}
