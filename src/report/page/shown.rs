//! What shows a duty's state, in a few words.
//!
//! In: an activity of the Report. Out: words for what configuration shows, for each check, artefact and exception; of a duty
//! that is unknown although something of it is shown, what is missing. Attributes and values stand between backticks.

use crate::report::model::{Activity, ShownBy, Standing};
use crate::text::{day_of, short_day_of};

/// How a day is written.
type Day = fn(&str) -> String;

/// How much of an activity is shown by what is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All, or a number of its resources that stands with it.
    Shown,
    /// A part of it on each resource.
    Part,
    /// Nothing yet: an artefact is at hand, and counts once more is known.
    AtHand,
    /// Nothing any more: what showed it has lapsed.
    Lapsed,
}

impl Extent {
    fn of(activity: &Activity) -> Self {
        let all = &activity.shown_by;
        if activity.state != Standing::Unknown || all.iter().any(|shown| !matches!(shown.state, "part" | "lapsed")) {
            Self::Shown
        } else if !all.is_empty() && all.iter().all(|shown| shown.state == "lapsed") {
            Self::Lapsed
        } else if all.iter().any(|shown| shown.state == "part" && shown.kind == "evidence") {
            Self::AtHand
        } else {
            Self::Part
        }
    }
}

/// What stands before what is told of an activity.
pub(super) fn heading(activity: &Activity) -> &'static str {
    match Extent::of(activity) {
        Extent::Shown => "Shown by",
        Extent::Part => "Shown in part by",
        Extent::AtHand => "At hand:",
        Extent::Lapsed => "No longer shown by",
    }
}

/// What is missing of one that is unknown although something of it is shown. Of what has lapsed on all of its resources nothing
/// more needs to be said.
pub(super) fn open_because(activity: &Activity) -> Option<String> {
    let lapsed = || activity.shown_by.iter().map(|shown| shown.shows).sum::<u64>();
    let is_said = Extent::of(activity) == Extent::Lapsed && lapsed() >= activity.resources;
    activity.open_because.clone().filter(|_| !is_said)
}

/// What shows the state of an activity, or speaks against it, worst first; as plain text.
#[must_use]
pub fn plain(activity: &Activity) -> Vec<String> {
    words(activity).into_iter().map(|words| words.replace('`', "")).collect()
}

/// The same as it is printed.
#[must_use]
pub(super) fn words(activity: &Activity) -> Vec<String> {
    with_reason(activity, short_day_of)
}

/// The same with days as they stand in text.
pub(super) fn in_full(activity: &Activity) -> Vec<String> {
    with_reason(activity, day_of)
}

fn with_reason(activity: &Activity, day: Day) -> Vec<String> {
    let mut words = told(activity, true, day, Extent::Shown);
    words.extend(open_because(activity));
    words
}

/// The same without what is missing, and without who vouches for it, which the list of evidence says of each artefact.
pub(super) fn in_short(activity: &Activity) -> Vec<String> {
    told(activity, false, short_day_of, Extent::of(activity))
}

/// `said`: what the words before these say of how much they show.
fn told(activity: &Activity, with_voucher: bool, day: Day, said: Extent) -> Vec<String> {
    // Where the state is known, a part of it that somebody looked at adds nothing.
    let is_open = activity.state == Standing::Unknown;
    let mut all: Vec<&ShownBy> = activity
        .shown_by
        .iter()
        .filter(|shown| is_open || !matches!(shown.state, "part" | "lapsed"))
        .collect();
    let rank = |shown: &ShownBy| {
        let by_state = ["not-met", "excepted", "met", "attested"]
            .iter()
            .position(|state| *state == shown.state)
            .unwrap_or(4);
        (by_state, shown.kind == "exception")
    };
    all.sort_by_key(|shown| rank(shown));
    all.into_iter()
        .filter_map(|shown| of(activity, shown, with_voucher, day, said))
        .collect()
}

/// `Prowler s3_bucket_object_versioning, 14 November 2026`, with what it says where that is not the duty's state, and on how many
/// of the resources where that is not all.
fn of(activity: &Activity, shown: &ShownBy, with_voucher: bool, day: Day, said: Extent) -> Option<String> {
    if shown.state == "lapsed" {
        return Some(lapsed(activity, shown, with_voucher, day));
    }
    let on = format!("on {} of {}", shown.shows, activity.resources);
    let is_all = shown.shows == activity.resources;
    let says = match shown.state {
        // The row counts them.
        "not-met" if shown.kind == "check" && shown.state == activity.state.word() => " (failed)".to_owned(),
        "not-met" | "excepted" if shown.state == activity.state.word() => String::new(),
        state if state == activity.state.word() && is_all => String::new(),
        state if state == activity.state.word() => format!(" {on}"),
        "not-met" | "excepted" if is_all => " (failed)".to_owned(),
        "not-met" | "excepted" => format!(" (failed {on})"),
        "met" if is_all => " (passed)".to_owned(),
        "met" => format!(" (passed {on})"),
        "part" if said != Extent::Shown && shown.kind == "check" => " (passed)".to_owned(),
        "part" if said != Extent::Shown => String::new(),
        "part" if shown.kind == "evidence" => " (at hand)".to_owned(),
        "part" => " (a part)".to_owned(),
        _ if is_all => String::new(),
        _ => format!(" ({on})"),
    };
    let who = match shown.kind {
        "configuration" => match &shown.seen {
            Some(seen) => format!("configuration: {seen}"),
            None => "configuration".to_owned(),
        },
        "exception" => match &shown.by {
            Some(by) => format!("excused by {by}: {}", shown.reference),
            None => format!("excused: {}", shown.reference),
        },
        _ => match &shown.by {
            Some(by) if shown.kind == "evidence" && with_voucher => format!("{}, vouched for by {by}", shown.reference),
            Some(_) if shown.kind == "evidence" => shown.reference.clone(),
            Some(by) => format!("{by} {}", shown.reference),
            None => shown.reference.clone(),
        },
    };
    let at = day_shown(shown, day);
    // Until when an artefact counts is said of each in the list of evidence, duty by duty.
    let until = shown
        .until
        .as_ref()
        .filter(|_| with_voucher || shown.kind != "evidence")
        .map(|until| format!(", until {}", day(until)))
        .unwrap_or_default();
    Some(format!("{who}{at}{until}{says}"))
}

/// `Record of the restore test, vouched for by ..., done 3 March 2026 (lapsed 3 September 2026: due half-yearly)`.
fn lapsed(activity: &Activity, shown: &ShownBy, with_voucher: bool, day: Day) -> String {
    let by = shown.by.as_ref().filter(|_| with_voucher);
    let by = by.map(|by| format!(", vouched for by {by}")).unwrap_or_default();
    let until = shown.until.as_deref().map(day).unwrap_or_default();
    let often = activity.cadence.filter(|_| activity.cadence_days.is_some());
    let often = often.map(|often| format!(": due {often}")).unwrap_or_default();
    format!("{}{by}{} (lapsed {until}{often})", shown.reference, day_shown(shown, day))
}

/// When it was looked at; of evidence that says it, when what it records was done.
fn day_shown(shown: &ShownBy, day: Day) -> String {
    match (&shown.performed, &shown.at) {
        (Some(at), _) => format!(", done {}", day(at)),
        (None, Some(at)) if shown.kind == "evidence" => format!(", read {}", day(at)),
        (None, Some(at)) => format!(", {}", day(at)),
        (None, None) => String::new(),
    }
}
