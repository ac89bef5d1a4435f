//! A second provider is a folder: one that there is not, given with `--catalog`, beside the built-in one.

use crate::support::{Folder, expect, list, text};
use std::collections::BTreeMap;

const CATALOG: [&str; 2] = ["--catalog", "nimbus"];

/// What is secret in the state by what the provider's own folder says, and by nothing else.
const SECRETS: [&str; 3] = ["open sesame 8841", "nbkey-abcd1234efgh5678", "Zx9Qk2Lm8Rt4Vw7Yb3Nd"];

/// A state and an inventory with resources of both providers.
fn folder() -> Folder {
    Folder::new()
        .with_copy("tests/fixtures/providers/both", ".")
        .with_copy("tests/fixtures/providers/nimbus", "nimbus")
}

fn with<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &CATALOG].concat()
}

#[test]
fn its_folder_keeps_the_rules_and_is_looked_up() {
    let folder = folder();
    assert_eq!(folder.run(&["catalog", "check", "nimbus"]).fine(), "the catalog keeps its rules\n");
    let names = [
        ("nrn/nb-ab123/north-sea/disks/disk/d-1", "nimbus-disk"),
        ("nimbus_box", "nimbus-box"),
        ("Nimbus Box", "nimbus-box"),
        ("disks", "nimbus-disk"),
        ("arn:aws:s3:::orders", "s3"),
        ("aws_sqs_queue", "sqs"),
    ];
    let asked: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    let told: String = names.iter().map(|(name, service)| format!("{name}\t{service}\n")).collect();
    assert_eq!(folder.run(&with(&[&["catalog", "resolve"][..], &asked].concat())).fine(), told);
    let shown = folder.run(&with(&["catalog", "show", "nimbus-disk"])).fine();
    assert!(shown.contains("  Nimbus Guards its halls") && !shown.contains("AWS"), "{shown}");
}

#[test]
fn resources_accounts_regions_and_parties_are_each_providers_own() {
    let folder = folder();
    expect("providers/resources.txt", &folder.run(&with(&["list", "resources"])).fine());
    let parties = folder.run(&with(&["list", "parties", "--format", "json"])).json();
    let parties: Vec<&str> = parties.as_array().unwrap().iter().map(|party| text(party, "party")).collect();
    assert_eq!(parties, ["aws", "platform", "nimbus", "umbra"]);
    let mut why = String::new();
    for what in ["nrn/nb-cd456/far-side/disks/disk/d-2", "nimbus-tenant"] {
        why.push_str(&folder.run(&with(&["why", what])).fine());
    }
    expect("providers/why.txt", &why);
    let imported = folder.run(&with(&["import", "state.tfstate"])).fine();
    expect("providers/imported.yaml", &imported);
}

#[test]
fn commitments_fall_to_who_operates_the_place() {
    let folder = folder();
    let report = folder.run(&with(&["report", "--format", "json"])).json();
    let mut whose: BTreeMap<(String, String), usize> = BTreeMap::new();
    for one in list(&report, "commitments") {
        *whose
            .entry((text(one, "service").to_owned(), text(one, "party").to_owned()))
            .or_default() += 1;
    }
    let told: Vec<(&str, &str)> = whose.keys().map(|(service, party)| (service.as_str(), party.as_str())).collect();
    assert_eq!(
        told,
        [
            ("aws-account", "aws"),
            ("nimbus-box", "nimbus"),
            ("nimbus-disk", "nimbus"),
            ("nimbus-disk", "umbra"),
            ("nimbus-tenant", "nimbus"),
            ("nimbus-tenant", "umbra"),
            ("s3", "aws"),
            ("sqs", "aws"),
        ]
    );
    let meta = &report["meta"];
    assert_eq!(text(meta, "provider"), "Amazon Web Services and Nimbus Cloud");
    assert!(text(meta, "catalog_version").ends_with(", nimbus 2026.11"), "{meta}");
    // Its folder is a catalog and no departure from another.
    assert!(list(&report, "overlays").is_empty());
}

