//! The system security plan: for each control what the provider does, what is left to its customers, and how each service of the
//! system lives up to it.
//!
//! In: a joined inventory and a framework. Out: a plan. The provider is a component that exports what it provides and what it
//! asks; each service inherits the one and satisfies the other, by reference. Looked at the other way, for the organisation's
//! own customers, the system exports what they inherit and what they must do. Nothing is called implemented that is not shown.

mod controls;
mod handed_on;

use super::ids::{NONE, Names, OSCAL};
use super::metadata::{self, of_system, party_uuid, users};
use super::model::ssp::{
    Boundary, Characteristics, ControlImplementation, Document, Implementation, ImportProfile, Information, InformationType, Leveraged,
    Plan, SystemId,
};
use super::model::{ImplementedComponent, InventoryItem, Property, Status, SystemComponent};
use super::{Asked, Joined, back_matter, text};
use crate::raci::requirements::{Answered, Serving};
use crate::raci::{PartyIx, ResourceIx, UnitIx};
use crate::report::Perspective;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Whose property the id of an authorisation is.
const FEDRAMP: &str = "http://fedramp.gov/ns/oscal";

/// The plan for a framework, as the organisation sees it or as its own customers do.
#[must_use]
pub fn plan(of: Joined<'_>, asked: Asked<'_>, perspective: Perspective) -> Document {
    let names = of.names();
    let (href, resource) = asked.source(&names);
    let making = Making {
        of,
        asked,
        names: &names,
        perspective,
    };
    let serving = Serving::of(of.matrix);
    let answered = serving.answer(asked.framework, asked.baseline);
    let (description, requirements): (&str, Vec<_>) = match perspective {
        Perspective::Customer => (
            "What the provider does for each control and what is left to its customers, service by service. What is planned is yet to \
             be attested.",
            answered.iter().map(|one| making.requirement(one)).collect(),
        ),
        Perspective::Provider => (
            "What the customers of the system inherit of it for each control, and what is left to them. What is planned is yet to be \
             attested.",
            answered.iter().map(|one| making.handed_on(one)).collect(),
        ),
    };
    let mut plan = Plan {
        uuid: NONE.to_owned(),
        metadata: of_system(&of, &names, &format!("{}: {}", of.system(), asked.title())),
        import_profile: ImportProfile { href },
        system_characteristics: making.characteristics(),
        system_implementation: making.implementation(&answered),
        control_implementation: ControlImplementation {
            description: description.to_owned(),
            implemented_requirements: requirements,
        },
        back_matter: back_matter(resource),
    };
    plan.uuid = names.document("system-security-plan", &plan);
    Document {
        system_security_plan: plan,
    }
}

/// The responsibilities that a plan states: the id of each duty, with the controls that it is for.
#[must_use]
pub fn responsibilities(of: Joined<'_>, asked: Asked<'_>) -> BTreeMap<Arc<str>, BTreeSet<String>> {
    let mut all: BTreeMap<Arc<str>, BTreeSet<String>> = BTreeMap::new();
    for one in Serving::of(of.matrix).answer(asked.framework, asked.baseline) {
        for duty in &one.duties {
            let controls = all.entry(of.matrix[*duty].id.text().clone()).or_default();
            controls.insert(asked.control_id(&one.requirement.id));
        }
    }
    all
}

/// A resource of the system as an item of its inventory.
pub(super) fn item(of: &Joined<'_>, names: &Names, index: ResourceIx, unit: UnitIx) -> InventoryItem {
    let resource = &of.matrix[index];
    let told = [
        ("type", Some(&*resource.kind)),
        ("arn", resource.arn.as_deref()),
        ("account", resource.account.as_deref()),
        ("region", resource.region.as_deref()),
        ("environment", resource.environment.as_deref()),
    ];
    let mut props: Vec<Property> = told
        .into_iter()
        .filter_map(|(name, value)| Some(Property::own(name, value.filter(|value| !value.is_empty())?)))
        .collect();
    if resource.count > 1 {
        props.push(Property::own("count", &resource.count.to_string()));
    }
    InventoryItem {
        uuid: item_uuid(names, index),
        description: text::line(resource.label()),
        props,
        implemented_components: vec![ImplementedComponent {
            component_uuid: unit_uuid(of, names, unit),
        }],
    }
}

