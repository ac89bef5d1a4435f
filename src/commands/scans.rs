//! What is worth telling of scanners' results.
//!
//! In: a joined matrix. Out: diagnostics: how many results say nothing of any duty, and why.

use super::counted;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::raci::Matrix;
use crate::raci::scans::{Scanned, Unlisted};

/// Names that are told.
const NAMES: usize = 5;

/// What is worth telling of the results of a matrix.
pub(super) fn diagnostics(matrix: &Matrix) -> Vec<Diagnostic> {
    let unlisted = matrix.unlisted();
    let scanned = matrix.scanned();
    let (named, unnamed): (Vec<&Unlisted>, Vec<&Unlisted>) = unlisted.iter().partition(|one| one.is_named);
    let mut found = Vec::new();
    if !named.is_empty() {
        found.push(of_unlisted(matrix, &named));
    }
    if !unnamed.is_empty() {
        found.push(of_unnamed(matrix, &unnamed));
    }
    for one in &scanned {
        found.extend(of_scanner(matrix, one));
    }
    found
}

/// Results of which nothing tells what they are about.
fn of_unnamed(matrix: &Matrix, unnamed: &[&Unlisted]) -> Diagnostic {
    let results: u64 = unnamed.iter().map(|one| one.results).sum();
    let (noun, verb) = if results == 1 { ("result", "names") } else { ("results", "name") };
    let message = format!("{results} {noun} {verb} nothing that the inventory could list");
    let help = "let the scanner write its JSON: SARIF and some tables name no resource; for Trusted Advisor give the answer of `describe-trusted-advisor-checks`, too";
    at_first_file(matrix, Diagnostic::new(Code::ResultsUnlisted, message)).help(help)
}

fn at_first_file(matrix: &Matrix, found: Diagnostic) -> Diagnostic {
    match matrix.scans.files.first() {
        Some(file) => found.at(Place::file(file.path.clone())),
        None => found,
    }
}

fn of_unlisted(matrix: &Matrix, unlisted: &[&Unlisted]) -> Diagnostic {
    let results: u64 = unlisted.iter().map(|one| one.results).sum();
    let names = named(unlisted.iter().map(|one| &*one.label), unlisted.len());
    let (verb, noun) = (
        if results == 1 { "result is" } else { "results are" },
        if unlisted.len() == 1 { "thing" } else { "things" },
    );
    let message = format!(
        "{results} {verb} about {} {noun} that the inventory does not list: {names}",
        unlisted.len()
    );
    let found = at_first_file(matrix, Diagnostic::new(Code::ResultsUnlisted, message));
    found.help("list them or import what is deployed; results find a resource by its ARN, else by a name that no other has")
}

fn of_scanner(matrix: &Matrix, one: &Scanned) -> Vec<Diagnostic> {
    let place = one.files.first().map(|file| Place::file(matrix.scans.files[*file].path.clone()));
    let told = |code: Code, count: u64, what: String, help: &str| {
        let found = Diagnostic::new(code, what).help(help);
        let found = match &place {
            Some(place) => found.at(place.clone()),
            None => found,
        };
        (count > 0).then_some(found)
    };
    let results = |count: u64| counted(usize::try_from(count).unwrap_or(usize::MAX), "result");
    let unknown = named(one.unknown_checks.iter().map(|check| &**check), one.unknown_checks.len());
    let of_checks = if one.unknown_checks.len() == 1 { "a check" } else { "checks" };
    let all = [
        told(
            Code::ResultsStale,
            one.stale,
            format!("{} of {} may be too old to show that a duty is done", results(one.stale), one.name),
            "run it again, or say `max_age` or `at` with the entry under `results`",
        ),
        told(
            Code::ResultsLater,
            one.later,
            format!(
                "{} of {} {} after the report's date and {} for nothing",
                results(one.later),
                one.name,
                if one.later == 1 { "comes" } else { "come" },
                if one.later == 1 { "counts" } else { "count" },
            ),
            "set `as_of` to a later day, or name an earlier run",
        ),
        told(
            Code::ResultsElsewhere,
            one.adrift,
            format!(
                "{} of {} failed on {} on which none of the duties holds that the check is about: {}; looked for: {}",
                results(one.adrift),
                one.name,
                if one.adrift == 1 { "a resource" } else { "resources" },
                named(one.adrift_checks.iter().map(|check| &**check), one.adrift_checks.len()),
                named(one.adrift_duties.iter().map(|duty| &**duty), one.adrift_duties.len()),
            ),
            "see to them by what the scanner says: no finding of this report names them",
        ),
        told(
            Code::ResultsUnmapped,
            one.unmapped,
            format!(
                "{} of {} {} of {of_checks} that the catalog does not know: {unknown}",
                results(one.unmapped),
                one.name,
                if one.unmapped == 1 { "is" } else { "are" },
            ),
            "an overlay with `checks/SCANNER.yaml` says which duties they are about",
        ),
    ];
    all.into_iter().flatten().collect()
}

fn named<'n>(names: impl Iterator<Item = &'n str>, all: usize) -> String {
    let shown: Vec<String> = names.take(NAMES).map(|name| format!("`{name}`")).collect();
    let more = all.saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
