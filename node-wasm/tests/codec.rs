//! Every message survives the way between page and worker.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_keyring::{
    Cipher, FORMAT, Kdf, KeyName, KeyringError, Passphrase, Protection, SALT_BYTES, Sealed, VERSION,
};
use fedcoin_node::chain::ChainSample;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::{FeeRate, PoolError, PoolPolicy};
use fedcoin_node::pow::Job;
use fedcoin_node::primitives::{Address, BlockId, OutPoint, Output, TxId};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::wallet::{Balance, Coin, Fee, WalletError};
use fedcoin_node::*;
use node_wasm::codec::{decode, encode};
use node_wasm::messages::*;
use node_wasm::mining::rules::{MiningRules, Rest, WhenHidden};
use node_wasm::mining::{Order, Report, SearchOrder};
use serde::{Deserialize, Serialize};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Above what a JavaScript number holds exactly.
const LARGE: u64 = u64::MAX - 1;
const REQUEST: RequestId = RequestId(LARGE);
const PLACE: HistoryPlace = HistoryPlace { height: Height(u32::MAX), position: u32::MAX };

fn comes_back<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(messages: Vec<T>) {
    for message in messages {
        let value = encode(&message).unwrap().into();
        // What `postMessage` does with it.
        let copy = structured_clone(&value);
        assert_eq!(decode::<T>(&copy).unwrap(), message);
    }
}

#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = structuredClone)]
    fn structured_clone(value: &wasm_bindgen::JsValue) -> wasm_bindgen::JsValue;
}

fn address() -> Address {
    Address([7; 20])
}

fn name() -> KeyName {
    "Savings".parse().unwrap()
}

fn passphrase() -> Passphrase {
    Passphrase::given("open sesame".into(), "öpen sesame".into())
}

fn sealed() -> Sealed {
    let cipher = Cipher { name: "xchacha20-poly1305".into(), nonce: "00".into() };
    Sealed { format: FORMAT.into(), version: VERSION, kdf: Kdf::in_use([1; SALT_BYTES]), cipher, sealed: "ff".into() }
}

fn draft(fee: FeeChoice) -> Draft {
    Draft { recipient: "fed1".into(), amount: None, fee }
}

fn relay() -> PeerAddress {
    "ws://127.0.0.1:5000/ws".parse().unwrap()
}

fn options() -> MiningOptions {
    let rules = MiningRules { rest_on_battery: false, when_hidden: WhenHidden::RestAtOnce };
    MiningOptions { on: true, policy: MiningPolicy::Always, threads: 2, share: 50, rules, slice_ms: Some(20) }
}

#[wasm_bindgen_test]
fn to_node() {
    let start = StartOptions {
        params: ChainParams { spacing_ms: LARGE, ..ChainParams::classroom() },
        relays: vec![relay()],
        slot: Some(3),
        reloaded: true,
        mining: options(),
    };
    let wallet = |command| ToNode::Wallet { request: REQUEST, command };
    comes_back(vec![
        ToNode::Start(start.clone()),
        ToNode::Start(StartOptions { slot: None, ..start }),
        ToNode::Ping,
        ToNode::Stop,
        ToNode::Reconnect,
        ToNode::SetMining(options()),
        ToNode::Circumstances(PageCircumstances::default()),
        ToNode::Circumstances(PageCircumstances { on_battery: Some(true), hidden: true, measuring: true }),
        wallet(WalletCommand::New { name: name() }),
        wallet(WalletCommand::Import { name: name(), key: PrivateKeyText(String::from("3081").into()) }),
        wallet(WalletCommand::Restore { backup: sealed(), passphrase: passphrase() }),
        wallet(WalletCommand::Rename { address: address(), name: name() }),
        wallet(WalletCommand::Remove { address: address() }),
        wallet(WalletCommand::Select { address: address() }),
        wallet(WalletCommand::NoteBackup { address: None }),
        wallet(WalletCommand::Protect { current: None, new: Some(passphrase()) }),
        wallet(WalletCommand::Unlock { passphrase: passphrase() }),
        wallet(WalletCommand::Lock),
        ToNode::ExportKey { request: REQUEST, address: address(), passphrase: Some(passphrase()) },
        ToNode::Backup { request: REQUEST, passphrase: None },
        ToNode::Quote { request: REQUEST, draft: draft(FeeChoice::Urgent) },
        ToNode::Quote { request: REQUEST, draft: draft(FeeChoice::Own("0.5".into())) },
        ToNode::QuoteBump { request: REQUEST, txid: TxId([2; 32]), fee: String::new() },
        ToNode::Bump { request: REQUEST, txid: TxId([2; 32]), fee: Fee::Total(Amount::MAX), passphrase: None },
        ToNode::Send {
            request: REQUEST,
            recipient: Address([3; 20]),
            amount: Amount::MAX,
            fee: Fee::Rate("1.125".parse().unwrap()),
            passphrase: Some(passphrase()),
        },
        ToNode::Blocks { request: REQUEST, from: None, count: 5 },
        ToNode::Blocks { request: REQUEST, from: Some(Height(u32::MAX)), count: 5 },
        ToNode::Block { request: REQUEST, id: BlockId([1; 32]) },
        ToNode::Payment { request: REQUEST, id: TxId([2; 32]) },
        ToNode::Address { request: REQUEST, address: address() },
        ToNode::AddressHistory { request: REQUEST, address: address(), before: None },
        ToNode::AddressHistory { request: REQUEST, address: address(), before: Some(PLACE) },
        ToNode::Samples { request: REQUEST, blocks: u32::MAX, points: 100 },
        ToNode::Find { request: REQUEST, text: "0000".into() },
    ]);
}

