//! Terraform state of any length.
//!
//! In: a reader. Out: its instances, counted. Blocks are cut here; instances are decoded by other threads, and of their
//! attributes only those that somebody looks at.

use super::super::location::{self, Configured};
use super::super::siblings::{self, SIBLINGS};
use super::super::terraform::{OWN_PROVIDERS, VERSIONS, nested, provider_name};
use super::super::text::{beginning_of_json, is_noise, unicode_beginning};
use super::super::{ImportedResource, LeftOut, names, secrets, shapes};
use super::damaged::Damaged;
use super::group::{Counter, Kind, Tally, Wanted};
use super::identity::{Made, identity};
use super::split::{Splitter, Stop};
use super::{Long, in_parallel};
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

/// How many bytes of instances are handed on at once.
const BATCH: usize = 256 * 1024;

/// How many bytes of instances may stand before the type that they are of.
const HELD: usize = 64 * 1024 * 1024;

/// What a block says of its instances.
#[derive(Debug, Default)]
struct Header {
    mode: Option<String>,
    kind: Option<String>,
    provider: Option<String>,
    /// The provider's name.
    name: String,
}

/// Instances of some blocks.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    instances: Vec<Instance>,
}

struct Instance {
    header: Arc<Header>,
    range: Range<usize>,
    /// Where its block begins.
    position: (usize, usize),
    order: u64,
}

/// Reads a state.
pub(super) fn read(long: Long<'_>, wanted: &Wanted<'_>) -> Outcome<Tally> {
    let file = long.file.clone();
    let (start, lines) = start(&long.head);
    let help = super::super::text::TERRAFORM.help;
    let mut reader = Splitter::new(long.reader(start), lines);
    let mut left_out = Damaged::default();
    let mut tally = in_parallel(
        wanted,
        |send| {
            let mut cutter = Cutter {
                send,
                batch: Batch::default(),
                order: 0,
                file: &file,
                left_out: Damaged::default(),
            };
            let read = cutter.root(&mut reader);
            left_out = cutter.left_out;
            read.map_err(|fault| match fault {
                Fault::Told(told) => vec![told],
                Fault::Stop(stop) => vec![stopped(stop, &mut reader, &file, help)],
            })
        },
        |batch: Batch, tally, counter| batch.count(tally, counter, &file),
    )?;
    tally.warnings.extend(left_out.warnings(&file));
    Ok(tally)
}

/// Where the JSON begins, and how many lines are before it.
pub(super) fn start(head: &[u8]) -> (usize, usize) {
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = unicode_beginning(&head[..head.len().min(64 * 1024)]);
    let start = beginning_of_json(&text).unwrap_or_default();
    (start + mark, text[..start].matches('\n').count())
}

/// The diagnostic of a stop.
pub(super) fn stopped<R: Read>(stop: Stop, reader: &mut Splitter<R>, file: &Arc<str>, help: &str) -> Diagnostic {
    let (line, column) = reader.position();
    let (code, what, help) = match stop {
        Stop::Io(error) => {
            let help = "check the disk, or the program that writes it".to_owned();
            return Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}"))
                .at(Place::at(file, line, column))
                .help(help);
        }
        Stop::Eof => (
            Code::SyntaxError,
            "the JSON ends before it is complete".to_owned(),
            format!("the file was cut off; {help}"),
        ),
        Stop::Syntax(what) => (Code::SyntaxError, format!("the text is not JSON: {what}"), help.to_owned()),
        Stop::TooLong => (
            Code::FileTooLarge,
            "one value is too large to be held".to_owned(),
            "a single value may have 128 MiB".to_owned(),
        ),
    };
    Diagnostic::new(code, what).at(Place::at(file, line, column)).help(help)
}

/// Why cutting ended.
enum Fault {
    Stop(Stop),
    Told(Diagnostic),
}

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

struct Cutter<'a> {
    send: &'a mut dyn FnMut(Batch) -> bool,
    batch: Batch,
    order: u64,
    file: &'a Arc<str>,
    left_out: Damaged,
}

