#![allow(clippy::unwrap_used, clippy::panic)]

mod faults;
mod plans;

use super::*;
use crate::catalog::Catalog;
use crate::diagnostics::{Place, Severity};
use crate::inventory::import::{Context, Defaults, Imported, ImportedResource};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

const ESTATE: &str = include_str!("../../../../tests/fixtures/terraform/estate.tfstate");
const SECRETS: &str = include_str!("../../../../tests/fixtures/terraform/secrets.tfstate");

/// All that the importer finds and that is not secret, whether anybody needs it or not.
fn import(bytes: &[u8]) -> Outcome<Imported> {
    let file: Arc<str> = "a.tfstate".into();
    let mut intake = Intake::new(&file, &context(), false, TerraformState.origin());
    TerraformState.read(Stream::of(bytes.to_vec(), &file, &Place::file(file.clone())), &mut intake)?;
    let mut imported = intake.finish_whole(TerraformState.is_of_one_account())?;
    imported.say_if_empty(&Place::file(file), TerraformState.if_empty());
    Ok(imported)
}

fn context() -> Context<'static> {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::builtin().unwrap());
    static NOTHING: LazyLock<(BTreeSet<String>, Defaults)> = LazyLock::new(Default::default);
    Context {
        catalog: &CATALOG,
        tags: &NOTHING.0,
        defaults: &NOTHING.1,
        beside: None,
        with_results: false,
    }
}

fn import_as(bytes: &[u8], file: &Arc<str>, place: &Place, asked: Option<&'static dyn Importer>) -> Outcome<Imported> {
    crate::inventory::import::import(Stream::of(bytes.to_vec(), file, place), asked, context())
}

fn good(text: &str) -> Imported {
    import(text.as_bytes()).unwrap()
}

/// The only diagnostic of a file that cannot be imported.
fn fault(bytes: &[u8]) -> Diagnostic {
    let mut faults = import(bytes).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = faults.remove(0);
    assert!(
        fault.severity == Severity::Error && fault.help.is_some() && !fault.places.is_empty(),
        "{fault:?}"
    );
    fault
}

fn at<'a>(imported: &'a Imported, address: &str) -> &'a ImportedResource {
    imported
        .resources
        .iter()
        .find(|resource| resource.address == address)
        .unwrap_or_else(|| panic!("no {address}"))
}

/// A state of one resource with one instance.
fn state_of(kind: &str, instance: Value) -> String {
    json!({"version": 4, "terraform_version": "1.9.8", "resources": [{
        "mode": "managed", "type": kind, "name": "x", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
        "instances": [instance],
    }]})
    .to_string()
}

fn only(kind: &str, attributes: Value) -> ImportedResource {
    good(&state_of(kind, json!({"attributes": attributes}))).resources.remove(0)
}

