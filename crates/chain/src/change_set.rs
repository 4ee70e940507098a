use fedcoin_consensus::ledger::{Undo, Utxo, UtxoDiff};
use fedcoin_primitives::{Block, BlockId, Header, OutPoint, Payment, TxId};
use fedcoin_wire::PeerAddress;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One change of the node's lasting state, committed whole (the effect `Store` of the node).
///
/// Two change sets in a row have the same outcome as their [`ChangeSet::merge`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// New headers, parents first.
    pub headers: Vec<Header>,
    /// New block bodies; each one's header is stored already or in `headers`.
    pub blocks: Vec<Arc<Block>>,
    /// What takes newly connected blocks off again.
    pub undos: Vec<(BlockId, Undo)>,
    /// Headers of blocks found invalid.
    pub invalid: Vec<BlockId>,
    /// Outputs made and spent.
    pub utxos: UtxoDiff,
    /// The primary chain's new last block.
    pub tip: Option<BlockId>,
    /// Payments that entered the mempool.
    pub pool_added: Vec<Payment>,
    /// Payments that left it. One that came back is in both lists: what left goes first.
    pub pool_removed: Vec<TxId>,
    /// The whole new list of addresses worth dialling after a restart.
    pub addresses: Option<Vec<PeerAddress>>,
}

/// All that a store holds of a node, as its start needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Every stored header except genesis, in any order.
    pub headers: Vec<StoredHeader>,
    /// The primary chain's last block; `None` in a new store.
    pub tip: Option<BlockId>,
    /// The unspent outputs at the tip; empty in a new store.
    pub utxos: Vec<(OutPoint, Utxo)>,
    /// The mempool.
    pub payments: Vec<Payment>,
    /// Addresses worth dialling.
    pub addresses: Vec<PeerAddress>,
}

/// A stored header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredHeader {
    /// The header.
    pub header: Header,
    /// What is known of its block.
    pub status: BlockStatus,
}

/// What is known of a header's block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockStatus {
    /// Only the header.
    HeaderOnly,
    /// The block is stored; it obeys all rules that need no ledger.
    Stored,
    /// The block is invalid.
    Invalid,
}

impl ChangeSet {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a later change to this one. Costs one pass over `later`, and one over the payments (outputs) of this one
    /// where the later removes (spends) any.
    pub fn merge(&mut self, later: Self) {
        self.headers.extend(later.headers);
        self.blocks.extend(later.blocks);
        self.undos.extend(later.undos);
        self.invalid.extend(later.invalid);
        self.utxos.merge(later.utxos);
        self.tip = later.tip.or(self.tip);
        if !later.pool_removed.is_empty() {
            let removed: BTreeSet<&TxId> = later.pool_removed.iter().collect();
            self.pool_added.retain(|payment| !removed.contains(&payment.txid()));
            self.pool_removed.extend(later.pool_removed);
        }
        self.pool_added.extend(later.pool_added);
        self.addresses = later.addresses.or(self.addresses.take());
    }
}
