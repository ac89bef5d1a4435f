//! Lists as they are declared, from what stands in their place.

use crate::catalog::predicate::NOT_TOLD;
use serde_json::Value;

/// A list without repetitions.
pub(super) fn joined(values: Vec<Value>) -> Value {
    let mut list: Vec<Value> = Vec::with_capacity(values.len());
    for value in values {
        if !list.contains(&value) {
            list.push(value);
        }
    }
    list.into()
}

/// One name in the place of a list is a list of it, and no text to look in. What may be several, or a reference, is a list of
/// which nothing is told.
pub(super) fn list_of_one(text: Value) -> Value {
    let is_one = |text: &str| !text.is_empty() && !text.contains([',', ';', ' ', '[', '{', '$']);
    match text.as_str() {
        Some("") => Value::Array(Vec::new()),
        Some(NOT_TOLD) => text,
        Some(one) if is_one(one) => vec![text].into(),
        Some(_) => vec![Value::from(NOT_TOLD)].into(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_list_of_it_and_several_are_not_told() {
        assert_eq!(list_of_one("error".into()), Value::from(vec!["error"]));
        assert_eq!(list_of_one("".into()), Value::Array(Vec::new()));
        for several in ["error,audit", "[\"error\"]", "${Logs}", "error audit"] {
            assert_eq!(list_of_one(several.into()), Value::from(vec![NOT_TOLD]), "{several}");
        }
    }
}
