//! A file says the same of the same estate whether its resources are kept one by one, counted together while it is read,
//! or padded beyond any bound.

use crate::guarded::leaky;
use crate::imports::SOURCES;
use crate::packings;
use crate::support::{Folder, root};
use cloudraci::catalog::predicate::Attributes;
use cloudraci::catalog::{Catalog, Split};
use cloudraci::diagnostics::SourceMap;
use cloudraci::inventory::{Reading, Resource, load_with};
use cloudraci::raci::{State, resolve};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a file says, as far as anybody looks at it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// How many resources there are of each sort.
    resources: BTreeMap<String, u64>,
    /// Resources of other providers.
    others: BTreeMap<(String, String), u64>,
    /// The state of each row of the matrix, and on how many resources it is met and not met.
    rows: BTreeMap<String, (String, [u64; 4])>,
    /// Codes of what is wrong; texts and places may differ.
    faults: Vec<String>,
}

/// Reads a file whose resources are counted together from so many bytes on.
pub(crate) fn said(path: &Path, catalog: &Catalog, long_from: Option<u64>) -> Said {
    let reading = Reading {
        imports_only: true,
        long_from,
        ..Reading::default()
    };
    let loaded = match load_with(&[path.to_owned()], catalog, &mut SourceMap::default(), &reading) {
        Ok(loaded) => loaded,
        Err(faults) => {
            let mut codes: Vec<String> = faults.iter().map(|fault| format!("{:?}", fault.code)).collect();
            codes.sort();
            codes.dedup();
            return Said {
                faults: codes,
                ..Said::default()
            };
        }
    };
    let mut said = Said::default();
    let mut splits = BTreeMap::new();
    for resource in &loaded.inventory.resources {
        *said.resources.entry(sort(resource, catalog, &mut splits)).or_default() += resource.count;
    }
    for other in &loaded.inventory.out_of_scope {
        *said.others.entry((other.kind.clone(), other.provider.clone())).or_default() += other.count;
    }
    let matrix = resolve(catalog, &loaded.inventory, "2026-11-01".parse().unwrap());
    for duty in &matrix.duties {
        let unit = &matrix[duty.unit];
        let counts = [
            duty.resources.count,
            matrix.count(duty.met()),
            matrix.count(duty.not_met()),
            unit.supporting,
        ];
        let name = format!("{} {} {:?}", unit.title, duty.activity.id, duty.scope);
        let before = said.rows.insert(name, (format!("{:?}", duty.state), counts));
        assert_eq!(before, None, "no rule parts the duties of an activity");
    }
    said
}

/// All that tells a resource from others: what and where it is, and what the catalog finds out about it.
fn sort(resource: &Resource, catalog: &Catalog, splits: &mut BTreeMap<String, Vec<Split>>) -> String {
    let service = resource.service.as_deref().unwrap_or("-");
    let splits = splits.entry(service.to_owned()).or_insert_with(|| {
        let modes = catalog.modes(service);
        let modes = modes.iter().map(|mode| Some(mode.id.as_str())).chain([None]);
        modes.filter_map(|mode| catalog.split(service, mode)).collect()
    });
    let activities = splits
        .iter()
        .flat_map(|split| &split.controls)
        .flat_map(|control| &control.activities);
    let day = Some("2026-11-01".parse().unwrap());
    let judged = |activity: &cloudraci::catalog::Activity, config: &Attributes| {
        let verdicts = [day, None].map(|day| (activity.applies(config, day), activity.judge(config, day)));
        format!("{} {verdicts:?}", activity.id)
    };
    let verdicts: Vec<String> = activities
        .filter(|activity| !resource.supporting && activity.predicates().next().is_some())
        .map(|activity| judged(activity, &resource.config))
        .collect();
    let where_to = (
        &resource.account,
        &resource.region,
        &resource.environment,
        &resource.owner,
        &resource.data,
    );
    let mode = (!resource.supporting).then(|| catalog.choose_mode(service, &resource.config));
    format!(
        "{service} {} {} {mode:?} {where_to:?} {verdicts:?}",
        resource.kind, resource.supporting
    )
}

