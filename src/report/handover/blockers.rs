//! What stands in the way of a handover.
//!
//! In: the handover of a Report, and the join's findings. Out: sentences, each with how many and whose they are, in the order in
//! which they are told: what is undone, what nothing shows, what will no longer be shown, and what the plan leaves open. What is
//! due only after the handover is last.

use super::Of;
use super::{decisions, evidence};
use crate::raci::{Finding, Findings, PartyIx};
use crate::report::grouped;
use crate::report::model::{AccessChange, Blocker, ExitTask, Handover, Move, Standing};
use crate::text;
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
        text: format!("The day of the handover, {}, lies before this report's date", text::day(day)),
        ..Blocker::default()
    });
    let mut found: Vec<Blocker> = past.into_iter().collect();
    found.extend(of_states(of, handover, findings));
    found.extend(evidence::of_evidence(handover, day, last, of.context.issued()));
    found.extend(of_the_plan(handover, day));
    found.extend(without_access(of, handover));
    found.extend(decisions::decisions(of, handover, findings));
    found.extend(tasks(&handover.access, &handover.exit));
    found.extend(contacts(of));
    for blocker in &mut found {
        let due = blocker.due.as_ref().and_then(|due| due.parse::<Date>().ok());
        blocker.overdue = due.is_some_and(|due| due < of.as_of);
        blocker.after = due.is_some_and(|due| due > day);
    }
    found.sort_by_key(|blocker| blocker.after);
    found
}

/// The first of some days, and no later than the handover.
fn by(handover: Date, days: impl Iterator<Item = Date>) -> Option<String> {
    Some(days.min().unwrap_or(handover).min(handover).to_string())
}

/// The last day of all that stays, and some days after the handover at least.
fn last_day(handover: Date, stays: &[Move]) -> Date {
    let last = stays.iter().filter_map(|one| one.until.as_ref()?.parse().ok()).max();
    let some_days_on = handover.checked_add(DAYS.days()).unwrap_or(handover);
    last.unwrap_or(some_days_on).max(some_days_on)
}

/// What is not done, and what nothing shows.
fn of_states(of: &Of<'_>, handover: &Handover, findings: &Findings) -> impl Iterator<Item = Blocker> {
    let (moves, stays) = (&handover.moves, &handover.stays);
    let is = |state: Standing| move |one: &Move| one.state == state;
    let due = |duties: &[Move]| {
        let ids: BTreeSet<&str> = duties.iter().map(|one| &*one.duty).collect();
        let is_of = |finding: &&Finding| finding.duty.is_some_and(|duty| ids.contains(&**of.context.matrix[duty].id.text()));
        let days: Vec<Date> = findings.list.iter().filter(is_of).filter_map(|finding| finding.due).collect();
        days.into_iter().min()
    };
    let day = of.planned.date;
    [
        of_duties(
            ("not-met", by(day, due(moves).into_iter())),
            moves,
            is(Standing::NotMet),
            "that moves is not met today",
            "that move are not met today",
        ),
        of_duties(
            ("not-met-staying", due(stays).map(|day| day.to_string())),
            stays,
            is(Standing::NotMet),
            "that stays is not met today",
            "that stay are not met today",
        ),
        of_duties(
            ("unknown", by(day, std::iter::empty())),
            moves,
            is(Standing::Unknown),
            "that moves waits for evidence",
            "that move wait for evidence",
        ),
    ]
    .into_iter()
    .flatten()
}

/// What the plan does not say of duties.
fn of_the_plan(handover: &Handover, day: Date) -> impl Iterator<Item = Blocker> {
    let (moves, stays) = (&handover.moves, &handover.stays);
    let is_left = |one: &Move| one.until.is_some() && one.then.is_none();
    let last = stays.iter().filter(|one| is_left(one)).filter_map(|one| one.until.as_ref()).max();
    let (first, last) = (
        stays
            .iter()
            .filter(|one| is_left(one))
            .filter_map(|one| one.until.as_ref()?.parse().ok())
            .min(),
        last.and_then(|day| day.parse().ok()).map_or_else(String::new, text::day),
    );
    let handed_over = day;
    let day = Some(day.to_string());
    [
        of_duties(
            ("runbook", day.clone()),
            moves,
            |one| one.runbooks.is_empty(),
            "that moves has no runbook",
            "that move have no runbook",
        ),
        of_duties(
            ("keep", day),
            stays,
            |one| one.reason.is_none() || one.until.is_none(),
            "stays without a reason or without an end",
            "stay without a reason or without an end",
        ),
        of_duties(
            // Who follows is for both sides to say before they sign.
            ("successor", by(handed_over, first.into_iter())),
            stays,
            is_left,
            &format!("stays until {last}, and nobody is named for it afterwards"),
            &format!("stay until {last} at the latest, and nobody is named for them afterwards"),
        ),
    ]
    .into_iter()
    .flatten()
}

