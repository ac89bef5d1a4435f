//! What hangs on controls: requirement ids.
//!
//! In: the catalog's frameworks, and a matrix. Out: the ids of a control, and the crosswalk of all controls.

use super::context::Context;
use super::model::{Crosswalk, CrosswalkRow, FrameworkName};
use crate::catalog::file::FrameworkFile;
use crate::catalog::{Catalog, ControlType};
use crate::raci::{ControlIx, Matrix};

/// A few requirement ids of a control, one from each of the best-known frameworks.
pub(super) fn best_known(catalog: &Catalog, control: &str) -> Vec<String> {
    ["nist-800-53", "cis-controls", "iso-27001"]
        .iter()
        .filter_map(|id| {
            let framework = catalog.frameworks.iter().find(|framework| framework.id == *id)?;
            let first = framework.requirements.get(control)?.ids.first()?;
            Some(if *id == "cis-controls" {
                format!("CIS {first}")
            } else {
                first.clone()
            })
        })
        .collect()
}

/// The requirements of the inventory's frameworks that a control serves.
pub(super) fn touched<'a>(context: &Context<'a>, control: &str) -> Vec<(&'a FrameworkFile, &'a [String])> {
    let frameworks = context.inventory.frameworks.iter();
    frameworks
        .filter_map(|id| {
            let framework = context.catalog.frameworks.iter().find(|framework| framework.id == *id)?;
            let ids = framework.requirements.get(control)?.ids.as_slice();
            (!ids.is_empty()).then_some((framework, ids))
        })
        .collect()
}

/// Every control with its requirement ids and how far it is inherited over the services in scope.
pub(super) fn crosswalk(catalog: &Catalog, matrix: &Matrix) -> Crosswalk {
    let mut frameworks: Vec<_> = catalog.frameworks.iter().collect();
    frameworks.sort_by_key(|framework| framework.name.to_lowercase());
    let rows = catalog
        .controls
        .iter()
        .enumerate()
        .map(|(position, control)| {
            let types = || {
                matrix
                    .units
                    .iter()
                    .flat_map(|unit| &unit.controls)
                    .filter(move |of| of.control == ControlIx::new(position))
                    .map(|of| of.control_type)
            };
            let count = |wanted| types().filter(|found| *found == Some(wanted)).count() as u64;
            let (inherited, shared, customer_specific) = (
                count(ControlType::Inherited),
                count(ControlType::Shared),
                count(ControlType::CustomerSpecific),
            );
            let inheritance = match (inherited + shared, shared + customer_specific) {
                (0, _) => "No",
                (_, 0) => "Yes",
                _ => "Partial",
            };
            CrosswalkRow {
                control: control.id.clone(),
                title: control.title.clone(),
                inheritance: inheritance.to_owned(),
                inherited,
                shared,
                customer_specific,
                requirements: frameworks
                    .iter()
                    .map(|framework| {
                        let of = framework.requirements.get(&control.id);
                        let judged = |id: &String| of.is_some_and(|of| of.judgement.contains(id));
                        of.iter()
                            .flat_map(|of| &of.ids)
                            .map(|id| if judged(id) { format!("{id}*") } else { id.clone() })
                            .collect()
                    })
                    .collect(),
            }
        })
        .collect();
    Crosswalk {
        frameworks: frameworks
            .iter()
            .map(|framework| FrameworkName {
                framework: framework.id.clone(),
                name: framework.name.clone(),
                version: framework.version.clone(),
            })
            .collect(),
        rows,
    }
}
