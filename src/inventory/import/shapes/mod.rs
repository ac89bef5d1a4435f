//! Attributes in the shape that Terraform gives them, for types that CloudFormation and AWS Config describe otherwise.
//!
//! In: the attributes of a CloudFormation or Config type, their names in Terraform's spelling already. Out: the same with
//! Terraform's names and nesting, so that one predicate serves every source. What no predicate looks at stays as it is.

mod table;

use super::json;
use super::paths::{put, values};
use serde_json::{Map, Value};
use table::{FACTS, OPTIONS, SHAPES, TEMPLATE_DEFAULTS, TERRAFORMS};

/// From where, to where, how; both are dotted paths.
struct Move(&'static str, &'static str, How);

/// How an attribute moves.
#[derive(Clone, Copy)]
enum How {
    /// Keys along a path of the same length get other names; what is in them stays.
    Name,
    /// The first value goes where nothing is yet.
    Lift,
    /// All values, as a list.
    List,
    /// True for one of the words, false for another text; true and false as they are.
    Switch(&'static [&'static str]),
    /// What is in a block goes where the block is.
    Merge,
    /// A block for each value, which gets this name in it.
    Blocks(&'static str),
    /// A document becomes its text.
    Text,
    /// A list of keys and values becomes attributes.
    Pairs(&'static [(&'static str, &'static str)]),
    /// Config wraps a list as `{quantity, items}`.
    Unwrap,
    /// Words as the API of S3 writes them: `PublicRead` is `public-read`.
    Kebab,
    /// Rules of security groups, whatever they call ranges.
    Rules,
    /// The switches and texts of Elastic Beanstalk's options.
    Options,
}

/// The attributes in Terraform's shape.
pub(super) fn shaped(kind: &str, mut config: Map<String, Value>) -> Map<String, Value> {
    for (_, moves) in SHAPES.iter().filter(|(kinds, _)| kinds.iter().any(|known| is_of(known, kind))) {
        for one in *moves {
            one.apply(&mut config);
        }
    }
    facts(kind, &mut config, FACTS);
    config
}

/// What a template's resource gets where it says nothing.
pub(super) fn template_defaults(kind: &str, config: &mut Map<String, Value>) {
    facts(kind, config, TEMPLATE_DEFAULTS);
}

/// What Terraform's own resources say in another way than the resources whose settings they are.
pub(super) fn terraforms(kind: &str, config: &mut Map<String, Value>) {
    for (_, moves) in TERRAFORMS.iter().filter(|(known, _)| *known == kind) {
        for one in *moves {
            one.apply(config);
        }
    }
    facts(kind, config, FACTS);
}

/// Whether a type of Terraform has a list of names and values, some of which are attributes.
pub(super) fn reads_entries(kind: &str) -> bool {
    let moves = TERRAFORMS.iter().filter(|(known, _)| *known == kind).flat_map(|(_, moves)| *moves);
    moves.into_iter().any(|Move(_, _, how)| matches!(how, How::Options))
}

/// The attributes that the shape of a type of Terraform is made of.
pub(super) fn roots(kind: &str) -> impl Iterator<Item = &'static str> {
    let moves = TERRAFORMS
        .iter()
        .filter(move |(known, _)| *known == kind)
        .flat_map(|(_, moves)| *moves);
    moves.map(|Move(from, _, _)| from.split('.').next().unwrap_or(from))
}

fn facts(kind: &str, config: &mut Map<String, Value>, facts: &[(&str, &str, &str)]) {
    for (_, key, value) in facts.iter().filter(|(known, _, _)| *known == kind) {
        config.entry(*key).or_insert_with(|| (*value).into());
    }
}

fn is_of(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => pattern == kind,
    }
}

