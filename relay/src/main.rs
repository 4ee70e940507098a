//! `fedcoin`: see `fedcoin --help`.

use fedcoin_relay::args::{self, Command, WalletCommand};
use fedcoin_relay::failure::Failure;
use fedcoin_relay::{bench, chain_cli, keys_cli, log, output, run, signals, threads, traffic_cli, wallet_cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    threads::hide_store_panics();
    signals::survive_file_size_limit();
    let command = args::parse(std::env::args_os()).map_err(Failure::from);
    let has_effect = command.as_ref().is_ok_and(has_effect);
    if let Err(failure) = command.and_then(dispatch) {
        output::tell(format_args!("fedcoin: {failure}\n"));
        return ExitCode::from(failure.exit_code());
    }
    match output::lost() {
        None => ExitCode::SUCCESS,
        Some(error) => {
            output::tell(format_args!("fedcoin: standard output cannot be written: {error}\n"));
            // The payment was sent: a failure code would make the user pay twice.
            if has_effect { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}

/// Whether a command has an effect that must not be repeated just because its output was lost.
fn has_effect(command: &Command) -> bool {
    match command {
        Command::Run(_) | Command::Traffic(_) => true,
        Command::Wallet(args) => matches!(args.command, WalletCommand::Send { .. } | WalletCommand::Bump { .. }),
        Command::Keys(_) | Command::Bench(_) | Command::Chain(_) | Command::Config(_) => false,
    }
}

fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(args) => {
            log::start(&args.log, args.log_format);
            for name in args::unknown_variables(std::env::vars_os().map(|(name, _)| name)) {
                tracing::warn!("the variable {name} is not a setting and is ignored");
            }
            run::run(*args)
        }
        Command::Wallet(args) => wallet_cli::run(args),
        Command::Traffic(args) => traffic_cli::run(&args),
        Command::Keys(args) => keys_cli::run(args),
        Command::Bench(args) => bench::run(&args),
        Command::Chain(args) => chain_cli::run(&args.command),
        Command::Config(text) => {
            output::print(format_args!("{text}"));
            Ok(())
        }
    }
}
