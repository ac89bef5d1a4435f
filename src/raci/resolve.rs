//! The join itself.
//!
//! In: catalog and inventory. Out: the matrix. Work grows with the number of distinct contexts (combinations of what
//! the rules look at) and not with the number of resources, except for predicates, which look at each resource.

use super::accounts::with_accounts;
use super::assignment::{Assignment, Provenance};
use super::rules::Rules;
use super::units::{Group, group};
use super::{Matrix, Row, Unit, UnitControl};
use crate::catalog::predicate::Truth;
use crate::catalog::{ACCOUNT_SERVICE, Activity, Catalog, ControlSplit, ControlType, Side, Split, Verdict};
use crate::inventory::{Exception, Inventory, Resource, Selector, Subject};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Joins a catalog and an inventory, as of a date: an exception that has expired by then excuses nothing.
#[must_use]
pub fn resolve(catalog: &Catalog, inventory: &Inventory, as_of: Date) -> Matrix {
    let resources = with_accounts(catalog, inventory);
    let (groups, unclassified) = group(catalog, &resources);
    let join = Join {
        inventory,
        as_of,
        resources: &resources,
        rules: Rules::new(inventory),
        dimensions: Dimensions::of(inventory),
        layers: catalog
            .controls
            .iter()
            .map(|control| (control.id.as_str(), control.layer.as_str()))
            .collect(),
    };
    let mut used = BTreeSet::new();
    let mut units: Vec<Unit> = groups
        .into_iter()
        .filter_map(|((service, mode), group)| {
            let split = catalog.split(&service, mode.as_deref())?;
            Some(join.unit(split, group, &mut used))
        })
        .collect();
    units.sort_by(|a, b| {
        let key = |unit: &Unit| {
            (
                unit.split.service == ACCOUNT_SERVICE,
                unit.split.name.to_lowercase(),
                unit.split.mode.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let idle_rules = (0..inventory.rules.len()).filter(|index| !used.contains(index)).collect();
    Matrix {
        units,
        unclassified,
        resources,
        idle_rules,
    }
}

struct Join<'a> {
    inventory: &'a Inventory,
    as_of: Date,
    resources: &'a [Resource],
    rules: Rules<'a>,
    dimensions: Dimensions,
    layers: BTreeMap<&'a str, &'a str>,
}

/// Which properties of a resource any selector looks at.
#[derive(Debug, Default)]
struct Dimensions {
    account: bool,
    environment: bool,
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
            dimensions.environment |= selector.environment.is_some();
            dimensions.region |= selector.region.is_some();
            dimensions.owner |= selector.owner.is_some();
            dimensions.data |= selector.data.is_some();
            dimensions.tags.extend(selector.tag.iter().flatten().map(|(key, _)| key.clone()));
        }
        dimensions
    }

    fn context<'r>(&self, resource: &'r Resource) -> Context<'r> {
        Context {
            account: resource.account.as_deref().filter(|_| self.account),
            environment: resource.environment.as_deref().filter(|_| self.environment),
            region: resource.region.as_deref().filter(|_| self.region),
            owner: resource.owner.as_deref().filter(|_| self.owner),
            data: if self.data { resource.data.clone() } else { Vec::new() },
            tags: resource.tags.iter().filter(|(key, _)| self.tags.contains(key)).cloned().collect(),
        }
    }
}

/// What the rules can tell apart of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Context<'r> {
    account: Option<&'r str>,
    environment: Option<&'r str>,
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
            environment: self.environment,
            region: self.region,
            owner: self.owner,
            tags: &self.tags,
            data: &self.data,
        }
    }
}

struct Place<'c> {
    context: &'c Context<'c>,
    taking: Vec<usize>,
    resources: Vec<usize>,
}

/// The places where one side's activities of a control are assigned alike.
struct Alike {
    assignment: Assignment,
    provenance: Provenance,
    after: Option<Assignment>,
    /// Indices into the places of the unit.
    places: Vec<usize>,
}

