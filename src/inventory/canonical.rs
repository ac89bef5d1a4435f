//! One text for all values that are equal.
//!
//! In: JSON values whose maps keep the order of their source. Out: a text in which the keys of every map are sorted, so that
//! whatever orders, counts or unites values by it agrees with their equality, which does not look at that order.

use serde_json::{Map, Value};
use std::cmp::Ordering;

/// The text of a value.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// An order of maps that agrees with their equality, and beyond it tells apart what differs in the order of keys alone, so
/// that it does not matter in which order they come.
pub(crate) fn compare(one: &Map<String, Value>, other: &Map<String, Value>) -> Ordering {
    let text = |map: &Map<String, Value>| {
        let mut text = String::new();
        write_map(map, &mut text);
        text
    };
    let as_written = |map: &Map<String, Value>| serde_json::to_string(map).unwrap_or_default();
    text(one).cmp(&text(other)).then_with(|| as_written(one).cmp(&as_written(other)))
}

/// Sorts values, and leaves one of those that are equal.
pub(crate) fn sort_and_dedup(values: &mut Vec<Value>) {
    values.sort_by_cached_key(|value| (canonical(value), value.to_string()));
    values.dedup();
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => write_map(map, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn write_map(map: &Map<String, Value>, text: &mut String) {
    let mut fields: Vec<(&String, &Value)> = map.iter().collect();
    fields.sort_unstable_by_key(|(key, _)| *key);
    text.push('{');
    for (index, (key, value)) in fields.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&Value::from(key.as_str()).to_string());
        text.push(':');
        write(value, text);
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Values of few shapes, so that equal ones in different orders are frequent.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0_u8..3).prop_map(Value::from),
            Just(Value::from(1.0)),
            "[ab\",:]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec(("[ab\",:]{0,2}", inner), 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    fn map() -> impl Strategy<Value = Map<String, Value>> {
        prop::collection::vec(("[abc]", value()), 0..4).prop_map(|fields| fields.into_iter().collect())
    }

    /// The same with all maps in another order.
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect()),
            Value::Array(items) => items.iter().map(reversed).collect(),
            scalar => scalar.clone(),
        }
    }

    proptest! {
        #[test]
        fn the_text_is_the_same_exactly_where_values_are_equal(one in value(), other in value()) {
            prop_assert_eq!(canonical(&one) == canonical(&other), one == other);
            prop_assert_eq!(canonical(&one), canonical(&reversed(&one)));
            prop_assert_eq!(serde_json::from_str::<Value>(&canonical(&one)).ok(), Some(one));
        }

        #[test]
        fn the_order_is_total(mut maps in prop::collection::vec(map(), 2..6)) {
            let turned: Vec<Map<String, Value>> = maps.iter().map(|map| map.iter().rev().map(|(key, value)| (key.clone(), value.clone())).collect()).collect();
            maps.extend(turned);
            for one in &maps {
                for other in &maps {
                    prop_assert_eq!(compare(one, other), compare(other, one).reverse());
                    for third in &maps {
                        if compare(one, other).is_le() && compare(other, third).is_le() {
                            prop_assert!(compare(one, third).is_le());
                        }
                    }
                }
            }
            let mut backwards: Vec<_> = maps.iter().rev().cloned().collect();
            maps.sort_by(compare);
            backwards.sort_by(compare);
            let text = |maps: &[Map<String, Value>]| serde_json::to_string(maps).unwrap_or_default();
            prop_assert_eq!(text(&maps), text(&backwards));
        }

        #[test]
        fn one_of_equal_values_stays_whatever_their_order(values in prop::collection::vec(value(), 0..12)) {
            let mut all: Vec<Value> = values.iter().chain(&values).cloned().collect();
            all.extend(values.iter().map(reversed));
            let mut backwards: Vec<Value> = all.iter().rev().cloned().collect();
            sort_and_dedup(&mut all);
            sort_and_dedup(&mut backwards);
            prop_assert_eq!(format!("{all:?}"), format!("{backwards:?}"));
            for (index, one) in all.iter().enumerate() {
                prop_assert!(!all[index + 1..].contains(one));
            }
        }
    }
}
