//! Evidence, and who vouches with it.
//!
//! In: entries as written. Out: entries whose parties and dates are known. One that nobody has filled in yet is left out.

use super::{Part, Validator, text_of};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use crate::inventory::file::{EvidenceFile, Text};
use crate::inventory::{Evidence, Inventory, Voucher};
use std::sync::Arc;

impl Validator<'_> {
    pub(super) fn evidence(&mut self, part: &Part, inventory: &mut Inventory) {
        for (index, entry) in part.file.evidence.iter().enumerate() {
            let at = route(["evidence".into(), index.into()]);
            let entry = self.artefact(entry, &part.path, &at);
            inventory.evidence.extend(entry);
        }
    }

    /// The number of one file, or of several that say the same.
    pub(super) fn evidence_limit(&mut self, part: &Part, inventory: &mut Inventory, parts: &[Part]) {
        let Some(limit) = part.file.evidence_limit else { return };
        if inventory.evidence_limit.is_some_and(|known| known != limit) {
            let first = parts
                .iter()
                .find(|part| part.file.evidence_limit.is_some())
                .map(|part| part.path.clone());
            self.clash(
                "evidence_limit",
                route(["evidence_limit".into()]),
                &first.unwrap_or_default(),
                &part.path,
            );
        }
        inventory.evidence_limit = Some(limit);
    }

    fn artefact(&mut self, entry: &EvidenceFile, path: &Arc<str>, at: &Route) -> Option<Evidence> {
        let date = |date: &Option<Text>, field: &str, this: &mut Self| {
            let date = date.as_ref().filter(|date| !date.0.trim().is_empty());
            this.optional_date(date, path, &at.then(field))
        };
        let evidence = Evidence {
            selector: self.selector(&entry.matches, path, &at.then("match")),
            artefact: text_of(&entry.artefact).unwrap_or_default(),
            location: text_of(&entry.location),
            by: text_of(&entry.by).and_then(|by| self.voucher(&by, Place::value(path, at.then("by")))),
            attests: entry.attests.unwrap_or(true),
            reviewed: date(&entry.reviewed, "reviewed", self),
            review_by: date(&entry.review_by, "review_by", self),
            place: Place::value(path, at.clone()),
        };
        if let (Some(reviewed), Some(review_by)) = (evidence.reviewed, evidence.review_by)
            && review_by < reviewed
        {
            self.found.push(
                Diagnostic::new(
                    Code::Contradiction,
                    format!("it is due on {review_by}, before it was reviewed on {reviewed}"),
                )
                .at(Place::value(path, at.then("review_by")))
                .help("`reviewed` is when somebody last read it, `review_by` when that must be done again"),
            );
        }
        if !evidence.artefact.is_empty() {
            return Some(evidence);
        }
        // Whoever has reviewed something can say what it was.
        if evidence.reviewed.is_some() || evidence.review_by.is_some() {
            self.found.push(
                Diagnostic::new(Code::MissingField, "the entry does not say which artefact was reviewed")
                    .at(Place::value(path, at.clone()))
                    .help(
                        "add `artefact: Record of the restore test, October 2026`; an entry without it and without `reviewed` is a draft",
                    ),
            );
        }
        None
    }

    /// A party by its id or name, or the party that a person is of.
    fn voucher(&mut self, text: &str, place: Place) -> Option<Voucher> {
        let is_called = |name: &str| name.trim().to_lowercase() == text.trim().to_lowercase();
        let by_id = self.parties.iter().position(|party| *party.id == *text);
        let by_name = || self.parties.iter().position(|party| is_called(&party.name));
        if let Some(party) = by_id.or_else(by_name) {
            return Some(Voucher { party, person: None });
        }
        let parties = self.parties.iter().enumerate();
        let with_person: Vec<(usize, &String)> = parties
            .filter_map(|(position, party)| Some((position, party.people.iter().find(|person| is_called(person))?)))
            .collect();
        let fault = match with_person.as_slice() {
            [(party, person)] => {
                return Some(Voucher {
                    party: *party,
                    person: Some((*person).clone()),
                });
            }
            [] => {
                let people = self.parties.iter().flat_map(|party| party.people.iter().map(String::as_str));
                let known: Vec<&str> = self.parties.iter().map(|party| &*party.id).chain(people).collect();
                Diagnostic::new(
                    Code::UnknownParty,
                    format!("`{text}` is neither a party nor one of the `people` of a party"),
                )
                .help(did_you_mean(text, &known))
            }
            several => {
                let ids: Vec<String> = several.iter().map(|(party, _)| format!("`{}`", self.parties[*party].id)).collect();
                Diagnostic::new(
                    Code::InvalidValue,
                    format!("{} each have somebody called `{text}`", ids.join(" and ")),
                )
                .help("name the party, or give the role a name of its own")
            }
        };
        self.found.push(fault.at(place));
        None
    }
}
