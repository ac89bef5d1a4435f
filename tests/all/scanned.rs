//! Scanners' results as users give them: alone, beside an inventory, in it, in a folder.

use crate::results_laws::PROBE;
use crate::support::{Folder, activities, expect, list, repository, root, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ACCOUNT: &str = "111122223333";

/// A finding as Prowler writes it in OCSF.
fn ocsf(check: &str, status: &str, (arn, name, kind): (&str, &str, &str), day: &str) -> Value {
    json!({
        "message": format!("{name}: {status}"),
        "metadata": {"event_code": check, "product": {"name": "Prowler", "vendor_name": "Prowler", "version": "5.46.0"}, "version": "1.5.0"},
        "severity": "High", "status": "New", "status_id": 1, "status_code": status, "status_detail": format!("{name} is said to {status}."),
        "finding_info": {"title": format!("Title of {check}"), "uid": format!("prowler-aws-{check}-{name}"), "analytic": {"uid": check}},
        "resources": [{"uid": arn, "name": name, "type": kind, "region": "eu-west-1", "group": {"name": "x"}, "labels": [], "data": {"metadata": {"password": "hunter2-canary"}}}],
        "class_uid": 2004, "class_name": "Detection Finding", "category_uid": 2, "type_uid": 200_401,
        "cloud": {"provider": "aws", "region": "eu-west-1", "account": {"uid": ACCOUNT, "type": "AWS Account"}},
        "unmapped": {"provider_uid": ACCOUNT, "provider": "aws"},
        "time_dt": format!("{day}T09:46:17"),
    })
}

const ORDERS: (&str, &str, &str) = ("arn:aws:s3:::orders", "orders", "AwsS3Bucket");
const LOGS: (&str, &str, &str) = ("arn:aws:s3:::logs", "logs", "AwsS3Bucket");
const LEDGER: (&str, &str, &str) = ("arn:aws:rds:eu-west-1:111122223333:db:ledger", "ledger", "AwsRdsDbInstance");

pub(crate) fn prowler() -> String {
    let day = "2026-11-14";
    json!([
        ocsf("s3_bucket_object_versioning", "PASS", ORDERS, day),
        ocsf("s3_bucket_object_versioning", "FAIL", LOGS, day),
        ocsf("s3_bucket_acl_prohibited", "PASS", ORDERS, day),
        ocsf("s3_bucket_acl_prohibited", "PASS", LOGS, day),
        ocsf("rds_instance_multi_az", "FAIL", LEDGER, day),
        ocsf("no_such_check", "FAIL", LEDGER, day),
    ])
    .to_string()
}

pub(crate) const INVENTORY: &str = r#"
inventory: 1
organization: Example Pay Ltd
as_of: 2026-11-20
parties:
  pay: {name: Payments, kind: customer}
  msp: {name: Northwind Managed Services, kind: partner}
assignments:
  - {responsible: pay, accountable: pay}
  - {match: {service: rds}, responsible: msp, accountable: pay}
accounts:
  "111122223333": {name: pay, environment: prod}
resources:
  - {service: s3, name: orders, account: "111122223333", region: eu-west-1, config: {versioning: false}}
  - {service: rds, name: ledger, arn: "arn:aws:rds:eu-west-1:111122223333:db:ledger", config: {engine: postgres}}
"#;

/// The state of the duty of an activity, with what shows it.
fn duty<'r>(report: &'r Value, id: &str) -> &'r Value {
    let found = activities(report)
        .into_iter()
        .map(|(_, activity)| activity)
        .find(|activity| activity["id"] == id);
    found.unwrap_or_else(|| panic!("no duty `{id}`"))
}

const VERSIONING: &str = "s3.backup.customer.versioning";
const OWNERSHIP: &str = "s3.configuration-hardening.customer.ownership";
const STANDBY: &str = "rds.high-availability.customer.multi-az";

/// A chapter of a document.
fn chapter<'t>(text: &'t str, title: &str) -> &'t str {
    let begin = text
        .find(&format!("\n## {title}\n"))
        .unwrap_or_else(|| panic!("no chapter {title}"))
        + 1;
    let rest = &text[begin..];
    rest[3..].find("\n## ").map_or(rest, |end| &rest[..end + 4])
}

