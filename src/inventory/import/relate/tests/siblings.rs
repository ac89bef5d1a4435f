//! Siblings that a source does not show whole: known by name alone, in the words of another source, or in a file that has some.

use super::super::{Relations, Side, settle};
use super::{CATALOG, imported};
use crate::catalog::attributes::Origin;
use crate::inventory::import::Imported;
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

fn arn(region: &str, what: &str) -> String {
    format!("arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:{what}")
}

fn balancer_arn(number: u8) -> String {
    arn("eu-west-1", &format!("loadbalancer/app/web/{number}"))
}

fn listener_arn(balancer: u8, number: u8) -> String {
    arn("eu-west-1", &format!("listener/app/web/{balancer}/{number}"))
}

/// The listeners of each load balancer, in the order of the files: the protocols that are told, `?` for what may be there.
fn listeners(files: &[Imported]) -> Vec<String> {
    let all = files.iter().flat_map(|one| &one.resources);
    let balancers = all.filter(|one| ["aws_lb", "AWS::ElasticLoadBalancingV2::LoadBalancer"].contains(&&*one.kind));
    let told = |one: &Value| one.get("protocol").and_then(Value::as_str).unwrap_or("?").to_owned();
    let lists = balancers.flat_map(|one| {
        let list = one.config.get("listener").and_then(Value::as_array);
        let mut told: Vec<String> = list.map_or(vec!["-".to_owned()], |list| list.iter().map(told).collect());
        told.sort();
        let told = told.join(" ");
        std::iter::repeat_n(told, usize::try_from(one.count.max(1)).unwrap())
    });
    let mut lists: Vec<String> = lists.collect();
    lists.sort();
    lists
}

/// What each way of reading one file says.
fn both(source: &str, text: &Value) -> Vec<String> {
    let single = listeners(&[imported(source, text, false)]);
    assert_eq!(listeners(&[imported(source, text, true)]), single, "{text}");
    single
}

/// What an owner's file and another say together, in either order.
fn together(one: (&str, &Value), other: (&str, &Value)) -> Vec<String> {
    let said = |files: [(&str, &Value); 2]| {
        let mut files = files.map(|(source, text)| imported(source, text, false));
        settle(&mut files, &CATALOG);
        listeners(&files)
    };
    let there = said([one, other]);
    assert_eq!(said([other, one]), there);
    there
}

fn item(kind: &str, id: &str, region: &str, configuration: &Value) -> Value {
    json!({"resourceType": format!("AWS::ElasticLoadBalancingV2::{kind}"), "resourceId": id, "ARN": id.starts_with("arn:").then_some(id),
        "awsAccountId": ACCOUNT, "awsRegion": region, "configurationItemStatus": "OK", "configuration": configuration})
}

fn balancer_item(number: u8) -> Value {
    let arn = balancer_arn(number);
    item(
        "LoadBalancer",
        &arn,
        "eu-west-1",
        &json!({"LoadBalancerArn": arn, "Type": "application"}),
    )
}

fn listener_item(balancer: u8, number: u8) -> Value {
    let configuration = json!({"LoadBalancerArn": balancer_arn(balancer), "Protocol": "HTTPS"});
    item("Listener", &listener_arn(balancer, number), "eu-west-1", &configuration)
}

fn snapshot(items: &[Value]) -> Value {
    json!({"fileVersion": "1.0", "configSnapshotId": "00000000-0000-0000-0000-000000000000", "configurationItems": items})
}

fn history(items: &[Value]) -> Value {
    json!({"fileVersion": "1.0", "configurationItems": items})
}

/// Two load balancers of a state, and an HTTPS listener of the first.
fn state() -> Value {
    let block = |kind: &str, name: &str, attributes: Value| json!({"mode": "managed", "type": kind, "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": attributes}]});
    let balancer = |number: u8| {
        let arn = balancer_arn(number);
        block("aws_lb", &format!("b{number}"), json!({"arn": arn, "id": arn, "name": "web"}))
    };
    let own = listener_arn(1, 1);
    let listener = json!({"arn": own, "id": own, "load_balancer_arn": balancer_arn(1), "protocol": "HTTPS"});
    json!({"version": 4, "resources": [balancer(1), balancer(2), block("aws_lb_listener", "l", listener)]})
}

