//! Canaries: a word planted wherever files keep secrets, and looked for in all that the program writes and says.
//!
//! The places are those of `tests/fixtures/canaries/places.tsv`, a list of its own beside the catalog's table: a place that is taken
//! from the table is found here. An overlay asks for every planted attribute, so that the allow-list of imports lets all of
//! them through and what is known of secrets has to stop them.

use crate::support::{Folder, repository};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

/// What every canary begins with.
pub(crate) const CANARY: &str = "zqcanary";

const AWS: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";

/// A type of the overlay's own, for texts in attributes.
const OWN: &str = "aws_canary";
const OWN_TEMPLATE: &str = "AWS::Canary::Thing";

/// Texts that hold a secret in a form of their own; `{}` is the secret.
const FORMS: &[&str] = &[
    "postgres://u:{}@h/db",
    "postgres://u:{}/slash@h/db",
    "https://{}@github.com/o/r.git",
    "redis://:{}@cache.example.com:6379/0",
    "mongodb+srv://app:{}@cluster0.example.net/?w=majority",
    "amqps://app:{}@mq.example.com:5671",
    "https://example.com/hook?token={}",
    "https://example.blob.core.windows.net/c?sv=2022-11-02&sig={}",
    "https://hooks.slack.com/services/T00000000/B00000000/{}",
    "http%3A%2F%2Fuser%3A{}%40example.com",
    "jdbc:oracle:thin:scott/{}@//h:1521/x",
    "jdbc:sqlserver://h:1433;databaseName=d;user=sa;password={}",
    "Driver={ODBC Driver 18 for SQL Server};Server=h;Uid=sa;Pwd={};",
    "user:{}@tcp(db.example.com:3306)/shop",
    "host=h port=5432 user=u password={} dbname=d",
    "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={}zzzzzzzz=",
    "bob:{}@smtp.example.com:587",
    "serve --db-password {}",
    "serve --db-password={} --port 80",
    "mysql -h db -u app -p{} shop",
    "PGPASSWORD={} psql -h db",
    "curl -s -u bob:{} https://example.com",
    "curl -H 'Authorization: Custom {}' https://example.com",
    "curl -H \"X-Api-Key: {}\" https://example.com",
    "sh -c 'mysqldump -p{} shop'",
    "java -Dspring.datasource.password={} -jar app.jar",
    "A=1,DB_PASSWORD={},B=2",
    "version: 0.2\nenv:\n  variables:\n    STRIPE: {}\nphases: {}\n",
    "db:\n  password: {}\n",
    "{\"db\": {\"password\": \"{}\"}}",
    "[{\"name\":\"PASSWORD\",\"value\":\"{}\",\"type\":\"PLAINTEXT\"}]",
    "%7B%22password%22%3A%22{}%22%7D",
    "<Config><Password>{}</Password></Config>",
    "password={}",
    "on ~* +@all >{}",
    "CREATE USER app IDENTIFIED BY '{}'",
    "ghr_{}abcdefghijklmnopqrstuvwxyz0123",
    "xoxb-123456789012-{}",
    "npm_{}abcdefghijklmnopqrstuvwxyz0123",
    "sk_test_{}abcdefghijklmnop",
    "hvs.{}abcdefghijklmnopqrst",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{}",
    "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
    "bob:$apr1${}$abcdefghijklmnopqrstuv.",
];

/// Plants canaries, each of its own.
#[derive(Default)]
pub(crate) struct Planter(usize);

impl Planter {
    /// One whose canaries have other numbers.
    pub(crate) fn from(number: usize) -> Self {
        Self(number)
    }

    /// One of the forms, each in turn.
    pub(crate) fn form(&mut self) -> String {
        let form = FORMS[self.0 % FORMS.len()];
        form.replace("{}", &self.canary())
    }

    pub(crate) fn canary(&mut self) -> String {
        self.0 += 1;
        format!("{CANARY}{:04}", self.0)
    }

