//! Checks that `docs/bounds.md` and the constants of all crates agree: each new bound needs a row there.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Folders with the program's sources. Tools, tests and build scripts bound nothing at run time.
const SOURCES: [&str; 4] = ["crates", "node-wasm/src", "relay/src", "web"];
/// Folders whose numbers are not bounds: they calculate, measure or draw.
const WITHOUT_BOUNDS: [&str; 3] = ["crates/p256/", "crates/pow/", "relay/src/bench/"];
/// Files in these folders that have bounds anyway.
const WITH_BOUNDS: [&str; 2] = ["crates/pow/src/quota.rs", "crates/pow/src/slice_size.rs"];

/// Numbers that are not bounds: sizes and numbers of a format, positions in a table, sizes of drawings, and intervals
/// that nobody waits for.
const NOT_BOUNDS: &[(&str, &[&str])] = &[
    ("crates/keyring/src/content.rs", &["LINE"]),
    ("crates/keyring/src/words.rs", &["BITS", "LIKE_WORDS", "LIST", "PREFIX", "WORDS"]),
    ("crates/keyring/src/sealed.rs", &["COST", "NONCE_BYTES", "SALT_BYTES", "VERSION"]),
    ("node-wasm/src/client/heartbeat.rs", &["BEAT_MS"]),
    ("node-wasm/src/codec.rs", &["ROOM"]),
    ("node-wasm/src/driver/mod.rs", &["LONG_MS"]),
    ("node-wasm/src/driver/display.rs", &["PACE_MS", "SYNC_PACE_MS", "TIP_PACE_MS"]),
    ("node-wasm/src/mining/measurement.rs", &["COUNTED_MS", "LOOKS", "LOOK_MS", "MINING_MS", "PAUSES", "WARM_UP_MS"]),
    ("node-wasm/src/mining/miner.rs", &["FLAG_SLICE", "NONCES", "PROGRESS_MS", "SLICE", "TIME_MS"]),
    ("node-wasm/src/mining/growth.rs", &["FIRST", "GAIN", "SETTLING"]),
    ("node-wasm/src/scope.rs", &["SIGN_MS"]),
    ("node-wasm/src/storage/folder.rs", &["RETRY_MS"]),
    ("node-wasm/src/storage/opening.rs", &["PACE_MS"]),
    ("node-wasm/src/storage/slots.rs", &["RETRY_MS"]),
    ("node-wasm/src/view/search.rs", &["MIN_PART", "MIN_SHARED"]),
    ("crates/consensus/src/params.rs", &["DAY_MS", "HEADER_VERSION", "RULES", "SMALLEST_PAYMENT"]),
    ("crates/consensus/src/retarget.rs", &["CORRECTION"]),
    ("crates/mempool/src/estimate.rs", &["ROOM", "SMALLEST_STEP"]),
    ("crates/mempool/src/fee_rate.rs", &["KILOBYTE"]),
    ("crates/node/src/peers/budget.rs", &["KINDS", "LIMITS", "PAYMENT", "UNREQUESTED_HEADERS"]),
    ("crates/pow/src/slice_size.rs", &["FIRST"]),
    ("crates/primitives/src/block.rs", &["EMPTY_BLOCK_BYTES"]),
    ("crates/primitives/src/header.rs", &["HEADER_BYTES"]),
    ("crates/primitives/src/keys.rs", &["HALF_ORDER", "SECRET_BYTES"]),
    ("crates/primitives/src/units/amount.rs", &["UNITS_PER_FED"]),
    ("crates/primitives/src/units/target.rs", &["MAX"]),
    ("crates/wire/src/frames.rs", &["HEAD_BYTES"]),
    (
        "crates/wire/src/message.rs",
        &["BLOCK", "BLOCK_PAYMENTS", "GET_BLOCKS", "PAYMENT", "PAYMENTS", "PROTOCOL_VERSION"],
    ),
    ("relay/src/api/blocks.rs", &["USUALLY_LISTED"]),
    ("relay/src/api/history.rs", &["USUALLY_LISTED"]),
    ("relay/src/api/transactions.rs", &["USUALLY_LISTED"]),
    ("relay/src/archive.rs", &["MAGIC", "VERSION"]),
    ("relay/src/chain_cli/progress.rs", &["INTERVAL"]),
    ("relay/src/cluster/frame.rs", &["HEAD"]),
    ("relay/src/access/hosts.rs", &["SHARED"]),
    ("relay/src/metrics/events.rs", &["DEPTHS"]),
    ("relay/src/metrics/requests.rs", &["TIMES"]),
    ("relay/src/miner/calibration.rs", &["TURN", "TURNS"]),
    ("relay/src/miner/rate.rs", &["INTERVAL", "READINGS"]),
    ("relay/src/miner/worker.rs", &["RENEW_TIME", "SLICE"]),
    ("relay/src/event_log.rs", &["NEW_BLOCKS"]),
    ("relay/src/run.rs", &["INDEX_LOG_STEP"]),
    ("relay/src/sockets/streamed.rs", &["ID_BYTES"]),
    ("relay/src/sockets/outbox.rs", &["FRAME_OVERHEAD"]),
    ("relay/src/sockets/message_counters.rs", &["KINDS"]),
    ("relay/src/threads.rs", &["LOW_PRIORITY"]),
    ("relay/src/tls/certificate.rs", &["INTERVAL"]),
    ("relay/src/wallet_cli/mod.rs", &["POLL"]),
    ("crates/store/src/record.rs", &["CHECKSUM_BYTES", "HEADER_RECORD_BYTES", "OUTPOINT_BYTES"]),
    ("crates/store/src/schema.rs", &["VERSION"]),
    ("web/src/explorer/block_list.rs", &["PACE_MS", "PAGE"]),
    ("web/src/explorer/list_window.rs", &["MARGIN_ROWS"]),
    ("web/src/explorer/payment_flow.rs", &["WIDTH"]),
    ("web/src/mining/reference.rs", &["NATIVE", "PAUSE_P50_MS", "PAUSE_P99_MS"]),
    ("web/src/mining/sparkline.rs", &["HEIGHT", "SAMPLES", "WIDTH"]),
    ("web/src/news/chime.rs", &["TONE"]),
    ("web/src/news/mod.rs", &["QUIET_MS", "SHOWN_MS"]),
    ("web/src/overview/block_tree.rs", &["PACE_MS", "PASSING"]),
    ("web/src/overview/chart.rs", &["SIZE", "STEPS"]),
    ("web/src/overview/next_block.rs", &["ROOMY"]),
    ("web/src/session/samples.rs", &["PACE_MS", "POINTS", "STEP_MS"]),
    ("web/src/shapes/fee_level.rs", &["LEVELS"]),
    ("web/src/shapes/flow.rs", &["ROW"]),
    ("web/src/overview/tree_block.rs", &["COLUMN", "HEIGHT", "INSET", "LANE", "MARGIN", "WIDTH"]),
    ("web/src/parts/copy_button.rs", &["SHOWN"]),
    ("web/src/parts/progress_pace.rs", &["MIN_MS", "WINDOW_MS"]),
    ("web/src/parts/qr_code.rs", &["QUIET"]),
    ("web/src/service_worker.rs", &["DELAY", "LOOK"]),
    ("web/src/session/mod.rs", &["RAN_A_WHILE", "SLOW_START"]),
    ("web/src/views/stage.rs", &["LATER"]),
    ("web/src/wallet/key_removal.rs", &["TYPED"]),
    ("web/node-worker.js", &["ROOM"]),
    ("web/src/wallet/lost_payments.rs", &["LOOK_MS"]),
    ("web/src/wallet/relock.rs", &["CHOICES", "DEFAULT_MINUTES"]),
    ("web/src/wallet/scan_dialog.rs", &["PAUSE"]),
    ("web/src/wallet/payment_line.rs", &["FINAL"]),
    ("web/src/wallet/wait.rs", &["LOOKED_AT", "QUIET_MS", "QUIET_SPACINGS"]),
];

