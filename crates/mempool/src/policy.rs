use super::FeeRate;
use core::time::Duration;
use fedcoin_consensus::{ChainParams, MOST_OF_ONE_COIN};
use fedcoin_primitives::units::Amount;

/// Maximum number of ancestors of a waiting payment (rule P3).
pub const MAX_ANCESTORS: usize = 25;
/// Maximum number of descendants of a waiting payment (rule P9).
pub const MAX_DESCENDANTS: usize = 25;
const _: () = assert!(MAX_DESCENDANTS + 1 == MOST_OF_ONE_COIN as usize, "a network's first block must be minable");
/// Maximum size in bytes of a payment with its ancestors, or with its descendants (rules P3 and P9).
pub const MAX_PACKAGE_BYTES: usize = 101_000;
/// Maximum number of payments that a replacement may replace (rule P12).
pub const MAX_REPLACED: usize = 100;
/// What a replacement pays for each of its bytes beyond the replaced fees (rule P11), and the margin of the rising
/// minimum above the displaced rate (rule P8).
pub const FEE_STEP: FeeRate = FeeRate::per_kilobyte(units(1_000));
/// Half-life of the rising minimum (rule P8).
pub const MINIMUM_HALF_LIFE: Duration = Duration::from_secs(10 * 60);
/// A payment that has not been mined within this time is dropped (rule P5).
pub const PAYMENT_LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

/// Limits and policy of a node's mempool. Each node chooses its own; this is not part of the network's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolPolicy {
    /// Maximum number of payments (rule P4).
    pub max_payments: usize,
    /// Maximum total encoded size in bytes (rule P4).
    pub max_bytes: usize,
    /// Minimum fee rate (rule P7).
    pub min_fee_rate: FeeRate,
}

impl PoolPolicy {
    /// Limits of a native node: 50,000 payments, 20 MB.
    ///
    /// On `main` a byte costs at least one unit. The networks for lessons and tests, and those from files, accept
    /// payments without a fee.
    #[must_use]
    pub fn server(params: &ChainParams) -> Self {
        let min_fee_rate = if *params == ChainParams::main() { FEE_STEP } else { FeeRate::ZERO };
        Self { max_payments: 50_000, max_bytes: 20_000_000, min_fee_rate }
    }

    /// Limits of a browser tab: 10,000 payments, 5 MB; otherwise like [`PoolPolicy::server`].
    #[must_use]
    pub fn tab(params: &ChainParams) -> Self {
        Self { max_payments: 10_000, max_bytes: 5_000_000, ..Self::server(params) }
    }
}

const fn units(n: u64) -> Amount {
    match Amount::from_units(n) {
        Ok(amount) => amount,
        Err(_) => Amount::MAX,
    }
}
