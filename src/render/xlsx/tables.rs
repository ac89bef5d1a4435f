//! What the sheets show.
//!
//! In: a [`Report`]. Out: its lists as tables; empty ones say so.

use super::sheet::{Cell, Column, Table};
use super::{handover, work};
use crate::render::csv::word;
use crate::report::Report;

/// All sheets, in their order.
pub(super) fn all(report: &Report) -> Vec<Table> {
    let mut tables = vec![
        about(report),
        work::duties(report),
        work::commitments(report),
        work::by_party(report),
        work::findings(report),
        services(report),
        resources(report),
        parties(report),
        exceptions(report),
        artefacts(report),
        crosswalk(report),
        sources(report),
    ];
    if report.handover.planned {
        tables.splice(5..5, [handover::duties(report), handover::tasks(report)]);
    }
    for table in &mut tables {
        if table.rows.is_empty() && table.note.is_none() {
            table.note = Some("none".to_owned());
        }
    }
    tables
}

pub(super) fn columns(of: &[(&str, u8)]) -> Vec<Column> {
    of.iter()
        .map(|(title, width)| Column {
            title: (*title).to_owned(),
            width: *width,
        })
        .collect()
}

pub(super) fn text(value: impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

pub(super) fn maybe(value: Option<&impl ToString>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Text(value.to_string()))
}

pub(super) fn mark(value: impl ToString) -> Cell {
    Cell::Mark(value.to_string())
}

fn yes(value: bool) -> Cell {
    mark(if value { "yes" } else { "no" })
}

fn about(report: &Report) -> Table {
    let meta = &report.meta;
    let mut rows = vec![
        vec![text("Report"), text(&meta.title)],
        vec![text("Edition"), text(&meta.edition_title)],
    ];
    rows.extend(report.cover_facts.iter().map(|fact| vec![text(&fact.label), text(&fact.value)]));
    let more = [
        ("Classification", meta.classification.clone()),
        ("Cut to the party", meta.party.clone()),
        ("Program", Some(format!("cloudraci {}", meta.tool_version))),
        ("Files of the inventory", Some(report.scope.inputs.join("\n"))),
        ("Counted", Some("Duties, each on one deployment: a service in one mode, in one environment. What the provider does are commitments, on a sheet of their own".to_owned())),
        ("Cut to", meta.only.clone()),
        ("Letters", Some("R does the work · A answers for it · C is asked before · I is told".to_owned())),
        ("States", Some("met: shown on every resource · attested: a party vouches for it · not-met: broken on at least one · excepted: broken and excused · unknown: nothing shows it yet".to_owned())),
    ];
    rows.extend(more.into_iter().filter_map(|(label, value)| Some(vec![text(label), text(value?)])));
    Table {
        name: "About",
        columns: columns(&[("What", 24), ("Value", 96)]),
        rows,
        note: None,
    }
}

fn services(report: &Report) -> Table {
    let row = |of: &crate::report::Service| {
        vec![
            text(&of.title),
            text(&of.service),
            maybe(of.mode.as_ref()),
            yes(of.mode_known),
            text(&of.model_name),
            text(&of.why),
            Cell::Number(of.resources),
            Cell::Number(of.supporting),
            text(of.accounts.join("\n")),
            text(of.regions.join(", ")),
            text(of.environments.join(", ")),
            text(of.data.join(", ")),
            Cell::Number(of.commitments),
            Cell::Number(of.duties.total),
            Cell::Number(of.duties.met),
            Cell::Number(of.duties.not_met),
            Cell::Number(of.duties.excepted),
            Cell::Number(of.duties.unknown),
            maybe(of.lifecycle.as_ref()),
        ]
    };
    Table {
        name: "Services",
        columns: columns(&[
            ("Service", 34),
            ("Id", 18),
            ("Mode", 14),
            ("Mode known", 9),
            ("Service model", 22),
            ("Why the split is as it is", 60),
            ("Resources", 11),
            ("Supporting", 11),
            ("Accounts", 20),
            ("Regions", 20),
            ("Environments", 18),
            ("Data", 18),
            ("Commitments", 11),
            ("Duties", 11),
            ("Met", 11),
            ("Not met", 11),
            ("Excepted", 11),
            ("Unknown", 11),
            ("Lifecycle", 18),
        ]),
        rows: report.services.iter().map(row).collect(),
        note: None,
    }
}

fn resources(report: &Report) -> Table {
    let row = |of: &crate::report::Resource| {
        vec![
            text(&of.kind),
            text(of.service_name.as_deref().unwrap_or("unclassified")),
            maybe(of.mode.as_ref()),
            yes(of.mode_known),
            maybe(of.name.as_ref()),
            maybe(of.arn.as_ref()),
            maybe(of.account.as_ref()),
            maybe(of.account_name.as_ref()),
            maybe(of.region.as_ref()),
            maybe(of.environment.as_ref()),
            maybe(of.owner.as_ref()),
            Cell::Number(of.count),
            text(of.data.join(", ")),
            yes(of.supporting),
            text(&of.from),
            maybe(of.address.as_ref()),
        ]
    };
    Table {
        name: "Resources",
        columns: columns(&[
            ("Type", 28),
            ("Service", 30),
            ("Mode", 14),
            ("Mode known", 9),
            ("Name", 30),
            ("ARN", 44),
            ("Account", 15),
            ("Account name", 20),
            ("Region", 15),
            ("Environment", 14),
            ("Owner", 18),
            ("Count", 8),
            ("Data", 18),
            ("Supports another", 10),
            ("From", 40),
            ("Address", 34),
        ]),
        rows: report.resources.iter().map(row).collect(),
        note: (report.resources_left_out > 0).then(|| {
            format!(
                "{} resources more are counted in every figure, but not listed: the list ends at {}",
                report.resources_left_out,
                report.resources.len()
            )
        }),
    }
}

