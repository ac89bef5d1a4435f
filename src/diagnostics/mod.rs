//! What went wrong or deserves notice, where, and how to mend it.
//!
//! In: facts found by the loaders, the join and the renderers. Out: one sorted list for the emitters.
//! A diagnostic keeps a symbolic place (a file and a route of keys and indices into it); the line and the column
//! are looked up only when it is emitted.

mod about;
pub mod characters;
mod code;
mod emit;
mod excerpt;
pub mod failure;
mod fold;
mod listed;
mod locate;
mod place;
mod secret;
mod source_map;
mod text;

pub use about::About;
pub use code::{Code, Severity};
pub use emit::{Baseline, Emission, Format, emit};
pub use listed::{Items, Layout, Listed, Part};
pub use locate::locate;
pub use place::{Place, Position, Route, Spot, Step, route};
pub use source_map::SourceMap;
pub use text::{Bytes, Text};

/// One thing to tell the user: a code, a sentence, places and help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of thing it is; decides the default severity.
    pub code: Code,
    /// How serious it is, after overrides.
    pub severity: Severity,
    /// One sentence, lower case, no full stop, names in backticks.
    pub message: String,
    /// The first place is the primary one.
    pub places: Vec<(Place, String)>,
    /// How to mend it.
    pub help: Option<String>,
    /// Further text, such as the body of a template engine's own error.
    pub body: Option<String>,
    /// What it is about, where it is a finding.
    pub about: Option<Box<About>>,
}

impl Diagnostic {
    /// A diagnostic with the code's default severity and no place yet.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            places: Vec::new(),
            help: None,
            body: None,
            about: None,
        }
    }

    /// Adds a place with no label of its own.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        self.at_labelled(place, "")
    }

    /// Adds a place and what is to be seen there.
    #[must_use]
    pub fn at_labelled(mut self, place: Place, label: impl Into<String>) -> Self {
        self.places.push((place, label.into()));
        self
    }

    /// Sets the help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }
}

/// The result of a step that tells everything wrong at once.
pub type Outcome<T> = Result<T, Vec<Diagnostic>>;

/// The candidate nearest to a misspelt name, for "did you mean".
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > crate::limits::NAME_LETTERS {
        return None;
    }
    let wanted = name.to_ascii_lowercase();
    candidates
        .into_iter()
        .take(crate::limits::CANDIDATES)
        .map(|candidate| (strsim::jaro_winkler(&wanted, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(score, candidate)| *score > 0.84 && is_near(&wanted, &candidate.to_ascii_lowercase()))
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

/// Whether one name may be a slip of the other: a third of the letters differ at most, or one goes on where the other ends. Names
/// of one family, which begin alike, are not alike for that.
fn is_near(wanted: &str, candidate: &str) -> bool {
    let longest = wanted.chars().count().max(candidate.chars().count());
    wanted.starts_with(candidate) || candidate.starts_with(wanted) || strsim::osa_distance(wanted, candidate) * 3 <= longest
}

/// The help line of a misspelt name: the nearest candidate, else all of them where they are few.
#[must_use]
pub fn did_you_mean(name: &str, candidates: &[&str]) -> String {
    match nearest(name, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if candidates.is_empty() => "there is none that could be meant".to_owned(),
        None if candidates.len() <= 30 => format!("known are: {}", candidates.join(", ")),
        None => "see `cloudraci catalog list` for all that exist".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slip is told, and what only begins alike is not what was meant.
    #[test]
    fn what_is_far_away_is_not_meant() {
        let known = [
            "aws_glue_crawler",
            "aws_neptune_cluster",
            "aws_eip",
            "aws_s3_bucket",
            "aws_db_instance",
            "backup",
        ];
        for (name, near) in [
            ("aws_paperclip_folder", None),
            ("aws_kubernetes_cluster", None),
            ("aws_pencil", None),
            ("aws_s3_buckets", Some("aws_s3_bucket")),
            ("aws_s3_bucket_versioning", Some("aws_s3_bucket")),
            ("AWS_DB_Instanse", Some("aws_db_instance")),
            ("bakup", Some("backup")),
        ] {
            assert_eq!(nearest(name, known), near, "{name}");
        }
    }
}
