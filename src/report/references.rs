//! Numbered references: sources and conditions.

use super::model::{Condition, Freshness, Source, SourceGuide};
use crate::catalog::partitions::operations;
use crate::catalog::{self, Activity};
use crate::inventory::Inventory;
use crate::raci::{Matrix, PartyIx, ResourceIx};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Sources by address, numbered in the order of their titles, so that the pages of a guide stand together; last what is of none.
pub(super) struct References {
    as_of: Date,
    numbers: BTreeMap<Arc<str>, u64>,
    pub(super) list: Vec<Source>,
    /// By service and words.
    conditions: BTreeMap<(String, String), usize>,
    condition_list: Vec<Condition>,
    open: Vec<BTreeSet<ResourceIx>>,
}

impl References {
    /// All sources that a matrix rests on, as of a date: of its activities, and of who operates what it is about.
    pub(super) fn of(matrix: &Matrix, inventory: &Inventory, as_of: Date) -> Self {
        let mut references = Self {
            as_of,
            numbers: BTreeMap::new(),
            list: Vec::new(),
            conditions: BTreeMap::new(),
            condition_list: Vec::new(),
            open: Vec::new(),
        };
        // A page that is unverified for one fact may be verified for another; the list tells the best of them.
        let mut pages: BTreeMap<Arc<str>, (catalog::Source, u64)> = BTreeMap::new();
        let duties = matrix.duties.iter().map(|duty| &duty.activity);
        for activity in duties.chain(matrix.commitments.iter().map(|commitment| &commitment.activity)) {
            add(&mut pages, &activity.source, 1);
        }
        for (party, commitments) in operators(matrix) {
            for page in operator_pages(&inventory[party].id) {
                add(&mut pages, &page, commitments);
            }
        }
        let mut pages: Vec<_> = pages.into_values().collect();
        // What belongs to no guide stands together at the end.
        pages.sort_by(|(a, _), (b, _)| (!a.title.contains(": "), &a.title, &a.url).cmp(&(!b.title.contains(": "), &b.title, &b.url)));
        for (number, (source, activities)) in (1..).zip(pages) {
            let (guide, page) = source.title.split_once(": ").unwrap_or(("", &*source.title));
            references.numbers.insert(source.url.clone(), number);
            let first_of_guide = references.list.last().is_none_or(|last: &Source| last.guide != guide);
            references.list.push(Source {
                number,
                title: source.title.clone(),
                guide: guide.to_owned(),
                page: page.to_owned(),
                first_of_guide,
                url: source.url.clone(),
                reviewed: source.reviewed.clone(),
                freshness: references.freshness(source.reviewed.as_deref()),
                activities,
            });
        }
        references
    }

    /// Whether a page that was read on a day is still fresh: a year is the limit.
    pub(super) fn freshness(&self, reviewed: Option<&str>) -> Freshness {
        let limit = self.as_of.checked_sub(1.year()).unwrap_or(Date::MIN);
        match reviewed.and_then(|date| date.parse::<Date>().ok()) {
            None => Freshness::Unverified,
            Some(date) if date < limit => Freshness::Stale,
            Some(date) if date > self.as_of => Freshness::Later,
            Some(_) => Freshness::Fresh,
        }
    }

    /// The number of an activity's source.
    pub(super) fn source(&self, activity: &Activity) -> u64 {
        self.numbers.get(&activity.source.url).copied().unwrap_or_default()
    }

    /// The number of the condition of an activity on a service, which is not settled on these resources.
    pub(super) fn condition(&mut self, service: String, activity: &Activity, open: &[ResourceIx]) -> Option<u64> {
        let words = activity.condition()?;
        let next = self.condition_list.len();
        let key = (service.clone(), words.clone());
        let source = self.source(activity);
        let index = *self.conditions.entry(key).or_insert(next);
        if index == next {
            self.condition_list.push(Condition {
                number: next as u64 + 1,
                service,
                text: words,
                open: 0,
                source_number: source,
                sources: Vec::new(),
                source: activity.source.url.clone(),
                reviewed: activity.source.reviewed.clone(),
            });
            self.open.push(BTreeSet::new());
        }
        self.open[index].extend(open);
        let sources = &mut self.condition_list[index].sources;
        if let Err(at) = sources.binary_search(&source) {
            sources.insert(at, source);
        }
        Some(index as u64 + 1)
    }

    /// All conditions, with the resources on which they are open.
    pub(super) fn conditions(&mut self, matrix: &Matrix) -> Vec<Condition> {
        let mut conditions = std::mem::take(&mut self.condition_list);
        for (condition, open) in conditions.iter_mut().zip(&self.open) {
            condition.open = matrix.count(open.iter().copied());
        }
        conditions
    }
}

fn add(pages: &mut BTreeMap<Arc<str>, (catalog::Source, u64)>, source: &catalog::Source, activities: u64) {
    let page = pages.entry(source.url.clone()).or_insert_with(|| (source.clone(), 0));
    page.1 += activities;
    if page.0.reviewed < source.reviewed {
        page.0 = source.clone();
    }
}

/// Who operates what is in scope, with how many commitments.
fn operators(matrix: &Matrix) -> BTreeMap<PartyIx, u64> {
    let mut operators = BTreeMap::new();
    for commitment in &matrix.commitments {
        *operators.entry(commitment.assignment.accountable()).or_default() += 1;
    }
    operators
}

/// The pages that say of a party that it operates a partition or a Region.
fn operator_pages(party: &str) -> Vec<catalog::Source> {
    let mut pages: Vec<catalog::Source> = Vec::new();
    for source in operations(party).iter().filter_map(|operation| operation.source) {
        if pages.iter().all(|known| known.url != source.url) {
            pages.push(catalog::Source {
                url: source.url.clone(),
                title: source.title.clone(),
                reviewed: source.reviewed.clone(),
            });
        }
    }
    pages
}

/// The numbers of the pages that say of a party that it operates something.
pub(super) fn operator_sources(sources: &[Source], party: &str) -> Vec<u64> {
    let pages = operator_pages(party);
    let numbers = pages.iter().filter_map(|page| sources.iter().find(|source| source.url == page.url));
    numbers.map(|source| source.number).collect()
}

/// The guides of a list of sources, in its order.
pub(super) fn guides(sources: &[Source]) -> Vec<SourceGuide> {
    let mut guides: Vec<SourceGuide> = Vec::new();
    for source in sources {
        if source.first_of_guide {
            guides.push(SourceGuide {
                guide: source.guide.clone(),
                ..SourceGuide::default()
            });
        }
        let Some(guide) = guides.last_mut() else { continue };
        guide.pages += 1;
        match source.freshness {
            Freshness::Fresh => {}
            Freshness::Stale => guide.stale += 1,
            Freshness::Later => guide.later += 1,
            Freshness::Unverified => guide.unverified += 1,
        }
        if let Some(reviewed) = &source.reviewed
            && guide.oldest.as_ref().is_none_or(|oldest| reviewed < oldest)
        {
            guide.oldest = Some(reviewed.clone());
        }
    }
    guides
}
