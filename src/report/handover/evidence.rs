//! What of a handover rests on evidence that will not count for long.
//!
//! In: what moves and what stays. Out: what lapses until the handover, and what lapses before whoever takes over has shown its own
//! work; each with the artefacts and their days.

use super::blockers::of_duties;
use crate::report::grouped;
use crate::report::model::{Blocker, Handover, Move};
use crate::text;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Artefacts that are named before the rest is counted.
const NAMES: usize = 3;

/// What rests on the word of somebody that will no longer count when the duties change hands, or soon after.
pub(super) fn of_evidence(handover: &Handover, day: Date, last: Date) -> impl Iterator<Item = Blocker> {
    let held: Vec<Move> = handover.moves.iter().chain(&handover.stays).cloned().collect();
    [
        lapsing("lapsed", &held, |until| until <= day),
        lapsing("lapsing", &held, |until| until > day && until <= last),
    ]
    .into_iter()
    .flatten()
}

/// The last day of what a duty rests on.
fn until(one: &Move) -> Option<Date> {
    one.attested_until.as_ref()?.parse().ok()
}

fn lapsing(kind: &'static str, held: &[Move], is_meant: impl Fn(Date) -> bool) -> Option<Blocker> {
    let mut artefacts: BTreeMap<(Date, &str), u64> = BTreeMap::new();
    for one in held {
        if let Some(day) = until(one).filter(|day| is_meant(*day)) {
            *artefacts.entry((day, one.attested_by.as_deref().unwrap_or_default())).or_default() += 1;
        }
    }
    let ((first, _), _) = artefacts.first_key_value()?;
    let ((last, _), _) = artefacts.last_key_value()?;
    let is_one_day = first == last;
    let when = if is_one_day {
        format!("on {}", text::day(*first))
    } else {
        format!("from {} to {}", text::day(*first), text::day(*last))
    };
    let named = artefacts.iter().take(NAMES).map(|((day, artefact), duties)| {
        let day = if is_one_day {
            String::new()
        } else {
            format!(" on {}", text::day(*day))
        };
        let duties = if artefacts.len() == 1 {
            String::new()
        } else {
            format!(" ({})", grouped(*duties))
        };
        format!("\"{artefact}\"{day}{duties}")
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let more = artefacts.len().saturating_sub(NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    of_duties(
        (kind, Some(first.to_string())),
        held,
        |one| until(one).is_some_and(&is_meant),
        &format!("rests on evidence that lapses {when}: {named}{more}"),
        &format!("rest on evidence that lapses {when}: {named}{more}"),
    )
}
