//! docs/dependencies.md names each crate that Cargo.toml asks for, and no other.

use crate::support::repository;
use std::collections::BTreeSet;

/// A heading of docs/dependencies.md, and the tables of Cargo.toml that it tells of.
const SECTIONS: [(&str, &[&str]); 3] = [
    ("In the program", &["[dependencies]", "[target.'cfg(unix)'.dependencies]"]),
    ("When it is built", &["[build-dependencies]"]),
    ("In tests and measurements", &["[dev-dependencies]"]),
];

/// The crates of one table of Cargo.toml, by the name in the registry.
fn asked_for(table: &str) -> BTreeSet<String> {
    let manifest = repository("Cargo.toml");
    let lines = manifest.lines().skip_while(|line| *line != table).skip(1);
    let entries = lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let name = |entry: &str| {
        let (name, what) = entry.split_once(" = ").unwrap_or_else(|| panic!("no dependency: {entry}"));
        let package = what.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
        package.unwrap_or(name).to_owned()
    };
    entries.map(name).collect()
}

/// The rows of the table under a heading of the page, each as its cells.
fn told(heading: &str) -> Vec<Vec<String>> {
    let page = repository("docs/dependencies.md");
    let (_, section) = page
        .split_once(&format!("## {heading}\n"))
        .unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

#[test]
fn each_dependency_is_told_with_its_reason() {
    for (heading, tables) in SECTIONS {
        let asked: BTreeSet<String> = tables.iter().flat_map(|table| asked_for(table)).collect();
        let rows = told(heading);
        let names: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
        assert!(!asked.is_empty() && names.len() == rows.len(), "{heading}: a crate stands once");
        assert_eq!(names, asked, "docs/dependencies.md, \"{heading}\", and Cargo.toml");
        for row in rows {
            assert!(row.len() == 4 && row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        }
    }
    let manifest = repository("Cargo.toml");
    let tables = manifest
        .lines()
        .filter(|line| line.starts_with('[') && line.ends_with("dependencies]"));
    let known: usize = SECTIONS.iter().map(|(_, tables)| tables.len()).sum();
    assert_eq!(tables.count(), known, "a table of dependencies that no heading tells of");
}

#[test]
fn each_licence_is_one_that_is_allowed() {
    let rules = repository("deny.toml");
    let (_, allowed) = rules.split_once("allow = [").unwrap();
    let allowed: BTreeSet<&str> = allowed
        .split(']')
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
        .collect();
    assert!(allowed.contains("MIT"));
    for (heading, _) in SECTIONS {
        for row in told(heading) {
            let parts = row[2].replace(['(', ')'], "");
            let all = parts.split(" AND ").all(|part| {
                let mut any = part.split(" OR ").flat_map(|one| one.split('/'));
                any.any(|one| allowed.contains(one.trim()))
            });
            assert!(all, "{}: {} is not allowed by deny.toml", row[0], row[2]);
        }
    }
}

/// `forbid`, not `deny`: no file can lift it.
#[test]
fn unsafe_code_is_only_in_dependencies() {
    let manifest = repository("Cargo.toml");
    let (_, lints) = manifest.split_once("[lints.rust]\n").unwrap();
    let lints = lints.split("\n[").next().unwrap();
    assert!(lints.lines().any(|line| line == "unsafe_code = \"forbid\""), "{lints}");
}
