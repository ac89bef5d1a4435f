//! Templates that come to more than they list: loops, stacks in stacks, what a program that writes them adds, lines around them.

use crate::support::{Folder, Run, list, text};
use serde_json::{Value, json};

/// Each resource as a line: type, name, account, Region, where it stands, and its attributes; then what was said.
fn told(run: &Run) -> String {
    let mut lines = Vec::new();
    for one in list(&run.json(), "resources") {
        let field = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        let fields = ["type", "name", "account", "region", "from"].map(field).join(" | ");
        let part = one.get("part_of").map_or(String::new(), |_| " | supporting".to_owned());
        lines.push(format!("{fields}{part} | {}", one["config"]));
    }
    format!("{}\n{}", lines.join("\n"), run.errors)
}

fn import(folder: &Folder, paths: &[&str]) -> String {
    told(&folder.run(&[&["import", "--format", "json"], paths].concat()))
}

/// The values of one attribute of all resources, by their addresses.
fn values(template: &str, attribute: &str) -> Vec<String> {
    let imported = Folder::new()
        .with("t.yaml", template)
        .run(&["import", "t.yaml", "--format", "json"])
        .json();
    let line = |one: &Value| {
        format!(
            "{}: {}",
            text(one, "from").trim_start_matches("t.yaml: "),
            one["config"].get(attribute).unwrap_or(&Value::Null)
        )
    };
    list(&imported, "resources").iter().map(line).collect()
}

#[test]
fn a_cloud_assembly_is_read_as_a_folder() {
    let folder = Folder::new().with_copy("tests/fixtures/cdk.out", "cdk.out");
    let whole = import(&folder, &["cdk.out"]);
    snapbox::assert_data_eq!(whole.clone(), snapbox::file!["../cases/stacks/cdk.out.txt"].raw());
    assert_eq!(
        import(&folder, &["cdk.out/manifest.json"]),
        whole,
        "its manifest stands for the folder"
    );
    // What an earlier run left is deployed by nobody; what the inventory says goes before the manifest.
    folder.put(
        "cdk.out/Gone.template.json",
        json!({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}).to_string(),
    );
    folder.put(
        "inventory.yaml",
        "inventory: 1\norganization: X\nimports:\n- {file: cdk.out, region: eu-west-3}\n",
    );
    let run = folder.run(&["report", "inventory.yaml", "--format", "json", "--as-of", "2026-11-29"]);
    let report = run.json();
    assert!(
        run.errors
            .contains("`cdk.out/Gone.template.json` is deployed by no stack of its cloud assembly"),
        "{}",
        run.errors
    );
    assert_eq!(report["scope"]["accounts"].as_array().map(Vec::len), Some(2), "{}", report["scope"]);
    assert_eq!(report["scope"]["regions"], json!(["eu-west-3"]), "{}", report["scope"]);
    let named = import(&folder, &["cdk.out/Gone.template.json"]);
    assert!(
        named.starts_with("AWS::SQS::Queue | Q | - | - | cdk.out/Gone.template.json: Q | {"),
        "{named}"
    );
}

const LOOPS: &str = "\
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a, b'}
  Given: {Type: CommaDelimitedList}
Mappings:
  Classes:
    small: {Size: db.t3.small, Days: 1}
    large: {Size: db.r6g.large, Days: 7}
  Keys: {All: {Names: [small, large, other]}}
  Same: {eu-west-1: {Days: 5}, us-east-1: {Days: 5}}
  Differ: {eu-west-1: {Days: 5}, us-east-1: {Days: 6}}
Conditions:
  Fn::ForEach::Is:
  - Name
  - [small, large]
  - Is${Name}: !Equals [!Ref 'Name', large]
Resources:
  Fn::ForEach::Plain:
  - Name
  - !Ref Names
  - Plain${Name}: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: 1}}
  Fn::ForEach::OfKeys:
  - Name
  - !FindInMap [Keys, All, Names]
  - OfKeys${Name}:
      Type: AWS::RDS::DBInstance
      Properties:
        BackupRetentionPeriod: !FindInMap [Classes, !Ref Name, Days, DefaultValue: 3]
  Fn::ForEach::OfMap:
  - Name
  - {north: 1, south: 2}
  - Fn::ForEach::Inner:
    - Number
    - [1, 2]
    - OfMap${Name}${Number}: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Ref Number}}
  Fn::ForEach::Open:
  - Name
  - !Ref Given
  - Open&{Name}: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: 9}}
  Loop:
    Type: AWS::RDS::DBInstance
    Properties:
      Fn::ForEach::Attributes:
      - Name
      - [Backup]
      - ${Name}RetentionPeriod: !If [Islarge, 30, 31]
  Same: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !FindInMap [Same, !Ref 'AWS::Region', Days]}}
  Differ: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !FindInMap [Differ, !Ref 'AWS::Region', Days]}}
  Lacks: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !FindInMap [Same, eu-west-1, Hours, DefaultValue: 8]}}
  May: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !FindInMap [Same, !Ref 'AWS::Region', Days, DefaultValue: 6]}}