impl Move {
    fn apply(&self, config: &mut Map<String, Value>) {
        let Self(from, to, how) = self;
        let first = |config: &Map<String, Value>| values(config, from).first().map(|value| (*value).clone());
        match how {
            How::Name => rename(config, &from.split('.').collect::<Vec<_>>(), &to.split('.').collect::<Vec<_>>()),
            How::Lift => {
                if let Some(value) = first(config) {
                    put_new(config, to, value);
                }
            }
            How::List => {
                let all: Vec<Value> = values(config, from)
                    .into_iter()
                    .flat_map(|value| match value {
                        Value::Array(items) => items.clone(),
                        other => vec![other.clone()],
                    })
                    .collect();
                if !all.is_empty() {
                    put(config, to, Value::Array(all));
                }
            }
            How::Switch(words) => {
                let value = match first(config) {
                    Some(Value::Bool(flag)) => flag,
                    Some(Value::String(text)) if !text.starts_with("${") => words.iter().any(|word| word.eq_ignore_ascii_case(&text)),
                    _ => return,
                };
                put(config, to, value.into());
            }
            How::Merge => {
                let inner = match config.shift_remove(*from) {
                    Some(Value::Object(inner)) => inner,
                    Some(Value::Array(items)) => match items.into_iter().next() {
                        Some(Value::Object(inner)) => inner,
                        _ => return,
                    },
                    _ => return,
                };
                for (key, value) in inner {
                    config.entry(key).or_insert(value);
                }
            }
            How::Blocks(key) => {
                let blocks: Vec<Value> = values(config, from)
                    .into_iter()
                    .map(|value| Value::Object(Map::from_iter([((*key).to_owned(), value.clone())])))
                    .collect();
                if !blocks.is_empty() {
                    put_new(config, to, blocks.into());
                }
            }
            How::Text => {
                let value = match first(config) {
                    Some(Value::String(text)) => Value::String(json::percent_decoded(&text)),
                    Some(value @ (Value::Object(_) | Value::Array(_))) => Value::String(value.to_string()),
                    _ => return,
                };
                let (root, _) = from.split_once('.').unwrap_or((from, ""));
                config.shift_remove(root);
                put(config, to, value);
            }
            How::Pairs(keys) => {
                let pairs: Vec<(String, Value)> = match config.get(*from) {
                    Some(Value::Array(items)) => items.iter().filter_map(pair).collect(),
                    _ => return,
                };
                for (key, value) in pairs {
                    if let Some((_, to)) = keys.iter().find(|(known, _)| known.eq_ignore_ascii_case(&key)) {
                        put_new(config, to, truth(value));
                    }
                }
            }
            How::Unwrap => {
                if let Some(Value::Object(wrapped)) = config.get_mut(*from)
                    && let Some(items) = wrapped.shift_remove("items")
                {
                    config.insert((*from).to_owned(), items);
                }
            }
            How::Kebab => {
                if let Some(Value::String(text)) = config.shift_remove(*from) {
                    let mut kebab = String::new();
                    for letter in text.chars() {
                        if letter.is_uppercase() && !kebab.is_empty() {
                            kebab.push('-');
                        }
                        kebab.extend(letter.to_lowercase());
                    }
                    config.insert((*to).to_owned(), kebab.into());
                }
            }
            How::Rules => {
                if let Some(rules) = config.shift_remove(*from) {
                    let rules = match rules {
                        Value::Array(rules) => rules,
                        one => vec![one],
                    };
                    let rules: Vec<Value> = rules.into_iter().map(rule).collect();
                    config.insert((*to).to_owned(), rules.into());
                }
            }
            How::Options => {
                let options: Vec<(String, Value)> = match config.get(*from) {
                    Some(Value::Array(items)) => items.iter().filter_map(pair).collect(),
                    _ => return,
                };
                for (key, value) in options {
                    if let Some((_, to)) = OPTIONS.iter().find(|(known, _)| *known == key) {
                        put_new(config, to, truth(value));
                    }
                }
            }
        }
    }
}

/// A name and a value, whatever they are called.
fn pair(item: &Value) -> Option<(String, Value)> {
    let key = ["key", "option_name", "name"].iter().find_map(|name| item.get(*name)?.as_str())?;
    Some((key.to_owned(), item.get("value")?.clone()))
}

/// `"true"` is true.
fn truth(value: Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value,
    }
}

fn put_new(config: &mut Map<String, Value>, to: &str, value: Value) {
    if values(config, to).is_empty() {
        put(config, to, value);
    }
}

/// Gives the keys along a path other names, in all blocks on the way.
fn rename(config: &mut Map<String, Value>, from: &[&str], to: &[&str]) {
    let ([first, rest @ ..], [new, rest_new @ ..]) = (from, to) else {
        return;
    };
    if first != new {
        if config.contains_key(*new) {
            return;
        }
        if let Some(value) = config.shift_remove(*first) {
            config.insert((*new).to_owned(), value);
        }
    }
    if rest.is_empty() {
        return;
    }
    match config.get_mut(*new) {
        Some(Value::Object(inner)) => rename(inner, rest, rest_new),
        Some(Value::Array(items)) => {
            for item in items {
                if let Value::Object(inner) = item {
                    rename(inner, rest, rest_new);
                }
            }
        }
        _ => {}
    }
}

/// A rule of a security group as Terraform writes it.
fn rule(value: Value) -> Value {
    let Value::Object(mut rule) = value else { return value };
    let ranges = |rule: &Map<String, Value>, keys: &[&str], inner: &str| -> Vec<Value> {
        let mut found = Vec::new();
        for key in keys {
            match rule.get(*key) {
                Some(Value::String(range)) => found.push(Value::from(range.clone())),
                Some(Value::Array(items)) => found.extend(items.iter().filter_map(|item| match item {
                    Value::String(_) => Some(item.clone()),
                    _ => item.get(inner).cloned(),
                })),
                _ => {}
            }
        }
        found.dedup();
        found
    };
    let four = ranges(&rule, &["cidr_ip", "ip_ranges", "ipv4_ranges"], "cidr_ip");
    let six = ranges(&rule, &["cidr_ipv6", "ipv6_ranges"], "cidr_ipv6");
    for key in ["cidr_ip", "ip_ranges", "ipv4_ranges", "cidr_ipv6", "ipv6_ranges"] {
        rule.shift_remove(key);
    }
    rule.insert("cidr_blocks".to_owned(), four.into());
    rule.insert("ipv6_cidr_blocks".to_owned(), six.into());
    rename(&mut rule, &["ip_protocol"], &["protocol"]);
    if rule.get("protocol").is_some_and(|protocol| *protocol == -1) {
        rule.insert("protocol".to_owned(), "-1".into());
    }
    Value::Object(rule)
}
