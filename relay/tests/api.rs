//! The API's manners: its document and page, who may ask it, and its paging.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::node::{Node, free_port};
use serde_json::Value;

fn start(args: &[&str]) -> (tempfile::TempDir, Node) {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), args);
    (dir, node)
}

fn header<'a>(answer: &'a ureq::http::Response<String>, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn the_document_and_its_page() {
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
            None => assert_eq!(node.request("GET", link, "").0, 200, "{link}"),
        }
    }
}

#[test]
fn every_answer_names_the_methods_that_a_path_has() {
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
fn pages_from_elsewhere_ask_only_where_they_are_allowed_to() {
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
    assert_eq!(open.ask("POST", "/api/v1/peers", &[json], neighbour).unwrap().status(), 202);
    assert_eq!(open.ask("POST", "/api/v1/peers", &[json, SHOP], neighbour).unwrap().status(), 403, "never for a page");
}
