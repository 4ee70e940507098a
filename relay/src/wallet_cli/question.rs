use crate::failure::Failure;
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{MAX_COINS_PER_PAYMENT, Plan, is_high_fee};
use std::io::BufRead;

/// Requires confirmation of a high fee: the user must type it.
#[derive(Debug)]
pub(super) struct FeeQuestion {
    usual: FeeRate,
    /// The highest fee that was confirmed.
    agreed: Amount,
}

impl FeeQuestion {
    /// With `yes`, every fee is confirmed.
    pub(super) const fn new(usual: FeeRate, yes: bool) -> Self {
        Self { usual, agreed: if yes { Amount::MAX } else { Amount::ZERO } }
    }

    /// Asks whether to make these payments. For several, it shows their number and their total fee.
    ///
    /// # Errors
    /// [`Failure::Usage`]: the fee is high and was not confirmed.
    pub(super) fn ask(&mut self, plans: &[Plan]) -> Result<(), Failure> {
        let sum = |amount: fn(&Plan) -> Amount| Amount::saturating_sum(plans.iter().map(amount));
        let (amount, fee) = (sum(|plan| plan.amount), sum(|plan| plan.fee));
        let bytes = plans.iter().map(Plan::bytes).sum();
        if plans.len() > 1 {
            eprintln!(
                "This takes {} payments, because one spends at most {MAX_COINS_PER_PAYMENT} coins. Each has a fee: {fee} FED in all.",
                plans.len()
            );
        }
        if fee <= self.agreed || !is_high_fee(amount, fee, bytes, self.usual) {
            return Ok(());
        }
        let usual = self.usual.fee_for(bytes);
        eprintln!("The fee of {fee} FED is high for a payment of {amount} FED: the usual fee is {usual} FED.");
        eprintln!("Type {fee} to pay it, or anything else to cancel:");
        let mut typed = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut typed)
            .map_err(|e| Failure::system("cannot read the answer from standard input", &e))?;
        if typed.parse() != Ok(fee) {
            return Err(Failure::Usage(format!(
                "nothing was paid: the fee of {fee} FED was not confirmed; programs confirm it with --yes"
            )));
        }
        self.agreed = fee;
        Ok(())
    }
}
