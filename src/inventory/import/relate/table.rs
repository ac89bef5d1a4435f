//! Which resources say something of which others: facts about Terraform, CloudFormation and AWS Config.
//!
//! In: nothing. Out: the relations, as values.

use super::How::{Listed, Same, Switch};
use super::{Copied, How, Relation, Relations, Side};
use std::sync::LazyLock;

/// One kind of sibling and what it says of its owner, by Terraform's names of both; see [`Relation`].
struct Sibling {
    kind: &'static str,
    names: &'static [&'static str],
    owners: &'static [&'static str],
    by: &'static [&'static str],
    named: Side,
    unless: Option<&'static str>,
    copies: &'static [(&'static str, &'static str, How)],
}

const fn sibling(
    kind: &'static str,
    names: &'static [&'static str],
    owners: &'static [&'static str],
    by: &'static [&'static str],
    copies: &'static [(&'static str, &'static str, How)],
) -> Sibling {
    Sibling {
        kind,
        names,
        owners,
        by,
        named: Side::Owner,
        unless: None,
        copies,
    }
}

impl Sibling {
    /// Says nothing of an owner where this attribute is set.
    const fn unless(self, key: &'static str) -> Self {
        Self { unless: Some(key), ..self }
    }

    /// The owner names the sibling, and not the other way round.
    const fn named_by_owners(self) -> Self {
        Self {
            named: Side::Sibling,
            ..self
        }
    }
}

const BUCKETS: &[&str] = &["aws_s3_bucket", "aws_s3_directory_bucket"];
const FUNCTION: &[&str] = &["aws_lambda_function"];
const FUNCTION_NAMES: &[&str] = &["function_name", "arn"];
const CLUSTERS: &[&str] = &["aws_rds_cluster"];
const INSTANCES: &[&str] = &["aws_rds_cluster_instance", "aws_db_instance"];
/// What Aurora keeps at the instances of a cluster.
const OF_INSTANCES: &[(&str, &str, How)] = &[
    ("instance_class", "instance_class", Same),
    ("publicly_accessible", "publicly_accessible", Same),
    ("auto_minor_version_upgrade", "auto_minor_version_upgrade", Same),
    ("performance_insights_enabled", "performance_insights_enabled", Same),
    ("monitoring_interval", "monitoring_interval", Same),
    ("ca_cert_identifier", "ca_cert_identifier", Same),
];
const RECORDER: &[&str] = &["aws_config_configuration_recorder"];

