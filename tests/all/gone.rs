//! What says itself that it is gone: counted nowhere, and nothing that it says shows a duty done.

use crate::support::{Folder, list, text};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const INSTANCE: &str = "AWS::EC2::Instance";

/// The types that an import finds, and what it tells.
fn found(name: &str, content: &Value) -> (Vec<String>, String) {
    let folder = Folder::new().with(name, content.to_string());
    let run = folder.run(&["import", name, "--format", "json"]);
    let imported = if run.bytes.is_empty() { Value::Null } else { run.json() };
    let all = imported.get("resources").map(|_| list(&imported, "resources")).unwrap_or_default();
    (all.iter().map(|one| text(one, "type").to_owned()).collect(), run.errors)
}

fn item(kind: &str, id: &str, configuration: &Value) -> Value {
    json!({"resourceType": kind, "resourceId": id, "awsAccountId": ACCOUNT, "awsRegion": "eu-west-1",
        "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-10-01T00:00:00Z", "configuration": configuration})
}

fn snapshot(items: &[Value]) -> Value {
    json!({"fileVersion": "1.0", "configSnapshotId": "1", "configurationItems": items})
}

#[test]
fn what_is_gone_by_its_own_state_is_left_out_and_told() {
    let state = |name: &str| json!({"state": {"name": name, "code": 48}});
    let items = [
        item(INSTANCE, "i-1", &state("running")),
        item(INSTANCE, "i-2", &state("terminated")),
        item(INSTANCE, "i-3", &state("shutting-down")),
        item(INSTANCE, "i-4", &state("stopped")),
        item(
            "AWS::RDS::DBInstance",
            "db-1",
            &json!({"dBInstanceStatus": "deleting", "engine": "mysql"}),
        ),
        item("AWS::CloudFormation::Stack", "a", &json!({"stackStatus": "DELETE_COMPLETE"})),
        item("AWS::CloudFormation::Stack", "b", &json!({"stackStatus": "DELETE_FAILED"})),
        item("AWS::OpenSearch::Domain", "c", &json!({"deleted": true})),
        item("AWS::OpenSearch::Domain", "d", &json!({"deleted": false})),
    ];
    let (mut types, told) = found("config.json", &snapshot(&items));
    types.sort();
    let expected = ["AWS::CloudFormation::Stack", INSTANCE, INSTANCE, "AWS::OpenSearch::Domain"];
    assert_eq!(types, expected, "{told}");
    let words = "5 resources say themselves that they are gone, and are left out (1 of `AWS::CloudFormation::Stack`, 2 of `AWS::EC2::Instance`, 1 of `AWS::OpenSearch::Domain`, 1 of `AWS::RDS::DBInstance`)";
    assert!(told.contains("resources-gone") && told.contains(words), "{told}");
}

#[test]
fn each_source_tells_it_in_its_own_words() {
    let arn = |id: &str| format!("arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/{id}");
    let block = |attributes: Value| json!({"mode": "managed", "type": "aws_instance", "name": "a", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": attributes}]});
    let sources = [
        (
            "aws_ec2_instance.json",
            json!([{"arn": arn("i-1"), "akas": [arn("i-1")], "title": "a", "instance_state": "terminated"},
                {"arn": arn("i-2"), "akas": [arn("i-2")], "title": "b", "instance_state": "running"}]),
        ),
        (
            "aws_ec2_instances.json",
            json!([{"_cq_id": "1", "arn": arn("i-1"), "state": {"Name": "terminated", "Code": 48}},
                {"_cq_id": "2", "arn": arn("i-2"), "state": {"Name": "running", "Code": 16}}]),
        ),
        (
            "a.tfstate",
            json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": [
                block(json!({"arn": arn("i-1"), "id": "i-1", "instance_state": "terminated"})),
                block(json!({"arn": arn("i-2"), "id": "i-2", "instance_state": "running"}))]}),
        ),
    ];
    for (name, content) in sources {
        let (types, told) = found(name, &content);
        assert_eq!(types.len(), 1, "{name}: {told}");
        assert!(
            told.contains("1 resource says itself that it is gone, and is left out"),
            "{name}: {told}"
        );
    }
}

#[test]
fn of_a_history_the_last_state_counts() {
    let mut before = item(INSTANCE, "i-1", &json!({"state": {"name": "running"}}));
    let mut after = item(INSTANCE, "i-1", &json!({"state": {"name": "terminated"}}));
    after["configurationItemCaptureTime"] = "2026-10-02T00:00:00Z".into();
    let history = |items: [&Value; 2]| json!({"fileVersion": "1.0", "configurationItems": items});
    for items in [[&before, &after], [&after, &before]] {
        assert_eq!(found("history.json", &history(items)).0, [""; 0]);
    }
    before["configurationItemCaptureTime"] = "2026-10-03T00:00:00Z".into();
    assert_eq!(found("history.json", &history([&before, &after])).0, [INSTANCE]);
}

/// What the file is padded with so that its resources are only counted.
#[test]
fn a_long_file_says_the_same() {
    let gone = item(INSTANCE, "i-2", &json!({"state": {"name": "terminated"}}));
    let other = |number: u32| {
        item(
            INSTANCE,
            &format!("i-{number}"),
            &json!({"state": {"name": "running"}, "note": "x".repeat(2000)}),
        )
    };
    let mut items: Vec<Value> = (10..6000).map(other).collect();
    items.push(gone);
    let folder = Folder::new().with("config.json", snapshot(&items).to_string());
    let run = folder.run(&["import", "config.json", "--format", "json"]);
    let count: u64 = list(&run.json(), "resources")
        .iter()
        .map(|one| one["count"].as_u64().unwrap_or(1))
        .sum();
    assert_eq!(count, 5990, "{}", run.errors);
    assert!(run.errors.contains("1 resource says itself"), "{}", run.errors);
}