    /// All forms, each with a canary; one of them in Base64, too.
    pub(crate) fn forms(&mut self) -> Vec<String> {
        let mut forms: Vec<String> = FORMS.iter().map(|form| form.replace("{}", &self.canary())).collect();
        forms.push(STANDARD.encode(format!("password={}", self.canary())));
        forms.push(format!("'Basic {}'", STANDARD.encode(format!("bob:{}", self.canary()))));
        forms
    }
}

/// A place of the list: source, type, path.
struct Planted {
    source: String,
    kind: String,
    path: String,
}

fn places() -> Vec<Planted> {
    let text = repository("tests/fixtures/canaries/places.tsv");
    let place = |line: &str| {
        let [source, kind, path] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let (source, kind, path): (&str, &str, &str) = (source, kind, path);
        Planted {
            source: source.to_owned(),
            kind: kind.to_owned(),
            path: path.to_owned(),
        }
    };
    text.lines().map(place).collect()
}

/// The keys of a path, each with the entry that is meant.
fn steps(path: &str) -> Vec<(String, Option<(String, String)>)> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (key, behind) = rest.split_at(end);
        let (only, behind) = match behind.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((only, behind)) => {
                let (field, like) = only.split_once('=').unwrap();
                (Some((field.to_owned(), like.replace('*', "x"))), behind)
            }
            None => (None, behind),
        };
        let key = if key == "*" { "whichever" } else { key };
        steps.push((key.to_owned(), only));
        rest = behind.strip_prefix('.').unwrap_or(behind);
    }
    steps
}

/// Puts a canary at a path: through lists of blocks, as Terraform writes them, or through maps. What Terraform keeps as JSON in
/// a text is one.
fn plant(into: &mut Map<String, Value>, path: &[(String, Option<(String, String)>)], canary: &str, lists: bool) {
    let Some(((key, only), rest)) = path.split_first() else { return };
    let is_text = ["container_definitions", "rule_json", "rules_json"].contains(&key.as_str());
    if rest.is_empty() {
        into.insert(key.clone(), canary.into());
        return;
    }
    let mut inner = Map::new();
    if let Some((field, like)) = only {
        inner.insert(field.clone(), like.as_str().into());
    }
    plant(&mut inner, rest, canary, lists && !is_text);
    let block = Value::Object(inner);
    let added = |known: Option<Value>| -> Value {
        let mut items = match known {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        items.push(block.clone());
        items.into()
    };
    let known = into.shift_remove(key);
    let value = if is_text {
        let known = known.and_then(|known| serde_json::from_str(known.as_str()?).ok());
        Value::String(added(known).to_string())
    } else if lists || only.is_some() {
        added(known)
    } else {
        match (known, &block) {
            (Some(Value::Object(mut known)), Value::Object(block)) => {
                merge(&mut known, block);
                known.into()
            }
            _ => block,
        }
    };
    into.insert(key.clone(), value);
}

fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Object(into)), Value::Object(from)) => merge(into, from),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The attributes of each type of a source with a canary at each place.
fn attributes(places: &[Planted], source: &str, planter: &mut Planter) -> BTreeMap<String, Map<String, Value>> {
    let mut by_kind: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for place in places.iter().filter(|place| place.source == source) {
        let kind = place.kind.replace('*', "Thing");
        let attributes = by_kind.entry(kind).or_default();
        plant(attributes, &steps(&place.path), &planter.canary(), source == "terraform");
    }
    by_kind
}

