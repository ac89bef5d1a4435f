//! A resource that stands twice, in one source or in several, is one, and the program says so.

use crate::support::{Folder, Run, list};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

/// One instance and one bucket, as each source has them.
fn sources() -> Vec<(&'static str, String)> {
    let instance = format!("arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1");
    let bucket = "arn:aws:s3:::assets";
    let aws = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let state = json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": [
        {"mode": "managed", "type": "aws_instance", "name": "web", "provider": aws, "instances": [
            {"attributes": {"arn": instance, "id": "i-1", "instance_type": "t3.micro", "monitoring": true}}]},
        {"mode": "managed", "type": "aws_s3_bucket", "name": "assets", "provider": aws, "instances": [
            {"attributes": {"arn": bucket, "id": "assets", "bucket": "assets", "region": REGION}}]},
    ]});
    let config = json!({"configurationItems": [
        {"resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "ARN": instance, "awsAccountId": ACCOUNT, "awsRegion": REGION,
         "configurationItemStatus": "OK", "configuration": {"instanceType": "t3.micro", "metadataOptions": {"httpTokens": "required"}}, "tags": {"team": "web"}},
        {"resourceType": "AWS::S3::Bucket", "resourceId": "assets", "resourceName": "assets", "ARN": bucket, "awsAccountId": ACCOUNT,
         "awsRegion": REGION, "configurationItemStatus": "OK", "configuration": {"name": "assets"}},
    ]});
    let tagging = json!({"ResourceTagMappingList": [
        {"ResourceARN": instance, "Tags": [{"Key": "team", "Value": "web"}]}, {"ResourceARN": bucket, "Tags": []}]});
    let explorer = json!({"Resources": [
        {"Arn": instance, "OwningAccountId": ACCOUNT, "Region": REGION, "ResourceType": "ec2:instance", "Service": "ec2", "Properties": []},
        {"Arn": bucket, "OwningAccountId": ACCOUNT, "Region": REGION, "ResourceType": "s3:bucket", "Service": "s3", "Properties": []}]});
    let table = format!(
        "account,region,arn,type,name\n{ACCOUNT},{REGION},{instance},ec2:instance,web\n{ACCOUNT},{REGION},{bucket},s3:bucket,assets\n"
    );
    let ids = format!("account,region,type,id\n{ACCOUNT},{REGION},ec2:instance,i-1\n");
    let written = format!(
        "inventory: 1\norganization: Example Ltd\nresources:\n  - {{service: ec2, arn: '{instance}', owner: web}}\n  - {{service: s3, arn: '{bucket}'}}\n"
    );
    vec![
        ("a.tfstate", state.to_string()),
        ("b.json", config.to_string()),
        ("c.json", tagging.to_string()),
        ("d.json", explorer.to_string()),
        ("e.csv", table),
        ("f.csv", ids),
        ("g.yaml", written),
    ]
}

/// What the report says of how many resources there are.
fn counted(run: &Run) -> String {
    let text = run.fine();
    let line = text.lines().find(|line| line.starts_with("| Resources |")).unwrap();
    line.to_owned()
}

fn resources(run: &Run) -> u64 {
    let line = counted(run);
    let cell = line.trim_start_matches("| Resources |").trim_start();
    let digits = cell.split(|letter: char| !letter.is_ascii_digit()).next();
    digits.unwrap().parse().unwrap()
}

#[test]
fn any_two_sources_hold_one_of_each() {
    let sources = sources();
    let folder = sources.iter().fold(Folder::new(), |folder, (name, text)| folder.with(name, text));
    for (one, _) in &sources {
        for (other, _) in sources.iter().filter(|(other, _)| one < other) {
            let run = folder.run(&["report", one, other]);
            assert_eq!(resources(&run), 2, "{one} {other}: {}", counted(&run));
            assert!(run.errors.contains("counted-once"), "{one} {other}: {}", run.errors);
        }
    }
    let names: Vec<&str> = sources.iter().map(|(name, _)| *name).collect();
    let run = folder.run(&[&["report"], names.as_slice()].concat());
    assert_eq!(resources(&run), 2, "{}", counted(&run));
    assert!(!counted(&run).contains("only support"), "{}", counted(&run));
}

