//! What must not leave the file: passwords, keys, tokens, and values that look like one.
//!
//! In: a resource's attributes as state has them, in plain text. Out: the same without anything secret. Terraform's
//! own marks (`sensitive_attributes`) are followed, but not relied on: older versions wrote none, and none reach into
//! a text that is JSON itself.
//! Switches and counts stay whatever they are called, as do attributes that say something *about* a secret, such as
//! `secret_arn` or `password_reuse_prevention`, since duties are judged by them.

use serde_json::{Map, Value};
use std::sync::Arc;

/// A key with one of these in it, without regard to case and separators, holds a secret.
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "password", "passwd", "passphrase", "secret", "token", "credential", "privatekey", "apikey", "accesskey",
    "presharedkey", "sharedkey", "authkey", "keymaterial", "plaintext", "userdata", "connectionstring",
    "extraconnectionattributes", "customergatewayconfiguration", "authparameters", "airflowconfigurationoptions",
];

/// Keys that are secret as a whole only.
const WORDS: &[&str] = &["pwd", "psk", "dsn"];

/// A key that ends in one of these words says something about a secret.
#[rustfmt::skip]
const ABOUT: &[&str] = &[
    "age", "arn", "arns", "count", "date", "days", "duration", "enabled", "encryption", "endpoint", "expiration",
    "expiry", "hours", "id", "ids", "length", "limit", "method", "minutes", "mode", "name", "names", "policies",
    "policy", "prevention", "required", "rotation", "seconds", "state", "status", "strategy", "ttl", "type", "units",
    "uri", "url", "validity", "version",
];

/// The attribute that says whether instance metadata needs a session token.
const METADATA_TOKENS: &str = "httptokens";

/// Keys of environment variables and the like: the names may be known, their values not.
#[rustfmt::skip]
const VARIABLES: &[&str] = &[
    "environment", "environmentvariable", "environmentvariables", "envvars", "runtimeenvironmentvariables",
    "stagevariables", "variables", "customheader", "customheaders",
];

/// Keys of an entry's name and of its value, where a list has an entry for each setting.
const ENTRY_NAMES: &[&str] = &["name", "key", "parametername", "parameterkey", "optionname", "headername"];
const ENTRY_VALUES: &[&str] = &["value", "values", "defaultvalue", "parametervalue"];

/// Attributes that hold secrets or data under a name that does not tell.
const BY_TYPE: &[(&str, &[&str])] = &[
    ("aws_api_gateway_api_key", &["value"]),
    ("aws_appconfig_hosted_configuration_version", &["content"]),
    ("aws_appsync_api_key", &["id", "key"]),
    ("aws_cloudformation_stack", &["parameters", "outputs"]),
    ("aws_cloudformation_stack_set", &["parameters"]),
    ("aws_cloudformation_stack_set_instance", &["parameter_overrides"]),
    ("aws_dynamodb_table_item", &["item"]),
    ("aws_grafana_workspace_api_key", &["key"]),
    ("aws_grafana_workspace_service_account_token", &["key"]),
    ("aws_lambda_invocation", &["input", "result"]),
    ("aws_s3_bucket_object", &["content", "content_base64"]),
    ("aws_s3_object", &["content", "content_base64"]),
    ("aws_ssm_parameter", &["value", "insecure_value"]),
    ("awscc_apigateway_api_key", &["value"]),
    ("awscc_ssm_parameter", &["value"]),
    ("AWS::SSM::Parameter", &["value"]),
    ("AWS::AppConfig::HostedConfigurationVersion", &["content"]),
    ("AWS::CloudFormation::Stack", &["parameters"]),
];

/// JSON in a text in JSON: further down nothing is looked for, and so nothing kept.
const TEXTS: usize = 3;

/// The attributes without anything secret. `sensitive` is the list of paths that Terraform wrote next to them.
pub(super) fn without(kind: &str, mut attributes: Map<String, Value>, sensitive: Option<&Value>) -> Map<String, Value> {
    if let Some((_, keys)) = BY_TYPE.iter().find(|(known, _)| *known == kind) {
        attributes.retain(|key, _| !keys.contains(&key.as_str()));
    }
    fields(unmarked(attributes, sensitive), false, 0)
}

