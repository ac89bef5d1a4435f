//! Texts that people and programs write, as trees: YAML and JSON, bounded in depth and size.
//!
//! In: a text. Out: a tree of values, or diagnostics in this program's own words with the place in the text; what is wrong in
//! the shape of a tree by a schema.

pub(crate) mod cut;
mod days;
mod json;
mod nesting;
pub(crate) mod scan;
mod shape;
mod tree;
mod words;

pub(crate) use days::{day, day_of, short_day_of};
pub(crate) use json::{code as json_code, is_like_json, words as json_words};
pub(crate) use shape::{Decodes, faults as shape_faults};
pub(crate) use tree::{Trail, decode, json_value, yaml};
pub(crate) use words::without_serde;
