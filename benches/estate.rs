//! Files to import of any size, the same for the same number.
//!
//! In: how many resources. Out: a Terraform state as Terraform writes it, a snapshot of AWS Config, or a table. Names, ids, addresses and some
//! attributes differ from resource to resource; types, accounts, regions and settings repeat as they do in a large estate.

use serde_json::{Value, json};
use std::io::{self, Write};

const REGIONS: [&str; 4] = ["eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-1"];
const TEAMS: [&str; 5] = ["platform", "security", "payments", "lending", "data"];

/// Writes a state of this many managed instances.
pub(crate) fn state(resources: usize, mut to: impl Write) -> io::Result<()> {
    to.write_all(
        b"{\n  \"version\": 4,\n  \"terraform_version\": \"1.9.8\",\n  \"serial\": 1,\n  \"lineage\": \"0\",\n  \"outputs\": {},\n  \"resources\": [",
    )?;
    let mut made = 0;
    let mut number = 0;
    while made < resources {
        let (kind, provider) = KINDS[number % KINDS.len()];
        let count = (1 + number % 7).min(resources - made);
        let instances: Vec<Value> = (0..count)
            .map(|index| {
                json!({
                    "index_key": index,
                    "schema_version": 1,
                    "attributes": attributes(kind, made + index),
                    "sensitive_attributes": [],
                    "private": "eyJzY2hlbWFfdmVyc2lvbiI6IjEifQ==",
                    "dependencies": ["module.network.aws_subnet.private", "module.network.aws_vpc.main"],
                })
            })
            .collect();
        let block = json!({
            "module": format!("module.team_{}", number % 50),
            "mode": "managed",
            "type": kind,
            "name": format!("this_{number}"),
            "provider": format!("provider[\"registry.terraform.io/hashicorp/{provider}\"]"),
            "instances": instances,
        });
        let separator = if made == 0 { "\n" } else { ",\n" };
        let text = serde_json::to_string_pretty(&block)?;
        write!(to, "{separator}    {}", text.replace('\n', "\n    "))?;
        made += count;
        number += 1;
    }
    to.write_all(b"\n  ],\n  \"check_results\": null\n}\n")
}

/// Types and their providers; what supports others is the larger half, as it is in a real state.
const KINDS: [(&str, &str); 16] = [
    ("aws_instance", "aws"),
    ("aws_db_instance", "aws"),
    ("aws_s3_bucket", "aws"),
    ("aws_s3_bucket_public_access_block", "aws"),
    ("aws_s3_bucket_versioning", "aws"),
    ("aws_sqs_queue", "aws"),
    ("aws_lambda_function", "aws"),
    ("aws_iam_role", "aws"),
    ("aws_iam_role_policy_attachment", "aws"),
    ("aws_security_group", "aws"),
    ("aws_subnet", "aws"),
    ("aws_route_table_association", "aws"),
    ("aws_lb_listener_rule", "aws"),
    ("aws_cloudwatch_log_stream", "aws"),
    ("aws_route53_record", "aws"),
    ("random_id", "random"),
];

