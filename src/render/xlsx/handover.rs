//! The sheets of a handover: a checklist of what moves, and one of what else must be done.
//!
//! In: a [`Report`]. Out: one row a duty that moves or stays, one a change of access or an exit task, with empty cells for
//! who hands over and who accepts.

use super::cells::{column, maybe, table, text};
use super::sheet::{Cell, Table};
use crate::report::{Move, Report};

pub(super) fn duties(report: &Report) -> Table {
    let moves = report.handover.moves.iter().map(|of| ("moves", of));
    let rows: Vec<(&str, &Move)> = moves.chain(report.handover.stays.iter().map(|of| ("stays", of))).collect();
    table(
        "Handover",
        &rows,
        &[
            ("At the handover", 12, |(what, _)| text(what)),
            ("Control", 26, |(_, of)| text(&of.control_title)),
            ("Activity", 60, |(_, of)| text(&of.does)),
            ("How often", 16, |(_, of)| {
                text(of.cadence.map_or_else(|| "no single cadence".to_owned(), |often| often.to_string()))
            }),
            ("Service", 22, |(_, of)| text(&of.service)),
            ("Mode", 14, |(_, of)| maybe(of.mode.as_ref())),
            ("Deployment", 24, |(_, of)| maybe(of.scope.as_ref())),
            ("Before", 24, |(_, of)| text(&of.before)),
            ("After", 24, |(_, of)| text(&of.after)),
            ("State", 12, |(_, of)| text(of.state.word())),
            ("Runbook", 28, |(_, of)| text(of.runbooks.join("\n"))),
            ("Evidence", 44, |(_, of)| maybe(of.evidence.as_ref())),
            ("Why it stays", 40, |(_, of)| maybe(of.reason.as_ref())),
            ("Until", 12, |(_, of)| maybe(of.until.as_ref())),
            ("Handed over", 14, |_| Cell::Empty),
            ("Accepted", 14, |_| Cell::Empty),
            ("Accepted on", 12, |_| Cell::Empty),
            ("Id", 44, |(_, of)| text(&of.duty)),
        ],
    )
}

pub(super) fn tasks(report: &Report) -> Table {
    let handover = &report.handover;
    let access = handover.access.iter().map(|of| {
        [
            text(of.kind),
            text(&of.what),
            text(&of.party_name),
            maybe(of.by_name.as_ref()),
            text(&of.due),
        ]
    });
    let exit = handover.exit.iter().map(|of| {
        [
            text("exit"),
            text(&of.task),
            Cell::Empty,
            maybe(of.owner_name.as_ref()),
            text(&of.due),
        ]
    });
    let columns = [
        ("Kind", 10),
        ("What", 70),
        ("Whose access", 28),
        ("By whom", 28),
        ("Due", 12),
        ("Done", 12),
        ("Done on", 12),
    ];
    Table {
        name: "Handover tasks",
        columns: columns.map(|(title, width)| column(title, width)).into(),
        rows: access
            .chain(exit)
            .map(|told| told.into_iter().chain([Cell::Empty, Cell::Empty]).collect())
            .collect(),
        note: None,
    }
}
