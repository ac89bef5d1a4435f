//! Two snapshots compared.
//!
//! In: what was and what is. Out: every change between them.

use super::because;
use super::cause::{Cause, Reason};
use super::figures;
use super::pairs::{self, Both};
use super::requirements;
use super::snapshot::{HeldDuty, Snapshot, UnitStand, state_on};
use super::{Change, Changes, Held, Kind, Stand};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names of resources that a change tells.
const NAMES: usize = 20;

/// What nothing shows, and what is broken; the other states show that it is done, the better the more.
fn rank(state: &str) -> u8 {
    match state {
        "excepted" => 1,
        "attested" => 2,
        "met" => 3,
        _ => 0,
    }
}

/// What a change of state is called; nothing where it is none.
fn turned(before: &str, after: &str) -> Option<Kind> {
    match (before, after) {
        (before, after) if before == after => None,
        (_, "not-met") => Some(Kind::Opened),
        ("not-met", _) => Some(Kind::Closed),
        (before, after) if rank(before) < rank(after) => Some(Kind::Attested),
        _ => Some(Kind::Lapsed),
    }
}

/// Compares two joined results.
#[must_use]
pub fn compare(old: &Snapshot<'_>, new: &Snapshot<'_>) -> Changes {
    let matched = pairs::resources(&old.resources, &new.resources);
    let paired = pairs::duties(old, new, &matched);
    let both = Both { old, new, matched };
    let mut changes = Vec::new();
    for (left, right, alone) in &paired.pairs {
        both.pair(&old.duties[*left], &new.duties[*right], *alone, &mut changes);
    }
    for left in &paired.only_old {
        changes.push(both.only(&old.duties[*left], Kind::Vanished));
    }
    for right in &paired.only_new {
        changes.push(both.only(&new.duties[*right], Kind::Appeared));
    }
    both.modes(&mut changes);
    both.controls(&mut changes);
    requirements::retyped(&both, &mut changes);
    Changes {
        parted: figures::parted(&both, &paired),
        commitments: figures::commitments(&both),
        findings: figures::findings(&both, &paired),
        ..Changes::new(old, new, changes)
    }
}

impl Both<'_, '_> {
    pub(super) fn is_of_other_catalog(&self) -> bool {
        self.old.of.catalog_version != self.new.of.catalog_version
    }

    /// A duty that is on both sides.
    fn pair(&self, old: &HeldDuty, new: &HeldDuty, alone: bool, changes: &mut Vec<Change>) {
        let change = |kind| Change {
            kind,
            parties: holders([old, new]),
            duty_before: (old.id != new.id).then(|| old.id.clone()),
            part: !alone,
            ..self.about(new, self.new)
        };
        let stand = |duty: &HeldDuty, state: &Arc<str>| Stand {
            state: Some(state.clone()),
            ..letters(duty)
        };
        let (before, after) = self.states(old, new, alone);
        if old.letters != new.letters {
            let moved = Change {
                before: Some(stand(old, &before)),
                after: Some(stand(new, &after)),
                ..change(Kind::Moved)
            };
            changes.push(moved.because(because::moved(self, old, new)));
        }
        if let Some(kind) = turned(&before, &after) {
            let (because, resources) = because::turned(self, old, new);
            let turned = Change {
                before: Some(stand(old, &before)),
                after: Some(stand(new, &after)),
                resources,
                due: new.due.clone().filter(|_| kind == Kind::Opened),
                ..change(kind)
            };
            changes.push(turned.because(because));
        }
        if self.is_of_other_catalog() && old.does != new.does {
            let stand = |duty: &HeldDuty| Stand {
                does: Some(duty.does.clone()),
                ..Stand::default()
            };
            let said = Change {
                before: Some(stand(old)),
                after: Some(stand(new)),
                ..change(Kind::Catalog)
            };
            changes.push(said.because(vec![self.catalogs()]));
        }
    }

