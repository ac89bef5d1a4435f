//! What the sheets show.
//!
//! In: a [`Report`]. Out: its lists as tables; empty ones say so.

use super::cells::{column, maybe, table, text, yes};
use super::sheet::{Cell, Table};
use super::{handover, work};
use crate::render::csv::word;
use crate::report::Report;
use crate::report::page::requirements::titled;
use crate::report::requirements::by_party;

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
        requirements(report),
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
        columns: vec![column("What", 24), column("Value", 96)],
        rows,
        note: None,
    }
}

fn services(report: &Report) -> Table {
    table(
        "Services",
        &report.services,
        &[
            ("Service", 34, |of| text(&of.title)),
            ("Id", 18, |of| text(&of.service)),
            ("Mode", 14, |of| maybe(of.mode.as_ref())),
            ("Mode known", 9, |of| yes(of.mode_known)),
            ("Service model", 22, |of| text(&of.facts.model_name)),
            ("Why the split is as it is", 60, |of| text(&of.facts.why)),
            ("Resources", 11, |of| Cell::Number(of.facts.resources)),
            ("Supporting", 11, |of| Cell::Number(of.facts.supporting)),
            ("Accounts", 20, |of| text(of.facts.accounts.join("\n"))),
            ("Regions", 20, |of| text(of.facts.regions.join(", "))),
            ("Environments", 18, |of| text(of.facts.environments.join(", "))),
            ("Data", 18, |of| text(of.facts.data.join(", "))),
            ("Commitments", 11, |of| Cell::Number(of.facts.commitments)),
            ("Duties", 11, |of| Cell::Number(of.facts.duties.total)),
            ("Met", 11, |of| Cell::Number(of.facts.duties.met)),
            ("Not met", 11, |of| Cell::Number(of.facts.duties.not_met)),
            ("Excepted", 11, |of| Cell::Number(of.facts.duties.excepted)),
            ("Unknown", 11, |of| Cell::Number(of.facts.duties.unknown)),
            ("Lifecycle", 18, |of| maybe(of.facts.lifecycle.as_ref())),
        ],
    )
}

fn resources(report: &Report) -> Table {
    Table {
        note: (report.resources_left_out > 0).then(|| {
            format!(
                "{} resources more are counted in every figure, but not listed: the list ends at {}",
                report.resources_left_out,
                report.resources.len()
            )
        }),
        ..table(
            "Resources",
            &report.resources,
            &[
                ("Type", 28, |of| text(&of.kind)),
                ("Service", 30, |of| text(of.service_name.as_deref().unwrap_or("unclassified"))),
                ("Mode", 14, |of| maybe(of.mode.as_ref())),
                ("Mode known", 9, |of| yes(of.mode_known)),
                ("Name", 30, |of| maybe(of.name.as_ref())),
                ("ARN", 44, |of| maybe(of.arn.as_ref())),
                ("Account", 15, |of| maybe(of.account.as_ref())),
                ("Account name", 20, |of| maybe(of.account_name.as_ref())),
                ("Region", 15, |of| maybe(of.region.as_ref())),
                ("Environment", 14, |of| maybe(of.environment.as_ref())),
                ("Owner", 18, |of| maybe(of.owner.as_ref())),
                ("Count", 8, |of| Cell::Number(of.count)),
                ("Data", 18, |of| text(of.data.join(", "))),
                ("Supports another", 10, |of| yes(of.supporting)),
                ("From", 40, |of| text(&of.from)),
                ("Address", 34, |of| maybe(of.address.as_ref())),
            ],
        )
    }
}

fn parties(report: &Report) -> Table {
    table(
        "Parties",
        &report.parties,
        &[
            ("Party", 28, |of| text(&of.name)),
            ("Id", 18, |of| text(&of.id)),
            ("Kind", 12, |of| text(word(&of.kind))),
            ("Contact", 34, |of| maybe(of.contact.as_ref())),
            ("Phone", 20, |of| maybe(of.phone.as_ref())),
            ("Hours", 20, |of| maybe(of.hours.as_ref())),
            ("People", 34, |of| text(of.people.join("\n"))),
            ("Responsible", 12, |of| Cell::Number(of.duties.responsible.total)),
            ("Accountable", 12, |of| Cell::Number(of.duties.accountable.total)),
            ("Consulted", 12, |of| Cell::Number(of.consulted)),
            ("Informed", 12, |of| Cell::Number(of.informed)),
            ("Commitments", 12, |of| Cell::Number(of.commitments)),
        ],
    )
}

