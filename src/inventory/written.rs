//! One inventory file as it is written.
//!
//! In: its bytes. Out: what it says, decoded, and its bytes, held once with its text; what is wrong in its shape is told and left
//! out, so that the rest of it can be judged in the same run.

use super::blank;
use super::file::InventoryFile;
use super::import::{self, Says};
use super::long;
use super::validate::Part;
use crate::catalog::schemas;
use crate::diagnostics::{Bytes, Code, Diagnostic, Outcome, Place, SourceMap, Spot, Step, Text};
use crate::{source, text};
use serde::Deserialize;
use serde_json::Value;
use std::str::Utf8Error;
use std::sync::Arc;

/// One inventory file. In a folder, files that are no inventories (templates, overlays) are passed over. What is wrong in
/// its shape is added to `faults` and left out, so that the rest of it can be judged in the same run.
pub(super) fn read_inventory(
    bytes: Vec<u8>,
    file: &Arc<str>,
    named: bool,
    says: Says,
    (sources, watch): (&mut SourceMap, Option<source::Watch<'_>>),
    faults: &mut Vec<Diagnostic>,
) -> Outcome<Option<(Part, Bytes)>> {
    let foreign = |bytes: &[u8]| {
        import::importer_of(bytes, file, None, &Place::file(file.clone()))
            .err()
            .unwrap_or_default()
    };
    let (text, bytes) = match as_text(bytes) {
        Ok(read) => read,
        Err((bytes, _)) if says != Says::Version => return Err(foreign(&bytes)),
        Err((_, error)) => {
            return Err(vec![
                Diagnostic::new(Code::CannotRead, format!("`{file}` is not UTF-8 text: {error}")).help("save the file as UTF-8"),
            ]);
        }
    };
    let part = |decoded| {
        let part = Part {
            file: decoded,
            path: file.clone(),
        };
        Some((part, bytes.clone()))
    };
    add_source(file, &text, sources);
    if let Some((decoded, layout)) = long::read(&text, file, long::LONG, watch) {
        sources.lay_out(file, layout);
        return Ok(part(decoded));
    }
    let mut tree = match text::decode(&text, file) {
        Err(_) if says != Says::Version => return Err(foreign(&bytes)),
        other => other?,
    };
    if says == Says::Nothing && tree.value.get("inventory").is_none() {
        if !named {
            return Ok(None);
        }
        return Err(foreign(&bytes));
    }
    faults.append(&mut tree.faults);
    faults.extend(blank::faults(&tree.value, file));
    if let Ok(decoded) = InventoryFile::deserialize(&tree.value) {
        return Ok(part(decoded));
    }
    // Decoded anew each time, and needed only where something is wrong.
    let schema = schemas::of::<InventoryFile>();
    let found = text::shape_faults(&tree.value, &schema, &[], file);
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

/// A file's text, and its bytes.
type Read = (Text, Bytes);

/// A file's text, and its bytes, which are the same memory where the text is all of them; else the bytes as they were.
fn as_text(bytes: Vec<u8>) -> Result<Read, (Vec<u8>, Utf8Error)> {
    if let Some(text) = source::text::utf16(&bytes) {
        return Ok((text.into(), Bytes::Other(bytes.into())));
    }
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let why = error.utf8_error();
            return Err((error.into_bytes(), why));
        }
    };
    if let Some(behind_mark) = text.strip_prefix('\u{feff}') {
        return Ok((behind_mark.into(), Bytes::Other(text.into_bytes().into())));
    }
    // What was read from a stream may have room for as much again.
    text.shrink_to_fit();
    let text = Text::from(text);
    Ok((text.clone(), Bytes::OfText(text)))
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
pub(crate) fn add_source(file: &Arc<str>, text: &Text, sources: &mut SourceMap) {
    if import::says(text.as_bytes()) == Says::Version {
        sources.insert(file.clone(), text.clone());
    } else {
        sources.insert_unquoted(file.clone(), text.clone());
    }
}