/// A constant's file and name.
type Name = (String, String);

/// The text of a file, by its path from the root of the repository.
fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// All source files of the program that may have constants.
fn sources() -> Vec<String> {
    let (mut files, mut folders) = (Vec::new(), SOURCES.map(str::to_owned).to_vec());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(Path::new(ROOT).join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            let is_of_tests = path.ends_with("/tests.rs") || path.contains("/test_");
            let skipped = ["node_modules", "dist", "tests"].iter().any(|name| path.ends_with(&format!("/{name}")));
            if entry.file_type().unwrap().is_dir() {
                folders.extend((!skipped).then_some(path));
            } else if [".rs", ".js", ".mjs"].iter().any(|ending| path.ends_with(ending)) && !is_of_tests {
                files.push(path);
            }
        }
    }
    files
}

/// The text up to the first occurrence of this character outside brackets.
fn until(text: &str, ends: char) -> Option<&str> {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ if c == ends && depth == 0 => return Some(&text[..at]),
            _ => {}
        }
    }
    None
}

/// Whether values of this type can be bounds.
fn is_number(kind: &str, name: &str) -> bool {
    let words = kind.split(|c: char| !c.is_alphanumeric() && c != '&').filter(|word| !word.is_empty());
    let is_plain = |word: &str| {
        let size = word.trim_start_matches(['u', 'i', 'f']);
        word == "usize" || word.len() > size.len() && size.parse::<u8>().is_ok()
    };
    let numbers = ["Duration", "FeeRate", "Amount", "CompactTarget"];
    words.clone().all(|word| !word.contains('&'))
        && words.clone().any(|word| is_plain(word) || numbers.contains(&word) || word.starts_with("NonZero"))
        || kind == "Self" && name.starts_with("MAX")
}

