//! OSCAL: that what is written refers to nothing that is not there, claims no more than the report, is the same for the same
//! input, and comes back as the same duties; that what others write becomes duties with an owner; and that no document is a
//! danger.

use crate::support::{Folder, expect, list, repository, root, text};
use cloudraci::oscal::{NAMESPACE, check, read};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The examples.
const EXAMPLES: [&str; 4] = [
    "inventories/minimal.yaml",
    "inventories/payments",
    "inventories/estate",
    "inventories/reference/inventory.yaml",
];

/// The models that can be written.
const MODELS: [&str; 4] = ["component-definition", "ssp", "mapping", "assessment-results"];

/// A small system, with a framework and a service of its own.
fn small() -> Folder {
    Folder::new().with_copy("tests/fixtures/oscal", ".")
}

/// One of its documents.
fn of_small(folder: &Folder, model: &str) -> String {
    folder
        .run(&["oscal", model, "inventory.yaml", "--catalog", "mine", "--framework", "house-policy"])
        .fine()
}

fn of_example(model: &str, example: &str, more: &[&str]) -> Value {
    let path = root().join(example).display().to_string();
    let mut arguments = vec!["oscal", model, &path];
    arguments.extend(more);
    Folder::new().run(&arguments).json()
}

/// Every object of a document with the list that it stands in.
fn each<'v>(value: &'v Value, list: &str, told: &mut dyn FnMut(&str, &'v Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| each(item, list, told)),
        Value::Object(fields) => {
            told(list, value);
            fields.iter().for_each(|(name, value)| each(value, name, told));
        }
        _ => {}
    }
}

/// The value of a property of ours.
fn own<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    let props = of["props"].as_array()?;
    let is_it = |prop: &&Value| prop["ns"] == NAMESPACE && prop["name"] == name;
    props.iter().find(is_it).map(|prop| text(prop, "value"))
}

/// The components of each control of a plan.
fn by_components(plan: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let controls = list(&plan["system-security-plan"]["control-implementation"], "implemented-requirements");
    controls
        .iter()
        .flat_map(|one| list(one, "by-components").iter().map(|of| (text(one, "control-id"), of)))
}

#[test]
fn a_small_system_in_each_model() {
    let folder = small();
    for model in MODELS {
        let written = of_small(&folder, model);
        let value: Value = serde_json::from_str(&written).unwrap();
        let (_, document) = value.as_object().unwrap().iter().next().unwrap();
        // The document's own changes with every version of the program.
        let uuid = text(document, "uuid");
        expect(&format!("oscal/{model}.json"), &written.replace(uuid, "[UUID]"));
    }
}

/// What trestle and the schemas let pass.
#[test]
fn nothing_that_is_written_dangles_or_stands_twice() {
    let mut documents = Vec::new();
    for example in EXAMPLES {
        for model in MODELS {
            for more in [&["--baseline", "fedramp-moderate"][..], &["--framework", "pci-dss"]] {
                // As large as two others together.
                if example.ends_with("estate") && more[0] == "--baseline" {
                    continue;
                }
                documents.push((format!("{model} of {example} {more:?}"), of_example(model, example, more)));
            }
        }
    }
    let folder = small();
    for model in MODELS {
        documents.push((format!("small {model}"), serde_json::from_str(&of_small(&folder, model)).unwrap()));
    }
    for (name, document) in documents {
        is_sound(&name, &document);
    }
}

/// That a document refers to nothing that is not there, that no UUID stands twice, and that no list is empty.
fn is_sound(name: &str, document: &Value) {
    assert_eq!(check::faults(document, &"written.json".into()), Vec::new(), "{name}");
    let mut seen = BTreeSet::new();
    each(document, "", &mut |place, one| {
        if let Some(uuid) = one["uuid"].as_str() {
            let parts: Vec<&str> = uuid.split('-').collect();
            assert_eq!(
                parts.iter().map(|part| part.len()).collect::<Vec<_>>(),
                [8, 4, 4, 4, 12],
                "{name}: {uuid}"
            );
            assert!(parts[2].starts_with('5'), "{name}: {uuid} is of version 5");
            assert!(seen.insert(uuid), "{name}: {uuid} stands twice, in {place}");
        }
        let empty = one
            .as_object()
            .into_iter()
            .flatten()
            .find(|(_, value)| value.as_array().is_some_and(Vec::is_empty));
        assert!(empty.is_none(), "{name}: {empty:?} is empty in {place}");
    });
}

