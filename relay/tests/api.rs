//! The API's document and page, its access rules, events and paging.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, genesis_coin, mined, payment, payment_by, with_payments};
use common::keys;
use common::node::{Node, free_port};
use common::peer::dial_from;
use fedcoin_node::ledger::{Utxo, state_hash};
use fedcoin_node::primitives::{Address, Block, BlockId, OutPoint, Output, Payment};
use fedcoin_node::units::{Amount, Height};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};

fn start(args: &[&str]) -> (tempfile::TempDir, Node) {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), args);
    (dir, node)
}

fn header<'a>(answer: &'a ureq::http::Response<String>, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn the_document_matches_its_page_and_routes() {
    let (_dir, node) = start(&[]);
    let document = node.get("/openapi.json");
    let examples = |path: &str, name: &str| document["paths"][path]["get"]["parameters"][0]["examples"][name].clone();
    for (path, name) in [
        ("/blocks/{block}", "height"),
        ("/blocks/{block}", "id"),
        ("/transactions/{txid}", "genesis"),
        ("/addresses/{address}/balance", "genesis"),
    ] {
        let value = examples(path, name)["value"].as_str().unwrap().to_owned();
        node.get(&path.replace(&path[path.find('{').unwrap()..=path.find('}').unwrap()], &value));
    }
    let page = node.ask("GET", "/api/v1/docs", &[], "").unwrap();
    assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"));
    assert!(header(&page, "content-security-policy").unwrap().starts_with("default-src 'none'"));
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.body().contains(path.as_str()), "{path}");
    }
    for link in page.body().split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        match link.strip_prefix('#') {
            Some(place) => assert!(page.body().contains(&format!("id=\"{place}\"")), "{link}"),
            // Endless.
            None if link == "events" => {}
            // Relative to the document.
            None => {
                let path = link.strip_prefix("../../").map_or(format!("/api/v1/{link}"), |rest| format!("/{rest}"));
                assert_eq!(node.request("GET", &path, "").0, 200, "{link}");
            }
        }
    }
}

#[test]
fn wrong_methods_get_the_allowed_ones() {
    let (_dir, node) = start(&[]);
    let refused = node.ask("DELETE", "/api/v1/blocks", &[], "").unwrap();
    assert_eq!(refused.status(), 405);
    assert_eq!(header(&refused, "allow"), Some("GET,HEAD,POST"));
    assert_eq!(header(&refused, "content-type"), Some("application/problem+json"));
    let typed = node.ask("POST", "/api/v1/transactions", &[("content-type", "text/plain")], "{}").unwrap();
    let problem: Value = serde_json::from_str(typed.body()).unwrap();
    assert_eq!((typed.status().as_u16(), &problem["status"]), (415, &415.into()));
}

#[test]
fn only_allowed_origins_may_use_the_api() {
    const SHOP: (&str, &str) = ("origin", "https://shop.example");
    let allowed = |node: &Node, origin| {
        let answer = node.ask("GET", "/api/v1/status", &[("origin", origin)], "").unwrap();
        header(&answer, "access-control-allow-origin").map(str::to_owned)
    };
    let (_dir, closed) = start(&[]);
    assert_eq!(allowed(&closed, SHOP.1), None);
    let (_dir, node) = start(&["--cors", SHOP.1, "http://localhost:8080"]);
    assert_eq!(allowed(&node, SHOP.1).as_deref(), Some(SHOP.1));
    assert_eq!(allowed(&node, "https://other.example"), None);
    let refused = node.ask("GET", "/api/v1/blocks/x", &[SHOP], "").unwrap();
    assert_eq!((refused.status().as_u16(), header(&refused, "access-control-allow-origin")), (400, Some(SHOP.1)));
    let question =
        [SHOP, ("access-control-request-method", "POST"), ("access-control-request-headers", "content-type")];
    let answer = node.ask("OPTIONS", "/api/v1/transactions", &question, "").unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "access-control-allow-headers"), Some("content-type"));
    let (_dir, open) = start(&["--cors", "*"]);
    assert_eq!(allowed(&open, SHOP.1).as_deref(), Some("*"));

    let neighbour = "{\"address\":\"127.0.0.1:1\"}";
    let json = ("content-type", "application/json");
    let cookie = open.authorization();
    let operator = ("authorization", &*cookie);
    assert_eq!(open.ask("POST", "/api/v1/peers", &[json, operator], neighbour).unwrap().status(), 202);
    for headers in [&[json][..], &[json, SHOP], &[json, ("authorization", "Bearer guess")]] {
        let refused = open.ask("POST", "/api/v1/peers", headers, neighbour).unwrap();
        assert_eq!(refused.status(), 403, "{headers:?}");
        assert!(refused.body().contains("cookie"));
    }
    let question =
        [SHOP, ("access-control-request-method", "POST"), ("access-control-request-headers", "authorization")];
    let answer = open.ask("OPTIONS", "/api/v1/peers", &question, "").unwrap();
    let headers = header(&answer, "access-control-allow-headers").unwrap_or_default();
    assert!(!headers.contains("authorization"), "never for a page: {headers}");
}

