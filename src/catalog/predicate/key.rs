//! Whether a text is how a key is named, and whose key that is.
//!
//! In: a value. Out: whether it names a key of the customer's own, or any key at all. How a provider names keys stands in its
//! `provider.yaml` ([`Naming`]); a reference that a template leaves to its deployment is to what the template makes, and so
//! the customer's. Any other text may as well say in somebody's own words that there is no such key, so it tells nothing.

use super::value::{is_unset, says_no};
use super::{NOT_TOLD, Truth};
use crate::catalog::names::{Naming, key_naming};
use serde_json::Value;

/// Whose key is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyTest {
    /// One that the customer manages.
    Customers,
    /// Any key: the provider's, too.
    Any,
}

impl KeyTest {
    pub(super) fn decode(value: &Value) -> Result<Self, String> {
        match value.as_str() {
            Some("customers") => Ok(Self::Customers),
            Some("any") => Ok(Self::Any),
            _ => Err("`key` takes `customers` or `any`".to_owned()),
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Customers => "names a key of the customer's own",
            Self::Any => "names a key",
        }
    }

    pub(super) fn negated(self) -> &'static str {
        match self {
            Self::Customers => "names no key of the customer's own",
            Self::Any => "names no key",
        }
    }

    pub(super) fn holds(self, value: &Value) -> Truth {
        match value {
            _ if is_unset(value) => Truth::No,
            _ if says_no(value) => Truth::Unknown,
            Value::Array(items) => match items.as_slice() {
                [one] => self.holds(one),
                _ => Truth::Unknown,
            },
            Value::String(text) => self.of(text.trim()),
            _ => Truth::Unknown,
        }
    }

    fn of(self, text: &str) -> Truth {
        if is_whole_reference(text) {
            return Truth::Yes;
        }
        // What a part of it will be may decide whose it is.
        if text.contains(NOT_TOLD) || text.contains("${") {
            return Truth::Unknown;
        }
        match (self, key_naming(text)) {
            (_, Some(Naming::Customers)) | (Self::Any, Some(Naming::Providers)) => Truth::Yes,
            (Self::Customers, Some(Naming::Providers)) => Truth::No,
            (_, None) => Truth::Unknown,
        }
    }
}

/// Whether a text is one reference and nothing else, as an importer leaves it of a template: `${Key.Arn}`.
fn is_whole_reference(text: &str) -> bool {
    let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| {
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
        !inner.is_empty() && inner.chars().all(is_name) && inner.starts_with(|first: char| first.is_ascii_alphabetic())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_names_a_key_is_one() {
        use Truth::{No, Unknown, Yes};
        let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
        for (text, customers, any) in [
            (json!(format!("arn:aws:kms:eu-west-1:111122223333:key/{id}")), Yes, Yes),
            (
                json!("arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"),
                Yes,
                Yes,
            ),
            (json!("arn:aws:kms:eu-west-1:111122223333:alias/orders"), Yes, Yes),
            (json!("arn:aws:kms:eu-west-1:111122223333:alias/aws/rds"), No, Yes),
            (json!("arn:aws:kms:eu-west-1:111122223333:alias/"), Unknown, Unknown),
            (json!("arn:aws:kms:eu-west-1:111122223333:alias/${Name}"), Unknown, Unknown),
            (json!("arn:aws:s3:::key/a"), Unknown, Unknown),
            (json!("alias/orders"), Yes, Yes),
            (json!(["alias/orders"]), Yes, Yes),
            (json!("alias/aws/sqs"), No, Yes),
            (json!("aws/sqs"), No, Yes),
            (json!(id), Yes, Yes),
            (json!(id.to_uppercase()), Yes, Yes),
            (json!("mrk-1234abcd12ab34cd56ef1234567890ab"), Yes, Yes),
            (json!("mrk-1"), Unknown, Unknown),
            (json!("${Key.Arn}"), Yes, Yes),
            (json!("${var.key == null ? 1 : 2}"), Unknown, Unknown),
            (json!(NOT_TOLD), Unknown, Unknown),
            (json!("AWS owned key"), Unknown, Unknown),
            (json!("AWS_OWNED_KMS_KEY"), Unknown, Unknown),
            (json!("unknown"), Unknown, Unknown),
            (json!("default"), Unknown, Unknown),
            (json!("tbd"), Unknown, Unknown),
            (json!("none"), Unknown, Unknown),
            (json!(true), Unknown, Unknown),
            (json!({"a": 1}), Unknown, Unknown),
            (json!(""), No, No),
            (json!(null), No, No),
            (json!([]), No, No),
        ] {
            assert_eq!(KeyTest::Customers.holds(&text), customers, "{text}");
            assert_eq!(KeyTest::Any.holds(&text), any, "{text}");
        }
    }
}
