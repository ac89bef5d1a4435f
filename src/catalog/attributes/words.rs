//! Declarations in words, for people.
//!
//! In: a place where a source keeps an attribute. Out: a line that says where and how it is read.

use super::{Absent, Location, On, Path, Read};
use serde_json::Value;
use std::fmt::Write as _;

impl Location {
    /// Where it is and how it is read, names in backticks.
    #[must_use]
    pub fn words(&self) -> String {
        let paths: Vec<String> = self.at.iter().map(|path| format!("`{path}`")).collect();
        let mut words = match (&self.entry, paths.as_slice()) {
            (Some(name), _) => format!("entry `{name}` of {}", paths.join(" or ")),
            (None, []) if self.on.is_some() => "all".to_owned(),
            (None, []) => String::new(),
            (None, _) => paths.join(" or "),
        };
        if let Some(on) = &self.on {
            let _ = write!(words, " {}", on.words());
        }
        let list = |words: &[Box<str>]| words.join(", ");
        match &self.read {
            Read::Value => {}
            Read::All => words.push_str(", all as one list"),
            Read::TrueFor(of) => {
                let _ = write!(words, ", true for {}", list(of));
            }
            Read::Words(of) => {
                let each: Vec<String> = of.iter().map(|(word, value)| format!("{word} is {}", shown(value))).collect();
                let _ = write!(words, ", {}", each.join(", "));
            }
            Read::Is(value) => {
                let _ = write!(words, ", which makes it {}", shown(value));
            }
        }
        if let Some(open) = &self.open {
            let _ = write!(words, "; not resolved: {}", shown(open));
        }
        let absent = match &self.absent {
            Absent::Unknown => return words,
            Absent::Unset => "unset".to_owned(),
            Absent::Default(value) => shown(value),
        };
        if words.is_empty() {
            return format!("always {absent}");
        }
        let _ = write!(words, "; absent: {absent}");
        words
    }
}

impl On {
    fn words(&self) -> String {
        let list = |paths: &[Path]| paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" or ");
        if self.by.is_empty() {
            return format!("of the {} of the account and Region", self.kind);
        }
        let unless = self.unless.as_ref().map_or_else(String::new, |path| format!(" without `{path}`"));
        format!(
            "of the {}{unless} whose {} is the resource's {}",
            self.kind,
            list(&self.by),
            list(&self.equals)
        )
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
