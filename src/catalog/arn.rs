//! ARNs: what a provider calls every resource by; another provider's full names are taken apart into the same fields.
//!
//! In: a text. Out: its fields, or none where it is no full name. How these are written `provider.yaml` says ([`names`]), what
//! namespaces and types mean the services' `aliases`, and which partitions and Regions there are `partitions.yaml`.

use super::names::{self, Form, Part};
use super::providers::Provider;

/// The fields of an ARN; Region and account are empty for what is in none, or where the provider's names do not have them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Whose it is.
    pub provider: Provider,
    /// The partition, such as that of the commercial Regions.
    pub partition: &'a str,
    /// The service's namespace.
    pub namespace: &'a str,
    /// The Region.
    pub region: &'a str,
    /// The account number.
    pub account: &'a str,
    /// The resource, with its type where the namespace has several.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The fields of a text that is an ARN.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        names::forms().iter().find_map(|form| Self::of(form, text))
    }

    fn of(form: &Form, text: &'a str) -> Option<Self> {
        let mut rest = text.strip_prefix(form.begins.as_str())?;
        let mut found = Self {
            provider: form.provider,
            ..Self::default()
        };
        for (part, behind) in &form.parts {
            let value = if behind.is_empty() {
                std::mem::take(&mut rest)
            } else {
                let (value, next) = split_at(rest, behind)?;
                rest = next;
                value
            };
            match part {
                Part::Partition => found.partition = value,
                Part::Namespace => found.namespace = value,
                Part::Region => found.region = value,
                Part::Account => found.account = value,
                Part::Resource => found.resource = value,
                Part::Other => {}
            }
        }
        Some(found)
    }

    /// Whether a text begins as an ARN does.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        names::forms().iter().any(|form| text.starts_with(form.begins.as_str()))
    }

    /// Whether a text has something in it that begins as an ARN does.
    #[must_use]
    pub fn begins_in(text: &str) -> bool {
        names::forms().iter().any(|form| text.contains(form.begins.as_str()))
    }

    /// What it calls the type of its resource: `subnet`; none where the namespace has only one.
    #[must_use]
    pub fn kind(&self) -> Option<&'a str> {
        let (kind, _) = self.resource.trim_start_matches('/').split_once(['/', ':'])?;
        Some(kind).filter(|kind| !kind.is_empty())
    }

    /// The last part: what people call the resource.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.resource.rsplit(['/', ':']).next().filter(|name| !name.is_empty())
    }

    /// Whether a name is the resource, or whole parts of it: `/a/b` of `log-group:/a/b:*`, and not `b` of `a-b`.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        let is_bound = |beside: Option<char>| beside.is_none_or(|letter| ['/', ':'].contains(&letter));
        let mut places = self.resource.match_indices(name);
        places.any(|(at, found)| {
            let (before, rest) = self.resource.split_at(at);
            is_bound(before.chars().next_back()) && is_bound(rest.chars().nth(found.chars().count()))
        })
    }
}

/// What stands before and behind the first of a text's separators. Most are one letter, which is found faster, and every resource
/// has such a name.
fn split_at<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    match separator.as_bytes() {
        [only] if only.is_ascii() => {
            let at = memchr::memchr(*only, text.as_bytes())?;
            Some((text.get(..at)?, text.get(at + 1..)?))
        }
        _ => text.split_once(separator),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_apart() {
        let subnet = Arn::parse("arn:aws-cn:ec2:cn-north-1:111122223333:subnet/subnet-1").unwrap();
        assert_eq!((subnet.partition, subnet.namespace, subnet.region), ("aws-cn", "ec2", "cn-north-1"));
        assert_eq!((subnet.account, subnet.kind()), ("111122223333", Some("subnet")));
        let bucket = Arn::parse("arn:aws:s3:::orders").unwrap();
        assert_eq!((bucket.account, bucket.kind()), ("", None));
        let group = Arn::parse("arn:aws:logs:eu-west-1:111122223333:log-group:/a/b:*").unwrap();
        assert_eq!(group.kind(), Some("log-group"));
        assert!(group.names("/a/b") && group.names("a") && !group.names("/a/") && !group.names("group"));
        assert!(bucket.names("orders") && !bucket.names("order") && !bucket.names("rders"));
        for other in [
            "",
            "arn",
            "arn:",
            "arn:aws:s3",
            "urn:a:b:c:d:e",
            "arnold:aws:s3:::x",
            "arn:aws:s3::",
        ] {
            assert_eq!(Arn::parse(other), None, "{other}");
        }
        assert!(Arn::begins("arn:x") && !Arn::begins("arnold") && !Arn::begins("a:arn:"));
        assert!(Arn::begins_in("(arn:x") && Arn::begins_in("arnold arn:") && !Arn::begins_in("arnold"));
    }

    #[test]
    fn accounts_are_twelve_digits() {
        assert!(names::is_account("012345678901"));
        for other in ["", "12345678901", "1234567890123", "12345678901x", "aws", "１２３４"] {
            assert!(!names::is_account(other), "{other}");
        }
    }

    /// Names of another form are taken apart into the same fields, and those of one form are none of another.
    #[test]
    fn another_providers_names_have_the_same_fields() {
        let form = Form::parse(1, "nrn/{account}/{region}/{namespace}/{resource}").unwrap();
        let disk = Arn::of(&form, "nrn/nb-a1/north-sea/disks/disk/d-1").unwrap();
        assert_eq!((disk.provider, disk.partition, disk.namespace), (1, "", "disks"));
        assert_eq!(
            (disk.account, disk.region, disk.kind(), disk.name()),
            ("nb-a1", "north-sea", Some("disk"), Some("d-1"))
        );
        assert_eq!(Arn::of(&form, "arn:aws:s3:::orders"), None);
        assert_eq!(Arn::of(&form, "nrn/nb-a1/north-sea/disks"), None);
    }
}
