use super::PoolError;
use fedcoin_primitives::{OutPoint, TxId};
use serde::{Deserialize, Serialize};

/// A payment that left without being mined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Its id.
    pub txid: TxId,
    /// Why it left.
    pub reason: DropReason,
}

/// Why a payment left without being mined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DropReason {
    /// It waited too long (rule P5).
    #[error("it was not mined for two hours")]
    Expired,
    /// Payments worth more needed its place (rule P4).
    #[error("payments of higher fees needed its place")]
    PushedOut,
    /// Another payment of the same coins took its place (rule P2).
    #[error("payment {by} of the same coins and of a higher fee replaced it")]
    Replaced {
        /// That one.
        by: TxId,
    },
    /// A block holds another payment of the same coins.
    #[error("payment {by} of the same coins was mined")]
    Conflict {
        /// That one.
        by: TxId,
    },
    /// It builds on a payment that left.
    #[error("it builds on payment {parent}, which was dropped")]
    ParentDropped {
        /// That one.
        parent: TxId,
    },
    /// After the chain was reorganised, or the node was started again, the mempool does not take it (rule P16).
    #[error("it no longer fits the chain: {0}")]
    Refused(#[from] PoolError),
}

impl DropReason {
    /// All that [`DropReason::name`] says.
    pub const NAMES: [&'static str; 6] = ["expired", "pushed_out", "replaced", "conflict", "parent_dropped", "refused"];

    /// The payment that has its coins now, where that is known.
    #[must_use]
    pub const fn replaced_by(&self) -> Option<TxId> {
        match self {
            Self::Replaced { by } | Self::Conflict { by } => Some(*by),
            Self::Refused(PoolError::Conflict { with, .. }) => Some(*with),
            Self::Refused(_) | Self::Expired | Self::PushedOut | Self::ParentDropped { .. } => None,
        }
    }

    /// The input that it lacks, if that is why.
    #[must_use]
    pub const fn missing_input(&self) -> Option<OutPoint> {
        match self {
            Self::Refused(PoolError::MissingInputs { outpoint }) => Some(*outpoint),
            _ => None,
        }
    }

    /// Its name for programs; never renamed.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::PushedOut => "pushed_out",
            Self::Replaced { .. } => "replaced",
            Self::Conflict { .. } => "conflict",
            Self::ParentDropped { .. } => "parent_dropped",
            Self::Refused(_) => "refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_names_are_known() {
        let by = TxId([1; 32]);
        let all = [
            DropReason::Expired,
            DropReason::PushedOut,
            DropReason::Replaced { by },
            DropReason::Conflict { by },
            DropReason::ParentDropped { parent: by },
            DropReason::Refused(PoolError::Full),
        ];
        assert_eq!(all.each_ref().map(DropReason::name), DropReason::NAMES);
        let conflict = DropReason::Refused(PoolError::Conflict { outpoint: OutPoint { txid: by, index: 0 }, with: by });
        assert_eq!([all[2].replaced_by(), all[3].replaced_by(), conflict.replaced_by()], [Some(by); 3]);
        assert_eq!([all[0].replaced_by(), all[4].replaced_by(), all[5].replaced_by()], [None; 3]);
    }
}
