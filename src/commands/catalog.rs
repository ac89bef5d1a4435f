//! `cloudraci catalog`: what the catalog says, for people and for programs.
//!
//! In: arguments. Out: text or JSON on standard output.

mod attributes;
mod inherited;
mod site;

use super::workspace::today;
use super::{Done, Exit, Stop, exit_of, print, print_json, print_text, tell, workspace};
use crate::catalog::predicate::{Attributes, Truth};
use crate::catalog::{Activity, Arn, Catalog, ControlSplit, ControlType, ModeChoice, Side, Split, Verdict, check, embedded};
use crate::cli::{CatalogCommand, DataFormat};
use crate::diagnostics::{Code, Diagnostic, Format, SourceMap, did_you_mean, emit};
use crate::render::layouts;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

pub(super) fn run(command: &CatalogCommand) -> Done {
    match command {
        CatalogCommand::List { format, catalog } => list(*format, catalog.as_deref()),
        CatalogCommand::Show {
            service,
            set,
            format,
            catalog,
        } => show(service, set, *format, catalog.as_deref()),
        CatalogCommand::Resolve { ids, format, catalog } => resolve(ids, *format, catalog.as_deref()),
        CatalogCommand::Attributes { service, format, catalog } => attributes::run(service, *format, catalog.as_deref()),
        CatalogCommand::Inherited { service, format, catalog } => inherited::run(service.as_deref(), *format, catalog.as_deref()),
        CatalogCommand::Site {
            output,
            catalog,
            templates,
        } => site::run(output, catalog.as_deref(), templates.as_deref()),
        CatalogCommand::Check { folder, format } => check_folder(folder.as_deref(), *format),
    }
}

fn builtin() -> Result<Catalog, Stop> {
    Catalog::builtin().map_err(|faults| Stop::Diagnostics(faults, SourceMap::default()))
}

fn list(format: DataFormat, overlay: Option<&Path>) -> Done {
    let catalog = loaded(overlay)?;
    let entries = catalog.service_ids().filter_map(|id| catalog.service(id));
    match format {
        DataFormat::Json => {
            let list: Vec<Value> = entries
                .map(|entry| {
                    let modes: Vec<String> = catalog.modes(&entry.id).into_iter().map(|mode| mode.id).collect();
                    json!({"service": entry.id, "name": entry.name, "category": entry.category, "model": entry.model, "about": entry.about, "lifecycle": entry.lifecycle.as_ref().map(crate::catalog::Lifecycle::words), "modes": modes})
                })
                .collect();
            print_json(&Value::Array(list))?;
        }
        DataFormat::Text => {
            let mut out = String::new();
            for entry in entries {
                let modes: Vec<String> = catalog.modes(&entry.id).into_iter().map(|mode| mode.id).collect();
                let modes = if modes.is_empty() {
                    String::new()
                } else {
                    format!("  [{}]", modes.join(", "))
                };
                let _ = writeln!(out, "{:<24} {:<20} {}{modes}", entry.id, entry.model, entry.name);
            }
            let _ = writeln!(out, "\n{} services, catalog {}", catalog.service_ids().count(), catalog.version);
            print_text(&out)?;
        }
    }
    Ok(Exit::Fine)
}

fn show(name: &str, set: &[String], format: DataFormat, overlay: Option<&Path>) -> Done {
    let catalog = loaded(overlay)?;
    let (service_name, mode) = service_and_mode(name);
    let service = known_service(&catalog, service_name)?;
    let attributes = attributes(set)?;
    let choice = match mode {
        Some(mode) => ModeChoice::settled(Some(mode.to_owned())),
        // Without attributes the question is about the service itself.
        None if attributes.is_empty() => ModeChoice::settled(None),
        None => catalog.choose_mode(service, &attributes),
    };
    let Some(split) = catalog.split(service, choice.mode.as_deref()) else {
        return Err(unknown_mode(&catalog, service, &choice.mode.unwrap_or_default()));
    };
    let split = with_attributes(split, &attributes);
    let lifecycle = catalog
        .service(service)
        .and_then(|entry| entry.lifecycle.as_ref())
        .map(crate::catalog::Lifecycle::words);
    match format {
        DataFormat::Json => print_json(&as_json(&split, &choice, &attributes, lifecycle.as_deref()))?,
        DataFormat::Text => print_text(&as_text(&catalog, &split, &choice, &attributes, lifecycle.as_deref()))?,
    }
    Ok(Exit::Fine)
}

/// The catalog, with an overlay over it.
fn loaded(overlay: Option<&Path>) -> Result<Catalog, Stop> {
    loaded_with_texts(overlay).map(|(catalog, _)| catalog)
}

