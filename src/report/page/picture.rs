//! The picture of the estate: services x controls, the controls by the layer of the stack that they belong to.
//!
//! In: the services of a Report. Out: parts that fit a landscape page, each cell with who holds the control there and whether
//! anything of it is open, and each layer with its subtotals over the whole estate.

use super::{sections, shared};
use crate::catalog::ControlType;
use crate::inventory::PartyKind;
use crate::report::Edition;
use crate::report::model::{Activity, Control, Report, Service, StateCounts};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// Services that fit beside each other on a landscape page, their names written upwards.
const COLUMNS: usize = 26;

/// What ids of the table of halves begin with.
const HALVES: &str = "halves";

/// A part of the picture that fits a page.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PicturePart {
    /// From 1.
    pub number: u64,
    /// How many parts there are.
    pub of: u64,
    /// Services.
    pub columns: Vec<PictureColumn>,
    /// The layers, bottom-up; what runs beside all of them is last.
    pub layers: Vec<PictureLayer>,
}

/// A service of the picture.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PictureColumn {
    /// Short enough for a heading.
    pub label: String,
    /// The service's section, in an edition that has it.
    pub anchor: Option<String>,
    /// What ids of the parts of sections begin with in which its controls may stand, the likeliest first.
    pub keys: Vec<String>,
}

/// A layer of the stack with its controls.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PictureLayer {
    /// Its id.
    pub layer: String,
    /// As printed.
    pub title: String,
    /// `of the cloud`, where it is the provider's alone on most services; else `in the cloud`.
    pub side: &'static str,
    /// Services of the estate on which it is the provider's or an operator's alone.
    pub provider: u64,
    /// Services on which both have a half.
    pub shared: u64,
    /// Services on which it is the customer's alone, partners included.
    pub customer: u64,
    /// Those of them on which a partner does some of it.
    pub partners: u64,
    /// Duties on it in the whole estate.
    pub duties: StateCounts,
    /// Its controls.
    pub rows: Vec<PictureRow>,
}

/// A control of the picture.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PictureRow {
    /// Its id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// One a column: who holds it, `P` the provider, `C` the customer, `T` a partner (a third party), `CT` both of these; `S`
    /// the provider and the customer each a half, `ST` and `SCT` the same with a partner; in a small letter behind that who
    /// answers for what another does: `c` the customer, `t` a partner; last `!` where a duty is not
    /// met, else `?` where one is unknown. A dash where it does not apply.
    pub cells: Vec<String>,
}

/// The parts of the picture.
pub(super) fn picture(report: &Report) -> Vec<PicturePart> {
    let layers = layers(report);
    // Parts of equal width look better than a full one and a narrow rest.
    let parts = report.services.len().div_ceil(COLUMNS).max(1);
    let width = report.services.len().div_ceil(parts).max(1);
    report
        .services
        .chunks(width)
        .enumerate()
        .map(|(index, services)| PicturePart {
            number: index as u64 + 1,
            of: parts as u64,
            columns: services.iter().map(|service| column(report, service)).collect(),
            layers: layers
                .iter()
                .map(|layer| PictureLayer {
                    rows: rows(report, services, &layer.layer),
                    ..layer.clone()
                })
                .collect(),
        })
        .collect()
}

/// The layers with their subtotals, in the order of the controls.
fn layers(report: &Report) -> Vec<PictureLayer> {
    let mut layers: Vec<PictureLayer> = Vec::new();
    let ordered = report.summary.by_control.iter();
    let controls = ordered.flat_map(|of| report.services.iter().filter_map(|service| service.control(&of.control)));
    for control in controls {
        let at = layers.iter().position(|known| known.layer == control.layer).unwrap_or_else(|| {
            let hands = report.stack.iter().find(|known| known.layer == control.layer);
            let (provider, services) = hands.map_or((0, 0), |hands| (hands.provider, hands.services));
            layers.push(PictureLayer {
                layer: control.layer.clone(),
                title: control.layer_title.clone(),
                side: if provider * 2 > services { "of the cloud" } else { "in the cloud" },
                provider,
                shared: hands.map_or(0, |hands| hands.shared),
                customer: hands.map_or(0, |hands| hands.customer),
                partners: with_partners(report, &control.layer),
                duties: StateCounts::default(),
                rows: Vec::new(),
            });
            layers.len() - 1
        });
        for duty in duties(control) {
            layers[at].duties.add(duty.state);
        }
    }
    layers
}

