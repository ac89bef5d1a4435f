//! The services of the Report, and what is told once for many of them.

use super::build::Context;
use super::model::{
    Activity, ActivityState, Common, Control, Gap, Line, LinePart, NotApplicable, PartyCount, PartyLetters, ScopedLetters, SectionLink,
    Service, ShownState,
};
use super::{names, references};
use crate::catalog::{Commonness, ControlType, DefaultState};
use crate::catalog::{READ_PROVIDER_EVIDENCE, Side};
use crate::raci::{Row, State, Unit, UnitControl};
use std::collections::{BTreeMap, BTreeSet};

/// The side whose activities may be assigned differently on different deployments.
const CUSTOMER: &str = "customer";

/// How an activity reads on a service: what makes two of them the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rendering {
    /// Scope, letters and state of each of its rows.
    text: String,
    /// Whether the inventory attests it, so that it differs by service in what is not told here.
    attested: bool,
}

/// Which activities are told once, and how they read there.
pub(super) struct ToldOnce {
    renderings: BTreeMap<String, Rendering>,
}

/// Collects all services, then moves what is the same to the common part and to the service's first section.
pub(super) fn services(context: &mut Context<'_>) -> (Vec<Service>, Vec<Common>) {
    let mut services: Vec<Service> = Vec::new();
    for index in 0..context.matrix.units.len() {
        let unit = &context.matrix.units[index];
        services.push(service(context, unit));
    }
    let told = ToldOnce::of(context, &services);
    let common = told.common(context, &services);
    let mut first: Option<(usize, BTreeMap<String, Rendering>)> = None;
    for index in 0..services.len() {
        let same_service = first
            .as_ref()
            .filter(|(first, _)| services[*first].service == services[index].service);
        let (link, before) = match same_service {
            Some((first, renderings)) => {
                let link = SectionLink {
                    title: services[*first].title.clone(),
                    anchor: services[*first].anchor.clone(),
                };
                (Some(link), renderings.clone())
            }
            None => {
                let all = services[index].controls.iter().flat_map(|control| renderings(&control.activities));
                let all = all.map(|(id, rendering)| (id.to_owned(), rendering)).collect();
                first = Some((index, all));
                (None, BTreeMap::new())
            }
        };
        settle(&mut services[index], &told, link, &before);
    }
    (services, common)
}

/// Decides what a service's section prints.
fn settle(service: &mut Service, told: &ToldOnce, first: Option<SectionLink>, before: &BTreeMap<String, Rendering>) {
    for control in &mut service.controls {
        let renderings = renderings(&control.activities);
        let same = |id: &str| before.get(id).is_some_and(|rendering| renderings.get(id) == Some(rendering));
        let told_where: Vec<(bool, bool)> = control
            .activities
            .iter()
            .map(|activity| (told.tells(&activity.id, &renderings), same(&activity.id)))
            .collect();
        for (activity, (told_once, as_in_first)) in control.activities.iter_mut().zip(told_where) {
            activity.told_once = told_once;
            activity.shown = !told_once && !as_in_first;
            service.as_in_first += u64::from(!told_once && as_in_first);
        }
        lift_letters(control);
        control.lines = lines(control);
        control.shown = control.activities.iter().any(|activity| activity.shown);
    }
    service.told_once = service
        .controls
        .iter()
        .flat_map(|control| &control.activities)
        .filter(|activity| activity.told_once)
        .count() as u64;
    service.first = first;
}

