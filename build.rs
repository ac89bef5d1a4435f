//! Turns the catalog's YAML into JSON at build time, one text a file, and its aliases into sorted tables, so that the
//! program starts in milliseconds and decodes only the services that an inventory uses. What is long lies deflated in the
//! program, each file by itself. In: `catalog/aws`. Out: `builtin.rs` in the build folder.

#[path = "src/source/secrets/clauses.rs"]
mod clauses;
#[path = "src/catalog/pattern.rs"]
mod pattern;

use libdeflater::{CompressionLvl, Compressor};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const ROOT: &str = "catalog/aws";

/// The JSON Schemas of the program's own formats.
const SCHEMAS: &str = "src/schemas";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ROOT}");
    println!("cargo::rerun-if-changed={SCHEMAS}");
    println!("cargo::rerun-if-changed=templates");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let vendors = vendors()?;
    let mut files = Files::new();
    let mut services = Vec::new();
    let mut related = String::new();
    let mut checks = String::new();
    for entry in walkdir::WalkDir::new(ROOT).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let name = path.strip_prefix(ROOT)?.with_extension("").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(path)?;
        let mut value: serde_json::Value = serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        without_cases(&mut value);
        if name == "models" || name.starts_with("services/") {
            let lines = lines(&text, &value).map_err(|id| format!("{}: `{id}` does not begin with its `id`", path.display()))?;
            embed(&mut files, &out, format!("lines/{name}"), &lines.into())?;
        }
        if let Some(id) = name.strip_prefix("services/") {
            let index = index_entry(&value, &vendors)?;
            embed(&mut files, &out, format!("index/{id}"), &index)?;
            // Importers need these, and the join nothing else of a service whose type is met.
            let declared = value.as_object_mut().and_then(|service| service.shift_remove("resources"));
            let declared = declared.unwrap_or_else(|| serde_json::json!({}));
            if names_others(&declared) {
                writeln!(related, "{id}")?;
            }
            embed(&mut files, &out, format!("resources/{id}"), &declared)?;
            services.push(index);
        }
        // Scanners have thousands of checks: each is decoded by itself.
        if let Some(scanner) = name.strip_prefix("checks/") {
            let each = value.get_mut("checks").map(serde_json::Value::take).unwrap_or_default();
            value["checks"] = serde_json::json!({});
            let each_name = format!("each/{scanner}");
            writeln!(checks, "    ({scanner:?}, LazyLock::new(|| whole({each_name:?}))),")?;
            embed_text(&mut files, &out, each_name, &by_line(&each)?)?;
        }
        if name == "secrets" {
            for pattern in value["patterns"].as_array_mut().into_iter().flatten() {
                *pattern = with_clauses(pattern)?;
            }
        }
        embed(&mut files, &out, name, &value)?;
    }
    for source in ["terraform", "cloudformation"] {
        let text = fs::read_to_string(Path::new(ROOT).join(format!("schema/{source}.txt")))?;
        embed_text(&mut files, &out, format!("schema/{source}"), &text)?;
    }
    for entry in walkdir::WalkDir::new(SCHEMAS).sort_by_file_name() {
        let entry = entry?;
        if let Some(name) = entry.file_name().to_string_lossy().strip_suffix(".json") {
            embed_text(&mut files, &out, format!("schemas/{name}"), &fs::read_to_string(entry.path())?)?;
        }
    }
    let [exact, prefixes] = lookup(&services, &vendors)?;
    fs::write(out.join("exact.txt"), exact)?;
    fs::write(out.join("prefixes.txt"), prefixes)?;
    fs::write(out.join("related.txt"), related)?;

    let files: String = files.into_values().collect();
    let scanners = checks.lines().count();
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
             /// The words that the provider's product names begin with, in lower case.\n\
             pub(crate) const VENDORS: &[&str] = &{vendors:?};\n\
             /// The services whose declarations name types of other resources, a line each. Sorted.\n\
             pub(crate) const RELATED: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/related.txt\"));\n\
             /// The built-in templates, by their path, sorted.\n\
             pub const TEMPLATES: &[(&str, &str)] = &[\n{templates}];\n"
        ),
    )?;
    Ok(())
}

/// Cases are what predicates are tried on, and nothing that the program needs.
fn without_cases(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            if map.get("cases").is_some_and(serde_json::Value::is_array) {
                map.shift_remove("cases");
            }
            map.values_mut().for_each(without_cases);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_cases),
        _ => {}
    }
}

/// The lines on which the activities of a file begin: those of its own controls and of `every` first, then those of its
/// modes or models, in the order of the file. The `Err` is the id of what begins with something else.
fn lines(text: &str, file: &serde_json::Value) -> Result<Vec<usize>, String> {
    let id_of = |value: &serde_json::Value| value.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
    let mut begins = text.lines().enumerate().filter_map(|(index, line)| {
        let item = line.trim_start().strip_prefix("- ")?.trim_start_matches(['{', ' ']);
        let id = item.strip_prefix("id:")?.split(',').next()?.split(" #").next()?;
        Some((index + 1, id.trim().trim_matches(['"', '\'', '}', ' ']).to_owned()))
    });
    let mut line_of = |id: &str| {
        begins
            .find(|(_, found)| found == id)
            .map(|(line, _)| line)
            .ok_or_else(|| id.to_owned())
    };
    let (mut own, mut of_modes) = (Vec::new(), Vec::new());
    for (key, part) in file.as_object().into_iter().flatten() {
        match key.as_str() {
            "controls" | "every" => {
                for id in activities(part).map(id_of) {
                    own.push(line_of(&id)?);
                }
            }
            "modes" | "models" => {
                for mode in part.as_array().into_iter().flatten() {
                    line_of(&id_of(mode))?;
                    for id in mode.get("controls").into_iter().flat_map(activities).map(id_of) {
                        of_modes.push(line_of(&id)?);
                    }
                }
            }
            _ => {}
        }
    }
    own.append(&mut of_modes);
    Ok(own)
}

