//! How much a template's functions and loops may come to together.
//!
//! In: what each of them makes. Out: whether it may be made, and whether anything was not. A few hundred bytes of functions
//! within functions stand for gigabytes; what is beyond the limit is left unknown, and said.

use crate::limits;
use serde_json::Value;
use std::cell::Cell;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
    too_deep: Cell<bool>,
    is_spent: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: Cell::new(limits::TEMPLATE_BYTES),
            too_deep: Cell::new(false),
            is_spent: Cell::new(false),
        }
    }
}

impl Budget {
    /// Takes bytes from what is left. Once there was too little nothing is made any more.
    pub(super) fn spend(&self, bytes: usize) -> bool {
        match self.left.get().checked_sub(bytes) {
            Some(left) if !self.is_spent.get() => {
                self.left.set(left);
                true
            }
            _ => {
                self.is_spent.set(true);
                false
            }
        }
    }

    /// Notes that functions lie too deep in one another.
    pub(super) fn too_deep(&self) {
        self.too_deep.set(true);
    }

    /// What was not made, in words.
    pub(super) fn beyond(&self) -> Vec<String> {
        let deep = format!(
            "functions or conditions lie more than {} deep in one another",
            limits::TEMPLATE_DEPTH
        );
        let much = format!("functions and loops come to more than {} MiB", limits::TEMPLATE_BYTES / 1024 / 1024);
        [(&self.too_deep, deep), (&self.is_spent, much)]
            .into_iter()
            .filter(|(flag, _)| flag.get())
            .map(|(_, words)| words)
            .collect()
    }
}

/// About how many bytes a value takes. Values are not deep, since texts that are decoded are not.
pub(super) fn size(value: &Value) -> usize {
    let own = size_of::<Value>();
    match value {
        Value::Array(items) => own + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => own + map.iter().map(|(key, value)| key.len() + own + size(value)).sum::<usize>(),
        Value::String(text) => own + text.len(),
        _ => own,
    }
}
