//! The responsibility catalog: who sees to what, service by service.
//!
//! In: the built-in files, and a user's overlay. Out: services found by any alias, and for each service and mode the
//! split of all controls into activities, each remembering the level that it came from.

mod about;
mod activities;
mod activity;
mod apart;
mod arn;
pub mod attributes;
pub(crate) mod builtin;
mod cadence;
mod case;
pub(crate) mod cdk;
pub mod check;
pub mod checks;
mod decides;
mod declared;
mod deployed;
pub(crate) mod embedded;
pub(crate) mod engines;
pub mod file;
mod folder;
pub mod frameworks;
mod given;
pub(crate) mod implied;
mod in_arns;
mod judgement;
pub mod layouts;
mod lifecycle;
mod lines;
mod load;
pub(crate) mod looked_at;
mod lookup;
mod names;
mod objectives;
pub mod oscal;
pub mod own;
pub mod partitions;
mod pattern;
pub mod predicate;
mod provided;
pub mod provider;
pub(crate) mod providers;
pub(crate) mod pulumi;
mod queried;
mod read;
mod references;
pub(crate) mod schemas;
pub(crate) mod severity;
mod shape;
mod side;
pub(crate) mod spelling;
mod split;
mod upstream;
mod wildcard;

pub use about::without_vendor_in_name;
pub use activity::{Activity, Commonness, Level, Source};
pub use arn::Arn;
pub use builtin::TEMPLATES;
pub use cadence::{Cadence, NoCadence, Unit};
pub use case::Case;
pub use decides::Decided;
pub use declared::Declaration;
pub use deployed::Deployed;
pub(crate) use file::OwnKeysFile;
pub use file::{Control, DefaultState, Layer, PartyFile, PartyKind, Severity};
pub use judgement::Verdict;
pub use lifecycle::{Lifecycle, Stage};
pub use load::OverlayNotice;
pub use looked_at::LookedAt;
pub use lookup::{Lookup, Namespace};
pub use names::{account_digits, account_help, account_provider, is_account, is_worded_account, region_of_zone};
pub(crate) use names::{key_id, managed_key, own_keys};
pub use providers::Provider;
pub use queried::QueriedTable;
pub(crate) use references::{is_reference, mirrors};
pub use severity::{Rated, Rating, SeverityRule, Step};
pub use side::{ControlType, Side};
pub use split::{ControlSplit, Mode, ModeChoice, Split};
pub use upstream::{Handed, HandedOver};

use about::vendors;
use embedded::Embedded;
use file::{AboutFile, IndexEntry, ModelFile, ModelsFile, ServiceFile};
use in_arns::InArns;
pub(crate) use pattern::letters;
use pattern::{squashed, without_vendor};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// A map of the catalog's files, in the order of the file. Thousands are made and looked into in every run, and their keys are
/// no stranger's.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, foldhash::fast::RandomState>;

/// What an inventory calls the mode of a resource that runs in the service's own form, and in none of its modes.
pub const STANDARD_MODE: &str = "standard";

/// The whole catalog. Service files are decoded when somebody first asks for them.
#[derive(Debug)]
pub struct Catalog {
    /// Name and version, such as `aws 2026.11`.
    pub version: String,
    /// The ids of the services that stand for an account itself, by whose accounts.
    account_services: Vec<(Provider, String)>,
    /// The id, within its control and side, of the customer's duty that stands for all that is inherited.
    pub provider_evidence: String,
    /// The id, within its control and side, of the customer's duty to keep evidence of its others on a service.
    pub own_evidence: String,
    /// All controls, in the order of the report.
    pub controls: Vec<Control>,
    /// All layers, top to bottom.
    pub layers: Vec<Layer>,
    /// The parties that the catalog knows; the first is the provider.
    pub parties: Vec<PartyFile>,
    /// The frameworks whose requirements it answers.
    pub frameworks: frameworks::Frameworks,
    /// The columns in which assessors ask for requirements.
    pub layouts: layouts::Layouts,
    /// How bad findings are.
    pub severity: SeverityRule,
    /// What an overlay changed.
    pub overlays: Vec<OverlayNotice>,
    /// The ids of services that stand for components of somebody else's documents.
    upstream: BTreeSet<String>,
    about: &'static AboutFile,
    /// Those of each provider that has some.
    models: Vec<Models>,
    own: own::Own,
    services: BTreeMap<Arc<str>, Entry>,
    lookup: Lookup,
    scanners: checks::Scanners,
}

