//! Broken inventories and what is said about them: one case a file or folder under `tests/cases/diagnostics/`.

use crate::support::{Folder, expect, root};
use std::collections::BTreeSet;

/// What `check` says of a case, and how it ends.
fn said(folder: &Folder, case: &str) -> String {
    let run = folder.run(&["check", case]);
    assert!(!run.errors.contains("panicked"), "{}", run.errors);
    assert_eq!(run.bytes, b"", "diagnostics for people go to standard error");
    format!("{}\nexit {}\n", run.errors, run.code)
}

#[test]
fn each_broken_inventory_says_what_is_wrong() {
    let folder = Folder::new().with_copy("tests/cases/diagnostics", ".");
    let names = std::fs::read_dir(root().join("tests/cases/diagnostics")).unwrap();
    let names: BTreeSet<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let (expected, cases): (BTreeSet<String>, BTreeSet<String>) = names.into_iter().partition(|name| name.ends_with(".txt"));
    let stem = |case: &String| case.trim_end_matches(".yaml").to_owned();
    let stale: Vec<&String> = expected
        .iter()
        .filter(|name| !cases.iter().any(|case| format!("{}.txt", stem(case)) == **name))
        .collect();
    assert!(stale.is_empty(), "no case any more: {stale:?}");
    assert!(cases.len() >= 15);
    for case in &cases {
        expect(&format!("diagnostics/{}.txt", stem(case)), &said(&folder, case));
    }
}

#[test]
fn the_faults_of_one_file_are_all_told_in_one_run() {
    let folder = Folder::new().with_copy("tests/cases/diagnostics", ".");
    let run = folder.run(&["check", "--format", "json", "unknown-names.yaml"]);
    run.failed(1);
    let found: serde_json::Value = serde_json::from_str(&run.text()).unwrap();
    let found: Vec<(u64, u64, &str)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["place"]["line"].as_u64().unwrap(),
                one["place"]["column"].as_u64().unwrap(),
                one["code"].as_str().unwrap(),
            )
        })
        .collect();
    // Line and column, from 1, of the very word that is wrong.
    let text = folder.read("unknown-names.yaml");
    let at = |word: &str, code: &'static str| {
        let (line, found) = text.lines().enumerate().find(|(_, line)| line.contains(word)).unwrap();
        (line as u64 + 1, found.find(word).unwrap() as u64 + 1, code)
    };
    let expected = [
        at("platfrom", "unknown-party"),
        at("elasticcache", "unknown-service"),
        at("bakup", "unknown-control"),
        at("customs", "unknown-mode"),
        at("customer-dada", "invalid-value"),
        at("infrastucture", "invalid-value"),
        at("vendor", "invalid-value"),
        at("custum", "unknown-mode"),
        at("fifo", "unknown-mode"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_report_on_a_broken_inventory_says_the_same_and_writes_nothing() {
    let folder = Folder::new()
        .with_copy("tests/cases/diagnostics/clash", "clash")
        .with_copy("tests/cases/diagnostics/many-files", "many-files");
    for case in ["clash", "many-files"] {
        let (report, check) = (folder.run(&["report", case, "-o", "report.pdf"]), folder.run(&["check", case]));
        assert_eq!(report.failed(1), check.failed(1));
        assert!(!folder.path("report.pdf").exists());
    }
}

#[test]
fn what_cannot_be_read_is_told_with_exit_code_3() {
    let folder = Folder::new()
        .with("latin.yaml", b"inventory: 1\norganization: M\xfcller\n")
        .with("empty.yaml", "")
        .with("text.yaml", "just a text");
    folder.refuses(&["check", "latin.yaml"], 3, "error[cannot-read]: `latin.yaml` is not UTF-8 text");
    folder.run(&["check", "empty.yaml"]).failed(1);
    folder.run(&["check", "text.yaml"]).failed(1);
    let nothing = Folder::new().with("folder/readme.txt", "");
    nothing.refuses(&["check", "folder"], 3, "error[no-inventory]");
}

#[test]
fn json_inventories_have_places_too() {
    let folder = Folder::new().with(
        "inventory.json",
        "{\"inventory\": 1, \"organization\": \"X\",\n \"resources\": [{\"service\": \"sqs\",\n  \"modes\": \"x\"}]}",
    );
    let run = folder.run(&["check", "inventory.json"]);
    assert!(
        run.failed(1).contains("error[unknown-field]") && run.errors.contains("inventory.json:3:3"),
        "{}",
        run.errors
    );
}

#[test]
fn depth_and_anchors_without_end_are_errors_and_no_crash() {
    let deep = format!(
        "inventory: 1\norganization: X\nresources: {}{}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let bomb: String = std::iter::once("inventory: 1\norganization: X\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..12).map(|level| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "))))
        .collect();
    let folder = Folder::new().with("deep.yaml", deep).with("bomb.yaml", bomb);
    for case in ["deep.yaml", "bomb.yaml"] {
        folder.run(&["check", case]).failed(1);
    }
}
