//! Canaries in what the other sources are, and in all that the program writes and says of them.
//!
//! One table of sources: each is a file of a kind with a secret wherever that kind keeps one. One table of commands: each
//! writes or says something. Every source goes through every command.

use crate::canaries::{CANARY, Planter, assert_silent, readable};
use crate::engines;
use crate::support::{Folder, repository, root};
use serde_json::{Map, Value, json};

/// What Pulumi's maps are known by, and what a secret says there.
const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";
const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT: &str = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/// A source: its name, the file, and whether it is a scanner's.
struct Source {
    name: String,
    bytes: Vec<u8>,
    is_results: bool,
}

fn file(name: &str, bytes: impl AsRef<[u8]>) -> Source {
    Source {
        name: name.to_owned(),
        bytes: bytes.as_ref().to_vec(),
        is_results: false,
    }
}

/// The table.
fn sources() -> Vec<Source> {
    let planter = &mut Planter::from(5_000);
    let mut sources = vec![
        file("stack.json", stack(planter).to_string()),
        file(
            "checkpoint.json",
            json!({"version": 3, "checkpoint": {"stack": "o/shop/prod", "latest": stack(planter)["deployment"]}}).to_string(),
        ),
        file("query.json", query(planter).to_string()),
        file("accounts.json", accounts(planter).to_string()),
        file("cdk.out/manifest.json", manifest(planter).to_string()),
        file("cdk.out/Shop.template.json", template(planter).to_string()),
    ];
    for (table, rows) in [
        ("aws_lambda_function", steampipe(planter)),
        ("aws_lambda_functions", cloudquery(planter)),
    ] {
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        sources.push(file(&format!("{table}.json"), Value::from(rows.clone()).to_string()));
        sources.push(file(&format!("{table}.jsonl"), lines));
        sources.push(file(&format!("{table}.xlsx"), engines::workbook(&rows)));
        sources.push(file(&format!("{table}.parquet"), engines::parquet(&rows)));
    }
    sources.extend(results(planter));
    for source in &sources {
        assert!(
            readable(&source.name, &source.bytes).iter().any(|(_, text)| text.contains(CANARY)) || source.name.ends_with("parquet"),
            "{}",
            source.name
        );
    }
    sources
}

/// The sources of the table that are no scanner's.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let own = sources().into_iter().filter(|source| !source.is_results);
    own.map(|source| (source.name, source.bytes)).collect()
}

/// A secret of Pulumi's: encrypted or not, as `pulumi stack export --show-secrets` writes it.
fn secret(value: &Value) -> Value {
    json!({SIGNATURE: SECRET, "plaintext": value.to_string()})
}