";

#[test]
fn loops_and_mappings_come_to_what_the_template_settles() {
    assert_eq!(
        values(LOOPS, "backup_retention_period"),
        [
            "Differ: null",
            "Lacks: 8",
            "Loop: 30",
            "May: null",
            "OfKeyslarge: 7",
            "OfKeysother: 3",
            "OfKeyssmall: 1",
            "OfMapnorth1: \"1\"",
            "OfMapnorth2: \"2\"",
            "OfMapsouth1: \"1\"",
            "OfMapsouth2: \"2\"",
            "Open: 9",
            "Plaina: 1",
            "Plainb: 1",
            "Same: 5",
        ]
    );
    // A Region that is said settles what depends on it.
    let not_met = |region: &str| {
        let of_an_engine = LOOPS.replace(
            "Properties: {BackupRetentionPeriod",
            "Properties: {Engine: postgres, BackupRetentionPeriod",
        );
        let folder = Folder::new().with("t.yaml", of_an_engine.replace("us-east-1: {Days: 6}", "us-east-1: {Days: 0}"));
        folder.put(
            "inventory.yaml",
            format!("inventory: 1\norganization: X\nimports: [{{file: t.yaml, region: {region}}}]\n"),
        );
        let report = folder
            .run(&["report", "inventory.yaml", "--format", "json", "--as-of", "2026-11-29"])
            .text();
        report.matches("\"not-met\"").count()
    };
    assert!(not_met("us-east-1") > not_met("eu-west-1"));
}

const PARENT: &str = "\
Description: a stack of stacks
Parameters:
  Days: {Type: Number, Default: 5}
  Hidden: {Type: String, NoEcho: true, Default: zqcanaryhidden}
  Region: {Type: String}
Conditions:
  Often: !Equals [!Ref Region, x]
Resources:
  Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: true}}
  One:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./nested/store.yaml
      Parameters: {Days: !Ref Days, KeyArn: !GetAtt Key.Arn, Password: zqcanarypassword, Word: 'password=zqcanaryword', Other: !Ref Hidden}
  Two:
    Type: AWS::CloudFormation::Stack
    Condition: Often
    Properties:
      TemplateURL: nested/store.yaml
      Parameters: {Days: !GetAtt One.Outputs.Days, KeyArn: ''}
  Again: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: parent.yaml}}
  Gone: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: nested/gone.yaml}}
  Away: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 'https://s3.amazonaws.com/b/store.yaml'}}
  App: {Type: 'AWS::Serverless::Application', Properties: {Location: nested/store.yaml}}
";

const STORE: &str = "\
Parameters:
  Days: {Type: Number, Default: 1}
  KeyArn: {Type: String, Default: ''}
  Password: {Type: String}
  Word: {Type: String}
  Other: {Type: String}
Conditions:
  HasKey: !Not [!Equals [!Ref KeyArn, '']]
Resources:
  Base:
    Type: AWS::RDS::DBInstance
    Properties:
      BackupRetentionPeriod: !Ref Days
      StorageEncrypted: !If [HasKey, true, false]
      KmsKeyId: !If [HasKey, !Ref KeyArn, !Ref 'AWS::NoValue']
      MasterUserPassword: !Ref Password
      DBName: !Ref Word
      DBParameterGroupName: !Ref Other
      DBSubnetGroupName: !Ref Group
  Group: {Type: 'AWS::RDS::DBSubnetGroup', Properties: {}}
Outputs:
  Days: {Value: !Ref Days}
";

#[test]
fn stacks_in_a_stack_are_counted_once_for_each_that_deploys_them() {
    let folder = Folder::new().with("parent.yaml", PARENT).with("nested/store.yaml", STORE);
    let whole = import(&folder, &["parent.yaml"]);
    snapbox::assert_data_eq!(whole.clone(), snapbox::file!["../cases/stacks/nested.txt"].raw());
    assert!(!whole.contains("zqcanary"), "{whole}");
    // A folder has both files, and the inner one is nothing by itself.
    let all = import(&folder, &["."]);
    assert!(
        all.contains("`nested/store.yaml` is the template of a nested stack of `parent.yaml` and is counted there"),
        "{all}"
    );
    assert_eq!(all.matches("AWS::RDS::DBInstance |").count(), 3, "{all}");
    // What was read is sealed, wherever it stands.
    folder.put("inventory.yaml", "inventory: 1\norganization: X\nimports: [{file: parent.yaml}]\n");
    folder
        .run(&["pack", "inventory.yaml", "-o", "pack", "--as-of", "2026-11-29"])
        .well();
    let manifest = folder.read("pack/manifest.json");
    assert!(
        manifest.contains("nested/store.yaml") && manifest.contains("parent.yaml"),
        "{manifest}"
    );
}

