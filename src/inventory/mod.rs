//! The inventory: what is deployed, who the parties are, and who holds which letter.
//!
//! In: inventory files, folders of them, and files to import. Out: one validated [`Inventory`].

mod archives;
mod assembly;
mod belonging;
mod blank;
mod canonical;
mod deployed;
mod differ;
mod documents;
mod enclosed;
mod evidence;
pub mod file;
mod find;
mod glob;
mod handover;
pub mod import;
mod imports;
mod kind;
mod known;
mod load;
mod long;
mod operators;
mod read;
mod reading;
pub mod redact;
pub(crate) mod sample;
mod scanned;
mod selector;
mod settle;
mod shared;
mod unite;
mod validate;
mod wildcard;
mod written;

pub use crate::source::Seal;
pub use belonging::Belonging;
pub(crate) use canonical::canonical;
pub use evidence::{Enclosed, Evidence, Validity, Voucher};
pub use file::PartyKind;
pub use handover::{Access, Exit, Handover, Keep, Runbook};
pub(crate) use import::is_report as is_report_json;
pub use load::{Loaded, load, load_with, tags_of_files};
pub use operators::{Operated, Operators};
pub use read::ReadFiles;
pub use reading::Reading;
pub use sample::Sample;
pub use selector::{Selector, Subject};
pub(crate) use validate::normalised;
pub use validate::{Supposition, selection, suppose};
pub use wildcard::Wildcard;
pub(crate) use written::{add_source, decoded};

use crate::catalog::predicate::Attributes;
use crate::catalog::{Severity, SeverityRule};
use crate::diagnostics::{Bytes, Place};
use crate::results::Results;
use indexmap::IndexMap;
use jiff::civil::Date;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What the organisation's own customers must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurCustomers {
    /// In a sentence.
    pub does: Arc<str>,
    /// The objectives that it serves, as `control.objective`.
    pub objectives: Vec<Arc<str>>,
    /// The requirements that it answers, as `framework/id`.
    pub requirements: Vec<Arc<str>>,
}

/// A framework that the inventory names, and what of it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameworkChoice {
    /// Its id in the catalog.
    pub id: Arc<str>,
    /// One of its baselines; none: all of its requirements.
    pub baseline: Option<Arc<str>>,
}

/// Everything that the join needs to know about the user's side.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Title of the report.
    pub title: Option<String>,
    /// The customer.
    pub organization: Option<String>,
    /// The system.
    pub system: Option<String>,
    /// Version of the document.
    pub version: Option<String>,
    /// The date that the statement is true for.
    pub as_of: Option<Date>,
    /// Such as `Confidential`.
    pub classification: Option<String>,
    /// As printed.
    pub prepared_by: Option<String>,
    /// As printed.
    pub prepared_for: Option<String>,
    /// Branding.
    pub theme: Theme,
    /// The columns of the matrix: providers first, then in the order of definition. Never empty.
    pub parties: Vec<Party>,
    /// In the order in which they are read.
    pub rules: Vec<Rule>,
    /// By number, in the order of definition.
    pub accounts: IndexMap<String, Account>,
    /// What is deployed; shared with the matrix that is made of it.
    pub resources: Vec<Arc<Resource>>,
    /// What is knowingly not done.
    pub exceptions: Vec<Exception>,
    /// Artefacts.
    pub evidence: Vec<Evidence>,
    /// How many duties may rest on one artefact before that is worth a warning, where the inventory says it.
    pub evidence_limit: Option<u32>,
    /// What the customers of the service that the organisation sells must do themselves.
    pub our_customers: Vec<OurCustomers>,
    /// The frameworks in whose numbers the report answers, in the order of the inventory.
    pub frameworks: Vec<FrameworkChoice>,
    /// Authorisations that the system builds on, in the order of the inventory.
    pub leveraged: Vec<Leveraged>,
    /// How bad findings are: the catalog's rule under the inventory's entries.
    pub severity: SeverityRule,
    /// Days in which a finding must be mended, by its severity.
    pub due: BTreeMap<Severity, u32>,
    /// Duties that pass from one party to another.
    pub handover: Option<Handover>,
    /// The document's history, newest last as written.
    pub revisions: Vec<Revision>,
    /// Imported types that belong to other providers.
    pub out_of_scope: Vec<OutOfScope>,
    /// The files that it was made from.
    pub inputs: Vec<Input>,
    /// Resources that count as deployed though a condition may keep them from being it, sorted.
    pub conditional: Vec<Conditional>,
    /// Whether no inventory file is among them, so that it is what imported files alone tell.
    pub is_partial: bool,
    /// What scanners say.
    pub results: Arc<Results>,
    /// Whether the resources are what scanners saw, since nothing else tells any.
    pub is_of_results: bool,
}

