//! The command line.

mod bench;
mod keys;
mod rewrite;
mod run;
mod traffic;
mod wallet;

pub use bench::BenchArgs;
pub use keys::{KeysArgs, KeysCommand};
pub use run::{MinePolicy, RunArgs};
pub use traffic::{Pause, PauseError, TrafficArgs};
pub use wallet::{NodeAddress, NodeAddressError, WalletArgs, WalletCommand};

use clap::{Parser, Subcommand};
use std::ffi::OsString;

/// What is asked for.
#[derive(Debug)]
pub enum Command {
    /// Be a node.
    Run(Box<RunArgs>),
    /// Hold keys, show balances, pay.
    Wallet(WalletArgs),
    /// Pay at random between wallets.
    Traffic(TrafficArgs),
    /// Look at key files.
    Keys(KeysArgs),
    /// Measure how fast this machine mines.
    Bench(BenchArgs),
}

const EXAMPLES: &str = "\
Examples:
  fedcoin                                             a node and its page on http://127.0.0.1:5000/
  fedcoin -pk public_key.txt --mine always            the same, and it mines for that key
  fedcoin --network classroom -p 5000 -pk public_key_gen.txt
                                                      a node under the course's rules
  fedcoin -p 5001 -n 127.0.0.1:5000 -pk public_key_a.txt
                                                      a second node that learns from the first
  fedcoin --bind 0.0.0.0                              let other machines in
  fedcoin wallet new                                  make a key
  fedcoin wallet send fed1... 2.5                     pay 2.5 FED
  fedcoin traffic --key a.key b.key --node 127.0.0.1:5000 127.0.0.1:5001
                                                      a stream of random payments";

/// FEDCoin: a full node, its page, a miner and a wallet in one program.
#[derive(Debug, Parser)]
#[command(name = "fedcoin", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Named>,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum Named {
    /// Be a full node (also without the word `run`)
    Run(Box<RunArgs>),
    /// Hold keys, show balances, pay
    Wallet(WalletArgs),
    /// Pay at random between wallets, endlessly
    Traffic(TrafficArgs),
    /// Look at key files
    Keys(KeysArgs),
    /// Measure how fast this machine mines, and how soon it stops
    Bench(BenchArgs),
}

/// Reads the command line. On `--help` and on mistakes the process ends here, with code 0 or 2.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Command {
    read(arguments).unwrap_or_else(|error| error.exit())
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, clap::Error> {
    let cli = Cli::try_parse_from(rewrite::lesson_flags(arguments))?;
    Ok(match cli.command {
        None => Command::Run(Box::new(cli.run)),
        Some(Named::Run(args)) => Command::Run(args),
        Some(Named::Wallet(args)) => Command::Wallet(args),
        Some(Named::Traffic(args)) => Command::Traffic(args),
        Some(Named::Keys(args)) => Command::Keys(args),
        Some(Named::Bench(args)) => Command::Bench(args),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use fedcoin_node::primitives::Address;

    fn run(line: &str) -> RunArgs {
        match read(line.split_whitespace().map(OsString::from)) {
            Ok(Command::Run(args)) => *args,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn error(line: &str) -> String {
        read(line.split_whitespace().map(OsString::from)).unwrap_err().to_string()
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_lesson_s_command_lines() {
        let genesis = run("fedcoin -p 5000 -pk public_key_gen.txt");
        assert_eq!(genesis.port, 5000);
        assert_eq!(genesis.public_key_file.unwrap().to_str(), Some("public_key_gen.txt"));
        let a = run("fedcoin -p 5001 -n 127.0.0.1:5000 localhost:5002 -pk public_key_a.txt");
        let peers: Vec<_> = a.peers.iter().map(|p| p.as_str()).collect();
        assert_eq!(peers, ["ws://127.0.0.1:5000/ws", "ws://localhost:5002/ws"]);
        let long = run("fedcoin run --port=5002 --neighbors a:1 --peer b:2 --public_key_file_name k");
        assert_eq!((long.port, long.peers.len()), (5002, 2));
        assert_eq!(long.public_key_file.unwrap().to_str(), Some("k"));
        assert_eq!((run("fedcoin").port, run("fedcoin").network.as_str()), (5000, "main"));
    }

    #[test]
    fn each_mistake_is_named() {
        assert!(error("fedcoin -p 70000").contains("65535"));
        assert!(error("fedcoin -p five").contains("--port"));
        assert!(error("fedcoin -n localhost").contains("write HOST:PORT"));
        assert!(error("fedcoin -n").contains("--peer"));
        assert!(error("fedcoin --bind here").contains("--bind"));
        assert!(error("fedcoin --mine-threads 0").contains("--mine-threads"));
        assert!(error("fedcoin wallet send fed1xyz 2").contains("misspelt"));
        assert!(error(&format!("fedcoin wallet send {}", Address([7; 20]))).contains("AMOUNT"));
        assert!(error("fedcoin fly").contains("fly"));
    }
}
