//! What ARNs call the things of a service.
//!
//! In: a service, and the resource that an ARN names, or its type as lists of ARNs write it. Out: which of the service's resource
//! types it is, or that it only supports them. What neither a declaration nor the aliases know is some deployed thing of the
//! service, of which nobody knows the type: taken for a supporting one it would hold no duty back.

use super::attributes::ResourceType;
use super::pattern::letters;
use super::{Arn, Catalog, Namespace};
use std::sync::Arc;

/// What parts of an ARN's resource are parted by.
const PARTS: [char; 2] = ['/', ':'];

/// What stands for any part.
const ANY: &str = "*";

/// What the words of an ARN say of the thing that it names.
#[derive(Debug)]
pub(super) enum InArns<'c> {
    /// Nothing: it has none, since the namespace has one thing only.
    Wordless,
    /// It is of this type.
    Kind(&'c Arc<ResourceType>),
    /// It is of one of several types that ARNs do not tell apart.
    Several(Vec<&'c Arc<ResourceType>>),
    /// It only supports the service's things, by these of its words.
    Supporting(&'c str),
    /// It is of none that is known.
    Unknown,
}

impl InArns<'_> {
    /// Whether it may be a deployable thing.
    pub(super) fn may_be_primary(&self) -> bool {
        !matches!(self, Self::Supporting(_))
    }
}

/// How particular a pattern is that matches: how many steps it has, and how many of them are words.
type Weight = (usize, usize);

/// The resource of an ARN, or of a type in a list of them, in parts.
pub(super) struct Named {
    namespace: String,
    parts: Vec<String>,
    /// Whether nothing stands behind the words, as in a type.
    is_type: bool,
}

impl Named {
    pub(super) fn of(namespace: &str, resource: &str, is_type: bool) -> Self {
        let parts = resource.split(PARTS).filter(|part| !part.is_empty());
        Self {
            namespace: letters(namespace),
            parts: parts.map(letters).collect(),
            is_type,
        }
    }

    /// How well a pattern of words fits, `*` for any part and perhaps the namespace first: `keyspace/*/table`, `s3express:bucket`.
    fn fits(&self, pattern: &str) -> Option<Weight> {
        let steps: Vec<&str> = pattern.split(PARTS).filter(|step| !step.is_empty()).collect();
        let is_namespace = |step: &&&str| letters(step) == self.namespace;
        let behind = steps.split_first().filter(|(first, rest)| !rest.is_empty() && is_namespace(first));
        let own = behind
            .and_then(|(_, rest)| self.begins(rest))
            .map(|(length, words)| (length + 1, words + 1));
        own.or_else(|| self.begins(&steps))
    }

    fn begins(&self, steps: &[&str]) -> Option<Weight> {
        // Behind the words stands a name.
        let room = self.parts.len() + usize::from(self.is_type);
        if steps.len() >= room || steps.last().is_none_or(|last| self.is_type && *last == ANY) {
            return None;
        }
        let same = |(step, part): (&&str, &String)| *step == ANY || letters(step) == *part;
        let words = steps.iter().filter(|step| **step != ANY).count();
        steps.iter().zip(&self.parts).all(same).then_some((steps.len(), words))
    }

    fn word(&self) -> Option<&str> {
        self.parts.first().map(String::as_str)
    }
}

/// How CloudFormation's type ends.
fn last(kind: &str) -> String {
    letters(kind.rsplit("::").next().unwrap_or(kind))
}

impl Catalog {
    /// What the resource of an ARN is; of a resource without one its type as ARNs write it. None where neither is so.
    pub(super) fn named_in_arns(&self, service: &str, kind: &str, arn: Option<&str>) -> Option<InArns<'_>> {
        if let Some(arn) = arn.and_then(Arn::parse) {
            return Some(self.in_arns(service, arn.namespace, arn.resource));
        }
        let (namespace, what) = kind.split_once(':')?;
        let is_type = !what.is_empty() && !what.contains(':') && self.lookup.resolve_in(Namespace::Arn, namespace).is_some();
        is_type.then(|| self.type_in_arns(service, namespace, what))
    }

    /// What a type is as lists of ARNs write it: `subnet`, `loadbalancer/app`.
    pub(super) fn type_in_arns(&self, service: &str, namespace: &str, what: &str) -> InArns<'_> {
        self.in_named(service, &Named::of(namespace, what, true))
    }

    /// What the resource of an ARN is.
    pub(super) fn in_arns(&self, service: &str, namespace: &str, resource: &str) -> InArns<'_> {
        self.in_named(service, &Named::of(namespace, resource, false))
    }

    /// Whether a type of the service ends as a word of a table does, whatever ARNs call it.
    pub(super) fn ends_in_word(&self, service: &str, word: &str) -> bool {
        let named = Named::of("", word, true);
        let mut kinds = self.resource_types(service).iter().flat_map(|one| &one.cloudformation);
        kinds.any(|kind| ends_alike(kind, &named) || named.word() == Some(last(kind).as_str()))
    }

    pub(super) fn in_named(&self, service: &str, named: &Named) -> InArns<'_> {
        let types = self.resource_types(service);
        let supports = self.service(service).into_iter().flat_map(|index| &index.aliases.supporting);
        let supporting = supports.filter_map(|pattern| Some((named.fits(pattern)?, pattern.as_str())));
        let supporting = supporting.max_by_key(|(weight, _)| *weight);
        let weights: Vec<(Option<Weight>, &Arc<ResourceType>)> = types.iter().map(|one| (weight(one, named), one)).collect();
        let best = weights.iter().filter_map(|(weight, _)| *weight).max();
        if let Some((weight, pattern)) = supporting
            && best.is_none_or(|best| weight >= best)
        {
            return InArns::Supporting(pattern);
        }
        if best.is_some() {
            return one_of(weights.iter().filter(|(weight, _)| *weight == best).map(|(_, one)| *one));
        }
        if named.parts.len() <= 1 && !named.is_type {
            return InArns::Wordless;
        }
        let is_like = |one: &&Arc<ResourceType>| one.arn.is_empty() && one.cloudformation.iter().any(|kind| ends_alike(kind, named));
        match one_of(types.iter().filter(is_like)) {
            InArns::Unknown => one_of(types.iter().filter(|one| is_any(one))),
            found => found,
        }
    }
}

