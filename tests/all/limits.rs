//! Files that would keep the program busy without end, bring it down, or have it say too much: each family of inputs is tried
//! at growing sizes, and neither time nor what is said may grow without bound.

use crate::support::{Folder, Run, repository};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What no test here may take, on a busy machine and unoptimised; what is tested took minutes, or never ended.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What all messages of one run may have.
pub(crate) const MOST_BYTES: usize = 200_000;

const FORMATS: &[&str] = &["text", "json", "sarif", "github"];

pub(crate) fn timely(folder: &Folder, arguments: &[&str]) -> Run {
    let begin = Instant::now();
    let run = folder.run(arguments);
    assert!(begin.elapsed() < PATIENCE, "{arguments:?} took {:?}", begin.elapsed());
    assert!(!run.errors.contains("panicked"), "{arguments:?}: {:.2000}", run.errors);
    run
}

/// All that a run says, on both streams.
pub(crate) fn said(run: &Run) -> String {
    format!("{}{}", run.text(), run.errors)
}

// ------------------------------------------------------------------------------------------------ messages

#[test]
fn like_faults_are_folded_in_every_format() {
    for count in [9, 30, 1_000, 20_000] {
        let resources: Vec<Value> = (0..count)
            .map(|number| json!({"service": "s3", "name": format!("bucket-{number}"), "acount": "111122223333"}))
            .collect();
        let inventory = json!({"inventory": 1, "organization": "X", "resources": resources}).to_string();
        let folder = Folder::new().with("inventory.json", inventory);
        for format in FORMATS {
            let run = timely(&folder, &["check", "inventory.json", "--format", format]);
            run.failed(1);
            let said = said(&run);
            assert!(said.len() < 20_000, "{count} {format}: {} bytes", said.len());
            let told = said.matches("unknown field `acount`").count();
            if count <= 10 {
                assert_eq!(told, count, "{format}");
                assert!(!said.contains("more like this"), "{format}");
            } else {
                // No more faults of a kind are looked for than some ten thousand.
                let counted = count.min(10_000);
                assert_eq!(told, 3, "{format}");
                assert!(said.contains(&format!("and {} more like this", counted - 3)), "{format}: {said}");
            }
            match *format {
                "json" => assert!(serde_json::from_str::<Value>(&run.text()).is_ok()),
                "text" => assert!(said.contains(&format!("{} errors;", count.min(10_000))), "{said}"),
                _ => {}
            }
        }
    }
}

#[test]
fn messages_that_differ_are_bounded_too_and_the_rest_is_told() {
    // Each name breaks out of its backticks, so that no two messages are alike.
    let mut inventory = json!({"inventory": 1, "organization": "X", "resources": [{"service": "s3"}]});
    for number in 0_u32..9_000 {
        let letters: String = number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        inventory[format!("`{letters}` {}", "long ".repeat(100))] = 1.into();
    }
    let folder = Folder::new().with("inventory.json", inventory.to_string());
    for format in FORMATS {
        let run = timely(&folder, &["check", "inventory.json", "--format", format]);
        run.failed(1);
        let said = said(&run);
        assert!(said.len() < 12 * 1024 * 1024, "{format}: {} bytes", said.len());
        let (before, _) = said.split_once(" more messages are left out").expect(format);
        let left_out: usize = before
            .rsplit(|letter: char| !letter.is_ascii_digit())
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(left_out > 6_000, "{format}: {left_out}");
    }
}

#[test]
fn long_names_and_lines_are_cut() {
    let long = "n".repeat(3_000_000);
    let folder = Folder::new().with(
        "inventory.json",
        json!({"inventory": 1, "organization": "X", "resources": [{"service": long, "ä": long.clone(), long.clone(): 1}]}).to_string(),
    );
    for format in FORMATS {
        let run = timely(&folder, &["check", "inventory.json", "--format", format]);
        run.failed(1);
        assert!(said(&run).len() < MOST_BYTES, "{format}: {}", said(&run).len());
    }
    let text = timely(&folder, &["check", "inventory.json"]);
    assert!(text.errors.lines().all(|line| line.chars().count() < 2_300), "a line is too long");
}

// ------------------------------------------------------------------------------------------------ quotations

const SECRET: &str = "hunter2hunter2";

