//! Few bytes that stand for many: depth, aliases, functions and loops of templates, patterns.

use crate::limits::{MOST_BYTES, said, timely};
use crate::support::{Folder, repository};
use serde_json::{Value, json};

#[test]
fn depth_is_refused_before_it_takes_time() {
    for unit in [
        "[", "{", "[[],", "{a: [", "- ", "? ", "[\n", "- [", "&a [", "!t [", "\"a\": {", "{\"a\":", "[{\"a\":",
    ] {
        for count in [1_000, 40_000, 200_000] {
            let deep = unit.repeat(count);
            for (name, text) in [
                ("inventory.yaml", format!("inventory: 1\norganization: X\nresources: {deep}")),
                ("inventory.json", format!("{{\"inventory\": 1, \"resources\": {deep}")),
                ("template.yaml", format!("AWSTemplateFormatVersion: x\nResources: {deep}")),
                ("other.json", deep.clone()),
                ("overlay/rds.yaml", format!("id: rds\nreason: x\ncontrols: {deep}")),
            ] {
                let folder = Folder::new().with(name, text);
                let run = if name.starts_with("overlay") {
                    timely(&folder, &["catalog", "check", "overlay"])
                } else {
                    timely(&folder, &["check", name])
                };
                assert!(run.code == 1 && said(&run).len() < MOST_BYTES, "{name} {unit}: {}", run.code);
            }
        }
    }
    let folder = Folder::new()
        .with("good/a.yaml", repository("inventories/minimal.yaml"))
        .with("good/foreign.json", "[".repeat(100_000));
    assert_eq!(timely(&folder, &["report", "good", "--format", "markdown"]).code, 0);
}

#[test]
fn aliases_come_to_no_more_than_a_text_of_their_own_would() {
    // A hundred thousand aliases of a list of a hundred thousand items would be ten thousand million values.
    let wide = format!("{}]\nb: [{}]\n", "1,".repeat(100_000), "*a,".repeat(100_000));
    let tall: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..12).map(|level| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "))))
        .collect();
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(1_000_000), "*a,".repeat(10_000));
    for text in [format!("a: &a [{wide}"), tall, long, "a: &a [*a]\n".to_owned()] {
        for (name, head) in [
            ("inventory.yaml", "inventory: 1\norganization: X\n"),
            ("template.yaml", "AWSTemplateFormatVersion: x\nResources: {}\n"),
        ] {
            let folder = Folder::new().with(name, format!("{head}{text}"));
            let run = timely(&folder, &["check", name]);
            assert!(run.failed(1).contains("[limit-reached]"), "{name}: {:.2000}", run.errors);
            assert!(run.errors.contains("docs/limits.md"), "{:.2000}", run.errors);
        }
    }
}

