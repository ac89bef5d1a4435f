//! Which resource and which duty of one side is the same on the other.
//!
//! In: two snapshots. Out: pairs. A resource is the same by its ARN, else by its address, else by its name, in its account
//! and Region, else in its environment: one that was replaced under the same name or address is the same. A duty is the same by service,
//! activity and environment, and where rules part it, by the resources that it is on.

use super::snapshot::{HeldDuty, Known, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Positions on both sides of what is the same.
pub(super) struct Matched {
    /// By the old position, the new one.
    pub(super) forth: Vec<Option<usize>>,
    /// By the new position, the old one.
    pub(super) back: Vec<Option<usize>>,
}

/// Both sides and their pairs of resources.
pub(super) struct Both<'b, 'a> {
    pub(super) old: &'b Snapshot<'a>,
    pub(super) new: &'b Snapshot<'a>,
    pub(super) matched: Matched,
}

/// The pairs of resources.
pub(super) fn resources(old: &[Known], new: &[Known]) -> Matched {
    type Key<'k> = Vec<Option<&'k str>>;
    let mut matched = Matched {
        forth: vec![None; old.len()],
        back: vec![None; new.len()],
    };
    fn by_arn(of: &Known) -> Option<Key<'_>> {
        Some(vec![Some(of.arn.as_deref()?)])
    }
    fn by_address(of: &Known) -> Option<Key<'_>> {
        Some(vec![
            Some(&of.service),
            Some(of.address.as_deref()?),
            of.account.as_deref(),
            of.region.as_deref(),
        ])
    }
    fn by_name(of: &Known) -> Option<Key<'_>> {
        Some(vec![
            Some(&of.service),
            Some(of.name.as_deref()?),
            of.account.as_deref(),
            of.region.as_deref(),
        ])
    }
    // One that moved to another Region, or whose account nobody named before.
    fn by_name_anywhere(of: &Known) -> Option<Key<'_>> {
        let name = of.name.as_deref().or(of.address.as_deref())?;
        Some(vec![Some(&of.service), Some(&of.kind), Some(name), of.environment.as_deref()])
    }
    // What has no name of its own is told by its type and place alone.
    fn by_kind(of: &Known) -> Option<Key<'_>> {
        let is_bare = of.name.is_none() && of.arn.is_none() && of.address.is_none();
        is_bare.then(|| {
            vec![
                Some(&*of.service),
                Some(&*of.kind),
                of.mode.as_deref(),
                of.account.as_deref(),
                of.region.as_deref(),
                of.environment.as_deref(),
            ]
        })
    }
    for key in [by_arn, by_address, by_name, by_kind, by_name_anywhere] {
        let open = |list: &[Known], done: &[Option<usize>]| {
            let mut found: BTreeMap<Vec<Option<String>>, Vec<usize>> = BTreeMap::new();
            for (position, one) in list.iter().enumerate().filter(|(position, _)| done[*position].is_none()) {
                if let Some(key) = key(one) {
                    let key = key.into_iter().map(|part| part.map(str::to_owned)).collect();
                    found.entry(key).or_default().push(position);
                }
            }
            found
        };
        let (olds, news) = (open(old, &matched.forth), open(new, &matched.back));
        for (key, positions) in olds {
            // Several that are told apart by nothing are the same in their order, as many as there are on both sides.
            for (one, other) in positions.iter().zip(news.get(&key).into_iter().flatten()) {
                matched.forth[*one] = Some(*other);
                matched.back[*other] = Some(*one);
            }
        }
    }
    matched
}

/// Duties of both sides, each with those of the other that it became or was.
#[derive(Debug, Default)]
pub(super) struct Paired {
    /// Positions of an old duty and of the new one, and whether neither has another partner.
    pub(super) pairs: Vec<(usize, usize, bool)>,
    pub(super) only_old: Vec<usize>,
    pub(super) only_new: Vec<usize>,
    /// Those of both sides that share their work with more than one of the other: old ones, and what they became.
    pub(super) parted: Vec<(Vec<usize>, Vec<usize>)>,
}

