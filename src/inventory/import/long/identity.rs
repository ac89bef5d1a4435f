//! Resources of a long file that stand in it twice.
//!
//! In: by what each is known, as a hash, with what was counted for it. Out: all but the first of each. A resource takes 24
//! bytes here until the file is read.

use super::super::ImportedResource;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is known of a resource beside itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made<'p> {
    /// The provider configuration that made it.
    pub(super) provider: &'p str,
    /// Its number in the file.
    pub(super) order: u64,
    /// By what it is known, if it may stand twice.
    pub(super) identity: Option<Identity>,
}

/// By what an item or a row is known: its ARN, or its id within account, Region and type.
pub(super) fn own_identity(resource: &ImportedResource) -> Option<Identity> {
    if resource.count > 1 {
        return None;
    }
    if let Some(arn) = &resource.arn {
        return Some(identity(&[arn]));
    }
    let (id, account) = (resource.id.as_deref()?, resource.account.as_deref()?);
    Some(identity(&[account, resource.region.as_deref()?, &resource.kind, id]))
}

/// What a resource is called that has neither an ARN nor an id but an attribute's: all of its texts.
pub(in super::super) fn called(resource: &ImportedResource) -> Option<Identity> {
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

/// By what a resource is known that may stand twice: a hash, which takes less than its ARN.
pub(super) type Identity = [u64; 2];

/// The identity of a resource that has these names. Two hashes of 64 bits are one of 128: no two of a billion are equal.
pub(super) fn identity(names: &[&str]) -> Identity {
    [0_u8, 1].map(|seed| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        names.hash(&mut hasher);
        hasher.finish()
    })
}

/// What was counted under an identity: 24 bytes a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    identity: Identity,
    order: u32,
    /// A group, or the place of an owner in its list.
    pub(super) number: u32,
}

impl Seen {
    /// A resource under its number, if it may stand twice.
    pub(super) fn of(made: Made<'_>, number: u32) -> Option<Self> {
        Some(Self {
            identity: made.identity?,
            order: u32::try_from(made.order).unwrap_or(u32::MAX),
            number,
        })
    }

    /// The same under another number.
    pub(super) fn at(self, number: u32) -> Self {
        Self { number, ..self }
    }
}

/// All but the first of those that have one identity, in the order of the file.
pub(super) fn repeated(mut seen: Vec<Seen>) -> Vec<Seen> {
    seen.sort_unstable();
    let mut before: Option<Identity> = None;
    seen.retain(|one| before.replace(one.identity) == Some(one.identity));
    seen
}
