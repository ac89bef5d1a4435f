//! The sheets of duties, commitments and findings.
//!
//! In: a [`Report`]. Out: one row a duty, a commitment, a duty that a party holds, a finding.

use super::cells::{Field, cells, column, heads, mark, maybe, table, text};
use super::sheet::{Cell, Column, Table};
use crate::render::csv::{counted, word};
use crate::report::page::shown;
use crate::report::{Activity, Control, Duties, DutyHeld, PartyLetters, Report, Service};
use std::collections::HashMap;

/// An activity with its service and control.
type Placed<'r> = (&'r Service, &'r Control, &'r Activity);

/// Columns that say what is done, where it belongs.
fn what<'r>() -> [Field<Placed<'r>>; 8] {
    [
        ("Service", 30, |(service, _, _)| text(&service.title)),
        ("Mode", 14, |(service, _, _)| maybe(service.mode.as_ref())),
        ("Control", 26, |(_, control, _)| text(&control.title)),
        ("Layer", 24, |(_, control, _)| text(&control.layer_title)),
        ("Type", 16, |(_, control, _)| {
            text(control.control_type.map(|of| of.id()).unwrap_or_default())
        }),
        ("Activity", 60, |(_, _, activity)| text(&activity.does)),
        ("Side", 12, |(_, _, activity)| text(&activity.side)),
        ("Happens by itself", 12, |(_, _, activity)| text(word(&activity.default))),
    ]
}

/// Columns that say what it rests on.
fn why<'r>() -> [Field<Placed<'r>>; 6] {
    [
        ("Evidence", 44, |(_, _, activity)| text(&activity.evidence)),
        ("Source", 44, |(_, _, activity)| Cell::Link(activity.source.to_string())),
        ("Source read", 12, |(_, _, activity)| maybe(activity.reviewed.as_ref())),
        ("Source is", 12, |(_, _, activity)| text(word(&activity.freshness))),
        ("Id", 44, |(_, _, activity)| text(counted(activity).1)),
        ("Activity id", 34, |(_, _, activity)| text(&activity.id)),
    ]
}

/// How many days lie between two times that a duty is done, by which it can be sorted.
fn days(activity: &Activity) -> Cell {
    activity.cadence_days.map_or(Cell::Empty, |days| Cell::Number(days.into()))
}

/// The columns of the parties.
fn parties(report: &Report) -> impl Iterator<Item = Column> {
    report.parties.iter().map(|party| column(&party.short, 10))
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
    let done: [Field<Placed<'_>>; 3] = [
        ("How", 50, |(_, _, activity)| maybe(activity.how.as_ref())),
        ("How often", 16, |(_, _, activity)| maybe(activity.cadence.as_ref())),
        ("Days between", 10, |(_, _, activity)| days(activity)),
    ];
    let stands: [Field<Placed<'_>>; 6] = [
        ("Deployment", 24, |(_, _, activity)| maybe(activity.scope.as_ref())),
        ("State", 12, |(_, _, activity)| text(activity.state.word())),
        ("Resources", 11, |(_, _, activity)| Cell::Number(activity.resources)),
        ("Not met on", 11, |(_, _, activity)| Cell::Number(activity.resources_not_met)),
        ("Excepted on", 11, |(_, _, activity)| Cell::Number(activity.resources_excepted)),
        ("Shown by", 44, |(_, _, activity)| text(shown::plain(activity).join("\n"))),
    ];
    let is_duty = |activity: &Activity| activity.duty.is_some();
    with_letters(
        "Duties",
        report,
        is_duty,
        &[&what()[..], &done].concat(),
        &[&stands[..], &why()].concat(),
    )
}

