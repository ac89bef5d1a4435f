//! Files that are too long to be held give the report of short ones.

use crate::support::{Folder, list};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A state that is longer than what is read whole, with everything in it that is looked at in a short one.
fn state(times: usize, filler: &str) -> String {
    let mut blocks = Vec::new();
    let provider = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let block = |kind: &str, name: String, instances: Value| json!({"mode": "managed", "type": kind, "name": name, "provider": provider, "instances": instances});
    for number in 0..times {
        let arn = |what: &str| format!("arn:aws:{what}:eu-west-1:111122223333:{number}");
        blocks.push(block("aws_sqs_queue", format!("q{number}"), json!([
            {"index_key": 0, "attributes": {"arn": arn("sqs"), "name": format!("q{number}"), "sqs_managed_sse_enabled": number % 2 == 0, "filler": filler, "tags": {"team": if number % 3 == 0 {"a"} else {"b"}}}},
            {"deposed": "01", "attributes": {"arn": format!("{}-old", arn("sqs")), "name": format!("old{number}"), "sqs_managed_sse_enabled": false}},
        ])));
        blocks.push(block("aws_s3_bucket", format!("b{number}"), json!([{"attributes": {"arn": format!("arn:aws:s3:::b{number}"), "bucket": format!("b{number}"), "id": format!("b{number}"), "region": "eu-west-1", "versioning": [{"enabled": false}]}}])));
        blocks.push(block("aws_s3_bucket_versioning", format!("v{number}"), json!([{"attributes": {"bucket": format!("b{number}"), "versioning_configuration": [{"status": if number % 4 == 0 {"Enabled"} else {"Suspended"}}]}}])));
        blocks.push(json!({"instances": [{"attributes": {"id": "x"}}], "type": "random_id", "name": format!("r{number}"), "mode": "managed", "provider": "provider[\"registry.terraform.io/hashicorp/random\"]"}));
        blocks.push(
            json!({"mode": "data", "type": "aws_region", "name": "r", "provider": provider, "instances": [{"attributes": {"id": "x"}}]}),
        );
    }
    json!({"version": 4, "terraform_version": "1.9.8", "outputs": {"a": {"value": ["]", "}", "\\\""]}}, "resources": blocks}).to_string()
}

fn counts(inventory: &Value) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for one in list(inventory, "resources") {
        *counts.entry(one["type"].as_str().unwrap().to_owned()).or_default() += one["count"].as_u64().unwrap_or(1);
    }
    counts
}

#[test]
fn a_long_state_is_counted_as_a_short_one_is() {
    let filler = "x".repeat(1024);
    let times = 34 * 1024;
    let long = state(times, &filler);
    assert!(long.len() > 34 * 1024 * 1024);
    let inventory = "inventory: 1\norganization: Example\nas_of: 2026-11-01\nparties: {a: {name: A}, b: {name: B}}\nassignments:\n\
        - {responsible: a, accountable: a}\n- {match: {tag: team=b}, responsible: b, accountable: b}\nimports: [{file: prod.tfstate, environment: prod}]\n";
    let folder = Folder::new().with("prod.tfstate", &long).with("inventory.yaml", inventory);
    let imported = folder.run(&["import", "prod.tfstate", "--format", "json"]).json();
    let times_u64 = times as u64;
    let wanted: BTreeMap<String, u64> = ["aws_sqs_queue", "aws_s3_bucket", "aws_s3_bucket_versioning", "random_id"]
        .map(|kind| (kind.to_owned(), times_u64 * if kind == "aws_sqs_queue" { 2 } else { 1 }))
        .into();
    assert_eq!(counts(&imported), wanted);
    assert!(list(&imported, "resources").len() < 40, "alike resources are one line");
    // The report says of each activity what that of a short state says, in proportion.
    let long_report = folder.run(&["report", "inventory.yaml", "--format", "json"]).json();
    let short = Folder::new().with("prod.tfstate", state(12, "x")).with("inventory.yaml", inventory);
    let short_report = short.run(&["report", "inventory.yaml", "--format", "json"]).json();
    let rows = |report: &Value| -> Vec<Value> {
        let mut rows = Vec::new();
        for service in list(report, "services") {
            rows.push(json!([service["service"], service["resources"].as_u64().unwrap() > 0]));
            for (_, activity) in crate::support::activities(&json!({"services": [service]})) {
                rows.push(json!([activity["id"], activity["state"]]));
            }
        }
        rows
    };
    assert_eq!(rows(&long_report), rows(&short_report));
    // The same bytes each time, whatever thread was faster.
    let again = folder.run(&["import", "prod.tfstate", "--format", "json"]).json();
    assert_eq!(imported, again);
    // Nothing is said while nobody watches.
    let run = folder.run(&["import", "prod.tfstate", "--format", "json"]);
    assert!(!run.errors.contains("reading"), "{}", run.errors);
    // Cut off, it is told where.
    let cut = &long[..long.len() - 100_000];
    let folder = Folder::new()
        .with("cut.tfstate", cut)
        .with("noise.json", format!("log\n{long}\nlog\n"));
    folder.refuses(&["import", "cut.tfstate"], 1, "ends before it is complete");
    assert_eq!(counts(&folder.run(&["import", "noise.json", "--format", "json"]).json()), wanted);
}

