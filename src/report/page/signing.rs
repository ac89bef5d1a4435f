//! What must be so before anybody signs, and who signs for what.
//!
//! In: a Report. Out: conditions, each with what is meant and who must see to it; and a row for each party that answers for
//! duties, with how many in which state.

use crate::catalog::Severity;
use crate::diagnostics::Code;
use crate::inventory::{PartyKind, Validity};
use crate::report::grouped;
use crate::report::model::{Activity, Finding, Move, Party, Report, StateCounts};
use crate::text::day_of;
use indexmap::IndexSet;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// What a condition names before it counts the rest.
const NAMES: usize = 4;

/// High findings that are conditions of their own.
const ALONE: usize = 24;

/// What must be so before anybody signs, and who signs.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Signing {
    /// What must be so; nothing where nothing speaks against it that the report can see.
    pub conditions: Vec<Condition>,
    /// The same for a sentence: what is of one kind and due on several days once.
    pub in_words: Vec<String>,
    /// Who signs.
    pub signatories: Vec<Signatory>,
}

/// Something that must be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Condition {
    /// `findings`, `overdue`, `unknown`, `evidence`, `unclassified`, `questions`, `modes`, or what stands in the way of a handover.
    pub kind: String,
    /// What, a sentence without a point.
    pub text: String,
    /// Which are meant.
    pub which: String,
    /// Who must see to it.
    pub who: Option<String>,
    /// Until when, YYYY-MM-DD.
    pub due: Option<String>,
    /// Whether that was before the report's date.
    pub overdue: bool,
}

/// Who signs, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Signatory {
    /// Its name.
    pub name: String,
    /// What it signs for, in words.
    pub signs: String,
    /// The duties that it signs for, by state; none of one that takes note.
    pub duties: Option<StateCounts>,
}

/// Before the signatures of a Report, or of the handover in it.
pub(super) fn signing(report: &Report, is_handover: bool) -> Signing {
    let (conditions, signatories) = if is_handover {
        (of_handover(report), both_sides(report))
    } else {
        (conditions(report), answering(report))
    };
    Signing {
        in_words: in_words(report, &conditions),
        conditions,
        signatories,
    }
}

/// The conditions for a sentence: the high findings of all days together.
fn in_words(report: &Report, conditions: &[Condition]) -> Vec<String> {
    let of_findings = || conditions.iter().filter(|condition| condition.kind == "findings");
    if of_findings().count() < 2 {
        return conditions.iter().map(|condition| condition.text.clone()).collect();
    }
    let is_high = |finding: &&Finding| finding.severity == Severity::High;
    let high = || report.findings.iter().filter(is_high);
    let mut by_day: BTreeMap<&str, u64> = BTreeMap::new();
    for day in high().filter_map(|finding| finding.due.as_deref()) {
        *by_day.entry(day).or_default() += 1;
    }
    // What is due on one day, or on none, is told so by the conditions.
    let are_several = by_day.len() > 1;
    let days = by_day.into_iter().map(|(day, count)| {
        let since_or_by = if day < report.meta.as_of.as_str() { "overdue since" } else { "by" };
        format!("{count} {since_or_by} {}", day_of(day))
    });
    let days = days.collect::<Vec<_>>().join(", ");
    let all = counted(high().count() as u64, "high finding", "high findings", "mended or excepted")
        .map(|text| if are_several { format!("{text} ({days})") } else { text });
    let others = conditions.iter().filter(|condition| condition.kind != "findings");
    all.into_iter().chain(others.map(|condition| condition.text.clone())).collect()
}

/// What stands in the way of a handover.
fn of_handover(report: &Report) -> Vec<Condition> {
    let blockers = report.handover.blockers.iter().map(|blocker| Condition {
        kind: blocker.kind.to_owned(),
        text: blocker.text.clone(),
        which: String::new(),
        who: blocker.who.clone(),
        due: blocker.due.clone(),
        overdue: blocker.overdue,
    });
    blockers.collect()
}

/// Findings that one condition is about: those without a day behind the others, by day and owner, or each by its position.
type Alike<'r> = (bool, Option<&'r str>, Option<&'r str>, usize);