/// Files that are no inventories, or are broken, and hold a secret.
fn foreign() -> Vec<(String, String)> {
    let state = json!({"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "inventory": "hosts", "resources": [
        {"mode": "managed", "type": "aws_db_instance", "name": "d", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
         "instances": [{"attributes": {"identifier": "x", "password": SECRET}}]}]})
    .to_string();
    let pretty = format!("{:#}", serde_json::from_str::<Value>(&state).unwrap());
    let mut files: Vec<(String, String)> = [
        (
            "answer.json",
            json!({"ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", "SecretString": SECRET}).to_string(),
        ),
        ("list.json", json!([{"a": SECRET}, SECRET]).to_string()),
        ("first-key.json", state.replacen("\"version\":", "\"version\"", 1)),
        ("twice.json", format!("{{\"a\": \"{SECRET}\", \"a\": \"{SECRET}\"}}")),
        (
            "resources.json",
            format!("{{\"resources\": \"{SECRET}\", \"password\": \"{SECRET}\", \"title\": 1}}"),
        ),
        ("values.yaml", format!("database:\n  password: {SECRET}\n  host: [\n")),
        ("hosts.yaml", format!("inventory: hosts\npassword: {SECRET}\n vars: {SECRET}\n")),
        (
            "template.yaml",
            format!("AWSTemplateFormatVersion: x\nResources:\n  A: {{Type: AWS::SQS::Queue, X: {SECRET}\n"),
        ),
        (
            "twice.yaml",
            format!("Resources:\n  A: {{Type: AWS::SQS::Queue, Y: {SECRET}}}\n  A: {{Type: AWS::SQS::Queue, X: {SECRET}}}\n"),
        ),
        ("table.csv", format!("arn,name\n\"x,{SECRET}\n,{SECRET}\n")),
        ("lone.json", format!("{{\"SecretString\": \"{SECRET}\\ud83d\"}}")),
        ("empty-key.tfstate", format!("{{\"\"\"{SECRET}\"}}")),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .to_vec();
    for (name, text) in [("one-line", &state), ("pretty", &pretty)] {
        for part in 1..12 {
            let cut = text.len() * part / 12;
            files.push((format!("cut-{name}-{part}.json"), text[..cut].to_owned()));
            files.push((format!("hole-{name}-{part}.json"), format!("{}\u{1}{}", &text[..cut], &text[cut..])));
        }
    }
    files
}

#[test]
fn nothing_but_an_inventory_is_quoted() {
    for (name, text) in foreign() {
        let folder = Folder::new()
            .with(&name, &text)
            .with("good.yaml", format!("inventory: 1\norganization: X\nimports: [{{file: {name}}}]\n"));
        for arguments in [
            vec!["check", &name],
            vec!["check", "--format", "json", &name],
            vec!["check", "--format", "sarif", &name],
            vec!["check", "--format", "github", &name],
            vec!["report", &name, "-o", "o.md"],
            vec!["import", &name, "-o", "o.yaml"],
            vec!["check", "good.yaml"],
            vec!["check", "."],
        ] {
            let run = timely(&folder, &arguments);
            assert!(!said(&run).contains(SECRET), "{name}, {arguments:?}: {}", said(&run));
        }
    }
}

#[test]
fn an_inventory_is_quoted_without_its_secrets() {
    let folder = Folder::new()
        .with(
            "inventory.yaml",
            format!(
                "inventory: 1\norganization: X\nresources:\n  - service: rds\n    config: {{engine: mysql, master_password: {SECRET}}}\n    nmae: x\n\
                 \x20 - {{service: rds, nmae: y, config: {{api_token: \"{SECRET}\", engine: mysql}}}}\n  - service: rds\n    config:\n      private_key: |\n        {SECRET}\n       {SECRET}: [\n"
            ),
        )
        .with(
            "line.json",
            json!({"inventory": 1, "organization": "X", "resources": [{"config": {"a": "b".repeat(500), "secret": SECRET}, "service": "sqs", "nmae": "z", "region": 5}]}).to_string(),
        );
    for file in ["inventory.yaml", "line.json"] {
        let run = timely(&folder, &["check", file]);
        run.failed(1);
        assert!(run.errors.contains("│ ") && !run.errors.contains(SECRET), "{file}: {}", run.errors);
    }
}

#[test]
fn the_same_file_gets_the_same_message_from_every_command() {
    for (name, text) in foreign() {
        let folder = Folder::new().with(&name, text);
        let import = timely(&folder, &["import", &name]);
        let report = timely(&folder, &["report", &name, "-o", "o.md"]);
        let check = timely(&folder, &["check", &name]);
        if import.code == 0 {
            continue;
        }
        assert_eq!(report.errors, check.errors, "{name}");
        assert_eq!(report.errors, import.errors, "{name}");
        assert!(import.errors.lines().count() < 40, "{name}: {}", import.errors);
    }
    // Files of which the name tells nothing, or something else.
    let bill = b"BilledCost,ServiceName,ChargeCategory\n1.5,Amazon EC2,Usage\n";
    let others: [(&str, &[u8], &str); 6] = [
        ("bill.txt", bill, "is a bill in FOCUS format"),
        ("bill.yaml", bill, "is a bill in FOCUS format"),
        ("answer.yaml", b"{\"ResultsByTime\": []}", "is an answer of Cost Explorer"),
        ("packed.yaml", b"\x1f\x8b\x08\x00\xff\xfe", "cannot be unpacked: it is cut off"),
        ("latin.yaml", b"organization: M\xfcller\nresources: []\n", "has no `inventory`"),
        ("notes.yaml", b"name: M\xfcller\n", "`notes.yaml` is not UTF-8 text"),
    ];
    for (name, bytes, what) in others {
        let folder = Folder::new().with(name, bytes);
        let runs = [vec!["import", name], vec!["check", name], vec!["report", name, "-o", "o.md"]].map(|arguments| folder.run(&arguments));
        for run in &runs {
            assert!(run.failed(1).contains(what), "{name}: {}", run.errors);
            assert_eq!(run.errors, runs[0].errors, "{name}");
        }
    }
}

