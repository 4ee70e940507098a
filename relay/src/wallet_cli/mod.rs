//! `fedcoin wallet`: uses a key in a file, and any node.

mod backup;
mod bump;
mod pay;
mod question;
mod words;

pub use pay::{Paid, pay};

use crate::api::TransactionState;
use crate::args::{SendArgs, WalletArgs, WalletCommand};
use crate::client::Client;
use crate::failure::Failure;
use crate::key_file::{self, KeyFileError};
use crate::output::quoted;
use crate::random;
use fedcoin_keyring::{looks_like_words, text_of};
use fedcoin_node::mempool::FeeEstimate;
use fedcoin_node::primitives::{Address, KeyError, PrivateKey, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Fee, MAX_COINS_PER_PAYMENT, PaymentOrder, Sum};
use question::FeeQuestion;
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Interval of requests for a payment's confirmations.
const POLL: Duration = Duration::from_millis(500);
/// Maximum bytes of a key on standard input.
const MAX_INPUT: u64 = 200_000;

/// Executes `fedcoin wallet`.
///
/// # Errors
/// [`Failure`]: what went wrong, with a remedy.
pub fn run(args: WalletArgs) -> Result<(), Failure> {
    let key_path = args.key.as_path();
    let client = || Client::new(args.node.clone(), args.tls_ca.as_deref());
    match args.command {
        WalletCommand::New => keep(key_path, &new_key()?),
        WalletCommand::Import { from, which } => keep(key_path, &import(from.as_deref(), which.as_deref())?),
        WalletCommand::Address => show(key_path),
        WalletCommand::Balance { address } => balance(key_path, address.map(|of| of.recipient), &client()?),
        WalletCommand::Send(args) => send(&key_file::read_private(key_path)?, &client()?, &args),
        WalletCommand::Bump { txid, fee } => {
            let key = key_file::read_private(key_path)?;
            let (new, fee) = bump::bump(&key, &client()?, &txid, fee)?;
            println!("raised the fee of {txid} to {fee} FED");
            println!("transaction {new}");
            Ok(())
        }
        WalletCommand::Export { backup: None, words: true, .. } => {
            println!("{}", *words::of(&key_file::read_private(key_path)?));
            Ok(())
        }
        WalletCommand::Export { backup: None, .. } => {
            println!("{}", key_file::read_private(key_path)?.to_hex());
            Ok(())
        }
        WalletCommand::Export { backup: Some(to), name, .. } => {
            backup::write(&to, &name, key_file::read_private(key_path)?)
        }
    }
}

/// A new random key.
fn new_key() -> Result<PrivateKey, Failure> {
    loop {
        let mut secret = [0; 32];
        random::fill(&mut secret)?;
        if let Some(key) = PrivateKey::from_random(&secret) {
            return Ok(key);
        }
    }
}

fn import(from: Option<&Path>, which: Option<&str>) -> Result<PrivateKey, Failure> {
    let text = match from {
        Some(path) => key_file::read_text(path)?,
        None => read_input()?,
    };
    if let Some(sealed) = backup::in_text(&text) {
        return backup::open(&sealed, which);
    }
    if looks_like_words(&text) {
        return words::read(&text);
    }
    let path = from.map_or_else(|| "standard input".to_owned(), |path| path.display().to_string());
    Ok(fedcoin_keyring::private_key(&text).map_err(|error| KeyFileError::NoKey { path, error })?)
}

fn read_input() -> Result<Zeroizing<String>, Failure> {
    if std::io::stdin().is_terminal() {
        eprintln!("Paste the private key (hex, PEM or 24 words) or the backup, then press Enter and Ctrl-D:");
    }
    let mut bytes = Zeroizing::new(Vec::new());
    std::io::stdin()
        .take(MAX_INPUT)
        .read_to_end(&mut bytes)
        .map_err(|e| Failure::system("cannot read the key from standard input", &e))?;
    let path = "standard input".to_owned();
    match text_of(&bytes) {
        None => Err(KeyFileError::NoKey { path, error: KeyError::NotHex }.into()),
        Some(text) if text.trim().is_empty() => Err(KeyFileError::Empty { path }.into()),
        Some(text) => Ok(text),
    }
}