/// What only one of two says is told in some lines.
pub(crate) fn same(is: &Said, should_be: &Said, what: &str) {
    let lines = |said: &Said| -> BTreeSet<String> {
        let resources = said.resources.iter().map(|entry| format!("{entry:?}"));
        let others = said.others.iter().map(|entry| format!("{entry:?}"));
        let rows = said.rows.iter().map(|entry| format!("{entry:?}"));
        resources.chain(others).chain(rows).chain(said.faults.iter().cloned()).collect()
    };
    let (is, should_be) = (lines(is), lines(should_be));
    let differ: Vec<String> = is
        .difference(&should_be)
        .map(|line| format!("is {line}"))
        .chain(should_be.difference(&is).map(|line| format!("should be {line}")))
        .take(8)
        .collect();
    assert!(differ.is_empty(), "{what}: {differ:#?}");
}

/// Holds a file against itself.
fn holds(path: &Path, catalog: &Catalog) {
    let bytes = std::fs::read(path).unwrap();
    let short = said(path, catalog, None);
    same(
        &said(path, catalog, Some(0)),
        &short,
        &format!("counted together: {}", path.display()),
    );
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.get(1) == Some(&0) {
        // Blanks of one byte are no padding of UTF-16.
        return;
    }
    let folder = Folder::new();
    let name = path.file_name().unwrap().to_str().unwrap();
    folder.put(name, [&bytes[..], &b" \n".repeat(40_000)].concat());
    let long_from = Some(bytes.len() as u64 + 10_000);
    same(
        &said(&folder.path(name), catalog, long_from),
        &short,
        &format!("padded: {}", path.display()),
    );
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.into_path())
        .collect()
}

#[test]
fn every_fixture_says_the_same_at_any_length() {
    let catalog = Catalog::builtin().unwrap();
    let mut folder = Folder::new();
    for (name, text) in leaky() {
        folder = folder.with(&format!("leaky/{name}"), text);
    }
    for (name, text) in SOURCES {
        folder = folder.with(name, text);
    }
    for (name, text) in related().into_iter().chain(in_part()) {
        folder = folder.with(name, text.to_string());
    }
    let fixtures = files(&root().join("tests/fixtures/terraform"));
    let all: Vec<PathBuf> = files(&folder.path(".")).into_iter().chain(fixtures).collect();
    assert!(all.len() > 15);
    for path in all {
        holds(&path, &catalog);
    }
}

/// Of an item whose keys are written with escapes no part is decoded by itself.
#[test]
fn items_say_the_same_decoded_in_part_and_as_a_whole() {
    let catalog = Catalog::builtin().unwrap();
    let related: Vec<(&str, String)> = related()
        .into_iter()
        .chain(in_part())
        .map(|(name, text)| (name, text.to_string()))
        .collect();
    let sources = SOURCES.iter().map(|(name, text)| (*name, (*text).to_owned()));
    let mut told = 0;
    for (name, text) in sources.chain(related) {
        let whole = text.replace("\"resourceType\"", "\"resource\\u0054ype\"");
        if !text.contains("configurationItems") || whole == text {
            continue;
        }
        let folder = Folder::new().with("part.json", &text).with("whole.json", &whole);
        let [part, whole] = ["part.json", "whole.json"].map(|file| said(&folder.path(file), &catalog, Some(0)));
        same(&part, &whole, name);
        told += part.resources.len();
    }
    assert!(told > 3, "{told}");
}

#[test]
fn every_fixture_says_the_same_however_it_is_packed() {
    let catalog = Catalog::builtin().unwrap();
    let mut folder = Folder::new();
    for (name, text) in leaky() {
        folder = folder.with(&format!("leaky/{name}"), text);
    }
    for (name, text) in SOURCES {
        folder = folder.with(name, text);
    }
    let folders = [
        folder.path("."),
        root().join("tests/fixtures/terraform"),
        root().join("tests/fixtures/results"),
    ];
    for path in folders.iter().flat_map(|folder| files(folder)) {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for long_from in [None, Some(0)] {
            let plain = said(&path, &catalog, long_from);
            // However long it is, layers are taken off alike.
            let few = if long_from.is_some() { 1 } else { usize::MAX };
            for (how, packed) in packings::all(name, &bytes).into_iter().take(few) {
                let folder = Folder::new().with("packed", packed);
                let is = said(&folder.path("packed"), &catalog, long_from);
                same(&is, &plain, &format!("{how}: {}", path.display()));
            }
        }
    }
}

