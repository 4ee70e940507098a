use super::RunArgs;
use crate::network::in_one_line;
use crate::small_file;
use clap::{Arg, ArgAction, Args, Command};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Value;

/// A configuration file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("configuration file {path}: {error}")]
    Io { path: PathBuf, error: String },
    /// The file is not TOML.
    #[error("configuration file {path}: {problem}")]
    Form { path: PathBuf, problem: String },
    /// The file has an unknown setting.
    #[error("configuration file {path}: unknown setting `{key}`; the settings are {known}")]
    UnknownKey { path: PathBuf, key: String, known: String },
    /// The value has a type that the setting does not accept.
    #[error("configuration file {path}: `{key}` is {found}, expected {expected}")]
    Type { path: PathBuf, key: String, found: &'static str, expected: String },
    /// The setting's flag rejects the value.
    #[error("configuration file {path}: `{key}`: {problem}")]
    Value { path: PathBuf, key: String, problem: String },
    /// Two settings exclude each other.
    #[error("configuration file {path}: `network` and `chain` both choose the rules: keep one of them")]
    TwoNetworks { path: PathBuf },
}

/// A configuration file: the long names of `fedcoin run`'s flags, with their values as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConfigFile {
    path: PathBuf,
    values: BTreeMap<String, Vec<String>>,
}

impl ConfigFile {
    /// Reads a TOML file whose keys are long flags and whose values those flags accept.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let owned = || path.to_owned();
        let text = small_file::read_text(path).map_err(|e| ConfigError::Io { path: owned(), error: e.to_string() })?;
        let table: toml::Table =
            toml::from_str(&text).map_err(|e| ConfigError::Form { path: owned(), problem: in_one_line(&e, &text) })?;
        let mut file = Self { path: owned(), values: BTreeMap::new() };
        for (key, value) in &table {
            let values = file.values_of(key, value)?;
            file.values.insert(key.clone(), values);
        }
        if file.values.contains_key("network") && file.values.contains_key("chain") {
            return Err(ConfigError::TwoNetworks { path: owned() });
        }
        Ok(file)
    }

    /// The file's path, if it has this setting.
    pub(super) fn source_of(&self, key: &str) -> Option<&Path> {
        self.values.contains_key(key).then_some(&*self.path)
    }

    /// Forgets the file's choice of a network, because the command line or the environment overrides it.
    pub(super) fn forget_network(&mut self) {
        self.values.remove("network");
        self.values.remove("chain");
    }

    /// The command and its subcommands, with the file's values as defaults.
    pub(super) fn as_defaults(&self, command: Command) -> Command {
        let below: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
        let takes_file = command.get_arguments().any(|arg| arg.get_long() == Some("config"));
        let defaults: Vec<(String, &Vec<String>)> = command
            .get_arguments()
            .filter(|_| takes_file)
            .filter_map(|arg| Some((arg.get_id().to_string(), self.values.get(arg.get_long()?)?)))
            .collect();
        let command = defaults
            .into_iter()
            .fold(command, |command, (id, values)| command.mut_arg(id, |arg| arg.default_values(values.clone())));
        below.into_iter().fold(command, |command, name| command.mut_subcommand(name, |below| self.as_defaults(below)))
    }

    fn values_of(&self, key: &str, value: &Value) -> Result<Vec<String>, ConfigError> {
        let settings = settings();
        let path = || self.path.clone();
        let Some(arg) = settings.iter().find(|arg| arg.get_long() == Some(key)) else {
            let known: Vec<&str> = settings.iter().filter_map(Arg::get_long).collect();
            return Err(ConfigError::UnknownKey { path: path(), key: key.to_owned(), known: known.join(", ") });
        };
        let expected = expected(arg);
        let wrong = |value: &Value| ConfigError::Type {
            path: path(),
            key: key.to_owned(),
            found: kind(value),
            expected: expected.clone(),
        };
        let values: Vec<String> = match value {
            Value::Array(list) if takes_many(arg) => {
                list.iter().map(|item| scalar(item).ok_or_else(|| wrong(item))).collect::<Result<_, _>>()?
            }
            one => vec![scalar(one).ok_or_else(|| wrong(one))?],
        };
        match problem_of(key, &values) {
            Some(problem) => Err(ConfigError::Value { path: path(), key: key.to_owned(), problem }),
            None => Ok(values),
        }
    }
}

