//! Plans, and files of several documents: what Terragrunt prints of its units, and what a plan says beside its values.

use crate::one_path::{said, same};
use crate::packings;
use crate::support::{Folder, list, text};
use cloudraci::catalog::Catalog;
use cloudraci::diagnostics::{Code, Severity, SourceMap};
use cloudraci::inventory::{Reading, load_with};
use serde_json::{Value, json};

/// A plan that makes a queue of this name; `more` stands beside.
fn plan(name: &str, more: Value) -> Value {
    let values = json!({"name": name, "sqs_managed_sse_enabled": true});
    let resource = json!({"address": "aws_sqs_queue.this", "mode": "managed", "type": "aws_sqs_queue", "name": "this",
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": values, "sensitive_values": {}});
    let mut plan = json!({
        "format_version": "1.2", "terraform_version": "1.14.5", "planned_values": {"root_module": {"resources": [resource]}},
        "resource_changes": [{"address": "aws_sqs_queue.this", "mode": "managed", "type": "aws_sqs_queue", "name": "this",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": ["create"], "before": null, "after": values, "after_unknown": {"arn": true, "id": true}, "before_sensitive": false, "after_sensitive": {}}}],
        "configuration": {"root_module": {}}, "applyable": true, "complete": true, "errored": false,
    });
    let fields = plan.as_object_mut().unwrap();
    for (key, value) in more.as_object().unwrap() {
        fields.insert(key.clone(), value.clone());
    }
    plan
}

/// Where each resource of a file is from, and what it is called; or what is wrong, where.
fn found(bytes: impl AsRef<[u8]>) -> Vec<String> {
    let folder = Folder::new().with("plans", bytes);
    let run = folder.run(&["import", "plans", "--format", "json"]);
    if run.code != 0 {
        return run
            .errors
            .lines()
            .filter(|line| line.starts_with("error") || line.contains("plans:"))
            .map(str::to_owned)
            .collect();
    }
    let imported: Value = run.json();
    let of = |one: &Value| format!("{} {}", text(one, "from"), one["name"].as_str().unwrap_or("-"));
    let mut found: Vec<String> = list(&imported, "resources").iter().map(of).collect();
    found.sort();
    found
}

#[test]
fn each_unit_of_a_run_is_a_source_of_its_own() {
    let (one, two) = (plan("orders", json!({})), plan("bills", json!({})));
    let lines = ["plans:1: aws_sqs_queue.this orders", "plans:2: aws_sqs_queue.this bills"];
    assert_eq!(found(format!("{one}\n{two}\n")), lines, "one a line");
    assert_eq!(found(packings::gzip(format!("{one}\n{two}\n").as_bytes())), lines);
    assert_eq!(
        found(format!("{one}{two}")),
        ["plans:1: aws_sqs_queue.this bills", "plans:1: aws_sqs_queue.this orders"]
    );
    assert_eq!(found(format!("[{one},\n{two}]")), lines, "in a list");
    let pretty = found(format!("{one:#}\n{two:#}\n"));
    assert_eq!(pretty[0], lines[0]);
    assert_ne!(pretty[1], lines[1]);
    let units = [
        "plans:2: [live/orders] aws_sqs_queue.this orders",
        "plans:4: [live/bills] aws_sqs_queue.this bills",
    ];
    for (before, program) in [
        ("09:41:07.113 STDOUT ", "tofu: "),
        ("", ""),
        ("time=2026-11-29T09:41:07Z level=stdout ", "terraform: "),
    ] {
        let log = format!(
            "09:41:06.001 INFO   The stack at . will be processed {{x}}\n{before}[live/orders] {program}{one}\n\n{before}[live/bills] {program}{two}\n"
        );
        assert_eq!(found(&log), units, "{log:.90}");
    }
    // What is the same in all else stays two.
    let same = found(format!("[a] {one}\n[b] {one}\n"));
    assert_eq!(
        same,
        ["plans:1: [a] aws_sqs_queue.this orders", "plans:2: [b] aws_sqs_queue.this orders"]
    );
    // State, and what is shown of it, as plans.
    let state = |name: &str| {
        json!({"version": 4, "terraform_version": "1.9.8", "resources": [{"mode": "managed", "type": "aws_sqs_queue", "name": "this",
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {"name": name}}]}]})
    };
    assert_eq!(found(format!("{}\n{}\n", state("orders"), state("bills"))), lines);
    // What is no plan among them is passed over: a log in JSON.
    let log = json!({"level": "info", "msg": "done"});
    assert_eq!(found(format!("{one}\n{log}\n{two}\n"))[1], "plans:3: aws_sqs_queue.this bills");
}

#[test]
fn a_line_that_is_cut_off_is_named() {
    let (one, two) = (plan("orders", json!({})).to_string(), plan("bills", json!({})));
    let cut = &one[..one.len() / 2];
    for (text, place) in [
        (format!("{cut}\n{two}\n"), "plans:1:"),
        (format!("{two}\n{cut}"), "plans:2:"),
        (format!("[a] {two}\n[b] {cut}\n[c] {two}\n"), "plans:2:"),
    ] {
        let said = found(&text).join("\n");
        assert!(said.contains("error[syntax-error]") && said.contains(place), "{place} {said}");
    }
}

#[test]
fn accounts_of_one_unit_are_not_those_of_another() {
    let in_account = |account: &str| {
        let arn = format!("arn:aws:sqs:eu-west-1:{account}:x");
        json!({"version": 4, "terraform_version": "1.9.8", "resources": [
            {"mode": "managed", "type": "aws_sqs_queue", "name": "q", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {"name": "x", "arn": arn}}]},
            {"mode": "managed", "type": "aws_s3_bucket", "name": "b", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {"bucket": account, "arn": format!("arn:aws:s3:::{account}")}}]}]})
    };
    let nowhere = json!({"version": 4, "terraform_version": "1.9.8", "resources": [
        {"mode": "managed", "type": "aws_s3_bucket", "name": "b", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {"bucket": "nowhere"}}]}]});
    let text = format!("{}\n{}\n{nowhere}\n", in_account("111122223333"), in_account("444455556666"));
    let folder = Folder::new().with("states", text);
    let imported = folder.run(&["import", "states", "--format", "json"]).json();
    let buckets: Vec<(&str, &Value)> = list(&imported, "resources")
        .iter()
        .filter(|one| one["type"] == "aws_s3_bucket")
        .map(|one| (text_of(one), &one["account"]))
        .collect();
    assert_eq!(
        buckets,
        [
            ("111122223333", &json!("111122223333")),
            ("444455556666", &json!("444455556666")),
            ("nowhere", &Value::Null)
        ]
    );
}