/// The catalog, with an overlay over it and the texts of that.
fn loaded_with_texts(overlay: Option<&Path>) -> Result<(Catalog, SourceMap), Stop> {
    let mut sources = SourceMap::default();
    match workspace::catalog(overlay, &mut sources) {
        Ok(catalog) => Ok((catalog, sources)),
        Err(faults) => Err(Stop::Diagnostics(faults, sources)),
    }
}

/// `SERVICE/MODE` in its parts.
fn service_and_mode(name: &str) -> (&str, Option<&str>) {
    match name.split_once('/') {
        Some((service, mode)) if !Arn::begins(name) => (service, Some(mode)),
        _ => (name, None),
    }
}

fn unknown_mode(catalog: &Catalog, service: &str, wanted: &str) -> Stop {
    let modes = catalog.modes(service);
    let known: Vec<&str> = modes.iter().map(|mode| mode.id.as_str()).collect();
    let help = if known.is_empty() {
        "it has no modes".to_owned()
    } else {
        did_you_mean(wanted, &known)
    };
    let unknown = Diagnostic::new(Code::UnknownMode, format!("`{service}` has no mode `{wanted}`")).help(help);
    Stop::Diagnostics(vec![unknown], SourceMap::default())
}

/// The service that a name means.
fn known_service<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c str, Stop> {
    catalog.resolve(name).ok_or_else(|| {
        let known: Vec<&str> = catalog.service_ids().collect();
        let unknown = Diagnostic::new(Code::UnknownService, format!("the catalog knows no service `{name}`"));
        Stop::Diagnostics(vec![unknown.help(did_you_mean(name, &known))], SourceMap::default())
    })
}

/// `engine=postgres`: values as YAML would read them.
fn attributes(set: &[String]) -> Result<Attributes, Stop> {
    let mut attributes = Attributes::new();
    for one in set {
        let Some((path, value)) = one.split_once('=').filter(|(path, _)| !path.is_empty()) else {
            return Err(Stop::Usage(format!("`{one}` is not of the form ATTRIBUTE=VALUE")));
        };
        let value: Value = serde_yaml::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        let steps: Vec<&str> = path.split('.').collect();
        put(&mut attributes, &steps, value);
    }
    Ok(attributes)
}

