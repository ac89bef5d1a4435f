//! Importers: resources from files that people already have.
//!
//! In: the bytes of a file. Out: resources with their attributes, in the source's own types, and the service that the
//! catalog says they belong to. Each source is one file behind [`Importer`], and reads files of any length in one way.
//! Of whatever it finds no
//! more goes on than somebody needs (`needed`), and nothing secret (`opened`).

mod accounts;
mod aws_config;
mod beginning;
mod beside;
mod cloudformation;
mod costs;
mod items;
mod json;
mod keys;
mod listing;
mod location;
mod names;
mod needed;
mod paths;
mod plain;
mod pulumi;
mod questions;
mod relate;
pub(super) mod scanned;
mod sink;
mod table;
mod terraform;

pub use accounts::ImportedAccount;
pub use beginning::Head;
pub(crate) use beginning::is_report;
pub(super) use beginning::{Says, says};
pub use beside::Beside;
pub(super) use keys::{OwnKeys, settle_keys};
pub(super) use location::is_global;

use super::file::ImportFile;
use super::{Belonging, Conditional, OutOfScope, Sample};
use crate::catalog::Catalog;
use crate::catalog::attributes::Origin;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::characters::prints_as_nothing;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::memory;
use crate::results::Gathered;
use crate::source::documents::Part;
use crate::source::{Stream, secrets};
pub(super) use relate::settle;
use relate::{Others, Owned};
pub(super) use sink::Deleted;
use sink::{Class, Identity, Intake};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How far a source is believed of what a resource is, where several tell of it: the later, the more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// A list of names with what somebody put beside them.
    #[default]
    Listed,
    /// What is to be deployed, whoever deploys it.
    Template,
    /// What people wrote down.
    Written,
    /// What will be there once a plan is applied.
    Planned,
    /// What was seen running.
    Seen,
}

/// One source of resources.
pub trait Importer: Sync {
    /// What `--from` calls the source.
    fn id(&self) -> &'static str;

    /// What the source is called.
    fn name(&self) -> &'static str;

    /// What of it can be read, in the words that people look for, where its name does not say that.
    fn reads(&self) -> &'static str {
        self.name()
    }

    /// Whether a file that begins so looks like this source's, judged by its content.
    fn begins(&self, head: &Head<'_>) -> bool;

    /// Whether the bytes look like this source's, judged by their content.
    fn recognises(&self, bytes: &[u8]) -> bool {
        self.begins(&Head::of(bytes))
    }

    /// Who spells types and attributes as the source does, where the types themselves do not tell.
    fn origin(&self) -> Option<Origin> {
        None
    }

    /// What it may mean that there is nothing in a file.
    fn if_empty(&self) -> &'static str;

    /// Whether resources that name no account are in the one of the others. A list that may be of several accounts must
    /// say no: nothing is guessed for it.
    fn is_of_one_account(&self) -> bool;

    /// The documents of a text, where there are several, or a log says whose they are: each is a source of its own then.
    fn documents(&self, _text: &str) -> Vec<Part> {
        Vec::new()
    }

    /// How far it is believed, unless a file says otherwise of itself.
    fn trust(&self) -> Trust {
        Trust::Seen
    }

    /// Takes the managed resources of a file in, one by one: as it is read, where its form allows that.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()>;
}

/// The first that recognises a file takes it.
pub const IMPORTERS: &[&dyn Importer] = &[
    &pulumi::Pulumi,
    &terraform::TerraformState,
    &aws_config::AwsConfig,
    &listing::Tagging,
    &listing::ResourceExplorer,
    &accounts::Organization,
    &cloudformation::CloudFormation,
    &table::Table,
    &table::Workbook,
    &table::Objects,
    &table::Columnar,
];

/// The importer whose source the bytes look like.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<&'static dyn Importer> {
    let head = Head::of(bytes);
    IMPORTERS.iter().copied().find(|importer| importer.begins(&head))
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

