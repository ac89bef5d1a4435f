//! What stands in the way of a handover.
//!
//! In: the handover of a Report, and the join's findings. Out: sentences, each with how many and whose they are, in the order in
//! which they are told: what is undone, what nothing shows, what will no longer be shown, and what the plan leaves open.

use super::Of;
use crate::diagnostics::Code;
use crate::raci::{Finding, Findings, PartyIx};
use crate::report::model::{AccessChange, Blocker, ExitTask, Handover, Move, Standing};
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// How long after the day of the handover evidence should count at least, where nothing stays for longer: whoever takes over
/// needs it until it has shown its own work.
const DAYS: i32 = 30;

pub(super) fn blockers(of: &Of<'_>, handover: &Handover, findings: &Findings) -> Vec<Blocker> {
    let (day, last) = (of.planned.date, last_day(of.planned.date, &handover.stays));
    let past = (day < of.as_of).then(|| Blocker {
        kind: "date",
        count: 1,
        text: format!("The day of the handover, {}, lies before this report's date", in_words(day)),
        who: None,
    });
    let mut found: Vec<Blocker> = past.into_iter().collect();
    found.extend(of_states(handover));
    found.extend(of_evidence(handover, day, last));
    found.extend(of_the_plan(handover));
    found.extend(decisions(of, handover, findings));
    found.extend(tasks(&handover.access, &handover.exit));
    found.extend(contacts(of));
    found
}

/// The last day of all that stays, and some days after the handover at least.
fn last_day(handover: Date, stays: &[Move]) -> Date {
    let last = stays.iter().filter_map(|one| one.until.as_ref()?.parse().ok()).max();
    let some_days_on = handover.checked_add(DAYS.days()).unwrap_or(handover);
    last.unwrap_or(some_days_on).max(some_days_on)
}

/// What is not done, and what nothing shows.
fn of_states(handover: &Handover) -> impl Iterator<Item = Blocker> {
    let (moves, stays) = (&handover.moves, &handover.stays);
    let is = |state: Standing| move |one: &Move| one.state == state;
    [
        of_duties(
            "not-met",
            moves,
            is(Standing::NotMet),
            "that moves is not met today",
            "that move are not met today",
        ),
        of_duties(
            "not-met-staying",
            stays,
            is(Standing::NotMet),
            "that stays is not met today",
            "that stay are not met today",
        ),
        of_duties(
            "unknown",
            moves,
            is(Standing::Unknown),
            "that moves waits for evidence",
            "that move wait for evidence",
        ),
    ]
    .into_iter()
    .flatten()
}

/// What rests on the word of somebody that will no longer count when the duties change hands.
fn of_evidence(handover: &Handover, day: Date, last: Date) -> impl Iterator<Item = Blocker> {
    let held: Vec<Move> = handover.moves.iter().chain(&handover.stays).cloned().collect();
    let until = |one: &Move| one.attested_until.as_ref().and_then(|until| until.parse::<Date>().ok());
    let (by, to) = (in_words(day), in_words(last));
    [
        of_duties(
            "lapsed",
            &held,
            |one| until(one).is_some_and(|until| until <= day),
            &format!("rests on evidence that lapses on {by} at the latest"),
            &format!("rest on evidence that lapses on {by} at the latest"),
        ),
        of_duties(
            "lapsing",
            &held,
            |one| until(one).is_some_and(|until| until > day && until <= last),
            &format!("rests on evidence that lapses after {by}, on {to} at the latest"),
            &format!("rest on evidence that lapses after {by}, on {to} at the latest"),
        ),
    ]
    .into_iter()
    .flatten()
}

/// What the plan does not say of duties.
fn of_the_plan(handover: &Handover) -> impl Iterator<Item = Blocker> {
    let (moves, stays) = (&handover.moves, &handover.stays);
    let is_left = |one: &Move| one.until.is_some() && one.then.is_none();
    let last = stays.iter().filter(|one| is_left(one)).filter_map(|one| one.until.as_ref()).max();
    let last = last.and_then(|day| day.parse().ok()).map_or_else(String::new, in_words);
    [
        of_duties(
            "runbook",
            moves,
            |one| one.runbooks.is_empty(),
            "that moves has no runbook",
            "that move have no runbook",
        ),
        of_duties(
            "keep",
            stays,
            |one| one.reason.is_none() || one.until.is_none(),
            "stays without a reason or without an end",
            "stay without a reason or without an end",
        ),
        of_duties(
            "successor",
            stays,
            is_left,
            &format!("stays until {last}, and nobody is named for it afterwards"),
            &format!("stay until {last} at the latest, and nobody is named for them afterwards"),
        ),
    ]
    .into_iter()
    .flatten()
}

