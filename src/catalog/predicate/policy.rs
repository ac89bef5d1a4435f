//! Tests of a policy, statement by statement.
//!
//! In: a document of the JSON policy language (`Statement`, `Effect`, `Principal`, `Action`, `Condition`), as a text or as
//! a value. Out: what it denies or allows. Which condition keys and actions matter is the catalog's to say. A text that
//! cannot be read as a policy tells nothing, and neither does one of which something that decides is not told; an attribute
//! that is known to be unset is a policy without statements.
//!
//! The grammar is that of AWS's "Grammar of the IAM JSON policy language".

mod owners;
#[cfg(test)]
mod tests;

use super::{NOT_TOLD, Truth};
use crate::catalog::Arn;
use serde_json::{Map, Value};

/// The elements of a statement that say of whom and what it speaks, without case and separators (IAM User Guide, "JSON
/// policy element reference").
pub(crate) const SPEAK_OF: [&str; 7] = [
    "effect",
    "principal",
    "notprincipal",
    "action",
    "notaction",
    "resource",
    "notresource",
];

/// A test of a policy.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PolicyTest {
    /// Statements deny everybody everything where a condition key has this value: on every resource, or together on the
    /// one and on all that lies below it, so written (`/*`); `of`: the namespace whose actions are everything, or an action.
    Denies {
        key: String,
        value: String,
        below: Option<String>,
        of: Option<String>,
    },
    /// Nothing is allowed without one of these condition keys having a value that is named.
    OnlyWith(Vec<String>),
    /// Everybody is allowed something, and none of these condition keys narrows it.
    Public { narrowed_by: Vec<String> },
    /// A statement allows one of these actions, so written; `everywhere`: on no named resources; `alone`: and none denies any.
    Allows {
        actions: Vec<String>,
        everywhere: bool,
        alone: bool,
    },
    /// A statement allows everybody one of these actions, so written, on everything and in every case.
    Unrestricted(Vec<String>),
    /// A statement, whatever it says, has a condition over one of these keys.
    SpeaksOf(Vec<String>),
}

impl PolicyTest {
    pub(super) fn holds(&self, value: &Value) -> Truth {
        let Some(statements) = statements(value) else {
            return Truth::Unknown;
        };
        let compared = match self {
            Self::Denies { key, .. } => Some(key.as_str()),
            Self::OnlyWith(_) | Self::Public { .. } | Self::Allows { .. } | Self::Unrestricted(_) | Self::SpeaksOf(_) => None,
        };
        if statements.iter().any(|one| one.is_untold(compared)) {
            return Truth::Unknown;
        }
        let is = match self {
            Self::Denies { key, value, below, of } => {
                let named = |one: &Statement| one.field("resource").and_then(texts).unwrap_or_default();
                let denying = |one: &&Statement| one.denies(key, value, of.as_deref()) && one.field("notresource").is_none();
                let denied: Vec<String> = statements.iter().filter(denying).flat_map(named).collect();
                let is = match below {
                    None => statements.iter().any(|one| denying(&one)),
                    Some(below) => reach_all(&denied, below),
                };
                let all: Vec<String> = statements.iter().flat_map(named).collect();
                if is && !owners::are_of_one(&denied, &all, of.as_deref()) {
                    return Truth::Unknown;
                }
                is
            }
            Self::OnlyWith(keys) => {
                if statements.iter().any(|one| one.may_name_anything(keys)) {
                    return Truth::Unknown;
                }
                let mut guards = statements.iter().filter(|one| one.denies_without(keys));
                let mut allowing = statements.iter().filter(|one| one.effect_is("allow")).peekable();
                let is = allowing.peek().is_some()
                    && (guards.any(|one| one.is_for_every_action() && one.is_for_all()) || allowing.all(|one| one.is_narrowed_by(keys)));
                // A guard of some actions, of a part or of some requests may be all that is needed there, and may not.
                if !is && statements.iter().any(|one| one.is_guard(keys)) {
                    return Truth::Unknown;
                }
                is
            }
            Self::Public { narrowed_by } => {
                let is = statements
                    .iter()
                    .any(|one| one.effect_is("allow") && one.is_for_anybody() && !one.is_narrowed_by(narrowed_by));
                // Where all but some are denied, those may be all that is left.
                if is
                    && statements
                        .iter()
                        .any(|one| one.effect_is("deny") && one.field("notprincipal").is_some())
                {
                    return Truth::Unknown;
                }
                is
            }
            Self::Allows { actions, everywhere, .. } => statements
                .iter()
                .any(|one| one.effect_is("allow") && one.has_action(actions) && (!everywhere || one.is_on_everything())),
            Self::Unrestricted(actions) => statements.iter().any(|one| one.allows_everybody(actions)),
            Self::SpeaksOf(keys) => {
                let conditions = statements.iter().map(Statement::conditions);
                // Of conditions that cannot be read nothing is known.
                let speaks = |found: Option<Vec<(String, String, Vec<String>)>>| match found {
                    Some(found) => found.iter().any(|(_, key, _)| is_one_of(key, keys)).into(),
                    None => Truth::Unknown,
                };
                return Truth::any(conditions.map(speaks));
            }
        };
        // What is denied may be all that matters.
        let is_alone = matches!(self, Self::Unrestricted(_) | Self::Allows { alone: true, .. });
        if is && is_alone && statements.iter().any(|one| one.effect_is("deny")) {
            return Truth::Unknown;
        }
        is.into()
    }

