//! Rule E1, and invalid encodings.

use super::json::{hex_of, named};
use borsh::{BorshDeserialize, BorshSerialize};
use fedcoin_node::codec::{decode, encode};
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    json!({ "values": named(values()), "refused": named(refused()) })
}

fn values() -> Vec<(&'static str, Value)> {
    let many: Vec<u16> = (0..5).map(|n| n * 300).collect();
    vec![
        ("u8", value("u8", 200_u8, json!(200))),
        ("u16", value("u16", 0x0102_u16, json!(0x0102))),
        ("u32", value("u32", 0x0102_0304_u32, json!(0x0102_0304))),
        ("u64", value("u64", 0x0102_0304_0506_u64, json!(0x0102_0304_0506_u64))),
        ("the largest u32", value("u32", u32::MAX, json!(u32::MAX))),
        ("true", value("bool", true, json!(true))),
        ("false", value("bool", false, json!(false))),
        ("a text", value("text", "Gruß".to_owned(), json!("Gruß"))),
        ("an empty text", value("text", String::new(), json!(""))),
        ("a list", value("list of u16", many.clone(), json!(many))),
        ("an empty list", value("list of u16", Vec::<u16>::new(), json!([]))),
        ("a list of texts", value("list of texts", vec!["a".to_owned(), "bc".to_owned()], json!(["a", "bc"]))),
        ("an optional value that is there", value("optional u16", Some(7_u16), json!(7))),
        ("an optional value that is not", value("optional u16", None::<u16>, Value::Null)),
        ("an optional text", value("optional text", Some("x".to_owned()), json!("x"))),
    ]
}

fn value<T>(kind: &str, value: T, as_json: Value) -> Value
where
    T: BorshSerialize + BorshDeserialize + PartialEq + std::fmt::Debug,
{
    assert_eq!(decode::<T>(&encode(&value)).as_ref(), Ok(&value));
    json!({ "type": kind, "value": as_json, "bytes": hex_of(&value) })
}

fn refused() -> Vec<(&'static str, Value)> {
    vec![
        ("a number that is cut short", refuse::<u32>("u32", "010203")),
        ("a byte after a number", refuse::<u32>("u32", "0102030405")),
        ("a bool that is neither 0 nor 1", refuse::<bool>("bool", "02")),
        ("an optional value that begins with neither 0 nor 1", refuse::<Option<u16>>("optional u16", "020700")),
        ("a value after an optional one that is not there", refuse::<Option<u16>>("optional u16", "000700")),
        ("a list that is longer than its bytes", refuse::<Vec<u16>>("list of u16", "0300000001000200")),
        ("a list of the greatest length, and nothing", refuse::<Vec<u16>>("list of u16", "ffffffff")),
        ("a text that is not UTF-8", refuse::<String>("text", "02000000c328")),
        ("a text that is longer than its bytes", refuse::<String>("text", "0300000061")),
    ]
}

fn refuse<T: BorshDeserialize>(kind: &str, bytes: &str) -> Value {
    assert!(decode::<T>(&hex::decode(bytes).unwrap()).is_err(), "{kind} {bytes}");
    json!({ "type": kind, "bytes": bytes })
}