#[wasm_bindgen_test]
fn answers() {
    let balance = Balance { confirmed: Amount::MAX, ..Balance::default() };
    let entry = HistoryEntry {
        txid: TxId([1; 32]),
        block: Some((BlockId([2; 32]), Height(3))),
        time: Some(Timestamp(LARGE)),
        kind: HistoryKind::Mined,
        amount: Amount::MAX,
        other: None,
    };
    let terms = Fee::Rate(FeeRate::ZERO);
    let quote = Quote { amount: Amount::MAX, fee: Amount::MAX, terms, is_high: true, payments: u32::MAX, wait: None };
    let coin = Coin { outpoint: OutPoint { txid: TxId([1; 32]), index: u32::MAX }, amount: Amount::MAX, mined: true };
    let paid = Paid { txid: TxId([9; 32]), amount: Amount::MAX };
    comes_back(vec![
        FromNode::Pong,
        FromNode::Wallet { request: REQUEST, result: Ok(()) },
        FromNode::Wallet { request: REQUEST, result: Err(WalletProblem::Ring(KeyringError::Full)) },
        FromNode::Backup { request: REQUEST, result: Ok(sealed()) },
        FromNode::Quoted { request: REQUEST, result: Ok(quote) },
        FromNode::Quoted { request: REQUEST, result: Err(SendProblem::Ring(KeyringError::Locked)) },
        FromNode::PrivateKey { request: REQUEST, result: Ok(PrivateKeyText(String::from("3081").into())) },
        FromNode::Sent { request: REQUEST, paid: vec![paid], problem: None },
        FromNode::Sent {
            request: REQUEST,
            paid: vec![paid, paid],
            problem: Some(SendProblem::Refused(PoolError::Known)),
        },
        FromNode::Sent {
            request: REQUEST,
            paid: Vec::new(),
            problem: Some(SendProblem::Wallet(WalletError::ZeroAmount)),
        },
        FromNode::Blocks { request: REQUEST, blocks: vec![summary(), bare_summary()] },
        FromNode::Block { request: REQUEST, block: None },
        FromNode::Block { request: REQUEST, block: Some(Box::new(details())) },
        FromNode::Payment { request: REQUEST, payment: Some(Box::new(payment())) },
        FromNode::Address {
            request: REQUEST,
            details: AddressDetails { address: address(), balance, coins: vec![coin] },
        },
        FromNode::AddressHistory { request: REQUEST, page: HistoryPage { entries: vec![entry], next: Some(PLACE) } },
        FromNode::Samples { request: REQUEST, samples: vec![sample(), ChainSample { hash_rate: None, ..sample() }] },
        FromNode::Found { request: REQUEST, found: Found::Address(address()) },
        FromNode::Found { request: REQUEST, found: Found::Nothing },
    ]);
}

#[wasm_bindgen_test]
fn updates() {
    let kept = Some(("slot-0/chain-0.redb".into(), "damaged".into()));
    let storage = StorageState { kind: StorageKind::Memory(MemoryReason::NotSecure), bytes: LARGE, set_aside: kept };
    let ready = Ready {
        slot: 1,
        storage: storage.clone(),
        keys: KeyStorage::Memory("private window".into()),
        verifier: VerifierKind::Wasm,
    };
    let event = |what| Update::Event(LogEntry { time: Timestamp(LARGE), what });
    let updates = vec![
        Update::Ready(Ready { keys: KeyStorage::IndexedDb, ..ready.clone() }),
        Update::Ready(ready),
        Update::Failed(Failure::Storage { full: true, problem: "full".into() }),
        Update::Failed(Failure::NoAnswer),
        Update::Stopped,
        Update::State(Box::new(state(storage))),
        event(Happening::Node(Event::SideBlock { id: BlockId([1; 32]), height: Height(2) })),
        event(Happening::WokeUp { asleep_ms: LARGE }),
        event(Happening::SocketDropped { address: relay(), reason: "text".into() }),
    ];
    comes_back(updates.into_iter().map(FromNode::Update).collect());
}

