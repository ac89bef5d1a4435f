//! Reading: attributes of a source become attributes of the catalog's vocabulary.
//!
//! In: a resource's attributes as its source has them, their names in Terraform's spelling already, and its declaration.
//! Out: new attributes, of those only that are declared. Nothing is rewritten in place, so the order of declarations does
//! not count.

mod listed;
mod mirrored;
mod node;
mod paths;
mod pending;

use super::open::{is_open, open, told, untold};
use super::present::Leading;
use super::reach::{Level, Reached};
use super::{Absent, Attribute, Attributes, Kind, Location, Origin, Path, Read, ResourceType};
use crate::catalog::spelling;
use listed::{joined, list_of_one};
use mirrored::block;
pub(crate) use paths::forget;
pub(super) use paths::put;
use paths::{has, within};
use serde_json::{Map, Value};

impl ResourceType {
    /// The attributes that are declared, as far as the resource itself says them.
    #[must_use]
    pub fn project(&self, origin: Origin, raw: &Map<String, Value>) -> Map<String, Value> {
        self.attributes.project(origin, &self.level(origin, raw))
    }

    /// The same of a resource of which a list tells but some: what it lacks is not left out, unless no source keeps it at all, so
    /// that the type alone says it.
    #[must_use]
    pub fn project_part(&self, origin: Origin, raw: &Map<String, Value>) -> Map<String, Value> {
        self.attributes.project(origin, &self.level(origin, raw).in_part())
    }

    /// The names of attributes of which a change is under way, so that what stands under them is not certain.
    pub(crate) fn pending(&self, origin: Origin, raw: &Map<String, Value>) -> impl Iterator<Item = &str> {
        let level = self.level(origin, raw);
        let own = self.attributes.iter().filter(|attribute| !attribute.secret);
        own.filter(move |attribute| attribute.is_pending(origin, &level))
            .map(|attribute| &*attribute.name)
    }

