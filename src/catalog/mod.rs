//! The responsibility catalog: who sees to what, service by service.
//!
//! In: the built-in files, and a user's overlay. Out: services found by any alias, and for each service and mode the
//! split of all controls into activities, each remembering the level that it came from.

mod builtin;
pub mod check;
pub mod file;
mod load;
mod lookup;
pub mod predicate;
mod split;

pub use builtin::TEMPLATES;
pub use file::{Control, DefaultState, Layer, Lifecycle, PartyFile, Severity};
pub use load::OverlayNotice;
pub use lookup::{Lookup, Namespace};
pub use split::{Activity, Commonness, ControlSplit, ControlType, Level, Mode, ModeChoice, Side, Source, Split};

use file::{FrameworkFile, IndexEntry, ModelFile, ModelsFile, ServiceFile};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The id of the service that stands for the account itself.
pub const ACCOUNT_SERVICE: &str = "aws-account";

/// What an inventory calls the mode of a resource that runs in the service's own form, and in none of its modes.
pub const STANDARD_MODE: &str = "standard";

/// The customer's duty that stands for all that is inherited, in the compliance evidence of the account.
pub const READ_PROVIDER_EVIDENCE: &str = "read-provider-evidence";

/// The whole catalog. Service files are decoded when somebody first asks for them.
#[derive(Debug)]
pub struct Catalog {
    /// Name and version, such as `aws 2026.11`.
    pub version: String,
    /// All controls, in the order of the report.
    pub controls: Vec<Control>,
    /// All layers, top to bottom.
    pub layers: Vec<Layer>,
    /// The parties that the catalog knows; the first is the provider.
    pub parties: Vec<PartyFile>,
    /// The frameworks of the crosswalk.
    pub frameworks: Vec<FrameworkFile>,
    /// What an overlay changed.
    pub overlays: Vec<OverlayNotice>,
    models: ModelsFile,
    services: BTreeMap<Arc<str>, Entry>,
    lookup: Lookup,
}

#[derive(Debug)]
struct Entry {
    index: IndexEntry,
    builtin: Option<&'static str>,
    decoded: OnceLock<Arc<ServiceFile>>,
    overlay: Option<Arc<ServiceFile>>,
}

impl Catalog {
    /// The ids of all services, sorted.
    pub fn service_ids(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(|id| &**id)
    }

    /// What the index says of a service.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&IndexEntry> {
        self.services.get(id).map(|entry| &entry.index)
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
        let primary = &self.services.get(service)?.index.primary;
        let types = match namespace {
            Namespace::Terraform => &primary.terraform,
            _ => &primary.cloudformation,
        };
        Some((service, types.iter().any(|pattern| lookup::matches(pattern, kind))))
    }

    /// The service that a resource's attributes show it to be: a database instance of an Aurora cluster is Aurora's.
    /// `None` where that service is not in the catalog.
    #[must_use]
    pub fn reclassify(&self, service: &str, attributes: &predicate::Attributes) -> Option<&str> {
        let (id, entry) = self.services.get_key_value(service)?;
        match entry
            .index
            .reclassify
            .iter()
            .find(|rule| rule.when.holds(attributes) == predicate::Truth::Yes)
        {
            Some(rule) => self.services.get_key_value(rule.to.as_str()).map(|(id, _)| &**id),
            None => Some(id),
        }
    }

    /// A service model by its id.
    #[must_use]
    pub fn model(&self, id: &str) -> Option<&ModelFile> {
        self.models.models.iter().find(|model| model.id == id)
    }

    /// All service models.
    #[must_use]
    pub fn models(&self) -> &[ModelFile] {
        &self.models.models
    }

    /// A control by its id.
    #[must_use]
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// The provider: the party that AWS's activities belong to.
    #[must_use]
    pub fn provider(&self) -> Option<&PartyFile> {
        self.parties.iter().find(|party| party.kind == "provider")
    }

    fn file(&self, id: &str) -> Option<Arc<ServiceFile>> {
        let entry = self.services.get(id)?;
        if let Some(decoded) = entry.decoded.get() {
            return Some(decoded.clone());
        }
        // A built-in file that does not decode does not ship: `catalog check` reads every one of them in a test.
        let decoded: ServiceFile = serde_json::from_str(entry.builtin?).ok()?;
        Some(entry.decoded.get_or_init(|| Arc::new(decoded)).clone())
    }
}
