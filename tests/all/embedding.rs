//! A second folder under `catalog/` is in the program without a change of its code: what `build.rs` makes of folders.

use crate::support::root;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[path = "../../build/catalog.rs"]
mod catalog;
#[path = "../../src/source/secrets/clauses.rs"]
mod clauses;
#[path = "../../src/catalog/pattern.rs"]
mod pattern;

fn base() -> PathBuf {
    root().join("catalog/aws")
}

fn another() -> PathBuf {
    root().join("tests/fixtures/providers/nimbus")
}

#[test]
fn a_folder_beside_the_base_is_embedded_with_all_that_it_says() {
    let alone = catalog::compile(vec![base()]).unwrap();
    let both = catalog::compile(vec![another(), base()]).unwrap();
    let names: Vec<(&str, &str)> = both.providers.iter().map(|one| (one.name.as_str(), one.prefix.as_str())).collect();
    assert_eq!(names, [("aws", ""), ("nimbus", "nimbus/")]);
    assert_eq!(both.providers[1].services, ["nimbus-box", "nimbus-disk", "nimbus-tenant"]);
    // Nothing of the base is called or said otherwise.
    for (name, text) in &alone.files {
        assert_eq!(both.files.get(name), Some(text), "{name}");
    }
    let new: BTreeSet<&str> = both
        .files
        .keys()
        .filter(|name| !alone.files.contains_key(*name))
        .map(String::as_str)
        .collect();
    let files = [
        "catalog",
        "lines/models",
        "models",
        "parties",
        "partitions",
        "provider",
        "results",
        "schema/terraform",
        "secrets",
    ];
    let mut expected: BTreeSet<String> = files.iter().map(|name| format!("nimbus/{name}")).collect();
    expected.extend(["checks/fogscan".to_owned(), "nimbus/text/partitions".to_owned()]);
    for id in &both.providers[1].services {
        expected.extend(["services", "index", "resources", "lines/services"].map(|folder| format!("{folder}/{id}")));
    }
    assert_eq!(new, expected.iter().map(String::as_str).collect());
    assert!(both.checks["fogscan"].starts_with("FOG-1\t"));
    // Its names are found, with its own word before them or without.
    for line in ["nnimbus-disk", "qdisk", "ndisk", "adisks"] {
        assert!(both.tables[0].contains(&format!("\n{line}\tnimbus-disk\n")), "{line}");
    }
    assert!(both.tables[1].contains("\ntnimbus_disk\tnimbus-disk\n"));
    assert!(alone.tables[0].lines().all(|line| both.tables[0].contains(line)));
    assert!(both.related.starts_with(&alone.related));
}

#[test]
fn what_two_folders_claim_is_refused() {
    let fails = |folders: Vec<PathBuf>| catalog::compile(folders).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(fails(vec![another()]).contains("controls.yaml"));
    assert!(fails(vec![base(), base()]).contains("controls.yaml"));
    assert!(fails(vec![base(), another(), another()]).contains("two providers have a file"));
}

#[test]
fn folders_are_found_by_what_is_in_them() {
    assert_eq!(catalog::folders(&root().join("catalog")).unwrap(), [base()]);
    assert_eq!(catalog::folders(&root().join("tests/fixtures/providers")).unwrap(), [another()]);
}
