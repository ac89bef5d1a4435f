//! Attributes in the shape that Terraform gives them, for types that CloudFormation and AWS Config describe otherwise.
//!
//! In: the attributes of a CloudFormation or Config type, their names in Terraform's spelling already. Out: the same with
//! Terraform's names and nesting, so that one predicate serves every source. What no predicate looks at stays as it is.

use super::json;
use super::paths::{put, values};
use serde_json::{Map, Value};

/// From where, to where, how; both are dotted paths.
struct Move(&'static str, &'static str, How);

/// How an attribute moves.
#[derive(Clone, Copy)]
enum How {
    /// Keys along a path of the same length get other names; what is in them stays.
    Name,
    /// The first value goes where nothing is yet.
    Lift,
    /// All values, as a list.
    List,
    /// True for one of the words, false for another text; true and false as they are.
    Switch(&'static [&'static str]),
    /// What is in a block goes where the block is.
    Merge,
    /// A block for each value, which gets this name in it.
    Blocks(&'static str),
    /// A document becomes its text.
    Text,
    /// A list of keys and values becomes attributes.
    Pairs(&'static [(&'static str, &'static str)]),
    /// Config wraps a list as `{quantity, items}`.
    Unwrap,
    /// Words as the API of S3 writes them: `PublicRead` is `public-read`.
    Kebab,
    /// Rules of security groups, whatever they call ranges.
    Rules,
    /// The switches and texts of Elastic Beanstalk's options.
    Options,
}

const fn name(from: &'static str, to: &'static str) -> Move {
    Move(from, to, How::Name)
}
const fn lift(from: &'static str, to: &'static str) -> Move {
    Move(from, to, How::Lift)
}
const fn list(from: &'static str, to: &'static str) -> Move {
    Move(from, to, How::List)
}
const fn on(from: &'static str, to: &'static str) -> Move {
    Move(from, to, How::Switch(&["enabled", "enabling", "on", "true", "signing", "active"]))
}
const fn is(from: &'static str, to: &'static str, words: &'static [&'static str]) -> Move {
    Move(from, to, How::Switch(words))
}
const fn merge(from: &'static str) -> Move {
    Move(from, "", How::Merge)
}
const fn text(from: &'static str, to: &'static str) -> Move {
    Move(from, to, How::Text)
}
const fn pairs(from: &'static str, keys: &'static [(&'static str, &'static str)]) -> Move {
    Move(from, "", How::Pairs(keys))
}
const fn unwrap(from: &'static str) -> Move {
    Move(from, from, How::Unwrap)
}

const LOAD_BALANCER: &[(&str, &str)] = &[
    ("deletion_protection.enabled", "enable_deletion_protection"),
    ("access_logs.s3.enabled", "access_logs.enabled"),
    ("routing.http.drop_invalid_header_fields.enabled", "drop_invalid_header_fields"),
    ("routing.http.desync_mitigation_mode", "desync_mitigation_mode"),
    ("elb.http.desyncmitigationmode", "desync_mitigation_mode"),
];

