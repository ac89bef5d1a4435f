//! What one file of a run says of the resources of another: joined where it is certain whom that means, else left open, and never
//! taken for something that is not there.

use crate::support::{Folder, list, text};
use serde_json::{Value, json};

const AWS: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";
const GROUP_ARN: &str = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/g";
const SCHEDULE_ARN: &str =
    "arn:aws:autoscaling:eu-west-1:111122223333:scheduledUpdateGroupAction:1:autoScalingGroupName/g:scheduledActionName/s";
const MINIMUM: &str = "ec2-auto-scaling.high-availability.customer.minimum";

fn state(resources: &[(&str, Value)]) -> String {
    let one = |(number, (kind, attributes)): (usize, &(&str, Value))| json!({"mode": "managed", "type": kind, "name": format!("n{number}"), "provider": AWS, "instances": [{"attributes": attributes}]});
    let resources: Vec<Value> = resources.iter().enumerate().map(one).collect();
    json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": resources[0]["type"], "resources": resources}).to_string()
}

fn group() -> (&'static str, Value) {
    let group = json!({"arn": GROUP_ARN, "id": "g", "name": "g", "min_size": 2, "suspended_processes": [], "desired_capacity_type": "",
        "mixed_instances_policy": []});
    ("aws_autoscaling_group", group)
}

fn schedule(arn: &str, min_size: u8) -> (&'static str, Value) {
    let schedule = json!({"arn": arn, "id": "s", "autoscaling_group_name": "g", "min_size": min_size, "recurrence": "0 20 * * *"});
    ("aws_autoscaling_schedule", schedule)
}

/// The state of a duty, as a run over all files of a folder tells it.
fn told(folder: &Folder, duty: &str) -> String {
    let listed = folder.run(&["list", "duties", ".", "--format", "json"]).json();
    let rows = listed.as_array().unwrap().clone();
    let row = rows.iter().find(|row| row["activity"] == duty);
    row.map_or("no duty", |row| text(row, "state")).to_owned()
}

fn minimum(files: &[(&str, String)]) -> String {
    let folder = files
        .iter()
        .fold(Folder::new(), |folder, (name, content)| folder.with(name, content));
    told(&folder, MINIMUM)
}

#[test]
fn a_schedule_of_another_file_lowers_a_group() {
    let alone = state(&[group()]);
    assert_eq!(minimum(&[("a.tfstate", alone.clone())]), "met", "nothing in the run lowers it");
    assert_eq!(
        minimum(&[("a.tfstate", state(&[group(), schedule(SCHEDULE_ARN, 0)]))]),
        "unknown",
        "in one file"
    );
    let template = |properties: Value| {
        json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"S": {"Type": "AWS::AutoScaling::ScheduledAction", "Properties": properties}}})
            .to_string()
    };
    let import = template(json!({"AutoScalingGroupName": {"Fn::ImportValue": "g"}, "MinSize": 0}));
    let by_name = template(json!({"AutoScalingGroupName": "g", "MinSize": 0}));
    let row = "account,region,type,id\n111122223333,eu-west-1,AWS::AutoScaling::ScheduledAction,s\n";
    for (name, other) in [
        ("b.tfstate", state(&[schedule(SCHEDULE_ARN, 0)])),
        ("b.json", import.clone()),
        ("b.json", by_name),
        ("b.csv", row.to_owned()),
    ] {
        assert_eq!(
            minimum(&[("a.tfstate", alone.clone()), (name, other.clone())]),
            "unknown",
            "{other}"
        );
        assert_eq!(
            minimum(&[("z.tfstate", alone.clone()), (name, other.clone())]),
            "unknown",
            "in the other order: {other}"
        );
    }
    // A template's group, whose name nobody tells.
    let group = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"G": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {"MinSize": "2", "MaxSize": "4"}}}}).to_string();
    assert_eq!(minimum(&[("a.json", group.clone())]), "met");
    assert_eq!(minimum(&[("a.json", group.clone()), ("b.json", import)]), "unknown");
    assert_eq!(
        minimum(&[("a.json", group), ("b.tfstate", state(&[schedule(SCHEDULE_ARN, 0)]))]),
        "unknown"
    );
}

