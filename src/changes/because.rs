//! What a change is because of.
//!
//! In: both sides and a duty on them. Out: reasons in words, the most telling first: attributes of resources, resources that
//! came or left, rules, exceptions, what a scanner or a person showed, the date.

use super::Kind;
use super::cause::{Cause, Reason, place_in_words};
use super::pairs::Both;
use super::settings::{differences, differing, elsewhere, listed, places, turn};
use super::snapshot::{HeldDuty, Joined, ShownBy, Snapshot, UnitStand};
use crate::raci::{Duty, Origin, Provenance, ResourceIx, RuleIx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reasons and names that are told of one change, at most.
const REASONS: usize = 6;
const NAMES: usize = 20;

/// Why letters moved: the rules that set the letters that differ, or that set them no more.
pub(super) fn moved(both: &Both<'_, '_>, old: &HeldDuty, new: &HeldDuty) -> Vec<Reason> {
    let holders = |held: &HeldDuty, letter: char| -> BTreeSet<Arc<str>> {
        let with = held.letters.iter().filter(|(_, letters)| letters.contains(letter));
        with.map(|(party, _)| party.clone()).collect()
    };
    let rules = |side: &Snapshot<'_>, held: &HeldDuty, letter: char| -> BTreeSet<String> {
        let (Some(joined), Some(duty)) = (&side.joined, side.duty(held)) else {
            return BTreeSet::new();
        };
        let rules = origin(&duty.provenance, letter).rules.iter();
        rules.map(|rule| rule_in_words(joined, *rule)).collect()
    };
    let (mut set, mut unset, mut nobody) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for letter in ['R', 'A', 'C', 'I'] {
        if holders(old, letter) == holders(new, letter) {
            continue;
        }
        if let Some(handover) = &both.new.handover {
            set.insert(handover.clone());
            continue;
        }
        let is = rules(both.new, new, letter);
        if is.is_empty() {
            unset.extend(rules(both.old, old, letter));
            let is_joined = both.new.joined.is_some();
            nobody.extend(match letter {
                'R' if is_joined => Some("no rule says who does it, so that the accountable party does"),
                'A' if is_joined => Some("no rule says who answers for it, so that the customer's first party does"),
                _ => None,
            });
        }
        set.extend(is);
    }
    if both.new.handover.is_some() {
        return set.into_iter().map(|words| Reason::new(Cause::Handover, words)).collect();
    }
    let mut found: Vec<String> = set.iter().cloned().collect();
    let gone = unset.difference(&set);
    found.extend(gone.map(|rule| format!("{rule} no longer says so")));
    found.extend(nobody.into_iter().map(str::to_owned));
    let mut found: Vec<Reason> = found.into_iter().map(|words| Reason::new(Cause::Rule, words)).collect();
    let here: BTreeSet<usize> = new.resources.iter().flatten().copied().collect();
    let pairs = old.resources.iter().flatten().filter_map(|position| {
        let pair = both.matched.forth.get(*position).copied().flatten()?;
        here.contains(&pair).then_some((*position, pair))
    });
    let placed: BTreeSet<String> = pairs.flat_map(|pair| places(both, pair)).collect();
    found.extend(placed.into_iter().map(|words| Reason::new(Cause::Attribute, words)));
    found.truncate(REASONS);
    found
}

/// An assignment rule by its number, as findings count them, and where it stands.
fn rule_in_words(joined: &Joined<'_>, rule: RuleIx) -> String {
    let place = place_in_words(&(joined.show)(&joined.inventory[rule].place));
    format!("assignment rule {} ({place})", rule.position() + 1)
}

/// Where a letter comes from.
fn origin(of: &Provenance, letter: char) -> &Origin {
    match letter {
        'R' => &of.responsible,
        'A' => &of.accountable,
        'C' => &of.consulted,
        _ => &of.informed,
    }
}