#[test]
fn a_scanners_run_is_a_report_in_one_command() {
    let folder = Folder::new().with("prowler.ocsf.json", prowler());
    let arguments = ["report", "prowler.ocsf.json", "--as-of", "2026-11-20"];
    let markdown = folder.run(&arguments).fine();
    assert!(!markdown.contains("hunter2-canary"));
    let parts = ["Verdict", "Findings and gaps", "Assurance", "What to name next"];
    expect("scanned/alone.md", &parts.map(|part| chapter(&markdown, part)).concat());
    let report = folder.run(&[&arguments[..], &["--format", "json"]].concat()).json();
    assert_eq!(report["partial"]["of_results"], true);
    let seen: Vec<(&str, &str)> = list(&report, "resources")
        .iter()
        .map(|one| (text(one, "service"), text(one, "name")))
        .collect();
    assert_eq!(seen, [("rds", "ledger"), ("s3", "logs"), ("s3", "orders")]);
    assert_eq!(duty(&report, OWNERSHIP)["state"], "met");
    assert_eq!(duty(&report, VERSIONING)["state"], "not-met");
    assert_eq!(
        duty(&report, STANDBY)["shown_by"],
        json!([{"kind": "check", "ref": "rds_instance_multi_az", "seen": null, "by": "Prowler", "performed": null, "at": "2026-11-14", "until": null, "state": "not-met", "resources": 1, "shows": 1}])
    );
    let finding = list(&report, "findings").iter().find(|one| one["activity"] == VERSIONING).unwrap();
    assert_eq!(
        finding["checks"],
        json!([{"scanner": "prowler", "by": "Prowler", "check": "s3_bucket_object_versioning", "title": "Title of s3_bucket_object_versioning",
            "resource": "logs", "observed": "logs is said to FAIL.", "at": "2026-11-14"}])
    );
    // In every format, and as an inventory to begin with.
    for format in ["html", "pdf", "csv", "xlsx"] {
        folder.run(&[&arguments[..], &["-o", &format!("r.{format}")]].concat()).fine();
    }
    folder.run(&["import", "prowler.ocsf.json", "-o", "mine.yaml"]).fine();
    let mine = folder.read("mine.yaml");
    assert!(mine.contains("arn:aws:s3:::orders") && !mine.contains("hunter2-canary"), "{mine}");
}

#[test]
fn results_beside_an_inventory_add_no_resource() {
    let folder = Folder::new().with("inventory.yaml", INVENTORY).with("prowler.json", prowler());
    let plain = folder.run(&["report", "inventory.yaml", "--format", "json"]).json();
    assert_eq!(duty(&plain, OWNERSHIP)["state"], "unknown");
    assert_eq!(list(&plain["assurance"], "scanners"), &[] as &[Value]);
    // However they are named, they say the same.
    let named = folder.run(&["report", "inventory.yaml", "prowler.json", "--format", "json"]);
    let report = named.json();
    for other in [
        &["report", "inventory.yaml", "--results", "prowler.json", "--format", "json"][..],
        &["report", "--results", "prowler.json", "--format", "json"],
        &["report", ".", "--format", "json"],
        &[
            "report",
            "inventory.yaml",
            "--results",
            "prow*.json",
            "--results",
            "prowler.json",
            "--format",
            "json",
        ],
    ] {
        assert_eq!(folder.run(other).json(), report, "{other:?}");
    }
    assert_eq!(report["resources"], plain["resources"]);
    assert_eq!(duty(&report, OWNERSHIP)["state"], "met");
    // Configuration says that it is off, the scanner that it is on: the worse counts, and both are shown.
    let versioning = duty(&report, VERSIONING);
    assert_eq!(versioning["state"], "not-met");
    let shown: Vec<(&str, &str)> = list(versioning, "shown_by")
        .iter()
        .map(|one| (text(one, "kind"), text(one, "state")))
        .collect();
    assert_eq!(shown, [("configuration", "not-met"), ("check", "met")]);
    let scanner = &list(&report["assurance"], "scanners")[0];
    let figures = ["results", "passed", "failed", "joined", "unlisted", "unmapped"].map(|name| scanner[name].as_u64().unwrap());
    assert_eq!(figures, [6, 3, 3, 3, 2, 1]);
    assert_eq!(list(&report["assurance"], "unlisted")[0]["name"], "logs");
    let warned = "warning[results-unlisted]: 2 results are about 1 thing that the inventory does not list: `logs`";
    assert!(named.errors.contains(warned), "{}", named.errors);
    let checked = folder.run(&["check", "inventory.yaml", "prowler.json"]);
    assert!(
        checked.errors.contains(warned) && checked.errors.contains("note[results-unmapped]"),
        "{}",
        checked.errors
    );
    // Who must mend it is told what failed, and nobody else.
    let cut = |party: &str| {
        let arguments = ["report", "inventory.yaml", "prowler.json", "--party", party, "--format", "json"];
        folder.run(&arguments).json()
    };
    let (msp, pay) = (cut("msp"), cut("pay"));
    let checks = |report: &Value| -> Vec<String> {
        let findings = list(report, "findings").iter();
        let checks = findings.flat_map(|one| list(one, "checks").iter().map(|check| text(check, "check").to_owned()));
        checks.collect()
    };
    assert_eq!(checks(&msp), ["rds_instance_multi_az"]);
    assert_eq!(checks(&pay), ["rds_instance_multi_az"], "it answers for that one, too");
    assert_eq!(list(&msp["assurance"], "unlisted"), &[] as &[Value]);
    let why = folder
        .run(&["why", "rds", "high-availability", "inventory.yaml", "--results", "prowler.json"])
        .fine();
    assert!(
        why.contains("check    Prowler rds_instance_multi_az of 2026-11-14: broken on 1"),
        "{why}"
    );
}

