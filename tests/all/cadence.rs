//! How often the catalog says that duties are done.

use crate::support::{Folder, inventory, root};
use serde_json::json;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::fs;

/// Duties that have a cadence, and customers' activities in all: no fewer than this many of them.
const WITH_CADENCE: usize = 4_490;

/// Words of a sentence that name a period, and the cadence that they name.
const NAMED: [(&str, &str); 6] = [
    (r"(every|each|per|a) quarter\b|quarterly", "quarterly"),
    (r"twice a year|half-yearly|each half-year|every six months", "half-yearly"),
    (r"monthly|once a month|(every|each) month\b", "monthly"),
    (r"weekly|(every|each) week\b|once a week", "weekly"),
    (r"daily|(every|each) day\b", "daily"),
    (r"(^|[^-])yearly|once a year|(every|each) year\b|annual", "yearly"),
];

/// Words that name a period of something else than the duty: of a setting, a price, a run of the provider's, and of a part
/// of it that it would be wrong to take for the whole.
const OF_OTHERS: &str = "weekly[ _](maintenance|window)|weekly instance|hourly to weekly|start once a month|to daily|DAILY|daily_\
    |daily (work|scan|snapshot|ones|values|volume)|only (the )?daily|daily assessment|runs daily|yearly jobs|monthly (SMS )?spend\
    |rehearsed together with the service at least yearly|restore (a sample|one) at least yearly";

/// A duty as its file tells it.
struct Duty {
    file: String,
    id: String,
    words: String,
    cadence: Option<String>,
}

/// The duties of customers and partners in all files of the catalog, modes included.
fn duties() -> Vec<Duty> {
    let mut found = Vec::new();
    let catalog = root().join("catalog/aws");
    let services = fs::read_dir(catalog.join("services")).unwrap().map(|entry| entry.unwrap().path());
    for path in services.chain([catalog.join("models.yaml")]) {
        let tree: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        gather(&tree, "", &path.file_stem().unwrap().to_string_lossy(), &mut found);
    }
    found
}

fn gather(tree: &Value, side: &str, file: &str, found: &mut Vec<Duty>) {
    match tree {
        Value::Mapping(map) => {
            let text = |key: &str| map.get(key).and_then(Value::as_str);
            if let (Some(id), Some(does)) = (text("id"), text("does")) {
                if side != "provider" {
                    found.push(Duty {
                        file: file.to_owned(),
                        id: id.to_owned(),
                        words: format!("{does}; {}", text("how").unwrap_or_default()),
                        cadence: text("cadence").map(str::to_owned),
                    });
                }
                return;
            }
            for (key, value) in map {
                gather(value, key.as_str().unwrap_or_default(), file, found);
            }
        }
        Value::Sequence(list) => list.iter().for_each(|value| gather(value, side, file, found)),
        _ => {}
    }
}

/// The cadences that the words of a duty name.
fn named(words: &str) -> Vec<&'static str> {
    let of_others = regex::Regex::new(OF_OTHERS).unwrap();
    let rest = of_others.replace_all(words, "");
    let found = NAMED
        .iter()
        .filter(|(pattern, _)| regex::Regex::new(pattern).unwrap().is_match(&rest));
    found.map(|(_, cadence)| *cadence).collect()
}

