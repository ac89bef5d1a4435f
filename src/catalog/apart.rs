//! Whether what somebody tells of a thing and a resource are known to be of different types, whatever they are called.
//!
//! In: a resource's service and type, and the ARN or the type that a scanner tells. Out: yes where both are known and differ. Types
//! have several spellings, and some things share their words in ARNs: which are one type say the declarations, and what only
//! supports a service's things its aliases.

use super::attributes::ResourceType;
use super::in_arns::{InArns, Named};
use super::pattern::letters;
use super::{Arn, Catalog, engines};
use std::sync::Arc;

/// How a type is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// By the words of an ARN.
    Arn,
    /// By one of Terraform's types.
    Terraform,
    /// By a type of CloudFormation or AWS Config, or in somebody's spelling of it.
    Other,
}

/// What a thing of a service is, as far as something tells.
#[derive(Debug)]
struct Thing<'c> {
    by: By,
    /// The declared types that it may be of; none where it is of no declared one.
    types: Vec<&'c Arc<ResourceType>>,
    /// The service's words for what only supports others by which it is called.
    supporting: Option<&'c str>,
}

impl Catalog {
    /// Whether a resource of a service, of a type and perhaps of a declared one, is known to be of another type than what an ARN
    /// names, or than what is told to be of a type. An ARN tells more than the type beside it, which scanners do not write with care.
    pub(crate) fn is_apart(
        &self,
        service: &str,
        (kind, declared): (&str, Option<&str>),
        arn: Option<&Arn<'_>>,
        told: Option<&str>,
    ) -> bool {
        let said = arn.and_then(|arn| self.thing_of_arn(service, arn));
        let Some(said) = said.or_else(|| self.thing_of_told(service, told?)) else {
            return false;
        };
        let own = self
            .thing_of_kind(service, kind)
            .or_else(|| self.thing_declared(service, declared?));
        own.is_some_and(|own| self.differ(service, &own, &said))
    }

    fn thing_of_arn<'c>(&'c self, service: &str, arn: &Arn<'_>) -> Option<Thing<'c>> {
        let types = self.resource_types(service);
        let (types, supporting) = match self.in_arns(service, arn.namespace, arn.resource) {
            InArns::Kind(one) => (vec![one], None),
            InArns::Several(of) => (of, None),
            // A namespace that has only one thing without a word has the service's first one.
            InArns::Wordless => (types.first().into_iter().collect(), None),
            InArns::Supporting(pattern) => (Vec::new(), Some(pattern)),
            InArns::Unknown => return None,
        };
        Some(Thing {
            by: By::Arn,
            types,
            supporting,
        })
    }