/// What people call a bucket is not what AWS calls it, where they say both: a row of its ARN is about it, and one of a stranger
/// that is called as people call it is not.
#[test]
fn a_row_is_about_what_the_cloud_calls_so() {
    let folder = Folder::new().with("prowler.json", prowler());
    for (bucket, state) in [("orders", "met"), ("example-pay-orders", "unknown")] {
        let config = format!("config: {{bucket: {bucket}, versioning: false}}");
        let inventory = INVENTORY.replace("config: {versioning: false}", &config);
        assert_ne!(inventory, INVENTORY);
        folder.put("inventory.yaml", inventory);
        let report = folder.run(&["report", "inventory.yaml", "prowler.json", "--format", "json"]).json();
        assert_eq!(duty(&report, OWNERSHIP)["state"], state, "{bucket}");
        let rows = prowler().replace("\"arn:aws:s3:::orders\"", "\"arn:aws:s3:::example-pay-orders\"");
        let rows = rows.replace("\"orders\"", "\"example-pay-orders\"");
        folder.put("own.json", rows);
        let report = folder.run(&["report", "inventory.yaml", "own.json", "--format", "json"]).json();
        let other = if state == "met" { "unknown" } else { "met" };
        assert_eq!(duty(&report, OWNERSHIP)["state"], other, "{bucket}");
    }
}

