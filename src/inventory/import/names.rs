//! What to call a resource: its name, its address, its tags.
//!
//! In: attributes without anything secret. Out: texts for people.

use crate::catalog::attributes::open::OPEN;
use crate::catalog::provider;
use crate::diagnostics::characters::prints_as_nothing;
use crate::source::secrets;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The name that a resource has in AWS: the one that its type is identified by, else its tag `Name`, else its id.
pub(super) fn name<'a>(kind: &str, attributes: &'a Map<String, Value>, tags: &'a [(Arc<str>, String)]) -> Option<&'a str> {
    let text = |key: &str| attributes.get(key).and_then(Value::as_str).filter(|text| !prints_as_nothing(text));
    let tag = || {
        tags.iter()
            .find(|(key, value)| &**key == "Name" && !prints_as_nothing(value))
            .map(|(_, value)| &**value)
    };
    let own = provider::called(kind).and_then(text);
    own.or_else(|| by_type(kind, text))
        .or_else(|| text("identifier"))
        // A name that Terraform made up from a prefix says less than the tag.
        .or_else(|| text("name").filter(|_| text("name_prefix").is_none() || tag().is_none()))
        .or_else(tag)
        .or_else(|| provider::called_else().find_map(text))
        .or_else(|| text("id").filter(|id| id.len() <= 64 && !id.contains([':', '/', '|', ',', ' '])))
}

/// `node_group_name` of an `aws_eks_node_group`, `cluster_identifier` of an `aws_rds_cluster`.
fn by_type<'a>(kind: &str, text: impl Fn(&str) -> Option<&'a str>) -> Option<&'a str> {
    let mut rest = kind;
    while let Some((_, words)) = rest.split_once('_') {
        if let Some(found) = text(&format!("{words}_name")).or_else(|| text(&format!("{words}_identifier"))) {
            return Some(found);
        }
        rest = words;
    }
    None
}

/// The address by which Terraform knows an instance: `module.a["x"].aws_instance.web[0]`.
pub(super) fn address(module: Option<&str>, kind: &str, local: Option<&str>, index_key: Option<&Value>) -> String {
    let index = match index_key {
        Some(Value::Number(index)) => format!("[{index}]"),
        Some(Value::String(key)) if secrets::hold_secret(key) => "[...]".to_owned(),
        Some(Value::String(key)) => {
            format!("[{}]", Value::from(key.replace("${", "$${").replace("%{", "%%{")))
        }
        _ => String::new(),
    };
    let module = match module {
        Some(module) if secrets::hold_secret(module) => "module.(...).".to_owned(),
        Some(module) => format!("{module}."),
        None => String::new(),
    };
    match local {
        Some(local) => format!("{module}{kind}.{local}{index}"),
        None => format!("{module}{kind}{index}"),
    }
}

/// The tags, with those that the provider sets by default, sorted by key.
pub(super) fn tags(attributes: &Map<String, Value>) -> Vec<(Arc<str>, String)> {
    let value = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let mut tags: Vec<(Arc<str>, String)> = Vec::new();
    for key in ["tags_all", "tags", "tag"] {
        match attributes.get(key) {
            Some(Value::Object(map)) => {
                // A mark is no tag.
                let told = map.iter().filter(|(key, _)| *key != OPEN);
                tags.extend(told.filter_map(|(key, one)| Some((key.as_str().into(), value(one)?))));
            }
            // Auto Scaling groups have a block for each tag.
            Some(Value::Array(blocks)) => tags.extend(blocks.iter().filter_map(|block| {
                let key = block.get("key")?.as_str()?;
                Some((key.into(), value(block.get("value")?)?))
            })),
            _ => {}
        }
        if !tags.is_empty() {
            break;
        }
    }
    tags.sort();
    tags.dedup_by(|a, b| a.0 == b.0);
    tags
}
