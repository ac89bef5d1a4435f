//! Every importer has an example in each list of sources that is kept by hand.
//!
//! The lists are what the tests of all sources go through: a source that stands in none of them would be tried by none.

use crate::{canaries, canaries_everywhere, damaged, fuzz, guarded, imports, words};
use cloudraci::inventory::import::{IMPORTERS, recognise};
use std::collections::BTreeSet;

/// A list: where it is, its files, and which importers need not stand in it, with the reason.
struct List {
    place: &'static str,
    files: Vec<(String, Vec<u8>)>,
    without: &'static [(&'static str, &'static str)],
}

/// Rows are the same in each of these forms (`tables.rs`), and what a query engine's rows hide is planted in all of them
/// (`canaries_everywhere.rs`).
const FORM: &str = "a form of the same rows";
const NOTHING: &str = "it lists accounts and no resources";
const OWN: &str = "its own tests damage it (`pulumi.rs`)";

fn lists() -> [List; 6] {
    let of = |files: Vec<(&str, String)>| -> Vec<(String, Vec<u8>)> {
        let files = files.into_iter();
        files.map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()
    };
    [
        List {
            place: "`SOURCES` of tests/all/imports.rs",
            files: of(imports::SOURCES.map(|(name, text)| (name, text.to_owned())).to_vec()),
            without: &[("accounts", NOTHING), ("json", FORM), ("parquet", FORM), ("xlsx", FORM)],
        },
        List {
            place: "`planted` of tests/all/canaries.rs, or `sources` of tests/all/canaries_everywhere.rs",
            files: canaries::files().into_iter().chain(canaries_everywhere::files()).collect(),
            without: &[],
        },
        List {
            place: "`leaky` of tests/all/guarded.rs",
            files: of(guarded::leaky()),
            without: &[
                ("accounts", NOTHING),
                ("json", FORM),
                ("parquet", FORM),
                ("pulumi", "its own tests look for its secrets (`pulumi.rs`)"),
                ("resource-explorer", "it answers what the Tagging API answers"),
                ("xlsx", FORM),
            ],
        },
        List {
            place: "`sources` of tests/all/damaged.rs",
            files: damaged::files(),
            without: &[
                ("accounts", NOTHING),
                ("csv", "a row that is damaged is told by its cells (`tables.rs`)"),
                ("json", FORM),
                ("parquet", FORM),
                ("pulumi", OWN),
                ("xlsx", FORM),
            ],
        },
        List {
            place: "`sources` of tests/all/words.rs",
            files: words::files(),
            without: &[
                ("csv", "its cells have no types"),
                ("parquet", "its columns have types"),
                ("xlsx", "its cells have no types"),
            ],
        },
        List {
            place: "the seeds of tests/all/fuzz/targets.rs",
            files: fuzz::seeds(),
            without: &[],
        },
    ]
}

#[test]
fn every_importer_stands_in_every_list() {
    let all: BTreeSet<&str> = IMPORTERS.iter().map(|importer| importer.id()).collect();
    let mut faults = Vec::new();
    for list in lists() {
        let found = list.files.iter().filter_map(|(_, bytes)| recognise(bytes));
        let found: BTreeSet<&str> = found.map(|importer| importer.id()).collect();
        let without: BTreeSet<&str> = list.without.iter().map(|(id, _)| *id).collect();
        assert!(list.without.iter().all(|(_, why)| !why.is_empty()));
        for id in all.difference(&found).filter(|id| !without.contains(*id)) {
            faults.push(format!("{}: no example of `{id}`", list.place));
        }
        for id in without.iter().filter(|id| found.contains(*id) || !all.contains(*id)) {
            faults.push(format!("{}: `{id}` needs no exception", list.place));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
