use super::Driver;
use crate::messages::{FromNode, Paid, SendProblem};
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{PrivateKey, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{PaymentOrder, Plan, Sum, plan_payments};
use fedcoin_node::{Command, Input, RequestId};
use std::collections::VecDeque;

/// How often other coins are chosen when those chosen were taken meanwhile.
const TRIES: u32 = 50;

/// An order that is carried out, payment by payment.
#[derive(Debug)]
pub(super) struct Sending {
    key: PrivateKey,
    /// What is left to pay; `None`: the payment replaces another.
    rest: Option<(PaymentOrder, Amount)>,
    /// The payments to come; the first is submitted.
    plans: VecDeque<Plan>,
    paid: Vec<Paid>,
    tries: u32,
}

impl Sending {
    pub(super) fn of_order(key: PrivateKey, order: PaymentOrder, amount: Amount, plans: Vec<Plan>) -> Self {
        Self { key, rest: Some((order, amount)), plans: plans.into(), paid: Vec::new(), tries: TRIES }
    }

    pub(super) fn of_replacement(key: PrivateKey, plan: Plan) -> Self {
        Self { key, rest: None, plans: VecDeque::from([plan]), paid: Vec::new(), tries: 0 }
    }

    /// The first payment has been taken.
    fn taken(&mut self, txid: TxId) {
        let Some(plan) = self.plans.pop_front() else { return };
        self.paid.push(Paid { txid, amount: plan.amount });
        if let Some((_, left)) = &mut self.rest {
            *left = left.saturating_sub(plan.amount);
        }
    }
}

impl Driver {
    /// Submits the next payment of an order, or says that it is done.
    pub(super) fn carry_on(&mut self, request: RequestId, sending: Result<Sending, SendProblem>) {
        match sending {
            Ok(sending) => match sending.plans.front() {
                Some(plan) => {
                    let payment = plan.clone().sign(&sending.key, self.node.network());
                    let may_replace = sending.rest.is_none();
                    self.sending.insert(request, sending);
                    // Not at once: this may be an answer of the node, whose other effects come first.
                    self.answer(Input::Command(Command::SubmitPayment { request, payment, may_replace }));
                }
                None => self.outgoing.push(FromNode::Sent { request, paid: sending.paid, problem: None }),
            },
            Err(problem) => {
                self.outgoing.push(FromNode::Sent { request, paid: Vec::new(), problem: Some(problem) });
            }
        }
    }

    /// The node has taken a payment of an order, or not.
    pub(super) fn submitted(&mut self, request: RequestId, txid: TxId, result: Result<(), PoolError>) {
        let Some(mut sending) = self.sending.remove(&request) else { return };
        let problem = match result {
            Ok(()) => {
                sending.taken(txid);
                return self.carry_on(request, Ok(sending));
            }
            Err(PoolError::CoinTaken { .. } | PoolError::Conflict { .. } | PoolError::MissingInputs { .. })
                if sending.tries > 0 =>
            {
                sending.tries -= 1;
                match self.plan_again(&mut sending) {
                    Ok(()) => return self.carry_on(request, Ok(sending)),
                    Err(problem) => problem,
                }
            }
            Err(error) => SendProblem::Refused(error),
        };
        self.outgoing.push(FromNode::Sent { request, paid: sending.paid, problem: Some(problem) });
    }

    /// Chooses other coins for what is left to pay.
    fn plan_again(&self, sending: &mut Sending) -> Result<(), SendProblem> {
        let Some((order, left)) = sending.rest else { return Ok(()) };
        let public = sending.key.public_key();
        let order = PaymentOrder { amount: Sum::Exactly(left), ..order };
        let coins = self.node.spendable_coins(&public.address());
        sending.plans = plan_payments(public, &coins, &order).map_err(SendProblem::Wallet)?.into();
        Ok(())
    }
}
