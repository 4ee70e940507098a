use crate::failure::Failure;
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{MAX_COINS_PER_PAYMENT, Plan, is_high_fee};
use std::io::BufRead;

/// Asks before a high fee is paid: it must be typed.
#[derive(Debug)]
pub(super) struct FeeQuestion {
    usual: FeeRate,
    /// The highest fee that was agreed to.
    agreed: Amount,
}

impl FeeQuestion {
    /// `yes`: the answer is known.
    pub(super) const fn new(usual: FeeRate, yes: bool) -> Self {
        Self { usual, agreed: if yes { Amount::MAX } else { Amount::ZERO } }
    }

    /// Whether these payments may be made; of several it says how many there are and what they cost together.
    ///
    /// # Errors
    /// [`Failure::Usage`]: the fee is high and was not typed.
    pub(super) fn ask(&mut self, plans: &[Plan]) -> Result<(), Failure> {
        let sum = |amount: fn(&Plan) -> Amount| Amount::saturating_sum(plans.iter().map(amount));
        let (amount, fee) = (sum(|plan| plan.amount), sum(|plan| plan.fee));
        let bytes = plans.iter().map(Plan::bytes).sum();
        if plans.len() > 1 {
            eprintln!(
                "This takes {} payments, for one spends up to {MAX_COINS_PER_PAYMENT} coins. Each has a fee: {fee} FED in all.",
                plans.len()
            );
        }
        if fee <= self.agreed || !is_high_fee(amount, fee, bytes, self.usual) {
            return Ok(());
        }
        let usual = self.usual.fee_for(bytes);
        eprintln!("The fee of {fee} FED is high: {amount} FED are paid, and {usual} FED is the usual fee.");
        eprintln!("Type {fee} to pay it, or anything else not to pay:");
        let mut typed = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut typed)
            .map_err(|e| Failure::system("cannot read the answer from standard input", &e))?;
        if typed.parse() != Ok(fee) {
            return Err(Failure::Usage(format!(
                "nothing was paid: the fee of {fee} FED was not confirmed; programs confirm it by --yes"
            )));
        }
        self.agreed = fee;
        Ok(())
    }
}
