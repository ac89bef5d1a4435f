//! ARNs: what a provider calls every resource by; and the number that an account has in them.
//!
//! In: a text. Out: its fields, or none where it is no ARN. What namespaces and types mean is the services' `aliases` to
//! say, and which partitions and Regions there are `partitions.yaml`.

/// What an ARN begins with.
const SCHEME: &str = "arn";

/// How many digits the number of an account has.
pub const ACCOUNT_DIGITS: usize = 12;

/// Whether a text is the number of an account.
#[must_use]
pub fn is_account(text: &str) -> bool {
    text.len() == ACCOUNT_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The fields of an ARN; Region and account are empty for what is in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
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
        let mut fields = text.splitn(6, ':');
        if fields.next() != Some(SCHEME) {
            return None;
        }
        Some(Self {
            partition: fields.next()?,
            namespace: fields.next()?,
            region: fields.next()?,
            account: fields.next()?,
            resource: fields.next()?,
        })
    }

    /// Whether a text begins as an ARN does.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        text.strip_prefix(SCHEME).is_some_and(|rest| rest.starts_with(':'))
    }

    /// Whether a text has something in it that begins as an ARN does.
    #[must_use]
    pub fn begins_in(text: &str) -> bool {
        text.match_indices(SCHEME).any(|(at, _)| Self::begins(&text[at..]))
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
        assert!(is_account("012345678901"));
        for other in ["", "12345678901", "1234567890123", "12345678901x", "aws", "１２３４"] {
            assert!(!is_account(other), "{other}");
        }
    }
}
