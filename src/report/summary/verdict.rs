//! The figures in a sentence.
//!
//! In: the joined matrix, and the duties by state. Out: how many duties are in which state and whose they are; where there are
//! commitments alone, how many these are.

use super::{grouped, joined};
use crate::raci::{PartyIx, UnitIx};
use crate::report::context::Context;
use crate::report::model::StateCounts;
use crate::text::day;
use std::collections::BTreeSet;

/// What the party is called that stands in where an inventory names none.
const NOBODY: &str = "Customer";

/// `Of 12 duties 5 are met and 7 are unknown`: the states that there are, best first.
fn by_state(duties: &StateCounts) -> String {
    let states = [
        (duties.met, "met"),
        (duties.attested, "attested"),
        (duties.not_met, "not met"),
        (duties.excepted, "excepted"),
        (duties.unknown, "unknown"),
    ];
    let verb = |number: u64| if number == 1 { "is" } else { "are" };
    let states: Vec<(u64, &str)> = states.into_iter().filter(|(number, _)| *number > 0).collect();
    match (states.as_slice(), duties.total) {
        ([(1, word)], 1) => format!("The only duty is {word}"),
        ([(_, word)], all) => format!("All {} duties are {word}", grouped(all)),
        (some, all) => {
            let some = some
                .iter()
                .map(|(number, word)| format!("{} {} {word}", grouped(*number), verb(*number)));
            format!("Of {} duties {}", grouped(all), joined(&some.collect::<Vec<_>>()))
        }
    }
}

/// One sentence: how many duties are in which state, and whose they are; where there are commitments alone, how many these are.
pub(super) fn verdict(context: &Context<'_>, duties: &StateCounts) -> String {
    if let Some(text) = promised(context).filter(|_| duties.total == 0) {
        return text;
    }
    let mut text = by_state(duties);
    let held: Vec<(PartyIx, u64)> = (0..context.inventory.parties.len())
        .map(PartyIx::new)
        .map(|party| {
            (
                party,
                context
                    .matrix
                    .duties
                    .iter()
                    .filter(|duty| duty.assignment.accountable() == party)
                    .count() as u64,
            )
        })
        .filter(|(_, number)| *number > 0)
        .collect();
    let parties: Vec<String> = held
        .iter()
        .enumerate()
        .map(|(position, (party, number))| {
            let verb = if position == 0 { "answers (A) for" } else { "for" };
            // The one that stands in where nobody is named has no name of its own.
            let name = match context.inventory[*party].name.as_str() {
                NOBODY => "the customer",
                name => name,
            };
            format!("{name} {verb} {}", grouped(*number))
        })
        .collect();
    if !parties.is_empty() {
        text.push_str("; ");
        text.push_str(&joined(&parties));
    }
    if let Some(handover) = &context.inventory.handover {
        let from = PartyIx::new(handover.from);
        let own = || context.matrix.duties.iter().filter(|duty| duty.assignment.is_held_by(from));
        let moving = own().filter(|duty| duty.after.is_some()).count() as u64;
        let total = own().count() as u64;
        let holds = if own().all(|duty| duty.assignment.responsible().contains(&from)) {
            "does (R)"
        } else {
            "holds"
        };
        if moving > 0 {
            let verb = if moving == 1 { "moves" } else { "move" };
            text.push_str(&format!(
                "; {} {holds} {}, {} of which {verb} to {} on {}",
                context.inventory[from].name,
                grouped(total),
                grouped(moving),
                context.inventory[PartyIx::new(handover.to)].name,
                day(handover.date),
            ));
            text.push_str(&held_later(context));
        }
    }
    text.push('.');
    text
}

/// In a report that is cut to who takes over: how many of the duties it holds from the handover on, and not before.
fn held_later(context: &Context<'_>) -> String {
    let Some(party) = context.cut_to() else {
        return String::new();
    };
    let later = context.matrix.duties.iter().filter(|duty| !duty.assignment.is_held_by(party));
    match later.count() as u64 {
        0 => String::new(),
        number => format!(", which holds {} of them only from that day on", grouped(number)),
    }
}

/// What providers do, where nobody has a duty; none where they do nothing either.
fn promised(context: &Context<'_>) -> Option<String> {
    let commitments = &context.matrix.commitments;
    let by: BTreeSet<PartyIx> = commitments.iter().map(|one| one.assignment.accountable()).collect();
    let names: Vec<String> = by.iter().map(|party| context.inventory[*party].name.clone()).collect();
    let units: BTreeSet<UnitIx> = commitments.iter().map(|one| one.unit).collect();
    let (number, units) = (commitments.len() as u64, units.len() as u64);
    let noun = |number: u64, one: &'static str, many: &'static str| if number == 1 { one } else { many };
    (number > 0).then(|| {
        format!(
            "{} {} {} {} on {} {}. None is a duty of anybody else, and none has a state: who makes them does all of it and answers for it.",
            joined(&names),
            noun(by.len() as u64, "has", "have"),
            grouped(number),
            noun(number, "commitment", "commitments"),
            grouped(units),
            noun(units, "service", "services and modes"),
        )
    })
}
