//! What shows a duty's state, in a few words.
//!
//! In: an activity of the Report. Out: words for each check and artefact, and for configuration where it says otherwise.

use crate::report::model::{Activity, ShownBy, Standing};
use jiff::civil::Date;

/// What shows the state of an activity beside configuration, or against it, worst first.
#[must_use]
pub fn words(activity: &Activity) -> Vec<String> {
    told(activity, true)
}

/// The same without who vouches for it, which the list of evidence says of each artefact.
pub(super) fn in_short(activity: &Activity) -> Vec<String> {
    told(activity, false)
}

fn told(activity: &Activity, with_voucher: bool) -> Vec<String> {
    // Where the state is known, a part of it that somebody looked at adds nothing.
    let is_open = activity.state == Standing::Unknown;
    let mut all: Vec<&ShownBy> = activity.shown_by.iter().filter(|shown| is_open || shown.state != "part").collect();
    if all.iter().all(|shown| shown.kind == "configuration") {
        return Vec::new();
    }
    let rank = |shown: &ShownBy| {
        ["not-met", "excepted", "met", "attested"]
            .iter()
            .position(|state| *state == shown.state)
            .unwrap_or(4)
    };
    all.sort_by_key(|shown| rank(shown));
    all.into_iter().filter_map(|shown| of(activity, shown, with_voucher)).collect()
}

/// `Prowler s3_bucket_object_versioning, 14 Nov 2026`, with what it says where that is not the duty's state.
fn of(activity: &Activity, shown: &ShownBy, with_voucher: bool) -> Option<String> {
    let says = match shown.state {
        state if state == activity.state.word() => "",
        "not-met" | "excepted" => " (failed)",
        "met" => " (passed)",
        "part" => " (a part)",
        _ => "",
    };
    let who = match shown.kind {
        // Of the same opinion, it needs no word.
        "configuration" if says.is_empty() => return None,
        "configuration" => "configuration".to_owned(),
        _ => match &shown.by {
            Some(by) if shown.kind == "evidence" && with_voucher => format!("{}, vouched for by {by}", shown.reference),
            Some(_) if shown.kind == "evidence" => shown.reference.clone(),
            Some(by) => format!("{by} {}", shown.reference),
            None => shown.reference.clone(),
        },
    };
    let day = shown.at.as_ref().map(|at| format!(", {}", day_of(at))).unwrap_or_default();
    let until = shown
        .until
        .as_ref()
        .map(|until| format!(", until {}", day_of(until)))
        .unwrap_or_default();
    Some(format!("{who}{day}{until}{says}"))
}

/// `14 Nov 2026`.
fn day_of(date: &str) -> String {
    date.parse::<Date>()
        .map_or_else(|_| date.to_owned(), |date| date.strftime("%-d %b %Y").to_string())
}
