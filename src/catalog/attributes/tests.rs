use super::*;
use crate::catalog::Catalog;
use crate::catalog::file::ResourceTypeFile;
use serde_json::{Map, json};

fn declared(yaml: &str) -> (Vec<ResourceType>, Vec<Fault>) {
    let files: IndexMap<String, ResourceTypeFile> = serde_yaml::from_str(yaml).unwrap();
    resource_types(&"service".into(), &files)
}

fn only(yaml: &str) -> ResourceType {
    let (types, faults) = declared(yaml);
    assert_eq!(faults, []);
    types.into_iter().next().unwrap()
}

fn projected(one: &ResourceType, origin: Origin, raw: Value) -> Value {
    let raw = crate::catalog::spelling::normalised(raw.as_object().unwrap());
    Value::Object(one.project(origin, &raw))
}

#[test]
fn what_is_not_said_otherwise_lies_under_its_name() {
    let one = only("{a: {attributes: {storage_encrypted: bool, options.tokens: text, options.hops: number, rule: block}}}");
    let template =
        json!({"StorageEncrypted": true, "Options": [{"Tokens": "required", "Other": 1}, {"Hops": 2}], "Rule": {"A": 1}, "Else": 3});
    assert_eq!(
        projected(&one, Origin::CloudFormation, template),
        json!({"storage_encrypted": true, "options": [{"tokens": "required"}, {"hops": 2}], "rule": {"a": 1}})
    );
    assert_eq!(
        projected(&one, Origin::Terraform, json!({"options": null, "rule": []})),
        json!({"options": null, "rule": []})
    );
}

#[test]
fn places_come_first_and_a_name_counts_where_its_value_is_of_the_type() {
    let one = only(
        "{a: {attributes: {versioning: {type: bool, terraform: versioning.enabled, cloudformation: {at: VersioningConfiguration.Status, true_for: [Enabled]}}}}}",
    );
    let terraform = |raw: Value| projected(&one, Origin::Terraform, raw);
    assert_eq!(terraform(json!({"versioning": [{"enabled": false}]})), json!({"versioning": false}));
    assert_eq!(terraform(json!({"versioning": true})), json!({"versioning": true}));
    assert_eq!(terraform(json!({"versioning": [{"enabled": null}]})), json!({"versioning": null}));
    assert_eq!(terraform(json!({"versioning": [{"x": 1}]})), json!({}));
    assert_eq!(terraform(json!({"versioning": null})), json!({"versioning": null}));
    let template = |status: Value| projected(&one, Origin::CloudFormation, json!({"VersioningConfiguration": {"Status": status}}));
    assert_eq!(template(json!("enabled")), json!({"versioning": true}));
    assert_eq!(template(json!("Suspended")), json!({"versioning": false}));
    assert_eq!(template(json!("${Status}")), json!({}), "a reference may come to anything");
}

#[test]
fn what_cannot_be_read_may_be_told_to_be_there() {
    let one =
        only("{a: {attributes: {restored: {type: bool, cloudformation: {at: [Snapshot, Source], is: true, open: true, absent: false}}}}}");
    for (raw, restored) in [
        (json!({}), json!(false)),
        (json!({"Snapshot": ""}), json!(false)),
        (json!({"Source": "x"}), json!(true)),
        (json!({"Snapshot": open::open()}), json!(true)),
        (json!({"Snapshot": null, "Source": open::open()}), json!(true)),
    ] {
        assert_eq!(projected(&one, Origin::CloudFormation, raw.clone())["restored"], restored, "{raw}");
    }
}