/// A name as attributes have it.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| letters[before]);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| !before.is_uppercase() || letters.get(index + 1).is_some_and(|after| after.is_lowercase()));
        if starts {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// An overlay in which every type is a deployable thing whose planted attributes decide a duty.
fn overlay(places: &[Planted]) -> String {
    let (mut terraform, mut cloudformation) = (BTreeSet::from([OWN.to_owned()]), BTreeSet::from([OWN_TEMPLATE.to_owned()]));
    let mut asked: BTreeSet<String> = ["note", "list", "policy", "environment", "headers", "name", "tags", "port"]
        .map(str::to_owned)
        .into();
    for place in places {
        let kind = place.kind.replace('*', "Thing");
        if place.source == "terraform" {
            terraform.insert(kind);
        } else {
            cloudformation.insert(kind);
        }
        let keys: Vec<String> = steps(&place.path).iter().map(|(key, _)| snake(key)).collect();
        asked.extend((0..keys.len()).map(|start| keys[start..].join(".")));
    }
    let declared: BTreeMap<&str, &str> = asked.iter().map(|path| (path.as_str(), "text")).collect();
    let declared = json!(declared);
    // What is a resource's own no predicate asks for.
    let is_own = |path: &String| ["arn", "id", "tags"].contains(&path.split('.').next().unwrap());
    let tests = asked
        .iter()
        .filter(|path| !is_own(path))
        .map(|path| json!({path.as_str(): {"present": true}}));
    let tests: Vec<Value> = tests.collect();
    json!({
        "id": "zz-canaries", "reason": "For a test", "name": "Canaries", "category": "database", "model": "managed-platform", "about": "Birds",
        "aliases": {"terraform": terraform, "cloudformation": cloudformation},
        "resources": {"thing": {"types": {"terraform": terraform, "cloudformation": cloudformation}, "attributes": declared}},
        "sources": {"page": {"title": "Page", "url": "https://example.com/page", "reviewed": "2026-10-01"}},
        "controls": {"backup": {"customer": [{"id": "ask", "does": "Asks", "default": "build", "how": "Ask", "evidence": "An answer", "source": "page",
            "attested_when": {"any": tests}, "cases": [{"met": {"note": "x"}}, {"unknown": {"other": "x"}}]}]}},
    })
    .to_string()
}

/// Attributes with all forms, where people write them.
fn told_attributes(planter: &mut Planter) -> Map<String, Value> {
    let forms = planter.forms();
    let tags: Map<String, Value> = forms
        .iter()
        .enumerate()
        .map(|(index, form)| (format!("t{index}"), form.as_str().into()))
        .collect();
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Condition": {"StringEquals": {"aws:Referer": planter.canary()}}}], "password": planter.canary()});
    let attributes = json!({
        "name": "told", "note": planter.forms(), "tags": tags, "policy": policy.to_string(), "port": 5432,
        "list": ["serve", "--db-password", planter.canary()],
        "environment": [{"variables": {"PIN": planter.canary()}, "name": "x"}],
        "headers": [{"header_name": "x", "value": planter.canary()}, {"name": "Authorization", "value": planter.canary()}],
    });
    let mut attributes = attributes.as_object().unwrap().clone();
    let more = json!({"db_pass": planter.canary(), "PIN": planter.canary(), "stripe-api-key": planter.canary(), planter.forms().swap_remove(33): "x"});
    attributes["tags"]
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    attributes
}

/// A state of version 4.
fn state(places: &[Planted], planter: &mut Planter) -> Value {
    let block = |kind: &str, name: &str, instances: Value| json!({"mode": "managed", "type": kind, "name": name, "provider": AWS, "instances": instances});
    let mut blocks: Vec<Value> = attributes(places, "terraform", planter)
        .into_iter()
        .map(|(kind, attributes)| block(&kind, "planted", json!([{"attributes": attributes}])))
        .collect();
    blocks.push(block(OWN, "told", json!([{"attributes": told_attributes(planter)}])));
    let keys: Vec<Value> = planter
        .forms()
        .iter()
        .map(|form| json!({"index_key": form, "attributes": {"name": form, "id": form, "arn": format!("arn:aws:x:eu-west-1:111122223333:{form}")}}))
        .collect();
    blocks.push(block(OWN, "keyed", keys.into()));
    let mut module = block(
        "other_thing",
        "x",
        json!([{"index_key": format!("password={}", planter.canary()), "attributes": {}}]),
    );
    module["module"] = format!("module.m[\"token={}\"]", planter.canary()).into();
    module["provider"] = format!("provider[\"example.com/x/password={}\"]", planter.canary()).into();
    blocks.push(module);
    let marked = planter.canary();
    blocks.push(block(OWN, "marked", json!([{
        "attributes": {"name": "marked", "tags": {"Licence": marked, "Name": "marked"}, "tags_all": {"Licence": marked, "Name": "marked"}, "note": format!("x {marked} y")},
        "sensitive_attributes": [[{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "Licence", "type": "string"}}]],
    }])));
    json!({"version": 4, "terraform_version": "1.9.8", "outputs": {"o": {"value": planter.canary()}}, "resources": blocks})
}

