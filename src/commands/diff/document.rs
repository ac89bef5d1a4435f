//! Documents of changes.
//!
//! In: changes, and what is: the workspace whose templates and looks they have, or the head of a report's JSON. Out: documents
//! by the template `changes.md`, and what else was asked for beside them.

use super::{data, write as put};
use crate::changes::Changes;
use crate::cli::{DiffFormat, Looks, Making};
use crate::commands::publication::{Publication, Wanted};
use crate::commands::workspace::Workspace;
use crate::commands::{Stop, tell};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::report::page::{Page, changes_heading};
use crate::report::{Edition, Head};
use std::path::PathBuf;

/// The head of a report's JSON.
pub(super) fn head(json: &[u8], named: &str) -> Result<Head, Stop> {
    Head::decode(json).map_err(|error| {
        let fault = Diagnostic::new(Code::CannotRead, format!("cannot make a document of `{named}`: {error}"));
        Stop::Diagnostics(vec![fault.help("make the report anew with this program")], SourceMap::default())
    })
}

/// Writes changes in every format that was asked for, some of which are documents.
pub(super) fn write(
    changes: &Changes,
    (workspace, head): (Workspace, Option<Head>),
    looks: &Looks,
    targets: &[(DiffFormat, Option<PathBuf>)],
) -> Result<(), Stop> {
    let making = Making {
        looks: Looks::clone(looks),
        no_attachments: true,
        ..Making::default()
    };
    // What is to be said of the inventory is told where it is read; here, what is to be said of templates and fonts.
    let mut warnings = Vec::new();
    let publication = Publication::of(workspace, &making, &mut warnings)?;
    warnings.retain(|one| {
        matches!(
            one.code,
            Code::CannotRead | Code::LinkLeadsOut | Code::NoFonts | Code::TemplateError | Code::TemplateUnknown
        )
    });
    let mut report = publication.report(Wanted {
        edition: Edition::Audit,
        party: None,
        pictures: None,
    });
    if let Some(head) = head {
        head.put(&mut report);
    }
    report.meta.edition_title = changes_heading(changes);
    report.changes = Some(changes.clone());
    let page = Page::of(&report);
    for (format, target) in targets {
        let bytes = match format.document() {
            Some(document) => {
                let rendered = publication.render("changes.md", (&report, &page), &[document], &mut warnings);
                let rendered = rendered.map_err(|faults| publication.stop(faults))?;
                rendered.formats.into_iter().flat_map(|(_, bytes)| bytes).collect()
            }
            None => data(changes, *format)?,
        };
        put(&bytes, *format, target.as_deref())?;
    }
    tell(&warnings, &publication.workspace.sources);
    Ok(())
}