/// Where all printed activities of a side have the same letters on the same deployments, the letters stand once under
/// the control's heading, and each activity once.
fn lift_letters(control: &mut Control) {
    let sides: BTreeSet<String> = control.activities.iter().map(|activity| activity.side.clone()).collect();
    for side in sides.into_iter().rev().filter(|side| side == CUSTOMER) {
        let mut by_id: BTreeMap<&str, Vec<(String, Vec<String>)>> = BTreeMap::new();
        for activity in control.activities.iter().filter(|activity| activity.shown && activity.side == side) {
            let scope = activity.scope.clone().unwrap_or_default();
            by_id.entry(&activity.id).or_default().push((scope, activity.letters.clone()));
        }
        let mut sets = by_id.values();
        let Some(letters) = sets.next().filter(|set| set.len() > 1).cloned() else {
            continue;
        };
        if !sets.all(|set| *set == letters) {
            continue;
        }
        control
            .scoped_letters
            .extend(letters.into_iter().map(|(scope, letters)| ScopedLetters {
                side: side.clone(),
                scope,
                letters,
            }));
        let mut merged: BTreeMap<String, ShownState> = BTreeMap::new();
        for activity in control.activities.iter().filter(|activity| activity.shown && activity.side == side) {
            let state = &activity.shown_state;
            let entry = merged.entry(activity.id.clone()).or_insert_with(|| ShownState {
                label: state.label.clone(),
                resources: 0,
                not_met: 0,
                excepted: 0,
            });
            entry.label = worse(&entry.label, &state.label).to_owned();
            entry.resources += state.resources;
            entry.not_met += state.not_met;
            entry.excepted += state.excepted;
        }
        for activity in control
            .activities
            .iter_mut()
            .filter(|activity| activity.shown && activity.side == side)
        {
            activity.letters_above = true;
            match merged.remove(&activity.id) {
                Some(state) => activity.shown_state = state,
                None => activity.shown = false,
            }
        }
    }
}

/// The rows to print. Activities of a side with the same letters, state and deployments stand together; one that is not
/// met or excepted somewhere stands by itself, since its row counts resources.
///
/// What others than the customer do is theirs wherever it happens, and only who hears of it may differ between
/// deployments: such an activity stands once, with everybody who is informed somewhere.
fn lines(control: &Control) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for activity in control.activities.iter().filter(|activity| activity.shown) {
        let own = activity.side == CUSTOMER;
        if !own && !told.insert(&activity.id) {
            continue;
        }
        let letters = if activity.letters_above {
            vec![String::new(); activity.letters.len()]
        } else if own {
            activity.letters.clone()
        } else {
            letters_anywhere(control.activities.iter().filter(|other| other.id == activity.id))
        };
        let scope = activity.scope.clone().filter(|_| own && !activity.letters_above);
        let part = LinePart {
            does: activity.does.clone(),
            unlike_usual: unlike_usual(activity),
            source_number: activity.source_number,
            condition: activity.condition,
        };
        let counted = |state: &ShownState| state.not_met > 0 || state.excepted > 0;
        let alike = |line: &&mut Line| {
            !counted(&line.state)
                && !counted(&activity.shown_state)
                && line.state.label == activity.shown_state.label
                && line.side == activity.side
                && line.letters == letters
                && line.scope == scope
        };
        match lines.iter_mut().find(alike) {
            Some(line) => line.parts.push(part),
            None => lines.push(Line {
                parts: vec![part],
                side: activity.side.clone(),
                letters,
                scope,
                state: activity.shown_state.clone(),
            }),
        }
    }
    lines
}

/// The strongest letter that each party holds on any deployment.
fn letters_anywhere<'a>(rows: impl Iterator<Item = &'a Activity>) -> Vec<String> {
    const STRENGTH: [&str; 6] = ["", "I", "C", "R", "A", "A/R"];
    let strength = |letters: &str| STRENGTH.iter().position(|known| *known == letters);
    let mut letters: Vec<String> = Vec::new();
    for row in rows {
        letters.resize(row.letters.len(), String::new());
        for (strongest, held) in letters.iter_mut().zip(&row.letters) {
            if strength(held) > strength(strongest) {
                strongest.clone_from(held);
            }
        }
    }
    letters
}

/// An activity's default, unless it is what a reader expects of its side.
fn unlike_usual(activity: &Activity) -> Option<DefaultState> {
    let usual = if activity.side == CUSTOMER {
        DefaultState::Build
    } else {
        DefaultState::Automatic
    };
    (activity.default != usual).then_some(activity.default)
}

/// Of two states the one that needs more attention.
fn worse<'s>(one: &'s str, other: &'s str) -> &'s str {
    let rank = |state: &str| {
        ["not met", "unknown", "attest", "met", "inherited"]
            .iter()
            .position(|known| *known == state)
    };
    if rank(other) < rank(one) { other } else { one }
}

