//! What the columns of a table say, by their names.
//!
//! In: a name of the header, in any case, with spaces, hyphens and underscores as people write them. Out: what its cells say of a
//! resource; what no name is known for is an attribute.

use crate::catalog::letters;
use serde_json::{Map, Value};

/// What a column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// The ARN.
    Arn,
    /// The type.
    Type,
    /// The service.
    Service,
    /// The mode.
    Mode,
    /// The name.
    Name,
    /// The id; the name where there is none.
    Id,
    /// The account number.
    Account,
    /// The region.
    Region,
    /// The Availability Zone.
    Zone,
    /// The environment.
    Environment,
    /// The owner.
    Owner,
    /// Data classes.
    Data,
    /// How many.
    Count,
    /// All tags.
    Tags,
    /// One tag.
    Tag(String),
    /// An attribute.
    Attribute(String),
    /// Nothing: the column has no name.
    None,
}

/// Column names, as they are compared.
const NAMES: &[(Column, &[&str])] = &[
    (Column::Arn, &["arn", "resourcearn", "amazonresourcename", "arns"]),
    (Column::Type, &["type", "resourcetype", "awsresourcetype", "kind"]),
    (Column::Service, &["service", "awsservice", "product", "servicename", "productname"]),
    (Column::Mode, &["mode", "servicemode"]),
    (Column::Name, &["name", "resourcename", "displayname", "resource"]),
    (Column::Id, &["id", "resourceid", "identifier", "physicalid", "physicalresourceid"]),
    (
        Column::Account,
        &[
            "account",
            "accountid",
            "accountnumber",
            "accountno",
            "awsaccountid",
            "awsaccount",
            "awsaccountnumber",
            "owningaccountid",
            "owneraccountid",
            "owningaccount",
            "accountowner",
            "ownerid",
        ],
    ),
    (Column::Region, &["region", "awsregion", "regionname", "location", "regioncode"]),
    (Column::Zone, &["availabilityzone", "az", "zone"]),
    (Column::Environment, &["environment", "env", "stage", "environmentname"]),
    (
        Column::Owner,
        &[
            "owner",
            "team",
            "ownedby",
            "resourceowner",
            "ownerteam",
            "owningteam",
            "responsible",
        ],
    ),
    (
        Column::Data,
        &["data", "dataclass", "dataclasses", "dataclassification", "classification"],
    ),
    (Column::Count, &["count", "quantity"]),
    (Column::Tags, &["tags", "tag", "resourcetags", "alltags"]),
];

/// What the column of a name says.
pub(super) fn column(name: &str) -> Column {
    let name = name.trim().trim_matches('"').trim();
    // Tag Editor has a column for each tag: `Tag: team`. Cost reports write `user:team`.
    for prefix in ["tag:", "tags:", "tag.", "tags.", "tag/", "tags/", "user:", "tag_", "tags_", "tag "] {
        if let Some(start) = name.get(..prefix.len())
            && start.eq_ignore_ascii_case(prefix)
            && !name[prefix.len()..].trim().is_empty()
        {
            return Column::Tag(name[prefix.len()..].trim().to_owned());
        }
    }
    let squashed = letters(name);
    if squashed.is_empty() {
        return Column::None;
    }
    let known = NAMES.iter().find(|(_, names)| names.contains(&squashed.as_str()));
    known.map_or_else(|| Column::Attribute(attribute(name)), |(column, _)| column.clone())
}

/// `Storage Encrypted` and `StorageEncrypted` are `storage_encrypted`.
fn attribute(name: &str) -> String {
    let words: Vec<String> = name
        .split([' ', '-', '_', '/'])
        .map(str::to_owned)
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 1 {
        words.join("_").to_lowercase()
    } else {
        let map = Map::from_iter([(name.to_owned(), Value::Null)]);
        crate::inventory::normalised(&map).keys().next().cloned().unwrap_or_default()
    }
}
