//! What Terraform keeps in resources of their own and people take for a setting of another: a bucket's versioning, a
//! secret's rotation, the task definition of a service.
//!
//! In: all resources of a state, without anything secret. Out: the same, with those settings copied to the resource
//! that they are about, under the names that the catalog's predicates use. Where the state does not have the sibling,
//! nothing is concluded: the setting may be made elsewhere.

use super::ImportedResource;
use super::paths::{add, put, texts, values};
use crate::catalog::predicate::Attributes;
use crate::limits;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A resource among those of its file.
pub(super) struct Found {
    /// The resource.
    pub(super) resource: ImportedResource,
    /// The provider configuration that made it, such as `provider["registry.../aws"].us`; empty where there is none.
    pub(super) provider: Arc<str>,
    /// Whether that configuration tells its account, which is nobody else's then.
    pub(super) by_provider: bool,
    /// How the file itself refers to it: `${Logs}` in a template.
    pub(super) handle: Option<String>,
}

/// One kind of sibling and what it says of its owner, by Terraform's names of both.
pub(super) struct Sibling {
    /// The sibling's type.
    pub(super) kind: &'static str,
    /// Its attributes that may name the owner. None: there is one of either in an account's region.
    pub(super) names: &'static [&'static str],
    /// The owner's types.
    pub(super) owners: &'static [&'static str],
    /// The owner's attributes that may equal that name.
    pub(super) by: &'static [&'static str],
    /// An attribute that makes the sibling one of a part of the owner only, such as a version.
    pub(super) unless: Option<&'static str>,
    /// What to copy from where to where; both are dotted paths.
    pub(super) copies: &'static [Copy],
}

/// From where, to where, how.
pub(super) type Copy = (&'static str, &'static str, How);

const fn sibling(
    kind: &'static str,
    names: &'static [&'static str],
    owners: &'static [&'static str],
    by: &'static [&'static str],
    copies: &'static [Copy],
) -> Sibling {
    Sibling {
        kind,
        names,
        owners,
        by,
        unless: None,
        copies,
    }
}

/// How a value is copied.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    /// As it is, where all siblings of an owner agree. It replaces what the owner says itself: Terraform read the owner
    /// before it made the sibling.
    Same,
    /// True for `Enabled`; otherwise as above.
    Switch,
    /// Added to a list, without repetitions.
    Listed,
}
use How::{Listed, Same, Switch};

const BUCKETS: &[&str] = &["aws_s3_bucket", "aws_s3_directory_bucket"];
const FUNCTION: &[&str] = &["aws_lambda_function"];
const FUNCTION_NAMES: &[&str] = &["function_name", "arn"];
const CLUSTERS: &[&str] = &["aws_rds_cluster"];
const INSTANCES: &[&str] = &["aws_rds_cluster_instance", "aws_db_instance"];
/// What Aurora keeps at the instances of a cluster.
const OF_INSTANCES: &[Copy] = &[
    ("instance_class", "instance_class", Same),
    ("publicly_accessible", "publicly_accessible", Same),
    ("auto_minor_version_upgrade", "auto_minor_version_upgrade", Same),
    ("performance_insights_enabled", "performance_insights_enabled", Same),
    ("monitoring_interval", "monitoring_interval", Same),
    ("ca_cert_identifier", "ca_cert_identifier", Same),
];
const RECORDER: &[&str] = &["aws_config_configuration_recorder"];

#[rustfmt::skip]
pub(super) const SIBLINGS: &[Sibling] = &[
    // What the bucket itself repeats, under the names that the settings of its siblings get.
    sibling("aws_s3_bucket", &["bucket"], BUCKETS, &["bucket"], &[
        ("server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm", "sse_algorithm", Same),
        ("versioning.mfa_delete", "mfa_delete", Same),
        ("versioning.enabled", "versioning", Same),
    ]),
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
    ]),
    sibling("aws_ecs_cluster", &["arn", "name"], &["aws_ecs_service"], &["cluster"], &[
        ("setting", "setting", Same),
    ]),
    sibling("aws_rds_cluster_instance", &["cluster_identifier"], CLUSTERS, &["cluster_identifier", "id"], OF_INSTANCES),
    sibling("aws_db_instance", &["cluster_identifier"], CLUSTERS, &["cluster_identifier", "id"], OF_INSTANCES),
    sibling("aws_rds_cluster", &["cluster_identifier", "id"], INSTANCES, &["cluster_identifier"], &[
        ("engine", "engine", Same),
        ("engine_mode", "engine_mode", Same),
        ("serverlessv2_scaling_configuration", "serverlessv2_scaling_configuration", Same),
        ("cluster_scalability_type", "cluster_scalability_type", Same),
        ("storage_encrypted", "storage_encrypted", Same),
    ]),
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

/// Terraform's name of a type.
pub(super) fn terraforms_name(kind: &str) -> &str {
    TYPES.iter().find(|(known, _)| *known == kind).map_or(kind, |(_, name)| name)
}