    pub(super) fn words(&self) -> String {
        let list = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match self {
            Self::Denies { key, value, .. } => format!("denies everybody everything where `{key}` is `{value}`"),
            Self::OnlyWith(keys) => format!("allows nothing unless one of {} is named", list(keys)),
            Self::Public { narrowed_by } => format!("allows everybody something without {}", list(narrowed_by)),
            Self::Allows {
                actions,
                everywhere,
                alone,
            } => format!(
                "allows one of {}{}{}",
                list(actions),
                if *everywhere { " on every resource" } else { "" },
                if *alone { " and denies nothing" } else { "" },
            ),
            Self::Unrestricted(actions) => format!("allows everybody one of {} on everything", list(actions)),
            Self::SpeaksOf(keys) => format!("has a condition over {}", list(keys)),
        }
    }

    pub(super) fn decode(value: Value) -> Result<Self, String> {
        let wrong = || {
            "`policy` takes one of `denies: {KEY: VALUE}` (and with it `below: /*` and `of: NAMESPACE` or `of: ACTION`), `only_with: [KEY...]`, `public: {narrowed_by: [KEY...]}`, `allows: [ACTION...]` (and with it `everywhere: true` and `alone: true`), `unrestricted: [ACTION...]`, `speaks_of: [KEY...]`"
                .to_owned()
        };
        let Value::Object(mut fields) = value else { return Err(wrong()) };
        let (below, of) = (fields.shift_remove("below"), fields.shift_remove("of"));
        let (everywhere, alone) = (fields.shift_remove("everywhere"), fields.shift_remove("alone"));
        let mut fields = fields.into_iter();
        let (Some((name, value)), None) = (fields.next(), fields.next()) else {
            return Err(wrong());
        };
        let names = |value: &Value| texts(value).filter(|names| !names.is_empty()).ok_or_else(wrong);
        match (name.as_str(), &value) {
            ("denies", Value::Object(condition)) if condition.len() == 1 => {
                let (key, value) = condition.iter().next().ok_or_else(wrong)?;
                let value = texts(value).and_then(|mut values| values.pop()).ok_or_else(wrong)?;
                let text = |value: Option<Value>| match value {
                    None => Ok(None),
                    Some(Value::String(text)) => Ok(Some(text)),
                    Some(_) => Err(wrong()),
                };
                Ok(Self::Denies {
                    key: key.clone(),
                    value,
                    below: text(below)?,
                    of: text(of)?,
                })
            }
            ("allows", value) if below.is_none() && of.is_none() => Ok(Self::Allows {
                actions: names(value)?,
                everywhere: everywhere.is_some_and(|value| value == true),
                alone: alone.is_some_and(|value| value == true),
            }),
            _ if below.is_some() || of.is_some() || everywhere.is_some() || alone.is_some() => Err(wrong()),
            ("only_with", value) => Ok(Self::OnlyWith(names(value)?)),
            ("public", Value::Object(fields)) if fields.len() == 1 => Ok(Self::Public {
                narrowed_by: names(fields.get("narrowed_by").ok_or_else(wrong)?)?,
            }),
            ("unrestricted", value) => Ok(Self::Unrestricted(names(value)?)),
            ("speaks_of", value) => Ok(Self::SpeaksOf(names(value)?)),
            _ => Err(wrong()),
        }
    }
}

