//! What an overlay brings of its own: controls, objectives, partners, activities on all services, frameworks and layouts.

use crate::support::{Folder, activities, expect, inventory, list, root, text};
use cloudraci::catalog::Catalog;
use cloudraci::diagnostics::{Code, SourceMap};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

/// The example: a managed service provider's overlay, and a client's inventory.
const EXAMPLE: &str = "inventories/msp";

/// All formats of a report.
const FORMATS: [&str; 6] = ["markdown", "html", "pdf", "xlsx", "csv", "json"];

fn example() -> Folder {
    Folder::new().with_copy(EXAMPLE, "msp")
}

fn on_example(command: &[&str]) -> crate::support::Run {
    example().run(&[command, &["msp/inventory.yaml", "--catalog", "msp/catalog"]].concat())
}

const SOURCES: &str = "sources:\n  own: {title: Own, url: \"https://example.com/own\", reviewed: 2026-10-01}\n";

fn controls() -> String {
    "reason: Ours\nlayers:\n  - {id: service, title: Zebra layer, after: operations}\ncontrols:\n  - {id: zebra, title: Zebra handling, layer: service, \
     meaning: How zebras are kept, after: backup}\n"
        .to_owned()
}

fn zebra_on_rds() -> String {
    format!(
        "id: rds\nreason: Ours\n{SOURCES}controls:\n  zebra:\n    customer:\n      - {{id: feed, does: Feeds the zebras of the database, default: build, \
         how: Take hay, evidence: List of feedings, source: own}}\n"
    )
}

fn small() -> Folder {
    Folder::new().with(
        "inventory.yaml",
        inventory(json!([{"service": "rds", "name": "ledger"}, {"service": "s3", "name": "files"}])),
    )
}

#[test]
fn the_example_keeps_the_rules_and_yields_its_matrix() {
    on_example(&["check"]).well();
    example().run(&["catalog", "check", "msp/catalog"]).well();
    let laid = on_example(&["requirements", "msp-operations", "--layout", "operations-matrix", "--format", "csv"]);
    expect("own/operations-matrix.csv", &laid.fine());
    let of = on_example(&["requirements", "msp-operations", "--format", "json"]).json();
    assert_eq!(list(&of, "rows").len(), 20);
    assert_eq!(of["counts"]["unclassified"], 0);
    // Three kinds of rows, as such a matrix has them.
    for kind in ["inherited", "shared", "customer_specific", "organisational"] {
        assert!(of["counts"][kind].as_u64().unwrap() > 0, "{kind}");
    }
    let standard = on_example(&["requirements", "msp-operations", "--baseline", "standard", "--format", "json"]).json();
    assert!(list(&standard, "rows").len() < 20);
}

/// A party of a partner holds its letters in every cut, although no inventory describes it.
#[test]
fn a_partner_is_a_side_of_an_activity() {
    let report = on_example(&["report", "--format", "json"]).json();
    let party = list(&report, "parties").iter().find(|party| party["id"] == "northwind").unwrap();
    assert_eq!(
        (text(party, "kind"), text(party, "name")),
        ("partner", "Northwind Managed Services")
    );
    let of_partner: BTreeSet<&str> = activities(&report)
        .iter()
        .filter(|(_, activity)| activity["side"] == "northwind")
        .map(|(_, activity)| text(activity, "id"))
        .collect();
    for id in [
        "aws-account.change-management.northwind.record",
        "every.monitoring-detection.northwind.on-call",
        "rds.backup.northwind.restore-drill",
    ] {
        assert!(of_partner.contains(id), "{id}: {of_partner:?}");
    }
    for (_, activity) in activities(&report).iter().filter(|(_, activity)| activity["side"] == "northwind") {
        let held = list(activity, "assignments")
            .iter()
            .find(|held| held["party"] == "northwind")
            .unwrap();
        assert_eq!(held["letters"], "A/R", "{activity}");
    }
    // On every service, and beside what the catalog says.
    for service in ["ec2", "rds", "s3"] {
        let of = list(&report, "services").iter().find(|one| one["service"] == service).unwrap();
        let watched = list(of, "controls")
            .iter()
            .find(|one| one["control"] == "monitoring-detection")
            .unwrap();
        let sides: BTreeSet<&str> = list(watched, "activities").iter().map(|one| text(one, "side")).collect();
        assert!(sides.contains("northwind") && sides.contains("customer"), "{service}: {sides:?}");
    }
    let cut = on_example(&["report", "--party", "northwind", "--format", "markdown"]).fine();
    assert!(
        cut.contains("Records every change and assesses its risk before it is made"),
        "{cut:.3000}"
    );
    // The halves of requirements.
    let of = on_example(&["requirements", "msp-operations", "--format", "json"]).json();
    let row = list(&of, "rows").iter().find(|row| row["id"] == "OPS-12").unwrap();
    let drill = list(row, "customer")
        .iter()
        .find(|part| part["activity"] == "rds.backup.northwind.restore-drill");
    assert_eq!(drill.unwrap()["accountable"], "northwind");
}

