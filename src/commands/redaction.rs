//! An inventory under pseudonyms, joined again.
//!
//! In: a workspace. Out: what documents are made from where nothing may identify accounts, resources and people.

use super::workspace::{Workspace, joined};
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::inventory::redact::{Redacted, redact};
use crate::raci::{Findings, Matrix};

/// The same inventory under pseudonyms, joined again.
pub(super) struct Redaction {
    pub(super) redacted: Redacted,
    pub(super) matrix: Matrix,
    pub(super) findings: Findings,
}

impl Redaction {
    /// The inventory of a workspace under pseudonyms.
    ///
    /// # Errors
    /// That the user selected by what is left out, or what the join says.
    pub(super) fn of(workspace: &Workspace) -> Outcome<Self> {
        // What stands under pseudonyms cannot be named any more.
        let named = |only: &&str| {
            ["account", "owner", "tag", "name", "arn"]
                .iter()
                .any(|key| only.split(',').any(|pair| pair.trim().starts_with(key)))
        };
        if let Some(only) = workspace.only.as_deref().filter(named) {
            let fault = Diagnostic::new(Code::InvalidValue, format!("`--only '{only}'` names what `--redact` leaves out"));
            return Err(vec![
                fault.help("select by environment, service, mode, control, layer, model, region, data or side"),
            ]);
        }
        let redacted = redact(&workspace.inventory, &workspace.sources);
        let matrix = joined(&workspace.catalog, &redacted.inventory, workspace.as_of, workspace.only.as_deref())?;
        let findings = Findings::of(&matrix, &workspace.catalog, &redacted.inventory, workspace.as_of);
        Ok(Self {
            redacted,
            matrix,
            findings,
        })
    }
}
