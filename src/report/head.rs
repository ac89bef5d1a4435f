//! The head of a Report from its JSON: what its cover and its running heads tell.
//!
//! In: the JSON of a Report. Out: the parts of another Report that say what it is.

use super::model::{Fact, Meta, Report, Theme};
use serde::Deserialize;

/// What a Report says of itself.
#[derive(Debug, Deserialize)]
pub struct Head {
    meta: Meta,
    theme: Theme,
    cover_facts: Vec<Fact>,
}

impl Head {
    /// Reads it from a Report's JSON.
    ///
    /// # Errors
    /// That it has not the form.
    pub fn decode(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// Puts it on another Report. No pictures go with it: neither a logo nor drawings are in JSON.
    pub fn put(self, report: &mut Report) {
        report.meta = Meta {
            pictures: false,
            picture_prefix: String::new(),
            ..self.meta
        };
        report.theme = Theme {
            logo: None,
            font: None,
            ..self.theme
        };
        report.cover_facts = self.cover_facts;
    }
}
