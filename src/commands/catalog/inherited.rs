//! `cloudraci catalog inherited`: what modes take over, for a reader to go through in the mode.
//!
//! In: a service, a mode of it, or nothing. Out: of each mode the activities that its service or its model states and the
//! mode does not, each with its words and the line where it is written; those that the mode takes away apart.

use super::super::{Done, Exit, print_json, print_text};
use super::{known_service, loaded_with_texts, service_and_mode, unknown_mode};
use crate::catalog::{Activity, Catalog, Commonness, Level, Split};
use crate::cli::DataFormat;
use crate::diagnostics::{Place, SourceMap};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// An activity that a mode inherits.
struct Line {
    activity: Arc<Activity>,
    control: String,
    place: Option<(Arc<str>, Option<usize>)>,
    /// Whether the mode keeps it; what it takes away stands under `without` there.
    kept: bool,
}

/// A mode with all that it inherits.
struct Inheritance {
    split: Split,
    /// What settles the mode, in words.
    settled_by: Option<String>,
    lines: Vec<Line>,
}

pub(super) fn run(name: Option<&str>, format: DataFormat, overlay: Option<&Path>) -> Done {
    let (catalog, sources) = loaded_with_texts(overlay)?;
    let (service, mode) = name.map_or((None, None), |name| {
        let (service, mode) = service_and_mode(name);
        (Some(service), mode)
    });
    let services = match service {
        Some(service) => vec![known_service(&catalog, service)?],
        None => catalog.service_ids().collect(),
    };
    let mut found = Vec::new();
    for service in services {
        let modes = catalog.modes(service);
        let wanted = modes.iter().filter(|known| mode.is_none_or(|mode| mode == known.id));
        let before = found.len();
        found.extend(wanted.filter_map(|mode| inheritance(&catalog, &sources, service, &mode.id)));
        if let Some(mode) = mode.filter(|_| found.len() == before) {
            return Err(unknown_mode(&catalog, service, mode));
        }
    }
    match format {
        DataFormat::Json => print_json(&found.iter().flat_map(rows).collect())?,
        DataFormat::Text => print_text(&as_text(&catalog, &found))?,
    }
    Ok(Exit::Fine)
}

fn inheritance(catalog: &Catalog, sources: &SourceMap, service: &str, mode: &str) -> Option<Inheritance> {
    let split = catalog.split(service, Some(mode))?;
    let kept: BTreeSet<&str> = activities(&split).map(|activity| &*activity.id).collect();
    let inherited = catalog.inherited(service, mode);
    let places: Vec<Option<Place>> = inherited
        .iter()
        .map(|activity| catalog.place_of(service, Some(mode), activity))
        .collect();
    let positions = sources.positions(places.iter().flatten());
    let lines = inherited
        .into_iter()
        .zip(places)
        .map(|(activity, place)| Line {
            control: activity.id.split('.').nth(1).unwrap_or_default().to_owned(),
            kept: kept.contains(&*activity.id),
            place: place.map(|place| (place.file.clone(), positions.of(&place).map(|at| at.line))),
            activity,
        })
        .collect();
    let mut conditions = catalog.mode_conditions(service).into_iter();
    let settled_by = conditions.find(|(known, _)| known.id == mode).map(|(_, words)| words);
    Some(Inheritance { split, settled_by, lines })
}

fn activities(split: &Split) -> impl Iterator<Item = &Arc<Activity>> {
    split.controls.iter().flat_map(|control| &control.activities)
}