/// The node's event stream.
struct Events(BufReader<TcpStream>);

impl Events {
    fn of(node: &Node) -> Self {
        let mut stream = TcpStream::connect(node.address()).unwrap();
        stream.set_read_timeout(Some(common::PATIENCE)).unwrap();
        stream.write_all(b"GET /api/v1/events HTTP/1.1\r\nhost: node\r\n\r\n").unwrap();
        let mut events = Self(BufReader::new(stream));
        assert_eq!(events.line("HTTP/1.1 "), "200 OK");
        assert_eq!(events.line("content-type: "), "text/event-stream");
        events
    }

    /// The rest of the first line with this prefix.
    fn line(&mut self, beginning: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream has ended");
            if let Some(rest) = line.trim_end().strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// The data of the next event of this kind.
    fn next(&mut self, name: &str) -> Value {
        while self.line("event: ") != name {}
        serde_json::from_str(&self.line("data: ")).unwrap()
    }
}

fn submit(node: &Node, block: &Block) {
    let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(block).unwrap());
    assert_eq!(status, 201, "{body}");
}

/// Reads the history in pages of one entry: id, height, received, spent, coinbase.
fn history(node: &Node, address: impl std::fmt::Display) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut next = String::new();
    loop {
        let page = node.get(&format!("/addresses/{address}/transactions?limit=1{next}"));
        for entry in page["transactions"].as_array().unwrap() {
            let block = node.get(&format!("/blocks/{}", entry["block"].as_str().unwrap()));
            assert_eq!((&block["height"], &block["header"]["time"]), (&entry["height"], &entry["time"]));
            let told = ["txid", "height", "received", "spent", "coinbase"].map(|name| entry[name].clone());
            entries.push(Value::from(told.to_vec()));
        }
        let Some(place) = page["next"].as_str() else { return entries };
        next = format!("&before={place}");
    }
}

#[test]
fn transactions_and_histories_follow_the_chain() {
    let (_dir, node) = start(&[]);
    let (params, network) = node.network();
    let (genesis, a) = (keys::address(keys::GENESIS), keys::address(keys::A));
    let fed = Amount::from_fed;
    let start = json!([params.genesis_block().coinbase.txid(), 0, "50", "0", true]);
    assert_eq!(history(&node, genesis), std::slice::from_ref(&start));

    let first = payment(network, vec![genesis_coin(&params)], vec![(fed(2), a), (fed(47), genesis)]);
    let look = |payment: &Payment| node.request("GET", &format!("/api/v1/transactions/{}", payment.txid()), "");
    let mut told = Events::of(&node);
    assert_eq!(told.next("tip")["id"], network.to_string(), "the current tip comes first");
    assert_eq!(look(&first).0, 404);
    assert_eq!(node.submit(&first).0, 201);
    assert_eq!(told.next("payment_accepted")["txid"], first.txid().to_string());
    assert!(look(&first).1.contains("\"state\":\"mempool\""));
    assert_eq!(node.get(&format!("/addresses/{a}/transactions"))["waiting"], json!([first.txid()]));
    let one = mined(with_payments(block(&params, 1, BlockId::from(network), 10), vec![first.clone()]));
    submit(&node, &one);
    assert_eq!(told.next("tip")["connected"], json!([one.id()]));
    let view: Value = serde_json::from_str(&look(&first).1).unwrap();
    assert_eq!((&view["state"], &view["height"], &view["confirmations"]), (&"confirmed".into(), &1.into(), &1.into()));
    assert_eq!(view["block"], one.id().to_string());
    assert_eq!(node.get(&format!("/addresses/{a}/transactions"))["waiting"], json!([]));
    let reward = |block: &Block, height: u32| json!([block.coinbase.txid(), height, "50", "0", true]);
    assert_eq!(history(&node, genesis), [json!([first.txid(), 1, "47", "50", false]), start.clone()]);
    assert_eq!(history(&node, a), [json!([first.txid(), 1, "2", "0", false]), reward(&one, 1)]);

    let first_block = one.id();
    // Another branch, on which the genesis key pays only itself.
    let other = payment(network, vec![genesis_coin(&params)], vec![(fed(50), genesis)]);
    let one = mined(with_payments(block(&params, 1, BlockId::from(network), 20), vec![other.clone()]));
    submit(&node, &one);
    let second = payment_by(keys::A, network, vec![one.coinbase.outpoint()], vec![(fed(9), genesis), (fed(41), a)]);
    let two = mined(with_payments(block(&params, 2, one.id(), 30), vec![second.clone()]));
    submit(&node, &two);
    assert_eq!(look(&first).0, 404, "its coin is spent on this branch");
    let change = told.next("tip");
    assert_eq!(change["disconnected"], json!([first_block]));
    assert_eq!((&change["connected"], &change["height"]), (&json!([one.id(), two.id()]), &2.into()));
    let paid = |received: &str, spent: &str| json!([second.txid(), 2, received, spent, false]);
    assert_eq!(history(&node, a), [paid("41", "50"), reward(&two, 2), reward(&one, 1)]);
    assert_eq!(history(&node, genesis), [paid("9", "0"), json!([other.txid(), 1, "50", "50", false]), start]);
    let coins = node.get(&format!("/addresses/{a}/utxos?limit=1&offset=1"));
    assert_eq!((&coins["total"], coins["coins"].as_array().map(Vec::len)), (&2.into(), Some(1)));
}

