//! Names of attributes in Terraform's spelling, remembered.
//!
//! In: keys and values as AWS's interfaces write them. Out: those that are looked at, and values with the keys of their blocks
//! spelt so. A file repeats some hundred keys for each of its resources.

use super::Kind;
use crate::catalog::spelling::snake_case;
use foldhash::fast::RandomState;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// How many keys are remembered, and how long they are at most: they are somebody else's.
const REMEMBERED: usize = 16 * 1024;
const LONGEST: usize = 64;

/// What keys are in Terraform's spelling.
#[derive(Debug, Default)]
pub(in crate::inventory::import) struct Spellings {
    all: HashMap<Box<str>, Box<str>, RandomState>,
    /// By type.
    wanted: HashMap<Arc<str>, Wanted, RandomState>,
}

/// Keys, and what those that are looked at are called.
type Wanted = HashMap<Box<str>, Option<Box<str>>, RandomState>;

impl Spellings {
    /// The name of a key of a type's attributes, if somebody looks at it.
    pub(in crate::inventory::import) fn wanted(&mut self, kind: &Kind, key: &str) -> Option<String> {
        if let Some(known) = self.wanted.get(&kind.name).and_then(|names| names.get(key)) {
            return known.as_deref().map(str::to_owned);
        }
        let name = snake_case(key);
        let name = kind.spelt.other(&name).map(str::to_owned).unwrap_or(name);
        let name = Some(name).filter(|name| kind.wants(name));
        let names = self.wanted.entry(kind.name.clone()).or_default();
        if names.len() < REMEMBERED && key.len() <= LONGEST {
            names.insert(key.into(), name.as_deref().map(Box::from));
        }
        name
    }

    /// A value with all keys in it spelt so; nothing where two keys of a block are the same then, or it is no JSON.
    pub(in crate::inventory::import) fn decoded(&mut self, json: &str) -> Option<Value> {
        let mut json = serde_json::Deserializer::from_str(json);
        let value = Spelt(self).deserialize(&mut json).ok()?;
        json.end().ok().map(|()| value)
    }

    fn spelt(&mut self, key: &str) -> String {
        if let Some(known) = self.all.get(key) {
            return String::from(&**known);
        }
        let name = snake_case(key);
        if self.all.len() < REMEMBERED && key.len() <= LONGEST {
            self.all.insert(key.into(), name.as_str().into());
        }
        name
    }
}

/// Reads a value.
struct Spelt<'s>(&'s mut Spellings);

impl<'de> DeserializeSeed<'de> for Spelt<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Spelt<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Spelt(&mut *self.0))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key_seed(Key(&mut *self.0))? {
            let value = map.next_value_seed(Spelt(&mut *self.0))?;
            if fields.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(fields))
    }
}

/// Reads a key.
struct Key<'s>(&'s mut Spellings);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = String;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E>(self, key: &str) -> Result<String, E> {
        Ok(self.0.spelt(key))
    }
}