#[rustfmt::skip]
const SIBLINGS: &[Sibling] = &[
    sibling("aws_s3_bucket_public_access_block", &["bucket"], BUCKETS, &["bucket"], &[
        ("block_public_acls", "block_public_acls", Same),
        ("block_public_policy", "block_public_policy", Same),
        ("ignore_public_acls", "ignore_public_acls", Same),
        ("restrict_public_buckets", "restrict_public_buckets", Same),
    ]),
    sibling("aws_s3_bucket_versioning", &["bucket"], BUCKETS, &["bucket"], &[
        ("versioning_configuration.status", "versioning", Switch),
        ("versioning_configuration.mfa_delete", "mfa_delete", Switch),
    ]),
    sibling("aws_s3_bucket_server_side_encryption_configuration", &["bucket"], BUCKETS, &["bucket"], &[
        ("rule", "server_side_encryption_configuration.rule", Same),
        ("rule.apply_server_side_encryption_by_default.sse_algorithm", "sse_algorithm", Same),
    ]),
    sibling("aws_s3_bucket_logging", &["bucket"], BUCKETS, &["bucket"], &[
        ("target_bucket", "logging.target_bucket", Same),
    ]),
    sibling("aws_s3_bucket_policy", &["bucket"], BUCKETS, &["bucket"], &[
        ("policy", "policy", Same),
    ]),
    sibling("aws_s3_bucket_ownership_controls", &["bucket"], BUCKETS, &["bucket"], &[
        ("rule.object_ownership", "object_ownership", Same),
    ]),
    sibling("aws_s3_bucket_acl", &["bucket"], BUCKETS, &["bucket"], &[
        ("acl", "acl", Same),
    ]),
    sibling("aws_ecr_lifecycle_policy", &["repository"], &["aws_ecr_repository"], &["name"], &[
        ("policy", "lifecycle_policy", Same),
    ]),
    sibling("aws_ecs_task_definition", &["arn", "arn_without_revision"], &["aws_ecs_service"], &["task_definition"], &[
        ("requires_compatibilities", "requires_compatibilities", Same),
        ("task_role_arn", "task_role_arn", Same),
    ]).named_by_owners(),
    sibling("aws_ecs_cluster", &["arn", "name"], &["aws_ecs_service"], &["cluster"], &[
        ("setting", "setting", Same),
    ]).named_by_owners(),
    sibling("aws_rds_cluster_instance", &["cluster_identifier"], CLUSTERS, &["cluster_identifier", "id"], OF_INSTANCES),
    sibling("aws_db_instance", &["cluster_identifier"], CLUSTERS, &["cluster_identifier", "id"], OF_INSTANCES),
    sibling("aws_rds_cluster", &["cluster_identifier", "id"], INSTANCES, &["cluster_identifier"], &[
        ("engine", "engine", Same),
        ("engine_mode", "engine_mode", Same),
        ("serverlessv2_scaling_configuration", "serverlessv2_scaling_configuration", Same),
        ("cluster_scalability_type", "cluster_scalability_type", Same),
        ("storage_encrypted", "storage_encrypted", Same),
    ]).named_by_owners(),
    sibling("aws_eks_node_group", &["cluster_name"], &["aws_eks_cluster"], &["name"], &[
        ("node_group_name", "node_groups", Listed),
    ]),
    sibling("aws_eks_fargate_profile", &["cluster_name"], &["aws_eks_cluster"], &["name"], &[
        ("fargate_profile_name", "fargate_profiles", Listed),
    ]),
    sibling("aws_lambda_function_url", &["function_name"], FUNCTION, FUNCTION_NAMES, &[
        ("authorization_type", "authorization_type", Listed),
    ]),
    sibling("aws_lambda_runtime_management_config", &["function_name"], FUNCTION, FUNCTION_NAMES, &[
        ("update_runtime_on", "update_runtime_on", Same),
    ]).unless("qualifier"),
    sibling("aws_lambda_function_recursion_config", &["function_name"], FUNCTION, FUNCTION_NAMES, &[
        ("recursive_loop", "recursive_loop", Same),
    ]),
    sibling("aws_lambda_function_event_invoke_config", &["function_name"], FUNCTION, FUNCTION_NAMES, &[
        ("destination_config", "destination_config", Same),
    ]).unless("qualifier"),
    sibling("aws_secretsmanager_secret_rotation", &["secret_id"], &["aws_secretsmanager_secret"], &["arn", "name"], &[
        ("rotation_enabled", "rotation_enabled", Same),
        ("rotation_lambda_arn", "rotation_lambda_arn", Same),
        ("rotation_rules", "rotation_rules", Same),
    ]),
    sibling("aws_secretsmanager_secret_policy", &["secret_arn"], &["aws_secretsmanager_secret"], &["arn", "name"], &[
        ("block_public_policy", "block_public_policy", Same),
        ("policy", "policy", Same),
    ]),
    sibling("aws_sqs_queue_policy", &["queue_url", "queues"], &["aws_sqs_queue"], &["id", "url"], &[
        ("policy", "policy", Same),
    ]),
    sibling("aws_sqs_queue_redrive_policy", &["queue_url"], &["aws_sqs_queue"], &["id"], &[
        ("redrive_policy", "redrive_policy", Same),
    ]),
    sibling("aws_sns_topic_policy", &["arn", "topics"], &["aws_sns_topic"], &["arn"], &[
        ("policy", "policy", Same),
    ]),
    sibling("aws_route53_hosted_zone_dnssec", &["hosted_zone_id"], &["aws_route53_zone"], &["zone_id"], &[
        ("signing_status", "signing_status", Same),
    ]),
    sibling("aws_route53_query_log", &["zone_id"], &["aws_route53_zone"], &["zone_id"], &[
        ("cloudwatch_log_group_arn", "cloudwatch_log_group_arn", Same),
    ]),
    sibling("aws_lb_listener", &["load_balancer_arn"], &["aws_lb", "aws_alb"], &["arn"], &[
        ("ssl_policy", "ssl_policy", Same),
    ]),
    sibling("aws_autoscaling_attachment", &["autoscaling_group_name"], &["aws_autoscaling_group"], &["name"], &[
        ("lb_target_group_arn", "target_group_arns", Listed),
        ("elb", "load_balancers", Listed),
    ]),
    sibling("aws_iam_role_policy_attachment", &["role"], &["aws_iam_role"], &["name"], &[
        ("policy_arn", "managed_policy_arns", Listed),
    ]),
    sibling("aws_subnet", &["vpc_id"], &["aws_vpc", "aws_default_vpc"], &["id"], &[
        ("map_public_ip_on_launch", "map_public_ip_on_launch", Listed),
    ]),
    sibling("aws_guardduty_publishing_destination", &["detector_id"], &["aws_guardduty_detector"], &["id"], &[
        ("destination_arn", "destination_arn", Same),
    ]),
    sibling("aws_config_configuration_recorder_status", &["name"], RECORDER, &["name"], &[
        ("is_enabled", "is_enabled", Same),
    ]),
    sibling("aws_config_delivery_channel", &[], RECORDER, &[], &[
        ("s3_bucket_name", "s3_bucket_name", Same),
        ("s3_kms_key_arn", "s3_kms_key_arn", Same),
    ]),
];

