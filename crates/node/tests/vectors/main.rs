//! The test vectors of `docs/vectors`, natively and in wasm. This code wrote them, and still computes the same:
//!
//!     cargo test -p fedcoin-node --test vectors -- --ignored
//!
//! The Python client in `examples/client`, written after `docs/protocol.md` alone, is held to the same files.
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
mod targets;

use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// One file: its name, what it holds, and how that is computed.
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

const CHAPTERS: [Chapter; 10] =
    chapters![encodings, keys, networks, payments, headers, targets, blocks, fork_choice, messages, compact_blocks];

#[test]
fn this_code_still_computes_the_same() {
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
