//! Terraform state on the command line and under `imports`.

use crate::support::{Folder, list, repository, text};
use std::collections::BTreeMap;

const ESTATE: &str = "tests/fixtures/terraform/estate.tfstate";
const SECRETS: &str = "tests/fixtures/terraform/secrets.tfstate";

#[test]
fn a_state_is_reported_on_as_it_is() {
    let folder = Folder::new()
        .with("prod.tfstate", repository(ESTATE))
        .with("pulled.json", repository(ESTATE));
    let named = folder
        .run(&["report", "prod.tfstate", "--as-of", "2026-11-01", "--format", "json"])
        .json();
    let services: BTreeMap<&str, u64> = list(&named, "services")
        .iter()
        .map(|service| (text(service, "service"), service["resources"].as_u64().unwrap()))
        .collect();
    assert_eq!(services["ec2"], 3, "instances are counted, and the deposed one is");
    assert_eq!(services["sqs"], 2);
    assert_eq!(services["s3"], 2, "a bucket's settings are no bucket");
    assert!(services.contains_key("aws-account"));
    assert!(!list(&named, "out_of_scope").is_empty(), "resources of other providers are named");
    // State is recognised by its content, and found in folders.
    let pulled = folder
        .run(&["report", "pulled.json", "--as-of", "2026-11-01", "--format", "json"])
        .json();
    assert_eq!(pulled["summary"], named["summary"]);
    let all = folder.run(&["report", ".", "--as-of", "2026-11-01", "--format", "json"]).json();
    assert_eq!(all["scope"]["inputs"].as_array().unwrap().len(), 2);
}

#[test]
fn an_inventory_imports_what_it_names() {
    let inventory = "inventory: 1\norganization: Example\nas_of: 2026-11-01\nimports: [{file: terraform/prod.tfstate, environment: staging, owner: shop}]\n";
    let folder = Folder::new()
        .with("inventory.yaml", inventory)
        .with("terraform/prod.tfstate", repository(ESTATE));
    let report = folder.report("json").json();
    assert_eq!(
        report["scope"]["inputs"],
        serde_json::json!(["inventory.yaml", "terraform/prod.tfstate"])
    );
    assert!(list(&report["scope"], "environments").contains(&"staging".into()));
    // Named by the inventory and found in the folder: once.
    let folded = folder.run(&["report", ".", "--format", "json"]).json();
    assert_eq!(folded["summary"], report["summary"]);
}

#[test]
fn secrets_reach_no_output() {
    let state = repository(SECRETS);
    assert!(state.matches("never-to-be-seen").count() > 10);
    let folder = Folder::new().with("prod.tfstate", state);
    let outputs = ["-o", "a.md", "-o", "a.html", "-o", "a.json", "-o", "a.csv", "-o", "a.pdf"];
    let run = folder.run(&[&["report", "prod.tfstate", "--as-of", "2026-11-01"][..], &outputs].concat());
    run.fine();
    let check = folder.run(&["check", "prod.tfstate", "--format", "json"]);
    let pdf = pdf_extract::extract_text_from_mem(&folder.bytes("a.pdf")).unwrap();
    let mut outputs = vec![run.errors, check.text(), check.errors, pdf];
    outputs.extend(["a.md", "a.html", "a.json", "a.csv"].map(|name| folder.read(name)));
    // The PDF's attachments are streams that nobody decodes here; they are made of the Report, and the state is not one of them.
    let attached = String::from_utf8_lossy(&folder.bytes("a.pdf")).into_owned();
    assert!(
        !attached.contains("prod.tfstate)") && !attached.contains("(prod.tfstate"),
        "the state itself is not attached"
    );
    for output in &outputs {
        assert!(!output.contains("never-to-be-seen"));
    }
    assert!(outputs.iter().any(|output| output.contains("orders")), "names are no secrets");
}

