//! Lists of accounts: an organisation's, and those of account factories, fill `accounts`.

use crate::support::{Folder, list};
use serde_json::json;

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
