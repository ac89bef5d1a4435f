//! Every resource type that AWS, Terraform and AWS Config have belongs to one service, and to the right one.

use crate::support::{Folder, repository};

/// Names that are in a list and that no page of AWS describes: a type of a product without a name, and a prefix of one
/// that is not among AWS's products any more.
const UNKNOWN: [&str; 2] = ["AWS::GammaDilithium::JobDefinition", "one"];

fn unresolved(list: &str) -> Vec<String> {
    resolve_all(&repository(&format!("tests/fixtures/aws/{list}")), list)
}

fn resolve_all(names: &str, list: &str) -> Vec<String> {
    let answer = Folder::new().run_with(&["catalog", "resolve"], names).fine();
    assert_eq!(answer.lines().count(), names.lines().count(), "one line a name: {list}");
    let without = answer.lines().filter_map(|line| line.strip_suffix("\t-"));
    without.filter(|name| !UNKNOWN.contains(name)).map(str::to_owned).collect()
}

#[test]
fn every_type_and_every_service_is_known() {
    let lists = [
        "terraform_types.txt",
        "cloudformation_types.txt",
        "config_types.txt",
        "services.txt",
        "iam_prefixes.txt",
    ];
    for list in lists {
        assert_eq!(unresolved(list), Vec::<String>::new(), "{list}");
    }
}

#[test]
fn every_namespace_of_arns_is_known_whatever_the_resource() {
    let namespaces = repository("tests/fixtures/aws/arn_namespaces.txt");
    let arns: Vec<String> = namespaces
        .lines()
        .filter(|namespace| !UNKNOWN.contains(namespace))
        .map(|namespace| format!("arn:aws:{namespace}:eu-west-1:111122223333:no-such-kind/name"))
        .collect();
    assert_eq!(resolve_all(&arns.join("\n"), "arn_namespaces.txt"), Vec::<String>::new());
}

#[test]
fn neighbours_with_one_namespace_are_told_apart() {
    let right = [
        ("aws_ebs_volume", "ebs"),
        ("aws_eip", "vpc"),
        ("aws_vpc_endpoint", "privatelink"),
        ("aws_vpn_connection", "site-to-site-vpn"),
        ("aws_ec2_transit_gateway_route", "transit-gateway"),
        ("aws_ec2_client_vpn_endpoint", "client-vpn"),
        ("aws_cloudwatch_log_group", "cloudwatch-logs"),
        ("aws_cloudwatch_event_rule", "eventbridge"),
        ("aws_cloudwatch_metric_alarm", "cloudwatch"),
        ("aws_kinesis_firehose_delivery_stream", "data-firehose"),
        ("aws_kinesis_stream", "kinesis-data-streams"),
        ("aws_kinesis_video_stream", "kinesis-video-streams"),
        ("aws_waf_web_acl", "waf-classic"),
        ("aws_wafv2_web_acl", "waf"),
        ("aws_s3control_bucket", "s3-on-outposts"),
        ("aws_docdb_cluster", "documentdb"),
        ("aws_elasticsearch_domain", "opensearch-service"),
        ("AWS::EC2::TransitGateway", "transit-gateway"),
        ("AWS::EC2::VPCEndpoint", "privatelink"),
        ("AWS::EC2::Volume", "ebs"),
        ("AWS::EC2::EIP", "vpc"),
        ("AWS::EC2::VPNGateway", "site-to-site-vpn"),
        ("AWS::Serverless::Function", "lambda"),
        ("AWS::Serverless::StateMachine", "step-functions"),
        ("AWS::Timestream::InfluxDBInstance", "timestream-influxdb"),
        ("AWS::Timestream::Database", "timestream-for-liveanalytics"),
        ("arn:aws:logs:eu-west-1:111122223333:log-group:/app", "cloudwatch-logs"),
        ("arn:aws:ec2:eu-west-1:111122223333:transit-gateway/tgw-1", "transit-gateway"),
        ("arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/vpce-1", "privatelink"),
        ("arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", "ebs"),
        ("arn:aws:catalog:eu-west-1:111122223333:portfolio/port-1", "service-catalog"),
        ("arn:aws:kafka:eu-west-1:111122223333:cluster/a/b", "msk"),
        ("fargate", "ecs"),
        ("sso", "iam-identity-center"),
        ("elasticfilesystem", "efs"),
        ("Amazon Data Firehose", "data-firehose"),
    ];
    let names: Vec<&str> = right.iter().map(|(name, _)| *name).collect();
    let answer = Folder::new().run_with(&["catalog", "resolve"], &names.join("\n")).fine();
    let expected: Vec<String> = right.iter().map(|(name, service)| format!("{name}\t{service}")).collect();
    assert_eq!(answer.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_retired_service_is_a_warning_and_stands_in_the_report() {
    let folder = Folder::new().with(
        "inventory.yaml",
        "inventory: 1\norganization: Example Ltd\nresources:\n  - {service: qldb, name: ledger}\n  - {service: sns, name: topic}\n",
    );
    let check = folder.run(&["check"]).errors;
    assert!(
        check.contains("service-retired") && check.contains("Amazon QLDB is retired since 2025-07-31"),
        "{check}"
    );
    let report = folder.run(&["report"]).fine();
    assert!(report.contains("retired since 2025-07-31"), "{report}");
}

#[test]
fn what_is_general_is_said_to_be_general() {
    let folder = Folder::new()
        .with(
            "inventory.yaml",
            "inventory: 1\norganization: Example Ltd\nresources:\n  - {service: ledger-box, name: one}\n",
        )
        .with(
            "own/ledger-box.yaml",
            "id: ledger-box\nreason: bought elsewhere\nname: Ledger Box\ncategory: other\nmodel: abstract\nabout: a ledger\n",
        );
    let report = folder.run(&["report", "--catalog", "own"]).fine();
    assert!(
        report.contains("Ledger Box: the catalog says of it what holds for every service of the model"),
        "{report}"
    );
}
