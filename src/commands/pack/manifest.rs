//! The manifest of a pack: what it was made from, by what, and the checksum of each of its files.
//!
//! In: contents, and what was read to make them. Out: JSON, the same for the same inputs.

use super::{Contents, Wanted};
use crate::commands::publication::Publication;
use crate::inventory::Evidence;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Its name in the pack.
pub(in crate::commands) const MANIFEST: &str = "manifest.json";
/// Version of its format.
pub(in crate::commands) const VERSION: u32 = 1;

/// A pack's manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::commands) struct Manifest {
    /// Version of this format.
    pub(in crate::commands) manifest: u32,
    pub(in crate::commands) title: String,
    pub(in crate::commands) organization: Option<String>,
    /// The date that the documents are true for.
    pub(in crate::commands) as_of: String,
    /// The program and its version.
    pub(in crate::commands) tool_version: String,
    /// The catalog and its version.
    pub(in crate::commands) catalog_version: String,
    pub(in crate::commands) editions: Vec<String>,
    pub(in crate::commands) formats: Vec<String>,
    pub(in crate::commands) draft: bool,
    pub(in crate::commands) redacted: bool,
    pub(in crate::commands) attachments: bool,
    /// Whether the files that evidence names are in it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(in crate::commands) with_evidence: bool,
    /// Whether its signature lies beside it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(in crate::commands) signed: bool,
    pub(in crate::commands) system_fonts: bool,
    /// What the command line selected of the inventory, as it said it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(in crate::commands) only: Option<String>,
    /// What it was made from.
    pub(in crate::commands) inputs: Vec<Entry>,
    /// What it holds, but for the manifest itself, sorted by path.
    pub(in crate::commands) files: Vec<Entry>,
}

/// A file and its checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::commands) struct Entry {
    /// Of an input: `inventory`, `results`, `upstream`, `evidence`, `catalog`, `template`, `logo` or `font`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(in crate::commands) role: Option<String>,
    pub(in crate::commands) path: String,
    pub(in crate::commands) bytes: u64,
    pub(in crate::commands) sha256: String,
}

impl Entry {
    fn of(role: Option<&str>, path: String, bytes: &[u8]) -> Self {
        Self {
            role: role.map(str::to_owned),
            path,
            bytes: bytes.len() as u64,
            sha256: sha256(bytes),
        }
    }
}

/// A checksum as it is printed.
pub(in crate::commands) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl Manifest {
    /// The manifest of some contents.
    pub(in crate::commands) fn of(made: &Contents, publication: &Publication, wanted: &Wanted<'_>) -> Self {
        let making = publication.making();
        Self {
            manifest: VERSION,
            title: made.meta.title.clone(),
            organization: made.meta.organization.clone(),
            as_of: made.meta.as_of.clone(),
            tool_version: made.meta.tool_version.clone(),
            catalog_version: made.meta.catalog_version.clone(),
            editions: wanted.editions.iter().map(|edition| edition.id().to_owned()).collect(),
            formats: wanted.formats.iter().map(|format| format.ending().to_owned()).collect(),
            draft: making.draft,
            redacted: making.redact,
            only: publication.workspace.only.clone(),
            attachments: !making.no_attachments,
            with_evidence: wanted.with_evidence,
            signed: wanted.signed,
            system_fonts: making.looks.system_fonts,
            inputs: entries(publication),
            files: made
                .files
                .iter()
                .map(|(path, bytes)| Entry::of(None, path.clone(), bytes))
                .collect(),
        }
    }

    /// A manifest as it stands in a pack.
    ///
    /// # Errors
    /// In words: it is none, is of another version, or says what no manifest says.
    pub(in crate::commands) fn read(bytes: &[u8]) -> Result<Self, String> {
        let read: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if read.manifest != VERSION {
            return Err(format!("it is of version {}, and not of {VERSION}", read.manifest));
        }
        // What is left out above, or stands twice, would be read by others.
        if read.text().as_bytes() != bytes {
            return Err("it says what no manifest says, or says it otherwise".to_owned());
        }
        Ok(read)
    }

    /// As it stands in the pack.
    pub(in crate::commands) fn text(&self) -> String {
        // A struct of texts and numbers has no way to fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The inputs with the checksums of what was read of them; under pseudonyms where the documents are.
fn entries(publication: &Publication) -> Vec<Entry> {
    let mut list = Vec::new();
    let pseudonyms = publication.redaction.as_ref().map(|redaction| &redaction.redacted.files);
    for input in &publication.workspace.inventory.inputs {
        let path = pseudonyms.and_then(|names| names.get(&*input.path)).cloned();
        let path = path.unwrap_or_else(|| input.path.to_string());
        match (&input.bytes, &input.seal) {
            (Some(bytes), _) => list.push(Entry::of(Some("inventory"), path, bytes)),
            (None, Some(seal)) => list.push(Entry {
                role: Some(role(input).to_owned()),
                path,
                bytes: seal.bytes,
                sha256: hex(&seal.sha256),
            }),
            // Only what is packed or verified is sealed.
            (None, None) => {}
        }
    }
    let mut add = |role: &str, path: &str, bytes: &[u8]| {
        let number = list.iter().filter(|entry: &&Entry| entry.role.as_deref() == Some(role)).count() + 1;
        let path = match pseudonyms {
            Some(_) => format!("{role} {number}"),
            None => path.to_owned(),
        };
        list.push(Entry::of(Some(role), path, bytes));
    };
    let of = &publication.workspace;
    for overlay in &of.catalog.overlays {
        let text = of.sources.text(&overlay.file).map(|text| text.as_bytes());
        add("catalog", &overlay.file, text.unwrap_or_default());
    }
    for (path, bytes) in &publication.templates_read {
        add("template", path, bytes);
    }
    if let (Some(logo), Some((path, _))) = (&publication.logo, &of.inventory.theme.logo) {
        add("logo", &path.display().to_string(), logo.bytes());
    }
    for (path, bytes) in &publication.fonts_read {
        add("font", &path.display().to_string(), bytes);
    }
    list.extend(evidence(&of.inventory.evidence, pseudonyms.is_some()));
    list
}

/// The files that evidence names, each once.
fn evidence(evidence: &[Evidence], is_redacted: bool) -> Vec<Entry> {
    let mut list: Vec<Entry> = Vec::new();
    let mut seen = BTreeSet::new();
    for file in evidence.iter().filter_map(|entry| entry.file.as_ref()) {
        if let Ok(seal) = &file.seal
            && seen.insert(&file.path)
        {
            list.push(Entry {
                role: Some("evidence".to_owned()),
                path: if is_redacted {
                    format!("evidence {}", seen.len())
                } else {
                    file.path.display().to_string()
                },
                bytes: seal.bytes,
                sha256: seal.hex(),
            });
        }
    }
    list
}

/// What an input is to a pack.
fn role(input: &crate::inventory::Input) -> &'static str {
    match input {
        input if input.is_results => "results",
        input if input.is_upstream => "upstream",
        _ => "inventory",
    }
}