    /// Those of some dotted names under which an origin sets something that cannot be read.
    pub(crate) fn unread<'n>(&self, origin: Origin, raw: &Map<String, Value>, names: &'n [String]) -> Vec<&'n str> {
        let level = self.level(origin, raw);
        let is_open_place = |name: &str| {
            let places = self.attributes.by_name.get(name).map(|attribute| attribute.places(origin));
            let own = places.unwrap_or_default().iter().filter(|place| place.on.is_none());
            own.flat_map(|place| &place.at).any(|path| level.reach(path).is_open)
        };
        let is_unread = |name: &&String| {
            let before = name.match_indices('.').map(|(at, _)| &name[..at]);
            level.is_open() || level.reach_name(name).is_open || before.chain([name.as_str()]).any(is_open_place)
        };
        names.iter().filter(is_unread).map(String::as_str).collect()
    }

    fn level<'r>(&self, origin: Origin, raw: &'r Map<String, Value>) -> Level<'r> {
        let inner = self.within.of(origin).as_ref().and_then(|path| match raw.get(path.first()) {
            Some(Value::Object(inner)) => Some(inner),
            Some(Value::Array(items)) => items.first().and_then(Value::as_object),
            _ => None,
        });
        Level::new(raw, inner)
    }

    /// Attributes in the vocabulary's form as an origin delivers them: with what it means there that others are left out.
    pub(crate) fn delivered(&self, origin: Origin, given: &Map<String, Value>) -> Map<String, Value> {
        let mut made = given.clone();
        self.attributes.complete(origin, &mut made);
        made
    }

    /// Whether the own places of some origin lead to a path or through it.
    pub(crate) fn reads(&self, path: &str) -> bool {
        let steps: Vec<&str> = path.split('.').collect();
        let leads = |place: &Path| place.steps.len() >= steps.len() && place.steps.iter().zip(&steps).all(|(a, b)| **a == **b);
        Origin::ALL.into_iter().any(|origin| {
            self.within.of(origin).as_ref().is_some_and(leads)
                || self.states().any(leads)
                || self.attributes.iter().any(|attribute| {
                    if attribute.doubts(origin).any(leads) {
                        return true;
                    }
                    let own = attribute.places(origin).iter().filter(|place| place.on.is_none());
                    own.flat_map(|place| &place.at).any(leads)
                })
        })
    }

    /// Adds to attributes that a person wrote what their sources' forms of it mean. What is there already in the
    /// vocabulary's form stays.
    pub(crate) fn understand(&self, config: &mut Map<String, Value>) {
        for attribute in self.attributes.iter().filter(|attribute| !attribute.secret) {
            let level = Level::new(config, None);
            let written = level.reach_name(&attribute.name);
            let is_text_for_list = |value: &Value| attribute.kind == Kind::List && value.is_string();
            // A source may keep one level below what the list names.
            let is_maps_for_list = |value: &Value| attribute.kind == Kind::List && has_maps(value);
            let fits = |value: &&Value| attribute.kind.fits(value) && !is_text_for_list(value) && !is_maps_for_list(value);
            if written.is_unset || written.values.iter().any(fits) {
                continue;
            }
            let own = Origin::ALL.into_iter().flat_map(|origin| {
                let places = attribute.places(origin).iter().filter(|place| place.on.is_none());
                places.map(move |place| (origin, place))
            });
            let words = || {
                let text = written.values.first().copied().filter(|value| value.is_string())?;
                let mut by_words = attribute
                    .all_places()
                    .filter(|place| matches!(place.read, Read::TrueFor(_) | Read::Words(_)));
                by_words.find_map(|place| place.meant(text.clone(), attribute.kind).filter(|value| fits(&value)))
            };
            let found = own
                .clone()
                .filter_map(|(origin, place)| Some(attribute.shaped(origin, place.own(&level, attribute.kind)?)))
                .find(|value| !is_maps_for_list(value))
                .filter(|value| !value.is_null())
                .or_else(words);
            let listed = || written.values.first().copied().filter(|value| is_text_for_list(value));
            if let Some(value) = found.or_else(|| listed().cloned().map(list_of_one)) {
                put(config, &attribute.name, value);
            }
        }
    }

    /// Forgets what a person wrote of attributes of which the same answer says that a change is under way.
    pub(crate) fn unsettle(&self, config: &mut Map<String, Value>) {
        let pending: Vec<String> = self.pending(Origin::Config, config).map(str::to_owned).collect();
        pending.iter().for_each(|name| forget(config, name));
    }

    /// The keys of a resource's attributes that [`Self::project`] looks at.
    #[must_use]
    pub fn keys(&self, origin: Origin) -> Vec<&str> {
        let own = self.attributes.keys(origin);
        let states = self.states().map(Path::first);
        let mut keys: Vec<&str> = own.chain(self.within.of(origin).iter().map(Path::first)).chain(states).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Whether it is a list with a map in it.
fn has_maps(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(Value::is_object))
}

impl Attributes {
    /// The keys at which those that are declared are looked for.
    pub(super) fn keys(&self, origin: Origin) -> impl Iterator<Item = &str> {
        self.iter().filter(|attribute| !attribute.secret).flat_map(move |attribute| {
            let places = attribute.places(origin).iter().filter(|place| place.on.is_none());
            let name = attribute.name.split('.').next();
            let doubts = attribute.doubts(origin).map(Path::first);
            places.flat_map(|place| &place.at).map(Path::first).chain(name).chain(doubts)
        })
    }

    fn project(&self, origin: Origin, level: &Level<'_>) -> Map<String, Value> {
        let leading = self.leading.of(origin).get_or_init(|| Leading::to(self, origin).into());
        let present = leading.at(level);
        let mut made = Map::with_capacity(level.outer.len());
        for (number, (key, node)) in self.tree.children.iter().enumerate() {
            if present.has_kept(number)
                && let Some(value) = level.get(key).filter(|value| !is_open(value))
            {
                made.insert(key.to_string(), node.pick(value));
            }
        }
        for (number, attribute) in self.iter().enumerate().filter(|(_, attribute)| !attribute.secret) {
            if attribute.is_pending(origin, level) {
                forget(&mut made, &attribute.name);
            } else if present.may_say(number) {
                attribute.project(origin, level, &mut made);
            } else if let Some(value) = attribute.left_out(origin).filter(|_| attribute.is_whole(level)) {
                put(&mut made, &attribute.name, value);
            }
        }
        made
    }
}

