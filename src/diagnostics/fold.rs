//! Many diagnostics made few: those that are alike are counted, and what is told at all is bounded.
//!
//! In: sorted diagnostics with their positions. Out: those to tell, and how many are left out.

use super::{Code, Diagnostic, Place, Position, Severity};
use crate::limits;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A diagnostic that is told.
#[derive(Debug)]
pub(super) struct Told<'a> {
    /// What is told.
    pub(super) diagnostic: Cow<'a, Diagnostic>,
    /// Where its first place is.
    pub(super) at: Option<Position>,
    /// How many it stands for besides those that are told, where it stands for several.
    pub(super) folded: Option<usize>,
}

/// Some of the places that a diagnostic for several names.
const PLACES: usize = 5;

/// What is alike: the same but for what stands in backticks, and for numbers.
fn shape(diagnostic: &Diagnostic) -> (Code, Severity, String) {
    let mut shape = String::new();
    for (number, part) in diagnostic.message.split('`').enumerate() {
        if number % 2 == 1 {
            shape.push('`');
        } else {
            let letters = part.chars().filter(|letter| !letter.is_ascii_digit());
            shape.extend(letters.take(limits::MESSAGE_LETTERS));
        }
    }
    (diagnostic.code, diagnostic.severity, shape)
}

/// Whether each diagnostic of a kind is about a duty, an account or a resource of its own, and not about how a file is written.
fn is_finding(code: Code) -> bool {
    use Code::{
        AssignedByDefault, DutyNotMet, EvidenceOverdue, ExceptionExpired, HandoverOverdue, ModeUnknown, OutOfScope, ProviderAccountable,
        RuleMatchesNothing, ServiceNotInPartition, ServiceRetired, UnclassifiedData, UnclassifiedResource, UnknownAccount,
    };
    matches!(
        code,
        AssignedByDefault
            | DutyNotMet
            | EvidenceOverdue
            | ExceptionExpired
            | HandoverOverdue
            | ModeUnknown
            | OutOfScope
            | ProviderAccountable
            | RuleMatchesNothing
            | ServiceNotInPartition
            | ServiceRetired
            | UnclassifiedData
            | UnclassifiedResource
            | UnknownAccount
    )
}

/// What is told of sorted diagnostics, and how many are left out.
pub(super) fn folded(sorted: Vec<(&Diagnostic, Option<Position>)>) -> (Vec<Told<'_>>, usize) {
    let mut kinds: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, (diagnostic, _)) in sorted.iter().enumerate() {
        kinds.entry(shape(diagnostic)).or_default().push(index);
    }
    let mut shown = BTreeSet::new();
    let mut rest = BTreeMap::new();
    for ((code, _, _), mut of_kind) in kinds {
        let (most, kept) = if is_finding(code) {
            (limits::FINDINGS_ALIKE, limits::FINDINGS_ALIKE)
        } else {
            (limits::ALIKE, limits::ALIKE_SHOWN)
        };
        if of_kind.len() > most {
            let more = of_kind.split_off(kept);
            if let Some(first) = more.first() {
                rest.insert(*first, more);
            }
        }
        shown.extend(of_kind);
    }
    let mut told = Vec::new();
    for (index, (diagnostic, at)) in sorted.iter().enumerate() {
        if shown.contains(&index) {
            told.push(Told {
                diagnostic: Cow::Borrowed(*diagnostic),
                at: *at,
                folded: None,
            });
        } else if let Some(more) = rest.get(&index) {
            let alike: Vec<&Diagnostic> = more.iter().filter_map(|index| sorted.get(*index)).map(|(one, _)| *one).collect();
            told.push(Told {
                diagnostic: Cow::Owned(for_several(diagnostic, &alike)),
                at: *at,
                folded: Some(more.len()),
            });
        }
    }
    bounded(told)
}

/// One diagnostic for several.
fn for_several(like: &Diagnostic, alike: &[&Diagnostic]) -> Diagnostic {
    let places: Vec<(Place, String)> = alike
        .iter()
        .filter_map(|one| one.places.first())
        .take(PLACES)
        .map(|(place, _)| (place.clone(), String::new()))
        .collect();
    Diagnostic {
        severity: like.severity,
        places,
        ..Diagnostic::new(like.code, format!("and {} more like this", alike.len()))
    }
}

/// The most severe ones, as many as may be told, in their order.
fn bounded(mut told: Vec<Told<'_>>) -> (Vec<Told<'_>>, usize) {
    let mut by_weight: Vec<usize> = (0..told.len()).collect();
    by_weight.sort_by_key(|index| told.get(*index).map(|one| one.diagnostic.severity));
    let mut bytes = 0;
    let kept: BTreeSet<usize> = by_weight
        .into_iter()
        .take(limits::MESSAGES)
        .take_while(|index| {
            bytes += told.get(*index).map_or(0, |one| size(&one.diagnostic));
            bytes <= limits::MESSAGE_BYTES
        })
        .collect();
    let mut left_out = 0;
    let mut index = 0;
    told.retain(|one| {
        let keep = kept.contains(&index);
        index += 1;
        if !keep {
            left_out += one.folded.unwrap_or(1);
        }
        keep
    });
    (told, left_out)
}

/// About how many bytes a diagnostic is, written.
fn size(diagnostic: &Diagnostic) -> usize {
    let text = |text: &str| text.len().min(4 * limits::MESSAGE_LETTERS);
    let texts = text(&diagnostic.message)
        + [&diagnostic.help, &diagnostic.body]
            .into_iter()
            .flatten()
            .map(|one| text(one))
            .sum::<usize>();
    let places: usize = diagnostic
        .places
        .iter()
        .take(MOST_PLACES)
        .map(|(place, label)| text(&place.file) + text(label) + 2 * limits::LINE_LETTERS)
        .sum();
    texts + places + 100
}

/// How many places of one diagnostic are told.
pub(super) const MOST_PLACES: usize = 20;

/// A text of a message, cut where it is too long.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(limits::MESSAGE_LETTERS) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
