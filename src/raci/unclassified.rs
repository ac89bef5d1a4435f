//! Classified data on resources that the catalog does not know.
//!
//! In: a matrix. Out: a finding for each environment and owner of them: nobody's duties there are stated, and what lies there is
//! to be protected. What holds no such data is a decision alone.

use super::Matrix;
use super::finding::{Finding, general};
use super::index::{PartyIx, ResourceIx};
use crate::diagnostics::Code;
use crate::inventory::Inventory;
use std::collections::{BTreeMap, BTreeSet};

/// Whose they are, and where: what those of one finding have in common.
type Alike<'m> = (Option<&'m str>, Option<&'m str>);

/// Looks what is unclassified over.
pub(super) fn findings(matrix: &Matrix, inventory: &Inventory, list: &mut Vec<Finding>) {
    let mut alike: BTreeMap<Alike<'_>, Vec<ResourceIx>> = BTreeMap::new();
    for index in &matrix.unclassified {
        let resource = &matrix[*index];
        if resource.data.iter().any(|class| inventory.severity.is_classified(class)) {
            let key = (resource.environment.as_deref(), resource.owner.as_deref());
            alike.entry(key).or_default().push(*index);
        }
    }
    list.extend(alike.into_iter().map(|(of, resources)| finding(matrix, inventory, of, resources)));
}

fn finding(matrix: &Matrix, inventory: &Inventory, (environment, owner): Alike<'_>, resources: Vec<ResourceIx>) -> Finding {
    let all = || resources.iter().map(|index| &matrix[*index]);
    let classes: BTreeSet<&str> = all().flat_map(|resource| &resource.data).map(|class| &**class).collect();
    let is_classified = |class: &&str| inventory.severity.is_classified(class);
    let classified: Vec<&str> = classes.iter().copied().filter(is_classified).collect();
    let classes: Vec<&str> = classes.into_iter().collect();
    let rated = inventory.severity.of_resources(Code::UnclassifiedData.id(), &classes, environment);
    let count = matrix.count(resources.iter().copied());
    let noun = if count == 1 { "a resource" } else { "resources" };
    let what = format!("{} data lies on {noun} that the catalog does not know", classified.join(" and "));
    let place = environment.map_or_else(String::new, |name| format!(" ({name})"));
    let mut parties = inventory.parties.iter();
    let party = owner
        .and_then(|owner| parties.position(|party| *party.id == *owner))
        .map(PartyIx::new);
    let about = [environment.unwrap_or_default(), owner.unwrap_or_default()];
    Finding {
        severity: rated.severity,
        because: rated.because,
        how: Some("say who does what there, in a service file of an overlay, or show that no such data lies there".to_owned()),
        responsible: party.into_iter().collect(),
        accountable: party,
        bad: count,
        of: count,
        place: resources.first().map(|index| matrix[*index].place.clone()),
        what: what.clone(),
        resources,
        ..general(inventory, Code::UnclassifiedData, &about, format!("{what}{place}"))
    }
}