#[test]
fn one_address_cannot_take_all_event_streams() {
    let (_dir, node) = start(&[]);
    let followed: Vec<Events> = (0..25).map(|_| Events::of(&node)).collect();
    let refused = node.ask("GET", "/api/v1/events", &[], "").unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.body().contains("25 connections"), "{}", refused.body());
    let mut other = dial_from(Ipv4Addr::new(127, 0, 0, 2), node.port).unwrap();
    other.write_all(b"GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert_eq!(Events(BufReader::new(other)).line("HTTP/1.1 "), "200 OK");
    drop(followed);
    common::until("streams are released", || {
        let mut stream = dial_from(Ipv4Addr::LOCALHOST, node.port).unwrap();
        stream.write_all(b"GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        Events(BufReader::new(stream)).line("HTTP/1.1 ") == "200 OK"
    });
}

#[test]
fn an_incomplete_body_times_out() {
    let (_dir, node) = start(&[]);
    let mut stream = TcpStream::connect(node.address()).unwrap();
    stream.set_read_timeout(Some(common::PATIENCE)).unwrap();
    let head = "POST /api/v1/transactions HTTP/1.1\r\nhost: node\r\ncontent-type: application/json\r\n";
    write!(stream, "{head}content-length: 1000\r\n\r\n{{").unwrap();
    let mut answer = Events(BufReader::new(stream));
    assert_eq!(answer.line("HTTP/1.1 "), "408 Request Timeout");
    assert_eq!(answer.line("content-type: "), "application/problem+json");
    assert!(answer.line("{").contains("#problem-timeout"));
}

#[test]
fn dropped_payments_are_reported() {
    let (_dir, node) = start(&[]);
    let (params, network) = node.network();
    let (genesis, a) = (keys::address(keys::GENESIS), keys::address(keys::A));
    let fed = Amount::from_fed;
    let look = |payment: &Payment| node.request("GET", &format!("/api/v1/transactions/{}", payment.txid()), "").0;
    let paying = |amount: u32| {
        let mut payment = payment(network, vec![genesis_coin(&params)], vec![(fed(amount), a)]);
        payment.unsigned.replaceable = true;
        let key = keys::private(keys::GENESIS);
        Payment { signature: key.sign(&payment.unsigned.signing_message(network)), ..payment }
    };
    let (low, high) = (paying(49), paying(48));
    let mut told = Events::of(&node);
    assert_eq!(node.submit(&low).0, 201);
    assert_eq!(node.submit(&high).0, 201);
    let dropped = told.next("payment_dropped");
    assert_eq!((&dropped["txid"], &dropped["reason"]), (&low.txid().to_string().into(), &"replaced".into()));
    assert_eq!(dropped["replaced_by"], high.txid().to_string());
    assert_eq!((look(&low), look(&high)), (404, 200));
    // Later requests for the payment get the same reason.
    let gone = |payment: &Payment| node.request("GET", &format!("/api/v1/transactions/{}", payment.txid()), "").1;
    let problem: Value = serde_json::from_str(&gone(&low)).unwrap();
    assert_eq!((&problem["type"], &problem["dropped"]), (&"/api/v1/docs#problem-payment-dropped".into(), &dropped));
    let (status, problem) = node.submit(&low);
    assert_eq!((status, &problem["rule"]), (422, &"P10".into()), "{problem}");
    assert_eq!(problem["type"], "/api/v1/docs#problem-payment-refused");
    let other = payment(network, vec![genesis_coin(&params)], vec![(fed(50), genesis)]);
    submit(&node, &mined(with_payments(block(&params, 1, BlockId::from(network), 10), vec![other.clone()])));
    let dropped = told.next("payment_dropped");
    assert_eq!((&dropped["txid"], &dropped["reason"]), (&high.txid().to_string().into(), &"conflict".into()));
    assert_eq!((&dropped["replaced_by"], &dropped["was_confirmed"]), (&other.txid().to_string().into(), &false.into()));
    assert_eq!((look(&high), node.mempool()), (404, 0));
    let problem: Value = serde_json::from_str(&gone(&high)).unwrap();
    assert_eq!(problem["dropped"], dropped, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains(dropped["detail"].as_str().unwrap()), "{problem}");
    // After one is mined, it is found again, and the other one is dropped; an unknown payment is not found.
    let first = mined(with_payments(block(&params, 1, BlockId::from(network), 11), vec![low.clone()]));
    let change = OutPoint { txid: low.txid(), index: 0 };
    let next = payment_by(keys::A, network, vec![change], vec![(fed(49), genesis)]);
    let second = mined(with_payments(block(&params, 2, first.id(), 12), vec![next]));
    [first, second].iter().for_each(|block| submit(&node, block));
    assert_eq!((look(&low), look(&other)), (200, 404));
    let problem: Value = serde_json::from_str(&gone(&other)).unwrap();
    assert_eq!(problem["dropped"]["was_confirmed"], true, "{problem}");
    let path = format!("/api/v1/transactions/{}", "ab".repeat(32));
    let unknown: Value = serde_json::from_str(&node.request("GET", &path, "").1).unwrap();
    assert_eq!((&unknown["type"], unknown.get("dropped")), (&"/api/v1/docs#problem-not-found".into(), None));
    let (status, problem) = node.submit(&high);
    assert_eq!((status, &problem["rule"]), (409, &"C1".into()), "{problem}");
}

#[test]
fn the_page_is_sent_in_its_compressed_form() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("page");
    std::fs::create_dir(&page).unwrap();
    let wasm = "web-0123456789abcdef_bg.wasm";
    let compressed = format!("{wasm}.br");
    for (name, text) in [("index.html", "<p>page</p>"), (wasm, "the plain file"), (&compressed, "by brotli")] {
        std::fs::write(page.join(name), text).unwrap();
    }
    let node = Node::start(dir.path(), free_port(), &["--page", "page"]);
    let ask = |path: &str, codings: &str| node.ask("GET", path, &[("accept-encoding", codings)], "").unwrap();
    let path = format!("/{wasm}");
    for (codings, coding, body) in [("gzip, br", Some("br"), "by brotli"), ("gzip", None, "the plain file")] {
        let answer = ask(&path, codings);
        assert_eq!((answer.status().as_u16(), answer.body().as_str()), (200, body), "{codings}");
        assert_eq!(header(&answer, "content-encoding"), coding);
        assert_eq!(header(&answer, "content-type"), Some("application/wasm"));
        assert_eq!(header(&answer, "vary"), Some("accept-encoding"));
        assert_eq!(header(&answer, "cache-control"), Some("public, max-age=31536000, immutable"));
    }
    let tag = header(&ask(&path, "br"), "etag").unwrap().to_owned();
    let again = node.ask("GET", &path, &[("if-none-match", &tag), ("accept-encoding", "br")], "").unwrap();
    assert_eq!((again.status().as_u16(), again.body().as_str()), (304, ""));
    assert_eq!(header(&ask("/", "br"), "cache-control"), Some("no-cache"), "it changes with each build");
    assert_eq!(ask(&format!("{path}.br"), "br").status(), 404, "a compressed form has no path of its own");
}

