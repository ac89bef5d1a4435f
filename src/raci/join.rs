//! The join of one unit.
//!
//! In: a service in one mode with its resources. Out: its duties and commitments. A duty is an activity on the resources of
//! one environment that share its assignment, before and after the handover; which rules made that assignment parts none.

use super::assignment::{Assignment, Provenance};
use super::duty::{Commitment, Deployed, Duty, DutyId, Means, Scope, Shown, State};
use super::index::{ControlIx, ExceptionIx, PartyIx, ResourceIx, RuleIx, UnitIx};
use super::rules::Rules;
use super::scope::{in_id, tell_apart};
use super::units::Group;
use super::{Unit, UnitControl};
use crate::catalog::predicate::Truth;
use crate::catalog::{Activity, Catalog, ControlSplit, ControlType, Side, Split, Verdict};
use crate::inventory::{Inventory, Resource, Subject};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What all units are joined with.
pub(super) struct Join<'a> {
    catalog: &'a Catalog,
    inventory: &'a Inventory,
    as_of: Date,
    resources: &'a [Resource],
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

/// Which properties of a resource any selector looks at, beside its environment.
#[derive(Debug, Default)]
struct Dimensions {
    account: bool,
    region: bool,
    owner: bool,
    data: bool,
    tags: BTreeSet<Arc<str>>,
}

impl Dimensions {
    fn of(inventory: &Inventory) -> Self {
        let rules = inventory.rules.iter().map(|rule| &rule.selector);
        let keeps = inventory.handover.iter().flat_map(|handover| &handover.keeps);
        let mut dimensions = Self::default();
        for selector in rules.chain(keeps) {
            dimensions.account |= selector.account.is_some();
            dimensions.region |= selector.region.is_some();
            dimensions.owner |= selector.owner.is_some();
            dimensions.data |= selector.data.is_some();
            dimensions.tags.extend(selector.tag.iter().flatten().map(|(key, _)| key.clone()));
        }
        dimensions
    }

    fn context<'r>(&self, resource: &'r Resource) -> Context<'r> {
        Context {
            environment: resource.environment.as_ref(),
            account: resource.account.as_deref().filter(|_| self.account),
            region: resource.region.as_deref().filter(|_| self.region),
            owner: resource.owner.as_deref().filter(|_| self.owner),
            data: if self.data { resource.data.clone() } else { Vec::new() },
            tags: resource.tags.iter().filter(|(key, _)| self.tags.contains(key)).cloned().collect(),
        }
    }
}

/// What the rules can tell apart of a resource, and its environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Context<'r> {
    environment: Option<&'r Arc<str>>,
    account: Option<&'r str>,
    region: Option<&'r str>,
    owner: Option<&'r str>,
    data: Vec<Arc<str>>,
    tags: Vec<(Arc<str>, String)>,
}

impl Context<'_> {
    fn subject<'s>(&'s self, split: &'s Split) -> Subject<'s> {
        Subject {
            service: &split.service,
            mode: split.mode.as_ref().map(|mode| mode.id.as_str()),
            model: &split.model,
            account: self.account,
            environment: self.environment.map(|environment| &**environment),
            region: self.region,
            owner: self.owner,
            tags: &self.tags,
            data: &self.data,
        }
    }
}

/// What selectors look at of a resource in its unit.
pub(super) fn subject<'s>(split: &'s Split, resource: &'s Resource) -> Subject<'s> {
    Subject {
        service: &split.service,
        mode: split.mode.as_ref().map(|mode| mode.id.as_str()),
        model: &split.model,
        account: resource.account.as_deref(),
        environment: resource.environment.as_deref(),
        region: resource.region.as_deref(),
        owner: resource.owner.as_deref(),
        tags: &resource.tags,
        data: &resource.data,
    }
}

