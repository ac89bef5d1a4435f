//! Blocks of a long state that are left out.
//!
//! In: what is wrong with them and where they begin. Out: a warning for each of the first, and one for the rest.

use super::super::LeftOut;
use crate::diagnostics::{Diagnostic, Place};
use std::sync::Arc;

/// Blocks that are left out, and where they are.
#[derive(Debug, Default)]
pub(super) struct Damaged {
    named: Vec<((usize, usize), &'static str)>,
    more: usize,
}

impl Damaged {
    /// Leaves out a block.
    pub(super) fn add(&mut self, at: (usize, usize), what: &'static str) {
        if self.named.len() < LeftOut::MOST {
            self.named.push((at, what));
        } else {
            self.more += 1;
        }
    }

    /// What is said of them.
    pub(super) fn warnings(self, file: &Arc<str>) -> Vec<Diagnostic> {
        let help = super::super::text::PULL;
        let named = self
            .named
            .into_iter()
            .map(|((line, column), what)| LeftOut::warning(&format!("{what} and is left out"), help).at(Place::at(file, line, column)));
        named
            .chain(LeftOut::rest(self.more, file, &Place::file(file.clone()), help))
            .collect()
    }
}
