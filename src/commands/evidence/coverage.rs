//! How far duties are shown: by party, service and control.
//!
//! In: a Report. Out: its figures as a table for people, as JSON, and as CSV.

use crate::cli::EvidenceFormat;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::render::{self, cells::harmless};
use crate::report::{Report, Standing, StateCounts};
use indexmap::IndexMap;
use serde::Serialize;
use std::fmt::Write as _;

/// Figures of one party, service or control.
#[derive(Serialize)]
struct Row {
    /// `all`, `party`, `service` or `control`.
    of: &'static str,
    /// Its id.
    id: String,
    /// As printed.
    name: String,
    /// The duties: of a party those that it does.
    duties: StateCounts,
}

/// All figures.
#[derive(Serialize)]
struct Coverage {
    as_of: String,
    party: Option<String>,
    rows: Vec<Row>,
    artefacts: Vec<Artefact>,
}

/// An artefact and what rests on it.
#[derive(Serialize)]
struct Artefact {
    artefact: String,
    by: Option<String>,
    reviewed: Option<String>,
    review_by: Option<String>,
    validity: &'static str,
    duties: u64,
}

/// The coverage that a report tells.
pub(super) fn of(report: &Report, format: EvidenceFormat) -> Outcome<Vec<u8>> {
    let coverage = coverage(report);
    Ok(match format {
        EvidenceFormat::Json => render::json(&coverage)?.into_bytes(),
        EvidenceFormat::Csv => csv(&coverage)?,
        _ => text(&coverage).into_bytes(),
    })
}

fn coverage(report: &Report) -> Coverage {
    let row = |of, id: &str, name: &str, duties| Row {
        of,
        id: id.to_owned(),
        name: name.to_owned(),
        duties,
    };
    let mut rows = vec![row("all", "all", "All duties", report.summary.duties)];
    let parties = report.parties.iter().filter(|party| party.duties.responsible.total > 0);
    rows.extend(parties.map(|party| row("party", &party.id, &party.name, party.duties.responsible)));
    let services = report.services.iter().filter(|service| service.facts.duties.total > 0);
    rows.extend(services.map(|service| {
        let id = match &service.mode {
            Some(mode) => format!("{}/{mode}", service.service),
            None => service.service.clone(),
        };
        row("service", &id, &service.title, service.facts.duties)
    }));
    let mut controls: IndexMap<&str, (&str, StateCounts)> = IndexMap::new();
    for control in report.services.iter().flat_map(|service| &service.controls) {
        let entry = controls.entry(&control.control).or_insert((&control.title, StateCounts::default()));
        for duty in control.activities.iter().filter(|activity| activity.duty.is_some()) {
            add(&mut entry.1, duty.state);
        }
    }
    let with_duties = controls.into_iter().filter(|(_, (_, duties))| duties.total > 0);
    rows.extend(with_duties.map(|(id, (title, duties))| row("control", id, title, duties)));
    Coverage {
        as_of: report.meta.as_of.clone(),
        party: report.meta.party.clone(),
        rows,
        artefacts: report
            .artefacts
            .iter()
            .map(|of| Artefact {
                artefact: of.artefact.clone(),
                by: of.by.clone(),
                reviewed: of.reviewed.clone(),
                review_by: of.review_by.clone(),
                validity: of.validity.word(),
                duties: of.duties,
            })
            .collect(),
    }
}

fn add(counts: &mut StateCounts, state: Standing) {
    counts.total += 1;
    match state {
        Standing::Met => counts.met += 1,
        Standing::Attested => counts.attested += 1,
        Standing::NotMet => counts.not_met += 1,
        Standing::Excepted => counts.excepted += 1,
        Standing::Unknown | Standing::Inherited => counts.unknown += 1,
    }
}

/// The names of the columns.
const HEADS: [&str; 6] = ["duties", "met", "attested", "not met", "excepted", "open"];

fn figures(duties: &StateCounts) -> [u64; 6] {
    let StateCounts {
        total,
        met,
        attested,
        not_met,
        excepted,
        unknown,
    } = *duties;
    [total, met, attested, not_met, excepted, unknown]
}

fn text(coverage: &Coverage) -> String {
    let names = coverage.rows.iter().map(|row| row.name.chars().count());
    let width = names.max().unwrap_or_default().max("by service".len());
    let mut out = String::new();
    let mut of = "";
    for row in &coverage.rows {
        if row.of != of {
            of = row.of;
            let head = if of == "all" {
                format!("as of {}", coverage.as_of)
            } else {
                format!("\nby {of}")
            };
            let pad = width + head.chars().filter(|letter| *letter == '\n').count();
            let _ = write!(out, "{head:<pad$}");
            for name in HEADS {
                let _ = write!(out, "  {name:>8}");
            }
            out.push('\n');
        }
        let _ = write!(out, "{:<width$}", row.name);
        for number in figures(&row.duties) {
            let _ = write!(out, "  {number:>8}");
        }
        out.push('\n');
    }
    if !coverage.artefacts.is_empty() {
        out.push_str("\nartefacts, and how many duties rest on each\n");
    }
    for of in &coverage.artefacts {
        let by = of.by.as_ref().map_or_else(String::new, |by| format!(", {by}"));
        let until = of.review_by.as_ref().map_or_else(String::new, |date| format!(", until {date}"));
        let _ = writeln!(out, "{:>6}  {}{by}{until} ({})", of.duties, of.artefact, of.validity);
    }
    out
}

fn csv(coverage: &Coverage) -> Outcome<Vec<u8>> {
    let fault = |error: &dyn std::fmt::Display| vec![Diagnostic::new(Code::CannotWrite, format!("cannot write the CSV: {error}"))];
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let header = ["of", "id", "name", "duties", "met", "attested", "not_met", "excepted", "unknown"];
    writer.write_record(header).map_err(|error| fault(&error))?;
    for row in &coverage.rows {
        let words = [row.of, &row.id, &row.name].map(|cell| harmless(cell).into_owned());
        let numbers = figures(&row.duties).map(|number| number.to_string());
        writer.write_record(words.iter().chain(&numbers)).map_err(|error| fault(&error))?;
    }
    writer.into_inner().map_err(|error| fault(&error))
}
