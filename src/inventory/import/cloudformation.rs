//! CloudFormation and SAM templates, in YAML with all short tags or in JSON.
//!
//! In: a template. Out: one resource for each logical id, with those properties that the template itself settles: a
//! reference to a parameter with a default is that default, any other function leaves the attribute unknown.

use super::json;
use super::terraform_state::{names, secrets};
use super::{Imported, ImportedResource, Importer};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The importer of templates.
pub(super) struct CloudFormation;

impl Importer for CloudFormation {
    fn name(&self) -> &'static str {
        "CloudFormation"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        if json::has_word(bytes, &["AWSTemplateFormatVersion", "AWS::Serverless-"]) {
            return true;
        }
        let is_type = |line: &str| {
            let line = line.trim_start().trim_start_matches('"');
            let rest = line.strip_prefix("Type").map(|rest| rest.trim_start_matches(['"', ':', ' ', '\'']));
            rest.is_some_and(|rest| rest.starts_with("AWS::") || rest.starts_with("Custom::"))
        };
        json::has_word(bytes, &["Resources"])
            && json::has_word(bytes, &["AWS::", "Custom::"])
            && (json::beginning(bytes).lines().any(is_type) || json::has_word(bytes, &["\"Type\":\"AWS::", "\"Type\": \"AWS::"]))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| {
            vec![
                Diagnostic::new(Code::SyntaxError, format!("`{file}` is not UTF-8 text"))
                    .at(place.clone())
                    .help("save the file as UTF-8"),
            ]
        })?;
        let decoded: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| {
            let at = error
                .location()
                .map_or_else(|| place.clone(), |at| Place::at(file, at.line(), at.column()));
            vec![
                Diagnostic::new(Code::SyntaxError, format!("cannot decode the template: {error}"))
                    .at(at)
                    .help("`aws cloudformation validate-template` and cfn-lint tell more"),
            ]
        })?;
        let Value::Object(mut template) = plain(decoded) else {
            return Err(vec![
                Diagnostic::new(Code::ImportFailed, format!("`{file}` holds no template, which is a map of fields")).at(place.clone()),
            ]);
        };
        let defaults = defaults(template.get("Parameters"));
        let mut imported = Imported {
            file: file.clone(),
            ..Imported::default()
        };
        let Some(Value::Object(resources)) = template.remove("Resources") else {
            return Err(vec![
                Diagnostic::new(Code::ImportFailed, format!("`{file}` has no `Resources`"))
                    .at(place.clone())
                    .help("a template without resources deploys nothing"),
            ]);
        };
        for (id, resource) in resources {
            match resource {
                Value::Object(resource) => imported.resources.extend(one(id, resource, &defaults)),
                // `Fn::ForEach::Name`: only CloudFormation can say how many.
                _ if id.starts_with("Fn::ForEach") => imported.warnings.push(
                    Diagnostic::new(
                        Code::ImportEmpty,
                        format!("`{id}` makes resources that only CloudFormation can count"),
                    )
                    .at(place.clone())
                    .help("import the processed template: `aws cloudformation get-template --template-stage Processed`"),
                ),
                _ => {}
            }
        }
        Ok(imported)
    }
}

fn one(id: String, mut resource: Map<String, Value>, defaults: &Map<String, Value>) -> Option<ImportedResource> {
    let kind: Arc<str> = resource.get("Type")?.as_str()?.into();
    let mut properties = match resource.remove("Properties") {
        Some(Value::Object(properties)) => properties,
        _ => Map::new(),
    };
    properties = properties
        .into_iter()
        .filter_map(|(key, value)| Some((key, settled(value, defaults)?)))
        .collect();
    let tags = json::tags(properties.get("Tags"));
    let config = secrets::without(&kind, json::attributes(Value::Object(properties)), None);
    Some(ImportedResource {
        name: names::name(&kind, &config, &tags).map(str::to_owned).or_else(|| Some(id.clone())),
        address: id,
        tags,
        config,
        kind,
        ..ImportedResource::default()
    })
}

/// The value that the template itself settles.
fn settled(value: Value, defaults: &Map<String, Value>) -> Option<Value> {
    match value {
        Value::Object(map) => {
            if let (1, Some(Value::String(name))) = (map.len(), map.get("Ref")) {
                return defaults.get(name).cloned();
            }
            if map
                .keys()
                .any(|key| key.starts_with("Fn::") || key == "Condition" && map.len() == 1)
            {
                return None;
            }
            Some(Value::Object(
                map.into_iter()
                    .filter_map(|(key, value)| Some((key, settled(value, defaults)?)))
                    .collect(),
            ))
        }
        Value::Array(items) => Some(Value::Array(items.into_iter().filter_map(|item| settled(item, defaults)).collect())),
        other => Some(other),
    }
}

/// Parameters that have a default and are not secret.
fn defaults(parameters: Option<&Value>) -> Map<String, Value> {
    let parameters = parameters.and_then(Value::as_object).into_iter().flatten();
    let hidden = |one: &Value| matches!(one.get("NoEcho"), Some(Value::Bool(true))) || one.get("NoEcho").is_some_and(|text| text == "true");
    parameters
        .filter(|(_, one)| !hidden(one))
        .filter_map(|(name, one)| Some((name.clone(), one.get("Default")?.clone())))
        .collect()
}

/// YAML as JSON: a short tag becomes the function that it stands for, and a key that is no text becomes one.
fn plain(value: serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(value) => Value::Bool(value),
        serde_yaml::Value::Number(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_u64().map(Value::from))
            .or_else(|| number.as_f64().map(Value::from))
            .unwrap_or_default(),
        serde_yaml::Value::String(text) => Value::String(text),
        serde_yaml::Value::Sequence(items) => Value::Array(items.into_iter().map(plain).collect()),
        serde_yaml::Value::Mapping(map) => Value::Object(
            map.into_iter()
                .map(|(key, value)| {
                    let key = match plain(key) {
                        Value::String(key) => key,
                        other => other.to_string(),
                    };
                    (key, plain(value))
                })
                .collect(),
        ),
        serde_yaml::Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                "Ref" => "Ref".to_owned(),
                "Condition" => "Condition".to_owned(),
                other => format!("Fn::{other}"),
            };
            Value::Object(Map::from_iter([(name, plain(tagged.value))]))
        }
    }
}
