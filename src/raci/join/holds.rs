//! On which resources an activity exists.
//!
//! In: an activity and the resources of a deployment. Out: those that it is about and on which its condition holds.

use super::alike::{Answers, Said};
use super::{Deployed, UnitJoin};
use crate::catalog::Activity;
use crate::catalog::predicate::Truth;
use crate::raci::index::ResourceIx;

impl UnitJoin<'_> {
    /// Those of the resources that an activity is about, as far as their types tell it. Where none of them is, what it is
    /// about is not listed, and it stays with all.
    fn of_its_types(&self, activity: &Activity, resources: &Deployed) -> Deployed {
        if activity.of.is_empty() {
            return resources.clone();
        }
        let mut answers = Answers::new();
        let is_about = |index: &ResourceIx| {
            answers.of_kind(&self.join.resources[index.position()], |kind| {
                let known = self.join.catalog.kind_by_type(&self.split.service, kind);
                known.is_none_or(|known| activity.of.iter().any(|of| **of == *known))
            })
        };
        let list: Vec<ResourceIx> = resources.list.iter().copied().filter(is_about).collect();
        if list.is_empty() || list.len() == resources.list.len() {
            resources.clone()
        } else {
            self.deployed(list)
        }
    }

    /// The resources that an activity exists on, and those of them where its condition is not settled. `None`: on none.
    pub(super) fn where_it_holds(&self, activity: &Activity, resources: &Deployed, said: &mut Said) -> Option<(Deployed, Vec<ResourceIx>)> {
        let resources = &self.of_its_types(activity, resources);
        if activity.when.is_none() && activity.unless.is_none() || resources.list.is_empty() {
            return Some((resources.clone(), Vec::new()));
        }
        let (mut held, mut open) = (Vec::new(), Vec::new());
        for index in resources.list.iter() {
            let resource = &self.join.resources[index.position()];
            match said
                .applies
                .of_config(resource, |config| activity.applies(config, Some(self.join.as_of)))
            {
                Truth::Yes => held.push(*index),
                Truth::Unknown => {
                    held.push(*index);
                    open.push(*index);
                }
                Truth::No => {}
            }
        }
        if held.is_empty() {
            None
        } else if held.len() == resources.list.len() {
            Some((resources.clone(), open))
        } else {
            Some((self.deployed(held), open))
        }
    }
}
