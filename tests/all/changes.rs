//! `diff` and `what-if`: what changed between two joined results, and what would.

use crate::laws::document;
use crate::support::{Folder, Run, expect, list, text};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The changes between two files of a folder.
fn diff(folder: &Folder, old: &str, new: &str) -> Value {
    folder.run(&["diff", old, new, "--format", "json"]).json()
}

/// Kind, what it is about, and how it stood, sorted: all that has a mirror image.
fn mirrored(changes: &Value, turn: bool) -> Vec<String> {
    let turned = |kind: &str| {
        match kind {
            "opened" => "closed",
            "closed" => "opened",
            "appeared" => "vanished",
            "vanished" => "appeared",
            "lapsed" => "attested",
            "attested" => "lapsed",
            other => other,
        }
        .to_owned()
    };
    let mut found: Vec<String> = list(changes, "changes")
        .iter()
        .map(|change| {
            let kind = text(change, "kind");
            let (before, after) = if turn { ("after", "before") } else { ("before", "after") };
            let kind = if turn { turned(kind) } else { kind.to_owned() };
            format!(
                "{kind} {} {} {} {} -> {}",
                change["service"], change["control"], change["activity"], change[before], change[after]
            )
        })
        .collect();
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_thing_differs_from_itself_in_nothing_and_two_in_mirror_image(one in document(), other in document()) {
        let folder = Folder::new().with("one.yaml", one.to_string()).with("other.yaml", other.to_string());
        prop_assert_eq!(list(&diff(&folder, "one.yaml", "one.yaml"), "changes").len(), 0);
        let (forth, back) = (diff(&folder, "one.yaml", "other.yaml"), diff(&folder, "other.yaml", "one.yaml"));
        let (forth, back) = (mirrored(&forth, false), mirrored(&back, true));
        let only = |one: &[String], other: &[String]| one.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(only(&forth, &back), only(&back, &forth));
        prop_assert_eq!(forth.len(), back.len());
    }

    #[test]
    fn order_places_and_form_are_no_change(one in document(), seed in any::<u64>()) {
        let mut moved = one.clone();
        for name in ["resources"] {
            if let Some(items) = moved[name].as_array_mut() {
                let turn = usize::try_from(seed % 7).unwrap() % items.len().max(1);
                items.rotate_left(turn);
                items.reverse();
            }
        }
        // Another file, other lines, another form: a file of its own for the resources, as indented JSON.
        let resources = json!({"inventory": 1, "resources": moved["resources"].take()});
        moved.as_object_mut().unwrap().remove("resources");
        let folder = Folder::new()
            .with("one.yaml", one.to_string())
            .with("moved/z.yaml", format!("# moved\n\n\n{moved:#}"))
            .with("moved/a.yaml", format!("{resources:#}"));
        let changes = diff(&folder, "one.yaml", "moved");
        prop_assert_eq!(list(&changes, "changes"), &[] as &[Value]);
    }
}

/// An inventory in which each kind of change is one edit away.
const BASE: &str = r#"
inventory: 1
organization: Example Pay Ltd
as_of: 2026-11-01
parties:
  platform: {kind: customer}
  northwind: {name: Northwind Managed Services, short: Northwind, kind: partner}
assignments:
  - {responsible: platform, accountable: platform}
  - {match: {control: backup}, responsible: northwind}
resources:
  - {service: rds, name: ledger, environment: prod, region: eu-west-1, config: {engine: postgres, backup_retention_period: 14, multi_az: true, deletion_protection: false}}
  - {service: s3, name: statements, environment: prod, region: eu-west-1, config: {versioning: true}}
"#;

fn folder() -> Folder {
    Folder::new().with("base.yaml", BASE)
}

/// The changes that an edit of the base makes.
fn edited(from: &str, to: &str) -> Value {
    assert!(BASE.contains(from), "{from}");
    let folder = folder().with("edited.yaml", BASE.replace(from, to));
    diff(&folder, "base.yaml", "edited.yaml")
}