impl Attributes {
    fn complete(&self, origin: Origin, made: &mut Map<String, Value>) {
        for attribute in self.iter().filter(|attribute| !attribute.secret) {
            within(made, &attribute.name, &mut |block| attribute.block.complete(origin, block));
            if let Some(value) = attribute.left_out(origin)
                && !has(made, &attribute.name)
            {
                put(made, &attribute.name, value);
            }
        }
    }
}

impl Attribute {
    fn all_places(&self) -> impl Iterator<Item = &Location> {
        Origin::ALL.into_iter().flat_map(|origin| self.places(origin))
    }

    /// Puts what the places of an origin lead to, and sees to it that what is kept under the name is of the type.
    fn project(&self, origin: Origin, level: &Level<'_>, made: &mut Map<String, Value>) {
        let own = || self.places(origin).iter().filter(|place| place.on.is_none());
        let has_block = !self.block.by_name.is_empty();
        if let Some(value) = own().find_map(|place| place.own(level, self.kind)) {
            put(made, &self.name, self.shaped(origin, value));
        } else if let Some((first, rest)) = self.name.split_once('.').filter(|_| has_block) {
            // Each block on the way stays one: those of two are not one's.
            if let Some(raw) = level.get(first).filter(|value| !is_open(value)) {
                let steps: Vec<&str> = rest.split('.').collect();
                let known = made.get_mut(first).map(std::mem::take);
                if let Some(value) = self.mirrored(origin, raw, &steps, known) {
                    made.insert(first.to_owned(), value);
                }
            }
        } else if has_block {
            let reached = level.reach_name(&self.name);
            let value = match reached.values.as_slice() {
                [] => reached.is_unset.then_some(Value::Null),
                [only] => Some((*only).clone()),
                several => Some(several.iter().copied().cloned().collect()),
            };
            if let Some(value) = value {
                put(made, &self.name, self.shaped(origin, value));
            }
        } else if own().next().is_some() {
            let is_other = |value: &Value| !value.is_null() && !self.kind.fits(value);
            if made.get(&*self.name).is_some_and(is_other) {
                made.shift_remove(&*self.name);
            }
        } else if self.kind == Kind::Document
            && let Some(value) = made.get_mut(&*self.name)
        {
            *value = document(std::mem::take(value));
        }
        if self.kind == Kind::List
            && let Some(value) = made.get_mut(&*self.name).filter(|value| value.is_string())
        {
            *value = list_of_one(std::mem::take(value));
        }
        if let Some(value) = self.left_out(origin)
            && self.is_whole(level)
            && !has(made, &self.name)
            && !self.is_said(origin, level)
        {
            put(made, &self.name, value);
        }
    }

    /// What it means for an origin that it is left out; nothing where that is not known.
    pub(super) fn left_out(&self, origin: Origin) -> Option<Value> {
        let mut own = self.places(origin).iter().filter(|place| place.on.is_none());
        own.find_map(|place| match &place.absent {
            Absent::Unknown => None,
            Absent::Unset => Some(Value::Null),
            Absent::Default(value) => Some(value.clone()),
        })
    }

    /// Whether a level that lacks it says that it is left out.
    fn is_whole(&self, level: &Level<'_>) -> bool {
        !level.is_part || self.all_places().all(|place| place.on.is_none() && place.at.is_empty())
    }

