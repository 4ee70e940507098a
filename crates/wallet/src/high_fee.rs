use fedcoin_mempool::{FEE_STEP, FeeRate};
use fedcoin_primitives::units::Amount;

/// A fee above one part in so many of the amount is rather a slip than meant,
const AMOUNT_SHARE: u64 = 10;
/// and so is one above so many times the usual.
const TIMES_USUAL: u64 = 100;

/// Whether a fee is so high that its payer must be asked once more. The rate that every network takes to
/// pass a payment on is never: it may be much of a tiny amount. Where the usual rate is zero only the
/// amount counts.
#[must_use]
pub fn is_high_fee(amount: Amount, fee: Amount, bytes: usize, usual: FeeRate) -> bool {
    let usual = usual.fee_for(bytes).units().saturating_mul(TIMES_USUAL);
    let above_usual = usual > 0 && fee.units() > usual;
    fee > FEE_STEP.fee_for(bytes) && (fee.units() > amount.units() / AMOUNT_SHARE || above_usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_amount_or_a_hundred_times_the_usual() {
        let units = |n| Amount::from_units(n).unwrap();
        let (two, zero) = (FeeRate::new(units(2), 1), FeeRate::ZERO);
        for (amount, fee, usual, high) in [
            (100_000, 10_000, zero, false),
            (100_000, 10_001, zero, true),
            (100_000_000, 40_000, two, false),
            (100_000_000, 40_001, two, true),
            (100_000_000, 10_000_000, zero, false),
            (100_000_000_000, 10_000_000_000, two, true),
            // What is asked of each payment, however small its amount.
            (1, 200, zero, false),
            (1, 201, zero, true),
            // However much others pay at the moment.
            (1_000, 400, FeeRate::new(units(400), 1), true),
        ] {
            assert_eq!(is_high_fee(units(amount), units(fee), 200, usual), high, "{fee} for {amount}, usually {usual}");
        }
    }
}
