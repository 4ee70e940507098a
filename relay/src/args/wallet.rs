use super::addresses;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use core::{fmt, str::FromStr};
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

    /// The node to ask: HOST:PORT or https://HOST
    #[arg(long, global = true, default_value = "127.0.0.1:5000", value_name = "HOST:PORT", env = "FEDCOIN_NODE")]
    pub node: NodeAddress,

    /// File with further root certificates (PEM) to trust for https:// nodes, in addition to the system's
    #[arg(long, global = true, value_name = "FILE", env = "FEDCOIN_TLS_CA")]
    pub tls_ca: Option<PathBuf>,
}

/// Commands of a wallet.
#[derive(Debug, Subcommand)]
pub enum WalletCommand {
    /// Make a new key and save it in the key file
    New,
    /// Import a private key (hex or PEM; PKCS#8, SEC1 or the 32 bytes), or one from a backup, from a file or typed in
    #[command(after_help = "For a backup it asks for the passphrase. Programs can pass it in FEDCOIN_PASSPHRASE.")]
    Import {
        /// File to read the key from. Default: standard input
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// Which key of a backup: its name or its address. Needed if the backup holds several
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
    /// Raise the fee of a waiting payment: send it again with a higher fee, replacing the old one
    #[command(after_help = "Example:\n  fedcoin wallet bump 3fd0... --fee 0.01")]
    Bump {
        /// The payment's id, as `send` printed it
        txid: TxId,
        /// The fee
        #[command(flatten)]
        fee: FeeArgs,
    },
    /// Print the private key, or write it to a backup under a passphrase. Anyone who has it can spend the money
    #[command(after_help = "For a backup it asks for a new passphrase. Programs can pass it in FEDCOIN_PASSPHRASE.")]
    Export {
        /// Write an encrypted backup, for the page or another `wallet import`
        #[arg(long, value_name = "FILE")]
        backup: Option<PathBuf>,
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
    /// The amount in FED, such as 2 or 0.5, or all. May be part of the payment request
    amount: Option<Sum>,
    /// The fee
    #[command(flatten)]
    pub fee: FeeArgs,
    /// Make the payment irreplaceable: its fee cannot be raised while it waits
    #[arg(long = "final")]
    pub last_word: bool,
    /// Wait for this many confirmations
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub wait: u32,
    /// Stop waiting after this many seconds
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    pub timeout: u64,
}

impl SendArgs {
    /// The amount to pay.
    ///
    /// # Errors
    /// [`Failure::Usage`]: no amount is given, or request and command line disagree.
    pub fn sum(&self) -> Result<Sum, Failure> {
        match (self.amount, self.to.amount.map(Sum::Exactly)) {
            (Some(typed), Some(asked)) if typed != asked => Err(Failure::Usage(format!(
                "the payment request asks for {asked} FED, the command line says {typed}: leave one of them out"
            ))),
            (Some(sum), _) | (None, Some(sum)) => Ok(sum),
            (None, None) => Err(Failure::Usage("say how much: AMOUNT is a number of FED, or all".to_owned())),
        }
    }
}

/// The fee of a payment.
#[derive(Args, Clone, Copy, Debug)]
pub struct FeeArgs {
    /// Fee of each payment; an amount that takes several payments costs it several times. Default: the node's
    /// estimate for mining within 3 blocks
    #[arg(long, value_name = "FED", conflicts_with = "fee_rate")]
    fee: Option<Amount>,
    /// Fee per byte, in units (100,000,000 units are one FED)
    #[arg(long, value_name = "UNITS/BYTE")]
    fee_rate: Option<FeeRate>,
    /// Pay a fee above a tenth of the amount or 100 times the usual without confirmation
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

/// A node's HTTP address, written `HOST:PORT`, `http://HOST:PORT`, `https://HOST` or `https://HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeAddress {
    secure: bool,
    authority: String,
}

/// A text is no node address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeAddressError {
    /// Neither `HOST:PORT` nor a URL.
    #[error("`{0}` is not a node: write HOST:PORT, such as 127.0.0.1:5000, or https://HOST")]
    Form(String),
    /// An IPv6 address without brackets.
    #[error("{0}")]
    Brackets(String),
}

impl NodeAddress {
    /// The URL of a path at this node; `path` begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.secure { "https" } else { "http" }, self.authority)
    }

    /// Whether to connect over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

impl FromStr for NodeAddress {
    type Err = NodeAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NodeAddressError::Form(text.chars().take(80).collect());
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("", text.trim()));
        // Accept the node's address as a peer, too.
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" | "wss" => true,
            "" | "http" | "ws" => false,
            _ => return Err(bad()),
        };
        let authority = rest.strip_suffix("/ws").unwrap_or(rest).trim_end_matches('/');
        addresses::bracketed(authority).map_err(NodeAddressError::Brackets)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:[]".contains(c);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let fits = |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p > 0);
        // Without a scheme a port is required: no node listens on 80.
        if host.is_empty() || !authority.chars().all(plain) || !port.map_or(!scheme.is_empty(), fits) {
            return Err(bad());
        }
        Ok(Self { secure, authority: authority.to_owned() })
    }
}

impl fmt::Display for NodeAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.secure { "https://" } else { "" }, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_addresses() {
        let url = |text: &str| text.parse::<NodeAddress>().map(|n| n.url("/x"));
        for text in ["127.0.0.1:5000", "http://127.0.0.1:5000/", "ws://127.0.0.1:5000/ws", "HTTP://127.0.0.1:5000"] {
            assert_eq!(url(text).unwrap(), "http://127.0.0.1:5000/x");
        }
        assert!(url("::1:5000").unwrap_err().to_string().contains("[::1]:5000"));
        assert_eq!(url("http://relay.example").unwrap(), "http://relay.example/x");
        for text in ["https://relay.example", "https://relay.example/", "wss://relay.example/ws"] {
            assert_eq!(url(text).unwrap(), "https://relay.example/x");
        }
        for (text, shown) in
            [("https://a:1", "https://a:1"), ("https://[::1]", "https://[::1]"), ("[::1]:5000", "[::1]:5000")]
        {
            assert_eq!(text.parse::<NodeAddress>().unwrap().to_string(), shown);
        }
        for text in ["", "localhost", "a:0", "a:70000", ":1", "a b:1", "a:1/x", "https://", "https://a:x", "ftp://a:1"]
        {
            assert!(url(text).is_err(), "{text}");
        }
    }
}
