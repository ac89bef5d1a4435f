//! What a party must still show, as a sheet.
//!
//! In: its open duties. Out: one row each, with room for what was obtained.

use super::sheet::{Cell, Table};
use super::tables::{columns, maybe, text};
use crate::report::{Open, Todo};

/// The sheet.
pub(super) fn table(todo: &Todo) -> Table {
    let row = |of: &Open| {
        vec![
            text(&of.control_title),
            text(&of.service_title),
            maybe(of.scope.as_ref()),
            text(&of.does),
            text(&of.evidence),
            maybe(of.cadence.as_ref()),
            of.cadence_days.map_or(Cell::Empty, |days| Cell::Number(days.into())),
            maybe(of.how.as_ref()),
            text(of.letters),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            text(&of.activity),
            text(&of.duty),
        ]
    };
    Table {
        name: "To show",
        columns: columns(&[
            ("Control", 26),
            ("Service", 30),
            ("Deployment", 24),
            ("Duty", 60),
            ("Artefact to obtain", 44),
            ("How often", 16),
            ("Days between", 10),
            ("How", 50),
            ("Letters", 9),
            ("Artefact obtained", 44),
            ("Vouched by", 24),
            ("Reviewed", 12),
            ("Activity id", 34),
            ("Id", 44),
        ]),
        rows: todo.duties.iter().map(row).collect(),
        note: None,
    }
}
