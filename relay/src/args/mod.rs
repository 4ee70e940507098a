//! The command line.

mod addresses;
mod bench;
mod chain;
mod chain_location;
mod config_file;
mod config_text;
mod keys;
mod number;
mod rewrite;
mod run;
mod traffic;
mod wallet;

pub use bench::BenchArgs;
pub use chain::{ChainArgs, ChainCommand};
pub use chain_location::ChainLocation;
pub use config_file::ConfigError;
pub use keys::{KeysArgs, KeysCommand};
pub use run::{MinePolicy, RunArgs};
pub use traffic::{Pause, PauseError, TrafficArgs};
pub use wallet::{FeeArgs, SendArgs, SumError, WalletArgs, WalletCommand};

use crate::page;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use config_file::ConfigFile;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

/// A parsed command line.
#[derive(Debug)]
pub enum Command {
    /// Run a node.
    Run(Box<RunArgs>),
    /// Manage keys, show balances, pay.
    Wallet(WalletArgs),
    /// Make random payments between wallets.
    Traffic(TrafficArgs),
    /// Inspect key files.
    Keys(KeysArgs),
    /// Measure how fast this machine mines.
    Bench(BenchArgs),
    /// Export, import, repair or verify a stored chain.
    Chain(ChainArgs),
    /// Print this text: the effective configuration.
    Config(String),
}

/// The command line cannot be executed.
#[derive(Debug, thiserror::Error)]
enum ArgsError {
    /// An error in it, or a request such as `--help`.
    #[error(transparent)]
    Line(#[from] clap::Error),
    /// The configuration file cannot be used.
    #[error(transparent)]
    File(#[from] ConfigError),
}

const EXAMPLES: &str = "\
Examples:
  fedcoin                                             a node and its page on http://127.0.0.1:5000/
  fedcoin -pk public_key.txt --mine always            the same, mining for that key
  fedcoin --network classroom -p 5000 -pk public_key_gen.txt
                                                      a node under the course's rules
  fedcoin -p 5001 -n 127.0.0.1:5000 -pk public_key_a.txt
                                                      a second node that learns from the first
  fedcoin --bind 0.0.0.0                              accept other machines
  fedcoin config --bind 0.0.0.0 > fedcoin.toml        save these settings
  fedcoin --config fedcoin.toml                       a node with settings from a file
  fedcoin --bind 0.0.0.0 -p 443 --tls-cert fullchain.pem --tls-key privkey.pem --advertise wss://relay.example/ws
                                                      a relay on the internet
  fedcoin chain export backup.fed                     write the chain to a file, also while the node runs
  fedcoin wallet new                                  make a key
  fedcoin wallet send fed1... 2.5                     pay 2.5 FED
  fedcoin wallet balance --node https://relay.example ask a relay on the internet
  fedcoin traffic --key a.key b.key --node 127.0.0.1:5000 127.0.0.1:5001
                                                      a stream of random payments";

/// FEDCoin: a full node, its page, a miner and a wallet in one program.
#[derive(Debug, Parser)]
#[command(name = "fedcoin", version, long_version = page::long_version(), after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Named>,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum Named {
    /// Run a full node (the default without a subcommand)
    Run(Box<RunArgs>),
    /// Manage keys, show balances, pay
    Wallet(WalletArgs),
    /// Make random payments between wallets, endlessly
    Traffic(TrafficArgs),
    /// Inspect key files
    Keys(KeysArgs),
    /// Measure how fast this machine mines and how soon it stops
    Bench(BenchArgs),
    /// Export, import, repair or verify a stored chain
    Chain(ChainArgs),
    /// Show the configuration that `run` would use, as a file for --config
    Config(Box<RunArgs>),
}

/// Reads the command line, and the configuration file it names. On `--help` and on errors in the command line, the
/// process exits here, with code 0 or 2.
///
/// # Errors
/// [`ConfigError`]: the configuration file cannot be used.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, ConfigError> {
    read(arguments).or_else(|error| match error {
        ArgsError::Line(error) => error.exit(),
        ArgsError::File(error) => Err(error),
    })
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, ArgsError> {
    let arguments = rewrite::lesson_flags(arguments);
    let command = prepared(Cli::command());
    let mut matches = command.clone().try_get_matches_from(&arguments)?;
    let file = config_file(&matches)?;
    if let Some(file) = &file {
        // Parse again with the file's values as defaults.
        matches = file.as_defaults(command).try_get_matches_from(&arguments)?;
    }
    let cli = Cli::from_arg_matches(&matches)?;
    Ok(match cli.command {
        None => Command::Run(Box::new(cli.run)),
        Some(Named::Run(args)) => Command::Run(args),
        Some(Named::Wallet(args)) => Command::Wallet(args),
        Some(Named::Traffic(args)) => Command::Traffic(args),
        Some(Named::Keys(args)) => Command::Keys(args),
        Some(Named::Bench(args)) => Command::Bench(args),
        Some(Named::Chain(args)) => Command::Chain(args),
        Some(Named::Config(_)) => Command::Config(config_text::write(innermost(&matches), file.as_ref())),
    })
}

/// The command and its subcommands, prepared for clumsy input. A variable that is set to the empty string counts as
/// unset. A negative number is a value, which the flag's parser refuses with its own words, and not an unknown flag.
fn prepared(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &clap::Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|arg| {
        let takes_values = arg.get_action().takes_values();
        let arg = if is_empty(&arg) { arg.env(None::<&'static str>) } else { arg };
        if takes_values { arg.allow_negative_numbers(true) } else { arg }
    });
    command.mut_subcommands(prepared)
}

/// The names among these that look like settings and are none, such as a misspelt `FEDCOIN_PROT`.
pub fn unknown_variables(names: impl Iterator<Item = OsString>) -> Vec<String> {
    fn collect(command: &clap::Command, known: &mut BTreeSet<OsString>) {
        known.extend(command.get_arguments().filter_map(|arg| arg.get_env()).map(OsString::from));
        command.get_subcommands().for_each(|below| collect(below, known));
    }
    let mut known = BTreeSet::from(["FEDCOIN_PASSPHRASE".into()]);
    collect(&Cli::command(), &mut known);
    let unknown = names.filter(|name| name.to_string_lossy().starts_with("FEDCOIN_") && !known.contains(name));
    unknown.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// The configuration file that the command line or the environment names for this command.
fn config_file(matches: &ArgMatches) -> Result<Option<ConfigFile>, ConfigError> {
    let matches = innermost(matches);
    let Some(path) = matches.try_get_one::<PathBuf>("config").ok().flatten() else { return Ok(None) };
    let mut file = ConfigFile::read(path)?;
    let chosen = |id| {
        let known = matches.try_contains_id(id).unwrap_or(false);
        known && matches.value_source(id).is_some_and(|source| source != ValueSource::DefaultValue)
    };
    if chosen("network") || chosen("chain") {
        file.forget_network();
    }
    Ok(Some(file))
}

/// The matches of the innermost subcommand.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, below)| innermost(below))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn command_lines_of_the_course_are_accepted() {
        let genesis = run("fedcoin -p 5000 -pk public_key_gen.txt");
        assert_eq!(genesis.location.port, 5000);
        assert_eq!(genesis.public_key_file.unwrap().to_str(), Some("public_key_gen.txt"));
        let a = run("fedcoin -p 5001 -n 127.0.0.1:5000 localhost:5002 -pk public_key_a.txt");
        let peers: Vec<_> = a.peers.iter().map(|p| p.as_str()).collect();
        assert_eq!(peers, ["ws://127.0.0.1:5000/ws", "ws://localhost:5002/ws"]);
        let long = run("fedcoin run --port=5002 --neighbors a:1 --peer b:2 --public_key_file_name k");
        assert_eq!((long.location.port, long.peers.len()), (5002, 2));
        assert_eq!(long.public_key_file.unwrap().to_str(), Some("k"));
        assert_eq!((run("fedcoin").location.port, run("fedcoin").location.network.as_str()), (5000, "main"));
    }

    #[test]
    fn each_setting_has_a_flag_a_key_and_a_variable() {
        for arg in config_file::settings() {
            let long = arg.get_long().unwrap();
            let variable = format!("FEDCOIN_{}", long.to_uppercase().replace('-', "_"));
            assert_eq!(arg.get_env().and_then(|v| v.to_str()), Some(&*variable), "--{long}");
        }
    }

    #[test]
    fn the_number_of_threads_is_limited() {
        assert_eq!(run("fedcoin --mine-threads 1024").mine_threads.map(|n| n.get()), Some(1_024));
        for flag in ["fedcoin --mine-threads", "fedcoin bench --threads"] {
            for count in ["1025", "10240", "18446744073709551615"] {
                assert!(error(&format!("{flag} {count}")).contains("from 1 to 1024"), "{flag} {count}");
            }
        }
    }

    #[test]
    fn flags_override_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("f.toml");
        let shown = file.display();
        std::fs::write(&file, "port = 5003\npeer = [\"a:1\", \"b:2\"]\nchain = \"x.toml\"").unwrap();
        let from_file = run(&format!("fedcoin --config {shown}"));
        assert_eq!((from_file.location.port, from_file.peers.len()), (5003, 2));
        assert_eq!(from_file.location.chain, Some("x.toml".into()));
        let both = run(&format!("fedcoin run -p 5004 --config {shown} -n c:3"));
        assert_eq!((both.location.port, both.peers.len()), (5004, 1));
        let network = run(&format!("fedcoin --config {shown} --network regtest"));
        assert_eq!((network.location.network.as_str(), network.location.chain), ("regtest", None));
        std::fs::write(&file, "port = 70000").unwrap();
        assert!(error(&format!("fedcoin --config {shown}")).contains("f.toml: `port`"));
    }