/// The UUID of a resource: by its place in the sorted list, since two may be called alike in everything.
pub(super) fn item_uuid(names: &Names, index: ResourceIx) -> String {
    names.uuid("inventory-item", &[&index.position().to_string()])
}

/// The UUID of a service of the system.
pub(super) fn unit_uuid(of: &Joined<'_>, names: &Names, unit: UnitIx) -> String {
    names.uuid("component", &[&of.matrix[unit].key()])
}

/// A service of the system as a component.
pub(super) fn unit_component(of: &Joined<'_>, names: &Names, index: UnitIx) -> SystemComponent {
    let unit = &of.matrix[index];
    SystemComponent {
        uuid: unit_uuid(of, names, index),
        kind: "service",
        title: text::line(&unit.title),
        description: format!("{}. {}", text::catalog(&unit.split.about), text::catalog(&unit.split.why)),
        props: vec![metadata::placed("internal"), Property::own("service", &unit.key())],
        status: Status {
            state: "operational",
            remarks: Some("listed as deployed".to_owned()),
        },
        responsible_roles: Vec::new(),
    }
}

/// What one plan is made of.
struct Making<'a> {
    of: Joined<'a>,
    asked: Asked<'a>,
    names: &'a Names,
    perspective: Perspective,
}

impl Making<'_> {
    fn uuid(&self, kind: &str, parts: &[&str]) -> String {
        self.names.uuid(kind, parts)
    }

    fn party_component(&self, party: PartyIx) -> String {
        self.uuid("component-of-party", &[&self.of.inventory[party].id])
    }

    fn this_system(&self) -> String {
        self.uuid("component", &["this-system"])
    }

    fn characteristics(&self) -> Characteristics {
        let (inventory, matrix) = (self.of.inventory, self.of.matrix);
        let listed = || matrix.listed.iter().map(|index| &matrix[*index]);
        let classes: BTreeSet<&Arc<str>> = listed().flat_map(|resource| &resource.data).collect();
        let mut types: Vec<InformationType> = classes
            .into_iter()
            .map(|class| InformationType {
                uuid: self.uuid("information-type", &[class]),
                title: text::line(class),
                description: "A class of data that the inventory names.".to_owned(),
            })
            .collect();
        if types.is_empty() {
            types.push(InformationType {
                uuid: self.uuid("information-type", &[]),
                title: "Not stated".to_owned(),
                description: "The inventory names no class of data.".to_owned(),
            });
        }
        let count = |values: BTreeSet<&Arc<str>>, noun: &str| {
            let values: Vec<String> = values.into_iter().map(|value| text::line(value)).collect();
            (!values.is_empty()).then(|| format!("{noun} {}", values.join(", ")))
        };
        let accounts = count(listed().filter_map(|resource| resource.account.as_ref()).collect(), "accounts");
        let regions = count(listed().filter_map(|resource| resource.region.as_ref()).collect(), "Regions");
        let accounts = accounts.filter(|_| self.perspective == Perspective::Customer);
        let within: Vec<String> = [accounts, regions].into_iter().flatten().collect();
        let within = if within.is_empty() {
            String::new()
        } else {
            format!(", in {}", within.join(" and "))
        };
        let resources: u64 = listed().map(|resource| resource.count).sum();
        let id = self.uuid("system", &[]);
        Characteristics {
            system_ids: vec![SystemId {
                identifier_type: "https://ietf.org/rfc/rfc4122",
                id,
            }],
            system_name: text::plain(self.of.system()),
            description: match &inventory.organization {
                Some(organization) => text::line(&format!("{} of {organization}", self.of.system())),
                None => text::line(self.of.system()),
            },
            system_information: Information { information_types: types },
            status: Status {
                state: "other",
                remarks: Some("The inventory lists what is deployed, and not the state of the system as a whole.".to_owned()),
            },
            authorization_boundary: Boundary {
                description: format!(
                    "What the inventory lists: {resources} resources of {} services{within}.",
                    matrix.units.len()
                ),
            },
        }
    }

    fn implementation(&self, answered: &[Answered<'_>]) -> Implementation {
        let (inventory, matrix) = (self.of.inventory, self.of.matrix);
        let leveraged: Vec<Leveraged> = inventory
            .leveraged
            .iter()
            .map(|one| {
                let party = &inventory.parties[one.party];
                let date = one.date.to_string();
                Leveraged {
                    uuid: self.leveraged_uuid(&one.id),
                    title: text::line(one.title.as_deref().unwrap_or(&party.name)),
                    props: vec![Property {
                        ns: Some(FEDRAMP),
                        ..Property::known("leveraged-system-identifier", &text::plain(&one.id))
                    }],
                    party_uuid: party_uuid(self.names, &party.id),
                    date_authorized: date,
                }
            })
            .collect();
        let this = SystemComponent {
            uuid: self.this_system(),
            kind: "this-system",
            title: text::line(self.of.system()),
            description: "The system as a whole, and the organisation that owns it.".to_owned(),
            props: Vec::new(),
            status: Status {
                state: "other",
                remarks: Some("not stated".to_owned()),
            },
            responsible_roles: Vec::new(),
        };
        if self.perspective == Perspective::Provider {
            // What it is made of is not its customers' matter.
            return Implementation {
                leveraged_authorizations: leveraged,
                users: users(&self.of, self.names),
                components: vec![this],
                inventory_items: Vec::new(),
            };
        }
        let providers = self.providers(answered).into_iter().map(|party| self.provider(party));
        let units = matrix.units().map(|(index, _)| unit_component(&self.of, self.names, index));
        let items = matrix
            .units()
            .flat_map(|(unit, of)| of.resources.iter().map(move |index| (*index, unit)));
        // The account itself is listed by nobody.
        let items = items.filter(|(index, _)| matrix.listed.contains(index));
        Implementation {
            leveraged_authorizations: leveraged,
            users: users(&self.of, self.names),
            components: std::iter::once(this).chain(providers).chain(units).collect(),
            inventory_items: items.map(|(index, unit)| item(&self.of, self.names, index, unit)).collect(),
        }
    }

    fn leveraged_uuid(&self, id: &str) -> String {
        self.uuid("leveraged-authorization", &[id])
    }

    /// Who does something for any control, or operates what a duty of any is done on.
    fn providers(&self, answered: &[Answered<'_>]) -> BTreeSet<PartyIx> {
        let matrix = self.of.matrix;
        let mut found = BTreeSet::new();
        for one in answered {
            found.extend(
                one.commitments
                    .iter()
                    .map(|position| matrix.commitments[*position].assignment.accountable()),
            );
            found.extend(one.duties.iter().map(|duty| matrix[*duty].operator));
        }
        found
    }

    fn provider(&self, party: PartyIx) -> SystemComponent {
        let of = &self.of.inventory[party];
        let leveraged = self.of.inventory.leveraged.iter().filter(|one| one.party == party.position());
        let mut props = vec![metadata::placed("external"), Property::own("party", &of.id)];
        props.extend(leveraged.map(|one| Property {
            ns: Some(OSCAL),
            ..Property::known("leveraged-authorization-uuid", &self.leveraged_uuid(&one.id))
        }));
        SystemComponent {
            uuid: self.party_component(party),
            kind: "system",
            title: text::line(&of.name),
            description: "What the provider operates below the system's services, as its own documentation tells it.".to_owned(),
            props,
            status: Status {
                state: "other",
                remarks: Some("not looked at: its own reports tell".to_owned()),
            },
            responsible_roles: vec![super::model::ResponsibleRole {
                role_id: metadata::role_of_kind(of.kind).to_owned(),
                party_uuids: vec![party_uuid(self.names, &of.id)],
            }],
        }
    }
}
