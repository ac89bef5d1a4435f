//! A key's ARN does not tell whose the key is: what the same files know of it does.

use crate::support::{Folder, text};
use serde_json::{Value, json};

const DUTY: &str = "storagegateway.encryption-at-rest.customer.";
const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn key() -> String {
    format!("arn:aws:kms:eu-west-1:111122223333:key/{ID}")
}

fn share_arn() -> String {
    "arn:aws:storagegateway:eu-west-1:111122223333:share/share-1".to_owned()
}

/// The state of the duty to encrypt a share with a key of one's own.
fn state(files: &[(&str, Value)]) -> String {
    let folder = Folder::new();
    for (name, content) in files {
        folder.put(name, content.to_string());
    }
    let duties = folder.run(&["list", "duties", ".", "--format", "json"]).json();
    let mut of_keys = duties
        .as_array()
        .unwrap()
        .iter()
        .filter(|duty| text(duty, "activity").starts_with(DUTY));
    let found: Vec<&str> = of_keys.by_ref().map(|duty| text(duty, "state")).collect();
    assert!(!found.is_empty(), "{duties}");
    found.join(" ")
}

fn share() -> Value {
    json!({"arn": share_arn(), "id": share_arn(), "kms_encrypted": true, "kms_key_arn": key()})
}

fn alias(name: &str) -> Value {
    json!({"arn": format!("arn:aws:kms:eu-west-1:111122223333:{name}"), "id": name, "name": name, "target_key_arn": key(), "target_key_id": ID})
}

fn state_file(data: Value, kind: &str) -> Value {
    let block = |mode: &str, kind: &str, attributes: Value| json!({"mode": mode, "type": kind, "name": "a", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": attributes}]});
    json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": [
        block("managed", "aws_storagegateway_nfs_file_share", share()), block("data", kind, data)]})
}

fn values(resources: &[(&str, &str, Value)]) -> Value {
    let one = |(mode, kind, values): &(&str, &str, Value)| json!({"address": format!("{kind}.a"), "mode": mode, "type": kind, "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws", "values": values});
    json!({"root_module": {"child_modules": [{"address": "module.m", "resources": resources.iter().map(one).collect::<Vec<_>>()}]}})
}

fn item(kind: &str, arn: &str, configuration: Value) -> Value {
    json!({"resourceType": kind, "resourceId": arn.rsplit('/').next(), "ARN": arn, "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
        "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-10-01T00:00:00Z", "configuration": configuration})
}

#[test]
fn a_key_of_the_providers_own_is_told_by_what_the_files_know_of_it() {
    let nfs = "aws_storagegateway_nfs_file_share";
    let alone = state_file(json!({}), "aws_region");
    let met = state(&[("a.tfstate", alone.clone())]);
    assert!(met.split(' ').any(|one| one == "met"), "{met}");
    assert_eq!(state(&[("a.tfstate", state_file(alias("alias/orders"), "aws_kms_alias"))]), met);
    let customers = json!({"arn": key(), "key_id": ID, "key_manager": "CUSTOMER"});
    assert_eq!(state(&[("a.tfstate", state_file(customers, "aws_kms_key"))]), met);

    let managed = json!({"arn": key(), "key_id": ID, "id": ID, "key_manager": "AWS"});
    let plan = json!({"format_version": "1.2", "terraform_version": "1.9.8", "planned_values": values(&[("managed", nfs, share())]), "resource_changes": [],
        "prior_state": {"format_version": "1.0", "values": values(&[("data", "aws_kms_alias", alias("alias/aws/storagegateway"))])}});
    let shown = json!({"format_version": "1.0", "terraform_version": "1.9.8",
        "values": values(&[("managed", nfs, share()), ("data", "aws_kms_key", managed.clone())])});
    let snapshot = json!({"fileVersion": "1.0", "configSnapshotId": "1", "configurationItems": [
        item("AWS::KMS::Key", &key(), json!({"keyId": ID, "arn": key(), "keyManager": "AWS"}))]});
    let steampipe = json!([{"arn": key(), "akas": [key()], "title": ID, "id": ID, "key_manager": "AWS"}]);
    let cloudquery = json!([{"_cq_id": "1", "arn": key(), "key_id": ID, "key_manager": "AWS"}]);
    for files in [
        vec![("a.tfstate", state_file(alias("alias/aws/storagegateway"), "aws_kms_alias"))],
        vec![("a.tfstate", state_file(managed, "aws_kms_key"))],
        vec![("plan.json", plan)],
        vec![("shown.json", shown)],
        vec![("a.tfstate", alone.clone()), ("config.json", snapshot)],
        vec![("a.tfstate", alone.clone()), ("aws_kms_key.json", steampipe)],
        vec![("a.tfstate", alone), ("aws_kms_keys.json", cloudquery)],
    ] {
        let told = state(&files);
        assert!(!told.split(' ').any(|one| one == "met"), "{files:?}: {told}");
    }
}

#[test]
fn a_long_file_parts_what_is_encrypted_with_keys_of_the_providers_own() {
    let other = |number: u32| format!("arn:aws:kms:eu-west-1:111122223333:key/{number:08x}-12ab-34cd-56ef-1234567890ab");
    let group = |number: u32| {
        let arn = format!("arn:aws:logs:eu-west-1:111122223333:log-group:g{number}");
        let named = if number.is_multiple_of(3) { key() } else { other(number % 2) };
        item(
            "AWS::Logs::LogGroup",
            &arn,
            json!({"logGroupName": format!("g{number}"), "kmsKeyId": named, "note": "x".repeat(2000)}),
        )
    };
    let mut items: Vec<Value> = (0..6000).map(group).collect();
    items.push(item(
        "AWS::KMS::Key",
        &key(),
        json!({"keyId": ID, "arn": key(), "keyManager": "AWS"}),
    ));
    let snapshot = json!({"fileVersion": "1.0", "configSnapshotId": "1", "configurationItems": items});
    let folder = Folder::new().with("config.json", snapshot.to_string());
    let imported = folder.run(&["import", "config.json", "--format", "json"]).json();
    let groups = imported["resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| text(one, "type") == "AWS::Logs::LogGroup");
    let mut counts: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
    for one in groups {
        *counts.entry(one["config"]["kms_key_id"].as_str().unwrap_or_default()).or_default() += one["count"].as_u64().unwrap_or(1);
    }
    assert_eq!(counts.get("aws/managed"), Some(&2000), "{counts:?}");
    assert_eq!(counts.values().sum::<u64>(), 6000, "{counts:?}");
}
