use super::Driver;
use super::sending::Sending;
use crate::messages::{Draft, FeeChoice, Quote, SendProblem};
use fedcoin_keyring::Passphrase;
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::primitives::{Address, PrivateKey, PublicKey, TxId};
use fedcoin_node::units::{Amount, ParseAmountError};
use fedcoin_node::wallet::{Fee, PaymentOrder, PaymentUri, Plan, Sum, is_high_fee, plan_payments};

impl Driver {
    /// What a payment from the selected key would be.
    pub(super) fn quote(&self, draft: &Draft) -> Result<Quote, SendProblem> {
        let sender = self.sender()?;
        let estimate = self.node.fee_estimate();
        // As a text can say it: the page hands it back.
        let rate = |rate: FeeRate| Fee::Rate(rate.plus(FeeRate::ZERO));
        let fee = match &draft.fee {
            FeeChoice::Economic => rate(estimate.within_10_blocks),
            FeeChoice::Usual => rate(estimate.within_3_blocks),
            FeeChoice::Urgent => rate(estimate.next_block),
            FeeChoice::Own(text) => Fee::Total(fee(text)?),
        };
        // Whoever is paid, the payment is as large.
        let recipient = match draft.recipient.trim() {
            "" => sender.address(),
            text => recipient(text)?,
        };
        let amount = match &draft.amount {
            Some(text) => Sum::Exactly(amount(text)?),
            None => Sum::All,
        };
        let plans = self.plan_order(sender, recipient, amount, fee)?;
        let sum = |of: fn(&Plan) -> Amount| Amount::checked_sum(plans.iter().map(of)).unwrap_or(Amount::MAX);
        let bytes = plans.iter().map(Plan::bytes).sum();
        Ok(self.quote_of(sum(|plan| plan.amount), sum(|plan| plan.fee), bytes, fee, plans.len()))
    }

    /// What a waiting payment would be with a higher fee.
    pub(super) fn quote_bump(&self, txid: &TxId, fee_text: &str) -> Result<Quote, SendProblem> {
        let wish = match fee_text.trim() {
            "" => None,
            text => Some(Fee::Total(fee(text)?)),
        };
        let plan = self.node.plan_replacement(txid, wish).map_err(SendProblem::Wallet)?;
        Ok(self.quote_of(plan.amount, plan.fee, plan.bytes(), Fee::Total(plan.fee), 1))
    }

    /// An order of the selected key, ready to be carried out.
    pub(super) fn begin_order(
        &self,
        recipient: Address,
        amount: Amount,
        fee: Fee,
        passphrase: Option<&Passphrase>,
    ) -> Result<Sending, SendProblem> {
        let sender = self.sender()?;
        let plans = self.plan_order(sender, recipient, amount.into(), fee)?;
        let key = self.key(&sender.address(), passphrase)?;
        Ok(Sending::of_order(key, self.order(recipient, amount.into(), fee), amount, plans))
    }

    /// A payment that takes a waiting one's place, ready to be submitted.
    pub(super) fn begin_replacement(
        &self,
        txid: &TxId,
        fee: Fee,
        passphrase: Option<&Passphrase>,
    ) -> Result<Sending, SendProblem> {
        let plan = self.node.plan_replacement(txid, Some(fee)).map_err(SendProblem::Wallet)?;
        let key = self.key(&plan.unsigned.sender.address(), passphrase)?;
        Ok(Sending::of_replacement(key, plan))
    }

    fn plan_order(
        &self,
        sender: PublicKey,
        recipient: Address,
        amount: Sum,
        fee: Fee,
    ) -> Result<Vec<Plan>, SendProblem> {
        let coins = self.node.spendable_coins(&sender.address());
        plan_payments(sender, &coins, &self.order(recipient, amount, fee)).map_err(SendProblem::Wallet)
    }

    fn order(&self, recipient: Address, amount: Sum, fee: Fee) -> PaymentOrder {
        let gather = matches!(fee, Fee::Rate(rate) if rate <= self.node.fee_estimate().minimum);
        PaymentOrder { gather, ..PaymentOrder::new(recipient, amount, fee) }
    }

    fn key(&self, address: &Address, passphrase: Option<&Passphrase>) -> Result<PrivateKey, SendProblem> {
        Ok(self.keys.with_key(address, passphrase, PrivateKey::clone)?)
    }

    fn sender(&self) -> Result<PublicKey, SendProblem> {
        self.keys.ring().selected_key().ok_or(SendProblem::NoKey)
    }

    fn quote_of(&self, amount: Amount, fee: Amount, bytes: usize, terms: Fee, payments: usize) -> Quote {
        let estimate = self.node.fee_estimate();
        let is_high = is_high_fee(amount, fee, bytes, estimate.within_3_blocks);
        let wait = estimate.wait_in_blocks(FeeRate::new(fee, bytes));
        Quote { amount, fee, terms, is_high, payments: payments as u32, wait }
    }
}

fn recipient(text: &str) -> Result<Address, SendProblem> {
    PaymentUri::of_text(text).map(|request| request.recipient).map_err(|e| SendProblem::Recipient(e.to_string()))
}

fn amount(text: &str) -> Result<Amount, SendProblem> {
    text.parse().map_err(|e: ParseAmountError| SendProblem::Amount(e.to_string()))
}

fn fee(text: &str) -> Result<Amount, SendProblem> {
    text.parse().map_err(|e: ParseAmountError| SendProblem::Fee(e.to_string()))
}
