//! A check of a scanner: the duties that it is about, and what it found here.
//!
//! In: a joined workspace and what a user calls a check. Out: the check, or text.

use super::duties::{Asked, line};
use super::earlier::Earlier;
use crate::catalog::checks::{Effect, Known, Mapped};
use crate::commands::workspace::Workspace;
use crate::diagnostics::{Code, Diagnostic};
use crate::raci::Duty;
use crate::raci::scans::Scan;
use crate::results::Outcome;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The check of a word: `prowler:s3_bucket_public_access`, `securityhub/S3.8`, or an id that one scanner alone has. None
/// where no scanner that is known has such a check.
///
/// # Errors
/// Several scanners have it.
pub(super) fn named<'w>(word: &str, workspace: &'w Workspace) -> Result<Option<Known<'w>>, Diagnostic> {
    let catalog = &workspace.catalog;
    let (scanner, id) = match word.split_once([':', '/']) {
        Some((scanner, id)) => (Some(scanner.trim()), id.trim()),
        None => (None, word.trim()),
    };
    let is_scanner = |known: &Known<'_>| {
        scanner.is_none_or(|scanner| {
            let name = catalog.scanner_name(known.scanner);
            let squashed = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
            // `AWS Security Hub` is called `Security Hub`, too.
            known.scanner.eq_ignore_ascii_case(scanner)
                || squashed(&name) == squashed(scanner)
                || (scanner.contains(' ') && squashed(&name).ends_with(&squashed(scanner)))
        })
    };
    let found = catalog
        .known_checks()
        .filter(|known| known.id.eq_ignore_ascii_case(id) && is_scanner(known));
    let mut found: Vec<Known<'_>> = found.collect();
    // The very spelling counts before another.
    if found.iter().any(|known| known.id == id) {
        found.retain(|known| known.id == id);
    }
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        several => {
            let names: Vec<String> = several.iter().map(|known| format!("`{}:{}`", known.scanner, known.id)).collect();
            let fault = Diagnostic::new(Code::InvalidValue, format!("`{word}` is a check of several scanners"));
            Err(fault.help(format!("name one: {}", names.join(", "))))
        }
    }
}

/// The check, the duties that its verdicts speak of, and who holds them here.
pub(super) fn of(workspace: &Workspace, check: &Known<'_>, control: Option<&str>, earlier: Option<&Earlier>) -> String {
    let mut out = String::new();
    let name = workspace.catalog.scanner_name(check.scanner);
    let title = title(workspace, check).map(|title| format!(": {title}")).unwrap_or_default();
    let _ = writeln!(out, "{name} {}{title}", check.id);
    if let Some(other) = check.same_as {
        let _ = writeln!(out, "  tests the same as {}", other.replacen('/', ":", 1));
    }
    let _ = writeln!(out, "  {}", results(workspace, check));
    match check.mapped {
        Mapped::NoDuty(reason) => {
            let why = check.why.map(|why| format!(": {why}")).unwrap_or_default();
            let _ = writeln!(out, "  about no duty, because {}{why}", reason.clause());
        }
        Mapped::Duties(duties) => {
            if duties.on_account {
                let _ = writeln!(out, "  its verdicts are about the account");
            }
            for effect in &duties.effects {
                describe(workspace, (check, effect), control, earlier, &mut out);
            }
        }
    }
    out
}

/// What the check is called, as far as results tell it.
fn title<'w>(workspace: &'w Workspace, check: &Known<'_>) -> Option<&'w str> {
    let checks = &workspace.matrix.scans.checks;
    let own = checks.iter().find(|one| *one.scanner == *check.scanner && *one.id == *check.id)?;
    own.title.as_deref()
}

/// How its results came out here.
fn results(workspace: &Workspace, check: &Known<'_>) -> String {
    let scans = &workspace.matrix.scans;
    let own = scans.results.iter().filter(|scan| {
        let of = &scans[scan.check];
        *of.scanner == *check.scanner && *of.id == *check.id
    });
    let own: Vec<&Scan> = own.collect();
    if own.is_empty() {
        return "no results of it are given".to_owned();
    }
    let mut by_outcome: BTreeMap<&str, usize> = BTreeMap::new();
    for scan in &own {
        let word = match scan.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Silenced => "silenced",
            Outcome::NotJudged => "not judged",
        };
        *by_outcome.entry(word).or_default() += 1;
    }
    let figures: Vec<String> = by_outcome.into_iter().map(|(word, count)| format!("{count} {word}")).collect();
    let last = own.iter().filter_map(|scan| scan.at).max();
    let last = last
        .map(|at| format!(", last on {}", at.to_zoned(TimeZone::UTC).date()))
        .unwrap_or_default();
    format!("results here: {}{last}", figures.join(", "))
}

/// A duty that it is about, and what each verdict says of that.
fn describe(
    workspace: &Workspace,
    (check, effect): (&Known<'_>, &Effect),
    control: Option<&str>,
    earlier: Option<&Earlier>,
    out: &mut String,
) {
    let matrix = &workspace.matrix;
    let holds = |duty: &&Duty| {
        let split = &matrix[duty.unit].split;
        duty.activity.id == effect.activity
            && effect.holds_in(&split.service, split.mode.as_ref().map(|mode| mode.id.as_str()))
            && control.is_none_or(|control| workspace.catalog[duty.control].id == control)
    };
    let duties: Vec<&Duty> = matrix.duties.iter().filter(holds).collect();
    let does = match duties.first() {
        Some(duty) => Some(duty.activity.does.clone()),
        None => workspace.catalog.activity(&effect.activity).map(|activity| activity.does.clone()),
    };
    let does = does.map(|does| format!(": {does}")).unwrap_or_default();
    let _ = writeln!(out, "\n{}{does}", effect.activity);
    let why = effect.why.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    let _ = writeln!(
        out,
        "  a pass {}, a failure {}{why}",
        effect.passed.clause(),
        effect.failed.clause()
    );
    if let Some(condition) = effect.condition() {
        let _ = writeln!(out, "  where it runs as {condition}");
    }
    if duties.is_empty() {
        let _ = writeln!(out, "  no such duty in this inventory");
    }
    for duty in duties {
        let asked = Asked {
            resources: None,
            check: Some(check),
            earlier,
        };
        line(workspace, duty, &asked, out);
    }
}
