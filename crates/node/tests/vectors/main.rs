//! The test vectors of `docs/vectors`, natively and in wasm. This code wrote them, and must still compute the same
//! values. To write them again:
//!
//!     cargo test -p fedcoin-node --test vectors -- --ignored
//!
//! The Python client in `examples/client`, written from `docs/protocol.md` alone, passes the same files.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod blocks;
mod compact_blocks;
mod encodings;
mod fork_choice;
mod headers;
mod json;
mod keys;
mod messages;
mod networks;
mod payments;
mod roots;
mod targets;

use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// One file: its name, its content, and how to compute it.
struct Chapter {
    name: &'static str,
    written: &'static str,
    compute: fn() -> Value,
}

macro_rules! chapters {
    ($($name:ident),+) => {
        [$(Chapter {
            name: stringify!($name),
            written: include_str!(concat!("../../../../docs/vectors/", stringify!($name), ".json")),
            compute: $name::chapter,
        }),+]
    };
}

const CHAPTERS: [Chapter; 11] = chapters![
    encodings,
    keys,
    networks,
    payments,
    headers,
    targets,
    roots,
    blocks,
    fork_choice,
    messages,
    compact_blocks
];

#[test]
fn this_code_computes_the_stored_vectors() {
    for Chapter { name, written, compute } in CHAPTERS {
        let computed = compute();
        assert_eq!(computed, serde_json::from_str::<Value>(written).unwrap(), "{name}.json");
        assert_eq!(json::pretty(&computed), written, "{name}.json is written in this form");
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "writes docs/vectors: for changes of the protocol"]
fn write_vectors() {
    for Chapter { name, compute, .. } in CHAPTERS {
        let path = format!("{}/../../docs/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, json::pretty(&compute())).unwrap();
    }
}
