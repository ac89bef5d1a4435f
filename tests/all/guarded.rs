//! What must not come out of an import: secrets, panics, half-written files.

use crate::support::{Folder, list, repository};
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "never-to-be-seen";
const ESTATE: &str = "tests/fixtures/terraform/estate.tfstate";

/// Files of every source with secrets wherever people leave them.
pub(crate) fn leaky() -> Vec<(&'static str, String)> {
    let s = |number: u32| format!("{SECRET}-{number}");
    let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----");
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {
            "Hidden": {"Type": "String", "NoEcho": true, "Default": s(1)},
            "HiddenText": {"Type": "String", "NoEcho": "true", "Default": s(2)},
            "DbPassword": {"Type": "String", "Default": s(3)},
        },
        "Mappings": {"M": {"a": {"password": s(4)}}},
        "Globals": {"Function": {"Environment": {"Variables": {"G": s(5)}}}},
        "Outputs": {"O": {"Value": s(6)}},
        "Resources": {
            "Db": {"Type": "AWS::RDS::DBInstance", "Metadata": {"x": s(7)}, "Properties": {
                "Engine": "postgres", "MasterUserPassword": s(8), "PreferredBackupWindow": {"Ref": "Hidden"}, "DBName": {"Ref": "DbPassword"},
                "DBParameterGroupName": {"Fn::Sub": "x-${HiddenText}"}, "Tags": [{"Key": "password", "Value": s(9)}, {"Key": "key", "Value": key}]}},
            "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.12", "Environment": {"Variables": {"A": s(10)}}}},
            "Sam": {"Type": "AWS::Serverless::Function", "Properties": {}},
            "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Name": "a", "Environment": [{"Name": "B", "Value": s(11)}]}]}},
            "Web": {"Type": "AWS::EC2::Instance", "Properties": {"UserData": {"Fn::Base64": s(12)}, "InstanceType": "t3.micro"}},
            "Plain": {"Type": "AWS::EC2::Instance", "Properties": {"UserData": s(13)}},
            "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": s(14)}},
            "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": s(15), "Name": "n"}},
            "Beanstalk": {"Type": "AWS::ElasticBeanstalk::Environment", "Properties": {"OptionSettings": [
                {"Namespace": "aws:elasticbeanstalk:application:environment", "OptionName": "X", "Value": s(16)},
                {"Namespace": "aws:rds:dbinstance", "OptionName": "DBPassword", "Value": s(17)}]}},
            "Custom": {"Type": "Custom::Thing", "Properties": {"Token": s(18)}},
            "Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": format!("https://user:{SECRET}@example.com/t.yaml"), "Parameters": {"P": s(19)}}},
            "Endpoint": {"Type": "AWS::DMS::Endpoint", "Properties": {"Password": s(20), "ExtraConnectionAttributes": s(21)}},
        },
    });
    let config = json!({"configurationItems": [
        {"resourceType": "AWS::Lambda::Function", "resourceId": "f", "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
            "configuration": json!({"functionName": "f", "runtime": "python3.12", "environment": {"variables": {"A": s(30)}}}).to_string(),
            "tags": {"token": s(31), "note": format!("password={SECRET}")}},
        {"resourceType": "AWS::RDS::DBInstance", "resourceId": "d", "resourceName": "d", "configuration": {"engine": "mysql", "masterUserPassword": s(32)},
            "supplementaryConfiguration": {"Secret": json!({"secretString": s(33)}).to_string()}},
    ]});
    let tagging = json!({"ResourceTagMappingList": [{"ResourceARN": "arn:aws:sqs:eu-west-1:111122223333:q", "Tags": [
        {"Key": "api-key", "Value": s(40)}, {"Key": "url", "Value": format!("https://user:{SECRET}@example.com")}]}]});
    let table = format!(
        "arn,name,db password,Tag: secret,tags,note\narn:aws:sqs:eu-west-1:111122223333:q2,q2,{0}-50,{0}-51,token={0}-52;a=b,\"{key}\"\n",
        SECRET
    );
    let plan = json!({"format_version": "1.2", "terraform_version": "1.9.0",
        "variables": {"password": {"value": s(60)}},
        "resource_changes": [{"address": "aws_sqs_queue.q", "change": {"actions": ["create"], "after": {"policy": s(61)}, "after_sensitive": {"policy": true}}}],
        "planned_values": {"outputs": {"o": {"value": s(62)}}, "root_module": {"resources": [
            {"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "provider_name": "aws", "values": {"name": "planned", "policy": s(63)}},
            {"address": "aws_x.y[\"k\"]", "mode": "managed", "type": "aws_instance", "name": "y", "provider_name": "aws", "values": {"description": s(64), "list": [s(65), "open"]},
                "sensitive_values": {"description": true, "list": [true]}}]}}});
    vec![
        ("template.json", template.to_string()),
        ("config.json", config.to_string()),
        ("tagging.json", tagging.to_string()),
        ("table.csv", table),
        ("plan.json", plan.to_string()),
        ("state.tfstate", repository("tests/fixtures/terraform/secrets.tfstate")),
    ]
}