/// Whether resources that statements name come to all: one is all, or one is named whole, and so is all below it, in whatever
/// spelling each, since no policy may name what it is not attached to; a name that ends openly (`arn:aws:s3:::logs*`) takes both.
fn reach_all(resources: &[String], below: &str) -> bool {
    let is_path = |name: &str| name.contains(['/', '*', '?']);
    let is_whole = |name: &str| {
        let is_it = |one: &String| one == name || !is_path(one) && !is_path(name);
        !name.contains(['*', '?']) && resources.iter().any(is_it)
    };
    resources.iter().any(|resource| {
        let is_open = resource.strip_suffix('*').is_some_and(|name| !is_path(name));
        resource == "*" || is_open || resource.strip_suffix(below).is_some_and(is_whole)
    })
}

/// Whether a principal, or one of a list, is `*`.
fn is_any(value: &Value) -> bool {
    texts(value).is_some_and(|names| names.iter().any(|name| name == "*"))
}

/// One statement.
struct Statement(Map<String, Value>);

/// The statements of a policy; none where it cannot be read as one.
fn statements(value: &Value) -> Option<Vec<Statement>> {
    let document = match value {
        Value::Null => return Some(Vec::new()),
        Value::String(text) if text.trim().is_empty() => return Some(Vec::new()),
        Value::String(text) => serde_json::from_str(text).ok()?,
        Value::Array(items) => match items.as_slice() {
            [] => return Some(Vec::new()),
            [only] => return statements(only),
            _ => return None,
        },
        other => other.clone(),
    };
    let Value::Object(mut policy) = document else { return None };
    let key = field_name(&policy, "statement")?;
    let list = match policy.remove(&key)? {
        Value::Array(items) => items,
        one @ Value::Object(_) => vec![one],
        _ => return None,
    };
    list.into_iter()
        .map(|statement| match statement {
            Value::Object(fields) if field_name(&fields, "effect").is_some() => Some(Statement(fields)),
            _ => None,
        })
        .collect()
}

/// A field's name as it is written; letter case and separators do not count, since sources spell it differently.
fn field_name(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let plain = |key: &str| {
        key.chars()
            .filter(|c| c.is_ascii_alphanumeric())
            .collect::<String>()
            .to_ascii_lowercase()
    };
    fields.keys().find(|key| plain(key) == name).cloned()
}