// ------------------------------------------------------------------------------------------------ tables

#[test]
fn a_quote_that_nobody_closes_is_told_where_it_was_opened() {
    let head = "arn,account,region,service,name\narn:aws:s3:::a,111122223333,eu-west-1,s3,a\n";
    let open = "arn:aws:s3:::b,111122223333,eu-west-1,s3,\"x\n";
    let row = "arn:aws:s3:::c,111122223333,eu-west-1,s3,n\n";
    let closed = "arn:aws:s3:::d,111122223333,eu-west-1,s3,\"two\nlines \"\"quoted\"\"\"\n";
    for rows in [1, 1_000, 200_000, 900_000] {
        let folder = Folder::new().with("t.csv", format!("{head}{closed}{open}{}", row.repeat(rows)));
        let run = timely(&folder, &["import", "t.csv"]);
        let errors = run.failed(1);
        assert!(
            errors.contains("a quote is opened here and n") && errors.contains("t.csv:5:1"),
            "{rows}: {errors}"
        );
        assert_eq!(errors.contains("[limit-reached]"), rows > 100_000, "{rows}: {errors}");
    }
    let folder = Folder::new()
        .with("t.csv", format!("{head}{}\n{row}", "x".repeat(5_000_000)))
        .with("good.csv", format!("{head}{closed}{row}"));
    folder.refuses(&["import", "t.csv"], 1, "the row is longer than 4 MiB");
    assert!(folder.run(&["import", "good.csv"]).fine().contains("arn:aws:s3:::c"));
}

// ------------------------------------------------------------------------------------------------ JSON