#[test]
fn what_certainly_means_another_says_nothing() {
    let alone = || ("a.tfstate", state(&[group()]));
    let elsewhere = SCHEDULE_ARN.replace("eu-west-1", "us-east-1");
    assert_eq!(
        minimum(&[alone(), ("b.tfstate", state(&[schedule(&elsewhere, 0)]))]),
        "met",
        "it is in another Region"
    );
    let (kind, mut other) = schedule(SCHEDULE_ARN, 0);
    other["autoscaling_group_name"] = json!("another");
    assert_eq!(
        minimum(&[alone(), ("b.tfstate", state(&[(kind, other)]))]),
        "met",
        "it names another group"
    );
    // What is certain is joined: a schedule that leaves two of them lowers nothing.
    assert_eq!(
        minimum(&[alone(), ("b.tfstate", state(&[schedule(SCHEDULE_ARN, 2)]))]),
        "met",
        "it keeps two"
    );
}

/// A plan beside a state, and a state that stands twice.
#[test]
fn plans_and_copies_count_as_states_do() {
    let (kind, schedule_of) = schedule(SCHEDULE_ARN, 0);
    let plan = json!({"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": [], "planned_values": {"root_module": {"resources": [
        {"address": "aws_autoscaling_schedule.s", "mode": "managed", "type": kind, "name": "s", "provider_name": "registry.terraform.io/hashicorp/aws", "values": schedule_of}]}}});
    assert_eq!(
        minimum(&[("a.tfstate", state(&[group()])), ("b.json", plan.to_string())]),
        "unknown"
    );
    let whole = state(&[group(), schedule(SCHEDULE_ARN, 2)]);
    assert_eq!(
        minimum(&[("a.tfstate", whole.clone()), ("b.tfstate", whole)]),
        "met",
        "it stands twice"
    );
}

/// What a file is too long to be held does not change what others say of it.
#[test]
fn a_long_file_is_left_open_by_another() {
    let row = |number: usize| format!("\"filler-{number}\"");
    let padding: Vec<String> = (0..40_000).map(row).collect();
    let mut long: Value = serde_json::from_str(&state(&[group()])).unwrap();
    long["check_results"] = json!(padding.join(" ").repeat(90));
    let files = [("a.tfstate", long.to_string()), ("b.tfstate", state(&[schedule(SCHEDULE_ARN, 0)]))];
    assert_eq!(minimum(&files), "unknown");
}

