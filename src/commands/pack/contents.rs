//! What a pack holds.
//!
//! In: a publication, editions and formats. Out: files by their path in the pack, in memory:
//!
//! - `audit/`, `review/`, `handover/`: the editions, as documents;
//! - `data/`: the report as JSON, CSV and workbook, once;
//! - `duties/`: for each party the list of all that it must do;
//! - `acceptance-checklist`: what both sides go through and sign;
//! - `evidence/`: the files that evidence names, where they are asked for;
//! - `index.html`: which file is for whom.
//!
//! Manifest and signature are made of these.

use super::MANIFEST;
use super::SIGNATURE;
use super::delivered::is_plain;
use super::enclosed::{EVIDENCE, enclosed};
use crate::cli::Format;
use crate::commands::publication::{Publication, Wanted as Cut};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::render::parse::slug;
use crate::report::page::{PackFile, PackGroup, Page};
use crate::report::{Edition, Fact, Meta, Report};
use std::collections::BTreeMap;

/// What a pack is to hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::commands) struct Wanted<'a> {
    pub(in crate::commands) editions: &'a [Edition],
    pub(in crate::commands) formats: &'a [Format],
    /// The files, too, that evidence names.
    pub(in crate::commands) with_evidence: bool,
    /// Its manifest is signed.
    pub(in crate::commands) signed: bool,
}

/// A pack's files, without its manifest.
pub(in crate::commands) struct Contents {
    /// By path.
    pub(in crate::commands) files: BTreeMap<String, Vec<u8>>,
    /// What its documents say of themselves.
    pub(in crate::commands) meta: Meta,
}

/// Makes them.
pub(in crate::commands) fn contents(publication: &Publication, wanted: &Wanted<'_>, warnings: &mut Vec<Diagnostic>) -> Outcome<Contents> {
    let (documents, data): (Vec<Format>, Vec<Format>) = wanted.formats.iter().partition(|format| format.is_document());
    let mut files = if wanted.with_evidence {
        enclosed(&publication.workspace.inventory.evidence)?
    } else {
        BTreeMap::new()
    };
    let mut lists = Vec::new();
    let (mut meta, mut cover) = (None, Vec::new());
    for (edition, number) in wanted.editions.iter().zip(0..) {
        let report = publication.report(cut(*edition, None));
        let page = Page::of(&report);
        let rendered = publication.render("report.md", (&report, &page), &documents, warnings)?;
        let folder = edition.id();
        for (format, bytes) in rendered.formats {
            files.insert(format!("{folder}/report.{}", format.ending()), bytes);
        }
        for (name, bytes) in rendered.pictures {
            files.insert(format!("{folder}/{name}"), bytes);
        }
        if number == 0 {
            let rendered = publication.render("report.md", (&report, &page), &data, warnings)?;
            for (format, bytes) in rendered.formats {
                files.insert(format!("data/report.{}", format.ending()), bytes);
            }
            meta = Some(report.meta.clone());
            cover.clone_from(&report.cover_facts);
        }
    }
    if !documents.is_empty() {
        for party in publication.parties() {
            let mut report = publication.report(cut(Edition::Handover, Some(&party)));
            if report.duties.iter().all(|duties| duties.activities.is_empty()) && report.commitments.is_empty() {
                continue;
            }
            let has_duties = report.summary.duties.total > 0;
            name(&mut report, if has_duties { "Duty list" } else { "List of commitments" });
            issued_as(&mut report, &cover);
            let page = Page::of(&report);
            let rendered = publication.render("duty-list.md", (&report, &page), &documents, warnings)?;
            let path = free(&files, &slug(&party));
            lists.push(List {
                party: party.clone(),
                begin: format!("{path}."),
                has_duties,
            });
            for (format, bytes) in rendered.formats {
                files.insert(format!("{path}.{}", format.ending()), bytes);
            }
        }
        let mut report = publication.report(Cut {
            pictures: None,
            ..cut(Edition::Handover, None)
        });
        name(&mut report, "Acceptance checklist");
        "What both sides go through and sign".clone_into(&mut report.meta.subtitle);
        let page = Page::of(&report);
        let rendered = publication.render("checklist.md", (&report, &page), &documents, warnings)?;
        for (format, bytes) in rendered.formats {
            files.insert(format!("acceptance-checklist.{}", format.ending()), bytes);
        }
    }
    index(publication, wanted, &lists, &mut files, warnings)?;
    let meta = match meta {
        Some(meta) => meta,
        None => publication.report(cut(Edition::Audit, None)).meta,
    };
    Ok(Contents { files, meta })
}

