use clap::Args;
use std::num::NonZeroUsize;

/// `fedcoin bench`.
#[derive(Args, Debug)]
#[command(after_help = "\
Mining means to hash a header again and again, with another salt or nonce each time, until the hash
is a small enough number. A kernel is one way of computing these hashes. All kernels find the same
blocks; those that use more of what the processor can do find them sooner. The table compares:

  sha2, whole header    the usual way: 88 bytes are two compressions of SHA-256
  sha2, compress256     the first compression done once, so that an attempt costs one
  plain                 the same with the textbook's SHA-256, without special instructions
  scalar                256 salts share each nonce's message schedule; the last rounds are left out
  sha-ni                the same with the processor's own SHA-256 instructions, four salts in turn
  avx2, avx512          the same in vectors of 8 or 32 salts

They take turns, so that what else the machine does disturbs all alike. The 90th percentile is the
speed of a quiet core. Compare within one run only; other machines, other figures.

A thread that is to use a share of its core only (--mine-share) rests between two stretches of hashing;
how exactly it keeps to the share is told by its hashes against those with the whole core.

Preemption is what keeps a miner from working on a chain that is no longer the best: the time from
the order to stop until the last thread has stopped.")]
pub struct BenchArgs {
    /// Seconds to measure the kernels for; the rest takes about as long again
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub seconds: u64,

    /// Threads to mine with together; without it one a core
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// Print the figures as JSON
    #[arg(long)]
    pub json: bool,
}
