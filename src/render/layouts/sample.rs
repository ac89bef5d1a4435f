//! Rows on which the templates of a layout are tried, before there is an inventory.
//!
//! In: a perspective. Out: requirements of every type, each with all that a row of its type may have.

use crate::raci::Letters;
use crate::raci::requirements::RequirementType;
use crate::report::{FrameworkRows, OwnPart, Perspective, ProviderPart, RequirementCounts, RequirementRow, Standing, StateCounts};
use std::sync::Arc;

/// A requirement of each type.
pub(super) fn rows(perspective: Perspective) -> FrameworkRows {
    FrameworkRows {
        framework: "framework".to_owned(),
        name: "Framework".to_owned(),
        short: "Framework".to_owned(),
        version: "1".to_owned(),
        baseline: Some("baseline".to_owned()),
        baseline_name: Some("Baseline".to_owned()),
        perspective,
        rests_on: None,
        mappings: Vec::new(),
        counts: RequirementCounts::default(),
        rows: RequirementType::ALL.into_iter().map(row).collect(),
    }
}

fn row(kind: RequirementType) -> RequirementRow {
    let text = |words: &str| Arc::<str>::from(words);
    let is_provided = matches!(kind, RequirementType::Inherited | RequirementType::Shared);
    let is_own = matches!(kind, RequirementType::Shared | RequirementType::CustomerSpecific);
    let provided = ProviderPart {
        service: "service".to_owned(),
        label: "Service".to_owned(),
        does: text("Does its part"),
        brief: None,
        by: text("provider"),
        source: text("https://example.com/"),
    };
    let own = OwnPart {
        duty: text("duty"),
        service: "service".to_owned(),
        label: "Service".to_owned(),
        control: "control".to_owned(),
        activity: text("activity"),
        environment: Some(text("prod")),
        does: text("Does the rest"),
        brief: None,
        how: Some(text("As it is done")),
        evidence: Some(text("Record")),
        standing: Standing::Unknown,
        state: "unknown".to_owned(),
        responsible: vec![text("customer")],
        accountable: text("customer"),
        holders: String::new(),
        letters: vec![(text("customer"), Letters::AR)],
    };
    RequirementRow {
        id: text("1"),
        title: Some(text("Title")),
        subject: Some("subject".to_owned()),
        group: Some(text("group")),
        group_name: Some(text("Group")),
        parts: vec![text("1(a)")],
        kind,
        organisational: (kind == RequirementType::Organisational).then(|| text("no service bears it")),
        state: None,
        duties: StateCounts::default(),
        answered_by: Vec::new(),
        by_party: Vec::new(),
        read_by: Vec::new(),
        provider: is_provided.then_some(provided.into()).into_iter().collect(),
        customer: is_own.then_some(own.into()).into_iter().collect(),
        customers: vec![text("Does what our customers do")],
        accountable: vec![text("customer")],
        services: vec!["service".to_owned()],
        rests_on: vec![text("judgement")],
    }
}
