//! Where a service stands that is no longer offered to everybody.
//!
//! In: what a file says of it. Out: a valid lifecycle, or all that is wrong with it.

use jiff::civil::Date;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

/// The same as it is written: unvalidated.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LifecycleFile {
    /// Which of the two.
    pub state: LifecycleState,
    /// Since or from when, YYYY-MM-DD.
    #[serde(default)]
    pub date: Option<String>,
    /// The announced end of support of a service that is closed, YYYY-MM-DD.
    #[serde(default)]
    pub ends: Option<String>,
    /// Who says so.
    #[serde(default)]
    pub source: Option<String>,
}

/// How far a service is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LifecycleState {
    /// It is over.
    Retired,
    /// It goes on for those who have it.
    ClosedToNew,
}

/// That a service is retired or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifecycle {
    /// How far it is gone.
    pub stage: Stage,
    /// Who says so.
    pub source: String,
}

/// How far a service is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is over.
    Retired {
        /// Since when.
        since: Option<Date>,
    },
    /// It goes on for those who have it.
    ClosedToNew {
        /// Since or from when.
        since: Option<Date>,
        /// The announced end of support, which is not before.
        ends: Option<Date>,
    },
}

/// What is wrong with a lifecycle, at one of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) field: &'static str,
    pub(super) message: String,
}

impl Lifecycle {
    /// What a file says.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(super) fn of(file: &LifecycleFile) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut fault = |field, message: &str| {
            wrong.push(Wrong {
                field,
                message: message.to_owned(),
            });
        };
        let mut date = |field, day: &Option<String>| {
            let day = day.as_ref()?;
            let parsed = day.parse::<Date>();
            if parsed.is_err() {
                fault(field, &format!("`{day}` is not a date of the form YYYY-MM-DD"));
            }
            parsed.ok()
        };
        let (since, ends) = (date("date", &file.date), date("ends", &file.ends));
        let stage = match file.state {
            LifecycleState::Retired => Stage::Retired { since },
            LifecycleState::ClosedToNew => Stage::ClosedToNew { since, ends },
        };
        if matches!(stage, Stage::Retired { .. }) && file.ends.is_some() {
            fault("ends", "what is retired has ended: its day is `date`");
        }
        if since.zip(ends).is_some_and(|(since, ends)| ends < since) {
            fault("ends", "the service ends before it is closed");
        }
        let source = file.source.as_deref().map(str::trim).unwrap_or_default().to_owned();
        if source.is_empty() {
            fault(
                "source",
                "the lifecycle has no `source`: say where the provider says so, the page, or the notice with its day",
            );
        }
        if wrong.is_empty() { Ok(Self { stage, source }) } else { Err(wrong) }
    }

    /// Whether the service is over.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        matches!(self.stage, Stage::Retired { .. })
    }

    /// The stage in words, with its dates.
    #[must_use]
    pub fn words(&self) -> String {
        let (stage, since, ends) = match self.stage {
            Stage::Retired { since } => ("retired", since, None),
            Stage::ClosedToNew { since, ends } => ("closed to new customers", since, ends),
        };
        let since = since.map(|date| format!(" since {date}")).unwrap_or_default();
        let ends = ends.map(|date| format!(", ends on {date}")).unwrap_or_default();
        format!("{stage}{since}{ends}")
    }
}

impl<'de> Deserialize<'de> for Lifecycle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let file = LifecycleFile::deserialize(deserializer)?;
        Self::of(&file).map_err(|wrong| de::Error::custom(wrong.into_iter().map(|one| one.message).collect::<Vec<_>>().join("; ")))
    }
}