fn stack(planter: &mut Planter) -> Value {
    let urn = |kind: &str, name: &str| format!("urn:pulumi:prod::shop::{kind}::{name}");
    let by = "urn:pulumi:prod::shop::pulumi:providers:aws::default::0f6b";
    let resource = |kind: &str, name: &str, inputs: Value, outputs: Value, hidden: Value| json!({"urn": urn(kind, name), "custom": true, "id": name, "type": kind, "inputs": inputs, "outputs": outputs, "provider": by, "additionalSecretOutputs": hidden});
    // Each is marked in one place, and said again in the clear in others.
    let said: Vec<String> = (0..9).map(|_| planter.canary()).collect();
    let tags = |more: Value| {
        let mut tags: Map<String, Value> = said
            .iter()
            .enumerate()
            .map(|(at, said)| (format!("t{at}"), format!("is {said}").into()))
            .collect();
        tags.extend(said.iter().map(|said| (said.clone(), "a key".into())));
        tags.extend(more.as_object().cloned().unwrap_or_default());
        Value::Object(tags)
    };
    let forms: Map<String, Value> = planter
        .forms()
        .into_iter()
        .enumerate()
        .map(|(at, form)| (format!("f{at}"), form.into()))
        .collect();
    let queue = "aws:sqs/queue:Queue";
    let mut resources = vec![
        json!({"urn": urn("pulumi:pulumi:Stack", "shop-prod"), "custom": false, "type": "pulumi:pulumi:Stack", "outputs": {"password": secret(&json!(said[0])), "told": planter.canary()}}),
        json!({"urn": "urn:pulumi:prod::shop::pulumi:providers:aws::default", "custom": true, "id": "0f6b", "type": "pulumi:providers:aws",
            "inputs": {"region": "eu-west-1", "secretKey": secret(&json!(said[1]))}}),
        resource(
            "aws:rds/instance:Instance",
            "orders",
            json!({"password": secret(&json!(said[2])), "engine": "postgres"}),
            json!({"arn": "arn:aws:rds:eu-west-1:111122223333:db:orders", "engine": "postgres", "password": {SIGNATURE: SECRET, "ciphertext": "v1:x"}, "tags": tags(json!(forms))}),
            json!(["password"]),
        ),
        resource(
            "random:index/randomPassword:RandomPassword",
            "pw",
            json!({}),
            json!({"result": secret(&json!(said[3])), "bcryptHash": secret(&json!({"inner": [said[4]]}))}),
            json!([]),
        ),
        resource(
            "aws:secretsmanager/secretVersion:SecretVersion",
            "v",
            json!({}),
            json!({"secretString": said[5]}),
            json!(["secretString"]),
        ),
        resource(
            "aws:lambda/function:Function",
            "worker",
            json!({}),
            json!({"arn": "arn:aws:lambda:eu-west-1:111122223333:function:worker",
            "environment": {"variables": {"PIN": planter.canary(), "URL": {SIGNATURE: OUTPUT, "value": said[6], "secret": true}}}, "tags": tags(json!({"db_password": planter.canary()}))}),
            json!([]),
        ),
        json!({"urn": urn(queue, "read"), "custom": true, "external": true, "id": "x", "type": queue, "outputs": {"policy": secret(&json!(said[7]))}}),
        json!({"urn": urn(queue, "gone"), "custom": true, "delete": true, "id": "x", "type": queue, "outputs": {"policy": secret(&json!(said[8]))}}),
        resource(
            queue,
            "jobs",
            json!({}),
            json!({"arn": "arn:aws:sqs:eu-west-1:111122223333:jobs", "name": "jobs", "tags": tags(json!({"Name": "jobs"}))}),
            json!([]),
        ),
    ];
    for said in &said {
        resources.push(resource(
            queue,
            &format!("q-{said}"),
            json!({}),
            json!({"name": format!("q-{said}"), "arn": format!("arn:aws:sqs:eu-west-1:111122223333:q-{said}"), "tags": {}}),
            json!([]),
        ));
    }
    json!({"version": 3, "deployment": {"manifest": {"time": "2026-10-01T07:30:06Z"}, "secrets_providers": {"type": "passphrase", "state": {"salt": planter.canary()}},
        "pending_operations": [{"type": "creating", "resource": {"outputs": {"password": planter.canary()}}}], "resources": resources}})
}

/// What the console of AWS Config exports of an advanced query.
fn query(planter: &mut Planter) -> Value {
    let mut results: Vec<Value> = planter
        .forms()
        .into_iter()
        .enumerate()
        .map(|(at, form)| {
            json!({"resourceId": format!("i-{at}"), "resourceType": "AWS::Lambda::Function", "accountId": "111122223333", "awsRegion": "eu-west-1",
                "tags": [{"key": "note", "value": form, "tag": format!("note={form}")}], "configuration": {"description": form}})
        })
        .collect();
    results.push(
        json!({"resourceId": "i", "resourceType": "AWS::Lambda::Function", "accountId": "111122223333", "awsRegion": "eu-west-1",
        "configuration": {"environment": {"variables": {"PIN": planter.canary()}}}}),
    );
    json!({"Results": results.iter().map(Value::to_string).collect::<Vec<_>>(), "QueryInfo": {"SelectFields": [{"Name": "resourceId"}]}})
}

fn accounts(planter: &mut Planter) -> Value {
    let forms = planter.forms().into_iter().enumerate();
    let accounts: Vec<Value> = forms
        .map(|(at, form)| json!({"Id": format!("{:012}", 111_122_223_333_u64 + at as u64), "Arn": "arn:aws:organizations::1:account/o/1", "Name": form, "Status": "ACTIVE", "Tags": [{"Key": "note", "Value": form}]}))
        .collect();
    json!({"Accounts": accounts})
}

/// A cloud assembly that was synthesized with the values of parameters.
fn manifest(planter: &mut Planter) -> Value {
    json!({"version": "36.0.0", "artifacts": {"Shop": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1",
        "properties": {"templateFile": "Shop.template.json", "parameters": {"DbPassword": planter.canary(), "Plain": planter.canary()}, "tags": {"db_password": planter.canary()}},
        "metadata": {"/Shop/Db": [{"type": "aws:cdk:logicalId", "data": "Db"}, {"type": "aws:cdk:warning", "data": format!("password={}", planter.canary())}]}, "displayName": "Shop"}},
        "missing": [{"key": "ssm", "props": {"value": planter.canary()}}]})
}

