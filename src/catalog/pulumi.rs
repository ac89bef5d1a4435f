//! What Pulumi calls the types and attributes of Terraform and CloudFormation.
//!
//! In: a type as Pulumi writes it, such as `package:module/resource:Resource`, and its properties. Out: whose type it is, by
//! its name there, and the attributes in that source's spelling and form. Names follow from a rule; what does not follow
//! stands in `pulumi.yaml`.

use super::attributes::Names;
use super::lookup::{Lookup, Namespace};
use super::pattern::letters;
use super::predicate::Attributes;
use super::providers::{Known, Provider};
use super::spelling::snake_case;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// `pulumi.yaml`: what does not follow from the rule.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PulumiFile {
    classic: Vec<String>,
    native: Vec<String>,
    prefix: String,
    modules: BTreeMap<String, Vec<String>>,
    types: BTreeMap<String, String>,
    properties: BTreeMap<String, BTreeMap<String, String>>,
}

/// Each provider has packages of its own.
static FILES: Known<Vec<(Provider, PulumiFile)>> = Known::new("pulumi");

/// Whose a type is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// Terraform's.
    Terraform(String),
    /// CloudFormation's.
    CloudFormation(String),
    /// Another provider's, by its package.
    Other(String),
}

/// A type as its source names it.
pub(crate) fn token(kind: &str) -> Token {
    let mut parts = kind.split(':');
    let (package, module, name) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let is_of = |packages: &[String]| packages.iter().any(|known| known == package);
    if let (Some(module), Some(name)) = (module, name) {
        for (_, file) in FILES.get() {
            if is_of(&file.classic) {
                // `s3/bucket`, or the module alone in older versions.
                return Token::Terraform(classic(file, module.split('/').next().unwrap_or(module), name));
            }
            if is_of(&file.native) {
                return Token::CloudFormation(native(file, module, name));
            }
        }
    }
    Token::Other(package.to_owned())
}

/// The type in Terraform's words: one that its schema knows, else one that the catalog does, else what the rule gives.
fn classic(file: &PulumiFile, module: &str, name: &str) -> String {
    if let Some(known) = file.types.get(&format!("{module}/{name}")) {
        return known.clone();
    }
    let own = [module.to_owned()];
    let modules: &[String] = file.modules.get(module).map_or(&own[..], Vec::as_slice);
    // A second version of a resource is called so for as long as there is a first one.
    let names: Vec<&str> = std::iter::once(name)
        .chain(name.strip_suffix("V2").or_else(|| name.strip_suffix("v2")))
        .collect();
    let made = names
        .iter()
        .flat_map(|name| modules.iter().map(move |module| (module.as_str(), *name)));
    let candidates: Vec<String> = made
        .map(|(module, name)| {
            let parts = [file.prefix.as_str(), module, &snake_case(name)];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
        })
        .collect();
    let in_schema = candidates.iter().find_map(|candidate| {
        let wanted = letters(candidate);
        Names::types().find(|known| letters(known) == wanted)
    });
    if let Some(known) = in_schema {
        return known.to_owned();
    }
    let lookup = Lookup::builtin();
    let in_catalog = candidates
        .iter()
        .find(|candidate| lookup.resolve_in(Namespace::Terraform, candidate).is_some());
    in_catalog.or(candidates.first()).cloned().unwrap_or_default()
}

/// The type in CloudFormation's words, whose letters may be of another case.
fn native(file: &PulumiFile, module: &str, name: &str) -> String {
    let vendor = file.prefix.to_uppercase();
    let wanted = letters(&format!("{vendor}{module}{name}"));
    let known = Names::types_like(&format!("{vendor}::")).find(|known| letters(known) == wanted);
    known.map_or_else(
        || {
            let mut letters = module.chars();
            let module: String = letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default();
            format!("{vendor}::{module}::{name}")
        },
        str::to_owned,
    )
}

/// Properties of a type of Terraform's in its spelling and form: a block is a list, also where there may be one only, and a
/// list has the name of its item.
pub(crate) fn attributes(kind: &str, properties: Map<String, Value>) -> Attributes {
    let renamed = FILES.get().iter().find_map(|(_, file)| file.properties.get(kind));
    let properties = properties
        .into_iter()
        .map(|(key, value)| match renamed.and_then(|renamed| renamed.get(&key)) {
            Some(name) => (name.clone(), value),
            None => (key, value),
        });
    level(Names::of(kind), properties)
}

fn level(names: Option<Names>, properties: impl Iterator<Item = (String, Value)>) -> Attributes {
    let mut made = Attributes::new();
    // What the program keeps beside the properties of the resource begins so.
    for (key, value) in properties.filter(|(key, _)| !key.starts_with("__")) {
        match names.and_then(|names| named(names, &key)) {
            Some((name, inner)) => made.insert(name.to_owned(), form(inner, value)),
            None => made.insert(snake_case(&key), value),
        };
    }
    made
}