fn text_of(one: &Value) -> &str {
    one["name"].as_str().unwrap_or_default()
}

/// The codes, severities and words of what is told of a plan, and the names of what is imported of it.
fn told(plan: &Value) -> (Vec<(Code, Severity, String)>, Vec<String>) {
    let folder = Folder::new().with("plan.json", plan.to_string());
    let reading = Reading {
        imports_only: true,
        ..Reading::default()
    };
    let catalog = Catalog::builtin().unwrap();
    let loaded = load_with(&[folder.path("plan.json")], &catalog, &mut SourceMap::default(), &reading).unwrap();
    let begin = folder.path("").display().to_string();
    let of_plans = [Code::PlanSays, Code::ImportPartial];
    let words = loaded.warnings.into_iter().filter(|one| of_plans.contains(&one.code));
    let words = words.map(|one| (one.code, one.severity, one.message.replace(&begin, ""))).collect();
    (
        words,
        loaded.inventory.resources.iter().filter_map(|one| one.name.clone()).collect(),
    )
}

#[test]
fn what_terraform_forgets_stays_deployed() {
    let before = json!({"name": "forgotten", "arn": "arn:aws:sqs:eu-west-1:111122223333:forgotten", "sqs_managed_sse_enabled": false, "secret": "hunter2"});
    let change = |address: &str, actions: Value, after: Value| {
        json!({"address": address, "module_address": "module.a", "mode": "managed", "type": "aws_sqs_queue", "name": "gone", "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}, "before_sensitive": {"secret": true}, "after_sensitive": false}})
    };
    let mut forgets = plan("stays", json!({}));
    forgets["resource_changes"]
        .as_array_mut()
        .unwrap()
        .push(change("module.a.aws_sqs_queue.gone", json!(["forget"]), Value::Null));
    // As some versions have it, the address stands among the values, too, with nothing.
    let resources = forgets["planned_values"]["root_module"]["resources"].as_array_mut().unwrap();
    resources.push(
        json!({"address": "module.a.aws_sqs_queue.gone", "mode": "managed", "type": "aws_sqs_queue", "name": "gone", "values": null}),
    );
    let (words, names) = told(&forgets);
    assert_eq!(names, ["forgotten", "stays"]);
    let said = "`plan.json` forgets 1 resource (module.a.aws_sqs_queue.gone), which stays deployed and is kept";
    assert_eq!(words, [(Code::PlanSays, Severity::Note, said.to_owned())]);
    let folder = Folder::new().with("plan.json", forgets.to_string());
    let imported = folder.run(&["import", "plan.json", "--format", "json"]).text();
    assert!(
        imported.contains("plan.json: module.a.aws_sqs_queue.gone") && !imported.contains("hunter2"),
        "{imported}"
    );
    // Its attributes are those that it has.
    assert!(imported.contains("\"sqs_managed_sse_enabled\": false"), "{imported}");
    // Where something new takes its place, both are there.
    let after = json!({"name": "new"});
    let mut replaces = plan("stays", json!({}));
    replaces["resource_changes"].as_array_mut().unwrap().push(change(
        "module.a.aws_sqs_queue.gone",
        json!(["forget", "create"]),
        after.clone(),
    ));
    let resources = replaces["planned_values"]["root_module"]["resources"].as_array_mut().unwrap();
    resources.push(
        json!({"address": "module.a.aws_sqs_queue.gone", "mode": "managed", "type": "aws_sqs_queue", "name": "gone", "values": after}),
    );
    assert_eq!(told(&replaces).1, ["forgotten", "new", "stays"]);
    // What is destroyed goes.
    let mut destroys = plan("stays", json!({}));
    destroys["resource_changes"]
        .as_array_mut()
        .unwrap()
        .push(change("module.a.aws_sqs_queue.gone", json!(["delete"]), Value::Null));
    assert_eq!(told(&destroys), (vec![], vec!["stays".to_owned()]));
}

#[test]
fn a_plan_says_what_it_is() {
    let other = json!({"address": "aws_sqs_queue.other", "mode": "managed", "type": "aws_sqs_queue", "name": "other", "change": {"actions": ["update"], "before": {}, "after": {}}});
    let check =
        |status: &str| json!({"address": {"kind": "check", "name": "c", "to_display": "check.c"}, "status": status, "instances": []});
    let action = json!({"address": "action.aws_lambda_invoke.x", "type": "aws_lambda_invoke", "name": "x", "provider_name": "registry.terraform.io/hashicorp/aws",
        "lifecycle_action_trigger": {"triggering_resource_address": "aws_sqs_queue.this", "action_trigger_event": "AfterCreate"}});
    let nothing = json!([{"address": "aws_sqs_queue.this", "mode": "managed", "type": "aws_sqs_queue", "name": "this", "change": {"actions": ["no-op"], "before": {}, "after": {}}}]);
    let (partial, says) = (Code::ImportPartial, Code::PlanSays);
    let (warning, note) = (Severity::Warning, Severity::Note);
    for (more, expected) in [
        (json!({}), vec![]),
        (
            json!({"errored": true, "applyable": false, "complete": false}),
            vec![(
                partial,
                warning,
                "`plan.json` is a plan that ended in an error, and lacks what Terraform had not come to",
            )],
        ),
        (
            json!({"complete": false}),
            vec![(
                partial,
                warning,
                "`plan.json` is an incomplete plan: more than it plans is to be done before all is as configured",
            )],
        ),
        (
            json!({"complete": false, "deferred_changes": [{"reason": "instance_count_unknown", "resource_change": other}]}),
            vec![(
                partial,
                warning,
                "`plan.json` puts off 1 resource (aws_sqs_queue.other), which a later plan will make",
            )],
        ),
        (
            json!({"resource_drift": [other]}),
            vec![(
                says,
                note,
                "`plan.json` tells of 1 resource (aws_sqs_queue.other) that others than Terraform changed",
            )],
        ),
        (
            json!({"resource_drift": [other], "resource_changes": nothing}),
            vec![(
                says,
                note,
                "`plan.json` changes nothing but the state, as `-refresh-only` plans it, and tells of 1 resource (aws_sqs_queue.other) that others than Terraform changed",
            )],
        ),
        (
            json!({"checks": [check("pass"), check("fail"), check("unknown")]}),
            vec![(says, warning, "in `plan.json` 1 check (check.c) does not hold")],
        ),
        (
            json!({"action_invocations": [action]}),
            vec![(
                says,
                note,
                "`plan.json` runs 1 action (action.aws_lambda_invoke.x), of which nothing stays deployed",
            )],
        ),
    ] {
        let (words, names) = told(&plan("orders", more.clone()));
        let expected: Vec<(Code, Severity, String)> = expected
            .into_iter()
            .map(|(code, severity, words)| (code, severity, words.to_owned()))
            .collect();
        assert_eq!(words, expected, "{more}");
        assert_eq!(names, ["orders"], "{more}");
    }
}

#[test]
fn what_is_not_kept_is_no_resource_and_what_is_not_told_is_no_secret() {
    let mut with = plan("orders", json!({}));
    let resources = with["planned_values"]["root_module"]["resources"].as_array_mut().unwrap();
    resources.push(json!({"address": "ephemeral.aws_secretsmanager_secret_version.x", "mode": "ephemeral", "type": "aws_secretsmanager_secret_version", "name": "x", "values": {"secret_string": "hunter2"}}));
    resources
        .push(json!({"address": "data.aws_sqs_queue.x", "mode": "data", "type": "aws_sqs_queue", "name": "x", "values": {"name": "read"}}));
    resources.push(json!({"address": "aws_db_instance.x", "mode": "managed", "type": "aws_db_instance", "name": "x", "provider_name": "registry.terraform.io/hashicorp/aws",
        "values": {"identifier": "ledger", "region": "eu-central-1", "password": null, "password_wo": null, "password_wo_version": 3, "storage_encrypted": true},
        "identity_schema_version": 0, "identity": {"account_id": "111122223333", "region": "eu-central-1"}}));
    let folder = Folder::new().with("plan.json", with.to_string());
    let run = folder.run(&["import", "plan.json", "--format", "json"]);
    let imported = run.json();
    let names: Vec<&str> = list(&imported, "resources").iter().map(text_of).collect();
    assert_eq!(names, ["ledger", "orders"]);
    let database = &list(&imported, "resources")[0];
    assert_eq!(
        (&database["account"], &database["region"]),
        (&json!("111122223333"), &json!("eu-central-1"))
    );
    assert!(
        !run.text().contains("hunter2") && !run.text().contains("password_wo"),
        "{}",
        run.text()
    );
}

#[test]
fn a_plan_that_a_shell_or_a_wrapper_changed_is_read_all_the_same() {
    let plain = plan("orders", json!({})).to_string();
    let expected = ["plans: aws_sqs_queue.this orders"];
    let quoted = serde_json::to_string(&plain).unwrap();
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| [mark, &plain.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()[..]].concat();
    for (what, bytes) in [
        ("in quotes", quoted.clone().into_bytes()),
        ("in quotes on a line", format!("{quoted}\n").into_bytes()),
        (
            "in quotes, pretty",
            serde_json::to_string(&format!("{:#}\n", plan("orders", json!({}))))
                .unwrap()
                .into_bytes(),
        ),
        ("with a mark", [&b"\xef\xbb\xbf"[..], plain.as_bytes()].concat()),
        ("UTF-16 with a mark", utf16(b"\xff\xfe", u16::to_le_bytes)),
        ("UTF-16 of the other order", utf16(b"\xfe\xff", u16::to_be_bytes)),
        ("UTF-16 without a mark", utf16(b"", u16::to_le_bytes)),
    ] {
        assert_eq!(found(bytes), expected, "{what}");
    }
    let run = Folder::new().with("plans", &quoted).run(&["import", "plans"]);
    assert!(
        run.errors.contains("warning[text-mended]: `plans` is JSON in quotes"),
        "{}",
        run.errors
    );
    // Cut off, it is told.
    assert!(found(&quoted[..quoted.len() / 2]).join("\n").contains("error["));
    // Bytes that are no UTF-8, in what is only read and in what is deployed.
    for mode in ["data", "managed"] {
        let odd = plain.replacen("\"resources\":[", &format!("\"resources\":[{{\"address\":\"data.x.y\",\"mode\":\"{mode}\",\"type\":\"aws_s3_object\",\"name\":\"y\",\"values\":{{\"key\":\"k\",\n\"body\":\"?\"}}}},"), 1);
        let at = odd.find("\"?\"").unwrap() + 1;
        let mut bytes = odd.into_bytes();
        bytes[at] = 0xfc;
        let run = Folder::new().with("plans", bytes).run(&["import", "plans", "--format", "json"]);
        assert_eq!(list(&run.json(), "resources").len(), if mode == "data" { 1 } else { 2 });
        assert!(
            run.errors.contains("warning[text-mended]") && run.errors.contains("plans:2:9"),
            "{}",
            run.errors
        );
    }
}

/// What of a bucket is met where a plan keeps, takes away or changes what sets it: the bucket itself still has what was.
#[test]
fn what_a_plan_takes_away_is_not_met() {
    let denies =
        json!({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]})
        .to_string();
    let encrypted = json!([{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/b"}]}]);
    let bucket = json!({"bucket": "b", "id": "b", "arn": "arn:aws:s3:::b", "region": "eu-west-1", "policy": denies,
        "versioning": [{"enabled": true, "mfa_delete": true}], "logging": [{"target_bucket": "logs", "target_prefix": ""}],
        "server_side_encryption_configuration": [{"rule": encrypted}]});
    let siblings = [
        (
            "aws_s3_bucket_versioning",
            json!({"bucket": "b", "versioning_configuration": [{"status": "Enabled", "mfa_delete": "Enabled"}]}),
        ),
        ("aws_s3_bucket_policy", json!({"bucket": "b", "policy": denies})),
        ("aws_s3_bucket_logging", json!({"bucket": "b", "target_bucket": "logs"})),
        (
            "aws_s3_bucket_server_side_encryption_configuration",
            json!({"bucket": "b", "rule": encrypted}),
        ),
    ];
    let one = |kind: &str, more: Value| {
        let mut one = json!({"address": format!("{kind}.b"), "mode": "managed", "type": kind, "name": "b", "provider_name": "registry.terraform.io/hashicorp/aws"});
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        one
    };
    let change = |actions: &[&str], before: &Value, after: &Value| json!({"change": {"actions": actions, "before": before, "after": after, "after_unknown": {}, "before_sensitive": {}, "after_sensitive": {}}});
    let catalog = Catalog::builtin().unwrap();
    let states = |actions: &[&str], re_points: bool| {
        let mut resources = vec![one("aws_s3_bucket", json!({"values": bucket}))];
        let mut changes = vec![one("aws_s3_bucket", change(&["no-op"], &bucket, &bucket))];
        for (kind, values) in &siblings {
            let mut after = if actions == ["delete"] { Value::Null } else { values.clone() };
            if re_points {
                after["bucket"] = "other".into();
            }
            if !after.is_null() {
                resources.push(one(kind, json!({"values": after})));
            }
            changes.push(one(kind, change(actions, values, &after)));
        }
        let plan = json!({"format_version": "1.2", "terraform_version": "1.14.5", "resource_changes": changes,
            "planned_values": {"root_module": {"resources": resources}}});
        let folder = Folder::new().with("plan.json", plan.to_string());
        let path = folder.path("plan.json");
        let short = said(&path, &catalog, None);
        same(&said(&path, &catalog, Some(0)), &short, &format!("{actions:?} {re_points}"));
        let listed = folder.run(&["list", "duties", "plan.json", "--format", "json"]).json();
        let rows = listed.as_array().unwrap().clone();
        let ends = ["versioning", "tls-only", "access-logs", "kms-choice", "mfa-delete"];
        ends.map(|end| {
            let is_it = |row: &&Value| text(row, "activity").starts_with("s3.") && text(row, "activity").ends_with(&format!(".{end}"));
            rows.iter()
                .find(is_it)
                .map_or("none".to_owned(), |row| text(row, "state").to_owned())
        })
    };
    assert_eq!(states(&["no-op"], false), ["met"; 5]);
    assert_eq!(states(&["delete"], false), ["unknown"; 5]);
    for replaces in [&["delete", "create"][..], &["create", "delete"], &["update"]] {
        assert_eq!(states(replaces, false), ["met"; 5], "{replaces:?}");
        assert_eq!(states(replaces, true), ["unknown"; 5], "{replaces:?}");
    }
}
