//! Importers: resources from files that people already have.
//!
//! In: the bytes of a file. Out: resources with their attributes, in the source's own types; which service they belong
//! to is the catalog's to say, later. Each source is one file behind [`Importer`]. Whatever an importer finds passes
//! `opened`, which lets nothing secret through.

mod aws_config;
mod beginning;
mod cloudformation;
mod costs;
mod json;
mod listing;
mod location;
mod long;
mod names;
mod paths;
mod rows;
mod secrets;
mod shapes;
mod siblings;
mod table;
mod terraform;
mod text;

pub(super) use beginning::{Says, is_report, says};
pub(super) use location::is_global;
pub use long::{Entry, Form, Long, Watch, import_long};
pub(super) use text::utf16;

use super::OutOfScope;
use super::file::ImportFile;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::characters::prints_as_nothing;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One source of resources.
pub trait Importer: Sync {
    /// What `--from` calls the source.
    fn id(&self) -> &'static str;

    /// What the source is called.
    fn name(&self) -> &'static str;

    /// Whether the bytes look like this source's, judged by their content.
    fn recognises(&self, bytes: &[u8]) -> bool;

    /// How a file is read that is too long to be held; none if it cannot.
    fn form(&self) -> Option<Form> {
        None
    }

    /// Whether a file that begins so can be read in that form.
    fn streams(&self, _head: &[u8]) -> bool {
        self.form().is_some()
    }

    /// The managed resources in the bytes.
    ///
    /// # Errors
    /// What is wrong with the file, at `place` where the file has no better one.
    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported>;
}

/// The first that recognises a file takes it.
pub const IMPORTERS: &[&dyn Importer] = &[
    &terraform::TerraformState,
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

/// The importer that `--from` names.
#[must_use]
pub fn named(id: &str) -> Option<&'static dyn Importer> {
    IMPORTERS.iter().copied().find(|importer| importer.id() == id)
}

