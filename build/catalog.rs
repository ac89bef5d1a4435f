//! The catalog's folders as the program has them: one for each provider, of which one is the base.
//!
//! In: the providers' folders, such as those in `catalog/`. Out: JSON of every file by its name in the program, the
//! checks of each scanner, and the tables by which names are looked up. What is of all providers stands once: a service's, a
//! framework's or a layout's file is called after its id, and no two are called alike; checks of one scanner are united. What a
//! provider says of itself is called as in its folder, behind the provider's name, but for the base's.

use super::{clauses, pattern};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Folders whose files are of all providers.
const SHARED: [&str; 4] = ["services/", "checks/", "frameworks/", "layouts/"];

/// What the base alone has: how duties are ordered and named is the same on every cloud.
const OF_BASE: [&str; 3] = ["controls", "layers", "severity"];

/// What every provider has.
const NEEDED: [&str; 4] = ["models", "parties", "partitions", "provider"];

/// Tables of a source's own schema, which are no YAML.
const SCHEMAS: [&str; 2] = ["schema/terraform", "schema/cloudformation"];

/// A provider's folder.
pub(crate) struct Folder {
    /// What it is called.
    pub(crate) name: String,
    path: PathBuf,
    /// What its own files begin with in the program; nothing of the base's.
    pub(crate) prefix: String,
    /// The words that its products' names begin with, as patterns have them.
    vendors: Vec<String>,
    /// Its services, sorted.
    pub(crate) services: Vec<String>,
}

/// All that is embedded.
#[derive(Default)]
pub(crate) struct Compiled {
    /// The base first, the others by their names.
    pub(crate) providers: Vec<Folder>,
    /// Texts by their names, each but for checks JSON.
    pub(crate) files: BTreeMap<String, String>,
    /// By scanner: its checks, a line each.
    pub(crate) checks: BTreeMap<String, String>,
    /// Exact patterns, and prefixes.
    pub(crate) tables: [String; 2],
    /// The services whose declarations name types of other resources, a line each.
    pub(crate) related: String,
}

/// What is made while the folders are gone through.
#[derive(Default)]
struct Making {
    files: BTreeMap<String, String>,
    /// By scanner: its file without checks, and the checks.
    scanners: BTreeMap<String, (Value, Map<String, Value>)>,
    index: Vec<Value>,
    related: String,
}

/// The providers' folders in a folder: those with a `catalog.yaml`, sorted.
///
/// # Errors
/// A folder that cannot be read.
pub(crate) fn folders(root: &Path) -> Outcome<Vec<PathBuf>> {
    let entries: Vec<PathBuf> = fs::read_dir(root)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    let mut found: Vec<PathBuf> = entries.into_iter().filter(|path| path.join("catalog.yaml").is_file()).collect();
    found.sort();
    Ok(found)
}

/// Everything in some providers' folders.
///
/// # Errors
/// Files that cannot be read or decoded, and what two of them claim.
pub(crate) fn compile(folders: Vec<PathBuf>) -> Outcome<Compiled> {
    let mut providers = providers(folders)?;
    let vendors: Vec<String> = providers.iter().flat_map(|folder| folder.vendors.clone()).collect();
    let mut making = Making::default();
    for folder in &mut providers {
        for entry in walkdir::WalkDir::new(&folder.path).follow_links(true).sort_by_file_name() {
            let entry = entry?;
            if entry.path().extension().is_some_and(|ending| ending == "yaml") {
                making.file(folder, entry.path(), &vendors)?;
            }
        }
        for name in SCHEMAS {
            let path = folder.path.join(name).with_extension("txt");
            if path.is_file() {
                making.add(format!("{}{name}", folder.prefix), fs::read_to_string(path)?)?;
            }
        }
    }
    let mut checks = BTreeMap::new();
    for (scanner, (file, each)) in std::mem::take(&mut making.scanners) {
        making.add(format!("checks/{scanner}"), serde_json::to_string(&file)?)?;
        checks.insert(scanner, by_line(&each)?);
    }
    Ok(Compiled {
        providers,
        tables: tables(&making.index, &vendors)?,
        files: making.files,
        checks,
        related: making.related,
    })
}

/// The providers, the base first: the one with controls.
fn providers(folders: Vec<PathBuf>) -> Outcome<Vec<Folder>> {
    let mut found = Vec::new();
    for path in folders {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let about = yaml(&path.join("catalog.yaml"))?.1;
        if about.get("name").and_then(Value::as_str) != Some(&name) {
            return Err(format!("{}: `name` is not the folder's", path.join("catalog.yaml").display()).into());
        }
        if let Some(lacking) = NEEDED.iter().find(|file| !path.join(file).with_extension("yaml").is_file()) {
            return Err(format!("{}: there is no `{lacking}.yaml`", path.display()).into());
        }
        let words: Vec<String> = serde_json::from_value(about.get("vendors").cloned().unwrap_or_else(|| json!([])))?;
        found.push(Folder {
            prefix: format!("{name}/"),
            vendors: words.iter().map(|word| pattern::squashed(word)).collect(),
            services: Vec::new(),
            name,
            path,
        });
    }
    let is_base = |folder: &Folder| folder.path.join("controls.yaml").is_file();
    found.sort_by_key(|folder| (!is_base(folder), folder.name.clone()));
    match found.as_mut_slice() {
        [base, rest @ ..] if is_base(base) && !rest.iter().any(is_base) => base.prefix.clear(),
        _ => return Err("one provider's folder has `controls.yaml`, and no other".into()),
    }
    Ok(found)
}

/// A file's text, and what is in it.
fn yaml(path: &Path) -> Outcome<(String, Value)> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let value = serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok((text, value))
}

