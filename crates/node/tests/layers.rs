//! Checks that crates, and the modules inside them, use each other in one direction only.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use std::collections::BTreeSet;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Each package of the workspace with its folder, and the workspace packages that it may use; its tests may also use
/// those of the last list. A package stands below all that it uses.
const PACKAGES: &[(&str, &str, &[&str], &[&str])] = &[
    ("fedcoin-primitives", "crates/primitives", &[], &[]),
    ("fedcoin-consensus", "crates/consensus", &["fedcoin-primitives"], &[]),
    ("fedcoin-p256", "crates/p256", &[], &["fedcoin-oracle"]),
    ("fedcoin-wire", "crates/wire", &["fedcoin-primitives"], &["fedcoin-consensus"]),
    ("fedcoin-pow", "crates/pow", &["fedcoin-primitives"], &["fedcoin-consensus"]),
    ("fedcoin-kernel-simd128", "crates/pow/kernel-simd128", &[], &[]),
    ("fedcoin-chain", "crates/chain", &["fedcoin-consensus", "fedcoin-primitives", "fedcoin-wire"], &[]),
    ("fedcoin-mempool", "crates/mempool", &["fedcoin-consensus", "fedcoin-primitives"], &[]),
    ("fedcoin-wallet", "crates/wallet", &["fedcoin-consensus", "fedcoin-mempool", "fedcoin-primitives"], &[]),
    ("fedcoin-keyring", "crates/keyring", &["fedcoin-primitives"], &[]),
    (
        "fedcoin-store",
        "crates/store",
        &["fedcoin-chain", "fedcoin-consensus", "fedcoin-primitives", "fedcoin-wire"],
        &["fedcoin-testkit"],
    ),
    (
        "fedcoin-node",
        "crates/node",
        &[
            "fedcoin-chain",
            "fedcoin-consensus",
            "fedcoin-mempool",
            "fedcoin-pow",
            "fedcoin-primitives",
            "fedcoin-wallet",
            "fedcoin-wire",
        ],
        &["fedcoin-testkit"],
    ),
    ("fedcoin-testkit", "tools/testkit", &["fedcoin-node"], &[]),
    ("fedcoin-retarget", "tools/retarget", &["fedcoin-consensus", "fedcoin-primitives"], &[]),
    ("fedcoin-oracle", "tools/oracle", &["fedcoin-node", "fedcoin-p256", "fedcoin-store", "fedcoin-testkit"], &[]),
    ("fedcoin-sim", "tools/sim", &["fedcoin-node", "fedcoin-store"], &[]),
    (
        "fedcoin-relay",
        "relay",
        &["fedcoin-keyring", "fedcoin-node", "fedcoin-store"],
        &["fedcoin-oracle", "fedcoin-testkit"],
    ),
    ("fedcoin-bench", "tools/bench", &["fedcoin-node", "fedcoin-relay", "fedcoin-store", "fedcoin-testkit"], &[]),
    (
        "node-wasm",
        "node-wasm",
        &["fedcoin-kernel-simd128", "fedcoin-keyring", "fedcoin-node", "fedcoin-p256", "fedcoin-store"],
        &["fedcoin-consensus", "fedcoin-oracle", "fedcoin-pow", "fedcoin-primitives"],
    ),
    ("fedcoin-web", "web", &["fedcoin-keyring", "fedcoin-node", "node-wasm"], &[]),
    ("xtask", "xtask", &[], &[]),
];

/// The modules of this crate and the crates below it; each may use those before it in the list.
const ROOMS: &[&str] = &[
    "codec",
    "units",
    "primitives",
    "collections",
    "ledger",
    "consensus",
    "wire",
    "pow",
    "chain",
    "mempool",
    "wallet",
    "peer_id",
    "connection_error",
    "command",
    "counters",
    "status",
    "event",
    "effect",
    "input",
    "config",
    "outbox",
    "signatures",
    "context",
    "batches",
    "peers",
    "headers",
    "blocks",
    "payments",
    "block_template",
    "mining",
    "node",
];

/// The modules with private state, which may not use each other. Only `node` knows them all.
const MACHINES: &[&str] = &["peers", "headers", "blocks", "payments", "mining"];

/// The modules of the relay; each may use those before it in the list.
const RELAY_MODULES: &[&str] = &[
    "output",
    "clock",
    "log",
    "random",
    "threads",
    "token_bucket",
    "key_file",
    "open_files",
    "small_file",
    "tls",
    "archive",
    "node_address",
    "network",
    "schema",
    "event_log",
    "feed",
    "problem",
    "access",
    "page",
    "inbox",
    "verify",
    "miner",
    "node_handle",
    "sockets",
    "cluster",
    "data_dir",
    "api",
    "client",
    "metrics",
    "driver",
    "http",
    "args",
    "failure",
    "signals",
    "bench",
    "keys_cli",
    "chain_cli",
    "wallet_cli",
    "traffic_cli",
    "run",
];

/// The top-level modules of the node worker, in the same order.
const WORKER_MODULES: &str = "clock codec exception yielder socket way thread mining sockets messages client relays \
                              storage keys verifier view scope driver reactor";

/// The top-level modules of the page, in the same order.
const PAGE_MODULES: &str = "environment ids prefs service_worker signals i18n network route shapes parts views session news about \
                            explorer mining status header_bar overview wallet minute app";

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The packages of this workspace in a manifest, and whether they are only for tests.
fn used(manifest: &str) -> Vec<(&str, bool)> {
    let (mut section, mut used) = ("", Vec::new());
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let name = line.split(['.', ' ', '=']).next().unwrap();
        if section.ends_with("dependencies]") && PACKAGES.iter().any(|(package, ..)| *package == name) {
            used.push((name, section.contains("dev-dependencies")));
        }
    }
    used
}

