//! What a cell of a table says.
//!
//! In: a cell's text, as people and spreadsheets write it. Out: true and false in the languages of spreadsheets, numbers with
//! decimal points and commas, blocks written as JSON, tags; and account numbers of which nothing was lost.

use super::super::json;
use super::super::secrets;
use crate::catalog::{account_digits, is_worded_account};
use serde_json::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// What a spreadsheet writes for true and false in its own language; in capitals only, since small letters make other words.
const SPREADSHEETS: [(&str, &str); 11] = [
    ("WAHR", "FALSCH"),
    ("VRAI", "FAUX"),
    ("VERDADERO", "FALSO"),
    ("VERO", "FALSO"),
    ("VERDADEIRO", "FALSO"),
    ("WAAR", "ONWAAR"),
    ("SANT", "FALSKT"),
    ("SAND", "FALSK"),
    ("SANN", "USANN"),
    ("PRAWDA", "FAŁSZ"),
    ("TOSI", "EPÄTOSI"),
];

/// What people write, in any case.
const PEOPLE: [(&str, &str); 6] = [
    ("true", "false"),
    ("yes", "no"),
    ("wahr", "falsch"),
    ("ja", "nein"),
    ("vrai", "faux"),
    ("oui", "non"),
];

/// A cell as an attribute. `has_commas`: whether the table's numbers have decimal commas, since something else separates its
/// cells.
pub(super) fn value(cell: &str, has_commas: bool) -> Value {
    if let Some(truth) = truth(cell) {
        return truth.into();
    }
    match cell.parse::<i64>() {
        // A number with zeros before it is a name.
        Ok(number) if number.to_string() == cell => return number.into(),
        Ok(_) => return cell.into(),
        Err(_) => {}
    }
    if cell.starts_with(['{', '['])
        && let Ok(block @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(cell)
    {
        return block;
    }
    match with_point(cell) {
        Some(number) if has_commas => number.into(),
        _ => cell.into(),
    }
}

/// True or false.
fn truth(cell: &str) -> Option<bool> {
    if cell.len() > 12 {
        return None;
    }
    let small = cell.to_lowercase();
    let people = PEOPLE
        .iter()
        .find_map(|(yes, no)| (small == *yes).then_some(true).or((small == *no).then_some(false)));
    people.or_else(|| {
        let mut all = SPREADSHEETS.iter();
        all.find_map(|(yes, no)| (cell == *yes).then_some(true).or((cell == *no).then_some(false)))
    })
}

/// A number with a decimal comma as one with a point. Three figures behind the comma may be thousands.
fn with_point(cell: &str) -> Option<String> {
    let (whole, part) = cell.split_once(',')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_decimal = is_number(whole.trim_start_matches('-')) && is_number(part) && part.len() != 3;
    is_decimal.then(|| format!("{whole}.{part}"))
}

/// How many a row stands for; none if the cell does not say it for certain.
pub(super) fn count(cell: &str) -> Option<u64> {
    let whole = cell
        .split_once(['.', ','])
        .filter(|(_, part)| !part.is_empty() && part.bytes().all(|byte| byte == b'0') && part.len() < 3);
    whole.map_or(cell, |(whole, _)| whole).parse().ok()
}

/// What a cell says of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Account {
    /// Its number, or a word for none.
    Number(String),
    /// Fewer than twelve digits: zeros at the beginning were lost.
    Short(String),
    /// A number in scientific notation: its last digits were lost.
    Rounded,
    /// Something else.
    Odd(String),
}

/// The account of a cell.
pub(super) fn account(cell: &str) -> Account {
    if is_worded_account(cell) {
        return Account::Number(cell.to_owned());
    }
    // Spreadsheets mark texts with an apostrophe, or write them as formulas; people write digits in groups.
    let text = cell
        .trim_start_matches(['\'', '='])
        .trim_matches('"')
        .replace(['-', ' ', '\u{a0}'], "");
    let text = text.strip_suffix(".0").map(str::to_owned).unwrap_or(text);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole = account_digits().unwrap_or_default();
        return match text.len().cmp(&whole) {
            Ordering::Equal => Account::Number(text),
            Ordering::Less => Account::Short(text),
            Ordering::Greater => Account::Odd(text),
        };
    }
    if is_rounded(&text) { Account::Rounded } else { Account::Odd(text) }
}

/// `1.23457E+11`.
fn is_rounded(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    is_number(number) && is_number(power.trim_start_matches('+'))
}

