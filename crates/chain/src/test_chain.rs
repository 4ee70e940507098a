//! Chains of headers without blocks, for tests.
#![allow(clippy::unwrap_used, reason = "a test helper fails its test")]

use super::{Chain, Snapshot};
use fedcoin_consensus::{ChainParams, check_header_in_isolation};
use fedcoin_primitives::collections::MapKey;
use fedcoin_primitives::units::{CompactTarget, Height, Timestamp};
use fedcoin_primitives::{BlockId, Header, Identified};

/// A network in which every header has enough work.
pub(super) fn chain() -> Chain {
    let params = ChainParams { target: CompactTarget(0x20ff_ffff), ..ChainParams::regtest() };
    Chain::new(params, &Snapshot::default(), MapKey::new(0)).unwrap()
}

/// Adds headers on `parent` and returns the last one's id.
pub(super) fn grow(chain: &mut Chain, parent: BlockId, salt: u32, count: u32) -> BlockId {
    (0..count).fold(parent, |previous, _| add(chain, previous, salt, 1_000))
}

/// Adds one header on `previous`, `later_ms` after it, and returns its id.
pub(super) fn add(chain: &mut Chain, previous: BlockId, salt: u32, later_ms: u64) -> BlockId {
    let header = chain.block_info(&previous).unwrap().header;
    let header = solved(Header { salt, previous, time: Timestamp(header.time.0 + later_ms), nonce: 0, ..header });
    chain.accept_header(header, header.time).unwrap();
    header.id()
}

/// Makes headers the primary chain, as if their blocks had arrived.
pub(super) fn connect(chain: &mut Chain, tip: BlockId) {
    let index = chain.tree.find(&tip).unwrap();
    let height = chain.tree.node(index).height.0;
    chain.primary = (0..=height).map(|at| chain.tree.ancestor(index, Height(at))).collect();
}

/// The header with the first nonce from its own that proves its work.
pub(super) fn solved(mut header: Header) -> Identified<Header> {
    loop {
        let identified = Identified::from(header);
        if check_header_in_isolation(identified).is_ok() {
            return identified;
        }
        header.nonce += 1;
    }
}

/// `count` headers on genesis, one after the other.
pub(super) fn solved_headers(params: &ChainParams, count: usize) -> Vec<Identified<Header>> {
    let next = |last: &Identified<Header>| {
        Some(solved(Header { previous: last.id(), time: Timestamp(last.time.0 + 1_000), nonce: 0, ..**last }))
    };
    let genesis = Identified::from(params.genesis_block().header);
    core::iter::successors(Some(genesis), next).skip(1).take(count).collect()
}
