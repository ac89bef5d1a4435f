//! What selectors take by activity, name, ARN and type, and what a takeover needs.

use crate::support::{Folder, activities, list, root, text};
use serde_json::Value;

const INVENTORY: &str = r#"inventory: 1
organization: Example Pay Ltd
title: Payments
as_of: 2026-11-01
parties:
  platform: {name: Platform Engineering, short: Platform, contact: platform@example.com, phone: +44 20 7946 0101, hours: 24/7}
  security: {name: Information Security, short: Security, contact: security@example.com, phone: +44 20 7946 0102}
  northwind: {name: Northwind Managed Services, short: Northwind, kind: partner, phone: +44 20 7946 0200, hours: 24/7}
assignments:
  - {responsible: platform, accountable: platform}
  - {match: {control: [backup, logging], service: rds}, responsible: northwind}
RULE
accounts: {"111122223333": {name: prod, environment: prod}}
resources:
  - {service: rds, name: ledger, arn: "arn:aws:rds:eu-west-1:111122223333:db:ledger", account: "111122223333", region: eu-west-1, config: {engine: postgres, backup_retention_period: 0}}
  - {service: rds, name: ledger-copy, account: "111122223333", region: eu-west-1, config: {engine: postgres, backup_retention_period: 0}}
  - {type: aws_s3_bucket, name: statements, account: "111122223333"}
handover:
  from: northwind
  to: platform
  date: 2026-12-15
  keeps:
    - {match: {control: backup, name: ledger-copy}, reason: The copy is restored in January, until: 2027-01-31}
  access:
    - {grant: Role operations of ledger, by: security, due: 2026-12-01}
    - {revoke: Role northwind-shift, by: security}
    - {revoke: Log archive}
  runbooks:
    - {match: {control: backup}, title: Restore the ledger, location: "https://example.com/restore"}
  exit:
    - {task: Return of data, owner: northwind, due: 2027-02-28}
    - {task: Tickets}
"#;

fn inventory(rule: &str) -> String {
    INVENTORY.replace("RULE\n", rule)
}

fn folder(rule: &str) -> Folder {
    Folder::new().with("inventory.yaml", inventory(rule))
}

