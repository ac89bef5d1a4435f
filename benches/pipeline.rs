//! The pipeline and its stages.
//!
//! - `cargo bench --profile release --bench pipeline` measures the stages;
//! - `... -- generate N FILE` writes an inventory of N resources, `generate-state` a Terraform state,
//!   `generate-snapshot` a snapshot of AWS Config, `generate-table` a CSV;
//! - `... -- generate-results FORM N FILE` writes N results of scanners as `ocsf`, `asff`, `config`, `checkov` or `csv`;
//! - `... -- results FILE` reads results, and prints how long that took against decoding the file into nothing;
//! - `... -- import FILE` loads and joins a file, and prints how long that took against decoding it into nothing;
//! - `... -- long N` does that with a state, a snapshot of AWS Config, a table and inventories of N resources, and prints the ratios;
//! - `... -- split PATH` makes one PDF report, and prints how long it took and how much of it was typst's.
//!
//! The profile is named so that nothing is built twice. `benches/measure` runs the program itself, over sizes and formats.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark")]

mod estate;
mod findings;
mod generate;
mod long;

use cloudraci::catalog::Catalog;
use cloudraci::changes::{Snapshot, compare};
use cloudraci::diagnostics::{Place, SourceMap};
use cloudraci::inventory::{self, Inventory};
use cloudraci::raci::{self, Findings, Matrix};
use cloudraci::render::document::Document;
use cloudraci::render::pdf::Attachment;
use cloudraci::render::templates::{Templates, View};
use cloudraci::render::{self, Renderer};
use cloudraci::report::page::Page;
use cloudraci::report::{self, Edition, Report, Request};
use cloudraci::results::Gathered;
use cloudraci::source::Stream;
use divan::Bencher;
use jiff::civil::{Date, date};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read as _};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

/// The example inventory, and generated ones by their number of resources.
const CASES: [&str; 4] = ["payments", "100", "1000", "10000"];

const AS_OF: Date = date(2026, 11, 1);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["generate", number, file] => std::fs::write(file, generate::inventory(number.parse().unwrap())).unwrap(),
        ["generate-state", number, file] => estate::state(number.parse().unwrap(), BufWriter::new(File::create(file).unwrap())).unwrap(),
        ["generate-table", number, file] => estate::table(number.parse().unwrap(), BufWriter::new(File::create(file).unwrap())).unwrap(),
        ["generate-results", form, number, file] => {
            findings::write(form, number.parse().unwrap(), BufWriter::new(File::create(file).unwrap())).unwrap();
        }
        ["results", path] => results(path),
        ["import", path] => import(path.into()),
        ["long", number] => long::run(number.parse().unwrap()),
        ["generate-snapshot", number, file] => {
            estate::snapshot(number.parse().unwrap(), BufWriter::new(File::create(file).unwrap())).unwrap()
        }
        ["split", path] => split(path.into()),
        _ => divan::main(),
    }
}

/// An inventory at every stage.
struct Case {
    paths: Vec<PathBuf>,
    catalog: Catalog,
    inventory: Inventory,
    sources: SourceMap,
    matrix: Matrix,
    findings: Findings,
    report: Report,
    page: Page,
    templates: Templates,
    /// What keeps a generated file alive.
    _folder: Option<tempfile::TempDir>,
}

impl Case {
    fn of(path: PathBuf, folder: Option<tempfile::TempDir>) -> Self {
        let (catalog, mut sources) = (Catalog::builtin().unwrap(), SourceMap::default());
        let paths = vec![path];
        let inventory = inventory::load(&paths, &catalog, &mut sources).unwrap().inventory;
        let matrix = raci::resolve(&catalog, &inventory, AS_OF);
        let findings = Findings::of(&matrix, &catalog, &inventory, AS_OF);
        let report = report::build(&catalog, &inventory, &matrix, &findings, &request(), &sources);
        let templates = Templates::compile(&[]).unwrap();
        Self {
            paths,
            catalog,
            inventory,
            sources,
            matrix,
            findings,
            page: Page::of(&report),
            report,
            templates,
            _folder: folder,
        }
    }