/// A property's name in the schema, and what is in it.
fn named(names: Names, key: &str) -> Option<(&'static str, Names)> {
    let plain = snake_case(key);
    // One of many: `policy` of `policies`, `address` of `addresses`, `rule` of `rules`.
    let one = plain.strip_suffix('s');
    let spelt = [
        Some(plain.clone()),
        plain.strip_suffix("ies").map(|stem| format!("{stem}y")),
        one.and_then(|one| one.strip_suffix('e')).map(str::to_owned),
        one.map(str::to_owned),
    ];
    let wanted: Vec<String> = spelt.into_iter().flatten().map(|name| letters(&name)).collect();
    wanted
        .iter()
        .find_map(|wanted| names.iter().find(|(known, _)| letters(known) == *wanted))
}

/// A value in Terraform's form. The keys of maps are somebody's own.
fn form(inner: Names, value: Value) -> Value {
    if inner.is_empty() {
        return value;
    }
    match value {
        Value::Object(block) => Value::Array(vec![Value::Object(level(Some(inner), block.into_iter()))]),
        Value::Array(items) => {
            let item = |item: Value| match item {
                Value::Object(block) => Value::Object(level(Some(inner), block.into_iter())),
                other => other,
            };
            Value::Array(items.into_iter().map(item).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_are_those_of_their_sources() {
        let terraform = |token: &str| Token::Terraform(token.to_owned());
        for (kind, is) in [
            ("aws:s3/bucket:Bucket", "aws_s3_bucket"),
            ("aws:s3/bucketV2:BucketV2", "aws_s3_bucket"),
            ("aws:s3/bucketVersioningV2:BucketVersioningV2", "aws_s3_bucket_versioning"),
            (
                "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
                "aws_s3_bucket_public_access_block",
            ),
            ("aws:rds/instance:Instance", "aws_db_instance"),
            ("aws:rds/cluster:Cluster", "aws_rds_cluster"),
            ("aws:rds/clusterInstance:ClusterInstance", "aws_rds_cluster_instance"),
            ("aws:rds/subnetGroup:SubnetGroup", "aws_db_subnet_group"),
            ("aws:rds/proxy:Proxy", "aws_db_proxy"),
            ("aws:ec2/instance:Instance", "aws_instance"),
            ("aws:ec2/vpc:Vpc", "aws_vpc"),
            ("aws:ec2/securityGroup:SecurityGroup", "aws_security_group"),
            ("aws:ec2/fleet:Fleet", "aws_ec2_fleet"),
            ("aws:ec2/eip:Eip", "aws_eip"),
            ("aws:ec2/launchTemplate:LaunchTemplate", "aws_launch_template"),
            ("aws:ec2/routeTableAssociation:RouteTableAssociation", "aws_route_table_association"),
            ("aws:lambda/function:Function", "aws_lambda_function"),
            ("aws:lb/loadBalancer:LoadBalancer", "aws_lb"),
            ("aws:lb/listener:Listener", "aws_lb_listener"),
            ("aws:cloudwatch/logGroup:LogGroup", "aws_cloudwatch_log_group"),
            ("aws:cloudwatch/eventRule:EventRule", "aws_cloudwatch_event_rule"),
            ("aws:apigateway/restApi:RestApi", "aws_api_gateway_rest_api"),
            ("aws:elasticbeanstalk/environment:Environment", "aws_elastic_beanstalk_environment"),
            ("aws:guardduty/detector:Detector", "aws_guardduty_detector"),
            ("aws:appsync/graphQLApi:GraphQLApi", "aws_appsync_graphql_api"),
            ("aws:fsx/openZfsFileSystem:OpenZfsFileSystem", "aws_fsx_openzfs_file_system"),
            ("aws:cloudtrail/trail:Trail", "aws_cloudtrail"),
            ("aws:eks/cluster:Cluster", "aws_eks_cluster"),
            ("aws:kms/key:Key", "aws_kms_key"),
        ] {
            assert_eq!(token(kind), terraform(is), "{kind}");
        }
        assert_eq!(
            token("aws-native:rds:DbInstance"),
            Token::CloudFormation("AWS::RDS::DBInstance".to_owned())
        );
        assert_eq!(token("aws-native:s3:Bucket"), Token::CloudFormation("AWS::S3::Bucket".to_owned()));
        assert_eq!(
            token("aws-native:dreams:Dream"),
            Token::CloudFormation("AWS::Dreams::Dream".to_owned())
        );
        assert_eq!(token("kubernetes:core/v1:Service"), Token::Other("kubernetes".to_owned()));
        assert_eq!(token(""), Token::Other(String::new()));
    }

    #[test]
    fn properties_have_terraforms_names_and_form() {
        let given = json!({
            "name": "f", "memorySize": 128, "vpcConfig": {"subnetIds": ["a"]}, "environment": {"variables": {"keepThis": "1"}},
            "tagsAll": {"Owner": "a"}, "__defaults": [], "fileSystemConfigs": [{"localMountPath": "/a"}],
        });
        let Value::Object(given) = given else { return };
        assert_eq!(
            Value::Object(attributes("aws_lambda_function", given)),
            json!({
                "function_name": "f", "memory_size": 128, "vpc_config": [{"subnet_ids": ["a"]}],
                "environment": [{"variables": {"keepThis": "1"}}], "tags_all": {"Owner": "a"},
                "file_system_config": [{"local_mount_path": "/a"}],
            })
        );
    }
}