#[test]
fn secrets_of_no_source_reach_any_output() {
    let mut folder = Folder::new();
    let files = leaky();
    for (name, text) in &files {
        assert!(text.contains(SECRET));
        folder = folder.with(name, text);
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let mut outputs = Vec::new();
    for name in &names {
        for format in ["yaml", "json"] {
            let run = folder.run(&["import", name, "--format", format]);
            run.well();
            outputs.extend([run.text(), run.errors]);
        }
    }
    folder.run(&[&["import"][..], &names, &["-o", "inventory.yaml"]].concat()).well();
    let inventory = ["inventory.yaml"];
    for paths in [&names[..], &inventory] {
        let formats = [
            "-o",
            "a.md",
            "-o",
            "a.html",
            "-o",
            "a.json",
            "-o",
            "a.csv",
            "-o",
            "a.pdf",
            "--as-of",
            "2026-11-01",
            "--edition",
            "review",
        ];
        let run = folder.run(&[&["report"][..], paths, &formats].concat());
        run.well();
        outputs.push(run.errors);
        outputs.extend(["a.md", "a.html", "a.json", "a.csv", "inventory.yaml"].map(|name| folder.read(name)));
        outputs.push(String::from_utf8_lossy(&folder.bytes("a.pdf")).into_owned());
        outputs.push(pdf_extract::extract_text_from_mem(&folder.bytes("a.pdf")).unwrap());
        for format in ["json", "sarif", "github"] {
            let run = folder.run(&[&["check"][..], paths, &["--format", format]].concat());
            outputs.extend([run.text(), run.errors]);
        }
    }
    for output in &outputs {
        let at = output.find(SECRET).map(|at| output[at.saturating_sub(200)..at + 30].to_owned());
        assert_eq!(at, None);
        assert!(!output.contains("PRIVATE KEY"));
    }
    assert!(outputs.iter().any(|output| output.contains("planned")), "names are no secrets");
}

#[test]
fn a_broken_secret_file_does_not_quote_itself() {
    for (name, text) in leaky() {
        let cut = &text[..text.rfind(SECRET).unwrap() + SECRET.len()];
        let run = Folder::new().with(name, cut).run(&["import", name, "--format", "json"]);
        assert!(
            !run.errors.contains(SECRET) && !run.text().contains(SECRET),
            "{name}: {}",
            run.errors
        );
        assert!(!run.errors.contains("panicked"), "{name}: {}", run.errors);
    }
}

#[test]
fn whatever_a_file_is_the_word_about_it_is_clear() {
    let estate = repository(ESTATE);
    let utf16: Vec<u8> = estate.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let deep = format!("AWSTemplateFormatVersion: x\nResources:\n  A: {}", "[".repeat(50_000));
    let bomb = "AWSTemplateFormatVersion: x\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n\
        d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nResources: {}\n";
    let broken: Vec<(&str, Vec<u8>, &str)> = vec![
        ("cut.json", estate.as_bytes()[..700].to_vec(), "the JSON ends before it is complete"),
        ("empty.json", Vec::new(), "`empty.json` is empty"),
        ("blank.yaml", b"\n \n".to_vec(), "`blank.yaml` is empty"),
        ("null.json", b"null".to_vec(), "not of a kind"),
        ("list.json", b"[]".to_vec(), "not of a kind"),
        ("two.yaml", b"---\n---\n".to_vec(), "not of a kind"),
        (
            "deep.yaml",
            deep.into_bytes(),
            "lists and maps lie more than 127 deep in one another",
        ),
        ("bomb.yaml", bomb.into(), "the aliases of the text come to too many values"),
        (
            "main.tf",
            b"resource \"aws_instance\" \"x\" {\n}\n".to_vec(),
            "is Terraform's source",
        ),
        (
            "plan.out",
            crate::packings::zip(&[("tfplan", b"x")]),
            "`terraform show -json FILE > plan.json`",
        ),
        (
            "snapshot.json.gz",
            b"\x1f\x8b\x08\x00rest".to_vec(),
            "cannot be unpacked: it is cut off",
        ),
        (
            "bad.csv",
            b"arn,name\narn:aws:sqs:eu-west-1:111122223333:q,\xff\n".to_vec(),
            "the row is not UTF-8 text",
        ),
        (
            "twice.yaml",
            b"AWSTemplateFormatVersion: x\nResources:\n  A: {Type: AWS::SQS::Queue}\n  A: {Type: AWS::SQS::Queue}\n".to_vec(),
            "the key `Resources.A` stands twice",
        ),
    ];
    for (name, bytes, word) in broken {
        let folder = Folder::new().with(name, bytes);
        let run = folder.run(&["import", name, "-o", "inventory.yaml"]);
        let errors = run.failed(1);
        assert!(
            errors.contains(word) && errors.contains(name) && errors.contains("help:"),
            "{name}: {errors}"
        );
        assert!(!folder.path("inventory.yaml").exists());
    }
    let good: Vec<(&str, Vec<u8>)> = vec![
        ("utf16.json", [&[0xfe, 0xff][..], &utf16].concat()),
        ("mark.json", [b"\xef\xbb\xbf".as_slice(), estate.as_bytes()].concat()),
        (
            "log.json",
            format!("2026-11-01 [x] {{y}}: acquiring the lock\n{estate}\n::debug::done\n").into_bytes(),
        ),
    ];
    for (name, bytes) in good {
        let found = Folder::new().with(name, bytes).run(&["import", name, "--format", "json"]).json();
        assert_eq!(list(&found, "resources").len(), 28, "{name}");
    }
    let doubled = r#"{"version":4,"terraform_version":"1","resources":[],"resources":[{"mode":"managed","type":"aws_sqs_queue","name":"a","instances":[{"attributes":{"name":"a"}}]}]}"#;
    let run = Folder::new().with("a.json", doubled).run(&["import", "a.json", "--format", "json"]);
    assert_eq!(list(&run.json(), "resources").len(), 1);
    assert!(
        run.errors.contains("warning[duplicate-key]: the key `resources` stands twice"),
        "{}",
        run.errors
    );
}

#[cfg(unix)]
#[test]
fn links_that_loop_and_patterns_are_followed_with_care() {
    let folder = Folder::new()
        .with("states/one/a.tfstate", repository(ESTATE))
        .with("states/notes.json", "{}")
        .with(
            "inventory.yaml",
            "inventory: 1\norganization: Example\nas_of: 2026-11-01\nimports: [{file: \"states/**/*.tfstate\"}]\n",
        );
    std::os::unix::fs::symlink("..", folder.path("states/one/up")).unwrap();
    std::os::unix::fs::symlink("self.json", folder.path("states/self.json")).unwrap();
    std::os::unix::fs::symlink("one/a.tfstate", folder.path("states/link.tfstate")).unwrap();
    let run = folder.run(&["import", "states", "--format", "json"]);
    assert_eq!(
        list(&run.json(), "resources").len(),
        28,
        "a file is imported once, whatever leads to it"
    );
    for word in [
        "`states/one/up` leads back to `states`",
        "states/self.json",
        "`states/notes.json` is not of a kind",
    ] {
        assert!(run.errors.contains(word), "{word}: {}", run.errors);
    }
    let report = folder.run(&["report", "inventory.yaml", "--format", "json"]).json();
    assert_eq!(report["scope"]["inputs"].as_array().unwrap().len(), 2, "{}", report["scope"]);
    let found = folder.run(&["import", "states/*/*.tfstate", "--format", "json"]).json();
    assert_eq!(list(&found, "resources").len(), 28);
    let run = folder.run(&["import", "states/*.csv"]);
    assert!(run.failed(3).contains("no file matches"), "{}", run.errors);
}

/// One byte of a file is another, or the file ends early.
fn damaged() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let files: Vec<Vec<u8>> = leaky().into_iter().map(|(_, text)| text.into_bytes()).collect();
    (0..files.len(), any::<prop::sample::Index>(), any::<u8>(), any::<bool>()).prop_map(move |(file, at, byte, cut)| {
        let mut bytes = files[file].clone();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        (file, bytes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_damage_brings_an_importer_down((_, bytes) in damaged()) {
        use cloudraci::diagnostics::Place;
        use cloudraci::inventory::import::{Context, IMPORTERS, import};
        use cloudraci::source::Stream;
        use std::{collections::BTreeSet, sync::LazyLock};
        static CATALOG: LazyLock<cloudraci::catalog::Catalog> = LazyLock::new(|| cloudraci::catalog::Catalog::builtin().unwrap());
        let context = Context { catalog: &CATALOG, tags: &BTreeSet::new(), defaults: &Default::default(), beside: None, with_results: false };
        let file: std::sync::Arc<str> = "a".into();
        let place = Place::file(file.clone());
        for (importer, is_long) in IMPORTERS.iter().flat_map(|importer| [(importer, false), (importer, true)]) {
            let stream = Stream { is_long, ..Stream::of(bytes.clone(), &file, &place) };
            let found = import(stream, Some(*importer), context);
            if let Err(faults) = found {
                prop_assert!(faults.iter().all(|fault| !fault.places.is_empty() && fault.help.is_some()), "{:?}", faults);
            }
        }
    }
}

#[test]
fn every_resource_says_what_the_format_promises() {
    let mut folder = Folder::new().with("estate.tfstate", repository(ESTATE));
    for (name, text) in leaky() {
        folder = folder.with(name, text);
    }
    let found: Value = folder.run(&["import", ".", "--format", "json"]).json();
    for one in list(&found, "resources") {
        for field in ["type", "tags", "config", "from"] {
            assert!(one.get(field).is_some(), "{field}: {one:#}");
        }
        // What is not known is left out, and what an ARN says stands once.
        assert!(one.as_object().unwrap().values().all(|value| !value.is_null()), "{one:#}");
        let repeats = |key: &str| one.get("arn").is_some_and(|arn| one["config"].get(key) == Some(arn));
        assert!(!repeats("arn") && !repeats("id"), "{one:#}");
        assert!(one["service"].is_string() || one["provider"].is_string(), "{one:#}");
    }
    // What is imported is an inventory that passes.
    folder.run(&["import", ".", "-o", "inventory.yaml"]).well();
    folder.run(&["check", "inventory.yaml", "--format", "json"]).failed(0);
}