/// What an import looks at beside the file.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The catalog, which tells services and what is looked at of their resources.
    pub catalog: &'a Catalog,
    /// The tags that rules look at.
    pub tags: &'a BTreeSet<String>,
    /// What the inventory says of resources that say nothing themselves.
    pub defaults: &'a Defaults,
    /// The files beside it, where it lies among files.
    pub beside: Option<&'a Beside>,
    /// Whether what stands beside resources of how rules judge them is wanted, too.
    pub with_results: bool,
}

/// Imports a file.
///
/// # Errors
/// [`Code::ImportFailed`] if no importer recognises it, and what the importer itself says.
pub fn import(stream: Stream<'_>, asked: Option<&'static dyn Importer>, context: Context<'_>) -> Outcome<Imported> {
    let importer = importer_of(&stream.head, &stream.file, asked, &stream.place)?;
    let place = stream.place.clone();
    if stream.is_long {
        let help = "give the process more (`ulimit -v`, the container's limit)";
        memory::must_have(memory::STREAM, &format!("reading `{}`", stream.file), help).map_err(|fault| vec![fault.at(place.clone())])?;
    }
    let mut intake = Intake::new(&stream.file, &context, stream.is_long, importer.origin());
    importer.read(stream, &mut intake).map_err(open_words)?;
    let importer = intake.stands_for.unwrap_or(importer);
    let mut imported = intake.finish(importer.is_of_one_account()).map_err(open_words)?;
    imported.warnings = open_words(imported.warnings);
    imported.source = importer.name();
    imported.trust = imported.trust.min(importer.trust());
    for resource in &mut imported.resources {
        context.defaults.fill(resource);
    }
    imported.others.fill(&context.defaults.account, &context.defaults.region);
    imported.say_if_empty(&place, importer.if_empty());
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
fn opened(mut resource: ImportedResource, is_known: bool) -> ImportedResource {
    open_labels(&mut resource, is_known);
    let open = |text: Option<String>| text.and_then(secrets::open_text).filter(|text| !prints_as_nothing(text));
    let seen = |text: Option<Arc<str>>| text.filter(|text| !prints_as_nothing(text));
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
        name: open(name),
        arn: open(resource.arn),
        tags: secrets::open_tags(resource.tags),
        config: secrets::without(&resource.kind, resource.config),
        address: secrets::told(resource.address),
        region: seen(resource.region),
        ..resource
    }
}

/// What a resource is and whose, without anything secret: texts that many resources have, also where they are only counted.
fn open_labels(resource: &mut ImportedResource, is_known: bool) {
    if !is_known && secrets::hold_secret(&resource.kind) {
        resource.kind = secrets::NOT_TOLD.into();
    }
    for text in [
        &mut resource.service,
        &mut resource.mode,
        &mut resource.environment,
        &mut resource.owner,
    ] {
        text.take_if(|text| prints_as_nothing(text) || secrets::hold_secret(text));
    }
    resource.data.retain(|class| !secrets::hold_secret(class));
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
    /// What kind of source it is, as printed.
    pub source: &'static str,
    /// Whether it is all that one state holds, so that an equal one is the same again.
    pub is_state: bool,
    /// What the file says of how rules judge resources, where that was taken in along the way.
    pub results: Option<Box<Gathered>>,
    /// How far it is believed.
    pub trust: Trust,
    /// Of which line of versions it is, and which of them.
    pub version: Option<(String, u64)>,
    /// What counts as deployed though a condition may keep it from being it.
    pub conditional: Vec<Conditional>,
    /// Managed resources of the catalog's provider.
    pub resources: Vec<ImportedResource>,
    /// Accounts that it describes.
    pub accounts: Vec<ImportedAccount>,
    /// Resources of other providers.
    pub out_of_scope: Vec<OutOfScope>,
    /// What is worth telling.
    pub warnings: Vec<Diagnostic>,
    /// What its resources may say of those of other files, until that is settled.
    pub(super) others: Others,
    /// The keys that it shows to be the provider's own, until that is settled.
    pub(super) own_keys: OwnKeys,
    /// What it tells to be gone.
    pub(super) deleted: Deleted,
}