/// The attributes without those that Terraform marked.
pub(super) fn unmarked(attributes: Map<String, Value>, sensitive: Option<&Value>) -> Map<String, Value> {
    let paths = match sensitive {
        None | Some(Value::Null) => return attributes,
        Some(Value::Array(paths)) => paths,
        Some(_) => return Map::new(),
    };
    let mut root = Value::Object(attributes);
    let mut all = false;
    for path in paths {
        let steps = if let Value::Array(steps) = path {
            steps.as_slice()
        } else {
            std::slice::from_ref(path)
        };
        all |= drop_path(&mut root, steps);
    }
    match root {
        Value::Object(attributes) if !all => attributes,
        _ => Map::new(),
    }
}

/// Tags without those that are secret by their key or by what they say.
pub(super) fn open_tags(mut tags: Vec<(Arc<str>, String)>) -> Vec<(Arc<str>, String)> {
    tags.retain(|(key, value)| !names_a_secret(key) && !looks_secret(value) && !looks_secret(key) && !assigns_secret(value));
    tags
}

/// Whether something of this name is secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    is_secret_name(&squashed(name), name)
}

/// Drops what a path leads to; true where that is `value` itself. A step that cannot be followed drops all that it may
/// mean.
fn drop_path(value: &mut Value, steps: &[Value]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let step = match step.get("value") {
        // An index is a value with its type.
        Some(Value::Object(index)) => index.get("value"),
        Some(other) => Some(other),
        None => Some(step),
    };
    match (value, step) {
        (Value::Null, _) => false,
        (Value::Object(map), Some(Value::String(key))) => {
            if map.get_mut(key).is_some_and(|inner| drop_path(inner, rest)) {
                map.shift_remove(key);
            }
            false
        }
        (Value::Array(items), Some(Value::Number(index))) => {
            let item = index.as_u64().and_then(|index| items.get_mut(usize::try_from(index).ok()?));
            // Other paths count on the places of the items, so one that goes leaves its place.
            if let Some(item) = item
                && drop_path(item, rest)
            {
                *item = Value::Null;
            }
            false
        }
        _ => true,
    }
}

fn fields(map: Map<String, Value>, of_variables: bool, texts: usize) -> Map<String, Value> {
    let hides_value = of_variables || map.iter().any(|(key, value)| names_secret(key, value));
    map.into_iter()
        .filter_map(|(key, value)| {
            let kept = if is_open(&value) {
                Some(value)
            } else {
                let name = squashed(&key);
                let holds_variables = VARIABLES.contains(&name.as_str());
                let hidden = (hides_value && ENTRY_VALUES.contains(&name.as_str()))
                    || (holds_variables && value.is_object())
                    || is_secret_name(&name, &key);
                if hidden { None } else { kept(value, holds_variables, texts) }
            };
            Some((key, kept?))
        })
        .collect()
}

/// Whether an entry of a list of settings is one whose value is secret, judged by one of its fields.
fn names_secret(key: &str, value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    let name = squashed(key);
    (ENTRY_NAMES.contains(&name.as_str()) && is_secret_name(&squashed(text), text))
        || (name == "namespace" && text.ends_with(":environment"))
}

fn kept(value: Value, of_variables: bool, texts: usize) -> Option<Value> {
    match value {
        Value::Object(map) => Some(Value::Object(fields(map, of_variables, texts))),
        Value::Array(items) => Some(items.into_iter().filter_map(|item| kept(item, of_variables, texts)).collect()),
        Value::String(text) => kept_text(text, texts).map(Value::String),
        other => Some(other),
    }
}