impl Cutter<'_> {
    fn root<R: Read>(&mut self, reader: &mut Splitter<R>) -> Result<(), Fault> {
        reader.expect(b'{', "expected a map")?;
        let mut first = true;
        let mut version = None;
        while reader.another(b'}', first)? {
            first = false;
            let key = reader.key()?;
            match key.as_str() {
                "resources" if reader.peek()? == b'[' => self.blocks(reader)?,
                "resources" if reader.peek()? != b'n' => {
                    return Err(self.told(reader, "`resources` is not a list"));
                }
                "version" => {
                    let range = reader.value()?;
                    version = serde_json::from_slice::<Value>(reader.bytes(&range)).ok();
                    if version.as_ref().and_then(Value::as_u64) != Some(VERSIONS) {
                        return Err(self.told(reader, "only state of version 4 can be read piece by piece"));
                    }
                }
                _ => reader.skip()?,
            }
        }
        let tail = reader.tail()?;
        if !tail.trim().is_empty() && !is_noise(&tail) {
            return Err(Fault::Stop(Stop::Syntax("other text follows the end of the JSON")));
        }
        if version.is_none() {
            return Err(self.told(reader, "the file has no `version`, so it is no Terraform state"));
        }
        self.hand_on();
        Ok(())
    }

    fn told<R: Read>(&self, reader: &mut Splitter<R>, what: &str) -> Fault {
        let (line, column) = reader.position();
        Fault::Told(
            Diagnostic::new(Code::ImportFailed, what)
                .at(Place::at(self.file, line, column))
                .help(super::super::text::PULL),
        )
    }

    fn blocks<R: Read>(&mut self, reader: &mut Splitter<R>) -> Result<(), Fault> {
        reader.expect(b'[', "expected a list")?;
        let mut first = true;
        while reader.another(b']', first)? {
            first = false;
            if reader.peek()? == b'{' {
                self.block(reader)?;
            } else {
                let at = reader.position();
                reader.skip()?;
                self.left_out.add(at, "a block is not a map of fields");
            }
        }
        Ok(())
    }

    fn block<R: Read>(&mut self, reader: &mut Splitter<R>) -> Result<(), Fault> {
        let begin = reader.position();
        reader.expect(b'{', "expected a map")?;
        let mut header = Header::default();
        // Instances that stand before the type that they are of.
        let mut held: Vec<Vec<u8>> = Vec::new();
        let mut size = 0;
        let mut known: Option<Arc<Header>> = None;
        let mut first = true;
        while reader.another(b'}', first)? {
            first = false;
            let key = reader.key()?;
            match key.as_str() {
                "mode" => header.mode = text(reader)?,
                "type" => header.kind = text(reader)?,
                "provider" => header.provider = text(reader)?,
                "instances" if reader.peek()? == b'[' => {
                    // Terraform writes mode, type and provider first; the provider may be that of the type's name.
                    let is_whole = header.kind.is_some() && header.mode.is_some() && header.provider.is_some();
                    let shared = is_whole.then(|| std::mem::take(&mut header).shared());
                    reader.expect(b'[', "expected a list")?;
                    let mut first = true;
                    while reader.another(b']', first)? {
                        first = false;
                        let range = reader.value()?;
                        let bytes = reader.bytes(&range);
                        match &shared {
                            Some(shared) => self.add(shared, bytes, begin),
                            None => {
                                size += bytes.len();
                                held.push(bytes.to_vec());
                            }
                        }
                        if size > HELD {
                            return Err(self.told(reader, "a block's instances stand before its `type`, and are too many to be held"));
                        }
                    }
                    known = shared;
                }
                "instances" if reader.peek()? != b'n' => {
                    let at = reader.position();
                    reader.skip()?;
                    self.left_out.add(at, "`instances` is not a list");
                    return self.rest_of_block(reader);
                }
                _ => reader.skip()?,
            }
        }
        let header = known.unwrap_or_else(|| header.shared());
        if header.kind.is_none() {
            if header.mode.as_deref().is_none_or(|mode| mode == "managed") && !held.is_empty() {
                self.left_out.add(begin, "a block has no `type`");
            }
            return Ok(());
        }
        for bytes in held {
            self.add(&header, &bytes, begin);
        }
        Ok(())
    }

    /// Passes over what follows in a block that is left out.
    fn rest_of_block<R: Read>(&mut self, reader: &mut Splitter<R>) -> Result<(), Fault> {
        while reader.another(b'}', false)? {
            reader.key()?;
            reader.skip()?;
        }
        Ok(())
    }

    fn add(&mut self, header: &Arc<Header>, bytes: &[u8], position: (usize, usize)) {
        if header.mode.as_deref().is_some_and(|mode| mode != "managed") {
            return;
        }
        let start = self.batch.bytes.len();
        self.batch.bytes.extend_from_slice(bytes);
        self.batch.instances.push(Instance {
            header: header.clone(),
            range: start..self.batch.bytes.len(),
            position,
            order: self.order,
        });
        self.order += 1;
        if self.batch.bytes.len() >= BATCH {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let batch = std::mem::replace(
            &mut self.batch,
            Batch {
                bytes: Vec::with_capacity(BATCH + BATCH / 8),
                instances: Vec::new(),
            },
        );
        if !batch.instances.is_empty() {
            // That nobody takes it means that all other threads have ended, which they only do in the end.
            let _ = (self.send)(batch);
        }
    }
}

