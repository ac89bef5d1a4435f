//! What is fuzzed: each kind of file that the program reads, with small ones to begin with, and the commands that read it.

use crate::engines;
use crate::support::{Folder, repository, root};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// A kind of file.
pub(super) struct Target {
    pub(super) id: &'static str,
    /// What lies around the input.
    pub(super) around: fn(&Folder),
    /// Where an input lies: `{n}` is its number, `{name}` its own name.
    pub(super) place: &'static str,
    /// What is run: `{}` are the inputs, `{each}` the same behind `option` each.
    pub(super) commands: &'static [&'static [&'static str]],
    pub(super) option: &'static str,
    /// How many inputs a run takes together.
    pub(super) batch: usize,
    /// Whether no token may leave whatever says it: what other programs wrote, and people did not.
    pub(super) has_secrets: bool,
    /// Whether the input says how an output ends: a template of somebody's own.
    pub(super) has_ends: bool,
    pub(super) seeds: fn() -> Vec<Seed>,
}

/// A file to begin with.
pub(super) struct Seed {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

const IMPORTED: &[&[&str]] = &[
    &["check", "{}"],
    &["import", "{}", "-o", "out/i.yaml"],
    &["report", "{}", "--as-of", "2026-11-01", "-o", "out/r.md", "-o", "out/r.json"],
];

const IMPORT: Target = Target {
    id: "",
    around: |_| (),
    place: "in/{n}/{name}",
    commands: IMPORTED,
    option: "",
    batch: 6,
    has_secrets: true,
    has_ends: false,
    seeds: Vec::new,
};

/// All of them.
pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            id: "terraform",
            seeds: terraform,
            ..IMPORT
        },
        Target {
            id: "cloudformation",
            seeds: cloudformation,
            // A template has values that people wrote; what is secret is said by it.
            has_secrets: false,
            ..IMPORT
        },
        Target {
            id: "aws_lists",
            seeds: aws_lists,
            ..IMPORT
        },
        Target {
            id: "pulumi",
            seeds: pulumi,
            ..IMPORT
        },
        Target {
            id: "tables",
            seeds: tables,
            ..IMPORT
        },
        Target {
            id: "archives",
            seeds: archives,
            has_secrets: false,
            ..IMPORT
        },
        Target {
            id: "results",
            around: inventory_beside,
            commands: &[
                &["check", "inventory.yaml", "{each}"],
                &["report", "inventory.yaml", "{each}", "-o", "out/r.md", "-o", "out/r.json"],
            ],
            option: "--results",
            seeds: results,
            ..IMPORT
        },
        Target {
            id: "inventory",
            commands: &[
                &["check", "{}"],
                &["report", "{}", "-o", "out/r.html", "-o", "out/r.json", "-o", "out/r.csv"],
                &["report", "{}", "--redact", "-o", "out/r.md"],
            ],
            batch: 1,
            has_secrets: false,
            seeds: inventory,
            ..IMPORT
        },
        Target {
            id: "catalog",
            around: inventory_beside,
            place: "overlay/{name}",
            commands: &[
                &["catalog", "check", "overlay"],
                &["report", "inventory.yaml", "--catalog", "overlay", "-o", "out/r.md"],
            ],
            batch: 1,
            has_secrets: false,
            seeds: catalog,
            ..IMPORT
        },
        Target {
            id: "templates",
            around: inventory_beside,
            place: "templates/{name}",
            commands: &[&[
                "report",
                "inventory.yaml",
                "--templates",
                "templates",
                "-o",
                "out/r.html",
                "-o",
                "out/r.md",
            ]],
            batch: 1,
            has_secrets: false,
            has_ends: true,
            seeds: templates,
            ..IMPORT
        },
        Target {
            id: "pack",
            around: |folder| folder.put("us.pub", &keys()[1]),
            place: "in/{name}",
            commands: &[&["verify", "{}"], &["verify", "{}", "--key", "us.pub"], &["diff", "{}", "{}"]],
            batch: 1,
            has_secrets: false,
            seeds: packs,
            ..IMPORT
        },
        Target {
            id: "oscal",
            around: |folder| folder.put("inventory.yaml", repository("tests/fixtures/oscal/inventory.yaml")),
            commands: &[
                &["check", "inventory.yaml", "{each}"],
                &["report", "inventory.yaml", "{each}", "-o", "out/r.md", "-o", "out/r.json"],
            ],
            option: "--upstream",
            batch: 1,
            has_secrets: false,
            seeds: oscal,
            ..IMPORT
        },
        Target {
            id: "report",
            around: inventory_beside,
            place: "in/{name}",
            commands: &[
                &["diff", "{}", "inventory.yaml"],
                &["report", "inventory.yaml", "--since", "{}", "-o", "out/r.md"],
            ],
            batch: 1,
            has_secrets: false,
            seeds: reports,
            ..IMPORT
        },
    ]
}