/// The activities of some controls, in the order of the file.
fn activities(controls: &serde_json::Value) -> impl Iterator<Item = &serde_json::Value> {
    let controls = controls.as_object().into_iter().flat_map(|controls| controls.values());
    let sides = controls.filter_map(serde_json::Value::as_object).flat_map(|sides| sides.values());
    sides.filter_map(serde_json::Value::as_array).flatten()
}

/// The words that the provider's product names begin with.
fn vendors() -> Result<Vec<String>, Box<dyn Error>> {
    let about: serde_json::Value = serde_yaml::from_str(&fs::read_to_string(Path::new(ROOT).join("catalog.yaml"))?)?;
    let words: Vec<String> = serde_json::from_value(about.get("vendors").cloned().unwrap_or_default())?;
    Ok(words.iter().map(|word| pattern::squashed(word)).collect())
}

/// What is needed of every service before any is looked at.
fn index_entry(service: &serde_json::Value, vendors: &[String]) -> Result<serde_json::Value, Box<dyn Error>> {
    let fields = ["id", "name", "category", "model", "about", "aliases", "lifecycle", "reclassify"];
    let mut entry: serde_json::Value = fields
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), service.get(field)?.clone())))
        .collect();
    let modes = service.get("modes").and_then(serde_json::Value::as_array);
    if let Some(modes) = modes.filter(|modes| !modes.is_empty()) {
        let text = |field: &str| service.get(field).and_then(|value| value.as_str()).unwrap_or_default();
        let list = |of: &serde_json::Value, field: &str| -> Result<Vec<String>, Box<dyn Error>> {
            Ok(of.get(field).map_or(Ok(Vec::new()), |list| serde_json::from_value(list.clone()))?)
        };
        let aliases = service.get("aliases").cloned().unwrap_or_default();
        let mut names = list(&aliases, "names")?;
        let of_service = pattern::names_of_service(text("id"), text("name"), &names, vendors);
        for mode in modes {
            let id = mode.get("id").and_then(|id| id.as_str()).ok_or("a mode has no id")?;
            names.extend(pattern::names_of_mode(&of_service, id, &list(mode, "names")?));
        }
        names.sort();
        names.dedup();
        entry["aliases"]["names"] = names.into();
    }
    Ok(entry)
}

/// Whether a service's declarations name another type with `of`.
fn names_others(declared: &serde_json::Value) -> bool {
    match declared {
        serde_json::Value::Object(fields) => {
            fields.get("of").is_some_and(serde_json::Value::is_string) || fields.values().any(names_others)
        }
        serde_json::Value::Array(items) => items.iter().any(names_others),
        _ => false,
    }
}

/// The tables by which names are looked up: of exact patterns, and of prefixes.
fn lookup(services: &[serde_json::Value], vendors: &[String]) -> Result<[String; 2], Box<dyn Error>> {
    let mut tables = pattern::Tables::new(vendors.to_vec());
    for service in services {
        let text = |field: &str| service.get(field).and_then(|value| value.as_str()).unwrap_or_default();
        let aliases: BTreeMap<String, Vec<String>> = match service.get("aliases") {
            Some(aliases) => serde_json::from_value(aliases.clone())?,
            None => BTreeMap::new(),
        };
        let list = |field: &str| aliases.get(field).map(Vec::as_slice).unwrap_or_default();
        tables.add(text("id"), text("name"), list);
    }
    match tables.clashes.as_slice() {
        [] => Ok(tables.texts()),
        clashes => Err(format!("patterns that two services claim: {clashes:?}").into()),
    }
}

/// A pattern of secrets with what every match of it has.
fn with_clauses(pattern: &serde_json::Value) -> Result<serde_json::Value, Box<dyn Error>> {
    let text = pattern.as_str().ok_or("a pattern of secrets is no text")?;
    let clauses = clauses::of_pattern(text).map_err(|error| format!("{text}: {error}"))?;
    let in_letters = |clause: clauses::Clause| clause.into_iter().map(String::from_utf8).collect::<Result<Vec<_>, _>>();
    let clauses = clauses.into_iter().map(in_letters).collect::<Result<Vec<_>, _>>()?;
    Ok(serde_json::json!({"text": text, "is_exact": clauses::is_exact(text), "clauses": clauses}))
}

/// What a map says of each of its keys: a line each, the key, a tab, JSON. Sorted by the keys.
fn by_line(map: &serde_json::Value) -> Result<String, Box<dyn Error>> {
    let sorted: BTreeMap<&String, &serde_json::Value> = map.as_object().into_iter().flatten().collect();
    let mut lines = String::new();
    for (key, value) in sorted {
        writeln!(lines, "{key}\t{}", serde_json::to_string(value)?)?;
    }
    Ok(lines)
}

/// Sorted by name, since the program searches them by bisection.
type Files = BTreeMap<String, String>;

fn embed(files: &mut Files, out: &Path, name: String, value: &serde_json::Value) -> Result<(), Box<dyn Error>> {
    embed_text(files, out, name, &serde_json::to_string(value)?)
}

/// What most runs ask for: it lies there as it is, since inflating it would take longer than reading it.
const ASKED_OFTEN: [&str; 5] = ["services/", "index/", "lines/", "resources/", "each/"];

/// Deflated where that leaves it at least a third shorter and few runs ask for it.
fn embed_text(files: &mut Files, out: &Path, name: String, text: &str) -> Result<(), Box<dyn Error>> {
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
