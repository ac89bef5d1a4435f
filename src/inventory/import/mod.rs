//! Importers: resources from files that people already have.
//!
//! In: the bytes of a file. Out: resources with their attributes, in the source's own types; which service they belong
//! to is the catalog's to say, later. Each source is one file behind [`Importer`]. Of whatever an importer finds no more goes on
//! than somebody needs (`needed`), and nothing secret (`opened`).

mod aws_config;
mod beginning;
mod cloudformation;
mod costs;
mod json;
mod listing;
mod location;
mod long;
mod names;
mod needed;
mod paths;
mod secrets;
mod shapes;
mod siblings;
mod table;
mod terraform;
mod text;

pub(super) use beginning::{has_key, is_report};
pub(super) use location::is_global;
pub use long::{Entry, Form, Long, Watch, import_long};

use super::OutOfScope;
use super::file::ImportFile;
use crate::catalog::Catalog;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::characters::prints_as_nothing;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
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

    /// The managed resources in the bytes, with all that the file says of them: [`import`] takes out what is secret.
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
    let help = help.map_or_else(
        || {
            let names: Vec<&str> = IMPORTERS.iter().map(|importer| importer.name()).collect();
            format!("what can be: {}", names.join(", "))
        },
        str::to_owned,
    );
    Err(vec![
        Diagnostic::new(Code::ImportFailed, format!("`{file}` {what}"))
            .at(place.clone())
            .help(help),
    ])
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
    catalog: &Catalog,
) -> Outcome<Imported> {
    let importer = importer_of(bytes, file, asked, place)?;
    let mut imported = importer.import(bytes, file, place).map_err(open_words)?;
    let mut needed = needed::Needed::by(catalog);
    let open = |mut resource: ImportedResource| {
        resource.called = long::called(&resource);
        let is_known = needed.only(&mut resource);
        opened(resource, is_known)
    };
    imported.resources = imported.resources.into_iter().map(open).collect();
    imported.warnings = open_words(imported.warnings);
    for resource in &mut imported.resources {
        defaults.fill(resource);
    }
    Ok(imported)
}

/// Words about a file that quote nothing secret of it.
fn open_words(words: Vec<Diagnostic>) -> Vec<Diagnostic> {
    words.into_iter().map(secrets::open_word).collect()
}

/// Attributes that an earlier import wrote, without anything that is known as secret today.
#[must_use]
pub fn open_attributes(kind: &str, attributes: Attributes) -> Attributes {
    secrets::without(kind, attributes)
}

/// Whether a text that an earlier import wrote is known as secret today.
#[must_use]
pub fn is_secret(text: &str) -> bool {
    secrets::hold_secret(text)
}

/// The resource without anything secret, whatever its source has left in it, and without names that print as nothing. The
/// catalog may know its type.
fn opened(resource: ImportedResource, is_known: bool) -> ImportedResource {
    let open = |text: Option<String>| text.and_then(secrets::open_text).filter(|text| !prints_as_nothing(text));
    let seen = |text: Option<Arc<str>>| text.filter(|text| !prints_as_nothing(text));
    let shared = |text: Option<Arc<str>>| seen(text).filter(|text| !secrets::hold_secret(text));
    // A name may be the part of a text that is secret only as a whole.
    let whole = [resource.arn.as_deref(), Some(resource.address.as_str())];
    let id = resource.config.get("id").and_then(serde_json::Value::as_str);
    let secret: Vec<&str> = whole
        .into_iter()
        .chain([id])
        .flatten()
        .filter(|text| secrets::hold_secret(text))
        .collect();
    let is_part = |name: &String| secret.iter().any(|text| text.contains(name.as_str()));
    let name = resource.name.filter(|name| !is_part(name));
    ImportedResource {
        kind: if !is_known && secrets::hold_secret(&resource.kind) {
            secrets::NOT_TOLD.into()
        } else {
            resource.kind.clone()
        },
        service: shared(resource.service),
        mode: shared(resource.mode),
        name: open(name),
        arn: open(resource.arn),
        environment: shared(resource.environment),
        owner: shared(resource.owner),
        data: resource.data.into_iter().filter(|class| !secrets::hold_secret(class)).collect(),
        tags: secrets::open_tags(resource.tags),
        config: secrets::without(&resource.kind, resource.config),
        address: secrets::told(resource.address),
        account: resource.account,
        region: seen(resource.region),
        count: resource.count,
        id: resource.id,
        called: resource.called,
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
}

impl Imported {
    /// Adds a resource of another provider.
    fn add_other(&mut self, kind: &str, provider: &str, address: Option<String>) {
        let address = address.and_then(secrets::open_text);
        let (kind, provider) = (&secrets::told(kind.to_owned()), &secrets::told(provider.to_owned()));
        let known = self
            .out_of_scope
            .iter_mut()
            .find(|other| other.kind == *kind && other.provider == *provider);
        if let Some(known) = known {
            known.count += 1;
            known.addresses.extend(address);
            return;
        }
        self.out_of_scope.push(OutOfScope {
            kind: kind.clone(),
            provider: provider.clone(),
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
    /// What else it was called before only what is needed was left of it, as a hash: two things may have one `id`.
    pub called: Option<[u64; 2]>,
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