/// Adds the first page: which file is for whom.
fn index(
    publication: &Publication,
    wanted: &Wanted<'_>,
    lists: &[List],
    files: &mut BTreeMap<String, Vec<u8>>,
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<()> {
    // Nothing of it depends on an edition but what its cover says.
    let edition = wanted.editions.first().copied().unwrap_or_default();
    let mut report = publication.report(Cut {
        pictures: None,
        ..cut(edition, None)
    });
    name(&mut report, "Pack");
    let mut page = Page::of(&report);
    page.pack = groups(&report, lists, files, wanted.signed);
    let rendered = publication.render("pack-index.md", (&report, &page), &[Format::Html], warnings)?;
    for (_, bytes) in rendered.formats {
        files.insert("index.html".to_owned(), bytes);
    }
    Ok(())
}

/// A party's list.
struct List {
    party: String,
    /// What its files' names begin with.
    begin: String,
    /// Whether it lists duties; else commitments.
    has_duties: bool,
}

/// Calls a document what it is, which is no edition of the report.
fn name(report: &mut Report, title: &str) {
    let redacted = if report.meta.redacted {
        format!("Redacted {}", title.to_lowercase())
    } else {
        title.to_owned()
    };
    report.meta.edition_title = format!("{redacted}{}", if report.meta.draft { " (draft)" } else { "" });
}

/// All documents of a pack were issued on one day, whatever sources each rests on.
fn issued_as(report: &mut Report, cover: &[Fact]) {
    const ISSUED: &str = "Issued";
    let whole = cover.iter().find(|fact| fact.label == ISSUED);
    let own = report.cover_facts.iter().position(|fact| fact.label == ISSUED);
    match (whole, own) {
        (Some(whole), Some(at)) => report.cover_facts[at].value.clone_from(&whole.value),
        (Some(whole), None) => {
            let behind = report.cover_facts.iter().position(|fact| fact.label == "As of");
            report.cover_facts.insert(behind.map_or(0, |at| at + 1), whole.clone());
        }
        (None, _) => {}
    }
}

/// What is for whom. Files in the order in which somebody looks for them.
fn groups(report: &Report, lists: &[List], files: &BTreeMap<String, Vec<u8>>, signed: bool) -> Vec<PackGroup> {
    let mut groups = Vec::new();
    let mut add = |audience: &str, tells: &str, begin: &str| {
        let of_group = files
            .keys()
            .filter(|path| path.strip_prefix(begin).is_some_and(|rest| !rest.contains('/')));
        let files: Vec<PackFile> = of_group
            .filter_map(|path| {
                let ending = path.rsplit('.').next()?;
                let format = match Format::of_ending(ending) {
                    Some(format) => format.file(),
                    None if begin == EVIDENCE => "file",
                    // Pictures are parts of the Markdown.
                    None => return None,
                };
                Some(PackFile {
                    path: path.clone(),
                    format: format.to_owned(),
                })
            })
            .collect();
        if !files.is_empty() {
            groups.push(PackGroup {
                audience: audience.to_owned(),
                tells: tells.to_owned(),
                files,
            });
        }
    };
    let handover = &report.handover;
    let (from, to) = (handover.from.as_deref(), handover.to.as_deref());
    let sides = match (from, to) {
        (Some(from), Some(to)) => format!("{from} and {to}"),
        _ => "Whoever takes the system over".to_owned(),
    };
    add(
        &sides,
        "Handover edition: what moves and what stays, access, open items, exit tasks",
        "handover/report.",
    );
    let signs = if from.is_some() {
        "Whoever signs for either side"
    } else {
        "Whoever accepts the duties"
    };
    add(
        signs,
        "Acceptance checklist: what both sides go through and sign",
        "acceptance-checklist.",
    );
    add(
        "Auditors",
        "Audit edition: every duty with its letters, state, evidence and source",
        "audit/report.",
    );
    let reviewers = match &report.meta.prepared_for {
        Some(name) => format!("{name}, and other reviewers of security"),
        None => "Security reviewers".to_owned(),
    };
    add(
        &reviewers,
        "Review edition: the verdict, what is open, and whom to call",
        "review/report.",
    );
    add(
        "Whoever tests the evidence",
        "Evidence: the artefacts that duties rest on, as they were reviewed",
        EVIDENCE,
    );
    for party in &report.parties {
        let Some(list) = lists.iter().find(|list| list.party == party.id) else {
            continue;
        };
        let takes_over = list.has_duties && handover.to_party.as_deref() == Some(party.id.as_str());
        let tells = match (list.has_duties, takes_over) {
            (true, true) => "Duty list: all that this party must do, what it takes over, and its open findings",
            (true, false) => "Duty list: all that this party must do, and its open findings",
            (false, _) => "Commitments: what this party does as a provider, service by service",
        };
        add(&party.name, tells, &list.begin);
    }
    add("Spreadsheets and programs", "The report as data, each duty once", "data/report.");
    groups.push(PackGroup {
        audience: "Whoever checks the pack".to_owned(),
        tells: "Manifest: inputs and files with their checksums".to_owned(),
        files: vec![PackFile {
            path: MANIFEST.to_owned(),
            format: "JSON".to_owned(),
        }],
    });
    if signed {
        groups.push(PackGroup {
            audience: "Whoever checks where it comes from".to_owned(),
            tells: "Signature of the manifest: who vouches for it, by a key of minisign".to_owned(),
            files: vec![PackFile {
                path: SIGNATURE.to_owned(),
                format: "minisign".to_owned(),
            }],
        });
    }
    groups
}

fn cut(edition: Edition, party: Option<&str>) -> Cut<'_> {
    Cut {
        edition,
        party,
        // The lists have none.
        pictures: party.is_none().then(|| "report-".to_owned()),
    }
}

/// A path in `duties/` that no other party's list has, whatever the party's id looks like.
fn free(files: &BTreeMap<String, Vec<u8>>, slug: &str) -> String {
    let slug: String = slug
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
        .take(80)
        .collect();
    // What some system takes for a device, or for a letter in another case, is no name of a file.
    let slug = slug.trim_matches('-').to_ascii_lowercase();
    let slug = match slug.as_str() {
        "" => "party".to_owned(),
        device if !is_plain(device) => format!("party-{device}"),
        _ => slug,
    };
    let mut name = format!("duties/{slug}");
    let mut number = 1;
    while files
        .range(format!("{name}.")..)
        .next()
        .is_some_and(|(taken, _)| taken.starts_with(&format!("{name}.")))
    {
        number += 1;
        name = format!("duties/{slug}-{number}");
    }
    name
}
