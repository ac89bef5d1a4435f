//! `Fn::ForEach`: what a template makes for each item of a list, or for each key of a map.
//!
//! In: the resources of a template, or any other map in it. Out: the same with all loops unrolled whose items the template
//! settles, and the names of the others, each of which is run once. What goes beyond a limit is told by the budget.

use super::budget::size;
use super::functions::as_text;
use super::template::Template;
use crate::limits::TEMPLATE_LOOPS as DEPTH;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What is found by its key: resources by their logical ids.
type Entries = Vec<(String, Value)>;

/// Whether a key is a loop's.
pub(super) fn is_loop(key: &str) -> bool {
    key.starts_with("Fn::ForEach::")
}

/// Whether a map has a loop in it.
pub(super) fn is_in(map: &Map<String, Value>) -> bool {
    map.keys().any(|key| is_loop(key))
}

/// The resources of all loops, and the names of loops whose lists are not known.
pub(super) fn expanded(resources: Map<String, Value>, template: &Template<'_>) -> (Entries, Vec<String>) {
    let (mut found, mut unknown) = (Vec::new(), Unknown::default());
    unroll(resources, template, &mut found, &mut unknown, 0);
    (found, unknown.names)
}

/// A map with what its loops make. A loop whose items are not known keeps its key.
pub(super) fn in_map(map: Map<String, Value>, template: &Template<'_>) -> Map<String, Value> {
    if !is_in(&map) {
        return map;
    }
    let (mut found, mut unknown) = (
        Vec::new(),
        Unknown {
            keeps: true,
            ..Unknown::default()
        },
    );
    unroll(map, template, &mut found, &mut unknown, 0);
    let mut made: Map<String, Value> = found.into_iter().collect();
    let left = unknown.names.into_iter().chain(unknown.beyond);
    made.extend(left.map(|name| (name, Value::Null)));
    made
}

fn unroll(map: Map<String, Value>, template: &Template<'_>, found: &mut Entries, unknown: &mut Unknown, depth: usize) {
    for (id, value) in map {
        if !is_loop(&id) {
            found.push((id, value));
            continue;
        }
        let Some(Loop {
            variable,
            items,
            is_settled,
            body,
        }) = parts(value, template, unknown.keeps)
        else {
            unknown.note(id);
            continue;
        };
        let items = match items {
            Some(items) => items,
            None => {
                unknown.note(id.clone());
                if unknown.keeps { Vec::new() } else { vec!["*".to_owned()] }
            }
        };
        for item in items {
            if depth >= DEPTH || !template.stacks.budget.makes() {
                unknown.goes_beyond(id.clone(), template);
                break;
            }
            // Each mention of the variable may become as long as the item.
            let length = body.iter().map(|(key, value)| key.len() + size(value)).sum::<usize>();
            let mentions = body
                .iter()
                .map(|(key, value)| mentions(key, &variable) + mentions_in(value, &variable))
                .sum::<usize>();
            if !template
                .stacks
                .budget
                .spend(length.saturating_add(mentions.saturating_mul(item.len())))
            {
                unknown.goes_beyond(id.clone(), template);
                break;
            }
            let as_item = Item {
                variable: &variable,
                item: &item,
                template,
            };
            let made: Map<String, Value> = body
                .iter()
                .map(|(key, value)| {
                    let value = if is_settled {
                        replaced(value.clone(), &variable, &item)
                    } else {
                        as_item.entry(key, value.clone())
                    };
                    (put_in(key, &variable, &item), value)
                })
                .collect();
            unroll(made, template, found, unknown, depth + 1);
        }
    }
}

/// The names of loops that are not known, each once and in the order in which they were found.
#[derive(Default)]
struct Unknown {
    /// Whether such a loop stays, as what may make anything.
    keeps: bool,
    names: Vec<String>,
    /// Those whose items are known, and more than a limit takes.
    beyond: Vec<String>,
    noted: BTreeSet<String>,
}

impl Unknown {
    fn note(&mut self, id: String) {
        if self.noted.insert(id.clone()) {
            self.names.push(id);
        }
    }

