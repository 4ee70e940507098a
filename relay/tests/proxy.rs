//! Clients behind a trusted and an untrusted proxy, and the origins of connecting pages.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::node::{Node, free_port};

/// How many of fifty requests in this client's name are answered.
fn answered(node: &Node, sender: &str) -> usize {
    (0..50).filter(|_| answered_one(node, sender)).count()
}

fn answered_one(node: &Node, sender: &str) -> bool {
    node.ask("GET", "/healthz", &[("x-forwarded-for", sender)], "").is_some_and(|answer| answer.status() == 200)
}

#[test]
fn limits_apply_to_the_clients_of_a_trusted_proxy() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["--max-per-address", "3", "--trusted-proxy", "127.0.0.1/32", "--log-format", "json"];
    let node = Node::start(dir.path(), free_port(), &args);
    assert!(answered(&node, "192.0.2.1") < 50, "one sender is limited");
    assert!(answered(&node, "192.0.2.2") >= 3, "another client has its own limit");
    assert!(node.log().iter().any(|line| line.contains("\"level\":\"INFO\"")), "{:?}", node.log());
    let of_network = |n: u16| answered_one(&node, &format!("2001:db8:0:{n:x}00::{n:x}"));
    assert!((0..50).filter(|n| of_network(*n)).count() < 50, "an IPv6 /48 counts as one client");
}

#[test]
fn only_pages_of_allowed_origins_connect() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--origin", "https://class.example"]);
    let status = |origin: &str| node.ask("GET", "/ws", &[("origin", origin)], "").unwrap().status().as_u16();
    assert_eq!(status("https://evil.example"), 403);
    assert_ne!(status("https://class.example"), 403);
    assert_ne!(status(&format!("http://{}", node.address())), 403);
}

#[test]
fn nearby_clients_must_use_a_name_of_the_node() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["--trusted-proxy", "127.0.0.1/32", "--advertise", "wss://relay.example/ws"];
    let node = Node::start(dir.path(), free_port(), &args);
    let asked = |path: &str, headers: &[(&str, &str)]| node.ask("GET", path, headers, "").unwrap();
    for path in ["/", "/api/v1/status", "/ws"] {
        for host in ["evil.example", "127.0.0.1.evil.example:5000"] {
            let answer = asked(path, &[("host", host)]);
            assert_eq!(answer.status(), 421, "{path} {host}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            assert!(answer.body().contains("#problem-misdirected") && answer.body().contains("--advertise"));
        }
        for host in
            ["relay.example", "RELAY.example:443", "localhost:1", "relay", "relay.local", "192.168.0.7", "[::1]"]
        {
            assert_ne!(asked(path, &[("host", host)]).status(), 421, "{path} {host}");
        }
        let far = asked(path, &[("host", "other.example"), ("x-forwarded-for", "203.0.113.9")]);
        assert_ne!(far.status(), 421, "clients on the internet may use any name");
    }
}
