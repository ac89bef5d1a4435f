//! What is kept under its own name.
//!
//! In: a value as its source has it. Out: of it what is declared, down the tree of names.

use super::super::Node;
use super::super::open::{OPEN, is_open, told, untold};
use super::mirrored::block;
use serde_json::Value;

impl Node {
    /// Of a value what is declared in it.
    pub(super) fn pick(&self, value: &Value) -> Value {
        match value {
            mark if is_open(mark) => untold(!self.children.is_empty()),
            _ if self.is_whole => self.whole(value),
            Value::Object(map) => {
                let picked = self.children.iter();
                let settled = |key: &str| map.get(key).filter(|value| !is_open(value));
                let picked = picked.filter_map(|(key, node)| Some((key.to_string(), node.pick(settled(key)?))));
                block(picked.collect(), map)
            }
            Value::Array(items) => items.iter().map(|item| self.pick(item)).collect(),
            _ => value.clone(),
        }
    }

    /// A value that is looked at as a whole. Of what is declared in it nothing is said where it is open: unlike an item of a list it
    /// may not be there at all.
    fn whole(&self, value: &Value) -> Value {
        if self.children.is_empty() {
            return told(value.clone(), false);
        }
        match value {
            mark if is_open(mark) => untold(true),
            Value::Object(map) => {
                let fields = map.iter().filter(|(key, _)| *key != OPEN);
                let settled = fields.filter_map(|(key, value)| match self.children.get(key.as_str()) {
                    Some(_) if is_open(value) => None,
                    Some(node) => Some((key.clone(), node.whole(value))),
                    None => Some((key.clone(), told(value.clone(), false))),
                });
                block(settled.collect(), map)
            }
            Value::Array(items) => items.iter().map(|item| self.whole(item)).collect(),
            other => other.clone(),
        }
    }
}
