//! What is wrong with evidence.
//!
//! In: a matrix and the inventory's artefacts. Out: findings on those that are overdue, that nobody may vouch with, or that
//! carry too much.

use super::LIMIT;
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Place};
use crate::inventory::{Evidence, Inventory, Validity, Voucher};
use crate::raci::finding::{Finding, general, matches_nothing};
use crate::raci::{DutyIx, EvidenceIx, Matrix, PartyIx, State};
use indexmap::IndexMap;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Duties that a finding names before it counts the rest.
const NAMES: usize = 3;

/// What findings on evidence are made from.
struct Looking<'a> {
    matrix: &'a Matrix,
    catalog: &'a Catalog,
    inventory: &'a Inventory,
    as_of: Date,
}

pub(in crate::raci) fn findings(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: Date, list: &mut Vec<Finding>) {
    if inventory.evidence.is_empty() {
        return;
    }
    let looking = Looking {
        matrix,
        catalog,
        inventory,
        as_of,
    };
    let reach = matrix.reach(&inventory.evidence, catalog);
    for (evidence, reach) in inventory.evidence.iter().zip(&reach) {
        let is_meant = !reach.own.is_empty() || !reach.others.is_empty() || matrix.is_meant_by(&evidence.selector, catalog);
        if !matrix.is_cut && !is_meant {
            let message = format!("the evidence \"{}\" matches no activity in scope", evidence.artefact);
            list.push(matches_nothing(inventory, &evidence.place, &about(evidence).each(), message));
        }
        if matrix.is_cut && !is_meant {
            continue;
        }
        list.extend(looking.overdue(evidence, &reach.own));
        list.extend(looking.lapsed(evidence, &reach.own));
        list.extend(looking.file(evidence, &reach.own));
        if evidence.attests && evidence.reviewed.is_some() {
            list.extend(match &evidence.by {
                None => looking.unvouched(evidence, &reach.others),
                Some(by) => looking.of_others(evidence, by, &reach.others),
            });
        }
    }
    if !matrix.is_cut {
        looking.broad(list);
    }
}

/// What makes an entry's id.
struct About(String, String);

impl About {
    fn each(&self) -> [&str; 2] {
        [&self.0, &self.1]
    }
}

fn about(evidence: &Evidence) -> About {
    About(evidence.artefact.clone(), format!("{:?}", evidence.selector))
}

/// Who must renew an artefact. Whoever vouches for nothing of its own has nothing to renew.
fn responsible(evidence: &Evidence, own: &[DutyIx]) -> Vec<PartyIx> {
    let by = evidence.by.iter().filter(|_| !own.is_empty());
    by.map(|by| PartyIx::new(by.party)).collect()
}

