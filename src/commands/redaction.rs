//! An inventory under pseudonyms, joined again.
//!
//! In: a workspace. Out: what documents are made from where nothing may identify accounts, resources and people.

use super::workspace::{Workspace, joined};
use crate::changes::Snapshot;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::inventory::redact::{Redacted, redact, redact_both};
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
        is_selected_openly(workspace)?;
        let redacted = redact(&workspace.inventory, &workspace.sources);
        Self::joined(workspace, redacted, workspace.only.as_deref())
    }

    /// An earlier and a later workspace under the same pseudonyms.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(super) fn of_both(earlier: &Workspace, later: &Workspace) -> Outcome<[Self; 2]> {
        is_selected_openly(later)?;
        let [old, new] = redact_both((&earlier.inventory, &earlier.sources), (&later.inventory, &later.sources));
        let only = later.only.as_deref();
        Ok([Self::joined(earlier, old, only)?, Self::joined(later, new, only)?])
    }

    fn joined(workspace: &Workspace, redacted: Redacted, only: Option<&str>) -> Outcome<Self> {
        let matrix = joined(&workspace.catalog, &redacted.inventory, workspace.as_of, only)?;
        let findings = Findings::of(&matrix, &workspace.catalog, &redacted.inventory, workspace.as_of);
        Ok(Self {
            redacted,
            matrix,
            findings,
        })
    }

    /// What is compared of it, which is of a workspace.
    pub(super) fn snapshot<'s>(&'s self, of: &'s Workspace, from: &str, show: &'s dyn Fn(&Place) -> String) -> Snapshot<'s> {
        let joined = (&of.catalog, &self.redacted.inventory, &self.matrix);
        Snapshot::of(from, joined, of.as_of, show).with_findings(&self.findings)
    }
}

/// That nothing is selected by what stands under pseudonyms, and so cannot be named any more.
fn is_selected_openly(workspace: &Workspace) -> Outcome<()> {
    let named = |only: &&str| {
        ["account", "owner", "tag", "name", "arn"]
            .iter()
            .any(|key| only.split(',').any(|pair| pair.trim().starts_with(key)))
    };
    let Some(only) = workspace.only.as_deref().filter(named) else {
        return Ok(());
    };
    let fault = Diagnostic::new(Code::InvalidValue, format!("`--only '{only}'` names what `--redact` leaves out"));
    Err(vec![fault.help(
        "select by environment, service, mode, control, layer, model, region, data or side",
    )])
}
