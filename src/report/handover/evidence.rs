//! What of a handover rests on evidence that will not count for long.
//!
//! In: what moves and what stays. Out: what lapses until the handover, and what lapses before whoever takes over has shown its own
//! work; each with the artefacts and their days.

use super::blockers::of_duties;
use crate::report::grouped;
use crate::report::model::{Blocker, Handover, Move};
use crate::report::page::in_short;
use crate::text;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Artefacts that are named before the rest is counted.
const NAMES: usize = 2;

/// What rests on the word of somebody that will no longer count when the duties change hands, or soon after.
pub(super) fn of_evidence(handover: &Handover, day: Date, last: Date, issued: Option<Date>) -> impl Iterator<Item = Blocker> {
    let held: Vec<Move> = handover.moves.iter().chain(&handover.stays).cloned().collect();
    [
        lapsing("lapsed", &held, issued, |until| until <= day),
        lapsing("lapsing", &held, issued, |until| until > day && until <= last),
    ]
    .into_iter()
    .flatten()
}

/// The last day of what a duty rests on.
fn until(one: &Move) -> Option<Date> {
    one.attested_until.as_ref()?.parse().ok()
}

fn lapsing(kind: &'static str, held: &[Move], issued: Option<Date>, is_meant: impl Fn(Date) -> bool) -> Option<Blocker> {
    // Of each artefact the first day, the last one, and how many duties.
    let mut artefacts: BTreeMap<&str, (Date, Date, u64)> = BTreeMap::new();
    for one in held {
        if let Some(day) = until(one).filter(|day| is_meant(*day)) {
            let artefact = one.attested_by.as_deref().unwrap_or_default();
            let (first, last, duties) = artefacts.entry(artefact).or_insert((day, day, 0));
            (*first, *last) = ((*first).min(day), (*last).max(day));
            *duties += 1;
        }
    }
    let first = artefacts.values().map(|(first, ..)| *first).min()?;
    let last = artefacts.values().map(|(_, last, _)| *last).max()?;
    let mut artefacts: Vec<(&str, (Date, Date, u64))> = artefacts.into_iter().collect();
    artefacts.sort_by_key(|(_, days)| *days);
    let names: BTreeSet<&str> = artefacts.iter().map(|(artefact, _)| *artefact).collect();
    let named = artefacts.iter().take(NAMES).map(|(artefact, days)| {
        let (of_first, of_last, duties) = *days;
        let day = if first == last || artefacts.len() == 1 {
            String::new()
        } else {
            format!(" {}", span(of_first, of_last))
        };
        let duties = if artefacts.len() == 1 {
            String::new()
        } else {
            format!(" ({})", grouped(duties))
        };
        format!("\"{}\"{day}{duties}", in_short(artefact, &names))
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let more = artefacts.len().saturating_sub(NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let over = held.iter().filter_map(until).filter(|day| is_meant(*day));
    let over = over.filter(|day| issued.is_some_and(|issued| *day < issued)).count();
    let over = if over > 0 {
        format!("; lapsed at issue: {}", grouped(over as u64))
    } else {
        String::new()
    };
    let when = span(first, last);
    of_duties(
        (kind, Some(first.to_string())),
        held,
        |one| until(one).is_some_and(&is_meant),
        &format!("rests on evidence that lapses {when}: {named}{more}{over}"),
        &format!("rest on evidence that lapses {when}: {named}{more}{over}"),
    )
}

/// The days from one to another.
fn span(first: Date, last: Date) -> String {
    if first == last {
        format!("on {}", text::day(first))
    } else if first.year() == last.year() {
        let (day, year) = (text::day(first), format!(" {}", first.year()));
        format!("from {} to {}", day.trim_end_matches(&year), text::day(last))
    } else {
        format!("from {} to {}", text::day(first), text::day(last))
    }
}
