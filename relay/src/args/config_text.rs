use super::config_file::{ConfigFile, settings, takes_many};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches};
use std::fmt::Write;
use toml::Value;

/// Writes the effective settings as a file for `--config`, each with its meaning and the source of its value. Settings
/// without a value are comments.
pub(super) fn write(matches: &ArgMatches, file: Option<&ConfigFile>) -> String {
    let mut text =
        "# The configuration in effect. Flags override the environment, which overrides this file.\n".to_owned();
    for arg in settings() {
        let (Some(key), Some(help)) = (arg.get_long(), arg.get_help()) else { continue };
        let id = arg.get_id().as_str();
        let values = matches.get_raw(id).map(|values| values.map(|v| v.to_string_lossy().into_owned()).collect());
        let line = match values {
            Some(values) => {
                format!("# ({})\n{key} = {}", origin(&arg, matches.value_source(id), file), value(&arg, values))
            }
            None => {
                let name = arg.get_value_names().and_then(<[_]>::first).map_or("", |name| name.as_str());
                format!("# {key} = {}", value(&arg, vec![name.to_owned()]))
            }
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n# {help}\n{line}");
    }
    text
}

fn origin(arg: &Arg, source: Option<ValueSource>, file: Option<&ConfigFile>) -> String {
    let key = arg.get_long().unwrap_or_default();
    match source {
        Some(ValueSource::CommandLine) => "from the command line".to_owned(),
        Some(ValueSource::EnvVariable) => {
            format!("from {}", arg.get_env().map(|name| name.to_string_lossy()).unwrap_or_default())
        }
        _ => match file.and_then(|file| file.source_of(key)) {
            Some(path) => format!("from {}", path.display()),
            None => "built in".to_owned(),
        },
    }
}

fn value(arg: &Arg, texts: Vec<String>) -> Value {
    let mut values: Vec<Value> = texts.into_iter().map(scalar).collect();
    if takes_many(arg) { Value::Array(values) } else { values.pop().unwrap_or(Value::Array(Vec::new())) }
}

/// Writes a whole number as a TOML integer, anything else as a TOML string.
fn scalar(text: String) -> Value {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => Value::Integer(number),
        _ => Value::String(text),
    }
}
