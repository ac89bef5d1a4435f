//! What a template or a plan does not settle by itself: parameters that whoever deploys it may give otherwise, and siblings that
//! may mean a resource.

use crate::support::{Folder, list, text};
use serde_json::{Value, json};

/// What a file says of an attribute of each resource, by where that stands: `-` where it says nothing.
fn said(folder: &Folder, name: &str, attribute: &str) -> Vec<String> {
    let imported = folder.run(&["import", name, "--format", "json"]).json();
    let line = |one: &Value| {
        let (_, place) = text(one, "from").split_once(": ").unwrap();
        let value = one["config"].get(attribute).map_or("-".to_owned(), Value::to_string);
        format!("{place}: {value}")
    };
    let mut lines: Vec<String> = list(&imported, "resources").iter().map(line).collect();
    lines.sort();
    lines
}

const PARAMETERS: &str = "\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::LanguageExtensions
Parameters:
  Days: {Type: Number, Default: 7}
  Few: {Type: Number, Default: 7, AllowedValues: [7, 14]}
  One: {Type: Number, Default: 7, AllowedValues: [7]}
  Stage: {Type: String, Default: prod, AllowedValues: [prod, test]}
  Names: {Type: CommaDelimitedList, Default: '7, 8'}
  Path: {Type: 'AWS::SSM::Parameter::Value<String>', Default: '/days', AllowedValues: ['/days']}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOther: !Equals [!Ref Stage, other]
  IsWeek: !Equals [!Ref Days, 7]
Mappings:
  Alike: {prod: {Days: 5}, test: {Days: 5}}
  Unlike: {prod: {Days: 5}, test: {Days: 6}}
Resources:
  DbDefault: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Ref Days}}
  DbFew: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Ref Few}}
  DbOne: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Ref One}}
  DbPath: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Ref Path}}
  DbAlike: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !If [IsProd, 3, 3]}}
  DbBoth: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !If [IsProd, 3, 4]}}
  DbNever: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !If [IsOther, 3, 4]}}
  DbWeek: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !If [IsWeek, 3, 4]}}
  DbMapAlike: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !FindInMap [Alike, !Ref Stage, Days]}}
  DbMapUnlike: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !FindInMap [Unlike, !Ref Stage, Days]}}
  DbChosen: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Select [!If [IsProd, 0, 1], [2, 2]]}}
  DbText: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Sub '${Few}'}}
  Fn::ForEach::Looped:
  - Name
  - !Ref Names
  - Looped${Name}: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Ref Name}}
    Plain${Name}: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: 9, DBSubnetGroupName: !Ref 'Group${Name}'}}
    Group${Name}: {Type: 'AWS::RDS::DBSubnetGroup', Properties: {}}
";

#[test]
fn a_default_is_counted_by_and_is_no_value() {
    let folder = Folder::new().with("t.yaml", PARAMETERS);
    assert_eq!(
        said(&folder, "t.yaml", "backup_retention_period"),
        [
            "DbAlike: 3",
            "DbBoth: -",
            "DbChosen: 2",
            "DbDefault: -",
            "DbFew: -",
            "DbMapAlike: 5",
            "DbMapUnlike: -",
            "DbNever: 4",
            "DbOne: 7",
            "DbPath: -",
            "DbText: -",
            "DbWeek: -",
            "Group7: -",
            "Group8: -",
            "Looped7: -",
            "Looped8: -",
            "Plain7: 9",
            "Plain8: 9",
        ]
    );
}