/// What is shown, control by control, is what `requirements` tells; nothing else is called implemented.
#[test]
fn a_plan_claims_no_more_than_the_report() {
    for example in EXAMPLES {
        let path = root().join(example).display().to_string();
        let arguments = [
            "requirements",
            "nist-800-53",
            &path,
            "--baseline",
            "fedramp-moderate",
            "--format",
            "json",
        ];
        let rows = Folder::new().run(&arguments).json();
        let rows = list(&rows, "rows");
        let plan = of_example("ssp", example, &["--baseline", "fedramp-moderate"]);
        let controls = list(&plan["system-security-plan"]["control-implementation"], "implemented-requirements");
        assert_eq!(controls.len(), rows.len(), "{example}");
        for (control, row) in controls.iter().zip(rows) {
            let id = text(row, "id");
            let as_oscal = id.to_lowercase().replace('(', ".").replace(')', "");
            assert_eq!(text(control, "control-id"), as_oscal);
            assert_eq!(own(control, "type"), Some(text(row, "type")), "{id}");
            let mut states: BTreeMap<String, u64> = BTreeMap::new();
            for of in list(control, "by-components") {
                let satisfied = of["satisfied"].as_array().map_or(&[][..], Vec::as_slice);
                let words: Vec<&str> = satisfied.iter().filter_map(|one| own(one, "state")).collect();
                words
                    .iter()
                    .for_each(|word| *states.entry(word.replace('-', "_")).or_default() += 1);
                let is_shown = |word: &&str| ["met", "attested"].contains(word);
                let status = &of["implementation-status"];
                match text(status, "state") {
                    "implemented" => assert!(!words.is_empty() && words.iter().all(is_shown), "{id}: {of}"),
                    "partial" => assert!(words.iter().any(is_shown) && !words.iter().all(is_shown), "{id}: {of}"),
                    "planned" => assert!(!text(status, "remarks").is_empty(), "{id}: {of}"),
                    "not-applicable" => assert!(words.is_empty() && of.get("inherited").is_none(), "{id}: {of}"),
                    other => panic!("{id}: {other}"),
                }
                // Whoever provides something is taken at its word by nobody here.
                if of["export"].get("provided").is_some() {
                    assert_eq!(status["state"], "planned", "{id}: {of}");
                }
            }
            for state in ["met", "attested", "not_met", "excepted", "unknown"] {
                assert_eq!(
                    states.get(state).copied().unwrap_or_default(),
                    row["duties"][state],
                    "{example} {id} {state}"
                );
            }
        }
    }
}

/// A control of results is satisfied only where each of its duties is shown, and each observation is a duty's.
#[test]
fn results_are_those_of_the_report() {
    for example in EXAMPLES {
        let path = root().join(example).display().to_string();
        let rows = Folder::new()
            .run(&["requirements", "nist-800-53", &path, "--format", "json"])
            .json();
        let states: BTreeMap<String, &Value> = list(&rows, "rows")
            .iter()
            .map(|row| (text(row, "id").to_lowercase().replace('(', ".").replace(')', ""), &row["duties"]))
            .collect();
        let results = of_example("assessment-results", example, &[]);
        let result = &results["assessment-results"]["results"][0];
        let as_of = text(result, "end");
        for finding in result["findings"].as_array().map_or(&[][..], Vec::as_slice) {
            let target = &finding["target"];
            let id = text(target, "target-id").trim_end_matches("_smt");
            let duties = states[id];
            let shown = duties["met"].as_u64().unwrap() + duties["attested"].as_u64().unwrap();
            let is_satisfied = target["status"]["state"] == "satisfied";
            assert_eq!(is_satisfied, duties["total"].as_u64() == Some(shown), "{example} {id}: {duties}");
            let is_broken = target["status"]["reason"] == "fail";
            assert_eq!(is_broken, duties["not_met"] != 0, "{example} {id}: {duties}");
            assert!(!list(finding, "related-observations").is_empty(), "{id}");
        }
        for observation in result["observations"].as_array().map_or(&[][..], Vec::as_slice) {
            assert!(own(observation, "duty").is_some() && own(observation, "state").is_some());
            assert!(text(observation, "collected") <= as_of, "{observation}");
        }
    }
}