/// `a=1;b=2`, `a:1|b:2`, or JSON as an export of AWS writes it.
pub(super) fn tags(cell: &str) -> Vec<(Arc<str>, String)> {
    if cell.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str::<Value>(cell)
    {
        return json::tags(Some(&value));
    }
    let separator = [';', '|', ',', '\n']
        .into_iter()
        .find(|separator| cell.contains(*separator))
        .unwrap_or(';');
    let tag = |piece: &str| {
        let (key, value) = piece.split_once('=').or_else(|| piece.split_once(':'))?;
        let key = key.trim();
        (!key.is_empty()).then(|| (key.into(), value.trim().to_owned()))
    };
    // What is secret only as a whole must not be cut into tags; names that tell are judged later.
    let is_plain = |piece: &str| !piece.contains("//") && piece.split(['=', ':']).all(secrets::is_plain);
    let mut pieces: Vec<&str> = cell.split(separator).collect();
    if !pieces.iter().all(|piece| is_plain(piece)) {
        let is_secret = |piece: &str| secrets::hold_secret(piece) || secrets::open_tags(tag(piece).into_iter().collect()).is_empty();
        pieces.retain(|piece| is_plain(piece) || !is_secret(piece));
        if secrets::hold_secret(&pieces.join(&separator.to_string())) {
            return Vec::new();
        }
    }
    pieces.into_iter().filter_map(tag).collect()
}

/// A cell of a query engine's table as an attribute: with the signs that Postgres writes for truth and lists, too.
pub(super) fn queried(cell: &str) -> Value {
    match cell {
        "t" => return true.into(),
        "f" => return false.into(),
        _ => {}
    }
    match value(cell, false) {
        Value::String(text) => match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(inner) if !inner.contains(['{', ':', '\\']) => inner
                .split(',')
                .map(|item| item.trim_matches('"'))
                .filter(|item| !item.is_empty())
                .collect(),
            _ => Value::String(text),
        },
        other => other,
    }
}

/// Whether a query engine wrote that there is nothing.
pub(super) fn is_nothing(cell: &str) -> bool {
    matches!(cell, "<null>" | "NULL" | "null" | "\\N")
}

/// What a value of JSON is in a cell of CSV.
pub(super) fn of_json(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => match number.as_f64() {
            Some(whole) if number.is_f64() && whole.fract() == 0.0 && whole.abs() < 1e15 => format!("{whole:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// The ARN of a cell: itself, or the first of a list.
pub(super) fn arn(cell: &str) -> Option<String> {
    let listed = || serde_json::from_str::<Vec<String>>(cell).ok()?.into_iter().next();
    let text = if cell.starts_with('[') { listed()? } else { cell.to_owned() };
    json::arn_fields(&text).map(|_| text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_say_what_people_mean() {
        for (cell, has_commas, expected) in [
            ("TRUE", false, json!(true)),
            ("WAHR", false, json!(true)),
            ("FAUX", false, json!(false)),
            ("Nein", false, json!(false)),
            ("Sand", false, json!("Sand")),
            ("SAND", false, json!(true)),
            ("20", false, json!(20)),
            ("007", false, json!("007")),
            ("20,5", true, json!("20.5")),
            ("20,5", false, json!("20,5")),
            ("1,234", true, json!("1,234")),
            ("80,443", true, json!("80,443")),
            (r#"{"HttpTokens": "required"}"#, false, json!({"HttpTokens": "required"})),
            ("[not json", false, json!("[not json")),
        ] {
            assert_eq!(value(cell, has_commas), expected, "{cell}");
        }
        for (cell, expected) in [
            ("3", Some(3)),
            ("3,0", Some(3)),
            ("3.00", Some(3)),
            ("1.000", None),
            ("1,5", None),
            ("few", None),
        ] {
            assert_eq!(count(cell), expected, "{cell}");
        }
    }

    #[test]
    fn nothing_is_made_up_of_an_account() {
        let number = |text: &str| Account::Number(text.to_owned());
        let short = |text: &str| Account::Short(text.to_owned());
        for (cell, expected) in [
            ("111122223333", number("111122223333")),
            ("'012345678901", number("012345678901")),
            ("=\"012345678901\"", number("012345678901")),
            ("1111-2222-3333", number("111122223333")),
            ("1111 2222 3333", number("111122223333")),
            ("111122223333.0", number("111122223333")),
            ("12345678901", short("12345678901")),
            ("12345678901.0", short("12345678901")),
            ("1.23457E+11", Account::Rounded),
            ("1,23457E+10", Account::Rounded),
            ("1e11", Account::Rounded),
            ("prod", Account::Odd("prod".to_owned())),
            ("1111222233334", Account::Odd("1111222233334".to_owned())),
        ] {
            assert_eq!(account(cell), expected, "{cell}");
        }
    }
}