#[test]
fn an_item_without_settings_may_belong_to_anybody() {
    let known = [balancer_item(1), balancer_item(2), listener_item(1, 1)];
    let with = |one: Value| both("config", &snapshot(&[&known[..], &[one]].concat()));
    assert_eq!(both("config", &snapshot(&known)), ["-", "HTTPS"], "a snapshot has all there is");
    for nothing in [json!(null), json!(""), json!({})] {
        let told = with(item("Listener", &listener_arn(1, 2), "eu-west-1", &nothing));
        assert_eq!(told, ["-", "? HTTPS"], "its ARN tells whose it is: {nothing}");
        let told = with(item("Listener", "l", "eu-west-1", &nothing));
        assert_eq!(told, ["?", "? HTTPS"], "nobody tells whose it is: {nothing}");
    }
    let elsewhere = item("Listener", "l", "us-east-1", &json!(null));
    assert_eq!(with(elsewhere), ["-", "HTTPS"], "it is in another Region");
    let unnamed = item("Listener", "l", "eu-west-1", &json!({"Protocol": "HTTPS"}));
    assert_eq!(with(unnamed), ["?", "? HTTPS"], "its settings do not tell it");
    let again = item("Listener", &listener_arn(1, 1), "eu-west-1", &json!(null));
    assert_eq!(with(again), ["-", "HTTPS"], "it stands in full, too");
}

#[test]
fn a_listed_name_may_belong_to_anybody_in_other_files() {
    let listed = |arn: &str| json!({"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": []}]});
    let explored = |arn: &str, kind: &str| json!({"Resources": [{"Arn": arn, "OwningAccountId": ACCOUNT, "Region": "eu-west-1", "ResourceType": kind, "Service": "elasticloadbalancing"}]});
    let discovered =
        |id: &str| json!({"resourceIdentifiers": [{"resourceType": "AWS::ElasticLoadBalancingV2::Listener", "resourceId": id}]});
    let state = state();
    let of = |source: &str, text: &Value| together(("terraform", &state), (source, text));
    assert_eq!(listeners(&[imported("terraform", &state, false)]), ["-", "HTTPS"]);
    for (number, wanted) in [(1, ["-", "HTTPS"]), (2, ["-", "? HTTPS"])] {
        let arn = listener_arn(1, number);
        assert_eq!(of("tagging", &listed(&arn)), wanted, "{arn}");
        assert_eq!(
            of("resource-explorer", &explored(&arn, "elasticloadbalancing:listener/app")),
            wanted,
            "{arn}"
        );
    }
    assert_eq!(of("config", &discovered("l")), ["?", "? HTTPS"], "it tells no ARN");
    let rule = arn("eu-west-1", "listener-rule/app/web/1/1/1");
    assert_eq!(
        of("resource-explorer", &explored(&rule, "elasticloadbalancing:listener-rule/app")),
        ["-", "HTTPS"],
        "a rule is no listener"
    );
    let rows = json!([{"arn": listener_arn(1, 1)}, {"arn": listener_arn(2, 1)}]);
    assert_eq!(of("json", &rows), ["?", "HTTPS"], "a list of ARNs of one's own");
}

#[test]
fn a_history_has_some_of_those_that_there_are() {
    let items = [balancer_item(1), balancer_item(2), listener_item(1, 1)];
    assert_eq!(both("config", &history(&items)), ["-", "? HTTPS"]);
    let query = json!({"Results": items.iter().map(ToString::to_string).collect::<Vec<_>>()});
    assert_eq!(both("config", &query), ["-", "? HTTPS"]);
    let one_by_one = json!({"baseConfigurationItems": items});
    assert_eq!(both("config", &one_by_one), ["-", "? HTTPS"]);
    let nowhere = json!({"configSnapshotId": null, "configurationItems": items});
    assert_eq!(both("config", &nowhere), ["-", "? HTTPS"]);
    // A type a file.
    let (owners, siblings) = (history(&items[..2]), history(&items[2..]));
    assert_eq!(together(("config", &owners), ("config", &siblings)), ["-", "? HTTPS"]);
    let whole = snapshot(&items[2..]);
    assert_eq!(
        together(("config", &owners), ("config", &whole)),
        ["-", "HTTPS"],
        "another file has all"
    );
    let more = history(&[listener_item(1, 2)]);
    assert_eq!(
        together(("config", &snapshot(&items)), ("config", &more)),
        ["-", "HTTPS"],
        "the owner's own file has all but the new one, which says the same"
    );
}

