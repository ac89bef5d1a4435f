//! The sheets of duties, commitments and findings.
//!
//! In: a [`Report`]. Out: one row a duty, a commitment, a duty that a party holds, a finding.

use super::sheet::{Cell, Column, Table};
use super::tables::{columns, mark, maybe, text};
use crate::render::csv::{counted, word};
use crate::report::page::shown;
use crate::report::{Activity, Control, PartyLetters, Report, Service};
use std::collections::HashMap;

/// Columns that say what is done, where it belongs.
const WHAT: [(&str, u8); 8] = [
    ("Service", 30),
    ("Mode", 14),
    ("Control", 26),
    ("Layer", 24),
    ("Type", 16),
    ("Activity", 60),
    ("Side", 12),
    ("Happens by itself", 12),
];

/// Columns that say what it rests on.
const WHY: [(&str, u8); 6] = [
    ("Evidence", 44),
    ("Source", 44),
    ("Source read", 12),
    ("Source is", 12),
    ("Id", 44),
    ("Activity id", 34),
];

/// How often a duty is done: in words, and in days, by which it can be sorted.
pub(super) const CADENCE: [(&str, u8); 2] = [("How often", 16), ("Days between", 10)];

fn cadence(activity: &Activity) -> [Cell; 2] {
    let days = activity.cadence_days.map(|days| Cell::Number(days.into()));
    [maybe(activity.cadence.as_ref()), days.unwrap_or(Cell::Empty)]
}

fn what(service: &Service, control: &Control, activity: &Activity) -> Vec<Cell> {
    vec![
        text(&service.title),
        maybe(service.mode.as_ref()),
        text(&control.title),
        text(&control.layer_title),
        text(control.control_type.map(|of| of.id()).unwrap_or_default()),
        text(&activity.does),
        text(&activity.side),
        text(word(&activity.default)),
    ]
}

fn why(activity: &Activity) -> [Cell; 6] {
    [
        text(&activity.evidence),
        Cell::Link(activity.source.to_string()),
        maybe(activity.reviewed.as_ref()),
        text(word(&activity.freshness)),
        text(counted(activity).1),
        text(&activity.id),
    ]
}

/// The columns of the parties.
fn parties(report: &Report) -> impl Iterator<Item = Column> {
    report.parties.iter().map(|party| Column {
        title: party.short.clone(),
        width: 10,
    })
}

/// What each party holds, in the columns of the parties.
fn letters(report: &Report, held: &[PartyLetters]) -> Vec<Cell> {
    let of = |id: &str| held.iter().find(|held| *held.party == *id).map_or("", |held| held.letters);
    report.parties.iter().map(|party| mark(of(&party.id))).collect()
}

/// All activities with their service and control.
fn activities(report: &Report) -> impl Iterator<Item = (&Service, &Control, &Activity)> {
    let controls = report
        .services
        .iter()
        .flat_map(|service| service.controls.iter().map(move |control| (service, control)));
    controls.flat_map(|(service, control)| control.activities.iter().map(move |activity| (service, control, activity)))
}

pub(super) fn duties(report: &Report) -> Table {
    let mut heads = columns(&WHAT);
    heads.extend(columns(&[("How", 50)]));
    heads.extend(columns(&CADENCE));
    heads.extend(parties(report));
    heads.extend(columns(&[
        ("Deployment", 24),
        ("State", 12),
        ("Resources", 11),
        ("Not met on", 11),
        ("Excepted on", 11),
        ("Shown by", 44),
    ]));
    heads.extend(columns(&WHY));
    let rows = activities(report).filter(|(_, _, activity)| activity.duty.is_some());
    Table {
        name: "Duties",
        rows: rows
            .map(|(service, control, activity)| {
                let mut row = what(service, control, activity);
                row.push(maybe(activity.how.as_ref()));
                row.extend(cadence(activity));
                row.extend(letters(report, &activity.assignments));
                row.extend([
                    maybe(activity.scope.as_ref()),
                    text(activity.state.word()),
                    Cell::Number(activity.resources),
                    Cell::Number(activity.resources_not_met),
                    Cell::Number(activity.resources_excepted),
                    text(shown::words(activity).join("\n")),
                ]);
                row.extend(why(activity));
                row
            })
            .collect(),
        columns: heads,
        note: None,
    }
}

