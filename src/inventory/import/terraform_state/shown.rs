//! What `terraform show -json` prints of a state or of a plan.
//!
//! In: its root. Out: the same resources as blocks of version 4: of a state its values, of a plan what will be there
//! once it is applied. What is marked as sensitive is taken out here.

use serde_json::{Map, Value, json};

/// Whether the root is what `terraform show -json` prints.
pub(super) fn is_shown(root: &Map<String, Value>) -> bool {
    !root.contains_key("version")
        && (root.contains_key("planned_values") || root.contains_key("values") || root.contains_key("format_version"))
}

/// The root of a state of version 4 with the same resources.
pub(super) fn as_state(mut root: Map<String, Value>) -> Map<String, Value> {
    let region = region(&root);
    let values = root.remove("planned_values").or_else(|| root.remove("values")).unwrap_or_default();
    let mut blocks = Vec::new();
    // A list of modules still to be looked at, since they may be nested deeper than a stack is.
    let mut modules: Vec<Value> = values.get("root_module").cloned().into_iter().collect();
    while let Some(mut module) = modules.pop() {
        if let Some(Value::Array(resources)) = module.get_mut("resources").map(Value::take) {
            let address = module.get("address").cloned().unwrap_or_default();
            blocks.extend(resources.into_iter().map(|resource| block(resource, &address, region.as_deref())));
        }
        if let Some(Value::Array(inner)) = module.get_mut("child_modules").map(Value::take) {
            modules.extend(inner.into_iter().rev());
        }
    }
    Map::from_iter([("resources".to_owned(), Value::Array(blocks))])
}

fn block(mut resource: Value, module: &Value, region: Option<&str>) -> Value {
    let mut values = resource.get_mut("values").map(Value::take).unwrap_or_default();
    if let Some(sensitive) = resource.get("sensitive_values") {
        without(&mut values, sensitive);
    }
    if let (Value::Object(fields), Some(region)) = (&mut values, region)
        && ["arn", "region", "availability_zone"]
            .iter()
            .all(|key| fields.get(*key).is_none_or(Value::is_null))
    {
        fields.insert("region".to_owned(), region.into());
    }
    let provider = resource.get("provider_name").and_then(Value::as_str);
    json!({
        "module": module,
        "mode": resource.get("mode"),
        "type": resource.get("type"),
        "name": resource.get("name"),
        // Before Terraform 0.13 the name stands alone.
        "provider": provider.map(|name| format!("provider[\"{name}\"]")),
        "instances": [{"index_key": resource.get("index"), "attributes": values}],
    })
}

/// Takes out what is marked as sensitive: `true` stands for a whole value.
fn without(values: &mut Value, sensitive: &Value) {
    match (values, sensitive) {
        (values, Value::Bool(true)) => *values = Value::Null,
        (Value::Object(fields), Value::Object(marks)) => {
            for (key, mark) in marks {
                if *mark == Value::Bool(true) {
                    fields.shift_remove(key);
                } else if let Some(inner) = fields.get_mut(key) {
                    without(inner, mark);
                }
            }
        }
        (Value::Array(items), Value::Array(marks)) => {
            for (item, mark) in items.iter_mut().zip(marks) {
                without(item, mark);
            }
        }
        _ => {}
    }
}

/// The Region that the one configuration of the provider names, if it is the only one.
fn region(root: &Map<String, Value>) -> Option<String> {
    let configured = root.get("configuration")?.get("provider_config")?.as_object()?;
    let mut own = configured.values().filter(|one| one.get("name").is_some_and(|name| name == "aws"));
    let only = own.next().filter(|_| own.next().is_none())?;
    only.get("expressions")?
        .get("region")?
        .get("constant_value")?
        .as_str()
        .map(str::to_owned)
}
