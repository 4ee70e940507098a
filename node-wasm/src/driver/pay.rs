use super::Driver;
use super::agreement::{self, Agreement};
use super::sending::Sending;
use crate::messages::{Draft, FeeChoice, Quote, SendProblem};
use fedcoin_keyring::Passphrase;
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::primitives::{Address, PrivateKey, PublicKey, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Fee, plan_payments};

impl Driver {
    /// Quotes a payment from the selected key.
    pub(super) fn quote(&self, draft: Draft) -> Result<Quote, SendProblem> {
        let sender = self.sender()?;
        let estimate = self.node.fee_estimate();
        // Rounded like in messages, because the page returns it.
        let rate = |rate: FeeRate| Fee::Rate(rate.plus(FeeRate::ZERO));
        let fee = match draft.fee {
            FeeChoice::Economic => rate(estimate.within_10_blocks),
            FeeChoice::Usual => rate(estimate.within_3_blocks),
            FeeChoice::Urgent => rate(estimate.next_block),
            FeeChoice::Own(fee) => Fee::Total(fee),
        };
        // The payment has the same size for every recipient.
        let order = agreement::order(sender.address(), draft.amount, fee, &estimate);
        let coins = self.node.spendable_coins(&sender.address());
        let plans = plan_payments(sender, &coins, &order).map_err(SendProblem::Wallet)?;
        Ok(agreement::quote(&plans, fee, &estimate))
    }

    /// Quotes a waiting payment with a higher fee.
    pub(super) fn quote_bump(&self, txid: &TxId, fee: Option<Amount>) -> Result<Quote, SendProblem> {
        let plan = self.node.plan_replacement(txid, fee.map(Fee::Total)).map_err(SendProblem::Wallet)?;
        let terms = Fee::Total(plan.fee);
        Ok(agreement::quote(&[plan], terms, &self.node.fee_estimate()))
    }

    /// Plans a payment that the user confirmed.
    pub(super) fn begin_order(
        &self,
        recipient: Address,
        quote: &Quote,
        passphrase: Option<&Passphrase>,
    ) -> Result<Sending, SendProblem> {
        let sender = self.sender()?;
        let order = agreement::order(recipient, quote.amount.into(), quote.terms, &self.node.fee_estimate());
        let agreed = Agreement::to(quote);
        let plans = agreed.plan(sender, &self.node.spendable_coins(&sender.address()), &order)?;
        let key = self.key(&sender.address(), passphrase)?;
        Ok(Sending::of_order(key, order, agreed, plans))
    }

    /// Plans a replacement of a waiting payment.
    pub(super) fn begin_replacement(
        &self,
        txid: &TxId,
        quote: &Quote,
        passphrase: Option<&Passphrase>,
    ) -> Result<Sending, SendProblem> {
        let plan = self.node.plan_replacement(txid, Some(quote.terms)).map_err(SendProblem::Wallet)?;
        let key = self.key(&plan.unsigned.sender.address(), passphrase)?;
        let agreed = Agreement::to(quote);
        Ok(Sending::of_replacement(key, agreed, agreed.check(vec![plan])?))
    }

    fn key(&self, address: &Address, passphrase: Option<&Passphrase>) -> Result<PrivateKey, SendProblem> {
        Ok(self.keys.with_key(address, passphrase, PrivateKey::clone)?)
    }

    fn sender(&self) -> Result<PublicKey, SendProblem> {
        self.keys.ring().selected_key().ok_or(SendProblem::NoKey)
    }
}