/// The pairs of duties.
pub(super) fn duties(old: &Snapshot<'_>, new: &Snapshot<'_>, matched: &Matched) -> Paired {
    let mut paired = Paired::default();
    let (mut left, mut right) = (0, 0);
    fn key<'k>(of: &'k Snapshot<'_>, duty: &'k HeldDuty) -> (&'k str, &'k str, Option<&'k str>) {
        (&of.units[duty.unit].service, &duty.activity, duty.environment.as_deref())
    }
    while left < old.duties.len() || right < new.duties.len() {
        let next = match (old.duties.get(left), new.duties.get(right)) {
            (Some(one), Some(other)) => key(old, one).min(key(new, other)),
            (Some(one), None) => key(old, one),
            (None, Some(one)) => key(new, one),
            (None, None) => break,
        };
        let end = |of: &Snapshot<'_>, from: usize| from + of.duties[from..].iter().take_while(|duty| key(of, duty) == next).count();
        let (left_end, right_end) = (end(old, left), end(new, right));
        group(old, new, matched, (left..left_end, right..right_end), &mut paired);
        (left, right) = (left_end, right_end);
    }
    paired
}

type Ranges = (std::ops::Range<usize>, std::ops::Range<usize>);

/// The pairs among duties of one activity in one environment.
fn group(old: &Snapshot<'_>, new: &Snapshot<'_>, matched: &Matched, (lefts, rights): Ranges, paired: &mut Paired) {
    if lefts.len() == 1 && rights.len() == 1 {
        paired.pairs.push((lefts.start, rights.start, true));
        return;
    }
    let mut edges: BTreeSet<(usize, usize)> = BTreeSet::new();
    // By the resources that both are on.
    let mut at: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for right in rights.clone() {
        for resource in new.duties[right].resources.iter().flatten() {
            at.entry(*resource).or_default().push(right);
        }
    }
    for left in lefts.clone() {
        for resource in old.duties[left].resources.iter().flatten() {
            let other = matched.forth.get(*resource).copied().flatten();
            let on = other.and_then(|other| at.get(&other)).into_iter().flatten();
            edges.extend(on.map(|right| (left, *right)));
        }
    }
    let has = |edges: &BTreeSet<(usize, usize)>, side: usize, position: usize| {
        edges
            .iter()
            .any(|(left, right)| if side == 0 { *left == position } else { *right == position })
    };
    // Those on no common resource: the ones that are called the same, else the ones that are left alone.
    for left in lefts.clone() {
        if has(&edges, 0, left) {
            continue;
        }
        let same = rights
            .clone()
            .find(|right| !has(&edges, 1, *right) && new.duties[*right].id == old.duties[left].id);
        edges.extend(same.map(|right| (left, right)));
    }
    let alone: Vec<usize> = lefts.clone().filter(|left| !has(&edges, 0, *left)).collect();
    let others: Vec<usize> = rights.clone().filter(|right| !has(&edges, 1, *right)).collect();
    if let ([left], [right]) = (alone.as_slice(), others.as_slice()) {
        edges.insert((*left, *right));
    } else {
        paired.only_old.extend(alone);
        paired.only_new.extend(others);
    }
    let mut shared = Vec::new();
    for (left, right) in &edges {
        let degree = edges.iter().filter(|(one, other)| one == left || other == right).count();
        paired.pairs.push((*left, *right, degree == 1));
        if degree > 1 {
            shared.push((*left, *right));
        }
    }
    paired.parted.extend(joined(&shared));
}

/// What hangs together by pairs: the old duties and the new ones of each such lot.
fn joined(pairs: &[(usize, usize)]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut lots: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = Vec::new();
    for (left, right) in pairs {
        let mut lot = (BTreeSet::from([*left]), BTreeSet::from([*right]));
        lots.retain(|(lefts, rights)| {
            let touches = lefts.contains(left) || rights.contains(right);
            if touches {
                lot.0.extend(lefts);
                lot.1.extend(rights);
            }
            !touches
        });
        lots.push(lot);
    }
    let lists = lots
        .into_iter()
        .map(|(lefts, rights)| (lefts.into_iter().collect(), rights.into_iter().collect()));
    lists.collect()
}
