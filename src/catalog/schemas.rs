//! The JSON Schemas of the files that people write, and of what templates see, from `src/schemas/`.
//!
//! In: a name, or a type whose files have a schema. Out: the schema. They lie there as they are derived from the types: a
//! test of `commands::documents` holds them to that, and `SNAPSHOTS=overwrite cargo test --release` renews them. The code
//! that derives them is in the tests alone, since it takes seven times as many bytes as all that it writes.

use super::builtin;
use super::checks::ChecksFile;
use super::file::{PartitionsFile, PartyFile, ServiceFile};
use super::frameworks::FrameworkFile;
use super::layouts::LayoutFile;
use super::own::{OwnControlsFile, OwnModelsFile, OwnObjectivesFile, OwnPartiesFile};
use serde_json::Value;

/// A type whose files have a schema.
pub(crate) trait Described {
    /// What the schema is called.
    const SCHEMA: &'static str;
}

macro_rules! described {
    ($($of:ty: $name:literal,)*) => {
        $(impl Described for $of {
            const SCHEMA: &'static str = $name;
        })*
    };
}

described! {
    ServiceFile: "catalog",
    ChecksFile: "checks",
    FrameworkFile: "framework",
    LayoutFile: "layout",
    OwnControlsFile: "controls",
    OwnObjectivesFile: "objectives",
    OwnPartiesFile: "parties",
    OwnModelsFile: "models",
    PartitionsFile: "partitions",
    Vec<PartyFile>: "party-list",
}

/// The text of a schema; empty of a name that none has.
pub(crate) fn text(name: &str) -> String {
    builtin::whole(&format!("schemas/{name}"))
}

/// The schema of a type.
pub(crate) fn of<T: Described>() -> Value {
    serde_json::from_str(&text(T::SCHEMA)).unwrap_or_default()
}
