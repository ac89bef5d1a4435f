//! Places in files: symbolic routes, and the positions that they resolve to.

use std::fmt;
use std::sync::Arc;

/// One step into a document: a key of a map or an index of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A key of a map.
    Key(Arc<str>),
    /// An index of a list, from 0.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.into())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The way from a document's root to one of its values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Route(pub Vec<Step>);

impl Route {
    /// This route and one step more.
    #[must_use]
    pub fn then(&self, step: impl Into<Step>) -> Self {
        let mut steps = self.0.clone();
        steps.push(step.into());
        Self(steps)
    }

    /// This route and all the steps of another.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let mut steps = self.0.clone();
        steps.extend(other.0.iter().cloned());
        Self(steps)
    }
}

/// A route of the given steps.
#[must_use]
pub fn route<const N: usize>(steps: [Step; N]) -> Route {
    Route(steps.into())
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Line and column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

/// Where something is: a file as the user named it, and what is known of the spot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The path as it is shown.
    pub file: Arc<str>,
    /// The spot within the file.
    pub spot: Spot,
}

/// The spot within a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// The file as a whole.
    Whole,
    /// The key (or the list item) that the route leads to.
    Key(Route),
    /// The value that the route leads to.
    Value(Route),
    /// A position that a parser gave.
    At(Position),
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self {
            file: file.into(),
            spot: Spot::Whole,
        }
    }

    /// The key that a route leads to.
    #[must_use]
    pub fn key(file: &Arc<str>, route: Route) -> Self {
        Self {
            file: file.clone(),
            spot: Spot::Key(route),
        }
    }

    /// The value that a route leads to.
    #[must_use]
    pub fn value(file: &Arc<str>, route: Route) -> Self {
        Self {
            file: file.clone(),
            spot: Spot::Value(route),
        }
    }

    /// A position that a parser gave.
    #[must_use]
    pub fn at(file: &Arc<str>, line: usize, column: usize) -> Self {
        Self {
            file: file.clone(),
            spot: Spot::At(Position {
                line: line.max(1),
                column: column.max(1),
            }),
        }
    }
}
