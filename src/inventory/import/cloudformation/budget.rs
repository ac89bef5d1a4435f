//! How much a template's functions and loops may come to together.
//!
//! In: what each of them makes. Out: whether it may be made, and whether anything was not. A few hundred bytes of functions
//! within functions stand for gigabytes; what is beyond the limit is left unknown, and said.

use crate::limits;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
    /// How many items loops have made, and stacks in stacks there were.
    made: Cell<usize>,
    stacks: Cell<usize>,
    too_many: Cell<bool>,
    too_deep: Cell<bool>,
    is_spent: Cell<bool>,
    /// Loops of which not all is made.
    loops: RefCell<BTreeSet<String>>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: Cell::new(limits::TEMPLATE_BYTES),
            made: Cell::new(0),
            stacks: Cell::new(0),
            too_many: Cell::new(false),
            too_deep: Cell::new(false),
            is_spent: Cell::new(false),
            loops: RefCell::default(),
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

    /// Takes one more item of a loop, unless there were too many.
    pub(super) fn makes(&self) -> bool {
        self.made.set(self.made.get() + 1);
        self.made.get() <= limits::TEMPLATE_RESOURCES
    }

    /// Notes a loop of which not all is made.
    pub(super) fn loop_beyond(&self, name: String) {
        self.loops.borrow_mut().insert(name);
    }

    /// Takes one more stack in another that lies so deep, unless it lies too deep or there were too many.
    pub(super) fn nests(&self, depth: usize) -> bool {
        let may = depth <= limits::TEMPLATE_NESTED && self.stacks.get() < limits::TEMPLATE_STACKS;
        self.stacks.set(self.stacks.get() + usize::from(may));
        self.too_many.set(self.too_many.get() || !may);
        may
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
        let many = format!(
            "nested stacks lie more than {} deep in one another, or are more than {}",
            limits::TEMPLATE_NESTED,
            limits::TEMPLATE_STACKS
        );
        let loops = self.loops.borrow();
        let loops = loops.iter().map(|name| {
            format!(
                "loop `{name}` makes, with all others, more than {} items, or lies more than {} deep in them, or comes to too much",
                limits::TEMPLATE_RESOURCES,
                limits::TEMPLATE_LOOPS
            )
        });
        [(&self.too_deep, deep), (&self.is_spent, much), (&self.too_many, many)]
            .into_iter()
            .filter(|(flag, _)| flag.get())
            .map(|(_, words)| words)
            .chain(loops)
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
