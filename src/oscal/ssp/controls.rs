//! The controls of a plan: what each component has to do with them.
//!
//! In: what answers a requirement. Out: a component each for whoever provides something or leaves something to do, and for the
//! services of the system.

use super::{Making, unit_uuid};
use crate::catalog::frameworks::Answer;
use crate::oscal::ids::OSCAL;
use crate::oscal::metadata::holders;
use crate::oscal::model::ssp::{ByComponent, Export, Inherited, Provided, Requirement, Responsibility, Satisfied};
use crate::oscal::model::{Property, Status};
use crate::oscal::status::{Tally, of_provider};
use crate::oscal::text;
use crate::raci::requirements::{Answered, RequirementType};
use crate::raci::{Assignment, Commitment, Duty, DutyIx, PartyIx, UnitIx};
use std::collections::{BTreeMap, BTreeSet};

/// What of a control one provider does, and what is left.
#[derive(Default)]
struct Half<'a> {
    commitments: BTreeMap<UnitIx, Vec<&'a Commitment>>,
    duties: BTreeMap<UnitIx, Vec<DutyIx>>,
}

impl Making<'_> {
    pub(super) fn requirement(&self, one: &Answered<'_>) -> Requirement {
        let matrix = self.of.matrix;
        let id: &str = &one.requirement.id;
        let mut halves: BTreeMap<PartyIx, Half<'_>> = BTreeMap::new();
        for position in &one.commitments {
            let commitment = &matrix.commitments[*position];
            let half = halves.entry(commitment.assignment.accountable()).or_default();
            half.commitments.entry(commitment.unit).or_default().push(commitment);
        }
        for duty in &one.duties {
            let half = halves.entry(matrix[*duty].operator).or_default();
            half.duties.entry(matrix[*duty].unit).or_default().push(*duty);
        }
        let mut by_components: Vec<ByComponent> = halves.iter().map(|(party, half)| self.of_provider(id, *party, half)).collect();
        let units: BTreeSet<UnitIx> = halves
            .values()
            .flat_map(|half| half.commitments.keys().chain(half.duties.keys()))
            .copied()
            .collect();
        by_components.extend(units.into_iter().map(|unit| self.of_unit(id, unit, &halves)));
        if by_components.is_empty() {
            by_components.push(self.of_system(one));
        }
        let originations: &[&str] = match one.kind {
            RequirementType::Inherited => &["inherited"],
            RequirementType::Shared => &["inherited", "system-specific"],
            RequirementType::CustomerSpecific => &["system-specific"],
            RequirementType::Organisational => &["organization"],
            RequirementType::NotApplicable | RequirementType::Unclassified => &[],
        };
        let originations = originations.iter().map(|value| origination(value));
        Requirement {
            uuid: self.uuid("implemented-requirement", &[&self.asked.framework.id, id]),
            control_id: self.asked.control_id(id),
            props: originations.chain([Property::own("type", one.kind.word())]).collect(),
            by_components,
        }
    }

    /// What a provider provides for a control, and what it leaves to its customers.
    fn of_provider(&self, id: &str, party: PartyIx, half: &Half<'_>) -> ByComponent {
        let matrix = self.of.matrix;
        let of = &self.of.inventory[party];
        let provided = half.commitments.iter().map(|(unit, commitments)| {
            let does: Vec<String> = commitments.iter().map(|one| text::catalog(&one.activity.does)).collect();
            Provided {
                uuid: self.provided_uuid(id, party, *unit),
                description: text::list(&format!("{}:", text::line(&matrix[*unit].title)), &does),
                props: vec![Property::own("service", &matrix[*unit].key())],
            }
        });
        let duties = half
            .duties
            .iter()
            .flat_map(|(unit, duties)| duties.iter().map(move |duty| (*unit, *duty)));
        let responsibilities = duties.map(|(unit, duty)| {
            let duty = &matrix[duty];
            Responsibility {
                uuid: self.responsibility_uuid(id, duty),
                provided_uuid: half.commitments.contains_key(&unit).then(|| self.provided_uuid(id, party, unit)),
                description: told(duty),
                props: vec![Property::own("service", &matrix[unit].key()), Property::own("duty", duty.id.text())],
                responsible_roles: holders(&self.of, self.names, &[&duty.assignment]),
            }
        });
        let export = Export {
            provided: provided.collect(),
            responsibilities: responsibilities.collect(),
        };
        ByComponent {
            component_uuid: self.party_component(party),
            uuid: self.uuid("by-component-of-party", &[id, &of.id]),
            description: match (export.provided.len(), export.responsibilities.len()) {
                (0, _) => format!("{} does nothing for it; all of it is left to its customers.", text::line(&of.name)),
                (_, 0) => format!("{} does all of it.", text::line(&of.name)),
                _ => format!("{} does a part of it, and leaves a part to its customers.", text::line(&of.name)),
            },
            props: if export.provided.is_empty() {
                Vec::new()
            } else {
                vec![origination("inherited")]
            },
            implementation_status: if export.provided.is_empty() {
                Status {
                    state: "not-applicable",
                    remarks: Some("nothing of it is the provider's".to_owned()),
                }
            } else {
                of_provider()
            },
            export: Some(export),
            inherited: Vec::new(),
            satisfied: Vec::new(),
            responsible_roles: Vec::new(),
        }
    }

    /// What a service inherits of a control, and how its customers live up to the rest.
    fn of_unit(&self, id: &str, unit: UnitIx, halves: &BTreeMap<PartyIx, Half<'_>>) -> ByComponent {
        let matrix = self.of.matrix;
        let key = matrix[unit].key();
        let providers = halves.iter().filter(|(_, half)| half.commitments.contains_key(&unit));
        let inherited: Vec<Inherited> = providers
            .map(|(party, _)| Inherited {
                uuid: self.uuid("inherited", &[id, &key, &self.of.inventory[*party].id]),
                provided_uuid: self.provided_uuid(id, *party, unit),
                description: format!(
                    "What {} provides for {}.",
                    text::line(&self.of.inventory[*party].name),
                    text::line(&matrix[unit].title)
                ),
            })
            .collect();
        let duties: Vec<&Duty> = halves
            .values()
            .filter_map(|half| half.duties.get(&unit))
            .flatten()
            .map(|duty| &matrix[*duty])
            .collect();
        let satisfied = duties.iter().map(|duty| Satisfied {
            uuid: self.uuid("satisfied", &[id, duty.id.text()]),
            responsibility_uuid: self.responsibility_uuid(id, duty),
            description: format!("{}: {}", told(duty), Tally::of(std::iter::once(duty.state)).words()),
            props: vec![Property::own("state", duty.state.word())],
            responsible_roles: holders(&self.of, self.names, &[&duty.assignment]),
        });
        let assignments: Vec<&Assignment> = duties.iter().map(|duty| &duty.assignment).collect();
        let mut props = Vec::new();
        if !inherited.is_empty() {
            props.push(origination("inherited"));
        }
        if !duties.is_empty() {
            props.push(origination("system-specific"));
        }
        ByComponent {
            component_uuid: unit_uuid(&self.of, self.names, unit),
            uuid: self.uuid("by-component", &[id, &key]),
            description: match (inherited.is_empty(), duties.is_empty()) {
                (false, true) => "All of it is inherited.".to_owned(),
                (true, false) => "All of it is done within the system.".to_owned(),
                _ => "A part is inherited, and a part is done within the system.".to_owned(),
            },
            props,
            implementation_status: if duties.is_empty() {
                of_provider()
            } else {
                Tally::of(duties.iter().map(|duty| duty.state)).status()
            },
            export: None,
            satisfied: satisfied.collect(),
            responsible_roles: if duties.is_empty() {
                Vec::new()
            } else {
                holders(&self.of, self.names, &assignments)
            },
            inherited,
        }
    }

    /// What of a control no service has to do with.
    fn of_system(&self, one: &Answered<'_>) -> ByComponent {
        let id: &str = &one.requirement.id;
        let (description, state, remarks) = match (&one.requirement.answer, one.kind) {
            (Answer::Organisational(why), _) => (
                format!("The organisation's own: {}.", text::line(why)),
                "planned",
                "to attest: nothing in the inventory shows it",
            ),
            (_, RequirementType::NotApplicable) => (
                "Nothing that is deployed has anything to do with it.".to_owned(),
                "not-applicable",
                "by what the inventory lists",
            ),
            _ => (
                "Nobody has said yet what answers it.".to_owned(),
                "planned",
                "to attest: unclassified",
            ),
        };
        ByComponent {
            component_uuid: self.this_system(),
            uuid: self.uuid("by-component", &[id, "this-system"]),
            description,
            props: Vec::new(),
            implementation_status: Status {
                state,
                remarks: Some(remarks.to_owned()),
            },
            export: None,
            inherited: Vec::new(),
            satisfied: Vec::new(),
            responsible_roles: Vec::new(),
        }
    }

    fn provided_uuid(&self, id: &str, party: PartyIx, unit: UnitIx) -> String {
        self.uuid("provided", &[id, &self.of.inventory[party].id, &self.of.matrix[unit].key()])
    }

    fn responsibility_uuid(&self, id: &str, duty: &Duty) -> String {
        self.uuid("responsibility", &[id, duty.id.text()])
    }
}

/// What is to be done, and where, as markup.
fn told(duty: &Duty) -> String {
    let within = [&duty.scope.environment, &duty.scope.apart];
    let within: Vec<String> = within.into_iter().flatten().map(|part| text::line(part)).collect();
    let does = text::catalog(&duty.activity.does);
    if within.is_empty() {
        does
    } else {
        format!("{does} ({})", within.join(", "))
    }
}

/// Who implements a control, in OSCAL's words.
pub(super) fn origination(value: &str) -> Property {
    Property {
        ns: Some(OSCAL),
        ..Property::known("control-origination", value)
    }
}
