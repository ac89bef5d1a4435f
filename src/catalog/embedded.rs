//! Files of the catalog that lie in the program, decoded when somebody first asks for them.
//!
//! In: the name of an embedded file. Out: what is in it. A test decodes every one of them, so there is nothing that a file
//! could fail to give; were one broken all the same, every command that had asked for it would fail ([`broken`]), whatever
//! it had made without.

use super::builtin;
use crate::diagnostics::{Code, Diagnostic};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What is wrong in files that were asked for, by their names.
static BROKEN: Mutex<BTreeMap<String, Diagnostic>> = Mutex::new(BTreeMap::new());

/// What an embedded file says.
#[derive(Debug)]
pub(crate) struct Embedded<T> {
    name: &'static str,
    decoded: OnceLock<T>,
}

impl<T> Embedded<T> {
    /// The file of this name, without the ending.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            decoded: OnceLock::new(),
        }
    }

    /// Whether somebody has asked for it.
    pub(super) fn is_decoded(&self) -> bool {
        self.decoded.get().is_some()
    }

    /// What an overlay says in the place of a file.
    pub(super) fn given(value: T) -> Self {
        Self {
            name: "",
            decoded: OnceLock::from(value),
        }
    }
}

impl<T: DeserializeOwned + Default> Embedded<T> {
    /// What is in the file.
    pub(crate) fn get(&self) -> &T {
        self.decoded.get_or_init(|| decoded(self.name))
    }
}

/// What is in a file that nobody asks for twice.
pub(super) fn decoded<T: DeserializeOwned + Default>(name: &str) -> T {
    decode(name).unwrap_or_else(|fault| {
        note(name, fault);
        T::default()
    })
}

/// Notes that a file is broken: what was made without it must not be used.
pub(crate) fn note(name: &str, fault: Diagnostic) {
    BROKEN.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), fault);
}

/// What is in a file.
///
/// # Errors
/// Why it cannot be decoded.
pub(crate) fn decode<T: DeserializeOwned>(name: &str) -> Result<T, Diagnostic> {
    let text = builtin::file(name).unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| Diagnostic::new(Code::CatalogError, format!("the built-in `{name}` is broken: {error}")))
}

/// Whatever is broken in the files that were asked for: what was made without them must not be used.
pub(crate) fn broken() -> Vec<Diagnostic> {
    BROKEN.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::IndexMap;
    use crate::catalog::cdk::HelpersFile;
    use crate::catalog::checks::{CheckFile, ChecksFile};
    use crate::catalog::file::{
        AboutFile, Control, EnginesFile, IndexEntry, Layer, ModelsFile, PartitionsFile, PartyFile, ProviderFile, ResourceTypeFile,
        ServiceFile,
    };
    use crate::catalog::frameworks::{FrameworkFile, ObjectivesFile};
    use crate::catalog::implied::ImpliedFile;
    use crate::catalog::layouts::LayoutFile;
    use crate::catalog::oscal::OscalFile;
    use crate::catalog::pulumi::PulumiFile;
    use crate::catalog::references::TerraformFile;
    use crate::catalog::{Catalog, SeverityRule};

    /// What a file is decoded into, by its name. A file of a new kind fails here until it is named.
    fn is_decoded(name: &str) -> Result<(), Diagnostic> {
        // Whichever provider's it is.
        let mut prefixes = builtin::folders().iter().skip(1).map(|folder| folder.prefix);
        let called = prefixes.find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        let folder = called.split_once('/').map_or("", |(folder, _)| folder);
        match (folder, called) {
            ("services", _) => decode::<ServiceFile>(name).map(drop),
            ("index", _) => decode::<IndexEntry>(name).map(drop),
            ("resources", _) => decode::<IndexMap<String, ResourceTypeFile>>(name).map(drop),
            ("lines", _) => decode::<Vec<usize>>(name).map(drop),
            ("frameworks", _) => decode::<FrameworkFile>(name).map(drop),
            ("checks", _) => decode::<ChecksFile>(name).map(drop),
            (_, "cdk") => decode::<HelpersFile>(name).map(drop),
            (_, "implied") => decode::<ImpliedFile>(name).map(drop),
            (_, "catalog") => decode::<AboutFile>(name).map(drop),
            (_, "controls") => decode::<Vec<Control>>(name).map(drop),
            (_, "layers") => decode::<Vec<Layer>>(name).map(drop),
            ("layouts", _) => decode::<LayoutFile>(name).map(drop),
            (_, "objectives") => decode::<ObjectivesFile>(name).map(drop),
            (_, "oscal") => decode::<OscalFile>(name).map(drop),
            (_, "models") => decode::<ModelsFile>(name).map(drop),
            (_, "parties") => decode::<Vec<PartyFile>>(name).map(drop),
            (_, "engines") => decode::<EnginesFile>(name).map(drop),
            (_, "partitions") => decode::<PartitionsFile>(name).map(drop),
            (_, "provider") => decode::<ProviderFile>(name).map(drop),
            (_, "pulumi") => decode::<PulumiFile>(name).map(drop),
            (_, "terraform") => decode::<TerraformFile>(name).map(drop),
            (_, "severity") => decode::<SeverityRule>(name).map(drop),
            // Whoever applies it decodes it in a test of its own.
            (_, "secrets" | "results") | ("each" | "schema" | "schemas" | "text", _) => Ok(()),
            _ => panic!("nobody decodes `{name}`"),
        }
    }

    #[test]
    fn every_file_in_the_program_can_be_decoded() {
        let faults: Vec<String> = builtin::folder("")
            .filter_map(|name| Some(is_decoded(name).err()?.message))
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(builtin::folder("services/").count() > 200);
        let checks = || builtin::CHECKS.iter().flat_map(|(_, text)| builtin::lines(text));
        let is_broken = |text: &str| serde_json::from_str::<CheckFile>(text).is_err();
        let faults: Vec<&str> = checks().filter(|(_, text)| is_broken(text)).map(|(id, _)| id).collect();
        assert!(faults.is_empty() && checks().count() > 1_000, "{faults:#?}");
    }

    /// What the program decodes lazily is what lies in it: each service has its parts.
    #[test]
    fn every_service_is_indexed_declared_and_written() {
        let catalog = Catalog::builtin().unwrap();
        for name in builtin::folder("services/") {
            let id = name.strip_prefix("services/").unwrap();
            assert_eq!(catalog.service(id).unwrap().id, id);
            assert_eq!(catalog.file(id).unwrap().id, id);
            assert!(catalog.split(id, None).is_some(), "{id}");
        }
        assert!(broken().is_empty(), "{:?}", broken());
    }

    #[test]
    fn what_cannot_be_decoded_is_told_and_is_none_of_the_files() {
        for name in ["layers", "no-such-file"] {
            let fault = decode::<ProviderFile>(name).unwrap_err();
            assert!(
                fault.message.starts_with(&format!("the built-in `{name}` is broken: ")),
                "{}",
                fault.message
            );
        }
    }
}
