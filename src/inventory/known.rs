//! A resource as one source says it.
//!
//! In: what a source tells. Out: the same with what it is known by, and how far it is believed.

use super::Resource;
use super::import::Trust;
use std::sync::Arc;

/// A resource and the id that its source knows it by.
pub(super) struct Known {
    pub(super) resource: Arc<Resource>,
    /// Within its account, Region and type.
    pub(super) id: Option<String>,
    /// Whether the id is an attribute only, as Terraform's is: two permissions of two functions may have one.
    pub(super) by_attribute: bool,
    /// What else its source calls it, as a hash; of what people wrote nothing but what is there.
    pub(super) called: Option<[u64; 2]>,
    /// Whether people wrote it, so that what they say of its owner counts.
    pub(super) written: bool,
    /// Whether the id is the name that it will be deployed under, which others of its type may have elsewhere.
    pub(super) by_name: bool,
    /// How far it is believed, and how old it is.
    pub(super) age: Age,
}

/// How far a source is believed of a resource: by what it is, then by when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Age {
    pub(super) trust: Trust,
    /// When it was seen so, in seconds of the calendar.
    pub(super) recorded: Option<u32>,
    /// Which of the versions of one state it is of, if there are several.
    pub(super) version: u64,
}

impl Age {
    /// Of what people wrote.
    pub(super) fn written() -> Self {
        Self {
            trust: Trust::Written,
            recorded: None,
            version: 0,
        }
    }
}