fn exceptions(report: &Report) -> Table {
    table(
        "Exceptions",
        &report.exceptions,
        &[
            ("Applies to", 44, |of| text(&of.applies_to)),
            ("Reason", 60, |of| text(&of.reason)),
            ("Approved by", 24, |of| maybe(of.approved_by.as_ref())),
            ("Approved", 12, |of| maybe(of.approved.as_ref())),
            ("In its place", 44, |of| maybe(of.instead.as_ref())),
            ("Expires", 12, |of| maybe(of.expires.as_ref())),
            ("Expired", 9, |of| yes(of.expired)),
            ("Resources excused", 11, |of| Cell::Number(of.resources)),
            ("Place", 34, |of| text(&of.place)),
        ],
    )
}

fn artefacts(report: &Report) -> Table {
    table(
        "Evidence",
        &report.artefacts,
        &[
            ("Artefact", 44, |of| text(&of.artefact)),
            ("Evidence for", 44, |of| text(&of.applies_to)),
            ("Kept at", 50, |of| maybe(of.location.as_ref())),
            ("Vouched by", 30, |of| maybe(of.by.as_ref())),
            ("Done on", 12, |of| maybe(of.performed.as_ref())),
            ("Read", 12, |of| maybe(of.reviewed.as_ref())),
            ("Read again by", 12, |of| maybe(of.review_by.as_ref())),
            ("Overdue", 9, |of| yes(of.overdue)),
            ("First of its duties lapses", 12, |of| {
                maybe(of.lapses.first().map(|lapse| &lapse.until))
            }),
            ("Attests", 24, |of| text(of.validity.words())),
            ("Duties on it", 9, |of| Cell::Number(of.duties)),
            ("File", 34, |of| maybe(of.file.as_ref())),
            ("SHA-256", 68, |of| maybe(of.sha256.as_ref())),
        ],
    )
}

/// All frameworks one below the other: a row a requirement.
fn requirements(report: &Report) -> Table {
    let columns = [
        ("Framework", 24),
        ("Requirement", 14),
        ("Title or subject", 36),
        ("Whose", 16),
        ("What providers do for it", 60),
        ("What is left to do", 60),
        ("Accountable", 22),
        ("Accountable, by state", 36),
        ("State", 14),
        ("Duties", 9),
        ("Of them not met", 9),
        ("Of them unknown", 9),
        ("Mapping rests on", 20),
    ];
    let told = |lines: Vec<String>| {
        let mut lines = lines;
        lines.dedup();
        text(lines.join("\n"))
    };
    let rows = report.requirements.iter().flat_map(|framework| {
        framework.rows.iter().map(move |row| {
            vec![
                text(titled(framework)),
                text(row.id.to_string()),
                text(row.title.as_deref().or(row.subject.as_deref()).unwrap_or_default()),
                text(row.kind.word()),
                told(row.provider.iter().map(|part| format!("{}: {}", part.label, part.does)).collect()),
                match &row.organisational {
                    Some(why) => text(why.to_string()),
                    None => {
                        let own = row.customer.iter().chain(&row.read_by);
                        told(own.map(|part| format!("{}: {}", part.label, part.does)).collect())
                    }
                },
                text(row.accountable.join(", ")),
                told(
                    by_party(row)
                        .into_iter()
                        .map(|(party, counts)| format!("{party}: {}", counts.in_words()))
                        .collect(),
                ),
                maybe(row.state.as_ref()),
                Cell::Number(row.duties.total),
                Cell::Number(row.duties.not_met),
                Cell::Number(row.duties.unknown),
                text(row.rests_on.join(", ")),
            ]
        })
    });
    Table {
        name: "Requirements",
        columns: columns.into_iter().map(|(title, width)| column(title, width)).collect(),
        rows: rows.collect(),
        note: report
            .requirements
            .is_empty()
            .then(|| "the inventory names no framework".to_owned()),
    }
}

fn sources(report: &Report) -> Table {
    table(
        "Sources",
        &report.sources,
        &[
            ("No.", 7, |of| Cell::Number(of.number)),
            ("Title", 60, |of| text(&of.title)),
            ("Address", 80, |of| Cell::Link(of.url.to_string())),
            ("Read", 12, |of| maybe(of.reviewed.as_ref())),
            ("Source is", 12, |of| text(word(&of.freshness))),
            ("Duties and commitments that rest on it", 12, |of| Cell::Number(of.activities)),
        ],
    )
}