/// Duties of which something is so, with who holds them today.
fn of_duties(kind: &'static str, duties: &[Move], is_meant: impl Fn(&Move) -> bool, one: &str, many: &str) -> Option<Blocker> {
    let meant: Vec<&Move> = duties.iter().filter(|duty| is_meant(duty)).collect();
    let count = meant.len() as u64;
    let text = if count == 1 {
        format!("1 duty {one}")
    } else {
        format!("{count} duties {many}")
    };
    (count > 0).then(|| Blocker {
        kind,
        count,
        text,
        who: Some(counted(meant.iter().map(|duty| duty.before.as_str()))),
    })
}

/// Names, each with how often it stands there where they are several.
fn counted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for name in names {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    match counts.as_slice() {
        [(name, _)] => (*name).to_owned(),
        several => {
            let words = several.iter().map(|(name, count)| format!("{name}: {count}"));
            words.collect::<Vec<_>>().join("; ")
        }
    }
}

/// What somebody must decide on what moves or stays.
fn decisions(of: &Of<'_>, handover: &Handover, findings: &Findings) -> Option<Blocker> {
    let is_decided = |code: Code| matches!(code, Code::ExceptionExpired | Code::EvidenceOverdue | Code::ModeUnknown);
    let open = |finding: &&Finding| is_decided(finding.code) && handover.open.contains(&finding.id);
    let from_findings: Vec<&Finding> = findings.list.iter().filter(open).collect();
    let matrix = of.context.matrix;
    let asked = || {
        matrix
            .duties
            .iter()
            .filter(|duty| duty.assignment.is_held_by(of.from) && !duty.asked.is_empty())
    };
    let count = from_findings.len() as u64 + asked().count() as u64;
    let name = |party: &PartyIx| of.context.inventory[*party].name.as_str();
    let responsible = from_findings.iter().flat_map(|finding| finding.responsible.iter().map(name));
    let accountable = asked().map(|duty| name(&duty.assignment.accountable()));
    // One decision may be for several to take, so that none is counted.
    let who: BTreeSet<&str> = responsible.chain(accountable).collect();
    let text = if count == 1 {
        "1 decision on what moves or stays is open".to_owned()
    } else {
        format!("{count} decisions on what moves or stays are open")
    };
    (count > 0).then(|| Blocker {
        kind: "decision",
        count,
        text,
        who: (!who.is_empty()).then(|| who.into_iter().collect::<Vec<_>>().join(", ")),
    })
}

/// What is nobody's to do, and what was due before the report's date.
fn tasks(access: &[AccessChange], exit: &[ExitTask]) -> impl Iterator<Item = Blocker> {
    let nobody = |kind, count: usize, one: &str, many: &str| {
        (count > 0).then(|| Blocker {
            kind,
            count: count as u64,
            text: if count == 1 {
                format!("1 {one}")
            } else {
                format!("{count} {many}")
            },
            who: None,
        })
    };
    let overdue = access.iter().filter(|one| one.overdue).map(|one| one.by_name.as_deref());
    let overdue = overdue.chain(exit.iter().filter(|one| one.overdue).map(|one| one.owner_name.as_deref()));
    let late: Vec<Option<&str>> = overdue.collect();
    let named: Vec<&str> = late.iter().flatten().copied().collect();
    [
        nobody(
            "access",
            access.iter().filter(|one| one.by.is_none()).count(),
            "change of access is nobody's to make",
            "changes of access are nobody's to make",
        ),
        nobody(
            "exit",
            exit.iter().filter(|one| one.owner.is_none()).count(),
            "exit task is nobody's",
            "exit tasks are nobody's",
        ),
        nobody(
            "overdue",
            late.len(),
            "change of access or exit task was due before this report's date",
            "changes of access and exit tasks were due before this report's date",
        )
        .map(|blocker| Blocker {
            who: (!named.is_empty()).then(|| counted(named.into_iter())),
            ..blocker
        }),
    ]
    .into_iter()
    .flatten()
}

/// Who cannot be reached, of both sides.
fn contacts(of: &Of<'_>) -> Option<Blocker> {
    let told = |party: PartyIx| {
        let party = &of.context.inventory[party];
        (of.context.party.is_none_or(|only| *only == *party.id)).then_some(party)
    };
    let silent: Vec<&str> = [of.from, of.to]
        .into_iter()
        .filter_map(told)
        .filter(|party| party.contact.is_none() && party.phone.is_none())
        .map(|party| party.name.as_str())
        .collect();
    (!silent.is_empty()).then(|| Blocker {
        kind: "contact",
        count: silent.len() as u64,
        text: format!("Nobody says how to reach {}", silent.join(" or ")),
        who: None,
    })
}

/// `15 December 2026`.
fn in_words(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}
