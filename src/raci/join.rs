//! The join of one unit.
//!
//! In: a service in one mode with its resources. Out: its duties and commitments. A duty is an activity on the resources of
//! one environment that share its assignment, before and after the handover; which rules made that assignment parts none.

mod alike;
mod commitments;
mod context;
mod holds;
mod kinds;

use super::assignment::{Assignment, Provenance};
use super::duty::{Commitment, Deployed, Duty, DutyId, Means, Scope, Shown, State};
use super::index::{ControlIx, ExceptionIx, PartyIx, ResourceIx, UnitIx};
use super::rules::Rules;
use super::scope::{Apart, scope_in_id, tell_apart};
use super::units::Group;
use super::{Unit, UnitControl};
use crate::catalog::{Activity, Catalog, ControlSplit, ControlType, Side, Split, Verdict};
use crate::inventory::{Inventory, Operated, Resource, Subject};
use alike::Said;
use commitments::Provided;
use context::{Context, Dimensions};
use foldhash::fast::RandomState;
use jiff::civil::Date;
use kinds::{Kind, Place, kinds};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What all units are joined with.
pub(super) struct Join<'a> {
    catalog: &'a Catalog,
    inventory: &'a Inventory,
    as_of: Date,
    resources: &'a [Arc<Resource>],
    /// Who operates each of the resources.
    operators: Vec<PartyIx>,
    rules: Rules<'a>,
    dimensions: Dimensions,
    /// Controls by their ids, with their layers.
    controls: BTreeMap<&'a str, (ControlIx, &'a str)>,
}

/// A unit and what is done on it.
pub(super) struct Joined {
    pub(super) unit: Unit,
    pub(super) duties: Vec<Duty>,
    pub(super) commitments: Vec<Commitment>,
}

/// What selectors look at of a resource in its unit.
pub(super) fn subject<'s>(split: &'s Split, resource: &'s Resource) -> Subject<'s> {
    Subject {
        service: &split.service,
        mode: split.mode.as_ref().map(|mode| mode.id.as_str()),
        model: &split.model,
        ..Subject::of(resource)
    }
}

impl<'a> Join<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        inventory: &'a Inventory,
        as_of: Date,
        resources: &'a [Arc<Resource>],
        operated: &[Operated],
    ) -> Self {
        let controls = catalog.controls.iter().enumerate();
        let rules = Rules::new(inventory, catalog);
        Self {
            catalog,
            inventory,
            as_of,
            resources,
            operators: operated.iter().map(|operated| rules.operator(operated.by)).collect(),
            rules,
            dimensions: Dimensions::of(inventory),
            controls: controls
                .map(|(position, control)| (control.id.as_str(), (ControlIx::new(position), control.layer.as_str())))
                .collect(),
        }
    }

    /// Any one of some resources.
    fn any(&self, resources: &[ResourceIx]) -> Option<&Resource> {
        resources.first().map(|first| &*self.resources[first.position()])
    }

    pub(super) fn unit(&self, unit: UnitIx, split: Split, group: Group) -> Joined {
        let mut contexts: BTreeMap<Context<'_>, Vec<ResourceIx>> = BTreeMap::new();
        for index in &group.resources {
            let (resource, operator) = (&self.resources[index.position()], self.operators[index.position()]);
            let context = self.dimensions.context(resource, operator);
            contexts.entry(context).or_default().push(*index);
        }
        if contexts.is_empty() {
            let operators = group.supports.iter().map(|index| self.operators[index.position()]);
            contexts.extend(operators.map(|operator| (Context::none(operator), Vec::new())));
        }
        let places = contexts.into_iter().map(|(context, resources)| {
            let subject = context.subject(&split, self.any(&resources));
            Place {
                taking: self.rules.taking(&subject),
                keeping: self.keeping(&subject),
                context,
                resources,
            }
        });
        let places: Vec<Place<'_>> = places.collect();
        let mut of = UnitJoin {
            join: self,
            unit,
            key: split
                .mode
                .as_ref()
                .map_or_else(|| split.service.clone(), |mode| format!("{}/{}", split.service, mode.id)),
            split: &split,
            kinds: kinds(&places),
            places,
            deployments: BTreeMap::new(),
            shares: BTreeMap::new(),
            ids: HashSet::default(),
            duties: Vec::new(),
            commitments: Vec::new(),
        };
        let controls = split.controls.iter().filter_map(|control| of.control(control)).collect();
        let (duties, commitments) = (of.duties, of.commitments);
        Joined {
            unit: Unit {
                title: match &split.mode {
                    // No parentheses within parentheses.
                    Some(mode) => format!("{} ({})", split.name, mode.name.replace(" (", ", ").replace(')', "")),
                    None => split.name.clone(),
                },
                resources: group.resources,
                mode_open: group.mode_open,
                settled_by: group.settled_by.into_iter().collect(),
                supporting: group.supporting,
                controls,
                split,
            },
            duties,
            commitments,
        }
    }
}

