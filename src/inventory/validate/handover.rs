//! The handover, with what a takeover needs.
//!
//! In: the handover as written. Out: one whose parties and dates are known.

use super::{Part, Validator, text_of};
use crate::diagnostics::{Code, Diagnostic, Place, Route, route};
use crate::inventory::file::{AccessFile, ExitFile, HandoverFile, KeepFile, PartyKind, Text};
use crate::inventory::{Access, Exit, Handover, Inventory, Keep, Runbook};
use jiff::civil::Date;
use std::sync::Arc;

/// Who passes duties to whom, and when.
#[derive(Clone, Copy)]
struct Terms {
    from: usize,
    to: usize,
    date: Date,
}

impl Validator<'_> {
    /// The handover of one file, of which all files may have one.
    pub(super) fn handover(&mut self, part: &Part, inventory: &mut Inventory) {
        let Some(file) = &part.file.handover else { return };
        let (path, at) = (&part.path, route(["handover".into()]));
        if let Some(before) = &inventory.handover {
            let first = before.place.file.clone();
            self.clash("handover", at.clone(), &first, path);
        }
        let terms = self.terms(file, path, &at);
        // What is wrong with the rest is told all the same.
        let stand_in = terms.unwrap_or(Terms {
            from: 0,
            to: 0,
            date: Date::MIN,
        });
        let keeps = file.keeps.iter().enumerate();
        let keeps = keeps
            .map(|(index, keep)| self.keep(keep, path, &at.then("keeps").then(index), stand_in.date))
            .collect();
        let access = file.access.iter().enumerate();
        let access = access
            .filter_map(|(index, access)| self.access(access, path, &at.then("access").then(index), stand_in))
            .collect();
        let runbooks = file.runbooks.iter().enumerate();
        let runbooks = runbooks
            .map(|(index, runbook)| {
                let at = at.then("runbooks").then(index);
                Runbook {
                    selector: self.selector(&runbook.matches, path, &at.then("match")),
                    title: runbook.title.0.clone(),
                    location: text_of(&runbook.location),
                    place: Place::value(path, at),
                }
            })
            .collect();
        let exit = file.exit.iter().enumerate();
        let exit = exit
            .map(|(index, exit)| self.exit(exit, path, &at.then("exit").then(index), stand_in.date))
            .collect();
        if let Some(Terms { from, to, date }) = terms {
            inventory.handover = Some(Handover {
                from,
                to,
                date,
                keeps,
                access,
                runbooks,
                exit,
                place: Place::value(path, at),
            });
        }
    }

    fn terms(&mut self, file: &HandoverFile, path: &Arc<str>, at: &Route) -> Option<Terms> {
        let from = self.party(&file.from.0, Place::value(path, at.then("from")));
        let to = self.party(&file.to.0, Place::value(path, at.then("to")));
        let date = self.date(&file.date.0, Place::value(path, at.then("date")));
        let (from, to, date) = (from?, to?, date?);
        for (party, field) in [(from, "from"), (to, "to")] {
            if self.parties.get(party).is_some_and(|party| party.kind == PartyKind::Provider) {
                self.found.push(
                    Diagnostic::new(Code::ProviderAccountable, "duties cannot be handed over from or to the provider")
                        .at(Place::value(path, at.then(field)))
                        .help("name a customer party or a partner"),
                );
            }
        }
        if from == to {
            self.found.push(
                Diagnostic::new(Code::Contradiction, format!("`{}` hands over to itself", file.from.0))
                    .at(Place::value(path, at.then("to")))
                    .at_labelled(Place::value(path, at.then("from")), "here")
                    .help("name two parties, or remove the handover"),
            );
        }
        Some(Terms { from, to, date })
    }

    fn keep(&mut self, keep: &KeepFile, path: &Arc<str>, at: &Route, handover: Date) -> Keep {
        let until = self.optional_date(keep.until.as_ref(), path, &at.then("until"));
        if let Some(until) = until.filter(|until| *until < handover) {
            self.found.push(
                Diagnostic::new(
                    Code::InvalidValue,
                    format!("what stays until `{until}` has moved before the handover on `{handover}`"),
                )
                .at(Place::value(path, at.then("until")))
                .help("give the day on which it is to move afterwards, or leave the entry out"),
            );
        }
        Keep {
            selector: self.selector(&keep.matches, path, &at.then("match")),
            reason: text_of(&keep.reason),
            until,
            then: self.optional_party(keep.then.as_ref(), path, &at.then("then")),
            place: Place::value(path, at.clone()),
        }
    }

    fn access(&mut self, access: &AccessFile, path: &Arc<str>, at: &Route, terms: Terms) -> Option<Access> {
        let by = self.optional_party(access.by.as_ref(), path, &at.then("by"));
        let party = self.optional_party(access.party.as_ref(), path, &at.then("party"));
        let due = self.optional_date(access.due.as_ref(), path, &at.then("due"));
        let (what, is_granted) = match (text_of(&access.grant), text_of(&access.revoke)) {
            (Some(what), None) => (what, true),
            (None, Some(what)) => (what, false),
            (both, _) => {
                let (code, fault) = match both {
                    Some(_) => (Code::InvalidValue, "an entry of `access` grants and revokes at once"),
                    None => (Code::MissingField, "an entry of `access` neither grants nor revokes"),
                };
                self.found.push(
                    Diagnostic::new(code, fault)
                        .at(Place::value(path, at.clone()))
                        .help("give `grant: WHAT` or `revoke: WHAT`, each in an entry of its own"),
                );
                return None;
            }
        };
        Some(Access {
            is_granted,
            what,
            party: party.unwrap_or(if is_granted { terms.to } else { terms.from }),
            by,
            due: due.unwrap_or(terms.date),
        })
    }

    fn exit(&mut self, exit: &ExitFile, path: &Arc<str>, at: &Route, handover: Date) -> Exit {
        Exit {
            task: exit.task.0.clone(),
            owner: self.optional_party(exit.owner.as_ref(), path, &at.then("owner")),
            due: self.optional_date(exit.due.as_ref(), path, &at.then("due")).unwrap_or(handover),
        }
    }

    fn optional_party(&mut self, text: Option<&Text>, path: &Arc<str>, at: &Route) -> Option<usize> {
        self.party(&text?.0, Place::value(path, at.clone()))
    }
}