/// Whatever a default is, the report is that of a template without one: nothing is met by it and nothing is found by it.
#[test]
fn no_default_changes_what_is_judged() {
    let report = |default: &str| {
        let template = format!(
            "Parameters:\n  Is: {{Type: String{default}}}\n  Days: {{Type: Number}}\nConditions:\n  Yes: !Equals [!Ref Is, 'true']\nResources:\n  \
             Db:\n    Type: AWS::RDS::DBInstance\n    Properties: {{Engine: postgres, StorageEncrypted: !Ref Is, PubliclyAccessible: !If [Yes, false, true], \
             MultiAZ: !If [Yes, true, !Ref 'AWS::NoValue']}}\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration: !If [Yes, {{Status: \
             Enabled}}, !Ref 'AWS::NoValue']\n  Key: {{Type: 'AWS::KMS::Key', Properties: {{EnableKeyRotation: !Ref Is}}}}\n"
        );
        let folder = Folder::new().with("t.yaml", template);
        let report = folder
            .run(&["report", "t.yaml", "--format", "json", "--as-of", "2026-11-29"])
            .json();
        json!([report["summary"], report["services"], report["findings"]])
    };
    let none = report("");
    assert!(none.to_string().contains("\"unknown\""));
    for default in ["true", "false"] {
        assert_eq!(report(&format!(", Default: '{default}'")), none, "{default}");
        assert_ne!(report(&format!(", AllowedValues: ['{default}']")), none, "only {default}");
        assert_eq!(
            report(&format!(", Default: '{default}', AllowedValues: ['true', 'false']")),
            none,
            "{default} of two"
        );
    }
}

#[test]
fn what_a_stack_is_given_is_its_value() {
    let template = "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Days: {Type: Number, Default: 7}\n  Other: {Type: Number, Default: 7}\nResources:\n  \
        Db: {Type: 'AWS::RDS::DBInstance', Properties: {BackupRetentionPeriod: !Ref Days, MonitoringInterval: !Ref Other}}\n";
    // By the manifest of a cloud assembly.
    let manifest = json!({"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-3",
        "properties": {"templateFile": "S.template.json", "parameters": {"Days": "9"}}}}});
    let folder = Folder::new()
        .with("cdk.out/manifest.json", manifest.to_string())
        .with("cdk.out/S.template.json", template);
    assert_eq!(said(&folder, "cdk.out", "backup_retention_period"), ["Db: \"9\""]);
    assert_eq!(said(&folder, "cdk.out", "monitoring_interval"), ["Db: -"]);
    // By the stack around it: what that does not give is the default, unless something else may.
    let parent = |parameters: &str| {
        format!(
            "Parameters:\n  Open: {{Type: Number, Default: 3}}\nResources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: \
             {{TemplateURL: s.yaml{parameters}}}\n"
        )
    };
    for (parameters, days, interval) in [
        ("", "7", "7"),
        (", Parameters: {Days: 9}", "9", "7"),
        (", Parameters: {Days: !Ref Open}", "-", "7"),
        (", Parameters: {Days: !Ref 'AWS::NoValue'}", "7", "7"),
        (", Parameters: !If [Some, {Days: 9}, {Days: 8}]", "-", "-"),
        (", 'Fn::Transform': {Name: More}", "-", "-"),
    ] {
        let folder = Folder::new().with("p.yaml", parent(parameters)).with("s.yaml", template);
        let lines = |attribute: &str| {
            let all = said(&folder, "p.yaml", attribute);
            all.into_iter().find(|line| line.starts_with("S/Db:")).unwrap()
        };
        assert_eq!(lines("backup_retention_period"), format!("S/Db: {days}"), "{parameters}");
        assert_eq!(lines("monitoring_interval"), format!("S/Db: {interval}"), "{parameters}");
    }
}

/// What would be said of a resource is open where it is open who is meant, or whether it is said.
#[test]
fn what_may_mean_a_resource_leaves_it_open() {
    let template = |cluster: &str, more: &str| {
        format!(
            "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Id: {{Type: String}}\nConditions:\n  Is: !Equals [!Ref Id, x]\nResources:\n  Db: {{Type: 'AWS::RDS::DBInstance', Properties: \
             {{Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster}}}}\n  Cluster: {{Type: 'AWS::RDS::DBCluster', Properties: {{Engine: \
             aurora-postgresql{cluster}}}}}\n{more}"
        )
    };
    let global = |of: &str| format!("  World: {{Type: 'AWS::RDS::GlobalCluster', Properties: {{SourceDBClusterIdentifier: {of}}}}}\n");
    let conditional = "  World: {Type: 'AWS::RDS::GlobalCluster', Condition: Is, Properties: {SourceDBClusterIdentifier: !Ref Cluster}}\n";
    for (cluster, more, is) in [
        ("", String::new(), "-"),
        (", GlobalClusterIdentifier: world", String::new(), "[\"named\"]"),
        (", GlobalClusterIdentifier: !Ref Id", String::new(), "-"),
        (
            ", GlobalClusterIdentifier: !If [Is, world, !Ref 'AWS::NoValue']",
            String::new(),
            "-",
        ),
        ("", global("!Ref Cluster"), "[\"named\"]"),
        ("", global("!Ref Id"), "-"),
        ("", global("!ImportValue x"), "-"),
        ("", conditional.to_owned(), "-"),
    ] {
        let folder = Folder::new().with("t.yaml", template(cluster, &more));
        let all = said(&folder, "t.yaml", "global_databases");
        let line = all.iter().find(|line| line.starts_with("Db:")).unwrap();
        assert_eq!(*line, format!("Db: {is}"), "{cluster} {more}");
    }
}

