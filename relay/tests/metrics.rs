//! Metrics for Prometheus over a real socket: their format, their values, and who may read them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, chain_on, genesis_coin, mined, payment, sealed};
use common::node::{Node, free_port};
use common::peer::{Peer, hello};
use common::{keys, until};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::Message;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The samples of a scrape, by name and labels.
type Samples = BTreeMap<String, f64>;

/// Parses the text format of OpenMetrics; every line must be valid.
fn parsed(page: &str) -> Samples {
    let mut samples = Samples::new();
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    let lines = page.strip_suffix("# EOF\n").expect("the end").lines();
    for line in lines {
        if let Some(rest) = line.strip_prefix("# ") {
            let parts: Vec<&str> = rest.splitn(3, ' ').collect();
            match parts[..] {
                ["HELP", name, help] => assert!(is_name(name) && !help.contains('\\'), "{line}"),
                ["TYPE", name, kind] => {
                    assert!(["gauge", "counter", "histogram", "info"].contains(&kind), "{line}");
                    assert!(types.insert(name, kind).is_none(), "{line}: told before");
                }
                _ => panic!("{line}"),
            }
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let labels = labels.strip_suffix('}').unwrap_or_else(|| panic!("{line}"));
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let (key, text) = label.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
            assert!(is_name(key) && !text.trim_end_matches('"').contains('"'), "{line}");
        }
        let ends = ["", "_total", "_info", "_bucket", "_sum", "_count"];
        let of = ends.iter().find_map(|end| Some((types.get(name.strip_suffix(end)?)?, *end)));
        let (kind, end) = of.unwrap_or_else(|| panic!("{line}: of no type"));
        let expected: &[&str] = match *kind {
            "counter" => &["_total"],
            "info" => &["_info"],
            "histogram" => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        assert!(is_name(name) && expected.contains(&end), "{line}: a {kind}");
        assert!(samples.insert(series.to_owned(), value.parse().unwrap()).is_none(), "{line}: twice");
    }
    samples
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn scrape(node: &Node) -> Samples {
    let answer = node.ask("GET", "/metrics", &[("authorization", &node.authorization())], "").unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.body());
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
    parsed(answer.body())
}

fn start(args: &[&str]) -> (tempfile::TempDir, Node) {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), args);
    (dir, node)
}

fn post(node: &Node, path: &str, body: &impl serde::Serialize) -> u16 {
    node.request("POST", &format!("/api/v1{path}"), &serde_json::to_string(body).unwrap()).0
}

/// Triggers every counted event once.
fn scene(node: &Node) {
    let (params, network) = node.network();
    let genesis = params.genesis_block();
    // Two blocks, then three on another branch.
    let other = mined(block(&params, 1, genesis.id(), 77));
    let branches = [chain_on(&params, &genesis, 2), vec![other.clone()], chain_on(&params, &other, 2)];
    for block in branches.iter().flatten() {
        assert_eq!(post(node, "/blocks", block), 201);
    }
    // It spends the genesis coin, which matures at height 2.
    let good = payment(network, vec![genesis_coin(&params)], vec![(Amount::from_fed(50), keys::address(keys::A))]);
    assert_eq!(post(node, "/transactions", &good), 201);
    assert_eq!(post(node, "/transactions", &good), 200, "known");
    let mut rich = block(&params, 4, node.get("/status")["tip"]["id"].as_str().unwrap().parse().unwrap(), 9_000);
    rich.coinbase.output.amount = Amount::from_fed(51);
    assert_eq!(post(node, "/blocks", &mined(sealed(rich))), 422);
    let mut peer = Peer::greet(node.port, network);
    peer.send(&Message::Hello(hello(network)));
    peer.goodbye();
}

#[test]
fn counters_count_events() {
    let (_dir, node) = start(&["--network", "regtest"]);
    let before = scrape(&node);
    let of = |samples: &Samples, name: &str| samples.get(name).copied().unwrap_or_default();
    assert_eq!((before["fedcoin_tip_height"], before["fedcoin_mempool_payments"]), (0.0, 0.0));
    assert_eq!(before["fedcoin_sync_state{state=\"synced\"}"], 1.0);
    let network = node.network().1;
    let identity = format!("fedcoin_network_info{{name=\"regtest\",id=\"{network}\",protocol=\"4\"}}");
    assert_eq!(before[&identity], 1.0);
    let cpu = before["process_cpu_seconds_total"];
    assert!(cpu > 0.0 && before["process_resident_memory_bytes"] > 1e6 && before["process_open_fds"] > 5.0);

    scene(&node);
    until("the peer is gone", || of(&scrape(&node), "fedcoin_peers{kind=\"in_passing\"}") == 0.0);
    let after = scrape(&node);
    for (name, expected) in [
        ("fedcoin_tip_height", 3.0),
        ("fedcoin_best_header_height", 3.0),
        ("fedcoin_blocks_connected_total", 5.0),
        ("fedcoin_blocks_disconnected_total", 2.0),
        ("fedcoin_reorganisation_depth_blocks_count", 1.0),
        ("fedcoin_reorganisation_depth_blocks_sum", 2.0),
        ("fedcoin_side_blocks", 3.0),
        ("fedcoin_mempool_payments", 1.0),
        ("fedcoin_payments_accepted_total{origin=\"api\"}", 1.0),
        ("fedcoin_payments_refused_total{rule=\"P1\"}", 1.0),
        ("fedcoin_blocks_rejected_total{rule=\"B6\"}", 1.0),
        ("fedcoin_peer_connections_closed_total{reason=\"UnexpectedMessage\"}", 1.0),
        ("fedcoin_peer_messages_total{direction=\"in\",kind=\"Hello\"}", 2.0),
        ("fedcoin_peer_messages_total{direction=\"out\",kind=\"Hello\"}", 1.0),
        ("fedcoin_http_requests_total{route=\"/api/v1/blocks\",method=\"POST\",status=\"201\"}", 5.0),
        ("fedcoin_http_requests_total{route=\"/ws\",method=\"GET\",status=\"101\"}", 1.0),
    ] {
        assert_eq!(of(&after, name), expected, "{name}");
    }
    assert!(after["fedcoin_peer_bytes_total{direction=\"in\",kind=\"Hello\"}"] > 200.0);
    assert!(of(&after, "fedcoin_blocks_side_total") >= 1.0);
    assert!(after["fedcoin_store_size_bytes"] > 0.0 && after["process_cpu_seconds_total"] >= cpu);
    assert_eq!(
        after["fedcoin_http_request_duration_seconds_count{route=\"/api/v1/blocks\"}"],
        after["fedcoin_http_request_duration_seconds_bucket{le=\"+Inf\",route=\"/api/v1/blocks\"}"]
    );
}

