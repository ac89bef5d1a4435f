//! What a report lacks that was made from imported files alone.
//!
//! In: the inventory and what the matrix is made of. Out: what it was made from, what is not named, and what to name next.

use super::context::Context;
use super::model::{ConditionalGroup, MadeFrom, Partial};
use super::paths::Paths;
use std::collections::BTreeMap;

/// Addresses that stand with a condition.
const ADDRESSES: usize = 40;

/// What is lacking; none where an inventory names parties and accounts.
pub(super) fn partial(context: &Context<'_>, paths: &Paths) -> Option<Partial> {
    let inventory = context.inventory;
    if !inventory.is_partial {
        return None;
    }
    let resources = || context.matrix.listed.iter().map(|index| &context.matrix[*index]);
    let has_accounts = resources().any(|resource| resource.account.is_some());
    let provider = context.catalog.provider().map_or("the provider", |provider| provider.name.as_str());
    let lacks = [
        (
            true,
            "parties",
            "`parties`, and under `assignments` who does and who answers for what",
        ),
        (
            true,
            if has_accounts { "the names of accounts" } else { "accounts" },
            "`accounts`: each number with its name, environment and owner",
        ),
        (
            resources().all(|resource| resource.environment.is_none()),
            "environments",
            "the `environment` of each file under `imports`, where it has one",
        ),
        (
            resources().all(|resource| resource.data.is_empty()),
            "data classes",
            "`data`: the classes of the data in each resource that holds some; they move the severity of findings",
        ),
    ];
    let mut next: Vec<String> = lacks
        .iter()
        .filter(|(lacking, _, _)| *lacking)
        .map(|(_, _, words)| (*words).to_owned())
        .collect();
    if !inventory.conditional.is_empty() {
        next.push("which of the conditional resources are deployed: import what runs, from AWS Config or Resource Explorer".to_owned());
    }
    next.push(format!(
        "the other files of the same accounts under `imports`, above all those with what {provider} records and watches there: trails, recorders, detectors"
    ));
    next.push(
        "`exceptions` and `evidence`: what is knowingly not done, and what shows the duties that configuration cannot show".to_owned(),
    );
    Some(Partial {
        of_results: inventory.is_of_results,
        made_from: inventory
            .inputs
            .iter()
            .map(|input| MadeFrom {
                file: paths.show(&input.path),
                source: input.source.unwrap_or("unknown").to_owned(),
            })
            .collect(),
        not_named: lacks
            .iter()
            .filter(|(lacking, _, _)| *lacking)
            .map(|(_, name, _)| (*name).to_owned())
            .collect(),
        next,
    })
}

/// What counts as deployed though a condition may keep it from being it, condition by condition.
pub(super) fn conditional(context: &Context<'_>, paths: &Paths) -> Vec<ConditionalGroup> {
    if context.matrix.is_cut {
        return Vec::new();
    }
    let mut groups: BTreeMap<(&str, &str), ConditionalGroup> = BTreeMap::new();
    for one in &context.inventory.conditional {
        let group = groups.entry((&one.from, &one.condition)).or_insert_with(|| ConditionalGroup {
            condition: one.condition.clone(),
            count: 0,
            resources: Vec::new(),
            from: paths.show(&one.from),
        });
        group.count += 1;
        if group.resources.len() < ADDRESSES {
            group.resources.push(one.address.clone().unwrap_or_else(|| one.kind.clone()));
        }
    }
    groups.into_values().collect()
}