/// The same resources as `terraform show -json` prints them.
fn shown(state: &Value, root: &str, planter: &mut Planter) -> Value {
    let mut resources: Vec<Value> = Vec::new();
    for block in state["resources"].as_array().unwrap() {
        for instance in block["instances"].as_array().unwrap() {
            resources.push(json!({"address": format!("{}.{}", block["type"].as_str().unwrap(), resources.len()), "mode": "managed", "type": block["type"],
                "name": block["name"], "index": instance.get("index_key"), "provider_name": "registry.terraform.io/hashicorp/aws",
                "values": instance["attributes"], "sensitive_values": {"tags": {"Licence": true}}}));
        }
    }
    json!({"format_version": "1.2", "terraform_version": "1.9.8", "variables": {"v": {"value": planter.canary()}},
        root: {"outputs": {"o": {"value": planter.canary()}}, "root_module": {"resources": resources}}})
}

/// A template; every way of saying that a parameter is hidden has one.
fn template(places: &[Planted], planter: &mut Planter) -> Value {
    let mut resources: Map<String, Value> = Map::new();
    for (number, (kind, properties)) in attributes(places, "cloudformation", planter).into_iter().enumerate() {
        resources.insert(
            format!("R{number}"),
            json!({"Type": kind, "Metadata": planter.canary(), "Properties": properties}),
        );
    }
    let mut parameters = Map::new();
    let mut tags: Vec<Value> = Vec::new();
    for (number, hidden) in [
        json!(true),
        json!("true"),
        json!("yes"),
        json!("on"),
        json!("Y"),
        json!("1"),
        json!(1),
    ]
    .into_iter()
    .enumerate()
    {
        parameters.insert(
            format!("P{number}"),
            json!({"Type": "String", "NoEcho": hidden, "Default": planter.canary()}),
        );
        tags.push(json!({"Key": format!("p{number}"), "Value": {"Ref": format!("P{number}")}}));
    }
    parameters.insert("DbPassword".to_owned(), json!({"Type": "String", "Default": planter.canary()}));
    parameters.insert(
        "Address".to_owned(),
        json!({"Type": "String", "Default": format!("https://u:{}@h", planter.canary())}),
    );
    tags.push(json!({"Key": "a", "Value": {"Fn::Sub": "x-${DbPassword}"}}));
    tags.push(json!({"Key": "b", "Value": {"Ref": "Address"}}));
    tags.push(json!({"Key": "c", "Value": {"Fn::FindInMap": ["M", "prod", "password"]}}));
    let told = told_attributes(planter);
    tags.extend(
        told["tags"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| json!({"Key": key, "Value": value})),
    );
    resources.insert(
        "Told".to_owned(),
        json!({"Type": OWN_TEMPLATE, "Properties": {"Name": "told", "Note": told["note"], "Policy": told["policy"],
        "List": told["list"], "Environment": told["environment"], "Headers": told["headers"], "Tags": tags}}),
    );
    resources.insert(
        "Nested".to_owned(),
        json!({"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": format!("https://u:{}@example.com/t.yaml", planter.canary())}}),
    );
    json!({"AWSTemplateFormatVersion": "2010-09-09", "Parameters": parameters, "Mappings": {"M": {"prod": {"password": planter.canary()}}},
        "Outputs": {"O": {"Value": planter.canary()}}, "Resources": resources})
}