fn conditions(report: &Report) -> Vec<Condition> {
    let high: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::High)
        .collect();
    let late = report
        .findings
        .iter()
        .filter(|finding| finding.overdue && finding.severity != Severity::High);
    let late: Vec<&Finding> = late.collect();
    // One stands alone, with who must see to it. Of more than anybody reads as rows those of one day and owner stand together:
    // what is due later is not called due on the first, and nobody signs for what is another's.
    let is_few = high.len() <= ALONE;
    let mut apart: BTreeMap<Alike<'_>, Vec<&Finding>> = BTreeMap::new();
    for (position, finding) in high.into_iter().enumerate() {
        let (day, owner) = (finding.due.as_deref(), finding.owner.as_deref());
        let key = (day.is_none(), day, owner.filter(|_| !is_few), if is_few { position } else { 0 });
        apart.entry(key).or_default().push(finding);
    }
    let high = apart
        .values()
        .map(|alike| of_findings("findings", alike, "high finding", "mended or excepted"));
    let others = [
        of_findings("overdue", &late, "other overdue finding", "mended, or given another day"),
        unknown(report),
        evidence(report),
        questions(report),
        modes(report),
        unclassified(report),
    ];
    high.chain(others).flatten().collect()
}

fn of_findings(kind: &str, findings: &[&Finding], noun: &str, so: &str) -> Option<Condition> {
    let named = findings.iter().map(|finding| {
        let place: Vec<&str> = [finding.service_title.as_deref(), finding.environment.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        match (&finding.duty, place.is_empty()) {
            (Some(_), false) => format!("{}: {}", place.join(", "), finding.what),
            _ => finding.what.clone(),
        }
    });
    Some(Condition {
        kind: kind.to_owned(),
        text: counted(findings.len() as u64, noun, &format!("{noun}s"), so)?,
        which: few(named.collect(), findings.len()),
        who: owners(findings.iter().filter_map(|finding| finding.owner.as_deref())),
        due: findings.iter().filter_map(|finding| finding.due.clone()).min(),
        overdue: findings.iter().any(|finding| finding.overdue),
    })
}

/// What nothing shows: by control, most first.
fn unknown(report: &Report) -> Option<Condition> {
    let total = report.summary.duties.unknown;
    let mut controls: Vec<(&str, u64)> = report
        .checklist
        .iter()
        .map(|line| (line.title.as_str(), line.states.unknown))
        .collect();
    controls.retain(|(_, count)| *count > 0);
    controls.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let all = controls.len();
    let named = controls
        .into_iter()
        .map(|(title, count)| format!("{title} {}", grouped(count)))
        .collect();
    let parties = report.parties.iter().filter(|party| party.duties.accountable.unknown > 0);
    let who: Vec<String> = parties
        .map(|party| format!("{} {}", party.short, grouped(party.duties.accountable.unknown)))
        .collect();
    Some(Condition {
        kind: "unknown".to_owned(),
        text: counted(
            total,
            "unknown duty",
            "unknown duties",
            "shown, attested or excepted, or accepted as unknown by whoever answers",
        )?,
        which: match few(named, all) {
            cut if all == NAMES + 1 => format!("{cut} control"),
            cut if all > NAMES => format!("{cut} controls"),
            whole => whole,
        },
        who: owners(who.iter().map(String::as_str)),
        due: None,
        overdue: false,
    })
}

/// Artefacts that should attest something and do not.
fn evidence(report: &Report) -> Option<Condition> {
    let is_over = |validity: Validity| matches!(validity, Validity::Overdue | Validity::Missing | Validity::Changed);
    let is_told = |finding: &&Finding| finding.code == Code::EvidenceOverdue.id() || finding.code == Code::EvidenceFile.id();
    let told: Vec<&Finding> = report.findings.iter().filter(is_told).collect();
    let artefacts = report.artefacts.iter().filter(|one| {
        let name = format!("\"{}\"", one.artefact);
        is_over(one.validity) || told.iter().any(|finding| finding.message.contains(&name))
    });
    let artefacts: Vec<_> = artefacts.collect();
    Some(Condition {
        kind: "evidence".to_owned(),
        text: counted(
            artefacts.len() as u64,
            "artefact that has lapsed",
            "artefacts that have lapsed",
            "renewed",
        )?,
        which: few(artefacts.iter().map(|one| one.artefact.clone()).collect(), artefacts.len()),
        who: owners(artefacts.iter().filter_map(|one| one.by.as_deref())),
        due: told.iter().filter_map(|finding| finding.due.clone()).min(),
        overdue: told.iter().any(|finding| finding.overdue),
    })
}

/// What somebody must say whether it is meant.
fn questions(report: &Report) -> Option<Condition> {
    let asked: Vec<_> = report.summary.decisions.iter().filter(|one| one.kind == "question").collect();
    Some(Condition {
        kind: "questions".to_owned(),
        text: counted(
            asked.len() as u64,
            "question whether something is meant",
            "questions whether something is meant",
            "answered",
        )?,
        which: few(
            asked
                .iter()
                .map(|one| one.text.split(';').next().unwrap_or_default().to_owned())
                .collect(),
            asked.len(),
        ),
        who: owners(asked.iter().filter_map(|one| one.owner.as_deref())),
        due: None,
        overdue: false,
    })
}

/// How some resources run that nothing settles, so that their duties may be others.
fn modes(report: &Report) -> Option<Condition> {
    let open: Vec<_> = report.summary.decisions.iter().filter(|one| one.kind == "mode").collect();
    Some(Condition {
        kind: "modes".to_owned(),
        text: counted(
            open.len() as u64,
            "service of which it is open how resources run",
            "services of which it is open how resources run",
            "settled",
        )?,
        which: few(open.iter().map(|one| one.text.clone()).collect(), open.len()),
        who: owners(open.iter().filter_map(|one| one.owner.as_deref())),
        due: open.iter().filter_map(|one| one.due.clone()).min(),
        overdue: open.iter().any(|one| one.overdue),
    })
}

/// What no figure counts.
fn unclassified(report: &Report) -> Option<Condition> {
    let named: Vec<String> = report
        .unclassified
        .iter()
        .map(|one| {
            if one.name == one.kind {
                one.name.clone()
            } else {
                format!("{} ({})", one.name, one.kind)
            }
        })
        .collect();
    let told = || report.findings.iter().filter(|finding| finding.code == Code::UnclassifiedData.id());
    let all = named.len();
    Some(Condition {
        kind: "unclassified".to_owned(),
        text: counted(
            report.summary.unclassified,
            "resource that the catalog does not know",
            "resources that the catalog does not know",
            "assigned to a party",
        )?,
        which: few(named, all),
        who: owners(report.unclassified.iter().map(|one| one.owners.as_str())),
        due: told().filter_map(|finding| finding.due.clone()).min(),
        overdue: told().any(|finding| finding.overdue),
    })
}

/// `3 high findings are mended`; none where there are none.
fn counted(count: u64, one: &str, many: &str, so: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one} is {so}")),
        _ => Some(format!("{} {many} are {so}", grouped(count))),
    }
}