/// By type; a pattern that ends in `*` stands for all that begin so. In order: later moves see what earlier ones did.
#[rustfmt::skip]
const SHAPES: &[(&[&str], &[Move])] = &[
    (&["AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::*", "AWS::Neptune::*"], &[
        name("db_instance_class", "instance_class"),
        name("db_instance_identifier", "identifier"),
        name("db_cluster_identifier", "cluster_identifier"),
        name("ca_certificate_identifier", "ca_cert_identifier"),
        name("enable_cloudwatch_logs_exports", "enabled_cloudwatch_logs_exports"),
        name("enable_iam_database_authentication", "iam_database_authentication_enabled"),
        name("enable_performance_insights", "performance_insights_enabled"),
        name("iam_database_authentication", "iam_database_authentication_enabled"),
        name("serverless_v2_scaling_configuration", "serverlessv2_scaling_configuration"),
        name("cross_account_clone", "cross_account_clone_enabled"),
        name("kms_key", "kms_key_id"),
        lift("master_user_secret.secret_arn", "master_user_secret_arn"),
    ]),
    (&["AWS::S3::Bucket", "AWS::S3Express::DirectoryBucket"], &[
        name("bucket_name", "bucket"),
        Move("access_control", "acl", How::Kebab),
        lift("public_access_block_configuration.block_public_acls", "block_public_acls"),
        lift("public_access_block_configuration.block_public_policy", "block_public_policy"),
        lift("public_access_block_configuration.ignore_public_acls", "ignore_public_acls"),
        lift("public_access_block_configuration.restrict_public_buckets", "restrict_public_buckets"),
        // CloudFormation
        name("bucket_encryption.server_side_encryption_configuration", "bucket_encryption.rule"),
        name("bucket_encryption.rule.server_side_encryption_by_default", "bucket_encryption.rule.apply_server_side_encryption_by_default"),
        name("bucket_encryption", "server_side_encryption_configuration"),
        // Config
        name("server_side_encryption_configuration.rules", "server_side_encryption_configuration.rule"),
        lift("server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm", "sse_algorithm"),
        on("versioning_configuration.status", "versioning"),
        on("bucket_versioning_configuration.status", "versioning"),
        on("bucket_versioning_configuration.is_mfa_delete_enabled", "mfa_delete"),
        lift("logging_configuration.destination_bucket_name", "logging.target_bucket"),
        lift("bucket_logging_configuration.destination_bucket_name", "logging.target_bucket"),
        lift("ownership_controls.rules.object_ownership", "object_ownership"),
        text("bucket_policy.policy_text", "policy"),
    ]),
    (&["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"], &[text("policy_document", "policy")]),
    (&["AWS::IAM::*"], &[
        text("assume_role_policy_document", "assume_role_policy"),
        text("policy_document", "policy"),
        list("attached_managed_policies.policy_arn", "managed_policy_arns"),
    ]),
    (&["AWS::ECS::Service"], &[
        lift("deployment_configuration.deployment_circuit_breaker.enable", "deployment_circuit_breaker.enable"),
        lift("deployment_configuration.alarms.enable", "alarms.enable"),
        is("network_configuration.awsvpc_configuration.assign_public_ip", "network_configuration.assign_public_ip", &["enabled"]),
        name("volume_configurations", "volume_configuration"),
    ]),
    (&["AWS::ECS::TaskDefinition"], &[
        name("volumes", "volume"),
        text("container_definitions", "container_definitions"),
    ]),
    (&["AWS::ECS::Cluster"], &[
        name("cluster_settings", "setting"),
        name("settings", "setting"),
    ]),
    (&["AWS::EKS::Cluster"], &[
        name("resources_vpc_config", "vpc_config"),
        list("logging.cluster_logging.enabled_types.type", "enabled_cluster_log_types"),
    ]),
    (&["AWS::EKS::Nodegroup"], &[
        name("nodegroup_name", "node_group_name"),
        name("remote_access.source_security_groups", "remote_access.source_security_group_ids"),
    ]),
    (&["AWS::Lambda::*", "AWS::Serverless::Function"], &[
        lift("runtime_management_config.update_runtime_on", "update_runtime_on"),
        lift("runtime_version_config.runtime_version_arn", "runtime_version_arn"),
        // SAM
        lift("dead_letter_queue.target_arn", "dead_letter_config.target_arn"),
        lift("function_url_config.auth_type", "authorization_type"),
        lift("event_invoke_config.destination_config.on_failure.destination", "destination_config.on_failure.destination"),
    ]),
    (&["AWS::Lambda::Url"], &[
        name("auth_type", "authorization_type"),
        name("target_function_arn", "function_name"),
    ]),
    (&["AWS::ElasticBeanstalk::Environment"], &[Move("option_settings", "", How::Options)]),
    (&["AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::EC2::SpotFleet"], &[
        merge("launch_template_data"),
        lift("network_interfaces.associate_public_ip_address", "associate_public_ip_address"),
        lift("placement.tenancy", "tenancy"),
        is("monitoring.state", "monitoring", &["enabled", "pending"]),
        lift("monitoring.enabled", "monitoring"),
        lift("block_device_mappings.ebs.encrypted", "root_block_device.encrypted"),
        Move("block_device_mappings.ebs.encrypted", "ebs_block_device", How::Blocks("encrypted")),
    ]),
    (&["AWS::AutoScaling::AutoScalingGroup"], &[
        name("auto_scaling_group_name", "name"),
        name("launch_configuration_name", "launch_configuration"),
        name("load_balancer_names", "load_balancers"),
        list("metrics_collection.metrics", "enabled_metrics"),
        list("enabled_metrics.metric", "enabled_metrics"),
    ]),
    (&["AWS::ElasticLoadBalancingV2::LoadBalancer"], &[
        name("type", "load_balancer_type"),
        is("scheme", "internal", &["internal"]),
        pairs("load_balancer_attributes", LOAD_BALANCER),
    ]),
    (&["AWS::ElasticLoadBalancingV2::Listener"], &[name("default_actions", "default_action")]),
    (&["AWS::ElasticLoadBalancing::LoadBalancer"], &[
        is("scheme", "internal", &["internal"]),
        name("listeners", "listener"),
        name("listener.protocol", "listener.lb_protocol"),
        name("listener_descriptions", "listener"),
        lift("access_logging_policy.enabled", "access_logs.enabled"),
        lift("connection_draining_policy.enabled", "connection_draining"),
        lift("load_balancer_attributes.access_log.enabled", "access_logs.enabled"),
        lift("load_balancer_attributes.connection_draining.enabled", "connection_draining"),
    ]),
    (&["AWS::ElastiCache::*"], &[
        name("cache_node_type", "node_type"),
        name("multi_az", "multi_az_enabled"),
        name("automatic_failover", "automatic_failover_enabled"),
        name("log_delivery_configurations", "log_delivery_configuration"),
        on("automatic_failover_enabled", "automatic_failover_enabled"),
        on("multi_az_enabled", "multi_az_enabled"),
    ]),
    (&["AWS::DynamoDB::*", "AWS::Serverless::SimpleTable"], &[
        lift("billing_mode_summary.billing_mode", "billing_mode"),
        lift("point_in_time_recovery_specification.point_in_time_recovery_enabled", "point_in_time_recovery.enabled"),
        on("continuous_backups_description.point_in_time_recovery_description.point_in_time_recovery_status", "point_in_time_recovery.enabled"),
        lift("sse_specification.sse_enabled", "server_side_encryption.enabled"),
        on("sse_description.status", "server_side_encryption.enabled"),
        name("table_name", "name"),
    ]),
    (&["AWS::CloudFront::Distribution"], &[
        merge("distribution_config"),
        unwrap("origins"),
        unwrap("cache_behaviors"),
        name("origins", "origin"),
        name("cache_behaviors", "ordered_cache_behavior"),
        lift("logging.bucket", "logging_config.bucket"),
        name("viewer_certificate.cloud_front_default_certificate", "viewer_certificate.cloudfront_default_certificate"),
    ]),
    (&["AWS::CloudTrail::*"], &[
        name("cloud_watch_logs_log_group_arn", "cloud_watch_logs_group_arn"),
        name("is_logging", "enable_logging"),
        name("log_file_validation_enabled", "enable_log_file_validation"),
        name("event_selectors", "event_selector"),
        name("event_selector.data_resources", "event_selector.data_resource"),
        name("advanced_event_selectors", "advanced_event_selector"),
        name("advanced_event_selector.field_selectors", "advanced_event_selector.field_selector"),
    ]),
    (&["AWS::ECR::*"], &[
        text("lifecycle_policy.lifecycle_policy_text", "lifecycle_policy"),
        name("empty_on_delete", "force_delete"),
        name("repository_name", "name"),
    ]),
    (&["AWS::GuardDuty::PublishingDestination"], &[lift("destination_properties.destination_arn", "destination_arn")]),
    (&["AWS::KMS::Key"], &[
        name("pending_window_in_days", "deletion_window_in_days"),
        name("key_spec", "customer_master_key_spec"),
        name("key_rotation_status", "enable_key_rotation"),
        text("key_policy", "policy"),
    ]),
    (&["AWS::Route53::HostedZone"], &[
        lift("query_logging_config.cloud_watch_logs_log_group_arn", "cloudwatch_log_group_arn"),
        name("vpcs", "vpc"),
        lift("hosted_zone_config.private_zone", "private_zone"),
    ]),
    (&["AWS::SecretsManager::RotationSchedule"], &[
        lift("hosted_rotation_lambda.rotation_type", "rotation_lambda_arn"),
    ]),
    (&["AWS::SecretsManager::ResourcePolicy"], &[text("resource_policy", "policy"), name("secret_id", "secret_arn")]),
    (&["AWS::SQS::Queue"], &[
        name("queue_name", "name"),
        text("redrive_policy", "redrive_policy"),
        text("redrive_allow_policy", "redrive_allow_policy"),
    ]),
    (&["AWS::SNS::Topic"], &[name("topic_name", "name")]),
    (&["AWS::EC2::SecurityGroup"], &[
        Move("security_group_ingress", "ingress", How::Rules),
        Move("security_group_egress", "egress", How::Rules),
        Move("ip_permissions", "ingress", How::Rules),
        Move("ip_permissions_egress", "egress", How::Rules),
        name("group_name", "name"),
    ]),
    (&["AWS::EC2::SecurityGroupIngress"], &[name("cidr_ip", "cidr_ipv4")]),
];

