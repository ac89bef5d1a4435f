//! Resources of one file that stand in it several times.
//!
//! In: by what each is known, as a hash. Out: all but one of each: of a history the last, else the first. A resource takes 32
//! bytes here until the file is read.

use super::super::{ImportedResource, is_global};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// By what a resource is known that may stand several times: a hash, which takes less than its ARN. Two hashes of 64 bits
/// are one of 128: no two of a billion are equal.
pub(in crate::inventory::import) type Identity = [u64; 2];

/// The identity of a resource that has these names.
pub(in crate::inventory::import) fn identity(names: &[&str]) -> Identity {
    [0_u8, 1].map(|seed| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        names.hash(&mut hasher);
        hasher.finish()
    })
}

/// By what an item or a row is known: its ARN, or its id within account, Region and type.
pub(super) fn own_identity(resource: &ImportedResource) -> Option<Identity> {
    if resource.count > 1 {
        return None;
    }
    if let Some(arn) = &resource.arn {
        return Some(identity(&[arn]));
    }
    let id = resource.id.as_deref().filter(|_| !resource.by_name)?;
    let account = resource.account.as_deref()?;
    // What is of no Region has its id in all of them.
    let region = resource.region.as_deref().or_else(|| is_global(&resource.kind).then_some(""))?;
    Some(identity(&[account, region, &resource.kind, id]))
}

/// What a history tells to be gone, by the second of the calendar since when: what another file has of it from before is gone, too.
#[derive(Debug, Default)]
pub(in crate::inventory) struct Deleted(BTreeMap<Identity, u32>);

impl Deleted {
    /// Takes in what another file tells: of two times the later.
    pub(in crate::inventory) fn unite(&mut self, other: Self) {
        for (identity, since) in other.0 {
            let known = self.0.entry(identity).or_insert(since);
            *known = since.max(*known);
        }
    }

    /// Whether a resource was gone after it was recorded. One that tells no time may be there again.
    pub(in crate::inventory) fn has(&self, resource: &ImportedResource) -> bool {
        let (Some(recorded), Some(id), false) = (resource.recorded, resource.id.as_deref(), self.0.is_empty()) else {
            return false;
        };
        let account = resource.account.as_deref().unwrap_or_default();
        // What is of no Region is recorded as of `global`.
        let regions = match resource.region.as_deref() {
            Some(region) => [region, region],
            None => ["", "global"],
        };
        let mut since = regions
            .iter()
            .filter_map(|region| self.0.get(&identity(&[account, region, &resource.kind, id])));
        since.any(|since| *since > recorded)
    }
}

/// One time that something stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    identity: Identity,
    /// The smaller, the later it was recorded.
    age: u32,
    /// Its place among those of the file.
    pub(super) order: u64,
    /// What was counted for it.
    pub(super) counted: Counted,
}

/// What was counted for a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counted {
    /// One of a group.
    Group(u32),
    /// One of which others say something.
    Owner,
    /// None: it is gone.
    Gone,
}

impl Seen {
    /// Something that was recorded at a second of the calendar, or at any time.
    pub(super) fn new(identity: Identity, recorded: Option<u32>, order: u64, counted: Counted) -> Self {
        Self {
            identity,
            age: u32::MAX - recorded.unwrap_or(u32::MAX),
            order,
            counted,
        }
    }

    /// The same, where groups have other numbers.
    pub(super) fn in_group(self, number: impl FnOnce(u32) -> u32) -> Self {
        let counted = match self.counted {
            Counted::Group(group) => Counted::Group(number(group)),
            other => other,
        };
        Self { counted, ..self }
    }
}

/// What stands several times, but for one of each: what a history tells of earlier times, and, where those that are the same
/// are counted once, all but the first. Beside them how many of the latter there are, and what is gone in the end.
pub(super) fn repeated(mut seen: Vec<Seen>, counts_once: bool) -> (Vec<Seen>, u64, Deleted) {
    seen.sort_unstable();
    let mut last: Option<Seen> = None;
    let mut again = 0;
    let mut deleted = Deleted::default();
    seen.retain(|one| match last {
        Some(known) if known.identity == one.identity => {
            let is_same = known.age == one.age && known.counted != Counted::Gone;
            again += u64::from(is_same && counts_once);
            counts_once || !is_same
        }
        _ => {
            last = Some(*one);
            // What tells no time takes nothing away elsewhere.
            if one.counted == Counted::Gone && one.age > 0 {
                deleted.0.insert(one.identity, u32::MAX - one.age);
            }
            false
        }
    });
    (seen, again, deleted)
}

/// What a resource is called that has neither an ARN nor an id but an attribute's: all of its texts.
pub(super) fn called(resource: &ImportedResource) -> Option<Identity> {
    if resource.arn.is_some() || resource.id.is_some() {
        return None;
    }
    let mut texts: Vec<(&str, &str)> = resource
        .config
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
        .collect();
    texts.sort_unstable();
    Some(identity(
        &texts.into_iter().flat_map(|(name, text)| [name, text]).collect::<Vec<&str>>(),
    ))
}
