use super::number;
use crate::node_address::NodeAddress;
use clap::{Args, Subcommand};
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::primitives::TxId;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Fee, PaymentUri, Sum};
use std::path::PathBuf;

/// `fedcoin wallet`.
#[derive(Args, Debug)]
pub struct WalletArgs {
    /// What to do
    #[command(subcommand)]
    pub command: WalletCommand,

    /// File with the private key
    #[arg(long, global = true, default_value = "wallet.key", value_name = "FILE", env = "FEDCOIN_KEY")]
    pub key: PathBuf,

    /// The node to query: HOST:PORT or https://HOST
    #[arg(long, global = true, default_value = "127.0.0.1:5000", value_name = "HOST:PORT", env = "FEDCOIN_NODE")]
    pub node: NodeAddress,

    /// File with additional root certificates (PEM) to trust for https:// nodes, besides the system's
    #[arg(long, global = true, value_name = "FILE", env = "FEDCOIN_TLS_CA")]
    pub tls_ca: Option<PathBuf>,
}

/// Commands of a wallet.
#[derive(Debug, Subcommand)]
pub enum WalletCommand {
    /// Create a key and save it in the key file
    New,
    /// Import a private key (hex, PEM or 24 words; PKCS#8, SEC1 or the 32 bytes), or a key from a backup, from a file or
    /// standard input
    #[command(after_help = "For a backup it asks for the passphrase. Programs can pass it in FEDCOIN_PASSPHRASE.")]
    Import {
        /// File to read the key from. Default: standard input
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// The key of a backup to import, by name or address. Required if the backup has several
        #[arg(long, value_name = "NAME")]
        which: Option<String>,
    },
    /// Show address and public key
    Address,
    /// Show the balance of the key or of another address
    Balance {
        /// Address, public key or payment request
        #[arg(value_parser = PaymentUri::of_text, value_name = "ADDRESS")]
        address: Option<PaymentUri>,
    },
    /// Pay
    Send(SendArgs),
    /// Raise the fee of a waiting payment: submit it again with a higher fee, which replaces the old one
    #[command(after_help = "Example:\n  fedcoin wallet bump 3fd0... --fee 0.01")]
    Bump {
        /// The payment's id, as `send` printed it
        txid: TxId,
        /// The fee
        #[command(flatten)]
        fee: FeeArgs,
    },
    /// Print the private key, or write it to an encrypted backup. Anyone who has the key can spend its coins
    #[command(after_help = "For a backup it asks for a new passphrase. Programs can pass it in FEDCOIN_PASSPHRASE.")]
    Export {
        /// Write a backup, encrypted with a passphrase, for the page or another `wallet import`
        #[arg(long, value_name = "FILE")]
        backup: Option<PathBuf>,
        /// Print the key as 24 words (BIP-39), to write them down. Only wallets of FEDCoin make this key of them
        #[arg(long, conflicts_with = "backup")]
        words: bool,
        /// The key's name in the backup
        #[arg(long, value_name = "NAME", requires = "backup", default_value = "")]
        name: String,
    },
}

/// `fedcoin wallet send`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  fedcoin wallet send fed1... 2.5 --wait 1
  fedcoin wallet send fed1... all
  fedcoin wallet send 'fedcoin:fed1...?amount=2.5'

One payment spends up to 1,000 coins, such as mining rewards. A larger amount takes several payments,
each with its own fee.")]
pub struct SendArgs {
    /// The recipient: an address, a public key in hex, or a payment request (fedcoin:...)
    #[arg(value_parser = PaymentUri::of_text, value_name = "RECIPIENT")]
    pub to: PaymentUri,
    /// The amount in FED, such as 2 or 0.5, or all. Optional if the payment request has one
    amount: Option<Sum>,
    /// The fee
    #[command(flatten)]
    pub fee: FeeArgs,
    /// Make the payment final: it cannot be replaced, so its fee cannot be raised while it waits
    #[arg(long = "final")]
    pub last_word: bool,
    /// Wait for this many confirmations
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = number::within::<u32>(0..=u64::from(u32::MAX)))]
    pub wait: u32,
    /// Stop waiting after this many seconds
    #[arg(long, default_value_t = 600, value_name = "SECONDS", value_parser = number::within::<u64>(0..=u64::MAX))]
    pub timeout: u64,
}

/// The command line does not determine the amount to pay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum SumError {
    /// The payment request and the command line have different amounts.
    #[error("the payment request says {requested} FED, the command line says {typed} FED: leave one of them out")]
    Conflict { requested: Sum, typed: Sum },
    /// There is no amount.
    #[error("AMOUNT is missing: write a number of FED, or all")]
    Missing,
}

impl SendArgs {
    /// The amount to pay.
    ///
    /// # Errors
    /// [`SumError`].
    pub fn sum(&self) -> Result<Sum, SumError> {
        match (self.amount, self.to.amount.map(Sum::Exactly)) {
            (Some(typed), Some(requested)) if typed != requested => Err(SumError::Conflict { requested, typed }),
            (Some(sum), _) | (None, Some(sum)) => Ok(sum),
            (None, None) => Err(SumError::Missing),
        }
    }
}

/// The fee of a payment.
#[derive(Args, Clone, Copy, Debug)]
pub struct FeeArgs {
    /// Fee of each payment; if the amount takes several payments, each costs this fee. Default: the node's estimate for
    /// mining within 3 blocks
    #[arg(long, value_name = "FED", conflicts_with = "fee_rate")]
    fee: Option<Amount>,
    /// Fee per byte, in units (100,000,000 units are one FED)
    #[arg(long, value_name = "UNITS/BYTE")]
    fee_rate: Option<FeeRate>,
    /// Pay a fee above a tenth of the amount, or above 100 times the usual fee, without confirmation
    #[arg(long)]
    pub yes: bool,
}

impl FeeArgs {
    /// The fee from the command line, if any.
    #[must_use]
    pub fn fee(self) -> Option<Fee> {
        self.fee.map(Fee::Total).or(self.fee_rate.map(Fee::Rate))
    }
}
