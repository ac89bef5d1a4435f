//! Requirements of frameworks, row by row, with both halves.
//!
//! In: the requirements of a Report, and where the document prints each duty. Out: for each framework its rows: what providers
//! do most of, and the subjects through which it is answered with their duties by state; and each subject with every one of them.

mod index;
mod provided;

pub use index::{IndexEntry, IndexLine};
pub(super) use provided::provider;

use super::answers::{Answers, Printed, RowsIn, SubjectPage, place};
use super::states::{OfState, by_state, open};
use crate::raci::requirements::RequirementType;
use crate::report::model::{FrameworkRows, Report, RequirementRow, Standing, StateCounts};
use crate::report::requirements::by_party;
use index::{index, section_and_name};
use provided::{Asked, asked, half, ranks};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Activities that subjects may tell one by one: some 50 pages.
const MOST: usize = 8_000;

/// What there is to do about what is inherited.
pub(crate) const READ: &str = "Obtain the provider's audit report, and read what it says of this";

/// Subjects that tell the rest of a provider's half, by name.
const SUBJECTS: usize = 3;

/// A framework, or a baseline of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
    /// Its requirements with a duty that is not met, each with the row that tells it.
    pub not_met: Vec<IndexEntry>,
    /// How many others have a duty that is unknown.
    pub open: u64,
    /// How many others have a duty that is excepted.
    pub excepted: u64,
    /// How many have duties that are all met or attested.
    pub shown: u64,
    /// Where each requirement stands, section by section.
    pub index: Vec<IndexLine>,
    /// Its rows.
    pub rows: Vec<RequirementLine>,
}

/// A requirement by its number alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RequirementNumber {
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its title, where it may be told.
    pub title: Option<Arc<str>>,
}

/// A requirement.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RequirementLine {
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its title, where it may be told.
    pub title: Option<Arc<str>>,
    /// What it is about in the report's own words, where its title may not be told.
    pub subject: Option<String>,
    /// The group that begins with it, where another stood before.
    pub begins: Option<Arc<str>>,
    /// What its number and those around it begin with: two parts of a number of three or more, else its group.
    pub section: String,
    /// What that is about, in a few words.
    pub section_name: Option<Arc<str>>,
    /// Whether it is the first of its section.
    pub begins_section: bool,
    /// What links to its row lead to.
    pub place: String,
    /// Those right behind it of which all else is the same: its row stands for them, too.
    pub alike: Vec<RequirementNumber>,
    /// Whether a row before stands for it.
    pub is_told: bool,
    /// An earlier one of which all else is the same, though others lie between them.
    pub same_as: Option<Arc<str>>,
    /// Whose it is, a word.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The worst state of its duties; of an inherited one, of those to read what the provider shows. None without any.
    pub state: Option<Standing>,
    /// What providers do for it, most of it first.
    pub provider: Vec<HalfSentence>,
    /// How many further sentences there are; the subjects tell them.
    pub provider_more: u64,
    /// The names of the subjects that tell them, joined.
    pub provider_under: String,
    /// Through what it is answered by duties.
    pub answered_by: Vec<AnsweredLine>,
    /// Through what providers alone answer it.
    pub provided_by: Vec<AnsweredLine>,
    /// Of an inherited one, what there is to do: to read what the provider shows.
    pub read_by: Vec<Answers>,
    /// The ids of these duties.
    #[serde(skip)]
    pub reads: Vec<Arc<str>>,
    /// What is to be said where no duties answer it.
    pub note: Option<String>,
    /// Who answers for its duties, or for reading what the provider shows.
    pub accountable: Vec<PartyLine>,
    /// The services that its duties are on, joined.
    pub on: String,
    /// The rows that its duties are printed in; none where they are too many to be looked up one by one.
    pub rows: Vec<RowsIn>,
    /// What shows those of them that are not unknown: artefacts, and how many configuration and checks show.
    pub shown: Option<String>,
    /// Its duties.
    pub duties: StateCounts,
    /// The same by state, worst first.
    pub by_state: Vec<OfState>,
}

/// A sentence of a half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct HalfSentence {
    /// What is done.
    pub does: Arc<str>,
    /// On which services: their names, or how many they are.
    pub on: String,
}

/// A subject through which a requirement is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AnsweredLine {
    /// What links to it lead to.
    pub place: String,
    /// Its name.
    pub name: String,
    /// How many duties it has.
    pub duties: u64,
    /// They by state, worst first.
    pub by_state: Vec<OfState>,
}

/// What providers do on the same services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ProviderLine {
    /// On which services: their names, or how many they are.
    pub on: String,
    /// What is done, each in a few words.
    pub briefs: Vec<Arc<str>>,
}