#[test]
fn what_a_plan_does_not_know_yet_leaves_siblings_open() {
    let plan = |source: Value, unknown: Value| {
        let resource = |kind: &str, values: Value| json!({"address": format!("{kind}.a"), "mode": "managed", "type": kind, "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws", "values": values});
        let mut world = json!({"global_cluster_identifier": "world"});
        if !source.is_null() {
            world["source_db_cluster_identifier"] = source;
        }
        json!({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [
            resource("aws_rds_cluster", json!({"cluster_identifier": "a", "engine": "aurora-postgresql", "engine_mode": "provisioned", "global_cluster_identifier": null, "auto_minor_version_upgrade": true})),
            resource("aws_rds_cluster_instance", json!({"cluster_identifier": "a", "auto_minor_version_upgrade": true})),
            resource("aws_rds_global_cluster", world),
        ]}}, "resource_changes": [{"address": "aws_rds_global_cluster.a", "change": {"actions": ["create"], "after_unknown": unknown}}]})
        .to_string()
    };
    let arn = |last: &str| json!(format!("arn:aws:rds:eu-west-1:111122223333:cluster:{last}"));
    for (source, unknown, is) in [
        (Value::Null, json!({}), "[]"),
        (arn("b"), json!({}), "[]"),
        (arn("a"), json!({}), "[\"(...)\"]"),
        (json!("a"), json!({}), "[\"world\"]"),
        (Value::Null, json!({"source_db_cluster_identifier": true}), "[\"(...)\"]"),
    ] {
        let folder = Folder::new().with("p.json", plan(source.clone(), unknown.clone()));
        let lines = said(&folder, "p.json", "global_databases");
        let line = lines.iter().find(|line| line.starts_with("aws_rds_cluster_instance")).unwrap();
        assert_eq!(*line, format!("aws_rds_cluster_instance.a: {is}"), "{source} {unknown}");
        let inventory = "inventory: 1\norganization: X\nimports: [{file: p.json}]\n";
        folder.put("inventory.yaml", inventory);
        let report = folder
            .run(&["report", "inventory.yaml", "--format", "json", "--as-of", "2026-11-29"])
            .json();
        let states: Vec<&str> = crate::support::activities(&report)
            .into_iter()
            .filter(|(_, one)| one["duty"].is_string() && text(one, "id").ends_with(".minor-upgrades"))
            .map(|(_, one)| text(one, "state"))
            .collect();
        let expected = if is == "[]" { "met" } else { "unknown" };
        assert_eq!(states, [expected], "{source} {unknown}");
    }
}

/// The states of the duties of an activity.
fn states(folder: &Folder, file: &str, activity: &str) -> Vec<String> {
    let duties = folder.run(&["list", "duties", file, "--format", "json"]).json();
    let of_activity = duties.as_array().unwrap().iter().filter(|duty| text(duty, "activity") == activity);
    of_activity.map(|duty| text(duty, "state").to_owned()).collect()
}