    #[test]
    fn the_shown_configuration_can_be_read() {
        let config = |line: &str| match read(line.split_whitespace().map(OsString::from)) {
            Ok(Command::Config(text)) => text,
            other => panic!("{other:?}"),
        };
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("f.toml");
        let text = config("fedcoin config -p 5003 -n a:1 b:2 --min-relay-fee 0.5 --mine always");
        assert!(text.contains("# (from the command line)\nport = 5003\n"), "{text}");
        assert!(text.contains("\npeer = [\"a:1\", \"b:2\"]\n") && text.contains("\n# data-dir = \"DIR\"\n"), "{text}");
        std::fs::write(&file, &text).unwrap();
        let again = config(&format!("fedcoin config --config {}", file.display()));
        let values = |text: &str| text.parse::<toml::Table>().unwrap();
        assert_eq!(values(&again), values(&text));
        assert!(again.contains(&format!("(from {})\nport = 5003", file.display())), "{again}");
    }

    #[test]
    fn each_error_is_named() {
        assert!(error("fedcoin -p 70000").contains("65535"));
        assert!(error("fedcoin -p five").contains("--port"));
        assert!(error("fedcoin -n localhost").contains("write HOST:PORT"));
        assert!(error("fedcoin -n").contains("--peer"));
        assert!(error("fedcoin --bind here").contains("--bind"));
        assert!(error("fedcoin --mine-threads 0").contains("--mine-threads"));
        assert!(error("fedcoin wallet send fed1xyz 2").contains("misspelt"));
        assert!(error("fedcoin fly").contains("fly"));
    }
}
