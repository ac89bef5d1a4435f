//! Lists of accounts: an organisation's, and those of account factories, fill `accounts`. What is shown of an account is shown
//! by what is there for sure.

use crate::support::{Folder, list, text};
use serde_json::{Value, json};

const LISTED: &str = r#"{"Accounts": [
  {"Id": "012345678901", "Arn": "arn:aws:organizations::999988887777:account/o-exampleorgid/012345678901", "Email": "payments@example.com",
   "Name": "payments-prod", "Status": "ACTIVE", "JoinedMethod": "CREATED", "JoinedTimestamp": "2024-05-01T10:00:00+00:00",
   "OU": "Production", "Tags": [{"Key": "Environment", "Value": "prod"}, {"Key": "team", "Value": "payments"}, {"Key": "password", "Value": "hunter2-secret"}]},
  {"Id": "111122223333", "Arn": "arn:aws:organizations::999988887777:account/o-exampleorgid/111122223333", "Email": "sandbox@example.com",
   "Name": "sandbox", "Status": "SUSPENDED", "JoinedMethod": "INVITED", "JoinedTimestamp": "2023-01-09T08:30:00+00:00"}
]}"#;

/// As the console exports it.
const CONSOLE: &str = "Account ID,ARN,Email,Name,Status,Joined method,Joined timestamp\n\
    012345678901,arn:aws:organizations::999988887777:account/o-exampleorgid/012345678901,payments@example.com,payments-prod,ACTIVE,CREATED,2024-05-01\n";

/// What an account factory is fed with; the second is not made yet.
const FACTORY: &str = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg\n\
    payments-prod,a@example.com,payments@example.com,Ada,Example,Production,SUCCEEDED,012345678901,\n\
    payments-dev,a@example.com,dev@example.com,Ada,Example,Workloads,,,\n";

const TABLE: &str = "arn,type\narn:aws:rds:eu-central-1:012345678901:db:orders,AWS::RDS::DBInstance\n";

#[test]
fn an_organisations_accounts_fill_those_of_an_inventory() {
    let folder = Folder::new().with("accounts.json", LISTED).with("a.csv", TABLE);
    let run = folder.run(&["import", "accounts.json", "a.csv", "--format", "json"]);
    let inventory = run.json();
    assert_eq!(
        inventory["accounts"],
        json!({
            "012345678901": {
                "name": "payments-prod", "environment": "prod", "owner": "payments", "unit": "Production",
                "tags": {"Environment": "prod", "team": "payments"}
            },
            "111122223333": {"name": "sandbox"}
        })
    );
    assert_eq!(list(&inventory, "resources").len(), 1);
    let all = [run.text(), run.errors].concat();
    assert!(!all.contains("hunter2") && !all.contains("@example.com"), "{all}");
}

#[test]
fn what_an_account_says_holds_for_its_resources_and_rules_match_its_unit() {
    let inventory = |owner: &str| {
        format!(
            "inventory: 1\norganization: Example\nas_of: 2026-11-01\nimports: [{{file: accounts.json}}, {{file: a.csv}}]\n\
             parties: {{ops: {{name: Operations}}, shop: {{name: Shop}}}}\n{owner}\
             assignments:\n  - {{responsible: ops, accountable: ops}}\n  - {{match: {{account: Production}}, responsible: shop, accountable: shop}}\n"
        )
    };
    let folder = Folder::new()
        .with("accounts.json", LISTED)
        .with("a.csv", TABLE)
        .with("inventory.yaml", inventory(""))
        .with("own/accounts.json", LISTED)
        .with("own/a.csv", TABLE)
        .with("own/inventory.yaml", inventory("accounts: {\"012345678901\": {name: Payments}}\n"));
    let report = folder.run(&["report", "inventory.yaml", "--format", "json"]).json();
    assert_eq!(report["scope"]["environments"], json!(["prod"]));
    let why = folder.run(&["why", "rds", "backup", "inventory.yaml"]).fine();
    assert!(why.contains("shop"), "{why}");
    // What people wrote stays, and the rest is filled in.
    let own = folder.run(&["report", "own/inventory.yaml", "--format", "json"]).json();
    let account = &list(&own["scope"], "accounts")[0];
    assert_eq!(
        (account["name"].as_str(), account["environment"].as_str()),
        (Some("Payments"), Some("prod"))
    );
}

#[test]
fn tables_of_accounts_are_no_resources() {
    let folder = Folder::new()
        .with("console.csv", CONSOLE)
        .with("factory.csv", FACTORY)
        .with("short.csv", CONSOLE.replace("\n012345678901,", "\n12345678901,"));
    for (file, unit) in [("console.csv", None), ("factory.csv", Some("Production"))] {
        let run = folder.run(&["import", file, "--format", "json"]);
        let inventory = run.json();
        let account = &inventory["accounts"]["012345678901"];
        assert_eq!(
            (account["name"].as_str(), account["unit"].as_str()),
            (Some("payments-prod"), unit),
            "{file}"
        );
        assert_eq!(list(&inventory, "resources").len(), 0, "{file}");
        assert!(!run.text().contains("Ada") && !run.text().contains("@example.com"), "{file}");
    }
    let errors = folder.run(&["import", "short.csv"]).failed(1).to_owned();
    assert!(errors.contains("error[lost-leading-zero]"), "{errors}");
}

#[test]
fn what_is_imported_of_accounts_is_read_again() {
    let folder = Folder::new().with("accounts.json", LISTED).with("a.csv", TABLE);
    folder.run(&["import", "accounts.json", "a.csv", "-o", "inventory.yaml"]).well();
    let report = folder
        .run(&["report", "inventory.yaml", "--format", "json", "--as-of", "2026-11-01"])
        .json();
    assert_eq!(list(&report["scope"], "accounts").len(), 2);
}

