//! `docs/claims.md`: each row holds on the report and the catalog of today.

use crate::support::{Folder, activities, list, repository, root, text};
use serde_json::Value;
use std::collections::BTreeMap;

/// A row of the table.
struct Claim {
    id: String,
    how: String,
    place: String,
    quoted: Vec<String>,
}

fn claims() -> Vec<Claim> {
    let table = repository("docs/claims.md");
    let table = table.split("\n## Claims\n").nth(1).expect("the table of claims");
    let rows = table.lines().filter(|line| line.starts_with("| S"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [id, how, place, find] = cells[..] else {
            panic!("four cells: {line}")
        };
        let quoted: Vec<String> = find.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(find.matches('`').count() == quoted.len() * 2 && !quoted.is_empty(), "{line}");
        Claim {
            id: id.to_owned(),
            how: how.to_owned(),
            place: place.to_owned(),
            quoted,
        }
    })
    .collect()
}

/// From a heading to the next one of its level or above.
fn section<'m>(markdown: &'m str, heading: &str) -> &'m str {
    let level = |line: &str| line.chars().take_while(|letter| *letter == '#').count();
    let mut start = None;
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        let marks = level(line);
        match start {
            None if marks > 0 && line.trim_start_matches('#').trim() == heading => start = Some((at, marks)),
            Some((start, own)) if marks > 0 && marks <= own => return &markdown[start..at],
            _ => {}
        }
        at += line.len();
    }
    let (start, _) = start.unwrap_or_else(|| panic!("no section `{heading}` in the report"));
    &markdown[start..]
}

/// All texts in a value.
fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, out)),
        _ => {}
    }
}

fn in_catalog(shown: &Value, quoted: &str) -> bool {
    let of_type = quoted.split_once(": ").and_then(|(control, kind)| {
        let control = list(shown, "controls").iter().find(|one| one["control"] == control)?;
        Some(control["type"] == kind)
    });
    of_type.unwrap_or_else(|| {
        let mut said = Vec::new();
        texts(shown, &mut said);
        said.iter().any(|text| text.contains(quoted))
    })
}

fn in_data(report: &Value, quoted: &str) -> bool {
    let (pointer, expected) = quoted
        .split_once(" = ")
        .unwrap_or_else(|| panic!("a pointer, ` = ` and a value: {quoted}"));
    match report.pointer(pointer) {
        Some(Value::String(text)) => text == expected,
        Some(other) => {
            let shown = other.to_string();
            shown == expected
        }
        None => false,
    }
}

#[test]
fn every_claim_is_in_the_table_once_and_in_order() {
    let ids: Vec<String> = claims().into_iter().map(|claim| claim.id).collect();
    let expected: Vec<String> = (1..=97).map(|number| format!("S{number:03}")).collect();
    assert_eq!(ids, expected);
}

#[test]
fn every_claim_is_honoured_where_the_table_says() {
    let estate = root().join("inventories/estate");
    let folder = Folder::new();
    folder
        .run(&["report", estate.to_str().unwrap(), "-o", "audit.md", "-o", "audit.json"])
        .fine();
    let markdown = folder.read("audit.md");
    let report: Value = serde_json::from_str(&folder.read("audit.json")).unwrap();
    let mut shown: BTreeMap<String, Value> = BTreeMap::new();
    let mut broken = Vec::new();
    for claim in claims() {
        assert!(claim.how.len() > 10, "{}", claim.id);
        for quoted in &claim.quoted {
            let holds = match claim.place.split_once(": ") {
                None if claim.place == "report" => markdown.contains(quoted),
                None if claim.place == "not in report" => !markdown.contains(quoted),
                None if claim.place == "data" => in_data(&report, quoted),
                Some(("report", heading)) => section(&markdown, heading).contains(quoted),
                Some(("catalog", query)) => {
                    let split = shown.entry(query.to_owned()).or_insert_with(|| {
                        let mut words = query.split(' ');
                        let mut arguments = vec!["catalog", "show", "--format", "json", words.next().unwrap()];
                        words.for_each(|attribute| arguments.extend(["--set", attribute]));
                        folder.run(&arguments).json()
                    });
                    in_catalog(split, quoted)
                }
                _ => panic!("{}: no such place: {}", claim.id, claim.place),
            };
            if !holds {
                broken.push(format!("{} ({}): `{quoted}`", claim.id, claim.place));
            }
        }
    }
    assert!(broken.is_empty(), "not to be found:\n{}", broken.join("\n"));
}