impl ResourceType {
    /// What ARNs call it: its own words, else how CloudFormation's types end.
    pub(super) fn words(&self) -> Vec<String> {
        if !self.arn.is_empty() {
            return self.arn.clone();
        }
        let kinds = self.cloudformation.iter().filter(|kind| !kind.ends_with(ANY));
        kinds.map(|kind| last(kind)).collect()
    }

    /// Whether nothing says what ARNs call it.
    pub(super) fn is_without_words(&self) -> bool {
        self.words().is_empty()
    }
}

/// How well the words of a type fit: its own, else how CloudFormation's types end.
fn weight(one: &ResourceType, named: &Named) -> Option<Weight> {
    if !one.arn.is_empty() {
        return one.arn.iter().filter_map(|pattern| named.fits(pattern)).max();
    }
    if named.parts.len() <= 1 && !named.is_type {
        return None;
    }
    let word = named.word()?;
    let singular = word.strip_suffix('s').unwrap_or(word);
    let ends = |kind: &String| [word, singular].contains(&last(kind).as_str());
    one.cloudformation.iter().any(ends).then_some((1, 1))
}

/// Whether CloudFormation's type ends with what ARNs say: `db-instance` of an `InfluxDBInstance`.
fn ends_alike(kind: &str, named: &Named) -> bool {
    named.word().is_some_and(|word| word.len() > 4 && last(kind).ends_with(word))
}

/// Whether whatever there is of a service is of a type.
fn is_any(one: &ResourceType) -> bool {
    let of_all = one.cloudformation.iter().any(|kind| kind.ends_with("::*"));
    one.arn.is_empty() && (of_all || one.cloudformation.is_empty() && one.terraform.is_empty())
}

