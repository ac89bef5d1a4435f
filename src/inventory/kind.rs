//! Whether a file that does not say so is an inventory all the same.
//!
//! In: a decoded file and the schema of inventories. Out: yes or no.

use serde_json::Value;

/// The fields that inventories have and hardly anything else has.
const TELLING: &[&str] = &["organization", "assignments", "parties", "imports", "resources"];

/// Whether at least half of a file's fields are an inventory's, one of the telling ones among them.
pub(super) fn resembles_inventory(tree: &Value, schema: &Value) -> bool {
    let (Some(fields), Some(known)) = (tree.as_object(), schema.get("properties").and_then(Value::as_object)) else {
        return false;
    };
    let count = fields.keys().filter(|field| known.contains_key(*field)).count();
    2 * count >= fields.len() && TELLING.iter().any(|field| fields.contains_key(*field))
}
