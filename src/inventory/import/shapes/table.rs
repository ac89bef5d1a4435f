//! What moves where, by type: facts about CloudFormation, AWS Config and Terraform.

use super::{How, Move};

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
pub(super) const SHAPES: &[(&[&str], &[Move])] = &[
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

/// By type of Terraform.
#[rustfmt::skip]
pub(super) const TERRAFORMS: &[(&str, &[Move])] = &[
    // What the bucket itself repeats, under the names that the settings of its siblings get.
    ("aws_s3_bucket", &[
        lift("server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm", "sse_algorithm"),
        on("versioning.mfa_delete", "mfa_delete"),
        on("versioning.enabled", "versioning"),
    ]),
    // What is set here counts more than what the environment has by default.
    ("aws_elastic_beanstalk_environment", &[
        Move("setting", "", How::Options),
        Move("all_settings", "", How::Options),
    ]),
];

/// Names of Elastic Beanstalk's options and the attributes that they become.
pub(super) const OPTIONS: &[(&str, &str)] = &[
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
pub(super) const FACTS: &[(&str, &str, &str)] = &[
    ("AWS::EKS::Nodegroup", "compute", "managed-node-groups"),
    ("AWS::EKS::FargateProfile", "compute", "fargate"),
    ("AWS::EKS::Cluster", "compute", "cluster"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "load_balancer_type", "classic"),
    ("AWS::SecretsManager::RotationSchedule", "rotation_enabled", "true"),
    ("aws_elb", "load_balancer_type", "classic"),
];

/// What a template that leaves a property out gets by CloudFormation's documentation.
pub(super) const TEMPLATE_DEFAULTS: &[(&str, &str, &str)] = &[
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "load_balancer_type", "application"),
    ("AWS::DynamoDB::Table", "billing_mode", "PROVISIONED"),
];