/// All that a document says, whatever its form.
fn words_of(format: &str, bytes: &[u8]) -> String {
    match format {
        "pdf" => pdf_extract::extract_text_from_mem(bytes).unwrap(),
        "xlsx" => {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
            let mut all = String::new();
            for index in 0..archive.len() {
                let mut part = String::new();
                let _ = archive.by_index(index).unwrap().read_to_string(&mut part);
                all.push_str(&part);
            }
            all
        }
        _ => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

#[test]
fn own_controls_stand_in_all_documents_and_count() {
    let folder = small()
        .with("mine/controls.yaml", controls())
        .with("mine/services/rds.yaml", zebra_on_rds());
    for format in FORMATS {
        let run = folder.run(&["report", "--edition", "audit", "--catalog", "mine", "--format", format]);
        assert_eq!(run.code, 0, "{}", run.errors);
        let said = words_of(format, &run.bytes).split_whitespace().collect::<Vec<_>>().join(" ");
        for words in ["Zebra handling", "Feeds the zebras of the database"] {
            assert!(said.contains(words), "{format} lacks `{words}`");
        }
    }
    let [before, after] =
        [&[][..], &["--catalog", "mine"]].map(|more| folder.run(&[&["report", "--format", "json"], more].concat()).json());
    let total = |report: &Value| report["summary"]["duties"]["total"].as_u64().unwrap();
    assert_eq!(total(&after), total(&before) + 1);
    let controls = |report: &Value| {
        let all = list(&report["summary"], "by_control").iter();
        all.map(|one| text(one, "control").to_owned()).collect::<Vec<_>>()
    };
    let mut expected = controls(&before);
    let at = expected.iter().position(|id| id == "backup").unwrap();
    expected.insert(at + 1, "zebra".to_owned());
    assert_eq!(controls(&after), expected, "after the control that it names");
    // It is a control of what something is said of, and of nothing else.
    for service in list(&after, "services") {
        let has = list(service, "controls").iter().any(|one| one["control"] == "zebra");
        assert_eq!(has, service["service"] == "rds", "{}", text(service, "service"));
    }
    // Selectors know it, and its layer.
    for key in [json!({"control": "zebra"}), json!({"layer": "service"})] {
        let mut document: Value = serde_json::from_str(&inventory(json!([{"service": "rds", "name": "ledger"}]))).unwrap();
        document["parties"] = json!({"keepers": {"kind": "customer"}, "others": {"kind": "customer"}});
        document["assignments"] = json!([{"accountable": "others", "responsible": "others"}, {"match": key, "responsible": "keepers"}]);
        let folder = Folder::new()
            .with("inventory.yaml", document.to_string())
            .with("mine/controls.yaml", self::controls())
            .with("mine/rds.yaml", zebra_on_rds());
        let report = folder.run(&["report", "--catalog", "mine", "--format", "json"]).json();
        let (_, fed) = *activities(&report)
            .iter()
            .find(|(control, _)| control["control"] == "zebra")
            .unwrap();
        let keeps = |held: &&Value| held["party"] == "keepers" && held["letters"] == "R";
        assert!(list(fed, "assignments").iter().any(|held| keeps(&held)), "{key}: {fed}");
    }
    let written = folder.run(&["catalog", "inherited", "rds", "--catalog", "mine"]).fine();
    assert!(written.contains("overlay, mine/services/rds.yaml:8"), "{written:.3000}");
}

#[test]
fn an_overlay_that_adds_nothing_changes_no_byte() {
    let folder = small()
        .with("mine/controls.yaml", "reason: Nothing yet\ncontrols: []\n")
        .with("mine/objectives.yaml", "reason: Nothing yet\n")
        .with("mine/parties.yaml", "reason: Nothing yet\nparties: []\n")
        .with("mine/models.yaml", "reason: Nothing yet\nevery: {}\n")
        .with("mine/README.md", "For people");
    for format in FORMATS {
        let before = folder.report(format);
        let after = folder.run(&["report", "--format", format, "--catalog", "mine"]);
        assert_eq!(before.errors, after.errors);
        assert!(before.bytes == after.bytes, "{format}");
    }
    // Neither does what nobody has anything to do with: a party that holds nothing, a control of which nothing is said.
    let unused = small()
        .with(
            "mine/parties.yaml",
            "reason: Ours\nparties:\n  - {id: zoo, name: Zoo, kind: partner, assurance: None}\n",
        )
        .with("mine/controls.yaml", controls());
    let [before, after] = [&[][..], &["--catalog", "mine"]].map(|more| unused.run(&[&["report", "--format", "csv"], more].concat()));
    assert!(before.bytes == after.bytes);
    let told = unused.run(&["catalog", "check", "mine"]);
    assert!(told.errors.contains("nothing is said of the control `zebra`"), "{}", told.errors);
}

/// Further activities stand beside what their side has.
#[test]
fn a_built_in_service_gets_further_activities() {
    let added = |side: &str, id: &str| {
        format!(
            "id: rds\nreason: Ours\n{SOURCES}controls:\n  backup:\n    adds:\n      {side}:\n        - {{id: {id}, does: Counts the copies, default: build, how: \
             Use fingers, evidence: A number, source: own}}\n"
        )
    };
    let folder = small().with("mine/rds.yaml", added("customer", "count"));
    let ids = |more: &[&str]| -> Vec<String> {
        let shown = folder.run(&[&["catalog", "show", "rds", "--format", "json"], more].concat()).json();
        activities(&shown)
            .iter()
            .map(|(_, activity)| text(activity, "id").to_owned())
            .collect()
    };
    let (before, after) = (ids(&[]), ids(&["--catalog", "mine"]));
    let new: Vec<&String> = after.iter().filter(|id| !before.contains(id)).collect();
    assert_eq!(new, ["rds.backup.customer.count"]);
    assert_eq!(after.len(), before.len() + 1, "and nothing is gone");
    let written = folder.run(&["catalog", "inherited", "rds", "--catalog", "mine"]).fine();
    assert!(written.contains("overlay, mine/rds.yaml:9"), "{written:.3000}");
    // An id is one activity's alone.
    let taken = small().with("mine/rds.yaml", added("customer", "retention"));
    taken.refuses(&["catalog", "check", "mine"], 1, "`rds.backup.customer.retention` is there already");
    let nobody = small().with("mine/rds.yaml", added("costumer", "count"));
    nobody.refuses(&["catalog", "check", "mine"], 1, "did you mean `customer`?");
}

/// Every file of an overlay that is wrong is told with its place and what may be meant, all of them at once.
#[test]
fn what_is_wrong_in_an_overlay_is_told_at_once() {
    let folder = small()
        .with("mine/controls.yaml", controls().replace("layer: service", "layer: servise").replace("after: backup", "after: bakup"))
        .with("mine/objectives.yaml", "reason: Ours\nobjectives:\n  zebbra: {fed: they are fed}\n  backup: {copies: another}\n")
        .with(
            "mine/parties.yaml",
            "reason: Ours\nparties:\n  - {id: Zoo, name: Zoo, kind: provider, assurance: None}\n  - {id: customer, name: C, kind: partner, assurance: None}\n",
        )
        .with(
            "mine/models.yaml",
            format!("reason: Ours\n{SOURCES}models:\n  functoin:\n    zebra:\n      zoo: [{{id: a, does: Acts, default: build, source: own}}]\n"),
        )
        .with(
            "mine/frameworks/house.yaml",
            "id: house\nreason: Ours\nname: House\nversion: \"1\"\nrequirements:\n  - {id: H-1, links: {judgement: [backup.copys]}}\n",
        )
        .with(
            "mine/layouts/house.yaml",
            "id: house\nreason: Ours\ntitle: House\nframeworks: [hause]\nsheets:\n  - {name: A, columns: [{title: A, value: \"{{ r.idd }}\"}]}\n",
        );
    let run = folder.run(&["catalog", "check", "mine"]);
    let errors = run.failed(1);
    for said in [
        "there is no layer `servise`",
        "did you mean `service`?",
        "did you mean `backup`?",
        "unknown control `zebbra`",
        "did you mean `zebra`?",
        "the objective `backup.copies` is one of the built-in catalog",
        "`Zoo` cannot be the id of a party",
        "the party `Zoo` is no partner",
        "`customer` cannot be the id of a party",
        "unknown service model `functoin`",
        "`backup.copys` is no objective",
        "did you mean `backup.copies`?",
        "the catalog knows no framework `hause`",
        "did you mean `house`?",
        "the column `A` of the sheet `A` of the layout `house` cannot be filled in",
        "mine/controls.yaml:5",
        "mine/objectives.yaml:3",
        "mine/parties.yaml:3",
        "mine/models.yaml:5",
        "mine/frameworks/house.yaml:6",
        "mine/layouts/house.yaml:6",
    ] {
        assert!(errors.contains(said), "{said}: {errors}");
    }
    // Nothing of it is passed over where a report is made.
    folder.run(&["report", "--catalog", "mine"]).failed(1);
    for (file, text, said) in [
        ("controls.yaml", "reason: x\ncontrol: []\n", "unknown field `control`"),
        ("partys.yaml", "reason: x\nparties: []\n", "did you mean `parties.yaml`?"),
        ("services/controls.yaml", "reason: x\n", "lies in the folder itself"),
        ("layers.yaml", "[]\n", "layers of one's own stand in `controls.yaml`"),
        ("severity.yaml", "{}\n", "only a release changes"),
        ("objectives.yaml", "objectives: {}\n", "gives no `reason`"),
        (
            "layout/own.yaml",
            "id: own\n",
            "the catalog folder holds a folder that means nothing there",
        ),
    ] {
        small()
            .with(&format!("mine/{file}"), text)
            .refuses(&["report", "--catalog", "mine"], 1, said);
    }
    for name in ["controls", "objectives", "parties", "models"] {
        let of = |text: &str| small().with(&format!("mine/{name}.yaml"), text);
        of("# nothing\n\n").refuses(&["catalog", "check", "mine"], 1, "the file says nothing");
        of("- reason\n").refuses(&["catalog", "check", "mine"], 1, "error[");
    }
    let twice = small().with("mine/controls.yaml", controls()).with("mine/controls.yml", controls());
    twice.refuses(&["report", "--catalog", "mine"], 1, "two files of controls");
}

/// A framework that maps as these links do, and a layout with these columns.
fn framed(requirements: &str, columns: &str) -> Folder {
    small()
        .with(
            "mine/frameworks/house.yaml",
            format!("id: house\nreason: Ours\nname: House\nversion: \"1\"\nrequirements:\n{requirements}"),
        )
        .with(
            "mine/layouts/house.yaml",
            format!("id: house\nreason: Ours\ntitle: House\nsheets:\n  - name: All\n    columns:\n{columns}"),
        )
}

const ID: &str = "      - {title: Id, value: \"{{ r.id }}\"}\n      - {title: Whose, value: \"{{ r.inheritance }}\"}\n";
const PROVIDER: &str = "      - {title: Provider, value: \"{{ r.provider_text }}\"}\n";
const CUSTOMER: &str = "      - {title: Customer, value: \"{{ r.customer_text }}\"}\n";
const MAPPED: &str =
    "  - {id: H-1, links: {judgement: [backup.copies]}}\n  - {id: H-2, links: {judgement: [physical-security.site-access]}}\n";

#[test]
fn what_an_assessor_sends_back_is_told() {
    let lint = |requirements: &str, columns: &str| {
        let folder = framed(requirements, columns);
        let run = folder.run(&["requirements", "house", "--catalog", "mine", "--layout", "house", "--format", "csv"]);
        run.fine();
        run.errors
    };
    let sound = lint(MAPPED, &[ID, PROVIDER, CUSTOMER].concat());
    assert!(!sound.contains("requirement-"), "{sound}");
    // A bare `Partial`.
    let bare = lint(MAPPED, ID);
    assert!(
        bare.contains("warning[requirement-halves]") && bare.contains("what the provider does: `H-1`"),
        "{bare}"
    );
    assert!(bare.contains("what is left to do: `H-1`"), "{bare}");
    let half = lint(MAPPED, &[ID, PROVIDER].concat());
    assert!(
        !half.contains("what the provider does") && half.contains("what is left to do: `H-1`"),
        "{half}"
    );
    // Something to do where all is inherited.
    let told = CUSTOMER.replace("r.customer_text", "r.customer_text or 'See to it'");
    let told = lint(MAPPED, &[ID, PROVIDER, &told].concat());
    assert!(told.contains("warning[requirement-inherited]") && told.contains("`H-2`"), "{told}");
    let noted = CUSTOMER.replace("r.customer_text", "r.customer_text or r.note");
    let noted = lint(MAPPED, &[ID, PROVIDER, &noted].concat());
    assert!(!noted.contains("requirement-"), "{noted}");
    // Policies.
    let policies = "  - {id: AC-1, links: {judgement: [physical-security.site-access]}}\n";
    let policies = lint(policies, &[ID, PROVIDER, CUSTOMER].concat());
    assert!(
        policies.contains("warning[policy-inherited]") && policies.contains("`AC-1`"),
        "{policies}"
    );
}

#[test]
fn a_requirement_that_the_baseline_lacks_is_told() {
    let with = |baseline: &str| {
        let mut document: Value = serde_json::from_str(&inventory(json!([{"service": "rds", "name": "ledger"}]))).unwrap();
        document["frameworks"] = json!([{"id": "nist-800-53", "baseline": baseline}]);
        document["our_customers"] = json!([{"does": "Review their users", "requirements": ["nist-800-53/AC-2", "nist-800-53/AC-2(11)"]}]);
        Folder::new()
            .with("inventory.yaml", document.to_string())
            .run(&["check", "--format", "json"])
    };
    let low = with("low").text_lossy();
    assert!(low.contains("requirement-outside-baseline") && low.contains("AC-2(11)"), "{low}");
    assert!(!with("high").text_lossy().contains("requirement-outside-baseline"));
}

/// What is shipped has nothing of the kind.
#[test]
fn no_layout_and_no_framework_that_is_shipped_is_sent_back() {
    let path = root().join("inventories/reference/inventory.yaml").display().to_string();
    let catalog = Catalog::builtin().unwrap();
    for layout in catalog.layouts.ids() {
        let of = catalog.layouts.get(layout).unwrap().frameworks;
        let of: Vec<String> = if of.is_empty() {
            vec!["nist-800-53".to_owned(), "pci-dss".to_owned()]
        } else {
            of
        };
        for framework in of {
            let run = Folder::new().run(&["requirements", &framework, &path, "--layout", layout, "--format", "csv"]);
            assert!(
                !run.errors.contains("requirement-") && !run.errors.contains("policy-"),
                "{layout} {framework}: {}",
                run.errors
            );
        }
    }
}

/// Each file of an overlay, and the name of its schema.
const FILES: [(&str, &str); 6] = [
    ("frameworks/s.yaml", "framework"),
    ("layouts/s.yaml", "layout"),
    ("controls.yaml", "controls"),
    ("objectives.yaml", "objectives"),
    ("parties.yaml", "parties"),
    ("models.yaml", "models"),
];

/// The fields that a document's maps have by a schema, as paths through what stands for items and keys.
fn fields(schema: &Value, whole: &Value, at: &[String], depth: usize, found: &mut Vec<Vec<String>>) {
    let target = match schema["$ref"].as_str() {
        Some(path) => whole.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if depth == 0 {
        return;
    }
    let options = ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|key| target[*key].as_array())
        .flatten();
    options.for_each(|option| fields(option, whole, at, depth, found));
    for (name, property) in target["properties"].as_object().into_iter().flatten() {
        let at = [at, std::slice::from_ref(name)].concat();
        fields(property, whole, &at, depth - 1, found);
        found.push(at);
    }
    for (key, step) in [("items", "[]"), ("additionalProperties", "{}")] {
        if target[key].is_object() {
            fields(&target[key], whole, &[at, &[step.to_owned()]].concat(), depth, found);
        }
    }
}

/// A document that has a field and nothing else.
fn only(path: &[String]) -> Value {
    match path {
        [] => json!(null),
        [first, rest @ ..] if first == "[]" => json!([only(rest)]),
        [first, rest @ ..] if first == "{}" => json!({"key": only(rest)}),
        [first, rest @ ..] => json!({first.as_str(): only(rest)}),
    }
}

/// What a schema names is what the reader knows, and nothing beside.
#[test]
fn schemas_of_an_overlay_and_their_readers_agree() {
    let read = |file: &str, document: &Value| -> Vec<String> {
        let folder = Folder::new().with(&format!("mine/{file}"), document.to_string());
        let found = Catalog::with_overlay(&folder.path("mine"), &mut SourceMap::default())
            .err()
            .unwrap_or_default();
        let unknown = found.into_iter().filter(|fault| fault.code == Code::UnknownField);
        unknown.map(|fault| fault.message).collect()
    };
    for (file, name) in FILES {
        let schema: Value = serde_json::from_str(&Folder::new().run(&["schema", name]).fine()).unwrap();
        assert!(text(&schema, "$schema").starts_with("https://json-schema.org/"), "{name}");
        let mut paths = Vec::new();
        fields(&schema, &schema, &[], 5, &mut paths);
        paths.sort();
        paths.dedup();
        assert!(paths.len() >= 2, "{name}: {paths:?}");
        for path in &paths {
            // Under `adds` and beside the sides every key is one of a user's own.
            let unknown = read(file, &only(path));
            assert!(unknown.is_empty(), "{name} {path:?}: {unknown:?}");
        }
        let mut maps: Vec<&[String]> = paths.iter().map(|path| &path[..path.len() - 1]).collect();
        maps.dedup();
        for map in maps {
            let document = only(&[map, &["nothingness".to_owned()]].concat());
            let is_open = |of: &Value| of.is_object();
            let target = at(&schema, &schema, map);
            if target.iter().any(|one| is_open(&one["additionalProperties"])) {
                continue;
            }
            assert_eq!(read(file, &document).len(), 1, "{name}: `nothingness` in {map:?} is told");
        }
    }
}

/// What a schema says of a place: every option of it.
fn at<'s>(schema: &'s Value, whole: &'s Value, path: &[String]) -> Vec<&'s Value> {
    let target = match schema["$ref"].as_str() {
        Some(path) => whole.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let options = ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|key| target[*key].as_array())
        .flatten();
    let mut found: Vec<&Value> = options.flat_map(|option| at(option, whole, path)).collect();
    match path {
        [] => found.push(target),
        [first, rest @ ..] => {
            let next = match first.as_str() {
                "[]" => &target["items"],
                "{}" => &target["additionalProperties"],
                name => &target["properties"][name],
            };
            if next.is_object() {
                found.extend(at(next, whole, rest));
            }
        }
    }
    found
}

/// What is built in fits the schema of its kind, and so does the example.
#[test]
fn files_that_are_written_fit_their_schemas() {
    let folders = [
        ("catalog/aws/frameworks", "framework"),
        ("catalog/aws/layouts", "layout"),
        ("inventories/msp/catalog/frameworks", "framework"),
    ];
    let mut files: Vec<(std::path::PathBuf, &str)> = Vec::new();
    for (folder, name) in folders {
        files.extend(
            std::fs::read_dir(root().join(folder))
                .unwrap()
                .map(|entry| (entry.unwrap().path(), name)),
        );
    }
    for name in ["controls", "objectives", "parties", "models"] {
        files.push((root().join(format!("{EXAMPLE}/catalog/{name}.yaml")), name));
    }
    for (path, name) in files {
        let schema: Value = serde_json::from_str(&Folder::new().run(&["schema", name]).fine()).unwrap();
        let document: Value = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        fits(&document, &schema, &schema, &[], &path.display().to_string());
    }
}

/// That a schema knows every field of a document. Below `json` stands what somebody else's form asks for.
fn fits(document: &Value, schema: &Value, whole: &Value, path: &[String], name: &str) {
    if path == ["json"] {
        return;
    }
    match document {
        Value::Object(map) => {
            for (key, value) in map {
                let named = [path, std::slice::from_ref(key)].concat();
                let open = [path, &["{}".to_owned()]].concat();
                let next = [named, open].into_iter().find(|next| !at(schema, whole, next).is_empty());
                let next = next.unwrap_or_else(|| panic!("{name}: the schema has no `{key}` at {path:?}"));
                fits(value, schema, whole, &next, name);
            }
        }
        Value::Array(items) => {
            let next = [path, &["[]".to_owned()]].concat();
            items.iter().for_each(|item| fits(item, schema, whole, &next, name));
        }
        _ => {}
    }
}
