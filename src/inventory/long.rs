//! An inventory with a long list of resources, decoded batch by batch.
//!
//! In: the text of an inventory file. Out: what it says, where all is right with it, in a fraction of the memory that a tree of
//! all of it takes and by several threads where there are some. Where anything is wrong, or laid out in another way than can be
//! cut, nothing: the whole is decoded then, and what is wrong is told by that.

mod fields;
mod json;

use super::blank;
use super::file::{InventoryFile, ResourceFile};
use super::shared::Shared;
use crate::diagnostics::{Items, Layout, Listed, Part};
use crate::source::Watch;
use crate::text::cut::{self, Batch, Cut};
use crate::{limits, text, threads};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The key of the list.
const LIST: &str = "resources";

/// What is shorter is decoded as a whole.
pub(super) const LONG: usize = 512 * 1024;

/// Decodes a text that is longer than so many bytes; beside it how it is laid out, where places are looked for.
pub(super) fn read(text: &str, file: &Arc<str>, longer_than: usize, watch: Option<Watch<'_>>) -> Option<(InventoryFile, Layout)> {
    if text.len() <= longer_than {
        return None;
    }
    let done = AtomicU64::new(0);
    let progress = |bytes: usize| {
        if let Some(watch) = watch {
            let bytes = bytes as u64;
            watch(file, done.fetch_add(bytes, Ordering::Relaxed) + bytes, Some(text.len() as u64));
        }
    };
    if text.trim_start().starts_with(['{', '[']) {
        of_json(text, &progress)
    } else {
        of_yaml(text, file, &progress)
    }
}

fn of_json(text: &str, progress: &(dyn Fn(usize) + Sync)) -> Option<(InventoryFile, Layout)> {
    let listed = json::read(text, progress)?;
    let decoded = |(key, value): (&str, &str)| Some((key.to_owned(), one(value)?));
    let rest: Option<Map<String, Value>> = listed.around.into_iter().map(decoded).collect();
    let mut inventory = whole(Value::Object(rest?))?;
    inventory.resources = listed.resources;
    Some((
        inventory,
        Layout::Items(Items {
            list: listed.list,
            begins: listed.begins,
        }),
    ))
}

fn of_yaml(text: &str, file: &Arc<str>, progress: &(dyn Fn(usize) + Sync)) -> Option<(InventoryFile, Layout)> {
    let cut = cut::yaml(text, LIST)?;
    let mut inventory = whole(Value::Object(around(&cut, file)?))?;
    let layout = listed(text, &cut)?;
    let is_wrong = AtomicBool::new(false);
    let decoded = threads::each_with(cut.batches, Shared::default, |shared, batch| {
        if is_wrong.load(Ordering::Relaxed) {
            return None;
        }
        let decoded = of_batch(&batch, file, shared);
        is_wrong.fetch_or(decoded.is_none(), Ordering::Relaxed);
        progress(batch.items.len());
        decoded
    });
    let decoded: Vec<Decoded> = decoded.into_iter().collect::<Option<_>>()?;
    if decoded.iter().map(|(_, values)| values).sum::<usize>() > limits::VALUES {
        return None;
    }
    inventory.resources = decoded.into_iter().flat_map(|(resources, _)| resources).collect();
    Some((inventory, Layout::Batches(layout)))
}

/// What a tree without its list says.
fn whole(tree: Value) -> Option<InventoryFile> {
    let is_odd = tree.get("inventory").is_none() || tree.get(LIST).is_some() || !blank::faults(&tree, &Arc::default()).is_empty();
    if is_odd { None } else { InventoryFile::deserialize(&tree).ok() }
}

/// The fields above and below the list in YAML.
fn around(cut: &Cut<'_>, file: &Arc<str>) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    let is_nothing = |line: &str| line.trim_start().is_empty() || line.trim_start().starts_with('#');
    for text in cut.around.iter().filter(|text| !text.lines().all(is_nothing)) {
        let tree = text::yaml(text, file, false).ok().filter(|tree| tree.faults.is_empty())?;
        match tree.value {
            Value::Object(more) if more.keys().all(|key| !fields.contains_key(key)) => fields.extend(more),
            _ => return None,
        }
    }
    Some(fields)
}

