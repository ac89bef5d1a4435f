//! Which resource a result is about, in the scanner's words.
//!
//! In: ARNs, names, addresses and the like as scanners write them, some of them made up. Out: a target without anything that
//! names nothing.

use crate::catalog::{Arn, is_account};
use crate::results::Target;
use crate::results::texts::Texts;
use std::sync::Arc;

/// What a scanner says of the resource.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named<'a> {
    pub(super) arn: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) address: Option<&'a str>,
    pub(super) kind: Option<&'a str>,
    pub(super) account: Option<&'a str>,
    pub(super) region: Option<&'a str>,
}

/// What stands where an ARN has its resource if there is none.
const NONE: &[&str] = &["unknown", "root", "account", ""];

impl<'a> Named<'a> {
    /// What a single text calls a resource: its ARN, an account's id, `TYPE:NAME`, or a name.
    pub(super) fn of(text: &'a str) -> Self {
        let text = text.trim();
        if !text.contains(':') {
            return Self {
                name: Some(text).filter(|text| !text.is_empty()),
                ..Self::default()
            };
        }
        if is_whole(text) {
            return Self {
                arn: Some(text),
                ..Self::default()
            };
        }
        if let Some((_, account)) = text.split_once("::::Account:") {
            return Self {
                account: Some(account),
                ..Self::default()
            };
        }
        if Arn::begins(text) {
            // An ARN that is not whole may name an account.
            return Self {
                account: text.split(':').find(|field| is_account(field)),
                ..Self::default()
            };
        }
        if let Some((kind, name)) = typed(text) {
            return Self {
                kind: Some(kind),
                name: Some(name),
                ..Self::default()
            };
        }
        Self {
            name: Some(text).filter(|text| !text.is_empty()),
            ..Self::default()
        }
    }

    /// With an account, unless one is known.
    pub(super) fn or_account(self, account: Option<&'a str>) -> Self {
        Self {
            account: self.account.or(account),
            ..self
        }
    }

    /// With a Region and a type, unless they are known.
    pub(super) fn or(self, region: Option<&'a str>, kind: Option<&'a str>) -> Self {
        Self {
            region: self.region.or(region),
            kind: self.kind.or(kind),
            ..self
        }
    }

    /// The account alone.
    pub(super) fn account_alone(self) -> Self {
        Self {
            account: self.account.or_else(|| account_of(self.arn)),
            region: self.region,
            ..Self::default()
        }
    }

    /// The account alone where what is called the resource is only made up for an account-wide check.
    pub(super) fn unless_made_up(self) -> Self {
        let account = self.account.or_else(|| account_of(self.arn));
        if self.arn.is_none() && self.name.is_none() {
            return self;
        }
        let by_arn = self.arn.and_then(Arn::parse).map(|arn| {
            let last = arn.name().unwrap_or_default();
            let is_its_type = || {
                let word: String = last.chars().filter(char::is_ascii_alphanumeric).collect();
                self.kind.is_some_and(|kind| ends_with_ignoring_case(kind, &word))
            };
            let is_namespace = arn.kind().is_none() && last == arn.namespace;
            // A scanner may call it by the end of its ARN.
            let is_same = self.name.is_none_or(|name| {
                is_whole(name) || name == arn.resource || name == last || (name.starts_with('<') && name.ends_with('>'))
            });
            (
                NONE.contains(&last) && is_same,
                is_namespace,
                is_same && arn.kind().is_none() && is_its_type(),
                last,
            )
        });
        let named_account = self.name.is_some() && self.name == account;
        let is_made_up = match by_arn {
            Some((is_none, is_namespace, is_its_type, last)) => {
                is_none || is_namespace || is_its_type || (named_account && Some(last) != account)
            }
            None => named_account,
        };
        if is_made_up { self.account_alone() } else { self }
    }

    /// The target.
    pub(super) fn target(&self, texts: &mut Texts) -> Arc<Target> {
        let arn = self.arn.map(str::trim).filter(|arn| is_whole(arn));
        let fields = arn.and_then(Arn::parse);
        let of_arn = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let account = fields
            .and_then(|fields| of_arn(fields.account))
            .filter(|account| is_account(account))
            .or_else(|| self.account.map(str::trim).filter(|account| is_account(account)));
        let region = fields.and_then(|fields| of_arn(fields.region)).or(self.region).map(str::trim);
        // A name that only repeats the ARN says nothing more, and an ARN without a resource names none.
        let is_name = |name: &&str| Some(*name) != arn && (!Arn::begins(name) || is_whole(name));
        let name = self.name.map(str::trim).filter(is_name);
        let region = region.and_then(|region| texts.region(region));
        let mut text = |text: Option<&str>| text.and_then(|text| texts.name(text));
        let target = Target {
            arn: text(arn),
            name: text(name),
            address: text(self.address),
            kind: text(self.kind),
            account: text(account),
            region,
        };
        texts.target(target)
    }
}

/// Whether a text is an ARN in which nothing is left out that tells a resource.
pub(super) fn is_whole(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_word(arn.partition) && is_word(arn.namespace) && !arn.resource.is_empty()
    })
}

fn account_of(arn: Option<&str>) -> Option<&str> {
    arn.and_then(Arn::parse)
        .map(|arn| arn.account)
        .filter(|account| is_account(account))
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    !end.is_empty()
        && start
            .and_then(|start| text.get(start..))
            .is_some_and(|last| last.eq_ignore_ascii_case(end))
}