#[test]
fn broken_states_are_diagnostics() {
    let whole = repository(ESTATE);
    let folder = Folder::new()
        .with("cut.tfstate", &whole[..whole.len() / 2])
        .with("empty.tfstate", "")
        .with("old.tfstate", r#"{"version": 0, "terraform_version": "0.11.14", "modules": []}"#)
        .with("list.tfstate", "[]")
        .with("odd.tfstate", r#"{"version": 4, "terraform_version": "1.9.8", "resources": [{"mode": "managed", "type": 7, "name": "x", "instances": [{}]}]}"#)
        .with("nothing.tfstate", r#"{"version": 4, "terraform_version": "1.9.8", "resources": []}"#);
    for (name, code) in [
        ("cut.tfstate", "syntax-error"),
        ("empty.tfstate", "import-failed"),
        ("old.tfstate", "unsupported-version"),
        ("list.tfstate", "import-failed"),
        ("odd.tfstate", "import-failed"),
    ] {
        let run = folder.run(&["report", name]);
        assert!(run.failed(1).contains(&format!("error[{code}]")), "{name}: {}", run.errors);
        assert!(run.errors.contains(name), "{name}: {}", run.errors);
        assert_eq!(run.bytes, b"");
    }
    // An empty one is worth a word, and no error.
    let nothing = folder.run(&["report", "nothing.tfstate", "--as-of", "2026-11-01"]);
    nothing.fine();
    assert!(nothing.errors.contains("warning[import-empty]"), "{}", nothing.errors);
    // All of a folder's faults are told at once.
    let all = folder.run(&["check", "."]);
    for name in ["cut.tfstate", "empty.tfstate", "old.tfstate", "list.tfstate", "odd.tfstate"] {
        assert!(all.failed(1).contains(name), "{name}: {}", all.errors);
    }
}

// ---------------------------------------------------------------------------------------------- every source

const TEMPLATE: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Retention: {Type: Number, Default: 7, AllowedValues: [7]}
  Secret: {Type: String, NoEcho: true, Default: hunter2-default}
Resources:
  Ledger:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      StorageEncrypted: true
      BackupRetentionPeriod: !Ref Retention
      DBInstanceIdentifier: !Sub "${AWS::StackName}-ledger"
      MasterUserPassword: hunter2-plain
      PreferredBackupWindow: !Ref Secret
      Tags: [{Key: team, Value: payments}]
  Queue: {Type: AWS::SQS::Queue}
  Waiter: {Type: Custom::Waiter}
"#;

const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.9.0","configuration":{"provider_config":{"aws":{"name":"aws","expressions":{"region":{"constant_value":"eu-west-1"}}}}},
"planned_values":{"root_module":{"resources":[
 {"address":"aws_sns_topic.t[0]","mode":"managed","type":"aws_sns_topic","name":"t","index":0,"provider_name":"registry.terraform.io/hashicorp/aws","values":{"name":"news"},"sensitive_values":{}},
 {"address":"data.aws_region.r","mode":"data","type":"aws_region","name":"r","values":{}},
 {"address":"random_id.x","mode":"managed","type":"random_id","name":"x","provider_name":"registry.terraform.io/hashicorp/random","values":{}}],
 "child_modules":[{"address":"module.db","resources":[
 {"address":"module.db.aws_db_instance.d","mode":"managed","type":"aws_db_instance","name":"d","provider_name":"registry.terraform.io/hashicorp/aws","values":{"identifier":"d","address":"hunter2-marked"},"sensitive_values":{"address":true}}]}]}}}"#;

const OLD_STATE: &str = r#"{"version":3,"serial":1,"modules":[{"path":["root","net"],"resources":{
 "aws_vpc.main":{"type":"aws_vpc","primary":{"id":"vpc-1","attributes":{"id":"vpc-1","tags.%":"1","tags.Name":"main"}},"provider":"provider.aws"},
 "data.aws_ami.x":{"type":"aws_ami","primary":{"id":"ami-1","attributes":{}}}}}]}"#;

const CONFIG: &str = r#"{"configurationItems":[
 {"resourceType":"AWS::DynamoDB::Table","resourceId":"t","resourceName":"t","ARN":"arn:aws:dynamodb:eu-west-1:111122223333:table/t","awsAccountId":"111122223333","awsRegion":"eu-west-1","configuration":"{\"billingModeSummary\":{\"billingMode\":\"PAY_PER_REQUEST\"}}","tags":{"team":"a"}},
 {"resourceType":"AWS::SQS::Queue","resourceId":"gone","configurationItemStatus":"ResourceDeleted"}]}"#;

const TAGGING: &str =
    r#"{"ResourceTagMappingList":[{"ResourceARN":" arn:aws:sqs:us-east-1:111122223333:bar","Tags":[{"Key":"App","Value":"dev"}]}]}"#;

const EXPLORER: &str = r#"{"Resources":[{"Arn":"arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1","OwningAccountId":"111122223333","Region":"us-east-1","ResourceType":"ec2:subnet","Service":"ec2","LastReportedAt":"2026-01-01T00:00:00Z","Properties":[{"Name":"tags","Data":[{"Key":"Env","Value":"prod"}]}]}]}"#;

const STACK: &str = r#"{"version":3,"deployment":{"manifest":{"time":"2026-10-01T07:30:06Z"},"resources":[
 {"urn":"urn:pulumi:p::s::pulumi:providers:aws::default","custom":true,"id":"x","type":"pulumi:providers:aws","inputs":{"region":"eu-west-1"}},
 {"urn":"urn:pulumi:p::s::aws:sns/topic:Topic::t","custom":true,"id":"arn:aws:sns:eu-west-1:111122223333:news","type":"aws:sns/topic:Topic","provider":"urn:pulumi:p::s::pulumi:providers:aws::default::x",
  "outputs":{"arn":"arn:aws:sns:eu-west-1:111122223333:news","name":"news","kmsMasterKeyId":"alias/a","tagsAll":{"team":"a"}}},
 {"urn":"urn:pulumi:p::s::random:index/randomId:RandomId::r","custom":true,"id":"y","type":"random:index/randomId:RandomId"}]}}"#;