/// Names of Elastic Beanstalk's options and the attributes that they become.
const OPTIONS: &[(&str, &str)] = &[
    ("DBDeletionPolicy", "db_deletion_policy"),
    ("DeploymentPolicy", "deployment_policy"),
    ("DisableIMDSv1", "disable_imdsv1"),
    ("EC2KeyName", "ec2_key_name"),
    ("EnvironmentType", "environment_type"),
    ("HasCoupledDatabase", "has_coupled_database"),
    ("ManagedActionsEnabled", "managed_actions_enabled"),
    ("MinSize", "min_size"),
    ("SSHSourceRestriction", "ssh_source_restriction"),
    ("StreamLogs", "stream_logs"),
    ("SystemType", "system_type"),
    ("UpdateLevel", "update_level"),
];

/// What a type says by being what it is.
const FACTS: &[(&str, &str, &str)] = &[
    ("AWS::EKS::Nodegroup", "compute", "managed-node-groups"),
    ("AWS::EKS::FargateProfile", "compute", "fargate"),
    ("AWS::EKS::Cluster", "compute", "cluster"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "load_balancer_type", "classic"),
    ("AWS::SecretsManager::RotationSchedule", "rotation_enabled", "true"),
    ("aws_elb", "load_balancer_type", "classic"),
];