/// What AWS Config writes: names with a small first letter.
fn config(places: &[Planted], planter: &mut Planter) -> Value {
    fn lower(value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| (key[..1].to_lowercase() + &key[1..], lower(value)))
                .collect(),
            Value::Array(items) => items.into_iter().map(lower).collect(),
            other => other,
        }
    }
    let item = |kind: &str, configuration: Value, tags: Value| {
        json!({"resourceType": kind, "resourceId": format!("id-{kind}"), "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
            "configuration": configuration.to_string(), "tags": tags})
    };
    let mut items: Vec<Value> = attributes(places, "cloudformation", planter)
        .into_iter()
        .map(|(kind, properties)| item(&kind, lower(Value::Object(properties)), json!({})))
        .collect();
    let mut told = told_attributes(planter);
    let tags = told.shift_remove("tags").unwrap();
    items.push(item(OWN_TEMPLATE, Value::Object(told), tags));
    for form in planter.forms() {
        items.push(json!({"resourceType": OWN_TEMPLATE, "resourceId": form, "resourceName": form, "configuration": {"note": form}}));
    }
    json!({"configurationItems": items})
}

fn tags_of(planter: &mut Planter) -> Vec<Value> {
    let told = told_attributes(planter);
    let tags = told["tags"].as_object().unwrap();
    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

/// The answers of the two lists of ARNs.
fn listings(planter: &mut Planter) -> [Value; 2] {
    let arn = |name: &str| format!("arn:aws:sqs:eu-west-1:111122223333:{name}");
    let mut tagging = vec![json!({"ResourceARN": arn("told"), "Tags": tags_of(planter)})];
    let mut explorer = vec![
        json!({"Arn": arn("seen"), "OwningAccountId": "111122223333", "Region": "eu-west-1", "ResourceType": "sqs:queue", "Service": "sqs",
        "Properties": [{"Name": "tags", "Data": tags_of(planter)}]}),
    ];
    for form in planter.forms() {
        tagging.push(json!({"ResourceARN": arn(&form), "Tags": []}));
        explorer.push(
            json!({"Arn": arn(&form), "OwningAccountId": "111122223333", "Region": "eu-west-1", "ResourceType": form, "Service": form}),
        );
    }
    [
        json!({"ResourceTagMappingList": tagging}),
        json!({"Resources": explorer, "ViewArn": arn("view")}),
    ]
}

/// A table with a secret in each of its columns.
fn table(planter: &mut Planter) -> String {
    let columns = [
        "arn",
        "type",
        "service",
        "mode",
        "name",
        "owner",
        "environment",
        "data",
        "tags",
        "Tag: team",
        "note",
        "db password",
        "value",
    ];
    let mut text = columns.join(",") + "\n";
    let mut row = |cells: &dyn Fn(&str) -> String| {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| format!("\"{}\"", cells(column).replace('"', "\"\"")))
            .collect();
        text.push_str(&(cells.join(",") + "\n"));
    };
    for form in planter.forms() {
        for hit in columns
            .iter()
            .filter(|column| !["arn", "mode", "db password", "value"].contains(column))
        {
            row(&|column| match column {
                _ if column == *hit => form.clone(),
                "type" => OWN.to_owned(),
                "tags" => "a=b".to_owned(),
                _ => String::new(),
            });
        }
    }
    let (password, value, pin) = (planter.canary(), planter.canary(), planter.canary());
    row(&|column| match column {
        "type" => "aws_ssm_parameter".to_owned(),
        "db password" => password.clone(),
        "value" => value.clone(),
        "tags" => format!("a=1;PIN={pin}"),
        _ => String::new(),
    });
    text
}

/// A template in YAML as people write it.
fn yaml(planter: &mut Planter) -> String {
    format!(
        "AWSTemplateFormatVersion: \"2010-09-09\"\nParameters:\n  Licence: {{Type: String, NoEcho: yes, Default: {}}}\n  Code: {{Type: String, NoEcho: on, Default: {}}}\n\
         Resources:\n  Ec2:\n    Type: AWS::EC2::Instance\n    Properties: {{Tags: [{{Key: licence, Value: !Ref Licence}}, {{Key: note, Value: !Sub \"x-${{Code}}\"}}]}}\n  \
         Pipe:\n    Type: AWS::CodePipeline::Pipeline\n    Properties:\n      Stages: [{{Actions: [{{Configuration: {{EnvironmentVariables: '[{{\"name\":\"FOO\",\"value\":\"{}\"}}]'}}}}]}}]\n",
        planter.canary(),
        planter.canary(),
        planter.canary()
    )
}

