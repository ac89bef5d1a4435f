//! What is said is said in words for people: none of a decoder's reaches a user, whatever has the wrong type.

use crate::support::{Folder, Run};
use serde_json::{Value, json};

/// All that a run says, on both streams.
fn said(run: &Run) -> String {
    assert!(!run.errors.contains("panicked"), "{:.2000}", run.errors);
    format!("{}{}", run.text(), run.errors)
}

/// Words of a decoder that no user has heard of.
const WORDS: &[&str] = &[
    "Option value",
    "expected u64",
    "expected a string",
    "expected struct",
    "expected a sequence",
    "invalid type",
    "invalid value:",
    "untagged enum",
    "missing field",
    "unit variant",
    "unknown variant",
    "expected one of",
    "serde",
    "expected ident",
    "EOF while",
    "visitor",
];

/// Documents with a value of each kind at each place of a schema, down to some depth.
fn wrong(schema: &Value, root: &Value, depth: usize) -> Vec<Value> {
    let kinds = [
        json!(null),
        json!(true),
        json!(-5),
        json!(1.5),
        json!("text"),
        json!(["a", 1]),
        json!({"a": {"b": 1}}),
        json!([]),
        json!({}),
        json!([[1]]),
    ];
    let target = match schema.get("$ref").and_then(Value::as_str) {
        Some(path) => root.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let mut all: Vec<Value> = kinds.to_vec();
    if depth == 0 {
        return all;
    }
    for option in ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|key| target[*key].as_array())
        .flatten()
    {
        all.extend(wrong(option, root, depth - 1));
    }
    for (name, property) in target["properties"].as_object().into_iter().flatten() {
        all.extend(
            wrong(property, root, depth - 1)
                .into_iter()
                .map(|value| json!({name.as_str(): value})),
        );
    }
    if target["additionalProperties"].is_object() {
        all.extend(
            wrong(&target["additionalProperties"], root, depth - 1)
                .into_iter()
                .map(|value| json!({"111122223333": value})),
        );
    }
    if target["items"].is_object() {
        all.extend(wrong(&target["items"], root, depth - 1).into_iter().map(|value| json!([value])));
    }
    all
}

fn without_words(name: &str, said: &str) {
    for word in WORDS {
        assert!(!said.contains(word), "{name} has `{word}`: {said:.3000}");
    }
}

#[test]
fn no_word_of_a_decoder_reaches_a_user() {
    let schema: Value = serde_json::from_str(&Folder::new().run(&["schema", "inventory"]).fine()).unwrap();
    let folder = Folder::new();
    let all = wrong(&schema, &schema, 4);
    assert!(all.len() > 1_000);
    // Many files are read by one run; what is wrong in each is told by itself where it is not like another's.
    for (number, documents) in all.chunks(300).enumerate() {
        let place = format!("many-{number}");
        for (index, document) in documents.iter().enumerate() {
            let mut whole = json!({"inventory": 1, "organization": "X", "resources": [{"service": "sqs"}]});
            for (key, value) in document.as_object().into_iter().flatten() {
                whole[key] = value.clone();
            }
            let text = if document.is_object() {
                whole.to_string()
            } else {
                format!("inventory: 1\nresources: {document}\n")
            };
            folder.put(&format!("{place}/{index:03}.yaml"), text);
        }
        let run = folder.run(&["check", &place, "--format", "json"]);
        without_words(&place, &said(&run));
    }
}

#[test]
fn no_word_of_a_decoder_reaches_who_writes_an_overlay() {
    let schema: Value = serde_json::from_str(&Folder::new().run(&["schema", "catalog"]).fine()).unwrap();
    let all = wrong(&schema, &schema, 5);
    let folder = Folder::new();
    for (number, documents) in all.chunks(300).enumerate() {
        let place = format!("many-{number}");
        for (index, document) in documents.iter().enumerate() {
            let mut whole = json!({"id": format!("s{index}"), "reason": "x"});
            for (key, value) in document.as_object().into_iter().flatten() {
                whole[key] = value.clone();
            }
            folder.put(&format!("{place}/s{index}.yaml"), whole.to_string());
        }
        without_words(&place, &said(&folder.run(&["catalog", "check", &place])));
    }
}