/// Copies the settings of all siblings to their owners.
pub(super) fn copy(resources: &mut [Found]) {
    let mut by_kind: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, found) in resources.iter().enumerate() {
        by_kind
            .entry(terraforms_name(&found.resource.kind).to_owned())
            .or_default()
            .push(index);
    }
    let of_kind = |kind: &str| by_kind.get(kind).map(Vec::as_slice).unwrap_or_default();
    for sibling in SIBLINGS {
        let siblings = of_kind(sibling.kind);
        let owners: Vec<usize> = sibling.owners.iter().flat_map(|kind| of_kind(kind)).copied().collect();
        if siblings.is_empty() || owners.is_empty() {
            continue;
        }
        for (owner, path, values, how) in sibling.settings(resources, siblings, &owners) {
            apply(&mut resources[owner].resource.config, path, how, values);
        }
    }
}

/// Puts what siblings say at a path of their owner.
pub(super) fn apply(config: &mut Attributes, path: &str, how: How, values: Vec<Value>) {
    match (how, values.as_slice()) {
        (_, []) => {}
        (Same, [only]) => put(config, path, only.clone()),
        (Switch, [only]) => put(config, path, (*only == "Enabled").into()),
        (Listed, _) => add(config, path, values),
        (Same | Switch, _) => {}
    }
}

/// A setting: the owner, where it goes, what its siblings say without repetitions, and how to put it there.
type Setting = (usize, &'static str, Vec<Value>, How);

impl Sibling {
    const fn unless(self, key: &'static str) -> Self {
        Self { unless: Some(key), ..self }
    }

    /// What the siblings say, by owner and in the order of the copies.
    fn settings(&self, resources: &[Found], siblings: &[usize], owners: &[usize]) -> Vec<Setting> {
        let names = |index: usize, keys: &[&str]| -> Vec<Cow<'_, str>> {
            let found = &resources[index];
            let said = keys.iter().flat_map(|key| texts(&found.resource.config, key)).map(bare);
            said.chain(found.handle.as_deref().map(Cow::Borrowed)).collect()
        };
        let mut named: BTreeMap<Cow<'_, str>, Vec<usize>> = BTreeMap::new();
        for owner in owners {
            let mut names = names(*owner, self.by);
            names.sort();
            names.dedup();
            for name in names {
                named.entry(name).or_default().push(*owner);
            }
        }
        let mut settings: BTreeMap<(usize, usize), Setting> = BTreeMap::new();
        let mut known = BTreeSet::new();
        for sibling in siblings {
            let is_of_a_part = |key: &str| !texts(&resources[*sibling].resource.config, key).is_empty();
            if self.unless.is_some_and(is_of_a_part) {
                continue;
            }
            let mut meant = Vec::new();
            if self.names.is_empty() {
                meant = owners_meant(&resources[*sibling], owners, false, resources);
            }
            for name in names(*sibling, self.names) {
                let named = named.get(&name).map(Vec::as_slice).unwrap_or_default();
                let is_one = name.starts_with("arn:") || name.starts_with("${");
                // Each of many that are called alike would take what each of many others says.
                let owners = owners_meant(&resources[*sibling], named, is_one, resources);
                meant.extend(owners.into_iter().take(limits::NAMESAKES));
            }
            meant.sort_unstable();
            meant.dedup();
            for owner in meant {
                for (position, (from, to, how)) in self.copies.iter().enumerate() {
                    let setting = settings.entry((owner, position)).or_insert_with(|| (owner, to, Vec::new(), *how));
                    for value in values(&resources[*sibling].resource.config, from) {
                        if known.insert((owner, position, value.to_string())) {
                            setting.2.push(value.clone());
                        }
                    }
                }
            }
        }
        settings.into_values().filter(|(_, _, values, _)| !values.is_empty()).collect()
    }
}

/// Which of the owners of the right name are meant. Names repeat between accounts and regions, so of several only one
/// that the same provider configuration made is. ARNs do not repeat: all owners that name it are meant.
fn owners_meant(sibling: &Found, named: &[usize], by_arn: bool, resources: &[Found]) -> Vec<usize> {
    let differ = |a: &Option<_>, b: &Option<_>| a.is_some() && b.is_some() && a != b;
    let mut owners = named.to_vec();
    owners.retain(|owner| {
        let (a, b) = (&sibling.resource, &resources[*owner].resource);
        !differ(&a.account, &b.account) && !differ(&a.region, &b.region)
    });
    if owners.len() > 1 && !by_arn {
        owners.retain(|owner| resources[*owner].provider == sibling.provider);
        if owners.len() > 1 {
            owners.clear();
        }
    }
    owners
}

/// A reference without the attribute of the resource that it names: `${Logs}` of `${Logs.Arn}`.
pub(super) fn bare(name: &str) -> Cow<'_, str> {
    match name.strip_prefix("${").and_then(|inner| inner.split_once('.')) {
        Some((handle, _)) => Cow::Owned(format!("${{{handle}}}")),
        None => Cow::Borrowed(name),
    }
}
