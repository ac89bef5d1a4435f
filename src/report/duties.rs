//! Duties by party, evidence to keep, and what moves at a handover.
//!
//! In: the services of the Report and the joined matrix. Out: lists in which the same duty on many services stands once.

use super::context::Context;
use super::model::{
    Activity, ActivityState, AnswersFor, Control, Duties, DutiesHeld, Duty, DutyControl, DutyGroup, DutyPlace, Evidence, EvidenceItem,
    GroupDuty, Handover, Move, MoveCount, Service,
};
use super::names;
use crate::catalog::Side;
use crate::inventory::PartyKind;
use crate::raci::Letters;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What each party must do: activities of which it holds R or A.
pub(super) fn duties(context: &Context<'_>, services: &[Service]) -> Vec<Duties> {
    context
        .inventory
        .parties
        .iter()
        .enumerate()
        .map(|(index, party)| {
            let activities = of_party(context, services, index);
            let mut controls: Vec<DutyControl> = Vec::new();
            let mut answers_for: Vec<AnswersFor> = Vec::new();
            for duty in &activities {
                if duty.letters.contains('R') {
                    if controls.last().is_none_or(|last| last.title != duty.control_title) {
                        controls.push(DutyControl {
                            title: duty.control_title.clone(),
                            groups: Vec::new(),
                            held: Vec::new(),
                        });
                    }
                    if let Some(control) = controls.last_mut() {
                        control.add(duty);
                    }
                } else {
                    match answers_for.last_mut().filter(|last| last.title == duty.control_title) {
                        Some(last) => last.duties += 1,
                        None => answers_for.push(AnswersFor {
                            title: duty.control_title.clone(),
                            duties: 1,
                        }),
                    }
                }
            }
            controls.iter_mut().for_each(DutyControl::sum_up);
            let known = context.catalog.parties.iter().find(|known| *known.id == *party.id);
            Duties {
                party: party.id.to_string(),
                name: party.name.clone(),
                kind: party.kind,
                assurance: known
                    .filter(|_| party.kind != PartyKind::Customer)
                    .map(|known| known.assurance.to_string()),
                activities,
                controls,
                answers_for,
            }
        })
        .collect()
}

fn of_party(context: &Context<'_>, services: &[Service], party: usize) -> Vec<Duty> {
    // The same activity with the same letters stands once, with all its services and deployments.
    type Key = (usize, Arc<str>, &'static str);
    let mut merged: BTreeMap<Key, Merged> = BTreeMap::new();
    let mut order: Vec<Key> = Vec::new();
    for service in services {
        for (position, control) in service.controls.iter().enumerate() {
            for activity in &control.activities {
                let Some(&letters) = activity.letters.get(party).filter(|letters| letters.contains(['R', 'A'])) else {
                    continue;
                };
                let key = (position, activity.id.clone(), letters);
                let entry = merged.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    Merged {
                        control,
                        activity,
                        titles: BTreeSet::new(),
                        scopes: BTreeSet::new(),
                        everywhere: false,
                        state: activity,
                    }
                });
                entry.titles.insert(&service.title);
                match &activity.scope {
                    Some(scope) => {
                        entry.scopes.insert(scope);
                    }
                    None => entry.everywhere = true,
                }
                if rank(activity) < rank(entry.state) {
                    entry.state = activity;
                }
            }
        }
    }
    order.sort_by_key(|key| key.0);
    order
        .iter()
        .filter_map(|key| Some((key, merged.remove(key)?)))
        .map(|((_, id, letters), one)| Duty {
            id: id.clone(),
            control: one.control.control.clone(),
            control_title: one.control.title.clone(),
            does: one.activity.does.clone(),
            how: one.activity.how.clone(),
            evidence: one.activity.evidence.clone(),
            default: one.activity.default,
            letters,
            on: context.labels.joined(&one.titles),
            services: one.titles.into_iter().map(str::to_owned).collect(),
            state: one.state.state,
            state_label: one.state.state_label,
            scope: (!one.everywhere).then(|| one.scopes.into_iter().collect::<Vec<_>>().join("; ")),
        })
        .collect()
}

impl DutyControl {
    fn add(&mut self, duty: &Duty) {
        let fits = |group: &&mut DutyGroup| group.on == duty.on && group.scope == duty.scope && group.letters == duty.letters;
        let group = match self.groups.iter_mut().find(fits) {
            Some(group) => group,
            None => {
                self.groups.push(DutyGroup {
                    on: duty.on.clone(),
                    scope: duty.scope.clone(),
                    letters: duty.letters,
                    duties: Vec::new(),
                    evidence: Vec::new(),
                });
                let last = self.groups.len() - 1;
                &mut self.groups[last]
            }
        };
        group.duties.push(GroupDuty {
            does: duty.does.clone(),
            not_met: duty.state == ActivityState::NotMet,
        });
        if !group.evidence.contains(&duty.evidence) {
            group.evidence.push(duty.evidence.clone());
        }
    }

