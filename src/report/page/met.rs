//! The duties that are met, each with what shows it.
//!
//! In: the services of a Report. Out: by service, a line for those of one activity that the same things show.

use super::rows::joined;
use super::shown;
use crate::report::model::{Report, Standing};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The duties on a service that are met.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MetOn {
    /// The service's heading.
    pub title: String,
    /// What links to its section lead to.
    pub anchor: String,
    /// How many they are.
    pub duties: u64,
    /// In the order of the section.
    pub lines: Vec<MetLine>,
}

/// Duties of one activity that are met and that the same things show.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MetLine {
    /// The id of the duty, or of the first.
    pub duty: Arc<str>,
    /// How many they are.
    pub duties: u64,
    /// What is done.
    pub does: Arc<str>,
    /// Where: each deployment.
    pub scope: String,
    /// On how many resources.
    pub resources: u64,
    /// What shows it; never empty.
    pub shown_by: Vec<String>,
}

/// Those of all services; services without any are left out.
pub(super) fn met(report: &Report) -> Vec<MetOn> {
    let services = report.services.iter().map(|service| {
        let mut lines: Vec<MetLine> = Vec::new();
        let mut scopes: Vec<Vec<Option<Arc<str>>>> = Vec::new();
        for activity in service.controls.iter().flat_map(|control| &control.activities) {
            let (Some(duty), Standing::Met) = (&activity.duty, activity.state) else {
                continue;
            };
            let shown_by = shown::in_short(activity);
            let alike = |line: &MetLine| line.does == activity.does && line.shown_by == shown_by;
            let at = lines.iter().position(alike).unwrap_or_else(|| {
                lines.push(MetLine {
                    duty: duty.clone(),
                    duties: 0,
                    does: activity.does.clone(),
                    scope: String::new(),
                    resources: 0,
                    shown_by,
                });
                scopes.push(Vec::new());
                lines.len() - 1
            });
            lines[at].duties += 1;
            lines[at].resources += activity.resources;
            scopes[at].push(activity.scope.clone());
        }
        for (line, scopes) in lines.iter_mut().zip(&scopes) {
            line.scope = joined(scopes);
        }
        MetOn {
            title: service.title.clone(),
            anchor: service.facts.anchor.clone(),
            duties: lines.iter().map(|line| line.duties).sum(),
            lines,
        }
    });
    services.filter(|on| on.duties > 0).collect()
}
