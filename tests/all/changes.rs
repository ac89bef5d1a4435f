//! `diff` and `what-if`: what changed between two joined results, and what would.

use crate::laws::document;
use crate::sums::told as all_told;
use crate::support::{Folder, Run, expect, list, text};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The changes between two files of a folder.
pub(crate) fn diff(folder: &Folder, old: &str, new: &str) -> Value {
    folder.run(&["diff", old, new, "--format", "json"]).json()
}

/// Kind, what it is about, and how it stood, sorted: all that has a mirror image.
pub(crate) fn mirrored(changes: &Value, turn: bool) -> Vec<String> {
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
                "{kind} {} {} {} {} {} -> {}",
                change["service"], change["control"], change["requirement"], change["activity"], change[before], change[after]
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
    fn one_that_was_edited_differs_in_mirror_image(one in document(), edits in prop::collection::vec((any::<prop::sample::Index>(), 0..6u8), 1..4)) {
        let mut one = one;
        one["frameworks"] = json!(["pci-dss", "iso-27001"]);
        let other = edited_by(&one, &edits);
        let folder = Folder::new().with("one.yaml", one.to_string()).with("other.yaml", other.to_string());
        let (forth, back) = (diff(&folder, "one.yaml", "other.yaml"), diff(&folder, "other.yaml", "one.yaml"));
        prop_assert_eq!(mirrored(&forth, false), mirrored(&back, true));
        for (there, back_again) in [("opened", "closed"), ("appeared", "vanished"), ("attested", "lapsed"), ("moved", "moved"), ("reclassified", "reclassified")] {
            prop_assert_eq!(&forth["summary"][there], &back["summary"][back_again], "{}", there);
        }
        // Each is because of something.
        let silent = list(&forth, "changes").iter().find(|change| list(change, "because").is_empty() || change["cause"].is_null());
        prop_assert!(silent.is_none(), "{:#}", silent.unwrap());
    }

    #[test]
    fn order_places_and_form_are_no_change(one in document(), seed in any::<u64>()) {
        let mut moved = one.clone();
        for name in ["resources", "evidence"] {
            if let Some(items) = moved[name].as_array_mut() {
                let turn = usize::try_from(seed % 7).unwrap() % items.len().max(1);
                items.rotate_left(turn);
                items.reverse();
            }
        }
        let lists = |resource: &mut Value| {
            let fields = resource.as_object_mut().unwrap();
            *fields = fields.clone().into_iter().rev().collect();
        };
        moved["resources"].as_array_mut().unwrap().iter_mut().for_each(lists);
        // Another file, other lines, another form: files of their own for the resources, as indented JSON.
        let mut resources = moved["resources"].take().as_array().unwrap().clone();
        let rest = resources.split_off(usize::try_from(seed).unwrap_or_default() % resources.len());
        moved.as_object_mut().unwrap().remove("resources");
        let of = |resources: &[Value]| format!("{:#}", json!({"inventory": 1, "resources": resources}));
        let folder = Folder::new()
            .with("one.yaml", one.to_string())
            .with("moved/z.yaml", format!("# moved\n\n\n{moved:#}"))
            .with("moved/a.yaml", of(&resources))
            .with("moved/other/b.yaml", format!("---\n{}", of(&rest)));
        for (was, is) in [("one.yaml", "moved"), ("moved", "one.yaml")] {
            let changes = diff(&folder, was, is);
            for name in ["changes", "parted", "commitments", "findings"] {
                prop_assert_eq!(&changes[name], &json!([]), "{}", name);
            }
        }
    }

    #[test]
    fn what_was_replaced_under_its_name_is_the_same(one in document()) {
        let with = |number: usize| {
            let mut one = one.clone();
            for (position, resource) in one["resources"].as_array_mut().unwrap().iter_mut().enumerate() {
                let account = resource["account"].as_str().unwrap();
                resource["arn"] = format!("arn:aws:example:eu-west-1:{account}:thing/{}", position * 10 + number).into();
            }
            one.to_string()
        };
        let folder = Folder::new().with("one.yaml", with(1)).with("other.yaml", with(2));
        prop_assert_eq!(&diff(&folder, "one.yaml", "other.yaml")["changes"], &json!([]));
    }

    #[test]
    fn to_suppose_and_to_edit_by_hand_is_the_same(one in document(), which in any::<prop::sample::Index>(), what in 0..5usize) {
        let (key, value) = [("environment", json!("prod")), ("environment", json!("dev")), ("owner", json!("security")), ("versioning", json!(true)), ("encrypted", json!(false))][what].clone();
        let resources = list(&one, "resources");
        let name = text(&resources[which.index(resources.len())], "name").to_owned();
        let mut edited = one.clone();
        for resource in edited["resources"].as_array_mut().unwrap().iter_mut().filter(|resource| resource["name"] == name.as_str()) {
            if ["environment", "owner"].contains(&key) {
                resource[key] = value.clone();
            } else {
                resource["config"][key] = value.clone();
            }
        }
        let folder = Folder::new().with("one.yaml", one.to_string()).with("edited.yaml", edited.to_string());
        let run = folder.run(&["what-if", "one.yaml", "--format", "json", "--set", &format!("{name}.{key}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))]);
        // A service that has no such attribute is told of it.
        if run.code == 0 {
            prop_assert_eq!(all_told(&run.json()), all_told(&diff(&folder, "one.yaml", "edited.yaml")));
        } else {
            prop_assert!(run.errors.contains("unknown-attribute"), "{}", run.errors);
        }
    }

    #[test]
    fn a_party_that_goes_is_one_that_nothing_names(one in document()) {
        let mut edited = one.clone();
        edited["parties"].as_object_mut().unwrap().remove("northwind");
        edited.as_object_mut().unwrap().remove("handover");
        for rule in edited["assignments"].as_array_mut().unwrap() {
            let rule = rule.as_object_mut().unwrap();
            if rule.get("accountable").is_some_and(|party| party == "northwind") {
                rule.remove("accountable");
            }
            for key in ["responsible", "consulted", "informed"] {
                let Some(parties) = rule.get_mut(key).and_then(Value::as_array_mut) else { continue };
                let had = parties.len();
                parties.retain(|party| party != "northwind");
                if parties.is_empty() && had > 0 {
                    rule.remove(key);
                }
            }
        }
        // A rule that set nothing else is none.
        let sets = |rule: &Value| rule.as_object().is_some_and(|rule| rule.keys().any(|key| key != "match"));
        edited["assignments"].as_array_mut().unwrap().retain(sets);
        for artefact in edited["evidence"].as_array_mut().unwrap() {
            if ["northwind", "Shift Lead"].iter().any(|by| artefact["by"] == *by) {
                artefact["by"] = Value::Null;
            }
        }
        let folder = Folder::new().with("one.yaml", one.to_string()).with("edited.yaml", edited.to_string());
        let supposed = folder.run(&["what-if", "one.yaml", "--format", "json", "--remove", "northwind"]).json();
        prop_assert_eq!(all_told(&supposed), all_told(&diff(&folder, "one.yaml", "edited.yaml")));
    }
}

/// A document after some edits: of a resource's attributes, of its place, of a rule; a resource that leaves, one that comes.
pub(crate) fn edited_by(one: &Value, edits: &[(prop::sample::Index, u8)]) -> Value {
    let mut other = one.clone();
    for (which, edit) in edits {
        let resources = other["resources"].as_array_mut().unwrap();
        let at = which.index(resources.len());
        match edit {
            0 => {
                let on = resources[at]["config"]["versioning"] != true;
                resources[at]["config"] = json!({"encrypted": on, "storage_encrypted": on, "versioning": on, "engine": "mysql"});
            }
            1 => resources[at]["environment"] = "shared".into(),
            2 if resources.len() > 1 => {
                resources.remove(at);
            }
            3 => {
                let mut more = resources[at].clone();
                more["name"] = format!("more-{at}").into();
                resources.push(more);
            }
            4 => resources[at]["data"] = json!(["cardholder"]),
            _ => {
                let rules = other["assignments"].as_array_mut().unwrap();
                rules.push(json!({"match": {"control": "backup"}, "responsible": ["security"], "accountable": "platform"}));
            }
        }
    }
    other
}

/// An inventory in which each kind of change is one edit away.
pub(crate) const BASE: &str = r#"
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
        assert_eq!(change["because"], json!(["assignment rule 2 (edited.yaml, line 10)"]), "{change}");
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
fn requirements_of_the_named_frameworks_that_have_another_type_are_told() {
    let of = |frameworks: &str, resources: &str| {
        format!(
            "inventory: 1\norganization: Example\nas_of: 2026-11-01\nframeworks: {frameworks}\nparties: {{platform: {{}}}}\nresources:\n{resources}"
        )
    };
    let (bucket, database) = (
        "  - {service: s3, name: exports}\n",
        "  - {service: s3, name: exports}\n  - {service: rds, name: ledger, config: {engine: custom-oracle-ee}}\n",
    );
    let folder = Folder::new()
        .with("one.yaml", of("[pci-dss, iso-27001]", bucket))
        .with("other.yaml", of("[pci-dss, nist-800-53]", database))
        .with("none.yaml", of("[]", database));
    let retyped = |changes: &Value| -> Vec<Value> {
        let all = list(changes, "changes").iter().filter(|change| !change["requirement"].is_null());
        all.cloned().collect()
    };
    let changes = diff(&folder, "one.yaml", "other.yaml");
    let told = retyped(&changes);
    assert!(!told.is_empty(), "{changes:#}");
    // Only what both name is compared, and each says of which half there is something now.
    for change in &told {
        assert_eq!(change["requirement"]["framework"], "pci-dss");
        assert_eq!(change["kind"], "reclassified");
        assert_ne!(change["before"]["type"], change["after"]["type"]);
        let because = change["because"][0].as_str().unwrap();
        assert!(because.contains("does something for it now, on Amazon R"), "{change:#}");
    }
    // As the requirements themselves say.
    let rows = |file: &str| folder.run(&["requirements", "pci-dss", file, "--format", "json", "-o", "-"]).json();
    let (was, is) = (rows("one.yaml"), rows("other.yaml"));
    let differing = list(&was, "rows")
        .iter()
        .zip(list(&is, "rows"))
        .filter(|(was, is)| was["type"] != is["type"]);
    assert_eq!(differing.count(), told.len());
    // The same from a report's data, from `what-if`, and in every form.
    folder.run(&["report", "one.yaml", "--format", "json", "-o", "one.json"]).fine();
    assert_eq!(retyped(&diff(&folder, "one.json", "other.yaml")).len(), told.len());
    let supposed = folder.run(&[
        "what-if",
        "one.yaml",
        "--add",
        "rds,name=ledger,engine=custom-oracle-ee",
        "--format",
        "json",
    ]);
    let supposed = retyped(&supposed.json());
    assert_eq!(
        supposed
            .iter()
            .filter(|change| change["requirement"]["framework"] == "pci-dss")
            .count(),
        told.len()
    );
    let text = folder.run(&["diff", "one.yaml", "other.yaml"]).fine();
    let first = told[0]["requirement"]["id"].as_str().unwrap();
    assert!(text.contains(&format!("  PCI DSS {first}\n      ")), "{text}");
    let table = folder.run(&["diff", "one.yaml", "other.yaml", "--format", "csv"]).fine();
    assert!(
        table.lines().filter(|line| line.contains("pci-dss ")).count() == told.len(),
        "{table}"
    );
    assert_eq!(retyped(&diff(&folder, "one.yaml", "none.yaml")), &[] as &[Value]);
}

/// What moves by `what-if --handover` is what the report's handover says moves, duty by duty.
#[test]
fn a_handover_is_a_change_like_others() {
    let inventory = format!("{}/inventories/reference/inventory.yaml", env!("CARGO_MANIFEST_DIR"));
    let folder = Folder::new();
    let changes = folder.run(&["what-if", &inventory, "--handover", "--format", "json"]).json();
    let report = folder.run(&["report", &inventory, "--format", "json", "-o", "-"]).json();
    let duties = |of: &[Value]| -> Vec<String> {
        let mut found: Vec<String> = of.iter().map(|one| text(one, "duty").to_owned()).collect();
        found.sort();
        found
    };
    assert_eq!(kinds(&changes), ["moved"]);
    assert!(!list(&changes, "changes").is_empty());
    assert_eq!(duties(list(&changes, "changes")), duties(list(&report["handover"], "moves")));
    let (from, to) = (text(&report["handover"], "from_party"), text(&report["handover"], "to_party"));
    let holds = |stand: &Value, party: &str| {
        list(stand, "assignments")
            .iter()
            .any(|held| held["party"] == party && text(held, "letters").contains(['R', 'A']))
    };
    for change in list(&changes, "changes") {
        assert_eq!(change["cause"], "handover");
        assert!(
            holds(&change["before"], from) && holds(&change["after"], to) && !holds(&change["after"], from),
            "{change:#}"
        );
    }
    let none = self::folder().run(&["what-if", "base.yaml", "--handover"]).failed(1).to_owned();
    assert!(none.contains("plans no handover"), "{none}");
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
fn what_was_replaced_under_the_same_address_is_the_same() {
    let state = |name: &str, versioning: &str| {
        json!({
            "version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": name, "outputs": {},
            "resources": [
                {"mode": "managed", "type": "aws_s3_bucket", "name": "logs", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                 "instances": [{"schema_version": 0, "attributes": {"id": name, "bucket": name, "arn": format!("arn:aws:s3:::{name}"), "region": "eu-west-1"}}]},
                {"mode": "managed", "type": "aws_s3_bucket_versioning", "name": "logs", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                 "instances": [{"schema_version": 0, "attributes": {"id": name, "bucket": name, "versioning_configuration": [{"status": versioning}]}}]},
            ],
        })
        .to_string()
    };
    let folder = Folder::new()
        .with("old.tfstate", state("logs-2025", "Enabled"))
        .with("same.tfstate", state("logs-2026", "Enabled"))
        .with("other.tfstate", state("logs-2026", "Suspended"));
    assert_eq!(list(&diff(&folder, "old.tfstate", "same.tfstate"), "changes"), &[] as &[Value]);
    let changes = diff(&folder, "old.tfstate", "other.tfstate");
    assert_eq!(kinds(&changes), ["opened"]);
    assert!(
        changes["changes"][0]["because"][0]
            .as_str()
            .unwrap()
            .contains("`versioning` is `false` instead of `true`"),
        "{changes:#}"
    );
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

/// Runs git in a folder.
fn in_git(folder: &Folder, arguments: &[&str]) {
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
}

#[test]
fn an_earlier_revision_is_read_out_of_its_repository() {
    let folder = folder().with("sub/base.yaml", BASE);
    let git = |arguments: &[&str]| in_git(&folder, arguments);
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
    assert_eq!(back["changes"][0]["because"], json!(["assignment rule 2 (base.yaml, line 10)"]));
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
    // A fault of an earlier revision stands where the user knows it, with its line.
    folder.put("sub/base.yaml", format!("{BASE}  - {{service: s3, nmae: a}}\n"));
    git(&["commit", "-q", "-a", "-m", "second"]);
    let run = folder.run(&["diff", "git:HEAD:sub/base.yaml", "git:HEAD~1:sub"]);
    assert!(run.errors.contains("git:HEAD:sub/base.yaml:"), "{}", run.errors);
    assert!(run.errors.contains("nmae: a") && !run.errors.contains("/tree/"), "{}", run.errors);
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
        assert_eq!(all_told(&supposed), all_told(&by_hand), "{arguments:?}");
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
        (&["--set", "rds"], "says no attribute and value"),
        (
            &["--mode", "rds=costum"],
            "known are: multi-az-cluster, multi-az-cluster-member, custom,",
        ),
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
}

/// Whoever takes something over that is broken, or gets it new, is told on the first page and by name.
#[test]
fn what_begins_broken_is_told_with_what_moved_and_what_is_new() {
    let document = |from: &str, to: &str| {
        let folder = folder().with("edited.yaml", BASE.replace(from, to));
        folder.run(&["diff", "base.yaml", "edited.yaml", "-o", "c.md"]).well();
        (folder.read("c.md"), folder.run(&["diff", "base.yaml", "edited.yaml"]).fine())
    };
    let (moved, text) = document("responsible: northwind}", "responsible: platform}");
    assert!(moved.contains("passed to other parties (1 of them not met)"), "{moved}");
    assert!(moved.contains(" | moved and not met |") && moved.contains("| **1** |"), "{moved}");
    assert!(
        moved.contains("| Protects the database against deletion *(prod)* | Amazon RDS | A/R platform · `not met` |"),
        "{moved}"
    );
    assert!(text.contains("R northwind, A platform -> not-met, A/R platform"), "{text}");
    // Of many the broken ones are told one by one.
    let resource =
        "resources:\n  - {service: rds, name: other, environment: dev, config: {engine: postgres, deletion_protection: false}}\n";
    let (new, text) = document("resources:\n", resource);
    assert!(new.contains("came into scope (1 of them not met)"), "{new}");
    assert!(new.contains(" | new and not met |"), "{new}");
    let told = new.split("**Not met from the first day:**").nth(1).unwrap();
    assert!(
        told.contains("| Protects the database against deletion *(dev)* | Amazon RDS |"),
        "{new}"
    );
    assert!(
        text.contains("not met from the first day: Amazon RDS: Protects the database against deletion"),
        "{text}"
    );
    assert_eq!(new.matches("written as a table (CSV)").count(), 1, "{new}");
}

/// The text of a document without its cover, which a report's JSON tells as it was.
fn told(text: &str) -> &str {
    text.split_once("\n## ").unwrap().1
}

#[test]
fn documents_are_made_of_reports_packs_and_revisions_as_of_inventories() {
    let edited = BASE.replace("backup_retention_period: 14", "backup_retention_period: 0");
    let folder = folder()
        .with("edited.yaml", edited.as_str())
        .with("sub/edited.yaml", edited.as_str());
    folder.run(&["report", "edited.yaml", "-o", "new.json"]).well();
    folder.run(&["pack", "edited.yaml", "-o", "new.zip", "--format", "json"]).well();
    folder.run(&["pack", "edited.yaml", "-o", "new", "--format", "json"]).well();
    let git = |arguments: &[&str]| in_git(&folder, arguments);
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    let made = |new: &str, ending: &str| {
        let name = format!("made.{ending}");
        folder.run(&["diff", "base.yaml", new, "-o", &name]).well();
        folder.read(&name)
    };
    let expected = made("edited.yaml", "md");
    assert!(
        told(&expected).contains("Sets how many days automated backups are kept"),
        "{expected}"
    );
    for new in ["new.json", "new.zip", "new", "git:HEAD:sub/edited.yaml"] {
        let markdown = made(new, "md");
        assert!(
            markdown.starts_with("# Cloud responsibilities of Example Pay Ltd\n\nChanges since 1 November 2026"),
            "{new}: {markdown}"
        );
        let rows = |text: &str| -> Vec<String> { told(text).lines().filter(|line| line.starts_with('|')).map(str::to_owned).collect() };
        // A report's JSON tells no attributes, so that there is no reason to print; and how bad it is stands with its findings.
        let without = |rows: Vec<String>| -> Vec<String> {
            rows.iter()
                .map(|row| row.rsplit_once(" | ").unwrap_or((row, "")).0.replace("`high` ", ""))
                .collect()
        };
        assert_eq!(without(rows(&markdown)), without(rows(&expected)), "{new}");
        assert!(made(new, "html").contains("Changes since 1 November 2026"), "{new}");
        folder.run(&["diff", "base.yaml", new, "-o", "made.pdf"]).well();
        assert!(folder.bytes("made.pdf").starts_with(b"%PDF"), "{new}");
    }
    // What was reported last is compared with what was before, without any inventory.
    folder.run(&["report", "base.yaml", "-o", "old.json"]).well();
    folder.run(&["diff", "old.json", "new.json", "-o", "made.md"]).well();
    assert!(folder.read("made.md").contains("1 duty is newly not met"));
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
    // Against the inventory it is the same as against its report.
    let direct = folder
        .run(&["report", "edited.yaml", "--since", "base.yaml", "--format", "json"])
        .json();
    let days = |report: &Value| -> Vec<Value> { list(report, "findings").iter().map(|finding| finding["since"].clone()).collect() };
    assert_eq!(days(&direct), days(&report));
}

#[test]
fn changes_stand_under_the_pseudonyms_of_their_report() {
    let account = "accounts:\n  \"111122223333\": {name: canary-account, environment: prod}\n";
    let named = BASE
        .replace(
            "name: ledger,",
            "name: canary-ledger, account: \"111122223333\", arn: \"arn:aws:rds:eu-west-1:111122223333:db:canary-ledger\",",
        )
        .replace("name: statements,", "name: canary-statements,")
        .replace("resources:", &format!("{account}resources:"));
    let gone = named.replace(
        "resources:",
        "exceptions:\n  - {match: {name: canary-ledger, control: backup}, reason: canary-reason of canary-old, approved_by: Canary Person, expires: 2026-11-10}\nresources:\n  - {service: kms, name: canary-old, environment: prod, region: eu-west-1}",
    );
    let edited = named
        .replace("backup_retention_period: 14", "backup_retention_period: 0")
        .replace("responsible: northwind}", "responsible: platform}")
        .replace("as_of: 2026-11-01", "as_of: 2026-11-15");
    let folder = Folder::new()
        .with("canary-folder/old.yaml", gone)
        .with("canary-folder/new.yaml", edited);
    let run = |arguments: &[&str]| {
        folder.run(
            &[
                &["report", "canary-folder/new.yaml", "--since", "canary-folder/old.yaml"],
                arguments,
            ]
            .concat(),
        )
    };
    let openly = run(&["--format", "json"]).json();
    let redacted = run(&["--format", "json", "--redact"]).json();
    let text = redacted.to_string();
    for word in ["canary", "111122223333", "Canary"] {
        let at = text.find(word);
        assert!(at.is_none(), "{word}: {:.300}", &text[at.unwrap_or_default()..]);
    }
    assert_eq!(openly["changes"]["summary"], redacted["changes"]["summary"]);
    let of = |report: &Value| -> Vec<String> { mirrored(&report["changes"], false) };
    assert_eq!(of(&openly), of(&redacted));
    // What a finding is about is called the same in the changes.
    let retention = |entries: &[Value]| -> Value {
        entries
            .iter()
            .find(|one| one["activity"] == "rds.backup.customer.retention")
            .unwrap()["resources"][0]
            .clone()
    };
    let opened: Vec<Value> = list(&redacted["changes"], "changes")
        .iter()
        .filter(|change| change["kind"] == "opened")
        .cloned()
        .collect();
    let finding = retention(list(&redacted, "findings"));
    assert_eq!(retention(&opened), finding.get("name").cloned().unwrap_or(finding));
    let markdown = run(&["--redact"]).fine();
    assert!(
        markdown.contains("## Changes since 1 November 2026") && !markdown.contains("canary"),
        "{markdown}"
    );
    folder.run(&["report", "canary-folder/old.yaml", "-o", "old.json"]).well();
    let refused = folder.run(&["report", "canary-folder/new.yaml", "--since", "old.json", "--redact"]);
    assert!(
        refused
            .failed(1)
            .contains("is a report's data, which `--redact` cannot put under the pseudonyms"),
        "{}",
        refused.errors
    );
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
