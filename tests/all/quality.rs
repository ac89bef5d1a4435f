//! What the catalog must be for its facts to be worth something.

use crate::support::{Folder, activities, root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Where AWS publishes what its services do.
const HOSTS: [&str; 3] = [
    "https://docs.aws.amazon.com/",
    "https://aws.amazon.com/",
    "https://docs.amplify.aws/",
];

/// An open source project of AWS's with a site of its own, and what a third party publishes that operates a service.
const OTHERS: [&str; 2] = ["https://bottlerocket.dev/", "https://platform.claude.com/docs/"];

/// Every service with its split, asked for once.
fn splits() -> &'static [(String, Value)] {
    static SPLITS: LazyLock<Vec<(String, Value)>> = LazyLock::new(all_splits);
    &SPLITS
}

fn all_splits() -> Vec<(String, Value)> {
    let folder = Folder::new();
    let services = folder.run(&["catalog", "list", "--format", "json"]).json();
    let ids = services
        .as_array()
        .unwrap()
        .iter()
        .map(|service| text(service, "service").to_owned());
    ids.map(|id| {
        let split = folder.run(&["catalog", "show", &id, "--format", "json"]).json();
        (id, split)
    })
    .collect()
}

#[test]
fn every_fact_rests_on_a_page_of_its_provider() {
    for (id, split) in splits() {
        for (_, activity) in activities(split) {
            let source = text(activity, "source");
            assert!(
                HOSTS.iter().chain(&OTHERS).any(|host| source.starts_with(host)),
                "{id}: {source} is no page of the provider's"
            );
        }
    }
}

#[test]
fn no_two_services_come_out_the_same() {
    let mut seen: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for (id, split) in splits() {
        let does: Vec<String> = activities(split)
            .iter()
            .map(|(_, activity)| text(activity, "does").to_owned())
            .collect();
        if let Some(other) = seen.insert(does, id.clone()) {
            panic!("{id} and {other} have the same split");
        }
    }
}

#[test]
fn every_service_says_something_of_its_own_and_the_popular_ones_much() {
    let popular = std::fs::read_to_string(root().join("tests/fixtures/aws/popular.txt")).unwrap();
    let popular: BTreeSet<&str> = popular.lines().collect();
    let retired = |split: &Value| split["lifecycle"].as_str().is_some_and(|state| state.starts_with("retired"));
    for (id, split) in splits() {
        let own = |side: &str| {
            activities(split)
                .iter()
                .filter(|(_, activity)| activity["side"] == side && activity["from"] != "model")
                .count()
        };
        assert!(own("customer") >= 3, "{id} says {} things of the customer's own", own("customer"));
        if popular.contains(id.as_str()) && !retired(split) {
            assert!(own("customer") >= 8, "{id} is popular and has {} activities", own("customer"));
        }
    }
}

#[test]
fn most_facts_are_fresh_and_few_are_unverified() {
    let (mut all, mut fresh, mut unverified) = (0, 0, 0);
    for (_, split) in splits() {
        for (_, activity) in activities(split).iter().filter(|(_, activity)| activity["from"] != "model") {
            all += 1;
            match activity["reviewed"].as_str() {
                None => unverified += 1,
                Some(day) => fresh += i32::from(day >= "2025-11-24"),
            }
        }
    }
    assert!(fresh * 2 > all, "{fresh} of {all} facts were read within a year");
    assert!(unverified * 20 < all, "{unverified} of {all} facts are unverified");
}

/// Findings and conditions name what excuses: a predicate spelt out is no sentence for a reader.
#[test]
fn every_excuse_is_said_in_words() {
    let mut found = 0;
    for entry in std::fs::read_dir(root().join("catalog/aws/services")).unwrap() {
        let path = entry.unwrap().path();
        let lines: Vec<String> = std::fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
        for (number, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.trim_start().starts_with("unless: {"))
        {
            let next = lines.get(number + 1).map(|line| line.trim_start()).unwrap_or_default();
            assert!(next.starts_with("excuse: "), "{}:{}: {line}", path.display(), number + 1);
            found += 1;
        }
    }
    assert!(found > 10);
}