/// The same input in another order of files, and on another day of writing, gives the same bytes.
#[test]
fn same_input_same_bytes() {
    let (one, other) = (small(), small());
    let text = one.read("inventory.yaml");
    let (head, rest) = text.split_once("resources:").unwrap();
    let (resources, evidence) = rest.split_once("evidence:").unwrap();
    other.put("inventory.yaml", format!("{head}evidence:{evidence}"));
    let mut lines: Vec<&str> = resources.trim().lines().collect();
    lines.reverse();
    let lines: Vec<String> = lines.iter().map(|line| format!("  {}", line.trim())).collect();
    other.put("a.yaml", format!("inventory: 1\nresources:\n{}\n", lines.join("\n")));
    for model in MODELS {
        let run = |paths: &[&str], folder: &Folder| {
            let mut arguments = vec!["oscal", model];
            arguments.extend(paths);
            arguments.extend(["--catalog", "mine", "--framework", "house-policy"]);
            folder.run(&arguments).fine()
        };
        let written = run(&["inventory.yaml"], &one);
        assert_eq!(written, run(&["inventory.yaml", "a.yaml"], &other), "{model}");
        assert_eq!(written, run(&["a.yaml", "inventory.yaml"], &other), "{model}");
    }
    one.run(&[
        "oscal",
        "ssp",
        "inventory.yaml",
        "--catalog",
        "mine",
        "--framework",
        "house-policy",
        "-o",
        "plan.json",
    ])
    .well();
    assert_eq!(one.read("plan.json"), of_small(&one, "ssp"));
    one.refuses(
        &["oscal", "ssp", "inventory.yaml", "--catalog", "mine", "-o", "inventory.yaml"],
        3,
        "inventory.yaml",
    );
}

/// Nothing is invented of an authorisation that nobody names.
#[test]
fn an_authorisation_is_named_with_its_id_and_date_or_not_at_all() {
    let folder = small();
    let plan: Value = serde_json::from_str(&of_small(&folder, "ssp")).unwrap();
    let leveraged = list(&plan["system-security-plan"]["system-implementation"], "leveraged-authorizations");
    assert_eq!(leveraged.len(), 1);
    assert_eq!(leveraged[0]["date-authorized"], "2024-02-29");
    let text = folder.read("inventory.yaml");
    let (head, rest) = text.split_once("leveraged:").unwrap();
    let (_, rest) = rest.split_once("resources:").unwrap();
    folder.put("inventory.yaml", format!("{head}resources:{rest}"));
    let without = of_small(&folder, "ssp");
    assert!(!without.contains("leveraged"), "{without}");
    for (entry, word) in [
        ("{party: aws, id: FR1}", "date"),
        ("{party: aws, date: 2024-01-01}", "id"),
        ("{party: aws, id: \" \", date: 2024-01-01}", "id"),
        ("{party: nobody, id: FR1, date: 2024-01-01}", "nobody"),
        ("{party: aws, id: FR1, date: 2024-13-01}", "2024-13-01"),
    ] {
        folder.put("inventory.yaml", format!("{head}leveraged: [{entry}]\nresources:{rest}"));
        folder.refuses(&["check", "inventory.yaml", "--catalog", "mine"], 1, word);
    }
}