impl Making {
    fn add(&mut self, name: String, text: String) -> Outcome<()> {
        match self.files.insert(name.clone(), text) {
            None => Ok(()),
            Some(_) => Err(format!("two providers have a file `{name}`").into()),
        }
    }

    fn json(&mut self, name: String, value: &Value) -> Outcome<()> {
        self.add(name, serde_json::to_string(value)?)
    }

    fn file(&mut self, folder: &mut Folder, path: &Path, vendors: &[String]) -> Outcome<()> {
        let name = path
            .strip_prefix(&folder.path)?
            .with_extension("")
            .to_string_lossy()
            .replace('\\', "/");
        let (text, mut value) = yaml(path)?;
        without_cases(&mut value);
        let is_base = folder.prefix.is_empty();
        if OF_BASE.contains(&name.as_str()) && !is_base {
            return Err(format!("{}: it is the base's alone", path.display()).into());
        }
        if name == "models" || name.starts_with("services/") {
            let lines = lines(&text, &value).map_err(|id| format!("{}: `{id}` does not begin with its `id`", path.display()))?;
            // A service's file is called after its id, whoever's it is.
            let prefix = if name == "models" { folder.prefix.as_str() } else { "" };
            self.json(format!("{prefix}lines/{name}"), &lines.into())?;
        }
        if let Some(id) = name.strip_prefix("services/") {
            let index = index_entry(&value, vendors)?;
            self.json(format!("index/{id}"), &index)?;
            // Importers need these, and the join nothing else of a service whose type is met.
            let declared = value.as_object_mut().and_then(|service| service.shift_remove("resources"));
            let declared = declared.unwrap_or_else(|| json!({}));
            if names_others(&declared) {
                writeln!(self.related, "{id}")?;
            }
            self.json(format!("resources/{id}"), &declared)?;
            self.index.push(index);
            folder.services.push(id.to_owned());
        }
        // Scanners have thousands of checks: each is decoded by itself.
        if let Some(scanner) = name.strip_prefix("checks/") {
            return self.checks(scanner, value);
        }
        if name == "secrets" {
            for pattern in value["patterns"].as_array_mut().into_iter().flatten() {
                *pattern = clauses::with_clauses(pattern)?;
            }
        }
        if name == "partitions" {
            // For the lines that a reader is sent to.
            self.add(format!("{}text/partitions", folder.prefix), text)?;
        }
        let is_shared = SHARED.iter().any(|shared| name.starts_with(shared));
        let prefix = if is_shared { "" } else { folder.prefix.as_str() };
        self.json(format!("{prefix}{name}"), &value)
    }

    /// Adds what a provider's file says of a scanner.
    fn checks(&mut self, scanner: &str, mut file: Value) -> Outcome<()> {
        let each = file.get_mut("checks").map(Value::take).unwrap_or_default();
        file["checks"] = json!({});
        let (_, known) = self.scanners.entry(scanner.to_owned()).or_insert_with(|| (file, Map::new()));
        for (id, check) in each.as_object().into_iter().flatten() {
            if known.insert(id.clone(), check.clone()).is_some() {
                return Err(format!("two providers have a check `{scanner}/{id}`").into());
            }
        }
        Ok(())
    }
}

/// Cases are what predicates are tried on, and nothing that the program needs.
fn without_cases(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("cases").is_some_and(Value::is_array) {
                map.shift_remove("cases");
            }
            map.values_mut().for_each(without_cases);
        }
        Value::Array(items) => items.iter_mut().for_each(without_cases),
        _ => {}
    }
}

/// The lines on which the activities of a file begin: those of its own controls and of `every` first, then those of its
/// modes or models, in the order of the file. The `Err` is the id of what begins with something else.
fn lines(text: &str, file: &Value) -> Result<Vec<usize>, String> {
    let id_of = |value: &Value| value.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
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
fn activities(controls: &Value) -> impl Iterator<Item = &Value> {
    let controls = controls.as_object().into_iter().flat_map(|controls| controls.values());
    let sides = controls.filter_map(Value::as_object).flat_map(|sides| sides.values());
    sides.filter_map(Value::as_array).flatten()
}

/// What is needed of every service before any is looked at.
fn index_entry(service: &Value, vendors: &[String]) -> Outcome<Value> {
    let fields = ["id", "name", "category", "model", "about", "aliases", "lifecycle", "reclassify"];
    let mut entry: Value = fields
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), service.get(field)?.clone())))
        .collect();
    let modes = service.get("modes").and_then(Value::as_array);
    if let Some(modes) = modes.filter(|modes| !modes.is_empty()) {
        let text = |field: &str| service.get(field).and_then(|value| value.as_str()).unwrap_or_default();
        let list = |of: &Value, field: &str| -> Outcome<Vec<String>> {
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
fn names_others(declared: &Value) -> bool {
    match declared {
        Value::Object(fields) => fields.get("of").is_some_and(Value::is_string) || fields.values().any(names_others),
        Value::Array(items) => items.iter().any(names_others),
        _ => false,
    }
}

/// The tables by which names are looked up: of exact patterns, and of prefixes.
fn tables(services: &[Value], vendors: &[String]) -> Outcome<[String; 2]> {
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

/// What a map says of each of its keys: a line each, the key, a tab, JSON. Sorted by the keys.
fn by_line(map: &Map<String, Value>) -> Outcome<String> {
    let sorted: BTreeMap<&String, &Value> = map.iter().collect();
    let mut lines = String::new();
    for (key, value) in sorted {
        writeln!(lines, "{key}\t{}", serde_json::to_string(value)?)?;
    }
    Ok(lines)
}