impl<'a> Join<'a> {
    pub(super) fn new(catalog: &'a Catalog, inventory: &'a Inventory, as_of: Date, resources: &'a [Resource]) -> Self {
        let controls = catalog.controls.iter().enumerate();
        Self {
            catalog,
            inventory,
            as_of,
            resources,
            rules: Rules::new(inventory),
            dimensions: Dimensions::of(inventory),
            controls: controls
                .map(|(position, control)| (control.id.as_str(), (ControlIx::new(position), control.layer.as_str())))
                .collect(),
        }
    }

    pub(super) fn unit(&self, unit: UnitIx, split: Split, group: Group) -> Joined {
        let mut contexts: BTreeMap<Context<'_>, Vec<ResourceIx>> = BTreeMap::new();
        for index in &group.resources {
            let context = self.dimensions.context(&self.resources[index.position()]);
            contexts.entry(context).or_default().push(*index);
        }
        if contexts.is_empty() {
            contexts.insert(Context::default(), Vec::new());
        }
        let places = contexts.into_iter().map(|(context, resources)| Place {
            taking: self.rules.taking(&context.subject(&split)),
            context,
            resources,
        });
        let mut of = UnitJoin {
            join: self,
            unit,
            key: split
                .mode
                .as_ref()
                .map_or_else(|| split.service.clone(), |mode| format!("{}/{}", split.service, mode.id)),
            split: &split,
            places: places.collect(),
            deployments: BTreeMap::new(),
            ids: HashSet::new(),
            duties: Vec::new(),
            commitments: Vec::new(),
        };
        let controls = split.controls.iter().filter_map(|control| of.control(control)).collect();
        let (duties, commitments) = (of.duties, of.commitments);
        Joined {
            unit: Unit {
                title: match &split.mode {
                    Some(mode) => format!("{} ({})", split.name, mode.name),
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

/// Resources that no rule can tell apart, all of one environment.
struct Place<'r> {
    context: Context<'r>,
    taking: Vec<RuleIx>,
    resources: Vec<ResourceIx>,
}

/// The resources of some places of one environment, and what tells them from its others.
#[derive(Clone)]
struct Deployment {
    scope: Scope,
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
    /// By the positions of their places: most controls part a unit alike.
    deployments: BTreeMap<Vec<usize>, Deployment>,
    ids: HashSet<String>,
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
        let mut by_side: BTreeMap<&Side, Vec<Alike>> = BTreeMap::new();
        let mut provided: Option<(Assignment, Provenance)> = None;
        for activity in &control.activities {
            if activity.side == Side::Provider {
                if provided.is_none() {
                    provided = self.provided(piece);
                }
                if let Some((assignment, provenance)) = &provided {
                    self.commitment(piece, activity, assignment, provenance);
                }
                continue;
            }
            if !by_side.contains_key(&activity.side) {
                by_side.insert(&activity.side, self.alike(piece, &activity.side));
            }
            for alike in by_side.get(&activity.side).into_iter().flatten() {
                self.duty(piece, activity, alike);
            }
        }
        let sides = self.duties[duties..].iter().map(|duty| &duty.activity.side);
        let provider = self.commitments[commitments..].iter().map(|commitment| &commitment.activity.side);
        let control_type = ControlType::of(sides.chain(provider));
        let gone = (control_type.is_none() && control.not_applicable.is_none())
            .then(|| "none of its activities applies to the resources in scope".to_owned());
        Some(UnitControl {
            control: index,
            control_type,
            not_applicable: control.not_applicable.clone().or(gone),
        })
    }

    /// The assignments of one side's activities of a control, each with the deployment that has it, sorted. All activities
    /// of a side are assigned alike, since no rule tells them apart.
    fn alike(&mut self, piece: Piece<'_>, side: &Side) -> Vec<Alike> {
        type Key<'k> = (Option<&'k Arc<str>>, Assignment, Option<Assignment>);
        let mut found: BTreeMap<Key<'_>, (Provenance, Vec<usize>)> = BTreeMap::new();
        for (position, place) in self.places.iter().enumerate() {
            let assigned = self.join.rules.assign(&place.taking, piece.id, piece.layer, side);
            let after = self.after(&assigned.assignment, place, piece, side);
            let key = (place.context.environment, assigned.assignment.clone(), after);
            let entry = found.entry(key).or_default();
            assigned.add_to(&mut entry.0);
            entry.1.push(position);
        }
        let found: Vec<_> = found
            .into_iter()
            .map(|((_, assignment, after), (provenance, places))| (assignment, after, Arc::new(provenance), places))
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
    fn after(&self, assignment: &Assignment, place: &Place<'_>, piece: Piece<'_>, side: &Side) -> Option<Assignment> {
        let handover = self.join.inventory.handover.as_ref().filter(|_| *side == Side::Customer)?;
        let subject = place.context.subject(self.split);
        let kept = handover
            .keeps
            .iter()
            .any(|keep| keep.takes_activity(piece.id, piece.layer, side) && keep.takes_subject(&subject));
        if kept {
            return None;
        }
        assignment.handed_over(PartyIx::new(handover.from), PartyIx::new(handover.to))
    }

    /// The resources of some places of one environment.
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
        let environment = places.first().and_then(|first| self.places[*first].context.environment);
        let own = gathered(&|position, _| places.contains(&position));
        let others = gathered(&|position, place| !places.contains(&position) && place.context.environment == environment);
        let apart = (!others.is_empty()).then(|| tell_apart(self.join.resources, &own, &others).into());
        let deployment = Deployment {
            scope: Scope {
                environment: environment.cloned(),
                apart,
            },
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

    /// Those of the resources that an activity is about, as far as their types tell it. Where none of them is, what it is
    /// about is not listed, and it stays with all.
    fn of_its_types(&self, activity: &Activity, resources: &Deployed) -> Deployed {
        let is_about = |index: &ResourceIx| {
            let resource = &self.join.resources[index.position()];
            // Under pseudonyms a type may be another word; what predicates look at is not.
            let kind = resource.config.get("resource_type").and_then(serde_json::Value::as_str);
            let kind = kind.unwrap_or(&resource.kind);
            let known = self.join.catalog.kind_by_type(&self.split.service, kind);
            known.is_none_or(|known| activity.of.iter().any(|of| **of == *known))
        };
        if activity.of.is_empty() {
            return resources.clone();
        }
        let list: Vec<ResourceIx> = resources.list.iter().copied().filter(is_about).collect();
        if list.is_empty() || list.len() == resources.list.len() {
            resources.clone()
        } else {
            self.deployed(list)
        }
    }

    /// The resources that an activity exists on, and those of them where its condition is not settled. `None`: on none.
    fn where_it_holds(&self, activity: &Activity, resources: &Deployed) -> Option<(Deployed, Vec<ResourceIx>)> {
        let resources = &self.of_its_types(activity, resources);
        if activity.when.is_none() && activity.unless.is_none() || resources.list.is_empty() {
            return Some((resources.clone(), Vec::new()));
        }
        let (mut held, mut open) = (Vec::new(), Vec::new());
        for index in resources.list.iter() {
            match activity.applies(&self.join.resources[index.position()].config, Some(self.join.as_of)) {
                Truth::Yes => held.push(*index),
                Truth::Unknown => {
                    held.push(*index);
                    open.push(*index);
                }
                Truth::No => {}
            }
        }
        if held.is_empty() {
            None
        } else if held.len() == resources.list.len() {
            Some((resources.clone(), open))
        } else {
            Some((self.deployed(held), open))
        }
    }

    fn duty(&mut self, piece: Piece<'_>, activity: &Arc<Activity>, alike: &Alike) {
        let Some((resources, open)) = self.where_it_holds(activity, &alike.deployment.resources) else {
            return;
        };
        let mut duty = Duty {
            id: self.id(activity, Some(&alike.deployment.scope)),
            activity: activity.clone(),
            unit: self.unit,
            control: piece.index,
            scope: alike.deployment.scope.clone(),
            asked: self.asked(activity, piece, &resources),
            shown_by: self.configuration(activity, piece, &resources, &open).into_iter().collect(),
            resources,
            open,
            assignment: alike.assignment.clone(),
            after: alike.after.clone(),
            provenance: alike.provenance.clone(),
            state: State::Unknown,
        };
        duty.judge();
        self.duties.push(duty);
    }

    /// What the attributes of the resources show of an activity. Where it is open whether the activity exists at all, they
    /// can break it and not attest it.
    fn configuration(&self, activity: &Activity, piece: Piece<'_>, resources: &Deployed, open: &[ResourceIx]) -> Option<Shown> {
        if !activity.is_judged() {
            return None;
        }
        let mut shown = Shown {
            means: Means::Configuration,
            met: Vec::new(),
            not_met: Vec::new(),
            excepted: Vec::new(),
        };
        for index in resources.list.iter() {
            let resource = &self.join.resources[index.position()];
            match activity.judge(&resource.config, Some(self.join.as_of)) {
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
        let exceptions = &self.join.inventory.exceptions;
        let found = exceptions.iter().position(|exception| {
            exception.expires.is_none_or(|date| date >= self.join.as_of)
                && exception.selector.takes_activity(piece.id, piece.layer, &activity.side)
                && exception.selector.takes_subject(&subject(self.split, resource))
        });
        found.map(ExceptionIx::new)
    }

    /// The letters of the provider's activities of a control: whoever hears of them anywhere is told.
    fn provided(&self, piece: Piece<'_>) -> Option<(Assignment, Provenance)> {
        let mut provenance = Provenance::default();
        let mut joint: Option<Assignment> = None;
        for place in &self.places {
            let assigned = self.join.rules.assign(&place.taking, piece.id, piece.layer, &Side::Provider);
            assigned.add_to(&mut provenance);
            joint = Some(match joint {
                Some(joint) => joint.heard_of(&assigned.assignment),
                None => assigned.assignment,
            });
        }
        Some((joint?, provenance))
    }

    fn commitment(&mut self, piece: Piece<'_>, activity: &Arc<Activity>, assignment: &Assignment, provenance: &Provenance) {
        let all = self.deployment_of_all();
        let Some((resources, open)) = self.where_it_holds(activity, &all) else {
            return;
        };
        let id = self.id(activity, None);
        self.commitments.push(Commitment {
            id,
            activity: activity.clone(),
            unit: self.unit,
            control: piece.index,
            resources,
            open,
            assignment: assignment.clone(),
            provenance: provenance.clone(),
        });
    }

    fn deployment_of_all(&mut self) -> Deployed {
        // No places stand for all of them: a deployment of none does not exist.
        if let Some(known) = self.deployments.get(&Vec::new()) {
            return known.resources.clone();
        }
        let mut list: Vec<ResourceIx> = self.places.iter().flat_map(|place| place.resources.iter().copied()).collect();
        list.sort_unstable();
        let all = Deployment {
            scope: Scope {
                environment: None,
                apart: None,
            },
            resources: self.deployed(list),
        };
        self.deployments.insert(Vec::new(), all.clone());
        all.resources
    }

    /// An id that nothing else in the unit has.
    fn id(&mut self, activity: &Activity, scope: Option<&Scope>) -> DutyId {
        let own = activity
            .id
            .strip_prefix(self.key.as_str())
            .is_some_and(|rest| rest.starts_with('.'));
        let mut id = if own {
            activity.id.to_string()
        } else {
            format!("{}:{}", self.key, activity.id)
        };
        for (mark, part) in [
            ('@', scope.and_then(|scope| scope.environment.as_deref())),
            (';', scope.and_then(|scope| scope.apart.as_deref())),
        ] {
            if let Some(part) = part {
                id.push(mark);
                id.push_str(&in_id(part));
            }
        }
        let mut unique = id.clone();
        let mut number = 1;
        while !self.ids.insert(unique.clone()) {
            number += 1;
            unique = format!("{id}~{number}");
        }
        DutyId::new(&unique)
    }
}