/// A text that is not empty; `null` and anything else is none.
fn text<R: Read>(reader: &mut Splitter<R>) -> Result<Option<String>, Stop> {
    let range = reader.value()?;
    Ok(serde_json::from_slice::<Value>(reader.bytes(&range))
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .filter(|text| !text.is_empty()))
}

impl Header {
    fn shared(mut self) -> Arc<Self> {
        provider_name(self.provider.as_deref(), self.kind.as_deref().unwrap_or_default()).clone_into(&mut self.name);
        Arc::new(self)
    }
}

impl Batch {
    fn count(self, tally: &mut Tally, counter: &mut Counter<'_, '_>, file: &Arc<str>) -> Result<(), Diagnostic> {
        // Judged once for all, which is faster than text by text.
        let text = std::str::from_utf8(&self.bytes).ok();
        for instance in &self.instances {
            let range = instance.range.clone();
            let counted = match text.and_then(|text| text.get(range.clone())) {
                Some(text) => instance.count(serde_json::Deserializer::from_str(text), text.as_bytes(), tally, counter),
                None => {
                    let bytes = &self.bytes[range];
                    instance.count(serde_json::Deserializer::from_slice(bytes), bytes, tally, counter)
                }
            };
            let (line, column) = instance.position;
            let at = |fault: Diagnostic| fault.at_labelled(Place::at(file, line, column), "its block begins here");
            match counted {
                Ok(()) => {}
                Err(Undecoded::Damaged) => tally.leave_out(instance.order, || {
                    at(LeftOut::warning(
                        "an instance is not a map of fields and is left out",
                        super::super::text::PULL,
                    ))
                }),
                Err(Undecoded::Syntax(error)) => {
                    let fault = Diagnostic::new(
                        Code::SyntaxError,
                        format!("an instance cannot be decoded: {}", crate::text::without_serde(&error)),
                    );
                    return Err(at(fault).help(super::super::text::PULL));
                }
            }
        }
        Ok(())
    }
}

impl Instance {
    fn count<'b, R: serde_json::de::Read<'b>>(
        &self,
        mut json: serde_json::Deserializer<R>,
        bytes: &[u8],
        tally: &mut Tally,
        counter: &mut Counter<'_, '_>,
    ) -> Result<(), Undecoded> {
        let name = self.header.kind.as_deref().unwrap_or_default();
        let kind = counter.kind(name);
        let decoded = Decode(&kind)
            .deserialize(&mut json)
            .and_then(|decoded| json.end().map(|()| decoded));
        // What serde_json quotes may be a secret; its line and column are those within the instance.
        let decoded = decoded.map_err(|error| {
            let shown = error.to_string();
            let reason = shown.split(" at line ").next().unwrap_or("it is broken");
            if error.is_data() {
                Undecoded::Damaged
            } else {
                Undecoded::Syntax(reason.to_owned())
            }
        })?;
        if decoded.is_deposed {
            return Ok(());
        }
        let provider = decoded.provider.as_deref().or(self.header.provider.as_deref());
        let other = match &decoded.provider {
            Some(own) => provider_name(Some(own), name),
            None => &self.header.name,
        };
        if !OWN_PROVIDERS.contains(&other) {
            *tally.others.entry((name.to_owned(), other.to_owned())).or_default() += 1;
            return Ok(());
        }
        let mut config = match (decoded.attributes, decoded.flat) {
            (Some(attributes), _) => attributes,
            (None, Some(flat)) => {
                let mut all = nested(flat);
                all.retain(|key, _| kind.wants(key));
                all
            }
            (None, None) => Map::new(),
        };
        config = secrets::unmarked(config, decoded.sensitive.as_ref());
        shapes::terraforms(name, &mut config);
        let none = Configured::default();
        let located = match config.get("id").and_then(Value::as_str) {
            // Whether the id is its own ARN or that of what it is about, all of its attributes tell.
            Some(id) if id.starts_with("arn:") && location::arn(name, &config) == Some(id) => Cow::Owned(all_attributes(bytes)),
            _ => Cow::Borrowed(&config),
        };
        let tags = if counter.wanted.has_tags() {
            secrets::open_tags(counter.wanted.tags(names::tags(&config)))
        } else {
            Vec::new()
        };
        let mut resource = ImportedResource {
            kind: kind.name.clone(),
            account: location::account(name, &located, decoded.identity.as_ref(), &none),
            region: location::region(name, &located, decoded.identity.as_ref(), &none),
            tags,
            ..ImportedResource::default()
        };
        // Without its ARN too little of it is read to tell it from another of the same id.
        let identity = location::arn(name, &located).map(|arn| identity(&[name, arn]));
        drop(located);
        resource.config = config;
        let provider = provider.unwrap_or_default();
        let made = Made {
            provider,
            order: self.order,
            identity,
        };
        if !kind.is_owner && kind.settings.is_empty() {
            counter.add_of(&kind, resource, made, tally);
            return Ok(());
        }
        // What a resource says of itself in another way.
        for (index, sibling, _) in &kind.settings {
            if sibling.owners.contains(&kind.terraforms.as_str()) {
                let values = sibling.values(&resource.config);
                for ((_, to, how), values) in SIBLINGS[*index].copies.iter().zip(values) {
                    siblings::apply(&mut resource.config, to, *how, values);
                }
            }
        }
        if kind
            .settings
            .iter()
            .any(|(_, sibling, _)| !sibling.owners.contains(&kind.terraforms.as_str()))
        {
            tally.settings.add(&kind, &resource, provider);
        }
        if kind.is_owner {
            tally.owners.add(&kind, resource, made, counter);
        } else {
            counter.add_of(&kind, resource, made, tally);
        }
        Ok(())
    }
}

