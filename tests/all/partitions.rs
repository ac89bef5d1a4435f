//! Who operates a partition or a Region answers for the provider's side there, and a service that does not exist in a
//! partition is told.

use crate::support::{Folder, activities, expect, inventory, list, repository, text};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Regions, and who operates them.
const REGIONS: [(&str, &str); 6] = [
    ("eu-west-1", "aws"),
    ("cn-north-1", "sinnet"),
    ("cn-northwest-1", "nwcd"),
    ("us-gov-east-1", "aws-govcloud"),
    ("eusc-de-east-1", "aws-eusc"),
    ("us-iso-east-1", "aws-top-secret"),
];

fn folder() -> Folder {
    Folder::new().with("inventory.yaml", repository("tests/fixtures/partitions/inventory.yaml"))
}

#[test]
fn each_operator_has_its_own_share_in_every_output() {
    let folder = folder();
    for edition in ["audit", "review"] {
        let name = format!("{edition}.md");
        folder.run(&["report", "--edition", edition, "-o", &name]).well();
        expect(&format!("partitions/{name}"), &folder.read(&name));
    }
    // The other formats name the same holders.
    let json = folder.report("json").json();
    // What says who operates stands among the sources, with a number that the scope names.
    let audit = folder.read("audit.md");
    let scope = audit.lines().find(|line| line.starts_with("| Operated by |")).unwrap();
    for (name, url) in [
        ("Sinnet", "https://www.amazonaws.cn/en/compliance/shared-responsibility-model/"),
        ("GovCloud", "https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/whatis.html"),
    ] {
        let source = list(&json, "sources").iter().find(|source| source["url"] == url).unwrap();
        let (number, activities) = (source["number"].as_u64().unwrap(), source["activities"].as_u64().unwrap());
        assert!(activities > 0, "{source}");
        let (_, behind) = scope.split_once(name).unwrap_or_else(|| panic!("{name} in {scope}"));
        let first = behind.split('[').nth(1).and_then(|rest| rest.split(']').next());
        assert_eq!(first, Some(number.to_string().as_str()), "{name} in {scope}");
        assert!(audit.contains(&format!("| {number} | [")), "{number} in the list of sources");
    }
    let mut expected: BTreeSet<(String, String)> = BTreeSet::new();
    for made in list(&json, "commitments") {
        expected.insert((text(made, "commitment").to_owned(), text(made, "party").to_owned()));
    }
    let csv = folder.report("csv").fine();
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|found| found == name).unwrap();
    let [counts_as, id, party, letters] = ["counts_as", "id", "party", "letters"].map(column);
    let rows = rows
        .records()
        .map(Result::unwrap)
        .filter(|row| &row[counts_as] == "commitment" && &row[letters] == "A/R");
    let found: BTreeSet<(String, String)> = rows.map(|row| (row[id].to_owned(), row[party].to_owned())).collect();
    assert_eq!(found, expected);
    for party in ["aws", "sinnet", "nwcd", "aws-china", "aws-govcloud", "aws-eusc"] {
        assert!(expected.iter().any(|(_, by)| by == party), "{party}");
    }
    let mut why = folder.run(&["why", "s3", "physical-security"]).fine();
    why.push_str(&folder.run(&["why", "aws-account", "compliance-evidence"]).fine());
    expect("partitions/why.txt", &why);
}

#[test]
fn a_rule_for_one_activity_holds_at_each_operator_and_for_no_other_activity() {
    let named = "s3.service-operation.provider.durability";
    let rule = format!("assignments:\n  - {{match: {{activity: {named}, side: provider}}, informed: security}}\n");
    let written = repository("tests/fixtures/partitions/inventory.yaml");
    let written = written.replace("assignments:\n", &rule);
    let written = written.replace("parties:\n", "parties:\n  security: {name: Security team}\n");
    let report = Folder::new().with("inventory.yaml", written).report("json").json();
    let mut operators = BTreeSet::new();
    for (control, activity) in activities(&report) {
        let held = list(activity, "assignments");
        let informed = held.iter().any(|one| one["party"] == "security" && one["letters"] == "I");
        assert_eq!(informed, activity["id"] == named, "{control}: {activity}");
        let by = held.iter().filter(|one| informed && one["letters"] == "A/R");
        operators.extend(by.map(|one| text(one, "party").to_owned()));
    }
    assert!(operators.len() > 3, "{operators:?}");
}

#[test]
fn a_service_that_a_partition_lacks_is_told_with_its_place() {
    let run = folder().run(&["check"]);
    expect("partitions/check.txt", &format!("{}\nexit {}\n", run.errors, run.code));
    let denied = folder().run(&["check", "--deny", "service-not-in-partition"]);
    assert!(
        denied
            .failed(1)
            .contains("error[service-not-in-partition]: Amazon Lightsail does not exist in China")
    );
    // At home it exists, and so it does where nobody has said that it does not.
    for region in ["eu-west-1", "us-iso-east-1", "mars-1"] {
        let resources = json!([{"service": "lightsail", "account": "111122223333", "region": region}]);
        let run = Folder::new().with("inventory.yaml", inventory(resources)).run(&["check"]);
        assert!(!run.errors.contains("service-not-in-partition"), "{region}: {}", run.errors);
    }
    let explained = folder().run(&["explain", "service-not-in-partition"]).fine();
    assert!(explained.contains("partitions.yaml"), "{explained}");
}

#[test]
fn the_page_says_whose_each_commitment_is() {
    let html = folder().report("html").fine();
    let json = folder().report("json").json();
    for party in list(&json, "parties").iter().filter(|party| text(party, "kind") == "provider") {
        let marked: u64 = html
            .split("<li id=")
            .filter(|item| item.contains(&format!(" data-party=\"{}\"", text(party, "id"))))
            .filter_map(|item| item.split("data-commitments=\"").nth(1)?.split('"').next()?.parse::<u64>().ok())
            .sum();
        assert_eq!(marked, party["commitments"].as_u64().unwrap(), "{party}");
    }
}

