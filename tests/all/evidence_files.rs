//! A party's own file of evidence, and the files that evidence names.

use crate::support::{Folder, activities, list, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An inventory of a database whose backups are Northwind's.
fn inventory() -> Value {
    json!({
        "inventory": 1, "organization": "Example", "as_of": "2026-11-01",
        "parties": {
            "platform": {"name": "Platform Engineering", "people": ["Head of Platform"]},
            "northwind": {"name": "Northwind", "kind": "partner", "people": ["Shift Lead"]},
        },
        "assignments": [{"responsible": "platform", "accountable": "platform"}, {"match": {"control": "backup"}, "responsible": "northwind"}],
        "resources": [{"service": "rds", "name": "ledger", "environment": "prod", "account": "111122223333", "config": {"engine": "postgres"}}],
    })
}

fn folder() -> Folder {
    Folder::new().with("inventories/a.yaml", inventory().to_string())
}

fn attested(report: &Value) -> usize {
    activities(report)
        .iter()
        .filter(|(_, activity)| activity["state"] == "attested")
        .count()
}

fn codes(report: &Value) -> BTreeMap<String, String> {
    let findings = list(report, "findings").iter();
    let own = findings.filter(|finding| text(finding, "code").starts_with("evidence"));
    own.map(|finding| (text(finding, "code").to_owned(), text(finding, "message").to_owned()))
        .collect()
}

#[test]
fn a_partys_file_of_evidence_speaks_of_its_duties_alone() {
    let entry = json!({"match": {"service": "rds"}, "artefact": "Restore test", "reviewed": "2026-10-01"});
    let with = |file: Value| folder().with("inventories/northwind.yaml", file.to_string());
    let of = |more: Value| {
        let mut file = json!({"inventory": 1, "evidence_of": "northwind", "evidence": [entry]});
        for (key, value) in more.as_object().unwrap() {
            file[key] = value.clone();
        }
        file
    };
    let report = with(of(json!({}))).run(&["report", "--format", "json"]).json();
    let own = activities(&report)
        .iter()
        .filter(|(control, _)| text(control, "control") == "backup")
        .count();
    assert!(attested(&report) > 0 && attested(&report) <= own, "{}", attested(&report));
    assert_eq!(codes(&report).keys().collect::<Vec<_>>(), ["evidence-of-others"]);
    assert!(list(&report, "artefacts").iter().all(|of| of["by"] == "Northwind"));
    for (more, words) in [
        (
            json!({"assignments": [{"responsible": "northwind"}]}),
            "says nothing of `assignments`",
        ),
        (
            json!({"exceptions": [{"match": {}, "reason": "x"}]}),
            "says nothing of `exceptions`",
        ),
        (json!({"resources": []}), ""),
        (json!({"parties": {"northwind": {}}}), "says nothing of `parties`"),
        (json!({"evidence_of": "nobody"}), "no party `nobody`"),
        (
            json!({"evidence": [{"match": {}, "artefact": "x", "by": "platform"}]}),
            "vouches in a file that is the evidence of `northwind`",
        ),
        (
            json!({"evidence": [{"match": {"control": "backup"}, "artefact": "x", "by": "Shift Lead"}]}),
            "",
        ),
    ] {
        let run = with(of(more.clone())).run(&["check"]);
        if words.is_empty() {
            run.well();
        } else {
            assert!(run.failed(1).contains(words), "{more}: {}", run.errors);
        }
    }
}

/// An inventory with an entry that names a file.
fn with_file(more: &Value) -> Folder {
    let mut document = inventory();
    let mut entry = json!({"match": {"control": "backup"}, "artefact": "Restore test", "by": "northwind", "reviewed": "2026-10-01", "file": "proofs/restore test.pdf"});
    for (key, value) in more.as_object().unwrap() {
        entry[key] = value.clone();
    }
    document["evidence"] = json!([entry]);
    Folder::new()
        .with("inventories/a.yaml", document.to_string())
        .with("inventories/proofs/restore test.pdf", "CANARY restored in 40 minutes")
        .with("secret.txt", "not the inventory's")
}

#[test]
fn a_file_is_sealed_and_one_that_changed_attests_nothing() {
    let report = |folder: &Folder| folder.run(&["report", "--format", "json"]).json();
    let well = report(&with_file(&json!({})));
    assert!(attested(&well) > 0);
    let artefact = &list(&well, "artefacts")[0];
    assert_eq!(artefact["file"], "proofs/restore test.pdf");
    let seal = text(artefact, "sha256").to_owned();
    assert_eq!(seal.len(), 64);
    assert!(attested(&report(&with_file(&json!({"sha256": seal.to_uppercase()})))) > 0);
    // Another than it was, or gone.
    let folder = with_file(&json!({"sha256": seal}));
    folder.put("inventories/proofs/restore test.pdf", "restored in 4 minutes");
    let changed = report(&folder);
    assert_eq!(attested(&changed), 0);
    assert!(codes(&changed)["evidence-file"].contains("is not the one that was reviewed"));
    assert_eq!(list(&changed, "artefacts")[0]["validity"], "changed");
    let folder = with_file(&json!({}));
    std::fs::remove_file(folder.path("inventories/proofs/restore test.pdf")).unwrap();
    let missing = report(&folder);
    assert_eq!(attested(&missing), 0);
    assert!(codes(&missing)["evidence-file"].contains("cannot be read"));
    // Nothing out of the inventory's folder is looked at.
    for (more, words) in [
        (json!({"file": "../secret.txt"}), "leads out of the inventory's folder"),
        (json!({"file": "/etc/hostname"}), "leads out of the inventory's folder"),
        (json!({"file": "proofs/../../secret.txt"}), "leads out of the inventory's folder"),
        (json!({"sha256": "12"}), "is no SHA-256"),
        (json!({"file": null, "sha256": seal}), "is that of no `file`"),
    ] {
        let run = with_file(&more).run(&["check"]);
        assert!(run.failed(1).contains(words), "{more}: {}", run.errors);
    }
    let folder = with_file(&json!({"file": "proofs"}));
    assert!(codes(&report(&folder))["evidence-file"].contains("it is no file"));
    #[cfg(unix)]
    {
        let folder = with_file(&json!({"file": "proofs/link"}));
        std::os::unix::fs::symlink(folder.path("secret.txt"), folder.path("inventories/proofs/link")).unwrap();
        let said = report(&folder);
        assert!(codes(&said)["evidence-file"].contains("a link leads out"));
        assert!(list(&said, "artefacts")[0]["sha256"].is_null());
    }
}

#[test]
fn a_pack_names_the_files_and_holds_them_where_that_is_asked_for() {
    let folder = with_file(&json!({}));
    let pack = |name: &str, more: &[&str]| {
        let arguments = [
            &[
                "pack",
                "-o",
                name,
                "--edition",
                "handover",
                "--format",
                "markdown",
                "--format",
                "pdf",
                "--format",
                "json",
            ][..],
            more,
        ]
        .concat();
        folder.run(&arguments).well();
        let manifest: Value = serde_json::from_str(&folder.read(&format!("{name}/manifest.json"))).unwrap();
        manifest
    };
    let holds_bytes = |name: &str| {
        let files = folder.files().into_iter().filter(|file| file.starts_with(&format!("{name}/")));
        files
            .filter(|file| folder.bytes(file).windows(6).any(|window| window == b"CANARY"))
            .collect::<Vec<_>>()
    };
    let without = pack("one", &[]);
    let input = list(&without, "inputs").iter().find(|input| input["role"] == "evidence").unwrap();
    assert_eq!(input["bytes"], 29);
    assert!(holds_bytes("one").is_empty());
    let with = pack("two", &["--with-evidence"]);
    assert_eq!(holds_bytes("two"), ["two/evidence/restore-test.pdf"]);
    let packed = list(&with, "files")
        .iter()
        .find(|file| file["path"] == "evidence/restore-test.pdf")
        .unwrap();
    assert_eq!(packed["sha256"], input["sha256"]);
    assert!(folder.read("two/index.html").contains("evidence/restore-test.pdf"));
    folder.run(&["verify", "two", "inventories"]).well();
    folder.put("inventories/proofs/restore test.pdf", "another");
    let run = folder.run(&["verify", "two", "inventories"]);
    assert!(run.failed(1).contains("is not as it was"), "{}", run.errors);
    folder.run(&["pack", "-o", "three", "--with-evidence", "--redact"]).failed(2);
    let redacted = folder.run(&["report", "--redact", "--format", "json"]).fine();
    assert!(!redacted.contains("proofs"), "its path is withheld");
}
