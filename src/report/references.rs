//! Numbered references: sources and conditions; and what hangs on controls: requirement ids.

use super::model::{Condition, Crosswalk, CrosswalkRow, FrameworkName, Freshness, Source};
use crate::catalog::{Catalog, ControlType};
use crate::raci::{Matrix, Row};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Sources by address, numbered in the order of the report.
pub(super) struct References {
    as_of: Date,
    sources: BTreeMap<String, usize>,
    pub(super) list: Vec<Source>,
    conditions: BTreeMap<(String, String), usize>,
    pub(super) condition_list: Vec<Condition>,
}

impl References {
    pub(super) fn new(as_of: Date) -> Self {
        Self {
            as_of,
            sources: BTreeMap::new(),
            list: Vec::new(),
            conditions: BTreeMap::new(),
            condition_list: Vec::new(),
        }
    }

    /// Whether a page that was read on a day is still fresh: a year is the limit.
    pub(super) fn freshness(&self, reviewed: Option<&str>) -> Freshness {
        let limit = self.as_of.checked_sub(1.year()).unwrap_or(Date::MIN);
        match reviewed.and_then(|date| date.parse::<Date>().ok()) {
            None => Freshness::Unverified,
            Some(date) if date < limit => Freshness::Stale,
            Some(_) => Freshness::Fresh,
        }
    }

    /// The number of a row's source.
    pub(super) fn source(&mut self, row: &Row) -> u64 {
        let source = &row.activity.source;
        let freshness = self.freshness(source.reviewed.as_deref());
        let next = self.list.len();
        let index = *self.sources.entry(source.url.clone()).or_insert(next);
        if index == next {
            self.list.push(Source {
                number: next as u64 + 1,
                title: source.title.clone(),
                url: source.url.clone(),
                reviewed: source.reviewed.clone(),
                freshness,
                activities: 0,
            });
        }
        let entry = &mut self.list[index];
        entry.activities += 1;
        // A page that is unverified for one fact may be verified for another; the list tells the best of them.
        if entry.reviewed < source.reviewed {
            entry.reviewed.clone_from(&source.reviewed);
            entry.freshness = freshness;
        }
        index as u64 + 1
    }

    /// The number of a row's condition.
    pub(super) fn condition(&mut self, row: &Row) -> Option<u64> {
        let words = row.activity.when.as_ref()?.words();
        let next = self.condition_list.len();
        let key = (words.clone(), row.activity.source.url.clone());
        let index = *self.conditions.entry(key).or_insert(next);
        if index == next {
            self.condition_list.push(Condition {
                number: next as u64 + 1,
                text: words,
                open: 0,
                source: row.activity.source.url.clone(),
                reviewed: row.activity.source.reviewed.clone(),
            });
        }
        self.condition_list[index].open += row.condition_open.len() as u64;
        Some(index as u64 + 1)
    }
}

/// A few requirement ids of a control, one from each of the best-known frameworks.
pub(super) fn requirements(catalog: &Catalog, control: &str) -> Vec<String> {
    ["nist-800-53", "cis-controls", "iso-27001"]
        .iter()
        .filter_map(|id| {
            let framework = catalog.frameworks.iter().find(|framework| framework.id == *id)?;
            let first = framework.requirements.get(control)?.ids.first()?;
            Some(if *id == "cis-controls" {
                format!("CIS {first}")
            } else {
                first.clone()
            })
        })
        .collect()
}

/// Every control with its requirement ids and how far it is inherited over the services in scope.
pub(super) fn crosswalk(catalog: &Catalog, matrix: &Matrix) -> Crosswalk {
    let mut frameworks: Vec<_> = catalog.frameworks.iter().collect();
    frameworks.sort_by_key(|framework| framework.name.to_lowercase());
    let rows = catalog
        .controls
        .iter()
        .map(|control| {
            let types = || {
                matrix
                    .units
                    .iter()
                    .flat_map(|unit| &unit.controls)
                    .filter(|of| *of.control == *control.id)
                    .map(|of| of.control_type)
            };
            let count = |wanted| types().filter(|found| *found == Some(wanted)).count() as u64;
            let (inherited, shared, customer_specific) = (
                count(ControlType::Inherited),
                count(ControlType::Shared),
                count(ControlType::CustomerSpecific),
            );
            let inheritance = match (inherited + shared, shared + customer_specific) {
                (0, _) => "No",
                (_, 0) => "Yes",
                _ => "Partial",
            };
            CrosswalkRow {
                control: control.id.clone(),
                title: control.title.clone(),
                inheritance: inheritance.to_owned(),
                inherited,
                shared,
                customer_specific,
                requirements: frameworks
                    .iter()
                    .map(|framework| {
                        let of = framework.requirements.get(&control.id);
                        let judged = |id: &String| of.is_some_and(|of| of.judgement.contains(id));
                        of.iter()
                            .flat_map(|of| &of.ids)
                            .map(|id| if judged(id) { format!("{id}*") } else { id.clone() })
                            .collect()
                    })
                    .collect(),
            }
        })
        .collect();
    Crosswalk {
        frameworks: frameworks
            .iter()
            .map(|framework| FrameworkName {
                framework: framework.id.clone(),
                name: framework.name.clone(),
                version: framework.version.clone(),
            })
            .collect(),
        rows,
    }
}
