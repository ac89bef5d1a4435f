//! The single questions that predicates ask: what tells resources apart that are only counted.
//!
//! In: a part of a predicate. Out: questions about one attribute each. Resources that answer all of them alike are alike
//! to the catalog, whether it asks for a condition or for an attestation.

use super::asked::Asked;
use super::part::{Over, Part, Scope};
use super::value::Test;
use super::{Attributes, Truth};
use serde_json::Value;

/// One question about one attribute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    attribute: String,
    part: Part,
    /// Whether it is asked for an attestation.
    attests: bool,
}

impl Question {
    /// The questions of a part.
    pub(super) fn of(part: &Part) -> Vec<Self> {
        match part {
            Part::Attribute { path, over, test } => {
                // What ends on different days is not alike, even if no day is asked about.
                let dated = test.dated().into_iter().map(|value| Test::Is(value.clone()));
                let tests = std::iter::once(test.clone()).chain(dated);
                let overs = |over: Option<Over>| over.map_or_else(|| vec![Over::Any, Over::Every], |over| vec![over]);
                tests
                    .flat_map(|test| overs(*over).into_iter().map(move |over| (over, test.clone())))
                    .map(|(over, test)| {
                        Self::about(
                            path,
                            Part::Attribute {
                                path: path.clone(),
                                over: Some(over),
                                test,
                            },
                        )
                    })
                    .collect()
            }
            Part::Blocks { path, .. } => [false, true]
                .map(|attests| Self {
                    attests,
                    ..Self::about(path, part.clone())
                })
                .into(),
            Part::Covers { from, to, numbers } => {
                // Ranges are alike whose ends lie on the same side of each number, and are alike open; and none is like one that ends
                // before it begins.
                let ends = |name: &String, tests: Vec<Test>| {
                    let path = vec![name.clone()];
                    tests.into_iter().map(move |test| {
                        Self::about(
                            &path,
                            Part::Attribute {
                                path: path.clone(),
                                over: Some(Over::Any),
                                test,
                            },
                        )
                    })
                };
                let with = |side: fn(f64) -> Test| numbers.iter().map(move |number| side(*number));
                let open = [Test::Is(Value::Null), Test::AtLeast(0.0)];
                let from_tests = with(Test::AtMost).chain(open.clone()).collect();
                let to_tests = with(Test::AtLeast).chain(open).collect();
                let whole = Self::about(std::slice::from_ref(from), part.clone());
                ends(from, from_tests).chain(ends(to, to_tests)).chain([whole]).collect()
            }
            Part::Any(all) | Part::All(all) | Part::None(all) => {
                all.iter().flat_map(|predicate| predicate.0.iter().flat_map(Self::of)).collect()
            }
        }
    }

    fn about(path: &[String], part: Part) -> Self {
        Self {
            attribute: path.first().cloned().unwrap_or_default(),
            part,
            attests: false,
        }
    }

    /// The attribute's name, or the first step of its path.
    pub(crate) fn attribute(&self) -> &str {
        &self.attribute
    }

    /// Whether it asks whose a key is, so that which key it is may matter once more is known of keys.
    pub(crate) fn asks_for_a_key(&self) -> bool {
        self.part.asks_for_a_key()
    }

    /// All that it looks at.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let mut found = Vec::new();
        self.part.add_asked(&[], &mut found);
        found
    }

    /// What a resource's attributes answer.
    pub(crate) fn answer(&self, attributes: &Attributes) -> Truth {
        let scope = if self.attests {
            Scope::attestation(None)
        } else {
            Scope::condition(None)
        };
        self.part.decide(attributes, scope)
    }
}
