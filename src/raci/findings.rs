//! What the joined result shows to be undone, overdue or unclear.
//!
//! In: a matrix. Out: findings, worst first.

use super::resolve::subject_of;
use super::{Matrix, State};
use crate::catalog::{Catalog, Severity};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::inventory::{Inventory, Selector};
use jiff::civil::Date;
use std::sync::Arc;

/// Something to act on.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The unit it is about, as an index.
    pub unit: Option<usize>,
    /// The control it is about.
    pub control: Option<Arc<str>>,
    /// The activity's id.
    pub activity: Option<String>,
    /// Who answers for it, as a party index.
    pub party: Option<usize>,
    /// The resources concerned, as indices.
    pub resources: Vec<usize>,
    /// How many resources were looked at, counts included.
    pub of: u64,
    /// Where in the inventory.
    pub place: Option<Place>,
}

/// All findings of a matrix.
#[derive(Debug, Default)]
pub struct Findings {
    /// Worst first.
    pub list: Vec<Finding>,
}

impl Findings {
    /// Looks a matrix over, as of a date.
    #[must_use]
    pub fn of(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: Date) -> Self {
        let mut list = Vec::new();
        duties(matrix, &mut list);
        modes(matrix, catalog, &mut list);
        dates(matrix, catalog, inventory, as_of, &mut list);
        if matrix.assigned_by_default(inventory) {
            list.push(Finding {
                help: Some("begin `assignments` with a rule without `match`".to_owned()),
                ..general(
                    Code::AssignedByDefault,
                    Severity::Medium,
                    "no rule says who is accountable for some activities; the first customer party stands in".to_owned(),
                )
            });
        }
        for index in &matrix.idle_rules {
            let place = inventory.rules.get(*index).map(|rule| rule.place.clone());
            list.push(Finding {
                place,
                help: Some("later rules override it everywhere, or nothing in the inventory matches it".to_owned()),
                ..general(
                    Code::RuleMatchesNothing,
                    Severity::Low,
                    format!("assignment rule {} sets no letter", index + 1),
                )
            });
        }
        let without_data = |finding: &Finding| finding.resources.iter().all(|index| matrix.resources[*index].data.is_empty());
        let mut list: Vec<(bool, Finding)> = list.into_iter().map(|finding| (without_data(&finding), finding)).collect();
        list.sort_by(|(data_a, a), (data_b, b)| {
            (a.severity, data_a, a.code, a.unit, &a.control, &a.activity, &a.message).cmp(&(
                b.severity,
                data_b,
                b.code,
                b.unit,
                &b.control,
                &b.activity,
                &b.message,
            ))
        });
        Self {
            list: list.into_iter().map(|(_, finding)| finding).collect(),
        }
    }

    /// The findings as diagnostics, for `check`.
    pub fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        self.list.iter().map(|finding| {
            let mut diagnostic = Diagnostic::new(finding.code, finding.message.clone());
            diagnostic.help.clone_from(&finding.help);
            if let Some(place) = &finding.place {
                diagnostic = diagnostic.at(place.clone());
            }
            diagnostic
        })
    }
}

fn general(code: Code, severity: Severity, message: String) -> Finding {
    Finding {
        code,
        severity,
        message,
        help: None,
        unit: None,
        control: None,
        activity: None,
        party: None,
        resources: Vec::new(),
        of: 0,
        place: None,
    }
}

fn duties(matrix: &Matrix, list: &mut Vec<Finding>) {
    for (unit_index, unit) in matrix.units.iter().enumerate() {
        for control in &unit.controls {
            for row in control.rows.iter().filter(|row| row.state() == State::NotMet) {
                let count = |indices: &[usize]| indices.iter().map(|index| matrix.resources[*index].count).sum::<u64>();
                let text = row.activity.unmet.clone().unwrap_or_else(|| row.activity.does.clone());
                let (bad, of) = (count(&row.not_met), count(&row.resources));
                let noun = if of == 1 { "resource" } else { "resources" };
                let excuse = row.activity.unless.as_ref();
                let excuse = excuse.map_or_else(String::new, |unless| format!(", unless {}", unless.words()));
                list.push(Finding {
                    code: Code::DutyNotMet,
                    severity: row.activity.severity,
                    message: format!("{}: {text}{excuse} ({bad} of {of} {noun})", unit.split.name),
                    help: row.activity.how.as_deref().map(str::to_owned),
                    unit: Some(unit_index),
                    control: Some(control.control.clone()),
                    activity: Some(row.activity.id.to_string()),
                    party: Some(row.assignment.accountable()),
                    resources: row.not_met.clone(),
                    of,
                    place: row.not_met.first().map(|index| matrix.resources[*index].place.clone()),
                });
            }
        }
    }
}

