//! Rules E4 and E6, and payments that violate T1 to T9.

use super::json::{hex_of, named};
use super::keys::{LESSON_A, LESSON_GENESIS, other_s, private};
use fedcoin_node::codec::{decode, encode};
use fedcoin_node::consensus::{ChainParams, PaymentError, check_payment_in_isolation};
use fedcoin_node::primitives::{
    Address, Coinbase, NetworkId, OutPoint, Output, Payment, PrivateKey, PublicKey, Signature, TxId, UnsignedPayment,
};
use fedcoin_node::units::{Amount, Height};
use fedcoin_testkit::ledger::{address, key, sign, units};
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    let (payments, coinbases) = (named(payments()), named(coinbases()));
    json!({ "payments": payments, "coinbases": coinbases, "refused": named(refused()) })
}

fn network() -> NetworkId {
    ChainParams::main().network_id()
}

fn outpoint(byte: u8, index: u32) -> OutPoint {
    OutPoint { txid: TxId([byte; 32]), index }
}

fn output(amount: u64, recipient: Address) -> Output {
    Output { amount: units(amount), recipient }
}

fn lesson_a() -> Address {
    private(LESSON_A).public_key().address()
}

fn payments() -> Vec<(&'static str, Value)> {
    let genesis = private(LESSON_GENESIS);
    let change = output(4_800_000_000, genesis.public_key().address());
    let unsigned = UnsignedPayment {
        sender: genesis.public_key(),
        replaceable: true,
        inputs: vec![outpoint(7, 0)],
        outputs: vec![output(200_000_000, lesson_a()), change],
    };
    let small = UnsignedPayment {
        sender: key(1).public_key(),
        replaceable: false,
        inputs: vec![outpoint(8, 300)],
        outputs: vec![output(1, address(2))],
    };
    let many = UnsignedPayment { inputs: (0..4).map(|n| outpoint(9, n * 1_000_000_000)).collect(), ..unsigned.clone() };
    vec![
        ("a replaceable payment with change", payment(&genesis, unsigned.clone(), network())),
        ("the same on another network", payment(&genesis, unsigned, ChainParams::regtest().network_id())),
        ("the smallest", payment(&key(1), small, network())),
        ("of many inputs", payment(&genesis, many, network())),
    ]
}

fn payment(key: &PrivateKey, unsigned: UnsignedPayment, network: NetworkId) -> Value {
    let message = unsigned.signing_message(network);
    let payment = sign(key, network, unsigned);
    assert_eq!(decode::<Payment>(&encode(&payment)).as_ref(), Ok(&payment));
    assert_eq!(checked(payment.clone(), network), Ok(()));
    json!({
        "network": network,
        "private": key.to_hex(),
        "payment": payment,
        "txid": payment.txid(),
        "signing_message": hex::encode(message),
        "bytes": hex_of(&payment),
        "hash": payment.hash(),
    })
}

fn checked(payment: Payment, network: NetworkId) -> Result<(), PaymentError> {
    check_payment_in_isolation(payment, &ChainParams::main())?.verify(network).map(drop)
}

fn coinbases() -> Vec<(&'static str, Value)> {
    let case = |height, output| {
        let coinbase = Coinbase { height: Height(height), output };
        json!({ "coinbase": coinbase, "bytes": hex_of(&coinbase), "txid": coinbase.txid() })
    };
    vec![
        ("of the lesson's genesis", case(0, ChainParams::classroom().genesis_block().coinbase.output)),
        ("of a later block", case(123_456, output(1, address(1)))),
        ("that takes nothing", case(1, output(0, address(1)))),
    ]
}

/// Payments that violate one rule each. Their signatures are valid except for the last three.
fn refused() -> Vec<(&'static str, Value)> {
    let good = UnsignedPayment {
        sender: key(1).public_key(),
        replaceable: false,
        inputs: vec![outpoint(7, 0), outpoint(7, 1)],
        outputs: vec![output(5, address(2)), output(6, address(1))],
    };
    let signed = |unsigned| sign(&key(1), network(), unsigned);
    let whole = signed(good.clone());
    let mut uncompressed = good.clone();
    let mut bytes = *good.sender.as_bytes();
    bytes[0] = 4;
    uncompressed.sender = PublicKey::from_bytes(bytes);
    let mut off_curve = good.clone();
    off_curve.sender = PublicKey::from_bytes([3; 33]);
    assert_eq!(off_curve.sender.to_uncompressed(), None);
    let twice = vec![outpoint(7, 1), outpoint(7, 1)];
    let zero = vec![output(5, address(2)), output(0, address(1))];
    let too_much = vec![Output { amount: Amount::MAX, recipient: address(2) }, output(1, address(1))];
    let others = sign(&key(2), network(), good.clone()).signature;
    let elsewhere = sign(&key(1), ChainParams::regtest().network_id(), good.clone());
    let cases = vec![
        ("no inputs", "T1", signed(UnsignedPayment { inputs: vec![], ..good.clone() })),
        ("no outputs", "T2", signed(UnsignedPayment { outputs: vec![], ..good.clone() })),
        ("an input twice", "T4", signed(UnsignedPayment { inputs: twice, ..good.clone() })),
        ("an output of zero", "T5", signed(UnsignedPayment { outputs: zero, ..good.clone() })),
        ("outputs above all money", "T6", signed(UnsignedPayment { outputs: too_much, ..good.clone() })),
        ("a key of another form", "T7", signed(uncompressed)),
        ("a key that is no point of the curve", "T9", signed(off_curve)),
        ("a high s", "T8", Payment { signature: other_s(&whole.signature), ..whole.clone() }),
        ("another's signature", "T9", Payment { signature: others, ..whole.clone() }),
        ("a signature of zeros", "T9", Payment { signature: Signature::ZERO, ..whole }),
        ("signed for another network", "T9", elsewhere),
    ];
    let refused = |(name, rule, payment): (&'static str, &str, Payment)| {
        assert_eq!(checked(payment.clone(), network()).unwrap_err().rule(), rule, "{name}");
        (name, json!({ "rule": rule, "network": network(), "bytes": hex_of(&payment) }))
    };
    cases.into_iter().map(refused).collect()
}
