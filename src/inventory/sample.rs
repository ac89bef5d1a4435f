//! What a few of several resources that are alike are called.
//!
//! In: the names of a few of each of some groups. Out: those of a few of all of them together, the same in whatever order they come.

use std::collections::BTreeSet;
use std::sync::Arc;

/// How many names are kept.
const MOST: usize = 5;

/// Names of a few of several resources, or their ARNs where these have none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample(BTreeSet<String>);

impl Sample {
    /// A sample with these names; none without any.
    pub(super) fn of(names: impl IntoIterator<Item = String>) -> Option<Arc<Self>> {
        let mut sample = Self(names.into_iter().collect());
        sample.cut();
        (!sample.0.is_empty()).then(|| Arc::new(sample))
    }

    /// The names, in alphabetical order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    fn cut(&mut self) {
        while self.0.len() > MOST {
            self.0.pop_last();
        }
    }
}

/// Makes of two samples that of both groups together.
pub(crate) fn unite(one: &mut Option<Arc<Sample>>, other: Option<&Arc<Sample>>) {
    let Some(other) = other else { return };
    match one {
        Some(one) => {
            let one = Arc::make_mut(one);
            one.0.extend(other.0.iter().cloned());
            one.cut();
        }
        None => *one = Some(other.clone()),
    }
}