/// Who is responsible, by duty: all resources of it named.
fn responsible(report: &Value) -> Vec<(String, String, Vec<String>)> {
    let mut found: Vec<_> = activities(report)
        .into_iter()
        .filter(|(_, activity)| activity["duty"].is_string())
        .map(|(_, activity)| {
            let held = list(activity, "assignments").iter();
            let letters = held
                .filter(|held| text(held, "letters").contains('R'))
                .map(|held| text(held, "party").to_owned());
            (
                text(activity, "id").to_owned(),
                text(activity, "duty").to_owned(),
                letters.collect(),
            )
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_rule_takes_what_it_names_and_nothing_else() {
    let plain = responsible(&folder("").report("json").json());
    assert!(plain.iter().all(|(_, _, who)| who != &["security"]));
    let ids: Vec<&String> = plain.iter().map(|(id, _, _)| id).collect();
    let backup = ids.iter().find(|id| id.starts_with("rds.backup.")).unwrap();
    for (matches, is_meant) in [
        (
            format!("activity: {backup}"),
            Box::new(|id: &str, _: &str| id == **backup) as Box<dyn Fn(&str, &str) -> bool>,
        ),
        (
            "activity: '*.backup.customer.*'".to_owned(),
            Box::new(|id: &str, _: &str| id.contains(".backup.customer.")),
        ),
        (
            "name: ledger, service: rds".to_owned(),
            Box::new(|_: &str, duty: &str| duty.ends_with(";ledger")),
        ),
        (
            "arn: 'arn:aws:rds:*'".to_owned(),
            Box::new(|_: &str, duty: &str| duty.ends_with(";ledger")),
        ),
        ("type: AWS_S3_*".to_owned(), Box::new(|_: &str, duty: &str| duty.starts_with("s3"))),
    ] {
        let rule = format!("  - {{match: {{{matches}}}, responsible: security}}\n");
        let report = folder(&rule).report("json").json();
        let ruled = responsible(&report);
        let mut taken = 0;
        for (id, duty, who) in &ruled {
            let meant = is_meant(id, duty);
            taken += usize::from(meant);
            assert_eq!(who == &["security"], meant, "{matches}: {duty} {who:?}");
        }
        assert!(taken > 0 && taken < ruled.len(), "{matches}");
        // Pseudonyms change nobody's letters, and tell no name.
        let folder = folder(&rule);
        let redacted = folder.run(&["report", "inventory.yaml", "--format", "json", "--redact"]).fine();
        let hidden: Value = serde_json::from_str(&redacted).unwrap();
        let letters = |report: &Value| {
            let mut letters: Vec<(String, Vec<String>)> = responsible(report).into_iter().map(|(id, _, who)| (id, who)).collect();
            letters.sort();
            letters
        };
        assert_eq!(letters(&hidden), letters(&report), "{matches}");
        for secret in ["ledger", "7946", "northwind-shift-x", "111122223333", "example.com"] {
            assert!(!redacted.contains(secret), "{matches}: {secret}");
        }
    }
}

#[test]
fn exceptions_evidence_and_selections_take_the_same_words() {
    let folder = folder("");
    let not_met = |arguments: &[&str]| {
        let report = folder
            .run(&[&["report", "inventory.yaml", "--format", "json"][..], arguments].concat())
            .json();
        report["summary"]["duties"]["not_met"].as_u64().unwrap()
    };
    // The copy stays at the handover, so that it is a duty of its own.
    assert_eq!(not_met(&[]), 2);
    folder.put(
        "more.yaml",
        "inventory: 1\nexceptions:\n  - {match: {activity: 'rds.backup.*', name: 'ledger*'}, reason: Rebuilt from the event log, expires: 2027-01-01}\nevidence:\n  - {match: {control: backup, arn: 'arn:aws:rds:*:db:ledger'}, artefact: Restore test}\n",
    );
    let report = folder.run(&["report", "inventory.yaml", "more.yaml", "--format", "json"]).json();
    assert_eq!(report["summary"]["duties"]["not_met"], 0);
    assert_eq!(
        text(&list(&report, "exceptions")[0], "applies_to"),
        "the activity rds.backup.*, resources named ledger*"
    );
    for only in [
        "name=ledger",
        "arn=arn:aws:rds:*",
        "type=aws_s3_bucket",
        "activity=rds.backup.*",
        "name=ledger*,control=backup",
    ] {
        let cut = folder.run(&["report", "inventory.yaml", "--format", "json", "--only", only]).json();
        let (all, own) = (folder.report("json").code, list(&cut, "services").len());
        assert!(all != 99 && own > 0, "{only}");
        assert!(list(&cut, "cover_facts").iter().any(|fact| text(fact, "value") == only), "{only}");
        // The other commands take it, too.
        assert!(
            [0, 1].contains(&folder.run(&["check", "inventory.yaml", "--only", only]).code),
            "{only}"
        );
        folder
            .run(&[
                "pack",
                "inventory.yaml",
                "--only",
                only,
                "--format",
                "markdown",
                "-o",
                "p",
                "--force",
            ])
            .well();
        assert!(folder.read("p/audit/report.md").contains(&only.replace('*', "\\*")), "{only}");
        let verified = folder.run(&["verify", "p", "inventory.yaml"]);
        verified.well();
    }
    let why = folder
        .run(&["why", "rds", "backup", "inventory.yaml", "--only", "name=ledger-copy"])
        .fine();
    assert!(
        why.contains("on       ledger-copy\n") && !why.contains("on       ledger\n"),
        "{why}"
    );
    let unknown = folder.run(&["check", "inventory.yaml", "--only", "activity=rds.backup.customer.retentoin"]);
    assert!(unknown.failed(1).contains("[unknown-activity]"), "{}", unknown.errors);
    let hidden = folder.run(&["report", "inventory.yaml", "--redact", "--only", "name=ledger"]);
    assert!(hidden.failed(1).contains("`--redact` leaves out"), "{}", hidden.errors);
}

#[test]
fn a_takeover_finds_what_it_needs() {
    let folder = folder("");
    let report = folder.report("json");
    assert_eq!(report.code, 0, "{}", report.errors);
    let handover = &report.json()["handover"].clone();
    assert_eq!(text(handover, "to_party"), "platform");
    let (moves, stays) = (list(handover, "moves"), list(handover, "stays"));
    assert!(!moves.is_empty() && !stays.is_empty());
    assert!(
        stays
            .iter()
            .all(|one| text(one, "reason") == "The copy is restored in January" && text(one, "until") == "2027-01-31")
    );
    for one in moves {
        let expected: &[&str] = if text(one, "control") == "backup" {
            &["Restore the ledger"]
        } else {
            &[]
        };
        assert_eq!(
            list(one, "runbooks")
                .iter()
                .map(|title| title.as_str().unwrap())
                .collect::<Vec<_>>(),
            expected
        );
        assert!(text(one, "after").contains("A/R Platform"), "{one}");
    }
    let access: Vec<String> = list(handover, "access")
        .iter()
        .map(|one| format!("{} {} {} {}", text(one, "kind"), text(one, "party"), one["by"], text(one, "due")))
        .collect();
    assert_eq!(
        access,
        [
            "grant platform \"security\" 2026-12-01",
            "revoke northwind \"security\" 2026-12-15",
            "revoke northwind null 2026-12-15"
        ]
    );
    let blockers: Vec<&str> = list(handover, "blockers").iter().map(|one| text(one, "kind")).collect();
    assert_eq!(
        blockers,
        [
            "not-met",
            "not-met-staying",
            "unknown",
            "runbook",
            "successor",
            "access-ends",
            "access",
            "exit"
        ],
        "{handover}"
    );
    assert!(!list(handover, "open").is_empty());
    let edition = folder
        .run(&[
            "report",
            "inventory.yaml",
            "--edition",
            "handover",
            "-o",
            "-",
            "--format",
            "markdown",
        ])
        .fine();
    let titles: Vec<&str> = edition.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(
        titles,
        [
            "The handover at a glance",
            "What moves",
            "What stays with Northwind Managed Services, why and until when",
            "Access to grant and to revoke",
            "Open items",
            "Whom to call",
            "Exit tasks",
            "Checklist of what moves",
            "Sign-off"
        ]
    );
    for said in [
        "+44 20 7946 0101",
        "24/7",
        "Restore the ledger",
        "https\\://example.com/restore",
        "Return of data",
        "| Handed over | Accepted | Accepted on |",
    ] {
        assert!(edition.contains(said), "{said}");
    }
}

#[test]
fn a_cut_names_no_other_partys_contacts_and_tasks_but_those_of_both_sides_in_a_handover_edition() {
    let folder = folder("");
    let both = ["0101", "0200", "platform@", "Return of data", "Role operations of ledger"];
    for (party, edition, own, others) in [
        (
            "northwind",
            "audit",
            &["0200", "Return of data"][..],
            &["0101", "0102", "platform@", "security@", "Role operations of ledger"][..],
        ),
        ("northwind", "handover", &both, &["0102", "security@"]),
        (
            "security",
            "audit",
            &["0102", "Role operations of ledger"],
            &["0101", "0200", "Return of data"],
        ),
        (
            "security",
            "handover",
            &["0102", "Role operations of ledger"],
            &["0101", "0200", "Return of data"],
        ),
        (
            "platform",
            "audit",
            &["0101", "Role operations of ledger"],
            &["0102", "0200", "Return of data"],
        ),
        ("platform", "handover", &both, &["0102", "security@"]),
    ] {
        {
            let cut = folder
                .run(&[
                    "report",
                    "inventory.yaml",
                    "--party",
                    party,
                    "--edition",
                    edition,
                    "--format",
                    "json",
                ])
                .fine();
            assert!(own.iter().all(|own| cut.contains(own)), "{party}");
            assert!(!others.iter().any(|other| cut.contains(other)), "{party} {edition}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_handover_is_told_at_once_and_folded() {
    let wrong = inventory("")
        .replace("from: northwind\n", "from: platform\n")
        .replace("until: 2027-01-31", "until: 2026-12-01")
        .replace(
            "    - {revoke: Log archive}\n",
            &"    - {by: security}\n    - {grant: a, revoke: b}\n    - {grant: c, by: nobody}\n".repeat(12),
        )
        .replace("owner: northwind, due: 2027-02-28", "owner: northwind, due: soon");
    let run = Folder::new().with("inventory.yaml", wrong).run(&["check", "inventory.yaml"]);
    let told = run.failed(1);
    for said in [
        "`platform` hands over to itself",
        "what stays until `2026-12-01` has moved before the handover on `2026-12-15`",
        "neither grants nor revokes",
        "grants and revokes at once",
        "no party `nobody` is defined",
        "`soon` is not a date",
    ] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    assert!(told.matches("neither grants nor revokes").count() < 12, "{told}");
    // What is for no duty is a finding.
    let idle = inventory("")
        .replace("{control: backup, name: ledger-copy}", "{control: backup, name: nothing-such}")
        .replace(
            "runbooks:\n    - {match: {control: backup}",
            "runbooks:\n    - {match: {control: awareness-training}",
        );
    let run = Folder::new().with("inventory.yaml", idle).run(&["check", "inventory.yaml"]);
    assert!(
        run.errors.contains("matches no duty of Northwind Managed Services"),
        "{}",
        run.errors
    );
    assert!(run.errors.contains("matches no duty that moves"), "{}", run.errors);
    let long = inventory("").replace("short: Security", "short: Platform");
    let run = Folder::new().with("inventory.yaml", long).run(&["check", "inventory.yaml"]);
    assert!(run.failed(1).contains("are both called `Platform`"), "{}", run.errors);
}

#[test]
fn names_are_never_made_of_ids() {
    let plain = inventory("").replace("name: Information Security, short: Security, ", "");
    let report = Folder::new().with("inventory.yaml", plain).report("json");
    let report: Value = serde_json::from_str(&report.text()).unwrap();
    let shorts: Vec<&str> = list(&report, "parties").iter().map(|party| text(party, "short")).collect();
    assert_eq!(shorts, ["AWS", "Platform", "security", "Northwind"]);
}

#[test]
fn a_pack_begins_with_who_reads_what() {
    let folder = folder("");
    folder.run(&["pack", "inventory.yaml", "-o", "p"]).well();
    let index = folder.read("p/index.html");
    let linked: Vec<&str> = index
        .split("href=\"./")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    for file in folder.files().iter().filter_map(|file| file.strip_prefix("p/")) {
        let is_told = file == "index.html" || file.ends_with(".svg") || linked.contains(&file);
        assert!(is_told, "{file} is for nobody");
    }
    for path in linked {
        assert!(folder.path(&format!("p/{path}")).is_file(), "{path}");
    }
    for audience in [
        "Northwind Managed Services and Platform Engineering",
        "Auditors",
        "Security reviewers",
    ] {
        assert!(index.contains(audience), "{audience}");
    }
    // Who holds no duty has no list, and a page of links has nothing to filter.
    assert!(!index.contains("Information Security") && !index.contains(">Filters<"));
    // The list of contents of a few chapters would be a page for nothing.
    let said = pdf_extract::extract_text(folder.path("p/acceptance-checklist.pdf")).unwrap();
    assert!(!said.contains("Contents") && said.contains("Checklist of what moves"), "{said}");
    let said = pdf_extract::extract_text(folder.path("p/audit/report.pdf")).unwrap();
    assert!(said.contains("Contents"), "{said:.3000}");
}

#[test]
fn each_duty_that_moves_or_stays_has_a_row_of_its_own_with_its_service_mode_and_resources() {
    let own = folder("");
    let own = own.path("inventory.yaml");
    let examples = ["payments", "estate", "reference"].map(|example| root().join("inventories").join(example));
    let mut modes = 0;
    for path in examples.iter().chain([&own]) {
        let (folder, path) = (Folder::new(), path.to_str().unwrap());
        folder
            .run(&["report", path, "--edition", "handover", "-o", "r.html", "-o", "r.json"])
            .fine();
        let (page, report): (String, Value) = (folder.read("r.html"), serde_json::from_str(&folder.read("r.json")).unwrap());
        let handover = &report["handover"];
        let rows: Vec<&str> = page
            .split("<tr id=\"")
            .skip(1)
            .map(|row| row.split("</tr>").next().unwrap())
            .collect();
        let mut told = 0;
        for one in list(handover, "moves").iter().chain(list(handover, "stays")) {
            let begins = format!("{}\" data-duties=\"1\"", text(one, "duty"));
            let own: Vec<&&str> = rows.iter().filter(|row| row.starts_with(&begins)).collect();
            assert_eq!(own.len(), 1, "{path}: {begins}");
            told += 1;
            let service = list(&report, "services")
                .iter()
                .find(|service| service["service"] == one["service"] && service["mode"] == one["mode"])
                .unwrap();
            assert!(own[0].contains(&format!(">{}", text(service, "label"))), "{path}: {}", own[0]);
            modes += usize::from(one["mode"].is_string());
            let names = list(one, "resources");
            assert!(!names.is_empty() && text(one, "resources_in_short").starts_with(names[0].as_str().unwrap()));
            assert!(own[0].contains(names[0].as_str().unwrap()), "{path}: {}", own[0]);
        }
        assert!(told > 0);
        let counted: Vec<&&str> = rows.iter().filter(|row| row.contains("data-duties=\"")).collect();
        assert_eq!(counted.len(), told, "{path}: no row stands for several");
    }
    assert!(modes > 0);
}

#[test]
fn evidence_that_lapses_at_a_handover_stands_in_its_way() {
    let lapsing = |by: &str| {
        let evidence = format!(
            "inventory: 1\nevidence:\n  - {{match: {{control: backup, service: rds, name: ledger}}, artefact: Restore test, by: northwind, reviewed: 2026-10-01, review_by: {by}}}\n"
        );
        let folder = folder("").with("more.yaml", evidence);
        let report = folder.run(&["report", "inventory.yaml", "more.yaml", "--format", "json"]).json();
        let lapses = list(&report["handover"], "blockers")
            .iter()
            .filter(|one| text(one, "kind").starts_with("laps"));
        lapses
            .map(|one| (text(one, "kind").to_owned(), one["count"].as_u64().unwrap()))
            .collect::<Vec<_>>()
    };
    let on_the_day = lapsing("2026-12-15");
    assert!(
        matches!(on_the_day.as_slice(), [(kind, count)] if kind == "lapsed" && *count > 0),
        "{on_the_day:?}"
    );
    // The copy stays until the end of January, and who takes over needs what is shown until then.
    for until in ["2026-12-16", "2027-01-31"] {
        assert_eq!(lapsing(until), [("lapsing".to_owned(), on_the_day[0].1)], "{until}");
    }
    assert!(lapsing("2027-02-01").is_empty());
}