const TABLE: &str = "ARN,Account ID,Region,Owner,Tags\narn:aws:lambda:eu-west-1:111122223333:function:f,,,team-a,\"a=1;b=2\"\n";

/// An example of each source.
pub(crate) const SOURCES: [(&str, &str); 8] = [
    ("a.yaml", TEMPLATE),
    ("plan.json", PLAN),
    ("old.json", OLD_STATE),
    ("config.json", CONFIG),
    ("tagging.json", TAGGING),
    ("explorer.json", EXPLORER),
    ("table.csv", TABLE),
    ("stack.json", STACK),
];

/// What an import finds of each resource: type, service, name, account, region.
fn found(name: &str, text: &str) -> Vec<String> {
    let imported = Folder::new().with(name, text).run(&["import", name, "--format", "json"]).json();
    let field = |one: &serde_json::Value, field: &str| one[field].as_str().unwrap_or("-").to_owned();
    let line = |one: &serde_json::Value| {
        ["type", "service", "name", "account", "region"]
            .map(|name| field(one, name))
            .join(" ")
    };
    list(&imported, "resources").iter().map(line).collect()
}

#[test]
fn every_source_is_recognised_by_its_content() {
    assert_eq!(
        found("a.txt", TEMPLATE),
        [
            "AWS::RDS::DBInstance rds Ledger - -",
            "AWS::SQS::Queue sqs Queue - -",
            "Custom::Waiter - - - -"
        ]
    );
    assert_eq!(
        found("a.txt", PLAN),
        [
            "aws_db_instance rds d - eu-west-1",
            "aws_sns_topic sns news - eu-west-1",
            "random_id - - - -"
        ]
    );
    assert_eq!(found("a.txt", OLD_STATE), ["aws_vpc vpc main - -"]);
    assert_eq!(
        found("a.txt", STACK),
        [
            "aws_sns_topic sns news 111122223333 eu-west-1",
            "random:index/randomId:RandomId - - - -"
        ]
    );
    assert_eq!(found("a.txt", CONFIG), ["AWS::DynamoDB::Table dynamodb t 111122223333 eu-west-1"]);
    assert_eq!(found("a.txt", TAGGING), ["sqs sqs bar 111122223333 us-east-1"]);
    assert_eq!(found("a.txt", EXPLORER), ["ec2:subnet vpc subnet-1 111122223333 us-east-1"]);
    assert_eq!(found("a.txt", TABLE), ["lambda:function lambda f 111122223333 eu-west-1"]);
}

#[test]
fn a_template_tells_what_it_settles_and_nothing_secret() {
    let folder = Folder::new().with("a.yaml", TEMPLATE).with("plan.json", PLAN);
    let imported = folder.run(&["import", "a.yaml", "plan.json", "--format", "json"]);
    let resources = imported.json();
    let resources = list(&resources, "resources");
    let ledger = resources.iter().find(|one| one["name"] == "Ledger").unwrap();
    assert_eq!(ledger["config"]["storage_encrypted"], true);
    assert_eq!(ledger["config"]["backup_retention_period"], 7, "the parameter's default");
    assert!(
        ledger["config"].get("db_instance_identifier").is_none(),
        "what a function makes is not known"
    );
    assert_eq!(ledger["tags"]["team"], "payments");
    assert_eq!(text(ledger, "from"), "a.yaml: Ledger");
    assert!(!imported.text().contains("hunter2"), "{}", imported.text());
}

#[test]
fn an_imported_inventory_gives_the_report_of_its_source() {
    let folder = Folder::new().with("plan.json", PLAN);
    folder.run(&["import", "plan.json", "-o", "inventory.yaml"]).well();
    let report = folder
        .run(&["report", "inventory.yaml", "--format", "json", "--as-of", "2026-11-01"])
        .json();
    let services: Vec<&str> = list(&report, "services").iter().map(|service| text(service, "service")).collect();
    assert!(services.contains(&"sns") && services.contains(&"rds"), "{services:?}");
}

#[test]
fn what_is_broken_is_a_diagnostic() {
    for (name, broken) in [
        ("a.yaml", "AWSTemplateFormatVersion: x\nResources: [\n"),
        ("b.yaml", "AWSTemplateFormatVersion: x\n"),
        ("c.json", "{\"configurationItems\": ["),
        ("d.json", "{\"ResourceTagMappingList\": [{]}"),
        ("e.csv", "arn,name\n,x\n"),
        ("f.json", "{\"format_version\":\"1.0\",\"planned_values\":"),
    ] {
        let folder = Folder::new().with(name, broken);
        let errors = folder.run(&["import", name]).failed(1).to_owned();
        assert!(errors.contains("error["), "{name}: {errors}");
    }
}