/// How each activity reads, by its id.
fn renderings(activities: &[Activity]) -> BTreeMap<&str, Rendering> {
    let mut map: BTreeMap<&str, Rendering> = BTreeMap::new();
    for activity in activities {
        let own = activity.side == CUSTOMER;
        let first = !map.contains_key(activity.id.as_str());
        let entry = map.entry(&activity.id).or_default();
        // Of others' activities one row is printed.
        if own || first {
            let anywhere = if own {
                activity.letters.clone()
            } else {
                letters_anywhere(activities.iter().filter(|other| other.id == activity.id))
            };
            let scope = activity.scope.as_deref().filter(|_| own).unwrap_or_default();
            let letters = anywhere.iter().map(String::as_str);
            for part in std::iter::once(scope).chain(letters).chain([activity.state_label.as_str()]) {
                entry.text.push_str(part);
                entry.text.push('\u{1f}');
            }
        }
        entry.attested |= matches!(activity.state, ActivityState::Met | ActivityState::NotMet);
    }
    map
}

impl ToldOnce {
    /// An activity of the catalog's common levels is told once if it reads the same on most services, three at least.
    fn of(context: &Context<'_>, services: &[Service]) -> Self {
        let mut seen: BTreeMap<String, BTreeMap<Rendering, usize>> = BTreeMap::new();
        for service in services {
            for control in &service.controls {
                for (id, rendering) in renderings(&control.activities) {
                    if context.is_common(id) {
                        *seen.entry(id.to_owned()).or_default().entry(rendering).or_default() += 1;
                    }
                }
            }
        }
        let renderings = seen
            .into_iter()
            .filter_map(|(id, counts)| {
                let (rendering, count) = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
                (count >= 3 && !rendering.attested).then_some((id, rendering))
            })
            .collect();
        Self { renderings }
    }

    fn tells(&self, id: &str, renderings: &BTreeMap<&str, Rendering>) -> bool {
        self.renderings.get(id).is_some_and(|told| renderings.get(id) == Some(told))
    }

    fn common(&self, context: &Context<'_>, services: &[Service]) -> Vec<Common> {
        let mut parts: BTreeMap<&str, (BTreeSet<&str>, BTreeMap<usize, Control>)> = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for service in services {
            for (position, control) in service.controls.iter().enumerate() {
                let renderings = renderings(&control.activities);
                for activity in &control.activities {
                    if !self.tells(&activity.id, &renderings) {
                        continue;
                    }
                    let owner = activity.id.split('.').next().unwrap_or_default();
                    let key = context.catalog.model(owner).map_or("every", |model| model.id.as_str());
                    let part = parts.entry(key).or_default();
                    part.0.insert(&service.title);
                    if taken.insert((activity.id.clone(), activity.scope.clone())) {
                        let entry = part.1.entry(position).or_insert_with(|| Control {
                            activities: Vec::new(),
                            ..control.clone()
                        });
                        entry.activities.push(Activity {
                            told_once: true,
                            shown: true,
                            ..activity.clone()
                        });
                    }
                }
            }
        }
        let order = |key: &str| {
            context
                .catalog
                .models()
                .iter()
                .position(|model| model.id == key)
                .map_or(0, |position| position + 1)
        };
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_by_key(|(key, _)| order(key));
        parts
            .into_iter()
            .map(|(key, (titles, controls))| Common {
                model: key.to_owned(),
                title: match context.catalog.model(key) {
                    Some(model) => format!("Every {} service", model.name.to_lowercase()),
                    None => "Every service".to_owned(),
                },
                services: titles.len() as u64,
                controls: controls
                    .into_values()
                    .map(|mut control| {
                        lift_letters(&mut control);
                        control.lines = lines(&control);
                        control.shown = true;
                        control.control_type = ControlType::of(
                            control
                                .activities
                                .iter()
                                .map(|activity| Side::named(&activity.side))
                                .collect::<Vec<_>>()
                                .iter(),
                        );
                        control
                    })
                    .collect(),
            })
            .collect()
    }
}

