//! Rule N1: networks, their ids and genesis blocks.

use super::json::{hex_of, named};
use fedcoin_node::codec::{decode, encode};
use fedcoin_node::consensus::{ChainParams, GenesisParams, RULES, Retarget, TieBreak};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_testkit::ledger::address;
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    let built_in = ChainParams::BUILT_IN.map(|name| (name, case(&ChainParams::built_in(name).unwrap())));
    let networks = built_in.into_iter().chain([("a network of one's own", case(&own()))]);
    let odd = ChainParams { subsidy: Amount::from_units(11).unwrap(), halving_interval: 3, ..own() };
    let subsidies = [("classroom", subsidies(&ChainParams::classroom())), ("an odd number of units", subsidies(&odd))];
    json!({ "networks": named(networks), "subsidies": named(subsidies) })
}

/// Rule B6, around each halving: `"HEIGHT FED"`.
fn subsidies(params: &ChainParams) -> Value {
    let interval = params.halving_interval;
    let heights = (0..5).flat_map(|n| [(n * interval).max(1), (n + 1) * interval - 1]).chain([64 * interval, u32::MAX]);
    let lines: Vec<String> = heights.map(|height| format!("{height} {}", params.subsidy_at(Height(height)))).collect();
    json!({ "subsidy": params.subsidy, "halving_interval": interval, "at": lines })
}

/// A network whose values all differ from those of the built-in networks.
fn own() -> ChainParams {
    let genesis =
        GenesisParams { recipient: address(1), amount: Amount::from_units(1).unwrap(), time: Timestamp(1 << 40) };
    ChainParams {
        name: "my-class-2026".into(),
        rules: RULES,
        genesis,
        target: CompactTarget(0x1f12_3456),
        retarget: Retarget::EachBlock,
        tie_break: TieBreak::EarlierTime,
        spacing_ms: 86_400_000,
        subsidy: Amount::from_units(12_345_678_900).unwrap(),
        halving_interval: 4_321,
        coinbase_maturity: 99,
        max_block_bytes: 54_321,
        max_block_payments: 77,
        min_block_payments: 3,
    }
}

fn case(params: &ChainParams) -> Value {
    assert_eq!(decode::<ChainParams>(&encode(params)).as_ref(), Ok(params));
    let as_json = serde_json::to_value(params).unwrap();
    assert_eq!(serde_json::from_value::<ChainParams>(as_json.clone()).unwrap(), *params);
    json!({
        "params": as_json,
        "bytes": hex_of(params),
        "genesis": hex_of(&params.genesis_block()),
        "id": params.network_id(),
        "id_bytes": hex::encode(params.network_id().0),
    })
}
