//! An item of a long file, of which no more is decoded than somebody looks at.
//!
//! In: the text of an item as AWS Config writes it into snapshots and histories. Out: the resource, with those attributes that
//! are looked at where resources are counted, if it is one; nothing where the item is written in another way, is gone, or is none:
//! whoever decodes the whole of it tells what it is. Most of an item is looked at by nobody, and building it took most of an
//! import.

use super::super::Found;
use super::super::ImportedResource;
use super::super::json;
use super::super::sink::{Kind, Sink, Spellings};
use super::{NOT_RECORDED, recorded_at, tells};
use crate::catalog::predicate::Attributes;
use crate::catalog::provider::is_judgement;
use crate::source::secrets;
use crate::text::scan;
use serde::Deserialize;
use std::borrow::Cow;

/// The fields of an item that are looked at, each as its JSON.
#[derive(Default)]
struct Fields<'t> {
    account: Option<&'t str>,
    account_of_query: Option<&'t str>,
    region: Option<&'t str>,
    zone: Option<&'t str>,
    kind: Option<&'t str>,
    id: Option<&'t str>,
    arn: Option<&'t str>,
    arn_of_query: Option<&'t str>,
    status: Option<&'t str>,
    time: Option<&'t str>,
    deleted: Option<&'t str>,
    tags: Option<&'t str>,
    configuration: Option<&'t str>,
    supplementary: Option<&'t str>,
}

/// The settings of an item: keys, and their JSON.
type Settings<'t> = Vec<(&'t str, &'t str)>;

const CONFIGURATION: &str = "configuration";
const SUPPLEMENTARY: &str = "supplementaryConfiguration";

impl<'t> Fields<'t> {
    /// The place of a field; none where nobody looks at it.
    ///
    /// # Errors
    /// That the item is spelt in another way.
    fn place(&mut self, key: &str) -> Result<Option<&mut Option<&'t str>>, ()> {
        Ok(Some(match key {
            "awsAccountId" => &mut self.account,
            "accountId" => &mut self.account_of_query,
            "awsRegion" => &mut self.region,
            "availabilityZone" => &mut self.zone,
            "resourceType" => &mut self.kind,
            "resourceId" => &mut self.id,
            "ARN" => &mut self.arn,
            "arn" => &mut self.arn_of_query,
            "configurationItemStatus" => &mut self.status,
            "configurationItemCaptureTime" => &mut self.time,
            "resourceDeletionTime" => &mut self.deleted,
            "tags" => &mut self.tags,
            CONFIGURATION => &mut self.configuration,
            SUPPLEMENTARY => &mut self.supplementary,
            _ if is_spelt_otherwise(key) => return Err(()),
            _ => return Ok(None),
        }))
    }
}

/// Whether a key is one of those that other answers have in the place of an item's own.
fn is_spelt_otherwise(key: &str) -> bool {
    let is_capital = key.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    is_capital || matches!(key, "sourceAccountId" | "sourceRegion") || key.contains('.')
}

/// Takes in an item, if it is written as most are.
pub(super) fn take(text: &str, order: u64, sink: &mut Sink<'_>) -> bool {
    match found(text, sink) {
        Some(Part::There(found)) => sink.add(*found, order),
        Some(Part::Nothing) => {}
        None => return false,
    }
    true
}

/// What an item tells.
enum Part {
    /// A resource.
    There(Box<Found>),
    /// No more than how rules judge one.
    Nothing,
}

/// What a query selected.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "QueryInfo")]
    query: Query,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    select_fields: Vec<Selected>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Selected {
    name: String,
}

/// Whether a file is answers to queries each of which selected all settings.
pub(super) fn selects_whole(bytes: &[u8]) -> bool {
    let is_whole = |answer: &Answer| {
        answer
            .query
            .select_fields
            .iter()
            .any(|field| field.name.eq_ignore_ascii_case(CONFIGURATION))
    };
    let mut answers = serde_json::Deserializer::from_slice(bytes).into_iter::<Answer>().peekable();
    answers.peek().is_some() && answers.all(|answer| answer.is_ok_and(|answer| is_whole(&answer)))
}

