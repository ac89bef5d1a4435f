//! What a snapshot of AWS Config says of how rules judge its resources is the same read along with them as by itself.

use crate::packings::{gzip, tar, zip};
use crate::support::Folder;
use cloudraci::catalog::Catalog;
use cloudraci::diagnostics::{Code, Diagnostic, Place, SourceMap};
use cloudraci::inventory::{Reading, load_with};
use cloudraci::results::{self, CheckResult, Gathered};
use cloudraci::source::Stream;
use serde_json::{Value, json};
use std::sync::Mutex;

const NAME: &str = "snapshot.json";

fn item(kind: &str, id: &str, configuration: &Value) -> Value {
    json!({"resourceType": kind, "resourceId": id, "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
        "configurationItemStatus": "ResourceDiscovered", "configurationItemCaptureTime": "2026-11-17T18:12:46.921Z", "configuration": configuration})
}

/// What rules say of a bucket.
fn judged(bucket: &str, rules: &Value) -> Value {
    let configuration = json!({"targetResourceId": bucket, "targetResourceType": "AWS::S3::Bucket", "configRuleList": rules});
    item(
        "AWS::Config::ResourceCompliance",
        &format!("AWS::S3::Bucket/{bucket}"),
        &configuration,
    )
}

fn bucket(name: &str) -> Value {
    item("AWS::S3::Bucket", name, &json!({"name": name}))
}

fn snapshot(items: &[Value]) -> Value {
    json!({"fileVersion": "1.0", "configSnapshotId": "00000000-0000-0000-0000-000000000000", "configurationItems": items})
}

/// Two rules, of which one was broken.
fn rules() -> Value {
    json!([{"configRuleName": "s3-bucket-logging-enabled", "complianceType": "COMPLIANT"},
        {"configRuleName": "securityhub-s3-bucket-versioning-enabled-1a2b3c4d", "complianceType": "NON_COMPLIANT"}])
}

/// Files with resources and results.
fn files() -> Vec<(&'static str, String)> {
    let plain = [
        bucket("ledger"),
        judged("ledger", &rules()),
        bucket("other"),
        judged("other", &rules()),
    ];
    let nameless = judged("nameless", &json!([rules()[0], {"complianceType": "COMPLIANT"}]));
    let mut gone = judged("gone", &rules());
    gone["configurationItemStatus"] = "ResourceDeleted".into();
    let mut as_text = judged("as-text", &rules());
    as_text["configuration"] = as_text["configuration"].to_string().into();
    let mut later = judged(
        "ledger",
        &json!([{"configRuleName": "s3-bucket-logging-enabled", "complianceType": "NON_COMPLIANT"}]),
    );
    later["configurationItemCaptureTime"] = "2026-11-18T00:00:00.000Z".into();
    let odd = [
        bucket("ledger"),
        nameless.clone(),
        gone,
        as_text.clone(),
        later,
        judged("ledger", &rules()),
        as_text["configuration"].clone(),
    ];
    let [short, pretty] = [snapshot(&plain).to_string(), format!("{:#}", snapshot(&odd))];
    let more = |key: &str, value: &Value| {
        let mut more = snapshot(&plain);
        more[key] = value.clone();
        more.to_string()
    };
    let twice = short.replacen("\"awsRegion\"", "\"awsRegion\": \"eu-west-1\", \"awsRegion\"", 2);
    let place = short.find("\"configurationItems\"").unwrap();
    let (before, items) = short.split_at(place);
    vec![
        ("damaged", short.replacen("\"COMPLIANT\"", "\"COMPLI\\q\"", 1)),
        ("cut off", short[..short.len() - 40].to_owned()),
        ("lines", short.replace("[{", "[\n{").replace("},{", "}\n,\n{")),
        ("an event alone", json!({"configurationItem": plain[1]}).to_string()),
        ("keys of others", more("newEvaluationResult", &json!({}))),
        ("another list", more("Results", &json!([plain[1]]))),
        (
            "a map in the place of the list",
            format!("{before}\"configurationItems\": {}, {items}", judged("third", &rules())),
        ),
        ("two snapshots", format!("{short}\n{short}")),
        ("in data", json!({"data": snapshot(&plain)}).to_string()),
        ("no results", snapshot(&[bucket("ledger")]).to_string()),
        ("no resources", snapshot(&[judged("ledger", &rules())]).to_string()),
        ("nothing understood", snapshot(&[nameless]).to_string()),
        ("nothing", snapshot(&[]).to_string()),
        ("behind a mark", format!("\u{feff}{short}")),
        ("a key twice", twice),
        ("plain", short),
        ("pretty", pretty),
    ]
}

/// The results, and what is told of them.
type Said = Result<(Vec<CheckResult>, u64, Vec<String>), Vec<Code>>;