/// The first exception that is valid on a day and excuses an activity of a control, by its id and layer, on a resource.
pub(super) fn exception(
    inventory: &Inventory,
    as_of: Date,
    (control, layer): (&str, &str),
    activity: &Activity,
    subject: &Subject<'_>,
) -> Option<ExceptionIx> {
    let found = inventory.exceptions.iter().position(|exception| {
        exception.expires.is_none_or(|date| date >= as_of)
            && exception.selector.takes_activity(control, layer, &activity.side, &activity.id)
            && exception.selector.takes_subject(subject)
    });
    found.map(ExceptionIx::new)
}

/// The resources of some places of one environment, and what tells them from its others.
#[derive(Clone)]
struct Deployment {
    scope: Scope,
    /// The scope, as ids of duties end.
    in_id: Arc<str>,
    operator: PartyIx,
    resources: Deployed,
}

/// A deployment on which one side's activities of a control are assigned alike.
struct Alike {
    deployment: Deployment,
    assignment: Assignment,
    after: Option<Assignment>,
    provenance: Arc<Provenance>,
}

/// A control of a unit.
#[derive(Clone, Copy)]
struct Piece<'c> {
    index: ControlIx,
    id: &'c str,
    layer: &'c str,
}

/// A unit on its way.
struct UnitJoin<'j> {
    join: &'j Join<'j>,
    unit: UnitIx,
    key: String,
    split: &'j Split,
    places: Vec<Place<'j>>,
    kinds: Vec<Kind>,
    /// By the positions of their places: most controls part a unit alike.
    deployments: BTreeMap<Vec<usize>, Deployment>,
    /// What each operator runs.
    shares: BTreeMap<PartyIx, Deployed>,
    ids: HashSet<Arc<str>, RandomState>,
    duties: Vec<Duty>,
    commitments: Vec<Commitment>,
}