#[test]
fn what_is_about_to_change_is_not_known() {
    let one = only(
        "{a: {attributes: {multi_az: {type: bool, pending: PendingModifiedValues.MultiAZ}, strict: {type: bool, pending: {Processing: ['true']}}, options.tokens: {type: text, pending: {Options.State: [pending]}}, logs: {type: block, pending: PendingModifiedValues.Logs, block: {log_type: {type: text, pending: {Status: [error, enabling]}}}}}}}",
    );
    let config = |raw: Value| projected(&one, Origin::Config, raw);
    for (pending, known) in [
        (json!(null), true),
        (json!({}), true),
        (json!({"MultiAZ": null, "Port": 1}), true),
        (json!({"MultiAZ": true}), false),
        (json!({"MultiAZ": false}), false),
        (json!({"multiAZ": false}), false),
    ] {
        let made = config(json!({"MultiAZ": true, "PendingModifiedValues": pending}));
        assert_eq!(made, if known { json!({"multi_az": true}) } else { json!({}) }, "{pending}");
    }
    let options = |state: &str| config(json!({"Options": {"Tokens": "required", "State": state}}));
    assert_eq!(options("applied"), json!({"options": {"tokens": "required"}}));
    assert_eq!(options("Pending"), json!({"options": {}}));
    for (is_changing, known) in [
        (json!(false), true),
        (json!(true), false),
        (json!("true"), false),
        (json!(null), true),
    ] {
        let made = config(json!({"Strict": true, "Processing": is_changing}));
        assert_eq!(made, if known { json!({"strict": true}) } else { json!({}) }, "{is_changing}");
    }
    let raw = json!({"Logs": [{"LogType": "slow", "Status": "active"}, {"LogType": "engine", "Status": "error"}, {"LogType": "other"}]});
    assert_eq!(
        config(raw.clone())["logs"],
        json!([{"log_type": "slow"}, {"(...)": true}, {"log_type": "other"}])
    );
    for (pending, known) in [(json!([]), true), (json!([{"LogType": "slow"}]), false), (json!([{}]), true)] {
        let mut raw = raw.clone();
        raw["PendingModifiedValues"] = json!({"Logs": pending});
        assert_eq!(config(raw).get("logs").is_some(), known, "{pending}");
    }
    // A state tells of it under its own names.
    let raw = json!({"logs": [{"log_type": "slow", "status": "active"}, {"log_type": "engine", "status": "error"}]});
    let told = json!([{"log_type": "slow"}, {"(...)": true}]);
    assert_eq!(projected(&one, Origin::Terraform, raw)["logs"], told);
    let raw = json!({"logs": [{"log_type": "slow", "status": open::open()}]});
    assert_eq!(
        projected(&one, Origin::Terraform, raw)["logs"],
        json!([{"log_type": "slow"}]),
        "a plan"
    );
    // A template tells what is asked for.
    let raw = json!({"MultiAZ": true, "PendingModifiedValues": {"MultiAZ": false}});
    assert_eq!(projected(&one, Origin::CloudFormation, raw), json!({"multi_az": true}));
    assert!(one.keys(Origin::Config).contains(&"pending_modified_values"));
}

#[test]
fn what_is_switched_off_stays_off_whatever_fails() {
    let one = only("{a: {attributes: {is_on: {type: bool, cloudformation: On, failing: {Last: [Failure]}}}}}");
    let config = |raw: Value| projected(&one, Origin::Config, raw);
    assert_eq!(config(json!({"On": true, "Last": "Success"})), json!({"is_on": true}));
    assert_eq!(config(json!({"On": true, "Last": "FAILURE"})), json!({}));
    assert_eq!(config(json!({"On": false, "Last": "Failure"})), json!({"is_on": false}));
    assert_eq!(config(json!({"On": "false", "Last": "Failure"})), json!({"is_on": "false"}));
    assert_eq!(config(json!({"Last": "Failure"})), json!({}));
    assert_eq!(
        projected(&one, Origin::CloudFormation, json!({"On": true, "Last": "Failure"})),
        json!({"is_on": true})
    );
    assert!(one.keys(Origin::Config).contains(&"last"));
}

#[test]
fn of_items_that_differ_none_stands_for_all() {
    let one = only(
        "{a: {attributes: {on: {type: bool, config: {at: Rules.Deep.On, absent: false}}, listener: {type: block, config: [Listeners, Descriptions.Listener], block: {protocol: text}}}}}",
    );
    let config = |raw: Value| projected(&one, Origin::Config, raw);
    let rules = |rules: Value| config(json!({"Rules": rules})).get("on").cloned();
    assert_eq!(rules(json!([{"Deep": {"On": true}}, {"Deep": {"On": true}}])), Some(json!(true)));
    assert_eq!(rules(json!([{"Deep": {"On": true}}, {"Deep": {"On": false}}])), None);
    assert_eq!(rules(json!([{"Deep": {"On": true}}, {"Deep": {}}])), None, "of one it is not told");
    assert_eq!(rules(json!([{"Deep": {"On": true}}, {"Deep": {"On": null}}])), None);
    assert_eq!(rules(json!([])), Some(json!(false)));
    let described = json!({"Descriptions": [{"Listener": {"Protocol": "HTTPS"}}, {"Listener": {"Protocol": "HTTP"}}, {}]});
    assert_eq!(config(described)["listener"], json!([{"protocol": "HTTPS"}, {"protocol": "HTTP"}]));
    let alone = json!({"Descriptions": [{"Listener": {"Protocol": "HTTP"}}]});
    assert_eq!(config(alone)["listener"], json!({"protocol": "HTTP"}));
}