#[test]
fn what_a_template_leaves_to_others_shows_nothing() {
    const KEY: &str = "sns.encryption-at-rest.customer.message-encryption";
    const PORTS: &str = "vpc.network-access-control.customer.admin-ports";
    const CALLS: &str = "connect.logging.customer.flow-logs";
    let topic = |key: &str| json!({"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}});
    let own = topic("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    let rule = |from: Value| {
        let ingress = json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": from}]);
        json!({"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g", "SecurityGroupIngress": ingress}})
    };
    let parameter = json!({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "0.0.0.0/0"}});
    let calls = |are_logged: bool| json!({"Type": "AWS::Connect::Instance", "Properties": {"Attributes": {"ContactflowLogs": are_logged}}});
    let mut aside = own.clone();
    aside["Fn::Transform"] = json!({"Name": "Own"});
    let within = |transform: Value| {
        let mut topic = own.clone();
        topic["Properties"]["Fn::Transform"] = transform;
        topic
    };
    let (beside, listed) = (
        within(json!({"Name": "Own", "Parameters": {"Env": "dev"}})),
        within(json!([{"Name": "Own"}])),
    );
    let included = within(json!({"Name": "AWS::Include", "Parameters": {"Location": "s3://b/x"}}));
    for (transform, resources, activity, expected) in [
        (json!([]), json!({"T": own}), KEY, "met"),
        (json!(["AWS::LanguageExtensions"]), json!({"T": own}), KEY, "met"),
        (json!(["AWS::LanguageExtensions", "Own"]), json!({"T": own}), KEY, "unknown"),
        (json!({"Name": "Own"}), json!({"T": own}), KEY, "unknown"),
        (json!([]), json!({"T": aside}), KEY, "unknown"),
        (json!([]), json!({"T": beside}), KEY, "unknown"),
        (json!([]), json!({"T": listed}), KEY, "unknown"),
        (json!([]), json!({"T": included}), KEY, "met"),
        (json!([]), json!({"T": own, "Fn::Transform": {"Name": "Own"}}), KEY, "unknown"),
        (json!([]), json!({"T": topic("{{resolve:ssm:/keys/topics}}")}), KEY, "unknown"),
        (json!([]), json!({"G": rule(json!("10.0.0.0/8"))}), PORTS, "met"),
        (json!([]), json!({"C": calls(false)}), CALLS, "not-met"),
        (json!([]), json!({"C": calls(true)}), CALLS, "unknown"),
        (json!([]), json!({"G": rule(json!("{{resolve:ssm:/offices}}"))}), PORTS, "unknown"),
        (
            json!([]),
            json!({"P": parameter, "G": rule(json!({"Fn::GetAtt": ["P", "Value"]}))}),
            PORTS,
            "unknown",
        ),
    ] {
        let template = json!({"Transform": transform, "Resources": resources});
        let folder = Folder::new().with("t.json", template.to_string());
        assert_eq!(states(&folder, "t.json", activity), [expected], "{template:#}");
        let is_told = folder
            .run(&["check", "t.json"])
            .errors
            .contains("the macro `Own` may make anything");
        assert_eq!(is_told, template.to_string().contains("Own"), "{template:#}");
    }
}

/// A macro of somebody's own may replace what stands beside it, in mappings and conditions, too.
#[test]
fn what_a_macro_may_remake_in_a_section_is_unknown() {
    let pristine = json!({
        "Mappings": {"M": {"a": {"days": 9}, "b": {"days": 9}}},
        "Conditions": {"C": {"Fn::Equals": ["a", "a"]}},
        "Resources": {
            "Mapped": {"Type": "AWS::RDS::DBInstance", "Properties": {
                "BackupRetentionPeriod": {"Fn::FindInMap": ["M", "a", "days", {"DefaultValue": 9}]}}},
            "Chosen": {"Type": "AWS::RDS::DBInstance", "Properties": {"BackupRetentionPeriod": {"Fn::If": ["C", 9, 8]}}},
        },
    });
    for (at, mapped, chosen) in [
        ("", "9", "9"),
        ("/Mappings", "-", "9"),
        ("/Mappings/M", "-", "9"),
        ("/Mappings/M/a", "-", "9"),
        ("/Mappings/M/b", "9", "9"),
        ("/Conditions", "9", "-"),
        ("/Conditions/C", "9", "-"),
    ] {
        let mut template = pristine.clone();
        if !at.is_empty() {
            template.pointer_mut(at).unwrap()["Fn::Transform"] = json!({"Name": "Own"});
        }
        let folder = Folder::new().with("t.json", template.to_string());
        let expected = [format!("Chosen: {chosen}"), format!("Mapped: {mapped}")];
        assert_eq!(said(&folder, "t.json", "backup_retention_period"), expected, "{at}");
        let errors = folder.run(&["check", "t.json"]).errors;
        assert_eq!(errors.contains("the macro `Own` may make anything"), !at.is_empty(), "{at}");
    }
}

