//! A YAML or JSON text as a tree, with every key that stands twice.
//!
//! In: a text. Out: the tree and the routes of repeated keys. Of a repeated key the first value is kept, or the last where
//! the file's own readers do so. JSON is read as JSON, whose escapes and long keys YAML does not know.

use super::json::{self, SPENT};
use super::nesting;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route};
use crate::limits;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, VariantAccess as _, Visitor};
use serde_json::de::StrRead;
use serde_json::{Map, Number, Value};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;

/// A decoded text.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The value.
    pub(crate) value: Value,
    /// What is wrong with it already: keys that stand twice.
    pub(crate) faults: Vec<Diagnostic>,
}

/// Decodes a text: as JSON where it is JSON, else as YAML.
///
/// # Errors
/// One diagnostic with the place where the text stops being YAML or JSON, or goes beyond a limit.
pub(crate) fn decode(text: &str, file: &Arc<str>) -> Outcome<Tree> {
    let Some(error) = text.trim_start().starts_with(['{', '[']).then(|| decode_json(text, file)) else {
        return yaml(text, file, false);
    };
    match error {
        Ok(tree) => Ok(tree),
        // What is called JSON is not read as the YAML that it might be, too: `nul` would be a text.
        Err(fault) if fault.code == Code::LimitReached || file.ends_with(".json") && json::is_like_json(text) => Err(vec![fault]),
        Err(fault) => yaml(text, file, false).map_err(|other| {
            let beyond = other.iter().any(|one| one.code == Code::LimitReached);
            if json::is_like_json(text) && !beyond { vec![fault] } else { other }
        }),
    }
}

fn decode_json(text: &str, file: &Arc<str>) -> Result<Tree, Diagnostic> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let (decoded, repeated) = json_value(&mut deserializer, false);
    match decoded.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value) => Ok(Tree {
            value,
            faults: of_repeated(repeated, file),
        }),
        Err(error) => Err(json::fault(&error, text, file)),
    }
}

/// The next value of a JSON text, and the keys in it that stand twice; `last`: whether the last value of such a key counts, and
/// not the first.
pub(crate) fn json_value(text: &mut serde_json::Deserializer<StrRead<'_>>, last: bool) -> (serde_json::Result<Value>, Vec<Route>) {
    let repeated = RefCell::new(Vec::new());
    let budget = Budget::default();
    let root = Branch {
        trail: &Trail::Root,
        repeated: &repeated,
        last,
        budget: &budget,
        tags: false,
    };
    let value = root.deserialize(text);
    (value, repeated.into_inner())
}

/// Decodes a YAML text; `tags` makes a map of one key of each value with a short tag, as CloudFormation reads them.
///
/// # Errors
/// As [`decode`].
pub(crate) fn yaml(text: &str, file: &Arc<str>, tags: bool) -> Outcome<Tree> {
    if let Some(at) = nesting::too_deep(text, limits::DEPTH - 1) {
        return Err(vec![beyond(json::too_deep()).at(Place::at(file, at.line, at.column))]);
    }
    let repeated = RefCell::new(Vec::new());
    let budget = Budget::of_yaml(text);
    let seed = Branch {
        trail: &Trail::Root,
        repeated: &repeated,
        last: tags,
        budget: &budget,
        tags,
    };
    let value = seed.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let place = error.location().map_or_else(
            || Place::file(file.clone()),
            |location| Place::at(file, location.line(), location.column()),
        );
        let shown = error.to_string();
        let reason = shown.split(" at line ").next().unwrap_or(&shown);
        let fault = if reason.ends_with("recursion limit exceeded") {
            beyond(json::too_deep())
        } else if reason.ends_with(SPENT) || reason.ends_with("repetition limit exceeded") {
            beyond("the aliases of the text come to too many values".to_owned())
        } else if reason.contains("more than one document") {
            Diagnostic::new(Code::SyntaxError, "the text holds more than one YAML document").help("write each into a file of its own")
        } else {
            Diagnostic::new(Code::SyntaxError, format!("cannot decode the text: {shown}"))
                .help("indent with spaces, quote text that contains `: ` or begins with `*`, `&`, `[` or `{`, and close every quote")
        };
        vec![fault.at(place)]
    })?;
    Ok(Tree {
        value,
        faults: of_repeated(repeated.into_inner(), file),
    })
}

fn beyond(what: String) -> Diagnostic {
    Diagnostic::new(Code::LimitReached, what).help("docs/limits.md lists all limits")
}