fn rows(of: &Inheritance) -> impl Iterator<Item = Value> {
    let mode = of.split.mode.as_ref().map(|mode| &mode.id);
    of.lines.iter().map(move |line| {
        let activity = &line.activity;
        let [when, unless, met_when, attested_when, disproved_when] = activity.asked_in_words();
        json!({
            "service": of.split.service,
            "mode": mode,
            "model": of.split.model,
            "control": line.control,
            "side": activity.side.to_string(),
            "id": activity.id,
            "does": activity.does,
            "default": activity.default,
            "how": activity.how,
            "evidence": activity.evidence,
            "when": when,
            "unless": unless,
            "met_when": met_when,
            "attested_when": attested_when,
            "disproved_when": disproved_when,
            "source": activity.source.url,
            "reviewed": activity.source.reviewed,
            "from": activity.from,
            "file": line.place.as_ref().map(|(file, _)| file),
            "line": line.place.as_ref().and_then(|(_, line)| *line),
            "kept": line.kept,
        })
    })
}

fn as_text(catalog: &Catalog, found: &[Inheritance]) -> String {
    let mut out = String::new();
    for one in found {
        describe(&mut out, catalog, one);
    }
    let all = || found.iter().flat_map(|one| &one.lines);
    let (modes, kept) = (found.len(), all().filter(|line| line.kept).count());
    let taken = all().count() - kept;
    let _ = writeln!(
        out,
        "{modes} {}, {kept} activities inherited, {taken} taken away",
        if modes == 1 { "mode" } else { "modes" }
    );
    out
}

fn describe(out: &mut String, catalog: &Catalog, one: &Inheritance) {
    let split = &one.split;
    let mode = split.mode.as_ref();
    let (id, name) = mode.map_or(("", ""), |mode| (&mode.id, &mode.name));
    let _ = writeln!(out, "{}/{id}: {}, {name}", split.service, split.name);
    let _ = writeln!(out, "  {}: {}", split.model, split.why);
    if let Some(settled_by) = &one.settled_by {
        let _ = writeln!(out, "  where {settled_by}");
    }
    let own = activities(split).filter(|activity| {
        !one.lines
            .iter()
            .any(|line| line.activity.id == activity.id && line.activity.from == activity.from)
    });
    let taken = one.lines.iter().filter(|line| !line.kept).count();
    let _ = writeln!(
        out,
        "  {} inherited, {taken} taken away, {} of its own\n",
        one.lines.len() - taken,
        own.count()
    );
    for control in &catalog.controls {
        let mut kept = one.lines.iter().filter(|line| line.kept && line.control == control.id).peekable();
        if kept.peek().is_some() {
            let _ = writeln!(out, "  {} ({})", control.title, control.id);
        }
        kept.for_each(|line| tell(out, line));
    }
    if taken > 0 {
        out.push_str("  taken away (`without`)\n");
    }
    one.lines.iter().filter(|line| !line.kept).for_each(|line| tell(out, line));
    out.push('\n');
}

fn tell(out: &mut String, line: &Line) {
    let activity = &line.activity;
    let default = serde_json::to_value(activity.default).ok();
    let default = default.as_ref().and_then(Value::as_str).unwrap_or_default();
    let _ = writeln!(out, "    {} {} ({default})", activity.side, activity.id);
    let _ = writeln!(out, "      {}", activity.does);
    let words = |predicate: Option<&crate::catalog::predicate::Predicate>| predicate.map(|predicate| predicate.words());
    for (label, said) in [
        ("how", activity.how.as_deref().map(str::to_owned)),
        ("when", words(activity.when.as_ref())),
        ("unless", words(activity.unless.as_ref())),
        ("met when", words(activity.met_when.as_ref())),
        ("attested when", words(activity.attested_when.as_ref())),
        ("disproved when", words(activity.disproved_when.as_ref())),
    ] {
        if let Some(said) = said {
            let _ = writeln!(out, "      {label}: {said}");
        }
    }
    let level = match (activity.from, activity.common) {
        (Level::Model, Commonness::Every) => "every service",
        (Level::Model, _) => "model",
        (Level::Service, _) => "service",
        (Level::Mode, _) => "mode",
        (Level::Overlay, _) => "overlay",
    };
    let place = match &line.place {
        Some((file, Some(line))) => format!(", {file}:{line}"),
        Some((file, None)) => format!(", {file}"),
        None => String::new(),
    };
    let _ = writeln!(out, "      {level}{place}");
}