    /// The states to compare: of the whole duties, or, where rules part them, on the resources that both are on.
    fn states(&self, old: &HeldDuty, new: &HeldDuty, alone: bool) -> (Arc<str>, Arc<str>) {
        let whole = || (old.state.clone(), new.state.clone());
        let (false, Some(was), Some(is)) = (alone, self.old.duty(old), self.new.duty(new)) else {
            return whole();
        };
        let here: BTreeSet<usize> = new.resources.iter().flatten().copied().collect();
        let there: BTreeSet<usize> = old.resources.iter().flatten().copied().collect();
        let stays = |position: usize| {
            self.matched
                .forth
                .get(position)
                .copied()
                .flatten()
                .is_some_and(|other| here.contains(&other))
        };
        let stayed = |position: usize| {
            self.matched
                .back
                .get(position)
                .copied()
                .flatten()
                .is_some_and(|other| there.contains(&other))
        };
        if !there.iter().any(|position| stays(*position)) {
            return whole();
        }
        (state_on(was, stays).word().into(), state_on(is, stayed).word().into())
    }

    /// A duty that is on one side only.
    fn only(&self, duty: &HeldDuty, kind: Kind) -> Change {
        let (of, other) = if kind == Kind::Appeared {
            (self.new, self.old)
        } else {
            (self.old, self.new)
        };
        let unit = &of.units[duty.unit];
        let same_unit = other
            .units
            .iter()
            .any(|one| (&one.service, &one.mode) == (&unit.service, &unit.mode));
        let is_known = other.duties.iter().any(|one| one.activity == duty.activity);
        let stand = Some(Stand {
            state: Some(duty.state.clone()),
            ..letters(duty)
        });
        let by_catalog = self.is_of_other_catalog() && same_unit && !is_known;
        let (because, resources) = if by_catalog {
            (vec![self.catalogs()], Vec::new())
        } else {
            because::only(self, duty, kind)
        };
        let (before, after) = if kind == Kind::Appeared { (None, stand) } else { (stand, None) };
        let only = Change {
            kind: if by_catalog { Kind::Catalog } else { kind },
            before,
            after,
            resources,
            parties: holders([duty]),
            due: duty.due.clone().filter(|_| kind == Kind::Appeared),
            ..self.about(duty, of)
        };
        only.because(because)
    }

    pub(super) fn catalogs(&self) -> Reason {
        let (new, old) = (&self.new.of.catalog_version, &self.old.of.catalog_version);
        Reason::new(Cause::Catalog, format!("catalog {new}, before {old}"))
    }

    /// What a change says that is the same for all kinds.
    fn about(&self, duty: &HeldDuty, of: &Snapshot<'_>) -> Change {
        let unit = &of.units[duty.unit];
        let control = unit.controls.iter().find(|control| control.id == duty.control);
        Change {
            control: Some(duty.control.clone()),
            control_title: control.map(|control| control.title.clone()),
            activity: Some(duty.activity.clone()),
            duty: Some(duty.id.clone()),
            does: Some(duty.does.clone()),
            scope: duty.scope.clone(),
            ..of_unit(unit)
        }
    }