/// What a report with a document's duties says of these: sentence and requirements, with how many there are.
fn duties_of(report: &Value) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for service in list(report, "services") {
        if !text(service, "service").starts_with("upstream-") {
            continue;
        }
        for control in list(service, "controls") {
            for activity in list(control, "activities") {
                let is_duty = text(activity, "side") != "provider";
                assert!(is_duty, "nothing is taken for provided: {activity}");
                *found.entry(text(activity, "does").to_owned()).or_default() += 1;
            }
        }
    }
    found
}

/// A reader with nothing of its own but one resource.
fn reader() -> Folder {
    Folder::new().with(
        "inventory.yaml",
        "inventory: 1\norganization: Reader Ltd\nas_of: 2026-11-01\nframeworks: [{id: nist-800-53, baseline: fedramp-moderate}]\n\
         resources:\n  - {service: sqs, name: queue}\n",
    )
}

/// What a plan of ours asks is what its reader is asked: each duty once, whatever controls it is for.
#[test]
fn a_plan_that_is_read_back_gives_the_same_duties() {
    for example in EXAMPLES.into_iter().filter(|example| !example.ends_with("estate")) {
        let folder = reader();
        let plan = of_example("ssp", example, &["--baseline", "fedramp-moderate"]);
        folder.put("plan.json", plan.to_string());
        let mut asked: BTreeMap<&str, (&str, BTreeSet<&str>)> = BTreeMap::new();
        for (control, of) in by_components(&plan) {
            for one in of["export"]["responsibilities"].as_array().map_or(&[][..], Vec::as_slice) {
                let duty = own(one, "duty").unwrap();
                asked
                    .entry(duty)
                    .or_insert((text(one, "description"), BTreeSet::new()))
                    .1
                    .insert(control);
            }
        }
        let report = folder
            .run(&["report", "inventory.yaml", "--upstream", "plan.json", "--format", "json"])
            .json();
        let found = duties_of(&report);
        assert_eq!(found.values().sum::<usize>(), asked.len(), "{example}");
        // Each answers the requirements that it was for.
        let mut requirements: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
        for service in list(&report, "services")
            .iter()
            .filter(|one| text(one, "service").starts_with("upstream-"))
        {
            for activity in list(service, "controls").iter().flat_map(|control| list(control, "activities")) {
                let of = list(activity, "requirements")
                    .iter()
                    .map(|one| one.as_str().unwrap().to_lowercase());
                let of = of
                    .map(|one| one.rsplit(' ').next().unwrap().replace('(', ".").replace(')', ""))
                    .collect();
                *requirements.entry(of).or_default() += 1;
            }
        }
        let mut expected: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
        for (_, controls) in asked.values() {
            *expected.entry(controls.iter().map(|one| (*one).to_owned()).collect()).or_default() += 1;
        }
        assert_eq!(requirements, expected, "{example}");
    }
}

/// A managed service provider hands on what is left to its clients, and nothing of how it is made.
#[test]
fn what_is_left_to_our_customers_is_handed_on_to_them() {
    let folder = small();
    let text_of = folder.read("inventory.yaml");
    folder.put(
        "inventory.yaml",
        format!(
            "{text_of}our_customers:\n  - {{does: Tell us whom to restore for, requirements: [house-policy/HP-1, nist-800-53/CP-9]}}\n  \
             - {{does: Train your people, requirements: [house-policy/HP-2]}}\n"
        ),
    );
    let of = |perspective: &str, framework: &str| {
        let arguments = [
            "oscal",
            "ssp",
            "inventory.yaml",
            "--catalog",
            "mine",
            "--framework",
            framework,
            "--perspective",
            perspective,
        ];
        folder.run(&arguments).fine()
    };
    assert!(
        !of("customer", "house-policy").contains("Tell us whom"),
        "the perspectives are never mixed"
    );
    let written = of("provider", "house-policy");
    expect("oscal/ssp-provider.json", &{
        let value: Value = serde_json::from_str(&written).unwrap();
        written.replace(text(&value["system-security-plan"], "uuid"), "[UUID]")
    });
    for hidden in ["satisfied", "inherited\":", "sessions", "inventory-items"] {
        assert!(!written.contains(hidden), "{hidden}");
    }
    let value: Value = serde_json::from_str(&written).unwrap();
    is_sound("handed on", &value);
    // Only what is shown wherever it is deployed is provided.
    let (_, first) = by_components(&value).next().unwrap();
    let provided = text(&first["export"]["provided"][0], "description");
    assert!(
        provided.contains("Mirrors the disks") && !provided.contains("Copies the cache"),
        "{provided}"
    );
    assert_eq!(first["implementation-status"]["state"], "partial");
    let client = reader();
    client.put("plan.json", of("provider", "nist-800-53"));
    let report = client
        .run(&["report", "inventory.yaml", "--upstream", "plan.json", "--format", "json"])
        .json();
    assert_eq!(duties_of(&report), BTreeMap::from([("Tell us whom to restore for".to_owned(), 1)]));
}