#[test]
fn an_event_that_was_too_long_for_its_message_is_a_name() {
    let summary = json!({"configurationItemSummary": {"changeType": "UPDATE", "awsAccountId": ACCOUNT, "configurationItemStatus": "OK",
        "resourceType": "AWS::ElasticLoadBalancingV2::Listener", "resourceId": listener_arn(1, 2), "resourceName": null,
        "ARN": listener_arn(1, 2), "awsRegion": "eu-west-1"}, "s3DeliverySummary": {"s3BucketLocation": "b"}, "messageType": "OversizedConfigurationItemChangeNotification"});
    let found = imported("config", &summary, false);
    assert_eq!(found.resources.len(), 1);
    assert_eq!(together(("terraform", &state()), ("config", &summary)), ["-", "? HTTPS"]);
}

/// Of a stack that uses both providers of Pulumi, one has the load balancer and the other the listener.
#[test]
fn a_stack_in_two_dialects_is_joined() {
    let (classic, native) = ("aws:lb", "aws-native:elasticloadbalancingv2");
    let resource = |kind: &str, name: &str, provider: &str, properties: Value| {
        json!({"urn": format!("urn:pulumi:p::s::{kind}::{name}"), "custom": true, "id": properties["arn"], "type": kind,
            "provider": format!("urn:pulumi:p::s::pulumi:providers:{provider}::default::1"), "inputs": {}, "outputs": properties})
    };
    let balancer = |is_native: bool| {
        let arn = balancer_arn(1);
        match is_native {
            true => resource(
                &format!("{native}:LoadBalancer"),
                "b",
                "aws-native",
                json!({"arn": arn, "loadBalancerArn": arn, "type": "application"}),
            ),
            false => resource(
                &format!("{classic}/loadBalancer:LoadBalancer"),
                "b",
                "aws",
                json!({"arn": arn, "loadBalancerType": "application"}),
            ),
        }
    };
    let listener = |is_native: bool, number: u8| {
        let properties = json!({"arn": listener_arn(1, number), "loadBalancerArn": balancer_arn(1), "protocol": if number == 1 { "HTTPS" } else { "HTTP" }});
        match is_native {
            true => resource(&format!("{native}:Listener"), &format!("l{number}"), "aws-native", properties),
            false => resource(&format!("{classic}/listener:Listener"), &format!("l{number}"), "aws", properties),
        }
    };
    for is_native in [false, true] {
        let resources = [balancer(is_native), listener(is_native, 1), listener(!is_native, 2)];
        let stack = json!({"version": 3, "deployment": {"manifest": {}, "resources": resources}});
        assert_eq!(both("pulumi", &stack), ["HTTP HTTPS"], "native: {is_native}");
    }
}

/// Wherever a type may belong to somebody, its name alone leaves open what it says, in every relation of AWS Config.
#[test]
fn a_name_alone_leaves_open_every_list_that_it_may_be_in() {
    let mut tried = 0;
    let relations = Relations::of(&CATALOG, Some(Origin::Config), true);
    for relation in relations
        .list
        .iter()
        .filter(|one| one.kind.contains("::") && one.named == Side::Owner)
    {
        let owner = relation.owners.iter().find(|kind| !kind.ends_with('*')).unwrap();
        let item = |kind: &str, id: &str, configuration: Value| {
            json!({"resourceType": kind, "resourceId": id, "awsAccountId": ACCOUNT, "awsRegion": "eu-west-1",
            "configurationItemStatus": "OK", "configuration": configuration})
        };
        let file = snapshot(&[item(owner, "o", json!({"own": 1})), item(&relation.kind, "s", json!(null))]);
        let listed = relation.copies.iter().filter(|copied| copied.declared.is_listed());
        // What nobody asks for is not kept.
        for name in listed.map(|copied| copied.declared.name()).filter(|name| is_asked(owner, name)) {
            for is_long in [false, true] {
                let found = imported("config", &file, is_long);
                let one = found.resources.iter().find(|one| *one.kind == **owner).unwrap();
                let list = one.config.get(name).map(ToString::to_string).unwrap_or_default();
                // Of blocks that say nothing none remains where nobody asks whether there are any.
                assert!(
                    list.is_empty() || list.contains("(...)"),
                    "{} of {owner}: {name} is {list}",
                    relation.kind
                );
                tried += usize::from(!list.is_empty());
            }
        }
    }
    assert!(tried > 4, "{tried}");
}