pub(super) fn commitments(report: &Report) -> Table {
    let mut heads = columns(&WHAT);
    heads.extend(parties(report));
    heads.extend(columns(&[("Resources", 11)]));
    heads.extend(columns(&WHY));
    let rows = activities(report).filter(|(_, _, activity)| activity.commitment.is_some());
    Table {
        name: "Commitments",
        rows: rows
            .map(|(service, control, activity)| {
                let mut row = what(service, control, activity);
                row.extend(letters(report, &activity.assignments));
                row.push(Cell::Number(activity.resources));
                row.extend(why(activity));
                row
            })
            .collect(),
        columns: heads,
        note: None,
    }
}

pub(super) fn by_party(report: &Report) -> Table {
    let told: HashMap<&str, (&Service, &Control, &Activity)> =
        activities(report).filter_map(|of| Some((of.2.duty.as_deref()?, of))).collect();
    let mut rows = Vec::new();
    for party in &report.duties {
        for held in &party.activities {
            let Some((service, control, activity)) = told.get(&*held.duty) else {
                continue;
            };
            let [often, days] = cadence(activity);
            rows.push(vec![
                text(&party.name),
                mark(held.letters),
                text(&control.title),
                text(&activity.does),
                maybe(activity.how.as_ref()),
                often,
                days,
                text(&service.title),
                maybe(held.scope.as_ref()),
                text(word(&activity.default)),
                text(held.state.word()),
                text(shown::words(activity).join("\n")),
                text(&activity.evidence),
                text(&held.duty),
            ]);
        }
    }
    Table {
        name: "Duties by party",
        columns: columns(&[
            ("Party", 24),
            ("Letters", 9),
            ("Control", 26),
            ("Duty", 60),
            ("How", 50),
            CADENCE[0],
            CADENCE[1],
            ("Service", 36),
            ("Deployment", 24),
            ("Happens by itself", 12),
            ("State", 12),
            ("Shown by", 44),
            ("Evidence to keep", 44),
            ("Id", 44),
        ]),
        rows,
        note: None,
    }
}

pub(super) fn findings(report: &Report) -> Table {
    let row = |of: &crate::report::Finding| {
        vec![
            text(word(&of.severity)),
            maybe(of.due.as_ref()),
            text(&of.code),
            text(&of.message),
            maybe(of.how.as_ref()),
            maybe(of.cadence.as_ref()),
            maybe(of.service_title.as_ref()),
            maybe(of.control_title.as_ref()),
            text(of.responsible_names.join("\n")),
            maybe(of.accountable_name.as_ref()),
            text(of.accounts.join("\n")),
            maybe(of.environment.as_ref()),
            Cell::Number(of.count),
            Cell::Number(of.of),
            text(of.data.join(", ")),
            text(of.resources.join("\n")),
            maybe(of.expected.as_ref()),
            maybe(of.observed.as_ref()),
            text(of.requirements.join("\n")),
            text(&of.severity_because),
            maybe(of.since.as_ref()),
            maybe(of.place.as_ref()),
            text(&of.id),
            maybe(of.duty.as_ref()),
        ]
    };
    Table {
        name: "Findings",
        columns: columns(&[
            ("Severity", 10),
            ("Due", 12),
            ("Kind", 20),
            ("Finding", 60),
            ("What to do", 50),
            CADENCE[0],
            ("Service", 24),
            ("Control", 26),
            ("Must do it", 24),
            ("Answers for it", 24),
            ("Accounts", 20),
            ("Environment", 14),
            ("Resources", 11),
            ("Of", 8),
            ("Data", 18),
            ("Which (at most 20)", 34),
            ("Expected", 34),
            ("Observed", 34),
            ("Requirements", 24),
            ("Severity because", 40),
            ("Since", 12),
            ("Place", 34),
            ("Id", 16),
            ("Duty", 44),
        ]),
        rows: report.findings.iter().map(row).collect(),
        note: None,
    }
}