/// Who must see to something, each once and in the order of what that is; none where nobody is named.
fn owners<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let named: IndexSet<&str> = names.filter(|name| !name.is_empty()).collect();
    (!named.is_empty()).then(|| Vec::from_iter(named).join("; "))
}

/// The first of some names, and how many more there are.
fn few(mut names: Vec<String>, all: usize) -> String {
    names.truncate(NAMES);
    let more = all.saturating_sub(names.len());
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}", names.join("; "))
}

fn noun(count: u64) -> &'static str {
    if count == 1 { "duty" } else { "duties" }
}

/// `412 duties: 5 not met, 30 unknown, 377 attested`.
fn of_duties(counts: &StateCounts) -> String {
    format!("{} {}: {}", grouped(counts.total), noun(counts.total), counts.in_words())
}

/// Whoever is named for the whole, each party that answers for duties, who does them for others, and for whom the report was made.
fn answering(report: &Report) -> Vec<Signatory> {
    let parties = report.parties.iter().filter(|party| party.duties.accountable.total > 0);
    let mut rows: Vec<Signatory> = parties
        .map(|party| Signatory {
            name: party.name.clone(),
            signs: of_duties(&party.duties.accountable),
            duties: Some(party.duties.accountable),
        })
        .collect();
    // Who stands for the whole, where several answer for a part each.
    if rows.len() != 1
        && report.meta.party.is_none()
        && let Some(organization) = &report.meta.organization
    {
        rows.insert(
            0,
            Signatory {
                name: organization.clone(),
                signs: "the whole, as divided below".to_owned(),
                duties: None,
            },
        );
    }
    // Who does duties for which others answer: of another organisation, which has them by contract, or whom the report is cut to.
    let is_doer = |party: &&Party| {
        let is_named = party.kind == PartyKind::Partner || report.meta.party.as_ref() == Some(&party.id);
        is_named && party.duties.accountable.total == 0 && party.duties.responsible.total > 0
    };
    rows.extend(report.parties.iter().filter(is_doer).map(|party| Signatory {
        name: party.name.clone(),
        signs: format!("does {}", of_duties(&party.duties.responsible)),
        duties: Some(party.duties.responsible),
    }));
    rows.extend(takes_note(report));
    rows
}