/// CloudFormation's types that take part, and Terraform's names of them.
#[rustfmt::skip]
const TYPES: &[(&str, &str)] = &[
    ("AWS::Config::ConfigurationRecorder", "aws_config_configuration_recorder"),
    ("AWS::Config::DeliveryChannel", "aws_config_delivery_channel"),
    ("AWS::EC2::Subnet", "aws_subnet"),
    ("AWS::EC2::VPC", "aws_vpc"),
    ("AWS::ECS::Cluster", "aws_ecs_cluster"),
    ("AWS::ECS::Service", "aws_ecs_service"),
    ("AWS::ECS::TaskDefinition", "aws_ecs_task_definition"),
    ("AWS::EKS::Cluster", "aws_eks_cluster"),
    ("AWS::EKS::FargateProfile", "aws_eks_fargate_profile"),
    ("AWS::EKS::Nodegroup", "aws_eks_node_group"),
    ("AWS::ElasticLoadBalancingV2::Listener", "aws_lb_listener"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "aws_lb"),
    ("AWS::GuardDuty::Detector", "aws_guardduty_detector"),
    ("AWS::GuardDuty::PublishingDestination", "aws_guardduty_publishing_destination"),
    ("AWS::Lambda::EventInvokeConfig", "aws_lambda_function_event_invoke_config"),
    ("AWS::Lambda::Function", "aws_lambda_function"),
    ("AWS::Lambda::Url", "aws_lambda_function_url"),
    ("AWS::RDS::DBCluster", "aws_rds_cluster"),
    ("AWS::RDS::DBInstance", "aws_db_instance"),
    ("AWS::Route53::HostedZone", "aws_route53_zone"),
    ("AWS::S3::Bucket", "aws_s3_bucket"),
    ("AWS::S3::BucketPolicy", "aws_s3_bucket_policy"),
    ("AWS::SNS::Topic", "aws_sns_topic"),
    ("AWS::SNS::TopicPolicy", "aws_sns_topic_policy"),
    ("AWS::SQS::Queue", "aws_sqs_queue"),
    ("AWS::SQS::QueuePolicy", "aws_sqs_queue_policy"),
    ("AWS::SecretsManager::ResourcePolicy", "aws_secretsmanager_secret_policy"),
    ("AWS::SecretsManager::RotationSchedule", "aws_secretsmanager_secret_rotation"),
    ("AWS::SecretsManager::Secret", "aws_secretsmanager_secret"),
    ("AWS::Serverless::Function", "aws_lambda_function"),
];

/// The relations between the types of AWS.
pub(in crate::inventory::import) fn relations() -> &'static Relations {
    static ALL: LazyLock<Relations> = LazyLock::new(all);
    &ALL
}

fn all() -> Relations {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let relation = |one: &Sibling| Relation {
        kind: one.kind.to_owned(),
        names: owned(one.names),
        owners: owned(one.owners),
        by: owned(one.by),
        named: one.named,
        unless: one.unless.map(str::to_owned),
        copies: one
            .copies
            .iter()
            .map(|(from, to, how)| Copied::new(one.kind, from, to, *how))
            .collect(),
    };
    let types = TYPES
        .iter()
        .map(|(kind, terraforms)| ((*kind).to_owned(), (*terraforms).to_owned()));
    Relations::new(SIBLINGS.iter().map(relation).collect(), types.collect())
}
