//! What differs between two joined results.
//!
//! In: two [`Snapshot`]s, of a matrix or of a Report's JSON. Out: [`Changes`], sorted, each with what it is because of.
//! Comparing is symmetric: what appeared from old to new vanished from new to old, and nothing that only stands elsewhere
//! (another file, another line, another order) is a change.

mod because;
mod cause;
mod compare;
mod decoded;
mod figures;
mod pairs;
mod requirements;
mod settings;
mod snapshot;

pub use cause::Cause;
pub use compare::compare;
pub use decoded::{NotAReport, READS};
pub use figures::{Balance, CommitmentChange, Figures, FindingChange, Parted, Piece};
pub use snapshot::{Of, Snapshot};

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Version of the format of changes.
pub const SCHEMA_VERSION: u32 = 1;

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, clap::ValueEnum)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A duty became not met.
    Opened,
    /// A duty passed from one party to another: a letter moved.
    Moved,
    /// A duty that was not there.
    Appeared,
    /// A duty that is there no longer.
    Vanished,
    /// A service runs in another mode, or a control or a requirement has another type.
    Reclassified,
    /// A duty that was shown done is so no longer.
    Lapsed,
    /// A duty is no longer not met.
    Closed,
    /// A duty is shown done that was not.
    Attested,
    /// The catalog says it in other words, or splits it in another way.
    Catalog,
}

impl Kind {
    /// All kinds, what asks for attention first.
    pub const ALL: [Self; 9] = [
        Self::Opened,
        Self::Moved,
        Self::Appeared,
        Self::Vanished,
        Self::Reclassified,
        Self::Lapsed,
        Self::Closed,
        Self::Attested,
        Self::Catalog,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Moved => "moved",
            Self::Appeared => "appeared",
            Self::Vanished => "vanished",
            Self::Reclassified => "reclassified",
            Self::Lapsed => "lapsed",
            Self::Closed => "closed",
            Self::Attested => "attested",
            Self::Catalog => "catalog",
        }
    }

    /// What it is in the other direction.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Opened => Self::Closed,
            Self::Closed => Self::Opened,
            Self::Appeared => Self::Vanished,
            Self::Vanished => Self::Appeared,
            Self::Lapsed => Self::Attested,
            Self::Attested => Self::Lapsed,
            Self::Moved | Self::Reclassified | Self::Catalog => self,
        }
    }
}

/// One side of a change; what the change is not about is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Stand {
    /// Letters by party, sorted.
    pub assignments: Vec<Held>,
    /// The duty's state.
    pub state: Option<Arc<str>>,
    /// The control's type, or the requirement's.
    #[serde(rename = "type")]
    pub control_type: Option<Arc<str>>,
    /// The mode's id, or `standard`.
    pub mode: Option<Arc<str>>,
    /// What the catalog says is done.
    pub does: Option<Arc<str>>,
}

/// What a party holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Held {
    /// Its id.
    pub party: Arc<str>,
    /// `R`, `A`, `A/R`, `C` or `I`.
    pub letters: Arc<str>,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Change {
    /// Of which kind.
    pub kind: Kind,
    /// The service's id; empty for a requirement.
    pub service: Arc<str>,
    /// The mode's id, on the side where it is (the new one, if it is on both).
    pub mode: Option<Arc<str>>,
    /// The service as printed, or the framework.
    pub title: Arc<str>,
    /// The same without its mode.
    pub name: Arc<str>,
    /// The control's id; none for a mode.
    pub control: Option<Arc<str>>,
    /// The control as printed.
    pub control_title: Option<Arc<str>>,
    /// The requirement that has another type; none for all else.
    pub requirement: Option<RequirementName>,
    /// The activity's id; none for a mode or a control's type.
    pub activity: Option<Arc<str>>,
    /// The duty's id, on the side where it is (the new one, if it is on both).
    pub duty: Option<Arc<str>>,
    /// The duty's id before, where it is on both sides and was called otherwise: rules or modes part it in another way.
    pub duty_before: Option<Arc<str>>,
    /// Whether it is of a part of the duty alone, since rules or modes part the resources in another way than before. Such a
    /// change adds nothing to the figures: `parted` has the duties that it is of.
    pub part: bool,
    /// What is done.
    pub does: Option<Arc<str>>,
    /// Where it holds, in words: the environment, and what else tells it apart.
    pub scope: Option<Arc<str>>,
    /// How it was.
    pub before: Option<Stand>,
    /// How it is.
    pub after: Option<Stand>,
    /// The parties that do it or answer for it on either side, by id.
    pub parties: Vec<Arc<str>>,
    /// What kind of thing it is because of, that is: the first of `because`.
    pub cause: Option<Cause>,
    /// What it is because of, in words, most telling first; empty where nothing tells.
    pub because: Vec<String>,
    /// Until when it must be mended, YYYY-MM-DD, of what opened.
    pub due: Option<Arc<str>>,
    /// The resources concerned, by name, at most twenty.
    pub resources: Vec<Arc<str>>,
}