    /// A case by its name, made once.
    fn named(name: &'static str) -> Rc<Self> {
        thread_local! {
            static MADE: RefCell<BTreeMap<&'static str, Rc<Case>>> = const { RefCell::new(BTreeMap::new()) };
        }
        if let Some(made) = MADE.with_borrow(|made| made.get(name).cloned()) {
            return made;
        }
        let case = Rc::new(match name.parse() {
            Ok(resources) => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("inventory.yaml");
                std::fs::write(&file, generate::inventory(resources)).unwrap();
                Self::of(file, Some(folder))
            }
            Err(_) => Self::of(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("inventories").join(name), None),
        });
        MADE.with_borrow_mut(|made| made.insert(name, case.clone()));
        case
    }

    fn renderer(&self) -> Renderer<'_> {
        Renderer::of("report.md", &self.report, &self.page, &self.templates, None).unwrap()
    }

    /// What the program attaches to the PDF.
    fn attachments(&self) -> Vec<Attachment> {
        let attach = |name: String, mime: &str, bytes: Vec<u8>| Attachment {
            name,
            mime: mime.to_owned(),
            description: String::new(),
            bytes,
        };
        let inputs = self.inventory.inputs.iter().enumerate();
        let inputs =
            inputs.filter_map(|(number, input)| Some(attach(format!("{number}.yaml"), "application/yaml", input.bytes.as_ref()?.to_vec())));
        let data = [
            attach(
                "report.json".to_owned(),
                "application/json",
                render::json(&self.report).unwrap().into_bytes(),
            ),
            attach(
                "matrix.csv".to_owned(),
                "text/csv",
                render::csv::matrix(&self.report).unwrap().into_bytes(),
            ),
        ];
        inputs.chain(data).collect()
    }
}

fn request() -> Request {
    Request {
        as_of: AS_OF,
        edition: Edition::Audit,
        party: None,
        only: None,
        logo: None,
        pictures: Some(String::new()),
        draft: false,
        redacted: false,
    }
}

/// A file imported and joined; the same file decoded into nothing by serde_json, from a reader as it is done here, and from
/// memory once it is read.
fn import(path: PathBuf) {
    let catalog = Catalog::builtin().unwrap();
    let start = Instant::now();
    let loaded = inventory::load(std::slice::from_ref(&path), &catalog, &mut SourceMap::default()).unwrap();
    let matrix = raci::resolve(&catalog, &loaded.inventory, AS_OF);
    let seconds = start.elapsed().as_secs_f64();
    let resources: u64 = loaded.inventory.resources.iter().map(|resource| resource.count).sum();
    let groups = loaded.inventory.resources.len();
    let start = Instant::now();
    let file = std::io::BufReader::new(File::open(&path).unwrap());
    let is_json = serde_json::from_reader::<_, serde::de::IgnoredAny>(file).is_ok();
    let reader = is_json.then(|| start.elapsed().as_secs_f64());
    let start = Instant::now();
    let bytes = std::fs::read(path).unwrap();
    let read = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok();
    let answer = serde_json::json!({
        "bytes": bytes.len(), "resources": resources, "groups": groups, "units": matrix.units.len(), "seconds": seconds,
        "reader": reader, "read": read, "ignored": is_json.then(|| start.elapsed().as_secs_f64()),
    });
    println!("{answer}");
}

/// A file of results read as the program does; the same file decoded into nothing by serde_json, from a reader and from memory.
fn results(path: &str) {
    let place = Place::file(path);
    let start = Instant::now();
    let mut file = File::open(path).unwrap();
    let mut head = Vec::new();
    file.by_ref().take(4 * 1024 * 1024).read_to_end(&mut head).unwrap();
    let stream = Stream {
        head,
        rest: Some(Box::new(file)),
        is_long: true,
        size: None,
        file: path.into(),
        place,
        progress: None,
    };
    let mut gathered = Gathered::default();
    cloudraci::results::read(stream, None, &mut gathered).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let distinct = gathered.iter().count();
    let sorted = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map(|line| line.trim().to_owned());
    let start = Instant::now();
    let is_json = serde_json::from_reader::<_, serde::de::IgnoredAny>(std::io::BufReader::new(File::open(path).unwrap())).is_ok();
    let reader = is_json.then(|| start.elapsed().as_secs_f64());
    let start = Instant::now();
    let bytes = std::fs::read(path).unwrap();
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok();
    let ignored = is_json.then(|| start.elapsed().as_secs_f64());
    let answer = serde_json::json!({
        "bytes": bytes.len(), "read": gathered.read, "distinct": distinct, "seconds": seconds, "sorted": sorted, "peak": peak,
        "reader": reader, "ignored": ignored,
    });
    println!("{answer}");
}

