//! Accounts, and who they are of: what fills `accounts` of an inventory.
//!
//! In: the accounts of an organisation as its own interface lists them (JSON), or as a table of its console or of an account
//! factory has them. Out: their numbers with names, organisational units and tags. Mail addresses and people stay behind.

use super::items::{self, Stands};
use super::json::{self, text};
use super::location::is_account;
use super::sink::Intake;
use super::table::columns::{Column, column};
use super::{Head, Importer, secrets};
use crate::catalog::letters;
use crate::diagnostics::Outcome;
use crate::source::Stream;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// The list of accounts of an answer.
const LIST: &str = "Accounts";

/// An account that a file describes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedAccount {
    /// Twelve digits.
    pub id: Arc<str>,
    /// What people call it.
    pub name: Option<String>,
    /// The organisational unit that it is in.
    pub unit: Option<String>,
    /// The environment of its resources, by its tags.
    pub environment: Option<Arc<str>>,
    /// The owner of its resources, by its tags.
    pub owner: Option<Arc<str>>,
    /// Its tags.
    pub tags: Vec<(Arc<str>, String)>,
}

impl ImportedAccount {
    /// An account without anything secret; tags tell its environment and its owner as columns of such names do.
    pub(super) fn new(id: &str, name: Option<&str>, unit: Option<&str>, tags: Vec<(Arc<str>, String)>) -> Self {
        let open = |text: &str| secrets::open_text(text.trim().to_owned()).filter(|text| !text.is_empty());
        let tags = secrets::open_tags(tags);
        let tag = |wanted: &Column| {
            let found = tags.iter().find(|(key, value)| column(key) == *wanted && !value.is_empty());
            found.map(|(_, value)| Arc::from(value.as_str()))
        };
        Self {
            id: id.into(),
            name: name.and_then(open),
            unit: unit.and_then(open),
            environment: tag(&Column::Environment),
            owner: tag(&Column::Owner),
            tags,
        }
    }
}

/// The importer of an organisation's account list.
pub(super) struct Organization;

impl Importer for Organization {
    fn id(&self) -> &'static str {
        "accounts"
    }

    fn name(&self) -> &'static str {
        "account list"
    }

    fn reads(&self) -> &'static str {
        "lists of accounts"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let keys = &head.keys;
        let is_listed = keys.has("Accounts[].Id") || keys.has("Account.Id");
        is_listed || keys.has("Id") && keys.has("JoinedMethod")
    }

    fn if_empty(&self) -> &'static str {
        "the list has no accounts"
    }

    fn is_of_one_account(&self) -> bool {
        false
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let place = stream.place.clone();
        let found = Mutex::new(Vec::new());
        items::read(stream, intake, &[LIST], |piece, sink| {
            let is_listed = piece.stands == Stands::InNamedList;
            let mut accounts = Vec::new();
            collect(piece.value, &mut accounts);
            if accounts.is_empty() && is_listed {
                sink.add_broken(piece.number);
            }
            let numbered = (piece.order..).zip(accounts);
            found.lock().unwrap_or_else(PoisonError::into_inner).extend(numbered);
        })?;
        let mut found: Vec<(u64, ImportedAccount)> = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_by_key(|(order, _)| *order);
        intake.accounts.extend(found.into_iter().map(|(_, account)| account));
        let broken = intake.broken();
        let help = "ask again without `--query`, so that each account has its `Id`";
        let warning = broken.warning("have no account number", help, intake.file(), &place);
        intake.warnings.extend(warning);
        Ok(())
    }
}

/// Accounts lie in lists, in an answer's envelope, or by themselves.
fn collect(value: Value, found: &mut Vec<ImportedAccount>) {
    match value {
        Value::Array(all) => all.into_iter().for_each(|one| collect(one, found)),
        Value::Object(mut map) => match map.shift_remove(LIST).or_else(|| map.shift_remove("Account")) {
            Some(inner) => collect(inner, found),
            None => found.extend(account(&Value::Object(map))),
        },
        _ => {}
    }
}

/// The account of one item.
fn account(one: &Value) -> Option<ImportedAccount> {
    let id = text(one, &["Id", "AccountId", "id"]).filter(is_account)?;
    let unit = text(
        one,
        &[
            "OrganizationalUnit",
            "OrganizationalUnitName",
            "OuName",
            "OU",
            "Ou",
            "ParentName",
            "ParentId",
        ],
    );
    let name = text(one, &["Name", "AccountName", "name"]);
    Some(ImportedAccount::new(
        id,
        name,
        unit,
        json::tags(one.get("Tags").or_else(|| one.get("tags"))),
    ))
}

/// What a column of a table of accounts says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// The account number.
    Id,
    /// The name.
    Name,
    /// The organisational unit.
    Unit,
    /// The tags.
    Tags,
    /// Nothing that is kept.
    Nothing,
}

/// Columns that only tables of accounts have.
const TELLING: &[&str] = &[
    "joinedmethod",
    "joinedtimestamp",
    "orgunit",
    "organizationalunit",
    "organizationalunitname",
    "managedorganizationalunit",
    "accountemail",
    "ssouseremail",
];

/// The columns of a table of accounts by its header; none if it is none. Resources have types, services and Regions; accounts
/// have none of these.
pub(super) fn columns<'n>(names: impl Iterator<Item = &'n str>) -> Option<Vec<Says>> {
    let squashed: Vec<String> = names.map(letters).collect();
    let is_of_resources = squashed
        .iter()
        .any(|name| matches!(column(name), Column::Type | Column::Service | Column::Region));
    let says: Vec<Says> = squashed
        .iter()
        .map(|name| match name.as_str() {
            "accountid" | "id" | "accountnumber" | "awsaccountid" => Says::Id,
            "accountname" | "name" => Says::Name,
            "orgunit" | "ou" | "organizationalunit" | "organizationalunitname" | "managedorganizationalunit" => Says::Unit,
            "tags" | "accounttags" => Says::Tags,
            _ => Says::Nothing,
        })
        .collect();
    let is_told = squashed.iter().any(|name| TELLING.contains(&name.as_str()));
    let is_whole = is_told && says.contains(&Says::Id) && says.contains(&Says::Name);
    (is_whole && !is_of_resources).then_some(says)
}
