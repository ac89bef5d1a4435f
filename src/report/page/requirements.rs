//! Requirements of frameworks, row by row, with both halves in short.
//!
//! In: the requirements of a Report. Out: for each framework its rows. A half tells what most services have of it, and counts
//! the rest; the whole is in the data.

use crate::raci::requirements::RequirementType;
use crate::report::model::{FrameworkRows, Report, RequirementRow, StateCounts};
use crate::report::requirements::told;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Sentences of a half.
const MOST: usize = 2;

/// Services that a sentence names.
const SERVICES: usize = 3;

/// A framework, or a baseline of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FrameworkPage {
    /// The framework's id, for anchors.
    pub framework: String,
    /// What stands before an id in a sentence.
    pub short: String,
    /// With its edition and baseline: `NIST SP 800-53 Rev. 5, FedRAMP Moderate`.
    pub title: String,
    /// How many there are of each type, in a sentence.
    pub counted: String,
    /// What the mapping rests on, in sentences.
    pub rests_on: Option<String>,
    /// The public mappings that it rests on, joined.
    pub mappings: Option<String>,
    /// Its rows.
    pub rows: Vec<RequirementLine>,
}

/// A requirement by its number alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RequirementNumber {
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its title, where it may be told.
    pub title: Option<Arc<str>>,
}

/// A requirement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RequirementLine {
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its title, where it may be told.
    pub title: Option<Arc<str>>,
    /// The group that begins with it, where another stood before.
    pub begins: Option<Arc<str>>,
    /// Those right behind it of which all else is the same: its row stands for them, too.
    pub alike: Vec<RequirementNumber>,
    /// Whether a row before stands for it.
    pub is_told: bool,
    /// Whose it is, a word.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What providers do for it.
    pub provider: Vec<HalfSentence>,
    /// How many further sentences there are.
    pub provider_more: u64,
    /// What is left to customers and partners.
    pub own: Vec<HalfSentence>,
    /// How many further sentences there are.
    pub own_more: u64,
    /// What is to be said where there are no duties.
    pub note: Option<String>,
    /// Who answers for its duties, by short name, joined.
    pub accountable: String,
    /// Its duties by state, in words.
    pub state: String,
    /// Its duties.
    pub duties: StateCounts,
}

/// A sentence of a half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HalfSentence {
    /// What is done.
    pub does: Arc<str>,
    /// On which services, joined.
    pub on: String,
}

/// The frameworks of a Report.
pub(super) fn frameworks(report: &Report) -> Vec<FrameworkPage> {
    report.requirements.iter().map(|rows| framework(report, rows)).collect()
}

fn framework(report: &Report, of: &FrameworkRows) -> FrameworkPage {
    let mut last: Option<&Arc<str>> = None;
    let rows = of.rows.iter().map(|row| {
        let group = row.group_name.as_ref();
        let begins = group.filter(|group| Some(*group) != last).cloned();
        last = group.or(last);
        RequirementLine {
            begins,
            ..line(report, row)
        }
    });
    let mut rows: Vec<RequirementLine> = rows.collect();
    fold(&mut rows);
    FrameworkPage {
        framework: of.framework.clone(),
        short: of.short.clone(),
        title: titled(of),
        rows,
        counted: counted(of),
        rests_on: of.rests_on.clone(),
        mappings: (!of.mappings.is_empty()).then(|| of.mappings.join("; ")),
    }
}

/// Lets a row stand for those right behind it that say the same.
fn fold(rows: &mut [RequirementLine]) {
    let mut first = 0;
    for at in 1..rows.len() {
        if rows[first].says_what(&rows[at]) {
            let alike = RequirementNumber {
                id: rows[at].id.clone(),
                title: rows[at].title.clone(),
            };
            rows[at].is_told = true;
            rows[first].alike.push(alike);
        } else {
            first = at;
        }
    }
}

