//! Peers and clients that send invalid data over real sockets: each gets its reason, and the node loses nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, genesis_coin, mined, payment, signed_with};
use common::keys;
use common::node::{Node, free_port};
use common::peer::{Peer, hello};
use common::{eventually, until};
use fedcoin_node::primitives::{BlockId, NetworkId, OutPoint, TxId};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::wire::{Goodbye, Hello, MAX_FRAME_BYTES, Message};
use std::io::{Read, Write};
use std::net::TcpStream;
use tokio_tungstenite::tungstenite;

fn start(network: &str) -> (tempfile::TempDir, Node) {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--network", network]);
    (dir, node)
}

#[test]
fn each_bad_frame_gets_its_goodbye() {
    let (_dir, node) = start("classroom");
    let (params, network) = node.network();
    let mut witness = Peer::greet(node.port, network);
    let coin = payment(network, vec![genesis_coin(&params)], vec![(Amount::from_fed(50), keys::address(keys::A))]);
    assert_eq!(node.submit(&coin).0, 201);

    let greeting = Message::Hello(hello(network)).encode();
    let bad_frames: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![14],
        vec![255; 400],
        greeting[..greeting.len() - 1].to_vec(),
        [&greeting[..], &[0]].concat(),
        vec![3, 255, 255, 255, 255],
        vec![11; 10],
        [&[4][..], &501_u32.to_le_bytes(), &[7; 501 * 32]].concat(),
        (0..2_000).map(|i: u32| (i * i) as u8).collect(),
        vec![5; MAX_FRAME_BYTES],
    ];
    for frame in bad_frames {
        let mut stranger = Peer::connect(node.port);
        stranger.send_bytes(frame.clone());
        assert_eq!(stranger.goodbye(), Goodbye::BadMessage, "{:?}...", &frame[..frame.len().min(8)]);
        let mut known = Peer::greet(node.port, network);
        known.send_bytes(frame);
        assert_eq!(known.goodbye(), Goodbye::BadMessage);
    }
    let mut peer = Peer::greet(node.port, network);
    peer.send_raw(tungstenite::Message::Text("hello".into()));
    assert_eq!(peer.goodbye(), Goodbye::BadMessage, "text");
    assert!(witness.is_alive());
    assert_eq!(node.mempool(), 1, "nothing is lost");
}

#[test]
fn frames_above_the_limit_are_not_buffered() {
    let (_dir, node) = start("classroom");
    let network = node.network().1;
    let mut witness = Peer::greet(node.port, network);
    let mut peer = Peer::greet(node.port, network);
    // The node may close the connection before all is written.
    let big = tungstenite::Message::Binary(vec![5; MAX_FRAME_BYTES + 1].into());
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| peer.send_raw(big)));
    until("the peer is gone", || node.get("/status")["peers"] == 1);
    assert!(witness.is_alive());
}

#[test]
fn each_bad_hello_gets_its_goodbye() {
    let (_dir, node) = start("classroom");
    let network = node.network().1;
    let own = Peer::connect(node.port).hello();
    let good = hello(network);
    let greetings = [
        (Goodbye::WrongNetwork, Hello { network: NetworkId([1; 32]), ..good.clone() }),
        (Goodbye::WrongVersion, Hello { version: good.version + 1, ..good.clone() }),
        (Goodbye::SelfConnection, Hello { nonce: own.nonce, ..good }),
    ];
    for (reason, greeting) in greetings {
        let mut peer = Peer::connect(node.port);
        peer.send(&Message::Hello(greeting));
        assert_eq!(peer.goodbye(), reason);
    }
    let mut hasty = Peer::connect(node.port);
    hasty.send(&Message::Ping(1));
    assert_eq!(hasty.goodbye(), Goodbye::UnexpectedMessage);
    let mut talkative = Peer::greet(node.port, network);
    talkative.send(&Message::Hello(hello(network)));
    assert_eq!(talkative.goodbye(), Goodbye::UnexpectedMessage);
    // If two peers use one number, either may be lying, or it is the same peer on a new connection.
    let greeting = hello(network);
    let mut twins = [(); 2].map(|()| Peer::greet_as(node.port, greeting.clone()));
    assert!(twins.iter_mut().all(Peer::is_alive));
    let mut pinging = Peer::greet(node.port, network);
    (0..200).for_each(|n| pinging.send(&Message::Ping(n)));
    assert_eq!(pinging.goodbye(), Goodbye::TooManyMessages);
}

