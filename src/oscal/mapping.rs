//! The mapping collection: which of the catalog's objectives answer each requirement of a framework, and what says so.
//!
//! In: a framework. Out: a mapping collection whose targets are objectives of controls and single activities of the catalog.

use super::component::reviewed;
use super::ids::{NONE, Names};
use super::metadata::bare;
use super::model::mapping::{Collection, Document, Gap, Item, Map, Mapping, Provenance, Reference, WithIds};
use super::model::{BackMatter, Property, Resource, Rlink};
use super::{Asked, text};
use crate::catalog::Catalog;
use crate::catalog::frameworks::{Answer, JUDGEMENT, Link};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The links of a framework's requirements.
#[must_use]
pub fn mapping(catalog: &Catalog, asked: Asked<'_>) -> Document {
    let framework = asked.framework;
    let names = Names::of(&["mapping", &framework.id, asked.baseline.unwrap_or_default()]);
    let (href, of_framework) = asked.source(&names);
    let own = Resource {
        uuid: names.uuid("objectives", &[]),
        title: "Objectives of cloudraci's catalog".to_owned(),
        description: Some(text::line(&format!(
            "What activities are for, control by control, in the catalog {}; no OSCAL catalog of them is published.",
            catalog.version
        ))),
        rlinks: Vec::new(),
    };
    let (mut maps, mut gaps, mut unclassified) = (Vec::new(), Vec::new(), false);
    for requirement in framework.of_baseline(asked.baseline) {
        let control_id = asked.control_id(&requirement.id);
        match &requirement.answer {
            Answer::Linked(links) => maps.extend(maps_of(catalog, &names, &requirement.id, &control_id, links)),
            Answer::Organisational(_) => gaps.push(control_id),
            Answer::Unclassified => {
                unclassified = true;
                gaps.push(control_id);
            }
        }
    }
    let is_judged = maps.iter().any(|map| map.props.iter().any(|of| of.value == JUDGEMENT));
    let target = format!("#{}", own.uuid);
    let kind = if asked.baseline.is_some() { "profile" } else { "catalog" };
    let mapping = Mapping {
        uuid: names.uuid("mapping", &[]),
        source_resource: Reference { kind, href },
        target_resource: Reference {
            kind: "catalog",
            href: target,
        },
        maps,
        source_gap_summary: (!gaps.is_empty()).then(|| Gap {
            uuid: names.uuid("gap", &[]),
            unmapped_controls: vec![WithIds { with_ids: gaps }],
        }),
    };
    let of_mappings = framework.mappings.iter().map(|(key, mapping)| Resource {
        uuid: names.uuid("public-mapping", &[key]),
        title: text::line(&mapping.title),
        description: mapping.licence.as_deref().map(|licence| text::line(&format!("Licence: {licence}"))),
        rlinks: vec![Rlink { href: mapping.url.clone() }],
    });
    let mut collection = Collection {
        uuid: NONE.to_owned(),
        metadata: bare(
            &format!("{} answered by the catalog's objectives", asked.title()),
            &reviewed(asked),
            &catalog.version,
            &catalog.version,
        ),
        provenance: Provenance {
            method: if is_judged { "human" } else { "hybrid" },
            matching_rationale: "functional",
            status: if unclassified { "not-complete" } else { "complete" },
            mapping_description: framework.rests_on.as_deref().map_or_else(|| "Not stated.".to_owned(), text::line),
        },
        // A mapping has at least one map.
        mappings: if mapping.maps.is_empty() { Vec::new() } else { vec![mapping] },
        back_matter: BackMatter {
            resources: std::iter::once(own).chain(of_framework).chain(of_mappings).collect(),
        },
    };
    collection.uuid = names.document("mapping-collection", &collection);
    Document {
        mapping_collection: collection,
    }
}

/// The links of a requirement, one map for what rests on the same.
fn maps_of(catalog: &Catalog, names: &Names, id: &str, control_id: &str, links: &[Link]) -> Vec<Map> {
    let mut by_rest: BTreeMap<&[Arc<str>], Vec<&Link>> = BTreeMap::new();
    for link in links {
        by_rest.entry(&link.rests_on).or_default().push(link);
    }
    let map = |(rests_on, links): (&[Arc<str>], Vec<&Link>)| Map {
        uuid: names.uuid("map", &[id, &rests_on.join(" ")]),
        relationship: "intersects-with",
        sources: vec![Item {
            kind: "control",
            id_ref: control_id.to_owned(),
            remarks: None,
        }],
        targets: links
            .into_iter()
            .map(|link| Item {
                // An objective is a part of its control.
                kind: "statement",
                id_ref: link.to.to_string(),
                remarks: catalog.objective(&link.to).map(text::line),
            })
            .collect(),
        props: rests_on.iter().map(|key| Property::own("rests-on", key)).collect(),
    };
    by_rest.into_iter().map(map).collect()
}
