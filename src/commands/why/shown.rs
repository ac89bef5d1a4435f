//! What shows the state of a duty, and since when it is so.
//!
//! In: a duty of a joined workspace, and the resources that are asked about. Out: words, a line each.

use super::duties::Asked;
use crate::commands::workspace::Workspace;
use crate::raci::{Duty, DutyIx, EvidenceIx, Means, ResourceIx, ResultIx, Shown, State};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What there is to say of a duty's state, each with the word that it stands under.
pub(super) fn lines(workspace: &Workspace, duty: &Duty, asked: &Asked<'_>) -> Vec<(&'static str, String)> {
    // Where the state is known, a part of it that somebody looked at adds nothing, unless that is asked about.
    let is_open = super::duties::state(duty, asked.resources) == State::Unknown;
    let is_asked = |shown: &&Shown| match (shown.means, asked.check) {
        (Means::Check(check), Some(known)) => {
            let check = &workspace.matrix[check];
            *check.scanner == *known.scanner && *check.id == *known.id
        }
        _ => false,
    };
    let told = duty
        .shown_by
        .iter()
        .filter(|shown| is_open || shown.word() != "part" || is_asked(shown));
    let mut lines: Vec<(&'static str, String)> = told.filter_map(|shown| means(workspace, duty, shown, asked.resources)).collect();
    if is_open {
        lines.extend(lapsed(workspace, duty, asked.resources));
    }
    lines.extend(exceptions(workspace, duty, asked.resources));
    if let Some(since) = since(workspace, duty, asked.resources) {
        lines.push(("since", since.to_string()));
    }
    if let Some(earlier) = asked.earlier {
        lines.extend(earlier.of(&duty.id).into_iter().map(|words| ("before", words)));
    }
    lines
}

/// What one means shows: `Prowler rds_instance_multi_az of 2026-10-30: done on 2`.
fn means(workspace: &Workspace, duty: &Duty, shown: &Shown, asked: Option<&[ResourceIx]>) -> Option<(&'static str, String)> {
    let matrix = &workspace.matrix;
    let is_asked = |index: &ResourceIx| asked.is_none_or(|asked| asked.contains(index));
    let count = |list: &[ResourceIx]| matrix.count(list.iter().copied().filter(is_asked));
    let excepted: Vec<ResourceIx> = shown.excepted.iter().map(|(index, _)| *index).collect();
    let done = if shown.is_attestation() { "attested" } else { "done" };
    let says: Vec<String> = [
        (count(&shown.not_met), "broken"),
        (count(&excepted), "excepted"),
        (count(&shown.met), done),
        (count(&shown.part), "in part"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, says)| format!("{says} on {count}"))
    .collect();
    if says.is_empty() {
        return None;
    }
    let says = says.join(", ");
    Some(match shown.means {
        Means::Configuration => ("config", format!("configuration of {}: {says}", workspace.as_of)),
        Means::Check(check) => {
            let check = &matrix[check];
            let looks = shown.looks.iter().filter(|(index, _)| is_asked(index));
            let last = looks.filter_map(|(_, result)| day(workspace, *result)).max();
            let day = last.map(|day| format!(" of {day}")).unwrap_or_default();
            let looks = shown.looks.iter().filter(|(index, _)| is_asked(index));
            let parts = crate::raci::parts(matrix, looks.map(|(_, result)| *result));
            let parts = parts.map(|parts| format!(", by its part {parts}")).unwrap_or_default();
            ("check", format!("{} {}{day}: {says}{parts}", check.scanner_name, check.id))
        }
        Means::Evidence(evidence) => {
            let until = workspace.inventory[evidence].attests_until(duty.activity.cadence);
            let until = until.map(|day| format!(", good until {day}")).unwrap_or_default();
            ("evidence", format!("{}{until}: {says}", vouched(workspace, evidence)))
        }
    })
}

/// `Record of the restore test, vouched for by Shift Lead, northwind, done 2026-08-20, reviewed 2026-09-01`.
fn vouched(workspace: &Workspace, evidence: EvidenceIx) -> String {
    let evidence = &workspace.inventory[evidence];
    let by = evidence.by.as_ref().map(|by| {
        let party = &workspace.inventory.parties[by.party].id;
        let person = by.person.as_deref().map(|person| format!("{person}, ")).unwrap_or_default();
        format!(", vouched for by {person}{party}")
    });
    let performed = evidence.performed.map(|day| format!(", done {day}")).unwrap_or_default();
    let reviewed = evidence.reviewed.map(|day| format!(", reviewed {day}")).unwrap_or_default();
    format!("{}{}{performed}{reviewed}", evidence.artefact, by.unwrap_or_default())
}

/// The artefacts that attested it once and do so no more, with the reason.
fn lapsed(workspace: &Workspace, duty: &Duty, asked: Option<&[ResourceIx]>) -> Vec<(&'static str, String)> {
    let is_asked = |index: &ResourceIx| asked.is_none_or(|asked| asked.contains(index));
    let about = duty.lapsed.iter().filter(|(_, list)| list.iter().any(is_asked));
    let words = about.map(|(evidence, _)| {
        let until = workspace.inventory[*evidence].attests_until(duty.activity.cadence);
        let until = until.map(|day| format!(", lapsed {day}")).unwrap_or_default();
        let often = duty.activity.cadence.filter(|cadence| cadence.days().is_some());
        let often = often.map(|often| format!(": due {often}")).unwrap_or_default();
        ("lapsed", format!("{}{until}{often}", vouched(workspace, *evidence)))
    });
    words.collect()
}

/// The exceptions that excuse it.
fn exceptions(workspace: &Workspace, duty: &Duty, asked: Option<&[ResourceIx]>) -> Vec<(&'static str, String)> {
    let excepted = duty.excepted().into_iter();
    let mut found: Vec<_> = excepted
        .filter(|(index, _)| asked.is_none_or(|asked| asked.contains(index)))
        .map(|(_, exception)| exception)
        .collect();
    found.sort();
    found.dedup();
    let words = found.into_iter().filter_map(|index| {
        let exception = workspace.inventory.exceptions.get(index.position())?;
        let place = workspace.sources.positions([&exception.place]).show(&exception.place);
        let until = exception.expires.map(|day| format!(", until {day}")).unwrap_or_default();
        let by = exception
            .approved_by
            .as_deref()
            .map(|by| format!(", approved by {by}"))
            .unwrap_or_default();
        Some(("excused", format!("at {place}{by}{until}: {}", exception.reason)))
    });
    words.collect()
}

/// Since when its state is known to be so: the day that its finding says; the day of the last artefact that attests it, since
/// it takes all of them; the day of the first result that shows it broken, or of the last that shows it done.
fn since(workspace: &Workspace, duty: &Duty, asked: Option<&[ResourceIx]>) -> Option<Date> {
    let is_asked = |index: &ResourceIx| asked.is_none_or(|asked| asked.contains(index));
    let looks = |takes: fn(&Shown) -> &[ResourceIx]| {
        let looks = duty.shown_by.iter().flat_map(move |shown| {
            let taken = move |(index, _): &&(ResourceIx, ResultIx)| takes(shown).contains(index) && is_asked(index);
            shown.looks.iter().filter(taken)
        });
        looks.filter_map(|(_, result)| day(workspace, *result))
    };
    match super::duties::state(duty, asked) {
        State::NotMet => {
            let of_duty = |finding: &&crate::raci::Finding| finding.duty.map(|index: DutyIx| &workspace.matrix[index].id) == Some(&duty.id);
            let said = workspace.findings.list.iter().find(of_duty).and_then(|finding| finding.since);
            said.or_else(|| looks(|shown| &shown.not_met).min())
        }
        State::Attested => {
            let vouched = duty.shown_by.iter().filter(|shown| shown.met.iter().any(is_asked));
            let days = vouched.filter_map(|shown| match shown.means {
                Means::Evidence(evidence) => workspace.inventory[evidence].reviewed,
                _ => None,
            });
            days.max()
        }
        State::Met => looks(|shown| &shown.met).max(),
        State::Excepted | State::Unknown => None,
    }
}

/// The day of a result.
fn day(workspace: &Workspace, result: ResultIx) -> Option<Date> {
    workspace.matrix[result].at.map(|at| at.to_zoned(TimeZone::UTC).date())
}
