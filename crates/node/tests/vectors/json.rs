//! The format of the files: named cases, bytes in hex, short lists on one line.

use borsh::BorshSerialize;
use fedcoin_node::codec::encode;
use serde_json::{Map, Value};

const WIDTH: usize = 116;

/// The encoding of a value in hex.
pub(crate) fn hex_of(value: &impl BorshSerialize) -> Value {
    hex::encode(encode(value)).into()
}

/// Cases by name; names must be unique.
pub(crate) fn named<'a>(cases: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let mut map = Map::new();
    for (name, case) in cases {
        assert_eq!(map.insert(name.to_owned(), case), None, "two cases are called {name}");
    }
    map.into()
}

/// The text of a file.
pub(crate) fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text + "\n"
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let line = line(value);
    match value {
        _ if is_plain(value) && depth * 2 + line.len() <= WIDTH => text.push_str(&line),
        Value::Object(map) => {
            let lines = map.iter().map(|(name, value)| (format!("{}: ", Value::from(name.as_str())), value));
            write_lines(text, ('{', '}'), lines, depth);
        }
        Value::Array(items) => {
            write_lines(text, ('[', ']'), items.iter().map(|item| (String::new(), item)), depth);
        }
        _ => text.push_str(&line),
    }
}

/// Whether the value has no nested lists or objects.
fn is_plain(value: &Value) -> bool {
    let is_leaf = |inner: &Value| !inner.is_object() && !inner.is_array();
    match value {
        Value::Object(map) => map.values().all(is_leaf),
        Value::Array(items) => items.iter().all(is_leaf),
        _ => true,
    }
}

fn line(value: &Value) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let fields = map.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), line(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        _ => value.to_string(),
    }
}

fn write_lines<'a>(
    text: &mut String,
    (open, close): (char, char),
    lines: impl Iterator<Item = (String, &'a Value)>,
    depth: usize,
) {
    text.push(open);
    let mut end = "\n";
    for (name, value) in lines {
        text.push_str(end);
        text.push_str(&"  ".repeat(depth + 1));
        text.push_str(&name);
        write(text, value, depth + 1);
        end = ",\n";
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(close);
}
