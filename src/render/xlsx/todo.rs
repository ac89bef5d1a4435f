//! What a party must still show, as a sheet.
//!
//! In: its open duties. Out: one row each, with room for what was obtained.

use super::cells::{maybe, table as sheet, text};
use super::sheet::{Cell, Table};
use crate::report::Todo;

/// The sheet.
pub(super) fn table(todo: &Todo) -> Table {
    sheet(
        "To show",
        &todo.duties,
        &[
            ("Control", 26, |of| text(&of.control_title)),
            ("Service", 30, |of| text(&of.service_title)),
            ("Deployment", 24, |of| maybe(of.scope.as_ref())),
            ("Duty", 60, |of| text(&of.does)),
            ("Artefact to obtain", 44, |of| text(&of.evidence)),
            ("How often", 16, |of| maybe(of.cadence.as_ref())),
            ("Days between", 10, |of| {
                of.cadence_days.map_or(Cell::Empty, |days| Cell::Number(days.into()))
            }),
            ("How", 50, |of| maybe(of.how.as_ref())),
            ("Letters", 9, |of| text(of.letters)),
            ("Artefact obtained", 44, |_| Cell::Empty),
            ("Vouched by", 24, |_| Cell::Empty),
            ("Reviewed", 12, |_| Cell::Empty),
            ("Activity id", 34, |of| text(&of.activity)),
            ("Id", 44, |of| text(&of.duty)),
        ],
    )
}