/// What a template that leaves a property out gets by CloudFormation's documentation.
const TEMPLATE_DEFAULTS: &[(&str, &str, &str)] = &[
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "load_balancer_type", "application"),
    ("AWS::DynamoDB::Table", "billing_mode", "PROVISIONED"),
];

/// The attributes in Terraform's shape.
pub(super) fn shaped(kind: &str, mut config: Map<String, Value>) -> Map<String, Value> {
    for (_, moves) in SHAPES.iter().filter(|(kinds, _)| kinds.iter().any(|known| is_of(known, kind))) {
        for one in *moves {
            one.apply(&mut config);
        }
    }
    facts(kind, &mut config, FACTS);
    config
}

/// What a template's resource gets where it says nothing.
pub(super) fn template_defaults(kind: &str, config: &mut Map<String, Value>) {
    facts(kind, config, TEMPLATE_DEFAULTS);
}

/// Terraform's own resources whose settings lie in a list of names and values.
pub(super) fn terraforms(kind: &str, config: &mut Map<String, Value>) {
    if kind == "aws_elastic_beanstalk_environment" {
        // What is set here counts more than what the environment has by default.
        for list in ["setting", "all_settings"] {
            Move(list, "", How::Options).apply(config);
        }
    }
    facts(kind, config, FACTS);
}

