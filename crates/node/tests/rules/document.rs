//! Keeps `docs/protocol.md` and the errors together.

use crate::blocks::{b1, b2, b3, b4, b5, b6, b8, b9};
use crate::frames::{too_many, w1};
use crate::headers::{h1, h2, h3, h4, h5, h6};
use crate::ledger::{c1, c2, c3, c4, c5};
use crate::mempool::{p1, p2, p3, p4, p7, p8, p9, p10, p11, p12, p13, p14, p15};
use crate::payments::{t1, t2, t3, t4, t5, t6, t7, t8, t9};
use std::collections::BTreeSet;

/// All errors that the violations produced, as (rule, `Enum::Variant`).
fn found() -> BTreeSet<(String, String)> {
    fn name<E: std::fmt::Debug>(enum_name: &str, rule: &str, error: &E) -> (String, String) {
        let debug = format!("{error:?}");
        let variant = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap();
        (rule.to_owned(), format!("{enum_name}::{variant}"))
    }
    let mut found = BTreeSet::new();
    found.extend([h1(), h2(), h3(), h4(), h5(), h6()].iter().map(|e| name("HeaderError", e.rule(), e)));
    found.extend(
        [t1(), t2(), t3(), t4(), t5(), t6(), t7(), t8(), t9()].iter().map(|e| name("PaymentError", e.rule(), e)),
    );
    found.extend([c1(), c2(), c3(), c4()].iter().map(|e| name("PaymentError", e.rule(), e)));
    found
        .extend([b1(), b2(), b3(), b4(), b5(), b6(), b8(), b9(), c5()].iter().map(|e| name("BlockError", e.rule(), e)));
    let pool = [p1(), p4(), p7(), p8(), p10(), p11(), p12(), p13(), p14(), p15()];
    found.extend(pool.iter().chain(&p2()).chain(&p3()).chain(&p9()).map(|e| name("PoolError", e.rule(), e)));
    found.extend(w1().iter().chain(&too_many()).map(|e| name("WireError", e.rule(), e)));
    found
}

/// The rules of the document with their errors, as `Enum::Variant`; a definition has none.
fn documented() -> Vec<(String, Vec<String>)> {
    let mut rules = Vec::new();
    for line in include_str!("../../../../docs/protocol.md").lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Some(rule) = cells.get(1).filter(|cell| is_rule(cell)) else { continue };
        let errors = cells[3].split(',').map(|cell| cell.trim().trim_matches('`')).filter(|cell| !cell.is_empty());
        rules.push(((*rule).to_owned(), errors.map(str::to_owned).collect()));
    }
    rules
}

/// The document's errors, as (rule, `Enum::Variant`).
fn documented_errors() -> BTreeSet<(String, String)> {
    let pairs = documented().into_iter().flat_map(|(rule, errors)| errors.into_iter().map(move |e| (rule.clone(), e)));
    pairs.collect()
}

fn is_rule(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| "ENHTBCFWPM".contains(c)) && matches!(chars.as_str().parse::<u8>(), Ok(1..))
}

#[test]
fn document_and_errors_agree() {
    assert_eq!(found(), documented_errors());
}

#[test]
fn every_error_variant_is_in_the_document() {
    let documented: BTreeSet<String> = documented_errors().into_iter().map(|(_, error)| error).collect();
    // These wrap another error with its own rule.
    let wrappers = ["BlockError::Header", "BlockError::Payment", "PoolError::MissingInputs", "PoolError::Invalid"];
    let mut variants = BTreeSet::new();
    for (source, enums) in [
        (include_str!("../../../consensus/src/error.rs"), &["HeaderError", "PaymentError", "BlockError"][..]),
        (include_str!("../../../mempool/src/error.rs"), &["PoolError"]),
        (include_str!("../../../wire/src/message.rs"), &["WireError"]),
    ] {
        for name in enums {
            let body = source.split(&format!("pub enum {name} {{\n")).nth(1).unwrap().split("\n}\n").next().unwrap();
            let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
            let starts = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
            variants
                .extend(starts.map(|l| format!("{name}::{}", l.split(|c: char| !c.is_alphanumeric()).next().unwrap())));
        }
    }
    variants.retain(|variant| !wrappers.contains(&variant.as_str()));
    assert_eq!(variants, documented);
}