pub(super) fn commitments(report: &Report) -> Table {
    let on: [Field<Placed<'_>>; 1] = [("Resources", 11, |(_, _, activity)| Cell::Number(activity.resources))];
    let is_commitment = |activity: &Activity| activity.commitment.is_some();
    with_letters("Commitments", report, is_commitment, &what(), &[&on[..], &why()].concat())
}

/// A sheet of some activities, with what each party holds between two groups of columns.
fn with_letters<'r>(
    name: &'static str,
    report: &'r Report,
    is_meant: impl Fn(&Activity) -> bool,
    before: &[Field<Placed<'r>>],
    behind: &[Field<Placed<'r>>],
) -> Table {
    let meant = activities(report).filter(|(_, _, activity)| is_meant(activity));
    let row = |placed: Placed<'r>| {
        let mut row = cells(before, &placed);
        row.extend(letters(report, &placed.2.assignments));
        row.extend(cells(behind, &placed));
        row
    };
    Table {
        name,
        rows: meant.map(row).collect(),
        columns: heads(before).into_iter().chain(parties(report)).chain(heads(behind)).collect(),
        note: None,
    }
}

pub(super) fn by_party(report: &Report) -> Table {
    let told: HashMap<&str, Placed<'_>> = activities(report).filter_map(|of| Some((of.2.duty.as_deref()?, of))).collect();
    let held = report
        .duties
        .iter()
        .flat_map(|party| party.activities.iter().map(move |held| (party, held)));
    let rows: Vec<(&Duties, &DutyHeld, Placed<'_>)> = held
        .filter_map(|(party, held)| Some((party, held, *told.get(&*held.duty)?)))
        .collect();
    table(
        "Duties by party",
        &rows,
        &[
            ("Party", 24, |(party, _, _)| text(&party.name)),
            ("Letters", 9, |(_, held, _)| mark(held.letters)),
            ("Control", 26, |(_, _, (_, control, _))| text(&control.title)),
            ("Duty", 60, |(_, _, (_, _, activity))| text(&activity.does)),
            ("How", 50, |(_, _, (_, _, activity))| maybe(activity.how.as_ref())),
            ("How often", 16, |(_, _, (_, _, activity))| maybe(activity.cadence.as_ref())),
            ("Days between", 10, |(_, _, (_, _, activity))| days(activity)),
            ("Service", 36, |(_, _, (service, _, _))| text(&service.title)),
            ("Deployment", 24, |(_, held, _)| maybe(held.scope.as_ref())),
            ("Happens by itself", 12, |(_, _, (_, _, activity))| text(word(&activity.default))),
            ("State", 12, |(_, held, _)| text(held.state.word())),
            ("Shown by", 44, |(_, _, (_, _, activity))| text(shown::plain(activity).join("\n"))),
            ("Evidence to keep", 44, |(_, _, (_, _, activity))| text(&activity.evidence)),
            ("Id", 44, |(_, held, _)| text(&held.duty)),
        ],
    )
}

pub(super) fn findings(report: &Report) -> Table {
    table(
        "Findings",
        &report.findings,
        &[
            ("Severity", 10, |of| text(word(&of.severity))),
            ("Due", 12, |of| maybe(of.due.as_ref())),
            ("Kind", 20, |of| text(&of.code)),
            ("Finding", 60, |of| text(&of.message)),
            ("What to do", 50, |of| maybe(of.how.as_ref())),
            ("How often", 16, |of| maybe(of.cadence.as_ref())),
            ("Service", 24, |of| maybe(of.service_title.as_ref())),
            ("Control", 26, |of| maybe(of.control_title.as_ref())),
            ("Must do it", 24, |of| text(of.responsible_names.join("\n"))),
            ("Answers for it", 24, |of| maybe(of.accountable_name.as_ref())),
            ("Accounts", 20, |of| text(of.accounts.join("\n"))),
            ("Environment", 14, |of| maybe(of.environment.as_ref())),
            ("Resources", 11, |of| Cell::Number(of.count)),
            ("Of", 8, |of| Cell::Number(of.of)),
            ("Data", 18, |of| text(of.data.join(", "))),
            ("Which (at most 20)", 34, |of| text(of.resources.join("\n"))),
            ("Expected", 34, |of| maybe(of.expected.as_ref())),
            ("Observed", 34, |of| maybe(of.observed.as_ref())),
            ("Requirements", 24, |of| text(of.requirements.join("\n"))),
            ("Severity because", 40, |of| text(&of.severity_because)),
            ("Since", 12, |of| maybe(of.since.as_ref())),
            ("Place", 34, |of| maybe(of.place.as_ref())),
            ("Id", 16, |of| text(&of.id)),
            ("Duty", 44, |of| maybe(of.duty.as_ref())),
        ],
    )
}