fn template(planter: &mut Planter) -> Value {
    let tags: Vec<Value> = planter
        .forms()
        .into_iter()
        .enumerate()
        .map(|(at, form)| json!({"Key": format!("t{at}"), "Value": form}))
        .collect();
    json!({"Parameters": {"DbPassword": {"Type": "String", "NoEcho": true, "Default": planter.canary()}, "Plain": {"Type": "String", "NoEcho": true}},
        "Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "MasterUserPassword": planter.canary(), "Tags": tags}, "Metadata": {"aws:cdk:path": planter.canary()}},
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "worker", "Environment": {"Variables": {"PIN": planter.canary(), "REF": {"Ref": "Plain"}}}, "Description": {"Fn::Sub": "x ${DbPassword}"}}}}})
}

/// Rows as Steampipe writes them.
fn steampipe(planter: &mut Planter) -> Vec<Value> {
    let row = |name: &str, description: &str, environment: &str, tag: &str| {
        json!({"arn": "arn:aws:lambda:eu-west-1:111122223333:function:worker", "name": name, "description": description, "runtime": "python3.12", "account_id": "111122223333", "region": "eu-west-1",
            "environment_variables": {"PIN": environment}, "tags": {"note": tag, "db_password": environment}, "title": name, "akas": [name]})
    };
    let mut rows = vec![row("worker", "works", &planter.canary(), "a")];
    rows.extend(planter.forms().iter().map(|form| row(form, form, "x", form)));
    rows
}

/// Rows as CloudQuery writes them.
fn cloudquery(planter: &mut Planter) -> Vec<Value> {
    let row = |name: &str, description: &str, environment: &str, tag: &str| {
        json!({"_cq_id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "account_id": "111122223333", "region": "eu-west-1", "arn": "arn:aws:lambda:eu-west-1:111122223333:function:worker",
            "configuration": {"FunctionName": name, "Description": description, "Environment": {"Variables": {"PIN": environment}}}, "tags": {"note": tag, "db_password": environment}})
    };
    let mut rows = vec![row("worker", "works", &planter.canary(), "a")];
    rows.extend(planter.forms().iter().map(|form| row(form, form, "x", form)));
    rows
}

/// What scanners write, with a secret in each sentence.
fn results(planter: &mut Planter) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(root().join("tests/fixtures/results"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = repository(&format!("tests/fixtures/results/{name}"));
        let planted = if name.ends_with(".csv") {
            sentences_of_table(&text, planter)
        } else if let Ok(mut value) = serde_json::from_str::<Value>(&text) {
            sentences(&mut value, planter);
            value.to_string()
        } else {
            // A value for each line, or a script that holds one.
            let lines = text.lines().map(|line| match serde_json::from_str::<Value>(line) {
                Ok(mut value) => {
                    sentences(&mut value, planter);
                    value.to_string()
                }
                Err(_) => line.to_owned(),
            });
            lines.collect::<Vec<_>>().join("\n")
        };
        if planted.contains(CANARY) {
            sources.push(Source {
                name,
                bytes: planted.into_bytes(),
                is_results: true,
            });
        }
    }
    assert!(sources.len() >= 30, "{}", sources.len());
    sources
}

/// What people read, not what programs look at: it has spaces, and is no date.
fn is_sentence(text: &str) -> bool {
    text.contains(' ') && text.chars().any(char::is_alphabetic) && text.len() > 15
}

fn sentences(value: &mut Value, planter: &mut Planter) {
    match value {
        Value::String(text) if is_sentence(text) => *text = format!("{text}: {}", planter.form()),
        Value::Array(items) => items.iter_mut().for_each(|item| sentences(item, planter)),
        Value::Object(map) => map.values_mut().for_each(|inner| sentences(inner, planter)),
        _ => {}
    }
}

fn sentences_of_table(text: &str, planter: &mut Planter) -> String {
    let separator = if text.lines().next().unwrap().contains(';') { b';' } else { b',' };
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut planted = csv::WriterBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_writer(Vec::new());
    for (number, row) in rows.records().enumerate() {
        let cells: Vec<String> = row
            .unwrap()
            .iter()
            .map(|cell| {
                if number > 0 && is_sentence(cell) {
                    format!("{cell}: {}", planter.form())
                } else {
                    cell.to_owned()
                }
            })
            .collect();
        planted.write_record(cells).unwrap();
    }
    String::from_utf8(planted.into_inner().unwrap()).unwrap()
}

