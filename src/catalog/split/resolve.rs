//! A control of a split: of what several levels say, what holds.
//!
//! In: a control on each level. Out: its activities.

use super::super::activity::{Activity, Source};
use super::super::file::{ActivityFile, ControlFile, Severity};
use super::super::side::Side;
use super::LevelControls;
use std::sync::Arc;

/// What holds of a control, as the files write it.
pub(super) struct Held<'l, 'a> {
    /// Why it does not apply; then it has no activities.
    pub(super) not_applicable: Option<&'l str>,
    /// Provider first, then other parties, then the customer.
    pub(super) activities: Vec<Written<'l, 'a>>,
}

/// An activity as a file writes it.
pub(super) struct Written<'l, 'a> {
    pub(super) control: &'l str,
    pub(super) side: &'l Side,
    pub(super) level: &'l LevelControls<'a>,
    pub(super) file: &'l ActivityFile,
}

impl Written<'_, '_> {
    /// `service.control.side.id`, with the model's id before what a model says, or `every`.
    pub(super) fn id(&self) -> String {
        // Most of the ids of a catalog are asked for at once: this takes half the time of `format!`.
        [self.level.owner, self.control, self.side.id(), &self.file.id].join(".")
    }

    /// Whether that is its id.
    pub(super) fn is(&self, id: &str) -> bool {
        let parts = [self.level.owner, self.control, self.side.id(), &self.file.id];
        parts.iter().map(|part| part.len() + 1).sum::<usize>() == id.len() + 1 && self.id() == id
    }

    pub(super) fn resolve(&self) -> Activity {
        resolve_activity(self.control, self.side, self.level, self.file, self.id())
    }
}

/// What holds of a control on the levels that speak of it, the most particular first.
pub(super) fn held<'l, 'a>(control: &'l str, levels: &'l [LevelControls<'a>], without: &[String]) -> Held<'l, 'a> {
    let said: Vec<(&LevelControls<'_>, &ControlFile)> = levels
        .iter()
        .filter_map(|level| Some((level, level.controls.get(control)?)))
        .collect();
    // `not_applicable` holds unless a more particular level says something of the control.
    if let Some(reason) = said.first().and_then(|(_, file)| file.not_applicable.as_deref()) {
        return Held {
            not_applicable: Some(reason),
            activities: Vec::new(),
        };
    }
    let mut sides: Vec<&Side> = said
        .iter()
        .flat_map(|(_, file)| file.sides.keys().chain(file.adds.keys()))
        .collect();
    sides.sort_by_key(|side| (matches!(side, Side::Customer), !matches!(side, Side::Provider), *side));
    sides.dedup();
    let mut activities = Vec::new();
    for side in sides {
        let mut of_side = said.iter().take_while(|(_, file)| file.not_applicable.is_none());
        let winner = of_side.clone().find_map(|(level, file)| Some((level, file.sides.get(side)?)));
        // Beside what the side has, whoever says it.
        let further = of_side.by_ref().filter_map(|(level, file)| Some((level, file.adds.get(side)?)));
        for (level, list) in winner.into_iter().chain(further) {
            let written = list.iter().map(|file| Written {
                control,
                side,
                level,
                file,
            });
            activities.extend(written.filter(|one| !without.iter().any(|id| one.is(id))));
        }
    }
    Held {
        not_applicable: None,
        activities,
    }
}

fn resolve_activity(control: &str, side: &Side, level: &LevelControls<'_>, file: &ActivityFile, id: String) -> Activity {
    let source = level.sources.get(&file.source);
    Activity {
        id: id.into(),
        side: side.clone(),
        does: file.does.clone(),
        brief: file.brief.clone(),
        default: file.default,
        how: file.how.clone(),
        cadence: file.cadence,
        evidence: file.evidence.clone(),
        objectives: file.objectives.iter().map(|name| objective(control, name)).collect(),
        of: file.of.clone(),
        when: file.when.clone(),
        unless: file.unless.clone(),
        given: file.given.clone(),
        excuse: file.excuse.clone(),
        met_when: file.met_when.clone(),
        attested_when: file.attested_when.clone(),
        disproved_when: file.disproved_when.clone(),
        severity: file.severity.unwrap_or(Severity::Medium),
        unmet: file.unmet.clone(),
        question: file.question,
        source: Source {
            url: source.map(|source| source.url.clone()).unwrap_or_default(),
            title: source.map(|source| source.title.clone()).unwrap_or_default(),
            reviewed: if file.unverified {
                None
            } else {
                source.and_then(|source| source.reviewed.clone())
            },
        },
        from: level.level,
        common: level.common,
    }
}

/// An objective in full: one of the activity's own control is written by its name alone.
fn objective(control: &str, name: &Arc<str>) -> Arc<str> {
    if name.contains('.') {
        name.clone()
    } else {
        format!("{control}.{name}").into()
    }
}
