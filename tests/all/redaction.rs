//! A redacted document names nobody: proved on the bytes and the text of every format.

use crate::support::{Folder, list, repository, root};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

/// Every format, each with all that can be read out of it.
pub(crate) fn everything(folder: &Folder, edition: &str, path: &str) -> Vec<(String, String)> {
    let formats = ["md", "html", "pdf", "json", "csv", "xlsx"].map(|ending| format!("out/r.{ending}"));
    let outputs = formats.iter().flat_map(|name| ["-o", name]);
    let arguments: Vec<&str> = ["report", path, "--redact", "--edition", edition]
        .into_iter()
        .chain(outputs)
        .collect();
    folder.run(&arguments).well();
    let mut texts = Vec::new();
    for name in folder.files().iter().filter(|name| name.starts_with("out/")) {
        let bytes = folder.bytes(name);
        texts.push((name.clone(), String::from_utf8_lossy(&bytes).into_owned()));
        if name.ends_with(".pdf") {
            texts.push((format!("{name} as text"), pdf_extract::extract_text_from_mem(&bytes).unwrap()));
            let document = lopdf::Document::load_mem(&bytes).unwrap();
            for (id, object) in &document.objects {
                if let Ok(stream) = object.as_stream() {
                    let unpacked = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                    texts.push((format!("{name} {id:?}"), String::from_utf8_lossy(&unpacked).into_owned()));
                } else {
                    texts.push((format!("{name} {id:?}"), format!("{object:?}")));
                }
            }
        }
        if name.ends_with(".xlsx") {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
            for index in 0..archive.len() {
                let mut bytes = Vec::new();
                archive.by_index(index).unwrap().read_to_end(&mut bytes).unwrap();
                texts.push((format!("{name} {index}"), String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    assert!(texts.len() > 20);
    texts
}

/// What identifies, from the report that is not redacted.
fn originals(report: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |value: &Value| found.extend(value.as_str().map(str::to_owned));
    for resource in list(report, "resources") {
        for field in ["name", "arn", "account", "account_name", "address", "owner"] {
            add(&resource[field]);
        }
    }
    for account in list(&report["scope"], "accounts") {
        for field in ["id", "name", "owner"] {
            add(&account[field]);
        }
    }
    for party in list(report, "parties") {
        add(&party["contact"]);
        list(party, "people").iter().for_each(&mut add);
    }
    list(&report["scope"], "inputs").iter().for_each(&mut add);
    list(report, "artefacts").iter().for_each(|one| add(&one["location"]));
    list(report, "exceptions").iter().for_each(|one| add(&one["approved_by"]));
    list(report, "revisions").iter().for_each(|one| add(&one["author"]));
    add(&report["meta"]["prepared_by"]);
    add(&report["meta"]["prepared_for"]);
    let party = |text: &String| {
        list(report, "parties")
            .iter()
            .any(|party| party["name"] == **text || party["id"] == **text)
    };
    found.retain(|text| !party(text) && report["meta"]["organization"] != **text);
    found
}

/// The words that every report is made of, whatever the inventory.
fn told_anyway(report: &Value) -> String {
    let mut told = String::new();
    for folder in ["catalog", "templates"] {
        for entry in walkdir::WalkDir::new(root().join(folder)) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                told.push_str(&String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()));
            }
        }
    }
    for field in ["title", "organization", "system"] {
        told.push_str(report["meta"][field].as_str().unwrap_or_default());
    }
    told.push_str(&serde_json::to_string(&report["scope"]["environments"]).unwrap());
    told.push_str(&serde_json::to_string(&report["scope"]["data"]).unwrap());
    told.to_lowercase()
}

fn nothing_remains(folder: &Folder, path: &str, editions: &[&str], least: usize) {
    let report = folder.run(&["report", path, "--format", "json"]).json();
    let told = told_anyway(&report);
    let names: Vec<String> = originals(&report)
        .into_iter()
        .map(|text| text.to_lowercase())
        .filter(|text| text.len() > 3 && !told.contains(text.as_str()))
        .collect();
    assert!(names.len() >= least, "only {}: {names:?}", names.len());
    for edition in editions {
        for (name, text) in everything(folder, edition, path) {
            let text = text.to_lowercase();
            let squeezed: String = text.split_whitespace().collect();
            for original in &names {
                let tight: String = original.split_whitespace().collect();
                assert!(
                    !text.contains(original.as_str()) && !squeezed.contains(&tight),
                    "{edition}: `{original}` is in {name}"
                );
            }
        }
    }
}

#[test]
fn the_examples_keep_their_secrets() {
    for (inventory, least) in [("payments", 60), ("estate", 60), ("reference", 20)] {
        let folder = Folder::new().with_copy(&format!("inventories/{inventory}"), inventory);
        nothing_remains(&folder, inventory, &["review"], least);
    }
    nothing_remains(&Folder::golden(), "inventory.yaml", &["audit", "review", "handover"], 5);
}

const HOSTILE: &str = r#"
inventory: 1
organization: Example
title: Report for boss@corp-internal.example
as_of: 2026-11-01
prepared_by: Zebulon Quux
prepared_for: "Quux, Z. (zq@corp-internal.example)"
theme: {footer: "see https://wiki.corp-internal.example/raci or 111122223333"}
parties:
  team: {name: "Team of Zebulon Quux", contact: "zq@corp-internal.example, +49 123", people: [Zebulon Quux, "Ada L."]}
accounts:
  "111122223333": {name: secret-landing-zone, owner: ada.lovelace}
assignments:
  - accountable: team
    responsible: team
  - match: {owner: ada.lovelace, account: "111122223333"}
    consulted: team
  - match: {tag: {cost-centre-xyz: zebra-budget}}
    informed: team
resources:
  - {service: rds, name: zebra-ledger-db, arn: "arn:aws:rds:eu-central-1:111122223333:db:zebra-ledger-db", account: "111122223333", environment: "env of zq@corp-internal.example", data: ["class 111122223333"], tags: {cost-centre-xyz: zebra-budget}, config: {storage_encrypted: false, backup_retention_period: 0}}
  - {service: s3, name: "ops@corp-internal.example", owner: "Grace Hopper", account: "444455556666", region: eu-west-1, config: {}}
  - {type: "zebra-ledger-db appliance", name: "/srv/zebra-ledger-db/data"}
  - {service: s3, arn: "arn:aws:s3:::only-by-arn-bucket"}
exceptions:
  - {match: {service: rds, tag: cost-centre-xyz}, reason: "zebra-ledger-db in 444455556666 is moved by Grace Hopper (grace@corp-internal.example, https://jira.corp-internal.example/X-1, 10.1.2.3)", approved_by: "Grace Hopper", expires: 2027-01-01}
evidence:
  - {match: {service: rds}, artefact: "Restore of ZEBRA-LEDGER-DB by ada.lovelace", location: "\\\\share\\corp-internal\\restore.xlsx"}
revisions:
  - {version: "1", date: 2026-10-01, author: Grace Hopper, change: "Added secret-landing-zone and only-by-arn-bucket"}
"#;

#[test]
fn a_hostile_inventory_keeps_its_secrets() {
    let folder = Folder::new().with("people/of-zebulon/inventory.yaml", HOSTILE);
    let path = "people/of-zebulon";
    nothing_remains(&folder, path, &["audit", "handover"], 15);
    let words = [
        "corp-internal",
        "zebulon",
        "quux",
        "lovelace",
        "hopper",
        "111122223333",
        "444455556666",
        "zebra",
        "secret-landing",
        "only-by-arn",
        "cost-centre",
        "10.1.2.3",
        "of-zebulon",
    ];
    for (name, text) in everything(&folder, "audit", path) {
        let text = text.to_lowercase();
        // Packed bytes hold every short word by chance; what they unpack to is looked at by itself.
        let is_packed = name.ends_with(".pdf") || name.ends_with(".xlsx");
        for word in words.into_iter().filter(|word| !is_packed || word.len() > 5) {
            assert!(!text.contains(word), "`{word}` is in {name}");
        }
    }
    // Still readable: pseudonyms stand where the names stood.
    let text = folder.read("out/r.md");
    for name in [
        "account A",
        "resource 1",
        "person 1",
        "the recipient",
        "withheld",
        "Redacted audit edition",
    ] {
        assert!(text.contains(name) || folder.read("out/r.json").contains(name), "{name}");
    }
}

#[test]
fn pseudonyms_change_no_letter_and_no_state() {
    let folder = Folder::new().with_copy("inventories/payments", "payments");
    let column = |redact: bool| {
        let mut arguments = vec!["report", "payments", "--format", "csv"];
        arguments.extend(redact.then_some("--redact"));
        let text = folder.run(&arguments).fine();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let heads = reader.headers().unwrap().clone();
        let records = reader.records().map(Result::unwrap);
        // All but the deployments, which are named by accounts and owners, ids that are made of those, and people who vouch.
        let mut rows: Vec<Vec<String>> = records
            .map(|record| {
                record
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| !["scope", "id", "finding", "shown_by"].contains(&&heads[*at]))
                    .map(|(_, cell)| cell.to_owned())
                    .collect()
            })
            .collect();
        rows.sort();
        rows
    };
    assert!(column(false) == column(true));
}

#[test]
fn the_same_pseudonym_in_every_format_and_on_every_run() {
    let folder = Folder::new().with("inventory.yaml", repository("tests/fixtures/golden/inventory.yaml"));
    let first = folder.run(&["report", "--redact", "--format", "json"]).fine();
    assert_eq!(first, folder.run(&["report", "--redact", "--format", "json"]).fine());
    // The files' own name and order do not matter for what resources are called.
    let renamed = Folder::new().with("other.yaml", repository("tests/fixtures/golden/inventory.yaml"));
    assert_eq!(first, renamed.run(&["report", "other.yaml", "--redact", "--format", "json"]).fine());
}