#[test]
fn invented_paths_do_not_become_labels() {
    let (_dir, node) = start(&[]);
    for n in 0..5 {
        node.request("GET", &format!("/made/up/{n}"), "");
        node.request("GET", &format!("/api/v1/made/up/{n}"), "");
        node.request("GET", &format!("/api/v1/blocks/{n}"), "");
        node.request(&format!("VERB{n}"), "/api/v1/status", "");
    }
    let routes: BTreeSet<String> = scrape(&node).into_keys().filter(|name| name.contains("http_requests")).collect();
    assert!(!routes.iter().any(|name| name.contains("made") || name.contains("VERB")), "{routes:?}");
    assert!(routes.iter().any(|name| name.contains("/api/v1/blocks/{block}")), "{routes:?}");
}

#[test]
fn metrics_require_the_cookie_except_on_their_own_port() {
    // As behind a proxy that the node does not know: all clients have this machine's address.
    let (_dir, node) = start(&[]);
    let status = |headers: &[(&str, &str)]| node.ask("GET", "/metrics", headers, "").unwrap().status().as_u16();
    let cookie = node.authorization();
    assert_eq!(status(&[("authorization", &cookie)]), 200);
    assert_eq!(status(&[]), 403);
    assert_eq!(status(&[("authorization", &cookie[..cookie.len() - 1])]), 403);
    let (_other_dir, other) = start(&[]);
    assert_eq!(status(&[("authorization", &other.authorization())]), 403, "another node's");

    let port = free_port();
    let (_dir, node) = start(&["--metrics", &format!("127.0.0.1:{port}"), "--network", "regtest"]);
    let own = |path: &str| {
        let request = ureq::get(format!("http://127.0.0.1:{port}{path}")).header("host", "prometheus.example");
        request.config().http_status_as_error(false).build().call().unwrap()
    };
    let page = own("/metrics").body_mut().read_to_string().unwrap();
    assert!(parsed(&page).contains_key("fedcoin_tip_height"));
    assert_eq!(own("/api/v1/status").status(), 404, "the port serves nothing else");
    drop(node);
}

/// The names of metrics in a query.
fn names(query: &str) -> impl Iterator<Item = &str> {
    let words = query.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("fedcoin_") || word.starts_with("process_"))
}

fn values<'a>(document: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match document {
        Value::Object(members) => {
            for (name, value) in members {
                if name == key {
                    found.extend(value.as_str());
                }
                values(value, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| values(item, key, found)),
        _ => {}
    }
}

#[test]
fn the_dashboard_shows_all_metrics() {
    // The server does not exist; the node runs without it.
    let (_dir, node) = start(&["--network", "regtest", "--cluster", "nats://127.0.0.1:1"]);
    scene(&node);
    let told: BTreeSet<String> =
        scrape(&node).into_keys().map(|series| series.split('{').next().unwrap().to_owned()).collect();
    let dashboard: Value = serde_json::from_str(include_str!("../../deploy/grafana.json")).unwrap();
    let mut queries = Vec::new();
    values(&dashboard, "expr", &mut queries);
    values(&dashboard, "definition", &mut queries);
    let drawn: BTreeSet<&str> = queries.iter().flat_map(|query| names(query)).collect();
    let absent: Vec<_> = drawn.iter().filter(|name| !told.contains(**name)).collect();
    assert!(absent.is_empty(), "shown but not exported: {absent:?}");
    let of_histograms = |name: &str| ["_bucket", "_sum", "_count"].iter().any(|end| name.ends_with(end));
    let left: Vec<_> = told.iter().filter(|name| !drawn.contains(name.as_str()) && !of_histograms(name)).collect();
    let known = ["fedcoin_mining_hashes_total", "fedcoin_mining_threads", "process_virtual_memory_bytes"];
    assert_eq!(left, known, "exported but not shown");
}