/// A text as far as it may be kept; one that is JSON (a policy, container definitions) is looked into.
fn kept_text(text: String, texts: usize) -> Option<String> {
    if text.trim_start().starts_with(['{', '['])
        && let Ok(inner) = serde_json::from_str::<Value>(&text)
    {
        // The keys of a policy are of its language; it is judged by its text, which therefore stays as it is.
        if inner.get("Statement").is_some() {
            return Some(text).filter(|text| !looks_secret(text));
        }
        if texts == TEXTS {
            return None;
        }
        let open = kept(inner.clone(), false, texts + 1)?;
        return Some(if open == inner { text } else { open.to_string() }).filter(|text| !looks_secret(text));
    }
    Some(text).filter(|text| !looks_secret(text) && !assigns_secret(text))
}

/// Whether a value gives nothing away, whatever it is called.
fn is_open(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::String(text) => matches!(text.as_str(), "" | "true" | "false"),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Number(_) => false,
    }
}

/// Whether a key, in one spelling and in its own, is the name of a secret.
fn is_secret_name(name: &str, key: &str) -> bool {
    let is_word = |word: &str| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    let marked = MARKS.iter().any(|mark| name.contains(mark)) || key.split(|letter: char| !letter.is_alphanumeric()).any(is_word);
    let about = || name.ends_with(METADATA_TOKENS) || ABOUT.contains(&last_word(key).as_str());
    marked && (name.ends_with("accesskeyid") || !about())
}

/// A key in one spelling: `OAuthToken`, `oauth-token` and `oauth_token` are `oauthtoken`.
fn squashed(key: &str) -> String {
    key.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// `arn` of `secret_arn` and of `SecretARN`.
fn last_word(key: &str) -> String {
    let word = key.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or(key);
    let mut start = 0;
    let mut before = 'A';
    for (at, letter) in word.char_indices() {
        if letter.is_uppercase() && !before.is_uppercase() {
            start = at;
        }
        before = letter;
    }
    word[start..].to_lowercase()
}

/// How well-known tokens begin, and how many letters, digits, `-` and `_` follow at least.
#[rustfmt::skip]
const TOKENS: &[(&str, usize)] = &[
    ("AKIA", 16), ("ASIA", 16), ("ghp_", 30), ("gho_", 30), ("ghs_", 30), ("github_pat_", 30), ("glpat-", 20),
    ("xoxb-", 20), ("xoxp-", 20), ("sk_live_", 20), ("hvs.", 20),
];

/// Whether a text has something in it that looks like a private key, an access key, a token, or a password in an
/// address.
pub(super) fn looks_secret(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
        || TOKENS.iter().any(|(begin, least)| {
            text.match_indices(begin).any(|(at, _)| {
                let starts = !text[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric());
                starts && text[at + begin.len()..].chars().take_while(is_token_letter).count() >= *least
            })
        })
        || text.match_indices("eyJ").any(|(at, _)| {
            let run = text[at..]
                .split(|letter| !is_token_letter(&letter) && letter != '.')
                .next()
                .unwrap_or_default();
            let mut parts = run.split('.');
            let mut long = || parts.next().is_some_and(|part| part.len() >= 10);
            long() && long() && parts.next().is_some()
        })
        || text.match_indices("://").any(|(at, mark)| {
            let rest = &text[at + mark.len()..];
            let authority = rest
                .split(|letter: char| letter == '/' || letter.is_whitespace())
                .next()
                .unwrap_or_default();
            authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
        })
}

fn is_token_letter(letter: &char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

/// Whether a text that is no JSON sets a secret: `password=...`, `"token": "..."`, `api_key: ...`.
fn assigns_secret(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "secret",
        "token",
        "api_key",
        "apikey",
        "access_key",
        "accountkey",
        "private_key",
    ];
    let text = text.to_lowercase();
    NAMES.iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let rest = &text[at + name.len()..];
            let bare = rest.trim_start_matches(['"', '\'', ' ', '\\']);
            let quoted = rest.starts_with(['"', '\'', '\\']);
            // In an ARN a colon separates: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:name`.
            match bare.strip_prefix(':') {
                Some(value) => (quoted || value.starts_with([' ', '"', '\''])) && !value.trim().is_empty(),
                None => bare.strip_prefix('=').is_some_and(|value| !value.trim().is_empty()),
            }
        })
    })
}