impl Looking<'_> {
    fn finding(&self, code: Code, evidence: &Evidence, place: &Place, message: String) -> Finding {
        Finding {
            place: Some(place.clone()),
            ..general(self.inventory, code, &about(evidence).each(), message)
        }
    }

    /// An artefact that had to be read again, with the duties that are open for it.
    fn overdue(&self, evidence: &Evidence, own: &[DutyIx]) -> Option<Finding> {
        let due = evidence.until().filter(|due| *due < self.as_of)?;
        let fallen = self.fallen(evidence, own, Validity::Overdue);
        let falls = self.falls(&fallen);
        // What a duty's cadence calls for earlier made it count no more since then.
        let again = fallen
            .iter()
            .filter_map(|duty| evidence.attests_until(self.matrix[*duty].activity.cadence));
        let due = again.min().unwrap_or(due);
        let what = format!("the evidence \"{}\" was due for review on {due}", evidence.artefact);
        let who = self.who(evidence);
        Some(Finding {
            since: Some(due),
            what: what.clone(),
            responsible: responsible(evidence, own),
            observed: (!falls.is_empty()).then(|| falls.trim_start_matches("; ").to_owned()),
            opens: fallen,
            how: Some(format!(
                "{who}obtain the current artefact, and record when it was read and until when it counts"
            )),
            ..self.finding(Code::EvidenceOverdue, evidence, &evidence.place, format!("{what}{falls}"))
        })
    }

    /// An artefact that still counts, and no more for duties that are due again since.
    fn lapsed(&self, evidence: &Evidence, own: &[DutyIx]) -> Option<Finding> {
        if evidence.validity(self.as_of) != Validity::InDate {
            return None;
        }
        let cadence = |duty: &DutyIx| self.matrix[*duty].activity.cadence;
        let is_fallen = |duty: &&DutyIx| self.matrix[**duty].state == State::Unknown && evidence.has_lapsed(cadence(duty), self.as_of);
        let fallen: Vec<DutyIx> = own.iter().filter(is_fallen).copied().collect();
        let since = fallen.iter().filter_map(|duty| evidence.attests_until(cadence(duty))).min()?;
        let mut often: Vec<String> = fallen.iter().filter_map(cadence).map(|cadence| cadence.to_string()).collect();
        often.sort();
        often.dedup();
        let (done, day) = match (evidence.performed, evidence.reviewed) {
            (Some(day), _) => ("what it records was done on", day),
            (None, Some(day)) => ("it was reviewed on", day),
            (None, None) => return None,
        };
        let what = format!(
            "the evidence \"{}\" no longer attests what is due {}: {done} {day}",
            evidence.artefact,
            often.join(" or ")
        );
        let falls = self.falls(&fallen);
        Some(Finding {
            since: Some(since),
            what: what.clone(),
            responsible: responsible(evidence, own),
            observed: Some(falls.trim_start_matches("; ").to_owned()),
            opens: fallen,
            how: Some(format!(
                "{}do it again, and add the artefact of that with `performed` and `reviewed`",
                self.who(evidence)
            )),
            ..self.finding(Code::EvidenceOverdue, evidence, &evidence.place, format!("{what}{falls}"))
        })
    }

    /// A file that is missing, or not the one that was reviewed.
    fn file(&self, evidence: &Evidence, own: &[DutyIx]) -> Option<Finding> {
        let file = evidence.file.as_ref()?;
        let of = format!("the file \"{}\" of the evidence \"{}\"", file.name, evidence.artefact);
        let (what, how, validity) = match &file.seal {
            Err(why) => (
                format!("{of} cannot be read: {why}"),
                "put the file where `file` says, or correct that",
                Validity::Missing,
            ),
            Ok(_) if file.is_changed() => (
                format!(
                    "{of} is not the one that was reviewed: its SHA-256 is {}",
                    file.sha256().unwrap_or_default()
                ),
                "review the file as it is now, and update `reviewed` and `sha256`",
                Validity::Changed,
            ),
            Ok(_) => return None,
        };
        let fallen = self.fallen(evidence, own, validity);
        let falls = self.falls(&fallen);
        Some(Finding {
            responsible: responsible(evidence, own),
            opens: fallen,
            how: Some(format!("{}{how}", self.who(evidence))),
            ..self.finding(Code::EvidenceFile, evidence, &evidence.place, format!("{what}{falls}"))
        })
    }

    /// The duties that are open since an artefact attests nothing for this reason.
    fn fallen(&self, evidence: &Evidence, own: &[DutyIx], reason: Validity) -> Vec<DutyIx> {
        let is_fallen = |duty: &&DutyIx| self.matrix[**duty].state == State::Unknown;
        let fallen = own.iter().filter(|_| evidence.validity(self.as_of) == reason);
        fallen.filter(is_fallen).copied().collect()
    }

    /// The same in words, behind what is wrong with the artefact.
    fn falls(&self, fallen: &[DutyIx]) -> String {
        if fallen.is_empty() {
            return String::new();
        }
        let waits = if fallen.len() == 1 { "duty waits" } else { "duties wait" };
        format!("; {} {waits} for evidence again: {}", fallen.len(), self.words(fallen))
    }

    /// Who must do something about an artefact, before what that is.
    fn who(&self, evidence: &Evidence) -> String {
        let by = evidence.by.as_ref();
        by.map_or_else(String::new, |by| format!("{}: ", self.inventory.called(by)))
    }

    /// An artefact that nobody vouches with. What a provider's audit reports are read for has a duty of its own.
    fn unvouched(&self, evidence: &Evidence, others: &[DutyIx]) -> Option<Finding> {
        let reads = |duty: &DutyIx| self.matrix[*duty].activity.id.rsplit('.').next() == Some(self.catalog.provider_evidence.as_str());
        let open: Vec<DutyIx> = others.iter().copied().filter(|duty| !reads(duty)).collect();
        let who = self.holders(&open)?;
        let noun = if open.len() == 1 { "duty" } else { "duties" };
        Some(Finding {
            how: Some(format!("add `by`: {who}, who must vouch for what it shows; or `attests: false`")),
            ..self.finding(
                Code::EvidenceUnvouched,
                evidence,
                &evidence.place,
                format!(
                    "the evidence \"{}\" attests nothing: it names nobody who vouches for the {} {noun} that it matches",
                    evidence.artefact,
                    open.len()
                ),
            )
        })
    }

    /// What a party vouches for that is others' to do and to answer for.
    fn of_others(&self, evidence: &Evidence, by: &Voucher, others: &[DutyIx]) -> Option<Finding> {
        let who = self.holders(others)?;
        let noun = if others.len() == 1 { "duty" } else { "duties" };
        Some(Finding {
            how: Some(format!("narrow `match` to what it does or answers for, or let others vouch: {who}")),
            ..self.finding(
                Code::EvidenceOfOthers,
                evidence,
                &evidence.place,
                format!(
                    "{} cannot vouch with \"{}\" for {} {noun} of others: {}",
                    self.inventory.called(by),
                    evidence.artefact,
                    others.len(),
                    self.words(others)
                ),
            )
        })
    }

    /// Artefacts on which more duties rest than one artefact can carry. One that stands in several entries is one artefact.
    fn broad(&self, list: &mut Vec<Finding>) {
        let limit = self.inventory.evidence_limit.unwrap_or(LIMIT);
        let resting = self.matrix.resting();
        let mut by_artefact: IndexMap<&str, (&Evidence, BTreeSet<DutyIx>)> = IndexMap::new();
        for (position, evidence) in self.inventory.evidence.iter().enumerate() {
            let duties = resting.get(&EvidenceIx::new(position));
            let entry = by_artefact.entry(&evidence.artefact).or_insert((evidence, BTreeSet::new()));
            entry.1.extend(duties.into_iter().flatten().copied());
        }
        for (artefact, (evidence, duties)) in by_artefact {
            if duties.len() as u64 <= u64::from(limit) {
                continue;
            }
            let mut controls: BTreeMap<&str, usize> = BTreeMap::new();
            for duty in &duties {
                *controls.entry(&self.catalog[self.matrix[*duty].control].title).or_default() += 1;
            }
            let of = if controls.len() == 1 { "control" } else { "controls" };
            list.push(Finding {
                how: Some(
                    "let each artefact show what it is about: narrow `match`, by `activity` if need be, or raise `evidence_limit`"
                        .to_owned(),
                ),
                // Whichever of its entries comes first, it is the artefact's.
                place: Some(evidence.place.clone()),
                ..general(
                    self.inventory,
                    Code::EvidenceBroad,
                    &[artefact],
                    format!(
                        "{} duties of {} {of} rest on one artefact, \"{artefact}\"; more than {limit} are hard to believe",
                        duties.len(),
                        controls.len()
                    ),
                )
            });
        }
    }

    /// The parties that do some duties or answer for them, by their ids; none where there are no duties.
    fn holders(&self, duties: &[DutyIx]) -> Option<String> {
        let parties = self.inventory.parties.iter().enumerate();
        let holds = |party: usize| {
            duties
                .iter()
                .any(|duty| self.matrix[*duty].assignment.is_held_by(PartyIx::new(party)))
        };
        let ids: Vec<String> = parties
            .filter(|(position, _)| holds(*position))
            .map(|(_, party)| format!("`{}`", party.id))
            .collect();
        let (last, rest) = ids.split_last()?;
        Some(if rest.is_empty() {
            last.clone()
        } else {
            format!("{} or {last}", rest.join(", "))
        })
    }

    /// The first of some duties, in words, and how many more there are. Of one that is the same in several environments these
    /// are named together.
    fn words(&self, duties: &[DutyIx]) -> String {
        let mut alike: IndexMap<(&str, &str), Vec<&str>> = IndexMap::new();
        for duty in duties {
            let duty = &self.matrix[*duty];
            let key = (self.matrix[duty.unit].split.name.as_str(), &*duty.activity.does);
            alike.entry(key).or_default().extend(duty.scope.environment.as_deref());
        }
        let named: usize = alike.values().take(NAMES).map(|places| places.len().max(1)).sum();
        let more = duties.len().saturating_sub(named);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let word = |((service, does), mut places): ((&str, &str), Vec<&str>)| {
            places.dedup();
            let places = if places.is_empty() {
                String::new()
            } else {
                format!(": {}", places.join(", "))
            };
            format!("{does} ({service}{places})")
        };
        let words: Vec<String> = alike.into_iter().take(NAMES).map(word).collect();
        format!("{}{more}", words.join("; "))
    }
}