#[test]
fn a_component_definition_that_is_read_back_asks_what_it_says() {
    let folder = reader();
    let definition = of_example("component-definition", "inventories/payments", &["--baseline", "fedramp-moderate"]);
    folder.put("components.json", definition.to_string());
    let mut asked = BTreeSet::new();
    for component in list(&definition["component-definition"], "components") {
        each(component, "", &mut |place, one| {
            if place == "props" && one["name"] == "responsibility" && one["ns"] == NAMESPACE {
                asked.insert((text(component, "uuid"), text(one, "class")));
            }
        });
    }
    let report = folder
        .run(&["report", "inventory.yaml", "--upstream", "components.json", "--format", "json"])
        .json();
    assert_eq!(duties_of(&report).values().sum::<usize>(), asked.len());
}

const UPSTREAM: [&str; 2] = [
    "tests/fixtures/oscal/upstream/msp-plan.json",
    "tests/fixtures/oscal/upstream/vendor-components.yaml",
];

fn with_upstream() -> Folder {
    let folder = reader();
    for path in UPSTREAM {
        folder.put(path.rsplit('/').next().unwrap(), repository(path));
    }
    folder
}

#[test]
fn what_others_hand_over_needs_an_owner() {
    let folder = with_upstream();
    let named = ["--upstream", "msp-plan.json", "--upstream", "vendor-components.yaml"];
    let run = |more: &[&str]| {
        let mut arguments = vec!["report", "inventory.yaml", "--format", "json"];
        arguments.extend(more);
        folder.run(&arguments).json()
    };
    let report = run(&named);
    let asked: Vec<String> = duties_of(&report).into_keys().collect();
    assert_eq!(
        asked,
        [
            "Ask for a <script>alert(1)</script> rule in writing",
            "Keeps the keys",
            "Leveraging systems name an account manager",
            "Names the administrators of the database",
            "Review the rules of the firewall every quarter",
        ]
    );
    let without_owner = |report: &Value| {
        let findings = list(report, "findings").iter();
        findings.filter(|one| one["code"] == "upstream-without-owner").count()
    };
    assert_eq!(without_owner(&report), 5);
    // A rule that was not written for it gives it to nobody; one that names it does.
    let base = folder.read("inventory.yaml");
    for (rule, left) in [
        ("{responsible: customer, accountable: customer}", 5),
        ("{match: {environment: prod}, accountable: customer}", 5),
        ("{match: {service: upstream-managed-firewall}, accountable: customer}", 3),
        (
            "{match: {service: [upstream-managed-firewall, upstream-this-system, upstream-vendor-database]}, accountable: customer}",
            0,
        ),
    ] {
        folder.put("inventory.yaml", format!("{base}assignments: [{rule}]\n"));
        assert_eq!(without_owner(&run(&named)), left, "{rule}");
    }
    folder.put("inventory.yaml", &base);
    assert_eq!(without_owner(&run(&[])), 0);
    let checked = folder.run(&["check", "inventory.yaml", "--upstream", "msp-plan.json"]);
    assert!(checked.errors.contains("upstream-without-owner"), "{}", checked.errors);
    assert!(checked.errors.contains("msp-plan.json:"), "{}", checked.errors);
    // The text that says more stands below.
    let markdown = folder.run(&["report", "inventory.yaml", "--upstream", "msp-plan.json"]).fine();
    assert!(markdown.contains("They tell Northwind of every change of that within a day"));
    assert!(!markdown.contains("<script>"));
}

