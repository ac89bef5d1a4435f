//! Names in one spelling: Terraform's.
//!
//! In: names and attributes as any source spells them. Out: `storage_encrypted` of `StorageEncrypted`; policies that are
//! written as in an address, as text.

use super::predicate::Attributes;
use serde_json::Value;
use std::borrow::Cow;

/// Attribute names in Terraform's spelling: `StorageEncrypted` and `storageEncrypted` are `storage_encrypted`.
pub(crate) fn normalised(config: &Attributes) -> Attributes {
    fn value(value: &Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(normalised(map)),
            Value::Array(items) => Value::Array(items.iter().map(value_of).collect()),
            other => other.clone(),
        }
    }
    fn value_of(one: &Value) -> Value {
        value(one)
    }
    config.iter().map(|(key, inner)| (snake_case(key), value(inner))).collect()
}

/// The same of attributes that nobody else has: what is spelt so already stays where it is.
pub(crate) fn into_normalised(config: Attributes) -> Attributes {
    fn value(of: Value) -> Value {
        match of {
            Value::Object(map) => Value::Object(into_normalised(map)),
            Value::Array(items) => Value::Array(items.into_iter().map(value).collect()),
            other => other,
        }
    }
    let spelt = |name: String| if is_spelt_so(&name) { name } else { snake_case(&name) };
    config.into_iter().map(|(key, inner)| (spelt(key), value(inner))).collect()
}

/// Whether a name is spelt as Terraform does, or is no name of an attribute.
fn is_spelt_so(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_uppercase()) || name.contains(['.', ':', '/', '-', ' '])
}

/// Whether a name is another in Terraform's spelling: most are spelt so already, and nothing is made of them.
pub(crate) fn is_spelling_of(spelt: &str, name: &str) -> bool {
    spelt == name || !is_spelt_so(name) && spelt == snake_case(name)
}

/// One name in Terraform's spelling. A run of capitals is one word, also where its first letter is small (`dBInstance`), an
/// `s` makes it several (`TargetGroupARNs`), or a version belongs to it (`CidrIPv6`).
pub(crate) fn snake_case(name: &str) -> String {
    if is_spelt_so(name) {
        return name.to_owned();
    }
    let mut letters: Vec<char> = name.chars().collect();
    if let [first, second, ..] = letters.as_mut_slice()
        && second.is_uppercase()
    {
        first.make_ascii_uppercase();
    }
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(index + 1);
        let is_plural = after == Some(&'s') && letters.get(index + 2).is_none_or(|behind| behind.is_uppercase());
        let is_version = after == Some(&'v') && letters.get(index + 2).is_some_and(char::is_ascii_digit);
        let begins_next = !is_plural && !is_version && after.is_some_and(|after| after.is_lowercase());
        let starts_word = letter.is_uppercase() && before.is_some_and(|before| *before != '_' && (!before.is_uppercase() || begins_next));
        if starts_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// Policies in AWS Config are written as in an address: `%7B%22Version%22...`.
pub(crate) fn percent_decoded(text: &str) -> String {
    if !text.starts_with("%7B") && !text.starts_with("%7b") {
        return text.to_owned();
    }
    let plain = percent_encoding::percent_decode_str(text).decode_utf8();
    plain.map_or_else(|_| text.to_owned(), Cow::into_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn attributes_say_the_same_taken_and_looked_at() {
        let text = r#"{"MultiAZ": true, "multiAZ": 1, "multi_az": null, "a b": {"KeyId": [{"ARN": 1}, "X"]}, "plain": [[{"eTag": {}}]]}"#;
        let config: Attributes = serde_json::from_str(text).unwrap();
        let looked_at = normalised(&config);
        assert_eq!(
            serde_json::to_string(&into_normalised(config)).unwrap(),
            serde_json::to_string(&looked_at).unwrap()
        );
    }

    #[test]
    fn attribute_names_become_terraforms() {
        for (written, expected) in [
            ("StorageEncrypted", "storage_encrypted"),
            ("storageEncrypted", "storage_encrypted"),
            ("MultiAZ", "multi_az"),
            ("KMSKeyId", "kms_key_id"),
            ("dBInstanceClass", "db_instance_class"),
            ("iAMDatabaseAuthenticationEnabled", "iam_database_authentication_enabled"),
            ("TargetGroupARNs", "target_group_arns"),
            ("CIDRs", "cidrs"),
            ("VPCs", "vpcs"),
            ("CidrIPv6", "cidr_ipv6"),
            ("DynamoDBv2", "dynamo_dbv2"),
            ("eTag", "e_tag"),
            ("S3BucketName", "s3_bucket_name"),
            ("storage_encrypted", "storage_encrypted"),
        ] {
            assert_eq!(snake_case(written), expected);
        }
    }
}
