//! What the first bytes of a file tell about it.
//!
//! In: bytes, perhaps cut off or broken further on. Out: what it says of itself, and what a file that is of no kind looks like.

use super::costs;
use super::table::{costs_of, is_matrix, is_workbook};
use crate::catalog::schemas;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::inventory::file::InventoryFile;
use crate::inventory::kind::resembles_inventory;
use crate::source::keys::{Keys, WINDOW};
use crate::source::text::unicode_beginning;
use crate::{limits, text};
use std::sync::Arc;

/// The first bytes of a file, with the keys that all importers look for in them.
#[derive(Debug)]
pub struct Head<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) keys: Keys,
}

impl<'b> Head<'b> {
    /// That of a file that begins with these bytes.
    #[must_use]
    pub fn of(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            keys: Keys::of(bytes),
        }
    }
}

/// Whether the bytes are a report's data, its JSON or its matrix: what is made of an inventory, and none itself.
pub(crate) fn is_report(bytes: &[u8]) -> bool {
    let keys = Keys::of(bytes);
    keys.has("schema_version") && keys.has("meta.edition") || is_matrix(&unicode_beginning(&bytes[..bytes.len().min(64 * 1024)]))
}

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inventory) enum Says {
    /// `inventory: 1`, or another number: it is written for this program.
    Version,
    /// `inventory` and something else, which other programs' files may say, too.
    Inventory,
    /// Nothing of the kind.
    Nothing,
}

/// Whether a file says that it is an inventory: by a key at the top of its JSON, or at the beginning of a line of YAML.
pub(in crate::inventory) fn says(bytes: &[u8]) -> Says {
    let text = unicode_beginning(&bytes[..bytes.len().min(WINDOW)]);
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        let keys = Keys::of_json(text);
        // A map in YAML's brackets has its keys without quotes.
        let inner = inner.trim_start();
        return match keys.0.iter().position(|key| key == "inventory") {
            Some(at) if keys.0.get(at + 1).is_some_and(|next| next == "inventory#") => Says::Version,
            Some(_) => Says::Inventory,
            None => inner.strip_prefix("inventory:").map_or(Says::Nothing, says_after),
        };
    }
    let says = text.lines().filter_map(|line| {
        let line = line.strip_prefix(['"', '\'']).unwrap_or(line);
        let behind = line.strip_prefix("inventory")?.trim_start_matches(['"', '\'', ' ']);
        behind.strip_prefix(':').map(says_after)
    });
    says.fold(Says::Nothing, |all, one| if all == Says::Version { all } else { one })
}

fn says_after(colon: &str) -> Says {
    let value = colon.trim_start().trim_start_matches(['"', '\'']);
    if value.starts_with(|letter: char| letter.is_ascii_digit()) {
        Says::Version
    } else {
        Says::Inventory
    }
}

/// What is wrong in the text of a file that is of no kind, where it is broken: this may be why.
pub(super) fn broken(bytes: &[u8], file: &Arc<str>) -> Option<Diagnostic> {
    // Of longer files only the beginning is at hand.
    let text = (bytes.len() < limits::WHOLE).then(|| unicode_beginning(bytes))?;
    let ending = file.rsplit('.').next().unwrap_or_default().to_lowercase();
    if !text::is_like_json(&text) && !["yaml", "yml", "json"].contains(&ending.as_str()) {
        return None;
    }
    let not_text = crate::source::text::unicode(bytes, file).err();
    not_text.or_else(|| text::decode(&text, file).err())?.into_iter().next()
}

/// That a file lacks no more than the word that makes an inventory of it.
pub(super) fn lacks_version(bytes: &[u8], file: &Arc<str>) -> Option<Diagnostic> {
    let text = (bytes.len() < limits::WHOLE && says(bytes) == Says::Nothing).then(|| unicode_beginning(bytes))?;
    let tree = text::decode(&text, file).ok()?;
    let schema = schemas::of::<InventoryFile>();
    let lacks = tree.value.get("inventory").is_none() && resembles_inventory(&tree.value, &schema);
    lacks.then(|| {
        Diagnostic::new(Code::MissingField, format!("`{file}` has no `inventory`"))
            .at(Place::file(file.clone()))
            .help("an inventory begins with `inventory: 1`, the version of the format")
    })
}

/// Whether the bytes are an answer about states, plans or runs, which names where they are.
fn is_answer_of_terraform(bytes: &[u8]) -> bool {
    let keys = Keys::of(bytes).0;
    let of = [
        "hosted-state-download-url",
        "resource-additions",
        "terraform-version",
        "stack-configuration",
    ];
    keys.iter().any(|key| {
        let key = key
            .strip_prefix("data[].")
            .or_else(|| key.strip_prefix("data."))
            .and_then(|key| key.strip_prefix("attributes."));
        key.is_some_and(|key| of.contains(&key))
    })
}

/// What a file that is of no kind looks like, and what to do about it.
pub(super) fn looks_like(bytes: &[u8]) -> (&'static str, Option<&'static str>) {
    if is_workbook(bytes) {
        return (
            "is a workbook without a sheet of resources",
            Some("name the columns in one row of a sheet: arn, account, region, type, service, name, owner, environment, tags"),
        );
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return ("is a document of an office program", Some("save its tables as CSV"));
    }
    let text = unicode_beginning(&bytes[..bytes.len().min(64 * 1024)]);
    if text.trim().is_empty() {
        return ("is empty", None);
    }
    if let Some(what) = costs_of(&text) {
        return (what, Some(costs::HELP));
    }
    if is_answer_of_terraform(bytes) {
        return (
            "is an answer of HCP Terraform, and not what it tells of",
            Some("download the address in `hosted-state-download-url`, or a plan's JSON (`/plans/ID/json-output`), and import that"),
        );
    }
    if Keys::of(bytes).has(costs::ANSWER) {
        return ("is an answer of Cost Explorer", Some(costs::HELP));
    }
    if is_report(bytes) {
        return ("is a report's data", Some("name the inventory that the report was made of"));
    }
    if says(bytes) == Says::Version {
        return (
            "is an inventory, which is not imported but merged",
            Some("name it beside the other inventories; `imports` takes what other programs write"),
        );
    }
    let is_block = |line: &str| {
        [
            "resource \"",
            "module \"",
            "provider \"",
            "terraform {",
            "component \"",
            "deployment \"",
        ]
        .iter()
        .any(|block| line.starts_with(block))
    };
    if text.lines().any(is_block) {
        return (
            "is Terraform's source, which does not say what is deployed",
            Some("`terraform state pull > state.json` writes what is, `terraform show -json PLAN > plan.json` what will be"),
        );
    }
    ("is not of a kind that can be imported", None)
}
