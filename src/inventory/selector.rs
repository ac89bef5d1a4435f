//! Selectors: what a rule, an exception or an evidence entry applies to.
//!
//! In: the validated keys of a `match`. Out: whether a resource, an activity, or both together are meant.

use super::{Resource, Wildcard};
use crate::catalog::Side;
use std::sync::Arc;

/// What a `match` says; each key that is given must hold, by one of its values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selector {
    /// Service ids.
    pub service: Option<Vec<Arc<str>>>,
    /// Mode ids.
    pub mode: Option<Vec<Arc<str>>>,
    /// Control ids.
    pub control: Option<Vec<Arc<str>>>,
    /// Layer ids.
    pub layer: Option<Vec<Arc<str>>>,
    /// Service model ids.
    pub model: Option<Vec<Arc<str>>>,
    /// Account numbers.
    pub account: Option<Vec<Arc<str>>>,
    /// Environments.
    pub environment: Option<Vec<Arc<str>>>,
    /// Regions.
    pub region: Option<Vec<Arc<str>>>,
    /// Owners.
    pub owner: Option<Vec<Arc<str>>>,
    /// Tag keys, with the value where one is asked for.
    pub tag: Option<Vec<(Arc<str>, Option<String>)>>,
    /// Data classes.
    pub data: Option<Vec<Arc<str>>>,
    /// Owners of activities.
    pub side: Option<Vec<Side>>,
    /// Ids of activities.
    pub activity: Option<Vec<Wildcard>>,
    /// Names of resources.
    pub name: Option<Vec<Wildcard>>,
    /// ARNs.
    pub arn: Option<Vec<Wildcard>>,
    /// Types, as their sources call them.
    pub kind: Option<Vec<Wildcard>>,
}

/// The part of a resource that selectors look at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Service id.
    pub service: &'a str,
    /// Mode id.
    pub mode: Option<&'a str>,
    /// Service model id.
    pub model: &'a str,
    /// Account number.
    pub account: Option<&'a str>,
    /// Environment.
    pub environment: Option<&'a str>,
    /// Region.
    pub region: Option<&'a str>,
    /// Owner.
    pub owner: Option<&'a str>,
    /// Tags.
    pub tags: &'a [(Arc<str>, String)],
    /// Data classes.
    pub data: &'a [Arc<str>],
    /// Its name, else its address.
    pub name: Option<&'a str>,
    /// Its ARN.
    pub arn: Option<&'a str>,
    /// Its type, as its source calls it.
    pub kind: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// What a resource says itself, of whatever service it is.
    pub(crate) fn of(resource: &'a Resource) -> Self {
        Self {
            service: "",
            mode: None,
            model: "",
            account: resource.account.as_deref(),
            environment: resource.environment.as_deref(),
            region: resource.region.as_deref(),
            owner: resource.owner.as_deref(),
            tags: &resource.tags,
            data: &resource.data,
            name: resource.matched_name(),
            arn: resource.matched_arn(),
            kind: Some(resource.matched_kind()),
        }
    }
}

fn one_of(wanted: Option<&Vec<Arc<str>>>, value: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| value.is_some_and(|value| wanted.iter().any(|one| **one == *value)))
}

fn one_takes(wanted: Option<&Vec<Wildcard>>, value: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| value.is_some_and(|value| wanted.iter().any(|one| one.takes(value))))
}

impl Selector {
    /// Whether the keys that concern the resource hold.
    #[must_use]
    pub fn takes_subject(&self, subject: &Subject<'_>) -> bool {
        one_of(self.service.as_ref(), Some(subject.service))
            && one_of(self.mode.as_ref(), subject.mode)
            && one_of(self.model.as_ref(), Some(subject.model))
            && one_of(self.account.as_ref(), subject.account)
            && one_of(self.environment.as_ref(), subject.environment)
            && one_of(self.region.as_ref(), subject.region)
            && one_of(self.owner.as_ref(), subject.owner)
            && one_takes(self.name.as_ref(), subject.name)
            && one_takes(self.arn.as_ref(), subject.arn)
            && self.kind.as_ref().is_none_or(|wanted| {
                let kind = subject.kind;
                kind.is_some_and(|kind| wanted.iter().any(|one| one.takes_in_any_case(kind)))
            })
            && self
                .data
                .as_ref()
                .is_none_or(|wanted| wanted.iter().any(|one| subject.data.contains(one)))
            && self.tag.as_ref().is_none_or(|wanted| {
                wanted.iter().any(|(key, value)| {
                    subject
                        .tags
                        .iter()
                        .any(|(tag, is)| tag == key && value.as_ref().is_none_or(|value| value == is))
                })
            })
    }

    /// Whether the keys that concern the control hold.
    #[must_use]
    pub fn takes_control(&self, control: &str, layer: &str) -> bool {
        one_of(self.control.as_ref(), Some(control)) && one_of(self.layer.as_ref(), Some(layer))
    }

    /// Whether the id of an activity is meant.
    #[must_use]
    pub fn takes_id(&self, activity: &str) -> bool {
        one_takes(self.activity.as_ref(), Some(activity))
    }

    /// Whether the keys that concern the activity, given by its control, layer, side and id, hold. Without `side`, the
    /// customer's activities are meant.
    #[must_use]
    pub fn takes_activity(&self, control: &str, layer: &str, side: &Side, activity: &str) -> bool {
        self.takes_control(control, layer) && self.takes_side(side) && self.takes_id(activity)
    }

    /// Whether the owner of an activity is meant. Without `side`, the customer is.
    #[must_use]
    pub fn takes_side(&self, side: &Side) -> bool {
        self.side.as_ref().map_or(*side == Side::Customer, |wanted| wanted.contains(side))
    }
}