#[test]
fn a_node_detects_that_it_dialled_itself() {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    let node = Node::start(dir.path(), port, &["-n", &format!("127.0.0.1:{port}"), "--log", "debug"]);
    node.wait_for_log("is this node's own address");
    let listed = node.get("/peers");
    assert_eq!(listed["absent"][0]["problem"], "this is the node's own address", "{listed}");
    assert_eq!(listed["absent"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["peers"], serde_json::json!([]));
}

#[test]
fn bad_headers_blocks_and_payments_get_their_goodbyes() {
    let (_dir, node) = start("regtest");
    let (params, network) = node.network();
    let genesis = BlockId::from(network);
    let good = mined(block(&params, 1, genesis, 10));
    let header = |change: &dyn Fn(&mut fedcoin_node::primitives::Header)| {
        let mut block = good.clone();
        change(&mut block.header);
        mined(block).header
    };
    let mut worthless = good.header;
    while params.target.expand().unwrap().is_met_by(&worthless.id().0) {
        worthless.nonce += 1;
    }
    for bad in [
        worthless,
        header(&|h| h.version = 9),
        header(&|h| h.target = CompactTarget(0x207f_fffe)),
        header(&|h| h.time = Timestamp(0)),
    ] {
        let mut peer = Peer::greet(node.port, network);
        peer.send(&Message::Headers(vec![bad]));
        assert_eq!(peer.goodbye(), Goodbye::InvalidHeader);
    }
    let mut early = Peer::greet(node.port, network);
    early.send(&Message::Headers(vec![header(&|h| h.time = Timestamp(4_000_000_000_000))]));
    assert!(early.is_alive(), "a block too early by this node's clock is not a violation");

    let mut greedy = good.clone();
    greedy.coinbase.output.amount = Amount::from_fed(51);
    greedy.header.commitment = greedy.commitment();
    let greedy = mined(greedy);
    let mut peer = Peer::greet(node.port, network);
    peer.send(&Message::Headers(vec![greedy.header]));
    peer.wait_for("a request for the block", |m| matches!(m, Message::GetBlocks(_)).then_some(()));
    peer.send(&Message::Block(Box::new(greedy)));
    assert_eq!(peer.goodbye(), Goodbye::InvalidBlock);
    node.wait_for_log("is invalid (rule B6)");

    let stolen = signed_with(
        payment(network, vec![genesis_coin(&params)], vec![(Amount::from_fed(50), keys::address(keys::A))]),
        [1; 64],
    );
    // The genesis coin is immature on this network, so another coin is needed for the signature check to happen.
    let mut peer = Peer::greet(node.port, network);
    let mut twice = stolen.clone();
    twice.unsigned.inputs.push(twice.unsigned.inputs[0]);
    peer.send(&Message::Payment(twice));
    assert_eq!(peer.goodbye(), Goodbye::InvalidPayment);
    let mut peer = Peer::greet(node.port, network);
    let mut strange = stolen;
    strange.unsigned.inputs = vec![OutPoint { txid: TxId([4; 32]), index: 0 }];
    peer.send(&Message::Payment(strange));
    assert!(peer.is_alive(), "an orphan payment is not a violation");

    let mut honest = Peer::greet(node.port, network);
    honest.send(&Message::Headers(vec![good.header]));
    honest.wait_for("a request for the block", |m| matches!(m, Message::GetBlocks(_)).then_some(()));
    honest.send(&Message::Block(Box::new(good.clone())));
    node.wait_for_height(1);
    assert_eq!(node.get("/status")["tip"]["id"], good.id().to_string());
}

#[test]
fn a_forged_signature_does_not_block_the_true_payment() {
    let (_dir, node) = start("classroom");
    let (params, network) = node.network();
    let mut peer = Peer::greet(node.port, network);
    let outputs = vec![(Amount::from_fed(50), keys::address(keys::A))];
    let good = payment(network, vec![genesis_coin(&params)], outputs);
    peer.send(&Message::Payment(signed_with(good.clone(), [1; 64])));
    assert_eq!(peer.goodbye(), Goodbye::InvalidPayment);
    assert_eq!(node.submit(&good).0, 201, "the true payment is accepted");
}

/// Method, path, body, and the status of the answer.
type Request<'a> = (&'a str, &'a str, &'a str, u16);