/// A source each, small.
fn sources() -> Vec<(&'static str, Value)> {
    vec![
        (
            "state.json",
            json!({"version": 4, "terraform_version": "1.9.0", "lineage": "x", "resources": [{"mode": "managed", "type": "aws_sqs_queue", "name": "q", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {"name": "q"}}]}]}),
        ),
        (
            "config.json",
            json!({"configurationItems": [{"resourceType": "AWS::SQS::Queue", "resourceId": "q", "awsAccountId": "111122223333", "configuration": {}}]}),
        ),
        (
            "tagging.json",
            json!({"ResourceTagMappingList": [{"ResourceARN": "arn:aws:sqs:eu-west-1:111122223333:q", "Tags": []}]}),
        ),
        (
            "explorer.json",
            json!({"Resources": [{"Arn": "arn:aws:sqs:eu-west-1:111122223333:q", "ResourceType": "sqs:queue"}]}),
        ),
        (
            "template.json",
            json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}}}),
        ),
        (
            "stack.json",
            json!({"version": 3, "deployment": {"manifest": {"time": "2026-10-01T00:00:00Z"}, "resources": [{"urn": "urn:pulumi:prod::shop::aws:sqs/queue:Queue::q", "custom": true, "id": "q", "type": "aws:sqs/queue:Queue", "outputs": {"name": "q"}}]}}),
        ),
        (
            "accounts.json",
            json!({"Accounts": [{"Id": "111122223333", "Name": "prod", "Status": "ACTIVE"}]}),
        ),
        (
            "rows.json",
            json!([{"arn": "arn:aws:sqs:eu-west-1:111122223333:q", "name": "q", "account_id": "111122223333"}]),
        ),
    ]
}

/// The same as files.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let files = sources().into_iter();
    files
        .map(|(name, sample)| (name.to_owned(), sample.to_string().into_bytes()))
        .collect()
}

#[test]
fn no_word_of_a_decoder_reaches_who_imports() {
    let values = [
        json!(null),
        json!(5),
        json!("x"),
        json!([1]),
        json!({"a": 1}),
        json!([{"a": 1}]),
        json!(true),
    ];
    for (name, sample) in sources() {
        let mut places = vec![String::new()];
        collect(&sample, "", &mut places);
        for place in places.iter().filter(|place| !place.is_empty()) {
            for value in &values {
                let mut broken = sample.clone();
                *broken.pointer_mut(place).unwrap() = value.clone();
                let folder = Folder::new().with(name, broken.to_string());
                without_words(name, &said(&folder.run(&["import", name])));
            }
        }
    }
}

/// The places of all values within a value.
fn collect(value: &Value, at: &str, places: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (format!("{at}/{key}"), value)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (format!("{at}/{index}"), value))
            .collect(),
        _ => Vec::new(),
    };
    for (place, value) in inner {
        places.push(place.clone());
        collect(value, &place, places);
    }
}

#[test]
fn codes_are_listed_and_misspelt_ones_have_a_neighbour() {
    let folder = Folder::new();
    let list = folder.run(&["explain"]).fine();
    for code in cloudraci::diagnostics::Code::ALL {
        assert!(list.lines().any(|line| line.starts_with(&format!("{code} "))), "{code}");
    }
    assert_eq!(folder.run(&["explain", "--list"]).fine(), list);
    assert_eq!(folder.run(&["explain", "list"]).fine(), list);
    folder.refuses(&["explain", "unkown-feild"], 2, "did you mean `unknown-field`?");
    assert!(
        folder
            .run(&["explain", "error[unknown-field]: unknown field `x`"])
            .fine()
            .starts_with("unknown-field (error)")
    );
}

#[test]
fn writing_an_inventory_is_recommended_only_where_none_was_named() {
    let folder = Folder::new().with("empty/readme.txt", "").with("other/a.json", "{\"a\": 1}");
    folder.refuses(&["check"], 3, "cloudraci init");
    for named in ["empty", "other"] {
        let run = folder.run(&["check", named]);
        let errors = run.failed(3);
        assert!(
            errors.contains(&format!("in `{named}`")) && !errors.contains("cloudraci init"),
            "{errors}"
        );
    }
}