impl UnitJoin<'_> {
    fn control(&mut self, control: &ControlSplit) -> Option<UnitControl> {
        let (index, layer) = *self.join.controls.get(control.control.as_str())?;
        let piece = Piece {
            index,
            id: &control.control,
            layer,
        };
        let (duties, commitments) = (self.duties.len(), self.commitments.len());
        // What no selector tells apart is assigned alike.
        let mut known: BTreeMap<(&Side, Vec<usize>), Vec<Alike>> = BTreeMap::new();
        let mut provided: BTreeMap<Vec<usize>, Vec<Provided>> = BTreeMap::new();
        for activity in &control.activities {
            let marks = self.join.dimensions.marks(activity);
            let mut said = Said::new();
            if activity.side == Side::Provider {
                if !provided.contains_key(&marks) {
                    let found = self.provided(piece, activity);
                    provided.insert(marks.clone(), found);
                }
                for by in provided.get(&marks).into_iter().flatten() {
                    self.commitment(piece, activity, by, &mut said);
                }
                continue;
            }
            let key = (&activity.side, marks);
            if !known.contains_key(&key) {
                let alike = self.alike(piece, activity);
                known.insert(key.clone(), alike);
            }
            for alike in known.get(&key).into_iter().flatten() {
                self.duty(piece, activity, alike, &mut said);
            }
        }
        let sides = self.duties[duties..].iter().map(|duty| &duty.activity.side);
        let provider = self.commitments[commitments..].iter().map(|commitment| &commitment.activity.side);
        let control_type = ControlType::of(sides.chain(provider));
        // A control of an overlay is a control of what it has something to say of.
        let is_own = self.join.catalog[index].own;
        if is_own && control_type.is_none() && control.not_applicable.is_none() {
            return None;
        }
        let gone = (control_type.is_none() && control.not_applicable.is_none())
            .then(|| "none of its activities applies to the resources in scope".to_owned());
        Some(UnitControl {
            control: index,
            control_type,
            not_applicable: control.not_applicable.clone().or(gone),
        })
    }

    /// The assignments of an activity of a control, each with the deployment that has it, sorted. The other activities of
    /// its side have the same, unless a selector names some by their ids. What different operators run is never one
    /// deployment.
    fn alike(&mut self, piece: Piece<'_>, activity: &Activity) -> Vec<Alike> {
        type Key<'k> = (Option<&'k Arc<str>>, Assignment, Option<Assignment>, PartyIx);
        let mut found: BTreeMap<Key<'_>, (Provenance, Vec<usize>)> = BTreeMap::new();
        for (kind, place) in self.one_of_each_kind() {
            let rules = &self.join.rules;
            let assigned = rules.assign(&place.taking, piece.index, activity, place.context.operator);
            let after = self.after(&assigned.assignment, place, piece, activity);
            let key = (
                place.context.environment,
                assigned.assignment.clone(),
                after,
                place.context.operator,
            );
            let entry = found.entry(key).or_default();
            assigned.add_to(&mut entry.0);
            entry.1.extend(kind);
        }
        let found: Vec<_> = found
            .into_iter()
            .map(|((_, assignment, after, _), (provenance, mut places))| {
                places.sort_unstable();
                (assignment, after, Arc::new(provenance), places)
            })
            .collect();
        found
            .into_iter()
            .map(|(assignment, after, provenance, places)| Alike {
                deployment: self.deployment(places),
                assignment,
                after,
                provenance,
            })
            .collect()
    }

    /// The assignment after the handover, where it moves.
    fn after(&self, assignment: &Assignment, place: &Place<'_>, piece: Piece<'_>, activity: &Activity) -> Option<Assignment> {
        let side = &activity.side;
        let handover = self.join.inventory.handover.as_ref().filter(|_| *side == Side::Customer)?;
        let mut keeping = place.keeping.iter().filter_map(|position| handover.keeps.get(*position));
        let kept = keeping.any(|keep| keep.selector.takes_activity(piece.id, piece.layer, side, &activity.id));
        if kept {
            return None;
        }
        assignment.handed_over(PartyIx::new(handover.from), PartyIx::new(handover.to))
    }

    /// The resources of some places of one environment, by their sorted positions.
    fn deployment(&mut self, places: Vec<usize>) -> Deployment {
        if let Some(known) = self.deployments.get(&places) {
            return known.clone();
        }
        let gathered = |takes: &dyn Fn(usize, &Place<'_>) -> bool| {
            let places = self.places.iter().enumerate().filter(|(position, place)| takes(*position, place));
            let mut list: Vec<ResourceIx> = places.flat_map(|(_, place)| place.resources.iter().copied()).collect();
            list.sort_unstable();
            list
        };
        let whose = |place: &Place<'_>| (place.context.environment.cloned(), place.context.operator);
        let (environment, operator) = places
            .first()
            .map_or((None, self.join.rules.provider()), |first| whose(&self.places[*first]));
        let own = gathered(&|position, _| places.binary_search(&position).is_ok());
        let others =
            gathered(&|position, place| places.binary_search(&position).is_err() && whose(place) == (environment.clone(), operator));
        // What the provider itself operates is called as if there were nothing else, so that it is called the same tomorrow.
        let called = self.join.operator_words(&self.split.service, operator);
        let apart = (!others.is_empty()).then(|| tell_apart(self.join.resources, &own, &others));
        let apart: Vec<Apart> = called.map(Apart::from).into_iter().chain(apart).collect();
        let joined = |of: fn(&Apart) -> &str| (!apart.is_empty()).then(|| apart.iter().map(of).collect::<Vec<_>>().join(", ").into());
        let scope = Scope {
            environment,
            apart: joined(|apart| &apart.in_id),
            words: joined(|apart| &apart.words),
        };
        let deployment = Deployment {
            in_id: scope_in_id(&scope).into(),
            scope,
            operator,
            resources: self.deployed(own),
        };
        self.deployments.insert(places, deployment.clone());
        deployment
    }

    fn deployed(&self, list: Vec<ResourceIx>) -> Deployed {
        Deployed {
            count: list.iter().map(|index| self.join.resources[index.position()].count).sum(),
            list: list.into(),
        }
    }

    fn duty(&mut self, piece: Piece<'_>, activity: &Arc<Activity>, alike: &Alike, said: &mut Said) {
        let Some((resources, open)) = self.where_it_holds(activity, &alike.deployment.resources, said) else {
            return;
        };
        let mut duty = Duty {
            id: self.id(activity, &alike.deployment.in_id),
            activity: activity.clone(),
            unit: self.unit,
            control: piece.index,
            scope: alike.deployment.scope.clone(),
            asked: self.asked(activity, piece, &resources),
            shown_by: self.configuration((activity, piece), &resources, &open, said).into_iter().collect(),
            resources,
            operator: alike.deployment.operator,
            open,
            assignment: alike.assignment.clone(),
            after: alike.after.clone(),
            provenance: alike.provenance.clone(),
            lapsed: Vec::new(),
            state: State::Unknown,
        };
        duty.judge();
        self.duties.push(duty);
    }

    /// What the attributes of the resources show of an activity. Where it is open whether the activity exists at all, they
    /// can break it and not attest it.
    fn configuration(
        &self,
        (activity, piece): (&Activity, Piece<'_>),
        resources: &Deployed,
        open: &[ResourceIx],
        said: &mut Said,
    ) -> Option<Shown> {
        if !activity.is_judged() {
            return None;
        }
        let mut shown = Shown::by(Means::Configuration);
        for index in resources.list.iter() {
            let resource = &self.join.resources[index.position()];
            match said
                .judged
                .of_config(resource, |config| activity.judge(config, Some(self.join.as_of)))
            {
                Verdict::Met if open.binary_search(index).is_err() => shown.met.push(*index),
                // An exception answers what is asked.
                Verdict::Unknown if activity.asks(&resource.config, Some(self.join.as_of)) => {
                    shown
                        .excepted
                        .extend(self.exception(activity, piece, resource).map(|exception| (*index, exception)));
                }
                Verdict::Met | Verdict::Unknown | Verdict::NotApplicable => {}
                Verdict::NotMet => match self.exception(activity, piece, resource) {
                    Some(exception) => shown.excepted.push((*index, exception)),
                    None => shown.not_met.push(*index),
                },
            }
        }
        Some(shown)
    }

    /// Where somebody must say whether what the attributes show is meant, and nobody has done so by an exception.
    fn asked(&self, activity: &Activity, piece: Piece<'_>, resources: &Deployed) -> Vec<ResourceIx> {
        let of = |index: &ResourceIx| &self.join.resources[index.position()];
        let is_asked = |index: &ResourceIx| {
            activity.asks(&of(index).config, Some(self.join.as_of)) && self.exception(activity, piece, of(index)).is_none()
        };
        if !activity.question {
            return Vec::new();
        }
        resources.list.iter().copied().filter(is_asked).collect()
    }

    /// The first exception that is valid and excuses an activity on a resource.
    fn exception(&self, activity: &Activity, piece: Piece<'_>, resource: &Resource) -> Option<ExceptionIx> {
        let subject = subject(self.split, resource);
        exception(self.join.inventory, self.join.as_of, (piece.id, piece.layer), activity, &subject)
    }

    /// An id that nothing else in the unit has; `part` tells the scope in it.
    fn id(&mut self, activity: &Activity, part: &str) -> DutyId {
        let own = activity
            .id
            .strip_prefix(self.key.as_str())
            .is_some_and(|rest| rest.starts_with('.'));
        let key = if own { [""; 2] } else { [self.key.as_str(), ":"] };
        // Thousands are made of which each is met once.
        let id: Arc<str> = [key[0], key[1], &activity.id, part].concat().into();
        let mut unique = id.clone();
        let mut number = 1;
        while !self.ids.insert(unique.clone()) {
            number += 1;
            unique = format!("{id}~{number}").into();
        }
        DutyId::new(unique)
    }
}