/// Files of strangers are not part of the project: `SAMPLES=DIR cargo test --release --test all samples -- --ignored`.
#[test]
#[ignore = "needs files that are not part of the project"]
#[expect(clippy::disallowed_methods, reason = "only who runs it knows where they are")]
fn samples_say_the_same_at_any_length() {
    let catalog = Catalog::builtin().unwrap();
    let samples = PathBuf::from(std::env::var("SAMPLES").unwrap());
    for folder in ["tfstate", "tfshow", "tfplan", "config", "tagging", "rexp", "cfn"] {
        for path in files(&samples.join(folder)) {
            holds(&path, &catalog);
        }
    }
}

const ACCOUNT: &str = "111122223333";

fn arn(what: &str) -> String {
    format!("arn:aws:{what}")
}

/// A cluster and its services, which name it by its name or its ARN; a load balancer and its listeners; in each source that
/// has resources of their own.
fn related() -> [(&'static str, Value); 3] {
    let provider = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let block = |kind: &str, name: &str, attributes: Value| json!({"mode": "managed", "type": kind, "name": name, "provider": provider, "instances": [{"attributes": attributes}]});
    let cluster = arn("ecs:eu-west-1:111122223333:cluster/main");
    let balancer = arn("elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1");
    let insights = json!([{"name": "containerInsights", "value": "enabled"}]);
    let state = json!({"version": 4, "terraform_version": "1.9.8", "resources": [
        block("aws_ecs_cluster", "main", json!({"arn": cluster, "id": cluster, "name": "main", "setting": insights})),
        block("aws_ecs_service", "a", json!({"id": arn("ecs:eu-west-1:111122223333:service/main/a"), "name": "a", "cluster": "main", "launch_type": "FARGATE"})),
        block("aws_ecs_service", "b", json!({"id": arn("ecs:eu-west-1:111122223333:service/main/b"), "name": "b", "cluster": "main", "launch_type": "FARGATE"})),
        block("aws_ecs_service", "c", json!({"id": arn("ecs:eu-west-1:111122223333:service/main/c"), "name": "c", "cluster": cluster, "launch_type": "FARGATE"})),
        block("aws_lb", "web", json!({"arn": balancer, "load_balancer_type": "application"})),
        block("aws_lb_listener", "web", json!({"load_balancer_arn": balancer, "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"})),
    ]});
    let template = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {
        "Main": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]}},
        "A": {"Type": "AWS::ECS::Service", "Properties": {"Cluster": {"Ref": "Main"}, "LaunchType": "FARGATE"}},
        "B": {"Type": "AWS::ECS::Service", "Properties": {"Cluster": {"Fn::GetAtt": ["Main", "Arn"]}, "LaunchType": "FARGATE"}},
        "Web": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Type": "application"}},
        "Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {"LoadBalancerArn": {"Ref": "Web"}, "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}},
    }});
    let item = |kind: &str, id: &str, arn: Option<&str>, configuration: Value| json!({"resourceType": kind, "resourceId": id, "ARN": arn, "awsAccountId": ACCOUNT, "awsRegion": "eu-west-1", "configuration": configuration.to_string()});
    let config = json!({"configSnapshotId": "1", "configurationItems": [
        item("AWS::ECS::Cluster", &cluster, Some(&cluster), json!({"ClusterName": "main", "ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]})),
        item("AWS::ECS::Service", "a", None, json!({"Cluster": cluster, "LaunchType": "FARGATE"})),
        item("AWS::ECS::Service", "b", None, json!({"Cluster": cluster, "LaunchType": "FARGATE"})),
        item("AWS::ElasticLoadBalancingV2::LoadBalancer", &balancer, Some(&balancer), json!({"loadBalancerArn": balancer, "type": "application"})),
        item("AWS::ElasticLoadBalancingV2::Listener", "l", None, json!({"LoadBalancerArn": balancer, "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"})),
        item("AWS::EC2::VPC", "vpc-1", None, json!({"vpcId": "vpc-1"})),
        item("AWS::EC2::Subnet", "subnet-1", None, json!({"vpcId": "vpc-1", "mapPublicIpOnLaunch": false})),
        item("AWS::S3::Bucket", "b", Some("arn:aws:s3:::b"), json!({"name": "b"})),
        item("AWS::S3::BucketPolicy", "b", None, json!({"Bucket": "b", "PolicyDocument": {"Statement": [{"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}})),
    ]});
    [("state.json", state), ("template.json", template), ("config.json", config)]
}

/// The same of AWS Config with a listener of which only the name is told, and as a history; and a stack in two dialects.
fn in_part() -> [(&'static str, Value); 3] {
    let [_, _, (_, mut config)] = related();
    let arn = arn("elasticloadbalancing:eu-west-1:111122223333:listener/app/web/1/1");
    let items = config["configurationItems"].as_array_mut().unwrap();
    items.push(
        json!({"resourceType": "AWS::ElasticLoadBalancingV2::Listener", "resourceId": arn, "ARN": arn, "awsAccountId": ACCOUNT,
        "awsRegion": "eu-west-1", "configuration": null}),
    );
    let named = config.clone();
    config["configSnapshotId"] = Value::Null;
    let balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";
    [("named.json", named), ("history.json", config), ("stack.json", stack(balancer))]
}

/// A stack of which one provider of Pulumi made the load balancer, and another its listener.
fn stack(balancer: &str) -> Value {
    let resource = |kind: &str, provider: &str, outputs: Value| {
        json!({"urn": format!("urn:pulumi:p::s::{kind}::web"), "custom": true, "id": outputs["arn"], "type": kind,
            "provider": format!("urn:pulumi:p::s::pulumi:providers:{provider}::default::1"), "inputs": {}, "outputs": outputs})
    };
    let listener = json!({"loadBalancerArn": balancer, "protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"});
    let resources = [
        resource(
            "aws:lb/loadBalancer:LoadBalancer",
            "aws",
            json!({"arn": balancer, "loadBalancerType": "application"}),
        ),
        resource("aws-native:elasticloadbalancingv2:Listener", "aws-native", listener),
    ];
    json!({"version": 3, "deployment": {"manifest": {}, "resources": resources}})
}

/// A list again and again, each time with other ids and ARNs in it.
fn again(list: &Value, times: usize) -> Vec<Value> {
    let mut names = BTreeSet::new();
    let mut left = vec![list];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items),
            Value::Object(map) => {
                for key in ["id", "arn", "ARN", "resourceId"] {
                    names.extend(map.get(key).and_then(Value::as_str).filter(|name| name.len() > 2));
                }
                left.extend(map.values());
            }
            _ => {}
        }
    }
    let mut names: Vec<&str> = names.into_iter().collect();
    // What is a part of another name is in it already.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let text = list.to_string();
    let copy = |number: usize| {
        let marked = names.iter().enumerate().fold(text.clone(), |text, (index, name)| {
            let quoted = Value::from(*name).to_string();
            text.replace(&quoted, &format!("\"\u{1}{index}\u{1}\""))
        });
        let named = names.iter().enumerate().fold(marked, |text, (index, name)| {
            text.replace(&format!("\u{1}{index}\u{1}"), &format!("{name}-{number}"))
        });
        match serde_json::from_str(&named).unwrap() {
            Value::Array(items) => items,
            other => vec![other],
        }
    };
    (0..times).flat_map(copy).collect()
}

/// What many resources say alike is counted as often as it is said, in a file of any length.
#[test]
fn what_is_said_again_is_counted_as_if_it_were_read() {
    let catalog = Catalog::builtin().unwrap();
    let fixtures = [
        "tests/fixtures/terraform/estate.tfstate",
        "tests/fixtures/terraform/secrets.tfstate",
    ];
    let fixtures = fixtures.map(|path| serde_json::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap());
    let [state, _, config] = related().map(|(_, text)| text);
    let all = fixtures
        .into_iter()
        .chain([state])
        .map(|state| ("state.tfstate", "resources", state));
    for (name, list, mut document) in all.chain([("config.json", "configurationItems", config)]) {
        document[list] = again(&document[list], 5).into();
        for text in [document.to_string(), format!("{document:#}")] {
            let folder = Folder::new().with(name, text);
            let single = said(&folder.path(name), &catalog, None);
            assert!(
                single.faults.is_empty() && single.resources.values().sum::<u64>() > 5,
                "{:?}",
                single.faults
            );
            same(&said(&folder.path(name), &catalog, Some(0)), &single, name);
        }
    }
}

/// Of two that are alike the one that a sibling speaks of is another resource, and none of the two is lost.
#[test]
fn whom_a_sibling_speaks_of_is_counted_beside_its_like() {
    let catalog = Catalog::builtin().unwrap();
    let item = |kind: &str, name: &str, configuration: Value| {
        json!({"resourceType": kind, "resourceId": name, "resourceName": name, "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
            "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-10-01T00:00:00.000Z", "configuration": configuration})
    };
    let policy = json!({"Bucket": "one", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}});
    let items = [
        item("AWS::S3::Bucket", "other", json!({"name": "other"})),
        item("AWS::S3::Bucket", "one", json!({"name": "one"})),
        item("AWS::S3::BucketPolicy", "of-one", policy),
    ];
    let folder = Folder::new().with(
        "config.json",
        json!({"fileVersion": "1.0", "configSnapshotId": "1", "configurationItems": items}).to_string(),
    );
    let single = said(&folder.path("config.json"), &catalog, None);
    assert_eq!(single.resources.values().sum::<u64>(), 3, "{:?}", single.faults);
    same(&said(&folder.path("config.json"), &catalog, Some(0)), &single, "config.json");
}

#[test]
fn what_siblings_say_reaches_every_owner_in_every_source_at_any_length() {
    let catalog = Catalog::builtin().unwrap();
    for (name, text) in related() {
        let folder = Folder::new().with(name, text.to_string());
        for long_from in [None, Some(0)] {
            let reading = Reading {
                long_from,
                ..Reading::default()
            };
            let loaded = load_with(&[folder.path(name)], &catalog, &mut SourceMap::default(), &reading).unwrap();
            let of = |kinds: [&str; 2], attribute: &str| {
                let of = loaded
                    .inventory
                    .resources
                    .iter()
                    .map(|one| &**one)
                    .filter(|one| kinds.contains(&&*one.kind));
                let has = of
                    .clone()
                    .filter(|one| one.config.get(attribute).is_some_and(|value| !value.is_null()));
                let count = |all: &mut dyn Iterator<Item = &Resource>| -> u64 { all.map(|one| one.count).sum() };
                (count(&mut has.into_iter()), count(&mut of.into_iter()))
            };
            let (with, all) = of(["aws_ecs_service", "AWS::ECS::Service"], "setting");
            assert!(
                all > 1 && with == all,
                "{name} {long_from:?}: {with} of {all} services know their cluster's settings"
            );
            let balancers = of(["aws_lb", "AWS::ElasticLoadBalancingV2::LoadBalancer"], "listener");
            assert_eq!(balancers, (1, 1), "{name} {long_from:?}");
            if name == "config.json" {
                assert_eq!(of(["AWS::EC2::VPC", ""], "map_public_ip_on_launch"), (1, 1), "{long_from:?}");
                assert_eq!(of(["AWS::S3::Bucket", ""], "policy"), (1, 1), "{long_from:?}");
            }
            // What the catalog makes of it: no duty on container insights stays open.
            let matrix = resolve(&catalog, &loaded.inventory, "2026-11-01".parse().unwrap());
            let on_insights = matrix.duties.iter().filter(|duty| {
                let mut predicates = duty.activity.predicates();
                predicates.any(|predicate| predicate.words().contains("containerInsights"))
            });
            for duty in on_insights {
                assert_eq!(duty.state, State::Met, "{name} {long_from:?}: {}", duty.activity.id);
            }
        }
    }
}
