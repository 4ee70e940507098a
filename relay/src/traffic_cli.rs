//! `fedcoin traffic`: the course's stream of random payments between wallets.

use crate::args::{Pause, TrafficArgs};
use crate::client::{Client, ClientError};
use crate::failure::Failure;
use crate::key_file;
use crate::random;
use crate::wallet_cli::{self, Paid};
use fastrand::Rng;
use fedcoin_node::primitives::{Address, PrivateKey};
use fedcoin_node::units::Amount;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

/// A key, and a client of its node.
struct Wallet {
    name: String,
    key: PrivateKey,
    address: Address,
    client: Client,
}

/// Makes random payments until `--count` payments have been accepted, or endlessly.
///
/// If a node does not answer or refuses, reports it and tries again later.
///
/// # Errors
/// [`Failure`] before the first payment: a bad key file, too few wallets, an incompatible node.
pub fn run(args: &TrafficArgs) -> Result<(), Failure> {
    let wallets = wallets(args)?;
    let seed = match args.seed {
        Some(seed) => seed,
        None => random::number()?,
    };
    println!("{} wallets, seed {seed}", wallets.len());
    let mut random = Rng::with_seed(seed);
    let mut sent = 0;
    while args.count.is_none_or(|count| sent < count) {
        match step(&wallets, args.max, &mut random) {
            Ok(true) => {
                sent += 1;
                if args.count != Some(sent) {
                    rest("sent", args.pause, &mut random);
                }
            }
            Ok(false) => rest("balance too low", args.wait, &mut random),
            Err(failure @ (Failure::Client(ClientError::Strange { .. }) | Failure::KeyFile(_))) => return Err(failure),
            Err(failure) => {
                println!("not sent: {failure}");
                rest("trying again", args.wait, &mut random);
            }
        }
    }
    println!("{sent} payments sent");
    Ok(())
}

fn wallets(args: &TrafficArgs) -> Result<Vec<Wallet>, Failure> {
    if args.key.len() < 2 {
        return Err(Failure::Usage(
            "--key: name at least two key files, because payments go from one to another".to_owned(),
        ));
    }
    let read = args.key.iter().map(|path| Ok::<_, Failure>((path, key_file::read_private(path)?)));
    let keys: Vec<(&PathBuf, PrivateKey)> = read.collect::<Result<_, _>>()?;
    let nodes = args.node.iter().cycle();
    let wallet = |((path, key), node): ((&PathBuf, PrivateKey), _)| {
        let address = key.public_key().address();
        let client = Client::new(Clone::clone(node), args.tls_ca.as_deref())?;
        client.network()?;
        Ok(Wallet { name: path.display().to_string(), key, address, client })
    };
    keys.into_iter().zip(nodes).map(wallet).collect()
}

/// One payment by a random wallet; false if it can spend less than 1 FED.
fn step(wallets: &[Wallet], max: u32, random: &mut Rng) -> Result<bool, Failure> {
    let from = random.usize(..wallets.len());
    // Any wallet other than the sender's.
    let to = (from + 1 + random.usize(..wallets.len() - 1)) % wallets.len();
    let (from, to) = (&wallets[from], &wallets[to]);
    let spendable = from.client.balance(&from.address)?.spendable;
    let whole = spendable.units() / Amount::UNITS_PER_FED;
    let limit = u32::try_from(whole).unwrap_or(u32::MAX).min(max);
    if limit == 0 {
        return Ok(false);
    }
    let amount = Amount::from_fed(random.u32(1..=limit));
    let order = wallet_cli::order(to.address, amount.into(), None, &from.client.fees()?);
    wallet_cli::pay(
        &from.key,
        &from.client,
        &order,
        |_| Ok(()),
        |Paid { txid, amount, .. }| {
            println!("{} pays {} {amount} FED through {}: {txid}", from.name, to.name, from.client.node());
        },
    )?;
    Ok(true)
}

fn rest(why: &str, pause: Pause, random: &mut Rng) {
    let span = u64::try_from((pause.max - pause.min).as_millis()).unwrap_or(u64::MAX);
    let pause = pause.min + Duration::from_millis(random.u64(..=span));
    println!("{why}, sleeping for {:.1} seconds", pause.as_secs_f64());
    sleep(pause);
}