impl Change {
    /// One about nothing yet.
    fn blank(kind: Kind) -> Self {
        Self {
            kind,
            service: "".into(),
            mode: None,
            title: "".into(),
            name: "".into(),
            control: None,
            control_title: None,
            requirement: None,
            activity: None,
            duty: None,
            duty_before: None,
            part: false,
            does: None,
            scope: None,
            before: None,
            after: None,
            parties: Vec::new(),
            cause: None,
            because: Vec::new(),
            due: None,
            resources: Vec::new(),
        }
    }
}

/// A requirement of a framework.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RequirementName {
    /// The framework's id.
    pub framework: Arc<str>,
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its title, where the framework's text is free.
    pub title: Option<Arc<str>>,
}

/// How many changes there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Counts {
    /// Duties that became not met.
    pub opened: u64,
    /// Duties that passed to another party.
    pub moved: u64,
    /// Duties that were not there.
    pub appeared: u64,
    /// Duties that are there no longer.
    pub vanished: u64,
    /// Modes, and types of controls and of requirements.
    pub reclassified: u64,
    /// Duties no longer shown done.
    pub lapsed: u64,
    /// Duties no longer not met.
    pub closed: u64,
    /// Duties shown done that were not.
    pub attested: u64,
    /// What only the catalog changed.
    pub catalog: u64,
}

impl Counts {
    fn of(changes: &[Change]) -> Self {
        let count = |kind| changes.iter().filter(|change| change.kind == kind).count() as u64;
        Self {
            opened: count(Kind::Opened),
            moved: count(Kind::Moved),
            appeared: count(Kind::Appeared),
            vanished: count(Kind::Vanished),
            reclassified: count(Kind::Reclassified),
            lapsed: count(Kind::Lapsed),
            closed: count(Kind::Closed),
            attested: count(Kind::Attested),
            catalog: count(Kind::Catalog),
        }
    }
}

/// What a party is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyName {
    /// Its id.
    pub id: Arc<str>,
    /// As printed, the new name if it has two.
    pub name: Arc<str>,
}

/// All that differs between two joined results.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Changes {
    /// Version of this format.
    pub schema_version: u32,
    /// What was.
    pub old: Of,
    /// What is.
    pub new: Of,
    /// How many changes of each kind.
    pub summary: Counts,
    /// The figures of both sides. What differs between them is what `changes`, `parted`, `commitments` and `findings` tell.
    pub figures: Balance,
    /// The parties of both sides, sorted.
    pub parties: Vec<PartyName>,
    /// By kind, service, control and activity.
    pub changes: Vec<Change>,
    /// Duties that are counted in other pieces than before, since rules or modes part their resources in another way.
    pub parted: Vec<Parted>,
    /// What a provider does that it did not, or does no more, or that another does.
    pub commitments: Vec<CommitmentChange>,
    /// Findings that opened or closed, or that others must see to.
    pub findings: Vec<FindingChange>,
    /// The figures of each party alone.
    #[serde(skip)]
    by_party: BTreeMap<Arc<str>, Balance>,
}

impl Changes {
    fn new(old: &Snapshot<'_>, new: &Snapshot<'_>, mut changes: Vec<Change>) -> Self {
        // Modes and controls tell why requirements have another type.
        let rank = |change: &Change| (change.kind, change.requirement.is_some());
        changes.sort_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| one.cmp(other)));
        changes.dedup();
        let names: BTreeMap<&Arc<str>, &Arc<str>> = old.parties.iter().chain(&new.parties).map(|(id, name)| (id, name)).collect();
        let names = names.into_iter().map(|(id, name)| PartyName {
            id: id.clone(),
            name: name.clone(),
        });
        let (figures, by_party) = Balance::of(old, new);
        Self {
            schema_version: SCHEMA_VERSION,
            parties: names.collect(),
            old: old.of.clone(),
            new: new.of.clone(),
            summary: Counts::of(&changes),
            figures,
            by_party,
            changes,
            parted: Vec::new(),
            commitments: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Those that concern a party: it holds R or A before or after.
    #[must_use]
    pub fn of_party(mut self, party: &str) -> Self {
        self.changes.retain(|change| change.parties.iter().any(|id| **id == *party));
        self.parted.retain(|parted| parted.concerns(party));
        self.commitments.retain(|change| change.concerns(party));
        self.findings.retain(|finding| finding.concerns(party));
        self.summary = Counts::of(&self.changes);
        self.figures = self.by_party.get(party).copied().unwrap_or_default();
        // What is cut says nothing of others.
        self.by_party.retain(|id, _| **id == *party);
        self
    }

    /// The figures of what a party does or answers for.
    #[must_use]
    pub fn figures_of(&self, party: &str) -> Option<&Balance> {
        self.by_party.get(party)
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.parted.is_empty() && self.commitments.is_empty() && self.findings.is_empty()
    }
}