/// Who answers for duties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyLine {
    /// Its short name.
    pub short: String,
    /// How many duties.
    pub duties: u64,
    /// Those that nothing shows, by state, worst first: not met, unknown, excepted.
    pub open: Vec<OfState>,
}

/// The frameworks of a Report, and what they are mapped to. `tells_rows`: the document prints the rows of duties that links can
/// lead to.
pub(super) fn frameworks(report: &Report, printed: &Printed<'_>, tells_rows: bool) -> (Vec<FrameworkPage>, Vec<SubjectPage>) {
    let pages = report.requirements.iter().map(|rows| framework(report, rows, printed));
    let mut subjects: Vec<SubjectPage> = report.subjects.iter().map(|subject| printed.subject(subject)).collect();
    let services = || {
        subjects
            .iter()
            .flat_map(|subject| &subject.own)
            .flat_map(|answers| &answers.services)
    };
    if !tells_rows || services().map(|on| on.activities.len()).sum::<usize>() > MOST {
        let answers = subjects.iter_mut().flat_map(|subject| &mut subject.own);
        let services = answers.flat_map(|answers| &mut answers.services);
        services.for_each(|on| on.activities.clear());
    }
    (pages.collect(), subjects)
}

fn framework(report: &Report, of: &FrameworkRows, printed: &Printed<'_>) -> FrameworkPage {
    let mut last: Option<&Arc<str>> = None;
    // A cut does not show what others do for a requirement, so that it says nothing of those that nothing in it answers.
    let is_told = |row: &&RequirementRow| report.meta.party.is_none() || row.duties.total > 0 || !row.provider.is_empty();
    let asked = asked(of);
    let rows = of.rows.iter().filter(is_told).map(|row| {
        let group = row.group_name.as_ref();
        let begins = group.filter(|group| Some(*group) != last).cloned();
        last = group.or(last);
        RequirementLine {
            begins,
            ..line(report, row, printed, &asked)
        }
    });
    let mut rows: Vec<RequirementLine> = rows.collect();
    for at in 0..rows.len() {
        rows[at].place = format!("requirement/{}:{}", of.framework, fit(&rows[at].id));
        rows[at].begins_section = at == 0 || rows[at - 1].section != rows[at].section;
    }
    fold(&mut rows);
    let in_state = |state: Standing| rows.iter().filter(move |row| row.state == Some(state));
    let index = index(&rows);
    let is_not_met = |entry: &&IndexEntry| in_state(Standing::NotMet).any(|row| row.id == entry.id);
    FrameworkPage {
        not_met: index.iter().flat_map(|line| &line.entries).filter(is_not_met).cloned().collect(),
        open: in_state(Standing::Unknown).count() as u64,
        excepted: in_state(Standing::Excepted).count() as u64,
        shown: (in_state(Standing::Attested).count() + in_state(Standing::Met).count()) as u64,
        index,
        framework: of.framework.clone(),
        short: of.short.clone(),
        title: titled(of),
        rows,
        counted: if report.meta.party.is_some() {
            counted_in_cut(of.rows.iter().filter(is_told).count() as u64, of.counts.total)
        } else {
            counted(of, report.meta.only.is_some())
        },
        rests_on: of.rests_on.clone(),
        mappings: (!of.mappings.is_empty()).then(|| of.mappings.join("; ")),
    }
}

/// A number as a part of an id.
fn fit(number: &str) -> String {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    number.chars().map(|letter| if fits(letter) { letter } else { '-' }).collect()
}