impl Inventory {
    /// Adds resources of another provider; [`Self::unite_out_of_scope`] counts those of a type together.
    fn add_out_of_scope(&mut self, other: OutOfScope) {
        self.out_of_scope.push(other);
    }

    /// One entry for all resources of a type, a provider and a file; sorted.
    fn unite_out_of_scope(&mut self) {
        let key = |one: &OutOfScope| (one.kind.clone(), one.provider.clone(), one.from.clone());
        self.out_of_scope.sort_by_cached_key(key);
        self.out_of_scope.dedup_by(|next, known| {
            let alike = (&next.kind, &next.provider, &next.from) == (&known.kind, &known.provider, &known.from);
            if alike {
                known.count = known.count.saturating_add(next.count);
                known.addresses.append(&mut next.addresses);
            }
            alike
        });
    }
}

/// A file that an inventory was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// As the user named it.
    pub path: Arc<str>,
    /// Its bytes, where the report may attach them: inventory files, not imported state.
    pub bytes: Option<Bytes>,
    /// What was read of an imported file, where that was asked for.
    pub seal: Option<Seal>,
    /// What kind of source an imported file is, as printed.
    pub source: Option<&'static str>,
    /// Whether it holds what scanners found.
    pub is_results: bool,
    /// Whether it hands over what a provider or partner leaves to its customers.
    pub is_upstream: bool,
}

/// A resource that a template deploys under a condition; it counts as deployed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conditional {
    /// The condition.
    pub condition: String,
    /// The source's own type name.
    pub kind: String,
    /// Its address in the template; none where it is not told.
    pub address: Option<String>,
    /// The template.
    pub from: Arc<str>,
}

/// Branding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// The picture's path, resolved against the inventory file, and where it is named.
    pub logo: Option<(PathBuf, Place)>,
    /// `#rrggbb`, lower case.
    pub accent: Option<String>,
    /// Text at the foot of each page.
    pub footer: Option<String>,
    /// The family of the font: letters, digits, spaces and hyphens.
    pub font: Option<String>,
    /// A folder of fonts, resolved against the inventory file, and where it is named.
    pub font_path: Option<(PathBuf, Place)>,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Unique.
    pub id: Arc<str>,
    /// As printed.
    pub name: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// For narrow columns.
    pub short: Option<String>,
    /// How to reach it.
    pub contact: Option<String>,
    /// The number to call.
    pub phone: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// Role names.
    pub people: Vec<String>,
}

impl Party {
    /// A party that the catalog knows and the inventory does not describe.
    fn known(id: &str, name: &str, short: Option<&str>, kind: PartyKind) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            kind,
            short: short.map(str::to_owned),
            contact: None,
            phone: None,
            hours: None,
            people: Vec::new(),
        }
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits.
    pub id: Arc<str>,
    /// As printed.
    pub name: Option<String>,
    /// The environment of its resources.
    pub environment: Option<Arc<str>>,
    /// The owner of its resources.
    pub owner: Option<Arc<str>>,
    /// The organisational unit that it is in.
    pub unit: Option<String>,
    /// Its tags.
    pub tags: Vec<(Arc<str>, String)>,
    /// Where it is described.
    pub place: Place,
}

/// An assignment rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it matches.
    pub selector: Selector,
    /// Party indices; `None`: the rule leaves the letter as it is.
    pub responsible: Option<Vec<usize>>,
    /// Party index.
    pub accountable: Option<usize>,
    /// Party indices.
    pub consulted: Option<Vec<usize>>,
    /// Party indices.
    pub informed: Option<Vec<usize>>,
    /// Where it stands.
    pub place: Place,
}

