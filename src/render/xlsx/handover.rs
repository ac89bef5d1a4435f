//! The sheets of a handover: a checklist of what moves, and one of what else must be done.
//!
//! In: a [`Report`]. Out: one row a duty that moves or stays, one a change of access or an exit task, with empty cells for
//! who hands over and who accepts.

use super::cells::{CADENCE, columns, maybe, text};
use super::sheet::{Cell, Table};
use crate::report::{Move, Report};

pub(super) fn duties(report: &Report) -> Table {
    let row = |of: &Move, moves: bool| {
        vec![
            text(if moves { "moves" } else { "stays" }),
            text(&of.control_title),
            text(&of.does),
            maybe(of.cadence.as_ref()),
            text(&of.service),
            maybe(of.mode.as_ref()),
            maybe(of.scope.as_ref()),
            text(&of.before),
            text(&of.after),
            text(of.state.word()),
            text(of.runbooks.join("\n")),
            maybe(of.evidence.as_ref()),
            maybe(of.reason.as_ref()),
            maybe(of.until.as_ref()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            text(&of.duty),
        ]
    };
    let moves = report.handover.moves.iter().map(|of| row(of, true));
    Table {
        name: "Handover",
        columns: columns(&[
            ("At the handover", 12),
            ("Control", 26),
            ("Activity", 60),
            CADENCE[0],
            ("Service", 22),
            ("Mode", 14),
            ("Deployment", 24),
            ("Before", 24),
            ("After", 24),
            ("State", 12),
            ("Runbook", 28),
            ("Evidence", 44),
            ("Why it stays", 40),
            ("Until", 12),
            ("Handed over", 14),
            ("Accepted", 14),
            ("Date", 12),
            ("Id", 44),
        ]),
        rows: moves.chain(report.handover.stays.iter().map(|of| row(of, false))).collect(),
        note: None,
    }
}

pub(super) fn tasks(report: &Report) -> Table {
    let handover = &report.handover;
    let access = handover.access.iter().map(|of| {
        vec![
            text(of.kind),
            text(&of.what),
            text(&of.party_name),
            maybe(of.by_name.as_ref()),
            text(&of.due),
            Cell::Empty,
            Cell::Empty,
        ]
    });
    let exit = handover.exit.iter().map(|of| {
        vec![
            text("exit"),
            text(&of.task),
            Cell::Empty,
            maybe(of.owner_name.as_ref()),
            text(&of.due),
            Cell::Empty,
            Cell::Empty,
        ]
    });
    Table {
        name: "Handover tasks",
        columns: columns(&[
            ("Kind", 10),
            ("What", 70),
            ("Whose access", 28),
            ("By whom", 28),
            ("Due", 12),
            ("Done", 12),
            ("Date", 12),
        ]),
        rows: access.chain(exit).collect(),
        note: None,
    }
}