/// Lets a row stand for those right behind it that say the same, and refers those further behind to it.
fn fold(rows: &mut [RequirementLine]) {
    let mut first = 0;
    for at in 1..rows.len() {
        if !rows[at].begins_section && rows[first].says_what(&rows[at]) {
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
    for at in 1..rows.len() {
        let (before, rest) = rows.split_at_mut(at);
        let Some(row) = rest.first_mut().filter(|row| {
            let is_answered = !row.answered_by.is_empty() || !row.provided_by.is_empty();
            !row.is_told && is_answered
        }) else {
            continue;
        };
        let same = before.iter().find(|other| !other.is_told && other.says_what(row));
        row.same_as = same.map(|other| other.id.clone());
    }
}

impl RequirementLine {
    /// Whether another says the same of itself.
    fn says_what(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.state == other.state
            && self.subject == other.subject
            && self.note == other.note
            && self.accountable == other.accountable
            && self.on == other.on
            && self.shown == other.shown
            && self.provider == other.provider
            && self.provider_more == other.provider_more
            && self.answered_by == other.answered_by
            && self.provided_by == other.provided_by
            && self.read_by == other.read_by
    }
}

/// A framework with its edition and baseline.
pub(crate) fn titled(of: &FrameworkRows) -> String {
    let mut title = format!("{} {}", of.name, of.version);
    if let Some(baseline) = &of.baseline_name {
        // One that is called after the framework is told by the rest of its name.
        let rest = baseline.strip_prefix(&of.name).and_then(|rest| rest.strip_prefix(", "));
        title.push_str(", ");
        title.push_str(rest.unwrap_or(baseline));
    }
    title
}

/// How many requirements there are of each type. `is_selection`: of a part of what is deployed.
pub(crate) fn counted(of: &FrameworkRows, is_selection: bool) -> String {
    let counts = &of.counts;
    let parts = [
        (counts.inherited, "inherited"),
        (counts.shared, "shared"),
        (counts.customer_specific, "own"),
        (counts.organisational, "organisational"),
        (
            counts.not_applicable,
            if is_selection {
                "not applicable to what is in this cut"
            } else {
                "not applicable to what is deployed"
            },
        ),
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

/// How many requirements something in a party's cut answers.
fn counted_in_cut(answered: u64, total: u64) -> String {
    let verb = if answered == 1 { "is" } else { "are" };
    format!("Of {total} requirements {answered} {verb} answered by what is in this cut, and no other stands here.")
}

/// `a, b and c`.
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

fn line(report: &Report, row: &RequirementRow, printed: &Printed<'_>, asked: &Asked<'_>) -> RequirementLine {
    let (provider, provider_more) = half(&row.provider, &ranks(report, row, asked));
    let answered = row.answered_by.iter().map(|by| AnsweredLine {
        place: place(&by.subject),
        name: by.name.clone(),
        duties: by.duties.total,
        by_state: by_state(by.duties),
    });
    // What nobody here has a duty for is the provider's, and nothing that is left to do.
    let (answered_by, provided_by): (Vec<_>, Vec<_>) = answered.partition(|by| by.duties > 0);
    let promised = row.answered_by.iter().filter(|by| by.commitments > 0).map(|by| by.name.as_str());
    let (section, section_name) = section_and_name(row);
    RequirementLine {
        section_name,
        section,
        begins_section: false,
        place: String::new(),
        id: row.id.clone(),
        title: row.title.clone(),
        subject: row.subject.clone(),
        begins: None,
        alike: Vec::new(),
        is_told: false,
        same_as: None,
        kind: self::printed(row.kind),
        state: worst(row),
        provider,
        provider_more,
        provider_under: under(&promised.collect::<Vec<_>>()),
        answered_by,
        provided_by,
        read_by: printed.answers(&row.read_by),
        reads: row.read_by.iter().map(|part| part.duty.clone()).collect(),
        note: note(row, report.meta.only.is_some()).filter(|_| report.meta.party.is_none()),
        accountable: accountable(report, row),
        on: printed.on(report, &row.customer),
        rows: printed.rows_of(&row.customer),
        shown: printed.shown(&row.customer),
        duties: row.duties,
        by_state: by_state(row.duties),
    }
}

/// The worst state of its duties; of an inherited one, of those to read what the provider shows.
fn worst(row: &RequirementRow) -> Option<Standing> {
    let mut counts = row.duties;
    if counts.total == 0 {
        row.read_by.iter().for_each(|duty| counts.add(duty.standing));
    }
    by_state(counts).first().map(|worst| worst.state)
}

/// Who answers for it, in the order of the parties.
fn accountable(report: &Report, row: &RequirementRow) -> Vec<PartyLine> {
    let by_party = by_party(row);
    let parties = report.parties.iter().filter_map(|party| {
        let (_, counts) = by_party.iter().find(|(id, _)| ****id == *party.id)?;
        Some(PartyLine {
            short: party.short.clone(),
            duties: counts.total,
            open: open(*counts),
        })
    });
    parties.collect()
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
fn note(row: &RequirementRow, is_selection: bool) -> Option<String> {
    match row.kind {
        RequirementType::Inherited => Some(READ.to_owned()),
        RequirementType::Organisational => row.organisational.as_ref().map(|why| sentence(why)),
        RequirementType::NotApplicable if is_selection => Some("Nothing in this cut has to do with it".to_owned()),
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

/// A few subjects by name, the others by their number.
fn under(names: &[&str]) -> String {
    let told: Vec<String> = names.iter().take(SUBJECTS).map(|name| format!("“{}”", sentence(name))).collect();
    match names.len().saturating_sub(told.len()) {
        0 => joined(&told),
        more => format!("{} and {more} more subjects", told.join(", ")),
    }
}
