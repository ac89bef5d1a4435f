//! Requirements of the inventory's frameworks.
//!
//! In: the frameworks that the inventory names, and a matrix. Out: for each framework a row a requirement, with both halves; and
//! for each activity the requirements that it answers.

use super::activities::standing;
use super::context::Context;
use super::model::{
    FrameworkRows, OwnPart, PartyStates, Perspective, ProviderPart, RequirementCounts, RequirementRow, StateCounts, Subject,
};
use super::parts::Parts;
use super::subjects::{self, Subjects};
use crate::catalog::frameworks::{Answer, Framework, JUDGEMENT};
use crate::catalog::{Activity, Catalog};
use crate::inventory::FrameworkChoice;
use crate::raci::PartyIx;
use crate::raci::requirements::{Answered, RequirementType, Serving, Touched};
use foldhash::fast::RandomState;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// An activity, which a mode may say in its own way: its id and its objectives.
type Asked = (Arc<str>, Vec<Arc<str>>);

/// The requirements that activities answer, of all frameworks that the inventory names.
pub(super) struct Numbers<'a> {
    of: Vec<(&'a Framework, Touched<'a>)>,
    /// What was asked for already.
    told: RefCell<HashMap<Asked, Arc<[String]>, RandomState>>,
}

impl<'a> Numbers<'a> {
    pub(super) fn of(catalog: &'a Catalog, choices: &'a [FrameworkChoice]) -> Self {
        let known = choices
            .iter()
            .filter_map(|choice| Some((catalog.frameworks.get(&choice.id)?, choice)));
        Self {
            of: known
                .map(|(framework, choice)| (framework, Touched::by(framework, choice.baseline.as_deref())))
                .collect(),
            told: RefCell::default(),
        }
    }

    /// By framework, the ids of the requirements that an activity answers.
    pub(super) fn by_framework(&self, activity: &Activity) -> Vec<(&'a Framework, Vec<Arc<str>>)> {
        let all = self.of.iter().map(|(framework, touched)| {
            let ids = touched.of(activity).into_iter().map(|one| one.id.clone()).collect::<Vec<_>>();
            (*framework, ids)
        });
        all.filter(|(_, ids)| !ids.is_empty()).collect()
    }

    /// The same in a row, each as `PCI DSS 8.3.6`.
    pub(super) fn named(&self, activity: &Activity) -> Arc<[String]> {
        let asked = (activity.id.clone(), activity.objectives.clone());
        if let Some(known) = self.told.borrow().get(&asked) {
            return known.clone();
        }
        let all = self.by_framework(activity);
        let ids = all
            .iter()
            .flat_map(|(framework, ids)| ids.iter().map(|id| format!("{} {id}", framework.short)));
        let ids: Arc<[String]> = ids.collect();
        self.told.borrow_mut().insert(asked, ids.clone());
        ids
    }
}

/// The frameworks that the inventory names, row by row, and what their requirements are mapped to.
pub(super) fn all(context: &Context<'_>) -> (Vec<FrameworkRows>, Vec<Subject>) {
    let choices = &context.inventory.frameworks;
    if choices.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let serving = Serving::of(context.matrix);
    let known = || {
        choices
            .iter()
            .filter_map(|choice| Some((context.catalog.frameworks.get(&choice.id)?, choice.baseline.as_deref())))
    };
    let parts = Parts::of(context);
    let subjects = Subjects::of(context, &serving, &parts, known());
    let rows = known().map(|(framework, baseline)| rows(context, (&serving, &parts, &subjects), framework, baseline));
    (rows.collect(), subjects.into_list())
}

/// One framework, or a baseline of it.
fn rows(
    context: &Context<'_>,
    (serving, parts, subjects): (&Serving, &Parts<'_, '_>, &Subjects),
    framework: &Framework,
    baseline: Option<&str>,
) -> FrameworkRows {
    let answered = serving.answer(framework, baseline);
    let rows: Vec<RequirementRow> = answered.iter().map(|one| row(context, (parts, subjects), framework, one)).collect();
    let used: BTreeSet<&Arc<str>> = rows.iter().flat_map(|row| &row.rests_on).collect();
    let mappings = framework.mappings.iter().filter(|(key, _)| used.iter().any(|one| ***one == **key));
    FrameworkRows {
        framework: framework.id.to_string(),
        name: framework.name.clone(),
        short: framework.short.clone(),
        version: framework.version.clone(),
        baseline: baseline.map(str::to_owned),
        baseline_name: baseline.and_then(|id| framework.baseline(id)).map(ToString::to_string),
        perspective: Perspective::Customer,
        rests_on: framework.rests_on.clone(),
        mappings: mappings.map(|(_, mapping)| mapping.title.clone()).collect(),
        counts: counts(&rows),
        rows,
    }
}

fn counts(rows: &[RequirementRow]) -> RequirementCounts {
    let count = |kind: RequirementType| rows.iter().filter(|row| row.kind == kind).count() as u64;
    RequirementCounts {
        total: rows.len() as u64,
        inherited: count(RequirementType::Inherited),
        shared: count(RequirementType::Shared),
        customer_specific: count(RequirementType::CustomerSpecific),
        organisational: count(RequirementType::Organisational),
        not_applicable: count(RequirementType::NotApplicable),
        unclassified: count(RequirementType::Unclassified),
    }
}

