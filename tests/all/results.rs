//! What scanners found: every form is told by its content and read to the same results, however it is wrapped, packed or encoded;
//! what is damaged is said; and nothing secret comes out.

use crate::support::{expect, root};
use cloudraci::diagnostics::{Diagnostic, Place};
use cloudraci::inventory::import;
use cloudraci::results::format::{self, FORMATS};
use cloudraci::results::{self, Gathered, Outcome};
use cloudraci::source::Stream;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

/// What is an inventory and holds results beside.
const BESIDE: &str = "config-snapshot.json";

/// All fixtures by their names.
static FIXTURES: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let folder = std::fs::read_dir(root().join("tests/fixtures/results")).unwrap();
    folder
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        })
        .collect()
});

/// Reads a file as the program does.
fn read_into(name: &str, bytes: &[u8], into: &mut Gathered) -> Result<(), Vec<Diagnostic>> {
    let file: Arc<str> = name.into();
    results::read(Stream::of(bytes.to_vec(), &file, &Place::file(file.clone())), None, into)
}

fn read(name: &str, bytes: &[u8]) -> Result<Gathered, Vec<Diagnostic>> {
    let mut gathered = Gathered::default();
    read_into(name, bytes, &mut gathered).map(|()| gathered)
}

/// All results, one a line.
fn lines(gathered: &Gathered) -> String {
    let mut text = String::new();
    for one in gathered.iter() {
        let target = &one.target;
        let parts = [
            ("arn", &target.arn),
            ("name", &target.name),
            ("address", &target.address),
            ("kind", &target.kind),
            ("account", &target.account),
            ("region", &target.region),
            ("finding", &one.finding),
            ("title", &one.title),
            ("saw", &one.observed),
        ];
        let archived = if one.is_archived { " archived" } else { "" };
        write!(text, "  {} {} {:?}{archived}", one.scanner, one.check, one.outcome).unwrap();
        for (name, part) in parts {
            if let Some(part) = part {
                write!(text, " {name}={part:?}").unwrap();
            }
        }
        if let Some(at) = one.at {
            write!(text, " at={at}").unwrap();
        }
        for (name, value) in one.parameters.iter() {
            write!(text, " {name}:{value}").unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn every_form_is_read_to_its_results() {
    let mut text = String::new();
    let mut used = BTreeSet::new();
    for (name, bytes) in FIXTURES.iter() {
        let form = format::recognise(bytes).map_or("(inventory)", |form| form.id());
        used.insert(form);
        let gathered = read(name, bytes).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        writeln!(text, "{name}: {form}, {} read, {} left out", gathered.read, gathered.left_out).unwrap();
        for warning in &gathered.warnings {
            writeln!(text, "  ! {}: {}", warning.code, warning.message).unwrap();
        }
        text.push_str(&lines(&gathered));
    }
    expect("results/all.txt", &text);
    let all: BTreeSet<&str> = FORMATS.iter().map(|form| form.id()).chain(["(inventory)"]).collect();
    assert_eq!(used, all, "a form has no fixture");
}

/// Of two forms that may both take a file one says that it goes before. No fixture is of two; what has the keys of two is.
#[test]
fn no_two_forms_that_recognise_a_file_have_one_precedence() {
    let maps: Vec<(&String, Map<String, Value>)> = FIXTURES
        .iter()
        .filter_map(|(name, bytes)| Some((name, serde_json::from_slice(bytes).ok()?)))
        .collect();
    let mut shared = BTreeSet::new();
    for (name, one) in &maps {
        for (other, more) in &maps {
            let mut both = one.clone();
            both.extend(more.clone());
            let both = Value::Object(both).to_string();
            let takers: Vec<_> = FORMATS.iter().filter(|form| form.recognises(both.as_bytes())).collect();
            for pair in takers.windows(2) {
                let ids = [pair[0].id(), pair[1].id()];
                assert!(pair[0].precedence() < pair[1].precedence(), "{name} and {other}: {ids:?}");
                shared.insert(ids);
            }
            let first = takers.first().map(|form| form.id());
            assert_eq!(
                format::recognise(both.as_bytes()).map(|form| form.id()),
                first,
                "{name} and {other}"
            );
        }
    }
    assert!(shared.len() > 8, "{shared:?}");
    let ids: BTreeSet<&str> = FORMATS.iter().map(|form| form.id()).collect();
    assert_eq!(ids.len(), FORMATS.len(), "two forms have one id");
}

#[test]
fn encoding_and_wrapping_change_nothing() {
    for (name, bytes) in FIXTURES.iter() {
        let plain = lines(&read(name, bytes).unwrap());
        let text = std::str::from_utf8(bytes).unwrap();
        let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let marked = [&b"\xef\xbb\xbf"[..], bytes].concat();
        for (what, other) in [("UTF-16", wide), ("marked", marked)] {
            let form = format::recognise(&other).map(|form| form.id());
            assert_eq!(form, format::recognise(bytes).map(|form| form.id()), "{name} {what}");
            let read = read(name, &other).unwrap_or_else(|faults| panic!("{name} {what}: {faults:?}"));
            assert_eq!(lines(&read), plain, "{name} {what}");
        }
    }
    // JavaScript on one line, and with its end.
    let script = std::str::from_utf8(&FIXTURES["scoutsuite.js"]).unwrap().replacen("=\n", "= ", 1) + ";\n";
    let plain = lines(&read("x.js", &FIXTURES["scoutsuite.js"]).unwrap());
    assert_eq!(lines(&read("x.js", script.as_bytes()).unwrap()), plain);
    // The same finding in every wrapper.
    let wrapped =
        ["list", "event", "recorded"].map(|wrapper| lines(&read("x", &FIXTURES[&format!("securityhub-{wrapper}.json")]).unwrap()));
    assert!(
        wrapped.iter().all(|one| *one == wrapped[0] && one.contains("CloudTrail.4 Failed")),
        "{wrapped:?}"
    );
}

#[test]
fn what_another_file_says_is_the_same_in_either_order() {
    for (results, names, expected) in [
        ("config-details.json", "config-rules.json", "ACCESS_KEYS_ROTATED Passed"),
        ("trusted-advisor.json", "trusted-advisor-checks.json", "name=\"statements\""),
    ] {
        let both = |order: [&str; 2]| {
            let mut gathered = Gathered::default();
            for name in order {
                read_into(name, &FIXTURES[name], &mut gathered).unwrap();
            }
            lines(&gathered)
        };
        let told = both([results, names]);
        assert_eq!(told, both([names, results]), "{results}");
        assert!(told.contains(expected), "{told}");
        assert!(!lines(&read(results, &FIXTURES[results]).unwrap()).contains(expected));
    }
    let both = {
        let mut gathered = Gathered::default();
        for name in ["config-details.json", "config-rules.json"] {
            read_into(name, &FIXTURES[name], &mut gathered).unwrap();
        }
        gathered
    };
    let of = |check: &str| {
        both.iter()
            .find(|one| &*one.check == check)
            .unwrap_or_else(|| panic!("{check}"))
            .clone()
    };
    assert_eq!(of("ACCESS_KEYS_ROTATED").parameters[..], [("maxAccessKeyAge".into(), "60".into())]);
    // A user's own rule is no managed one, whatever it is called.
    assert_eq!(of("OurOwnRule").outcome, Outcome::Failed);
}

#[test]
fn the_same_said_again_is_one_result() {
    for name in ["securityhub-standards.json", "powerpipe.json"] {
        let once = read(name, &FIXTURES[name]).unwrap();
        // Each standard has a finding of its own of one control.
        let is_said_twice = once.iter().count() < usize::try_from(once.read).unwrap();
        assert_eq!(is_said_twice, name == "powerpipe.json");
        let mut twice = once.clone();
        read_into(name, &FIXTURES[name], &mut twice).unwrap();
        assert_eq!((lines(&twice), twice.read), (lines(&once), once.read * 2), "{name}");
    }
}

// ------------------------------------------------------------------------------------------------ never an inventory

#[test]
fn results_are_never_taken_for_an_inventory_nor_an_inventory_for_results() {
    for (name, bytes) in FIXTURES.iter().filter(|(name, _)| *name != BESIDE) {
        // Results are asked first.
        assert!(format::recognise(bytes).is_some(), "{name}");
    }
    let taken: Vec<&String> = FIXTURES
        .iter()
        .filter(|(_, bytes)| import::recognise(bytes).is_some())
        .map(|(name, _)| name)
        .collect();
    assert!(!taken.is_empty(), "the test would show nothing");
    let mut seen = 0;
    for folder in ["tests/fixtures", "tests/cases", "inventories", "docs", "catalog"] {
        for entry in walkdir::WalkDir::new(root().join(folder)) {
            let entry = entry.unwrap();
            let path = entry.path().to_string_lossy().into_owned();
            let holds_results = ["fixtures/results/", "reference/scans/", "payments/results/"]
                .iter()
                .any(|folder| path.contains(folder));
            if entry.file_type().is_file() && !holds_results {
                let form = format::recognise(&std::fs::read(entry.path()).unwrap());
                assert!(form.is_none(), "{path} is taken for {}", form.unwrap().id());
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

// ------------------------------------------------------------------------------------------------ damage

/// Whether a file may end at any of its lines.
fn is_of_lines(name: &str) -> bool {
    ["securityhub-lines", "securityhub-lake", "prowler-v2.json", "powerpipe"]
        .iter()
        .any(|begin| name.starts_with(begin))
        || name.ends_with(".csv")
}

#[test]
fn a_file_that_was_cut_off_is_said_to_be() {
    for (name, bytes) in FIXTURES.iter() {
        let whole: BTreeSet<String> = lines(&read(name, bytes).unwrap()).lines().map(str::to_owned).collect();
        let length = bytes.trim_ascii_end().len();
        // Every place of a short file, some of a longer one.
        for end in (0..length).step_by((length / 150).max(1)) {
            let form = format::recognise(bytes).or_else(|| format::named("config"));
            let file: Arc<str> = name.as_str().into();
            let mut gathered = Gathered::default();
            let read = results::read(
                Stream::of(bytes[..end].to_vec(), &file, &Place::file(file.clone())),
                form,
                &mut gathered,
            );
            match read {
                Err(faults) => assert!(faults.iter().all(|fault| !fault.places.is_empty()), "{name} {end}"),
                Ok(()) => {
                    assert!(is_of_lines(name), "{name} cut at {end} of {length} is taken for whole");
                    let cell = |line: &str| line.split(" title=").next().unwrap().to_owned();
                    let known: BTreeSet<String> = whole.iter().map(|line| cell(line)).collect();
                    assert!(lines(&gathered).lines().all(|line| known.contains(&cell(line))), "{name} {end}");
                }
            }
        }
    }
}

#[test]
fn packed_files_that_are_damaged_or_bombs_are_told() {
    let whole = crate::packings::gzip(&FIXTURES["prowler-v5.ocsf.json"]);
    let said = |bytes: &[u8]| {
        let folder = crate::support::Folder::new().with("x.gz", bytes);
        folder.put("inventory.yaml", "inventory: 1\norganization: X\nresources: [{service: sqs}]\n");
        let run = folder.run(&["check", "inventory.yaml", "--results", "x.gz"]);
        assert!(
            run.code == 1 && run.errors.contains("error[") && run.errors.contains("x.gz"),
            "{} {}",
            run.code,
            run.errors
        );
        run.errors
    };
    for end in [3, 11, 40, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        said(&whole[..end]);
    }
    // What is compressed once within an archive is read; twice is once too often, wherever that stands.
    let twice = crate::packings::gzip(&whole);
    for packed in [
        twice.clone(),
        crate::packings::zstandard(&whole),
        crate::packings::gzip(&crate::packings::zip(&[("x.json", &FIXTURES["prowler-v5.ocsf.json"])])),
        crate::packings::zip(&[("x.json.gz.gz", &twice)]),
        crate::packings::tar(&[("x.json.gz.gz", &twice)]),
    ] {
        assert!(said(&packed).contains("packed twice"));
    }
    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle..middle + 8].fill(0xaa);
    said(&broken);
    let bomb = crate::packings::gzip(&[&b"{\"Findings\": [{\"GeneratorId\": \"x\"},"[..], &vec![b' '; 90_000_000]].concat());
    assert!(said(&bomb).contains("limit-reached"));
}

#[test]
fn damage_has_a_place_and_a_reason() {
    let finding =
        r#"{"GeneratorId": "security-control/S3.5", "Compliance": {"Status": "FAILED"}, "Resources": [{"Id": "arn:aws:s3:::a"}]}"#;
    for (text, message, place) in [
        (format!("[\n {finding},\n {{\"GeneratorId\": tru}}\n]"), "not JSON", (3, 21)),
        (format!("[\n {finding},\n"), "ends before it is complete", (3, 1)),
        (format!("[\n {finding}\n] nonsense"), "other text", (3, 3)),
        (format!("[\n {finding}\n {finding}]"), "not JSON", (3, 2)),
        (format!("{finding}\n,{finding}"), "comma", (2, 1)),
        // A document a line: the broken one is told, and not the end of the file.
        (
            format!("{finding}\n{finding}\n{}\n{finding}\n{finding}\n", &finding[..finding.len() - 1]),
            "the line ends before",
            (3, finding.len()),
        ),
        (
            format!(
                "{finding}\n{finding}\n{}\n{finding}\n",
                finding.replace("arn:aws:s3:::a\"", "arn:aws:s3:::a")
            ),
            "the line ends before",
            (3, finding.len()),
        ),
        (
            format!("{}\n{finding}\n{finding}\n", &finding[..finding.len() - 1]),
            "the line ends before",
            (1, finding.len()),
        ),
        (
            format!("{finding}\r\n\r\n{finding}}}\r\n{finding}"),
            "other text",
            (3, finding.len() + 1),
        ),
        (format!("{finding}\n{{\"GeneratorId\": tru}}\n{finding}"), "not JSON", (2, 20)),
    ] {
        let faults = read("x.json", text.as_bytes()).unwrap_err();
        let place = Place::at(&"x.json".into(), place.0, place.1);
        assert!(faults[0].message.contains(message), "{text}: {faults:?}");
        assert_eq!(faults[0].places[0].0, place, "{text}: {faults:?}");
    }
    // What is no result keeps only itself out.
    for odd in [
        "5",
        "null",
        "[]",
        "{}",
        "\"x\"",
        "{\"GeneratorId\": 5, \"GeneratorId\": 6}",
        "{\"check_id\": \"CKV_AWS_1\"}",
    ] {
        let gathered = read("x.json", format!("[{finding},\n{odd}]").as_bytes()).unwrap();
        assert_eq!(gathered.iter().count(), 1, "{odd}");
        assert_eq!(gathered.warnings.len(), 1, "{odd}: {:?}", gathered.warnings);
        assert_eq!(gathered.warnings[0].code.id(), "results-partial");
        assert!(
            matches!(gathered.warnings[0].places[0].0.spot, cloudraci::diagnostics::Spot::At(at) if at.line == 2),
            "{odd}"
        );
    }
    for (text, message) in [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("hello", "of no form"),
        ("{\"inventory\": 1}", "of no form"),
        ("[{\"GeneratorId\": \"x\", \"Compliance\": 5, \"GeneratorId\": \"y\"}]", "twice"),
    ] {
        let faults = read("x.json", text.as_bytes()).unwrap_err();
        assert!(faults[0].message.contains(message), "{text}: {faults:?}");
    }
    let table = std::str::from_utf8(&FIXTURES["prowler-v5.csv"])
        .unwrap()
        .replacen(";False;s3;", ";;False;s3;", 1);
    let gathered = read("x.csv", table.as_bytes()).unwrap();
    assert_eq!((gathered.iter().count(), gathered.warnings.len()), (4, 1));
    assert!(gathered.warnings[0].message.contains("43 cells"), "{:?}", gathered.warnings);
    assert_eq!(read("x.json", b"[]").unwrap().warnings[0].code.id(), "results-empty");
}

#[test]
fn deep_and_long_texts_end_in_time() {
    let deep = format!("{{\"Findings\": [{}{}]}}", "[".repeat(200_000), "]".repeat(200_000));
    let within = format!("{}{{\"Findings\": []}}{}", "{\"data\": ".repeat(5_000), "}".repeat(5_000));
    let groups = format!(
        "{}{}",
        "{\"group_id\": \"a\", \"controls\": [], \"groups\": [".repeat(5_000),
        "]}".repeat(5_000)
    );
    let name = format!(
        "[{{\"GeneratorId\": \"security-control/S3.5\", \"Compliance\": {{\"Status\": \"FAILED\"}}, \"Resources\": [{{\"Id\": \"{}\"}}]}}]",
        "arn:".repeat(500_000)
    );
    for text in [deep, within, groups, name] {
        let begin = std::time::Instant::now();
        let _ = read("x.json", text.as_bytes());
        assert!(begin.elapsed() < crate::limits::PATIENCE);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Bytes taken out, put in, doubled and exchanged: never a panic, and never a result that is made up of other files.
    #[test]
    fn no_damage_brings_it_down(
        fixture in 0_usize..1000,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, 0_u8..6, any::<u8>()), 1..6),
        asked in any::<bool>(),
    ) {
        let (name, bytes) = FIXTURES.iter().nth(fixture % FIXTURES.len()).unwrap();
        let form = format::recognise(bytes);
        let mut bytes = bytes.clone();
        for (at, length, change, byte) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match change {
                0 => drop(bytes.drain(at..end)),
                1 => bytes[at] = byte,
                2 => bytes.insert(at, byte),
                3 => { let copy = bytes[at..end].to_vec(); bytes.splice(at..at, copy); }
                4 => bytes.truncate(at),
                _ => bytes[at..end].reverse(),
            }
        }
        let file: Arc<str> = name.as_str().into();
        let mut gathered = Gathered::default();
        let read = results::read(Stream::of(bytes.clone(), &file, &Place::file(file.clone())), form.filter(|_| asked), &mut gathered);
        if let Err(faults) = read {
            prop_assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.places.is_empty()));
        }
        for one in gathered.iter() {
            prop_assert!(!one.check.is_empty() && !one.scanner.is_empty());
            prop_assert!(one.target.account.as_deref().is_none_or(|account| account.len() == 12));
        }
    }

    /// One field of another kind than expected keeps at most its entry out.
    #[test]
    fn a_field_of_an_odd_kind_keeps_the_others(fixture in 0_usize..1000, which in any::<prop::sample::Index>(), odd in 0_usize..8) {
        let json: Vec<(&String, &Vec<u8>)> = FIXTURES.iter().filter(|(name, _)| name.ends_with("json") && !is_of_lines(name)).collect();
        let (name, bytes) = json[fixture % json.len()];
        let mut value: Value = serde_json::from_slice(bytes).unwrap();
        let mut count = 0;
        each(&mut value, &mut |_, _| count += 1);
        let (chosen, mut at) = (which.index(count.max(1)), 0);
        each(&mut value, &mut |_, leaf| {
            if at == chosen {
                *leaf = [Value::Null, 5.into(), "x".into(), Value::Array(vec![]), Value::Array(vec![Value::Array(vec![])]), Value::Object(Map::new()), true.into(), serde_json::json!({"a": {"b": [null]}})][odd].clone();
            }
            at += 1;
        });
        let form = format::recognise(bytes).or_else(|| format::named("config"));
        let file: Arc<str> = name.as_str().into();
        let mut gathered = Gathered::default();
        let _ = results::read(Stream::of(value.to_string().into_bytes(), &file, &Place::file(file.clone())), form, &mut gathered);
    }
}

/// Calls with each value that is no map and no list, and its key.
fn each(value: &mut Value, take: &mut dyn FnMut(&str, &mut Value)) {
    fn walk(key: &str, value: &mut Value, take: &mut dyn FnMut(&str, &mut Value)) {
        match value {
            Value::Object(map) => map.iter_mut().for_each(|(key, inner)| walk(key, inner, take)),
            Value::Array(items) => items.iter_mut().for_each(|inner| walk(key, inner, take)),
            leaf => take(key, leaf),
        }
    }
    walk("", value, take);
}

// ------------------------------------------------------------------------------------------------ secrets

/// Texts that hold a secret, each with a word by which it is found again.
const SECRETS: &[(&str, &str)] = &[
    ("postgres://app:Kanarienvogel1@db.example.com/orders", "Kanarienvogel1"),
    ("it is set to password=Kanarienvogel2", "Kanarienvogel2"),
    ("AKIAKANARIENVOGEL3XZ and more", "KANARIENVOGEL3"),
    ("ghp_Kanarienvogel4Kanarienvogel4Kanari12", "Kanarienvogel4"),
    ("mysql -u root -pKanarienvogel5 orders", "Kanarienvogel5"),
    ("Authorization: Bearer Kanarienvogel6.abcdef.ghijkl", "Kanarienvogel6"),
];

/// All that anybody could print of what was read.
fn all_said(gathered: &Gathered, read: &Result<(), Vec<Diagnostic>>) -> String {
    format!("{gathered:?} {read:?}")
}

#[test]
fn a_secret_in_any_text_of_any_form_does_not_come_out() {
    let mut planted = 0;
    for (name, bytes) in FIXTURES.iter() {
        let text = std::str::from_utf8(bytes).unwrap();
        let form = format::recognise(bytes).or_else(|| format::named("config"));
        let mut check = |text: String, canary: &str, at: &str| {
            let file: Arc<str> = name.as_str().into();
            let mut gathered = Gathered::default();
            let read = results::read(
                Stream::of(text.into_bytes(), &file, &Place::file(file.clone())),
                form,
                &mut gathered,
            );
            let said = all_said(&gathered, &read);
            assert!(!said.contains(canary), "{name}: {canary} at {at}: {said:.3000}");
            planted += 1;
        };
        if name.ends_with(".csv") {
            let delimiter = if text.contains(';') { b';' } else { b',' };
            let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
            let header = reader.headers().unwrap().clone();
            let Some(Ok(row)) = reader.records().next() else { continue };
            for (column, cell) in row.iter().enumerate() {
                for (secret, canary) in SECRETS {
                    let cells: Vec<String> = row
                        .iter()
                        .enumerate()
                        .map(|(index, cell)| {
                            if index == column {
                                format!("{cell} {secret}")
                            } else {
                                cell.to_owned()
                            }
                        })
                        .collect();
                    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
                    writer.write_record(&header).unwrap();
                    writer.write_record(&cells).unwrap();
                    check(
                        String::from_utf8(writer.into_inner().unwrap()).unwrap(),
                        canary,
                        &format!("{} {cell}", &header[column]),
                    );
                }
            }
            continue;
        }
        let begin = text.find(['{', '[']).unwrap();
        let documents: Vec<Value> = serde_json::Deserializer::from_str(&text[begin..])
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let document = &documents[0];
        let mut count = 0;
        each(&mut document.clone(), &mut |_, _| count += 1);
        for chosen in 0..count {
            let (secret, canary) = SECRETS[(chosen + planted_of(name)) % SECRETS.len()];
            for glued in [false, true] {
                let (mut with, mut at, mut key_of) = (document.clone(), 0, String::new());
                each(&mut with, &mut |key, leaf| {
                    if at == chosen {
                        let before = leaf.as_str().unwrap_or_default();
                        *leaf = if glued { format!("{before} {secret}") } else { secret.to_owned() }.into();
                        key_of = key.to_owned();
                    }
                    at += 1;
                });
                check(format!("{}{with}", &text[..begin]), canary, &key_of);
            }
        }
    }
    assert!(planted > 5_000, "{planted}");
}

/// Another beginning for each file, so that each place meets another secret in another file.
fn planted_of(name: &str) -> usize {
    name.len()
}

/// What belongs to the resource and not to the check: whatever it is, it does not come along.
#[test]
fn what_nobody_asked_for_stays_in_the_file() {
    fn plant(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.values_mut().for_each(plant);
                for key in [
                    "metadata_of_it",
                    "Details",
                    "details",
                    "environment",
                    "user_data",
                    "Environment",
                    "configuration",
                    "code_block",
                    "Code",
                ] {
                    if !map.contains_key(key) {
                        map.insert(key.to_owned(), serde_json::json!({"KEY": "kanarienvogel-ohne-merkmal"}));
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(plant),
            _ => {}
        }
    }
    for (name, bytes) in FIXTURES
        .iter()
        .filter(|(name, _)| name.ends_with("json") || name.ends_with("sarif"))
    {
        let text = std::str::from_utf8(bytes).unwrap();
        let planted: String = serde_json::Deserializer::from_str(text)
            .into_iter::<Value>()
            .map(|document| {
                let mut document = document.unwrap();
                plant(&mut document);
                format!("{document}\n")
            })
            .collect();
        let form = format::recognise(bytes).or_else(|| format::named("config"));
        let file: Arc<str> = name.as_str().into();
        let mut gathered = Gathered::default();
        let read = results::read(
            Stream::of(planted.into_bytes(), &file, &Place::file(file.clone())),
            form,
            &mut gathered,
        );
        assert!(read.is_ok(), "{name}: {read:?}");
        assert!(!all_said(&gathered, &read).contains("kanarienvogel"), "{name}");
        assert_eq!(lines(&gathered), lines(&self::read(name, bytes).unwrap()), "{name}");
    }
}

#[test]
fn what_was_seen_is_a_sentence() {
    for (name, bytes) in FIXTURES.iter() {
        let text = std::str::from_utf8(bytes)
            .unwrap()
            .replace("S3 Bucket statements", &"Der Eimer ".repeat(100));
        for one in read(name, text.as_bytes()).unwrap().iter() {
            assert!(
                one.observed
                    .as_deref()
                    .is_none_or(|seen| seen.chars().count() <= 300 && !seen.contains('\n')),
                "{one:?}"
            );
        }
    }
}