/// Each block keeps what is its own: what one of two has is not the other's, and an empty list stays with the block that has it.
#[test]
fn blocks_on_the_way_to_blocks_stay_apart() {
    let one = only(
        "{a: {attributes: {details.language: text, details.schedule.copy: {type: block, block: {target: text}}, rule: {type: block, cloudformation: Rules, block: {to: text}}, names: {type: list, cloudformation: {at: Rules.Name, all: true}}}}}",
    );
    let raw = json!({"details": [{"language": "x", "schedule": [{"copy": [{"target": "b", "else": 1}]}, {"copy": []}]}]});
    let wanted = json!({"details": [{"language": "x", "schedule": [{"copy": [{"target": "b"}]}, {"copy": []}]}]});
    assert_eq!(projected(&one, Origin::Terraform, raw), wanted);
    let open = json!({"(?)": true});
    let raw = json!({"details": [{"schedule": [{"copy": [{"target": "b"}]}, open, {"copy": open}]}]});
    let wanted = json!({"details": [{"schedule": [{"copy": [{"target": "b"}]}, {"(...)": true}, {"(...)": true}]}]});
    assert_eq!(projected(&one, Origin::Terraform, raw), wanted);
    // What is open in a list may be one more.
    let raw = json!({"Rules": [{"Name": "a"}, {"Name": open}]});
    assert_eq!(projected(&one, Origin::CloudFormation, raw.clone())["names"], json!(["a", "(...)"]));
    let raw = json!({"Rules": [{"Name": open}]});
    assert_eq!(projected(&one, Origin::CloudFormation, raw).get("names"), None);
}

#[test]
fn what_stands_there_and_cannot_be_read_is_not_absent() {
    let one = only(
        "{a: {attributes: {upgrade: {type: bool, cloudformation: {absent: true}}, deep.down: {type: bool, cloudformation: {absent: true}}}}}",
    );
    let template = |raw: Value| projected(&one, Origin::CloudFormation, raw);
    assert_eq!(template(json!({})), json!({"upgrade": true, "deep": {"down": true}}));
    let open = template(json!({"Upgrade": {"Ref": "Upgrade"}, "Deep": {"Down": {"Ref": "Down"}}}));
    assert!(open.get("upgrade").is_none() && open["deep"]["down"] != true, "{open}");
    let one = only("{a: {attributes: {versioning: {type: bool, cloudformation: {at: V.Status, true_for: [Enabled], absent: false}}}}}");
    let template = |raw: Value| projected(&one, Origin::CloudFormation, raw);
    assert_eq!(template(json!({"V": {"Status": "${Status}"}})), json!({}));
    assert_eq!(template(json!({"V": {}})), json!({"versioning": false}));
    let one = only("{a: {attributes: {kept: {type: bool, cloudformation: {entry: Settings, key: kept, absent: false}}}}}");
    let template = |raw: Value| projected(&one, Origin::CloudFormation, raw);
    for (settings, kept) in [
        (json!([{"Key": "other", "Value": "true"}]), json!({"kept": false})),
        (json!([{"Key": "kept", "Value": "true"}]), json!({"kept": true})),
        (json!([{"Key": "${Name}", "Value": "true"}]), json!({})),
        (json!("${Settings}"), json!({})),
    ] {
        assert_eq!(template(json!({"Settings": settings})), kept, "{settings}");
    }
}

#[test]
fn what_is_absent_means_what_its_declaration_says_for_the_source() {
    let one = only(
        "{a: {attributes: {kind: {type: text, cloudformation: {at: Type, absent: application}}, gone: {type: text, terraform: {absent: null}}}}}",
    );
    assert_eq!(projected(&one, Origin::CloudFormation, json!({})), json!({"kind": "application"}));
    assert_eq!(
        projected(&one, Origin::CloudFormation, json!({"Type": "network"})),
        json!({"kind": "network"})
    );
    assert_eq!(
        projected(&one, Origin::Config, json!({})),
        json!({}),
        "an answer that leaves it out says nothing"
    );
    assert_eq!(
        projected(&one, Origin::Config, json!({"type": "network"})),
        json!({"kind": "network"})
    );
    assert_eq!(projected(&one, Origin::Terraform, json!({})), json!({"gone": null}));
}

