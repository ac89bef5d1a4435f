//! Importers: resources from files that people already have.
//!
//! In: the bytes of a file. Out: resources with their attributes, in the source's own types; which service they belong
//! to is the catalog's to say, later. Each source is one file behind [`Importer`].

mod aws_config;
mod cloudformation;
mod json;
mod listing;
mod table;
mod terraform_state;

use super::OutOfScope;
use super::file::ImportFile;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use std::sync::Arc;

/// One source of resources.
pub trait Importer: Sync {
    /// What the source is called.
    fn name(&self) -> &'static str;

    /// Whether the bytes look like this source's, judged by their content.
    fn recognises(&self, bytes: &[u8]) -> bool;

    /// The managed resources in the bytes.
    ///
    /// # Errors
    /// What is wrong with the file, at `place` where the file has no better one.
    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported>;
}

/// The first that recognises a file takes it.
pub const IMPORTERS: &[&dyn Importer] = &[
    &terraform_state::TerraformState,
    &aws_config::AwsConfig,
    &listing::Tagging,
    &listing::ResourceExplorer,
    &cloudformation::CloudFormation,
    &table::Table,
];

/// The importer whose source the bytes look like.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<&'static dyn Importer> {
    IMPORTERS.iter().copied().find(|importer| importer.recognises(bytes))
}

/// Imports a file whose source is recognised by its content.
///
/// # Errors
/// [`Code::ImportFailed`] if no importer recognises it, and what the importer itself says.
pub fn import(bytes: &[u8], file: &Arc<str>, defaults: &Defaults, place: &Place) -> Outcome<Imported> {
    // A file of this name that is empty or cut off at its beginning is state all the same.
    let by_name = || {
        file.ends_with(".tfstate")
            .then_some(&terraform_state::TerraformState as &dyn Importer)
    };
    let Some(importer) = recognise(bytes).or_else(by_name) else {
        let empty = bytes.iter().all(u8::is_ascii_whitespace);
        let what = if empty {
            "is empty"
        } else {
            "is not of a kind that can be imported"
        };
        return Err(vec![
            Diagnostic::new(Code::ImportFailed, format!("`{file}` {what}"))
                .at(place.clone())
                .help(format!(
                    "what can be: {}",
                    IMPORTERS.iter().map(|importer| importer.name()).collect::<Vec<_>>().join(", ")
                )),
        ]);
    };
    let mut imported = importer.import(bytes, file, place)?;
    for resource in &mut imported.resources {
        let fill = |to: &mut Option<Arc<str>>, from: &Option<Arc<str>>| {
            if to.is_none() {
                to.clone_from(from);
            }
        };
        fill(&mut resource.account, &defaults.account);
        fill(&mut resource.region, &defaults.region);
        fill(&mut resource.environment, &defaults.environment);
        fill(&mut resource.owner, &defaults.owner);
    }
    Ok(imported)
}

/// What the inventory says of the resources of an import that say nothing themselves.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// Account number.
    pub account: Option<Arc<str>>,
    /// Region.
    pub region: Option<Arc<str>>,
    /// Environment.
    pub environment: Option<Arc<str>>,
    /// Owner.
    pub owner: Option<Arc<str>>,
}

impl Defaults {
    /// Those of an `imports` entry.
    #[must_use]
    pub fn of(file: &ImportFile) -> Self {
        let text = |text: &Option<super::file::Text>| text.as_ref().map(|text| text.0.as_str().into());
        Self {
            account: text(&file.account),
            region: text(&file.region),
            environment: text(&file.environment),
            owner: text(&file.owner),
        }
    }
}

/// What an importer found.
#[derive(Debug, Default)]
pub struct Imported {
    /// The file.
    pub file: Arc<str>,
    /// Managed resources of the catalog's provider.
    pub resources: Vec<ImportedResource>,
    /// Resources of other providers.
    pub out_of_scope: Vec<OutOfScope>,
    /// What is worth telling.
    pub warnings: Vec<Diagnostic>,
}

/// One imported resource.
#[derive(Debug, Clone, Default)]
pub struct ImportedResource {
    /// The source's own type name.
    pub kind: Arc<str>,
    /// What people call it.
    pub name: Option<String>,
    /// Its address within the file.
    pub address: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// Account number; `None` rather than guessed.
    pub account: Option<Arc<str>>,
    /// Region; `None` rather than guessed.
    pub region: Option<Arc<str>>,
    /// Environment.
    pub environment: Option<Arc<str>>,
    /// Owner.
    pub owner: Option<Arc<str>>,
    /// Tags, sorted by key.
    pub tags: Vec<(Arc<str>, String)>,
    /// Attributes in Terraform's spelling, without anything secret.
    pub config: Attributes,
}