/// Templates of a few hundred bytes that stand for more than a machine has.
fn explosions(size: usize) -> Vec<(&'static str, Value)> {
    let resource = |value: Value| json!({"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": value}}}});
    let nested = |leaf: Value, wrap: &dyn Fn(Value) -> Value| (0..size).fold(leaf, |inner, _| wrap(inner));
    let twice = |name: &str| format!("${{{name}}}").repeat(10);
    let conditions: serde_json::Map<String, Value> = (0..size)
        .map(|number| {
            let next = json!({"Condition": format!("C{}", number + 1)});
            (format!("C{number}"), json!({"Fn::And": [next, next, {"Fn::Not": [next]}]}))
        })
        .chain([(format!("C{size}"), json!({"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}))])
        .collect();
    let loops = |body: Value| {
        (0..size.min(8)).fold(body, |inner, level| {
            let items: Vec<String> = (0..200).map(|number| format!("i{number}")).collect();
            json!({format!("Fn::ForEach::L{level}"): [format!("V{level}"), items, inner]})
        })
    };
    let long = "x".repeat(size * 1_000);
    vec![
        (
            "sub",
            resource(nested(json!("xxxxxxxxxx"), &|inner| json!({"Fn::Sub": [twice("a"), {"a": inner}]}))),
        ),
        (
            "join",
            resource(nested(
                json!("xxxxxxxxxx"),
                &|inner| json!({"Fn::Join": ["", {"Fn::Split": ["x", {"Fn::Sub": [twice("a"), {"a": inner}]}]}]}),
            )),
        ),
        (
            "quotes",
            resource(nested(json!("\"\\"), &|inner| json!({"Fn::ToJsonString": [inner]}))),
        ),
        ("delimiters", resource(json!({"Fn::Join": [long, vec!["x"; size * 1_000]]}))),
        (
            "split",
            resource(json!({"Fn::Select": [0, {"Fn::Split": ["", "x".repeat(size * 1_000)]}]})),
        ),
        (
            "conditions",
            json!({"Conditions": conditions, "Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::If": ["C0", "a", "b"]}}}}}),
        ),
        (
            "circle",
            json!({"Conditions": {"A": {"Condition": "B"}, "B": {"Fn::Or": [{"Condition": "A"}, {"Condition": "B"}]}},
                   "Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::If": ["A", "a", "b"]}}}}}),
        ),
        (
            "loops",
            json!({"Transform": "AWS::LanguageExtensions", "Resources": loops(json!({"B${V0}": {"Type": "AWS::S3::Bucket"}}))}),
        ),
        (
            "empty-loops",
            json!({"Transform": "AWS::LanguageExtensions", "Resources": loops(json!({}))}),
        ),
        (
            "long-items",
            json!({"Resources": {"Fn::ForEach::L": ["V", ["x".repeat(size * 1_000), "b"], {"B${V}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "${V}".repeat(size * 1_000)}}}]}}),
        ),
        (
            "defaults",
            json!({"Parameters": {"P": {"Type": "String", "Default": "x".repeat(size * 1_000)}}, "Resources":
                (0..size * 100).map(|number| (format!("B{number}"), json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "P"}}}))).collect::<serde_json::Map<_, _>>()}),
        ),
        (
            "mappings",
            json!({"Mappings": {"M": {"a": (0..size * 100).map(|number| (format!("k{number}"), json!("x".repeat(50)))).collect::<serde_json::Map<_, _>>()}}, "Resources":
                (0..size * 50).map(|number| (format!("B{number}"), json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::FindInMap": ["M", "a", "k1"]}}}))).collect::<serde_json::Map<_, _>>()}),
        ),
        (
            "globals",
            json!({"Transform": "AWS::Serverless-2016-10-31", "Globals": {"Function": {"Description": "x".repeat(size * 2_000)}}, "Resources":
                (0..size * 50).map(|number| (format!("F{number}"), json!({"Type": "AWS::Serverless::Function", "Properties": {}}))).collect::<serde_json::Map<_, _>>()}),
        ),
    ]
}

#[test]
fn templates_come_to_what_is_bounded() {
    for size in [4, 12, 24, 40] {
        for (name, template) in explosions(size) {
            let mut template = template;
            template["AWSTemplateFormatVersion"] = "2010-09-09".into();
            let text = template.to_string();
            let folder = Folder::new().with("t.json", &text);
            let run = timely(&folder, &["import", "t.json", "-o", "o.yaml"]);
            assert!(run.code <= 1, "{name} {size}: {:.2000}", run.errors);
            assert!(run.errors.len() < MOST_BYTES, "{name} {size}: {} bytes", run.errors.len());
            if folder.path("o.yaml").exists() {
                let made = folder.read("o.yaml").len();
                assert!(made < 80 * 1024 * 1024, "{name} {size}: {made} bytes");
            }
            if (name, size) == ("sub", 40) || (name, size) == ("empty-loops", 24) {
                assert!(run.errors.contains("warning[limit-reached]"), "{name}: {:.2000}", run.errors);
            }
        }
    }
}

#[test]
fn conditions_that_are_asked_for_again_are_what_they_were() {
    let shared = json!({"Conditions": {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "A": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "Yes"}]},
        "B": {"Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Condition": "Yes"}]}]},
    }, "Resources": {
        "One": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::If": ["A", "yes-a", "no-a"]}}},
        "Two": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::If": ["B", "yes-b", "no-b"]}}},
    }});
    let folder = Folder::new().with("t.json", shared.to_string());
    let made = folder.run(&["import", "t.json"]).fine();
    assert!(
        made.contains("yes-a") && made.contains("no-b") && !made.contains("no-a") && !made.contains("yes-b"),
        "{made}"
    );
}

#[test]
fn patterns_take_time_by_their_length_alone() {
    let folder = Folder::new().with(&format!("{}.json", "a".repeat(200)), "{}");
    for unit in ["*a", "?*", "[a-z]*"] {
        let pattern = format!("{}b", unit.repeat(40));
        assert!(timely(&folder, &["check", &pattern]).failed(3).contains("no file matches"));
    }
    let deep = Folder::new().with(&format!("{}x.json", "a/".repeat(40)), "{}");
    assert!(
        timely(&deep, &["check", &format!("{}b", "**/a/".repeat(30))])
            .failed(3)
            .contains("no file matches")
    );
}
