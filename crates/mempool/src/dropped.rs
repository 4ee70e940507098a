use super::PoolError;
use fedcoin_primitives::{OutPoint, TxId};
use serde::{Deserialize, Serialize};

/// A payment that left the mempool without being mined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The payment's id.
    pub txid: TxId,
    /// Why it left.
    pub reason: DropReason,
}

/// Why a payment left the mempool without being mined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DropReason {
    /// It waited for too long (rule P5).
    #[error("it was not mined for two hours")]
    Expired,
    /// Payments with higher fee rates displaced it (rule P4).
    #[error("payments with higher fees displaced it")]
    PushedOut,
    /// A payment that spends the same coins replaced it (rule P2).
    #[error("payment {by}, which spends the same coins for a higher fee, replaced it")]
    Replaced {
        /// The replacement.
        by: TxId,
    },
    /// A block contains another payment that spends the same coins.
    #[error("payment {by}, which spends the same coins, was mined")]
    Conflict {
        /// The mined payment.
        by: TxId,
    },
    /// It spends an output of a dropped payment.
    #[error("it spends an output of payment {parent}, which was dropped")]
    ParentDropped {
        /// The dropped parent.
        parent: TxId,
    },
    /// The mempool does not accept it after a reorganisation or a restart (rule P16).
    #[error("it no longer fits the chain: {0}")]
    Refused(#[from] PoolError),
}

impl DropReason {
    /// All values of [`DropReason::name`].
    pub const NAMES: [&'static str; 6] = ["expired", "pushed_out", "replaced", "conflict", "parent_dropped", "refused"];

    /// The payment that now spends its coins, if known.
    #[must_use]
    pub const fn replaced_by(&self) -> Option<TxId> {
        match self {
            Self::Replaced { by } | Self::Conflict { by } => Some(*by),
            Self::Refused(PoolError::Conflict { with, .. }) => Some(*with),
            Self::Refused(_) | Self::Expired | Self::PushedOut | Self::ParentDropped { .. } => None,
        }
    }

    /// The missing input, if that is the reason.
    #[must_use]
    pub const fn missing_input(&self) -> Option<OutPoint> {
        match self {
            Self::Refused(PoolError::MissingInputs { outpoint }) => Some(*outpoint),
            _ => None,
        }
    }

    /// The name for programs; never changes.
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
    fn names_are_complete() {
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
