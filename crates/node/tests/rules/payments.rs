//! Rules T1 to T9.

use crate::common::{key, params, pay, sign, units};
use crate::ledger::{c1, c2, c3, c4};
use crate::{nowhere, output};
use fedcoin_node::consensus::{ChainParams, PaymentError, check_payment_in_isolation};
use fedcoin_node::primitives::{Payment, PublicKey, Signature, UnsignedPayment};
use fedcoin_node::units::Amount;

/// The error of a valid payment after `change`.
fn broken_payment(change: impl FnOnce(&mut UnsignedPayment)) -> PaymentError {
    let params = params();
    let mut unsigned = UnsignedPayment {
        sender: key(1).public_key(),
        replaceable: true,
        inputs: vec![nowhere(1), nowhere(2)],
        outputs: vec![output(units(1)), output(units(2))],
    };
    let payment = sign(&key(1), params.network_id(), unsigned.clone());
    check_payment_in_isolation(payment, &params).unwrap().verify(params.network_id()).unwrap();
    change(&mut unsigned);
    check_payment_in_isolation(sign(&key(1), params.network_id(), unsigned), &params).unwrap_err()
}

pub(crate) fn t1() -> PaymentError {
    broken_payment(|p| p.inputs.clear())
}

pub(crate) fn t2() -> PaymentError {
    broken_payment(|p| p.outputs.clear())
}

pub(crate) fn t3() -> PaymentError {
    broken_payment(|p| p.outputs = vec![output(units(1)); 4_000])
}

pub(crate) fn t4() -> PaymentError {
    broken_payment(|p| p.inputs.push(nowhere(1)))
}

pub(crate) fn t5() -> PaymentError {
    broken_payment(|p| p.outputs[1].amount = Amount::ZERO)
}

pub(crate) fn t6() -> PaymentError {
    broken_payment(|p| p.outputs[1].amount = Amount::MAX)
}

pub(crate) fn t7() -> PaymentError {
    broken_payment(|p| p.sender = PublicKey::from_bytes([5; 33]))
}

pub(crate) fn t8() -> PaymentError {
    let mut payment = pay(&key(1), params().network_id(), vec![nowhere(1)], vec![output(units(1))]);
    payment.signature = Signature::from_bytes(high_s(payment.signature.as_bytes()));
    assert!(
        key(1).public_key().verifies(&payment.unsigned.signing_message(params().network_id()), &payment.signature),
        "the other signature is valid as well"
    );
    check_payment_in_isolation(payment, &params()).unwrap_err()
}

/// The other valid signature: `s` becomes the curve's order minus `s`.
pub(crate) fn high_s(signature: &[u8; 64]) -> [u8; 64] {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let mut twin = *signature;
    let mut borrow = 0_i16;
    for i in (0..32).rev() {
        let order = i16::from_str_radix(&ORDER[2 * i..2 * i + 2], 16).unwrap();
        let digit = order - i16::from(signature[32 + i]) - borrow;
        borrow = i16::from(digit < 0);
        twin[32 + i] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    twin
}

pub(crate) fn t9() -> PaymentError {
    let network = params().network_id();
    let payment = pay(&key(1), ChainParams::classroom().network_id(), vec![nowhere(1)], vec![output(units(1))]);
    check_payment_in_isolation(payment, &params()).unwrap().verify(network).unwrap_err()
}

#[test]
fn payment_errors_have_found_and_expected_values() {
    assert_eq!(t1(), PaymentError::NoInputs);
    assert_eq!(t2(), PaymentError::NoOutputs);
    assert_eq!(t3(), PaymentError::TooLarge { got: 98 + 4 + 72 + 4 + 4_000 * 28, max: 100_000 });
    assert_eq!(t4(), PaymentError::DuplicateInput { outpoint: nowhere(1) });
    assert_eq!(t5(), PaymentError::ZeroOutput { index: 1 });
    assert_eq!(t6(), PaymentError::OutputsTooLarge { max: Amount::MAX });
    assert_eq!(t7(), PaymentError::KeyForm { got: 5 });
    assert_eq!(t8(), PaymentError::HighS);
    assert_eq!(t9(), PaymentError::BadSignature);
    assert!([t1(), t2(), t3(), t4(), t5(), t6(), t7(), t8(), t9()].iter().all(PaymentError::is_context_free));
    assert!([c1(), c2(), c3(), c4()].iter().all(|error| !error.is_context_free()));
}

#[test]
fn a_payment_of_the_maximum_size_fits_into_a_block() {
    // Blocks of the network `classroom` have 100,000 bytes, 188 of them without payments.
    let params = ChainParams::classroom();
    let of = |outputs| Payment {
        unsigned: UnsignedPayment {
            sender: key(1).public_key(),
            replaceable: false,
            inputs: vec![nowhere(1)],
            outputs: vec![output(units(1)); outputs],
        },
        signature: Signature::ZERO,
    };
    assert_eq!((of(3_559).size(), of(3_560).size()), (99_794, 99_822));
    assert!(check_payment_in_isolation(of(3_559), &params).is_ok());
    let error = check_payment_in_isolation(of(3_560), &params).unwrap_err();
    assert_eq!(error, PaymentError::TooLarge { got: 99_822, max: 99_812 });
}
