//! How providers write the full names of resources, the numbers of accounts and the names of Regions.
//!
//! In: `names` of each `provider.yaml`. Out: whether a text is such a name, and of a full name its parts. A full name is told
//! by how it begins, and taken apart at what stands between its parts.

use super::Arn;
use super::file::{KeysFile, NamesFile, OwnKeysFile};
use super::providers::Provider;
use super::shape::Shape;
use super::{partitions, provider};

/// A part of a full name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Partition,
    Namespace,
    Region,
    Account,
    Resource,
    /// What nobody asks for.
    Other,
}

/// A form of full names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Whose it is.
    pub(super) provider: Provider,
    /// What stands before the first part.
    pub(super) begins: String,
    /// The parts, each with what stands behind it; the last takes the rest.
    pub(super) parts: Vec<(Part, String)>,
}

/// What all providers say of names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) forms: Vec<Form>,
    accounts: Vec<Account>,
    regions: Vec<Shape>,
    keys: Vec<Keys>,
}

/// How a provider names keys.
#[derive(Debug)]
struct Keys {
    provider: Provider,
    file: KeysFile,
    ids: Vec<Shape>,
}

/// Whose key a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// One that the customer manages.
    Customers,
    /// One of the provider's own.
    Providers,
}

impl Keys {
    /// The id of the key that a text names by that or by its full name, in small letters.
    fn id(&self, text: &str) -> Option<String> {
        let own = |arn: &Arn<'_>| arn.provider == self.provider && arn.namespace == self.file.namespace;
        let id = match Arn::parse(text) {
            Some(arn) if own(&arn) => {
                let mut begins = self.file.resource.iter();
                begins.find_map(|begins| arn.resource.strip_prefix(begins.as_str()))?
            }
            Some(_) => return None,
            None => text,
        };
        let id = id.to_ascii_lowercase();
        self.ids.iter().any(|shape| shape.fits(&id)).then_some(id)
    }

    fn naming(&self, text: &str) -> Option<Naming> {
        let begins = |text: &str, all: &[String]| {
            all.iter()
                .any(|begins| text.strip_prefix(begins.as_str()).is_some_and(|rest| !rest.is_empty()))
        };
        let arn = Arn::parse(text);
        let name = match &arn {
            Some(arn) if arn.provider == self.provider && arn.namespace == self.file.namespace => arn.resource,
            Some(_) => return None,
            None => text,
        };
        if begins(name, &self.file.providers) {
            return Some(Naming::Providers);
        }
        let is_full = arn.is_some() && begins(name, &self.file.resource);
        let is_id = || {
            let name = name.to_ascii_lowercase();
            arn.is_none() && self.ids.iter().any(|shape| shape.fits(&name))
        };
        (is_full || begins(name, &self.file.called) || is_id()).then_some(Naming::Customers)
    }
}

#[derive(Debug)]
struct Account {
    provider: Provider,
    shape: Shape,
    help: String,
}

impl Form {
    /// A form as a file writes it; the `Err` says what is wrong with it.
    pub(super) fn parse(provider: Provider, text: &str) -> Result<Self, String> {
        let mut pieces = text.split('{');
        let begins = pieces.next().unwrap_or_default().to_owned();
        let mut parts = Vec::new();
        for piece in pieces {
            let (name, behind) = piece.split_once('}').ok_or("a `{` is not closed")?;
            let part = match name {
                "partition" => Part::Partition,
                "namespace" => Part::Namespace,
                "region" => Part::Region,
                "account" => Part::Account,
                "resource" => Part::Resource,
                _ => Part::Other,
            };
            if parts.iter().any(|(known, _)| *known == part && part != Part::Other) {
                return Err(format!("`{{{name}}}` stands twice"));
            }
            parts.push((part, behind.to_owned()));
        }
        let (last, before) = parts.split_last().ok_or("it has no part")?;
        if begins.is_empty() || begins.contains('}') {
            return Err("it begins with a part, so that any text would be one".to_owned());
        }
        if before.iter().any(|(_, behind)| behind.is_empty()) {
            return Err("nothing stands between two of its parts".to_owned());
        }
        let has = |part| parts.iter().any(|(known, _)| *known == part);
        if !last.1.is_empty() || last.0 != Part::Resource || !has(Part::Namespace) {
            return Err("it has a `{namespace}`, and ends with its `{resource}`".to_owned());
        }
        Ok(Self { provider, begins, parts })
    }
}

/// What is wrong with what a file says of names: where, below `names`, and what.
pub(super) fn faults(file: &NamesFile) -> Vec<(&'static str, String)> {
    let forms = file
        .resource
        .iter()
        .filter_map(|text| Some(("resource", Form::parse(0, text).err()?)));
    let account = file
        .account
        .as_deref()
        .and_then(|text| Some(("account", Shape::parse(text).err()?)));
    let region = file.region.as_deref().and_then(|text| Some(("region", Shape::parse(text).err()?)));
    let ids = file.keys.iter().flat_map(|keys| &keys.ids);
    let ids = ids.filter_map(|text| Some(("keys", Shape::parse(text).err()?)));
    forms.chain(account).chain(region).chain(ids).collect()
}

