use super::number;
use crate::node_address::NodeAddress;
use clap::Args;
use core::{str::FromStr, time::Duration};
use std::path::PathBuf;

/// `fedcoin traffic`.
#[derive(Args, Debug)]
#[command(after_help = "\
Each step picks a wallet at random, which pays a whole number of FED, at most --max, to another one.
Wallet i uses node i. If there are fewer nodes than wallets, they share nodes in turn.")]
pub struct TrafficArgs {
    /// Files with private keys, at least two
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub key: Vec<PathBuf>,

    /// Nodes to query and to pay through: HOST:PORT or https://HOST
    #[arg(long, num_args = 1.., default_value = "127.0.0.1:5000", value_name = "HOST:PORT")]
    pub node: Vec<NodeAddress>,

    /// File with additional root certificates (PEM) to trust for https:// nodes, besides the system's
    #[arg(long, value_name = "FILE", env = "FEDCOIN_TLS_CA")]
    pub tls_ca: Option<PathBuf>,

    /// Seconds between payments: a random number within MIN-MAX, or a fixed number
    #[arg(long, default_value = "1-20", value_name = "SECONDS")]
    pub pause: Pause,

    /// Largest payment in FED
    #[arg(long, default_value_t = 5, value_name = "FED", value_parser = number::within::<u32>(1..=1_000_000))]
    pub max: u32,

    /// Seconds to wait when a wallet's balance is too low
    #[arg(long, default_value = "5", value_name = "SECONDS")]
    pub wait: Pause,

    /// Stop after this many payments
    #[arg(long, value_name = "N", value_parser = number::within::<u64>(0..=u64::MAX))]
    pub count: Option<u64>,

    /// Seed of the random choices: the same number repeats them
    #[arg(long, value_name = "N", value_parser = number::within::<u64>(0..=u64::MAX))]
    pub seed: Option<u64>,
}

/// A range of pauses, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The shortest pause.
    pub min: Duration,
    /// The longest pause.
    pub max: Duration,
}

/// A text is not a range of pauses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a pause: write seconds, such as 1-20 or 0.5, at most 86400")]
pub struct PauseError(pub String);

impl FromStr for Pause {
    type Err = PauseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || PauseError(text.chars().take(40).collect());
        let seconds = |part: &str| match part.parse::<f64>() {
            Ok(s) if (0.0..=86_400.0).contains(&s) => Ok(Duration::from_secs_f64(s)),
            _ => Err(bad()),
        };
        let (min, max) = text.split_once('-').unwrap_or((text, text));
        let pause = Self { min: seconds(min)?, max: seconds(max)? };
        if pause.min > pause.max { Err(bad()) } else { Ok(pause) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses() {
        let pause = |min, max| Ok(Pause { min: Duration::from_millis(min), max: Duration::from_millis(max) });
        assert_eq!("1-20".parse(), pause(1_000, 20_000));
        assert_eq!("0.05-0.2".parse(), pause(50, 200));
        assert_eq!("0".parse(), pause(0, 0));
        for text in ["", "x", "-1", "20-1", "1-", "inf", "NaN", "100000"] {
            assert!(text.parse::<Pause>().is_err(), "{text}");
        }
    }
}
