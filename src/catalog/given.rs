//! A provider's folder that is given with `--catalog`: what it says beside services, checks, frameworks and layouts.
//!
//! In: the folder. Out: its files as the program keeps those of the embedded folders, its parties, or everything that is wrong
//! in their shape. What is in them is checked where it is known, as that of the embedded ones is.

use super::cdk::HelpersFile;
use super::file::{AboutFile, EnginesFile, ModelsFile, PartitionsFile, PartyFile, PartyKind, ProviderFile};
use super::implied::ImpliedFile;
use super::oscal::OscalFile;
use super::providers::Given;
use super::pulumi::PulumiFile;
use super::read::text_of;
use super::references::TerraformFile;
use super::{builtin, names};
use crate::diagnostics::{Code, Diagnostic, Place, SourceMap, route};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is wrong with a file's value, if it cannot be decoded.
type Fault = fn(&Value) -> Option<String>;

/// Files of a provider's own, by their names without the ending, with what decodes them. `secrets` and `results` are understood
/// by those who apply them.
const FILES: [(&str, Fault); 13] = [
    ("catalog", fault::<AboutFile>),
    ("parties", fault::<Vec<PartyFile>>),
    ("partitions", fault::<PartitionsFile>),
    ("provider", fault::<ProviderFile>),
    ("models", fault::<ModelsFile>),
    ("engines", fault::<EnginesFile>),
    ("pulumi", fault::<PulumiFile>),
    ("cdk", fault::<HelpersFile>),
    ("implied", fault::<ImpliedFile>),
    ("terraform", fault::<TerraformFile>),
    ("oscal", fault::<OscalFile>),
    ("secrets", fault::<Value>),
    ("results", fault::<Value>),
];

/// Without these nothing would be known of whose anything is.
const NEEDED: usize = 5;

/// The folder of the tables of the sources' own schemas.
pub(super) const SCHEMA: &str = "schema";

/// Those tables.
const SCHEMAS: [&str; 2] = ["terraform", "cloudformation"];

/// A provider's folder.
#[derive(Debug, Clone)]
pub(super) struct GivenFolder {
    /// Where it is.
    pub(super) folder: PathBuf,
    pub(super) given: Arc<Given>,
    pub(super) parties: Vec<PartyFile>,
    pub(super) models: ModelsFile,
    pub(super) models_path: Arc<str>,
}

/// Whether a file of a provider's folder is read here.
pub(super) fn is_own(name: &str) -> bool {
    FILES.iter().any(|(own, _)| *own == name)
}

/// The name of the provider whose folder it is, where it is one and no part of an embedded one.
pub(super) fn provider_of(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("catalog.yaml")).ok()?;
    let about: Value = serde_yaml::from_str(&text).ok()?;
    let name = about.get("name")?.as_str()?;
    let is_embedded = builtin::folders().iter().any(|folder| folder.name == name);
    (!is_embedded).then(|| name.to_owned())
}

/// What is wrong where a file cannot be decoded.
fn fault<T: DeserializeOwned>(value: &Value) -> Option<String> {
    serde_json::from_value::<T>(value.clone())
        .err()
        .map(|error| crate::text::without_serde(&error.to_string()))
}

/// Reads the files of a provider's folder. Their texts are added to `sources`.
pub(super) fn read(folder: &Path, name: String, sources: &mut SourceMap, faults: &mut Vec<Diagnostic>) -> GivenFolder {
    let mut given = Given { name, ..Given::default() };
    let mut parties = Vec::new();
    let (mut models, mut models_path) = (ModelsFile::default(), Arc::from(""));
    for (position, (name, fault)) in FILES.iter().enumerate() {
        let file = folder.join(name).with_extension("yaml");
        if !file.is_file() {
            if position < NEEDED {
                faults.push(missing(folder, name));
            }
            continue;
        }
        let Some((path, text)) = text_of(&file, sources, faults) else {
            continue;
        };
        let Some(mut value) = decoded(&text, &path, faults) else {
            continue;
        };
        if let Some(what) = fault(&value) {
            faults.push(Diagnostic::new(Code::CatalogError, what).at(Place::file(path.clone())));
            continue;
        }
        match *name {
            "parties" => parties = serde_json::from_value(value.clone()).unwrap_or_default(),
            "models" => {
                models = serde_json::from_value(value.clone()).unwrap_or_default();
                models_path = path.clone();
            }
            "provider" => faults.extend(of_names(&value, &path)),
            "secrets" => with_patterns(&mut value),
            _ => {}
        }
        given.files.insert((*name).to_owned(), value);
        given.texts.insert((*name).to_owned(), (path, text));
    }
    for name in SCHEMAS {
        let file = folder.join(SCHEMA).join(name).with_extension("txt");
        if let Some((_, text)) = file.is_file().then(|| text_of(&file, sources, faults)).flatten() {
            given.files.insert(format!("{SCHEMA}/{name}"), Value::from(&*text));
        }
    }
    if faults.is_empty() && !parties.iter().any(|party: &PartyFile| party.kind == PartyKind::Provider) {
        let what = format!("no party of `{}` is its provider", given.name);
        let at = Place::file(folder.join("parties.yaml").display().to_string());
        faults.push(Diagnostic::new(Code::CatalogError, what).at(at).help("give one `kind: provider`"));
    }
    GivenFolder {
        folder: folder.to_owned(),
        given: Arc::new(given),
        parties,
        models,
        models_path,
    }
}

/// A file as JSON.
fn decoded(text: &str, path: &Arc<str>, faults: &mut Vec<Diagnostic>) -> Option<Value> {
    match crate::text::decode(text.strip_prefix('\u{feff}').unwrap_or(text), path) {
        Ok(tree) if tree.faults.is_empty() => Some(tree.value),
        Ok(tree) => {
            faults.extend(tree.faults);
            None
        }
        Err(found) => {
            faults.extend(found);
            None
        }
    }
}

fn missing(folder: &Path, name: &str) -> Diagnostic {
    let folder = folder.display().to_string();
    Diagnostic::new(Code::CatalogError, format!("the provider's folder `{folder}` has no `{name}.yaml`"))
        .at(Place::file(folder))
        .help(
            "a provider's folder says what it is called (`catalog.yaml`, `provider.yaml`), who operates it (`parties.yaml`) and where \
             (`partitions.yaml`), and what its service models are (`models.yaml`)",
        )
}

/// What is wrong with the forms of names.
fn of_names(value: &Value, path: &Arc<str>) -> Vec<Diagnostic> {
    let file: ProviderFile = serde_json::from_value(value.clone()).unwrap_or_default();
    let found = names::faults(&file.names).into_iter();
    let told = found.map(|(field, what)| {
        let at = Place::value(path, route(["names".into(), field.into()]));
        Diagnostic::new(Code::CatalogError, format!("`{field}` is no form of names: {what}"))
            .at(at)
            .help("docs/catalog.md says how forms and shapes are written, under \"A second provider\"")
    });
    told.collect()
}

/// Patterns as the program keeps them. What every match of one has is found out when the program is built; without it each text
/// is tried, which is slower and finds the same.
fn with_patterns(secrets: &mut Value) {
    let patterns = secrets.get_mut("patterns").and_then(Value::as_array_mut);
    for pattern in patterns.into_iter().flatten() {
        if let Some(text) = pattern.as_str().map(str::to_owned) {
            *pattern = json!({"text": text, "is_exact": !text.contains("(?i"), "clauses": []});
        }
    }
}
