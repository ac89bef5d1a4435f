//! `cloudraci why`: every activity of a control on a service, its letters, and what set them.
//!
//! In: arguments. Out: text on standard output.

use super::workspace::Workspace;
use super::{Done, Exit, Stop, print_text};
use crate::catalog::{Level, Side};
use crate::cli::Why as Args;
use crate::diagnostics::{Code, Diagnostic, SourceMap, did_you_mean};
use crate::raci::{Letters, Row, State, Unit};
use std::fmt::Write as _;

pub(super) fn run(args: &Args) -> Done {
    let workspace = Workspace::open(&args.inputs)?;
    let (name, mode) = match args.service.split_once('/') {
        Some((service, mode)) => (service, Some(mode)),
        None => (args.service.as_str(), None),
    };
    let stop = |diagnostic: Diagnostic| Err(Stop::Diagnostics(vec![diagnostic], SourceMap::default()));
    let Some(service) = workspace.catalog.resolve(name) else {
        let known: Vec<&str> = workspace.catalog.service_ids().collect();
        return stop(
            Diagnostic::new(Code::UnknownService, format!("the catalog knows no service `{name}`")).help(did_you_mean(name, &known)),
        );
    };
    if workspace.catalog.control(&args.control).is_none() {
        let known: Vec<&str> = workspace.catalog.controls.iter().map(|control| control.id.as_str()).collect();
        return stop(
            Diagnostic::new(Code::UnknownControl, format!("there is no control `{}`", args.control))
                .help(did_you_mean(&args.control, &known)),
        );
    }
    let units: Vec<&Unit> = workspace
        .matrix
        .units
        .iter()
        .filter(|unit| unit.split.service == service)
        .filter(|unit| mode.is_none_or(|mode| unit.split.mode.as_ref().is_some_and(|known| known.id == mode)))
        .collect();
    if units.is_empty() {
        return stop(
            Diagnostic::new(Code::UnknownService, format!("`{}` is not in this inventory", args.service))
                .help(format!("`cloudraci catalog show {service}` shows what the catalog says of it")),
        );
    }
    let mut out = String::new();
    for unit in units {
        describe(&workspace, unit, &args.control, &mut out);
    }
    print_text(&out)?;
    Ok(Exit::Fine)
}

fn describe(workspace: &Workspace, unit: &Unit, control: &str, out: &mut String) {
    let mode = unit.split.mode.as_ref().map(|mode| format!("/{}", mode.id)).unwrap_or_default();
    let _ = writeln!(out, "{}{mode}: {}", unit.split.service, unit.split.name);
    let _ = writeln!(out, "  why this split: {}", unit.split.why);
    for of in unit.controls.iter().filter(|of| *of.control == *control) {
        match (of.control_type, &of.not_applicable) {
            (Some(found), _) => {
                let _ = writeln!(out, "  {control}: {}", found.id());
            }
            (None, Some(reason)) => {
                let _ = writeln!(out, "  {control} does not apply: {reason}");
            }
            (None, None) => {}
        }
        for row in &of.rows {
            describe_row(workspace, unit, row, out);
        }
    }
    out.push('\n');
}

fn describe_row(workspace: &Workspace, unit: &Unit, row: &Row, out: &mut String) {
    let inventory = &workspace.inventory;
    let _ = writeln!(out, "\n  {} ({})", row.activity.does, row.activity.side);
    if row.scoped {
        let names: Vec<&str> = row
            .resources
            .iter()
            .take(6)
            .map(|index| workspace.matrix.resources[*index].label())
            .collect();
        let more = row.resources.len().saturating_sub(6);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(out, "    on       {}{more}", names.join(", "));
    }
    for (index, party) in inventory.parties.iter().enumerate() {
        let Some(letters) = row.assignment.letters(index) else { continue };
        let _ = writeln!(
            out,
            "    {:<4} {:<24} {}",
            letters.to_string(),
            party.id,
            origin(workspace, row, letters)
        );
    }
    let state = match row.state() {
        State::Met => "met".to_owned(),
        State::NotMet => format!("not met on {} of {}", row.not_met.len(), row.resources.len()),
        State::Unknown => "not to be told from the inventory".to_owned(),
        State::NotApplicable => String::new(),
    };
    if !state.is_empty() {
        let _ = writeln!(out, "    state    {state}");
    }
    if let Some(condition) = row.activity.condition() {
        let _ = writeln!(out, "    where    {condition}");
    }
    if let Some(met_when) = &row.activity.met_when {
        let _ = writeln!(out, "    met when {}", met_when.words());
    }
    if let Some(attested_when) = &row.activity.attested_when {
        let _ = writeln!(out, "    shown by {}", attested_when.words());
    }
    if let Some(disproved_when) = &row.activity.disproved_when {
        let _ = writeln!(out, "    not met when {}", disproved_when.words());
    }
    let level = match row.activity.from {
        Level::Model => format!("service model {}", row.activity.id.split('.').next().unwrap_or(&unit.split.model)),
        Level::Service => format!("service {}", unit.split.service),
        Level::Mode => "mode".to_owned(),
        Level::Overlay => "overlay".to_owned(),
    };
    let _ = writeln!(out, "    from     {level} ({})", row.activity.id);
    let reviewed = row
        .activity
        .source
        .reviewed
        .as_deref()
        .map_or_else(|| "unverified".to_owned(), |date| format!("reviewed {date}"));
    let _ = writeln!(out, "    source   {} ({reviewed})", row.activity.source.url);
}

fn origin(workspace: &Workspace, row: &Row, letters: Letters) -> String {
    let rule = |index: Option<usize>| {
        let place = &workspace.inventory.rules.get(index?)?.place;
        Some(workspace.sources.positions([place]).show(place))
    };
    let by = |index: Option<usize>, otherwise: &str| rule(index).map_or_else(|| otherwise.to_owned(), |place| format!("rule at {place}"));
    if row.activity.side != Side::Customer {
        return match letters {
            Letters::C => by(row.provenance.consulted, "law: who acts answers for it"),
            Letters::I => by(row.provenance.informed, "law: the customer is informed"),
            Letters::A | Letters::R | Letters::AR => "law: who acts answers for it".to_owned(),
        };
    }
    let responsible = || by(row.provenance.responsible, "no rule: the accountable party does the work");
    let accountable = || by(row.provenance.accountable, "no rule: the first customer party answers");
    match letters {
        Letters::R => responsible(),
        Letters::A => accountable(),
        Letters::AR => {
            let (a, r) = (accountable(), responsible());
            if a == r { a } else { format!("A {a}; R {r}") }
        }
        Letters::C => by(row.provenance.consulted, ""),
        Letters::I => by(row.provenance.informed, ""),
    }
}
