//! One damaged entry of a file keeps only itself out: all others are imported, and a warning says what is not.

use crate::support::{Folder, list};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const AWS: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";

/// A source: the file's name, its whole, and where its entries lie.
struct Source {
    file: &'static str,
    whole: Value,
    entries: &'static str,
}

fn sources() -> Vec<Source> {
    let arn = |name: &str| format!("arn:aws:sns:eu-west-1:111122223333:{name}");
    let names = ["a", "b", "c"];
    let each = |make: &dyn Fn(&str) -> Value| -> Value { names.iter().map(|name| make(name)).collect() };
    let state = each(&|name| {
        json!({"mode": "managed", "type": "aws_sns_topic", "name": name, "provider": AWS,
            "instances": [{"index_key": 0, "attributes": {"arn": arn(name), "name": name}}]})
    });
    let shown = each(&|name| {
        json!({"address": format!("aws_sns_topic.{name}"), "mode": "managed", "type": "aws_sns_topic", "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"arn": arn(name), "name": name}})
    });
    let items = each(&|name| {
        json!({"resourceType": "AWS::SNS::Topic", "resourceId": arn(name), "resourceName": name, "ARN": arn(name), "awsAccountId": "111122223333",
            "awsRegion": "eu-west-1", "configurationItemStatus": "OK", "configuration": {"TopicName": name}})
    });
    let mappings = each(&|name| json!({"ResourceARN": arn(name), "Tags": [{"Key": "team", "Value": "a"}]}));
    let found = each(&|name| {
        json!({"Arn": arn(name), "OwningAccountId": "111122223333", "Region": "eu-west-1", "ResourceType": "sns:topic", "Service": "sns",
            "Properties": []})
    });
    let templates: Map<String, Value> = names
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}),
            )
        })
        .collect();
    vec![
        Source {
            file: "a.tfstate",
            whole: json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "a", "resources": state}),
            entries: "/resources",
        },
        Source {
            file: "shown.json",
            whole: json!({"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": shown}}}),
            entries: "/values/root_module/resources",
        },
        Source {
            file: "config.json",
            whole: json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": items}),
            entries: "/configurationItems",
        },
        Source {
            file: "tagging.json",
            whole: json!({"ResourceTagMappingList": mappings}),
            entries: "/ResourceTagMappingList",
        },
        Source {
            file: "explorer.json",
            whole: json!({"Count": {"TotalResources": 3}, "ViewArn": "arn:aws:resource-explorer-2:eu-west-1:111122223333:view/a/b", "Resources": found}),
            entries: "/Resources",
        },
        Source {
            file: "template.json",
            whole: json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": templates}),
            entries: "/Resources",
        },
    ]
}

/// The sources of which entries are damaged.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let files = sources().into_iter();
    files
        .map(|source| (source.file.to_owned(), source.whole.to_string().into_bytes()))
        .collect()
}

/// What may stand where a value of another kind belongs.
fn odd() -> Vec<Value> {
    vec![
        Value::Null,
        json!(5),
        json!(""),
        json!("x"),
        json!([]),
        json!([[]]),
        json!({}),
        json!(true),
        json!({"a": {"b": [null]}}),
    ]
}

/// An entry, damaged in each way: as a whole, without one of its fields, with an odd value in one, and so within its first
/// instance.
fn damaged(entry: &Value) -> Vec<Value> {
    let mut all = odd();
    let mut fields = |of: &Value, put: &dyn Fn(Value) -> Value| {
        for key in of.as_object().into_iter().flatten().map(|(key, _)| key.clone()) {
            let mut without = of.clone();
            without.as_object_mut().unwrap().shift_remove(&key);
            all.push(put(without));
            for value in odd() {
                let mut with = of.clone();
                with[&key] = value;
                all.push(put(with));
            }
        }
    };
    fields(entry, &|entry| entry);
    if let Some(instance) = entry.pointer("/instances/0") {
        fields(instance, &|instance| {
            let mut entry = entry.clone();
            entry["instances"][0] = instance;
            entry
        });
    }
    all
}

#[test]
fn one_damaged_entry_keeps_only_itself_out() {
    for source in sources() {
        let entry = match source.whole.pointer(source.entries).unwrap() {
            Value::Array(all) => all[1].clone(),
            all => all["b"].clone(),
        };
        // Many files a run, since starting the program takes longer than reading them.
        for some in damaged(&entry).chunks(64) {
            let folder = some.iter().enumerate().fold(Folder::new(), |folder, (number, damage)| {
                let mut whole = source.whole.clone();
                match whole.pointer_mut(source.entries).unwrap() {
                    Value::Array(all) => all[1] = damage.clone(),
                    all => all["b"] = damage.clone(),
                }
                // Names of their own, so that they are not one and the same resource.
                let text = whole.to_string().replace("111122223333", &format!("1111222{number:05}"));
                folder.with(&format!("{number:02}-{}", source.file), text)
            });
            for (number, damage) in some.iter().enumerate() {
                let file = format!("{number:02}-{}", source.file);
                let run = folder.run(&["import", &file, "--format", "json"]);
                let inventory = run.json();
                let names: BTreeSet<String> = list(&inventory, "resources")
                    .iter()
                    .filter_map(|one| one["name"].as_str().map(str::to_owned))
                    .collect();
                let shown = format!("{file} {damage}: {names:?}\n{}", run.errors);
                assert!(names.contains("a") && names.contains("c"), "{shown}");
                // What is neither there nor told would be lost in silence. What says of itself that it is gone, is.
                let says_gone = ["mode", "configurationItemStatus"]
                    .iter()
                    .any(|key| damage.get(*key).is_some_and(|value| value == "x"));
                let is_empty = damage.get("instances").is_some_and(|value| value.is_null() || *value == json!([]))
                    || (damage.get("instances").is_none() && source.file == "a.tfstate" && damage.is_object());
                let is_there = list(&inventory, "resources").len() == 3;
                assert!(is_there || run.errors.contains("left out") || says_gone || is_empty, "{shown}");
            }
        }
    }
}

#[test]
fn one_damaged_row_keeps_only_itself_out() {
    let rows = ["sns,a,111122223333", "sns,b,111122223333", "sns,c,111122223333"];
    for damage in [&b",,111122223333"[..], b",b", b"\xff\xfe,b,\xff", b",,,,,,,,,b", b"\"\",b,1"] {
        let mut text = b"service,name,account\n".to_vec();
        for (number, row) in rows.iter().enumerate() {
            text.extend_from_slice(if number == 1 { damage } else { row.as_bytes() });
            text.push(b'\n');
        }
        let folder = Folder::new().with("rows.csv", &text);
        let run = folder.run(&["import", "rows.csv", "--format", "json"]);
        let inventory = run.json();
        let names: Vec<&str> = list(&inventory, "resources")
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert_eq!(names, ["a", "c"], "{}", run.errors);
        assert!(
            run.errors.contains("left out") && run.errors.contains("rows.csv:3"),
            "{}",
            run.errors
        );
    }
}