#[test]
fn an_item_that_a_plan_knows_later_is_no_item() {
    let plan = |ingress: Value, unknown: Value| {
        let values = json!({"name": "g", "ingress": ingress, "egress": []});
        let named = json!({"address": "aws_security_group.g", "mode": "managed", "type": "aws_security_group", "name": "g",
            "provider_name": "registry.terraform.io/hashicorp/aws"});
        let mut planned = named.clone();
        planned["values"] = values.clone();
        let mut change = named;
        change["change"] = json!({"actions": ["create"], "after": values, "after_unknown": {"ingress": unknown, "egress": []}});
        json!({"format_version": "1.2", "terraform_version": "1.9.8", "planned_values": {"root_module": {"resources": [planned]}}, "resource_changes": [change]})
    };
    let rule = |ranges: Value| {
        json!([{"cidr_blocks": ranges, "from_port": 22, "to_port": 22, "protocol": "tcp", "ipv6_cidr_blocks": [], "prefix_list_ids": [],
            "security_groups": [], "self": false, "description": ""}])
    };
    for (ingress, unknown, expected) in [
        (rule(json!(["10.0.0.0/8"])), json!([{}]), "met"),
        (rule(json!([null])), json!([{"cidr_blocks": [true]}]), "unknown"),
        (
            rule(json!(["10.0.0.0/8", null])),
            json!([{"cidr_blocks": [false, true]}]),
            "unknown",
        ),
        (rule(json!(["0.0.0.0/0", null])), json!([{"cidr_blocks": [false, true]}]), "not-met"),
        (json!([null]), json!([true]), "unknown"),
    ] {
        let plan = plan(ingress, unknown);
        let folder = Folder::new().with("plan.json", plan.to_string());
        assert_eq!(
            states(&folder, "plan.json", "vpc.network-access-control.customer.admin-ports"),
            [expected],
            "{plan:#}"
        );
    }
}

#[test]
fn of_entries_that_differ_none_counts() {
    const LOGS: &str = "elasticbeanstalk.logging.customer.instance-logs";
    let option = |value: &Value| json!({"Namespace": "aws:elasticbeanstalk:cloudwatch:logs", "OptionName": "StreamLogs", "Value": value});
    for (values, expected) in [
        (json!(["true"]), "met"),
        (json!(["true", "true"]), "met"),
        (json!(["true", "false"]), "unknown"),
        (json!(["false", "true"]), "unknown"),
        (json!(["true", {"Fn::ImportValue": "Logs"}]), "unknown"),
    ] {
        let options: Vec<Value> = values.as_array().unwrap().iter().map(option).collect();
        let template = json!({"Resources": {"E": {"Type": "AWS::ElasticBeanstalk::Environment", "Properties": {"ApplicationName": "a", "OptionSettings": options}}}});
        let folder = Folder::new().with("t.json", template.to_string());
        assert_eq!(states(&folder, "t.json", LOGS), [expected], "{template:#}");
    }
}