/// What a provider says of service models. It rests on that provider's own pages, so that nothing of it holds on another cloud.
#[derive(Debug)]
struct Models {
    provider: Provider,
    file: ModelsFile,
    /// Where it is, of a provider whose folder was given.
    given: Option<Arc<str>>,
}

/// What there is of one service, each part decoded when it is first needed.
#[derive(Debug)]
struct Entry {
    /// What is needed of the service before it is looked at.
    index: Embedded<IndexEntry>,
    /// The built-in file of its resources, and what that declares with an overlay.
    resources: Option<&'static str>,
    declared: OnceLock<declared::Declared>,
    /// The ids of its activities, in all of its modes.
    activities: OnceLock<activities::Ids>,
    /// Its built-in file; of a service that only an overlay has, the overlay; of a given provider's, that one's.
    file: Embedded<Arc<ServiceFile>>,
    /// Where a given provider's file is.
    given: Option<Arc<str>>,
    overlay: Option<Arc<ServiceFile>>,
}

impl Entry {
    /// The files of the service that do not lie in the program.
    fn further(&self) -> impl Iterator<Item = &Arc<ServiceFile>> {
        let given = self.given.is_some().then(|| self.file.get());
        self.overlay.iter().chain(given)
    }
}

impl Catalog {
    /// The ids of all services, sorted.
    pub fn service_ids(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(|id| &**id)
    }

