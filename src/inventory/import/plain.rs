//! What needs no second look for secrets.
//!
//! In: names and values of attributes. Out: whether they are so plain that nothing secret can be in them. Most of what a
//! long file has is, and looking at each of a million texts for what it may hide takes longer than reading them.

use crate::catalog::predicate::Attributes;
use crate::source::secrets;
use serde_json::Value;

/// What is shorter is no token, whoever issued it.
const SHORT: usize = 16;

/// Whether an attribute of a type is open by its name, also beside others that say that a value is secret.
pub(super) fn is_open_name(kind: &str, name: &str) -> bool {
    let probe = Attributes::from_iter([("name".to_owned(), "password".into()), (name.to_owned(), "probe".into())]);
    secrets::without(kind, probe).contains_key(name)
}

/// Whether a value gives nothing away where its name does not: a switch, a number, or a short word.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => {
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
            text.len() < SHORT && text.bytes().all(is_letter)
        }
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}
