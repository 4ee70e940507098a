//! `fedcoin`: see `fedcoin --help`.

use fedcoin_relay::args::{self, Command};
use fedcoin_relay::failure::Failure;
use fedcoin_relay::{bench, chain_cli, keys_cli, log, run, traffic, wallet_cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = args::parse(std::env::args_os()).map_err(Failure::from).and_then(dispatch);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("fedcoin: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(args) => {
            log::start(&args.log, args.log_format)?;
            run::run(*args)
        }
        Command::Wallet(args) => wallet_cli::run(args),
        Command::Traffic(args) => traffic::run(&args),
        Command::Keys(args) => keys_cli::run(args),
        Command::Bench(args) => bench::run(&args),
        Command::Chain(args) => chain_cli::run(&args.command),
        Command::Config(text) => {
            print!("{text}");
            Ok(())
        }
    }
}
