//! What the first bytes of a file tell about it.
//!
//! In: bytes, perhaps cut off or broken further on. Out: the keys at the top of its JSON, and what a file that is of no
//! kind looks like.

use super::costs;
use super::table::{costs_of, is_matrix};
use super::text::{beginning_of_json, unicode_beginning};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::inventory::file::InventoryFile;
use crate::inventory::kind::resembles_inventory;
use crate::{limits, text};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

/// How far into a file is looked. Keys that tell what a file is stand before or behind large values.
const WINDOW: usize = 4 * 1024 * 1024;

/// How deep keys are looked for: in the wrapper of an answer, in the first item of a list.
const DEPTH: usize = 2;

/// The keys near the top of a file's JSON, as dotted paths: `data.Results`, `Resources[].Arn`.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<String>);

impl Keys {
    /// The keys of a file; none if it is no JSON, or is an inventory.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let text = unicode_beginning(&bytes[..bytes.len().min(WINDOW)]);
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
    fn of_json(text: &str) -> Self {
        let keys = RefCell::new(Vec::new());
        let walk = Walk {
            path: "",
            depth: 0,
            keys: &keys,
        };
        // An error is the end of what can be read; the keys before it are known.
        let _ = walk.deserialize(&mut serde_json::Deserializer::from_str(text));
        Self(keys.into_inner())
    }

    /// Whether there is this key at the top, in an answer's `data`, or in the items of a list at the top.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|known| {
            let known = known.strip_prefix("[].").unwrap_or(known);
            known.strip_prefix("data.").unwrap_or(known) == key
        })
    }
}

impl Keys {
    /// Whether the items of a map at the top have types, as the resources of a template do.
    pub(super) fn has_types_in(&self, key: &str) -> bool {
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

/// Whether the bytes are a report's data, its JSON or its matrix: what is made of an inventory, and none itself.
pub(in crate::inventory) fn is_report(bytes: &[u8]) -> bool {
    let keys = Keys::of(bytes);
    keys.has("schema_version") && keys.has("meta.edition") || is_matrix(&unicode_beginning(&bytes[..bytes.len().min(64 * 1024)]))
}

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inventory) enum Says {
    /// `inventory: 1`, or another number: it is written for this program.
    Version,
    /// `inventory` and something else, which other programs' files may say, too.
    Inventory,
    /// Nothing of the kind.
    Nothing,
}

/// Whether a file says that it is an inventory: by a key at the top of its JSON, or at the beginning of a line of YAML.
pub(in crate::inventory) fn says(bytes: &[u8]) -> Says {
    let text = unicode_beginning(&bytes[..bytes.len().min(WINDOW)]);
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        let keys = Keys::of_json(text);
        // A map in YAML's brackets has its keys without quotes.
        let inner = inner.trim_start();
        return match keys.0.iter().position(|key| key == "inventory") {
            Some(at) if keys.0.get(at + 1).is_some_and(|next| next == "inventory#") => Says::Version,
            Some(_) => Says::Inventory,
            None => inner.strip_prefix("inventory:").map_or(Says::Nothing, says_after),
        };
    }
    let says = text.lines().filter_map(|line| {
        let line = line.strip_prefix(['"', '\'']).unwrap_or(line);
        let behind = line.strip_prefix("inventory")?.trim_start_matches(['"', '\'', ' ']);
        behind.strip_prefix(':').map(says_after)
    });
    says.fold(Says::Nothing, |all, one| if all == Says::Version { all } else { one })
}

fn says_after(colon: &str) -> Says {
    let value = colon.trim_start().trim_start_matches(['"', '\'']);
    if value.starts_with(|letter: char| letter.is_ascii_digit()) {
        Says::Version
    } else {
        Says::Inventory
    }
}

/// What is wrong in the text of a file that is of no kind, where it is broken: this may be why.
pub(super) fn broken(bytes: &[u8], file: &Arc<str>) -> Option<Diagnostic> {
    // Of longer files only the beginning is at hand.
    let text = (bytes.len() < limits::WHOLE).then(|| unicode_beginning(bytes))?;
    let ending = file.rsplit('.').next().unwrap_or_default().to_lowercase();
    if !text::is_like_json(&text) && !["yaml", "yml", "json"].contains(&ending.as_str()) {
        return None;
    }
    let not_text = super::text::unicode(bytes, file).err();
    not_text.or_else(|| text::decode(&text, file).err())?.into_iter().next()
}

/// That a file lacks no more than the word that makes an inventory of it.
pub(super) fn lacks_version(bytes: &[u8], file: &Arc<str>) -> Option<Diagnostic> {
    let text = (bytes.len() < limits::WHOLE && says(bytes) == Says::Nothing).then(|| unicode_beginning(bytes))?;
    let tree = text::decode(&text, file).ok()?;
    let schema = schemars::schema_for!(InventoryFile);
    let lacks = tree.value.get("inventory").is_none() && resembles_inventory(&tree.value, schema.as_value());
    lacks.then(|| {
        Diagnostic::new(Code::MissingField, format!("`{file}` has no `inventory`"))
            .at(Place::file(file.clone()))
            .help("an inventory begins with `inventory: 1`, the version of the format")
    })
}

/// What a file that is of no kind looks like, and what to do about it.
pub(super) fn looks_like(bytes: &[u8]) -> (&'static str, Option<&'static str>) {
    match bytes {
        [0x1f, 0x8b, ..] => return ("is compressed", Some("unpack it first: `gunzip -c FILE | cloudraci import -`")),
        [b'P', b'K', 3, 4, ..] => {
            return (
                "is an archive, as `terraform plan -out` writes it",
                Some("`terraform show -json FILE > plan.json` writes a saved plan as JSON"),
            );
        }
        _ => {}
    }
    let text = unicode_beginning(&bytes[..bytes.len().min(64 * 1024)]);
    if text.trim().is_empty() {
        return ("is empty", None);
    }
    if let Some(what) = costs_of(&text) {
        return (what, Some(costs::HELP));
    }
    if Keys::of(bytes).has(costs::ANSWER) {
        return ("is an answer of Cost Explorer", Some(costs::HELP));
    }
    if is_report(bytes) {
        return ("is a report's data", Some("name the inventory that the report was made of"));
    }
    if says(bytes) == Says::Version {
        return (
            "is an inventory, which is not imported but merged",
            Some("name it beside the other inventories; `imports` takes what other programs write"),
        );
    }
    let is_block = |line: &str| {
        ["resource \"", "module \"", "provider \"", "terraform {"]
            .iter()
            .any(|block| line.starts_with(block))
    };
    if text.lines().any(is_block) {
        return (
            "is Terraform's source, which does not say what is deployed",
            Some("`terraform state pull > state.json` writes what is, `terraform show -json PLAN > plan.json` what will be"),
        );
    }
    ("is not of a kind that can be imported", None)
}