fn attributes(kind: &str, number: usize) -> Value {
    let region = REGIONS[number % REGIONS.len()];
    let account = format!("{:012}", 111_122_223_333_u64 + (number % 12) as u64);
    let name = format!("{}-{number:07}", &kind[4..]);
    let arn = format!("arn:aws:x:{region}:{account}:{name}");
    let tags =
        json!({"Name": name, "team": TEAMS[number % 5], "cost-center": format!("{}", 4000 + number % 40), "managed-by": "terraform"});
    let mut all = json!({"id": name, "arn": arn, "tags": tags, "tags_all": tags, "timeouts": null, "region": region});
    let own = match kind {
        "aws_instance" => json!({
            "ami": "ami-0123456789abcdef0", "instance_type": "m7g.large", "availability_zone": format!("{region}a"),
            "associate_public_ip_address": number.is_multiple_of(10), "disable_api_termination": number.is_multiple_of(3), "ebs_optimized": true,
            "iam_instance_profile": "app", "monitoring": number.is_multiple_of(2), "private_ip": format!("10.0.{}.{}", number / 250 % 250, number % 250),
            "metadata_options": [{"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1, "instance_metadata_tags": "disabled"}],
            "root_block_device": [{"encrypted": true, "volume_size": 30, "volume_type": "gp3", "volume_id": format!("vol-{number:017x}"), "tags": {}}],
            "ebs_block_device": [], "network_interface": [], "user_data": null, "tenancy": "default", "vpc_security_group_ids": [format!("sg-{:017x}", number / 9)],
            "subnet_id": format!("subnet-{:017x}", number / 20), "maintenance_options": [{"auto_recovery": "default"}], "instance_state": "running",
            "credit_specification": [], "cpu_options": [{"core_count": 2, "threads_per_core": 1}], "primary_network_interface_id": format!("eni-{number:017x}"),
        }),
        "aws_db_instance" => json!({
            "identifier": name, "engine": "postgres", "engine_version": "16.3", "instance_class": "db.m7g.large", "storage_encrypted": true,
            "backup_retention_period": number % 3 * 7, "multi_az": number.is_multiple_of(2), "publicly_accessible": false, "deletion_protection": true,
            "auto_minor_version_upgrade": true, "copy_tags_to_snapshot": true, "skip_final_snapshot": false, "monitoring_interval": 60,
            "performance_insights_enabled": true, "ca_cert_identifier": "rds-ca-rsa2048-g1", "iam_database_authentication_enabled": true,
            "enabled_cloudwatch_logs_exports": ["postgresql"], "license_model": "postgresql-license", "max_allocated_storage": 500,
            "address": format!("{name}.abc.{region}.rds.amazonaws.com"), "endpoint": format!("{name}.abc.{region}.rds.amazonaws.com:5432"), "port": 5432,
            "password": null, "username": "app", "vpc_security_group_ids": [format!("sg-{:017x}", number / 9)], "allocated_storage": 100,
        }),
        "aws_s3_bucket" => json!({
            "bucket": format!("bucket-{}", number / 7), "acl": null, "bucket_domain_name": format!("{name}.s3.amazonaws.com"), "force_destroy": false,
            "versioning": [{"enabled": false, "mfa_delete": false}], "logging": [], "policy": "", "object_lock_enabled": false,
            "server_side_encryption_configuration": [{"rule": [{"apply_server_side_encryption_by_default": [{"kms_master_key_id": "", "sse_algorithm": "AES256"}], "bucket_key_enabled": false}]}],
            "grant": [{"id": "f00", "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}], "cors_rule": [], "lifecycle_rule": [],
        }),
        "aws_s3_bucket_public_access_block" => json!({
            "bucket": format!("bucket-{}", number / 7), "block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": !number.is_multiple_of(11),
        }),
        "aws_s3_bucket_versioning" => json!({
            "bucket": format!("bucket-{}", number / 7), "expected_bucket_owner": "", "mfa": null, "versioning_configuration": [{"mfa_delete": "", "status": "Enabled"}],
        }),
        "aws_sqs_queue" => json!({
            "name": name, "url": format!("https://sqs.{region}.amazonaws.com/{account}/{name}"), "sqs_managed_sse_enabled": true, "kms_master_key_id": "",
            "policy": "", "redrive_policy": format!("{{\"deadLetterTargetArn\":\"{arn}-dead\",\"maxReceiveCount\":5}}"), "visibility_timeout_seconds": 30, "fifo_queue": false,
        }),
        "aws_lambda_function" => json!({
            "function_name": name, "package_type": "Zip", "runtime": "python3.12", "memory_size": 256, "timeout": 30, "handler": "app.handler",
            "environment": [{"variables": {"TABLE": "t", "LEVEL": "info"}}], "tracing_config": [{"mode": "Active"}], "vpc_config": [], "dead_letter_config": [],
            "source_code_hash": "0123456789abcdef0123456789abcdef", "layers": [], "publish": false, "qualified_arn": format!("{arn}:1"),
        }),
        "aws_iam_role" => json!({
            "name": name, "assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}",
            "max_session_duration": 3600, "path": "/", "managed_policy_arns": [], "inline_policy": [], "force_detach_policies": false, "unique_id": format!("AROA{number:017}"),
        }),
        "aws_security_group" => json!({
            "name": name, "vpc_id": format!("vpc-{:017x}", number / 500), "ingress": [{"cidr_blocks": ["10.0.0.0/8"], "from_port": 443, "to_port": 443, "protocol": "tcp", "self": false, "ipv6_cidr_blocks": []}],
            "egress": [{"cidr_blocks": ["0.0.0.0/0"], "from_port": 0, "to_port": 0, "protocol": "-1", "self": false, "ipv6_cidr_blocks": []}], "owner_id": account,
        }),
        "aws_subnet" => json!({
            "vpc_id": format!("vpc-{:017x}", number / 500), "cidr_block": "10.0.0.0/24", "map_public_ip_on_launch": false, "availability_zone": format!("{region}b"), "owner_id": account,
        }),
        _ => json!({
            "role": format!("role-{number}"), "policy_arn": format!("arn:aws:iam::{account}:policy/p-{}", number % 90), "priority": number % 1000,
            "route_table_id": format!("rtb-{number:017x}"), "subnet_id": format!("subnet-{number:017x}"), "gateway_id": "",
        }),
    };
    if let (Value::Object(all), Value::Object(own)) = (&mut all, own) {
        all.extend(own);
    }
    all
}

/// Writes a snapshot of AWS Config of this many items.
pub(crate) fn snapshot(resources: usize, mut to: impl Write) -> io::Result<()> {
    to.write_all(b"{\"fileVersion\":\"1.0\",\"configSnapshotId\":\"00000000-0000-0000-0000-000000000000\",\"configurationItems\":[")?;
    for number in 0..resources {
        let (kind, config) = RECORDED[number % RECORDED.len()];
        let Value::Object(mut all) = attributes(kind, number) else {
            continue;
        };
        let tags = all.shift_remove("tags");
        all.shift_remove("tags_all");
        let (id, arn, region) = (all["id"].clone(), all["arn"].clone(), all["region"].clone());
        let item = json!({
            "relatedEvents": [], "relationships": [{"resourceId": format!("vpc-{:017x}", number / 500), "resourceType": "AWS::EC2::VPC", "name": "Is contained in Vpc"}],
            "configuration": camel(&Value::Object(all)), "supplementaryConfiguration": {}, "tags": tags, "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": "2026-11-01T00:00:00.000Z", "configurationStateId": 1, "awsAccountId": format!("{:012}", 111_122_223_333_u64 + (number % 12) as u64),
            "configurationItemStatus": "OK", "resourceType": config, "resourceId": id, "ARN": arn, "awsRegion": region, "availabilityZone": "Regional", "configurationStateMd5Hash": "",
        });
        let separator = if number == 0 { "" } else { "," };
        write!(to, "{separator}{item}")?;
    }
    to.write_all(b"]}")
}

/// Types that AWS Config records, as both sources call them.
const RECORDED: [(&str, &str); 8] = [
    ("aws_instance", "AWS::EC2::Instance"),
    ("aws_db_instance", "AWS::RDS::DBInstance"),
    ("aws_s3_bucket", "AWS::S3::Bucket"),
    ("aws_sqs_queue", "AWS::SQS::Queue"),
    ("aws_lambda_function", "AWS::Lambda::Function"),
    ("aws_iam_role", "AWS::IAM::Role"),
    ("aws_security_group", "AWS::EC2::SecurityGroup"),
    ("aws_subnet", "AWS::EC2::Subnet"),
];

/// The same with keys as AWS's interfaces spell them.
fn camel(value: &Value) -> Value {
    let spelt = |key: &str| {
        let mut words = key.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    };
    match value {
        Value::Object(map) => map.iter().map(|(key, inner)| (spelt(key), camel(inner))).collect(),
        Value::Array(items) => items.iter().map(camel).collect(),
        other => other.clone(),
    }
}

/// Writes a table of this many rows.
pub(crate) fn table(resources: usize, mut to: impl Write) -> io::Result<()> {
    to.write_all(b"ARN,Account ID,Region,Resource Type,Name,Owner,Environment,Tags,Storage Encrypted\n")?;
    for number in 0..resources {
        let (kind, _) = KINDS[number % 15];
        let region = REGIONS[number % REGIONS.len()];
        let account = 111_122_223_333_u64 + (number % 12) as u64;
        let team = TEAMS[number % 5];
        writeln!(
            to,
            "arn:aws:x:{region}:{account}:{kind}-{number:07},{account},{region},{kind},{kind}-{number:07},{team},prod,\"team={team};Name={kind}-{number:07}\",{}",
            number % 3 == 0
        )?;
    }
    Ok(())
}
