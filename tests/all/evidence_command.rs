//! `cloudraci evidence`: its figures are the report's, and what people wrote into a file of evidence stays.

use crate::laws::{cases, document};
use crate::support::{Folder, list, root, text};
use proptest::prelude::*;
use serde_json::Value;

fn figures(row: &Value) -> Vec<u64> {
    ["total", "met", "attested", "not_met", "excepted", "unknown"]
        .iter()
        .map(|state| row["duties"][state].as_u64().unwrap())
        .collect()
}

/// That coverage adds up, and is the report's.
fn covers(folder: &Folder, paths: &[&str], report: &Value) -> Result<(), TestCaseError> {
    let arguments = [&["evidence", "--format", "json"][..], paths].concat();
    let coverage = folder.run(&arguments).json();
    let rows = |of: &str| -> Vec<&Value> { list(&coverage, "rows").iter().filter(|row| row["of"] == of).collect() };
    prop_assert_eq!(&rows("all")[0]["duties"], &report["summary"]["duties"]);
    for of in ["service", "control"] {
        let sums = rows(of)
            .into_iter()
            .map(figures)
            .fold(vec![0; 6], |sum, row| sum.iter().zip(row).map(|(a, b)| a + b).collect());
        prop_assert_eq!(sums, figures(rows("all")[0]), "by {}", of);
    }
    for row in rows("party") {
        let party = list(report, "parties").iter().find(|party| party["id"] == row["id"]).unwrap();
        prop_assert_eq!(&row["duties"], &party["duties"]["responsible"]);
        let todo = folder
            .run(&[&["evidence", "--todo", "--party", text(row, "id"), "--format", "json"][..], paths].concat())
            .json();
        prop_assert_eq!(list(&todo, "duties").len() as u64, row["duties"]["unknown"].as_u64().unwrap());
    }
    let csv = folder.run(&[&["evidence", "--format", "csv"][..], paths].concat()).fine();
    prop_assert_eq!(csv.lines().count(), list(&coverage, "rows").len() + 1);
    Ok(())
}