#[test]
fn an_inventory_names_results_and_what_is_to_be_known_of_them() {
    let old = json!([ocsf("rds_instance_multi_az", "PASS", LEDGER, "2026-09-01")]).to_string();
    let folder = Folder::new()
        .with("scans/a.json", &old)
        .with("scans/notes.json", "{\"a\": 1}")
        .with("checkov.json", repository("tests/fixtures/results/checkov.json"));
    let run = |results: &str| {
        folder.put("inventory.yaml", format!("{INVENTORY}results: {results}\n"));
        folder.run(&["report", "inventory.yaml", "--format", "json"])
    };
    let state = |results: &str| text(duty(&run(results).json(), STANDBY), "state").to_owned();
    assert_eq!(state("[scans/a.json]"), "unknown", "too old");
    assert!(run("[scans/a.json]").errors.contains("warning[results-stale]"));
    assert_eq!(state("[{file: scans/a.json, max_age: 90}]"), "met");
    assert_eq!(state("[{file: scans, max_age: 90}]"), "met");
    assert_eq!(state("[{file: 'scans/a*', max_age: 90, from: ocsf}]"), "met");
    // What the inventory says of a file holds however it is named.
    folder.put(
        "inventory.yaml",
        format!("{INVENTORY}results: [{{file: scans/a.json, max_age: 90}}]\n"),
    );
    let report = folder.run(&["report", ".", "--results", "scans/a.json", "--format", "json"]).json();
    assert_eq!(duty(&report, STANDBY)["state"], "met");
    let later = folder.run(&["report", "inventory.yaml", "--as-of", "2026-08-31"]);
    assert!(
        later.errors.contains("warning[results-later]: 1 result of Prowler come"),
        "{}",
        later.errors
    );
    for (results, says) in [
        ("[nowhere.json]", "cannot read"),
        ("['nowhere*.json']", "no file matches"),
        ("[scans/notes.json]", "error[results-unreadable]"),
        ("[{file: scans/a.json, from: prowlr}]", "there is no form of results `prowlr`"),
        ("[{file: scans/a.json, max_age: 30d}]", "`results[0].max_age` is a text"),
        ("[{file: scans/a.json, max_age: 99999}]", "a hundred years"),
        ("[{file: scans/a.json, max_age: -1}]", "error["),
        ("[{file: scans/a.json, at: soon}]", "`soon` is not a date"),
        ("[{path: scans/a.json}]", "unknown field `path`"),
        ("scans/a.json", "error["),
    ] {
        let run = run(results);
        assert!(run.code == 1 || run.code == 3, "{results}: {}", run.errors);
        assert!(
            run.errors.contains(says) && run.errors.contains("inventory.yaml"),
            "{results}: {}",
            run.errors
        );
    }
    folder.put("inventory.yaml", format!("{INVENTORY}imports: [{{file: scans/a.json}}]\n"));
    let run = folder.run(&["report", "inventory.yaml"]);
    assert!(run.failed(1).contains("holds what a scanner found"), "{}", run.errors);
    // Nobody lists anything: what the scanner saw is what there is.
    let nothing = &INVENTORY[..INVENTORY.find("resources:").unwrap()];
    folder.put("inventory.yaml", format!("{nothing}results: [scans/a.json]\n"));
    let report = folder.run(&["report", "inventory.yaml", "--format", "json"]).json();
    assert_eq!(list(&report, "resources").len(), 1);
    assert!(report["assumptions"].to_string().contains("what no check looked at is not listed"));
}