/// A default group without rules, and a rule of its own in the same file or in another, either way that traffic goes.
#[test]
fn rules_of_the_default_group_are_found_wherever_they_stand() {
    let duty = "vpc.network-access-control.customer.default-group";
    let group = (
        "aws_default_security_group",
        json!({"id": "sg-d", "arn": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-d", "name": "default", "ingress": [], "egress": []}),
    );
    let rule = |kind: &'static str| {
        let arn = "arn:aws:ec2:eu-west-1:111122223333:security-group-rule/sgr-1";
        (
            kind,
            json!({"id": "sgr-1", "arn": arn, "security_group_id": "sg-d", "cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1", "type": "egress", "protocol": "-1"}),
        )
    };
    let alone = Folder::new().with("a.tfstate", state(std::slice::from_ref(&group)));
    assert_eq!(told(&alone, duty), "met");
    for kind in [
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_security_group_rule",
    ] {
        let one = Folder::new().with("a.tfstate", state(&[group.clone(), rule(kind)]));
        assert_eq!(told(&one, duty), "not-met", "{kind}");
        let two = Folder::new()
            .with("a.tfstate", state(std::slice::from_ref(&group)))
            .with("b.tfstate", state(&[rule(kind)]));
        assert_eq!(told(&two, duty), "not-met", "{kind} in another file");
    }
}

/// Events of functions imply an API; it is listed once, with what is said of all APIs.
#[test]
fn what_a_transform_makes_is_listed() {
    let template = |events: &str, more: &str| {
        format!(
            "AWSTemplateFormatVersion: \"2010-09-09\"\nTransform: AWS::Serverless-2016-10-31\nGlobals: {{Api: {{OpenApiVersion: 3.0.1}}}}\nResources:\n  F: {{Type: AWS::Serverless::Function, Properties: {{Events: {events}}}}}\n  G: {{Type: AWS::Serverless::Function, Properties: {{Events: {events}}}}}\n{more}"
        )
    };
    let made = |events: &str, more: &str| {
        let folder = Folder::new().with("t.yaml", template(events, more));
        let inventory = folder.run(&["import", "t.yaml", "--organization", "X", "--format", "json"]);
        let text = if inventory.code == 0 {
            inventory.fine()
        } else {
            folder.run(&["import", "t.yaml"]).fine()
        };
        let read: Value = serde_yaml::from_str(&text).unwrap();
        let mut made: Vec<String> = list(&read, "resources")
            .iter()
            .filter(|one| one["type"] != "AWS::Serverless::Function")
            .map(|one| format!("{} {}", one["type"].as_str().unwrap(), one["config"]))
            .collect();
        made.sort();
        made
    };
    let rest = "{E: {Type: Api, Properties: {Path: /x, Method: get}}}";
    assert_eq!(made(rest, ""), ["AWS::Serverless::Api {\"open_api_version\":\"3.0.1\"}"]);
    assert_eq!(made("{E: {Type: HttpApi}}", ""), ["AWS::Serverless::HttpApi {}"]);
    assert!(made("{E: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}", "").is_empty());
    let named = "{E: {Type: Api, Properties: {Path: /x, Method: get, RestApiId: {Ref: A}}}}";
    assert!(
        made(named, "  A: {Type: AWS::Serverless::Api, Properties: {StageName: p}}\n").len() == 1,
        "it is the one that is named"
    );
}

/// A policy that is a resource of its own is the endpoint's, and so is who may connect to a service.
#[test]
fn an_endpoint_has_the_policy_and_the_principals_of_resources_of_their_own() {
    const POLICY: &str = "privatelink.identity-access.customer.endpoint-policy";
    const CONSUMERS: &str = "privatelink.identity-access.customer.consumers";
    let policy =
        |resource: &str| json!({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": resource}]}).to_string();
    let endpoint = (
        "aws_vpc_endpoint",
        json!({"id": "vpce-1", "vpc_endpoint_type": "Interface", "policy": policy("*")}),
    );
    let own = |id: &str| {
        let attributes = json!({"id": id, "vpc_endpoint_id": id, "policy": policy("arn:aws:s3:::b/*")});
        ("aws_vpc_endpoint_policy", attributes)
    };
    let told = |resources: &[(&str, Value)], duty: &str| told(&Folder::new().with("a.tfstate", state(resources)), duty);
    assert_eq!(told(std::slice::from_ref(&endpoint), POLICY), "not-met");
    assert_eq!(told(&[endpoint.clone(), own("vpce-1")], POLICY), "unknown");
    assert_eq!(told(&[endpoint, own("vpce-2")], POLICY), "not-met");
    let service = |principals: Value| {
        let attributes = json!({"id": "vpce-svc-1", "acceptance_required": false, "allowed_principals": principals});
        ("aws_vpc_endpoint_service", attributes)
    };
    let principal = |arn: &str| {
        let attributes = json!({"id": "x", "vpc_endpoint_service_id": "vpce-svc-1", "principal_arn": arn});
        ("aws_vpc_endpoint_service_allowed_principal", attributes)
    };
    assert_eq!(told(&[service(json!(["*"]))], CONSUMERS), "not-met");
    assert_eq!(told(&[service(json!([])), principal("*")], CONSUMERS), "not-met");
    assert_eq!(
        told(&[service(json!([])), principal("arn:aws:iam::111122223333:root")], CONSUMERS),
        "unknown"
    );
}

/// A listener that two files tell, and the load balancer in one of them: which of both is newer nobody tells.
#[test]
fn one_that_two_files_tell_differently_is_open() {
    let arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";
    let balancer = || {
        let config = json!({"arn": arn, "id": arn, "name": "web", "load_balancer_type": "application", "internal": false});
        ("aws_lb", config)
    };
    let listener = |policy: &str| {
        let own = format!("{}/1", arn.replace("loadbalancer", "listener"));
        let config = json!({"arn": own, "id": own, "load_balancer_arn": arn, "port": 443, "protocol": "HTTPS", "ssl_policy": policy,
            "default_action": [{"type": "forward", "redirect": []}]});
        ("aws_lb_listener", config)
    };
    let (strong, weak) = ("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "ELBSecurityPolicy-2016-08");
    for (other, wanted) in [(strong, "met"), (weak, "unknown")] {
        for (first, second) in [("a.tfstate", "b.tfstate"), ("b.tfstate", "a.tfstate")] {
            let folder = Folder::new()
                .with(first, state(&[balancer(), listener(strong)]))
                .with(second, state(&[listener(other)]));
            let duty = "elastic-load-balancing.encryption-in-transit.customer.tls-policy";
            assert_eq!(told(&folder, duty), wanted, "{other} in {second}");
        }
    }
}
