//! Resources that are alike, counted.
//!
//! In: resources with what tells them apart, as bytes; none where each is a group of its own. Out: groups. A group's
//! attributes are those of its first resource.

use super::super::ImportedResource;
use crate::catalog::predicate::ITS_OWN;
use crate::inventory::Sample;
use crate::inventory::sample;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Groups, by their keys where resources are counted together.
#[derive(Debug, Default)]
pub(super) struct Groups {
    numbers: HashMap<Box<[u8]>, u32, RandomState>,
    list: Vec<Group>,
}

/// Resources that are alike.
#[derive(Debug)]
pub(super) struct Group {
    /// How many.
    pub(super) count: u64,
    /// Where the first of them stands.
    pub(super) order: u64,
    /// The provider configuration that made them, where they name no account.
    pub(super) provider: Option<Arc<str>>,
    /// The first of them, without what is its own; or the only one.
    pub(super) resource: ImportedResource,
}

impl Groups {
    /// Counts resources to their group, if there is one already; the group's number.
    pub(super) fn count_again(&mut self, key: &[u8], count: u64, sample: Option<&Arc<Sample>>) -> Option<u32> {
        let number = *self.numbers.get(key)?;
        if let Some(group) = self.list.get_mut(number as usize) {
            group.count += count;
            sample::unite(&mut group.resource.sample, sample);
        }
        Some(number)
    }

    /// Begins a group with a resource; its number. Without a key it is a group of its own.
    pub(super) fn begin(&mut self, key: Option<&[u8]>, mut one: Group) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        if let Some(key) = key {
            one.resource = without_its_own(one.resource);
            self.numbers.insert(key.into(), next);
        }
        self.list.push(one);
        next
    }

    /// Takes one away from a group.
    pub(super) fn forget(&mut self, number: u32) {
        if let Some(group) = self.list.get_mut(number as usize) {
            group.count = group.count.saturating_sub(1);
            // It may be the one that was named.
            group.resource.sample = None;
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// A group by its number.
    pub(super) fn get(&self, number: u32) -> Option<&Group> {
        self.list.get(number as usize)
    }

    /// Takes in others; their numbers here.
    pub(super) fn unite(&mut self, others: Self) -> Vec<u32> {
        let mut keys: Vec<Option<Box<[u8]>>> = others.list.iter().map(|_| None).collect();
        let mut by_number: Vec<(Box<[u8]>, u32)> = others.numbers.into_iter().collect();
        by_number.sort_unstable_by_key(|(_, number)| *number);
        for (key, number) in by_number {
            if let Some(place) = keys.get_mut(number as usize) {
                *place = Some(key);
            }
        }
        let take_in = |(key, group): (Option<Box<[u8]>>, Group)| {
            let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
            if let Some(key) = key {
                match self.numbers.entry(key) {
                    Entry::Occupied(known) => {
                        let number = *known.get();
                        if let Some(known) = self.list.get_mut(number as usize) {
                            known.count += group.count;
                            let mut sample = known.resource.sample.take();
                            sample::unite(&mut sample, group.resource.sample.as_ref());
                            if group.order < known.order {
                                known.order = group.order;
                                known.resource = group.resource;
                            }
                            known.resource.sample = sample;
                        }
                        return number;
                    }
                    Entry::Vacant(new) => new.insert(next),
                };
            }
            self.list.push(group);
            next
        };
        keys.into_iter().zip(others.list).map(take_in).collect()
    }

    /// All groups.
    pub(super) fn into_list(self) -> Vec<Group> {
        self.list
    }
}

/// A resource that stands for others, too: its id, its name, its ARN, its address and its tags as attributes are left out.
/// What is known of one of them by its siblings is a group of its own later, and no other resource.
fn without_its_own(mut resource: ImportedResource) -> ImportedResource {
    resource.id = None;
    resource.name = None;
    resource.arn = None;
    resource.address = String::new();
    for key in ITS_OWN {
        resource.config.shift_remove(key);
    }
    resource
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn nothing_is_asked_of_what_groups_leave_out() {
        let catalog = Catalog::builtin().unwrap();
        let mut asked = 0;
        for service in catalog.service_ids() {
            for question in catalog.questions(service) {
                assert!(!ITS_OWN.contains(&question.attribute()), "{service}: {question:?}");
                asked += 1;
            }
        }
        assert!(asked > 1000, "{asked}");
    }
}