#[test]
fn entries_words_presence_and_documents_are_read() {
    let one = only(
        r#"{a: {attributes: {
            drop: {type: bool, cloudformation: {entry: Attributes, key: routing.drop.enabled}},
            acl: {type: text, cloudformation: {at: Access, values: {PublicRead: public-read}}},
            kept: {type: bool, cloudformation: {at: Policy, values: {Snapshot: true, Delete: false}}},
            package: {type: text, cloudformation: [PackageType, {at: [Uri, Code.Uri], is: Image}]},
            policy: {type: document, cloudformation: PolicyDocument},
            types: {type: list, cloudformation: {at: Logs.Type, all: true}},
            token: {type: text, secret: true}}}}"#,
    );
    let raw = json!({
        "Attributes": [{"Key": "other", "Value": "x"}, {"Key": "Routing.Drop.Enabled", "Value": "true"}],
        "Access": "PublicRead", "Policy": "Retain", "Code": {"Uri": "x"}, "PolicyDocument": {"Statement": []},
        "Logs": [{"Type": "a"}, {"Type": ["b", "a"]}], "Token": "never-to-be-seen",
    });
    assert_eq!(
        projected(&one, Origin::CloudFormation, raw),
        json!({"drop": true, "acl": "public-read", "package": "Image", "policy": "{\"statement\":[]}", "types": ["a", "b"]})
    );
}

#[test]
fn blocks_keep_what_belongs_together() {
    let one = only(
        "{a: {within: {cloudformation: Config}, attributes: {origin: {type: block, cloudformation: Origins, config: [Origins.items, Origins], \
         block: {name: text, protocol: {type: text, cloudformation: Custom.Protocol}}}, rule: {type: block, cloudformation: {at: Rules.Inner, all: true}, block: {on: bool}}}}}",
    );
    let raw = json!({"Config": {"Origins": [{"Name": "a", "Custom": {"Protocol": "http"}}, {"Name": "b", "X": 1}], "Rules": [{"Inner": {"On": true}}, {"Inner": {"Y": 2}}]}});
    let expected = json!({"origin": [{"name": "a", "protocol": "http"}, {"name": "b"}], "rule": [{"on": true}, {"(...)": true}]});
    assert_eq!(projected(&one, Origin::CloudFormation, raw), expected);
    let raw = json!({"config": {"origins": {"quantity": 1, "items": [{"name": "a"}]}}});
    assert_eq!(projected(&one, Origin::Config, raw), json!({"origin": [{"name": "a"}]}));
}

#[test]
fn others_say_things_of_a_resource() {
    let one = only(
        "{a: {known_by: [arn, name], attributes: {on: {type: bool, terraform: {of: x_setting, by: target, unless: version, at: status, true_for: [Enabled]}}, \
         urls: {type: list, terraform: {of: x_url, by: [target, targets], equals: address, all: true}}, \
         listener: {type: block, terraform: {of: x_listener, by: target}, block: {policy: text}}, where: {type: text, terraform: {of: x_channel}}}}}",
    );
    let relations = one.relations(Origin::Terraform);
    let kinds: Vec<&str> = relations.iter().map(|relation| &*relation.kind).collect();
    assert_eq!(kinds, ["x_setting", "x_url", "x_listener", "x_channel"]);
    let [setting, url, listener, channel] = relations.as_slice() else {
        unreachable!()
    };
    let map = |value: Value| value.as_object().unwrap().clone();
    let said = map(json!({"target": "n", "status": "Enabled"}));
    let names = |paths: &[Path]| paths.iter().map(Path::dotted).collect::<Vec<_>>();
    assert_eq!(
        (names(&setting.by), names(&setting.equals)),
        (vec!["target".to_owned()], vec!["arn".to_owned(), "name".to_owned()])
    );
    assert_eq!(setting.unless.as_ref().map(Path::dotted).as_deref(), Some("version"));
    let mut config = Map::new();
    setting.copied[0].put(&mut config, setting.copied[0].values(&said));
    assert_eq!(Value::Object(config.clone()), json!({"on": true}));
    setting.copied[0].put(&mut config, vec![false.into(), true.into()]);
    assert_eq!(config["on"], true, "those that do not agree say nothing");
    let said = map(json!({"targets": ["p", "q"], "urls": ["u", "v"]}));
    assert_eq!(
        (names(&url.by), names(&url.equals)),
        (vec!["target".to_owned(), "targets".to_owned()], vec!["address".to_owned()])
    );
    url.copied[0].put(&mut config, url.copied[0].values(&said));
    assert_eq!(config["urls"], json!(["u", "v"]));
    url.copied[0].put(&mut config, url.copied[0].values(&map(json!({"target": "p", "urls": null}))));
    assert_eq!(config["urls"], json!(["u", "v"]), "what is unset adds nothing");
    url.copied[0].put(&mut config, url.copied[0].values(&map(json!({"target": "p"}))));
    assert_eq!(config["urls"], json!(["u", "v", "(...)"]), "what is not told leaves the list open");
    let said = listener.copied[0].values(&map(json!({"policy": "strict", "target": "n"})));
    listener.copied[0].put(&mut config, said);
    assert_eq!(config["listener"], json!([{"policy": "strict"}]));
    assert!(channel.by.is_empty() && channel.equals.is_empty());
}