/// Why a state turned, and the names of the resources on which it did.
pub(super) fn turned(both: &Both<'_, '_>, old: &HeldDuty, new: &HeldDuty) -> (Vec<Reason>, Vec<Arc<str>>) {
    let (Some(was), Some(is)) = (both.old.duty(old), both.new.duty(new)) else {
        let mut found = shown(both, old, new);
        found.truncate(REASONS);
        return (found, Vec::new());
    };
    let (before, after) = (verdicts(was), verdicts(is));
    let (mut attributes, mut came, mut left, mut excused) = (BTreeSet::new(), Vec::new(), Vec::new(), BTreeSet::new());
    let (mut joined, mut parted) = (Vec::new(), Vec::new());
    let here: BTreeSet<usize> = new.resources.iter().flatten().copied().collect();
    let there: BTreeSet<usize> = old.resources.iter().flatten().copied().collect();
    let mut names = BTreeSet::new();
    for position in new.resources.iter().flatten() {
        let label = &both.new.resources[*position].label;
        let verdict = after.get(position);
        let Some(other) = both.matched.back.get(*position).copied().flatten() else {
            if verdict.copied() != Some(Verdict::Met) || new.state.as_ref() == "met" {
                names.insert(label.clone());
            }
            // One that comes with what the others show already turned nothing.
            let turns = match &*new.state {
                "not-met" => verdict == Some(&Verdict::NotMet),
                "unknown" => verdict.is_none(),
                _ => true,
            };
            if turns {
                came.push(label.clone());
            }
            continue;
        };
        if !there.contains(&other) {
            joined.push(label.clone());
        }
        let known = before.get(&other);
        if known != verdict {
            names.insert(label.clone());
            excused.extend(excuse(both, (known, verdict)));
        }
        attributes.extend(differences(both, (was, other), (is, *position)));
    }
    for position in old.resources.iter().flatten() {
        let label = || both.old.resources[*position].label.clone();
        match both.matched.forth.get(*position).copied().flatten() {
            None => {
                let verdict = before.get(position);
                let turned = match &*old.state {
                    "not-met" => verdict == Some(&Verdict::NotMet),
                    "unknown" => verdict.is_none(),
                    _ => true,
                };
                if turned {
                    left.push(label());
                }
            }
            Some(other) if !here.contains(&other) => parted.push(label()),
            Some(_) => {}
        }
    }
    let mut found: Vec<Reason> = attributes.into_iter().map(|words| Reason::new(Cause::Attribute, words)).collect();
    found.extend(excused);
    found.extend(shown(both, old, new));
    found.extend(listed("new", &came));
    found.extend(listed("gone", &left));
    // That rules part the resources in another way tells something only where nothing else does.
    if found.is_empty() {
        found.extend(listed("now also on", &joined));
        found.extend(listed("no longer on", &parted));
    }
    if found.is_empty() {
        found.extend(elsewhere(both, new));
    }
    if found.is_empty() {
        found.extend(dates(both));
    }
    found.truncate(REASONS);
    (found, names.into_iter().take(NAMES).collect())
}