#[test]
fn stacks_that_deploy_each_other_come_to_an_end() {
    let stack =
        |of: &str| json!({"Resources": {"S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": of}}}}).to_string();
    let folder = Folder::new().with("a.json", stack("b.json")).with("b.json", stack("a.json"));
    let run = folder.run(&["import", ".", "--format", "json"]);
    let said = told(&run);
    assert!(
        said.starts_with(
            "AWS::CloudFormation::Stack | S | - | - | a.json: S | {}\nAWS::CloudFormation::Stack | S | - | - | a.json: S/S | {}\n"
        ),
        "{said}"
    );
    assert!(said.contains("`a.json` deploys itself"), "{said}");
    // Each names the next twice: two to the power of their number would be more than anybody can count.
    let folder = Folder::new();
    for number in 0..30 {
        let next = json!({"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": format!("s{}.json", number + 1)}});
        folder.put(&format!("s{number}.json"), json!({"Resources": {"A": next, "B": next}}).to_string());
    }
    let run = folder.run(&["import", "s0.json", "--format", "json"]);
    assert!(
        run.errors.contains("nested stacks lie more than 8 deep in one another"),
        "{}",
        run.errors
    );
    assert_eq!(
        list(&run.json(), "resources").len(),
        2 + 4 + 8 + 16 + 32 + 64 + 128 + 256 + 512,
        "eight within one another"
    );
}

#[test]
fn what_a_template_names_is_read_only_where_it_is_one() {
    for (named, word) in [
        ("/etc/passwd", "which are not counted here"),
        ("../../../../../../../../etc/passwd", "is not called as templates are"),
        ("folder.yaml", "is no file"),
        ("secret.yaml", "is no template that can be read"),
    ] {
        let template = json!({"Resources": {"S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": named}}}});
        let folder = Folder::new()
            .with("t.json", template.to_string())
            .with("folder.yaml/a", "")
            .with("secret.yaml", "- zqcanary\n");
        let said = import(&folder, &["t.json"]);
        assert!(
            said.contains(word) && !said.contains("zqcanary") && !said.contains("root:"),
            "{named}: {said}"
        );
    }
}

#[test]
fn rules_settle_parameters() {
    let template = |rules: &str, days: &str| {
        format!(
            "Parameters:\n  Days: {days}\n  Stage: {{Type: String, AllowedValues: [prod]}}\nRules:\n  R: {rules}\nResources:\n  D:\n    Type: AWS::RDS::DBInstance\n    \
             Properties: {{BackupRetentionPeriod: !Ref Days, DBInstanceIdentifier: !Ref Stage}}\n"
        )
    };
    let assertion = |assertion: &str| format!("{{Assertions: [{{Assert: {assertion}}}]}}");
    for (rules, days, is) in [
        (assertion("!Equals [!Ref Days, 7]"), "{Type: Number}", "7"),
        (assertion("{'Fn::Contains': [[9], !Ref Days]}"), "{Type: Number}", "9"),
        (assertion("{'Fn::Contains': [[8, 9], !Ref Days]}"), "{Type: Number}", "null"),
        (
            assertion("{'Fn::Contains': [[8, 9], !Ref Days]}"),
            "{Type: Number, Default: 8}",
            "null",
        ),
        (
            assertion("{'Fn::Contains': [[8, 9], !Ref Days]}"),
            "{Type: Number, Default: 8, AllowedValues: [1, 8]}",
            "8",
        ),
        (assertion("!Equals [!Ref Days, 7]"), "{Type: Number, Default: 0}", "7"),
        (
            assertion("{'Fn::Contains': [[8, 9], !Ref Days]}"),
            "{Type: Number, Default: 0}",
            "null",
        ),
        (
            assertion("{'Fn::EachMemberIn': [[1], [1, 2]]}"),
            "{Type: Number, Default: 0, AllowedValues: [0]}",
            "0",
        ),
        (
            "{RuleCondition: !Equals [!Ref Stage, test], Assertions: [{Assert: !Equals [!Ref Days, 7]}]}".to_owned(),
            "{Type: Number, AllowedValues: [0]}",
            "0",
        ),
        (
            "{RuleCondition: !Equals [!Ref Stage, prod], Assertions: [{Assert: !Equals [!Ref Days, 7]}]}".to_owned(),
            "{Type: Number, Default: 0}",
            "7",
        ),
        (
            "{RuleCondition: !Equals [!Ref Stage, prod], Assertions: [{Assert: !Equals [!Ref Days, 7]}]}".to_owned(),
            "{Type: Number, NoEcho: true}",
            "null",
        ),
    ] {
        assert_eq!(
            values(&template(&rules, days), "backup_retention_period"),
            [format!("D: {is}")],
            "{rules} {days}"
        );
    }
}

