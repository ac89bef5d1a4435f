//! What changes add up to, arranged for pages.
//!
//! In: changes. Out: the figures before and now, and what no single duty tells: duties in other pieces, commitments, findings.

use super::{CommitmentGroup, CommitmentRow, FigureRow, FindingRow, counted};
use crate::changes::{Balance, Changes, Figures, Kind, Parted, Piece};
use crate::report::names::grouped;
use std::collections::BTreeMap;
use std::sync::Arc;

type Names<'n> = BTreeMap<&'n str, &'n str>;

/// Findings that are told one by one.
const MOST: usize = 40;

fn row(what: &str, (before, now): (u64, u64)) -> FigureRow {
    let difference = match before.cmp(&now) {
        std::cmp::Ordering::Less => format!("+{}", grouped(now - before)),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("\u{2212}{}", grouped(before - now)),
    };
    FigureRow {
        what: what.to_owned(),
        before,
        now,
        difference,
    }
}

/// What is counted; nothing where no figure differs.
pub(super) fn figures(changes: &Changes) -> Vec<FigureRow> {
    let Balance { before, after } = &changes.figures;
    let of = |what: &str, figure: fn(&Figures) -> u64| row(what, (figure(before), figure(after)));
    let all = [
        of("Duties", |of| of.duties),
        of("Shown by configuration or a scanner (`met`)", |of| of.met),
        of("Vouched for (`attested`)", |of| of.attested),
        of("Excused (`excepted`)", |of| of.excepted),
        of("Not shown (`unknown`)", |of| of.unknown),
        of("Broken (`not-met`)", |of| of.not_met),
        of("Commitments of providers", |of| of.commitments),
        of("Findings", |of| of.findings),
    ];
    if before == after { Vec::new() } else { all.into() }
}

/// What each party does or answers for.
pub(super) fn parties(changes: &Changes) -> Vec<FigureRow> {
    let rows = changes.parties.iter().filter_map(|party| {
        let Balance { before, after } = changes.figures_of(&party.id)?;
        (before.duties > 0 || after.duties > 0).then(|| row(&party.name, (before.duties, after.duties)))
    });
    let rows: Vec<FigureRow> = rows.collect();
    let differs = rows.iter().any(|row| row.before != row.now);
    if rows.len() > 1 && differs { rows } else { Vec::new() }
}

/// How many duties are counted in other pieces, and how many of them were and are shown done: what the changes one by one do
/// not add up to.
pub(super) fn parted(changes: &Changes) -> Option<String> {
    let before: usize = changes.parted.iter().map(|parted| parted.before.len()).sum();
    let after: usize = changes.parted.iter().map(|parted| parted.after.len()).sum();
    (before > 0).then(|| {
        let were = if before == 1 { "duty counts" } else { "duties count" };
        let is_shown = |piece: &&Piece| matches!(&*piece.state, "met" | "attested");
        let shown = |of: fn(&Parted) -> &Vec<Piece>| changes.parted.iter().flat_map(of).filter(is_shown).count() as u64;
        let parts = changes.changes.iter().filter(|change| change.part).count() as u64;
        let parts = match parts {
            0 => String::new(),
            1 => " 1 of the changes below is of a part of such a duty, and adds nothing to the figures above.".to_owned(),
            some => format!(
                " {} of the changes below are of a part of such a duty, and add nothing to the figures above.",
                grouped(some)
            ),
        };
        format!(
            "{} {were} as {} now, since rules or modes part the same resources in another way; {} of them {} shown done before, {} {} now.{parts}",
            grouped(before as u64),
            grouped(after as u64),
            grouped(shown(|parted| &parted.before)),
            if shown(|parted| &parted.before) == 1 { "was" } else { "were" },
            grouped(shown(|parted| &parted.after)),
            if shown(|parted| &parted.after) == 1 { "is" } else { "are" },
        )
    })
}

/// What providers do more, less, or others do.
pub(super) fn commitments(changes: &Changes, names: &Names<'_>) -> Vec<CommitmentGroup> {
    let supposed = changes.new.supposed.is_some();
    let kinds = [
        (
            Kind::Appeared,
            if supposed {
                "What providers would do, too"
            } else {
                "What providers do now"
            },
        ),
        (
            Kind::Vanished,
            if supposed {
                "What providers would do no more"
            } else {
                "What providers do no more"
            },
        ),
        (Kind::Moved, "What another operator does"),
    ];
    let groups = kinds.into_iter().filter_map(|(kind, title)| {
        let of: Vec<_> = changes.commitments.iter().filter(|one| one.kind == kind).collect();
        let mut by: Vec<(&str, Vec<_>)> = Vec::new();
        for one in &of {
            match by.iter_mut().find(|(known, _)| *known == &*one.title) {
                Some((_, all)) => all.push(*one),
                None => by.push((&one.title, vec![*one])),
            }
        }
        by.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
        let rows = by.into_iter().map(|(service, of)| CommitmentRow {
            service: service.to_owned(),
            count: of.len() as u64,
            on: counted(of.iter().map(|one| one.control_title.to_string())),
            holders: counted(of.iter().map(|one| match kind {
                Kind::Moved => format!("{}, before {}", called(&one.after, names), called(&one.before, names)),
                Kind::Vanished => called(&one.before, names),
                _ => called(&one.after, names),
            })),
        });
        (!of.is_empty()).then(|| CommitmentGroup {
            title: title.to_owned(),
            count: of.len() as u64,
            rows: rows.collect(),
        })
    });
    groups.collect()
}

/// Findings that no changed duty tells.
pub(super) fn findings(changes: &Changes, names: &Names<'_>) -> Vec<FindingRow> {
    let of = changes.findings.iter().filter(|finding| finding.duty.is_none());
    let rows = of.take(MOST).map(|finding| FindingRow {
        kind: finding.kind,
        message: finding.message.to_string(),
        holders: match finding.kind {
            Kind::Closed => called(&finding.before, names),
            Kind::Moved => format!("{}, before {}", called(&finding.after, names), called(&finding.before, names)),
            _ => called(&finding.after, names),
        },
    });
    rows.collect()
}

fn called(parties: &[Arc<str>], names: &Names<'_>) -> String {
    let called: Vec<&str> = parties.iter().map(|id| names.get(&**id).copied().unwrap_or(id)).collect();
    called.join(", ")
}
