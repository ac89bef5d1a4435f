//! What `terraform show -json` prints of a state or of a plan.
//!
//! In: its root. Out: the same resources as blocks of version 4: of a state its values, of a plan what will be there
//! once it is applied, what stays there though Terraform forgets it, and, to be heard and not counted, what was there of
//! each that it removes or changes. What is marked as sensitive is taken out here.

use super::header::{DATA, GONE};
use super::plan;
use super::providers::Providers;
use crate::catalog::attributes::open::open;
use crate::catalog::mirrors;
use crate::source::secrets;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Whether the root is what `terraform show -json` prints.
pub(super) fn is_shown(root: &Map<String, Value>) -> bool {
    !root.contains_key("version")
        && ["planned_values", "values", "format_version"]
            .iter()
            .any(|key| root.contains_key(*key))
}

/// The root of a state of version 4 with the same resources.
pub(super) fn as_state(mut root: Map<String, Value>) -> Map<String, Value> {
    let providers = Providers::of(&root);
    let changes = changes(&root);
    let forgotten: Vec<Value> = plan::forgotten(&root).cloned().collect();
    let undone: Vec<Value> = plan::undone(&root).cloned().collect();
    let mut values = root.remove("planned_values").or_else(|| root.remove("values")).unwrap_or_default();
    let mut blocks = Vec::new();
    each(&mut values, |resource, address| {
        blocks.extend(block(resource, address, &providers, &changes, false));
    });
    // What data sources read stands beside what a plan makes.
    if let Some(read) = root.get_mut("prior_state").and_then(|state| state.get_mut("values")) {
        each(read, |resource, address| {
            if resource.get("mode").is_some_and(|mode| mode == DATA) {
                blocks.extend(block(resource, address, &providers, &BTreeMap::new(), false));
            }
        });
    }
    let stays = forgotten.into_iter().map(|change| (change, false));
    let goes = undone.into_iter().map(|change| (change, true));
    blocks.extend(stays.chain(goes).filter_map(|(change, is_gone)| {
        let module = change.get("module_address").cloned().unwrap_or_default();
        block(as_it_was(change), &module, &providers, &BTreeMap::new(), is_gone)
    }));
    Map::from_iter([("resources".to_owned(), Value::Array(blocks))])
}

/// Hands over each resource of some values, with the address of its module.
fn each(values: &mut Value, mut take: impl FnMut(Value, &Value)) {
    // A list of modules still to be looked at, since they may be nested deeper than a stack is.
    let mut modules: Vec<Value> = values.get_mut("root_module").map(Value::take).into_iter().collect();
    while let Some(mut module) = modules.pop() {
        if let Some(Value::Array(resources)) = module.get_mut("resources").map(Value::take) {
            let address = module.get("address").cloned().unwrap_or_default();
            resources.into_iter().for_each(|resource| take(resource, &address));
        }
        if let Some(Value::Array(inner)) = module.get_mut("child_modules").map(Value::take) {
            modules.extend(inner.into_iter().rev());
        }
    }
}

/// What a change does away with or forgets, as a resource among values.
fn as_it_was(mut change: Value) -> Value {
    let mut was = change.get_mut("change").map(Value::take).unwrap_or_default();
    let mut take = |key: &str| was.get_mut(key).map(Value::take).unwrap_or_default();
    let (values, sensitive, identity) = (take("before"), take("before_sensitive"), take("before_identity"));
    if let Value::Object(resource) = &mut change {
        // What it was deposed from is no reason to leave it out here.
        resource.shift_remove("deposed");
        resource.insert("values".to_owned(), values);
        resource.insert("sensitive_values".to_owned(), sensitive);
        resource.insert("identity".to_owned(), identity);
    }
    change
}

/// What a plan does, by address.
fn changes(root: &Map<String, Value>) -> BTreeMap<String, Value> {
    let changes = root.get("resource_changes").and_then(Value::as_array);
    changes
        .into_iter()
        .flatten()
        .filter(|change| change.get("deposed").is_none())
        .filter_map(|change| Some((change.get("address")?.as_str()?.to_owned(), change.get("change")?.clone())))
        .collect()
}