fn kinds(changes: &Value) -> Vec<&str> {
    let mut kinds: Vec<&str> = list(changes, "changes").iter().map(|change| text(change, "kind")).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_setting_that_breaks_a_duty_opens_it_and_is_named() {
    let changes = edited("backup_retention_period: 14", "backup_retention_period: 0");
    assert_eq!(kinds(&changes), ["opened"]);
    let change = &changes["changes"][0];
    assert_eq!(change["activity"], "rds.backup.customer.retention");
    assert_eq!(change["before"]["state"], "met");
    assert_eq!(change["after"]["state"], "not-met");
    assert_eq!(
        change["because"],
        json!(["`backup_retention_period` is `0` instead of `14` on ledger"])
    );
    assert_eq!(change["resources"], json!(["ledger"]));
    assert_eq!(changes["summary"]["opened"], 1);
}

#[test]
fn a_setting_that_mends_a_duty_closes_it() {
    let changes = edited("deletion_protection: false", "deletion_protection: true");
    assert_eq!(kinds(&changes), ["closed"]);
    assert_eq!(changes["changes"][0]["after"]["state"], "met");
}

#[test]
fn a_rule_moves_duties_and_is_named() {
    let changes = edited("responsible: northwind}", "responsible: platform}");
    assert_eq!(kinds(&changes), ["moved"]);
    for change in list(&changes, "changes") {
        assert_eq!(change["control"], "backup", "{change}");
        assert_eq!(change["because"], json!(["rule at edited.yaml:10:6"]), "{change}");
        assert_eq!(change["parties"], json!(["northwind", "platform"]));
    }
}

#[test]
fn what_moves_to_another_mode_says_what_comes_and_goes() {
    let changes = edited("engine: postgres", "engine: custom-oracle-ee");
    let of = |kind: &str| {
        list(&changes, "changes")
            .iter()
            .filter(|change| text(change, "kind") == kind)
            .count()
    };
    assert!(of("appeared") > 5 && of("reclassified") > 1, "{changes:#}");
    let mode = list(&changes, "changes").iter().find(|change| change["control"].is_null()).unwrap();
    assert_eq!(
        (&mode["before"]["mode"], &mode["after"]["mode"]),
        (&json!("standard"), &json!("custom"))
    );
    let patching = list(&changes, "changes")
        .iter()
        .find(|change| change["kind"] == "reclassified" && change["control"] == "guest-os-patching")
        .unwrap();
    assert_eq!(
        (&patching["before"]["type"], &patching["after"]["type"]),
        (&json!("inherited"), &json!("customer-specific"))
    );
}

#[test]
fn a_new_resource_brings_its_duties_and_a_replaced_one_is_the_same() {
    let changes = edited(
        "resources:\n",
        "resources:\n  - {service: kms, name: keys, environment: prod, region: eu-west-1}\n",
    );
    assert_eq!(kinds(&changes), ["appeared"]);
    assert!(list(&changes, "changes").iter().all(|change| change["service"] == "kms"));
    let arn = |id: &str| format!("- {{service: kms, name: keys, arn: \"arn:aws:kms:eu-west-1:111122223333:key/{id}\"}}");
    let one = BASE.replace("resources:\n", &format!("resources:\n  {}\n", arn("one")));
    let other = BASE.replace("resources:\n", &format!("resources:\n  {}\n", arn("other")));
    let folder = Folder::new().with("one.yaml", one).with("other.yaml", other);
    assert_eq!(list(&diff(&folder, "one.yaml", "other.yaml"), "changes"), &[] as &[Value]);
}

#[test]
fn a_report_and_a_pack_compare_as_the_inventory_they_were_made_of() {
    let folder = folder().with(
        "edited.yaml",
        BASE.replace("backup_retention_period: 14", "backup_retention_period: 0"),
    );
    folder.run(&["report", "base.yaml", "-o", "old.json"]).well();
    folder
        .run(&["pack", "base.yaml", "-o", "pack.zip", "--format", "json", "--format", "markdown"])
        .well();
    folder.run(&["pack", "base.yaml", "-o", "pack", "--format", "json"]).well();
    let expected = mirrored(&diff(&folder, "base.yaml", "edited.yaml"), false);
    assert!(!expected.is_empty());
    for old in ["old.json", "pack.zip", "pack"] {
        assert_eq!(list(&diff(&folder, old, "base.yaml"), "changes"), &[] as &[Value], "{old}");
        assert_eq!(mirrored(&diff(&folder, old, "edited.yaml"), false), expected, "{old}");
    }
    folder.run(&["pack", "base.yaml", "-o", "none", "--format", "markdown"]).well();
    let run = folder.run(&["diff", "none", "base.yaml"]);
    assert!(run.failed(3).contains("holds no `data/report.json`"), "{}", run.errors);
}

#[test]
fn another_catalog_is_no_change_of_the_estate() {
    let folder = folder();
    folder.run(&["report", "base.yaml", "-o", "old.json"]).well();
    let old = folder.read("old.json");
    let earlier = old.replace("\"catalog_version\": \"", "\"catalog_version\": \"earlier ");
    let earlier = earlier.replace("Sets how many days automated backups are kept", "Keeps backups");
    assert_ne!(old, earlier);
    folder.put("earlier.json", earlier);
    let changes = diff(&folder, "earlier.json", "base.yaml");
    assert_eq!(kinds(&changes), ["catalog"]);
    let is_said = |change: &Value| change["before"]["does"] == "Keeps backups";
    assert!(list(&changes, "changes").iter().any(is_said), "{changes:#}");
}

#[test]
fn an_earlier_revision_is_read_out_of_its_repository() {
    let folder = folder().with("sub/base.yaml", BASE);
    let git = |arguments: &[&str]| {
        let done = std::process::Command::new("git")
            .arg("-C")
            .arg(folder.path(""))
            .args([
                "-c",
                "user.name=Example",
                "-c",
                "user.email=example@example.com",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .output()
            .expect("git, which this test needs, is installed");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    folder.put("sub/base.yaml", BASE.replace("responsible: northwind}", "responsible: platform}"));
    let run = folder.run(&["diff", "git:HEAD:sub/base.yaml", "sub/base.yaml", "--format", "json"]);
    let changes = run.json();
    assert_eq!(kinds(&changes), ["moved"]);
    assert_eq!(changes["old"]["from"], "git:HEAD:sub/base.yaml");
    // The rule of an earlier revision is told as it lies in the repository, and no folder of the machine's.
    let back = folder.run(&["diff", "sub", "git:HEAD:sub", "--format", "json"]).json();
    assert_eq!(back["changes"][0]["because"], json!(["rule at sub/base.yaml:10:6"]));
    for (named, word) in [
        ("git:HEAD", "names no revision and path"),
        ("git:nowhere:sub", "there is no revision `nowhere`"),
        ("git:HEAD:other", "revision `HEAD` has no `other`"),
        ("git:--output=x:sub", "there is no revision"),
    ] {
        let run = folder.run(&["diff", named, "sub"]);
        assert!(run.code == 3 || run.code == 1, "{named}: {}", run.code);
        assert!(run.errors.contains(word), "{named}: {}", run.errors);
    }
    assert!(!folder.files().iter().any(|file| file == "x"), "no option reaches git");
}

#[test]
fn kinds_fail_the_run_that_asks_for_it_and_a_party_sees_its_own() {
    let folder = folder().with("edited.yaml", BASE.replace("responsible: northwind}", "responsible: platform}"));
    let run = |arguments: &[&str]| -> Run { folder.run(&[&["diff", "base.yaml", "edited.yaml"], arguments].concat()) };
    run(&["--fail-on", "opened"]).well();
    assert_eq!(run(&["--fail-on", "opened,moved"]).code, 1);
    let all = run(&["--format", "json"]).json();
    let own = run(&["--format", "json", "--party", "northwind"]).json();
    assert_eq!(all["changes"], own["changes"], "every change is of a duty that it held");
    assert!(run(&["--party", "nortwind"]).failed(1).contains("did you mean `northwind`?"));
    let table = run(&["--format", "csv"]).fine();
    assert_eq!(table.lines().count(), list(&all, "changes").len() + 1);
    assert!(
        table
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("moved,aws-account,,AWS account,backup,Backup"),
        "{table}"
    );
}

#[test]
fn the_text_is_as_people_read_it() {
    let folder = folder().with(
        "edited.yaml",
        BASE.replace("backup_retention_period: 14", "backup_retention_period: 0")
            .replace("versioning: true", "versioning: false")
            .replace("match: {control: backup}", "match: {control: backup, service: s3}")
            .replace("deletion_protection: false", "deletion_protection: true"),
    );
    expect("changes/diff.txt", &folder.run(&["diff", "base.yaml", "edited.yaml"]).fine());
    expect("changes/none.txt", &folder.run(&["diff", "base.yaml", "base.yaml"]).fine());
}

/// Suppositions and the edits of the base that say the same.
const SUPPOSED: [(&[&str], &str, &str); 9] = [
    (&["--set", "rds/ledger.multi_az=false"], "multi_az: true", "multi_az: false"),
    (
        &["--set", "ledger.engine=custom-oracle-ee"],
        "engine: postgres",
        "engine: custom-oracle-ee",
    ),
    (&["--set", "s3.versioning=false"], "versioning: true", "versioning: false"),
    (
        &["--set", "environment=prod,service=s3.versioning=false"],
        "versioning: true",
        "versioning: false",
    ),
    (
        &["--set", "rds/standard.backup_retention_period=0"],
        "backup_retention_period: 14",
        "backup_retention_period: 0",
    ),
    (&["--mode", "rds=custom"], "name: ledger,", "name: ledger, mode: custom,"),
    (
        &["--set", "statements.environment=dev"],
        "statements, environment: prod",
        "statements, environment: dev",
    ),
    (
        &["--remove", "northwind"],
        "\n  - {match: {control: backup}, responsible: northwind}",
        "",
    ),
    (
        &["--add", "kms,name=keys,environment=prod,region=eu-west-1"],
        "resources:\n",
        "resources:\n  - {service: kms, name: keys, environment: prod, region: eu-west-1}\n",
    ),
];

#[test]
fn what_if_tells_what_the_same_edit_would_change() {
    for (arguments, from, to) in SUPPOSED {
        let by_hand = edited(from, to);
        let supposed = folder()
            .run(&[&["what-if", "base.yaml", "--format", "json"], arguments].concat())
            .json();
        assert!(!list(&by_hand, "changes").is_empty(), "{arguments:?}");
        assert_eq!(mirrored(&supposed, false), mirrored(&by_hand, false), "{arguments:?}");
    }
}

#[test]
fn a_region_of_another_operator_moves_no_duty_of_the_customer() {
    let run = folder()
        .run(&["what-if", "base.yaml", "--region", "eusc-de-east-1", "--format", "json"])
        .json();
    assert!(
        list(&run, "changes")
            .iter()
            .all(|change| change["kind"] != "appeared" && change["kind"] != "vanished"),
        "{run:#}"
    );
}

#[test]
fn what_means_nothing_is_told() {
    for (arguments, word) in [
        (&["--set", "ledgr.multi_az=false"][..], "did you mean `ledger`?"),
        (&["--set", "rds.multi_azz=false"], "did you mean `multi_az`?"),
        (&["--set", "rds"], "means no resource"),
        (&["--mode", "rds=costum"], "known are: multi-az-cluster, custom,"),
        (&["--mode", "rds"], "names no mode"),
        (&["--mode", "eks=fargate"], "is not in this inventory"),
        (&["--add", "eksx"], "the catalog knows no service `eksx`"),
        (&["--add", "eks/fargat"], "has no mode `fargat`"),
        (&["--remove", "nortwind"], "did you mean `northwind`?"),
        (&[], "nothing is supposed"),
    ] {
        let run = folder().run(&[&["what-if", "base.yaml"], arguments].concat());
        assert!(run.failed(1).contains(word), "{arguments:?}: {}", run.errors);
    }
}

#[test]
fn a_document_of_changes_reads_like_minutes() {
    let edited = BASE
        .replace("backup_retention_period: 14", "backup_retention_period: 0")
        .replace("match: {control: backup}", "match: {control: backup, service: s3}")
        .replace("as_of: 2026-11-01", "as_of: 2026-11-15");
    let folder = folder().with("edited.yaml", edited);
    folder
        .run(&[
            "diff",
            "base.yaml",
            "edited.yaml",
            "-o",
            "c.md",
            "-o",
            "c.html",
            "-o",
            "c.pdf",
            "-o",
            "c.json",
            "-o",
            "c.csv",
            "-o",
            "c.txt",
        ])
        .well();
    expect("changes/changes.md", &folder.read("c.md"));
    assert!(folder.bytes("c.pdf").starts_with(b"%PDF"));
    assert!(folder.read("c.html").contains("Changes since 1 November 2026"));
    // Documents are made from an inventory.
    folder.run(&["report", "base.yaml", "-o", "old.json"]).well();
    let run = folder.run(&["diff", "base.yaml", "old.json", "-o", "d.md"]);
    assert!(run.failed(2).contains("made from the inventory"), "{}", run.errors);
}

#[test]
fn a_report_tells_what_changed_since_and_since_when() {
    let edited = BASE
        .replace("backup_retention_period: 14", "backup_retention_period: 0")
        .replace("as_of: 2026-11-01", "as_of: 2026-11-15");
    let folder = folder().with("edited.yaml", edited);
    folder.run(&["report", "base.yaml", "-o", "old.json"]).well();
    let report = folder
        .run(&["report", "edited.yaml", "--since", "old.json", "--format", "json"])
        .json();
    let since = |activity: &str| {
        let found = list(&report, "findings").iter().find(|finding| finding["activity"] == activity);
        found.map(|finding| finding["since"].clone())
    };
    assert_eq!(since("rds.backup.customer.retention"), Some(json!("2026-11-15")));
    assert_eq!(since("rds.backup.customer.deletion-protection"), Some(json!("2026-11-01")));
    assert_eq!(report["changes"]["summary"]["opened"], 1);
    for edition in ["audit", "review", "handover"] {
        let text = folder
            .run(&["report", "edited.yaml", "--since", "base.yaml", "--edition", edition])
            .fine();
        assert!(text.contains("## Changes since 1 November 2026"), "{edition}");
    }
    let run = folder.run(&["report", "edited.yaml", "--since", "base.yaml", "--redact"]);
    assert!(run.failed(2).contains("--redact leaves out"), "{}", run.errors);
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let folder = folder().with(
        "edited.yaml",
        BASE.replace("backup_retention_period: 14", "backup_retention_period: 0"),
    );
    folder.run(&["check", "base.yaml", "--write-baseline", "known.json", "--deny", "duty-not-met"]);
    let same = folder.run(&["check", "base.yaml", "--baseline", "known.json", "--deny", "duty-not-met"]);
    same.well();
    assert!(same.errors.contains("no new findings"), "{}", same.errors);
    // Lines move, and what is known stays known.
    folder.put("moved.yaml", format!("# a line\n\n# and another\n{BASE}"));
    folder
        .run(&["check", "moved.yaml", "--baseline", "known.json", "--deny", "duty-not-met"])
        .well();
    let run = folder.run(&[
        "check",
        "edited.yaml",
        "--baseline",
        "known.json",
        "--deny",
        "duty-not-met",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 1);
    let told: Value = serde_json::from_slice(&run.bytes).unwrap();
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:#?}");
    for (name, value) in [
        ("service", json!("rds")),
        ("control", json!("backup")),
        ("activity", json!("rds.backup.customer.retention")),
        ("responsible", json!(["northwind"])),
        ("accountable", json!("platform")),
        ("resources", json!(["ledger"])),
    ] {
        assert_eq!(told[0][name], value, "{name}");
    }
    let sarif: Value = serde_json::from_slice(
        &folder
            .run(&["check", "edited.yaml", "--baseline", "known.json", "--format", "sarif"])
            .bytes,
    )
    .unwrap();
    let results = list(&sarif["runs"][0], "results");
    let states: Vec<&str> = results.iter().map(|result| text(result, "baselineState")).collect();
    assert!(states.contains(&"new") && states.contains(&"unchanged"), "{states:?}");
    assert!(
        results
            .iter()
            .all(|result| result["partialFingerprints"]["cloudraci/v1"].is_string())
    );
    for (text, word) in [
        ("{}", "is no baseline"),
        ("{\"baseline\": 2, \"known\": []}", "baseline of version 2"),
    ] {
        folder.put("broken.json", text);
        let run = folder.run(&["check", "base.yaml", "--baseline", "broken.json"]);
        assert!(run.failed(3).contains(word), "{}", run.errors);
    }
}

#[test]
fn annotations_keep_to_what_github_shows() {
    let volumes: String = (0..30)
        .map(|number| format!("  - {{service: ebs, name: v{number}, environment: e{number}, config: {{encrypted: false}}}}\n"))
        .collect();
    let folder = Folder::new().with("inventory.yaml", format!("{BASE}{volumes}"));
    let text = folder.run(&["check", "--format", "github"]).text();
    let of = |level: &str| text.lines().filter(|line| line.starts_with(&format!("::{level} "))).count();
    assert!(of("warning") == 10 && of("error") <= 10 && of("notice") <= 10, "{text}");
    assert!(text.contains("more of this severity"), "{text}");
}

#[test]
fn lists_are_the_same_in_every_form() {
    let folder = folder();
    for what in [
        "services",
        "resources",
        "parties",
        "duties",
        "findings",
        "codes",
        "controls",
        "frameworks",
    ] {
        let rows = folder.run(&["list", what, "base.yaml", "--format", "json"]).json();
        let rows = rows.as_array().unwrap();
        assert!(!rows.is_empty(), "{what}");
        let table = folder.run(&["list", what, "base.yaml", "--format", "csv"]).fine();
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        assert_eq!(reader.records().count(), rows.len(), "{what}");
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let keys: Vec<String> = rows[0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(header, keys, "{what}");
        assert_eq!(
            folder.run(&["list", what, "base.yaml"]).fine().lines().count(),
            rows.len() + 1,
            "{what}"
        );
    }
    let of = |arguments: &[&str]| {
        folder
            .run(&[&["list", "duties", "base.yaml", "--format", "json"], arguments].concat())
            .json()
    };
    let (all, some) = (of(&[]), of(&["--only", "service=rds"]));
    assert!(all.as_array().unwrap().len() > some.as_array().unwrap().len());
    let report = folder.run(&["report", "base.yaml", "--format", "json"]).json();
    assert_eq!(report["summary"]["duties"]["total"], all.as_array().unwrap().len());
}

#[test]
fn why_takes_what_people_have_at_hand() {
    let folder = folder();
    let why = |what: &[&str]| folder.run(&[&["why"], what, &["base.yaml"]].concat());
    let of_resource = why(&["ledger"]).fine();
    assert!(of_resource.starts_with("ledger: rds, rds (eu-west-1, prod)\n"), "{of_resource}");
    assert!(of_resource.contains("northwind answers for 0, does 4"), "{of_resource}");
    assert!(
        of_resource.contains("  not-met   Protects the database against deletion (prod)\n            A platform, R northwind"),
        "{of_resource}"
    );
    let of_control = why(&["ledger", "backup"]).fine();
    assert!(
        of_control.lines().count() < of_resource.lines().count() && of_control.contains("rds: Backup"),
        "{of_control}"
    );
    assert_eq!(why(&["Guest OS patching"]).fine(), why(&["guest-os-patching"]).fine());
    assert_eq!(why(&["rds", "Backup"]).fine(), why(&["rds", "backup"]).fine());
    let requirement = why(&["PCI DSS 8.3.6"]).fine();
    assert!(
        requirement.starts_with("PCI DSS 8.3.6\n  answered by credential-management.password-policy\n"),
        "{requirement}"
    );
    assert!(
        why(&["AC-2"]).fine().starts_with("NIST SP 800-53 AC-2"),
        "{}",
        why(&["AC-2"]).fine()
    );
    for (what, word) in [
        ("ledgr", "did you mean `ledger`?"),
        ("bakup", "did you mean `backup`?"),
        ("sqs", "is not in this inventory"),
        ("PCI DSS 99.9", "is no service, resource, control or requirement"),
    ] {
        assert!(why(&[what]).failed(1).contains(word), "{what}: {}", why(&[what]).errors);
    }
}