    /// What a type is that a source writes: Terraform's, CloudFormation's, or that of a list of ARNs.
    fn thing_of_kind<'c>(&'c self, service: &str, kind: &str) -> Option<Thing<'c>> {
        let by = if kind.contains(':') { By::Other } else { By::Terraform };
        let types: Vec<_> = self.resource_types(service).iter().filter(|one| one.is(kind)).collect();
        if types.is_empty() && self.classify_type(kind).is_none() {
            return match self.named_in_arns(service, kind, None)? {
                InArns::Kind(one) => Some(Thing::of(by, vec![one])),
                InArns::Several(of) => Some(Thing::of(by, of)),
                InArns::Supporting(pattern) => Some(Thing {
                    supporting: Some(pattern),
                    ..Thing::of(by, Vec::new())
                }),
                InArns::Wordless | InArns::Unknown => None,
            };
        }
        Some(Thing {
            by,
            types,
            supporting: self.supporting_word(service, kind),
        })
    }

    /// The same of a type that a scanner tells, which may be spelt as Security Hub or a query engine does.
    fn thing_of_told<'c>(&'c self, service: &str, told: &str) -> Option<Thing<'c>> {
        let squashed = letters(told);
        let is_spelling = |one: &&Arc<ResourceType>| one.cloudformation.iter().any(|kind| letters(kind) == squashed);
        let types = self.resource_types(service).iter();
        let own: Vec<_> = types.clone().filter(|one| one.is(told)).collect();
        if own.is_empty() {
            let of_table = engines::kind_of_table(told);
            let spelt: Vec<_> = types
                .filter(|one| is_spelling(one) || of_table.is_some_and(|kind| one.is(kind)))
                .collect();
            if !spelt.is_empty() {
                return Some(Thing::of(By::Other, spelt));
            }
        }
        let spaced = self.spaced(service, &squashed);
        let told = spaced.as_deref().filter(|_| !told.contains([':', '_'])).unwrap_or(told);
        let found = self.thing_of_kind(service, told)?;
        // A type of another service says nothing of this one's words.
        let is_own = !found.types.is_empty() || self.classify_type(told).is_none_or(|(of, _)| of == service);
        is_own.then_some(found)
    }

    /// A type without its colons, with them: `AWS::ECS::cluster` of `awsecscluster`.
    fn spaced(&self, service: &str, squashed: &str) -> Option<String> {
        let patterns = self.service(service).into_iter().flat_map(|index| &index.aliases.cloudformation);
        let mut begins = patterns.filter_map(|pattern| pattern.strip_suffix('*'));
        begins.find_map(|begin| Some(format!("{begin}{}", squashed.strip_prefix(&letters(begin))?)))
    }

    /// A declared type that the attributes of a resource show: the service's first one is taken where nothing tells.
    fn thing_declared<'c>(&'c self, service: &str, declared: &str) -> Option<Thing<'c>> {
        let one = self.resource_types(service).iter().skip(1).find(|one| *one.id == *declared)?;
        Some(Thing::of(By::Other, vec![one]))
    }

    /// The words for what only supports others with which a type ends.
    fn supporting_word(&self, service: &str, kind: &str) -> Option<&str> {
        let kind = letters(kind);
        let patterns = self.service(service).into_iter().flat_map(|index| &index.aliases.supporting);
        let ends = patterns.filter(|pattern| kind.ends_with(&letters(pattern)));
        ends.max_by_key(|pattern| pattern.len()).map(String::as_str)
    }

    fn differ(&self, service: &str, own: &Thing<'_>, said: &Thing<'_>) -> bool {
        if own.supporting.is_some() && own.supporting == said.supporting {
            return false;
        }
        match (own.types.as_slice(), said.types.as_slice()) {
            ([], []) => own.supporting.is_some() && said.supporting.is_some(),
            ([], _) => true,
            (types, []) => {
                // What is declared in Terraform's words alone may be called anything elsewhere.
                let is_nameless =
                    said.by == By::Other && said.supporting.is_none() && types.iter().all(|one| one.cloudformation.is_empty());
                let is_wordless = said.by == By::Arn && types.iter().all(|one| one.is_without_words());
                !is_nameless && !is_wordless
            }
            (types, others) => {
                let is_one = |one: &Arc<ResourceType>, other: &Arc<ResourceType>| one.id == other.id || one.makes.contains(&other.id);
                let is_alike = |one: &Arc<ResourceType>| match said.by {
                    By::Arn => one.is_without_words(),
                    By::Terraform if own.by == By::Terraform => false,
                    By::Terraform | By::Other => {
                        let alike = self.alike_in_arns(service, one);
                        others.iter().any(|other| alike.iter().any(|alike| alike.id == other.id))
                    }
                };
                !types
                    .iter()
                    .any(|one| others.iter().any(|other| is_one(one, other)) || is_alike(one))
            }
        }
    }

    /// The types of a service that ARNs call as one of them.
    fn alike_in_arns(&self, service: &str, one: &ResourceType) -> Vec<&Arc<ResourceType>> {
        let words = one.words();
        let found = words.iter().map(|word| self.in_named(service, &Named::of("", word, true)));
        found
            .flat_map(|found| match found {
                InArns::Kind(one) => vec![one],
                InArns::Several(of) => of,
                InArns::Wordless | InArns::Supporting(_) | InArns::Unknown => Vec::new(),
            })
            .collect()
    }
}

impl<'c> Thing<'c> {
    fn of(by: By, types: Vec<&'c Arc<ResourceType>>) -> Self {
        Self {
            by,
            types,
            supporting: None,
        }
    }
}