impl RequirementLine {
    /// Whether another says the same of itself.
    fn says_what(&self, other: &Self) -> bool {
        let halves = |line: &Self| (line.provider.clone(), line.provider_more, line.own.clone(), line.own_more);
        self.kind == other.kind
            && self.note == other.note
            && self.accountable == other.accountable
            && self.state == other.state
            && halves(self) == halves(other)
    }
}

/// A framework with its edition and baseline.
pub(crate) fn titled(of: &FrameworkRows) -> String {
    let mut title = format!("{} {}", of.name, of.version);
    if let Some(baseline) = &of.baseline_name {
        title.push_str(", ");
        title.push_str(baseline);
    }
    title
}

/// How many requirements there are of each type.
pub(crate) fn counted(of: &FrameworkRows) -> String {
    let counts = &of.counts;
    let parts = [
        (counts.inherited, "inherited"),
        (counts.shared, "shared"),
        (counts.customer_specific, "own"),
        (counts.organisational, "organisational"),
        (counts.not_applicable, "not applicable to what is deployed"),
        (counts.unclassified, "unclassified"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let verb = |first: bool, count: u64| match (first, count) {
        (false, _) => "",
        (true, 1) => "is ",
        (true, _) => "are ",
    };
    let parts = parts.enumerate();
    let parts: Vec<String> = parts
        .map(|(at, (count, what))| format!("{count} {}{what}", verb(at == 0, *count)))
        .collect();
    format!("Of {} requirements {}.", counts.total, joined(&parts))
}

/// `a, b and c`.
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

fn line(report: &Report, row: &RequirementRow) -> RequirementLine {
    let (provider, provider_more) = half(told(&row.provider, |part| &part.does, |part| &part.label));
    let (own, own_more) = half(told(&row.customer, |part| &part.does, |part| &part.label));
    let short = |id: &Arc<str>| {
        let known = report.parties.iter().find(|party| *party.id == **id);
        known.map_or_else(|| id.to_string(), |party| party.short.clone())
    };
    RequirementLine {
        id: row.id.clone(),
        title: row.title.clone(),
        begins: None,
        alike: Vec::new(),
        is_told: false,
        kind: printed(row.kind),
        provider,
        provider_more,
        own,
        own_more,
        note: note(row),
        accountable: row.accountable.iter().map(short).collect::<Vec<_>>().join(", "),
        state: states(&row.duties),
        duties: row.duties,
    }
}

/// A type as it is printed in a cell.
fn printed(kind: RequirementType) -> &'static str {
    match kind {
        RequirementType::CustomerSpecific => "own",
        RequirementType::NotApplicable => "not applicable",
        other => other.word(),
    }
}

/// What there is to say where nobody here has a duty.
fn note(row: &RequirementRow) -> Option<String> {
    match row.kind {
        RequirementType::Inherited => Some("Obtain the provider's audit report, and read what it says of this".to_owned()),
        RequirementType::Organisational => row.organisational.as_ref().map(|why| sentence(why)),
        RequirementType::NotApplicable => Some("Nothing that is deployed has to do with it".to_owned()),
        RequirementType::Unclassified => Some("The catalog does not say what answers it".to_owned()),
        RequirementType::Shared | RequirementType::CustomerSpecific => None,
    }
}

/// A clause with a capital.
pub(crate) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn half(all: Vec<(&Arc<str>, Vec<&str>, u64)>) -> (Vec<HalfSentence>, u64) {
    let more = all.len().saturating_sub(MOST) as u64;
    let told = all.into_iter().take(MOST).map(|(does, on, _)| HalfSentence {
        does: does.clone(),
        on: match on.len() {
            0..=SERVICES => on.join(", "),
            many => format!("{} and {} more", on[..SERVICES - 1].join(", "), many - (SERVICES - 1)),
        },
    });
    (told.collect(), more)
}

/// Duties by state, worst first.
pub(crate) fn states(counts: &StateCounts) -> String {
    let parts = [
        (counts.not_met, "not met"),
        (counts.unknown, "unknown"),
        (counts.excepted, "excepted"),
        (counts.attested, "attested"),
        (counts.met, "met"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    parts.join(", ")
}