fn takes_note(report: &Report) -> Option<Signatory> {
    report.meta.prepared_for.as_ref().map(|name| Signatory {
        name: name.clone(),
        signs: "takes note".to_owned(),
        duties: None,
    })
}

/// Who hands over, who takes over, and whoever else answers for what moves or stays.
fn both_sides(report: &Report) -> Vec<Signatory> {
    let handover = &report.handover;
    let (moves, stays) = (counts(&handover.moves), counts(&handover.stays));
    let side = |name: &Option<String>, signs: String, duties: StateCounts| Signatory {
        name: name.clone().unwrap_or_default(),
        signs,
        duties: Some(duties),
    };
    let keeps = if stays.total > 0 {
        format!("; keeps {}", of_duties(&stays))
    } else {
        String::new()
    };
    let from = side(&handover.from, format!("hands over {}{keeps}", of_duties(&moves)), moves);
    let sides = [&handover.from_party, &handover.to_party].map(|side| side.as_deref());
    let duties: HashMap<&str, &Activity> = report
        .services
        .iter()
        .flat_map(|service| &service.controls)
        .flat_map(|control| &control.activities)
        .filter_map(|activity| Some((activity.duty.as_deref()?, activity)))
        .collect();
    let answers = |one: &Move| {
        let duty = duties.get(&*one.duty)?;
        let held = if duty.after.is_empty() { &duty.assignments } else { &duty.after };
        held.iter().find(|held| held.letters.contains('A'))
    };
    // What stays is done by who hands over; who takes over may answer for it all the same.
    let answered = handover
        .stays
        .iter()
        .filter(|one| answers(one).map(|held| &held.party) == handover.to_party.as_ref());
    let answered = match answered.count() as u64 {
        0 => String::new(),
        1 => "; answers for 1 duty that stays".to_owned(),
        some => format!("; answers for {} duties that stay", grouped(some)),
    };
    let to = side(&handover.to, format!("takes over {}{answered}", of_duties(&moves)), moves);
    let mut others: BTreeMap<usize, StateCounts> = BTreeMap::new();
    for one in handover.moves.iter().chain(&handover.stays) {
        let position = answers(one).and_then(|held| report.parties.iter().position(|party| *party.id == *held.party));
        let Some(position) = position.filter(|at| !sides.contains(&Some(report.parties[*at].id.as_str()))) else {
            continue;
        };
        others.entry(position).or_default().add(one.state);
    }
    let others = others.into_iter().map(|(position, counts)| Signatory {
        name: report.parties[position].name.clone(),
        signs: format!("answers for {}", of_duties(&counts)),
        duties: Some(counts),
    });
    let mut rows = vec![from, to];
    rows.extend(others);
    rows.extend(takes_note(report));
    rows
}

fn counts(moves: &[Move]) -> StateCounts {
    let mut counts = StateCounts::default();
    moves.iter().for_each(|one| counts.add(one.state));
    counts
}