#[test]
fn a_cadence_is_the_one_that_the_sentence_names() {
    let all = duties();
    let differ = all.iter().filter(|duty| {
        let named = named(&duty.words);
        !named.is_empty() && duty.cadence.as_deref().is_none_or(|cadence| !named.contains(&cadence))
    });
    let differ: Vec<String> = differ
        .map(|duty| format!("{}, {}: {} ({:?})", duty.file, duty.id, duty.words, duty.cadence))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn what_is_done_regularly_waits_for_no_event() {
    let regular = regex::Regex::new(r"\bregularly\b|on a schedule|at (fixed )?intervals|from time to time").unwrap();
    let events = [
        "at each use",
        "at each release",
        "at each change",
        "on notice",
        "at each incident",
        "once",
    ];
    for duty in duties().iter().filter(|duty| regular.is_match(&duty.words)) {
        assert!(
            duty.cadence.as_deref().is_none_or(|cadence| !events.contains(&cadence)),
            "{}, {}: `{}` is done {:?}",
            duty.file,
            duty.id,
            duty.words,
            duty.cadence
        );
    }
}

#[test]
fn most_duties_say_how_often() {
    let duties = duties();
    let with = duties.iter().filter(|duty| duty.cadence.is_some()).count();
    assert!(with >= WITH_CADENCE, "{with} of {} duties have a cadence", duties.len());
    let mut by_cadence: BTreeMap<&str, usize> = BTreeMap::new();
    for cadence in duties.iter().filter_map(|duty| duty.cadence.as_deref()) {
        *by_cadence.entry(cadence).or_default() += 1;
    }
    // A word that is written for everything says nothing.
    assert!(by_cadence.values().all(|count| count * 4 < with * 3), "{by_cadence:?}");
}

const OVERLAY: &str = "id: sqs
reason: Agreed with the auditor
sources:
  contract: {title: Contract 17, url: \"https://example.com/contract\", reviewed: 2026-10-01}
controls:
  backup:
    SIDE:
      - id: ask
        does: Asks for the record of the last restore
        default: automatic
        cadence: CADENCE
        source: contract
";

fn check(side: &str, cadence: &str) -> (String, Folder) {
    let mut overlay = OVERLAY.replace("SIDE", side).replace("CADENCE", cadence);
    if side == "customer" {
        overlay = overlay.replace("default: automatic", "default: build").replace(
            "        source",
            "        how: Write to the desk\n        evidence: The answer\n        source",
        );
    }
    let folder = Folder::new().with("mine/sqs.yaml", overlay);
    let run = folder.run(&["catalog", "check", "mine"]);
    (format!("{}{}", run.text_lossy(), run.errors), folder)
}

#[test]
fn a_word_that_is_no_cadence_is_told_with_the_nearest() {
    for (written, nearest) in [
        ("montly", "did you mean `monthly`?"),
        ("at-each-change", "did you mean `at each change`?"),
        ("on notise", "did you mean `on notice`?"),
        (
            "sometimes",
            "known are: daily, weekly, monthly, quarterly, half-yearly, yearly, continuous",
        ),
        ("every 0 months", "`every 0 months` is not allowed here"),
        ("3", "a number"),
    ] {
        let (told, _) = check("customer", written);
        assert!(told.contains(nearest) && told.contains("sqs.yaml:11:"), "{written}: {told}");
    }
    let (told, _) = check("provider", "monthly");
    assert!(told.contains("`cadence` is for duties"), "{told}");
}

#[test]
fn a_cadence_is_printed_wherever_the_duty_is() {
    for cadence in ["quarterly", "every 4 months", "at each incident"] {
        let (told, folder) = check("customer", cadence);
        assert!(told.contains("keeps its rules"), "{told}");
        folder.put("inventory.yaml", inventory(json!([{"service": "sqs", "name": "orders"}])));
        let report = |edition: &str, format: &str| {
            let arguments = ["report", "--catalog", "mine", "--edition", edition, "--format", format, "-o", "-"];
            folder.run(&arguments).text()
        };
        let first = format!("{}{} · ", cadence[..1].to_uppercase(), &cadence[1..]);
        for format in ["markdown", "html"] {
            // In HTML a space before the mark that parts breaks no line.
            let report = report("audit", format).replace('\u{a0}', " ");
            assert!(report.contains(&first), "{cadence}: {format}");
        }
        let csv = report("audit", "csv");
        assert!(csv.contains(&format!(",{cadence},")), "{csv}");
        let json: serde_json::Value = serde_json::from_str(&report("audit", "json")).unwrap();
        let of = json["services"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|service| service["controls"].as_array().unwrap());
        let of: Vec<_> = of.flat_map(|control| control["activities"].as_array().unwrap()).collect();
        let asked = of.iter().find(|activity| activity["id"] == "sqs.backup.customer.ask").unwrap();
        assert_eq!(asked["cadence"], cadence);
    }
}
