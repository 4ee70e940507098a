//! Rules H2, F1 and H4: compact targets, their work, and retargeting.

use super::json::named;
use fedcoin_node::consensus::{ChainParams, Retarget};
use fedcoin_node::units::{CompactTarget, Target, Timestamp};
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    json!({
        "compact": named(compact()),
        "rounding": named(rounding()),
        "retarget": named(retarget()),
    })
}

fn compact() -> Vec<(&'static str, Value)> {
    let cases = [
        ("classroom", 0x1eff_ffff),
        ("main", 0x1e03_ffff),
        ("regtest", 0x207f_ffff),
        ("the greatest", 0x20ff_ffff),
        ("e = 4", 0x0412_3456),
        ("e = 3", 0x0312_3456),
        ("e = 2", 0x0212_3400),
        ("e = 1", 0x0112_0000),
        ("the least", 0x0101_0000),
    ];
    let case = |compact| {
        let target = CompactTarget(compact).expand().unwrap();
        assert_eq!(target.to_compact(), CompactTarget(compact));
        json!({ "compact": CompactTarget(compact), "target": target.to_string(), "work": target.work() })
    };
    cases.map(|(name, compact)| (name, case(compact))).into()
}

fn rounding() -> Vec<(&'static str, Value)> {
    let case = |target: [u8; 32]| {
        let target = Target::from_be_bytes(target);
        json!({ "target": target.to_string(), "compact": target.to_compact() })
    };
    let end = |last: [u8; 4]| {
        let mut target = [0; 32];
        target[28..].copy_from_slice(&last);
        target
    };
    vec![
        ("all ones", case([0xff; 32])),
        ("one", case(end([0, 0, 0, 1]))),
        ("two bytes", case(end([0, 0, 0x80, 0x01]))),
        ("three bytes", case(end([0, 0x80, 0, 1]))),
        ("four bytes, the last of which is lost", case(end([0x12, 0x34, 0x56, 0xff]))),
    ]
}

fn retarget() -> Vec<(&'static str, Value)> {
    let (main, own) = (ChainParams::main(), easy());
    let steady = |_: usize| 10_000;
    let fast = |_: usize| 500;
    let slower = |n: usize| if n < 45 { 500 } else { 60_000 };
    let fall = |n: usize| match n {
        ..45 => 500,
        45 | 60 => 251_000,
        _ => 4_000,
    };
    let back_after_fall = |n: usize| if n == 46 { -90_000 } else { fall(n) };
    let rest = |n: usize| if n == 50 { 8 * 3_600_000 } else { 3_000 };
    let rest_then_fall = |n: usize| if n == 52 { 241_000 } else { rest(n) };
    let lull = |n: usize| if n % 17 == 16 { 230_000 } else { 4_000 };
    let gap = |ms: i64| move |n: usize| if n == 40 { ms } else { 3_000 };
    let back = |n: usize| if n % 3 == 2 { -9_000 } else { 6_000 };
    vec![
        ("a steady chain", chain(&main, 30, steady)),
        ("more and more hashes", chain(&main, 60, fast)),
        ("fewer hashes", chain(&main, 90, slower)),
        ("two falls of the hash rate", chain(&main, 90, fall)),
        ("a time that goes back after a fall", chain(&main, 70, back_after_fall)),
        ("a rest of eight hours", chain(&main, 60, rest)),
        ("lulls of nearly four minutes", chain(&main, 60, lull)),
        ("the longest lull that the clock follows slowly", chain(&main, 46, gap(220_000))),
        ("a millisecond more", chain(&main, 46, gap(220_001))),
        ("the longest lull that does not ease the target", chain(&main, 46, gap(240_000))),
        ("a millisecond more, a fall", chain(&main, 46, gap(240_001))),
        ("the longest lull that is a fall", chain(&main, 46, gap(260_000))),
        ("a millisecond more, a rest", chain(&main, 46, gap(260_001))),
        ("a fall soon after a rest", chain(&main, 70, rest_then_fall)),
        ("times of every kind", chain(&main, 200, any_time)),
        ("times that go back", chain(&main, 60, back)),
        ("another network's spacing and easiest target", chain(&own, 60, |n| if n < 40 { 10 } else { 300 })),
    ]
}

/// Milliseconds by chance, the same each time.
fn any_time(n: usize) -> i64 {
    let random = (0..=n).fold(1_u64, |random, _| random * 1_103_515_245 % (1 << 31) + 12_345);
    let span = (random / 4_096 % 20_000) as i64;
    match random / 64 % 16 {
        0 => span * 20,
        1 => -span,
        2 => 120_000,
        7 if n > 100 => span * 200,
        9 => 240_000 + span,
        _ if n % 100 < 50 => span / 20,
        _ => span,
    }
}

fn easy() -> ChainParams {
    ChainParams { retarget: Retarget::EachBlock, spacing_ms: 100, ..ChainParams::regtest() }
}

/// Times and targets of a chain, oldest first: `"TIME TARGET"`. Each target after the first follows from the previous
/// headers.
fn chain(params: &ChainParams, blocks: usize, took_ms: impl Fn(usize) -> i64) -> Value {
    let mut headers = vec![(Timestamp(1_800_000_000_000), params.target)];
    for n in 0..blocks {
        let target = params.retarget.next_target(params, headers.iter().rev().copied());
        let (last, _) = headers[headers.len() - 1];
        let time = Timestamp(last.0.saturating_add_signed(took_ms(n)));
        headers.push((time, target.at(time)));
    }
    let lines: Vec<String> = headers.iter().map(|(time, target)| format!("{} {target}", time.0)).collect();
    json!({ "easiest": params.target, "spacing_ms": params.spacing_ms, "headers": lines })
}
