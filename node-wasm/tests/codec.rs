//! The codec's guarantees, and secrets that messages must not show. Round trips of whole types are up to the libraries;
//! here is one message for each kind of field that they do not settle.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_keyring::{Cipher, FORMAT, Kdf, KeyName, Passphrase, SALT_BYTES, Sealed, VERSION};
use fedcoin_node::RequestId;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::primitives::{Address, PrivateKey};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::Fee;
use node_wasm::codec::{decode, encode};
use node_wasm::messages::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Above the range of exact JavaScript numbers.
const REQUEST: RequestId = RequestId(u64::MAX - 1);

fn comes_back<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(message: T) {
    assert_eq!(decode::<T>(&encode(&message).unwrap()).unwrap(), message);
}

fn passphrase() -> Passphrase {
    Passphrase::given("open sesame".into(), "öpen sesame".into())
}

/// Types that serialise as texts or check what they read.
#[wasm_bindgen_test]
fn values_with_their_own_form_are_preserved() {
    comes_back(ToNode::Start(StartOptions {
        params: ChainParams::classroom(),
        relays: vec!["ws://127.0.0.1:5000/ws".parse().unwrap()],
        slot: None,
        holder: Holder::WorkerBefore,
        miner_script: "./miner.js".into(),
        mining: MiningOptions::default(),
    }));
    // A rate is rounded when it is quoted, so that it is preserved.
    let terms = Fee::Rate("1.125".parse::<FeeRate>().unwrap());
    let quote = Quote { amount: Amount::MAX, fee: Amount::ZERO, terms, is_high: true, payments: 2, wait: None };
    let recipient = Address([3; 20]);
    comes_back(ToNode::Send { request: REQUEST, recipient, quote, passphrase: Some(passphrase()) });
    let cipher = Cipher { name: "xchacha20-poly1305".into(), nonce: "00".into() };
    let kdf = Kdf::in_use([1; SALT_BYTES]);
    let backup = Sealed { format: FORMAT.into(), version: VERSION, kdf, cipher, sealed: "ff".into() };
    let command = WalletCommand::Restore { backup, passphrase: passphrase() };
    comes_back(ToNode::Wallet { request: REQUEST, command });
    let key = KeyState {
        address: recipient,
        name: "Savings".parse().unwrap(),
        backed_up: true,
        public_key: PrivateKey::from_random(&[1; 32]).unwrap().public_key(),
        balance: fedcoin_node::wallet::Balance::default(),
    };
    comes_back(WalletState { keys: vec![key], ..WalletState::default() });
}

#[wasm_bindgen_test]
fn a_message_is_decoded_completely_or_refused() {
    let bytes = encode(&ToNode::Ping).unwrap().to_vec();
    assert_eq!(decode::<ToNode>(&js_sys::Uint8Array::from(&bytes[..])), Ok(ToNode::Ping));
    let longer = [&bytes[..], &[0]].concat();
    assert!(decode::<ToNode>(&js_sys::Uint8Array::from(&longer[..])).is_err());
    assert!(decode::<ToNode>(&js_sys::Uint8Array::new_with_length(0)).is_err());
    assert!(decode::<ToNode>(&"Ping".into()).is_err());
}

#[wasm_bindgen_test]
fn secrets_are_not_shown() {
    let text = "308187020100301306072a8648ce3d020106082a8648ce3d0301";
    let key = PrivateKeyText(text.to_owned().into());
    assert!(!format!("{key:?}").contains("3081"));
    let command = WalletCommand::Import { name: KeyName::default(), key };
    assert!(!format!("{:?}", ToNode::Wallet { request: REQUEST, command }).contains("3081"));
    let message = ToNode::ExportKey { request: REQUEST, address: Address([7; 20]), passphrase: Some(passphrase()) };
    assert!(!format!("{message:?}").contains("sesame"));
}
