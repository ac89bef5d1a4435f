//! How far duties are shown, as bars: all of them, and those that each party does.
//!
//! In: the figures of a Report. Out: bars of parts, each part a state.

use super::handover::HandoverPage;
use crate::report::model::{Activity, Report, StateCounts};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// The length of a bar.
const WHOLE: u64 = 1000;

/// Duties by state.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Bar {
    /// Whose they are.
    pub name: String,
    /// By which letter they are a party's: `R`, since it does them; none of all duties, and of those that move or stay.
    pub letter: Option<&'static str>,
    /// How many in which state.
    pub duties: StateCounts,
    /// The states that there are, best first.
    pub parts: Vec<BarPart>,
}

/// Duties of one state.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct BarPart {
    /// The state's word.
    pub state: &'static str,
    /// How many duties.
    pub duties: u64,
    /// Where it begins, of a thousand.
    pub start: u64,
    /// How long it is, of a thousand.
    pub length: u64,
}

/// One bar for what moves at a handover, and one for what stays.
pub(super) fn handover_bars(handover: &HandoverPage) -> Vec<Bar> {
    let both = [("What moves", handover.moving_states), ("What stays", handover.staying_states)];
    drawn(both.map(|(name, duties)| (name.to_owned(), None, duties)))
}

/// One bar for all duties, and one for each party that does any.
pub(super) fn bars(report: &Report) -> Vec<Bar> {
    let all = ("All duties".to_owned(), None, report.summary.duties);
    let parties = report.parties.iter();
    let parties = parties.map(|party| (party.name.clone(), Some("R"), party.duties.responsible));
    drawn(std::iter::once(all).chain(parties))
}

/// How many duties several of the parties with a bar do.
pub(super) fn done_by_several(report: &Report) -> u64 {
    let controls = report.services.iter().flat_map(|service| &service.controls);
    let duties = controls
        .flat_map(|control| &control.activities)
        .filter(|activity| activity.duty.is_some());
    let doers = |activity: &Activity| activity.assignments.iter().filter(|held| held.letters.contains('R')).count();
    duties.filter(|activity| doers(activity) > 1).count() as u64
}

fn drawn(bars: impl IntoIterator<Item = (String, Option<&'static str>, StateCounts)>) -> Vec<Bar> {
    bars.into_iter()
        .filter(|(.., duties)| duties.total > 0)
        .map(|(name, letter, duties)| Bar {
            name,
            letter,
            parts: parts(&duties),
            duties,
        })
        .collect()
}

fn parts(duties: &StateCounts) -> Vec<BarPart> {
    let states = [
        ("met", duties.met),
        ("attested", duties.attested),
        ("excepted", duties.excepted),
        ("unknown", duties.unknown),
        ("not-met", duties.not_met),
    ];
    let (mut before, mut parts) = (0, Vec::new());
    for (state, number) in states.into_iter().filter(|(_, number)| *number > 0) {
        let start = before * WHOLE / duties.total.max(1);
        before += number;
        parts.push(BarPart {
            state,
            duties: number,
            start,
            length: before * WHOLE / duties.total.max(1) - start,
        });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_of_a_bar_are_the_whole_bar(met in 0..900u64, attested in 0..9u64, excepted in 0..9u64, unknown in 0..900u64, not_met in 1..90u64) {
            let total = met + attested + excepted + unknown + not_met;
            let parts = parts(&StateCounts { total, met, attested, not_met, excepted, unknown });
            let mut end = 0;
            for part in &parts {
                prop_assert_eq!(part.start, end);
                end += part.length;
            }
            prop_assert_eq!(end, WHOLE);
            prop_assert_eq!(parts.iter().map(|part| part.duties).sum::<u64>(), total);
        }
    }
}
