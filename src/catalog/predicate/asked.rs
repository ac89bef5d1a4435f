//! The places that predicates look at.
//!
//! In: a path of attributes. Out: how much of what lies there decides.

/// How much of what a path leads to decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Looks {
    /// Whether it is set, or which blocks there are.
    Presence,
    /// A text, a number, a switch, or a list of such.
    Value,
    /// All of it, whatever it is: a document, or what is compared with a block.
    Whole,
}

/// One place that is looked at: the steps from the attribute on, through the blocks of a predicate of their own, too.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) path: Vec<String>,
    pub(crate) looks: Looks,
}
