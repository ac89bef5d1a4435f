//! What modes take over from their service and its model: each line with its words and the place where it is written.

use crate::support::{Folder, expect, repository, text};
use cloudraci::catalog::{Activity, Catalog, Level};
use cloudraci::diagnostics::Spot;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A second mode of a service that has one, which states a control itself and takes an activity of each level away.
const SHIELD: &str = "id: shield
reason: We lease protection from a partner
resources:
  subscription: {attributes: {lease: {type: bool, stated: true}}}
sources:
  contract: {title: Contract 17, url: \"https://example.com/contract\", reviewed: 2026-10-01}
controls:
  backup:
    customer:
      - id: export
        does: Exports the list of protections every month
        default: build
        how: Let a schedule call ListProtections
        evidence: The exported lists
        source: contract
      - id: restore
        does: Tries the export once a year
        default: build
        how: Create the protections from the list in a test account
        evidence: Record of the trial
        source: contract
modes:
  - id: leased
    name: Leased protection
    when: {lease: true}
    why: A partner runs the protection
    without: [shield.backup.customer.restore, every.physical-security.provider.sites]
    controls:
      identity-access:
        customer:
          - id: partner-access
            does: Grants the partner access for the term of the lease
            default: build
            how: Write the end of the lease into the role
            evidence: The role
            source: contract
";

/// Without the lines of the built-in catalog, which move with each correction.
fn without_lines(said: &str) -> String {
    let line = |line: &str| match line.rsplit_once(".yaml:") {
        Some((before, _)) if before.contains("catalog/aws/") => format!("{before}.yaml:[LINE]\n"),
        _ => format!("{line}\n"),
    };
    said.lines().map(line).collect()
}

fn activities(catalog: &Catalog, service: &str, mode: Option<&str>) -> Vec<Arc<Activity>> {
    let split = catalog.split(service, mode).unwrap();
    split.controls.into_iter().flat_map(|control| control.activities).collect()
}

#[test]
fn the_list_of_a_service_is_printed_for_a_reader() {
    let folder = Folder::new().with("mine/shield.yaml", SHIELD);
    let said = folder.run(&["catalog", "inherited", "shield", "--catalog", "mine"]).fine();
    expect("inherited/shield.txt", &without_lines(&said));
    let rows = folder
        .run(&["catalog", "inherited", "shield/leased", "--catalog", "mine", "--format", "json"])
        .json();
    let rows = rows.as_array().unwrap();
    for row in rows {
        assert_eq!(row["mode"], "leased");
        for name in ["control", "side", "id", "does", "from", "file"] {
            assert!(said.contains(text(row, name)), "{row}");
        }
        let how = row["how"].as_str();
        assert!(how.is_none_or(|how| said.contains(how)), "{row}");
        assert_ne!(row["id"], "shield.identity-access.customer.partner-access");
    }
    let taken: Vec<&str> = rows.iter().filter(|row| row["kept"] == false).map(|row| text(row, "id")).collect();
    assert_eq!(taken, ["every.physical-security.provider.sites", "shield.backup.customer.restore"]);
    let written = rows.iter().find(|row| row["id"] == "shield.backup.customer.restore").unwrap();
    assert_eq!((text(written, "file"), written["line"].as_u64()), ("mine/shield.yaml", Some(16)));
}

#[test]
fn every_mode_is_listed_with_what_it_takes_away() {
    let folder = Folder::new();
    let catalog = Catalog::builtin().unwrap();
    let all = folder.run(&["catalog", "inherited", "--format", "json"]).json();
    let mut listed: BTreeMap<(String, String), Vec<&Value>> = BTreeMap::new();
    for row in all.as_array().unwrap() {
        let mode = (text(row, "service").to_owned(), text(row, "mode").to_owned());
        listed.entry(mode).or_default().push(row);
    }
    let mut modes = BTreeSet::new();
    for service in catalog.service_ids() {
        let file: Value = serde_yaml::from_str(&repository(&format!("catalog/aws/services/{service}.yaml"))).unwrap();
        for mode in file["modes"].as_array().into_iter().flatten() {
            let id = text(mode, "id");
            let rows = &listed[&(service.to_owned(), id.to_owned())];
            modes.insert((service.to_owned(), id.to_owned()));
            let of = |kept: bool| {
                rows.iter()
                    .filter(move |row| row["kept"] == kept)
                    .map(|row| text(row, "id").to_owned())
            };
            let without = mode["without"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|id| id.as_str().unwrap().to_owned());
            assert_eq!(of(false).collect::<BTreeSet<_>>(), without.collect(), "{service}/{id}");
            let split = activities(&catalog, service, Some(id));
            let inherited = split.iter().filter(|activity| activity.from != Level::Mode);
            let inherited: Vec<String> = inherited.map(|activity| activity.id.to_string()).collect();
            assert_eq!(of(true).collect::<Vec<_>>(), inherited, "{service}/{id}");
        }
    }
    assert_eq!(modes, listed.keys().cloned().collect());
    let said = folder.run(&["catalog", "inherited"]).fine();
    assert!(said.contains(&format!("\n{} modes, ", modes.len())), "{:.200}", said);
}

#[test]
fn an_activity_stands_on_the_line_that_is_printed() {
    let catalog = Catalog::builtin().unwrap();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for service in catalog.service_ids() {
        let modes = catalog.modes(service);
        for mode in modes.iter().map(|mode| Some(mode.id.as_str())).chain([None]) {
            for activity in activities(&catalog, service, mode) {
                let place = catalog
                    .place_of(service, mode, &activity)
                    .unwrap_or_else(|| panic!("{}", activity.id));
                let Spot::At(at) = place.spot else { panic!("{}", activity.id) };
                let file = place.file.to_string();
                let lines = texts
                    .entry(file.clone())
                    .or_insert_with(|| repository(&file).lines().map(str::to_owned).collect());
                let steps: Vec<&str> = activity.id.split('.').collect();
                assert_eq!(written_at(lines, at.line), steps[1..], "{file}:{} {mode:?}", at.line);
                let beyond = lines[..at.line].iter().rposition(|line| line.starts_with("  - id: "));
                let owner = beyond.map(|line| lines[line].trim_start_matches("  - id: "));
                match activity.from {
                    Level::Mode => assert_eq!(owner, mode, "{file}:{}", at.line),
                    Level::Model if steps[0] != "every" => assert_eq!(owner, Some(steps[0]), "{file}:{}", at.line),
                    _ => assert_eq!(owner, None, "{file}:{}", at.line),
                }
            }
        }
    }
}

/// Control, side and id of what begins on a line of a catalog file, by the indentation above it.
fn written_at(lines: &[String], line: usize) -> Vec<&str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let item = &lines[line - 1];
    let id = item.trim_start().trim_start_matches("- ").trim_start_matches('{');
    let id = id.strip_prefix("id: ").unwrap_or_default();
    let mut found = vec![id.split([',', ' ']).next().unwrap().trim_matches('"')];
    let mut below = indent(item);
    for line in lines[..line - 1].iter().rev() {
        if found.len() < 3 && indent(line) < below && line.trim_end().ends_with(':') {
            below = indent(line);
            found.insert(0, line.trim().trim_end_matches(':'));
        }
    }
    found
}

#[test]
fn a_service_without_modes_and_names_that_are_none_are_told() {
    let folder = Folder::new();
    assert_eq!(
        folder.run(&["catalog", "inherited", "sqs", "--format", "json"]).json(),
        Value::Array(Vec::new())
    );
    assert_eq!(
        folder.run(&["catalog", "inherited", "sqs"]).fine(),
        "0 modes, 0 activities inherited, 0 taken away\n"
    );
    for (name, says) in [
        ("dynamobd", "did you mean `dynamodb`?"),
        ("rds/custm", "did you mean `custom`?"),
        ("sqs/fifo", "it has no modes"),
    ] {
        let run = folder.run(&["catalog", "inherited", name]);
        assert!(run.failed(1).contains(says), "{name}: {}", run.errors);
    }
    let one = folder.run(&["catalog", "inherited", "ecs/fargate", "--format", "json"]).json();
    let modes: BTreeSet<&str> = one.as_array().unwrap().iter().map(|row| text(row, "mode")).collect();
    assert_eq!(modes, BTreeSet::from(["fargate"]));
}