/// Duties that stay for longer than any access of who does them, as far as the plan names it.
fn without_access(of: &Of<'_>, handover: &Handover) -> Option<Blocker> {
    let from = of.context.party_id(of.from);
    let is_own = |one: &&AccessChange| one.kind == "revoke" && one.party == from;
    // ISO days sort as they follow each other.
    let last = handover.access.iter().filter(is_own).map(|one| &one.due).max()?;
    let words = last.parse().ok().map_or_else(String::new, text::day);
    of_duties(
        ("access-ends", by(of.planned.date, last.parse().ok().into_iter())),
        &handover.stays,
        |one| one.until.as_ref().is_none_or(|until| until > last),
        &format!("stays for longer than the access of who does it, the last of which is revoked on {words}"),
        &format!("stay for longer than the access of who does them, the last of which is revoked on {words}"),
    )
}

/// Duties of which something is so, with who holds them today.
pub(super) fn of_duties(
    (kind, due): (&'static str, Option<String>),
    duties: &[Move],
    is_meant: impl Fn(&Move) -> bool,
    one: &str,
    many: &str,
) -> Option<Blocker> {
    let meant: Vec<&Move> = duties.iter().filter(|duty| is_meant(duty)).collect();
    let count = meant.len() as u64;
    let text = if count == 1 {
        format!("1 duty {one}")
    } else {
        format!("{} duties {many}", grouped(count))
    };
    (count > 0).then(|| Blocker {
        kind,
        count,
        text,
        who: Some(counted(meant.iter().map(|duty| duty.before.as_str()))),
        due,
        ..Blocker::default()
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
            let words = several.iter().map(|(name, count)| format!("{name}: {}", grouped(*count)));
            words.collect::<Vec<_>>().join("; ")
        }
    }
}

/// What is nobody's to do, and what was due before the report's date.
fn tasks(access: &[AccessChange], exit: &[ExitTask]) -> impl Iterator<Item = Blocker> {
    let of_tasks = |kind, due: &[&String], who: Option<String>, one: &str, many: &str| {
        let count = due.len();
        (count > 0).then(|| Blocker {
            kind,
            count: count as u64,
            text: if count == 1 {
                format!("1 {one}")
            } else {
                format!("{count} {many}")
            },
            who,
            due: due.iter().min().map(|day| (*day).clone()),
            ..Blocker::default()
        })
    };
    let nobodys: Vec<&String> = access.iter().filter(|one| one.by.is_none()).map(|one| &one.due).collect();
    let nobody_does: Vec<&String> = exit.iter().filter(|one| one.owner.is_none()).map(|one| &one.due).collect();
    let late = access
        .iter()
        .filter(|one| one.overdue)
        .map(|one| (one.by_name.as_deref(), &one.due));
    let late = late.chain(
        exit.iter()
            .filter(|one| one.overdue)
            .map(|one| (one.owner_name.as_deref(), &one.due)),
    );
    let (owners, late): (Vec<Option<&str>>, Vec<&String>) = late.unzip();
    let named: Vec<&str> = owners.into_iter().flatten().collect();
    [
        of_tasks(
            "access",
            &nobodys,
            None,
            "change of access is nobody's to make",
            "changes of access are nobody's to make",
        ),
        of_tasks("exit", &nobody_does, None, "exit task is nobody's", "exit tasks are nobody's"),
        of_tasks(
            "overdue",
            &late,
            (!named.is_empty()).then(|| counted(named.into_iter())),
            "change of access or exit task was due before this report's date",
            "changes of access and exit tasks were due before this report's date",
        ),
    ]
    .into_iter()
    .flatten()
}

/// Who cannot be reached, of both sides.
fn contacts(of: &Of<'_>) -> Option<Blocker> {
    let told = |party: PartyIx| of.context.is_reached(party).then_some(&of.context.inventory[party]);
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
        who: Some(silent.join(", ")),
        due: Some(of.planned.date.to_string()),
        ..Blocker::default()
    })
}
