//! One inventory file as it is written.
//!
//! In: its bytes. Out: what it says, decoded; what is wrong in its shape is told and left out, so that the rest of it can be
//! judged in the same run.

use super::blank;
use super::file::InventoryFile;
use super::import::{self, Says};
use super::validate::Part;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap, Spot, Step};
use crate::{source, text};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// One inventory file. In a folder, files that are no inventories (templates, overlays) are passed over. What is wrong in
/// its shape is added to `faults` and left out, so that the rest of it can be judged in the same run.
pub(super) fn read_inventory(
    bytes: &[u8],
    file: &Arc<str>,
    named: bool,
    says: Says,
    sources: &mut SourceMap,
    faults: &mut Vec<Diagnostic>,
) -> Outcome<Option<Part>> {
    let foreign = || {
        import::importer_of(bytes, file, None, &Place::file(file.clone()))
            .err()
            .unwrap_or_default()
    };
    let text: Arc<str> = match (source::text::utf16(bytes), std::str::from_utf8(bytes)) {
        (Some(text), _) => text.into(),
        (None, Ok(text)) => text.strip_prefix('\u{feff}').unwrap_or(text).into(),
        (None, Err(_)) if says != Says::Version => return Err(foreign()),
        (None, Err(error)) => {
            return Err(vec![
                Diagnostic::new(Code::CannotRead, format!("`{file}` is not UTF-8 text: {error}")).help("save the file as UTF-8"),
            ]);
        }
    };
    add_source(file, &text, sources);
    let mut tree = match text::decode(&text, file) {
        Err(_) if says != Says::Version => return Err(foreign()),
        other => other?,
    };
    if says == Says::Nothing && tree.value.get("inventory").is_none() {
        if !named {
            return Ok(None);
        }
        return Err(foreign());
    }
    faults.append(&mut tree.faults);
    faults.extend(blank::faults(&tree.value, file));
    let part = |decoded| {
        Some(Part {
            file: decoded,
            path: file.clone(),
        })
    };
    if let Ok(decoded) = InventoryFile::deserialize(&tree.value) {
        return Ok(part(decoded));
    }
    // Made of the types anew each time, and needed only where something is wrong.
    let schema = schemars::schema_for!(InventoryFile);
    let found = text::shape_faults(&tree.value, schema.as_value(), &[], file);
    if found.is_empty() {
        return Err(vec![
            Diagnostic::new(Code::WrongType, "the file has not the shape of an inventory")
                .at(Place::file(file.clone()))
                .help("`cloudraci schema inventory` prints the format"),
        ]);
    }
    for (place, _) in found.iter().flat_map(|fault| &fault.places) {
        if let Spot::Key(route) | Spot::Value(route) = &place.spot {
            remove(&mut tree.value, &route.0);
        }
    }
    faults.extend(found);
    Ok(InventoryFile::deserialize(&tree.value).ok().and_then(part))
}

/// Takes a field out of a tree. Items of lists stay, since the places of those behind them would move.
fn remove(tree: &mut Value, route: &[Step]) {
    match (tree, route) {
        (Value::Object(fields), [Step::Key(last)]) => {
            // Keeping the order would take time by the square of the number of faults.
            fields.swap_remove(&**last);
        }
        (Value::Object(fields), [Step::Key(first), rest @ ..]) => {
            if let Some(inner) = fields.get_mut(&**first) {
                remove(inner, rest);
            }
        }
        (Value::Array(items), [Step::Index(first), rest @ ..]) if !rest.is_empty() => {
            if let Some(inner) = items.get_mut(*first) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}

/// The value of an inventory's text.
///
/// # Errors
/// What keeps it from being decoded, keys that stand twice included.
pub(crate) fn decoded(text: &str, file: &Arc<str>) -> Outcome<Value> {
    let tree = text::decode(text, file)?;
    if tree.faults.is_empty() { Ok(tree.value) } else { Err(tree.faults) }
}

/// Adds the text of a file to those that diagnostics point into. Whatever does not say that it was written for this program
/// may hold anything, and is not quoted.
pub(crate) fn add_source(file: &Arc<str>, text: &Arc<str>, sources: &mut SourceMap) {
    if import::says(text.as_bytes()) == Says::Version {
        sources.insert(file.clone(), text.clone());
    } else {
        sources.insert_unquoted(file.clone(), text.clone());
    }
}