#[test]
fn what_one_source_lacks_another_says() {
    let sources = sources();
    let folder = sources[..2]
        .iter()
        .fold(Folder::new(), |folder, (name, text)| folder.with(name, text));
    let inventory = folder.run(&["import", "a.tfstate", "b.json", "--format", "json"]).json();
    let all = list(&inventory, "resources");
    let instance = all.iter().find(|one| one["service"] == "ec2").unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(instance["config"]["monitoring"], true);
    assert_eq!(instance["config"]["metadata_options"], json!({"http_tokens": "required"}));
    assert_eq!(instance["tags"]["team"], "web");
    let bucket = all.iter().find(|one| one["service"] == "s3").unwrap();
    assert_eq!(bucket["account"], ACCOUNT);
}

#[test]
fn the_same_rows_again_are_the_same_resources() {
    let table = &sources()[4].1;
    let (header, rows) = table.split_once('\n').unwrap();
    let folder = Folder::new().with("inventory.csv", format!("{header}\n{rows}{rows}{rows}"));
    let run = folder.run(&["report", "inventory.csv"]);
    assert_eq!(resources(&run), 2, "{}", counted(&run));
    assert!(
        run.errors
            .contains("4 resources stand again in `inventory.csv` and are counted once"),
        "{}",
        run.errors
    );
}

#[test]
fn a_state_under_two_names_is_one() {
    // Neither a region nor an ARN tells the route apart.
    let route = json!({"mode": "managed", "type": "aws_route", "name": "out", "provider": "provider.aws", "instances": [
        {"attributes": {"id": "r-1", "route_table_id": "rtb-1"}}]});
    let mut state: Value = serde_json::from_str(&sources()[0].1).unwrap();
    state["resources"].as_array_mut().unwrap().push(route);
    let folder = Folder::new()
        .with("a.tfstate", state.to_string())
        .with("copy.tfstate", state.to_string());
    let run = folder.run(&["import", "a.tfstate", "copy.tfstate", "--format", "json"]);
    assert_eq!(list(&run.json(), "resources").len(), 3);
    assert!(
        run.errors
            .contains("`copy.tfstate` holds the same state as `a.tfstate` and is counted once"),
        "{}",
        run.errors
    );
}

#[test]
fn what_has_no_identity_is_nobody_else() {
    let counted_rows = "service,count,account\nec2,3,111122223333\nec2,3,111122223333\n";
    let module = |serial: u32| {
        json!({"version": 4, "terraform_version": "1.9.8", "serial": serial, "lineage": "a", "resources": [
            {"mode": "managed", "module": "module.app", "type": "aws_cloudwatch_log_metric_filter", "name": "errors", "provider": "provider.aws",
             "instances": [{"attributes": {"id": "errors", "name": "errors"}}]}]})
        .to_string()
    };
    let folder = Folder::new()
        .with("rows.csv", counted_rows)
        .with("one.tfstate", module(1))
        .with("two.tfstate", module(2));
    let run = folder.run(&["report", "rows.csv"]);
    assert_eq!(resources(&run), 6, "{}", counted(&run));
    let run = folder.run(&["import", "one.tfstate", "two.tfstate", "--format", "json"]);
    assert_eq!(list(&run.json(), "resources").len(), 2);
    assert!(!run.errors.contains("counted-once"), "{}", run.errors);
}