#[test]
fn lines_around_a_template_are_none_of_it() {
    let noise = "\n> shop@0.1.0 synth\n> cdk synth\n\n[WARNING] aws-cdk-lib.Thing is deprecated.\n  Use another: one\nBundling asset Shop/Fn/Code/Stage...\n\n";
    let yaml = "Description: Shop\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      KmsMasterKeyId: alias/a\n";
    let json = "{\n \"Description\": \"Shop\",\n \"Resources\": {\n  \"Q\": {\n   \"Type\": \"AWS::SQS::Queue\"\n  }\n }\n}\n";
    for (name, text, lines) in [
        ("before.yaml", format!("{noise}{yaml}"), 5),
        ("behind.yaml", format!("{yaml}Done in 3.20s.\n"), 1),
        ("both.yaml", format!("{noise}{yaml}\n\u{2728}  Done in 9.02s.\n"), 6),
        ("before.json", format!("{noise}{json}"), 5),
        ("both.json", format!("yarn run v1.22.19\n$ cdk synth -j\n{json}Done in 3.20s.\n"), 3),
        ("comments.yaml", format!("# of ours\n\n---\n# more\n{yaml}"), 0),
        (
            "description.yaml",
            format!(
                "Description: >\n  Resources of ours:\n  many\n{}",
                yaml.replace("Description: Shop\n", "")
            ),
            0,
        ),
    ] {
        let said = import(&Folder::new().with(name, &text), &[name]);
        assert!(
            said.starts_with(&format!("AWS::SQS::Queue | Q | - | - | {name}: Q | ")),
            "{name}: {said}"
        );
        assert_eq!(said.contains("around the template"), lines > 0, "{name}: {said}");
        assert!(
            lines < 2 || said.contains(&format!("{lines} lines around the template in `{name}` are none of it")),
            "{name}: {said}"
        );
    }
    // What is wrong in the template is told at its own line.
    let broken = format!("{noise}AWSTemplateFormatVersion: x\nResources:\n  Q: [\n  R: }}\n");
    let said = Folder::new()
        .with("t.yaml", &broken)
        .run(&["import", "t.yaml"])
        .failed(1)
        .to_owned();
    assert!(said.contains("t.yaml:12:"), "{said}");
}

#[test]
fn what_may_not_be_there_shows_nothing_done() {
    let template = |policy: &str, bucket: &str| {
        let statement = json!([{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [{"Fn::GetAtt": ["Logs", "Arn"]}, {"Fn::Sub": "${Logs.Arn}/*"}], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]);
        let mut resources = json!({
            "Logs": {"Type": "AWS::S3::Bucket"},
            "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Logs"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": statement}}},
            "Detector": {"Type": "AWS::GuardDuty::Detector", "Properties": {"Enable": true}},
        });
        for (id, condition) in [("Policy", policy), ("Detector", policy), ("Logs", bucket)] {
            if !condition.is_empty() {
                resources[id]["Condition"] = condition.into();
            }
        }
        let conditions = json!({"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, "Other": {"Fn::Equals": [{"Ref": "Stage"}, "test"]}});
        json!({"Parameters": {"Stage": {"Type": "String"}}, "Conditions": conditions, "Resources": resources}).to_string()
    };
    let states = |policy: &str, bucket: &str| {
        let folder = Folder::new().with("t.json", template(policy, bucket));
        folder.put(
            "inventory.yaml",
            "inventory: 1\norganization: X\nimports:\n- {file: t.json, account: '111122223333', region: eu-west-1}\n",
        );
        let said = |path: &str| {
            let report = folder.run(&["report", path, "--format", "json", "--as-of", "2026-11-29"]).json();
            let state = |id: &str| {
                let services = list(&report, "services").iter();
                let mut all = services
                    .flat_map(|service| list(service, "controls"))
                    .flat_map(|control| list(control, "activities"));
                text(all.find(|activity| activity["id"] == id).unwrap(), "state").to_owned()
            };
            (
                state("s3.encryption-in-transit.customer.tls-only"),
                state("aws-account.monitoring-detection.customer.guardduty"),
            )
        };
        let read = said("inventory.yaml");
        // Written down, it says the same.
        folder.run(&["import", "t.json", "-o", "written.yaml"]).well();
        assert_eq!(said("written.yaml").0, read.0);
        read
    };
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(states("", ""), pair("met", "met"));
    assert_eq!(states("Prod", ""), pair("unknown", "unknown"));
    assert_eq!(states("Prod", "Other"), pair("unknown", "unknown"));
    assert_eq!(states("Prod", "Prod"), pair("met", "unknown"), "both are there, or neither");
}