#[test]
fn the_arn_of_another_may_tell_the_owner() {
    let owner = |pattern: &str, resource: &str| {
        let one = only(&format!(
            "{{a: {{known_by: [id], attributes: {{x: {{type: list, terraform: {{of: y, by: z, all: true, arn: \"{pattern}\"}}}}}}}}}}"
        ));
        let relations = one.relations(Origin::Terraform);
        relations[0].owner_in(resource).map(str::to_owned)
    };
    let listener = "listener/*/*/{owner}/*";
    assert_eq!(owner(listener, "listener/app/web/1/2").as_deref(), Some("1"));
    assert_eq!(
        owner(listener, "listener/app/web/1/2/3").as_deref(),
        Some("1"),
        "the last is the rest"
    );
    assert_eq!(owner(listener, "listener/app/web/1"), None);
    assert_eq!(owner(listener, "listener-rule/app/web/1/2"), None);
    let schedule = "action:*:group/{owner}:name/*";
    assert_eq!(owner(schedule, "action:7:group/g:name/n").as_deref(), Some("g"));
    assert_eq!(owner(schedule, "action:7:group/g/h:name/n"), None, "a name with a slash in it");
    assert_eq!(owner("thing", "thing"), None);
}

#[test]
fn types_are_told_as_arns_call_them() {
    let catalog = Catalog::builtin().unwrap();
    let of = |kind: &str| -> Vec<String> {
        let all = catalog.relations(Origin::Config).into_iter();
        let mut kinds: Vec<String> = all
            .filter(|one| catalog.is_in_arns(one, kind))
            .map(|one| one.kind.to_string())
            .collect();
        kinds.dedup();
        kinds
    };
    assert_eq!(of("elasticloadbalancing:listener"), ["AWS::ElasticLoadBalancingV2::Listener"]);
    assert_eq!(of("elasticloadbalancing:listener/app"), ["AWS::ElasticLoadBalancingV2::Listener"]);
    assert_eq!(of("ec2:subnet"), ["AWS::EC2::Subnet"]);
    assert_eq!(of("fsx:association"), ["AWS::FSx::DataRepositoryAssociation"]);
    assert_eq!(of("elasticfilesystem:access-point"), ["AWS::EFS::AccessPoint"]);
    for kind in [
        "elasticloadbalancing:listener-rule/app",
        "elasticloadbalancing:loadbalancer/app",
        "sqs:listener",
        "listener",
        ":",
    ] {
        assert_eq!(of(kind), [""; 0], "{kind}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (yaml, at) in [
        (
            "{a: {attributes: {StorageEncrypted: bool}}}",
            "resources.a.attributes.StorageEncrypted",
        ),
        (
            "{a: {attributes: {x: {type: text, block: {y: text}}}}}",
            "resources.a.attributes.x.block",
        ),
        (
            "{a: {attributes: {x: {type: text, terraform: {at: y, true_for: [a]}}}}}",
            "resources.a.attributes.x.terraform.true_for",
        ),
        (
            "{a: {attributes: {x: {type: text, terraform: {entry: y}}}}}",
            "resources.a.attributes.x.terraform",
        ),
        (
            "{a: {attributes: {x: {type: text, terraform: [y, {by: z}]}}}}",
            "resources.a.attributes.x.terraform[1]",
        ),
        (
            "{a: {attributes: {x: {type: text, terraform: {of: y, by: z}}}}}",
            "resources.a.attributes.x.terraform.by",
        ),
        (
            "{a: {attributes: {x: {type: text, terraform: {of: y, optional: true}}}}}",
            "resources.a.attributes.x.terraform",
        ),
        (
            "{a: {attributes: {x: {type: block, block: {y: {type: text, terraform: {of: z}}}}}}}",
            "resources.a.attributes.x.block.y.terraform.of",
        ),
        (
            "{a: {attributes: {x: {type: text, stated: true, config: y}}}}",
            "resources.a.attributes.x.stated",
        ),
        (
            "{a: {attributes: {x: {type: text, config: a..b}}}}",
            "resources.a.attributes.x.config.at",
        ),
        (
            "{a: {attributes: {x: {type: text, config: {at: y, all: true, is: 3}}}}}",
            "resources.a.attributes.x.config",
        ),
    ] {
        let (_, faults) = declared(yaml);
        let places: Vec<String> = faults.iter().map(|fault| fault.at.to_string()).collect();
        assert_eq!(places, [at], "{yaml}");
    }
}

#[test]
fn all_built_in_declarations_are_valid() {
    let catalog = Catalog::builtin().unwrap();
    for service in catalog.service_ids() {
        assert_eq!(catalog.declaration_faults(service), [], "{service}");
    }
    assert!(catalog.service_ids().flat_map(|id| catalog.resource_types(id)).count() > 350);
}

/// What an importer delivers is delivered so already: what is left out is filled in no otherwise than it fills it in.
#[test]
fn what_is_projected_is_what_is_delivered() {
    let catalog = Catalog::builtin().unwrap();
    let mut filled = 0;
    for one in catalog.service_ids().flat_map(|id| catalog.resource_types(id)) {
        for origin in Origin::ALL {
            assert_eq!(
                one.project(origin, &Map::new()),
                one.delivered(origin, &Map::new()),
                "{} {}",
                one.service,
                one.id
            );
            filled += one.delivered(origin, &Map::new()).len();
            // Every block once, and with one within it.
            for attribute in one.attributes.iter().filter(|attribute| attribute.kind == Kind::Block) {
                let path = attribute
                    .places(origin)
                    .iter()
                    .filter(|place| place.on.is_none())
                    .find_map(|place| place.at.first());
                let (path, mut raw) = (path.map_or_else(|| attribute.name.to_string(), Path::dotted), Map::new());
                let inner = attribute.block.iter().filter(|inner| inner.kind == Kind::Block);
                let inner = inner.map(|inner| (inner.name.to_string(), json!([{"other": 1}])));
                project::put(&mut raw, &path, json!([{"other": 1}, inner.collect::<Map<_, _>>()]));
                let made = one.project(origin, &raw);
                assert_eq!(made, one.delivered(origin, &made), "{} {} {path}", one.service, one.id);
            }
        }
    }
    assert!(filled > 20, "{filled}");
    let one = only(
        "{a: {attributes: {r: {type: block, block: {c: {type: block, cloudformation: {absent: []}}, d: {type: bool, cloudformation: {absent: false}}}}, s.on: {type: text, cloudformation: {absent: None}}}}}",
    );
    let given = json!({"r": [{"c": [{"x": 1}]}, {"d": true}], "s": {"off": 1}});
    let delivered = |origin: Origin| Value::Object(one.delivered(origin, given.as_object().unwrap()));
    let filled = json!({"r": [{"c": [{"x": 1}], "d": false}, {"d": true, "c": []}], "s": {"off": 1, "on": "None"}});
    assert_eq!(delivered(Origin::CloudFormation), filled);
    assert_eq!(delivered(Origin::Config), given, "what an answer leaves out is not known");
}

#[test]
fn names_within_blocks_are_found() {
    let one =
        only("{a: {attributes: {origin: {type: block, block: {custom.protocol: text}}, tags_of.x: text, whole: block, labels: map}}}");
    let known = |path: &str| one.attributes.has(path);
    for path in [
        "origin",
        "origin.custom",
        "origin.custom.protocol",
        "tags_of",
        "tags_of.x",
        "whole.any.thing",
        "labels.x",
    ] {
        assert!(known(path), "{path}");
    }
    for path in ["origins", "origin.custom.other", "tags_of.y", "custom", "origin.protocol"] {
        assert!(!known(path), "{path}");
    }
}