/// Why an instance cannot be decoded.
enum Undecoded {
    /// It is no map of fields, or its attributes are none.
    Damaged,
    /// It is no JSON.
    Syntax(String),
}

/// An instance, as far as somebody looks at it.
#[derive(Default)]
struct Decoded {
    attributes: Option<Attributes>,
    flat: Option<Attributes>,
    sensitive: Option<Value>,
    provider: Option<String>,
    identity: Option<Value>,
    is_deposed: bool,
}

/// All attributes of an instance.
fn all_attributes(bytes: &[u8]) -> Attributes {
    match serde_json::from_slice::<Value>(bytes)
        .ok()
        .and_then(|mut instance| instance.get_mut("attributes").map(Value::take))
    {
        Some(Value::Object(attributes)) => attributes,
        _ => Attributes::new(),
    }
}

struct Decode<'k>(&'k Kind);

impl<'de> DeserializeSeed<'de> for Decode<'_> {
    type Value = Decoded;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Decoded, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Decode<'_> {
    type Value = Decoded;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instance")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Decoded, A::Error> {
        let mut decoded = Decoded::default();
        let fields = |name: &str| {
            [
                "attributes",
                "attributes_flat",
                "sensitive_attributes",
                "provider",
                "deposed",
                "identity",
            ]
            .iter()
            .position(|field| *field == name)
        };
        while let Some(field) = map.next_key_seed(Key(&fields))? {
            match field {
                Some(0) => decoded.attributes = map.next_value_seed(Chosen(self.0))?,
                Some(1) => {
                    decoded.flat = match map.next_value::<Value>()? {
                        Value::Object(flat) => Some(flat),
                        Value::Null => None,
                        _ => return Err(A::Error::custom("not a map")),
                    };
                }
                Some(2) => decoded.sensitive = Some(map.next_value()?),
                Some(3) => decoded.provider = map.next_value::<Value>()?.as_str().map(str::to_owned),
                Some(4) => decoded.is_deposed = map.next_value::<Value>()?.as_str().is_some_and(|key| !key.is_empty()),
                Some(5) => decoded.identity = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(decoded)
    }
}

/// A key, as the answer of whoever knows what it stands for.
struct Key<'k, F>(&'k F);

impl<'de, T, F: Fn(&str) -> T> DeserializeSeed<'de> for Key<'_, F> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: Fn(&str) -> T> Visitor<'_> for Key<'_, F> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E>(self, key: &str) -> Result<T, E> {
        Ok((self.0)(key))
    }
}

/// Those of the attributes that somebody looks at.
struct Chosen<'k>(&'k Kind);

impl<'de> DeserializeSeed<'de> for Chosen<'_> {
    type Value = Option<Attributes>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Chosen<'_> {
    type Value = Option<Attributes>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attributes")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut attributes = Attributes::with_capacity(self.0.usual());
        let chosen = |key: &str| self.0.wants(key).then(|| key.to_owned());
        while let Some(key) = map.next_key_seed(Key(&chosen))? {
            match key {
                Some(key) => {
                    attributes.insert(key, map.next_value()?);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Some(attributes))
    }
}