/// Two dynamic references are two names, whatever they come to: what is said of the one is said of no other.
#[test]
fn what_is_not_told_is_no_name() {
    const TLS: &str = "s3.encryption-in-transit.customer.tls-only";
    let template = |bucket: Value, policy: Value| {
        let deny = json!([{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]);
        json!({"Resources": {
            "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
            "P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": policy, "PolicyDocument": {"Statement": deny}}},
        }})
    };
    for (bucket, policy, expected) in [
        (json!("data"), json!("data"), "met"),
        (json!("data"), json!({"Ref": "B"}), "met"),
        (json!("{{resolve:ssm:/data}}"), json!({"Ref": "B"}), "met"),
        (json!("{{resolve:ssm:/data}}"), json!("{{resolve:ssm:/logs}}"), "unknown"),
        (json!("data"), json!("{{resolve:ssm:/logs}}"), "unknown"),
        (
            json!({"Fn::Sub": "a-{{resolve:ssm:/data}}"}),
            json!({"Fn::Join": ["-", ["a", "{{resolve:ssm:/logs}}"]]}),
            "unknown",
        ),
        (json!("data"), json!({"Fn::Sub": "${B.Arn}-other"}), "unknown"),
    ] {
        let template = template(bucket, policy);
        let folder = Folder::new().with("t.json", template.to_string());
        let states = states(&folder, "t.json", TLS);
        let is_met = states.iter().any(|state| state == "met");
        assert_eq!(is_met, expected == "met", "{states:?} {template:#}");
    }
}

/// A bucket's policy can name no other bucket: both spellings mean this one.
#[test]
fn a_policy_spells_its_own_bucket_in_any_way() {
    const TLS: &str = "s3.encryption-in-transit.customer.tls-only";
    let arn = json!({"Fn::GetAtt": ["B", "Arn"]});
    let objects = json!({"Fn::Sub": "arn:aws:s3:::${B}/*"});
    for (resources, expected) in [
        (json!([arn, objects]), "met"),
        (json!([arn, {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "B"}, "/*"]]}]), "met"),
        (json!([objects]), "not-met"),
        (json!([arn]), "not-met"),
        (json!([arn, {"Fn::Sub": "arn:aws:s3:::${B}/private/*"}]), "not-met"),
    ] {
        let deny = json!([{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resources, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]);
        let template = json!({"Resources": {
            "B": {"Type": "AWS::S3::Bucket", "Properties": {}},
            "P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "B"}, "PolicyDocument": {"Statement": deny}}},
        }});
        let folder = Folder::new().with("t.json", template.to_string());
        assert_eq!(states(&folder, "t.json", TLS), [expected], "{template:#}");
    }
}

/// A sibling replaces what its owner says of itself: also where the owner has no name yet, and where two siblings disagree.
#[test]
fn what_a_sibling_may_replace_is_not_counted() {
    const VERSIONING: &str = "s3.backup.customer.versioning";
    let resource = |kind: &str, name: &str, values: &Value| json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "provider_name": "registry.terraform.io/hashicorp/aws", "values": values});
    let planned = |bucket: Value, unknown: &Value, statuses: &[&str]| {
        let mut resources = vec![resource("aws_s3_bucket", "b", &bucket)];
        let mut changes =
            vec![json!({"address": "aws_s3_bucket.b", "change": {"actions": ["create"], "after": bucket, "after_unknown": unknown}})];
        for (number, status) in statuses.iter().enumerate() {
            let mut of = json!({"versioning_configuration": [{"status": status}]});
            if let Some(name) = bucket.get("bucket") {
                of["bucket"] = name.clone();
            }
            let one = resource("aws_s3_bucket_versioning", &format!("v{number}"), &of);
            let open = json!({"bucket": of.get("bucket").is_none()});
            changes.push(json!({"address": one["address"], "change": {"actions": ["create"], "after": of, "after_unknown": open}}));
            resources.push(one);
        }
        json!({"format_version": "1.2", "terraform_version": "1.9.8", "planned_values": {"root_module": {"resources": resources}}, "resource_changes": changes})
    };
    let inline = json!([{"enabled": true, "mfa_delete": false}]);
    let named = json!({"bucket": "b", "versioning": inline});
    let nameless = json!({"bucket_prefix": "b", "versioning": inline});
    let later = json!({"bucket": true, "id": true});
    for (bucket, unknown, statuses, expected) in [
        (named.clone(), json!({}), vec![], "met"),
        (named.clone(), json!({}), vec!["Suspended"], "not-met"),
        (named, json!({}), vec!["Suspended", "Enabled"], "unknown"),
        (nameless.clone(), later.clone(), vec![], "met"),
        (nameless, later, vec!["Suspended"], "unknown"),
    ] {
        let plan = planned(bucket, &unknown, &statuses);
        let folder = Folder::new().with("p.json", plan.to_string());
        assert_eq!(states(&folder, "p.json", VERSIONING), [expected], "{plan:#}");
    }
}

