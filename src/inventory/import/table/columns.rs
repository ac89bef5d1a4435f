//! What the columns of a table say, by their names.
//!
//! In: a name of the header, in any case, with spaces, hyphens and underscores as people write them. Out: what its cells say of a
//! resource; what no name is known for is an attribute.

use crate::catalog::engines::EngineTable;
use crate::catalog::letters;
use crate::catalog::spelling::snake_case;
use serde_json::{Map, Value};

/// What a column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inventory::import) enum Column {
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
    /// The ARN, or a list that begins with it.
    Arns,
    /// The name, which is an attribute, too.
    Called(String),
    /// An attribute at a dotted path, as a query of AWS Config selects it.
    Within(String),
    /// Nothing: the column has no name.
    None,
}

/// Column names, as they are compared.
const NAMES: &[(Column, &[&str])] = &[
    (Column::Arn, &["arn", "resourcearn", "amazonresourcename", "arns"]),
    (
        Column::Type,
        &["type", "resourcetype", "awsresourcetype", "kind", "typ", "ressourcentyp"],
    ),
    (
        Column::Service,
        &["service", "awsservice", "product", "servicename", "productname", "dienst"],
    ),
    (Column::Mode, &["mode", "servicemode"]),
    (
        Column::Name,
        &[
            "name",
            "resourcename",
            "displayname",
            "resource",
            "ressource",
            "ressourcenname",
            "nom",
        ],
    ),
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
            "konto",
            "kontonummer",
            "kontoid",
            "awskonto",
            "awskontonummer",
            "compte",
            "numérodecompte",
            "compteaws",
        ],
    ),
    (
        Column::Region,
        &["region", "awsregion", "regionname", "location", "regioncode", "région"],
    ),
    (Column::Zone, &["availabilityzone", "az", "zone"]),
    (
        Column::Environment,
        &["environment", "env", "stage", "environmentname", "umgebung", "environnement"],
    ),
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
            "verantwortlich",
            "eigentümer",
            "responsable",
            "propriétaire",
        ],
    ),
    (
        Column::Data,
        &["data", "dataclass", "dataclasses", "dataclassification", "classification"],
    ),
    (Column::Count, &["count", "quantity", "anzahl", "nombre", "quantité"]),
    (Column::Tags, &["tags", "tag", "resourcetags", "alltags"]),
];

/// What the column of a name says.
pub(in crate::inventory::import) fn column(name: &str) -> Column {
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
    // A query of AWS Config selects parts of the configuration by their path.
    for prefix in ["configuration.", "supplementaryConfiguration."] {
        if let Some(path) = name.strip_prefix(prefix).filter(|path| !path.is_empty()) {
            let steps: Vec<String> = path.split('.').map(snake_case).collect();
            return Column::Within(steps.join("."));
        }
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

/// What a column of a query engine's table says. `is_called`: whether it holds what people call the resource.
pub(super) fn queried(table: &EngineTable, name: &str, is_called: bool) -> Column {
    let engine = table.engine;
    let is = |names: &[String]| names.iter().any(|known| known == name);
    match name {
        _ if is(&engine.arn) || table.arn == Some(name) => Column::Arns,
        _ if is(&engine.meta) => Column::None,
        _ if is_called => Column::Called(name.to_owned()),
        "account_id" => Column::Account,
        "region" => Column::Region,
        "tags" => Column::Tags,
        _ => Column::Attribute(snake_case(name)),
    }
}