/// The same rows as the organisation's own customers see them: all that is done here and below is what they inherit, and
/// theirs is what the inventory says under `our_customers`.
pub(crate) fn seen_by_customers(rows: &mut FrameworkRows) {
    rows.perspective = Perspective::Provider;
    for row in &mut rows.rows {
        let is_borne = !row.provider.is_empty() || !row.customer.is_empty();
        row.kind = match (row.kind, !is_borne, row.customers.is_empty()) {
            (kind, true, true) => kind,
            (_, false, true) => RequirementType::Inherited,
            (_, true, false) => RequirementType::CustomerSpecific,
            (_, false, false) => RequirementType::Shared,
        };
    }
    rows.counts = counts(&rows.rows);
}

fn row(context: &Context<'_>, (parts, subjects): (&Parts<'_, '_>, &Subjects), framework: &Framework, one: &Answered<'_>) -> RequirementRow {
    let matrix = context.matrix;
    let duties = || one.duties.iter().map(|duty| &matrix[*duty]);
    let mut counts = StateCounts::default();
    duties().for_each(|duty| counts.add(standing(duty.state)));
    let mut by_party: BTreeMap<PartyIx, StateCounts> = BTreeMap::new();
    for duty in duties() {
        let of_party = by_party.entry(duty.assignment.accountable()).or_default();
        of_party.add(standing(duty.state));
    }
    let reading = || one.read_by.iter().map(|duty| &matrix[*duty]);
    let accountable: BTreeSet<PartyIx> = duties().chain(reading()).map(|duty| duty.assignment.accountable()).collect();
    let provider: Vec<Arc<ProviderPart>> = one.commitments.iter().map(|position| parts.provided(*position)).collect();
    let answered_by = subjects.answering(one.requirement);
    let customer: Vec<Arc<OwnPart>> = one.duties.iter().map(|duty| parts.own(*duty)).collect();
    let services: BTreeSet<&String> = provider
        .iter()
        .map(|part| &part.service)
        .chain(customer.iter().map(|part| &part.service))
        .collect();
    let (why, rests_on) = match &one.requirement.answer {
        Answer::Organisational(why) => (Some(why.clone()), BTreeSet::from([JUDGEMENT.into()])),
        Answer::Linked(links) => (None, links.iter().flat_map(|link| link.rests_on.iter().cloned()).collect()),
        Answer::Unclassified => (None, BTreeSet::new()),
    };
    RequirementRow {
        id: one.requirement.id.clone(),
        title: one.requirement.title.clone(),
        subject: if one.requirement.title.is_none() {
            subjects::words(&answered_by)
        } else {
            None
        },
        group: one.requirement.group.clone(),
        group_name: one.requirement.group.as_deref().and_then(|id| framework.group(id)).cloned(),
        parts: one.requirement.parts.clone(),
        kind: one.kind,
        organisational: why,
        customers: one
            .of_customers(framework, context.inventory)
            .into_iter()
            .map(|(_, said)| said.does.clone())
            .collect(),
        state: match one.state(matrix).or_else(|| reading().map(|duty| duty.state).min()) {
            Some(state) => Some(state.word().to_owned()),
            None if one.kind == RequirementType::Inherited => Some("inherited".to_owned()),
            None => None,
        },
        duties: counts,
        by_party: by_party
            .into_iter()
            .map(|(party, duties)| PartyStates {
                party: context.party_id(party),
                duties,
            })
            .collect(),
        read_by: one.read_by.iter().map(|duty| parts.own(*duty)).collect(),
        accountable: accountable.iter().map(|party| context.party_id(*party)).collect(),
        services: services.into_iter().cloned().collect(),
        rests_on: rests_on.into_iter().collect(),
        answered_by,
        provider,
        customer,
    }
}

/// Who answers for what there is to do about a requirement, by the party's id, with how far that is done: its duties, or those to
/// read what shows that it is met.
pub(crate) fn by_party(row: &RequirementRow) -> BTreeMap<&Arc<str>, StateCounts> {
    let mut all: BTreeMap<&Arc<str>, StateCounts> = BTreeMap::new();
    // Only an inherited requirement has duties of the second kind, and it has none of the first.
    for duty in row.customer.iter().chain(&row.read_by) {
        all.entry(&duty.accountable).or_default().add(duty.standing);
    }
    all
}

/// Of a requirement's halves, what is most of it: the same sentence on several services once.
pub(crate) fn told<'p, P>(
    parts: &'p [P],
    does: impl Fn(&'p P) -> &'p Arc<str>,
    label: impl Fn(&'p P) -> &'p str,
) -> Vec<(&'p Arc<str>, Vec<&'p str>, u64)> {
    let mut all: BTreeMap<&Arc<str>, (usize, Vec<&str>, u64)> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        let entry = all.entry(does(part)).or_insert((at, Vec::new(), 0));
        if !entry.1.contains(&label(part)) {
            entry.1.push(label(part));
        }
        entry.2 += 1;
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, (at, on, _))| (std::cmp::Reverse(on.len()), *at));
    all.into_iter().map(|(does, (_, on, count))| (does, on, count)).collect()
}
