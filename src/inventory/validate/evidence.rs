//! Evidence, and who vouches with it.
//!
//! In: entries as written. Out: entries whose parties and dates are known. One that nobody has filled in yet is left out.

use super::{Part, Validator, text_of};
use crate::catalog::SeverityRule;
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use crate::inventory::enclosed::stays_within;
use crate::inventory::file::{EvidenceFile, Text};
use crate::inventory::{Enclosed, Evidence, Inventory, Voucher};
use std::path::Path;
use std::sync::Arc;

impl Validator<'_> {
    pub(super) fn evidence(&mut self, part: &Part, inventory: &mut Inventory) {
        let of = self.evidence_of(part);
        for (index, entry) in part.file.evidence.iter().enumerate() {
            let at = route(["evidence".into(), index.into()]);
            let entry = self.artefact(entry, of, &part.path, &at);
            inventory.evidence.extend(entry);
        }
    }

    /// The party whose evidence a file is. Such a file says nothing else, whoever wrote it: no letter, no exception, no
    /// resource.
    fn evidence_of(&mut self, part: &Part) -> Option<usize> {
        let (file, path) = (&part.file, &part.path);
        let of = file.evidence_of.as_ref()?;
        let said = [
            ("title", file.title.is_some()),
            ("organization", file.organization.is_some()),
            ("system", file.system.is_some()),
            ("version", file.version.is_some()),
            ("as_of", file.as_of.is_some()),
            ("classification", file.classification.is_some()),
            ("prepared_by", file.prepared_by.is_some()),
            ("prepared_for", file.prepared_for.is_some()),
            ("theme", file.theme.is_some()),
            ("parties", !file.parties.is_empty()),
            ("assignments", !file.assignments.is_empty()),
            ("accounts", !file.accounts.is_empty()),
            ("resources", !file.resources.is_empty()),
            ("imports", !file.imports.is_empty()),
            ("results", !file.results.is_empty()),
            ("exceptions", !file.exceptions.is_empty()),
            ("evidence_limit", file.evidence_limit.is_some()),
            ("frameworks", file.frameworks.is_some()),
            ("upstream", !file.upstream.is_empty()),
            ("leveraged", !file.leveraged.is_empty()),
            ("our_customers", !file.our_customers.is_empty()),
            ("severity", file.severity != SeverityRule::default()),
            ("due", !file.due.is_empty()),
            ("handover", file.handover.is_some()),
            ("revisions", !file.revisions.is_empty()),
        ];
        for (field, _) in said.into_iter().filter(|(_, is_said)| *is_said) {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("the evidence of `{}` says nothing of `{field}`", of.0))
                    .at(Place::key(path, route([field.into()])))
                    .help("a file with `evidence_of` holds `evidence` alone; say the rest in another file"),
            );
        }
        self.party(&of.0, Place::value(path, route(["evidence_of".into()])))
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

    fn artefact(&mut self, entry: &EvidenceFile, of: Option<usize>, path: &Arc<str>, at: &Route) -> Option<Evidence> {
        let date = |date: &Option<Text>, field: &str, this: &mut Self| {
            let date = date.as_ref().filter(|date| !date.0.trim().is_empty());
            this.optional_date(date, path, &at.then(field))
        };
        let evidence = Evidence {
            selector: self.selector(&entry.matches, path, &at.then("match")),
            artefact: text_of(&entry.artefact).unwrap_or_default(),
            location: text_of(&entry.location),
            file: self.enclosed(entry, path, at),
            by: self.vouches(entry, of, path, at),
            attests: entry.attests.unwrap_or(true),
            performed: date(&entry.performed, "performed", self),
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
        if let (Some(performed), Some(reviewed)) = (evidence.performed, evidence.reviewed)
            && reviewed < performed
        {
            self.found.push(
                Diagnostic::new(
                    Code::Contradiction,
                    format!("what it records was done on {performed}, after it was reviewed on {reviewed}"),
                )
                .at(Place::value(path, at.then("performed")))
                .help("`performed` is the day of the test or review that it records, `reviewed` when somebody read it"),
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

    /// Who vouches: whom the entry names, else the party whose evidence the file is. Nobody vouches in the file of another.
    fn vouches(&mut self, entry: &EvidenceFile, of: Option<usize>, path: &Arc<str>, at: &Route) -> Option<Voucher> {
        let Some(by) = text_of(&entry.by) else {
            return of.map(|party| Voucher { party, person: None });
        };
        let place = Place::value(path, at.then("by"));
        let voucher = self.voucher(&by, place.clone())?;
        if let Some(of) = of.filter(|of| *of != voucher.party) {
            self.found.push(
                Diagnostic::new(
                    Code::Contradiction,
                    format!("`{by}` vouches in a file that is the evidence of `{}`", self.parties[of].id),
                )
                .at(place)
                .help("leave `by` out, name one of the party's people, or move the entry to another file"),
            );
            return None;
        }
        Some(voucher)
    }

    /// The file that an artefact is, not read yet.
    fn enclosed(&mut self, entry: &EvidenceFile, path: &Arc<str>, at: &Route) -> Option<Enclosed> {
        let expected = text_of(&entry.sha256).map(|digits| digits.to_lowercase());
        let is_one = |digits: &String| digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if let Some(digits) = expected.as_ref().filter(|digits| !is_one(digits)) {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{digits}` is no SHA-256"))
                    .at(Place::value(path, at.then("sha256")))
                    .help("write its 64 hexadecimal digits, in quotes; the report's JSON prints them as `artefacts[].sha256`"),
            );
        }
        let Some(name) = text_of(&entry.file) else {
            if expected.is_some() {
                self.found.push(
                    Diagnostic::new(Code::MissingField, "`sha256` is that of no `file`")
                        .at(Place::key(path, at.then("sha256")))
                        .help("add `file`, the path of the artefact from this inventory file on"),
                );
            }
            return None;
        };
        if !stays_within(&name) {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("the path `{name}` leads out of the inventory's folder"))
                    .at(Place::value(path, at.then("file")))
                    .help("put the file beside the inventory and name it from there on, with `/`; `location` says where else it is kept"),
            );
            return None;
        }
        let folder = Path::new(&**path).parent().unwrap_or(Path::new(""));
        Some(Enclosed {
            path: folder.join(&name),
            name,
            expected: expected.filter(is_one),
            seal: Err("it was not read".to_owned()),
        })
    }

    /// A party by its id or name, or the party that a person is of.
    fn voucher(&mut self, text: &str, place: Place) -> Option<Voucher> {
        let is_called = |name: &str| name.trim().to_lowercase() == text.trim().to_lowercase();
        let by_id = self.parties.iter().position(|party| *party.id == *text);
        let by_name = || self.parties.iter().position(|party| is_called(&party.name));
        let found = by_id.or_else(by_name);
        let found = found.or_else(|| self.partner_of_catalog(|known| known.id == text || is_called(&known.name)));
        if let Some(party) = found {
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