/// One PDF report with typst's own clock running: its time inside and outside of typst's compile and export.
fn split(path: PathBuf) {
    let start = Instant::now();
    let case = Case::of(path, None);
    let (mut renderer, attachments) = (case.renderer(), case.attachments());
    let before = start.elapsed();
    typst_timing::enable();
    let pdf = renderer.pdf(attachments).unwrap();
    typst_timing::disable();
    let all = start.elapsed().as_secs_f64();
    let mut events = Vec::new();
    typst_timing::export_json(&mut events, |_| (String::new(), 0)).unwrap();
    let events: Vec<serde_json::Value> = serde_json::from_slice(&events).unwrap();
    let seconds = |name: &str| -> f64 {
        let of = events.iter().filter(|event| event["name"] == name);
        of.map(|event| event["ts"].as_f64().unwrap() * if event["ph"] == "E" { 1e-6 } else { -1e-6 })
            .sum()
    };
    let (compile, export) = (seconds("compile"), seconds("pdf"));
    let answer = serde_json::json!({
        "pages": pdf.pages, "seconds": all, "compile": compile, "export": export,
        "before": before.as_secs_f64(), "outside": all - compile - export,
    });
    println!("{answer}");
}

/// Start-up: the built-in catalog is ready.
#[divan::bench]
fn catalog() -> Catalog {
    Catalog::builtin().unwrap()
}

/// Start-up: the built-in templates are compiled.
#[divan::bench]
fn templates() -> Templates {
    Templates::compile(&[]).unwrap()
}

/// Inventory files from disk, validated.
#[divan::bench(args = CASES)]
fn load(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher.bench_local(|| inventory::load(&case.paths, &case.catalog, &mut SourceMap::default()).unwrap());
}

/// The join and its findings.
#[divan::bench(args = CASES)]
fn join(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher.bench_local(|| {
        let matrix = raci::resolve(&case.catalog, &case.inventory, AS_OF);
        let findings = Findings::of(&matrix, &case.catalog, &case.inventory, AS_OF);
        (matrix, findings)
    });
}

/// Two joins compared: one with itself.
#[divan::bench(args = CASES)]
fn changes(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    let show = |place: &Place| case.sources.positions([place]).show(place);
    let side = || Snapshot::of(name, (&case.catalog, &case.inventory, &case.matrix), AS_OF, &show).with_findings(&case.findings);
    bencher.bench_local(|| compare(&side(), &side()));
}

/// The Report from the join.
#[divan::bench(args = CASES)]
fn report(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher.bench_local(|| {
        report::build(
            &case.catalog,
            &case.inventory,
            &case.matrix,
            &case.findings,
            &request(),
            &case.sources,
        )
    });
}

/// Markdown from the Report.
#[divan::bench(args = CASES)]
fn markdown(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher.bench_local(|| {
        let page = Page::of(&case.report);
        case.templates
            .document("report.md", &View::of(&case.report, &page, &case.templates).unwrap())
            .unwrap()
    });
}

/// Blocks from the Markdown, for HTML and PDF.
#[divan::bench(args = CASES)]
fn parse(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    let renderer = case.renderer();
    bencher.bench_local(|| Document::parse(renderer.markdown()).unwrap());
}

/// HTML from the Markdown, the parse included.
#[divan::bench(args = CASES)]
fn html(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher
        .with_inputs(|| case.renderer())
        .bench_local_values(|mut renderer| renderer.html().unwrap());
}

/// PDF from the Markdown: parse, conversion to content, compile and export.
#[divan::bench(args = CASES, sample_count = 5)]
fn pdf(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher
        .with_inputs(|| (case.renderer(), case.attachments()))
        .bench_local_values(|(mut renderer, attachments)| renderer.pdf(attachments).unwrap());
}

/// The Report as JSON.
#[divan::bench(args = CASES)]
fn json(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher.bench_local(|| render::json(&case.report).unwrap());
}

/// The matrix as CSV.
#[divan::bench(args = CASES)]
fn csv(bencher: Bencher<'_, '_>, name: &'static str) {
    let case = Case::named(name);
    bencher.bench_local(|| render::csv::matrix(&case.report).unwrap());
}
