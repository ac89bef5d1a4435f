//! What a layout asks of people.
//!
//! In: what was said with `--set`. Out: it by name, and a warning for everything that is left to fill in.

use crate::catalog::layouts::{AskFile, LayoutFile};
use crate::diagnostics::{Code, Diagnostic, Outcome, did_you_mean};
use std::collections::BTreeMap;
use url::Url;

/// What was said, by name.
pub(super) fn answers(said: &[String], layout: &LayoutFile) -> Outcome<BTreeMap<String, String>> {
    let mut answers = BTreeMap::new();
    let mut faults = Vec::new();
    for one in said {
        match answer(one, layout) {
            Ok((ask, text)) => {
                if answers.insert(ask.id.clone(), text.to_owned()).is_some_and(|before| before != text) {
                    faults.push(invalid(format!("`--set {}` is given twice", ask.id)).help("say it once"));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

fn answer<'a>(said: &'a str, layout: &'a LayoutFile) -> Result<(&'a AskFile, &'a str), Diagnostic> {
    let Some((name, text)) = said.split_once('=') else {
        return Err(invalid(format!("`--set {said}` says nothing")).help("write it as `--set NAME=TEXT`"));
    };
    let (name, text) = (name.trim(), text.trim());
    let Some(ask) = layout.asks.iter().find(|ask| ask.id == name) else {
        let known: Vec<&str> = layout.asks.iter().map(|ask| ask.id.as_str()).collect();
        let fault = invalid(format!("the layout `{}` does not ask for `{name}`", layout.id));
        return Err(fault.help(if known.is_empty() {
            "it asks for nothing".to_owned()
        } else {
            did_you_mean(name, &known)
        }));
    };
    if text.is_empty() {
        return Err(invalid(format!("`--set {name}=` says nothing")).help(format!("it is {}", ask.what)));
    }
    if ask.address && Url::parse(text).is_err() {
        return Err(invalid(format!("`{text}` is no address")).help(format!("`{name}` is {}: `https://...`", ask.what)));
    }
    Ok((ask, text))
}

fn invalid(what: String) -> Diagnostic {
    Diagnostic::new(Code::InvalidValue, what)
}

/// What is left to fill in.
pub(super) fn left(layout: &LayoutFile, answers: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let open = layout.asks.iter().filter(|ask| !answers.contains_key(&ask.id)).map(|ask| {
        let fault = Diagnostic::new(
            Code::LeftToFillIn,
            format!("`{}` stands in the place of {}", ask.placeholder, ask.what),
        );
        fault.help(format!("say it with `--set {}=...`", ask.id))
    });
    let rest = layout.leaves.iter().map(|what| Diagnostic::new(Code::LeftToFillIn, what.clone()));
    open.chain(rest).collect()
}