/// Why a duty is on one side only, and the names of the resources that it is on.
pub(super) fn only(both: &Both<'_, '_>, held: &HeldDuty, kind: Kind) -> (Vec<Reason>, Vec<Arc<str>>) {
    let is_new = kind == Kind::Appeared;
    let (side, other, pairs) = if is_new {
        (both.new, both.old, &both.matched.back)
    } else {
        (both.old, both.new, &both.matched.forth)
    };
    let (mut alone, mut modes, mut attributes, mut names) = (Vec::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for position in held.resources.iter().flatten() {
        let known = &side.resources[*position];
        names.insert(known.label.clone());
        let Some(pair) = pairs.get(*position).copied().flatten() else {
            alone.push(known.label.clone());
            continue;
        };
        let partner = &other.resources[pair];
        if (&partner.service, &partner.mode) != (&known.service, &known.mode) {
            let (was, is) = if is_new { (partner, known) } else { (known, partner) };
            let word = |mode: &Option<Arc<str>>| mode.clone().unwrap_or_else(|| crate::catalog::STANDARD_MODE.into());
            modes.insert(format!(
                "mode `{}` instead of `{}` on {}",
                word(&is.mode),
                word(&was.mode),
                known.label
            ));
        } else if let Some(duty) = side.duty(held) {
            let (was, is) = if is_new { (pair, *position) } else { (*position, pair) };
            attributes.extend(places(both, (was, is)));
            attributes.extend(differences(both, (duty, was), (duty, is)));
        }
    }
    let mut found: Vec<Reason> = modes.into_iter().map(|words| Reason::new(Cause::Mode, words)).collect();
    found.extend(listed(if is_new { "new" } else { "gone" }, &alone));
    found.extend(attributes.into_iter().map(|words| Reason::new(Cause::Attribute, words)));
    if found.is_empty() {
        found.extend(parted(side, held));
    }
    found.truncate(REASONS);
    (found, names.into_iter().take(NAMES).collect())
}

/// Rules that give the letters of a duty, where nothing else sets it apart.
fn parted(side: &Snapshot<'_>, held: &HeldDuty) -> Vec<Reason> {
    let (Some(joined), Some(duty)) = (&side.joined, side.duty(held)) else {
        return vec![Reason::new(Cause::Rule, "rules part its resources in another way")];
    };
    let rules = ['R', 'A', 'C', 'I']
        .into_iter()
        .flat_map(|letter| &origin(&duty.provenance, letter).rules);
    let rules: BTreeSet<String> = rules.map(|rule| rule_in_words(joined, *rule)).collect();
    if rules.is_empty() {
        return vec![Reason::new(Cause::Rule, "rules part its resources in another way")];
    }
    rules.into_iter().map(|words| Reason::new(Cause::Rule, words)).collect()
}

/// Why resources of a service run in another mode: the attributes that settle it and that differ.
pub(super) fn mode(both: &Both<'_, '_>, service: &str, names: &BTreeSet<Arc<str>>) -> Vec<Reason> {
    let (Some(was), Some(is)) = (&both.old.joined, &both.new.joined) else {
        return Vec::new();
    };
    let (mut found, mut said) = (BTreeSet::new(), BTreeSet::new());
    for (position, pair) in both.matched.forth.iter().enumerate() {
        let Some(pair) = pair else { continue };
        let label = &both.new.resources[*pair].label;
        if !names.contains(label) || both.old.resources[position].mode == both.new.resources[*pair].mode {
            continue;
        }
        let (old, new) = (&was.matrix[ResourceIx::new(position)], &is.matrix[ResourceIx::new(*pair)]);
        if old.mode != new.mode {
            let quoted = |mode: &Option<Arc<str>>| mode.as_deref().map(|mode| format!("`{mode}`"));
            said.extend(turn("mode", (quoted(&old.mode), quoted(&new.mode)), label));
        }
        let modes = [&both.old.resources[position].mode, &both.new.resources[*pair].mode];
        let modes: Vec<&str> = modes.into_iter().flatten().map(|mode| &**mode).collect();
        let words = [was.catalog, is.catalog].map(|catalog| catalog.vocabulary(service));
        let words: BTreeSet<String> = words.into_iter().flatten().collect();
        let before = was.catalog.observe_modes(service, &modes, (&old.config, &words));
        let after = is.catalog.observe_modes(service, &modes, (&new.config, &words));
        found.extend(differing(&before, &after, label));
    }
    let found = said.into_iter().chain(found).take(REASONS);
    found.map(|words| Reason::new(Cause::Attribute, words)).collect()
}

/// Why a control has another type.
pub(super) fn control(old: &UnitStand, new: &UnitStand) -> Vec<Reason> {
    let word = |mode: &Option<Arc<str>>| mode.clone().unwrap_or_else(|| crate::catalog::STANDARD_MODE.into());
    if old.mode == new.mode {
        return vec![Reason::new(Cause::Resource, "other activities hold on its resources")];
    }
    let words = format!("it runs in mode `{}` instead of `{}`", word(&new.mode), word(&old.mode));
    vec![Reason::new(Cause::Mode, words)]
}

/// What is shown of a duty on one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Met,
    NotMet,
    Excepted(usize),
}

fn verdicts(duty: &Duty) -> BTreeMap<usize, Verdict> {
    let mut found = BTreeMap::new();
    found.extend(duty.met().into_iter().map(|index| (index.position(), Verdict::Met)));
    let excepted = duty.excepted().into_iter();
    found.extend(excepted.map(|(index, exception)| (index.position(), Verdict::Excepted(exception.position()))));
    found.extend(duty.not_met().into_iter().map(|index| (index.position(), Verdict::NotMet)));
    found
}

