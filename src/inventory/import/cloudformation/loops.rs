//! `Fn::ForEach`: resources that a template makes for each item of a list.
//!
//! In: the resources of a template. Out: the same with all loops unrolled whose lists the template settles, and the names
//! of the others, each of which is run once.

use super::budget::size;
use super::functions::Template;
use crate::limits::{TEMPLATE_LOOPS as DEPTH, TEMPLATE_RESOURCES as MOST};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Resources by their logical ids.
type Resources = Vec<(String, Value)>;

/// The resources of all loops, and the names of loops whose lists are not known.
pub(super) fn expanded(resources: Map<String, Value>, template: &Template) -> (Resources, Vec<String>) {
    let (mut found, mut unknown) = (Vec::new(), Unknown::default());
    unroll(resources, template, &mut found, &mut unknown, 0);
    (found, unknown.names)
}

fn unroll(resources: Map<String, Value>, template: &Template, found: &mut Resources, unknown: &mut Unknown, depth: usize) {
    for (id, resource) in resources {
        if !id.starts_with("Fn::ForEach::") {
            found.push((id, resource));
            continue;
        }
        let Some((variable, items, body)) = parts(resource, template) else {
            unknown.note(id);
            continue;
        };
        let items = items.unwrap_or_else(|| {
            unknown.note(id.clone());
            vec!["*".to_owned()]
        });
        for item in items {
            if depth >= DEPTH || found.len() >= MOST {
                unknown.note(id.clone());
                break;
            }
            // Each mention of the variable may become as long as the item.
            let length = body.iter().map(|(key, value)| key.len() + size(value)).sum::<usize>();
            let mentions = body
                .iter()
                .map(|(key, value)| mentions(key, &variable) + mentions_in(value, &variable))
                .sum::<usize>();
            if !template.budget.spend(length.saturating_add(mentions.saturating_mul(item.len()))) {
                unknown.note(id.clone());
                break;
            }
            let made: Map<String, Value> = body
                .iter()
                .map(|(key, value)| (put_in(key, &variable, &item), replaced(value.clone(), &variable, &item)))
                .collect();
            unroll(made, template, found, unknown, depth + 1);
        }
    }
}

/// The names of loops that are not known, each once and in the order in which they were found.
#[derive(Default)]
struct Unknown {
    names: Vec<String>,
    noted: BTreeSet<String>,
}

impl Unknown {
    fn note(&mut self, id: String) {
        if self.noted.insert(id.clone()) {
            self.names.push(id);
        }
    }
}

/// How often a text may name the variable.
fn mentions(text: &str, variable: &str) -> usize {
    text.matches(&format!("{{{variable}}}")).count()
}

fn mentions_in(value: &Value, variable: &str) -> usize {
    match value {
        Value::String(text) => mentions(text, variable) + usize::from(text == variable),
        Value::Array(items) => items.iter().map(|item| mentions_in(item, variable)).sum(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| mentions(key, variable) + mentions_in(value, variable))
            .sum(),
        _ => 0,
    }
}

/// A loop's variable, its items if they are known, and what it makes for each.
type Loop = (String, Option<Vec<String>>, Map<String, Value>);

/// The parts of a loop: its variable, its items if they are known, and what it makes for each.
fn parts(value: Value, template: &Template) -> Option<Loop> {
    let Value::Array(parts) = value else { return None };
    let [Value::String(variable), list, Value::Object(body)] = <[Value; 3]>::try_from(parts).ok()? else {
        return None;
    };
    let whole = match &list {
        Value::Array(items) => Some(items.len()),
        _ => None,
    };
    let items = template.settled(list).and_then(|list| {
        let items = list.as_array()?;
        let texts: Vec<String> = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
        (texts.len() == whole.unwrap_or(items.len())).then_some(texts)
    });
    Some((variable, items, body))
}

/// A name with the item in the place of `${Variable}`, or without what is no letter or digit for `&{Variable}`.
fn put_in(text: &str, variable: &str, item: &str) -> String {
    let letters: String = item.chars().filter(char::is_ascii_alphanumeric).collect();
    text.replace(&format!("${{{variable}}}"), item)
        .replace(&format!("&{{{variable}}}"), &letters)
}

fn replaced(value: Value, variable: &str, item: &str) -> Value {
    match value {
        Value::String(text) => put_in(&text, variable, item).into(),
        Value::Array(items) => items.into_iter().map(|one| replaced(one, variable, item)).collect(),
        Value::Object(map) => {
            if map.len() == 1 && map.get("Ref").is_some_and(|name| *name == variable) {
                return item.into();
            }
            Value::Object(
                map.into_iter()
                    .map(|(key, value)| (put_in(&key, variable, item), replaced(value, variable, item)))
                    .collect(),
            )
        }
        other => other,
    }
}
