use fedcoin_mempool::{FEE_STEP, FeeRate};
use fedcoin_primitives::units::Amount;

/// A fee above one part in this many of the amount may be a mistake.
const AMOUNT_SHARE: u64 = 10;
/// So may a fee above this multiple of the usual one.
const TIMES_USUAL: u64 = 100;

/// Whether a fee is so high that the payer must confirm it. The minimum relay rate is never high, although it may
/// exceed a tiny amount. If the usual rate is zero, only the amount counts.
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
    fn fees_above_a_tenth_of_the_amount_or_a_hundred_times_the_usual_are_high() {
        let units = |n| Amount::from_units(n).unwrap();
        let (two, zero) = (FeeRate::new(units(2), 1), FeeRate::ZERO);
        for (amount, fee, usual, high) in [
            (100_000, 10_000, zero, false),
            (100_000, 10_001, zero, true),
            (100_000_000, 40_000, two, false),
            (100_000_000, 40_001, two, true),
            (100_000_000, 10_000_000, zero, false),
            (100_000_000_000, 10_000_000_000, two, true),
            // The minimum that every payment needs, however small its amount.
            (1, 200, zero, false),
            (1, 201, zero, true),
            // Regardless of what others pay at the moment.
            (1_000, 400, FeeRate::new(units(400), 1), true),
        ] {
            assert_eq!(is_high_fee(units(amount), units(fee), 200, usual), high, "{fee} for {amount}, usually {usual}");
        }
    }
}
