//! A YAML or JSON text as a tree, with every key that stands twice.
//!
//! In: a text. Out: the tree and the routes of repeated keys. Of a repeated key the first value is kept, or the last where
//! the file's own readers do so.

use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

/// A decoded text.
#[derive(Debug)]
pub(super) struct Tree {
    /// The value.
    pub(super) value: Value,
    /// What is wrong with it already: keys that stand twice.
    pub(super) faults: Vec<Diagnostic>,
}

/// Decodes a text.
///
/// # Errors
/// One diagnostic with the place where the text stops being YAML.
pub(super) fn decode(text: &str, file: &Arc<str>) -> Outcome<Tree> {
    let repeated = RefCell::new(Vec::new());
    let seed = Branch {
        trail: &Trail::Root,
        repeated: &repeated,
        last: false,
    };
    let value = seed.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let place = error.location().map_or_else(
            || Place::file(file.clone()),
            |location| Place::at(file, location.line(), location.column()),
        );
        vec![
            Diagnostic::new(Code::SyntaxError, format!("cannot decode the text: {error}"))
                .at(place)
                .help("indent with spaces, quote text that contains `: ` or begins with `*`, `&`, `[` or `{`, and close every quote"),
        ]
    })?;
    let faults = repeated
        .into_inner()
        .into_iter()
        .map(|route| {
            Diagnostic::new(Code::DuplicateKey, format!("the key `{route}` stands twice"))
                .at(Place::key(file, route))
                .help("only one of the two values would count; remove or rename one")
        })
        .collect();
    Ok(Tree { value, faults })
}

/// The way to a value while it is decoded; a [`Route`] only where there is something to tell.
pub(super) enum Trail<'a> {
    Root,
    Key(&'a Trail<'a>, &'a str),
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    fn route(&self) -> Route {
        match self {
            Self::Root => Route::default(),
            Self::Key(parent, key) => parent.route().then(*key),
            Self::Index(parent, index) => parent.route().then(*index),
        }
    }
}

/// Decodes a value and all below it.
pub(super) struct Branch<'a> {
    /// The way to it.
    pub(super) trail: &'a Trail<'a>,
    /// Where keys that stand twice are noted.
    pub(super) repeated: &'a RefCell<Vec<Route>>,
    /// Whether the last value of such a key counts, and not the first.
    pub(super) last: bool,
}

impl<'de> DeserializeSeed<'de> for Branch<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branch<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(serde::de::Error::custom("YAML tags such as `!name` are not part of the format"))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let trail = Trail::Index(self.trail, items.len());
            match list.next_element_seed(Branch {
                trail: &trail,
                repeated: self.repeated,
                last: self.last,
            })? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key_seed(Branch {
            trail: self.trail,
            repeated: self.repeated,
            last: self.last,
        })? {
            let key = match key {
                Value::String(key) => key,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                Value::Null => "null".to_owned(),
                Value::Array(_) | Value::Object(_) => return Err(serde::de::Error::custom("a key is a list or a map")),
            };
            let trail = Trail::Key(self.trail, &key);
            let value = map.next_value_seed(Branch {
                trail: &trail,
                repeated: self.repeated,
                last: self.last,
            })?;
            if fields.contains_key(&key) {
                self.repeated.borrow_mut().push(trail.route());
                if !self.last {
                    continue;
                }
            }
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }
}
