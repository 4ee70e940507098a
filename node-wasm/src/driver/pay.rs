use super::Driver;
use crate::messages::{Draft, FeeChoice, Quote, SendProblem};
use fedcoin_keyring::Passphrase;
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::primitives::{Address, Payment, PublicKey, Recipient, TxId};
use fedcoin_node::units::{Amount, ParseAmountError};
use fedcoin_node::wallet::{Fee, PaymentOrder, Plan, largest_amount, plan_payment};

impl Driver {
    /// What a payment from the selected key would be.
    pub(super) fn quote(&self, draft: &Draft) -> Result<Quote, SendProblem> {
        let sender = self.sender()?;
        let coins = self.node.spendable_coins(&sender.address());
        let estimate = self.node.fee_estimate();
        let fee = match &draft.fee {
            FeeChoice::Economic => Fee::Rate(estimate.within_10_blocks),
            FeeChoice::Usual => Fee::Rate(estimate.within_3_blocks),
            FeeChoice::Urgent => Fee::Rate(estimate.next_block),
            FeeChoice::Own(text) => Fee::Total(fee(text)?),
        };
        // Whoever is paid, the payment is as large.
        let recipient = match draft.recipient.trim() {
            "" => sender.address(),
            text => recipient(text)?,
        };
        let amount = match &draft.amount {
            Some(text) => amount(text)?,
            None => largest_amount(&coins, fee).map_err(SendProblem::Wallet)?,
        };
        let order = PaymentOrder::new(recipient, amount, fee);
        let plan = plan_payment(sender, &coins, &order).map_err(SendProblem::Wallet)?;
        Ok(self.quote_of(&plan, amount))
    }

    /// What a waiting payment would be with a higher fee.
    pub(super) fn quote_bump(&self, txid: &TxId, fee: &str) -> Result<Quote, SendProblem> {
        let plan = self.plan_bump(txid, fee)?;
        let own = plan.unsigned.sender.address();
        let others = plan.unsigned.outputs.iter().filter(|output| output.recipient != own);
        let paid = Amount::checked_sum(others.map(|output| output.amount)).unwrap_or(Amount::MAX);
        Ok(self.quote_of(&plan, paid))
    }

    /// A signed payment; without a fee it is what is mined within 3 blocks.
    pub(super) fn make_payment(
        &self,
        recipient_text: &str,
        amount_text: &str,
        fee_text: &str,
        passphrase: Option<&Passphrase>,
    ) -> Result<Payment, SendProblem> {
        let sender = self.sender()?;
        let fee = match fee_text.trim() {
            "" => Fee::Rate(self.node.fee_estimate().within_3_blocks),
            text => Fee::Total(fee(text)?),
        };
        let order = PaymentOrder::new(recipient(recipient_text)?, amount(amount_text)?, fee);
        let coins = self.node.spendable_coins(&sender.address());
        self.sign(plan_payment(sender, &coins, &order).map_err(SendProblem::Wallet)?, passphrase)
    }

    /// A signed payment that takes a waiting one's place.
    pub(super) fn make_replacement(
        &self,
        txid: &TxId,
        fee: &str,
        passphrase: Option<&Passphrase>,
    ) -> Result<Payment, SendProblem> {
        self.sign(self.plan_bump(txid, fee)?, passphrase)
    }

    fn plan_bump(&self, txid: &TxId, fee_text: &str) -> Result<Plan, SendProblem> {
        let wish = match fee_text.trim() {
            "" => None,
            text => Some(Fee::Total(fee(text)?)),
        };
        self.node.plan_replacement(txid, wish).map_err(SendProblem::Wallet)
    }

    fn sign(&self, plan: Plan, passphrase: Option<&Passphrase>) -> Result<Payment, SendProblem> {
        let address = plan.unsigned.sender.address();
        let network = self.node.network();
        Ok(self.keys.with_key(&address, passphrase, |key| plan.sign(key, network))?)
    }

    fn sender(&self) -> Result<PublicKey, SendProblem> {
        self.keys.ring().selected_key().ok_or(SendProblem::NoKey)
    }

    fn quote_of(&self, plan: &Plan, amount: Amount) -> Quote {
        let wait = self.node.fee_estimate().wait_in_blocks(FeeRate::new(plan.fee, plan.bytes()));
        Quote { amount, fee: plan.fee, bytes: plan.bytes() as u32, wait }
    }
}

fn recipient(text: &str) -> Result<Address, SendProblem> {
    text.parse::<Recipient>().map(|recipient| recipient.0).map_err(|e| SendProblem::Recipient(e.to_string()))
}

fn amount(text: &str) -> Result<Amount, SendProblem> {
    text.parse().map_err(|e: ParseAmountError| SendProblem::Amount(e.to_string()))
}

fn fee(text: &str) -> Result<Amount, SendProblem> {
    text.parse().map_err(|e: ParseAmountError| SendProblem::Fee(e.to_string()))
}