fn modes(matrix: &Matrix, catalog: &Catalog, list: &mut Vec<Finding>) {
    for (index, unit) in matrix.units.iter().enumerate().filter(|(_, unit)| !unit.mode_open.is_empty()) {
        let modes: Vec<String> = catalog
            .modes(&unit.split.service)
            .iter()
            .map(|mode| format!("`{}`", mode.id))
            .collect();
        let shown = unit
            .split
            .mode
            .as_ref()
            .map_or_else(|| "the service's usual form".to_owned(), |mode| format!("`{}`", mode.id));
        let attributes: Vec<String> = unit.settled_by.iter().map(|name| format!("`{name}`")).collect();
        list.push(Finding {
            code: Code::ModeUnknown,
            severity: Severity::Low,
            message: format!(
                "{}: the inventory does not settle how {} of its resources run; {shown} is shown",
                unit.split.name,
                unit.mode_open.len()
            ),
            help: Some(format!(
                "set `mode` to one of {}, or give {}",
                modes.join(", "),
                attributes.join(", ")
            )),
            unit: Some(index),
            resources: unit.mode_open.clone(),
            of: unit.resources.len() as u64,
            place: unit.mode_open.first().map(|index| matrix.resources[*index].place.clone()),
            ..general(Code::ModeUnknown, Severity::Low, String::new())
        });
    }
}

fn dates(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: Date, list: &mut Vec<Finding>) {
    for exception in &inventory.exceptions {
        if let Some(expired) = exception.expires.filter(|expires| *expires < as_of) {
            list.push(Finding {
                place: Some(exception.place.clone()),
                help: Some("renew it with a new approval and date, or do what it excused".to_owned()),
                ..general(
                    Code::ExceptionExpired,
                    Severity::High,
                    format!("the exception \"{}\" expired on {expired}", exception.reason),
                )
            });
        }
        if !matches_anything(matrix, catalog, &exception.selector) {
            list.push(Finding {
                place: Some(exception.place.clone()),
                help: Some("nothing deployed is meant by its `match`; correct or remove it".to_owned()),
                ..general(
                    Code::RuleMatchesNothing,
                    Severity::Low,
                    format!("the exception \"{}\" matches no activity in scope", exception.reason),
                )
            });
        }
    }
    for evidence in &inventory.evidence {
        if let Some(due) = evidence.review_by.filter(|due| *due < as_of) {
            list.push(Finding {
                place: Some(evidence.place.clone()),
                help: Some("obtain the current artefact, and update `reviewed` and `review_by`".to_owned()),
                ..general(
                    Code::EvidenceOverdue,
                    Severity::Medium,
                    format!("the evidence \"{}\" was due for review on {due}", evidence.artefact),
                )
            });
        }
    }
    if let Some(handover) = inventory.handover.as_ref().filter(|handover| handover.date < as_of) {
        list.push(Finding {
            place: Some(handover.place.clone()),
            help: Some("fold the handover into the assignment rules once it is done".to_owned()),
            ..general(
                Code::HandoverOverdue,
                Severity::Low,
                format!("the handover date {} lies before the report's date", handover.date),
            )
        });
    }
}

/// Whether a selector means any activity of the matrix. Exceptions and evidence may mean any side that they name.
pub(super) fn matches_anything(matrix: &Matrix, catalog: &Catalog, selector: &Selector) -> bool {
    matrix.rows().any(|(unit, control, row)| {
        let layer = catalog.control(&control.control).map_or("", |control| control.layer.as_str());
        selector.takes_control(&control.control, layer)
            && selector.side.as_ref().is_none_or(|wanted| wanted.contains(&row.activity.side))
            && (row
                .resources
                .iter()
                .any(|index| selector.takes_subject(&subject_of(&matrix.resources[*index], &unit.split))))
    })
}