fn facts(kind: &str, config: &mut Map<String, Value>, facts: &[(&str, &str, &str)]) {
    for (_, key, value) in facts.iter().filter(|(known, _, _)| *known == kind) {
        config.entry(*key).or_insert_with(|| (*value).into());
    }
}

fn is_of(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => pattern == kind,
    }
}

impl Move {
    fn apply(&self, config: &mut Map<String, Value>) {
        let Self(from, to, how) = self;
        let first = |config: &Map<String, Value>| values(config, from).first().map(|value| (*value).clone());
        match how {
            How::Name => rename(config, &from.split('.').collect::<Vec<_>>(), &to.split('.').collect::<Vec<_>>()),
            How::Lift => {
                if let Some(value) = first(config) {
                    put_new(config, to, value);
                }
            }
            How::List => {
                let all: Vec<Value> = values(config, from)
                    .into_iter()
                    .flat_map(|value| match value {
                        Value::Array(items) => items.clone(),
                        other => vec![other.clone()],
                    })
                    .collect();
                if !all.is_empty() {
                    put(config, to, Value::Array(all));
                }
            }
            How::Switch(words) => {
                let value = match first(config) {
                    Some(Value::Bool(flag)) => flag,
                    Some(Value::String(text)) if !text.starts_with("${") => words.iter().any(|word| word.eq_ignore_ascii_case(&text)),
                    _ => return,
                };
                put(config, to, value.into());
            }
            How::Merge => {
                let inner = match config.shift_remove(*from) {
                    Some(Value::Object(inner)) => inner,
                    Some(Value::Array(items)) => match items.into_iter().next() {
                        Some(Value::Object(inner)) => inner,
                        _ => return,
                    },
                    _ => return,
                };
                for (key, value) in inner {
                    config.entry(key).or_insert(value);
                }
            }
            How::Blocks(key) => {
                let blocks: Vec<Value> = values(config, from)
                    .into_iter()
                    .map(|value| Value::Object(Map::from_iter([((*key).to_owned(), value.clone())])))
                    .collect();
                if !blocks.is_empty() {
                    put_new(config, to, blocks.into());
                }
            }
            How::Text => {
                let value = match first(config) {
                    Some(Value::String(text)) => Value::String(json::percent_decoded(&text)),
                    Some(value @ (Value::Object(_) | Value::Array(_))) => Value::String(value.to_string()),
                    _ => return,
                };
                let (root, _) = from.split_once('.').unwrap_or((from, ""));
                config.shift_remove(root);
                put(config, to, value);
            }
            How::Pairs(keys) => {
                let pairs: Vec<(String, Value)> = match config.get(*from) {
                    Some(Value::Array(items)) => items.iter().filter_map(pair).collect(),
                    _ => return,
                };
                for (key, value) in pairs {
                    if let Some((_, to)) = keys.iter().find(|(known, _)| known.eq_ignore_ascii_case(&key)) {
                        put_new(config, to, truth(value));
                    }
                }
            }
            How::Unwrap => {
                if let Some(Value::Object(wrapped)) = config.get_mut(*from)
                    && let Some(items) = wrapped.shift_remove("items")
                {
                    config.insert((*from).to_owned(), items);
                }
            }
            How::Kebab => {
                if let Some(Value::String(text)) = config.shift_remove(*from) {
                    let mut kebab = String::new();
                    for letter in text.chars() {
                        if letter.is_uppercase() && !kebab.is_empty() {
                            kebab.push('-');
                        }
                        kebab.extend(letter.to_lowercase());
                    }
                    config.insert((*to).to_owned(), kebab.into());
                }
            }
            How::Rules => {
                if let Some(rules) = config.shift_remove(*from) {
                    let rules = match rules {
                        Value::Array(rules) => rules,
                        one => vec![one],
                    };
                    let rules: Vec<Value> = rules.into_iter().map(rule).collect();
                    config.insert((*to).to_owned(), rules.into());
                }
            }
            How::Options => {
                let options: Vec<(String, Value)> = match config.get(*from) {
                    Some(Value::Array(items)) => items.iter().filter_map(pair).collect(),
                    _ => return,
                };
                for (key, value) in options {
                    if let Some((_, to)) = OPTIONS.iter().find(|(known, _)| *known == key) {
                        put_new(config, to, truth(value));
                    }
                }
            }
        }
    }
}