fn of_repeated(routes: Vec<Route>, file: &Arc<str>) -> Vec<Diagnostic> {
    let fault = |route: Route| {
        Diagnostic::new(Code::DuplicateKey, format!("the key `{route}` stands twice"))
            .at(Place::key(file, route))
            .help("only one of the two values would count; remove or rename one")
    };
    routes.into_iter().map(fault).collect()
}

/// How many values, and how many bytes of text, a decoded text may still come to. Text that is written out cannot come to
/// more than it is long; aliases can.
#[derive(Debug)]
pub(crate) struct Budget {
    values: Cell<usize>,
    bytes: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            values: Cell::new(limits::VALUES),
            bytes: Cell::new(usize::MAX),
        }
    }
}

impl Budget {
    fn of_yaml(text: &str) -> Self {
        // A value is one character and what parts it from the next, at least.
        let written = text.len().saturating_add(1);
        Self {
            values: Cell::new(written.saturating_add(limits::ALIASED_VALUES).min(limits::VALUES)),
            bytes: Cell::new(written.saturating_add(limits::ALIASED_BYTES)),
        }
    }

    fn spend<E: Error>(&self, bytes: usize) -> Result<(), E> {
        match (self.values.get().checked_sub(1), self.bytes.get().checked_sub(bytes)) {
            (Some(values), Some(bytes)) => {
                self.values.set(values);
                self.bytes.set(bytes);
                Ok(())
            }
            _ => Err(E::custom(SPENT)),
        }
    }
}

/// The way to a value while it is decoded or looked at; a [`Route`] only where there is something to tell.
#[derive(Clone, Copy)]
pub(crate) enum Trail<'a> {
    /// The whole.
    Root,
    /// A key below.
    Key(&'a Trail<'a>, &'a str),
    /// An item below.
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    /// The way as a route.
    pub(crate) fn route(&self) -> Route {
        match self {
            Self::Root => Route::default(),
            Self::Key(parent, key) => parent.route().then(*key),
            Self::Index(parent, index) => parent.route().then(*index),
        }
    }
}

/// Decodes a value and all below it.
pub(crate) struct Branch<'a> {
    /// The way to it.
    pub(crate) trail: &'a Trail<'a>,
    /// Where keys that stand twice are noted.
    pub(crate) repeated: &'a RefCell<Vec<Route>>,
    /// Whether the last value of such a key counts, and not the first.
    pub(crate) last: bool,
    /// What the whole may still come to.
    pub(crate) budget: &'a Budget,
    /// Whether a value with a short tag is a map of one key.
    pub(crate) tags: bool,
}

impl Branch<'_> {
    /// The same below a value.
    fn below<'b>(&'b self, trail: &'b Trail<'b>) -> Branch<'b> {
        Branch { trail, ..*self }
    }
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
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(Value::Null)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(Value::Bool(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(value.into())
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(value.into())
    }
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(Value::String(value.to_string()))
    }
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(Value::String(value.to_string()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number))
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.budget.spend(value.len())?;
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.budget.spend(value.len())?;
        Ok(Value::String(value))
    }
    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        if !self.tags {
            return Err(Error::custom("YAML tags such as `!name` are not part of the format"));
        }
        let (tag, value) = tagged.variant::<String>()?;
        let name = match tag.trim_start_matches('!') {
            plain @ ("Ref" | "Condition") => plain.to_owned(),
            other => format!("Fn::{other}"),
        };
        let trail = Trail::Key(self.trail, &name);
        let value = value.newtype_variant_seed(self.below(&trail))?;
        Ok(Value::Object(Map::from_iter([(name, value)])))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        self.budget.spend(0)?;
        let mut items = Vec::new();
        loop {
            let trail = Trail::Index(self.trail, items.len());
            match list.next_element_seed(self.below(&trail))? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.budget.spend(0)?;
        let mut fields = Map::new();
        while let Some(key) = map.next_key_seed(self.below(self.trail))? {
            let key = match key {
                Value::String(key) => key,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                Value::Null => "null".to_owned(),
                other if self.tags => other.to_string(),
                Value::Array(_) | Value::Object(_) => return Err(Error::custom("a key is a list or a map")),
            };
            let trail = Trail::Key(self.trail, &key);
            let value = map.next_value_seed(self.below(&trail))?;
            if fields.contains_key(&key) {
                let mut repeated = self.repeated.borrow_mut();
                if repeated.len() < limits::FAULTS {
                    repeated.push(trail.route());
                }
                if !self.last {
                    continue;
                }
            }
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }
}