fn parties(report: &Report) -> Table {
    let row = |of: &crate::report::Party| {
        vec![
            text(&of.name),
            text(&of.id),
            text(word(&of.kind)),
            maybe(of.contact.as_ref()),
            maybe(of.phone.as_ref()),
            maybe(of.hours.as_ref()),
            text(of.people.join("\n")),
            Cell::Number(of.duties.responsible.total),
            Cell::Number(of.duties.accountable.total),
            Cell::Number(of.consulted),
            Cell::Number(of.informed),
            Cell::Number(of.commitments),
        ]
    };
    Table {
        name: "Parties",
        columns: columns(&[
            ("Party", 28),
            ("Id", 18),
            ("Kind", 12),
            ("Contact", 34),
            ("Phone", 20),
            ("Hours", 20),
            ("People", 34),
            ("Responsible", 12),
            ("Accountable", 12),
            ("Consulted", 12),
            ("Informed", 12),
            ("Commitments", 12),
        ]),
        rows: report.parties.iter().map(row).collect(),
        note: None,
    }
}

fn exceptions(report: &Report) -> Table {
    let row = |of: &crate::report::Exception| {
        vec![
            text(&of.applies_to),
            text(&of.reason),
            maybe(of.approved_by.as_ref()),
            maybe(of.expires.as_ref()),
            yes(of.expired),
            Cell::Number(of.resources),
            text(&of.place),
        ]
    };
    Table {
        name: "Exceptions",
        columns: columns(&[
            ("Applies to", 44),
            ("Reason", 60),
            ("Approved by", 24),
            ("Expires", 12),
            ("Expired", 9),
            ("Resources excused", 11),
            ("Place", 34),
        ]),
        rows: report.exceptions.iter().map(row).collect(),
        note: None,
    }
}

fn artefacts(report: &Report) -> Table {
    let row = |of: &crate::report::Artefact| {
        vec![
            text(&of.artefact),
            text(&of.applies_to),
            maybe(of.location.as_ref()),
            maybe(of.by.as_ref()),
            maybe(of.reviewed.as_ref()),
            maybe(of.review_by.as_ref()),
            yes(of.overdue),
            text(of.validity.words()),
            Cell::Number(of.duties),
            maybe(of.file.as_ref()),
            maybe(of.sha256.as_ref()),
        ]
    };
    Table {
        name: "Evidence",
        columns: columns(&[
            ("Artefact", 44),
            ("Evidence for", 44),
            ("Kept at", 50),
            ("Vouched by", 30),
            ("Read", 12),
            ("Read again by", 12),
            ("Overdue", 9),
            ("Attests", 24),
            ("Duties on it", 9),
            ("File", 34),
            ("SHA-256", 68),
        ]),
        rows: report.artefacts.iter().map(row).collect(),
        note: None,
    }
}

fn crosswalk(report: &Report) -> Table {
    let mut heads = columns(&[
        ("Control", 30),
        ("Inheritance", 12),
        ("Inherited on", 10),
        ("Shared on", 10),
        ("Customer's on", 10),
    ]);
    heads.extend(report.crosswalk.frameworks.iter().map(|framework| Column {
        title: format!("{} {}", framework.name, framework.version),
        width: 28,
    }));
    let row = |of: &crate::report::CrosswalkRow| {
        let mut row = vec![
            text(&of.title),
            text(&of.inheritance),
            Cell::Number(of.inherited),
            Cell::Number(of.shared),
            Cell::Number(of.customer_specific),
        ];
        row.extend(of.requirements.iter().map(|ids| text(ids.join(", "))));
        row
    };
    Table {
        name: "Crosswalk",
        columns: heads,
        rows: report.crosswalk.rows.iter().map(row).collect(),
        note: Some("ids that rest on judgement end in *".to_owned()),
    }
}

fn sources(report: &Report) -> Table {
    let row = |of: &crate::report::Source| {
        vec![
            Cell::Number(of.number),
            text(&of.title),
            Cell::Link(of.url.to_string()),
            maybe(of.reviewed.as_ref()),
            text(word(&of.freshness)),
            Cell::Number(of.activities),
        ]
    };
    Table {
        name: "Sources",
        columns: columns(&[
            ("No.", 7),
            ("Title", 60),
            ("Address", 80),
            ("Read", 12),
            ("Source is", 12),
            ("Duties and commitments that rest on it", 12),
        ]),
        rows: report.sources.iter().map(row).collect(),
        note: None,
    }
}
