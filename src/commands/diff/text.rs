//! Changes in short, for a terminal.
//!
//! In: changes. Out: lines of text: the figures, then each kind with what it is about, from whom to whom, and because of what.

use crate::changes::{Change, Changes, Kind, Stand};
use crate::report::grouped;
use crate::report::page::{ChangeSection, ChangesPage};
use std::fmt::Write as _;

/// The text.
pub(super) fn of(changes: &Changes) -> String {
    let mut out = String::new();
    let (old, new) = (&changes.old, &changes.new);
    let page = ChangesPage::of(changes);
    let _ = match &new.supposed {
        Some(_) => writeln!(out, "{} ({})", page.title, new.as_of),
        None => writeln!(out, "{} ({}) -> {} ({})", old.from, old.as_of, new.from, new.as_of),
    };
    if changes.is_empty() {
        let _ = match &new.supposed {
            Some(_) => writeln!(out, "nothing would change: {} duties stand so already", grouped(new.duties)),
            None => writeln!(out, "nothing changed"),
        };
        return out;
    }
    let counts = Kind::ALL.iter().filter_map(|kind| {
        let count = changes.changes.iter().filter(|change| change.kind == *kind).count();
        (count > 0).then(|| format!("{count} {}", kind.word()))
    });
    let counts: Vec<String> = counts.collect();
    if !counts.is_empty() {
        let _ = writeln!(out, "{}", counts.join(", "));
    }
    for figure in page
        .figures
        .iter()
        .chain(&page.parties)
        .filter(|figure| figure.before != figure.now)
    {
        let _ = writeln!(
            out,
            "  {}: {} -> {} ({})",
            figure.what.replace('`', ""),
            figure.before,
            figure.now,
            figure.difference
        );
    }
    if let Some(parted) = &page.parted {
        let _ = writeln!(out, "  {parted}");
    }
    for kind in Kind::ALL {
        let mut of_kind = changes.changes.iter().filter(|change| change.kind == kind).peekable();
        if of_kind.peek().is_some() {
            let _ = writeln!(out, "\n{}", heading(kind));
        }
        let section = page.sections.iter().find(|section| section.kind == kind && section.is_summed());
        match section {
            Some(section) => sums(section, &mut out),
            None => of_kind.for_each(|change| line(change, &mut out)),
        }
    }
    for group in &page.commitments {
        let _ = writeln!(out, "\n{}", group.title);
        for row in &group.rows {
            let _ = writeln!(out, "  {}: {} ({})", row.service, row.count, row.on);
        }
    }
    if !page.findings.is_empty() {
        out.push_str("\nOther findings\n");
    }
    for finding in &page.findings {
        let _ = writeln!(out, "  {}: {}", finding.kind.word(), finding.message);
    }
    out
}

/// So many changes that nobody reads them one by one.
fn sums(section: &ChangeSection, out: &mut String) {
    if let Some(lead) = &section.lead {
        let _ = writeln!(out, "  {lead}");
    }
    for group in &section.groups {
        if let Some(heading) = &group.heading {
            let _ = writeln!(out, "  {heading}");
        }
        if let Some(because) = &group.because {
            let _ = writeln!(out, "      because {because}");
        }
        for sum in &group.sums {
            let _ = writeln!(
                out,
                "  {}{}: {} ({})",
                if group.heading.is_some() { "  " } else { "" },
                sum.what,
                sum.count,
                sum.on
            );
        }
        for row in &group.rows {
            let scope = row.scope.as_deref().map(|scope| format!(" ({scope})")).unwrap_or_default();
            let begins = if section.kind == Kind::Moved {
                "as it passed"
            } else {
                "from the first day"
            };
            let due = row.due.as_deref().map(|due| format!(", due {due}")).unwrap_or_default();
            let _ = writeln!(
                out,
                "  not met {begins}: {}: {}{scope}\n      {}{due}",
                row.service, row.what, row.owner
            );
        }
    }
    out.push_str("  (`--format csv` lists each of them)\n");
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
            // Of what moved the state is told where it turned, and where others take it over broken.
            let with_state = change.kind != Kind::Moved;
            let is_taken_broken = !whole && after.state.as_deref() == Some("not-met");
            format!(
                "{} -> {}",
                words(before, whole, with_state),
                words(after, whole, with_state || is_taken_broken)
            )
        }
        (Some(one), None) | (None, Some(one)) => words(one, false, true),
        (None, None) => String::new(),
    }
}

/// One side in words: what of it there is.
fn words(stand: &Stand, whole: bool, with_state: bool) -> String {
    let parts = [
        stand.state.as_deref().filter(|_| with_state).map(str::to_owned),
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