/// An inventory may name what the command line names, and nothing counts twice.
#[test]
fn an_inventory_names_its_documents() {
    let folder = with_upstream();
    let by_line = folder
        .run(&["report", "inventory.yaml", "--upstream", "msp-plan.json", "--format", "json"])
        .json();
    let base = folder.read("inventory.yaml");
    folder.put("inventory.yaml", format!("{base}upstream: [msp-plan.json]\n"));
    let by_field = folder.run(&["report", "inventory.yaml", "--format", "json"]).json();
    assert_eq!(by_line["services"], by_field["services"]);
    let twice = folder
        .run(&["report", "inventory.yaml", "--upstream", "./msp-plan.json", "--format", "json"])
        .json();
    assert_eq!(twice["services"], by_field["services"]);
    folder.run(&["pack", "inventory.yaml", "-o", "pack", "--format", "json"]).well();
    let manifest: Value = serde_json::from_str(&folder.read("pack/manifest.json")).unwrap();
    let is_upstream = |one: &&Value| one["role"] == "upstream";
    assert_eq!(list(&manifest, "inputs").iter().filter(is_upstream).count(), 1);
    folder.run(&["verify", "pack", "inventory.yaml"]).fine();
    let document = folder.read("msp-plan.json");
    folder.put("msp-plan.json", document.replace("every quarter", "every week"));
    folder.run(&["verify", "pack", "inventory.yaml"]).failed(1);
    folder.put("inventory.yaml", format!("{base}upstream: [missing.json]\n"));
    let run = folder.run(&["check", "inventory.yaml"]);
    let told = run.failed(3);
    assert!(told.contains("missing.json") && told.contains("inventory.yaml:"), "{told}");
}

/// Each fault with the file and the place in it, all at once.
#[test]
fn what_cannot_be_understood_is_told_with_its_place() {
    let folder = with_upstream();
    let plan = folder.read("msp-plan.json");
    let cases: [(&str, String, &[&str]); 9] = [
        ("no OSCAL", "{\"a\": 1}".into(), &["of no model of OSCAL"]),
        (
            "another model",
            "{\"catalog\": {}}".into(),
            &["`catalog` states no responsibilities"],
        ),
        ("XML", "<system-security-plan/>".into(), &["XML"]),
        ("no JSON", "{\"system-security-plan\": ".into(), &["upstream.json:1"]),
        ("a list", "[]".into(), &["of no model"]),
        (
            "two faults at once",
            plan.replace("\"control-id\": \"sc-7\"", "\"control-id\": 7").replace(
                "\"description\": \"Review the rules of the firewall every quarter\"",
                "\"description\": [\"Review\"]",
            ),
            &[
                "`control-id` is no text",
                "`description` is no text",
                "upstream.json:57:25",
                "upstream.json:64",
                "upstream.json:79",
            ],
        ),
        (
            "fields in the place of a list",
            plan.replace("\"responsibilities\": [", "\"responsibilities\": 7, \"x\": ["),
            &["is no list"],
        ),
        ("no metadata", "{\"system-security-plan\": {}}".into(), &["`metadata` is missing"]),
        (
            "a title that says nothing",
            plan.replace("\"title\": \"This system\"", "\"title\": \" \""),
            &["`title` is no text"],
        ),
    ];
    for (name, document, words) in cases {
        folder.put("upstream.json", document);
        let run = folder.run(&["check", "inventory.yaml", "--upstream", "upstream.json"]);
        let told = run.failed(1);
        for word in words {
            assert!(told.contains(word), "{name}: {word}: {told}");
        }
        assert!(told.contains("upstream.json"), "{name}: {told}");
    }
    // What is dangling is told, and does not keep the duties away.
    folder.put(
        "upstream.json",
        plan.replace(
            "\"component-uuid\": \"11111111-0000-4000-9003-000000000002\"",
            "\"component-uuid\": \"11111111-0000-4000-9003-00000000000f\"",
        ),
    );
    let run = folder.run(&["check", "inventory.yaml", "--upstream", "upstream.json"]);
    assert!(run.errors.contains("oscal-reference"), "{}", run.errors);
    let report = folder
        .run(&["report", "inventory.yaml", "--upstream", "upstream.json", "--format", "json"])
        .json();
    assert_eq!(duties_of(&report).len(), 3);
    // One that asks nothing is worth a word.
    folder.put("upstream.json", plan.replace("\"responsibilities\"", "\"remarks-of-nobody\""));
    let run = folder.run(&["check", "inventory.yaml", "--upstream", "upstream.json"]);
    assert!(run.errors.contains("upstream-empty"), "{}", run.errors);
}

