//! What an assessor sends back of a sheet that was filled in.
//!
//! In: a layout, what it made, and the requirements that it was made of. Out: diagnostics: a row that is said to be shared and
//! lacks one of its halves, and a row that is inherited and tells the customer to do something.

use super::Placed;
use crate::catalog::layouts::SheetFile;
use crate::diagnostics::{Code, Diagnostic, Place, Route, route};
use crate::raci::requirements::RequirementType;
use crate::report::page::{LaidOut, LaidSheet};
use crate::report::{FrameworkRows, Perspective, RequirementRow};
use std::collections::BTreeMap;

/// Ids that a message names before the rest is counted.
const NAMED: usize = 5;

/// Words of a cell, or of the head of a column with something in it, that say that a requirement is borne by two.
const SHARED: [&str; 2] = ["shared", "partial"];

/// Looks through the sheets of a layout.
#[must_use]
pub fn lint((path, layout): Placed<'_>, laid: &LaidOut, rows: &FrameworkRows) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, (file, sheet)) in layout.sheets.iter().zip(&laid.sheets).enumerate() {
        let sheet = Sheet { file, sheet, rows };
        let mut tell = |code: Code, what: &str, ids: &[&str], at: Route, help: &str| {
            if !ids.is_empty() {
                let what = format!("in the sheet `{}`, {what}: {}", file.name, named(ids));
                found.push(Diagnostic::new(code, what).at(Place::value(path, at)).help(help.to_owned()));
            }
        };
        let at = route(["sheets".into(), at.into()]);
        let [no_provider, no_customer] = sheet.without_half();
        let help = "an assessor sends back a bare `shared`: add a column with `r.provider_text` and one with `r.customer_text`";
        let what = "requirements are called shared and nothing says what the provider does";
        tell(Code::RequirementHalves, what, &no_provider, at.then("columns"), help);
        let what = "requirements are called shared and nothing says what is left to do";
        tell(Code::RequirementHalves, what, &no_customer, at.then("columns"), help);
        for (column, ids) in sheet.told_to_customers() {
            let at = at.then("columns").then(column).then("value");
            let help = "nothing is left to do where all is inherited: print `r.customer_text` alone, or `r.note` beside it";
            let what = "requirements are inherited and their customer's half is not empty";
            tell(Code::RequirementInherited, what, &ids, at, help);
        }
    }
    found
}

fn named(ids: &[&str]) -> String {
    let told: Vec<String> = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
    match ids.len().saturating_sub(NAMED) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

/// A sheet on its way.
struct Sheet<'s> {
    file: &'s SheetFile,
    sheet: &'s LaidSheet,
    rows: &'s FrameworkRows,
}

impl<'s> Sheet<'s> {
    /// The requirements in the sheet, each with all of its rows.
    fn requirements(&self) -> impl Iterator<Item = (&'s RequirementRow, Vec<&'s Vec<String>>)> {
        let mut all: BTreeMap<usize, Vec<&Vec<String>>> = BTreeMap::new();
        for (of, cells) in self.sheet.of.iter().zip(&self.sheet.rows) {
            all.entry(*of).or_default().push(cells);
        }
        let rows = &self.rows.rows;
        all.into_iter().filter_map(move |(of, cells)| Some((rows.get(of)?, cells)))
    }

    /// The shared ones that are called so, and of which no cell tells what providers do, or what is left to do.
    fn without_half(&self) -> [Vec<&'s str>; 2] {
        let mut found = [Vec::new(), Vec::new()];
        for (row, cells) in self.requirements() {
            if row.kind != RequirementType::Shared || !cells.iter().any(|cells| self.is_called_shared(cells)) {
                continue;
            }
            let says = |sentence: &str| cells.iter().any(|cells| cells.iter().any(|cell| cell.contains(sentence)));
            let (provider, customer) = self.halves(row);
            if !provider.iter().any(|sentence| says(sentence)) {
                found[0].push(&*row.id);
            }
            if !customer.iter().any(|sentence| says(sentence)) {
                found[1].push(&*row.id);
            }
        }
        found
    }

    /// The sentences of both halves of a requirement, as whoever the sheet is for sees them.
    fn halves(&self, row: &'s RequirementRow) -> (Vec<&'s str>, Vec<&'s str>) {
        let provided = row.provider.iter().map(|part| &*part.does);
        let own = row.customer.iter().map(|part| &*part.does);
        match self.rows.perspective {
            Perspective::Customer => (provided.collect(), own.collect()),
            Perspective::Provider => (provided.chain(own).collect(), row.customers.iter().map(|does| &**does).collect()),
        }
    }

    fn is_called_shared(&self, cells: &[String]) -> bool {
        let says = |text: &str| SHARED.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
        let mut columns = self.file.columns.iter().zip(cells);
        columns.any(|(column, cell)| says(cell) || says(&column.title) && !cell.is_empty())
    }

    /// By column that tells what is left to do and nothing else: the inherited requirements on which it says something.
    fn told_to_customers(&self) -> Vec<(usize, Vec<&'s str>)> {
        let all: Vec<(&RequirementRow, Vec<&Vec<String>>)> = self.requirements().collect();
        let of_customers = |column: usize| {
            // A name of what a row is about may be the sentence of one duty; most rows tell theirs where duties are told.
            let shared = || all.iter().filter(|(row, _)| row.kind == RequirementType::Shared);
            let tell = shared().filter(|(row, cells)| {
                let text = cells.first().and_then(|cells| cells.get(column)).map_or("", String::as_str);
                let (provider, customer) = self.halves(row);
                customer.iter().any(|sentence| text.contains(sentence)) && !provider.iter().any(|sentence| text.contains(sentence))
            });
            let told = tell.count();
            told > 0 && 2 * told >= shared().count()
        };
        let columns = (0..self.file.columns.len()).filter(|column| of_customers(*column));
        let told = columns.map(|column| {
            let inherited = all.iter().filter(|(row, cells)| {
                let says = |cells: &&Vec<String>| {
                    cells
                        .get(column)
                        .is_some_and(|cell| !cell.is_empty() && *cell != super::row::note(row))
                };
                row.kind == RequirementType::Inherited && cells.iter().any(says)
            });
            (column, inherited.map(|(row, _)| &*row.id).collect::<Vec<&str>>())
        });
        told.filter(|(_, ids)| !ids.is_empty()).collect()
    }
}