fn is_asked(kind: &str, attribute: &str) -> bool {
    let service = CATALOG.classify_type(kind).map_or("", |(service, _)| service);
    CATALOG.questions(service).iter().any(|question| question.attribute() == attribute)
}

/// What refers to a resource of its template that is no owner may mean an owner by it: an alias of a function.
#[test]
fn a_reference_to_what_stands_between_leaves_lists_open() {
    for by in [
        json!({"Ref": "A"}),
        json!({"Fn::GetAtt": ["A", "AliasArn"]}),
        json!({"Fn::Sub": "${F.Arn}:live"}),
    ] {
        let template = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.13"}},
            "A": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}, "FunctionVersion": "1", "Name": "live"}},
            "U": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Ref": "F"}, "AuthType": "AWS_IAM"}},
            "V": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": by, "AuthType": "NONE"}},
        }});
        for is_long in [false, true] {
            let found = imported("cloudformation", &template, is_long);
            let function = found.resources.iter().find(|one| &*one.kind == "AWS::Lambda::Function").unwrap();
            assert_eq!(function.config["authorization_type"], json!(["(...)", "AWS_IAM"]), "{by}");
        }
    }
}

/// A group of logs, or a policy of the account's logs, in a state; `alias` is the configuration of the provider that made it.
fn logs(number: u8, region: &str, alias: &str) -> Value {
    let provider = format!("provider[\"registry.terraform.io/hashicorp/aws\"]{alias}");
    let (kind, attributes) = match number {
        0 => (
            "aws_cloudwatch_log_account_policy",
            json!({"policy_name": "p", "policy_type": "RETENTION_POLICY"}),
        ),
        _ => (
            "aws_cloudwatch_log_group",
            json!({"name": format!("g{number}"), "arn": format!("arn:aws:logs:{region}:{ACCOUNT}:log-group:g{number}"), "retention_in_days": 3653}),
        ),
    };
    json!({"mode": "managed", "type": kind, "name": format!("r{number}"), "provider": provider,
        "instances": [{"schema_version": 0, "attributes": attributes}]})
}

/// The types of policies that each group of logs is told of; nothing where that is open.
fn told_policies(files: &[&[Value]], is_long: bool) -> Vec<Option<Value>> {
    let state = |resources: &&[Value]| json!({"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "l", "outputs": {}, "resources": resources});
    let mut files: Vec<Imported> = files.iter().map(|file| imported("terraform", &state(file), is_long)).collect();
    settle(&mut files, &CATALOG);
    let all = files.iter().flat_map(|file| &file.resources);
    let groups = all.filter(|one| &*one.kind == "aws_cloudwatch_log_group");
    let told = groups.flat_map(|one| {
        // A list of which a part cannot be read is open.
        let types = one
            .config
            .get("account_policy_types")
            .filter(|types| **types != json!(["(...)"]))
            .cloned();
        std::iter::repeat_n(types, usize::try_from(one.count.max(1)).unwrap())
    });
    told.collect()
}

/// What there is one of in an account's Region is said once for all that hear it, however many these are.
#[test]
fn what_there_is_one_of_speaks_for_all_in_its_place() {
    let here = |number: u8| logs(number, "eu-west-1", "");
    let said = Some(json!(["RETENTION_POLICY"]));
    for is_long in [false, true] {
        let told = |files: &[&[Value]]| told_policies(files, is_long);
        assert_eq!(told(&[&[here(1), here(2)]]), [Some(json!([])), Some(json!([]))]);
        assert_eq!(told(&[&[here(0), here(1)]]), std::slice::from_ref(&said));
        assert_eq!(told(&[&[here(0), here(1), here(2)]]), [said.clone(), said.clone()]);
        // Another configuration of the provider may be of the same place, or not.
        let elsewhere = logs(3, "us-east-1", ".us");
        let also = logs(4, "us-east-1", ".us");
        let all = told(&[&[here(0), here(1), here(2), elsewhere, also]]);
        let count = |wanted: &Option<Value>| all.iter().filter(|one| *one == wanted).count();
        assert_eq!((count(&said), count(&None)), (2, 2), "{all:?}");
        let unplaced = logs(0, "", ".x");
        assert_eq!(told(&[&[unplaced, here(1), here(2)]]), [None, None]);
    }
}
