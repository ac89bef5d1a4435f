//! What changed in a sentence, and what sections of changes are called.
//!
//! In: changes. Out: headings and the verdict.

use super::is_taken_broken;
use crate::changes::{Change, Changes, Kind, Stand};
use crate::report::names::grouped;
use crate::text::day_of;

/// What a document of changes is called: since when, or if what.
#[must_use]
pub fn heading(changes: &Changes) -> String {
    match &changes.new.supposed {
        Some(words) => format!("What would change if {words}"),
        None => format!("Changes since {}", day_of(&changes.old.as_of)),
    }
}

/// What changed: how many of each, as it is, and as it would be.
struct Part {
    count: u64,
    /// How many of them are not met, so that somebody begins with something broken.
    not_met: u64,
    /// What is counted, one and many.
    noun: [&'static str; 2],
    /// What happened to one, and to many.
    verb: [&'static str; 2],
    /// What would happen.
    would: &'static str,
}

const DUTY: [&str; 2] = ["duty", "duties"];
const TYPED: [&str; 2] = ["is of another type", "are of another type"];

/// The figures in one or two sentences.
pub(super) fn verdict(changes: &Changes) -> String {
    let supposed = changes.new.supposed.as_deref();
    let beginning = match supposed {
        Some(words) => format!("If {words},"),
        None => format!("Since {},", day_of(&changes.old.as_of)),
    };
    let parts = told(&parts(changes), supposed.is_some());
    let provided = provided(changes, supposed.is_some());
    let catalog = changes.summary.catalog;
    match (parts.is_empty(), &provided) {
        (true, None) if catalog > 0 => {
            let are = if catalog == 1 {
                "line of the catalog is"
            } else {
                "lines of the catalog are"
            };
            format!(
                "{beginning} nothing changed on the estate; {} {are} said otherwise.",
                grouped(catalog)
            )
        }
        (true, None) if supposed.is_some() => format!(
            "{beginning} nothing would change: {} duties would stand as they do.",
            grouped(changes.new.duties)
        ),
        (true, None) => format!(
            "{beginning} nothing changed: {} duties stand as they did.",
            grouped(changes.new.duties)
        ),
        (true, Some(provided)) => format!(
            "{beginning} no duty {}. {provided}",
            if supposed.is_some() { "would change" } else { "changed" }
        ),
        (false, None) => format!("{beginning} {parts}."),
        (false, Some(provided)) => format!("{beginning} {parts}. {provided}"),
    }
}

fn parts(changes: &Changes) -> Vec<Part> {
    let of = &changes.summary;
    let count = |takes: &dyn Fn(&&Change) -> bool| changes.changes.iter().filter(takes).count() as u64;
    let passed = count(&|change| change.kind == Kind::Moved && is_passed(change));
    let retyped = |is_wanted: &dyn Fn(&Change) -> bool| count(&|change| change.kind == Kind::Reclassified && is_wanted(change));
    let duty = |count, verb, would| Part {
        count,
        not_met: 0,
        noun: DUTY,
        verb,
        would,
    };
    let other = |count, noun, verb, would| Part {
        noun,
        ..duty(count, verb, would)
    };
    let broken = |kind| count(&|change| change.kind == kind && is_taken_broken(change));
    vec![
        duty(of.opened, ["is newly not met", "are newly not met"], "would be newly not met"),
        duty(of.closed, ["is no longer open", "are no longer open"], "would no longer be open"),
        Part {
            not_met: broken(Kind::Moved),
            ..duty(
                passed,
                ["passed to another party", "passed to other parties"],
                "would pass to other parties",
            )
        },
        duty(
            of.moved - passed,
            ["has other parties to ask or tell", "have other parties to ask or tell"],
            "would have other parties to ask or tell",
        ),
        Part {
            not_met: broken(Kind::Appeared),
            ..duty(of.appeared, ["came into scope", "came into scope"], "would come into scope")
        },
        duty(of.vanished, ["left the scope", "left the scope"], "would leave the scope"),
        duty(
            of.attested,
            ["is newly shown done", "are newly shown done"],
            "would be newly shown done",
        ),
        duty(
            of.lapsed,
            ["is no longer shown done", "are no longer shown done"],
            "would no longer be shown done",
        ),
        other(
            retyped(&|change| change.control.is_none() && change.requirement.is_none()),
            ["service", "services"],
            ["runs in another mode", "run in another mode"],
            "would run in another mode",
        ),
        other(
            retyped(&|change| change.control.is_some()),
            ["control", "controls"],
            TYPED,
            "would be of another type",
        ),
        other(
            retyped(&|change| change.requirement.is_some()),
            ["requirement", "requirements"],
            TYPED,
            "would be of another type",
        ),
    ]
}

/// Parts as one list; the noun stands where it is another than before.
fn told(parts: &[Part], is_supposed: bool) -> String {
    let mut last = None;
    let told = parts.iter().filter(|part| part.count > 0).map(|part| {
        let many = usize::from(part.count != 1);
        let noun = if last == Some(part.noun[1]) {
            String::new()
        } else {
            format!("{} ", part.noun[many])
        };
        last = Some(part.noun[1]);
        let verb = if is_supposed { part.would } else { part.verb[many] };
        let broken = match (part.not_met, part.count) {
            (0, _) => String::new(),
            (_, 1) => " (and is not met)".to_owned(),
            (broken, _) => format!(" ({} of them not met)", grouped(broken)),
        };
        format!("{} {noun}{verb}{broken}", grouped(part.count))
    });
    let told: Vec<String> = told.collect();
    match told.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// What providers do more and less, in a sentence.
fn provided(changes: &Changes, is_supposed: bool) -> Option<String> {
    let count = |kind| changes.commitments.iter().filter(|one| one.kind == kind).count() as u64;
    let noun = ["commitment of a provider", "commitments of providers"];
    let part = |kind, verb, would| Part {
        count: count(kind),
        not_met: 0,
        noun,
        verb,
        would,
    };
    let parts = [
        part(Kind::Appeared, ["began", "began"], "would begin"),
        part(Kind::Vanished, ["ended", "ended"], "would end"),
        part(
            Kind::Moved,
            ["passed to another operator", "passed to another operator"],
            "would pass to another operator",
        ),
    ];
    let told = told(&parts, is_supposed);
    (!told.is_empty()).then(|| format!("{told}."))
}

/// Whether who does a duty or answers for it is another, and not only who is asked or told.
pub(super) fn is_passed(change: &Change) -> bool {
    let held = |stand: &Option<Stand>| -> Vec<(String, String)> {
        let held = stand.iter().flat_map(|stand| &stand.assignments);
        let held = held.filter(|held| held.letters.contains(['R', 'A']));
        held.map(|held| (held.party.to_string(), held.letters.to_string())).collect()
    };
    held(&change.before) != held(&change.after)
}

/// What a kind of change is called.
pub(super) fn title(kind: Kind, is_supposed: bool) -> &'static str {
    match (kind, is_supposed) {
        (Kind::Opened, _) => "Newly not met",
        (Kind::Moved, false) => "What moved to whom",
        (Kind::Moved, true) => "What moves to whom",
        (Kind::Appeared, _) => "New in scope",
        (Kind::Vanished, false) => "What left",
        (Kind::Vanished, true) => "What leaves",
        (Kind::Reclassified, _) => "Other modes and types",
        (Kind::Lapsed, _) => "No longer shown done",
        (Kind::Closed, _) => "No longer open",
        (Kind::Attested, _) => "Newly shown done",
        (Kind::Catalog, _) => "Said otherwise by the catalog",
    }
}