/// A value in JSON without keys that stand twice.
fn one(text: &str) -> Option<Value> {
    let (value, repeated) = text::json_value(&mut serde_json::Deserializer::from_str(text), false);
    value.ok().filter(|_| repeated.is_empty())
}

/// How many values a tree has, keys included, as they count where all of a text is decoded at once.
fn count(tree: &Value) -> usize {
    match tree {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(|value| 1 + count(value)).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

/// The resources of a batch, and how many values they have.
type Decoded = (Vec<Arc<ResourceFile>>, usize);

fn of_batch(batch: &Batch<'_>, file: &Arc<str>, shared: &mut Shared) -> Option<Decoded> {
    // Below its key, as in the whole, things lie as deep as there.
    let text = format!("{LIST}:\n{}", batch.items);
    let tree = text::yaml(&text, file, false).ok().filter(|tree| tree.faults.is_empty())?;
    let values = count(&tree.value);
    let Value::Object(mut fields) = tree.value else { return None };
    let Some(Value::Array(items)) = fields.shift_remove(LIST) else {
        return None;
    };
    let resources: Vec<_> = items.into_iter().map(|item| resource(item, shared)).collect::<Option<_>>()?;
    (resources.len() == batch.count).then_some((resources, values))
}

/// One resource, if nothing is wrong in it. Where it stands tells only what is wrong.
fn resource(value: Value, shared: &mut Shared) -> Option<Arc<ResourceFile>> {
    if !blank::faults(&value, &Arc::default()).is_empty() {
        return None;
    }
    let mut resource: ResourceFile = serde_json::from_value(value).ok()?;
    resource.config = shared.share(resource.config);
    resource.tags = shared.share_written_tags(resource.tags);
    Some(Arc::new(resource))
}

/// Where a part of a text lies.
fn range(text: &str, part: &str) -> Option<Range<usize>> {
    let begin = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Some(begin..begin + part.len())
}

/// Where everything lies in YAML.
fn listed(text: &str, cut: &Cut<'_>) -> Option<Listed> {
    let range = |part: &str| range(text, part);
    let mut around = Vec::new();
    for part in cut.around {
        let bytes = range(part)?;
        let lines = memchr::memchr_iter(b'\n', text.as_bytes().get(..bytes.start)?).count();
        around.push(Part { bytes, lines, first: 0 });
    }
    let batch = |batch: &Batch<'_>| {
        Some(Part {
            bytes: range(batch.items)?,
            lines: batch.lines,
            first: batch.first,
        })
    };
    Some(Listed {
        key: LIST.into(),
        around,
        batches: cut.batches.iter().map(batch).collect::<Option<_>>()?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diagnostics::{Place, SourceMap, route};

    const HEAD: &str = "# what\ninventory: 1\ntitle: |\n  resources:\n  - a\norganization: x\n";
    const ITEMS: &str = "- service: rds\n  config: {a: 1,\n    b: [x, y]}\n  tags:\n    k: v\n# between\n- {service: s3, name: \"a\n    - b\"}\n-   service: ec2\n    name: >-\n      one\n      - two\n\n- {type: aws_x, count: 2}\n";
    const TAIL: &str = "accounts:\n  \"111122223333\": {name: a}\n";

    fn file() -> Arc<str> {
        "i.yaml".into()
    }

    fn decoded_whole(text: &str) -> InventoryFile {
        let tree = text::decode(text, &file()).unwrap();
        assert!(tree.faults.is_empty());
        InventoryFile::deserialize(&tree.value).unwrap()
    }

    #[test]
    fn a_text_says_the_same_cut_and_whole() {
        let texts = ["", "  "].map(|indent| {
            let items: String = ITEMS.lines().map(|line| format!("{indent}{line}\n")).collect();
            format!("{HEAD}resources:\n{items}{TAIL}")
        });
        let last = format!("{HEAD}resources:\n{ITEMS}# end\n");
        let long = format!("{HEAD}resources:\n{}{TAIL}", ITEMS.repeat(3000));
        let many = serde_json::to_string_pretty(&text::decode(&long, &file()).unwrap().value).unwrap();
        for text in texts
            .iter()
            .map(String::as_str)
            .chain([long.as_str(), many.as_str(), last.as_str()])
        {
            let (cut, layout) = read(text, &file(), 0, None).unwrap();
            assert_eq!(format!("{cut:?}"), format!("{:?}", decoded_whole(text)));
            assert_eq!(matches!(layout, Layout::Items(_)), text.starts_with('{'));
        }
    }

    #[test]
    fn places_are_the_same_cut_and_whole() {
        let yaml = format!("{HEAD}resources:\n{}{TAIL}", ITEMS.repeat(3000));
        let tree = text::decode(&yaml, &file()).unwrap().value;
        let json = [serde_json::to_string_pretty(&tree).unwrap(), serde_json::to_string(&tree).unwrap()];
        // Other letters, brackets and escapes in texts, before the list and in it.
        let json = json.map(|json| json.replace("\"x\"", "\"ä}]\\n{[\\\" ü\""));
        for text in [yaml].into_iter().chain(json) {
            are_the_same_cut_and_whole(&text.into());
        }
    }

    fn are_the_same_cut_and_whole(text: &Arc<str>) {
        let (mut whole, mut cut) = (SourceMap::default(), SourceMap::default());
        whole.insert(file(), text.clone());
        cut.insert(file(), text.clone());
        cut.lay_out(&file(), read(text, &file(), 0, None).unwrap().1);
        let mut places: Vec<Place> = (0..12_000)
            .step_by(7)
            .map(|index| Place::value(&file(), route(["resources".into(), index.into()])))
            .collect();
        places.extend(
            (0..12_000)
                .step_by(501)
                .map(|index| Place::key(&file(), route(["resources".into(), index.into(), "name".into()]))),
        );
        places.push(Place::value(
            &file(),
            route(["accounts".into(), "111122223333".into(), "name".into()]),
        ));
        places.push(Place::value(&file(), route(["organization".into()])));
        places.push(Place::value(&file(), route(["resources".into()])));
        places.push(Place::value(&file(), route(["resources".into(), 20_000.into()])));
        // Some are asked for alone first, as a report asks for its own before what is told: also where nothing of the list is.
        for places in [&places[places.len() - 3..], &places[..1], &places[..900], &places[..]] {
            let (whole, cut) = (whole.positions(places), cut.positions(places));
            for place in places {
                assert_eq!(cut.show(place), whole.show(place));
            }
        }
    }

    #[test]
    fn what_is_wrong_or_laid_out_otherwise_is_left_to_the_whole() {
        for text in [
            format!("{HEAD}resources:\n- service: rds\n  service: s3\n"),
            format!("{HEAD}resources:\n- service: [rds]\n"),
            format!("{HEAD}resources:\n- {{service: rds, name: \"a\n- b\"}}\n"),
            format!("{HEAD}resources:\n- service: rds\n  name: \" \"\n"),
            format!("{HEAD}{HEAD}resources:\n- service: rds\n"),
            format!("{HEAD}resources:\n- service: rds\nresources:\n- service: s3\n"),
            "inventory: 1\ntitle: \"x\nresources:\n- service: rds\ny\"\n".to_owned(),
            "resources:\n- service: rds\n".to_owned(),
            "{\"inventory\": 1, \"resources\": [{\"service\": \"s3\", \"service\": \"rds\"}]}".to_owned(),
        ] {
            assert!(read(&text, &file(), 0, None).is_none(), "{text}");
        }
        assert!(read(&format!("{HEAD}resources:\n{ITEMS}"), &file(), LONG, None).is_none());
    }
}
