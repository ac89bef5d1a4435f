//! Changes in short, for a terminal.
//!
//! In: changes. Out: lines of text: the figures, then each kind with what it is about, from whom to whom, and because of what.

use crate::changes::{Change, Changes, Kind, Stand};
use std::fmt::Write as _;

/// The text.
pub(super) fn of(changes: &Changes) -> String {
    let mut out = String::new();
    let (old, new) = (&changes.old, &changes.new);
    let _ = writeln!(out, "{} ({}) -> {} ({})", old.from, old.as_of, new.from, new.as_of);
    if changes.is_empty() {
        out.push_str("nothing changed\n");
        return out;
    }
    let counts = Kind::ALL.iter().filter_map(|kind| {
        let count = changes.changes.iter().filter(|change| change.kind == *kind).count();
        (count > 0).then(|| format!("{count} {}", kind.word()))
    });
    let _ = writeln!(out, "{}", counts.collect::<Vec<_>>().join(", "));
    for kind in Kind::ALL {
        let mut of_kind = changes.changes.iter().filter(|change| change.kind == kind).peekable();
        if of_kind.peek().is_some() {
            let _ = writeln!(out, "\n{}", heading(kind));
        }
        for change in of_kind {
            line(change, &mut out);
        }
    }
    out
}

fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Opened => "Opened: not met now",
        Kind::Moved => "Moved: another party holds it",
        Kind::Appeared => "Appeared: duties that were not there",
        Kind::Vanished => "Vanished: duties that are there no longer",
        Kind::Reclassified => "Reclassified: another mode, or another type of a control or a requirement",
        Kind::Lapsed => "Lapsed: no longer shown done",
        Kind::Closed => "Closed: no longer not met",
        Kind::Attested => "Attested: shown done now",
        Kind::Catalog => "Catalog: said otherwise by the catalog, not changed on the estate",
    }
}

fn line(change: &Change, out: &mut String) {
    let scope = change.scope.as_deref().map(|scope| format!(" ({scope})")).unwrap_or_default();
    let what = match (&change.does, &change.control_title) {
        (None, None) if change.requirement.is_some() => requirement(change),
        (Some(does), _) => format!("{}: {does}{scope}", change.title),
        (None, Some(control)) => format!("{}: {control}{scope}", change.title),
        (None, None) => format!("{}{scope}", change.title),
    };
    let _ = writeln!(out, "  {what}");
    let stands = stands(change);
    if !stands.is_empty() && change.kind != Kind::Catalog {
        let _ = writeln!(out, "      {stands}");
    }
    if let Some(due) = &change.due {
        let _ = writeln!(out, "      due {due}");
    }
    if !change.because.is_empty() {
        let _ = writeln!(out, "      because {}", change.because.join("; "));
    }
}

/// A requirement, as printed.
fn requirement(change: &Change) -> String {
    let Some(requirement) = &change.requirement else {
        return String::new();
    };
    let title = requirement.title.iter().map(|title| format!(": {title}"));
    format!("{} {}{}", change.title, requirement.id, title.collect::<String>())
}

/// A change in one line, without what it is about.
pub(super) fn in_brief(change: &Change) -> String {
    let because = if change.because.is_empty() {
        String::new()
    } else {
        format!(", because {}", change.because.join("; "))
    };
    format!("{}{because}", stands(change))
}

/// Both sides in words.
fn stands(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            // Where who does it and answers for it stays, it is another letter that moved.
            let whole = change.kind == Kind::Moved && holders(before, false) == holders(after, false);
            format!("{} -> {}", words(before, whole), words(after, whole))
        }
        (Some(one), None) | (None, Some(one)) => words(one, false),
        (None, None) => String::new(),
    }
}

/// One side in words: what of it there is.
fn words(stand: &Stand, whole: bool) -> String {
    let parts = [
        stand.state.as_deref().map(str::to_owned),
        holders(stand, whole),
        stand.control_type.as_deref().map(str::to_owned),
        stand.mode.as_deref().map(str::to_owned),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Who does it and answers for it; as a whole also who is asked and told.
fn holders(stand: &Stand, whole: bool) -> Option<String> {
    let held = stand.assignments.iter().filter(|held| whole || held.letters.contains(['A', 'R']));
    let held: Vec<String> = held.map(|held| format!("{} {}", held.letters, held.party)).collect();
    (!held.is_empty()).then(|| held.join(", "))
}