impl Names {
    /// Adds what a provider says.
    pub(super) fn add(&mut self, provider: Provider, names: &NamesFile) {
        // What is wrong in a file is told where it is checked; a test does that of the embedded ones.
        self.forms
            .extend(names.resource.iter().filter_map(|text| Form::parse(provider, text).ok()));
        self.accounts.extend(
            names
                .account
                .as_deref()
                .and_then(|text| Shape::parse(text).ok())
                .map(|shape| Account {
                    provider,
                    shape,
                    help: names.account_help.clone().unwrap_or_default(),
                }),
        );
        self.regions
            .extend(names.region.as_deref().and_then(|text| Shape::parse(text).ok()));
        self.keys.extend(names.keys.clone().map(|file| Keys {
            provider,
            ids: file.ids.iter().filter_map(|text| Shape::parse(text).ok()).collect(),
            file,
        }));
    }
}

/// The forms of full names, the base's first.
pub(super) fn forms() -> &'static [Form] {
    &provider::names().forms
}

/// Whose key a text names, as any provider writes that; none where it has the form of no key's name.
pub(super) fn key_naming(text: &str) -> Option<Naming> {
    provider::names().keys.iter().find_map(|keys| keys.naming(text))
}

/// The id of the key that a text names by its id or by its full name, as any provider writes those.
pub(crate) fn key_id(text: &str) -> Option<String> {
    provider::names().keys.iter().find_map(|keys| keys.id(text.trim()))
}

/// What may tell of a type's resources that a key is the provider's own.
pub(crate) fn own_keys(kind: &str) -> impl Iterator<Item = &'static OwnKeysFile> {
    let all = provider::names().keys.iter().flat_map(|keys| &keys.file.own);
    all.filter(move |own| own.types.iter().any(|known| known == kind))
}

/// A name of a key that is the provider's own.
pub(crate) fn managed_key() -> &'static str {
    let mut all = provider::names().keys.iter().map(|keys| keys.file.managed.as_str());
    all.find(|name| !name.is_empty()).unwrap_or_default()
}

/// Whether a text is the number of an account, as any provider writes those.
#[must_use]
pub fn is_account(text: &str) -> bool {
    provider::names().accounts.iter().any(|account| account.shape.fits(text))
}

/// Whose the accounts are that are called so; the base's, where nobody's are.
#[must_use]
pub fn account_provider(text: &str) -> Provider {
    let accounts = &provider::names().accounts;
    let own = accounts.iter().find(|account| account.shape.fits(text));
    own.map_or(0, |account| account.provider)
}

/// How many digits the number of an account has, of the first provider whose accounts are called by digits alone: a program
/// that takes them for numbers drops zeros, and what has fewer may be one that lost some.
#[must_use]
pub fn account_digits() -> Option<usize> {
    provider::names().accounts.iter().find_map(|account| account.shape.digits())
}

/// What the number of an account looks like, in words for whoever wrote something else.
#[must_use]
pub fn account_help() -> String {
    let accounts = provider::names().accounts.iter();
    accounts.map(|account| account.help.as_str()).collect::<Vec<_>>().join("; ")
}

/// Whether a word is an account as a provider writes it that calls accounts by more than digits.
#[must_use]
pub fn is_worded_account(text: &str) -> bool {
    let mut accounts = provider::names().accounts.iter().filter(|account| account.shape.digits().is_none());
    accounts.any(|account| account.shape.fits(text))
}

/// The Region of an availability zone, which begins as its Region is called, and has something behind it; of a Region itself
/// the same. Also one that nobody lists is told by its shape, where the provider says what those are.
#[must_use]
pub fn region_of_zone(zone: &str) -> Option<&str> {
    let by_shape = provider::names().regions.iter().find_map(|shape| shape.beginning(zone));
    by_shape.or_else(|| partitions::listed_region(zone))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_taken_apart() {
        let form = Form::parse(3, "//{namespace}.example.com/projects/{account}/{sort}/{resource}").unwrap();
        assert_eq!((form.provider, form.begins.as_str()), (3, "//"));
        let parts: Vec<(Part, &str)> = form.parts.iter().map(|(part, behind)| (*part, behind.as_str())).collect();
        assert_eq!(
            parts,
            [
                (Part::Namespace, ".example.com/projects/"),
                (Part::Account, "/"),
                (Part::Other, "/"),
                (Part::Resource, "")
            ]
        );
        for wrong in [
            "",
            "x",
            "{resource}",
            "x:{namespace}{resource}",
            "x:{namespace}:{resource}:y",
            "x:{resource}:{namespace}",
            "x:{namespace}:{namespace}:{resource}",
            "x:{namespace:{resource}",
        ] {
            assert!(Form::parse(0, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_a_file_says_wrongly_is_told_by_its_place() {
        let file = NamesFile {
            resource: vec!["x".to_owned()],
            account: Some("(".to_owned()),
            region: Some("#".to_owned()),
            account_help: None,
            keys: None,
        };
        let places: Vec<&str> = faults(&file).into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, ["resource", "account"]);
    }

    #[test]
    fn the_names_of_the_program_are_right_and_the_base_has_them_all() {
        for (_, file) in super::super::providers::lists::<crate::catalog::file::ProviderFile>("provider").unwrap() {
            assert_eq!(faults(&file.names), []);
        }
        assert!(account_digits().is_some() && !account_help().is_empty() && forms()[0].provider == 0);
    }

    #[test]
    fn zones_lead_to_their_regions() {
        for (zone, region) in [
            ("eu-west-1b", Some("eu-west-1")),
            ("eu-west-1", Some("eu-west-1")),
            ("us-west-2-lax-1a", Some("us-west-2")),
            ("mars-9", None),
            ("", None),
        ] {
            assert_eq!(region_of_zone(zone), region, "{zone}");
        }
    }
}