    fn goes_beyond(&mut self, id: String, template: &Template<'_>) {
        if self.noted.insert(id.clone()) {
            template.stacks.budget.loop_beyond(format!("{}{id}", template.within));
            self.beyond.push(id);
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

/// The parts of a loop.
struct Loop {
    variable: String,
    /// Its items, if they are known.
    items: Option<Vec<String>>,
    /// Whether they are that whatever is given, and no default of a parameter.
    is_settled: bool,
    /// What it makes for each.
    body: Map<String, Value>,
}

/// The parts of a loop. `is_judged`: what it makes is looked at and not counted, so that no default tells its items.
fn parts(value: Value, template: &Template<'_>, is_judged: bool) -> Option<Loop> {
    let Value::Array(parts) = value else { return None };
    let [Value::String(variable), list, Value::Object(body)] = <[Value; 3]>::try_from(parts).ok()? else {
        return None;
    };
    let texts = |list: Value| match list {
        // Items that are not known are no texts.
        Value::Array(items) => items.iter().map(as_text).collect::<Option<Vec<String>>>(),
        Value::Object(map) => Some(map.into_iter().map(|(key, _)| key).collect()),
        _ => None,
    };
    let settled = template.copied(&list).and_then(|list| template.settled(list)).and_then(texts);
    let is_settled = settled.is_some() || is_judged;
    let items = settled.or_else(|| {
        let counted = (!is_judged).then(|| template.counting(|| template.settled(list)));
        counted.flatten().and_then(texts)
    });
    Some(Loop {
        variable,
        is_settled: is_settled || items.is_none(),
        items,
        body,
    })
}

/// An item of a loop whose list hangs on a default: its resources are counted, and what they say of it is not known.
struct Item<'i, 't> {
    variable: &'i str,
    item: &'i str,
    template: &'i Template<'t>,
}

impl Item<'_, '_> {
    /// A resource, or a loop within.
    fn entry(&self, key: &str, value: Value) -> Value {
        match value {
            Value::Array(parts) if is_loop(key) => match <[Value; 3]>::try_from(parts) {
                Ok([variable, list, Value::Object(body)]) => {
                    let body = body
                        .into_iter()
                        .map(|(key, value)| (put_in(&key, self.variable, self.item), self.entry(&key, value)));
                    Value::Array(vec![variable, self.value(list), Value::Object(body.collect())])
                }
                _ => Value::Null,
            },
            Value::Object(resource) => {
                let field = |(key, value): (String, Value)| {
                    let value = match key.as_str() {
                        "Type" | "Condition" | "DependsOn" => replaced(value, self.variable, self.item),
                        _ => self.value(value),
                    };
                    (key, value)
                };
                Value::Object(resource.into_iter().map(field).collect())
            }
            other => other,
        }
    }

    /// The name that stands for the item: a parameter whose default it is.
    fn name(&self) -> String {
        let name = format!("{}={}", self.variable, self.item);
        let mut items = self.template.items.borrow_mut();
        items.entry(name.clone()).or_insert_with(|| self.item.into());
        name
    }

    /// What a name of a resource comes to: that is what the loop makes of the same item. A parameter's is not known.
    fn named(&self, name: &str) -> Value {
        let name = put_in(name, self.variable, self.item);
        if self.template.parameters.names.contains(&name) {
            Value::Null
        } else {
            name.into()
        }
    }

    fn value(&self, value: Value) -> Value {
        let variable = format!("${{{}}}", self.variable);
        match value {
            Value::String(text) if text.contains(&format!("&{{{}}}", self.variable)) => unknown(),
            Value::String(text) if text.contains(&variable) => {
                let mut parts: Vec<Value> = Vec::new();
                for (at, part) in text.split(&variable).enumerate() {
                    if at > 0 {
                        parts.push(serde_json::json!({"Ref": self.name()}));
                    }
                    parts.push(part.into());
                }
                serde_json::json!({"Fn::Join": ["", parts]})
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => {
                let field = |(key, value): (String, Value)| {
                    let value = match (key.as_str(), value) {
                        ("Ref", Value::String(name)) if name == self.variable => self.name().into(),
                        ("Ref" | "Fn::GetAtt" | "Condition", Value::String(name)) => self.named(&name),
                        ("Fn::GetAtt", path) => replaced(path, self.variable, self.item),
                        ("Fn::Sub", Value::String(text)) => text.replace(&variable, &format!("${{{}}}", self.name())).into(),
                        ("Fn::Sub", Value::Array(mut parts)) => {
                            if let Some(Value::String(text)) = parts.first_mut() {
                                *text = text.replace(&variable, &format!("${{{}}}", self.name()));
                            }
                            parts
                                .into_iter()
                                .enumerate()
                                .map(|(at, part)| if at == 0 { part } else { self.value(part) })
                                .collect()
                        }
                        (_, value) => self.value(value),
                    };
                    (put_in(&key, self.variable, self.item), value)
                };
                Value::Object(map.into_iter().map(field).collect())
            }
            other => other,
        }
    }
}

/// A function that nothing settles.
fn unknown() -> Value {
    serde_json::json!({"Ref": ""})
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