const SELECTED: &str = r#"{"Results": [
  "{\"accountId\":\"012345678901\",\"resourceId\":\"db-1\",\"resourceName\":\"orders\",\"resourceType\":\"AWS::RDS::DBInstance\",\"awsRegion\":\"eu-central-1\",\"arn\":\"arn:aws:rds:eu-central-1:012345678901:db:orders\",\"configuration.storageEncrypted\":true,\"configuration.backupRetentionPeriod\":7}",
  "{\"accountId\":\"111122223333\",\"resourceId\":\"b\",\"resourceType\":\"AWS::S3::Bucket\",\"awsRegion\":\"eu-west-1\",\"configuration\":{\"name\":\"b\"}}"
], "QueryInfo": {"SelectFields": [{"Name": "accountId"}]}}"#;

/// As the console exports the answer of an advanced query.
const EXPORTED: &str = "accountId,resourceName,resourceType,awsRegion,arn,configuration.storageEncrypted,configuration.backupRetentionPeriod\n\
    012345678901,orders,AWS::RDS::DBInstance,eu-central-1,arn:aws:rds:eu-central-1:012345678901:db:orders,true,7\n";

#[test]
fn answers_of_advanced_queries_are_read_in_both_forms() {
    let folder = Folder::new().with("a.json", SELECTED).with("b.csv", EXPORTED);
    for file in ["a.json", "b.csv"] {
        let inventory = folder.run(&["import", file, "--format", "json"]).json();
        let resources = list(&inventory, "resources");
        let orders = resources.iter().find(|one| one["name"] == "orders").unwrap();
        assert_eq!(orders["account"], "012345678901", "{file}");
        assert_eq!(orders["config"]["storage_encrypted"], true, "{file}: {orders}");
        assert_eq!(orders["config"]["backup_retention_period"], 7, "{file}: {orders}");
    }
}

/// The state of an account's duty.
fn state(file: &str, content: &str, duty: &str) -> String {
    let duties = Folder::new()
        .with(file, content)
        .run(&["list", "duties", file, "--format", "json"])
        .json();
    let found = duties.as_array().unwrap().iter().find(|one| text(one, "duty") == duty);
    text(found.unwrap_or_else(|| panic!("no {duty}")), "state").to_owned()
}

const GUARDDUTY: &str = "aws-account.monitoring-detection.customer.guardduty";

#[test]
fn a_region_of_resources_without_an_account_may_be_any_accounts() {
    let inventory = |region: &str| {
        format!(
            "inventory: 1\norganization: Example Ltd\nresources:\n\
             - {{service: guardduty, name: d, region: eu-west-1, account: \"111122223333\", config: {{enable: true}}}}\n\
             - {{service: rds, name: ledger, region: eu-west-1, account: \"111122223333\"}}\n\
             - {{service: rds, name: ledger-2, region: {region}}}\n"
        )
    };
    assert_eq!(state("inventory.yaml", &inventory("us-east-1"), GUARDDUTY), "unknown");
    assert_eq!(
        state("inventory.yaml", &inventory("eu-west-1"), GUARDDUTY),
        "met",
        "a detector is there"
    );
}

#[test]
fn what_another_configuration_made_shows_nothing_of_an_account_that_it_does_not_tell() {
    let policy = "aws-account.credential-management.customer.password-policy";
    let state_of = |provider: &str| {
        let name = "provider[\"registry.terraform.io/hashicorp/aws\"]";
        let queue = json!({"arn": "arn:aws:sqs:eu-west-1:111122223333:q", "name": "q"});
        let policy = json!({"minimum_password_length": 14, "password_reuse_prevention": 24, "require_numbers": true, "require_symbols": true,
            "require_lowercase_characters": true, "require_uppercase_characters": true, "max_password_age": 90, "id": "iam-account-password-policy"});
        let one = |kind: &str, provider: String, attributes: Value| json!({"mode": "managed", "type": kind, "name": "x", "provider": provider, "instances": [{"attributes": attributes}]});
        json!({"version": 4, "terraform_version": "1.9.8", "resources": [
            one("aws_sqs_queue", name.to_owned(), queue), one("aws_iam_account_password_policy", format!("{name}{provider}"), policy)]})
        .to_string()
    };
    let alone = state("a.tfstate", &state_of(""), policy);
    assert_ne!(alone, "unknown", "one configuration is of one account");
    assert_eq!(state("a.tfstate", &state_of(".logarchive"), policy), "unknown");
}

#[test]
fn what_stands_under_an_open_condition_shows_nothing_of_its_account() {
    let plan = |condition: &str| {
        format!(
            "AWSTemplateFormatVersion: \"2010-09-09\"\n\
             Parameters: {{Stage: {{Type: String}}}}\n\
             Conditions: {{Backups: !Equals [!Ref Stage, prod]}}\n\
             Resources:\n\
             \x20 Plan: {{Type: AWS::Backup::BackupPlan, {condition}Properties: {{BackupPlan: {{BackupPlanName: x, BackupPlanRule: [{{RuleName: r, TargetBackupVault: Default}}]}}}}}}\n\
             \x20 Sel: {{Type: AWS::Backup::BackupSelection, {condition}Properties: {{BackupPlanId: !Ref Plan, BackupSelection: {{SelectionName: s, IamRoleArn: x, ListOfTags: [{{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}}]}}}}}}\n"
        )
    };
    let duty = "aws-account.backup.customer.backup-plan";
    assert_eq!(state("a.yaml", &plan(""), duty), "met");
    assert_eq!(state("a.yaml", &plan("Condition: Backups, "), duty), "unknown");
}
