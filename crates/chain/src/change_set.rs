use fedcoin_consensus::Commitments;
use fedcoin_consensus::ledger::{Undo, Utxo, UtxoDiff};
use fedcoin_primitives::{Block, BlockId, Header, Identified, OutPoint, Payment, TxId};
use fedcoin_wire::PeerAddress;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One change of the node's persistent state, committed as a whole (the node's effect `Store`).
///
/// Two consecutive change sets have the same result as their [`ChangeSet::merge`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// New headers, parents first.
    pub headers: Vec<Identified<Header>>,
    /// New block bodies. The header of each is already stored, or in `headers`.
    pub blocks: Vec<Arc<Identified<Block>>>,
    /// Undo data of newly connected blocks.
    pub undos: Vec<(BlockId, Undo)>,
    /// Headers of blocks found to be invalid.
    pub invalid: Vec<BlockId>,
    /// Created and spent outputs.
    pub utxos: UtxoDiff,
    /// The primary chain's new tip.
    pub tip: Option<BlockId>,
    /// What a block on the new tip must commit to; there is one with each new tip.
    pub commitments: Option<Commitments>,
    /// Payments that entered the mempool.
    pub pool_added: Vec<Payment>,
    /// Payments that left the mempool. A payment in both lists is removed first, then added.
    pub pool_removed: Vec<TxId>,
    /// The new complete list of addresses to dial after a restart.
    pub addresses: Option<Vec<PeerAddress>>,
}

/// The stored state that a node needs to start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Every stored header except genesis, in any order.
    pub headers: Vec<StoredHeader>,
    /// The primary chain's tip; `None` in a new store.
    pub tip: Option<BlockId>,
    /// What a block on the tip must commit to; `None` in a new store.
    pub commitments: Option<Commitments>,
    /// The unspent outputs at the tip; empty in a new store.
    pub utxos: Vec<(OutPoint, Utxo)>,
    /// The mempool.
    pub payments: Vec<Payment>,
    /// Addresses to dial.
    pub addresses: Vec<PeerAddress>,
}

/// A stored header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredHeader {
    /// The header.
    pub header: Identified<Header>,
    /// The state of its block.
    pub status: BlockStatus,
}

/// The state of a header's block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockStatus {
    /// Only the header is known.
    HeaderOnly,
    /// The block is stored; it is valid apart from the ledger.
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

    /// Adds a later change to this one. Costs one pass over `later`, plus one over this change's payments or outputs if
    /// `later` removes or spends any.
    pub fn merge(&mut self, later: Self) {
        self.headers.extend(later.headers);
        self.blocks.extend(later.blocks);
        self.undos.extend(later.undos);
        self.invalid.extend(later.invalid);
        self.utxos.merge(later.utxos);
        self.tip = later.tip.or(self.tip);
        self.commitments = later.commitments.or(self.commitments.take());
        if !later.pool_removed.is_empty() {
            let removed: BTreeSet<&TxId> = later.pool_removed.iter().collect();
            self.pool_added.retain(|payment| !removed.contains(&payment.txid()));
            self.pool_removed.extend(later.pool_removed);
        }
        self.pool_added.extend(later.pool_added);
        self.addresses = later.addresses.or(self.addresses.take());
    }
}
