//! One thing told by several sources is one thing: the same service, mode and attributes.

use crate::support::{Folder, list};
use serde_json::{Value, json};

/// The imported resource of this type.
fn imported(name: &str, text: &Value, kind: &str) -> Value {
    let found = Folder::new()
        .with(name, text.to_string())
        .run(&["import", name, "--format", "json"])
        .json();
    let one = list(&found, "resources").iter().find(|one| one["type"] == kind);
    one.unwrap_or_else(|| panic!("no {kind} in {found:#}")).clone()
}

/// An overlay in which a duty of a service rests on these attributes, since nothing else is imported.
fn asking(service: &str, settled: &Value) -> String {
    fn paths(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, inner)| paths(inner, &format!("{at}.{key}"), found)),
            Value::Array(items) if items.iter().any(Value::is_object) => items.iter().for_each(|item| paths(item, at, found)),
            _ => found.push(at.to_owned()),
        }
    }
    let mut asked = Vec::new();
    for (key, value) in settled.as_object().unwrap() {
        paths(value, key, &mut asked);
    }
    let mut case = json!("x");
    for step in asked.first().map(String::as_str).unwrap_or("engine").rsplit('.') {
        case = json!({step: case});
    }
    let tests: Vec<Value> = asked.into_iter().map(|path| json!({path: {"present": true}})).collect();
    json!({"id": service, "reason": "For a test", "sources": {"page": {"title": "Page", "url": "https://example.com/page", "reviewed": "2026-10-01"}},
        "controls": {"backup": {"customer": [{"id": "ask", "does": "Asks", "default": "build", "how": "Ask", "evidence": "An answer",
            "source": "page", "attested_when": {"any": tests}, "cases": [{"met": case}, {"unknown": {"other": "x"}}]}]}}})
    .to_string()
}