/// All that can be read out of a file, packed or not.
pub(crate) fn readable(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let mut texts = vec![(name.to_owned(), String::from_utf8_lossy(bytes).into_owned())];
    if bytes.starts_with(b"%PDF") {
        let document = lopdf::Document::load_mem(bytes).unwrap();
        for (id, object) in &document.objects {
            let text = match object.as_stream() {
                Ok(stream) => {
                    let unpacked = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                    String::from_utf8_lossy(&unpacked).into_owned()
                }
                Err(_) => format!("{object:?}"),
            };
            texts.push((format!("{name} {id:?}"), text));
        }
        texts.push((format!("{name} as text"), pdf_extract::extract_text_from_mem(bytes).unwrap()));
    }
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for index in 0..archive.len() {
            let mut inner = Vec::new();
            let mut file = archive.by_index(index).unwrap();
            let inner_name = format!("{name}/{}", file.name().unwrap());
            file.read_to_end(&mut inner).unwrap();
            texts.extend(readable(&inner_name, &inner));
        }
    }
    texts
}

/// The canaries in a text, as they are or in Base64, each with what stands around it.
fn heard(name: &str, text: &str) -> Vec<String> {
    // The letters that stand for the canary whatever stands before it.
    let encoded = [0, 1, 2].map(|before| {
        let text = STANDARD.encode(format!("{}{CANARY}", "x".repeat(before)));
        text.trim_end_matches('=')[[0, 2, 3][before]..].chars().take(8).collect::<String>()
    });
    let lower = text.to_lowercase();
    let plain = lower.match_indices(CANARY).map(|(at, _)| (at, &*lower));
    let hidden = encoded
        .iter()
        .flat_map(|encoded| text.match_indices(encoded.as_str()).map(|(at, _)| (at, text)));
    let around = |(at, text): (usize, &str)| {
        let around = &text.as_bytes()[at.saturating_sub(120)..(at + 60).min(text.len())];
        format!("{name}: {}", String::from_utf8_lossy(around))
    };
    plain.chain(hidden).map(around).take(20).collect()
}

/// That no canary is in any of the texts.
pub(crate) fn assert_silent<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) {
    let heard: Vec<String> = texts.into_iter().flat_map(|(name, text)| heard(name, text)).take(60).collect();
    assert!(heard.is_empty(), "{}", heard.join("\n----\n"));
}

/// The files of every source.
fn planted(places: &[Planted]) -> Vec<(&'static str, String)> {
    let mut planter = Planter::default();
    let planter = &mut planter;
    let state = state(places, planter);
    let [tagging, explorer] = listings(planter);
    let files = vec![
        ("plan.json", shown(&state, "planned_values", planter).to_string()),
        ("shown.json", shown(&state, "values", planter).to_string()),
        ("state.tfstate", state.to_string()),
        ("template.json", template(places, planter).to_string()),
        ("template.yaml", serde_yaml::to_string(&template(places, planter)).unwrap()),
        ("people.yaml", yaml(planter)),
        ("config.json", config(places, planter).to_string()),
        ("tagging.json", tagging.to_string()),
        ("explorer.json", explorer.to_string()),
        ("table.csv", table(planter)),
    ];
    assert!(files.iter().all(|(_, text)| text.contains(CANARY)));
    files
}

/// The sources in which canaries are planted.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let files = planted(&places()).into_iter();
    files.map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()
}

#[test]
fn every_place_of_the_table_has_a_canary() {
    let table: Value = serde_yaml::from_str(&repository("catalog/aws/secrets.yaml")).unwrap();
    let mut known = BTreeSet::new();
    for (source, kinds) in table["places"].as_object().unwrap() {
        for (kind, paths) in kinds.as_object().unwrap() {
            known.extend(
                paths
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|path| format!("{source}\t{kind}\t{}", path.as_str().unwrap())),
            );
        }
    }
    let planted: BTreeSet<String> = places()
        .iter()
        .map(|place| format!("{}\t{}\t{}", place.source, place.kind, place.path))
        .collect();
    let without: Vec<&String> = known.difference(&planted).collect();
    let lost: Vec<&String> = planted.difference(&known).collect();
    assert!(without.is_empty(), "add them to tests/fixtures/canaries/places.tsv: {without:?}");
    assert!(lost.is_empty(), "no longer in catalog/aws/secrets.yaml: {lost:?}");
}

