//! Policies: documents whose keys are of a language of their own.
//!
//! In: the statements of a policy. Out: the same without what only the two sides of a condition know, and without texts that hold a
//! secret. A name such as `aws:TokenIssueTime` says nothing secret here.

use super::NOT_TOLD;
use super::knowledge::knowledge;
use super::names::told;
use crate::catalog::letters;
use crate::catalog::predicate::{NAMED_NOT_TOLD, SPEAK_OF, is_named};
use serde_json::{Map, Value};

/// Whether a text holds a secret.
type IsSecret<'a> = &'a dyn Fn(&str) -> bool;

/// Whether it is a key of a statement.
fn is_of_statement(key: &str) -> bool {
    let key = letters(key);
    SPEAK_OF.contains(&&*key) || key == "sid" || key == "condition"
}

/// Whether these are a policy's statements. Rules of firewalls are called so, too, and have no effect.
pub(super) fn are_statements(key: &str, value: &Value) -> bool {
    let has_effect = |one: &Value| one.as_object().is_some_and(is_statement);
    told(key).is_statement && (has_effect(value) || value.as_array().is_some_and(|items| items.iter().any(has_effect)))
}

/// Whether a map is a statement: what goes from it leaves a mark, since it would reach further without.
pub(crate) fn is_statement(map: &Map<String, Value>) -> bool {
    map.keys().any(|key| told(key).is_effect)
}

/// The statements without anything secret: `is_secret` judges texts, and `rest` opens what is in another language.
pub(super) fn open(statements: Value, is_secret: IsSecret<'_>, rest: &dyn Fn(Map<String, Value>) -> Map<String, Value>) -> Value {
    match statements {
        Value::Array(items) => items.into_iter().map(|item| open(item, is_secret, rest)).collect(),
        Value::Object(statement) => {
            let (own, other): (Map<_, _>, Map<_, _>) = statement.into_iter().partition(|(key, _)| is_of_statement(key));
            let mut open: Map<String, Value> = own.into_iter().map(|(key, value)| (key, spoken(value, is_secret))).collect();
            open.extend(rest(other));
            Value::Object(open)
        }
        other => spoken(other, is_secret),
    }
}

/// A value in the language of policies; a text that holds a secret stays as one that is not told, since a condition that is left
/// out would let the statement reach further.
fn spoken(value: Value, is_secret: IsSecret<'_>) -> Value {
    match value {
        Value::Object(map) => {
            let policy_keys = &knowledge().policy_keys;
            let is_shared = |key: &str| policy_keys.iter().any(|known| known.eq_ignore_ascii_case(key));
            let told = |key: &str, value| if is_shared(key) { untold(value) } else { spoken(value, is_secret) };
            map.into_iter().map(|(key, value)| (key.clone(), told(&key, value))).collect()
        }
        Value::Array(items) => items.into_iter().map(|item| spoken(item, is_secret)).collect(),
        Value::String(text) if is_secret(&text) => (if is_named(&text) { NAMED_NOT_TOLD } else { NOT_TOLD }).into(),
        other => other,
    }
}