#[test]
fn one_id_of_two_things_keeps_them_two() {
    let permission = |name: &str, function: &str| {
        json!({"mode": "managed", "type": "aws_lambda_permission", "name": name, "provider": "provider.aws", "instances": [
            {"attributes": {"id": "AllowBucket", "statement_id": "AllowBucket", "function_name": function, "region": REGION},
             "identity": {"account_id": ACCOUNT, "region": REGION}}]})
    };
    let state = |serial: u32, resources: Vec<Value>| {
        json!({"version": 4, "terraform_version": "1.13.4", "serial": serial, "lineage": "a", "resources": resources}).to_string()
    };
    let folder = Folder::new()
        .with("a.tfstate", state(1, vec![permission("a", "resize"), permission("b", "index")]))
        .with("b.tfstate", state(2, vec![permission("other", "index")]));
    let run = folder.run(&["import", "a.tfstate", "b.tfstate", "--format", "json"]);
    let inventory = run.json();
    // Nobody asks for `function_name`; it tells them apart all the same.
    assert_eq!(list(&inventory, "resources").len(), 2);
    assert!(!inventory.to_string().contains("function_name"));
    assert!(run.errors.contains("1 resource stands in"), "{}", run.errors);
}

#[test]
fn what_belongs_to_a_thing_is_not_the_thing() {
    let arn = format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-a1b2c3");
    let one = |kind: &str| {
        json!({"mode": "managed", "type": kind, "name": "db", "provider": "provider.aws",
            "instances": [{"attributes": {"arn": arn, "id": "db", "secret_id": arn}}]})
    };
    let state = json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a",
        "resources": [one("aws_secretsmanager_secret"), one("aws_secretsmanager_secret_version")]});
    let folder = Folder::new().with("a.tfstate", state.to_string()).with(
        "b.json",
        json!({"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": []}]}).to_string(),
    );
    let run = folder.run(&["import", "a.tfstate", "b.json", "--format", "json"]);
    let inventory = run.json();
    let kinds: Vec<&str> = list(&inventory, "resources")
        .iter()
        .map(|one| one["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["aws_secretsmanager_secret", "aws_secretsmanager_secret_version"]);
}

#[test]
fn where_two_sources_differ_it_is_said() {
    let arn = format!("arn:aws:rds:{REGION}:{ACCOUNT}:db:orders");
    let state = json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": [
        {"mode": "managed", "type": "aws_db_instance", "name": "orders", "provider": "provider.aws", "instances": [
            {"attributes": {"arn": arn, "id": "db-1", "identifier": "orders", "engine": "postgres", "storage_encrypted": true, "backup_retention_period": 7}}]}]});
    let table = format!("arn,storage_encrypted\n{arn},false\n");
    let folder = Folder::new().with("a.tfstate", state.to_string()).with("b.csv", table);
    let run = folder.run(&["import", "a.tfstate", "b.csv", "--format", "json"]);
    let inventory = run.json();
    assert_eq!(list(&inventory, "resources").len(), 1);
    assert_eq!(inventory["resources"][0]["config"]["storage_encrypted"], true);
    assert!(
        run.errors
            .contains("`a.tfstate` and `b.csv` say different things of `orders`: `storage_encrypted`"),
        "{}",
        run.errors
    );
}

