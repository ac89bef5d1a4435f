//! Where the results of one file go.
//!
//! In: what a form says of one check on one resource, in its own texts. Out: results among the gathered ones, and a word
//! about entries that could not be understood.

use super::identity::Named;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity};
use crate::results::rules::Open;
use crate::results::{self, CheckResult, Gathered};
use crate::source::secrets;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many damaged entries are named, one by one.
const MOST: usize = 20;

/// What somebody does about a file of results that is damaged.
pub(super) const HELP: &str = "let the scanner write its results again";

/// What entries are that are no results of checks.
const OTHERS: &str = "threats, vulnerabilities and secrets have no verdict on a configuration, and say nothing of any duty";

/// Whose check a rule of AWS Config is.
pub(super) const RULES: &str = "config";

/// One of several findings that a check has of one resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfFinding<'a> {
    /// What made it, which is the same on all days; none where a check has one finding of a resource.
    pub(super) generator: Option<&'a str>,
    /// Whether it is not current any more.
    pub(super) is_archived: bool,
}

/// What a form says of one check on one resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    /// Whose check it is.
    pub(super) scanner: &'a str,
    /// The check.
    pub(super) check: &'a str,
    /// What it is called.
    pub(super) title: Option<&'a str>,
    /// How it came out.
    pub(super) outcome: results::Outcome,
    /// Which of several findings of a check on one resource tells it, where the form has such.
    pub(super) finding: Option<OfFinding<'a>>,
    /// What it is about.
    pub(super) about: Named<'a>,
    /// When.
    pub(super) at: Option<Timestamp>,
    /// What was seen.
    pub(super) observed: Option<&'a str>,
}

/// Takes the results of one file in.
pub(super) struct Sink<'g> {
    pub(super) into: &'g mut Gathered,
    pub(super) file: Arc<str>,
    /// What the document says of all items in it.
    pub(super) context: BTreeMap<&'static str, String>,
    place: Place,
    /// What was taken in before this file.
    before: (u64, u64),
    is_understood: bool,
    /// Entries that are no results of checks.
    others: u64,
    broken: Vec<Diagnostic>,
    more: usize,
}

impl<'g> Sink<'g> {
    pub(super) fn new(into: &'g mut Gathered, file: &Arc<str>, place: &Place) -> Self {
        Self {
            before: (into.read, into.left_out),
            into,
            file: file.clone(),
            context: BTreeMap::new(),
            place: place.clone(),
            is_understood: false,
            others: 0,
            broken: Vec::new(),
            more: 0,
        }
    }

    /// Takes a result in.
    pub(super) fn add(&mut self, told: &Told<'_>) {
        self.add_with(told, &[]);
    }

    /// Takes a result in whose check was set so.
    pub(super) fn add_with(&mut self, told: &Told<'_>, parameters: &[(Arc<str>, Arc<str>)]) {
        if let Some(result) = self.result(told, parameters) {
            self.into.add_shared(result);
        }
    }

    /// Takes a result in of a rule that its user named.
    pub(super) fn add_of_rule(&mut self, told: &Told<'_>, rule: &str) {
        // Its name stands for the check until somebody says which one the rule is.
        let named = Told {
            check: rule,
            title: Some(rule),
            ..*told
        };
        if let Some(result) = self.result(&named, &[]) {
            let name = result.check.clone();
            self.into.add_open(result, Open::Rule(name));
        }
    }

    /// Takes a result in of which the cells of a row say more to whoever knows its columns.
    pub(super) fn add_row(&mut self, told: &Told<'_>, cells: &[&str]) {
        let cells: Vec<Arc<str>> = cells.iter().map(|cell| self.into.texts.name(cell).unwrap_or_default()).collect();
        if let Some(result) = self.result(told, &[]) {
            self.into.add_open(result, Open::Row(cells.into()));
        }
    }