#[test]
fn long_lists_and_tables_are_counted() {
    let items: Vec<Value> = (0..60_000)
        .map(|number| {
            let kind = if number % 2 == 0 { "instance/i" } else { "route-table/r" };
            json!({"ResourceARN": format!("arn:aws:ec2:eu-west-1:111122223333:{kind}-{number}"), "Tags": [{"Key": "filler", "Value": "x".repeat(600)}]})
        })
        .collect();
    let text = json!({"PaginationToken": "", "ResourceTagMappingList": items}).to_string();
    assert!(text.len() > 33 * 1024 * 1024);
    let mut table = "arn,type,owner,notes\n".to_owned();
    for number in 0..60_000 {
        table.push_str(&format!(
            "arn:aws:sqs:eu-west-1:111122223333:q{number},aws_sqs_queue,team-{},{}\n",
            number % 2,
            "y".repeat(600)
        ));
    }
    let folder = Folder::new().with("tags.json", text).with("t.csv", table);
    let tags = folder.run(&["import", "tags.json", "--format", "json"]).json();
    let found: Vec<(&str, &Value, u64)> = list(&tags, "resources")
        .iter()
        .map(|one| (one["service"].as_str().unwrap(), &one["part_of"], one["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(found, [("ec2", &Value::Null, 30_000), ("vpc", &json!("vpc"), 30_000)]);
    let table = folder.run(&["import", "t.csv", "--format", "json"]).json();
    let owners: Vec<(&str, u64)> = list(&table, "resources")
        .iter()
        .map(|one| (one["owner"].as_str().unwrap(), one["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(owners, [("team-0", 30_000), ("team-1", 30_000)]);
}

#[test]
fn what_stands_twice_in_a_long_file_is_counted_once() {
    let arn = |service: &str, number: usize| match service {
        "s3" => format!("arn:aws:s3:::b{number}"),
        _ => format!("arn:aws:sqs:eu-west-1:111122223333:q{number}"),
    };
    // Each half holds everything; of a bucket, settings may lie in others, of a queue, too.
    let state = |times: usize, filler: &str| {
        let block = |kind: &str, service: &str, name: &str| {
            let instances: Vec<Value> = (0..times)
                .map(|number| json!({"index_key": number, "attributes": {"arn": arn(service, number), "name": format!("q{number}"), "bucket": format!("b{number}"), "notes": filler}}))
                .collect();
            json!({"mode": "managed", "type": kind, "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": instances})
        };
        json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": [
            block("aws_sqs_queue", "sqs", "a"), block("aws_s3_bucket", "s3", "a"), block("aws_sqs_queue", "sqs", "b"), block("aws_s3_bucket", "s3", "b"),
            {"mode": "managed", "type": 7, "name": "damaged", "instances": [{"attributes": {}}]}]})
        .to_string()
    };
    let list_of = |times: usize, filler: &str| {
        let items: Vec<Value> = (0..times * 2)
            .map(|number| json!({"ResourceARN": arn("sqs", number / 2), "Tags": [{"Key": "notes", "Value": filler}]}))
            .chain([json!(5)])
            .collect();
        json!({"ResourceTagMappingList": items}).to_string()
    };
    let table = |times: usize, filler: &str| {
        let rows = (0..times * 2).map(|number| format!("{},aws_sqs_queue,{filler}\n", arn("sqs", number % times)));
        format!("arn,type,notes\n{},,{filler}\n", "").to_owned() + &rows.collect::<String>()
    };
    let filler = "x".repeat(2000);
    let (few, many) = (3, 9_000);
    for (name, short, long) in [
        ("a.tfstate", state(few, "x"), state(many, &filler)),
        ("a.json", list_of(few, "x"), list_of(many, &filler)),
        ("a.csv", table(few, "x"), table(many, &filler)),
    ] {
        assert!(long.len() > 33 * 1024 * 1024, "{name}: {}", long.len());
        for (text, times) in [(&short, few), (&long, many)] {
            let folder = Folder::new().with(name, text);
            let run = folder.run(&["import", name, "--format", "json"]);
            let found = counts(&run.json());
            assert!(
                found.values().all(|count| *count == times as u64) && !found.is_empty(),
                "{name}: {found:?}"
            );
            assert!(
                run.errors.contains("stand again in") && run.errors.contains("left out"),
                "{name}: {}",
                run.errors
            );
        }
    }
}

// ------------------------------------------------------------------------------------------------ inventories

/// The most memory that a run of the program had, as the system counts it.
#[cfg(target_os = "linux")]
fn peak(folder: &Folder, arguments: &[&str]) -> u64 {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cloudraci"))
        .args(arguments)
        .current_dir(folder.path("."))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        // Of one that has ended nothing is told.
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let kilobytes = told
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        most = most.max(kilobytes.map_or(0, |number| number.trim().parse().unwrap()) * 1024);
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{arguments:?}");
            return most;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

/// What many resources have alike is held once, however long the text is in which it is repeated.
#[cfg(target_os = "linux")]
#[test]
fn a_long_inventory_takes_little_more_memory_than_its_text() {
    const MORE: u64 = 160 << 20;
    let resource = |number: usize| {
        json!({
            "service": "sqs", "name": format!("q{number}"), "arn": format!("arn:aws:sqs:eu-west-1:111122223333:q{number}"),
            "tags": {"note": "x".repeat(2_000), "team": format!("t{}", number % 7)},
            "config": {"sqs_managed_sse_enabled": number.is_multiple_of(2), "visibility_timeout_seconds": number % 30},
        })
    };
    let list: Vec<Value> = (0..20_000).map(resource).collect();
    let items: String = list.iter().map(|one| format!("- {one}\n")).collect();
    let in_yaml = format!("inventory: 1\norganization: X\nresources:\n{items}");
    let in_json = json!({"inventory": 1, "organization": "X", "resources": list}).to_string();
    for (name, text) in [("i.yaml", in_yaml), ("i.json", in_json)] {
        assert!(text.len() > 42_000_000);
        let folder = Folder::new().with(name, &text);
        let peak = peak(&folder, &["report", name, "-o", "o.md"]);
        assert!(peak > 50 << 20, "{name}: {peak}");
        assert!(
            peak < text.len() as u64 + MORE,
            "{name}: {peak} bytes for {} bytes of text",
            text.len()
        );
    }
}
