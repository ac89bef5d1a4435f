//! Long inputs against what their formats' crates take to read them, in one run.
//!
//! In: how many resources. Out: a line for each kind of input, with the least of several runs: how long it is imported and joined,
//! how long the crate takes for the same file (JSON into ignored values, an inventory into its types), and the ratio.

use crate::{AS_OF, estate, generate};
use cloudraci::catalog::Catalog;
use cloudraci::diagnostics::SourceMap;
use cloudraci::inventory::file::InventoryFile;
use cloudraci::{inventory, raci};
use serde::de::IgnoredAny;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How often each is measured; the least counts, since other programs only ever add to it.
const RUNS: usize = 3;

/// Measures all kinds.
pub(crate) fn run(resources: usize) {
    let folder = tempfile::tempdir().unwrap();
    let to = |name: &str| -> (PathBuf, BufWriter<File>) {
        let path = folder.path().join(name);
        let file = BufWriter::new(File::create(&path).unwrap());
        (path, file)
    };
    let (path, file) = to("state.tfstate");
    estate::state(resources, file).unwrap();
    measured("state", &path, ignored);
    let (path, file) = to("snapshot.json");
    estate::snapshot(resources, file).unwrap();
    measured("AWS Config snapshot", &path, ignored);
    let (path, file) = to("table.csv");
    estate::table(resources, file).unwrap();
    measured("table", &path, read);
    let text = generate::inventory(resources);
    let path = folder.path().join("inventory.yaml");
    std::fs::write(&path, &text).unwrap();
    measured("inventory in YAML", &path, |path| {
        serde_yaml::from_str::<InventoryFile>(&std::fs::read_to_string(path).unwrap()).unwrap();
    });
    let tree: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    let path = folder.path().join("inventory.json");
    std::fs::write(&path, serde_json::to_string_pretty(&tree).unwrap()).unwrap();
    drop((text, tree));
    measured("inventory in JSON", &path, |path| {
        serde_json::from_str::<InventoryFile>(&std::fs::read_to_string(path).unwrap()).unwrap();
    });
}

/// A JSON file read whole and decoded into nothing.
fn ignored(path: &Path) {
    serde_json::from_slice::<IgnoredAny>(&std::fs::read(path).unwrap()).unwrap();
}

/// A table's rows.
fn read(path: &Path) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    assert!(reader.byte_records().all(|row| row.is_ok()));
}

fn measured(what: &str, path: &Path, alone: impl Fn(&Path)) {
    let least = |work: &dyn Fn()| {
        let seconds = (0..RUNS).map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        });
        seconds.fold(f64::INFINITY, f64::min)
    };
    let catalog = Catalog::builtin().unwrap();
    let ours = least(&|| {
        let loaded = inventory::load(&[path.to_owned()], &catalog, &mut SourceMap::default()).unwrap();
        let _ = raci::resolve(&catalog, &loaded.inventory, AS_OF);
    });
    let crates = least(&|| alone(path));
    let megabytes = std::fs::metadata(path).unwrap().len() / 1_000_000;
    println!(
        "{what}: {megabytes} MB, {ours:.3} s, the crate alone {crates:.3} s, ratio {:.2}",
        ours / crates
    );
}