    /// Tells the groups in short.
    fn sum_up(&mut self) {
        for group in &self.groups {
            let held = match self.held.iter().position(|held| held.letters == group.letters) {
                Some(index) => &mut self.held[index],
                None => {
                    self.held.push(DutiesHeld {
                        letters: group.letters,
                        places: Vec::new(),
                    });
                    let last = self.held.len() - 1;
                    &mut self.held[last]
                }
            };
            let place = match held.places.iter().position(|place| place.on == group.on) {
                Some(index) => &mut held.places[index],
                None => {
                    held.places.push(DutyPlace {
                        on: group.on.clone(),
                        duties: 0,
                        not_met: 0,
                        evidence: Vec::new(),
                    });
                    let last = held.places.len() - 1;
                    &mut held.places[last]
                }
            };
            place.duties += group.duties.len() as u64;
            place.not_met += group.duties.iter().filter(|duty| duty.not_met).count() as u64;
            for artefact in &group.evidence {
                if !place.evidence.contains(artefact) {
                    place.evidence.push(artefact.clone());
                }
            }
        }
    }
}

/// One duty on its way into the list.
struct Merged<'s> {
    control: &'s Control,
    activity: &'s Activity,
    titles: BTreeSet<&'s str>,
    scopes: BTreeSet<&'s str>,
    everywhere: bool,
    /// The activity whose state needs most attention.
    state: &'s Activity,
}

/// Not met before unknown before met.
fn rank(activity: &Activity) -> u8 {
    match activity.state {
        ActivityState::NotMet => 0,
        ActivityState::Unknown => 1,
        ActivityState::Met => 2,
        ActivityState::NotApplicable => 3,
    }
}

/// The evidence that customers keep, control by control.
pub(super) fn evidence(context: &Context<'_>) -> Vec<Evidence> {
    context
        .catalog
        .controls
        .iter()
        .filter_map(|control| {
            let mut items: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            let (mut parties, mut given) = (BTreeSet::new(), BTreeSet::new());
            let of_control = context
                .matrix
                .rows()
                .filter(|(_, of, row)| *of.control == *control.id && row.activity.side == Side::Customer);
            for (unit, _, row) in of_control {
                let Some(artefact) = row.activity.evidence.as_deref() else {
                    continue;
                };
                items.entry(artefact).or_default().insert(&unit.title);
                parties.insert(row.assignment.accountable());
                for one in &context.inventory.evidence {
                    let takes = one.selector.takes_activity(&control.id, &control.layer, &row.activity.side)
                        && row.resources.iter().any(|index| context.takes(&one.selector, unit, *index));
                    if takes {
                        given.insert(one.artefact.as_str());
                    }
                }
            }
            (!items.is_empty()).then(|| Evidence {
                artefacts: items.len() as u64,
                control: control.id.clone(),
                control_title: control.title.clone(),
                items: items
                    .into_iter()
                    .map(|(artefact, names)| EvidenceItem {
                        artefact: artefact.to_owned(),
                        on: context.labels.joined(&names),
                    })
                    .collect(),
                parties: parties
                    .iter()
                    .map(|party| context.shorts[*party].clone())
                    .collect::<Vec<_>>()
                    .join(", "),
                given: given.into_iter().collect::<Vec<_>>().join("; "),
            })
        })
        .collect()
}

/// What moves at the handover and what stays.
pub(super) fn handover(context: &Context<'_>) -> Handover {
    let Some(handover) = &context.inventory.handover else {
        return Handover::default();
    };
    let name = |party: usize| context.inventory.parties[party].name.clone();
    let mut moves: BTreeMap<(usize, Move), BTreeSet<&str>> = BTreeMap::new();
    let mut keeps = moves.clone();
    for (unit, control, row) in context.matrix.rows().filter(|(_, _, row)| row.activity.side == Side::Customer) {
        let holds = matches!(row.assignment.letters(handover.from), Some(Letters::A | Letters::R | Letters::AR));
        if !holds {
            continue;
        }
        let position = context
            .catalog
            .controls
            .iter()
            .position(|known| *known.id == *control.control)
            .unwrap_or_default();
        let others = || {
            unit.resources
                .iter()
                .copied()
                .filter(|index| row.resources.binary_search(index).is_err())
                .collect::<Vec<_>>()
        };
        let one = Move {
            first_of_control: false,
            control_title: context
                .catalog
                .controls
                .get(position)
                .map(|control| control.title.clone())
                .unwrap_or_default(),
            does: row.activity.does.clone(),
            on: String::new(),
            before: names::holders(&context.shorts, &row.assignment),
            after: names::holders(&context.shorts, row.after.as_ref().unwrap_or(&row.assignment)),
            scope: row
                .scoped
                .then(|| names::scope(&context.matrix.resources, &row.resources, &others())),
            state_label: names::state_label(row),
        };
        let list = if row.after.is_some() { &mut moves } else { &mut keeps };
        list.entry((position, one)).or_default().insert(&unit.title);
    }
    let list = |map: BTreeMap<(usize, Move), BTreeSet<&str>>| {
        let mut before = None;
        map.into_iter()
            .map(|((position, one), titles)| Move {
                first_of_control: before.replace(position) != Some(position),
                on: context.labels.joined(&titles),
                ..one
            })
            .collect()
    };
    let mut counts: BTreeMap<(usize, String, String), (String, u64)> = BTreeMap::new();
    for (position, one) in moves.keys() {
        let entry = counts
            .entry((*position, one.before.clone(), one.after.clone()))
            .or_insert_with(|| (one.control_title.clone(), 0));
        entry.1 += 1;
    }
    Handover {
        by_control: counts
            .into_iter()
            .map(|((_, before, after), (control_title, duties))| MoveCount {
                control_title,
                before,
                after,
                duties,
            })
            .collect(),
        planned: true,
        from: Some(name(handover.from)),
        to: Some(name(handover.to)),
        date: Some(handover.date.to_string()),
        moves: list(moves),
        keeps: list(keeps),
    }
}