impl Statement {
    fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(&field_name(&self.0, name)?)
    }

    fn effect_is(&self, effect: &str) -> bool {
        self.field("effect")
            .and_then(Value::as_str)
            .is_some_and(|found| found.eq_ignore_ascii_case(effect))
    }

    /// Whether it speaks of anybody of some kind: who comes from any identity provider is one. A statement without a principal is
    /// one of an identity: not everybody's. One for all but some is.
    fn is_for_anybody(&self) -> bool {
        if self.field("notprincipal").is_some() {
            return true;
        }
        match self.field("principal") {
            Some(Value::Object(kinds)) => kinds.values().any(is_any),
            Some(value) => is_any(value),
            None => false,
        }
    }

    /// Whether it speaks of everybody: `*`, or the same as `AWS`. Any `Federated` or any `Service` is not everybody.
    fn is_for_everybody(&self) -> bool {
        match self.field("principal") {
            Some(Value::Object(kinds)) => kinds.iter().any(|(kind, value)| kind.eq_ignore_ascii_case("aws") && is_any(value)),
            Some(value) => is_any(value),
            None => false,
        }
    }

    /// Whether it speaks of every action, of one service at least.
    fn is_for_every_action(&self) -> bool {
        self.field("action")
            .and_then(texts)
            .is_some_and(|actions| actions.iter().any(|action| action == "*" || action.ends_with(":*")))
    }

    /// The same of one service, of whose actions alone the policy may speak, or of one action (`sns:Publish`).
    fn is_for_every_action_of(&self, asked: Option<&str>) -> bool {
        let Some(asked) = asked else { return self.is_for_every_action() };
        let namespace = asked.split(':').next().unwrap_or(asked);
        let is_all = |action: &String| {
            let of = action.strip_suffix(":*");
            action == "*" || action.eq_ignore_ascii_case(asked) || of.is_some_and(|of| of == "*" || of.eq_ignore_ascii_case(namespace))
        };
        self.field("action")
            .and_then(texts)
            .is_some_and(|actions| actions.iter().any(is_all))
    }

    fn has_action(&self, wanted: &[String]) -> bool {
        self.field("action").and_then(texts).is_some_and(|actions| {
            actions
                .iter()
                .any(|action| wanted.iter().any(|one| one.eq_ignore_ascii_case(action)))
        })
    }

    /// Whether it allows everybody one of these actions, so written, whatever it is about and whatever the request is.
    fn allows_everybody(&self, actions: &[String]) -> bool {
        let is_all = |resources: Vec<String>| resources.iter().any(|resource| resource == "*");
        self.effect_is("allow")
            && self.is_for_everybody()
            && self.has_action(actions)
            && self.field("resource").and_then(texts).is_some_and(is_all)
            && self.conditions().is_some_and(|conditions| conditions.is_empty())
    }

    /// Whether it names no resource: none, `*`, or an ARN that leaves open what it is of.
    fn is_on_everything(&self) -> bool {
        let is_all = |resource: &String| resource == "*" || Arn::parse(resource).is_some_and(|arn| arn.resource == "*");
        self.field("resource")
            .is_none_or(|value| texts(value).is_some_and(|named| named.iter().any(is_all)))
    }

    /// Whether it is not told of whom or what it speaks, or with which values it compares a key.
    fn is_untold(&self, key: Option<&str>) -> bool {
        fn has_untold(value: &Value) -> bool {
            match value {
                Value::String(text) => text.starts_with(NOT_TOLD),
                Value::Array(items) => items.iter().any(has_untold),
                Value::Object(fields) => fields.contains_key(NOT_TOLD) || fields.values().any(has_untold),
                _ => false,
            }
        }
        // A text in a condition that is not told names something; of a block nothing is known.
        fn has_gap(value: &Value) -> bool {
            match value {
                Value::Array(items) => items.iter().any(has_gap),
                Value::Object(fields) => fields.contains_key(NOT_TOLD) || fields.values().any(has_gap),
                _ => false,
            }
        }
        // Nor where a text stands that is not told in the place of a block.
        let is_no_block = |value: &Value| value.is_string() && has_untold(value);
        let operators = self.field("condition").and_then(Value::as_object);
        let mut keys = operators.into_iter().flat_map(Map::values).filter_map(Value::as_object).flatten();
        let is_compared = |found: &str| key.is_some_and(|key| found.eq_ignore_ascii_case(key));
        SPEAK_OF.iter().any(|name| self.field(name).is_some_and(has_untold))
            || self.field("condition").is_some_and(|value| has_gap(value) || is_no_block(value))
            || operators.is_some_and(|operators| operators.values().any(is_no_block))
            || keys.any(|(found, values)| is_compared(found) && has_untold(values))
    }

    /// Its conditions: operator and key in small letters, the operator without separators, and values.
    fn conditions(&self) -> Option<Vec<(String, String, Vec<String>)>> {
        let mut conditions = Vec::new();
        match self.field("condition") {
            None | Some(Value::Null) => {}
            Some(Value::Object(operators)) => {
                for (operator, keys) in operators {
                    let operator: String = operator.to_ascii_lowercase().chars().filter(|c| *c != '_').collect();
                    for (key, values) in keys.as_object()? {
                        conditions.push((operator.clone(), key.to_ascii_lowercase(), texts(values)?));
                    }
                }
            }
            Some(_) => return None,
        }
        Some(conditions)
    }

    /// Whether it compares one of the keys by a pattern that is not told: what that comes to may be a wildcard alone.
    fn may_name_anything(&self, keys: &[String]) -> bool {
        let takes_patterns = |operator: &str| operator.contains("like") || operator.contains("arn");
        let is_untold = |values: &[String]| {
            let rests = values.iter().filter_map(|value| value.strip_prefix(NOT_TOLD));
            rests.into_iter().any(|rest| rest.chars().all(|letter| matches!(letter, '*' | '?')))
        };
        self.conditions().is_some_and(|conditions| {
            let mut conditions = conditions.iter();
            conditions.any(|(operator, key, values)| takes_patterns(operator) && is_one_of(key, keys) && is_untold(values))
        })
    }

    /// Whether it denies everybody everything exactly where a key has a value; `of` says what is everything.
    fn denies(&self, key: &str, value: &str, of: Option<&str>) -> bool {
        let conditions = self.conditions();
        let Some([(operator, found, values)]) = conditions.as_deref() else {
            return false;
        };
        let asks = matches!(
            operator.as_str(),
            "bool" | "boolifexists" | "stringequals" | "stringequalsignorecase"
        );
        // The plain comparison of texts heeds letter case; a switch has none.
        let is_it = |found: &str| found == value || operator != "stringequals" && found.eq_ignore_ascii_case(value);
        self.effect_is("deny")
            && self.field("notprincipal").is_none()
            && self.is_for_everybody()
            && self.is_for_every_action_of(of)
            && asks
            && found.eq_ignore_ascii_case(key)
            && matches!(values.as_slice(), [only] if is_it(only))
    }

    /// Whether it speaks of all that the policy is attached to, and not of a path in it.
    fn is_for_all(&self) -> bool {
        let is_whole = |resource: &String| !resource.trim_end_matches("/*").trim_end_matches('*').contains(['/', '*', '?']);
        self.field("resource")
            .is_none_or(|value| texts(value).is_some_and(|named| named.iter().any(is_whole)))
    }

    /// Whether it denies everybody what it speaks of unless one of the keys has a value that is named.
    fn denies_without(&self, keys: &[String]) -> bool {
        let is_alone = self.conditions().is_some_and(|conditions| conditions.len() == 1);
        is_alone && self.is_guard(keys) && self.field("notprincipal").is_none() && self.field("notresource").is_none()
    }

    /// Whether it denies everybody something where none of the keys has a value that is named, and other conditions hold, too.
    fn is_guard(&self, keys: &[String]) -> bool {
        let negative = |operator: &str| operator.starts_with("stringnot") || operator.starts_with("arnnot") || operator == "notipaddress";
        let tests = |(operator, found, values): &(String, String, Vec<String>)| {
            negative(operator) && is_one_of(found, keys) && are_named(found, values)
        };
        self.effect_is("deny")
            && (self.is_for_everybody() || self.field("notprincipal").is_some())
            && self.conditions().is_some_and(|conditions| conditions.iter().any(tests))
    }

    /// Whether it speaks only of requests in which one of the keys has a value that is named.
    fn is_narrowed_by(&self, keys: &[String]) -> bool {
        // `...IfExists` lets requests pass that do not carry the key.
        let positive = |operator: &str| {
            !operator.contains("not") && !operator.ends_with("ifexists") && operator != "null" && !operator.starts_with("forallvalues")
        };
        self.conditions().is_some_and(|conditions| {
            conditions
                .iter()
                .any(|(operator, key, values)| positive(operator) && is_one_of(key, keys) && are_named(key, values))
        })
    }
}