/// The importer of a file: the one asked for, else the one that recognises it.
///
/// # Errors
/// [`Code::ImportFailed`] if there is none.
pub fn importer_of(bytes: &[u8], file: &Arc<str>, asked: Option<&'static dyn Importer>, place: &Place) -> Outcome<&'static dyn Importer> {
    // A file of this name that is empty or cut off at its beginning is state all the same.
    let by_name = || {
        file.ends_with(".tfstate")
            .then_some(&terraform::TerraformState as &'static dyn Importer)
    };
    if let Some(importer) = asked.or_else(|| recognise(bytes)).or_else(by_name) {
        return Ok(importer);
    }
    let (what, help) = beginning::looks_like(bytes);
    let fault = |help: String| {
        Diagnostic::new(Code::ImportFailed, format!("`{file}` {what}"))
            .at(place.clone())
            .help(help)
    };
    let Some(help) = help else {
        let names: Vec<&str> = IMPORTERS.iter().map(|importer| importer.name()).collect();
        let what = fault(format!(
            "what can be: {}; an inventory begins with `inventory: 1`",
            names.join(", ")
        ));
        if let Some(lacks) = beginning::lacks_version(bytes, file) {
            return Err(vec![lacks]);
        }
        return Err(std::iter::once(what).chain(beginning::broken(bytes, file)).collect());
    };
    Err(vec![fault(help.to_owned())])
}

/// Imports a file.
///
/// # Errors
/// [`Code::ImportFailed`] if no importer recognises it, and what the importer itself says.
pub fn import(
    bytes: &[u8],
    file: &Arc<str>,
    asked: Option<&'static dyn Importer>,
    defaults: &Defaults,
    place: &Place,
) -> Outcome<Imported> {
    let importer = importer_of(bytes, file, asked, place)?;
    let mut imported = importer.import(bytes, file, place)?;
    imported.resources = imported.resources.into_iter().map(opened).collect();
    for resource in &mut imported.resources {
        defaults.fill(resource);
    }
    Ok(imported)
}

/// The resource without anything secret, whatever its source has left in it, and without names that print as nothing.
fn opened(resource: ImportedResource) -> ImportedResource {
    let open = |text: Option<String>| text.filter(|text| !secrets::looks_secret(text) && !prints_as_nothing(text));
    let seen = |text: Option<Arc<str>>| text.filter(|text| !prints_as_nothing(text));
    ImportedResource {
        region: seen(resource.region),
        environment: seen(resource.environment),
        owner: seen(resource.owner),
        name: open(resource.name),
        arn: open(resource.arn),
        tags: secrets::open_tags(resource.tags),
        config: secrets::without(&resource.kind, resource.config, None),
        address: if secrets::looks_secret(&resource.address) {
            "(...)".to_owned()
        } else {
            resource.address
        },
        ..resource
    }
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

    /// Fills in what a resource does not say.
    fn fill(&self, resource: &mut ImportedResource) {
        let fill = |to: &mut Option<Arc<str>>, from: &Option<Arc<str>>| {
            if to.is_none() {
                to.clone_from(from);
            }
        };
        fill(&mut resource.account, &self.account);
        fill(&mut resource.region, &self.region);
        fill(&mut resource.environment, &self.environment);
        fill(&mut resource.owner, &self.owner);
    }
}

/// What an importer found.
#[derive(Debug, Default)]
pub struct Imported {
    /// The file.
    pub file: Arc<str>,
    /// Whether it is all that one state holds, so that an equal one is the same again.
    pub is_state: bool,
    /// Managed resources of the catalog's provider.
    pub resources: Vec<ImportedResource>,
    /// Resources of other providers.
    pub out_of_scope: Vec<OutOfScope>,
    /// What is worth telling.
    pub warnings: Vec<Diagnostic>,
    /// Where in `out_of_scope` a type of a provider stands.
    others: BTreeMap<(String, String), usize>,
}

impl Imported {
    /// Adds a resource of another provider.
    fn add_other(&mut self, kind: &str, provider: &str, address: Option<String>) {
        let address = address.filter(|address| !secrets::looks_secret(address));
        let key = (kind.to_owned(), provider.to_owned());
        if let Some(known) = self.others.get(&key).and_then(|index| self.out_of_scope.get_mut(*index)) {
            known.count += 1;
            known.addresses.extend(address);
            return;
        }
        self.others.insert(key, self.out_of_scope.len());
        self.out_of_scope.push(OutOfScope {
            kind: kind.to_owned(),
            provider: provider.to_owned(),
            count: 1,
            from: self.file.clone(),
            addresses: address.into_iter().collect(),
        });
    }

    /// A warning where a file that could be read has nothing in it.
    fn say_if_empty(&mut self, place: &Place, help: &str) {
        if self.resources.is_empty() && self.out_of_scope.is_empty() && self.warnings.is_empty() {
            self.warnings.push(
                Diagnostic::new(Code::ImportEmpty, format!("`{}` holds no managed resource", self.file))
                    .at(place.clone())
                    .help(help),
            );
        }
    }
}

/// What is said of entries that are damaged. An entry keeps only itself out, whatever source it is of.
struct LeftOut;

impl LeftOut {
    /// How many are named, one by one.
    const MOST: usize = 20;

    /// One of them.
    fn warning(what: &str, help: &str) -> Diagnostic {
        Diagnostic::new(Code::ImportPartial, what).help(help)
    }

    /// Those behind the ones that are named.
    fn rest(count: usize, file: &str, place: &Place, help: &str) -> Option<Diagnostic> {
        (count > 0).then(|| Self::warning(&format!("{count} more entries of `{file}` are damaged and left out"), help).at(place.clone()))
    }
}

/// The items of a list that are left out, and the number of the first of them.
#[derive(Debug, Default)]
struct Broken {
    seen: usize,
    count: usize,
    first: usize,
}

impl Broken {
    /// An item that is sound.
    fn next(&mut self) {
        self.seen += 1;
    }

    /// An item that is not.
    fn add(&mut self) {
        self.seen += 1;
        self.count += 1;
        if self.count == 1 {
            self.first = self.seen;
        }
    }

    /// What is said of them.
    fn warning(&self, what: &str, help: &str, file: &str, place: &Place) -> Option<Diagnostic> {
        let (count, first) = (self.count, self.first);
        let which = match count {
            0 => return None,
            1 => format!(
                "item {first} of `{file}` {} and is left out",
                what.replacen("are ", "is ", 1).replacen("have ", "has ", 1)
            ),
            _ => format!("{count} of the items of `{file}` {what} and are left out; the first is item {first}"),
        };
        Some(LeftOut::warning(&which, help).at(place.clone()))
    }
}

/// One imported resource, or `count` alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedResource {
    /// The source's own type name.
    pub kind: Arc<str>,
    /// The service, where the source names it apart from the type.
    pub service: Option<Arc<str>>,
    /// The mode, where the source names it.
    pub mode: Option<Arc<str>>,
    /// What people call it.
    pub name: Option<String>,
    /// What its source knows it by within its account, Region and type, if not an attribute says so.
    pub id: Option<String>,
    /// Its address within the file; empty where it stands for several.
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
    /// Data classes.
    pub data: Vec<Arc<str>>,
    /// How many alike; 0 and 1 are one.
    pub count: u64,
    /// Tags, sorted by key.
    pub tags: Vec<(Arc<str>, String)>,
    /// Attributes in Terraform's spelling, without anything secret.
    pub config: Attributes,
}