#[test]
fn json_is_read_as_json() {
    let key = "k".repeat(5_000);
    let inventory = json!({"inventory": 1, "organization": "X", "title": "Launch 🚀", "resources": [
        {"service": "s3", "name": "b", "tags": {key.clone(): "v"}, "config": {"n": 12_345_678_901_234_567_890_u64, "f": 1.5e-7, "tab": "a\tb/c"}}]});
    let escaped = inventory.to_string().replace('🚀', "\\ud83d\\ude80").replace('/', "\\/");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(escaped.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [
        escaped.clone().into_bytes(),
        [b"\xef\xbb\xbf", escaped.as_bytes()].concat(),
        utf16,
        format!("\t{}\r\n", escaped.replace(",\"", ",\n\t\"")).into_bytes(),
    ] {
        let folder = Folder::new().with("inventory.json", bytes);
        let report: Value = folder.run(&["report", "inventory.json", "--format", "json"]).json();
        assert_eq!(report["meta"]["title"], "Launch 🚀");
    }
}

#[test]
fn what_is_wrong_in_json_has_its_place() {
    let with = |text: &str| format!("{{\"inventory\": 1,\n \"organization\": \"ä\",\n {text}}}");
    for (text, code, word, place) in [
        (
            "\"title\": \"x\\ud83d\"",
            "syntax-error",
            "half of a pair of `\\u` escapes stands alone",
            "3:",
        ),
        (
            "\"title\": \"x\\ude80\"",
            "syntax-error",
            "half of a pair of `\\u` escapes stands alone",
            "3:",
        ),
        (
            "\"title\": \"a\", \"title\": \"b\", \"resources\": []",
            "duplicate-key",
            "the key `title` stands twice",
            "3:2",
        ),
        ("\"titel\": \"\\ud83d\\ude80\"", "unknown-field", "unknown field `titel`", "3:2"),
        (
            "\"resources\": [{\"service\": \"s3\", \"\\u0063ount\": \"\\ud83d\\ude80\"}]",
            "wrong-type",
            "`resources[0].count`",
            "3:48",
        ),
        ("\"title\": 1e999", "limit", "a number is too large to be read", "3:"),
        (
            "\"title\": nul",
            "syntax-error",
            "a word is none of `true`, `false` and `null`",
            "3:",
        ),
        ("\"title\": \"a", "syntax-error", "the JSON ends before it is complete", "3:"),
    ] {
        let folder = Folder::new().with("inventory.json", with(text));
        let run = folder.run(&["check", "inventory.json"]);
        let errors = run.failed(1);
        assert!(
            errors.contains(word) && errors.contains(&format!("inventory.json:{place}")),
            "{text}: {errors}"
        );
        assert!(code == "limit" || errors.contains(code), "{text}: {errors}");
    }
}

// ------------------------------------------------------------------------------------------------ memory

#[cfg(target_os = "linux")]
#[test]
fn too_little_memory_is_an_error_with_exit_code_3() {
    let state = json!({"version": 4, "terraform_version": "1.9.0", "lineage": "x", "resources":
        (0..120_000).map(|number| json!({"mode": "managed", "type": "aws_sqs_queue", "name": format!("q{number}"), "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{"attributes": {"name": format!("q{number}"), "tags": {"a": "b".repeat(100)}}}]})).collect::<Vec<_>>()});
    let many = json!({"inventory": 1, "organization": "X", "resources":
        (0..100_000).map(|number| json!({"service": "sqs", "name": format!("q{number}"), "config": {"a": "b".repeat(100)}})).collect::<Vec<_>>()});
    let folder = Folder::golden()
        .with("state.json", state.to_string())
        .with("many.json", many.to_string());
    let program = env!("CARGO_BIN_EXE_cloudraci");
    let mut refused = 0;
    for kilobytes in [130_000, 160_000, 200_000, 300_000, 400_000] {
        for command in [
            "check inventory.yaml",
            "report inventory.yaml -o o.md",
            "report inventory.yaml -o o.pdf",
            "pack inventory.yaml -o pack.zip",
            "import state.json -o o.yaml",
            "check many.json",
        ] {
            let output = std::process::Command::new("sh")
                .arg("-c")
                .arg(format!("ulimit -v {kilobytes}; exec '{program}' {command}"))
                .current_dir(folder.path("."))
                .env_remove("RUST_BACKTRACE")
                .output()
                .unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            let code = output.status.code();
            assert!(matches!(code, Some(0 | 1 | 3)), "{kilobytes} {command}: {code:?} {errors:.2000}");
            if code == Some(3) {
                refused += 1;
                assert!(errors.contains("memory"), "{kilobytes} {command}: {errors:.2000}");
            }
        }
    }
    assert!(refused >= 5, "{refused}");
}

/// Whatever starts threads goes on without them, or says what is missing where a library cannot. No thread has the stack
/// that this asks for.
#[test]
fn no_thread_to_be_had_is_no_fault_of_the_program() {
    let state = repository("tests/fixtures/terraform/estate.tfstate");
    let folder = Folder::golden()
        .with("long.tfstate", format!("{state}{}", " ".repeat(33 << 20)))
        .with("state.json", state);
    for (command, code) in [
        ("report inventory.yaml -o o.md", 0),
        ("report inventory.yaml -o o.html", 0),
        ("report inventory.yaml -o o.pdf", 0),
        ("report inventory.yaml -o o.xlsx", 3),
        ("pack inventory.yaml -o pack.zip", 3),
        ("import state.json -o o.yaml", 0),
        ("import long.tfstate -o l.yaml", 0),
        ("watch inventory.yaml --port 0", 3),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_cloudraci"))
            .args(command.split(' '))
            .current_dir(folder.path("."))
            .env("RUST_MIN_STACK", (1_u64 << 47).to_string())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{command}: {errors}");
        assert!(!errors.contains("fault of its own"), "{command}: {errors}");
        assert!(
            code == 0 || errors.contains("thread") || errors.contains("unavailable"),
            "{command}: {errors}"
        );
    }
}

// ------------------------------------------------------------------------------------------------ once

/// Rows that could each be any of the others: by an id in which many ARNs end, and by one ARN with many tags.
#[test]
fn what_stands_often_is_united_in_time() {
    for count in [100, 1_000, 10_000] {
        let ids = (0..count).flat_map(|number| {
            let arn = format!("arn:aws:sqs:eu-west-1:111122223333:queue-{number}/same,,,,\n");
            [arn, ",AWS::SQS::Queue,same,111122223333,eu-west-1\n".to_owned()]
        });
        let ids: String = std::iter::once("arn,type,id,account,region\n".to_owned()).chain(ids).collect();
        let tagged = (0..count).map(|number| format!("arn:aws:sqs:eu-west-1:111122223333:one,AWS::SQS::Queue,k{number}=v\n"));
        let tagged: String = std::iter::once("arn,type,tags\n".to_owned()).chain(tagged).collect();
        let folder = Folder::new().with("ids.csv", ids).with("tagged.csv", tagged);
        for file in ["ids.csv", "tagged.csv"] {
            let run = timely(&folder, &["import", file]);
            run.well();
            assert!(run.errors.len() < MOST_BYTES, "{file} {count}: {} bytes", run.errors.len());
        }
    }
}