/// As many values, none of them told but those that name nothing: a condition on any value at all narrows nothing.
fn untold(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(untold).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, untold(value))).collect(),
        Value::String(text) if text.chars().all(|letter| matches!(letter, '*' | '?')) => text.into(),
        Value::String(text) if !is_named(&text) => "*".into(),
        Value::String(_) | Value::Number(_) => NAMED_NOT_TOLD.into(),
        Value::Null | Value::Bool(_) => value,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::catalog::predicate::{Attributes, Predicate, Truth};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// Every test of a policy, by keys that are told and keys that are not.
    const ASKED: &[&str] = &[
        "denies: {'aws:SecureTransport': false}",
        "denies: {'aws:SecureTransport': false}, below: /*",
        "denies: {'aws:Referer': letmein}",
        "only_with: ['aws:SourceVpce']",
        "only_with: ['aws:Referer']",
        "only_with: ['sts:ExternalId', 'aws:UserAgent']",
        "public: {narrowed_by: ['aws:PrincipalOrgID']}",
        "public: {narrowed_by: ['aws:Referer', 'sts:ExternalId']}",
        "allows: ['*', 'sts:AssumeRole']",
    ];
    const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

    /// What each test says of a policy, as a value and as a text, before and after; and the policy after.
    fn answers(policy: &Value) -> (Vec<(String, Truth, Truth)>, String) {
        let (mut found, mut told) = (Vec::new(), String::new());
        for policy in [policy.clone(), Value::String(policy.to_string())] {
            let whole = Attributes::from_iter([("policy".to_owned(), policy)]);
            let open = super::super::without("aws_s3_bucket_policy", whole.clone());
            for asked in ASKED {
                for text in [
                    format!("policy: {{policy: {{{asked}}}}}"),
                    format!("policy: {{not: {{policy: {{{asked}}}}}}}"),
                ] {
                    let predicate: Predicate = serde_yaml::from_str(&text).unwrap();
                    found.push((text, predicate.holds(&whole), predicate.holds(&open)));
                }
            }
            told.push_str(&Value::Object(open).to_string());
        }
        (found, told)
    }

    fn statements(texts: Vec<&'static str>) -> impl Strategy<Value = Value> {
        let one = |of: Vec<Value>| prop::sample::select(of);
        let keys = [
            "aws:Referer",
            "AWS:referer",
            "sts:ExternalId",
            "aws:UserAgent",
            "aws:SecureTransport",
            "aws:SourceVpce",
        ];
        let texts: Vec<Value> = texts.into_iter().map(Value::from).collect();
        let values = prop_oneof![
            one(texts.clone()),
            prop::collection::vec(one(texts), 0..3).prop_map(Value::from),
            one(vec![json!(false), json!(7), json!(null), json!(["false"]), json!("false")]),
        ];
        let operators = [
            "Bool",
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringEqualsIfExists",
            "string_not_like",
            "Null",
        ];
        let condition = (
            prop::sample::select(operators.to_vec()),
            prop::sample::select(keys.to_vec()),
            values,
        );
        let conditions = prop::collection::vec(condition, 0..3).prop_map(|conditions| {
            let mut all = json!({});
            for (operator, key, value) in conditions {
                all[operator][key] = value;
            }
            all
        });
        let statement = (
            one(vec![json!("Deny"), json!("Allow")]),
            one(vec![
                json!("*"),
                json!({"AWS": "*"}),
                json!({"AWS": "arn:aws:iam::111122223333:root"}),
            ]),
            one(vec![json!("*"), json!("s3:*"), json!("sts:AssumeRole")]),
            one(vec![json!("*"), json!("arn:aws:s3:::assets/*")]),
            conditions,
        );
        let statement = statement.prop_map(|(effect, principal, action, resource, condition)| {
            json!({"Sid": "A", "Effect": effect, "Principal": principal, "Action": action, "Resource": resource, "Condition": condition})
        });
        prop::collection::vec(statement, 1..3).prop_map(Value::from)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn what_is_not_told_changes_no_answer(
            statements in statements(vec!["letmein", "*", "?*", "", "10.0.0.0/0", "10.0.0.0/9", "hunter2/0", "vpce-*", "let*", "vpce-1", KEY]),
        ) {
            let (found, told) = answers(&json!({"Version": "2012-10-17", "Statement": statements}));
            for (asked, before, after) in found {
                // Whether a value is the one that is asked for cannot be said any more; everything else can.
                let is_compared = asked.contains("letmein") || (asked.contains("denies") && statements.to_string().contains(KEY));
                let is_open = is_compared && after == Truth::Unknown;
                prop_assert!(before == after || is_open, "{asked}: {before:?}, then {after:?}: {statements}");
            }
            prop_assert!(!told.contains(KEY), "{told}");
        }
    }

    #[test]
    fn of_what_is_not_told_nothing_is_said() {
        let deny = |changes: Value| {
            let mut statement = json!({
                "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            });
            statement.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            json!({"Statement": [statement]})
        };
        for secret in [
            json!({"Resource": format!("arn:aws:s3:::{KEY}/*")}),
            json!({"Action": [format!("{KEY}:*")]}),
            json!({"Principal": {"AWS": ["*", KEY]}}),
        ] {
            let (found, told) = answers(&deny(secret));
            assert!(!told.contains(KEY), "{told}");
            assert!(found.iter().all(|(_, _, after)| *after == Truth::Unknown), "{found:?}");
        }
        // A statement that is none stays what it is.
        let (found, told) = answers(&json!({"Statement": [deny(json!({}))["Statement"][0], KEY]}));
        assert!(!told.contains(KEY), "{told}");
        assert!(
            found
                .iter()
                .all(|(_, before, after)| *before == Truth::Unknown && *after == Truth::Unknown),
            "{found:?}"
        );
    }
}