/// What is said and written of an inventory that imports, or of files by themselves; `{}` are the paths.
const COMMANDS: &[&[&str]] = &[
    &["check", "{}", "--format", "json"],
    &["check", "{}", "--format", "sarif"],
    &["check", "{}", "--format", "github"],
    &["check", "{}", "--write-baseline", "out/baseline.json"],
    &["list", "resources", "{}", "--format", "csv"],
    &["list", "duties", "{}", "--format", "json"],
    &["list", "findings", "{}"],
    &["list", "services", "{}"],
    &["list", "checks", "{}"],
    &["why", "lambda", "{}"],
    &["why", "worker", "{}"],
    &["what-if", "{}", "--region", "eu-central-1", "-o", "out/w.md", "-o", "out/w.json"],
    &["diff", "before.yaml", "{}", "-o", "out/d.md", "-o", "out/d.json", "-o", "out/d.csv"],
    &["evidence", "{}"],
    &["evidence", "{}", "--party", "customer", "--todo", "--format", "csv"],
    &["oscal", "component-definition", "{}", "-o", "out/c.json"],
    &[
        "report",
        "{}",
        "--edition",
        "audit",
        "-o",
        "out/r.md",
        "-o",
        "out/r.html",
        "-o",
        "out/r.pdf",
        "-o",
        "out/r.json",
        "-o",
        "out/r.csv",
        "-o",
        "out/r.xlsx",
    ],
    &["report", "{}", "--redact", "-o", "out/redacted.md", "-o", "out/redacted.json"],
    &["pack", "{}", "-o", "out/pack.zip", "--edition", "handover"],
];

#[test]
fn no_canary_of_any_source_sings_in_anything_that_is_written_or_said() {
    let sources = sources();
    let beside = "inventory: 1\norganization: Example\nresources: [{service: lambda, name: worker}]\n";
    let mut folder = Folder::new().with("inventory.yaml", beside).with("before.yaml", beside);
    for source in &sources {
        folder = folder.with(&source.name, &source.bytes);
    }
    let (scanned, imported): (Vec<&Source>, Vec<&Source>) = sources.iter().partition(|source| source.is_results);
    let mut said = Vec::new();
    let mut run = |arguments: &[&str]| {
        let run = folder.run(arguments);
        assert!(
            !run.errors.contains("panicked") && run.code < 2,
            "{arguments:?}: {:.2000}",
            run.errors
        );
        said.push((format!("what {arguments:.80?} says"), run.errors.clone()));
        said.push((format!("{arguments:.80?}"), run.text_lossy()));
        run
    };
    // Each by itself, and written as an inventory.
    for source in &imported {
        let name = source.name.strip_suffix("/manifest.json").unwrap_or(&source.name);
        let written = run(&["import", name, "--format", "json"]).text_lossy();
        let is_read = written.contains("lambda") || written.contains("worker") || name == "accounts.json";
        assert!(is_read, "{name} was not read: {written:.2000}");
    }
    // All together through everything.
    let mut names: Vec<&str> = vec!["inventory.yaml"];
    names.extend(
        imported
            .iter()
            .map(|source| source.name.as_str())
            .filter(|name| !name.starts_with("cdk.out/")),
    );
    names.push("cdk.out");
    let options: Vec<&str> = scanned.iter().flat_map(|source| ["--results", source.name.as_str()]).collect();
    for command in COMMANDS {
        let mut arguments: Vec<&str> = Vec::new();
        for word in *command {
            match *word {
                // One path only.
                "{}" if command[0] == "diff" => arguments.push("stack.json"),
                "{}" => arguments.extend(&names),
                word => arguments.push(word),
            }
        }
        arguments.extend(&options);
        arguments.extend(["--as-of", "2026-11-01"]);
        run(&arguments);
    }
    let written: Vec<String> = folder.files().into_iter().filter(|name| name.starts_with("out/")).collect();
    for name in [
        "out/r.pdf",
        "out/r.xlsx",
        "out/pack.zip",
        "out/d.csv",
        "out/w.json",
        "out/c.json",
        "out/baseline.json",
    ] {
        assert!(written.iter().any(|known| known == name), "{name} of {written:?}");
    }
    said.extend(written.iter().flat_map(|name| readable(name, &folder.bytes(name))));
    assert_silent(said.iter().map(|(name, text)| (name.as_str(), text.as_str())));
}
