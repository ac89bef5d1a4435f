//! What the figures mean for who signs.
//!
//! In: the findings, and the duties by state. Out: sentences that say what is open and overdue, and what rests on whose word.

use super::{grouped, joined};
use crate::catalog::Severity;
use crate::raci::{Duty, Findings, Means, State};
use crate::report::context::Context;
use crate::report::model::StateCounts;
use crate::report::page::requirements::sentence;
use jiff::civil::Date;

/// Whether a duty is attested, and by nobody but who does it.
pub(super) fn is_own_word(context: &Context<'_>, duty: &Duty) -> bool {
    if duty.state != State::Attested {
        return false;
    }
    let doers = duty.assignment.responsible();
    let mut vouchers = duty.shown_by.iter().filter_map(|shown| match shown.means {
        Means::Evidence(evidence) => Some(context.inventory[evidence].by.as_ref()),
        Means::Configuration | Means::Check(_) => None,
    });
    vouchers.all(|by| by.is_some_and(|by| doers.iter().any(|doer| doer.position() == by.party)))
}

/// Whether it can be signed, and what speaks against it: a high finding, anything overdue, or fewer than half of the duties
/// shown. A report from a part of an estate is not for signing.
pub(super) fn judgement(context: &Context<'_>, findings: &Findings, as_of: Date, duties: &StateCounts, own_word: u64) -> String {
    if duties.total == 0 {
        return String::new();
    }
    let is = |number: u64| if number == 1 { "is" } else { "are" };
    let findings_of = |number: u64, what: &str| format!("{number} {what}finding{}", if number == 1 { "" } else { "s" });
    let high = findings.list.iter().filter(|finding| finding.severity == Severity::High).count() as u64;
    let overdue = |is_high: bool| {
        let of = findings
            .list
            .iter()
            .filter(|finding| (finding.severity == Severity::High) == is_high);
        of.filter(|finding| finding.due.is_some_and(|due| due < as_of)).count() as u64
    };
    let mut against = Vec::new();
    if high > 0 {
        let late = match overdue(true) {
            0 => String::new(),
            all if all == high => " and overdue".to_owned(),
            some => format!(" ({some} of them overdue)"),
        };
        against.push(format!("{} {} open{late}", findings_of(high, "high "), is(high)));
    }
    let others = overdue(false);
    if others > 0 {
        let what = if high > 0 { "other " } else { "" };
        against.push(format!("{} {} overdue", findings_of(others, what), is(others)));
    }
    let is_little = duties.unknown.saturating_mul(2) > duties.total;
    if is_little {
        against.push("most duties wait for evidence".to_owned());
    }
    let mut text = match (against.is_empty(), context.inventory.is_partial) {
        (true, _) => "No high finding is open, and nothing is overdue".to_owned(),
        (false, true) => sentence(&joined(&against)),
        (false, false) => format!("Not ready to be signed: {}", joined(&against)),
    };
    text.push('.');
    if duties.attested > 0 {
        let all = duties.attested == own_word;
        text.push_str(&format!(
            " {} of {} duties ({}) {} attested, {}by the party that does the work itself.",
            grouped(duties.attested),
            grouped(duties.total),
            in_a_hundred(duties.attested, duties.total),
            is(duties.attested),
            match own_word {
                0 => "none of them only ".to_owned(),
                1 if all => "only ".to_owned(),
                _ if all => "each of them only ".to_owned(),
                some => format!("{} of them only ", grouped(some)),
            }
        ));
    }
    text
}

/// A share in a hundred, rounded; what is hardly any or nearly all is called so, and rounded to neither.
fn in_a_hundred(part: u64, of: u64) -> String {
    let (part, of) = (u128::from(part), u128::from(of));
    match part {
        0 => "0%".to_owned(),
        part if part >= of => "100%".to_owned(),
        part if part * 100 < of => "less than 1%".to_owned(),
        part if (of - part) * 100 < of => "more than 99%".to_owned(),
        part => format!("{}%", (part * 100 + of / 2) / of),
    }
}

#[cfg(test)]
mod tests {
    use super::in_a_hundred;

    #[test]
    fn a_share_is_rounded_neither_to_none_nor_to_one_in_a_hundred() {
        let told = [(0, 9), (8, 2291), (2, 353), (12, 1000), (584, 1393), (2283, 2291), (9, 9)].map(|(part, of)| in_a_hundred(part, of));
        assert_eq!(told, ["0%", "less than 1%", "less than 1%", "1%", "42%", "more than 99%", "100%"]);
    }
}
