use crate::failure::Failure;
use crate::key_file;
use crate::random;
use fedcoin_keyring::{FORMAT, NamedKey, Passphrase, Sealed, make_backup, open_backup};
use fedcoin_node::primitives::PrivateKey;
use std::path::Path;
use unicode_normalization::UnicodeNormalization;

/// Environment variable with the passphrase, for programs without a terminal.
const PASSPHRASE: &str = "FEDCOIN_PASSPHRASE";

/// The backup in a text; `None` if there is none.
pub(super) fn in_text(text: &str) -> Option<Sealed> {
    serde_json::from_str::<Sealed>(text).ok().filter(|backup| backup.format == FORMAT)
}

/// Decrypts one key of a backup; asks for the passphrase.
///
/// # Errors
/// [`Failure::Usage`]: a wrong passphrase, or several keys and none of them named.
pub(super) fn open(backup: &Sealed, which: Option<&str>) -> Result<PrivateKey, Failure> {
    let passphrase = given_now(ask("Passphrase of the backup: ")?);
    let keys = open_backup(backup, &passphrase).map_err(|e| Failure::Usage(e.to_string()))?;
    let address = |key: &NamedKey| key.key.public_key().address().to_string();
    let names = |key: &&NamedKey| which.is_none_or(|which| key.name.as_str() == which || address(key) == which);
    let mut found = keys.iter().filter(names);
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(key.key.clone()),
        _ => {
            let list: Vec<String> = keys.iter().map(|key| format!("  {}  {}", address(key), key.name)).collect();
            Err(Failure::Usage(format!(
                "the backup holds several keys; choose one with --which NAME or ADDRESS:\n{}",
                list.join("\n")
            )))
        }
    }
}

/// Writes a key to a backup; asks for a new passphrase.
///
/// # Errors
/// [`Failure::Usage`] or [`Failure::KeyFile`].
pub(super) fn write(path: &Path, name: &str, key: PrivateKey) -> Result<(), Failure> {
    let usage = |problem: &dyn std::fmt::Display| Failure::Usage(problem.to_string());
    let name = name.parse().map_err(|e| usage(&e))?;
    let typed = ask("New passphrase: ")?;
    if given().is_none() && ask("Repeat the passphrase: ")? != typed {
        return Err(usage(&"the two passphrases differ"));
    }
    let passphrase = Passphrase::choose(typed.nfkc().collect()).map_err(|e| usage(&e))?;
    let (mut salt, mut nonce) = ([0; fedcoin_keyring::SALT_BYTES], [0; fedcoin_keyring::NONCE_BYTES]);
    random::fill(&mut salt)?;
    random::fill(&mut nonce)?;
    let backup = make_backup(&[NamedKey { name, key }], &passphrase, salt, nonce).map_err(|e| usage(&e))?;
    let text = serde_json::to_string_pretty(&backup).map_err(|e| usage(&e))?;
    key_file::write_backup(path, &text)?;
    println!("backup written to {}; it cannot be opened without the passphrase", path.display());
    Ok(())
}

/// The passphrase, from the environment or typed without echo.
fn ask(prompt: &str) -> Result<String, Failure> {
    match given() {
        Some(passphrase) => Ok(passphrase),
        None => rpassword::prompt_password(prompt).map_err(|e| Failure::system("cannot read the passphrase", &e)),
    }
}

fn given_now(typed: String) -> Passphrase {
    let nfkc = typed.nfkc().collect();
    Passphrase::given(typed, nfkc)
}

/// The passphrase in the environment; an empty variable counts as unset.
fn given() -> Option<String> {
    std::env::var(PASSPHRASE).ok().filter(|passphrase| !passphrase.is_empty())
}