/// A rule cannot make an operator responsible for what is the customer's, as it cannot the provider.
#[test]
fn an_operator_is_a_provider() {
    let document = json!({
        "inventory": 1, "organization": "Example", "as_of": "2026-11-01",
        "parties": {"sinnet": {}, "platform": {}},
        "assignments": [{"accountable": "sinnet"}],
        "resources": [{"service": "s3", "account": "111122223333", "region": "cn-north-1"}],
    });
    let run = Folder::new().with("inventory.yaml", document.to_string()).run(&["check"]);
    assert!(run.failed(1).contains("error[provider-accountable]"), "{}", run.errors);
}

/// Where one party operates everything, no other provider has anything, and all that is said of the provider is said of it.
#[test]
fn a_single_operator_takes_the_providers_place() {
    for (region, party) in REGIONS {
        let resources = json!([{"service": "s3", "account": "111122223333", "region": region}, {"type": "aws_iam_role", "name": "r"}]);
        let json = Folder::new().with("inventory.yaml", inventory(resources)).report("json").json();
        let held: BTreeSet<&str> = list(&json, "commitments").iter().map(|made| text(made, "party")).collect();
        assert_eq!(held, BTreeSet::from([party]), "{region}");
    }
}

fn resources() -> impl Strategy<Value = Vec<(Value, usize)>> {
    let one = (
        select(&["s3", "rds", "ec2", "lambda"][..]),
        0..REGIONS.len(),
        select(&["prod", "dev"][..]),
        1..4u64,
        any::<bool>(),
    );
    let resource = one.prop_map(|(service, region, environment, count, on)| {
        // An account is in one partition.
        let resource = json!({
            "service": service, "environment": environment, "count": count, "region": REGIONS[region].0,
            "account": format!("{:012}", 111_122_223_330 + region), "config": {"versioning": on, "storage_encrypted": on, "engine": "postgres"},
        });
        (resource, region)
    });
    prop::collection::vec(resource, 1..9).prop_map(|mut list| {
        for (position, (resource, region)) in list.iter_mut().enumerate() {
            resource["name"] = format!("{}-{position}", REGIONS[*region].1).into();
        }
        list
    })
}

/// Resources by activity: those of commitments and those of duties.
fn counted(report: &Value) -> BTreeMap<(String, String, bool), u64> {
    let mut counted = BTreeMap::new();
    for service in list(report, "services")
        .iter()
        .filter(|service| text(service, "service") != "aws-account")
    {
        let name = format!("{}/{}", text(service, "service"), service["mode"]);
        for (_, activity) in activities(service) {
            let key = (name.clone(), text(activity, "id").to_owned(), activity["commitment"].is_string());
            *counted.entry(key).or_default() += activity["resources"].as_u64().unwrap();
        }
    }
    counted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What operators run, taken together, is what one provider would run: no resource is lost and none counts twice. Nothing
    /// of two operators is one duty or one commitment.
    #[test]
    fn the_shares_of_operators_add_up(list_of in resources()) {
        let report = |resources: &[Value]| {
            let rules = json!([{"accountable": "platform"}]);
            let document = json!({
                "inventory": 1, "organization": "Example", "as_of": "2026-11-01", "parties": {"platform": {}},
                "assignments": rules, "resources": resources,
            });
            Folder::new().with("inventory.yaml", document.to_string()).report("json").json()
        };
        let abroad: Vec<Value> = list_of.iter().map(|(resource, _)| resource.clone()).collect();
        let home: Vec<Value> = list_of
            .iter()
            .map(|(resource, _)| {
                let mut resource = resource.clone();
                resource["region"] = REGIONS[0].0.into();
                resource
            })
            .collect();
        let (abroad, home) = (report(&abroad), report(&home));
        prop_assert_eq!(counted(&abroad), counted(&home));

        let operators: BTreeSet<&str> = list_of.iter().map(|(_, region)| REGIONS[*region].1).collect();
        let mut made: BTreeMap<&str, u64> = BTreeMap::new();
        for commitment in list(&abroad, "commitments") {
            *made.entry(text(commitment, "party")).or_default() += 1;
        }
        prop_assert_eq!(made.keys().copied().collect::<BTreeSet<_>>(), operators.clone());
        let total: u64 = made.values().sum();
        prop_assert_eq!(total, abroad["summary"]["commitments"].as_u64().unwrap());
        for party in list(&abroad, "parties") {
            let own = made.get(text(party, "id")).copied().unwrap_or_default();
            prop_assert_eq!(party["commitments"].as_u64().unwrap(), own);
        }
        // A commitment of one on a service in one mode covers what that one runs of it; a duty never more than one runs.
        for service in list(&abroad, "services").iter().filter(|service| text(service, "service") != "aws-account") {
            let of_service = |party: Option<&str>| -> u64 {
                let own = list_of.iter().filter(|(resource, region)| {
                    text(resource, "service") == text(service, "service") && party.is_none_or(|party| REGIONS[*region].1 == party)
                });
                own.map(|(resource, _)| resource["count"].as_u64().unwrap()).sum()
            };
            let most = operators.iter().map(|party| of_service(Some(party))).max().unwrap();
            for (_, activity) in activities(service) {
                let holder = list(activity, "assignments").iter().find(|held| text(held, "letters") == "A/R").unwrap();
                let own = if activity["commitment"].is_string() { of_service(Some(text(holder, "party"))) } else { most };
                prop_assert!(activity["resources"].as_u64().unwrap() <= own, "{activity}");
            }
        }
    }
}