fn inventory_beside(folder: &Folder) {
    folder.put("inventory.yaml", repository("tests/fixtures/golden/inventory.yaml"));
}

fn seed(name: &str, bytes: impl AsRef<[u8]>) -> Seed {
    Seed {
        name: name.to_owned(),
        bytes: bytes.as_ref().to_vec(),
    }
}

/// Files of the repository that are no longer than 32 KiB.
fn files(folder: &str) -> Vec<Seed> {
    let walk = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let files = walk.into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let short = files.filter(|entry| entry.metadata().unwrap().len() <= 32 << 10);
    short
        .map(|entry| {
            let name = entry.path().strip_prefix(root().join(folder)).unwrap().to_str().unwrap().to_owned();
            seed(&name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn terraform() -> Vec<Seed> {
    let state: Value = serde_json::from_str(&repository("inventories/reference/terraform/prod.tfstate")).unwrap();
    let values = |block: &Value| {
        json!({"address": format!("{}.x", block["type"].as_str().unwrap()), "mode": block["mode"], "type": block["type"], "name": block["name"], "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": block["instances"][0]["attributes"], "sensitive_values": {"tags": {"a": true}}})
    };
    let resources: Vec<Value> = state["resources"].as_array().unwrap().iter().map(values).collect();
    let root =
        json!({"root_module": {"resources": &resources[..1], "child_modules": [{"address": "module.m", "resources": &resources[1..]}]}});
    let change = |resource: &Value| json!({"address": resource["address"], "mode": "managed", "type": resource["type"], "name": "x", "change": {"actions": ["delete", "create"], "after": resource["values"]}});
    let changes: Vec<Value> = resources.iter().map(change).collect();
    let older = json!({"version": 3, "terraform_version": "0.11.14", "serial": 1, "modules": [{"path": ["root"], "resources": {"aws_sqs_queue.a.0":
        {"type": "aws_sqs_queue", "primary": {"id": "a", "attributes": {"arn": "arn:aws:sqs:eu-west-1:111122223333:a", "tags.%": "1", "tags.team": "a", "list.#": "1", "list.0": "x"}}, "provider": "provider.aws"}}}]});
    vec![
        seed("a.tfstate", state.to_string()),
        seed("estate.tfstate", repository("tests/fixtures/terraform/estate.tfstate")),
        seed("secrets.tfstate", repository("tests/fixtures/terraform/secrets.tfstate")),
        seed("shown.json", json!({"format_version": "1.0", "terraform_version": "1.9.8", "values": root}).to_string()),
        seed("plan.json", json!({"format_version": "1.2", "terraform_version": "1.9.8", "planned_values": root, "resource_changes": changes, "configuration": {"root_module": {}}}).to_string()),
        seed("older.tfstate", older.to_string()),
    ]
}

fn cloudformation() -> Vec<Seed> {
    let yaml = "AWSTemplateFormatVersion: \"2010-09-09\"\nTransform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\nParameters:\n  Env: {Type: String, Default: prod}\n  Secret: {Type: String, NoEcho: true, Default: x}\n\
        Mappings: {M: {prod: {size: 3}}}\nConditions:\n  IsProd: !Equals [!Ref Env, prod]\n  Both: !And [!Condition IsProd, !Not [!Equals [a, b]]]\nResources:\n  Fn::ForEach::Topics:\n    - Name\n    - [a, b]\n    - Topic${Name}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub \"t-${Name}\"}}\n  \
        Db:\n    Type: AWS::RDS::DBInstance\n    Condition: IsProd\n    Properties:\n      Engine: postgres\n      AllocatedStorage: !FindInMap [M, !Ref Env, size]\n      StorageEncrypted: !If [Both, true, !Ref AWS::NoValue]\n      MasterUserPassword: !Ref Secret\n      Tags: [{Key: a, Value: !Join [\"-\", [!Ref Env, !GetAtt Fn.Arn]]}]\n  \
        Fn: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Policies: [{Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"*\", Resource: !Split [\",\", \"a,b\"]}]}]}}\n  \
        Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./template.yaml}}\n";
    let mut seeds = vec![seed("template.yaml", yaml)];
    seeds.extend(
        files("tests/fixtures/cdk.out")
            .into_iter()
            .filter(|seed| seed.name.ends_with("template.json") || seed.name.ends_with("manifest.json")),
    );
    for (number, seed) in seeds.iter_mut().enumerate() {
        seed.name = format!("{number}-{}", seed.name.rsplit('/').next().unwrap());
    }
    seeds
}

fn aws_lists() -> Vec<Seed> {
    let arn = "arn:aws:sqs:eu-west-1:111122223333:a";
    let item = json!({"resourceType": "AWS::RDS::DBInstance", "resourceId": "db-A", "resourceName": "a", "ARN": "arn:aws:rds:eu-west-1:111122223333:db:a", "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
        "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-10-01T00:00:00Z", "tags": {"team": "a"}, "relationships": [{"resourceType": "AWS::EC2::VPC", "resourceId": "vpc-1"}],
        "configuration": {"dBInstanceIdentifier": "a", "engine": "postgres", "storageEncrypted": true, "vpcSecurityGroups": [{"vpcSecurityGroupId": "sg-1"}]}, "supplementaryConfiguration": {"Tags": "[{\"key\":\"a\"}]"}});
    vec![
        seed("config.json", json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": [item, item]}).to_string()),
        seed("query.json", json!({"Results": [item.to_string()], "QueryInfo": {"SelectFields": [{"Name": "resourceId"}]}}).to_string()),
        seed("tagging.json", json!({"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": [{"Key": "team", "Value": "a"}]}], "PaginationToken": ""}).to_string()),
        seed("explorer.json", json!({"Resources": [{"Arn": arn, "OwningAccountId": "111122223333", "Region": "eu-west-1", "ResourceType": "sqs:queue", "Service": "sqs",
            "Properties": [{"Name": "tags", "Data": [{"Key": "team", "Value": "a"}], "LastReportedAt": "2026-10-01T00:00:00Z"}]}], "ViewArn": arn}).to_string()),
        seed("accounts.json", json!({"Accounts": [{"Id": "111122223333", "Arn": "arn:aws:organizations::111122223333:account/o-a/111122223333", "Name": "prod", "Email": "a@example.com", "Status": "ACTIVE", "JoinedTimestamp": 1.5}]}).to_string()),
    ]
}

fn pulumi() -> Vec<Seed> {
    let stack: Value = serde_json::from_str(&repository("tests/fixtures/pulumi/stack.json")).unwrap();
    let checkpoint = json!({"version": 3, "checkpoint": {"stack": "organization/shop/prod", "latest": stack["deployment"]}});
    vec![
        seed("stack.json", stack.to_string()),
        seed("checkpoint.json", checkpoint.to_string()),
    ]
}

const ROWS: &str = "arn,type,name,account,region,tags,owner,environment,engine,storage_encrypted\n\
    arn:aws:rds:eu-west-1:111122223333:db:a,aws_db_instance,a,111122223333,eu-west-1,\"team=a;cost=\"\"1\"\"\",ops,prod,postgres,TRUE\n\
    ,AWS::SQS::Queue,b,012345678901,eu-central-1,\"{\"\"team\"\": \"\"b\"\"}\",dev,test,,false\n";

fn tables() -> Vec<Seed> {
    let rows = vec![
        json!({"arn": "arn:aws:s3:::logs", "name": "logs", "account_id": "111122223333", "region": "eu-west-1", "versioning_enabled": true, "tags": {"team": "a"}, "size": 3}),
        json!({"arn": "arn:aws:s3:::data", "name": "data", "account_id": "111122223333", "region": "eu-west-1", "versioning_enabled": false, "tags": {"team": "b"}, "size": 4}),
    ];
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    vec![
        seed("rows.csv", ROWS),
        seed("semicolons.csv", format!("sep=;\nReport of 2026\n{}", ROWS.replace(',', ";"))),
        seed("tabs.tsv", ROWS.replace(',', "\t")),
        seed("aws_s3_bucket.json", json!({"columns": [], "rows": rows}).to_string()),
        seed("aws_s3_buckets.jsonl", lines),
        seed("aws_s3_bucket.xlsx", engines::workbook(&rows)),
        seed("aws_s3_buckets.parquet", engines::parquet(&rows)),
    ]
}

fn archives() -> Vec<Seed> {
    let (state, rows) = (repository("inventories/reference/terraform/prod.tfstate"), ROWS);
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(state.as_bytes()).unwrap();
    let gz = packed.finish().unwrap();
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("a.tfstate", state.as_bytes()),
        ("d/rows.csv", rows.as_bytes()),
        ("b.tfstate.gz", gz.as_slice()),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, bytes).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("a.tfstate", state.as_bytes()), ("d/rows.csv", rows.as_bytes())] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    vec![
        seed("a.tfstate.gz", gz),
        seed("a.tfstate.zst", zstd::encode_all(state.as_bytes(), 3).unwrap()),
        seed("a.tar.zst", zstd::encode_all(tar.as_slice(), 3).unwrap()),
        seed("a.tar", tar),
        seed("a.zip", zip.finish().unwrap().into_inner()),
    ]
}

fn results() -> Vec<Seed> {
    files("tests/fixtures/results")
}

fn inventory() -> Vec<Seed> {
    let mut seeds = vec![
        seed("golden.yaml", repository("tests/fixtures/golden/inventory.yaml")),
        seed("partitions.yaml", repository("tests/fixtures/partitions/inventory.yaml")),
        seed("minimal.yaml", repository("inventories/minimal.yaml")),
        seed("msp.yaml", repository("inventories/msp/inventory.yaml")),
        seed("reference.yaml", repository("inventories/reference/inventory.yaml")),
    ];
    let tree: Value = serde_yaml::from_str(&repository("tests/fixtures/golden/inventory.yaml")).unwrap();
    seeds.push(seed("golden.json", tree.to_string()));
    seeds
}

fn catalog() -> Vec<Seed> {
    let mut seeds = files("inventories/msp/catalog");
    let service = |id: &str| {
        seed(
            &format!("services/{id}.yaml"),
            repository(&format!("catalog/aws/services/{id}.yaml")),
        )
    };
    seeds.extend([service("sqs"), service("kms")]);
    seeds
}

fn templates() -> Vec<Seed> {
    let mut seeds: Vec<Seed> = files("templates");
    seeds.retain(|seed| [".md", ".html", ".svg", ".css"].iter().any(|ending| seed.name.ends_with(ending)) && !seed.name.contains("site/"));
    seeds
}

/// A pair of keys, the same in every run: the secret one and the public one, as files.
fn keys() -> [String; 2] {
    let pair = ed25519_compact::KeyPair::from_seed(ed25519_compact::Seed::new([7; 32]));
    let secret = [&b"Ed\0\0B2"[..], &[0; 48], b"keynum!!", pair.sk.as_slice(), &[0; 32]].concat();
    let public = [&b"Ed"[..], b"keynum!!", pair.pk.as_slice()].concat();
    [secret, public].map(|key| format!("untrusted comment: for tests\n{}\n", STANDARD.encode(key)))
}

fn packs() -> Vec<Seed> {
    let folder = Folder::golden().with("us.key", &keys()[0]);
    let make = |name: &str, more: &[&str]| {
        let all = [&["pack", "inventory.yaml", "-o", name, "--edition", "review"][..], more].concat();
        folder.run(&all).well();
        seed(name, folder.bytes(name))
    };
    vec![
        make("a.zip", &["--format", "csv"]),
        make("b.zip", &["--format", "json"]),
        make("signed.zip", &["--format", "csv", "--sign", "us.key"]),
    ]
}

fn oscal() -> Vec<Seed> {
    files("tests/fixtures/oscal/upstream")
}

fn reports() -> Vec<Seed> {
    let folder = Folder::golden().with("small.yaml", repository("inventories/minimal.yaml"));
    let report = |of: &str| {
        folder
            .run(&["report", of, "--as-of", "2026-10-01", "--format", "json", "-o", "-"])
            .fine()
    };
    vec![seed("old.json", report("inventory.yaml")), seed("small.json", report("small.yaml"))]
}
