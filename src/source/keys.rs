//! The keys near the top of a file's JSON, which tell what kind of file it is.
//!
//! In: bytes, perhaps cut off or broken further on. Out: the keys as dotted paths.

use super::text::{beginning_of_json, unicode_beginning, unquoted};
use foldhash::quality::RandomState;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::Arc;

/// How far into a file is looked. Keys that tell what a file is stand before or behind large values.
pub(crate) const WINDOW: usize = 4 * 1024 * 1024;

/// How deep keys are looked for: in the wrapper of an answer, in the first item of a list.
const DEPTH: usize = 2;

/// The keys near the top of a file's JSON, as dotted paths: `data.Results`, `Resources[].Arn`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(pub(crate) Arc<[String]>);

/// The keys of the file that was looked at last, by how long its beginning is and a hash of that.
#[derive(Default)]
struct Last {
    hasher: RandomState,
    known: Option<((usize, u64), Keys)>,
}

thread_local! {
    static LAST: RefCell<Last> = RefCell::default();
}

impl Keys {
    /// The keys of a file; none if it is no JSON, or is an inventory. Each kind of file that it may be asks for them, one after the
    /// other, so those of the last are remembered.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let window = &bytes[..bytes.len().min(WINDOW)];
        LAST.with_borrow_mut(|last| {
            let mark = (window.len(), last.hasher.hash_one(window));
            match &last.known {
                Some((known, keys)) if *known == mark => keys.clone(),
                _ => {
                    let keys = Self::found(window);
                    last.known = Some((mark, keys.clone()));
                    keys
                }
            }
        })
    }

    fn found(window: &[u8]) -> Self {
        let text = unicode_beginning(window);
        let text = unquoted(&text).map_or(text, Cow::Owned);
        let Some(start) = beginning_of_json(&text) else {
            return Self::default();
        };
        if text[..start].lines().any(|line| line.starts_with("inventory:")) {
            return Self::default();
        }
        let keys = Self::of_json(&text[start..]);
        if keys.has("inventory") { Self::default() } else { keys }
    }

    /// The keys of a JSON text, up to where it ends or is broken.
    pub(crate) fn of_json(text: &str) -> Self {
        let keys = RefCell::new(Vec::new());
        let walk = Walk {
            path: "",
            depth: 0,
            keys: &keys,
        };
        // An error is the end of what can be read; the keys before it are known.
        let _ = walk.deserialize(&mut serde_json::Deserializer::from_str(text));
        Self(keys.into_inner().into())
    }

    /// Whether there is this key at the top, in an answer's `data`, or in the items of a list at the top.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|known| {
            let known = known.strip_prefix("[].").unwrap_or(known);
            known.strip_prefix("data.").unwrap_or(known) == key
        })
    }
}

impl Keys {
    /// Whether the items of a map at the top have types, as the resources of a template do.
    pub(crate) fn has_types_in(&self, key: &str) -> bool {
        self.0.iter().any(|known| {
            let inner = known.strip_prefix(key).and_then(|rest| rest.strip_prefix('.'));
            inner
                .and_then(|inner| inner.strip_suffix(".Type"))
                .is_some_and(|id| !id.contains(['[', '.']))
        })
    }
}

struct Walk<'a> {
    path: &'a str,
    depth: usize,
    keys: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > DEPTH {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.keys.borrow_mut().push(format!("{}#", self.path));
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.keys.borrow_mut().push(format!("{}#", self.path));
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let path = format!("{}[]", self.path);
        let first = Walk {
            path: &path,
            depth: self.depth + 1,
            keys: self.keys,
        };
        if list.next_element_seed(first)?.is_some() {
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let dot = if self.path.is_empty() { "" } else { "." };
            let path = format!("{}{dot}{key}", self.path);
            self.keys.borrow_mut().push(path.clone());
            map.next_value_seed(Walk {
                path: &path,
                depth: self.depth + 1,
                keys: self.keys,
            })?;
        }
        Ok(())
    }
}