/// Checks the status of each answer. A refusal is a problem document without messages of the parsing libraries.
fn refused_in_own_words(node: &Node, requests: &[Request<'_>]) {
    let of_parsers = ["eserializ", "struct", "invalid ", "expected", "EOF", "at line 1 column", "unknown field"];
    let kinds: Vec<String> = fedcoin_relay::problem::ProblemKind::ALL.iter().map(|kind| kind.uri()).collect();
    for (method, path, body, wanted) in requests {
        let (status, answer) = node.request(method, path, body);
        assert_eq!(status, *wanted, "{method} {path}: {answer}");
        assert!(!answer.contains("root:"));
        if status >= 400 {
            for words in of_parsers {
                assert!(!answer.contains(words), "{method} {path}: {answer}");
            }
            let problem: serde_json::Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(problem["status"], status, "{method} {path}");
            assert!(kinds.contains(&problem["type"].as_str().unwrap().to_owned()), "{method} {path}: {problem}");
        }
    }
}

#[test]
fn unknown_paths_get_a_problem_and_never_the_page() {
    let (_dir, node) = start("classroom");
    let requests = [
        ("GET", "/api", "", 404),
        ("GET", "/api/", "", 404),
        ("GET", "/api/v1/", "", 404),
        ("GET", "/api/v2/status", "", 404),
        ("GET", "/API/v1/status", "", 404),
        ("GET", "/%61pi/v1/status", "", 404),
        ("GET", "//api/v1/status", "", 404),
        ("POST", "/api/v1", "", 404),
        ("GET", "/healthz/", "", 404),
        ("GET", "/Healthz", "", 404),
        ("GET", "/ws/", "", 404),
        ("GET", "/metrics/x", "", 404),
        ("POST", "/healthz", "", 405),
        ("GET", "/old.js", "", 404),
    ];
    refused_in_own_words(&node, &requests);
}

#[test]
fn invalid_requests_to_the_api_are_refused() {
    let (_dir, node) = start("classroom");
    let long = "f".repeat(5_000);
    let huge = format!("{{\"unsigned\":\"{}\"}}", "x".repeat(600_000));
    let requests = [
        ("GET", "/api/v1/nothing", "", 404),
        ("GET", "/api/v1/blocks/x", "", 400),
        ("GET", "/api/v1/blocks/99999999999", "", 400),
        ("GET", "/api/v1/blocks/4294967295", "", 404),
        ("GET", &format!("/api/v1/blocks/{}", "0".repeat(64)), "", 404),
        ("GET", "/api/v1/blocks?limit=0", "", 400),
        ("GET", "/api/v1/blocks?limit=-1", "", 400),
        ("GET", "/api/v1/blocks?limt=5", "", 400),
        ("GET", "/api/v1/blocks/%ff", "", 400),
        ("GET", &format!("/api/v1/blocks/%20{}", "0".repeat(64)), "", 400),
        ("GET", "/api/v1/mempool?limit=10001", "", 400),
        ("GET", "/api/v1/blocks?from=4294967295&limit=100", "", 200),
        ("GET", "/api/v1/transactions/zz", "", 400),
        ("GET", &format!("/api/v1/transactions/{}", "a".repeat(64)), "", 404),
        ("GET", "/api/v1/addresses/fed1nonsense/balance", "", 400),
        ("GET", &format!("/api/v1/addresses/{long}/utxos"), "", 400),
        ("POST", "/api/v1/transactions", "", 400),
        ("POST", "/api/v1/transactions", "{", 400),
        ("POST", "/api/v1/transactions", "[]", 422),
        ("POST", "/api/v1/transactions", "{\"unsigned\":1,\"signature\":\"\"}", 422),
        ("POST", "/api/v1/transactions", &huge, 413),
        ("POST", "/api/v1/blocks", "null", 422),
        ("POST", "/api/v1/peers", "{\"address\":\"nowhere\"}", 422),
        ("POST", "/api/v1/status", "", 405),
        ("DELETE", "/api/v1/blocks", "", 405),
        ("POST", "/index.html", "", 405),
        ("GET", "/../Cargo.toml", "", 404),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", "", 200),
        ("GET", "/ws", "", 426),
        ("GET", "/api/v1/blocks?limit=1&limit=2", "", 400),
        ("GET", "/api/v1/blocks?limit=", "", 400),
        ("POST", "/api/v1/transactions", "{\"signature\":\"\"}", 422),
        ("POST", "/api/v1/transactions", "{} {}", 422),
        ("POST", "/api/v1/blocks", "{\"header\":{\"version\":-1}}", 422),
    ];
    refused_in_own_words(&node, &requests);
    let mut raw = TcpStream::connect(node.address()).unwrap();
    raw.write_all(&[0xff; 100]).unwrap();
    raw.write_all(b"\r\n\r\n").unwrap();
    let mut answer = String::new();
    raw.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(node.request("GET", "/healthz", "").0, 200);
}

#[test]
fn too_large_a_body_is_refused_at_once() {
    let (_dir, node) = start("classroom");
    for (path, length) in [("transactions", 500_001), ("blocks", 5_000_001), ("peers", 10_001)] {
        let head = "host: node\r\ncontent-type: application/json\r\nconnection: close\r\n";
        // The body is not valid JSON either. One request declares its length, the other sends it in one chunk.
        let piece = "}".repeat(length);
        for (size, body) in [
            (format!("content-length: {length}"), "}".to_owned()),
            ("transfer-encoding: chunked".to_owned(), format!("{length:x}\r\n{piece}\r\n0\r\n\r\n")),
        ] {
            let mut raw = TcpStream::connect(node.address()).unwrap();
            raw.set_read_timeout(Some(common::PATIENCE)).unwrap();
            write!(raw, "POST /api/v1/{path} HTTP/1.1\r\n{head}{size}\r\n\r\n{body}").unwrap();
            let (mut answer, mut byte) = (Vec::new(), [0]);
            while !answer.ends_with(b"#problem-too-large") {
                raw.read_exact(&mut byte).unwrap();
                answer.extend(byte);
            }
            assert!(answer.starts_with(b"HTTP/1.1 413"), "{path}: {}", String::from_utf8_lossy(&answer));
        }
        // At the maximum length, the node reads the body and finds that it is not JSON.
        assert_eq!(node.request("POST", &format!("/api/v1/{path}"), &"}".repeat(length - 1)).0, 400, "{path}");
    }
}

#[test]
fn temporary_refusals_are_not_called_invalid() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--min-relay-fee", "5"]);
    let (params, network) = node.network();
    let free = payment(network, vec![genesis_coin(&params)], vec![(Amount::from_fed(50), keys::address(keys::A))]);
    let (status, problem) = node.submit(&free);
    assert_eq!((status, &problem["rule"]), (422, &"P7".into()), "{problem}");
    assert_eq!(problem["type"], "/api/v1/docs#problem-payment-refused");

    let (_dir, node) = start("regtest");
    let (params, network) = node.network();
    let mut early = block(&params, 1, BlockId::from(network), 10);
    early.header.time = Timestamp(4_000_000_000_000);
    let (status, answer) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(&mined(early)).unwrap());
    assert_eq!(status, 409, "{answer}");
    assert!(answer.contains("#problem-block-early") && answer.contains("\"rule\":\"H6\""), "{answer}");
    let immature = payment(network, vec![genesis_coin(&params)], vec![(Amount::from_fed(49), keys::address(keys::A))]);
    let (status, problem) = node.submit(&immature);
    assert_eq!((status, &problem["rule"]), (422, &"C4".into()), "{problem}");
    assert_eq!(problem["type"], "/api/v1/docs#problem-payment-refused");
}

