//! What is left out because it is damaged. An entry keeps only itself out, whatever source it is of.
//!
//! In: entries that cannot be read, or that do not say what they are. Out: warnings; errors where nothing else is there.

use crate::diagnostics::{Code, Diagnostic, Place, Severity};
use std::sync::Arc;

/// How many are named, one by one.
pub(super) const MOST: usize = 20;

/// Entries that are left out, each with its place in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Damages {
    named: Vec<(u64, Diagnostic)>,
    more: usize,
}

impl Damages {
    /// Leaves an entry out. Who meets entries meets them in their order.
    pub(super) fn add(&mut self, order: u64, fault: impl FnOnce() -> Diagnostic) {
        if self.named.len() < MOST {
            self.named.push((order, fault()));
        } else {
            self.more += 1;
        }
    }

    /// Takes in others.
    pub(super) fn unite(&mut self, others: Self) {
        self.named.extend(others.named);
        self.named.sort_by_key(|(order, _)| *order);
        self.more += others.more + self.named.len().saturating_sub(MOST);
        self.named.truncate(MOST);
    }

    /// What is said of them: as errors if nothing else was found.
    pub(super) fn told(self, is_all: bool, file: &Arc<str>) -> Vec<Diagnostic> {
        let help = self.named.first().and_then(|(_, fault)| fault.help.clone()).unwrap_or_default();
        let rest = format!("{} more entries of `{file}` are damaged and left out", self.more);
        let rest = Diagnostic::new(Code::ImportPartial, rest).at(Place::file(file.clone())).help(help);
        let told = self.named.into_iter().map(|(_, fault)| {
            if is_all {
                return fault;
            }
            Diagnostic {
                code: Code::ImportPartial,
                severity: Severity::Warning,
                message: format!("{} and is left out", fault.message),
                ..fault
            }
        });
        told.chain((self.more > 0).then_some(rest)).collect()
    }
}

/// The items of a list that are left out: how many, and the number of the first of them.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::inventory::import) struct Broken {
    count: u64,
    first: u64,
}

impl Broken {
    /// An item that does not say what it is, by its number.
    pub(super) fn add(&mut self, number: u64) {
        self.unite(Self { count: 1, first: number });
    }

    /// Takes in others.
    pub(super) fn unite(&mut self, others: Self) {
        self.first = match (self.count, others.count) {
            (_, 0) => self.first,
            (0, _) => others.first,
            _ => self.first.min(others.first),
        };
        self.count += others.count;
    }

    /// What is said of them.
    pub(in crate::inventory::import) fn warning(self, what: &str, help: &str, file: &str, place: &Place) -> Option<Diagnostic> {
        let first = self.first;
        let which = match self.count {
            0 => return None,
            1 => format!(
                "item {first} of `{file}` {} and is left out",
                what.replacen("are ", "is ", 1).replacen("have ", "has ", 1)
            ),
            count => format!("{count} of the items of `{file}` {what} and are left out; the first is item {first}"),
        };
        Some(Diagnostic::new(Code::ImportPartial, which).help(help).at(place.clone()))
    }
}