/// Whatever stands in any place of a document, it is read or refused, with its place, and nothing breaks.
#[test]
fn hostile_documents_break_nothing() {
    let file: Arc<str> = "hostile.json".into();
    let plan: Value = serde_json::from_str(&repository(UPSTREAM[0])).unwrap();
    let definition: Value = serde_yaml::from_str(&repository(UPSTREAM[1])).unwrap();
    let long = "x".repeat(200_000);
    let hostile = [
        Value::Null,
        Value::Bool(true),
        serde_json::json!(1e308),
        serde_json::json!([]),
        serde_json::json!([[[{}]]]),
        serde_json::json!({}),
        serde_json::json!("\u{0}\u{1b}[31m\u{202e}<b>\\"),
        Value::String(long),
    ];
    for document in [&plan, &definition] {
        let mut pointers = Vec::new();
        collect(document, String::new(), &mut pointers);
        for pointer in pointers {
            for value in &hostile {
                let mut broken = document.clone();
                *broken.pointer_mut(&pointer).unwrap() = value.clone();
                match read::read(&broken.to_string(), &file) {
                    // A component that is not defined is one, too.
                    Ok(read) => assert!(read.components.len() <= 3, "{pointer}"),
                    Err(faults) => {
                        assert!(!faults.is_empty(), "{pointer}");
                        assert!(faults.iter().all(|fault| !fault.places.is_empty()), "{pointer}: {faults:?}");
                    }
                }
            }
        }
    }
    let deep = format!("{{\"system-security-plan\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read::read(&deep, &file).is_err());
    for text in [
        "",
        "\u{feff}",
        "\u{0}",
        "- ".repeat(50_000).as_str(),
        "a: &a [*a]",
        "{\"component-definition\": null}",
    ] {
        assert!(read::read(text, &file).is_err(), "{text:.40?}");
    }
}

/// The places of a document.
fn collect(value: &Value, at: String, pointers: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| collect(item, format!("{at}/{index}"), pointers));
        }
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| collect(value, format!("{at}/{name}"), pointers)),
        _ => {}
    }
    pointers.push(at);
}

#[test]
fn frameworks_and_baselines_are_known_or_refused() {
    let folder = reader();
    folder.refuses(&["oscal", "ssp", "inventory.yaml", "--framework", "nist-800-35"], 1, "nist-800-53");
    folder.refuses(
        &["oscal", "ssp", "inventory.yaml", "--baseline", "fedramp-modrate"],
        1,
        "fedramp-moderate",
    );
    let plan = folder.run(&["oscal", "ssp", "inventory.yaml"]).json();
    // The inventory's own baseline holds.
    assert_eq!(by_components(&plan).map(|(id, _)| id).collect::<BTreeSet<_>>().len(), 323);
    let named = folder
        .run(&["oscal", "ssp", "inventory.yaml", "--profile", "https://example.com/p.json"])
        .json();
    assert_eq!(
        named["system-security-plan"]["import-profile"]["href"],
        "https://example.com/p.json"
    );
}