/// The numeric constants of a source file: name and value.
fn numbers(text: &str) -> Vec<(String, String)> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let mut found = Vec::new();
    for (at, _) in text.match_indices("const ") {
        let line_start = text[..at].rfind('\n').map_or(0, |line| line + 1);
        let before = text[line_start..at].trim();
        if !(before.is_empty() || before == "export" || before.starts_with("pub") && !before.contains("fn")) {
            continue;
        }
        let rest = &text[at + "const ".len()..];
        let name: String =
            rest.chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_').collect();
        let Some(statement) = until(&rest[name.len()..], ';') else { continue };
        // A trait's constant has a type but no value.
        let Some(kind) = until(statement, '=') else { continue };
        let value = statement[kind.len() + 1..].split_whitespace().collect::<Vec<_>>().join(" ");
        let counts = match kind.strip_prefix(':') {
            Some(kind) => is_number(kind.trim(), &name),
            None => value.starts_with(|c: char| c.is_ascii_digit()),
        };
        if counts && !name.is_empty() {
            found.push((name, value));
        }
    }
    found
}

/// The bounds in the code.
fn bounds() -> BTreeMap<Name, String> {
    let mut all = BTreeMap::new();
    for path in sources() {
        if WITHOUT_BOUNDS.iter().any(|folder| path.starts_with(folder)) && !WITH_BOUNDS.contains(&path.as_str()) {
            continue;
        }
        let passed_over = |name: &str| NOT_BOUNDS.iter().any(|(file, names)| *file == path && names.contains(&name));
        let found = numbers(&read(&path)).into_iter().filter(|(name, _)| !passed_over(name));
        all.extend(found.map(|(name, value)| ((path.clone(), name), value)));
    }
    all
}

/// A row of the document.
struct Row {
    name: Name,
    value: String,
    words: [String; 3],
}

fn rows() -> Vec<Row> {
    let (mut folder, mut rows) = (String::new(), Vec::new());
    for line in read("docs/bounds.md").lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            folder = heading.split('`').nth(1).unwrap_or_default().to_owned();
        }
        // The rows below a heading without a folder are bounds without constants.
        let Some(line) = line.strip_prefix("| `").filter(|_| !folder.is_empty()) else { continue };
        let cells: Vec<&str> = line.trim_end_matches('|').split('|').map(str::trim).collect();
        let [constant, value, what, beyond, tests] = cells[..] else {
            panic!("a row of {} cells: {line}", cells.len())
        };
        let mut marked = constant.split('`').filter(|part| !part.trim().is_empty());
        let (file, name) = (marked.next().unwrap(), marked.next().unwrap_or_else(|| panic!("no name: {line}")));
        rows.push(Row {
            name: (
                if file.starts_with("crates/") { file.to_owned() } else { format!("{folder}/{file}") },
                name.to_owned(),
            ),
            value: value.trim_matches('`').to_owned(),
            words: [what, beyond, tests].map(str::to_owned),
        });
    }
    rows
}

