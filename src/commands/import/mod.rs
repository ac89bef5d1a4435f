//! `cloudraci import`: an inventory from files that people already have.
//!
//! In: files to import, and perhaps an inventory that an earlier run wrote. Out: an inventory in YAML or JSON with every
//! managed resource, whatever its provider, and with all that people wrote into the earlier one.

mod comments;
mod inline;
mod merge;
mod remarks;
mod written;

use super::output::{self, Sources};
use super::progress::Progress;
use super::{Done, Exit, Stop, say, tell};
use crate::cli::{Import as Args, ImportFormat};
use crate::diagnostics::{Code, Diagnostic, Outcome, SourceMap};
use crate::inventory::{self, Reading};
use merge::Changes;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What an inventory begins with that nobody has written yet.
const PLACEHOLDER: &str = "(name your organisation here)";
const HEAD: &str = "# Written by `cloudraci import`. Run it again with `-o` on this file to renew `resources`; what you write here stays:\n\
                    # parties, rules, exceptions, and the owner, data and environment of each resource.\n";

pub(super) fn run(args: &Args) -> Done {
    let mut sources = SourceMap::default();
    let to = args.output.as_deref().filter(|path| !output::is_standard(path));
    check_ending(to, args.format)?;
    match imported(args, to, &mut sources) {
        Ok((text, changes)) => {
            output::write(to, text.into_bytes())?;
            if let (Some(changes), Some(path)) = (changes, to) {
                say(&changes.words(&path.display().to_string()));
            }
            Ok(Exit::Fine)
        }
        Err(faults) => Err(Stop::Diagnostics(faults, sources)),
    }
}

/// Refuses a file whose name says that it is something else than what is written.
fn check_ending(to: Option<&Path>, format: Option<ImportFormat>) -> Result<(), Stop> {
    let Some(path) = to else { return Ok(()) };
    if let Some(ending) = output::archive_ending(path) {
        return Err(Stop::Usage(format!(
            "`{}` is no .{ending}: an inventory is YAML or JSON",
            path.display()
        )));
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let (named, other) = match ending.as_deref() {
        Some("json") => (ImportFormat::Json, "yaml"),
        Some("yaml" | "yml") => (ImportFormat::Yaml, "json"),
        _ => return Ok(()),
    };
    match format {
        Some(format) if format != named => Err(Stop::Usage(format!(
            "the ending of `{}` says another format than `--format {other}`",
            path.display()
        ))),
        _ => Ok(()),
    }
}

/// What is to be imported: the inventory that is renewed stands among it where a shell's pattern named all files.
fn to_import(args: &Args, renewed: Option<&Path>) -> Vec<PathBuf> {
    let renewed = Sources::of(renewed.map(Path::to_owned));
    let others = args.files.iter().filter(|file| renewed.refuse([file.as_path()]).is_ok());
    let others: Vec<PathBuf> = others.cloned().collect();
    // Alone it is nothing to import, and that is said of it.
    if others.is_empty() { args.files.clone() } else { others }
}

/// The inventory as text, and what changed in an earlier one.
fn imported(args: &Args, to: Option<&Path>, sources: &mut SourceMap) -> Outcome<(String, Option<Changes>)> {
    let earlier = match to {
        Some(path) if path.exists() => match Earlier::read(path, sources) {
            Ok(earlier) => Some(earlier),
            // That it is to be imported itself is the better reason.
            Err(faults) => return Err(Sources::of(args.files.iter().cloned()).refuse([path]).err().unwrap_or(faults)),
        },
        _ => None,
    };
    let files = to_import(args, to.filter(|_| earlier.is_some()));
    let catalog = super::workspace::catalog(args.catalog.as_deref(), sources)?;
    let loaded = {
        let progress = Progress::new();
        let at = |file: &str, done, size| progress.at(file, done, size);
        let reading = Reading {
            from: args.from.as_deref().and_then(inventory::import::named),
            imports_only: true,
            progress: Some(&at),
            ..Reading::default()
        };
        inventory::load_with(&files, &catalog, sources, &reading)?
    };
    if let Some(path) = to {
        // What is written takes the place of an earlier inventory, never of what it is made of.
        let inputs = loaded.inventory.inputs.iter().map(|input| PathBuf::from(&*input.path));
        Sources::of(inputs).refuse([path])?;
    }
    tell(&loaded.warnings, sources);
    let resources = written::resources(&loaded.inventory, &catalog);
    let format = args.format.unwrap_or_else(|| match (&earlier, to) {
        (Some(earlier), _) if earlier.is_json() => ImportFormat::Json,
        (None, Some(path)) if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) => ImportFormat::Json,
        _ => ImportFormat::Yaml,
    });
    let Some(earlier) = earlier else {
        let mut value = json!({"inventory": 1, "organization": PLACEHOLDER, "resources": resources});
        let accounts = written::accounts(&loaded.inventory);
        if let (Value::Object(fields), false) = (&mut value, accounts.is_empty()) {
            let resources = fields.shift_remove("resources");
            fields.insert("accounts".to_owned(), accounts.into());
            fields.extend(resources.map(|resources| ("resources".to_owned(), resources)));
        }
        return Ok((text(&value, format, HEAD)?, None));
    };
    let files: Vec<&str> = loaded.inventory.inputs.iter().map(|input| &*input.path).collect();
    let merged = merge::merge(&earlier.value, resources, &files, &catalog);
    let value = merged.value(&earlier.value);
    if format == ImportFormat::Yaml && !earlier.is_json() {
        if let Some(text) = comments::spliced(&earlier.text, &merged, &value) {
            return Ok((text, Some(merged.changes)));
        }
        if comments::has_any(&earlier.text) {
            tell(&[lost_comments(&earlier.file)], sources);
        }
    }
    Ok((text(&value, format, "")?, Some(merged.changes)))
}

/// An inventory that an earlier run or somebody wrote.
struct Earlier {
    file: Arc<str>,
    text: String,
    value: Value,
}

impl Earlier {
    fn read(path: &Path, sources: &mut SourceMap) -> Outcome<Self> {
        let file: Arc<str> = path.display().to_string().into();
        let text = std::fs::read_to_string(path).map_err(|error| {
            vec![
                Diagnostic::new(Code::CannotWrite, format!("`{file}` exists and cannot be read: {error}"))
                    .help("nothing was written; name a new file, or an inventory to renew"),
            ]
        })?;
        inventory::add_source(&file, &text.as_str().into(), sources);
        let value = inventory::decoded(&text, &file)?;
        if value.get("inventory").is_none() {
            return Err(vec![
                Diagnostic::new(Code::CannotWrite, format!("`{file}` exists and is no inventory"))
                    .help("nothing was written; name a new file, or an inventory to renew"),
            ]);
        }
        Ok(Self { file, text, value })
    }

    fn is_json(&self) -> bool {
        self.text.trim_start().starts_with('{')
    }
}

fn lost_comments(file: &Arc<str>) -> Diagnostic {
    Diagnostic::new(
        Code::CommentsLost,
        format!("the comments of `{file}` could not be kept: its `resources` are no list of one line or more an item"),
    )
    .help("write `resources:` on a line of its own and each resource behind a `-`")
}

fn text(value: &Value, format: ImportFormat, head: &str) -> Outcome<String> {
    match format {
        ImportFormat::Json => Ok(format!("{value:#}\n")),
        ImportFormat::Yaml => match serde_yaml::to_string(value) {
            Ok(text) => Ok(format!("{head}{text}")),
            Err(error) => Err(vec![Diagnostic::new(
                Code::CannotWrite,
                format!("cannot write the inventory as YAML: {error}"),
            )]),
        },
    }
}
