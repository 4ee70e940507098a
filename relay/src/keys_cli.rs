//! `fedcoin keys`.

use crate::args::{KeysArgs, KeysCommand};
use crate::failure::Failure;
use crate::key_file::{self, AnyKey, KeyFileError};
use crate::output::quoted;
use std::path::Path;

/// Executes `fedcoin keys`.
///
/// # Errors
/// [`Failure::KeyFile`].
pub fn run(args: KeysArgs) -> Result<(), Failure> {
    match args.command {
        KeysCommand::Show { file } => show(&file)?,
        KeysCommand::Public { file, out } => public(&file, out.as_deref())?,
    }
    Ok(())
}

fn show(file: &Path) -> Result<(), KeyFileError> {
    let key = key_file::read_any(file)?;
    let kind = match key {
        AnyKey::Private(_) => "a private key: keep it secret",
        AnyKey::Public(_) => "a public key",
    };
    println!("{} holds {kind}", file.display());
    println!("address     {}", key.public_key().address());
    println!("public key  {}", hex_of(file, &key)?);
    Ok(())
}

fn public(file: &Path, out: Option<&Path>) -> Result<(), KeyFileError> {
    let key = key_file::read_any(file)?;
    match out {
        Some(out) => {
            key_file::write_public(out, &key.public_key())?;
            println!("wrote {}; a node mines for it with `fedcoin -pk {}`", out.display(), quoted(out));
        }
        None => println!("{}", hex_of(file, &key)?),
    }
    Ok(())
}

fn hex_of(file: &Path, key: &AnyKey) -> Result<String, KeyFileError> {
    let public = key.public_key();
    public.to_hex().map_err(|error| KeyFileError::NoKey { path: file.display().to_string(), error })
}
