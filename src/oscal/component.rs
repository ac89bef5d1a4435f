//! The component definition: each service and mode, with both halves of every control that it has to do with.
//!
//! In: what is deployed, and a framework. Out: a component definition. It exports nothing: what a
//! component asks of its customers stands in the statements, and once more as properties, so that a program reads it.

use super::ids::{NONE, Names};
use super::metadata::of_system;
use super::model::component::{Component, ControlImplementation, Definition, Document, Requirement, Statement};
use super::model::{Property, ResponsibleRole};
use super::{Asked, Joined, back_matter, text};
use crate::catalog::frameworks;
use crate::catalog::{Activity, Side, Split};
use crate::raci::Matrix;
use crate::raci::requirements::Touched;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A service in one mode, and what is done on it.
struct Part<'a> {
    split: &'a Split,
    title: String,
    activities: Vec<Arc<Activity>>,
}

impl Part<'_> {
    fn key(&self) -> String {
        match &self.split.mode {
            Some(mode) => format!("{}/{}", self.split.service, mode.id),
            None => self.split.service.clone(),
        }
    }
}

/// The component definition of what an inventory deploys, for a framework.
#[must_use]
pub fn definition(of: Joined<'_>, asked: Asked<'_>) -> Document {
    // Services are the same whoever deploys them.
    let names = Names::of(&["catalog"]);
    let parts = deployed(of.matrix);
    let (source, resource) = asked.source(&names);
    let of_activity = Touched::by(asked.framework, asked.baseline);
    let place: BTreeMap<&str, usize> = asked
        .framework
        .requirements
        .iter()
        .enumerate()
        .map(|(place, one)| (&*one.id, place))
        .collect();
    let components = parts.iter().map(|part| {
        let mut answered: BTreeMap<usize, Vec<&Activity>> = BTreeMap::new();
        for activity in &part.activities {
            for requirement in of_activity.of(activity) {
                let place = place.get(&*requirement.id).copied().unwrap_or_default();
                answered.entry(place).or_default().push(activity);
            }
        }
        let requirements: Vec<Requirement> = answered
            .into_iter()
            .map(|(place, activities)| requirement(&names, asked, &part.key(), &asked.framework.requirements[place], &activities))
            .collect();
        let provider = of.catalog.provider_of_service(&part.split.service);
        let provider = provider.map_or("the provider", |party| party.name.as_str());
        component(&names, asked, part, provider, &source, requirements)
    });
    let components: Vec<Component> = components.collect();
    let title = format!("Components by {}", asked.title());
    let mut definition = Definition {
        uuid: NONE.to_owned(),
        metadata: of_system(&of, &of.names(), &title),
        components,
        back_matter: back_matter(resource),
    };
    definition.uuid = names.document("component-definition", &definition);
    Document {
        component_definition: definition,
    }
}

/// The day on which any source of a framework was last read, as the moment at which nothing about it is newer.
pub(super) fn reviewed(asked: Asked<'_>) -> String {
    let sources = asked.framework.sources.iter().filter_map(|source| source.reviewed.as_deref());
    let mappings = asked.framework.mappings.values().filter_map(|mapping| mapping.reviewed.as_deref());
    let last = sources.chain(mappings).filter(|day| day.parse::<jiff::civil::Date>().is_ok()).max();
    format!("{}T00:00:00Z", last.unwrap_or("1970-01-01"))
}

fn deployed(matrix: &Matrix) -> Vec<Part<'_>> {
    let parts = matrix.units().map(|(index, unit)| {
        let duties = matrix.duties_of(index).iter().map(|duty| &duty.activity);
        let commitments = matrix.commitments_of(index).iter().map(|commitment| &commitment.activity);
        // An activity on several deployments is one activity of the component.
        let mut seen = BTreeSet::new();
        let activities = commitments.chain(duties).filter(|activity| seen.insert(activity.id.clone()));
        Part {
            activities: activities.cloned().collect(),
            title: unit.title.clone(),
            split: &unit.split,
        }
    });
    parts.collect()
}

fn component(names: &Names, asked: Asked<'_>, part: &Part<'_>, provider: &str, source: &str, requirements: Vec<Requirement>) -> Component {
    let key = part.key();
    let framework: &str = &asked.framework.id;
    let baseline = asked.baseline.unwrap_or_default();
    let implementation = ControlImplementation {
        uuid: names.uuid("control-implementation", &[&key, framework, baseline]),
        source: source.to_owned(),
        description: text::line(&format!(
            "Who does what for {} where {} is used, as the provider documents it. It says nothing of what is done in any one system.",
            asked.title(),
            part.title
        )),
        implemented_requirements: requirements,
    };
    Component {
        uuid: names.uuid("component", &[&key]),
        kind: "service",
        title: text::line(&part.title),
        description: format!("{}. {}", text::catalog(&part.split.about), text::catalog(&part.split.why)),
        props: vec![
            Property::known("vendor-name", &text::plain(provider)),
            Property::own("service", &key),
            Property::own("service-model", &part.split.model),
        ],
        control_implementations: (!implementation.implemented_requirements.is_empty())
            .then_some(implementation)
            .into_iter()
            .collect(),
    }
}

fn requirement(names: &Names, asked: Asked<'_>, key: &str, requirement: &frameworks::Requirement, activities: &[&Activity]) -> Requirement {
    let (provider, others): (Vec<&Activity>, Vec<&Activity>) = activities.iter().partition(|activity| activity.side == Side::Provider);
    let control_id = asked.control_id(&requirement.id);
    let kind = match (provider.is_empty(), others.is_empty()) {
        (false, true) => "inherited",
        (false, false) => "shared",
        (true, _) => "customer-specific",
    };
    let half = |heading: &str, list: &[&Activity]| {
        let items: Vec<String> = list.iter().map(|activity| text::catalog(&activity.does)).collect();
        (!items.is_empty()).then(|| text::list(heading, &items))
    };
    let halves = [half("The provider:", &provider), half("The customer:", &others)];
    let role = |id: &str, is_there: bool| {
        is_there.then(|| ResponsibleRole {
            role_id: id.to_owned(),
            party_uuids: Vec::new(),
        })
    };
    let is_partner = |activity: &&&Activity| matches!(activity.side, Side::Party(_));
    let statement = Statement {
        statement_id: format!("{control_id}_smt"),
        uuid: names.uuid("statement", &[key, &asked.framework.id, &requirement.id]),
        description: halves.into_iter().flatten().collect::<Vec<_>>().join("\n\n"),
        props: provider
            .iter()
            .map(|activity| said("provided", activity))
            .chain(others.iter().map(|activity| said("responsibility", activity)))
            .collect(),
    };
    let title = requirement
        .title
        .as_deref()
        .map_or_else(|| requirement.id.to_string(), |title| format!("{} {title}", requirement.id));
    Requirement {
        uuid: names.uuid("implemented-requirement", &[key, &asked.framework.id, &requirement.id]),
        control_id,
        description: text::line(&format!("{title}: {kind}")),
        props: vec![Property::own("type", kind)],
        responsible_roles: [
            role("provider", !provider.is_empty()),
            role("customer", others.iter().any(|activity| activity.side == Side::Customer)),
            role("partner", others.iter().any(|activity| is_partner(&activity))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        statements: vec![statement],
    }
}

/// An activity as a property: its sentence, and its id.
fn said(name: &str, activity: &Activity) -> Property {
    Property {
        class: Some(text::token(&activity.id)),
        remarks: activity
            .how
            .as_deref()
            .filter(|_| activity.side != Side::Provider)
            .map(text::catalog),
        ..Property::own(name, &text::capital(&activity.does))
    }
}
