//! `what-if`: to suppose is to edit by hand, for every kind of supposition; and its documents.

use crate::changes::{BASE, diff};
use crate::laws::document;
use crate::sums::told;
use crate::support::{Folder, list, text};
use cloudraci::catalog::Catalog;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A document whose resources say their Region.
fn placed(mut document: Value) -> Value {
    for resource in document["resources"].as_array_mut().unwrap() {
        resource["region"] = "eu-west-1".into();
    }
    document
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn what_else_is_supposed_is_the_edit_by_hand(one in document(), which in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), kind in 0..3u8) {
        let catalog = Catalog::builtin().unwrap();
        let one = placed(one);
        let mut edited = one.clone();
        let resources = edited["resources"].as_array_mut().unwrap();
        let service = text(&resources[which.index(resources.len())], "service").to_owned();
        let arguments = match kind {
            0 => {
                let mut modes: Vec<String> = catalog.modes(&service).iter().map(|mode| mode.id.clone()).collect();
                modes.push("standard".to_owned());
                let mode = modes[other.index(modes.len())].clone();
                for resource in resources.iter_mut().filter(|resource| resource["service"] == service.as_str()) {
                    resource["mode"] = mode.as_str().into();
                }
                ["--mode".to_owned(), format!("{service}={mode}")]
            }
            1 => {
                let region = ["cn-north-1", "us-gov-west-1", "eu-central-1"][other.index(3)];
                for resource in resources.iter_mut() {
                    resource["region"] = region.into();
                }
                ["--region".to_owned(), region.to_owned()]
            }
            _ => {
                let all: Vec<&str> = catalog.service_ids().collect();
                let added = all[other.index(all.len())];
                resources.push(json!({"service": added, "name": "added", "environment": "prod", "region": "eu-west-1", "account": "111122223333"}));
                ["--add".to_owned(), format!("{added},name=added,environment=prod,region=eu-west-1,account=111122223333")]
            }
        };
        let folder = Folder::new().with("one.yaml", one.to_string()).with("edited.yaml", edited.to_string());
        let supposed = folder.run(&["what-if", "one.yaml", "--format", "json", &arguments[0], &arguments[1]]).json();
        prop_assert_eq!(told(&supposed), told(&diff(&folder, "one.yaml", "edited.yaml")), "{:?}", arguments);
        prop_assert_eq!(list(&supposed, "changes").is_empty(), supposed["summary"].as_object().unwrap().values().all(|count| *count == 0));
    }

    #[test]
    fn a_handover_moves_what_the_report_says_that_it_moves(one in document()) {
        prop_assume!(!one["handover"].is_null());
        let folder = Folder::new().with("one.yaml", one.to_string());
        let supposed = folder.run(&["what-if", "one.yaml", "--format", "json", "--handover"]).json();
        let report = folder.run(&["report", "one.yaml", "--format", "json"]).json();
        let moved = list(&supposed, "changes").iter().filter(|change| change["kind"] == "moved").count();
        prop_assert_eq!(moved, list(&supposed, "changes").len());
        let differs = |activity: &&Value| !list(activity, "after").is_empty() && activity["after"] != activity["assignments"];
        let services = list(&report, "services").iter();
        let activities = services.flat_map(|service| list(service, "controls")).flat_map(|control| list(control, "activities"));
        prop_assert_eq!(moved, activities.filter(|one| !one["duty"].is_null()).filter(differs).count());
    }
}

/// Suppositions with the words in which a document says them.
const WORDS: [(&[&str], &str); 5] = [
    (
        &["--set", "ledger.engine=custom-oracle-ee"],
        "engine of ledger were custom-oracle-ee",
    ),
    (&["--mode", "rds=custom"], "Amazon RDS ran as RDS Custom for Oracle"),
    (&["--add", "kms,environment=prod"], "AWS Key Management Service were deployed, too"),
    (&["--remove", "northwind"], "Northwind Managed Services were gone"),
    (&["--region", "eusc-de-east-1"], "everything ran in eusc-de-east-1"),
];

#[test]
fn documents_are_called_by_what_is_supposed() {
    let folder = Folder::new().with("base.yaml", BASE);
    for (arguments, words) in WORDS {
        let run = folder.run(
            &[
                &["what-if", "base.yaml"],
                arguments,
                &[
                    "-o", "w.md", "-o", "w.html", "-o", "w.pdf", "-o", "w.json", "-o", "w.csv", "-o", "w.txt",
                ],
            ]
            .concat(),
        );
        run.well();
        let markdown = folder.read("w.md");
        assert!(markdown.contains(&format!("## What would change if {words}\n")), "{markdown}");
        assert!(
            markdown.contains(&format!("\nWhat would change if {words}. Who does what")),
            "{markdown}"
        );
        assert!(markdown.contains(&format!("\nIf {words}, ")), "{markdown}");
        assert!(folder.read("w.html").contains(&format!("What would change if {words}")));
        assert!(folder.bytes("w.pdf").starts_with(b"%PDF"));
        let data: Value = serde_json::from_str(&folder.read("w.json")).unwrap();
        assert_eq!(data["new"]["supposed"], words);
        assert!(folder.read("w.csv").starts_with("kind,"));
        assert!(
            folder
                .read("w.txt")
                .starts_with(&format!("What would change if {words} (2026-11-01)\n"))
        );
    }
}

#[test]
fn documents_of_suppositions_are_cut_and_fail_as_those_of_differences() {
    let folder = Folder::new().with("base.yaml", BASE);
    let run = |more: &[&str]| folder.run(&[&["what-if", "base.yaml", "--remove", "northwind", "-o", "w.md"], more].concat());
    run(&["--fail-on", "opened"]).well();
    assert_eq!(run(&["--fail-on", "opened,moved"]).code, 1);
    run(&["--party", "northwind"]).well();
    let cut = folder.read("w.md");
    assert!(!cut.contains("Duties that a party does or answers for"), "{cut}");
    assert!(run(&["--party", "nortwind"]).failed(1).contains("did you mean `northwind`?"));
    // An own template is used as for a report.
    folder.put("own/changes.md", "# Own\n\n{{ page.changes.verdict }}\n");
    run(&["--templates", "own"]).well();
    assert!(folder.read("w.md").starts_with("# Own\n"), "{}", folder.read("w.md"));
}
