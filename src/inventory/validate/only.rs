//! A selection named on the command line.
//!
//! In: `environment=prod,service=rds`: the words of `match`, a key more than once for several values. Out: the selector.

use super::Validator;
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Route, did_you_mean};
use crate::inventory::file::MatchFile;
use crate::inventory::{Inventory, Selector};
use serde_json::{Map, Value};

/// The keys of `match`.
const KEYS: [&str; 16] = [
    "service",
    "mode",
    "control",
    "layer",
    "model",
    "account",
    "environment",
    "region",
    "owner",
    "tag",
    "data",
    "side",
    "activity",
    "name",
    "arn",
    "type",
];

/// The selector that a text names.
///
/// # Errors
/// What is no pair, no key of `match`, or names nothing that there is.
pub fn selection(text: &str, inventory: &Inventory, catalog: &Catalog) -> Outcome<Selector> {
    let (mut pairs, mut faults) = (Map::new(), Vec::new());
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            Some((key, value)) if KEYS.contains(&key) && !value.is_empty() => {
                let values = pairs.entry(key).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(values) = values {
                    values.push(value.into());
                }
            }
            Some((key, value)) if !value.is_empty() => {
                let fault = Diagnostic::new(Code::InvalidValue, format!("`--only` knows no key `{key}`"));
                faults.push(fault.help(did_you_mean(key, &KEYS)));
            }
            _ => {
                let fault = Diagnostic::new(Code::InvalidValue, format!("`--only` cannot read `{pair}`"));
                faults.push(fault.help("write `--only 'environment=prod,service=rds'`, with the keys of `match`"));
            }
        }
    }
    if faults.is_empty() && pairs.is_empty() {
        let fault = Diagnostic::new(Code::InvalidValue, "`--only` selects nothing");
        faults.push(fault.help("write `--only 'environment=prod,service=rds'`, with the keys of `match`"));
    }
    let file: MatchFile = match serde_json::from_value(Value::Object(pairs)) {
        Ok(file) => file,
        Err(error) => {
            return Err(vec![Diagnostic::new(
                Code::InvalidValue,
                format!("`--only` cannot be read: {error}"),
            )]);
        }
    };
    let mut validator = Validator {
        parties: inventory.parties.clone(),
        accounts: inventory.accounts.clone(),
        ..Validator::new(catalog)
    };
    let selector = validator.selector(&file, &"--only".into(), &Route::default());
    // The command line has no lines to show.
    faults.extend(validator.found.into_iter().map(|mut fault| {
        fault.places.clear();
        fault
    }));
    if faults.is_empty() { Ok(selector) } else { Err(faults) }
}
