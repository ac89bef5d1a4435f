//! What changes add up to.
//!
//! In: both sides and the pairs of their duties. Out: the figures of each side, and what differs between them beside the
//! changes of single duties: duties that are counted in other pieces, commitments, findings. Together they add up: what
//! changed is the difference of the figures.

use super::compare::held;
use super::pairs::{Both, Paired};
use super::snapshot::{HeldCommitment, HeldDuty, KnownFinding, Snapshot};
use super::{Held, Kind};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The figures of a joined result, or of what a party holds of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Figures {
    /// All duties.
    pub duties: u64,
    /// Those that are shown on every resource.
    pub met: u64,
    /// Those that somebody vouches for.
    pub attested: u64,
    /// Those that are broken and excused.
    pub excepted: u64,
    /// Those that nothing shows.
    pub unknown: u64,
    /// Those that are broken.
    pub not_met: u64,
    /// What providers do.
    pub commitments: u64,
    /// Findings.
    pub findings: u64,
}

impl Figures {
    fn count(&mut self, state: &str) {
        self.duties += 1;
        match state {
            "met" => self.met += 1,
            "attested" => self.attested += 1,
            "excepted" => self.excepted += 1,
            "not-met" => self.not_met += 1,
            _ => self.unknown += 1,
        }
    }
}

/// The figures of one side: of all, and of what each party holds R or A of.
#[derive(Default)]
struct Counted<'s> {
    all: Figures,
    by_party: BTreeMap<&'s Arc<str>, Figures>,
}

impl<'s> Counted<'s> {
    fn of(side: &'s Snapshot<'_>) -> Self {
        let mut counted = Self::default();
        for duty in &side.duties {
            counted.add(held_by(&duty.letters), |figures| figures.count(&duty.state));
        }
        for commitment in &side.commitments {
            counted.add(held_by(&commitment.letters), |figures| figures.commitments += 1);
        }
        for finding in side.findings.values() {
            counted.add(finding.parties.iter(), |figures| figures.findings += 1);
        }
        counted
    }

    fn add(&mut self, parties: impl Iterator<Item = &'s Arc<str>>, count: impl Fn(&mut Figures)) {
        count(&mut self.all);
        parties.for_each(|party| count(self.by_party.entry(party).or_default()));
    }
}

/// Who does it or answers for it.
fn held_by(letters: &[(Arc<str>, Arc<str>)]) -> impl Iterator<Item = &Arc<str>> {
    let held = letters.iter().filter(|(_, letters)| letters.contains(['R', 'A']));
    held.map(|(party, _)| party)
}

/// The figures of both sides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Balance {
    /// Those that were.
    pub before: Figures,
    /// Those that are.
    pub after: Figures,
}

impl Balance {
    /// Of all, and of what each party of either side holds R or A of.
    pub(super) fn of(old: &Snapshot<'_>, new: &Snapshot<'_>) -> (Self, BTreeMap<Arc<str>, Self>) {
        let (before, after) = (Counted::of(old), Counted::of(new));
        let parties = old.parties.iter().chain(&new.parties).map(|(id, _)| id);
        let balance = |party: &Arc<str>| Self {
            before: before.by_party.get(party).copied().unwrap_or_default(),
            after: after.by_party.get(party).copied().unwrap_or_default(),
        };
        let by_party = parties.map(|party| (party.clone(), balance(party))).collect();
        let all = Self {
            before: before.all,
            after: after.all,
        };
        (all, by_party)
    }
}

/// Duties that are the same work in other pieces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Parted {
    /// The service's id.
    pub service: Arc<str>,
    /// The control's id.
    pub control: Arc<str>,
    /// The activity's id.
    pub activity: Arc<str>,
    /// The environment.
    pub environment: Option<Arc<str>>,
    /// The duties that it was, by id.
    pub before: Vec<Piece>,
    /// The duties that it is, by id.
    pub after: Vec<Piece>,
}

impl Parted {
    pub(super) fn concerns(&self, party: &str) -> bool {
        let mut held = self.before.iter().chain(&self.after).flat_map(|piece| &piece.assignments);
        held.any(|held| *held.party == *party && held.letters.contains(['R', 'A']))
    }
}

/// One of the duties that a work is counted as.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Piece {
    /// The duty's id.
    pub duty: Arc<str>,
    /// Its state.
    pub state: Arc<str>,
    /// Letters by party, sorted.
    pub assignments: Vec<Held>,
}

impl Piece {
    fn of(duty: &HeldDuty) -> Self {
        Self {
            duty: duty.id.clone(),
            state: duty.state.clone(),
            assignments: held(&duty.letters),
        }
    }