/// Where equipment or operation is not the provider's alone: it stands with the customer, a third party operates, or the
/// customer's own line ends at the service.
const NOT_ONLY_THE_PROVIDERS: [(&str, &[&str]); 5] = [
    (
        "physical-security",
        &[
            "data-transfer-terminal",
            "deepcomposer",
            "deeplens",
            "directconnect",
            "elemental-appliances-software",
            "freertos",
            "iot-core",
            "iot-expresslink",
            "iot-greengrass",
            "monitron",
            "outposts",
            "panorama",
            "private-networks",
            "s3-on-outposts",
            "site-to-site-vpn",
            "snow-family",
            "storagegateway",
            "workspaces-thin-client",
        ],
    ),
    (
        "hardware-media-lifecycle",
        &[
            "data-transfer-terminal",
            "deepcomposer",
            "deeplens",
            "deepracer",
            "directconnect",
            "elemental-appliances-software",
            "freertos",
            "iot-expresslink",
            "iot-greengrass",
            "monitron",
            "outposts",
            "panorama",
            "site-to-site-vpn",
            "snow-family",
            "storagegateway",
            "workspaces-thin-client",
        ],
    ),
    ("network-infrastructure", &["directconnect", "interconnect", "iot-greengrass"]),
    (
        "service-operation",
        &["claude-platform", "managed-services", "oracle-database-at-aws"],
    ),
    (
        "host-virtualization",
        &["datasync", "evs", "iot-greengrass", "oracle-database-at-aws", "storagegateway"],
    ),
];

/// What the claims say of all services, and the table can only show on one.
#[test]
fn what_is_claimed_of_every_service_holds_for_every_service() {
    let folder = Folder::new();
    let services = folder.run(&["catalog", "list", "--format", "json"]).json();
    for service in services.as_array().unwrap() {
        let id = text(service, "service");
        let split = folder.run(&["catalog", "show", id, "--format", "json"]).json();
        let of = |control: &str| {
            list(&split, "controls")
                .iter()
                .find(|one| one["control"] == control)
                .unwrap()
                .clone()
        };
        let kind = |control: &str| list(&split, "controls").iter().find(|one| one["control"] == control).unwrap()["type"].clone();
        for control in [
            "physical-security",
            "network-infrastructure",
            "hardware-media-lifecycle",
            "service-operation",
            "host-virtualization",
        ] {
            // What has ended, and what is no service that runs, says so.
            if of(control)["not_applicable"].is_string() {
                continue;
            }
            let elsewhere = NOT_ONLY_THE_PROVIDERS
                .iter()
                .any(|(one, services)| *one == control && services.contains(&id));
            assert_eq!(
                ["inherited", "partner-specific"].contains(&kind(control).as_str().unwrap()),
                !elsewhere,
                "S003, S008, S012, S036, S046: {control} of {id}"
            );
        }
        assert_ne!(kind("identity-access"), "inherited", "S052: {id}");
        assert_ne!(kind("data-governance"), "inherited", "S021: {id}");
        for control in ["awareness-training", "compliance-evidence", "configuration-hardening"] {
            if of(control)["not_applicable"].is_string() {
                continue;
            }
            assert_eq!(kind(control), "shared", "S040, S041, S096: {control} of {id}");
        }
        let sides = |side: &str| activities(&split).iter().filter(|(_, activity)| activity["side"] == side).count();
        assert!(sides("provider") >= 4 && sides("customer") >= 4, "S028, S093: {id}");
    }
}
