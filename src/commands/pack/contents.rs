//! What a pack holds.
//!
//! In: a publication, editions and formats. Out: files by their path in the pack, in memory:
//!
//! - `audit/`, `review/`, `handover/`: the editions, as documents;
//! - `data/`: the report as JSON, CSV and workbook, once;
//! - `duties/`: for each party the list of all that it must do;
//! - `acceptance-checklist`: what both sides go through and sign.

use super::delivered::is_plain;
use crate::cli::Format;
use crate::commands::publication::{Publication, Wanted};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::render::parse::slug;
use crate::report::page::Page;
use crate::report::{Edition, Meta};
use std::collections::BTreeMap;

/// A pack's files, without its manifest.
pub(in crate::commands) struct Contents {
    /// By path.
    pub(in crate::commands) files: BTreeMap<String, Vec<u8>>,
    /// What its documents say of themselves.
    pub(in crate::commands) meta: Meta,
}

/// Makes them.
pub(in crate::commands) fn contents(
    publication: &Publication,
    editions: &[Edition],
    formats: &[Format],
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<Contents> {
    let (documents, data): (Vec<Format>, Vec<Format>) = formats.iter().partition(|format| format.is_document());
    let mut files = BTreeMap::new();
    let mut meta = None;
    for (edition, number) in editions.iter().zip(0..) {
        let report = publication.report(wanted(*edition, None));
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
        }
    }
    if !documents.is_empty() {
        for party in publication.parties() {
            let report = publication.report(wanted(Edition::Handover, Some(&party)));
            if report.duties.iter().all(|duties| duties.activities.is_empty()) && report.commitments.is_empty() {
                continue;
            }
            let page = Page::of(&report);
            let rendered = publication.render("duty-list.md", (&report, &page), &documents, warnings)?;
            let name = free(&files, &slug(&party));
            for (format, bytes) in rendered.formats {
                files.insert(format!("{name}.{}", format.ending()), bytes);
            }
        }
        let report = publication.report(Wanted {
            pictures: None,
            ..wanted(Edition::Handover, None)
        });
        let page = Page::of(&report);
        let rendered = publication.render("checklist.md", (&report, &page), &documents, warnings)?;
        for (format, bytes) in rendered.formats {
            files.insert(format!("acceptance-checklist.{}", format.ending()), bytes);
        }
    }
    let meta = match meta {
        Some(meta) => meta,
        None => publication.report(wanted(Edition::Audit, None)).meta,
    };
    Ok(Contents { files, meta })
}

fn wanted(edition: Edition, party: Option<&str>) -> Wanted<'_> {
    Wanted {
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
