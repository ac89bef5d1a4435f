//! Turns the catalog's YAML into JSON at build time, one text a file, and its aliases into sorted tables, so that the
//! program starts in milliseconds and decodes only the services that an inventory uses. What is long lies deflated in the
//! program, each file by itself. Of the forms of scanners' results it writes down which there are. In: `catalog/`, which has a
//! folder for each provider, and the folder of forms. Out: `builtin.rs` and `forms.rs` in the build folder.

#[path = "build/catalog.rs"]
mod catalog;
#[path = "src/source/secrets/clauses.rs"]
mod clauses;
#[path = "build/forms.rs"]
mod forms;
#[path = "src/catalog/pattern.rs"]
mod pattern;

use libdeflater::{CompressionLvl, Compressor};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where each provider has a folder.
const ROOT: &str = "catalog";

/// The JSON Schemas of the program's own formats.
const SCHEMAS: &str = "src/schemas";

fn main() -> Result<(), Box<dyn Error>> {
    for changed in [ROOT, SCHEMAS, "templates", forms::FOLDER] {
        println!("cargo::rerun-if-changed={changed}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("forms.rs"), forms::forms()?)?;
    let compiled = catalog::compile(catalog::folders(Path::new(ROOT))?)?;
    let mut files = Files::new();
    for (name, text) in compiled.files {
        embed(&mut files, &out, name, &text)?;
    }
    let mut checks = String::new();
    for (scanner, lines) in &compiled.checks {
        let name = format!("each/{scanner}");
        writeln!(checks, "    ({scanner:?}, LazyLock::new(|| whole({name:?}))),")?;
        embed(&mut files, &out, name, lines)?;
    }
    for entry in walkdir::WalkDir::new(SCHEMAS).sort_by_file_name() {
        let entry = entry?;
        if let Some(name) = entry.file_name().to_string_lossy().strip_suffix(".json") {
            embed(&mut files, &out, format!("schemas/{name}"), &fs::read_to_string(entry.path())?)?;
        }
    }
    let mut providers = String::new();
    for (position, folder) in compiled.providers.iter().enumerate() {
        // Of the base are all services that are nobody else's.
        let services: &[String] = if position == 0 { &[] } else { &folder.services };
        writeln!(
            providers,
            "    Folder {{ name: {:?}, prefix: {:?}, services: &{services:?} }},",
            folder.name, folder.prefix
        )?;
    }
    let [exact, prefixes] = compiled.tables;
    fs::write(out.join("exact.txt"), exact)?;
    fs::write(out.join("prefixes.txt"), prefixes)?;
    fs::write(out.join("related.txt"), compiled.related)?;

    let files: String = files.into_values().collect();
    let scanners = compiled.checks.len();
    let mut templates = String::new();
    for entry in walkdir::WalkDir::new("templates").sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix("templates")?.to_string_lossy().replace('\\', "/");
            let path = fs::canonicalize(entry.path())?;
            writeln!(templates, "    ({name:?}, include_str!({:?})),", path.display().to_string())?;
        }
    }
    fs::write(
        out.join("builtin.rs"),
        format!(
            "/// The catalog's files as JSON, by their path without the ending, sorted.\n\
             const CATALOG: &[(&str, Text)] = &[\n{files}];\n\
             /// The checks of each scanner: a line each, its id, a tab, what it is about as JSON. Sorted.\n\
             pub(crate) static CHECKS: [(&str, LazyLock<String>); {scanners}] = [\n{checks}];\n\
             /// Every exact alias of the services, a line each: namespace and pattern, a tab, the service. Sorted.\n\
             pub(crate) const EXACT: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/exact.txt\"));\n\
             /// The aliases that are prefixes, in lines of the same form. Sorted.\n\
             pub(crate) const PREFIXES: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/prefixes.txt\"));\n\
             /// The providers' folders, the base first.\n\
             const FOLDERS: &[Folder] = &[\n{providers}];\n\
             /// The services whose declarations name types of other resources, a line each. Sorted.\n\
             pub(crate) const RELATED: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/related.txt\"));\n\
             /// The built-in templates, by their path, sorted.\n\
             pub const TEMPLATES: &[(&str, &str)] = &[\n{templates}];\n"
        ),
    )?;
    Ok(())
}

/// Sorted by name, since the program searches them by bisection.
type Files = BTreeMap<String, String>;

/// What most runs ask for: it lies there as it is, since inflating it would take longer than reading it.
const ASKED_OFTEN: [&str; 5] = ["services/", "index/", "lines/", "resources/", "each/"];

/// Deflated where that leaves it at least a third shorter and few runs ask for it.
fn embed(files: &mut Files, out: &Path, name: String, text: &str) -> Result<(), Box<dyn Error>> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut deflated = vec![0; compressor.deflate_compress_bound(text.len())];
    let length = compressor.deflate_compress(text.as_bytes(), &mut deflated)?;
    let path = out.join(name.replace('/', "__"));
    let literal = format!("{:?}", path.display().to_string());
    let is_rare = ASKED_OFTEN.iter().all(|folder| !name.starts_with(folder));
    let (bytes, held) = if is_rare && length * 3 / 2 < text.len() {
        let held = format!("Deflated({}, include_bytes!({literal}))", text.len());
        (&deflated[..length], held)
    } else {
        (text.as_bytes(), format!("Plain(include_str!({literal}))"))
    };
    fs::write(&path, bytes)?;
    let line = format!("    ({name:?}, Text::{held}),\n");
    files.insert(name, line);
    Ok(())
}