    /// Whether something stands where an origin keeps it, be it nothing that can be read: a reference of a template that is
    /// not resolved is not left out.
    fn is_said(&self, origin: Origin, level: &Level<'_>) -> bool {
        if level.is_open() {
            return true;
        }
        let stands = |reached: Reached<'_>, entry: Option<&str>| {
            reached.is_open
                || reached.values.into_iter().any(|value| match (entry, value) {
                    (None, _) => true,
                    (Some(name), Value::Array(items)) => items.iter().any(|item| is_entry(item, name)),
                    (Some(name), other) => is_entry(other, name),
                })
        };
        let mut own = self.places(origin).iter().filter(|place| place.on.is_none());
        let under_name = || stands(level.reach_name(&self.name), None);
        own.any(|place| place.at.iter().any(|path| stands(level.reach(path), place.entry.as_deref()))) || under_name()
    }

    /// A value in the vocabulary's names.
    pub(super) fn shaped(&self, origin: Origin, value: Value) -> Value {
        if self.kind == Kind::Document {
            return document(value);
        }
        if self.block.by_name.is_empty() {
            return value;
        }
        match value {
            mark if is_open(&mark) => untold(true),
            Value::Object(map) => {
                let level = Level::new(&map, None);
                block(self.block.project(origin, &level), &map)
            }
            Value::Array(items) => items.into_iter().map(|item| self.shaped(origin, item)).collect(),
            other => other,
        }
    }
}

impl Location {
    /// What a resource says here of itself.
    fn own(&self, level: &Level<'_>, kind: Kind) -> Option<Value> {
        let mut is_unset = false;
        let (mut is_open, mut is_open_within) = (level.is_open(), false);
        // Of what may have more than it tells, a place that is told is told whole.
        let mut is_told = true;
        let mut found: Vec<Value> = Vec::new();
        for path in &self.at {
            let reached = level.reach(path);
            is_told &= reached.is_unset || !reached.values.is_empty();
            is_open_within |= reached.is_open;
            is_unset |= reached.is_unset;
            is_open |= reached.is_open;
            let (is_uneven, is_open_here) = (reached.is_uneven, reached.is_open);
            found.extend(self.read(reached, kind));
            if self.read == Read::All {
                continue;
            }
            // What is open on the way may hold one more.
            if kind == Kind::Block && !found.is_empty() && is_open_here {
                found.push(untold(true));
            }
            let differ = is_uneven || found.iter().skip(1).any(|other| Some(other) != found.first());
            if kind != Kind::Block && differ {
                // Items of a list that say different things: none of them stands for the whole, and neither does another place.
                return self.open.clone();
            }
            if !found.is_empty() {
                break;
            }
        }
        if self.read == Read::All {
            // What is open may be one more.
            if (is_open_within || is_open && !is_told) && !found.is_empty() {
                found.push(untold(kind == Kind::Block));
            }
            return (!found.is_empty()).then(|| joined(found));
        }
        let only = if found.len() > 1 && kind == Kind::Block {
            Some(found.into())
        } else {
            found.into_iter().next()
        };
        let only = only.or_else(|| self.open.clone().filter(|_| is_open));
        only.or_else(|| (is_unset && self.entry.is_none() && !matches!(self.read, Read::Is(_))).then_some(Value::Null))
    }

    /// What another resource says here. A mark stands for what it leaves open.
    pub(super) fn others(&self, raw: &Map<String, Value>, kind: Kind) -> Vec<Value> {
        if self.at.is_empty() {
            return vec![Value::Object(raw.clone())];
        }
        let level = Level::new(raw, None);
        let mut is_open = level.is_open();
        let mut is_told = false;
        let mut found = Vec::new();
        for path in &self.at {
            let one = level.reach(path);
            is_open |= one.is_open;
            is_told |= one.is_unset || !one.values.is_empty();
            if self.read == Read::All || found.is_empty() {
                found.extend(self.read(one, kind));
            }
        }
        // A list of what several say is not whole where one of them does not tell it: all of the others are not all.
        if self.read == Read::All && (is_open || !is_told) {
            found.push(untold(kind == Kind::Block));
        } else if found.is_empty() && is_open {
            found.push(open());
        }
        found
    }

