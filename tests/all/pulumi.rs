//! Pulumi's stacks: whose types are Terraform's and CloudFormation's, what is no resource, and what must not leave.

use crate::support::{Folder, Run, list, repository, text};
use serde_json::{Value, json};

const STACK: &str = "tests/fixtures/pulumi/stack.json";

/// Each resource as a line, then what was said.
fn told(run: &Run) -> String {
    let mut lines = Vec::new();
    for one in list(&run.json(), "resources") {
        let field = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        let fields = ["type", "service", "name", "account", "region", "arn", "from"]
            .map(field)
            .join(" | ");
        lines.push(format!("{fields} | {} | {}", one["tags"], one["config"]));
    }
    format!("{}\n{}", lines.join("\n"), run.errors)
}

#[test]
fn a_stack_is_read_in_the_words_of_its_sources() {
    let folder = Folder::new().with("stack.json", repository(STACK));
    let run = folder.run(&["import", "stack.json", "--format", "json"]);
    let found = run.json();
    let mut kinds: Vec<&str> = list(&found, "resources").iter().map(|one| text(one, "type")).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "(...)",
            "AWS::DynamoDB::Table",
            "AWS::RDS::DBInstance",
            "aws_acm_certificate",
            "aws_db_instance",
            "aws_lambda_function",
            "aws_s3_bucket",
            "aws_s3_bucket_versioning",
            "aws_security_group",
            "aws_sqs_queue",
            "aws_vpc",
        ]
    );
    assert!(
        run.errors
            .contains("1 resource of `stack.json` was only read by the stack and is left out"),
        "{}",
        run.errors
    );
    assert!(
        run.errors
            .contains("1 resource of `stack.json` is yet to be deleted and is left out"),
        "{}",
        run.errors
    );
}

#[test]
fn a_checkpoint_is_the_same_stack() {
    let stack: Value = serde_json::from_str(&repository(STACK)).unwrap();
    let checkpoint = json!({"version": 3, "checkpoint": {"stack": "organization/shop/prod", "latest": stack["deployment"]}});
    let told_of = |text: String| {
        told(
            &Folder::new()
                .with("stack.json", text)
                .run(&["import", "stack.json", "--format", "json"]),
        )
    };
    assert_eq!(told_of(checkpoint.to_string()), told_of(repository(STACK)));
}

#[test]
fn secrets_stay_in_the_stack_whatever_shows_them() {
    let mut stack: Value = serde_json::from_str(&repository(STACK)).unwrap();
    // What is secret in one place is told in the clear in another: of the same resource, and of others.
    let said_again =
        json!({"note": "is zqcanary-password", "zqcanary-random": "a key", "other": "on zqcanary-output at", "key": "zqcanary-key"});
    for resource in [6, 11, 13] {
        stack["deployment"]["resources"][resource]["outputs"]["tagsAll"] = said_again.clone();
        stack["deployment"]["resources"][resource]["outputs"]["tags"] = said_again.clone();
    }
    stack["deployment"]["resources"][13]["outputs"]["name"] = "jobs-zqcanary-native".into();
    stack["deployment"]["resources"][13]["urn"] = "urn:pulumi:prod::shop::aws:sqs/queue:Queue::zqcanary-random".into();
    stack["deployment"]["resources"][13]["id"] = "https://sqs.eu-west-1.amazonaws.com/zqcanary-random".into();
    let folder = Folder::new().with("stack.json", stack.to_string());
    folder.put("inventory.yaml", "inventory: 1\norganization: X\nimports: [{file: stack.json}]\n");
    for arguments in [
        &["import", "stack.json"][..],
        &["import", "stack.json", "--format", "json"],
        &["report", "inventory.yaml", "--format", "json", "--as-of", "2026-11-29"],
        &["report", "stack.json", "--format", "markdown", "--as-of", "2026-11-29"],
        &["check", "inventory.yaml", "--as-of", "2026-11-29"],
    ] {
        let run = folder.run(arguments);
        assert!(run.code <= 1, "{arguments:?} {}", run.errors);
        let said = format!("{}{}", run.text(), run.errors);
        assert!(!said.contains("zqcanary"), "{arguments:?}: {said}");
    }
}

#[test]
fn terraforms_settings_reach_their_owners_in_a_stack_too() {
    let folder = Folder::new().with("stack.json", repository(STACK));
    let found = folder.run(&["import", "stack.json", "--format", "json"]).json();
    let bucket = list(&found, "resources").iter().find(|one| one["type"] == "aws_s3_bucket").unwrap();
    assert_eq!(bucket["config"]["versioning"], true, "{bucket}");
    assert_eq!(text(bucket, "account"), "111122223333", "the only account of its provider");
}

#[test]
fn what_is_no_stack_is_a_diagnostic() {
    for (name, stack, word) in [
        (
            "null.json",
            json!({"version": 3, "deployment": {"manifest": {}, "resources": null}}),
            "holds no managed resource",
        ),
        (
            "odd.json",
            json!({"version": 3, "deployment": {"manifest": {}, "resources": [1, {"type": "aws:s3/bucket:Bucket"}]}}),
            "has no `urn` and `type`",
        ),
        (
            "list.json",
            json!({"version": 3, "deployment": {"resources": [{"urn": "a", "type": "b", "custom": "yes", "outputs": []}]}}),
            "holds no managed resource",
        ),
    ] {
        let run = Folder::new()
            .with(name, stack.to_string())
            .run(&["import", name, "--from", "pulumi"]);
        // What says of nothing what it is cannot be imported; what holds nothing is empty.
        let is_right = if name == "odd.json" { run.code == 3 } else { run.code <= 1 };
        assert!(is_right && run.errors.contains(word), "{name}: {} {}", run.code, run.errors);
    }
}

#[test]
fn what_terraforms_services_answer_is_told_apart_from_what_they_keep() {
    for (name, text, word) in [
        (
            "versions.json",
            json!({"data": {"id": "sv-1", "type": "state-versions", "attributes": {"serial": 4, "hosted-state-download-url": "https://archivist.example.com/v1/object/x"}}}).to_string(),
            "is an answer of HCP Terraform",
        ),
        (
            "plan.json",
            json!({"meta": {"key_provider.pbkdf2.a": "eyJ"}, "encrypted_data": "zqcanary", "encryption_version": "v0"}).to_string(),
            "is a state or a plan of OpenTofu that is encrypted",
        ),
        (
            "state.json",
            json!({"serial": 1, "lineage": "a", "meta": {"key_provider.pbkdf2.a": "eyJ"}, "encrypted_data": "zqcanary", "encryption_version": "v0"}).to_string(),
            "is a state or a plan of OpenTofu that is encrypted",
        ),
        ("main.txt", "component \"vpc\" {\n  source = \"./vpc\"\n}\n".to_owned(), "is Terraform's source"),
    ] {
        let folder = Folder::new().with(name, &text);
        let said = folder.run(&["import", name]).failed(1).to_owned();
        assert!(said.contains(word) && !said.contains("zqcanary"), "{name}: {said}");
    }
}