/// Words about results.
fn words(all: &[Diagnostic], folder: &str) -> Vec<String> {
    let of_results = [
        Code::ResultsPartial,
        Code::ResultsEmpty,
        Code::ResultsLeftOut,
        Code::ResultsUnreadable,
    ];
    let all = all.iter().filter(|one| of_results.contains(&one.code));
    all.map(|one| format!("{one:?}").replace(folder, "").replace("packed.zip:", ""))
        .collect()
}

/// Those of a file that is read for its results alone.
fn alone(text: &str) -> Said {
    let file: std::sync::Arc<str> = NAME.into();
    let mut gathered = Gathered::default();
    let stream = Stream::of(text.as_bytes().to_vec(), &file, &Place::file(NAME));
    results::read(stream, None, &mut gathered).map_err(|faults| faults.iter().map(|fault| fault.code).collect::<Vec<Code>>())?;
    Ok((gathered.iter().cloned().collect(), gathered.read, words(&gathered.warnings, "")))
}

/// Those of a file that is read for its resources, too.
fn beside(folder: &Folder, name: &str, long_from: Option<u64>) -> Result<Said, Vec<Code>> {
    let catalog = Catalog::builtin().unwrap();
    let reading = Reading {
        long_from,
        ..Reading::default()
    };
    let begin = folder.path("").display().to_string();
    let loaded = match load_with(&[folder.path(name)], &catalog, &mut SourceMap::default(), &reading) {
        Ok(loaded) => loaded,
        Err(faults) => return Err(faults.iter().map(|fault| fault.code).collect()),
    };
    let files = &loaded.inventory.results.files;
    assert!(files.len() < 2);
    let (results, read) = files.first().map(|file| (file.results.clone(), file.read)).unwrap_or_default();
    Ok(Ok((results, read, words(&loaded.warnings, &begin))))
}

#[test]
fn results_beside_resources_are_those_of_the_file_by_itself() {
    let mut compared = 0;
    for (what, text) in files() {
        let alone = alone(&text);
        let padded = [&text, " \n".repeat(40_000).as_str()].concat();
        let folder = Folder::new()
            .with(NAME, &text)
            .with("gz/snapshot.json", gzip(text.as_bytes()))
            .with("padded/snapshot.json", &padded)
            .with("packed.zip", zip(&[(NAME, text.as_bytes())]))
            .with("packed.tgz", gzip(&tar(&[(NAME, text.as_bytes())])));
        let from = Some(text.len() as u64 + 10_000);
        for (name, long_from) in [
            (NAME, None),
            (NAME, Some(0)),
            ("gz/snapshot.json", Some(0)),
            ("padded/snapshot.json", from),
            ("packed.zip", None),
            ("packed.zip", Some(0)),
            ("packed.tgz", Some(0)),
        ] {
            match beside(&folder, name, long_from) {
                Ok(is) => {
                    let strip = |said: Said| {
                        said.map(|(results, read, words)| {
                            let shown = |word: String| word.replace("gz/", "").replace("padded/", "").replace("packed.tgz:", "");
                            (results, read, words.into_iter().map(shown).collect::<Vec<String>>())
                        })
                    };
                    assert_eq!(strip(is), alone, "{what}, {name}, {long_from:?}");
                    compared += 1;
                }
                Err(faults) => {
                    let is_damaged = alone.is_err() || ["damaged", "cut off", "no resources"].contains(&what);
                    assert!(is_damaged, "{what}, {name}, {long_from:?}: {faults:?}");
                }
            }
        }
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn a_snapshot_is_read_once_however_it_is_packed() {
    let items: Vec<Value> = (0..6000)
        .flat_map(|number| {
            let name = format!("bucket-{number}");
            [bucket(&name), judged(&name, &rules())]
        })
        .collect();
    let text = snapshot(&items).to_string();
    assert!(text.len() > 4 * 1024 * 1024);
    let catalog = Catalog::builtin().unwrap();
    let folder = Folder::new()
        .with(NAME, &text)
        .with("snapshot.json.gz", gzip(text.as_bytes()))
        .with("packed.zip", zip(&[(NAME, text.as_bytes())]));
    for name in [NAME, "snapshot.json.gz", "packed.zip"] {
        let steps = Mutex::new(Vec::new());
        let progress = |_: &str, done: u64, _: Option<u64>| steps.lock().unwrap().push(done);
        let reading = Reading {
            long_from: Some(0),
            progress: Some(&progress),
            ..Reading::default()
        };
        let loaded = load_with(&[folder.path(name)], &catalog, &mut SourceMap::default(), &reading).unwrap();
        assert_eq!(loaded.inventory.results.files[0].results.len(), 12_000);
        let steps = steps.into_inner().unwrap();
        assert!(steps.len() > 2 && steps.is_sorted_by(|one, other| one < other), "{name}: {steps:?}");
    }
}
