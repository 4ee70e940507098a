use super::Driver;
use super::agreement::Agreement;
use crate::messages::{FromNode, Paid, SendProblem};
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{PrivateKey, TxId};
use fedcoin_node::wallet::{PaymentOrder, Plan};
use fedcoin_node::{Command, Input, RequestId};
use std::collections::VecDeque;

/// Maximum number of attempts with other coins after another payment spent the first ones.
const TRIES: u32 = 50;

/// A payment being sent, part by part.
#[derive(Debug)]
pub(super) struct Sending {
    key: PrivateKey,
    /// `None` if the payment replaces another.
    order: Option<PaymentOrder>,
    /// The unpaid part of the confirmed quote.
    agreed: Agreement,
    /// The remaining parts; the first of them has been submitted.
    plans: VecDeque<Plan>,
    paid: Vec<Paid>,
    tries: u32,
}

impl Sending {
    pub(super) fn of_order(key: PrivateKey, order: PaymentOrder, agreed: Agreement, plans: Vec<Plan>) -> Self {
        Self { key, order: Some(order), agreed, plans: plans.into(), paid: Vec::new(), tries: TRIES }
    }

    pub(super) fn of_replacement(key: PrivateKey, agreed: Agreement, plans: Vec<Plan>) -> Self {
        Self { key, order: None, agreed, plans: plans.into(), paid: Vec::new(), tries: 0 }
    }

    /// Whether to choose other coins because others took the first ones. This counts as an attempt.
    fn tries_again(&mut self, error: &PoolError) -> bool {
        use PoolError::{CoinTaken, Conflict, MissingInputs};
        let again = self.tries > 0 && matches!(error, CoinTaken { .. } | Conflict { .. } | MissingInputs { .. });
        self.tries -= u32::from(again);
        again
    }

    /// Records that the first remaining part was accepted.
    fn taken(&mut self, txid: TxId) {
        let Some(plan) = self.plans.pop_front() else { return };
        self.paid.push(Paid { txid, amount: plan.amount });
        self.agreed.settle(&plan);
    }
}

impl Driver {
    /// Submits the next part of a payment, or reports the result.
    pub(super) fn carry_on(&mut self, request: RequestId, sending: Result<Sending, SendProblem>) {
        match sending {
            Ok(sending) => match sending.plans.front() {
                Some(plan) => {
                    let payment = plan.clone().sign(&sending.key, self.node.network());
                    let may_replace = sending.order.is_none();
                    let coming = Paid { txid: payment.txid(), amount: plan.amount };
                    self.outgoing.push(FromNode::Sending { request, payment: coming });
                    self.sending.insert(request, sending);
                    // Queued, because this may be an answer of the node, whose other effects come first.
                    self.answer(Input::Command(Command::SubmitPayment { request, payment, may_replace }));
                }
                None => self.outgoing.push(FromNode::Sent { request, paid: sending.paid, problem: None }),
            },
            Err(problem) => {
                self.outgoing.push(FromNode::Sent { request, paid: Vec::new(), problem: Some(problem) });
            }
        }
    }

    /// Processes the node's verdict on a part of a payment.
    pub(super) fn submitted(&mut self, request: RequestId, txid: TxId, result: Result<(), PoolError>) {
        let Some(mut sending) = self.sending.remove(&request) else { return };
        let problem = match result {
            Ok(()) => {
                sending.taken(txid);
                return self.carry_on(request, Ok(sending));
            }
            Err(error) if sending.tries_again(&error) => match self.plan_again(&mut sending) {
                Ok(()) => return self.carry_on(request, Ok(sending)),
                Err(problem) => problem,
            },
            Err(error) => SendProblem::Refused(error),
        };
        self.outgoing.push(FromNode::Sent { request, paid: sending.paid, problem: Some(problem) });
    }

    /// Chooses other coins for the unpaid part, on the confirmed terms.
    fn plan_again(&self, sending: &mut Sending) -> Result<(), SendProblem> {
        let Some(order) = sending.order else { return Ok(()) };
        let sender = sending.key.public_key();
        let coins = self.node.spendable_coins(&sender.address());
        sending.plans = sending.agreed.plan(sender, &coins, &order)?.into();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Quote;
    use fedcoin_node::primitives::{Address, OutPoint};
    use fedcoin_node::units::Amount;
    use fedcoin_node::wallet::Fee;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn attempts_with_other_coins_are_limited() {
        let (amount, terms) = (Amount::from_fed(1), Fee::Total(Amount::ZERO));
        let quote = Quote { amount, fee: Amount::ZERO, terms, is_high: false, payments: 1, wait: None };
        let key = || PrivateKey::from_random(&[1; 32]).unwrap();
        let order = PaymentOrder::new(Address([9; 20]), amount, terms);
        let mut sending = Sending::of_order(key(), order, Agreement::to(&quote), Vec::new());
        let taken = PoolError::MissingInputs { outpoint: OutPoint { txid: TxId::default(), index: 0 } };
        assert!(!sending.tries_again(&PoolError::Known));
        let again = (0..10 * TRIES).filter(|_| sending.tries_again(&taken)).count();
        assert_eq!(again, TRIES as usize);
        let mut replacement = Sending::of_replacement(key(), Agreement::to(&quote), Vec::new());
        assert!(!replacement.tries_again(&taken), "its coins are those of the replaced payment");
    }
}