fn block(mut resource: Value, module: &Value, providers: &Providers, changes: &BTreeMap<String, Value>, is_gone: bool) -> Option<Value> {
    if !resource.is_object() {
        return Some(resource);
    }
    let address = resource.get("address").and_then(Value::as_str).unwrap_or_default();
    // What a plan says of an address it says of what is there now, and of no object that was replaced and is still there.
    let deposed = resource.get("deposed_key").filter(|key| !key.is_null()).cloned();
    let change = changes.get(address).filter(|_| deposed.is_none());
    // What is planned to go is no planned value; if it stands there all the same, it goes.
    let actions = change.and_then(|change| change.get("actions")).and_then(Value::as_array);
    if actions.is_some_and(|actions| matches!(actions.as_slice(), [only] if only == "delete" || only == "forget")) {
        return None;
    }
    let configured = providers
        .configured(address)
        .map(|configured| json!({"account": configured.account, "region": configured.region}));
    let reference = resource.get("provider_name").and_then(Value::as_str);
    let reference = reference.map(|name| providers.reference(name, address));
    let mut values = resource.get_mut("values").map(Value::take).unwrap_or_default();
    let outdated = change.map_or_else(Vec::new, |change| outdated(&values, resource.get("type"), change));
    let marks = [
        resource.get("sensitive_values"),
        change.and_then(|change| change.get("after_sensitive")),
    ];
    let mut marked = Vec::new();
    // What is taken out of something that changes is not left out: it replaces what is known of before.
    let is_changed = is_gone || change.is_some_and(|change| !plan::is_none(change));
    for sensitive in marks.into_iter().flatten() {
        without(&mut values, sensitive, (false, is_changed), &mut marked);
    }
    if let Value::Object(values) = &mut values {
        values.extend(outdated.into_iter().map(|name| (name, open())));
    }
    if let Some(unknown) = change.and_then(|change| change.get("after_unknown")) {
        unsettled(&mut values, unknown);
    }
    if let Value::Object(values) = &mut values {
        secrets::forget(values, &marked);
    }
    // What is yet to be made has none; what stays or is replaced is where it was.
    let identities = [
        resource.get("identity"),
        change.and_then(|change| change.get("after_identity")),
        change.and_then(|change| change.get("before_identity")),
    ];
    let identity = identities.into_iter().flatten().find(|identity| identity.is_object());
    Some(json!({
        "module": module,
        "mode": resource.get("mode"),
        "type": resource.get("type"),
        "name": resource.get("name"),
        // Before Terraform 0.13 the name stands alone.
        "provider": reference,
        "configured": configured,
        GONE: is_gone,
        "instances": [{"index_key": resource.get("index"), "attributes": values, "identity": identity, "deposed": deposed}],
    }))
}

/// What is computed from arguments that the plan changes: until it is applied it stands there as it was before.
fn outdated(values: &Value, kind: Option<&Value>, change: &Value) -> Vec<String> {
    let (Some(kind), Some(before)) = (kind.and_then(Value::as_str), change.get("before")) else {
        return Vec::new();
    };
    let changes = |argument: &String| {
        let is_unknown = change.get("after_unknown").and_then(|unknown| unknown.get(argument)) == Some(&Value::Bool(true));
        let [was, will] = [before, values].map(|values| values.get(argument).filter(|value| !value.is_null()));
        is_unknown || was != will
    };
    let mirrors = mirrors(kind).filter(|(mirror, arguments)| values.get(*mirror).is_some() && arguments.iter().any(changes));
    mirrors.map(|(mirror, _)| mirror.to_owned()).collect()
}

/// Marks what is known once the plan is applied, and not before: it is not left out.
fn unsettled(values: &mut Value, unknown: &Value) {
    match (values, unknown) {
        (Value::Object(fields), Value::Object(marks)) => {
            for (key, mark) in marks.iter().filter(|(_, mark)| is_any(mark)) {
                match fields.get_mut(key) {
                    // Whatever stands there: a default, or what was there before.
                    _ if *mark == Value::Bool(true) => drop(fields.insert(key.clone(), open())),
                    None | Some(Value::Null) => drop(fields.insert(key.clone(), open())),
                    Some(inner) => unsettled(inner, mark),
                }
            }
        }
        (Value::Array(items), Value::Array(marks)) => {
            for (item, mark) in items.iter_mut().zip(marks) {
                // The plan writes null in its place, so that the others keep theirs.
                if *mark == Value::Bool(true) {
                    *item = open();
                } else {
                    unsettled(item, mark);
                }
            }
            let more = marks.iter().skip(items.len()).filter(|mark| is_any(mark));
            items.extend(more.map(|_| open()).collect::<Vec<_>>());
        }
        _ => {}
    }
}

/// Whether anything is marked.
fn is_any(mark: &Value) -> bool {
    match mark {
        Value::Bool(mark) => *mark,
        Value::Array(marks) => marks.iter().any(is_any),
        Value::Object(marks) => marks.values().any(is_any),
        Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}

/// Takes out what is marked as sensitive, and adds it to `marked`: `true` stands for a whole value. `leaves_open`: whether a
/// mark takes the place of a field, so that it does not count as left out.
fn without(values: &mut Value, sensitive: &Value, (of_statement, leaves_open): (bool, bool), marked: &mut Vec<Value>) {
    match (values, sensitive) {
        (values, Value::Bool(true)) => {
            marked.push(values.take());
            if leaves_open {
                *values = open();
            }
        }
        (Value::Object(fields), Value::Object(marks)) => {
            let of_statement = of_statement || secrets::is_statement(fields);
            for (key, mark) in marks {
                if *mark != Value::Bool(true) {
                    if let Some(inner) = fields.get_mut(key) {
                        without(inner, mark, (of_statement, leaves_open), marked);
                    }
                } else if !of_statement && leaves_open {
                    marked.extend(fields.insert(key.clone(), open()));
                } else if !of_statement {
                    marked.extend(fields.shift_remove(key));
                } else if let Some(inner) = fields.get_mut(key) {
                    marked.push(std::mem::replace(inner, secrets::gone(true)));
                }
            }
        }
        (Value::Array(items), Value::Array(marks)) => {
            for (item, mark) in items.iter_mut().zip(marks) {
                if *mark == Value::Bool(true) {
                    // Unset it would be known to be so.
                    marked.push(std::mem::replace(item, secrets::gone(of_statement)));
                } else {
                    without(item, mark, (of_statement, leaves_open), marked);
                }
            }
        }
        _ => {}
    }
}