/// An overlay may hold providers' folders, and say something over what they say.
#[test]
fn an_overlay_goes_over_every_provider() {
    let folder = Folder::new()
        .with_copy("tests/fixtures/providers/both", ".")
        .with_copy("tests/fixtures/providers/nimbus", "mine/providers/nimbus")
        .with(
            "mine/services/nimbus-disk.yaml",
            "id: nimbus-disk
reason: Our disks are sealed by our own people
sources: {own: {title: Our seals, url: \"https://example.com/seals\", reviewed: 2026-11-01}}
controls:
  key-management:
    customer:
      - {id: keep-seals, does: Keeps the seals in its own safe, default: build, how: Lock the safe, evidence: The key, source: own}
",
        );
    assert_eq!(folder.run(&["catalog", "check", "mine"]).fine(), "the catalog keeps its rules\n");
    let shown = folder.run(&["catalog", "show", "nimbus-disk", "--catalog", "mine"]).fine();
    assert!(
        shown.contains("you  Keeps the seals") && shown.contains("Nimbus Seals a disk"),
        "{shown}"
    );
    let report = folder.run(&["report", "--format", "json", "--catalog", "mine"]).json();
    let departures: Vec<&str> = list(&report, "overlays").iter().map(|one| text(one, "service")).collect();
    assert_eq!(departures, ["nimbus-disk"]);
    // A folder that is no provider's is none of an overlay's.
    let folder = folder.with("mine/providers/notes/x.yaml", "id: x");
    folder.refuses(&["catalog", "check", "mine"], 1, "`mine/providers/notes`");
}

#[test]
fn what_its_folder_calls_secret_never_leaves() {
    let folder = folder();
    let outputs = |folder: &Folder| {
        let import = folder.run(&with(&["import", "state.tfstate"])).text();
        let report = folder.run(&with(&["report"])).text();
        let json = folder.run(&with(&["report", "--format", "json"])).text();
        import + &report + &json
    };
    let told = outputs(&folder);
    for secret in SECRETS {
        assert!(!told.contains(secret), "{secret}");
    }
    // What is no secret is told, and without that file the others would be: nothing else keeps them in.
    assert!(told.contains("image: stable") && told.contains("team: attic"));
    std::fs::remove_file(folder.path("nimbus/secrets.yaml")).unwrap();
    let told = outputs(&folder);
    for secret in SECRETS {
        assert!(told.contains(secret), "{secret}");
    }
}

#[test]
fn what_is_wrong_in_the_folder_is_told() {
    let put = |name: &str, text: &str| {
        let folder = folder();
        folder.put(name, text);
        folder
    };
    let changed = |name: &str, from: &str, to: &str| {
        let folder = folder();
        let text = folder.read(name);
        assert!(text.contains(from), "{name}: {from}");
        folder.put(name, text.replace(from, to));
        folder
    };
    let service = folder()
        .read("nimbus/services/nimbus-disk.yaml")
        .replace("id: nimbus-disk", "id: rds");
    for (folder, words) in [
        (put("nimbus/services/rds.yaml", &service), "`rds` is a service of another provider"),
        (
            changed("nimbus/models.yaml", "id: nimbus-thing", "id: abstract"),
            "`abstract` is a service model of another provider",
        ),
        (
            changed("nimbus/provider.yaml", "/{resource}", ""),
            "`resource` is no form of names: it has a `{namespace}`, and ends with its `{resource}`",
        ),
        (
            changed("nimbus/provider.yaml", "nb-@@###", "("),
            "`account` is no form of names: a `(` is not closed",
        ),
        (
            changed("nimbus/partitions.yaml", "party: umbra", "party: nobody"),
            "`nobody` is no provider of `parties.yaml`",
        ),
        (changed("nimbus/catalog.yaml", "vendors:", "venders:"), "venders"),
        (put("nimbus/layers.yaml", "[]"), "means nothing there: `nimbus/layers.yaml`"),
        (put("nimbus/notes.txt", "x"), "means nothing there"),
    ] {
        for command in [vec!["catalog", "check", "nimbus"], with(&["check"])] {
            let run = folder.run(&command);
            let told = run.failed(1);
            assert!(told.contains(words), "{command:?} {words}: {told}");
        }
    }
    // What others understand is told, too.
    for (name, words) in [("secrets", "`secrets` of `nimbus`"), ("results", "`results` of `nimbus`")] {
        let folder = put(&format!("nimbus/{name}.yaml"), "nothing: {}");
        folder.refuses(&["catalog", "check", "nimbus"], 1, words);
    }
    for name in ["models", "parties", "partitions", "provider"] {
        let folder = folder();
        std::fs::remove_file(folder.path(&format!("nimbus/{name}.yaml"))).unwrap();
        folder.refuses(&["catalog", "check", "nimbus"], 1, &format!("has no `{name}.yaml`"));
    }
}
