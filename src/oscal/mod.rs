//! OSCAL: the joined result in the models of NIST's Open Security Controls Assessment Language, and what others hand over in
//! them.
//!
//! In: catalog, inventory and matrix, and a framework. Out: a component definition, a system security plan, a mapping
//! collection or assessment results, as JSON; the same input gives the same bytes. In the other direction: a provider's or
//! partner's component definition or plan, whose responsibilities become duties. `check` tells what the published schemas
//! let pass.

mod assessment;
pub mod check;
mod component;
mod ids;
mod mapping;
mod metadata;
pub mod model;
pub mod read;
mod ssp;
mod status;
mod text;

pub use assessment::results;
pub use component::definition;
pub use ids::{NAMESPACE, VERSION};
pub use mapping::mapping;
pub use ssp::{plan, responsibilities};

use crate::catalog::frameworks::Framework;
use crate::catalog::{Catalog, oscal};
use crate::inventory::Inventory;
use crate::raci::Matrix;
use ids::Names;
use jiff::civil::Date;
use model::{BackMatter, Resource, Rlink};

/// What of a framework a document answers.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The framework.
    pub framework: &'a Framework,
    /// One of its baselines; none: all requirements.
    pub baseline: Option<&'a str>,
    /// Another address of the profile than the published one.
    pub profile: Option<&'a str>,
}

/// What documents about a system are made of.
#[derive(Debug, Clone, Copy)]
pub struct Joined<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The inventory.
    pub inventory: &'a Inventory,
    /// Both of them joined.
    pub matrix: &'a Matrix,
    /// The day that it is true for.
    pub as_of: Date,
}

impl<'a> Joined<'a> {
    /// What the names of the system's documents begin with.
    fn names(&self) -> Names {
        let of = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        Names::of(&["system", of(&self.inventory.organization), of(&self.inventory.system)])
    }

    /// What the system is called.
    fn system(&self) -> &'a str {
        let named = self.inventory.system.as_deref().or(self.inventory.title.as_deref());
        named.or(self.inventory.organization.as_deref()).unwrap_or("system")
    }
}

impl Asked<'_> {
    /// A requirement's id as OSCAL spells it.
    fn control_id(&self, id: &str) -> String {
        oscal::control_id(&self.framework.id, id)
    }

    /// The framework, and the baseline where there is one, as printed.
    fn title(&self) -> String {
        let of = format!("{} {}", self.framework.name, self.framework.version);
        match self.baseline.and_then(|id| self.framework.baseline(id)) {
            Some(baseline) => format!("{of}, {baseline}"),
            None => of,
        }
    }

    /// The address of the profile: the one that was named, else the published one of the baseline, else the catalog's where all
    /// is asked for, else a resource of the document, which `BackMatter` must then hold.
    fn source(&self, names: &Names) -> (String, Option<Resource>) {
        if let Some(named) = self.profile {
            return (named.to_owned(), None);
        }
        let published = oscal::published(&self.framework.id);
        let address = published.and_then(|known| match self.baseline {
            Some(baseline) => known.profiles.get(baseline),
            None => Some(&known.catalog),
        });
        match address {
            Some(address) => (address.clone(), None),
            None => {
                let resource = self.resource(names);
                (format!("#{}", resource.uuid), Some(resource))
            }
        }
    }

    /// The framework as a resource, for want of published content.
    fn resource(&self, names: &Names) -> Resource {
        Resource {
            uuid: names.uuid("framework", &[&self.framework.id, self.baseline.unwrap_or_default()]),
            title: text::line(&self.title()),
            description: Some("No OSCAL content of this framework and baseline is published, as far as the catalog knows.".to_owned()),
            rlinks: self
                .framework
                .sources
                .iter()
                .map(|source| Rlink {
                    href: source.url.to_string(),
                })
                .collect(),
        }
    }
}

/// A back matter that holds something, or none.
fn back_matter(resources: impl IntoIterator<Item = Resource>) -> Option<BackMatter> {
    let resources: Vec<Resource> = resources.into_iter().collect();
    (!resources.is_empty()).then_some(BackMatter { resources })
}
