//! Attributes as the catalog declares them: printed, asked for, misspelt.

use crate::support::{Folder, repository, root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const HEAD: &str = "inventory: 1\norganization: Example\nas_of: 2026-11-01\naccounts: {\"111122223333\": {}}\nresources:\n";

/// The warnings of `check` about keys, as messages with their help.
fn unknown(resources: &str) -> Vec<(String, String)> {
    let folder = Folder::new().with("inventory.yaml", format!("{HEAD}{resources}"));
    let run = folder.run(&["check", "inventory.yaml", "--format", "json"]);
    let found: Value = serde_json::from_str(&run.text()).unwrap();
    let list = found.as_array().or_else(|| found["diagnostics"].as_array()).unwrap().clone();
    let keys = list.into_iter().filter(|one| one["code"] == "unknown-attribute");
    keys.map(|one| {
        (
            text(&one, "message").to_owned(),
            one["help"].as_str().unwrap_or_default().to_owned(),
        )
    })
    .collect()
}

#[test]
fn a_misspelt_key_is_told_with_the_nearest_name() {
    let cases = [
        ("type: aws_db_instance", "storage_encryptd: true", "storage_encrypted"),
        ("type: aws_db_instance", "backup_retention: 7", "backup_retention_period"),
        ("type: AWS::RDS::DBInstance", "StorageEncryptd: true", "storage_encrypted"),
        (
            "service: ec2",
            "metadata_options: {http_tokns: required}",
            "metadata_options.http_tokens",
        ),
        (
            "type: aws_instance",
            "root_block_device: [{encryptd: true}]",
            "root_block_device.encrypted",
        ),
        ("service: support", "support_plann: enterprise", "support_plan"),
    ];
    for (what, config, near) in cases {
        let found = unknown(&format!(
            "  - {{{what}, name: a, account: \"111122223333\", config: {{{config}}}}}\n"
        ));
        let [(_, help)] = found.as_slice() else {
            panic!("{what} {config}: {found:?}")
        };
        assert_eq!(help, &format!("did you mean `{near}`?"), "{what} {config}");
    }
}

#[test]
fn what_sources_and_the_provider_know_is_no_fault() {
    for resource in [
        "type: aws_db_instance, config: {StorageEncrypted: true, performance_insights_kms_key_id: x, timeouts: {create: 1h}}",
        "service: rds, config: {storage_encrypted: true, db_subnet_group_name: x, DBInstanceClass: db.t4g.small}",
        "type: \"AWS::S3::Bucket\", config: {PublicAccessBlockConfiguration: {BlockPublicAcls: true}, LifecycleConfiguration: {Rules: []}}",
        "type: aws_instance, config: {tags: {any: thing}, metadata_options: [{http_tokens: required}], id: i-1}",
        "service: elastic-load-balancing, config: {scheme: internal, type: network}",
        "service: support, config: {support_plan: enterprise}",
        "type: aws_glue_job, config: {default_arguments: {--any: thing}}",
    ] {
        let found = unknown(&format!("  - {{name: a, account: \"111122223333\", {resource}}}\n"));
        assert_eq!(found, [], "{resource}");
    }
}

#[test]
fn like_faults_are_told_once_and_unlikely_names_too() {
    let resource = |name: &str| format!("  - {{type: aws_sqs_queue, name: {name}, account: \"111122223333\", config: {{zorp: 1}}}}\n");
    let found = unknown(&(resource("a") + &resource("b") + &resource("c")));
    let [(message, help)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        message,
        "`zorp` is no attribute of `aws_sqs_queue` (written on 2 other resources, too)"
    );
    assert!(help.contains("cloudraci catalog attributes sqs"), "{help}");
    let dotted = unknown("  - {service: ec2, name: a, account: \"111122223333\", config: {metadata_options.http_tokens: required}}\n");
    assert_eq!(dotted[0].1, "write blocks as maps: `metadata_options: {http_tokens: ...}`");
}

#[test]
fn what_a_source_writes_means_the_same_when_a_person_writes_it() {
    let unmet = |config: &str| {
        let resource = format!("  - {{service: s3, name: a, account: \"111122223333\", config: {{{config}}}}}\n");
        let folder = Folder::new().with("inventory.yaml", format!("{HEAD}{resource}"));
        let told = folder.run(&["check", "inventory.yaml", "--format", "json"]).text();
        told.contains("s3.backup.customer.versioning") || told.contains("Versioning is")
    };
    for (on, off) in [
        ("versioning: true", "versioning: false"),
        (
            "VersioningConfiguration: {Status: Enabled}",
            "VersioningConfiguration: {Status: Suspended}",
        ),
        ("versioning: [{enabled: true}]", "versioning: {enabled: false}"),
        ("versioning: Enabled", "versioning: Suspended"),
        ("versioning: enabled", "versioning: \"off\""),
    ] {
        assert!(!unmet(on) && unmet(off), "{on}");
    }
    // A word that no source has for it says neither.
    for open in ["\"yes\"", "\"on\"", "active", "TBD", "'{{resolve:ssm:/platform/x}}'"] {
        assert!(!unmet(&format!("versioning: {open}")), "{open}");
    }
}

#[test]
fn the_catalog_prints_what_is_declared_and_what_it_decides() {
    let folder = Folder::new();
    let json = folder.run(&["catalog", "attributes", "s3", "--format", "json"]).json();
    let bucket = &json["resources"][0];
    assert_eq!(bucket["resource"], "bucket");
    assert_eq!(bucket["types"]["terraform"][0], "aws_s3_bucket");
    let versioning = &bucket["attributes"]["versioning"];
    assert_eq!(versioning["type"], "bool");
    let own = versioning["activities"].as_array().unwrap();
    assert!(own.contains(&"s3.backup.customer.versioning".into()), "{versioning}");
    assert_eq!(
        versioning["places"]["cloudformation"][0],
        "`VersioningConfiguration.Status`, Enabled is true, Suspended is false, Disabled is false, Off is false; absent: false"
    );
    assert!(
        bucket["attributes"]["bucket"]["modes"]
            .as_array()
            .unwrap()
            .contains(&"directory-bucket".into())
    );
    let printed = folder.run(&["catalog", "attributes", "s3"]).fine();
    for part in [
        "  versioning (bool)\n",
        "    terraform: `versioning_configuration.status` of the aws_s3_bucket_versioning whose `bucket` is the resource's `bucket`, Enabled is true, Suspended is false, Disabled is false, Off is false; else `versioning.enabled`\n",
        "s3.backup.customer.versioning\n",
    ] {
        assert!(printed.contains(part), "{part}{printed}");
    }
    let stated = folder.run(&["catalog", "attributes", "support"]).fine();
    assert!(stated.contains("  support_plan (text, stated in an inventory only)\n"), "{stated}");
    assert!(
        folder
            .run(&["catalog", "attributes", "rdss"])
            .failed(2 - 1)
            .contains("did you mean")
    );
}

#[test]
fn every_declared_attribute_decides_something_and_all_that_decides_is_declared() {
    let folder = Folder::new();
    let services = folder.run(&["catalog", "list", "--format", "json"]).json();
    let mut idle: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for service in services.as_array().unwrap() {
        let id = text(service, "service");
        let json = folder.run(&["catalog", "attributes", id, "--format", "json"]).json();
        // Named so that others can refer to the resource.
        let file: serde_json::Value = serde_yaml::from_str(&repository(&format!("catalog/aws/services/{id}.yaml"))).unwrap();
        let declared = file["resources"].as_object().into_iter().flatten();
        let names: BTreeSet<&str> = declared
            .flat_map(|(_, resource)| resource["known_by"].as_array().into_iter().flatten())
            .filter_map(|name| name.as_str())
            .collect();
        for resource in json["resources"].as_array().unwrap() {
            for (name, attribute) in resource["attributes"].as_object().unwrap() {
                let decides = ["activities", "modes", "services"];
                let is_idle = decides.iter().all(|field| attribute[field].as_array().unwrap().is_empty());
                // Blocks are declared for what is in them.
                if is_idle && !names.contains(name.as_str()) && attribute["type"] != "block" {
                    idle.entry(id.to_owned()).or_default().push(name.clone());
                }
            }
        }
    }
    idle.retain(|_, names| {
        names.retain(|name| name.contains('.').then_some(()).is_none());
        !names.is_empty()
    });
    assert!(idle.is_empty(), "declared, and nothing asks for it: {idle:#?}");
    let check = folder.run(&["catalog", "check", &root().join("catalog/aws").display().to_string()]);
    check.well();
}

/// An overlay's folder with one service file.
fn overlay(file: &str) -> Folder {
    Folder::new().with("overlay/services/house.yaml", file)
}

const HOUSE: &str = "id: house\nreason: Our own cache\nname: House cache\ncategory: database\nmodel: infrastructure\nabout: A cache of our own\n\
    aliases: {terraform: [\"house_*\"]}\nsources: {s: {title: T, url: \"https://example.com\", reviewed: 2026-11-01}}\n";

fn customer(met_when: &str) -> String {
    format!(
        "controls:\n  backup:\n    customer:\n      - {{id: b, does: Keeps a backup, brief: backups, default: build, how: H, evidence: E, met_when: {met_when}, severity: high, unmet: U, source: s,\n          cases: [{{met: {{backups: 1}}}}, {{not-met: {{backups: 0}}}}, {{unknown: {{}}}}]}}\n"
    )
}

#[test]
fn an_overlay_declares_its_own_attributes_and_adds_to_known_services() {
    let resources = "resources:\n  cache:\n    types: {terraform: [house_cache]}\n    known_by: [name]\n    attributes:\n      backups: {type: number, terraform: {of: house_backup, by: cache, at: days}}\n";
    let folder = overlay(&format!("{HOUSE}{resources}{}", customer("{backups: {at_least: 1}}")));
    folder.run(&["catalog", "check", "overlay"]).well();
    let printed = folder.run(&["catalog", "attributes", "house", "--catalog", "overlay"]).fine();
    assert!(
        printed.contains("  backups (number)\n    terraform: `days` of the house_backup whose `cache` is the resource's `name`"),
        "{printed}"
    );
}

#[test]
fn an_overlay_that_declares_wrongly_is_told_where() {
    let declared = |attribute: &str| {
        format!("{HOUSE}resources:\n  cache:\n    types: {{terraform: [house_cache]}}\n    attributes:\n      {attribute}\n")
    };
    let good = "backups: number";
    for (file, message, help) in [
        (
            declared(good) + &customer("{backup: {at_least: 1}}"),
            "`backup` is no declared attribute of `house`",
            "did you mean `backups`?",
        ),
        (
            declared("backups: {type: number, terraform: {of: aws_s3_bucket_versionin, by: x, equals: y}}"),
            "the built-in schema does not know the type",
            "did you mean `aws_s3_bucket_versioning`?",
        ),
        (
            declared("backups: {type: number, terraform: {of: aws_s3_bucket_versioning, by: bukket, equals: y, at: mfa}}"),
            "has nothing at `bukket`",
            "did you mean `bucket`?",
        ),
        (
            declared("backups: {type: number, terraform: {of: other_backup, by: x, equals: y}}"),
            "no service has the type `other_backup`",
            "a type is one of a service's `aliases`",
        ),
        (
            declared(good).replace("house_cache", "home_cash"),
            "no service has the type `home_cash`",
            "a type is one of a service's `aliases`",
        ),
        (
            declared("backups: {type: number, terraform: {by: x}}"),
            "`by`, `equals` and `unless` go with `of`",
            "",
        ),
        (
            declared("backups: {type: number, terraform: {at: \"a..b\"}}"),
            "a path is made of names and dots",
            "",
        ),
        (
            declared("backups: number_of_days"),
            "`number_of_days` is not allowed here",
            "did you mean `number`?",
        ),
        (declared("Backups: number"), "`Backups` is not a name in Terraform's spelling", ""),
        (
            declared("backups: {type: number, cloudformation: {of: house_backup}}"),
            "no type as cloudformation writes it",
            "",
        ),
    ] {
        let folder = overlay(&file);
        let run = folder.run(&["catalog", "check", "overlay"]);
        let errors = run.errors.clone();
        // A schema may be older than its source, so what it does not know is a warning.
        let is_of_schema = message.contains("built-in schema") || message.contains("has nothing at");
        assert_eq!(run.code, i32::from(!is_of_schema), "{file}\n{errors}");
        assert!(errors.contains(message) && errors.contains(help), "{file}\n{errors}");
        assert!(errors.contains("house.yaml:"), "{errors}");
    }
}

#[test]
fn a_fault_within_what_is_said_of_an_attribute_is_told_where_it_is() {
    let declared = |attribute: &str| {
        format!(
            "{HOUSE}resources:\n  cache:\n    types: {{terraform: [house_cache]}}\n    attributes:\n      backups: number\n      days:\n{attribute}"
        )
    };
    let line = HOUSE.lines().count() + 7;
    for (attribute, message, help, (line, column)) in [
        (
            "        type: number\n        cfn: Days\n",
            "unknown field `cfn`",
            "cloudformation",
            (line + 1, 9),
        ),
        (
            "        type: number\n        terrafrom: days\n",
            "unknown field `terrafrom`",
            "did you mean `terraform`?",
            (line + 1, 9),
        ),
        ("        type: string\n", "`string` is not allowed here", "text, number", (line, 15)),
        (
            "        type: nummber\n",
            "`nummber` is not allowed here",
            "did you mean `number`?",
            (line, 15),
        ),
        (
            "        type: [number]\n",
            "is a list, where a word belongs",
            "write one of text",
            (line, 16),
        ),
        (
            "        type: number\n        terraform: {path: days}\n",
            "unknown field `path`",
            "known are: ",
            (line + 1, 21),
        ),
        (
            "        type: number\n        terraform: {ats: days}\n",
            "unknown field `ats`",
            "did you mean `at`?",
            (line + 1, 21),
        ),
        (
            "        type: number\n        terraform:\n          - at: days\n          - ofs: house\n",
            "unknown field `ofs`",
            "did you mean `of`?",
            (line + 3, 13),
        ),
        (
            "        type: number\n        secret: often\n",
            "is a text, where true or false belongs",
            "",
            (line + 1, 17),
        ),
        (
            "        type: number\n        terraform: {at: {x: y}}\n",
            "is a map of fields, where",
            "",
            (line + 1, 26),
        ),
        (
            "        type: block\n        block:\n          one: {type: text, cfn: One}\n",
            "unknown field `cfn`",
            "cloudformation",
            (line + 2, 29),
        ),
        ("        terraform: days\n", "has no `type`", "", (line, 9)),
    ] {
        let folder = overlay(&declared(attribute));
        let run = folder.run(&["catalog", "check", "overlay"]);
        let errors = run.failed(1);
        assert!(errors.contains(message) && errors.contains(help), "{attribute}\n{errors}");
        assert!(errors.contains(&format!("house.yaml:{line}:{column}")), "{attribute}\n{errors}");
        assert!(!errors.contains("a map of fields is not allowed here"), "{errors}");
    }
}

/// A service file of an overlay that says more of a built-in service.
fn queue(rest: &str) -> String {
    format!("id: sqs\nreason: Ours\nresources:\n  queue:\n{rest}")
}

#[test]
fn what_the_schemas_do_not_know_is_a_warning_with_its_place() {
    let at = |attribute: &str| queue(&format!("    attributes:\n      {attribute}\n"));
    for (file, message, help, (line, column)) in [
        (
            queue("    types: {terraform: [aws_sqs_queu]}\n"),
            "does not know the type `aws_sqs_queu`",
            "`aws_sqs_queue`?",
            (5, 25),
        ),
        (
            queue("    types: {cloudformation: [\"AWS::SQS::Queu\"]}\n"),
            "does not know the type `AWS::SQS::Queu`",
            "`AWS::SQS::Queue`?",
            (5, 30),
        ),
        (
            queue("    types: {terraform: [aws_sqs_queue_redrive_policy]}\n"),
            "does not know the type `aws_sqs_queue_redrive_policy`",
            "is taken as it is",
            (5, 25),
        ),
        (
            at("kms_key: {type: text, cloudformation: KmsMasterKeyIdd}"),
            "nothing at `KmsMasterKeyIdd`",
            "`KmsMasterKeyId`?",
            (6, 45),
        ),
        (
            at("kms_key: {type: text, terraform: kms_master_key_idd}"),
            "nothing at `kms_master_key_idd`",
            "`kms_master_key_id`?",
            (6, 40),
        ),
        (
            at("kms_master_key_idd: text"),
            "no source is known to have `kms_master_key_idd`",
            "`kms_master_key_id`?",
            (6, 7),
        ),
    ] {
        let folder = Folder::new().with("overlay/services/sqs.yaml", &file);
        let run = folder.run(&["catalog", "check", "overlay"]);
        assert_eq!(run.code, 0, "{file}\n{}", run.errors);
        assert!(
            run.errors.contains("warning") && run.errors.contains(message) && run.errors.contains(help),
            "{file}\n{}",
            run.errors
        );
        assert!(run.errors.contains(&format!("sqs.yaml:{line}:{column}")), "{file}\n{}", run.errors);
        folder.run(&["catalog", "show", "sqs", "--catalog", "overlay"]).fine();
    }
}

#[test]
fn an_overlay_without_reason_is_told_by_its_check() {
    for (path, file) in [
        ("overlay/services/sqs.yaml", "id: sqs\ncontrols: {}\n".to_owned()),
        ("overlay/services/house.yaml", HOUSE.replace("reason: Our own cache\n", "")),
        ("overlay/checks/prowler.yaml", "scanner: prowler\nchecks: {}\n".to_owned()),
    ] {
        let run = Folder::new().with(path, &file).run(&["catalog", "check", "overlay"]);
        let errors = run.failed(1);
        assert!(errors.contains("gives no `reason`"), "{path}: {errors}");
    }
}

#[test]
fn a_misspelt_name_in_a_case_is_told_where_it_is() {
    let resources = "resources:\n  cache:\n    types: {terraform: [house_cache]}\n    attributes:\n      backups: number\n";
    for from in ["", ", from: terraform"] {
        let activity = customer("{backups: {at_least: 1}}").replace("{unknown: {}}", &format!("{{unknown: {{backup: 1}}{from}}}"));
        let file = format!("{HOUSE}{resources}{activity}");
        let run = overlay(&file).run(&["catalog", "check", "overlay"]);
        let errors = run.failed(1);
        assert!(errors.contains("`backup` is no declared attribute of `house`"), "{errors}");
        assert!(errors.contains("did you mean `backups`?"), "{errors}");
        let line = file.lines().count();
        assert!(errors.contains(&format!("house.yaml:{line}:")), "{errors}");
    }
}

#[test]
fn what_is_wrong_in_a_predicate_is_told_where_it_is() {
    let resources = "resources:\n  cache:\n    types: {terraform: [house_cache]}\n    attributes:\n      backups: number\n";
    for (test, message, word) in [
        ("{backups: {present: 'yes'}}", "`present` takes true or false", "'yes'"),
        ("{backups: {presnt: true}}", "did you mean `present`?", "true}"),
        (
            "{any: [{backups: 1}, {backups: {at_least: many}}]}",
            "`at_least` takes a number",
            "many",
        ),
        ("{backups: {some: {not: {one_of: 1}}}}", "`one_of` takes a list", "1}}}}"),
    ] {
        let file = format!("{HOUSE}{resources}{}", customer(test));
        let (before, _) = file.split_once(word).unwrap();
        let line = before.lines().count();
        let column = before.lines().last().unwrap().chars().count() + 1;
        let run = overlay(&file).run(&["catalog", "check", "overlay"]);
        let errors = run.failed(1);
        assert!(errors.contains(message), "{test}\n{errors}");
        assert!(errors.contains(&format!("house.yaml:{line}:{column}")), "{test}\n{errors}");
    }
}

#[test]
fn a_whole_file_as_an_overlay_says_nothing_twice() {
    let file = repository("catalog/aws/services/sqs.yaml").replacen("id: sqs\n", "id: sqs\nreason: Ours\n", 1);
    let folder = Folder::new().with("overlay/services/sqs.yaml", file);
    let plain = folder.run(&["catalog", "attributes", "sqs"]).fine();
    assert_eq!(folder.run(&["catalog", "attributes", "sqs", "--catalog", "overlay"]).fine(), plain);
}

/// What no source tells of a resource cannot settle its mode.
#[test]
fn a_database_cluster_of_a_template_is_known_by_its_class() {
    let template = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Store:\n    Type: AWS::RDS::DBCluster\n    \
                    Properties: {Engine: postgres, DBClusterInstanceClass: db.m5d.large, BackupRetentionPeriod: 1}\n";
    let folder = Folder::new().with("t.yaml", template);
    let resources = folder.run(&["list", "resources", "t.yaml", "--format", "json"]).json();
    assert_eq!(resources[0]["mode"], "multi-az-cluster", "{resources}");
    let duties = folder.run(&["list", "duties", "t.yaml", "--format", "json"]).json();
    let of_retention = duties
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["activity"] == "rds.backup.customer.retention");
    let states: Vec<&Value> = of_retention.map(|one| &one["state"]).collect();
    assert_eq!(states, ["not-met"], "a day is not more than a day");
}
