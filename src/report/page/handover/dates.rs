//! What is due when at a handover, and whether it is ready.
//!
//! In: the handover of a Report. Out: all that has a day, before the handover and in the first week, month and quarter after it;
//! what of that the first page tells; and the verdict.

use super::HandoverDate;
use crate::report::grouped;
use crate::report::model::Handover;
use crate::text::day_of;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Lines of days on the first page, which tells what stands in the way and what is broken beside them.
const MOST: usize = 12;

/// The same where there is much of that.
const FEW: usize = 5;

/// Points and broken duties that are much.
const MUCH: usize = 7;

/// Whether all is ready to be handed over.
pub(super) fn verdict(of: &Handover) -> String {
    let count = |is_after: bool| of.blockers.iter().filter(|blocker| blocker.after == is_after).count();
    let overdue = of.blockers.iter().filter(|blocker| blocker.overdue).count();
    let points = |number: usize| format!("{number} point{}", if number == 1 { "" } else { "s" });
    let overdue = if overdue > 0 {
        format!(" ({overdue} overdue)")
    } else {
        String::new()
    };
    match (count(false), count(true)) {
        (0, 0) => "Ready to be handed over: nothing that this report can see stands in the way".to_owned(),
        (0, after) => {
            let are = if after == 1 { "is" } else { "are" };
            format!(
                "Ready to be handed over once both sides accept {} that {are} due after it",
                points(after)
            )
        }
        (before, after) => {
            let stand = if before == 1 { "stands" } else { "stand" };
            let rest = match after {
                0 => String::new(),
                1 => ", and 1 more is due after it".to_owned(),
                more => format!(", and {more} more are due after it"),
            };
            format!("Not ready to be handed over: {} {stand} in the way{overdue}{rest}", points(before))
        }
    }
}

/// All that has a day, by day: what is granted, done and revoked, the handover itself, and the ends of what stays.
pub(super) fn dates(of: &Handover) -> Vec<HandoverDate> {
    let handover = of.date.as_ref().and_then(|day| day.parse::<Date>().ok());
    let date = |day: &String, what: String, who: Option<&String>, overdue: bool| HandoverDate {
        day: day.clone(),
        days: None,
        number: 1,
        when: when(day, handover),
        begins: false,
        what,
        who: who.cloned(),
        is_handover: false,
        is_end: false,
        is_access: false,
        overdue,
    };
    let access = of.access.iter().map(|one| {
        let verb = if one.kind == "grant" { "Grant" } else { "Revoke" };
        HandoverDate {
            is_access: true,
            ..date(&one.due, format!("{verb}: {}", one.what), one.by_name.as_ref(), one.overdue)
        }
    });
    let exit = of
        .exit
        .iter()
        .map(|one| date(&one.due, one.task.clone(), one.owner_name.as_ref(), one.overdue));
    let moving = of.moves.len();
    let moves = of.date.iter().filter(|_| moving > 0).map(|day| {
        let move_or_moves = if moving == 1 { "moves" } else { "move" };
        let what = format!("{} {} {move_or_moves}", grouped(moving as u64), noun(moving));
        HandoverDate {
            is_handover: true,
            ..date(day, what, of.to.as_ref(), false)
        }
    });
    let mut ends: BTreeMap<(&String, Option<&String>), usize> = BTreeMap::new();
    for one in &of.stays {
        if let Some(until) = &one.until {
            *ends.entry((until, one.then.as_ref())).or_default() += 1;
        }
    }
    let ends = ends.into_iter().map(|((day, then), count)| {
        let stays = if count == 1 { "stays" } else { "stay" };
        let then = then.map_or_else(
            || "nobody is named for what follows".to_owned(),
            |then| format!("{} to {then} afterwards", if count == 1 { "passes" } else { "pass" }),
        );
        let what = format!("Last day of {} {} that {stays}; {then}", grouped(count as u64), noun(count));
        HandoverDate {
            is_end: true,
            ..date(day, what, of.from.as_ref(), false)
        }
    });
    let mut dates: Vec<HandoverDate> = access.chain(exit).chain(moves).chain(ends).collect();
    // What is due on the day of the handover comes before it.
    dates.sort_by(|one, other| (&one.day, one.is_handover).cmp(&(&other.day, other.is_handover)));
    begin(&mut dates);
    dates
}