/// One deployed thing, or `count` alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The catalog's service; `None`: unclassified.
    pub service: Option<Arc<str>>,
    /// The source's own type name, or what the inventory called it.
    pub kind: Arc<str>,
    /// The mode that the inventory states.
    pub mode: Option<Arc<str>>,
    /// What people call it.
    pub name: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// Account number.
    pub account: Option<Arc<str>>,
    /// Region.
    pub region: Option<Arc<str>>,
    /// Its own, else the account's.
    pub environment: Option<Arc<str>>,
    /// Its own, else the account's.
    pub owner: Option<Arc<str>>,
    /// How many alike; at least 1.
    pub count: u64,
    /// Data classes, sorted.
    pub data: Vec<Arc<str>>,
    /// Tags, in the order of the source; shared with all resources that have the same.
    pub tags: Arc<[(Arc<str>, String)]>,
    /// Attributes in Terraform's spelling.
    pub config: Arc<Attributes>,
    /// True for what only supports another resource; it is counted apart.
    pub supporting: bool,
    /// Where it stands.
    pub place: Place,
    /// Its address within an imported file.
    pub address: Option<String>,
    /// What selectors look at where pseudonyms stand for it; never printed.
    pub known_as: Option<Arc<KnownAs>>,
    /// What a few of them are called, where it stands for several and its source names a few.
    pub sample: Option<Arc<Sample>>,
    /// Which others it is a part of, and which are its parts, as its files join them.
    pub belonging: Option<Arc<Belonging>>,
}

/// What a resource is called behind its pseudonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownAs {
    /// Its name, else its address.
    pub name: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its type.
    pub kind: Arc<str>,
    /// Its address.
    pub address: Option<String>,
}

impl Resource {
    /// The name that selectors look at: its own, else its address.
    #[must_use]
    pub fn matched_name(&self) -> Option<&str> {
        match &self.known_as {
            Some(known) => known.name.as_deref(),
            None => self.name.as_deref().or(self.address.as_deref()),
        }
    }

    /// The ARN that selectors look at.
    #[must_use]
    pub fn matched_arn(&self) -> Option<&str> {
        match &self.known_as {
            Some(known) => known.arn.as_deref(),
            None => self.arn.as_deref(),
        }
    }

    /// The address that it has within its file.
    #[must_use]
    pub fn matched_address(&self) -> Option<&str> {
        match &self.known_as {
            Some(known) => known.address.as_deref(),
            None => self.address.as_deref(),
        }
    }

    /// The type that selectors look at.
    #[must_use]
    pub fn matched_kind(&self) -> &str {
        self.known_as.as_ref().map_or(&self.kind, |known| &known.kind)
    }

    /// What to call it: its name, else its address, else its type.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.address.as_deref()).unwrap_or(&self.kind)
    }

    /// The same with its type behind it, where the label is another word.
    #[must_use]
    pub fn label_and_kind(&self) -> String {
        match self.label() {
            label if label == &*self.kind => label.to_owned(),
            label => format!("{label} ({})", self.kind),
        }
    }

    /// An order by what resources are, whatever files and lines they come from.
    pub(crate) fn by_content(&self, other: &Self) -> Ordering {
        fn key<'r>(of: &'r Resource) -> impl Ord + use<'r> {
            let what = (&of.service, of.label(), &of.kind, &of.mode, &of.arn, &of.address);
            let whose = (&of.account, &of.region, &of.environment, &of.owner);
            (what, whose, of.count, &of.data, &of.tags, of.supporting)
        }
        key(self)
            .cmp(&key(other))
            .then_with(|| canonical::compare(&self.config, &other.config))
            .then_with(|| self.place.cmp(&other.place))
    }
}

/// What is knowingly not done.
#[derive(Debug, Clone, PartialEq)]
pub struct Exception {
    /// What it excuses.
    pub selector: Selector,
    /// Why.
    pub reason: String,
    /// As printed.
    pub approved_by: Option<String>,
    /// When.
    pub approved: Option<Date>,
    /// What protects in its place.
    pub instead: Option<String>,
    /// Afterwards it is a finding.
    pub expires: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

/// An authorisation of a party that the system builds on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leveraged {
    /// Party index.
    pub party: usize,
    /// Its id.
    pub id: String,
    /// When it was given.
    pub date: Date,
    /// What it is called.
    pub title: Option<String>,
}

/// One entry of the document's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Of the document.
    pub version: String,
    /// When.
    pub date: Date,
    /// As printed.
    pub author: Option<String>,
    /// What changed.
    pub change: String,
}

/// Imported resources of another provider than the catalog's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutOfScope {
    /// The source's own type name.
    pub kind: String,
    /// The other provider's name.
    pub provider: String,
    /// How many.
    pub count: u64,
    /// The file that they come from.
    pub from: Arc<str>,
    /// Their addresses in the file, as far as they are known.
    pub addresses: Vec<String>,
}