#[test]
fn each_managed_instance_is_a_resource_in_the_order_of_the_file() {
    let estate = good(ESTATE);
    let found: Vec<_> = estate
        .resources
        .iter()
        .map(|one| (one.address.as_str(), one.name.as_deref().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            (r#"module.shop["eu.west"].aws_instance.web[0]"#, "web-1"),
            (r#"module.shop["eu.west"].aws_instance.web[1]"#, "i-0aaaaaaaaaaaaaaa2"),
            (
                r#"module.shop["eu.west"].aws_instance.web[1] (deposed 4d5e6f70)"#,
                "i-0aaaaaaaaaaaaaaa9",
            ),
            (r#"aws_sqs_queue.jobs["a"]"#, "jobs-a"),
            (r#"aws_sqs_queue.jobs["b\"$${x}"]"#, "jobs-b"),
            ("aws_s3_bucket.logs", "example-logs"),
            ("aws_s3_bucket.bare", "example-bare"),
            ("aws_s3_bucket_public_access_block.logs", "example-logs"),
            ("aws_s3_bucket_versioning.logs", "example-logs"),
            ("aws_s3_bucket_server_side_encryption_configuration.logs", "example-logs"),
            ("aws_s3_bucket_logging.logs", "example-logs"),
            ("aws_s3_bucket_policy.logs", "example-logs"),
            ("aws_s3_bucket_ownership_controls.logs", "example-logs"),
            ("aws_ecs_task_definition.api", "api"),
            ("aws_ecs_service.api", "api"),
            ("aws_eks_cluster.main", "main"),
            ("module.dr.aws_eks_cluster.main", "main"),
            ("aws_eks_node_group.blue", "blue"),
            ("aws_eks_node_group.green", "green"),
            ("module.dr.aws_eks_fargate_profile.jobs", "jobs"),
            ("awscc_lambda_function.fn", "fn"),
            ("aws_vpc.tofu", "tofu"),
            ("aws_ebs_volume.old", "vol-0ccccccccccccccc1"),
        ]
    );
    assert_eq!(&*estate.file, "a.tfstate");
    assert!(estate.warnings.is_empty());
}

#[test]
fn other_providers_are_counted_by_type() {
    let estate = good(ESTATE);
    let others: Vec<_> = estate
        .out_of_scope
        .iter()
        .map(|other| (other.kind.as_str(), other.provider.as_str(), other.count, other.addresses.len()))
        .collect();
    assert_eq!(
        others,
        [
            ("random_password", "random", 3, 3),
            ("null_resource", "null", 1, 1),
            ("terraform_data", "terraform", 1, 1)
        ]
    );
}

#[test]
fn provider_references_of_all_versions_are_read() {
    for (reference, name) in [
        (r#"provider["registry.terraform.io/hashicorp/aws"]"#, "aws"),
        (
            r#"module.a["provider.x"].provider["registry.opentofu.org/hashicorp/aws"].west["eu"]"#,
            "aws",
        ),
        (r#"provider["registry.terraform.io/-/null"]"#, "null"),
        (r#"provider["terraform.io/builtin/terraform"]"#, "terraform"),
        ("provider.aws", "aws"),
        ("module.a.provider.aws.west", "aws"),
        ("", "kind"),
        ("provider[", "kind"),
    ] {
        assert_eq!(provider_name(Some(reference), "kind_of_thing"), name, "{reference}");
    }
    assert_eq!(provider_name(None, "google_sql_database"), "google");
}

#[test]
fn opentofu_names_the_provider_at_the_instance() {
    let azure = json!({"provider": "provider[\"registry.opentofu.org/hashicorp/azurerm\"]", "attributes": {}});
    let imported = good(&state_of("aws_x", azure));
    assert_eq!(
        (imported.resources.len(), imported.out_of_scope[0].provider.as_str()),
        (0, "azurerm")
    );
}

#[test]
fn account_and_region_come_from_the_resource_itself_or_stay_open() {
    let place = |kind: &str, attributes: Value| {
        let resource = only(kind, attributes);
        (
            resource.account.as_deref().map(str::to_owned),
            resource.region.as_deref().map(str::to_owned),
        )
    };
    let some = |account: &str, region: &str| {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (text(account), text(region))
    };
    let arn = "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/i-1";
    let all = json!({"arn": arn, "owner_id": "444455556666", "region": "eu-west-1", "availability_zone": "eu-west-3b"});
    assert_eq!(place("aws_instance", all), some("111122223333", "us-gov-west-1"));
    let own = json!({"arn": "arn:aws:s3:::b", "account_id": "444455556666", "region": "eu-west-1"});
    assert_eq!(place("aws_s3_bucket", own), some("444455556666", "eu-west-1"));
    assert_eq!(
        place("aws_subnet", json!({"availability_zone": "eu-west-3b"})),
        some("", "eu-west-3")
    );
    assert_eq!(
        place("aws_subnet", json!({"availability_zone": "us-west-2-lax-1a"})),
        some("", "us-west-2")
    );
    assert_eq!(
        place("aws_rds_cluster", json!({"availability_zones": ["eu-central-1a"]})),
        some("", "eu-central-1")
    );
    assert_eq!(
        place("aws_iam_role", json!({"arn": "arn:aws:iam::111122223333:role/x"})),
        some("111122223333", "")
    );
    assert_eq!(place("aws_guardduty_member", json!({"account_id": "111122223333"})), some("", ""));
    let nonsense = json!({"arn": "arn:aws:eks:moon:test:x", "owner_id": "me", "region": "aws-global", "availability_zone": "1a"});
    assert_eq!(place("aws_eks_cluster", nonsense), some("", ""));
    let wrong = json!({"arn": ["arn"], "owner_id": 111_122_223_333_u64, "region": {}, "availability_zones": [1]});
    assert_eq!(place("aws_eks_cluster", wrong), some("", ""));
}

#[test]
fn an_id_is_the_arn_unless_it_is_that_of_something_else() {
    let arn = "arn:aws:ecs:eu-west-1:111122223333:service/main/api";
    assert_eq!(only("aws_ecs_service", json!({"id": arn})).arn.as_deref(), Some(arn));
    assert_eq!(
        only("aws_secretsmanager_secret_policy", json!({"id": arn, "secret_arn": arn})).arn,
        None
    );
    assert_eq!(
        only("aws_secretsmanager_secret_version", json!({"id": format!("{arn}|v1")})).arn,
        None
    );
}

#[test]
fn names_are_those_that_people_use() {
    let name = |kind: &str, attributes: Value| only(kind, attributes).name.unwrap();
    assert_eq!(
        name("aws_db_instance", json!({"identifier": "orders", "name": "db", "id": "orders"})),
        "orders"
    );
    assert_eq!(
        name("aws_rds_cluster_instance", json!({"cluster_identifier": "c", "identifier": "c-1"})),
        "c-1"
    );
    assert_eq!(name("aws_rds_cluster", json!({"cluster_identifier": "c", "id": "c"})), "c");
    assert_eq!(
        name("aws_elasticache_replication_group", json!({"replication_group_id": "r", "id": "r"})),
        "r"
    );
    assert_eq!(
        name("aws_eks_node_group", json!({"cluster_name": "c", "node_group_name": "n"})),
        "n"
    );
    assert_eq!(
        name("aws_lambda_function", json!({"function_name": "f", "tags": {"Name": "F"}})),
        "f"
    );
    assert_eq!(name("aws_lambda_permission", json!({"function_name": "f", "id": "p"})), "f");
    let prefixed = json!({"name": "web-2024", "name_prefix": "web-", "id": "sg-1"});
    assert_eq!(name("aws_security_group", prefixed.clone()), "web-2024");
    let mut tagged = prefixed;
    tagged["tags"] = json!({"Name": "web"});
    assert_eq!(name("aws_security_group", tagged), "web");
    assert_eq!(name("aws_route_table", json!({"id": "rtb-1", "tags": {"Name": ""}})), "rtb-1");
    assert_eq!(
        name(
            "aws_lb_listener",
            json!({"id": "arn:aws:elasticloadbalancing:eu-west-1:1:listener/x"})
        ),
        "x"
    );
    assert_eq!(name("aws_iam_access_key", json!({"id": "AKIANEVERTOBESEEN000"})), "x");
    assert_eq!(name("aws_route", json!({})), "x");
}

#[test]
fn tags_are_sorted_and_include_the_defaults() {
    let tags = |attributes: Value| {
        let tags = only("aws_x", attributes).tags;
        tags.into_iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(tags(json!({"tags_all": {"b": "2", "a": "1"}, "tags": {"a": "1"}})), "a=1 b=2");
    assert_eq!(tags(json!({"tags_all": {}, "tags": {"a": "1", "n": null, "l": []}})), "a=1");
    assert_eq!(
        tags(json!({"tag": [{"key": "a", "value": "1", "propagate_at_launch": true}, {"key": 1}]})),
        "a=1"
    );
    assert_eq!(tags(json!({"tags": null, "tags_all": "no"})), "");
}

#[test]
fn settings_of_siblings_reach_their_owner() {
    let estate = good(ESTATE);
    let logs = &at(&estate, "aws_s3_bucket.logs").config;
    for (key, wanted) in [
        ("block_public_acls", json!(true)),
        ("restrict_public_buckets", json!(false)),
        ("versioning", json!(true)),
        ("mfa_delete", json!(false)),
        ("sse_algorithm", json!("aws:kms")),
        ("logging", json!({"target_bucket": "example-audit"})),
        ("object_ownership", json!("BucketOwnerEnforced")),
        ("acl", json!(null)),
    ] {
        assert_eq!(logs.get(key), Some(&wanted), "{key}");
    }
    assert!(logs["policy"].as_str().unwrap().contains("aws:SecureTransport"));
    let bare = &at(&estate, "aws_s3_bucket.bare").config;
    assert!(!bare.contains_key("block_public_acls") && !bare.contains_key("versioning"));
    let service = &at(&estate, "aws_ecs_service.api").config;
    assert_eq!(service["requires_compatibilities"], json!(["FARGATE"]));
    assert_eq!(service["launch_type"], "FARGATE");
}

#[test]
fn names_that_repeat_between_regions_lead_to_the_right_owner() {
    let block = |kind: &str, name: &str, attributes: Value| {
        let instances = json!([{"attributes": attributes}]);
        json!({"mode": "managed", "type": kind, "name": name, "instances": instances})
    };
    let text = json!({"version": 4, "resources": [
        block("aws_lambda_function", "here", json!({"function_name": "f", "region": "eu-west-1"})),
        block("aws_lambda_function", "there", json!({"function_name": "f", "region": "us-east-1"})),
        block("aws_lambda_function_url", "f", json!({"function_name": "f", "region": "us-east-1", "authorization_type": "AWS_IAM"})),
    ]});
    let imported = good(&text.to_string());
    let of = |address: &str| at(&imported, address).config.get("authorization_type").cloned();
    assert_eq!(of("aws_lambda_function.here"), None);
    assert_eq!(of("aws_lambda_function.there"), Some(json!(["AWS_IAM"])));
}

#[test]
fn siblings_that_disagree_or_are_of_a_part_leave_the_owner_alone() {
    let block = |kind: &str, name: &str, attributes: Value| {
        let instances = json!([{"attributes": attributes}]);
        json!({"mode": "managed", "type": kind, "name": name, "instances": instances})
    };
    let balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1";
    let listener = |ssl_policy: &str| json!({"load_balancer_arn": balancer, "ssl_policy": ssl_policy});
    let version = json!({"function_name": "f", "qualifier": "7", "update_runtime_on": "Manual"});
    let text = json!({"version": 4, "resources": [
        block("aws_lb", "a", json!({"arn": balancer})),
        block("aws_lb_listener", "a", listener("one")),
        block("aws_lb_listener", "b", listener("two")),
        block("aws_lb_listener", "c", listener("")),
        block("aws_lambda_function", "f", json!({"function_name": "f"})),
        block("aws_lambda_runtime_management_config", "f", version),
        block("aws_lambda_function_url", "f", json!({"function_name": "f", "authorization_type": "AWS_IAM"})),
        block("aws_lambda_function_url", "g", json!({"function_name": "f", "authorization_type": "AWS_IAM"})),
    ]});
    let imported = good(&text.to_string());
    assert_eq!(at(&imported, "aws_lb.a").config.get("ssl_policy"), None);
    let function = &at(&imported, "aws_lambda_function.f").config;
    assert_eq!(function.get("update_runtime_on"), None);
    assert_eq!(function["authorization_type"], json!(["AWS_IAM"]));
}

#[test]
fn nothing_secret_leaves_the_file() {
    for text in [ESTATE, SECRETS] {
        assert!(text.contains("never-to-be-seen"));
        let shown = format!("{:?}", good(text));
        for secret in ["never", "NEVER", "AKIA", "PRIVATE KEY", "eyJ"] {
            let at = shown
                .find(secret)
                .map(|at| shown[at.saturating_sub(120)..at + secret.len() + 20].to_owned());
            assert_eq!(at, None, "{secret}");
        }
    }
}

#[test]
fn what_duties_are_judged_by_is_kept() {
    let secrets = good(SECRETS);
    let shown = format!("{:?}", secrets);
    let kept = SECRETS.matches("-kept").count();
    // `aws_cognito_user_pool_client` has one that is called a token and is dropped with it, a pipeline's action one beside an
    // environment.
    assert_eq!(shown.matches("-kept").count(), kept - 2);
    let has = |address: &str, path: &str, wanted: Value| {
        let config = Value::Object(at(&secrets, address).config.clone());
        assert_eq!(config.pointer(path), Some(&wanted), "{address} {path}");
    };
    // Its secret is there, which tells more than what was asked for.
    has("aws_db_instance.main", "/manage_master_user_password", true.into());
    has("aws_db_instance.main", "/iam_database_authentication_enabled", true.into());
    has("aws_db_instance.main", "/kms_key_id", "kms-kept".into());
    has("aws_db_instance.main", "/password_wo_version", 3.into());
    has("aws_rds_cluster.main", "/manage_master_user_password", true.into());
    has(
        "aws_elasticache_replication_group.main",
        "/auth_token_update_strategy",
        "ROTATE".into(),
    );
    has("aws_elasticache_replication_group.main", "/transit_encryption_enabled", true.into());
    has("aws_instance.main", "/metadata_options/0/http_tokens", "required".into());
    has("aws_instance.main", "/root_block_device/0/encrypted", true.into());
    has("aws_instance.main", "/user_data_replace_on_change", false.into());
    has("aws_secretsmanager_secret.main", "/rotation_enabled", true.into());
    has("aws_secretsmanager_secret.main", "/recovery_window_in_days", 30.into());
    has("aws_iam_account_password_policy.main", "/minimum_password_length", 14.into());
    has("aws_iam_account_password_policy.main", "/password_reuse_prevention", 24.into());
    has(
        "aws_iam_account_password_policy.main",
        "/allow_users_to_change_password",
        true.into(),
    );
    has("aws_cognito_user_pool.main", "/password_policy/0/minimum_length", 12.into());
    has("aws_db_parameter_group.main", "/parameter/0/value", "1".into());
    let config = &at(&secrets, "aws_ecs_task_definition.main").config;
    let containers: Value = serde_json::from_str(config["container_definitions"].as_str().unwrap()).unwrap();
    assert_eq!(
        containers,
        json!([{"name": "api", "image": "api:1", "readonlyRootFilesystem": true}])
    );
    let config = &at(&secrets, "aws_elasticache_replication_group.main").config;
    assert!(!config.contains_key("auth_token"));
}

#[test]
fn marks_that_cannot_be_followed_hide_all_that_they_may_mean() {
    let with = |marks: Value| {
        let instance = json!({"attributes": {"a": {"b": 1, "c": 2}, "d": [1, 2]}, "sensitive_attributes": marks});
        Value::Object(good(&state_of("aws_x", instance)).resources.remove(0).config)
    };
    let attribute = |name: &str| json!({"type": "get_attr", "value": name});
    assert_eq!(with(json!([])), json!({"a": {"b": 1, "c": 2}, "d": [1, 2]}));
    assert_eq!(with(json!([[attribute("a"), attribute("b")]])), json!({"a": {"c": 2}, "d": [1, 2]}));
    assert_eq!(
        with(json!([[attribute("d"), {"type": "index", "value": {"value": 1, "type": "number"}}]])),
        json!({"a": {"b": 1, "c": 2}, "d": [1, "(...)"]})
    );
    assert_eq!(with(json!([[attribute("a"), 7]])), json!({"d": [1, 2]}));
    assert_eq!(
        with(json!([[attribute("a"), attribute("b"), attribute("z")]])),
        json!({"a": {"c": 2}, "d": [1, 2]})
    );
    assert_eq!(with(json!([[attribute("d"), attribute("b")]])), json!({"a": {"b": 1, "c": 2}}));
    assert_eq!(with(json!(["a", "none"])), json!({"d": [1, 2]}));
    for all in [json!("all"), json!([[]]), json!([7]), json!({})] {
        assert_eq!(with(all.clone()), json!({}), "{all}");
    }
}

#[test]
fn secrets_in_keys_of_the_file_do_not_leave_it() {
    let text = state_of("aws_x", json!({"index_key": "AKIANEVERTOBESEEN000", "attributes": {}}));
    let text = text.replace(r#""mode""#, r#""module": "module.m[\"AKIANEVERTOBESEEN000\"]", "mode""#);
    assert_eq!(good(&text).resources[0].address, "module.(...).aws_x.x[...]");
}

#[test]
fn flat_attributes_of_older_versions_are_read() {
    let flat = json!({"attributes_flat": {
        "id": "i-1", "ingress.#": "2", "ingress.10.port": "22", "ingress.20.port": "443", "ingress.20.cidr.#": "0",
        "tags.%": "1", "tags.Name": "web", "labels.%": "1", "labels.a.b/c": "d", "password": "never-to-be-seen",
        "environment.#": "1", "environment.0.variables.%": "1", "environment.0.variables.A": "never-to-be-seen",
        "monitoring": "true",
    }});
    let resource = good(&state_of("aws_instance", flat)).resources.remove(0);
    assert_eq!(resource.name.as_deref(), Some("web"));
    assert_eq!(resource.config["ingress"], json!([{"port": "22"}, {"port": "443", "cidr": []}]));
    assert_eq!(resource.config["labels"], json!({"a.b/c": "d"}));
    assert_eq!(resource.config["monitoring"], "true");
    assert!(!format!("{resource:?}").contains("never"));
    let deep = json!({"attributes_flat": {"a.".repeat(100_000): "x", "#": "1", "b.#": 7}});
    assert_eq!(good(&state_of("aws_instance", deep)).resources.len(), 1);
}

#[test]
fn a_resource_may_have_no_attributes() {
    for instance in [
        json!({}),
        json!({"attributes": null}),
        json!({"attributes": {}}),
        json!({"attributes": null, "index_key": {}}),
    ] {
        let resource = good(&state_of("aws_x", instance)).resources.remove(0);
        assert_eq!((resource.address.as_str(), resource.name.as_deref()), ("aws_x.x", Some("x")));
        assert!(resource.config.is_empty());
    }
    let bare = r#"{"version": 4, "resources": [{"type": "aws_x", "instances": [{}]}]}"#;
    assert_eq!(
        (good(bare).resources[0].address.as_str(), good(bare).resources[0].name.as_deref()),
        ("aws_x", None)
    );
}

#[test]
fn a_state_without_resources_is_a_warning() {
    for text in [
        r#"{"version": 4}"#,
        r#"{"version": 4, "resources": null}"#,
        r#"{"version": 4, "resources": []}"#,
        r#"{"version": 4, "resources": [{"mode": "data", "type": "aws_ami", "instances": [{}]}]}"#,
        r#"{"version": 4, "resources": [{"mode": "managed", "type": "aws_x", "instances": []}]}"#,
    ] {
        let imported = good(text);
        assert!(imported.resources.is_empty() && imported.out_of_scope.is_empty());
        let codes: Vec<_> = imported.warnings.iter().map(|warning| (warning.code, warning.severity)).collect();
        assert_eq!(codes, [(Code::ImportEmpty, Severity::Warning)]);
    }
}
