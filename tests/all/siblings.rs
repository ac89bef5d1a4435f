//! What is said over siblings, as that no listener of a load balancer speaks HTTP, where a source does not show all of them: the
//! duties of a load balancer as each set of files tells them, whole.

use crate::support::{Folder, expect, list, text};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

fn arn(what: &str) -> String {
    format!("arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:{what}")
}

fn balancer_arn() -> String {
    arn("loadbalancer/app/web/1")
}

fn listener_arn(number: u8) -> String {
    arn(&format!("listener/app/web/1/{number}"))
}

/// A load balancer with an HTTPS listener, by Terraform's names.
fn attributes() -> [(&'static str, Value); 2] {
    let redirect = json!([{"type": "forward"}]);
    [
        (
            "aws_lb",
            json!({"arn": balancer_arn(), "id": balancer_arn(), "name": "web", "internal": false, "load_balancer_type": "application"}),
        ),
        (
            "aws_lb_listener",
            json!({"arn": listener_arn(1), "id": listener_arn(1), "load_balancer_arn": balancer_arn(), "port": 443, "protocol": "HTTPS",
                "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "default_action": redirect}),
        ),
    ]
}

fn state() -> String {
    let block = |(kind, attributes): (&str, Value)| json!({"mode": "managed", "type": kind, "name": "web", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": attributes}]});
    json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": attributes().map(block)}).to_string()
}

/// The same as items of AWS Config, and a listener of which only the name is told.
fn items() -> [Value; 3] {
    let item = |kind: &str, id: String, configuration: Value| {
        json!({"resourceType": format!("AWS::ElasticLoadBalancingV2::{kind}"), "resourceId": id, "ARN": id, "awsAccountId": ACCOUNT, "awsRegion": REGION,
            "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-10-01T00:00:00Z", "configuration": configuration})
    };
    let balancer = json!({"loadBalancerArn": balancer_arn(), "scheme": "internet-facing", "type": "application"});
    let listener = json!({"ListenerArn": listener_arn(1), "LoadBalancerArn": balancer_arn(), "Port": 443, "Protocol": "HTTPS",
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "DefaultActions": [{"Type": "forward"}]});
    [
        item("LoadBalancer", balancer_arn(), balancer),
        item("Listener", listener_arn(1), listener),
        item("Listener", listener_arn(2), Value::Null),
    ]
}

fn snapshot(items: &[Value]) -> String {
    json!({"fileVersion": "1.0", "configSnapshotId": "00000000-0000-0000-0000-000000000000", "configurationItems": items}).to_string()
}

fn history(items: &[Value]) -> String {
    json!({"fileVersion": "1.0", "configurationItems": items}).to_string()
}

fn tagged(arns: &[String]) -> String {
    let tagged = arns.iter().map(|arn| json!({"ResourceARN": arn, "Tags": []}));
    json!({"ResourceTagMappingList": tagged.collect::<Vec<_>>()}).to_string()
}

/// What Resource Explorer finds: a listener, and one that there may be of another load balancer.
fn explored(numbers: &[u8]) -> String {
    let listener = |number: &u8| json!({"Arn": listener_arn(*number), "OwningAccountId": ACCOUNT, "Region": REGION, "ResourceType": "elasticloadbalancing:listener/app", "Service": "elasticloadbalancing"});
    let other = json!({"Arn": arn("listener/app/other/2/1"), "OwningAccountId": ACCOUNT, "Region": REGION, "ResourceType": "elasticloadbalancing:listener/app"});
    json!({"Resources": numbers.iter().map(listener).chain([other]).collect::<Vec<_>>()}).to_string()
}

/// A stack with a listener of the other of Pulumi's providers, which speaks a protocol.
fn stack(protocol: &str) -> String {
    let [(_, balancer), (_, mut listener)] = attributes();
    listener["protocol"] = protocol.into();
    let camel = |attributes: &Value| -> Value {
        let spelt = |name: &String| {
            let mut words = name.split('_');
            let first = words.next().unwrap_or_default().to_owned();
            words.fold(first, |spelt, word| format!("{spelt}{}{}", word[..1].to_uppercase(), &word[1..]))
        };
        attributes
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (spelt(name), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let resource = |kind: &str, provider: &str, properties: Value| {
        json!({"urn": format!("urn:pulumi:prod::shop::{kind}::web"), "custom": true, "id": properties["arn"], "type": kind,
            "provider": format!("urn:pulumi:prod::shop::pulumi:providers:{provider}::default::1"), "inputs": {}, "outputs": properties})
    };
    let mut native = camel(&listener);
    native["defaultActions"] = native["defaultAction"].take();
    let resources = [
        resource("aws:lb/loadBalancer:LoadBalancer", "aws", camel(&balancer)),
        resource("aws-native:elasticloadbalancingv2:Listener", "aws-native", native),
    ];
    json!({"version": 3, "deployment": {"manifest": {}, "resources": resources}}).to_string()
}

#[test]
fn duties_over_siblings_are_told_as_far_as_all_are_shown() {
    let [balancer, listener, name] = items();
    let both = [balancer.clone(), listener.clone()];
    let cases: [(&str, Vec<String>); 11] = [
        ("a state", vec![state()]),
        ("a state, and a list of the same", vec![state(), explored(&[1])]),
        ("a state, and a list of one more", vec![state(), explored(&[1, 2])]),
        ("a state, and tags of one more", vec![state(), tagged(&[listener_arn(2)])]),
        ("a snapshot", vec![snapshot(&both)]),
        (
            "a snapshot with a name",
            vec![snapshot(&[balancer.clone(), listener.clone(), name])],
        ),
        ("a history", vec![history(&both)]),
        ("histories", vec![history(&[balancer]), history(std::slice::from_ref(&listener))]),
        ("a snapshot, and a history", vec![snapshot(&both), history(&[listener])]),
        ("a stack of two providers", vec![stack("HTTPS")]),
        ("the same with HTTP", vec![stack("HTTP")]),
    ];
    let mut told = String::new();
    for (name, files) in cases {
        let folder = Folder::new();
        for (number, content) in files.iter().enumerate() {
            folder.put(&format!("{number}.json"), content);
        }
        let found = folder.run(&["list", "duties", ".", "--format", "json"]).json();
        told.push_str(&format!("# {name}\n"));
        let rows = found.as_array().unwrap().iter();
        for row in rows.filter(|row| text(row, "activity").starts_with("elastic-load-balancing.encryption-in-transit.")) {
            told.push_str(&format!("{}: {}\n", text(row, "activity"), text(row, "state")));
        }
        let inventory = folder.run(&["import", ".", "--format", "json"]).json();
        for one in list(&inventory, "resources") {
            if let Some(listeners) = one["config"].get("listener") {
                told.push_str(&format!("{}: {listeners}\n", text(one, "type")));
            }
        }
    }
    expect("siblings/load-balancer.txt", &told);
}

#[test]
fn what_has_a_name_that_other_regions_have_too_says_nothing_of_theirs() {
    let resource = |kind: &str, name: &str, values: Value| json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "provider_name": "registry.terraform.io/hashicorp/aws", "values": values});
    let recorder = |name: &str, region: Option<&str>| {
        resource(
            "aws_config_configuration_recorder",
            name,
            json!({"id": "default", "name": "default", "region": region}),
        )
    };
    let status = |name: &str, region: Option<&str>| {
        let values = json!({"id": "default", "name": "default", "is_enabled": true, "region": region});
        resource("aws_config_configuration_recorder_status", name, values)
    };
    let queue = |region: &str| {
        let values = json!({"id": "q", "name": "q", "arn": format!("arn:aws:sqs:{region}:{ACCOUNT}:q")});
        resource("aws_sqs_queue", region, values)
    };
    let (here, there) = (Some(REGION), Some("us-east-1"));
    let enabled = |resources: Vec<Value>| {
        let shown = json!({"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": resources}}});
        let folder = Folder::new().with("shown.json", shown.to_string());
        let inventory = folder.run(&["import", "shown.json", "--format", "json"]).json();
        let recorders = list(&inventory, "resources")
            .iter()
            .filter(|one| text(one, "type") == "aws_config_configuration_recorder");
        recorders.map(|one| one["config"]["is_enabled"].clone()).collect::<Vec<Value>>()
    };
    // In one Region the name is one's own.
    assert_eq!(enabled(vec![recorder("a", None), status("a", None)]), [json!(true)]);
    assert_eq!(enabled(vec![recorder("a", None), status("a", None), queue(REGION)]), [json!(true)]);
    assert_eq!(
        enabled(vec![recorder("a", here), recorder("b", there), status("a", here)]),
        [json!(true), Value::Null]
    );
    // In several it may be another's, where one of the two does not tell its Region.
    let both = || vec![queue(REGION), queue("us-east-1")];
    assert_eq!(
        enabled([vec![recorder("a", None), status("a", None)], both()].concat()),
        [Value::Null]
    );
    assert_eq!(
        enabled(vec![recorder("a", here), status("b", None), queue("us-east-1")]),
        [Value::Null]
    );
    assert_eq!(
        enabled(vec![recorder("a", None), recorder("b", None), status("a", None)]),
        [Value::Null, Value::Null]
    );
    // What is given once is the same wherever it stands.
    let versioned = vec![
        resource(
            "aws_s3_bucket",
            "a",
            json!({"id": "logs", "bucket": "logs", "arn": "arn:aws:s3:::logs"}),
        ),
        resource(
            "aws_s3_bucket_versioning",
            "a",
            json!({"id": "logs", "bucket": "logs", "versioning_configuration": [{"status": "Enabled"}]}),
        ),
    ];
    let all = [versioned, both()].concat();
    let shown = json!({"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": all}}});
    let folder = Folder::new().with("shown.json", shown.to_string());
    let inventory = folder.run(&["import", "shown.json", "--format", "json"]).json();
    let bucket = list(&inventory, "resources")
        .iter()
        .find(|one| text(one, "type") == "aws_s3_bucket")
        .unwrap();
    assert_eq!(bucket["config"]["versioning"], json!(true), "{bucket}");
}

#[test]
fn what_an_item_of_a_query_tells_itself_is_all_of_it() {
    let balancer = json!({"resourceType": "AWS::ElasticLoadBalancing::LoadBalancer", "resourceId": "web", "awsAccountId": ACCOUNT, "awsRegion": REGION,
        "configuration": {"scheme": "internal", "listenerDescriptions": [{"listener": {"protocol": "HTTPS", "loadBalancerPort": 443}}]}});
    let listener = json!({"resourceType": "AWS::ElasticLoadBalancingV2::Listener", "resourceId": listener_arn(1)});
    for others in [vec![], vec![listener]] {
        let mut results = vec![balancer.to_string()];
        results.extend(others.iter().map(Value::to_string));
        let folder = Folder::new().with("select.json", json!({"Results": results}).to_string());
        let inventory = folder.run(&["import", "select.json", "--format", "json"]).json();
        let classic = list(&inventory, "resources")
            .iter()
            .find(|one| text(one, "type").ends_with("Balancing::LoadBalancer"))
            .unwrap();
        assert_eq!(classic["config"]["listener"], json!([{"lb_protocol": "HTTPS"}]), "{classic}");
    }
}

#[test]
fn an_item_whose_id_is_its_arn_is_known_by_it() {
    // Of a list of what was discovered the listener's ARN tells that it is the other load balancer's.
    let identifier = |kind: &str, id: String| json!({"resourceType": format!("AWS::ElasticLoadBalancingV2::{kind}"), "resourceId": id});
    let discovered = json!({"resourceIdentifiers": [identifier("Listener", arn("listener/app/other/2/1"))]});
    let items = items();
    let folder = Folder::new()
        .with("snapshot.json", snapshot(&items[..2]))
        .with("discovered.json", discovered.to_string());
    let inventory = folder.run(&["import", ".", "--format", "json"]).json();
    let balancer = list(&inventory, "resources")
        .iter()
        .find(|one| text(one, "type").ends_with("V2::LoadBalancer"))
        .unwrap();
    assert_eq!(balancer["config"]["listener"].as_array().map(Vec::len), Some(1), "{balancer}");
}

/// A name that a template keeps under another word of the same block, which is read as the catalog calls it.
#[test]
fn a_template_is_found_by_what_is_called_otherwise_in_the_catalog() {
    let template = |named: &str| {
        format!(
            "Resources:\n  L:\n    Type: AWS::EC2::LaunchTemplate\n    Properties:\n      LaunchTemplateName: web\n      \
             LaunchTemplateData: {{MetadataOptions: {{HttpTokens: optional}}}}\n  G:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    \
             Properties: {{MinSize: '1', MaxSize: '2', LaunchTemplate: {{{named}, Version: '1'}}}}\n"
        )
    };
    for (named, state) in [
        ("LaunchTemplateId: !Ref L", "not-met"),
        ("LaunchTemplateName: web", "not-met"),
        ("LaunchTemplateName: other", "unknown"),
    ] {
        let folder = Folder::new().with("t.yaml", template(named));
        let duties = folder.run(&["list", "duties", "t.yaml", "--format", "json"]).json();
        let mut duties = duties.as_array().unwrap().iter();
        let duty = duties.find(|duty| text(duty, "activity").ends_with(".template-baseline")).unwrap();
        assert_eq!(text(duty, "state"), state, "{named}");
    }
}

/// The same of what names the owner: the catalog reads the alarms of a deployment out of a block that it keeps other settings of.
#[test]
fn an_alarm_that_a_deployment_looks_at_needs_no_action() {
    let template = |named: &str, actions: &str| {
        format!(
            "Resources:\n  S:\n    Type: AWS::ECS::Service\n    Properties:\n      TaskDefinition: t:1\n      DeploymentConfiguration: {{Strategy: \
             ROLLING, Alarms: {{AlarmNames: [{named}], Enable: true, Rollback: true}}}}\n  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties: \
             {{AlarmName: late, AlarmActions: [], OKActions: [{actions}], ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1}}\n"
        )
    };
    for (named, actions, state) in [
        ("late", "", "unknown"),
        ("!Ref A", "", "unknown"),
        ("other", "", "not-met"),
        ("other", "topic", "unknown"),
    ] {
        let folder = Folder::new().with("t.yaml", template(named, actions));
        let duties = folder.run(&["list", "duties", "t.yaml", "--format", "json"]).json();
        let mut duties = duties.as_array().unwrap().iter();
        let duty = duties.find(|duty| text(duty, "activity").ends_with(".alarm-actions")).unwrap();
        assert_eq!(text(duty, "state"), state, "{named} {actions}");
    }
}