#[test]
fn results_of_code_count_as_of_the_reports_date_or_a_day_that_is_said() {
    let folder = Folder::new().with(
        "own/checks/checkov.yaml",
        PROBE.replace("probe", "checkov").replace("versioned:", "CKV_AWS_19:") + "  CKV_AWS_21: {no_duty: information}\n",
    );
    folder.put("checkov.json", repository("tests/fixtures/results/checkov.json"));
    let looked = |more: &str| {
        folder.put(
            "inventory.yaml",
            format!(
                "inventory: 1\norganization: Example\nas_of: 2026-11-20\nresources:\n  - {{type: aws_s3_bucket, name: logs, from: aws_s3_bucket.logs}}\nresults: [{{file: checkov.json{more}}}]\n"
            ),
        );
        let report = folder
            .run(&["report", "inventory.yaml", "--catalog", "own", "--format", "json"])
            .json();
        // What passes in code may be a variable that nobody resolved: the setting itself is told by no input.
        let duty = duty(&report, VERSIONING);
        assert_eq!(text(duty, "state"), "unknown");
        list(duty, "shown_by").iter().map(|by| by["at"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(looked(""), [Value::Null]);
    assert_eq!(looked(", at: 2026-11-01"), ["2026-11-01"]);
    assert_eq!(looked(", at: 2026-09-01"), ["2026-09-01"]);
    assert_eq!(looked(", at: 2026-12-01"), Vec::<Value>::new());
}

#[test]
fn a_pack_is_sealed_with_its_results() {
    let folder = Folder::new()
        .with("inventory.yaml", INVENTORY)
        .with("scans/prowler.json", prowler());
    let pack = [
        "pack",
        "inventory.yaml",
        "--results",
        "scans",
        "-o",
        "pack/",
        "--format",
        "json",
        "--edition",
        "audit",
    ];
    folder.run(&pack).fine();
    let manifest: Value = serde_json::from_str(&folder.read("pack/manifest.json")).unwrap();
    let sealed = list(&manifest, "inputs").iter().find(|input| input["role"] == "results").unwrap();
    assert_eq!(sealed["path"], "scans/prowler.json");
    assert_eq!(sealed["bytes"], folder.bytes("scans/prowler.json").len());
    folder.run(&["verify", "pack", "inventory.yaml", "--results", "scans"]).fine();
    folder.put("scans/prowler.json", prowler().replace("FAIL", "PASS"));
    let run = folder.run(&["verify", "pack", "inventory.yaml", "--results", "scans"]);
    assert!(run.failed(1).contains("scans/prowler.json"), "{}", run.errors);
    // No output takes the place of results that were read.
    let run = folder.run(&[
        "report",
        "inventory.yaml",
        "--results",
        "scans/prowler.json",
        "-o",
        "scans/prowler.json",
    ]);
    run.failed(3);
}

#[test]
fn pseudonyms_hide_what_results_are_about_and_change_no_state() {
    let mut findings: Vec<Value> = serde_json::from_str(&prowler()).unwrap();
    findings.push(ocsf(
        "s3_bucket_object_versioning",
        "FAIL",
        ("arn:aws:s3:::secret-merger", "secret-merger", "AwsS3Bucket"),
        "2026-11-14",
    ));
    let folder = Folder::new()
        .with("inventory.yaml", INVENTORY)
        .with("scan-of-pay.json", Value::from(findings).to_string());
    let arguments = ["report", "inventory.yaml", "scan-of-pay.json", "--format", "json"];
    let open = folder.run(&arguments).json();
    for format in ["json", "markdown", "html", "csv"] {
        let arguments = ["report", "inventory.yaml", "scan-of-pay.json", "--redact", "--format", format];
        let text = folder.run(&arguments).fine();
        for original in ["secret-merger", "ledger", ACCOUNT, "scan-of-pay", "arn:aws", "no_such_check"] {
            assert!(!text.contains(original), "{format}: {original}");
        }
    }
    let closed = folder.run(&[&arguments[..], &["--redact"]].concat()).json();
    let states = |report: &Value| -> Vec<(String, String)> {
        activities(report)
            .into_iter()
            .map(|(_, activity)| (activity["duty"].to_string(), text(activity, "state").to_owned()))
            .collect()
    };
    assert_eq!(states(&open), states(&closed));
    let figures = |report: &Value| list(&report["assurance"], "scanners")[0]["joined"].clone();
    assert_eq!(figures(&open), figures(&closed));
    assert_eq!(
        list(&open["assurance"], "unlisted").len(),
        list(&closed["assurance"], "unlisted").len()
    );
}

/// Every form, alone and beside an inventory: a report whose figures reconcile, whatever the file holds.
#[test]
fn every_form_makes_a_report() {
    let mut told = String::new();
    let fixtures = root().join("tests/fixtures/results");
    let mut names: Vec<String> = std::fs::read_dir(&fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in &names {
        let folder = Folder::new().with("inventory.yaml", INVENTORY);
        folder.put(name, std::fs::read(fixtures.join(name)).unwrap());
        for arguments in [&["report", name][..], &["report", "inventory.yaml", "--results", name]] {
            let run = folder.run(&[arguments, &["--as-of", "2026-11-20", "--format", "json"]].concat());
            let report = run.json();
            let assurance = &report["assurance"];
            let number = |of: &Value, field: &str| of[field].as_u64().unwrap();
            for scanner in list(assurance, "scanners") {
                let sum = |fields: &[&str]| fields.iter().map(|field| number(scanner, field)).sum::<u64>();
                assert_eq!(
                    sum(&["passed", "failed", "silenced", "not_judged"]),
                    number(scanner, "results"),
                    "{name}"
                );
            }
            for party in list(assurance, "parties") {
                let duties = &party["duties"];
                assert!(number(party, "by_nothing") <= number(duties, "unknown"), "{name}");
            }
            let parties: BTreeMap<&str, u64> = list(assurance, "parties")
                .iter()
                .map(|party| (text(party, "name"), number(&party["duties"], "total")))
                .collect();
            assert_eq!(
                parties.get("All duties").copied().unwrap_or_default(),
                number(&report["summary"]["duties"], "total"),
                "{name}"
            );
            if arguments.len() == 2 {
                let resources = list(&report, "resources")
                    .iter()
                    .map(|one| format!(" {}:{}", text(one, "type"), one["name"]));
                let scanners = list(assurance, "scanners")
                    .iter()
                    .map(|one| format!(" {} {}", text(one, "name"), one["results"]));
                told.push_str(&format!(
                    "{name}:{} |{}\n",
                    scanners.collect::<String>(),
                    resources.collect::<String>()
                ));
            }
        }
    }
    expect("scanned/forms.txt", &told);
}