/// Services on which the provider has nothing of a layer and a partner does some of it.
fn with_partners(report: &Report, layer: &str) -> u64 {
    let is_with = |service: &&Service| {
        let of = || service.controls.iter().filter(|control| control.layer == layer);
        !of().any(is_provided) && of().flat_map(duties).any(|duty| holds(report, duty, 'R', true))
    };
    report.services.iter().filter(is_with).count() as u64
}

fn is_provided(control: &Control) -> bool {
    matches!(control.control_type, Some(ControlType::Inherited | ControlType::Shared))
}

/// Whether a partner, or else somebody else, holds a letter of an activity.
fn holds(report: &Report, activity: &Activity, letter: char, is_partner: bool) -> bool {
    let mut held = activity.assignments.iter().filter(|held| held.letters.contains(letter));
    held.any(|held| {
        let mut parties = report.parties.iter();
        parties.any(|party| *party.id == *held.party && (party.kind == PartyKind::Partner) == is_partner)
    })
}

fn duties(control: &Control) -> impl Iterator<Item = &Activity> {
    control.activities.iter().filter(|activity| activity.duty.is_some())
}

fn column(report: &Report, service: &Service) -> PictureColumn {
    if report.meta.edition == Edition::Review.id() {
        return PictureColumn {
            label: head(&service.label),
            anchor: None,
            keys: vec![HALVES.to_owned()],
        };
    }
    let mut keys = vec![sections::key(service)];
    // A later mode leaves to the first one what is the same.
    let first = report.services.iter().find(|other| other.service == service.service);
    keys.extend(first.map(sections::key).filter(|first| *first != keys[0]));
    keys.push(shared::EVERY.to_owned());
    PictureColumn {
        label: head(&service.label),
        anchor: Some(service.facts.anchor.clone()),
        keys,
    }
}

/// Letters that a name written upwards has room for.
const HEAD: usize = 36;

/// A name for the head of a column. The words of a long one are their capitals where its mode stands behind it in full:
/// `ELB (Network Load Balancer)`.
fn head(label: &str) -> String {
    let Some((name, mode)) = label.split_once(" (").filter(|_| label.chars().count() > HEAD) else {
        return label.to_owned();
    };
    let capitals: String = name
        .split(' ')
        .filter_map(|word| word.chars().next())
        .filter(|c| c.is_uppercase())
        .collect();
    if capitals.len() > 2 && capitals.len() == name.split(' ').count() {
        format!("{capitals} ({mode}")
    } else {
        label.to_owned()
    }
}

fn rows(report: &Report, services: &[Service], layer: &str) -> Vec<PictureRow> {
    let ordered = report.summary.by_control.iter();
    let all = ordered.filter_map(|of| report.services.iter().find_map(|service| service.control(&of.control)));
    all.filter(|control| control.layer == layer)
        .map(|control| PictureRow {
            control: control.control.clone(),
            title: control.title.clone(),
            cells: services
                .iter()
                .map(|service| {
                    let of = service.control(&control.control);
                    of.map_or_else(|| "–".to_owned(), |control| cell(report, control))
                })
                .collect(),
        })
        .collect()
}

/// Who holds a control on a service, and whether anything of it is open.
fn cell(report: &Report, control: &Control) -> String {
    let holds = |activity: &Activity, letter, is_partner| holds(report, activity, letter, is_partner);
    let partners = duties(control).filter(|activity| holds(activity, 'R', true)).count();
    // Who answers for what only the other does.
    let answers = [("c", false), ("t", true)]
        .into_iter()
        .filter(|(_, is_partner)| duties(control).any(|activity| holds(activity, 'A', *is_partner) && !holds(activity, 'R', *is_partner)));
    let answers: String = answers.map(|(letter, _)| letter).collect();
    let others = duties(control).count() - partners;
    let holders = match (is_provided(control), partners > 0, others > 0) {
        _ if control.control_type.is_none() => return "–".to_owned(),
        (true, false, false) => "P",
        (false, true, false) => "T",
        (false, true, true) => "CT",
        (false, false, _) => "C",
        (true, true, false) => "ST",
        (true, true, true) => "SCT",
        (true, false, true) => "S",
    };
    let mut states = StateCounts::default();
    duties(control).for_each(|duty| states.add(duty.state));
    let mark = match states {
        StateCounts { not_met: 1.., .. } => "!",
        StateCounts { unknown: 1.., .. } => "?",
        _ => "",
    };
    format!("{holders}{answers}{mark}")
}
