use super::coin_selection::{Coin, MAX_COINS_PER_PAYMENT};
use super::{Fee, Plan, WalletError};
use fedcoin_mempool::{FEE_STEP, FeeRate};
use fedcoin_primitives::units::Amount;
use fedcoin_primitives::{Output, Payment, UnsignedPayment};

/// A waiting payment whose fee is too low.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    /// The unsigned payment.
    pub unsigned: &'a UnsignedPayment,
    /// Its fee.
    pub fee: Amount,
    /// The sum of its fee and those of its descendants, which a replacement also removes.
    pub fees: Amount,
}

impl Waiting<'_> {
    const fn bytes(&self) -> usize {
        Payment::size_of(self.unsigned.inputs.len(), self.unsigned.outputs.len())
    }

    /// The minimum fee of a replacement of `bytes` bytes (rules P10 and P11).
    #[must_use]
    pub fn least_fee(&self, bytes: usize) -> Amount {
        let rate = FeeRate::new(self.fee, self.bytes()).fee_above(bytes);
        let sum = self.fees.checked_add(FEE_STEP.fee_for(bytes)).unwrap_or(Amount::MAX);
        rate.max(sum)
    }
}

/// Plans the same payment with a higher fee: the same coins, the same outputs, less change. If the change does not
/// suffice, it also spends coins of `spare`, in order, which must be confirmed (rule P14). Without a wish, the fee is
/// the required minimum, but at least the `usual` rate.
///
/// # Errors
/// [`WalletError::Final`], [`WalletError::LowReplacement`], or an error of [`super::plan_payment`].
pub fn plan_replacement(
    waiting: &Waiting<'_>,
    spare: &[Coin],
    wish: Option<Fee>,
    usual: FeeRate,
) -> Result<Plan, WalletError> {
    if !waiting.unsigned.replaceable {
        return Err(WalletError::Final);
    }
    let fee = |bytes| match wish {
        Some(fee) => fee.of(bytes),
        None => waiting.least_fee(bytes).max(usual.fee_for(bytes)),
    };
    let kept = without_change(waiting.unsigned);
    let sum_of = |outputs: &[Output]| Amount::checked_sum(outputs.iter().map(|output| output.amount));
    let add = |left: Amount, right| left.checked_add(right).ok_or(WalletError::OutOfRange);
    let paid = sum_of(kept).ok_or(WalletError::OutOfRange)?;
    let mut sum = add(sum_of(&waiting.unsigned.outputs).ok_or(WalletError::OutOfRange)?, waiting.fee)?;
    let mut inputs = waiting.unsigned.inputs.clone();
    let needed = |inputs, outputs| add(paid, fee(Payment::size_of(inputs, outputs)));
    let mut spare = spare.iter();
    while sum < needed(inputs.len(), kept.len())? {
        let needed = needed(inputs.len(), kept.len())?;
        let coin = spare.next().ok_or(WalletError::NotEnough { needed, spendable: sum })?;
        if inputs.len() >= MAX_COINS_PER_PAYMENT {
            return Err(WalletError::TooManyCoins { needed, reach: sum });
        }
        inputs.push(coin.outpoint);
        sum = add(sum, coin.amount)?;
    }
    let mut outputs = kept.to_vec();
    let change = sum.saturating_sub(needed(inputs.len(), outputs.len() + 1)?);
    let sender = waiting.unsigned.sender;
    if change > Amount::ZERO {
        outputs.push(Output { amount: change, recipient: sender.address() });
    }
    let fee = sum.saturating_sub(paid).saturating_sub(change);
    let plan = Plan { unsigned: UnsignedPayment { sender, replaceable: true, inputs, outputs }, amount: paid, fee };
    let least = waiting.least_fee(plan.bytes());
    if fee < least {
        return Err(WalletError::LowReplacement { now: waiting.fee, least });
    }
    Ok(plan)
}