/// Type and name of `Vendor::Service::Type:name`.
fn typed(text: &str) -> Option<(&str, &str)> {
    let last = text.rfind("::")? + 2;
    let behind = text.get(last..)?;
    let (kind, name) = behind.split_once(':')?;
    let is_kind = text[..last]
        .split("::")
        .all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (is_kind && !kind.is_empty() && !name.is_empty()).then_some((&text[..last + kind.len()], name))
}

/// The type of `Vendor::Service::Type.LogicalId`, and the logical id.
pub(super) fn typed_logical_id(text: &str) -> Option<(&str, &str)> {
    let (kind, id) = text.split_once('.')?;
    (kind.contains("::") && !id.is_empty()).then_some((kind, id))
}

/// The type in an address of Terraform: `aws_s3_bucket` of `module.logs["a.b"].aws_s3_bucket.this[0]`.
pub(super) fn type_of_address(address: &str) -> Option<&str> {
    let mut rest = address;
    loop {
        let (step, behind) = step(rest)?;
        match step {
            "module" => rest = self::step(behind).map(|(_, behind)| behind)?,
            "data" => rest = behind,
            _ => return step.contains('_').then_some(step),
        }
    }
}

/// The first step of an address, and what is behind its dot. In brackets dots separate nothing.
fn step(address: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let mut depth = 0_usize;
    for (at, letter) in address.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '[' if !is_quoted => depth += 1,
            ']' if !is_quoted => depth = depth.saturating_sub(1),
            '.' if !is_quoted && depth == 0 => return Some((&address[..at], &address[at + 1..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(named: Named<'_>) -> Arc<Target> {
        named.unless_made_up().target(&mut Texts::default())
    }

    #[test]
    fn what_is_made_up_for_an_account_is_the_account() {
        let account = Some("111122223333");
        for (arn, name, kind) in [
            (
                "arn:aws:cloudtrail:eu-west-1:111122223333:trail",
                Some("111122223333"),
                "AwsCloudTrailTrail",
            ),
            ("arn:aws:cloudtrail:eu-west-1:111122223333:trail", None, "AwsCloudTrailTrail"),
            ("arn:aws:iam::111122223333:root", Some("<root_account>"), "AwsIamUser"),
            ("arn:aws:iam::111122223333:root", None, "AwsIamUser"),
            (
                "arn:aws:guardduty:eu-west-1:111122223333:detector/unknown",
                Some("detector/unknown"),
                "Other",
            ),
            (
                "arn:aws:guardduty:eu-west-1:111122223333:detector/unknown",
                Some("unknown"),
                "Other",
            ),
            ("arn:aws:macie2:eu-west-1:111122223333:macie2", Some("Macie"), "Other"),
            ("111122223333", Some("111122223333"), "Other"),
        ] {
            let named = Named::of(arn).or_account(account).or(Some("eu-west-1"), Some(kind));
            let found = target(Named {
                name: name.or(named.name),
                ..named
            });
            // The name of a text that is no ARN is the text itself.
            assert!(found.is_account(), "{arn} {name:?}: {found:?}");
            assert_eq!(found.account.as_deref(), account, "{arn}");
        }
        for (arn, name, kind) in [
            ("arn:aws:s3:::111122223333", Some("111122223333"), "AwsS3Bucket"),
            ("arn:aws:sns:eu-west-1:111122223333:alerts", Some("alerts"), "AwsSnsTopic"),
            (
                "arn:aws:sqs:eu-west-1:111122223333:unknown-orders",
                Some("unknown-orders"),
                "AwsSqsQueue",
            ),
            (
                "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
                Some("main"),
                "AwsCloudTrailTrail",
            ),
        ] {
            let found = target(Named {
                arn: Some(arn),
                name,
                kind: Some(kind),
                account,
                region: None,
                address: None,
            });
            assert_eq!(found.arn.as_deref(), Some(arn));
        }
    }

    #[test]
    fn an_arn_that_is_not_whole_names_nothing() {
        for text in [
            "arn:",
            "arn:aws:logs:::",
            "arn:aws:s3:::",
            "arn::::::x",
            "arn:aws:logs:eu-west-1:111122223333:",
        ] {
            let told = Named {
                arn: Some(text),
                name: Some(text),
                kind: Some("AwsLogsLogGroup"),
                ..Named::default()
            };
            let found = told.target(&mut Texts::default());
            assert!(!found.is_named(), "{text}: {found:?}");
            assert!(!target(Named::of(text)).is_named(), "{text}");
        }
    }

    #[test]
    fn texts_are_told_apart() {
        let told = Named::of("AWS::::Account:111122223333");
        assert_eq!((told.account, told.name, told.kind), (Some("111122223333"), None, None));
        let told = Named::of("AWS::IAM::AccessKey:1234");
        assert_eq!((told.kind, told.name), (Some("AWS::IAM::AccessKey"), Some("1234")));
        let told = Named::of("arn:aws:::111122223333:");
        assert_eq!((told.arn, told.account), (None, Some("111122223333")));
        assert_eq!(Named::of("i-0a1b2c3d").name, Some("i-0a1b2c3d"));
        assert_eq!(typed_logical_id("AWS::S3::Bucket.Logs"), Some(("AWS::S3::Bucket", "Logs")));
        assert_eq!(typed_logical_id("aws_s3_bucket.logs"), None);
        for (address, kind) in [
            ("aws_s3_bucket.logs", Some("aws_s3_bucket")),
            ("module.a[\"x.y\"].module.b.aws_s3_bucket.logs[0]", Some("aws_s3_bucket")),
            ("module.a.data.aws_iam_policy_document.this", Some("aws_iam_policy_document")),
            ("module.bucket", None),
            ("", None),
            ("Logs", None),
        ] {
            assert_eq!(type_of_address(address), kind, "{address}");
        }
    }
}