/// What a state, a template and AWS Config say of one thing.
struct Told {
    service: &'static str,
    mode: Value,
    terraform: (&'static str, Value),
    aws: &'static str,
    template: Value,
    config: Value,
    /// Attributes that all three must come to.
    settled: Value,
}

fn cases() -> Vec<Told> {
    vec![
        Told {
            service: "rds",
            mode: Value::Null,
            terraform: (
                "aws_db_instance",
                json!({"engine": "postgres", "instance_class": "db.t4g.small", "storage_encrypted": true, "multi_az": true,
                "backup_retention_period": 7, "ca_cert_identifier": "rds-ca-rsa2048-g1", "performance_insights_enabled": true,
                "iam_database_authentication_enabled": true, "enabled_cloudwatch_logs_exports": ["postgresql"]}),
            ),
            aws: "AWS::RDS::DBInstance",
            template: json!({"Engine": "postgres", "DBInstanceClass": "db.t4g.small", "StorageEncrypted": true, "MultiAZ": true,
                "BackupRetentionPeriod": 7, "CACertificateIdentifier": "rds-ca-rsa2048-g1", "EnablePerformanceInsights": true,
                "EnableIAMDatabaseAuthentication": true, "EnableCloudwatchLogsExports": ["postgresql"]}),
            config: json!({"engine": "postgres", "dBInstanceClass": "db.t4g.small", "storageEncrypted": true, "multiAZ": true,
                "backupRetentionPeriod": 7, "cACertificateIdentifier": "rds-ca-rsa2048-g1", "performanceInsightsEnabled": true,
                "iAMDatabaseAuthenticationEnabled": true, "enabledCloudwatchLogsExports": ["postgresql"]}),
            settled: json!({"engine": "postgres", "instance_class": "db.t4g.small", "storage_encrypted": true, "multi_az": true,
                "backup_retention_period": 7, "ca_cert_identifier": "rds-ca-rsa2048-g1", "performance_insights_enabled": true,
                "iam_database_authentication_enabled": true, "enabled_cloudwatch_logs_exports": ["postgresql"]}),
        },
        Told {
            service: "s3",
            mode: Value::Null,
            terraform: (
                "aws_s3_bucket",
                json!({"bucket": "b", "versioning": [{"enabled": true, "mfa_delete": false}],
                "block_public_acls": true, "restrict_public_buckets": false, "logging": {"target_bucket": "logs"},
                "server_side_encryption_configuration": [{"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}]}]}),
            ),
            aws: "AWS::S3::Bucket",
            template: json!({"BucketName": "b", "VersioningConfiguration": {"Status": "Enabled"},
                "PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "RestrictPublicBuckets": false},
                "LoggingConfiguration": {"DestinationBucketName": "logs"},
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}}),
            config: json!({"name": "b", "BucketVersioningConfiguration": {"status": "Enabled", "isMfaDeleteEnabled": null},
                "PublicAccessBlockConfiguration": {"blockPublicAcls": true, "restrictPublicBuckets": false},
                "BucketLoggingConfiguration": {"destinationBucketName": "logs", "logFilePrefix": ""},
                "ServerSideEncryptionConfiguration": {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": null}}]}}),
            settled: json!({"versioning": true, "block_public_acls": true, "restrict_public_buckets": false, "sse_algorithm": "aws:kms",
                "logging": {"target_bucket": "logs"}}),
        },
        Told {
            service: "lambda",
            mode: json!("image"),
            terraform: (
                "aws_lambda_function",
                json!({"package_type": "Image", "tracing_config": [{"mode": "Active"}]}),
            ),
            aws: "AWS::Lambda::Function",
            template: json!({"Code": {"ImageUri": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/x:1"}, "TracingConfig": {"Mode": "Active"}}),
            config: json!({"packageType": "Image", "tracingConfig": {"mode": "Active"}}),
            settled: json!({"package_type": "Image"}),
        },
        Told {
            service: "ecs",
            mode: json!("fargate"),
            terraform: (
                "aws_ecs_service",
                json!({"launch_type": "FARGATE", "desired_count": 2, "network_configuration": [{"assign_public_ip": false}],
                "deployment_circuit_breaker": [{"enable": true}]}),
            ),
            aws: "AWS::ECS::Service",
            template: json!({"LaunchType": "FARGATE", "DesiredCount": 2, "NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "DISABLED"}},
                "DeploymentConfiguration": {"DeploymentCircuitBreaker": {"Enable": true}}}),
            config: json!({"LaunchType": "FARGATE", "DesiredCount": 2, "NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "DISABLED"}},
                "DeploymentConfiguration": {"DeploymentCircuitBreaker": {"Enable": true}}}),
            settled: json!({"launch_type": "FARGATE"}),
        },
        Told {
            service: "eks",
            mode: json!("managed-node-groups"),
            terraform: (
                "aws_eks_node_group",
                json!({"ami_type": "AL2023_x86_64_STANDARD", "node_repair_config": [{"enabled": true}]}),
            ),
            aws: "AWS::EKS::Nodegroup",
            template: json!({"AmiType": "AL2023_x86_64_STANDARD", "NodeRepairConfig": {"Enabled": true}}),
            config: json!({"AmiType": "AL2023_x86_64_STANDARD", "NodeRepairConfig": {"Enabled": true}}),
            settled: json!({"ami_type": "AL2023_x86_64_STANDARD"}),
        },
        Told {
            service: "dynamodb",
            mode: json!("on-demand"),
            terraform: (
                "aws_dynamodb_table",
                json!({"billing_mode": "PAY_PER_REQUEST", "point_in_time_recovery": {"enabled": true},
                "server_side_encryption": {"enabled": true}, "deletion_protection_enabled": true}),
            ),
            aws: "AWS::DynamoDB::Table",
            template: json!({"BillingMode": "PAY_PER_REQUEST", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
                "SSESpecification": {"SSEEnabled": true}, "DeletionProtectionEnabled": true}),
            config: json!({"billingModeSummary": {"billingMode": "PAY_PER_REQUEST"}, "sSEDescription": {"status": "ENABLED"},
                "ContinuousBackupsDescription": {"pointInTimeRecoveryDescription": {"pointInTimeRecoveryStatus": "ENABLED"}},
                "deletionProtectionEnabled": true}),
            settled: json!({"billing_mode": "PAY_PER_REQUEST", "point_in_time_recovery": {"enabled": true}, "server_side_encryption": {"enabled": true},
                "deletion_protection_enabled": true}),
        },
        Told {
            service: "elastic-load-balancing",
            mode: json!("application"),
            terraform: (
                "aws_lb",
                json!({"load_balancer_type": "application", "internal": true, "enable_deletion_protection": true,
                "access_logs": {"enabled": true}, "drop_invalid_header_fields": true}),
            ),
            aws: "AWS::ElasticLoadBalancingV2::LoadBalancer",
            template: json!({"Scheme": "internal", "LoadBalancerAttributes": [{"Key": "deletion_protection.enabled", "Value": "true"},
                {"Key": "access_logs.s3.enabled", "Value": "true"}, {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}]}),
            config: json!({"type": "application", "scheme": "internal", "LoadBalancerAttributes": [{"key": "deletion_protection.enabled", "value": "true"},
                {"key": "access_logs.s3.enabled", "value": "true"}, {"key": "routing.http.drop_invalid_header_fields.enabled", "value": "true"}]}),
            settled: json!({"load_balancer_type": "application", "internal": true, "enable_deletion_protection": true, "access_logs": {"enabled": true},
                "drop_invalid_header_fields": true}),
        },
        Told {
            service: "elastic-load-balancing",
            mode: json!("classic"),
            terraform: (
                "aws_elb",
                json!({"listener": [{"lb_protocol": "HTTPS", "lb_port": 443, "instance_protocol": "HTTP", "instance_port": 80},
                    {"lb_protocol": "HTTP", "lb_port": 80, "instance_protocol": "HTTP", "instance_port": 80}]}),
            ),
            aws: "AWS::ElasticLoadBalancing::LoadBalancer",
            template: json!({"Listeners": [
                {"Protocol": "HTTPS", "LoadBalancerPort": "443", "InstanceProtocol": "HTTP", "InstancePort": "80"},
                {"Protocol": "HTTP", "LoadBalancerPort": "80", "InstanceProtocol": "HTTP", "InstancePort": "80"}]}),
            config: json!({"scheme": "internet-facing", "listenerDescriptions": [
                {"listener": {"protocol": "HTTPS", "loadBalancerPort": 443, "instanceProtocol": "HTTP", "instancePort": 80}, "policyNames": []},
                {"listener": {"protocol": "HTTP", "loadBalancerPort": 80, "instanceProtocol": "HTTP", "instancePort": 80}, "policyNames": []}]}),
            settled: json!({"listener": [{"lb_protocol": "HTTPS"}, {"lb_protocol": "HTTP"}]}),
        },
        Told {
            service: "elasticbeanstalk",
            mode: json!("managed-updates"),
            terraform: (
                "aws_elastic_beanstalk_environment",
                json!({"setting": [
                {"namespace": "aws:elasticbeanstalk:managedactions", "name": "ManagedActionsEnabled", "value": "true"},
                {"namespace": "aws:autoscaling:launchconfiguration", "name": "DisableIMDSv1", "value": "true"}]}),
            ),
            aws: "AWS::ElasticBeanstalk::Environment",
            template: json!({"OptionSettings": [
                {"Namespace": "aws:elasticbeanstalk:managedactions", "OptionName": "ManagedActionsEnabled", "Value": "true"},
                {"Namespace": "aws:autoscaling:launchconfiguration", "OptionName": "DisableIMDSv1", "Value": "true"}]}),
            config: json!({"OptionSettings": [
                {"Namespace": "aws:elasticbeanstalk:managedactions", "OptionName": "ManagedActionsEnabled", "Value": "true"},
                {"Namespace": "aws:autoscaling:launchconfiguration", "OptionName": "DisableIMDSv1", "Value": "true"}]}),
            settled: json!({"managed_actions_enabled": true, "disable_imdsv1": true}),
        },
        Told {
            service: "vpc",
            mode: Value::Null,
            terraform: (
                "aws_security_group",
                json!({"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": [], "from_port": 22, "to_port": 22, "protocol": "tcp"}]}),
            ),
            aws: "AWS::EC2::SecurityGroup",
            template: json!({"SecurityGroupIngress": [{"CidrIp": "0.0.0.0/0", "FromPort": 22, "ToPort": 22, "IpProtocol": "tcp"}]}),
            config: json!({"ipPermissions": [{"ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}], "ipRanges": ["0.0.0.0/0"], "ipv6Ranges": [], "fromPort": 22, "toPort": 22, "ipProtocol": "tcp"}]}),
            settled: json!({}),
        },
        Told {
            service: "ec2",
            mode: Value::Null,
            terraform: (
                "aws_instance",
                json!({"instance_type": "m7g.large", "tenancy": "default", "monitoring": true,
                "metadata_options": [{"http_tokens": "required", "http_endpoint": "enabled"}]}),
            ),
            aws: "AWS::EC2::Instance",
            template: json!({"InstanceType": "m7g.large", "Tenancy": "default", "Monitoring": true,
                "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"}}),
            config: json!({"instanceType": "m7g.large", "placement": {"tenancy": "default"}, "monitoring": {"state": "enabled"},
                "metadataOptions": {"httpTokens": "required", "httpEndpoint": "enabled"}}),
            settled: json!({"instance_type": "m7g.large", "tenancy": "default", "monitoring": true}),
        },
    ]
}

#[test]
fn every_source_says_the_same_of_the_same_thing() {
    for told in cases() {
        let (kind, attributes) = &told.terraform;
        let state = json!({"version": 4, "terraform_version": "1.9.8", "resources": [{"mode": "managed", "type": kind, "name": "x",
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": attributes}]}]});
        let template =
            json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"X": {"Type": told.aws, "Properties": told.template}}});
        // A snapshot, which alone tells all that there is.
        let config = json!({"configSnapshotId": "1", "configurationItems": [{"resourceType": told.aws, "resourceId": "x",
            "awsAccountId": "111122223333", "awsRegion": "eu-west-1", "configurationItemStatus": "OK",
            "configuration": told.config.to_string()}]});
        for (name, text, kind) in [
            ("state.json", state, *kind),
            ("template.json", template, told.aws),
            ("config.json", config, told.aws),
        ] {
            let mut folder = Folder::new().with(name, text.to_string());
            let mut arguments = vec!["import", name, "--format", "json"];
            if told.settled != json!({}) {
                folder = folder.with(
                    &format!("asked/services/{}.yaml", told.service),
                    asking(told.service, &told.settled),
                );
                arguments.extend(["--catalog", "asked"]);
            }
            let found = folder.run(&arguments).json();
            let one = list(&found, "resources").iter().find(|one| one["type"] == kind).unwrap();
            assert_eq!(one["service"], told.service, "{name}: {one:#}");
            assert_eq!(one["mode"], told.mode, "{name}: {one:#}");
            for (key, wanted) in told.settled.as_object().unwrap() {
                let is = &one["config"][key];
                let same = is == wanted || (wanted.is_boolean() && is[0]["enabled"] == *wanted);
                assert!(same, "{name}: {key} is {is} and not {wanted}");
            }
        }
    }
}

#[test]
fn what_lies_in_resources_of_its_own_reaches_its_owner_in_a_template() {
    let template = json!({"Resources": {
        "Logs": {"Type": "AWS::S3::Bucket"},
        "LogsPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Logs"}, "PolicyDocument": {"Statement": [
            {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}}},
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"RequiresCompatibilities": ["FARGATE"]}},
        "Api": {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": {"Ref": "Task"}}},
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.12"}},
        "Url": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Fn", "Arn"]}, "AuthType": "AWS_IAM"}},
        "Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "n"}},
        "Rotation": {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": {"SecretId": {"Ref": "Key"}, "RotationLambdaARN": {"Fn::GetAtt": "Fn.Arn"}}},
    }});
    let one = |kind: &str| imported("a.json", &template, kind);
    assert!(
        one("AWS::S3::Bucket")["config"]["policy"]
            .as_str()
            .unwrap()
            .contains("aws:SecureTransport")
    );
    // Where it runs is not told, only what its definition was made for.
    assert_eq!(one("AWS::ECS::Service")["config"]["requires_compatibilities"], json!(["FARGATE"]));
    assert_eq!(one("AWS::ECS::Service")["mode"], Value::Null);
    assert_eq!(one("AWS::Lambda::Function")["config"]["authorization_type"], json!(["AWS_IAM"]));
    assert_eq!(one("AWS::SecretsManager::Secret")["config"]["rotation_lambda_arn"], "${Fn.Arn}");
    assert_eq!(one("AWS::S3::BucketPolicy")["part_of"], "s3");
}

#[test]
fn a_template_is_run_as_far_as_it_says() {
    let template = r#"
AWSTemplateFormatVersion: "2010-09-09"
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Stage: {Type: String, Default: prod, AllowedValues: [prod]}
  Names: {Type: CommaDelimitedList, Default: "a, b"}
  Open: {Type: String}
Mappings:
  Sizes: {prod: {class: db.m7g.large}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Globals:
  Function: {Runtime: python3.12, Tracing: Active}
Modules:
  Network: {Source: ./network-module.yaml}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    Condition: IsProd
    Properties:
      DBInstanceClass: !FindInMap [Sizes, !Ref Stage, class]
      MultiAZ: !If [IsProd, true, false]
      DBInstanceIdentifier: !Join ["-", [!Ref Stage, db]]
      Engine: !Select [1, !Split [",", "x,postgres"]]
      StorageEncrypted: !Ref Open
      MonitoringInterval: !If [IsProd, !Ref "AWS::NoValue", 60]
      AvailabilityZone: eu-west-1b
  Fn: {Type: AWS::Serverless::Function}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://s3.amazonaws.com/x/network.yaml}}
  Module: {Type: My::Own::Thing::MODULE}
  Rain: {Type: !Rain::Module ./bucket.yaml}
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - "Queue${Name}": {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "q-${Name}"}}
  Fn::ForEach::Topics:
    - Name
    - !Ref Open
    - "Topic${Name}": {Type: AWS::SNS::Topic}
"#;
    let folder = Folder::new().with("a.yaml", template);
    let run = folder.run(&["import", "a.yaml", "--format", "json"]);
    let found = run.json();
    let resources = list(&found, "resources");
    let db = resources.iter().find(|one| one["service"] == "rds").unwrap();
    assert_eq!(db["name"], "prod-db");
    assert_eq!(db["region"], "eu-west-1");
    for (key, wanted) in [
        ("instance_class", json!("db.m7g.large")),
        ("multi_az", json!(true)),
        ("engine", json!("postgres")),
        ("skip_final_snapshot", json!(true)),
        ("storage_encrypted", Value::Null),
        ("monitoring_interval", Value::Null),
    ] {
        assert_eq!(db["config"][key], wanted, "{key}");
    }
    let named = |kind: &str| -> Vec<&str> {
        let of = resources.iter().filter(|one| one["type"] == kind);
        of.map(|one| one["name"].as_str().unwrap_or("-")).collect()
    };
    // What a loop over a default puts into properties is no value, so that they are called as the template calls them.
    assert_eq!(named("AWS::SQS::Queue"), ["Queuea", "Queueb"]);
    assert_eq!(named("AWS::SNS::Topic").len(), 1, "an unknown list is counted once");
    assert_eq!(named("AWS::CloudFormation::Stack"), ["Nested"]);
    let function = resources.iter().find(|one| one["type"] == "AWS::Serverless::Function").unwrap();
    assert_eq!(
        (&function["mode"], &function["config"]["runtime"]),
        (&json!("zip"), &json!("python3.12"))
    );
    let module = resources.iter().find(|one| one["type"] == "My::Own::Thing::MODULE").unwrap();
    assert_eq!((&module["service"], &module["provider"]), (&Value::Null, &json!("my")));
    let modules: Vec<&str> = resources
        .iter()
        .filter(|one| one["provider"] == "module")
        .map(|one| one["type"].as_str().unwrap())
        .collect();
    assert_eq!(modules, ["./bucket.yaml", "./network-module.yaml"]);
    for word in [
        "Fn::ForEach::Topics",
        "`Network` is the module `./network-module.yaml`",
        "`Rain` is the module `./bucket.yaml`",
        "network.yaml",
        "My::Own::Thing::MODULE",
        "1 resource of `a.yaml` stands under a condition",
    ] {
        assert!(run.errors.contains(word), "{word}: {}", run.errors);
    }
}

#[test]
fn a_template_may_be_indented_by_tabs_and_answered_by_the_service() {
    let template =
        "{\n\t\"Resources\": {\n\t\t\"Q\": {\n\t\t\t\"Type\": \"AWS::SQS::Queue\", \"Metadata\": \"a\\/b \\ud83d\\ude00\"\n\t\t}\n\t}\n}\n";
    let answer = json!({"TemplateBody": template, "StagesAvailable": ["Original"]}).to_string();
    let merged = "Shared: &shared {Type: AWS::SQS::Queue}\nResources:\n  Q:\n    <<: *shared\n    Metadata: {Type: AWS::x}\n";
    for text in [template, &answer, merged] {
        let found = Folder::new()
            .with("a.txt", text)
            .run(&["import", "a.txt", "--format", "json"])
            .json();
        assert_eq!(list(&found, "resources")[0]["type"], "AWS::SQS::Queue", "{text}");
    }
}

#[test]
fn a_plan_says_where_its_providers_work() {
    let plan = json!({"format_version": "1.2", "terraform_version": "1.9.0",
        "variables": {"region": {"value": "ap-southeast-2"}},
        "configuration": {
            "provider_config": {
                "aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}},
                "aws.far": {"name": "aws", "alias": "far", "expressions": {"region": {"references": ["var.region"]},
                    "assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::444455556666:role/deploy"}}]}},
            },
            "root_module": {
                "resources": [{"address": "aws_sqs_queue.near", "provider_config_key": "aws"}, {"address": "aws_sqs_queue.far", "provider_config_key": "aws.far"},
                    {"address": "aws_iam_role.r", "provider_config_key": "aws"}],
                "module_calls": {"m": {"module": {"resources": [{"address": "aws_sns_topic.t", "provider_config_key": "aws.far"}]}}},
            },
        },
        "resource_changes": [{"address": "aws_sqs_queue.gone", "change": {"actions": ["delete"]}},
            {"address": "aws_sqs_queue.near", "change": {"actions": ["create"], "after_sensitive": {"policy": true}}}],
        "planned_values": {"root_module": {
            "resources": [
                {"address": "aws_sqs_queue.near", "mode": "managed", "type": "aws_sqs_queue", "name": "near", "provider_name": "aws", "values": {"name": "near", "policy": "hunter2", "region": "us-east-1"}},
                {"address": "aws_sqs_queue.far", "mode": "managed", "type": "aws_sqs_queue", "name": "far", "provider_name": "aws", "values": {"name": "far"}},
                {"address": "aws_sqs_queue.gone", "mode": "managed", "type": "aws_sqs_queue", "name": "gone", "provider_name": "aws", "values": {"name": "gone"}},
                {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r", "provider_name": "aws", "values": {"name": "r"}},
            ],
            "child_modules": [{"address": "module.m[\"x\"]", "resources": [
                {"address": "module.m[\"x\"].aws_sns_topic.t[0]", "mode": "managed", "type": "aws_sns_topic", "name": "t", "index": 0, "provider_name": "aws", "values": {"name": "t"}}]}],
        }},
    });
    let folder = Folder::new().with("plan.json", plan.to_string());
    let found = folder.run(&["import", "plan.json", "--format", "json"]).json();
    let lines: Vec<String> = list(&found, "resources")
        .iter()
        .map(|one| format!("{} {} {}", one["name"], one["account"], one["region"]).replace('"', ""))
        .collect();
    assert_eq!(
        lines,
        [
            "r null null",
            "t 444455556666 ap-southeast-2",
            "far 444455556666 ap-southeast-2",
            // What the resource says itself counts for it.
            "near null us-east-1"
        ]
    );
    assert!(!found.to_string().contains("hunter2"));
}

#[test]
fn a_table_is_read_however_its_columns_are_called() {
    let tag_editor = "\u{feff}\"Identifier\";\"Tag: team\";\"Service\";\"Type\";\"Region\";\"Storage Encrypted\";\"AWS Account\"\n\
                      db-1;payments;RDS;DBInstance;eu-west-1;true;'012345678901\n\
                      subnet-1;;EC2;Subnet;eu-west-1;;012345678901\n";
    let found = Folder::new()
        .with("a.csv", tag_editor)
        .run(&["import", "a.csv", "--format", "json"])
        .json();
    let resources = list(&found, "resources");
    let db = resources.iter().find(|one| one["name"] == "db-1").unwrap();
    assert_eq!(db["service"], "rds", "{db:#}");
    assert_eq!(db["account"], "012345678901");
    assert_eq!(db["config"]["storage_encrypted"], true);
    assert_eq!(db["tags"]["team"], "payments");
    let subnet = resources.iter().find(|one| one["name"] == "subnet-1").unwrap();
    assert_eq!(
        (&subnet["service"], &subnet["account"]),
        (&json!("vpc"), &json!("012345678901")),
        "{subnet:#}"
    );
    // Excel writes UTF-16 with tabs.
    let text: Vec<u8> = "arn\tOwner\narn:aws:sqs:eu-west-1:111122223333:q\tteam\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let bytes = [&[0xff, 0xfe][..], &text].concat();
    let found = Folder::new()
        .with("a.txt", bytes)
        .run(&["import", "a.txt", "--format", "json"])
        .json();
    assert_eq!(list(&found, "resources")[0]["owner"], "team");
    // A source that is asked for is taken at its word.
    let run = Folder::new()
        .with("a.txt", "tipe,owner\nx,y\n")
        .run(&["import", "a.txt", "--from", "csv"]);
    assert!(run.failed(1).contains("did you mean `type`?"), "{}", run.errors);
}

#[test]
fn arns_tell_what_only_supports_something() {
    let arns = [
        ("arn:aws:ec2:eu-west-1:111122223333:instance/i-1", false),
        ("arn:aws:ec2:eu-west-1:111122223333:route-table/rtb-1", true),
        ("arn:aws:rds:eu-west-1:111122223333:db:d", false),
        ("arn:aws:rds:eu-west-1:111122223333:subgrp:s", true),
        ("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1", false),
        ("arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1", true),
        ("arn:aws:s3:::b", false),
        ("arn:aws:lambda:eu-west-1:111122223333:function:f", false),
    ];
    let items: Vec<Value> = arns.iter().map(|(arn, _)| json!({"ResourceARN": arn, "Tags": []})).collect();
    let found = Folder::new()
        .with("a.json", json!({"ResourceTagMappingList": items}).to_string())
        .run(&["import", "a.json", "--format", "json"])
        .json();
    for (arn, supports) in arns {
        let one = list(&found, "resources").iter().find(|one| one["arn"] == arn).unwrap();
        assert_eq!(one.get("part_of").is_some(), supports, "{one:#}");
    }
}

#[test]
fn lines_of_cost_are_no_resources() {
    let files = [
        (
            "focus.csv",
            "BilledCost,ServiceName,ResourceId,ChargeCategory,ChargePeriodStart\n1.5,Amazon EC2,i-1,Usage,2026-01-01\n",
            "FOCUS",
        ),
        (
            "cur.csv",
            "identity/LineItemId,lineItem/UsageAccountId,lineItem/ProductCode,lineItem/UnblendedCost,product/servicename\na,111122223333,AmazonEC2,1.5,EC2\n",
            "Cost and Usage Report",
        ),
        (
            "cur2.csv",
            "line_item_usage_account_id,line_item_unblended_cost,product_servicecode,service\n111122223333,1.5,AmazonEC2,EC2\n",
            "Cost and Usage Report",
        ),
        (
            "detailed.csv",
            "InvoiceID,PayerAccountId,RecordType,ProductName,UsageType,UnBlendedCost\n1,111122223333,LineItem,Amazon EC2,BoxUsage,1.5\n",
            "detailed bill",
        ),
        (
            "explorer.csv",
            "\"Service\",\"EC2-Instances($)\",\"S3($)\",\"Total costs($)\"\n\"Service total\",\"1\",\"2\",\"3\"\n",
            "Cost Explorer",
        ),
        (
            "answer.json",
            "{\"ResultsByTime\": [{\"TimePeriod\": {\"Start\": \"2026-01-01\"}, \"Total\": {}, \"Groups\": []}]}",
            "Cost Explorer",
        ),
    ];
    let folder = files.iter().fold(Folder::new(), |folder, (name, text, _)| folder.with(name, text));
    for (name, _, what) in files {
        // The same words, whatever is asked for.
        let runs = [vec!["import", name], vec!["report", name], vec!["check", name]].map(|arguments| folder.run(&arguments));
        for run in &runs {
            let told = run.failed(1);
            assert!(
                told.contains(what) && told.contains("its lines are costs and no resources"),
                "{name}: {told}"
            );
            assert_eq!(*told, *runs[0].errors, "{name}");
        }
    }
    let run = folder.run(&["import", "focus.csv", "--from", "csv"]);
    assert!(run.failed(1).contains("FOCUS"), "{}", run.errors);
    // A list of resources that tells what each costs is one of resources all the same.
    let folder = Folder::new().with("list.csv", "service,name,monthly_cost,owner\nEC2,web,12.5,shop\n");
    assert_eq!(
        list(&folder.run(&["import", "list.csv", "--format", "json"]).json(), "resources").len(),
        1
    );
}