/// That drafts mean a party's own duties, all of them and nobody else's.
fn drafts(document: &str, parties: &[&str]) -> Result<(), TestCaseError> {
    let folder = Folder::new().with("inventories/a.yaml", document);
    let report = || folder.run(&["report", "--format", "json"]).json();
    let before = report();
    let open = |report: &Value, party: &str| {
        let of = list(report, "parties").iter().find(|of| of["id"] == party).unwrap();
        of["duties"]["responsible"]["unknown"].as_u64().unwrap()
    };
    for party in parties.iter().copied() {
        let file = format!("inventories/{party}.yaml");
        folder.run(&["evidence", "--todo", "--party", party, "-o", &file]).well();
        let drafts = folder.read(&file);
        // Drafts change nothing, and are all that is missing.
        prop_assert_eq!(&report()["summary"]["duties"], &before["summary"]["duties"]);
        folder.run(&["evidence", "--todo", "--party", party, "-o", &file]).well();
        prop_assert_eq!(&folder.read(&file), &drafts);
        let filled = drafts
            .replace("artefact:\n", "artefact: Record\n")
            .replace("reviewed:\n", "reviewed: 2026-10-30\n");
        folder.put(&file, &filled);
        let after = report();
        let others = list(&after, "findings")
            .iter()
            .filter(|finding| finding["code"] == "evidence-of-others");
        let said: Vec<&str> = others
            .map(|finding| text(finding, "message"))
            .filter(|message| message.contains("\"Record\""))
            .collect();
        prop_assert!(said.is_empty(), "{:?}", said);
        // What no resource shows, or asks for a decision, no artefact attests.
        prop_assert!(open(&after, party) <= open(&before, party));
        std::fs::remove_file(folder.path(&file)).unwrap();
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn coverage_is_the_reports(document in document()) {
        let folder = Folder::new().with("inventory.yaml", document.to_string());
        covers(&folder, &[], &folder.report("json").json())?;
    }

    #[test]
    fn drafts_mean_the_partys_own_duties_and_filled_in_attest_them(document in document()) {
        drafts(&document.to_string(), &["platform", "northwind"])?;
    }
}

#[test]
fn drafts_tell_a_partys_resources_from_others_of_the_same_name() {
    let head =
        "inventory: 1\norganization: Example\nas_of: 2026-11-01\nparties: {platform: {kind: customer}, northwind: {kind: partner}}\n";
    let accounts = "accounts: {\"111122223333\": {name: one}, \"044455556666\": {name: two, environment: dev}}\n";
    let resources = |here: &str, there: &str| {
        format!(
            "resources:\n- {{service: s3, name: a, environment: prod, account: \"111122223333\"{here}}}\n\
             - {{service: s3, name: a, environment: prod, account: \"044455556666\"{there}}}\n"
        )
    };
    let rule = |key: &str| format!("assignments: [{{match: {{{key}}}, responsible: [northwind]}}]\n");
    for (rule, here, there) in [
        (rule("account: \"111122223333\""), "", ""),
        // The duties of the account in no environment are not those of the account in one.
        (rule("environment: dev"), "", ""),
        (
            rule("environment: prod, account: \"044455556666\""),
            ", region: eu-west-1",
            ", region: eu-central-1",
        ),
    ] {
        let document = format!("{head}{accounts}{rule}{}", resources(here, there));
        drafts(&document, &["platform", "northwind"]).unwrap_or_else(|error| panic!("{rule}{error}"));
    }
    // Neither name nor account: Regions, and types.
    for (key, here, there) in [
        ("region: eu-west-1", ", region: eu-west-1", ", region: eu-central-1"),
        ("type: aws_s3_bucket", ", type: aws_s3_bucket", ", type: \"AWS::S3::Bucket\""),
    ] {
        let resources = resources(here, there).replace("044455556666", "111122223333");
        let document = format!("{head}{accounts}{}{resources}", rule(key));
        drafts(&document, &["platform", "northwind"]).unwrap_or_else(|error| panic!("{key}: {error}"));
    }
}

#[test]
fn what_the_example_must_still_show() {
    let path = root().join("inventories/payments");
    let paths = [path.to_str().unwrap()];
    let folder = Folder::new();
    let report = folder.run(&["report", "--format", "json", paths[0]]).json();
    covers(&folder, &paths, &report).unwrap();
    let duties = &report["summary"]["duties"];
    let of = |state: &str| duties[state].as_u64().unwrap();
    // With what it keeps as evidence, less than a half of the example is still open.
    assert!(of("attested") > 400 && 2 * of("unknown") < of("total"), "{duties}");
    let codes: Vec<&str> = list(&report, "findings").iter().map(|finding| text(finding, "code")).collect();
    assert!(!codes.contains(&"evidence-of-others") && !codes.contains(&"evidence-unvouched") && !codes.contains(&"evidence-broad"));
    for (name, begins) in [
        ("t.md", "# What"),
        ("t.csv", "party,letters"),
        ("t.json", "{"),
        ("t.yaml", "# What"),
        ("t.xlsx", "PK"),
    ] {
        folder
            .run(&["evidence", paths[0], "--todo", "--party", "northwind", "-o", name])
            .well();
        assert!(folder.bytes(name).starts_with(begins.as_bytes()), "{name}");
    }
    for arguments in [
        &["--todo"][..],
        &["--format", "yaml"],
        &["--todo", "--party", "northwind", "--format", "text"],
    ] {
        folder.run(&[&["evidence", paths[0]][..], arguments].concat()).failed(2);
    }
    let unknown = folder.run(&["evidence", paths[0], "--party", "nortwind"]);
    assert!(unknown.failed(1).contains("did you mean `northwind`?"));
}

/// An inventory with three open duties or more of one party.
const INVENTORY: &str = "inventory: 1\norganization: Example\nas_of: 2026-11-01\nresources:\n  - {service: rds, name: a, environment: prod, account: \"111122223333\"}\n";

#[test]
fn what_people_wrote_stays_byte_for_byte() {
    let header = "inventory: 1\nevidence_of: customer\n";
    let entry = "- match: {activity: rds.backup.customer.restore-test, environment: prod}   # ours\n";
    for (name, before, after) in [
        (
            "indented",
            format!(
                "# our own\n{header}evidence:   # below\n  # first\n  {entry}    artefact: \"Restore: ok\"\n    reviewed: 2026-10-01\n\n  # end\n"
            ),
            String::new(),
        ),
        ("flush", format!("{header}evidence:\n{entry}  artefact: 'x'\n"), String::new()),
        ("no end of line", format!("{header}evidence:\n{entry}  artefact: x"), String::new()),
        (
            "before another key",
            format!("inventory: 1\nevidence:\n  {entry}    artefact: x\n\n"),
            "# whose\nevidence_of: customer\n".to_owned(),
        ),
        ("none", format!("{header}# nothing yet\n"), String::new()),
        (
            "windows",
            format!("{header}evidence:\n  {entry}    artefact: x\n").replace('\n', "\r\n"),
            String::new(),
        ),
    ] {
        let folder = Folder::new()
            .with("inventories/a.yaml", INVENTORY)
            .with("inventories/e.yaml", format!("{before}{after}"));
        folder
            .run(&["evidence", "--todo", "--party", "customer", "-o", "inventories/e.yaml"])
            .well();
        let made = folder.read("inventories/e.yaml");
        assert!(made.starts_with(&before) && made.ends_with(&after), "{name}: {made:.700}");
        assert!(made.len() > before.len() + after.len() + 1000, "{name}");
        let about = made.matches("rds.backup.customer.restore-test").count();
        assert_eq!(
            about,
            usize::from(name != "none") + usize::from(name == "none"),
            "{name}: what stands there is not added again"
        );
        assert!(name != "windows" || !made.replace("\r\n", "").contains('\n'), "line ends stay");
        folder.run(&["check"]).well();
        folder
            .run(&["evidence", "--todo", "--party", "customer", "-o", "inventories/e.yaml"])
            .well();
        assert_eq!(folder.read("inventories/e.yaml"), made, "{name}: nothing is missing any more");
    }
    let empty = Folder::new()
        .with("inventories/a.yaml", INVENTORY)
        .with("inventories/e.yaml", format!("{header}evidence: []  # later\n"));
    empty
        .run(&["evidence", "--todo", "--party", "customer", "-o", "inventories/e.yaml"])
        .well();
    assert!(
        empty
            .read("inventories/e.yaml")
            .starts_with(&format!("{header}evidence: # later\n"))
    );
    // What cannot be added to stays as it is.
    for (text, words) in [
        (
            format!("{header}evidence: [{{match: {{control: backup}}, artefact: x}}]\n"),
            "is no list",
        ),
        ("resources: []\n".to_owned(), "is no inventory"),
        (
            "inventory: 1\nevidence_of: aws\nevidence: []\n".to_owned(),
            "it is the evidence of `aws`",
        ),
    ] {
        let folder = Folder::new().with("inventories/a.yaml", INVENTORY).with("e.yaml", &text);
        let run = folder.run(&["evidence", "inventories", "--todo", "--party", "customer", "-o", "e.yaml"]);
        assert!(run.code != 0 && run.errors.contains(words), "{words}: {}", run.errors);
        assert_eq!(folder.read("e.yaml"), text);
    }
}
