//! An activity: one piece of a control on one service, and what is said of it.

use super::cadence::Cadence;
use super::file::{DefaultState, Severity};
use super::judgement::{Tests, Verdict};
use super::predicate::{Attributes, Predicate, Truth};
use super::side::Side;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// The level of the catalog that an activity comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The service model, or what holds for every service.
    Model,
    /// The service.
    Service,
    /// The mode.
    Mode,
    /// The user's overlay.
    Overlay,
}

/// A page that supports a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Its address.
    pub url: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// When it was last read, YYYY-MM-DD; `None`: unverified.
    pub reviewed: Option<Arc<str>>,
}

/// One piece of a control on one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// `service.control.side.id`, unique in the catalog.
    pub id: Arc<str>,
    /// Its owner.
    pub side: Side,
    /// What is done.
    pub does: Arc<str>,
    /// For the short two-column split.
    pub brief: Option<Arc<str>>,
    /// Whether it happens by itself.
    pub default: DefaultState,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// How often, where practice or its source names it.
    pub cadence: Option<Cadence>,
    /// What shows that it was done.
    pub evidence: Option<Arc<str>>,
    /// What it is for, each as `control.objective`.
    pub objectives: Vec<Arc<str>>,
    /// The resource types of its service that it is about; none: all of them.
    pub of: Vec<Arc<str>>,
    /// Where it exists at all.
    pub when: Option<Predicate>,
    /// The same in words, where the catalog has some.
    pub given: Option<Arc<str>>,
    /// What excuses from it, unlikely and mostly unsaid: where this is shown, the activity does not exist; where it is
    /// not, the activity is judged as if it were not so, and a finding names it.
    pub unless: Option<Predicate>,
    /// The same in words, where the catalog has some.
    pub excuse: Option<Arc<str>>,
    /// What attests it.
    pub met_when: Option<Predicate>,
    /// What attests it, where its absence shows nothing.
    pub attested_when: Option<Predicate>,
    /// What shows it undone, where nothing in the configuration can show it done.
    pub disproved_when: Option<Predicate>,
    /// How bad it is when not done.
    pub severity: Severity,
    /// The finding in words, or the question.
    pub unmet: Option<Arc<str>>,
    /// Whether what does not attest it may be meant, so that somebody must decide.
    pub question: bool,
    /// The page that supports it.
    pub source: Source,
    /// Where in the catalog it stands.
    pub from: Level,
    /// Whether it is the same for every service (the catalog's `every`, or the service model).
    pub common: Commonness,
}

impl Activity {
    fn tests(&self) -> Tests<'_> {
        Tests {
            when: self.when.as_ref(),
            unless: self.unless.as_ref(),
            met_when: self.met_when.as_ref(),
            attested_when: self.attested_when.as_ref(),
            disproved_when: self.disproved_when.as_ref(),
        }
    }

    /// Whether it exists on a resource with these attributes. `Unknown`: an attribute that would settle it is missing.
    #[must_use]
    pub fn applies(&self, attributes: &Attributes, day: Option<Date>) -> Truth {
        self.tests().applies(attributes, day)
    }

    /// Whether the configuration can say anything of it.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.met_when.is_some() || self.attested_when.is_some() || self.disproved_when.is_some()
    }

    /// What these attributes say of it on a day.
    #[must_use]
    pub fn judge(&self, attributes: &Attributes, day: Option<Date>) -> Verdict {
        self.tests().judge(attributes, day)
    }

    /// Whether these attributes show on a day what may be meant or not, so that somebody must say it. They then show the
    /// activity neither done nor undone.
    #[must_use]
    pub fn asks(&self, attributes: &Attributes, day: Option<Date>) -> bool {
        self.question && self.tests().asks(attributes, day)
    }

    /// Whether these attributes plainly say on a day something else than what attests the activity. They may leave it undecided,
    /// and a check that looks at fewer of them does not show it done.
    #[must_use]
    pub fn is_contested(&self, attributes: &Attributes, day: Option<Date>) -> bool {
        self.tests().asks(attributes, day)
    }

    /// The predicates over a resource's attributes.
    pub fn predicates(&self) -> impl Iterator<Item = &Predicate> {
        self.tests().all()
    }

    /// What its `when`, `unless`, `met_when`, `attested_when` and `disproved_when` ask, in words.
    #[must_use]
    pub fn asked_in_words(&self) -> [Option<String>; 5] {
        let all = [&self.when, &self.unless, &self.met_when, &self.attested_when, &self.disproved_when];
        all.map(|predicate| predicate.as_ref().map(Predicate::words))
    }

    /// What shows it done or undone, in words; none where configuration can show neither.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        let shown = self.met_when.as_ref().or(self.attested_when.as_ref()).map(Predicate::words);
        shown.or_else(|| self.disproved_when.as_ref().map(|undone| format!("not {}", undone.words())))
    }

    /// What excuses from it, in words that read on after "unless".
    #[must_use]
    pub fn excuse(&self) -> Option<String> {
        let unless = self.unless.as_ref()?;
        Some(self.excuse.as_ref().map_or_else(|| unless.words(), ToString::to_string))
    }

    /// Where it exists, in words; none where it always does.
    #[must_use]
    pub fn condition(&self) -> Option<String> {
        let unless = self.excuse().map(|excuse| format!("unless {excuse}"));
        let given = |when: &Predicate| self.given.as_ref().map_or_else(|| when.words(), ToString::to_string);
        match (&self.when, unless) {
            (Some(when), Some(unless)) => Some(format!("{}, {unless}", given(when))),
            (Some(when), None) => Some(given(when)),
            (None, unless) => unless,
        }
    }
}

/// How widely an activity is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Commonness {
    /// For every service.
    Every,
    /// For every service of its model.
    Model,
    /// Particular to the service.
    Own,
}