#[test]
fn resources_without_a_known_account_are_counted() {
    let aws = |alias: &str| format!("provider[\"registry.terraform.io/hashicorp/aws\"]{alias}");
    let one = |kind: &str, name: &str, alias: &str, attributes: Value| json!({"mode": "managed", "type": kind, "name": name, "provider": aws(alias), "instances": [{"attributes": attributes}]});
    let topic = |account: &str| json!({"arn": format!("arn:aws:sns:{REGION}:{account}:t"), "name": "t"});
    let bucket = |name: &str| json!({"arn": format!("arn:aws:s3:::{name}"), "id": name, "bucket": name});
    let state = |resources: Vec<Value>| {
        json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": resources}).to_string()
    };
    let accounts = |run: &Run| -> Vec<Value> {
        let inventory = run.json();
        list(&inventory, "resources").iter().map(|one| one["account"].clone()).collect()
    };
    let folder = Folder::new()
        .with(
            "one.tfstate",
            state(vec![
                one("aws_s3_bucket", "a", "", bucket("a")),
                one("aws_sns_topic", "t", ".west", topic(ACCOUNT)),
            ]),
        )
        .with(
            "two.tfstate",
            state(vec![
                one("aws_s3_bucket", "a", "", bucket("a")),
                one("aws_s3_bucket", "b", ".other", bucket("b")),
                one("aws_s3_bucket", "c", ".third", bucket("c")),
                one("aws_sns_topic", "t", "", topic(ACCOUNT)),
                one("aws_sns_topic", "t", ".other", topic("999988887777")),
            ]),
        );
    let run = folder.run(&["import", "one.tfstate", "--format", "json"]);
    assert_eq!(accounts(&run), [ACCOUNT, ACCOUNT]);
    assert!(!run.errors.contains("account-open"), "{}", run.errors);
    let run = folder.run(&["import", "two.tfstate", "--format", "json"]);
    let inventory = run.json();
    let account = |name: &str| list(&inventory, "resources").iter().find(|one| one["name"] == name).unwrap()["account"].clone();
    assert_eq!(
        [account("a"), account("b"), account("c")],
        [json!(ACCOUNT), json!("999988887777"), Value::Null]
    );
    assert!(
        run.errors.contains("1 resource of `two.tfstate` is in no account that is known"),
        "{}",
        run.errors
    );
}

#[test]
fn of_a_history_the_last_item_counts() {
    let item = |id: &str, time: &str, status: &str, kind: &str| {
        json!({"resourceType": "AWS::EC2::Instance", "resourceId": id, "ARN": format!("arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{id}"),
            "awsAccountId": ACCOUNT, "awsRegion": REGION, "configurationItemStatus": status, "configurationItemCaptureTime": time,
            "configuration": {"instanceType": kind}})
    };
    let items = json!({"configurationItems": [
        item("i-1", "2026-03-01T00:00:00Z", "OK", "t3.large"), item("i-1", "2026-01-01T00:00:00Z", "OK", "t3.micro"),
        item("i-2", "2026-01-01T00:00:00Z", "OK", "t3.micro"), item("i-2", "2026-02-01T00:00:00Z", "ResourceDeleted", "t3.micro")]});
    let folder = Folder::new().with("history.json", items.to_string());
    let inventory = folder.run(&["import", "history.json", "--format", "json"]).json();
    let all = list(&inventory, "resources");
    assert_eq!((all.len(), &all[0]["config"]["instance_type"]), (1, &json!("t3.large")));
}

/// A deletion in one file takes away what another has from before, in whatever order they are named, and nothing from later.
#[test]
fn what_a_later_file_tells_to_be_gone_is_gone() {
    let item = |time: &str, status: &str| {
        json!({"resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "ARN": format!("arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1"),
            "awsAccountId": ACCOUNT, "awsRegion": REGION, "configurationItemStatus": status, "configurationItemCaptureTime": time,
            "configuration": if status == "OK" { json!({"instanceType": "t3.micro"}) } else { Value::Null }})
    };
    let kept = json!({"resourceType": "AWS::EC2::Instance", "resourceId": "i-2", "awsAccountId": ACCOUNT, "awsRegion": REGION,
        "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-01-01T00:00:00Z", "configuration": {}});
    for (deleted, left) in [("2026-02-01T00:00:00Z", 1), ("2025-12-01T00:00:00Z", 2)] {
        for names in [["a.json", "b.json"], ["b.json", "a.json"]] {
            let folder = Folder::new()
                .with(
                    names[0],
                    json!({"configurationItems": [item("2026-01-01T00:00:00Z", "OK"), kept]}).to_string(),
                )
                .with(
                    names[1],
                    json!({"configurationItems": [item(deleted, "ResourceDeleted")]}).to_string(),
                );
            let inventory = folder.run(&["import", "a.json", "b.json", "--format", "json"]).json();
            assert_eq!(list(&inventory, "resources").len(), left, "{deleted} {names:?}");
        }
    }
}