#[test]
fn bounds_and_rows_match() {
    let (bounds, rows) = (bounds(), rows());
    let mut problems = Vec::new();
    for ((file, name), value) in &bounds {
        let Some(row) = rows.iter().find(|row| row.name == (file.clone(), name.clone())) else {
            // A heading names the folder of a crate's sources.
            let (folder, below) = match file.split_once("/src/") {
                Some((package, below)) => (format!("{package}/src"), below),
                None => ("web".to_owned(), &file["web/".len()..]),
            };
            problems.push(format!(
                "{file}: {name} has no row. If it is not a bound, name it in NOT_BOUNDS of crates/node/tests/bounds.rs; else \
                 add to a table of docs/bounds.md below a heading with `{folder}`:\n| `{}` `{name}` | `{value}` | WHAT IT \
                 BOUNDS | AT THE BOUND; BEYOND IT | `FILE` `TEST` |",
                below,
            ));
            continue;
        };
        if row.value != *value {
            problems.push(format!("{file}: {name} is `{value}`, docs/bounds.md says `{}`", row.value));
        }
    }
    for Row { name, words, .. } in &rows {
        if !bounds.contains_key(name) {
            problems
                .push(format!("docs/bounds.md has a row for {} {}, which is not a bound in the code", name.0, name.1));
        }
        if words.iter().any(String::is_empty) {
            problems.push(format!("the row of {} {} has an empty cell", name.0, name.1));
        }
    }
    let names: BTreeSet<&Name> = rows.iter().map(|row| &row.name).collect();
    assert!(names.len() == rows.len(), "a constant has two rows");
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn numbers_that_are_not_bounds_exist() {
    for (file, names) in NOT_BOUNDS {
        let found: BTreeSet<String> = numbers(&read(file)).into_iter().map(|(name, _)| name).collect();
        for name in *names {
            assert!(found.contains(*name), "{file} no longer has a number {name}: remove it from NOT_BOUNDS");
        }
    }
}

#[test]
fn every_row_names_tests_that_run_or_a_reason() {
    for Row { name: (file, name), words: [_, _, tests], .. } in rows() {
        if let Some(why) = tests.strip_prefix("none: ") {
            assert!(!why.is_empty(), "{file}: {name}");
            continue;
        }
        let mut marked = tests.split('`').map(str::trim).filter(|part| !part.is_empty() && *part != ",");
        while let Some(path) = marked.next() {
            let test = marked.next().unwrap_or_else(|| panic!("{file}: {name} names {path} without a test"));
            let text = read(path);
            let is_scenario = path.ends_with(".mjs");
            let declared = if is_scenario { format!("scenario(\"{test}\",") } else { format!("fn {test}(") };
            let (before, _) =
                text.split_once(&declared).unwrap_or_else(|| panic!("{file}: {name}: {path} has no {test}"));
            let attributes: Vec<&str> = before.lines().rev().take_while(|line| !line.trim().is_empty()).collect();
            assert!(!attributes.iter().any(|line| line.contains("#[ignore")), "{file}: {name}: {test} does not run");
        }
    }
}

#[test]
fn constants_are_found_in_every_notation() {
    let text = "/// const NOT: u8 = 1;\npub(crate) const A: usize = 4 * B;\n    const C: Duration =\n        f(3);\n\
                const D: &str = \"x\";\nconst E: [u8; 2] = [1, 2];\nconst fn f() {}\nfn g<const N: usize>() {}\n\
                pub const MAX: Self = Self(7);\nconst S: [&str; 2] = [];\nconst R: Range<u64> = 1..2;\n\
                #[cfg(test)]\nmod tests {\n    const T: u8 = 1;\n";
    let found: Vec<_> = numbers(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(found, [("A", "4 * B"), ("C", "f(3)"), ("E", "[1, 2]"), ("MAX", "Self(7)"), ("R", "1..2")]);
    assert_eq!(numbers("export const A = 5_000;\nconst B = \"x\";"), [("A".to_owned(), "5_000".to_owned())]);
}
