//! What kinds of things changes are because of.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// What kind of thing a change is because of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An attribute of a resource.
    Attribute,
    /// The mode in which a resource runs.
    Mode,
    /// A rule that gives letters.
    Rule,
    /// An exception.
    Exception,
    /// What a scanner says.
    Check,
    /// An artefact, and when it was read.
    Evidence,
    /// A resource that came or left.
    Resource,
    /// The day on which it is looked at.
    Date,
    /// The handover that the inventory plans.
    Handover,
    /// The catalog.
    Catalog,
}

impl Cause {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Attribute => "attribute",
            Self::Mode => "mode",
            Self::Rule => "rule",
            Self::Exception => "exception",
            Self::Check => "check",
            Self::Evidence => "evidence",
            Self::Resource => "resource",
            Self::Date => "date",
            Self::Handover => "handover",
            Self::Catalog => "catalog",
        }
    }
}

/// A reason in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reason {
    pub(super) cause: Cause,
    pub(super) words: String,
}

impl Reason {
    pub(super) fn new(cause: Cause, words: impl Into<String>) -> Self {
        Self {
            cause,
            words: words.into(),
        }
    }
}

/// A place as people say it: the file's name and the line. What is no `file:line:column` stays as it is.
pub(super) fn place_in_words(shown: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = shown.rsplitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(column), Some(line), Some(file)) if is_number(column) && is_number(line) => {
            let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
            format!("{name}, line {line}")
        }
        _ => shown.to_owned(),
    }
}