#[test]
fn a_confirmed_payment_undone_for_good_is_reported_with_its_reason() {
    let (_dir, node) = start(&[]);
    let (params, network) = node.network();
    let coin = || vec![genesis_coin(&params)];
    let fed = Amount::from_fed;
    let paid = payment(network, coin(), vec![(fed(50), keys::address(keys::A))]);
    let rival = payment(network, coin(), vec![(fed(50), keys::address(keys::GENESIS))]);
    let holding = |payment: &Payment, height, previous, time| {
        mined(with_payments(block(&params, height, previous, time), vec![payment.clone()]))
    };
    submit(&node, &holding(&paid, 1, BlockId::from(network), 10));
    let mut told = Events::of(&node);
    let first = holding(&rival, 1, BlockId::from(network), 20);
    let change = payment_by(
        keys::GENESIS,
        network,
        vec![OutPoint { txid: rival.txid(), index: 0 }],
        vec![(fed(50), keys::address(keys::A))],
    );
    let second = holding(&change, 2, first.id(), 30);
    submit(&node, &first);
    submit(&node, &second);
    let dropped = told.next("payment_dropped");
    assert_eq!((&dropped["txid"], &dropped["reason"]), (&paid.txid().to_string().into(), &"conflict".into()));
    assert_eq!((&dropped["replaced_by"], &dropped["was_confirmed"]), (&rival.txid().to_string().into(), &true.into()));
    assert!(dropped["detail"].as_str().unwrap().contains(&rival.txid().to_string()), "{dropped}");
    node.wait_for_log("was confirmed, and a reorganisation undid it for good: payment");
}

