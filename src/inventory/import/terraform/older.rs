//! State of versions 1 to 3, which Terraform 0.11 and older write.
//!
//! In: its root. Out: the same resources as blocks of version 4. Attributes are flat texts there, and become lists and
//! maps; what is only read (`data.`) is left out.

use super::flat;
use serde_json::{Map, Value, json};

/// The root of a state of version 4 with the same resources.
pub(super) fn as_state(mut root: Map<String, Value>) -> Map<String, Value> {
    let mut blocks = Vec::new();
    if let Some(Value::Array(modules)) = root.remove("modules") {
        for module in modules {
            blocks_of(module, &mut blocks);
        }
    }
    Map::from_iter([("resources".to_owned(), Value::Array(blocks))])
}

fn blocks_of(mut module: Value, blocks: &mut Vec<Value>) {
    let steps = module.get("path").and_then(Value::as_array).into_iter().flatten();
    // The first step is the root itself.
    let path: Vec<String> = steps
        .skip(1)
        .filter_map(|step| Some(format!("module.{}", step.as_str()?)))
        .collect();
    let path = (!path.is_empty()).then(|| path.join("."));
    let Some(Value::Object(resources)) = module.get_mut("resources").map(Value::take) else {
        return;
    };
    for (key, mut resource) in resources {
        if key.starts_with("data.") {
            continue;
        }
        let primary = resource.get_mut("primary").map(Value::take).unwrap_or_default();
        let has_id = primary.get("id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
        let Some(kind) = resource.get("type").and_then(Value::as_str).filter(|_| has_id) else {
            continue;
        };
        let attributes = match primary.get("attributes") {
            Some(Value::Object(flat)) => flat::nested(flat.clone()),
            _ => Map::new(),
        };
        // `aws_instance.web.0`: the type, the name, and the place in a list.
        let rest = key.strip_prefix(kind).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&key);
        let (name, index) = match rest.rsplit_once('.') {
            Some((name, index)) => (name, index.parse::<u64>().ok()),
            None => (rest, None),
        };
        blocks.push(json!({
            "module": path,
            "mode": "managed",
            "type": kind,
            "name": name,
            "provider": resource.get("provider"),
            "instances": [{"index_key": index, "attributes": attributes}],
        }));
    }
}
