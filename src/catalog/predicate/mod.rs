//! Conditions over resource attributes, decided in three values.
//!
//! In: a predicate as the catalog writes it and a resource's attributes. Out: holds, fails, or unknown, where an
//! attribute is missing; and the predicate in words, for the report.
//!
//! A path may lead through several blocks. A *condition* (what a resource is, where an activity exists, what disproves
//! it) holds where any of them satisfies the test; an *attestation* holds only where every block does, and fails where
//! one does not. `some`, `each` and `no` say it outright. Under `none` it is the other way round, so that the negation
//! of a condition attests no more than what was looked at.

mod asked;
mod decode;
mod key;
mod observed;
mod part;
mod policy;
mod proof;
mod question;
mod range;
mod reach;
mod truth;
mod value;

pub(crate) use asked::{Asked, Looks};
pub use observed::{Observed, Seen};
pub(crate) use policy::{SPEAK_OF, is_named};
pub use proof::Proof;
pub(crate) use question::Question;
pub use truth::Truth;

use jiff::civil::Date;
use part::{Part, Scope};
#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};
#[cfg(test)]
use std::borrow::Cow;

/// A resource's attributes: Terraform's names, any nesting.
pub type Attributes = Map<String, Value>;

/// What stands for a text that is not told. Of its value nothing is known but that it is set.
pub(crate) const NOT_TOLD: &str = "(...)";

/// The same of a text that names something: no wildcard alone, wherever wildcards are allowed.
pub(crate) const NAMED_NOT_TOLD: &str = "(...): named";

/// Attributes that are a resource's own. Of a long file resources that are alike are counted together, and what tells one
/// of them from the others is left out: no predicate may ask for it, since its answer would hang on a file's length.
pub(crate) const ITS_OWN: [&str; 5] = ["arn", "id", "tags", "tags_all", "tag"];

/// A condition: every part must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate(Vec<Part>);

impl Predicate {
    /// Whether it holds of these attributes, whatever the day: for what a resource is, which no day changes.
    #[must_use]
    pub fn holds(&self, attributes: &Attributes) -> Truth {
        self.holds_on(attributes, None)
    }

    /// Whether it holds of these attributes on a day, as a condition: of any block. Without a day, what depends on the
    /// day is unknown.
    #[must_use]
    pub fn holds_on(&self, attributes: &Attributes, day: Option<Date>) -> Truth {
        self.decide(attributes, Scope::condition(day))
    }

    /// Whether these attributes show on a day that it is so everywhere: of every block.
    #[must_use]
    pub fn attested_by(&self, attributes: &Attributes, day: Option<Date>) -> Truth {
        self.decide(attributes, Scope::attestation(day))
    }

    fn decide(&self, attributes: &Attributes, scope: Scope) -> Truth {
        Truth::all(self.0.iter().map(|part| part.decide(attributes, scope)))
    }

    /// Whether a day decides of it.
    pub(crate) fn depends_on_day(&self) -> bool {
        self.0.iter().any(Part::depends_on_day)
    }

    /// The attributes that it looks at, as dotted paths, sorted and without repetitions.
    #[must_use]
    pub fn attributes(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.0.iter().for_each(|part| part.collect("", &mut paths));
        paths.sort();
        paths.dedup();
        paths
    }

    /// The attributes that it asks to be set, whatever they are set to, as dotted paths.
    pub(crate) fn asked_to_be_set(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.0.iter().for_each(|part| part.add_asked_to_be_set("", false, &mut paths));
        paths
    }

    /// Those of the attributes that it looks at of which these attributes say nothing, in some block at least.
    #[must_use]
    pub fn untold(&self, attributes: &Attributes) -> Vec<String> {
        let is_untold = |path: &String| {
            let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
            let found = reach::reach(attributes, &steps);
            found.is_empty() || found.contains(&None)
        };
        self.attributes().into_iter().filter(is_untold).collect()
    }

    /// The paths of policies in whose text it looks for something.
    pub(crate) fn searched_policies(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.0.iter().for_each(|part| part.searched_policies(&mut paths));
        paths
    }

    /// The places that it looks at.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let mut found = Vec::new();
        self.0.iter().for_each(|part| part.add_asked(&[], &mut found));
        found
    }

    /// The single tests that it is made of.
    pub(crate) fn questions(&self) -> Vec<Question> {
        self.0.iter().flat_map(Question::of).collect()
    }

    /// The questions that it asks of the blocks called `name` below one of some roots, as questions about such a block.
    pub(crate) fn questions_below(&self, roots: &[&str], name: &str) -> Vec<Question> {
        let mut found = Vec::new();
        for part in &self.0 {
            part.below(roots, name, &mut found);
        }
        found.iter().flat_map(|predicate| predicate.questions()).collect()
    }

    /// In words, attribute names and values in backticks.
    #[must_use]
    pub fn words(&self) -> String {
        match self.0.as_slice() {
            // A choice that stands alone needs no parentheses.
            [Part::Any(inner)] => inner.iter().map(Self::words_within).collect::<Vec<_>>().join(" or "),
            _ => self.words_within(),
        }
    }

    /// The same as a part of a sentence.
    fn words_within(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(Part::words).collect();
        parts.join(" and ")
    }
}

#[cfg(test)]
impl JsonSchema for Predicate {
    fn schema_name() -> Cow<'static, str> {
        "Predicate".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "minProperties": 1,
            "description": "Attributes (dotted paths) to tests; all must hold. `any`, `all`, `none` combine predicates; \
                            `some`, `each` and `no` take a predicate over the blocks of an attribute; `covers` asks \
                            whether a range of numbers holds one of a list.",
        })
    }
}

#[cfg(test)]
mod tests;