#[test]
fn every_package_has_a_row_below_those_it_uses() {
    let workspace = read("Cargo.toml");
    let members = workspace.split("\nmembers = [").nth(1).unwrap().split(']').next().unwrap();
    let members: BTreeSet<&str> = members.split('"').filter(|part| part.contains(char::is_alphanumeric)).collect();
    assert_eq!(members, PACKAGES.iter().map(|(_, folder, ..)| *folder).collect());
    for (place, (package, folder, uses, tests_use)) in PACKAGES.iter().enumerate() {
        assert!(read(format!("{folder}/Cargo.toml")).contains(&format!("\nname = \"{package}\"\n")), "{folder}");
        for other in *uses {
            let above = PACKAGES[..place].iter().any(|(above, ..)| above == other);
            assert!(above, "{package} may use {other} only if that has a row above it");
        }
        let known = |name: &&str| PACKAGES.iter().any(|(package, ..)| package == name);
        assert!(tests_use.iter().all(known), "the tests of {package} use a package without a row");
    }
}

#[test]
fn packages_use_only_what_they_may() {
    for (package, folder, uses, tests_use) in PACKAGES {
        let manifest = read(format!("{folder}/Cargo.toml"));
        let found = used(&manifest);
        for (name, test) in &found {
            let may = uses.contains(name) || (*test && tests_use.contains(name));
            assert!(may, "{package} uses {name}: this is upwards, or missing in PACKAGES");
        }
        let unused = uses.iter().chain(*tests_use).find(|name| !found.iter().any(|(found, _)| found == *name));
        assert_eq!(unused, None, "{package} may use it but does not: remove it from PACKAGES");
    }
}

/// The modules that a file names after `crate::`, alone or in braces; `None` for names of the crate root.
fn modules_in<'a>(text: &'a str, modules: &'a [&str]) -> impl Iterator<Item = Option<&'a str>> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let paths = code.flat_map(|line| line.split("crate::").skip(1)).flat_map(|rest| match rest.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap().split(", ").collect(),
        None => vec![rest],
    });
    paths.map(|path| {
        let name = path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap();
        modules.iter().copied().find(|module| *module == name)
    })
}

/// All files below a folder of this crate, with their text.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(Path::new(ROOT).join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files.extend(self::files(&path));
        } else {
            let text = read(&path);
            files.push((path, text));
        }
    }
    files
}

/// Checks that each module in a folder uses only those before it in the list. Modules that are `not_listed` may use
/// all.
fn check_order(folder: &str, modules: &[&str], not_listed: &[&str]) {
    let mut seen = BTreeSet::new();
    for (path, text) in files(folder) {
        let module = path[folder.len() + 1..].split(['/', '.']).next().unwrap();
        if not_listed.contains(&module) || !path.ends_with(".rs") {
            continue;
        }
        let place =
            modules.iter().position(|name| *name == module).unwrap_or_else(|| panic!("the list lacks {module}"));
        seen.insert(module.to_owned());
        for used in modules_in(&text, modules) {
            let used = used.unwrap_or_else(|| panic!("{path} uses a name of the crate root: name its module"));
            assert!(modules[..=place].contains(&used), "{path} uses {used}, which comes later");
            let is_others = MACHINES.contains(&used) && MACHINES.contains(&module) && used != module;
            assert!(!is_others, "{path} uses {used}: one machine may not touch another");
        }
    }
    assert!(seen.len() > 5, "{seen:?}");
}

#[test]
fn no_module_of_the_node_uses_a_later_one() {
    check_order("crates/node/src", ROOMS, &["lib"]);
}

#[test]
fn no_module_of_the_relay_uses_a_later_one() {
    check_order("relay/src", RELAY_MODULES, &["lib", "main"]);
    let missing = |module: &&&str| {
        let path = Path::new(ROOT).join("relay/src").join(module);
        !path.is_dir() && !path.with_extension("rs").is_file()
    };
    assert_eq!(RELAY_MODULES.iter().find(missing), None, "there is no such module");
}

#[test]
fn no_module_of_the_worker_or_the_page_uses_a_later_one() {
    check_order("node-wasm/src", &WORKER_MODULES.split(' ').collect::<Vec<_>>(), &["lib"]);
    check_order("web/src", &PAGE_MODULES.split(' ').collect::<Vec<_>>(), &["lib", "bin"]);
}

#[test]
fn manifests_and_code_are_parsed() {
    let manifest = "[dependencies]\nserde.workspace = true\nfedcoin-wire = { workspace = true }\n\
                    [target.'cfg(unix)'.dev-dependencies]\nfedcoin-node.workspace = true\n[lints]\nnode-wasm = 1\n";
    assert_eq!(used(manifest), [("fedcoin-wire", false), ("fedcoin-node", true)]);
    let code = "use crate::chain::Chain;\n/// [`crate::Node`]\nfn f(a: crate::wire::A) -> crate::Node {}\n";
    assert_eq!(modules_in(code, ROOMS).collect::<Vec<_>>(), [Some("chain"), Some("wire"), None]);
    let code = "use crate::{units, pow::Job, Node};\n";
    assert_eq!(modules_in(code, ROOMS).collect::<Vec<_>>(), [Some("units"), Some("pow"), None]);
}