impl Imported {
    /// A warning where a file that could be read has nothing in it.
    fn say_if_empty(&mut self, place: &Place, help: &str) {
        if self.resources.is_empty() && self.accounts.is_empty() && self.out_of_scope.is_empty() && self.warnings.is_empty() {
            self.warnings.push(
                Diagnostic::new(Code::ImportEmpty, format!("`{}` holds no managed resource", self.file))
                    .at(place.clone())
                    .help(help),
            );
        }
    }
}

/// What the name of a provider's configuration ends in where it may be any of several.
const ANY_OF_ITS: &str = ".*";

/// How much a source tells of a resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Tells {
    /// All: what it does not say is not so.
    #[default]
    All,
    /// The settings, as far as its interface has them.
    Settings,
    /// What somebody asked for.
    Part,
    /// No more than what it is called, and where it is.
    Name,
}

/// A resource as its source has it.
struct Found {
    /// The resource.
    resource: ImportedResource,
    /// The provider configuration that made it, such as `provider["registry.../aws"].us`; empty where there is none. It ends in
    /// [`ANY_OF_ITS`] where it is not told which one that was.
    provider: Arc<str>,
    /// Whether that configuration tells its account, which is nobody else's then.
    by_provider: bool,
    /// By what it is known where it may stand several times, if not by its ARN or its id.
    identity: Option<Identity>,
    /// When it was recorded, in seconds of the calendar.
    recorded: Option<u32>,
    /// What others of the file may call it beside what its attributes say: `${Logs}` in a template.
    called: Vec<String>,
    /// Whether it may not be there while those are that it says something of: nothing that it says is known to hold.
    perhaps: bool,
    /// Whether it stands under a condition that is not settled, whoever else does.
    is_conditional: bool,
    /// How much is told of it.
    tells: Tells,
    /// Whether it is a row of a table, whose columns may be but some of what there is to tell.
    is_row: bool,
    /// Whether somebody chose what to tell of it, as of a row in a list of names.
    is_part: bool,
    /// Whether it is what was there before a plan that takes it away or changes it: no resource, but what it said of another that
    /// other may still say of itself.
    is_gone: bool,
}

impl Found {
    /// A resource of a source in which none refers to another.
    fn alone(resource: ImportedResource) -> Self {
        Self {
            resource,
            provider: Arc::default(),
            by_provider: false,
            identity: None,
            recorded: None,
            called: Vec::new(),
            perhaps: false,
            is_conditional: false,
            tells: Tells::All,
            is_row: false,
            is_part: false,
            is_gone: false,
        }
    }
}

/// One imported resource, or `count` alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedResource {
    /// The source's own type name.
    pub kind: Arc<str>,
    /// The service, where the source names it apart from the type.
    pub service: Option<Arc<str>>,
    /// The catalog's service, and whether the resource is one of its deployable things; `None`: unclassified.
    pub(super) class: Option<Class>,
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
    /// Whether it only supports others, whatever its type.
    pub supports: bool,
    /// When it was seen so, in seconds of the calendar.
    pub recorded: Option<u32>,
    /// Whether the id is the name that it will be deployed under, which others of its type may have elsewhere.
    pub by_name: bool,
    /// What a few of them are called, where it stands for several and its source names a few.
    pub sample: Option<Arc<Sample>>,
    /// Which others of its file it is joined to, by where these stand.
    pub(super) belonging: Option<Arc<Belonging>>,
    /// What another file may mean it by, until that is settled.
    owned: Option<Box<Owned>>,
}

/// The second of the calendar that a text tells.
fn second(text: &str) -> Option<u32> {
    let time: jiff::Timestamp = text.trim().parse().ok()?;
    u32::try_from(time.as_second()).ok()
}