    /// What the index says of a service.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&IndexEntry> {
        Some(self.services.get(id)?.index.get())
    }

    /// The id of the service that stands for a provider's account itself; none where the catalog has none.
    #[must_use]
    pub fn account_service(&self, provider: Provider) -> Option<&str> {
        let found = self.account_services.iter().find(|(whose, _)| *whose == provider);
        found.map(|(_, id)| id.as_str()).filter(|id| self.services.contains_key(*id))
    }

    /// The ids of all services that stand for an account.
    pub fn account_service_ids(&self) -> impl Iterator<Item = &str> {
        self.account_services.iter().map(|(_, id)| id.as_str())
    }

    /// Whether a service stands for an account.
    #[must_use]
    pub fn is_account_service(&self, service: &str) -> bool {
        self.account_service_ids().any(|id| id == service)
    }

    /// Whether resources of a service are in no Region, as the types of its aliases tell.
    #[must_use]
    pub fn is_global(&self, id: &str) -> bool {
        let types = self.service(id).map(|index| index.aliases.terraform.as_slice());
        types.unwrap_or_default().iter().any(|kind| provider::is_global(kind))
    }

    /// The service that any alias, type, ARN, IAM prefix or name belongs to.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<&str> {
        self.lookup.resolve(name)
    }

    /// The service of a resource type and whether the type is a deployable thing (or a supporting one).
    #[must_use]
    pub fn resolve_type(&self, namespace: Namespace, kind: &str) -> Option<(&str, bool)> {
        let service = self.lookup.resolve_in(namespace, kind)?;
        let types = self.resource_types(service).iter().flat_map(|one| match namespace {
            Namespace::Terraform => &one.terraform,
            _ => &one.cloudformation,
        });
        Some((service, types.into_iter().any(|pattern| wildcard::matches(pattern, kind))))
    }

    /// The service of an imported resource and whether it is a deployable thing: by its type, else by its ARN, else by
    /// what its source calls the service.
    #[must_use]
    pub fn classify(&self, kind: &str, arn: Option<&str>, service: Option<&str>) -> Option<(&str, bool)> {
        self.classify_type(kind)
            .or_else(|| self.resolve_arn(arn?))
            .or_else(|| self.resolve_words(service?, kind))
            .or_else(|| Some((self.resolve(service?)?, true)))
            .or_else(|| {
                // `ec2:subnet`, as Resource Explorer and ARNs name types.
                let by_arn = || self.lookup.resolve_in(Namespace::Arn, kind).filter(|_| kind.contains(':'));
                let service = by_arn().or_else(|| self.resolve(kind))?;
                let named = kind
                    .split_once(':')
                    .map(|(namespace, what)| self.type_in_arns(service, namespace, what));
                Some((service, named.is_none_or(|named| named.may_be_primary())))
            })
    }

    /// The service and type of a table's words: its `EC2` and `Subnet` are `AWS::EC2::Subnet`, and its `AWS WAF` and `Web ACL`
    /// are `AWS::WAFv2::WebACL`. Nothing where the type only repeats the service.
    fn resolve_words(&self, service: &str, kind: &str) -> Option<(&str, bool)> {
        let named = self.resolve(service);
        if named.is_some() && self.lookup.resolve_name(kind) == named {
            return None;
        }
        let (name, word) = (squashed(service), squashed(kind));
        let name = without_vendor(&name, vendors());
        let mut namespaces: Vec<(&str, &str)> = Vec::new();
        if let Some(index) = named.and_then(|id| self.service(id)) {
            let patterns = index.aliases.cloudformation.iter();
            namespaces.extend(patterns.filter_map(|pattern| {
                let mut parts = pattern.split("::");
                Some((parts.next()?, parts.next()?))
            }));
        }
        namespaces.extend(provider::vendors().map(|vendor| (vendor, name)));
        // `EC2 Instance` of `EC2` is its `Instance`.
        let word = without_vendor(&word, vendors());
        let words = [Some(word), word.strip_prefix(name).filter(|rest| !rest.is_empty())];
        let found = words.into_iter().flatten().flat_map(|word| {
            namespaces.iter().filter_map(move |(vendor, namespace)| {
                let (id, primary) = self.resolve_type(Namespace::CloudFormation, &format!("{vendor}::{namespace}::{word}"))?;
                Some((id, primary || (Some(id) == named && self.is_primary_word(id, word))))
            })
        });
        let found: Vec<(&str, bool)> = found.collect();
        found.iter().find(|(_, primary)| *primary).or(found.first()).copied()
    }

    /// The service of a type of Terraform, CloudFormation or AWS Config, and whether it is a deployable thing; nothing where
    /// the type is not known, and only more than it tells.
    pub(crate) fn classify_type(&self, kind: &str) -> Option<(&str, bool)> {
        let namespace = if kind.contains("::") {
            Namespace::CloudFormation
        } else {
            Namespace::Terraform
        };
        self.resolve_type(namespace, kind)
    }

    /// The service of an ARN.
    pub(crate) fn service_of_arn(&self, arn: &str) -> Option<&str> {
        self.lookup.resolve_arn(arn)
    }

    /// Whether all ARNs of a namespace are of one service, whatever they name.
    pub(crate) fn is_of_one_service(&self, namespace: &str) -> bool {
        self.lookup.is_of_one_service(namespace)
    }

    /// The service of an ARN and whether what it names is a deployable thing, as far as anybody knows.
    fn resolve_arn(&self, arn: &str) -> Option<(&str, bool)> {
        let service = self.lookup.resolve_arn(arn)?;
        let arn = Arn::parse(arn)?;
        Some((service, self.in_arns(service, arn.namespace, arn.resource).may_be_primary()))
    }

    /// The declared type of what an ARN names, as CloudFormation calls it; of a namespace that has only one thing the service's
    /// first. None where none is declared, or several may be meant.
    pub(crate) fn type_of_arn(&self, arn: &str) -> Option<&str> {
        let service = self.lookup.resolve_arn(arn)?;
        let arn = Arn::parse(arn)?;
        let own = |one: &attributes::ResourceType| one.cloudformation.first().is_some_and(|kind| !kind.ends_with('*'));
        let found = match self.in_arns(service, arn.namespace, arn.resource) {
            InArns::Wordless => self.resource_types(service).iter().find(|one| own(one))?,
            InArns::Kind(found) if own(found) => found,
            _ => return None,
        };
        found.cloudformation.first().map(String::as_str)
    }

    /// Whether a word of a table is known to be one of the service's deployable things: unlike an ARN's it stands for a type of
    /// CloudFormation, and of these the aliases tell which only support others.
    fn is_primary_word(&self, service: &str, word: &str) -> bool {
        matches!(self.type_in_arns(service, "", word), InArns::Kind(_) | InArns::Several(_)) || self.ends_in_word(service, word)
    }

    /// The service that a resource's attributes show it to be: a database instance of an Aurora cluster is Aurora's.
    /// `None` where that service is not in the catalog.
    #[must_use]
    pub fn reclassify(&self, service: &str, attributes: &predicate::Attributes) -> Option<&str> {
        let (id, entry) = self.services.get_key_value(service)?;
        let is_other = |rule: &&file::Reclassify| rule.when.holds(attributes) == predicate::Truth::Yes;
        match entry.index.get().reclassify.iter().find(is_other) {
            Some(rule) => self.services.get_key_value(rule.to.as_str()).map(|(id, _)| &**id),
            None => Some(id),
        }
    }

    /// Whether a resource that names and types tell to be of one service may be of another one, by its attributes.
    #[must_use]
    pub fn may_be(&self, service: &str, other: &str) -> bool {
        let turns = |entry: &IndexEntry| entry.reclassify.iter().any(|rule| rule.to == other);
        service == other || self.service(service).is_some_and(turns)
    }

    /// The services that a resource may turn out to be of instead, since it does not tell what would show it, and what would.
    #[must_use]
    pub fn open_to(&self, service: &str, attributes: &predicate::Attributes) -> (BTreeSet<&str>, BTreeSet<String>) {
        let rules = self.services.get(service).map_or(&[][..], |entry| &entry.index.get().reclassify);
        let open = |rule: &&file::Reclassify| rule.when.holds(attributes) == predicate::Truth::Unknown;
        let by = rules.iter().filter(open).flat_map(|rule| rule.when.attributes());
        (rules.iter().filter(open).map(|rule| rule.to.as_str()).collect(), by.collect())
    }

    /// A service model by its id.
    #[must_use]
    pub fn model(&self, id: &str) -> Option<&ModelFile> {
        self.models().find(|model| model.id == id)
    }

    /// All service models, the base's first.
    pub fn models(&self) -> impl Iterator<Item = &ModelFile> {
        self.models.iter().flat_map(|of| &of.file.models)
    }

    /// What a provider says of its service models.
    fn models_of(&self, provider: Provider) -> Option<&Models> {
        self.models.iter().find(|of| of.provider == provider)
    }

    /// A control by its id.
    #[must_use]
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// The party that a provider is where nobody else operates a partition or a Region of it: who operates its home.
    #[must_use]
    pub fn provider_of(&self, provider: Provider) -> Option<&PartyFile> {
        let home = partitions::partitions().get(partitions::home(provider))?;
        self.party(&home.operator.as_ref()?.party)
    }

    /// The same of the provider of a service.
    #[must_use]
    pub fn provider_of_service(&self, service: &str) -> Option<&PartyFile> {
        self.provider_of(providers::of_service(service))
    }

    /// The provider: the party that the base's activities belong to, where no other operates the partition or the Region.
    #[must_use]
    pub fn provider(&self) -> Option<&PartyFile> {
        self.parties.iter().find(|party| party.kind == PartyKind::Provider)
    }

    /// A party of the catalog by its id.
    #[must_use]
    pub fn party(&self, id: &str) -> Option<&PartyFile> {
        self.parties.iter().find(|party| party.id == id)
    }

    /// How an activity is done where a party operates what it is done on: audit reports of another operator than the
    /// provider are others, and not where the provider's are.
    #[must_use]
    pub fn how(&self, activity: &Activity, operator: &str) -> Option<Arc<str>> {
        let reads_evidence = activity.id.rsplit('.').next() == Some(self.provider_evidence.as_str());
        match self
            .party(operator)
            .filter(|_| reads_evidence && self.is_another(activity, operator))
        {
            Some(other) => Some(format!("Obtain each year: {}", other.assurance).into()),
            None => activity.how.clone(),
        }
    }

    /// Whether a party that operates what an activity is done on is another than the provider of whose catalog the activity is.
    #[must_use]
    pub fn is_another(&self, activity: &Activity, operator: &str) -> bool {
        let provider = self.provider_of_service(activity.id.split('.').next().unwrap_or_default());
        provider.is_some_and(|provider| provider.id != operator)
    }

    /// What the built-in file says of a service, or the overlay that adds it; none of a service that there is not.
    fn file(&self, id: &str) -> Option<&ServiceFile> {
        Some(self.services.get(id)?.file.get())
    }

    /// What an overlay says of a service.
    fn overlay(&self, service: &str) -> Option<&ServiceFile> {
        self.services.get(service)?.overlay.as_deref()
    }
}