    /// What of it is counted.
    fn counts(&self) -> (&Arc<str>, &Vec<Held>) {
        (&self.state, &self.assignments)
    }
}

/// The duties that are counted in other pieces.
pub(super) fn parted(both: &Both<'_, '_>, paired: &Paired) -> Vec<Parted> {
    let pieces = |of: &Snapshot<'_>, positions: &[usize]| {
        let mut pieces: Vec<Piece> = positions.iter().map(|position| Piece::of(&of.duties[*position])).collect();
        pieces.sort();
        pieces
    };
    let found = paired.parted.iter().filter_map(|(lefts, rights)| {
        let one = &both.new.duties[*rights.first()?];
        let parted = Parted {
            service: both.new.units[one.unit].service.clone(),
            control: one.control.clone(),
            activity: one.activity.clone(),
            environment: one.environment.clone(),
            before: pieces(both.old, lefts),
            after: pieces(both.new, rights),
        };
        // The same figures in other pieces are no change.
        let counts = |pieces: &[Piece]| {
            let mut counts: Vec<_> = pieces
                .iter()
                .map(|piece| (piece.counts().0.clone(), piece.counts().1.clone()))
                .collect();
            counts.sort();
            counts
        };
        (counts(&parted.before) != counts(&parted.after)).then_some(parted)
    });
    let mut found: Vec<Parted> = found.collect();
    found.sort();
    found
}

/// What a provider does that it did not do, does no more, or that another does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CommitmentChange {
    /// `appeared`, `vanished`, or `moved`: another party does it; `catalog` where only the catalog tells it otherwise.
    pub kind: Kind,
    /// The service's id.
    pub service: Arc<str>,
    /// The mode's id, on the side where it is (the new one, if it is on both).
    pub mode: Option<Arc<str>>,
    /// The service as printed.
    pub title: Arc<str>,
    /// The control's id.
    pub control: Arc<str>,
    /// The control as printed.
    pub control_title: Arc<str>,
    /// The activity's id.
    pub activity: Arc<str>,
    /// What is done.
    pub does: Arc<str>,
    /// Who did it and answered for it, by id, sorted; empty where nobody did.
    pub before: Vec<Arc<str>>,
    /// Who does it and answers for it.
    pub after: Vec<Arc<str>>,
}

impl CommitmentChange {
    pub(super) fn concerns(&self, party: &str) -> bool {
        self.before.iter().chain(&self.after).any(|id| **id == *party)
    }
}

/// The commitments that differ.
pub(super) fn commitments(both: &Both<'_, '_>) -> Vec<CommitmentChange> {
    type Key = Vec<Arc<str>>;
    type Told<'k> = &'k dyn Fn(&Snapshot<'_>, &HeldCommitment) -> Key;
    let (olds, news) = (&both.old.commitments, &both.new.commitments);
    let (mut left, mut right): (Vec<usize>, Vec<usize>) = ((0..olds.len()).collect(), (0..news.len()).collect());
    let mut found = Vec::new();
    let mode = |of: &Snapshot<'_>, one: &HeldCommitment| of.units[one.unit].mode.clone().unwrap_or_default();
    let service = |of: &Snapshot<'_>, one: &HeldCommitment| of.units[one.unit].service.clone();
    // By its id, else on the same service in the same mode, else in another mode.
    let keys: [Told<'_>; 3] = [
        &|_, one| vec![one.id.clone()],
        &|of, one| vec![service(of, one), mode(of, one), one.activity.clone()],
        &|of, one| vec![service(of, one), one.activity.clone()],
    ];
    for key in keys {
        let mut by: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for position in right.iter().rev() {
            by.entry(key(both.new, &news[*position])).or_default().push(*position);
        }
        let mut taken = BTreeSet::new();
        left.retain(|position| {
            let other = by.get_mut(&key(both.old, &olds[*position])).and_then(Vec::pop);
            let Some(other) = other else { return true };
            taken.insert(other);
            let (was, is) = (holders(&olds[*position]), holders(&news[other]));
            if was != is {
                found.push(commitment(both.new, &news[other], Kind::Moved, (was, is)));
            }
            false
        });
        right.retain(|position| !taken.contains(position));
    }
    // In another version of the catalog it is the catalog that says it otherwise, where the service runs as it did.
    let kind = |of: &HeldCommitment, (side, other): (&Snapshot<'_>, &Snapshot<'_>), kind| {
        let unit = &side.units[of.unit];
        let mut others = other.units.iter();
        let is_there = others.any(|one| (&one.service, &one.mode) == (&unit.service, &unit.mode));
        if both.is_of_other_catalog() && is_there {
            Kind::Catalog
        } else {
            kind
        }
    };
    for position in left {
        let one = &olds[position];
        let kind = kind(one, (both.old, both.new), Kind::Vanished);
        found.push(commitment(both.old, one, kind, (holders(one), Vec::new())));
    }
    for position in right {
        let one = &news[position];
        let kind = kind(one, (both.new, both.old), Kind::Appeared);
        found.push(commitment(both.new, one, kind, (Vec::new(), holders(one))));
    }
    found.sort();
    found
}

fn holders(commitment: &HeldCommitment) -> Vec<Arc<str>> {
    held_by(&commitment.letters).cloned().collect()
}

fn commitment(of: &Snapshot<'_>, one: &HeldCommitment, kind: Kind, (before, after): (Vec<Arc<str>>, Vec<Arc<str>>)) -> CommitmentChange {
    let unit = &of.units[one.unit];
    let control = unit.controls.iter().find(|control| control.id == one.control);
    CommitmentChange {
        kind,
        service: unit.service.clone(),
        mode: unit.mode.clone(),
        title: unit.title.clone(),
        control: one.control.clone(),
        control_title: control.map_or_else(|| one.control.clone(), |control| control.title.clone()),
        activity: one.activity.clone(),
        does: one.does.clone(),
        before,
        after,
    }
}

/// A finding that came or went, or that others must see to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FindingChange {
    /// `opened`, `closed`, or `moved`: it is still there, and others must see to it.
    pub kind: Kind,
    /// The code of what is wrong.
    pub code: Arc<str>,
    /// The finding's id, the same in every report that has it.
    pub id: Arc<str>,
    /// What is wrong.
    pub message: Arc<str>,
    /// The duty that it is about.
    pub duty: Option<Arc<str>>,
    /// Who had to see to it, by id, sorted; empty where it was not there.
    pub before: Vec<Arc<str>>,
    /// Who must see to it; empty where it is there no more.
    pub after: Vec<Arc<str>>,
}

