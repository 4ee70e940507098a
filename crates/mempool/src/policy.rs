use super::FeeRate;
use core::time::Duration;
use fedcoin_consensus::{ChainParams, MOST_OF_ONE_COIN};
use fedcoin_primitives::units::Amount;

/// Most waiting payments that a payment may build on (rule P3).
pub const MAX_ANCESTORS: usize = 25;
/// Most waiting payments that may build on one (rule P9).
pub const MAX_DESCENDANTS: usize = 25;
const _: () = assert!(MAX_DESCENDANTS + 1 == MOST_OF_ONE_COIN as usize, "a network's first block must be minable");
/// Most bytes of a payment and those it builds on, or that build on it (rules P3 and P9).
pub const MAX_PACKAGE_BYTES: usize = 101_000;
/// Most payments that leave for one that replaces them (rule P12).
pub const MAX_REPLACED: usize = 100;
/// What each byte of a replacement pays beyond what it replaces (rule P11), and how far the rising
/// minimum stays above what was pushed out (rule P8).
pub const FEE_STEP: FeeRate = FeeRate::per_kilobyte(units(1_000));
/// The rising minimum halves in this time (rule P8).
pub const MINIMUM_HALF_LIFE: Duration = Duration::from_secs(10 * 60);
/// A payment that was not mined for so long is dropped (rule P5).
pub const PAYMENT_LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

/// What a node's mempool holds and takes: each node's own choice, no rule of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolPolicy {
    /// Most payments (rule P4).
    pub max_payments: usize,
    /// Most encoded bytes (rule P4).
    pub max_bytes: usize,
    /// The least fee rate taken (rule P7).
    pub min_fee_rate: FeeRate,
}

impl PoolPolicy {
    /// What a native node holds: 50,000 payments, 20 MB.
    ///
    /// On `main` a byte costs one unit at least. The networks for lessons and tests, and those from
    /// files, take payments without a fee.
    #[must_use]
    pub fn server(params: &ChainParams) -> Self {
        let min_fee_rate = if *params == ChainParams::main() { FEE_STEP } else { FeeRate::ZERO };
        Self { max_payments: 50_000, max_bytes: 20_000_000, min_fee_rate }
    }

    /// What a browser tab holds: 10,000 payments, 5 MB; otherwise like [`PoolPolicy::server`].
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