/// An object that was replaced and could not be removed is still deployed, in a state and where that is printed.
#[test]
fn what_was_deposed_is_there_until_it_is_removed() {
    let disk = |encrypted: bool| json!({"id": if encrypted { "vol-2" } else { "vol-1" }, "encrypted": encrypted});
    let provider = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let state = json!({"version": 4, "terraform_version": "1.9.8", "resources": [{
        "mode": "managed", "type": "aws_ebs_volume", "name": "a", "provider": provider,
        "instances": [{"attributes": disk(true)}, {"deposed": "0a1b2c3d", "attributes": disk(false)}],
    }]});
    let shown = |values: Value| json!({"address": "aws_ebs_volume.a", "mode": "managed", "type": "aws_ebs_volume", "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws", "values": values});
    let mut old = shown(disk(false));
    old["deposed_key"] = json!("0a1b2c3d");
    let printed =
        json!({"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": [shown(disk(true)), old]}}});
    for (file, text) in [("a.tfstate", state.to_string()), ("shown.json", printed.to_string())] {
        let folder = Folder::new().with(file, text);
        let mut lines = said(&folder, file, "encrypted");
        lines.sort();
        assert_eq!(
            lines,
            ["aws_ebs_volume.a (deposed 0a1b2c3d): false", "aws_ebs_volume.a: true"],
            "{file}"
        );
    }
}

/// What a plan knows after it only excuses nobody, and lets nothing be met that it may decide of.
#[test]
fn where_it_is_open_whether_a_database_is_restored_its_encryption_is_too() {
    let storage = "rds.encryption-at-rest.customer.storage";
    let plan = |unknown: Value| {
        let values = json!({"engine": "mysql", "storage_encrypted": true, "replicate_source_db": null, "restore_to_point_in_time": []});
        let resource = json!({"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws", "values": values});
        json!({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [resource]}},
            "resource_changes": [{"address": "aws_db_instance.a", "change": {"actions": ["create"], "after_unknown": unknown}}]})
    };
    for (unknown, expected) in [(json!({}), "met"), (json!({"snapshot_identifier": true}), "unknown")] {
        let folder = Folder::new().with("p.json", plan(unknown.clone()).to_string());
        assert_eq!(states(&folder, "p.json", storage), [expected], "{unknown}");
    }
}

#[test]
fn what_stands_under_a_condition_that_never_holds_is_not_there() {
    let template = "AWSTemplateFormatVersion: '2010-09-09'\nParameters: {Stage: {Type: String, Default: test, AllowedValues: [test, prod]}}\n\
        Conditions: {Never: !Equals [a, b], Maybe: !Equals [!Ref Stage, prod]}\nResources:\n  \
        Gone: {Type: 'AWS::RDS::DBInstance', Condition: Never, Properties: {BackupRetentionPeriod: 1}}\n  \
        Some: {Type: 'AWS::RDS::DBInstance', Condition: Maybe, Properties: {BackupRetentionPeriod: 2}}\n";
    let folder = Folder::new().with("t.yaml", template);
    assert_eq!(said(&folder, "t.yaml", "backup_retention_period"), ["Some: 2"]);
}

#[test]
fn one_name_in_the_place_of_a_list_is_a_list() {
    let template = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  \
        One: {Type: 'AWS::RDS::DBInstance', Properties: {EnableCloudwatchLogsExports: iam-db-auth-error}}\n  \
        Two: {Type: 'AWS::RDS::DBInstance', Properties: {EnableCloudwatchLogsExports: 'error,audit'}}\n";
    let folder = Folder::new().with("t.yaml", template);
    let expected = ["One: [\"iam-db-auth-error\"]", "Two: [\"(...)\"]"];
    assert_eq!(said(&folder, "t.yaml", "enabled_cloudwatch_logs_exports"), expected);
}
