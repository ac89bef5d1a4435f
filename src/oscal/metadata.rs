//! What is said of each document: its title and date, the parties and the roles.
//!
//! In: an inventory. Out: metadata, users, and who has which role.

use super::ids::{Names, VERSION};
use super::model::{Metadata, Party, Property, ResponsibleRole, Role, Telephone, User};
use super::text;
use super::{Joined, ids};
use crate::inventory::{self, PartyKind};
use crate::raci::{Assignment, PartyIx};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The roles that every document with parties has.
const ROLES: [(&str, &str, &str); 7] = [
    ("accountable", "Accountable", "Answers for a duty: one party each."),
    ("responsible", "Responsible", "Does a duty."),
    ("consulted", "Consulted", "Is asked before."),
    ("informed", "Informed", "Is told."),
    ("provider", "Provider", "Operates the cloud."),
    ("customer", "Customer", "Uses the cloud."),
    ("partner", "Partner", "Does a part of either's work."),
];

/// The first moment of a day.
pub(super) fn moment(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// The UUID of a party.
pub(super) fn party_uuid(names: &Names, id: &str) -> String {
    names.uuid("party", &[id])
}

/// The role of those who are of a kind.
pub(super) fn role_of_kind(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Provider => "provider",
        PartyKind::Customer => "customer",
        PartyKind::Partner => "partner",
    }
}

/// The metadata of a document about a system.
pub(super) fn of_system(of: &Joined<'_>, names: &Names, title: &str) -> Metadata {
    let inventory = of.inventory;
    let mut roles: Vec<Role> = ROLES.iter().map(|(id, title, meaning)| role(id, title, Some(meaning))).collect();
    let mut known: BTreeSet<String> = roles.iter().map(|role| role.id.clone()).collect();
    for person in inventory.parties.iter().flat_map(|party| &party.people) {
        let id = text::token(person);
        if known.insert(id.clone()) {
            roles.push(role(&id, person, None));
        }
    }
    let of_kind = |kind: PartyKind| {
        let of = inventory.parties.iter().filter(|party| party.kind == kind);
        let party_uuids: Vec<String> = of.map(|party| party_uuid(names, &party.id)).collect();
        (!party_uuids.is_empty()).then(|| ResponsibleRole {
            role_id: role_of_kind(kind).to_owned(),
            party_uuids,
        })
    };
    let kinds = [PartyKind::Provider, PartyKind::Customer, PartyKind::Partner];
    let version = inventory.version.clone().unwrap_or_else(|| of.as_of.to_string());
    Metadata {
        roles,
        parties: inventory.parties.iter().map(|one| party(names, one)).collect(),
        responsible_parties: kinds.into_iter().filter_map(of_kind).collect(),
        ..bare(title, &moment(of.as_of), &version, &of.catalog.version)
    }
}

/// The metadata of a document about no system.
pub(super) fn bare(title: &str, last_modified: &str, version: &str, catalog: &str) -> Metadata {
    Metadata {
        title: text::line(title),
        last_modified: last_modified.to_owned(),
        version: text::plain(version),
        oscal_version: VERSION.to_owned(),
        props: vec![
            Property::own("catalog-version", catalog),
            Property::own("tool-version", concat!("cloudraci ", env!("CARGO_PKG_VERSION"))),
        ],
        roles: Vec::new(),
        parties: Vec::new(),
        responsible_parties: Vec::new(),
        remarks: None,
    }
}

fn role(id: &str, title: &str, description: Option<&str>) -> Role {
    Role {
        id: id.to_owned(),
        title: text::line(title),
        description: description.map(text::line),
    }
}

fn party(names: &Names, party: &inventory::Party) -> Party {
    let contact = party.contact.as_deref();
    let is_mail = |text: &&str| {
        text.split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && !text.contains(char::is_whitespace)
    };
    let mail = contact.filter(is_mail);
    let said = [contact.filter(|_| mail.is_none()), party.hours.as_deref()];
    let said: Vec<String> = said.into_iter().flatten().map(text::line).collect();
    Party {
        uuid: party_uuid(names, &party.id),
        kind: "organization",
        name: text::plain(&party.name),
        short_name: party.short.as_deref().map(text::plain),
        props: vec![Property::own("party", &party.id)],
        email_addresses: mail.map(str::to_owned).into_iter().collect(),
        telephone_numbers: party
            .phone
            .as_deref()
            .map(|number| Telephone {
                number: text::plain(number),
            })
            .into_iter()
            .collect(),
        remarks: (!said.is_empty()).then(|| said.join("; ")),
    }
}

/// The people of each party; of a party that names none, itself.
pub(super) fn users(of: &Joined<'_>, names: &Names) -> Vec<User> {
    let mut users = Vec::new();
    for party in &of.inventory.parties {
        let props = || {
            let place = if party.kind == PartyKind::Customer {
                "internal"
            } else {
                "external"
            };
            vec![Property::known("type", place), Property::own("party", &party.id)]
        };
        if party.people.is_empty() {
            users.push(User {
                uuid: names.uuid("user", &[&party.id]),
                title: text::line(&party.name),
                props: props(),
                role_ids: vec![role_of_kind(party.kind).to_owned()],
            });
        }
        let mut seen = BTreeSet::new();
        for person in party.people.iter().filter(|person| seen.insert(person.as_str())) {
            users.push(User {
                uuid: names.uuid("user", &[&party.id, person]),
                title: text::line(person),
                props: props(),
                role_ids: vec![text::token(person)],
            });
        }
    }
    users
}

/// Who answers for something and who does it.
pub(super) fn holders(of: &Joined<'_>, names: &Names, assignments: &[&Assignment]) -> Vec<ResponsibleRole> {
    let uuids = |parties: BTreeSet<PartyIx>| {
        parties
            .into_iter()
            .map(|party| party_uuid(names, &of.inventory[party].id))
            .collect()
    };
    let accountable = assignments.iter().map(|one| one.accountable()).collect();
    let responsible = assignments.iter().flat_map(|one| one.responsible().iter().copied()).collect();
    let roles = [("accountable", accountable), ("responsible", responsible)];
    let roles = roles.map(|(role, parties): (&str, BTreeSet<PartyIx>)| ResponsibleRole {
        role_id: role.to_owned(),
        party_uuids: uuids(parties),
    });
    roles.into_iter().filter(|role| !role.party_uuids.is_empty()).collect()
}

/// A property of OSCAL's own that says where a component is.
pub(super) fn placed(place: &str) -> Property {
    Property {
        ns: Some(ids::OSCAL),
        ..Property::known("implementation-point", place)
    }
}