impl Join<'_> {
    fn unit(&self, split: Split, group: Group, used: &mut BTreeSet<usize>) -> Unit {
        let mut contexts: BTreeMap<Context<'_>, Vec<usize>> = BTreeMap::new();
        for index in &group.resources {
            contexts
                .entry(self.dimensions.context(&self.resources[*index]))
                .or_default()
                .push(*index);
        }
        if contexts.is_empty() {
            let nothing = Context {
                account: None,
                environment: None,
                region: None,
                owner: None,
                data: Vec::new(),
                tags: Vec::new(),
            };
            contexts.insert(nothing, Vec::new());
        }
        let places: Vec<Place<'_>> = contexts
            .iter()
            .map(|(context, resources)| Place {
                taking: self.rules.taking(&context.subject(&split)),
                context,
                resources: resources.clone(),
            })
            .collect();
        let controls = split
            .controls
            .iter()
            .map(|control| self.control(&split, control, &places, used))
            .collect();
        Unit {
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
        }
    }

    fn control(&self, split: &Split, control: &ControlSplit, places: &[Place<'_>], used: &mut BTreeSet<usize>) -> UnitControl {
        let layer = self.layers.get(control.control.as_str()).copied().unwrap_or_default();
        let mut rows = Vec::new();
        let mut by_side: BTreeMap<&Side, Vec<Alike>> = BTreeMap::new();
        for activity in &control.activities {
            let alike = by_side
                .entry(&activity.side)
                .or_insert_with(|| self.alike(split, &control.control, layer, &activity.side, places));
            rows.extend(self.rows(split, control, layer, activity, alike, places, used));
        }
        let control_type = ControlType::of(rows.iter().map(|row| &row.activity.side));
        let gone = (control_type.is_none() && control.not_applicable.is_none())
            .then(|| "none of its activities applies to the resources in scope".to_owned());
        UnitControl {
            control: control.control.as_str().into(),
            control_type,
            not_applicable: control.not_applicable.clone().or(gone),
            rows,
        }
    }

    /// The assignments of one side's activities of a control, each with the places that have it, sorted. All activities of
    /// a side are assigned alike, since no rule tells them apart.
    fn alike(&self, split: &Split, control: &str, layer: &str, side: &Side, places: &[Place<'_>]) -> Vec<Alike> {
        let mut found: BTreeMap<(Assignment, Provenance, Option<Assignment>), Vec<usize>> = BTreeMap::new();
        for (index, place) in places.iter().enumerate() {
            let (assignment, provenance) = self.rules.assign(&place.taking, control, layer, side);
            let after = self.after(&assignment, &place.context.subject(split), control, layer, side);
            found.entry((assignment, provenance, after)).or_default().push(index);
        }
        let alike = |((assignment, provenance, after), places)| Alike {
            assignment,
            provenance,
            after,
            places,
        };
        found.into_iter().map(alike).collect()
    }

    #[allow(clippy::too_many_arguments, reason = "one activity in all that its rows depend on")]
    fn rows(
        &self,
        split: &Split,
        control: &ControlSplit,
        layer: &str,
        activity: &Arc<Activity>,
        alike: &[Alike],
        places: &[Place<'_>],
        used: &mut BTreeSet<usize>,
    ) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for one in alike {
            let mut made: Option<Row> = None;
            for place in one.places.iter().map(|index| &places[*index]) {
                let (held, open) = self.where_it_holds(activity, &place.resources);
                if held.is_empty() && !place.resources.is_empty() {
                    continue;
                }
                let row = made.get_or_insert_with(|| Row {
                    activity: activity.clone(),
                    assignment: one.assignment.clone(),
                    provenance: one.provenance.clone(),
                    after: one.after.clone(),
                    resources: Vec::new(),
                    condition_open: Vec::new(),
                    met: Vec::new(),
                    not_met: Vec::new(),
                    excepted: Vec::new(),
                    scoped: false,
                });
                self.attest(row, split, &control.control, layer, &held);
                row.resources.extend(held);
                row.condition_open.extend(open);
            }
            if let Some(row) = made {
                used.extend(row.provenance.rules());
                rows.push(row);
            }
        }
        let scoped = rows.len() > 1;
        for row in &mut rows {
            row.scoped = scoped;
            for list in [&mut row.resources, &mut row.condition_open, &mut row.met, &mut row.not_met] {
                list.sort_unstable();
            }
            row.excepted.sort_unstable();
        }
        rows.sort_by(|a, b| (&a.resources, &a.assignment).cmp(&(&b.resources, &b.assignment)));
        rows
    }

    /// The resources that an activity exists on, and those of them where its condition is not settled.
    fn where_it_holds(&self, activity: &Activity, resources: &[usize]) -> (Vec<usize>, Vec<usize>) {
        if activity.when.is_none() && activity.unless.is_none() {
            return (resources.to_vec(), Vec::new());
        }
        let (mut held, mut open) = (Vec::new(), Vec::new());
        for index in resources {
            match activity.applies(&self.resources[*index].config, Some(self.as_of)) {
                Truth::Yes => held.push(*index),
                Truth::Unknown => {
                    held.push(*index);
                    open.push(*index);
                }
                Truth::No => {}
            }
        }
        (held, open)
    }

    fn attest(&self, row: &mut Row, split: &Split, control: &str, layer: &str, resources: &[usize]) {
        if !row.activity.is_judged() || row.activity.side != Side::Customer {
            return;
        }
        for index in resources {
            let resource = &self.resources[*index];
            match row.activity.judge(&resource.config, Some(self.as_of)) {
                Verdict::Met => row.met.push(*index),
                Verdict::Unknown | Verdict::NotApplicable => {}
                Verdict::NotMet => {
                    let subject = subject_of(resource, split);
                    let takes = |selector: &Selector| {
                        selector.takes_activity(control, layer, &row.activity.side) && selector.takes_subject(&subject)
                    };
                    let valid = |exception: &Exception| exception.expires.is_none_or(|date| date >= self.as_of);
                    let exceptions = &self.inventory.exceptions;
                    match exceptions
                        .iter()
                        .position(|exception| valid(exception) && takes(&exception.selector))
                    {
                        Some(exception) => row.excepted.push((*index, exception)),
                        None => row.not_met.push(*index),
                    }
                }
            }
        }
    }

    fn after(&self, assignment: &Assignment, subject: &Subject<'_>, control: &str, layer: &str, side: &Side) -> Option<Assignment> {
        let handover = self.inventory.handover.as_ref().filter(|_| *side == Side::Customer)?;
        let kept = handover
            .keeps
            .iter()
            .any(|keep| keep.takes_activity(control, layer, side) && keep.takes_subject(subject));
        if kept {
            None
        } else {
            assignment.handed_over(handover.from, handover.to)
        }
    }
}

/// What selectors look at of a resource in its unit.
pub(crate) fn subject_of<'s>(resource: &'s Resource, split: &'s Split) -> Subject<'s> {
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

impl Matrix {
    /// Whether any customer activity is assigned by default although several customer parties exist.
    #[must_use]
    pub fn assigned_by_default(&self, inventory: &Inventory) -> bool {
        Rules::new(inventory).customer_is_ambiguous()
            && self
                .rows()
                .any(|(_, _, row)| row.activity.side == Side::Customer && row.provenance.accountable.is_none())
    }

    /// All rows with their unit and control.
    pub fn rows(&self) -> impl Iterator<Item = (&Unit, &UnitControl, &Row)> {
        self.units.iter().flat_map(|unit| {
            unit.controls
                .iter()
                .flat_map(move |control| control.rows.iter().map(move |row| (unit, control, row)))
        })
    }
}
