//! The Report as data: what is attached to a PDF.
//!
//! In: a [`Report`]. Out: JSON without the lists that say again what the activities of the services say: in rows, as
//! templates print them, and party by party. They would be two thirds of the file.

use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::{Common, Control, Duties, Line, MatrixPart, Report, ScopedLetters};
use std::mem::take;

/// The Report as JSON, on one line. What is left out is there again afterwards.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn data(report: &mut Report) -> Outcome<Vec<u8>> {
    let rows = Rows::take(report);
    let json = serde_json::to_vec(report);
    rows.put_back(report);
    json.map_err(|error| {
        vec![Diagnostic::new(
            Code::CannotWrite,
            format!("cannot write the report as JSON: {error}"),
        )]
    })
}

/// What the activities of the services say already, taken out of a Report.
struct Rows {
    controls: Vec<(Vec<Line>, Vec<ScopedLetters>)>,
    duties: Vec<Duties>,
    common: Vec<Common>,
    matrix: Vec<MatrixPart>,
}

impl Rows {
    fn controls(report: &mut Report) -> impl Iterator<Item = &mut Control> {
        report.services.iter_mut().flat_map(|service| &mut service.controls)
    }

    fn take(report: &mut Report) -> Self {
        Self {
            controls: Self::controls(report)
                .map(|control| (take(&mut control.lines), take(&mut control.scoped_letters)))
                .collect(),
            duties: report
                .duties
                .iter_mut()
                .map(|party| Duties {
                    party: party.party.clone(),
                    name: party.name.clone(),
                    kind: party.kind,
                    assurance: party.assurance.clone(),
                    activities: take(&mut party.activities),
                    controls: take(&mut party.controls),
                    answers_for: take(&mut party.answers_for),
                })
                .collect(),
            common: take(&mut report.common),
            matrix: take(&mut report.matrix),
        }
    }

    fn put_back(self, report: &mut Report) {
        for (control, (lines, letters)) in Self::controls(report).zip(self.controls) {
            control.lines = lines;
            control.scoped_letters = letters;
        }
        for (party, rows) in report.duties.iter_mut().zip(self.duties) {
            party.activities = rows.activities;
            party.controls = rows.controls;
            party.answers_for = rows.answers_for;
        }
        report.common = self.common;
        report.matrix = self.matrix;
    }
}