#[wasm_bindgen_test]
fn orders_and_reports() {
    let header = ChainParams::classroom().genesis_block().header;
    let job = Job { generation: LARGE, header, clock_lead: LARGE };
    let search = Some(SearchOrder { job, salt: u32::MAX, salt_step: 2, share: 100, slice_ms: None, kernel: Some(1) });
    comes_back(vec![Order { number: LARGE, search }, Order { number: 0, search: None }]);
    comes_back(vec![
        Report::Ready { kernels: vec!["scalar".into(), "simd128".into()] },
        Report::Obeyed { number: LARGE, stopped: 1.5e12 },
        Report::Found { generation: LARGE, salt: u32::MAX, time: Timestamp(LARGE), nonce: u32::MAX },
        Report::Progress { hashes: LARGE },
    ]);
}

#[wasm_bindgen_test]
fn private_keys_are_not_shown() {
    let text = "308187020100301306072a8648ce3d020106082a8648ce3d0301";
    let key = PrivateKeyText(text.to_owned().into());
    assert!(!format!("{key:?}").contains("3081"));
    let message = ToNode::Wallet { request: REQUEST, command: WalletCommand::Import { name: name(), key } };
    assert!(!format!("{message:?}").contains("3081"));
    let fee = Fee::Total(Amount::ZERO);
    let message = ToNode::Bump { request: REQUEST, txid: TxId([1; 32]), fee, passphrase: Some(passphrase()) };
    assert!(!format!("{message:?}").contains("sesame"));
}

fn summary() -> BlockSummary {
    BlockSummary {
        id: BlockId([1; 32]),
        previous: BlockId([2; 32]),
        height: Height(u32::MAX),
        time: Timestamp(LARGE),
        target: CompactTarget(0x1eff_ffff),
        place: BlockPlace::Side,
        payments: Some(5),
        bytes: Some(u32::MAX),
        miner: Some(address()),
        reward: Some(Amount::MAX),
    }
}

fn sample() -> ChainSample {
    ChainSample {
        height: Height(u32::MAX),
        time: Timestamp(LARGE),
        block_work: 65_536.0,
        hash_rate: Some(1.5e9),
        spacing_ms: Some(10_000.5),
    }
}

fn coming() -> ComingBlockSummary {
    ComingBlockSummary {
        payments: vec![ComingPayment { txid: TxId([1; 32]), bytes: 198, rate: Amount::MAX }],
        count: 1,
        bytes: 198,
        fees: Amount::MAX,
        rates: [Amount::ZERO, Amount::MAX, Amount::MAX],
    }
}

fn bare_summary() -> BlockSummary {
    BlockSummary { payments: None, bytes: None, miner: None, reward: None, ..summary() }
}

fn payment() -> PaymentDetails {
    let output = Output { amount: Amount::MAX, recipient: address() };
    PaymentDetails {
        txid: TxId([1; 32]),
        sender: Some(address()),
        replaceable: true,
        inputs: vec![
            (OutPoint { txid: TxId([2; 32]), index: 0 }, Some(output)),
            (OutPoint { txid: TxId([2; 32]), index: 1 }, None),
        ],
        outputs: vec![output],
        fee: None,
        bytes: 234,
        block: Some((BlockId([3; 32]), Height(4))),
        confirmations: 1,
    }
}

fn details() -> BlockDetails {
    let block = ChainParams::classroom().genesis_block();
    BlockDetails {
        summary: summary(),
        coinbase_id: block.coinbase.txid(),
        block,
        payments: vec![payment()],
        confirmations: 7,
    }
}

fn state(storage: StorageState) -> State {
    let chain_node = Node::new(config(), fedcoin_node::chain::Snapshot::default(), units::Now::default()).unwrap();
    State {
        status: chain_node.status(),
        time: Timestamp(LARGE),
        wallet: WalletState {
            keys: vec![KeyState {
                address: address(),
                name: name(),
                backed_up: true,
                public_key: "3059".into(),
                balance: Balance::default(),
            }],
            selected: Some(address()),
            protection: Protection::Locked,
        },
        recent_blocks: vec![summary()],
        mempool: MempoolState { coming: vec![coming()], ..MempoolState::default() },
        mining: MiningState {
            options: options(),
            rest: Some(Rest::OnBattery),
            workers: vec![MinerState {
                hash_rate: 1.5e6,
                health: MinerHealth::Searching,
                restarts: 1,
                kernel: Some("scalar".into()),
            }],
            hash_rate: 1.5e6,
            hashes: LARGE,
            stale_hashes: LARGE,
            shared_flag: true,
            blocks_found: 1,
            preemption: Some(Latency { count: 3, p50_ms: 4.5, p99_ms: 9.0 }),
        },
        storage,
        relays: vec![RelayState {
            address: relay(),
            connection: RelayConnection::Waiting { error: "gone".into(), retry_at: Some(Timestamp(LARGE)) },
        }],
    }
}

fn config() -> NodeConfig {
    NodeConfig {
        pool: PoolPolicy::tab(&ChainParams::classroom()),
        user_agent: "test".into(),
        ..NodeConfig::alone(ChainParams::classroom(), LARGE)
    }
}