    fn result(&mut self, told: &Told<'_>, parameters: &[(Arc<str>, Arc<str>)]) -> Option<CheckResult> {
        let names = &mut self.into.texts;
        let check = results::names::check(told.scanner, told.check);
        let (Some(scanner), Some(check)) = (names.name(told.scanner), names.name(check)) else {
            self.leave_out();
            return None;
        };
        let target = told.about.target(names);
        let finding = told.finding.and_then(|finding| names.name(finding.generator?));
        let observed = told.observed.and_then(|seen| {
            let of_target = [target.arn.clone(), target.name.clone(), target.address.clone()];
            names.seen(seen, &of_target)
        });
        Some(CheckResult {
            scanner,
            check,
            title: told.title.and_then(|title| names.title(title)),
            finding,
            outcome: told.outcome,
            is_archived: told.finding.is_some_and(|finding| finding.is_archived),
            target,
            at: told.at,
            observed,
            // Most have none, and share it.
            parameters: if parameters.is_empty() { Arc::default() } else { parameters.into() },
        })
    }

    /// What was set for a check, unless its name or its value may be secret.
    pub(super) fn parameter(&mut self, name: &str, value: &str) -> Option<(Arc<str>, Arc<str>)> {
        if secrets::names_a_secret(name) || secrets::hold_secret(&format!("{name}={value}")) {
            return None;
        }
        Some((self.into.texts.name(name)?, self.into.texts.name(value)?))
    }

    /// Notes that an entry was understood which tells no result by itself.
    pub(super) fn understood(&mut self) {
        self.is_understood = true;
    }

    /// Counts an entry that is no result of a check.
    pub(super) fn leave_out(&mut self) {
        self.others += 1;
        self.leave_out_told();
    }

    /// Counts an entry that is no result of a check, of which its form tells by itself.
    pub(super) fn leave_out_told(&mut self) {
        self.into.left_out += 1;
    }

    /// Leaves an entry out that cannot be understood.
    pub(super) fn broken(&mut self, at: Option<(usize, usize)>, what: impl Into<String>) {
        if self.broken.len() >= MOST {
            self.more += 1;
            return;
        }
        let place = at.map_or_else(|| self.place.clone(), |(line, column)| Place::at(&self.file, line, column));
        self.broken
            .push(Diagnostic::new(Code::ResultsUnreadable, what).at(place).help(HELP));
    }

    /// What is to be said of the file once it is read.
    ///
    /// # Errors
    /// What is wrong with its entries, if none of them could be understood.
    pub(super) fn finish(self) -> Outcome<()> {
        let is_nothing = self.before == (self.into.read, self.into.left_out) && !self.is_understood;
        if is_nothing && !self.broken.is_empty() {
            return Err(self.broken);
        }
        for fault in self.broken {
            self.into.warnings.push(Diagnostic {
                code: Code::ResultsPartial,
                severity: Severity::Warning,
                message: format!("{}: the entry is left out", fault.message),
                ..fault
            });
        }
        if self.more > 0 {
            let rest = format!("{} more entries of `{}` are left out", self.more, self.file);
            self.into.warnings.push(
                Diagnostic::new(Code::ResultsPartial, rest)
                    .at(Place::file(self.file.clone()))
                    .help(HELP),
            );
        }
        let others = self.others;
        let nouns = if others == 1 { "entry" } else { "entries" };
        if is_nothing || others > 0 && self.before.0 == self.into.read {
            let (what, help) = if is_nothing {
                (String::new(), "the scanner found nothing that it checks, or looked at nothing")
            } else {
                (format!(": {others} {nouns} without a verdict"), OTHERS)
            };
            let message = format!("`{}` holds no result of a check{what}", self.file);
            self.into
                .warnings
                .push(Diagnostic::new(Code::ResultsEmpty, message).at(self.place).help(help));
        } else if others > 0 {
            let verb = if others == 1 { "is" } else { "are" };
            let message = format!("{others} {nouns} of `{}` {verb} no result of a check", self.file);
            self.into
                .warnings
                .push(Diagnostic::new(Code::ResultsLeftOut, message).at(self.place).help(OTHERS));
        }
        Ok(())
    }
}