fn one_of<'c>(mut types: impl Iterator<Item = &'c Arc<ResourceType>>) -> InArns<'c> {
    match (types.next(), types.next()) {
        (Some(only), None) => InArns::Kind(only),
        (Some(first), Some(second)) => InArns::Several([first, second].into_iter().chain(types).collect()),
        (None, _) => InArns::Unknown,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::builtin;
    use std::collections::BTreeSet;

    /// The forms of ARNs that the Service Authorization Reference knows: a namespace, a tab, the resource with `*` for names.
    fn forms() -> Vec<(String, String)> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/aws/arns.txt");
        let text = std::fs::read_to_string(path).unwrap();
        let parted = text.lines().map(|line| line.split_once('\t').unwrap());
        parted
            .map(|(namespace, resource)| (namespace.to_owned(), resource.to_owned()))
            .collect()
    }

    fn resolved<'c>(catalog: &'c Catalog, (namespace, resource): &(String, String)) -> Option<&'c str> {
        catalog.service_of_arn(&format!("arn:aws:{namespace}:eu-west-1:111122223333:{resource}"))
    }

    /// A word that is neither a type's nor a supporting thing's makes a deployment of which nobody knows the type.
    #[test]
    fn each_form_of_arn_is_that_of_a_type_or_of_what_only_supports_one() {
        let catalog = Catalog::builtin().unwrap();
        let forms = forms();
        assert!(forms.len() > 2_000);
        let mut unknown = Vec::new();
        for form in &forms {
            let is_named = form.1.split(PARTS).any(|part| !part.is_empty() && !part.contains(ANY));
            let Some(service) = resolved(&catalog, form).filter(|_| is_named) else {
                continue;
            };
            if matches!(catalog.in_arns(service, &form.0, &form.1), InArns::Unknown) {
                unknown.push(format!("{service}: {}:{}", form.0, form.1));
            }
        }
        assert_eq!(
            unknown,
            Vec::<String>::new(),
            "say `arn` with the type, or name them under `supporting`"
        );
    }

    /// What has no ARN, or none of which the reference tells.
    const WITHOUT: [&str; 24] = [
        "agent-registry.registry",
        "api-gateway.deployment",
        // Told from others by their attributes: their ARNs are of another service.
        "aurora.instance",
        "documentdb.cluster",
        "documentdb.cluster-instance",
        "neptune.cluster",
        "neptune.instance",
        "rds.cluster",
        "cloudwatch.application",
        "compute-optimizer.enrolment",
        // A table like any other to its ARN.
        "dynamodb.table-replica",
        "eventbridge.custom-bus",
        // Rules support the bus that they are of, wherever a source tells that.
        "eventbridge.event-rule",
        "iam.account-password-policy",
        "lakeformation.lakeformation",
        "lambda.microvm-image",
        "lambda.web-function",
        "rosa.resource",
        "route-53.domain",
        "ses.configuration-set",
        "shield.protection-setting",
        "shield.subscription",
        "vpc.block-public-access",
        "vpc.security-group-rule",
    ];

    /// A type that no ARN leads to is another's, or only supports it, wherever ARNs alone are listed.
    #[test]
    fn each_type_of_a_service_that_is_judged_is_reached_by_an_arn() {
        let catalog = Catalog::builtin().unwrap();
        let mut reached: BTreeSet<String> = BTreeSet::new();
        for form in forms() {
            let Some(service) = resolved(&catalog, &form) else { continue };
            let named = Named::of(&form.0, &form.1, false);
            let types = catalog.resource_types(service);
            match catalog.in_named(service, &named) {
                InArns::Kind(one) => drop(reached.insert(format!("{service}.{}", one.id))),
                InArns::Several(_) => {
                    let fits = types.iter().filter(|one| weight(one, &named).is_some());
                    reached.extend(fits.map(|one| format!("{service}.{}", one.id)));
                }
                InArns::Wordless => reached.extend(types.first().map(|one| format!("{service}.{}", one.id))),
                InArns::Supporting(_) | InArns::Unknown => {}
            }
        }
        let judged = |service: &&str| {
            let text = builtin::whole(&format!("services/{service}"));
            ["met_when", "attested_when", "disproved_when"].iter().any(|key| text.contains(key))
        };
        let mut missing = Vec::new();
        for service in catalog.service_ids().filter(judged) {
            let named = catalog.resource_types(service).iter().map(|one| format!("{service}.{}", one.id));
            missing.extend(named.filter(|name| !reached.contains(name) && !WITHOUT.contains(&name.as_str())));
        }
        assert_eq!(missing, Vec::<String>::new(), "say `arn` with the type");
    }

    #[test]
    fn the_most_particular_words_count() {
        let catalog = Catalog::builtin().unwrap();
        let kind = |service: &str, kind: &str, resource: &str| {
            let arn = format!("arn:aws:{kind}:eu-west-1:111122223333:{resource}");
            match catalog.named_in_arns(service, kind, Some(&arn)).unwrap() {
                InArns::Kind(one) => one.id.to_string(),
                InArns::Several(of) => of.iter().map(|one| &*one.id).collect::<Vec<_>>().join(" or "),
                other => format!("{other:?}"),
            }
        };
        let balancers = "elastic-load-balancing";
        assert_eq!(kind(balancers, "elasticloadbalancing", "loadbalancer/app/web/1"), "load-balancer");
        assert_eq!(kind(balancers, "elasticloadbalancing", "loadbalancer/app"), "classic-load-balancer");
        assert_eq!(kind("waf", "wafv2", "regional/webacl/a/1"), "web-acl");
        assert_eq!(kind("waf", "wafv2", "regional/ipset/a/1"), "Supporting(\"*/ipset\")");
        assert_eq!(kind("waf", "wafv2", "regional/new/a/1"), "Unknown");
        assert_eq!(kind("s3", "s3tables", "bucket/orders"), "table-bucket");
        assert_eq!(kind("s3", "s3", "orders"), "Wordless");
        assert!(kind("s3", "s3", "orders/2026/a.csv").starts_with("Supporting"));
        assert_eq!(kind("kms", "kms", "key/1"), "key or external-key or replica-key");
        assert_eq!(kind("dynamodb", "dynamodb", "table/a"), "table");
        assert!(kind("dynamodb", "dynamodb", "table/a/backup/1").starts_with("Supporting"));
        let of_type = |service: &str, kind: &str| catalog.kind_in_arns(service, kind, None).map(str::to_owned);
        assert_eq!(of_type("s3", "s3:bucket").as_deref(), Some("bucket"));
        assert_eq!(
            of_type(balancers, "elasticloadbalancing:loadbalancer/net").as_deref(),
            Some("load-balancer")
        );
        assert_eq!(of_type("kms", "kms:key"), None);
        assert_eq!(of_type("kms", "AWS::KMS::Key"), None);
    }
}
