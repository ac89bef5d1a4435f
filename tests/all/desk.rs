//! Questions at the desk: `why` and `list`.

use crate::changes::BASE;
use crate::overlays::CACHE;
use crate::scanned::{INVENTORY, prowler};
use crate::support::Folder;
use serde_json::{Value, json};

fn folder() -> Folder {
    Folder::new().with("base.yaml", BASE)
}

/// An inventory that a scanner has looked at, and where somebody vouches for a duty.
fn scanned() -> Folder {
    let evidence = "evidence:
  - match: {activity: s3.backup.customer.versioning, name: orders}
    artefact: Register of versions
    by: pay
    attests: true
    reviewed: 2026-10-06
";
    Folder::new()
        .with("inventory.yaml", format!("{INVENTORY}{evidence}"))
        .with("scans/prowler.json", prowler())
}

/// An ARN is that of one resource, whether or not the inventory says it, and never all of its service.
#[test]
fn why_takes_an_arn() {
    let text = "inventory: 1\norganization: Example\nparties: {pay: {}}\nresources:
  - {service: s3, name: orders, arn: \"arn:aws:s3:::orders\"}
  - {service: s3, name: logs}
  - {service: s3, name: cards, config: {bucket: example-pay-cards}}
  - {service: rds, name: ledger, account: \"111122223333\", region: eu-west-1}
  - {service: rds, name: ledger, account: \"444455556666\", region: eu-west-1}
";
    let folder = Folder::new().with("inventory.yaml", text);
    for (arn, begins) in [
        ("arn:aws:s3:::orders", "orders: s3, s3\n"),
        ("arn:aws:s3:::logs", "logs: s3, s3\n"),
        ("arn:aws:s3:::example-pay-cards", "cards: s3, s3\n"),
        (
            "arn:aws:rds:eu-west-1:111122223333:db:ledger",
            "ledger: rds, rds (account 111122223333, eu-west-1)\n",
        ),
    ] {
        let told = folder.run(&["why", arn]).fine();
        assert!(told.starts_with(begins), "{arn}: {told}");
        assert_eq!(
            told.matches(": rds, rds").count() + told.matches(": s3, s3").count(),
            1,
            "{arn}: {told}"
        );
    }
    for (arn, help) in [
        ("arn:aws:s3:::others", "`cloudraci why s3`"),
        ("arn:aws:s3:::cards", "`cloudraci why s3`"),
        ("arn:aws:rds:us-east-1:111122223333:db:ledger", "`cloudraci why rds`"),
        ("arn:aws:sqs:eu-west-1:111122223333:orders", "`cloudraci catalog show sqs`"),
    ] {
        let run = folder.run(&["why", arn]);
        assert!(
            run.failed(1).contains("has the ARN") && run.errors.contains(help),
            "{arn}: {}",
            run.errors
        );
    }
}

fn why(folder: &Folder, what: &[&str]) -> String {
    folder.run(&[&["why"], what, &["--results", "scans"]].concat()).fine()
}

#[test]
fn why_of_a_check_names_its_duties_what_a_verdict_means_and_what_it_found() {
    let folder = scanned();
    let told = why(&folder, &["prowler:rds_instance_multi_az"]);
    for line in [
        "Prowler rds_instance_multi_az: Title of rds_instance_multi_az\n  results here: 1 failed, last on 2026-11-14\n",
        "rds.high-availability.customer.multi-az: Chooses a standby in another Availability Zone\n  a pass shows it done, a failure shows it not done\n",
        "  not-met   Chooses a standby in another Availability Zone (prod)\n            A pay, R msp\n            check    Prowler rds_instance_multi_az of 2026-11-14: broken on 1\n            since    2026-11-14\n",
        "neptune.high-availability.customer.readers: ",
        "  no such duty in this inventory\n",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    // By the scanner's name, by the id alone, in other letters, with a slash.
    for other in [
        "Prowler:rds_instance_multi_az",
        "rds_instance_multi_az",
        "RDS_INSTANCE_MULTI_AZ",
        "prowler/rds_instance_multi_az",
    ] {
        assert_eq!(why(&folder, &[other]), told, "{other}");
    }
    assert_eq!(why(&folder, &["S3.8"]), why(&folder, &["Security Hub:S3.8"]));
    let other = why(&folder, &["checkov:CKV_AWS_18"]);
    assert!(
        other.contains("tests the same as securityhub:S3.9\n  no results of it are given\n"),
        "{other}"
    );
    let none = why(&folder, &["acm_certificates_transparency_logs_enabled"]);
    assert!(
        none.contains("about no duty, because the provider sees to that: ACM logs"),
        "{none}"
    );
    let run = folder.run(&["why", "prowler:rds_instance_multi_azz"]);
    assert!(
        run.failed(1).contains("did you mean `prowler:rds_instance_multi_az`?"),
        "{}",
        run.errors
    );
}

#[test]
fn a_check_of_several_scanners_must_be_named_with_its_scanner() {
    let folder = scanned().with(
        "overlay/checks/own.yaml",
        "scanner: own\nname: Own\nreason: our rules\nchecks:\n  rds_instance_multi_az: {no_duty: information, why: looked at elsewhere}\n",
    );
    let run = folder.run(&["why", "rds_instance_multi_az", "--catalog", "overlay"]);
    assert!(
        run.failed(1)
            .contains("name one: `own:rds_instance_multi_az`, `prowler:rds_instance_multi_az`"),
        "{}",
        run.errors
    );
    let own = folder.run(&["why", "own:rds_instance_multi_az", "--catalog", "overlay"]).fine();
    assert!(
        own.contains("about no duty, because it tells a fact, or is a matter of taste: looked at elsewhere"),
        "{own}"
    );
}

#[test]
fn why_says_what_shows_a_duty_and_since_when() {
    let folder = scanned();
    let orders = why(&folder, &["orders", "backup"]);
    // Configuration breaks what a scanner and a person show done: the worse counts, and all of them are told.
    assert!(orders.contains("  not-met   Switches versioning on (prod)\n            A/R pay\n            config   configuration of 2026-11-20: broken on 1\n            check    Prowler s3_bucket_object_versioning of 2026-11-14: done on 1\n"), "{orders}");
    let open = folder.read("inventory.yaml").replace("config: {versioning: false}", "config: {}");
    folder.put("open.yaml", open);
    let vouched = folder.run(&["why", "orders", "backup", "open.yaml"]).fine();
    assert!(vouched.contains("  attested  Switches versioning on (prod)\n            A/R pay\n            evidence Register of versions, vouched for by pay, reviewed 2026-10-06, good until 2027-10-06: attested on 1\n            since    2026-10-06\n"), "{vouched}");
    let since = folder
        .run(&["why", "s3", "backup", "inventory.yaml", "--since", "open.yaml"])
        .fine();
    assert!(since.contains("    before   opened since 2026-11-20: attested, A/R pay -> not-met, A/R pay, because `versioning` is `false` on orders and was not known before"), "{since}");
    assert!(since.contains("    before   on 2026-11-20 it stood as it does now"), "{since}");
}

#[test]
fn checks_are_listed_with_what_they_are_about() {
    let folder = scanned();
    let rows = |arguments: &[&str]| -> Vec<Value> {
        let all = folder.run(&[&["list", "checks", "--format", "json"], arguments].concat()).json();
        all.as_array().unwrap().clone()
    };
    let of = |rows: &[Value], check: &str| rows.iter().find(|row| row["check"] == check).cloned();
    let here = rows(&["inventory.yaml", "--results", "scans"]);
    let multi_az = of(&here, "rds_instance_multi_az").unwrap();
    assert_eq!(
        multi_az,
        json!({
            "scanner": "prowler", "check": "rds_instance_multi_az", "title": "Title of rds_instance_multi_az", "same_as": null,
            "results": 1, "failed": 1, "no_duty": null, "why": null, "activities": "rds.high-availability.customer.multi-az",
        })
    );
    assert_eq!(of(&here, "no_such_check").unwrap()["why"], "the catalog does not know it");
    assert!(of(&here, "S3.14").is_some() && of(&here, "EKS.1").is_none());
    let only = rows(&["inventory.yaml", "--results", "scans", "--only", "service=rds"]);
    assert!(of(&only, "rds_instance_multi_az").is_some() && of(&only, "s3_bucket_object_versioning").is_none());
    // Without an inventory: all that the catalog knows.
    let elsewhere = Folder::new();
    let all = elsewhere.run(&["list", "checks", "--format", "json"]).json();
    let all = all.as_array().unwrap();
    assert!(all.len() > 2_000 && all.len() > here.len());
    assert_eq!(
        of(all, "acm_certificates_transparency_logs_enabled").unwrap()["no_duty"],
        "provider"
    );
    assert!(of(all, "EKS.1").unwrap()["activities"].as_str().unwrap().starts_with("eks."));
    for what in ["controls", "frameworks", "codes"] {
        assert!(elsewhere.run(&["list", what]).fine().lines().count() > 5, "{what}");
    }
    assert!(elsewhere.run(&["list", "duties"]).failed(3).contains("there is no inventory"));
}

#[test]
fn lists_of_the_catalog_take_an_overlay() {
    let folder = Folder::new().with("overlay/services/house-cache.yaml", CACHE);
    let listed = folder.run(&["catalog", "list", "--catalog", "overlay"]).fine();
    assert!(listed.contains("house-cache"), "{listed}");
    assert!(!folder.run(&["catalog", "list"]).fine().contains("house-cache"));
    let found = folder.run(&["catalog", "resolve", "hcache", "rds", "--catalog", "overlay"]).fine();
    assert_eq!(found, "hcache\thouse-cache\nrds\trds\n");
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
        "checks",
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
        assert!(
            folder
                .run(&["list", what, "base.yaml", "--only", "service=rds"])
                .fine()
                .lines()
                .count()
                <= rows.len() + 1
        );
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
        requirement.starts_with("PCI DSS 8.3.6\n  answered by ") && requirement.contains("credential-management.password-policy"),
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
        ("PCI DSS 99.9", "is no service, resource, control, check or requirement"),
    ] {
        assert!(why(&[what]).failed(1).contains(word), "{what}: {}", why(&[what]).errors);
    }
}