fn service(context: &mut Context<'_>, unit: &Unit) -> Service {
    let matrix = context.matrix;
    let resources = || unit.resources.iter().map(|index| &matrix.resources[*index]);
    let distinct = |pick: &dyn Fn(&crate::inventory::Resource) -> Option<String>| -> Vec<String> {
        resources().filter_map(pick).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let mut names: Vec<String> = distinct(&|resource| Some(resource.label().to_owned()));
    let names_left_out = names.len().saturating_sub(12) as u64;
    names.truncate(12);
    let controls: Vec<Control> = unit.controls.iter().map(|of| control(context, unit, of)).collect();
    let rows = || unit.controls.iter().flat_map(|control| &control.rows);
    let index = context.catalog.service(&unit.split.service);
    let model_name = context
        .catalog
        .model(&unit.split.model)
        .map(|model| model.name.clone())
        .unwrap_or_default();
    Service {
        service: unit.split.service.clone(),
        mode: unit.split.mode.as_ref().map(|mode| mode.id.clone()),
        mode_known: unit.mode_open.is_empty(),
        settled_by: unit.settled_by.clone(),
        name: unit.split.name.clone(),
        mode_name: unit.split.mode.as_ref().map(|mode| mode.name.clone()),
        title: names::title(unit),
        anchor: names::anchor(unit),
        about: unit.split.about.clone(),
        model: unit.split.model.clone(),
        model_name,
        why: unit.split.why.clone(),
        lifecycle: index
            .and_then(|index| index.lifecycle.as_ref())
            .map(|lifecycle| match &lifecycle.date {
                Some(date) => format!("{} since {date}", lifecycle.words()),
                None => lifecycle.words().to_owned(),
            }),
        resources: resources().map(|resource| resource.count).sum(),
        supporting: unit.supporting,
        names,
        names_left_out,
        accounts: distinct(&|resource| {
            let id = resource.account.as_deref()?;
            let name = context.inventory.accounts.get(id).and_then(|account| account.name.clone());
            Some(name.unwrap_or_else(|| id.to_owned()))
        }),
        regions: distinct(&|resource| resource.region.as_deref().map(str::to_owned)),
        environments: distinct(&|resource| resource.environment.as_deref().map(str::to_owned)),
        data: resources()
            .flat_map(|resource| &resource.data)
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        provider_does: briefs(unit, |side| *side != Side::Customer),
        customer_does: briefs(unit, |side| *side == Side::Customer),
        provider_activities: rows().filter(|row| row.activity.side != Side::Customer).count() as u64,
        customer_activities: rows().filter(|row| row.activity.side == Side::Customer).count() as u64,
        not_met: rows().filter(|row| row.state() == State::NotMet).count() as u64,
        told_once: 0,
        first: None,
        as_in_first: 0,
        accountable: accountable(context, unit),
        gaps: gaps(context, unit),
        not_applicable: controls
            .iter()
            .filter_map(|control| {
                Some(NotApplicable {
                    title: control.title.clone(),
                    reason: control.not_applicable.clone()?,
                })
            })
            .collect(),
        controls,
    }
}

/// Who answers for the customer's activities of a unit.
fn accountable(context: &Context<'_>, unit: &Unit) -> Vec<PartyCount> {
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for row in unit
        .controls
        .iter()
        .flat_map(|control| &control.rows)
        .filter(|row| row.activity.side == Side::Customer)
    {
        *counts.entry(row.assignment.accountable()).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(index, activities)| {
            let party = &context.inventory.parties[index];
            PartyCount {
                party: party.id.to_string(),
                name: context.shorts[index].clone(),
                activities,
            }
        })
        .collect()
}

/// The customer duties of a unit that are not met.
fn gaps(context: &Context<'_>, unit: &Unit) -> Vec<Gap> {
    let count = |indices: &[usize]| indices.iter().map(|index| context.matrix.resources[*index].count).sum::<u64>();
    let mut gaps = Vec::new();
    for control in &unit.controls {
        for row in control.rows.iter().filter(|row| row.state() == State::NotMet) {
            gaps.push(Gap {
                control_title: context
                    .catalog
                    .control(&control.control)
                    .map(|known| known.title.clone())
                    .unwrap_or_default(),
                does: row.activity.does.clone(),
                holders: names::holders(&context.shorts, &row.assignment),
                not_met: count(&row.not_met),
                of: count(&row.resources),
            });
        }
    }
    gaps
}

/// The short split of one side: what is particular to the service first, eight at most, in the order of the catalog.
fn briefs(unit: &Unit, takes: fn(&Side) -> bool) -> Vec<String> {
    const MOST: usize = 8;
    let mut found: Vec<(Commonness, usize, &str)> = Vec::new();
    for row in unit
        .controls
        .iter()
        .flat_map(|control| &control.rows)
        .filter(|row| takes(&row.activity.side))
    {
        if let Some(brief) = row
            .activity
            .brief
            .as_deref()
            .filter(|brief| found.iter().all(|(_, _, known)| known != brief))
        {
            let rank = match row.activity.common {
                Commonness::Own => Commonness::Every,
                Commonness::Every => Commonness::Own,
                Commonness::Model => Commonness::Model,
            };
            found.push((rank, found.len(), brief));
        }
    }
    found.sort_unstable();
    found.truncate(MOST);
    found.sort_by_key(|(_, position, _)| *position);
    found.into_iter().map(|(_, _, brief)| brief.to_owned()).collect()
}

fn control(context: &mut Context<'_>, unit: &Unit, of: &UnitControl) -> Control {
    let known = context.catalog.control(&of.control);
    let layer = known.map(|known| known.layer.clone()).unwrap_or_default();
    let layer_title = context
        .catalog
        .layers
        .iter()
        .find(|one| one.id == layer)
        .map(|one| one.title.clone());
    Control {
        control: of.control.to_string(),
        title: known.map(|known| known.title.clone()).unwrap_or_default(),
        layer,
        layer_title: layer_title.unwrap_or_default(),
        control_type: of.control_type,
        not_applicable: of.not_applicable.clone(),
        requirements: references::requirements(context.catalog, &of.control),
        shown: true,
        scoped_letters: Vec::new(),
        lines: Vec::new(),
        activities: of.rows.iter().map(|row| activity(context, unit, row)).collect(),
    }
}

fn activity(context: &mut Context<'_>, unit: &Unit, row: &Row) -> Activity {
    let matrix = context.matrix;
    let count = |indices: &[usize]| indices.iter().map(|index| matrix.resources[*index].count).sum::<u64>();
    let parties = &context.inventory.parties;
    let letters: Vec<String> = (0..parties.len())
        .map(|party| row.assignment.letters(party).map(|letters| letters.to_string()).unwrap_or_default())
        .collect();
    let scope = row.scoped.then(|| {
        let others: Vec<usize> = unit
            .resources
            .iter()
            .copied()
            .filter(|index| row.resources.binary_search(index).is_err())
            .collect();
        names::scope(&matrix.resources, &row.resources, &others)
    });
    let mut does = row.activity.does.clone();
    let how = row.activity.how.clone();
    if row.activity.id.ends_with(&format!(".{READ_PROVIDER_EVIDENCE}")) {
        let inherited = context.inherited_controls();
        if !inherited.is_empty() {
            does = format!("{does}, for the inherited controls: {}", inherited.join(", "));
        }
    }
    let assurance = || match &row.activity.side {
        Side::Party(id) => context.catalog.parties.iter().find(|party| party.id == **id),
        _ => context.catalog.provider(),
    };
    Activity {
        id: row.activity.id.clone(),
        side: row.activity.side.to_string(),
        does,
        how,
        default: row.activity.default,
        state: match row.state() {
            State::Met => ActivityState::Met,
            State::NotMet => ActivityState::NotMet,
            State::Unknown => ActivityState::Unknown,
            State::NotApplicable => ActivityState::NotApplicable,
        },
        state_label: names::state_label(row).to_owned(),
        resources: count(&row.resources),
        resources_met: count(&row.met),
        resources_not_met: count(&row.not_met),
        resources_excepted: row.excepted.iter().map(|(index, _)| matrix.resources[*index].count).sum(),
        assignments: letters
            .iter()
            .zip(parties)
            .filter(|(letters, _)| !letters.is_empty())
            .map(|(letters, party)| PartyLetters {
                party: party.id.to_string(),
                letters: letters.clone(),
            })
            .collect(),
        letters,
        evidence: row
            .activity
            .evidence
            .clone()
            .or_else(|| assurance().map(|party| party.assurance.clone()))
            .unwrap_or_default(),
        source: row.activity.source.url.clone(),
        source_number: context.references.source(row),
        reviewed: row.activity.source.reviewed.clone(),
        freshness: context.references.freshness(row.activity.source.reviewed.as_deref()),
        from: row.activity.from,
        scope,
        condition: context.references.condition(row),
        told_once: false,
        shown: true,
        letters_above: false,
        shown_state: ShownState {
            label: names::state_label(row).to_owned(),
            resources: count(&row.resources),
            not_met: count(&row.not_met),
            excepted: row.excepted.iter().map(|(index, _)| matrix.resources[*index].count).sum(),
        },
    }
}
