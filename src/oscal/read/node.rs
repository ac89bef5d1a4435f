//! A value of a document with the way to it, so that whatever is wrong is told with its place.
//!
//! In: a tree. Out: its fields by name, and what is missing or of another kind than it must be.

use super::{is_error, unreadable};
use crate::diagnostics::{Diagnostic, Place, Route};
use crate::limits;
use serde_json::Value;
use std::sync::Arc;

/// A value and the way to it.
#[derive(Debug, Clone)]
pub(super) struct Node<'d> {
    value: &'d Value,
    at: Route,
}

impl<'d> Node<'d> {
    /// The whole document.
    pub(super) fn root(value: &'d Value) -> Self {
        Self {
            value,
            at: Route::default(),
        }
    }

    /// The text of a field, where it is one.
    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        self.value.get(name)?.as_str()
    }

    fn then(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self {
            value,
            at: self.at.then(name),
        })
    }
}

/// What is wrong so far.
pub(super) struct Faults<'f> {
    file: &'f Arc<str>,
    found: Vec<Diagnostic>,
}

impl<'f> Faults<'f> {
    pub(super) fn new(file: &'f Arc<str>, found: Vec<Diagnostic>) -> Self {
        Self { file, found }
    }

    /// Whether nothing is wrong.
    pub(super) fn is_fine(&self) -> bool {
        !self.found.iter().any(is_error)
    }

    pub(super) fn all(self) -> Vec<Diagnostic> {
        self.found
    }

    pub(super) fn place(&self, node: &Node<'_>) -> Place {
        Place::value(self.file, node.at.clone())
    }

    fn tell(&mut self, node: &Node<'_>, what: &str) {
        if self.found.len() < limits::FAULTS {
            let place = self.place(node);
            self.found.push(unreadable(
                what,
                place,
                "OSCAL's published schema of the model tells what belongs there",
            ));
        }
    }

    /// A field that must be there and hold fields.
    pub(super) fn field<'d>(&mut self, node: &Node<'d>, name: &str) -> Option<Node<'d>> {
        match node.then(name) {
            None => {
                self.tell(node, &format!("`{name}` is missing"));
                None
            }
            Some(field) => self.fields(field, name),
        }
    }

    /// A field that may be there and must then hold fields.
    pub(super) fn optional_field<'d>(&mut self, node: &Node<'d>, name: &str) -> Option<Node<'d>> {
        node.then(name).and_then(|field| self.fields(field, name))
    }

    fn fields<'d>(&mut self, field: Node<'d>, name: &str) -> Option<Node<'d>> {
        if field.value.is_object() {
            return Some(field);
        }
        self.tell(&field, &format!("`{name}` holds no fields"));
        None
    }

    /// The items of a list that may be there; each must hold fields.
    pub(super) fn list<'d>(&mut self, node: &Node<'d>, name: &str) -> Vec<Node<'d>> {
        let Some(list) = node.then(name) else { return Vec::new() };
        let Some(items) = list.value.as_array() else {
            self.tell(&list, &format!("`{name}` is no list"));
            return Vec::new();
        };
        let items = items.iter().enumerate().map(|(index, value)| Node {
            value,
            at: list.at.then(index),
        });
        items.filter_map(|item| self.fields(item, name)).collect()
    }

    /// A text that must be there and say something.
    pub(super) fn text<'d>(&mut self, node: &Node<'d>, name: &str) -> Option<&'d str> {
        let Some(field) = node.then(name) else {
            self.tell(node, &format!("`{name}` is missing"));
            return None;
        };
        let text = field.value.as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.tell(&field, &format!("`{name}` is no text"));
        }
        text
    }

    /// A text that may be there.
    pub(super) fn optional<'d>(&mut self, node: &Node<'d>, name: &str) -> Option<&'d str> {
        node.then(name).and_then(|_| self.text(node, name))
    }
}
