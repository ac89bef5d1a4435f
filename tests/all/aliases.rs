//! Every resource type that AWS, Terraform and AWS Config have belongs to one service, and to the right one.

use crate::declarations::services;
use crate::support::{Folder, list, repository, text};
use std::collections::BTreeMap;

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

/// Product names that only the vendor's word tells from another product.
const TOLD_BY_THE_VENDOR: [&str; 1] = ["AWS Auto Scaling"];

#[test]
fn every_product_is_known_by_its_name_however_it_is_written() {
    let products = repository("tests/fixtures/aws/products.txt");
    let mut asked = Vec::new();
    for name in products.lines() {
        let plain = name.strip_prefix("Amazon ").or_else(|| name.strip_prefix("AWS ")).unwrap_or(name);
        let mut forms = vec![name.to_owned()];
        if !TOLD_BY_THE_VENDOR.contains(&name) {
            forms.extend(["", "Amazon ", "AWS ", "aws ", "amazon-", "aws_"].map(|vendor| format!("{vendor}{plain}")));
        }
        forms.extend(forms.clone().iter().map(|form| form.replace(' ', "")));
        forms.extend(forms.clone().iter().map(|form| form.to_lowercase()));
        asked.push(forms);
    }
    let all: Vec<&str> = asked.iter().flatten().map(String::as_str).collect();
    let answer = Folder::new().run_with(&["catalog", "resolve"], &all.join("\n")).fine();
    let mut services = answer.lines().map(|line| line.rsplit_once('\t').unwrap().1);
    let mut wrong = Vec::new();
    for forms in &asked {
        let found: Vec<&str> = forms.iter().filter_map(|_| services.next()).collect();
        wrong.extend(
            forms
                .iter()
                .zip(&found)
                .filter(|(_, service)| **service == "-" || **service != found[0])
                .map(|(form, service)| format!("{form}: {service}, {}", found[0])),
        );
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn invoices_name_services_and_their_rows_are_resources() {
    let names = repository("tests/fixtures/aws/billing.tsv");
    let expected: Vec<(&str, &str)> = names.lines().map(|line| line.split_once('\t').unwrap()).collect();
    let mut table = "service,name\n".to_owned();
    for (name, _) in &expected {
        table.push_str(&format!("\"{name}\",one\n"));
    }
    let folder = Folder::new().with("services.csv", table);
    let inventory = folder.run(&["import", "services.csv", "--format", "json"]).json();
    let mut found: Vec<(String, String)> = list(&inventory, "resources")
        .iter()
        .map(|one| {
            assert_eq!(one.get("part_of"), None, "{one}");
            (text(one, "from").to_owned(), one["service"].as_str().unwrap_or("-").to_owned())
        })
        .collect();
    found.sort_by_key(|(from, _)| from.rsplit(' ').next().unwrap().parse::<usize>().unwrap());
    let found: Vec<&str> = found.iter().map(|(_, service)| service.as_str()).collect();
    let wrong: Vec<_> = expected.iter().zip(&found).filter(|((_, right), found)| right != *found).collect();
    assert!(wrong.is_empty() && found.len() == expected.len(), "{wrong:?}");
}

#[test]
fn a_tables_words_for_a_type_are_those_of_the_service_that_it_names() {
    let rows = [
        ("AWS WAF", "WebACL", "waf", true),
        ("WAF", "Web ACL", "waf", true),
        ("Amazon RDS", "DB Instance", "rds", true),
        ("AmazonRDS", "Instance", "rds", true),
        ("RDS", "DBSubnetGroup", "rds", false),
        ("Amazon EC2", "EC2 Instance", "ec2", true),
        ("EC2", "Subnet", "vpc", true),
        ("Amazon Elastic Compute Cloud", "Volume", "ebs", true),
        ("AWS Lambda", "Function", "lambda", true),
        ("AWS Lambda", "AWSLambda", "lambda", true),
        ("Amazon S3", "S3 Bucket", "s3", true),
    ];
    let table: String = rows.iter().map(|(service, kind, _, _)| format!("{service},{kind},one\n")).collect();
    let folder = Folder::new().with("services.csv", format!("service,type,name\n{table}"));
    let inventory = folder.run(&["import", "services.csv", "--format", "json"]).json();
    let of = |line: usize| {
        let from = format!("services.csv: line {line}");
        list(&inventory, "resources")
            .iter()
            .find(|one| one["from"] == from.as_str())
            .unwrap()
            .clone()
    };
    for (index, (service, kind, right, primary)) in rows.iter().enumerate() {
        let found = of(index + 2);
        assert_eq!(
            (text(&found, "service"), found.get("part_of").is_none()),
            (*right, *primary),
            "{service} {kind}"
        );
    }
}

#[test]
fn every_mode_has_names_that_settle_it() {
    let services = Folder::new().run(&["catalog", "list", "--format", "json"]).json();
    let mut written = Vec::new();
    for service in services.as_array().unwrap() {
        for mode in list(service, "modes") {
            let (id, mode) = (text(service, "service"), mode.as_str().unwrap());
            written.push((format!("{id}-{mode}"), id, mode));
        }
    }
    for (name, service, mode) in [
        ("fargate", "ecs", "fargate"),
        ("AWS Fargate", "ecs", "fargate"),
        ("alb", "elastic-load-balancing", "application"),
        ("Application Load Balancer", "elastic-load-balancing", "application"),
        ("nlb", "elastic-load-balancing", "network"),
        ("gwlb", "elastic-load-balancing", "gateway"),
        ("clb", "elastic-load-balancing", "classic"),
        ("aurora-serverless", "aurora", "serverless"),
        ("Amazon Aurora Serverless", "aurora", "serverless"),
        ("MSKServerless", "msk", "serverless"),
    ] {
        written.push((name.to_owned(), service, mode));
    }
    // A name that stands for several modes of its service settles none.
    let open = ["fsx-lustre", "rds-custom", "eks-cluster"];
    let resources: String = written
        .iter()
        .map(|(name, _, _)| format!("  - {{service: \"{name}\", name: \"{name}\"}}\n"))
        .collect();
    let folder = Folder::new().with(
        "inventory.yaml",
        format!("inventory: 1\norganization: Example Ltd\nresources:\n{resources}"),
    );
    let report = folder.report("json").json();
    let mut found = BTreeMap::new();
    for service in list(&report, "services") {
        for name in list(service, "names") {
            let mode = service["mode"].as_str().unwrap_or("-").to_owned();
            // Two that are called alike stand once, with their number.
            let name = name.as_str().unwrap().split(" ×").next().unwrap();
            found.insert(name.to_owned(), (text(service, "service").to_owned(), mode));
        }
    }
    for (name, service, mode) in written.iter().filter(|(name, _, _)| !open.contains(&name.as_str())) {
        let is = found.get(name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!((is.0.as_str(), is.1.as_str()), (*service, *mode), "{name}");
    }
}

/// The types of deployable things, each with the services that declare it.
fn types() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut types: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (service, file) in services() {
        let resources = file["resources"].as_object().into_iter().flatten();
        let sources = resources.flat_map(|(_, resource)| ["terraform", "cloudformation"].map(|source| &resource["types"][source]));
        for kind in sources.filter_map(|kinds| kinds.as_array()).flatten() {
            let kind = kind.as_str().unwrap();
            if !kind.ends_with('*') {
                types.entry(kind).or_default().push(service);
            }
        }
    }
    types
}

#[test]
fn a_type_is_run_alike_whether_its_service_is_named_or_not_and_in_a_table() {
    let types: Vec<(&str, &str)> = types()
        .into_iter()
        .filter_map(|(kind, services)| Some((kind, <[&str; 1]>::try_from(services).ok()?[0])))
        .collect();
    assert!(types.len() > 500, "{}", types.len());
    let mut inventory = "inventory: 1\norganization: Example Ltd\nimports: [{file: types.csv}]\nresources:\n".to_owned();
    let mut table = "type,name\n".to_owned();
    for (kind, service) in &types {
        inventory.push_str(&format!("  - {{type: \"{kind}\", name: \"alone {kind}\"}}\n"));
        inventory.push_str(&format!("  - {{type: \"{kind}\", service: {service}, name: \"named {kind}\"}}\n"));
        table.push_str(&format!("{kind},listed {kind}\n"));
    }
    let folder = Folder::new().with("inventory.yaml", inventory).with("types.csv", table);
    let report = folder.report("json").json();
    let found: BTreeMap<&str, [&str; 2]> = list(&report, "resources")
        .iter()
        .map(|one| (text(one, "name"), ["service", "mode"].map(|key| one[key].as_str().unwrap_or("-"))))
        .collect();
    let differ: Vec<String> = types
        .iter()
        .filter_map(|(kind, _)| {
            let [alone, named, listed] = ["alone", "named", "listed"].map(|how| found[format!("{how} {kind}").as_str()]);
            // A cluster that somebody writes stands for its nodes, too; how one of a list runs its nodes is open.
            let is_listed_alike = alone == listed || (*kind == "AWS::EKS::Cluster" && listed == ["eks", "-"]);
            (alone != named || !is_listed_alike).then(|| format!("{kind}: {alone:?} alone, {named:?} named, {listed:?} in a table"))
        })
        .collect();
    assert_eq!(differ, Vec::<String>::new());
}

#[test]
fn a_mode_that_the_name_contradicts_is_told() {
    for (resource, told) in [
        (
            "{service: fargate, mode: ec2}",
            "`fargate` is `ecs` in its mode `fargate`, and `mode` says `ec2`",
        ),
        (
            "{service: alb/network}",
            "`alb` is `elastic-load-balancing` in its mode `application`, and `mode` says `network`",
        ),
    ] {
        let text = format!("inventory: 1\norganization: Example Ltd\nresources: [{resource}]\n");
        let run = Folder::new().with("inventory.yaml", text).run(&["check"]);
        assert!(run.failed(1).contains(told), "{}", run.errors);
    }
    let agreeing = "inventory: 1\norganization: Example Ltd\nresources: [{service: fargate, mode: fargate, name: a}]\n";
    let run = Folder::new().with("inventory.yaml", agreeing).run(&["report"]);
    run.well();
    let rule = "inventory: 1\norganization: Example Ltd\nresources: [{service: fargate, name: a}, {service: ecs/ec2, name: b}]\n\
                assignments:\n  - {match: {service: [fargate, rds]}, responsible: customer, accountable: customer}\n";
    let run = Folder::new().with("inventory.yaml", rule).run(&["check"]);
    assert!(run.failed(1).contains("write a rule of its own"), "{}", run.errors);
}