#[test]
fn claims_of_peers_are_shown_as_claims() {
    let (_dir, node) = start("regtest");
    let network = node.network().1;
    let user_agent = "<b>Bank\n2026-11-30T00:00:00.000000Z ERROR of FED</b>";
    let boast = Hello { user_agent: user_agent.to_owned(), height: Height(u32::MAX), ..hello(network) };
    let _peer = Peer::greet_as(node.port, boast);
    // The node sends its greeting before it has read the peer's.
    let peers = eventually("the peer is listed", || {
        Some(node.get("/peers")["peers"].clone()).filter(|peers| peers[0].is_object())
    });
    let says = serde_json::json!({ "user_agent": user_agent, "height": u32::MAX });
    assert_eq!(peers[0]["says"], says, "{peers}");
    assert!(peers[0].get("height").is_none() && peers[0].get("user_agent").is_none(), "{peers}");
    let line = &node.log()[node.wait_for_log("<b>Bank")];
    assert!(line.contains("of FED</b>"), "a peer cannot write log lines: {line}");
}

#[test]
fn a_request_must_name_one_host() {
    let (_dir, node) = start("classroom");
    for (hosts, wanted) in [
        ("host: localhost\r\n", "200"),
        ("", "400"),
        ("host: localhost\r\nhost: localhost\r\n", "400"),
        ("host: localhost\r\nhost: evil.example\r\n", "400"),
    ] {
        for version in ["1.0", "1.1"] {
            let mut raw = TcpStream::connect(node.address()).unwrap();
            write!(raw, "GET /api/v1/status HTTP/{version}\r\n{hosts}connection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            raw.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with(&format!("HTTP/{version} {wanted}")), "{version} {hosts:?}: {answer}");
            assert_eq!(answer.contains("#problem-bad-request"), wanted == "400", "{answer}");
        }
    }
}

#[test]
fn a_peer_that_does_not_close_is_disconnected() {
    let (_dir, node) = start("classroom");
    let mut raw = TcpStream::connect(node.address()).unwrap();
    raw.set_read_timeout(Some(common::PATIENCE)).unwrap();
    let upgrade = "Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    write!(raw, "GET /ws HTTP/1.1\r\n{upgrade}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").unwrap();
    // An unknown message. The node says goodbye, and the peer neither answers nor closes.
    raw.write_all(&[0x82, 0x81, 0, 0, 0, 0, 255]).unwrap();
    let started = std::time::Instant::now();
    let mut all = Vec::new();
    raw.read_to_end(&mut all).unwrap();
    assert!(all.contains(&0x88), "a closing frame: {all:?}");
    assert!(started.elapsed().as_secs() < 30, "it waits for 2 seconds: {:?}", started.elapsed());
}

#[test]
fn a_websocket_handshake_needs_one_valid_key_and_the_one_version() {
    let (_dir, node) = start("classroom");
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let version = "Sec-WebSocket-Version: 13\r\n";
    for (headers, wanted) in [
        (format!("{key}{version}"), "101"),
        (format!("{key}{key}{version}"), "400"),
        (version.to_owned(), "400"),
        (format!("Sec-WebSocket-Key:\r\n{version}"), "400"),
        (format!("Sec-WebSocket-Key: hello\r\n{version}"), "400"),
        (format!("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n{version}"), "400"),
        (format!("Sec-WebSocket-Key: {}\r\n{version}", "QUJD".repeat(1_000)), "400"),
        (format!("{key}{version}{version}"), "426"),
        (key.to_owned(), "426"),
        (format!("{key}Sec-WebSocket-Version: 8\r\n"), "426"),
        (format!("{key}Sec-WebSocket-Version: 13, 8\r\n"), "426"),
        (format!("{key}Sec-WebSocket-Version:\r\n"), "426"),
    ] {
        let mut raw = TcpStream::connect(node.address()).unwrap();
        raw.set_read_timeout(Some(common::PATIENCE)).unwrap();
        let upgrade = "Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
        write!(raw, "GET /ws HTTP/1.1\r\n{upgrade}{headers}\r\n").unwrap();
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            raw.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        assert!(head.starts_with(&format!("http/1.1 {wanted}")), "{headers}: {head}");
        assert_eq!(head.contains("sec-websocket-version: 13"), wanted == "426", "{headers}: {head}");
    }
}