/// The ordered outputs: all but the last one, if that is change.
fn without_change(payment: &UnsignedPayment) -> &[Output] {
    match payment.outputs.split_last() {
        Some((last, ordered)) if !ordered.is_empty() && last.recipient == payment.sender.address() => ordered,
        _ => &payment.outputs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_primitives::{Address, OutPoint, PublicKey, TxId};

    fn units(n: u64) -> Amount {
        Amount::from_units(n).unwrap()
    }

    fn outpoint(index: u32) -> OutPoint {
        OutPoint { txid: TxId::default(), index }
    }

    const SENDER: PublicKey = PublicKey::from_bytes([2; 33]);

    /// Pays 500 units to somebody from 10,000, with the rest minus the fee as change.
    fn payment(change: Option<u64>) -> UnsignedPayment {
        let mut outputs = vec![Output { amount: units(500), recipient: Address([9; 20]) }];
        outputs.extend(change.map(|n| Output { amount: units(n), recipient: SENDER.address() }));
        UnsignedPayment { sender: SENDER, replaceable: true, inputs: vec![outpoint(0)], outputs }
    }

    fn replace(change: Option<u64>, fee: u64, spare: &[u64], wish: Option<Fee>) -> Result<Plan, WalletError> {
        let unsigned = payment(change);
        let spare: Vec<Coin> = (1..)
            .zip(spare)
            .map(|(index, n)| Coin { outpoint: outpoint(index), amount: units(*n), mined: true })
            .collect();
        let waiting = Waiting { unsigned: &unsigned, fee: units(fee), fees: units(fee) };
        plan_replacement(&waiting, &spare, wish, FeeRate::ZERO)
    }

    /// Number of coins, outputs and fee, in units.
    fn shape(plan: &Plan) -> (usize, Vec<u64>, u64) {
        let outputs = plan.unsigned.outputs.iter().map(|output| output.amount.units()).collect();
        (plan.unsigned.inputs.len(), outputs, plan.fee.units())
    }

    #[test]
    fn the_change_covers_the_higher_fee() {
        let plan = replace(Some(9_400), 100, &[], Some(Fee::Total(units(900)))).unwrap();
        assert_eq!(shape(&plan), (1, vec![500, 8_600], 900));
        assert!(plan.unsigned.replaceable, "it can be replaced again");
        // 198 bytes: the old fee, plus one unit per byte.
        assert_eq!(shape(&replace(Some(9_400), 100, &[], None).unwrap()), (1, vec![500, 9_202], 298));
        // Change worth less than its output goes to the miner.
        assert_eq!(shape(&replace(Some(400), 100, &[], Some(Fee::Total(units(500)))).unwrap()), (1, vec![500], 500));
    }

    #[test]
    fn confirmed_coins_are_added_if_the_change_does_not_suffice() {
        let wish = Some(Fee::Total(units(900)));
        assert_eq!(shape(&replace(Some(100), 100, &[300, 5_000, 1], wish).unwrap()), (3, vec![500, 4_600], 900));
        assert_eq!(shape(&replace(None, 100, &[1_000], wish).unwrap()), (2, vec![500, 200], 900));
        let error = WalletError::NotEnough { needed: units(1_400), spendable: units(850) };
        assert_eq!(replace(None, 100, &[250], wish), Err(error));
    }

    #[test]
    fn a_fee_that_does_not_take_its_place_is_refused() {
        // 198 bytes: the old fee, and one unit a byte on top.
        let low = Err(WalletError::LowReplacement { now: units(100), least: units(298) });
        for fee in [0, 99, 100, 297] {
            assert_eq!(replace(Some(9_400), 100, &[], Some(Fee::Total(units(fee)))), low, "{fee}");
        }
        assert!(replace(Some(9_400), 100, &[], Some(Fee::Total(units(298)))).is_ok());
    }

    #[test]
    fn the_fees_of_descendants_are_covered() {
        let unsigned = payment(Some(9_400));
        let waiting = Waiting { unsigned: &unsigned, fee: units(100), fees: units(700) };
        assert_eq!(waiting.least_fee(198), units(898));
        // A high rate must be exceeded even if the payment becomes smaller.
        let waiting = Waiting { unsigned: &unsigned, fee: units(198 * 50), fees: units(198 * 50) };
        assert_eq!(waiting.least_fee(198 + 36), units(234 * 50 + 1));
        let plan = plan_replacement(&waiting, &[], None, FeeRate::new(units(60), 1));
        assert_eq!(plan.map(|plan| plan.fee), Ok(units(198 * 60)), "the usual rate now");
    }

    #[test]
    fn a_payment_to_oneself_keeps_its_amount() {
        let own = |n| Output { amount: units(n), recipient: SENDER.address() };
        let unsigned = UnsignedPayment { outputs: vec![own(5_000), own(900)], ..payment(None) };
        let waiting = Waiting { unsigned: &unsigned, fee: units(100), fees: units(100) };
        let plan = plan_replacement(&waiting, &[], Some(Fee::Total(units(400))), FeeRate::ZERO).unwrap();
        assert_eq!(shape(&plan), (1, vec![5_000, 600], 400));
    }

    #[test]
    fn a_final_payment_cannot_be_replaced() {
        let unsigned = UnsignedPayment { replaceable: false, ..payment(Some(9_400)) };
        let waiting = Waiting { unsigned: &unsigned, fee: units(100), fees: units(100) };
        assert_eq!(plan_replacement(&waiting, &[], None, FeeRate::ZERO), Err(WalletError::Final));
    }
}