    /// Resources that run in another mode.
    fn modes(&self, changes: &mut Vec<Change>) {
        type Key<'k> = (&'k Arc<str>, &'k Option<Arc<str>>, &'k Option<Arc<str>>, &'k Option<Arc<str>>);
        let mut moved: BTreeMap<Key<'_>, BTreeSet<Arc<str>>> = BTreeMap::new();
        for (position, other) in self.matched.forth.iter().enumerate() {
            let Some((old, new)) = self
                .old
                .resources
                .get(position)
                .zip(other.and_then(|other| self.new.resources.get(other)))
            else {
                continue;
            };
            if (&old.service, &old.mode) != (&new.service, &new.mode) {
                moved
                    .entry((&new.service, &old.mode, &new.mode, &new.environment))
                    .or_default()
                    .insert(new.label.clone());
            }
        }
        for ((service, before, after, environment), names) in moved {
            let unit = self.new.units.iter().find(|unit| unit.service == *service && unit.mode == *after);
            let Some(unit) = unit else { continue };
            let stand = |mode: &Option<Arc<str>>| Stand {
                mode: Some(mode.clone().unwrap_or_else(|| crate::catalog::STANDARD_MODE.into())),
                ..Stand::default()
            };
            let because = because::mode(self, service, &names);
            let moved = Change {
                before: Some(stand(before)),
                after: Some(stand(after)),
                scope: environment.clone(),
                resources: names.into_iter().take(NAMES).collect(),
                ..of_unit(unit)
            };
            changes.push(moved.because(because));
        }
    }

    /// Controls that have another type: on a service in the same mode, and where all of a service moved to another mode.
    fn controls(&self, changes: &mut Vec<Change>) {
        for new in &self.new.units {
            let of_service = |units: &[UnitStand]| units.iter().filter(|unit| unit.service == new.service).count();
            let same = self
                .old
                .units
                .iter()
                .find(|old| (&old.service, &old.mode) == (&new.service, &new.mode));
            let only = || {
                let is_only = of_service(&self.old.units) == 1 && of_service(&self.new.units) == 1;
                self.old.units.iter().find(|old| is_only && old.service == new.service)
            };
            let Some(old) = same.or_else(only) else { continue };
            for control in &new.controls {
                let is = &control.control_type;
                let was = old.controls.iter().find(|known| known.id == control.id);
                let was = was.and_then(|was| was.control_type.clone());
                if was == *is {
                    continue;
                }
                let stand = |found: &Option<Arc<str>>| Stand {
                    control_type: Some(found.clone().unwrap_or_else(|| "not-applicable".into())),
                    ..Stand::default()
                };
                let by_catalog = self.is_of_other_catalog() && old.mode == new.mode;
                let retyped = Change {
                    kind: if by_catalog { Kind::Catalog } else { Kind::Reclassified },
                    control: Some(control.id.clone()),
                    control_title: Some(control.title.clone()),
                    before: Some(stand(&was)),
                    after: Some(stand(is)),
                    ..of_unit(new)
                };
                changes.push(retyped.because(if by_catalog {
                    vec![self.catalogs()]
                } else {
                    because::control(old, new)
                }));
            }
        }
    }
}

/// Who does a duty or answers for it, on any side.
fn holders<const N: usize>(duties: [&HeldDuty; N]) -> Vec<Arc<str>> {
    let held = duties.iter().flat_map(|duty| &duty.letters);
    let found: BTreeSet<Arc<str>> = held
        .filter(|(_, letters)| letters.contains(['R', 'A']))
        .map(|(party, _)| party.clone())
        .collect();
    found.into_iter().collect()
}

pub(super) fn letters(duty: &HeldDuty) -> Stand {
    Stand {
        assignments: held(&duty.letters),
        ..Stand::default()
    }
}

/// Letters as changes tell them.
pub(super) fn held(letters: &[(Arc<str>, Arc<str>)]) -> Vec<Held> {
    let held = letters.iter().map(|(party, letters)| Held {
        party: party.clone(),
        letters: letters.clone(),
    });
    held.collect()
}

fn of_unit(unit: &UnitStand) -> Change {
    Change {
        service: unit.service.clone(),
        mode: unit.mode.clone(),
        title: unit.title.clone(),
        name: unit.name.clone(),
        ..Change::blank(Kind::Reclassified)
    }
}

impl Change {
    /// The same because of something.
    pub(super) fn because(self, reasons: Vec<Reason>) -> Self {
        Self {
            cause: reasons.first().map(|reason| reason.cause),
            because: reasons.into_iter().map(|reason| reason.words).collect(),
            ..self
        }
    }
}
