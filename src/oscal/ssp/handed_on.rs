//! The controls of a plan as the organisation's own customers see them: what they inherit of the system, and what is left to them.
//!
//! In: what answers a requirement, and what the inventory says of its customers. Out: the system as the one component that
//! exports both. Who does what within it is nobody's matter but its own.

use super::Making;
use super::controls::origination;
use crate::oscal::model::ssp::{ByComponent, Export, Provided, Requirement, Responsibility};
use crate::oscal::model::{Property, ResponsibleRole, Status};
use crate::oscal::status::{Tally, of_provider};
use crate::oscal::text;
use crate::raci::requirements::{Answered, RequirementType};
use crate::raci::{Duty, State, UnitIx};
use std::collections::{BTreeMap, BTreeSet};

impl Making<'_> {
    pub(super) fn handed_on(&self, one: &Answered<'_>) -> Requirement {
        let id: &str = &one.requirement.id;
        let provided = self.provided_on(one);
        let said = one.of_customers(self.asked.framework, self.of.inventory);
        let responsibilities: Vec<Responsibility> = said
            .into_iter()
            .map(|(position, said)| Responsibility {
                uuid: self.uuid("responsibility-of-customers", &[id, &position.to_string()]),
                provided_uuid: None,
                description: text::catalog(&said.does),
                props: Vec::new(),
                responsible_roles: vec![ResponsibleRole {
                    role_id: "customer".to_owned(),
                    party_uuids: Vec::new(),
                }],
            })
            .collect();
        let is_borne = !one.commitments.is_empty() || !one.duties.is_empty();
        let (kind, description) = match (is_borne, responsibilities.is_empty(), one.kind) {
            (true, true, _) => (RequirementType::Inherited, "All of it is the system's."),
            (true, false, _) => (
                RequirementType::Shared,
                "A part of it is the system's, and a part is left to its customers.",
            ),
            (false, false, _) => (
                RequirementType::CustomerSpecific,
                "All of it is left to the customers of the system.",
            ),
            (false, true, RequirementType::Organisational) => (one.kind, "It is each organisation's own."),
            (false, true, kind) => (kind, "Nothing that is deployed has anything to do with it."),
        };
        let mut originations = Vec::new();
        if !one.commitments.is_empty() {
            originations.push(origination("inherited"));
        }
        if !one.duties.is_empty() {
            originations.push(origination("system-specific"));
        }
        if one.kind == RequirementType::Organisational {
            originations.push(origination("organization"));
        }
        if !responsibilities.is_empty() {
            originations.push(origination("customer-provided"));
        }
        let export = Export {
            provided,
            responsibilities,
        };
        originations.push(Property::own("type", kind.word()));
        let is_empty = export.provided.is_empty() && export.responsibilities.is_empty();
        Requirement {
            uuid: self.uuid("implemented-requirement", &[&self.asked.framework.id, id]),
            control_id: self.asked.control_id(id),
            props: originations,
            by_components: vec![ByComponent {
                component_uuid: self.this_system(),
                uuid: self.uuid("by-component", &[id, "this-system"]),
                description: description.to_owned(),
                props: Vec::new(),
                implementation_status: self.status_on(one),
                export: (!is_empty).then_some(export),
                inherited: Vec::new(),
                satisfied: Vec::new(),
                responsible_roles: Vec::new(),
            }],
        }
    }

    /// What is done for a control, service by service: what providers say that they do, and what is shown of the rest. What nobody
    /// has shown yet is not provided.
    fn provided_on(&self, one: &Answered<'_>) -> Vec<Provided> {
        let matrix = self.of.matrix;
        let mut does: BTreeMap<UnitIx, Vec<String>> = BTreeMap::new();
        let commitments = one.commitments.iter().map(|position| &matrix.commitments[*position]);
        let commitments = commitments.map(|commitment| (commitment.unit, &commitment.activity));
        let duties = || one.duties.iter().map(|duty| &matrix[*duty]);
        let is_shown = |duty: &Duty| matches!(duty.state, State::Met | State::Attested);
        // Where it is shown of one deployment and not of another, nobody may rely on it.
        let open: BTreeSet<(UnitIx, &str)> = duties()
            .filter(|duty| !is_shown(duty))
            .map(|duty| (duty.unit, &*duty.activity.id))
            .collect();
        let shown = duties().filter(|duty| !open.contains(&(duty.unit, &*duty.activity.id)));
        let duties = shown.map(|duty| (duty.unit, &duty.activity));
        for (unit, activity) in commitments.chain(duties) {
            let list = does.entry(unit).or_default();
            let text = text::catalog(&activity.does);
            if !list.contains(&text) {
                list.push(text);
            }
        }
        let provided = does.into_iter().map(|(unit, does)| Provided {
            uuid: self.uuid("provided-on", &[&one.requirement.id, &matrix[unit].key()]),
            description: text::list(&format!("{}:", text::line(&matrix[unit].title)), &does),
            props: vec![Property::own("service", &matrix[unit].key())],
        });
        provided.collect()
    }

    /// How far it is shown, whoever does it.
    fn status_on(&self, one: &Answered<'_>) -> Status {
        if !one.duties.is_empty() {
            return Tally::of(one.duties.iter().map(|duty| self.of.matrix[*duty].state)).status();
        }
        let (state, remarks) = match one.kind {
            RequirementType::Inherited => return of_provider(),
            RequirementType::NotApplicable => ("not-applicable", "by what the inventory lists"),
            RequirementType::Organisational => ("planned", "to attest: nothing in the inventory shows it"),
            _ => ("planned", "to attest"),
        };
        Status {
            state,
            remarks: Some(remarks.to_owned()),
        }
    }
}
