//! What an inventory names, and what must not be taken for a name.
//!
//! In: an inventory. Out: its people, files, tags and other names of resources, and the words that everybody is told anyway.

use super::names::Names;
use super::{known_by, selectors, visit_places};
use crate::catalog::Arn;
use crate::inventory::{Inventory, Resource};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everybody whom the inventory names.
pub(super) fn people(inventory: &Inventory) -> BTreeSet<String> {
    let mut people: BTreeSet<String> = inventory.parties.iter().flat_map(|party| party.people.iter().cloned()).collect();
    people.extend(inventory.exceptions.iter().filter_map(|exception| exception.approved_by.clone()));
    people.extend(inventory.revisions.iter().filter_map(|revision| revision.author.clone()));
    people.extend([&inventory.prepared_by, &inventory.prepared_for].into_iter().flatten().cloned());
    people
}

/// The files that anything comes from.
pub(super) fn files(inventory: &Inventory) -> BTreeSet<String> {
    let mut files: BTreeSet<String> = inventory.inputs.iter().map(|input| input.path.to_string()).collect();
    let mut places = inventory.clone();
    visit_places(&mut places, &mut |place| {
        files.insert(place.file.to_string());
    });
    files.extend(inventory.out_of_scope.iter().map(|one| one.from.to_string()));
    files
}

/// The other names of resources, with their pseudonyms.
pub(super) fn other_names(resources: &[Arc<Resource>], names: &Names) -> Vec<(String, String)> {
    let mut others = Vec::new();
    for resource in resources {
        let Some(name) = known_by(resource) else { continue };
        let name = names.show(name);
        for other in [&resource.name, &resource.address, &resource.arn].into_iter().flatten() {
            others.push((other.clone(), name.clone()));
            // People speak of an ARN by what it ends in.
            let end = other
                .rsplit([':', '/'])
                .next()
                .filter(|end| Arn::begins(other) && end.len() < other.len());
            others.extend(end.map(|end| (end.to_owned(), name.clone())));
        }
    }
    others
}

/// What everybody is told anyway, and the words that the report itself is made of.
pub(super) fn told_anyway(inventory: &Inventory) -> Vec<String> {
    let mut told: Vec<String> = [&inventory.title, &inventory.organization, &inventory.system]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    told.extend(inventory.parties.iter().map(|party| party.id.to_string()));
    for resource in &inventory.resources {
        told.extend(
            [&resource.environment, &resource.region, &resource.service, &resource.mode]
                .into_iter()
                .flatten()
                .map(ToString::to_string),
        );
        told.extend(resource.data.iter().map(ToString::to_string));
    }
    told.sort();
    told.dedup();
    told
}

/// The tags of resources and of rules, and their values.
pub(super) fn tags_and_values(inventory: &Inventory) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut tags, mut values) = (BTreeSet::new(), BTreeSet::new());
    for (tag, value) in inventory.resources.iter().flat_map(|resource| resource.tags.iter()) {
        tags.insert(tag.to_string());
        values.insert(value.clone());
    }
    for (tag, value) in selectors(inventory).filter_map(|selector| selector.tag.as_ref()).flatten() {
        tags.insert(tag.to_string());
        values.extend(value.clone());
    }
    (tags, values)
}