fn keep(path: &Path, key: &PrivateKey) -> Result<(), Failure> {
    key_file::write_private(path, key)?;
    println!("private key saved in {}: anyone who has that file can spend the coins; make a copy", path.display());
    println!("address     {}", key.public_key().address());
    println!("To mine for it: fedcoin keys public {} -o public_key.txt", quoted(path));
    Ok(())
}

fn show(path: &Path) -> Result<(), Failure> {
    let public = key_file::read_any(path)?.public_key();
    println!("address     {}", public.address());
    let no_key = |error| KeyFileError::NoKey { path: path.display().to_string(), error };
    println!("public key  {}", public.to_hex().map_err(no_key)?);
    Ok(())
}

fn balance(key_path: &Path, address: Option<Address>, client: &Client) -> Result<(), Failure> {
    let address = match address {
        Some(address) => address,
        None => key_file::read_any(key_path)?.public_key().address(),
    };
    let (network, balance) = (client.network()?, client.balance(&address)?);
    println!("address     {address}");
    println!("network     {} ({})", network.name, network.id);
    println!("confirmed   {} FED", balance.confirmed);
    println!("spendable   {} FED", balance.spendable);
    for (name, amount) in
        [("pending in ", balance.pending_in), ("pending out", balance.pending_out), ("immature   ", balance.immature)]
    {
        if amount > Amount::ZERO {
            println!("{name} {amount} FED");
        }
    }
    Ok(())
}

fn send(key: &PrivateKey, client: &Client, args: &SendArgs) -> Result<(), Failure> {
    let fees = client.fees()?;
    let order =
        PaymentOrder { replaceable: !args.last_word, ..order(args.to.recipient, args.sum()?, args.fee.fee(), &fees) };
    let mut question = FeeQuestion::new(fees.within_3_blocks, args.fee.yes);
    let report = |Paid { txid, amount, fee }: &Paid| {
        println!("sent {amount} FED to {}, fee {fee} FED", args.to.recipient);
        println!("transaction {txid}");
    };
    let paid = pay(key, client, &order, |plans| question.ask(plans), report)?;
    if paid.len() > 1 {
        let sum = |of: fn(&Paid) -> Amount| Amount::saturating_sum(paid.iter().map(of));
        let (amount, fee) = (sum(|paid| paid.amount), sum(|paid| paid.fee));
        println!(
            "sent {amount} FED in {} payments, because one spends at most {MAX_COINS_PER_PAYMENT} coins; fees {fee} FED",
            paid.len()
        );
    }
    if args.wait == 0 {
        println!("It waits in the mempool of {} until a miner includes it in a block.", client.node());
        return Ok(());
    }
    let end = Instant::now() + Duration::from_secs(args.timeout);
    paid.iter().try_for_each(|paid| wait_for(client, &paid.txid, args, end))
}

/// An order from the command line. The default fee is the node's estimate for mining within 3 blocks.
#[must_use]
pub fn order(recipient: Address, sum: Sum, fee: Option<Fee>, fees: &FeeEstimate) -> PaymentOrder {
    let fee = fee.unwrap_or(Fee::Rate(fees.within_3_blocks));
    let gather = matches!(fee, Fee::Rate(rate) if rate <= fees.minimum);
    PaymentOrder { gather, ..PaymentOrder::new(recipient, sum, fee) }
}

fn wait_for(client: &Client, txid: &TxId, args: &SendArgs, end: Instant) -> Result<(), Failure> {
    let wanted = args.wait;
    let mut shown = None;
    while Instant::now() < end {
        let view = client.transaction(txid)?;
        let confirmations = view.as_ref().map(|v| v.confirmations);
        if confirmations != shown {
            match &view {
                None => println!("unknown to the node (it may have been dropped)"),
                Some(v) if v.state == TransactionState::Mempool => println!("waiting for a block"),
                Some(v) => println!("{} of {wanted} confirmations", v.confirmations),
            }
            shown = confirmations;
        }
        if confirmations.is_some_and(|n| n >= wanted) {
            return Ok(());
        }
        sleep(POLL);
    }
    Err(Failure::Usage(format!(
        "the payment does not have {wanted} confirmations after {} seconds; it may still get them",
        args.timeout
    )))
}