/// The days of the first page, in their order. What has no room there is counted, for each span.
pub(super) fn first(dates: &[HandoverDate], of: &Handover) -> Vec<HandoverDate> {
    let told = of.blockers.len() + of.open.len().min(3);
    let most = if told > MUCH { FEW } else { MOST };
    let day = of.date.as_deref().unwrap_or_default();
    let mut positions: Vec<usize> = (0..dates.len()).collect();
    // The handover and the ends of what stays, what is late, what follows; what comes before stands first in its own sections.
    positions.sort_by_key(|at| {
        let date = &dates[*at];
        if date.is_handover || date.is_end {
            0
        } else if date.overdue {
            1
        } else if date.day.as_str() >= day {
            2
        } else {
            3
        }
    });
    positions.truncate(most);
    positions.sort_unstable();
    let mut told: Vec<HandoverDate> = Vec::new();
    for span in dates.chunk_by(|one, next| one.when == next.when) {
        let is_named = |date: &&HandoverDate| positions.iter().any(|at| std::ptr::eq(&dates[*at], *date));
        told.extend(span.iter().filter(is_named).cloned());
        let left: Vec<&HandoverDate> = span.iter().filter(|date| !is_named(date)).collect();
        told.extend(counted(&left));
    }
    begin(&mut told);
    told
}

/// Dates of a span that are told in one line; one alone is told as it is.
fn counted(left: &[&HandoverDate]) -> Option<HandoverDate> {
    let (first, last) = (left.first()?, left.last()?);
    if left.len() == 1 {
        return Some((*first).clone());
    }
    let changes = left.iter().filter(|date| date.is_access).count();
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let parts = [
        (changes, format!("{changes} change{} of access", plural(changes))),
        (
            left.len() - changes,
            format!("{} exit task{}", left.len() - changes, plural(left.len() - changes)),
        ),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(_, words)| words)
        .collect();
    let who: BTreeSet<&str> = left.iter().filter_map(|date| date.who.as_deref()).collect();
    Some(HandoverDate {
        days: (first.day != last.day).then(|| days(&first.day, &last.day)),
        number: left.len() as u64,
        what: parts.join(" and "),
        who: (!who.is_empty()).then(|| Vec::from_iter(who).join(", ")),
        overdue: left.iter().any(|date| date.overdue),
        ..(*first).clone()
    })
}

/// Two days as printed, with what both share told once: `8 to 12 December 2026`.
fn days(first: &str, last: &str) -> String {
    let (from, to) = (day_of(first), day_of(last));
    let month = |day: &str| day.split_once(' ').map(|(_, month)| month.to_owned());
    match from.split_once(' ') {
        Some((number, own)) if month(&to).as_deref() == Some(own) => format!("{number} to {to}"),
        _ => format!("{from} to {to}"),
    }
}

/// Marks the first of each span.
fn begin(dates: &mut [HandoverDate]) {
    let mut last = "";
    for date in dates {
        date.begins = date.when != last;
        last = date.when;
    }
}

/// How long before or after the handover a day is.
fn when(day: &str, handover: Option<Date>) -> &'static str {
    let (Ok(day), Some(handover)) = (day.parse::<Date>(), handover) else {
        return "";
    };
    match day.duration_since(handover).as_hours() / 24 {
        ..0 => "Before",
        0 => "On the day",
        1..=7 => "1st week",
        8..=31 => "1st month",
        32..=92 => "1st quarter",
        _ => "Later",
    }
}

fn noun(count: usize) -> &'static str {
    if count == 1 { "duty" } else { "duties" }
}