/// A name and a value, whatever they are called.
fn pair(item: &Value) -> Option<(String, Value)> {
    let key = ["key", "option_name", "name"].iter().find_map(|name| item.get(*name)?.as_str())?;
    Some((key.to_owned(), item.get("value")?.clone()))
}

/// `"true"` is true.
fn truth(value: Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value,
    }
}

fn put_new(config: &mut Map<String, Value>, to: &str, value: Value) {
    if values(config, to).is_empty() {
        put(config, to, value);
    }
}

/// Gives the keys along a path other names, in all blocks on the way.
fn rename(config: &mut Map<String, Value>, from: &[&str], to: &[&str]) {
    let ([first, rest @ ..], [new, rest_new @ ..]) = (from, to) else {
        return;
    };
    if first != new {
        if config.contains_key(*new) {
            return;
        }
        if let Some(value) = config.shift_remove(*first) {
            config.insert((*new).to_owned(), value);
        }
    }
    if rest.is_empty() {
        return;
    }
    match config.get_mut(*new) {
        Some(Value::Object(inner)) => rename(inner, rest, rest_new),
        Some(Value::Array(items)) => {
            for item in items {
                if let Value::Object(inner) = item {
                    rename(inner, rest, rest_new);
                }
            }
        }
        _ => {}
    }
}

/// A rule of a security group as Terraform writes it.
fn rule(value: Value) -> Value {
    let Value::Object(mut rule) = value else { return value };
    let ranges = |rule: &Map<String, Value>, keys: &[&str], inner: &str| -> Vec<Value> {
        let mut found = Vec::new();
        for key in keys {
            match rule.get(*key) {
                Some(Value::String(range)) => found.push(Value::from(range.clone())),
                Some(Value::Array(items)) => found.extend(items.iter().filter_map(|item| match item {
                    Value::String(_) => Some(item.clone()),
                    _ => item.get(inner).cloned(),
                })),
                _ => {}
            }
        }
        found.dedup();
        found
    };
    let four = ranges(&rule, &["cidr_ip", "ip_ranges", "ipv4_ranges"], "cidr_ip");
    let six = ranges(&rule, &["cidr_ipv6", "ipv6_ranges"], "cidr_ipv6");
    for key in ["cidr_ip", "ip_ranges", "ipv4_ranges", "cidr_ipv6", "ipv6_ranges"] {
        rule.shift_remove(key);
    }
    rule.insert("cidr_blocks".to_owned(), four.into());
    rule.insert("ipv6_cidr_blocks".to_owned(), six.into());
    rename(&mut rule, &["ip_protocol"], &["protocol"]);
    if rule.get("protocol").is_some_and(|protocol| *protocol == -1) {
        rule.insert("protocol".to_owned(), "-1".into());
    }
    Value::Object(rule)
}
