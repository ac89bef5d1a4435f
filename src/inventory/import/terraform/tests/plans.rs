//! What a plan says beside its values.

use super::*;

#[test]
fn what_a_plan_knows_once_it_is_applied_is_not_left_out() {
    let whether = [
        (json!({"snapshot_identifier": true}), json!("perhaps")),
        (json!({"arn": true}), json!(false)),
    ];
    for (unknown, restored) in whether {
        let plan = json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": [
                {"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a", "values": {"storage_encrypted": true}},
            ]}},
            "resource_changes": [
                {"address": "aws_db_instance.a", "change": {"actions": ["create"], "after": {"storage_encrypted": true}, "after_unknown": unknown}},
            ],
        });
        let imported = good(&plan.to_string());
        let config = &at(&imported, "aws_db_instance.a").config;
        assert_eq!(config.get("restored"), Some(&restored), "{config:?}");
        assert!(
            !config.contains_key("snapshot_identifier") && !config.contains_key("arn"),
            "{config:?}"
        );
    }
}

/// Whatever a plan writes where a value is known only once it is applied, the value is open: a default of a block, one that was
/// there before, nothing, or a block that is left out.
#[test]
fn what_a_plan_marks_as_unknown_is_unknown_whatever_stands_there() {
    let of = |environment: Value, unknown: Value| {
        let plan = json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": [
                {"address": "aws_codebuild_project.a", "mode": "managed", "type": "aws_codebuild_project", "name": "a", "values": {"name": "a", "environment": environment}},
            ]}},
            "resource_changes": [
                {"address": "aws_codebuild_project.a", "change": {"actions": ["create"], "after": {"name": "a", "environment": environment}, "after_unknown": {"id": true, "environment": unknown}}},
            ],
        });
        let imported = good(&plan.to_string());
        let config = &at(&imported, "aws_codebuild_project.a").config;
        let predicate: crate::catalog::predicate::Predicate =
            serde_json::from_value(json!({"environment.privileged_mode": false})).unwrap();
        predicate.holds(config)
    };
    use crate::catalog::predicate::Truth;
    let told = json!([{"privileged_mode": false, "type": "LINUX_CONTAINER"}]);
    assert_eq!(of(told.clone(), json!([{"image": true}])), Truth::Yes);
    assert_eq!(of(told.clone(), json!([{"privileged_mode": false}])), Truth::Yes);
    for (environment, unknown) in [
        (told.clone(), json!([{"privileged_mode": true}])),
        (told.clone(), json!([true])),
        (told, json!(true)),
        (json!([{"privileged_mode": null}]), json!([{"privileged_mode": true}])),
        (json!([]), json!([{"privileged_mode": true}])),
        (json!(null), json!([{"privileged_mode": true}])),
    ] {
        assert_eq!(of(environment.clone(), unknown.clone()), Truth::Unknown, "{environment} {unknown}");
    }
}

const AWS: &str = "registry.terraform.io/hashicorp/aws";

