//! Values as Pulumi writes them: secrets, files, references and what is not known yet are maps with a signature.
//!
//! In: the outputs and the inputs of a resource. Out: its properties without anything secret, and without what is no value.

use super::secrets;
use crate::catalog::predicate::NOT_TOLD;
use serde_json::{Map, Value};

/// The key that tells what a map stands for.
const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";

/// What it says of a secret.
const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";

/// What it says of another resource.
const REFERENCE: &str = "5cf8f73096256a8f31e491e813e4eb8e";

/// What it says of an output with what is known of it.
const OUTPUT: &str = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/// What it says of a file, and of an archive of files.
const FILES: &[&str] = &["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"];

/// Texts that stand for what is not known before it is deployed, by their types.
const UNKNOWN: &[&str] = &[
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
];

/// The properties of a resource: what it is, and of what it does not say itself what was asked for. What is secret of them is
/// added to `document`, since other resources may say it in the clear.
pub(super) fn open(
    outputs: Map<String, Value>,
    inputs: Map<String, Value>,
    hidden: &[String],
    document: &mut Vec<Value>,
) -> Map<String, Value> {
    let mut secret = Vec::new();
    let mut properties = Map::new();
    for (key, value) in outputs.into_iter().chain(inputs) {
        if properties.contains_key(&key) {
            // What was asked for may hold a secret that is told again elsewhere.
            let _ = opened(value, &mut secret);
        } else if hidden.contains(&key) {
            // A secret may be marked once more in it.
            let told = opened(value, &mut secret);
            secret.extend(told);
        } else if let Some(value) = opened(value, &mut secret) {
            properties.insert(key, value);
        }
    }
    secrets::forget(&mut properties, &secret);
    document.append(&mut secret);
    properties
}

/// A value without secrets; those are added to `secret` where they are told.
fn opened(value: Value, secret: &mut Vec<Value>) -> Option<Value> {
    match value {
        Value::String(text) if UNKNOWN.contains(&text.as_str()) => None,
        Value::Array(items) => Some(
            items
                .into_iter()
                // Items keep their places.
                .map(|item| opened(item, secret).unwrap_or_else(|| NOT_TOLD.into()))
                .collect(),
        ),
        Value::Object(map) => match map.get(SIGNATURE).and_then(Value::as_str) {
            None if map.contains_key(SIGNATURE) => None,
            None => Some(Value::Object(
                map.into_iter()
                    .filter_map(|(key, value)| Some((key, opened(value, secret)?)))
                    .collect(),
            )),
            Some(SECRET) => {
                secret.extend(told(&map));
                None
            }
            Some(OUTPUT) => of_output(map, secret),
            Some(REFERENCE) => map.get("id").filter(|id| id.is_string()).cloned(),
            Some(signature) if FILES.contains(&signature) => Some(NOT_TOLD.into()),
            // Nobody knows what else there will be.
            Some(_) => None,
        },
        other => Some(other),
    }
}

/// What a secret says, where it is not encrypted: a text of JSON.
fn told(map: &Map<String, Value>) -> Option<Value> {
    let plain = map.get("plaintext").or_else(|| map.get("value"))?;
    let decoded = plain.as_str().and_then(|text| serde_json::from_str(text).ok());
    Some(decoded.unwrap_or_else(|| plain.clone()))
}

fn of_output(mut map: Map<String, Value>, secret: &mut Vec<Value>) -> Option<Value> {
    let value = map.shift_remove("value")?;
    if map.get("secret").and_then(Value::as_bool).unwrap_or_default() {
        secret.push(value);
        return None;
    }
    opened(value, secret)
}
