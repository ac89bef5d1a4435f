//! Lists and maps that stand on one line, when an item is written anew.
//!
//! In: the item's lines as they were and as they are now. Out: the new lines, in which what stood on one line does so again; as
//! it was written, where it says the same.

use super::remarks::{Path, parted};
use serde_json::Value;
use std::collections::BTreeMap;

/// The new lines of an item that says `value`.
pub(super) fn kept(was: &str, is: String, value: &Value) -> String {
    let says = |text: &str| serde_yaml::from_str::<Vec<Value>>(text).is_ok_and(|items| items.len() == 1 && items.first() == Some(value));
    let made = whole(was, &is, value).unwrap_or_else(|| parts(was, &is));
    if says(&made) { made } else { is }
}

/// The item on one line, if it stood on one.
fn whole(was: &str, is: &str, value: &Value) -> Option<String> {
    let mut lines = was
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let content = parted(lines.next()?).0.trim();
    let inner = content.strip_prefix('-')?.trim();
    let is_whole = inner.starts_with('{') && inner.ends_with('}') && lines.next().is_none();
    let blank = &is[..is.len() - is.trim_start().len()];
    is_whole.then(|| flow(value).map(|value| format!("{blank}- {value}\n")))?
}

/// The item with those of its lists and maps on one line that stood on one.
fn parts(was: &str, is: &str) -> String {
    let mut path = Path::default();
    let mut inline: BTreeMap<String, &str> = BTreeMap::new();
    for line in was
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    {
        let content = parted(line).0;
        let key = path.of(content);
        let value = content.split_once(": ").map(|(_, value)| value.trim());
        let is_inline = |value: &&str| {
            let ends = [('[', ']'), ('{', '}')];
            ends.iter().any(|(open, close)| value.starts_with(*open) && value.ends_with(*close))
        };
        if let Some(value) = value.filter(is_inline) {
            inline.insert(key, value);
        }
    }
    if inline.is_empty() {
        return is.to_owned();
    }
    let lines: Vec<&str> = is.lines().collect();
    let (mut made, mut at, mut path) = (String::new(), 0, Path::default());
    while let Some(line) = lines.get(at) {
        let key = path.of(line);
        at += 1;
        let block = lines[at..].iter().take_while(|below| is_below(line, below)).count();
        let before = inline.get(&key).filter(|_| block > 0 && line.trim_end().ends_with(':'));
        match before.and_then(|before| on_one_line(before, &lines[at..at + block])) {
            Some(value) => {
                made.push_str(&format!("{} {value}\n", line.trim_end()));
                at += block;
            }
            None => made.push_str(&format!("{line}\n")),
        }
    }
    made
}

/// Whether a line belongs to the value of the key that another line ends in.
fn is_below(key: &str, line: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut rest = key.trim_start();
    let mut column = indent(key);
    while let Some(inner) = rest.strip_prefix("- ") {
        column += 2;
        rest = inner;
    }
    let own = indent(line);
    own > column || own == column && line.trim_start().starts_with("- ")
}

/// What a block says, on one line: as it was, where it says the same.
fn on_one_line(before: &str, block: &[&str]) -> Option<String> {
    let now: Value = serde_yaml::from_str(&block.join("\n")).ok()?;
    let then: Option<Value> = serde_yaml::from_str(before).ok();
    if then.as_ref() == Some(&now) {
        return Some(before.to_owned());
    }
    flow(&now)
}

/// A value on one line.
fn flow(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(flow).collect::<Option<Vec<String>>>()?;
            Some(format!("[{}]", items.join(", ")))
        }
        Value::Object(map) => {
            let fields = map
                .iter()
                .map(|(key, value)| Some(format!("{}: {}", scalar(&key.as_str().into())?, flow(value)?)));
            Some(format!("{{{}}}", fields.collect::<Option<Vec<String>>>()?.join(", ")))
        }
        other => scalar(other),
    }
}

/// A text or a number as it may stand between brackets.
fn scalar(value: &Value) -> Option<String> {
    let plain = serde_yaml::to_string(value).ok()?;
    let plain = plain.trim_end();
    let is_quoted = plain.starts_with(['"', '\'']);
    let is_safe = !plain.contains('\n') && !plain.contains([',', '[', ']', '{', '}', '#']) && !plain.contains(": ");
    match value {
        Value::String(text) if !(is_safe || is_quoted && !plain.contains('\n')) => serde_json::to_string(text).ok(),
        _ => Some(plain.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stood_on_one_line_does_so_again() {
        let was = "- type: a\n  data: [pii, 'card']  # ours\n  tags: {a: b}\n  config:\n    list: [1, 2]\n    other:\n    - x\n";
        let value =
            json!({"type": "a", "data": ["pii", "card"], "tags": {"a": "b, c"}, "config": {"list": [1, 3], "other": ["y"], "new": ["z"]}});
        let is = serde_yaml::to_string(&[&value]).unwrap_or_default();
        assert_eq!(
            kept(was, is, &value),
            "- type: a\n  data: [pii, 'card']\n  tags: {a: \"b, c\"}\n  config:\n    list: [1, 3]\n    other:\n    - y\n    new:\n    - z\n"
        );
        let value = json!({"type": "a", "data": ["x"]});
        let is = serde_yaml::to_string(&[&value]).unwrap_or_default();
        assert_eq!(kept("  - {type: a, data: [pii]}  # ours\n", is, &value), "- {type: a, data: [x]}\n");
    }
}