/// A resource of a plan: where it stands, what is there now (null: nothing), what will be (null: nothing), the actions, and what is
/// known once it is applied.
struct Planned(&'static str, Value, Value, &'static [&'static str], Value);

/// A plan of these; `configured`: whether it tells which configuration of the provider makes which.
fn plan(all: &[Planned], configured: bool) -> Value {
    let parts = |address: &str| {
        let plain = address.rsplit_once("module.a.").map_or(address, |(_, rest)| rest);
        let plain = plain.split_once('[').map_or(plain, |(plain, _)| plain).to_owned();
        let (kind, name) = plain.split_once('.').unwrap();
        json!({"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": AWS})
    };
    let with = |address: &str, more: Value| {
        let mut one = parts(address);
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        one
    };
    let (mut root, mut module) = (Vec::new(), Vec::new());
    for Planned(address, _, after, _, _) in all.iter().filter(|Planned(_, _, after, _, _)| !after.is_null()) {
        let list = if address.starts_with("module.") { &mut module } else { &mut root };
        list.push(with(address, json!({"values": after})));
    }
    let changes: Vec<Value> = all
        .iter()
        .map(|Planned(address, before, after, actions, unknown)| {
            let (address, deposed) = address.split_once(" deposed ").map_or((*address, None), |(at, key)| (at, Some(key)));
            let change = json!({"actions": actions, "before": before, "after": after, "after_unknown": unknown, "before_sensitive": {}, "after_sensitive": {}});
            let mut one = with(address, json!({"change": change}));
            if let Some(key) = deposed {
                one["deposed"] = key.into();
            }
            one
        })
        .collect();
    let mut plan = json!({"format_version": "1.2",
        "planned_values": {"root_module": {"resources": root, "child_modules": [{"address": "module.a", "resources": module}]}},
        "resource_changes": changes});
    if configured {
        // What is gone from the configuration is told of by nobody.
        let keys: Vec<Value> = root_of(&plan)
            .iter()
            .map(|one| json!({"address": one, "provider_config_key": "aws"}))
            .collect();
        plan["configuration"] = json!({"provider_config": {"aws": {"name": "aws"}, "aws.other": {"name": "aws", "alias": "other"}}, "root_module": {"resources": keys}});
    }
    plan
}

fn root_of(plan: &Value) -> Vec<Value> {
    let resources = plan["planned_values"]["root_module"]["resources"].as_array().unwrap();
    resources.iter().map(|one| one["address"].clone()).collect()
}

fn bucket(name: &str) -> Value {
    json!({"bucket": name, "id": name, "arn": format!("arn:aws:s3:::{name}"), "acl": null, "versioning": [{"enabled": true, "mfa_delete": true}],
        "policy": "{\"Statement\":[]}", "logging": [{"target_bucket": "logs", "target_prefix": ""}],
        "server_side_encryption_configuration": [{"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}]}]})
}

fn kept(address: &'static str, values: Value) -> Planned {
    Planned(address, values.clone(), values, &["no-op"], json!({}))
}

fn versioning(bucket: &str, status: &str) -> Value {
    json!({"bucket": bucket, "id": bucket, "versioning_configuration": [{"status": status, "mfa_delete": "Enabled"}]})
}

/// What a plan says of attributes of a resource, the same whether its resources are kept or counted and whatever stands first.
fn says(plan: &Value, address: &str, names: &[&str]) -> Vec<Option<Value>> {
    let mut turned = serde_json::Map::new();
    turned.extend(
        plan.as_object()
            .unwrap()
            .iter()
            .rev()
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    let [first, second] = [plan.clone(), Value::Object(turned)].map(|plan| {
        let imported = good(&plan.to_string());
        let config = Value::Object(at(&imported, address).config.clone());
        let of = |name: &&str| config.pointer(&format!("/{}", name.replace('.', "/"))).cloned();
        names.iter().map(of).collect::<Vec<_>>()
    });
    assert_eq!(first, second, "{address}");
    first
}

const TOLD: [&str; 5] = ["versioning", "mfa_delete", "policy", "logging.0.target_bucket", "sse_algorithm"];

/// What of a bucket's own values is still told, where siblings change so.
fn own(all: Vec<Planned>, address: &str) -> Vec<Option<Value>> {
    let [told, untold] = [true, false].map(|configured| says(&plan(&all, configured), address, &TOLD));
    assert_eq!(told, untold);
    told
}

#[test]
fn what_a_plan_takes_away_is_no_more_said_by_its_owner() {
    let whole = [
        json!(true),
        json!(true),
        json!("{\"Statement\":[]}"),
        json!("logs"),
        json!("aws:kms"),
    ]
    .map(Some);
    let before = |which: &[usize]| -> Vec<Option<Value>> {
        let told = whole.iter().enumerate();
        told.map(|(at, value)| value.clone().filter(|_| !which.contains(&at))).collect()
    };
    let a = || kept("aws_s3_bucket.a", bucket("a"));
    let gone = |address: &'static str, was: Value| Planned(address, was, Value::Null, &["delete"], json!({}));
    assert_eq!(own(vec![a()], "aws_s3_bucket.a"), before(&[]), "nothing changes");
    for (one, which) in [
        (gone("aws_s3_bucket_versioning.a", versioning("a", "Enabled")), &[0, 1][..]),
        (gone("aws_s3_bucket_versioning.a[0]", versioning("a", "Enabled")), &[0, 1]),
        (
            gone("module.a.aws_s3_bucket_versioning.a[\"k\"]", versioning("a", "Enabled")),
            &[0, 1],
        ),
        (
            gone("aws_s3_bucket_versioning.a deposed 4d5e6f70", versioning("a", "Enabled")),
            &[0, 1],
        ),
        (gone("aws_s3_bucket_policy.a", json!({"bucket": "a", "policy": "{}"})), &[2]),
        // By another name of it, and by none that is told.
        (
            gone("aws_s3_bucket_policy.a", json!({"bucket": "arn:aws:s3:::a", "policy": "{}"})),
            &[2],
        ),
        (gone("aws_s3_bucket_policy.a", json!({"bucket": null, "policy": "{}"})), &[2]),
        (
            gone("aws_s3_bucket_logging.a", json!({"bucket": "a", "target_bucket": "logs"})),
            &[3],
        ),
        (
            gone(
                "aws_s3_bucket_server_side_encryption_configuration.a",
                json!({"bucket": "a", "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}]}),
            ),
            &[4],
        ),
        // Of another bucket.
        (gone("aws_s3_bucket_versioning.a", versioning("b", "Enabled")), &[]),
        (gone("data.aws_s3_bucket_versioning.a", versioning("a", "Enabled")), &[]),
        // What nothing is done to.
        (kept("aws_s3_bucket_versioning.a", versioning("a", "Enabled")), &[]),
    ] {
        let what = format!("{} {:?}", one.0, one.3);
        if one.0.starts_with("data.") {
            let mut plan = plan(&[a(), Planned("aws_s3_bucket_versioning.a", one.1, one.2, one.3, one.4)], true);
            plan["resource_changes"][1]["mode"] = "data".into();
            assert_eq!(says(&plan, "aws_s3_bucket.a", &TOLD), before(which), "{what}");
            continue;
        }
        assert_eq!(own(vec![a(), one], "aws_s3_bucket.a"), before(which), "{what}");
    }
    // What is forgotten stays; which configuration made it need not be told any more.
    let forgotten = || {
        Planned(
            "aws_s3_bucket_versioning.a",
            versioning("a", "Enabled"),
            Value::Null,
            &["forget"],
            json!({}),
        )
    };
    for (configured, which) in [(false, &[][..]), (true, &[0, 1])] {
        let plan = plan(&[a(), forgotten()], configured);
        assert_eq!(says(&plan, "aws_s3_bucket.a", &TOLD), before(which), "forgotten {configured}");
    }
}

#[test]
fn what_a_plan_changes_is_said_by_what_it_plans() {
    let a = || kept("aws_s3_bucket.a", bucket("a"));
    let b = || kept("aws_s3_bucket.b", bucket("b"));
    let of = |one: Planned, address: &str| own(vec![a(), b(), one], address)[..2].to_vec();
    let changed =
        |before: Value, after: Value, actions, unknown: Value| Planned("aws_s3_bucket_versioning.a", before, after, actions, unknown);
    let (yes, no) = (Some(json!(true)), Some(json!(false)));
    const REPLACED: [&[&str]; 3] = [&["delete", "create"], &["create", "delete"], &["update"]];
    for actions in REPLACED {
        // The same owner: what is planned counts, and what that does not say is open.
        let same = || changed(versioning("a", "Enabled"), versioning("a", "Suspended"), actions, json!({}));
        assert_eq!(of(same(), "aws_s3_bucket.a"), [no.clone(), yes.clone()], "{actions:?}");
        let less = json!({"bucket": "a", "versioning_configuration": [{"status": "Enabled", "mfa_delete": null}]});
        let less = || changed(versioning("a", "Enabled"), less.clone(), actions, json!({}));
        assert_eq!(of(less(), "aws_s3_bucket.a"), [yes.clone(), None], "{actions:?}");
        // Another one, which has it from now on.
        let other = || changed(versioning("a", "Enabled"), versioning("b", "Suspended"), actions, json!({}));
        assert_eq!(of(other(), "aws_s3_bucket.a"), [None, None], "{actions:?}");
        assert_eq!(of(other(), "aws_s3_bucket.b"), [no.clone(), yes.clone()], "{actions:?}");
        // What is known once it is applied: what it says, whom it names, all of a block.
        let unsaid = json!({"bucket": "a", "versioning_configuration": [{"mfa_delete": "Disabled"}]});
        let unsaid = || {
            changed(
                versioning("a", "Enabled"),
                unsaid.clone(),
                actions,
                json!({"versioning_configuration": [{"status": true}]}),
            )
        };
        assert_eq!(of(unsaid(), "aws_s3_bucket.a"), [None, no.clone()], "{actions:?}");
        assert_eq!(of(unsaid(), "aws_s3_bucket.b"), [yes.clone(), yes.clone()], "{actions:?}");
        let unnamed = json!({"versioning_configuration": [{"status": "Enabled", "mfa_delete": "Enabled"}]});
        let unnamed = || {
            changed(
                versioning("a", "Enabled"),
                unnamed.clone(),
                actions,
                json!({"bucket": true, "id": true}),
            )
        };
        assert_eq!(of(unnamed(), "aws_s3_bucket.a"), [None, None], "{actions:?}");
        assert_eq!(of(unnamed(), "aws_s3_bucket.b"), [None, None], "{actions:?}");
        let block = || {
            changed(
                versioning("a", "Enabled"),
                json!({"bucket": "a"}),
                actions,
                json!({"versioning_configuration": true}),
            )
        };
        assert_eq!(of(block(), "aws_s3_bucket.a"), [None, None], "{actions:?}");
    }
    // What is made says nothing of before.
    let created = |after: Value, unknown: Value| changed(Value::Null, after, &["create"], unknown);
    assert_eq!(
        of(created(versioning("a", "Suspended"), json!({})), "aws_s3_bucket.a"),
        [no, yes.clone()]
    );
    let unsaid = json!({"bucket": "a", "versioning_configuration": [{"mfa_delete": null}]});
    let unsaid = created(unsaid, json!({"versioning_configuration": [{"status": true, "mfa_delete": true}]}));
    assert_eq!(of(unsaid, "aws_s3_bucket.a"), [None, None]);
    // One that goes and one that comes.
    let gone = Planned(
        "aws_s3_bucket_versioning.old",
        versioning("a", "Enabled"),
        Value::Null,
        &["delete"],
        json!({}),
    );
    let all = vec![a(), gone, created(versioning("a", "Enabled"), json!({}))];
    assert_eq!(own(all, "aws_s3_bucket.a")[..2], [yes.clone(), yes]);
}

#[test]
fn what_is_secret_of_a_change_leaves_the_owner_open() {
    let a = || kept("aws_s3_bucket.a", bucket("a"));
    let policy = || json!({"bucket": "a", "policy": "{\"Statement\":[{\"Sid\":\"never-to-be-seen\"}]}"});
    for (before, after, actions) in [
        (policy(), Value::Null, &["delete"][..]),
        (policy(), policy(), &["update"]),
        (Value::Null, policy(), &["create"]),
    ] {
        for marks in [json!({"policy": true}), json!({"policy": true, "bucket": true}), json!(true)] {
            let mut plan = plan(
                &[
                    a(),
                    Planned("aws_s3_bucket_policy.a", before.clone(), after.clone(), actions, json!({})),
                ],
                true,
            );
            for key in ["before_sensitive", "after_sensitive"] {
                plan["resource_changes"][1]["change"][key] = marks.clone();
            }
            let told = says(&plan, "aws_s3_bucket.a", &TOLD);
            assert_eq!(told[2], None, "{actions:?} {marks}");
            assert!(told[0].is_some(), "{actions:?} {marks}");
            assert!(!format!("{:?}", good(&plan.to_string())).contains("never"), "{actions:?} {marks}");
        }
    }
}

/// Whose name others have, too, may be any of them.
#[test]
fn whom_something_gone_named_may_be_any_that_is_called_so() {
    let function = |region: &str| json!({"function_name": "f", "arn": format!("arn:aws:lambda:{region}:111122223333:function:f"), "recursive_loop": "Terminate"});
    let gone = |region: Value| {
        let was = json!({"function_name": "f", "recursive_loop": "Terminate", "region": region});
        Planned("aws_lambda_function_recursion_config.f", was, Value::Null, &["delete"], json!({}))
    };
    for (region, here, there) in [
        (Value::Null, false, false),
        (json!("eu-west-1"), false, true),
        (json!("us-east-1"), true, false),
    ] {
        let all = [
            kept("aws_lambda_function.here", function("eu-west-1")),
            kept("aws_lambda_function.there", function("us-east-1")),
            gone(region.clone()),
        ];
        for configured in [true, false] {
            let plan = plan(&all, configured);
            let is_told = |address: &str| says(&plan, address, &["recursive_loop"])[0].is_some();
            let told = (is_told("aws_lambda_function.here"), is_told("aws_lambda_function.there"));
            assert_eq!(told, (here, there), "{region} {configured}");
        }
    }
}

/// An owner's own list of what siblings add to it may have what is gone, too.
#[test]
fn lists_lose_what_is_gone() {
    let role = json!({"name": "r", "id": "r", "arn": "arn:aws:iam::111122223333:role/r", "managed_policy_arns": ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"]});
    let attached = |policy: &str| json!({"role": "r", "policy_arn": format!("arn:aws:iam::aws:policy/{policy}")});
    let gone = |policy: &str| {
        Planned(
            "aws_iam_role_policy_attachment.b",
            attached(policy),
            Value::Null,
            &["delete"],
            json!({}),
        )
    };
    let list = |more: Vec<Planned>| {
        let all: Vec<Planned> = [kept("aws_iam_role.r", role.clone())].into_iter().chain(more).collect();
        says(&plan(&all, true), "aws_iam_role.r", &["managed_policy_arns"]).remove(0)
    };
    let a = || kept("aws_iam_role_policy_attachment.a", attached("A"));
    assert_eq!(list(vec![a()]), Some(role["managed_policy_arns"].clone()));
    assert_eq!(list(vec![gone("B")]), None);
    assert_eq!(list(vec![a(), gone("B")]), Some(json!(["(...)", "arn:aws:iam::aws:policy/A"])));
    // What stays is there, whoever attached it before.
    assert_eq!(list(vec![a(), gone("A")]), Some(role["managed_policy_arns"].clone()));
}

/// What the provider computes from an argument stands in a plan as it was before the argument changes.
#[test]
fn what_is_computed_from_a_changed_argument_is_not_known() {
    let option = |name: &str, value: Value| json!({"namespace": "aws:elasticbeanstalk:managedactions", "name": name, "value": value});
    let environment = |settings: Value, template: &str| {
        json!({"name": "e", "id": "e-1", "arn": "arn:aws:elasticbeanstalk:eu-west-1:111122223333:environment/a/e", "setting": settings,
            "template_name": template, "all_settings": [option("ManagedActionsEnabled", json!("true")), option("MinSize", json!("2"))]})
    };
    let (on, off) = (json!([option("ManagedActionsEnabled", json!("true"))]), json!([]));
    let open = json!([option("ManagedActionsEnabled", Value::Null)]);
    let says = |before: Value, after: Value, unknown: Value| {
        let actions: &[&str] = if before == after && unknown == json!({}) {
            &["no-op"]
        } else {
            &["update"]
        };
        let one = Planned("aws_elastic_beanstalk_environment.e", before, after, actions, unknown);
        says(
            &plan(&[one], true),
            "aws_elastic_beanstalk_environment.e",
            &["managed_actions_enabled", "min_size"],
        )
    };
    let kept = |settings: &Value| environment(settings.clone(), "t");
    let (known, none) = (Some(json!(true)), None::<Value>);
    // Nothing changes, or nothing that it is computed from.
    assert_eq!(says(kept(&on), kept(&on), json!({})), [known.clone(), Some(json!("2"))]);
    assert_eq!(says(kept(&off), kept(&off), json!({})), [known.clone(), Some(json!("2"))]);
    assert_eq!(
        says(kept(&off), kept(&off), json!({"cname": true})),
        [known.clone(), Some(json!("2"))]
    );
    // It is taken back, its value or the whole set is known after the plan, or another template is taken.
    assert_eq!(says(kept(&on), kept(&off), json!({})), [none.clone(), none.clone()]);
    assert_eq!(
        says(kept(&on), kept(&open), json!({"setting": [{"value": true}]})),
        [none.clone(), none.clone()]
    );
    assert_eq!(says(kept(&off), kept(&off), json!({"setting": true})), [none.clone(), none.clone()]);
    assert_eq!(
        says(kept(&off), environment(off.clone(), "u"), json!({})),
        [none.clone(), none.clone()]
    );
    // What is set counts.
    assert_eq!(says(kept(&off), kept(&on), json!({})), [known, none]);
}