#[test]
fn long_lists_of_coins_are_read_again_when_the_tip_changes() {
    let (_dir, node) = start(&[]);
    let (params, network) = node.network();
    let (genesis, a) = (keys::address(keys::GENESIS), keys::address(keys::A));
    let fed = Amount::from_fed;
    // More outputs than are read at once; the last one is the change.
    let (another, thousandth) = (Address([9; 20]), Amount::from_units(1_000).unwrap());
    let mut outputs = vec![(thousandth, a); 2_000];
    outputs.extend(vec![(thousandth, another); 1_001]);
    outputs.push((fed(30), genesis));
    let many = payment(network, vec![genesis_coin(&params)], outputs);
    let one = mined(with_payments(block(&params, 1, BlockId::from(network), 10), vec![many.clone()]));
    submit(&node, &one);
    let balance = |name: &str| node.get(&format!("/addresses/{a}/balance"))[name].as_str().unwrap().to_owned();
    let of_coins = Amount::from_units(2_000_000).unwrap();
    let with_rewards = |blocks: u32| of_coins.checked_add(fed(50 * blocks)).unwrap().to_string();
    let coins = |offset: u32| node.get(&format!("/addresses/{a}/utxos?offset={offset}"));
    for _ in 0..2 {
        assert_eq!(balance("confirmed"), with_rewards(1));
        let mut found: Vec<Value> = Vec::new();
        for offset in [0, 1_000, 2_000] {
            let page = coins(offset);
            assert_eq!(page["total"], 2_001);
            found.extend(page["coins"].as_array().unwrap().iter().cloned());
        }
        let outpoints: std::collections::BTreeSet<String> = found.iter().map(|c| c["outpoint"].to_string()).collect();
        assert_eq!((found.len(), outpoints.len()), (2_001, 2_001));
        assert_eq!(found[0]["amount"], "50", "the largest first");
        assert_eq!(node.get(&format!("/addresses/{another}/utxos"))["total"], 1_001, "each has its own list");
    }
    let utxo = |output: Output, coinbase| Utxo { output, height: Height(1), coinbase };
    let mut all: Vec<(OutPoint, Utxo)> =
        many.outputs().map(|(outpoint, output)| (outpoint, utxo(*output, false))).collect();
    all.push((one.coinbase.outpoint(), utxo(one.coinbase.output, true)));
    let ledger = node.get("/ledger");
    assert_eq!((&ledger["utxos"], &ledger["height"]), (&3_003.into(), &1.into()));
    assert_eq!(ledger["state_hash"], hex::encode(state_hash(all)));
    let own = payment_by(keys::A, network, vec![one.coinbase.outpoint()], vec![(fed(50), a)]);
    submit(&node, &mined(with_payments(block(&params, 2, one.id(), 20), vec![own])));
    assert_eq!(balance("confirmed"), with_rewards(2));
    assert_eq!((&coins(2_000)["total"], &node.get("/ledger")["height"]), (&2_002.into(), &2.into()));
    assert_ne!(node.get("/ledger")["state_hash"], ledger["state_hash"]);
}