/// The exception that came or went between two verdicts.
fn excuse(both: &Both<'_, '_>, verdicts: (Option<&Verdict>, Option<&Verdict>)) -> Option<Reason> {
    let (side, position, is_new) = match verdicts {
        (_, Some(Verdict::Excepted(position))) => (both.new, position, true),
        (Some(Verdict::Excepted(position)), _) => (both.old, position, false),
        _ => return None,
    };
    let joined = side.joined.as_ref()?;
    let exception = joined.inventory.exceptions.get(*position)?;
    let place = place_in_words(&(joined.show)(&exception.place));
    let expires = exception.expires.map(|day| day.to_string());
    let words = match expires {
        Some(day) if is_new => format!("excepted until {day} ({place})"),
        None if is_new => format!("excepted ({place})"),
        // Days in this form sort as they follow on each other.
        Some(day) if day < both.new.of.as_of => format!("its exception expired on {day} ({place})"),
        Some(_) | None => format!("its exception no longer holds ({place})"),
    };
    Some(Reason::new(Cause::Exception, words))
}

/// What scanners and people showed then and now, where that differs. What says only a part is told where nothing else is.
fn shown(both: &Both<'_, '_>, old: &HeldDuty, new: &HeldDuty) -> Vec<Reason> {
    let fresh = new.shown.iter().filter(|one| !old.shown.iter().any(|other| one.says_as(other)));
    let gone = old.shown.iter().filter(|one| {
        let is_same = |other: &&ShownBy| other.scanner == one.scanner && other.reference == one.reference;
        // That it says something else now is told already.
        !new.shown.iter().any(|other| is_same(&other))
    });
    let all: Vec<(&ShownBy, bool)> = fresh.map(|one| (one, true)).chain(gone.map(|one| (one, false))).collect();
    let tells = |one: &ShownBy| &*one.state != "part";
    let has_whole = all.iter().any(|(one, _)| tells(one));
    let told = all.into_iter().filter(|(one, _)| !has_whole || tells(one));
    told.map(|(one, is_new)| said(both, new, (one, is_new))).collect()
}

/// What one of them showed, in words.
fn said(both: &Both<'_, '_>, held: &HeldDuty, (one, is_new): (&ShownBy, bool)) -> Reason {
    let reference = &one.reference;
    let Some(scanner) = &one.scanner else {
        let read = one.at.as_deref().map(|day| format!(", reviewed {day}")).unwrap_or_default();
        let no_more = if is_new { String::new() } else { no_more(both, held, reference) };
        return Reason::new(Cause::Evidence, format!("{reference}{read}{no_more}"));
    };
    let on = one.at.as_deref().map(|day| format!(" on {day}")).unwrap_or_default();
    let verdict = match &*one.state {
        "met" => "passed",
        "not-met" => "failed",
        "excepted" => "failed, which is excepted,",
        _ => "showed a part of it",
    };
    Reason::new(
        Cause::Check,
        if is_new {
            format!("{scanner} {reference} {verdict}{on}")
        } else {
            format!("no result of {scanner} {reference} says so any more; it {verdict}{on}")
        },
    )
}

/// Why an artefact attests a duty no more.
fn no_more(both: &Both<'_, '_>, held: &HeldDuty, artefact: &str) -> String {
    let Some(joined) = &both.new.joined else {
        return ", no longer attests it".to_owned();
    };
    let mut of_it = joined.inventory.evidence.iter().filter(|one| *one.artefact == *artefact).peekable();
    if of_it.peek().is_none() {
        return ", is no longer in the inventory".to_owned();
    }
    let cadence = both.new.duty(held).and_then(|duty| duty.activity.cadence);
    let last = of_it.map(|one| (one.attests_until(cadence), one.until())).max();
    match last {
        Some((_, Some(until))) if until < joined.as_of => format!(", had to be read again by {until}"),
        Some((Some(until), _)) if until < joined.as_of => {
            let often = cadence.map(|often| format!(", since it is due {often}")).unwrap_or_default();
            format!(", attested it until {until}{often}")
        }
        Some(_) | None => ", no longer attests it".to_owned(),
    }
}

/// That only the date differs.
fn dates(both: &Both<'_, '_>) -> Option<Reason> {
    let (old, new) = (&both.old.of.as_of, &both.new.of.as_of);
    (old != new).then(|| Reason::new(Cause::Date, format!("it is looked at on {new} instead of {old}")))
}