#[test]
fn of_what_is_not_recorded_nothing_is_known_but_that_it_is_there() {
    let item = |id: &str, status: &str| {
        json!({"resourceType": "AWS::EC2::Instance", "resourceId": id, "ARN": format!("arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{id}"),
            "awsAccountId": ACCOUNT, "awsRegion": REGION, "configurationItemStatus": status, "configuration": {"instanceType": "t3.micro"}})
    };
    let items = json!({"configurationItems": [item("i-1", "ResourceNotRecorded"), item("i-2", "OK")]});
    let folder = Folder::new().with("history.json", items.to_string());
    let inventory = folder.run(&["import", "history.json", "--format", "json"]).json();
    let types: Vec<&Value> = list(&inventory, "resources")
        .iter()
        .map(|one| &one["config"]["instance_type"])
        .collect();
    assert_eq!(types, [&Value::Null, &json!("t3.micro")]);
}

/// A load balancer and its listener in full, and again by name alone in each form that has names: what is told stays.
#[test]
fn a_name_beside_what_is_told_in_full_changes_nothing() {
    let arn = |what: &str| format!("arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:{what}");
    let (balancer, listener) = (arn("loadbalancer/app/web/1"), arn("listener/app/web/1/1"));
    let item = |kind: &str, arn: &str, day: u8, more: Value| {
        let mut item = json!({"resourceType": format!("AWS::ElasticLoadBalancingV2::{kind}"), "resourceId": arn, "ARN": arn, "awsAccountId": ACCOUNT,
            "awsRegion": REGION, "configurationItemStatus": "OK", "configurationItemCaptureTime": format!("2026-10-0{day}T00:00:00Z")});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let full = json!({"configSnapshotId": "1", "configurationItems": [
        item("LoadBalancer", &balancer, 2, json!({"configuration": {"LoadBalancerArn": balancer, "Type": "application", "Scheme": "internal"}})),
        item("Listener", &listener, 2, json!({"configuration": {"LoadBalancerArn": balancer, "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-2016-08"}}))]});
    let items = |day: u8, more: &Value| json!({"configurationItems": [item("LoadBalancer", &balancer, day, more.clone()), item("Listener", &listener, day, more.clone())]});
    let both = [&balancer, &listener];
    let short = [
        items(1, &json!({})),
        items(3, &json!({})),
        items(3, &json!({"configuration": null})),
        json!({"ResourceTagMappingList": both.map(|arn| json!({"ResourceARN": arn, "Tags": []}))}),
        json!({"Resources": both.map(|arn| json!({"Arn": arn, "OwningAccountId": ACCOUNT, "Region": REGION, "ResourceType": "elasticloadbalancing:x"}))}),
        json!(both.map(|arn| json!({"arn": arn}))),
    ];
    let told = |run: &Run| {
        let found = run.json();
        let all = list(&found, "resources").iter();
        let mut told: Vec<String> = all.map(|one| format!("{} {}", one["arn"], one["config"])).collect();
        told.sort();
        told.join("\n")
    };
    let folder = Folder::new().with("b.json", full.to_string());
    let alone = told(&folder.run(&["import", "b.json", "--format", "json"]));
    assert!(
        alone.contains("ELBSecurityPolicy-2016-08") && alone.contains("\"internal\":true"),
        "{alone}"
    );
    for short in short {
        for name in ["a.json", "c.json"] {
            let folder = Folder::new().with("b.json", full.to_string()).with(name, short.to_string());
            let run = folder.run(&["import", ".", "--format", "json"]);
            assert_eq!(told(&run), alone, "{name}: {short}");
            assert!(!run.errors.contains("sources-differ"), "{short}: {}", run.errors);
        }
    }
}

/// A template with its account and Region, a state, a plan, a snapshot, a table and what somebody wrote, all of one database.
fn of_one_database() -> Folder {
    let arn = format!("arn:aws:rds:{REGION}:{ACCOUNT}:db:orders");
    let attributes =
        |days: u32| json!({"arn": arn, "id": "db-1", "identifier": "orders", "engine": "postgres", "backup_retention_period": days});
    let state = |serial: u32, days: u32| {
        json!({"version": 4, "terraform_version": "1.9.8", "serial": serial, "lineage": "a", "resources": [
            {"mode": "managed", "type": "aws_db_instance", "name": "orders", "provider": "provider.aws", "instances": [{"attributes": attributes(days)}]}]})
        .to_string()
    };
    let plan = |days: u32| {
        json!({"format_version": "1.2", "terraform_version": "1.9.8", "timestamp": "2026-10-01T00:00:00Z", "planned_values": {"root_module": {"resources": [
            {"address": "aws_db_instance.orders", "mode": "managed", "type": "aws_db_instance", "name": "orders",
             "provider_name": "registry.terraform.io/hashicorp/aws", "values": attributes(days), "sensitive_values": {}}]}}})
        .to_string()
    };
    let item = |time: &str, days: u32| {
        json!({"configurationItems": [{"resourceType": "AWS::RDS::DBInstance", "resourceId": "db-1", "ARN": arn, "awsAccountId": ACCOUNT, "awsRegion": REGION,
            "configurationItemCaptureTime": time, "configuration": {"backupRetentionPeriod": days, "engine": "postgres"}}]})
        .to_string()
    };
    let template = json!({"Resources": {"Orders": {"Type": "AWS::RDS::DBInstance", "Properties": {"DBInstanceIdentifier": "orders", "BackupRetentionPeriod": 2}}}});
    Folder::new()
        .with("state.tfstate", state(7, 4))
        .with("older.tfstate", state(6, 14))
        .with("plan.json", plan(3))
        .with("new.json", item("2026-10-02T00:00:00.000Z", 5))
        .with("old.json", item("2026-10-01T00:00:00.000Z", 6))
        .with("t.json", template.to_string())
        .with("list.csv", format!("arn,backup_retention_period,owner\n{arn},1,nobody\n"))
        .with(
            "written.yaml",
            format!(
                "inventory: 1\norganization: X\nparties:\n  shop: {{name: Shop}}\nresources:\n- {{service: rds, name: orders, arn: '{arn}', owner: shop, \
                 environment: prod, data: [personal], config: {{backup_retention_period: 9}}}}\n"
            ),
        )
}

#[test]
fn what_was_seen_and_what_is_later_counts() {
    let folder = of_one_database();
    for (files, days, why) in [
        (&["state.tfstate", "plan.json"][..], 4, "since it was seen running"),
        (&["plan.json", "list.csv"][..], 3, "since it is what a plan makes of it"),
        (&["new.json", "old.json"][..], 5, "since it is later"),
        (&["old.json", "new.json"][..], 5, "since it is later"),
        (&["older.tfstate", "state.tfstate"][..], 4, "since it is later"),
        (&["list.csv", "state.tfstate"][..], 4, "since it was seen running"),
    ] {
        let run = folder.run(&[&["import", "--format", "json"], files].concat());
        let found = run.json();
        let [one] = list(&found, "resources") else {
            panic!("{files:?}: {found:#}")
        };
        assert_eq!(
            one["config"]["backup_retention_period"].to_string().trim_matches('"'),
            days.to_string(),
            "{files:?}: {one:#}"
        );
        // They differ in an amount; that is said only where a duty turns on it.
        assert!(
            !run.errors.contains("sources-differ") || run.errors.contains(why),
            "{files:?}: {}",
            run.errors
        );
    }
}

#[test]
fn a_difference_names_both_places_and_why_one_counts() {
    let folder = of_one_database();
    folder.put("list.csv", folder.read("list.csv").replace(",1,", ",0,"));
    let run = folder.run(&["import", "list.csv", "state.tfstate", "--format", "json"]);
    for word in [
        "`state.tfstate` and `list.csv` say different things of `orders`: `backup_retention_period`",
        "in list.csv",
        "in state.tfstate",
        "what `state.tfstate` says counts, since it was seen running",
    ] {
        assert!(run.errors.contains(word), "{word}: {}", run.errors);
    }
}

#[test]
fn what_two_say_otherwise_is_unknown_where_nobody_knows_which_is_later() {
    let folder = of_one_database();
    // A state does not tell when it was written.
    folder.put(
        "none.json",
        folder
            .read("new.json")
            .replace("\"backupRetentionPeriod\":5", "\"backupRetentionPeriod\":0"),
    );
    assert_ne!(folder.read("none.json"), folder.read("new.json"));
    for files in [["state.tfstate", "none.json"], ["none.json", "state.tfstate"]] {
        let run = folder.run(&[&["import", "--format", "json"], &files[..]].concat());
        let found = run.json();
        let [one] = list(&found, "resources") else { panic!("{found:#}") };
        assert_eq!(one["config"].get("backup_retention_period"), None, "{files:?}: {one:#}");
        let help = "nobody knows which of the two is the later, so that such attributes are unknown";
        assert!(run.errors.contains(help), "{files:?}: {}", run.errors);
    }
}

#[test]
fn a_template_is_what_runs_under_its_name() {
    let folder = of_one_database();
    let environment = format!("aws://{ACCOUNT}/{REGION}");
    let manifest = json!({"version": "55.0.0", "artifacts": {"T": {"type": "aws:cloudformation:stack", "environment": environment, "properties": {"templateFile": "t.json"}}}});
    folder.put("manifest.json", manifest.to_string());
    let run = folder.run(&["import", "t.json", "new.json", "--format", "json"]);
    let found = run.json();
    let [one] = list(&found, "resources") else { panic!("{found:#}") };
    assert_eq!(one["config"]["backup_retention_period"], 5, "{one:#}");
    // Without an account nobody knows which of several it is.
    folder.put("manifest.json", "{}");
    let found = folder.run(&["import", "t.json", "new.json", "--format", "json"]).json();
    assert_eq!(list(&found, "resources").len(), 2, "{found:#}");
}

#[test]
fn whose_a_resource_is_people_say() {
    let folder = of_one_database();
    folder.put(
        "written.yaml",
        format!(
            "{}imports: [{{file: state.tfstate}}, {{file: list.csv}}]\n",
            folder.read("written.yaml")
        ),
    );
    let report = folder
        .run(&["report", "written.yaml", "--format", "json", "--as-of", "2026-11-29"])
        .json();
    let resource = list(&report, "resources").iter().find(|one| one["name"] == "orders").unwrap();
    assert_eq!(
        (&resource["owner"], &resource["environment"]),
        (&json!("shop"), &json!("prod")),
        "{resource:#}"
    );
    assert_eq!(resource["data"], json!(["personal"]), "{resource:#}");
}

#[test]
fn arns_of_all_partitions_are_one_resource_each() {
    let mut partitions = 0;
    for partition in cloudraci::catalog::partitions::partitions() {
        let Some(region) = partition.regions.keys().next() else { continue };
        let arn = format!("arn:{}:sqs:{region}:{ACCOUNT}:jobs", partition.id);
        let state = json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": [
            {"mode": "managed", "type": "aws_sqs_queue", "name": "jobs", "provider": "provider.aws", "instances": [{"attributes": {"arn": arn, "name": "jobs"}}]}]});
        let listed = json!({"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": []}]});
        let folder = Folder::new()
            .with("a.tfstate", state.to_string())
            .with("b.json", listed.to_string());
        let found = folder.run(&["import", "a.tfstate", "b.json", "--format", "json"]).json();
        let [one] = list(&found, "resources") else { panic!("{found:#}") };
        let said = ["service", "arn", "account", "region"].map(|field| one[field].as_str().unwrap_or_default().to_owned());
        assert_eq!(said, ["sqs", arn.as_str(), ACCOUNT, region.as_str()]);
        partitions += 1;
    }
    assert!(partitions >= 4, "{partitions}");
}