#[test]
fn no_canary_sings_in_anything_that_an_import_writes() {
    let places = places();
    let files = planted(&places);
    let mut said: Vec<(String, String)> = Vec::new();
    for is_asked in [false, true] {
        let mut folder = Folder::new().with("asked/services/zz-canaries.yaml", overlay(&places));
        for (name, text) in &files {
            folder = folder.with(name, text);
        }
        let asked: &[&str] = if is_asked { &["--catalog", "asked"] } else { &[] };
        for (name, _) in &files {
            for format in ["yaml", "json"] {
                let run = folder.run(&[&["import", name, "--format", format][..], asked].concat());
                run.well();
                assert!(run.text().contains("aws") || run.text().contains("AWS"));
                said.push((format!("import {name}, asked: {is_asked}"), run.text()));
                said.push((format!("what import {name} says"), run.errors));
            }
        }
    }
    assert_silent(said.iter().map(|(name, text)| (name.as_str(), text.as_str())));
}

#[test]
fn no_canary_sings_in_any_document() {
    let places = places();
    let mut folder = Folder::new().with("asked/services/zz-canaries.yaml", overlay(&places));
    let files = planted(&places);
    for (name, text) in &files {
        folder = folder.with(name, text);
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let asked = ["--catalog", "asked"];
    let mut said = Vec::new();
    let mut run = |arguments: &[&str]| {
        let run = folder.run(&[arguments, &asked].concat());
        assert!(
            !run.errors.contains("panicked") && run.code < 2,
            "{arguments:?}: {:.2000}",
            run.errors
        );
        said.push((format!("{arguments:?}"), run.text_lossy()));
        said.push((format!("what {arguments:?} says"), run.errors));
    };
    // Imported, and renewed onto an inventory that an earlier version wrote with its secrets.
    run(&[&["import"][..], &names, &["-o", "out/inventory.yaml"]].concat());
    let mut earlier: Value = serde_yaml::from_str(&folder.read("out/inventory.yaml")).unwrap();
    for one in earlier["resources"].as_array_mut().unwrap() {
        let fields = one.as_object_mut().unwrap();
        fields.entry("name").or_insert_with(|| format!("password={CANARY}9999").into());
    }
    let earlier = serde_yaml::to_string(&earlier).unwrap().replace(
        "    port: 5432\n",
        &format!("    port: 5432\n    password: {CANARY}9998\n    custom: password={CANARY}9997\n"),
    );
    assert!(
        ["9999", "9998", "9997"]
            .iter()
            .all(|number| earlier.contains(&format!("{CANARY}{number}")))
    );
    folder.put("earlier.yaml", earlier);
    run(&[&["import"][..], &names, &["-o", "earlier.yaml"]].concat());
    for format in ["json", "sarif", "github"] {
        run(&["check", "out/inventory.yaml", "--format", format]);
        run(&[&["check"][..], &names, &["--format", format]].concat());
    }
    run(&["why", "zz-canaries", "backup", "out/inventory.yaml"]);
    let outputs = ["md", "html", "pdf", "json", "csv", "xlsx"].map(|ending| format!("out/r.{ending}"));
    let outputs: Vec<&str> = outputs.iter().flat_map(|name| ["-o", name]).collect();
    run(&[
        &["report", "out/inventory.yaml", "--as-of", "2026-11-01", "--edition", "review"][..],
        &outputs,
    ]
    .concat());
    run(&["pack", "out/inventory.yaml", "--as-of", "2026-11-01", "-o", "out/pack.zip"]);
    let direct = ["md", "pdf", "json"].map(|ending| format!("out/d.{ending}"));
    let direct: Vec<&str> = direct.iter().flat_map(|name| ["-o", name]).collect();
    run(&[&["report"][..], &names, &["--as-of", "2026-11-01"], &direct].concat());
    let written: Vec<String> = folder.files().into_iter().filter(|name| name.starts_with("out/")).collect();
    assert!(written.len() >= 11, "{written:?}");
    let own = "earlier.yaml".to_owned();
    let files = written.iter().chain([&own]).flat_map(|name| readable(name, &folder.bytes(name)));
    said.extend(files);
    assert_silent(said.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let looked = said.len();
    assert!(looked > 100, "{looked}");
    let inventory = folder.read("out/inventory.yaml");
    for kept in ["name: told", "port: 5432", "arn:aws:sqs:eu-west-1:111122223333:told"] {
        assert!(inventory.contains(kept), "{kept}");
    }
}

#[test]
fn no_canary_sings_in_a_file_that_is_too_long_to_be_held() {
    let places = places();
    let files = planted(&places);
    let text = |name: &str| {
        files
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| text.clone())
            .unwrap()
    };
    let filler = "x".repeat(12 * 1024 * 1024);
    let mut state: Value = serde_json::from_str(&text("state.tfstate")).unwrap();
    let padding = json!({"mode": "managed", "type": "aws_sqs_queue", "name": "q", "provider": AWS, "instances": [{"attributes": {"name": "q", "filler": filler}}]});
    state["resources"].as_array_mut().unwrap().extend(vec![padding; 3]);
    let mut config: Value = serde_json::from_str(&text("config.json")).unwrap();
    let padding = json!({"resourceType": "AWS::SQS::Queue", "resourceId": "q", "configuration": {"filler": filler}});
    config["configurationItems"].as_array_mut().unwrap().extend(vec![padding; 3]);
    let mut tagging: Value = serde_json::from_str(&text("tagging.json")).unwrap();
    let padding = json!({"ResourceARN": "arn:aws:sqs:eu-west-1:111122223333:q", "Tags": [{"Key": "filler", "Value": filler}]});
    tagging["ResourceTagMappingList"].as_array_mut().unwrap().extend(vec![padding; 3]);
    let row = format!("\"\",aws_sqs_queue,,,,,,,,,{}\n", &filler[..3 * 1024 * 1024]);
    let table = text("table.csv") + &row.repeat(11);
    // Rules look at tags, so that those are read, too.
    let keys: BTreeSet<String> = state["resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|block| block["instances"][0]["attributes"]["tags"].as_object())
        .flat_map(|tags| tags.keys().cloned())
        .filter(|key| !key.contains(CANARY))
        .collect();
    let first = json!({"responsible": "a", "accountable": "a"});
    let rules = keys.iter().map(|key| json!({"match": {"tag": {key: "*"}}, "informed": "a"}));
    let rules: Vec<Value> = std::iter::once(first).chain(rules).collect();
    let files = [
        ("long.tfstate", state.to_string()),
        ("long.json", config.to_string()),
        ("tags.json", tagging.to_string()),
        ("long.csv", table),
    ];
    let imports: Vec<Value> = files.iter().map(|(name, _)| json!({"file": name})).collect();
    let inventory = json!({"inventory": 1, "organization": "Example", "as_of": "2026-11-01", "parties": {"a": {"name": "A"}},
        "assignments": rules, "imports": imports});
    let mut folder = Folder::new()
        .with("asked/services/zz-canaries.yaml", overlay(&places))
        .with("inventory.yaml", inventory.to_string());
    for (name, text) in &files {
        folder = folder.with(name, text);
    }
    for (name, _) in &files {
        let run = folder.run(&["import", name, "--catalog", "asked", "--format", "json"]);
        run.well();
        assert_silent([(*name, run.text().as_str()), (*name, run.errors.as_str())]);
        assert!(
            run.text().contains(OWN) || run.text().contains(OWN_TEMPLATE) || *name == "tags.json",
            "{name}"
        );
    }
    let run = folder.run(&["report", "inventory.yaml", "--catalog", "asked", "-o", "r.json", "-o", "r.md"]);
    run.well();
    let texts = [folder.read("r.json"), folder.read("r.md"), run.errors];
    assert_silent(texts.iter().map(|text| ("the report of long files", text.as_str())));
}