fn found(text: &str, sink: &mut Sink<'_>) -> Option<Part> {
    let mut fields = Fields::default();
    let mut settings: Settings<'_> = Vec::with_capacity(48);
    let mut supplementary: Settings<'_> = Vec::new();
    scan::fields_within(
        text,
        |key| key == CONFIGURATION || key == SUPPLEMENTARY,
        |within, key, value| match within {
            Some(CONFIGURATION) => {
                settings.push((key, value));
                true
            }
            Some(_) => {
                supplementary.push((key, value));
                true
            }
            None => match fields.place(key) {
                Ok(Some(place)) => place.replace(value).is_none(),
                Ok(None) => true,
                Err(()) => false,
            },
        },
    )?;
    let kind = stated(fields.kind)?.filter(|kind| !kind.is_empty())?;
    let is_gone =
        stated(fields.status)?.is_some_and(|status| status.contains("Deleted")) || fields.deleted.is_some_and(|time| time != "null");
    let is_recorded = stated(fields.status)?.is_none_or(|status| status != NOT_RECORDED);
    // Nor is what a query made of an item read here.
    if is_gone || !is_recorded || (fields.status.is_none() && fields.time.is_none()) {
        return None;
    }
    if is_judgement(kind) {
        return Some(Part::Nothing);
    }
    let account = first(stated(fields.account)?, stated(fields.account_of_query)?);
    let arn = first(stated(fields.arn)?, stated(fields.arn_of_query)?);
    let (region, zone, id) = (told(stated(fields.region)?), told(stated(fields.zone)?), told(stated(fields.id)?));
    if arn.is_none() && id.is_some_and(|id| json::arn_fields(id).is_some()) {
        return None;
    }
    let (identity, recorded) = id
        .zip(told(stated(fields.time)?))
        .and_then(|(id, time)| recorded_at([account.unwrap_or_default(), region.unwrap_or_default(), kind, id], time))
        .unzip();
    let kind = sink.kind(kind);
    let mut has_settings = !settings.is_empty() || !supplementary.is_empty();
    let mut config = match fields.configuration {
        Some(text) if text.starts_with('"') => {
            let inner: String = serde_json::from_str(text).ok()?;
            let mut settings = Settings::new();
            if inner.trim_start().starts_with('{') {
                scan::fields(&inner, |key, value| {
                    settings.push((key, value));
                    true
                })?;
            }
            has_settings |= !settings.is_empty();
            attributes(&kind, &settings, &supplementary, sink.spellings())?
        }
        _ => attributes(&kind, &settings, &supplementary, sink.spellings())?,
    };
    secrets::clear(&kind.name, &mut config);
    let tags = match fields.tags.filter(|_| sink.looks_at_tags()) {
        Some(tags) => json::tags(Some(&serde_json::from_str(tags).ok()?)),
        None => Vec::new(),
    };
    let (account, region) = json::whereabouts(arn, account, region, zone);
    let resource = ImportedResource {
        id: id.map(str::to_owned),
        account,
        region,
        tags,
        config,
        kind: kind.name.clone(),
        arn: arn.map(str::to_owned),
        ..ImportedResource::default()
    };
    let called = arn.into_iter().chain(id).map(str::to_owned).collect();
    Some(Part::There(Box::new(Found {
        called,
        identity,
        recorded,
        tells: tells(has_settings, told(stated(fields.status)?).is_some()),
        ..Found::alone(resource)
    })))
}

/// What a field says, if it is a text; nothing where it has escapes, so that it is not what it says.
fn stated(field: Option<&str>) -> Option<Option<&str>> {
    let Some(inner) = field.and_then(|field| field.strip_prefix('"')) else {
        return Some(None);
    };
    let inner = inner.strip_suffix('"')?;
    (!inner.contains('\\')).then(|| Some(inner.trim()))
}

fn told(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// What the first of two fields says that is a text.
fn first<'t>(one: Option<&'t str>, other: Option<&'t str>) -> Option<&'t str> {
    told(one.or(other))
}

/// The attributes that are looked at; nothing where one is said twice, of which only the whole tells which counts.
fn attributes(kind: &Kind, settings: &[(&str, &str)], more: &[(&str, &str)], spellings: &mut Spellings) -> Option<Attributes> {
    let mut attributes = Attributes::with_capacity(kind.usual());
    let mut add = |key: &str, value: &str, spellings: &mut Spellings| {
        let Some(name) = spellings.wanted(kind, key) else { return Some(()) };
        let value = spellings.decoded(value)?;
        attributes.insert(name, value).is_none().then_some(())
    };
    for (key, value) in settings {
        add(key, value, spellings)?;
    }
    for (key, value) in more {
        if settings.iter().all(|(known, _)| known != key) {
            add(key, &inner(value)?, spellings)?;
        }
    }
    Some(attributes)
}

/// A text that is JSON stands for what it says.
fn inner(value: &str) -> Option<Cow<'_, str>> {
    if !value.starts_with('"') {
        return Some(Cow::Borrowed(value));
    }
    let text: String = serde_json::from_str(value).ok()?;
    let is_json = text == "true" || text == "false" || text.trim_start().starts_with(['{', '[']);
    // What only looks so stays a text.
    let is_json = is_json && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
    Some(if is_json { Cow::Owned(text) } else { Cow::Borrowed(value) })
}