    fn read(&self, reached: Reached<'_>, kind: Kind) -> Vec<Value> {
        if let Some(name) = &self.entry {
            let entries = reached.values.into_iter().flat_map(|value| match value {
                Value::Array(items) => items.iter().collect(),
                other => vec![other],
            });
            return self.entries(entries, name, kind);
        }
        let values = reached.values.into_iter();
        match &self.read {
            Read::All => values
                .flat_map(|value| match value {
                    Value::Array(items) => items.iter().collect(),
                    other => vec![other],
                })
                .map(|value| {
                    if is_open(value) {
                        untold(kind == Kind::Block)
                    } else {
                        value.clone()
                    }
                })
                .filter(|value| value.is_object() == (kind == Kind::Block))
                .collect(),
            _ => values
                .filter_map(|value| self.meant(value.clone(), kind))
                .map(|value| if kind == Kind::Block { value } else { told(value, false) })
                .collect(),
        }
    }

    /// The value of the entry that is called so. Of several that differ, and where one that is not told may be called so, it is
    /// open which of them counts.
    fn entries<'v>(&self, entries: impl Iterator<Item = &'v Value>, name: &str, kind: Kind) -> Vec<Value> {
        let (mut found, mut may_differ): (Option<Value>, bool) = (None, false);
        for item in entries {
            if !is_entry(item, name) {
                continue;
            }
            let value = entry(item).filter(|(key, value)| key.eq_ignore_ascii_case(name) && !is_open(value));
            match (value, &found) {
                (Some((_, value)), None) => found = Some(value),
                (Some((_, value)), Some(before)) => may_differ |= value != *before,
                (None, _) => may_differ = true,
            }
        }
        let found = found.filter(|_| !may_differ);
        found.and_then(|value| self.meant(truth(value), kind)).into_iter().collect()
    }

    /// The value that a found one stands for.
    fn meant(&self, found: Value, kind: Kind) -> Option<Value> {
        match &self.read {
            Read::Value | Read::All => Some(found),
            Read::TrueFor(words) => match found {
                Value::Bool(_) => Some(found),
                // A reference of a template may come to anything.
                Value::String(text) if !text.contains("${") && !text.contains("{{") => {
                    Some(words.iter().any(|word| word.eq_ignore_ascii_case(&text)).into())
                }
                _ => None,
            },
            Read::Words(words) => {
                // A switch is a word, too, and an empty list is the empty one.
                let switch = found.as_bool().map(|flag| if flag { "true" } else { "false" });
                let is_nothing = found.as_array().is_some_and(Vec::is_empty);
                let said = found.as_str().or(switch).or(is_nothing.then_some(""));
                match said.and_then(|text| words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text))) {
                    Some((_, value)) => Some(value.clone()),
                    None => Some(found).filter(|value| kind.fits(value)),
                }
            }
            Read::Is(value) => Some(value.clone()),
        }
    }
}

/// A name and a value of a list of such, whatever they are called.
fn entry(item: &Value) -> Option<(&str, Value)> {
    Some((key(item)?, item.get("value")?.clone()))
}

fn key(item: &Value) -> Option<&str> {
    ["key", "option_name", "name"].iter().find_map(|name| item.get(*name)?.as_str())
}

/// Whether an item of a list of names and values is the one of a name, or may be: a list that a reference stands in.
fn is_entry(item: &Value, name: &str) -> bool {
    key(item).is_none_or(|key| key.eq_ignore_ascii_case(name) || key.starts_with("${"))
}

/// `"true"` is true.
fn truth(value: Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value,
    }
}

/// A document as its text; in AWS Config it may be written as in an address.
fn document(value: Value) -> Value {
    match value {
        Value::String(text) => spelling::percent_decoded(&text).into(),
        Value::Object(_) | Value::Array(_) => told(value, false).to_string().into(),
        other => other,
    }
}