/// All settings: the flags of `fedcoin run` except `--config`.
pub(super) fn settings() -> Vec<Arg> {
    let command = RunArgs::augment_args(Command::new("fedcoin"));
    command.get_arguments().filter(|arg| arg.get_long().is_some_and(|long| long != "config")).cloned().collect()
}

/// Whether a setting takes a list.
pub(super) fn takes_many(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
}

fn expected(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(<[_]>::first).map_or("a value", |name| name.as_str());
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    format!("{name}{} ({help})", if takes_many(arg) { ", or a list of them" } else { "" })
}

/// The error that the flag's parser reports for these values, if any. Ignores the environment.
fn problem_of(key: &str, values: &[String]) -> Option<String> {
    let command = RunArgs::augment_args(Command::new("fedcoin").no_binary_name(true));
    let command = command.mut_args(|arg| arg.env(None::<&'static str>));
    let error = command.try_get_matches_from(values.iter().map(|value| format!("--{key}={value}"))).err()?.to_string();
    let lines = error.lines().map(|line| line.trim().trim_start_matches("error: "));
    let lines: Vec<&str> =
        lines.filter(|line| !line.is_empty()).take_while(|line| !line.starts_with("For more information")).collect();
    Some(lines.join(" "))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
        Value::Datetime(_) => "a date",
        Value::Boolean(_) => "a boolean",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::String(_) => "a text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ConfigFile, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fedcoin.toml");
        std::fs::write(&path, text).unwrap();
        ConfigFile::read(&path)
    }

    #[test]
    fn values_are_kept_as_text() {
        let file = read("port = 5001\npeer = [\"a:1\", \"b:2\"]\nmin-relay-fee = 0.5\nmine = \"always\"").unwrap();
        assert_eq!(file.values["port"], ["5001"]);
        assert_eq!(file.values["peer"], ["a:1", "b:2"]);
        assert_eq!(file.values["min-relay-fee"], ["0.5"]);
        assert_eq!(read("peer = \"a:1\"").unwrap().values["peer"], ["a:1"], "a single value is a list of one");
    }

    #[test]
    fn each_error_names_file_key_and_expected_value() {
        for (text, words) in [
            ("port = ", "line 1"),
            ("port = 1\nport = 2", "line 2"),
            ("prot = 1", "unknown setting `prot`; the settings are port, network"),
            ("config = \"other\"", "unknown setting `config`"),
            ("port = [1, 2]", "`port` is a list, expected PORT (Port for the page"),
            ("port = 1979-05-27", "`port` is a date, expected PORT"),
            ("peer = [[\"a:1\"]]", "`peer` is a list, expected HOST:PORT, or a list of them"),
            ("[tls]\ncert = 1", "unknown setting `tls`"),
            ("[port]", "`port` is a table"),
            ("port = 70000", "`port`: invalid value '70000' for '--port <PORT>': write a whole number from 0 to 65535"),
            ("port = true", "invalid value 'true' for '--port <PORT>'"),
            ("bind = \"here\"", "'--bind <ADDRESS>'"),
            ("mine = \"never\"", "[possible values: on-demand, always]"),
            ("network = \"main\"\nchain = \"x\"", "keep one of them"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(words) && error.contains("fedcoin.toml"), "{text}: {error}");
        }
        let missing = ConfigFile::read(Path::new("/no/such/file")).unwrap_err().to_string();
        assert!(missing.contains("/no/such/file"), "{missing}");
    }
}