impl FindingChange {
    pub(super) fn concerns(&self, party: &str) -> bool {
        self.before.iter().chain(&self.after).any(|id| **id == *party)
    }
}

/// The findings that opened or closed, or that passed to others. One whose duty is called otherwise, since it runs in another
/// mode or under other rules, is the same.
pub(super) fn findings(both: &Both<'_, '_>, paired: &Paired) -> Vec<FindingChange> {
    let (olds, news) = (&both.old.findings, &both.new.findings);
    let renamed: BTreeMap<&Arc<str>, &Arc<str>> = paired
        .pairs
        .iter()
        .filter(|(.., alone)| *alone)
        .map(|(left, right, _)| (&both.old.duties[*left].id, &both.new.duties[*right].id))
        .collect();
    type Ids<'n> = Vec<&'n Arc<str>>;
    let mut came: BTreeMap<(&Arc<str>, &Arc<str>), Ids<'_>> = BTreeMap::new();
    for (id, finding) in news.iter().rev().filter(|(id, _)| !olds.contains_key(*id)) {
        if let Some(duty) = &finding.duty {
            came.entry((&finding.code, duty)).or_default().push(id);
        }
    }
    let mut same: BTreeSet<&Arc<str>> = BTreeSet::new();
    let mut found = Vec::new();
    for (id, was) in olds {
        let mut called_otherwise = || {
            let duty = was.duty.as_ref().and_then(|duty| renamed.get(duty).copied())?;
            came.get_mut(&(&was.code, duty))?.pop()
        };
        let is = news.get_key_value(id).or_else(|| news.get_key_value(called_otherwise()?));
        match is {
            Some((id, is)) => {
                same.insert(id);
                if was.parties != is.parties {
                    found.push(finding_change(Kind::Moved, (id, is), (&was.parties, &is.parties)));
                }
            }
            None => found.push(finding_change(Kind::Closed, (id, was), (&was.parties, &[]))),
        }
    }
    let opened = news.iter().filter(|(id, _)| !same.contains(id));
    found.extend(opened.map(|(id, is)| finding_change(Kind::Opened, (id, is), (&[], &is.parties))));
    found.sort();
    found
}

type Holders<'p> = (&'p [Arc<str>], &'p [Arc<str>]);

fn finding_change(kind: Kind, (id, finding): (&Arc<str>, &KnownFinding), (before, after): Holders<'_>) -> FindingChange {
    FindingChange {
        kind,
        code: finding.code.clone(),
        id: id.clone(),
        message: finding.message.clone(),
        duty: finding.duty.clone(),
        before: before.to_vec(),
        after: after.to_vec(),
    }
}
