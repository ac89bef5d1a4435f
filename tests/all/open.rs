//! What a template sets without telling to what is neither left out nor known: no duty is called met or not met by it that
//! was not before.

use crate::support::{Folder, list, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Resources that show many duties done, and some undone.
fn resources() -> Value {
    let open_to_all = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "execute-api:Invoke", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    ]});
    json!({
        "Ledger": {"Type": "AWS::RDS::DBInstance", "Properties": {
            "Engine": "postgres", "DeletionProtection": true, "StorageEncrypted": true, "MultiAZ": false, "BackupRetentionPeriod": 14,
            "PubliclyAccessible": false, "CopyTagsToSnapshot": true, "AutoMinorVersionUpgrade": true, "EnableIAMDatabaseAuthentication": true,
            "EnableCloudwatchLogsExports": ["postgresql", "upgrade"], "MonitoringInterval": 60, "EnablePerformanceInsights": true}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {
            "EnableKeyRotation": true, "PendingWindowInDays": 30, "KeySpec": "SYMMETRIC_DEFAULT", "MultiRegion": false, "KeyPolicy": open_to_all}},
        "Files": {"Type": "AWS::S3::Bucket", "Properties": {
            "VersioningConfiguration": {"Status": "Enabled"},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true},
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": true}]},
            "LoggingConfiguration": {"DestinationBucketName": "logs", "LogFilePrefix": "files/"},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}, "ExpirationInDays": 90}]}}},
        "Door": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "What reaches the shop",
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"},
                {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "CidrIp": "10.1.0.0/16"}],
            "SecurityGroupEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}]}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {
            "KmsMasterKeyId": "alias/queue", "SqsManagedSseEnabled": false, "MessageRetentionPeriod": 345_600,
            "RedrivePolicy": {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead", "maxReceiveCount": 5}}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 35}, "DeletionProtectionEnabled": true,
            "BillingMode": "PAY_PER_REQUEST", "SSESpecification": {"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/table"},
            "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "gone"}}},
        "Images": {"Type": "AWS::ECR::Repository", "Properties": {
            "ImageTagMutability": "IMMUTABLE", "ImageScanningConfiguration": {"ScanOnPush": true}, "EncryptionConfiguration": {"EncryptionType": "KMS"}}},
        "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {
            "IsLogging": true, "IsMultiRegionTrail": true, "EnableLogFileValidation": true, "IncludeGlobalServiceEvents": true, "S3BucketName": "trail",
            "KMSKeyId": "alias/trail", "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*",
            "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": true}]}},
        "Edge": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {
            "Type": "application", "Scheme": "internal",
            "LoadBalancerAttributes": [
                {"Key": "deletion_protection.enabled", "Value": "true"}, {"Key": "access_logs.s3.enabled", "Value": "true"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}, {"Key": "routing.http.desync_mitigation_mode", "Value": "defensive"}]}},
        "Interface": {"Type": "AWS::ApiGateway::RestApi", "Properties": {
            "Policy": open_to_all, "EndpointConfiguration": {"Types": ["PRIVATE"]}, "DisableExecuteApiEndpoint": true}},
        "Work": {"Type": "AWS::Lambda::Function", "Properties": {
            "Runtime": "nodejs22.x", "ReservedConcurrentExecutions": 10, "TracingConfig": {"Mode": "Active"}, "KmsKeyArn": "alias/work",
            "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead"}, "Timeout": 30,
            "VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}, "Environment": {"Variables": {"MODE": "live"}}}},
        "Share": {"Type": "AWS::EFS::FileSystem", "Properties": {
            "Encrypted": true, "KmsKeyId": "alias/share", "BackupPolicy": {"Status": "ENABLED"}, "FileSystemPolicy": open_to_all}},
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": "alias/secret", "Description": "For the shop"}}
    })
}

fn template(resources: Value) -> String {
    let parts = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Given": {"Type": "String"}},
        "Conditions": {"Maybe": {"Fn::Equals": [{"Ref": "Given"}, "yes"]}},
        "Resources": resources
    });
    parts.to_string()
}

/// The state of each duty by its id.
fn states(resources: Value) -> BTreeMap<String, String> {
    let folder = Folder::new().with("template.json", template(resources));
    let report = folder.run(&["report", "template.json", "--format", "json"]).json();
    let services = list(&report, "services").iter();
    let activities = services
        .flat_map(|service| list(service, "controls"))
        .flat_map(|control| list(control, "activities"))
        .filter(|activity| text(activity, "side") != "provider");
    activities
        .map(|activity| (text(activity, "id").to_owned(), text(activity, "state").to_owned()))
        .collect()
}

/// The places in a value, as far down as there are any: pointers.
fn places(of: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match of {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items.iter().enumerate().map(|(number, item)| (number.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inner {
        let place = format!("{at}/{key}");
        found.push(place.clone());
        places(value, &place, found);
    }
}

#[test]
fn what_is_open_makes_no_duty_met_or_not_met() {
    let whole = resources();
    let known = states(whole.clone());
    let count = |state: &str| known.values().filter(|one| *one == state).count();
    assert!(count("met") >= 25 && count("not-met") >= 1, "{known:#?}");
    let by_resource: Vec<(String, Vec<String>)> = whole
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, resource)| {
            let mut found = Vec::new();
            places(&resource["Properties"], "", &mut found);
            (id.clone(), found)
        })
        .collect();
    let most = by_resource.iter().map(|(_, places)| places.len()).max().unwrap();
    let mut wrong = Vec::new();
    for number in 0..most {
        for way in [
            |_: Value| json!({"Ref": "Given"}),
            |value: Value| json!({"Fn::If": ["Maybe", value, {"Ref": "AWS::NoValue"}]}),
        ] {
            let mut changed = whole.clone();
            let mut opened = Vec::new();
            for (id, places) in &by_resource {
                if let Some(place) = places.get(number) {
                    let value = changed[id]["Properties"].pointer_mut(place).unwrap();
                    *value = way(value.take());
                    opened.push(format!("{id}{place}"));
                }
            }
            for (duty, state) in states(changed) {
                let before = known.get(&duty).map_or("unknown", String::as_str);
                if state != "unknown" && state != before {
                    wrong.push(format!("{duty}: {before} became {state} by one of {opened:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
