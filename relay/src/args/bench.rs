use super::number;
use clap::Args;
use std::num::NonZeroUsize;

/// `fedcoin bench`.
#[derive(Args, Debug)]
#[command(after_help = "\
Mining hashes a header again and again, with another salt or nonce each time, until the hash is a
small enough number. A kernel is one way to compute these hashes. All kernels find the same blocks;
those that use more of the processor's abilities find them sooner. The table compares:

  sha2, whole header    the usual way: 88 bytes are two compressions of SHA-256
  sha2, compress256     the first compression done once, so that an attempt costs one
  plain                 the same with the textbook's SHA-256, without special instructions
  scalar                256 salts share each nonce's message schedule; the last rounds are left out
  sha-ni                the same with the processor's own SHA-256 instructions, four salts in turn
  avx2, avx512          the same in vectors of 8 or 32 salts

They take turns, so that other load on the machine affects all of them equally. The 90th percentile is
the speed of a quiet core. Compare figures only within one run on one machine.

A thread that is limited to a share of its core (--mine-share) rests between two stretches of hashing.
Its hashes, compared with those of the whole core, show how exactly it keeps the share.

Preemption keeps a miner from working on a chain that is no longer the best. It is the time from the
order to stop until the last thread has stopped.")]
pub struct BenchArgs {
    /// Seconds to measure the kernels. The other measurements take about the same time again
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = number::within::<u64>(1..=3_600))]
    pub seconds: u64,

    /// Number of mining threads. Default: one per core
    #[arg(long, value_name = "N", value_parser = number::of_threads::<NonZeroUsize>())]
    pub threads: Option<NonZeroUsize>,

    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,
}