fn put(attributes: &mut Attributes, steps: &[&str], value: Value) {
    match steps {
        [] => {}
        [last] => {
            attributes.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            let inner = attributes
                .entry((*first).to_owned())
                .or_insert_with(|| Value::Object(Attributes::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// Drops the activities whose condition is known to fail.
fn with_attributes(mut split: Split, attributes: &Attributes) -> Split {
    if !attributes.is_empty() {
        for control in &mut split.controls {
            control
                .activities
                .retain(|activity| activity.applies(attributes, Some(today())) != Truth::No);
        }
    }
    split
}

fn state(activity: &Activity, attributes: &Attributes) -> Option<&'static str> {
    let asked = activity.is_judged() && !attributes.is_empty();
    asked.then(|| match activity.judge(attributes, Some(today())) {
        Verdict::Met => "met",
        Verdict::NotMet => "not-met",
        Verdict::Unknown => "unknown",
        Verdict::NotApplicable => "not-applicable",
    })
}

fn as_json(split: &Split, choice: &ModeChoice, attributes: &Attributes, lifecycle: Option<&str>) -> Value {
    let activity = |activity: &Activity| {
        let [when, unless, met_when, attested_when, disproved_when] = activity.asked_in_words();
        json!({
            "id": activity.id,
            "side": activity.side.to_string(),
            "does": activity.does,
            "default": activity.default,
            "how": activity.how,
            "cadence": activity.cadence,
            "evidence": activity.evidence,
            "when": when,
            "unless": unless,
            "met_when": met_when,
            "attested_when": attested_when,
            "disproved_when": disproved_when,
            "severity": activity.is_judged().then_some(activity.severity),
            "unmet": activity.unmet,
            "state": state(activity, attributes),
            "source": activity.source.url,
            "source_title": activity.source.title,
            "reviewed": activity.source.reviewed,
            "from": activity.from,
        })
    };
    let controls: Vec<Value> = split
        .controls
        .iter()
        .map(|control| {
            json!({
                "control": control.control,
                "type": control.control_type(),
                "not_applicable": control.not_applicable,
                "activities": control.activities.iter().map(|one| activity(one)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "service": split.service,
        "mode": split.mode.as_ref().map(|mode| &mode.id),
        "mode_known": choice.known,
        "settled_by": choice.settled_by,
        "name": split.name,
        "mode_name": split.mode.as_ref().map(|mode| &mode.name),
        "model": split.model,
        "about": split.about,
        "lifecycle": lifecycle,
        "why": split.why,
        "controls": controls,
    })
}

fn as_text(catalog: &Catalog, split: &Split, choice: &ModeChoice, attributes: &Attributes, lifecycle: Option<&str>) -> String {
    let mut out = String::new();
    let mode = split.mode.as_ref().map(|mode| format!(", {}", mode.name)).unwrap_or_default();
    let model = catalog
        .model(&split.model)
        .map(|model| model.name.to_lowercase())
        .unwrap_or_default();
    let _ = writeln!(out, "{}{mode}: {}", split.name, split.about);
    let _ = writeln!(out, "{model}: {}", split.why);
    if let Some(lifecycle) = lifecycle {
        let _ = writeln!(out, "{lifecycle}");
    }
    if !choice.known {
        let _ = writeln!(out, "not settled; would be by: {}", choice.settled_by.join(", "));
    }
    let modes = catalog.mode_conditions(&split.service);
    if split.mode.is_none() && !modes.is_empty() {
        out.push_str("\nmodes:\n");
        for (mode, condition) in modes {
            let _ = writeln!(out, "  {}/{}: {} where {condition}", split.service, mode.id, mode.name);
        }
    }
    let provider = catalog.provider_of_service(&split.service);
    let provider = provider.map_or("provider", |party| party.short.as_deref().unwrap_or(&party.name));
    for control in &split.controls {
        let title = catalog.control(&control.control).map_or("", |known| known.title.as_str());
        describe(&mut out, title, (control, provider), attributes);
    }
    out
}

fn describe(out: &mut String, title: &str, (control, provider): (&ControlSplit, &str), attributes: &Attributes) {
    let kind = control.control_type().map_or("does not apply", ControlType::id);
    let _ = writeln!(out, "\n{title} ({}): {kind}", control.control);
    if let Some(reason) = &control.not_applicable {
        let _ = writeln!(out, "  {reason}");
    }
    for activity in &control.activities {
        let who = match &activity.side {
            Side::Provider => provider,
            Side::Customer => "you",
            Side::Party(id) => id,
        };
        let default = serde_json::to_value(activity.default).ok();
        let default = default.as_ref().and_then(Value::as_str).unwrap_or_default();
        let state = state(activity, attributes).map(|state| format!(" [{state}]")).unwrap_or_default();
        let _ = writeln!(out, "  {who:<4} {} ({default}){state}", activity.does);
        if let Some(when) = &activity.when {
            let _ = writeln!(out, "         where {}", when.words());
        }
        if let Some(how) = &activity.how {
            let _ = writeln!(out, "         how: {how}");
        }
        if let Some(cadence) = activity.cadence {
            let _ = writeln!(out, "         how often: {cadence}");
        }
        let reviewed = activity.source.reviewed.as_deref().unwrap_or("unverified");
        let _ = writeln!(out, "         {} ({reviewed})", activity.source.url);
    }
}

fn resolve(ids: &[String], format: DataFormat, overlay: Option<&Path>) -> Done {
    let catalog = loaded(overlay)?;
    let from_input;
    let ids: Vec<&str> = if ids.is_empty() {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map_err(|error| {
            let fault = Diagnostic::new(Code::CannotRead, format!("cannot read standard input: {error}"));
            Stop::Diagnostics(vec![fault], SourceMap::default())
        })?;
        from_input = text;
        from_input.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    } else {
        ids.iter().map(String::as_str).collect()
    };
    match format {
        DataFormat::Json => {
            let list: Vec<Value> = ids.iter().map(|id| json!({"id": id, "service": catalog.resolve(id)})).collect();
            print_json(&Value::Array(list))?;
        }
        DataFormat::Text => {
            let mut out = String::new();
            for id in ids {
                let _ = writeln!(out, "{id}\t{}", catalog.resolve(id).unwrap_or("-"));
            }
            print_text(&out)?;
        }
    }
    Ok(Exit::Fine)
}

/// What is wrong in files of a provider that those understand who apply them: each is asked something.
fn understood_elsewhere() -> Vec<Diagnostic> {
    crate::source::secrets::names_a_secret("");
    crate::results::scanner_of_tool("");
    embedded::broken()
}

fn check_folder(folder: Option<&Path>, format: DataFormat) -> Done {
    let mut sources = SourceMap::default();
    for (path, text) in crate::catalog::partitions::texts() {
        sources.insert(path, text);
    }
    let found = match folder {
        None => check::builtin(&builtin()?),
        Some(folder) => match check::folder(folder, &mut sources) {
            Ok(checked) => {
                let templates = checked.layouts.iter().flat_map(|(path, file)| layouts::check((path, file)));
                let mut found: Vec<Diagnostic> = checked.faults.into_iter().chain(templates).collect();
                for fault in understood_elsewhere() {
                    if !found.contains(&fault) {
                        found.push(fault);
                    }
                }
                found
            }
            Err(faults) => faults,
        },
    };
    match format {
        DataFormat::Json => print(emit(&found, &sources, Format::Json, false).as_bytes())?,
        DataFormat::Text if found.is_empty() => print(b"the catalog keeps its rules\n")?,
        DataFormat::Text => tell(&found, &sources),
    }
    Ok(exit_of(&found))
}