fn is_one_of(key: &str, keys: &[String]) -> bool {
    keys.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Whether values of a key name something, each of them: the variable of the key itself (`${aws:SourceVpce}`) is always equal.
fn are_named(key: &str, values: &[String]) -> bool {
    let variable = format!("${{{key}}}");
    !values.is_empty() && values.iter().all(|value| is_named(value) && !value.eq_ignore_ascii_case(&variable))
}

/// Whether a value names something. A pattern whose letters before the wildcard only say of what kind an id is (`vpce-*`, or
/// `vpce-0*`, as ids begin) is everybody's, and so is one of ARNs that leaves the account open; ranges wider than /8 add up to every address.
pub(crate) fn is_named(value: &str) -> bool {
    const WILD: [char; 2] = ['*', '?'];
    if let Some((address, bits)) = value.split_once('/')
        && address.parse::<std::net::IpAddr>().is_ok()
    {
        return bits.parse::<u8>().is_ok_and(|bits| bits >= 8);
    }
    let Some((begin, _)) = value.split_once(WILD) else {
        return !value.is_empty();
    };
    if Arn::begins(value) {
        return Arn::parse(value).is_some_and(|arn| {
            let told = if arn.account.is_empty() { arn.resource } else { arn.account };
            !told.starts_with(WILD) && !arn.account.contains(WILD)
        });
    }
    begin.contains(|c: char| !c.is_ascii_alphabetic() && !['-', '0'].contains(&c))
}

/// One text, or a list of them; switches and numbers as texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match value {
        Value::Array(items) => items.iter().map(one).collect(),
        other => one(other).map(|text| vec![text]),
    }
}
