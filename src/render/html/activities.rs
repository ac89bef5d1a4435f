//! The ids of activities.
//!
//! In: a [`Report`]. Out: the id that the catalog gives to an activity, by the section and the control under which its
//! text is printed. The Markdown carries no ids, so that it stays readable; a template of one's own that prints an
//! activity's text at the start of a line gets its id all the same.

use crate::render::parse::slug;
use crate::report::{Control, Report};
use std::collections::BTreeMap;

/// The sections that print activities, by their anchors.
#[derive(Debug, Default)]
pub struct Activities<'a>(BTreeMap<String, Section<'a>>);

#[derive(Debug)]
struct Section<'a> {
    /// `rds`, `rds/custom`, or the id of the service model.
    key: String,
    /// By the title of the control: what each activity says, and its id.
    controls: BTreeMap<&'a str, Vec<(&'a str, &'a str)>>,
}

impl<'a> Activities<'a> {
    /// All activities of a report that are printed.
    #[must_use]
    pub fn of(report: &'a Report) -> Self {
        let mut all = Self::default();
        for part in &report.common {
            all.add(slug(&part.title), part.model.clone(), &part.controls);
        }
        for service in &report.services {
            let key = match &service.mode {
                Some(mode) => format!("{}/{mode}", service.service),
                None => service.service.clone(),
            };
            all.add(service.anchor.clone(), key, &service.controls);
        }
        all
    }

    fn add(&mut self, anchor: String, key: String, controls: &'a [Control]) {
        let mut known: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for control in controls.iter().filter(|control| control.shown) {
            let activities = control.activities.iter().map(|activity| (&*activity.does, &*activity.id));
            known.entry(&control.title).or_default().extend(activities);
        }
        self.0.insert(anchor, Section { key, controls: known });
    }

    /// What the ids in a section begin with: short, and the same whatever the section is called.
    #[must_use]
    pub fn key<'b>(&'b self, anchor: &'b str) -> &'b str {
        self.0.get(anchor).map_or(anchor, |section| &section.key)
    }

    /// The id that an activity has in the page: the catalog's, after the section's key where it does not begin with it.
    #[must_use]
    pub fn id(&self, anchor: &str, control: &str, text: &str) -> Option<String> {
        let section = self.0.get(anchor)?;
        let begins = section.controls.get(control)?.iter().filter(|(does, _)| text.starts_with(does));
        let (_, id) = begins.max_by_key(|(does, _)| does.len())?;
        let own = id.strip_prefix(&section.key).is_some_and(|rest| rest.starts_with('.'));
        Some(if own { (*id).to_owned() } else { format!("{}:{id}", section.key) })
    }
}