/// The rules that define something instead of forbidding it, each with a test.
const DEFINITIONS: [(&str, &str, &str); 34] = [
    ("E1", "tools/oracle/tests/properties.rs", "frames_have_one_encoding"),
    ("E2", "crates/node/tests/vectors/main.rs", "this_code_computes_the_stored_vectors"),
    ("E3", "crates/primitives/src/hash.rs", "block_ids_are_numbers"),
    ("E4", "crates/node/tests/vectors/main.rs", "this_code_computes_the_stored_vectors"),
    ("E5", "crates/node/tests/vectors/main.rs", "this_code_computes_the_stored_vectors"),
    ("E6", "crates/node/tests/vectors/keys.rs", "signatures_match_rfc_6979_with_the_lower_s"),
    ("N1", "crates/consensus/src/params.rs", "any_changed_parameter_changes_the_network_id"),
    ("B7", "crates/node/tests/rules/blocks.rs", "a_coinbase_may_take_less_and_creates_no_output_of_zero"),
    ("F1", "tools/oracle/tests/deep_trouble.rs", "work_decides_not_length"),
    ("F2", "crates/node/tests/node/reorganisations.rs", "at_equal_work_the_earlier_time_wins"),
    ("F3", "tools/oracle/tests/deep_trouble.rs", "after_a_crash_a_reorganisation_is_complete_or_undone"),
    ("F4", "crates/chain/src/orphans.rs", "children_are_found_and_limits_hold"),
    ("F5", "tools/oracle/tests/deep_trouble.rs", "a_header_flood_is_limited_and_excludes_no_winner"),
    ("W3", "crates/node/src/peers/budget.rs", "a_burst_then_the_rate"),
    ("W4", "crates/node/tests/rules/frames.rs", "lists_above_their_maximum_are_refused"),
    ("W5", "crates/node/tests/rules/frames.rs", "lists_above_their_maximum_are_refused"),
    ("W8", "crates/node/tests/node/connections.rs", "floods_silence_and_slow_handshakes_end_the_connection"),
    ("W10", "crates/node/tests/gossip.rs", "missing_payments_are_requested"),
    ("W9", "crates/node/tests/node/connections.rs", "a_peer_that_refuses_the_node_is_not_dialled_for_a_while"),
    ("P5", "crates/node/tests/mempool.rs", "payments_expire_with_their_descendants"),
    ("P6", "crates/node/tests/mempool.rs", "the_next_block_has_the_best_packages_that_fit"),
    ("P16", "crates/node/tests/mempool.rs", "payments_of_disconnected_blocks_return_before_their_descendants"),
    ("M1", "crates/node/tests/node/mining.rs", "nothing_is_mined_before_peers_have_sent_headers"),
    ("M2", "crates/node/tests/node/mining.rs", "a_better_header_pauses_mining_until_its_block_arrives"),
    ("M3", "crates/node/tests/node/mining.rs", "a_running_job_takes_new_payments_at_intervals"),
    ("M4", "crates/node/tests/node/mining.rs", "a_block_has_the_time_at_which_it_was_found"),
    ("M5", "node-wasm/tests/mining.rs", "the_flag_stops_the_search_before_the_message_arrives"),
    ("M6", "crates/pow/src/quota.rs", "late_timers_do_not_change_the_share"),
    ("M7", "node-wasm/src/mining/rules.rs", "a_hidden_program_rests_as_chosen"),
    ("M8", "node-wasm/src/driver/sleep.rs", "either_clock_shows_a_sleep"),
    ("M9", "node-wasm/tests/mining.rs", "a_silent_miner_is_replaced"),
    ("M10", "crates/node/src/peers/clock.rs", "a_network_group_has_one_vote"),
    ("M11", "crates/node/tests/node/clock.rs", "a_clock_jump_and_back_dates_no_block_ahead"),
    ("M12", "crates/node/tests/node/clock.rs", "a_node_an_hour_behind_reports_it_and_does_not_mine"),
];

#[test]
fn every_rule_without_an_error_has_a_test() {
    let listed: BTreeSet<String> = DEFINITIONS.iter().map(|(rule, ..)| (*rule).to_owned()).collect();
    let definitions = documented().into_iter().filter(|(_, errors)| errors.is_empty()).map(|(rule, _)| rule);
    assert_eq!(definitions.collect::<BTreeSet<_>>(), listed);
    for (rule, file, test) in DEFINITIONS {
        let text = std::fs::read_to_string(format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(text.contains(&format!("fn {test}(")), "rule {rule}: {file} has no {test}");
    }
}

#[test]
fn code_and_document_have_the_same_rules() {
    let rules: Vec<String> = documented().into_iter().map(|(rule, _)| rule).collect();
    let unique: BTreeSet<&String> = rules.iter().collect();
    assert_eq!(unique.len(), rules.len(), "a number occurs twice");
    let cited = cited();
    for (rule, path) in &cited {
        assert!(unique.contains(rule), "{} cites rule {rule}, which docs/protocol.md does not have", path.display());
    }
    let nowhere: Vec<&String> = rules.iter().filter(|rule| !cited.iter().any(|(cited, _)| cited == *rule)).collect();
    assert!(nowhere.is_empty(), "no code cites {nowhere:?}");
}

/// The rules that the node and its drivers cite, and where.
fn cited() -> BTreeSet<(String, std::path::PathBuf)> {
    let mut cited = BTreeSet::new();
    let crates = [
        "crates/consensus",
        "crates/chain",
        "crates/mempool",
        "crates/wallet",
        "crates/pow",
        "crates/primitives",
        "crates/wire",
        "crates/node",
        "node-wasm",
        "relay",
        "crates/store",
        "web",
    ];
    let mut folders: Vec<std::path::PathBuf> =
        crates.iter().map(|name| format!("{}/../../{name}/src", env!("CARGO_MANIFEST_DIR")).into()).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                cited.extend(citations(&text).map(|rule| (rule, path.clone())));
            }
        }
    }
    cited
}

/// The rule numbers after the word "rule" or "rules".
fn citations(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut cited = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if matches!(*word, "rule" | "rules" | "Rule" | "Rules") {
            let numbers = words[at + 1..].iter().take_while(|word| is_rule(word) || matches!(**word, "and" | "to"));
            cited.extend(numbers.filter(|word| is_rule(word)).map(|word| (*word).to_owned()));
        }
    }
    cited.into_iter()
}
